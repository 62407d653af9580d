//! Which derivatives are zero whatever the point, read off the index expressions of a function: the pattern of a
//! Jacobian, and the order in which few sweeps give all of its entries.
//!
//! - `reads`: what each result reads of the variables, as [`Part`]s: sets of pairs of elements, written with binders;
//! - `formula`, `count`: the elements of a part, once the lengths of the arrays are known;
//! - [`color`]: columns that can share a sweep;
//! - [`local`]: rows as functions of the few numbers that they read, for code that knows no sizes yet.
//!
//! Nothing is probed: a pattern holds at every point. Where reading does not tell (an index that depends on reals, a
//! sequential loop, recursion), all elements that might be meant are in the pattern, with a [`Doubt`].

pub mod color;
mod count;
mod formula;
pub mod local;
mod reads;

use crate::core::{Ex, Graph, VarId};
use std::collections::{BTreeSet, HashMap};

/// What is known of the arguments: lengths of arrays, and integers.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// The length of an array parameter along an axis.
    pub lengths: HashMap<(VarId, u32), i64>,
    /// The values of integer parameters; those of an array rows first.
    pub ints: HashMap<VarId, Vec<i64>>,
}

/// Pairs of an element of a result and an element of a variable: one for each choice of values for the binders
/// for which the conditions hold.
#[derive(Debug, Clone)]
pub struct Part {
    /// The number of the result, and the place in it.
    pub result: usize,
    pub row: Vec<Ex>,
    /// The number of the variable, and the place in it.
    pub variable: usize,
    pub column: Vec<Ex>,
    /// Each counts from 0 below its length.
    pub binders: Vec<VarId>,
    /// Sums that must be 0.
    pub zeros: Vec<Ex>,
    /// Conditions that must hold, or must not.
    pub holds: Vec<(Ex, bool)>,
}

/// Why a pattern may have more entries than there are derivatives that can differ from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Doubt {
    /// An index depends on values that are not known.
    Index,
    /// A sequential loop: what a step reads, all are taken to depend on.
    Loop,
    /// A function that calls itself.
    Recursion,
    /// A derivative that the author gave.
    Rule,
    /// Too much to be looked through.
    Size,
}

/// The entries that may differ from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    pub rows: usize,
    pub columns: usize,
    /// Row and column, counted from 0; in order, each once.
    pub entries: Vec<(u32, u32)>,
    pub doubts: BTreeSet<Doubt>,
}

impl Pattern {
    /// The pattern of a matrix that equals its transpose: an entry that is 0 on one side is 0 on both.
    pub fn symmetric(mut self) -> Pattern {
        let all = self.entries.clone();
        self.entries.retain(|&(row, column)| all.binary_search(&(column, row)).is_ok());
        self
    }

    /// Rows for columns.
    pub fn transposed(&self) -> Pattern {
        let mut entries: Vec<(u32, u32)> = self.entries.iter().map(|&(r, c)| (c, r)).collect();
        entries.sort_unstable();
        Pattern { rows: self.columns, columns: self.rows, entries, doubts: self.doubts.clone() }
    }
}

/// Why there is no pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Missing {
    /// The length of a variable or a result is not known.
    Length(VarId, u32),
    /// The length of a result depends on values.
    Shape,
    /// More rows, columns or entries than can be counted.
    TooMany,
}

/// The pattern of the derivatives of the results by the variables: elements of the results in their order, rows
/// first, against elements of the variables. `steps` bounds the work; beyond it everything is an entry.
pub fn jacobian(
    graph: &mut Graph,
    results: &[Ex],
    wrt: &[VarId],
    known: &Known,
    steps: u64,
) -> Result<Pattern, Missing> {
    let shapes = |graph: &mut Graph, exs: &[Ex]| -> Result<Vec<Vec<i64>>, Missing> {
        exs.iter().map(|&ex| lengths(graph, ex, known)).collect()
    };
    let variables: Vec<Ex> = wrt.iter().map(|&var| graph.variable(var)).collect();
    let (rows, columns) = (shapes(graph, results)?, shapes(graph, &variables)?);
    let reads = reads::reads(graph, results, wrt, known);
    count::pattern(graph, &reads, &rows, &columns, known, steps)
}

/// The lengths of an array.
pub fn lengths(graph: &mut Graph, array: Ex, known: &Known) -> Result<Vec<i64>, Missing> {
    let shape = graph.shape(array);
    shape.into_iter().map(|len| formula::length(graph, len, known)).collect()
}
