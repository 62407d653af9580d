//! Procedures of graphs built by hand: their shape, and that they are well formed.

use zgrad::block::{Procedure, procedure, verify};
use zgrad::core::{AccumOp, Elem, Ex, FnId, Graph, LoopParts, Origin, Type, VarId, VarKind};
use zgrad::primitive::Prim;

fn define(graph: &mut Graph, name: &str, params: &[VarId], results: &[Ex]) -> FnId {
    let types = results.iter().map(|&r| graph.ty(r)).collect();
    let f = graph.declare(name, params.to_vec(), types, Origin::Source);
    graph.define(f, results.to_vec());
    f
}

fn array(graph: &mut Graph, name: &str, rank: usize) -> (VarId, Ex) {
    let var = graph.param(name, Type::array(Elem::Real, rank));
    let ex = graph.variable(var);
    (var, ex)
}

fn show(graph: &mut Graph, f: FnId) -> String {
    let procedure: Procedure = procedure(graph, f);
    verify(&procedure);
    println!("{procedure}");
    procedure.to_string()
}

#[test]
fn sums_over_one_range_are_one_loop() {
    let g = &mut Graph::default();
    let (xv, x) = array(g, "x", 1);
    let n = g.size(x, 0);
    let zero = g.real(0.0);
    let mut parts = Vec::new();
    for power in 1..=2 {
        let b = g.binder("i", n);
        let i = g.variable(b);
        let xi = g.index(x, &[i]);
        let e = g.prim(Prim::EXP, &[xi]);
        let v = if power == 1 { e } else { g.mul(e, e) };
        parts.push(g.accum(AccumOp::Sum, zero, &[b], &[], v));
    }
    let b = g.binder("i", n);
    let i = g.variable(b);
    let xi = g.index(x, &[i]);
    let e = g.prim(Prim::EXP, &[xi]);
    parts.push(g.build(&[b], e));
    // Needs a sum: a loop of its own.
    let b = g.binder("i", n);
    let i = g.variable(b);
    let xi = g.index(x, &[i]);
    let v = g.div(xi, parts[0]);
    parts.push(g.build(&[b], v));
    let f = define(g, "f", &[xv], &parts);
    let text = show(g, f);
    assert_eq!(text.matches("for ").count(), 2);
    assert_eq!(text.matches("exp(").count(), 1);
}

#[test]
fn matrix_product() {
    let g = &mut Graph::default();
    let ((av, a), (bv, b)) = (array(g, "A", 2), array(g, "B", 2));
    let (m, n, p) = (g.size(a, 0), g.size(a, 1), g.size(b, 1));
    g.var_mut(bv).shape = Some(vec![n, p]);
    let (iv, jv, kv) = (g.binder("i", m), g.binder("j", p), g.binder("k", n));
    let (i, j, k) = (g.variable(iv), g.variable(jv), g.variable(kv));
    let (aik, bkj) = (g.index(a, &[i, k]), g.index(b, &[k, j]));
    let v = g.mul(aik, bkj);
    let zero = g.real(0.0);
    let sum = g.accum(AccumOp::Sum, zero, &[kv], &[], v);
    let c = g.build(&[iv, jv], sum);
    let f = define(g, "product", &[av, bv], &[c]);
    let text = show(g, f);
    assert!(text.contains("`B` must have as many rows as `A` has columns"));
}

#[test]
fn recursion_shares_a_call_under_one_condition() {
    let g = &mut Graph::default();
    let (xv, nv) = (g.param("x", Type::REAL), g.param("n", Type::INT));
    let f = g.declare("pow", vec![xv, nv], vec![Type::REAL, Type::REAL], Origin::Source);
    let (x, n) = (g.variable(xv), g.variable(nv));
    let (zero, one) = (g.int(0), g.int(1));
    let less = g.sub(n, one);
    let call = g.call(f, &[x, less]);
    let (p, d) = (g.part(call, 0), g.part(call, 1));
    let cond = g.le(n, zero);
    let (r0, r1) = (g.real(0.0), g.real(1.0));
    let xp = g.mul(x, p);
    let xd = g.mul(x, d);
    let dd = g.add(p, xd);
    let value = g.select(cond, r1, xp);
    let slope = g.select(cond, r0, dd);
    g.define(f, vec![value, slope]);
    let text = show(g, f);
    assert_eq!(text.matches("if ").count(), 1);
    assert_eq!(text.matches("call").count(), 1);
}

fn scatter_loop(g: &mut Graph) -> FnId {
    // s = x; for k < n: s[k] += s[k]*s[k], keeping every state
    let (xv, x) = array(g, "x", 1);
    let n = g.size(x, 0);
    let index = g.binder("k", n);
    let s = g.state("s", index, x);
    let (k, sv) = (g.variable(index), g.variable(s));
    let sk = g.index(sv, &[k]);
    let v = g.mul(sk, sk);
    let next = g.accum(AccumOp::Sum, sv, &[], &[k], v);
    let parts = LoopParts {
        len: Some(n),
        cond: None,
        index,
        states: vec![s],
        inits: vec![x],
        nexts: vec![next],
        traces: vec![false],
    };
    let l = g.sequential(parts);
    let last = g.part(l, 0);
    define(g, "squares", &[xv], &[last])
}

#[test]
fn a_state_is_updated_in_place() {
    let g = &mut Graph::default();
    let f = scatter_loop(g);
    let text = show(g, f);
    assert_eq!(text.matches("copy").count(), 1, "only the parameter is copied");
    assert_eq!(text.matches("move").count(), 0);
}

#[test]
fn newton_with_trace() {
    let g = &mut Graph::default();
    let av = g.param("a", Type::REAL);
    let a = g.variable(av);
    let index = g.new_var("k", Type::INT, VarKind::Step);
    let s = g.state("y", index, a);
    let y = g.variable(s);
    let square = g.mul(y, y);
    let gap = g.sub(square, a);
    let gap = g.prim(Prim::ABS, &[gap]);
    let tol = g.real(1e-12);
    let cond = g.lt(tol, gap);
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
    let (last, trace, count) = (g.part(l, 0), g.part(l, 1), g.part(l, 2));
    let f = define(g, "root", &[av], &[last, trace, count]);
    show(g, f);
}

/// The binder of a loop of this length, as a variable and as an expression.
fn counter(g: &mut Graph, len: Ex) -> (VarId, Ex) {
    let b = g.binder("i", len);
    (b, g.variable(b))
}

#[test]
fn scatters_that_continue_each_other_are_one_loop() {
    let g = &mut Graph::default();
    let (xv, x) = array(g, "x", 1);
    let n = g.size(x, 0);
    let one = g.int(1);
    let len = g.sub(n, one);
    let mut sum = g.zeros(Elem::Real, &[n]);
    for ahead in [true, false] {
        let (b, i) = counter(g, len);
        let next = g.add(i, one);
        let (xi, xn) = (g.index(x, &[i]), g.index(x, &[next]));
        let v = g.mul(xi, xn);
        sum = g.accum(AccumOp::Sum, sum, &[b], &[if ahead { next } else { i }], v);
    }
    let f = define(g, "f", &[xv], &[sum]);
    let text = show(g, f);
    assert_eq!(text.matches("for ").count(), 1);
    assert_eq!(text.matches("+=").count(), 2);
    assert_eq!(text.matches("copy").count(), 0);
}

#[test]
fn an_array_read_where_it_is_built_is_not_kept() {
    // sum(a[i] for i) where a = [Σ_k sin(x[i]*x[k]) for i]
    let g = &mut Graph::default();
    let (xv, x) = array(g, "x", 1);
    let n = g.size(x, 0);
    let zero = g.real(0.0);
    let ((iv, i), (kv, k)) = (counter(g, n), counter(g, n));
    let (xi, xk) = (g.index(x, &[i]), g.index(x, &[k]));
    let product = g.mul(xi, xk);
    let sine = g.prim(Prim::SIN, &[product]);
    let inner = g.accum(AccumOp::Sum, zero, &[kv], &[], sine);
    let a = g.build(&[iv], inner);
    let (jv, j) = counter(g, n);
    let aj = g.index(a, &[j]);
    let sum = g.accum(AccumOp::Sum, zero, &[jv], &[], aj);
    let f = define(g, "f", &[xv], &[sum]);
    let text = show(g, f);
    assert_eq!(text.matches("for ").count(), 2, "one in the other");
    assert_eq!(text.matches("array(").count(), 0);
}

#[test]
fn nothing_is_added_where_a_choice_is_zero() {
    let g = &mut Graph::default();
    let (xv, x) = array(g, "x", 1);
    let kv = g.param("k", Type::INT);
    let (n, k) = (g.size(x, 0), g.variable(kv));
    let zero = g.real(0.0);
    let (b, i) = counter(g, n);
    let (low, sum) = (g.lt(i, k), g.add(i, k));
    let xi = g.index(x, &[i]);
    let v = g.select(low, xi, zero);
    let zeros = g.zeros(Elem::Real, &[n]);
    let a = g.accum(AccumOp::Sum, zeros, &[b], &[sum], v);
    let f = define(g, "f", &[xv, kv], &[a]);
    let text = show(g, f);
    let inside = text.find("if ").expect("a branch");
    assert!(text.find("+=").expect("an addition") > inside);
    assert!(!text.contains("0.0"));
}

#[test]
fn reads_come_before_a_change_in_place() {
    // (s, t) = (s with s[0] changed, t + s[1])
    let g = &mut Graph::default();
    let (xv, x) = array(g, "x", 1);
    let nv = g.param("n", Type::INT);
    let n = g.variable(nv);
    let (zero, one, unit) = (g.int(0), g.int(1), g.real(1.0));
    let index = g.binder("k", n);
    let (s, t) = (g.state("s", index, x), g.state("t", index, unit));
    let (sv, tv) = (g.variable(s), g.variable(t));
    let next = g.accum(AccumOp::Sum, sv, &[], &[zero], tv);
    let s1 = g.index(sv, &[one]);
    let t1 = g.add(tv, s1);
    let parts = LoopParts {
        len: Some(n),
        cond: None,
        index,
        states: vec![s, t],
        inits: vec![x, unit],
        nexts: vec![next, t1],
        traces: vec![false, false],
    };
    let l = g.sequential(parts);
    let results = [g.part(l, 0), g.part(l, 1)];
    let f = define(g, "f", &[xv, nv], &results);
    let text = show(g, f);
    assert_eq!(text.matches("copy").count(), 1, "only the parameter is copied");
}
