//! A value with its structure: what goes in at a point and comes out as a result.

use crate::check::types::Ty;
use crate::core::Elem;
use crate::eval::{Array, Value};
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

/// A number in the shortest form that reads back to the same double.
pub fn write_number(x: f64, out: &mut String) {
    if x.is_nan() {
        out.push_str("nan");
    } else if x.is_infinite() {
        out.push_str(if x > 0.0 { "inf" } else { "-inf" });
    } else {
        let mut digits = zmij::Buffer::new();
        let text = digits.format_finite(x);
        match text.split_once("e+") {
            Some((digits, exponent)) => out.extend([digits, "e", exponent]),
            None => out.push_str(text.strip_suffix(".0").unwrap_or(text)),
        }
    }
}

/// The number as text.
pub fn number(x: f64) -> String {
    let mut out = String::new();
    write_number(x, &mut out);
    out
}

/// The object with these members, in order.
pub fn object(members: impl IntoIterator<Item = (String, Json)>) -> Json {
    Json::Object(members.into_iter().collect::<Map<_, _>>())
}

#[cfg(test)]
mod tests {
    use super::number;

    /// As the standard library writes it: in full between 1e-5 and 1e16, else with an exponent.
    fn standard(x: f64) -> String {
        let size = x.abs();
        if size != 0.0 && !(1e-5..1e16).contains(&size) { format!("{x:e}") } else { format!("{x}") }
    }

    #[test]
    fn numbers_are_the_shortest() {
        let special = [0.0, -0.0, 1.0, -1.5, 1e-5, 9.999999e-6, 1e15, 9999999999999998.0, 1e16, 1e22, 5e-324];
        let mut bits = 0x9e37_79b9_7f4a_7c15_u64;
        let random = std::iter::from_fn(|| {
            bits = bits.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            Some(f64::from_bits(bits))
        });
        let near = (-30..30).flat_map(|k| {
            let x = 10f64.powi(k);
            [x.next_down(), x, x.next_up(), 3.0 * x, x / 3.0]
        });
        for x in special.into_iter().chain(near).chain(random.filter(|x| x.is_finite()).take(100_000)) {
            // Of two that are as near, the even digit, as serde_json, Python and JavaScript have it.
            let (ours, theirs) = (number(x), standard(x));
            let last = |text: &str| text.split('e').next().map_or(0, |digits| digits.len() - 1);
            let even = ours.len() == theirs.len() && ours.as_bytes()[last(&ours)].is_multiple_of(2);
            assert!(ours == theirs || even, "{ours} and {theirs}");
            assert_eq!(number(x).parse::<f64>().unwrap().to_bits(), x.to_bits());
        }
        assert_eq!([number(f64::NAN), number(f64::INFINITY), number(-f64::INFINITY)], ["nan", "inf", "-inf"]);
    }
}
