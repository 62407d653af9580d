//! The core graph as mathematics.
//!
//! - [`raise`]: graph to syntax tree; the printer of `syntax` writes the text. What it gives parses
//!   and checks to an equivalent program, so a derivative is again a file that every command takes.
//! - [`typeset`]: syntax tree to formulas for papers, in LaTeX, Typst or MathML.
//! - [`drawing`]: an expression as a tree of lines.
//!
//! Takes graphs and syntax trees; gives syntax trees and text. Knows nothing of checking, derivatives,
//! numbers at run time or programming languages.

pub mod drawing;
pub mod face;
pub mod raise;
pub mod typeset;

pub use face::{Dim, Face, Faces, ParamFace, Shape};
