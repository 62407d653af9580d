//! `eval`: the value of a function and its derivatives at a point.

use super::datum::Datum;
use super::derive::{Deriver, Mode};
use super::notes::{self, Derivation, Note, Run, Watch};
use super::point::{self, Given};
use super::{Session, Variable, is_real, suggestion};
use crate::block;
use crate::check::{self, Signature, Ty};
use crate::core::{FnId, VarId};
use crate::diff::Unknown;
use crate::eval::{Limits, Machine, Value};
use crate::syntax::parse::parse_expression;
use crate::syntax::tree::Tree;
use anyhow::{Result, bail};
use std::collections::{HashMap, HashSet};

/// One thing to compute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    Value,
    Grad,
    Jac,
    Hess,
    Jvp,
    Vjp,
    Hvp,
}

/// What was asked of `eval`.
pub struct Request {
    pub function: Option<String>,
    pub at: Vec<(String, Given)>,
    pub set: Vec<(String, Given)>,
    pub wrt: Vec<String>,
    pub what: Vec<What>,
    pub dir: Vec<(String, Given)>,
    pub seed: Option<String>,
    pub order: Option<u32>,
    pub mode: Mode,
    pub limits: Limits,
}

/// What `eval` found.
pub struct Report {
    pub function: String,
    pub at: Vec<(String, Datum)>,
    pub value: Option<Datum>,
    /// The derivatives of order 1, 2, …, by the variable with this name.
    pub orders: Option<(String, Vec<Datum>)>,
    /// By variable.
    pub grad: Option<Vec<(String, Datum)>>,
    pub jac: Option<Vec<(String, Datum)>>,
    pub hess: Option<Vec<(String, Datum)>>,
    pub hvp: Option<Vec<(String, Datum)>>,
    pub vjp: Option<Vec<(String, Datum)>>,
    pub jvp: Option<Datum>,
    pub notes: Vec<Note>,
}

/// Evaluates what was asked.
pub fn evaluate(session: &mut Session, request: &Request) -> Result<Report> {
    let signature = session.function(request.function.as_deref())?;
    let at = at_point(session, &signature, &request.at)?;
    let mut args = Vec::new();
    at.iter().cloned().for_each(|(_, datum)| datum.into_flat(&mut args));
    args.extend(global_values(session, &signature, &request.set)?);
    let variables = session.variables(&signature, &request.wrt)?;
    let limits = request.limits;
    let mut evaluation = Evaluation {
        session,
        signature: signature.clone(),
        args,
        limits,
        results: None,
        derivations: Vec::new(),
    };
    let mut report = Report {
        function: signature.name.clone(),
        at,
        value: None,
        orders: None,
        grad: None,
        jac: None,
        hess: None,
        hvp: None,
        vjp: None,
        jvp: None,
        notes: Vec::new(),
    };
    if let Some(order) = request.order {
        let (value, derivatives) = evaluation.orders(&variables, order, request.mode)?;
        report.value = Some(value);
        report.orders = Some((variables[0].name.clone(), derivatives));
        evaluation.note(&variables, &mut report)?;
        return Ok(report);
    }
    let what = default_what(&signature, &variables, &request.what);
    for what in what {
        match what {
            What::Value => report.value = Some(evaluation.value()?),
            What::Grad => report.grad = Some(evaluation.gradient(&variables, request.mode)?),
            What::Jac => report.jac = Some(evaluation.jacobian(&variables, request.mode)?),
            What::Hess => report.hess = Some(evaluation.hessian(&variables, request.mode)?),
            What::Jvp => {
                let dir = directions(
                    evaluation.session,
                    &variables,
                    &evaluation.args_of(&variables),
                    &request.dir,
                )?;
                report.jvp = Some(evaluation.jvp(&variables, dir)?);
            }
            What::Hvp => {
                let dir = directions(
                    evaluation.session,
                    &variables,
                    &evaluation.args_of(&variables),
                    &request.dir,
                )?;
                report.hvp = Some(evaluation.hvp(&variables, dir, request.mode)?);
            }
            What::Vjp => report.vjp = Some(evaluation.vjp(&variables, request.seed.as_deref())?),
        }
    }
    evaluation.note(&variables, &mut report)?;
    Ok(report)
}

/// The derivatives of a report with their names.
fn entries(report: &Report) -> Vec<(String, f64)> {
    let f = &report.function;
    let mut all: Vec<(String, f64)> = Vec::new();
    let mut add = |name: &str, datum: &Datum| {
        all.extend(datum.entries().into_iter().map(|(path, x)| (format!("{name}{path}"), x)));
    };
    for (x, datum) in report.grad.iter().chain(&report.jac).flatten() {
        add(&format!("∂{f}/∂{x}"), datum);
    }
    for (x, datum) in report.hess.iter().flatten() {
        add(&format!("∂²{f}/∂{x}"), datum);
    }
    if let Some((x, list)) = &report.orders {
        (1..).zip(list).for_each(|(order, datum)| {
            add(
                &if order == 1 {
                    format!("∂{f}/∂{x}")
                } else {
                    format!("∂^{order} {f}/∂{x}^{order}")
                },
                datum,
            )
        });
    }
    report.jvp.iter().for_each(|datum| add(&format!("{f}_dot"), datum));
    report.vjp.iter().flatten().for_each(|(x, datum)| add(&format!("{x}_bar"), datum));
    report.hvp.iter().flatten().for_each(|(x, datum)| add(&format!("(H·dir).{x}"), datum));
    all
}

/// Value and gradient, or value and Jacobian when there is more than one result.
fn default_what(signature: &Signature, variables: &[Variable], asked: &[What]) -> Vec<What> {
    if !asked.is_empty() {
        return asked.to_vec();
    }
    let reals = signature.result.leaves().iter().filter(|(_, ty)| is_real(ty)).count();
    match (variables.is_empty() || reals == 0, &signature.result) {
        (true, _) => vec![What::Value],
        (false, Ty::Real) => vec![What::Value, What::Grad],
        (false, _) => vec![What::Value, What::Jac],
    }
}

/// A value for each parameter, in order.
fn at_point(
    session: &mut Session,
    signature: &Signature,
    given: &[(String, Given)],
) -> Result<Vec<(String, Datum)>> {
    let names: Vec<&str> = signature.params.iter().map(|(name, _)| name.as_str()).collect();
    let known: HashSet<&str> = names.iter().copied().collect();
    let mut values: HashMap<&str, &Given> = HashMap::new();
    for (name, value) in given {
        values.entry(name).or_insert(value);
    }
    if let Some((extra, _)) = given.iter().find(|(name, _)| !known.contains(name.as_str())) {
        let set = session.module.globals.iter().any(|g| g.name == *extra);
        let help = if set {
            format!("; it is a `param`: give it with --set {extra}=…")
        } else {
            suggestion(extra, &names)
        };
        bail!("`{}` has no parameter `{extra}`{help}", signature.name);
    }
    let mut at = Vec::new();
    for (name, ty) in &signature.params {
        let Some(value) = values.get(name.as_str()) else {
            bail!("no value for `{name}` of `{}`: add --at {name}=…", signature.name);
        };
        at.push((name.clone(), value_of(session, name, ty, value)?));
    }
    Ok(at)
}

/// A given value as a value of a type.
pub fn value_of(session: &mut Session, name: &str, ty: &Ty, given: &Given) -> Result<Datum> {
    let wrong = |error: anyhow::Error| anyhow::anyhow!("the value of `{name}` does not fit: {error:#}");
    let text = match given {
        // `x: pi/2` in a file.
        Given::Data(serde_json::Value::String(text)) => text,
        Given::Data(data) => return point::typed(ty, data).map_err(wrong),
        Given::Text(text) => text,
    };
    let mut tree = Tree::default();
    let source = format!("value of {name}");
    let ast = parse_expression(&mut tree, &source, text)
        .map_err(|errors| super::Invalid(super::render(&tree, &errors, false)))?;
    if let Some(data) = point::literal(&tree, ast) {
        return point::typed(ty, &data).map_err(wrong);
    }
    let f = check::lower_constant(&mut session.module, &tree, ast, ty)
        .map_err(|errors| super::Invalid(super::render(&tree, &errors, false)))?;
    let values = run(session, f, &[], Limits::default())?;
    Ok(Datum::from_flat(ty, &mut values.into_iter()))
}

/// The values of the `param`s that the function uses, flat.
fn global_values(
    session: &mut Session,
    signature: &Signature,
    set: &[(String, Given)],
) -> Result<Vec<Value>> {
    let names: Vec<String> = session.module.globals.iter().map(|g| g.name.clone()).collect();
    for (name, _) in set {
        if !names.contains(name) {
            let known: Vec<&str> = names.iter().map(String::as_str).collect();
            bail!("there is no `param` named `{name}`{}", suggestion(name, &known));
        }
    }
    let mut values = Vec::new();
    for &at in &signature.globals {
        let global = session.module.globals[at].clone();
        if let Some((name, given)) = set.iter().find(|(name, _)| *name == global.name) {
            value_of(session, name, &global.ty, given)?.into_flat(&mut values);
            continue;
        }
        let types = global.default.iter().map(|&e| session.module.graph.ty(e)).collect();
        let f = session.module.graph.declare(&global.name, Vec::new(), types, crate::core::Origin::Source);
        session.module.graph.define(f, global.default);
        values.extend(run(session, f, &[], Limits::default())?);
    }
    Ok(values)
}

/// Runs a function on flat values.
pub fn run(session: &mut Session, f: FnId, args: &[Value], limits: Limits) -> Result<Vec<Value>> {
    let procedures = session.scheduler.procedures(&mut session.module.graph, &[f]);
    session.machine.add(&procedures);
    session.machine.limits = limits;
    session.machine.run(f, args).map_err(|fault| session.fault(&fault))
}

/// Runs a function on flat values under observation.
pub fn run_machine(
    session: &mut Session,
    f: FnId,
    args: &[Value],
    limits: Limits,
    watch: &mut Watch,
) -> Result<()> {
    let procedures = block::procedures(&mut session.module.graph, &[f]);
    let mut machine = Machine::new(procedures);
    machine.limits = limits;
    let session = &*session;
    watch(&mut machine, &|machine| machine.run(f, args).map(drop).map_err(|fault| session.fault(&fault)))
}

/// The tangent of each real leaf of the variables: as given, else zero.
fn directions(
    session: &mut Session,
    variables: &[Variable],
    args: &[Vec<Value>],
    given: &[(String, Given)],
) -> Result<Vec<Value>> {
    let names: Vec<&str> = variables.iter().map(|v| v.name.as_str()).collect();
    if let Some((extra, _)) = given.iter().find(|(name, _)| !names.contains(&name.as_str())) {
        bail!("no variable `{extra}` to go along{}", suggestion(extra, &names));
    }
    if given.is_empty() {
        bail!("a direction is wanted: add --dir, for example --dir {}=1", names.first().unwrap_or(&"x"));
    }
    let mut tangents = Vec::new();
    for (variable, args) in variables.iter().zip(args) {
        let leaves = variable.ty.leaves();
        let mut own = Vec::new();
        match given.iter().find(|(name, _)| *name == variable.name) {
            Some((name, given)) => value_of(session, name, &variable.ty, given)?.into_flat(&mut own),
            None => own.extend(args.iter().map(zero_like)),
        }
        tangents
            .extend(own.into_iter().zip(&leaves).filter(|(_, (_, ty))| is_real(ty)).map(|(value, _)| value));
    }
    Ok(tangents)
}

/// The zero of the type and shape of a value.
fn zero_like(value: &Value) -> Value {
    match value {
        Value::Real(_) => Value::Real(0.0),
        Value::Int(_) => Value::Int(0),
        Value::Bool(_) => Value::Bool(false),
        Value::Array(array) => {
            let n = array.shape().iter().product();
            Value::Array(crate::eval::Array::reals(array.shape(), vec![0.0; n]))
        }
    }
}

/// A function at a point, and what is derived from it.
struct Evaluation<'a> {
    session: &'a mut Session,
    signature: Signature,
    args: Vec<Value>,
    limits: Limits,
    /// The results of the function itself, once they are known.
    results: Option<Vec<Value>>,
    derivations: Vec<Derivation>,
}

impl Evaluation<'_> {
    /// The flat values of each variable.
    fn args_of(&self, variables: &[Variable]) -> Vec<Vec<Value>> {
        let params = &self.session.module.graph.function(self.signature.id).params;
        let value = |leaf: &VarId| {
            let at = params.iter().position(|p| p == leaf);
            at.map_or(Value::Real(0.0), |at| self.args[at].clone())
        };
        variables.iter().map(|v| v.leaves.iter().map(value).collect()).collect()
    }

    /// The flat results of the function itself.
    fn results(&mut self) -> Result<Vec<Value>> {
        if self.results.is_none() {
            let values = run(self.session, self.signature.id, &self.args, self.limits)?;
            self.results = Some(values);
        }
        Ok(self.results.clone().unwrap_or_default())
    }

    fn value(&mut self) -> Result<Datum> {
        let values = self.results()?;
        Ok(Datum::from_flat(&self.signature.result, &mut values.into_iter()))
    }

    /// The results of a derived function; `differentiated` is what was differentiated last.
    fn run(&mut self, derived: FnId, more: &[Value], differentiated: FnId) -> Result<Vec<Value>> {
        let args: Vec<Value> = self.args.iter().chain(more).cloned().collect();
        let values = run(self.session, derived, &args, self.limits)?;
        self.derivations.push(Derivation { derived, args, differentiated });
        Ok(values)
    }

    /// The results of a derived function from number `first` on, each a derivative of what `of` picks from
    /// the real results of the function. Where that is not a number they are none either, but for those by what
    /// it does not depend on.
    fn derivatives(
        &mut self,
        derived: FnId,
        values: Vec<Value>,
        first: usize,
        of: impl Fn(&[Value], usize) -> Value,
    ) -> Result<Vec<Value>> {
        let real: Vec<Value> = self.results()?.into_iter().filter(|value| value.ty().is_real()).collect();
        let graph = &self.session.module.graph;
        let exs = &graph.function(derived).results;
        let each = values.into_iter().zip(exs).skip(first).enumerate().map(|(at, (value, &ex))| {
            if notes::is_structural_zero(graph, ex) {
                value
            } else {
                notes::undefined_with(&of(&real, at), value)
            }
        });
        Ok(each.collect())
    }

    /// Looks for what should be said about the report.
    fn note(&mut self, variables: &[Variable], report: &mut Report) -> Result<()> {
        let results = self.results()?;
        let run = Run {
            name: &report.function,
            function: self.signature.id,
            args: &self.args,
            results: &results,
            entries: &entries(report),
            derivations: &self.derivations,
            wrt: &real_leaves(&self.session.module.graph, variables),
            limits: self.limits,
        };
        report.notes = notes::notes(self.session, &run)?;
        Ok(())
    }

    fn derive(
        &mut self,
        mode: Mode,
        make: impl FnOnce(&mut Deriver) -> Result<FnId, Unknown>,
    ) -> Result<FnId> {
        let module = &mut self.session.module;
        let mut deriver = Deriver { graph: &mut module.graph, rules: &mut module.partials, mode };
        make(&mut deriver).map_err(|unknown| self.session.unknown(&unknown))
    }

    fn scalar_result(&self, what: &str) -> Result<()> {
        if self.signature.result == Ty::Real {
            return Ok(());
        }
        bail!(
            "`{}` has no single real result, so it has no {what}; ask for `--what jac`",
            self.signature.name
        )
    }

    fn gradient(&mut self, variables: &[Variable], mode: Mode) -> Result<Vec<(String, Datum)>> {
        self.scalar_result("gradient")?;
        let (f, leaves) = (self.signature.id, real_leaves(&self.session.module.graph, variables));
        let derived = self.derive(mode, |d| d.value_and_gradient(f, &leaves))?;
        let values = self.run(derived, &[], f)?;
        self.results.get_or_insert_with(|| values[..1].to_vec());
        let mut values = self.derivatives(derived, values, 1, |real, _| real[0].clone())?.into_iter();
        Ok(by_variable(variables, &mut || Datum::Leaf(values.next().expect("one for each leaf"))))
    }

    fn jacobian(&mut self, variables: &[Variable], mode: Mode) -> Result<Vec<(String, Datum)>> {
        let (f, leaves) = (self.signature.id, real_leaves(&self.session.module.graph, variables));
        let derived = self.derive(mode, |d| d.jacobian_function(f, &leaves))?;
        let values = self.run(derived, &[], f)?;
        let result = self.signature.result.clone();
        let (count, mut start) = (leaves.len(), 0);
        let values = self.derivatives(derived, values, 0, |real, at| real[at / count].clone())?;
        let mut found = Vec::new();
        for variable in variables {
            let own = variable.ty.leaves().iter().filter(|(_, ty)| is_real(ty)).count();
            let mut row = 0;
            let datum = shaped(&result, &mut || {
                let at = row * count + start;
                row += 1;
                let mut entries = values[at..at + own].iter().cloned();
                shaped(&variable.ty, &mut || Datum::Leaf(entries.next().expect("one for each leaf")))
            });
            found.push((variable.name.clone(), datum));
            start += own;
        }
        Ok(found)
    }

    fn hessian(&mut self, variables: &[Variable], mode: Mode) -> Result<Vec<(String, Datum)>> {
        self.scalar_result("Hessian")?;
        let (f, leaves) = (self.signature.id, real_leaves(&self.session.module.graph, variables));
        let gradient = self.derive(mode, |d| d.value_and_gradient(f, &leaves))?;
        let derived = self.derive(mode, |d| d.hessian_function(f, &leaves))?;
        let values = self.run(derived, &[], gradient)?;
        let mut values = self.derivatives(derived, values, 0, |real, _| real[0].clone())?.into_iter();
        Ok(by_variable(variables, &mut || {
            Datum::Record(by_variable(variables, &mut || {
                Datum::Leaf(values.next().expect("one for each pair"))
            }))
        }))
    }

    fn jvp(&mut self, variables: &[Variable], tangents: Vec<Value>) -> Result<Datum> {
        let (f, leaves) = (self.signature.id, real_leaves(&self.session.module.graph, variables));
        let derived = self.derive(Mode::Forward, |d| d.jvp_function(f, &leaves))?;
        let values = self.run(derived, &tangents, f)?;
        let count = self.signature.result.leaves().len();
        let mut values = self.derivatives(derived, values, count, |real, at| real[at].clone())?.into_iter();
        let result = self.signature.result.clone();
        Ok(shaped(&result, &mut || Datum::Leaf(values.next().expect("one for each real result"))))
    }

    fn hvp(
        &mut self,
        variables: &[Variable],
        tangents: Vec<Value>,
        mode: Mode,
    ) -> Result<Vec<(String, Datum)>> {
        self.scalar_result("Hessian")?;
        let (f, leaves) = (self.signature.id, real_leaves(&self.session.module.graph, variables));
        let gradient = self.derive(mode, |d| d.value_and_gradient(f, &leaves))?;
        let derived = self.derive(mode, |d| d.hvp_function(f, &leaves))?;
        let values = self.run(derived, &tangents, gradient)?;
        let mut values = self.derivatives(derived, values, 0, |real, _| real[0].clone())?.into_iter();
        Ok(by_variable(variables, &mut || Datum::Leaf(values.next().expect("one for each leaf"))))
    }

    fn vjp(&mut self, variables: &[Variable], seed: Option<&str>) -> Result<Vec<(String, Datum)>> {
        let (f, leaves) = (self.signature.id, real_leaves(&self.session.module.graph, variables));
        let result = self.signature.result.clone();
        let seeds = match (seed, &result) {
            (Some(text), ty) => {
                let datum = value_of(self.session, "seed", ty, &Given::Text(text.to_string()))?;
                let mut flat = Vec::new();
                datum.into_flat(&mut flat);
                flat.into_iter().zip(ty.leaves()).filter(|(_, (_, ty))| is_real(ty)).map(|(v, _)| v).collect()
            }
            (None, Ty::Real) => vec![Value::Real(1.0)],
            (None, _) => {
                bail!("`{}` has several results: say how much each matters with --seed", self.signature.name)
            }
        };
        let derived = self.derive(Mode::Reverse, |d| d.vjp_function(f, &leaves))?;
        let values = self.run(derived, &seeds, f)?;
        // A cotangent has a part of every result.
        let of = |real: &[Value], _: usize| {
            Value::Real(if real.iter().any(notes::is_undefined) { f64::NAN } else { 0.0 })
        };
        let mut values = self.derivatives(derived, values, 0, of)?.into_iter();
        Ok(by_variable(variables, &mut || Datum::Leaf(values.next().expect("one for each leaf"))))
    }

    fn orders(&mut self, variables: &[Variable], order: u32, mode: Mode) -> Result<(Datum, Vec<Datum>)> {
        self.scalar_result("derivatives of higher order")?;
        let [Variable { ty: Ty::Real, leaves, .. }] = variables else {
            bail!("--order is for one real variable: choose it with --wrt, or ask for --what hess");
        };
        let (f, x) = (self.signature.id, leaves[0]);
        let before = self.derive(mode, |d| d.orders_function(f, x, order as usize - 1))?;
        let derived = self.derive(mode, |d| d.orders_function(f, x, order as usize))?;
        let values = self.run(derived, &[], before)?;
        let value = Datum::Leaf(values[0].clone());
        self.results.get_or_insert_with(|| values[..1].to_vec());
        let derivatives = self.derivatives(derived, values, 1, |real, _| real[0].clone())?;
        Ok((value, derivatives.into_iter().map(Datum::Leaf).collect()))
    }
}

/// The real leaves of all variables.
pub fn real_leaves(graph: &crate::core::Graph, variables: &[Variable]) -> Vec<VarId> {
    variables
        .iter()
        .flat_map(|v| v.leaves.iter().copied())
        .filter(|&leaf| graph.var(leaf).ty.is_real())
        .collect()
}

/// For each variable a value of its structure, from one for each real leaf.
fn by_variable(variables: &[Variable], next: &mut dyn FnMut() -> Datum) -> Vec<(String, Datum)> {
    variables.iter().map(|v| (v.name.clone(), shaped(&v.ty, next))).collect()
}

/// A value of the structure of a type, from one for each real leaf; other leaves are 0.
fn shaped(ty: &Ty, next: &mut dyn FnMut() -> Datum) -> Datum {
    match ty {
        Ty::Tuple(parts) => Datum::Tuple(parts.iter().map(|part| shaped(part, next)).collect()),
        Ty::Record(fields) => {
            Datum::Record(fields.iter().map(|(name, field)| (name.clone(), shaped(field, next))).collect())
        }
        leaf if is_real(leaf) => next(),
        Ty::Real | Ty::Int | Ty::Bool | Ty::Array { .. } | Ty::Function(..) | Ty::Error => {
            Datum::Leaf(Value::Int(0))
        }
    }
}
