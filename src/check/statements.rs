//! Tests and rules: what a file says about its functions.

use super::lower::Lowerer;
use super::names::Params;
use super::program::RuleNames;
use super::state::{FnInfo, Frame, State};
use super::types::Ty;
use super::value::Value;
use super::{CustomRule, Test};
use crate::core::{Custom, Elem, Ex, FnId, Origin, Type, VarId};
use crate::diff;
use crate::syntax::diagnostic::{Code, Diagnostic};
use crate::syntax::tree::{Ast, Expr, Item, ItemKind};
use std::rc::Rc;

impl Lowerer<'_> {
    /// `test left = right ~ tolerance where x = 2`
    pub fn test(&mut self, item: &Item) -> Option<Test> {
        let ItemKind::Test { left, right, tolerance, bindings } = &item.kind else { return None };
        self.frame = Frame::default();
        for (pattern, value) in bindings {
            let bound = self.eval(*value);
            self.bind(pattern, *value, bound);
        }
        let kept = self.frame.fresh.clone();
        let part = |this: &mut Self, ast: Ast| {
            let value = this.eval(ast);
            let value = this.settle(0, value);
            this.frame.fresh.clone_from(&kept);
            value
        };
        let first = part(self, *left);
        let second = right.map(|right| (part(self, right), right));
        let tolerance = tolerance.map(|tolerance| (part(self, tolerance), tolerance));
        let left_ast = *left;
        let (first, second) = match second {
            Some((second, right)) => {
                let mut both = self.unify(vec![(first, left_ast), (second, right)], left_ast)?;
                let second = both.pop()?;
                (both.pop()?, Some(second))
            }
            None => (Value::Ex(self.condition(&first, left_ast)?), None),
        };
        let tolerance = match tolerance {
            Some((value, ast)) => {
                let value = self.convert(value, &Ty::Real, "the tolerance", self.span(ast));
                if value.is_error() {
                    return None;
                }
                Some(self.constant_function("tolerance", &value))
            }
            None => None,
        };
        let ty = first.ty(&self.graph);
        Some(Test {
            left: self.constant_function("left", &first),
            right: second.map(|second| self.constant_function("right", &second)),
            tolerance,
            ty,
            span: item.span,
            text: self.tree.source(item.span).to_string(),
        })
    }

    /// A value as a function without parameters; every `param` has its default.
    pub fn constant_function(&mut self, name: &str, value: &Value) -> FnId {
        let flat = self.with_defaults(value.flatten());
        let types = flat.iter().map(|&ex| self.graph.ty(ex)).collect();
        let id = self.graph.declare(name, Vec::new(), types, Origin::Source);
        self.graph.define(id, flat);
        id
    }

    /// `rule f(x, y) = (…, …)`, `rule f(x) pullback d = (…)`
    pub fn rule(&mut self, index: usize, item: &Item) -> Option<CustomRule> {
        let ItemKind::Rule { name_span, params, body, .. } = &item.kind else { return None };
        let names = self.program.rules.get(&index)?.clone();
        let def = *self.program.scopes.rules.get(&index)?;
        let info = match &self.states[def.0 as usize] {
            State::Function(info) => info.clone(),
            State::Generic(info) => {
                let message = format!("`{}` takes functions; its derivative cannot be given", info.name);
                self.error(Diagnostic::new(Code::RuleDoesNotFit, *name_span, message));
                return None;
            }
            State::Pending | State::Failed | State::Type | State::Value(_) => return None,
        };
        if params.len() != info.params.len() {
            let message =
                format!("`{}` has {} parameters, this rule {}", info.name, info.params.len(), params.len());
            self.error(Diagnostic::new(Code::RuleDoesNotFit, *name_span, message));
            return None;
        }
        let tys: Vec<Ty> = info.params.iter().map(|(_, ty)| ty.clone()).collect();
        for ((given, ty), param) in names.tys.iter().zip(&tys).zip(params) {
            if let Some(given) = given
                && *given != Ty::Error
                && given.flat() != ty.flat()
            {
                let message = format!("this parameter of `{}` is {ty}, not {given}", info.name);
                self.error(Diagnostic::new(Code::RuleDoesNotFit, param.span, message));
                return None;
            }
        }
        let function = self.rule_function(&info, &names, &tys, item, *body)?;
        self.graph.functions[info.id.0 as usize].custom = Some(function);
        Some(CustomRule { function: info.id, custom: function, name: info.name.clone(), span: item.span })
    }

    fn rule_function(
        &mut self,
        info: &Rc<FnInfo>,
        names: &RuleNames,
        tys: &[Ty],
        item: &Item,
        body: Ast,
    ) -> Option<Custom> {
        let mut vars: Vec<VarId> = Vec::new();
        let mut values = Vec::new();
        for (&local, ty) in names.params.params.iter().zip(tys) {
            let name = self.tree.text(self.program.names.local(local).name);
            values.push(self.parameter(name, ty, &mut vars));
        }
        let own = vars.len();
        self.global_variables(&info.globals, &mut vars);
        let result_types = info.result.flat();
        let seeds = self.seeds(names, &info.result, &mut vars);
        self.frame = Frame { params: vars.clone(), ..Frame::default() };
        let given: Vec<Ty> = names
            .tys
            .iter()
            .zip(tys)
            .map(|(given, ty)| given.clone().unwrap_or_else(|| ty.clone()))
            .collect();
        let params: Params = names.params.clone();
        self.bind_parameters(&params, &given, &values, item.span.file);
        let value = self.eval(body);
        let mut flat = self.cotangents(value, tys, body)?;
        self.global_cotangents(info, &vars[..own + info.globals.len()], &seeds, &mut flat, body)?;
        let pullback = names.cotangent.is_some();
        let one_real = result_types[..] == [Type::REAL];
        if !pullback && !one_real {
            let error = Diagnostic::new(
                Code::RuleNeedsPullback,
                self.span(body),
                format!("`{}` has more than one result", info.name),
            );
            self.error(error.help("give its pullback: `rule f(x) pullback d = (…)`"));
            return None;
        }
        let scalars = flat.iter().all(|&ex| self.graph.ty(ex).is_scalar());
        if !pullback && !scalars {
            // Partials by arrays: the pullback is the cotangent times the partials.
            let seed = self.graph.param("d", Type::REAL);
            let d = self.graph.variable(seed);
            vars.push(seed);
            flat = flat.into_iter().map(|ex| self.map_elements(ex, |this, x| this.graph.mul(d, x))).collect();
        }
        let types = flat.iter().map(|&ex| self.graph.ty(ex)).collect();
        let kind = if pullback || !scalars { "pullback" } else { "partials" };
        let id = self.graph.declare(&format!("{}_{kind}", info.name), vars, types, Origin::Source);
        self.graph.define(id, flat);
        Some(if pullback || !scalars { Custom::Pullback(id) } else { Custom::Partials(id) })
    }

    /// The cotangents of the results as parameters; binds the author's name for them.
    fn seeds(&mut self, names: &RuleNames, result: &Ty, vars: &mut Vec<VarId>) -> Vec<Ex> {
        let Some(local) = names.cotangent else { return Vec::new() };
        let name = self.tree.text(self.program.names.local(local).name).to_string();
        let zero = self.graph.real(0.0);
        let mut flat = Vec::new();
        let mut seeds = Vec::new();
        for (path, leaf) in result.leaves() {
            match leaf.core() {
                Some(core) if core.elem == Elem::Real => {
                    let var = self.graph.param(&format!("{name}{path}"), core);
                    vars.push(var);
                    flat.push(self.graph.variable(var));
                    seeds.push(self.graph.variable(var));
                }
                Some(_) | None => flat.push(zero),
            }
        }
        self.set(local, Value::from_flat(result, &mut flat.into_iter()));
        seeds
    }

    /// The value of a rule: for each parameter that is real its partial or cotangent.
    fn cotangents(&mut self, value: Value, tys: &[Ty], body: Ast) -> Option<Vec<Ex>> {
        if value.is_error() {
            return None;
        }
        let real = |ty: &Ty| ty.flat().iter().any(|ty| ty.is_real());
        let wanted: Vec<Ty> = tys.iter().filter(|ty| real(ty)).cloned().collect();
        let parts = match value {
            Value::Tuple(parts) if parts.len() == tys.len() => {
                parts.into_iter().zip(tys).filter(|(_, ty)| real(ty)).map(|(part, _)| part).collect()
            }
            Value::Tuple(parts) if parts.len() == wanted.len() => parts,
            other if wanted.len() == 1 => vec![other],
            _other => {
                let error = Diagnostic::new(
                    Code::RuleDoesNotFit,
                    self.span(body),
                    format!("a rule for {} parameters", tys.len()),
                );
                self.error(error.label("as many values, in a tuple").help("write `rule f(x, y) = (dx, dy)`"));
                return None;
            }
        };
        let asts: Vec<Ast> = match self.tree.expr(body) {
            Expr::Tuple(asts) if asts.len() == parts.len() => asts.clone(),
            _other => vec![body; parts.len()],
        };
        let mut flat = Vec::new();
        for ((part, ty), ast) in parts.into_iter().zip(&wanted).zip(asts) {
            let part = self.convert(part, ty, "this value of the rule", self.span(ast));
            if part.is_error() {
                return None;
            }
            flat.extend(part.flatten().into_iter().filter(|&ex| self.graph.ty(ex).is_real()));
        }
        Some(flat)
    }

    /// A rule says nothing of the `param`s that the function uses: those come from its body.
    fn global_cotangents(
        &mut self,
        info: &Rc<FnInfo>,
        vars: &[VarId],
        seeds: &[Ex],
        flat: &mut Vec<Ex>,
        body: Ast,
    ) -> Option<()> {
        let mut wrt: Vec<VarId> = Vec::new();
        self.global_variables(&info.globals, &mut wrt);
        wrt.retain(|&var| self.graph.var(var).ty.is_real());
        if wrt.is_empty() {
            return Some(());
        }
        let function = self.graph.function(info.id).clone();
        let map: Vec<(VarId, Ex)> =
            function.params.iter().zip(vars).map(|(&from, &to)| (from, self.graph.variable(to))).collect();
        let results = self.graph.substitute_all(&function.results, &map);
        let real: Vec<Ex> = results.into_iter().filter(|&ex| self.graph.ty(ex).is_real()).collect();
        let one = self.graph.real(1.0);
        let pairs: Vec<(Ex, Ex)> =
            real.into_iter().enumerate().map(|(k, ex)| (ex, seeds.get(k).copied().unwrap_or(one))).collect();
        let found = diff::vjp(&mut self.graph, &mut self.partials, &pairs, &wrt);
        for (bar, &var) in self.known(found, body)?.into_iter().zip(&wrt) {
            let variable = self.graph.variable(var);
            let shape = self.graph.shape(variable);
            flat.push(match bar {
                Some(bar) => bar,
                None => self.graph.zeros(Elem::Real, &shape),
            });
        }
        Some(())
    }
}
