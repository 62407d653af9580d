//! `emit`: program code for functions and their derivatives.

use super::derive::{Deriver, Mode};
use super::entries::{self, Layout};
use super::entry_faces::jacobian_faces;
use super::faces::{bar_faces, bar_name, diagonals, leaf_faces, pairs, result_faces};
use super::notes::is_structural_zero;
use super::refusal::{Invalid, refusal};
use super::samples::samples;
use super::undefined::Hiding;
use super::{Session, Variable};

use crate::block;
use crate::check::{Signature, Ty};
use crate::core::{FnId, Graph, Node, VarId};
use crate::diff::Unknown;
use crate::emit::rust::Precision;
use crate::emit::{self, Guard, Header, Interface, ParamFace, ResultFace, Samples};
use crate::simplify::inline_calls;
use crate::syntax::diagnostic::{Code, Diagnostic};
use crate::syntax::print;
use crate::syntax::tree::{Item, ItemKind, Span, Tree};
use anyhow::Result;

use std::collections::HashMap;

/// What to emit for a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Value,
    Grad,
    Jac,
    /// The entries that can differ from 0, and where they are.
    SparseJac(Layout),
    Hess,
    /// The value, the gradient, and the diagonal of the Hessian.
    HessDiag,
    Jvp,
    Vjp,
}

impl Part {
    /// The same by those of its entries that can differ from 0, where it has such a form.
    pub fn sparse(self, layout: Layout) -> Part {
        if self == Part::Jac { Part::SparseJac(layout) } else { self }
    }
}

/// The functions of a module and their faces, and what its first line says.
#[derive(Debug)]
pub struct Prepared {
    pub procedures: Vec<block::Procedure>,
    pub faces: Vec<Interface>,
    pub header: Header,
}

/// What is asked for: functions (all when there are none), the variables to differentiate by, and what of each
/// function.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    pub functions: &'a [String],
    pub wrt: &'a [String],
    pub parts: &'a [Part],
}

/// The module in Rust.
pub fn rust(session: &mut Session, asked: Asked<'_>, options: emit::rust::Options) -> Result<String> {
    let precision = options.precision();
    if precision != Precision::Double {
        session.module.graph.norms_in_single();
    }
    let prepared = prepare(session, asked, "rust")?;
    let mut all = Samples::default();
    if options.tests {
        all = samples(&prepared, false, precision);
    }
    if options.bench {
        all.timed = samples(&prepared, true, precision).timed;
    }
    let Prepared { procedures, faces, header } = prepared;
    emit::rust::module_with(&procedures, &faces, &header, options, &all)
        .map_err(|error| refused(session, &error))
}

/// The module in C.
pub fn c(session: &mut Session, asked: Asked<'_>) -> Result<emit::c::Files> {
    let Prepared { procedures, faces, header } = prepare(session, asked, "c")?;
    emit::c::module(&procedures, &faces, &header).map_err(|error| refused(session, &error))
}

/// The module in Python.
pub fn python(session: &mut Session, asked: Asked<'_>) -> Result<String> {
    let Prepared { procedures, faces, header } = prepare(session, asked, "python")?;
    emit::python::module(&procedures, &faces, &header).map_err(|error| refused(session, &error))
}

/// The module in Julia.
pub fn julia(session: &mut Session, asked: Asked<'_>) -> Result<String> {
    let Prepared { procedures, faces, header } = prepare(session, asked, "julia")?;
    emit::julia::module(&procedures, &faces, &header).map_err(|error| refused(session, &error))
}

/// The error with its place in the file, where it has one.
fn refused(session: &Session, error: &emit::EmitError) -> anyhow::Error {
    let span = crate::check::place(&session.tree, error.origin);
    if error.origin == 0 || span == Span::default() {
        return refusal(Code::CannotEmit, format!("{error}"));
    }
    Invalid::at(&session.tree, &[Diagnostic::new(Code::CannotEmit, span, error.message.clone())]).into()
}

/// What a language makes a module of; `language` is named in its first line.
pub fn prepare(session: &mut Session, asked: Asked<'_>, language: &str) -> Result<Prepared> {
    let Asked { functions, wrt, parts } = asked;
    let signatures = match functions {
        [] => session.module.functions.clone(),
        names => names.iter().map(|name| session.function(Some(name))).collect::<Result<_>>()?,
    };
    if signatures.is_empty() {
        session.function(None)?;
    }
    let asked: Vec<FnId> = signatures.iter().map(|signature| signature.id).collect();
    inline_calls(&mut session.module.graph, &asked);
    let mut faces = Vec::new();
    let mut guards: HashMap<FnId, (usize, Vec<Guard>)> = HashMap::new();
    let mut hiding = Hiding::default();
    let items = definitions(&session.tree);
    for signature in &signatures {
        let variables = session.variables(signature, wrt)?;
        let mut known = Face::new(session, signature, items.get(&signature.span).copied());
        // The pullback may use the gradient.
        let mut order: Vec<(usize, Part)> = parts.iter().copied().enumerate().collect();
        order.sort_by_key(|&(_, part)| part == Part::Vjp);
        let mut made: Vec<(usize, Interface)> = Vec::new();
        for (at, part) in order {
            if let Part::SparseJac(layout) = part {
                let faces = known.entries(session, &mut hiding, signature, &variables, layout, language)?;
                made.extend(faces.into_iter().map(|face| (at, face)));
                continue;
            }
            if let Some((face, guarded)) = known.part(session, &mut hiding, signature, &variables, part)? {
                guards.insert(face.id, (face.results.len(), guarded));
                made.push((at, face));
            }
        }
        made.sort_by_key(|(at, _)| *at);
        faces.extend(made.into_iter().map(|(_, face)| face));
    }
    let roots: Vec<FnId> = faces.iter().map(|face| face.id).collect();
    let mut procedures = block::procedures(&mut session.module.graph, &roots);
    for procedure in &mut procedures {
        if let Some((results, guards)) = guards.get(&procedure.id).filter(|(_, guards)| !guards.is_empty()) {
            emit::guard(procedure, guards, *results);
        }
        emit::check_integers(procedure);
    }
    let source = session.tree.files.first().map(|f| file_name(&f.name)).unwrap_or_default();
    let header = Header {
        program: concat!("zgrad ", env!("CARGO_PKG_VERSION")).to_string(),
        advice: match &source[..] {
            STDIN => format!("run `zgrad emit --lang {language}` again"),
            _ => format!("change {source} and run `zgrad emit --lang {language}` again"),
        },
        source,
    };
    Ok(Prepared { procedures, faces, header })
}

/// From so many operations on, the pullback of a function with one result is a call of its gradient. Below,
/// it is a function like any other: the cotangent goes through it at no cost.
const LONG: usize = 1000;

fn is_long(graph: &Graph, f: FnId) -> bool {
    let nodes = graph.reach(&graph.function(f).results).into_iter();
    nodes.filter(|&ex| matches!(graph.node(ex), Node::Prim(..))).take(LONG).count() == LONG
}

/// The source of what is piped in.
const STDIN: &str = "standard input";

/// The last part of a path: code must not depend on where a file lies.
fn file_name(path: &str) -> String {
    match std::path::Path::new(path).file_name() {
        Some(name) if path != "<stdin>" => name.to_string_lossy().into_owned(),
        Some(_) | None => STDIN.into(),
    }
}

/// What is the same for all parts of a function.
struct Face {
    params: Vec<ParamFace>,
    formula: Vec<String>,
    /// The function of the value and the gradient, once that is a part.
    gradient: Option<FnId>,
}

/// The places of the definitions of functions among the items, by the places of their names in the text.
fn definitions(tree: &Tree) -> HashMap<Span, usize> {
    let places = tree.items.iter().enumerate().filter_map(|(at, item)| match &item.kind {
        ItemKind::Function { name_span, .. } => Some((*name_span, at)),
        ItemKind::Constant { .. }
        | ItemKind::Type { .. }
        | ItemKind::Rule { .. }
        | ItemKind::Import { .. }
        | ItemKind::Test { .. } => None,
    });
    // The first of each.
    places.rev().collect()
}

impl Face {
    /// `item` is the place of the definition among the items.
    fn new(session: &Session, signature: &Signature, item: Option<usize>) -> Face {
        let own = session.parameters(signature);
        let globals = session.globals(signature).into_iter().map(|(_, v)| v);
        let params = own.into_iter().chain(globals).flat_map(|v| leaf_faces(session, &v)).collect();
        let formula = match item {
            Some(at) => {
                let item = session.tree.items[at].clone();
                let bare = Item { doc: Vec::new(), comments: Vec::new(), ..item };
                print::item(&session.tree, &bare).lines().map(str::to_string).collect()
            }
            None => Vec::new(),
        };
        Face { params, formula, gradient: None }
    }

    /// The faces of the functions of a sparse Jacobian; none where there are no derivatives.
    fn entries(
        &self,
        session: &mut Session,
        hiding: &mut Hiding,
        signature: &Signature,
        variables: &[Variable],
        layout: Layout,
        language: &str,
    ) -> Result<Vec<Interface>> {
        let leaves = super::plan::real_leaves(&session.module.graph, variables);
        if leaves.is_empty() || result_faces(session, signature, true).is_empty() {
            return Ok(Vec::new());
        }
        if language == "julia" && layout == Layout::Csr {
            let message =
                "matrices of Julia are not kept by rows: `sparse(rows, columns, values)` takes --sparse=coo";
            return Err(refusal(Code::Question, message.to_string()));
        }
        let hides = hides(session, hiding, signature.id, &leaves);
        let target = entries::Target {
            base: i64::from(language == "julia"),
            flat: matches!(language, "python" | "julia"),
            columns_first: language == "julia",
        };
        let entries = entries::jacobian(session, signature, &leaves, layout, target, hides)?;
        let by: Vec<String> = variables.iter().map(|v| v.name.clone()).collect();
        let faces = jacobian_faces(session, signature, &entries, &self.params, layout, &by, language);
        Ok(faces.into())
    }

    /// The function that a part is, its face, and what makes derivatives of what is not a number none; nothing
    /// where the part makes no sense.
    fn part(
        &mut self,
        session: &mut Session,
        hiding: &mut Hiding,
        signature: &Signature,
        variables: &[Variable],
        part: Part,
    ) -> Result<Option<(Interface, Vec<Guard>)>> {
        let name = &signature.name;
        let leaves = super::plan::real_leaves(&session.module.graph, variables);
        let reals: Vec<ResultFace> = result_faces(session, signature, true);
        let scalar = signature.result == Ty::Real;
        if part != Part::Value && (leaves.is_empty() || reals.is_empty()) {
            return Ok(None);
        }
        if matches!(part, Part::Grad | Part::Hess | Part::HessDiag) && !scalar {
            return Ok(None);
        }
        let bars: Vec<ResultFace> = variables.iter().flat_map(|v| bar_faces(session, v)).collect();
        let mut params = self.params.clone();
        let names: Vec<String> = variables.iter().map(|v| v.name.clone()).collect();
        let by = names.join(", ");
        let f = signature.id;
        let mut by_gradient = None;
        let (id, suffix, doc, results) = match part {
            // Two functions, made by themselves.
            Part::SparseJac(_) => return Ok(None),
            Part::Value => (f, "", None, result_faces(session, signature, false)),
            Part::Grad => {
                let id = derive(session, |d| d.value_and_gradient(f, &leaves))?;
                let mut results = vec![ResultFace { name: "value".into(), shape: Vec::new() }];
                results.extend(bars);
                (id, "_grad", Some(format!("The value of `{name}` and its gradient by {by}.")), results)
            }
            Part::Vjp => {
                by_gradient = self.gradient.filter(|_| is_long(&session.module.graph, f));
                let id = match by_gradient {
                    Some(gradient) => derive(session, |d| Ok(d.scaled_gradient(gradient, f)))?,
                    None => derive(session, |d| d.vjp_function(f, &leaves))?,
                };
                params.extend(
                    reals
                        .iter()
                        .map(|r| ParamFace { name: bar_name(name, r, reals.len()), shape: r.shape.clone() }),
                );
                (
                    id,
                    "_vjp",
                    Some(format!(
                        "The pullback of `{name}`: from the cotangent of the result to those of {by}."
                    )),
                    bars,
                )
            }
            Part::Jvp => {
                let id = derive(session, |d| d.jvp_function(f, &leaves))?;
                params.extend(
                    bars.iter()
                        .map(|b| ParamFace { name: b.name.replace("_bar", "_dot"), shape: b.shape.clone() }),
                );
                let mut results = result_faces(session, signature, false);
                results.extend(
                    reals
                        .iter()
                        .map(|r| ResultFace { name: format!("{}_dot", r.name), shape: r.shape.clone() }),
                );
                (
                    id,
                    "_jvp",
                    Some(format!("The value of `{name}` and its tangent along tangents of {by}.")),
                    results,
                )
            }
            Part::Jac => {
                let id = derive(session, |d| d.jacobian_function(f, &leaves))?;
                let results = pairs(&reals, &bars, "d_");
                (
                    id,
                    "_jac",
                    Some(format!("The derivatives of `{name}` by {by}, indices of the result first.")),
                    results,
                )
            }
            Part::Hess => {
                let id = derive(session, |d| d.hessian_function(f, &leaves))?;
                let results = pairs(&bars, &bars, "d2_");
                (id, "_hess", Some(format!("The second derivatives of `{name}` by {by}.")), results)
            }
            Part::HessDiag => {
                let id = derive(session, |d| d.hessian_diagonal(f, &leaves))?;
                let mut results = vec![ResultFace { name: "value".into(), shape: Vec::new() }];
                results.extend(bars.iter().cloned());
                results.extend(diagonals(&bars));
                let doc = format!(
                    "The value of `{name}`, its gradient by {by}, and the diagonal of its Hessian: the second derivatives by each number twice."
                );
                (id, "_hess_diag", Some(doc), results)
            }
        };
        let doc = match doc {
            None => signature.doc.clone(),
            Some(line) => vec![line],
        };
        let formula = if part == Part::Value { self.formula.clone() } else { Vec::new() };
        let (id, guards) = match by_gradient {
            // The gradient is none already where the value is.
            Some(_) => (id, Vec::new()),
            None if part == Part::Value || !hides(session, hiding, f, &leaves) => (id, Vec::new()),
            None => guarded(session, part, f, id, &leaves, (reals.len(), results.len())),
        };
        if part == Part::Grad {
            self.gradient = Some(id);
        }
        let face =
            Interface { id, name: format!("{name}{suffix}"), public: true, doc, formula, params, results };
        Ok(Some((face, guards)))
    }
}

fn derive(session: &mut Session, make: impl FnOnce(&mut Deriver) -> Result<FnId, Unknown>) -> Result<FnId> {
    let forms = session.forms;
    let module = &mut session.module;
    module.partials.keeping = true;
    let mut deriver =
        Deriver { graph: &mut module.graph, rules: &mut module.partials, mode: Mode::Auto, forms };
    let made = make(&mut deriver);
    module.partials.keeping = false;
    made.map_err(|unknown| session.unknown(&unknown))
}

fn hides(session: &mut Session, hiding: &mut Hiding, f: FnId, leaves: &[VarId]) -> bool {
    hiding.in_derivatives(&mut session.module.graph, &mut session.module.partials, f, leaves)
}

/// The function of a part with the values that tell whether its derivatives are numbers, and which of its
/// results look at which; `reals` and `results` count the real results of `f` and those of the part.
fn guarded(
    session: &mut Session,
    part: Part,
    f: FnId,
    id: FnId,
    leaves: &[VarId],
    (reals, results): (usize, usize),
) -> (FnId, Vec<Guard>) {
    let module = &mut session.module;
    let graph = &mut module.graph;
    let own = match part {
        Part::Grad | Part::HessDiag | Part::Value | Part::SparseJac(_) => id,
        Part::Jac | Part::Hess | Part::Jvp | Part::Vjp => {
            let forms = session.forms;
            let rules = &mut module.partials;
            Deriver { graph, rules, mode: Mode::Auto, forms }.with_values(id, f)
        }
    };
    let graph = &session.module.graph;
    let exs = &graph.function(own).results;
    let guard = |derivative: usize, value: usize, by_element: bool| {
        // The part may give the value itself.
        let value = exs.iter().position(|&ex| ex == exs[value]).unwrap_or(value);
        Guard { derivative, value, by_element }
    };
    let all: Vec<Guard> = match part {
        Part::Value | Part::SparseJac(_) => Vec::new(),
        Part::Grad | Part::HessDiag => (1..results).map(|k| guard(k, 0, false)).collect(),
        Part::Hess => (0..results).map(|k| guard(k, results, false)).collect(),
        Part::Jac => (0..results).map(|k| guard(k, results + k / leaves.len(), true)).collect(),
        Part::Jvp => (0..reals).map(|k| guard(results - reals + k, results + k, true)).collect(),
        // A cotangent has a part of every result.
        Part::Vjp => (0..results)
            .flat_map(|k| (0..reals).map(move |of| (k, of)))
            .map(|(k, of)| guard(k, results + of, false))
            .collect(),
    };
    // What does not depend on a variable has the derivative 0, whatever it is.
    let all = all.into_iter().filter(|g| !is_structural_zero(graph, exs[g.derivative])).collect();
    (own, all)
}
