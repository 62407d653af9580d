//! Core functions for what was asked: value and gradient, Jacobian, Hessian, products.
//! Each is a new function of the graph over the parameters of `f` (and tangents or seeds after
//! them), simplified and complete: everything that it calls has its results.

use super::notes::is_structural_zero;
use crate::core::{Ex, FnId, Graph, Origin, Type, VarId};
use crate::diff::{self, Rules, Unknown};
use crate::simplify::{self, Forms};

/// Which way a derivative is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Forward for one scalar variable, else reverse.
    Auto,
    Forward,
    Reverse,
}

/// The graph and its rules, for the time of a derivation.
pub struct Deriver<'a> {
    pub graph: &'a mut Graph,
    pub rules: &'a mut dyn Rules,
    pub mode: Mode,
    pub forms: Forms,
}

impl Deriver<'_> {
    /// The results of `f`, then the gradient of its one result by each variable.
    pub fn value_and_gradient(&mut self, f: FnId, wrt: &[VarId]) -> Result<FnId, Unknown> {
        let mut results = diff::results_of(self.graph, f);
        let gradient = self.gradient(results[0], wrt)?;
        results.extend(gradient);
        let name = format!("{}_grad", self.graph.function(f).name);
        self.finish(f, &name, &[], results)
    }

    /// The gradient of a scalar by each variable, of the shapes of the variables.
    pub fn gradient(&mut self, e: Ex, wrt: &[VarId]) -> Result<Vec<Ex>, Unknown> {
        let single = wrt.len() == 1 && self.graph.var(wrt[0]).ty.is_scalar();
        if self.mode == Mode::Forward || (self.mode == Mode::Auto && single) {
            return wrt.iter().map(|&v| self.column(e, v)).collect();
        }
        let one = self.graph.real(1.0);
        let bars = diff::vjp(self.graph, self.rules, &[(e, one)], wrt)?;
        let mut gradient = Vec::new();
        for (&v, bar) in wrt.iter().zip(bars) {
            let v = self.graph.variable(v);
            gradient.push(bar.unwrap_or_else(|| diff::zeros_like(self.graph, v)));
        }
        Ok(gradient)
    }

    /// The derivatives of `e` by `v`, indices of `e` first, forwards.
    fn column(&mut self, e: Ex, v: VarId) -> Result<Ex, Unknown> {
        if self.graph.var(v).ty.is_scalar() {
            return diff::derivative(self.graph, self.rules, e, v);
        }
        diff::jacobian_by_columns(self.graph, self.rules, e, v)
    }

    /// The derivatives of `e` by `v`, indices of `e` first.
    pub fn jacobian(&mut self, e: Ex, v: VarId) -> Result<Ex, Unknown> {
        let scalars = self.graph.var(v).ty.is_scalar();
        match self.mode {
            Mode::Forward => self.column(e, v),
            Mode::Reverse if self.graph.ty(e).is_scalar() => diff::gradient(self.graph, self.rules, e, v),
            Mode::Reverse => diff::jacobian_by_rows(self.graph, self.rules, e, v),
            Mode::Auto if scalars => self.column(e, v),
            Mode::Auto => diff::jacobian(self.graph, self.rules, e, v),
        }
    }

    /// The Jacobian of every real result by every variable, results first.
    pub fn jacobian_function(&mut self, f: FnId, wrt: &[VarId]) -> Result<FnId, Unknown> {
        let results: Vec<Ex> = self.real_results(f);
        let mut entries = Vec::new();
        for &result in &results {
            for &v in wrt {
                entries.push(self.jacobian(result, v)?);
            }
        }
        let name = format!("{}_jac", self.graph.function(f).name);
        self.finish(f, &name, &[], entries)
    }

    /// The second derivatives of the one result, for each pair of variables.
    pub fn hessian_function(&mut self, f: FnId, wrt: &[VarId]) -> Result<FnId, Unknown> {
        let entries = self.hessian(f, wrt)?;
        let name = format!("{}_hess", self.graph.function(f).name);
        self.finish(f, &name, &[], entries)
    }

    /// The second derivatives of the one result, for each pair of variables.
    pub fn hessian(&mut self, f: FnId, wrt: &[VarId]) -> Result<Vec<Ex>, Unknown> {
        let e = diff::results_of(self.graph, f)[0];
        let gradient = self.gradient(e, wrt)?;
        let gradient = simplify::simplify_keeping(self.graph, &gradient, &[], self.forms);
        let mut entries = Vec::new();
        for &first in &gradient {
            for &v in wrt {
                entries.push(self.jacobian(first, v)?);
            }
        }
        Ok(entries)
    }

    /// The results, the gradient of the one result, and its second derivatives by each element of the variables
    /// twice: the diagonal of the Hessian, of the shapes of the variables.
    pub fn hessian_diagonal(&mut self, f: FnId, wrt: &[VarId]) -> Result<FnId, Unknown> {
        let mut results = diff::results_of(self.graph, f);
        let gradient = self.gradient(results[0], wrt)?;
        let simple = simplify::simplify_keeping(self.graph, &gradient, &[], self.forms);
        let forms = self.forms;
        let mut simplify = |graph: &mut Graph, e: Ex| simplify::simplify_keeping(graph, &[e], &[], forms)[0];
        let mut diagonals = Vec::new();
        for (&first, &v) in simple.iter().zip(wrt) {
            diagonals.push(diff::diagonal(self.graph, self.rules, &mut simplify, first, v)?);
        }
        results.extend(gradient);
        results.extend(diagonals);
        let name = format!("{}_hess_diag", self.graph.function(f).name);
        self.finish(f, &name, &[], results)
    }

    /// The derivatives of this order of the one result by scalar variables, each mixed one once: with the
    /// numbers of its variables, which do not decrease.
    pub fn mixed(&mut self, f: FnId, wrt: &[VarId], order: usize) -> Result<Vec<(Vec<usize>, Ex)>, Unknown> {
        let mut level = vec![(Vec::new(), diff::results_of(self.graph, f)[0])];
        for _ in 0..order {
            let mut next = Vec::new();
            for (by, e) in level {
                let first = by.last().copied().unwrap_or(0);
                for (k, &x) in wrt.iter().enumerate().skip(first) {
                    let derivative = diff::derivative(self.graph, self.rules, e, x)?;
                    let derivative =
                        simplify::simplify_keeping(self.graph, &[derivative], &[], self.forms)[0];
                    next.push((by.iter().copied().chain([k]).collect(), derivative));
                }
            }
            level = next;
        }
        Ok(level)
    }

    /// The results, then for each real one its tangent, given one for each variable.
    pub fn jvp_function(&mut self, f: FnId, wrt: &[VarId]) -> Result<FnId, Unknown> {
        let first = self.graph.functions.len();
        let active = self.mask(f, wrt);
        let id = diff::jvp_function(self.graph, f, &active);
        self.assume_as(id, f);
        complete(self.graph, self.rules, first, self.forms)?;
        Ok(id)
    }

    /// The cotangents of the variables, in the order of the parameters, given one for each real
    /// result.
    pub fn vjp_function(&mut self, f: FnId, wrt: &[VarId]) -> Result<FnId, Unknown> {
        let first = self.graph.functions.len();
        let wanted = self.mask(f, wrt);
        let seeded: Vec<bool> = self.graph.function(f).result_types.iter().map(|ty| ty.is_real()).collect();
        let id = diff::vjp_function(self.graph, f, &wanted, &seeded);
        self.assume_as(id, f);
        complete(self.graph, self.rules, first, self.forms)?;
        Ok(id)
    }

    /// Which parameters of the function are among the variables.
    fn mask(&self, f: FnId, wrt: &[VarId]) -> Vec<bool> {
        self.graph.function(f).params.iter().map(|p| wrt.contains(p)).collect()
    }

    /// The Hessian times a direction: the tangent of the gradient.
    pub fn hvp_function(&mut self, f: FnId, wrt: &[VarId]) -> Result<FnId, Unknown> {
        let (tangents, pairs) = self.tangents(wrt);
        let e = diff::results_of(self.graph, f)[0];
        let gradient = self.gradient(e, wrt)?;
        let gradient = simplify::simplify_keeping(self.graph, &gradient, &[], self.forms);
        let results = self.pushed(&gradient, &pairs)?;
        let name = format!("{}_hvp", self.graph.function(f).name);
        self.finish(f, &name, &tangents, results)
    }

    /// The value and the derivatives of order 1 to `order` by one scalar variable.
    pub fn orders_function(&mut self, f: FnId, x: VarId, order: usize) -> Result<FnId, Unknown> {
        let mut last = diff::results_of(self.graph, f)[0];
        let mut results = vec![last];
        for _ in 0..order {
            last = diff::derivative(self.graph, self.rules, last, x)?;
            last = simplify::simplify_keeping(self.graph, &[last], &[], self.forms)[0];
            results.push(last);
        }
        let name = format!("{}_orders", self.graph.function(f).name);
        self.finish(f, &name, &[], results)
    }

    /// The real results of a function.
    pub fn real_results(&mut self, f: FnId) -> Vec<Ex> {
        let results = diff::results_of(self.graph, f);
        results.into_iter().filter(|&r| self.graph.ty(r).is_real()).collect()
    }

    /// A tangent variable for each of the variables.
    fn tangents(&mut self, wrt: &[VarId]) -> (Vec<VarId>, Vec<(VarId, Ex)>) {
        let mut tangents = Vec::new();
        let mut pairs = Vec::new();
        for &v in wrt {
            let name = format!("{}_dot", self.graph.var(v).name);
            let primal = self.graph.variable(v);
            let tangent = self.like(&name, primal);
            tangents.push(tangent);
            pairs.push((v, self.graph.variable(tangent)));
        }
        (tangents, pairs)
    }

    fn pushed(&mut self, exprs: &[Ex], pairs: &[(VarId, Ex)]) -> Result<Vec<Ex>, Unknown> {
        let tangents = diff::jvp(self.graph, self.rules, exprs, pairs)?;
        let mut results = Vec::new();
        for (&e, tangent) in exprs.iter().zip(tangents) {
            results.push(tangent.unwrap_or_else(|| diff::zeros_like(self.graph, e)));
        }
        Ok(results)
    }

    /// A new parameter of the type of an expression.
    fn like(&mut self, name: &str, ex: Ex) -> VarId {
        let ty = self.graph.ty(ex);
        let var = self.graph.param(name, ty);
        if matches!(self.graph.node(ex), crate::core::Node::Var(_)) && ty.is_array() {
            let shape = self.graph.shape(ex);
            self.graph.var_mut(var).shape = Some(shape);
        }
        var
    }

    /// A derived function requires of the parameters that it shares what the function does.
    fn assume_as(&mut self, derived: FnId, f: FnId) {
        self.graph.functions[derived.0 as usize].requires = self.graph.function(f).requires.clone();
    }

    /// A derived function that gives the real results of `f` too, after its own.
    pub fn with_values(&mut self, derived: FnId, f: FnId) -> FnId {
        let (whole, source) = (self.graph.function(derived).clone(), self.graph.function(f).clone());
        let map: Vec<(VarId, Ex)> =
            source.params.iter().zip(&whole.params).map(|(&p, &q)| (p, self.graph.variable(q))).collect();
        let values: Vec<Ex> = self.real_results(f);
        let values = self.graph.substitute_all(&values, &map);
        let mut results = whole.results;
        results.extend(values);
        let types = results.iter().map(|&r| self.graph.ty(r)).collect();
        let id = self.graph.declare(&whole.name, whole.params, types, Origin::Source);
        self.graph.define(id, results);
        self.graph.functions[id.0 as usize].requires = whole.requires;
        id
    }

    /// The cotangents of the variables, given that of the one result of `f`: the gradient times that, for a
    /// function `gradient` that gives the value and then the gradient.
    pub fn scaled_gradient(&mut self, gradient: FnId, f: FnId) -> FnId {
        let whole = self.graph.function(gradient).clone();
        let args: Vec<Ex> = whole.params.iter().map(|&p| self.graph.variable(p)).collect();
        let value = self.graph.call(gradient, &args);
        let name = self.graph.function(f).name.clone();
        let bar = self.graph.param(&format!("{name}_bar"), Type::REAL);
        let seed = self.graph.variable(bar);
        let mut results = Vec::new();
        for (index, &entry) in whole.results.iter().enumerate().skip(1) {
            // What does not depend on the variable stays zero, whatever the cotangent.
            let zero = is_structural_zero(self.graph, entry);
            let part = self.graph.part(value, index);
            results.push(if zero { entry } else { self.scaled(seed, part) });
        }
        let types = results.iter().map(|&r| self.graph.ty(r)).collect();
        let params = whole.params.iter().copied().chain([bar]).collect();
        let id = self.graph.declare(&format!("{name}_vjp"), params, types, Origin::Source);
        self.graph.define(id, results);
        self.assume_as(id, f);
        id
    }

    /// A scalar or an array times a scalar.
    fn scaled(&mut self, factor: Ex, value: Ex) -> Ex {
        let shape = self.graph.shape(value);
        let over: Vec<VarId> = shape.iter().map(|&len| self.graph.binder("i", len)).collect();
        let at: Vec<Ex> = over.iter().map(|&i| self.graph.variable(i)).collect();
        let element = self.graph.index(value, &at);
        let product = self.graph.mul(factor, element);
        self.graph.build(&over, product)
    }

    /// Makes the function of the parameters of `f` and `more`, and completes what it calls.
    pub fn finish(&mut self, f: FnId, name: &str, more: &[VarId], results: Vec<Ex>) -> Result<FnId, Unknown> {
        let first = self.graph.functions.len();
        // What the author wrote stays as it is where its value is wanted.
        let mut kept = diff::results_of(self.graph, f);
        kept.retain(|result| results.contains(result));
        let results = simplify::simplify_keeping(self.graph, &results, &kept, self.forms);
        let mut params = self.graph.function(f).params.clone();
        params.extend(more);
        let types = results.iter().map(|&r| self.graph.ty(r)).collect();
        let id = self.graph.declare(name, params, types, Origin::Source);
        self.graph.define(id, results);
        self.assume_as(id, f);
        complete(self.graph, self.rules, first, self.forms)?;
        Ok(id)
    }
}

/// Completes the derived functions and simplifies those from number `first` on.
pub fn complete(graph: &mut Graph, rules: &mut dyn Rules, first: usize, forms: Forms) -> Result<(), Unknown> {
    diff::complete(graph, rules)?;
    if cfg!(debug_assertions) {
        graph.verify_functions_from(first);
    }
    simplify_derived(graph, first, forms);
    if cfg!(debug_assertions) {
        graph.verify_functions_from(first);
    }
    Ok(())
}

/// Simplifies the derived functions from number `first` on.
pub fn simplify_derived(graph: &mut Graph, first: usize, forms: Forms) {
    for at in first..graph.functions.len() {
        if graph.functions[at].origin != Origin::Source {
            simplify::simplify_function(graph, FnId(at as u32), forms);
        }
    }
}
