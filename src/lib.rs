//! zgrad: from a formula in a file to its derivative.

pub mod diagnostic;
pub mod syntax;
