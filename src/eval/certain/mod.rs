//! Results of which every digit is certain: the same program on balls, with more and more bits until
//! each result rounds to one double.
//!
//! Literals and arguments are the doubles that plain evaluation takes, exactly. What a comparison or
//! a rounding to an integer sees must be certain too, or the run is repeated with more bits.

mod airy;
mod ball;
mod bessel;
mod constants;
mod elementary;
mod erf;
mod float;
mod forms;
mod gamma;
mod mag;
mod number;
mod real;
mod recurrent;
mod rows;
mod special;

pub use number::{Loss, Stop};
pub use rows::has_form;

use super::machine::{Found, Machine};
use super::value::{Fault, Limits, Value};
use crate::block::Procedure;
use crate::core::FnId;
use crate::primitive::Prim;
use number::{Certain, Number};
use real::Real;

/// Bits of the first try, and of the last.
const FIRST_BITS: i64 = 128;
const MOST_BITS: i64 = 16_384;

/// Operations of one word each, over all tries.
const WORK: i64 = 400_000_000;

/// Relative errors below 2^-this count as certain even at the edge between two doubles.
const TIE_BITS: i64 = 120;

/// A real number of a result.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The correctly rounded value, where it is certain.
    pub certain: Option<f64>,
    /// How many leading bits of the double agree with the true value (all: 53).
    pub bits: Option<f64>,
    /// What took the most of them.
    pub loss: Option<Loss>,
}

/// A result.
#[derive(Debug, Clone, PartialEq)]
pub enum Finding {
    /// Its real numbers, rows first.
    Reals(Vec<Entry>),
    /// Integers and conditions.
    Whole(Value),
}

impl Finding {
    /// The real numbers.
    pub fn entries(&self) -> &[Entry] {
        match self {
            Finding::Reals(entries) => entries,
            Finding::Whole(_) => &[],
        }
    }
}

/// What a certain run found.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    pub results: Vec<Finding>,
    /// The bits of the last try.
    pub bits: i64,
    /// Rows without a form for balls that the results need.
    pub missing: Vec<Prim>,
    /// Why there is no more, with the mark of the place.
    pub stop: Option<(Stop, u32)>,
    /// The mark of the first comparison that plain arithmetic decides otherwise.
    pub other_branch: Option<u32>,
}

/// How far a certain run may go.
#[derive(Debug, Clone, Copy)]
pub struct Effort {
    pub most_bits: i64,
    /// Operations on one word, over all tries.
    pub work: i64,
}

impl Default for Effort {
    fn default() -> Effort {
        Effort { most_bits: MOST_BITS, work: WORK }
    }
}

/// Runs a function until all results are certain, or no more can be known. `doubles` are the results
/// of plain evaluation.
pub fn certain(
    procedures: &[Procedure],
    f: FnId,
    args: &[Value],
    doubles: &[Value],
    limits: Limits,
    effort: Effort,
) -> Result<Outcome, Fault> {
    let (mut bits, mut work) = (FIRST_BITS, effort.work);
    loop {
        let mut machine = Machine::of(Certain::new(bits, work));
        machine.add(procedures);
        machine.limits = limits;
        let found = machine.results(f, args);
        let run = &machine.arithmetic;
        work = run.work_left();
        let last = 2 * bits > effort.most_bits || work <= 0 || !run.missing.is_empty();
        let outcome = |results, stop| Outcome {
            results,
            bits,
            missing: run.missing.clone(),
            stop,
            other_branch: run.other_branch,
        };
        match found {
            Err(fault) if run.stop.is_none() => return Err(fault),
            Err(_) if last => return Ok(outcome(doubles.iter().map(unknown).collect(), run.stop)),
            Err(_) => {}
            Ok(found) => {
                let results: Vec<Finding> = found
                    .into_iter()
                    .zip(doubles)
                    .map(|(found, double)| finding(run, found, double))
                    .collect();
                let all = results.iter().flat_map(Finding::entries).all(|entry| entry.certain.is_some());
                if last || all {
                    return Ok(outcome(results, None));
                }
            }
        }
        bits *= 2;
    }
}

/// The correctly rounded value of a row of the table at these arguments, where it is certain.
pub fn row(p: Prim, args: &[f64]) -> Option<f64> {
    let args: Vec<Real> = args.iter().map(|&arg| Real::from_double(arg)).collect();
    let args: Vec<&Real> = args.iter().collect();
    let mut bits = FIRST_BITS;
    while bits <= 4096 {
        if let Some(value) = rounded(&rows::row(p, &args, bits)?) {
            return Some(value);
        }
        bits *= 2;
    }
    None
}

fn reals(value: &Value) -> &[f64] {
    match value {
        Value::Real(real) => std::slice::from_ref(real),
        Value::Array(array) => array.as_reals().unwrap_or(&[]),
        Value::Int(_) | Value::Bool(_) => &[],
    }
}

fn unknown(value: &Value) -> Finding {
    if value.ty().is_real() {
        Finding::Reals(vec![Entry { certain: None, bits: None, loss: None }; reals(value).len()])
    } else {
        Finding::Whole(value.clone())
    }
}

fn finding(run: &Certain, found: Found<Number>, double: &Value) -> Finding {
    let numbers = match found {
        Found::Real(number) => vec![number],
        Found::Reals(_, numbers) => numbers.to_vec(),
        Found::Whole(value) => return Finding::Whole(value),
    };
    // An array of another length was computed on another branch.
    let doubles = reals(double);
    let entry = |(i, number): (usize, &Number)| {
        let certain = rounded(&number.real);
        let bits = doubles.get(i).map_or(Some(0.0), |&double| number.real.bits_of(double));
        Entry { certain, bits: bits.filter(|_| certain.is_some()), loss: run.loss_of(number).cloned() }
    };
    Finding::Reals(numbers.iter().enumerate().map(entry).collect())
}

fn rounded(real: &Real) -> Option<f64> {
    if let Real::Ball(ball) = real
        && ball.certain_bits() > TIE_BITS
    {
        return Some(ball.mid.to_double());
    }
    real.to_double()
}
