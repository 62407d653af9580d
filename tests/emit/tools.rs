//! The Rust tools: emitted programs are compiled, run, formatted and linted.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A directory of its own, gone when dropped.
pub struct Scratch(PathBuf);

impl Scratch {
    pub fn new(name: &str) -> Scratch {
        let dir = std::env::temp_dir().join(format!("zgrad-emit-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        Scratch(dir)
    }

    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, text).unwrap();
        path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn tool(variable: &str, name: &str) -> Option<String> {
    let program = std::env::var(variable).unwrap_or_else(|_| name.to_string());
    let works = Command::new(&program).arg("--version").output().is_ok_and(|o| o.status.success());
    if !works {
        eprintln!("SKIPPED: {name} is missing (set {variable}); nothing of this was tested");
    }
    works.then_some(program)
}

fn check(output: &Output, text: &str, what: &str) {
    assert!(
        output.status.success(),
        "{what}:\n{}\n{}\n{}",
        String::from_utf8_lossy(&output.stderr),
        String::from_utf8_lossy(&output.stdout),
        numbered(text)
    );
}

fn numbered(text: &str) -> String {
    text.lines().take(400).enumerate().map(|(k, line)| format!("{:4} {line}\n", k + 1)).collect()
}

/// Compiles the module with a `main` beside it, without a warning but those allowed, and gives what it prints.
pub fn run(name: &str, module: &str, main: &str, allowed: &[&str]) -> Option<String> {
    run_with(name, module, main, &allow(allowed).collect::<Vec<_>>())
}

/// The same with these flags.
pub fn run_with(name: &str, module: &str, main: &str, flags: &[&str]) -> Option<String> {
    let rustc = tool("RUSTC", "rustc")?;
    let scratch = Scratch::new(name);
    scratch.write("module.rs", module);
    let main = scratch.write("main.rs", &format!("mod module;\nuse module::*;\n{main}"));
    let program = scratch.0.join("program");
    let arguments = ["--edition", "2024", "-D", "warnings", "-C", "debug-assertions=on", "-o"];
    let output = Command::new(rustc).args(arguments).arg(&program).args(flags).arg(&main).output().unwrap();
    check(&output, module, "rustc");
    let output = Command::new(&program).output().unwrap();
    check(&output, module, "the program");
    Some(String::from_utf8(output.stdout).unwrap())
}

/// Compiles the module as tests, without a warning but those allowed, and runs them.
pub fn tested(name: &str, module: &str, flags: &[&str]) -> Option<Output> {
    let rustc = tool("RUSTC", "rustc")?;
    let scratch = Scratch::new(&format!("{name}-test"));
    let path = scratch.write("module.rs", module);
    let program = scratch.0.join("program");
    let arguments = ["--test", "--edition", "2024", "-D", "warnings", "-C", "debug-assertions=on", "-o"];
    let output = Command::new(rustc).args(arguments).arg(&program).args(flags).arg(&path).output().unwrap();
    check(&output, module, "rustc --test");
    Some(Command::new(&program).output().unwrap())
}

/// Compiles the module as a library with these flags, without a warning.
pub fn library(name: &str, module: &str, flags: &[&str]) {
    let Some(rustc) = tool("RUSTC", "rustc") else { return };
    let scratch = Scratch::new(&format!("{name}-lib"));
    let path = scratch.write("module.rs", module);
    let arguments = ["--crate-type", "rlib", "--edition", "2024", "-D", "warnings", "-o"];
    let to = scratch.0.join("library.rlib");
    let output = Command::new(rustc).args(arguments).arg(to).args(flags).arg(path).output().unwrap();
    check(&output, module, "rustc --crate-type rlib");
}

/// Compiles the module as tests, and gives what the ignored ones print and what the others do.
pub fn measured(name: &str, module: &str) -> Option<(String, String)> {
    let rustc = tool("RUSTC", "rustc")?;
    let scratch = Scratch::new(&format!("{name}-time"));
    let path = scratch.write("module.rs", module);
    let program = scratch.0.join("program");
    let arguments = ["--test", "--edition", "2024", "-D", "warnings", "-O", "-o"];
    let output = Command::new(rustc).args(arguments).arg(&program).arg(&path).output().unwrap();
    check(&output, module, "rustc --test");
    let run = |args: &[&str]| {
        let output = Command::new(&program).args(args).output().unwrap();
        check(&output, module, "the measurement");
        String::from_utf8(output.stdout).unwrap()
    };
    Some((run(&["--ignored", "--nocapture"]), run(&[])))
}

/// The flags that allow these lints.
fn allow<'a>(lints: &'a [&str]) -> impl Iterator<Item = &'a str> {
    lints.iter().flat_map(|lint| ["-A", lint])
}

/// The module is as rustfmt would write it.
pub fn formatted(name: &str, module: &str) {
    let Some(rustfmt) = tool("RUSTFMT", "rustfmt") else { return };
    let scratch = Scratch::new(&format!("{name}-fmt"));
    let path = scratch.write("module.rs", module);
    for edition in ["2021", "2024"] {
        let output =
            Command::new(&rustfmt).args(["--check", "--edition", edition]).arg(&path).output().unwrap();
        check(&output, "", "rustfmt --check");
    }
}

/// Clippy has nothing to say about the module.
pub fn linted(name: &str, module: &str, allowed: &[&str]) {
    let Some(clippy) = tool("CLIPPY_DRIVER", "clippy-driver") else { return };
    let scratch = Scratch::new(&format!("{name}-lint"));
    let path = scratch.write("module.rs", module);
    lint(&clippy, &path, module, &scratch, allowed);
}

fn lint(clippy: &str, path: &Path, module: &str, scratch: &Scratch, allowed: &[&str]) {
    let output = Command::new(clippy)
        .args(["--edition", "2024", "--crate-type", "lib", "--emit", "metadata", "-D", "warnings"])
        .args(["-W", "clippy::all"])
        .args(allow(allowed))
        .arg("-o")
        .arg(scratch.0.join("module.rmeta"))
        .arg(path)
        .output()
        .unwrap();
    check(&output, module, "clippy");
}
