//! Σᵢ minⱼ ‖Pᵢ − Cⱼ‖². A centre with m points has the gradient 2 Σ (C − P) and the diagonal 2m of the Hessian: Newton's
//! step is the mean of C − P.

/// Points and centres of d numbers each.
pub struct Problem {
    pub d: usize,
    pub centres: Vec<f64>,
    pub points: Vec<f64>,
}

/// The nearest centre and its squared distance.
fn nearest(p: &Problem, point: &[f64]) -> (usize, f64) {
    let (mut best, mut least) = (0, f64::INFINITY);
    for (j, centre) in p.centres.chunks_exact(p.d).enumerate() {
        let distance = point.iter().zip(centre).map(|(p, c)| (p - c) * (p - c)).sum();
        if distance < least {
            (best, least) = (j, distance);
        }
    }
    (best, least)
}

pub fn value(p: &Problem) -> f64 {
    p.points.chunks_exact(p.d).map(|point| nearest(p, point).1).sum()
}

/// The step, with room for the number of points of each centre.
pub fn newton(p: &Problem, step: &mut [f64], count: &mut [f64]) {
    step.fill(0.0);
    count.fill(0.0);
    for point in p.points.chunks_exact(p.d) {
        let (j, _) = nearest(p, point);
        count[j] += 1.0;
        let centre = &p.centres[j * p.d..][..p.d];
        for ((s, c), x) in step[j * p.d..].iter_mut().zip(centre).zip(point) {
            *s += c - x;
        }
    }
    for (row, count) in step.chunks_exact_mut(p.d).zip(count) {
        row.iter_mut().for_each(|s| *s /= *count);
    }
}

/// Sixteen points side by side, the same coordinate of all of them together.
#[cfg(target_arch = "x86_64")]
mod lanes {
    use super::Problem;
    use crate::lanes::{Four, Number};

    const REGISTERS: usize = 4;
    const N: usize = 4 * REGISTERS;

    /// The least squared distances of some points, and the indices of the centres as numbers.
    #[inline(always)]
    fn nearest(p: &Problem, points: &[f64], x: &mut [f64]) -> ([f64; N], [f64; N]) {
        for (lane, point) in points.chunks_exact(p.d).enumerate() {
            for (i, value) in point.iter().enumerate() {
                x[i * N + lane] = *value;
            }
        }
        let (mut least, mut best) = ([Four::of(f64::INFINITY); REGISTERS], [Four::of(0.0); REGISTERS]);
        for (j, centre) in p.centres.chunks_exact(p.d).enumerate() {
            let mut distance = [Four::of(0.0); REGISTERS];
            for (i, c) in centre.iter().enumerate() {
                for r in 0..REGISTERS {
                    let away = Four::load(&x[i * N + 4 * r..]) - Four::of(*c);
                    distance[r] = away.times_plus(away, distance[r]);
                }
            }
            for r in 0..REGISTERS {
                best[r] = distance[r].where_less(least[r], Four::of(j as f64), best[r]);
                least[r] = distance[r].where_less(least[r], distance[r], least[r]);
            }
        }
        let mut out = ([0.0; N], [0.0; N]);
        for r in 0..REGISTERS {
            least[r].store(&mut out.0[4 * r..]);
            best[r].store(&mut out.1[4 * r..]);
        }
        out
    }

    #[target_feature(enable = "avx2,fma")]
    pub fn value(p: &Problem) -> f64 {
        let mut x = vec![0.0; N * p.d];
        let mut total = 0.0;
        for points in p.points.chunks(N * p.d) {
            let (least, _) = nearest(p, points, &mut x);
            total += least[..points.len() / p.d].iter().sum::<f64>();
        }
        total
    }

    #[target_feature(enable = "avx2,fma")]
    pub fn newton(p: &Problem, step: &mut [f64], count: &mut [f64]) {
        step.fill(0.0);
        count.fill(0.0);
        let mut x = vec![0.0; N * p.d];
        for points in p.points.chunks(N * p.d) {
            let (_, best) = nearest(p, points, &mut x);
            for (point, j) in points.chunks_exact(p.d).zip(best) {
                let j = j as usize;
                count[j] += 1.0;
                let (step, centre) = (&mut step[j * p.d..][..p.d], &p.centres[j * p.d..][..p.d]);
                for ((s, c), x) in step.iter_mut().zip(centre).zip(point) {
                    *s += c - x;
                }
            }
        }
        for (row, count) in step.chunks_exact_mut(p.d).zip(count) {
            row.iter_mut().for_each(|s| *s /= *count);
        }
    }
}

#[cfg(target_arch = "x86_64")]
pub use lanes::{newton as newton_lanes, value as value_lanes};
