use crate::emitted;
use crate::measure::{By, Contest, Random, Table, What};
use crate::reference;

pub fn run(table: &mut Table) {
    for n in [10, 10_000, 1_000_000] {
        let data = Random::new().uniforms(n, -2.0, 2.0);
        let x = &data;
        let mut contest = Contest::new(format!("n {n}"));
        contest.add(By::Reference, What::Function, &[1], |r| r[0][0] = reference::value(x));
        contest.add(By::Emitted, What::Function, &[1], |r| r[0][0] = emitted::rosenbrock(x));
        contest.add(By::Reference, What::Derivative, &[1, n], |r| {
            r[0][0] = reference::gradient(x, &mut r[1]);
        });
        contest.add(By::Emitted, What::Derivative, &[1, n], |r| {
            r[0][0] = emitted::rosenbrock_grad(x, &mut r[1]);
        });
        table.row(contest);
    }
}
