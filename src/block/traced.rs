//! Arrays that a step of a loop makes to keep them in a trace are made there.
//!
//! Takes statements before declarations are added, changes them. Knows nothing of expressions.

use super::walk::each;
use super::{Fill, Local, Op, Stmt};

/// Makes arrays where they are kept, in a procedure with these results.
pub(super) fn traced(body: &mut [Stmt], count: usize, results: &[Local]) {
    let mut reads = vec![0_usize; count];
    results.iter().for_each(|local| reads[local.0 as usize] += 1);
    each(body, &mut |stmt| stmt.reads(|local| reads[local.0 as usize] += 1));
    block(body, &reads);
}

fn block(stmts: &mut [Stmt], reads: &[usize]) {
    for at in 0..stmts.len() {
        // The loops inside first: what they keep may be kept further out.
        stmts[at].blocks_mut().into_iter().flatten().for_each(|inner| block(inner, reads));
        let (before, rest) = stmts.split_at_mut(at);
        let Stmt::For { body, .. } = &mut rest[0] else { continue };
        let made: Vec<Local> = before.iter().filter_map(allocated).collect();
        let kept: Vec<Kept> = body.iter().filter_map(|stmt| Kept::of(stmt, &made)).collect();
        for kept in kept {
            let made = before.iter().rposition(|stmt| allocated(stmt) == Some(kept.trace));
            if let Some(made) = made
                && let Stmt::Alloc { fill, .. } = &mut before[made]
            {
                kept.make_there(body, reads, fill);
            }
        }
    }
}

/// The array that a statement makes.
fn allocated(stmt: &Stmt) -> Option<Local> {
    match stmt {
        Stmt::Alloc { dst, .. } => Some(*dst),
        _other => None,
    }
}

/// An array that is kept as a row of a trace.
struct Kept {
    trace: Local,
    index: Local,
    array: Local,
}

impl Kept {
    fn of(stmt: &Stmt, made: &[Local]) -> Option<Kept> {
        match stmt {
            Stmt::StoreRow { array, index, row } if made.contains(array) => {
                Some(Kept { trace: *array, index: *index, array: *row })
            }
            _other => None,
        }
    }

    /// Makes the array in its row from the beginning, if nothing else reads it; `fill` is how the trace begins.
    fn make_there(&self, body: &mut Vec<Stmt>, reads: &[usize], fill: &mut Fill) {
        let Some((begin, end)) = self.life(body, reads) else { return };
        let Some(index) = body.iter().position(|stmt| self.sets_index(stmt)) else { return };
        match (&body[begin], &*fill) {
            (Stmt::Alloc { fill: Fill::Unset(_), .. }, _) => {}
            (Stmt::Alloc { fill: Fill::Zero(elem), .. }, Fill::Zero(_) | Fill::Unset(_)) => {
                *fill = Fill::Zero(*elem)
            }
            _other => return,
        }
        if index > begin {
            let mut sets = false;
            body[index].reads(|operand| {
                each(&body[begin..index], &mut |stmt| stmt.sets(|dst| sets |= dst == operand));
            });
            if sets {
                return;
            }
        }
        body.remove(end);
        self.redirect(&mut body[begin..end]);
        // The index takes the place of what made the array.
        if index > begin {
            let first = body.remove(index);
            body[begin] = first;
        } else {
            body.remove(begin);
        }
    }

    /// The statements of a step that make the array and keep it, if all others of the procedure only change it.
    fn life(&self, body: &[Stmt], reads: &[usize]) -> Option<(usize, usize)> {
        let mentions = |stmt: &Stmt, local: Local| {
            let mut found = false;
            each(std::slice::from_ref(stmt), &mut |stmt| stmt.mentions(|other| found |= other == local));
            found
        };
        let begin = body.iter().position(|stmt| mentions(stmt, self.array))?;
        let end = body.iter().rposition(|stmt| mentions(stmt, self.array))?;
        let keeps = matches!(body[end], Stmt::StoreRow { array, row, .. } if array == self.trace && row == self.array);
        let makes = allocated(&body[begin]) == Some(self.array);
        if !keeps || !makes || body[begin..end].iter().any(|stmt| mentions(stmt, self.trace)) {
            return None;
        }
        // Between the two, it is read and changed by elements alone.
        let (mut inside, mut simple) = (1, true);
        each(&body[begin + 1..end], &mut |stmt| {
            let mut own = false;
            stmt.mentions(|local| own |= local == self.array);
            stmt.reads(|local| inside += usize::from(local == self.array));
            let element = match stmt {
                Stmt::Let { op: Op::Load { .. } | Op::Size { .. }, .. } => true,
                Stmt::Store { .. } | Stmt::AddTo { .. } => true,
                _other => false,
            };
            simple &= !own || element;
        });
        (simple && inside == reads[self.array.0 as usize]).then_some((begin, end))
    }

    fn sets_index(&self, stmt: &Stmt) -> bool {
        matches!(stmt, Stmt::Let { dst, op: Op::Prim(..) } if *dst == self.index)
    }

    /// Reads and changes the row of the trace for the array.
    fn redirect(&self, stmts: &mut [Stmt]) {
        for stmt in stmts {
            if let Stmt::Let { op: Op::Load { array, at }, .. }
            | Stmt::Store { array, at, .. }
            | Stmt::AddTo { array, at, .. } = stmt
                && *array == self.array
            {
                *array = self.trace;
                at.insert(0, self.index);
            }
            if let Stmt::Let { op: Op::Size { array, axis }, .. } = stmt
                && *array == self.array
            {
                *array = self.trace;
                *axis += 1;
            }
            stmt.blocks_mut().into_iter().flatten().for_each(|inner| self.redirect(inner));
        }
    }
}
