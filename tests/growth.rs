//! The memory that long inputs take: all bytes asked for while a command works, which counts steps as
//! well as room, and is the same at every run. Four times the input takes about four times as much.

use std::alloc::{GlobalAlloc, Layout, System};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use zgrad::eval::{Limits, Value};
use zgrad::session::emitting::{self, Asked, Part};
use zgrad::session::{Session, checking, evaluate};

struct Counting;

static BYTES: AtomicUsize = AtomicUsize::new(0);

// SAFETY: as the allocator of the system.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        BYTES.fetch_add(layout.size(), Ordering::Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn parts(count: usize, between: &str, part: impl Fn(usize) -> String) -> String {
    (0..count).map(part).collect::<Vec<_>>().join(between)
}

fn open(text: &str) -> Session {
    match Session::from_text(Path::new("long.math"), text) {
        Ok(session) => session,
        Err(error) => panic!("{error:#}"),
    }
}

fn check(session: &mut Session) {
    let outcome = checking::check(session, Limits::default());
    assert!(outcome.passed(), "{}", outcome.text());
}

fn run(session: &mut Session) {
    let f = session.function(None).expect("there is a function").id;
    evaluate::run(session, f, &[Value::Real(0.5)], Limits::default()).expect("it has a value");
}

fn emit(session: &mut Session) {
    let asked = Asked { functions: &[], wrt: &[], parts: &[Part::Value, Part::Grad] };
    emitting::rust(session, asked, Default::default()).expect("it can be emitted");
}

/// A text of some length, and what is done with it.
struct Case {
    name: &'static str,
    size: usize,
    source: fn(usize) -> String,
    work: fn(&mut Session),
}

#[rustfmt::skip]
const CASES: &[Case] = &[
    Case { name: "definitions", size: 200, work: check,
        source: |n| parts(n, "\n", |k| format!("f{k}(x, y) = x*y + sin(x)")) },
    Case { name: "definitions with arrays", size: 50, work: check,
        source: |n| parts(n, "\n", |k| format!("f{k}(v: R[n]) = sum(v[i]^2 for i in 1..n)")) },
    Case { name: "tests", size: 200, work: check,
        source: |n| format!("f(x) = x^2\n{}", parts(n, "\n", |k| format!("test f({k}) = {}", k*k))) },
    Case { name: "chained comparisons", size: 400, work: run,
        source: |n| format!("f(x) = if {} then x else x^2", parts(n + 1, " < ", |k| format!("x + {k}"))) },
    Case { name: "reductions", size: 50, work: emit,
        source: |n| format!("f(v: R[n], x) = {}", parts(n, " + ", |k| format!("sum(v[i]^{}*x for i in 1..n)", k + 2))) },
    Case { name: "arguments", size: 100, work: emit,
        source: |n| format!("g({}) = {}\nf(x) = g({})", parts(n, ", ", |k| format!("x{k}")),
            parts(n, " + ", |k| format!("x{k}^2")), parts(n, ", ", |k| format!("{k}*x"))) },
    // What requires something of its arguments stays a call.
    Case { name: "calls in a chain", size: 200, work: emit,
        source: |n| format!("f0(x) = sin(x)\n{}",
            parts(n, "\n", |k| format!("f{}(x where x > 0) = f{k}(x)*cos(x)", k + 1))) },
    Case { name: "alternatives", size: 200, work: emit,
        source: |n| format!("f(x) = {} else x^2", parts(n, " else ", |k| format!("if x < {k} then x*{k}"))) },
];

#[test]
fn four_times_as_long_takes_about_four_times_as_much() {
    for case in CASES {
        let taken = |size: usize| {
            let text = (case.source)(size);
            let before = BYTES.load(Ordering::Relaxed);
            (case.work)(&mut open(&text));
            BYTES.load(Ordering::Relaxed) - before
        };
        // What every program takes first.
        let first = taken(1);
        let (short, long) = (taken(case.size) - first, taken(4 * case.size) - first);
        let growth = long as f64 / short as f64;
        println!("{}: {short} and {long} bytes, {growth:.2} times", case.name);
        assert!(growth < 5.5, "{}: {short} and {long} bytes, {growth:.2} times", case.name);
    }
}
