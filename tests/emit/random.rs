//! Random procedures, in one module: compiled once, run, and compared with the statements' meaning.

use super::build::{Build, face, header};
use super::interpret::{self, Value};
use super::tools::{formatted, linted, run};
use zgrad::block::{Local, Op, Procedure, Stmt};
use zgrad::core::{Elem, Type};
use zgrad::emit::rust;
use zgrad::primitive::{Kind, Prim, find};

struct Random(u64);

impl Random {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % below
    }

    fn chance(&mut self, of: usize) -> bool {
        self.next(of) == 0
    }
}

/// The locals in scope that a generated statement may read.
#[derive(Default, Clone)]
struct Scope {
    reals: Vec<Local>,
    bools: Vec<Local>,
    ints: Vec<Local>,
    /// Set already, may be set again.
    variables: Vec<Local>,
    /// Indices below the length of the arrays.
    indices: Vec<Local>,
}

struct Generator {
    b: Build,
    r: Random,
    x: Local,
    work: Local,
    m: Local,
    grid: Local,
    n: Local,
}

/// Random statements set variables that nothing reads.
const UNUSED: [&str; 4] =
    ["unused_assignments", "unused_variables", "unused_mut", "clippy::zero_divided_by_zero"];

const REALS: [&str; 13] =
    ["add", "sub", "mul", "div", "neg", "abs", "sin", "max", "min", "sign", "floor", "mul", "sub"];

impl Generator {
    fn pick(&mut self, from: &[Local]) -> Local {
        // Newer values are likelier, so that expressions nest.
        let n = from.len();
        let (a, b) = (self.r.next(n), self.r.next(n));
        from[a.max(b)]
    }

    fn real(&mut self, s: &mut Scope) {
        let l = match self.r.next(12) {
            0 => {
                let v = [0.0, 1.0, -1.0, 2.5, -0.5, 3.0, 1e-3, std::f64::consts::PI, 0.3333333333333333];
                let v = v[self.r.next(v.len())];
                self.b.real(v)
            }
            1 => {
                let x = self.pick(&s.reals);
                let k = [2.0, 3.0, -1.0, 4.0, 0.5][self.r.next(5)];
                let k = self.b.real(k);
                self.b.prim(Prim::POW, &[x, k])
            }
            2 if !s.indices.is_empty() => {
                let i = self.pick(&s.indices);
                let j = self.pick(&s.indices);
                match self.r.next(4) {
                    0 => self.b.load(self.x, &[i]),
                    1 => self.b.load(self.work, &[i]),
                    2 => self.b.load(self.m, &[i, j]),
                    _ => self.b.load(self.grid, &[i, j]),
                }
            }
            3 => {
                let i = self.pick(&s.ints);
                self.b.prim(Prim::TO_REAL, &[i])
            }
            _ => {
                let p = find(REALS[self.r.next(REALS.len())]).unwrap();
                let args: Vec<Local> = p.row().args.iter().map(|_| self.pick(&s.reals)).collect();
                self.b.prim(p, &args)
            }
        };
        s.reals.push(l);
    }

    fn bool(&mut self, s: &mut Scope) -> Local {
        let compare = [Prim::LT, Prim::LE, Prim::GT, Prim::GE, Prim::EQ, Prim::NE];
        let p = compare[self.r.next(6)];
        let l = match self.r.next(4) {
            0 if !s.bools.is_empty() => {
                let p = [Prim::AND, Prim::OR, Prim::NOT][self.r.next(3)];
                let args: Vec<Local> = p.row().args.iter().map(|_| self.pick(&s.bools)).collect();
                self.b.prim(p, &args)
            }
            1 => {
                let args = [self.pick(&s.ints), self.pick(&s.ints)];
                self.b.prim(p, &args)
            }
            _ => {
                let args = [self.pick(&s.reals), self.pick(&s.reals)];
                self.b.prim(p, &args)
            }
        };
        s.bools.push(l);
        l
    }

    fn int(&mut self, s: &mut Scope) {
        let l = match self.r.next(6) {
            0 => {
                let v = self.r.next(5) as i64 - 1;
                self.b.int(v)
            }
            1 => {
                let y = [self.pick(&s.ints), self.n];
                self.b.prim(find("mod").unwrap(), &y)
            }
            2 => {
                let p = [Prim::MAX, Prim::MIN][self.r.next(2)];
                let y = [self.pick(&s.ints), self.pick(&s.ints)];
                self.b.prim(p, &y)
            }
            3 => {
                // Kept small.
                let (a, k) = (self.pick(&s.ints), self.b.int(7));
                let a = self.b.prim(find("rem").unwrap(), &[a, k]);
                let b = self.pick(&s.ints);
                let b = self.b.prim(find("rem").unwrap(), &[b, k]);
                self.b.prim(Prim::MUL, &[a, b])
            }
            _ => {
                let p = [Prim::ADD, Prim::SUB][self.r.next(2)];
                let y = [self.pick(&s.ints), self.pick(&s.ints)];
                self.b.prim(p, &y)
            }
        };
        s.ints.push(l);
    }

    fn index(&mut self, s: &mut Scope) {
        let i = self.pick(&s.ints);
        let n = self.n;
        let l = self.b.prim(find("mod").unwrap(), &[i, n]);
        s.indices.push(l);
    }

    fn branch(&mut self, s: &mut Scope, depth: usize) {
        let cond = self.bool(s);
        let count = 1 + self.r.next(2);
        let targets: Vec<Local> = (0..count).map(|_| self.b.local("", Type::REAL)).collect();
        for &t in &targets {
            self.b.push(Stmt::Declare { dst: t });
        }
        let then = self.side(s.clone(), &targets, depth);
        let els = self.side(s.clone(), &targets, depth);
        self.b.push(Stmt::If { cond, then, els });
        s.reals.extend(targets);
    }

    fn side(&mut self, mut s: Scope, targets: &[Local], depth: usize) -> Vec<Stmt> {
        self.b.open();
        self.stmts(&mut s, depth - 1, 4);
        if self.r.chance(3) && depth > 1 {
            // An inner branch sets them.
            let cond = self.bool(&mut s);
            let then = self.side(s.clone(), targets, depth - 1);
            let els = self.side(s.clone(), targets, depth - 1);
            self.b.push(Stmt::If { cond, then, els });
        } else {
            for &t in targets {
                let value = self.pick(&s.reals);
                let op = if self.r.chance(4) {
                    let other = self.pick(&s.reals);
                    Op::Prim(Prim::MUL, vec![value, other])
                } else {
                    Op::Copy(value)
                };
                self.b.set(t, op);
            }
        }
        self.b.close()
    }

    fn repeat(&mut self, s: &mut Scope, depth: usize) {
        let len = if self.r.chance(3) { self.pick(&s.ints) } else { self.n };
        let limit = self.b.int(4);
        let len = if len == self.n { len } else { self.b.prim(Prim::MIN, &[len, limit]) };
        let index = self.b.local("i", Type::INT);
        let mut inner = s.clone();
        inner.ints.push(index);
        if len == self.n {
            inner.indices.push(index);
        }
        self.b.open();
        self.stmts(&mut inner, depth - 1, 5);
        let body = self.b.close();
        self.b.push(Stmt::For { index, len, body });
    }

    fn stmts(&mut self, s: &mut Scope, depth: usize, count: usize) {
        for _ in 0..count {
            match self.r.next(14) {
                0 | 1 => self.int(s),
                2 => {
                    self.bool(s);
                }
                3 => self.index(s),
                4 => {
                    let (v, t) = (self.pick(&s.reals), self.b.local("", Type::REAL));
                    self.b.set(t, Op::Copy(v));
                    s.variables.push(t);
                    s.reals.push(t);
                }
                5 if !s.variables.is_empty() => {
                    let v = self.pick(&s.variables);
                    let p = [Prim::ADD, Prim::SUB, Prim::MUL][self.r.next(3)];
                    let w = self.pick(&s.reals);
                    let op = match self.r.next(3) {
                        0 => Op::Copy(w),
                        1 => Op::Prim(p, vec![v, w]),
                        _ => Op::Prim(p, vec![w, v]),
                    };
                    self.b.set(v, op);
                }
                6 if !s.indices.is_empty() => {
                    let (i, v) = (self.pick(&s.indices), self.pick(&s.reals));
                    // Sums stay finite.
                    let v = self.b.prim(find("sin").unwrap(), &[v]);
                    if self.r.chance(2) {
                        self.b.add_to(self.work, &[i], v);
                    } else {
                        let j = self.pick(&s.indices);
                        self.b.add_to(self.grid, &[i, j], v);
                    }
                }
                7 | 8 if depth > 0 => self.branch(s, depth),
                9 if depth > 0 => self.repeat(s, depth),
                _ => self.real(s),
            }
        }
    }
}

fn procedure(id: u32, seed: u64) -> Procedure {
    let mut b = Build::new();
    let a = b.param("a", Type::REAL);
    let c = b.param("c", Type::REAL);
    let k = b.param("k", Type::INT);
    let x = b.param("x", Type::array(Elem::Real, 1));
    let m = b.param("m", Type::array(Elem::Real, 2));
    let n = b.size(x, 0);
    let work = b.alloc("work", &[n]);
    let grid = b.alloc("grid", &[n, n]);
    let mut g = Generator { b, r: Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1), x, work, m, grid, n };
    let mut scope = Scope { reals: vec![a, c], ints: vec![k, n], ..Scope::default() };
    g.stmts(&mut scope, 3, 30);
    g.b.repeat("row", n, |b, i| {
        b.repeat("col", n, |b, j| {
            let t = b.load(grid, &[i, j]);
            b.add_to(work, &[i], t);
        });
    });
    let result = g.pick(&scope.reals);
    let results: Vec<Local> = scope.reals.iter().rev().take(4).copied().chain([result, work]).collect();
    g.b.finish(id, &format!("case{id}"), &results)
}

#[test]
fn random_procedures_compute_what_they_say() {
    let count = 60;
    // Another seed gives other programs.
    let seed: u64 = std::env::var("SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(1);
    let procedures: Vec<Procedure> = (0..count).map(|k| procedure(k, 1000 * seed + k as u64)).collect();
    let results: [(&str, &[&str]); 6] =
        [("a", &[]), ("b", &[]), ("c", &[]), ("d", &[]), ("e", &[]), ("work", &["?"])];
    let faces: Vec<_> =
        procedures.iter().map(|p| face(p, &[&[], &[], &[], &["n"], &["n", "n"]], &results)).collect();
    let module = rust::module(&procedures, &faces, &header()).unwrap();
    if std::env::var("SHOW").is_ok() {
        eprintln!("{module}");
    }
    formatted("random", &module);
    linted("random", &module, &UNUSED);
    let grid = [1.0, -0.5, 2.0, 0.25, 1.5, -1.0, 0.75, 3.0, -2.0];
    let mut main = format!("const M: [f64; 9] = {grid:?};\nfn main() {{\n");
    let mut expected = String::new();
    for (k, _) in procedures.iter().enumerate() {
        main.push_str(&format!("println!(\"{{:?}}\", case{k}(0.7, -1.25, 2, &[0.5, -2.0, 3.0], &M));\n"));
        let x = [0.5, -2.0, 3.0].map(Value::Real).to_vec();
        let m = Value::Array(vec![3, 3], grid.map(Value::Real).to_vec());
        let args = [Value::Real(0.7), Value::Real(-1.25), Value::Int(2), Value::Array(vec![3], x), m];
        expected.push_str(&interpret::shown(&interpret::run(&procedures, k, &args)));
        expected.push('\n');
    }
    main.push('}');
    let Some(out) = run("random", &module, &main, &UNUSED[..3]) else { return };
    for (k, (out, expected)) in out.lines().zip(expected.lines()).enumerate() {
        assert!(close(out, expected), "case{k}: {out}\n    not {expected}\n{}", function(&module, k));
    }
}

/// Equal but for rounding, in whose way `powi` may differ.
fn close(a: &str, b: &str) -> bool {
    let numbers = |t: &str| -> Vec<f64> {
        t.split([',', '(', ')', '[', ']']).filter_map(|w| w.trim().parse().ok()).collect()
    };
    let (a, b) = (numbers(a), numbers(b));
    a.len() == b.len()
        && a.iter().zip(&b).all(|(a, b)| {
            a == b || a.is_nan() && b.is_nan() || (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1e-3)
        })
}

fn function(module: &str, k: usize) -> &str {
    let start = module.find(&format!("pub fn case{k}(")).unwrap_or(0);
    let end = module[start..].find("\n}\n").map_or(module.len(), |n| start + n + 3);
    &module[start..end]
}

#[test]
fn every_pair_of_operators_keeps_its_brackets() {
    let infix: Vec<Prim> = Prim::all()
        .filter(|p| matches!(p.row().rust, zgrad::primitive::Spelling::Infix { .. }))
        .filter(|p| matches!(p.row().kind, Kind::Arith | Kind::RealToReal))
        .collect();
    let unary: Vec<Prim> = ["neg", "abs", "sqrt", "sign", "exp"].iter().map(|n| find(n).unwrap()).collect();
    let compare = [Prim::LT, Prim::LE, Prim::GT, Prim::GE, Prim::EQ, Prim::NE];
    let mut procedures = Vec::new();
    let mut add = |make: &dyn Fn(&mut Build, Local, Local, Local) -> Local| {
        let mut b = Build::new();
        let [x, y, z] = ["x", "y", "z"].map(|name| b.param(name, Type::REAL));
        let result = make(&mut b, x, y, z);
        let id = procedures.len() as u32;
        procedures.push(b.finish(id, &format!("case{id}"), &[result]));
    };
    for &p in &infix {
        for &q in &infix {
            add(&|b, x, y, z| {
                let t = b.prim(q, &[x, y]);
                b.prim(p, &[t, z])
            });
            add(&|b, x, y, z| {
                let t = b.prim(q, &[y, z]);
                b.prim(p, &[x, t])
            });
        }
        for &u in &unary {
            add(&|b, x, y, _| {
                let t = b.prim(u, &[x]);
                b.prim(p, &[t, y])
            });
            add(&|b, x, y, _| {
                let t = b.prim(u, &[y]);
                b.prim(p, &[x, t])
            });
            add(&|b, x, y, _| {
                let t = b.prim(p, &[x, y]);
                b.prim(u, &[t])
            });
        }
        for k in [2.0, 3.0, -1.0, -2.0, 0.5] {
            add(&|b, x, y, _| {
                let (t, k) = (b.prim(p, &[x, y]), b.real(k));
                b.prim(Prim::POW, &[t, k])
            });
            add(&|b, x, y, _| {
                let k = b.real(k);
                let t = b.prim(Prim::POW, &[y, k]);
                b.prim(p, &[x, t])
            });
            add(&|b, x, y, _| {
                let k = b.real(k);
                let t = b.prim(Prim::POW, &[x, k]);
                b.prim(p, &[t, y])
            });
        }
        for c in [-1.0, -2.5, 2.0] {
            add(&|b, x, _, _| {
                let c = b.real(c);
                b.prim(p, &[x, c])
            });
            add(&|b, x, _, _| {
                let c = b.real(c);
                b.prim(p, &[c, x])
            });
        }
        for c in compare {
            add(&|b, x, y, z| {
                let t = b.prim(p, &[x, y]);
                b.prim(c, &[t, z])
            });
            add(&|b, x, y, z| {
                let t = b.prim(p, &[x, y]);
                b.prim(c, &[z, t])
            });
        }
    }
    for &u in &unary {
        for &v in &unary {
            add(&|b, x, _, _| {
                let t = b.prim(v, &[x]);
                b.prim(u, &[t])
            });
        }
        for c in [-4.0, 2.0, 0.0] {
            add(&|b, _, _, _| {
                let c = b.real(c);
                b.prim(u, &[c])
            });
        }
    }
    for p in [Prim::AND, Prim::OR] {
        for q in [Prim::AND, Prim::OR] {
            for c in compare {
                add(&|b, x, y, z| {
                    let (s, t, r) = (b.prim(c, &[x, y]), b.prim(Prim::LT, &[y, z]), b.prim(c, &[z, x]));
                    let t = b.prim(q, &[t, r]);
                    b.prim(p, &[s, t])
                });
                add(&|b, x, y, z| {
                    let (s, t, r) = (b.prim(c, &[x, y]), b.prim(Prim::LT, &[y, z]), b.prim(c, &[z, x]));
                    let t = b.prim(q, &[t, r]);
                    let t = b.prim(Prim::NOT, &[t]);
                    let s = b.prim(Prim::NOT, &[s]);
                    b.prim(p, &[t, s])
                });
            }
        }
    }
    let faces: Vec<_> = procedures.iter().map(|p| face(p, &[&[], &[], &[]], &[("value", &[])])).collect();
    let module = rust::module(&procedures, &faces, &header()).unwrap();
    formatted("operators", &module);
    linted("operators", &module, &[]);
    let points = [[2.5, -1.25, 0.75], [-3.0, -3.0, 2.0]];
    let mut main = String::from("fn main() {\n");
    let mut expected = String::new();
    for (k, p) in procedures.iter().enumerate() {
        for [x, y, z] in points {
            main.push_str(&format!("println!(\"{{:?}}\", case{k}({x:?}, {y:?}, {z:?}));\n"));
            let values = interpret::run(std::slice::from_ref(p), 0, &[x, y, z].map(Value::Real));
            expected.push_str(&format!("{}\n", interpret::shown(&values)));
        }
    }
    main.push('}');
    let Some(out) = run("operators", &module, &main, &[]) else { return };
    for (k, (out, expected)) in out.lines().zip(expected.lines()).enumerate() {
        let same = out == expected || close(out, expected) && out.parse::<f64>().is_ok();
        assert!(same, "{out}, not {expected}\n{}", function(&module, k / points.len()));
    }
}
