use crate::emitted;
use crate::measure::{By, Contest, Table, What};
use crate::reference;
use std::hint::black_box;

pub fn run(table: &mut Table) {
    let mut contest = Contest::new("from (1, 1)");
    contest.add(By::Reference, What::Derivative, &[4], |r| {
        r[0].copy_from_slice(&reference::value(black_box([1.0, 1.0])));
    });
    contest.add(By::Emitted, What::Derivative, &[4], |r| r[0] = emitted::saddle(black_box(&[1.0, 1.0])));
    table.row(contest);
}
