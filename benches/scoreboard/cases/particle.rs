use crate::emitted;
use crate::measure::{By, Contest, Table, What};
use crate::reference;
use std::hint::black_box;

pub fn run(table: &mut Table) {
    let mut contest = Contest::new("from 0");
    contest.add(By::Reference, What::Derivative, &[1], |r| r[0][0] = reference::value(black_box(0.0)));
    contest.add(By::Emitted, What::Derivative, &[1], |r| r[0][0] = emitted::particle(black_box(0.0)));
    table.row(contest);
}
