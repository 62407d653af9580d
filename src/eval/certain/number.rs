//! The arithmetic of a certain run: each number with the double that plain arithmetic has in its
//! place, and the operation that lost the most of that double's digits.

use super::real::{Real, Undecided};
use super::rows;
use crate::eval::arithmetic::{Arithmetic, Binary, Ternary, Unary};
use crate::eval::code::Order;
use crate::eval::run::Trouble;
use crate::eval::value::Why;
use crate::primitive::Prim;
use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

/// A number beside its double.
#[derive(Debug, Clone)]
pub struct Number {
    pub real: Real,
    pub double: f64,
    /// How many leading bits of the double are right.
    bits: f32,
    /// One more than the number of the loss that the double suffers from.
    loss: u32,
    /// The operation of the run that made it; 0 if none did. Numbers of one operation are the same number,
    /// however well it is known.
    made: u64,
}

impl Default for Number {
    fn default() -> Number {
        Number { real: Real::default(), double: 0.0, bits: FULL, loss: 0, made: 0 }
    }
}

const FULL: f32 = 53.0;
/// Doubles with at least so many right bits suffer from no loss.
const GOOD: f32 = 45.0;
/// An operation that takes fewer bits from its operands is not named.
const LEAST_LOSS: f32 = 0.5;

/// An operation whose operands were nearer to the truth than its result.
#[derive(Debug, Clone, PartialEq)]
pub struct Loss {
    /// The mark of the place in the file; 0 is nowhere.
    pub origin: u32,
    pub operation: Prim,
    /// Right bits of the worst operand, and of the result.
    pub before: f64,
    pub after: f64,
    /// The operands and the result in double arithmetic, and the result to the nearest double.
    pub operands: Vec<f64>,
    pub double: f64,
    pub result: f64,
}

impl Loss {
    /// What its result is called.
    pub fn operation_name(&self) -> String {
        match self.operation {
            Prim::ADD => "sum".into(),
            Prim::SUB => "difference".into(),
            Prim::MUL => "product".into(),
            Prim::DIV => "quotient".into(),
            named => format!("value of `{}`", named.name()),
        }
    }

    /// The sign between its operands, where there is one.
    pub fn sign(&self) -> Option<char> {
        match self.operation {
            Prim::ADD => Some('+'),
            Prim::SUB => Some('-'),
            Prim::MUL => Some('*'),
            Prim::DIV => Some('/'),
            _named => None,
        }
    }
}

/// Why a run stopped that could go on with more bits, or never will.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// The numbers are not known well enough to compare or round.
    Undecided,
    /// The work allowed is done.
    Work,
}

/// Balls of so many bits beside doubles.
#[derive(Debug, Default)]
pub struct Certain {
    bits: i64,
    /// Operations left, weighed by their length.
    work: i64,
    /// Operations done.
    made: u64,
    place: (usize, usize),
    origin: u32,
    pub losses: Vec<Loss>,
    known: HashMap<(usize, usize), u32>,
    /// Rows without a form for balls that were met.
    pub missing: Vec<Prim>,
    pub stop: Option<(Stop, u32)>,
    /// The first comparison that doubles decide otherwise.
    pub other_branch: Option<u32>,
}

impl Certain {
    pub fn new(bits: i64, work: i64) -> Certain {
        Certain { bits, work, ..Certain::default() }
    }

    pub fn loss_of(&self, number: &Number) -> Option<&Loss> {
        self.losses.get(number.loss.checked_sub(1)? as usize)
    }

    /// The work that is left.
    pub fn work_left(&self) -> i64 {
        self.work
    }

    fn cost(&mut self, units: i64) {
        let words = self.bits / 64;
        self.work -= units * (4 + words + words * words / 16);
    }

    /// A result with what its double is worth, and why.
    fn result(&mut self, p: Prim, real: Real, double: f64, operands: &[&Number]) -> Number {
        let bits = real.bits_of(double).unwrap_or(0.0) as f32;
        self.made += 1;
        let made = self.made;
        if bits > GOOD {
            return Number { real, double, bits, loss: 0, made };
        }
        let Some(worst) = operands.iter().min_by(|a, b| a.bits.total_cmp(&b.bits)) else {
            return Number { real, double, bits, loss: 0, made };
        };
        let inherited = worst.loss;
        let lost = worst.bits - bits;
        let earlier = self.losses.get((inherited as usize).wrapping_sub(1));
        let greater = earlier.is_none_or(|loss| f64::from(lost) > loss.before - loss.after);
        if lost < LEAST_LOSS || !greater || matches!(real, Real::Unknown) {
            return Number { real, double, bits, loss: inherited, made };
        }
        let loss = Loss {
            origin: self.origin,
            operation: p,
            before: worst.bits.into(),
            after: bits.into(),
            operands: operands.iter().map(|number| number.double).collect(),
            double,
            result: real.near(),
        };
        let number = match self.known.get(&self.place) {
            Some(&number) => {
                let known = &mut self.losses[number as usize];
                if loss.before - loss.after > known.before - known.after {
                    *known = loss;
                }
                number
            }
            None => {
                self.losses.push(loss);
                self.known.insert(self.place, self.losses.len() as u32 - 1);
                self.losses.len() as u32 - 1
            }
        };
        Number { real, double, bits, loss: number + 1, made }
    }

    fn row(&mut self, p: Prim, double: f64, operands: &[&Number]) -> Number {
        self.cost(100);
        let args: Vec<&Real> = operands.iter().map(|number| &number.real).collect();
        let real = rows::row(p, &args, self.bits).unwrap_or_else(|| {
            if !self.missing.contains(&p) {
                self.missing.push(p);
            }
            Real::Unknown
        });
        self.result(p, real, double, operands)
    }

    fn undecided(&mut self, what: String) -> Trouble {
        self.stop = Some((Stop::Undecided, self.origin));
        Box::new((Why::Uncertain, what))
    }
}

impl Arithmetic for Certain {
    type Number = Number;

    const TRACES: bool = true;

    fn at(&mut self, code: usize, pc: usize, origin: u32) {
        self.place = (code, pc);
        self.origin = origin;
    }

    fn exhausted(&mut self) -> Option<Trouble> {
        if self.work > 0 {
            return None;
        }
        self.stop = Some((Stop::Work, self.origin));
        Some(Box::new((Why::Uncertain, "the work allowed for certain digits is done".into())))
    }

    fn double(&mut self, value: f64) -> Number {
        Number { real: Real::from_double(value), double: value, bits: FULL, loss: 0, made: 0 }
    }

    fn int(&mut self, value: i64) -> Number {
        let real = Real::Ball(super::ball::Ball::from_int(value));
        self.result(Prim::TO_REAL, real, value as f64, &[])
    }

    fn doubles(&mut self, values: &Arc<Vec<f64>>) -> Arc<Vec<Number>> {
        Arc::new(values.iter().map(|&value| self.double(value)).collect())
    }

    fn add(&mut self, a: &Number, b: &Number) -> Number {
        self.cost(1);
        let real = a.real.add(&b.real, self.bits);
        self.result(Prim::ADD, real, a.double + b.double, &[a, b])
    }

    fn sub(&mut self, a: &Number, b: &Number) -> Number {
        self.cost(1);
        let real = a.real.sub(&b.real, self.bits);
        self.result(Prim::SUB, real, a.double - b.double, &[a, b])
    }

    fn mul(&mut self, a: &Number, b: &Number) -> Number {
        self.cost(2);
        let real = a.real.mul(&b.real, self.bits);
        self.result(Prim::MUL, real, a.double * b.double, &[a, b])
    }

    fn div(&mut self, a: &Number, b: &Number) -> Number {
        self.cost(4);
        let real = a.real.div(&b.real, self.bits);
        self.result(Prim::DIV, real, a.double / b.double, &[a, b])
    }

    fn neg(&mut self, a: &Number) -> Number {
        self.made += 1;
        Number { real: a.real.neg(), double: -a.double, made: self.made, ..a.clone() }
    }

    fn unary(&mut self, (f, p): Unary, a: &Number) -> Number {
        self.row(p, f(a.double), &[a])
    }

    fn binary(&mut self, (f, p): Binary, a: &Number, b: &Number) -> Number {
        let result = self.row(p, f(a.double, b.double), &[a, b]);
        if p != Prim::MAX && p != Prim::MIN {
            return result;
        }
        // It is one of the two.
        match compare(a, b) {
            Ok(Some(ordering)) if (ordering == Ordering::Less) == (p == Prim::MAX) => {
                Number { made: b.made, ..result }
            }
            Ok(Some(_)) => Number { made: a.made, ..result },
            Ok(None) | Err(Undecided) => result,
        }
    }

    fn ternary(&mut self, (f, p): Ternary, [a, b, c]: [&Number; 3]) -> Number {
        self.row(p, f(a.double, b.double, c.double), &[a, b, c])
    }

    fn compare(&mut self, op: Order, a: &Number, b: &Number) -> Result<bool, Trouble> {
        self.cost(1);
        let ordering = match compare(a, b) {
            Ok(ordering) => ordering,
            Err(Undecided) => return Err(self.undecided("a comparison is not certain".into())),
        };
        let holds = op.of(ordering);
        if holds != op.holds(a.double, b.double) && self.other_branch.is_none() {
            self.other_branch = Some(self.origin);
        }
        Ok(holds)
    }

    fn to_int(&mut self, a: &Number) -> Result<i64, Trouble> {
        let value = match &a.real {
            Real::Ball(ball) if ball.is_exact() => super::forms::small_whole(ball),
            Real::Special(value) if *value == 0.0 => Some(0),
            Real::Special(_) => None,
            Real::Ball(_) | Real::Unknown => return Err(self.undecided("an integer is not certain".into())),
        };
        value.ok_or_else(|| Box::new((Why::Int, format!("{} is used as an Int but is none", a.real.near()))))
    }

    fn near(a: &Number) -> f64 {
        a.real.near()
    }
}

/// How two numbers compare, as [`Real::compare`]; what was made once is equal to itself.
fn compare(a: &Number, b: &Number) -> Result<Option<Ordering>, Undecided> {
    match (&a.real, &b.real) {
        (Real::Ball(_), Real::Ball(_)) if a.made == b.made && a.made != 0 => Ok(Some(Ordering::Equal)),
        _numbers => a.real.compare(&b.real),
    }
}

impl Order {
    /// Whether it holds of numbers that compare so; of NaN only `!=` does.
    fn of(self, ordering: Option<Ordering>) -> bool {
        match ordering {
            None => self == Order::Ne,
            Some(ordering) => self.holds(ordering, Ordering::Equal),
        }
    }
}
