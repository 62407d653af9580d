//! Checking as data: the tests in `tests/check/ok/*.math` must hold, and the files in
//! `tests/check/errors` must draw the messages that their `#!` lines name, in order.
//! `UPDATE=1 cargo test --test check` writes the messages anew; review them as a diff.

mod reference;

use std::path::{Path, PathBuf};
use zgrad::check::{Checked, Imports, check};
use zgrad::diagnostic::{Diagnostic, Severity};
use zgrad::syntax::parse::parse;
use zgrad::syntax::tree::{Span, Tree};

fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/check").join(folder);
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn checked(text: &str) -> (Tree, Checked, Vec<Diagnostic>) {
    let mut tree = Tree::default();
    let mut diagnostics = parse(&mut tree, "test.math", text);
    let checked = check(&tree, &Imports::default());
    diagnostics.extend(checked.diagnostics.iter().cloned());
    (tree, checked, diagnostics)
}

fn line_column(tree: &Tree, span: Span) -> (usize, usize) {
    let text = &tree.files[span.file as usize].text[..span.start as usize];
    (text.matches('\n').count() + 1, text.rsplit('\n').next().unwrap().chars().count() + 1)
}

fn shown(tree: &Tree, d: &Diagnostic) -> String {
    let (line, column) = line_column(tree, d.span);
    let mut shown = format!("#! {line}:{column} {}", d.message);
    if !d.label.is_empty() {
        shown += &format!(" ({})", d.label);
    }
    if let Some(help) = &d.help {
        shown += &format!(" -- {help}");
    }
    shown
}

#[test]
fn sound_files_hold() {
    let mut failures = Vec::new();
    for path in files("ok") {
        let text = std::fs::read_to_string(&path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let (tree, checked, diagnostics) = checked(&text);
        for d in diagnostics.iter().filter(|d| d.severity == Severity::Error) {
            failures.push(format!("{name}: {}", shown(&tree, d)));
        }
        if !failures.is_empty() {
            continue;
        }
        let graph = &checked.module.graph;
        graph.verify_functions();
        for test in &checked.module.tests {
            let run = |f| std::panic::catch_unwind(|| reference::call(graph, f, &[]));
            let Ok(left) = run(test.left) else {
                failures.push(format!("{name}: {}: the left side stops", test.text));
                continue;
            };
            let right = match test.right {
                Some(right) => reference::call(graph, right, &[]),
                None => vec![reference::Val::scalar(1.0)],
            };
            let tolerance = test.tolerance.map_or(1e-12, |f| reference::call(graph, f, &[])[0].num());
            let near = |a: &f64, b: &f64| {
                a == b || a.is_nan() && b.is_nan() || (a - b).abs() <= tolerance * b.abs().max(1.0)
            };
            let same = left.len() == right.len()
                && left
                    .iter()
                    .zip(&right)
                    .all(|(a, b)| a.shape == b.shape && a.data.iter().zip(&b.data).all(|(a, b)| near(a, b)));
            if !same {
                failures.push(format!("{name}: {}: {left:?} is not {right:?}", test.text));
            }
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

#[test]
fn errors_name_their_place_and_what_to_do() {
    let update = std::env::var_os("UPDATE").is_some();
    let mut failures = Vec::new();
    for path in files("errors") {
        let text = std::fs::read_to_string(&path).unwrap();
        let (tree, _, diagnostics) = checked(&text);
        let found: Vec<String> = diagnostics.iter().map(|d| shown(&tree, d)).collect();
        let expected: Vec<&str> = text.lines().filter(|line| line.starts_with("#!")).collect();
        if found == expected {
            continue;
        }
        let name = path.file_name().unwrap().to_string_lossy();
        failures.push(format!("{name}:\n  {}\nnot\n  {}", found.join("\n  "), expected.join("\n  ")));
        if update {
            // Messages stand at the end, so that they do not move what they speak of.
            let kept: Vec<&str> = text.lines().filter(|line| !line.starts_with("#!")).collect();
            std::fs::write(&path, format!("{}\n{}\n", kept.join("\n").trim_end(), found.join("\n"))).unwrap();
        }
    }
    assert!(update || failures.is_empty(), "\n{}", failures.join("\n\n"));
}
