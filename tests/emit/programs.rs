//! Whole functions.

use super::build::{Build, face, header};
use super::tools::{formatted, linted, run};
use zgrad::block::{Op, Procedure, Stmt};
use zgrad::core::{Elem, FnId, Type};
use zgrad::emit::{Interface, rust};
use zgrad::primitive::{Prim, find};

const REAL: Type = Type::REAL;

fn vector() -> Type {
    Type::array(Elem::Real, 1)
}

fn emitted(procedures: &[Procedure], faces: &[Interface]) -> String {
    rust::module(procedures, faces, &header()).unwrap()
}

/// Compiles and runs the module, and has it checked.
fn accepted(name: &str, module: &str, main: &str) -> Option<String> {
    if std::env::var("SHOW").is_ok() {
        eprintln!("{module}");
    }
    formatted(name, module);
    linted(name, module, &[]);
    run(name, module, main, &[])
}

/// sum(100*(x[i+1] - x[i]^2)^2 + (1 - x[i])^2 for i in 1..n-1), and its gradient by scattering
fn rosenbrock() -> Procedure {
    let mut b = Build::new();
    let x = b.param("x", vector());
    let n = b.size(x, 0);
    let one = b.int(1);
    let steps = b.prim(Prim::SUB, &[n, one]);
    let sum = b.named("sum", REAL, Op::Real(0.0));
    let x_bar = b.alloc("x_bar", &[n]);
    b.repeat("i", steps, |b, i| {
        let xi = b.load(x, &[i]);
        let next = b.prim(Prim::ADD, &[i, one]);
        let xn = b.load(x, &[next]);
        let two = b.real(2.0);
        let square = b.prim(Prim::POW, &[xi, two]);
        let d = b.named("d", REAL, Op::Prim(Prim::SUB, vec![xn, square]));
        let hundred = b.real(100.0);
        let d2 = b.prim(Prim::POW, &[d, two]);
        let first = b.prim(Prim::MUL, &[hundred, d2]);
        let unit = b.real(1.0);
        let e = b.named("e", REAL, Op::Prim(Prim::SUB, vec![unit, xi]));
        let e2 = b.prim(Prim::POW, &[e, two]);
        let term = b.prim(Prim::ADD, &[first, e2]);
        let total = b.prim(Prim::ADD, &[sum, term]);
        b.set(sum, Op::Copy(total));
        let c = b.real(200.0);
        let d_bar = b.named("d_bar", REAL, Op::Prim(Prim::MUL, vec![c, d]));
        b.add_to(x_bar, &[next], d_bar);
        let m = b.real(-2.0);
        let q = b.prim(Prim::MUL, &[m, xi]);
        let q = b.prim(Prim::MUL, &[q, d_bar]);
        b.add_to(x_bar, &[i], q);
        let r = b.prim(Prim::MUL, &[m, e]);
        b.add_to(x_bar, &[i], r);
    });
    b.finish(0, "rosenbrock_gradient", &[sum, x_bar])
}

#[test]
fn a_gradient_goes_to_the_callers_memory() {
    let p = rosenbrock();
    let mut f = face(&p, &[&["n"]], &[("value", &[]), ("x_bar", &["n"])]);
    f.doc = vec!["Rosenbrock's valley */ with x[1]".to_string(), "    indented".to_string()];
    f.formula = vec!["rosenbrock(x: R[n]) = …\n*/ fn main() {}".to_string()];
    let module = emitted(&[p], &[f]);
    let main = "fn main() {
        let x = [0.5, -1.0, 2.0];
        let mut g = [7.0; 3];
        let v = rosenbrock_gradient(&x, &mut g);
        println!(\"{v} {g:?}\");
        rosenbrock_gradient(&[], &mut []);
    }";
    let Some(out) = accepted("rosenbrock", &module, main) else { return };
    assert_eq!(out, "260.5 [249.0, 146.0, 200.0]\n");
}

/// y = A x, with a matrix face.
fn product() -> Procedure {
    let mut b = Build::new();
    let a = b.param("A", Type::array(Elem::Real, 2));
    let x = b.param("x", vector());
    let m = b.size(a, 0);
    let n = b.size(a, 1);
    let y = b.alloc("y", &[m]);
    b.repeat("i", m, |b, i| {
        b.repeat("j", n, |b, j| {
            let aij = b.load(a, &[i, j]);
            let xj = b.load(x, &[j]);
            let t = b.prim(Prim::MUL, &[aij, xj]);
            b.add_to(y, &[i], t);
        });
    });
    b.finish(3, "product", &[y])
}

#[test]
fn matrices_carry_their_sizes() {
    let p = product();
    let f = face(&p, &[&["m", "n"], &["n"]], &[("y", &["m"])]);
    // Called by another function of the module.
    let mut b = Build::new();
    let x = b.param("x", vector());
    let n = b.size(x, 0);
    let a = b.alloc("a", &[n, n]);
    b.repeat("i", n, |b, i| {
        let xi = b.load(x, &[i]);
        b.add_to(a, &[i, i], xi);
        let zero = b.int(0);
        b.add_to(a, &[zero, i], xi);
        b.add_to(a, &[i, zero], xi);
    });
    let y = b.local("y", vector());
    b.push(Stmt::Call { dst: vec![y], f: FnId(3), args: vec![a, x] });
    let q = b.finish(4, "squares", &[y]);
    let g = face(&q, &[&["n"]], &[("y", &["n"])]);
    let module = emitted(&[p, q], &[f, g]);
    let main = "fn main() {
        let mut y = [0.0; 2];
        product(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], 2, &[1.0, 10.0, 100.0], &mut y);
        println!(\"{y:?}\");
        squares(&[2.0, 3.0], &mut y);
        println!(\"{y:?}\");
    }";
    let Some(out) = accepted("product", &module, main) else { return };
    assert_eq!(out, "[321.0, 654.0]\n[21.0, 15.0]\n");
}

#[test]
fn branches_are_expressions() {
    let mut b = Build::new();
    let x = b.param("x", REAL);
    let zero = b.real(0.0);
    let cond = b.prim(Prim::GT, &[x, zero]);
    let y = b.local("y", REAL);
    b.push(Stmt::Declare { dst: y });
    b.choose(
        cond,
        |b| {
            let r = b.prim(find("sqrt").unwrap(), &[x]);
            b.set(y, Op::Copy(r));
        },
        |b| {
            let one = b.real(-1.0);
            let cond = b.prim(Prim::LT, &[x, one]);
            b.choose(
                cond,
                |b| {
                    let s = b.named("s", REAL, Op::Prim(Prim::MUL, vec![x, x]));
                    let t = b.prim(Prim::MUL, &[s, s]);
                    b.set(y, Op::Prim(Prim::ADD, vec![s, t]));
                },
                |b| b.set(y, Op::Real(0.0)),
            );
        },
    );
    let z = b.local("z", REAL);
    let w = b.local("w", REAL);
    b.push(Stmt::Declare { dst: z });
    b.push(Stmt::Declare { dst: w });
    let one = b.real(1.0);
    let cond = b.prim(Prim::LT, &[y, one]);
    b.choose(
        cond,
        |b| {
            b.set(z, Op::Copy(y));
            b.set(w, Op::Copy(x));
        },
        |b| {
            b.set(w, Op::Real(3.0));
            b.set(z, Op::Prim(Prim::NEG, vec![y]));
        },
    );
    let zw = b.prim(Prim::MUL, &[z, w]);
    let p = b.finish(0, "f", &[y, zw]);
    let f = face(&p, &[&[]], &[("y", &[]), ("zw", &[])]);
    let module = emitted(&[p], &[f]);
    let main = "fn main() { println!(\"{:?} {:?} {:?}\", f(4.0), f(-2.0), f(-0.5)); }";
    let Some(out) = accepted("branches", &module, main) else { return };
    assert_eq!(out, "(2.0, -6.0) (20.0, -60.0) (0.0, -0.0)\n");
}

#[test]
fn the_last_branch_is_the_value() {
    let mut b = Build::new();
    let x = b.param("x", REAL);
    let n = b.param("n", Type::INT);
    let one = b.int(1);
    let cond = b.prim(Prim::LT, &[n, one]);
    let y = b.local("y", REAL);
    b.push(Stmt::Declare { dst: y });
    b.choose(
        cond,
        |b| b.set(y, Op::Real(1.0)),
        |b| {
            let m = b.prim(Prim::SUB, &[n, one]);
            let r = b.local("rest", REAL);
            b.push(Stmt::Call { dst: vec![r], f: FnId(0), args: vec![x, m] });
            b.set(y, Op::Prim(Prim::MUL, vec![x, r]));
        },
    );
    let p = b.finish(0, "pow", &[y]);
    let f = face(&p, &[&[], &[]], &[("value", &[])]);
    let module = emitted(&[p], &[f]);
    assert!(module.contains("if n < 1 { 1.0 } else { x * pow(x, n - 1) };\n"), "{module}");
    let Some(out) = accepted("recursion", &module, "fn main() { println!(\"{}\", pow(3.0, 4)); }") else {
        return;
    };
    assert_eq!(out, "81\n");
}

#[test]
fn loops_keep_their_traces() {
    // Newton steps for sqrt(a) while |x² - a| > 1e-9, keeping every x.
    let mut b = Build::new();
    let a = b.param("a", REAL);
    let x = b.named("x", REAL, Op::Copy(a));
    let zero = b.int(0);
    let trace = b.alloc("trace", &[zero]);
    let k = b.local("k", Type::INT);
    let mut cond = x;
    let head = b.block(|b| {
        let xx = b.prim(Prim::MUL, &[x, x]);
        let d = b.prim(Prim::SUB, &[xx, a]);
        let d = b.prim(find("abs").unwrap(), &[d]);
        let tiny = b.real(1e-9);
        cond = b.prim(Prim::GT, &[d, tiny]);
    });
    let body = b.block(|b| {
        b.push(Stmt::Push { array: trace, value: x });
        let q = b.prim(Prim::DIV, &[a, x]);
        let s = b.prim(Prim::ADD, &[x, q]);
        let half = b.real(0.5);
        b.set(x, Op::Prim(Prim::MUL, vec![half, s]));
    });
    b.push(Stmt::While { index: k, head, cond, body });
    let count = b.prim(Prim::TO_REAL, &[k]);
    let p = b.finish(0, "newton", &[x, trace, count]);
    let f = face(&p, &[&[]], &[("x", &[]), ("trace", &["?"]), ("steps", &[])]);
    let module = emitted(&[p], &[f]);
    let main = "fn main() {
        let (x, trace, steps) = newton(2.0);
        println!(\"{x:.12} {} {steps}\", trace.len());
    }";
    let Some(out) = accepted("traces", &module, main) else { return };
    assert_eq!(out, "1.414213562375 4 4\n");
}

#[test]
fn states_change_in_place_and_rows_are_kept() {
    let mut b = Build::new();
    let x = b.param("x", vector());
    let steps = b.param("steps", Type::INT);
    let n = b.size(x, 0);
    let state = b.local("state", vector());
    b.push(Stmt::Clone { dst: state, src: x });
    let trace = b.alloc("trace", &[steps, n]);
    b.repeat("t", steps, |b, t| {
        b.push(Stmt::StoreRow { array: trace, index: t, row: state });
        let next = b.alloc("next", &[n]);
        b.repeat("i", n, |b, i| {
            let s = b.load(state, &[i]);
            let real = b.prim(Prim::TO_REAL, &[t]);
            let v = b.prim(Prim::ADD, &[s, real]);
            b.push(Stmt::Store { array: next, at: vec![i], value: v });
        });
        b.push(Stmt::Move { dst: state, src: next });
    });
    let one = b.int(1);
    let last = b.prim(Prim::SUB, &[steps, one]);
    let zero = b.int(0);
    let v = b.load(trace, &[last, zero]);
    let p = b.finish(0, "walk", &[state, v]);
    let f = face(&p, &[&["n"], &[]], &[("state", &["n"]), ("v", &[])]);
    let module = emitted(&[p], &[f]);
    let main = "fn main() {
        let mut s = [0.0; 2];
        let v = walk(&[1.0, 2.0], 4, &mut s);
        println!(\"{s:?} {v}\");
    }";
    let Some(out) = accepted("states", &module, main) else { return };
    assert_eq!(out, "[7.0, 8.0] 4\n");
}

#[test]
fn names_stay_clear_of_the_language_and_of_each_other() {
    let names = [
        "in", "θ", "theta", "x₁", "x1", "self", "f64", "main", "max", "x̂", "x_hat", "ẋ", "W", "a__b", "vec",
        "_", "f", "f_2", "λ", "type", "None", "mod", "min",
    ];
    let mut b = Build::new();
    let params: Vec<_> = names.iter().map(|name| b.param(name, REAL)).collect();
    let mut sum = params[0];
    for &p in &params[1..] {
        sum = b.prim(Prim::MAX, &[sum, p]);
        sum = b.prim(Prim::MIN, &[sum, p]);
    }
    let p = b.finish(0, "f", &[sum]);
    let mut b = Build::new();
    let x = b.param("x", REAL);
    let unused = b.param("unused", REAL);
    let y = b.prim(Prim::ADD, &[x, x]);
    let _ = unused;
    let q = b.finish(1, "max", &[y]);
    let shapes: Vec<&[&str]> = names.iter().map(|_| &[][..]).collect();
    let faces = [face(&p, &shapes, &[("value", &[])]), face(&q, &[&[], &[]], &[("value", &[])])];
    let module = emitted(&[p, q], &faces);
    let args = (0..names.len()).map(|k| format!("{k}.0")).collect::<Vec<_>>().join(", ");
    let main = format!("fn main() {{ println!(\"{{}} {{}}\", f({args}), max(2.0, 0.0)); }}");
    let Some(out) = accepted("names", &module, &main) else { return };
    assert_eq!(out, "22 4\n");
}

#[test]
fn equal_input_gives_equal_bytes() {
    let p = rosenbrock();
    let f = face(&p, &[&["n"]], &[("value", &[]), ("x_bar", &["n"])]);
    let once = emitted(std::slice::from_ref(&p), std::slice::from_ref(&f));
    assert_eq!(once, emitted(&[p], &[f]));
}
