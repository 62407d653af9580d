use crate::emitted;
use crate::measure::{By, Contest, Random, Table, What};
use crate::reference::{self, Problem};

pub fn run(table: &mut Table) {
    let quick: &[[usize; 3]] = &[[10, 1000, 8], [100, 1000, 8]];
    let full: &[[usize; 3]] = &[
        [10, 1000, 8],
        [10, 10_000, 8],
        [100, 10_000, 8],
        [1000, 10_000, 8],
        [10, 10_000, 16],
        [100, 10_000, 16],
        [1000, 10_000, 16],
    ];
    for &[k, n, d] in if table.options.full { full } else { quick } {
        let problem = problem(k, n, d);
        let p = &problem;
        let [mut count, mut count_lanes] = [(); 2].map(|()| vec![0.0; k]);
        let mut contest = Contest::new(format!("k {k}, n {n}, d {d}"));
        contest.add(By::Reference, What::Function, &[1], |r| r[0][0] = reference::value(p));
        contest.add(By::Emitted, What::Function, &[1], |r| {
            r[0][0] = emitted::kmeans(&p.centres, k, d, &p.points, n);
        });
        contest.add(By::Reference, What::Derivative, &[k * d], |r| {
            reference::newton(p, &mut r[0], &mut count);
        });
        contest.add(By::Emitted, What::Derivative, &[k * d], |r| {
            r[0] = emitted::newton(&p.centres, k, d, &p.points, n).0;
        });
        #[cfg(target_arch = "x86_64")]
        {
            // SAFETY: only called where the machine has these instructions.
            contest.add_lanes(What::Function, &[1], |r| r[0][0] = unsafe { reference::value_lanes(p) });
            contest.add_lanes(What::Derivative, &[k * d], |r| {
                unsafe { reference::newton_lanes(p, &mut r[0], &mut count_lanes) };
            });
        }
        table.row(contest);
    }
}

/// Every centre is near a point of its own, so that none is without points.
fn problem(k: usize, n: usize, d: usize) -> Problem {
    let mut random = Random::new();
    let points = random.normals(n * d);
    let centres = points[..k * d].iter().map(|x| x + random.uniform(-1e-3, 1e-3)).collect();
    Problem { d, centres, points }
}
