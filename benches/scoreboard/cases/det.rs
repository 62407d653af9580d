use crate::emitted;
use crate::measure::{By, Contest, Random, Table, What};
use crate::reference;

pub fn run(table: &mut Table) {
    let full: &[usize] = &[5, 6, 7, 8, 9, 10, 11];
    for &n in if table.options.full { full } else { &[5, 7, 9] } {
        let data = Random::new().normals(n * n);
        let a = &data;
        let mut contest = Contest::new(format!("{n} rows"));
        contest.add(By::Reference, What::Function, &[1], |r| r[0][0] = reference::value(a, n));
        contest.add(By::Emitted, What::Function, &[1], |r| r[0][0] = emitted::determinant(a, n));
        contest.add(By::Reference, What::Derivative, &[1, n * n], |r| {
            r[0][0] = reference::gradient(a, n, &mut r[1]);
        });
        contest.add(By::Emitted, What::Derivative, &[1, n * n], |r| {
            r[0][0] = emitted::determinant_grad(a, n, &mut r[1]);
        });
        table.row(contest);
    }
}
