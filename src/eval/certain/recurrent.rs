//! Rows of an order and an argument that follow from their lowest orders by a recurrence.

use super::ball::Ball;
use super::constants::{bernoulli, pi};
use super::elementary::{exp, log};
use super::erf;
use super::forms::small_whole;
use super::special::{elliptic, expint, scaled_expint, until_certain};
use crate::primitive::Prim;

/// A row of two arguments. The outer `None`: no form; the inner: no ball at this argument.
pub fn binary(prim: Prim, n: &Ball, x: &Ball, bits: i64) -> Option<Option<Ball>> {
    let p = bits + 20;
    let order = || small_whole(n).filter(|n| (0..=200).contains(n));
    let positive = || x.is_positive().then_some(x);
    Some(match prim {
        Prim::ZETA => positive().and_then(|z| hurwitz(n, z, p)),
        Prim::EXPINT_N => small_whole(n).and_then(|n| exponential_integral(n, positive()?, p)),
        Prim::EXPINTX_N => order().and_then(|n| scaled_integral(n, positive()?, p)),
        Prim::ERFCX_N => order().and_then(|n| until_certain(x, p, |p| scaled_erfc(n, x, p))),
        Prim::DAWSON_N => order().and_then(|n| until_certain(x, p, |p| dawson(n, x, p))),
        Prim::ELLIPK_N => order().and_then(|n| elliptic_derivative(n, x, true, p)),
        Prim::ELLIPE_N => order().and_then(|n| elliptic_derivative(n, x, false, p)),
        _others => return None,
    })
}

/// The n-th derivative of ζ(s, z) by z, (-1)ⁿ s (s + 1) … (s + n - 1) ζ(s + n, z).
pub fn zeta_derivative(n: i64, s: &Ball, z: &Ball, p: i64) -> Option<Ball> {
    if !z.is_positive() || !s.sub(&Ball::one(), p + 1100).is_positive() {
        return None;
    }
    let order = |k: i64| s.add(&Ball::from_int(k), p + 1100);
    let value = hurwitz(&order(n), z, p + 20)?;
    Some((0..n).fold(value, |value, k| value.mul(&order(k).neg(), p + 20)))
}

/// ζ(s, z) by Euler and Maclaurin's sum, whose error is less than its first term left out.
fn hurwitz(s: &Ball, z: &Ball, p: i64) -> Option<Ball> {
    let past = s.sub(&Ball::one(), p + 1100);
    if !past.is_positive() || s.mag().top() > 12 || z.mag().top() > 40 || p > 3000 {
        return None;
    }
    let wp = p + 40;
    let power = |base: &Ball| exp(&log(base, wp + 20)?.mul(s, wp + 20).neg(), wp);
    let (count, terms) = ((0.2 * wp as f64 + s.mid.near()) as i64, (0.25 * wp as f64) as usize + 5);
    let mut sum = Ball::default();
    for k in 0..count {
        sum = sum.add(&power(&z.add(&Ball::from_int(k), wp))?, wp);
    }
    let at = z.add(&Ball::from_int(count), wp);
    let last = power(&at)?;
    sum = sum.add(&last.mul(&at, wp).div(&past, wp)?, wp).add(&last.scale(-1), wp);
    // B₂ₖ/(2k)! · s (s+1) … (s+2k-2) · at^(-s-2k+1)
    let square = at.square(wp);
    let mut factor = last.mul(s, wp).div(&at, wp)?.scale(-1);
    for (k, number) in (1i64..).zip(bernoulli(terms, wp)) {
        let term = number.mul(&factor, wp);
        if k == terms as i64 {
            return Some(sum.with_error(term.mag()));
        }
        sum = sum.add(&term, wp);
        let (one, two) = (s.add(&Ball::from_int(2 * k - 1), wp), s.add(&Ball::from_int(2 * k), wp));
        factor = factor.mul(&one, wp).mul(&two, wp).div(&square, wp)?;
        factor = factor.div_int((2 * k + 1) * (2 * k + 2), wp);
    }
    None
}

/// E_n(x), from k E_{k+1} + x E_k = e^-x.
fn exponential_integral(n: i64, x: &Ball, p: i64) -> Option<Ball> {
    if n.abs() > 200 {
        return None;
    }
    until_certain(x, p, |p| {
        let decay = exp(&x.neg(), p)?;
        if n < 1 {
            let mut value = decay.div(x, p)?;
            for k in (n..0).rev() {
                value = decay.sub(&value.mul_int(k, p), p).div(x, p)?;
            }
            return Some(value);
        }
        let mut value = expint(x, p)?;
        for k in 1..n {
            value = decay.sub(&value.mul(x, p), p).div_int(k, p);
        }
        Some(value)
    })
}

/// The n-th derivative of y = e^x E₁(x): y' = y - 1/x.
fn scaled_integral(n: i64, x: &Ball, p: i64) -> Option<Ball> {
    until_certain(x, p, |p| {
        let mut value = scaled_expint(x, p)?;
        let mut power = x.inv(p)?;
        for k in 0..n {
            value = value.sub(&power, p);
            power = power.mul_int(-(k + 1), p).div(x, p)?;
        }
        Some(value)
    })
}

/// The n-th derivative of y = erfcx: y' = 2xy - 2/√π.
fn scaled_erfc(n: i64, x: &Ball, p: i64) -> Option<Ball> {
    let constant = pi(p).sqrt(p)?.inv(p)?.scale(1);
    second_order(n, erf::erfcx(x, p)?, &constant.neg(), &x.scale(1), 2, p)
}

/// The n-th derivative of Dawson's integral: y' = 1 - 2xy.
fn dawson(n: i64, x: &Ball, p: i64) -> Option<Ball> {
    second_order(n, erf::dawson(x, p)?, &Ball::one(), &x.scale(1).neg(), -2, p)
}

/// The n-th derivative of y where y' = factor·y + constant and y⁽ᵏ⁺¹⁾ = factor·y⁽ᵏ⁾ + step·k·y⁽ᵏ⁻¹⁾.
fn second_order(n: i64, y: Ball, constant: &Ball, factor: &Ball, step: i64, p: i64) -> Option<Ball> {
    let next = y.mul(factor, p).add(constant, p);
    let (mut before, mut now) = (y, next);
    if n == 0 {
        return Some(before);
    }
    for k in 1..n {
        let next = now.mul(factor, p).add(&before.mul_int(step * k, p), p);
        (before, now) = (now, next);
    }
    Some(now)
}

/// The n-th derivative of K or E by m, from their differential equations.
fn elliptic_derivative(n: i64, m: &Ball, first: bool, p: i64) -> Option<Ball> {
    if m.is_zero() {
        return Some(at_zero(n, first, p));
    }
    until_certain(m, p, |p| {
        let p = p + 20;
        let (k, e) = elliptic(m, p)?;
        let other = Ball::one().sub(m, p + 1100);
        let both = m.mul(&other, p);
        let (y, slope) = if first {
            // K' = (E - (1-m) K)/(2m(1-m))
            let slope = e.sub(&other.mul(&k, p), p).div(&both.scale(1), p)?;
            (k, slope)
        } else {
            // E' = (E - K)/(2m)
            let slope = e.sub(&k, p).div(&m.scale(1), p)?;
            (e, slope)
        };
        if n == 0 {
            return Some(y);
        }
        let (mut before, mut now) = (y, slope);
        let turn = Ball::one().sub(&m.scale(1), p + 60);
        for j in 0..n - 1 {
            // K: m(1-m) y⁽ʲ⁺²⁾ + (j+1)(1-2m) y⁽ʲ⁺¹⁾ = (j+1/2)² y⁽ʲ⁾
            // E: m(1-m) y⁽ʲ⁺²⁾ + (j(1-2m) + 1-m) y⁽ʲ⁺¹⁾ = (j² - 1/4) y⁽ʲ⁾
            let (middle, last) = if first {
                (turn.mul_int(j + 1, p), (2 * j + 1) * (2 * j + 1))
            } else {
                (turn.mul_int(j, p).add(&other, p), 4 * j * j - 1)
            };
            let right = before.mul_int(last, p).scale(-2).sub(&middle.mul(&now, p), p);
            (before, now) = (now, right.div(&both, p)?);
        }
        Some(now)
    })
}

/// K: π/2 ((1/2)ₙ)²/n!; E: the same over 1 - 2n.
fn at_zero(n: i64, first: bool, p: i64) -> Ball {
    let mut value = pi(p).scale(-1);
    for i in 0..n {
        // (i + 1/2)²/(i + 1)
        value = value.mul_int((2 * i + 1) * (2 * i + 1), p).scale(-2).div_int(i + 1, p);
    }
    if first { value } else { value.div_int(1 - 2 * n, p) }
}
