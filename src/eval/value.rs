//! Values that go into and come out of procedures, and what can go wrong on the way.

use crate::core::{Elem, Type};
use std::sync::Arc;

/// A scalar or an array.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Real(f64),
    Int(i64),
    Bool(bool),
    Array(Array),
}

impl Value {
    pub fn ty(&self) -> Type {
        match self {
            Value::Real(_) => Type::REAL,
            Value::Int(_) => Type::INT,
            Value::Bool(_) => Type::BOOL,
            Value::Array(array) => Type::array(array.elem, array.shape.len()),
        }
    }

    pub fn as_real(&self) -> Option<f64> {
        match self {
            Value::Real(value) => Some(*value),
            Value::Int(_) | Value::Bool(_) | Value::Array(_) => None,
        }
    }

    pub fn as_array(&self) -> Option<&Array> {
        match self {
            Value::Array(array) => Some(array),
            Value::Real(_) | Value::Int(_) | Value::Bool(_) => None,
        }
    }
}

/// A dense array, rows first. Cheap to copy: the elements are shared.
#[derive(Debug, Clone, PartialEq)]
pub struct Array {
    pub(super) elem: Elem,
    pub(super) shape: Vec<usize>,
    pub(super) data: Data,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Data {
    Real(Arc<Vec<f64>>),
    /// Also of conditions, as 0 and 1.
    Int(Arc<Vec<i64>>),
}

impl Array {
    /// An array of reals. Panics if the shape holds another number of elements.
    pub fn reals(shape: &[usize], data: Vec<f64>) -> Array {
        assert_eq!(shape.iter().product::<usize>(), data.len(), "elements of an array");
        Array { elem: Elem::Real, shape: shape.to_vec(), data: Data::Real(Arc::new(data)) }
    }

    /// An array of integers. Panics if the shape holds another number of elements.
    pub fn ints(shape: &[usize], data: Vec<i64>) -> Array {
        assert_eq!(shape.iter().product::<usize>(), data.len(), "elements of an array");
        Array { elem: Elem::Int, shape: shape.to_vec(), data: Data::Int(Arc::new(data)) }
    }

    /// An array of conditions. Panics if the shape holds another number of elements.
    pub fn bools(shape: &[usize], data: &[bool]) -> Array {
        let data = data.iter().map(|&b| b as i64).collect();
        Array { elem: Elem::Bool, ..Array::ints(shape, data) }
    }

    pub fn elem(&self) -> Elem {
        self.elem
    }

    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// The elements of an array of reals; none of another.
    pub fn as_reals(&self) -> Option<&[f64]> {
        match &self.data {
            Data::Real(data) => Some(data),
            Data::Int(_) => None,
        }
    }

    /// The elements of an array of integers, or of conditions as 0 and 1.
    pub fn as_ints(&self) -> Option<&[i64]> {
        match &self.data {
            Data::Int(data) => Some(data),
            Data::Real(_) => None,
        }
    }
}

/// The kinds of reasons for which a run stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// An index is outside its array.
    Outside,
    /// More steps of loops and calls than are allowed.
    Steps,
    /// More memory than is allowed.
    Memory,
    /// More calls inside one another than are allowed.
    Depth,
    /// An integer too large for 64 bits, or a number that should be an integer and is none.
    Int,
    /// What the function requires of its arguments does not hold.
    Demand,
    /// The arguments are not of the types of the parameters.
    Arguments,
    /// The digits that are wanted cannot be made certain.
    Uncertain,
}

/// Why a run stopped.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    pub why: Why,
    pub message: String,
    /// The mark of the place in the file; 0 is nowhere.
    pub origin: u32,
}

/// How far a run may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Steps of all loops, and calls.
    pub steps: u64,
    /// Bytes of arrays and of the variables of all calls that have not returned.
    pub memory: usize,
    /// Calls inside one another.
    pub depth: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { steps: 100_000_000, memory: 2 << 30, depth: 1_000_000 }
    }
}
