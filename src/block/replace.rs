//! Arrays that are others but for some places: `[if i == k then x else A[i] for i in 1..n]` is `A` with one
//! element replaced. It takes the work of what is new alone where nothing else needs `A`.
//!
//! Takes expressions, gives expressions of the same values. Knows nothing of statements.

use crate::core::{AccumOp, Ex, Graph, Node, VarId};
use crate::primitive::Prim;

/// The expressions with such arrays as replacements. `reach` is all that they need, operands first.
pub(super) fn replace(graph: &mut Graph, reach: &[Ex], roots: &[Ex]) -> Vec<Ex> {
    graph.renew(reach, roots, |graph, ex| {
        let Node::Build { over, body } = graph.node(ex) else { return None };
        let over: Vec<VarId> = graph.vars(over).collect();
        replaced(graph, &over, body)
    })
}

/// An array of these elements as another with some replaced.
fn replaced(graph: &mut Graph, over: &[VarId], body: Ex) -> Option<Ex> {
    let Node::If { cond, then, els } = graph.node(body) else { return None };
    let places = places(graph, over, cond)?;
    let array = whole(graph, over, els).or_else(|| replaced(graph, over, els))?;
    let value = graph.substitute(then, &places);
    let rest: Vec<VarId> =
        over.iter().copied().filter(|b| places.iter().all(|(solved, _)| solved != b)).collect();
    let value =
        if graph.depends_on_any(value, &rest) { apart_from(graph, array, &rest, value) } else { value };
    let at: Vec<Ex> = over.iter().map(|&b| graph.variable(b)).collect();
    let at = graph.substitute_all(&at, &places);
    Some(graph.accum(AccumOp::Replace, array, &rest, &at, value))
}

/// The values of binders, inside of their ranges, at which alone a condition holds.
fn places(graph: &mut Graph, over: &[VarId], cond: Ex) -> Option<Vec<(VarId, Ex)>> {
    let mut places: Vec<(VarId, Ex)> = Vec::new();
    for (cond, holds) in graph.conditions_in_turn(cond) {
        let &[a, b] = graph.as_prim(cond, Prim::EQ).filter(|_| holds)? else { return None };
        let (binder, value) = graph.solved(over, Ex(a), Ex(b))?;
        if graph.depends_on_any(value, over) {
            return None;
        }
        let len = graph.len_of(binder);
        if places.iter().any(|&(known, _)| known == binder) || !graph.is_within(value, len) {
            return None;
        }
        places.push((binder, value));
    }
    Some(places)
}

/// The array of which these are the elements, each at its own place.
fn whole(graph: &mut Graph, over: &[VarId], element: Ex) -> Option<Ex> {
    let Node::Index { array, at } = graph.node(element) else { return None };
    let own = graph.exs(at).len() == over.len()
        && graph.exs(at).zip(over).all(|(index, &b)| graph.node(index) == Node::Var(b))
        && !graph.depends_on_any(array, over);
    let same_length =
        |graph: &mut Graph, (axis, &b): (usize, &VarId)| graph.size(array, axis) == graph.len_of(b);
    (own && over.iter().enumerate().all(|axis| same_length(graph, axis))).then_some(array)
}

/// New values in an array of their own if they are made of those that they replace.
fn apart_from(graph: &mut Graph, array: Ex, over: &[VarId], value: Ex) -> Ex {
    let needed = graph.reach_where(&[value], |ex| graph.depends_on_any(ex, over) || ex == array);
    if !needed.contains(&array) {
        return value;
    }
    let values = graph.build(over, value);
    let at: Vec<Ex> = over.iter().map(|&b| graph.variable(b)).collect();
    graph.read(values, &at)
}
