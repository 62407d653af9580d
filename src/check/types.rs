//! Types as the notation has them, and how a structured value becomes a flat list of scalars and
//! arrays. Knows nothing of expressions.

use crate::core::{Elem, Type};
use crate::syntax::tree::Ast;
use std::fmt;

/// The length of an array along an axis, as far as the file says it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Dim {
    /// Nothing is said.
    Any,
    Fixed(i64),
    /// `n`: bound by the argument, or known already.
    Name(String),
    /// `n + 1`, as written.
    Formula {
        text: String,
        ast: Ast,
    },
}

/// The type of a value.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Ty {
    Real,
    Int,
    Bool,
    Array {
        elem: Elem,
        dims: Vec<Dim>,
    },
    Tuple(Vec<Ty>),
    /// Fields in the order of their declaration.
    Record(Vec<(String, Ty)>),
    Function(Vec<Ty>, Box<Ty>),
    /// Of something that was reported already.
    Error,
}

impl Ty {
    /// The type of a scalar or an array of nothing but a rank.
    pub fn of(ty: Type) -> Ty {
        match (ty.rank, ty.elem) {
            (0, elem) => Ty::scalar(elem),
            (rank, elem) => Ty::Array { elem, dims: vec![Dim::Any; rank as usize] },
        }
    }

    pub fn scalar(elem: Elem) -> Ty {
        match elem {
            Elem::Real => Ty::Real,
            Elem::Int => Ty::Int,
            Elem::Bool => Ty::Bool,
        }
    }

    /// The scalars and arrays that a value of this type consists of, in order, each with its path
    /// from the whole: empty, `_x` of a record, `_1` of a tuple. Functions have none.
    pub fn leaves(&self) -> Vec<(String, &Ty)> {
        let mut leaves = Vec::new();
        self.collect_leaves(String::new(), &mut leaves);
        leaves
    }

    fn collect_leaves<'a>(&'a self, path: String, leaves: &mut Vec<(String, &'a Ty)>) {
        match self {
            Ty::Real | Ty::Int | Ty::Bool | Ty::Array { .. } => leaves.push((path, self)),
            Ty::Tuple(parts) => {
                for (i, part) in parts.iter().enumerate() {
                    part.collect_leaves(format!("{path}_{}", i + 1), leaves);
                }
            }
            Ty::Record(fields) => {
                for (name, field) in fields {
                    field.collect_leaves(format!("{path}_{name}"), leaves);
                }
            }
            Ty::Function(..) | Ty::Error => {}
        }
    }

    /// The core type of a scalar or an array.
    pub fn core(&self) -> Option<Type> {
        match self {
            Ty::Real => Some(Type::REAL),
            Ty::Int => Some(Type::INT),
            Ty::Bool => Some(Type::BOOL),
            Ty::Array { elem, dims } => Some(Type::array(*elem, dims.len())),
            Ty::Tuple(_) | Ty::Record(_) | Ty::Function(..) | Ty::Error => None,
        }
    }

    /// The core types of the flattened value.
    pub fn flat(&self) -> Vec<Type> {
        self.leaves().into_iter().filter_map(|(_, leaf)| leaf.core()).collect()
    }

    /// Whether a value of this type holds a function.
    pub fn has_function(&self) -> bool {
        match self {
            Ty::Function(..) => true,
            Ty::Tuple(parts) => parts.iter().any(Ty::has_function),
            Ty::Record(fields) => fields.iter().any(|(_, field)| field.has_function()),
            Ty::Real | Ty::Int | Ty::Bool | Ty::Array { .. } | Ty::Error => false,
        }
    }
}

impl fmt::Display for Dim {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Dim::Any => f.write_str("_"),
            Dim::Fixed(n) => write!(f, "{n}"),
            Dim::Name(text) | Dim::Formula { text, .. } => f.write_str(text),
        }
    }
}

fn list<T: fmt::Display>(f: &mut fmt::Formatter, items: &[T]) -> fmt::Result {
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            f.write_str(", ")?;
        }
        item.fmt(f)?;
    }
    Ok(())
}

impl fmt::Display for Ty {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Ty::Real => f.write_str("R"),
            Ty::Int => f.write_str("Int"),
            Ty::Bool => f.write_str("Bool"),
            Ty::Array { elem, dims } => {
                write!(f, "{}[", Ty::scalar(*elem))?;
                list(f, dims)?;
                f.write_str("]")
            }
            Ty::Tuple(parts) => {
                f.write_str("(")?;
                list(f, parts)?;
                f.write_str(")")
            }
            Ty::Record(fields) => {
                f.write_str("{")?;
                for (i, (name, ty)) in fields.iter().enumerate() {
                    write!(f, "{}{name}: {ty}", if i > 0 { ", " } else { "" })?;
                }
                f.write_str("}")
            }
            Ty::Function(params, result) => {
                match &params[..] {
                    [one] => one.fmt(f)?,
                    _ => {
                        f.write_str("(")?;
                        list(f, params)?;
                        f.write_str(")")?;
                    }
                }
                write!(f, " -> {result}")
            }
            Ty::Error => f.write_str("?"),
        }
    }
}
