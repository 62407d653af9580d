//! The numbers of a certain run: balls, and what IEEE arithmetic has besides numbers.

use super::ball::Ball;
use std::cmp::Ordering;

/// A real result as far as it is known.
#[derive(Debug, Clone)]
pub enum Real {
    Ball(Ball),
    /// Surely NaN, an infinity or the zero with a minus; those of IEEE arithmetic, as at a pole.
    Special(f64),
    /// Nothing is known.
    Unknown,
}

impl Default for Real {
    fn default() -> Real {
        Real::Ball(Ball::default())
    }
}

/// Numbers whose exponents are larger are not followed: a power of one, by as many as are multiplied out, still has
/// an exponent.
const FARTHEST: i64 = 1 << 40;

impl Real {
    pub fn from_double(value: f64) -> Real {
        if value.is_finite() && !(value == 0.0 && value.is_sign_negative()) {
            Real::Ball(Ball::from_double(value))
        } else {
            Real::Special(value)
        }
    }

    /// A ball, unless there is none.
    pub fn known(ball: Option<Ball>) -> Real {
        let far = |size: i64, zero: bool| !zero && size.saturating_abs() > FARTHEST;
        let near =
            |ball: &Ball| !far(ball.mid.top(), ball.mid.is_zero()) && !far(ball.rad().top(), ball.is_exact());
        ball.filter(near).map_or(Real::Unknown, Real::Ball)
    }

    /// A double that stands for the number where only its sign and kind matter.
    fn kind(&self) -> Option<f64> {
        match self {
            Real::Special(value) => Some(*value),
            Real::Ball(ball) => Some(match ball.sign()? {
                Ordering::Less => -1.0,
                Ordering::Equal => 0.0,
                Ordering::Greater => 1.0,
            }),
            Real::Unknown => None,
        }
    }

    /// The number as a ball, where it is one; both zeros are.
    pub fn ball(&self) -> Option<Ball> {
        match self {
            Real::Ball(ball) => Some(ball.clone()),
            Real::Special(value) if *value == 0.0 => Some(Ball::default()),
            Real::Special(_) | Real::Unknown => None,
        }
    }

    /// The result of an operation that is certain from the kinds of its operands.
    fn by_kind(&self, other: &Real, f: fn(f64, f64) -> f64) -> Real {
        match (self, other) {
            (Real::Special(nan), _) | (_, Real::Special(nan)) if nan.is_nan() => Real::Special(f64::NAN),
            _numbers => match (self.kind(), other.kind()) {
                (Some(a), Some(b)) => Real::from_double(f(a, b)),
                _unsure => Real::Unknown,
            },
        }
    }

    pub fn add(&self, other: &Real, p: i64) -> Real {
        match (self, other) {
            (Real::Ball(a), Real::Ball(b)) => Real::known(Some(a.add(b, p))),
            (Real::Special(zero), Real::Ball(b)) | (Real::Ball(b), Real::Special(zero)) if *zero == 0.0 => {
                Real::Ball(b.clone())
            }
            _special => self.by_kind(other, |a, b| a + b),
        }
    }

    pub fn sub(&self, other: &Real, p: i64) -> Real {
        self.add(&other.neg(), p)
    }

    pub fn mul(&self, other: &Real, p: i64) -> Real {
        match (self, other) {
            (Real::Ball(a), Real::Ball(b)) if !a.is_zero() && !b.is_zero() => Real::known(Some(a.mul(b, p))),
            _special => self.by_kind(other, |a, b| a * b),
        }
    }

    pub fn div(&self, other: &Real, p: i64) -> Real {
        match (self, other) {
            (Real::Ball(a), Real::Ball(b)) if !a.is_zero() && !b.is_zero() => Real::known(a.div(b, p)),
            _special => self.by_kind(other, |a, b| a / b),
        }
    }

    pub fn neg(&self) -> Real {
        match self {
            Real::Ball(ball) if ball.is_zero() => Real::Special(-0.0),
            Real::Ball(ball) => Real::Ball(ball.neg()),
            Real::Special(value) => Real::from_double(-value),
            Real::Unknown => Real::Unknown,
        }
    }

    /// How two numbers compare. `Ok(None)`: one is NaN; an error where it is not certain.
    pub fn compare(&self, other: &Real) -> Result<Option<Ordering>, Undecided> {
        if let (Real::Ball(a), Real::Ball(b)) = (self, other) {
            return a.compare(b).map(Some).ok_or(Undecided);
        }
        let nan = |real: &Real| matches!(real, Real::Special(value) if value.is_nan());
        if nan(self) || nan(other) {
            return Ok(None);
        }
        match (self.ball(), other.ball()) {
            (Some(a), Some(b)) => a.compare(&b).map(Some).ok_or(Undecided),
            // One of them is infinite.
            _infinite => match (self.kind(), other.kind()) {
                (Some(a), Some(b)) => Ok(a.partial_cmp(&b)),
                (Some(a), None) if a.is_infinite() && !matches!(other, Real::Unknown) => {
                    Ok(a.partial_cmp(&0.0))
                }
                (None, Some(b)) if b.is_infinite() && !matches!(self, Real::Unknown) => {
                    Ok(0.0.partial_cmp(&b))
                }
                _unknown => Err(Undecided),
            },
        }
    }

    /// The double that the number surely rounds to.
    pub fn to_double(&self) -> Option<f64> {
        match self {
            Real::Ball(ball) => ball.to_double(),
            Real::Special(value) => Some(*value),
            Real::Unknown => None,
        }
    }

    /// A double near it, for what need not be certain.
    pub fn near(&self) -> f64 {
        match self {
            Real::Ball(ball) => ball.mid.to_double(),
            Real::Special(value) => *value,
            Real::Unknown => f64::NAN,
        }
    }

    /// How many leading bits of a double agree with the number: the negative logarithm of its
    /// relative error, at most 53; none where the number is not known.
    pub fn bits_of(&self, double: f64) -> Option<f64> {
        match self {
            Real::Special(value) => {
                Some(if *value == double || (value.is_nan() && double.is_nan()) { 53.0 } else { 0.0 })
            }
            Real::Unknown => None,
            Real::Ball(_) if !double.is_finite() => {
                Some(if self.to_double() == Some(double) { 53.0 } else { 0.0 })
            }
            Real::Ball(ball) => {
                if self.to_double() == Some(double) {
                    return Some(53.0);
                }
                let error = Ball::from_double(double).sub(&Ball::exact(ball.mid.clone()), 64);
                if error.is_zero() || ball.mid.is_zero() {
                    return Some(if error.is_zero() { 53.0 } else { 0.0 });
                }
                // The quotient's logarithm from its two leading parts.
                let ratio = error.div(&Ball::exact(ball.mid.clone()), 30)?.mid;
                let top = ratio.top();
                let lead = ratio.scale(-top).near().abs().log2();
                Some((-(lead + top as f64)).clamp(0.0, 53.0))
            }
        }
    }
}

/// The enclosures are too wide to tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Undecided;
