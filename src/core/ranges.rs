//! Bounds of integers: what is known of indices from the ranges of their binders.

use super::{Ex, Graph, Node, VarId};
use crate::primitive::Prim;

impl Graph {
    /// Whether an index is provably inside `0..len` while all binders in it are in their ranges.
    pub fn is_within(&mut self, index: Ex, len: Ex) -> bool {
        self.is_nonnegative(index) && self.is_below(index, len)
    }

    /// Whether an integer is provably not negative while all binders in it are in their ranges.
    pub fn is_nonnegative(&mut self, integer: Ex) -> bool {
        bound(self, integer, false).is_some_and(|least| at_least(self, least, 0))
    }

    /// Whether an integer is provably less than a length while all binders in it are in their ranges.
    pub fn is_below(&mut self, integer: Ex, len: Ex) -> bool {
        bound(self, integer, true).is_some_and(|most| {
            let rest = self.sub(len, most);
            at_least(self, rest, 1)
        })
    }
}

/// Binders of one index, each in the range of another, beyond which nothing is proved.
const MOST_BINDERS: usize = 8;

/// A bound of a sum whose binders run over their ranges, from above or from below: binders are replaced by the
/// end of their range, those first whose range depends on others.
fn bound(graph: &mut Graph, index: Ex, above: bool) -> Option<Ex> {
    let mut sum = index;
    for _ in 0..=MOST_BINDERS {
        let affine = graph.affine(sum);
        let binders: Vec<(VarId, i64, Ex)> = affine
            .terms
            .iter()
            .filter_map(|&(term, coefficient)| match graph.node(term) {
                Node::Var(var) => graph.index_len(var).map(|len| (var, coefficient, len)),
                _other => None,
            })
            .collect();
        if binders.is_empty() {
            return Some(sum);
        }
        let innermost =
            |&&(var, ..): &&(VarId, i64, Ex)| !binders.iter().any(|&(_, _, len)| graph.depends_on(len, var));
        let &(var, coefficient, len) = binders.iter().find(innermost)?;
        let end = if (coefficient > 0) == above { last_step(graph, len) } else { graph.int(0) };
        let binder = graph.variable(var);
        let moved = graph.sub(end, binder);
        let factor = graph.int(coefficient);
        let moved = graph.mul(factor, moved);
        sum = graph.add(sum, moved);
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
fn at_least(graph: &Graph, ex: Ex, bound: i64) -> bool {
    graph.side_of_zero(ex).is_some_and(|(sign, nearest)| sign > 0 && nearest >= bound)
}
