//! Results of which every digit is certain: the same program on balls, with more and more bits until
//! each result rounds to one double.
//!
//! Literals and arguments are the doubles that plain evaluation takes, exactly. What a comparison or
//! a rounding to an integer sees must be certain too, or the run is repeated with more bits.

mod ball;
mod constants;
mod elementary;
mod erf;
mod float;
mod forms;
mod gamma;
mod mag;
mod number;
mod real;
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
const WORK: i64 = 2_000_000_000;

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

/// A result: its real numbers, none for one of integers or conditions.
pub type Entries = Vec<Entry>;

/// What a certain run found.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// For each result its entries, rows first.
    pub results: Vec<Entries>,
    /// The bits of the last try.
    pub bits: i64,
    /// Rows without a form for balls that the results need.
    pub missing: Vec<Prim>,
    /// Why there is no more, with the mark of the place.
    pub stop: Option<(Stop, u32)>,
    /// The mark of the first comparison that plain arithmetic decides otherwise.
    pub other_branch: Option<u32>,
}

/// Runs a function until all results are certain, or no more can be known. `doubles` are the results
/// of plain evaluation.
pub fn certain(
    procedures: &[Procedure],
    f: FnId,
    args: &[Value],
    doubles: &[Value],
    limits: Limits,
) -> Result<Outcome, Fault> {
    let (mut bits, mut work) = (FIRST_BITS, WORK);
    loop {
        let mut machine = Machine::with(procedures.to_vec(), Certain::new(bits, work));
        machine.limits = limits;
        let found = machine.results(f, args);
        let run = &machine.arithmetic;
        work = run.work_left();
        let last = 2 * bits > MOST_BITS || work <= 0 || !run.missing.is_empty();
        let outcome = |results, stop| Outcome {
            results,
            bits,
            missing: run.missing.clone(),
            stop,
            other_branch: run.other_branch,
        };
        match found {
            Err(fault) if run.stop.is_none() => return Err(fault),
            Err(_) if last || matches!(run.stop, Some((Stop::Work, _))) => {
                let nothing = doubles.iter().map(|value| unknown(value)).collect();
                return Ok(outcome(nothing, run.stop));
            }
            Err(_) => {}
            Ok(found) => {
                let results: Vec<Entries> =
                    found.iter().zip(doubles).map(|(found, double)| entries(run, found, double)).collect();
                if last || results.iter().flatten().all(|entry| entry.certain.is_some()) {
                    return Ok(outcome(results, None));
                }
            }
        }
        bits *= 2;
    }
}

fn reals(value: &Value) -> &[f64] {
    match value {
        Value::Real(real) => std::slice::from_ref(real),
        Value::Array(array) => array.as_reals().unwrap_or(&[]),
        Value::Int(_) | Value::Bool(_) => &[],
    }
}

fn unknown(value: &Value) -> Entries {
    vec![Entry { certain: None, bits: None, loss: None }; reals(value).len()]
}

fn entries(run: &Certain, found: &Found<Number>, double: &Value) -> Entries {
    let numbers = match found {
        Found::Real(number) => std::slice::from_ref(number),
        Found::Reals(_, numbers) => numbers,
        Found::Whole(_) => &[],
    };
    // An array of another length was computed on another branch: all of its entries are compared
    // with nothing.
    let doubles = reals(double);
    let entry = |(i, number): (usize, &Number)| {
        let certain = rounded(&number.real);
        let bits = doubles.get(i).map_or(Some(0.0), |&double| number.real.bits_of(double));
        Entry { certain, bits: bits.filter(|_| certain.is_some()), loss: run.loss_of(number).cloned() }
    };
    numbers.iter().enumerate().map(entry).collect()
}

fn rounded(real: &Real) -> Option<f64> {
    if let Real::Ball(ball) = real
        && ball.certain_bits() > TIE_BITS
    {
        return Some(ball.mid.to_double());
    }
    real.to_double()
}
