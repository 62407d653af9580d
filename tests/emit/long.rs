//! Long functions.

use super::build::{Build, face, header};
use super::interpret::{self, Value};
use super::tools::{formatted, linted, run};
use std::path::Path;
use std::time::Instant;
use zgrad::block::{Op, Procedure, Stmt};
use zgrad::core::{Elem, Type};
use zgrad::emit::rust::{self, Options};
use zgrad::primitive::{Prim, find};
use zgrad::session::Session;
use zgrad::session::emitting::{self, Asked, Part};

/// A chain of steps over a few values, in which now and then an older value, a branch, an array, an
/// integer and a sum take part.
fn chain(steps: usize) -> Procedure {
    let mut b = Build::new();
    let x = b.param("x", Type::REAL);
    let y = b.param("y", Type::REAL);
    let v = b.param("v", Type::array(Elem::Real, 1));
    let n = b.size(v, 0);
    let out = b.alloc("out", &[n]);
    let total = b.named("total", Type::REAL, Op::Copy(x));
    let zero = b.int(0);
    let (sin, cos) = (find("sin").unwrap(), find("cos").unwrap());
    let mut values = vec![x, y];
    let mut count = n;
    for k in 0..steps {
        let older = values[k * 7919 % values.len()];
        let last = *values.last().unwrap();
        let p = [Prim::ADD, Prim::MUL, Prim::SUB][k % 3];
        let t = b.prim(p, &[last, older]);
        let t = b.prim(if k % 2 == 0 { sin } else { cos }, &[t]);
        values.push(t);
        if k % 50 == 7 {
            let cond = b.prim(Prim::LT, &[t, older]);
            let z = b.local("z", Type::REAL);
            b.push(Stmt::Declare { dst: z });
            b.choose(
                cond,
                |b| b.set(z, Op::Prim(Prim::MUL, vec![t, x])),
                |b| b.set(z, Op::Prim(Prim::ADD, vec![t, y])),
            );
            values.push(z);
            b.set(total, Op::Prim(Prim::ADD, vec![total, z]));
        }
        if k % 90 == 11 {
            let one = b.int(1);
            count = b.prim(Prim::ADD, &[count, one]);
            let real = b.prim(Prim::TO_REAL, &[count]);
            let w = b.load(v, &[zero]);
            let w = b.prim(Prim::MUL, &[w, real]);
            let w = b.prim(sin, &[w]);
            b.add_to(out, &[zero], w);
            values.push(w);
        }
    }
    b.repeat("i", n, |b, i| {
        let t = b.load(v, &[i]);
        let t = b.prim(Prim::MUL, &[t, values[values.len() / 2]]);
        b.add_to(out, &[i], t);
    });
    let last = *values.last().unwrap();
    b.finish(0, "chain", &[last, total, out])
}

fn emitted(p: &Procedure) -> String {
    let f = face(p, &[&[], &[], &["n"]], &[("value", &[]), ("total", &[]), ("out", &["n"])]);
    rust::module(std::slice::from_ref(p), &[f], &header()).unwrap()
}

#[test]
fn a_long_function_is_cut() {
    let p = chain(4000);
    let module = emitted(&p);
    assert!(module.matches("#[inline(never)]").count() > 10);
    if std::env::var("SHOW").is_ok() {
        eprintln!("{module}");
    }
    formatted("long", &module);
    linted("long", &module, &[]);
    let main = "fn main() {
        let mut out = [0.0; 2];
        let (value, total) = chain(0.3, -0.7, &[1.5, 2.5], &mut out);
        println!(\"{:?}\", (value, total, out));
    }";
    let Some(out) = run("long", &module, main, &[]) else { return };
    let v = Value::Array(vec![2], vec![Value::Real(1.5), Value::Real(2.5)]);
    let expected = interpret::run(&[p], 0, &[Value::Real(0.3), Value::Real(-0.7), v]);
    assert_eq!(out.trim(), interpret::shown(&expected));
}

#[test]
fn the_pullback_of_a_long_function_is_its_gradient_times_the_cotangent() {
    let terms: Vec<String> = (1..600).map(|k| format!("sin({k}*x)*v[1]")).collect();
    let text = format!("f(x, z, v: R[n], k: Int) = {} + k*sum(v[i]^2 for i in 1..n)\n", terms.join(" + "));
    let mut session = Session::from_text(Path::new("long.math"), &text).unwrap();
    let asked = Asked { functions: &[], wrt: &[], parts: &[Part::Vjp, Part::Grad] };
    let module = emitting::rust(&mut session, asked, Options::default()).unwrap();
    let pullback = module.split("pub fn ").find(|text| text.starts_with("f_vjp(")).unwrap();
    assert!(pullback.contains("f_grad("), "{pullback}");
    formatted("pullback", &module);
    linted("pullback", &module, &[]);
    let main = "fn main() {
        let v = [1.5, 2.5, -0.5];
        let (mut by_grad, mut by_vjp) = ([0.0; 3], [0.0; 3]);
        let (_, x_bar, z_bar) = f_grad(0.3, 0.7, &v, 2, &mut by_grad);
        let vjp = f_vjp(0.3, 0.7, &v, 2, -2.5, &mut by_vjp);
        assert_eq!(vjp, (-2.5 * x_bar, -2.5 * z_bar));
        assert_eq!(by_vjp, by_grad.map(|v_bar| -2.5 * v_bar));
        assert_eq!((by_grad[1], by_grad[2], z_bar), (10.0, -2.0, 0.0));
        // What does not depend on it stays so.
        assert_eq!(f_vjp(0.3, 0.7, &v, 2, f64::INFINITY, &mut by_vjp).1, 0.0);
    }";
    run("pullback", &module, main, &[]);
}

#[test]
fn time_grows_with_length() {
    let mut times = Vec::new();
    for steps in [20_000, 40_000, 80_000] {
        let p = chain(steps);
        let start = Instant::now();
        let text = emitted(&p);
        times.push(start.elapsed().as_secs_f64());
        eprintln!("{steps} steps: {:.3} s, {} bytes", times.last().unwrap(), text.len());
    }
    assert!(times[2] < 8.0 * times[0] + 0.05, "{times:?}");
}
