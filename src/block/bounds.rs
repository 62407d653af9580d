//! Bounds of integers: what is known of indices from the ranges of binders and from conditions.
//!
//! Takes expressions; says whether they are inside. Knows nothing of statements.

use crate::core::{Ex, Graph, Node, Type};
use crate::primitive::Prim;

/// Whether an index is provably inside the array, given that all binders in it are in their ranges, and that
/// what is `known` is not negative.
pub(super) fn inside(graph: &mut Graph, array: Ex, axis: usize, index: Ex, known: &[Ex]) -> bool {
    let size = graph.size(array, axis);
    let low = graph.is_nonnegative(index) || follows(graph, index, known);
    low && (graph.is_below(index, size) || {
        let one = graph.int(1);
        let last = graph.sub(size, one);
        let rest = graph.sub(last, index);
        follows(graph, rest, known)
    })
}

/// Whether a sum is no less than one that is known not to be negative.
fn follows(graph: &mut Graph, sum: Ex, known: &[Ex]) -> bool {
    known.iter().any(|&known| {
        let more = graph.sub(sum, known);
        graph.is_nonnegative(more)
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
                        if graph.is_nonnegative(difference) {
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
