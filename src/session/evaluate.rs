//! `eval`: the value of a function and its derivatives at a point.

use super::certainty::{Certainty, Pass, Runs};
use super::datum::Datum;
use super::derive::Mode;
use super::evaluation::Evaluation;
use super::notes::{Note, Watch};
use super::point::{self, Given};
use super::{Session, Variable, is_real, suggestion};
use crate::check::{self, Signature, Ty};
use crate::core::FnId;
use crate::eval::{Fault, Limits, Value};
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
    /// Whether to find certain results, and how many digits of plain ones are right.
    pub digits: bool,
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
    /// Where asked for: then the report itself has the certain results.
    pub certainty: Option<Certainty>,
}

/// Evaluates what was asked.
pub fn evaluate(session: &mut Session, request: &Request) -> Result<Report> {
    let signature = session.function(request.function.as_deref())?;
    let at = at_point(session, &signature, &request.at)?;
    let mut args = Vec::new();
    at.iter().cloned().for_each(|(_, datum)| datum.into_flat(&mut args));
    args.extend(global_values(session, &signature, &request.set)?);
    let runs = request.digits.then(Runs::default);
    let mut evaluation = Evaluation::new(session, signature, args, request.limits, runs);
    let plain = evaluation.report(request, &at)?;
    if evaluation.runs.is_none() {
        return Ok(plain);
    }
    // The same report again, of the certain values and of the digits that go with them.
    let mut report = evaluation.again(Pass::Certain, request, &at)?;
    let digits = evaluation.again(Pass::Digits, request, &at)?;
    let Evaluation { session, runs: Some(runs), .. } = evaluation else { return Ok(report) };
    report.notes = plain.notes.clone();
    report.notes.extend(runs.notes(session));
    let (uncertain, double, digits) = (runs.reason(session), Box::new(plain), Box::new(digits));
    report.certainty = Some(Certainty { double, digits, uncertain });
    Ok(report)
}

impl Evaluation<'_> {
    /// The report of other values of the same runs.
    fn again(&mut self, pass: Pass, request: &Request, at: &[(String, Datum)]) -> Result<Report> {
        self.replay(pass);
        self.report(request, at)
    }

    /// All that was asked, from the runs of the functions that give it.
    fn report(&mut self, request: &Request, at: &[(String, Datum)]) -> Result<Report> {
        let variables = self.session.variables(&self.signature, &request.wrt)?;
        let mut report = Report {
            function: self.signature.name.clone(),
            at: at.to_vec(),
            value: None,
            orders: None,
            grad: None,
            jac: None,
            hess: None,
            hvp: None,
            vjp: None,
            jvp: None,
            notes: Vec::new(),
            certainty: None,
        };
        if let Some(order) = request.order {
            let (value, derivatives) = self.orders(&variables, order, request.mode)?;
            report.value = Some(value);
            report.orders = Some((variables[0].name.clone(), derivatives));
            self.note(&variables, &mut report)?;
            return Ok(report);
        }
        let what = default_what(&self.signature, &variables, &request.what);
        for what in what {
            match what {
                What::Value => report.value = Some(self.value()?),
                What::Grad => report.grad = Some(self.gradient(&variables, request.mode)?),
                What::Jac => report.jac = Some(self.jacobian(&variables, request.mode)?),
                What::Hess => report.hess = Some(self.hessian(&variables, request.mode)?),
                What::Jvp => {
                    let dir = directions(self.session, &variables, &self.args_of(&variables), &request.dir)?;
                    report.jvp = Some(self.jvp(&variables, dir)?);
                }
                What::Hvp => {
                    let dir = directions(self.session, &variables, &self.args_of(&variables), &request.dir)?;
                    report.hvp = Some(self.hvp(&variables, dir, request.mode)?);
                }
                What::Vjp => report.vjp = Some(self.vjp(&variables, request.seed.as_deref())?),
            }
        }
        self.note(&variables, &mut report)?;
        Ok(report)
    }
}

/// The derivatives of a report with their names.
pub fn entries(report: &Report) -> Vec<(String, f64)> {
    let f = &report.function;
    let mut all: Vec<(String, f64)> = Vec::new();
    let mut add = |name: &str, datum: &Datum| {
        all.extend(datum.entries().into_iter().map(|(path, x)| (format!("{name}{path}"), x)));
    };
    for (x, datum) in report.grad.iter().chain(&report.jac).flatten() {
        add(&format!("∂{f}/∂{x}"), datum);
    }
    for (x, row) in report.hess.iter().flatten() {
        let Datum::Record(columns) = row else { continue };
        for (y, datum) in columns {
            let below = if x == y { format!("∂{x}²") } else { format!("∂{x}∂{y}") };
            add(&format!("∂²{f}/{below}"), datum);
        }
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
pub fn at_point(
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
pub fn global_values(
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
) -> Result<(), Fault> {
    let procedures = session.scheduler.procedures(&mut session.module.graph, &[f]);
    session.machine.add(&procedures);
    session.machine.limits = limits;
    let watched = watch(&mut session.machine, &|machine| machine.run(f, args).map(drop));
    session.machine.unwatch();
    watched
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
