//! `explain`: its pages stand in `tests/explain`, every equation on them is true, and the adjoints are
//! those that `eval` prints. The first line of a file says the point; `ZGRAD_BLESS=1` writes the pages anew.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use zgrad::check::{Dim, Ty};
use zgrad::core::Elem;
use zgrad::eval::Limits;
use zgrad::explain::lesson::{Block, Lesson, Row, RowKind};
use zgrad::explain::{html, json, text};
use zgrad::session::derive::Mode;
use zgrad::session::evaluate::{What, entries, evaluate};
use zgrad::session::explaining::{Request, explain};
use zgrad::session::point::{Given, assignments};
use zgrad::session::{Session, checking, evaluate as evaluation};
use zgrad::simplify::Forms;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

fn math_files(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            math_files(&path, out);
        } else if path.extension().is_some_and(|e| e == "math") {
            out.push(path);
        }
    }
    out.sort();
}

fn request(function: Option<&str>, at: Vec<(String, Given)>, seed: Option<String>) -> Request {
    let limits = Limits { steps: 2_000_000, ..Limits::default() };
    Request { function: function.map(str::to_string), at, set: Vec::new(), seed, forward: true, limits }
}

/// The page of a file of `tests/explain`: the words of its first line are those of the command line.
fn page(path: &Path) -> (Session, Lesson) {
    let source = fs::read_to_string(path).unwrap();
    let first = source.lines().next().unwrap().trim_start_matches('#').trim().to_string();
    let (at, seed) = match first.split_once(" --seed ") {
        Some((at, seed)) => (at.to_string(), Some(seed.to_string())),
        None => (first, None),
    };
    let at = assignments(&[at.trim_start_matches("--at ").to_string()]).unwrap();
    let mut session = Session::open_in(path, Forms::AsWritten).unwrap();
    let lesson = explain(&mut session, &request(None, at, seed)).unwrap_or_else(|e| panic!("{e:#}"));
    (session, lesson)
}

fn pages() -> Vec<PathBuf> {
    let mut files = Vec::new();
    // By a relative path, which notes mention.
    math_files(Path::new("tests/explain"), &mut files);
    assert!(files.len() > 8);
    files
}

#[test]
fn pages_are_as_they_were_read() {
    let mut wrong = Vec::new();
    for path in pages() {
        let (_, lesson) = page(&path);
        let mut written = vec![("txt", text::text(&lesson))];
        if path.ends_with("sum.math") {
            written.extend([("md", text::markdown(&lesson)), ("json", json::json(&lesson))]);
        }
        for (ending, text) in written {
            let golden = path.with_extension(ending);
            if std::env::var_os("ZGRAD_BLESS").is_some() {
                fs::write(&golden, &text).unwrap();
            }
            if fs::read_to_string(&golden).unwrap_or_default() != text {
                wrong.push(golden.display().to_string());
            }
        }
    }
    assert!(wrong.is_empty(), "ZGRAD_BLESS=1 accepts the new text of {wrong:#?}");
}

// ── Every line is true ───────────────────────────────────────────────────────────────────────────────

/// The text with the names of steps replaced by their values, longest names first.
fn filled(text: &str, values: &[(String, String)]) -> String {
    let mut out = String::new();
    let mut rest = text;
    'next: while let Some(c) = rest.chars().next() {
        let word = out.chars().last().is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '.');
        if !word {
            for (name, value) in values {
                if let Some(after) = rest.strip_prefix(name.as_str())
                    && !after.starts_with(|c: char| c.is_alphanumeric() || "_[.(".contains(c))
                {
                    out.push_str(&format!("({value})"));
                    rest = after;
                    continue 'next;
                }
            }
        }
        out.push(c);
        rest = &rest[c.len_utf8()..];
    }
    out
}

/// Splits at commas outside brackets.
fn parts(text: &str) -> Vec<&str> {
    let (mut depth, mut start, mut found) = (0, 0, Vec::new());
    for (at, c) in text.char_indices() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            ',' if depth == 0 => {
                found.push(text[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    found.push(text[start..].trim());
    found
}

/// The equations of a row, each as texts that are equal.
fn equations(row: &Row) -> Vec<Vec<String>> {
    let chain =
        |text: &str| -> Vec<String> { text.split(" = ").map(|side| side.trim().to_string()).collect() };
    match row.kind {
        RowKind::Remark => Vec::new(),
        RowKind::Line => vec![chain(&row.cells[0])],
        RowKind::Step(_) if row.cells.len() < 3 => Vec::new(),
        RowKind::Step(_) => {
            // A row of dual numbers is none.
            if !row.cells[0].contains(" = ") {
                return Vec::new();
            }
            let all = row.cells[..3].join(" ");
            let mut found = vec![chain(&all)];
            if row.cells.len() < 4 {
                return found;
            }
            let kept = row.cells[3].split("  (by").next().unwrap();
            let pullback = kept.split_once(") = (").and_then(|(_, list)| list.strip_suffix(')'));
            for part in pullback.map(parts).unwrap_or_default() {
                if let Some((_, equal)) = part.split_once(": ") {
                    found.push(chain(equal));
                }
            }
            found
        }
        RowKind::Pull(_) if row.cells.len() < 4 => Vec::new(),
        RowKind::Pull(_) => {
            let (_, product) = row.cells[1].split_once(" += ").unwrap();
            let mut now = chain(&row.cells[3]);
            if !now.is_empty() {
                now.remove(0);
            }
            vec![chain(&format!("{product} {}", row.cells[2])), now]
        }
    }
}

#[test]
fn every_line_is_true() {
    let mut wrong = Vec::new();
    for path in pages() {
        let (session, lesson) = page(&path);
        let facts = &lesson.facts;
        let mut values: Vec<(String, String)> =
            facts.steps.iter().map(|step| (step.name.clone(), format!("{:?}", step.value))).collect();
        values.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        let mut tests = String::new();
        let mut count = 0;
        for (number, section) in (1..).zip(&lesson.sections) {
            for block in &section.blocks {
                let table = match block {
                    Block::Table(table) => table,
                    Block::Prose(text) => {
                        if let Some((_, sum)) = text.split_once("came together: ") {
                            let sum = sum.split(". ").next().unwrap().trim_end_matches('.');
                            let sides: Vec<&str> = sum.split(" = ").collect();
                            if !sides[1].contains('…') {
                                tests.push_str(&format!("test {} = {}\n", sides[1], sides[2]));
                                count += 1;
                            }
                        }
                        continue;
                    }
                };
                for row in &table.rows {
                    // The seed is no equation between values, the formula of the pullback a definition.
                    if number == 3 || number == 5 || number == 6 || number == 7 {
                        continue;
                    }
                    let h = row.cells[0]
                        .rsplit_once('/')
                        .and_then(|(_, end)| end.split(" = ").next()?.parse::<f64>().ok());
                    let known = [
                        ("seed".to_string(), facts.seed.to_string()),
                        ("d".to_string(), "1.0".to_string()),
                        ("h".to_string(), format!("{:?}", h.unwrap_or(0.0) / 2.0)),
                    ];
                    for sides in equations(row) {
                        let usable = |side: &&String| {
                            !side.is_empty()
                                && !side.contains('…')
                                && !side.contains(" h)")
                                && !side.contains("inf")
                                && !side.contains("nan")
                        };
                        let sides: Vec<String> = sides
                            .iter()
                            .filter(usable)
                            .map(|side| filled(&filled(side, &values), &known))
                            .collect();
                        for pair in sides.windows(2) {
                            // Arrays of results and calls by a name stand for themselves.
                            tests.push_str(&format!("test {} = {}\n", pair[0], pair[1]));
                            count += 1;
                        }
                    }
                }
            }
        }
        let source = fs::read_to_string(&path).unwrap();
        drop(session);
        let mut checked = match Session::from_text(&path, &format!("{source}\n{tests}")) {
            Ok(session) => session,
            Err(error) => {
                wrong.push(format!("{}: {error:#}", path.display()));
                continue;
            }
        };
        assert!(count > 5, "{}: only {count} equations", path.display());
        let outcome = checking::check(&mut checked, Limits::default());
        // Whether the derivatives of the file agree with differences is not asked here: it may have `stop` in it.
        wrong.extend(outcome.text().lines().filter(|line| line.contains(": test ")).map(str::to_string));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

// ── Adjoints are derivatives ─────────────────────────────────────────────────────────────────────────

/// A value of a type, as text; the numbers come one after another.
fn sample(ty: &Ty, next: &mut f64) -> Option<String> {
    *next += 0.37;
    let number = |next: &mut f64| {
        *next += 0.29;
        0.4 + (*next % 1.9)
    };
    Some(match ty {
        Ty::Real => format!("{}", number(next)),
        Ty::Int => "3".to_string(),
        Ty::Bool => "true".to_string(),
        Ty::Array { elem, dims } => {
            let len = |dim: &Dim| match dim {
                Dim::Fixed(n) => *n as usize,
                _ => 3,
            };
            let lens: Vec<usize> = dims.iter().map(len).collect();
            array(*elem, &lens, next)
        }
        Ty::Tuple(tys) => {
            let parts: Option<Vec<String>> = tys.iter().map(|ty| sample(ty, next)).collect();
            format!("({})", parts?.join(", "))
        }
        Ty::Record(fields) => {
            let parts: Option<Vec<String>> =
                fields.iter().map(|(name, ty)| Some(format!("{name}: {}", sample(ty, next)?))).collect();
            format!("{{{}}}", parts?.join(", "))
        }
        Ty::Function(..) | Ty::Error => return None,
    })
}

fn array(elem: Elem, lens: &[usize], next: &mut f64) -> String {
    let Some((len, rest)) = lens.split_first() else {
        *next += 0.31;
        let number = 0.4 + (*next % 1.9);
        return if elem == Elem::Real { number.to_string() } else { (1.0 + number).floor().to_string() };
    };
    let items: Vec<String> = (0..*len).map(|_| array(elem, rest, next)).collect();
    format!("[{}]", items.join(", "))
}

/// What differs between the adjoints of a page and the gradient that `eval` finds; whether it was compared.
fn compare(path: &Path, function: &str, at: &[(String, Given)]) -> Result<bool, String> {
    let mut session = Session::open_in(path, Forms::AsWritten).map_err(|e| format!("{e:#}"))?;
    let wanted = evaluation::Request {
        function: Some(function.to_string()),
        at: at.to_vec(),
        set: Vec::new(),
        wrt: Vec::new(),
        what: vec![What::Grad],
        dir: Vec::new(),
        seed: None,
        order: None,
        mode: Mode::Reverse,
        digits: false,
        limits: Limits { steps: 2_000_000, ..Limits::default() },
    };
    let report = evaluate(&mut session, &wanted);
    let mut session = Session::open_in(path, Forms::AsWritten).map_err(|e| format!("{e:#}"))?;
    let lesson = explain(&mut session, &request(Some(function), at.to_vec(), None));
    let (report, lesson) = match (report, lesson) {
        (Ok(report), Ok(lesson)) => (report, lesson),
        (Ok(_), Err(error)) => {
            let error = format!("{error:#}");
            return if error.contains("to explain") { Ok(false) } else { Err(error) };
        }
        (Err(_), _) => return Ok(false),
    };
    let _ = (text::text(&lesson), text::markdown(&lesson), json::json(&lesson), html::html(&lesson));
    if lesson.facts.arguments.is_empty() {
        return Ok(false);
    }
    let adjoints: HashMap<&str, f64> = lesson
        .facts
        .steps
        .iter()
        .filter(|s| s.input)
        .map(|s| (s.name.as_str(), s.adjoint.unwrap_or(0.0)))
        .collect();
    let found = entries(&report);
    let scale = found.iter().map(|(_, x)| x.abs()).filter(|x| x.is_finite()).fold(0.0, f64::max).max(1e-300);
    for (name, want) in found {
        let input = name.split("/∂").nth(1).unwrap_or_default();
        let Some(&got) = adjoints.get(input) else { return Err(format!("no adjoint of {input}")) };
        if want.is_finite() && (got - want).abs() > 1e-9 * scale + 1e-13 {
            return Err(format!("{input}: the adjoint is {got}, eval finds {want}"));
        }
    }
    Ok(true)
}

#[test]
fn adjoints_are_those_of_eval_on_the_examples() {
    let mut files = Vec::new();
    math_files(&root().join("examples"), &mut files);
    let (mut wrong, mut compared) = (Vec::new(), 0);
    for path in files {
        let session = Session::open(&path).unwrap();
        for signature in session.module.functions.clone() {
            let mut next = 0.0;
            let at: Option<Vec<(String, Given)>> = signature
                .params
                .iter()
                .map(|(name, ty)| Some((name.clone(), Given::Text(sample(ty, &mut next)?))))
                .collect();
            let Some(at) = at else { continue };
            match compare(&path, &signature.name, &at) {
                Ok(true) => compared += 1,
                Ok(false) => {}
                Err(error) => wrong.push(format!("{}: {}: {error}", path.display(), signature.name)),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(compared > 25, "only {compared} functions were compared");
}

#[test]
fn adjoints_are_those_of_eval_on_the_programs() {
    let mut files = Vec::new();
    math_files(&root().join("tests/programs"), &mut files);
    math_files(&root().join("examples/scoreboard"), &mut files);
    let (mut wrong, mut compared) = (Vec::new(), 0);
    for path in files {
        // Hundreds of alike problems: some are enough here.
        let few = path.components().any(|part| part.as_os_str() == "optimisation");
        // What is expected of the examples is among the tests.
        let json = match path.with_extension("json").strip_prefix(root().join("examples")) {
            Ok(name) => root().join("tests/programs").join(name),
            Err(_) => path.with_extension("json"),
        };
        let Ok(expected) = fs::read_to_string(json) else { continue };
        let expected: serde_json::Value = serde_json::from_str(&expected).unwrap();
        let functions = expected["functions"].as_object().unwrap();
        for (function, entry) in functions.iter().step_by(if few { 7 } else { 1 }) {
            for point in entry["points"].as_array().unwrap().iter().take(2) {
                let at = point["at"].as_object().unwrap().iter().map(|(name, value)| {
                    let given = match value {
                        serde_json::Value::String(text) => Given::Text(text.clone()),
                        data => Given::Data(data.clone()),
                    };
                    (name.clone(), given)
                });
                match compare(&path, function, &at.collect::<Vec<_>>()) {
                    Ok(true) => compared += 1,
                    Ok(false) => {}
                    Err(error) => {
                        wrong.push(format!("{}: {function}: {error} at {}", path.display(), point["at"]))
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
    assert!(compared > 100, "only {compared} functions were compared");
}
