//! Bounds of integers: what is known of indices from the ranges of binders and from conditions.
//!
//! Takes expressions; says whether they are inside. Knows nothing of statements.

use crate::core::{Ex, Graph, Node, Type, VarId};
use crate::primitive::Prim;

/// Whether an index is provably inside the array, given that all binders in it are in their ranges, and that
/// what is `known` is not negative.
pub(super) fn inside(graph: &mut Graph, array: Ex, axis: usize, index: Ex, known: &[Ex]) -> bool {
    let size = graph.size(array, axis);
    let (least, most) = (extreme(graph, index, false), extreme(graph, index, true));
    let low = least.is_some_and(|least| nonnegative(graph, least, 0)) || follows(graph, index, known);
    if !low {
        return false;
    }
    let high = most.is_some_and(|most| {
        let last = graph.sub(size, most);
        nonnegative(graph, last, 1)
    });
    high || {
        let one = graph.int(1);
        let last = graph.sub(size, one);
        let rest = graph.sub(last, index);
        follows(graph, rest, known)
    }
}

/// Whether a sum is no less than one that is known not to be negative.
fn follows(graph: &mut Graph, sum: Ex, known: &[Ex]) -> bool {
    known.iter().any(|&known| {
        let more = graph.sub(sum, known);
        extreme(graph, more, false).is_some_and(|least| nonnegative(graph, least, 0))
    })
}

/// Adds the integers that are not negative where a condition holds, or where it fails.
pub(super) fn facts(graph: &mut Graph, cond: Ex, holds: bool, known: &mut Vec<Ex>) {
    if known.len() >= MOST_FACTS {
        return;
    }
    match graph.node(cond) {
        // Both conditions of a conjunction.
        Node::If { cond: first, then, els } if holds && graph.as_bool(els) == Some(false) => {
            facts(graph, first, true, known);
            facts(graph, then, true, known);
        }
        Node::Prim(p, args) => {
            let args: Vec<Ex> = graph.exs(args).collect();
            if args.iter().any(|&arg| graph.ty(arg) != Type::INT) {
                return;
            }
            let (Some(&a), Some(&b)) = (args.first(), args.get(1)) else { return };
            let (up, down, one) = (graph.sub(a, b), graph.sub(b, a), graph.int(1));
            match (p, holds) {
                (Prim::EQ, true) => known.extend([up, down]),
                (Prim::EQ, false) => {
                    // What is not negative, and not 0.
                    for difference in [up, down] {
                        if extreme(graph, difference, false).is_some_and(|least| nonnegative(graph, least, 0))
                        {
                            known.push(graph.sub(difference, one));
                        }
                    }
                }
                (Prim::LT, true) => known.push(graph.sub(down, one)),
                (Prim::LT, false) => known.push(up),
                (Prim::LE, true) => known.push(down),
                (Prim::LE, false) => known.push(graph.sub(up, one)),
                _other => {}
            }
        }
        _other => {}
    }
}

/// Conditions beyond those that give this many facts are not used.
const MOST_FACTS: usize = 12;

/// Binders of one index, each in the range of another, beyond which nothing is proved.
const MOST_BINDERS: usize = 8;

/// A bound of a sum whose binders run over their ranges, from above or from below: binders are replaced by the
/// end of their range, those first whose range depends on others.
fn extreme(graph: &mut Graph, index: Ex, above: bool) -> Option<Ex> {
    let mut bound = index;
    for _ in 0..=MOST_BINDERS {
        let sum = graph.affine(bound);
        let binders: Vec<(VarId, i64, Ex)> = sum
            .terms
            .iter()
            .filter_map(|&(term, coefficient)| match graph.node(term) {
                Node::Var(var) => graph.index_len(var).map(|len| (var, coefficient, len)),
                _other => None,
            })
            .collect();
        if binders.is_empty() {
            return Some(bound);
        }
        let innermost =
            |&&(var, ..): &&(VarId, i64, Ex)| !binders.iter().any(|&(_, _, len)| graph.depends_on(len, var));
        let &(var, coefficient, len) = binders.iter().find(innermost)?;
        let end = if (coefficient > 0) == above { last_step(graph, len) } else { graph.int(0) };
        let binder = graph.variable(var);
        let moved = graph.sub(end, binder);
        let factor = graph.int(coefficient);
        let moved = graph.mul(factor, moved);
        bound = graph.add(bound, moved);
    }
    None
}

/// The last value of a binder of this length, where there is one: then no bound from below counts.
fn last_step(graph: &mut Graph, len: Ex) -> Ex {
    let mut len = len;
    if let Some(&[a, b]) = graph.as_prim(len, Prim::MAX) {
        let below = |graph: &Graph, ex: u32| graph.as_int(Ex(ex)).is_some_and(|n| n <= 0);
        if below(graph, a) {
            len = Ex(b);
        } else if below(graph, b) {
            len = Ex(a);
        }
    }
    let one = graph.int(1);
    graph.sub(len, one)
}

/// Whether a sum is at least `bound` whatever the lengths of arrays in it are.
fn nonnegative(graph: &Graph, ex: Ex, bound: i64) -> bool {
    graph.side_of_zero(ex).is_some_and(|(sign, nearest)| sign > 0 && nearest >= bound)
}
