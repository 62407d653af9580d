//! How fast scheduling and evaluation are: `cargo test --release --test eval_speed -- --ignored --nocapture`.

mod eval_support;

use eval_support::{array, define};
use std::time::Instant;
use zgrad::block::procedures;
use zgrad::core::{AccumOp, Elem, Ex, Graph};
use zgrad::eval::{Array, Machine, Value};
use zgrad::primitive::Prim;

/// Rosenbrock's valley and its gradient, as sums over i < n - 1.
fn rosenbrock(g: &mut Graph, x: Ex) -> [Ex; 2] {
    let n = g.size(x, 0);
    let one = g.int(1);
    let len = g.sub(n, one);
    let b = g.binder("i", len);
    let i = g.variable(b);
    let next = g.add(i, one);
    let (xi, xn) = (g.index(x, &[i]), g.index(x, &[next]));
    let square = g.mul(xi, xi);
    let (r, unit) = (g.sub(xn, square), g.real(1.0));
    let s = g.sub(unit, xi);
    let (rr, ss, hundred) = (g.mul(r, r), g.mul(s, s), g.real(100.0));
    let rr = g.mul(hundred, rr);
    let term = g.add(rr, ss);
    let zero = g.real(0.0);
    let value = g.accum(AccumOp::Sum, zero, &[b], &[], term);
    let (c400, c200, two) = (g.real(-400.0), g.real(200.0), g.real(2.0));
    let rx = g.mul(r, xi);
    let (first, second) = (g.mul(c400, rx), g.mul(two, s));
    let (first, second) = (g.sub(first, second), g.mul(c200, r));
    let zeros = g.zeros(Elem::Real, &[n]);
    let bar = g.accum(AccumOp::Sum, zeros, &[b], &[next], second);
    let bar = g.accum(AccumOp::Sum, bar, &[b], &[i], first);
    [value, bar]
}

#[test]
#[ignore = "a measurement"]
fn rosenbrock_of_a_million() {
    let g = &mut Graph::default();
    let (xv, x) = array(g, "x", 1);
    let results = rosenbrock(g, x);
    let f = define(g, "rosenbrock", &[xv], &results);
    let made = procedures(g, &[f]);
    println!("{}", made[0]);
    let mut machine = Machine::new(made);
    let n = 1_000_000;
    let xs: Vec<f64> = (0..n).map(|i| (i as f64 * 0.37).sin()).collect();
    let arg = [Value::Array(Array::reals(&[n], xs))];
    for _ in 0..5 {
        let start = Instant::now();
        let got = machine.run(f, &arg).unwrap();
        println!("{:?} {:?}", start.elapsed(), got[0].as_real());
    }
}

#[test]
#[ignore = "a measurement"]
fn chains() {
    for n in [10_000, 100_000, 1_000_000] {
        let g = &mut Graph::default();
        let xv = g.param("x", zgrad::core::Type::REAL);
        let x = g.variable(xv);
        let mut y = x;
        let half = g.real(0.5);
        for _ in 0..n / 2 {
            let t = g.mul(half, y);
            let t = if n % 7 == 0 { g.prim(Prim::SIN, &[t]) } else { t };
            y = g.add(t, x);
        }
        let f = define(g, "chain", &[xv], &[y]);
        let start = Instant::now();
        let made = procedures(g, &[f]);
        let scheduled = start.elapsed();
        let mut machine = Machine::new(made);
        let compiled = start.elapsed();
        machine.run(f, &[Value::Real(0.3)]).unwrap();
        let start = Instant::now();
        machine.run(f, &[Value::Real(0.3)]).unwrap();
        println!("{n}: schedule {scheduled:?}, with compile {compiled:?}, run {:?}", start.elapsed());
    }
}
