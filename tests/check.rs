//! Checking as data: the tests in `tests/check/ok/*.math` must hold, and the files in
//! `tests/check/errors` must draw the messages that their `#!` lines name, in order.
//! `UPDATE=1 cargo test --test check` writes the messages anew; review them as a diff.

#[allow(dead_code)]
mod reference;

use std::path::{Path, PathBuf};
use zgrad::check::{Checked, Imports, Ty, check, lower_constant, lower_expression, prelude};
use zgrad::syntax::diagnostic::{Diagnostic, Severity};
use zgrad::syntax::parse::{parse, parse_expression};
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
    let prelude = prelude::include(&mut tree);
    let checked = check(&tree, &Imports { prelude, ..Imports::default() });
    diagnostics.extend(checked.diagnostics.iter().cloned());
    (tree, checked, diagnostics)
}

fn line_column(tree: &Tree, span: Span) -> (usize, usize) {
    let text = &tree.files[span.file as usize].text[..span.start as usize];
    (text.matches('\n').count() + 1, text.rsplit('\n').next().unwrap().chars().count() + 1)
}

fn shown(tree: &Tree, d: &Diagnostic) -> String {
    let (line, column) = line_column(tree, d.span);
    let mut shown = format!("#! {line}:{column} {} {}", d.code.id(), d.message);
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

/// The value of an expression after these files.
fn value(text: &str, expression: &str) -> Result<Vec<reference::Val>, String> {
    let (mut tree, mut checked, diagnostics) = checked(text);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    let ast = parse_expression(&mut tree, "<value>", expression).map_err(|d| d[0].message.clone())?;
    let found = lower_expression(&mut checked.module, &tree, ast).map_err(|d| d[0].message.clone())?;
    checked.module.graph.verify_functions();
    Ok(reference::call(&checked.module.graph, found.0, &[]))
}

#[test]
fn single_expressions_see_the_file() {
    let text = "g = 2\nparam k = 3\nf(x, n: Int) = g*x^n + k\nv = [1, 2]";
    assert_eq!(value(text, "pi/2").unwrap()[0].num(), std::f64::consts::PI / 2.0);
    assert_eq!(value(text, "f(g, 3) + k").unwrap()[0].num(), 22.0);
    assert_eq!(value(text, "diff(x^2, x) where x = 4").unwrap()[0].num(), 8.0);
    assert_eq!(value(text, "{x: v, y: 1}").unwrap()[0].data, [1.0, 2.0]);
    assert_eq!(value(text, "f(1)").unwrap_err(), "`f` takes 2 arguments, not 1");
    assert_eq!(value(text, "gg + 1").unwrap_err(), "`gg` is not defined");
    let (mut tree, mut checked, _) = checked(text);
    let ast = parse_expression(&mut tree, "<value>", "7").unwrap();
    let id = lower_constant(&mut checked.module, &tree, ast, &Ty::Real).unwrap();
    assert_eq!(checked.module.graph.function(id).result_types, [zgrad::core::Type::REAL]);
    let ast = parse_expression(&mut tree, "<value>", "[1, 2]").unwrap();
    let error = lower_constant(&mut checked.module, &tree, ast, &Ty::Real).unwrap_err();
    assert_eq!(error[0].message, "this value is a real, not a vector");
}

#[test]
fn imports_enter_by_name_or_alias() {
    let mut tree = Tree::default();
    let sources = [
        ("a.math", "import \"b.math\"\nimport \"c.math\" as c\nf(x) = twice(x) + c.twice(x) + c.half"),
        ("b.math", "import \"a.math\"\ntwice(x) = 2*x"),
        ("c.math", "twice(x) = 20*x\nhalf = 0.5"),
    ];
    for (name, text) in sources {
        assert!(parse(&mut tree, name, text).is_empty());
    }
    let resolved = [((0, "b.math"), 1), ((0, "c.math"), 2), ((1, "a.math"), 0)];
    let resolved = resolved.into_iter().map(|((file, path), to)| ((file, path.to_string()), to)).collect();
    let checked = check(&tree, &Imports { resolved, ..Imports::default() });
    assert!(checked.diagnostics.is_empty(), "{:?}", checked.diagnostics);
    let f = checked.module.functions.iter().find(|f| f.name == "f").unwrap();
    assert_eq!(reference::call(&checked.module.graph, f.id, &[reference::Val::scalar(1.0)])[0].num(), 22.5);
}

#[test]
fn clashes_of_imports_name_both_places() {
    let mut tree = Tree::default();
    parse(&mut tree, "a.math", "import \"b.math\"\nf(x) = x");
    parse(&mut tree, "b.math", "f(x) = 2*x");
    let checked = check(&tree, &Imports { resolved: [((0, "b.math".to_string()), 1)].into(), prelude: None });
    let error = &checked.diagnostics[0];
    assert_eq!(error.message, "`f` is defined twice");
    assert!(error.help.as_ref().unwrap().contains("b.math:1:1"), "{error:?}");
}

#[test]
fn lengths_that_may_differ_are_checked() {
    let text = "f(x: R[n], y: R[m]) = x·y\n\
                g(x: R[n], y: R[m]) = if n == m then x·y else 0\n\
                h(x: R[n], k: Int) = sum(x + [i for i in 1..k])\n\
                p(x: R where x > 0) = x";
    let (_, checked, diagnostics) = checked(text);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    let module = &checked.module;
    let requires = |k: usize| module.graph.function(module.functions[k].id).requires.len();
    assert_eq!([requires(0), requires(1), requires(2), requires(3)], [1, 0, 1, 1]);
    // Inside a loop the check is made in its place.
    let text = "f(x: R[n]) = sum(sum(x + [j for j in 1..i]) for i in 1..3)\ntest f([1, 2, 3]) = 0";
    let (_, checked, _) = self::checked(text);
    let test = checked.module.tests[0].left;
    let run = std::panic::catch_unwind(|| reference::call(&checked.module.graph, test, &[]));
    assert!(run.is_err(), "arrays of different lengths were added: {run:?}");
}

#[test]
fn depth_and_length_cost_no_stack() {
    let n = 100_000;
    for text in [
        format!("f(x) = x{}", " + x*2".repeat(n)),
        format!("f(x) = {}x{}", "sin(".repeat(n), ")".repeat(n)),
        format!("f(x) = {}x", "if x > 1 then 2 else ".repeat(n)),
        format!("f(x) = {}x", "x^".repeat(n)),
        format!("f(x) = {}x{}", "(1 + ".repeat(n), ")".repeat(n)),
        format!("f(x) = {}x", "let a = sin(x) in a + ".repeat(n)),
        format!(
            "f0(x) = x\n{}",
            (1..=n / 4).map(|i| format!("f{i}(x) = f{}(x) + 1\n", i - 1)).collect::<String>()
        ),
        format!("f(x) = {}x", "x*".repeat(n)),
    ] {
        let (_, checked, diagnostics) = checked(&text);
        assert!(diagnostics.is_empty(), "{:?}", diagnostics[0]);
        assert!(!checked.module.functions.is_empty());
    }
}

#[test]
fn calls_stay_calls() {
    let mut text = "f0(x) = sin(x)\n".to_string();
    text.extend((1..=40).map(|i| format!("f{i}(x) = f{}(x)*f{0}(x + 1)\n", i - 1)));
    text += "d(x) = diff(f40(x), x)\nh(x) = f40''(x)";
    let (_, checked, diagnostics) = checked(&text);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    assert!(checked.module.graph.len() < 5000, "{} nodes", checked.module.graph.len());
    checked.module.graph.verify_functions();
}

#[test]
fn rules_may_stand_in_a_file_of_their_own() {
    let mut tree = Tree::default();
    parse(&mut tree, "a.math", "f(x) = x^2\ntest diff(f(x), x) = 7 where x = 1");
    parse(&mut tree, "rules.math", "rule f(x) = (7*x)");
    let checked = check(&tree, &Imports::default());
    assert!(checked.diagnostics.is_empty(), "{:?}", checked.diagnostics);
    assert_eq!(reference::call(&checked.module.graph, checked.module.tests[0].left, &[])[0].num(), 7.0);
}
