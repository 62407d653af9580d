//! The order of the loops that build an array: where an element needs a call or a sequential loop
//! that only some of the binders reach, these binders go outermost, so that it is not made again
//! for each value of the others.
//!
//! Takes expressions, gives expressions of the same values. Knows nothing of statements.

use crate::core::{AccumOp, Elem, Ex, Graph, Node, VarId};

/// The expressions with their loops in a good order. `reach` is all that they need, operands first.
pub(super) fn arrange(graph: &mut Graph, reach: &[Ex], roots: &[Ex]) -> Vec<Ex> {
    let mut new: Vec<Ex> = (0..graph.len() as u32).map(Ex).collect();
    for &ex in reach {
        let mut same = true;
        graph.operands(ex, |operand| same &= new[operand.0 as usize] == operand);
        let renewed = if same {
            ex
        } else {
            graph.rebuild(ex, |operand| new.get(operand.0 as usize).copied().unwrap_or(operand))
        };
        new[ex.0 as usize] = arranged(graph, renewed);
    }
    roots.iter().map(|&root| new[root.0 as usize]).collect()
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
    let mut seen = vec![false; body.0 as usize + 1];
    let mut stack = vec![body];
    while let Some(ex) = stack.pop() {
        if !graph.depends_on_any(ex, over) || std::mem::replace(&mut seen[ex.0 as usize], true) {
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
