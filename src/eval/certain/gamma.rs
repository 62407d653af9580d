//! The gamma function and its logarithm, and the polygamma functions, by Stirling's series: the
//! argument is shifted up until the series is good enough, and what is left out of it is less than
//! its first term left out.

use super::ball::Ball;
use super::constants::{bernoulli, pi};
use super::elementary::{exp, log, sin_cos};
use super::float::Float;
use super::mag::Mag;

/// More bits than this are not worth their Bernoulli numbers.
const MOST_BITS: i64 = 5_000;
/// Larger arguments are not reflected or shifted.
const LARGEST_TOP: i64 = 1100;

/// How far an argument is shifted for p bits, and how many terms are summed then.
fn shift_and_terms(x: f64, p: i64) -> (u64, usize) {
    let wanted = 0.17 * p as f64 + 4.0;
    let shift = (wanted - x).ceil().max(0.0);
    // A term is about (2n/(2πex))^2n.
    let at = (x + shift).max(wanted);
    let mut n = 2usize;
    while n < p as usize {
        let ratio = n as f64 / (std::f64::consts::PI * std::f64::consts::E * at);
        if ratio >= 0.99 || 2.0 * n as f64 * ratio.log2() < -(p as f64 + 10.0) {
            break;
        }
        n += 1;
    }
    (shift as u64, n)
}

/// The logarithm of the gamma function of a positive argument that needs no shift.
fn stirling(x: &Ball, terms: usize, p: i64) -> Option<Ball> {
    let log_x = log(x, p)?;
    let half_log = log(&pi(p).scale(1), p)?.scale(-1);
    let mut sum = x.sub(&Ball::exact(Float::power(-1)), p).mul(&log_x, p).sub(x, p).add(&half_log, p);
    let inverse = x.inv(p)?;
    let square = inverse.square(p);
    let mut power = inverse;
    let mut last = Mag::ZERO;
    for (k, number) in (1i64..).zip(bernoulli(terms + 1, p)) {
        let term = number.mul(&power, p).div_int(2 * k * (2 * k - 1), p);
        last = term.mag();
        if k <= terms as i64 {
            sum = sum.add(&term, p);
            power = power.mul(&square, p);
        }
    }
    Some(sum.with_error(last))
}

/// x (x+1) … (x+n-1)
fn rising(x: &Ball, n: u64, p: i64) -> Ball {
    let mut product = Ball::one();
    for i in 0..n {
        product = product.mul(&x.add(&Ball::from_int(i as i64), p), p);
    }
    product
}

fn too_far(x: &Ball, p: i64) -> bool {
    p > MOST_BITS || x.mag().top() > LARGEST_TOP
}

/// log Γ(x) for positive x; accurate relative to 1, and to itself for large x.
fn loggamma_positive(x: &Ball, p: i64) -> Option<Ball> {
    let wp = p + 30 + x.mag().top().max(0);
    let (shift, terms) = shift_and_terms(x.mid.near(), wp);
    let moved = x.add(&Ball::from_int(shift as i64), wp);
    let value = stirling(&moved, terms, wp)?;
    if shift == 0 {
        return Some(value);
    }
    Some(value.sub(&log(&rising(x, shift, wp), wp)?, wp))
}

/// log |Γ(x)|.
pub fn loggamma(x: &Ball, p: i64) -> Option<Ball> {
    if too_far(x, p) {
        return None;
    }
    let mut wp = p + 20 + (-x.mag().top()).max(0);
    for _ in 0..3 {
        let value = loggamma_any(x, wp)?;
        let missing = p - value.certain_bits();
        // Its zeros are 1 and 2: there more bits are wanted.
        if missing <= 0 || !x.is_exact() || value.is_zero() || missing > 4 * p {
            return Some(value);
        }
        if x.compare(&Ball::one()) == Some(std::cmp::Ordering::Equal)
            || x.compare(&Ball::from_int(2)) == Some(std::cmp::Ordering::Equal)
        {
            return Some(Ball::default());
        }
        wp += missing + 10;
    }
    loggamma_any(x, wp)
}

fn loggamma_any(x: &Ball, p: i64) -> Option<Ball> {
    if x.is_positive() {
        return loggamma_positive(x, p);
    }
    // log |Γ(x)| = log π - log |sin πx| - log Γ(1 - x)
    let sin = sin_of_pi(x, p + 10)?.abs();
    let other = loggamma_positive(&Ball::one().sub(x, p + 40), p)?;
    let first = log(&pi(p + 10).div(&sin, p + 10)?, p + 10)?;
    Some(first.sub(&other, p))
}

/// sin πx, with the whole turns taken off exactly.
pub fn sin_of_pi(x: &Ball, p: i64) -> Option<Ball> {
    sin_cos_of_pi(x, p).map(|(sin, _)| sin)
}

/// sin πx and cos πx; exact where they are 0 or ±1.
pub fn sin_cos_of_pi(x: &Ball, p: i64) -> Option<(Ball, Ball)> {
    // x = k/2 + r
    let doubled = x.mid.scale(1).add(&Float::power(-1)).floor()?;
    let half = Ball::exact(Float::new(doubled.clone(), -1));
    let rest = x.sub(&half, p.max(x.mid.top() + p));
    let angle = rest.mul(&pi(p + 10), p + 10);
    let (sin, cos) = sin_cos(&angle, p)?;
    let four = dashu_int::IBig::from(4);
    let quarter = i64::try_from(((&doubled % &four) + &four) % &four).ok()?;
    Some(match quarter {
        0 => (sin, cos),
        1 => (cos, sin.neg()),
        2 => (sin.neg(), cos.neg()),
        _ => (cos.neg(), sin),
    })
}

/// Γ(x) away from its poles.
pub fn gamma(x: &Ball, p: i64) -> Option<Ball> {
    if too_far(x, p) {
        return None;
    }
    let wp = p + 30 + 2 * x.mag().top().max(0);
    if x.is_positive() {
        let (shift, terms) = shift_and_terms(x.mid.near(), wp);
        let moved = x.add(&Ball::from_int(shift as i64), wp);
        let log = stirling(&moved, terms, wp + moved.mag().top().max(0) + 10)?;
        return exp(&log, wp)?.div(&rising(x, shift, wp), wp);
    }
    // Γ(x) Γ(1-x) = π / sin πx
    let sin = sin_of_pi(x, wp)?;
    let other = gamma(&Ball::one().sub(x, wp + (-x.mid.top()).clamp(0, 3000)), p + 10)?;
    pi(wp).div(&sin.mul(&other, wp), wp)
}

/// ψ(x) for positive x.
pub fn digamma_positive(x: &Ball, p: i64) -> Option<Ball> {
    polygamma_positive(0, x, p)
}

/// The m-th derivative of ψ for positive x.
fn polygamma_positive(m: u64, x: &Ball, p: i64) -> Option<Ball> {
    let wp = p + 30 + 2 * m as i64;
    let (mut shift, terms) = shift_and_terms(x.mid.near(), wp);
    shift += 2 * m;
    let y = x.add(&Ball::from_int(shift as i64), wp);
    let mut value = asymptotic_polygamma(m, &y, terms, wp)?;
    // ψ⁽ᵐ⁾(x) = ψ⁽ᵐ⁾(x+1) - (-1)^m m!/x^(m+1)
    let factorial = factorial(m, wp);
    let mut sum = Ball::default();
    for i in 0..shift {
        let at = x.add(&Ball::from_int(i as i64), wp);
        sum = sum.add(&at.powi(m + 1, wp).inv(wp)?, wp);
    }
    let shifted = sum.mul(&factorial, wp);
    value = if m.is_multiple_of(2) { value.sub(&shifted, wp) } else { value.add(&shifted, wp) };
    Some(value)
}

pub fn factorial(m: u64, p: i64) -> Ball {
    (2..=m as i64).fold(Ball::one(), |product, i| product.mul_int(i, p))
}

/// Stirling's series, differentiated.
fn asymptotic_polygamma(m: u64, y: &Ball, terms: usize, p: i64) -> Option<Ball> {
    let inverse = y.inv(p)?;
    let square = inverse.square(p);
    // m = 0: log y - 1/(2y) - Σ B₂ₖ/(2k y^2k); else ±( (m-1)!/y^m + m!/(2y^(m+1)) + Σ B₂ₖ (2k+m-1)!/((2k)! y^(2k+m)) )
    let mut sum = if m == 0 {
        log(y, p)?.neg().add(&inverse.scale(-1), p)
    } else {
        let power = inverse.powi(m, p);
        let first = factorial(m - 1, p).mul(&power, p);
        first.add(&factorial(m, p).mul(&power, p).mul(&inverse, p).scale(-1), p)
    };
    // (2k+m-1)!/(2k)! · y^-(2k+m), from k = 1 on
    let mut factor = inverse.powi(m, p).mul(&square, p);
    factor = if m == 0 {
        factor.div_int(2, p)
    } else {
        (3..=m as i64 + 1).fold(factor, |product, i| product.mul_int(i, p))
    };
    let mut last = Mag::ZERO;
    for (k, number) in (1i64..).zip(bernoulli(terms + 1, p)) {
        let term = number.mul(&factor, p);
        last = term.mag();
        if k <= terms as i64 {
            sum = sum.add(&term, p);
        }
        let m = m as i64;
        factor = factor.mul(&square, p).mul_int((2 * k + m) * (2 * k + m + 1), p);
        factor = factor.div_int((2 * k + 1) * (2 * k + 2), p);
    }
    let value = sum.with_error(last);
    Some(if m.is_multiple_of(2) { value.neg() } else { value })
}

/// The m-th derivative of ψ away from its poles.
pub fn polygamma(m: u64, x: &Ball, p: i64) -> Option<Ball> {
    if too_far(x, p) || m > 200 {
        return None;
    }
    let p = p + 20;
    if x.is_positive() {
        return polygamma_positive(m, x, p);
    }
    // ψ⁽ᵐ⁾(1-x) - (-1)^m ψ⁽ᵐ⁾(x) = (-1)^m dᵐ/dxᵐ π cot πx
    let wp = p + 20 + (m as i64 + 1) * (-x.mid.top()).max(0);
    let other = polygamma_positive(m, &Ball::one().sub(x, wp), wp)?;
    let (sin, cos) = sin_cos_of_pi(x, wp)?;
    let cot = cos.div(&sin, wp)?;
    let slope = cotangent_derivative(m, &cot, wp);
    let slope = slope.mul(&pi(wp).powi(m + 1, wp), wp);
    let other = if m.is_multiple_of(2) { other } else { other.neg() };
    Some(other.sub(&slope, wp))
}

/// The m-th derivative of cot as a polynomial in the cotangent c: c' = -(1 + c²).
fn cotangent_derivative(m: u64, c: &Ball, p: i64) -> Ball {
    let mut polynomial: Vec<dashu_int::IBig> = vec![0.into(), 1.into()];
    for _ in 0..m {
        let mut next = vec![dashu_int::IBig::ZERO; polynomial.len() + 1];
        for (i, a) in polynomial.iter().enumerate().skip(1) {
            let slope = a * dashu_int::IBig::from(i as i64);
            next[i - 1] -= &slope;
            next[i + 1] -= slope;
        }
        polynomial = next;
    }
    let horner =
        |sum: Ball, a: &dashu_int::IBig| sum.mul(c, p).add(&Ball::exact(Float::new(a.clone(), 0)), p);
    polynomial.iter().rev().fold(Ball::default(), horner)
}

/// ψ(x + h) - ψ(x) for positive x and x + h.
pub fn digamma_difference(x: &Ball, h: &Ball, p: i64) -> Option<Ball> {
    let mut wp = p + 20;
    for _ in 0..4 {
        let far = x.add(h, wp + 60);
        let value = polygamma(0, &far, wp)?.sub(&polygamma(0, x, wp)?, wp);
        let missing = p - value.certain_bits();
        if missing <= 0 || !x.is_exact() || !h.is_exact() || missing > 2200 {
            return Some(value);
        }
        wp += missing + 10;
    }
    None
}

/// log B(a, b) = log Γ(a) + log Γ(b) - log Γ(a + b).
pub fn logbeta(a: &Ball, b: &Ball, p: i64) -> Option<Ball> {
    let size = a.mag().max(b.mag()).top().max(0);
    let wp = p + 30 + 2 * size;
    let sum = a.add(b, wp + 60);
    let parts = loggamma(a, wp)?.add(&loggamma(b, wp)?, wp);
    Some(parts.sub(&loggamma(&sum, wp)?, wp))
}

/// B(a, b).
pub fn beta(a: &Ball, b: &Ball, p: i64) -> Option<Ball> {
    let size = a.mag().max(b.mag()).top().max(0);
    exp(&logbeta(a, b, p + 20 + 2 * size)?, p)
}
