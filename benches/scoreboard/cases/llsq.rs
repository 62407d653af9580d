use crate::emitted;
use crate::measure::{By, Contest, Random, Table, What};
use crate::reference;

const POINTS: usize = 128;

pub fn run(table: &mut Table) {
    let full: &[usize] = &[16, 64, 256, 1024, 4096, 16_392];
    for &n in if table.options.full { full } else { &[16, 1024] } {
        let data = Random::new().normals(n);
        let x = &data;
        let mut contest = Contest::new(format!("n {n}, m {POINTS}"));
        contest.add(By::Reference, What::Function, &[1], |r| r[0][0] = reference::value(x, POINTS));
        contest.add(By::Emitted, What::Function, &[1], |r| r[0][0] = emitted::llsq(x, POINTS as i64));
        contest.add(By::Reference, What::Derivative, &[1, n], |r| {
            r[0][0] = reference::gradient(x, POINTS, &mut r[1]);
        });
        contest.add(By::Emitted, What::Derivative, &[1, n], |r| {
            r[0][0] = emitted::llsq_grad(x, POINTS as i64, &mut r[1]);
        });
        table.row(contest);
    }
}
