//! `cargo bench --bench scoreboard -- [PROGRAM…] [--full]`: emitted code beside hand-written code; see README.md.
//!
//! For each program this emits Rust, compiles it with its references and its case, as a user's crate is compiled, and
//! runs the result. So what is measured does not depend on the profile in which this file or zgrad was built.

#[path = "scoreboard/chain.rs"]
mod chain;
#[path = "scoreboard/clock.rs"]
#[allow(dead_code)]
mod clock;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode};
use std::time::{Duration, Instant};
use zgrad::session::Session;
use zgrad::session::emitting::{self, Asked, Part};

/// A program of the scoreboard.
struct Program {
    /// Of its case and its references.
    name: &'static str,
    file: &'static str,
    functions: &'static [&'static str],
    wrt: &'static [&'static str],
    parts: &'static [Part],
}

const fn program(
    name: &'static str,
    file: &'static str,
    functions: &'static [&'static str],
    wrt: &'static [&'static str],
    parts: &'static [Part],
) -> Program {
    Program { name, file, functions, wrt, parts }
}

const GRADIENT: &[Part] = &[Part::Value, Part::Grad];
const SECOND: &[Part] = &[Part::Value, Part::Grad, Part::Hess];
const JACOBIAN: &[Part] = &[Part::Value, Part::Jac];
const VALUE: &[Part] = &[Part::Value];

const PROGRAMS: &[Program] = &[
    program("gmm", "examples/scoreboard/gmm.math", &["gmm"], &["alpha", "mu", "q", "l"], GRADIENT),
    program("lstm", "examples/scoreboard/lstm.math", &["loss"], &["W", "B", "E"], GRADIENT),
    program("ba", "examples/scoreboard/ba.math", &["observation"], &["cam", "X", "w"], JACOBIAN),
    program("kmeans", "examples/scoreboard/kmeans.math", &["kmeans", "newton"], &[], VALUE),
    program("lse", "examples/scoreboard/lse.math", &["lse"], &[], GRADIENT),
    program("rosenbrock", "examples/rosenbrock.math", &["rosenbrock"], &[], GRADIENT),
    program("residual", "examples/scoreboard/residual.math", &["squared"], &[], GRADIENT),
    program("llsq", "examples/scoreboard/llsq.math", &["llsq"], &[], GRADIENT),
    program("ode", "examples/scoreboard/ode.math", &["last"], &[], GRADIENT),
    program("det", "examples/scoreboard/det.math", &["determinant"], &[], GRADIENT),
    program("hello", "examples/scoreboard/hello.math", &["square"], &[], GRADIENT),
    program("greeks", "examples/blackscholes.math", &["call"], &[], SECOND),
    program("saddle", "examples/scoreboard/saddle.math", &["saddle"], &[], VALUE),
    program("particle", "examples/scoreboard/particle.math", &["particle"], &[], VALUE),
];

/// The program that times zgrad itself.
const CHAIN: &str = "chain";

/// The longest that a program may take.
const LIMIT: Duration = Duration::from_secs(60);
const LIMIT_FULL: Duration = Duration::from_secs(1200);

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let (options, names): (Vec<&String>, Vec<&String>) = arguments.iter().partition(|a| a.starts_with("--"));
    let unknown_option = options.iter().find(|o| !["--full", "--quick"].contains(&o.as_str()));
    let known: Vec<&str> = PROGRAMS.iter().map(|p| p.name).chain([CHAIN]).collect();
    let unknown_name = names.iter().find(|n| !known.contains(&n.as_str()));
    if let Some(unknown) = unknown_option.or(unknown_name) {
        eprintln!("`{unknown}` is not one of: --quick --full {}", known.join(" "));
        return ExitCode::FAILURE;
    }
    let full = options.iter().any(|o| *o == "--full");
    heading();
    let mut good = true;
    let wanted = |name: &str| names.is_empty() || names.iter().any(|n| *n == name);
    let mut report = |name: &str, result: Result<(), String>| {
        if let Err(message) = result {
            println!("{name:10} {message}");
            good = false;
        }
    };
    for program in PROGRAMS.iter().filter(|program| wanted(program.name)) {
        report(program.name, measure(program, full));
    }
    if wanted(CHAIN) {
        report(CHAIN, chain::run(full).map_err(|error| format!("NOT EMITTED: {error}")));
    }
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn heading() {
    println!(
        "{:10} {:26} {:-^8}-{:-^8}-{:-^6}-{:-^8}-{:-^6}  {:-^8}-{:-^8}-{:-^6}-{:-^8}-{:-^6}  {:-^11}",
        "", "", "-", "function", "-", "-", "-", "-", "derivative", "-", "-", "-", "deriv/func"
    );
    println!(
        "{:10} {:26} {:>8} {:>8} {:>6} {:>8} {:>6}  {:>8} {:>8} {:>6} {:>8} {:>6}  {:>5} {:>5}",
        "program",
        "size",
        "hand",
        "emitted",
        "ratio",
        "lanes",
        "ratio",
        "hand",
        "emitted",
        "ratio",
        "lanes",
        "ratio",
        "hand",
        "emit"
    );
}

/// Emits, compiles and runs a program, which prints its rows.
fn measure(program: &Program, full: bool) -> Result<(), String> {
    let binary = compile(program)?;
    let mut command = Command::new(&binary);
    command.args(full.then_some("--full"));
    let child = command.spawn().map_err(|e| format!("{}: {e}", binary.display()))?;
    wait(child, if full { LIMIT_FULL } else { LIMIT })
}

/// Waits for a program that must come to its end.
fn wait(mut child: Child, limit: Duration) -> Result<(), String> {
    let start = Instant::now();
    loop {
        match child.try_wait() {
            Err(error) => return Err(error.to_string()),
            Ok(Some(status)) if status.success() => return Ok(()),
            Ok(Some(status)) => return Err(format!("FAILED: {status}")),
            Ok(None) if start.elapsed() > limit => {
                child.kill().and_then(|()| child.wait()).map_err(|e| e.to_string())?;
                return Err(format!("STOPPED after {} s", limit.as_secs()));
            }
            Ok(None) => std::thread::sleep(Duration::from_millis(10)),
        }
    }
}

/// The executable of a program: emitted code, references and case in one crate.
fn compile(program: &Program) -> Result<PathBuf, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let benches = root.join("benches");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("scoreboard");
    fs::create_dir_all(&folder).map_err(|e| e.to_string())?;
    let emitted = folder.join(format!("{}_emitted.rs", program.name));
    let text = emit(root, program).map_err(|e| format!("NOT EMITTED: {e}"))?;
    fs::write(&emitted, text).map_err(|e| e.to_string())?;

    let modules = [
        ("clock", benches.join("scoreboard/clock.rs")),
        ("measure", benches.join("scoreboard/measure.rs")),
        ("lanes", benches.join("reference/lanes.rs")),
        ("reference", benches.join(format!("reference/{}.rs", program.name))),
        ("case", benches.join(format!("scoreboard/cases/{}.rs", program.name))),
        ("emitted", emitted),
    ];
    let modules: Vec<String> = modules
        .iter()
        .map(|(name, path)| format!("#[allow(dead_code)]\n#[path = {:?}]\nmod {name};\n", path.display()))
        .collect();
    let main = format!("fn main() {{\n    measure::main({:?}, case::run);\n}}\n", program.name);
    let source = folder.join(format!("{}.rs", program.name));
    fs::write(&source, modules.concat() + &main).map_err(|e| e.to_string())?;

    let binary = folder.join(format!("{}{}", program.name, std::env::consts::EXE_SUFFIX));
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc)
        .args(["--edition=2024", "-Copt-level=3", "-o"])
        .args([&binary, &source])
        .output()
        .map_err(|e| format!("rustc: {e}"))?;
    match output.status.success() {
        true => Ok(binary),
        false => Err(format!("DOES NOT COMPILE:\n{}", String::from_utf8_lossy(&output.stderr))),
    }
}

/// The Rust that zgrad makes of a program.
fn emit(root: &Path, program: &Program) -> anyhow::Result<String> {
    let owned = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<String>>();
    let mut session = Session::open(&root.join(program.file))?;
    let (functions, wrt) = (owned(program.functions), owned(program.wrt));
    let asked = Asked { functions: &functions, wrt: &wrt, parts: program.parts };
    emitting::rust(&mut session, asked, Default::default())
}
