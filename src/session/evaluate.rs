//! `eval`: the value of a function and its derivatives at a point.

use super::certainty::{Certainty, Pass, Runs};
use super::datum::Datum;
use super::derive::Mode;
use super::notes::{self, Note, Run, Watch};
use super::plan::Plan;
use super::point::{self, Given};
use super::refusal::refusal;
use super::{Session, suggestion};
use crate::check::{self, Signature, Ty};
use crate::core::FnId;
use crate::eval::{Fault, Limits, Value};
use crate::refuse;
use crate::syntax::diagnostic::Code;
use crate::syntax::parse::parse_expression;
use crate::syntax::tree::Tree;
use anyhow::Result;
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
    HessDiag,
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
    pub hess_diag: Option<Vec<(String, Datum)>>,
    pub hvp: Option<Vec<(String, Datum)>>,
    pub vjp: Option<Vec<(String, Datum)>>,
    pub jvp: Option<Datum>,
    pub notes: Vec<Note>,
    /// Where asked for: then the report itself has the certain results.
    pub certainty: Option<Certainty>,
}

impl Report {
    /// A report in which nothing is found yet.
    pub fn new(function: &str) -> Report {
        Report {
            function: function.to_string(),
            at: Vec::new(),
            value: None,
            orders: None,
            grad: None,
            jac: None,
            hess: None,
            hess_diag: None,
            hvp: None,
            vjp: None,
            jvp: None,
            notes: Vec::new(),
            certainty: None,
        }
    }
}

/// Evaluates what was asked.
pub fn evaluate(session: &mut Session, request: &Request) -> Result<Report> {
    let signature = session.function(request.function.as_deref())?;
    let at = at_point(session, &signature, &request.at)?;
    let mut args = Vec::new();
    at.iter().cloned().for_each(|(_, datum)| datum.into_flat(&mut args));
    args.extend(global_values(session, &signature, &request.set)?);
    let plan = Plan::new(session, signature, request)?;
    let (limits, mut runs) = (request.limits, request.digits.then(Runs::default));
    let (mut plain, results) = report(session, &plan, &args, limits, &mut runs)?;
    let run = Run {
        plan: &plan,
        args: &args,
        results: &results,
        entries: &entries(&plain),
        limits: request.limits,
    };
    plain.notes = notes::notes(session, &run);
    plain.at = at.clone();
    if runs.is_none() {
        return Ok(plain);
    }
    // The same report again, of the certain values and of the digits that go with them.
    let mut again = |pass: Pass| -> Result<Report> {
        runs.iter_mut().for_each(|runs| runs.replay(pass));
        let (report, _) = report(session, &plan, &args, limits, &mut runs)?;
        Ok(Report { at: at.clone(), ..report })
    };
    let mut report = again(Pass::Certain)?;
    let digits = again(Pass::Digits)?;
    let Some(runs) = runs else { return Ok(report) };
    report.notes = plain.notes.clone();
    report.notes.extend(runs.notes(session));
    let (uncertain, double, digits) = (runs.reason(session), Box::new(plain), Box::new(digits));
    report.certainty = Some(Certainty { double, digits, uncertain });
    Ok(report)
}

/// All that the plan gives at a point, and the results of the function itself.
fn report(
    session: &mut Session,
    plan: &Plan,
    args: &[Value],
    limits: Limits,
    runs: &mut Option<Runs>,
) -> Result<(Report, Vec<Value>)> {
    let outcome = plan.run(args, &mut |f, args| match runs {
        Some(runs) => runs.run(session, f, args, limits),
        None => run(session, f, args, limits),
    })?;
    let mut report = Report::new(&plan.signature.name);
    plan.report(outcome.steps, &mut report);
    Ok((report, outcome.results))
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
    for (x, datum) in report.hess_diag.iter().flatten() {
        add(&format!("∂²{f}/∂{x}²"), datum);
    }
    report.jvp.iter().for_each(|datum| add(&format!("{f}_dot"), datum));
    report.vjp.iter().flatten().for_each(|(x, datum)| add(&format!("{x}_bar"), datum));
    report.hvp.iter().flatten().for_each(|(x, datum)| add(&format!("(H·dir).{x}"), datum));
    all
}

/// Whether values are given for parameters alone.
pub fn verify_names(session: &Session, signature: &Signature, given: &[(String, Given)]) -> Result<()> {
    let names: Vec<&str> = signature.params.iter().map(|(name, _)| name.as_str()).collect();
    let known: HashSet<&str> = names.iter().copied().collect();
    if let Some((extra, _)) = given.iter().find(|(name, _)| !known.contains(name.as_str())) {
        let set = session.module.globals.iter().any(|g| g.name == *extra);
        let help = if set {
            format!("; it is a `param`: give it with --set {extra}=…")
        } else {
            suggestion(extra, &names)
        };
        refuse!(Code::NoSuchVariable, "`{}` has no parameter `{extra}`{help}", signature.name);
    }
    Ok(())
}

/// A value for each parameter, in order.
pub fn at_point(
    session: &mut Session,
    signature: &Signature,
    given: &[(String, Given)],
) -> Result<Vec<(String, Datum)>> {
    verify_names(session, signature, given)?;
    let mut values: HashMap<&str, &Given> = HashMap::new();
    for (name, value) in given {
        values.entry(name).or_insert(value);
    }
    let mut at = Vec::new();
    for (name, ty) in signature.params.iter() {
        let Some(value) = values.get(name.as_str()) else {
            refuse!(Code::NoValue, "no value for `{name}` of `{}`: add --at {name}=…", signature.name);
        };
        at.push((name.clone(), value_of(session, name, ty, value)?));
    }
    Ok(at)
}

/// A given value as a value of a type.
pub fn value_of(session: &mut Session, name: &str, ty: &Ty, given: &Given) -> Result<Datum> {
    let wrong = |error: anyhow::Error| {
        refusal(Code::ValueDoesNotFit, format!("the value of `{name}` does not fit: {error:#}"))
    };
    let text = match given {
        // `x: pi/2` in a file.
        Given::Data(serde_json::Value::String(text)) => text,
        Given::Data(data) => return point::typed(ty, data).map_err(wrong),
        Given::Text(text) => text,
    };
    let mut tree = Tree::default();
    let source = format!("value of {name}");
    let ast =
        parse_expression(&mut tree, &source, text).map_err(|errors| super::Invalid::at(&tree, &errors))?;
    if let Some(data) = point::literal(&tree, ast) {
        return point::typed(ty, &data).map_err(wrong);
    }
    let f = check::lower_constant(&mut session.module, &tree, ast, ty)
        .map_err(|errors| super::Invalid::at(&tree, &errors))?;
    let values = run(session, f, &[], Limits::default())?;
    Ok(Datum::from_flat(ty, &mut values.into_iter()))
}

/// The values of the `param`s that the function uses, flat.
pub fn global_values(
    session: &mut Session,
    signature: &Signature,
    set: &[(String, Given)],
) -> Result<Vec<Value>> {
    verify_params(session, set)?;
    let mut values = Vec::new();
    for &at in &signature.globals {
        values.extend(global_value(session, at, set)?);
    }
    Ok(values)
}

/// Whether values are given for `param`s alone.
pub fn verify_params(session: &Session, set: &[(String, Given)]) -> Result<()> {
    let known: Vec<&str> = session.module.globals.iter().map(|g| g.name.as_str()).collect();
    match set.iter().find(|(name, _)| !known.contains(&name.as_str())) {
        Some((name, _)) => {
            refuse!(Code::NoSuchVariable, "there is no `param` named `{name}`{}", suggestion(name, &known))
        }
        None => Ok(()),
    }
}

/// The value of the `param` with this number, flat: as it is set, else that of the file.
pub fn global_value(session: &mut Session, at: usize, set: &[(String, Given)]) -> Result<Vec<Value>> {
    let global = session.module.globals[at].clone();
    if let Some((name, given)) = set.iter().find(|(name, _)| *name == global.name) {
        let mut values = Vec::new();
        value_of(session, name, &global.ty, given)?.into_flat(&mut values);
        return Ok(values);
    }
    let types = global.default.iter().map(|&e| session.module.graph.ty(e)).collect();
    let f = session.module.graph.declare(&global.name, Vec::new(), types, crate::core::Origin::Source);
    session.module.graph.define(f, global.default);
    run(session, f, &[], Limits::default())
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
