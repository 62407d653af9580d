//! Rows of special functions on balls: power series with the bound of their rest, and what follows
//! from them.

use super::airy::{airy, scaled_airy, scaled_airy_slope};
use super::ball::Ball;
use super::bessel::{bessel, bessel_second, first_kind, second_kind};
use super::constants::{euler, pi};
use super::elementary::{exp, log};
use super::erf;
use super::gamma;
use crate::primitive::{self, Prim};
use std::cmp::Ordering;

/// Larger arguments cancel too much in a power series.
pub const LARGEST: f64 = 3000.0;

/// A row of one argument. The outer `None`: no form; the inner: no ball at this argument.
pub fn unary(prim: Prim, x: &Ball, bits: i64) -> Option<Option<Ball>> {
    let p = bits + 20;
    Some(match prim {
        Prim::EXPINT => positive(x).and_then(|x| expint(x, p)),
        Prim::EXPINTX => positive(x).and_then(|x| scaled_expint(x, p)),
        Prim::EXPINTI => expinti(x, p),
        Prim::SININT => integral_of_sine(x, p),
        Prim::COSINT => positive(x).and_then(|x| integral_of_cosine(x, p)),
        Prim::ELLIPK => elliptic(x, p).map(|(k, _)| k),
        Prim::ELLIPE => elliptic(x, p).map(|(_, e)| e),
        Prim::BESSELJ0 => bessel(0, x, true, p),
        Prim::BESSELJ1 => bessel(1, x, true, p),
        Prim::BESSELY0 => positive(x).and_then(|x| bessel_second(0, x, true, p)),
        Prim::BESSELY1 => positive(x).and_then(|x| bessel_second(1, x, true, p)),
        Prim::AIRYAI => airy(x, p).map(|a| a.ai),
        Prim::AIRYAIPRIME => airy(x, p).map(|a| a.ai_prime),
        Prim::AIRYBI => airy(x, p).map(|a| a.bi),
        Prim::AIRYBIPRIME => airy(x, p).map(|a| a.bi_prime),
        Prim::DAIRYAIX => scaled_airy_slope(x, 1, p, |a| a.ai, |a, _, _| a.ai_prime),
        Prim::DAIRYAIPRIMEX => scaled_airy_slope(x, 1, p, |a| a.ai_prime, |a, x, p| a.ai.mul(x, p)),
        Prim::DAIRYBIX => scaled_airy_slope(x, -1, p, |a| a.bi, |a, _, _| a.bi_prime),
        Prim::DAIRYBIPRIMEX => scaled_airy_slope(x, -1, p, |a| a.bi_prime, |a, x, p| a.bi.mul(x, p)),
        Prim::AIRYAIX => scaled_airy(x, 1, p, |a| a.ai),
        Prim::AIRYAIPRIMEX => scaled_airy(x, 1, p, |a| a.ai_prime),
        Prim::AIRYBIX => scaled_airy(x, -1, p, |a| a.bi),
        Prim::AIRYBIPRIMEX => scaled_airy(x, -1, p, |a| a.bi_prime),
        Prim::ERFINV => inverse_erf(x, p),
        Prim::ERFCINV => inverse_erfc(x, p),
        Prim::INVDIGAMMA => {
            let start = primitive::eval_real(prim, &[x.mid.near()]);
            erf::inverse(x, start, p, &|y, p| gamma::polygamma(0, y, p), &|y, p| gamma::polygamma(1, y, p))
        }
        _others => return None,
    })
}

/// A row of two arguments.
pub fn binary(prim: Prim, x: &Ball, y: &Ball, bits: i64) -> Option<Option<Ball>> {
    let p = bits + 20;
    Some(match prim {
        Prim::BESSELJ => first_kind(x, y, true, p),
        Prim::BESSELI => first_kind(x, y, false, p),
        Prim::BESSELY => positive(y).and_then(|y| second_kind(x, y, true, p)),
        Prim::BESSELK => positive(y).and_then(|y| second_kind(x, y, false, p)),
        Prim::BESSELIX => {
            first_kind(x, y, false, p).and_then(|value| Some(value.mul(&exp(&y.abs().neg(), p)?, p)))
        }
        Prim::BESSELKX => {
            let value = positive(y).and_then(|y| second_kind(x, y, false, p));
            value.and_then(|value| Some(value.mul(&exp(y, p)?, p)))
        }
        Prim::GAMMA_INC => positive(x).and_then(|a| incomplete_gamma(a, y, p)?.div(&gamma::gamma(a, p)?, p)),
        Prim::GAMMA_UPPER => positive(x).and_then(|a| upper_gamma(a, y, p)),
        _others => return None,
    })
}

/// The derivative of this number by the argument of a scaled Bessel function: each is half the sum of its neighbours
/// against itself.
pub fn scaled_derivative(prim: Prim, n: i64, nu: &Ball, x: &Ball, bits: i64) -> Option<Ball> {
    if n == 0 {
        return binary(prim, nu, x, bits)?;
    }
    let p = bits + 20;
    let one = Ball::one();
    let below = scaled_derivative(prim, n - 1, &nu.sub(&one, 2 * p), x, p)?;
    let above = scaled_derivative(prim, n - 1, &nu.add(&one, 2 * p), x, p)?;
    let half = below.add(&above, p).scale(-1);
    let own = scaled_derivative(prim, n - 1, nu, x, p)?;
    Some(match (prim == Prim::BESSELKX, x.is_negative()) {
        (true, _) => own.sub(&half, p),
        (false, true) => half.add(&own, p),
        (false, false) => half.sub(&own, p),
    })
}

fn positive(x: &Ball) -> Option<&Ball> {
    x.is_positive().then_some(x)
}

/// The size of an argument, where a power series is worth summing.
pub fn reach(x: &Ball) -> Option<f64> {
    let size = x.mag().to_float().near();
    (size <= LARGEST).then_some(size)
}

/// Bits that a sum with terms up to e^size loses.
pub fn swell(size: f64) -> i64 {
    (1.45 * size) as i64 + 10
}

/// Repeats a sum with more bits until enough are certain, where the argument is exact.
pub fn until_certain(x: &Ball, p: i64, f: impl Fn(i64) -> Option<Ball>) -> Option<Ball> {
    let mut wp = p;
    for _ in 0..4 {
        let value = f(wp)?;
        let missing = p - value.certain_bits();
        if missing <= 0 || !x.is_exact() || missing > 3 * p + 4000 {
            return Some(value);
        }
        wp += missing + 20;
    }
    f(wp)
}

/// Σ_{k≥1} s^k x^k/(k·k!), of which Ein and Ei are made.
fn ein_series(x: &Ball, wp: i64) -> Option<Ball> {
    let size = reach(x)?;
    let (mut sum, mut power, mut k) = (Ball::default(), Ball::one(), 1i64);
    loop {
        power = power.mul(x, wp).div_int(k, wp);
        sum = sum.add(&power.div_int(k, wp), wp);
        k += 1;
        if k as f64 > 2.0 * size + 2.0 && (power.mag().top() < -wp || power.is_zero()) {
            return Some(sum.with_error(power.mag()));
        }
    }
}

/// E₁(x) for positive x.
pub fn expint(x: &Ball, p: i64) -> Option<Ball> {
    if let Some(scaled) = asymptotic_expint(x, p + 10) {
        return Some(scaled.mul(&exp(&x.neg(), p + 10)?, p + 10));
    }
    let size = reach(x)?;
    // -γ - log x - Σ (-x)^k/(k k!)
    until_certain(x, p, |p| {
        let wp = p + 2 * swell(size);
        let sum = euler(wp).add(&log(x, wp)?, wp).add(&ein_series(&x.neg(), wp)?, wp);
        Some(sum.neg())
    })
}

/// e^x E₁(x) for positive x.
pub fn scaled_expint(x: &Ball, p: i64) -> Option<Ball> {
    asymptotic_expint(x, p).or_else(|| Some(expint(x, p)?.mul(&exp(x, p)?, p)))
}

/// e^x E₁(x) = Σ (-1)^k k!/x^(k+1), where its terms become small enough; the error is less than the
/// first term left out.
fn asymptotic_expint(x: &Ball, p: i64) -> Option<Ball> {
    if x.mag().to_float().near() * 1.4 < (p + 10) as f64 {
        return None;
    }
    let wp = p + 20;
    let ratio = x.inv(wp)?.neg();
    let mut term = ratio.neg();
    let (first, mut sum, mut k) = (term.mag().top(), term.clone(), 1i64);
    while term.mag().top() > first - (p + 10) {
        let next = term.mul(&ratio, wp).mul_int(k, wp);
        if next.mag().compare(term.mag()) != Ordering::Less {
            return None;
        }
        term = next;
        sum = sum.add(&term, wp);
        k += 1;
    }
    Some(sum.with_error(term.mag()))
}

/// Ei(x) = γ + log |x| + Σ x^k/(k k!).
fn expinti(x: &Ball, p: i64) -> Option<Ball> {
    let size = reach(x)?;
    until_certain(x, p, |p| {
        let wp = p + 2 * swell(size);
        Some(euler(wp).add(&log(&x.abs(), wp)?, wp).add(&ein_series(x, wp)?, wp))
    })
}

/// Σ (-1)^k x^(2k+first)/((2k+first)·(2k+first)!) from the first power on.
fn trigonometric_integral(x: &Ball, first: i64, wp: i64) -> Option<Ball> {
    let size = reach(x)?;
    let square = x.square(wp).neg();
    let mut power = if first == 1 { x.clone() } else { square.scale(-1) };
    let (mut sum, mut k) = (Ball::default(), first);
    loop {
        sum = sum.add(&power.div_int(k, wp), wp);
        power = power.mul(&square, wp).div_int((k + 1) * (k + 2), wp);
        k += 2;
        if k as f64 > 2.0 * size + 2.0 && (power.mag().top() < x.mag().top().min(0) - wp || power.is_zero()) {
            return Some(sum.with_error(power.mag().scale(1)));
        }
    }
}

fn integral_of_sine(x: &Ball, p: i64) -> Option<Ball> {
    let wp = p + swell(reach(x)?);
    trigonometric_integral(x, 1, wp)
}

fn integral_of_cosine(x: &Ball, p: i64) -> Option<Ball> {
    let size = reach(x)?;
    until_certain(x, p, |p| {
        let wp = p + swell(size);
        Some(euler(wp).add(&log(x, wp)?, wp).add(&trigonometric_integral(x, 2, wp)?, wp))
    })
}

/// K(m) and E(m) by the arithmetic-geometric mean.
pub fn elliptic(m: &Ball, p: i64) -> Option<(Ball, Ball)> {
    let wp = p + 30 + m.mag().top().max(0);
    let rest = Ball::one().sub(m, wp + 1100);
    if rest.is_zero() {
        return None;
    }
    let (mut a, mut b) = (Ball::one(), rest.sqrt(wp)?);
    // E = K (1 - Σ 2^(n-1) c_n²), c₀² = m
    let (mut sum, mut n) = (m.scale(-1), 0);
    while n < 60 {
        let difference = a.sub(&b, wp).scale(-1);
        let mean = a.add(&b, wp).scale(-1);
        b = a.mul(&b, wp).sqrt(wp)?;
        a = mean;
        sum = sum.add(&difference.square(wp).scale(n), wp);
        n += 1;
        if difference.mag().top() < -wp / 2 + a.mag().top() - n {
            break;
        }
    }
    // The mean lies between a and b, and what is left of the sum is less than its last term.
    let mean = a.hull(&b, wp);
    let k = pi(wp).scale(-1).div(&mean, wp)?;
    let gap = a.sub(&b, wp).mag();
    let sum = sum.with_error(gap.mul(gap).scale(n + 2));
    let e = k.mul(&Ball::one().sub(&sum, wp), wp);
    Some((k, e))
}

/// γ(a, x) = x^a e^-x Σ x^k/(a (a+1) … (a+k)) for positive a.
fn incomplete_gamma(a: &Ball, x: &Ball, p: i64) -> Option<Ball> {
    if x.is_zero() {
        return Some(Ball::default());
    }
    let size = reach(positive(x)?)?;
    let wp = p + 20;
    let mut term = a.inv(wp)?;
    let (mut sum, mut k) = (term.clone(), 1i64);
    let start = term.mag().top();
    loop {
        term = term.mul(x, wp).div(&a.add(&Ball::from_int(k), wp), wp)?;
        sum = sum.add(&term, wp);
        k += 1;
        if k as f64 > 2.0 * size && (term.mag().top() < start - wp || term.is_zero()) {
            break;
        }
    }
    let sum = sum.with_error(term.mag().scale(1));
    let power = a.mul(&log(x, wp + 20)?, wp + 20).sub(x, wp + 20);
    Some(sum.mul(&exp(&power, wp)?, wp))
}

fn upper_gamma(a: &Ball, x: &Ball, p: i64) -> Option<Ball> {
    let size = reach(x)?;
    until_certain(x, p, |p| {
        let wp = p + swell(size);
        Some(gamma::gamma(a, wp)?.sub(&incomplete_gamma(a, x, wp)?, wp))
    })
}

fn inverse_erf(x: &Ball, p: i64) -> Option<Ball> {
    if x.is_zero() {
        return Some(Ball::default());
    }
    let start = primitive::eval_real(Prim::ERFINV, &[x.mid.near()]);
    erf::inverse(x, start, p, &erf::erf, &slope_of_erf)
}

fn inverse_erfc(x: &Ball, p: i64) -> Option<Ball> {
    if x.compare(&Ball::one()) == Some(Ordering::Equal) {
        return Some(Ball::default());
    }
    let start = primitive::eval_real(Prim::ERFCINV, &[x.mid.near()]);
    erf::inverse(x, start, p, &erf::erfc, &|y, p| slope_of_erf(y, p).map(|slope| slope.neg()))
}

/// 2/√π e^(-y²)
fn slope_of_erf(y: &Ball, p: i64) -> Option<Ball> {
    let root = pi(p).sqrt(p)?;
    exp(&y.square(2 * p).neg(), p)?.scale(1).div(&root, p)
}
