//! Names that emitted Julia must not give to anything of its own.

/// Keywords, and the names of the language that the program uses.
#[rustfmt::skip]
pub(super) const NAMES: &[&str] = &[
    "abstract", "baremodule", "begin", "break", "catch", "const", "continue", "do", "else", "elseif", "end",
    "export", "false", "finally", "for", "function", "global", "if", "import", "in", "isa", "let", "local",
    "macro", "module", "mutable", "primitive", "quote", "return", "struct", "true", "try", "type", "using",
    "where", "while", "abs", "acos", "asin", "asinh", "atan", "cbrt", "ceil", "copysign", "cos", "cosh", "div",
    "exp", "exp2", "expm1", "floor", "fma", "hypot", "isfinite", "isinf", "isnan", "log", "log10", "log1p",
    "log2", "max", "min", "mod", "rem", "round", "sign", "sin", "sinh", "sqrt", "tan", "tanh", "trunc", "copy",
    "dims", "fill", "length", "permutedims", "reshape", "size", "stack", "throw", "typemin", "zeros", "Array",
    "ArgumentError", "Bool", "DimensionMismatch", "Float64", "Inf", "Int", "Integer", "Iterators", "NaN", "Real",
    "RoundNearestTiesAway", "AbstractArray", "AbstractMatrix", "AbstractVector", "undef", "main", "eval",
    "include", "new", "Base", "Core", "Main",
];
