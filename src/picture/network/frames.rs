//! Frames of loops: which nodes stand in which.
//!
//! A node stands in the frame of the first loop, in the order of the arena, whose binders it depends on and in whose
//! body it is: so frames that share nodes never wait for one another, and an inner loop comes before the outer one.

use super::Builder;
use crate::core::{Ex, Node, VarId};
use crate::picture::diagram::Group;
use crate::picture::letters::clipped;
use std::collections::HashSet;

/// Longer heads of frames are cut.
pub(super) const MOST_LETTERS: usize = 60;

impl Builder<'_> {
    /// Finds the loops of the function at hand, and the loop of each node.
    pub(super) fn find_loops(&mut self, all: &[Ex]) {
        for &ex in all {
            let (vars, bodies, label) = match self.graph.node(ex) {
                Node::Build { over, body } => {
                    let vars: Vec<VarId> = self.graph.vars(over).collect();
                    let label = format!("for {}", self.ranges(&vars));
                    (vars, vec![body], label)
                }
                Node::Accum { over, at, value, .. } => {
                    let vars: Vec<VarId> = self.graph.vars(over).collect();
                    let label = format!("for {}", self.ranges(&vars));
                    (vars, self.graph.exs(at).chain([value]).collect(), label)
                }
                Node::Loop(list) => {
                    let parts = self.graph.loop_parts(list);
                    let label = match parts.cond {
                        Some(cond) => format!("while {}", self.text(cond)),
                        None => format!("in turn for {}", self.ranges(&[parts.index])),
                    };
                    for &state in &parts.states {
                        let state = self.graph.variable(state);
                        self.own().inside.entry(state).or_insert(ex);
                    }
                    let bodies = parts.nexts.iter().copied().chain(parts.cond).collect();
                    ([parts.index].into_iter().chain(parts.states).collect(), bodies, label)
                }
                Node::Real(_) | Node::Int(_) | Node::Bool(_) | Node::Var(_) | Node::Prim(..) => continue,
                Node::If { .. } | Node::Index { .. } | Node::Size { .. } | Node::Lit { .. } => continue,
                Node::Call { .. } | Node::Part { .. } => continue,
            };
            self.own().loops.insert(ex, label);
            self.fill(ex, &vars, bodies);
        }
    }

    /// The nodes of a loop's body that depend on its binders.
    fn fill(&mut self, of: Ex, vars: &[VarId], bodies: Vec<Ex>) {
        let mut seen: HashSet<Ex> = HashSet::new();
        let mut stack = bodies;
        while let Some(ex) = stack.pop() {
            if !self.graph.depends_on_any(ex, vars) || !seen.insert(ex) {
                continue;
            }
            self.graph.operands(ex, |operand| stack.push(operand));
            self.own().inside.entry(ex).or_insert(of);
        }
    }

    /// `i in 1..n, j in 1..m`
    fn ranges(&mut self, vars: &[VarId]) -> String {
        let mut ranges = Vec::new();
        for &var in vars {
            let name = self.graph.var(var).name.clone();
            ranges.push(match self.graph.index_len(var) {
                Some(len) => format!("{name} in 1..{}", self.integer(len, 0)),
                None => name,
            });
        }
        ranges.join(", ")
    }

    /// The frame of a node; made, with those round it, when its first node comes.
    pub(super) fn frame(&mut self, ex: Ex) -> Option<usize> {
        let own = &self.instances[self.at];
        let mut around = Vec::new();
        let mut inner = own.inside.get(&ex);
        while let Some(&of) = inner {
            around.push(of);
            inner = own.inside.get(&of);
        }
        let mut parent = own.group;
        for of in around.into_iter().rev() {
            parent = match self.own().frames.get(&of) {
                Some(&group) => Some(group),
                None => {
                    let label = clipped(&self.own().loops[&of], MOST_LETTERS);
                    self.diagram.groups.push(Group { label, parent });
                    let group = self.diagram.groups.len() - 1;
                    self.own().frames.insert(of, group);
                    Some(group)
                }
            };
        }
        parent
    }
}
