//! Derivatives of whole programs, printed, read back and computed: the same numbers as before.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use zgrad::block;
use zgrad::check::{self, Dim, Imports, Module, Signature, Ty};
use zgrad::core::{Elem, FnId, Graph, VarId};
use zgrad::eval::{Array, Machine, Value};
use zgrad::print::{self, Face, Faces, ParamFace, Shape, raise};
use zgrad::session::Session;
use zgrad::session::derive::{Deriver, Mode};
use zgrad::session::refusal::Invalid;
use zgrad::simplify::Forms;
use zgrad::syntax::parse::parse;
use zgrad::syntax::tree::{Item, ItemKind, Tree};

fn shape(ty: &Ty) -> Shape {
    match ty {
        Ty::Array { dims, .. } => Shape::Leaf(dims.iter().map(dim).collect()),
        Ty::Tuple(parts) => Shape::Tuple(parts.iter().map(shape).collect()),
        Ty::Record(fields) => Shape::Record(fields.iter().map(|(n, ty)| (n.clone(), shape(ty))).collect()),
        Ty::Real | Ty::Int | Ty::Bool | Ty::Function(..) | Ty::Error => Shape::PLAIN,
    }
}

fn dim(dim: &Dim) -> print::Dim {
    match dim {
        Dim::Any => print::Dim::Unknown,
        Dim::Fixed(n) => print::Dim::Fixed(*n),
        Dim::Name(name) => print::Dim::Name(name.clone()),
        Dim::Formula { ast, .. } => print::Dim::Formula(*ast),
    }
}

/// A file that was read and checked.
struct Program {
    tree: Tree,
    module: Module,
}

/// The faces of the functions of a file.
fn faces(program: &Program) -> Faces {
    let mut faces = Faces::new();
    for signature in &program.module.functions {
        faces.insert(face(program, signature, signature.id, &signature.name, shape(&signature.result)));
    }
    for global in &program.module.globals {
        faces.take(&global.name);
    }
    faces.provide(&program.module.graph, |_| false);
    faces
}

fn face(program: &Program, signature: &Signature, id: FnId, name: &str, result: Shape) -> Face {
    let mut vars = program.module.graph.function(signature.id).params.iter().copied();
    let own = signature.params.iter().map(|(name, ty)| (name, ty, false));
    let globals = signature.globals.iter().map(|&at| &program.module.globals[at]);
    let globals = globals.map(|global| (&global.name, &global.ty, true));
    let params = own.chain(globals).map(|(name, ty, global)| ParamFace {
        name: name.clone(),
        vars: vars.by_ref().take(ty.leaves().len()).collect(),
        shape: shape(ty),
        global,
    });
    Face { id, name: name.to_string(), doc: Vec::new(), params: params.collect(), result }
}

/// A point of the type, different for each seed.
fn value(ty: &Ty, sizes: &mut HashMap<String, usize>, seed: &mut f64) -> Vec<Value> {
    let mut next = || {
        *seed = (*seed * 1.618 + 0.37) % 1.0;
        0.3 + *seed
    };
    let leaves = ty.leaves();
    let mut values = Vec::new();
    for (_, leaf) in leaves {
        values.push(match leaf {
            Ty::Real => Value::Real(next()),
            Ty::Int => Value::Int(3),
            Ty::Bool => Value::Bool(true),
            Ty::Array { elem, dims } => {
                let mut lens = Vec::new();
                for dim in dims {
                    lens.push(match dim {
                        Dim::Fixed(n) => *n as usize,
                        Dim::Name(name) => {
                            let fresh = 3 + sizes.len() % 3;
                            *sizes.entry(name.clone()).or_insert(fresh)
                        }
                        Dim::Any | Dim::Formula { .. } => 3,
                    });
                }
                let count = lens.iter().product();
                Value::Array(match elem {
                    Elem::Real => Array::reals(&lens, (0..count).map(|_| next()).collect()),
                    Elem::Int => Array::ints(&lens, (0..count).map(|k| 1 + (k as i64 * 2) % 3).collect()),
                    Elem::Bool => Array::bools(&lens, &vec![true; count]),
                })
            }
            Ty::Tuple(_) | Ty::Record(_) | Ty::Function(..) | Ty::Error => unreachable!("a leaf"),
        });
    }
    values
}

fn run(graph: &mut Graph, f: FnId, args: &[Value]) -> Result<Vec<Value>, String> {
    let mut machine = Machine::new(block::procedures(graph, &[f]));
    machine.limits.steps = 100_000;
    machine.run(f, args).map_err(|fault| fault.message)
}

fn close(a: &[Value], b: &[Value]) -> bool {
    let same =
        |x: f64, y: f64| x == y || (x.is_nan() && y.is_nan()) || (x - y).abs() <= 1e-9 * x.abs().max(1.0);
    let pair = |(a, b): (&Value, &Value)| match (a, b) {
        (Value::Real(a), Value::Real(b)) => same(*a, *b),
        (Value::Array(a), Value::Array(b)) if a.as_reals().is_some() => {
            let (Some(x), Some(y)) = (a.as_reals(), b.as_reals()) else { return false };
            a.shape() == b.shape() && x.iter().zip(y).all(|(&x, &y)| same(x, y))
        }
        (a, b) => a == b,
    };
    a.len() == b.len() && a.iter().zip(b).all(pair)
}

/// Prints the functions with all that they call and the file's `param`s.
fn printed(program: &mut Program, faces: &Faces, roots: &[FnId]) -> String {
    let mut items: Vec<Item> = Vec::new();
    for item in &program.tree.items {
        if matches!(item.kind, ItemKind::Constant { param: true, .. }) {
            items.push(Item { comments: Vec::new(), ..item.clone() });
        }
    }
    let mut faces = faces.clone();
    for f in faces.cover(&program.module.graph, roots) {
        items.push(raise::definition(&mut program.module.graph, &mut program.tree, &faces, f));
    }
    zgrad::syntax::print::file(&program.tree, &items)
}

fn opened(text: &str) -> Result<Program, String> {
    let mut tree = Tree::default();
    let mut diagnostics = parse(&mut tree, "printed", text);
    let prelude = check::prelude::include(&mut tree);
    let checked = check::check(&tree, &Imports { prelude, ..Imports::default() });
    diagnostics.extend(checked.diagnostics);
    let errors: Vec<_> = diagnostics
        .into_iter()
        .filter(|d| d.severity == zgrad::syntax::diagnostic::Severity::Error)
        .collect();
    if !errors.is_empty() {
        return Err(Invalid::at(&tree, &errors).to_string());
    }
    Ok(Program { tree, module: checked.module })
}

fn programs() -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = Vec::new();
    for folder in [
        "examples",
        "tests/programs/calculus",
        "tests/programs/edges",
        "tests/programs/fits",
        "tests/programs/linear",
        "tests/programs/valleys",
        "tests/programs/zoo",
        "tests/check/ok",
    ] {
        let Ok(entries) = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)) else {
            continue;
        };
        let paths = entries.map(|entry| entry.expect("an entry").path());
        found.extend(paths.filter(|path| path.extension().is_some_and(|e| e == "math")));
    }
    found.sort();
    found
}

/// Prints a function, reads it back, and compares the values of both.
fn round(program: &mut Program, faces: &Faces, signature: &Signature, f: FnId) -> Result<(), String> {
    let text = printed(program, faces, &[f]);
    if std::env::var_os("SHOW").is_some() {
        println!("{text}");
    }
    let mut again = opened(&text).map_err(|errors| format!("{text}\n{errors}"))?;
    let name = faces.get(&program.module.graph, f).name.clone();
    let found = again.module.functions.iter().find(|s| s.name == name).ok_or("the function is gone")?.clone();
    for round in 0..2 {
        let (mut sizes, mut seed) = (HashMap::new(), 0.1 + 0.3 * f64::from(round));
        let tys = signature.params.iter().map(|(_, ty)| ty);
        let globals = signature.globals.iter().map(|&at| &program.module.globals[at].ty);
        let own: Vec<Value> = tys.flat_map(|ty| value(ty, &mut sizes, &mut seed)).collect();
        let globals: Vec<Vec<Value>> = globals.map(|ty| value(ty, &mut sizes, &mut seed)).collect();
        let args: Vec<Value> = own.iter().chain(globals.iter().flatten()).cloned().collect();
        // What is printed may need fewer of the `param`s.
        let names: Vec<&str> =
            signature.globals.iter().map(|&at| program.module.globals[at].name.as_str()).collect();
        let needed = found.globals.iter().map(|&at| again.module.globals[at].name.as_str());
        let needed =
            needed.map(|name| names.iter().position(|known| *known == name).expect("a known `param`"));
        let needed: Vec<Value> =
            own.iter().cloned().chain(needed.flat_map(|at| globals[at].clone())).collect();
        // What cannot be computed before it is printed is another test's concern.
        let graph = &mut program.module.graph;
        let before = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| run(graph, f, &args)));
        let Ok(expected) = before else { continue };
        let got = run(&mut again.module.graph, found.id, &needed);
        match (&expected, &got) {
            (Ok(a), Ok(b)) if close(a, b) => {}
            (Err(_), Err(_)) => {}
            (expected, got) => {
                return Err(format!("{text}\nexpected {expected:?}\n     got {got:?}\nat {args:?}"));
            }
        }
    }
    Ok(())
}

#[test]
fn derivatives_print_as_programs() {
    let only = std::env::var("ONLY").ok();
    let mut failures = Vec::new();
    let mut count = 0;
    for path in programs() {
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        if only.as_ref().is_some_and(|only| *only != name) {
            continue;
        }
        let Ok(session) = Session::open(&path) else { continue };
        let mut program = Program { tree: session.tree, module: session.module };
        for signature in program.module.functions.clone() {
            let mut faces = faces(&program);
            let mut ids = vec![signature.id];
            let results = program.module.graph.function(signature.id).results.clone();
            let scalar = results.len() == 1 && signature.result == Ty::Real;
            let graph = &program.module.graph;
            let reals = graph.function(signature.id).params.iter().any(|&v| graph.var(v).ty.is_real());
            if scalar && reals {
                let wrt: Vec<VarId> = {
                    let graph = &program.module.graph;
                    let params = graph.function(signature.id).params.iter().copied();
                    params.filter(|&v| graph.var(v).ty.is_real()).collect()
                };
                let Module { graph, partials, .. } = &mut program.module;
                let mut deriver = Deriver { graph, rules: partials, mode: Mode::Auto, forms: Forms::Stable };
                let gradient = deriver.value_and_gradient(signature.id, &wrt);
                let hessian = deriver.hessian_function(signature.id, &wrt);
                for (f, suffix) in [(gradient, "grad"), (hessian, "hess")] {
                    let Ok(f) = f else { continue }; // no derivative is known
                    let count = program.module.graph.function(f).results.len();
                    let name = format!("{}_{suffix}", signature.name);
                    faces.insert(face(&program, &signature, f, &name, Shape::flat(count)));
                    ids.push(f);
                }
            }
            for f in ids {
                count += 1;
                let graph = &program.module.graph;
                if graph.function(f).results.iter().any(|&result| graph.free(result).len() > 0) {
                    failures.push(format!("── {name}: {} leaves a binder free ──", graph.function(f).name));
                    continue;
                }
                if let Err(failure) = round(&mut program, &faces, &signature, f) {
                    failures.push(format!(
                        "── {name}: {} ──\n{failure}",
                        faces.get(&program.module.graph, f).name
                    ));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{} of {count} fail\n{}", failures.len(), failures.join("\n"));
}
