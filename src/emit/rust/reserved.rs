//! Names that emitted Rust must not give to anything of its own.

use super::super::ascii;
use std::collections::HashSet;
use std::sync::LazyLock;

/// The author's name as a Rust identifier.
pub(super) fn identifier(name: &str) -> String {
    static RESERVED: LazyLock<HashSet<&str>> = LazyLock::new(|| NAMES.iter().copied().collect());
    let name = ascii(name);
    if RESERVED.contains(name.as_str()) { format!("{name}_") } else { name }
}

/// Keywords of all editions, and names of the language and its prelude that the program uses or that a
/// name of its own would hide.
#[rustfmt::skip]
pub(super) const NAMES: &[&str] = &[
    "_", "Self", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let",
    "loop", "macro", "macro_rules", "match", "mod", "move", "mut", "override", "priv", "pub", "raw", "ref",
    "return", "safe", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof", "union",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield", "alloc", "assert", "assert_eq", "bool",
    "core", "drop", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u128", "main", "panic", "std", "str", "u32", "u64", "usize", "vec",
    "Box", "Err", "None", "Ok", "Option", "Result", "Some", "String", "Vec",
];
