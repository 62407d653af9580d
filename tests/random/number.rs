//! Numbers with infinitesimals: nested dual numbers, each derivation with a tag of its own. The
//! values of the oracle. Nothing here is shared with the library, whose derivatives it judges.

use std::cell::Cell;
use std::rc::Rc;

thread_local! {
    /// The relative size of the error that every operation makes, and the state of its random sign.
    static NOISE: Cell<(f64, u64)> = const { Cell::new((0.0, 1)) };
    /// Whether a kink was met: a tie, or a jump.
    static KINK: Cell<bool> = const { Cell::new(false) };
    /// Whether a step was not finite.
    static INFINITE: Cell<bool> = const { Cell::new(false) };
}

/// From now on every operation errs by about this much.
pub fn set_noise(size: f64, seed: u64) {
    NOISE.set((size, seed | 1));
    KINK.set(false);
    INFINITE.set(false);
}

/// Whether a step was infinite or undefined, although the end may not be.
pub fn met_infinity() -> bool {
    INFINITE.get()
}

/// Whether a derivative was taken where there is a choice.
pub fn met_kink() -> bool {
    KINK.get()
}

/// Remembers that a step was not finite.
pub fn infinite() {
    INFINITE.set(true);
}

/// Remembers that a value was at a kink.
pub fn kink() {
    KINK.set(true);
}

/// The value with the error of one operation.
pub fn rounded(x: f64) -> f64 {
    if !x.is_finite() {
        infinite();
    }
    let (size, mut state) = NOISE.get();
    if size == 0.0 {
        return x;
    }
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    NOISE.set((size, state));
    x * (1.0 + size * ((state >> 11) as f64 / (1u64 << 52) as f64 - 1.0))
}

/// A real, or `value + slope·ε` for the ε of a tag; tags inside are smaller.
#[derive(Debug, Clone)]
pub enum Num {
    Real(f64),
    Dual(Rc<(u32, Num, Num)>),
}

use Num::{Dual, Real};

impl Num {
    pub fn dual(tag: u32, value: Num, slope: Num) -> Num {
        Dual(Rc::new((tag, value, slope)))
    }

    /// The real part.
    pub fn re(&self) -> f64 {
        match self {
            Real(x) => *x,
            Dual(d) => d.1.re(),
        }
    }

    fn tag(&self) -> u32 {
        match self {
            Real(_) => 0,
            Dual(d) => d.0,
        }
    }

    /// The parts without and with the ε of this tag, which is the largest in it.
    pub fn split(&self, tag: u32) -> (Num, Num) {
        match self {
            Dual(d) if d.0 == tag => (d.1.clone(), d.2.clone()),
            Dual(d) if d.0 > tag => {
                let ((a, da), (b, db)) = (d.1.split(tag), d.2.split(tag));
                (Num::dual(d.0, a, b), Num::dual(d.0, da, db))
            }
            Real(_) | Dual(_) => (self.clone(), Real(0.0)),
        }
    }

    /// The coefficient of ε.
    pub fn slope(&self, tag: u32) -> Num {
        self.split(tag).1
    }

    /// A function of one number, by its values and its derivative.
    fn map(&self, value: &dyn Fn(f64) -> f64, derivative: &dyn Fn(&Num) -> Num) -> Num {
        match self {
            Real(x) => Real(rounded(value(*x))),
            Dual(d) => Num::dual(d.0, d.1.map(value, derivative), mul(&derivative(&d.1), &d.2)),
        }
    }
}

type Two<'a> = &'a dyn Fn(&Num, &Num) -> Num;

/// A function of two numbers, by its values and its partials.
fn both(a: &Num, b: &Num, value: &dyn Fn(f64, f64) -> f64, da: Two, db: Two) -> Num {
    let tag = a.tag().max(b.tag());
    if let (Real(a), Real(b)) = (a, b) {
        return Real(rounded(value(*a, *b)));
    }
    let ((a, u), (b, v)) = (a.split(tag), b.split(tag));
    let slope = match (is_zero(&u), is_zero(&v)) {
        (true, true) => Real(0.0),
        (true, false) => mul(&db(&a, &b), &v),
        (false, true) => mul(&da(&a, &b), &u),
        (false, false) => add(&mul(&da(&a, &b), &u), &mul(&db(&a, &b), &v)),
    };
    Num::dual(tag, both(&a, &b, value, da, db), slope)
}

/// A zero that comes from not depending at all.
fn is_zero(a: &Num) -> bool {
    matches!(a, Real(x) if *x == 0.0)
}

pub fn add(a: &Num, b: &Num) -> Num {
    linear(a, b, &|a, b| a + b, &add, &|b| b.clone())
}

pub fn sub(a: &Num, b: &Num) -> Num {
    linear(a, b, &|a, b| a - b, &sub, &neg)
}

fn linear(a: &Num, b: &Num, value: &dyn Fn(f64, f64) -> f64, again: Two, right: &dyn Fn(&Num) -> Num) -> Num {
    if let (Real(a), Real(b)) = (a, b) {
        return Real(rounded(value(*a, *b)));
    }
    let tag = a.tag().max(b.tag());
    let ((a, u), (b, v)) = (a.split(tag), b.split(tag));
    let slope = match (is_zero(&u), is_zero(&v)) {
        (true, _) => right(&v),
        (false, true) => u,
        (false, false) => again(&u, &v),
    };
    Num::dual(tag, again(&a, &b), slope)
}

pub fn mul(a: &Num, b: &Num) -> Num {
    both(a, b, &|a, b| a * b, &|_, b| b.clone(), &|a, _| a.clone())
}

pub fn neg(a: &Num) -> Num {
    match a {
        Real(x) => Real(-x),
        Dual(d) => Num::dual(d.0, neg(&d.1), neg(&d.2)),
    }
}

pub fn div(a: &Num, b: &Num) -> Num {
    both(a, b, &|a, b| a / b, &|_, b| div(&Real(1.0), b), &|a, b| neg(&div(&div(a, b), b)))
}

/// A whole power, by multiplication.
pub fn powi(a: &Num, n: i64) -> Num {
    a.map(&|x| x.powi(n as i32), &|a| {
        if n == 0 { Real(0.0) } else { mul(&Real(n as f64), &powi(a, n - 1)) }
    })
}

/// `a^b` of a positive base.
pub fn pow(a: &Num, b: &Num) -> Num {
    exp(&mul(b, &log(a)))
}

pub fn exp(a: &Num) -> Num {
    a.map(&f64::exp, &exp)
}

pub fn log(a: &Num) -> Num {
    a.map(&f64::ln, &|a| div(&Real(1.0), a))
}

pub fn sqrt(a: &Num) -> Num {
    a.map(&f64::sqrt, &|a| div(&Real(0.5), &sqrt(a)))
}

fn sin(a: &Num) -> Num {
    a.map(&f64::sin, &cos)
}

fn cos(a: &Num) -> Num {
    a.map(&f64::cos, &|a| neg(&sin(a)))
}

fn tanh(a: &Num) -> Num {
    a.map(&f64::tanh, &|a| div(&Real(1.0), &powi(&cosh(a), 2)))
}

fn cosh(a: &Num) -> Num {
    a.map(&f64::cosh, &sinh)
}

fn sinh(a: &Num) -> Num {
    a.map(&f64::sinh, &cosh)
}

fn one_plus_square(a: &Num) -> Num {
    add(&Real(1.0), &powi(a, 2))
}

fn sigmoid(a: &Num) -> Num {
    a.map(&|x| 1.0 / (1.0 + (-x).exp()), &|a| mul(&sigmoid(a), &sigmoid(&neg(a))))
}

fn erf(a: &Num) -> Num {
    a.map(&libm::erf, &|a| mul(&Real(2.0 / std::f64::consts::PI.sqrt()), &exp(&neg(&powi(a, 2)))))
}

/// The number scaled by a value that has no slope, a choice between two at a kink.
fn chosen(a: &Num, value: f64, factor: f64) -> Num {
    match a {
        Real(_) => Real(value),
        Dual(d) => Num::dual(d.0, chosen(&d.1, value, factor), mul(&Real(factor), &d.2)),
    }
}

fn abs(a: &Num) -> Num {
    let x = a.re();
    if x == 0.0 && a.tag() > 0 {
        kink();
    }
    chosen(
        a,
        x.abs(),
        if x > 0.0 {
            1.0
        } else if x < 0.0 {
            -1.0
        } else {
            0.0
        },
    )
}

/// A value without slope.
fn flat(x: f64) -> Num {
    Real(x)
}

pub fn extreme(a: &Num, b: &Num, larger: bool) -> Num {
    let (x, y) = (a.re(), b.re());
    if x == y && a.tag() + b.tag() > 0 {
        kink();
    }
    if (x > y) == larger { a.clone() } else { b.clone() }
}

/// A function of the table by its name.
pub fn function(name: &str, args: &[Num]) -> Num {
    let a = &args[0];
    let half = |a: &Num| mul(&Real(0.5), a);
    match name {
        "sin" => sin(a),
        "cos" => cos(a),
        "tan" => div(&sin(a), &cos(a)),
        "exp" => exp(a),
        "expm1" => a.map(&f64::exp_m1, &exp),
        "log" => log(a),
        "log2" => mul(&Real(std::f64::consts::LOG2_E), &log(a)),
        "log1p" => a.map(&f64::ln_1p, &|a| div(&Real(1.0), &add(&Real(1.0), a))),
        "sqrt" => sqrt(a),
        "cbrt" => a.map(&f64::cbrt, &|a| {
            div(&Real(1.0), &mul(&Real(3.0), &powi(&function("cbrt", std::slice::from_ref(a)), 2)))
        }),
        "tanh" => tanh(a),
        "sinh" => sinh(a),
        "cosh" => cosh(a),
        "atan" => a.map(&f64::atan, &|a| div(&Real(1.0), &one_plus_square(a))),
        "asinh" => a.map(&f64::asinh, &|a| div(&Real(1.0), &sqrt(&one_plus_square(a)))),
        "sigmoid" => sigmoid(a),
        "softplus" => a.map(&|x| x.max(0.0) + (-x.abs()).exp().ln_1p(), &sigmoid),
        "erf" => erf(a),
        "normcdf" => half(&add(&Real(1.0), &erf(&mul(&Real(std::f64::consts::FRAC_1_SQRT_2), a)))),
        "logcosh" => a.map(&|x| x.cosh().ln(), &tanh),
        "swish" => mul(a, &sigmoid(a)),
        "abs2" => powi(a, 2),
        "xexpx" => mul(a, &exp(a)),
        "log1psq" => log(&one_plus_square(a)),
        "abs" => abs(a),
        "relu" => {
            if a.re() == 0.0 && a.tag() > 0 {
                kink();
            }
            if a.re() > 0.0 { a.clone() } else { Real(0.0) }
        }
        "sign" => flat(if a.re() == 0.0 { 0.0 } else { a.re().signum() }),
        "floor" => flat(a.re().floor()),
        "round" => flat(a.re().round()),
        "max" => extreme(a, &args[1], true),
        "min" => extreme(a, &args[1], false),
        "hypot" => sqrt(&add(&powi(a, 2), &powi(&args[1], 2))),
        "atan2" => both(a, &args[1], &f64::atan2, &|a, b| div(b, &add(&powi(a, 2), &powi(b, 2))), &|a, b| {
            neg(&div(a, &add(&powi(a, 2), &powi(b, 2))))
        }),
        "logaddexp" => both(
            a,
            &args[1],
            &|a, b| a.max(b) + (-(a - b).abs()).exp().ln_1p(),
            &|a, b| sigmoid(&sub(a, b)),
            &|a, b| sigmoid(&sub(b, a)),
        ),
        "xlogy" => mul(a, &log(&args[1])),
        "fma" => add(&mul(a, &args[1]), &args[2]),
        other => panic!("the oracle has no `{other}`"),
    }
}
