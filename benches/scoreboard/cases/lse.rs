use crate::emitted;
use crate::measure::{By, Contest, Random, Table, What};
use crate::reference;

pub fn run(table: &mut Table) {
    let full: &[usize] = &[100, 1000, 10_000, 100_000, 1_000_000, 10_000_000];
    for &n in if table.options.full { full } else { &[1000, 100_000] } {
        let data = Random::new().uniforms(n, -5.0, 5.0);
        let x = &data;
        let mut contest = Contest::new(format!("n {n}"));
        contest.add(By::Reference, What::Function, &[1], |r| r[0][0] = reference::value(x));
        contest.add(By::Emitted, What::Function, &[1], |r| r[0][0] = emitted::lse(x));
        contest.add(By::Reference, What::Derivative, &[1, n], |r| {
            r[0][0] = reference::gradient(x, &mut r[1]);
        });
        contest.add(By::Emitted, What::Derivative, &[1, n], |r| r[0][0] = emitted::lse_grad(x, &mut r[1]));
        #[cfg(target_arch = "x86_64")]
        {
            // SAFETY: only called where the machine has these instructions.
            contest.add_lanes(What::Function, &[1], |r| r[0][0] = unsafe { reference::value_lanes(x) });
            contest.add_lanes(What::Derivative, &[1, n], |r| {
                r[0][0] = unsafe { reference::gradient_lanes(x, &mut r[1]) };
            });
        }
        table.row(contest);
    }
}
