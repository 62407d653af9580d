//! The printer of mathematics: hand-made graphs and the text that a person would have written.

use zgrad::block;
use zgrad::check::{Imports, check};
use zgrad::core::{AccumOp, Elem, Ex, FnId, Graph, LoopParts, Origin, Type, VarId, VarKind};
use zgrad::eval::{Machine, Value};
use zgrad::primitive::Prim;
use zgrad::print::{
    Dim, Face, Faces, ParamFace, Shape, drawing, raise,
    typeset::{self, Markup},
};
use zgrad::syntax::parse::parse;
use zgrad::syntax::print;
use zgrad::syntax::tree::{ItemKind, Tree};

/// A graph with the reals `x`, `y`, `z`, the `Int` `m` and the vectors `v`, `w` of length `n`.
struct Bench {
    g: Graph,
    params: Vec<VarId>,
    x: Ex,
    y: Ex,
    z: Ex,
    m: Ex,
    v: Ex,
    w: Ex,
    n: Ex,
}

impl Bench {
    fn new() -> Bench {
        let mut g = Graph::default();
        let vector = Type::array(Elem::Real, 1);
        let types = [Type::REAL, Type::REAL, Type::REAL, Type::INT, vector, vector];
        let params: Vec<VarId> =
            ["x", "y", "z", "m", "v", "w"].iter().zip(types).map(|(name, ty)| g.param(name, ty)).collect();
        let [x, y, z, m, v, w] = [0, 1, 2, 3, 4, 5].map(|k| g.variable(params[k]));
        let n = g.size(v, 0);
        g.var_mut(params[5]).shape = Some(vec![n]);
        Bench { g, params, x, y, z, m, v, w, n }
    }

    fn f(&mut self, results: &[Ex]) -> FnId {
        let types = results.iter().map(|&r| self.g.ty(r)).collect();
        let used: Vec<VarId> = self.params.clone();
        let reach = self.g.reach(results);
        let params = used.into_iter().filter(|&p| {
            let var = self.g.variable(p);
            reach.contains(&var)
        });
        let params = params.collect();
        let f = self.g.declare("f", params, types, Origin::Source);
        self.g.define(f, results.to_vec());
        f
    }

    /// The text of `f(…) = …` with these results; it parses to the tree that was printed.
    fn text(&mut self, results: &[Ex]) -> String {
        let f = self.f(results);
        text(&mut self.g, &Faces::new(), f)
    }

    fn build(&mut self, len: Ex, body: impl FnOnce(&mut Graph, Ex) -> Ex) -> Ex {
        let i = self.g.binder("i", len);
        let at = self.g.variable(i);
        let body = body(&mut self.g, at);
        self.g.build(&[i], body)
    }

    fn sum(&mut self, len: Ex, body: impl FnOnce(&mut Graph, Ex) -> Ex) -> Ex {
        let i = self.g.binder("i", len);
        let at = self.g.variable(i);
        let body = body(&mut self.g, at);
        let zero = self.g.real(0.0);
        self.g.accum(AccumOp::Sum, zero, &[i], &[], body)
    }

    fn less(&mut self, e: Ex, by: i64) -> Ex {
        let by = self.g.int(by);
        self.g.sub(e, by)
    }
}

fn text(g: &mut Graph, faces: &Faces, f: FnId) -> String {
    let mut tree = Tree::default();
    let item = raise::definition(g, &mut tree, faces, f);
    let text = print::file(&tree, std::slice::from_ref(&item));
    let mut read = Tree::default();
    let errors = parse(&mut read, "printed", &text);
    assert!(errors.is_empty(), "{text}\n{errors:?}");
    let (ItemKind::Function { body, .. }, ItemKind::Function { body: again, .. }) =
        (&item.kind, &read.items[0].kind)
    else {
        panic!("a function: {text}")
    };
    assert!(print::same(&tree, *body, &read, *again), "not the same tree:\n{text}");
    text
}

#[test]
fn scalars() {
    let mut b = Bench::new();
    let two = b.g.real(2.0);
    let square = b.g.prim(Prim::POW, &[b.x, two]);
    let e = b.g.mul(square, two);
    let sine = b.g.prim(Prim::SIN, &[b.y]);
    let e = b.g.sub(e, sine);
    let q = b.g.div(b.x, b.y);
    let e = b.g.add(e, q);
    assert_eq!(b.text(&[e]), "f(x, y) = 2*x^2 - sin(y) + x/y\n");
}

#[test]
fn shared_parts_have_names() {
    let mut b = Bench::new();
    let p = b.g.mul(b.x, b.y);
    let e = b.g.prim(Prim::EXP, &[p]);
    let (dx, dy) = (b.g.mul(b.y, e), b.g.mul(b.x, e));
    assert_eq!(b.text(&[dx, dy]), "f(x, y) = (y*t1, x*t1) where t1 = exp(x*y)\n");
}

#[test]
fn signs_read_as_written() {
    let mut b = Bench::new();
    let minus_two = b.g.real(-2.0);
    let p = b.g.mul(b.x, minus_two);
    let e = b.g.add(b.y, p);
    assert_eq!(b.text(&[e]), "f(x, y) = y - 2*x\n");
    let e = b.g.add(p, b.y);
    assert_eq!(b.text(&[e]), "f(x, y) = y - 2*x\n");
    let q = b.g.div(b.x, b.y);
    let e = b.g.neg(q);
    assert_eq!(b.text(&[e]), "f(x, y) = -x/y\n");
    let three = b.g.real(3.0);
    let cube = b.g.prim(Prim::POW, &[b.x, three]);
    let e = b.g.neg(cube);
    assert_eq!(b.text(&[e]), "f(x) = -x^3\n");
    let e = b.g.prim(Prim::POW, &[minus_two, b.x]);
    assert_eq!(b.text(&[e]), "f(x) = (-2)^x\n");
    let pi = b.g.real(std::f64::consts::PI);
    let e = b.g.mul(pi, b.x);
    assert_eq!(b.text(&[e]), "f(x) = pi*x\n");
}

#[test]
fn conditions() {
    let mut b = Bench::new();
    let zero = b.g.real(0.0);
    let (low, high) = (b.g.lt(zero, b.x), b.g.lt(b.x, b.y));
    let both = b.g.and(low, high);
    let (c, d) = (b.g.mul(b.x, b.x), b.g.lt(b.y, zero));
    let inner = b.g.select(d, b.y, zero);
    let e = b.g.select(both, c, inner);
    assert_eq!(b.text(&[e]), "f(x, y) = if 0 < x < y then x*x else if y < 0 then y else 0\n");
    let not = b.g.not(both);
    let e = b.g.select(d, not, both);
    let one = b.g.real(1.0);
    let e = b.g.select(e, one, zero);
    assert_eq!(
        b.text(&[e]),
        "f(x, y) = if (if y < 0 then not t1 else t1) then 1 else 0 where t1 = 0 < x < y\n"
    );
}

#[test]
fn indices_count_from_one() {
    let mut b = Bench::new();
    let (v, len) = (b.v, b.less(b.n, 1));
    let e = b.sum(len, |g, i| {
        let (one, two) = (g.int(1), g.real(2.0));
        let next = g.add(i, one);
        let (a, c) = (g.index(v, &[i]), g.index(v, &[next]));
        let square = g.prim(Prim::POW, &[a, two]);
        let d = g.sub(c, square);
        let d = g.prim(Prim::POW, &[d, two]);
        let hundred = g.real(100.0);
        g.mul(hundred, d)
    });
    assert_eq!(b.text(&[e]), "f(v: R[n]) = sum(100*(v[i+1] - v[i]^2)^2 for i in 1..n-1)\n");
    // What is used from 0 stays so; conditions follow the index.
    let n = b.n;
    let e = b.build(n, |g, i| {
        let (zero, one) = (g.int(0), g.int(1));
        let before = g.sub(i, one);
        let value = g.index(v, &[before]);
        let (first, nothing) = (g.eq(i, zero), g.real(0.0));
        g.select(first, nothing, value)
    });
    assert_eq!(b.text(&[e]), "f(v: R[n]) = [if i == 0 then 0 else v[i] for i in 0..n-1]\n");
    let m = b.m;
    let e = b.sum(m, |g, i| {
        let one = g.real(1.0);
        let k = g.to_real(i);
        let k = g.add(k, one);
        g.div(one, k)
    });
    assert_eq!(b.text(&[e]), "f(m: Int) = sum(1/(i + 1) for i in 0..m-1)\n");
}

#[test]
fn arrays() {
    let mut b = Bench::new();
    let (v, w, n) = (b.v, b.w, b.n);
    let e = b.build(n, |g, i| {
        let (a, c) = (g.index(v, &[i]), g.index(w, &[i]));
        g.mul(a, c)
    });
    assert_eq!(b.text(&[e]), "f(v: R[n], w: R[n]) = [v[i]*w[i] for i in 1..n]\n");
    let len = b.less(n, 1);
    let e = b.build(len, |g, i| {
        let one = g.int(1);
        let next = g.add(i, one);
        g.index(v, &[next])
    });
    assert_eq!(b.text(&[e]), "f(v: R[n]) = v[2..n]\n");
    let zeros = b.g.zeros(Elem::Real, &[n, b.m]);
    assert_eq!(b.text(&[zeros, b.v]), "f(m: Int, v: R[n]) = (zeros(n, m), v)\n");
    let elems: Vec<Ex> = [1.0, 2.0, 3.0, 4.0].iter().map(|&x| b.g.real(x)).collect();
    let square = b.g.lit(&elems, &[2, 2]);
    assert_eq!(b.text(&[square]), "f() -> R[2, 2] = [[1, 2], [3, 4]]\n");
    let e = b.g.size(v, 0);
    let e = b.g.to_real(e);
    assert_eq!(b.text(&[e]), "f(v: R[n]) -> R = n\n");
}

#[test]
fn reductions() {
    let mut b = Bench::new();
    let (v, n) = (b.v, b.n);
    let zero = b.g.real(0.0);
    let e = b.sum(n, |g, i| {
        let a = g.index(v, &[i]);
        let positive = g.lt(zero, a);
        g.select(positive, a, zero)
    });
    assert_eq!(b.text(&[e]), "f(v: R[n]) = sum(v[i] for i in 1..n if 0 < v[i])\n");
    let e = b.g.add(e, b.x);
    assert_eq!(b.text(&[e]), "f(x, v: R[n]) = sum(v[i] for i in 1..n if 0 < v[i]) + x\n");
    let i = b.g.binder("i", n);
    let at = b.g.variable(i);
    let a = b.g.index(v, &[at]);
    let low = b.g.real(f64::NEG_INFINITY);
    let e = b.g.accum(AccumOp::Max, low, &[i], &[], a);
    assert_eq!(b.text(&[e]), "f(v: R[n]) = max(v[i] for i in 1..n)\n");
    let e = b.g.accum(AccumOp::Max, zero, &[i], &[], a);
    assert_eq!(b.text(&[e]), "f(v: R[n]) = max(0, max(v[i] for i in 1..n))\n");
    let (one, nothing) = (b.g.int(1), b.g.int(0));
    let positive = b.g.lt(zero, a);
    let counted = b.g.select(positive, one, nothing);
    let count = b.g.accum(AccumOp::Sum, nothing, &[i], &[], counted);
    let any = b.g.lt(nothing, count);
    let e = b.g.select(any, b.x, b.y);
    assert_eq!(b.text(&[e]), "f(x, y, v: R[n]) = if any(0 < v[i] for i in 1..n) then x else y\n");
}

#[test]
fn values_added_up_in_an_array() {
    let mut b = Bench::new();
    let zeros = b.g.zeros(Elem::Real, &[b.n]);
    let i = b.g.binder("i", b.m);
    let at = b.g.variable(i);
    let two = b.g.int(2);
    let place = b.g.mul(two, at);
    let value = b.g.index(b.v, &[at]);
    let e = b.g.accum(AccumOp::Sum, zeros, &[i], &[place], value);
    assert_eq!(b.text(&[e]), "f(m: Int, v: R[n]) = scatter(zeros(n), [(2*i - 1, v[i]) for i in 1..m])\n");
    // A sum of whole arrays is one.
    let j = b.g.binder("j", b.n);
    let k = b.g.variable(j);
    let (a, c) = (b.g.index(b.v, &[k]), b.g.to_real(at));
    let value = b.g.mul(a, c);
    let e = b.g.accum(AccumOp::Sum, zeros, &[i, j], &[k], value);
    assert_eq!(b.text(&[e]), "f(m: Int, v: R[n]) = sum([v[j]*i for j in 1..n] for i in 0..m-1)\n");
}

fn recurrence(b: &mut Bench, traces: [bool; 2]) -> Ex {
    let i = b.g.binder("i", b.n);
    let one = b.g.real(1.0);
    let (s, t) = (b.g.state("s", i, one), b.g.state("t", i, b.x));
    let (s_now, t_now, at) = (b.g.variable(s), b.g.variable(t), b.g.variable(i));
    let element = b.g.index(b.v, &[at]);
    let s_next = b.g.mul(s_now, element);
    let t_next = b.g.add(t_now, s_next);
    b.g.sequential(LoopParts {
        len: Some(b.n),
        cond: None,
        index: i,
        states: vec![s, t],
        inits: vec![one, b.x],
        nexts: vec![s_next, t_next],
        traces: traces.to_vec(),
    })
}

#[test]
fn loops() {
    let mut b = Bench::new();
    let whole = recurrence(&mut b, [false, false]);
    let (s, t) = (b.g.part(whole, 0), b.g.part(whole, 1));
    let e = b.g.mul(s, t);
    assert_eq!(
        b.text(&[e]),
        "f(x, v: R[n]) = s*t\n  \
         where (s, t) = fold((s, t) = (1, x) for i in 1..n: let t1 = s*v[i] in (t1, t + t1))\n"
    );
    let whole = recurrence(&mut b, [true, false]);
    let (all, last) = (b.g.part(whole, 2), b.g.part(whole, 1));
    let (v, n) = (b.v, b.n);
    let e = b.sum(n, |g, i| {
        let (a, c) = (g.index(all, &[i]), g.index(v, &[i]));
        g.mul(a, c)
    });
    let e = b.g.add(e, last);
    assert_eq!(
        b.text(&[e]),
        "f(x, v: R[n]) = sum(ss[i]*v[i] for i in 1..n) + ts[len(ts)]\n  where (ss, ts) = \
         states(fold((s, t) = (1, x) for i in 1..n: let t1 = s*v[i] in (t1, t + t1)))\n"
    );
}

#[test]
fn loops_to_a_condition() {
    let mut b = Bench::new();
    let step = b.g.new_var("step", Type::INT, VarKind::Step);
    let s = b.g.state("s", step, b.x);
    let (now, count) = (b.g.variable(s), b.g.variable(step));
    let ten = b.g.int(10);
    let cond = b.g.lt(count, ten);
    let k = b.g.to_real(count);
    let next = b.g.mul(now, k);
    let whole = b.g.sequential(LoopParts {
        len: None,
        cond: Some(cond),
        index: step,
        states: vec![s],
        inits: vec![b.x],
        nexts: vec![next],
        traces: vec![false],
    });
    let e = b.g.part(whole, 0);
    assert_eq!(
        b.text(&[e]),
        "f(x: R) = s where (s, step) = iterate((s, step) = (x, 0) while step < 10: (s*step, step + 1))\n"
    );
}

#[test]
fn structures_and_calls() {
    let mut g = Graph::default();
    let params: Vec<VarId> =
        ["p_x", "p_y", "q_1", "q_2", "k"].iter().map(|name| g.param(name, Type::REAL)).collect();
    let [px, py, q1, q2, k] = [0, 1, 2, 3, 4].map(|at| g.variable(params[at]));
    let (a, b) = (g.mul(px, q1), g.mul(py, q2));
    let sum = g.add(a, b);
    let scaled = g.mul(k, sum);
    let f = g.declare("f", params.clone(), vec![Type::REAL; 2], Origin::Source);
    g.define(f, vec![scaled, a]);
    let call = g.call(f, &[q1, q2, px, py, k]);
    let (first, second) = (g.part(call, 0), g.part(call, 1));
    let e = g.sub(first, second);
    let h = g.declare("h", params.clone(), vec![Type::REAL], Origin::Source);
    g.define(h, vec![e]);
    let param = |name: &str, vars: &[VarId], shape: Shape, global: bool| ParamFace {
        name: name.into(),
        vars: vars.to_vec(),
        shape,
        global,
    };
    let point = Shape::Record(vec![("x".into(), Shape::PLAIN), ("y".into(), Shape::PLAIN)]);
    let faces = |id: FnId, name: &str, result: Shape| Face {
        id,
        name: name.into(),
        doc: vec!["Two of them.".into()],
        params: vec![
            param("p", &params[..2], point.clone(), false),
            param("q", &params[2..4], Shape::Tuple(vec![Shape::PLAIN; 2]), false),
            param("k", &params[4..], Shape::PLAIN, true),
        ],
        result,
    };
    let mut known = Faces::new();
    known.insert(faces(f, "f", Shape::Record(vec![("u".into(), Shape::PLAIN), ("v".into(), Shape::PLAIN)])));
    known.insert(faces(h, "h", Shape::PLAIN));
    assert_eq!(
        text(&mut g, &known, f),
        "## Two of them.\nf(p: {x: R, y: R}, q: (R, R)) = {u: k*(t1 + p.y*q_2), v: t1} where (q_1, q_2) = q, t1 = p.x*q_1\n"
    );
    assert_eq!(
        text(&mut g, &known, h),
        "## Two of them.\nh(p: {x: R, y: R}, q: (R, R)) = t1.u - t1.v\n  \
         where (q_1, q_2) = q, t1 = f({x: q_1, y: q_2}, (p.x, p.y))\n"
    );
}

#[test]
fn lengths_and_assumptions() {
    let mut g = Graph::default();
    let vector = Type::array(Elem::Real, 1);
    let (v, w) = (g.param("v", vector), g.param("w", vector));
    let (ev, ew) = (g.variable(v), g.variable(w));
    let n = g.size(ev, 0);
    let one = g.int(1);
    let longer = g.add(n, one);
    g.var_mut(w).shape = Some(vec![longer]);
    let (a, b) = (g.index(ev, &[one]), g.index(ew, &[n]));
    let e = g.add(a, b);
    let f = g.declare("f", vec![v, w], vec![Type::REAL], Origin::Source);
    g.define(f, vec![e]);
    let two = g.int(2);
    let long = g.le(two, n);
    g.functions[f.0 as usize].requires = vec![long];
    let mut face = Face::plain(&g, f);
    assert_eq!(text(&mut g, &Faces::new(), f), "f(v: R[n] where 2 <= n, w: R[n+1]) = v[2] + w[n+1]\n");
    face.params[0].shape = Shape::Leaf(vec![Dim::Name("size".into())]);
    let mut faces = Faces::new();
    faces.insert(face);
    assert_eq!(text(&mut g, &faces, f), "f(v: R[size] where 2 <= size, w: R[size+1]) = v[2] + w[size+1]\n");
}

// ── Meaning ──────────────────────────────────────────────────────────────────────────────────────

fn run(g: &mut Graph, f: FnId, args: &[Value]) -> Vec<Value> {
    Machine::new(block::procedures(g, &[f])).run(f, args).expect("a value")
}

/// The value of what is printed, at the same arguments.
fn reread(text: &str, args: &[Value]) -> Vec<Value> {
    let mut tree = Tree::default();
    parse(&mut tree, "printed", text);
    let mut checked = check(&tree, &Imports::default());
    assert!(checked.diagnostics.is_empty(), "{text}{:?}", checked.diagnostics);
    let f = checked.module.functions[0].id;
    run(&mut checked.module.graph, f, args)
}

/// A primitive of two reals, conditions made numbers and back.
fn applied(g: &mut Graph, p: Prim, a: Ex, b: Ex) -> Ex {
    let half = g.real(0.5);
    let logical = p == Prim::AND || p == Prim::OR;
    let (a, b) = if logical { (g.lt(half, a), g.lt(half, b)) } else { (a, b) };
    let unary = p == Prim::NEG || p == Prim::SIN;
    let e = if unary { g.prim(p, &[a]) } else { g.prim(p, &[a, b]) };
    if g.ty(e) == Type::BOOL {
        let (one, zero) = (g.real(1.0), g.real(0.25));
        return g.select(e, one, zero);
    }
    e
}

#[test]
fn every_pair_of_operators_keeps_its_meaning() {
    let operators = [
        Prim::ADD,
        Prim::SUB,
        Prim::MUL,
        Prim::DIV,
        Prim::POW,
        Prim::NEG,
        Prim::LT,
        Prim::LE,
        Prim::EQ,
        Prim::AND,
        Prim::OR,
        Prim::MAX,
        Prim::SIN,
    ];
    for outer in operators {
        for inner in operators {
            for left in [true, false] {
                let mut b = Bench::new();
                let e = applied(&mut b.g, inner, b.y, b.z);
                let (first, second) = if left { (e, b.x) } else { (b.x, e) };
                let e = applied(&mut b.g, outer, first, second);
                let f = b.f(&[e]);
                let text = text(&mut b.g, &Faces::new(), f);
                let all = [("x", 1.25), ("y", 3.0), ("z", 0.75)];
                let used: Vec<Value> =
                    b.g.function(f)
                        .params
                        .iter()
                        .map(|&p| {
                            let (_, value) =
                                all.iter().find(|(name, _)| *name == b.g.var(p).name).expect("a parameter");
                            Value::Real(*value)
                        })
                        .collect();
                let expected = run(&mut b.g, f, &used);
                assert_eq!(format!("{:?}", reread(&text, &used)), format!("{expected:?}"), "{text}");
            }
        }
    }
}

#[test]
fn long_programs_print_in_linear_time() {
    let mut b = Bench::new();
    let mut e = b.x;
    for k in 0..100_000 {
        let c = b.g.real(k as f64 + 0.5);
        let p = b.g.mul(c, e);
        let s = b.g.prim(Prim::SIN, &[p]);
        e = if k % 3 == 0 { b.g.mul(s, e) } else { b.g.add(s, b.y) };
    }
    let f = b.f(&[e]);
    let start = std::time::Instant::now();
    let mut tree = Tree::default();
    let item = raise::definition(&mut b.g, &mut tree, &Faces::new(), f);
    let text = print::item(&tree, &item);
    assert!(text.len() > 1_000_000);
    assert!(typeset::item(&tree, &item, Markup::Latex).len() > 1_000_000);
    assert!(drawing::item(&tree, &item, false).len() > 1_000_000);
    println!("{:?}", start.elapsed());
    assert!(start.elapsed().as_secs() < 20);
    let mut read = Tree::default();
    assert!(parse(&mut read, "printed", &text).is_empty());
}

// ── LaTeX and drawings ───────────────────────────────────────────────────────────────────────────

/// A definition in a markup language.
fn typeset(text: &str, markup: Markup) -> String {
    let mut tree = Tree::default();
    let errors = parse(&mut tree, "formula", text);
    assert!(errors.is_empty(), "{errors:?}");
    typeset::item(&tree, tree.items.last().expect("a definition"), markup)
}

/// The formulas of tests/print/formulas.txt, each followed by its LaTeX, its Typst and its MathML.
/// `ZGRAD_BLESS=1` writes those anew.
#[test]
fn formulas_for_papers() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/print/formulas.txt");
    let text = std::fs::read_to_string(path).unwrap();
    let mut anew = String::new();
    let mut typst = Vec::new();
    for block in text.split("\n\n").filter(|block| !block.trim().is_empty()) {
        let formula = block.lines().next().unwrap();
        anew.push_str(&format!("{formula}\n"));
        for markup in [Markup::Latex, Markup::Typst, Markup::MathMl] {
            anew.push_str(&format!("{}\n", typeset(formula, markup)));
        }
        anew.push('\n');
        let math = typeset(formula, Markup::MathMl);
        assert_balanced(&math);
        typst.push(typeset(formula, Markup::Typst));
        let latex = typeset(formula, Markup::Latex);
        let count = |c: char| latex.chars().filter(|&d| d == c).count();
        assert_eq!(count('{'), count('}'), "{latex}");
        assert_eq!(latex.matches("\\left").count(), latex.matches("\\right").count(), "{latex}");
    }
    if std::env::var_os("ZGRAD_BLESS").is_some() {
        std::fs::write(path, anew).unwrap();
    } else {
        assert_eq!(text.trim_end(), anew.trim_end());
    }
    compiles(&typst.join("\n\n"));
}

/// Every function of the table, in every language.
#[test]
fn built_in_functions_for_papers() {
    let mut typst = Vec::new();
    for prim in Prim::all() {
        let row = prim.row();
        let args: Vec<String> = row.args.iter().map(|arg| format!("{arg}/2")).collect();
        let text = format!("f(x) = {}({})", row.name, args.join(", "));
        let mut tree = Tree::default();
        if !parse(&mut tree, "formula", &text).is_empty() {
            continue;
        }
        assert_balanced(&typeset(&text, Markup::MathMl));
        typst.push(typeset(&text, Markup::Typst));
    }
    assert!(typst.len() > 100);
    compiles(&typst.join("\n\n"));
}

/// Whether all elements are closed in their order.
fn assert_balanced(xml: &str) {
    let mut open: Vec<&str> = Vec::new();
    for tag in xml.split('<').skip(1) {
        let (tag, text) = tag.split_once('>').expect("a tag ends");
        assert!(!text.contains('>') && !text.contains('&') || text.starts_with("&"), "{text}");
        match tag.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name), "{xml}"),
            None => open.push(tag.split(' ').next().unwrap()),
        }
    }
    assert!(open.is_empty(), "{xml}");
}

/// Compiles Typst if Python has its compiler, and says so if not.
fn compiles(text: &str) {
    let program = "import sys\ntry:\n    import typst\nexcept ImportError:\n    sys.exit(3)\n\
                   typst.compile(sys.stdin.buffer.read())";
    let child = std::process::Command::new("python3")
        .args(["-c", program])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::piped())
        .spawn();
    let Ok(mut child) = child else { return println!("SKIPPED: there is no python3, nothing was compiled") };
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), text.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    match output.status.code() {
        Some(0) => {}
        Some(3) => println!("SKIPPED: Python has no typst, nothing was compiled"),
        _failed => panic!("{}", String::from_utf8_lossy(&output.stderr)),
    }
}

#[test]
fn drawings() {
    let mut tree = Tree::default();
    let text = "f(x, v) = x*t1 + t1/v[i+1] - sum(v[k]^2 for k in 1..n if c) where t1 = exp(y), y = sin(x)";
    assert!(parse(&mut tree, "formula", text).is_empty());
    let text = "f(x, v)\n\
                └─ +\n   \
                   ├─ *\n   \
                   │  ├─ x\n   \
                   │  └─ t1 = exp\n   \
                   │     └─ y = sin\n   \
                   │        └─ x\n   \
                   ├─ /\n   \
                   │  ├─ t1\n   \
                   │  └─ v[i+1]\n   \
                   └─ -: sum for k in 1..n\n      \
                      ├─ if: c\n      \
                      └─ ^\n         \
                         ├─ v[k]\n         \
                         └─ 2\n";
    assert_eq!(drawing::item(&tree, &tree.items[0], false), text);
    let ascii = drawing::item(&tree, &tree.items[0], true);
    assert!(ascii.starts_with("f(x, v)\n`-- +\n    |-- *\n    |   |-- x\n    |   `-- t1 = exp\n"), "{ascii}");
}
