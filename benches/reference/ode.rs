//! The last component of y(2), y₁′ = x₁, yᵢ′ = xᵢ yᵢ₋₁, y(0) = 0, by s equal steps of the classic Runge–Kutta method.
//!
//! A rate needs the component before only (before the first it is 1), so a step is one pass in place.

/// The rates a, b, c, d of the four stages at one component, from the stages of the component before.
#[inline(always)]
fn rates(x: f64, before: f64, [a, b, c]: [f64; 3], h: f64) -> [f64; 4] {
    [x * before, x * (before + h / 2.0 * a), x * (before + h / 2.0 * b), x * (before + h * c)]
}

/// A step from y into `next`.
fn step(x: &[f64], y: &[f64], next: &mut [f64], h: f64) {
    let (mut before, mut stages) = (1.0, [0.0; 3]);
    for ((x, y), next) in x.iter().zip(y).zip(next) {
        let [a, b, c, d] = rates(*x, before, stages, h);
        *next = y + h / 6.0 * (a + 2.0 * b + 2.0 * c + d);
        (before, stages) = (*y, [a, b, c]);
    }
}

pub fn value(x: &[f64], s: usize, work: &mut [f64]) -> f64 {
    let n = x.len();
    let (mut y, mut next) = work[..2 * n].split_at_mut(n);
    y.fill(0.0);
    for _ in 0..s {
        step(x, y, next, 2.0 / s as f64);
        (y, next) = (next, y);
    }
    y[n - 1]
}

/// The value, and the gradient into `x_bar`; `work` has room for s + 2 states and the three stages of one step.
pub fn gradient(x: &[f64], s: usize, work: &mut [f64], x_bar: &mut [f64]) -> f64 {
    let (n, h) = (x.len(), 2.0 / s as f64);
    let (trace, rest) = work.split_at_mut((s + 1) * n);
    let (y_bar, stages) = rest.split_at_mut(n);
    trace[..n].fill(0.0);
    for k in 0..s {
        let (y, next) = trace[k * n..(k + 2) * n].split_at_mut(n);
        step(x, y, next, h);
    }
    x_bar.fill(0.0);
    y_bar.fill(0.0);
    y_bar[n - 1] = 1.0;
    let stages = stages[..3 * n].as_chunks_mut::<3>().0;
    for k in (0..s).rev() {
        reverse_step(x, &trace[k * n..(k + 1) * n], y_bar, x_bar, stages, h);
    }
    trace[s * n + n - 1]
}

fn reverse_step(x: &[f64], y: &[f64], y_bar: &mut [f64], x_bar: &mut [f64], stages: &mut [[f64; 3]], h: f64) {
    let (mut before, mut last) = (1.0, [0.0; 3]);
    for ((x, y), stage) in x.iter().zip(y).zip(&mut *stages) {
        let [a, b, c, _] = rates(*x, before, last, h);
        (before, last) = (*y, [a, b, c]);
        *stage = last;
    }
    // What reaches the argument of each stage from the component after this one.
    let mut reached = [0.0; 4];
    for i in (0..x.len()).rev() {
        let (before, [a, b, c]) = if i == 0 { (1.0, [0.0; 3]) } else { (y[i - 1], stages[i - 1]) };
        let d_bar = h / 6.0 * y_bar[i];
        let c_bar = 2.0 * d_bar + h * reached[3];
        let b_bar = 2.0 * d_bar + h / 2.0 * reached[2];
        let a_bar = d_bar + h / 2.0 * reached[1];
        x_bar[i] += a_bar * before
            + b_bar * (before + h / 2.0 * a)
            + c_bar * (before + h / 2.0 * b)
            + d_bar * (before + h * c);
        y_bar[i] += reached[0] + reached[1] + reached[2] + reached[3];
        reached = [a_bar, b_bar, c_bar, d_bar].map(|bar| bar * x[i]);
    }
}
