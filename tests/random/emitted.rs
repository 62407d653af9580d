//! Emitted Rust of random programs, compiled in one go and run, against the evaluator.

use super::generate::{self, Random};
use super::judge::{Case, Verdict};
use super::text;
use super::tree::Program;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use zgrad::session::Session;
use zgrad::session::emitting::{Asked, Part, rust};

/// How many programs are compiled at once.
const BATCH: u64 = 120;

/// A program with what the evaluator says of it.
struct Emitted {
    seed: u64,
    program: Program,
    module: String,
    /// The values of the `param`s that it uses.
    globals: Vec<f64>,
    /// The value and the gradient: scalars, then arrays.
    wanted: Vec<f64>,
}

/// A folder for what is compiled.
fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("random-{name}"));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Compiles a program without a warning and gives what it prints.
fn compiled(name: &str, text: &str) -> Result<String, String> {
    let folder = scratch(name);
    let (source, program) = (folder.join("main.rs"), folder.join("program"));
    std::fs::write(&source, text).unwrap();
    let rustc = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".into());
    let output = Command::new(rustc)
        .args(["--edition", "2024", "-D", "warnings", "-A", "dead_code", "-C", "debug-assertions=on", "-o"])
        .arg(&program)
        .arg(&source)
        .output()
        .unwrap();
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let output = Command::new(&program).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        Ok(text)
    } else {
        Err(format!("{text}\n{}", String::from_utf8_lossy(&output.stderr)))
    }
}

/// The program emitted, if the oracle can tell its gradient.
fn emitted(seed: u64) -> Result<Option<Emitted>, String> {
    let program = generate::program(seed, super::size_for(seed));
    let case = Case::new(&program, seed);
    if case.judge() != Verdict::Holds {
        return Ok(None);
    }
    let wanted = case.gradient().map_err(|v| format!("{v:?}"))?;
    let mut session = Session::from_text(Path::new("random.math"), &text::program(&program))
        .map_err(|error| error.to_string())?;
    let signature = session.function(None).map_err(|error| error.to_string())?;
    let globals = case.kept(&session, &signature).iter().map(|&k| case.point.globals[k]).collect();
    let name = program.main().name.clone();
    let module = rust_of(&mut session, &[name], &["all".into()], &[Part::Value, Part::Grad])
        .map_err(|error| format!("seed {seed}: {error:#}\n{}", text::program(&program)))?;
    Ok(Some(Emitted { seed, module, globals, wanted, program }))
}

/// `mod p7 { … }` and the call that prints what it computes.
fn part(e: &Emitted, modules: &mut String, main: &mut String) {
    let _ = writeln!(modules, "mod p{} {{\n{}\n}}", e.seed, e.module);
    let name = format!("{}_grad", zgrad::emit::ascii(&e.program.main().name));
    let found = e.module.split("pub fn ").skip(1).find(|f| f.starts_with(&format!("{name}(")));
    let head = found.unwrap_or_else(|| panic!("no `{name}` in\n{}", e.module));
    let list = head[name.len() + 1..].split(") ->").next().unwrap_or_default();
    let list = list.split(") {").next().unwrap_or_default();
    let point = Case::new(&e.program, e.seed).point;
    let mut args = point.rust(&e.globals);
    let mut lengths = point.array_lengths();
    let (mut given, mut outs) = (vec![], 0);
    let _ = writeln!(main, "    {{");
    for param in list.split(',').map(str::trim).filter(|p| !p.is_empty()) {
        let (param, ty) = param.split_once(": ").unwrap_or_else(|| panic!("`{param}` in\n{}", e.module));
        if ty == "usize" {
            given.push(point.size(param).to_string());
        } else if ty.starts_with("&mut") {
            let _ = writeln!(main, "        let mut out{outs} = [7.0; {}];", lengths.remove(0));
            given.push(format!("&mut out{outs}"));
            outs += 1;
        } else {
            given.push(args.remove(0));
        }
    }
    let outs: String = (0..outs).map(|k| format!(", out{k}")).collect();
    let _ = writeln!(main, "        let found = p{}::{name}({});", e.seed, given.join(", "));
    let _ = writeln!(main, "        println!(\"{} {{:?}}\", (found{outs}));\n    }}", e.seed);
}

fn numbers(line: &str) -> Vec<f64> {
    let words = line.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+')));
    words.filter_map(|w| w.parse().ok()).collect()
}

/// Equal but for rounding.
fn close(a: f64, b: f64, scale: f64) -> bool {
    a == b || (a - b).abs() <= 1e-8 * scale
}

/// Compiles the programs from a seed on and compares; gives how many, and how many to the bit.
pub fn batch(first: u64, count: u64) -> (usize, usize) {
    let (mut all, mut failures) = (vec![], vec![]);
    for seed in first..first + count {
        match emitted(seed) {
            Ok(found) => all.extend(found),
            Err(why) => failures.push(why),
        }
    }
    let (mut modules, mut main) = (String::new(), String::from("fn main() {\n"));
    all.iter().for_each(|e| part(e, &mut modules, &mut main));
    main.push('}');
    let found = compiled(&format!("batch-{first}"), &format!("{modules}\n{main}\n"))
        .unwrap_or_else(|e| panic!("{e}"));
    let mut same = 0;
    for (e, line) in all.iter().zip(found.lines()) {
        let got = numbers(line.split_once(' ').map_or("", |l| l.1));
        // The scalars come first, then the arrays.
        let wanted = &e.wanted;
        let scale = wanted.iter().fold(1e-3, |m: f64, x| m.max(x.abs()));
        if got == *wanted {
            same += 1;
        } else if got.len() != wanted.len() || !got.iter().zip(wanted).all(|(&a, &b)| close(a, b, scale)) {
            let program = text::program(&e.program);
            failures.push(format!("seed {}: {got:?} instead of {wanted:?}\n{program}\n{}", e.seed, e.module));
        }
    }
    assert_eq!(found.lines().count(), all.len());
    assert!(failures.is_empty(), "{} fail:\n{}", failures.len(), failures.join("\n\n"));
    (all.len(), same)
}

#[test]
fn emitted_programs_compute_what_the_evaluator_does() {
    super::judge::quiet();
    let first = super::number_of("ZGRAD_SEED").unwrap_or(0);
    let (count, same) = batch(first, super::number_of("ZGRAD_BATCH").unwrap_or(BATCH));
    println!("{count} programs emitted, {same} give the same bits");
    assert!(count > 0);
}

/// Names of the language, of the library and of what is made along the way; names that are the same
/// in ASCII.
const HOSTILE: &[&str] = &[
    "fn",
    "match",
    "self",
    "Self",
    "super",
    "crate",
    "impl",
    "dyn",
    "async",
    "await",
    "move",
    "ref",
    "mut",
    "loop",
    "while_",
    "box",
    "priv",
    "try",
    "yield",
    "static",
    "struct",
    "enum",
    "trait",
    "use",
    "unsafe",
    "where_",
    "f64",
    "i64",
    "usize",
    "bool",
    "str",
    "Vec",
    "vec",
    "main",
    "std",
    "core",
    "Some",
    "None",
    "Ok",
    "Err",
    "panic",
    "assert",
    "println",
    "u8",
    "Box",
    "String",
    "x_bar",
    "x_dot",
    "f_grad",
    "f_vjp",
    "value",
    "value_2",
    "t1",
    "out",
    "result",
    "f_bar",
    "i",
    "n",
    "x_len",
    "θ",
    "theta",
    "θ_",
    "λ",
    "lambda",
    "x₁",
    "x1",
    "x̂",
    "x_hat",
    "ẋ",
    "é",
    "è",
    "μ",
    "mu",
    "Δ",
    "Delta",
    "__",
    "_x",
    "v",
    "v2",
    "ﬁ",
    "名",
    "abs",
    "sqrt",
    "powi",
    "MAX",
    "EPSILON",
    "consts",
    "r#x",
    "macro_rules",
    "union",
    "gen",
    "raw",
    "safe",
    "extern",
    "const",
    "type_",
    "as_",
    "pub",
    "mod_",
    "return",
    "break",
    "continue",
    "unit",
    "T",
    "slice",
    "len",
];

#[test]
fn hostile_names_and_comments_stay_where_they_are() {
    let mut source = String::new();
    let mut r = Random::new(5);
    let comments = [
        "*/ fn evil() {} /*",
        "\"## fn evil() {} r##\"",
        "\\",
        "\\n",
        "{} {0} {x}",
        "// /// //! /**",
        "```",
        "``` rust",
        "```\nassert!(false);\n```",
        "#![forbid(unsafe_code)]",
        "\u{202e}reversed",
        "tab\there",
        "\u{7f}",
        "<b>&amp;",
        "[x]: y",
        "* item\n- item\n    code",
        "ends in a backslash \\",
        "'a",
        "b'",
        "\u{2028}line",
        "]]> --> %}",
    ];
    let names: Vec<&str> = HOSTILE.iter().copied().filter(|n| !n.contains('#')).collect();
    // A function with all of them as parameters, and each as a function, a local and an index.
    let all = names.join(", ");
    let sum =
        names.iter().enumerate().map(|(k, n)| format!("{}*{n}^2", k + 1)).collect::<Vec<_>>().join(" + ");
    for line in comments.iter().flat_map(|c| c.lines()) {
        let _ = writeln!(source, "## {line}");
    }
    let _ = writeln!(source, "many({all}) = {sum} # {}", comments[0]);
    for (k, name) in names.iter().enumerate() {
        for line in comments[k % comments.len()].lines() {
            let _ = writeln!(source, "## {line}");
        }
        let other = names[r.below(names.len())];
        let third = names[r.below(names.len())];
        let distinct = other != *name && third != *name && third != other;
        let (other, third) = if distinct { (other, third) } else { ("q1", "q2") };
        let _ = writeln!(
            source,
            "{name}({other}: R[{third}]) = let {name} = sum({other}[{name}]^2 for {name} in 1..{third}) in\n  \
             fold({third} = {name} for {name} in 1..2: {third}*{name} + sin({third})) # */ \"##"
        );
    }
    let mut session =
        Session::from_text(Path::new("*/ \" \\ .math"), &source).unwrap_or_else(|e| panic!("{e:#}"));
    let module = rust_of(&mut session, &[], &[], &[Part::Value, Part::Grad, Part::Jvp, Part::Vjp]).unwrap();
    let head = "mod hostile {\n";
    let name = zgrad::emit::ascii("many");
    let args: Vec<String> = (0..names.len()).map(|k| format!("{}.5", k % 7)).collect();
    let main = format!("}}\nfn main() {{ println!(\"{{:?}}\", hostile::{name}({})); }}\n", args.join(", "));
    let found =
        compiled("hostile", &format!("{head}{module}{main}")).unwrap_or_else(|e| panic!("{e}\n{source}"));
    let wanted: f64 = (0..names.len()).map(|k| (k + 1) as f64 * ((k % 7) as f64 + 0.5).powi(2)).sum();
    assert!(close(found.trim().parse().unwrap(), wanted, wanted), "{found} instead of {wanted}");
}

fn rust_of(
    session: &mut Session,
    functions: &[String],
    wrt: &[String],
    parts: &[Part],
) -> anyhow::Result<String> {
    rust(session, Asked { functions, wrt, parts }, Default::default())
}
