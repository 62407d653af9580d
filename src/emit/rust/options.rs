//! What a caller may ask of a module beside its functions.

use crate::core::Elem;

/// How the module is to be, and what it has beside its functions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// Beside each function that may refuse its arguments, one that returns an error instead.
    pub tries: bool,
    /// For crates without the standard library.
    pub no_std: bool,
    /// A module of tests.
    pub tests: bool,
    /// A test that prints how long the functions take.
    pub bench: bool,
    /// The real numbers are `f32`.
    pub single: bool,
    /// The functions take real numbers of either kind.
    pub generic: bool,
}

/// What the real numbers of a module are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    Double,
    Single,
    /// A type parameter `T: Real`.
    Generic,
}

impl Options {
    pub fn precision(self) -> Precision {
        match (self.generic, self.single) {
            (true, _) => Precision::Generic,
            (false, true) => Precision::Single,
            (false, false) => Precision::Double,
        }
    }

    /// The kind of the numbers that tests compute with.
    pub(super) fn tested(self) -> Precision {
        if self.single { Precision::Single } else { Precision::Double }
    }
}

impl Precision {
    /// The type of a real number.
    pub fn name(self) -> &'static str {
        match self {
            Precision::Double => "f64",
            Precision::Single => "f32",
            Precision::Generic => "T",
        }
    }

    /// The Rust type of an element.
    pub fn element(self, elem: Elem) -> &'static str {
        match elem {
            Elem::Real => self.name(),
            Elem::Int => "i64",
            Elem::Bool => "bool",
        }
    }

    /// Whether a constant is no number of the type, or has lost its digits there.
    pub fn loses(self, v: f64) -> bool {
        let single = v as f32;
        self != Precision::Double
            && v.is_finite()
            && (single.is_infinite() || v != 0.0 && single.abs() < f32::MIN_POSITIVE)
    }
}
