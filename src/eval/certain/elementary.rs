//! Exponential, logarithm, sine, cosine and arctangent of balls. A series is summed at the midpoint
//! in ball arithmetic, the bound of what is left out is added, and so is what the derivative lets
//! the radius of the argument do.

use super::ball::Ball;
use super::constants::{ln2, pi};
use super::float::Float;
use super::mag::Mag;
use std::cmp::Ordering;

/// Larger exponents of arguments are not reduced.
const LARGEST_TOP: i64 = 40;
const LARGEST_ANGLE: i64 = 20_000;

/// How often an argument is halved before its series.
fn halvings(p: i64) -> i64 {
    (p as f64).sqrt() as i64 * 2 / 3 + 2
}

/// e to the ball; nothing where the ball is wide or its numbers too large.
pub fn exp(x: &Ball, p: i64) -> Option<Ball> {
    if x.is_zero() {
        return Some(Ball::one());
    }
    if x.rad().top() > 0 {
        return wide_exp(x);
    }
    let top = x.mid.top();
    if top > LARGEST_TOP {
        return wide_exp(x);
    }
    let value = if top < -(2 * p) { near_one(&x.mid) } else { exp_exact(&x.mid, p + 4) };
    // e^(x+r) - e^x ≤ e^x (r + r²) for r ≤ 1
    let r = x.rad();
    let spread = r.add(r.mul(r)).mul(value.mag());
    Some(value.with_error(spread))
}

/// Between 0 and the exponential of the upper end, where that is tiny.
fn wide_exp(x: &Ball) -> Option<Ball> {
    let upper = x.upper();
    if upper.compare(&Float::from_int(-64)) != Ordering::Less {
        return None;
    }
    // e^u ≤ 2^u for negative u, and no bound needs to be smaller than 2^-2^40.
    let u = if upper.top() > LARGEST_TOP { -1 << LARGEST_TOP } else { upper.near().ceil() as i64 + 1 };
    Some(Ball::within(Mag::power(u)))
}

/// The exponential of a tiny number.
fn near_one(x: &Float) -> Ball {
    Ball::one().with_error(Ball::exact(x.clone()).mag().scale(1))
}

fn exp_exact(x: &Float, p: i64) -> Ball {
    let j = halvings(p);
    let wp = p + 2 * j + 20 + x.top().max(0);
    let k = (x.near() / std::f64::consts::LN_2).round() as i64;
    let x = Ball::exact(x.clone());
    let reduced = if k == 0 { x } else { x.sub(&ln2(wp).mul_int(k, wp), wp) };
    let mut value = exp_series(&reduced.scale(-j), wp);
    for _ in 0..j {
        value = value.square(wp);
    }
    value.scale(k)
}

/// Σ xⁱ/i! for |x| ≤ 1/2.
fn exp_series(x: &Ball, wp: i64) -> Ball {
    let size = x.mag();
    let (mut sum, mut term, mut i) = (Ball::one(), Ball::one(), 1);
    loop {
        term = term.mul(x, wp).div_int(i, wp);
        sum = sum.add(&term, wp);
        i += 1;
        let bound = term.mag();
        // What is left is less than twice the next term.
        if bound.top() < -wp || size.is_zero() {
            return sum.with_error(bound.mul(size).scale(1));
        }
    }
}

/// e^x - 1, accurate relative to itself.
pub fn expm1(x: &Ball, p: i64) -> Option<Ball> {
    if x.is_zero() {
        return Some(Ball::default());
    }
    let top = x.mag().top();
    if top < -p / 4 - 10 {
        // x + x²/2 + …, few terms
        return Some(small_expm1(x, p + 10));
    }
    let wp = p + 10 + (-top).max(0);
    exp(x, wp).map(|e| e.sub(&Ball::one(), wp))
}

fn small_expm1(x: &Ball, wp: i64) -> Ball {
    let (mut sum, mut term, mut i) = (x.clone(), x.clone(), 2);
    while term.mag().top() > x.mag().top() - wp && i < 100 {
        term = term.mul(x, wp).div_int(i, wp);
        sum = sum.add(&term, wp);
        i += 1;
    }
    sum.with_error(term.mag().mul(x.mag()).scale(1))
}

/// The logarithm of a positive ball.
pub fn log(x: &Ball, p: i64) -> Option<Ball> {
    if !x.is_positive() {
        return None;
    }
    let value = log_exact(&x.mid, p + 4);
    if x.is_exact() {
        return Some(value);
    }
    // |log x - log x₀| ≤ Δx / least x
    Some(value.with_error(x.rad().div(x.least()?)))
}

fn log_exact(x: &Float, p: i64) -> Ball {
    // x = m·2^k with m in [0.7, 1.4]
    let mut k = x.top();
    let mut m = x.scale(-k);
    if m.near() < std::f64::consts::FRAC_1_SQRT_2 {
        k -= 1;
        m = m.scale(1);
    }
    let past = m.sub(&Float::from_int(1));
    let fraction = if past.top() < -45 {
        log1p_small(&Ball::exact(past), p + 10)
    } else {
        // log m = y + log1p(m·e^-y - 1), with the double y next to it
        let wp = p + 70;
        let y = Float::from_double(m.near().ln());
        let e = exp_exact(&y.neg(), wp);
        let rest = Ball::exact(m).mul(&e, wp).sub(&Ball::one(), wp);
        Ball::exact(y).add(&log1p_small(&rest, wp), wp)
    };
    if k == 0 {
        return fraction;
    }
    let wp = p + 70;
    ln2(wp).mul_int(k, wp).add(&fraction, wp)
}

/// log(1 + t) = 2 artanh(t/(2 + t)) for tiny t.
fn log1p_small(t: &Ball, wp: i64) -> Ball {
    let Some(u) = t.div(&t.add(&Ball::from_int(2), wp), wp) else { return t.clone() };
    odd_series(&u, false, wp).scale(1)
}

/// Σ ±u^(2i+1)/(2i+1) for |u| ≤ 1/4: artanh, or arctan with alternating signs.
fn odd_series(u: &Ball, alternating: bool, wp: i64) -> Ball {
    if u.is_zero() {
        return u.clone();
    }
    let square = if alternating { u.square(wp).neg() } else { u.square(wp) };
    let (mut sum, mut power, mut i) = (u.clone(), u.clone(), 3);
    loop {
        power = power.mul(&square, wp);
        sum = sum.add(&power.div_int(i, wp), wp);
        i += 2;
        let bound = power.mag();
        if bound.top() < u.mag().top() - wp || power.is_zero() {
            return sum.with_error(bound.mul(square.mag()).scale(1));
        }
    }
}

/// log(1 + x), accurate relative to itself.
pub fn log1p(x: &Ball, p: i64) -> Option<Ball> {
    if x.is_zero() {
        return Some(Ball::default());
    }
    if x.mag().top() < -45 {
        return Some(log1p_small(x, p + 10));
    }
    // One more is exact, or lost in the precision.
    let wp = p + 60;
    log(&x.add(&Ball::one(), wp), wp)
}

/// Sine and cosine.
pub fn sin_cos(x: &Ball, p: i64) -> Option<(Ball, Ball)> {
    if x.is_zero() {
        return Some((Ball::default(), Ball::one()));
    }
    let top = x.mid.top();
    if top > LARGEST_ANGLE || x.rad().top() > 1 {
        return None;
    }
    let mut wp = p + 10;
    for _ in 0..3 {
        let (sin, cos) = sin_cos_exact(&x.mid, wp);
        let least = sin.certain_bits().min(cos.certain_bits());
        if least >= p || wp > 4 * p + 3 * top.max(0) {
            let grow = |value: Ball| value.with_error(x.rad());
            return Some((grow(sin), grow(cos)));
        }
        // Near a multiple of π/2 one of them is small.
        wp += (p - least) + 10;
    }
    let (sin, cos) = sin_cos_exact(&x.mid, wp);
    Some((sin.with_error(x.rad()), cos.with_error(x.rad())))
}

fn sin_cos_exact(x: &Float, p: i64) -> (Ball, Ball) {
    let wp = p + 20 + x.top().max(0);
    let (reduced, quarter) = reduce(x, wp);
    if reduced.mag().top() < -p {
        // sin x = x (1 - x²/6 …), cos x = 1 - x²/2 …
        let size = reduced.mag();
        let square = size.mul(size);
        let sin = reduced.with_error(square.mul(size));
        return turn(sin, Ball::one().with_error(square), quarter);
    }
    let j = halvings(p);
    let wp = p + 20 + 2 * j;
    let small = reduced.scale(-j);
    // v = 1 - cos, which doubles its angle as 2v(2 - v) and loses nothing where it is small
    let mut v = versine(&small, wp);
    for _ in 0..j {
        v = v.mul(&Ball::from_int(2).sub(&v, wp), wp).scale(1);
    }
    let cos = Ball::one().sub(&v, wp);
    let square = v.mul(&Ball::from_int(2).sub(&v, wp), wp);
    // An angle of which not even the sign is known
    let sin = square.sqrt(wp).unwrap_or_else(|| Ball::within(reduced.mag()));
    let sin = if reduced.mid.sign() == Ordering::Less { sin.neg() } else { sin };
    turn(sin, cos, quarter)
}

/// `x - quarter·π/2`, within about [-π/4, π/4].
fn reduce(x: &Float, wp: i64) -> (Ball, i64) {
    if x.top() <= 0 && x.near().abs() < 0.8 {
        return (Ball::exact(x.clone()), 0);
    }
    let half_pi = pi(wp + 10).scale(-1);
    let (quotient, _) = x.div(&half_pi.mid, x.top().max(0) + 10);
    let whole = quotient.add(&Float::power(-1)).floor().unwrap_or_default();
    let four = dashu_int::IBig::from(4);
    let quarter = i64::try_from(((&whole % &four) + &four) % &four).unwrap_or(0);
    let turns = Ball::exact(Float::new(whole, 0));
    let wp = wp + x.top().max(0);
    (Ball::exact(x.clone()).sub(&half_pi.mul(&turns, wp), wp), quarter)
}

fn turn(sin: Ball, cos: Ball, quarter: i64) -> (Ball, Ball) {
    match quarter {
        0 => (sin, cos),
        1 => (cos, sin.neg()),
        2 => (sin.neg(), cos.neg()),
        _ => (cos.neg(), sin),
    }
}

/// 1 - cos x = x²/2 - x⁴/24 + …
fn versine(x: &Ball, wp: i64) -> Ball {
    let square = x.square(wp);
    let (mut sum, mut term, mut i) = (square.scale(-1), square.scale(-1), 4);
    loop {
        term = term.mul(&square, wp).div_int(i * (i - 1), wp).neg();
        sum = sum.add(&term, wp);
        i += 2;
        let bound = term.mag();
        if bound.top() < square.mag().top() - wp || term.is_zero() {
            return sum.with_error(bound.mul(square.mag()));
        }
    }
}

/// The arctangent.
pub fn atan(x: &Ball, p: i64) -> Option<Ball> {
    if x.is_zero() {
        return Some(Ball::default());
    }
    let value = if x.mid.top() > 45 {
        let quarter = pi(p + 10).scale(-1);
        let (inverse, cut) = Float::from_int(1).div(&x.mid, p + 10);
        let small = odd_series(&Ball::exact(inverse).with_error(cut), true, p + 10);
        let turn = if x.mid.sign() == Ordering::Less { quarter.neg() } else { quarter };
        turn.sub(&small, p + 10)
    } else {
        atan_exact(&x.mid, p + 4)
    };
    if x.is_exact() {
        return Some(value);
    }
    // The derivative is at most 1/(1 + x²).
    let spread = match x.least() {
        Some(least) if least.top() > 0 => x.rad().div(least).div(least),
        Some(_) | None => x.rad(),
    };
    Some(value.with_error(spread))
}

fn atan_exact(x: &Float, p: i64) -> Ball {
    let exact = Ball::exact(x.clone());
    if x.top() < -45 {
        return odd_series(&exact, true, p + 10);
    }
    // atan x = y + atan((x cos y - sin y)/(cos y + x sin y)), with the double y next to it
    let wp = p + 70 + x.top().abs();
    let y = Float::from_double(x.near().atan());
    let (sin, cos) = sin_cos_exact(&y, wp);
    let above = exact.mul(&cos, wp).sub(&sin, wp);
    let below = cos.add(&exact.mul(&sin, wp), wp);
    let Some(t) = above.div(&below, wp) else { return Ball::within(Mag::from_int(2)) };
    Ball::exact(y).add(&odd_series(&t, true, wp), wp)
}
