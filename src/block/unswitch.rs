//! Choices around loops: where a sum adds something under a condition that its loops do not change, and that
//! keeps what may fault from being computed before inner loops, the condition stands around all of them.
//!
//! Takes expressions, gives expressions of the same values. Knows nothing of statements.

use super::safety::Safety;
use crate::core::{Dense, Ex, Graph, Node, VarId};

/// The expressions with such conditions outside. `reach` is all that they need, operands first.
pub(super) fn unswitch(graph: &mut Graph, safety: &mut Safety, reach: &[Ex], roots: &[Ex]) -> Vec<Ex> {
    graph.renew(reach, roots, |graph, ex| choice(graph, safety, ex))
}

/// A sum into an array as a choice between sums, if its condition is to stand around it.
fn choice(graph: &mut Graph, safety: &mut Safety, ex: Ex) -> Option<Ex> {
    let Node::Accum { op, init, over, at, value } = graph.node(ex) else { return None };
    let Node::If { cond, .. } = graph.node(value) else { return None };
    let over: Vec<VarId> = graph.vars(over).collect();
    if !graph.ty(init).is_array() || graph.depends_on_any(cond, &over) || safety.mark(graph, cond).stays() {
        return None;
    }
    // It goes on from a choice by the same condition, or from nothing.
    let goes_on = matches!(graph.node(init), Node::If { cond: other, .. } if other == cond);
    let starts = goes_on || is_constant(graph, init) && keeps(graph, safety, &over, value);
    if !starts {
        return None;
    }
    let at: Vec<Ex> = graph.exs(at).collect();
    let [then, els] = [true, false].map(|holds| {
        let at: Vec<Ex> = at.iter().map(|&index| graph.assume(index, cond, holds)).collect();
        let (init, value) = (graph.assume(init, cond, holds), graph.assume(value, cond, holds));
        graph.accum(op, init, &over, &at, value)
    });
    Some(graph.select(cond, then, els))
}

/// Whether an array has equal elements.
fn is_constant(graph: &Graph, array: Ex) -> bool {
    let Node::Build { over, body } = graph.node(array) else { return false };
    let over: Vec<VarId> = graph.vars(over).collect();
    !graph.depends_on_any(body, &over)
}

/// Whether a call or a loop that may fault could leave the innermost loop if it was sure to be computed.
fn keeps(graph: &mut Graph, safety: &mut Safety, over: &[VarId], value: Ex) -> bool {
    let Some(&innermost) = over.last() else { return false };
    let mut seen: Dense<()> = Dense::new(graph);
    let mut stack = vec![value];
    while let Some(ex) = stack.pop() {
        if !safety.mark(graph, ex).faults || !seen.insert(ex, ()) {
            continue;
        }
        let dear = matches!(graph.node(ex), Node::Call { .. } | Node::Loop(_));
        if dear && !graph.depends_on(ex, innermost) {
            return true;
        }
        graph.operands(ex, |operand| stack.push(operand));
    }
    false
}
