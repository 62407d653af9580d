//! `check --range`: samples a range of arguments for places where double arithmetic loses digits.

use super::certainty::{self, FEW_DIGITS};
use super::derive::{Deriver, Mode};
use super::evaluate::{global_values, value_of};
use super::plan::real_leaves;
use super::point::Given;
use super::{Session, suggestion};
use crate::block;
use crate::check::{Signature, Ty};
use crate::core::FnId;
use crate::eval::certain::{Effort, Entry, Finding, Loss};
use crate::eval::{Limits, Value};
use crate::refuse;
use crate::session::datum::{Datum, number};
use crate::syntax::diagnostic::Code;
use anyhow::Result;
use std::fmt::Write;

/// Points that are tried.
const POINTS: usize = 240;

/// Points of several variables that are tried beside these, with nearly equal values.
const NEAR: usize = 96;

/// What a certain run at one point may cost.
const EFFORT: Effort = Effort { most_bits: 4096, work: 8_000_000 };

/// A variable and the ends of its range.
struct Range {
    name: String,
    low: f64,
    high: f64,
}

/// A place that loses digits.
struct Weakness {
    place: String,
    count: usize,
    fewest: f64,
    what: String,
    /// The point that was counted last.
    last: String,
}

/// What was found, and how many points were tried.
pub struct Losing {
    function: String,
    found: Vec<Weakness>,
    tried: usize,
    unsure: usize,
    reason: String,
}

impl Losing {
    pub fn passed(&self) -> bool {
        self.found.is_empty()
    }

    pub fn text(&self) -> String {
        let mut text = String::new();
        for finding in &self.found {
            let _ = writeln!(
                text,
                "{}\n  {} of {} points, the worst {}",
                finding.place, finding.count, self.tried, finding.what
            );
        }
        if self.unsure > 0 {
            let _ =
                writeln!(text, "{} of {} points are not certain: {}", self.unsure, self.tried, self.reason);
        }
        let state = match self.found.len() {
            0 => "no place loses digits".to_string(),
            1 => "1 place loses digits".to_string(),
            n => format!("{n} places lose digits"),
        };
        let _ = writeln!(text, "{}: {state}, {} points tried", self.function, self.tried);
        text
    }
}

/// The ranges of arguments like `x=0..1`.
fn ranges(session: &mut Session, given: &[(String, Given)]) -> Result<Vec<Range>> {
    let mut found = Vec::new();
    for (name, given) in given {
        let Given::Text(text) = given else {
            refuse!(Code::Range, "the range of `{name}` is to be LOW..HIGH")
        };
        let Some((low, high)) = text.split_once("..") else {
            refuse!(Code::Range, "`{name}={text}` is no range: write {name}=LOW..HIGH, such as {name}=0..1");
        };
        let mut end = |text: &str| -> Result<f64> {
            let datum = value_of(session, name, &Ty::Real, &Given::Text(text.trim().to_string()))?;
            Ok(datum.entries().first().map_or(f64::NAN, |(_, x)| *x))
        };
        let (low, high) = (end(low)?, end(high)?);
        if !(low.is_finite() && high.is_finite() && low <= high) {
            refuse!(Code::Range, "the range {name}={text} is empty or not finite");
        }
        found.push(Range { name: name.clone(), low, high });
    }
    Ok(found)
}

/// Tries points of the ranges; parameters without a range have their value from `at`.
pub fn losing(
    session: &mut Session,
    function: Option<&str>,
    given: &[(String, Given)],
    at: &[(String, Given)],
    limits: Limits,
) -> Result<Losing> {
    let signature = session.function(function)?;
    let ranges = ranges(session, given)?;
    let names: Vec<&str> = signature.params.iter().map(|(name, _)| name.as_str()).collect();
    for name in given.iter().chain(at).map(|(name, _)| name) {
        if !names.contains(&name.as_str()) {
            refuse!(
                Code::NoSuchVariable,
                "`{}` has no parameter `{name}`{}",
                signature.name,
                suggestion(name, &names)
            );
        }
    }
    let (f, labels) = target(session, &signature, &ranges)?;
    let globals = global_values(session, &signature, &[])?;
    let procedures = block::procedures(&mut session.module.graph, &[f]);
    let mut losing = Losing {
        function: signature.name.clone(),
        found: Vec::new(),
        tried: 0,
        unsure: 0,
        reason: String::new(),
    };
    for point in points(&ranges) {
        let Some(args) = arguments(session, &signature, &ranges, &point, at)? else { continue };
        let mut flat = Vec::new();
        args.iter().cloned().for_each(|datum| datum.into_flat(&mut flat));
        flat.extend(globals.iter().cloned());
        // Where the program stops with an error there is nothing to compare.
        let Ok((doubles, outcome)) = certainty::both(session, &procedures, f, &flat, limits, EFFORT) else {
            continue;
        };
        losing.tried += 1;
        let call: Vec<String> = args.iter().map(Datum::text).collect();
        let call = format!("{}({})", signature.name, call.join(", "));
        let mut known = true;
        for ((label, double), finding) in labels.iter().zip(&doubles).zip(&outcome.results) {
            let Finding::Reals(entries) = finding else { continue };
            for (i, entry) in entries.iter().enumerate() {
                let double = super::datum::numbers(double).get(i).copied().unwrap_or(f64::NAN);
                known &= losing.look(session, entry, double, &call, label);
            }
        }
        if !known {
            losing.unsure += 1;
            losing.reason = certainty::reason(session, &outcome);
        }
    }
    if losing.tried == 0 {
        refuse!(Code::Range, "`{}` stops with an error at every point of the range", signature.name);
    }
    Ok(losing)
}

impl Losing {
    /// Takes a result in; whether it is certain.
    fn look(&mut self, session: &Session, entry: &Entry, double: f64, call: &str, label: &str) -> bool {
        let Some(digits) = certainty::digits(entry) else { return entry.certain.is_some() };
        if digits >= FEW_DIGITS {
            return true;
        }
        let place = match &entry.loss {
            Some(Loss { origin, .. }) => certainty::quoted(session, *origin),
            None => format!("`{}`", self.function),
        };
        let truth = number(entry.certain.unwrap_or(f64::NAN));
        let count = match digits {
            0.0 => "no digit".to_string(),
            1.0 => "1 digit".to_string(),
            _some => format!("{digits} digits"),
        };
        let what = format!("at {call}: {label} is {}, truly {truth}: {count} right", number(double));
        match self.found.iter_mut().find(|finding| finding.place == place) {
            Some(finding) => {
                if finding.last != call {
                    finding.count += 1;
                    finding.last = call.to_string();
                }
                if digits < finding.fewest {
                    (finding.fewest, finding.what) = (digits, what);
                }
            }
            None => {
                self.found.push(Weakness { place, count: 1, fewest: digits, what, last: call.to_string() })
            }
        }
        true
    }
}

/// The function with its gradient by the variables of the ranges, where it has one, and what its
/// results are called.
fn target(session: &mut Session, signature: &Signature, ranges: &[Range]) -> Result<(FnId, Vec<String>)> {
    let f = &signature.name;
    let names: Vec<String> = ranges.iter().map(|range| range.name.clone()).collect();
    let variables = session.variables(signature, &names)?;
    if signature.result != Ty::Real || variables.iter().any(|v| v.ty != Ty::Real) {
        let count = signature.result.leaves().len();
        return Ok((signature.id, vec!["the value".into(); count]));
    }
    let leaves = real_leaves(&session.module.graph, &variables);
    let forms = session.forms;
    let module = &mut session.module;
    let mut deriver =
        Deriver { graph: &mut module.graph, rules: &mut module.partials, mode: Mode::Auto, forms };
    let derived = deriver.value_and_gradient(signature.id, &leaves);
    let derived = derived.map_err(|unknown| session.unknown(&unknown))?;
    let labels = std::iter::once("the value".to_string());
    Ok((derived, labels.chain(variables.iter().map(|v| format!("∂{f}/∂{}", v.name))).collect()))
}

/// A value for each parameter.
fn arguments(
    session: &mut Session,
    signature: &Signature,
    ranges: &[Range],
    point: &[f64],
    at: &[(String, Given)],
) -> Result<Option<Vec<Datum>>> {
    let mut args = Vec::new();
    for (name, ty) in signature.params.iter() {
        let range = ranges.iter().position(|range| range.name == *name);
        let given = at.iter().find(|(known, _)| known == name);
        args.push(match (range, given, ty) {
            (Some(i), _, Ty::Real) => Datum::Leaf(Value::Real(point[i])),
            (Some(i), _, Ty::Int) => Datum::Leaf(Value::Int(point[i].round() as i64)),
            (Some(_), ..) => {
                refuse!(Code::Range, "`{name}` is no number, so it has no range; give it with --at {name}=…")
            }
            (None, Some((_, given)), ty) => value_of(session, name, ty, given)?,
            (None, None, _) => {
                refuse!(Code::Range, "no range for `{name}`: add --range {name}=LOW..HIGH or --at {name}=…")
            }
        });
    }
    Ok(Some(args))
}

/// Points of the ranges: the ends, 0 and 1, what is next to them, and what lies between evenly or
/// by orders of magnitude; several variables in different orders, so that they meet in many ways.
fn points(ranges: &[Range]) -> Vec<Vec<f64>> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize
    };
    let mut columns: Vec<Vec<f64>> = ranges.iter().map(candidates).collect();
    let count = columns.iter().map(Vec::len).max().unwrap_or(0);
    for column in columns.iter_mut().skip(1) {
        for i in (1..column.len()).rev() {
            column.swap(i, random() % (i + 1));
        }
    }
    let mixed = (0..count).map(|i| columns.iter().map(|column| column[i % column.len()]).collect());
    let mut all: Vec<Vec<f64>> = mixed.collect();
    if let [first, rest @ ..] = ranges
        && !rest.is_empty()
    {
        // Variables that are nearly equal, or nearly opposite.
        for i in 0..NEAR {
            let x = first.low + (first.high - first.low) * (i as f64 + 0.5) / NEAR as f64;
            let factor = 1.0 + 10.0_f64.powi(-(i as i32 % 16));
            let near = |range: &Range| {
                let y = if i % 3 == 2 { -x * factor } else { x * factor };
                y.clamp(range.low, range.high)
            };
            all.push(std::iter::once(x).chain(rest.iter().map(near)).collect());
        }
    }
    all
}

/// The numbers that one variable takes.
fn candidates(range: &Range) -> Vec<f64> {
    let (low, high) = (range.low, range.high);
    let mut all = vec![low, high];
    let mut add = |x: f64| {
        if (low..=high).contains(&x) && !all.contains(&x) {
            all.push(x);
        }
    };
    // By orders of magnitude about the ends and the numbers where functions are special.
    for center in [low, high, 0.0, 1.0, -1.0] {
        add(center);
        let size =
            if center == 0.0 { high.abs().max(low.abs()) } else { center.abs().max((high - low) / 2.0) };
        for k in 1..=18 {
            let step = size * 10.0_f64.powi(-k);
            add(center + step);
            add(center - step);
        }
    }
    let even = POINTS.saturating_sub(all.len()).max(20);
    for i in 0..even {
        let part = (i as f64 + 0.5) / even as f64;
        all.push(low + (high - low) * part);
    }
    all
}
