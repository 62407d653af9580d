//! Text to tree, and back: the grammar, the syntax tree, the canonical printer and the messages
//! that point into a file. Knows nothing of what a name means.

pub mod tree;
