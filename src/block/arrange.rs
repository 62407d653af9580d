//! The order of the loops that build an array: where an element needs what is dear and only some of the
//! binders reach, these binders go outermost, so that it is not made again for each value of the others. The
//! binders of sums that make up an element take part: then all elements are summed up at once.
//!
//! Takes expressions, gives expressions of the same values. Knows nothing of statements.

use crate::core::{AccumOp, Dense, Elem, Ex, Graph, Node, VarId};
use crate::primitive::Prim;

/// The expressions with their loops in a good order. `reach` is all that they need, operands first.
pub(super) fn arrange(graph: &mut Graph, reach: &[Ex], roots: &[Ex]) -> Vec<Ex> {
    graph.renew(reach, roots, |graph, ex| Some(arranged(graph, ex)))
}

/// A node with its own loops in a good order.
fn arranged(graph: &mut Graph, ex: Ex) -> Ex {
    let Node::Build { over, body } = graph.node(ex) else { return ex };
    let over: Vec<VarId> = graph.vars(over).collect();
    let lens: Vec<Ex> = over.iter().map(|&b| graph.len_of(b)).collect();
    let free = lens.iter().all(|&len| !graph.depends_on_any(len, &over));
    if !free || graph.ty(ex).elem == Elem::Bool {
        return ex;
    }
    let at: Vec<Ex> = over.iter().map(|&b| graph.variable(b)).collect();
    let (sums, rest) = taken_apart(graph, &over, body);
    if !sums.is_empty() {
        let init = match rest {
            Some(rest) => {
                let own: Vec<VarId> = over.iter().map(|&b| like(graph, b)).collect();
                let map: Vec<(VarId, Ex)> =
                    over.iter().zip(&own).map(|(&b, &own)| (b, graph.variable(own))).collect();
                let rest = graph.substitute(rest, &map);
                let rest = graph.build(&own, rest);
                arranged(graph, rest)
            }
            None => graph.zeros(graph.ty(ex).elem, &lens),
        };
        return sums
            .into_iter()
            .fold(init, |init, (order, value)| graph.accum(AccumOp::Sum, init, &order, &at, value));
    }
    let order = order(graph, &over, body, is_sequential);
    if over.len() < 2 || order == over {
        return ex;
    }
    let nothing = graph.zeros(graph.ty(ex).elem, &lens);
    graph.accum(AccumOp::Sum, nothing, &order, &at, body)
}

fn like(graph: &mut Graph, binder: VarId) -> VarId {
    let (name, len) = (graph.var(binder).name.clone(), graph.len_of(binder));
    graph.binder(&name, len)
}

/// The sums among the terms of an element that are better summed up for all elements at once, each with the
/// order of its binders and of those of the array; and the other terms.
fn taken_apart(graph: &mut Graph, over: &[VarId], body: Ex) -> (Vec<(Vec<VarId>, Ex)>, Option<Ex>) {
    let mut sums = Vec::new();
    let mut rest: Option<Ex> = None;
    let mut terms = vec![body];
    while let Some(term) = terms.pop() {
        if let Some(&[a, b]) = graph.as_prim(term, Prim::ADD) {
            terms.extend([Ex(b), Ex(a)]);
            continue;
        }
        match together(graph, over, term) {
            Some(order) => {
                let Node::Accum { value, .. } = graph.node(term) else { unreachable!("a sum") };
                sums.push((order, value));
            }
            None => rest = Some(rest.map_or(term, |rest| graph.add(rest, term))),
        }
    }
    if sums.is_empty() { (sums, None) } else { (sums, rest) }
}

/// The order of the loops that sum up a term for all elements at once, if that saves work: the work that the
/// binders of the sum reach and not all of those around it.
fn together(graph: &Graph, around: &[VarId], term: Ex) -> Option<Vec<VarId>> {
    let Node::Accum { op: AccumOp::Sum, init, over, value, .. } = graph.node(term) else { return None };
    if graph.as_real(init) != Some(0.0) || !graph.ty(term).is_scalar() {
        return None;
    }
    let own: Vec<VarId> = graph.vars(over).collect();
    let all: Vec<VarId> = around.iter().chain(&own).copied().collect();
    if own.iter().any(|&b| graph.depends_on_any(graph.len_of(b), &all)) {
        return None;
    }
    let order = order(graph, &all, value, Graph::takes_steps);
    let place = |b: &VarId| order.iter().position(|other| other == b);
    let last = around.iter().map(place).max()?;
    let saves = own.iter().any(|b| place(b) < last);
    saves.then_some(order)
}

fn is_sequential(graph: &Graph, ex: Ex) -> bool {
    matches!(graph.node(ex), Node::Call { .. } | Node::Loop(_))
}

/// The binders, those of which the fewest reach what is dear first.
fn order(graph: &Graph, over: &[VarId], body: Ex, dear: impl Fn(&Graph, Ex) -> bool) -> Vec<VarId> {
    let mut sets: Vec<Vec<VarId>> = Vec::new();
    let mut seen: Dense<()> = Dense::new(graph);
    let mut stack = vec![body];
    while let Some(ex) = stack.pop() {
        if !graph.depends_on_any(ex, over) || !seen.insert(ex, ()) {
            continue;
        }
        if dear(graph, ex) {
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
