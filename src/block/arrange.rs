//! The order of the loops that build an array: where an element needs a call or a sequential loop
//! that only some of the binders reach, these binders go outermost, so that it is not made again
//! for each value of the others.
//!
//! Takes expressions, gives expressions of the same values. Knows nothing of statements.

use crate::core::{AccumOp, Dense, Elem, Ex, Graph, Node, VarId};

/// The expressions with their loops in a good order. `reach` is all that they need, operands first.
pub(super) fn arrange(graph: &mut Graph, reach: &[Ex], roots: &[Ex]) -> Vec<Ex> {
    // The nodes that are not themselves any more.
    let mut new: Dense<Ex> = Dense::new(graph);
    let now = |new: &Dense<Ex>, ex: Ex| new.get(ex).copied().unwrap_or(ex);
    for &ex in reach {
        let mut same = true;
        graph.operands(ex, |operand| same &= !new.contains(operand));
        let renewed = if same { ex } else { graph.rebuild(ex, |operand| now(&new, operand)) };
        let arranged = arranged(graph, renewed);
        if arranged != ex {
            new.insert(ex, arranged);
        }
    }
    roots.iter().map(|&root| now(&new, root)).collect()
}

/// A node with its own loops in a good order.
fn arranged(graph: &mut Graph, ex: Ex) -> Ex {
    let Node::Build { over, body } = graph.node(ex) else { return ex };
    let over: Vec<VarId> = graph.vars(over).collect();
    let lens: Vec<Ex> = over.iter().map(|&b| graph.len_of(b)).collect();
    let free = lens.iter().all(|&len| !graph.depends_on_any(len, &over));
    if over.len() < 2 || !free || graph.ty(ex).elem == Elem::Bool {
        return ex;
    }
    let order = order(graph, &over, body);
    if order == over {
        return ex;
    }
    let at: Vec<Ex> = over.iter().map(|&b| graph.variable(b)).collect();
    let nothing = graph.zeros(graph.ty(ex).elem, &lens);
    graph.accum(AccumOp::Sum, nothing, &order, &at, body)
}

/// The binders, those of which the fewest reach what is dear first.
fn order(graph: &Graph, over: &[VarId], body: Ex) -> Vec<VarId> {
    let mut sets: Vec<Vec<VarId>> = Vec::new();
    let mut seen: Dense<()> = Dense::new(graph);
    let mut stack = vec![body];
    while let Some(ex) = stack.pop() {
        if !graph.depends_on_any(ex, over) || !seen.insert(ex, ()) {
            continue;
        }
        if let Node::Call { .. } | Node::Loop(_) = graph.node(ex) {
            let set: Vec<VarId> = over.iter().copied().filter(|&b| graph.depends_on(ex, b)).collect();
            sets.push(set);
        }
        graph.operands(ex, |operand| stack.push(operand));
    }
    sets.sort_by_key(Vec::len);
    let mut order: Vec<VarId> = Vec::new();
    for &b in sets.iter().flatten().chain(over) {
        if !order.contains(&b) {
            order.push(b);
        }
    }
    order
}
