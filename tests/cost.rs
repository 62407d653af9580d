//! What a gradient costs beside its function: a small number of steps more, whatever the sizes are. Steps are
//! those that `--max-steps` counts, so that no clock is needed.

use std::process::{Command, Stdio};

/// Whether `what` of a function is found at a point within so many steps.
fn within(file: &str, function: &str, at: &str, what: &str, steps: u64) -> bool {
    let output = Command::new(env!("CARGO_BIN_EXE_zgrad"))
        .args(["eval", file, "--fn", function, "--at", at, "--what", what, "-q"])
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

const PROCESS: &str = "tests/cost/process.math";

/// A Gaussian process at so many places.
fn process(n: usize) -> String {
    let places: Vec<String> = (0..n).map(|i| format!("{:.1}", 0.7 * i as f64)).collect();
    format!("theta=[0.1, 0.2, -1],X=[{}],y={}", places.join(", "), vector(n, 2))
}

#[test]
fn a_hessian_costs_a_few_times_its_function_for_each_argument() {
    for size in [4, 12] {
        let at = process(size);
        let value = needed(PROCESS, "likelihood", &at, "value");
        let limit = 16 * value * (2 * size as u64 + 3);
        assert!(
            within(PROCESS, "likelihood", &at, "hess", limit),
            "at {size} places the Hessian takes more than {limit} steps, the function {value}"
        );
    }
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
    let det = |n: usize| format!("A={}", matrix(n, n, 1));
    // That of a determinant by expansion takes n times the function: a cofactor for each element.
    let programs: [(&str, &str, &Point, [usize; 2]); 6] = [
        ("examples/scoreboard/ode.math", "last", &ode, [8, 64]),
        ("examples/scoreboard/lse.math", "lse", &lse, [8, 64]),
        ("examples/scoreboard/kmeans.math", "kmeans", &kmeans, [8, 64]),
        ("examples/scoreboard/lstm.math", "loss", &lstm, [8, 64]),
        ("examples/scoreboard/det.math", "determinant", &det, [3, 6]),
        (PROCESS, "likelihood", &process, [4, 24]),
    ];
    for (file, function, point, sizes) in programs {
        for size in sizes {
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
