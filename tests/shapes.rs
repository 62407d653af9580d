//! Inputs of unusual shape: long, deep, wide. Each runs through the commands at a size at which
//! time that grows out of proportion, or recursion on the call stack, would show; the answers are
//! known. And inputs that never end: each has a limit, with an error that says where and which.

use std::io::Write;
use std::process::{Command, Stdio};

/// A hang is an error, not a test that never ends.
const GUARD: &str = "300";

struct Ran {
    code: i32,
    out: String,
    err: String,
}

fn zgrad(args: &[&str], input: &str) -> Ran {
    let mut child = Command::new(env!("CARGO_BIN_EXE_zgrad"))
        .args(["--timeout", GUARD])
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    let mut stdin = child.stdin.take().expect("piped");
    let input = input.to_string();
    // From a thread: a command may answer before it has read everything.
    let writer = std::thread::spawn(move || {
        let _ = stdin.write_all(input.as_bytes());
    });
    let output = child.wait_with_output().expect("it ends");
    writer.join().expect("the input was written");
    Ran {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// A function `f(x)`, its value and its derivative at 0.5.
struct Shape {
    name: &'static str,
    size: usize,
    source: fn(usize) -> String,
    value: fn(f64) -> f64,
    slope: fn(f64) -> f64,
}

/// `count` parts made by a function of their number, with something between them.
fn parts(count: usize, between: &str, part: impl Fn(usize) -> String) -> String {
    (0..count).map(part).collect::<Vec<_>>().join(between)
}

fn triangle(n: f64) -> f64 {
    n * (n - 1.0) / 2.0
}

#[rustfmt::skip]
const SHAPES: &[Shape] = &[
    Shape { name: "else if, first arms", size: 600,
        source: |n| format!("f(x) = {} x", parts(n, " ", |k| format!("if x < {k} then {k}*x else"))),
        value: |_| 0.5, slope: |_| 1.0 },
    Shape { name: "else if, last arm", size: 600,
        source: |n| format!("f(x) = {} x^2", parts(n, " ", |k| format!("if sqrt(x + {k}) < 0 then {k}*x else"))),
        value: |_| 0.25, slope: |_| 1.0 },
    Shape { name: "else if over one dear value", size: 300,
        source: |n| format!("g(y) = sum(y^k/3^k for k in 1..9)\nf(x) = let t = g(x) in {} t",
            parts(n, " ", |k| format!("if t > {k} + 1 then {k}*x else"))),
        value: |_| (1..10).map(|k| (0.5f64 / 3.0).powi(k)).sum(),
        slope: |_| (1..10).map(|k| f64::from(k) / 3.0 * (0.5f64 / 3.0).powi(k - 1)).sum() },
    Shape { name: "cases", size: 300,
        source: |n| format!("f(x) = {{ {}; x^2 otherwise }}", parts(n, "; ", |k| format!("x*{k} if x < -{}", k + 1))),
        value: |_| 0.25, slope: |_| 1.0 },
    Shape { name: "if inside if, with work behind each", size: 400,
        source: |n| format!("f(x) = {}x{}", parts(n, "", |k| format!("(if x > -{k} then 1 + ")), " else 2)".repeat(n)),
        value: |n| n + 0.5, slope: |_| 1.0 },
    Shape { name: "one condition after another over one value", size: 400,
        source: |n| format!("f(x) = let a0 = x, {} in a{n}",
            parts(n, ", ", |k| format!("a{} = if a{k} > 1000 then a{k} else a{k} + 1", k + 1))),
        value: |n| n + 0.5, slope: |_| 1.0 },
    Shape { name: "sum of one term", size: 4000,
        source: |n| format!("f(x) = {}", parts(n, " + ", |_| "x".into())),
        value: |n| 0.5 * n, slope: |n| n },
    Shape { name: "sum of many terms", size: 2000,
        source: |n| format!("f(x) = {}", parts(n, " + ", |k| format!("{k}*x"))),
        value: |n| 0.5 * triangle(n), slope: triangle },
    Shape { name: "product of one factor", size: 1000,
        source: |n| format!("f(x) = {}", parts(n, "*", |_| "(x + 0.5)".into())),
        value: |_| 1.0, slope: |n| n },
    Shape { name: "functions that call the one before", size: 400,
        source: |n| format!("f0(x) = x\n{}\nf(x) = f{n}(x)", parts(n, "\n", |k| format!("f{}(x) = f{k}(x) + {k}", k + 1))),
        value: |n| 0.5 + triangle(n), slope: |_| 1.0 },
    Shape { name: "functions that call the one after", size: 400,
        source: |n| format!("{}\nf{n}(x) = x\nf(x) = f0(x)", parts(n, "\n", |k| format!("f{k}(x) = f{}(x) + {k}", k + 1))),
        value: |n| 0.5 + triangle(n), slope: |_| 1.0 },
    Shape { name: "calls of one function", size: 600,
        source: |n| format!("g(y) = y^2\nf(x) = {}", parts(n, " + ", |k| format!("g(x + {k})"))),
        value: |n| (0..n as u32).map(|k| (0.5 + f64::from(k)).powi(2)).sum(),
        slope: |n| (0..n as u32).map(|k| 2.0 * (0.5 + f64::from(k))).sum() },
    Shape { name: "nested let", size: 1500,
        source: |n| format!("f(x) = let a0 = x in {} a{n}", parts(n, " ", |k| format!("let a{} = a{k} + {k} in", k + 1))),
        value: |n| 0.5 + triangle(n), slope: |_| 1.0 },
    Shape { name: "squares of squares", size: 30,
        source: |n| format!("f(x) = let a0 = x + 0.5 in {} a{n}", parts(n, " ", |k| format!("let a{} = a{k}*a{k} in", k + 1))),
        value: |_| 1.0, slope: |n| n.exp2() },
    Shape { name: "brackets", size: 20_000,
        source: |n| format!("f(x) = {}x^2{}", "(".repeat(n), ")".repeat(n)),
        value: |_| 0.25, slope: |_| 1.0 },
    Shape { name: "calls inside calls", size: 1000,
        source: |n| format!("f(x) = {}x{}", "abs(".repeat(n), ")".repeat(n)),
        value: |_| 0.5, slope: |_| 1.0 },
    Shape { name: "sums inside brackets", size: 1500,
        source: |n| format!("f(x) = {}x{}", "(x + ".repeat(n), ")".repeat(n)),
        value: |n| 0.5 * (n + 1.0), slope: |n| n + 1.0 },
    Shape { name: "minus signs", size: 4000,
        source: |n| format!("f(x) = {}x", "-".repeat(n)),
        value: |_| 0.5, slope: |_| 1.0 },
    Shape { name: "conditions joined by and", size: 1000,
        source: |n| format!("f(x) = if {} then x^2 else 1", parts(n, " and ", |k| format!("x > -{k}"))),
        value: |_| 0.25, slope: |_| 1.0 },
    Shape { name: "elements of an array", size: 1500,
        source: |n| format!("f(x) = sum(a) where a = [{}]", parts(n, ", ", |k| format!("{k}*x"))),
        value: |n| 0.5 * triangle(n), slope: triangle },
    Shape { name: "constants that use the one before", size: 1500,
        source: |n| format!("c0 = 1\n{}\nf(x) = x*c{n}", parts(n, "\n", |k| format!("c{} = c{k} + 1", k + 1))),
        value: |n| 0.5 * (n + 1.0), slope: |n| n + 1.0 },
    Shape { name: "one fold with many states", size: 100,
        source: |n| format!("f(x) = let ({0}) = fold(({0}) = ({1}) for i in 1..3: ({2})) in s0",
            parts(n, ", ", |k| format!("s{k}")), parts(n, ", ", |_| "x".into()), parts(n, ", ", |k| format!("s{k} + x"))),
        value: |_| 2.0, slope: |_| 4.0 },
];

/// What stands after `… = ` in the first line of the output that begins so.
fn answer(text: &str, begin: &str) -> Option<f64> {
    let line = text.lines().find(|line| line.starts_with(begin))?;
    line.split(" = ").nth(1)?.trim().parse().ok()
}

fn near(got: Option<f64>, wanted: f64) -> bool {
    got.is_some_and(|got| (got - wanted).abs() <= 1e-9 * wanted.abs())
}

fn shape_holds(shape: &Shape) {
    let (name, n) = (shape.name, shape.size as f64);
    let text = (shape.source)(shape.size) + "\n";
    let (value, slope) = ((shape.value)(n), (shape.slope)(n));
    let at = ["--at", "x=0.5"];
    let run = |args: &[&str], text: &str| {
        let ran = zgrad(args, text);
        let message: String = ran.err.chars().take(500).collect();
        assert_eq!(ran.code, 0, "{name}: {} {message}", args[0]);
        ran.out
    };
    for mode in ["forward", "reverse"] {
        let out = run(&[&["eval", "--mode", mode], &at[..]].concat(), &text);
        assert!(near(answer(&out, "f("), value), "{name}: {mode} value {value}: {out}");
        assert!(near(answer(&out, "∂f/∂x"), slope), "{name}: {mode} slope {slope}: {out}");
    }
    let formulas = run(&["diff"], &text);
    let out = run(&[&["eval", "--what", "value"], &at[..]].concat(), &formulas);
    assert!(near(answer(&out, "df_dx("), slope), "{name}: formula {slope}: {out}");
    let pullback = run(&["pullback", "--fn", "f"], &text);
    let out = run(&["eval", "--what", "value", "--at", "x=0.5,f_bar=1"], &pullback);
    assert!(near(answer(&out, "f_pullback("), slope), "{name}: pullback {slope}: {out}");
    assert!(run(&["emit", "--fn", "f"], &text).contains("pub fn f_grad("), "{name}: code");
    assert!(run(&["check"], &text).contains(": ok: "), "{name}: check");
}

#[test]
fn every_shape_has_its_value_and_derivative() {
    // Two at a time: most of the time is that of the processes.
    std::thread::scope(|scope| {
        for half in 0..2 {
            scope.spawn(move || SHAPES.iter().skip(half).step_by(2).for_each(shape_holds));
        }
    });
}

#[test]
fn many_parameters() {
    let n = 1200;
    let text = format!(
        "f({}) = {}\n",
        parts(n, ", ", |k| format!("x{k}")),
        parts(n, " + ", |k| format!("{k}*x{k}"))
    );
    let at = parts(n, ",", |k| format!("x{k}=1"));
    let ran = zgrad(&["eval", "--at", &at, "--format", "csv"], &text);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(
        ran.out.contains(&format!(",{}.0", n * (n - 1) / 2))
            || ran.out.contains(&format!(",{}", n * (n - 1) / 2))
    );
    // A definition for each would have a million parameters.
    let ran = zgrad(&["diff"], &text);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("f_grad(") && ran.out.len() < 100_000, "{} bytes", ran.out.len());
    let ran = zgrad(&["eval", "--what", "value", "--at", &at], &ran.out);
    assert!(ran.out.contains("1198, 1199)"), "{} {}", ran.out, ran.err);
    assert_eq!(zgrad(&["emit"], &text).code, 0);
}

#[test]
fn many_definitions() {
    let n = 4000;
    let text = parts(n, "\n", |k| format!("f{k}(x, y) = x*y + {k}*sin(x)")) + "\n";
    let ran = zgrad(&["check"], &text);
    assert!(ran.code == 0 && ran.out.contains("derivatives of 4000 functions"), "{}{}", ran.out, ran.err);
    let ran = zgrad(&["eval", "--at", "x=0,y=2", "--fn", "f2000"], &text);
    assert!(near(answer(&ran.out, "∂f2000/∂x"), 2002.0), "{}", ran.out);
}

/// Commands that would not end, or take more memory than there is, with what their errors say.
const LIMITED: &[(&str, &[&str], &[&str])] = &[
    (
        "f(x) = x +\n  sum(1/i for i in 1..10^15)",
        &["eval", "--at", "x=1"],
        &["<stdin>:2:3", "1000000000000000 steps", "--max-steps"],
    ),
    ("f(x) = prod(1 + x/i for i in 1..10^12)", &["eval", "--at", "x=1"], &["<stdin>:1:8", "--max-steps"]),
    (
        "f(x) = sum(sum(i*j for i in 1..10^6) for j in 1..10^6)*x",
        &["eval", "--at", "x=1", "--max-steps", "10000000"],
        &["--max-steps"],
    ),
    (
        "f(x) = fold(s = x for i in 1..10^13: sin(s))",
        &["eval", "--at", "x=1"],
        &["<stdin>:1:8", "--max-steps"],
    ),
    (
        "f(x) = iterate(y = x while true: y)",
        &["eval", "--at", "x=1", "--max-steps", "100000"],
        &["<stdin>:1:8", "100000 steps", "--max-steps"],
    ),
    (
        "f(x) = iterate(y = x while y > 0: y + 1)",
        &["eval", "--at", "x=1", "--max-steps", "100000"],
        &["<stdin>:1:8", "--max-steps"],
    ),
    (
        "f(x) = if x > 0 then f(x + 1) else x",
        &["eval", "--at", "x=1"],
        &["<stdin>:1:8", "calls inside one another"],
    ),
    (
        "f(x) = if x > 0 then f(x + 1) else x",
        &["eval", "--at", "x=1", "--max-steps", "1000"],
        &["<stdin>:1:8", "--max-steps"],
    ),
    (
        "f(n: Int) = v[n] + v[1] where v = scan(s = 0.0 for i in 1..n: s + i)",
        &["eval", "--at", "n=100000000000"],
        &["--max-memory"],
    ),
    (
        "f(n: Int) = v[n] + v[1] where v = scan(s = 0.0 for i in 1..n: s + i)",
        &["eval", "--at", "n=1000000", "--max-memory", "4"],
        &["4 MB", "--max-memory"],
    ),
];

#[test]
fn what_does_not_end_has_a_limit_and_a_place() {
    for (text, args, wanted) in LIMITED {
        let ran = zgrad(args, &format!("{text}\n"));
        assert_eq!(ran.code, 2, "{text}: {} {}", ran.out, ran.err);
        for part in *wanted {
            assert!(ran.err.contains(part), "{text}: no {part:?} in {}", ran.err);
        }
    }
}

#[test]
fn the_time_is_limited() {
    let text = "f(x) = sum(sin(x*i) for i in 1..900000000)\n";
    let args = ["eval", "--at", "x=1", "--timeout", "0.3", "--max-steps", "1000000000"];
    let ran = zgrad(&args, text);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("0.3 seconds (--timeout)"), "{}", ran.err);
    // Derivation too.
    let text = format!("g(x) = sin(x)*x\nf(x) = g{}(x)\n", "'".repeat(3000));
    let ran = zgrad(&["eval", "--at", "x=1"], &text);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("differentiate fewer times"), "{}", ran.err);
}

#[test]
fn messages_are_short_whatever_they_are_about() {
    let long = "y".repeat(100_000);
    let cases = [
        format!("f(x) = {long}\n"),
        format!("f(x) = {} + {long}\n", parts(20_000, " + ", |_| "x".into())),
        format!("f(x) = {}\n", parts(5000, " + ", |k| format!("y{k}"))),
        format!("{long}(x) = x\n{long}(x) = x\n"),
        format!("f({long}) = 1 +\n"),
        "f(x) = x +* 2\n".repeat(3000),
    ];
    for text in cases {
        let ran = zgrad(&["eval", "--at", "x=1"], &text);
        assert_eq!(ran.code, 2, "{}", ran.out);
        assert!(ran.err.len() < 20_000, "{} bytes for {}…", ran.err.len(), &text[..20]);
    }
}
