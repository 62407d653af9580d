//! Values that a person gives: `x=2,y=3`, `@point.yaml`. Text to names with values; values to the
//! type that is wanted.

use super::datum::Datum;
use super::refusal::refusal;
use super::yaml;
use crate::check::types::Ty;
use crate::core::Elem;
use crate::eval::{Array, Value};
use crate::refuse;
use crate::syntax::diagnostic::Code;
use crate::syntax::tree::{Ast, Expr, Tree, UnaryOp};
use anyhow::{Context, Result};
use serde_json::{Number, Value as Json};
use std::path::Path;

/// A value as it was given.
#[derive(Debug, Clone)]
pub enum Given {
    /// A constant expression of the notation.
    Text(String),
    /// From a YAML or JSON file.
    Data(Json),
}

/// The names and values of arguments like `x=2,y=3` and `@point.yaml`, in order.
pub fn assignments(arguments: &[String]) -> Result<Vec<(String, Given)>> {
    let mut found: Vec<(String, Given)> = Vec::new();
    for argument in arguments {
        let more = match argument.strip_prefix('@') {
            Some(path) => from_file(Path::new(path))?,
            None => from_text(argument)?,
        };
        for (name, given) in more {
            if found.iter().any(|(known, _)| *known == name) {
                refuse!(Code::Assignment, "`{name}` is given twice");
            }
            found.push((name, given));
        }
    }
    Ok(found)
}

fn from_file(path: &Path) -> Result<Vec<(String, Given)>> {
    let text = super::load::read(path)?;
    let shown = path.display();
    let json = path.extension().is_some_and(|e| e == "json");
    let data: Json = if json {
        serde_json::from_str(&text).map_err(|e| {
            refusal(
                Code::DataFile,
                format!("{shown}:{}:{}: this is not JSON: {e}", e.line(), e.column().max(1)),
            )
        })?
    } else {
        yaml::read(&text).map_err(|wrong| {
            let place = wrong.place.map_or(String::new(), |(line, column)| format!(":{line}:{column}"));
            refusal(Code::DataFile, format!("{shown}{place}: {}", wrong.message))
        })?
    };
    match data {
        Json::Object(members) => Ok(members.into_iter().map(|(k, v)| (k, Given::Data(v))).collect()),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Array(_) => {
            refuse!(Code::DataFile, "`{shown}` must be a map from names to values, such as `x: 2`")
        }
    }
}

/// Splits `x=2, v=[1, 2]` at the commas outside brackets that a new name follows.
fn from_text(argument: &str) -> Result<Vec<(String, Given)>> {
    let mut pieces: Vec<&str> = Vec::new();
    let (mut depth, mut start) = (0i32, 0);
    for (at, c) in argument.char_indices() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => {
                pieces.push(&argument[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    pieces.push(&argument[start..]);
    let mut found = Vec::new();
    for piece in pieces {
        if piece.trim().is_empty() && found.is_empty() && argument.trim().is_empty() {
            continue;
        }
        let (name, value) = piece.split_once('=').ok_or_else(|| {
            refusal(
                Code::Assignment,
                format!("`{}` is not of the form NAME=VALUE, such as `x=2`", piece.trim()),
            )
        })?;
        let (name, value) = (name.trim(), value.trim());
        if name.is_empty() || value.is_empty() {
            refuse!(Code::Assignment, "`{}` is not of the form NAME=VALUE, such as `x=2`", piece.trim());
        }
        if let Some(next) = run_together(value) {
            refuse!(Code::Assignment, "`{}`: put a comma before `{next}`, as in `x=2,y=3`", piece.trim());
        }
        found.push((name.to_string(), Given::Text(value.to_string())));
    }
    Ok(found)
}

/// The second `NAME=` of values that no comma parts, as in `2 y=3`.
fn run_together(value: &str) -> Option<&str> {
    let (before, after) = value.split_once('=')?;
    let (first, name) = before.rsplit_once(char::is_whitespace)?;
    let is_name = name.chars().all(|c| c.is_alphanumeric() || c == '_') && !name.is_empty();
    let binds = before.contains(['(', '[', '{']) || ["let", "where"].iter().any(|word| first.ends_with(word));
    let next = &value[first.len() + 1..value.len() - after.len()];
    (is_name && !binds && !after.starts_with('=')).then_some(next)
}

/// A literal expression as data, or nothing when something has to be computed.
pub fn literal(tree: &Tree, ast: Ast) -> Option<Json> {
    match tree.expr(ast) {
        Expr::Number { integer: Some(i), .. } => Some(Json::Number((*i).into())),
        Expr::Number { value, integer: None } => Number::from_f64(*value).map(Json::Number),
        Expr::Bool(b) => Some(Json::Bool(*b)),
        Expr::Unary(UnaryOp::Neg, inner) => match literal(tree, *inner)? {
            Json::Number(number) => match number.as_i64() {
                Some(i) if i != 0 => Some(Json::Number((-i).into())),
                Some(_) | None => Number::from_f64(-number.as_f64()?).map(Json::Number),
            },
            Json::Null | Json::Bool(_) | Json::String(_) | Json::Array(_) | Json::Object(_) => None,
        },
        Expr::Array(items) | Expr::Tuple(items) => {
            items.iter().map(|&item| literal(tree, item)).collect::<Option<_>>().map(Json::Array)
        }
        Expr::Record(fields) => fields
            .iter()
            .map(|(name, field)| Some((tree.text(*name).to_string(), literal(tree, *field)?)))
            .collect::<Option<_>>()
            .map(Json::Object),
        Expr::Name(_)
        | Expr::Unary(..)
        | Expr::Binary(..)
        | Expr::Compare(..)
        | Expr::If { .. }
        | Expr::Let { .. }
        | Expr::Lambda { .. }
        | Expr::Call { .. }
        | Expr::Prime { .. }
        | Expr::Index { .. }
        | Expr::Field { .. }
        | Expr::Comprehension { .. }
        | Expr::Reduce { .. }
        | Expr::Fold { .. }
        | Expr::Iterate { .. }
        | Expr::Derivative { .. } => None,
    }
}

/// Data as a value of the type, or what is wrong with it.
pub fn typed(ty: &Ty, data: &Json) -> Result<Datum> {
    Ok(match ty {
        Ty::Real => Datum::Leaf(Value::Real(real(data)?)),
        Ty::Int => Datum::Leaf(Value::Int(int(data)?)),
        Ty::Bool => match data {
            Json::Bool(b) => Datum::Leaf(Value::Bool(*b)),
            Json::Null | Json::Number(_) | Json::String(_) | Json::Array(_) | Json::Object(_) => {
                refuse!(Code::ValueDoesNotFit, "`true` or `false` is wanted, not {}", described(data))
            }
        },
        Ty::Array { elem, dims } => Datum::Leaf(Value::Array(array(*elem, dims.len(), data)?)),
        Ty::Tuple(parts) => match data {
            Json::Array(items) if items.len() == parts.len() => Datum::Tuple(
                parts.iter().zip(items).map(|(ty, item)| typed(ty, item)).collect::<Result<_>>()?,
            ),
            Json::Null
            | Json::Bool(_)
            | Json::Number(_)
            | Json::String(_)
            | Json::Array(_)
            | Json::Object(_) => {
                refuse!(
                    Code::ValueDoesNotFit,
                    "a tuple of {} values is wanted, not {}",
                    parts.len(),
                    described(data)
                )
            }
        },
        Ty::Record(fields) => record(fields, data)?,
        Ty::Function(..) => refuse!(Code::ValueDoesNotFit, "a function cannot be given as a value here"),
        Ty::Error => refuse!(Code::ValueDoesNotFit, "of unknown type"),
    })
}

fn record(fields: &[(String, Ty)], data: &Json) -> Result<Datum> {
    let names: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
    let Json::Object(members) = data else {
        refuse!(
            Code::ValueDoesNotFit,
            "a record with the fields {} is wanted, not {}",
            names.join(", "),
            described(data)
        );
    };
    if let Some(extra) = members.keys().find(|key| !names.contains(&key.as_str())) {
        refuse!(
            Code::ValueDoesNotFit,
            "the record has no field `{extra}`; its fields are {}",
            names.join(", ")
        );
    }
    let mut values = Vec::new();
    for (name, ty) in fields {
        let member = members
            .get(name)
            .ok_or_else(|| refusal(Code::ValueDoesNotFit, format!("the field `{name}` is missing")))?;
        values.push((name.clone(), typed(ty, member).with_context(|| format!("in the field `{name}`"))?));
    }
    Ok(Datum::Record(values))
}

fn real(data: &Json) -> Result<f64> {
    match data {
        Json::Number(number) => number.as_f64().context("not a number that fits a double"),
        Json::String(text) => match text.as_str() {
            "NaN" | "nan" => Ok(f64::NAN),
            "Infinity" | "inf" => Ok(f64::INFINITY),
            "-Infinity" | "-inf" => Ok(f64::NEG_INFINITY),
            _ => refuse!(Code::ValueDoesNotFit, "a number is wanted, not the text `{text}`"),
        },
        Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_) => {
            refuse!(Code::ValueDoesNotFit, "a number is wanted, not {}", described(data))
        }
    }
}

fn int(data: &Json) -> Result<i64> {
    let whole = |x: f64| (x.fract() == 0.0 && x.abs() < 9e15).then_some(x as i64);
    match data {
        Json::Number(number) => number
            .as_i64()
            .or_else(|| number.as_f64().and_then(whole))
            .ok_or_else(|| refusal(Code::ValueDoesNotFit, format!("a whole number is wanted, not {number}"))),
        Json::Null | Json::Bool(_) | Json::String(_) | Json::Array(_) | Json::Object(_) => {
            refuse!(Code::ValueDoesNotFit, "a whole number is wanted, not {}", described(data))
        }
    }
}

fn array(elem: Elem, rank: usize, data: &Json) -> Result<Array> {
    let mut shape = Vec::new();
    let mut level = data;
    for _ in 0..rank {
        let Json::Array(items) = level else {
            refuse!(
                Code::ValueDoesNotFit,
                "an array with {rank} {} is wanted, not {}",
                axes(rank),
                described(data)
            );
        };
        shape.push(items.len());
        match items.first() {
            Some(first) => level = first,
            None => {
                shape.resize(rank, 0);
                break;
            }
        }
    }
    let mut reals = Vec::new();
    let mut ints = Vec::new();
    collect(elem, &shape, data, &mut reals, &mut ints)?;
    Ok(match elem {
        Elem::Real => Array::reals(&shape, reals),
        Elem::Int => Array::ints(&shape, ints),
        Elem::Bool => Array::bools(&shape, &ints.iter().map(|&i| i != 0).collect::<Vec<_>>()),
    })
}

fn axes(rank: usize) -> &'static str {
    if rank == 1 { "index" } else { "indices" }
}

fn collect(
    elem: Elem,
    shape: &[usize],
    data: &Json,
    reals: &mut Vec<f64>,
    ints: &mut Vec<i64>,
) -> Result<()> {
    let Some((&len, rest)) = shape.split_first() else {
        match elem {
            Elem::Real => reals.push(real(data)?),
            Elem::Int => ints.push(int(data)?),
            Elem::Bool => ints.push(i64::from(data.as_bool().context("`true` or `false` is wanted")?)),
        }
        return Ok(());
    };
    match data {
        Json::Array(items) if items.len() == len => {
            items.iter().try_for_each(|item| collect(elem, rest, item, reals, ints))
        }
        Json::Array(items) => {
            refuse!(Code::ValueDoesNotFit, "rows of different lengths: {len} and {}", items.len())
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Object(_) => {
            refuse!(Code::ValueDoesNotFit, "an array is wanted, not {}", described(data))
        }
    }
}

fn described(data: &Json) -> String {
    match data {
        Json::Null => "nothing".into(),
        Json::Bool(b) => format!("`{b}`"),
        Json::Number(number) => format!("the number {number}"),
        Json::String(text) => format!("the text `{text}`"),
        Json::Array(items) => format!("a list of {}", items.len()),
        Json::Object(_) => "a record".into(),
    }
}
