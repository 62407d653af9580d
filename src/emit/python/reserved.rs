//! Names that emitted Python must not give to anything of its own.

/// Keywords, and the names of the language and of modules that the program uses.
#[rustfmt::skip]
pub(super) const NAMES: &[&str] = &[
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del",
    "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda",
    "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield", "match", "case", "type",
    "abs", "bool", "float", "fractions", "int", "len", "list", "math", "max", "min", "np", "range", "reversed",
    "tuple", "IndexError", "ValueError", "OverflowError", "print",
];
