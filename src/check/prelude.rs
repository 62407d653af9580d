//! The functions of the notation that are written in the notation itself: `prelude.math`, read as
//! one more file where a name of it occurs.

use crate::syntax::parse;
use crate::syntax::tree::Tree;

const TEXT: &str = include_str!("prelude.math");

/// The functions that every file knows, each with the name of the function in the text that
/// serves a number or vector and of the one that serves a matrix, by its columns.
pub const FUNCTIONS: &[(&str, Option<&str>)] = &[
    ("solve", Some("solve_columns")),
    ("solve_lower", Some("solve_lower_columns")),
    ("solve_upper", Some("solve_upper_columns")),
    ("inv", Some("inv_matrix")),
    ("det", None),
    ("cofactors", None),
    ("cofactors_along", None),
    ("logdet", None),
    ("cholesky", None),
];

/// The name by which files know a function of the text, if they do.
pub fn provided(function: &str) -> Option<&'static str> {
    FUNCTIONS
        .iter()
        .find(|(name, columns)| *name == function || *columns == Some(function))
        .map(|(name, _)| *name)
}

/// Adds the text as a file to a tree in which a name of it occurs; gives the number of that file.
pub fn include(tree: &mut Tree) -> Option<u32> {
    if FUNCTIONS.iter().all(|(name, _)| tree.lookup(name).is_none()) {
        return None;
    }
    let file = tree.files.len() as u32;
    let diagnostics = parse::parse(tree, "prelude.math", TEXT);
    debug_assert!(diagnostics.is_empty(), "{diagnostics:?}");
    Some(file)
}
