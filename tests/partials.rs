//! Every row of the primitive table: each known partial against central differences, first and
//! second order, at points of the row's sample ranges; and against the row's own `check` values.
//! The partials are reached as a user reaches them, through a function of a file.

use std::fmt::Write;
use std::fs;
use std::path::Path;
use zgrad::eval::Limits;
use zgrad::primitive::{Kind, Prim, Row, eval_real};
use zgrad::session::Session;
use zgrad::session::datum::Datum;
use zgrad::session::derive::Mode;
use zgrad::session::evaluate::{Request, What, evaluate};
use zgrad::session::point::Given;

const POINTS: usize = 20;

/// A number in 0..1, the same in every run.
fn random(state: &mut u64) -> f64 {
    *state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
    (*state >> 11) as f64 / (1u64 << 53) as f64
}

/// The arguments with a known partial, for differentiable rows that a file can call.
fn known(row: &Row) -> Vec<usize> {
    let differentiable = matches!(row.kind, Kind::RealToReal | Kind::Arith) && !row.integral;
    (0..row.args.len())
        .filter(|&i| differentiable && row.partials.get(i).is_some_and(Option::is_some))
        .collect()
}

/// How the notation writes the row applied to its parameters.
fn call(row: &Row) -> String {
    format!("{}({})", row.name, row.args.join(", "))
}

/// All first, or all second, partials of a row's function at a point, by variable.
fn derivatives(path: &Path, row: &Row, at: &[f64], what: What) -> Result<Vec<f64>, String> {
    let mut session = Session::open(path).map_err(|e| format!("{e:#}"))?;
    let at = row.args.iter().zip(at).map(|(name, x)| (name.to_string(), Given::Text(format!("{x:?}"))));
    let wrt = known(row).into_iter().map(|i| row.args[i].to_string()).collect();
    let request = Request {
        function: None,
        at: at.collect(),
        set: vec![],
        wrt,
        what: vec![what],
        dir: vec![],
        seed: None,
        order: None,
        mode: Mode::Auto,
        digits: false,
        limits: Limits::default(),
    };
    let report = evaluate(&mut session, &request).map_err(|e| format!("{e:#}"))?;
    let list: Vec<(String, Datum)> = report.grad.or(report.hess).unwrap();
    Ok(list.iter().flat_map(|(_, datum)| datum.entries()).map(|(_, x)| x).collect())
}

/// The central difference quotient of `f` along argument `i`, by Richardson's extrapolation, and
/// how far it may be off.
fn quotient(f: &dyn Fn(&[f64]) -> f64, at: &[f64], i: usize) -> (f64, f64) {
    let width = 1e-3 * at[i].abs().max(0.1);
    let central = |h: f64| {
        let shifted = |by: f64| {
            let mut at = at.to_vec();
            at[i] += by;
            at
        };
        (f(&shifted(h)) - f(&shifted(-h))) / (2.0 * h)
    };
    let (wide, near) = (central(width), central(width / 2.0));
    ((4.0 * near - wide) / 3.0, (wide - near).abs() + 1e-9 * f(at).abs() / width)
}

fn compare(
    row: &Row,
    label: &str,
    at: &[f64],
    got: f64,
    (want, slack): (f64, f64),
    failures: &mut Vec<String>,
) {
    let right = got == want || (got - want).abs() <= 1e-6 * want.abs().max(1e-3) + slack;
    if !right {
        failures.push(format!(
            "{}: {label} at {at:?}: got {got:?}, the difference quotient is {want:?}",
            row.name
        ));
    }
}

fn check_row(p: Prim, folder: &Path, failures: &mut Vec<String>) {
    let row = p.row();
    if row.name == "stop" {
        return; // it has no derivative, by its meaning
    }
    let args = known(row);
    if args.is_empty() {
        return;
    }
    let path = folder.join(format!("{}.math", row.name));
    fs::write(&path, format!("f({}) = {}\n", row.args.join(", "), call(row))).unwrap();
    if let Some(check) = &row.check {
        match derivatives(&path, row, check.at, What::Grad) {
            Ok(got) => {
                for (&i, got) in args.iter().zip(got) {
                    let Some(want) = check.partials[i] else { continue };
                    if (got - want).abs() > 1e-13 * want.abs().max(1e-3) || got.is_nan() {
                        failures.push(format!(
                            "{}: ∂{}: got {got:?}, the row says {want:?}",
                            row.name, row.args[i]
                        ));
                    }
                }
            }
            Err(error) => return failures.push(format!("{}: {error}", row.name)),
        }
    }
    let value = |at: &[f64]| eval_real(p, at);
    let mut state = 17;
    for _ in 0..POINTS {
        let at: Vec<f64> =
            row.samples.iter().map(|(low, high)| low + (high - low) * random(&mut state)).collect();
        let first = match derivatives(&path, row, &at, What::Grad) {
            Ok(first) => first,
            Err(error) => return failures.push(format!("{}: {error}", row.name)),
        };
        for (&i, got) in args.iter().zip(&first) {
            compare(row, &format!("∂{}", row.args[i]), &at, *got, quotient(&value, &at, i), failures);
        }
        let second = match derivatives(&path, row, &at, What::Hess) {
            Ok(second) => second,
            Err(error) => return failures.push(format!("{}: {error}", row.name)),
        };
        for (a, &i) in args.iter().enumerate() {
            let slope = |at: &[f64]| derivatives(&path, row, at, What::Grad).map_or(f64::NAN, |d| d[a]);
            for (b, &j) in args.iter().enumerate() {
                let label = format!("∂{}∂{}", row.args[i], row.args[j]);
                compare(row, &label, &at, second[a * args.len() + b], quotient(&slope, &at, j), failures);
            }
        }
    }
}

/// Every `of`-th row, from `first`.
fn check_rows(first: usize, of: usize) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("partials");
    fs::create_dir_all(&folder).unwrap();
    let mut failures = Vec::new();
    Prim::all().skip(first).step_by(of).for_each(|p| check_row(p, &folder, &mut failures));
    let mut text = String::new();
    failures.iter().for_each(|failure| writeln!(text, "{failure}").unwrap());
    assert!(failures.is_empty(), "{} failures:\n{text}", failures.len());
}

#[test]
fn partials_of_a_third_of_the_rows() {
    check_rows(0, 3);
}

#[test]
fn partials_of_another_third() {
    check_rows(1, 3);
}

#[test]
fn partials_of_the_last_third() {
    check_rows(2, 3);
}

/// Points of a small grid where the row has no value.
fn points_beyond(p: Prim) -> Vec<Vec<f64>> {
    let arguments = p.row().args.len();
    let grid: &[f64] = &[-7.5, -3.0, -2.5, -2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 3.0];
    let grid = if arguments < 3 { grid } else { &grid[3..9] };
    let mut points: Vec<Vec<f64>> = vec![Vec::new()];
    for _ in 0..arguments {
        let longer = |point: &Vec<f64>| grid.iter().map(|&x| [&point[..], &[x]].concat()).collect::<Vec<_>>();
        points = points.iter().flat_map(longer).collect();
    }
    points.retain(|point| eval_real(p, point).is_nan());
    points
}

/// All known partials of a row at points, as formulas: whether some one is finite.
fn some_partial_is_finite(row: &Row, points: &[Vec<f64>], folder: &Path) -> bool {
    let lets: Vec<String> =
        row.args.iter().enumerate().map(|(k, name)| format!("{name} = p[q, {}]", k + 1)).collect();
    let partial = |i: usize| {
        format!("[(let {} in diff({}, {})) for q in 1..m]", lets.join(", "), call(row), row.args[i])
    };
    let partials: Vec<String> = known(row).into_iter().map(partial).collect();
    let path = folder.join(format!("{}.math", row.name));
    fs::write(&path, format!("f(p: R[m, {}]) = [{}]\n", row.args.len(), partials.join(", "))).unwrap();
    let mut session = Session::open(&path).unwrap_or_else(|e| panic!("{e:#}"));
    let request = Request {
        function: None,
        at: vec![("p".to_string(), Given::Text(format!("{points:?}")))],
        set: vec![],
        wrt: vec![],
        what: vec![What::Value],
        dir: vec![],
        seed: None,
        order: None,
        mode: Mode::Auto,
        digits: false,
        limits: Limits::default(),
    };
    let report = evaluate(&mut session, &request).unwrap_or_else(|e| panic!("{}: {e:#}", row.name));
    report.value.unwrap().entries().iter().any(|(_, x)| x.is_finite())
}

#[test]
fn rows_say_whether_partials_are_numbers_beyond_the_domain() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("beyond");
    fs::create_dir_all(&folder).unwrap();
    let mut wrong = Vec::new();
    for p in Prim::all() {
        let row = p.row();
        let points = if known(row).is_empty() { Vec::new() } else { points_beyond(p) };
        let beyond = !points.is_empty() && some_partial_is_finite(row, &points, &folder);
        if beyond != row.beyond {
            wrong.push(format!("{}: `beyond` should be {beyond}", row.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
