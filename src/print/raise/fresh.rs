//! Loops with indices of their own, where a loop inside a loop shares the index of the outer one.

use super::Raiser;
use crate::core::{Ex, LoopParts, Node, VarId};

impl Raiser<'_> {
    /// The node itself; a loop that binds what is bound already, with fresh variables.
    pub(super) fn apart(&mut self, ex: Ex) -> Ex {
        if !self.graph.bound(ex).iter().any(|binder| self.bound.contains(binder)) {
            return ex;
        }
        match self.graph.node(ex) {
            Node::Build { over, body } => {
                let over: Vec<VarId> = self.graph.vars(over).collect();
                let (over, map) = self.fresh_indices(&over);
                let body = self.graph.substitute(body, &map);
                self.graph.build(&over, body)
            }
            Node::Accum { op, init, over, at, value } => {
                let over: Vec<VarId> = self.graph.vars(over).collect();
                let (over, map) = self.fresh_indices(&over);
                let bodies: Vec<Ex> = self.graph.exs(at).chain([value]).collect();
                let mut at = self.graph.substitute_all(&bodies, &map);
                let value = at.pop().expect("the value is the last");
                self.graph.accum(op, init, &over, &at, value)
            }
            Node::Loop(list) => {
                let parts = self.graph.loop_parts(list);
                let (index, states) =
                    self.graph.fresh_states(parts.len, parts.index, &parts.states, &parts.inits);
                let mut map = vec![(parts.index, self.graph.variable(index))];
                for (&old, &new) in parts.states.iter().zip(&states) {
                    map.push((old, self.graph.variable(new)));
                }
                let nexts = self.graph.substitute_all(&parts.nexts, &map);
                let cond = parts.cond.map(|cond| self.graph.substitute(cond, &map));
                self.graph.sequential(LoopParts { index, states, nexts, cond, ..parts })
            }
            Node::Real(_) | Node::Int(_) | Node::Bool(_) | Node::Var(_) | Node::Prim(..) => ex,
            Node::If { .. } | Node::Index { .. } | Node::Size { .. } | Node::Lit { .. } => ex,
            Node::Call { .. } | Node::Part { .. } => ex,
        }
    }

    fn fresh_indices(&mut self, over: &[VarId]) -> (Vec<VarId>, Vec<(VarId, Ex)>) {
        let mut map = Vec::new();
        let mut fresh = Vec::new();
        for &var in over {
            let (name, len) = (self.graph.var(var).name.clone(), self.graph.len_of(var));
            let len = self.graph.substitute(len, &map);
            let new = self.graph.binder(&name, len);
            map.push((var, self.graph.variable(new)));
            fresh.push(new);
        }
        (fresh, map)
    }
}
