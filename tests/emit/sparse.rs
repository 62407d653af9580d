//! Sparse Jacobians in emitted modules: their entries, put where the pattern says, are the dense Jacobian of the
//! evaluator, for arrays of several lengths; and what has no such form is refused with its place.

use super::tools::{Scratch, formatted, linted, run};
use serde_json::{Value as Json, json};
use std::path::Path;
use std::process::{Command, Output};

/// A program, the variables to differentiate by, the layouts that it has, and its arguments with their sizes.
struct Case {
    name: &'static str,
    text: String,
    wrt: &'static [&'static str],
    layouts: &'static [&'static str],
    points: Vec<Json>,
}

fn zgrad(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_zgrad")).args(args).output().unwrap()
}

/// Numbers that stay clear of edges.
fn reals(lengths: &[usize]) -> Json {
    let mut next = lengths.iter().fold(0.3, |seed, &len| seed * 1.7 + len as f64 * 0.23);
    nested(lengths, &mut || {
        next = (next * 7.13 + 0.17_f64) % 1.9;
        json!(next + 0.1)
    })
}

fn nested(lengths: &[usize], next: &mut dyn FnMut() -> Json) -> Json {
    match lengths {
        [] => next(),
        [len, inner @ ..] => (0..*len).map(|_| nested(inner, next)).collect(),
    }
}

const BOTH: &[&str] = &["coo", "csr"];
const COO: &[&str] = &["coo"];

fn cases() -> Vec<Case> {
    let lengths = |names: &[&str], of: &dyn Fn(usize) -> Vec<Vec<usize>>| -> Vec<Json> {
        let point = |n: usize| {
            let mut point: serde_json::Map<String, Json> =
                names.iter().zip(of(n)).map(|(name, lengths)| (name.to_string(), reals(&lengths))).collect();
            point.insert("n".into(), json!(n));
            Json::Object(point)
        };
        vec![point(3), point(6)]
    };
    let case =
        |name, text: &str, wrt, layouts, points| Case { name, text: text.into(), wrt, layouts, points };
    let bundle = std::fs::read_to_string("examples/scoreboard/ba.math").unwrap();
    let observed = |k: usize, q: usize, seen: Vec<[usize; 2]>| {
        let p = seen.len();
        json!({"cams": reals(&[k, 11]), "X": reals(&[q, 3]), "w": reals(&[p]), "seen": seen,
            "feat": reals(&[p, 2]), "k": k, "q": q})
    };
    let springs = |q: usize, ends: Vec<[usize; 2]>| json!({"x": reals(&[q, 3]), "l": reals(&[ends.len()]), "ends": ends, "p": ends.len(), "q": q});
    vec![
        case(
            "chain",
            "f(x: R[n]) = [100(x[i+1] - x[i]^2)^2 + log(x[i]) for i in 1..n-1]",
            &["x"],
            BOTH,
            lengths(&["x"], &|n| vec![vec![n]]),
        ),
        case(
            "backwards",
            "f(x: R[n], y: R[n]) = [x[n + 1 - i]*y[i] for i in 1..n]",
            &["x", "y"],
            BOTH,
            lengths(&["x", "y"], &|n| vec![vec![n], vec![n]]),
        ),
        case(
            "grid",
            "f(u: R[m, n]) = [u[i,j]^2 + sin(u[i+1,j]) + u[i,j+1] for i in 1..m-1, j in 1..n-1]",
            &["u"],
            BOTH,
            vec![json!({"u": reals(&[3, 4]), "m": 3, "n": 4}), json!({"u": reals(&[5, 2]), "m": 5, "n": 2})],
        ),
        case(
            "rod",
            "f(u: R[n], k) = [if i == 1 then u[1]^2 else (if i == n then k*u[n] else u[i] - k*(u[i-1] - 2u[i] + u[i+1])) for i in 1..n]",
            &["u", "k"],
            COO,
            lengths(&["u", "k"], &|n| vec![vec![n], vec![]]),
        ),
        case(
            "composed",
            "f(x: R[n]) = let z = [x[i]^2 + x[i+1] for i in 1..n-1] in [exp(z[i+1] - z[i]) for i in 1..n-2]",
            &["x"],
            BOTH,
            lengths(&["x"], &|n| vec![vec![n]]),
        ),
        case(
            "block",
            "f(x: R[n, 30], y: R[n]) = [sum(x[i, k]^2*k for k in 1..30) + sin(y[i]) for i in 1..n]",
            &["x", "y"],
            BOTH,
            lengths(&["x", "y"], &|n| vec![vec![n, 30], vec![n]]),
        ),
        case(
            "record",
            "type P = {a: R, v: R[3]}\nf(p: P, x: R[n]) = [[p.a*x[i] + p.v[2], x[i]^2][k] for i in 1..n, k in 1..2]",
            &["x"],
            BOTH,
            vec![json!({"x": [1.5, 2.5], "p": {"a": 0.5, "v": [1, 2, 3]}, "p_a": 0.5, "p_v": [1, 2, 3]})],
        ),
        case(
            "springs",
            "f(x: R[q, 3], ends: Int[p, 2], l: R[p]) = [norm([x[ends[e,1], k] - x[ends[e,2], k] for k in 1..3]) - l[e] for e in 1..p]",
            &["x", "l"],
            COO,
            vec![springs(3, vec![[1, 2], [3, 1]]), springs(4, vec![[4, 2], [2, 3], [1, 4]])],
        ),
        Case {
            name: "bundle",
            text: bundle,
            wrt: &["cams", "X", "w"],
            layouts: BOTH,
            points: vec![
                observed(2, 3, vec![[1, 3], [2, 1], [2, 3]]),
                observed(3, 2, vec![[3, 1], [1, 1], [2, 2], [3, 2], [1, 2]]),
            ],
        },
    ]
}

/// All numbers of a value, rows first.
fn numbers(value: &Json) -> Vec<f64> {
    match value {
        Json::Array(items) => items.iter().flat_map(numbers).collect(),
        number => number.as_f64().into_iter().collect(),
    }
}

/// The dense Jacobian: for each variable the entries, the indices of the result first.
fn dense(path: &str, case: &Case, point: &Json) -> Vec<Vec<f64>> {
    let scratch = Scratch::new(&format!("sparse-at-{}", case.name));
    let members = point.as_object().unwrap();
    let arguments: serde_json::Map<String, Json> = members
        .iter()
        .filter(|(name, _)| {
            !["n", "m", "k", "p", "q", "p_a", "p_v"].contains(&name.as_str())
                || case.text.contains(&format!("({name}:"))
                || case.text.contains(&format!(", {name})"))
        })
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let at = scratch.write("at.json", &Json::Object(arguments).to_string());
    let at = format!("@{}", at.display());
    let wrt = case.wrt.join(",");
    let output = zgrad(&["eval", path, "--what", "jac", "--wrt", &wrt, "--format", "json", "--at", &at]);
    assert!(output.status.success(), "{}: {}", case.name, String::from_utf8_lossy(&output.stderr));
    let report: Json = serde_json::from_slice(&output.stdout).unwrap();
    let variables: Vec<Vec<f64>> = case.wrt.iter().map(|name| numbers(&report["jac"][*name])).collect();
    let widths: Vec<usize> = case.wrt.iter().map(|name| numbers(&point[*name]).len()).collect();
    let rows = variables[0].len() / widths[0];
    let row = |row: usize| {
        let own =
            variables.iter().zip(&widths).flat_map(|(all, &width)| all[row * width..][..width].to_vec());
        own.collect()
    };
    (0..rows).map(row).collect()
}

/// The arguments of a function of a module in Rust, by its parameters.
fn arguments(module: &str, function: &str, point: &Json) -> String {
    let head = module.split(&format!("pub fn {function}(")).nth(1).unwrap();
    let params = head.split(')').next().unwrap();
    let argument = |param: &str| -> Option<String> {
        let (name, ty) = param.trim().split_once(": ")?;
        let numbers = numbers(&point[name]);
        let integers = || numbers.iter().map(|x| format!("{}", *x as i64)).collect::<Vec<_>>().join(", ");
        let doubles = || numbers.iter().map(|x| format!("{x:?}")).collect::<Vec<_>>().join(", ");
        Some(match ty {
            "&mut [f64]" => "&mut values".into(),
            "&[i64]" => format!("&[{}]", integers()),
            "&[f64]" => format!("&[{}]", doubles()),
            "f64" => doubles(),
            "usize" => integers(),
            other => panic!("a parameter of type {other}"),
        })
    };
    params.split(",\n").flat_map(|line| line.split(", ")).filter_map(argument).collect::<Vec<_>>().join(", ")
}

/// The dense matrix of what a module printed: the first array of its pattern, the columns, the entries.
fn filled(layout: &str, line: &str, like: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let lists: Vec<Vec<f64>> = line
        .split('|')
        .map(|list| list.split_whitespace().map(|word| word.parse().unwrap()).collect())
        .collect();
    let [first, columns, values] = &lists[..] else { panic!("{line}") };
    assert_eq!(columns.len(), values.len());
    let mut matrix = vec![vec![0.0; like[0].len()]; like.len()];
    let mut put = |row: usize, at: usize| matrix[row][columns[at] as usize] += values[at];
    if layout == "coo" {
        assert_eq!(first.len(), columns.len());
        (0..columns.len()).for_each(|at| put(first[at] as usize, at));
        return matrix;
    }
    assert_eq!((first.len(), first[like.len()] as usize), (like.len() + 1, columns.len()));
    for (row, ends) in first.windows(2).enumerate() {
        let own = ends[0] as usize..ends[1] as usize;
        assert!(columns[own.clone()].is_sorted_by(|a, b| a < b), "row {row}: {columns:?}");
        own.for_each(|at| put(row, at));
    }
    matrix
}

fn compare(case: &Case, layout: &str, points: &[Vec<Vec<f64>>], out: &str) {
    assert_eq!(out.lines().count(), points.len(), "{}: {out}", case.name);
    for (dense, line) in points.iter().zip(out.lines()) {
        let sparse = filled(layout, line, dense);
        for (row, (own, wanted)) in sparse.iter().zip(dense).enumerate() {
            for (column, (own, wanted)) in own.iter().zip(wanted).enumerate() {
                let near = (own - wanted).abs() <= 1e-12 * (1.0 + wanted.abs());
                assert!(near, "{} {layout}, row {row}, column {column}: {own} {wanted}", case.name);
            }
        }
    }
}

fn emitted(path: &str, case: &Case, layout: &str, language: &str) -> String {
    let sparse = format!("--sparse={layout}");
    let wrt = case.wrt.join(",");
    let last = if case.name == "bundle" { "residuals" } else { "f" };
    let output =
        zgrad(&["emit", path, "--lang", language, "--what", "jac", &sparse, "--fn", last, "--wrt", &wrt]);
    assert!(output.status.success(), "{}: {}", case.name, String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn entries_at_their_places_are_the_dense_jacobian() {
    let python =
        Command::new("python3").args(["-c", "import numpy"]).output().is_ok_and(|o| o.status.success());
    if !python {
        eprintln!("SKIPPED: python3 with numpy is missing; modules in Python were not tested");
    }
    for case in &cases() {
        let scratch = Scratch::new(&format!("sparse-{}", case.name));
        let path = scratch.write("f.math", &case.text);
        let path = path.to_str().unwrap();
        let points: Vec<_> = case.points.iter().map(|point| dense(path, case, point)).collect();
        for layout in case.layouts {
            let module = emitted(path, case, layout, "rust");
            formatted(case.name, &module);
            linted(case.name, &module, &[]);
            let out = run(&format!("sparse-{}-{layout}", case.name), &module, &main_of(case, &module), &[]);
            if let Some(out) = out {
                compare(case, layout, &points, &out);
            }
            if python {
                let module = emitted(path, case, layout, "python");
                compare(case, layout, &points, &run_python(&scratch, case, &module));
            }
        }
    }
}

/// A program that prints for each point the pattern and the entries.
fn main_of(case: &Case, module: &str) -> String {
    let f = if case.name == "bundle" { "residuals" } else { "f" };
    let mut main = String::from(
        "fn list<T: std::fmt::Debug>(all: &[T]) -> String {\n    all.iter().map(|x| format!(\"{x:?} \")).collect()\n}\nfn main() {\n",
    );
    for point in &case.points {
        let pattern = arguments(module, &format!("{f}_jac_pattern"), point);
        let values = arguments(module, &format!("{f}_jac_values"), point);
        main += &format!(
            "    let (first, columns) = {f}_jac_pattern({pattern});\n    let mut values = vec![f64::NAN; columns.len()];\n    \
             {f}_jac_values({values});\n    println!(\"{{}}|{{}}|{{}}\", list(&first), list(&columns), list(&values));\n"
        );
    }
    main + "}\n"
}

fn run_python(scratch: &Scratch, case: &Case, module: &str) -> String {
    let f = if case.name == "bundle" { "residuals" } else { "f" };
    let call = |function: &str, point: &Json| {
        let head = module.split(&format!("def {function}(")).nth(1).unwrap().split(')').next().unwrap();
        let params = head.split(',').filter_map(|param| param.split_once(": "));
        let args: Vec<String> = params.map(|(name, _)| point[name.trim()].to_string()).collect();
        format!("{function}({})", args.join(", "))
    };
    let mut main = format!("{module}\n\n");
    for point in &case.points {
        let (pattern, values) =
            (call(&format!("{f}_jac_pattern"), point), call(&format!("{f}_jac_values"), point));
        main += &format!(
            "print('|'.join(' '.join(repr(float(x)) for x in a) for a in (*{pattern}, {values})))\n"
        );
    }
    let main = scratch.write("main.py", &main);
    let output = Command::new("python3").args(["-W", "error"]).arg(main).output().unwrap();
    assert!(output.status.success(), "{}: {}", case.name, String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A program, what is asked, and what the error says, with the place that it is about.
const REFUSED: &[(&str, &str, &str, &str)] = &[
    ("f(A: R[m, n], x: R[n]) = A*x", "coo", "so that it is not sparse", "f.math:1:26"),
    ("f(x: R[n]) = cumsum(x)", "coo", "so that it is not sparse", "f.math:1:14"),
    (
        "f(x: R[n]) = fold(v = x for k in 1..9: [v[i]*v[1] for i in 1..n])",
        "coo",
        "sequential loop",
        "f.math:1:14",
    ),
    ("f(x: R[n], s: Int[p]) = [x[s[i]] - x[i] for i in 1..p]", "csr", "--sparse=coo", "f.math:1:25"),
    ("f(x: R[n]) = [if i == 1 then 0 else x[i - 1] for i in 1..n]", "csr", "--sparse=coo", "f.math:1:14"),
    ("f(x: R[n]) = [x[k]*i for i in 1..2, k in 1..n]", "csr", "--sparse=coo", "f.math:1:14"),
];

#[test]
fn what_is_not_sparse_is_refused_with_its_place() {
    let scratch = Scratch::new("sparse-refused");
    for (text, layout, reason, place) in REFUSED {
        let path = scratch.write("f.math", text);
        let sparse = format!("--sparse={layout}");
        let output = zgrad(&["emit", path.to_str().unwrap(), "--what", "jac", &sparse]);
        let message = String::from_utf8_lossy(&output.stderr)
            .replace(&*Path::new(&path).parent().unwrap().to_string_lossy(), "");
        assert_eq!(output.status.code(), Some(2), "{text}");
        assert!(message.contains(reason) && message.contains(place), "{text}: {message}");
        assert!(output.stdout.is_empty());
    }
}

/// A place that an index names outside of the array is an error of the pattern too, not a column of another variable.
#[test]
fn patterns_refuse_indices_outside() {
    let scratch = Scratch::new("sparse-outside");
    let path = scratch.write(
        "f.math",
        "f(x: R[q], y: R[q], e: Int[p]) = [(if k > 1 then x[e[k]] else 1)*y[e[k]] for k in 1..p]\n",
    );
    let args = ["emit", path.to_str().unwrap(), "--what", "jac", "--sparse", "--try"];
    let output = zgrad(&args);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let module = String::from_utf8(output.stdout).unwrap();
    formatted("sparse-outside", &module);
    linted("sparse-outside", &module, &[]);
    let main = "fn main() {
        let (x, y) = ([1.0, 2.0], [3.0, 4.0]);
        for e in [[1, 2], [1, 3], [0, 1], [1, i64::MIN]] {
            println!(\"{:?}\", try_f_jac_pattern(&x, &e));
            println!(\"{:?}\", try_f_jac_values(&x, &y, &e, &mut [0.0; 4]).is_ok());
        }
    }";
    let Some(out) = super::tools::run_with("sparse-outside", &module, main, &["-C", "overflow-checks=off"])
    else {
        return;
    };
    let lines: Vec<&str> = out.lines().collect();
    assert!(lines[0].starts_with("Ok(") && lines[1] == "true", "{out}");
    // An entry that is 1 whatever the elements are reads none.
    for pair in lines[2..].chunks(2) {
        assert!(pair[0].starts_with("Err(Index("), "{out}");
    }
}
