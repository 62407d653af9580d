//! A value with its structure: what goes in at a point and comes out as a result.

use crate::check::types::Ty;
use crate::core::Elem;
use crate::eval::{Array, Value};
pub use crate::syntax::print::{decimal as number, write_decimal as write_number};
use serde_json::{Map, Number, Value as Json};
use std::fmt::Write;

/// A number, an array, or several under names or in order.
#[derive(Debug, Clone, PartialEq)]
pub enum Datum {
    Leaf(Value),
    Tuple(Vec<Datum>),
    Record(Vec<(String, Datum)>),
}

impl Datum {
    /// Takes as many flat values as the type has leaves.
    pub fn from_flat(ty: &Ty, values: &mut impl Iterator<Item = Value>) -> Datum {
        match ty {
            Ty::Tuple(parts) => {
                Datum::Tuple(parts.iter().map(|part| Datum::from_flat(part, values)).collect())
            }
            Ty::Record(fields) => Datum::Record(
                fields.iter().map(|(name, field)| (name.clone(), Datum::from_flat(field, values))).collect(),
            ),
            Ty::Real | Ty::Int | Ty::Bool | Ty::Array { .. } | Ty::Function(..) | Ty::Error => {
                Datum::Leaf(values.next().unwrap_or(Value::Real(f64::NAN)))
            }
        }
    }

    /// The flat values, in order.
    pub fn into_flat(self, flat: &mut Vec<Value>) {
        match self {
            Datum::Leaf(value) => flat.push(value),
            Datum::Tuple(parts) => parts.into_iter().for_each(|part| part.into_flat(flat)),
            Datum::Record(fields) => fields.into_iter().for_each(|(_, field)| field.into_flat(flat)),
        }
    }

    /// As JSON: arrays as nested lists, non-finite numbers as strings.
    pub fn json(&self) -> Json {
        match self {
            Datum::Leaf(value) => value_json(value),
            Datum::Tuple(parts) => Json::Array(parts.iter().map(Datum::json).collect()),
            Datum::Record(fields) => {
                Json::Object(fields.iter().map(|(k, v)| (k.clone(), v.json())).collect())
            }
        }
    }

    /// As the notation writes it.
    pub fn text(&self) -> String {
        let mut text = String::new();
        self.write(&mut text);
        text
    }

    fn write(&self, out: &mut String) {
        match self {
            Datum::Leaf(value) => write_value(value, out),
            Datum::Tuple(parts) => {
                out.push('(');
                for (i, part) in parts.iter().enumerate() {
                    out.push_str(if i == 0 { "" } else { ", " });
                    part.write(out);
                }
                out.push(')');
            }
            Datum::Record(fields) => {
                out.push('{');
                for (i, (name, field)) in fields.iter().enumerate() {
                    let _ = write!(out, "{}{name}: ", if i == 0 { "" } else { ", " });
                    field.write(out);
                }
                out.push('}');
            }
        }
    }

    /// Every number in it with its place: `""`, `"[2, 1]"`, `".x"`.
    pub fn entries(&self) -> Vec<(String, f64)> {
        self.cells().into_iter().map(|(path, value)| (path, numbers(&value)[0])).collect()
    }

    /// Every scalar in it with its place.
    pub fn cells(&self) -> Vec<(String, Value)> {
        let mut cells = Vec::new();
        for (path, value) in self.leaves() {
            let Value::Array(array) = value else {
                cells.push((path, value.clone()));
                continue;
            };
            let count: usize = array.shape().iter().product();
            cells.extend(
                (0..count).map(|at| (path.clone() + &index_text(at, array.shape()), item(array, at))),
            );
        }
        cells
    }

    /// Every flat value in it with its place: `""`, `".x"`, `".1"`.
    pub fn leaves(&self) -> Vec<(String, &Value)> {
        let mut leaves = Vec::new();
        self.collect(String::new(), &mut leaves);
        leaves
    }

    fn collect<'a>(&'a self, path: String, leaves: &mut Vec<(String, &'a Value)>) {
        match self {
            Datum::Leaf(value) => leaves.push((path, value)),
            Datum::Tuple(parts) => {
                (1..).zip(parts).for_each(|(i, part)| part.collect(format!("{path}.{i}"), leaves));
            }
            Datum::Record(fields) => {
                fields.iter().for_each(|(name, field)| field.collect(format!("{path}.{name}"), leaves));
            }
        }
    }
}

/// An element's place as the notation writes it: `[2, 1]`.
pub fn index_text(offset: usize, shape: &[usize]) -> String {
    let at: Vec<String> = position(offset, shape).iter().map(|i| (i + 1).to_string()).collect();
    format!("[{}]", at.join(", "))
}

/// The indices of an element from its offset, rows first.
pub fn position(mut offset: usize, shape: &[usize]) -> Vec<usize> {
    let mut at = vec![0; shape.len()];
    for (i, &n) in at.iter_mut().zip(shape).rev() {
        *i = offset % n;
        offset /= n;
    }
    at
}

/// An element of an array.
pub fn item(array: &Array, offset: usize) -> Value {
    match (array.as_reals(), array.as_ints(), array.elem()) {
        (Some(reals), _, _) => Value::Real(reals[offset]),
        (None, Some(ints), Elem::Bool) => Value::Bool(ints[offset] != 0),
        (None, Some(ints), Elem::Int | Elem::Real) => Value::Int(ints[offset]),
        (None, None, _) => unreachable!("an array holds reals or integers"),
    }
}

/// All numbers of a value; conditions as 0 and 1.
pub fn numbers(value: &Value) -> Vec<f64> {
    match value {
        Value::Real(x) => vec![*x],
        Value::Int(i) => vec![*i as f64],
        Value::Bool(b) => vec![f64::from(u8::from(*b))],
        Value::Array(array) => match (array.as_reals(), array.as_ints()) {
            (Some(reals), _) => reals.to_vec(),
            (None, Some(ints)) => ints.iter().map(|&i| i as f64).collect(),
            (None, None) => Vec::new(),
        },
    }
}

fn value_json(value: &Value) -> Json {
    match value {
        Value::Real(x) => number_json(*x),
        Value::Int(i) => Json::Number((*i).into()),
        Value::Bool(b) => Json::Bool(*b),
        Value::Array(array) => array_json(array, 0, &mut 0),
    }
}

fn array_json(array: &Array, axis: usize, offset: &mut usize) -> Json {
    let shape = array.shape();
    let rows = (0..shape[axis]).map(|_| {
        if axis + 1 < shape.len() {
            return array_json(array, axis + 1, offset);
        }
        *offset += 1;
        value_json(&item(array, *offset - 1))
    });
    Json::Array(rows.collect())
}

/// A number as JSON: whole numbers without a point, non-finite ones as strings.
pub fn number_json(x: f64) -> Json {
    let whole = x.fract() == 0.0 && x.abs() < 9_007_199_254_740_992.0 && !(x == 0.0 && x.is_sign_negative());
    if whole {
        return Json::Number((x as i64).into());
    }
    match Number::from_f64(x) {
        Some(number) => Json::Number(number),
        None => Json::String(
            if x.is_nan() {
                "NaN"
            } else if x > 0.0 {
                "Infinity"
            } else {
                "-Infinity"
            }
            .into(),
        ),
    }
}

/// A value as the notation writes it.
pub fn write_value(value: &Value, out: &mut String) {
    match value {
        Value::Real(x) => write_number(*x, out),
        Value::Int(i) => {
            let _ = write!(out, "{i}");
        }
        Value::Bool(b) => {
            let _ = write!(out, "{b}");
        }
        Value::Array(array) => write_array(array, 0, &mut 0, out),
    }
}

fn write_array(array: &Array, axis: usize, offset: &mut usize, out: &mut String) {
    let shape = array.shape();
    out.push('[');
    for i in 0..shape[axis] {
        out.push_str(if i == 0 { "" } else { ", " });
        if axis + 1 < shape.len() {
            write_array(array, axis + 1, offset, out);
            continue;
        }
        write_value(&item(array, *offset), out);
        *offset += 1;
    }
    out.push(']');
}

/// The object with these members, in order.
pub fn object(members: impl IntoIterator<Item = (String, Json)>) -> Json {
    Json::Object(members.into_iter().collect::<Map<_, _>>())
}
