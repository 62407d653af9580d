//! Derivatives written inside a file: `diff`, `grad`, `jac`, `hess`, `f'`.

use super::bindings::as_variable;
use super::lower::Lowerer;
use super::names::{LocalId, Ref};
use super::scope::DefKind;
use super::value::{FnValue, Value, describe};
use crate::core::{Elem, Ex, Type, VarId, VarKind};
use crate::diff::{self, Unknown};
use crate::simplify::{self, Forms};
use crate::syntax::diagnostic::{Code, Diagnostic};
use crate::syntax::tree::{Ast, Derivative, Span};
use std::rc::Rc;

/// The derivatives written in a file may have this many nodes together.
const MOST_DERIVED: usize = 2_000_000;

impl Lowerer<'_> {
    pub fn derivative(&mut self, ast: Ast, kind: Derivative, body: Ast, spans: &[Span]) -> Value {
        let refs = self.program.names.by[&ast].clone();
        if kind != Derivative::Diff && refs.len() != 1 {
            let error =
                Diagnostic::new(Code::DerivativeForm, self.span(ast), "this derivative is by one variable");
            return self
                .error(error.help("mixed derivatives are `diff(e, x, y)`, or nest: `grad(grad(e, x), y)`"));
        }
        let fresh = self.frame.fresh.len();
        let mut kept: Vec<(LocalId, Value)> = Vec::new();
        let mut variables = Vec::new();
        for (&by, &span) in refs.iter().zip(spans) {
            let variable = self.variable_for(by, span, &mut kept);
            variables.push((variable, span));
        }
        let mut value = self.eval(body);
        self.mark(ast);
        for (variable, span) in variables {
            value = self.by_variable(kind, value, &variable, (ast, body, span));
        }
        for (local, old) in kept {
            self.set(local, old);
        }
        self.settle(fresh, value)
    }

    /// The value of what a derivative is taken by, made of variables.
    fn variable_for(&mut self, by: Ref, span: Span, kept: &mut Vec<(LocalId, Value)>) -> Value {
        let value = match by {
            Ref::Local(local) => {
                let value = self.local(local);
                let real = value.flatten().into_iter().all(|ex| self.graph.ty(ex).elem == Elem::Real);
                let free = value.flatten().into_iter().all(|ex| self.is_free_variable(ex));
                if free || !real {
                    value
                } else {
                    kept.push((local, value.clone()));
                    let loose = self.loosen(local, value);
                    self.set(local, loose.clone());
                    loose
                }
            }
            Ref::Def(def) => match self.program.scopes.def(def).kind {
                DefKind::Global(number) => self.globals[number as usize].clone(),
                DefKind::Constant => {
                    let error = Diagnostic::new(Code::ByConstant, span, "a constant is never differentiated");
                    return self.error(error.help("declare it `param` to differentiate by it"));
                }
                DefKind::Function | DefKind::Type | DefKind::Wrapper(_) => {
                    let error = Diagnostic::new(Code::NotAVariable, span, "this is no variable");
                    return self.error(error.help("differentiate by a name in scope"));
                }
            },
            Ref::None | Ref::Constant(_) | Ref::Builtin(_) | Ref::Transpose => Value::Error,
        };
        for ex in value.flatten() {
            if self.graph.ty(ex).elem != Elem::Real {
                let ty = describe(&Value::Ex(ex).ty(&self.graph));
                let error = Diagnostic::new(Code::ByNoReal, span, format!("there is no derivative by {ty}"));
                return self.error(error.help("only reals have derivatives"));
            }
        }
        if let Value::Function(_) = value {
            let error = Diagnostic::new(Code::ByNoReal, span, "there is no derivative by a function");
            return self.error(error);
        }
        value
    }

    fn is_free_variable(&self, ex: Ex) -> bool {
        as_variable(&self.graph, ex).is_some_and(|var| match self.graph.var(var).kind {
            VarKind::Param | VarKind::State { .. } => true,
            VarKind::Index { .. } | VarKind::Step => false,
        })
    }

    /// The derivative of a value by a variable; one of the two may be a structure.
    fn by_variable(&mut self, kind: Derivative, value: Value, by: &Value, at: (Ast, Ast, Span)) -> Value {
        if value.is_error() || by.is_error() {
            return Value::Error;
        }
        let (_, body, span) = at;
        if let Value::Function(_) = value {
            return self.not_a_number(&value, body);
        }
        match (by.plain(), value.plain()) {
            (Some(by), _) => {
                let Some(var) = as_variable(&self.graph, by) else { return Value::Error };
                let mut failed = false;
                let found = value.map(&mut |ex| match self.one(kind, ex, var, at) {
                    Some(derivative) => derivative,
                    None => {
                        failed = true;
                        ex
                    }
                });
                if failed { Value::Error } else { found }
            }
            (None, Some(ex)) if kind != Derivative::Hess => {
                let mut failed = false;
                let found = by.map(&mut |by| {
                    let var = as_variable(&self.graph, by);
                    match var.and_then(|var| self.one(kind, ex, var, at)) {
                        Some(derivative) => derivative,
                        None => {
                            failed = true;
                            by
                        }
                    }
                });
                if failed { Value::Error } else { found }
            }
            (None, _) => {
                let error =
                    Diagnostic::new(Code::NoForm, span, "this derivative by several values has no form");
                self.error(error.help("differentiate by one of its parts"))
            }
        }
    }

    /// The derivative of a scalar or array by a variable.
    fn one(&mut self, kind: Derivative, ex: Ex, var: VarId, (ast, body, _): (Ast, Ast, Span)) -> Option<Ex> {
        let ty = self.graph.ty(ex);
        if ty.elem == Elem::Bool {
            self.not_a_number(&Value::Ex(ex), body);
            return None;
        }
        let ex = self.reals(ex);
        let by_array = self.graph.var(var).ty.is_array();
        if matches!(kind, Derivative::Grad | Derivative::Hess) && ty.is_array() {
            let given = describe(&Value::Ex(ex).ty(&self.graph));
            let error = Diagnostic::new(
                Code::GradientOfArray,
                self.span(body),
                format!("the gradient is of a number, not of {given}"),
            );
            self.error(error.help("the derivative of an array is `jac(e, v)`"));
            return None;
        }
        let rank = ty.rank + self.graph.var(var).ty.rank * if kind == Derivative::Hess { 2 } else { 1 };
        if rank > 4 {
            let error = Diagnostic::new(
                Code::TooManyAxes,
                self.span(ast),
                format!("this derivative has {rank} axes"),
            );
            self.error(error.help("arrays have at most four; differentiate by parts"));
            return None;
        }
        let ex = match self.forms {
            Forms::Stable => simplify::stabilize(&mut self.graph, &[ex])[0],
            Forms::AsWritten => ex,
        };
        let before = self.graph.len();
        let (graph, rules) = (&mut self.graph, &mut self.partials);
        let found = match (kind, by_array) {
            (Derivative::Hess, true) => diff::hessian(graph, rules, ex, var),
            (Derivative::Hess, false) => diff::derivative(graph, rules, ex, var)
                .and_then(|first| diff::derivative(graph, rules, first, var)),
            (Derivative::Diff | Derivative::Grad | Derivative::Jac, false) => {
                diff::derivative(graph, rules, ex, var)
            }
            (Derivative::Diff | Derivative::Grad | Derivative::Jac, true) => {
                diff::jacobian(graph, rules, ex, var)
            }
        };
        self.derived += self.graph.len() - before;
        if self.derived > MOST_DERIVED {
            let message = format!("the derivatives up to here have more than {MOST_DERIVED} operations");
            self.error(
                Diagnostic::new(Code::TooLarge, self.span(ast), message).help("differentiate fewer times"),
            );
            return None;
        }
        self.known(found, ast)
    }

    /// Reports a derivative that is not known.
    pub fn known<T>(&mut self, found: Result<T, Unknown>, ast: Ast) -> Option<T> {
        match found {
            Ok(found) => Some(found),
            Err(unknown) => {
                let span = self.span(ast);
                let span = match unknown.origin {
                    0 => span,
                    origin if (origin as usize) <= self.tree.len() => self.span(Ast(origin - 1)),
                    _foreign => span,
                };
                self.error(Diagnostic::new(Code::UnknownDerivative, span, unknown.message));
                None
            }
        }
    }

    /// `f'` as a value.
    pub fn prime(&mut self, function: Value, order: u32, ast: Ast) -> Value {
        match function {
            Value::Function(function) => Value::Function(Rc::new(match &*function {
                FnValue::Prime(of, before) => FnValue::Prime(of.clone(), before + order),
                FnValue::Def(_) | FnValue::Builtin(_) | FnValue::Lambda { .. } => {
                    FnValue::Prime(function, order)
                }
            })),
            Value::Error => Value::Error,
            Value::Ex(_) | Value::Row(_) | Value::Tuple(_) | Value::Record(_) => {
                let ty = describe(&function.ty(&self.graph));
                let error = Diagnostic::new(
                    Code::PrimeOf,
                    self.span(ast),
                    format!("the derivative `'` is of a function, not of {ty}"),
                );
                self.error(error.help("of an expression it is `diff(e, x)`"))
            }
        }
    }

    /// The derivative of a function at a number.
    pub fn apply_prime(&mut self, function: &Rc<FnValue>, order: u32, arg: Value, ast: Ast) -> Value {
        let of = self.argument(ast, 0);
        let Some(at) = self.number_or_array(&arg, of) else { return Value::Error };
        let at = if self.graph.ty(at) == Type::INT { self.graph.to_real(at) } else { at };
        if self.graph.ty(at) != Type::REAL {
            let ty = describe(&arg.ty(&self.graph));
            let error = Diagnostic::new(
                Code::PrimeOf,
                self.span(of),
                format!("`'` is the derivative by a real, not by {ty}"),
            );
            return self.error(error.help("by an array it is `grad(f(v), v)`"));
        }
        let var = self.graph.param("x", Type::REAL);
        let variable = self.graph.variable(var);
        let mut value = self.apply_function(function, vec![Value::Ex(variable)], ast);
        self.mark(ast);
        let variable = Value::Ex(variable);
        for _ in 0..order {
            if value.is_error() {
                return value;
            }
            value = self.by_variable(Derivative::Diff, value, &variable, (ast, ast, self.span(ast)));
        }
        value.map(&mut |ex| self.graph.substitute(ex, &[(var, at)]))
    }
}
