//! Sums at one place of an array are one sum: what is added there is summed up first.
//!
//! Takes expressions with canonical binders, gives expressions of the same values up to rounding. Knows nothing of
//! statements.

use crate::core::binders::reach_with_states;
use crate::core::{AccumOp, Dense, Ex, Graph, List, Node, Renewed};

/// So many additions to an array are looked through for one to the same place.
const MOST: usize = 64;

/// The expressions with what is added at one place in one addition.
pub(super) fn gather(graph: &mut Graph, roots: &[Ex]) -> Vec<Ex> {
    let all = reach_with_states(graph, roots);
    if !all.iter().any(|&ex| addition(graph, ex).is_some_and(|a| addition(graph, a.init).is_some())) {
        return roots.to_vec();
    }
    let mut uses: Dense<u32> = Dense::new(graph);
    roots.iter().for_each(|&root| *uses.entry(root, || 0) += 1);
    for &ex in &all {
        graph.operands(ex, |operand| *uses.entry(operand, || 0) += 1);
    }
    let mut new = Renewed::new(graph);
    // What nothing else needs than the one that uses it.
    let mut single: Dense<()> = Dense::new(graph);
    for &ex in &all {
        graph.current_origin = graph.origin(ex);
        let mut rebuilt = new.rebuilt(graph, ex);
        if let Some(last) = addition(graph, rebuilt) {
            rebuilt = gathered(graph, last, &mut single).unwrap_or(rebuilt);
        }
        graph.keep_name(ex, rebuilt);
        new.set(ex, rebuilt);
        if uses.get(ex) == Some(&1) {
            single.insert(rebuilt, ());
        }
    }
    new.all(roots)
}

/// What is added to an array.
#[derive(Clone, Copy)]
struct Addition {
    init: Ex,
    over: List,
    at: List,
    value: Ex,
}

fn addition(graph: &Graph, ex: Ex) -> Option<Addition> {
    match graph.node(ex) {
        Node::Accum { op: AccumOp::Sum, init, over, at, value } if graph.ty(ex).is_array() => {
            Some(Addition { init, over, at, value })
        }
        _other => None,
    }
}

/// The addition as part of an earlier one to the same place, if there is one.
fn gathered(graph: &mut Graph, last: Addition, single: &mut Dense<()>) -> Option<Ex> {
    let mut between = Vec::new();
    let mut before = last.init;
    while between.len() < MOST {
        let earlier = addition(graph, before).filter(|_| single.contains(before))?;
        if (earlier.over, earlier.at) == (last.over, last.at) {
            let value = graph.add(earlier.value, last.value);
            between.push(Addition { value, ..earlier });
            let written = between.into_iter().rev().fold(earlier.init, |init, addition| {
                let over: Vec<_> = graph.vars(addition.over).collect();
                let at: Vec<Ex> = graph.exs(addition.at).collect();
                let sum = graph.accum(AccumOp::Sum, init, &over, &at, addition.value);
                single.insert(sum, ());
                sum
            });
            return Some(written);
        }
        between.push(earlier);
        before = earlier.init;
    }
    None
}
