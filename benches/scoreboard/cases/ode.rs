use crate::emitted;
use crate::measure::{By, Contest, Random, Table, What};
use crate::reference;

pub fn run(table: &mut Table) {
    let full: &[[usize; 2]] =
        &[[1000, 1], [1000, 10], [1000, 100], [10_000, 10], [10_000, 100], [100_000, 100]];
    for &[n, s] in if table.options.full { full } else { &[[1000, 10], [10_000, 10]] } {
        let data = Random::new().uniforms(n, 0.5, 1.5);
        let x = &data;
        let [mut work, mut more] = [2 * n, (s + 5) * n].map(|size| vec![0.0; size]);
        let mut contest = Contest::new(format!("n {n}, {s} steps"));
        contest.add(By::Reference, What::Function, &[1], |r| r[0][0] = reference::value(x, s, &mut work));
        contest.add(By::Emitted, What::Function, &[1], |r| r[0][0] = emitted::last(x, s as i64));
        contest.add(By::Reference, What::Derivative, &[1, n], |r| {
            r[0][0] = reference::gradient(x, s, &mut more, &mut r[1]);
        });
        contest.add(By::Emitted, What::Derivative, &[1, n], |r| {
            r[0][0] = emitted::last_grad(x, s as i64, &mut r[1]);
        });
        table.row(contest);
    }
}
