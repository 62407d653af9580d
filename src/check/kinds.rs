//! What inference knows of a value: less than its type, never wrong about it.

use super::types::{Dim, Ty};
use crate::core::Elem;
use std::rc::Rc;

/// Structures inside structures are followed to this depth.
const MOST_DEPTH: usize = 24;
/// Structures with more parts are not followed.
const MOST_PARTS: usize = 10_000;

/// What is known of a value's type.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Kind {
    #[default]
    Unknown,
    /// An integer literal: an `Int` or a real, as wanted.
    Literal,
    Int,
    Real,
    Bool,
    /// An array; of rank 0 when the rank is not known yet.
    Array(Elem, u8),
    Tuple(Rc<Vec<Kind>>),
    /// Some of the fields, at least.
    Record(Rc<Vec<(String, Kind)>>),
    Function(Rc<(Vec<Kind>, Kind)>),
}

impl Kind {
    pub const VECTOR: Kind = Kind::Array(Elem::Real, 1);
    pub const MATRIX: Kind = Kind::Array(Elem::Real, 2);
    /// An array of any rank.
    pub const SOME_ARRAY: Kind = Kind::Array(Elem::Real, 0);

    /// What a type says.
    pub fn of(ty: &Ty) -> Kind {
        match ty {
            Ty::Real => Kind::Real,
            Ty::Int => Kind::Int,
            Ty::Bool => Kind::Bool,
            Ty::Array { elem, dims } => Kind::Array(*elem, dims.len() as u8),
            Ty::Tuple(parts) => Kind::Tuple(Rc::new(parts.iter().map(Kind::of).collect())),
            Ty::Record(fields) => {
                Kind::Record(Rc::new(fields.iter().map(|(name, ty)| (name.clone(), Kind::of(ty))).collect()))
            }
            Ty::Function(params, result) => {
                Kind::Function(Rc::new((params.iter().map(Kind::of).collect(), Kind::of(result))))
            }
            Ty::Error => Kind::Unknown,
        }
    }

    /// The type that a parameter or result of this kind gets: real scalars where nothing is known.
    pub fn ty(&self) -> Ty {
        match self {
            Kind::Unknown | Kind::Literal | Kind::Real => Ty::Real,
            Kind::Int => Ty::Int,
            Kind::Bool => Ty::Bool,
            Kind::Array(elem, rank) => {
                Ty::Array { elem: *elem, dims: vec![Dim::Any; (*rank).clamp(1, 4) as usize] }
            }
            Kind::Tuple(parts) => Ty::Tuple(parts.iter().map(Kind::ty).collect()),
            Kind::Record(fields) => {
                Ty::Record(fields.iter().map(|(name, kind)| (name.clone(), kind.ty())).collect())
            }
            Kind::Function(function) => {
                Ty::Function(function.0.iter().map(Kind::ty).collect(), Box::new(function.1.ty()))
            }
        }
    }

    pub fn function(arity: usize) -> Kind {
        Kind::Function(Rc::new((vec![Kind::Unknown; arity], Kind::Unknown)))
    }

    /// What is left of it where every `Int` may be a real instead.
    pub fn real(self) -> Kind {
        match self {
            Kind::Int => Kind::Unknown,
            Kind::Array(Elem::Int, rank) => Kind::Array(Elem::Real, rank),
            Kind::Tuple(parts) => Kind::Tuple(Rc::new(parts.iter().cloned().map(Kind::real).collect())),
            Kind::Record(fields) => {
                let field = |(name, kind): &(String, Kind)| (name.clone(), kind.clone().real());
                Kind::Record(Rc::new(fields.iter().map(field).collect()))
            }
            Kind::Unknown
            | Kind::Literal
            | Kind::Real
            | Kind::Bool
            | Kind::Array(Elem::Real | Elem::Bool, _)
            | Kind::Function(_) => self,
        }
    }

    pub fn is_scalar(&self) -> bool {
        match self {
            Kind::Literal | Kind::Int | Kind::Real | Kind::Bool => true,
            Kind::Unknown | Kind::Array(..) | Kind::Tuple(_) | Kind::Record(_) | Kind::Function(_) => false,
        }
    }

    /// The kind, unless structures nest so deeply in it that it is better not followed.
    pub fn or_unknown(self) -> Kind {
        if self.is_larger(MOST_DEPTH, &mut MOST_PARTS.clone()) { Kind::Unknown } else { self }
    }

    /// Whether it nests deeper, or has more parts; the parts that are found are taken off.
    fn is_larger(&self, depth: usize, parts: &mut usize) -> bool {
        if depth == 0 || *parts == 0 {
            return true;
        }
        *parts -= 1;
        match self {
            Kind::Tuple(kinds) => kinds.iter().any(|kind| kind.is_larger(depth - 1, parts)),
            Kind::Record(fields) => fields.iter().any(|(_, field)| field.is_larger(depth - 1, parts)),
            Kind::Function(function) => function.1.is_larger(depth - 1, parts),
            Kind::Unknown | Kind::Literal | Kind::Int | Kind::Real | Kind::Bool | Kind::Array(..) => false,
        }
    }

    /// Learns what another kind knows more; whether that was something.
    pub fn refine(&mut self, more: &Kind) -> bool {
        match (&mut *self, more) {
            (_, Kind::Unknown) => false,
            (Kind::Unknown, _) | (Kind::Literal, Kind::Int | Kind::Real) => {
                *self = more.clone();
                true
            }
            (Kind::Array(_, rank), Kind::Array(_, other)) if *other > *rank => {
                *rank = *other;
                true
            }
            (Kind::Tuple(parts), Kind::Tuple(others)) if parts.len() == others.len() && parts != others => {
                let parts = Rc::make_mut(parts);
                parts
                    .iter_mut()
                    .zip(others.iter())
                    .fold(false, |changed, (part, other)| part.refine(other) | changed)
            }
            (Kind::Record(fields), Kind::Record(others)) if fields != others => {
                refine_fields(Rc::make_mut(fields), others)
            }
            (Kind::Function(function), Kind::Function(other))
                if function.0.len() == other.0.len() && function != other =>
            {
                let (params, result) = Rc::make_mut(function);
                let mut changed = result.refine(&other.1);
                for (param, other) in params.iter_mut().zip(&other.0) {
                    changed |= param.refine(other);
                }
                changed
            }
            _nothing_new => false,
        }
    }

    /// What is known of a value that is one of two.
    pub fn join(&self, other: &Kind) -> Kind {
        match (self, other) {
            (Kind::Unknown, kind) | (kind, Kind::Unknown) => kind.clone(),
            (Kind::Literal, kind @ (Kind::Int | Kind::Real))
            | (kind @ (Kind::Int | Kind::Real), Kind::Literal) => kind.clone(),
            (Kind::Int, Kind::Real) | (Kind::Real, Kind::Int) => Kind::Real,
            (array @ Kind::Array(..), scalar) | (scalar, array @ Kind::Array(..)) if scalar.is_scalar() => {
                array.clone()
            }
            (Kind::Array(a, rank), Kind::Array(b, other)) => {
                Kind::Array(if a == b { *a } else { Elem::Real }, *rank.max(other))
            }
            (Kind::Tuple(parts), Kind::Tuple(others)) if parts.len() == others.len() => {
                Kind::Tuple(Rc::new(parts.iter().zip(others.iter()).map(|(a, b)| a.join(b)).collect()))
            }
            (Kind::Record(fields), Kind::Record(others)) => {
                let join = |(name, kind): &(String, Kind)| {
                    let other = others.iter().find(|(known, _)| known == name);
                    (name.clone(), other.map_or_else(|| kind.clone(), |(_, other)| kind.join(other)))
                };
                Kind::Record(Rc::new(fields.iter().map(join).collect()))
            }
            (first, _differs) => first.clone(),
        }
    }
}

/// Fields stand in the order of their names, since uses come in any order.
fn refine_fields(fields: &mut Vec<(String, Kind)>, others: &[(String, Kind)]) -> bool {
    let mut changed = false;
    for (name, other) in others {
        match fields.iter_mut().find(|(known, _)| known == name) {
            Some((_, kind)) => changed |= kind.refine(other),
            None => {
                let at = fields.partition_point(|(known, _)| known < name);
                fields.insert(at, (name.clone(), other.clone()));
                changed = true;
            }
        }
    }
    changed
}
