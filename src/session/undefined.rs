//! Whether a value can be none where a derivative by itself is a number: then a program must look at
//! the value before it gives the derivative.

use crate::check::Partials;
use crate::core::{Ex, FnId, Graph, Node, VarId};
use crate::primitive::Prim;
use crate::simplify;

/// Whether the function may have a value that is not a number at a point where some derivative by `wrt`,
/// computed alone, is one: `1/x` where `log(x)` has no value.
pub fn hides_in_derivatives(graph: &mut Graph, partials: &mut Partials, f: FnId, wrt: &[VarId]) -> bool {
    let mut seen = vec![f];
    let mut at = 0;
    while let Some(&f) = seen.get(at) {
        let results = graph.function(f).results.clone();
        for ex in graph.reach(&results) {
            // Of a function that is called it is not known which variables its arguments depend on.
            let variables = if at == 0 { wrt } else { &[] };
            if hides(graph, partials, ex, variables) {
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

fn hides(graph: &mut Graph, partials: &mut Partials, ex: Ex, wrt: &[VarId]) -> bool {
    // The derivative of a constant is 0.
    let Node::Prim(p, args) = graph.node(ex) else { return graph.as_real(ex).is_some_and(f64::is_nan) };
    // A quotient has no value but for 0/0, and then no derivative.
    if p.row().domain.is_empty() || matches!(p, Prim::DIV | Prim::LDIV | Prim::INV) || !graph.ty(ex).is_real()
    {
        return false;
    }
    let args: Vec<Ex> = graph.exs(args).collect();
    // Every derivative goes through a value that is not a number.
    if !p.row().beyond && !wrt.is_empty() && wrt.iter().all(|&v| graph.var(v).ty.is_scalar()) {
        let below = graph.reach(&[ex]);
        if wrt.iter().all(|&v| below.iter().any(|&e| graph.node(e) == Node::Var(v))) {
            return false;
        }
    }
    let whole = |ex: Ex| graph.as_real(ex).is_some_and(|k| k.fract() == 0.0);
    if p == Prim::POW && whole(args[1]) {
        return false;
    }
    match partials.domain(graph, p, &args) {
        Some(domain) => graph.as_bool(domain) != Some(true) && !simplify::has_value(graph, p, &args),
        None => false,
    }
}
