//! −N(½D log 2π + lse α) + Σᵢ lseₖ(αₖ + Σqₖ − ½‖Qₖ(xᵢ − μₖ)‖²) + Σₖ(−½γ²‖Qₖ‖²_F + m Σqₖ) − K·log normaliser.
//!
//! Qₖ is lower triangular, exp(qₖ) on the diagonal, lₖ below it column by column.

use std::f64::consts::{LN_2, PI};

/// The data and the point: d numbers in a point and a mean, t = d(d−1)/2 below a diagonal.
pub struct Problem {
    pub d: usize,
    pub k: usize,
    pub n: usize,
    pub alpha: Vec<f64>,
    pub mu: Vec<f64>,
    pub q: Vec<f64>,
    pub l: Vec<f64>,
    pub x: Vec<f64>,
    pub gamma: f64,
    pub m: i64,
}

pub struct Gradient<'a> {
    pub alpha: &'a mut [f64],
    pub mu: &'a mut [f64],
    pub q: &'a mut [f64],
    pub l: &'a mut [f64],
}

impl Problem {
    pub fn below(&self) -> usize {
        self.d * (self.d - 1) / 2
    }

    /// What does not depend on the points of a component: αₖ + Σqₖ, and exp(qₖ).
    fn constants(&self) -> (Vec<f64>, Vec<f64>) {
        let sums = self.q.chunks_exact(self.d).zip(&self.alpha).map(|(q, a)| a + q.iter().sum::<f64>());
        (sums.collect(), self.q.iter().map(|q| q.exp()).collect())
    }

    /// −N(½D log 2π + lse α) and the prior.
    fn outer(&self, exp_q: &[f64]) -> f64 {
        let (n, d, m) = (self.n as f64, self.d as f64, self.m as f64);
        let squares = |v: &[f64]| v.iter().map(|x| x * x).sum::<f64>();
        let frobenius = squares(exp_q) + squares(&self.l);
        let v = d + m + 1.0;
        let normaliser = v * d * (self.gamma.ln() - LN_2 / 2.0) - log_gamma_multivariate(v / 2.0, self.d);
        -n * (d / 2.0 * (2.0 * PI).ln() + lse(&self.alpha)) - self.gamma * self.gamma / 2.0 * frobenius
            + m * self.q.iter().sum::<f64>()
            - self.k as f64 * normaliser
    }
}

/// The largest and the sum of exponentials beside it.
fn max_and_sum(v: &[f64]) -> (f64, f64) {
    let most = v.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    (most, v.iter().map(|x| (x - most).exp()).sum())
}

fn lse(v: &[f64]) -> f64 {
    let (most, sum) = max_and_sum(v);
    most + sum.ln()
}

/// log Γ_d(a).
fn log_gamma_multivariate(a: f64, d: usize) -> f64 {
    let product = (d * (d - 1)) as f64 / 4.0 * PI.ln();
    product + (0..d).map(|j| log_gamma(a - j as f64 / 2.0)).sum::<f64>()
}

/// log Γ(x), x > 0: Stirling's series above 10, to which the recurrence leads.
fn log_gamma(x: f64) -> f64 {
    let (mut x, mut product) = (x, 1.0);
    while x < 10.0 {
        product *= x;
        x += 1.0;
    }
    let z = 1.0 / (x * x);
    let series = 1.0 / 12.0 - z * (1.0 / 360.0 - z * (1.0 / 1260.0 - z * (1.0 / 1680.0 - z / 1188.0)));
    (x - 0.5) * x.ln() - x + 0.5 * (2.0 * PI).ln() + series / x - f64::ln(product)
}

/// z = x − μ and y = Qz: the columns of Q one after the other.
fn transform(x: &[f64], mu: &[f64], diagonal: &[f64], l: &[f64], z: &mut [f64], y: &mut [f64]) {
    let d = z.len();
    for i in 0..d {
        z[i] = x[i] - mu[i];
        y[i] = diagonal[i] * z[i];
    }
    let mut rest = l;
    for j in 0..d {
        let (column, others) = rest.split_at(d - 1 - j);
        let zj = z[j];
        for (y, l) in y[j + 1..].iter_mut().zip(column) {
            *y += l * zj;
        }
        rest = others;
    }
}

pub fn value(p: &Problem) -> f64 {
    let (d, t) = (p.d, p.below());
    let (sums, exp_q) = p.constants();
    let (mut z, mut y, mut terms) = (vec![0.0; d], vec![0.0; d], vec![0.0; p.k]);
    let mut total = 0.0;
    for x in p.x.chunks_exact(d) {
        for k in 0..p.k {
            let own = k * d..(k + 1) * d;
            transform(x, &p.mu[own.clone()], &exp_q[own], &p.l[k * t..(k + 1) * t], &mut z, &mut y);
            terms[k] = sums[k] - 0.5 * y.iter().map(|y| y * y).sum::<f64>();
        }
        total += lse(&terms);
    }
    total + p.outer(&exp_q)
}

/// The value, and the gradient into `g`. With the weight w = softmax(terms)ₖ and ȳ = −w y: q̄ = w + ȳ z exp q,
/// l̄ = ȳᵢ zⱼ, μ̄ = −Qᵀȳ.
pub fn gradient(p: &Problem, g: &mut Gradient) -> f64 {
    let (d, t) = (p.d, p.below());
    let (sums, exp_q) = p.constants();
    let mut weights = vec![0.0; p.k];
    let (mut zs, mut ys) = (vec![0.0; p.k * d], vec![0.0; p.k * d]);
    let mut total = 0.0;
    start(p, &exp_q, g);
    for x in p.x.chunks_exact(d) {
        for k in 0..p.k {
            let own = k * d..(k + 1) * d;
            let (z, y) = (&mut zs[own.clone()], &mut ys[own.clone()]);
            transform(x, &p.mu[own.clone()], &exp_q[own], &p.l[k * t..(k + 1) * t], z, y);
            weights[k] = sums[k] - 0.5 * y.iter().map(|y| y * y).sum::<f64>();
        }
        total += softmax(&mut weights);
        for k in 0..p.k {
            let own = k * d..(k + 1) * d;
            let (z, y, w) = (&zs[own.clone()], &mut ys[own.clone()], weights[k]);
            y.iter_mut().for_each(|y| *y *= -w);
            g.alpha[k] += w;
            let (q_bar, mu_bar, diagonal) = (&mut g.q[own.clone()], &mut g.mu[own.clone()], &exp_q[own]);
            for i in 0..d {
                q_bar[i] += w + y[i] * z[i] * diagonal[i];
                mu_bar[i] -= y[i] * diagonal[i];
            }
            let (mut l, mut l_bar) = (&p.l[k * t..(k + 1) * t], &mut g.l[k * t..(k + 1) * t]);
            for j in 0..d {
                let (column, others) = l.split_at(d - 1 - j);
                let (column_bar, others_bar) = l_bar.split_at_mut(d - 1 - j);
                let zj = z[j];
                let mut sum = 0.0;
                for ((l, l_bar), y) in column.iter().zip(column_bar).zip(&y[j + 1..]) {
                    sum += l * y;
                    *l_bar += y * zj;
                }
                mu_bar[j] -= sum;
                (l, l_bar) = (others, others_bar);
            }
        }
    }
    total + p.outer(&exp_q)
}

/// The gradient of all that is not summed over the points.
fn start(p: &Problem, exp_q: &[f64], g: &mut Gradient) {
    g.alpha.copy_from_slice(&p.alpha);
    softmax(g.alpha);
    g.alpha.iter_mut().for_each(|a| *a *= -(p.n as f64));
    g.mu.fill(0.0);
    let gamma2 = p.gamma * p.gamma;
    for (q_bar, e) in g.q.iter_mut().zip(exp_q) {
        *q_bar = p.m as f64 - gamma2 * e * e;
    }
    for (l_bar, l) in g.l.iter_mut().zip(&p.l) {
        *l_bar = -gamma2 * l;
    }
}

/// Replaces numbers by their softmax; gives their lse.
fn softmax(v: &mut [f64]) -> f64 {
    let most = v.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut sum = 0.0;
    for x in v.iter_mut() {
        *x = (*x - most).exp();
        sum += *x;
    }
    let scale = 1.0 / sum;
    v.iter_mut().for_each(|x| *x *= scale);
    most + sum.ln()
}

/// Points side by side, the same coordinate of all of them together: so many registers of four.
#[cfg(target_arch = "x86_64")]
mod lanes {
    use super::{Gradient, Problem, start};
    use crate::lanes::{Four, Number};

    const REGISTERS: usize = 4;
    /// Points in a block.
    const N: usize = 4 * REGISTERS;
    type Block = [Four; REGISTERS];

    /// As [`super::value`], in lanes.
    #[target_feature(enable = "avx2,fma")]
    pub fn value(p: &Problem) -> f64 {
        let (sums, exp_q) = p.constants();
        let mut work = Work::new(p);
        let mut total = 0.0;
        for points in p.x.chunks(N * p.d) {
            total += work.forward(p, points, &sums, &exp_q);
        }
        total + p.outer(&exp_q)
    }

    /// As [`super::gradient`], in lanes.
    #[target_feature(enable = "avx2,fma")]
    pub fn gradient(p: &Problem, g: &mut Gradient) -> f64 {
        let (sums, exp_q) = p.constants();
        start(p, &exp_q, g);
        let mut work = Work::new(p);
        let mut total = 0.0;
        for points in p.x.chunks(N * p.d) {
            total += work.forward(p, points, &sums, &exp_q);
            for k in 0..p.k {
                work.backward(p, k, &exp_q, g);
            }
        }
        total + p.outer(&exp_q)
    }

    struct Work {
        x: Vec<f64>,
        z: Vec<Block>,
        y: Vec<Block>,
        weights: Vec<Block>,
    }

    #[inline(always)]
    fn splat(x: f64) -> Block {
        [Four::of(x); REGISTERS]
    }

    /// a·b, and c added.
    #[inline(always)]
    fn times_plus(a: &Block, b: Four, c: &mut Block) {
        for i in 0..REGISTERS {
            c[i] = a[i].times_plus(b, c[i]);
        }
    }

    #[inline(always)]
    fn sum(a: &Block) -> f64 {
        let mut total = a[0];
        for i in 1..REGISTERS {
            total = total + a[i];
        }
        total.sum()
    }

    #[inline(always)]
    fn dot(a: &Block, b: &Block) -> f64 {
        let mut total = a[0] * b[0];
        for i in 1..REGISTERS {
            total = a[i].times_plus(b[i], total);
        }
        total.sum()
    }

    impl Work {
        #[inline(always)]
        fn new(p: &Problem) -> Work {
            let blocks = |count| vec![splat(0.0); count];
            Work { x: vec![0.0; N * p.d], z: blocks(p.k * p.d), y: blocks(p.k * p.d), weights: blocks(p.k) }
        }

        /// Terms and weights of a block of points; the sum of their lse.
        #[inline(always)]
        fn forward(&mut self, p: &Problem, points: &[f64], sums: &[f64], exp_q: &[f64]) -> f64 {
            let count = points.len() / p.d;
            self.x.fill(0.0);
            for (lane, point) in points.chunks_exact(p.d).enumerate() {
                for (i, x) in point.iter().enumerate() {
                    self.x[i * N + lane] = *x;
                }
            }
            for k in 0..p.k {
                self.term(p, k, sums[k], exp_q);
            }
            self.softmax(count)
        }

        /// z = x − μₖ, y = Qₖz, and the term of the component.
        #[inline(always)]
        fn term(&mut self, p: &Problem, k: usize, sum: f64, exp_q: &[f64]) {
            let (d, t) = (p.d, p.below());
            let own = k * d..(k + 1) * d;
            let (z, y) = (&mut self.z[own.clone()], &mut self.y[own.clone()]);
            let (mu, diagonal) = (&p.mu[own.clone()], &exp_q[own]);
            for i in 0..d {
                let (mean, scale) = (Four::of(mu[i]), Four::of(diagonal[i]));
                for r in 0..REGISTERS {
                    z[i][r] = Four::load(&self.x[i * N + 4 * r..]) - mean;
                    y[i][r] = scale * z[i][r];
                }
            }
            let l = &p.l[k * t..(k + 1) * t];
            let mut norm = splat(0.0);
            for i in 0..d {
                // The row i of Q: its column j begins at j(d − 1) − j(j − 1)/2 − 1 before the row.
                let mut total = y[i];
                let mut at = i;
                for j in 0..i {
                    times_plus(&z[j], Four::of(l[at - 1]), &mut total);
                    at += d - 2 - j;
                }
                y[i] = total;
                for r in 0..REGISTERS {
                    norm[r] = total[r].times_plus(total[r], norm[r]);
                }
            }
            for r in 0..REGISTERS {
                self.weights[k][r] = Four::of(sum) - Four::of(0.5) * norm[r];
            }
        }

        /// Softmax of each lane; the sum of the lse of as many lanes as count.
        #[inline(always)]
        fn softmax(&mut self, count: usize) -> f64 {
            let (mut most, mut total) = (self.weights[0], splat(0.0));
            for w in &self.weights {
                for r in 0..REGISTERS {
                    most[r] = most[r].larger(w[r]);
                }
            }
            for w in &mut self.weights {
                for r in 0..REGISTERS {
                    w[r] = (w[r] - most[r]).exp();
                    total[r] = total[r] + w[r];
                }
            }
            let (mut used, mut scale, mut sum) = ([0.0; N], splat(0.0), 0.0);
            used[..count].fill(1.0);
            for r in 0..REGISTERS {
                let used = Four::load(&used[4 * r..]);
                scale[r] = used / total[r];
                sum += (used * (most[r] + total[r].ln())).sum();
            }
            for w in &mut self.weights {
                for r in 0..REGISTERS {
                    w[r] = w[r] * scale[r];
                }
            }
            sum
        }

        /// Adds what a component has of the gradient: sums over the lanes.
        #[inline(always)]
        fn backward(&mut self, p: &Problem, k: usize, exp_q: &[f64], g: &mut Gradient) {
            let (d, t) = (p.d, p.below());
            let own = k * d..(k + 1) * d;
            let (z, y, w) = (&self.z[own.clone()], &mut self.y[own.clone()], self.weights[k]);
            let (q_bar, mu_bar, diagonal) = (&mut g.q[own.clone()], &mut g.mu[own.clone()], &exp_q[own]);
            let weight = sum(&w);
            g.alpha[k] += weight;
            for i in 0..d {
                for r in 0..REGISTERS {
                    y[i][r] = -(y[i][r] * w[r]);
                }
                q_bar[i] += weight + dot(&y[i], &z[i]) * diagonal[i];
            }
            let (mut l, mut l_bar) = (&p.l[k * t..(k + 1) * t], &mut g.l[k * t..(k + 1) * t]);
            for j in 0..d {
                let (column, others) = l.split_at(d - 1 - j);
                let (column_bar, others_bar) = l_bar.split_at_mut(d - 1 - j);
                let (mut total, zj) = (splat(0.0), z[j]);
                times_plus(&y[j], Four::of(diagonal[j]), &mut total);
                for ((&l, l_bar), y) in column.iter().zip(column_bar).zip(&y[j + 1..]) {
                    times_plus(y, Four::of(l), &mut total);
                    *l_bar += dot(y, &zj);
                }
                mu_bar[j] -= sum(&total);
                (l, l_bar) = (others, others_bar);
            }
        }
    }
}

#[cfg(target_arch = "x86_64")]
pub use lanes::{gradient as gradient_lanes, value as value_lanes};
