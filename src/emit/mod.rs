//! Scheduled statements to program text.
//!
//! Takes procedures ([`crate::block::Procedure`]) and, for those that a caller may name, their faces
//! ([`Interface`]): the documented name, parameters and results. Gives the text of a module. What every
//! language needs stands here: expressions put back together ([`expression`]), names ([`names`]), integer
//! forms ([`integer`]), who reads what ([`usage`]). A language is a module beside them: [`rust`], [`c`],
//! [`python`], [`julia`];
//! all but Rust share their writer.
//!
//! Knows nothing of the notation, the graph's expressions or derivatives.

pub mod c;
mod comment;
mod cut;
mod expression;
mod face;
mod integer;
pub mod julia;
mod module;
mod names;
mod overflow;
pub mod python;
pub mod rust;
mod sample;
mod sets;
mod shared;
mod signature;
mod support;
mod undefined;
mod usage;
mod walk;

pub use face::{Header, Interface, Length, ParamFace, ResultFace};
pub use names::ascii;
pub use overflow::check_integers;
pub use sample::{Data, Numbers, Sample, Samples, Unsampled, Wanted};
pub use undefined::{Guard, guard};

/// Why no program text was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmitError {
    /// What the language cannot express.
    pub message: String,
    /// The mark of the place in the file; 0 is nowhere.
    pub origin: u32,
}

impl std::fmt::Display for EmitError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for EmitError {}
