//! What a gradient costs beside its function: a small number of steps more, whatever the sizes are. Steps are
//! those that `--max-steps` counts, so that no clock is needed.

use std::path::Path;
use std::process::{Command, Stdio};

/// Whether `what` of a function of the scoreboard is found at a point within so many steps.
fn within(file: &str, function: &str, at: &str, what: &str, steps: u64) -> bool {
    let path = Path::new("examples/scoreboard").join(file);
    let output = Command::new(env!("CARGO_BIN_EXE_zgrad"))
        .args(["eval", path.to_str().unwrap(), "--fn", function, "--at", at, "--what", what, "-q"])
        .args(["--max-steps", &steps.to_string()])
        .stdin(Stdio::null())
        .output()
        .expect("zgrad runs");
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() || message.contains("steps"), "{file}: {message}");
    output.status.success()
}

/// The steps that are needed, to a tenth.
fn needed(file: &str, function: &str, at: &str, what: &str) -> u64 {
    let mut steps = 16;
    while !within(file, function, at, what, steps) {
        assert!(steps < 1 << 40, "{file}: there is no end to it");
        steps += steps / 10;
    }
    steps
}

/// A vector, and a matrix with so many rows, of numbers without a pattern.
fn vector(n: usize, seed: usize) -> String {
    let entries = (0..n).map(|i| format!("{:.3}", ((i * 37 + seed * 11) as f64).sin()));
    format!("[{}]", entries.collect::<Vec<_>>().join(", "))
}

fn matrix(rows: usize, columns: usize, seed: usize) -> String {
    let entries = (0..rows).map(|i| vector(columns, seed + 7 * i));
    format!("[{}]", entries.collect::<Vec<_>>().join(", "))
}

#[test]
fn a_gradient_costs_a_few_times_its_function() {
    let lstm = |n: usize| {
        let block = |seed| format!("[{}, {}]", matrix(4, 3, seed), matrix(4, 3, seed + 1));
        let states = |seed| matrix(2, 3, seed);
        let (w, b, e, x) = (block(1), block(2), matrix(3, 3, 3), matrix(n, 3, 4));
        format!("W={w},B={b},E={e},h0={},c0={},x={x}", states(5), states(6))
    };
    type Point = dyn Fn(usize) -> String;
    let ode = |n: usize| format!("x={},s=3", vector(n, 1));
    let lse = |n: usize| format!("x={}", vector(n, 1));
    let kmeans = |k: usize| format!("C={},P={}", matrix(k, 3, 1), matrix(20, 3, 2));
    let programs: [(&str, &str, &Point); 4] = [
        ("ode.math", "last", &ode),
        ("lse.math", "lse", &lse),
        ("kmeans.math", "kmeans", &kmeans),
        ("lstm.math", "loss", &lstm),
    ];
    for (file, function, point) in programs {
        for size in [8, 64] {
            let at = point(size);
            let value = needed(file, function, &at, "value");
            let limit = 8 * value;
            assert!(
                within(file, function, &at, "value,grad", limit),
                "{file} of size {size}: the gradient takes more than {limit} steps, the function {value}"
            );
        }
    }
}
