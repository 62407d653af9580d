use crate::emitted;
use crate::measure::{By, Contest, Random, Table, What};
use crate::reference::{self, Gradient, Problem};

const QUICK: &[[usize; 3]] = &[[2, 5, 1000], [10, 25, 1000]];
const FULL: &[[usize; 3]] = &[
    [2, 5, 1000],
    [10, 5, 1000],
    [10, 25, 1000],
    [10, 50, 1000],
    [10, 200, 1000],
    [64, 25, 1000],
    [128, 25, 1000],
    [10, 25, 10_000],
    [64, 25, 10_000],
];

pub fn run(table: &mut Table) {
    for &[d, k, n] in if table.options.full { FULL } else { QUICK } {
        let problem = problem(d, k, n);
        let p = &problem;
        let lengths = [1, k, k * d, k * d, k * p.below()];
        let mut contest = Contest::new(format!("d {d}, k {k}, n {n}"));
        contest.add(By::Reference, What::Function, &[1], |r| r[0][0] = reference::value(p));
        contest.add(By::Emitted, What::Function, &[1], |r| {
            r[0][0] = emitted::gmm(&p.alpha, &p.mu, d, &p.q, &p.l, p.below(), &p.x, n, p.gamma, p.m);
        });
        contest.add(By::Reference, What::Derivative, &lengths, |r| {
            let [value, alpha, mu, q, l] = &mut r[..] else { unreachable!() };
            value[0] = reference::gradient(p, &mut Gradient { alpha, mu, q, l });
        });
        contest.add(By::Emitted, What::Derivative, &lengths, |r| {
            let [value, alpha, mu, q, l] = &mut r[..] else { unreachable!() };
            let t = p.below();
            value[0] =
                emitted::gmm_grad(&p.alpha, &p.mu, d, &p.q, &p.l, t, &p.x, n, p.gamma, p.m, alpha, mu, q, l);
        });
        #[cfg(target_arch = "x86_64")]
        lanes(&mut contest, p, &lengths);
        table.row(contest);
    }
}

#[cfg(target_arch = "x86_64")]
fn lanes<'a>(contest: &mut Contest<'a>, p: &'a Problem, lengths: &[usize]) {
    // SAFETY: only called where the machine has these instructions.
    contest.add_lanes(What::Function, &[1], |r| r[0][0] = unsafe { reference::value_lanes(p) });
    contest.add_lanes(What::Derivative, lengths, |r| {
        let [value, alpha, mu, q, l] = &mut r[..] else { unreachable!() };
        value[0] = unsafe { reference::gradient_lanes(p, &mut Gradient { alpha, mu, q, l }) };
    });
}

fn problem(d: usize, k: usize, n: usize) -> Problem {
    let mut random = Random::new();
    let mut normals =
        |count, scale: f64| -> Vec<f64> { random.normals(count).into_iter().map(|x| scale * x).collect() };
    Problem {
        d,
        k,
        n,
        alpha: normals(k, 1.0),
        mu: normals(k * d, 1.0),
        q: normals(k * d, 0.5),
        l: normals(k * d * (d - 1) / 2, 0.5),
        x: normals(n * d, 1.0),
        gamma: 1.0,
        m: 0,
    }
}
