//! Binders of one loop each: derivatives share binders among loops that may stand inside one
//! another, and a binder that stands at two depths has no place.
//!
//! Takes expressions, gives the same with every binder bound by one node. Knows nothing of statements.

use super::{Dense, Ex, Graph, VarId};
use std::collections::HashSet;

/// The expressions with no binder bound by two nodes. `reach` is all that they need, operands first.
pub fn apart(graph: &mut Graph, reach: &[Ex], roots: &[Ex]) -> Vec<Ex> {
    let mut pass = Apart { new: Dense::new(graph), taken: HashSet::new() };
    for &ex in reach {
        graph.current_origin = graph.origin(ex);
        pass.visit(graph, ex);
    }
    roots.iter().map(|&root| pass.at(root)).collect()
}

struct Apart {
    /// What nodes have become; those that are not here are as they were.
    new: Dense<Ex>,
    /// The binders that a new node binds.
    taken: HashSet<VarId>,
}

impl Apart {
    fn at(&self, ex: Ex) -> Ex {
        self.new.get(ex).copied().unwrap_or(ex)
    }

    fn visit(&mut self, graph: &mut Graph, ex: Ex) {
        let mut same = true;
        graph.operands(ex, |operand| same &= self.at(operand) == operand);
        let mut renewed = if same { ex } else { graph.rebuild(ex, |operand| self.at(operand)) };
        let bound = graph.bound(renewed);
        let moved = |b: VarId| {
            let lens = graph.index_len(b).into_iter().chain(graph.var(b).shape.iter().flatten().copied());
            lens.into_iter().any(|len| self.at(len) != len)
        };
        if bound.iter().any(|&b| self.taken.contains(&b) || moved(b)) {
            // With binders of its own, of the new lengths.
            renewed = graph.fresh(renewed, &[], &[], &|len| self.at(len));
            graph.keep_name(ex, renewed);
        }
        self.taken.extend(graph.bound(renewed));
        self.new.insert(ex, renewed);
    }
}
