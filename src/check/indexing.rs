//! Elements, slices and fields. The notation counts from 1, the graph from 0.

use super::lower::Lowerer;
use super::suggest;
use super::value::{Value, describe};
use crate::core::{Ex, VarId};
use crate::syntax::diagnostic::{Code, Diagnostic};
use crate::syntax::tree::{Ast, Expr, Name, Subscript};

/// How many operands a subscript has.
pub fn operands(subscript: &Subscript) -> usize {
    match subscript {
        Subscript::At(_) => 1,
        Subscript::Range(..) => 2,
        Subscript::All => 0,
    }
}

impl Lowerer<'_> {
    /// `a[i, 2..n, :]`; axes that are not named are taken whole.
    pub fn index(&mut self, array: Value, at: &[Subscript], given: Vec<Value>, ast: Ast) -> Value {
        if array.is_error() || given.iter().any(Value::is_error) {
            return Value::Error;
        }
        let Expr::Index { array: of, .. } = self.tree.expr(ast) else { unreachable!("an index") };
        let (of, ty) = (*of, array.ty(&self.graph));
        let Some(array) = array.plain().filter(|&ex| self.graph.ty(ex).is_array()) else {
            let mut error = Diagnostic::new(
                Code::ArrayWanted,
                self.span(of),
                format!("an array is wanted here, not {}", describe(&ty)),
            );
            if let super::types::Ty::Tuple(_) = ty {
                error = error.help("take a tuple apart: `let (a, b) = … in …`");
            }
            return self.error(error);
        };
        let rank = self.graph.ty(array).rank as usize;
        if at.len() > rank {
            let message = format!("{} indices for {}", at.len(), describe(&ty));
            let error = Diagnostic::new(Code::IndexCount, self.span(ast), message);
            return self
                .error(error.help(format!("it has {rank} {}", if rank == 1 { "axis" } else { "axes" })));
        }
        let mut given = given.iter();
        let mut over: Vec<VarId> = Vec::new();
        let mut places = Vec::new();
        for axis in 0..rank {
            let subscript = at.get(axis).copied().unwrap_or(Subscript::All);
            let Some(place) = self.place(array, axis, subscript, &mut given, &mut over) else {
                return Value::Error;
            };
            places.push(place);
        }
        let element = self.graph.index(array, &places);
        Value::Ex(self.graph.build(&over, element))
    }

    /// The index along an axis, over a new binder for a range.
    fn place<'v>(
        &mut self,
        array: Ex,
        axis: usize,
        subscript: Subscript,
        given: &mut impl Iterator<Item = &'v Value>,
        over: &mut Vec<VarId>,
    ) -> Option<Ex> {
        let one = self.graph.int(1);
        let name = ["i", "j", "k", "l"][over.len().min(3)];
        match subscript {
            Subscript::At(e) => {
                let i = self.integer(given.next()?, e)?;
                self.check_index(array, axis, i, e);
                Some(self.graph.sub(i, one))
            }
            Subscript::Range(lo, hi) => {
                let first = self.integer(given.next()?, lo)?;
                let last = self.integer(given.next()?, hi)?;
                let start = self.graph.sub(first, one);
                let len = self.graph.sub(last, start);
                let len = self.graph.count(len);
                let binder = self.binder(name, len);
                over.push(binder);
                let at = self.graph.variable(binder);
                Some(self.graph.add(at, start))
            }
            Subscript::All => {
                let len = self.graph.size(array, axis);
                let binder = self.binder(name, len);
                over.push(binder);
                Some(self.graph.variable(binder))
            }
        }
    }

    /// Reports an index that is outside whatever the run.
    fn check_index(&mut self, array: Ex, axis: usize, i: Ex, ast: Ast) {
        let size = self.graph.size(array, axis);
        let Some(i) = self.graph.as_int(i) else { return };
        if i < 1 {
            let error =
                Diagnostic::new(Code::IndexOutside, self.span(ast), format!("the index {i} is outside"));
            self.error(error.help("indices count from 1"));
        } else if let Some(n) = self.graph.as_int(size).filter(|&n| i > n) {
            let error =
                Diagnostic::new(Code::IndexOutside, self.span(ast), format!("the index {i} is outside"));
            self.error(error.help(format!("this axis has length {n}")));
        }
    }

    /// `p.x`
    pub fn field(&mut self, record: Value, name: Name, ast: Ast) -> Value {
        let text = self.tree.text(name);
        match record {
            Value::Error => Value::Error,
            Value::Record(fields) => match fields.iter().find(|(known, _)| known == text) {
                Some((_, field)) => field.clone(),
                None => {
                    let mut error = Diagnostic::new(
                        Code::NoField,
                        self.span(ast),
                        format!("the record has no field `{text}`"),
                    );
                    let known = fields.iter().map(|(name, _)| name.as_str());
                    error = match suggest::nearest(text, known.clone()) {
                        Some(near) => error.help(format!("did you mean `{near}`?")),
                        None => error.help(format!("it has {}", known.collect::<Vec<_>>().join(", "))),
                    };
                    self.error(error)
                }
            },
            Value::Ex(_) | Value::Row(_) | Value::Tuple(_) | Value::Function(_) => {
                let ty = describe(&record.ty(&self.graph));
                let error = Diagnostic::new(Code::NoField, self.span(ast), format!("{ty} has no fields"));
                self.error(error.help("only records have: `{x: 1, y: 2}`"))
            }
        }
    }
}
