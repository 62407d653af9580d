//! Whether a value can be none where a derivative by itself is a number: then a program must look at
//! the value before it gives the derivative.

use crate::check::Partials;
use crate::core::{Dense, Ex, FnId, Graph, Node, VarId};
use crate::primitive::Prim;
use crate::simplify;
use std::collections::{HashMap, HashSet};

/// What is known of functions that are called, while functions are only added to the graph.
#[derive(Debug, Default)]
pub struct Hiding {
    /// Whether the function, or one that it calls, directly or not, has a node that [`hides`].
    called: HashMap<FnId, bool>,
}

impl Hiding {
    /// Whether the function may have a value that is not a number at a point where some derivative by `wrt`,
    /// computed alone, is one: `1/x` where `log(x)` has no value.
    pub fn in_derivatives(
        &mut self,
        graph: &mut Graph,
        partials: &mut Partials,
        f: FnId,
        wrt: &[VarId],
    ) -> bool {
        let results = graph.function(f).results.clone();
        let nodes = graph.reach(&results);
        let whole = needing_all(graph, &nodes, wrt);
        nodes.into_iter().any(|ex| hides(graph, partials, ex, whole.contains(ex)))
            || graph.callees(&results).into_iter().any(|g| g != f && self.called(graph, partials, g))
    }

    /// The same for a function that is called: it is not known which variables its arguments depend on.
    fn called(&mut self, graph: &mut Graph, partials: &mut Partials, f: FnId) -> bool {
        if let Some(&known) = self.called.get(&f) {
            return known;
        }
        // The functions met, each with the place of one that calls it.
        let mut met = vec![(f, 0)];
        let mut seen = HashSet::from([f]);
        let mut at = 0;
        while let Some(&(g, _)) = met.get(at) {
            let results = graph.function(g).results.clone();
            let mut found = graph.reach(&results).into_iter().any(|ex| hides(graph, partials, ex, false));
            for callee in graph.callees(&results) {
                match self.called.get(&callee) {
                    Some(&known) => found |= known,
                    None if seen.insert(callee) => met.push((callee, at)),
                    None => {}
                }
            }
            if found {
                // So it is for those that led here.
                while at != 0 {
                    self.called.insert(met[at].0, true);
                    at = met[at].1;
                }
                self.called.insert(f, true);
                return true;
            }
            at += 1;
        }
        self.called.extend(met.into_iter().map(|(g, _)| (g, false)));
        false
    }
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
