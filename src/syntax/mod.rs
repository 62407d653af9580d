//! Text to tree, and back: the grammar, the syntax tree, the canonical printer and the messages
//! that point into a file. Knows nothing of what a name means.

mod build;
mod clip;
pub mod code;
pub mod diagnostic;
pub mod fold;
mod frame;
pub mod message;
pub mod parse;
mod precedence;
pub mod print;
pub mod report;
pub mod scan;
mod token;
pub mod tree;
