//! C and Python: every example and many programs, compiled without a warning or run, compute the values and
//! gradients that the evaluator does.

use super::tools::Scratch;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use zgrad::emit::{self, Interface, Length, ascii};
use zgrad::eval::Limits;
use zgrad::session::Session;
use zgrad::session::derive::Mode;
use zgrad::session::emitting::{Asked, Part, Prepared, prepare};
use zgrad::session::evaluate::{Request, What, evaluate};
use zgrad::session::point::Given;

/// Every size and integer.
const SIZE: i64 = 3;

/// The `.math` files right in these folders, sorted.
fn files(folders: &[&str]) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found: Vec<PathBuf> = folders
        .iter()
        .flat_map(|folder| std::fs::read_dir(root.join(folder)).unwrap().map(|entry| entry.unwrap().path()))
        .filter(|path| path.extension().is_some_and(|e| e == "math"))
        .collect();
    found.sort();
    found
}

/// Numbers that stay clear of edges, always the same.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        0.2 + ((self.0 >> 40) % 1300) as f64 / 1000.0
    }
}

fn length(length: &Option<Length>) -> usize {
    let Some(length) = length else { return SIZE as usize };
    usize::try_from(length.terms.iter().map(|(_, k)| k * SIZE).sum::<i64>() + length.add).unwrap_or(0)
}

/// A parameter with what it is given.
struct Argument {
    name: String,
    dims: Vec<usize>,
    numbers: Vec<f64>,
    int: bool,
}

impl Argument {
    /// As nested lists.
    fn nested(&self) -> String {
        fn list(dims: &[usize], numbers: &mut impl Iterator<Item = String>) -> String {
            let Some((&first, rest)) = dims.split_first() else { return numbers.next().unwrap() };
            let items: Vec<String> = (0..first).map(|_| list(rest, numbers)).collect();
            format!("[{}]", items.join(", "))
        }
        let text = |x: &f64| if self.int { format!("{x}") } else { format!("{x:?}") };
        list(&self.dims, &mut self.numbers.iter().map(text))
    }
}

/// A function with arguments and what it gives for them.
struct Case {
    function: String,
    face: Interface,
    args: Vec<Argument>,
    wanted: Vec<f64>,
}

/// The functions of a file that the evaluator can evaluate at numbers of our choice.
fn cases(session: &mut Session, prepared: &Prepared) -> Vec<Case> {
    let mut cases = Vec::new();
    for (k, face) in prepared.faces.iter().enumerate() {
        let plain = |end: &str| face.name.strip_suffix(end).map(str::to_string);
        let (gradient, diagonal) = (plain("_grad"), plain("_hess_diag"));
        let what: &[What] = match (&gradient, &diagonal) {
            (None, None) => &[What::Value],
            (Some(_), _) => &[What::Value, What::Grad],
            (None, Some(_)) => &[What::Value, What::Grad, What::HessDiag],
        };
        let original = gradient.or(diagonal).unwrap_or_else(|| face.name.clone());
        let Ok(signature) = session.function(Some(&original)) else { continue };
        let procedure = prepared.procedures.iter().find(|p| p.id == face.id).unwrap();
        let mut numbers = Numbers(k as u64 / 2 + 7);
        let mut args = Vec::new();
        let (mut at, mut set) = (Vec::new(), Vec::new());
        for (param, local) in face.params.iter().zip(&procedure.params) {
            let ty = procedure.locals[local.0 as usize].ty;
            let dims: Vec<usize> = param.shape.iter().map(length).collect();
            let count = dims.iter().product();
            let int = ty.elem != zgrad::core::Elem::Real;
            let value = |_| if int { SIZE as f64 } else { numbers.next() };
            let arg =
                Argument { name: param.name.clone(), dims, numbers: (0..count).map(value).collect(), int };
            let own = signature.params.iter().any(|(name, _)| *name == param.name);
            let list = if own { &mut at } else { &mut set };
            list.push((param.name.clone(), Given::Text(arg.nested())));
            args.push(arg);
        }
        let request = Request {
            function: Some(original),
            at,
            set,
            wrt: vec![],
            what: what.to_vec(),
            dir: vec![],
            seed: None,
            order: None,
            digits: false,
            mode: Mode::Auto,
            limits: Limits { steps: 20_000, ..Limits::default() },
        };
        // Conditions that the numbers do not meet.
        let Ok(report) = evaluate(session, &request) else { continue };
        let value = report.value.unwrap().entries();
        let gradient = report.grad.unwrap_or_default();
        let diagonal = report.hess_diag.unwrap_or_default();
        let derivatives = gradient.iter().chain(&diagonal).flat_map(|(_, datum)| datum.entries());
        let wanted = value.into_iter().chain(derivatives).map(|(_, x)| x).collect();
        cases.push(Case { function: ascii(&face.name), face: face.clone(), args, wanted });
    }
    cases
}

fn prepared(file: &Path, language: &str) -> (Session, Prepared) {
    let mut session = Session::open(file).unwrap();
    let asked = Asked { functions: &[], wrt: &[], parts: &[Part::Value, Part::Grad, Part::HessDiag] };
    let prepared =
        prepare(&mut session, asked, language).unwrap_or_else(|e| panic!("{}: {e:#}", file.display()));
    (Session::open(file).unwrap(), prepared)
}

/// What a file's program printed, a line for each case, against what is wanted.
fn compare(file: &Path, cases: &[Case], out: &str) -> usize {
    assert_eq!(out.lines().count(), cases.len(), "{}:\n{out}", file.display());
    for (line, case) in out.lines().zip(cases) {
        let found = line.split_whitespace().map(|word| word.parse::<f64>().unwrap_or(f64::NAN));
        // The evaluator lists variables by name.
        let (mut found, mut wanted): (Vec<f64>, Vec<f64>) = (found.collect(), case.wanted.clone());
        for x in found.iter_mut().chain(&mut wanted).filter(|x| x.is_nan()) {
            *x = f64::NAN;
        }
        found.sort_by(f64::total_cmp);
        wanted.sort_by(f64::total_cmp);
        let close = |a: f64, b: f64| {
            a == b || a.is_nan() && b.is_nan() || (a - b).abs() <= 1e-11 * a.abs().max(b.abs()).max(1.0)
        };
        let same = found.len() == wanted.len() && found.iter().zip(&wanted).all(|(&a, &b)| close(a, b));
        assert!(same, "{}: {} is {found:?}, not {wanted:?}", file.display(), case.function);
    }
    cases.len()
}

/// The call of a function of C, with its results printed.
fn c_call(case: &Case, module: &str) -> String {
    // Words of the language get a mark.
    let heads = ["double", "int"].map(|ty| ["", "_"].map(|mark| format!("\n{ty} {}{mark}(", case.function)));
    let found = heads.iter().flatten().find(|head| module.contains(head.as_str()));
    let head = found.unwrap_or_else(|| panic!("no {} in\n{module}", case.function));
    let plain = head.starts_with("\ndouble");
    let function = head.trim_end_matches('(').rsplit(' ').next().unwrap();
    let is = |known: &str, name: &str| {
        ascii(known) == name.strip_suffix('_').unwrap_or(name) || ascii(known) == name
    };
    let list = module.split_once(head.as_str()).unwrap().1.split(')').next().unwrap();
    let (mut before, mut given, mut after) = (String::new(), Vec::new(), String::new());
    let sizes: Vec<(String, i64)> = case
        .args
        .iter()
        .zip(&case.face.params)
        .flat_map(|(arg, face)| {
            let name = ascii(&arg.name);
            let axes = match arg.dims.len() {
                1 => vec![format!("{name}_len")],
                _ => vec![format!("{name}_rows"), format!("{name}_cols")],
            };
            let named = |(dim, length): (&usize, &Option<Length>)| {
                let length = length.as_ref()?;
                let [(size, 1)] = length.terms.as_slice() else { return None };
                Some((ascii(size), *dim as i64 - length.add))
            };
            let own = axes.into_iter().zip(arg.dims.iter().map(|&n| n as i64));
            own.chain(arg.dims.iter().zip(&face.shape).filter_map(named)).collect::<Vec<_>>()
        })
        .collect();
    for param in list.split(',').map(|p| p.split_whitespace().collect::<Vec<_>>().join(" ")) {
        let name = param.rsplit([' ', '*']).next().unwrap().to_string();
        let arg = case.args.iter().find(|arg| is(&arg.name, &name));
        let result = case.face.results.iter().find(|r| is(&r.name, &name));
        if param.contains("**") {
            let _ = writeln!(before, "    double *{name} = NULL;");
            let _ = writeln!(after, "    int64_t {name}_n = 1;");
            given.push(format!("&{name}"));
            after.push_str(&format!("    made({name}, {name}_n);\n"));
        } else if param.starts_with("int64_t *") {
            let _ = writeln!(before, "    int64_t {name} = 0;");
            let array = name.rsplit_once('_').unwrap().0;
            let begin = format!("int64_t {array}_n = ");
            after = after.replace(&begin, &format!("{begin}{name} * "));
            given.push(format!("&{name}"));
        } else if let Some(arg) = arg {
            let text = arg.nested();
            if arg.dims.is_empty() {
                given.push(text);
                continue;
            }
            let ty = if param.contains("int64_t") { "int64_t" } else { "double" };
            let ty = if param.contains("bool") { "bool" } else { ty };
            let flat = text.replace(['[', ']'], "");
            let _ = writeln!(before, "    const {ty} {name}[] = {{{flat}}};");
            given.push(name);
        } else if let Some((_, size)) = sizes.iter().find(|(size, _)| is(size, &name)) {
            given.push(size.to_string());
        } else {
            let result = result.unwrap_or_else(|| panic!("{param} of {}", case.function));
            let count: usize = result.shape.iter().map(length).product();
            let ty = param.split(" *").next().unwrap();
            let _ = writeln!(before, "    {ty} {name}[{}];", count.max(1));
            let _ = writeln!(
                after,
                "    for (int k = 0; k < {count}; ++k) printf(\"%.17g \", (double){name}[k]);"
            );
            given.push(name);
        }
    }
    let call = format!("{function}({})", given.join(", "));
    match plain {
        true => format!("{{\n{before}    printf(\"%.17g\\n\", {call});\n}}\n"),
        false => format!(
            "{{\n{before}    if ({call} != ZG_OK) printf(\"failed\");\n{after}    printf(\"\\n\");\n}}\n"
        ),
    }
}

fn c_program(module: &str, cases: &[Case]) -> String {
    let calls: String = cases.iter().map(|case| c_call(case, module)).collect();
    let made = "static void made(double *a, int64_t n) {\n    for (int64_t k = 0; k < n; ++k) printf(\"%.17g \", a[k]);\n    free(a);\n}\n";
    let made = if calls.contains("made(") { made } else { "" };
    format!("{module}\n#include <stdio.h>\n\n{made}int main(void) {{\n{calls}return 0;\n}}\n")
}

fn found(tool: &str, args: &[&str]) -> bool {
    let works = Command::new(tool).args(args).output().is_ok_and(|o| o.status.success());
    if !works {
        eprintln!("SKIPPED: {tool} {} does not work; nothing of this was tested", args.join(" "));
    }
    works
}

/// Runs the cases of some files; gives how many there were.
fn c_agrees(scratch: &Scratch, files: &[PathBuf]) -> usize {
    let mut count = 0;
    for file in files {
        let (mut session, prepared) = prepared(file, "c");
        let Prepared { procedures, faces, header } = &prepared;
        let module = emit::c::module(procedures, faces, header).unwrap().source;
        let cases = cases(&mut session, &prepared);
        let stem: String =
            file.to_string_lossy().chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
        let source = scratch.write(&format!("{stem}.c"), &c_program(&module, &cases));
        let program = source.with_extension("");
        let output = Command::new("gcc")
            .args(["-std=c99", "-O1", "-Wall", "-Wextra", "-Werror", "-pedantic", "-Wconversion"])
            .args(["-ffp-contract=off", "-o"])
            .arg(&program)
            .arg(&source)
            .arg("-lm")
            .output()
            .unwrap();
        let problem = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {problem}", file.display());
        let output = Command::new(&program).output().unwrap();
        let problem = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {problem}", file.display());
        count += compare(file, &cases, &String::from_utf8(output.stdout).unwrap());
    }
    count
}

#[test]
fn julia_can_be_parsed() {
    let parser = "import tree_sitter_julia";
    if !found("python3", &["-c", parser]) {
        return;
    }
    let scratch = Scratch::new("julia");
    let mut paths = Vec::new();
    for (k, file) in files(&FOLDERS).into_iter().enumerate() {
        let (_, Prepared { procedures, faces, header }) = prepared(&file, "julia");
        let module = emit::julia::module(&procedures, &faces, &header).unwrap();
        paths.push(scratch.write(&format!("m{k}.jl"), &module));
    }
    let check = "import sys, tree_sitter, tree_sitter_julia\n\
        parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_julia.language()))\n\
        for path in sys.argv[1:]:\n    \
            if parser.parse(open(path, 'rb').read()).root_node.has_error:\n        \
                sys.exit(open(path).read())\n";
    let output = Command::new("python3").args(["-c", check]).args(&paths).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

const FOLDERS: [&str; 4] =
    ["examples", "examples/scoreboard", "tests/programs/linear", "tests/programs/regressions"];

#[test]
fn c_compiles_without_a_warning_and_agrees_with_the_evaluator() {
    if !found("gcc", &["--version"]) {
        return;
    }
    let scratch = Scratch::new("c");
    let all = files(&FOLDERS);
    let (first, second) = all.split_at(all.len() / 2);
    let count = std::thread::scope(|scope| {
        let other = scope.spawn(|| c_agrees(&scratch, second));
        c_agrees(&scratch, first) + other.join().unwrap()
    });
    assert!(count > 200, "only {count} functions were compared");
}

#[test]
fn a_header_of_c_serves_both_languages() {
    if !found("g++", &["--version"]) {
        return;
    }
    let scratch = Scratch::new("header");
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/rosenbrock.math");
    let (_, Prepared { procedures, faces, header }) = prepared(&file, "c");
    let files = emit::c::module(&procedures, &faces, &header).unwrap();
    scratch.write("model.h", &files.header);
    let main = "#include \"model.h\"\nint main() { double x[2] = {1, 1}, v; return rosenbrock(x, 2, &v); }\n";
    for (name, compiler, standard) in [("main.c", "gcc", "-std=c99"), ("main.cpp", "g++", "-std=c++11")] {
        let main = scratch.write(name, main);
        let output = Command::new(compiler)
            .args([standard, "-Wall", "-Wextra", "-Werror", "-pedantic", "-fsyntax-only"])
            .arg(main)
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn python_agrees_with_the_evaluator() {
    if !found("python3", &["-c", "import numpy"]) {
        return;
    }
    let scratch = Scratch::new("python");
    let mut main = String::from(
        "import numpy as np\n\ndef show(result):\n    if not isinstance(result, tuple):\n        result = (result,)\n    print(*[repr(float(x)) for part in result for x in np.ravel(part)])\n",
    );
    let mut all = Vec::new();
    for (k, file) in files(&FOLDERS).into_iter().enumerate() {
        let (mut session, prepared) = prepared(&file, "python");
        let Prepared { procedures, faces, header } = &prepared;
        let module = emit::python::module(procedures, faces, header).unwrap();
        scratch.write(&format!("m{k}.py"), &module);
        let cases = cases(&mut session, &prepared);
        let _ = writeln!(main, "import m{k}\nprint('file')");
        for case in &cases {
            let args: Vec<String> = case.args.iter().map(Argument::nested).collect();
            // Words of the language get a mark.
            let own = module.contains(&format!("\ndef {}(", case.function));
            let mark = if own { "" } else { "_" };
            let _ = writeln!(main, "show(m{k}.{}{mark}({}))", case.function, args.join(", "));
        }
        all.push((file, cases));
    }
    let main = scratch.write("main.py", &main);
    let output = Command::new("python3").args(["-W", "error"]).arg(&main).output().unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    let problem = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{problem}\nafter {}", out.lines().last().unwrap_or_default());
    let mut count = 0;
    for ((file, cases), out) in all.iter().zip(out.split("file\n").skip(1)) {
        count += compare(file, cases, out);
    }
    assert!(count > 200, "only {count} functions were compared");
}
