//! Binders of one loop each: derivatives share binders among loops that may stand inside one
//! another, and a binder that stands at two depths has no place.
//!
//! Takes expressions, gives the same with every binder bound by one node. Knows nothing of statements.

use crate::core::{Ex, Graph, VarId};
use std::collections::HashSet;

/// The expressions with no binder bound by two nodes. `reach` is all that they need, operands first.
pub(super) fn apart(graph: &mut Graph, reach: &[Ex], roots: &[Ex]) -> Vec<Ex> {
    let mut new: Vec<Ex> = (0..graph.len() as u32).map(Ex).collect();
    let mut taken: HashSet<VarId> = HashSet::new();
    for &ex in reach {
        let mut same = true;
        graph.operands(ex, |operand| same &= new[operand.0 as usize] == operand);
        let mut renewed =
            if same { ex } else { graph.rebuild(ex, |operand| new.get(operand.0 as usize).copied().unwrap_or(operand)) };
        let bound = graph.bound(renewed);
        if bound.iter().any(|b| taken.contains(b)) {
            renewed = graph.with_fresh_binders(renewed);
        }
        taken.extend(graph.bound(renewed));
        new[ex.0 as usize] = renewed;
    }
    roots.iter().map(|&root| new[root.0 as usize]).collect()
}
