//! The rows of the table of primitives on balls.

use super::ball::Ball;
use super::constants::pi;
use super::elementary::{atan, exp, expm1, log, log1p, sin_cos};
use super::float::Float;
use super::forms::{self, depth, is, small_whole};
use super::gamma::{self, sin_cos_of_pi};
use super::real::{Real, Undecided};
use super::{erf, recurrent, special};
use crate::primitive::{self, Prim};
use std::cmp::Ordering;

/// A row of the table, on numbers of any kind. `None`: the row has no form for balls.
pub fn row(p: Prim, args: &[&Real], bits: i64) -> Option<Real> {
    if let Some(result) = by_comparison(p, args) {
        return Some(result.unwrap_or(Real::Unknown));
    }
    if args.iter().any(|arg| matches!(arg, Real::Unknown)) {
        return has_form(p).then_some(Real::Unknown);
    }
    if let Some(result) = at_specials(p, args) {
        return has_form(p).then_some(result);
    }
    let balls: Vec<Ball> = args.iter().filter_map(|arg| arg.ball()).collect();
    match on_balls(p, &balls, bits)? {
        Some(ball) => Some(Real::Ball(ball)),
        None => Some(at_edge(p, &balls)),
    }
}

/// Whether the row has a form for balls.
pub fn has_form(p: Prim) -> bool {
    let nothing = vec![Ball::from_double(0.5); p.row().args.len()];
    by_comparison(p, &vec![&Real::Unknown; nothing.len()]).is_some() || on_balls(p, &nothing, 40).is_some()
}

/// The value where an argument is NaN, infinite or the zero with a minus.
fn at_specials(p: Prim, args: &[&Real]) -> Option<Real> {
    let special = |arg: &&&Real| matches!(arg, Real::Special(_));
    args.iter().find(special)?;
    let zeros = args.iter().filter(special).all(|arg| arg.near() == 0.0);
    let near: Vec<f64> = args.iter().map(|arg| arg.near()).collect();
    let value = primitive::eval_real(p, &near);
    if zeros {
        // Otherwise the zero's sign does not matter.
        let matters = !value.is_finite() || (value == 0.0 && value.is_sign_negative());
        return matters.then(|| Real::from_double(value));
    }
    let limit = !value.is_finite() || value == 0.0 || value.abs() == 1.0;
    let exact = args.iter().all(|arg| match arg {
        Real::Ball(ball) => ball.is_exact() && ball.mid.compare(&Float::from_double(ball.mid.near())).is_eq(),
        Real::Special(_) | Real::Unknown => true,
    });
    Some(if value.is_nan() || (limit && exact) { Real::from_double(value) } else { Real::Unknown })
}

/// The value where there is no ball: at a pole, and outside the domain.
fn at_edge(p: Prim, balls: &[Ball]) -> Real {
    let near: Vec<f64> = balls.iter().map(|ball| ball.mid.to_double()).collect();
    let value = primitive::eval_real(p, &near);
    if balls.iter().all(Ball::is_exact) {
        let edge = value.is_nan() || (value.is_infinite() && may_be_pole(p, balls));
        return if edge { Real::Special(value) } else { Real::Unknown };
    }
    // Half-lines that are surely outside.
    let outside = match (p, balls) {
        (Prim::LOG | Prim::LOG2 | Prim::LOG10 | Prim::SQRT | Prim::XLOGX | Prim::LOGIT, [x]) => {
            x.is_negative()
        }
        (Prim::ASIN | Prim::ACOS | Prim::ATANH, [x]) => {
            x.abs().compare(&Ball::one()) == Some(Ordering::Greater)
        }
        (Prim::ACOSH, [x]) => x.compare(&Ball::one()) == Some(Ordering::Less),
        (Prim::LOG1P, [x]) => x.compare(&Ball::from_int(-1)) == Some(Ordering::Less),
        _inside => false,
    };
    if outside { Real::Special(f64::NAN) } else { Real::Unknown }
}

/// Whether a row can be infinite at these arguments because it has a pole there, not because double
/// arithmetic overflows.
fn may_be_pole(p: Prim, balls: &[Ball]) -> bool {
    let at = |x: &Ball| (-1..=2).any(|k| is(x, k));
    match (p, balls) {
        (Prim::GAMMA | Prim::LOGGAMMA | Prim::DIGAMMA | Prim::TRIGAMMA, [x]) => !x.is_positive(),
        (Prim::TAND | Prim::SECD | Prim::CSCD | Prim::COTD, [_]) => true,
        (Prim::POLYGAMMA, [_, x]) => !x.is_positive(),
        (Prim::POW | Prim::LDIV | Prim::LOGB, [x, _]) => at(x),
        (Prim::LOGSUBEXP, [x, y]) => x.compare(y) == Some(Ordering::Equal),
        (_, [.., last]) => at(last),
        (_, []) => false,
    }
}

/// The rows that choose among their arguments or round them; nothing for the others.
fn by_comparison(p: Prim, args: &[&Real]) -> Option<Result<Real, Undecided>> {
    let nan = || Real::Special(f64::NAN);
    Some(match (p, args) {
        (Prim::STOP | Prim::SHOW, [x]) => Ok((*x).clone()),
        (Prim::SIGN, [x]) => sign(x),
        (Prim::ABS, [x]) => Ok(match x {
            Real::Ball(ball) => Real::Ball(ball.abs()),
            Real::Special(value) => Real::from_double(value.abs()),
            Real::Unknown => Real::Unknown,
        }),
        (Prim::MAX, [x, y]) => extreme(x, y, Ordering::Greater),
        (Prim::MIN, [x, y]) => extreme(x, y, Ordering::Less),
        (Prim::RELU, [x]) => extreme(&Real::default(), x, Ordering::Greater),
        (Prim::CLAMP, [x, low, high]) => (|| {
            if !matches!(low.compare(high)?, Some(Ordering::Less | Ordering::Equal)) {
                return Ok(nan());
            }
            extreme(&extreme(x, low, Ordering::Greater)?, high, Ordering::Less)
        })(),
        (Prim::COPYSIGN, [x, y]) => (|| {
            let negative = |real: &Real| match real {
                Real::Special(value) => Ok(value.is_sign_negative()),
                Real::Ball(ball) => ball.sign().map(|sign| sign == Ordering::Less).ok_or(Undecided),
                Real::Unknown => Err(Undecided),
            };
            Ok(if negative(x)? == negative(y)? { (*x).clone() } else { x.neg() })
        })(),
        (Prim::FLOOR | Prim::CEIL | Prim::ROUND | Prim::TRUNC, [x]) => match x {
            Real::Ball(ball) => rounded(p, ball).map(Real::Ball).ok_or(Undecided),
            Real::Special(_) => Ok((*x).clone()),
            Real::Unknown => Err(Undecided),
        },
        _others => return None,
    })
}

fn sign(x: &Real) -> Result<Real, Undecided> {
    Ok(match x.compare(&Real::default())? {
        None => Real::Special(f64::NAN),
        Some(Ordering::Less) => Real::Ball(Ball::from_int(-1)),
        Some(Ordering::Equal) => Real::default(),
        Some(Ordering::Greater) => Real::Ball(Ball::one()),
    })
}

/// The larger or smaller one, NaN if either is. Where it is not certain which, both.
fn extreme(x: &Real, y: &Real, wanted: Ordering) -> Result<Real, Undecided> {
    match (x.compare(y), x, y) {
        (Ok(None), ..) => Ok(Real::Special(f64::NAN)),
        (Ok(Some(order)), ..) => Ok(if order == wanted { x.clone() } else { y.clone() }),
        (Err(Undecided), Real::Ball(a), Real::Ball(b)) => {
            let p = a.mid.top().max(b.mid.top()) - a.rad().top().max(b.rad().top()) + 60;
            Ok(Real::Ball(a.hull(b, p.clamp(60, 20_000))))
        }
        (Err(Undecided), ..) => Err(Undecided),
    }
}

/// The ball rounded to a whole number, where all its numbers give the same.
fn rounded(p: Prim, x: &Ball) -> Option<Ball> {
    let whole = |end: Float| {
        let half = Float::power(-1);
        let negative = end.sign() == Ordering::Less;
        let down = |x: Float| x.floor();
        let up = |x: Float| x.neg().floor().map(|floor| -floor);
        let integer = match p {
            Prim::FLOOR => down(end),
            Prim::CEIL => up(end),
            Prim::TRUNC => {
                if negative {
                    up(end)
                } else {
                    down(end)
                }
            }
            // Halves go away from zero.
            _round => {
                if negative {
                    up(end.sub(&half))
                } else {
                    down(end.add(&half))
                }
            }
        };
        integer.map(|integer| Float::new(integer, 0))
    };
    let (low, high) = (whole(x.lower())?, whole(x.upper())?);
    low.compare(&high).is_eq().then(|| Ball::exact(low))
}

/// A row on balls. The outer `None`: no form; the inner: no ball at these arguments.
fn on_balls(p: Prim, args: &[Ball], bits: i64) -> Option<Option<Ball>> {
    match args {
        [x] => exponential(p, x, bits)
            .or_else(|| trigonometric(p, x, bits))
            .or_else(|| degrees(p, x, bits))
            .or_else(|| compound(p, x, bits))
            .or_else(|| errors_and_gamma(p, x, bits))
            .or_else(|| special::unary(p, x, bits)),
        [x, y] => {
            let special = || special::binary(p, x, y, bits).or_else(|| recurrent::binary(p, x, y, bits));
            binary(p, x, y, bits).or_else(special)
        }
        [x, y, z] if p == Prim::FMA => Some(Some(x.mul(y, 3 * bits + 200).add(z, bits))),
        [n, s, z] if p == Prim::ZETA_N => {
            let order = small_whole(n).filter(|n| (0..=200).contains(n));
            Some(order.and_then(|n| recurrent::zeta_derivative(n, s, z, bits + 20)))
        }
        [n, nu, x] if p == Prim::BESSELIX_N || p == Prim::BESSELKX_N => {
            let of = if p == Prim::BESSELIX_N { Prim::BESSELIX } else { Prim::BESSELKX };
            let order = small_whole(n).filter(|n| (0..=8).contains(n));
            Some(order.and_then(|n| special::scaled_derivative(of, n, nu, x, bits)))
        }
        _others => None,
    }
}

fn inverted(value: Option<Ball>, p: i64) -> Option<Ball> {
    value?.inv(p)
}

/// The bits to compute with: sums with 1 lose as many as the argument is small.
fn with_depth(x: &Ball, bits: i64) -> i64 {
    bits + 20 + 2 * depth(x)
}

/// Powers, roots, exponentials and logarithms, hyperbolic functions and their inverses.
fn exponential(prim: Prim, x: &Ball, bits: i64) -> Option<Option<Ball>> {
    let p = with_depth(x, bits);
    let ratio = || x.inv(p);
    Some(match prim {
        Prim::NEG => Some(x.neg()),
        Prim::ABS2 => Some(x.square(bits)),
        Prim::INV => x.inv(bits),
        Prim::SQRT => x.sqrt(bits),
        Prim::CBRT => forms::cbrt(x, p),
        Prim::EXP => exp(x, bits + 10),
        Prim::EXP2 => forms::exp_base(2, x, bits + 10),
        Prim::EXP10 => forms::exp_base(10, x, bits + 10),
        Prim::EXPM1 => expm1(x, bits + 10),
        Prim::LOG => log(x, bits + 10),
        Prim::LOG2 => forms::log_base(&Ball::from_int(2), x, bits + 10),
        Prim::LOG10 => forms::log_base(&Ball::from_int(10), x, bits + 10),
        Prim::LOG1P => log1p(x, bits + 10),
        Prim::GAUSS => exp(&x.square(2 * bits + 100).neg(), bits + 10),
        Prim::EXPSQ => exp(&x.square(2 * bits + 100), bits + 10),
        Prim::SINH => forms::sinh(x, p),
        Prim::COSH => forms::cosh(x, p),
        Prim::TANH => forms::tanh(x, p),
        Prim::SECH => forms::sech(x, p),
        Prim::CSCH => forms::csch(x, p),
        Prim::COTH => inverted(forms::tanh(x, p), p),
        Prim::ASINH => forms::asinh(x, p),
        Prim::ACOSH => forms::acosh(x, p),
        Prim::ATANH => forms::atanh(x, p),
        Prim::ASECH => ratio().and_then(|r| forms::acosh(&r, p)),
        Prim::ACSCH => ratio().and_then(|r| forms::asinh(&r, p + 2 * depth(&r))),
        Prim::ACOTH => ratio().and_then(|r| forms::atanh(&r, p + 2 * depth(&r))),
        _others => return None,
    })
}

/// Trigonometric functions and their inverses.
fn trigonometric(prim: Prim, x: &Ball, bits: i64) -> Option<Option<Ball>> {
    let p = with_depth(x, bits);
    let ratio = || x.inv(p);
    Some(match prim {
        Prim::SIN => sin_cos(x, bits + 10).map(|both| both.0),
        Prim::COS => sin_cos(x, bits + 10).map(|both| both.1),
        Prim::TAN => forms::tan(x, bits + 10),
        Prim::SEC => inverted(sin_cos(x, p).map(|both| both.1), p),
        Prim::CSC => inverted(sin_cos(x, p).map(|both| both.0), p),
        Prim::COT => sin_cos(x, p).and_then(|(sin, cos)| cos.div(&sin, p)),
        Prim::ASIN => forms::asin(x, p),
        Prim::ACOS => forms::acos(x, p),
        Prim::ATAN => atan(x, bits + 10),
        Prim::ASEC => ratio().and_then(|r| forms::acos(&r, p)),
        Prim::ACSC => ratio().and_then(|r| forms::asin(&r, p + depth(&r) * 2)),
        Prim::ACOT => forms::acot(x, p),
        Prim::SINPI => sin_cos_of_pi(x, p).map(|both| both.0),
        Prim::COSPI => sin_cos_of_pi(x, p).map(|both| both.1),
        Prim::SINC => forms::sinc_n(0, x, p),
        Prim::COSC => forms::sinc_n(1, x, p),
        _others => return None,
    })
}

/// The same in degrees.
fn degrees(prim: Prim, x: &Ball, bits: i64) -> Option<Option<Ball>> {
    let p = with_depth(x, bits);
    let ratio = || x.inv(p);
    Some(match prim {
        Prim::DEG2RAD => Some(x.mul(&pi(p), p).div_int(180, p)),
        Prim::RAD2DEG => forms::degrees(x, p),
        Prim::SIND => forms::sin_cos_degrees(x, p).map(|both| both.0),
        Prim::COSD => forms::sin_cos_degrees(x, p).map(|both| both.1),
        Prim::TAND => forms::sin_cos_degrees(x, p).and_then(|(sin, cos)| sin.div(&cos, p)),
        Prim::SECD => inverted(forms::sin_cos_degrees(x, p).map(|both| both.1), p),
        Prim::CSCD => inverted(forms::sin_cos_degrees(x, p).map(|both| both.0), p),
        Prim::COTD => forms::sin_cos_degrees(x, p).and_then(|(sin, cos)| cos.div(&sin, p)),
        Prim::ASIND => forms::asin(x, p).and_then(|a| forms::degrees(&a, p)),
        Prim::ACOSD => forms::acos(x, p).and_then(|a| forms::degrees(&a, p)),
        Prim::ATAND => atan(x, p).and_then(|a| forms::degrees(&a, p)),
        Prim::ASECD => ratio().and_then(|r| forms::acos(&r, p)).and_then(|a| forms::degrees(&a, p)),
        Prim::ACSCD => {
            let angle = ratio().and_then(|r| forms::asin(&r, p + depth(&r) * 2));
            angle.and_then(|a| forms::degrees(&a, p))
        }
        Prim::ACOTD if x.is_zero() => Some(pi(p).scale(-1)).and_then(|a| forms::degrees(&a, p)),
        Prim::ACOTD => forms::acot(x, p).and_then(|a| forms::degrees(&a, p)),
        _others => return None,
    })
}

/// Compositions with a name of their own.
fn compound(prim: Prim, x: &Ball, bits: i64) -> Option<Option<Ball>> {
    let p = bits + 20 + 3 * depth(x);
    let one = Ball::one;
    let constant = Ball::from_double;
    // The larger branch of a function that changes at 0.
    let branch = |positive: &dyn Fn() -> Option<Ball>, negative: &dyn Fn() -> Option<Ball>| match x.sign() {
        Some(Ordering::Greater) => positive(),
        Some(Ordering::Less | Ordering::Equal) => negative(),
        None => Some(positive()?.hull(&negative()?, p)),
    };
    Some(match prim {
        Prim::XLOGX if x.is_zero() => Some(Ball::default()),
        Prim::XLOGX => log(x, p).map(|l| l.mul(x, p)),
        Prim::XEXPX => exp(x, p).map(|e| e.mul(x, p)),
        Prim::LOG1PSQ => log1p(&x.square(2 * p + 100), p),
        Prim::SOFTPLUS => forms::softplus(x, p),
        Prim::LOG1MEXP => x.is_negative().then(|| forms::log1mexp(x, p)).flatten(),
        Prim::LOG2MEXP => expm1(x, p).and_then(|e| log1p(&e.neg(), p)),
        Prim::DLOG2MEXP => exp(&x.neg(), p).and_then(|e| Ball::one().sub(&e.scale(1), p).inv(p)),
        Prim::LOGEXPM1 => forms::logexpm1(x, p),
        Prim::LOG1PMX => log1p(x, p).map(|l| l.sub(x, p)),
        Prim::USINC => forms::usinc_n(0, x, p),
        Prim::EXPREL => forms::exprel_n(0, x, p),
        Prim::XMSIN => sin_cos(x, p).map(|both| x.sub(&both.0, p)),
        Prim::TANMX => forms::tan(x, p).map(|t| t.sub(x, p)),
        Prim::SINHMX => {
            let both = expm1(x, p).zip(expm1(&x.neg(), p));
            both.map(|(up, down)| up.sub(&down, p).scale(-1).sub(x, p))
        }
        Prim::EXPM1MX => expm1(x, p).map(|e| e.sub(x, p)),
        Prim::LOGMXP1 => {
            let past = x.sub(&one(), p + 60);
            let p = p + 2 * depth(&past);
            log1p(&past, p).map(|l| l.sub(&past, p))
        }
        Prim::LOGCOSH => forms::logcosh(x, p),
        Prim::LOGABSSINH => forms::logabssinh(x, p),
        Prim::LOGABSTANH => forms::logabstanh(x, p),
        Prim::CLOGLOG => log1p(&x.neg(), p).and_then(|l| log(&l.neg(), p)),
        Prim::CEXPEXP => exp(x, p).and_then(|e| expm1(&e.neg(), p)).map(|e| e.neg()),
        Prim::EXPMEXP => exp(x, p).and_then(|e| exp(&x.sub(&e, p + 60), p)),
        Prim::SIGMOID => forms::sigmoid(x, p),
        Prim::LOGIT => forms::logit(x, p),
        Prim::LEAKYRELU => branch(&|| Some(x.clone()), &|| Some(x.mul(&constant(0.01), p))),
        Prim::ELU => branch(&|| Some(x.clone()), &|| expm1(x, p)),
        Prim::SELU => branch(&|| Some(x.mul(&constant(1.0507009873554805), p)), &|| {
            Some(expm1(x, p)?.mul(&constant(1.7580993408473769), p))
        }),
        Prim::SWISH => forms::sigmoid(x, p).map(|s| s.mul(x, p)),
        Prim::SOFTSIGN => x.div(&one().add(&x.abs(), p), p),
        Prim::TANHSHRINK => forms::tanh(x, p).map(|t| x.sub(&t, p)),
        Prim::DSWISH => forms::dswish(x, p),
        Prim::DGELU => erf::normcdf(x, p).and_then(|c| Some(c.add(&erf::normpdf(x, p)?.mul(x, p), p))),
        Prim::DMISH => forms::dmish(x, p),
        Prim::GELU => erf::normcdf(x, p).map(|c| c.mul(x, p)),
        Prim::MISH => forms::softplus(x, p).and_then(|s| forms::tanh(&s, p)).map(|t| t.mul(x, p)),
        _others => return None,
    })
}

/// The error function and the gamma function with their relatives.
fn errors_and_gamma(prim: Prim, x: &Ball, bits: i64) -> Option<Option<Ball>> {
    let p = bits + 20 + 3 * depth(x);
    Some(match prim {
        Prim::ERF => erf::erf(x, p),
        Prim::ERFC => erf::erfc(x, p),
        Prim::ERFCX => erf::erfcx(x, p),
        Prim::LOGERFC => erf::logerfc(x, p),
        Prim::LOGERFCX => erf::logerfcx(x, p),
        Prim::NORMCDF => erf::normcdf(x, p),
        Prim::NORMPDF => erf::normpdf(x, p),
        Prim::ERFI => erf::erfi(x, p),
        Prim::DAWSON => erf::dawson(x, p),
        Prim::GAMMA => gamma::gamma(x, p),
        Prim::LOGGAMMA => gamma::loggamma(x, p),
        Prim::DIGAMMA => gamma::polygamma(0, x, p),
        Prim::TRIGAMMA => gamma::polygamma(1, x, p),
        _others => return None,
    })
}

fn binary(prim: Prim, x: &Ball, y: &Ball, bits: i64) -> Option<Option<Ball>> {
    let p = bits + 20 + 2 * depth(x).max(depth(y));
    Some(match prim {
        Prim::ADD => Some(x.add(y, bits)),
        Prim::SUB => Some(x.sub(y, bits)),
        Prim::MUL => Some(x.mul(y, bits)),
        Prim::DIV => x.div(y, bits),
        Prim::LDIV => y.div(x, bits),
        Prim::POW => forms::pow(x, y, bits + 10),
        Prim::LDEXP => small_whole(y).filter(|n| n.unsigned_abs() < 1 << 40).map(|n| x.scale(n)),
        Prim::HYPOT => x.square(4 * bits).add(&y.square(4 * bits), bits + 10).sqrt(bits + 10),
        Prim::LOGB => forms::log_base(x, y, p),
        Prim::ATAN2 => forms::atan2(x, y, p),
        Prim::MOD => remainder(x, y, Prim::FLOOR, bits),
        Prim::REM => remainder(x, y, Prim::TRUNC, bits),
        Prim::XLOGY | Prim::XLOG1PY if x.is_zero() => Some(Ball::default()),
        Prim::XLOGY => log(y, p).map(|l| l.mul(x, p)),
        Prim::XLOG1PY => log1p(y, p).map(|l| l.mul(x, p)),
        Prim::XEXPY => exp(y, p).map(|e| e.mul(x, p)),
        Prim::LOGADDEXP => forms::softplus(&x.sub(y, p + 60), p).map(|s| s.add(y, p)),
        Prim::SIGMOID_DIFF => forms::sigmoid(&x.sub(y, p + 60), p),
        Prim::BOSE_DIFF => expm1(&y.sub(x, p + 60), p).and_then(|e| e.neg().inv(p)),
        Prim::LOGSUBEXP => forms::logsubexp(x, y, p),
        Prim::USINC_N => small_whole(x).and_then(|n| forms::usinc_n(n, y, p)),
        Prim::EXPREL_N => small_whole(x).and_then(|n| forms::exprel_n(n, y, p)),
        Prim::SINC_N => small_whole(x).and_then(|n| forms::sinc_n(n, y, p)),
        Prim::ERF2 => erf::erf(y, p).and_then(|high| Some(high.sub(&erf::erf(x, p)?, p))),
        Prim::POLYGAMMA => small_whole(x).filter(|&m| m >= 0).and_then(|m| gamma::polygamma(m as u64, y, p)),
        Prim::BETA => gamma::beta(x, y, p),
        Prim::LOGBETA => gamma::logbeta(x, y, p),
        Prim::DIGAMMA_DIFF => gamma::digamma_difference(x, y, p),
        _others => return None,
    })
}

/// x - y·round(x/y)
fn remainder(x: &Ball, y: &Ball, rounding: Prim, bits: i64) -> Option<Ball> {
    let p = bits + (x.mid.top() - y.mid.top()).clamp(0, 2200) + 20;
    let quotient = rounded(rounding, &x.div(y, p)?)?;
    if is(&quotient, 0) {
        return Some(x.clone());
    }
    Some(x.sub(&y.mul(&quotient, 2 * p + 200), 2 * p + 2300))
}
