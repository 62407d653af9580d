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

#[test]
#[ignore = "a measurement"]
fn rows_in_lanes() {
    use zgrad::eval::lanes::{Lanes, WIDTH};
    use zgrad::session::Session;
    use zgrad::session::derive::{Deriver, Mode};
    use zgrad::session::plan::real_leaves;

    let sources = [
        "f(x, y) = x*y + sin(x)",
        "N(x) = (1 + erf(x/sqrt(2)))/2\nf(S, K, T, r, v) = let d = (log(S/K) + (r + v^2/2)*T)/(v*sqrt(T)) \
         in S*N(d) - K*exp(-r*T)*N(d - v*sqrt(T))",
    ];
    for source in sources {
        let mut session = Session::from_text("f.math".as_ref(), &format!("{source}\n")).unwrap();
        let signature = session.function(Some("f")).unwrap();
        let variables = session.variables(&signature, &[]).unwrap();
        let leaves = real_leaves(&session.module.graph, &variables);
        let forms = session.forms;
        let module = &mut session.module;
        let (graph, rules) = (&mut module.graph, &mut module.partials);
        let mut deriver = Deriver { graph, rules, mode: Mode::Auto, forms };
        let f = deriver.value_and_gradient(signature.id, &leaves).unwrap();
        let procedures = procedures(&mut session.module.graph, &[f]);
        let mut lanes = Lanes::new(&procedures, f, &[]).unwrap();
        let mut machine = Machine::new(procedures);
        let rows = 1_000_000usize.next_multiple_of(WIDTH);
        let args: Vec<Value> =
            (0..rows * leaves.len()).map(|i| Value::Real(1.5 + (i as f64 * 0.37).sin())).collect();
        for _ in 0..3 {
            let (start, mut results) = (Instant::now(), Vec::new());
            for block in args.chunks(WIDTH * leaves.len()) {
                results.clear();
                lanes.run(block, WIDTH, u64::MAX, &mut results).unwrap();
            }
            println!("{:?} in lanes, {} rows: {source}", start.elapsed(), rows);
            let start = Instant::now();
            for row in args.chunks(leaves.len()) {
                machine.run(f, row).unwrap();
            }
            println!("{:?} row by row", start.elapsed());
        }
    }
}
