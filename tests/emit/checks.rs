//! Modules with tests: those of all examples pass, without a warning, and fail when the code is wrong.

use super::tools::{Scratch, formatted, library, linted, measured, run, tested};
use std::path::{Path, PathBuf};
use std::process::Command;

const FOLDERS: [&str; 2] = ["examples", "examples/scoreboard"];

/// The `.math` files right in these folders, sorted, but for one whose code has warnings yet.
pub fn files(folders: &[&str]) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found: Vec<PathBuf> = folders
        .iter()
        .flat_map(|folder| std::fs::read_dir(root.join(folder)).unwrap().map(|entry| entry.unwrap().path()))
        .filter(|path| path.extension().is_some_and(|e| e == "math") && !path.ends_with("ht.math"))
        .collect();
    found.sort();
    found
}

/// The code for a file.
pub fn emitted(file: &Path, args: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_zgrad")).arg("emit").arg(file).args(args).output().unwrap();
    let problem = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {problem}", file.display());
    String::from_utf8(output.stdout).unwrap()
}

/// A crate of the modules of all files.
pub fn all(folders: &[&str], args: &[&str]) -> String {
    let files = files(folders);
    let module = |(k, file): (usize, &PathBuf)| format!("pub mod m{k} {{\n{}}}\n", emitted(file, args));
    files.iter().enumerate().map(module).collect()
}

#[test]
fn tests_of_all_examples_pass() {
    let text = all(&FOLDERS, &["--with-tests", "--what", "value,grad,vjp,hess-diag"]);
    assert!(text.matches("#[test]").count() > 400, "{}", text.matches("#[test]").count());
    linted("checks", &text, &[]);
    let Some(output) = tested("checks", &text, &[]) else { return };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

/// In single precision what loses too many digits is not compared.
#[test]
fn tests_of_all_examples_pass_in_other_precisions() {
    for (name, option, least) in [("single", "--f32", 200), ("generic", "--generic", 300)] {
        let text = all(&FOLDERS, &[option, "--with-tests", "--what", "value,grad"]);
        assert!(text.matches("#[test]").count() > least, "{name}: {}", text.matches("#[test]").count());
        linted(name, &text, &[]);
        let Some(output) = tested(name, &text, &[]) else { return };
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    }
}

/// Where the evaluator says that an integer is too large, code does, whatever the flags of the compiler.
#[test]
fn integers_that_are_too_large_are_errors() {
    let scratch = Scratch::new("large");
    let file = scratch.write(
        "f.math",
        "f(n: Int, x) = n*n*n*x\n\
         g(n: Int, m: Int) = n - m\n\
         h(e: Int[k], x: R[k]) = sum(e[i]*e[k + 1 - i]*x[i] for i in 1..k)\n\
         plain(x: R[n], i: Int) = n*x[i + 1]\n",
    );
    let at = |f: &str, at: &str| {
        let args = ["eval", file.to_str().unwrap(), "--fn", f, "--what", "value", "--at", at];
        let output = Command::new(env!("CARGO_BIN_EXE_zgrad")).args(args).output().unwrap();
        output.status.success()
    };
    assert!(at("f", "n=2097151,x=1") && !at("f", "n=2097152,x=1"));
    assert!(!at("g", "n=9223372036854775807,m=-1"));
    let module = emitted(&file, &["--try", "--what", "value"]);
    assert!(!module.contains("fn plain(x: &[f64], i: i64) -> f64 {\n    let fits"), "{module}");
    let main = "fn main() {
        println!(\"{:?}\", try_f(2097151, 1.0).is_ok());
        println!(\"{:?}\", try_f(2097152, 1.0));
        println!(\"{:?}\", try_f(-4000000000000, 1.0));
        println!(\"{:?} {:?}\", try_g(i64::MAX, -1), try_g(5, 3));
        println!(\"{:?} {:?}\", try_h(&[3, 1 << 40], &[1.0, 2.0]), try_h(&[1 << 40, 1 << 40], &[1.0, 2.0]));
        println!(\"{:?}\", try_plain(&[1.0], i64::MAX));
    }";
    linted("large", &module, &[]);
    formatted("large", &module);
    let wanted = "true\nErr(Condition(\"an integer is too large\"))\n\
        Err(Condition(\"an integer is too large\"))\n\
        Err(Condition(\"an integer is too large\")) Ok(2)\n\
        Ok(9895604649984.0) Err(Condition(\"an integer is too large\"))\n\
        Err(Index(\"an index is outside of x\"))\n";
    for flags in [&[][..], &["-C", "overflow-checks=off"]] {
        let Some(out) = super::tools::run_with("large", &module, main, flags) else { return };
        assert_eq!(out, wanted);
    }
}

#[test]
fn generic_functions_take_both_kinds_of_numbers() {
    let scratch = Scratch::new("kinds");
    let file = scratch.write(
        "f.math",
        "scale() = 0.1*pi\n\
         f(x: R[n], t) = scale()*norm(x) + erf(t)*x[floor(t)] + max(t, 1)\n",
    );
    let module = emitted(&file, &["--generic", "--try", "--what", "value,grad"]);
    let main = "fn main() {
        let mut bars = ([0.0_f64; 2], [0.0_f32; 2]);
        println!(\"{:?}\", f_grad(&[3.0, 4.0], 1.5, &mut bars.0));
        println!(\"{:?}\", f_grad(&[3.0_f32, 4.0], 1.5, &mut bars.1));
        println!(\"{:?}\", try_f(&[1.0_f32], 5.0));
        println!(\"{:?} {:?}\", scale::<f32>(), scale::<f64>());
        println!(\"{:?} {:?}\", f(&[0.0_f32], 1.0), f(&[3e-30_f32, 4e-30], 1.0) - f(&[0.0_f32], 1.0));
        println!(\"{:?}\", bars);
    }";
    linted("kinds", &module, &[]);
    formatted("kinds", &module);
    let Some(out) = run("kinds", &module, main, &[]) else { return };
    let lines: Vec<&str> = out.lines().collect();
    let gradient = |line: &str| -> Vec<f64> {
        line.trim_matches(['(', ')']).split(", ").map(|x| x.parse().unwrap()).collect()
    };
    for (a, b) in gradient(lines[0]).iter().zip(gradient(lines[1])) {
        assert!((a - b).abs() < 1e-5 && *a != b, "{out}");
    }
    assert!(lines[2].starts_with("Err(Index("), "{out}");
    assert_eq!(lines[3], "0.31415927 0.3141592653589793");
    assert!(lines[4].starts_with("1.0 "), "{out}");
}

#[test]
fn what_single_precision_lacks_is_refused_with_its_place() {
    let scratch = Scratch::new("narrow");
    let file = scratch.write("f.math", "g(x) = x^2\nf(x) = g(x)*1e-200 + x\n");
    for option in ["--f32", "--generic"] {
        let args = ["emit", file.to_str().unwrap(), option];
        let output = Command::new(env!("CARGO_BIN_EXE_zgrad")).args(args).output().unwrap();
        let problem = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && output.stdout.is_empty(), "{problem}");
        assert!(problem.contains("1e-200 is no number of single precision"), "{problem}");
        assert!(problem.contains("f.math:2:"), "{problem}");
    }
}

#[test]
fn tests_fail_where_the_code_is_wrong() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/scoreboard/lse.math");
    let text = emitted(&file, &["--with-tests", "--what", "grad"]);
    assert_eq!(text, emitted(&file, &["--with-tests", "--what", "grad"]));
    for (right, wrong) in [(".exp()", ".sinh()"), ("- a", "+ a")] {
        let text = text.replacen(right, wrong, 1);
        let Some(output) = tested("mutant", &text, &[]) else { return };
        let shown = String::from_utf8_lossy(&output.stdout);
        assert!(!output.status.success() && shown.contains("FAILED"), "{text}\n{shown}");
    }
}

#[test]
fn what_cannot_be_tested_is_said() {
    let scratch = Scratch::new("untested");
    let file = scratch.write("f.math", "f(x: R where x > 1e300) = x\n");
    let text = emitted(&file, &["--with-tests", "--what", "value"]);
    assert!(text.contains("// f is not tested, no arguments for it were found: "), "{text}");
}

/// Also of larger programs, with every option that goes with the others.
const SOME: [&str; 6] = ["rosenbrock", "softmax", "network", "cluster", "scoreboard/gmm", "scoreboard/lstm"];

fn some(args: &[&str]) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    SOME.iter().map(|name| emitted(&root.join(format!("{name}.math")), args)).collect()
}

#[test]
fn functions_that_return_errors_compute_the_same() {
    let modules = some(&["--with-tests", "--with-bench", "--try"]);
    for (name, module) in SOME.iter().zip(&modules) {
        formatted(&format!("try-{}", name.replace('/', "-")), module);
    }
    let text: String =
        modules.iter().enumerate().map(|(k, module)| format!("pub mod m{k} {{\n{module}}}\n")).collect();
    linted("try", &text, &[]);
    let Some(output) = tested("try", &text, &[]) else { return };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn what_is_refused_is_an_error_and_not_a_panic() {
    let scratch = Scratch::new("errors");
    let file = scratch.write(
        "f.math",
        "f(x: R where x > 0, k: Int, v: R[n]) = log(x)*v[k]\n\
         g(x: R[n], A: R[n, n]) = sum(A[i, j]*x[i]*x[floor(x[1])] for i in 1..n, j in 1..n)\n\
         h(x, k: Int, v: R[n]) = f(x, 2, v)*mod(3, k)\n\
         plain(x) = x^2\n",
    );
    let module = emitted(&file, &["--try", "--what", "value"]);
    assert!(module.contains("pub fn plain(x: f64) -> f64") && !module.contains("try_plain"), "{module}");
    let main = "fn main() {
        println!(\"{:?}\", try_f(1.0, 1, &[2.0]));
        println!(\"{:?}\", try_f(-1.0, 1, &[2.0]));
        println!(\"{:?}\", try_f(1.0, 0, &[2.0]));
        println!(\"{:?}\", try_f(1.0, i64::MAX, &[2.0]));
        println!(\"{:?}\", try_g(&[1.0], &[2.0, 3.0]));
        println!(\"{:?}\", try_g(&[1.5], &[2.0]));
        println!(\"{:?}\", try_g(&[2.0], &[2.0]));
        println!(\"{:?}\", try_g(&[f64::NAN], &[2.0]));
        println!(\"{:?}\", try_h(1.0, 0, &[1.0, 2.0]));
        println!(\"{:?}\", try_h(1.0, 2, &[1.0]).map_err(|e| e.to_string()));
        let error: Box<dyn std::error::Error> = Box::new(try_f(0.0, 1, &[2.0]).unwrap_err());
        println!(\"{error}\");
        println!(\"{}\", std::panic::catch_unwind(|| f(0.0, 1, &[2.0])).is_err());
    }";
    formatted("errors", &module);
    linted("errors", &module, &[]);
    let Some(out) = run("errors", &module, main, &[]) else { return };
    let wanted = [
        "Ok(0.0)",
        "Err(Condition(",
        "Err(Index(",
        "Err(Index(",
        "Err(Length(",
        "Ok(4.5)",
        "Err(Index(",
        "Err(Integer(",
        "Err(Integer(",
        "Err(\"an index is outside of v\")",
        "what `f` requires",
        "true",
    ];
    assert_eq!(out.lines().count(), wanted.len(), "{out}");
    for (line, wanted) in out.lines().zip(wanted) {
        assert!(line.starts_with(wanted), "{line}, not {wanted}\n{module}");
    }
}

#[test]
fn without_the_standard_library_nothing_else_is_missing() {
    without_std("core", &[], "Math", &["f64"]);
    without_std("core-single", &["--f32"], "Math", &["f32", "f64"]);
    without_std("core-generic", &["--generic"], "Real", &["f32", "f64"]);
}

/// Whether modules with these options compile where the trait is implemented for these numbers.
fn without_std(name: &str, options: &[&str], ty: &str, numbers: &[&str]) {
    let head = format!("pub trait {ty}: ");
    let mut text = String::from("#![no_std]\n");
    for (k, module) in some(&[&["--no-std", "--try"], options].concat()).iter().enumerate() {
        // What the documentation proposes, with other numbers: there is no libm here.
        let methods =
            module.split(&head).nth(1).and_then(|rest| rest.split_once("{\n")).map(|(_, rest)| rest);
        let methods = methods.unwrap_or_default().split("}\n").next().unwrap_or_default();
        let given: String = methods
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .map(|line| line.replace("fn of(x: f64) -> Self;", "fn of(x: f64) -> Self { x as Self }"))
            .map(|line| line.replace("to_f64(self) -> f64;", "to_f64(self) -> f64 { self as f64 }"))
            .map(|line| line.replace("-> bool;", "-> bool { false }"))
            .map(|line| line.replace("(self, ", "(self, _").replace(", b: ", ", _b: "))
            .map(|line| line.replace("(Self, Self);", "(Self, Self) { (self, self) }"))
            .map(|line| line.replace("Self;", "Self { self }"))
            .collect();
        text.push_str(&format!("pub mod m{k} {{\n{module}}}\n"));
        if !given.is_empty() {
            for number in numbers {
                text.push_str(&format!("impl m{k}::{ty} for {number} {{{given}}}\n"));
            }
        }
    }
    assert!(text.contains(&head) && text.contains("extern crate alloc;"), "{text}");
    library(name, &text, &["-C", "panic=abort"]);
    for word in ["std::f64", "std::f32", "std::ops", "std::vec", "println!"] {
        assert!(!text.contains(word), "{word}");
    }
}

#[test]
fn the_time_of_functions_can_be_measured() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = emitted(&root.join("examples/rosenbrock.math"), &["--with-bench"]);
    linted("bench", &text, &[]);
    let Some((output, ignored)) = measured("bench", &text) else { return };
    assert!(ignored.contains("1 ignored"), "{ignored}");
    assert!(output.contains("rosenbrock_grad: ") && output.contains(" ns\n"), "{output}");
}

#[test]
fn other_languages_have_no_such_code() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let file = root.join("examples/first.math");
    for option in ["--try", "--no-std", "--with-tests", "--with-bench"] {
        let zgrad = Command::new(env!("CARGO_BIN_EXE_zgrad"));
        let output = { zgrad }.args(["emit", "--lang", "c", option]).arg(&file).output().unwrap();
        let problem = String::from_utf8_lossy(&output.stderr);
        assert!(
            !output.status.success() && problem.contains(&format!("{option} is for --lang rust")),
            "{problem}"
        );
    }
}
