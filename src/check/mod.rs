//! Tree to graph: what every name means, of which type and shape every value is, and the core
//! graph of it all. Collects the errors of all files, each with its place.
//!
//! The passes, each over everything before the next begins, except that inference and lowering
//! take turns, component by component of the definitions that use one another:
//!
//! - `scope`, `names`, `program`: definitions, what each name stands for, an order;
//! - `infer` with `synth` and `demand`: the kinds of parameters from their uses;
//! - `lower` and its parts (`operators`, `arrays`, `loops`, …): expressions to nodes;
//! - `items`, `instance`, `statements`: definitions, functions for certain functions, tests, rules.
//!
//! Knows nothing of numbers at run time, printing or languages. Expressions may be as deep as they
//! like: only loops, lambdas and derivatives inside one another recurse, to a limit.

mod annotation;
mod arrays;
mod bindings;
mod builtins;
mod calls;
mod constant;
mod convert;
mod demand;
mod derivatives;
mod indexing;
mod infer;
mod instance;
mod items;
mod kinds;
mod library;
mod loops;
mod lower;
mod names;
mod operators;
mod order;
mod params;
mod partials;
pub mod places;
pub mod prelude;
mod program;
mod scope;
mod sequential;
mod shapes;
mod sizes;
mod state;
mod statements;
mod suggest;
mod synth;
pub mod types;
mod value;
mod walk;

pub use builtins::{
    about as about_builtin, all_about as builtins_about, constant as builtin_constant,
    usable as builtin_names,
};
pub use constant::{lower_constant, lower_expression};
pub use partials::Partials;
pub use places::Places;
pub use suggest::nearest;
pub use types::{Dim, Ty};

use crate::core::{Custom, Ex, FnId, Graph, VarId};
use crate::simplify::{self, Forms};
use crate::syntax::diagnostic::{Code, Diagnostic, Severity};
use crate::syntax::tree::{Ast, Span, Tree};
use scope::DefId;
use std::collections::HashMap;
use std::sync::Arc;

/// Which file each import names.
#[derive(Debug, Clone, Default)]
pub struct Imports {
    /// By the importing file and the path as written.
    pub resolved: HashMap<(u32, String), u32>,
    /// The file that [`prelude::include`] added.
    pub prelude: Option<u32>,
}

/// What checking gives: when there are errors, only what has none is in the module.
pub struct Checked {
    pub module: Module,
    pub diagnostics: Vec<Diagnostic>,
}

/// All files as one graph.
pub struct Module {
    pub graph: Graph,
    /// The functions written in files, in order of definition. Those that take functions are not
    /// among them.
    pub functions: Vec<Signature>,
    /// The functions that take functions: they exist only where they are used.
    pub generic: Vec<Generic>,
    pub globals: Vec<Global>,
    pub tests: Vec<Test>,
    pub rules: Vec<CustomRule>,
    /// The partials of primitives over this graph.
    pub partials: Partials,
    known: Vec<(String, state::State)>,
}

/// A function that takes functions.
#[derive(Debug, Clone)]
pub struct Generic {
    pub name: String,
    /// Where its name stands in its definition.
    pub span: Span,
    /// The first parameter that is a function.
    pub takes: String,
}

/// The parameters of a function as its author sees them, by name.
pub type Parameters = Arc<[(String, Ty)]>;

/// A function as the author sees it.
#[derive(Debug, Clone)]
pub struct Signature {
    pub name: String,
    pub id: FnId,
    pub params: Parameters,
    pub result: Ty,
    pub doc: Vec<String>,
    /// Where its name stands in its definition.
    pub span: Span,
    /// The `param`s that it uses, directly or through others; flattened, they follow its own
    /// parameters in the core function.
    pub globals: Vec<usize>,
}

/// A `param`.
#[derive(Debug, Clone)]
pub struct Global {
    pub name: String,
    pub ty: Ty,
    /// Its scalars and arrays as variables, the same in every function that uses it.
    pub vars: Vec<VarId>,
    /// Their values unless overridden: constants.
    pub default: Vec<Ex>,
    pub span: Span,
    pub doc: Vec<String>,
}

/// An expectation, as functions without parameters.
#[derive(Debug, Clone)]
pub struct Test {
    pub left: FnId,
    /// Without it `left` is a condition.
    pub right: Option<FnId>,
    pub tolerance: Option<FnId>,
    /// The type of both sides.
    pub ty: Ty,
    pub span: Span,
    pub text: String,
}

/// A derivative that the author gave.
#[derive(Debug, Clone)]
pub struct CustomRule {
    pub function: FnId,
    pub custom: Custom,
    pub name: String,
    pub span: Span,
}

/// The place in the tree that was checked which a [`Graph::origin`] stands for; 0 is nowhere.
pub fn place(tree: &Tree, origin: u32) -> Span {
    match origin.checked_sub(1) {
        Some(at) if (at as usize) < tree.len() => tree.span(Ast(at)),
        Some(_) | None => Span::default(),
    }
}

/// Checks all files of a tree; formulas stay as they are written.
pub fn check(tree: &Tree, imports: &Imports) -> Checked {
    check_in(tree, imports, Forms::AsWritten)
}

/// Checks all files of a tree, for formulas of one of the forms. A derivative inside the file is that
/// of the form which keeps its digits, so the form is taken here.
pub fn check_in(tree: &Tree, imports: &Imports, forms: Forms) -> Checked {
    check_and(tree, imports, forms, |_| ()).0
}

/// As [`check`], and where every name stands.
pub fn check_places(tree: &Tree, imports: &Imports) -> (Checked, Places) {
    check_and(tree, imports, Forms::AsWritten, Places::of)
}

/// Checks, and takes something more from what was lowered.
fn check_and<T>(
    tree: &Tree,
    imports: &Imports,
    forms: Forms,
    more: impl FnOnce(&lower::Lowerer) -> T,
) -> (Checked, T) {
    let mut diagnostics = Vec::new();
    let program = program::Program::new(tree, imports, &mut diagnostics);
    let mut infer = infer::Infer::new(&program);
    let mut lowerer = lower::Lowerer::new(Graph::default(), &program);
    // About as many nodes as expressions, of which there are about so many in the files.
    lowerer.graph.reserve(tree.len());
    lowerer.forms = forms;
    // The prelude first, with its rules: of what files differentiate in definitions all is known then.
    let (provided, written): (Vec<&Vec<DefId>>, Vec<_>) = program
        .order
        .iter()
        .filter(|component| program.is_wanted(component[0]))
        .partition(|component| program.scopes.is_prelude(component[0]));
    provided.into_iter().for_each(|component| lowerer.component(component, &mut infer));
    let (provided, own): (Vec<_>, Vec<_>) =
        tree.items.iter().enumerate().partition(|(_, item)| Some(item.span.file) == imports.prelude);
    for (index, item) in provided {
        lowerer.rule(index, item);
    }
    written.into_iter().for_each(|component| lowerer.component(component, &mut infer));
    drop(infer);
    let rules = own.iter().filter_map(|&(index, item)| lowerer.rule(index, item)).collect();
    let tests = tree.items.iter().filter_map(|item| lowerer.test(item)).collect();
    let sound = diagnostics.iter().chain(&lowerer.diagnostics).all(|d| d.severity != Severity::Error);
    if !sound {
        lowerer.graph.pending.clear();
    }
    if sound && forms == Forms::Stable {
        simplify::stabilize_functions(&mut lowerer.graph);
    }
    if let Err(unknown) = crate::diff::complete(&mut lowerer.graph, &mut lowerer.partials) {
        let at = place(tree, unknown.origin);
        lowerer.diagnostics.push(Diagnostic::new(Code::UnknownDerivative, at, unknown.message));
    }
    lowerer.graph.current_origin = 0;
    let functions = lowerer.signatures();
    let generic = lowerer.generics();
    let known = constant::known(&lowerer);
    let more = more(&lowerer);
    let lower::Lowerer { graph, partials, mut made_globals, diagnostics: later, .. } = lowerer;
    made_globals.sort_by_key(|&(number, _)| number);
    diagnostics.extend(later);
    diagnostics.sort_by_key(|d| (d.span.file, d.span.start, d.severity == Severity::Warning));
    diagnostics.dedup();
    let globals = made_globals.into_iter().map(|(_, global)| global).collect();
    let module = Module { graph, functions, generic, globals, tests, rules, partials, known };
    (Checked { module, diagnostics }, more)
}
