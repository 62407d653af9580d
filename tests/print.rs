//! The printer of mathematics: hand-made graphs and the text that a person would have written.

use zgrad::core::{AccumOp, Elem, Ex, FnId, Graph, LoopParts, Origin, Type, VarId, VarKind};
use zgrad::primitive::Prim;
use zgrad::print::{Dim, Face, Faces, ParamFace, Shape, raise};
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
fn dump() {
    let mut b = Bench::new();
    // rosenbrock
    let len = b.less(b.n, 1);
    let v = b.v;
    let e = b.sum(len, |g, i| {
        let one = g.int(1);
        let i1 = g.add(i, one);
        let (a, c) = (g.index(v, &[i]), g.index(v, &[i1]));
        let two = g.real(2.0);
        let s = g.prim(Prim::POW, &[a, two]);
        let d = g.sub(c, s);
        let d = g.prim(Prim::POW, &[d, two]);
        let h = g.real(100.0);
        let d = g.mul(h, d);
        let onef = g.real(1.0);
        let o = g.sub(onef, a);
        let o = g.prim(Prim::POW, &[o, two]);
        g.add(d, o)
    });
    println!("{}", b.text(&[e]));
    // shared
    let mut b = Bench::new();
    let p = b.g.mul(b.x, b.y);
    let ex = b.g.prim(Prim::EXP, &[p]);
    let (r1, r2) = (b.g.mul(b.y, ex), b.g.mul(b.x, ex));
    println!("{}", b.text(&[r1, r2]));
    // gradient of rosenbrock by comprehension with conditions
    let mut b = Bench::new();
    let (v, n) = (b.v, b.n);
    let e = b.build(n, |g, i| {
        let one = g.int(1);
        let i1 = g.add(i, one);
        let im = g.sub(i, one);
        let (a, c) = (g.index(v, &[i]), g.index(v, &[i1]));
        let p = g.index(v, &[im]);
        let last = g.lt(i1, n);
        let zero = g.real(0.0);
        let zi = g.int(0);
        let d = g.sub(c, a);
        let first = g.lt(zi, i);
        let d = g.select(last, d, zero);
        let pp = g.mul(p, a);
        let pp = g.select(first, pp, zero);
        g.add(d, pp)
    });
    println!("{}", b.text(&[e]));
    // scatter
    let mut b = Bench::new();
    let zeros = b.g.zeros(Elem::Real, &[b.n]);
    let i = b.g.binder("i", b.m);
    let at = b.g.variable(i);
    let two = b.g.int(2);
    let k = b.g.mul(two, at);
    let val = b.g.index(b.v, &[at]);
    let e = b.g.accum(AccumOp::Sum, zeros, &[i], &[k], val);
    println!("{}", b.text(&[e]));
    // fold
    let mut b = Bench::new();
    let i = b.g.binder("i", b.n);
    let one = b.g.real(1.0);
    let s = b.g.state("s", i, one);
    let t = b.g.state("t", i, b.x);
    let (se, te, ie) = (b.g.variable(s), b.g.variable(t), b.g.variable(i));
    let vi = b.g.index(b.v, &[ie]);
    let ns = b.g.mul(se, vi);
    let nt = b.g.add(te, ns);
    let l = b.g.sequential(LoopParts {
        len: Some(b.n),
        cond: None,
        index: i,
        states: vec![s, t],
        inits: vec![one, b.x],
        nexts: vec![ns, nt],
        traces: vec![true, false],
    });
    let (a, c) = (b.g.part(l, 0), b.g.part(l, 1));
    let e = b.g.mul(a, c);
    println!("{}", b.text(&[e]));
    let tr = b.g.part(l, 2);
    let e2 = b.sum(b.n, |g, i| {
        let a = g.index(tr, &[i]);
        let b = g.index(v, &[i]);
        g.mul(a, b)
    });
    let e2 = b.g.mul(e2, e);
    println!("{}", b.text(&[e2]));
    // iterate
    let mut b = Bench::new();
    let i = b.g.new_var("step", Type::INT, VarKind::Step);
    let s = b.g.state("s", i, b.x);
    let se = b.g.variable(s);
    let ie = b.g.variable(i);
    let ten = b.g.int(10);
    let cond = b.g.lt(ie, ten);
    let k = b.g.to_real(ie);
    let next = b.g.mul(se, k);
    let l = b.g.sequential(LoopParts {
        len: None,
        cond: Some(cond),
        index: i,
        states: vec![s],
        inits: vec![b.x],
        nexts: vec![next],
        traces: vec![false],
    });
    let e = b.g.part(l, 0);
    println!("{}", b.text(&[e]));
    let st = b.g.part(l, 2);
    println!("{}", b.text(&[e, st]));
    let _ = (Dim::Unknown, Shape::PLAIN, b.z, b.w);
    let _: Option<(Face, ParamFace)> = None;
}
