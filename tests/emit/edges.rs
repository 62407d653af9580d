//! The emitted gradients of the functions in `tests/programs/edges` at their points: where a derivative is a
//! decision, a program decides as the evaluator does.

use super::tools::run;
use serde_json::{Map, Value as Json};
use std::path::Path;
use std::process::Command;

/// All numbers of a JSON value, each with the alternatives that are right.
fn numbers(json: &Json, found: &mut Vec<Vec<f64>>) {
    let number = |text: &str| text.replace("Infinity", "inf").parse::<f64>().unwrap();
    match json {
        Json::Array(items) => items.iter().for_each(|item| numbers(item, found)),
        Json::Object(items) => items.values().for_each(|item| numbers(item, found)),
        Json::String(text) => found.push(text.split('|').map(number).collect()),
        other => found.push(vec![other.as_f64().unwrap()]),
    }
}

/// A number of a point, as an expression of type `f64`.
fn literal(json: &Json) -> String {
    let mut found = Vec::new();
    let text = json.as_str().map(|text| text.replace("pi", "3.141592653589793"));
    numbers(&text.map_or(json.clone(), Json::String), &mut found);
    match found[0][0] {
        x if x.is_nan() => "f64::NAN".to_string(),
        x if x.is_infinite() => format!("{}f64::INFINITY", if x < 0.0 { "-" } else { "" }),
        x => format!("{x:?}f64"),
    }
}

/// The elements of a nested list, and its lengths along the axes.
fn flat(json: &Json) -> (Vec<String>, Vec<usize>) {
    let Json::Array(items) = json else { return (vec![literal(json)], Vec::new()) };
    let inner: Vec<_> = items.iter().map(flat).collect();
    let lengths = inner.first().map_or(Vec::new(), |(_, lengths)| lengths.clone());
    (inner.into_iter().flat_map(|(elements, _)| elements).collect(), [vec![items.len()], lengths].concat())
}

/// A call of `NAME_grad` at a point, the variables that hold array results, and what all should be: the value,
/// the derivatives by scalars, then those by arrays.
struct Call {
    text: String,
    outs: Vec<(String, usize)>,
    wanted: Vec<Vec<f64>>,
    label: String,
}

fn call(module: usize, name: &str, head: &str, point: &Json) -> Call {
    let at: &Map<String, Json> = point["at"].as_object().unwrap();
    let (mut args, mut outs, mut scalars, mut arrays) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut lengths = Vec::new();
    let params = head.rsplit_once(") ->").or(head.rsplit_once(')')).map_or(head, |h| h.0);
    for param in params.split(',').filter_map(|param| param.trim().split_once(": ")) {
        let name = param.0.trim_start_matches('_');
        match param.1 {
            "usize" => args.push(format!("{}", lengths.pop().expect("a size follows its array"))),
            "i64" => args.push(at[name].to_string()),
            "f64" => {
                args.push(literal(&at[name]));
                scalars.push(&point["grad"][name]);
            }
            "&[f64]" => {
                let (elements, shape) = flat(&at[name]);
                lengths = shape.iter().copied().rev().collect();
                args.push(format!("&[{}]", elements.join(", ")));
                arrays.push((&point["grad"][name], elements.len()));
            }
            "&mut [f64]" => {
                args.push(format!("&mut {name}_out"));
                outs.push((format!("{name}_out"), arrays[outs.len()].1));
            }
            other => panic!("{other} in {head}"),
        }
    }
    let mut wanted = Vec::new();
    numbers(&point["value"], &mut wanted);
    scalars.iter().for_each(|json| numbers(json, &mut wanted));
    arrays.iter().for_each(|(json, _)| numbers(json, &mut wanted));
    let label = format!("{name} at {}", point["at"]);
    Call { text: format!("m{module}::{name}_grad({})", args.join(", ")), outs, wanted, label }
}

/// The numbers that a line of `{:?}` shows.
fn shown(line: &str) -> Vec<f64> {
    let words = line.split(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '-' | '+')));
    words.filter(|w| !w.is_empty()).map(|w| w.parse().unwrap()).collect()
}

#[test]
fn programs_decide_at_edges_as_the_evaluator_does() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/programs/edges");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|e| e == "math"));
    files.sort();
    let (mut modules, mut main, mut calls) = (String::new(), String::from("fn main() {\n"), Vec::new());
    for (k, file) in files.iter().enumerate() {
        let args = ["emit", file.to_str().unwrap(), "--what", "grad"];
        let output = Command::new(env!("CARGO_BIN_EXE_zgrad")).args(args).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let module = String::from_utf8(output.stdout).unwrap();
        let text = std::fs::read_to_string(file.with_extension("json")).unwrap();
        let expected: Json = serde_json::from_str(&text).unwrap();
        for (name, function) in expected["functions"].as_object().unwrap() {
            let start = format!("\npub fn {name}_grad(");
            let Some((_, rest)) = module.split_once(&start) else { panic!("{name} is not emitted") };
            let head = rest.split_once("{\n").unwrap().0;
            for point in function["points"].as_array().unwrap() {
                let mut call = call(k, name, head, point);
                // Outside a domain only a printed formula has a finite derivative.
                if file.ends_with("domains.math") && call.wanted[0][0].is_nan() {
                    let undefined = |all: &Vec<f64>| all.iter().any(|x| x.is_nan());
                    let wanted = call.wanted.iter_mut().filter(|all| undefined(all));
                    wanted.for_each(|all| all.retain(|x| !x.is_finite()));
                }
                let lets = call.outs.iter().map(|(name, n)| format!("let mut {name} = vec![9.0; {n}];"));
                let names = call.outs.iter().map(|(name, _)| format!(", &{name}"));
                let (lets, names): (String, String) = (lets.collect(), names.collect());
                main.push_str(&format!(
                    "{{ {lets} let r = {}; println!(\"{{:?}}\", (r{names})); }}\n",
                    call.text
                ));
                calls.push(call);
            }
        }
        modules.push_str(&format!("pub mod m{k} {{\n{module}}}\n"));
    }
    main.push('}');
    assert!(calls.len() > 600, "only {} points were compared", calls.len());
    let Some(out) = run("edges", &modules, &main, &["non_snake_case", "unused_imports", "unused_mut"]) else {
        return;
    };
    let mut failures = Vec::new();
    for (line, call) in out.lines().zip(&calls) {
        let found = shown(line);
        let finite = call.wanted.iter().flatten().filter(|x| x.is_finite()).map(|x| x.abs());
        let scale = finite.fold(0.0, f64::max).min(1.0);
        let right = |want: f64, got: f64| {
            want == got
                || want.is_nan() && got.is_nan()
                || (got - want).abs() <= 1e-12 * want.abs().max(scale)
        };
        let same = found.len() == call.wanted.len()
            && found.iter().zip(&call.wanted).all(|(&got, want)| want.iter().any(|&w| right(w, got)));
        if !same {
            failures.push(format!("{}: {found:?}, not {:?}", call.label, call.wanted));
        }
    }
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
}
