//! One text through parsing, printing and checking.

use std::path::Path;
use zgrad::session::Session;
use zgrad::syntax::parse::{has_errors, parse};
use zgrad::syntax::print;
use zgrad::syntax::tree::Tree;

/// Words of the notation, and some that are none.
pub const WORDS: &[&str] = &[
    "let",
    "in",
    "where",
    "if",
    "then",
    "else",
    "otherwise",
    "for",
    "while",
    "import",
    "as",
    "param",
    "type",
    "rule",
    "and",
    "or",
    "not",
    "true",
    "false",
    "fold",
    "scan",
    "iterate",
    "sum",
    "prod",
    "max",
    "any",
    "count",
    "diff",
    "grad",
    "jac",
    "hess",
    "stop",
    "scatter",
    "states",
    "pullback",
    "test",
    "R",
    "Int",
    "Bool",
    "x",
    "y",
    "f",
    "v",
    "A",
    "n",
    "i",
    "1",
    "2.5",
    "1e400",
    "9223372036854775807",
    "99999999999999999999",
    "0",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ";",
    ":",
    "=",
    "==",
    "!=",
    "<",
    "<=",
    "+",
    "-",
    "*",
    "/",
    "^",
    ".+",
    ".*",
    "·",
    "×",
    "->",
    "..",
    ".",
    "'",
    "!",
    "ᵀ",
    "²",
    "⁻¹",
    "∑",
    "√",
    "π",
    "θ",
    "∈",
    "ℝ",
    "#",
    "##",
    "~",
    "\n",
    " ",
    "\t",
    "\r\n",
    "\"",
    "\\",
    "\u{0}",
    "\u{feff}",
    "\u{301}",
    "e",
    "pi",
    "inf",
    "nan",
    "len",
    "size",
    "solve",
    "zeros",
    "outer",
    "cross",
];

/// Parses, prints, checks; what is read must print as what is read alike.
pub fn swallow(text: &str) {
    let mut tree = Tree::default();
    let diagnostics = parse(&mut tree, "random.math", text);
    if !has_errors(&diagnostics) {
        let once = print::file(&tree, &tree.items);
        let mut again = Tree::default();
        let diagnostics = parse(&mut again, "printed.math", &once);
        assert!(!has_errors(&diagnostics), "what is printed is not read: {}\n{once}", diagnostics[0].message);
        let twice = print::file(&again, &again.items);
        assert_eq!(once, twice, "formatted again it is another text");
    }
    // Nothing here names a file that exists.
    if !text.contains("import") {
        let _ = Session::from_text(Path::new("random.math"), text);
    }
}
