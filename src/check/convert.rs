//! A value where a certain type is wanted: an `Int` is taken as a real, the reverse never happens
//! by itself.

use super::lower::Lowerer;
use super::types::{Dim, Ty};
use super::value::{Value, describe};
use crate::core::{Elem, Ex, Node, Type};
use crate::primitive::Prim;
use crate::syntax::diagnostic::{Code, Diagnostic};
use crate::syntax::print;
use crate::syntax::tree::{Ast, BinaryOp, Expr, Span};
use std::collections::HashMap;

/// Sums and products of integral reals are followed to this depth.
const MOST_DEPTH: usize = 12;

impl Lowerer<'_> {
    /// The `Int` that a value is: an integer, or the result of `floor`, `round`, ….
    pub fn integer(&mut self, value: &Value, ast: Ast) -> Option<Ex> {
        if value.is_error() {
            return None;
        }
        let ex = match value {
            Value::Ex(ex) => *ex,
            Value::Row(_) | Value::Tuple(_) | Value::Record(_) | Value::Function(_) | Value::Error => {
                self.not_an_int(value, ast);
                return None;
            }
        };
        if self.graph.ty(ex) == Type::INT {
            return Some(ex);
        }
        if self.graph.ty(ex) == Type::REAL
            && let Some(int) = self.integral(ex, 0)
        {
            return Some(int);
        }
        self.not_an_int(value, ast);
        None
    }

    /// The `Int` that equals a real which is integral by the way it was made: by `floor`, from
    /// integers, by sums and products of such.
    fn integral(&mut self, ex: Ex, depth: usize) -> Option<Ex> {
        if depth > MOST_DEPTH {
            return None;
        }
        if let Some(n) = self.graph.as_real(ex) {
            return (n.fract() == 0.0 && n.abs() < 9e15).then(|| self.graph.int(n as i64));
        }
        match self.graph.node(ex) {
            Node::Prim(p @ (Prim::ADD | Prim::SUB | Prim::MUL | Prim::NEG), args) => {
                let args: Vec<Ex> = self.graph.exs(args).collect();
                let args: Option<Vec<Ex>> =
                    args.into_iter().map(|arg| self.integral(arg, depth + 1)).collect();
                Some(self.graph.prim(p, &args?))
            }
            Node::Prim(p, _) if p == Prim::TO_REAL || p.row().integral => {
                Some(self.graph.prim(Prim::TO_INT, &[ex]))
            }
            Node::If { cond, then, els } => {
                let (then, els) = (self.integral(then, depth + 1)?, self.integral(els, depth + 1)?);
                Some(self.graph.select(cond, then, els))
            }
            Node::Accum { init, value, .. } if self.graph.ty(ex) == Type::REAL => {
                let infinite = self.graph.as_real(init).is_some_and(f64::is_infinite);
                self.integral(value, depth + 1)?;
                (infinite || self.integral(init, depth + 1).is_some())
                    .then(|| self.graph.prim(Prim::TO_INT, &[ex]))
            }
            _other => None,
        }
    }

    fn not_an_int(&mut self, value: &Value, ast: Ast) {
        let ty = describe(&value.ty(&self.graph));
        let error =
            Diagnostic::new(Code::IntWanted, self.span(ast), format!("an Int is wanted here, not {ty}"));
        let help = if matches!(self.tree.expr(ast), Expr::Binary(BinaryOp::Div, ..)) {
            let text = print::expression(self.tree, ast);
            format!("a quotient is real, whatever its parts: write `floor({text})`")
        } else {
            "declare it `Int`, or use `floor` or `round`".to_string()
        };
        self.error(error.help(help));
    }

    /// An array with real elements, or a real.
    pub fn reals(&mut self, ex: Ex) -> Ex {
        if let Node::Lit { elems, dims } = self.graph.node(ex)
            && self.graph.ty(ex).elem == Elem::Int
        {
            let elems: Vec<Ex> = self.graph.exs(elems).collect();
            let elems: Vec<Ex> = elems.into_iter().map(|e| self.graph.to_real(e)).collect();
            let dims: Vec<usize> = self.graph.words(dims).iter().map(|&d| d as usize).collect();
            return self.graph.lit(&elems, &dims);
        }
        if self.graph.ty(ex).elem == Elem::Int {
            return self.map_elements(ex, |this, x| this.graph.to_real(x));
        }
        ex
    }

    /// A value as one of a type, `what` in messages; its scalars and arrays are of the core types.
    pub fn convert(&mut self, value: Value, ty: &Ty, what: &str, span: Span) -> Value {
        let converted = self.try_convert(&value, ty);
        converted.unwrap_or_else(|| {
            if value.is_error() || *ty == Ty::Error {
                return Value::Error;
            }
            let given = describe(&value.ty(&self.graph));
            let wanted = describe(ty);
            let mut error =
                Diagnostic::new(Code::ArgumentType, span, format!("{what} is {wanted}, not {given}"));
            if *ty == Ty::Int {
                error = error.help("use `floor` or `round`, or declare it `R`");
            }
            self.error(error)
        })
    }

    fn try_convert(&mut self, value: &Value, ty: &Ty) -> Option<Value> {
        match (value, ty) {
            (Value::Ex(ex) | Value::Row(ex), Ty::Real | Ty::Int | Ty::Bool | Ty::Array { .. }) => {
                let (given, wanted) = (self.graph.ty(*ex), ty.core()?);
                if given == wanted {
                    return Some(Value::Ex(*ex));
                }
                if given.rank == wanted.rank && given.elem == Elem::Int && wanted.elem == Elem::Real {
                    return Some(Value::Ex(self.reals(*ex)));
                }
                if wanted != Type::INT || given != Type::REAL || self.graph.as_real(*ex).is_some() {
                    return None;
                }
                self.integral(*ex, 0).map(Value::Ex)
            }
            (Value::Tuple(parts), Ty::Tuple(tys)) if parts.len() == tys.len() => {
                let parts = parts.iter().zip(tys).map(|(part, ty)| self.try_convert(part, ty));
                Some(Value::Tuple(parts.collect::<Option<_>>()?))
            }
            (Value::Record(fields), Ty::Record(tys)) if fields.len() == tys.len() => {
                let mut converted = Vec::new();
                for (name, ty) in tys {
                    let (_, field) = fields.iter().find(|(known, _)| known == name)?;
                    converted.push((name.clone(), self.try_convert(field, ty)?));
                }
                Some(Value::Record(converted))
            }
            (Value::Function(_), Ty::Function(..)) => Some(value.clone()),
            _other => None,
        }
    }

    /// Values brought to one structure and type: `Int` and real become real.
    pub fn unify(&mut self, values: Vec<(Value, Ast)>, ast: Ast) -> Option<Vec<Value>> {
        if values.iter().any(|(value, _)| value.is_error()) {
            return None;
        }
        let mut common = values[0].0.ty(&self.graph);
        for (value, of) in &values {
            let ty = value.ty(&self.graph);
            let Some(joined) = join(&common, &ty) else {
                let message = format!("{} here, {} there", describe(&common), describe(&ty));
                let error = Diagnostic::new(
                    Code::BranchesDiffer,
                    self.span(*of),
                    format!("the branches differ: {message}"),
                );
                self.error(error.label("this one"));
                return None;
            };
            common = joined;
        }
        if common.has_function() {
            let error =
                Diagnostic::new(Code::ChosenFunction, self.span(ast), "a function is chosen at run time");
            self.error(error.help("choose between its values: `if c then f(x) else g(x)`"));
            return None;
        }
        Some(
            values
                .into_iter()
                .map(|(value, _)| self.try_convert(&value, &common).unwrap_or(Value::Error))
                .collect(),
        )
    }

    /// Reports lengths of arguments that are known and differ from those declared.
    pub fn check_dims(&mut self, args: &[(Value, Span)], params: &[(String, Ty)]) -> bool {
        let mut bound: HashMap<&str, i64> = HashMap::new();
        let mut fine = true;
        for ((value, span), (param, ty)) in args.iter().zip(params) {
            for (ex, (_, leaf)) in value.flatten().into_iter().zip(ty.leaves()) {
                let Ty::Array { dims, .. } = leaf else { continue };
                for (axis, dim) in dims.iter().enumerate() {
                    let size = self.graph.size(ex, axis);
                    let Some(given) = self.graph.as_int(size) else { continue };
                    let wanted = match dim {
                        Dim::Fixed(n) => *n,
                        Dim::Name(name) => *bound.entry(name).or_insert(given),
                        Dim::Any | Dim::Formula { .. } => continue,
                    };
                    if wanted != given {
                        let message =
                            format!("`{param}` has length {wanted} along axis {}, not {given}", axis + 1);
                        self.error(
                            Diagnostic::new(Code::LengthsDiffer, *span, message)
                                .label(format!("`{param}` is {ty}")),
                        );
                        fine = false;
                    }
                }
            }
        }
        fine
    }
}

/// The type that holds the values of both.
fn join(a: &Ty, b: &Ty) -> Option<Ty> {
    match (a, b) {
        (Ty::Int, Ty::Real) | (Ty::Real, Ty::Int) => Some(Ty::Real),
        (Ty::Array { elem: m, dims }, Ty::Array { elem: n, dims: other }) if dims.len() == other.len() => {
            let elem = match (m, n) {
                (m, n) if m == n => *m,
                (Elem::Int, Elem::Real) | (Elem::Real, Elem::Int) => Elem::Real,
                _differ => return None,
            };
            Some(Ty::Array { elem, dims: dims.clone() })
        }
        (Ty::Tuple(a), Ty::Tuple(b)) if a.len() == b.len() => {
            Some(Ty::Tuple(a.iter().zip(b).map(|(a, b)| join(a, b)).collect::<Option<_>>()?))
        }
        (Ty::Record(a), Ty::Record(b)) if a.len() == b.len() => {
            let field = |(name, a): &(String, Ty)| {
                let (_, b) = b.iter().find(|(known, _)| known == name)?;
                Some((name.clone(), join(a, b)?))
            };
            Some(Ty::Record(a.iter().map(field).collect::<Option<_>>()?))
        }
        (a, b) if a == b => Some(a.clone()),
        _differ => None,
    }
}
