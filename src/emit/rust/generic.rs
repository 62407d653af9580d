//! The trait of the numbers that the functions of a module take, where these are generic.

use super::core_only::METHODS;
use std::fmt::Write;

/// Methods that `core` has too: what stands after `self`, and what they give if not a number.
const MORE: &[(&str, &str, &str)] = &[
    ("abs", "", "Self"),
    ("copysign", "sign: Self", "Self"),
    ("is_nan", "", "bool"),
    ("to_degrees", "", "Self"),
    ("to_radians", "", "Self"),
];

const ARITHMETIC: &str = "Neg<Output = Self>
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Rem<Output = Self>
    + AddAssign
    + SubAssign
    + MulAssign
    + DivAssign";

/// A method: its name, the other arguments with their types, and its result.
struct Method {
    name: &'static str,
    args: String,
    result: String,
}

/// Appends the trait with those methods that the module calls, implemented for `f32` and `f64`; without the
/// standard library, that is left to the crate.
///
/// `functions` is how much of the module is generic, from the start; functions of doubles follow.
pub(super) fn write_trait(std: bool, functions: usize, out: &mut String) {
    let calling = if std { &out[..functions] } else { &out[..] };
    let code: String = calling.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let called = |name: &str| {
        // The larger and the smaller of two numbers ask for it.
        name == "is_nan" || code.contains(&format!(".{name}(")) || code.contains(&format!("T::{name}("))
    };
    let known = METHODS.iter().map(|&(name, args, _)| Method {
        name,
        args: args.replace("f64", "Self"),
        result: if name == "sin_cos" { "(Self, Self)".into() } else { "Self".into() },
    });
    let more = MORE.iter().map(|&(name, args, result)| Method {
        name,
        args: args.to_string(),
        result: result.to_string(),
    });
    let mut methods: Vec<Method> = known.chain(more).filter(|method| called(method.name)).collect();
    methods.sort_by_key(|method| method.name);
    let root = if std { "std" } else { "core" };
    out.push_str("\n/// The real numbers that the functions compute with.\n");
    if !std {
        libm(&methods, out);
    }
    let _ = writeln!(
        out,
        "#[allow(dead_code)]\n#[rustfmt::skip]\npub trait Real: Copy + PartialOrd\n    + {}\n{{",
        paths(root)
    );
    out.push_str("    /// The number nearest to a double.\n    fn of(x: f64) -> Self;\n");
    out.push_str("    /// The double of the same value.\n    fn to_f64(self) -> f64;\n");
    for Method { name, args, result } in &methods {
        let _ = writeln!(out, "    fn {name}({}) -> {result};", with_self(args));
    }
    out.push_str("}\n");
    if !std {
        return;
    }
    out.push_str("\n#[rustfmt::skip]\nmacro_rules! implement_real {\n    ($($number:ty)*) => {$(\n");
    out.push_str("        impl Real for $number {\n");
    out.push_str("            fn of(x: f64) -> Self { x as $number }\n");
    out.push_str("            fn to_f64(self) -> f64 { f64::from(self) }\n");
    for Method { name, args, result } in &methods {
        let names = args.split(", ").filter_map(|arg| arg.split_once(':')).map(|(name, _)| name);
        let passed: Vec<&str> = std::iter::once("self").chain(names).collect();
        let _ = writeln!(
            out,
            "            fn {name}({}) -> {result} {{ <$number>::{name}({}) }}",
            with_self(args),
            passed.join(", ")
        );
    }
    out.push_str("        }\n    )*};\n}\n\nimplement_real!(f32 f64);\n");
}

/// How to implement the trait by the crate libm.
fn libm(methods: &[Method], out: &mut String) {
    out.push_str("/// Implement it for `f64`, `f32` or both in your crate; with libm:\n");
    out.push_str("///\n/// ```ignore\n/// impl Real for f64 {\n");
    out.push_str("///     fn of(x: f64) -> f64 {\n///         x\n///     }\n");
    out.push_str("///     fn to_f64(self) -> f64 {\n///         self\n///     }\n");
    for Method { name, args, result } in methods {
        let _ = writeln!(
            out,
            "///     fn {name}({}) -> {} {{",
            with_self(&args.replace("Self", "f64")),
            result.replace("Self", "f64")
        );
        let body = match METHODS.iter().find(|row| row.0 == *name) {
            Some((_, _, libm)) => libm.to_string(),
            None => {
                let names = args.split(", ").filter_map(|arg| arg.split_once(':')).map(|(name, _)| name);
                let passed: Vec<&str> = std::iter::once("self").chain(names).collect();
                format!("f64::{name}({})", passed.join(", "))
            }
        };
        let _ = writeln!(out, "///         {body}\n///     }}");
    }
    out.push_str("/// }\n/// ```\n");
}

fn paths(root: &str) -> String {
    ARITHMETIC
        .split('\n')
        .map(|line| match line.split_once("+ ") {
            Some((start, name)) => format!("{start}+ {root}::ops::{name}"),
            None => format!("{root}::ops::{line}"),
        })
        .collect::<Vec<_>>()
        .join("\n")
}

fn with_self(args: &str) -> String {
    if args.is_empty() { "self".to_string() } else { format!("self, {args}") }
}
