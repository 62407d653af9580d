//! What stands in boxes as text: names, integers, conditions, numbers.

use super::{Builder, MOST_LETTERS};
use crate::core::{Ex, Node, VarId, VarKind};
use crate::picture::letters::{clipped, number};
use crate::print::{Faces, raise};
use crate::syntax::print;
use crate::syntax::tree::Tree;

impl Builder<'_> {
    pub(super) fn name_of(&self, ex: Ex) -> String {
        match self.graph.node(ex) {
            Node::Var(var) => self.graph.var(var).name.clone(),
            _other => self.graph.name(ex).map_or_else(String::new, |name| name.text.to_string()),
        }
    }

    /// An argument in the head of a frame.
    pub(super) fn argument(&mut self, ex: Ex) -> String {
        let ty = self.graph.ty(ex);
        match (self.name_of(ex), ty.is_real()) {
            (name, _) if !name.is_empty() => name,
            (_, true) => self.graph.as_real(ex).map_or_else(|| "·".to_string(), print::decimal),
            (_, false) => self.text(ex),
        }
    }

    /// An expression in the notation.
    pub(super) fn text(&mut self, ex: Ex) -> String {
        // What loops around it bind is a name here.
        let free: Vec<VarId> = self.graph.free(ex).collect();
        let mut named = Vec::new();
        for var in free {
            let info = self.graph.var(var);
            let (name, ty, kind) = (info.name.clone(), info.ty, info.kind);
            let param = self.graph.param(&name, ty);
            let mut value = self.graph.variable(param);
            if matches!(kind, VarKind::Index { .. } | VarKind::Step) {
                let one = self.graph.int(1);
                value = self.graph.sub(value, one);
            }
            named.push((var, value));
        }
        let ex = self.graph.substitute(ex, &named);
        let mut tree = Tree::default();
        let ast = raise::expression(self.graph, &mut tree, &Faces::new(), ex);
        let text = print::expression(&tree, ast);
        clipped(&text.split_whitespace().collect::<Vec<_>>().join(" "), MOST_LETTERS)
    }

    /// An integer and something, with indices that count from 1.
    pub(super) fn integer(&mut self, ex: Ex, more: i64) -> String {
        let sum = self.graph.affine(ex);
        let mut constant = sum.constant + more;
        let mut text = String::new();
        for (term, factor) in sum.terms {
            let name = match self.graph.node(term) {
                Node::Var(var) => {
                    if self.graph.index_len(var).is_some() || self.graph.var(var).kind == VarKind::Step {
                        constant -= factor;
                    }
                    self.graph.var(var).name.clone()
                }
                Node::Size { array, axis } => match self.graph.node(array) {
                    Node::Var(var) if self.subject.lengths.contains_key(&(var, axis)) => {
                        self.subject.lengths[&(var, axis)].clone()
                    }
                    _other => self.text(term),
                },
                _other => self.text(term),
            };
            let sign = match (text.is_empty(), factor < 0) {
                (true, false) => "",
                (true, true) | (false, true) => "-",
                (false, false) => "+",
            };
            let times = if factor.abs() == 1 { String::new() } else { format!("{}*", factor.abs()) };
            text.push_str(&format!("{sign}{times}{name}"));
        }
        match (text.is_empty(), constant) {
            (true, constant) => constant.to_string(),
            (false, 0) => text,
            (false, constant) => format!("{text}{constant:+}"),
        }
    }
}

/// Numbers, the middle ones left out where they are many.
pub(super) fn listed(numbers: &[f64]) -> String {
    let text = |x: &f64| number(*x);
    match numbers {
        [first, second, .., last] if numbers.len() > 3 => {
            format!("{}, {}, …, {}", number(*first), number(*second), number(*last))
        }
        few => few.iter().map(text).collect::<Vec<_>>().join(", "),
    }
}
