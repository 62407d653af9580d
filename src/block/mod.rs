//! Graph to scheduled statements: every value placed once, in the outermost scope where its
//! variables exist but inside the innermost branch that holds all its uses; loops over one range
//! fused; what is dear kept from one loop to the next; sums and scatters turned into updates of a
//! buffer, their loops in the order that repeats no work; states of loops updated in place where
//! nothing else reads them; readable names. Shared by the evaluator and every emitter.
//!
//! Knows nothing of text, derivatives or languages.

mod arrange;
mod bounds;
mod branches;
mod canonical;
mod common;
mod declare;
mod elementwise;
mod entry;
mod first;
mod gather;
mod hoist;
mod lazy;
mod lean;
mod lower;
mod moves;
mod names;
mod order;
mod outline;
mod place;
mod queue;
mod ranges;
mod region;
mod replace;
mod reuse;
mod safety;
mod separate;
mod sequence;
mod show;
mod stored;
mod sure;
mod tidy;
mod traced;
mod unswitch;
mod uses;
mod verify;
mod walk;
mod works;

pub use entry::{Scheduler, procedure, procedures};
pub use verify::verify;
pub use walk::each;

use crate::core::{Elem, FnId, Type};
use crate::primitive::Prim;

/// A variable of a procedure: a scalar, or an array that its owner may update.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Local(pub u32);

#[derive(Debug, Clone)]
pub struct LocalInfo {
    /// A readable name, unique in the procedure, an identifier of letters, digits and `_` (Unicode
    /// letters allowed; a language makes it its own).
    pub name: String,
    /// The name that was asked for, which others may have too; empty if it is a letter and a number.
    pub wish: String,
    /// The author gave the value this name: it is to be seen.
    pub bound: bool,
    pub ty: Type,
    /// Declared before it is set, set more than once, or updated in part.
    pub mutable: bool,
    /// The mark of the place in the file, for messages; 0 is nowhere. Of an index, that of its loop.
    pub origin: u32,
}

/// What a statement computes; operands are locals that are set already.
#[derive(Debug, Clone, PartialEq)]
pub enum Op {
    Real(f64),
    Int(i64),
    Bool(bool),
    Copy(Local),
    Prim(Prim, Vec<Local>),
    /// An element; a fault when an index is outside.
    Load {
        array: Local,
        at: Vec<Local>,
    },
    Size {
        array: Local,
        axis: usize,
    },
}

#[derive(Debug, Clone, PartialEq)]
pub enum Stmt {
    /// `dst = op`, of a scalar. The first `Let` of a local declares it in the block where it stands.
    Let {
        dst: Local,
        op: Op,
    },
    /// Declares a scalar or array that is set later in an inner block (a branch's result).
    Declare {
        dst: Local,
    },
    /// A new array of these lengths (negative counts as 0), filled with one value.
    Alloc {
        dst: Local,
        dims: Vec<Local>,
        fill: Fill,
    },
    /// A new array of given elements, rows first.
    Array {
        dst: Local,
        elems: Vec<Local>,
        dims: Vec<usize>,
    },
    /// `dst` becomes the array `src`, which is not used afterwards.
    Move {
        dst: Local,
        src: Local,
    },
    /// `dst` becomes a copy of the array `src`.
    Clone {
        dst: Local,
        src: Local,
    },
    /// `array[at] = value`; a fault when an index is outside.
    Store {
        array: Local,
        at: Vec<Local>,
        value: Local,
    },
    /// `array[at] += value`
    AddTo {
        array: Local,
        at: Vec<Local>,
        value: Local,
    },
    /// `array[index, ..] = row`: a state kept in its trace.
    StoreRow {
        array: Local,
        index: Local,
        row: Local,
    },
    /// Appends a state, scalar or array, to the trace of a loop whose length is not known.
    Push {
        array: Local,
        value: Local,
    },
    If {
        cond: Local,
        then: Vec<Stmt>,
        els: Vec<Stmt>,
    },
    /// `index` = 0, 1, … below `len`. The loop declares its index; loops beside each other may share it.
    For {
        index: Local,
        len: Local,
        body: Vec<Stmt>,
    },
    /// Computes `head`, stops unless `cond`, runs `body`; `index` counts the steps.
    While {
        index: Local,
        head: Vec<Stmt>,
        cond: Local,
        body: Vec<Stmt>,
    },
    Call {
        dst: Vec<Local>,
        f: FnId,
        args: Vec<Local>,
    },
    /// A fault with a message unless the condition holds (lengths that differ, an assumption).
    Require {
        cond: Local,
        message: String,
        origin: u32,
    },
}

/// What a new array is filled with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Fill {
    Zero(Elem),
    /// Every element is set before it is read.
    Unset(Elem),
    Value(Local),
}

/// A function as statements.
#[derive(Debug, Clone)]
pub struct Procedure {
    pub id: FnId,
    pub name: String,
    pub params: Vec<Local>,
    /// Set when the body is done.
    pub results: Vec<Local>,
    pub locals: Vec<LocalInfo>,
    pub body: Vec<Stmt>,
}
