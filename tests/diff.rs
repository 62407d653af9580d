//! Both modes of differentiation against differences, at first and second order, on every
//! construct of the core graph.

mod reference;

use reference::{Val, call};
use zgrad::core::{AccumOp, Ex, FnId, Graph, LoopParts, Origin, Type, VarId};
use zgrad::diff::{self, Rules, Unknown};
use zgrad::primitive::Prim;
use zgrad::simplify::simplify;

/// Partials written by hand, for the few primitives used here.
struct ByHand;

impl Rules for ByHand {
    fn partial(
        &mut self,
        g: &mut Graph,
        p: Prim,
        k: usize,
        args: &[Ex],
        out: Ex,
    ) -> Result<Option<Ex>, Unknown> {
        let one = g.real(1.0);
        Ok(Some(match p {
            Prim::ADD => one,
            Prim::SUB if k == 0 => one,
            Prim::SUB | Prim::NEG => g.real(-1.0),
            Prim::MUL => args[1 - k],
            Prim::DIV if k == 0 => g.div(one, args[1]),
            Prim::DIV => {
                let q = g.div(out, args[1]);
                g.neg(q)
            }
            Prim::SIN => g.prim(Prim::COS, &[args[0]]),
            Prim::COS => {
                let s = g.prim(Prim::SIN, &[args[0]]);
                g.neg(s)
            }
            Prim::EXP => out,
            Prim::POW if k == 0 => {
                let less = g.sub(args[1], one);
                let power = g.prim(Prim::POW, &[args[0], less]);
                g.mul(args[1], power)
            }
            other => panic!("no partial of {}", other.name()),
        }))
    }

    fn kink(&mut self, _: &mut Graph, _: Prim, _: &[Ex], _: Ex) -> Option<Ex> {
        None
    }

    fn keeps(&self) -> bool {
        false
    }
}

/// Checks a scalar function at a point: gradient both ways against differences, and the gradient's
/// Jacobian both ways against differences of the gradient.
fn check(graph: &mut Graph, f: FnId, args: &[Val]) {
    let params = graph.function(f).params.clone();
    let real: Vec<VarId> = params.iter().copied().filter(|&p| graph.var(p).ty.is_real()).collect();
    let value = diff::results_of(graph, f)[0];
    let one = graph.real(1.0);
    let bars = diff::vjp(graph, &mut ByHand, &[(value, one)], &real).unwrap();
    let mut gradient = vec![];
    for (&v, bar) in real.iter().zip(bars) {
        let v = graph.variable(v);
        gradient.push(bar.unwrap_or_else(|| {
            let shape = graph.shape(v);
            graph.zeros(zgrad::core::Elem::Real, &shape)
        }));
    }
    let gradient_f = function(graph, "gradient", &params, gradient.clone());
    let mut forward = vec![];
    for &v in &real {
        forward.push(diff::jacobian_by_columns(graph, &mut ByHand, value, v).unwrap());
    }
    let forward_f = function(graph, "forward", &params, forward);
    let mut second = vec![];
    for &g in &gradient {
        for &v in &real {
            second.push(diff::jacobian_by_columns(graph, &mut ByHand, g, v).unwrap());
            second.push(if graph.ty(g).is_scalar() {
                diff::gradient(graph, &mut ByHand, g, v).unwrap()
            } else {
                diff::jacobian_by_rows(graph, &mut ByHand, g, v).unwrap()
            });
        }
    }
    let second = simplify(graph, &second);
    let second_f = function(graph, "second", &params, second);
    diff::complete(graph, &mut ByHand).unwrap();
    graph.verify_functions();

    let expected: Vec<Val> = differences(&params, &real, args, &|args| call(graph, f, args));
    let reverse = call(graph, gradient_f, args);
    close(&reverse, &expected, "reverse mode");
    close(&call(graph, forward_f, args), &expected, "forward mode");
    let seconds = call(graph, second_f, args);
    let expected = differences(&params, &real, args, &|args| call(graph, gradient_f, args));
    for (k, pair) in seconds.chunks(2).enumerate() {
        close(&pair[..1], &expected[k..=k], "forward over reverse");
        close(&pair[1..], &expected[k..=k], "reverse over reverse");
    }
}

fn function(graph: &mut Graph, name: &str, params: &[VarId], results: Vec<Ex>) -> FnId {
    let types = results.iter().map(|&r| graph.ty(r)).collect();
    let f = graph.declare(name, params.to_vec(), types, Origin::Source);
    graph.define(f, results);
    f
}

/// Central differences of all results by all real parameters: results first, then parameters.
fn differences(params: &[VarId], real: &[VarId], args: &[Val], f: &dyn Fn(&[Val]) -> Vec<Val>) -> Vec<Val> {
    let base = f(args);
    let mut found = vec![];
    for (r, result) in base.iter().enumerate() {
        for v in real {
            let k = params.iter().position(|p| p == v).unwrap();
            let n = args[k].data.len();
            let mut data = vec![0.0; result.data.len() * n];
            for j in 0..n {
                let h = 1e-5;
                let (mut up, mut down) = (args.to_vec(), args.to_vec());
                up[k].data[j] += h;
                down[k].data[j] -= h;
                let (up, down) = (f(&up), f(&down));
                for i in 0..result.data.len() {
                    data[i * n + j] = (up[r].data[i] - down[r].data[i]) / (2.0 * h);
                }
            }
            let shape = result.shape.iter().chain(&args[k].shape).copied().collect();
            found.push(Val { shape, data });
        }
    }
    found
}

fn close(got: &[Val], expected: &[Val], what: &str) {
    assert_eq!(got.len(), expected.len());
    for (g, e) in got.iter().zip(expected) {
        assert_eq!(g.shape, e.shape, "{what}: shapes");
        for (a, b) in g.data.iter().zip(&e.data) {
            assert!((a - b).abs() <= 1e-6 * (1.0 + b.abs()), "{what}: {g:?} instead of {e:?}");
        }
    }
}

fn scalar(graph: &mut Graph, name: &str) -> (VarId, Ex) {
    let v = graph.param(name, Type::REAL);
    (v, graph.variable(v))
}

fn vector(graph: &mut Graph, name: &str) -> (VarId, Ex, Ex) {
    let v = graph.param(name, Type::array(zgrad::core::Elem::Real, 1));
    let x = graph.variable(v);
    let n = graph.size(x, 0);
    (v, x, n)
}

fn sin(g: &mut Graph, x: Ex) -> Ex {
    g.prim(Prim::SIN, &[x])
}

fn sum(g: &mut Graph, over: &[VarId], value: Ex) -> Ex {
    let zero = g.real(0.0);
    g.accum(AccumOp::Sum, zero, over, &[], value)
}

#[test]
fn scalars_share() {
    let g = &mut Graph::default();
    let ((x, xe), (y, ye)) = (scalar(g, "x"), scalar(g, "y"));
    let a = g.mul(xe, ye);
    let s = sin(g, a);
    let aa = g.mul(a, a);
    let e = g.add(aa, s);
    let e = g.div(e, xe);
    let f = function(g, "f", &[x, y], vec![e]);
    check(g, f, &[Val::scalar(2.0), Val::scalar(0.7)]);
}

#[test]
fn rosenbrock_of_any_length() {
    let g = &mut Graph::default();
    let (x, xe, n) = vector(g, "x");
    let one = g.int(1);
    let len = g.sub(n, one);
    let i = g.binder("i", len);
    let ie = g.variable(i);
    let next = g.add(ie, one);
    let (a, b) = (g.index(xe, &[ie]), g.index(xe, &[next]));
    let two = g.real(2.0);
    let square = g.prim(Prim::POW, &[a, two]);
    let d = g.sub(b, square);
    let d = g.prim(Prim::POW, &[d, two]);
    let hundred = g.real(100.0);
    let d = g.mul(hundred, d);
    let unit = g.real(1.0);
    let r = g.sub(unit, a);
    let r = g.prim(Prim::POW, &[r, two]);
    let t = g.add(d, r);
    let e = sum(g, &[i], t);
    let f = function(g, "f", &[x], vec![e]);
    check(g, f, &[Val::vector(&[0.3, -0.5, 1.2, 0.8])]);
    // A closed form: an array built element by element.
    let grad = diff::gradient(g, &mut ByHand, e, x).unwrap();
    assert!(matches!(g.node(grad), zgrad::core::Node::Build { .. }));
}

#[test]
fn nested_sums_and_products_of_matrix_and_vector() {
    let g = &mut Graph::default();
    let (x, xe, n) = vector(g, "x");
    let a = g.param("a", Type::array(zgrad::core::Elem::Real, 2));
    let ae = g.variable(a);
    let m = g.size(ae, 0);
    let (i, j) = (g.binder("i", m), g.binder("j", n));
    let (ie, je) = (g.variable(i), g.variable(j));
    let (aij, xj) = (g.index(ae, &[ie, je]), g.index(xe, &[je]));
    let t = g.mul(aij, xj);
    let row = sum(g, &[j], t);
    let s = sin(g, row);
    let y = g.build(&[i], s);
    // Read at two places, one shifted.
    let one = g.int(1);
    let less = g.sub(m, one);
    let k = g.binder("k", less);
    let ke = g.variable(k);
    let k1 = g.add(ke, one);
    let (y0, y1) = (g.index(y, &[ke]), g.index(y, &[k1]));
    let p = g.mul(y0, y1);
    let e = sum(g, &[k], p);
    let f = function(g, "f", &[a, x], vec![e]);
    let a = Val { shape: vec![3, 2], data: vec![0.1, 0.5, -0.3, 0.7, 1.1, -0.2] };
    check(g, f, &[a, Val::vector(&[0.4, -0.9])]);
}

#[test]
fn triangular_sums() {
    let g = &mut Graph::default();
    let (x, xe, n) = vector(g, "x");
    let i = g.binder("i", n);
    let ie = g.variable(i);
    let j = g.binder("j", ie);
    let je = g.variable(j);
    let (a, b) = (g.index(xe, &[ie]), g.index(xe, &[je]));
    let d = g.sub(a, b);
    let s = sin(g, d);
    let inner = sum(g, &[j], s);
    let t = g.mul(inner, a);
    let e = sum(g, &[i], t);
    let f = function(g, "f", &[x], vec![e]);
    check(g, f, &[Val::vector(&[0.3, -0.5, 1.2, 0.8])]);
}

#[test]
fn branches_hide_what_is_not_taken() {
    let g = &mut Graph::default();
    let (x, xe) = scalar(g, "x");
    let zero = g.real(0.0);
    let half = g.real(0.5);
    let root = g.prim(Prim::POW, &[xe, half]);
    let cond = g.prim(Prim::GT, &[xe, zero]);
    let e = g.select(cond, root, zero);
    let d = diff::gradient(g, &mut ByHand, e, x).unwrap();
    let f = function(g, "d", &[x], vec![d]);
    assert_eq!(call(g, f, &[Val::scalar(0.0)])[0].num(), 0.0);
    assert_eq!(call(g, f, &[Val::scalar(4.0)])[0].num(), 0.25);
}

#[test]
fn extremes_share_among_ties() {
    let g = &mut Graph::default();
    let (x, xe, n) = vector(g, "x");
    let i = g.binder("i", n);
    let ie = g.variable(i);
    let t = g.index(xe, &[ie]);
    let low = g.real(f64::NEG_INFINITY);
    let max = g.accum(AccumOp::Max, low, &[i], &[], t);
    let e = g.mul(max, max);
    let f = function(g, "f", &[x], vec![e]);
    check(g, f, &[Val::vector(&[0.3, 1.5, 1.2, 0.8])]);
    let d = diff::gradient(g, &mut ByHand, max, x).unwrap();
    let d = function(g, "d", &[x], vec![d]);
    let ties = call(g, d, &[Val::vector(&[2.0, 1.0, 2.0, 2.0])]);
    let third = 1.0 / 3.0;
    assert_eq!(ties[0], Val::vector(&[third, 0.0, third, third]));
}

#[test]
fn products_with_zeros() {
    let g = &mut Graph::default();
    let (x, xe, n) = vector(g, "x");
    let i = g.binder("i", n);
    let ie = g.variable(i);
    let t = g.index(xe, &[ie]);
    let one = g.real(1.0);
    let p = g.accum(AccumOp::Prod, one, &[i], &[], t);
    let f = function(g, "f", &[x], vec![p]);
    check(g, f, &[Val::vector(&[2.0, 0.0, 3.0, 4.0])]);
    check(g, f, &[Val::vector(&[2.0, 0.0, 3.0, 0.0])]);
}

/// `s ← sin(s)*x[k] + a`, from `b`.
fn recurrence(g: &mut Graph) -> FnId {
    let (x, xe, n) = vector(g, "x");
    let ((a, ae), (b, be)) = (scalar(g, "a"), scalar(g, "b"));
    let k = g.binder("k", n);
    let s = g.state("s", k, be);
    let (ke, se) = (g.variable(k), g.variable(s));
    let xk = g.index(xe, &[ke]);
    let t = sin(g, se);
    let t = g.mul(t, xk);
    let next = g.add(t, ae);
    let looped = g.sequential(LoopParts {
        len: Some(n),
        cond: None,
        index: k,
        states: vec![s],
        inits: vec![be],
        nexts: vec![next],
        traces: vec![true],
    });
    // The last state and all of them.
    let last = g.part(looped, 0);
    let trace = g.part(looped, 1);
    let i = g.binder("i", n);
    let ie = g.variable(i);
    let t = g.index(trace, &[ie]);
    let t = g.mul(t, t);
    let total = sum(g, &[i], t);
    let e = g.mul(total, last);
    function(g, "f", &[x, a, b], vec![e])
}

#[test]
fn sequential_loops() {
    let g = &mut Graph::default();
    let f = recurrence(g);
    check(g, f, &[Val::vector(&[0.3, -0.5, 1.2]), Val::scalar(0.4), Val::scalar(0.9)]);
}

#[test]
fn loops_over_arrays() {
    // v ← [sin(v[i]) * c + v[n-1-i]], three times.
    let g = &mut Graph::default();
    let (x, xe, n) = vector(g, "x");
    let (c, ce) = scalar(g, "c");
    let three = g.int(3);
    let k = g.binder("k", three);
    let s = g.state("v", k, xe);
    let se = g.variable(s);
    let i = g.binder("i", n);
    let ie = g.variable(i);
    let one = g.int(1);
    let last = g.sub(n, one);
    let back = g.sub(last, ie);
    let (vi, vb) = (g.index(se, &[ie]), g.index(se, &[back]));
    let t = sin(g, vi);
    let t = g.mul(t, ce);
    let t = g.add(t, vb);
    let next = g.build(&[i], t);
    let looped = g.sequential(LoopParts {
        len: Some(three),
        cond: None,
        index: k,
        states: vec![s],
        inits: vec![xe],
        nexts: vec![next],
        traces: vec![false],
    });
    let result = g.part(looped, 0);
    let j = g.binder("j", n);
    let je = g.variable(j);
    let t = g.index(result, &[je]);
    let t = g.mul(t, t);
    let e = sum(g, &[j], t);
    let f = function(g, "f", &[x, c], vec![e]);
    check(g, f, &[Val::vector(&[0.3, -0.5, 1.2]), Val::scalar(0.4)]);
}

#[test]
fn loops_with_a_condition() {
    // s ← s/2 + x/s/2 while s*s - x > 1e-3.
    let g = &mut Graph::default();
    let (x, xe) = scalar(g, "x");
    let k = g.new_var("k", Type::INT, zgrad::core::VarKind::Step);
    let s = g.state("s", k, xe);
    let se = g.variable(s);
    let (half, small) = (g.real(0.5), g.real(1e-3));
    let q = g.div(xe, se);
    let t = g.add(se, q);
    let next = g.mul(half, t);
    let square = g.mul(se, se);
    let error = g.sub(square, xe);
    let cond = g.prim(Prim::GT, &[error, small]);
    let looped = g.sequential(LoopParts {
        len: None,
        cond: Some(cond),
        index: k,
        states: vec![s],
        inits: vec![xe],
        nexts: vec![next],
        traces: vec![false],
    });
    let e = g.part(looped, 0);
    let f = function(g, "f", &[x], vec![e]);
    check(g, f, &[Val::scalar(2.5)]);
}

#[test]
fn recursion_and_calls() {
    // pow(x, n) = if n <= 0 then 1 else x*pow(x, n - 1); f(x, y) = pow(x*y, 3) + sin(pow(x, 2))
    let g = &mut Graph::default();
    let (x, xe) = scalar(g, "x");
    let n = g.param("n", Type::INT);
    let ne = g.variable(n);
    let pow = g.declare("pow", vec![x, n], vec![Type::REAL], Origin::Source);
    let one = g.int(1);
    let less = g.sub(ne, one);
    let call = g.call(pow, &[xe, less]);
    let rest = g.part(call, 0);
    let product = g.mul(xe, rest);
    let zero = g.int(0);
    let stop = g.le(ne, zero);
    let unit = g.real(1.0);
    let body = g.select(stop, unit, product);
    g.define(pow, vec![body]);

    let (y, ye) = scalar(g, "y");
    let xy = g.mul(xe, ye);
    let (two, three) = (g.int(2), g.int(3));
    let a = g.call(pow, &[xy, three]);
    let a = g.part(a, 0);
    let b = g.call(pow, &[xe, two]);
    let b = g.part(b, 0);
    let b = sin(g, b);
    let e = g.add(a, b);
    let f = function(g, "f", &[x, y], vec![e]);
    check(g, f, &[Val::scalar(0.8), Val::scalar(1.3)]);
}

#[test]
fn calls_with_arrays_and_several_results() {
    // h(v, a) = ([a*v[i]^2], sum(v)*a); f(v, a) = sum of h.0 of h.0, times h.1
    let g = &mut Graph::default();
    let (v, ve, n) = vector(g, "v");
    let (a, ae) = scalar(g, "a");
    let i = g.binder("i", n);
    let ie = g.variable(i);
    let t = g.index(ve, &[ie]);
    let t2 = g.mul(t, t);
    let t2 = g.mul(ae, t2);
    let array = g.build(&[i], t2);
    let total = sum(g, &[i], t);
    let total = g.mul(total, ae);
    let h = function(g, "h", &[v, a], vec![array, total]);
    let first = g.call(h, &[ve, ae]);
    let (w, s) = (g.part(first, 0), g.part(first, 1));
    let second = g.call(h, &[w, s]);
    let (w, s) = (g.part(second, 0), g.part(second, 1));
    let len = g.size(w, 0);
    let j = g.binder("j", len);
    let je = g.variable(j);
    let t = g.index(w, &[je]);
    let e = sum(g, &[j], t);
    let e = g.mul(e, s);
    let f = function(g, "f", &[v, a], vec![e]);
    check(g, f, &[Val::vector(&[0.3, -0.5]), Val::scalar(0.7)]);
}

#[test]
fn a_loop_inside_an_array() {
    // [fold over k < 2 of s ← sin(s)*x[i] from x[i]] for each i, summed in squares.
    let g = &mut Graph::default();
    let (x, xe, n) = vector(g, "x");
    let i = g.binder("i", n);
    let ie = g.variable(i);
    let xi = g.index(xe, &[ie]);
    let two = g.int(2);
    let k = g.binder("k", two);
    let s = g.state("s", k, xi);
    let se = g.variable(s);
    let t = sin(g, se);
    let next = g.mul(t, xi);
    let looped = g.sequential(LoopParts {
        len: Some(two),
        cond: None,
        index: k,
        states: vec![s],
        inits: vec![xi],
        nexts: vec![next],
        traces: vec![false],
    });
    let last = g.part(looped, 0);
    let square = g.mul(last, last);
    let e = sum(g, &[i], square);
    let f = function(g, "f", &[x], vec![e]);
    check(g, f, &[Val::vector(&[0.3, -0.5, 1.2])]);
}

#[test]
fn a_state_that_sums_at_a_place() {
    // A histogram: h ← h with w[k]*h[idx[k]] added at idx[k].
    let g = &mut Graph::default();
    let (x, xe, n) = vector(g, "x");
    let (w, we, m) = vector(g, "w");
    let idx = g.param("idx", Type::array(zgrad::core::Elem::Int, 1));
    let idxe = g.variable(idx);
    let k = g.binder("k", m);
    let h = g.state("h", k, xe);
    let (ke, he) = (g.variable(k), g.variable(h));
    let at = g.index(idxe, &[ke]);
    let (old, weight) = (g.index(he, &[at]), g.index(we, &[ke]));
    let t = g.mul(old, weight);
    let t = sin(g, t);
    let next = g.accum(AccumOp::Sum, he, &[], &[at], t);
    let looped = g.sequential(LoopParts {
        len: Some(m),
        cond: None,
        index: k,
        states: vec![h],
        inits: vec![xe],
        nexts: vec![next],
        traces: vec![false],
    });
    let last = g.part(looped, 0);
    let j = g.binder("j", n);
    let je = g.variable(j);
    let t = g.index(last, &[je]);
    let t = g.mul(t, t);
    let e = sum(g, &[j], t);
    let f = function(g, "f", &[x, w, idx], vec![e]);
    let idx = Val::vector(&[0.0, 1.0, 0.0, 1.0]);
    check(g, f, &[Val::vector(&[0.3, -0.5]), Val::vector(&[0.7, 0.2, 1.1, -0.4]), idx]);
}

#[test]
fn an_order_costs_a_polynomial() {
    // x ← x*sin(x), forty times: hundreds of nodes, not 10^24.
    let g = &mut Graph::default();
    let (x, xe) = scalar(g, "x");
    let mut e = xe;
    for _ in 0..40 {
        let s = sin(g, e);
        e = g.mul(e, s);
    }
    let d = diff::gradient(g, &mut ByHand, e, x).unwrap();
    assert!(g.reach(&[d]).len() < 400);
}

#[test]
fn long_chains_need_no_stack() {
    let g = &mut Graph::default();
    let (x, xe) = scalar(g, "x");
    let mut e = xe;
    for _ in 0..300_000 {
        e = sin(g, e);
    }
    let d = diff::gradient(g, &mut ByHand, e, x).unwrap();
    let d = simplify(g, &[d])[0];
    assert!(g.reach(&[d]).len() > 300_000);
}
