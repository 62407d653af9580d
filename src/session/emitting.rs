//! `emit`: program code for functions and their derivatives.

use super::derive::{Deriver, Mode};
use super::notes::is_structural_zero;
use super::refusal::refusal;
use super::undefined::hides_in_derivatives;
use super::{Session, Variable, is_real};
use crate::block;
use crate::check::{Dim, Signature, Ty};
use crate::core::{FnId, VarId};
use crate::diff::Unknown;
use crate::emit::{self, Guard, Header, Interface, Length, ParamFace, ResultFace};
use crate::simplify::inline_calls;
use crate::syntax::diagnostic::Code;
use crate::syntax::print;
use crate::syntax::tree::{Ast, BinaryOp, Expr, ItemKind, Tree};
use anyhow::Result;
use std::collections::HashMap;

/// What to emit for a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Value,
    Grad,
    Jac,
    Hess,
    Jvp,
    Vjp,
}

/// The Rust module for the functions (all when there are none), with these parts of each.
pub fn rust(session: &mut Session, functions: &[String], wrt: &[String], parts: &[Part]) -> Result<String> {
    let signatures = match functions {
        [] => session.module.functions.clone(),
        names => names.iter().map(|name| session.function(Some(name))).collect::<Result<_>>()?,
    };
    if signatures.is_empty() {
        session.function(None)?;
    }
    inline_calls(&mut session.module.graph);
    let mut faces = Vec::new();
    let mut guards: HashMap<FnId, Vec<Guard>> = HashMap::new();
    for signature in &signatures {
        let variables = session.variables(signature, wrt)?;
        let known: Vec<Face> = vec![Face::new(session, signature)];
        for &part in parts {
            if let Some((face, guarded)) = known[0].part(session, signature, &variables, part)? {
                guards.insert(face.id, guarded);
                faces.push(face);
            }
        }
    }
    let roots: Vec<FnId> = faces.iter().map(|face| face.id).collect();
    let mut procedures = block::procedures(&mut session.module.graph, &roots);
    for procedure in &mut procedures {
        let face = faces.iter().find(|face| face.id == procedure.id);
        if let (Some(face), Some(guards)) = (face, guards.get(&procedure.id).filter(|g| !g.is_empty())) {
            emit::guard(procedure, guards, face.results.len());
        }
    }
    let source = session.tree.files.first().map(|f| file_name(&f.name)).unwrap_or_default();
    let header = Header {
        program: concat!("zgrad ", env!("CARGO_PKG_VERSION")).to_string(),
        advice: match &source[..] {
            STDIN => "run `zgrad emit --lang rust` again".to_string(),
            _ => format!("change {source} and run `zgrad emit --lang rust` again"),
        },
        source,
    };
    emit::rust::module(&procedures, &faces, &header)
        .map_err(|error| refusal(Code::CannotEmit, format!("{error}")))
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
}

impl Face {
    fn new(session: &Session, signature: &Signature) -> Face {
        let own = session.parameters(signature);
        let globals = session.globals(signature).into_iter().map(|(_, v)| v);
        let params = own.into_iter().chain(globals).flat_map(|v| leaf_faces(session, &v)).collect();
        let item = session.tree.items.iter().find(
            |item| matches!(&item.kind, ItemKind::Function { name_span, .. } if *name_span == signature.span),
        );
        let formula = match item {
            Some(item) => {
                let bare =
                    crate::syntax::tree::Item { doc: Vec::new(), comments: Vec::new(), ..item.clone() };
                print::item(&session.tree, &bare).lines().map(str::to_string).collect()
            }
            None => Vec::new(),
        };
        Face { params, formula }
    }

    /// The function that a part is, its face, and what makes derivatives of what is not a number none; nothing
    /// where the part makes no sense.
    fn part(
        &self,
        session: &mut Session,
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
        if matches!(part, Part::Grad | Part::Hess) && !scalar {
            return Ok(None);
        }
        let bars: Vec<ResultFace> = variables.iter().flat_map(|v| bar_faces(session, v)).collect();
        let mut params = self.params.clone();
        let names: Vec<String> = variables.iter().map(|v| v.name.clone()).collect();
        let by = names.join(", ");
        let f = signature.id;
        let (id, suffix, doc, results) = match part {
            Part::Value => (f, "", None, result_faces(session, signature, false)),
            Part::Grad => {
                let id = derive(session, |d| d.value_and_gradient(f, &leaves))?;
                let mut results = vec![ResultFace { name: "value".into(), shape: Vec::new() }];
                results.extend(bars);
                (id, "_grad", Some(format!("The value of `{name}` and its gradient by {by}.")), results)
            }
            Part::Vjp => {
                let id = derive(session, |d| d.vjp_function(f, &leaves))?;
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
        };
        let doc = match doc {
            None => signature.doc.clone(),
            Some(line) => vec![line],
        };
        let formula = if part == Part::Value { self.formula.clone() } else { Vec::new() };
        let (id, guards) = guarded(session, part, f, id, &leaves, (reals.len(), results.len()));
        let face =
            Interface { id, name: format!("{name}{suffix}"), public: true, doc, formula, params, results };
        Ok(Some((face, guards)))
    }
}

fn derive(session: &mut Session, make: impl FnOnce(&mut Deriver) -> Result<FnId, Unknown>) -> Result<FnId> {
    let forms = session.forms;
    let module = &mut session.module;
    let mut deriver =
        Deriver { graph: &mut module.graph, rules: &mut module.partials, mode: Mode::Auto, forms };
    make(&mut deriver).map_err(|unknown| session.unknown(&unknown))
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
    if part == Part::Value || !hides_in_derivatives(graph, &mut module.partials, f, leaves) {
        return (id, Vec::new());
    }
    let own = match part {
        Part::Grad | Part::Value => id,
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
        Part::Value => Vec::new(),
        Part::Grad => (1..results).map(|k| guard(k, 0, false)).collect(),
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

/// The name of the cotangent of a result.
fn bar_name(function: &str, result: &ResultFace, count: usize) -> String {
    if count == 1 { format!("{function}_bar") } else { format!("{}_bar", result.name) }
}

/// A result for each pair, of the shapes of both.
fn pairs(rows: &[ResultFace], columns: &[ResultFace], prefix: &str) -> Vec<ResultFace> {
    let bare = |face: &ResultFace| face.name.trim_end_matches("_bar").to_string();
    let mut found = Vec::new();
    for row in rows {
        for column in columns {
            let shape = row.shape.iter().chain(&column.shape).cloned().collect();
            found.push(ResultFace { name: format!("{prefix}{}_{}", bare(row), bare(column)), shape });
        }
    }
    found
}

/// The scalars and arrays of a variable as parameters.
fn leaf_faces(session: &Session, variable: &Variable) -> Vec<ParamFace> {
    let leaves = variable.ty.leaves();
    leaves
        .iter()
        .map(|(path, ty)| {
            let name = format!("{}{path}", variable.name);
            ParamFace { shape: lengths(session, ty, Some(&name)), name }
        })
        .collect()
}

/// The cotangents of the real scalars and arrays of a variable.
fn bar_faces(session: &Session, variable: &Variable) -> Vec<ResultFace> {
    let leaves = variable.ty.leaves();
    let real = leaves.iter().filter(|(_, ty)| is_real(ty));
    real.map(|(path, ty)| {
        let name = format!("{}{path}", variable.name);
        ResultFace { shape: lengths(session, ty, Some(&name)), name: format!("{name}_bar") }
    })
    .collect()
}

/// The results of a function; only the real ones, or all.
fn result_faces(session: &Session, signature: &Signature, only_real: bool) -> Vec<ResultFace> {
    let leaves = signature.result.leaves();
    let wanted = leaves.iter().filter(|(_, ty)| !only_real || is_real(ty));
    wanted
        .map(|(path, ty)| {
            let name = if path.is_empty() { "value".to_string() } else { format!("value{path}") };
            ResultFace { name, shape: lengths(session, ty, None) }
        })
        .collect()
}

/// The lengths of an array type. Those that the file does not name get a name from the parameter.
fn lengths(session: &Session, ty: &Ty, owner: Option<&str>) -> Vec<Option<Length>> {
    let Ty::Array { dims, .. } = ty else { return Vec::new() };
    let many = dims.len() > 1;
    dims.iter()
        .enumerate()
        .map(|(axis, dim)| match dim {
            Dim::Fixed(n) => Some(Length::number(*n)),
            Dim::Name(name) => Some(Length::name(name)),
            Dim::Formula { ast, .. } => affine(&session.tree, *ast),
            Dim::Any => owner.map(|owner| {
                Length::name(&if many { format!("{owner}_len{}", axis + 1) } else { format!("{owner}_len") })
            }),
        })
        .collect()
}

/// A length such as `n + 1` or `2n - 1`.
fn affine(tree: &Tree, ast: Ast) -> Option<Length> {
    let scaled = |length: Length, factor: i64| Length {
        terms: length.terms.into_iter().map(|(name, c)| (name, c * factor)).collect(),
        add: length.add * factor,
    };
    match tree.expr(ast) {
        Expr::Number { integer: Some(n), .. } => Some(Length::number(*n)),
        Expr::Name(name) => Some(Length::name(tree.text(*name))),
        Expr::Binary(op, a, b) => {
            let (a, b) = (affine(tree, *a)?, affine(tree, *b)?);
            match op {
                BinaryOp::Add | BinaryOp::Sub => {
                    let b = scaled(b, if *op == BinaryOp::Add { 1 } else { -1 });
                    Some(Length { add: a.add + b.add, terms: a.terms.into_iter().chain(b.terms).collect() })
                }
                BinaryOp::Mul | BinaryOp::Juxtapose if a.terms.is_empty() => Some(scaled(b, a.add)),
                BinaryOp::Mul if b.terms.is_empty() => Some(scaled(a, b.add)),
                _other => None,
            }
        }
        _other => None,
    }
}
