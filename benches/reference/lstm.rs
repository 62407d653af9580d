//! For each layer with weights w, biases b, state (h, c) and input z: forget = σ(z w₁ + b₁), into = σ(h w₂ + b₂),
//! out = σ(z w₃ + b₃), change = tanh(h w₄ + b₄); c ← c·forget + into·change; h ← out·tanh c, and h is the output.
//! The input is xₜ·e₁, the prediction y = h·e₂ + e₃; the loss −mean of xₜ₊₁·(y − log(2 + Σ exp y)).
//!
//! All is elementwise over the `b` bits, so one source serves both references, scalar and in lanes.

use crate::lanes::Number;

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

pub fn value(p: &Problem) -> f64 {
    loss::<f64>(p)
}

pub fn gradient(p: &Problem, tape: &mut Tape, g: [&mut [f64]; 3]) -> f64 {
    reverse::<f64>(p, tape, g)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
pub fn value_lanes(p: &Problem) -> f64 {
    loss::<crate::lanes::Four>(p)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
pub fn gradient_lanes(p: &Problem, tape: &mut Tape, g: [&mut [f64]; 3]) -> f64 {
    reverse::<crate::lanes::Four>(p, tape, g)
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

/// What the walk back needs of a layer in a step: forget, into, out, change, and the new c and tanh c and h.
const KEPT: usize = 7;

/// Σ xⱼ (yⱼ − log(2 + Σ exp y)); leaves y and exp y, and gives what the exponentials are divided by.
#[inline(always)]
fn predict<V: Number>(
    p: &Problem,
    z: &[f64],
    target: &[f64],
    y: &mut [f64],
    exp_y: &mut [f64],
) -> (f64, f64) {
    let (scale, shift) = (row(&p.e, 1, p.b), row(&p.e, 2, p.b));
    for j in (0..p.b).step_by(V::WIDTH) {
        let new = V::load(&z[j..]).times_plus(V::load(&scale[j..]), V::load(&shift[j..]));
        new.store(&mut y[j..]);
        new.exp().store(&mut exp_y[j..]);
    }
    let sum = 2.0 + exp_y[..p.used].iter().sum::<f64>();
    let norm = sum.ln();
    let fit = target[..p.used].iter().zip(y).map(|(x, y)| x * (*y - norm)).sum();
    (fit, sum)
}

/// z = xₜ·e₁.
#[inline(always)]
fn input<V: Number>(p: &Problem, t: usize, z: &mut [f64]) {
    let (x, start) = (row(&p.x, t, p.b), row(&p.e, 0, p.b));
    for j in (0..p.b).step_by(V::WIDTH) {
        (V::load(&x[j..]) * V::load(&start[j..])).store(&mut z[j..]);
    }
}

/// The gates at `j`: forget, into, out, change.
#[inline(always)]
fn gates<V: Number>(w: &[&[f64]; 4], bias: &[&[f64]; 4], j: usize, z: V, h: V) -> [V; 4] {
    let forget = z.times_plus(V::load(&w[0][j..]), V::load(&bias[0][j..]));
    let into = h.times_plus(V::load(&w[1][j..]), V::load(&bias[1][j..]));
    let out = z.times_plus(V::load(&w[2][j..]), V::load(&bias[2][j..]));
    let change = h.times_plus(V::load(&w[3][j..]), V::load(&bias[3][j..]));
    [forget.sigmoid(), into.sigmoid(), out.sigmoid(), change.tanh()]
}

#[inline(always)]
fn loss<V: Number>(p: &Problem) -> f64 {
    let b = p.b;
    let (mut h, mut c) = (p.h.clone(), p.c.clone());
    let (mut z, mut y, mut exp_y) = (vec![0.0; b], vec![0.0; b], vec![0.0; b]);
    let mut total = 0.0;
    for t in 0..p.n - 1 {
        input::<V>(p, t, &mut z);
        for k in 0..p.l {
            let (w, bias) = (rows(&p.w[4 * k * b..], b), rows(&p.bias[4 * k * b..], b));
            let (h, c) = (&mut h[k * b..][..b], &mut c[k * b..][..b]);
            for j in (0..b).step_by(V::WIDTH) {
                let [forget, into, out, change] = gates(&w, &bias, j, V::load(&z[j..]), V::load(&h[j..]));
                let new = V::load(&c[j..]) * forget + into * change;
                let output = out * new.tanh();
                new.store(&mut c[j..]);
                output.store(&mut h[j..]);
                output.store(&mut z[j..]);
            }
        }
        total += predict::<V>(p, &z, row(&p.x, t + 1, b), &mut y, &mut exp_y).0;
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
fn reverse<V: Number>(p: &Problem, tape: &mut Tape, g: [&mut [f64]; 3]) -> f64 {
    let [w_bar, bias_bar, e_bar] = g;
    w_bar.fill(0.0);
    bias_bar.fill(0.0);
    e_bar.fill(0.0);
    tape.h_bar.fill(0.0);
    tape.c_bar.fill(0.0);
    let scale = -1.0 / ((p.n - 1) * p.used) as f64;
    let mut total = 0.0;
    for t in 0..p.n - 1 {
        total += forward_step::<V>(p, t, tape, scale);
    }
    for t in (0..p.n - 1).rev() {
        backward_step::<V>(p, t, tape, [&mut *w_bar, &mut *bias_bar, &mut *e_bar]);
    }
    total * scale
}

/// A step, which leaves its gates and what reaches its prediction on the tape.
#[inline(always)]
fn forward_step<V: Number>(p: &Problem, t: usize, tape: &mut Tape, scale: f64) -> f64 {
    let b = p.b;
    let (z, y) = tape.z.split_at_mut(b);
    input::<V>(p, t, z);
    let (before, now) = tape.steps.split_at_mut(t * p.l * KEPT * b);
    for k in 0..p.l {
        let (w, bias) = (rows(&p.w[4 * k * b..], b), rows(&p.bias[4 * k * b..], b));
        let (c, h) = previous(p, before, t, k);
        let kept = &mut now[k * KEPT * b..][..KEPT * b];
        for j in (0..b).step_by(V::WIDTH) {
            let [forget, into, out, change] = gates(&w, &bias, j, V::load(&z[j..]), V::load(&h[j..]));
            let new = V::load(&c[j..]) * forget + into * change;
            let tanh = new.tanh();
            let output = out * tanh;
            let all = [forget, into, out, change, new, tanh, output];
            for i in 0..KEPT {
                all[i].store(&mut kept[i * b + j..]);
            }
            output.store(&mut z[j..]);
        }
    }
    let target = row(&p.x, t + 1, b);
    let y_bar = &mut tape.predictions[t * b..][..b];
    let (fit, sum) = predict::<V>(p, z, target, y, y_bar);
    let share = target[..p.used].iter().sum::<f64>() / sum;
    for j in (0..b).step_by(V::WIDTH) {
        let bar = V::of(scale) * (V::load(&target[j..]) - V::of(share) * V::load(&y_bar[j..]));
        bar.store(&mut y_bar[j..]);
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

/// Adds to numbers.
#[inline(always)]
fn add<V: Number>(to: &mut [f64], x: V) {
    (V::load(to) + x).store(to);
}

#[inline(always)]
fn backward_step<V: Number>(p: &Problem, t: usize, tape: &mut Tape, g: [&mut [f64]; 3]) {
    let (b, [w_bar, bias_bar, e_bar]) = (p.b, g);
    let y_bar = row(&tape.predictions, t, b);
    let last = row(row(&tape.steps, t * p.l + p.l - 1, KEPT * b), 6, b);
    let scale = row(&p.e, 1, b);
    for j in (0..b).step_by(V::WIDTH) {
        let bar = V::load(&y_bar[j..]);
        (bar * V::load(&scale[j..])).store(&mut tape.z_bar[j..]);
        add(&mut e_bar[b + j..], bar * V::load(&last[j..]));
        add(&mut e_bar[2 * b + j..], bar);
    }
    input::<V>(p, t, &mut tape.z[..b]);
    for k in (0..p.l).rev() {
        let kept = row(&tape.steps, t * p.l + k, KEPT * b);
        let (c, h) = previous(p, &tape.steps, t, k);
        let z = if k == 0 { &tape.z[..b] } else { row(row(&tape.steps, t * p.l + k - 1, KEPT * b), 6, b) };
        let w = rows(&p.w[4 * k * b..], b);
        let (w_bar, bias_bar) = (&mut w_bar[4 * k * b..][..4 * b], &mut bias_bar[4 * k * b..][..4 * b]);
        let (h_bar, c_bar) = (&mut tape.h_bar[k * b..][..b], &mut tape.c_bar[k * b..][..b]);
        for j in (0..b).step_by(V::WIDTH) {
            let (forget, into) = (V::load(&kept[j..]), V::load(&kept[b + j..]));
            let (out, change) = (V::load(&kept[2 * b + j..]), V::load(&kept[3 * b + j..]));
            let (tanh, one) = (V::load(&kept[5 * b + j..]), V::of(1.0));
            let h_all = V::load(&h_bar[j..]) + V::load(&tape.z_bar[j..]);
            let c_all = V::load(&c_bar[j..]) + h_all * out * (one - tanh * tanh);
            let bars = [
                c_all * V::load(&c[j..]) * forget * (one - forget),
                c_all * change * into * (one - into),
                h_all * tanh * out * (one - out),
                c_all * into * (one - change * change),
            ];
            let inputs = [V::load(&z[j..]), V::load(&h[j..])];
            for i in 0..4 {
                add(&mut w_bar[i * b + j..], bars[i] * inputs[i % 2]);
                add(&mut bias_bar[i * b + j..], bars[i]);
            }
            (c_all * forget).store(&mut c_bar[j..]);
            (bars[1] * V::load(&w[1][j..]) + bars[3] * V::load(&w[3][j..])).store(&mut h_bar[j..]);
            (bars[0] * V::load(&w[0][j..]) + bars[2] * V::load(&w[2][j..])).store(&mut tape.z_bar[j..]);
        }
    }
    let x = row(&p.x, t, b);
    for j in (0..b).step_by(V::WIDTH) {
        add(&mut e_bar[j..], V::load(&tape.z_bar[j..]) * V::load(&x[j..]));
    }
}
