//! Binary floating point of any length: an integer times a power of two. Sums and products are
//! exact; what is rounded is cut off towards minus infinity by less than one unit of the last place.

use super::mag::Mag;
use dashu_int::IBig;
use dashu_int::ops::{BitTest, DivEuclid, SquareRoot};
use std::cmp::Ordering;

/// `mantissa · 2^exponent`.
#[derive(Debug, Clone, Default)]
pub struct Float {
    mantissa: IBig,
    exponent: i64,
}

impl Float {
    pub fn new(mantissa: IBig, exponent: i64) -> Float {
        if mantissa.is_zero() { Float::default() } else { Float { mantissa, exponent } }
    }

    pub fn from_int(value: i64) -> Float {
        Float::new(IBig::from(value), 0)
    }

    /// The number 2^exponent.
    pub fn power(exponent: i64) -> Float {
        Float::new(IBig::from(1), exponent)
    }

    /// A finite double, exactly.
    pub fn from_double(value: f64) -> Float {
        debug_assert!(value.is_finite());
        let bits = value.to_bits();
        let (field, fraction) = ((bits >> 52 & 0x7ff) as i64, (bits & ((1 << 52) - 1)) as i64);
        let (mantissa, exponent) =
            if field == 0 { (fraction, -1074) } else { (fraction | 1 << 52, field - 1075) };
        if mantissa == 0 {
            return Float::default();
        }
        let zeros = mantissa.trailing_zeros();
        let mantissa = mantissa >> zeros;
        let signed = if value < 0.0 { -mantissa } else { mantissa };
        Float::new(IBig::from(signed), exponent + zeros as i64)
    }

    pub fn is_zero(&self) -> bool {
        self.mantissa.is_zero()
    }

    pub fn sign(&self) -> Ordering {
        self.mantissa.cmp(&IBig::ZERO)
    }

    /// The `t` with 2^(t-1) ≤ |self| < 2^t; the least integer for zero.
    pub fn top(&self) -> i64 {
        if self.is_zero() { i64::MIN / 4 } else { self.exponent + self.mantissa.bit_len() as i64 }
    }

    pub fn neg(&self) -> Float {
        Float { mantissa: -&self.mantissa, exponent: self.exponent }
    }

    /// Times 2^k.
    pub fn scale(&self, k: i64) -> Float {
        Float::new(self.mantissa.clone(), self.exponent + k)
    }

    /// Cut to `bits` bits; the size of a unit of the last place where something was cut off.
    pub fn cut(self, bits: i64) -> (Float, Mag) {
        let surplus = self.mantissa.bit_len() as i64 - bits.max(2);
        if surplus <= 0 {
            return (self, Mag::ZERO);
        }
        let zeros = self.mantissa.trailing_zeros().unwrap_or(0) as i64;
        let exact = zeros >= surplus;
        let exponent = self.exponent + surplus;
        let cut = Float::new(self.mantissa >> surplus as usize, exponent);
        (cut, if exact { Mag::ZERO } else { Mag::power(exponent) })
    }

    /// The exact sum. The exponents must not be far apart.
    pub fn add(&self, other: &Float) -> Float {
        if self.is_zero() || other.is_zero() {
            return if self.is_zero() { other.clone() } else { self.clone() };
        }
        let (low, high) = if self.exponent <= other.exponent { (self, other) } else { (other, self) };
        let shift = (high.exponent - low.exponent) as usize;
        Float::new((&high.mantissa << shift) + &low.mantissa, low.exponent)
    }

    pub fn sub(&self, other: &Float) -> Float {
        self.add(&other.neg())
    }

    /// The exact product.
    pub fn mul(&self, other: &Float) -> Float {
        Float::new(&self.mantissa * &other.mantissa, self.exponent + other.exponent)
    }

    /// The quotient to at least `bits` bits, and how far it may be off. The divisor is not zero.
    pub fn div(&self, other: &Float, bits: i64) -> (Float, Mag) {
        if self.is_zero() {
            return (Float::default(), Mag::ZERO);
        }
        let lengths = other.mantissa.bit_len() as i64 - self.mantissa.bit_len() as i64;
        let shift = (bits + 1 + lengths).max(0);
        let exponent = self.exponent - other.exponent - shift;
        let scaled = &self.mantissa << shift as usize;
        let quotient = (&scaled).div_euclid(&other.mantissa);
        let exact = &quotient * &other.mantissa == scaled;
        (Float::new(quotient, exponent), if exact { Mag::ZERO } else { Mag::power(exponent) })
    }

    /// The square root to at least `bits` bits, and how far it may be off. The number is not negative.
    pub fn sqrt(&self, bits: i64) -> (Float, Mag) {
        if self.is_zero() {
            return (Float::default(), Mag::ZERO);
        }
        let mut shift = (2 * bits + 2 - self.mantissa.bit_len() as i64).max(0);
        shift += (self.exponent - shift).rem_euclid(2);
        let scaled = &self.mantissa << shift as usize;
        let (_, magnitude) = scaled.clone().into_parts();
        let root = IBig::from(magnitude.sqrt());
        let exponent = (self.exponent - shift) / 2;
        let exact = &root * &root == scaled;
        (Float::new(root, exponent), if exact { Mag::ZERO } else { Mag::power(exponent) })
    }

    pub fn compare(&self, other: &Float) -> Ordering {
        let (a, b) = (self.sign(), other.sign());
        if a != b {
            return a.cmp(&b);
        }
        match self.top().cmp(&other.top()) {
            Ordering::Equal => self.sub(other).sign(),
            larger if a == Ordering::Greater => larger,
            larger => larger.reverse(),
        }
    }

    /// The greatest integer not above, if it has fewer than 2^20 bits.
    pub fn floor(&self) -> Option<IBig> {
        if self.top() > 1 << 20 {
            return None;
        }
        if self.exponent >= 0 {
            return Some(&self.mantissa << self.exponent as usize);
        }
        // A number below a unit has the floor 0 or -1, however far down.
        let shift = self.exponent.unsigned_abs().min(self.mantissa.bit_len() as u64 + 1);
        Some(&self.mantissa >> shift as usize)
    }

    /// The nearest double, ties to even.
    pub fn to_double(&self) -> f64 {
        let negative = self.sign() == Ordering::Less;
        let signed = |size: f64| if negative { -size } else { size };
        let top = self.top();
        if top > 1025 {
            return signed(f64::INFINITY);
        }
        if self.is_zero() || top < -1080 {
            return signed(0.0);
        }
        let (_, magnitude) = self.mantissa.clone().into_parts();
        // The unit of the last place of a double of this size.
        let unit = (top - 53).max(-1074);
        let shift = unit - self.exponent;
        let mut kept =
            if shift <= 0 { &magnitude << (-shift) as usize } else { &magnitude >> shift as usize };
        if shift > 0 {
            let rest = &magnitude - (&kept << shift as usize);
            let half = dashu_int::UBig::ONE << (shift - 1) as usize;
            let odd = kept.bit(0);
            if rest > half || (rest == half && odd) {
                kept += dashu_int::UBig::ONE;
            }
        }
        let Ok(kept) = u64::try_from(&kept) else { unreachable!("53 bits") };
        signed(times_power(kept as f64, unit))
    }

    /// A double near it, within its range.
    pub fn near(&self) -> f64 {
        self.to_double().clamp(-f64::MAX, f64::MAX)
    }
}

/// `value · 2^k` where that is a double or rounds to infinity.
fn times_power(value: f64, k: i64) -> f64 {
    let half = (k / 2) as i32;
    value * 2.0_f64.powi(half) * 2.0_f64.powi(k as i32 - half)
}
