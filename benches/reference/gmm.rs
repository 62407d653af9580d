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

/// A block of points, the same coordinate of all of them together.
const N: usize = 32;
type Block = [f64; N];

/// As [`gradient`], with 32 points at a time, one in each lane.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
pub fn gradient_lanes(p: &Problem, g: &mut Gradient) -> f64 {
    let (sums, exp_q) = p.constants();
    start(p, &exp_q, g);
    let mut work = Work::new(p);
    let mut total = 0.0;
    for points in p.x.chunks(N * p.d) {
        let count = points.len() / p.d;
        work.load(points, count);
        for k in 0..p.k {
            work.forward(p, k, sums[k], &exp_q);
        }
        total += work.softmax(count);
        for k in 0..p.k {
            work.backward(p, k, &exp_q, g);
        }
    }
    total + p.outer(&exp_q)
}

/// As [`value`], in lanes.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
pub fn value_lanes(p: &Problem) -> f64 {
    let (sums, exp_q) = p.constants();
    let mut work = Work::new(p);
    let mut total = 0.0;
    for points in p.x.chunks(N * p.d) {
        let count = points.len() / p.d;
        work.load(points, count);
        for k in 0..p.k {
            work.forward(p, k, sums[k], &exp_q);
        }
        total += work.softmax(count);
    }
    total + p.outer(&exp_q)
}

struct Work {
    x: Vec<Block>,
    z: Vec<Block>,
    y: Vec<Block>,
    weights: Vec<Block>,
}

impl Work {
    fn new(p: &Problem) -> Work {
        let blocks = |count| vec![[0.0; N]; count];
        Work { x: blocks(p.d), z: blocks(p.k * p.d), y: blocks(p.k * p.d), weights: blocks(p.k) }
    }

    /// Transposes some points; missing ones are 0.
    #[inline(always)]
    fn load(&mut self, points: &[f64], count: usize) {
        let d = self.x.len();
        for (i, x) in self.x.iter_mut().enumerate() {
            *x = [0.0; N];
            for lane in 0..count {
                x[lane] = points[lane * d + i];
            }
        }
    }

    /// z = x − μₖ, y = Qₖz, and the term of the component.
    #[inline(always)]
    fn forward(&mut self, p: &Problem, k: usize, sum: f64, exp_q: &[f64]) {
        let (d, t) = (p.d, p.below());
        let own = k * d..(k + 1) * d;
        let (z, y) = (&mut self.z[own.clone()], &mut self.y[own.clone()]);
        let (mu, diagonal) = (&p.mu[own.clone()], &exp_q[own]);
        for i in 0..d {
            for lane in 0..N {
                z[i][lane] = self.x[i][lane] - mu[i];
                y[i][lane] = diagonal[i] * z[i][lane];
            }
        }
        let mut rest = &p.l[k * t..(k + 1) * t];
        for j in 0..d {
            let (column, others) = rest.split_at(d - 1 - j);
            let zj = z[j];
            for (y, &l) in y[j + 1..].iter_mut().zip(column) {
                for lane in 0..N {
                    y[lane] = zj[lane].mul_add(l, y[lane]);
                }
            }
            rest = others;
        }
        let mut norm = [0.0; N];
        for y in &*y {
            for lane in 0..N {
                norm[lane] = y[lane].mul_add(y[lane], norm[lane]);
            }
        }
        for lane in 0..N {
            self.weights[k][lane] = sum - 0.5 * norm[lane];
        }
    }

    /// Softmax of each lane; the sum of the lse of as many lanes as count.
    #[inline(always)]
    fn softmax(&mut self, count: usize) -> f64 {
        let mut most = [f64::NEG_INFINITY; N];
        for w in &self.weights {
            for lane in 0..N {
                most[lane] = if w[lane] > most[lane] { w[lane] } else { most[lane] };
            }
        }
        let mut sum = [0.0; N];
        for w in &mut self.weights {
            for lane in 0..N {
                w[lane] = crate::lanes::exp1(w[lane] - most[lane]);
                sum[lane] += w[lane];
            }
        }
        let mut scale = [0.0; N];
        for lane in 0..count {
            scale[lane] = 1.0 / sum[lane];
        }
        for w in &mut self.weights {
            for lane in 0..N {
                w[lane] *= scale[lane];
            }
        }
        (0..count).map(|lane| most[lane] + sum[lane].ln()).sum()
    }

    /// Adds what a component has of the gradient: sums over the lanes.
    #[inline(always)]
    fn backward(&mut self, p: &Problem, k: usize, exp_q: &[f64], g: &mut Gradient) {
        let (d, t) = (p.d, p.below());
        let own = k * d..(k + 1) * d;
        let (z, y, w) = (&self.z[own.clone()], &mut self.y[own.clone()], &self.weights[k]);
        let (q_bar, mu_bar, diagonal) = (&mut g.q[own.clone()], &mut g.mu[own.clone()], &exp_q[own]);
        let weight = sum(w);
        g.alpha[k] += weight;
        for i in 0..d {
            for lane in 0..N {
                y[i][lane] *= -w[lane];
            }
            q_bar[i] += weight + dot(&y[i], &z[i]) * diagonal[i];
            mu_bar[i] -= sum(&y[i]) * diagonal[i];
        }
        let (mut l, mut l_bar) = (&p.l[k * t..(k + 1) * t], &mut g.l[k * t..(k + 1) * t]);
        for j in 0..d {
            let (column, others) = l.split_at(d - 1 - j);
            let (column_bar, others_bar) = l_bar.split_at_mut(d - 1 - j);
            let mut total = [0.0; N];
            for ((&l, l_bar), y) in column.iter().zip(column_bar).zip(&y[j + 1..]) {
                for lane in 0..N {
                    total[lane] = y[lane].mul_add(l, total[lane]);
                }
                *l_bar += dot(y, &z[j]);
            }
            mu_bar[j] -= sum(&total);
            (l, l_bar) = (others, others_bar);
        }
    }
}

/// The sum of a block.
#[inline(always)]
fn sum(a: &Block) -> f64 {
    dot(a, &[1.0; N])
}

#[inline(always)]
fn dot(a: &Block, b: &Block) -> f64 {
    let mut sums = [0.0; 8];
    for (a, b) in a.chunks_exact(8).zip(b.chunks_exact(8)) {
        for lane in 0..8 {
            sums[lane] = f64::mul_add(a[lane], b[lane], sums[lane]);
        }
    }
    let half: [f64; 4] = std::array::from_fn(|i| sums[i] + sums[i + 4]);
    (half[0] + half[2]) + (half[1] + half[3])
}
