//! What is told at length: pages that `zgrad help` prints and that are manual pages too.

use crate::check;

/// For people who know other tools; the commands in it are run by a test.
pub const GUIDES: &str = include_str!("pages/guides.md");

/// The notation, with examples that a test reads, and the functions of arrays.
pub fn language() -> String {
    let functions: String =
        check::builtins_about().map(|(_, call, what)| format!("{call:<25}{what}\n")).collect();
    include_str!("pages/language.md").replace("```about\n", &format!("```\n{functions}"))
}
