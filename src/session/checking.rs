//! `check`: the file's own tests, and its derivatives against differences.

use super::evaluate::run;
use super::{Session, Variable, is_real};
use crate::check::{Dim, Signature, Test, Ty};
use crate::core::{Elem, FnId, VarId};
use crate::eval::{Array, Limits, Value};
use crate::session::datum::{Datum, numbers};
use crate::session::derive::{Deriver, Mode};
use crate::syntax::message::{Messages, clipped};
use crate::syntax::tree::Span;
use std::collections::HashMap;
use std::fmt::Write;

/// The relative error that a test without a tolerance may have.
const ROUNDING: f64 = 1e-12;

/// How far a derivative may be from the difference quotient, relative to the largest.
const DIFFERENCE: f64 = 1e-5;

/// What was checked.
#[derive(Debug, Default)]
pub struct Outcome {
    file: String,
    definitions: usize,
    tests: usize,
    derivatives: usize,
    /// Functions for which no point was found where the value is finite.
    skipped: Vec<String>,
    /// How many functions were not compared because the steps ran out.
    omitted: usize,
    failures: Vec<String>,
}

impl Outcome {
    pub fn passed(&self) -> bool {
        self.failures.is_empty()
    }

    /// A line for each failure and one that sums up.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for failure in &self.failures {
            let _ = writeln!(text, "{failure}");
        }
        for name in self.skipped.iter().take(MOST_SKIPPED) {
            let _ = writeln!(
                text,
                "{}: `{}` was not compared with differences: no sample point fits",
                self.file,
                clipped(name)
            );
        }
        if self.skipped.len() > MOST_SKIPPED {
            let more = self.skipped.len() - MOST_SKIPPED;
            let _ = writeln!(text, "{}: nor were {more} more", self.file);
        }
        if self.omitted > 0 {
            let _ = writeln!(
                text,
                "{}: {} not compared with differences: the steps for that ran out (--max-steps)",
                self.file,
                counted(self.omitted, "function"),
            );
        }
        let state = if self.passed() { "ok".to_string() } else { format!("{} failed", self.failures.len()) };
        let _ = writeln!(
            text,
            "{}: {state}: {}, {}, derivatives of {} compared with differences",
            self.file,
            counted(self.definitions, "function"),
            counted(self.tests, "test"),
            counted(self.derivatives, "function"),
        );
        text
    }
}

/// A node that is made for a comparison counts as so many steps: it is derived, simplified, put in
/// order, compiled and run.
const DERIVED: u64 = 700;

/// For each node of a function, about so many are made to compare its derivatives.
const MADE: u64 = 4;

/// A step of a run counts as so many: most are calls.
const RUN: u64 = 8;

/// Fewer steps are not worth looking for a function that they are enough for.
const LEAST: u64 = 10 * MADE * DERIVED;

/// Functions named as not compared; more are counted.
const MOST_SKIPPED: usize = 20;

fn counted(n: usize, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}

/// Checks all that the file says.
pub fn check(session: &mut Session, limits: Limits) -> Outcome {
    let mut outcome = Outcome {
        file: session.tree.files.first().map(|f| f.name.clone()).unwrap_or_default(),
        definitions: session.module.functions.len(),
        ..Outcome::default()
    };
    let mut failures: Vec<(Span, String)> = Vec::new();
    for at in 0..session.module.tests.len() {
        let test = session.module.tests[at].clone();
        outcome.tests += 1;
        if let Err(why) = holds(session, &test, limits) {
            failures.push((test.span, format!("{}: {why}", clipped(test.text.trim()))));
        }
    }
    // All comparisons together take at most the steps that one evaluation may take.
    let mut left = limits.steps;
    for at in 0..session.module.functions.len() {
        if left < LEAST || expected(session, session.module.functions[at].id) > left {
            outcome.omitted += 1;
            continue;
        }
        let signature = session.module.functions[at].clone();
        let before = session.module.graph.len();
        let comparison = compare(session, &signature, limits, &mut left);
        let made = (session.module.graph.len() - before) as u64;
        left = left.saturating_sub(made * DERIVED);
        match comparison {
            Comparison::Agrees => outcome.derivatives += 1,
            Comparison::TooLong => outcome.omitted += 1,
            Comparison::NoPoint => outcome.skipped.push(signature.name),
            Comparison::Nothing => {}
            Comparison::Differs(why) => failures.push((signature.span, why)),
        }
    }
    let mut messages = Messages::new(&session.tree.files);
    for (span, why) in failures {
        let (place, _) = messages.place(span);
        let file = &session.tree.files[span.file as usize].name;
        outcome.failures.push(format!("{file}:{}:{}: {why}", place.line, place.column));
    }
    outcome
}

/// Whether a test holds, or why not.
pub fn holds(session: &mut Session, test: &Test, limits: Limits) -> Result<(), String> {
    let left = values(session, test.left, limits)?;
    let Some(right) = test.right else {
        return match left.first() {
            Some(Value::Bool(true)) => Ok(()),
            _ => Err("does not hold".into()),
        };
    };
    let right = values(session, right, limits)?;
    let tolerance = match test.tolerance {
        Some(f) => values(session, f, limits)?.first().map_or(ROUNDING, |v| numbers(v)[0]),
        None => ROUNDING,
    };
    let (a, b): (Vec<f64>, Vec<f64>) =
        (left.iter().flat_map(numbers).collect(), right.iter().flat_map(numbers).collect());
    let near = |(a, b): (&f64, &f64)| near(*a, *b, tolerance);
    if a.len() == b.len() && a.iter().zip(&b).all(near) {
        return Ok(());
    }
    let shown = |values: Vec<Value>| Datum::from_flat(&test.ty, &mut values.into_iter()).text();
    Err(format!("it is {}, not {}", shown(left), shown(right)))
}

fn values(session: &mut Session, f: FnId, limits: Limits) -> Result<Vec<Value>, String> {
    run(session, f, &[], limits).map_err(|error| error.to_string())
}

fn near(a: f64, b: f64, tolerance: f64) -> bool {
    if a == b || (a.is_nan() && b.is_nan()) {
        return true;
    }
    let scale = if b == 0.0 { 1.0 } else { a.abs().max(b.abs()) };
    (a - b).abs() <= tolerance * scale
}

/// The steps that a comparison of a function is likely to take.
fn expected(session: &Session, f: FnId) -> u64 {
    let graph = &session.module.graph;
    let nodes = graph.reach(&graph.function(f).results).len() as u64;
    nodes.max(1) * MADE * DERIVED
}

enum Comparison {
    Agrees,
    Differs(String),
    /// No real result or no real parameter.
    Nothing,
    NoPoint,
    /// The steps ran out.
    TooLong,
}

/// Compares the derivatives of a function with differences at a few points.
/// `left` is what is left of the steps for all functions.
fn compare(session: &mut Session, signature: &Signature, limits: Limits, left: &mut u64) -> Comparison {
    let variables: Vec<Variable> = match session.variables(signature, &["all".to_string()]) {
        Ok(variables) => variables,
        Err(_) => return Comparison::Nothing,
    };
    let reals = signature.result.leaves().iter().any(|(_, ty)| is_real(ty));
    let leaves = super::plan::real_leaves(&session.module.graph, &variables);
    if leaves.is_empty() || !reals {
        return Comparison::Nothing;
    }
    let forms = session.forms;
    let module = &mut session.module;
    let mut deriver =
        Deriver { graph: &mut module.graph, rules: &mut module.partials, mode: Mode::Auto, forms };
    let derived = match deriver.jvp_function(signature.id, &leaves) {
        Ok(forward) => deriver.vjp_function(signature.id, &leaves).map(|reverse| (forward, reverse)),
        Err(unknown) => Err(unknown),
    };
    let (forward, reverse) = match derived {
        Ok(both) => both,
        Err(unknown) => return Comparison::Differs(unknown.message),
    };
    let limits = Limits { steps: limits.steps.min(10_000_000), depth: limits.depth.min(10_000), ..limits };
    let mut compared = false;
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for _ in 0..12 {
        let Some(args) = sample(session, signature, &mut random) else { return Comparison::NoPoint };
        let mut too_long = false;
        let point = Point { session, signature, leaves: &leaves, limits, left, too_long: &mut too_long };
        match point.compare(&args, forward, reverse, &mut random) {
            None if too_long => return Comparison::TooLong,
            None => continue,
            Some(Ok(())) if compared => return Comparison::Agrees,
            Some(Ok(())) => compared = true,
            Some(Err(why)) => return Comparison::Differs(why),
        }
    }
    if compared { Comparison::Agrees } else { Comparison::NoPoint }
}

/// One comparison.
struct Point<'a> {
    session: &'a mut Session,
    signature: &'a Signature,
    leaves: &'a [VarId],
    limits: Limits,
    left: &'a mut u64,
    /// A run was stopped for the steps that it took.
    too_long: &'a mut bool,
}

impl Point<'_> {
    /// Compares the tangent along a random direction with a difference, and with the cotangents;
    /// nothing when the function is not smooth enough there to tell.
    fn compare(
        mut self,
        args: &[Value],
        forward: FnId,
        reverse: FnId,
        random: &mut Random,
    ) -> Option<Result<(), String>> {
        let params = self.session.module.graph.function(self.signature.id).params.clone();
        let places: HashMap<VarId, usize> = params.iter().copied().zip(0..).collect();
        let at: Vec<usize> = self.leaves.iter().filter_map(|l| places.get(l).copied()).collect();
        let direction: Vec<Value> = at.iter().map(|&at| random.like(&args[at])).collect();
        let base = self.run(self.signature.id, args).ok()?;
        let slope = |h: f64, point: &mut Point| -> Option<Vec<f64>> {
            let mut ends = Vec::new();
            for step in [h, -h, 2.0 * h, -2.0 * h] {
                let mut moved = args.to_vec();
                at.iter().zip(&direction).for_each(|(&at, d)| moved[at] = along(&args[at], d, step));
                let values = point.run(point.signature.id, &moved).ok()?;
                ends.push(values.iter().filter(|v| real(v)).flat_map(numbers).collect::<Vec<f64>>());
            }
            let quotient =
                |i: usize| (8.0 * (ends[0][i] - ends[1][i]) - (ends[2][i] - ends[3][i])) / (12.0 * h);
            Some((0..ends[0].len()).map(quotient).collect())
        };
        let (coarse, fine) = (slope(1e-3, &mut self)?, slope(2.5e-4, &mut self)?);
        let size = fine
            .iter()
            .chain(base.iter().filter(|v| real(v)).flat_map(numbers).collect::<Vec<_>>().iter())
            .fold(1e-3, |m: f64, x| m.max(x.abs()));
        let smooth = coarse.iter().zip(&fine).all(|(a, b)| (a - b).abs() <= 0.1 * DIFFERENCE * size);
        if !smooth || !size.is_finite() {
            return None;
        }
        let tangent_args: Vec<Value> = args.iter().chain(&direction).cloned().collect();
        let tangents = self.run(forward, &tangent_args);
        let tangents: Vec<f64> = match tangents {
            Ok(values) => values[base.len()..].iter().flat_map(numbers).collect(),
            Err(_) if *self.too_long => return None,
            Err(error) => {
                return Some(Err(format!("`{}`: the derivative fails: {error}", self.signature.name)));
            }
        };
        for (tangent, difference) in tangents.iter().zip(&fine) {
            if (tangent - difference).abs() > DIFFERENCE * size || tangent.is_nan() {
                return Some(Err(self.differs("forward mode", args, *tangent, *difference)));
            }
        }
        // ⟨seed, J·direction⟩ = ⟨Jᵀ·seed, direction⟩
        let seeds: Vec<Value> = base.iter().filter(|v| real(v)).map(|v| random.like(v)).collect();
        let expected = inner(&seeds.iter().flat_map(numbers).collect::<Vec<_>>(), &tangents);
        let seeded: Vec<Value> = args.iter().chain(&seeds).cloned().collect();
        let bars = match self.run(reverse, &seeded) {
            Ok(values) => values,
            Err(_) if *self.too_long => return None,
            Err(error) => {
                return Some(Err(format!("`{}`: the pullback fails: {error}", self.signature.name)));
            }
        };
        let got = inner(
            &bars.iter().flat_map(numbers).collect::<Vec<_>>(),
            &direction.iter().flat_map(numbers).collect::<Vec<_>>(),
        );
        if (got - expected).abs() > 1e-9 * (size + expected.abs()) * seeds.len().max(1) as f64 || got.is_nan()
        {
            return Some(Err(self.differs("reverse mode", args, got, expected)));
        }
        Some(Ok(()))
    }

    /// Runs a function, at the cost of the steps that are left.
    fn run(&mut self, f: FnId, args: &[Value]) -> anyhow::Result<Vec<Value>> {
        // What is derived goes a few calls deeper than what it is derived from.
        let depth = if f == self.signature.id { self.limits.depth } else { 2 * self.limits.depth };
        let limits = Limits { steps: self.limits.steps.min(*self.left / RUN), depth, ..self.limits };
        let result = run(self.session, f, args, limits);
        let steps = self.session.machine.steps();
        *self.too_long |= steps > limits.steps;
        *self.left = self.left.saturating_sub(RUN.saturating_mul(steps));
        result
    }

    fn differs(&self, what: &str, args: &[Value], got: f64, expected: f64) -> String {
        let point: Vec<String> = args.iter().map(|v| Datum::Leaf(v.clone()).text()).collect();
        format!(
            "the derivative of `{}` at ({}) by {what} is {got}, a difference quotient gives {expected}",
            self.signature.name,
            point.join(", ")
        )
    }
}

fn inner(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

fn real(value: &Value) -> bool {
    match value {
        Value::Real(_) => true,
        Value::Array(array) => array.elem() == Elem::Real,
        Value::Int(_) | Value::Bool(_) => false,
    }
}

/// `value + step*direction`
fn along(value: &Value, direction: &Value, step: f64) -> Value {
    let (a, d) = (numbers(value), numbers(direction));
    let moved: Vec<f64> = a.iter().zip(&d).map(|(a, d)| a + step * d).collect();
    match value {
        Value::Array(array) => Value::Array(Array::reals(array.shape(), moved)),
        Value::Real(_) | Value::Int(_) | Value::Bool(_) => Value::Real(moved[0]),
    }
}

/// A fixed sequence of numbers: a check gives the same answer every time.
struct Random(u64);

impl Random {
    /// Between 0 and 1.
    fn unit(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Reals of the shape of a value, between -1 and 1.
    fn like(&mut self, value: &Value) -> Value {
        match value {
            Value::Array(array) => {
                let n = array.shape().iter().product();
                Value::Array(Array::reals(array.shape(), (0..n).map(|_| 2.0 * self.unit() - 1.0).collect()))
            }
            Value::Real(_) | Value::Int(_) | Value::Bool(_) => Value::Real(2.0 * self.unit() - 1.0),
        }
    }
}

/// Arguments of the types and sizes that the function wants: sizes of the same name agree.
fn sample(session: &mut Session, signature: &Signature, random: &mut Random) -> Option<Vec<Value>> {
    let mut sizes: HashMap<String, usize> = HashMap::new();
    let mut args = Vec::new();
    for (name, ty) in signature.params.iter() {
        if *ty == Ty::Int {
            sizes.insert(name.clone(), 3);
        }
    }
    for (_, ty) in signature.params.iter() {
        for (_, leaf) in ty.leaves() {
            args.push(sample_leaf(leaf, &mut sizes, random)?);
        }
    }
    for (at, _) in session.globals(signature) {
        let global = session.module.globals[at].clone();
        let types = global.default.iter().map(|&e| session.module.graph.ty(e)).collect();
        let f = session.module.graph.declare(&global.name, Vec::new(), types, crate::core::Origin::Source);
        session.module.graph.define(f, global.default);
        args.extend(run(session, f, &[], Limits::default()).ok()?);
    }
    Some(args)
}

/// Arrays with more elements are not made up.
const LONGEST: usize = 1_000_000;

fn sample_leaf(ty: &Ty, sizes: &mut HashMap<String, usize>, random: &mut Random) -> Option<Value> {
    Some(match ty {
        Ty::Real => Value::Real(0.2 + 1.6 * random.unit()),
        Ty::Int => Value::Int(3),
        Ty::Bool => Value::Bool(random.unit() < 0.5),
        Ty::Array { elem, dims } => {
            let mut shape = Vec::new();
            for dim in dims {
                let next = 3 + sizes.len() % 2;
                shape.push(match dim {
                    Dim::Any => 3,
                    Dim::Fixed(n) => usize::try_from(*n).ok()?,
                    Dim::Name(name) => *sizes.entry(name.clone()).or_insert(next),
                    Dim::Formula { .. } => return None,
                });
            }
            let n = shape.iter().try_fold(1_usize, |n, &len| n.checked_mul(len)).filter(|&n| n <= LONGEST)?;
            match elem {
                Elem::Real => {
                    Value::Array(Array::reals(&shape, (0..n).map(|_| 0.2 + 1.6 * random.unit()).collect()))
                }
                Elem::Int => Value::Array(Array::ints(
                    &shape,
                    (0..n).map(|_| 1 + (random.unit() * 2.0) as i64).collect(),
                )),
                Elem::Bool => Value::Array(Array::bools(
                    &shape,
                    &(0..n).map(|_| random.unit() < 0.5).collect::<Vec<_>>(),
                )),
            }
        }
        Ty::Tuple(_) | Ty::Record(_) | Ty::Function(..) | Ty::Error => return None,
    })
}
