//! Definitions to functions and values, component by component.

use super::infer::Infer;
use super::kinds::Kind;
use super::lower::Lowerer;
use super::prelude;
use super::scope::{DefId, DefKind};
use super::state::{FnInfo, Frame, GenericInfo, State};
use super::types::{Dim, Ty};
use super::value::{Value, describe};
use super::{Generic, Global, Parameters, Signature};
use crate::core::{Ex, FnId, Origin, VarId};
use crate::syntax::diagnostic::{Code, Diagnostic};
use crate::syntax::tree::{Ast, ItemKind};
use std::rc::Rc;

/// A function whose parameters exist and whose body does not.
struct Begun {
    def: DefId,
    vars: Vec<VarId>,
    values: Vec<Value>,
    params: Parameters,
}

impl Lowerer<'_> {
    /// Lowers definitions that use one another; those that they use are done.
    pub fn component(&mut self, defs: &[DefId], infer: &mut Infer) {
        // Places in the prelude say nothing to an author.
        self.marks = !self.program.scopes.is_prelude(defs[0]);
        self.graph.current_origin = 0;
        infer.component(defs);
        let recursive = self.program.def(defs[0]).recursive;
        let mut functions = Vec::new();
        for &def in defs {
            match self.program.scopes.def(def).kind {
                DefKind::Type => self.states[def.0 as usize] = State::Type,
                DefKind::Constant => self.constant(def, infer),
                DefKind::Global(number) => self.global(def, number, infer),
                DefKind::Function | DefKind::Wrapper(_) => {
                    let params = self.parameter_types(def, infer);
                    if params.iter().any(|(_, ty)| ty.has_function()) {
                        self.generic(def, params, infer);
                    } else {
                        functions.push((def, params));
                    }
                }
            }
        }
        if recursive {
            self.recursive(functions, infer);
        } else {
            for (def, params) in functions {
                let begun = self.begin(def, params);
                let (results, result) = self.body(&begun, None);
                let id = self.declare(&begun, &result);
                self.end(&begun, id, results, result, infer);
            }
        }
    }

    fn parameter_types(&self, def: DefId, infer: &Infer) -> Parameters {
        let names = self.program.def(def);
        let locals = names.params.params.iter().zip(&names.tys).zip(&infer.known(def).params);
        locals
            .map(|((&local, ty), kind)| {
                let name = self.tree.text(self.program.names.local(local).name).to_string();
                (name, ty.clone().unwrap_or_else(|| kind.ty()))
            })
            .collect()
    }

    fn generic(&mut self, def: DefId, params: Parameters, infer: &Infer) {
        let names = self.program.def(def);
        let result = names.result.clone().unwrap_or_else(|| infer.known(def).result.ty());
        self.states[def.0 as usize] = State::Generic(Rc::new(GenericInfo {
            name: self.tree.text(self.program.scopes.def(def).name).to_string(),
            params,
            result: if result.has_function() { Ty::Real } else { result },
            globals: names.globals.clone(),
        }));
    }

    /// Makes the variables of a function's parameters.
    fn begin(&mut self, def: DefId, params: Parameters) -> Begun {
        let mut vars = Vec::new();
        let values = params.iter().map(|(name, ty)| self.parameter(name, ty, &mut vars)).collect();
        let globals = self.program.def(def).globals.clone();
        self.global_variables(&globals, &mut vars);
        Begun { def, vars, values, params }
    }

    /// Lowers a body; gives the flat results, nothing after an error, and their type.
    fn body(&mut self, begun: &Begun, declared: Option<&Ty>) -> (Option<Vec<Ex>>, Ty) {
        let item = self.program.item(begun.def);
        let names = self.program.def(begun.def);
        self.frame = Frame { params: begun.vars.clone(), ..Frame::default() };
        let tys: Vec<Ty> = begun.params.iter().map(|(_, ty)| ty.clone()).collect();
        let params = names.params.clone();
        self.bind_parameters(&params, &tys, &begun.values, item.span.file);
        let (value, body) = match (&item.kind, self.program.scopes.def(begun.def).kind) {
            (ItemKind::Function { params, body, .. }, _) => {
                self.assumptions(params);
                (self.eval(*body), *body)
            }
            (ItemKind::Rule { body, .. }, DefKind::Wrapper(builtin)) => {
                (self.builtin(builtin, begun.values.clone(), *body), *body)
            }
            _other => unreachable!("a function"),
        };
        let value = match &names.result {
            Some(ty) => {
                let value = self.convert(value, ty, "the result", self.span(body));
                self.result_lengths(&value, ty, body);
                let ty = if value.is_error() { Ty::Error } else { ty.clone() };
                return (self.results(value, body), ty);
            }
            None => self.as_result(value),
        };
        let value = match declared {
            Some(ty) if value.ty(&self.graph).flat() != ty.flat() => value,
            Some(ty) => self.convert(value, ty, "the result", self.span(body)),
            None => value,
        };
        let ty = value.ty(&self.graph);
        (self.results(value, body), ty)
    }

    fn results(&mut self, value: Value, body: Ast) -> Option<Vec<Ex>> {
        if value.is_error() {
            return None;
        }
        if value.ty(&self.graph).has_function() {
            let error = Diagnostic::new(Code::FunctionAsValue, self.span(body), "the result is a function");
            self.error(error.help("give it a parameter more instead: `f(x, y) = …`"));
            return None;
        }
        Some(value.flatten())
    }

    /// Reports lengths of a result that are known and differ from those declared.
    fn result_lengths(&mut self, value: &Value, ty: &Ty, body: Ast) {
        if value.is_error() {
            return;
        }
        for (ex, (_, leaf)) in value.flatten().into_iter().zip(ty.leaves()) {
            let Ty::Array { dims, .. } = leaf else { continue };
            for (axis, dim) in dims.iter().enumerate() {
                let size = self.graph.size(ex, axis);
                if let (Some(given), Dim::Fixed(n)) = (self.graph.as_int(size), dim)
                    && given != *n
                {
                    let message = format!("the result has length {given} along axis {}, not {n}", axis + 1);
                    self.error(
                        Diagnostic::new(Code::LengthsDiffer, self.span(body), message)
                            .label(format!("declared {ty}")),
                    );
                }
            }
        }
    }

    fn declare(&mut self, begun: &Begun, result: &Ty) -> FnId {
        let name = self.tree.text(self.program.scopes.def(begun.def).name).to_string();
        self.graph.declare(&name, begun.vars.clone(), result.flat(), Origin::Source)
    }

    /// Gives a function its results, or marks it as one with errors.
    fn end(&mut self, begun: &Begun, id: FnId, results: Option<Vec<Ex>>, result: Ty, infer: &mut Infer) {
        let Some(results) = results else {
            self.abandon(id);
            self.states[begun.def.0 as usize] = State::Failed;
            return;
        };
        self.graph.define(id, results);
        let function = &mut self.graph.functions[id.0 as usize];
        function.requires = std::mem::take(&mut self.frame.requires);
        if self.program.scopes.is_prelude(begun.def) {
            function.provided = prelude::provided(&function.name);
        }
        infer.learn(begun.def, Kind::of(&result));
        self.states[begun.def.0 as usize] = State::Function(Rc::new(self.info(begun, id, result)));
    }

    fn info(&self, begun: &Begun, id: FnId, result: Ty) -> FnInfo {
        let own = self.tree.text(self.program.scopes.def(begun.def).name);
        FnInfo {
            id,
            name: self.graph.function(id).provided.unwrap_or(own).to_string(),
            params: begun.params.clone(),
            result,
            globals: self.program.def(begun.def).globals.clone(),
        }
    }

    /// Functions that call one another: all are declared first, with the results that inference
    /// expects. Where a body turns out real that was expected an `Int`, all begin again.
    fn recursive(&mut self, functions: Vec<(DefId, Parameters)>, infer: &mut Infer) {
        let mut expected: Vec<Ty> = functions
            .iter()
            .map(|(def, _)| {
                self.program.def(*def).result.clone().unwrap_or_else(|| infer.known(*def).result.ty())
            })
            .map(|ty| if ty.has_function() { Ty::Real } else { ty })
            .collect();
        let reported = self.diagnostics.len();
        for attempt in 0..3 {
            self.diagnostics.truncate(reported);
            let mut begun = Vec::new();
            for ((def, params), result) in functions.iter().zip(&expected) {
                let function = self.begin(*def, params.clone());
                let id = self.declare(&function, result);
                let info = self.info(&function, id, result.clone());
                self.states[def.0 as usize] = State::Function(Rc::new(info));
                begun.push((function, id));
            }
            let mut wrong = false;
            let mut done = Vec::new();
            for (k, (function, id)) in begun.iter().enumerate() {
                let (results, found) = self.body(function, Some(&expected[k]));
                if results.is_some() && found.flat() != expected[k].flat() {
                    wrong = true;
                    expected[k] = found;
                }
                done.push((results, std::mem::take(&mut self.frame.requires), *id));
            }
            if wrong && attempt < 2 {
                // What was declared is dropped; its nodes stay without use.
                done.iter().for_each(|&(_, _, id)| self.abandon(id));
                continue;
            }
            for ((function, _), ((results, requires, id), result)) in
                begun.iter().zip(done.into_iter().zip(&expected))
            {
                let results = if wrong { self.unstable(function) } else { results };
                self.frame.requires = requires;
                self.end(function, id, results, result.clone(), infer);
            }
            return;
        }
    }

    /// Gives up a function that was declared, with all that was to be derived from it.
    pub fn abandon(&mut self, id: FnId) {
        let mut gone = vec![id];
        while let Some(id) = gone.pop() {
            self.graph.functions[id.0 as usize].result_types.clear();
            let derived = |origin: &Origin| match origin {
                Origin::Source => false,
                Origin::Jvp { of, .. } | Origin::Vjp { of, .. } => *of == id,
            };
            gone.extend(self.graph.derived.iter().filter(|(origin, _)| derived(origin)).map(|(_, &id)| id));
            self.graph.derived.retain(|origin, _| !derived(origin));
        }
        let graph = &mut self.graph;
        graph.pending.retain(|id| !graph.functions[id.0 as usize].result_types.is_empty());
    }

    fn unstable(&mut self, function: &Begun) -> Option<Vec<Ex>> {
        let def = self.program.scopes.def(function.def);
        let message = format!("the result type of `{}` cannot be inferred", self.tree.text(def.name));
        self.error(
            Diagnostic::new(Code::ResultTypeUnknown, def.span, message).help("write it: `f(x) -> R = …`"),
        );
        None
    }

    fn constant(&mut self, def: DefId, infer: &mut Infer) {
        let ItemKind::Constant { value, name_span, .. } = &self.program.item(def).kind else { return };
        self.frame = Frame::default();
        let lowered = self.eval(*value);
        let lowered = match &self.program.def(def).result {
            Some(ty) => self.convert(lowered, ty, "this constant", *name_span),
            None => lowered,
        };
        if !lowered.is_error() {
            infer.learn(def, Kind::of(&lowered.ty(&self.graph)));
        }
        self.states[def.0 as usize] = State::Value(lowered);
    }

    /// A `param`: its own variables, and its default value.
    fn global(&mut self, def: DefId, number: u32, infer: &mut Infer) {
        let item = self.program.item(def);
        let ItemKind::Constant { value, name, name_span, .. } = &item.kind else { return };
        self.frame = Frame::default();
        let lowered = self.eval(*value);
        let ty = match &self.program.def(def).result {
            Some(ty) => ty.clone(),
            None => real_for_int(&lowered.ty(&self.graph)),
        };
        if ty.has_function() {
            let error = Diagnostic::new(
                Code::FunctionAsValue,
                *name_span,
                format!("a `param` is a value, not {}", describe(&ty)),
            );
            self.error(error.help("define a function: `f(x) = …`"));
        }
        let lowered = self.convert(lowered, &ty, "this value", self.span(*value));
        if lowered.is_error() || ty.has_function() {
            self.states[def.0 as usize] = State::Failed;
            return;
        }
        self.result_lengths(&lowered, &ty, *value);
        let default = self.with_defaults(lowered.flatten());
        let mut vars = Vec::new();
        let text = self.tree.text(*name).to_string();
        let variable = self.parameter(&text, &ty, &mut vars);
        self.bind_parameters(
            &Default::default(),
            std::slice::from_ref(&ty),
            std::slice::from_ref(&variable),
            name_span.file,
        );
        infer.learn(def, Kind::of(&ty));
        self.globals[number as usize] = variable.clone();
        self.states[def.0 as usize] = State::Value(variable);
        self.defaults.extend(vars.iter().copied().zip(default.iter().copied()));
        let made = Global { name: text, ty, vars, default, span: *name_span, doc: item.doc.clone() };
        self.made_globals.push((number, made));
    }

    /// Expressions with every `param` replaced by its default.
    pub fn with_defaults(&mut self, exs: Vec<Ex>) -> Vec<Ex> {
        if self.defaults.is_empty() {
            return exs;
        }
        let used =
            self.graph.reach(&exs).into_iter().filter_map(|ex| super::bindings::as_variable(&self.graph, ex));
        let map: Vec<(VarId, Ex)> =
            used.filter_map(|var| self.defaults.get(&var).map(|&default| (var, default))).collect();
        self.graph.substitute_all(&exs, &map)
    }

    /// The functions that take functions, which have no core function of their own.
    pub fn generics(&self) -> Vec<Generic> {
        let mut found = Vec::new();
        for (def, state) in self.program.scopes.defs.iter().zip(&self.states) {
            let State::Generic(info) = state else { continue };
            let takes = info.params.iter().find(|(_, ty)| ty.has_function());
            found.push(Generic {
                name: self.tree.text(def.name).to_string(),
                span: def.span,
                takes: takes.map(|(name, _)| name.clone()).unwrap_or_default(),
            });
        }
        found
    }

    /// The functions that were written in files, in order of definition.
    pub fn signatures(&self) -> Vec<Signature> {
        let mut found = Vec::new();
        for (index, def) in self.program.scopes.defs.iter().enumerate() {
            let State::Function(info) = &self.states[index] else { continue };
            if self.program.scopes.is_prelude(DefId(index as u32)) {
                continue;
            }
            let item = &self.tree.items[def.item];
            found.push(Signature {
                name: info.name.clone(),
                id: info.id,
                params: info.params.clone(),
                result: info.result.clone(),
                doc: item.doc.clone(),
                span: def.span,
                globals: info.globals.iter().map(|&global| global as usize).collect(),
            });
        }
        found
    }
}

/// A type with reals for integers: what a `param` is without annotation.
fn real_for_int(ty: &Ty) -> Ty {
    match ty {
        Ty::Int => Ty::Real,
        Ty::Array { elem: crate::core::Elem::Int, dims } => {
            Ty::Array { elem: crate::core::Elem::Real, dims: dims.clone() }
        }
        Ty::Tuple(parts) => Ty::Tuple(parts.iter().map(real_for_int).collect()),
        Ty::Record(fields) => {
            Ty::Record(fields.iter().map(|(name, field)| (name.clone(), real_for_int(field))).collect())
        }
        Ty::Real | Ty::Bool | Ty::Array { .. } | Ty::Function(..) | Ty::Error => ty.clone(),
    }
}
