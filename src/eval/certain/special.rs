//! Rows of special functions on balls: power series with the bound of their rest, and what follows
//! from them.

use super::ball::Ball;
use super::constants::{euler, pi};
use super::elementary::{exp, log};
use super::erf;
use super::forms::small_whole;
use super::gamma;
use crate::primitive::{self, Prim};
use std::cmp::Ordering;

/// Larger arguments cancel too much in a power series.
const LARGEST: f64 = 3000.0;

/// A row of one argument. The outer `None`: no form; the inner: no ball at this argument.
pub fn unary(prim: Prim, x: &Ball, bits: i64) -> Option<Option<Ball>> {
    let p = bits + 20;
    Some(match prim {
        Prim::EXPINT => positive(x).and_then(|x| expint(x, p)),
        Prim::EXPINTX => positive(x).and_then(|x| Some(expint(x, p)?.mul(&exp(x, p)?, p))),
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
    let order = || small_whole(x).filter(|n| n.abs() <= 400);
    Some(match prim {
        Prim::BESSELJ => order().and_then(|n| bessel(n, y, true, p)),
        Prim::BESSELI => order().and_then(|n| bessel(n, y, false, p)),
        Prim::BESSELY => order().and_then(|n| bessel_second(n, positive(y)?, true, p)),
        Prim::BESSELK => order().and_then(|n| bessel_second(n, positive(y)?, false, p)),
        Prim::BESSELIX => order().and_then(|n| Some(bessel(n, y, false, p)?.mul(&exp(&y.abs().neg(), p)?, p))),
        Prim::BESSELKX => {
            order().and_then(|n| Some(bessel_second(n, positive(y)?, false, p)?.mul(&exp(y, p)?, p)))
        }
        Prim::GAMMA_INC => positive(x).and_then(|a| incomplete_gamma(a, y, p)?.div(&gamma::gamma(a, p)?, p)),
        Prim::GAMMA_UPPER => positive(x).and_then(|a| upper_gamma(a, y, p)),
        _others => return None,
    })
}

fn positive(x: &Ball) -> Option<&Ball> {
    x.is_positive().then_some(x)
}

/// The size of an argument, where a power series is worth summing.
fn reach(x: &Ball) -> Option<f64> {
    let size = x.mag().to_float().near();
    (size <= LARGEST).then_some(size)
}

/// Bits that a sum with terms up to e^size loses.
fn swell(size: f64) -> i64 {
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

/// E₁(x) = -γ - log x - Σ (-x)^k/(k k!) for positive x.
pub fn expint(x: &Ball, p: i64) -> Option<Ball> {
    let size = reach(x)?;
    until_certain(x, p, |p| {
        let wp = p + 2 * swell(size);
        let sum = euler(wp).add(&log(x, wp)?, wp).add(&ein_series(&x.neg(), wp)?, wp);
        Some(sum.neg())
    })
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

/// J_n(x), or I_n(x) where the signs do not alternate, by the power series.
fn bessel(n: i64, x: &Ball, alternating: bool, p: i64) -> Option<Ball> {
    let size = reach(x)?;
    if n < 0 {
        let value = bessel(-n, x, alternating, p)?;
        return Some(if alternating && n % 2 != 0 { value.neg() } else { value });
    }
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
fn bessel_second(n: i64, x: &Ball, alternating: bool, p: i64) -> Option<Ball> {
    let size = reach(x)?;
    if n < 0 {
        let value = bessel_second(-n, x, alternating, p)?;
        return Some(if alternating && n % 2 != 0 { value.neg() } else { value });
    }
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
        let harmonic = |m: i64| (1..=m).fold(Ball::default(), |sum, i| sum.add(&Ball::one().div_int(i, wp), wp));
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

/// The four Airy functions.
struct Airy {
    ai: Ball,
    ai_prime: Ball,
    bi: Ball,
    bi_prime: Ball,
}

/// Bits of e^(2/3 |x|^(3/2)).
fn airy_bits(x: &Ball) -> Option<i64> {
    let size = reach(x)?;
    let growth = size.powf(1.5) * 2.0 / 3.0;
    (growth < LARGEST).then(|| swell(growth))
}

fn airy(x: &Ball, p: i64) -> Option<Airy> {
    let more = airy_bits(x)?;
    let mut wp = p + 2 * more;
    for _ in 0..3 {
        let all = airy_sum(x, wp)?;
        let least = [&all.ai, &all.ai_prime, &all.bi, &all.bi_prime].map(Ball::certain_bits);
        let missing = p - least.into_iter().min().unwrap_or(p);
        if missing <= 0 || !x.is_exact() || missing > 4 * p + 4000 {
            return Some(all);
        }
        wp += missing + 20;
    }
    airy_sum(x, wp)
}

fn airy_sum(x: &Ball, wp: i64) -> Option<Airy> {
    // f = Σ 3^k (1/3)_k x^3k/(3k)!, g = Σ 3^k (2/3)_k x^(3k+1)/(3k+1)!
    let cube = x.powi(3, wp);
    let size = x.mag().to_float().near();
    let series = |first: Ball, at: i64| -> (Ball, Ball) {
        // The series and its derivative times x.
        let (mut term, mut n) = (first.clone(), at);
        let (mut sum, mut slope) = (first.clone(), first.mul_int(at, wp));
        loop {
            term = term.mul(&cube, wp).div_int((n + 2) * (n + 3), wp);
            n += 3;
            sum = sum.add(&term, wp);
            let part = term.mul_int(n, wp);
            slope = slope.add(&part, wp);
            if (n * n) as f64 > 4.0 * size.powi(3) + 16.0 && (part.mag().top() < -wp || part.is_zero()) {
                return (sum.with_error(term.mag()), slope.with_error(part.mag()));
            }
        }
    };
    let (f, f_slope) = series(Ball::one(), 0);
    let (g, g_slope) = series(x.clone(), 1);
    let (f_prime, g_prime) = if x.is_zero() {
        (Ball::default(), Ball::one())
    } else {
        (f_slope.div(x, wp)?, g_slope.div(x, wp)?)
    };
    // Ai(0) = 1/(3^(2/3) Γ(2/3)), -Ai'(0) = 1/(3^(1/3) Γ(1/3))
    let third = Ball::one().div_int(3, wp + 20);
    let power = |k: i64| exp(&log(&Ball::from_int(3), wp)?.mul_int(k, wp).div_int(3, wp), wp);
    let c = power(2)?.mul(&gamma::gamma(&third.scale(1), wp)?, wp).inv(wp)?;
    let d = power(1)?.mul(&gamma::gamma(&third, wp)?, wp).inv(wp)?;
    let root = Ball::from_int(3).sqrt(wp)?;
    let less = |f: &Ball, g: &Ball| c.mul(f, wp).sub(&d.mul(g, wp), wp);
    let more = |f: &Ball, g: &Ball| c.mul(f, wp).add(&d.mul(g, wp), wp).mul(&root, wp);
    Some(Airy {
        ai: less(&f, &g),
        ai_prime: less(&f_prime, &g_prime),
        bi: more(&f, &g),
        bi_prime: more(&f_prime, &g_prime),
    })
}

/// Times e^(±2/3 x^(3/2)).
fn scaled_airy(x: &Ball, sign: i64, p: i64, choose: fn(Airy) -> Ball) -> Option<Ball> {
    let value = choose(airy(x, p)?);
    let power = x.sqrt(p + 20)?.mul(x, p + 20).mul_int(2 * sign, p + 20).div_int(3, p + 20);
    Some(value.mul(&exp(&power, p)?, p))
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
