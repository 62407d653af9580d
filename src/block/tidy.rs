//! Tidying: a value that is only handed on to another local is computed there at once; what
//! nothing reads is dropped.

use super::{Local, Op, Stmt};

const NONE: u32 = u32::MAX;

/// Computes values where they are handed on to.
struct Handing {
    /// The local that each has been merged into.
    into: Vec<u32>,
    /// How often each local occurs, and how often so far in the block at hand.
    total: Vec<u32>,
    here: Vec<u32>,
    /// The first statement of the block at hand in which each occurs.
    first: Vec<u32>,
}

/// Merges locals that are copied or moved once and not used afterwards with those they go to.
pub(super) fn hand_on(body: &mut Vec<Stmt>, count: usize, fixed: &[Local]) {
    let mut handed = false;
    super::walk::each(body, &mut |stmt| {
        handed |= matches!(stmt, Stmt::Let { op: Op::Copy(_), .. } | Stmt::Move { .. });
    });
    if !handed {
        return;
    }
    let mut total = vec![0; count];
    super::walk::each(body, &mut |stmt| stmt.mentions(|local| total[local.0 as usize] += 1));
    fixed.iter().for_each(|local| total[local.0 as usize] += 1);
    let mut handing =
        Handing { into: (0..count as u32).collect(), total, here: vec![0; count], first: vec![NONE; count] };
    handing.block(body);
    let new = |local: Local| Local(handing.find(local) as u32);
    super::walk::rename(body, &new);
    drop_own_moves(body);
}

fn drop_own_moves(body: &mut Vec<Stmt>) {
    body.retain_mut(|stmt| {
        stmt.blocks_mut().into_iter().flatten().for_each(drop_own_moves);
        !matches!(stmt, Stmt::Move { dst, src } if dst == src)
    });
}

impl Handing {
    /// Tidies a block; gives how often each local occurs in it.
    fn block(&mut self, stmts: &mut Vec<Stmt>) -> Vec<(Local, u32)> {
        let mut seen: Vec<Local> = Vec::new();
        // The blocks inside first: they use the tables too.
        let mut found: Vec<(usize, Vec<(Local, u32)>)> = Vec::new();
        for (at, stmt) in stmts.iter_mut().enumerate() {
            let mut inside = Vec::new();
            stmt.blocks_mut().into_iter().flatten().for_each(|b| inside.append(&mut self.block(b)));
            if !inside.is_empty() {
                found.push((at, inside));
            }
        }
        let mut found = found.into_iter().peekable();
        let mut own = Vec::new();
        let mut drop = Vec::new();
        for at in 0..stmts.len() {
            while let Some((_, inside)) = found.next_if(|&(place, _)| place == at) {
                for (local, count) in inside {
                    self.note(local, count, at as u32, &mut seen);
                }
            }
            own.clear();
            stmts[at].mentions(|local| own.push(local));
            own.iter().for_each(|&local| self.note(local, 1, at as u32, &mut seen));
            if self.merge(stmts, at) {
                drop.push(at);
            }
        }
        let mut drop = drop.into_iter().peekable();
        let mut at = 0;
        stmts.retain(|_| {
            let gone = drop.next_if_eq(&at).is_some();
            at += 1;
            !gone
        });
        seen.into_iter()
            .filter_map(|local| {
                let k = local.0 as usize;
                let count = std::mem::take(&mut self.here[k]);
                self.first[k] = NONE;
                (count > 0).then_some((local, count))
            })
            .collect()
    }

    /// What a local has become.
    fn find(&self, local: Local) -> usize {
        let mut k = local.0;
        while self.into[k as usize] != k {
            k = self.into[k as usize];
        }
        k as usize
    }

    fn note(&mut self, local: Local, count: u32, at: u32, seen: &mut Vec<Local>) {
        let k = self.find(local);
        if self.first[k] == NONE {
            self.first[k] = at;
            seen.push(Local(k as u32));
        }
        self.here[k] += count;
    }

    /// Merges the two locals of a copy or a move, if nothing comes between.
    fn merge(&mut self, stmts: &[Stmt], at: usize) -> bool {
        let (dst, src) = match &stmts[at] {
            Stmt::Let { dst, op: Op::Copy(src) } | Stmt::Move { dst, src } => (*dst, *src),
            _other => return false,
        };
        let (d, s) = (self.find(dst), self.find(src));
        if d == s || self.here[s] != self.total[s] {
            return false;
        }
        let begin = self.first[s] as usize;
        if begin == at || !self.starts(stmts, begin, d, s) || self.mentioned(stmts, begin + 1..at, d) {
            return false;
        }
        self.into[s] = d as u32;
        self.total[d] += self.total[s] - 2;
        self.here[d] += self.here[s] - 2;
        self.here[s] = 0;
        self.first[d] = self.first[d].min(begin as u32);
        true
    }

    /// Whether the statement gives the source its first value without touching the target after.
    fn starts(&self, stmts: &[Stmt], begin: usize, d: usize, s: usize) -> bool {
        let stmt = &stmts[begin];
        let is = |local: Local, k: usize| self.find(local) == k;
        match stmt {
            Stmt::Let { dst, .. } | Stmt::Move { dst, .. } => is(*dst, s),
            Stmt::Alloc { dst, .. } | Stmt::Array { dst, .. } => is(*dst, s),
            Stmt::Clone { dst, src } => is(*dst, s) && !is(*src, d),
            Stmt::Call { dst, args, .. } => dst.iter().any(|&l| is(l, s)) && !args.iter().any(|&l| is(l, d)),
            Stmt::If { .. } => !self.mentioned(stmts, begin..begin + 1, d),
            Stmt::For { .. } | Stmt::While { .. } => false,
            Stmt::Declare { .. }
            | Stmt::Store { .. }
            | Stmt::AddTo { .. }
            | Stmt::StoreRow { .. }
            | Stmt::Push { .. }
            | Stmt::Require { .. } => false,
        }
    }

    /// Whether the local occurs in these statements.
    fn mentioned(&self, stmts: &[Stmt], range: std::ops::Range<usize>, k: usize) -> bool {
        if self.first[k] as usize >= range.end {
            return false;
        }
        let mut found = false;
        for stmt in &stmts[range] {
            each_mention(stmt, &mut |local| found |= self.find(local) == k);
        }
        found
    }
}

fn each_mention(stmt: &Stmt, visit: &mut impl FnMut(Local)) {
    super::walk::each(std::slice::from_ref(stmt), &mut |inner| inner.mentions(&mut *visit));
}

/// Drops statements whose results nothing reads.
pub(super) fn drop_unread(body: &mut Vec<Stmt>, count: usize, results: &[Local]) {
    loop {
        let mut reads = vec![0u32; count];
        results.iter().for_each(|local| reads[local.0 as usize] += 1);
        super::walk::each(body, &mut |stmt| {
            let mut own = None;
            stmt.sets(|dst| own = Some(dst));
            stmt.reads(|local| {
                // A sum's own old value does not keep it.
                if !(matches!(stmt, Stmt::Let { .. }) && own == Some(local)) {
                    reads[local.0 as usize] += 1;
                }
            });
        });
        if !sweep(body, &reads) {
            return;
        }
    }
}

fn sweep(body: &mut Vec<Stmt>, reads: &[u32]) -> bool {
    let mut changed = false;
    let unread = |local: &Local| reads[local.0 as usize] == 0;
    body.retain_mut(|stmt| {
        stmt.blocks_mut().into_iter().flatten().for_each(|inner| changed |= sweep(inner, reads));
        let keep = match stmt {
            Stmt::Let { dst, .. }
            | Stmt::Declare { dst }
            | Stmt::Alloc { dst, .. }
            | Stmt::Array { dst, .. }
            | Stmt::Move { dst, .. }
            | Stmt::Clone { dst, .. } => !unread(dst),
            Stmt::Store { array, .. }
            | Stmt::AddTo { array, .. }
            | Stmt::StoreRow { array, .. }
            | Stmt::Push { array, .. } => !unread(array),
            Stmt::If { then, els, .. } => !(then.is_empty() && els.is_empty()),
            Stmt::For { body, .. } => !body.is_empty(),
            Stmt::Call { dst, .. } => !dst.iter().all(unread),
            Stmt::While { .. } | Stmt::Require { .. } => true,
        };
        changed |= !keep;
        keep
    });
    changed
}
