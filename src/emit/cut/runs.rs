//! The body of a long function in runs of statements, and what each uses of the rest.

use super::super::walk::{Role, roles, visit};
use crate::block::{Local, Procedure, Stmt};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The statements of a piece.
const PIECE: usize = 400;
/// Runs up to this many stay where they are.
const SMALL: usize = 20;

/// A run of statements at the top of the body.
pub(super) struct Run<'a> {
    pub stmts: &'a [Stmt],
    /// Becomes a function.
    pub cut: bool,
    /// The scalars of outside that it reads, and those that it sets.
    pub reads: Vec<Local>,
    pub sets: Vec<Local>,
    /// Those of the latter that may keep the value from before.
    pub perhaps: Vec<Local>,
    /// The arrays of outside that it uses, and whether it writes to them.
    pub arrays: BTreeMap<Local, bool>,
}

/// The number of statements, at least up to `enough`.
pub(super) fn count(stmts: &[Stmt], enough: usize) -> usize {
    if stmts.len() > enough {
        return stmts.len();
    }
    let mut n = 0;
    visit(stmts, &mut |_| n += 1);
    n
}

/// The body in runs: stretches that make no array and leave nothing announced become pieces.
pub(super) fn runs(procedure: &Procedure) -> Vec<Run<'_>> {
    let outside = outer_arrays(procedure);
    let body = &procedure.body;
    let mut outer = vec![false; procedure.locals.len()];
    procedure.params.iter().for_each(|p| outer[p.0 as usize] = true);
    let mut runs = Vec::new();
    let (mut start, mut size) = (0, 0);
    let mut open: BTreeSet<Local> = BTreeSet::new();
    // Whether the run may be cut so far: what it announces it sets, and nothing of before.
    let (mut can_be_cut, mut cuttable) = (true, true);
    for (k, stmt) in body.iter().enumerate() {
        let can = can_cut(procedure, stmt, &outside);
        if can != cuttable || (cuttable && open.is_empty() && size >= PIECE) {
            if k > start {
                let cut = can_be_cut && open.is_empty() && size > SMALL;
                runs.push(run(procedure, &body[start..k], cut, &mut outer));
            }
            (start, size, cuttable) = (k, 0, can);
            can_be_cut = can && open.is_empty();
        }
        size += count(std::slice::from_ref(stmt), 1);
        note_open(stmt, &mut open);
    }
    let cut = can_be_cut && open.is_empty() && size > SMALL;
    runs.push(run(procedure, &body[start..], cut, &mut outer));
    runs
}

/// Keeps the announced locals that are not set yet.
fn note_open(stmt: &Stmt, open: &mut BTreeSet<Local>) {
    if let Stmt::Declare { dst } = stmt {
        open.insert(*dst);
    } else if !open.is_empty() {
        visit(std::slice::from_ref(stmt), &mut |stmt| {
            roles(stmt, &mut |l, role| {
                if role == Role::Set {
                    open.remove(&l);
                }
            });
        });
    }
}

/// The arrays that exist at the top of the body, but for parameters.
fn outer_arrays(procedure: &Procedure) -> BTreeSet<Local> {
    let mut arrays = BTreeSet::new();
    for stmt in &procedure.body {
        roles(stmt, &mut |l, role| {
            if role == Role::Set && procedure.locals[l.0 as usize].ty.is_array() {
                arrays.insert(l);
            }
        });
    }
    arrays
}

/// Whether a statement may stand in a piece: it makes no array that others see, and makes none grow.
fn can_cut(procedure: &Procedure, stmt: &Stmt, outside: &BTreeSet<Local>) -> bool {
    let mut can = true;
    visit(std::slice::from_ref(stmt), &mut |stmt| {
        roles(stmt, &mut |l, role| can &= role != Role::Set || !outside.contains(&l));
        match stmt {
            Stmt::Push { array, .. } | Stmt::Move { src: array, .. } => can &= !outside.contains(array),
            _ => {}
        }
        if let Stmt::Clone { src, .. } | Stmt::Move { src, .. } = stmt {
            can &= !procedure.params.contains(src) || matches!(stmt, Stmt::Clone { .. });
        }
    });
    can
}

/// What a run first does with a scalar.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Seen {
    Read,
    ReadThenSet,
    /// Sets it in an inner block, so perhaps not.
    SetInside,
    SetAtTop,
}

/// `outer` are the scalars of the top of the body so far.
fn run<'a>(procedure: &Procedure, stmts: &'a [Stmt], cut: bool, outer: &mut [bool]) -> Run<'a> {
    let mut seen: HashMap<Local, Seen> = HashMap::with_capacity(2 * stmts.len());
    let mut arrays: BTreeMap<Local, bool> = BTreeMap::new();
    let mut made: BTreeSet<Local> = BTreeSet::new();
    for stmt in stmts {
        if !matches!(stmt, Stmt::For { .. }) {
            roles(stmt, &mut |l, role| outer[l.0 as usize] |= role == Role::Set);
        }
        let mut first_set = Seen::SetAtTop;
        visit(std::slice::from_ref(stmt), &mut |stmt| {
            if matches!(stmt, Stmt::Declare { .. }) {
                return;
            }
            // The counter of an inner loop is its own.
            let own = match stmt {
                Stmt::While { index, .. } if first_set == Seen::SetInside => Some(*index),
                _ => None,
            };
            roles(stmt, &mut |l, role| match (procedure.locals[l.0 as usize].ty.is_scalar(), role) {
                (true, Role::Set) if own == Some(l) => {}
                // A variable of an inner block.
                (true, _) if !outer[l.0 as usize] => {}
                (true, Role::Read) => _ = seen.entry(l).or_insert(Seen::Read),
                (true, _) => {
                    let also = |s: &mut Seen| *s = if *s == Seen::Read { Seen::ReadThenSet } else { *s };
                    seen.entry(l).and_modify(also).or_insert(first_set);
                }
                (false, Role::Set) => _ = made.insert(l),
                (false, role) => *arrays.entry(l).or_insert(false) |= role == Role::Write,
            });
            first_set = Seen::SetInside;
        });
    }
    arrays.retain(|l, _| !made.contains(l));
    let of = |kinds: &[Seen]| {
        let mut locals: Vec<Local> = seen.iter().filter(|s| kinds.contains(s.1)).map(|s| *s.0).collect();
        locals.sort();
        locals
    };
    Run {
        stmts,
        cut,
        reads: of(&[Seen::Read, Seen::ReadThenSet]),
        sets: of(&[Seen::ReadThenSet, Seen::SetInside, Seen::SetAtTop]),
        perhaps: of(&[Seen::ReadThenSet, Seen::SetInside]),
        arrays,
    }
}
