//! Derivatives of textbook formulas: what is printed reads as a person would write it (a golden file,
//! rewritten with ZGRAD_BLESS=1 and read as a diff), is worth the same as before it was simplified, and
//! is as simple as it gets.

use std::fmt::Write;
use std::fs;
use std::path::PathBuf;
use zgrad::block;
use zgrad::check::Ty;
use zgrad::core::{Ex, FnId, Graph, Origin, VarId};
use zgrad::diff;
use zgrad::eval::{Machine, Value};
use zgrad::session::Session;
use zgrad::session::formulas::{self, What};
use zgrad::simplify::{Forms, simplify_keeping};

fn formulas_of_the_book() -> Vec<String> {
    let text = fs::read_to_string("tests/simplify/textbook.txt").unwrap();
    text.lines().map(str::to_string).filter(|line| !line.is_empty()).collect()
}

fn open(name: &str, text: &str, forms: Forms) -> Session {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("simplify");
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    Session::open_in(&path, forms).map_err(|e| format!("{text}: {e:#}")).unwrap()
}

#[test]
fn derivatives_read_as_a_person_would_write_them() {
    let mut printed = String::new();
    for (k, formula) in formulas_of_the_book().iter().enumerate() {
        let name = format!("printed{k}.math");
        let _ = writeln!(printed, "{formula}");
        let mut add = |text: String| {
            for line in text.lines().filter(|line| !line.is_empty()) {
                let _ = writeln!(printed, "  {line}");
            }
        };
        let mut session = open(&name, formula, Forms::AsWritten);
        let found = formulas::derivatives(&mut session, None, &[], What::Grad { order: 1 }).unwrap();
        add(found.text(&session));
        if formula.starts_with("f(x) ") {
            let mut session = open(&name, formula, Forms::AsWritten);
            let found = formulas::derivatives(&mut session, None, &[], What::Grad { order: 2 }).unwrap();
            add(found.text(&session));
        }
        let mut session = open(&name, formula, Forms::AsWritten);
        add(formulas::pullbacks(&mut session, None, &[]).unwrap().text(&session));
        let mut session = open(&name, formula, Forms::Stable);
        let found = formulas::derivatives(&mut session, None, &[], What::Grad { order: 1 }).unwrap();
        add(format!("stable:\n{}", found.text(&session)));
    }
    let golden = "tests/simplify/textbook.out";
    if std::env::var_os("ZGRAD_BLESS").is_some() {
        fs::write(golden, &printed).unwrap();
    }
    let expected = fs::read_to_string(golden).unwrap_or_default();
    for (got, expected) in printed.lines().zip(expected.lines()) {
        assert_eq!(got, expected);
    }
    assert_eq!(printed.lines().count(), expected.lines().count());
}

/// The derivatives of the book's formulas of real variables, before and after.
fn each_derivative(mut visit: impl FnMut(&str, &mut Graph, &[VarId], Ex, Ex)) {
    for (k, formula) in formulas_of_the_book().iter().enumerate() {
        let mut session = open(&format!("derivative{k}.math"), formula, Forms::AsWritten);
        let signature = session.function(None).unwrap();
        if signature.params.iter().any(|(_, ty)| *ty != Ty::Real) {
            continue;
        }
        let module = &mut session.module;
        let params = module.graph.function(signature.id).params.clone();
        let mut all = vec![module.graph.function(signature.id).results[0]];
        for _ in 0..2 {
            let mut next = Vec::new();
            for &e in &all {
                for &x in &params {
                    let raw = diff::derivative(&mut module.graph, &mut module.partials, e, x).unwrap();
                    let simple = simplify_keeping(&mut module.graph, &[raw], &[], Forms::AsWritten)[0];
                    visit(formula, &mut module.graph, &params, raw, simple);
                    next.push(simple);
                }
            }
            all = next;
        }
    }
}

fn function(graph: &mut Graph, params: &[VarId], results: &[Ex]) -> FnId {
    let types = results.iter().map(|&r| graph.ty(r)).collect();
    let f = graph.declare("f", params.to_vec(), types, Origin::Source);
    graph.define(f, results.to_vec());
    f
}

/// A number, the same in every run: of both signs, 0 and whole numbers among them.
fn random(state: &mut u64) -> f64 {
    *state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
    let unit = (*state >> 11) as f64 / (1u64 << 53) as f64;
    match *state >> 61 {
        0 => 0.0,
        1 => (unit * 7.0).floor() - 3.0,
        2 | 3 => 1.0 - 2.0 * unit,
        _ => 6.0 * unit - 1.5,
    }
}

#[test]
fn values_stay_and_domains_do_not_shrink() {
    let mut state = 7;
    each_derivative(|formula, graph, params, raw, simple| {
        let f = function(graph, params, &[raw, simple]);
        let mut machine = Machine::new(block::procedures(graph, &[f]));
        for _ in 0..60 {
            let at: Vec<f64> = params.iter().map(|_| random(&mut state)).collect();
            let args: Vec<Value> = at.iter().copied().map(Value::Real).collect();
            let [Value::Real(before), Value::Real(after)] = machine.run(f, &args).unwrap()[..] else {
                panic!("two reals")
            };
            let same = before == after || (before - after).abs() <= 1e-9 * before.abs().max(1.0);
            assert!(same || !before.is_finite(), "{formula} at {at:?}: {before:e} becomes {after:e}");
        }
    });
}

#[test]
fn simplifying_again_changes_nothing() {
    each_derivative(|formula, graph, _, _, simple| {
        for forms in [Forms::AsWritten, Forms::Stable] {
            let once = simplify_keeping(graph, &[simple], &[], forms);
            let twice = simplify_keeping(graph, &once, &[], forms);
            assert_eq!(once, twice, "{formula} {forms:?}");
            if forms == Forms::AsWritten {
                assert_eq!(once, [simple], "{formula}");
            }
        }
    });
}
