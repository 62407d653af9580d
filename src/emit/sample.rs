//! Arguments of a function and what it gives for them: what tests of emitted code compare, and what a
//! measurement of its time calls it with.

use crate::core::FnId;

/// A call of a public function.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    pub id: FnId,
    /// What tells it from the others of the function, as words of a name: `at_point_1`.
    pub label: String,
    /// What is special about it, a line each.
    pub notes: Vec<String>,
    pub args: Vec<Numbers>,
    /// One for each result; none if it is only to be called.
    pub results: Vec<Wanted>,
}

/// A scalar or an array.
#[derive(Debug, Clone, PartialEq)]
pub struct Numbers {
    /// The lengths along the axes; empty for a scalar.
    pub shape: Vec<usize>,
    pub data: Data,
}

impl Numbers {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.shape.iter().product()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[derive(Debug, Clone, PartialEq)]
pub enum Data {
    Real(Vec<f64>),
    Int(Vec<i64>),
    Bool(Vec<bool>),
}

/// A result, and how far what is computed may be from it.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    pub numbers: Numbers,
    /// Absolute.
    pub within: f64,
}

/// The functions for which there is no sample, with the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsampled {
    pub id: FnId,
    pub reason: String,
}

/// What a module is tested with.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Samples {
    pub tests: Vec<Sample>,
    pub untested: Vec<Unsampled>,
    /// Larger ones, of which the time is measured.
    pub timed: Vec<Sample>,
}
