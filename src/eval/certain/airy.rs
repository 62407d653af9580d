//! Airy's functions by their power series.

use super::ball::Ball;
use super::elementary::{exp, log};
use super::gamma;
use super::special::{LARGEST, reach, swell};

/// The four Airy functions.
pub struct Airy {
    pub ai: Ball,
    pub ai_prime: Ball,
    pub bi: Ball,
    pub bi_prime: Ball,
}

/// Bits of e^(2/3 |x|^(3/2)).
fn airy_bits(x: &Ball) -> Option<i64> {
    let size = reach(x)?;
    let growth = size.powf(1.5) * 2.0 / 3.0;
    (growth < LARGEST).then(|| swell(growth))
}

pub fn airy(x: &Ball, p: i64) -> Option<Airy> {
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
    let (f_prime, g_prime) =
        if x.is_zero() { (Ball::default(), Ball::one()) } else { (f_slope.div(x, wp)?, g_slope.div(x, wp)?) };
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
pub fn scaled_airy(x: &Ball, sign: i64, p: i64, choose: fn(Airy) -> Ball) -> Option<Ball> {
    let value = choose(airy(x, p)?);
    let power = x.sqrt(p + 20)?.mul(x, p + 20).mul_int(2 * sign, p + 20).div_int(3, p + 20);
    Some(value.mul(&exp(&power, p)?, p))
}

/// The derivative of such a function, of Ai or Bi themselves or of their derivatives.
pub fn scaled_airy_slope(
    x: &Ball,
    sign: i64,
    p: i64,
    choose: fn(Airy) -> Ball,
    slope: fn(Airy, &Ball, i64) -> Ball,
) -> Option<Ball> {
    // The two terms cancel as far as 1/(4 x^(3/2)).
    let p = p + 20 + 2 * x.mag().top().max(0);
    let root = x.sqrt(p + 20)?.mul_int(sign, p + 20);
    let all = airy(x, p)?;
    let value = slope(airy(x, p)?, x, p).add(&choose(all).mul(&root, p), p);
    let power = root.mul(x, p + 20).mul_int(2, p + 20).div_int(3, p + 20);
    Some(value.mul(&exp(&power, p)?, p))
}
