//! Difference quotients beside the adjoints of a page: one input moved a little to both sides.

use super::Session;
use super::evaluate::run;
use super::explaining::{Leaf, Request, Supplied, argument, flat, reals, with_reals};
use crate::check::{Signature, Ty};
use crate::eval::Value;
use crate::explain::compose::{Difference, Subject, bracketed};
use crate::explain::place;
use crate::explain::sweep::Sweep;
use crate::explain::tape::Input;
use crate::session::datum::number;

/// More inputs are not moved.
const MOST_MOVED: usize = 6;

/// Difference quotients of the result, each by one number of the inputs.
pub fn differences(
    session: &mut Session,
    signature: &Signature,
    inputs: &[Supplied],
    sweep: &Sweep,
    subject: &Subject,
    request: &Request,
) -> Vec<Difference> {
    let args = flat(inputs);
    let mut found = Vec::new();
    let leaves: Vec<&Leaf> = inputs.iter().flat_map(|input| &input.leaves).collect();
    for (position, leaf) in leaves.iter().enumerate() {
        let count = leaf.nums.len();
        for k in (0..count).filter(|&k| k < 2 || k + 1 == count) {
            if found.len() == MOST_MOVED {
                return found;
            }
            let step = leaf.nums[k].step;
            let x = leaf.nums[k].value;
            // A power of 2, so that x + h and x - h lose few digits.
            let h = 2f64.powi(x.abs().max(1.0).log2().floor() as i32 - 17);
            let mut moved = |x: f64| {
                let mut reals = reals(&leaf.value).to_vec();
                reals[k] = x;
                let mut args = args.clone();
                args[position] = with_reals(&leaf.value, &mut reals.into_iter());
                let values = run(session, signature.id, &args, request.limits).ok()?;
                let results = values.iter().flat_map(reals_of);
                Some(results.zip(&subject.seeds).map(|(y, seed)| y * seed).sum::<f64>())
            };
            let (Some(above), Some(below)) = (moved(x + h), moved(x - h)) else { continue };
            let name = match reals(&leaf.value).len() {
                1 if leaf.value.as_array().is_none() => leaf.name.clone(),
                _ => format!("{}[{}]", leaf.name, indices(&leaf.value, k)),
            };
            let (above_at, below_at) = (format!("{name} + h"), format!("{name} - h"));
            found.push(Difference {
                formula: format!(
                    "({} - {})/(2*h)",
                    called(subject, inputs, &leaf.name, &above_at),
                    called(subject, inputs, &leaf.name, &below_at)
                ),
                numbers: format!("({} - {})/{}", number(above), bracketed(below), number(2.0 * h)),
                quotient: (above - below) / (2.0 * h),
                adjoint: match sweep.stop {
                    None => Some(step.and_then(|step| sweep.adjoints[step]).unwrap_or(0.0)),
                    Some(_) => None,
                },
                variable: name,
            });
        }
    }
    found
}

/// The function at the point with something else for one scalar argument; of other inputs just that.
fn called(subject: &Subject, inputs: &[Supplied], moved: &str, instead: &str) -> String {
    let own: Vec<&Supplied> = inputs.iter().filter(|input| input.from == Input::Argument).collect();
    let scalar = own.iter().any(|input| input.name == moved && input.ty == Ty::Real);
    let args: Vec<String> = match scalar {
        true => own
            .iter()
            .map(|input| match input.name == moved {
                true => format!("{}{}", input.datum.text(), &instead[moved.len()..]),
                false => argument(&input.name, &input.datum),
            })
            .collect(),
        false => vec![instead.to_string()],
    };
    let seed = if subject.seeds == [1.0] { "" } else { "seed*" };
    format!("{seed}{}({})", subject.function, args.join(", "))
}

fn reals_of(value: &Value) -> Vec<f64> {
    reals(value).to_vec()
}

/// The indices of a number of an array.
fn indices(value: &Value, k: usize) -> String {
    let shape = value.as_array().map_or(Vec::new(), |array| array.shape().to_vec());
    let at = place(k, &shape);
    at.iter().map(i64::to_string).collect::<Vec<_>>().join(", ")
}
