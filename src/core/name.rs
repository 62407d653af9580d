//! What nodes are called: names that have no meaning for the program, but for who reads what it becomes.

use super::{AccumOp, Ex, FnId, Graph, List, Node, Origin, Type};
use std::sync::Arc;

/// The name of a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    pub text: Arc<str>,
    /// The author bound it (`let`, `where`): what is printed or emitted should show it. Others are
    /// wishes, for where a name is needed anyway.
    pub bound: bool,
}

/// The names of nodes; many nodes may share one.
#[derive(Debug, Default)]
pub(super) struct Names {
    names: Vec<Name>,
    /// For each node where its name stands among the names, counted from 1; 0 has none. Nodes past the
    /// end have none.
    places: Vec<u32>,
}

impl Names {
    fn place(&self, ex: Ex) -> usize {
        self.places.get(ex.0 as usize).map_or(0, |&place| place as usize)
    }

    fn get(&self, ex: Ex) -> Option<&Name> {
        self.names.get(self.place(ex).wrapping_sub(1))
    }

    fn put(&mut self, ex: Ex, place: usize) {
        let at = ex.0 as usize;
        if at >= self.places.len() {
            self.places.resize(at + 1, 0);
        }
        self.places[at] = u32::try_from(place).expect("fewer than 2^32 names");
    }
}

impl Graph {
    pub fn name(&self, ex: Ex) -> Option<&Name> {
        self.names.get(ex)
    }

    /// Names a node that has no name yet. Numbers and variables keep their own.
    pub fn set_name(&mut self, ex: Ex, text: &str, bound: bool) {
        if self.takes_name(ex) {
            self.names.names.push(Name { text: text.into(), bound });
            self.names.put(ex, self.names.names.len());
        }
    }

    /// Whether the node can have a name and has none.
    fn takes_name(&self, ex: Ex) -> bool {
        let named = match self.node(ex) {
            Node::Real(_) | Node::Int(_) | Node::Bool(_) | Node::Var(_) | Node::Size { .. } => false,
            Node::Prim(..) | Node::If { .. } | Node::Index { .. } | Node::Lit { .. } => true,
            Node::Build { .. } | Node::Accum { .. } | Node::Loop(_) => true,
            Node::Call { .. } | Node::Part { .. } => true,
        };
        named && self.names.place(ex) == 0
    }

    /// What stands for another node is called like it.
    pub fn keep_name(&mut self, old: Ex, new: Ex) {
        let place = self.names.place(old);
        if old != new && place != 0 && self.takes_name(new) {
            self.names.put(new, place);
        }
    }

    /// Calls the cotangent or tangent of a node like the node, with this ending: `x_bar`, `x_dot`; unless
    /// it is one of the first `known` nodes, which mean something else too.
    pub fn name_after(&mut self, primal: Ex, ending: &str, ex: Ex, known: usize) {
        if (ex.0 as usize) < known {
            return;
        }
        let text = match self.node(primal) {
            Node::Var(var) => format!("{}{ending}", self.var(var).name),
            _ => match self.names.get(primal) {
                Some(name) => format!("{}{ending}", name.text),
                None => return,
            },
        };
        self.set_name(ex, &text, false);
    }

    /// A name in the spirit of a node, if there is one: its own, that of a state, that of a cotangent.
    pub fn wish(&self, ex: Ex) -> Option<String> {
        if let Some(name) = self.names.get(ex) {
            return Some(name.text.to_string());
        }
        match self.node(ex) {
            Node::Part { of, index } => match self.node(of) {
                Node::Loop(list) => {
                    let state = *self.loop_parts(list).states.get(index as usize)?;
                    Some(self.var(state).name.clone())
                }
                Node::Call { f, .. } if self.function(f).origin != Origin::Source => {
                    Some(self.result_name(f, index as usize))
                }
                _other => None,
            },
            Node::Index { array, at } => self.element_name(array, at),
            Node::Accum { op: AccumOp::Sum, .. } if self.ty(ex) == Type::REAL => Some("total".to_string()),
            Node::Accum { op: AccumOp::Prod, .. } if self.ty(ex) == Type::REAL => Some("product".to_string()),
            Node::Accum { op: AccumOp::Max, .. } => Some("largest".to_string()),
            Node::Accum { op: AccumOp::Min, .. } => Some("smallest".to_string()),
            _other => None,
        }
    }

    /// A name for the cotangent of an expression.
    pub fn bar_name(&self, ex: Ex) -> String {
        match self.node(ex) {
            Node::Var(var) => format!("{}_bar", self.var(var).name),
            _ => format!("{}_bar", self.wish(ex).as_deref().unwrap_or("t")),
        }
    }

    /// `x_i` for `x[i]`, `a_ij` for `a[i, j]`, `u_1` for the first of `u`.
    fn element_name(&self, array: Ex, at: List) -> Option<String> {
        let Node::Var(array) = self.node(array) else { return None };
        let mut name = format!("{}_", self.var(array).name);
        for index in self.exs(at) {
            match (self.node(index), self.as_int(index)) {
                (Node::Var(index), _) => name.push_str(&self.var(index).name),
                (_, Some(place @ 0..=8)) => name.push_str(&(place + 1).to_string()),
                _ => return None,
            }
        }
        Some(name)
    }

    /// A name for a result of a function: `x_bar` where it is the cotangent of a parameter `x`.
    pub fn result_name(&self, f: FnId, index: usize) -> String {
        let function = self.function(f);
        let numbered = |name: &str, index: usize, count: usize| {
            if count == 1 { name.to_string() } else { format!("{name}{}", index + 1) }
        };
        let param = |of: FnId, at: usize| &self.var(self.function(of).params[at]).name;
        match &function.origin {
            Origin::Source => numbered("y", index, function.result_types.len()),
            Origin::Vjp { of, wanted, .. } => {
                let mut places = wanted.iter().enumerate().filter(|(_, wanted)| **wanted).map(|(at, _)| at);
                places
                    .nth(index)
                    .map_or_else(|| format!("x_bar{index}"), |at| format!("{}_bar", param(*of, at)))
            }
            Origin::Jvp { of, .. } => {
                let count = self.function(*of).result_types.len();
                match index.checked_sub(count) {
                    None => numbered("y", index, count),
                    Some(tangent) => numbered("y_dot", tangent, function.result_types.len() - count),
                }
            }
        }
    }

    /// What the parts of a call are called.
    pub fn part_names(&self, call: Ex, f: FnId) -> Vec<Option<Name>> {
        let derived = self.function(f).origin != Origin::Source;
        let name = |k: usize| {
            let own = self.find_part(call, k).and_then(|part| self.name(part).cloned());
            own.or_else(|| derived.then(|| Name { text: self.result_name(f, k).into(), bound: false }))
        };
        (0..self.function(f).result_types.len()).map(name).collect()
    }
}
