//! Values of procedures of graphs built by hand, against direct computation.

mod eval_support;

use eval_support::{array, define};
use zgrad::block::procedures;
use zgrad::core::{AccumOp, Ex, FnId, Graph, LoopParts, Origin, Type, VarId, VarKind};
use zgrad::eval::{Array, Fault, Machine, Value};
use zgrad::primitive::Prim;

fn run(g: &mut Graph, f: FnId, args: &[Value]) -> Result<Vec<Value>, Fault> {
    Machine::new(procedures(g, &[f])).run(f, args)
}

fn vector(data: &[f64]) -> Value {
    Value::Array(Array::reals(&[data.len()], data.to_vec()))
}

fn reals(value: &Value) -> Vec<f64> {
    value.as_array().and_then(Array::as_reals).expect("an array of reals").to_vec()
}

fn real(value: &Value) -> f64 {
    value.as_real().expect("a real")
}

fn counter(g: &mut Graph, len: Ex) -> (VarId, Ex) {
    let b = g.binder("i", len);
    (b, g.variable(b))
}

#[test]
fn nested_and_triangular_sums() {
    // sum over i < n, j < i + 1 of x[i]*x[j]
    let g = &mut Graph::default();
    let (xv, x) = array(g, "x", 1);
    let n = g.size(x, 0);
    let (iv, i) = counter(g, n);
    let one = g.int(1);
    let len = g.add(i, one);
    let (jv, j) = counter(g, len);
    let (xi, xj) = (g.index(x, &[i]), g.index(x, &[j]));
    let v = g.mul(xi, xj);
    let zero = g.real(0.0);
    let sum = g.accum(AccumOp::Sum, zero, &[iv, jv], &[], v);
    let f = define(g, "f", &[xv], &[sum]);
    let xs = [1.0, 2.0, 3.5, -1.0];
    let got = run(g, f, &[vector(&xs)]).unwrap();
    let mut wanted = 0.0;
    for i in 0..4 {
        for j in 0..=i {
            wanted += xs[i] * xs[j];
        }
    }
    assert_eq!(real(&got[0]), wanted);
}

#[test]
fn product_of_matrices() {
    let g = &mut Graph::default();
    let ((av, a), (bv, b)) = (array(g, "A", 2), array(g, "B", 2));
    let (m, n, p) = (g.size(a, 0), g.size(a, 1), g.size(b, 1));
    g.var_mut(bv).shape = Some(vec![n, p]);
    let ((iv, i), (jv, j), (kv, k)) = (counter(g, m), counter(g, p), counter(g, n));
    let (aik, bkj) = (g.index(a, &[i, k]), g.index(b, &[k, j]));
    let v = g.mul(aik, bkj);
    let zero = g.real(0.0);
    let sum = g.accum(AccumOp::Sum, zero, &[kv], &[], v);
    let c = g.build(&[iv, jv], sum);
    let f = define(g, "product", &[av, bv], &[c]);
    let a = Value::Array(Array::reals(&[2, 3], vec![1., 2., 3., 4., 5., 6.]));
    let b = Value::Array(Array::reals(&[3, 2], vec![1., 0., 0., 1., 2., 2.]));
    let got = run(g, f, &[a.clone(), b]).unwrap();
    assert_eq!(reals(&got[0]), [7., 8., 16., 17.]);
    let fault = run(g, f, &[a.clone(), a]).unwrap_err();
    assert_eq!(fault.message, "`B` must have as many rows as `A` has columns: 2 is not 3");
}

#[test]
fn scatters_start_from_a_copy() {
    // h = x with x[k] added at k mod 2; x itself is a result too
    let g = &mut Graph::default();
    let (xv, x) = array(g, "x", 1);
    let n = g.size(x, 0);
    let (iv, i) = counter(g, n);
    let two = g.int(2);
    let at = g.prim(Prim::MOD, &[i, two]);
    let xi = g.index(x, &[i]);
    let h = g.accum(AccumOp::Sum, x, &[iv], &[at], xi);
    let (zeros, zero) = (g.zeros(zgrad::core::Elem::Real, &[two]), g.real(1.0));
    let count = g.accum(AccumOp::Sum, zeros, &[iv], &[at], zero);
    let f = define(g, "f", &[xv], &[h, x, count]);
    let got = run(g, f, &[vector(&[1., 2., 3., 4., 5.])]).unwrap();
    assert_eq!(reals(&got[0]), [10., 8., 3., 4., 5.]);
    assert_eq!(reals(&got[1]), [1., 2., 3., 4., 5.]);
    assert_eq!(reals(&got[2]), [3., 2.]);
}

#[test]
fn states_change_together() {
    // (a, b) = (b, a + b), n times
    let g = &mut Graph::default();
    let nv = g.param("n", Type::INT);
    let n = g.variable(nv);
    let (zero, one) = (g.real(0.0), g.real(1.0));
    let index = g.binder("k", n);
    let (av, bv) = (g.state("a", index, zero), g.state("b", index, one));
    let (a, b) = (g.variable(av), g.variable(bv));
    let sum = g.add(a, b);
    let parts = LoopParts {
        len: Some(n),
        cond: None,
        index,
        states: vec![av, bv],
        inits: vec![zero, one],
        nexts: vec![b, sum],
        traces: vec![false, true],
    };
    let l = g.sequential(parts);
    let (a, trace) = (g.part(l, 0), g.part(l, 3));
    let f = define(g, "fibonacci", &[nv], &[a, trace]);
    let got = run(g, f, &[Value::Int(10)]).unwrap();
    assert_eq!(real(&got[0]), 55.0);
    assert_eq!(reals(&got[1]), [1., 1., 2., 3., 5., 8., 13., 21., 34., 55., 89.]);
    let got = run(g, f, &[Value::Int(-3)]).unwrap();
    assert_eq!((real(&got[0]), reals(&got[1])), (0.0, vec![1.0]));
}

/// y = (y + a/y)/2 from a until y² is a
fn newton(g: &mut Graph, tolerance: f64) -> FnId {
    let av = g.param("a", Type::REAL);
    let a = g.variable(av);
    let index = g.new_var("k", Type::INT, VarKind::Step);
    let s = g.state("y", index, a);
    let y = g.variable(s);
    let square = g.mul(y, y);
    let gap = g.sub(square, a);
    let gap = g.prim(Prim::ABS, &[gap]);
    let tolerance = g.real(tolerance);
    let cond = g.lt(tolerance, gap);
    let ratio = g.div(a, y);
    let both = g.add(y, ratio);
    let half = g.real(0.5);
    let next = g.mul(half, both);
    let parts = LoopParts {
        len: None,
        cond: Some(cond),
        index,
        states: vec![s],
        inits: vec![a],
        nexts: vec![next],
        traces: vec![true],
    };
    let l = g.sequential(parts);
    let results = [g.part(l, 0), g.part(l, 1), g.part(l, 2)];
    define(g, "root", &[av], &results)
}

#[test]
fn loops_with_a_condition_keep_their_states() {
    let g = &mut Graph::default();
    let f = newton(g, 1e-12);
    let got = run(g, f, &[Value::Real(2.0)]).unwrap();
    assert!((real(&got[0]) - 2f64.sqrt()).abs() < 1e-12);
    let trace = reals(&got[1]);
    assert_eq!(trace[..3], [2.0, 1.5, 0.5 * (1.5 + 2.0 / 1.5)]);
    assert_eq!(got[2], Value::Int(trace.len() as i64 - 1));
}

#[test]
fn endless_loops_stop_at_a_limit() {
    let g = &mut Graph::default();
    let f = newton(g, -1.0);
    let mut machine = Machine::new(procedures(g, &[f]));
    machine.limits.steps = 1000;
    let fault = machine.run(f, &[Value::Real(2.0)]).unwrap_err();
    assert_eq!(fault.message, "the loops and calls did not end within 1000 steps (--max-steps)");
}

/// pow(x, n) = if n <= 0 then 1 else x*pow(x, n - 1), with its derivative
fn power(g: &mut Graph) -> FnId {
    let (xv, nv) = (g.param("x", Type::REAL), g.param("n", Type::INT));
    let f = g.declare("pow", vec![xv, nv], vec![Type::REAL, Type::REAL], Origin::Source);
    let (x, n) = (g.variable(xv), g.variable(nv));
    let (zero, one) = (g.int(0), g.int(1));
    let less = g.sub(n, one);
    let call = g.call(f, &[x, less]);
    let (p, d) = (g.part(call, 0), g.part(call, 1));
    let cond = g.le(n, zero);
    let (r0, r1) = (g.real(0.0), g.real(1.0));
    let (xp, xd) = (g.mul(x, p), g.mul(x, d));
    let dd = g.add(p, xd);
    let (value, slope) = (g.select(cond, r1, xp), g.select(cond, r0, dd));
    g.define(f, vec![value, slope]);
    f
}

#[test]
fn recursion_is_deep() {
    let g = &mut Graph::default();
    let f = power(g);
    let got = run(g, f, &[Value::Real(1.5), Value::Int(3)]).unwrap();
    assert_eq!(got, [Value::Real(3.375), Value::Real(6.75)]);
    let got = run(g, f, &[Value::Real(1.0), Value::Int(1_000_000)]).unwrap();
    assert_eq!(got, [Value::Real(1.0), Value::Real(1e6)]);
    let mut machine = Machine::new(procedures(g, &[f]));
    machine.limits.depth = 100;
    let fault = machine.run(f, &[Value::Real(1.0), Value::Int(1000)]).unwrap_err();
    assert!(fault.message.starts_with("more than 100 calls inside one another"), "{}", fault.message);
    machine.limits.depth = 10_000_000;
    machine.limits.memory = 1 << 20;
    let fault = machine.run(f, &[Value::Real(1.0), Value::Int(1_000_000)]).unwrap_err();
    assert_eq!(fault.message, "the values need more than 1 MB of memory (--max-memory)");
}

#[test]
fn a_call_in_a_loop_that_makes_no_step_is_not_made() {
    // f(n) = sum(f(n - 1) + i for i < n)
    let g = &mut Graph::default();
    let nv = g.param("n", Type::INT);
    let n = g.variable(nv);
    let f = g.declare("f", vec![nv], vec![Type::REAL], Origin::Source);
    let one = g.int(1);
    let less = g.sub(n, one);
    let call = g.call(f, &[less]);
    let value = g.part(call, 0);
    let (iv, i) = counter(g, n);
    let i = g.to_real(i);
    let v = g.add(value, i);
    let zero = g.real(0.0);
    let sum = g.accum(AccumOp::Sum, zero, &[iv], &[], v);
    g.define(f, vec![sum]);
    let got = run(g, f, &[Value::Int(4)]).unwrap();
    fn direct(n: i64) -> f64 {
        if n <= 0 { 0.0 } else { (0..n).map(|i| direct(n - 1) + i as f64).sum() }
    }
    assert_eq!(real(&got[0]), direct(4));
    // Once for each n, not once for each step.
    let text = procedures(g, &[f])[0].to_string();
    let call = text.find("call").expect("a call");
    assert!(call < text.find("for ").expect("a loop"), "{text}");
}

#[test]
fn a_choice_is_split_where_it_must_be() {
    // s = if c then sqrt(x) else 0; t = s + 1; u = if c then sqrt(x)*t else t
    let g = &mut Graph::default();
    let (xv, cv) = (g.param("x", Type::REAL), g.param("c", Type::BOOL));
    let (x, c) = (g.variable(xv), g.variable(cv));
    let root = g.prim(Prim::SQRT, &[x]);
    let (zero, one) = (g.real(0.0), g.real(1.0));
    let s = g.select(c, root, zero);
    let t = g.add(s, one);
    let first = g.mul(root, t);
    let u = g.select(c, first, t);
    let f = define(g, "f", &[xv, cv], &[u]);
    assert_eq!(run(g, f, &[Value::Real(4.0), Value::Bool(true)]).unwrap(), [Value::Real(6.0)]);
    assert_eq!(run(g, f, &[Value::Real(4.0), Value::Bool(false)]).unwrap(), [Value::Real(1.0)]);
    let text = procedures(g, &[f])[0].to_string();
    assert_eq!(text.matches("sqrt").count(), 1, "{text}");
    assert_eq!(text.matches("if ").count(), 2, "{text}");
}

#[test]
fn indices_are_checked_where_they_are_used() {
    let g = &mut Graph::default();
    let (xv, x) = array(g, "x", 1);
    let iv = g.param("i", Type::INT);
    let i = g.variable(iv);
    let n = g.size(x, 0);
    let inside = g.lt(i, n);
    let e = g.index(x, &[i]);
    let zero = g.real(0.0);
    let v = g.select(inside, e, zero);
    let f = define(g, "guarded", &[xv, iv], &[v]);
    let h = define(g, "bare", &[xv, iv], &[e]);
    let xs = vector(&[1., 2., 3., 4.]);
    assert_eq!(run(g, f, &[xs.clone(), Value::Int(9)]).unwrap(), [Value::Real(0.0)]);
    assert_eq!(run(g, f, &[xs.clone(), Value::Int(1)]).unwrap(), [Value::Real(2.0)]);
    let fault = run(g, h, &[xs, Value::Int(4)]).unwrap_err();
    assert_eq!(fault.message, "index 5 of `x`, which has 4 elements");
}

#[test]
fn integers_do_not_wrap() {
    let g = &mut Graph::default();
    let (av, bv) = (g.param("a", Type::INT), g.param("b", Type::INT));
    let (a, b) = (g.variable(av), g.variable(bv));
    let (product, rest) = (g.mul(a, b), g.prim(Prim::MOD, &[a, b]));
    let f = define(g, "product", &[av, bv], &[product]);
    let h = define(g, "rest", &[av, bv], &[rest]);
    let big = Value::Int(1 << 40);
    let fault = run(g, f, &[big.clone(), big.clone()]).unwrap_err();
    assert_eq!(fault.message, "1099511627776 * 1099511627776 is too large for an Int");
    let fault = run(g, h, &[big, Value::Int(0)]).unwrap_err();
    assert_eq!(fault.message, "mod(1099511627776, 0) divides by zero");
    let xv = g.param("x", Type::REAL);
    let x = g.variable(xv);
    let whole = g.prim(Prim::TO_INT, &[x]);
    let f = define(g, "whole", &[xv], &[whole]);
    let fault = run(g, f, &[Value::Real(2.5)]).unwrap_err();
    assert_eq!(fault.message, "2.5 is used as an Int but is none");
    let fault = run(g, f, &[Value::Int(2)]).unwrap_err();
    assert_eq!(fault.message, "`x` is a real number, not an Int");
}

#[test]
fn what_a_function_requires_is_checked() {
    let g = &mut Graph::default();
    let xv = g.param("x", Type::REAL);
    let x = g.variable(xv);
    let zero = g.real(0.0);
    let positive = g.lt(zero, x);
    let f = define(g, "f", &[xv], &[x]);
    g.functions[f.0 as usize].requires = vec![positive];
    assert!(run(g, f, &[Value::Real(1.0)]).is_ok());
    assert!(run(g, f, &[Value::Real(-1.0)]).is_err());
}

#[test]
fn long_chains_are_no_trouble() {
    let g = &mut Graph::default();
    let xv = g.param("x", Type::REAL);
    let mut y = g.variable(xv);
    let (half, one) = (g.real(0.5), g.real(1.0));
    let mut wanted = 0.3;
    for _ in 0..500_000 {
        let t = g.mul(half, y);
        y = g.add(t, one);
        wanted = 0.5 * wanted + 1.0;
    }
    let f = define(g, "chain", &[xv], &[y]);
    assert_eq!(real(&run(g, f, &[Value::Real(0.3)]).unwrap()[0]), wanted);
}

#[test]
fn many_choices_one_after_another() {
    let g = &mut Graph::default();
    let xv = g.param("x", Type::REAL);
    let mut y = g.variable(xv);
    let (half, one) = (g.real(0.5), g.real(1.0));
    let mut wanted = 0.3;
    for _ in 0..20_000 {
        let c = g.lt(y, one);
        let (a, b) = (g.add(y, half), g.mul(y, half));
        y = g.select(c, a, b);
        wanted = if wanted < 1.0 { wanted + 0.5 } else { wanted * 0.5 };
    }
    let f = define(g, "chain", &[xv], &[y]);
    assert_eq!(real(&run(g, f, &[Value::Real(0.3)]).unwrap()[0]), wanted);
}
