//! Formulas as they stand in textbooks: full accuracy of the value and of the first two derivatives,
//! against values to high precision (`tests/stable/reference.py`), near the points where the formula
//! as it is written loses its digits and far from them.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use zgrad::eval::Limits;
use zgrad::session::Session;
use zgrad::session::derive::Mode;
use zgrad::session::evaluate::{Request, evaluate};
use zgrad::session::formulas::{self, What};
use zgrad::session::point::Given;
use zgrad::simplify::Forms;
use zgrad::simplify::rules::RULES;
use zgrad::simplify::stable::{AS_AUTHORED, STABLE};

/// A file of this test's own.
fn file(name: &str, text: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("stable");
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    path
}

/// The value and the first two derivatives at each point.
fn at_points(path: &Path, forms: Forms, points: &[f64]) -> Vec<[f64; 3]> {
    let mut session = Session::open_in(path, forms).map_err(|e| format!("{e:#}")).unwrap();
    let found = points.iter().map(|x| {
        let request = Request {
            function: None,
            at: vec![("x".into(), Given::Text(format!("{x:?}")))],
            set: vec![],
            wrt: vec![],
            what: vec![],
            dir: vec![],
            seed: None,
            order: Some(2),
            digits: false,
            mode: Mode::Auto,
            limits: Limits::default(),
        };
        let report = evaluate(&mut session, &request).map_err(|e| format!("{e:#}")).unwrap();
        let number = |datum: &zgrad::session::datum::Datum| datum.entries()[0].1;
        let (_, derivatives) = report.orders.unwrap();
        [number(&report.value.unwrap()), number(&derivatives[0]), number(&derivatives[1])]
    });
    found.collect()
}

/// The formulas of the reference, each with its points and what is true there.
type Case = (String, Vec<(f64, [f64; 3])>);

fn reference() -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for line in fs::read_to_string("tests/stable/reference.txt").unwrap().lines() {
        if line.starts_with('f') {
            cases.push((line.to_string(), Vec::new()));
        } else {
            let numbers: Vec<f64> = line.split(' ').map(|word| word.parse().unwrap()).collect();
            let &[x, value, first, second] = &numbers[..] else { panic!("{line}") };
            cases.last_mut().unwrap().1.push((x, [value, first, second]));
        }
    }
    cases
}

/// How far a result may be off, relative to the true one: the value, the first, the second derivative.
const ALLOWED: [f64; 3] = [2e-15, 4e-15, 2e-14];

#[test]
fn values_and_derivatives_keep_their_digits() {
    let mut bad = String::new();
    for (k, (formula, truth)) in reference().iter().enumerate() {
        let path = file(&format!("formula{k}.math"), formula);
        let points: Vec<f64> = truth.iter().map(|(x, _)| *x).collect();
        let found = at_points(&path, Forms::Stable, &points);
        for ((x, truth), found) in truth.iter().zip(&found) {
            for order in 0..3 {
                let error = (found[order] - truth[order]).abs() / truth[order].abs().max(1e-300);
                if !(error <= ALLOWED[order] || found[order] == truth[order]) {
                    let _ = writeln!(
                        bad,
                        "{formula} at {x:e}, derivative {order}: {:e}, not {:e} (error {error:.1e})",
                        found[order], truth[order]
                    );
                }
            }
        }
    }
    assert!(bad.is_empty(), "{bad}");
}

/// Points of all sizes, and those where formulas have gaps.
const DOMAIN: &[f64] = &[
    0.0, -0.0, 1e-50, 1e-12, -1e-12, 1e-6, -1e-6, 0.25, -0.25, 0.5, -0.5, 1.0, -1.0, 1.5, -1.5, 2.0, -2.0,
    37.0, -37.0, 700.0, -700.0, 1000.0, -1000.0, 1e12, -1e12, 1e150, -1e150,
];

#[test]
fn where_the_written_formula_has_a_value_so_has_the_stable_one() {
    for (k, (formula, _)) in reference().iter().enumerate() {
        let path = file(&format!("domain{k}.math"), formula);
        let written = at_points(&path, Forms::AsWritten, DOMAIN);
        let stable = at_points(&path, Forms::Stable, DOMAIN);
        for ((x, written), stable) in DOMAIN.iter().zip(&written).zip(&stable) {
            for order in 0..3 {
                // A derivative of a written formula may be finite by an overflow where there is none.
                let finite = written[..=order].iter().all(|y| y.is_finite());
                assert!(
                    !finite || stable[order].is_finite(),
                    "{formula} at {x:e}, derivative {order}: {:e} becomes {:e}",
                    written[order],
                    stable[order]
                );
            }
        }
    }
}

#[test]
fn the_form_is_the_same_after_another_round() {
    for (k, (formula, truth)) in reference().iter().enumerate() {
        let path = file(&format!("again{k}.math"), formula);
        let mut session = Session::open(&path).unwrap();
        let what = What::Grad { order: 1 };
        let printed = formulas::derivatives(&mut session, None, &[], what).unwrap().text(&session);
        let path = file(&format!("printed{k}.math"), &printed);
        let points: Vec<f64> = truth.iter().map(|(x, _)| *x).collect();
        let read = at_points(&path, Forms::Stable, &points);
        for ((x, truth), read) in truth.iter().zip(&read) {
            let error = (read[0] - truth[1]).abs() / truth[1].abs().max(1e-300);
            assert!(
                error < 1e-14 || read[0] == truth[1],
                "{formula} at {x:e}: {} not {}\n{printed}",
                read[0],
                truth[1]
            );
        }
    }
}

#[test]
fn as_written_is_as_written() {
    let path = file("written.math", "f(x) = 1 - cos(x)");
    assert_eq!(at_points(&path, Forms::AsWritten, &[1e-9])[0], [0.0, 1e-9, 1.0]);
    assert_eq!(at_points(&path, Forms::Stable, &[1e-9])[0], [5e-19, 1e-9, 1.0]);
}

#[test]
fn derivatives_inside_a_file_are_of_the_stable_form() {
    let path = file("inside.math", "g(x) = (1 - cos(x))/x^2\nf(x) = g'(x) + diff(sin(x)/x, x)");
    let [value, ..] = at_points(&path, Forms::Stable, &[1e-6])[0];
    let truth = -1e-6 / 12.0 - 1e-6 / 3.0;
    assert!((value / truth - 1.0).abs() < 1e-11, "{value:e}");
}

#[test]
fn rules_have_names_of_their_own() {
    let all = || RULES.iter().chain(STABLE).chain(AS_AUTHORED);
    let mut names: Vec<&str> = all().map(|rule| rule.name).collect();
    names.sort_unstable();
    names.dedup();
    assert!(names.len() + 1 >= all().count(), "one rule stands in two lists, no more");
}
