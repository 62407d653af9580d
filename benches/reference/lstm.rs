//! For each layer with weights w, biases b, state (h, c) and input z: forget = σ(z w₁ + b₁), into = σ(h w₂ + b₂),
//! out = σ(z w₃ + b₃), change = tanh(h w₄ + b₄); c ← c·forget + into·change; h ← out·tanh c, and h is the output.
//! The input is xₜ·e₁, the prediction y = h·e₂ + e₃; the loss −mean of xₜ₊₁·(y − log(2 + Σ exp y)).
//!
//! All is elementwise over the `b` bits, so one source serves both references: one number after the other with the
//! functions of the standard library, and in lanes with those of [`crate::lanes`], over 16 instead of 14 bits.

/// The network and the text; `b` elements in each row.
pub struct Problem {
    pub l: usize,
    pub b: usize,
    pub n: usize,
    pub w: Vec<f64>,
    pub bias: Vec<f64>,
    pub e: Vec<f64>,
    pub h: Vec<f64>,
    pub c: Vec<f64>,
    pub x: Vec<f64>,
    /// Bits that count: the rest fills the lanes.
    pub used: usize,
}

/// Elementary functions.
pub trait Functions {
    fn exp(x: f64) -> f64;
    fn tanh(x: f64) -> f64;

    #[inline(always)]
    fn sigmoid(x: f64) -> f64 {
        1.0 / (1.0 + Self::exp(-x))
    }
}

struct Libm;

impl Functions for Libm {
    fn exp(x: f64) -> f64 {
        x.exp()
    }
    fn tanh(x: f64) -> f64 {
        x.tanh()
    }
}

struct Lanes;

impl Functions for Lanes {
    #[inline(always)]
    fn exp(x: f64) -> f64 {
        crate::lanes::exp1(x)
    }
    #[inline(always)]
    fn tanh(x: f64) -> f64 {
        crate::lanes::tanh1(x)
    }
}

pub fn value(p: &Problem) -> f64 {
    loss::<Libm>(p)
}

pub fn gradient(p: &Problem, tape: &mut Tape, g: [&mut [f64]; 3]) -> f64 {
    reverse::<Libm>(p, tape, g)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
pub fn value_lanes(p: &Problem) -> f64 {
    loss::<Lanes>(p)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
pub fn gradient_lanes(p: &Problem, tape: &mut Tape, g: [&mut [f64]; 3]) -> f64 {
    reverse::<Lanes>(p, tape, g)
}

/// The row `i` of an array.
#[inline(always)]
fn row(a: &[f64], i: usize, b: usize) -> &[f64] {
    &a[i * b..][..b]
}

/// Four rows that follow one another.
#[inline(always)]
fn rows(a: &[f64], b: usize) -> [&[f64]; 4] {
    [0, 1, 2, 3].map(|i| row(a, i, b))
}

#[inline(always)]
fn rows_mut(a: &mut [f64], b: usize) -> [&mut [f64]; 4] {
    let (r0, rest) = a.split_at_mut(b);
    let (r1, rest) = rest.split_at_mut(b);
    let (r2, rest) = rest.split_at_mut(b);
    [r0, r1, r2, &mut rest[..b]]
}

/// What the walk back needs of a layer in a step: forget, into, out, change, and the new c and tanh c and h.
const KEPT: usize = 7;

/// Σ xⱼ (yⱼ − log(2 + Σ exp y)); leaves y and exp y, and gives what the exponentials are divided by.
#[inline(always)]
fn predict<F: Functions>(p: &Problem, z: &[f64], target: &[f64], y: &mut [f64], exp_y: &mut [f64]) -> (f64, f64) {
    let (scale, shift) = (row(&p.e, 1, p.b), row(&p.e, 2, p.b));
    for j in 0..p.b {
        y[j] = z[j] * scale[j] + shift[j];
        exp_y[j] = F::exp(y[j]);
    }
    let sum = 2.0 + exp_y[..p.used].iter().sum::<f64>();
    let norm = sum.ln();
    let fit = target[..p.used].iter().zip(y).map(|(x, y)| x * (*y - norm)).sum();
    (fit, sum)
}

#[inline(always)]
fn loss<F: Functions>(p: &Problem) -> f64 {
    let b = p.b;
    let (mut h, mut c) = (p.h.clone(), p.c.clone());
    let (mut z, mut y, mut exp_y) = (vec![0.0; b], vec![0.0; b], vec![0.0; b]);
    let mut total = 0.0;
    for t in 0..p.n - 1 {
        let (x, start) = (row(&p.x, t, b), row(&p.e, 0, b));
        for j in 0..b {
            z[j] = x[j] * start[j];
        }
        for k in 0..p.l {
            let [w0, w1, w2, w3] = rows(&p.w[4 * k * b..], b);
            let [b0, b1, b2, b3] = rows(&p.bias[4 * k * b..], b);
            let (h, c) = (&mut h[k * b..][..b], &mut c[k * b..][..b]);
            for j in 0..b {
                let forget = F::sigmoid(z[j] * w0[j] + b0[j]);
                let into = F::sigmoid(h[j] * w1[j] + b1[j]);
                let out = F::sigmoid(z[j] * w2[j] + b2[j]);
                let change = F::tanh(h[j] * w3[j] + b3[j]);
                c[j] = c[j] * forget + into * change;
                h[j] = out * F::tanh(c[j]);
                z[j] = h[j];
            }
        }
        total += predict::<F>(p, &z, row(&p.x, t + 1, b), &mut y, &mut exp_y).0;
    }
    -total / ((p.n - 1) * p.used) as f64
}

/// The memory of the walk back, allocated once.
pub struct Tape {
    steps: Vec<f64>,
    predictions: Vec<f64>,
    h_bar: Vec<f64>,
    c_bar: Vec<f64>,
    z: Vec<f64>,
    z_bar: Vec<f64>,
}

impl Tape {
    pub fn new(p: &Problem) -> Tape {
        let zeros = |count| vec![0.0; count * p.b];
        Tape {
            steps: zeros((p.n - 1) * p.l * KEPT),
            predictions: zeros(p.n - 1),
            h_bar: zeros(p.l),
            c_bar: zeros(p.l),
            z: zeros(2),
            z_bar: zeros(1),
        }
    }
}

/// The value, and the gradient by `w`, `bias`, `e`.
#[inline(always)]
fn reverse<F: Functions>(p: &Problem, tape: &mut Tape, [w_bar, bias_bar, e_bar]: [&mut [f64]; 3]) -> f64 {
    w_bar.fill(0.0);
    bias_bar.fill(0.0);
    e_bar.fill(0.0);
    tape.h_bar.fill(0.0);
    tape.c_bar.fill(0.0);
    let scale = -1.0 / ((p.n - 1) * p.used) as f64;
    let mut total = 0.0;
    for t in 0..p.n - 1 {
        total += forward_step::<F>(p, t, tape, scale);
    }
    for t in (0..p.n - 1).rev() {
        backward_step(p, t, tape, w_bar, bias_bar, e_bar);
    }
    total * scale
}

/// A step, which leaves its gates and what reaches its prediction on the tape.
#[inline(always)]
fn forward_step<F: Functions>(p: &Problem, t: usize, tape: &mut Tape, scale: f64) -> f64 {
    let b = p.b;
    let (x, start) = (row(&p.x, t, b), row(&p.e, 0, b));
    let (z, y) = tape.z.split_at_mut(b);
    for j in 0..b {
        z[j] = x[j] * start[j];
    }
    let (before, now) = tape.steps.split_at_mut(t * p.l * KEPT * b);
    for k in 0..p.l {
        let [w0, w1, w2, w3] = rows(&p.w[4 * k * b..], b);
        let [b0, b1, b2, b3] = rows(&p.bias[4 * k * b..], b);
        let (c, h) = previous(p, before, t, k);
        let (gates, state) = now[k * KEPT * b..][..KEPT * b].split_at_mut(4 * b);
        let [forget, into, out, change] = rows_mut(gates, b);
        let (c_new, state) = state.split_at_mut(b);
        let (tanh_c, h_new) = state.split_at_mut(b);
        for j in 0..b {
            forget[j] = F::sigmoid(z[j] * w0[j] + b0[j]);
            into[j] = F::sigmoid(h[j] * w1[j] + b1[j]);
            out[j] = F::sigmoid(z[j] * w2[j] + b2[j]);
            change[j] = F::tanh(h[j] * w3[j] + b3[j]);
            c_new[j] = c[j] * forget[j] + into[j] * change[j];
            tanh_c[j] = F::tanh(c_new[j]);
            h_new[j] = out[j] * tanh_c[j];
            z[j] = h_new[j];
        }
    }
    let target = row(&p.x, t + 1, b);
    let y_bar = &mut tape.predictions[t * b..][..b];
    let (fit, sum) = predict::<F>(p, z, target, y, y_bar);
    let share = target[..p.used].iter().sum::<f64>() / sum;
    for j in 0..b {
        y_bar[j] = scale * (target[j] - share * y_bar[j]);
    }
    fit
}

/// The c and h that a layer had before a step.
#[inline(always)]
fn previous<'a>(p: &'a Problem, steps: &'a [f64], t: usize, k: usize) -> (&'a [f64], &'a [f64]) {
    if t == 0 {
        return (row(&p.c, k, p.b), row(&p.h, k, p.b));
    }
    let kept = row(steps, (t - 1) * p.l + k, KEPT * p.b);
    (row(kept, 4, p.b), row(kept, 6, p.b))
}

#[inline(always)]
fn backward_step(
    p: &Problem,
    t: usize,
    tape: &mut Tape,
    w_bar: &mut [f64],
    bias_bar: &mut [f64],
    e_bar: &mut [f64],
) {
    let b = p.b;
    let y_bar = row(&tape.predictions, t, b);
    let last = row(row(&tape.steps, t * p.l + p.l - 1, KEPT * b), 6, b);
    let (scale, z_bar) = (row(&p.e, 1, b), &mut tape.z_bar);
    let x = row(&p.x, t, b);
    let start = row(&p.e, 0, b);
    let (e0, rest) = e_bar.split_at_mut(b);
    let (e1, e2) = rest.split_at_mut(b);
    for j in 0..b {
        z_bar[j] = y_bar[j] * scale[j];
        e1[j] += y_bar[j] * last[j];
        e2[j] += y_bar[j];
        tape.z[j] = x[j] * start[j];
    }
    for k in (0..p.l).rev() {
        let kept = row(&tape.steps, t * p.l + k, KEPT * b);
        let (c, h) = previous(p, &tape.steps, t, k);
        let z = if k == 0 { &tape.z[..b] } else { row(row(&tape.steps, t * p.l + k - 1, KEPT * b), 6, b) };
        let [forget, into, out, change] = rows(kept, b);
        let tanh_c = row(kept, 5, b);
        let [w0, w1, w2, w3] = rows(&p.w[4 * k * b..], b);
        let [w0_bar, w1_bar, w2_bar, w3_bar] = rows_mut(&mut w_bar[4 * k * b..], b);
        let [b0_bar, b1_bar, b2_bar, b3_bar] = rows_mut(&mut bias_bar[4 * k * b..], b);
        let (h_bar, c_bar) = (&mut tape.h_bar[k * b..][..b], &mut tape.c_bar[k * b..][..b]);
        for j in 0..b {
            let h_all = h_bar[j] + z_bar[j];
            let c_all = c_bar[j] + h_all * out[j] * (1.0 - tanh_c[j] * tanh_c[j]);
            let to_out = h_all * tanh_c[j] * out[j] * (1.0 - out[j]);
            let to_forget = c_all * c[j] * forget[j] * (1.0 - forget[j]);
            let to_into = c_all * change[j] * into[j] * (1.0 - into[j]);
            let to_change = c_all * into[j] * (1.0 - change[j] * change[j]);
            w0_bar[j] += to_forget * z[j];
            w1_bar[j] += to_into * h[j];
            w2_bar[j] += to_out * z[j];
            w3_bar[j] += to_change * h[j];
            b0_bar[j] += to_forget;
            b1_bar[j] += to_into;
            b2_bar[j] += to_out;
            b3_bar[j] += to_change;
            c_bar[j] = c_all * forget[j];
            h_bar[j] = to_into * w1[j] + to_change * w3[j];
            z_bar[j] = to_forget * w0[j] + to_out * w2[j];
        }
    }
    for j in 0..b {
        e0[j] += z_bar[j] * x[j];
    }
}
