//! Names bound to values, and names that are variables for a while because something is
//! differentiated by them.

use super::lower::Lowerer;
use super::names::{LocalId, pattern_names};
use super::value::Value;
use crate::core::{Ex, Graph, Node, VarId};
use crate::syntax::diagnostic::{Code, Diagnostic};
use crate::syntax::tree::{Ast, Pattern};

impl Lowerer<'_> {
    /// Gives the names of a pattern their parts of a value.
    pub fn bind(&mut self, pattern: &Pattern, value_of: Ast, value: Value) {
        let Some(&LocalId(mut next)) = self.program.names.patterns.get(&value_of) else { return };
        let mut stack = vec![(pattern, value)];
        while let Some((pattern, value)) = stack.pop() {
            match pattern {
                Pattern::Name(..) => {
                    let local = LocalId(next);
                    if let Some(ex) = value.plain() {
                        let name = self.tree.text(self.program.names.local(local).name);
                        self.graph.set_name(ex, name, true);
                    }
                    let wanted = self.program.names.local(local).wanted;
                    let value = if wanted { self.loosen(local, value) } else { value };
                    self.set(local, value);
                    next += 1;
                }
                Pattern::Tuple(patterns) => {
                    let parts = match value {
                        Value::Tuple(parts) if parts.len() == patterns.len() => parts,
                        Value::Error => vec![Value::Error; patterns.len()],
                        other => {
                            self.wrong_pattern(pattern, &other);
                            vec![Value::Error; patterns.len()]
                        }
                    };
                    stack.extend(patterns.iter().zip(parts).rev());
                }
            }
        }
    }

    fn wrong_pattern(&mut self, pattern: &Pattern, value: &Value) {
        let names = pattern_names(pattern);
        let Some(&(_, span)) = names.first() else { return };
        let ty = super::value::describe(&value.ty(&self.graph));
        let message = format!("{} names here, but the value is {ty}", names.len());
        self.error(
            Diagnostic::new(Code::NamesDoNotFit, span, message)
                .help("bind as many names as the tuple has parts"),
        );
    }

    /// A value as real variables of its own, so that one can differentiate by it; [`Self::settle`] puts
    /// the value back.
    pub fn loosen(&mut self, local: LocalId, value: Value) -> Value {
        let name = self.tree.text(self.program.names.local(local).name);
        let value = value.map(&mut |ex| self.reals(ex));
        let (graph, fresh) = (&mut self.graph, &mut self.frame.fresh);
        value.map(&mut |ex| {
            let var = fresh_like(graph, name, ex);
            fresh.push((var, ex));
            graph.variable(var)
        })
    }

    /// Replaces the variables made since by their values.
    pub fn settle(&mut self, mark: usize, mut value: Value) -> Value {
        while self.frame.fresh.len() > mark {
            let replaced = self.frame.fresh.pop().expect("there are some");
            value = value.map(&mut |ex| self.graph.substitute(ex, &[replaced]));
        }
        value
    }
}

/// A new parameter variable of the type and shape of an expression.
pub fn fresh_like(graph: &mut Graph, name: &str, ex: Ex) -> VarId {
    let var = graph.param(name, graph.ty(ex));
    if graph.ty(ex).is_array() {
        let shape = graph.shape(ex);
        graph.var_mut(var).shape = Some(shape);
    }
    var
}

/// The variable that an expression is.
pub fn as_variable(graph: &Graph, ex: Ex) -> Option<VarId> {
    match graph.node(ex) {
        Node::Var(var) => Some(var),
        _other => None,
    }
}
