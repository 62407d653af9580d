//! What the machine computes with: numbers that know the step that made them.

use super::tape::Num;
use crate::core::Elem;
use crate::eval::{Array, Value};
use std::rc::Rc;

/// A value of a run.
#[derive(Debug, Clone)]
pub enum Val {
    Real(Num),
    Int(i64),
    Bool(bool),
    Array(Rc<Grid>),
    /// The parts of a loop or a call.
    Many(Rc<Vec<Val>>),
}

/// A dense array of scalars, rows first.
#[derive(Debug, Clone)]
pub struct Grid {
    pub shape: Vec<usize>,
    pub cells: Vec<Val>,
}

impl Num {
    /// A number that depends on no input.
    pub fn fixed(value: f64) -> Num {
        Num { value, step: None }
    }
}

impl Val {
    /// A given value, its real numbers by `number`, which is told their places.
    pub fn given(value: &Value, number: &mut dyn FnMut(f64, &[i64]) -> Num) -> Val {
        match value {
            Value::Real(x) => Val::Real(number(*x, &[])),
            Value::Int(i) => Val::Int(*i),
            Value::Bool(b) => Val::Bool(*b),
            Value::Array(array) => Val::Array(Rc::new(grid(array, number))),
        }
    }

    pub fn array(shape: Vec<usize>, cells: Vec<Val>) -> Val {
        Val::Array(Rc::new(Grid { shape, cells }))
    }

    /// The same value as any run knows it.
    pub fn plain(&self) -> Val {
        match self {
            Val::Real(num) => Val::Real(Num::fixed(num.value)),
            Val::Int(_) | Val::Bool(_) => self.clone(),
            Val::Array(grid) => Val::array(grid.shape.clone(), grid.cells.iter().map(Val::plain).collect()),
            Val::Many(parts) => Val::Many(Rc::new(parts.iter().map(Val::plain).collect())),
        }
    }

    /// Its real numbers, rows first.
    pub fn reals(&self) -> Vec<Num> {
        match self {
            Val::Real(num) => vec![*num],
            Val::Int(_) | Val::Bool(_) => Vec::new(),
            Val::Array(grid) => grid.cells.iter().flat_map(Val::reals).collect(),
            Val::Many(parts) => parts.iter().flat_map(Val::reals).collect(),
        }
    }

    /// The value with other real numbers in it, in order.
    pub fn with_reals(&self, next: &mut dyn FnMut(&[i64]) -> Num) -> Val {
        match self {
            Val::Real(_) => Val::Real(next(&[])),
            Val::Int(_) | Val::Bool(_) => self.clone(),
            Val::Array(grid) => {
                let cells = grid.cells.iter().enumerate().map(|(offset, cell)| match cell {
                    Val::Real(_) => Val::Real(next(&place(offset, &grid.shape))),
                    Val::Int(_) | Val::Bool(_) | Val::Array(_) | Val::Many(_) => cell.clone(),
                });
                let cells = cells.collect();
                Val::array(grid.shape.clone(), cells)
            }
            Val::Many(parts) => Val::Many(Rc::new(parts.iter().map(|part| part.with_reals(next)).collect())),
        }
    }
}

fn grid(array: &Array, number: &mut dyn FnMut(f64, &[i64]) -> Num) -> Grid {
    let shape = array.shape().to_vec();
    let cells = match (array.as_reals(), array.as_ints()) {
        (Some(reals), _) => {
            let cell = |(offset, &x): (usize, &f64)| Val::Real(number(x, &place(offset, &shape)));
            reals.iter().enumerate().map(cell).collect()
        }
        (None, Some(ints)) if array.elem() == Elem::Bool => ints.iter().map(|&i| Val::Bool(i != 0)).collect(),
        (None, Some(ints)) => ints.iter().map(|&i| Val::Int(i)).collect(),
        (None, None) => Vec::new(),
    };
    Grid { shape, cells }
}

/// The indices of an element, from 1, by its offset.
pub fn place(mut offset: usize, shape: &[usize]) -> Vec<i64> {
    let mut at = vec![0; shape.len()];
    for (i, &len) in at.iter_mut().zip(shape).rev() {
        *i = (offset % len) as i64 + 1;
        offset /= len;
    }
    at
}

/// The offset of an element by its indices, from 0; nothing outside.
pub fn offset(at: &[i64], shape: &[usize]) -> Option<usize> {
    let mut offset = 0;
    for (&i, &len) in at.iter().zip(shape) {
        let i = usize::try_from(i).ok().filter(|&i| i < len)?;
        offset = offset * len + i;
    }
    Some(offset)
}
