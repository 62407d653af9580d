//! The face of an emitted function: what its caller sees. Names are the author's, in any script; a
//! language makes them its own.

use crate::core::FnId;

/// The first lines of an emitted file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The program and its version: `zgrad 0.1.0`.
    pub program: String,
    /// The file that the module was made from, as the author calls it: `f.math`.
    pub source: String,
    /// What to do instead of editing: `change f.math and run … again`.
    pub advice: String,
}

/// How a function is called, beyond what its procedure says.
#[derive(Debug, Clone, PartialEq)]
pub struct Interface {
    pub id: FnId,
    pub name: String,
    /// May be called from outside; all others are kept only if one of these needs them.
    pub public: bool,
    /// The documentation, a line each.
    pub doc: Vec<String>,
    /// The formula in the notation, a line each: a comment above the function.
    pub formula: Vec<String>,
    /// One for each parameter of the procedure.
    pub params: Vec<ParamFace>,
    /// One for each result of the procedure.
    pub results: Vec<ResultFace>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParamFace {
    pub name: String,
    /// The lengths of an array along its axes; `None` is any length. Empty for a scalar.
    pub shape: Vec<Option<Length>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResultFace {
    /// What the result is called: `value`, `x_bar`.
    pub name: String,
    /// The lengths of an array over the names in the parameters' shapes: the caller gives the memory.
    /// A `None` among them: the function makes the array. Empty for a scalar.
    pub shape: Vec<Option<Length>>,
}

/// The length of an array along an axis: a sum of sizes and a number, such as `n + 1`. A size is a name
/// that the shapes bind, or the name of an integer parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Length {
    pub terms: Vec<(String, i64)>,
    pub add: i64,
}

impl Length {
    /// The length `name`.
    pub fn name(name: &str) -> Length {
        Length { terms: vec![(name.to_string(), 1)], add: 0 }
    }

    /// A constant length.
    pub fn number(n: i64) -> Length {
        Length { terms: Vec::new(), add: n }
    }

    /// This length and `n` more.
    pub fn plus(mut self, n: i64) -> Length {
        self.add += n;
        self
    }

    /// The size that this length is, if it is just one.
    pub(super) fn as_name(&self) -> Option<&str> {
        match (self.terms.as_slice(), self.add) {
            ([(name, 1)], 0) => Some(name),
            _ => None,
        }
    }

    /// The size and the number that make it up: `n + 1` is `("n", 1)`.
    pub(super) fn as_shifted(&self) -> Option<(&str, i64)> {
        match self.terms.as_slice() {
            [(name, 1)] => Some((name, self.add)),
            _ => None,
        }
    }
}
