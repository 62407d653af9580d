use crate::emitted;
use crate::measure::{By, Contest, Random, Table, What};
use crate::reference::{self, CAMERA, Problem, VALUES};

pub fn run(table: &mut Table) {
    let quick: &[[usize; 3]] = &[[49, 7776, 31_843]];
    let full: &[[usize; 3]] = &[[49, 7776, 31_843], [138, 19_878, 85_217], [871, 527_480, 1_200_000]];
    for &[cameras, points, n] in if table.options.full { full } else { quick } {
        let problem = problem(cameras, points, n);
        let p = &problem;
        let mut contest = Contest::new(format!("{n} observations"));
        contest.add(By::Reference, What::Function, &[3 * n], |r| reference::residuals(p, &mut r[0]));
        contest.add(By::Emitted, What::Function, &[3 * n], |r| {
            for (i, out) in r[0].chunks_exact_mut(3).enumerate() {
                let (camera, x) = (&p.cameras[p.seen[i][0]], &p.points[p.seen[i][1]]);
                out.copy_from_slice(&emitted::observation(camera, x, p.weights[i], &p.features[i]));
            }
        });
        contest.add(By::Reference, What::Derivative, &[VALUES * n], |r| reference::jacobian(p, &mut r[0]));
        contest.add(By::Emitted, What::Derivative, &[VALUES * n], |r| emitted_jacobian(p, &mut r[0]));
        table.row(contest);
    }
}

/// The dense blocks of each observation, put where they stand in the sparse matrix.
fn emitted_jacobian(p: &Problem, out: &mut [f64]) {
    for (i, out) in out.chunks_exact_mut(VALUES).enumerate() {
        let (camera, x) = (&p.cameras[p.seen[i][0]], &p.points[p.seen[i][1]]);
        let (by_camera, _, _, by_point, _, _, by_weight) =
            emitted::observation_jac(camera, x, p.weights[i], &p.features[i]);
        for (axis, row) in out[..VALUES - 1].chunks_exact_mut(CAMERA + 4).enumerate() {
            row[..CAMERA].copy_from_slice(&by_camera[CAMERA * axis..][..CAMERA]);
            row[CAMERA..CAMERA + 3].copy_from_slice(&by_point[3 * axis..][..3]);
            row[CAMERA + 3] = by_weight[axis];
        }
        out[VALUES - 1] = by_weight[2];
    }
}

/// Cameras four units before a cloud of points, each turned a little.
fn problem(cameras: usize, points: usize, n: usize) -> Problem {
    let mut random = Random::new();
    let mut around = |middle: f64, width: f64| random.uniform(middle - width, middle + width);
    let camera = |around: &mut dyn FnMut(f64, f64) -> f64| {
        let mut near = |middle, width| around(middle, width);
        let r = [near(0.0, 0.3), near(0.0, 0.3), near(0.0, 0.3)];
        let c = [near(0.0, 0.5), near(0.0, 0.5), near(-4.0, 0.5)];
        let (f, u, v) = (near(700.0, 50.0), near(320.0, 5.0), near(240.0, 5.0));
        [r[0], r[1], r[2], c[0], c[1], c[2], f, u, v, near(-0.1, 0.05), near(0.02, 0.01)]
    };
    let cameras: Vec<_> = (0..cameras).map(|_| camera(&mut around)).collect();
    let points: Vec<_> =
        (0..points).map(|_| [around(0.0, 1.0), around(0.0, 1.0), around(0.0, 1.0)]).collect();
    let weights = (0..n).map(|_| around(0.5, 0.5)).collect();
    let features = (0..n).map(|_| [around(320.0, 200.0), around(240.0, 200.0)]).collect();
    let seen = (0..n).map(|_| [random.below(cameras.len()), random.below(points.len())]).collect();
    Problem { cameras, points, weights, features, seen }
}
