//! Functions of balls that are made of exponentials, logarithms, sines and arctangents, in forms
//! that keep their accuracy where the plain ones cancel.

use super::ball::Ball;
use super::constants::{ln2, pi};
use super::elementary::{atan, exp, expm1, log, log1p, sin_cos};
use super::float::Float;
use super::gamma::sin_cos_of_pi;
use dashu_int::IBig;
use std::cmp::Ordering;

/// The bits that a small argument takes away from a sum with 1.
pub fn depth(x: &Ball) -> i64 {
    (-x.mid.top()).clamp(0, 2500)
}

fn int(k: i64) -> Ball {
    Ball::from_int(k)
}

fn above_one(x: &Ball) -> bool {
    x.compare(&Ball::one()) == Some(Ordering::Greater)
}

/// The whole number that the ball is, if it is exactly one.
pub fn whole(x: &Ball) -> Option<IBig> {
    let floor = x.mid.floor()?;
    (x.is_exact() && Float::new(floor.clone(), 0).compare(&x.mid) == Ordering::Equal).then_some(floor)
}

pub fn small_whole(x: &Ball) -> Option<i64> {
    i64::try_from(whole(x)?).ok()
}

/// Whether the ball is exactly this integer.
pub fn is(x: &Ball, k: i64) -> bool {
    x.is_exact() && x.mid.compare(&Float::from_int(k)) == Ordering::Equal
}

pub fn exp_base(base: i64, x: &Ball, p: i64) -> Option<Ball> {
    if let Some(k) = small_whole(x).filter(|k| k.abs() < 5000) {
        let power = int(base).powi(k.unsigned_abs(), p + 12_000);
        return if k >= 0 { Some(power) } else { power.inv(p) };
    }
    let wp = p + x.mag().top().max(0) + 10;
    exp(&x.mul(&log(&int(base), wp)?, wp), p)
}

pub fn log_base(base: &Ball, x: &Ball, p: i64) -> Option<Ball> {
    let quotient = log(x, p)?.div(&log(base, p)?, p)?;
    // A whole power of the base has a whole logarithm.
    let k = quotient.mid.near().round();
    if base.is_exact() && x.is_exact() && k.abs() < 2000.0 {
        let power = base.powi(k.abs() as u64, 20_000);
        let same =
            if k >= 0.0 { power.sub(x, 20_000) } else { power.mul(x, 20_000).sub(&Ball::one(), 20_000) };
        if same.is_zero() {
            return Some(Ball::from_double(k));
        }
    }
    Some(quotient)
}

pub fn cbrt(x: &Ball, p: i64) -> Option<Ball> {
    if x.is_zero() {
        return Some(Ball::default());
    }
    let size = x.abs();
    let root = exp(&log(&size, p + 12)?.div_int(3, p + 12), p)?;
    let guess = Ball::from_double(root.mid.near());
    let exact = x.is_exact() && guess.powi(3, 400).sub(&size, 400).is_zero();
    let root = if exact { guess } else { root };
    Some(if x.mid.sign() == Ordering::Less { root.neg() } else { root })
}

/// x^y for real exponents.
pub fn pow(x: &Ball, y: &Ball, p: i64) -> Option<Ball> {
    if let Some(n) = small_whole(y).filter(|n| n.unsigned_abs() <= 1 << 20) {
        let power = x.powi(n.unsigned_abs(), p);
        return if n >= 0 { Some(power) } else { power.inv(p) };
    }
    if x.is_zero() && y.is_positive() {
        return Some(Ball::default());
    }
    if y.is_exact() && y.mid.compare(&Float::power(-1)) == Ordering::Equal {
        return x.sqrt(p);
    }
    let wp = p + y.mag().top().max(0) + 12 + x.mid.top().abs().min(64);
    if x.is_positive() {
        return exp(&y.mul(&log(x, wp)?, wp), p);
    }
    let n = whole(y)?;
    let power = exp(&y.mul(&log(&x.neg(), wp)?, wp), p)?;
    let odd = &n % IBig::from(2) != IBig::ZERO;
    x.is_negative().then_some(if odd { power.neg() } else { power })
}

pub fn tan(x: &Ball, p: i64) -> Option<Ball> {
    let (sin, cos) = sin_cos(x, p)?;
    sin.div(&cos, p)
}

pub fn asin(x: &Ball, p: i64) -> Option<Ball> {
    if is(x, 1) || is(x, -1) {
        return Some(pi(p).scale(-1).mul(x, p));
    }
    let wp = p + 10;
    let (below, above) = (Ball::one().sub(x, wp + 60), Ball::one().add(x, wp + 60));
    atan(&x.div(&below.mul(&above, wp).sqrt(wp)?, wp)?, p)
}

pub fn acos(x: &Ball, p: i64) -> Option<Ball> {
    if is(x, -1) {
        return Some(pi(p));
    }
    // 2 arctan √((1 - x)/(1 + x))
    let wp = p + 10;
    let (below, above) = (Ball::one().sub(x, wp + 60), Ball::one().add(x, wp + 60));
    if !above.is_positive() {
        return None;
    }
    atan(&below.div(&above, wp)?.sqrt(wp)?, wp).map(|half| half.scale(1))
}

pub fn acot(x: &Ball, p: i64) -> Option<Ball> {
    if x.is_zero() { Some(pi(p).scale(-1)) } else { atan(&x.inv(p)?, p) }
}

pub fn atan2(y: &Ball, x: &Ball, p: i64) -> Option<Ball> {
    let half = pi(p + 10).scale(-1);
    if x.is_positive() {
        return atan(&y.div(x, p)?, p);
    }
    if y.is_positive() {
        return Some(half.sub(&atan(&x.div(y, p)?, p)?, p));
    }
    if y.is_negative() {
        return Some(half.neg().sub(&atan(&x.div(y, p)?, p)?, p));
    }
    (x.is_negative() && y.is_zero()).then(|| half.scale(1))
}

pub fn sinh(x: &Ball, p: i64) -> Option<Ball> {
    let e = expm1(x, p)?;
    Some(e.add(&e.div(&e.add(&Ball::one(), p + depth(x)), p)?, p).scale(-1))
}

pub fn cosh(x: &Ball, p: i64) -> Option<Ball> {
    let e = exp(x, p)?;
    Some(e.add(&e.inv(p)?, p).scale(-1))
}

/// e^-2|x| - 1, and the sign of x.
fn decay(x: &Ball, p: i64) -> Option<(Ball, Ordering)> {
    let sign = x.sign()?;
    Some((expm1(&x.abs().scale(1).neg(), p)?, sign))
}

fn signed(value: Ball, sign: Ordering) -> Ball {
    if sign == Ordering::Less { value.neg() } else { value }
}

pub fn tanh(x: &Ball, p: i64) -> Option<Ball> {
    let Some((d, sign)) = decay(x, p) else {
        let e = expm1(&x.scale(1), p)?;
        return e.div(&e.add(&int(2), p), p);
    };
    Some(signed(d.neg().div(&d.add(&int(2), p), p)?, sign))
}

pub fn sech(x: &Ball, p: i64) -> Option<Ball> {
    let e = exp(&x.abs().neg(), p)?;
    e.scale(1).div(&Ball::one().add(&e.square(p), p), p)
}

pub fn csch(x: &Ball, p: i64) -> Option<Ball> {
    let (d, sign) = decay(x, p)?;
    Some(signed(exp(&x.abs().neg(), p)?.scale(1).div(&d.neg(), p)?, sign))
}

pub fn asinh(x: &Ball, p: i64) -> Option<Ball> {
    let size = x.abs();
    let square = size.square(p);
    let root = square.add(&Ball::one(), p).sqrt(p)?;
    let value = log1p(&size.add(&square.div(&root.add(&Ball::one(), p), p)?, p), p)?;
    if x.sign().is_none() {
        // The odd function, by its slope of at most 1
        return Some(Ball::within(x.mag()));
    }
    Some(signed(value, x.mid.sign()))
}

pub fn acosh(x: &Ball, p: i64) -> Option<Ball> {
    let past = x.sub(&Ball::one(), p + 60);
    let root = past.mul(&past.add(&int(2), p), p).sqrt(p)?;
    log1p(&past.add(&root, p), p)
}

pub fn atanh(x: &Ball, p: i64) -> Option<Ball> {
    let ratio = x.scale(1).div(&Ball::one().sub(x, p + 60), p)?;
    Some(log1p(&ratio, p)?.scale(-1))
}

/// Sine and cosine of an angle in degrees.
pub fn sin_cos_degrees(x: &Ball, p: i64) -> Option<(Ball, Ball)> {
    // Whole turns first, so that the quotient by 180 is exact where that matters.
    let turns = x.mid.div(&Float::from_int(360), x.mid.top().max(0) + 4).0.floor()?;
    let rest =
        x.sub(&Ball::exact(Float::new(turns * IBig::from(360), 0)), p + x.mid.top().max(0) + depth(x) + 60);
    sin_cos_of_pi(&rest.div_int(180, p + 20), p)
}

pub fn degrees(x: &Ball, p: i64) -> Option<Ball> {
    x.mul_int(180, p).div(&pi(p), p)
}

pub fn softplus(x: &Ball, p: i64) -> Option<Ball> {
    if x.is_positive() {
        return Some(x.add(&log1p(&exp(&x.neg(), p)?, p)?, p));
    }
    log1p(&exp(x, p)?, p)
}

/// log(1 - e^x) for negative x.
pub fn log1mexp(x: &Ball, p: i64) -> Option<Ball> {
    if x.compare(&int(-1)) == Some(Ordering::Less) {
        return log1p(&exp(x, p)?.neg(), p);
    }
    log(&expm1(x, p)?.neg(), p)
}

pub fn logexpm1(x: &Ball, p: i64) -> Option<Ball> {
    if above_one(x) {
        return Some(x.add(&log1mexp(&x.neg(), p)?, p));
    }
    log(&expm1(x, p)?, p)
}

pub fn logsubexp(x: &Ball, y: &Ball, p: i64) -> Option<Ball> {
    let difference = x.sub(y, p + 60);
    let larger = match difference.sign()? {
        Ordering::Greater => x,
        Ordering::Less | Ordering::Equal => y,
    };
    Some(larger.add(&log1mexp(&difference.abs().neg(), p)?, p))
}

pub fn logcosh(x: &Ball, p: i64) -> Option<Ball> {
    if above_one(&x.abs()) {
        let size = x.abs();
        let rest = log1p(&exp(&size.scale(1).neg(), p)?, p)?.sub(&ln2(p), p);
        return Some(size.add(&rest, p));
    }
    // log(1 + 2 sinh²(x/2))
    log1p(&sinh(&x.scale(-1), p)?.square(p).scale(1), p)
}

pub fn logabssinh(x: &Ball, p: i64) -> Option<Ball> {
    let size = x.abs();
    if above_one(&size) {
        let rest = log1mexp(&size.scale(1).neg(), p)?.sub(&ln2(p), p);
        return Some(size.add(&rest, p));
    }
    log(&sinh(&size, p)?, p)
}

pub fn logabstanh(x: &Ball, p: i64) -> Option<Ball> {
    let size = x.abs();
    if above_one(&size) {
        let e = exp(&size.scale(1).neg(), p)?;
        let ratio = e.scale(1).div(&Ball::one().add(&e, p), p)?;
        return log1p(&ratio.neg(), p);
    }
    log(&tanh(&size, p)?, p)
}

pub fn sigmoid(x: &Ball, p: i64) -> Option<Ball> {
    if x.is_negative() {
        let e = exp(x, p)?;
        return e.div(&Ball::one().add(&e, p), p);
    }
    Ball::one().add(&exp(&x.neg(), p)?, p).inv(p)
}

/// σ(x)(1 + xσ(-x))
pub fn dswish(x: &Ball, p: i64) -> Option<Ball> {
    let rest = Ball::one().add(&sigmoid(&x.neg(), p)?.mul(x, p), p);
    Some(sigmoid(x, p)?.mul(&rest, p))
}

/// t + x(1 - t²)σ(x) with t = tanh(softplus(x)).
pub fn dmish(x: &Ball, p: i64) -> Option<Ball> {
    let t = tanh(&softplus(x, p)?, p)?;
    let slope = Ball::one().sub(&t.square(p), p).mul(&sigmoid(x, p)?, p);
    Some(t.add(&slope.mul(x, p), p))
}

pub fn logit(x: &Ball, p: i64) -> Option<Ball> {
    let other = Ball::one().sub(x, p + 60);
    if !x.is_positive() || !other.is_positive() {
        return None;
    }
    // Near 1/2 by the distance from it, which is exact there.
    let ratio = x.scale(1).sub(&Ball::one(), p + 60).div(&other, p)?;
    if ratio.mag().top() < 0 {
        return log1p(&ratio, p);
    }
    log(&x.div(&other, p)?, p)
}

/// The derivative of this order of sin(πx)/(πx).
pub fn sinc_n(n: i64, x: &Ball, p: i64) -> Option<Ball> {
    if !(0..=60).contains(&n) || x.mag().top() > 10 {
        return if n == 0 && !x.is_zero() { plain_sinc(x, p) } else { None };
    }
    let wp = p + 20 + (2.0 * std::f64::consts::PI * x.mag().to_float().near() * 1.45) as i64 + 4 * n;
    let u = x.mul(&pi(wp), wp);
    let sum = sinc_series(n, &u, wp);
    Some(sum.mul(&pi(wp).powi(n as u64, wp), wp))
}

/// The derivative of this order of sin(x)/x.
pub fn usinc_n(n: i64, x: &Ball, p: i64) -> Option<Ball> {
    if n == 0 && (x.mag().top() > 10 || x.is_exact()) && !x.is_zero() {
        return sin_cos(x, p)?.0.div(x, p);
    }
    if !(0..=60).contains(&n) || x.mag().top() > 10 {
        return None;
    }
    let wp = p + 20 + (2.0 * x.mag().to_float().near() * 1.45) as i64 + 4 * n;
    Some(sinc_series(n, x, wp))
}

/// Σ (-1)^k u^(2k-n) (2k)!/((2k-n)! (2k+1)!) from 2k ≥ n on.
fn sinc_series(n: i64, u: &Ball, wp: i64) -> Ball {
    let square = u.square(wp).neg();
    let first = (n + 1) / 2;
    let mut term = if n % 2 == 0 { Ball::one() } else { u.clone() };
    // (2k)!/((2k-n)! (2k+1)!) = 1/((2k-n)! (2k+1))
    if first % 2 == 1 {
        term = term.neg();
    }
    let (mut sum, mut k) = (Ball::default(), first);
    loop {
        sum = sum.add(&term.div_int(2 * k + 1, wp), wp);
        let above = 2 * k - n;
        term = term.mul(&square, wp).div_int((above + 1) * (above + 2), wp);
        k += 1;
        let size = term.mag();
        if above > 8
            && (size.top() < -wp - 10 || term.is_zero())
            && (above * above) as f64 > 2.0 * square.mag().to_float().near()
        {
            return sum.with_error(size.scale(1));
        }
    }
}

/// The derivative of this order of (e^x - 1)/x, the integral of s^n e^(sx) for s from 0 to 1.
pub fn exprel_n(n: i64, x: &Ball, p: i64) -> Option<Ball> {
    if !(0..=60).contains(&n) {
        return None;
    }
    if x.mag().top() > 9 {
        let wp = p + 20 + 10 * n;
        let power = exp(x, wp)?;
        let mut value = expm1(x, wp)?.div(x, wp)?;
        for k in 1..=n {
            value = power.sub(&value.mul_int(k, wp), wp).div(x, wp)?;
        }
        return Some(value);
    }
    // Σ x^k/(k! (n+1+k))
    let size = x.mag().to_float().near();
    let wp = p + 20 + (2.0 * size * 1.45) as i64;
    let (mut term, mut sum, mut k) = (Ball::one(), Ball::default(), 0);
    loop {
        sum = sum.add(&term.div_int(n + 1 + k, wp), wp);
        k += 1;
        term = term.mul(x, wp).div_int(k, wp);
        let rest = term.mag();
        if k > 8 && (rest.top() < -wp - 10 || term.is_zero()) && k as f64 > 2.0 * size {
            return Some(sum.with_error(rest.scale(1)));
        }
    }
}

fn plain_sinc(x: &Ball, p: i64) -> Option<Ball> {
    sin_cos_of_pi(x, p)?.0.div(&x.mul(&pi(p), p), p)
}
