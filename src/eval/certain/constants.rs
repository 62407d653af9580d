//! π, log 2 and Bernoulli's numbers, kept at the largest precision that was asked for.

use super::ball::Ball;
use super::float::Float;
use super::mag::Mag;
use dashu_int::IBig;
use std::cell::RefCell;

#[derive(Default)]
struct Known {
    pi: Option<(i64, Ball)>,
    ln2: Option<(i64, Ball)>,
    euler: Option<(i64, Ball)>,
    /// The tangent numbers T₁, T₂, …, of which Bernoulli's are made.
    tangents: Vec<IBig>,
}

thread_local! {
    static KNOWN: RefCell<Known> = RefCell::default();
}

/// π, to p bits at least.
pub fn pi(p: i64) -> Ball {
    remembered(
        p,
        |known| &mut known.pi,
        |p| {
            // Machin: 16 arctan(1/5) - 4 arctan(1/239)
            let first = inverse_series(5, true, p).scale(4);
            first.sub(&inverse_series(239, true, p).scale(2), p)
        },
    )
}

/// The natural logarithm of 2.
pub fn ln2(p: i64) -> Ball {
    remembered(
        p,
        |known| &mut known.ln2,
        |p| {
            // 18 artanh(1/26) - 2 artanh(1/4801) + 8 artanh(1/8749)
            let first = inverse_series(26, false, p).mul_int(18, p);
            let second = inverse_series(4801, false, p).scale(1);
            first.sub(&second, p).add(&inverse_series(8749, false, p).scale(3), p)
        },
    )
}

/// Euler's constant γ.
pub fn euler(p: i64) -> Ball {
    remembered(
        p,
        |known| &mut known.euler,
        |p| {
            super::gamma::digamma_positive(&Ball::one(), p)
                .map_or_else(|| Ball::within(Mag::ONE), |d| d.neg())
        },
    )
}

fn remembered(p: i64, slot: fn(&mut Known) -> &mut Option<(i64, Ball)>, make: fn(i64) -> Ball) -> Ball {
    let known = KNOWN.with_borrow_mut(|known| match slot(known) {
        Some((bits, value)) if *bits >= p => Some(value.clone()),
        Some(_) | None => None,
    });
    let value = known.unwrap_or_else(|| {
        // A little more than is asked for serves the next ones as well.
        let bits = p + p / 4 + 64;
        let value = make(bits + 30);
        KNOWN.with_borrow_mut(|known| *slot(known) = Some((bits, value.clone())));
        value
    });
    let (mid, cut) = value.mid.cut(p + 8);
    Ball { mid, rad: value.rad }.with_error(cut)
}

/// Σ ±1/((2i+1) n^(2i+1)), in integers scaled by 2^p.
fn inverse_series(n: i64, alternating: bool, p: i64) -> Ball {
    let square = IBig::from(n * n);
    let mut power = (IBig::from(1) << p as usize) / IBig::from(n);
    let (mut sum, mut i) = (power.clone(), 1i64);
    while !power.is_zero() {
        power = &power / &square;
        let term = &power / IBig::from(2 * i + 1);
        if alternating && i % 2 == 1 {
            sum -= term;
        } else {
            sum += term;
        }
        i += 1;
    }
    // Two divisions a term, each off by less than one; the rest is less than one.
    let error = Mag::from_int(3 * i as u64 + 3).scale(-p);
    Ball::exact(Float::new(sum, -p)).with_error(error)
}

/// Bernoulli's numbers B₂, B₄, … B₂ₙ.
pub fn bernoulli(n: usize, p: i64) -> Vec<Ball> {
    let tangents = KNOWN.with_borrow_mut(|known| {
        if known.tangents.len() < n {
            known.tangents = tangent_numbers(n + n / 4 + 8);
        }
        known.tangents[..n].to_vec()
    });
    let number = |(k, tangent): (usize, IBig)| {
        let k = k as i64 + 1;
        // B₂ₖ = (-1)^(k-1) 2k Tₖ / (4^k (4^k - 1))
        let below = (IBig::from(1) << (2 * k) as usize) - IBig::from(1);
        let (mid, cut) = Float::new(tangent * IBig::from(2 * k), -2 * k).div(&Float::new(below, 0), p);
        let size = Ball::exact(mid).with_error(cut);
        if k % 2 == 1 { size } else { size.neg() }
    };
    tangents.into_iter().enumerate().map(number).collect()
}

/// T₁ = 1, T₂ = 2, T₃ = 16, …: the coefficients of the tangent (Brent and Harvey).
fn tangent_numbers(n: usize) -> Vec<IBig> {
    let mut t = vec![IBig::from(1); n];
    for k in 1..n {
        t[k] = &t[k - 1] * IBig::from(k as i64);
    }
    for k in 1..n {
        for j in k..n {
            let (near, far) = ((j - k) as i64, (j - k + 2) as i64);
            t[j] = &t[j - 1] * IBig::from(near) + &t[j] * IBig::from(far);
        }
    }
    t
}
