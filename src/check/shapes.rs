//! Lengths that must agree: an error now where both are known, else a condition on the call or a
//! check at run time. Never a silent computation.

use super::lower::Lowerer;
use crate::core::{Ex, Node, VarId, VarKind};
use crate::syntax::diagnostic::{Code, Diagnostic};
use crate::syntax::tree::Ast;

/// Conditions around are repeated in a requirement up to this many.
const MOST_CONDITIONS: usize = 8;
/// A requirement over more nodes than this is checked in its place.
const MOST_NODES: usize = 64;

impl Lowerer<'_> {
    /// A new index variable below `len`.
    pub fn binder(&mut self, name: &str, len: Ex) -> VarId {
        self.graph.binder(name, len)
    }

    /// New index variables over an array.
    pub fn binders(&mut self, array: Ex) -> Vec<VarId> {
        let names = ["i", "j", "k", "l"];
        let shape = self.graph.shape(array);
        shape.into_iter().enumerate().map(|(axis, len)| self.binder(names[axis.min(3)], len)).collect()
    }

    /// The element of an array at index variables.
    pub fn element(&mut self, array: Ex, over: &[VarId]) -> Ex {
        let at: Vec<Ex> = over.iter().map(|&b| self.graph.variable(b)).collect();
        self.graph.index(array, &at)
    }

    /// The array of `f` of the elements of an array, or of a scalar.
    pub fn map_elements(&mut self, array: Ex, f: impl FnOnce(&mut Self, Ex) -> Ex) -> Ex {
        let over = self.binders(array);
        let element = self.element(array, &over);
        let body = f(self, element);
        self.graph.build(&over, body)
    }

    /// Makes sure that two lengths are equal; gives the one to use, nothing after an error.
    pub fn same_length(&mut self, a: Ex, b: Ex, ast: Ast) -> Option<Ex> {
        if a == b {
            return Some(a);
        }
        let equal = self.graph.eq(a, b);
        match self.graph.as_bool(equal) {
            Some(true) => return Some(a),
            Some(false) => {
                let (m, n) = (self.length_text(a), self.length_text(b));
                let error = Diagnostic::new(
                    Code::LengthsDiffer,
                    self.span(ast),
                    format!("the lengths {m} and {n} differ"),
                );
                self.error(error.label("needs equal lengths"));
                return None;
            }
            None => {}
        }
        if self.require(equal) {
            return Some(a);
        }
        // No condition on the parameters: a read outside of an array of one element stops the run.
        let (zero, one) = (self.graph.int(0), self.graph.int(1));
        let guard = self.graph.lit(&[zero], &[1]);
        let at = self.graph.select(equal, zero, one);
        let nothing = self.graph.index(guard, &[at]);
        Some(self.graph.add(a, nothing))
    }

    fn length_text(&self, len: Ex) -> String {
        self.graph.as_int(len).map_or_else(|| "here".to_string(), |n| n.to_string())
    }

    /// Makes sure that two arrays have equal shapes; gives the lengths to use.
    pub fn same_shape(&mut self, a: Ex, b: Ex, ast: Ast) -> Option<Vec<Ex>> {
        let (left, right) = (self.graph.shape(a), self.graph.shape(b));
        left.into_iter().zip(right).map(|(a, b)| self.same_length(a, b, ast)).collect()
    }

    /// Makes a condition one that a call must meet, if it can be decided from the parameters.
    fn require(&mut self, cond: Ex) -> bool {
        if self.frame.conditions.len() > MOST_CONDITIONS || !self.of_parameters(cond) {
            return false;
        }
        let conditions = self.frame.conditions.clone();
        if conditions.contains(&(cond, true)) {
            return true;
        }
        if !conditions.iter().all(|&(c, _)| self.of_parameters(c)) {
            return false;
        }
        let fine = self.graph.boolean(true);
        let guarded = conditions.into_iter().rev().fold(cond, |inner, (c, holds)| {
            if holds { self.graph.select(c, inner, fine) } else { self.graph.select(c, fine, inner) }
        });
        if self.graph.as_bool(guarded) != Some(true) && !self.frame.requires.contains(&guarded) {
            self.frame.requires.push(guarded);
        }
        true
    }

    /// Whether an expression is small and made of nothing but the parameters of the function.
    fn of_parameters(&self, root: Ex) -> bool {
        let mut stack = vec![root];
        let mut count = 0;
        while let Some(ex) = stack.pop() {
            count += 1;
            let fits = match self.graph.node(ex) {
                Node::Real(_) | Node::Int(_) | Node::Bool(_) | Node::Prim(..) | Node::If { .. } => true,
                Node::Index { .. } | Node::Size { .. } | Node::Lit { .. } => true,
                Node::Var(var) => {
                    self.graph.var(var).kind == VarKind::Param && self.frame.params.contains(&var)
                }
                Node::Build { .. }
                | Node::Accum { .. }
                | Node::Loop(_)
                | Node::Call { .. }
                | Node::Part { .. } => false,
            };
            if !fits || count > MOST_NODES {
                return false;
            }
            self.graph.operands(ex, |operand| stack.push(operand));
        }
        true
    }
}
