//! `eval --digits`: every run once more with certain digits, and what plain arithmetic lost.

use super::Session;
use super::evaluate::Report;
use super::notes::Note;
use crate::block;
use crate::core::FnId;
use crate::eval::certain::{self, Effort, Entry, Finding, Loss, Outcome, Stop};
use crate::eval::{Array, Limits, Machine, Value};
use crate::session::datum::number;
use crate::syntax::diagnostic::Code;
use crate::syntax::message::{Message, Messages};
use crate::syntax::tree::Span;
use anyhow::Result;

/// Results with fewer right digits draw a note.
pub const FEW_DIGITS: f64 = 8.0;

/// The digits of a double that is correctly rounded.
const ALL_DIGITS: f64 = 16.0;

/// An operation that takes fewer bits from its operands is one of many.
const AT_ONCE: f64 = 10.0;

/// Beside the certain results of a report: the same report in plain arithmetic, and its right digits.
pub struct Certainty {
    pub double: Box<Report>,
    /// In place of each number how many of its digits plain arithmetic has right; NaN where the
    /// certain value is not known.
    pub digits: Box<Report>,
    /// Why some values are not known; empty where all are.
    pub uncertain: String,
}

/// Which of its values a run gives when it is made again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pass {
    /// In plain arithmetic; the certain run is made beside it.
    #[default]
    Plain,
    Certain,
    Digits,
}

/// The runs of an evaluation, in order.
#[derive(Default)]
pub struct Runs {
    done: Vec<(Vec<Value>, Outcome)>,
    pass: Pass,
    next: usize,
}

impl Runs {
    /// From now on the runs give other values, in the order in which they were made.
    pub fn replay(&mut self, pass: Pass) {
        self.pass = pass;
        self.next = 0;
    }

    /// Whether the values are those of plain arithmetic.
    pub fn is_plain(&self) -> bool {
        self.pass == Pass::Plain
    }

    /// Runs a function, or gives what the run had.
    pub fn run(
        &mut self,
        session: &mut Session,
        f: FnId,
        args: &[Value],
        limits: Limits,
    ) -> Result<Vec<Value>> {
        if self.pass == Pass::Plain {
            let procedures = block::procedures(&mut session.module.graph, &[f]);
            let (doubles, outcome) = both(session, &procedures, f, args, limits, Effort::default())?;
            self.done.push((doubles.clone(), outcome));
            return Ok(doubles);
        }
        let (doubles, outcome) = &self.done[self.next];
        self.next += 1;
        let pass = self.pass;
        Ok(doubles
            .iter()
            .zip(&outcome.results)
            .map(|(double, finding)| shown(pass, double, finding))
            .collect())
    }

    /// A note for each operation that left fewer than eight digits, and for what is not known.
    pub fn notes(&self, session: &Session) -> Vec<Note> {
        let mut notes: Vec<String> = Vec::new();
        let mut add = |note: String| {
            if !notes.contains(&note) {
                notes.push(note);
            }
        };
        for (_, outcome) in &self.done {
            for entry in outcome.results.iter().flat_map(Finding::entries) {
                let few = digits(entry).is_some_and(|digits| digits < FEW_DIGITS);
                if few && let Some(loss) = &entry.loss {
                    add(describe(session, loss));
                }
            }
            if let Some(origin) = outcome.other_branch {
                add(format!("{} is decided otherwise in double arithmetic", quoted(session, origin)));
            }
        }
        let reason = self.reason(session);
        if !reason.is_empty() {
            add(reason);
        }
        notes.into_iter().map(|line| Note { report: Message::new(Code::DigitsLost, &line), line }).collect()
    }

    /// Why some values are not certain; empty where all are.
    pub fn reason(&self, session: &Session) -> String {
        let unsure = |outcome: &&Outcome| {
            outcome.results.iter().flat_map(Finding::entries).any(|entry| entry.certain.is_none())
        };
        self.done
            .iter()
            .map(|(_, outcome)| outcome)
            .find(unsure)
            .map_or(String::new(), |o| reason(session, o))
    }
}

/// Why an outcome has no certain digits somewhere.
pub fn reason(session: &Session, outcome: &Outcome) -> String {
    let names: Vec<String> = outcome.missing.iter().map(|p| format!("`{}`", p.name())).collect();
    if !names.is_empty() {
        let names = names.join(", ");
        return format!("no certain digits: {names} can be computed in double arithmetic only");
    }
    let bits = outcome.bits;
    match outcome.stop {
        Some((Stop::Undecided, origin)) => {
            let place = quoted(session, origin);
            format!("no certain digits: {place} cannot be decided with {bits} bits")
        }
        Some((Stop::Work, _)) => {
            format!("no certain digits: the program is too long to run with {bits} bits")
        }
        None => {
            format!("no certain digits: {bits} bits do not suffice, or a function is far out of its range")
        }
    }
}

/// Plain results, and the certain ones.
pub fn both(
    session: &Session,
    procedures: &[block::Procedure],
    f: FnId,
    args: &[Value],
    limits: Limits,
    effort: Effort,
) -> Result<(Vec<Value>, Outcome)> {
    let mut machine = Machine::new(procedures.to_vec());
    machine.limits = limits;
    let doubles = machine.run(f, args).map_err(|fault| session.fault(&fault))?;
    let outcome = certain::certain(procedures, f, args, &doubles, limits, effort);
    Ok((doubles, outcome.map_err(|fault| session.fault(&fault))?))
}

/// How many decimal digits of the double are right, where that is known.
pub fn digits(entry: &Entry) -> Option<f64> {
    let bits = entry.bits?;
    Some(if bits >= 53.0 { ALL_DIGITS } else { (bits * std::f64::consts::LOG10_2).floor() })
}

fn shown(pass: Pass, double: &Value, finding: &Finding) -> Value {
    let entries = match finding {
        Finding::Reals(entries) => entries,
        Finding::Whole(value) => {
            let agree = if value == double { ALL_DIGITS } else { 0.0 };
            return match (pass, value) {
                (Pass::Digits, Value::Array(array)) => {
                    let count = array.shape().iter().product();
                    Value::Array(Array::reals(array.shape(), vec![agree; count]))
                }
                (Pass::Digits, Value::Real(_) | Value::Int(_) | Value::Bool(_)) => Value::Real(agree),
                (Pass::Plain | Pass::Certain, _) => value.clone(),
            };
        }
    };
    let number = |(i, entry): (usize, &Entry)| match pass {
        Pass::Digits => digits(entry).unwrap_or(f64::NAN),
        Pass::Plain | Pass::Certain => entry.certain.unwrap_or_else(|| plain(double, i)),
    };
    let numbers: Vec<f64> = entries.iter().enumerate().map(number).collect();
    match double {
        // On another branch the shape may be another one; then the plain one is kept.
        Value::Array(array) if numbers.len() == array.shape().iter().product::<usize>() => {
            Value::Array(Array::reals(array.shape(), numbers))
        }
        Value::Real(_) => Value::Real(numbers.first().copied().unwrap_or(f64::NAN)),
        Value::Array(_) | Value::Int(_) | Value::Bool(_) => double.clone(),
    }
}

fn plain(double: &Value, i: usize) -> f64 {
    match double {
        Value::Real(x) => *x,
        Value::Array(array) => array.as_reals().map_or(f64::NAN, |reals| reals[i]),
        Value::Int(_) | Value::Bool(_) => f64::NAN,
    }
}

/// What an operation lost, and where.
pub fn describe(session: &Session, loss: &Loss) -> String {
    let (operation, sign) = (loss.operation_name(), loss.sign());
    let counted = |bits: f64| {
        let digits = if bits >= 53.0 { ALL_DIGITS } else { (bits * std::f64::consts::LOG10_2).floor() };
        if digits == 0.0 { "none".to_string() } else { format!("{digits}") }
    };
    let (before, after) = (counted(loss.before), counted(loss.after));
    let double = match (sign, loss.operands.as_slice()) {
        (Some('+'), &[a, b]) if b < 0.0 => {
            format!("{} - {} is {}", number(a), number(-b), number(loss.double))
        }
        (Some(sign), &[a, b]) => format!("{} {sign} {} is {}", number(a), number(b), number(loss.double)),
        _call => format!("it is {}", number(loss.double)),
    };
    let (place, truly) = (quoted(session, loss.origin), number(loss.result));
    // A derivative has sums and products that the text of its function has not.
    let written = sign.is_none_or(|_| text_of(session, loss.origin).contains(['+', '-', '*', '/']));
    let place = if written { place } else { format!("the derivative of {place}") };
    if loss.before - loss.after < AT_ONCE {
        return format!("digits are lost little by little, most at once by the {operation} in {place}");
    }
    format!(
        "{place}: the operands of the {operation} have {before} right digits, the {operation} {after} \
         ({double}, truly {truly})"
    )
}

/// The text that a mark stands for.
fn text_of(session: &Session, origin: u32) -> &str {
    let span = crate::check::place(&session.tree, origin);
    let file = session.tree.files.get(span.file as usize);
    file.and_then(|file| file.text.get(span.start as usize..span.end as usize)).unwrap_or("")
}

/// The text and place of what a mark stands for.
pub fn quoted(session: &Session, origin: u32) -> String {
    let span = crate::check::place(&session.tree, origin);
    if origin == 0 || span == Span::default() {
        return "a part that differentiation made".into();
    }
    let file = &session.tree.files[span.file as usize];
    let (place, _) = Messages::new(&session.tree.files).place(span);
    let text = text_of(session, origin).split_whitespace().collect::<Vec<_>>().join(" ");
    let text = if text.chars().count() > 60 { text.chars().take(59).chain(['…']).collect() } else { text };
    format!("`{text}` ({}:{}:{})", file.name, place.line, place.column)
}
