use crate::emitted;
use crate::measure::{By, Contest, Table, What};
use crate::reference::{self, Observation};
use std::hint::black_box;

pub fn run(table: &mut Table) {
    let (r, c, x) = ([0.1, -0.2, 0.3], [0.5, -0.25, -4.0], [0.3, 0.4, 0.5]);
    let one = Observation { r, c, f: 700.0, k: [-0.1, 0.02], x };
    let lengths = [1, 12];
    let mut contest = Contest::new("12 derivatives");
    contest.add(By::Reference, What::Function, &[1], |r| r[0][0] = reference::value(black_box(&one)));
    contest.add(By::Emitted, What::Function, &[1], |r| {
        let o = black_box(&one);
        r[0][0] = emitted::squared(&o.r, &o.c, o.f, &o.k, &o.x);
    });
    contest.add(By::Reference, What::Derivative, &lengths, |r| {
        let gradient = (&mut r[1][..]).try_into().expect("twelve");
        r[0][0] = reference::gradient(black_box(&one), gradient);
    });
    contest.add(By::Emitted, What::Derivative, &lengths, |out| {
        let o = black_box(&one);
        let [value, gradient] = &mut out[..] else { unreachable!() };
        let (r, rest) = gradient.split_at_mut(3);
        let (c, rest) = rest.split_at_mut(3);
        let (f, rest) = rest.split_at_mut(1);
        let (k, x) = rest.split_at_mut(2);
        (value[0], f[0]) = emitted::squared_grad(&o.r, &o.c, o.f, &o.k, &o.x, r, c, k, x);
    });
    table.row(contest);
}
