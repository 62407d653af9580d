//! Arrays that are changed as they are read: where each step of a loop reads, of an array that was copied, no more
//! than the element that it then changes in the copy, it can read the copy. Then nothing may need the array itself
//! any more, and the copy is a move.
//!
//! Takes statements, changes them. Knows nothing of expressions.

use super::walk::{each, rename};
use super::{Fill, Local, LocalInfo, Op, Stmt};

/// Reads copies for what was copied, in a block and those inside of it.
pub(super) fn elementwise(block: &mut [Stmt]) {
    for at in 0..block.len() {
        if let Stmt::Clone { dst, src } = block[at]
            && let Some(count) = (Copied { dst, src }).read_until(&block[at + 1..])
        {
            rename(&mut block[at + 1..][..count], &|local| if local == src { dst } else { local });
        }
        block[at].blocks_mut().into_iter().flatten().for_each(|inner| elementwise(inner));
    }
}

/// Statements with more arrays, the two numbers multiplied, are left as they are: it would take too long.
const MOST: usize = 1 << 22;

/// Makes arrays in the place of others: where each step of a loop reads, of an array that nothing needs afterwards, no
/// more than the element that it then sets in a new array of the same lengths, one array is enough.
pub(super) fn take_over(body: &mut Vec<Stmt>, locals: &[LocalInfo], fixed: &[Local]) {
    let mut total = vec![0_usize; locals.len()];
    let (mut statements, mut arrays) = (0, 0);
    each(body, &mut |stmt| {
        statements += 1;
        arrays += usize::from(matches!(stmt, Stmt::Alloc { .. }));
        stmt.mentions(|local| total[local.0 as usize] += 1);
    });
    if statements * arrays > MOST {
        return;
    }
    take_over_in(body, &mut TakeOver { locals, fixed, total });
}

fn take_over_in(block: &mut Vec<Stmt>, over: &mut TakeOver) {
    for at in (0..block.len()).rev() {
        block[at].blocks_mut().into_iter().flatten().for_each(|inner| take_over_in(inner, over));
        if let Some((dst, src)) = over.pair(block, at) {
            block.remove(at);
            rename(block, &|local| if local == src { dst } else { local });
            let own = dst.0 as usize;
            over.total[own] += over.total[src.0 as usize] - 1;
        }
    }
}

/// What is known of a procedure in which arrays take the places of others.
struct TakeOver<'a> {
    locals: &'a [LocalInfo],
    fixed: &'a [Local],
    /// How often each local is mentioned.
    total: Vec<usize>,
}

impl TakeOver<'_> {
    /// The array made at this place of a block, and one in whose place it can be made.
    fn pair(&self, block: &[Stmt], at: usize) -> Option<(Local, Local)> {
        let Stmt::Alloc { dst, dims, fill: Fill::Unset(elem) } = &block[at] else { return None };
        let dst = *dst;
        let filled = at + 1 + block[at + 1..].iter().position(|stmt| mentions(stmt, dst) > 0)?;
        if block[..at].iter().any(|stmt| mentions(stmt, dst) > 0) {
            return None;
        }
        let made = block[..at].iter().rev().filter_map(|stmt| match stmt {
            Stmt::Alloc { dst, dims: own, fill: Fill::Unset(kind) | Fill::Zero(kind) } => {
                (own == dims && kind == elem).then_some(*dst)
            }
            _other => None,
        });
        let mut ended = made.filter(|&src| {
            let own = |stmts: &[Stmt]| stmts.iter().map(|stmt| mentions(stmt, src)).sum::<usize>();
            mentions(&block[filled], src) > 0
                && own(&block[..=filled]) == self.total[src.0 as usize]
                && !self.fixed.contains(&src)
                && !self.locals[src.0 as usize].bound
        });
        let src = ended.find(|&src| (Copied { dst, src }).is_elementwise(&block[filled], &mut Vec::new()))?;
        Some((dst, src))
    }
}

/// How often a statement and those inside of it mention a local.
fn mentions(stmt: &Stmt, local: Local) -> usize {
    let mut count = 0;
    each(std::slice::from_ref(stmt), &mut |stmt| {
        stmt.mentions(|other| count += usize::from(other == local));
    });
    count
}

/// A copy of an array.
struct Copied {
    dst: Local,
    src: Local,
}

impl Copied {
    /// How many of the statements after the copy may read it for what was copied: those up to the loop that changes
    /// it, if that does so element by element.
    fn read_until(&self, after: &[Stmt]) -> Option<usize> {
        for (k, stmt) in after.iter().enumerate() {
            if self.changed_in(stmt) {
                let mut counters = Vec::new();
                return self.is_elementwise(stmt, &mut counters).then_some(k + 1);
            }
        }
        None
    }

    /// Whether one of the two is changed, or given away, in a statement.
    fn changed_in(&self, stmt: &Stmt) -> bool {
        let mut changed = false;
        each(std::slice::from_ref(stmt), &mut |stmt| {
            let mut own = |local: Local| changed |= local == self.dst || local == self.src;
            stmt.sets(&mut own);
            stmt.updates().into_iter().for_each(&mut own);
            if let Stmt::Move { src, .. } = stmt {
                own(*src);
            }
        });
        changed
    }

    fn mentioned_in(&self, stmt: &Stmt) -> bool {
        let mut mentioned = false;
        each(std::slice::from_ref(stmt), &mut |stmt| {
            stmt.mentions(|local| mentioned |= local == self.dst || local == self.src);
        });
        mentioned
    }

    /// Whether each step of a loop, in loops with these counters, reads the one element alone that it then changes,
    /// which no other step does.
    fn is_elementwise(&self, stmt: &Stmt, counters: &mut Vec<Local>) -> bool {
        let Stmt::For { index, body, .. } = stmt else { return false };
        counters.push(*index);
        let mut concerned = body.iter().filter(|stmt| self.mentioned_in(stmt));
        if let (Some(inner @ Stmt::For { .. }), None) = (concerned.next(), concerned.next()) {
            return self.is_elementwise(inner, counters);
        }
        let mut reads: Vec<&[Local]> = Vec::new();
        let mut place: Option<&[Local]> = None;
        for stmt in body.iter().filter(|stmt| self.mentioned_in(stmt)) {
            match stmt {
                Stmt::Let { op: Op::Load { array, at }, .. } if *array == self.src && place.is_none() => {
                    reads.push(at);
                }
                Stmt::Store { array, at, .. } | Stmt::AddTo { array, at, .. }
                    if *array == self.dst && place.is_none() =>
                {
                    place = Some(at);
                }
                _other => return false,
            }
        }
        let Some(place) = place else { return false };
        let own = |counter: &Local| place.contains(counter);
        counters.iter().all(own) && reads.iter().all(|at| *at == place) && is_set_once(stmt, place)
    }
}

/// Whether no local of a place gets a second value in a statement.
fn is_set_once(stmt: &Stmt, place: &[Local]) -> bool {
    let mut sets = vec![0; place.len()];
    each(std::slice::from_ref(stmt), &mut |stmt| {
        stmt.sets(|dst| {
            place.iter().zip(&mut sets).filter(|(local, _)| **local == dst).for_each(|(_, sets)| *sets += 1);
        });
    });
    sets.into_iter().all(|sets| sets <= 1)
}
