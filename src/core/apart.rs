//! Binders of one loop each: derivatives share binders among loops that may stand inside one
//! another, and a binder that stands at two depths has no place.
//!
//! Takes expressions, gives the same with every binder bound by one node. Knows nothing of statements.

use super::{Dense, Ex, Graph, LoopParts, Node, VarId};
use std::collections::HashSet;

/// The expressions with no binder bound by two nodes. `reach` is all that they need, operands first.
pub fn apart(graph: &mut Graph, reach: &[Ex], roots: &[Ex]) -> Vec<Ex> {
    let mut pass = Apart { new: Dense::new(graph), taken: HashSet::new() };
    for &ex in reach {
        graph.current_origin = graph.origin(ex);
        pass.visit(graph, ex);
    }
    roots.iter().map(|&root| pass.at(root)).collect()
}

struct Apart {
    /// What nodes have become; those that are not here are as they were.
    new: Dense<Ex>,
    /// The binders that a new node binds.
    taken: HashSet<VarId>,
}

impl Apart {
    fn at(&self, ex: Ex) -> Ex {
        self.new.get(ex).copied().unwrap_or(ex)
    }

    fn visit(&mut self, graph: &mut Graph, ex: Ex) {
        let mut same = true;
        graph.operands(ex, |operand| same &= self.at(operand) == operand);
        let mut renewed = if same { ex } else { graph.rebuild(ex, |operand| self.at(operand)) };
        let bound = graph.bound(renewed);
        let moved = |b: VarId| {
            let lens = graph.index_len(b).into_iter().chain(graph.var(b).shape.iter().flatten().copied());
            lens.into_iter().any(|len| self.at(len) != len)
        };
        if bound.iter().any(|&b| self.taken.contains(&b) || moved(b)) {
            renewed = self.fresh(graph, renewed);
            graph.keep_name(ex, renewed);
        }
        self.taken.extend(graph.bound(renewed));
        self.new.insert(ex, renewed);
    }

    /// The loop with binders of its own, of the new lengths.
    fn fresh(&self, graph: &mut Graph, ex: Ex) -> Ex {
        match graph.node(ex) {
            Node::Build { over, body } => {
                let over: Vec<VarId> = graph.vars(over).collect();
                let (over, map) = self.fresh_binders(graph, &over);
                let body = graph.substitute(body, &map);
                graph.build(&over, body)
            }
            Node::Accum { op, init, over, at, value } => {
                let over: Vec<VarId> = graph.vars(over).collect();
                let mut bodies: Vec<Ex> = graph.exs(at).collect();
                bodies.push(value);
                let (over, map) = self.fresh_binders(graph, &over);
                let mut at = graph.substitute_all(&bodies, &map);
                let value = at.pop().expect("the value was pushed");
                graph.accum(op, init, &over, &at, value)
            }
            Node::Loop(list) => {
                let parts = graph.loop_parts(list);
                let (index, states) = graph.fresh_states(parts.len, parts.index, &parts.states, &parts.inits);
                let mut map = vec![(parts.index, graph.variable(index))];
                for (&old, &new) in parts.states.iter().zip(&states) {
                    map.push((old, graph.variable(new)));
                }
                let nexts = graph.substitute_all(&parts.nexts, &map);
                let cond = parts.cond.map(|cond| graph.substitute(cond, &map));
                graph.sequential(LoopParts { index, states, nexts, cond, ..parts })
            }
            Node::Real(_)
            | Node::Int(_)
            | Node::Bool(_)
            | Node::Var(_)
            | Node::Prim(..)
            | Node::If { .. }
            | Node::Index { .. }
            | Node::Size { .. }
            | Node::Lit { .. }
            | Node::Call { .. }
            | Node::Part { .. } => ex,
        }
    }

    fn fresh_binders(&self, graph: &mut Graph, over: &[VarId]) -> (Vec<VarId>, Vec<(VarId, Ex)>) {
        let mut map = Vec::new();
        let mut fresh = Vec::new();
        for &b in over {
            let (name, len) = (graph.var(b).name.clone(), graph.len_of(b));
            let len = graph.substitute(self.at(len), &map);
            let new = graph.binder(&name, len);
            map.push((b, graph.variable(new)));
            fresh.push(new);
        }
        (fresh, map)
    }
}
