//! Whether a value can be none where a derivative by itself is a number: then a program must look at
//! the value before it gives the derivative.

use crate::check::Partials;
use crate::core::{Dense, Ex, FnId, Graph, Node, VarId};
use crate::primitive::Prim;
use crate::simplify;

/// Whether the function may have a value that is not a number at a point where some derivative by `wrt`,
/// computed alone, is one: `1/x` where `log(x)` has no value.
pub fn hides_in_derivatives(graph: &mut Graph, partials: &mut Partials, f: FnId, wrt: &[VarId]) -> bool {
    let mut seen = vec![f];
    let mut at = 0;
    while let Some(&f) = seen.get(at) {
        let results = graph.function(f).results.clone();
        let nodes = graph.reach(&results);
        // Of a function that is called it is not known which variables its arguments depend on.
        let whole = if at == 0 { needing_all(graph, &nodes, wrt) } else { Dense::new(graph) };
        for ex in nodes {
            if hides(graph, partials, ex, whole.contains(ex)) {
                return true;
            }
        }
        for callee in graph.callees(&results) {
            if !seen.contains(&callee) {
                seen.push(callee);
            }
        }
        at += 1;
    }
    false
}

/// The nodes (operands first) that depend on each of the variables, if those are scalars and few.
fn needing_all(graph: &Graph, nodes: &[Ex], wrt: &[VarId]) -> Dense<()> {
    let mut whole = Dense::new(graph);
    if wrt.is_empty() || wrt.len() > 64 || !wrt.iter().all(|&v| graph.var(v).ty.is_scalar()) {
        return whole;
    }
    let all = u64::MAX >> (64 - wrt.len());
    let mut needed: Dense<u64> = Dense::new(graph);
    for &ex in nodes {
        let mut mask = match graph.node(ex) {
            Node::Var(v) => wrt.iter().position(|&w| w == v).map_or(0, |at| 1 << at),
            _ => 0,
        };
        graph.operands(ex, |operand| mask |= needed.get(operand).copied().unwrap_or(0));
        needed.insert(ex, mask);
        if mask == all {
            whole.insert(ex, ());
        }
    }
    whole
}

/// Whether this node can be it; `whole` says that it depends on all variables.
fn hides(graph: &mut Graph, partials: &mut Partials, ex: Ex, whole: bool) -> bool {
    // The derivative of a constant is 0.
    let Node::Prim(p, args) = graph.node(ex) else { return graph.as_real(ex).is_some_and(f64::is_nan) };
    // A quotient has no value but for 0/0, and then no derivative.
    if p.row().domain.is_empty() || matches!(p, Prim::DIV | Prim::LDIV | Prim::INV) || !graph.ty(ex).is_real()
    {
        return false;
    }
    let args: Vec<Ex> = graph.exs(args).collect();
    // Every derivative goes through a value that is not a number.
    if whole && !p.row().beyond {
        return false;
    }
    let is_whole = |ex: Ex| graph.as_real(ex).is_some_and(|k| k.fract() == 0.0);
    if p == Prim::POW && is_whole(args[1]) {
        return false;
    }
    match partials.domain(graph, p, &args) {
        Some(domain) => graph.as_bool(domain) != Some(true) && !simplify::has_value(graph, p, &args),
        None => false,
    }
}
