//! Every row of the primitive table: the emitted value and gradient have the same bits as the evaluator's,
//! over the whole domain.

use super::tools::{run, tested};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use std::process::Command;
use zgrad::eval::Limits;
use zgrad::primitive::{Row, find};
use zgrad::session::Session;
use zgrad::session::derive::Mode;
use zgrad::session::evaluate::{Request, What, evaluate};
use zgrad::session::point::Given;

/// How many points of a row are compared.
const POINTS: usize = 6;

/// Some arguments of each row of the accuracy reference.
fn points() -> BTreeMap<String, Vec<Vec<String>>> {
    let text = std::fs::read_to_string("tests/primitive/reference.csv").unwrap();
    let mut rows = BTreeMap::<String, Vec<Vec<String>>>::new();
    for line in text.lines().skip(1) {
        let mut fields = line.split(',');
        let (name, args) = (fields.next().unwrap(), fields.next().unwrap());
        let args = args.split(' ').map(|x| format!("{:?}", x.parse::<f64>().unwrap())).collect();
        let row = rows.entry(name.to_string()).or_default();
        if row.len() < POINTS {
            row.push(args);
        }
    }
    rows
}

/// The names of the arguments with a known partial.
fn known(row: &Row) -> Vec<&'static str> {
    let partials = row.partials.iter().zip(row.args);
    partials.filter(|(partial, _)| partial.is_some()).map(|(_, &name)| name).collect()
}

/// Value and gradient as the evaluator has them.
fn evaluated(session: &mut Session, row: &Row, args: &[String]) -> Vec<f64> {
    let at = row.args.iter().zip(args).map(|(name, x)| (name.to_string(), Given::Text(x.clone()))).collect();
    let request = Request {
        function: None,
        at,
        set: vec![],
        wrt: known(row).iter().map(|name| name.to_string()).collect(),
        what: vec![What::Value, What::Grad],
        dir: vec![],
        seed: None,
        order: None,
        digits: false,
        mode: Mode::Auto,
        limits: Limits::default(),
    };
    let report = evaluate(session, &request).unwrap_or_else(|e| panic!("{}: {e:#}", row.name));
    let value = report.value.unwrap().entries();
    let gradient = report.grad.unwrap();
    let gradient = gradient.iter().flat_map(|(_, datum)| datum.entries());
    value.into_iter().chain(gradient).map(|(_, x)| x).collect()
}

#[test]
fn every_row_has_the_bits_of_the_evaluator() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("rows");
    std::fs::create_dir_all(&folder).unwrap();
    let (mut modules, mut main, mut wanted) = (String::new(), String::from("fn main() {\n"), Vec::new());
    for (name, points) in points() {
        let row = find(&name).unwrap().row();
        let path = folder.join(format!("{name}.math"));
        let args = row.args.join(", ");
        std::fs::write(&path, format!("f({args}) = {name}({args})\n")).unwrap();
        let call = ["emit", path.to_str().unwrap(), "--what", "grad", "--wrt", &known(row).join(",")];
        let output = Command::new(env!("CARGO_BIN_EXE_zgrad")).args(call).output().unwrap();
        assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).unwrap();
        writeln!(modules, "pub mod row_{name} {{\n{text}}}").unwrap();
        let mut session = Session::open(&path).unwrap();
        for args in points {
            // The compiler must not compute it: its functions round in another way.
            let hidden: Vec<String> = args.iter().map(|x| format!("std::hint::black_box({x}_f64)")).collect();
            writeln!(main, "println!(\"{{:?}}\", row_{name}::f_grad({}));", hidden.join(", ")).unwrap();
            wanted.push((name.clone(), args.clone(), evaluated(&mut session, row, &args)));
        }
    }
    main.push('}');
    assert!(wanted.len() > 800, "only {} points were compared", wanted.len());
    let Some(out) = run("rows", &modules, &main, &["unused_parens", "unused_variables"]) else { return };
    for (line, (name, args, wanted)) in out.lines().zip(wanted) {
        let found = line.trim_matches(['(', ')']).split(", ").map(|x| x.parse::<f64>().unwrap());
        let same = found.zip(&wanted).all(|(a, &b)| a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan());
        assert!(same, "{name}({}) is {line}, not {wanted:?}", args.join(", "));
    }
}

/// In single precision, and generic, every row passes the tests that come with its code.
#[test]
fn every_row_has_other_precisions() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("rows-precisions");
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("rows.math");
    let mut text = String::new();
    for name in points().keys() {
        let row = find(name).unwrap().row();
        let args = row.args.join(", ");
        writeln!(text, "row_{name}({args}) = {name}({args})").unwrap();
    }
    std::fs::write(&file, text).unwrap();
    for option in ["--f32", "--generic"] {
        let call = ["emit", file.to_str().unwrap(), "--what", "value", "--with-tests", option];
        let output = Command::new(env!("CARGO_BIN_EXE_zgrad")).args(call).output().unwrap();
        assert!(output.status.success(), "{option}: {}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.matches("#[test]").count() > 200, "{option}: {}", text.matches("#[test]").count());
        let Some(output) = tested("precisions", &text, &["-A", "unused_parens"]) else { return };
        assert!(output.status.success(), "{option}: {}", String::from_utf8_lossy(&output.stdout));
    }
}
