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
