//! The acceptance programs: values, first and second derivatives of every function at every point,
//! forwards, in reverse and from the printed formula; and `check` of the examples.

use serde_json::Value as Json;
use std::fs;
use std::path::{Path, PathBuf};
use zgrad::eval::Limits;
use zgrad::session::datum::Datum;
use zgrad::session::derive::Mode;
use zgrad::session::evaluate::{Report, Request, What, evaluate};
use zgrad::session::point::Given;
use zgrad::session::{Session, checking, formulas};

/// Function of a file, mode, and why it is left out. Each is printed.
const KNOWN_FAILURES: &[(&str, &str, &str, &str)] = &[];

/// Functions whose derivatives take long: only this many points, and no second derivatives.
const SLOW: &[(&str, usize)] = &[("scoreboard/ht", 2), ("scoreboard/lstm", 1)];

fn programs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/programs")
}

/// The files of a folder with this extension, in order.
fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = entries.filter(|p| p.extension().is_some_and(|e| e == extension)).collect();
    files.sort();
    assert!(!files.is_empty(), "{}", folder.display());
    files
}

/// The program that expectations are of: beside them, or of that folder of the examples.
fn program(json: &Path) -> PathBuf {
    let beside = json.with_extension("math");
    if beside.exists() {
        return beside;
    }
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    examples.join(beside.strip_prefix(programs()).unwrap())
}

/// A request for some derivatives of a function.
fn request(function: &str, at: &Json, wrt: &Json, what: &[What], mode: Mode) -> Request {
    let given = |value: &Json| match value {
        Json::String(text) => Given::Text(text.clone()),
        other => Given::Data(other.clone()),
    };
    Request {
        function: Some(function.to_string()),
        at: at.as_object().unwrap().iter().map(|(name, value)| (name.clone(), given(value))).collect(),
        set: vec![],
        wrt: wrt.as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect(),
        what: what.to_vec(),
        dir: vec![],
        seed: None,
        order: None,
        mode,
        digits: false,
        limits: Limits::default(),
    }
}

/// All numbers of expected JSON, in order, each with the alternatives that are right.
fn wanted(json: &Json, out: &mut Vec<Vec<f64>>) {
    let number = |text: &str| match text {
        "Infinity" => f64::INFINITY,
        "-Infinity" => f64::NEG_INFINITY,
        "NaN" => f64::NAN,
        other => other.parse().unwrap_or_else(|_| panic!("`{other}` is no number")),
    };
    match json {
        Json::Array(items) => items.iter().for_each(|item| wanted(item, out)),
        Json::Object(members) => members.values().for_each(|member| wanted(member, out)),
        Json::String(text) => out.push(text.split('|').map(number).collect()),
        Json::Bool(b) => out.push(vec![f64::from(u8::from(*b))]),
        other => out.push(vec![other.as_f64().unwrap()]),
    }
}

/// What differs between the expected and the found numbers, in the measure of the format.
fn difference(want: &Json, got: &Json, tolerance: f64) -> Option<String> {
    let (mut wants, mut gots) = (Vec::new(), Vec::new());
    wanted(want, &mut wants);
    wanted(got, &mut gots);
    if wants.len() != gots.len() {
        return Some(format!("got {got}, wanted {want}"));
    }
    let finite = wants.iter().flatten().filter(|x| x.is_finite()).map(|x| x.abs());
    let largest = finite.fold(0.0, f64::max);
    let scale = if largest == 0.0 { 1.0 } else { largest.min(1.0) };
    let right = |want: f64, got: f64| {
        want == got
            || want.is_nan() && got.is_nan()
            || (got - want).abs() <= tolerance * want.abs().max(scale)
    };
    let wrong = wants.iter().zip(&gots).find(|(want, got)| !want.iter().any(|&w| right(w, got[0])))?;
    let whole = if wants.len() <= 6 { format!(" (got {got}, wanted {want})") } else { String::new() };
    Some(format!("got {:?}, wanted {:?}{whole}", wrong.1[0], wrong.0))
}

/// Named results in the order that the expected ones have.
fn by_name(list: &[(String, Datum)], want: &Json) -> Json {
    let names = want.as_object().unwrap().keys();
    let all: Vec<Json> = names
        .map(|name| list.iter().find(|(known, _)| known == name).map_or(Json::Null, |(_, d)| d.json()))
        .collect();
    let same = all.len() == list.len() && !all.contains(&Json::Null);
    if same { Json::Array(all) } else { Json::String("NaN".into()) }
}

/// Second derivatives in the order that the expected ones have: a row of each variable is by
/// name, but where there is only one variable.
fn second(list: &[(String, Datum)], want: &Json) -> Json {
    let rows = want.as_object().unwrap().iter().map(|(name, columns)| {
        match list.iter().find(|(known, _)| known == name) {
            Some((_, Datum::Record(row))) => by_name(row, columns),
            Some((_, row)) => row.json(),
            None => Json::String("NaN".into()),
        }
    });
    Json::Array(rows.collect())
}

/// The part of a report that answers an expectation.
fn found(report: &Report, key: &str, want: &Json) -> Json {
    match key {
        "value" => report.value.as_ref().unwrap().json(),
        "grad" => by_name(report.grad.as_ref().unwrap(), want),
        "jac" => by_name(report.jac.as_ref().unwrap(), want),
        _ => second(report.hess.as_ref().unwrap(), want),
    }
}

/// What differs between the notes on a gradient and the expected pieces of them.
fn other_notes(want: &Json, report: &Report, key: &str) -> Option<String> {
    let pieces: Vec<&str> = want.as_array()?.iter().map(|piece| piece.as_str().unwrap()).collect();
    let mut notes: Vec<&str> = report.notes.iter().map(|note| note.line.as_str()).collect();
    let mut missing = Vec::new();
    for &piece in &pieces {
        match notes.iter().position(|note| note.contains(piece)) {
            Some(at) => drop(notes.remove(at)),
            None => missing.push(piece),
        }
    }
    let same = key != "grad" || (notes.is_empty() && missing.is_empty());
    (!same).then(|| format!("notes that are missing: {missing:?}; not expected: {notes:?}"))
}

/// Checks the expectations of one file; gives the failures.
fn check_file(json: &Path, failures: &mut Vec<String>) {
    let file = json.strip_prefix(programs()).unwrap().with_extension("").display().to_string();
    let expected: Json = serde_json::from_str(&fs::read_to_string(json).unwrap()).unwrap();
    let slow = SLOW.iter().find(|(name, _)| *name == file).map(|(_, most)| *most);
    for (function, entry) in expected["functions"].as_object().unwrap() {
        let tolerance = [&entry["tolerance"], &expected["tolerance"]].into_iter().find_map(Json::as_f64);
        let points = entry["points"].as_array().unwrap();
        for (mode, mode_name) in [(Mode::Forward, "forward"), (Mode::Reverse, "reverse")] {
            let known = KNOWN_FAILURES.iter().find(|k| k.0 == file && k.1 == function && k.2 == mode_name);
            if let Some((.., why)) = known {
                println!("left out: {file} {function} {mode_name}: {why}");
                continue;
            }
            for point in points.iter().take(slow.unwrap_or(usize::MAX)) {
                for (key, what) in
                    [("value", What::Value), ("grad", What::Grad), ("jac", What::Jac), ("hess", What::Hess)]
                {
                    let want = &point[key];
                    let once = key == "value" && mode == Mode::Reverse;
                    if want.is_null() || once || (key == "hess" && slow.is_some()) {
                        continue;
                    }
                    // A file opened anew for each: derivatives of one must not need those of another.
                    let mut session = match Session::open(&program(json)) {
                        Ok(session) => session,
                        Err(error) => return failures.push(format!("{file}: {error}")),
                    };
                    let wrt = if key == "value" { &Json::Null } else { want };
                    let request = request(function, &point["at"], wrt, &[what], mode);
                    let wrong = match evaluate(&mut session, &request) {
                        Ok(report) => {
                            difference(want, &found(&report, key, want), tolerance.unwrap_or(1e-12))
                                .or_else(|| other_notes(&point["notes"], &report, key))
                        }
                        Err(error) => Some(format!("{error:#}")),
                    };
                    if let Some(wrong) = wrong {
                        failures.push(format!(
                            "{file}: {function} {key} {mode_name} at {}: {wrong}",
                            point["at"]
                        ));
                    }
                }
            }
        }
    }
}

fn check_all(files: &[PathBuf]) {
    let mut failures = Vec::new();
    files.iter().for_each(|file| check_file(file, &mut failures));
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
}

fn check_folder(folder: &str) {
    check_all(&files(&programs().join(folder), "json"));
}

#[test]
fn zoo() {
    check_folder("zoo");
}

#[test]
fn fits() {
    check_folder("fits");
}

#[test]
fn calculus() {
    check_folder("calculus");
}

#[test]
fn edges() {
    check_folder("edges");
}

#[test]
fn regressions() {
    check_folder("regressions");
}

#[test]
fn linear() {
    check_folder("linear");
}

#[test]
fn optimisation() {
    check_folder("optimisation");
}

#[test]
fn valleys_first_half() {
    let files = files(&programs().join("valleys"), "json");
    check_all(&files[..files.len() / 2]);
}

#[test]
fn valleys_second_half() {
    let files = files(&programs().join("valleys"), "json");
    check_all(&files[files.len() / 2..]);
}

#[test]
fn scoreboard() {
    check_folder("scoreboard");
}

/// The gradient as formulas, printed, read back and evaluated.
fn check_formulas(json: &Path, folder: &Path, failures: &mut Vec<String>) {
    let file = json.strip_prefix(programs()).unwrap().with_extension("").display().to_string();
    let expected: Json = serde_json::from_str(&fs::read_to_string(json).unwrap()).unwrap();
    for (function, entry) in expected["functions"].as_object().unwrap() {
        let tolerance = [&entry["tolerance"], &expected["tolerance"]].into_iter().find_map(Json::as_f64);
        let points = entry["points"].as_array().unwrap();
        let Some(first) = points.iter().find(|p| p["grad"].is_object()) else { continue };
        let names: Vec<String> = first["grad"].as_object().unwrap().keys().cloned().collect();
        let mut session = Session::open(&program(json)).unwrap();
        let printed =
            formulas::derivatives(&mut session, Some(function), &names, formulas::What::Grad { order: 1 });
        let text = match printed {
            Ok(formulas) => formulas.text(&session),
            Err(error) => {
                failures.push(format!("{file}: {function}: {error:#}"));
                continue;
            }
        };
        let path = folder.join(format!("{}-{function}.math", file.replace('/', "-")));
        fs::write(&path, &text).unwrap();
        let mut session = match Session::open(&path) {
            Ok(session) => session,
            Err(error) => {
                failures.push(format!("{file}: {function}: what was printed is not read: {error:#}\n{text}"));
                continue;
            }
        };
        for point in points.iter().filter(|p| p["grad"].is_object()) {
            for (x, want) in point["grad"].as_object().unwrap() {
                let name = format!("d{function}_d{x}");
                let request = request(&name, &point["at"], &Json::Null, &[What::Value], Mode::Auto);
                let wrong = match evaluate(&mut session, &request) {
                    // The scale is of the whole gradient.
                    Ok(report) => {
                        let mut whole = point["grad"].clone();
                        whole[x] = report.value.unwrap().json();
                        let _ = want;
                        difference(&point["grad"], &whole, tolerance.unwrap_or(1e-12))
                    }
                    Err(error) => Some(format!("{error:#}")),
                };
                if let Some(wrong) = wrong {
                    failures.push(format!("{file}: {name} printed at {}: {wrong}", point["at"]));
                }
            }
        }
    }
}

/// Checks what is printed for some files of a folder.
fn check_printed(folder: &str, one_of: usize) {
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("printed-{folder}"));
    fs::create_dir_all(&scratch).unwrap();
    let mut failures = Vec::new();
    for json in files(&programs().join(folder), "json").iter().step_by(one_of) {
        check_formulas(json, &scratch, &mut failures);
    }
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn printed_zoo() {
    check_printed("zoo", 1);
}

#[test]
fn printed_calculus() {
    check_printed("calculus", 1);
}

#[test]
fn printed_optimisation() {
    check_printed("optimisation", 2);
}

#[test]
fn printed_valleys() {
    check_printed("valleys", 3);
}

#[test]
fn printed_regressions() {
    check_printed("regressions", 1);
}

#[test]
fn printed_linear() {
    check_printed("linear", 1);
}

#[test]
fn printed_edges() {
    check_printed("edges", 1);
}

#[test]
fn examples_pass_their_check() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut failures = Vec::new();
    for file in files(&folder, "math") {
        match Session::open(&file) {
            Ok(mut session) => {
                let outcome = checking::check(&mut session, Limits::default());
                if !outcome.passed() {
                    failures.push(outcome.text());
                }
            }
            Err(error) => failures.push(format!("{}: {error:#}", file.display())),
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
