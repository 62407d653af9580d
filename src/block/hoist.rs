//! Arrays that a loop makes anew in each step and fills before it reads them: made once, before the loop.
//!
//! Takes statements before declarations are added, and gives the same with arrays made further out.

use super::{Fill, Local, Stmt};
use std::collections::HashSet;

/// Moves what makes such arrays out of loops, as far as their lengths allow.
pub(super) fn hoist(body: &mut Vec<Stmt>, count: usize, fixed: &[Local]) {
    let mut sets = vec![0_u32; count];
    let mut stays: HashSet<Local> = fixed.iter().copied().collect();
    super::walk::each(body, &mut |stmt| {
        stmt.sets(|local| sets[local.0 as usize] += 1);
        match stmt {
            // What becomes another array is not there in the next step.
            Stmt::Move { dst, src } => stays.extend([*dst, *src]),
            // What grows begins without elements.
            Stmt::Push { array, .. } => stays.extend([*array]),
            _other => {}
        }
    });
    Hoisting { sets, stays }.block(body);
}

struct Hoisting {
    /// How many statements set each local.
    sets: Vec<u32>,
    stays: HashSet<Local>,
}

impl Hoisting {
    fn block(&self, body: &mut Vec<Stmt>) {
        let mut at = 0;
        while at < body.len() {
            for inner in body[at].blocks_mut().into_iter().flatten() {
                self.block(inner);
            }
            let made = match &mut body[at] {
                Stmt::For { body, .. } => self.taken_out(body),
                _other => Vec::new(),
            };
            let after = at + made.len() + 1;
            body.splice(at..at, made);
            at = after;
        }
    }

    /// Takes the arrays out of the body of a loop that it can do with one of.
    fn taken_out(&self, body: &mut Vec<Stmt>) -> Vec<Stmt> {
        let candidate = |stmt: &Stmt| match stmt {
            Stmt::Alloc { dst, fill: Fill::Unset(_), .. } => {
                self.sets[dst.0 as usize] == 1 && !self.stays.contains(dst)
            }
            _other => false,
        };
        if !body.iter().any(candidate) {
            return Vec::new();
        }
        let mut inside: HashSet<Local> = HashSet::new();
        super::walk::each(body, &mut |stmt| stmt.sets(|local| _ = inside.insert(local)));
        let goes = |stmt: &Stmt| match stmt {
            Stmt::Alloc { dims, .. } => candidate(stmt) && !dims.iter().any(|dim| inside.contains(dim)),
            _other => false,
        };
        let (made, rest) = std::mem::take(body).into_iter().partition(goes);
        *body = rest;
        made
    }
}
