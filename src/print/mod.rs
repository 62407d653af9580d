//! The core graph as mathematics.
//!
//! - [`raise`]: graph to syntax tree; the printer of `syntax` writes the text. What it gives parses
//!   and checks to an equivalent program, so a derivative is again a file that every command takes.
//! - [`latex`]: syntax tree to LaTeX.
//! - [`drawing`]: an expression as a tree of lines.
//!
//! Takes graphs and syntax trees; gives syntax trees and text. Knows nothing of checking, derivatives,
//! numbers at run time or programming languages.

pub mod drawing;
pub mod face;
pub mod latex;
pub mod raise;

pub use face::{Dim, Face, Faces, ParamFace, Shape};
