//! The error function and its relatives.

use super::ball::Ball;
use super::constants::pi;
use super::elementary::{exp, log};
use super::float::Float;
use super::mag::Mag;
use std::cmp::Ordering;

/// Larger arguments squared are not summed by Taylor's series.
const LARGEST: f64 = 8_000.0;

/// 2/√π, or 1/√π.
fn over_root_pi(twice: bool, p: i64) -> Option<Ball> {
    Some(pi(p).sqrt(p)?.inv(p)?.scale(i64::from(twice)))
}

/// e^(x²) erf x = 2/√π Σ 2^k x^(2k+1)/(2k+1)!!, whose terms have one sign; with `alternating`
/// Dawson's integral without its factor.
fn series(x: &Ball, alternating: bool, wp: i64) -> Option<Ball> {
    let square = x.square(wp).scale(1);
    let limit = square.mag().to_float().near();
    if limit > LARGEST {
        return None;
    }
    let square = if alternating { square.neg() } else { square };
    let (mut sum, mut term, mut k) = (x.clone(), x.clone(), 1i64);
    loop {
        term = term.mul(&square, wp).div_int(2 * k + 1, wp);
        sum = sum.add(&term, wp);
        k += 1;
        let size = term.mag();
        if (2 * k + 1) as f64 > 2.0 * limit && (size.top() < x.mag().top() - wp || term.is_zero()) {
            // Each term is less than half of the one before.
            return Some(sum.with_error(size));
        }
    }
}

/// The bits that e^(x²) takes.
fn bits_of_square(x: &Ball) -> i64 {
    let size = x.mag().to_float().near();
    (1.45 * size * size).min(2.0 * LARGEST) as i64 + 4
}

pub fn erf(x: &Ball, p: i64) -> Option<Ball> {
    if x.is_zero() {
        return Some(Ball::default());
    }
    if x.sign().is_some() && x.mag().top() > 3 && bits_of_square(x) > p {
        let one = Ball::one().sub(&erfc(&x.abs(), 40)?, p);
        return Some(if x.is_negative() { one.neg() } else { one });
    }
    let wp = p + 20;
    let sum = series(x, false, wp)?;
    Some(sum.mul(&exp(&x.square(wp + 60).neg(), wp)?, wp).mul(&over_root_pi(true, wp)?, wp))
}

pub fn erfc(x: &Ball, p: i64) -> Option<Ball> {
    if x.is_positive() && x.mag().top() > 0 {
        return erfcx(x, p + 4)?.mul(&exp(&x.square(2 * p + 100).neg(), p + 4)?, p).into();
    }
    Some(Ball::one().sub(&erf(x, p + 10)?, p))
}

/// e^(x²) erfc x.
pub fn erfcx(x: &Ball, p: i64) -> Option<Ball> {
    if x.is_positive() {
        if let Some(value) = asymptotic(x, p) {
            return Some(value);
        }
        let wp = p + 20 + bits_of_square(x) * 2;
        let grown = exp(&x.square(wp + 60), wp)?;
        let part = series(x, false, wp)?.mul(&over_root_pi(true, wp)?, wp);
        return Some(grown.sub(&part, wp));
    }
    Some(exp(&x.square(p + 80), p + 10)?.mul(&erfc(x, p + 10)?, p))
}

/// 1/(x√π) Σ (-1)^k (2k-1)!!/(2x²)^k, where its terms become small enough; the error is less than
/// the first term left out.
fn asymptotic(x: &Ball, p: i64) -> Option<Ball> {
    if bits_of_square(x) < p + 10 {
        return None;
    }
    let wp = p + 20;
    let ratio = x.square(wp).scale(1).inv(wp)?.neg();
    let (mut sum, mut term, mut k) = (Ball::one(), Ball::one(), 1i64);
    while term.mag().top() > -(p + 10) {
        let next = term.mul(&ratio, wp).mul_int(2 * k - 1, wp);
        if next.mag().compare(term.mag()) != Ordering::Less {
            return None;
        }
        term = next;
        sum = sum.add(&term, wp);
        k += 1;
    }
    let sum = sum.with_error(term.mag());
    sum.mul(&over_root_pi(false, wp)?, wp).div(x, p)
}

pub fn logerfc(x: &Ball, p: i64) -> Option<Ball> {
    if x.is_positive() && x.mag().top() > 1 {
        return Some(log(&erfcx(x, p)?, p)?.sub(&x.square(2 * p + 60), p));
    }
    if x.mag().top() < 0 {
        return super::elementary::log1p(&erf(x, p)?.neg(), p);
    }
    log(&erfc(x, p)?, p)
}

pub fn logerfcx(x: &Ball, p: i64) -> Option<Ball> {
    if x.is_negative() && x.mag().top() > 2 {
        return Some(log(&erfc(x, p)?, p)?.add(&x.square(2 * p + 60), p));
    }
    log(&erfcx(x, p)?, p)
}

pub fn erfi(x: &Ball, p: i64) -> Option<Ball> {
    let wp = p + 20;
    Some(dawson(x, wp)?.mul(&exp(&x.square(wp + 60), wp)?, wp).mul(&over_root_pi(true, wp)?, wp))
}

/// e^(-x²) ∫₀ˣ e^(t²) dt
pub fn dawson(x: &Ball, p: i64) -> Option<Ball> {
    if x.is_zero() {
        return Some(Ball::default());
    }
    let wp = p + 20 + 2 * bits_of_square(x);
    series(x, true, wp)
}

/// Φ(x), the normal distribution function.
pub fn normcdf(x: &Ball, p: i64) -> Option<Ball> {
    let half = Ball::exact(Float::power(-1)).sqrt(p + 60)?;
    Some(erfc(&x.mul(&half, p + 60).neg(), p)?.scale(-1))
}

pub fn normpdf(x: &Ball, p: i64) -> Option<Ball> {
    let root = pi(p).scale(1).sqrt(p)?;
    exp(&x.square(p + 80).scale(-1).neg(), p)?.div(&root, p)
}

/// The y with f(y) = x for a monotone f, from an approximation: Newton's steps, and then a bound by
/// the least slope next to the approximation.
pub fn inverse(
    x: &Ball,
    start: f64,
    p: i64,
    f: &dyn Fn(&Ball, i64) -> Option<Ball>,
    slope: &dyn Fn(&Ball, i64) -> Option<Ball>,
) -> Option<Ball> {
    if !start.is_finite() {
        return None;
    }
    let mut y = Float::from_double(start);
    let mut bits = 45;
    loop {
        let wp = (2 * bits + 20).min(p) + 40;
        let at = Ball::exact(y.clone());
        let step = f(&at, wp)?.sub(x, wp).div(&slope(&at, wp)?, wp)?;
        if bits >= p {
            // The mean value theorem on a ball that must hold the solution.
            let reach = step.mag().scale(1).add(Mag::power(y.top() - 2 * p));
            let around = at.with_error(reach);
            let bound = f(&at, wp)?.sub(x, wp).div(&slope(&around, wp)?, wp)?.mag();
            let inside = bound.compare(reach) != Ordering::Greater;
            return inside.then(|| at.with_error(bound));
        }
        y = y.sub(&step.mid).cut(wp + 60).0;
        bits = 2 * bits - 4;
    }
}
