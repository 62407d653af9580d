//! Modules with tests: those of all examples pass, without a warning, and fail when the code is wrong.

use super::tools::{Scratch, linted, tested};
use std::path::{Path, PathBuf};
use std::process::Command;

const FOLDERS: [&str; 2] = ["examples", "examples/scoreboard"];

/// The `.math` files right in these folders, sorted.
pub fn files(folders: &[&str]) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found: Vec<PathBuf> = folders
        .iter()
        .flat_map(|folder| std::fs::read_dir(root.join(folder)).unwrap().map(|entry| entry.unwrap().path()))
        .filter(|path| path.extension().is_some_and(|e| e == "math"))
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
    let text = all(&FOLDERS, &["--with-tests", "--what", "value,grad,hess,vjp"]);
    assert!(text.matches("#[test]").count() > 500, "{}", text.matches("#[test]").count());
    linted("checks", &text, &[]);
    let Some(output) = tested("checks", &text, &[]) else { return };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
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
    let file = scratch.write("f.math", "f(x) = x assuming x > 1e300\n");
    let text = emitted(&file, &["--with-tests", "--what", "value"]);
    assert!(text.contains("// f is not tested, no arguments for it were found: "), "{text}");
}
