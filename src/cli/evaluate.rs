//! `zgrad eval`: results as text that reads like maths, as JSON, YAML or CSV.

use super::args::{self, Eval, Format};
use super::{Answer, entries, points, tell};
use crate::eval::{Limits, Value};
use crate::refuse;
use crate::session::certainty::Certainty;
use crate::session::columns;
use crate::session::datum::{Datum, object};
use crate::session::derive::Mode;
use crate::session::evaluate::{Report, Request, What, evaluate};
use crate::session::{output, point};
use crate::syntax::diagnostic::Code;
use crate::syntax::message::Look;
use anyhow::Result;
use serde_json::Value as Json;

pub fn run(args: &Eval, look: Look) -> Result<Answer> {
    let request = request(args)?;
    if let Some(file) = &args.points {
        return points::run(args, file, &request, look);
    }
    let mut session = super::open(&args.input.file, args.taken.forms())?;
    if !args.quiet {
        tell(&session.warnings(), look);
    }
    if args.sparse {
        return entries::run(args, &request, &mut session, look);
    }
    let report = evaluate(&mut session, &request)?;
    if !args.quiet {
        let notes: Vec<_> = report.notes.iter().map(|note| note.report.clone()).collect();
        tell(&notes, look);
    }
    let text = match args.format.unwrap_or(Format::Text) {
        Format::Text => text(&report),
        Format::Json => format!("{}\n", json(&report)),
        Format::Yaml => serde_yaml::to_string(&json(&report))?,
        Format::Csv => table(&report, ','),
        Format::Tsv => table(&report, '\t'),
        Format::Jsonl => format!("{}\n", line(&report)),
    };
    output::write(args.input.output.as_deref(), &text)?;
    Ok(if args.strict && !report.notes.is_empty() { Answer::No } else { Answer::Done })
}

fn request(args: &Eval) -> Result<Request> {
    let asked_for = |any: &[args::What]| args.what.iter().any(|what| any.contains(what));
    if !args.dir.is_empty() && !asked_for(&[args::What::Jvp, args::What::Hvp]) {
        refuse!(Code::Question, "--dir is the direction of --what jvp or --what hvp, which is not asked for");
    }
    if args.seed.is_some() && !asked_for(&[args::What::Vjp]) {
        refuse!(Code::Question, "--seed is the cotangent of --what vjp, which is not asked for");
    }
    Ok(Request {
        function: args.point.function.clone(),
        at: point::assignments(&args.point.at)?,
        set: point::assignments(&args.point.set)?,
        wrt: args.wrt.clone(),
        what: args.what.iter().map(|&what| asked(what)).collect(),
        dir: point::assignments(&args.dir)?,
        seed: args.seed.clone(),
        order: args.order,
        mode: match args.mode {
            args::Mode::Auto => Mode::Auto,
            args::Mode::Forward => Mode::Forward,
            args::Mode::Reverse => Mode::Reverse,
        },
        digits: args.digits,
        limits: limits(&args.limits),
    })
}

/// The limits that the command line gives.
pub fn limits(args: &args::Limits) -> Limits {
    let memory = usize::try_from(args.max_memory << 20).unwrap_or(usize::MAX);
    Limits { steps: args.max_steps, memory, ..Limits::default() }
}

fn asked(what: args::What) -> What {
    match what {
        args::What::Value => What::Value,
        args::What::Grad => What::Grad,
        args::What::Jac => What::Jac,
        args::What::Hess => What::Hess,
        args::What::Jvp => What::Jvp,
        args::What::Vjp => What::Vjp,
        args::What::Hvp => What::Hvp,
        args::What::HessDiag => What::HessDiag,
    }
}

/// A value in an argument list: large arrays by their name.
fn argument(name: &str, datum: &Datum) -> String {
    let text = datum.text();
    if text.len() > 40 { name.to_string() } else { text }
}

fn text(report: &Report) -> String {
    let shown = lines(report);
    let Some(Certainty { double, digits, uncertain }) = &report.certainty else {
        return shown.iter().map(|(left, datum)| format!("{left} = {}\n", datum.text())).collect();
    };
    let (double, digits) = (lines(double), lines(digits));
    // Reports of one evaluation have the same lines.
    let both = shown.iter().zip(double.iter().zip(&digits));
    both.map(|((left, datum), ((_, double), (_, digits)))| {
        format!("{left} = {}   ({})\n", datum.text(), compared(double, digits, uncertain))
    })
    .collect()
}

/// What plain arithmetic has right of a line.
fn compared(double: &Datum, digits: &Datum, uncertain: &str) -> String {
    let counts: Vec<f64> = digits.entries().into_iter().map(|(_, count)| count).collect();
    if counts.iter().any(|count| count.is_nan()) {
        return uncertain.to_string();
    }
    let fewest = counts.iter().copied().fold(16.0, f64::min);
    if fewest == 16.0 {
        return "double arithmetic: the same".to_string();
    }
    let right = match (fewest, counts.len()) {
        (0.0, 1) => "no digit right".to_string(),
        (1.0, 1) => "1 digit right".to_string(),
        (_, 1) => format!("{fewest} digits right"),
        (0.0, _) => "somewhere no digit right".to_string(),
        (_, _) => format!("at least {fewest} digits right"),
    };
    format!("double arithmetic: {}; {right}", double.text())
}

/// Each result with what stands left of its equals sign.
fn lines(report: &Report) -> Vec<(String, &Datum)> {
    let f = &report.function;
    let point: Vec<String> = report.at.iter().map(|(name, datum)| argument(name, datum)).collect();
    let point = point.join(", ");
    let mut lines = Vec::new();
    if let Some(value) = &report.value {
        let call = if report.at.is_empty() { f.clone() } else { format!("{f}({point})") };
        lines.push((call, value));
    }
    if let Some((x, derivatives)) = &report.orders {
        for (order, derivative) in (1..).zip(derivatives) {
            let left = if order == 1 {
                format!("∂{f}/∂{x}")
            } else {
                format!("∂{0}{f}/∂{x}{0}", superscript(order))
            };
            lines.push((left, derivative));
        }
    }
    for (x, datum) in report.grad.iter().chain(&report.jac).flatten() {
        lines.push((format!("∂{f}/∂{x}"), datum));
    }
    for (x, y, datum) in columns::second(report) {
        let below = if x == y { format!("∂{x}²") } else { format!("∂{x}∂{y}") };
        lines.push((format!("∂²{f}/{below}"), datum));
    }
    for (x, datum) in report.hess_diag.iter().flatten() {
        lines.push((format!("∂²{f}/∂{x}²"), datum));
    }
    if let Some(jvp) = &report.jvp {
        lines.push((format!("{f}_dot"), jvp));
    }
    for (x, datum) in report.vjp.iter().flatten() {
        lines.push((format!("{x}_bar"), datum));
    }
    for (x, datum) in report.hvp.iter().flatten() {
        lines.push((format!("(H·dir).{x}"), datum));
    }
    lines
}

fn superscript(order: usize) -> String {
    let digits = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    order.to_string().bytes().map(|b| digits[usize::from(b - b'0')]).collect()
}

/// The report as one object.
pub fn json(report: &Report) -> Json {
    let members =
        |list: &[(String, Datum)]| object(list.iter().map(|(name, datum)| (name.clone(), datum.json())));
    let mut all = vec![
        ("function".to_string(), Json::String(report.function.clone())),
        ("at".to_string(), members(&report.at)),
    ];
    let mut add = |key: &str, value: Option<Json>| all.extend(value.map(|value| (key.to_string(), value)));
    add("value", report.value.as_ref().map(Datum::json));
    add("grad", report.grad.as_deref().map(members));
    add("jac", report.jac.as_deref().map(members));
    add("hess", report.hess.as_deref().map(members));
    add("jvp", report.jvp.as_ref().map(Datum::json));
    add("vjp", report.vjp.as_deref().map(members));
    add("hess_diag", report.hess_diag.as_deref().map(members));
    add("hvp", report.hvp.as_deref().map(members));
    add(
        "orders",
        report.orders.as_ref().map(|(_, list)| Json::Array(list.iter().map(Datum::json).collect())),
    );
    add("digits", report.certainty.as_ref().map(|c| known(results(&c.digits))));
    add("double", report.certainty.as_ref().map(|c| results(&c.double)));
    add(
        "notes",
        Some(Json::Array(report.notes.iter().map(|note| Json::String(note.line.clone())).collect())),
    );
    object(all)
}

/// The results of a report alone.
fn results(report: &Report) -> Json {
    let Json::Object(members) = json(report) else { return Json::Null };
    let results = members.into_iter().filter(|(key, _)| !["function", "at", "notes"].contains(&key.as_str()));
    object(results)
}

/// `NaN` as null.
fn known(value: Json) -> Json {
    match value {
        Json::String(text) if text == "NaN" => Json::Null,
        Json::Array(items) => Json::Array(items.into_iter().map(known).collect()),
        Json::Object(members) => object(members.into_iter().map(|(key, value)| (key, known(value)))),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => value,
    }
}

/// A header line and a line of numbers.
fn table(report: &Report, delimiter: char) -> String {
    let mut cells: Vec<(String, Value)> = Vec::new();
    for (name, datum) in named(report) {
        cells.extend(datum.cells().into_iter().map(|(path, value)| (format!("{name}{path}"), value)));
    }
    let quoted = |name: &str| if name.contains(delimiter) { format!("\"{name}\"") } else { name.to_string() };
    let names: Vec<String> = cells.iter().map(|(name, _)| quoted(name)).collect();
    let values: Vec<String> = cells.into_iter().map(|(_, value)| Datum::Leaf(value).text()).collect();
    let delimiter = delimiter.to_string();
    format!("{}\n{}\n", names.join(&delimiter), values.join(&delimiter))
}

/// The point and the results as one object.
fn line(report: &Report) -> Json {
    object(named(report).into_iter().map(|(name, datum)| (name, datum.json())))
}

/// The point and the results under the names of columns.
fn named(report: &Report) -> Vec<(String, &Datum)> {
    let point = report.at.iter().map(|(name, datum)| (name.clone(), datum));
    point.chain(columns::columns(report)).collect()
}
