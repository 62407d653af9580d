//! Every example and program of the repository: what is emitted for it compiles without a warning, is
//! formatted, and computes the value and the gradient that the evaluator does.

use super::tools::{formatted, linted, run};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use zgrad::emit::ascii;

/// Files that cannot be emitted yet: a construct is missing, or their statements cannot be scheduled.
const NOT_YET: [&str; 2] = ["ht.math", "pendulum.math"];

fn zgrad(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_zgrad")).args(args).output().unwrap()
}

/// The `.math` files below a folder, sorted.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(entries) = std::fs::read_dir(folder) else { return found };
    for entry in entries {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            found.extend(files(&path));
        } else if name.ends_with(".math") && !NOT_YET.contains(&name.as_str()) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// A function that is called with numbers of our choice.
struct Case {
    call: String,
    /// The same for the evaluator.
    eval: Vec<String>,
    outs: Vec<(String, usize)>,
}

/// Numbers that stay clear of edges, always the same.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        0.2 + ((self.0 >> 40) % 1300) as f64 / 1000.0
    }
}

/// The gradients of a module as cases: each `pub fn NAME_grad(…) -> … { … }`.
fn cases(file: &Path, module: &str, name: &str) -> Vec<Case> {
    let source = std::fs::read_to_string(file).unwrap();
    // The author's names by what became of them.
    let words =
        source.split(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '\'' | '\u{302}' | '\u{304}'));
    let names: HashMap<String, &str> = words.map(|w| (ascii(w), w)).collect();
    let globals: Vec<&str> = source
        .lines()
        .filter_map(|line| line.strip_prefix("param "))
        .map(|rest| rest.split([':', ' ', '=']).next().unwrap_or_default())
        .collect();
    let mut cases = Vec::new();
    for text in module.split("\npub fn ").skip(1) {
        let Some((function, rest)) = text.split_once('(') else { continue };
        let Some(function) = function.strip_suffix("_grad") else { continue };
        let Some((head, body)) = rest.split_once("{\n") else { continue };
        let body = body.split("\n}\n").next().unwrap_or_default();
        let original = names.get(function).copied().unwrap_or(function);
        let mut case = Case { call: String::new(), eval: Vec::new(), outs: Vec::new() };
        case.eval =
            ["eval", file.to_str().unwrap(), "--fn", original, "--format", "json", "--max-steps", "100000"]
                .map(String::from)
                .to_vec();
        let mut args = Vec::new();
        let mut numbers = Numbers(cases.len() as u64 + 7);
        let params = head.rsplit_once(')').map_or(head, |h| h.0);
        for param in params.split(") ->").next().unwrap_or_default().split(',') {
            let Some((param, ty)) = param.trim().split_once(": ") else { continue };
            let param = param.trim_start_matches('_');
            let original = names.get(param).copied().unwrap_or(param);
            let dims = dims(param, body);
            let value = match ty {
                "usize" => {
                    args.push("3".to_string());
                    continue;
                }
                "&mut [f64]" => {
                    args.push(format!("&mut {param}_out"));
                    case.outs.push((format!("{param}_out"), dims.iter().product()));
                    continue;
                }
                "i64" => "3".to_string(),
                "f64" => format!("{:?}", numbers.next()),
                _ => nested(&dims, &mut numbers),
            };
            let flat = format!("[{}]", value.replace(['[', ']'], ""));
            args.push(if ty.starts_with('&') { format!("&{flat}") } else { value.clone() });
            case.eval.push(if globals.contains(&original) { "--set" } else { "--at" }.to_string());
            case.eval.push(format!("{original}={value}"));
        }
        case.call = format!("{name}::{function}_grad({})", args.join(", "));
        cases.push(case);
    }
    cases
}

/// The lengths of an array, by the assertion on it: every size is 3.
fn dims(array: &str, body: &str) -> Vec<usize> {
    let flat: String = body.split_whitespace().collect::<Vec<_>>().join(" ").replace("( ", "(");
    let Some((_, rest)) = flat.split_once(&format!("assert_eq!({array}.len(), ")) else { return vec![3] };
    let text = rest.split(", \"").next().unwrap_or_default();
    let sum = |factor: &str| -> usize {
        let word = |w: &str| w.trim().parse().unwrap_or(3_usize);
        if let Some((size, less)) = factor.split_once(".saturating_sub(") {
            return word(size) - word(less.trim_end_matches(')'));
        }
        let factor = factor.trim_matches(['(', ')']);
        match (factor.split_once(" + "), factor.split_once(" - ")) {
            (Some((a, b)), _) => word(a) + word(b),
            (None, Some((a, b))) => word(a) - word(b),
            (None, None) => word(factor),
        }
    };
    text.split(" * ").map(sum).collect()
}

fn nested(dims: &[usize], numbers: &mut Numbers) -> String {
    let Some((&first, rest)) = dims.split_first() else { return format!("{:.3}", numbers.next()) };
    let items: Vec<String> = (0..first).map(|_| nested(rest, numbers)).collect();
    format!("[{}]", items.join(", "))
}

/// All numbers in a text, in their order.
fn numbers(text: &str) -> Vec<f64> {
    let words = text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '-' | '+')));
    words.filter_map(|w| w.parse().ok()).collect()
}

/// All numbers of a JSON value.
fn leaves(value: &serde_json::Value, found: &mut Vec<f64>) {
    match value {
        serde_json::Value::Number(n) => found.push(n.as_f64().unwrap()),
        serde_json::Value::String(text) => found.extend(text.parse::<f64>().ok()),
        serde_json::Value::Array(items) => items.iter().for_each(|v| leaves(v, found)),
        serde_json::Value::Object(items) => items.values().for_each(|v| leaves(v, found)),
        serde_json::Value::Null | serde_json::Value::Bool(_) => {}
    }
}

fn close(a: f64, b: f64) -> bool {
    a == b || a.is_nan() && b.is_nan() || (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0)
}

#[test]
fn examples_and_programs_compile_and_agree_with_the_evaluator() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = files(&root.join("examples"));
    all.extend(files(&root.join("tests/programs")));
    let (mut text, mut main, mut expected) = (String::new(), String::from("fn main() {\n"), Vec::new());
    for (k, file) in all.iter().enumerate() {
        let output = zgrad(&["emit", file.to_str().unwrap(), "--what", "value,grad,vjp"]);
        let problem = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {problem}", file.display());
        let module = String::from_utf8(output.stdout).unwrap();
        for case in cases(file, &module, &format!("m{k}")) {
            let args: Vec<&str> = case.eval.iter().map(String::as_str).collect();
            let output = zgrad(&args);
            // Shapes that no assertion tells, conditions that the numbers do not meet.
            if !output.status.success() {
                continue;
            }
            let result: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
            let mut wanted = Vec::new();
            leaves(&result["value"], &mut wanted);
            leaves(&result["grad"], &mut wanted);
            expected.push((case.call.clone(), wanted));
            let lets = case.outs.iter().map(|(name, n)| format!("let mut {name} = vec![9.0; {n}];"));
            let shown = case.outs.iter().map(|(name, _)| format!(", &{name}"));
            let (lets, shown): (String, String) = (lets.collect(), shown.collect());
            main.push_str(&format!(
                "{{ {lets} let r = {}; println!(\"{{:?}}\", (r{shown})); }}\n",
                case.call
            ));
        }
        text.push_str(&format!("pub mod m{k} {{\n{module}}}\n"));
        formatted(&format!("file{k}"), &module);
        linted(&format!("file{k}"), &module, &[]);
    }
    main.push('}');
    assert!(expected.len() > 100, "only {} functions were compared", expected.len());
    let Some(out) = run("files", &text, &main, &["non_snake_case", "unused_imports", "unused_mut"]) else {
        return;
    };
    for (line, (call, mut wanted)) in out.lines().zip(expected) {
        // The evaluator lists variables by name, the program in their order.
        let mut found = numbers(line);
        found.sort_by(f64::total_cmp);
        wanted.sort_by(f64::total_cmp);
        let same = found.len() == wanted.len() && found.iter().zip(&wanted).all(|(a, b)| close(*a, *b));
        assert!(same, "{call} is {found:?}, not {wanted:?}");
    }
}
