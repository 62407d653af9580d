//! Binders of one loop each: derivatives share binders among loops that may stand inside one
//! another, and a binder that stands at two depths has no place.
//!
//! Takes expressions, gives the same with every binder bound by one node. Knows nothing of statements.

use super::binders::{Whole, reach_with_states, rename};
use super::{Ex, Graph, Renewed, VarId};
use std::collections::{HashMap, HashSet};

/// The expressions with no binder bound by two nodes. `reach` is all that they need, operands first.
pub fn apart(graph: &mut Graph, reach: &[Ex], roots: &[Ex]) -> Vec<Ex> {
    let mut pass = Apart(Renewed::new(graph));
    let mut taken = HashSet::new();
    for &ex in reach {
        pass.visit(graph, ex, |bound| bound.iter().any(|b| taken.contains(b)));
        taken.extend(graph.bound(pass.at(ex)));
    }
    pass.0.all(roots)
}

/// The expressions with other binders for these loops, which still share theirs with each other.
pub fn set_apart(graph: &mut Graph, loops: &[Ex], roots: &[Ex]) -> Vec<Ex> {
    let mut pass = Apart(Renewed::new(graph));
    // The new binders of the loops, and of those whose lengths are new, by the old ones.
    let mut numbers = HashMap::new();
    let mut known: HashMap<(VarId, bool), i32> = HashMap::new();
    for ex in reach_with_states(graph, roots) {
        let chosen = loops.contains(&ex);
        if pass.visit(graph, ex, |_| chosen) {
            for (old, new) in graph.bound(ex).into_iter().zip(graph.bound(pass.at(ex))) {
                let next = known.len() as i32;
                numbers.insert(new, *known.entry((old, chosen)).or_insert(next));
            }
        }
    }
    let roots = pass.0.all(roots);
    let reach = reach_with_states(graph, &roots);
    rename(graph, &numbers, &Whole, &reach, &roots).unwrap_or(roots)
}

/// What nodes become with other binders.
struct Apart(Renewed);

impl Apart {
    fn at(&self, ex: Ex) -> Ex {
        self.0.at(ex)
    }

    /// Notes what a node becomes; it gets binders of its own if it is `chosen` for those that it binds, or
    /// their lengths are new. Tells whether it did.
    fn visit(&mut self, graph: &mut Graph, ex: Ex, chosen: impl FnOnce(&[VarId]) -> bool) -> bool {
        graph.current_origin = graph.origin(ex);
        let mut renewed = self.0.rebuilt(graph, ex);
        let bound = graph.bound(renewed);
        let moved = |b: VarId| {
            let lens = graph.index_len(b).into_iter().chain(graph.var(b).shape.iter().flatten().copied());
            lens.into_iter().any(|len| self.at(len) != len)
        };
        let fresh = chosen(&bound) || bound.iter().any(|&b| moved(b));
        if fresh {
            // With binders of its own, of the new lengths.
            renewed = graph.fresh(renewed, &[], &[], &|len| self.at(len));
            graph.keep_name(ex, renewed);
        }
        self.0.set(ex, renewed);
        fresh
    }
}
