//! The points at which emitted code is tested: arguments that a function accepts, always the same ones for
//! the same file, and what it gives there, every digit certain.
//!
//! Two points are drawn at random, of small lengths; the others are edges: every number 0, or 1, or one that
//! the function compares with, so that all are equal; lengths of 1 and of 0.

use super::emitting::Prepared;
use crate::block::{Op, Procedure, Stmt, each};
use crate::core::{Elem, Type};
use crate::emit::rust::Precision;
use crate::emit::{Data, Interface, Length, Numbers, Sample, Samples, Unsampled, Wanted};
use crate::eval::certain::{self, Effort, Finding, Outcome, Stop};
use crate::eval::{Array, Limits, Machine, Singles, Value};
use crate::primitive::Kind;
use std::collections::BTreeMap;

/// Tries of a point that the function accepts.
const TRIES: u64 = 120;
/// More numbers than these do not stand in a test, nor in a measurement.
const MOST_NUMBERS: usize = 2000;
const MOST_TIMED: usize = 3000;
/// Of a call whose time is measured.
const MOST_STEPS: u64 = 2_000_000;
/// Edges that are numbers compared with.
const MOST_EDGES: usize = 3;
/// What plain arithmetic has to have right for a point to tell anything.
#[derive(Clone, Copy)]
struct Roughness {
    /// As a part of the largest number.
    relative: f64,
    absolute: f64,
    /// What is always allowed, as a part of the largest number.
    least: f64,
}

const DOUBLE: Roughness = Roughness { relative: 1e-6, absolute: 1e-12, least: 1e-14 };
const SINGLE: Roughness = Roughness { relative: 1e-2, absolute: 1e-4, least: 1e-6 };
const LIMITS: Limits = Limits { steps: 50_000, memory: 256 << 20, depth: 1000 };
const EFFORT: Effort = Effort { most_bits: 1024, work: 4_000_000 };

/// From where the real numbers of a point are drawn, one after the other, until the function accepts them.
const RANGES: [(f64, f64); 6] =
    [(0.25, 1.5), (0.0625, 0.9375), (-2.0, 2.0), (1.0, 8.0), (-0.9375, 0.9375), (2.0, 40.0)];

/// Points for the public functions.
pub fn samples(prepared: &Prepared, timed: bool, precision: Precision) -> Samples {
    let mut samples = Samples::default();
    for face in prepared.faces.iter().filter(|face| face.public) {
        let Some(procedure) = prepared.procedures.iter().find(|p| p.id == face.id) else { continue };
        let mut machine = Machine::new(prepared.procedures.clone());
        machine.limits = LIMITS;
        let singles = (precision == Precision::Single).then(|| {
            let mut machine = Machine::in_single(&prepared.procedures);
            machine.limits = LIMITS;
            machine
        });
        let mut finder = Finder {
            prepared,
            face,
            procedure,
            machine,
            singles,
            seed: seed(&face.name),
            refused: String::new(),
        };
        if timed {
            samples.timed.extend(finder.timed());
            continue;
        }
        let found = finder.tests();
        if found.is_empty() {
            samples.untested.push(Unsampled { id: face.id, reason: finder.refused });
        }
        samples.tests.extend(found);
    }
    samples
}

/// A number from a name.
fn seed(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3))
}

/// How the arguments of a point are chosen.
#[derive(Clone, Copy)]
struct Choice {
    /// The try, from 0.
    at: u64,
    /// The least length and the most.
    lengths: (u64, u64),
    /// What all real numbers are.
    all: Option<f64>,
}

/// Random numbers, the same in each run.
struct Numbered(u64);

impl Numbered {
    fn next(&mut self, from: u64, to: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        from + (self.0 >> 33) % (to - from + 1)
    }

    /// With few digits, also as a binary fraction: single precision has them all.
    fn real(&mut self, (from, to): (f64, f64)) -> f64 {
        from + self.next(0, ((to - from) * 64.0) as u64) as f64 / 64.0
    }
}

struct Finder<'a> {
    prepared: &'a Prepared,
    face: &'a Interface,
    procedure: &'a Procedure,
    machine: Machine,
    /// Where the module is of single precision.
    singles: Option<Machine<Singles>>,
    seed: u64,
    /// Why the function did not accept the last arguments.
    refused: String,
}

impl Finder<'_> {
    fn tests(&mut self) -> Vec<Sample> {
        let mut found: Vec<Sample> = Vec::new();
        let mut from = 0;
        for number in 1..=2 {
            let Some((at, mut sample)) = self.point(from) else { break };
            sample.label = format!("at_point_{number}");
            from = at + 1;
            found.push(sample);
            if self.face.params.is_empty() {
                return found;
            }
        }
        for (label, note, choice) in self.edges() {
            let near = (0..6).map(|at| Choice { at, ..choice });
            let sample = near.into_iter().find_map(|choice| self.sample(choice, false));
            if let Some(mut sample) = sample
                && found.iter().all(|known| known.args != sample.args)
            {
                sample.label = label;
                sample.notes.insert(0, note);
                found.push(sample);
            }
        }
        found
    }

    /// The first point from a try on at which all results are numbers, with the number of the try.
    fn point(&mut self, from: u64) -> Option<(u64, Sample)> {
        let lengths = |at: u64| if at % 12 < 6 { (2, 4) } else { (1, 6) };
        let choice = |at: u64| Choice { at, lengths: lengths(at), all: None };
        let found = (from..from + TRIES).find_map(|at| Some((at, self.sample(choice(at), true)?)));
        found.or_else(|| (from..from + TRIES).find_map(|at| Some((at, self.sample(choice(at), false)?))))
    }

    /// What is special at the ends of what a function accepts: its name, words, and the choice.
    fn edges(&self) -> Vec<(String, String, Choice)> {
        let mut edges = Vec::new();
        let plain = Choice { at: 0, lengths: (2, 3), all: None };
        if self.types().any(|ty| ty.elem == Elem::Real) {
            let mut numbers = vec![0.0, 1.0];
            for x in self.compared() {
                if !numbers.contains(&x) && numbers.len() < 2 + MOST_EDGES {
                    numbers.push(x);
                }
            }
            for x in numbers {
                let words = format!("{x}").replace('-', "minus_").replace('.', "_");
                edges.push((
                    format!("where_all_are_{words}"),
                    format!("An edge: every real number is {x}."),
                    Choice { all: Some(x), ..plain },
                ));
            }
        }
        if self.types().any(|ty| ty.is_array()) {
            for n in [1, 0] {
                edges.push((
                    format!("of_length_{n}"),
                    format!("An edge: the lengths that may be any are {n}."),
                    Choice { lengths: (n, n), ..plain },
                ));
            }
        }
        edges
    }

    fn types(&self) -> impl Iterator<Item = Type> {
        self.procedure.params.iter().map(|p| self.procedure.locals[p.0 as usize].ty)
    }

    /// The numbers that something is compared with, in order.
    fn compared(&self) -> Vec<f64> {
        let mut known = BTreeMap::new();
        let mut found = Vec::new();
        each(&self.procedure.body, &mut |stmt| match stmt {
            Stmt::Let { dst, op: Op::Real(x) } => _ = known.insert(*dst, *x),
            Stmt::Let { op: Op::Prim(p, args), .. } if p.row().kind == Kind::Compare => {
                found.extend(args.iter().filter_map(|arg| known.get(arg)).filter(|x| x.abs() < 1e6));
            }
            _other => {}
        });
        found
    }

    /// The arguments of this choice; nothing if a length would be below 0 or there are too many numbers.
    fn arguments(&self, choice: Choice, most: usize) -> Option<Vec<Numbers>> {
        let mut random = Numbered(self.seed.wrapping_add(choice.at.wrapping_mul(0x9e37_79b9_7f4a_7c15)));
        random.next(0, 1);
        let mut sizes: BTreeMap<&str, i64> = BTreeMap::new();
        let params: Vec<_> = self.face.params.iter().zip(self.types()).collect();
        for (param, ty) in &params {
            if *ty == Type::INT {
                sizes.insert(&param.name, random.next(1, 3) as i64);
            }
        }
        let lengths = params.iter().flat_map(|(param, _)| param.shape.iter().flatten());
        for (name, _) in lengths.flat_map(|length| &length.terms) {
            let (least, largest) = choice.lengths;
            sizes.entry(name).or_insert_with(|| random.next(least, largest) as i64);
        }
        let range = RANGES[choice.at as usize % RANGES.len()];
        let mut count = 0;
        let mut args = Vec::new();
        for (param, ty) in &params {
            let mut shape = Vec::new();
            for axis in 0..ty.rank as usize {
                let declared = param.shape.get(axis).and_then(Option::as_ref);
                shape.push(match declared {
                    Some(length) => usize::try_from(known_length(length, &sizes)).ok()?,
                    None => random.next(choice.lengths.0, choice.lengths.1) as usize,
                });
            }
            let n = shape.iter().try_fold(1usize, |n, &m| n.checked_mul(m))?;
            count += n;
            if count > most {
                return None;
            }
            let data = match ty.elem {
                Elem::Real => {
                    Data::Real((0..n).map(|_| choice.all.unwrap_or_else(|| random.real(range))).collect())
                }
                Elem::Int if ty.is_scalar() => Data::Int(vec![sizes[param.name.as_str()]]),
                Elem::Int => Data::Int((0..n).map(|_| random.next(1, 3) as i64).collect()),
                Elem::Bool => Data::Bool((0..n).map(|_| random.next(0, 1) == 1).collect()),
            };
            args.push(Numbers { shape, data });
        }
        Some(args)
    }

    /// The sample of this choice, if the function accepts it; if `finite`, only one of numbers that are
    /// all certain.
    fn sample(&mut self, choice: Choice, finite: bool) -> Option<Sample> {
        let args = match self.arguments(choice, MOST_NUMBERS) {
            Some(args) => args,
            None => {
                self.refused = format!("its arguments have more than {MOST_NUMBERS} numbers");
                return None;
            }
        };
        let values: Vec<Value> = args.iter().map(value).collect();
        let doubles = match self.machine.run(self.face.id, &values) {
            Ok(doubles) => doubles,
            Err(fault) => {
                self.refused = fault.message;
                return None;
            }
        };
        let count: usize = doubles.iter().map(|v| whole(v).len()).sum();
        if count > MOST_NUMBERS {
            self.refused = format!("its results have more than {MOST_NUMBERS} numbers");
            return None;
        }
        if finite && doubles.iter().flat_map(reals).any(|x| !x.is_finite()) {
            self.refused = "its results are no numbers".into();
            return None;
        }
        let procedures = &self.prepared.procedures;
        let outcome = certain::certain(procedures, self.face.id, &values, &doubles, LIMITS, EFFORT).ok()?;
        if outcome.other_branch.is_some() {
            self.refused = "plain arithmetic decides a condition otherwise".into();
            return None;
        }
        let (found, plain) = match &mut self.singles {
            None => (doubles.clone(), DOUBLE),
            Some(machine) => match machine.run(self.face.id, &values) {
                Ok(found) => (found, SINGLE),
                Err(fault) => {
                    self.refused = fault.message;
                    return None;
                }
            },
        };
        let each = outcome.results.iter().zip(doubles.iter().zip(&found));
        let results: Option<Vec<Wanted>> =
            each.map(|(finding, (double, found))| wanted(finding, double, found, plain)).collect();
        let Some(results) = results else {
            self.refused = "plain arithmetic has too few digits".into();
            return None;
        };
        let notes = uncertain(&outcome, &doubles);
        Some(Sample { id: self.face.id, label: String::new(), notes, args, results })
    }

    /// A call that takes longer: of large arrays, if the function accepts them.
    fn timed(&mut self) -> Option<Sample> {
        let choices = (0..60).map(|at| Choice { at, lengths: (64, 64), all: None });
        let smaller = (0..60).map(|at| Choice { at, lengths: (8, 8), all: None });
        let small = (0..TRIES).map(|at| Choice { at, lengths: (1, 6), all: None });
        self.machine.limits.steps = MOST_STEPS;
        choices.chain(smaller).chain(small).find_map(|choice| {
            let args = self.arguments(choice, MOST_TIMED)?;
            let values: Vec<Value> = args.iter().map(value).collect();
            let results = self.machine.run(self.face.id, &values).ok()?;
            let shape = |v: &Value| Wanted { numbers: whole(v), within: 0.0 };
            let results = results.iter().map(shape).collect();
            Some(Sample { id: self.face.id, label: String::new(), notes: Vec::new(), args, results })
        })
    }
}

fn known_length(length: &Length, sizes: &BTreeMap<&str, i64>) -> i64 {
    length.terms.iter().map(|(name, k)| k * sizes.get(name.as_str()).copied().unwrap_or(0)).sum::<i64>()
        + length.add
}

fn value(numbers: &Numbers) -> Value {
    match (&numbers.data, numbers.shape.as_slice()) {
        (Data::Real(data), []) => Value::Real(data[0]),
        (Data::Int(data), []) => Value::Int(data[0]),
        (Data::Bool(data), []) => Value::Bool(data[0]),
        (Data::Real(data), shape) => Value::Array(Array::reals(shape, data.clone())),
        (Data::Int(data), shape) => Value::Array(Array::ints(shape, data.clone())),
        (Data::Bool(data), shape) => Value::Array(Array::bools(shape, data)),
    }
}

/// The numbers of a value as the evaluator has them.
fn whole(value: &Value) -> Numbers {
    let shape = value.as_array().map_or(Vec::new(), |array| array.shape().to_vec());
    Numbers { shape, data: numbers(value) }
}

fn numbers(value: &Value) -> Data {
    match value {
        Value::Real(x) => Data::Real(vec![*x]),
        Value::Int(x) => Data::Int(vec![*x]),
        Value::Bool(x) => Data::Bool(vec![*x]),
        Value::Array(array) => match (array.elem(), array.as_reals(), array.as_ints()) {
            (Elem::Real, reals, _) => Data::Real(reals.unwrap_or_default().to_vec()),
            (Elem::Int, _, ints) => Data::Int(ints.unwrap_or_default().to_vec()),
            (Elem::Bool, _, ints) => Data::Bool(ints.unwrap_or_default().iter().map(|&x| x != 0).collect()),
        },
    }
}

fn reals(value: &Value) -> Vec<f64> {
    match numbers(value) {
        Data::Real(data) => data,
        Data::Int(_) | Data::Bool(_) => Vec::new(),
    }
}

/// A result as it should be, and how near plain arithmetic comes to it: a power of ten, ten times what it
/// is off by or more. Nothing if it is off by so much that comparing would tell nothing.
fn wanted(found: &Finding, double: &Value, plain: &Value, roughness: Roughness) -> Option<Wanted> {
    let entries = match found {
        Finding::Whole(_) => {
            return (whole(double) == whole(plain)).then(|| Wanted { numbers: whole(double), within: 0.0 });
        }
        Finding::Reals(entries) => entries,
    };
    let doubles = reals(double);
    if entries.len() != doubles.len() {
        return None;
    }
    let certain: Vec<f64> =
        entries.iter().zip(&doubles).map(|(entry, &double)| entry.certain.unwrap_or(double)).collect();
    let mut error: f64 = 0.0;
    for (&true_one, &double) in certain.iter().zip(&reals(plain)) {
        if true_one.is_finite() != double.is_finite() || true_one.is_infinite() && true_one != double {
            return None;
        }
        if true_one.is_finite() {
            error = error.max((true_one - double).abs());
        }
    }
    let largest = certain.iter().filter(|x| x.is_finite()).fold(0.0, |m: f64, x| m.max(x.abs()));
    if error > roughness.relative * largest && error > roughness.absolute {
        return None;
    }
    let shape = double.as_array().map_or(Vec::new(), |array| array.shape().to_vec());
    let least = if largest == 0.0 { 0.1 } else { largest };
    Some(Wanted {
        numbers: Numbers { shape, data: Data::Real(certain) },
        within: power_of_ten((16.0 * error).max(roughness.least * least)),
    })
}

/// The least power of ten that is not below.
fn power_of_ten(x: f64) -> f64 {
    format!("1e{}", x.log10().ceil()).parse().unwrap_or(x)
}

/// Which of the results are not certain.
fn uncertain(outcome: &Outcome, doubles: &[Value]) -> Vec<String> {
    let unsure = outcome.results.iter().zip(doubles).any(|(found, double)| {
        let known = found.entries().iter().zip(reals(double));
        known.into_iter().any(|(entry, double)| entry.certain.is_none() && double.is_finite())
    });
    if !unsure {
        return Vec::new();
    }
    let names: Vec<&str> = outcome.missing.iter().map(|p| p.name()).collect();
    let reason = match (names.as_slice(), &outcome.stop) {
        ([], Some((Stop::Undecided, _))) => {
            "two numbers seem equal, which no number of digits decides".into()
        }
        ([], Some((Stop::Work, _))) => "more digits would take long to compute".into(),
        ([], None) => format!("{} bits do not suffice for more digits", outcome.bits),
        (names, _) => format!("of {} no digits are certain", names.join(", ")),
    };
    vec![format!("What is wanted is what double precision gives: {reason}.")]
}
