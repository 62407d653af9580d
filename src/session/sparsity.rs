//! `sparsity`: which derivatives of a function can differ from 0, for arrays of given lengths.

use super::datum::{Datum, index_text};
use super::derive::{Deriver, Mode};
use super::evaluate::{global_value, value_of, verify_params};
use super::point::Given;
use super::{Session, Variable, suggestion};
use crate::check::types::Dim;
use crate::check::{Signature, Ty};
use crate::core::{Elem, Ex, VarId};
use crate::eval::{Limits, Value};
use crate::refuse;
use crate::sparse::{self, Doubt, Known, Missing, Pattern, color};
use crate::syntax::diagnostic::Code;
use anyhow::Result;
use std::collections::HashSet;

/// Derivatives as a matrix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Matrix {
    Jacobian,
    Hessian,
}

/// What was asked of `sparsity`.
pub struct Request {
    pub function: Option<String>,
    /// Values of parameters, for their lengths and integers.
    pub at: Vec<(String, Given)>,
    /// Sizes and integer parameters by their names, and values for `param`s.
    pub set: Vec<(String, Given)>,
    pub wrt: Vec<String>,
    pub matrix: Matrix,
    pub limits: Limits,
}

/// A result or a variable: a scalar or an array whose elements are rows or columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    pub name: String,
    /// The number of its first element.
    pub first: usize,
    pub shape: Vec<usize>,
}

impl Block {
    pub fn count(&self) -> usize {
        self.shape.iter().product()
    }
}

/// A pattern with the names of its rows and columns.
pub struct Found {
    pub function: String,
    pub matrix: Matrix,
    pub pattern: Pattern,
    pub rows: Vec<Block>,
    pub columns: Vec<Block>,
    /// The sweep that each column, or each row, is found in; their number.
    pub by_columns: (Vec<u32>, usize),
    pub by_rows: (Vec<u32>, usize),
}

/// The name of a row or column: `f`, `x[3]`.
pub fn label(blocks: &[Block], number: usize) -> String {
    let at = blocks.partition_point(|block| block.first <= number);
    let Some(block) = at.checked_sub(1).map(|at| &blocks[at]) else { return String::new() };
    match block.shape.is_empty() {
        true => block.name.clone(),
        false => format!("{}{}", block.name, index_text(number - block.first, &block.shape)),
    }
}

/// What a doubt means for the reader of a pattern.
pub fn meaning(doubt: Doubt) -> &'static str {
    match doubt {
        Doubt::Index => {
            "an index depends on values that are not known: every element it may mean is in the pattern"
        }
        Doubt::Loop => "a sequential loop: its result is taken to depend on all that any step reads",
        Doubt::Recursion => "a function calls itself: its result is taken to depend on all of its arguments",
        Doubt::Rule => "a derivative is given by a rule: it is taken to depend on all of the arguments",
        Doubt::Size => {
            "the function is too large to be looked through: more than can differ from 0 is in the pattern"
        }
    }
}

/// The pattern of a function's derivatives.
pub fn sparsity(session: &mut Session, request: &Request) -> Result<Found> {
    let signature = session.function(request.function.as_deref())?;
    let variables = session.variables(&signature, &request.wrt)?;
    let known = known(session, &signature, request)?;
    found(session, &signature, &variables, &known, request.matrix, request.limits)
}

/// The pattern, given what is known of the arguments.
pub fn found(
    session: &mut Session,
    signature: &Signature,
    variables: &[Variable],
    known: &Known,
    matrix: Matrix,
    limits: Limits,
) -> Result<Found> {
    let leaves = super::plan::real_leaves(&session.module.graph, variables);
    let results = results(session, signature, &leaves, matrix)?;
    let graph = &mut session.module.graph;
    let pattern = sparse::jacobian(graph, &results, &leaves, known, limits.steps);
    let pattern = pattern.map_err(|missing| refused(session, signature, missing))?;
    let columns = column_blocks(session, variables, known)?;
    let (pattern, rows) = match matrix {
        Matrix::Jacobian => (pattern, row_blocks(session, signature, &results, known)?),
        Matrix::Hessian => (pattern.symmetric(), columns.clone()),
    };
    let by_columns = color::columns(&pattern);
    let by_rows = match matrix {
        Matrix::Jacobian => color::columns(&pattern.transposed()),
        Matrix::Hessian => by_columns.clone(),
    };
    let function = signature.name.clone();
    Ok(Found { function, matrix, pattern, rows, columns, by_columns, by_rows })
}

/// What is differentiated: the real results, or the gradient.
fn results(
    session: &mut Session,
    signature: &Signature,
    leaves: &[VarId],
    matrix: Matrix,
) -> Result<Vec<Ex>> {
    let forms = session.forms;
    let module = &mut session.module;
    let mut deriver =
        Deriver { graph: &mut module.graph, rules: &mut module.partials, mode: Mode::Auto, forms };
    match matrix {
        Matrix::Jacobian => Ok(deriver.real_results(signature.id)),
        Matrix::Hessian if signature.result != Ty::Real => refuse!(
            Code::Question,
            "`{}` has no single real result, so it has no Hessian; ask for `--what jac`",
            signature.name
        ),
        Matrix::Hessian => {
            let gradient = deriver.value_and_gradient(signature.id, leaves);
            let gradient = gradient.map_err(|unknown| session.unknown(&unknown))?;
            Ok(session.module.graph.function(gradient).results[1..].to_vec())
        }
    }
}

/// Rows for the real results, under their names.
fn row_blocks(
    session: &mut Session,
    signature: &Signature,
    results: &[Ex],
    known: &Known,
) -> Result<Vec<Block>> {
    let leaves = signature.result.leaves();
    let names = leaves.iter().filter(|(_, ty)| super::is_real(ty)).map(|(path, _)| path.clone());
    let names: Vec<String> = names.map(|path| format!("{}{path}", signature.name)).collect();
    blocks(session, &names, results, known)
}

fn column_blocks(session: &mut Session, variables: &[Variable], known: &Known) -> Result<Vec<Block>> {
    let mut names = Vec::new();
    let mut exs = Vec::new();
    for variable in variables {
        for ((path, ty), &leaf) in variable.ty.leaves().iter().zip(&variable.leaves) {
            if super::is_real(ty) {
                names.push(format!("{}{path}", variable.name));
                exs.push(session.module.graph.variable(leaf));
            }
        }
    }
    blocks(session, &names, &exs, known)
}

fn blocks(session: &mut Session, names: &[String], exs: &[Ex], known: &Known) -> Result<Vec<Block>> {
    let mut first = 0;
    let mut found = Vec::new();
    for (name, &ex) in names.iter().zip(exs) {
        let shape = sparse::lengths(&mut session.module.graph, ex, known).unwrap_or_default();
        let shape: Vec<usize> = shape.into_iter().map(|len| len as usize).collect();
        let block = Block { name: name.clone(), first, shape };
        first += block.count();
        found.push(block);
    }
    Ok(found)
}

/// What values say of lengths and integers.
pub fn known_at(session: &Session, signature: &Signature, args: &[Value]) -> Known {
    let mut known = Known::default();
    let params = &session.module.graph.function(signature.id).params;
    params.iter().zip(args).for_each(|(&var, value)| learn(&mut known, var, value));
    known
}

fn learn(known: &mut Known, var: VarId, value: &Value) {
    match value {
        Value::Real(_) | Value::Bool(_) => {}
        Value::Int(value) => drop(known.ints.insert(var, vec![*value])),
        Value::Array(array) => {
            (0..).zip(array.shape()).for_each(|(axis, &len)| {
                known.lengths.insert((var, axis), len as i64);
            });
            if let (Some(values), Elem::Int) = (array.as_ints(), array.elem()) {
                known.ints.insert(var, values.to_vec());
            }
        }
    }
}

/// What the request says of lengths and integers.
fn known(session: &mut Session, signature: &Signature, request: &Request) -> Result<Known> {
    super::evaluate::verify_names(session, signature, &request.at)?;
    let mut known = Known::default();
    let sizes = sizes(signature);
    let globals: Vec<String> = session.module.globals.iter().map(|global| global.name.clone()).collect();
    let (own, params): (Vec<_>, Vec<_>) =
        request.set.iter().cloned().partition(|(name, _)| !globals.contains(name));
    verify_params(session, &params)?;
    for (name, given) in &own {
        if !sizes.contains(name.as_str()) {
            let all: Vec<&str> = sizes.iter().map(String::as_str).collect();
            refuse!(
                Code::NoSuchVariable,
                "`{}` has no size or integer parameter `{name}`{}",
                signature.name,
                suggestion(name, &all)
            );
        }
        let Datum::Leaf(Value::Int(value)) = value_of(session, name, &Ty::Int, given)? else { continue };
        size(session, signature, &mut known, name, value);
    }
    fixed(session, signature, &mut known);
    for variable in session.parameters(signature) {
        let Some((name, given)) = request.at.iter().find(|(name, _)| *name == variable.name) else {
            continue;
        };
        let mut flat = Vec::new();
        value_of(session, name, &variable.ty, given)?.into_flat(&mut flat);
        variable.leaves.iter().zip(&flat).for_each(|(&var, value)| learn(&mut known, var, value));
    }
    for (at, variable) in session.globals(signature) {
        let values = global_value(session, at, &params)?;
        variable.leaves.iter().zip(&values).for_each(|(&var, value)| learn(&mut known, var, value));
    }
    Ok(known)
}

/// The names of sizes and of integer parameters.
fn sizes(signature: &Signature) -> HashSet<String> {
    let mut names = HashSet::new();
    for (name, ty) in signature.params.iter() {
        if *ty == Ty::Int {
            names.insert(name.clone());
        }
        for (_, leaf) in ty.leaves() {
            let Ty::Array { dims, .. } = leaf else { continue };
            names.extend(dims.iter().filter_map(|dim| match dim {
                Dim::Name(name) => Some(name.clone()),
                Dim::Any | Dim::Fixed(_) | Dim::Formula { .. } => None,
            }));
        }
    }
    names
}

/// A size with this name is that of every axis that is called so.
fn size(session: &Session, signature: &Signature, known: &mut Known, name: &str, value: i64) {
    each_axis(session, signature, |var, axis, dim| {
        if *dim == Dim::Name(name.to_string()) {
            known.lengths.insert((var, axis), value);
        }
    });
    for variable in session.parameters(signature) {
        if variable.name == name && variable.ty == Ty::Int {
            known.ints.insert(variable.leaves[0], vec![value]);
        }
    }
}

/// The lengths that types give as numbers.
fn fixed(session: &Session, signature: &Signature, known: &mut Known) {
    each_axis(session, signature, |var, axis, dim| {
        if let Dim::Fixed(len) = dim {
            known.lengths.insert((var, axis), *len);
        }
    });
}

fn each_axis(session: &Session, signature: &Signature, mut visit: impl FnMut(VarId, u32, &Dim)) {
    for variable in session.parameters(signature) {
        for ((_, leaf), &var) in variable.ty.leaves().iter().zip(&variable.leaves) {
            if let Ty::Array { dims, .. } = leaf {
                (0..).zip(dims).for_each(|(axis, dim)| visit(var, axis, dim));
            }
        }
    }
}

/// Why there is no pattern, as an error that says what to give.
fn refused(session: &Session, signature: &Signature, missing: Missing) -> anyhow::Error {
    let message = match missing {
        Missing::TooMany => "the matrix has too many entries to be listed".to_string(),
        Missing::Shape => {
            format!(
                "how long the result of `{}` is depends on its arguments: give them with --at",
                signature.name
            )
        }
        Missing::Length(var, axis) => {
            let name = &session.module.graph.var(var).name;
            let mut called = None;
            each_axis(session, signature, |other, along, dim| {
                if let (true, Dim::Name(text)) = ((other, along) == (var, axis), dim) {
                    called = Some(text.clone());
                }
            });
            match called {
                Some(size) => format!("how long `{name}` is, is not known: add --set {size}=10"),
                None if session.module.graph.var(var).ty.is_scalar() => {
                    format!("no value for `{name}`: add --set {name}=10")
                }
                None => {
                    format!("how long `{name}` is, is not known: give it with --at, as in --at {name}=[…]")
                }
            }
        }
    };
    super::refusal::refusal(Code::NoValue, message)
}
