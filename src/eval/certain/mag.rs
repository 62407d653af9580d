//! Bounds of errors: sizes that are rounded up, of any exponent.

use std::cmp::Ordering;

/// `mantissa · 2^exponent` with a mantissa in [1, 2), or zero. Every operation rounds up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mag {
    mantissa: f64,
    exponent: i64,
}

/// Larger than the rounding of one operation on doubles.
const UP: f64 = 1.0 + 1.0 / (1u64 << 50) as f64;

impl Mag {
    pub const ZERO: Mag = Mag { mantissa: 0.0, exponent: 0 };
    pub const ONE: Mag = Mag { mantissa: 1.0, exponent: 0 };

    /// 2^exponent.
    pub fn power(exponent: i64) -> Mag {
        Mag { mantissa: 1.0, exponent }
    }

    /// A positive double of normal size, times 2^exponent, rounded up a little.
    fn normal(value: f64, exponent: i64) -> Mag {
        if value == 0.0 {
            return Mag::ZERO;
        }
        let value = value * UP;
        let own = (value.to_bits() >> 52) as i64 - 1023;
        let mantissa = f64::from_bits(value.to_bits() & ((1 << 52) - 1) | 1023 << 52);
        Mag { mantissa, exponent: exponent + own }
    }

    /// At least a small whole number.
    pub fn from_int(value: u64) -> Mag {
        Mag::normal(value as f64, 0)
    }

    pub fn is_zero(self) -> bool {
        self.mantissa == 0.0
    }

    pub fn add(self, other: Mag) -> Mag {
        let (large, small) = if self.exponent >= other.exponent { (self, other) } else { (other, self) };
        if large.is_zero() {
            return small;
        }
        if small.is_zero() {
            return large;
        }
        let down = (small.exponent - large.exponent).max(-60) as i32;
        Mag::normal(large.mantissa + small.mantissa * 2.0_f64.powi(down), large.exponent)
    }

    pub fn mul(self, other: Mag) -> Mag {
        Mag::normal(self.mantissa * other.mantissa, self.exponent + other.exponent)
    }

    /// Divided by a *lower* bound, which is not zero.
    pub fn div(self, lower: Mag) -> Mag {
        Mag::normal(self.mantissa / lower.mantissa, self.exponent - lower.exponent)
    }

    pub fn scale(self, k: i64) -> Mag {
        if self.is_zero() { self } else { Mag { exponent: self.exponent + k, ..self } }
    }

    /// The `t` with 2^(t-1) ≤ self < 2^t; the least integer for zero.
    pub fn top(self) -> i64 {
        if self.is_zero() { i64::MIN / 4 } else { self.exponent + 1 }
    }

    pub fn compare(self, other: Mag) -> Ordering {
        let key = |m: Mag| (if m.is_zero() { i64::MIN } else { m.exponent }, m.mantissa);
        key(self).partial_cmp(&key(other)).unwrap_or(Ordering::Equal)
    }

    pub fn max(self, other: Mag) -> Mag {
        if self.compare(other) == Ordering::Less { other } else { self }
    }

    /// The number itself, exactly.
    pub fn to_float(self) -> super::float::Float {
        super::float::Float::from_double(self.mantissa).scale(self.exponent)
    }

    /// At least a positive double of normal size times 2^exponent.
    pub fn from_double_times(value: f64, exponent: i64) -> Mag {
        Mag::normal(value, exponent)
    }
}
