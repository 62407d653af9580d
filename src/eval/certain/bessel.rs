//! Bessel's functions by their power series.

use super::ball::Ball;
use super::constants::{euler, pi};
use super::elementary::{log, sin_cos};
use super::forms::{pow, small_whole};
use super::gamma::{self, sin_cos_of_pi};
use super::special::{reach, swell, until_certain};
use std::cmp::Ordering;

/// Larger orders have too many terms.
const LARGEST_ORDER: i64 = 400;

/// J of this order at x, or I where the signs do not alternate.
pub fn first_kind(order: &Ball, x: &Ball, alternating: bool, p: i64) -> Option<Ball> {
    match small_whole(order) {
        Some(n) if n.abs() <= LARGEST_ORDER => bessel(n, x, alternating, p),
        Some(_) => None,
        None => {
            if alternating && let Some((value, _)) = hankel(order, x, p) {
                return Some(value);
            }
            until_certain(x, p, |p| of_real_order(order, x, alternating, p))
        }
    }
}

/// Y of this order at positive x, or K.
pub fn second_kind(order: &Ball, x: &Ball, alternating: bool, p: i64) -> Option<Ball> {
    match small_whole(order) {
        Some(n) if n.abs() <= LARGEST_ORDER => return bessel_second(n, x, alternating, p),
        Some(_) => return None,
        None => {}
    }
    if alternating && let Some((_, value)) = hankel(order, x, p) {
        return Some(value);
    }
    let more = 2 * swell(reach(x)?);
    until_certain(x, p, |p| {
        let wp = p + more;
        let (sin, cos) = sin_cos_of_pi(order, wp)?;
        let plus = of_real_order(order, x, alternating, wp)?;
        let minus = of_real_order(&order.neg(), x, alternating, wp)?;
        if alternating {
            // Y = (J cos πν - J₋)/sin πν
            return plus.mul(&cos, wp).sub(&minus, wp).div(&sin, wp);
        }
        // K = π/2 (I₋ - I)/sin πν
        minus.sub(&plus, wp).mul(&pi(wp).scale(-1), wp).div(&sin, wp)
    })
}

/// J and Y of this order at large positive x by Hankel's expansion, where its terms become small enough;
/// the errors of its two sums are less than their first terms left out.
fn hankel(order: &Ball, x: &Ball, p: i64) -> Option<(Ball, Ball)> {
    let degree = order.mag().to_float().near();
    // The least term is about e^-2x.
    if !x.is_positive() || x.mag().to_float().near() * 2.8 < (p + 20) as f64 + degree * degree {
        return None;
    }
    let wp = p + 30 + x.mag().top().max(0);
    let square = order.square(wp).scale(2);
    let over = x.scale(3).inv(wp)?;
    let (mut even, mut odd, mut term, mut k) = (Ball::one(), Ball::default(), Ball::one(), 0i64);
    while term.mag().top() > -(p + 10) || (k as f64) < degree + 3.0 {
        // a_k/x^k from the one before: (4ν² - (2k-1)²)/(8kx)
        k += 1;
        let factor = square.sub(&Ball::from_int((2 * k - 1) * (2 * k - 1)), wp).mul(&over, wp).div_int(k, wp);
        let next = term.mul(&factor, wp);
        if k as f64 > degree + 1.0 && next.mag().compare(term.mag()) == Ordering::Greater {
            return None;
        }
        term = next;
        let signed = if k / 2 % 2 == 1 { term.neg() } else { term.clone() };
        if k % 2 == 0 {
            even = even.add(&signed, wp);
        } else {
            odd = odd.add(&signed, wp);
        }
    }
    // Both first terms left out are less than twice the last one taken.
    let error = term.mag().scale(1);
    let (even, odd) = (even.with_error(error), odd.with_error(error));
    let quarters = order.scale(1).add(&Ball::one(), wp);
    let angle = x.sub(&pi(wp + 20).mul(&quarters, wp + 20).scale(-2), wp);
    let (sin, cos) = sin_cos(&angle, wp)?;
    let size = Ball::from_int(2).div(&x.mul(&pi(wp), wp), wp)?.sqrt(wp)?;
    let first = cos.mul(&even, wp).sub(&sin.mul(&odd, wp), wp);
    let second = sin.mul(&even, wp).add(&cos.mul(&odd, wp), wp);
    Some((first.mul(&size, wp), second.mul(&size, wp)))
}

/// (x/2)^ν Σ (∓x²/4)^k/(k! Γ(ν+k+1)) for positive x and an order that is not whole.
fn of_real_order(order: &Ball, x: &Ball, alternating: bool, p: i64) -> Option<Ball> {
    let (size, degree) = (reach(x)?, order.mag().to_float().near());
    if degree > LARGEST_ORDER as f64 || !order.is_exact() || !x.is_positive() {
        return None;
    }
    let wp = p + swell(size) + 2 * degree as i64 + 40;
    let half = x.scale(-1);
    let square = if alternating { half.square(wp).neg() } else { half.square(wp) };
    let above = order.add(&Ball::one(), wp + 100);
    let mut term = pow(&half, order, wp)?.div(&gamma::gamma(&above, wp)?, wp)?;
    let start = term.mag().top();
    let (mut sum, mut k) = (term.clone(), 1i64);
    loop {
        let at = order.add(&Ball::from_int(k), wp);
        term = term.mul(&square, wp).div(&at.mul_int(k, wp), wp)?;
        sum = sum.add(&term, wp);
        k += 1;
        // From here on each term is less than half of the one before.
        if k as f64 > size + 2.0 * degree + 2.0 && (term.mag().top() < start - wp || term.is_zero()) {
            return Some(sum.with_error(term.mag()));
        }
    }
}

/// J_n(x), or I_n(x) where the signs do not alternate, by the power series.
pub fn bessel(n: i64, x: &Ball, alternating: bool, p: i64) -> Option<Ball> {
    if n < 0 {
        let value = bessel(-n, x, alternating, p)?;
        return Some(if alternating && n % 2 != 0 { value.neg() } else { value });
    }
    if alternating && let Some((value, _)) = hankel(&Ball::from_int(n), &x.abs(), p) {
        return Some(if x.is_negative() && n % 2 != 0 { value.neg() } else { value });
    }
    let size = reach(x)?;
    until_certain(x, p, |p| {
        let wp = p + swell(size);
        let half = x.scale(-1);
        let square = if alternating { half.square(wp).neg() } else { half.square(wp) };
        let mut term = half.powi(n as u64, wp).div(&gamma::factorial(n as u64, wp), wp)?;
        let start = term.mag().top();
        let (mut sum, mut k) = (term.clone(), 1i64);
        loop {
            term = term.mul(&square, wp).div_int(k * (n + k), wp);
            sum = sum.add(&term, wp);
            k += 1;
            if k as f64 > size + 2.0 && (term.mag().top() < start - wp || term.is_zero()) {
                return Some(sum.with_error(term.mag()));
            }
        }
    })
}

/// Y_n(x), or K_n(x), for positive x.
pub fn bessel_second(n: i64, x: &Ball, alternating: bool, p: i64) -> Option<Ball> {
    if n < 0 {
        let value = bessel_second(-n, x, alternating, p)?;
        return Some(if alternating && n % 2 != 0 { value.neg() } else { value });
    }
    if alternating && let Some((_, value)) = hankel(&Ball::from_int(n), x, p) {
        return Some(value);
    }
    let size = reach(x)?;
    until_certain(x, p, |p| {
        let wp = p + 2 * swell(size);
        let half = x.scale(-1);
        let square = if alternating { half.square(wp).neg() } else { half.square(wp) };
        // Σ (n-k-1)!/k! (∓square)^k · (x/2)^-n, k < n
        let inverse = half.powi(n as u64, wp).inv(wp)?;
        let mut finite = Ball::default();
        if n > 0 {
            let mut term = gamma::factorial(n as u64 - 1, wp).mul(&inverse, wp);
            for k in 0..n {
                finite = finite.add(&term, wp);
                if k + 1 < n {
                    term = term.mul(&square.neg(), wp).div_int((k + 1) * (n - k - 1), wp);
                }
            }
        }
        // Σ (ψ(k+1) + ψ(n+k+1)) square^k/(k! (n+k)!) · (x/2)^n
        let mut term = half.powi(n as u64, wp).div(&gamma::factorial(n as u64, wp), wp)?;
        let start = term.mag().top();
        let harmonic =
            |m: i64| (1..=m).fold(Ball::default(), |sum, i| sum.add(&Ball::one().div_int(i, wp), wp));
        let mut psi = harmonic(n).sub(&euler(wp).scale(1), wp);
        let (mut infinite, mut k) = (Ball::default(), 0i64);
        loop {
            let part = term.mul(&psi, wp);
            infinite = infinite.add(&part, wp);
            if k as f64 > size + 3.0 && part.mag().top() < start - wp {
                infinite = infinite.with_error(part.mag().max(term.mag()).scale(2));
                break;
            }
            k += 1;
            term = term.mul(&square, wp).div_int(k * (n + k), wp);
            psi = psi.add(&Ball::one().div_int(k, wp), wp).add(&Ball::one().div_int(n + k, wp), wp);
        }
        let logarithm = log(&half, wp)?.mul(&bessel(n, x, alternating, wp)?, wp);
        if alternating {
            // π Y = 2 log(x/2) J - finite - infinite
            return logarithm.scale(1).sub(&finite, wp).sub(&infinite, wp).div(&pi(wp), wp);
        }
        // 2 K = finite + (-1)^n (infinite - 2 log(x/2) I)
        let rest = infinite.sub(&logarithm.scale(1), wp);
        let rest = if n % 2 == 0 { rest } else { rest.neg() };
        Some(finite.add(&rest, wp).scale(-1))
    })
}
