//! Random graphs: the machine agrees with the reference to the bit.

mod eval_support;

use eval_support::{Val, array, define, reference};
use proptest::prelude::*;
use zgrad::block::procedures;
use zgrad::core::{AccumOp, Elem, Ex, FnId, Graph, LoopParts, Origin, Type, VarId, VarKind};
use zgrad::eval::{Array, Machine, Value};
use zgrad::primitive::Prim;

struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }
}

/// Makes expressions; those made before may be used again wherever their binders are in scope.
struct Maker<'g> {
    g: &'g mut Graph,
    r: Random,
    scope: Vec<VarId>,
    made: Vec<Ex>,
    f: FnId,
    fuel: i32,
}

impl Maker<'_> {
    fn in_scope(&self, ex: Ex) -> bool {
        self.g.free(ex).all(|v| self.scope.contains(&v))
    }

    /// An expression of the type that exists already.
    fn old(&mut self, ty: Type) -> Ex {
        let fit: Vec<Ex> =
            self.made.iter().copied().filter(|&e| self.g.ty(e) == ty && self.in_scope(e)).collect();
        fit[self.r.below(fit.len())]
    }

    fn keep(&mut self, ex: Ex) -> Ex {
        self.made.push(ex);
        ex
    }

    fn real(&mut self) -> Ex {
        self.fuel -= 1;
        if self.fuel < 0 || self.r.below(5) == 0 {
            return self.old(Type::REAL);
        }
        let ex = match self.r.below(16) {
            0 | 1 => {
                let (a, b) = (self.real(), self.real());
                self.g.add(a, b)
            }
            2 | 3 => {
                let (a, b) = (self.real(), self.real());
                self.g.mul(a, b)
            }
            4 => {
                let a = self.real();
                self.g.prim(Prim::SIN, &[a])
            }
            5 => {
                let a = self.real();
                self.g.prim(Prim::SQRT, &[a])
            }
            6 => {
                let (a, b) = (self.real(), self.real());
                self.g.prim(Prim::MAX, &[a, b])
            }
            7..=9 => {
                let c = self.cond();
                let (a, b) = (self.real(), self.real());
                self.g.select(c, a, b)
            }
            10 => self.element(),
            11 => self.guarded_element(),
            12 => self.call(),
            13 => self.sum(),
            14 => self.fold(Type::REAL),
            _ => {
                let n = self.int();
                self.g.to_real(n)
            }
        };
        self.keep(ex)
    }

    fn int(&mut self) -> Ex {
        self.fuel -= 1;
        if self.fuel < 0 || self.r.below(2) == 0 {
            return self.old(Type::INT);
        }
        let ex = match self.r.below(5) {
            0 => {
                let (a, b) = (self.int(), self.int());
                self.g.add(a, b)
            }
            1 => {
                let (a, b) = (self.int(), self.int());
                self.g.sub(a, b)
            }
            2 => {
                let (a, b) = (self.int(), self.int());
                self.g.prim(Prim::MOD, &[a, b])
            }
            3 => {
                let c = self.cond();
                let (a, b) = (self.int(), self.int());
                self.g.select(c, a, b)
            }
            _ => {
                let a = self.array();
                self.g.size(a, 0)
            }
        };
        self.keep(ex)
    }

    fn cond(&mut self) -> Ex {
        self.fuel -= 1;
        if self.r.below(2) == 0 {
            return self.old(Type::BOOL);
        }
        let ex = if self.r.below(2) == 0 {
            let (a, b) = (self.real(), self.real());
            self.g.lt(a, b)
        } else {
            let (a, b) = (self.int(), self.int());
            self.g.le(a, b)
        };
        self.keep(ex)
    }

    fn array(&mut self) -> Ex {
        self.fuel -= 1;
        let ty = Type::array(Elem::Real, 1);
        if self.fuel < 0 || self.r.below(2) == 0 {
            return self.old(ty);
        }
        let ex = match self.r.below(7) {
            0 | 1 => {
                let b = self.enter();
                let body = self.real();
                self.scope.pop();
                self.g.build(&[b], body)
            }
            2 | 3 => {
                let init = self.array();
                let b = self.enter();
                let mut at = self.index_into(init, b);
                let mut value = self.real();
                if self.r.below(2) == 0 {
                    let (c, zero, first) = (self.cond(), self.g.real(0.0), self.g.int(0));
                    value = self.g.select(c, value, zero);
                    let inside = self.int();
                    at = if self.r.below(2) == 0 { self.g.select(c, inside, first) } else { at };
                }
                self.scope.pop();
                self.g.accum(AccumOp::Sum, init, &[b], &[at], value)
            }
            4 => {
                let c = self.cond();
                let (a, b) = (self.array(), self.array());
                self.g.select(c, a, b)
            }
            5 => self.fold(ty),
            _ => {
                let elems = [self.real(), self.real(), self.real()];
                self.g.lit(&elems, &[3])
            }
        };
        self.keep(ex)
    }

    fn enter(&mut self) -> VarId {
        let a = self.array();
        let len = match self.r.below(4) {
            0 => self.g.int(3),
            1 => self.old(Type::INT),
            _ => self.g.size(a, 0),
        };
        // Short loops, or nested ones take for ever.
        let most = self.g.int(4);
        let len = self.g.prim(Prim::MIN, &[len, most]);
        let b = self.g.binder("i", len);
        self.scope.push(b);
        let i = self.g.variable(b);
        self.made.push(i);
        b
    }

    fn index_into(&mut self, array: Ex, b: VarId) -> Ex {
        let n = self.g.size(array, 0);
        let i = self.g.variable(b);
        match self.r.below(4) {
            0 => i,
            1 => self.int(),
            _ => self.g.prim(Prim::MOD, &[i, n]),
        }
    }

    fn element(&mut self) -> Ex {
        let a = self.array();
        let i = self.int();
        let n = self.g.size(a, 0);
        let i = if self.r.below(4) == 0 { i } else { self.g.prim(Prim::MOD, &[i, n]) };
        self.g.index(a, &[i])
    }

    fn guarded_element(&mut self) -> Ex {
        let (a, i) = (self.array(), self.int());
        let n = self.g.size(a, 0);
        let zero = self.g.int(0);
        let (low, high) = (self.g.le(zero, i), self.g.lt(i, n));
        let inside = self.g.and(low, high);
        let e = self.g.index(a, &[i]);
        let other = self.real();
        self.made.push(e);
        self.g.select(inside, e, other)
    }

    fn call(&mut self) -> Ex {
        let (x, n) = (self.real(), self.int());
        let six = self.g.int(6);
        let short = self.g.lt(n, six);
        let call = self.g.call(self.f, &[x, n]);
        let which = self.r.below(2);
        let value = self.g.part(call, which);
        let other = self.real();
        self.made.push(value);
        self.g.select(short, value, other)
    }

    fn sum(&mut self) -> Ex {
        let op = [AccumOp::Sum, AccumOp::Sum, AccumOp::Prod, AccumOp::Max, AccumOp::Min][self.r.below(5)];
        let init = self.real();
        let mut over = vec![self.enter()];
        if self.r.below(3) == 0 {
            over.push(self.enter());
        }
        let value = self.real();
        self.scope.truncate(self.scope.len() - over.len());
        self.g.accum(op, init, &over, &[], value)
    }

    fn fold(&mut self, ty: Type) -> Ex {
        let init = if ty.is_array() { self.array() } else { self.real() };
        let second = self.real();
        let counted = self.r.below(2) == 0;
        let len = counted.then(|| {
            let n = self.old(Type::INT);
            let most = self.g.int(4);
            self.g.prim(Prim::MIN, &[n, most])
        });
        let index = match len {
            Some(len) => self.g.binder("k", len),
            None => self.g.new_var("k", Type::INT, VarKind::Step),
        };
        let states = vec![self.g.state("s", index, init), self.g.state("u", index, second)];
        let depth = self.scope.len();
        self.scope.push(index);
        self.scope.extend(&states);
        let k = self.g.variable(index);
        self.made.push(k);
        for &s in &states {
            let s = self.g.variable(s);
            self.made.push(s);
        }
        let cond = (!counted).then(|| {
            let limit = self.g.int(3);
            let going = self.g.lt(k, limit);
            let never = self.g.boolean(false);
            let more = self.cond();
            self.g.select(going, more, never)
        });
        let first = self.next_state(states[0], init);
        let nexts = vec![first, self.real()];
        self.scope.truncate(depth);
        let traces = vec![self.r.below(3) == 0, self.r.below(3) == 0];
        let wanted = traces.clone();
        let parts = LoopParts { len, cond, index, states, inits: vec![init, second], nexts, traces };
        let l = self.g.sequential(parts);
        let last = self.g.part(l, 1);
        self.made.push(last);
        if wanted[1] {
            let trace = self.g.part(l, 3);
            self.made.push(trace);
        }
        let count = self.g.part(l, 4);
        self.made.push(count);
        self.g.part(l, 0)
    }

    /// The next value of a state, of the same shape.
    fn next_state(&mut self, state: VarId, init: Ex) -> Ex {
        let s = self.g.variable(state);
        if self.g.ty(init).is_scalar() {
            return self.real();
        }
        let n = self.g.size(s, 0);
        match self.r.below(3) {
            0 => {
                let b = self.g.binder("j", n);
                self.scope.push(b);
                let j = self.g.variable(b);
                self.made.push(j);
                let body = self.real();
                self.scope.pop();
                self.g.build(&[b], body)
            }
            1 => {
                let i = self.int();
                let i = self.g.prim(Prim::MOD, &[i, n]);
                let value = self.real();
                self.g.accum(AccumOp::Sum, s, &[], &[i], value)
            }
            _ => {
                let b = self.enter();
                let at = self.index_into(s, b);
                let value = self.real();
                self.scope.pop();
                self.g.accum(AccumOp::Sum, s, &[b], &[at], value)
            }
        }
    }
}

/// g(x, n) = if n <= 0 then (x, 1) else (sin(p)*x, q + x) where (p, q) = g(x + 1, n - 1)
fn recursive(g: &mut Graph) -> FnId {
    let (xv, nv) = (g.param("x", Type::REAL), g.param("n", Type::INT));
    let f = g.declare("g", vec![xv, nv], vec![Type::REAL, Type::REAL], Origin::Source);
    let (x, n) = (g.variable(xv), g.variable(nv));
    let (zero, one, unit) = (g.int(0), g.int(1), g.real(1.0));
    let (more, less) = (g.add(x, unit), g.sub(n, one));
    let call = g.call(f, &[more, less]);
    let (p, q) = (g.part(call, 0), g.part(call, 1));
    let cond = g.le(n, zero);
    let p = g.prim(Prim::SIN, &[p]);
    let (p, q) = (g.mul(p, x), g.add(q, x));
    let (p, q) = (g.select(cond, x, p), g.select(cond, unit, q));
    g.define(f, vec![p, q]);
    f
}

fn check(seed: u64, fuel: i32) {
    let g = &mut Graph::default();
    let f = recursive(g);
    let ((xv, x), (yv, y)) = (array(g, "x", 1), array(g, "y", 1));
    let (av, bv) = (g.param("a", Type::REAL), g.param("b", Type::REAL));
    let (nv, cv) = (g.param("n", Type::INT), g.param("c", Type::BOOL));
    let mut made = vec![x, y];
    for var in [av, bv, nv, cv] {
        made.push(g.variable(var));
    }
    made.extend([g.real(0.5), g.int(2), g.int(0), g.real(-1.0)]);
    let mut maker = Maker { g, r: Random(seed), scope: vec![], made, f, fuel };
    let results = [maker.real(), maker.array(), maker.real(), maker.int()];
    let h = define(g, "h", &[xv, yv, av, bv, nv, cv], &results);
    g.verify_functions();
    let args = [
        Value::Array(Array::reals(&[4], vec![0.5, -1.25, 2.0, 0.0])),
        Value::Array(Array::reals(&[3], vec![1.5, 0.25, -0.75])),
        Value::Real(0.7),
        Value::Real(-1.3),
        Value::Int(3),
        Value::Bool(seed.is_multiple_of(2)),
    ];
    let vals: Vec<Val> = args.iter().map(Val::of).collect();
    let wanted = reference(g, h, &vals);
    if std::env::var_os("ZGRAD_DUMP").is_some() {
        for ex in g.reach(&results) {
            eprintln!("{} = {}", ex.0, eval_support::node_text(g, ex));
        }
        eprintln!("results {results:?}");
    }
    let procedures = procedures(g, &[h]);
    let text = procedures[0].to_string();
    let got = Machine::new(procedures).run(h, &args);
    let Some(wanted) = wanted else { return };
    let got = got.unwrap_or_else(|fault| panic!("{fault:?}\n{text}"));
    for (got, wanted) in got.iter().map(Val::of).zip(&wanted) {
        assert!(got.same(wanted), "{got:?} is not {wanted:?}\n{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn random_graphs(seed in any::<u64>(), fuel in 5..60) {
        check(seed, fuel);
    }
}

/// Finds a small failure: `cargo test --test eval_random -- --ignored small`.
#[test]
#[ignore = "a tool for debugging"]
fn small() {
    std::panic::set_hook(Box::new(|_| {}));
    for fuel in 3..60 {
        for seed in 0..600 {
            if std::env::var_os("VERBOSE").is_some() {
                eprintln!("fuel {fuel}, seed {seed}");
            }
            if let Err(cause) = std::panic::catch_unwind(|| check(seed, fuel)) {
                let text = cause.downcast_ref::<String>().cloned().unwrap_or_default();
                eprintln!("seed {seed}, fuel {fuel}: {text}");
                return;
            }
        }
    }
}

#[test]
#[ignore = "a tool for debugging"]
fn one() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    check(number("SEED").unwrap_or(0), number("FUEL").unwrap_or(10) as i32);
}
