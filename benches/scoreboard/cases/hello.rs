use crate::emitted;
use crate::measure::{By, Contest, Table, What};
use crate::reference;
use std::hint::black_box;

pub fn run(table: &mut Table) {
    let mut contest = Contest::new("1");
    contest.add(By::Reference, What::Function, &[1], |r| r[0][0] = reference::value(black_box(3.0)));
    contest.add(By::Emitted, What::Function, &[1], |r| r[0][0] = emitted::square(black_box(3.0)));
    contest.add(By::Reference, What::Derivative, &[2], |r| {
        (r[0][0], r[0][1]) = reference::gradient(black_box(3.0));
    });
    contest.add(By::Emitted, What::Derivative, &[2], |r| {
        (r[0][0], r[0][1]) = emitted::square_grad(black_box(3.0));
    });
    table.row(contest);
}
