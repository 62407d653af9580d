//! Many points at once: each instruction of a register program is applied to all rows of a block before
//! the next. The kernels and their order are those of a machine, so the results of a row are the same bits.
//!
//! A row is a lane. Lanes that branch differently part; the hindmost go on first, and those that meet go on
//! together. Programs with arrays or recursion are not for lanes, and whatever goes wrong in a lane is left to
//! a machine, which says what it was.

mod inline;
mod run;

use super::code::{Bank, IntOp, Place, RealOp, Reg};
use super::kernels::Kernels;
use super::value::Value;
use crate::block::Procedure;
use crate::core::{Elem, FnId, Type};
use std::cell::Cell;

/// Lanes of a block.
pub const WIDTH: usize = 256;

/// Registers and instructions of a program; larger ones are not for lanes.
const MOST_REGISTERS: usize = 4096;
const MOST_INSTRUCTIONS: usize = 1 << 16;

/// An instruction for lanes: calls are written out.
#[derive(Debug, Clone, Copy)]
enum Step {
    Real(RealOp),
    Int(IntOp),
    Jump {
        to: u32,
    },
    Unless {
        cond: Reg,
        to: u32,
    },
    For {
        index: Reg,
        len: Reg,
        end: u32,
    },
    Next {
        index: Reg,
        len: Reg,
        body: u32,
    },
    Again {
        index: Reg,
        head: u32,
    },
    Require {
        cond: Reg,
    },
    /// The function with this number among the counted ones is called.
    Counted {
        number: usize,
    },
}

/// A register for all lanes.
type Register<T> = [Cell<T>; WIDTH];

/// A program for blocks of rows.
#[derive(Debug)]
pub struct Lanes {
    steps: Vec<Step>,
    constants: Vec<f64>,
    ints: Vec<i64>,
    lists: Vec<Vec<Reg>>,
    kernels: Kernels,
    params: Vec<(Place, Type)>,
    results: Vec<(Place, Type)>,
    real: Vec<Register<f64>>,
    int: Vec<Register<i64>>,
    /// For each counted function, in which lanes it was called.
    called: Vec<Register<bool>>,
}

impl Lanes {
    /// The program of a function, if it is for lanes; calls of the `counted` functions are seen.
    /// The procedures must include all that it calls.
    pub fn new(procedures: &[Procedure], f: FnId, counted: &[FnId]) -> Option<Lanes> {
        inline::lanes(procedures, f, counted)
    }

    /// The lanes of the last block in which a counted function was called.
    pub fn called(&self, number: usize, rows: usize) -> impl Iterator<Item = usize> {
        let lanes = self.called[number][..rows].iter().enumerate();
        lanes.filter(|(_, called)| called.get()).map(|(lane, _)| lane)
    }

    /// Appends the results of each row, given the arguments of one row after those of another. `None` where
    /// something goes wrong in a row, or more than so many steps of loops may be needed: then nothing
    /// is appended.
    pub fn run(
        &mut self,
        args: &[Value],
        rows: usize,
        most_steps: u64,
        results: &mut Vec<Value>,
    ) -> Option<()> {
        debug_assert!(rows <= WIDTH && args.len() == rows * self.params.len());
        for (at, (place, _)) in self.params.iter().enumerate() {
            for (lane, row) in args.chunks_exact(self.params.len()).enumerate() {
                match (place.bank, &row[at]) {
                    (Bank::Real, Value::Real(x)) => self.real[place.reg as usize][lane].set(*x),
                    (Bank::Int, Value::Int(i)) => self.int[place.reg as usize][lane].set(*i),
                    (Bank::Int, Value::Bool(b)) => {
                        self.int[place.reg as usize][lane].set(i64::from(*b));
                    }
                    (_, Value::Real(_) | Value::Int(_) | Value::Bool(_) | Value::Array(_)) => return None,
                }
            }
        }
        for register in &self.called {
            register.iter().for_each(|lane| lane.set(false));
        }
        self.execute(rows, most_steps)?;
        for lane in 0..rows {
            results.extend(self.results.iter().map(|&(place, ty)| {
                let reg = place.reg as usize;
                match ty.elem {
                    Elem::Real => Value::Real(self.real[reg][lane].get()),
                    Elem::Int => Value::Int(self.int[reg][lane].get()),
                    Elem::Bool => Value::Bool(self.int[reg][lane].get() != 0),
                }
            }));
        }
        Some(())
    }
}

/// Registers of zeros.
fn registers<T: Copy + Default>(count: usize) -> Vec<Register<T>> {
    (0..count).map(|_| std::array::from_fn(|_| Cell::default())).collect()
}
