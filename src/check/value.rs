//! What an expression becomes: a scalar or array of the graph, or a structure of those. Structures
//! and functions exist only here; the graph sees their parts.

use super::builtins::Builtin;
use super::names::LocalId;
use super::scope::DefId;
use super::types::Ty;
use crate::core::{Ex, Graph};
use crate::syntax::tree::Ast;
use std::rc::Rc;

/// A lowered expression.
#[derive(Debug, Clone)]
pub enum Value {
    /// A scalar or an array.
    Ex(Ex),
    /// A vector that was transposed: it stands for a row in products.
    Row(Ex),
    Tuple(Vec<Value>),
    Record(Vec<(String, Value)>),
    Function(Rc<FnValue>),
    /// Of something that was reported already.
    Error,
}

/// A function as a value.
#[derive(Debug, Clone)]
pub enum FnValue {
    Def(DefId),
    Builtin(Builtin),
    /// With the values of the names from outside that it uses.
    Lambda {
        ast: Ast,
        captured: Vec<(LocalId, Value)>,
    },
    /// The derivative of a function, so many times.
    Prime(Rc<FnValue>, u32),
}

impl Value {
    pub fn is_error(&self) -> bool {
        match self {
            Value::Error => true,
            Value::Tuple(parts) => parts.iter().any(Value::is_error),
            Value::Record(fields) => fields.iter().any(|(_, field)| field.is_error()),
            Value::Ex(_) | Value::Row(_) | Value::Function(_) => false,
        }
    }

    /// Whether structures nest deeper than this, or have more parts; those that are found are taken off.
    pub fn is_larger(&self, depth: usize, left: &mut usize) -> bool {
        if *left == 0 {
            return true;
        }
        *left -= 1;
        match self {
            Value::Tuple(parts) => depth == 0 || parts.iter().any(|part| part.is_larger(depth - 1, left)),
            Value::Record(fields) => {
                depth == 0 || fields.iter().any(|(_, field)| field.is_larger(depth - 1, left))
            }
            Value::Ex(_) | Value::Row(_) | Value::Function(_) | Value::Error => false,
        }
    }

    /// The scalar or array; a row is its vector.
    pub fn plain(&self) -> Option<Ex> {
        match self {
            Value::Ex(ex) | Value::Row(ex) => Some(*ex),
            Value::Tuple(_) | Value::Record(_) | Value::Function(_) | Value::Error => None,
        }
    }

    /// The type of the value, as the graph knows it.
    pub fn ty(&self, graph: &Graph) -> Ty {
        match self {
            Value::Ex(ex) | Value::Row(ex) => Ty::of(graph.ty(*ex)),
            Value::Tuple(parts) => Ty::Tuple(parts.iter().map(|part| part.ty(graph)).collect()),
            Value::Record(fields) => {
                Ty::Record(fields.iter().map(|(name, field)| (name.clone(), field.ty(graph))).collect())
            }
            Value::Function(_) => Ty::Function(vec![Ty::Real], Box::new(Ty::Real)),
            Value::Error => Ty::Error,
        }
    }

    /// The scalars and arrays of the value in order; functions have none.
    pub fn flatten(&self) -> Vec<Ex> {
        let mut flat = Vec::new();
        self.collect(&mut flat);
        flat
    }

    fn collect(&self, flat: &mut Vec<Ex>) {
        match self {
            Value::Ex(ex) | Value::Row(ex) => flat.push(*ex),
            Value::Tuple(parts) => parts.iter().for_each(|part| part.collect(flat)),
            Value::Record(fields) => fields.iter().for_each(|(_, field)| field.collect(flat)),
            Value::Function(_) | Value::Error => {}
        }
    }

    /// The value of a type from its scalars and arrays.
    pub fn from_flat(ty: &Ty, flat: &mut impl Iterator<Item = Ex>) -> Value {
        match ty {
            Ty::Real | Ty::Int | Ty::Bool | Ty::Array { .. } => flat.next().map_or(Value::Error, Value::Ex),
            Ty::Tuple(parts) => Value::Tuple(parts.iter().map(|part| Value::from_flat(part, flat)).collect()),
            Ty::Record(fields) => Value::Record(
                fields.iter().map(|(name, field)| (name.clone(), Value::from_flat(field, flat))).collect(),
            ),
            Ty::Function(..) | Ty::Error => Value::Error,
        }
    }

    /// The same structure with other scalars and arrays.
    pub fn map(&self, f: &mut impl FnMut(Ex) -> Ex) -> Value {
        match self {
            Value::Ex(ex) => Value::Ex(f(*ex)),
            Value::Row(ex) => Value::Row(f(*ex)),
            Value::Tuple(parts) => Value::Tuple(parts.iter().map(|part| part.map(f)).collect()),
            Value::Record(fields) => {
                Value::Record(fields.iter().map(|(name, field)| (name.clone(), field.map(f))).collect())
            }
            Value::Function(function) => Value::Function(Rc::new(function.map(f))),
            Value::Error => Value::Error,
        }
    }
}

impl FnValue {
    fn map(&self, f: &mut impl FnMut(Ex) -> Ex) -> FnValue {
        match self {
            FnValue::Def(_) | FnValue::Builtin(_) => self.clone(),
            FnValue::Lambda { ast, captured } => FnValue::Lambda {
                ast: *ast,
                captured: captured.iter().map(|(local, value)| (*local, value.map(f))).collect(),
            },
            FnValue::Prime(function, order) => FnValue::Prime(Rc::new(function.map(f)), *order),
        }
    }
}

/// A type in the words of a message.
pub fn describe(ty: &Ty) -> String {
    match ty {
        Ty::Real => "a real".to_string(),
        Ty::Int => "an Int".to_string(),
        Ty::Bool => "a condition".to_string(),
        Ty::Array { dims, .. } => match dims.len() {
            1 => "a vector".to_string(),
            2 => "a matrix".to_string(),
            rank => format!("an array with {rank} axes"),
        },
        Ty::Tuple(parts) => format!("a tuple of {}", parts.len()),
        Ty::Record(fields) => {
            let names: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
            format!("a record with {}", names.join(", "))
        }
        Ty::Function(..) => "a function".to_string(),
        Ty::Error => "an error".to_string(),
    }
}
