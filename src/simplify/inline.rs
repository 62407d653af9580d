//! Functions in the place of their calls: what a call computes and what is around it become one, so that
//! nothing is computed again in a derivative and no array is made to be handed over.
//!
//! A call stays where the function calls itself, loops to a condition, has a derivative of its own, requires
//! something of its arguments, has lengths to check, or is long; and all calls stay once a file would grow too
//! much by it.

use crate::core::{Dense, Ex, FnId, Graph, Node, Renewed};
use std::collections::HashMap;

/// Functions of more nodes than this stay functions.
const LONG: usize = 400;

/// Functions that would grow beyond this many nodes keep the rest of their calls.
const LONGEST: usize = 4000;

/// How many times its nodes a file may have in the end, beyond a first few.
const GROWTH: usize = 4;
const FEW: usize = 20_000;

/// Puts functions in the place of the calls that need not stay, in these functions and all that they call.
pub fn inline_calls(graph: &mut Graph, roots: &[FnId]) {
    let (order, bodies) = callees_first(graph, roots);
    let total: usize = bodies.values().map(|body| body.length).sum();
    let mut pass = Inliner { bodies, left: (GROWTH - 1) * total + FEW };
    for f in order {
        if !pass.bodies[&f].calls {
            continue;
        }
        let results = graph.function(f).results.clone();
        let new = pass.inlined(graph, f, &results);
        if new != results {
            let length = graph.reach(&new).len();
            if let Some(body) = pass.bodies.get_mut(&f) {
                pass.left = pass.left.saturating_sub(length.saturating_sub(body.length));
                body.length = length;
            }
            graph.define(f, new);
        }
    }
}

/// What is known of a function from one walk through it.
struct Body {
    /// How many nodes it has.
    length: usize,
    /// Whether it calls any.
    calls: bool,
    /// Whether its calls are no more than its results at their arguments, if the lengths agree.
    plain: bool,
}

/// These functions and all that they call, each after those that it calls.
fn callees_first(graph: &Graph, roots: &[FnId]) -> (Vec<FnId>, HashMap<FnId, Body>) {
    let mut bodies: HashMap<FnId, Body> = HashMap::new();
    let mut order = Vec::new();
    let mut stack: Vec<(FnId, bool)> = roots.iter().rev().map(|&f| (f, false)).collect();
    while let Some((f, below)) = stack.pop() {
        if below {
            order.push(f);
        } else if !bodies.contains_key(&f) && !graph.function(f).results.is_empty() {
            let (body, callees) = body_of(graph, f);
            bodies.insert(f, body);
            stack.push((f, true));
            stack.extend(callees.into_iter().map(|callee| (callee, false)));
        }
    }
    (order, bodies)
}

fn body_of(graph: &Graph, f: FnId) -> (Body, Vec<FnId>) {
    let function = graph.function(f);
    let nodes = graph.reach(&function.results);
    let (mut callees, mut searches) = (Vec::new(), false);
    for &ex in &nodes {
        match graph.node(ex) {
            Node::Call { f, .. } => callees.push(f),
            // A loop to a condition cannot be moved from where it stands, so that in the place of a call it
            // might be made again for each use of it.
            Node::Loop(list) => searches |= graph.loop_parts(list).len.is_none(),
            _neither => {}
        }
    }
    let given = function.custom.is_some() || function.provided.is_some();
    let plain = !given && function.requires.is_empty() && !searches;
    (Body { length: nodes.len(), calls: !callees.is_empty(), plain }, callees)
}

struct Inliner {
    bodies: HashMap<FnId, Body>,
    /// How many nodes may still be added.
    left: usize,
}

impl Inliner {
    /// The results of a function with the calls in them replaced that need not stay.
    fn inlined(&mut self, graph: &mut Graph, f: FnId, results: &[Ex]) -> Vec<Ex> {
        let mut length = self.bodies[&f].length;
        let mut new = Renewed::new(graph);
        let mut bodies: Dense<Vec<Ex>> = Dense::new(graph);
        for ex in graph.reach(results) {
            graph.current_origin = graph.origin(ex);
            if let Node::Part { of, index } = graph.node(ex)
                && let Some(body) = bodies.get(of)
            {
                let value = body[index as usize];
                graph.keep_name(ex, value);
                new.set(ex, value);
                continue;
            }
            let rebuilt = new.rebuilt(graph, ex);
            new.set(ex, rebuilt);
            let Node::Call { f: callee, args } = graph.node(rebuilt) else { continue };
            let args: Vec<Ex> = graph.exs(args).collect();
            let Some(&Body { length: more, plain: true, .. }) = self.bodies.get(&callee) else { continue };
            let fits = more <= LONG && length + more <= LONGEST && more <= self.left;
            if fits && !graph.is_recursive(callee) && lengths_agree(graph, callee, &args) {
                length += more;
                bodies.insert(ex, at_arguments(graph, callee, &args));
            }
        }
        new.all(results)
    }
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
fn at_arguments(graph: &mut Graph, f: FnId, args: &[Ex]) -> Vec<Ex> {
    let function = graph.function(f);
    let (params, results) = (function.params.clone(), function.results.clone());
    let map: Vec<_> = params.into_iter().zip(args.iter().copied()).collect();
    graph.substitute_all(&results, &map)
}
