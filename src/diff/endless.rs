//! Functions that are made of their own derivatives, which are of every order.

use super::Unknown;
use crate::core::{Custom, FnId, Graph, Origin};
use std::collections::HashSet;

/// Derivatives of a lower order are made without asking whether they ever end.
const UNSUSPECTED: usize = 4;

/// Refuses derivatives that have no end: the function that this one is derived from calls, itself or
/// through others, a derivative of itself.
pub fn refuse(graph: &mut Graph, derived: FnId) -> Result<(), Unknown> {
    let (source, order) = source_of(graph, derived);
    if order < UNSUSPECTED || !calls_own_derivative(graph, source) {
        return Ok(());
    }
    graph.pending.clear();
    let function = graph.function(source);
    Err(Unknown {
        message: format!(
            "`{}` is made of its own derivative, and so of derivatives of every order",
            function.name
        ),
        origin: function.results.first().map_or(0, |&result| graph.origin(result)),
    })
}

/// The function that a derivative is of, and its order.
fn source_of(graph: &Graph, mut f: FnId) -> (FnId, usize) {
    let mut order = 0;
    while let Origin::Jvp { of, .. } | Origin::Vjp { of, .. } = graph.function(f).origin {
        f = of;
        order += 1;
    }
    (f, order)
}

/// Whether a way along the calls leads from the function through a derivative back to it.
fn calls_own_derivative(graph: &Graph, source: FnId) -> bool {
    let mut seen = HashSet::new();
    let mut stack = vec![(source, false)];
    while let Some((f, derived)) = stack.pop() {
        for (callee, order) in needed(graph, f) {
            let next = (callee, derived || order > 0);
            if next == (source, true) {
                return true;
            }
            if seen.insert(next) {
                stack.push(next);
            }
        }
    }
    false
}

/// The functions that a file's function needs, each with the order of the derivative that it needs.
fn needed(graph: &Graph, f: FnId) -> Vec<(FnId, usize)> {
    let mut found = Vec::new();
    for callee in graph.callees(&graph.function(f).results) {
        let (source, order) = source_of(graph, callee);
        found.push((source, order));
        // The derivative that was given for a function is a function of its own.
        if let Some(Custom::Partials(given) | Custom::Pullback(given)) = graph.function(source).custom
            && order > 0
        {
            found.pop();
            found.extend([(source, 0), (given, order - 1)]);
        }
    }
    found
}
