//! Graph to graph: the same function, simpler. Rules are named and directional ([`rules::RULES`]);
//! what needs no more than a look at a node's operands is done already by the constructors.

pub mod rules;
mod share;

use crate::core::{Dense, Ex, FnId, Graph};
use rules::RULES;

/// The expressions, simplified: equal values on the whole real domain, up to rounding.
pub fn simplify(graph: &mut Graph, roots: &[Ex]) -> Vec<Ex> {
    let roots = share::share(graph, roots);
    let mut done: Dense<Ex> = Dense::new(graph);
    for ex in graph.reach(&roots) {
        graph.current_origin = graph.origin(ex);
        let mut same = true;
        graph.operands(ex, |operand| same &= done.get(operand) == Some(&operand));
        let new = match same {
            true => ex,
            false => graph.rebuild(ex, |operand| *done.get(operand).expect("operands come first")),
        };
        let new = apply(graph, new);
        graph.keep_name(ex, new);
        done.insert(ex, new);
    }
    roots.iter().map(|&root| *done.get(root).expect("all roots are reached")).collect()
}

/// Simplifies the results of a function.
pub fn simplify_function(graph: &mut Graph, f: FnId) {
    let results = graph.function(f).results.clone();
    let results = simplify(graph, &results);
    graph.define(f, results);
}

/// Applies rules at a node until none fits.
fn apply(graph: &mut Graph, mut ex: Ex) -> Ex {
    // A rule makes the expression smaller or brings it into order; the bound is a safeguard.
    for _ in 0..16 {
        let Some(new) = RULES.iter().find_map(|rule| (rule.apply)(graph, ex)).filter(|&new| new != ex) else {
            return ex;
        };
        ex = new;
    }
    ex
}
