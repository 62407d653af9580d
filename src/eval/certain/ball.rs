//! Ball arithmetic: a number known to lie within a radius of a midpoint. Every operation gives a
//! ball that holds all results of the numbers in its operands.

use super::float::Float;
use super::mag::Mag;
use std::cmp::Ordering;

/// All numbers within `rad` of `mid`; the number `mid` itself when `rad` is zero.
#[derive(Debug, Clone, Default)]
pub struct Ball {
    pub mid: Float,
    pub rad: Radius,
}

/// The radius of a ball; zero by default.
#[derive(Debug, Clone, Copy)]
pub struct Radius(pub Mag);

impl Default for Radius {
    fn default() -> Radius {
        Radius(Mag::ZERO)
    }
}

/// Bits that are kept beyond those that the radius leaves certain.
const GUARD: i64 = 30;

/// Exponents further apart than this are not added exactly.
const FAR: i64 = 40_000;

impl Ball {
    pub fn exact(mid: Float) -> Ball {
        Ball { mid, rad: Radius::default() }
    }

    pub fn from_int(value: i64) -> Ball {
        Ball::exact(Float::from_int(value))
    }

    pub fn from_double(value: f64) -> Ball {
        Ball::exact(Float::from_double(value))
    }

    pub fn one() -> Ball {
        Ball::from_int(1)
    }

    /// `mid` cut to the bits that matter, with an error besides the cut.
    fn round(mid: Float, rad: Mag, p: i64) -> Ball {
        let bits = if rad.is_zero() { p } else { p.min(mid.top() - rad.top() + GUARD).max(GUARD) };
        let (mid, cut) = mid.cut(bits);
        Ball { mid, rad: Radius(rad.add(cut)) }
    }

    pub fn rad(&self) -> Mag {
        self.rad.0
    }

    pub fn is_exact(&self) -> bool {
        self.rad().is_zero()
    }

    /// Exactly zero.
    pub fn is_zero(&self) -> bool {
        self.is_exact() && self.mid.is_zero()
    }

    pub fn with_error(&self, more: Mag) -> Ball {
        Ball { mid: self.mid.clone(), rad: Radius(self.rad().add(more)) }
    }

    /// Everything up to a bound, of either sign.
    pub fn within(bound: Mag) -> Ball {
        Ball { mid: Float::default(), rad: Radius(bound) }
    }

    pub fn lower(&self) -> Float {
        let (mid, rad) = self.comparable();
        mid.sub(&rad)
    }

    pub fn upper(&self) -> Float {
        let (mid, rad) = self.comparable();
        mid.add(&rad)
    }

    /// Midpoint and radius of a ball around this one, with exponents close enough to be added.
    fn comparable(&self) -> (Float, Float) {
        let (mid, rad) = (self.mid.top(), self.rad().top());
        if self.mid.is_zero() || self.rad().is_zero() {
            return (self.mid.clone(), self.rad().to_float());
        }
        if mid - rad > FAR {
            return (self.mid.clone(), Float::power(mid - FAR));
        }
        if rad - mid > FAR {
            return (Float::default(), self.rad().scale(1).to_float());
        }
        (self.mid.clone(), self.rad().to_float())
    }

    /// An upper bound of the size.
    pub fn mag(&self) -> Mag {
        let top = self.mid.top();
        let mid = if self.mid.is_zero() { Mag::ZERO } else { size_up(&self.mid, top) };
        mid.add(self.rad())
    }

    /// A lower bound of the size; nothing when zero is inside or near.
    pub fn least(&self) -> Option<Mag> {
        let sign = self.sign()?;
        if sign == Ordering::Equal {
            return None;
        }
        let end = if sign == Ordering::Greater { self.lower() } else { self.upper().neg() };
        let (cut, _) = end.cut(40);
        // A cut of 40 bits fits a double; what rounding up adds is taken off first.
        let top = cut.top();
        let value = cut.scale(-top).to_double() * (1.0 - 1.0 / (1u64 << 48) as f64);
        Some(Mag::from_double_times(value, top))
    }

    /// The sign, where it is certain.
    pub fn sign(&self) -> Option<Ordering> {
        if self.is_exact() {
            return Some(self.mid.sign());
        }
        let sign = self.mid.sign();
        let clear = match self.mid.top() - self.rad().top() {
            2.. => true,
            ..=-1 => false,
            _near => {
                let size = if sign == Ordering::Less { self.mid.neg() } else { self.mid.clone() };
                size.compare(&self.rad().to_float()) == Ordering::Greater
            }
        };
        (clear && sign != Ordering::Equal).then_some(sign)
    }

    pub fn is_positive(&self) -> bool {
        self.sign() == Some(Ordering::Greater)
    }

    pub fn is_negative(&self) -> bool {
        self.sign() == Some(Ordering::Less)
    }

    /// How the numbers compare, where that is certain.
    pub fn compare(&self, other: &Ball) -> Option<Ordering> {
        if self.is_exact() && other.is_exact() {
            return Some(self.mid.compare(&other.mid));
        }
        if self.upper().compare(&other.lower()) == Ordering::Less {
            return Some(Ordering::Less);
        }
        (self.lower().compare(&other.upper()) == Ordering::Greater).then_some(Ordering::Greater)
    }

    pub fn neg(&self) -> Ball {
        Ball { mid: self.mid.neg(), rad: self.rad }
    }

    pub fn abs(&self) -> Ball {
        match self.sign() {
            Some(Ordering::Less) => self.neg(),
            Some(_) => self.clone(),
            None => {
                // From 0 to the larger end.
                let half = self.mag().scale(-1);
                Ball { mid: half.to_float(), rad: Radius(half) }
            }
        }
    }

    pub fn scale(&self, k: i64) -> Ball {
        Ball { mid: self.mid.scale(k), rad: Radius(self.rad().scale(k)) }
    }

    pub fn add(&self, other: &Ball, p: i64) -> Ball {
        let rad = self.rad().add(other.rad());
        let (a, b) = (&self.mid, &other.mid);
        // A summand far below the last place is an error.
        let gap = p + 2 * GUARD;
        if !a.is_zero() && !b.is_zero() {
            if a.top() - b.top() > gap {
                return Ball::round(a.clone(), rad.add(Mag::power(b.top())), p);
            }
            if b.top() - a.top() > gap {
                return Ball::round(b.clone(), rad.add(Mag::power(a.top())), p);
            }
        }
        Ball::round(a.add(b), rad, p)
    }

    pub fn sub(&self, other: &Ball, p: i64) -> Ball {
        self.add(&other.neg(), p)
    }

    pub fn mul(&self, other: &Ball, p: i64) -> Ball {
        let rad = if self.is_exact() && other.is_exact() {
            Mag::ZERO
        } else {
            let (a, b) = (Ball::exact(self.mid.clone()).mag(), Ball::exact(other.mid.clone()).mag());
            let mixed = self.rad().mul(other.rad());
            a.mul(other.rad()).add(b.mul(self.rad())).add(mixed)
        };
        Ball::round(self.mid.mul(&other.mid), rad, p)
    }

    pub fn square(&self, p: i64) -> Ball {
        self.mul(self, p)
    }

    pub fn mul_int(&self, k: i64, p: i64) -> Ball {
        self.mul(&Ball::from_int(k), p)
    }

    /// Divided by an integer that is not zero.
    pub fn div_int(&self, k: i64, p: i64) -> Ball {
        let (mid, cut) = self.mid.div(&Float::from_int(k), p);
        let rad = if self.is_exact() {
            Mag::ZERO
        } else {
            self.rad().div(Mag::from_double_times(k.unsigned_abs() as f64 * (1.0 - 1e-14), 0))
        };
        Ball::round(mid, rad.add(cut), p)
    }

    /// Nothing when the divisor may be zero.
    pub fn div(&self, other: &Ball, p: i64) -> Option<Ball> {
        let least = other.least()?;
        let (mid, cut) = self.mid.div(&other.mid, p);
        // |a/b - a₀/b₀| ≤ (Δa + |a₀/b₀| Δb) / |b|
        let ratio = Ball { mid: mid.clone(), rad: Radius(cut) }.mag();
        let rad = self.rad().add(ratio.mul(other.rad()));
        let rad = if rad.is_zero() { Mag::ZERO } else { rad.div(least) };
        Some(Ball::round(mid, rad.add(cut), p))
    }

    pub fn inv(&self, p: i64) -> Option<Ball> {
        Ball::one().div(self, p)
    }

    /// Nothing when the number may be negative.
    pub fn sqrt(&self, p: i64) -> Option<Ball> {
        if self.is_exact() {
            if self.mid.sign() == Ordering::Less {
                return None;
            }
            let (mid, cut) = self.mid.sqrt(p);
            return Some(Ball::round(mid, cut, p));
        }
        if !self.is_positive() {
            return None;
        }
        let (mid, cut) = self.mid.sqrt(p);
        // |√x - √x₀| ≤ Δx / √x₀
        let (low, _) = mid.clone().cut(40);
        let least = Ball::exact(low).least()?;
        Some(Ball::round(mid, self.rad().div(least).add(cut), p))
    }

    /// The power to a whole exponent.
    pub fn powi(&self, n: u64, p: i64) -> Ball {
        let p = p + 8 + 2 * (64 - n.leading_zeros() as i64);
        let mut result = Ball::one();
        for bit in (0..64 - n.leading_zeros()).rev() {
            result = result.square(p);
            if n >> bit & 1 == 1 {
                result = result.mul(self, p);
            }
        }
        result
    }

    /// The smallest ball around both.
    pub fn hull(&self, other: &Ball, p: i64) -> Ball {
        let larger = |a: Float, b: Float| if a.compare(&b) == Ordering::Less { b } else { a };
        let high = larger(self.upper(), other.upper());
        let low = larger(self.lower().neg(), other.lower().neg()).neg();
        let middle = Ball::exact(high.add(&low).scale(-1));
        let half = Ball::exact(high.sub(&low).scale(-1));
        Ball::round(middle.mid, half.mag(), p)
    }

    /// The double that every number of the ball rounds to.
    pub fn to_double(&self) -> Option<f64> {
        if self.is_exact() {
            return Some(self.mid.to_double());
        }
        // Far from every double the ends need not be added exactly.
        if self.mid.top() < -1100 && self.rad().top() < -1100 {
            return Some(0.0);
        }
        let (low, high) = (self.lower().to_double(), self.upper().to_double());
        (low == high).then_some(high)
    }

    /// How many leading bits of the number are certain.
    pub fn certain_bits(&self) -> i64 {
        if self.is_exact() { i64::MAX } else { self.mid.top() - self.rad().top() - 1 }
    }
}

/// An upper bound of a size with this top bit.
fn size_up(value: &Float, top: i64) -> Mag {
    let size = if value.sign() == Ordering::Less { value.neg() } else { value.clone() };
    let (cut, unit) = size.cut(40);
    Mag::from_double_times(cut.scale(-top).to_double(), top).add(unit)
}
