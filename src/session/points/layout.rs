//! Where the arguments of a function stand in a row.

use super::failure::{Cause, Failure};
use super::read::Record;
use super::{Format, Points};
use crate::check::{Signature, Ty};
use crate::core::Elem;
use crate::eval::{Array, Value};
use crate::refuse;
use crate::session::datum::Datum;
use crate::session::evaluate::{Request, global_value, value_of, verify_names};
use crate::session::point::{self, Given};
use crate::session::{Session, suggestion};
use crate::syntax::diagnostic::Code;
use anyhow::Result;
use serde_json::Value as Json;
use std::collections::HashMap;

/// Where each argument of a function stands in a row.
pub struct Layout {
    pub format: Format,
    /// The names of the columns; of objects, those of the first one.
    pub header: Vec<String>,
    /// One for each parameter, then for each `param` that the function uses.
    pub arguments: Vec<Argument>,
}

/// An argument of the function.
pub struct Argument {
    pub name: String,
    pub ty: Ty,
    pub source: Source,
}

/// Where an argument is from.
pub enum Source {
    /// The same for all rows; flat.
    Fixed(Vec<Value>),
    /// One for each leaf of its type.
    Leaves(Vec<Leaf>),
    /// A column with the whole value as JSON.
    Whole(usize),
    /// A member of the object in each row; or else the same for all rows.
    Member(Option<Vec<Value>>),
}

/// A scalar or an array, by its columns.
pub enum Leaf {
    Scalar { elem: Elem, column: usize },
    Array { elem: Elem, shape: Vec<usize>, columns: Vec<usize> },
}

impl Layout {
    /// Finds the arguments in the header of a table, or says that they are members of objects.
    pub fn new(
        session: &mut Session,
        signature: &Signature,
        request: &Request,
        points: &Points,
        header: Vec<String>,
    ) -> Result<Layout> {
        verify_names(session, signature, &request.at)?;
        let names: HashMap<String, usize> = header.iter().map(|name| normal(name)).zip(0..).collect();
        let mut finder = Finder { session, format: points.format, header: &header, names: &names };
        let mut arguments = Vec::new();
        for (name, ty) in signature.params.iter() {
            let given = request.at.iter().find(|(known, _)| known == name).map(|(_, given)| given);
            let source = finder.parameter(&signature.name, name, ty, given)?;
            arguments.push(Argument { name: name.clone(), ty: ty.clone(), source });
        }
        for &at in &signature.globals {
            let global = &finder.session.module.globals[at];
            let (name, ty) = (global.name.clone(), global.ty.clone());
            let set = request.set.iter().any(|(known, _)| *known == name);
            let column = finder.columns(&name, &ty)?;
            let source = match column {
                Some(_) if set => {
                    refuse!(Code::Points, "`{name}` is given by --set and by a column of the points")
                }
                Some(column) => column,
                None => {
                    let fixed = global_value(finder.session, at, &request.set)?;
                    match points.format {
                        Format::Jsonl if !set => Source::Member(Some(fixed)),
                        Format::Csv | Format::Tsv | Format::Jsonl => Source::Fixed(fixed),
                    }
                }
            };
            arguments.push(Argument { name, ty, source });
        }
        Ok(Layout { format: points.format, header, arguments })
    }

    /// Appends the flat arguments of a row.
    pub fn read(&self, line: u64, record: &Record, args: &mut Vec<Value>) -> Result<(), Box<Failure>> {
        match record {
            Record::Fields(_) => self.fields(line, record, args),
            Record::Members(..) => self.members(line, record, args),
        }
    }

    fn fields(&self, line: u64, record: &Record, args: &mut Vec<Value>) -> Result<(), Box<Failure>> {
        let (have, want) = (record.len(), self.header.len());
        if have != want {
            let message =
                format!("{have} {}, where the header has {want}", if have == 1 { "field" } else { "fields" });
            let cause = Cause::Input {
                message,
                label: String::new(),
                help: "a field with a delimiter or a line end inside stands in quotes".to_string(),
            };
            return Err(Box::new(if have > want {
                let (first, last) = (record.range(want), record.range(have - 1));
                Failure::at(line, record.raw(), first.start..last.end, cause)
            } else {
                Failure::whole(line, record.raw(), cause)
            }));
        }
        let wrong = |column: usize, message: String| {
            let label = format!("column `{}`", self.header[column].trim());
            let cause = Cause::Input { message, label, help: String::new() };
            Box::new(Failure::at(line, record.raw(), record.range(column), cause))
        };
        let cell = |elem, column: usize| {
            scalar(elem, record.field(column)).map_err(|message| wrong(column, message))
        };
        for argument in &self.arguments {
            match &argument.source {
                Source::Fixed(values) | Source::Member(Some(values)) => args.extend(values.iter().cloned()),
                Source::Member(None) => {}
                Source::Whole(column) => {
                    let text = record.field(*column);
                    let data: Json = serde_json::from_str(text)
                        .map_err(|_| wrong(*column, format!("`{}` is no JSON list", text.trim())))?;
                    let datum = point::typed(&argument.ty, &data)
                        .map_err(|error| wrong(*column, format!("{error:#}")))?;
                    datum.into_flat(args);
                }
                Source::Leaves(leaves) => {
                    for leaf in leaves {
                        args.push(match leaf {
                            Leaf::Scalar { elem, column } => cell(*elem, *column)?,
                            Leaf::Array { elem, shape, columns } => {
                                let cells = columns.iter().map(|&column| cell(*elem, column));
                                gathered(*elem, shape, cells.collect::<Result<Vec<Value>, _>>()?)
                            }
                        });
                    }
                }
            }
        }
        Ok(())
    }

    fn members(&self, line: u64, record: &Record, args: &mut Vec<Value>) -> Result<(), Box<Failure>> {
        for Argument { name, ty, source } in &self.arguments {
            let mut own = record.members().iter().filter(|(known, _)| known == name);
            let wrong = |message: String| {
                let cause = Cause::input(message);
                Box::new(Failure::at(line, record.raw(), record.member_range(name), cause))
            };
            let member = own.next();
            if own.next().is_some() {
                return Err(wrong(format!("`{name}` is there twice")));
            }
            match (source, member) {
                (Source::Fixed(_), Some(_)) => {
                    return Err(wrong(format!("`{name}` is given on the command line too")));
                }
                (Source::Member(_), Some((_, data))) => {
                    let data = serde_json::from_str(data.get()).map_err(anyhow::Error::new);
                    let datum = data.and_then(|data| point::typed(ty, &data));
                    let datum = datum
                        .map_err(|error| wrong(format!("the value of `{name}` does not fit: {error:#}")))?;
                    datum.into_flat(args);
                }
                (Source::Fixed(values) | Source::Member(Some(values)), None) => {
                    args.extend(values.iter().cloned());
                }
                (Source::Member(None) | Source::Leaves(_) | Source::Whole(_), _) => {
                    let cause = Cause::input(format!("there is no `{name}` here"));
                    return Err(Box::new(Failure::whole(line, record.raw(), cause)));
                }
            }
        }
        Ok(())
    }
}

/// A name without blanks, so that `A[1, 2]` and `A[1,2]` are one.
fn normal(name: &str) -> String {
    name.chars().filter(|c| !c.is_whitespace()).collect()
}

/// The column that is there twice, if one is.
pub fn repeated(header: &[String]) -> Option<usize> {
    let mut known = std::collections::HashSet::new();
    header.iter().position(|name| !known.insert(normal(name)))
}

struct Finder<'a> {
    session: &'a mut Session,
    format: Format,
    header: &'a [String],
    names: &'a HashMap<String, usize>,
}

impl Finder<'_> {
    fn parameter(&mut self, f: &str, name: &str, ty: &Ty, given: Option<&Given>) -> Result<Source> {
        let column = self.columns(name, ty)?;
        match (column, given) {
            (Some(_), Some(_)) => {
                refuse!(Code::Points, "`{name}` is given by --at and by a column of the points")
            }
            (Some(column), None) => Ok(column),
            (None, Some(given)) => {
                let mut flat = Vec::new();
                value_of(self.session, name, ty, given)?.into_flat(&mut flat);
                Ok(Source::Fixed(flat))
            }
            (None, None) if self.format == Format::Jsonl => Ok(Source::Member(None)),
            (None, None) => {
                let names: Vec<&str> = self.header.iter().map(|name| name.trim()).collect();
                let help = match self.header {
                    [one] if one.contains(';') => {
                        "; the points are delimited by commas, not by `;`".to_string()
                    }
                    _ => suggestion(name, &names),
                };
                let kind = if matches!(ty, Ty::Real | Ty::Int | Ty::Bool) {
                    ""
                } else {
                    " (its elements: `{}[1]`, …)"
                };
                let kind = kind.replace("{}", name);
                refuse!(
                    Code::Points,
                    "the points have no column `{name}`{kind} for `{f}`: add it, or --at {name}=…{help}"
                )
            }
        }
    }

    /// The columns of a parameter, if there are any.
    fn columns(&self, name: &str, ty: &Ty) -> Result<Option<Source>> {
        if self.format == Format::Jsonl {
            return Ok(None);
        }
        let whole = self.names.get(name).copied();
        if let Ty::Real | Ty::Int | Ty::Bool = ty {
            let elem = ty.core().map_or(Elem::Real, |ty| ty.elem);
            return Ok(whole.map(|column| Source::Leaves(vec![Leaf::Scalar { elem, column }])));
        }
        let leaves = ty.leaves();
        let blank = Datum::from_flat(ty, &mut leaves.iter().map(|_| Value::Int(0)));
        let mut found = Vec::new();
        let mut missing = None;
        for ((path, _), (_, leaf)) in blank.leaves().into_iter().zip(leaves) {
            let full = format!("{name}{path}");
            match self.leaf(&full, leaf)? {
                Some(leaf) => found.push(leaf),
                None => missing = missing.or(Some(full)),
            }
        }
        match (whole, missing) {
            (Some(_), _) if !found.is_empty() => {
                refuse!(Code::Points, "the points have a column `{name}` and columns for its parts")
            }
            (Some(column), _) => Ok(Some(Source::Whole(column))),
            (None, None) => Ok(Some(Source::Leaves(found))),
            (None, Some(_)) if found.is_empty() => Ok(None),
            (None, Some(missing)) => refuse!(Code::Points, "the points have no column `{missing}`"),
        }
    }

    fn leaf(&self, name: &str, ty: &Ty) -> Result<Option<Leaf>> {
        let Some(core) = ty.core() else { return Ok(None) };
        if core.is_scalar() {
            let column = self.names.get(&normal(name)).copied();
            return Ok(column.map(|column| Leaf::Scalar { elem: core.elem, column }));
        }
        let rank = core.rank as usize;
        let mut places: HashMap<Vec<usize>, usize> = HashMap::new();
        let mut shape = vec![0usize; rank];
        for (known, &column) in self.names {
            let inner = known.strip_prefix(name).and_then(|rest| rest.strip_prefix('[')?.strip_suffix(']'));
            let Some(inner) = inner else { continue };
            let indices: Option<Vec<usize>> = inner.split(',').map(|i| i.parse().ok()).collect();
            let Some(indices) = indices.filter(|all| all.len() == rank && !all.contains(&0)) else {
                let wanted = vec!["1"; rank].join(",");
                refuse!(
                    Code::Points,
                    "`{known}` is no element of `{name}`: its columns are `{name}[{wanted}]` and so on, counted from 1"
                );
            };
            shape.iter_mut().zip(&indices).for_each(|(most, &index)| *most = index.max(*most));
            places.insert(indices, column);
        }
        if places.is_empty() {
            return Ok(None);
        }
        // Before the places are gone through: a far index may stand alone.
        let count = shape.iter().try_fold(1usize, |product, &n| product.checked_mul(n));
        let count = count.filter(|&count| count <= self.names.len().saturating_mul(self.names.len() + 1));
        let mut columns = Vec::new();
        for offset in 0..count.unwrap_or(places.len() + 1) {
            let at = crate::session::datum::position(offset, &shape);
            let at: Vec<usize> = at.into_iter().map(|i| i + 1).collect();
            let Some(&column) = places.get(&at) else {
                let at: Vec<String> = at.iter().map(usize::to_string).collect();
                refuse!(Code::Points, "the points have no column `{name}[{}]`", at.join(","));
            };
            columns.push(column);
        }
        Ok(Some(Leaf::Array { elem: core.elem, shape, columns }))
    }
}

/// A field as a scalar, or what is wrong with it.
fn scalar(elem: Elem, field: &str) -> Result<Value, String> {
    let text = field.trim();
    match elem {
        Elem::Real => match text.parse::<f64>() {
            Ok(x) if x.is_infinite() && text.contains(|c: char| c.is_ascii_digit()) => {
                Err(format!("{text} is too large for a double"))
            }
            Ok(x) => Ok(Value::Real(x)),
            Err(_) => Err(no_number(text, "number")),
        },
        Elem::Int => {
            let whole = |x: f64| (x.fract() == 0.0 && x.abs() < 9e15).then_some(x as i64);
            let int = text.parse::<i64>().ok().or_else(|| text.parse::<f64>().ok().and_then(whole));
            int.map(Value::Int).ok_or_else(|| no_number(text, "whole number"))
        }
        Elem::Bool => match text {
            "true" | "1" => Ok(Value::Bool(true)),
            "false" | "0" => Ok(Value::Bool(false)),
            _ => Err(format!("`true` or `false` is wanted, not `{text}`")),
        },
    }
}

fn no_number(text: &str, kind: &str) -> String {
    if text.is_empty() { format!("a {kind} is missing") } else { format!("`{text}` is not a {kind}") }
}

/// Scalars as an array.
fn gathered(elem: Elem, shape: &[usize], cells: Vec<Value>) -> Value {
    let whole = |value: &Value| match value {
        Value::Int(i) => *i,
        Value::Bool(b) => i64::from(*b),
        Value::Real(_) | Value::Array(_) => 0,
    };
    Value::Array(match elem {
        Elem::Real => Array::reals(shape, cells.iter().filter_map(Value::as_real).collect()),
        Elem::Int => Array::ints(shape, cells.iter().map(whole).collect()),
        Elem::Bool => Array::bools(shape, &cells.iter().map(|cell| whole(cell) != 0).collect::<Vec<_>>()),
    })
}
