//! Calls of functions of the files and of functions as values.

use super::builtins::Builtin;
use super::lower::Lowerer;
use super::scope::DefId;
use super::state::{FnInfo, State};
use super::types::Ty;
use super::value::{FnValue, Value, describe};
use crate::primitive::{self, Prim};
use crate::syntax::diagnostic::{Code, Diagnostic};
use crate::syntax::tree::{Ast, Expr};
use std::rc::Rc;

impl Lowerer<'_> {
    /// `f(x, y)`
    pub fn apply(&mut self, callee: Value, args: Vec<Value>, ast: Ast) -> Value {
        match callee {
            Value::Function(function) => self.apply_function(&function, args, ast),
            Value::Error => Value::Error,
            Value::Ex(_) | Value::Row(_) | Value::Tuple(_) | Value::Record(_) => {
                let of = match self.tree.expr(ast) {
                    Expr::Call { callee, .. } => *callee,
                    _other => ast,
                };
                let ty = describe(&callee.ty(&self.graph));
                let error = Diagnostic::new(
                    Code::FunctionWanted,
                    self.span(of),
                    format!("a function is wanted here, not {ty}"),
                );
                let text = self.tree.source(self.span(of));
                self.error(error.help(format!("to multiply write `{text}*(…)`, for an element `{text}[…]`")))
            }
        }
    }

    pub fn apply_function(&mut self, function: &Rc<FnValue>, args: Vec<Value>, ast: Ast) -> Value {
        if let FnValue::Def(def) = &**function
            && let Some(p) = self.row_for(*def, &args)
        {
            return self.builtin(Builtin::Scalar(p), args, ast);
        }
        match &**function {
            FnValue::Builtin(builtin) => self.builtin(*builtin, args, ast),
            FnValue::Def(def) => match &self.states[self.for_arguments(*def, &args).0 as usize] {
                State::Function(info) => {
                    let info = info.clone();
                    self.call(&info, args, ast)
                }
                State::Generic(info) => {
                    let info = info.clone();
                    self.call_generic(*def, &info, args, ast)
                }
                State::Failed | State::Pending | State::Type | State::Value(_) => Value::Error,
            },
            FnValue::Lambda { ast: lambda, captured } => self.apply_lambda(*lambda, captured, args, ast),
            FnValue::Prime(of, order) => {
                let [arg] = &args[..] else {
                    self.check_count("f'", args.len(), 1, ast);
                    return Value::Error;
                };
                self.apply_prime(of, *order, arg.clone(), ast)
            }
        }
    }

    /// The row of the table that a function of the prelude means for these arguments: `inv` of a number.
    fn row_for(&self, def: DefId, args: &[Value]) -> Option<Prim> {
        let scopes = &self.program.scopes;
        let number = |arg: &Value| arg.plain().is_some_and(|ex| self.graph.ty(ex).is_scalar());
        if !scopes.is_prelude(def) || !args.iter().all(number) {
            return None;
        }
        primitive::find_call(self.tree.text(scopes.def(def).name), args.len())
    }

    /// `solve(A, b)` and `solve(A, B)` are two functions under one name.
    fn for_arguments(&self, def: DefId, args: &[Value]) -> DefId {
        let State::Function(info) = &self.states[def.0 as usize] else { return def };
        let last = args.last().filter(|_| info.params.len() == args.len()).and_then(Value::plain);
        self.program.scopes.for_rank(def, last.map_or(0, |ex| self.graph.ty(ex).rank))
    }

    /// A call of a function of the file stays a call.
    pub fn call(&mut self, info: &FnInfo, args: Vec<Value>, ast: Ast) -> Value {
        if !self.check_count(&info.name, args.len(), info.params.len(), ast) {
            return Value::Error;
        }
        let Some(args) = self.arguments(&info.name, &info.params, args, ast) else { return Value::Error };
        let mut flat: Vec<_> = args.iter().flat_map(Value::flatten).collect();
        for &global in info.globals.iter() {
            flat.extend(self.globals[global as usize].flatten());
        }
        if flat.len() != self.graph.function(info.id).params.len() {
            return Value::Error; // a global of the function has an error
        }
        let call = self.graph.call(info.id, &flat);
        let count = self.graph.function(info.id).result_types.len();
        let parts: Vec<_> = (0..count).map(|k| self.graph.part(call, k)).collect();
        Value::from_flat(&info.result, &mut parts.into_iter())
    }

    /// Arguments of the types of the parameters.
    pub fn arguments(
        &mut self,
        name: &str,
        params: &[(String, Ty)],
        args: Vec<Value>,
        ast: Ast,
    ) -> Option<Vec<Value>> {
        let mut converted = Vec::new();
        for (k, (arg, (param, ty))) in args.into_iter().zip(params).enumerate() {
            let span = self.argument_span(ast, k);
            let given = arg.plain().map_or(0, |ex| self.graph.ty(ex).rank as usize);
            let before = self.diagnostics.len();
            let value = self.convert(arg, ty, &format!("`{param}` of `{name}`"), span);
            if let Some(error) = self.diagnostics.get_mut(before)
                && *ty == Ty::Real
                && let Some(sizes) = ["", "n", "m, n", "k, m, n", "j, k, m, n"].get(given)
                && given > 0
            {
                error.help =
                    Some(format!("for every element write `{name}.(…)`, or declare `{param}: R[{sizes}]`"));
            }
            converted.push((value, span));
        }
        let fine =
            !converted.iter().any(|(value, _)| value.is_error()) && self.check_dims(&converted, params);
        fine.then(|| converted.into_iter().map(|(value, _)| value).collect())
    }

    /// A function without a name is put in its place.
    fn apply_lambda(
        &mut self,
        lambda: Ast,
        captured: &[(super::names::LocalId, Value)],
        args: Vec<Value>,
        ast: Ast,
    ) -> Value {
        let names = self.program.names.lambdas[&lambda].clone();
        if !self.check_count("this function", args.len(), names.params.len(), ast) {
            return Value::Error;
        }
        let Expr::Lambda { body, .. } = self.tree.expr(lambda) else { unreachable!("a lambda") };
        let range = names.locals.start as usize..names.locals.end as usize;
        let inner = self.env[range.clone()].to_vec();
        let outer: Vec<_> = captured.iter().map(|(local, _)| (*local, self.local(*local))).collect();
        for (local, value) in captured {
            self.set(*local, value.clone());
        }
        let fresh = self.frame.fresh.len();
        for (&param, arg) in names.params.iter().zip(args) {
            let arg = if self.program.names.local(param).wanted { self.loosen(param, arg) } else { arg };
            self.set(param, arg);
        }
        let value = self.eval(*body);
        let value = self.settle(fresh, value);
        self.env[range].clone_from_slice(&inner);
        for (local, value) in outer {
            self.set(local, value);
        }
        self.mark(ast);
        value
    }

    /// `f.(v, w)`: for every element; scalars among the arguments stay as they are.
    pub fn apply_elementwise(&mut self, callee: Value, args: Vec<Value>, ast: Ast) -> Value {
        let mut exs = Vec::new();
        for (k, arg) in args.iter().enumerate() {
            let of = self.argument(ast, k);
            match self.number_or_array(arg, of) {
                Some(ex) => exs.push(ex),
                None => return Value::Error,
            }
        }
        let rank = exs.iter().map(|&ex| self.graph.ty(ex).rank).max().unwrap_or(0);
        if rank == 0 {
            let error =
                Diagnostic::new(Code::ArrayWanted, self.span(ast), "none of the arguments is an array");
            return self.error(error.help("without the dot it is a plain call: `f(x)`"));
        }
        for (k, &ex) in exs.iter().enumerate() {
            let ty = self.graph.ty(ex);
            if ty.is_array() && ty.rank != rank {
                let error = Diagnostic::new(
                    Code::LengthsDiffer,
                    self.argument_span(ast, k),
                    "the shapes of the arguments differ",
                );
                return self.error(error);
            }
        }
        let Some(over) = self.common_binders(&exs, ast) else { return Value::Error };
        let elements = exs
            .iter()
            .map(|&ex| Value::Ex(if self.graph.ty(ex).is_array() { self.element(ex, &over) } else { ex }))
            .collect();
        let value = self.apply(callee, elements, ast);
        if value.is_error() {
            return Value::Error;
        }
        match value.plain() {
            Some(ex) if self.graph.ty(ex).is_scalar() => Value::Ex(self.graph.build(&over, ex)),
            Some(_) | None => {
                let ty = describe(&value.ty(&self.graph));
                let error =
                    Diagnostic::new(Code::ElementType, self.span(ast), format!("each element would be {ty}"));
                self.error(error.help("an elementwise function gives a number"))
            }
        }
    }
}
