//! Patterns of derivatives: those of small programs are what they must be, and for all programs every derivative that
//! is not 0 is in the pattern, and what few sweeps give is what the dense matrix has.

use serde_json::Value as Json;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use zgrad::check::Ty;
use zgrad::eval::{Limits, Value};
use zgrad::session::compressed;
use zgrad::session::datum::{Datum, numbers};
use zgrad::session::derive::Mode;
use zgrad::session::evaluate::{Report, Request, What, at_point, evaluate, global_values};
use zgrad::session::point::Given;
use zgrad::session::sparsity::{self, Block, Found, Matrix};
use zgrad::session::{Session, is_real};

fn open(text: &str) -> Session {
    Session::from_text(Path::new("sparse.math"), text).unwrap_or_else(|error| panic!("{error:#}"))
}

fn given(pairs: &[(&str, &str)]) -> Vec<(String, Given)> {
    pairs.iter().map(|(name, text)| (name.to_string(), Given::Text(text.to_string()))).collect()
}

fn pattern(text: &str, set: &[(&str, &str)], at: &[(&str, &str)], matrix: Matrix) -> Found {
    let request = sparsity::Request {
        function: None,
        at: given(at),
        set: given(set),
        wrt: vec![],
        matrix,
        limits: Limits::default(),
    };
    sparsity::sparsity(&mut open(text), &request).unwrap_or_else(|error| panic!("{text}: {error:#}"))
}

/// The pattern as rows of signs.
fn drawn(found: &Found) -> Vec<String> {
    let marked =
        |row: usize, column: usize| found.pattern.entries.binary_search(&(row as u32, column as u32)).is_ok();
    let marked = &marked;
    let line = |row: usize| {
        (0..found.pattern.columns).map(move |column| if marked(row, column) { 'x' } else { '.' })
    };
    (0..found.pattern.rows).map(|row| line(row).collect()).collect()
}

/// A program, its sizes, the rows of its Jacobian, and whether all of the pattern is certain.
type Case = (&'static str, &'static [(&'static str, &'static str)], &'static [&'static str], bool);

#[rustfmt::skip]
const JACOBIANS: &[Case] = &[
    ("f(x, y) = (x, y, x*y, 2)", &[], &["x.", ".x", "xx", ".."], true),
    ("f(x: R[n]) = [x[i]^2 for i in 1..n]", &[("n", "3")], &["x..", ".x.", "..x"], true),
    ("f(x: R[n]) = [x[n + 1 - i] for i in 1..n]", &[("n", "3")], &["..x", ".x.", "x.."], true),
    ("f(x: R[n]) = [x[i + 1] - x[i] for i in 1..n-1]", &[("n", "4")], &["xx..", ".xx.", "..xx"], true),
    ("f(x: R[n]) = [if i == 1 then 0 else x[i - 1] for i in 1..n]", &[("n", "3")], &["...", "x..", ".x."], true),
    ("f(x: R[n], y: R[n]) = [sum(x[j] for j in 1..i)*y[i] for i in 1..n]", &[("n", "3")],
        &["x..x..", "xx..x.", "xxx..x"], true),
    ("f(A: R[n, m], x: R[m]) = A*x", &[("n", "2"), ("m", "2")], &["xx..xx", "..xxxx"], true),
    ("f(x: R[n]) = cumsum(x)", &[("n", "2")], &["xx", "xx"], false),
    ("f(x: R[n], k: Int) = x[k]", &[("n", "3"), ("k", "2")], &[".x."], true),
    ("f(x: R[n], k: Int) = x[k]", &[("n", "3")], &["xxx"], false),
    ("f(x: R[n]) = x[floor(x[1])]", &[("n", "3")], &["xxx"], false),
    ("f(x: R[n]) = stop(x[1])*x[2]", &[("n", "3")], &[".x."], true),
    ("g(x) = x^2\nf(x: R[n]) = g.(x)", &[("n", "2")], &["x.", ".x"], true),
    ("p(x, n: Int) = if n <= 0 then 1 else x*p(x, n - 1)\nf(x: R[n], y) = p(x[1], 3)", &[("n", "2")], &["x.."], false),
    ("f(x: R[n]) = fold(s = 0 for i in 1..n: s + x[i]*x[1])", &[("n", "2")], &["xx"], false),
    ("f(x: R[3], y: R[3]) = x.*y", &[], &["x..x..", ".x..x.", "..x..x"], true),
];

#[test]
fn jacobians_of_small_programs() {
    let mut wrong = Vec::new();
    for (text, set, rows, certain) in JACOBIANS {
        let found = pattern(text, set, &[], Matrix::Jacobian);
        let drawn = drawn(&found);
        if drawn != *rows || found.pattern.doubts.is_empty() != *certain {
            wrong.push(format!("{text}: {drawn:?}, {:?}", found.pattern.doubts));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn hessians_of_small_programs() {
    let valley = "f(x: R[n]) = sum(100*(x[i+1] - x[i]^2)^2 + (1 - x[i])^2 for i in 1..n-1)";
    let found = pattern(valley, &[("n", "4")], &[], Matrix::Hessian);
    assert_eq!(drawn(&found), ["xx..", "xxx.", ".xxx", "..xx"]);
    assert_eq!(found.by_columns.1, 3);
    let found = pattern("f(x: R[n], y) = sum(x[i]^2 for i in 1..n) + y", &[("n", "3")], &[], Matrix::Hessian);
    assert_eq!(drawn(&found), ["x...", ".x..", "..x.", "...."]);
    assert_eq!(found.by_columns.1, 1);
    let sets = "f(x: R[n], e: Int[m, 2]) = sum(x[e[k, 1]]*x[e[k, 2]] for k in 1..m)";
    let found = pattern(sets, &[("n", "3")], &[("e", "[[1, 2], [2, 2]]")], Matrix::Hessian);
    assert_eq!(drawn(&found), [".x.", "xx.", "..."]);
}

#[test]
fn long_arrays_take_time_in_proportion() {
    let heat = "f(u: R[n]) = [if i == 1 or i == n then 0 else u[i-1] - 2*u[i] + u[i+1] for i in 1..n]";
    let found = pattern(heat, &[("n", "20000")], &[], Matrix::Jacobian);
    assert_eq!(found.pattern.entries.len(), 3 * (20_000 - 2));
    assert_eq!((found.by_columns.1, found.by_rows.1), (3, 3));
    // A full column: rows cannot share a sweep, and looking for some that can is given up.
    let arrow = "f(u: R[n], k) = [k*u[i] for i in 1..n]";
    let found = pattern(arrow, &[("n", "20000")], &[], Matrix::Jacobian);
    assert_eq!((found.by_columns.1, found.by_rows.1), (2, 20_000));
}

#[test]
fn what_is_missing_is_said() {
    let ask = |text: &str, set: &[(&str, &str)]| {
        let request = sparsity::Request {
            function: None,
            at: vec![],
            set: given(set),
            wrt: vec![],
            matrix: Matrix::Jacobian,
            limits: Limits::default(),
        };
        sparsity::sparsity(&mut open(text), &request)
            .err()
            .map(|error| format!("{error:#}"))
            .unwrap_or_default()
    };
    let text = "f(x: R[n]) = [x[i]^2 for i in 1..n]";
    assert_eq!(ask(text, &[]), "how long `x` is, is not known: add --set n=10");
    assert_eq!(ask(text, &[("m", "3")]), "`f` has no size or integer parameter `m`; there is `n`");
    assert!(ask("f(v) = [v[i]^2 for i]", &[]).contains("--at v=[…]"));
}

// ── All programs ─────────────────────────────────────────────────────────────────────────────────

fn request(function: &str, at: &Json, what: What) -> Request {
    let given = |value: &Json| match value {
        Json::String(text) => Given::Text(text.clone()),
        other => Given::Data(other.clone()),
    };
    Request {
        function: Some(function.to_string()),
        at: at.as_object().unwrap().iter().map(|(name, value)| (name.clone(), given(value))).collect(),
        set: vec![],
        wrt: vec![],
        what: vec![what],
        dir: vec![],
        seed: None,
        order: None,
        mode: Mode::Auto,
        digits: false,
        limits: Limits::default(),
    }
}

/// The blocks of a report, each of a result and a variable, as one matrix.
fn dense(report: &Report, matrix: Matrix, rows: &[Block], columns: &[Block]) -> Vec<Vec<f64>> {
    let count = |blocks: &[Block]| blocks.iter().map(Block::count).sum::<usize>();
    let mut all = vec![vec![f64::NAN; count(columns)]; count(rows)];
    let mut put = |row: &Block, column: &Block, value: &Value| {
        for (at, x) in numbers(value).into_iter().enumerate() {
            all[row.first + at / column.count()][column.first + at % column.count()] = x;
        }
    };
    let mut start = 0;
    let list: &[(String, Datum)] = match matrix {
        Matrix::Jacobian => report.jac.as_deref().unwrap(),
        Matrix::Hessian => report.hess.as_deref().unwrap(),
    };
    for (_, datum) in list {
        let values: Vec<&Value> = datum.leaves().into_iter().map(|(_, value)| value).collect();
        match matrix {
            // Of a variable: its parts for each result.
            Matrix::Jacobian => {
                let own = values.len() / rows.len();
                for (at, value) in values.into_iter().enumerate() {
                    put(&rows[at / own], &columns[start + at % own], value);
                }
                start += own;
            }
            Matrix::Hessian => {
                for (at, value) in values.iter().enumerate() {
                    put(&rows[start + at / columns.len()], &columns[at % columns.len()], value);
                }
                start += values.len() / columns.len();
            }
        }
    }
    all
}

/// How the sparse matrix at a point differs from the dense one; how many entries there were.
fn compare(session: &mut Session, function: &str, at: &Json, matrix: Matrix) -> Result<usize, String> {
    let what = if matrix == Matrix::Jacobian { What::Jac } else { What::Hess };
    let request = request(function, at, what);
    let Ok(report) = evaluate(session, &request) else { return Ok(0) };
    let signature = session.function(Some(function)).unwrap();
    let mut args = Vec::new();
    let point = at_point(session, &signature, &request.at).unwrap();
    point.into_iter().for_each(|(_, datum)| datum.into_flat(&mut args));
    args.extend(global_values(session, &signature, &request.set).unwrap());
    let sparse = compressed::matrix(session, &signature, &request, matrix, &args);
    let sparse = sparse.map_err(|error| format!("{error:#}"))?;
    let found = &sparse.found;
    let mut dense = dense(&report, matrix, &found.rows, &found.columns);
    let largest = dense.iter().flatten().filter(|x| x.is_finite()).fold(1e-300, |a: f64, x| a.max(x.abs()));
    for (&(row, column), &value) in found.pattern.entries.iter().zip(&sparse.values) {
        let wanted = std::mem::take(&mut dense[row as usize][column as usize]);
        let both_odd = !wanted.is_finite() || !value.is_finite();
        if !both_odd && (value - wanted).abs() > 1e-9 * largest.min(1.0).max(wanted.abs()) {
            return Err(format!("({row}, {column}) is {value:?}, not {wanted:?}"));
        }
    }
    let outside = dense.iter().enumerate().find_map(|(row, entries)| {
        let column = entries.iter().position(|&x| x != 0.0)?;
        Some(format!("({row}, {column}) is not in the pattern and {:?}", entries[column]))
    });
    outside.map_or(Ok(found.pattern.entries.len()), Err)
}

/// How the diagonal of the Hessian that is found by itself differs from that of the whole one; how long it was.
fn compare_diagonal(session: &mut Session, function: &str, at: &Json) -> Result<usize, String> {
    let Ok(whole) = evaluate(session, &request(function, at, What::Hess)) else { return Ok(0) };
    let report = evaluate(session, &request(function, at, What::HessDiag)).map_err(|e| format!("{e:#}"))?;
    let own = report.hess_diag.unwrap();
    let all: usize = own.iter().map(|(_, datum)| datum.leaves().len()).sum();
    let mut wanted = Vec::new();
    for (number, (_, row)) in whole.hess.unwrap().iter().enumerate() {
        let values: Vec<&Value> = row.leaves().into_iter().map(|(_, value)| value).collect();
        // Of a record each part has a block by each part.
        let parts = own[number].1.leaves().len();
        assert_eq!(values.len(), parts * all, "{function}");
        let first: usize = own[..number].iter().map(|(_, datum)| datum.leaves().len()).sum();
        for part in 0..parts {
            let block = numbers(values[part * all + first + part]);
            let side = (block.len() as f64).sqrt() as usize;
            wanted.extend((0..side).map(|k| block[k * side + k]));
        }
    }
    let found: Vec<f64> =
        own.iter().flat_map(|(_, datum)| datum.leaves()).flat_map(|(_, value)| numbers(value)).collect();
    assert_eq!(found.len(), wanted.len(), "{function}");
    let differs =
        |(a, b): (&f64, &f64)| a.is_finite() != b.is_finite() || (a - b).abs() > 1e-13 + 1e-9 * b.abs();
    match found.iter().zip(&wanted).position(differs) {
        Some(at) => Err(format!("element {at} of the diagonal is {:?}, not {:?}", found[at], wanted[at])),
        None => Ok(found.len()),
    }
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "json") {
            found.push(path);
        }
    }
}

/// The first point of each function of the acceptance programs; those of the scoreboard are large.
#[test]
fn sparse_is_dense_for_all_programs() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let programs = root.join("tests/programs");
    let mut all = Vec::new();
    files(&programs, &mut all);
    all.sort();
    let (mut wrong, mut entries) = (Vec::new(), 0);
    for json in all.iter().filter(|path| !path.starts_with(programs.join("scoreboard"))) {
        let beside = json.with_extension("math");
        let inside = beside.strip_prefix(&programs).unwrap().to_path_buf();
        let file = if beside.exists() { beside } else { root.join("examples").join(&inside) };
        let expected: Json = serde_json::from_str(&fs::read_to_string(json).unwrap()).unwrap();
        for (function, entry) in expected["functions"].as_object().into_iter().flatten() {
            let Some(point) = entry["points"].as_array().and_then(|points| points.first()) else { continue };
            let mut session = Session::open(&file).unwrap();
            let signature = session.function(Some(function)).unwrap();
            if !signature.result.leaves().iter().any(|(_, ty)| is_real(ty)) {
                continue;
            }
            let matrices: &[Matrix] = match signature.result {
                Ty::Real => &[Matrix::Jacobian, Matrix::Hessian],
                _ => &[Matrix::Jacobian],
            };
            for &matrix in matrices {
                match compare(&mut session, function, &point["at"], matrix) {
                    Ok(count) => entries += count,
                    Err(why) => wrong.push(format!("{}: {function} {matrix:?}: {why}", inside.display())),
                }
            }
            if signature.result == Ty::Real
                && let Err(why) = compare_diagonal(&mut session, function, &point["at"])
            {
                wrong.push(format!("{}: {function}: {why}", inside.display()));
            }
        }
    }
    println!("{entries} entries");
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(entries > 1000, "{entries} entries");
}

// ── The commands ─────────────────────────────────────────────────────────────────────────────────

/// What the command prints about a text, and what it says beside that.
fn zgrad(text: &str, args: &str) -> (String, String) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sparse");
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join(format!("{:?}.math", std::thread::current().id()).replace(['(', ')'], "-"));
    fs::write(&file, text).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_zgrad"));
    let mut words = args.split(' ');
    let output = command.arg(words.next().unwrap()).arg(&file).args(words).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr))
}

const PAIRS: &str = "f(x: R[n], y) = [x[i]*x[i+1]*y for i in 1..n-1]";

#[test]
fn patterns_are_printed() {
    let (out, err) = zgrad(PAIRS, "sparsity --set n=3");
    assert_eq!(err, "");
    let counts = "2 × 4, 6 of 8 entries can differ from 0; 3 sweeps by columns or 2 by rows";
    assert_eq!(out, format!("the Jacobian of f: {counts}\ncolumns: x 1–3, y 4\n\n× × · ×\n· × × ×\n"));
    let (out, _) = zgrad(PAIRS, "sparsity --set n=3 --wrt y --format csv");
    assert_eq!(out, "row,column,of,by\n1,1,f[1],y\n2,1,f[2],y\n");
    let (out, _) = zgrad(PAIRS, "sparsity --set n=3 --wrt y --format json");
    let found: Json = serde_json::from_str(&out).unwrap();
    assert_eq!(found["entries"], serde_json::json!([[1, 1], [2, 1]]));
    assert_eq!(found["rows"], serde_json::json!([{"name": "f", "first": 1, "shape": [2]}]));
    let (out, _) = zgrad(PAIRS, "sparsity --set n=3 --format svg");
    // A cell for each entry.
    assert!(out.starts_with("<svg") && out.matches("class=\"head\"").count() == 6, "{out}");
    // In dots: of a diagonal of 64, each sign has the same ones.
    let (out, _) = zgrad("f(x: R[n]) = [x[i]^2 for i in 1..n]", "sparsity --set n=64");
    let line = out.lines().nth(3).unwrap();
    assert_eq!((line.chars().count(), line.chars().nth(2)), (32, Some('⠑')), "{out}");
    let (_, err) = zgrad("f(x: R[n]) = x[floor(x[1])]", "sparsity --set n=3");
    assert!(err.starts_with("note[N0005]: an index depends on values"), "{err}");
    let (_, err) = zgrad("f(x: R[n]) = fold(s = 0 for i in 1..n: s + x[i])", "sparsity --set n=3");
    assert!(err.starts_with("note[N0005]: a sequential loop") && err.lines().count() == 1, "{err}");
    let (_, err) = zgrad(PAIRS, "sparsity --set n=3 --what hess");
    assert!(err.contains("no single real result"), "{err}");
}

#[test]
fn sparse_derivatives_are_printed() {
    let (out, _) = zgrad(PAIRS, "eval --what jac --sparse --wrt x --at x=[1,2,3],y=2");
    assert_eq!(out, "∂f[1]/∂x[1] = 4\n∂f[1]/∂x[2] = 2\n∂f[2]/∂x[2] = 6\n∂f[2]/∂x[3] = 4\n");
    for mode in ["forward", "reverse"] {
        let ask = format!("eval --what jac --sparse --wrt x --at x=[1,2,3],y=2 --format csv --mode {mode}");
        assert_eq!(zgrad(PAIRS, &ask).0, "row,column,value\n1,1,4\n1,2,2\n2,2,6\n2,3,4\n", "{mode}");
    }
    let cubes = "f(x: R[n]) = sum(x[i]^3 for i in 1..n) + x[1]*x[2]";
    let (out, _) = zgrad(cubes, "eval --what hess --sparse --at x=[1,2,3] --format json");
    let found: Json = serde_json::from_str(&out).unwrap();
    let hess = serde_json::json!({
        "shape": [3, 3], "rows": [1, 1, 2, 2, 3], "columns": [1, 2, 1, 2, 3], "values": [6, 1, 1, 12, 18], "sweeps": 2
    });
    assert_eq!(found["hess"], hess);
    let (out, _) = zgrad(cubes, "eval --what value,hess-diag --at x=[1,2,3]");
    assert_eq!(out, "f([1, 2, 3]) = 38\n∂²f/∂x² = [6, 12, 18]\n");
    let (out, _) = zgrad(cubes, "eval --what hess-diag --at x=[1,2,3] --format json");
    assert!(out.contains("\"hess_diag\":{\"x\":[6,12,18]}"), "{out}");
    // Where the value is not a number, its derivatives are none.
    let (out, _) = zgrad("f(x: R[n]) = [sqrt(x[i]) for i in 1..n]", "eval --what jac --sparse --at x=[-1,4]");
    assert_eq!(out, "∂f[1]/∂x[1] = nan\n∂f[2]/∂x[2] = 0.25\n");
    let (_, err) = zgrad(cubes, "eval --what value --sparse --at x=[1,2,3]");
    assert!(err.contains("--sparse is for --what jac or --what hess"), "{err}");
    let (out, _) = zgrad(cubes, "eval --what hess-diag --at x=[1,2,3] --digits");
    assert_eq!(out, "∂²f/∂x² = [6, 12, 18]   (double arithmetic: the same)\n");
    let (_, err) = zgrad(PAIRS, "eval --what hess-diag --at x=[1,2,3],y=2");
    assert!(err.contains("no single real result"), "{err}");
}
