//! Functions in the place of their calls: what a call computes and what is around it become one, so that
//! nothing is computed again in a derivative and no array is made to be handed over.
//!
//! A call stays where the function calls itself, loops to a condition, has a derivative of its own, requires something of its
//! arguments, has lengths to check, or is long; and all calls stay once a file would grow too much by it.

use crate::core::{Dense, Ex, FnId, Graph, Node};
use std::collections::HashMap;

/// Functions of more nodes than this stay functions.
const LONG: usize = 400;

/// Functions that would grow beyond this many nodes keep the rest of their calls.
const LONGEST: usize = 4000;

/// How many times its nodes a file may have in the end, beyond a first few.
const GROWTH: usize = 4;
const FEW: usize = 20_000;

/// Puts functions in the place of their calls wherever a file has calls that need not stay.
pub fn inline_calls(graph: &mut Graph) {
    let order = callees_first(graph);
    let size = |graph: &Graph, f: FnId| graph.reach(&graph.function(f).results).len();
    let sizes: HashMap<FnId, usize> = order.iter().map(|&f| (f, size(graph, f))).collect();
    let total: usize = sizes.values().sum();
    let mut pass = Inliner { sizes, left: (GROWTH - 1) * total + FEW };
    for f in order {
        let results = graph.function(f).results.clone();
        let new = pass.inlined(graph, f, &results);
        if new != results {
            let length = graph.reach(&new).len();
            pass.left = pass.left.saturating_sub(length.saturating_sub(pass.sizes[&f]));
            pass.sizes.insert(f, length);
            graph.define(f, new);
        }
    }
}

/// The functions, each after those that it calls.
fn callees_first(graph: &Graph) -> Vec<FnId> {
    let count = graph.functions.len();
    let mut met = vec![false; count];
    let mut order = Vec::new();
    for first in 0..count {
        let mut stack = vec![(FnId(first as u32), false)];
        while let Some((f, below)) = stack.pop() {
            let function = graph.function(f);
            if below {
                order.push(f);
            } else if !std::mem::replace(&mut met[f.0 as usize], true) && !function.results.is_empty() {
                stack.push((f, true));
                stack.extend(graph.callees(&function.results).into_iter().map(|callee| (callee, false)));
            }
        }
    }
    order
}

struct Inliner {
    /// How many nodes each function has.
    sizes: HashMap<FnId, usize>,
    /// How many nodes may still be added.
    left: usize,
}

impl Inliner {
    /// The results of a function with the calls in them replaced that need not stay.
    fn inlined(&mut self, graph: &mut Graph, f: FnId, results: &[Ex]) -> Vec<Ex> {
        let mut nodes = graph.reach(results);
        if !nodes.iter().any(|&ex| matches!(graph.node(ex), Node::Call { .. })) {
            return results.to_vec();
        }
        let mut length = self.sizes[&f];
        let mut new: Dense<Ex> = Dense::new(graph);
        let mut bodies: Dense<Vec<Ex>> = Dense::new(graph);
        for ex in nodes.drain(..) {
            graph.current_origin = graph.origin(ex);
            let now = |operand: Ex| new.get(operand).copied().unwrap_or(operand);
            if let Node::Part { of, index } = graph.node(ex)
                && let Some(body) = bodies.get(of)
            {
                let value = body[index as usize];
                graph.keep_name(ex, value);
                new.insert(ex, value);
                continue;
            }
            let mut same = true;
            graph.operands(ex, |operand| same &= now(operand) == operand);
            let rebuilt = if same { ex } else { graph.rebuild(ex, now) };
            new.insert(ex, rebuilt);
            let Node::Call { f: callee, args } = graph.node(rebuilt) else { continue };
            let args: Vec<Ex> = graph.exs(args).collect();
            let more = self.sizes.get(&callee).copied().unwrap_or(usize::MAX);
            if more <= LONG && length + more <= LONGEST && more <= self.left && may_go(graph, callee, &args) {
                length += more;
                bodies.insert(ex, body(graph, callee, &args));
            }
        }
        results.iter().map(|&result| *new.get(result).expect("all results are reached")).collect()
    }
}

/// Whether a call is no more than the results of the function at its arguments.
fn may_go(graph: &mut Graph, f: FnId, args: &[Ex]) -> bool {
    let function = graph.function(f);
    let plain = function.custom.is_none()
        && function.provided.is_none()
        && function.requires.is_empty()
        && !function.results.is_empty();
    plain && !graph.is_recursive(f) && !searches(graph, f) && lengths_agree(graph, f, args)
}

/// Whether a function loops to a condition: such a loop cannot be moved from where it stands, so that in the
/// place of a call it might be made again for each use of it.
fn searches(graph: &Graph, f: FnId) -> bool {
    let nodes = graph.reach(&graph.function(f).results).into_iter();
    nodes
        .filter_map(|ex| if let Node::Loop(list) = graph.node(ex) { Some(list) } else { None })
        .any(|list| graph.loop_parts(list).len.is_none())
}

/// Whether the arrays have the lengths that the function requires of them, whatever they hold.
fn lengths_agree(graph: &mut Graph, f: FnId, args: &[Ex]) -> bool {
    let params = graph.function(f).params.clone();
    let map: Vec<_> = params.iter().copied().zip(args.iter().copied()).collect();
    for (&param, &arg) in params.iter().zip(args) {
        for (axis, wanted) in graph.var(param).shape.clone().into_iter().flatten().enumerate() {
            if graph.substitute(wanted, &map) != graph.size(arg, axis) {
                return false;
            }
        }
    }
    true
}

/// The results of a function at these arguments.
fn body(graph: &mut Graph, f: FnId, args: &[Ex]) -> Vec<Ex> {
    let function = graph.function(f);
    let (params, results) = (function.params.clone(), function.results.clone());
    let map: Vec<_> = params.into_iter().zip(args.iter().copied()).collect();
    graph.substitute_all(&results, &map)
}
