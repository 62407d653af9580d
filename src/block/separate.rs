//! One local for each of several branches that compute a value anew: so none is declared outside them.
//!
//! Takes statements before declarations are added, and gives the same with more locals.

use super::{Local, LocalInfo, Stmt};
use std::collections::HashSet;

/// Renames the locals that both branches of an `if` set for themselves in one of the two.
pub(super) fn separate(body: &mut [Stmt], locals: &mut Vec<LocalInfo>, fixed: &[Local]) {
    let mut sets = vec![0u32; locals.len()];
    super::walk::each(body, &mut |stmt| stmt.sets(|local| sets[local.0 as usize] += 1));
    let mut candidate: Vec<bool> = sets.iter().map(|&count| count > 1).collect();
    fixed.iter().for_each(|local| candidate[local.0 as usize] = false);
    if !candidate.contains(&true) {
        return;
    }
    let mut total = vec![0; locals.len()];
    super::walk::each(body, &mut |stmt| {
        stmt.mentions(|local| total[local.0 as usize] += 1);
    });
    let taken = locals.iter().map(|info| info.name.clone()).collect();
    let mut separation = Separation { candidate, total, locals, taken };
    // What an inner `if` shares with an outer one is its own after the outer one is done.
    while separation.block(body).1 {}
}

struct Separation<'l> {
    candidate: Vec<bool>,
    /// How often each local is mentioned.
    total: Vec<u32>,
    locals: &'l mut Vec<LocalInfo>,
    taken: HashSet<String>,
}

impl Separation<'_> {
    /// Does the blocks inside; gives how often each candidate is mentioned, and whether any was renamed.
    fn block(&mut self, stmts: &mut [Stmt]) -> (Vec<(Local, u32)>, bool) {
        let (mut found, mut changed) = (Vec::new(), false);
        for stmt in stmts {
            stmt.mentions(|local| found.push((local, 1)));
            let mut inside = Vec::new();
            for inner in stmt.blocks_mut().into_iter().flatten() {
                let (counts, renamed) = self.block(inner);
                inside.push(counts);
                changed |= renamed;
            }
            if let (Stmt::If { then, els, .. }, [first, second]) = (&mut *stmt, &inside[..]) {
                for (local, count) in self.of_each(then, els, first, second) {
                    let new = self.like(local, count);
                    super::walk::rename(els, &|l| if l == local { new } else { l });
                    changed = true;
                }
            }
            inside.into_iter().for_each(|counts| found.extend(counts));
        }
        found.retain(|(local, _)| self.candidate.get(local.0 as usize).is_some_and(|&is| is));
        found.sort_unstable();
        found.dedup_by(|b, a| {
            let same = a.0 == b.0;
            a.1 += if same { b.1 } else { 0 };
            same
        });
        (found, changed)
    }

    /// The locals that occur in the two branches alone and are set anew in each, with how often they
    /// occur in the second.
    fn of_each(
        &self,
        then: &[Stmt],
        els: &[Stmt],
        first: &[(Local, u32)],
        second: &[(Local, u32)],
    ) -> Vec<(Local, u32)> {
        let both = second.iter().filter(|&&(local, count)| {
            let other = first.binary_search_by_key(&local, |&(l, _)| l).ok().map(|at| first[at].1);
            other.is_some_and(|other| other + count == self.total[local.0 as usize])
                && begins(then, local)
                && begins(els, local)
        });
        both.copied().collect()
    }

    /// A new local like another, which takes this many mentions of it.
    fn like(&mut self, local: Local, count: u32) -> Local {
        let old = &self.locals[local.0 as usize];
        let mut names = (2..).map(|number| format!("{}_{number}", old.name));
        let name = names.find(|name| !self.taken.contains(name)).expect("numbers do not end");
        self.taken.insert(name.clone());
        let info = LocalInfo { name, ..old.clone() };
        self.locals.push(info);
        self.total[local.0 as usize] -= count;
        self.total.push(count);
        self.candidate.push(true);
        Local(self.locals.len() as u32 - 1)
    }
}

/// Whether the first statement that has to do with a local gives it its value.
fn begins(stmts: &[Stmt], local: Local) -> bool {
    for (at, stmt) in stmts.iter().enumerate() {
        let (mut read, mut set) = (false, false);
        stmt.reads(|l| read |= l == local);
        read |= stmt.updates() == Some(local);
        stmt.sets(|l| set |= l == local);
        if read || set {
            return set && !read && !matches!(stmt, Stmt::For { .. } | Stmt::While { .. });
        }
        let mut inside = stmt.blocks().into_iter().flatten().filter(|block| occurs(block, local)).peekable();
        if inside.peek().is_some() {
            // In inner blocks alone, each of which begins with it.
            return !matches!(stmt, Stmt::While { .. })
                && inside.all(|block| begins(block, local))
                && !occurs(&stmts[at + 1..], local);
        }
    }
    false
}

fn occurs(stmts: &[Stmt], local: Local) -> bool {
    let mut found = false;
    super::walk::each(stmts, &mut |stmt| stmt.mentions(|l| found |= l == local));
    found
}
