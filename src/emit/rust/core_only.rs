//! Code for crates without the standard library: what `core` lacks comes from `alloc`, and from a trait that
//! the crate implements for `f64`.

use super::options::Precision;
use std::fmt::Write;

/// The methods of `f64` that only the standard library has: their arguments after `self`, and the same in
/// libm.
pub(super) const METHODS: &[(&str, &str, &str)] = &[
    ("acos", "", "libm::acos(self)"),
    ("acosh", "", "libm::acosh(self)"),
    ("asin", "", "libm::asin(self)"),
    ("asinh", "", "libm::asinh(self)"),
    ("atan", "", "libm::atan(self)"),
    ("atan2", "x: f64", "libm::atan2(self, x)"),
    ("atanh", "", "libm::atanh(self)"),
    ("cbrt", "", "libm::cbrt(self)"),
    ("ceil", "", "libm::ceil(self)"),
    ("cos", "", "libm::cos(self)"),
    ("cosh", "", "libm::cosh(self)"),
    ("exp", "", "libm::exp(self)"),
    ("exp2", "", "libm::exp2(self)"),
    ("exp_m1", "", "libm::expm1(self)"),
    ("floor", "", "libm::floor(self)"),
    ("fract", "", "self - libm::trunc(self)"),
    ("hypot", "y: f64", "libm::hypot(self, y)"),
    ("ln", "", "libm::log(self)"),
    ("ln_1p", "", "libm::log1p(self)"),
    ("log10", "", "libm::log10(self)"),
    ("log2", "", "libm::log2(self)"),
    ("mul_add", "a: f64, b: f64", "libm::fma(self, a, b)"),
    ("powf", "y: f64", "libm::pow(self, y)"),
    ("powi", "n: i32", "libm::pow(self, f64::from(n))"),
    ("rem_euclid", "y: f64", "{ let r = self % y; if r < 0.0 { r + libm::fabs(y) } else { r } }"),
    ("round", "", "libm::round(self)"),
    ("round_ties_even", "", "libm::rint(self)"),
    ("sin", "", "libm::sin(self)"),
    ("sin_cos", "", "libm::sincos(self)"),
    ("sinh", "", "libm::sinh(self)"),
    ("sqrt", "", "libm::sqrt(self)"),
    ("tan", "", "libm::tan(self)"),
    ("tanh", "", "libm::tanh(self)"),
    ("trunc", "", "libm::trunc(self)"),
];

/// The module without the standard library. `header` is the length of its first line.
pub(super) fn without_std(text: &str, precision: Precision) -> String {
    let text = text.replace("std::f64::", "core::f64::").replace("std::f32::", "core::f32::");
    let (header, body) = text.split_once('\n').unwrap_or((&text, ""));
    let mut out = format!("{header}\n");
    let code: String = body.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let (makes, names) = (code.contains("vec!["), code.contains("Vec<"));
    let used = match (makes, names) {
        (true, true) => Some("use alloc::{vec, vec::Vec};"),
        (true, false) => Some("use alloc::vec;"),
        (false, true) => Some("use alloc::vec::Vec;"),
        (false, false) => None,
    };
    if used.is_some() || code.contains(".to_vec()") {
        out.push_str("\nextern crate alloc;\n");
    }
    if let Some(used) = used {
        let _ = write!(out, "\n{used}\n");
    }
    out.push_str(body);
    if precision == Precision::Generic {
        return out;
    }
    // What is computed in doubles and rounded needs both.
    let both = precision == Precision::Single && code.contains("f64");
    let called = |name: &str| {
        ["f64", "f32"].iter().any(|ty| code.contains(&format!("{ty}::{name}(")))
            || code.contains(&format!(".{name}("))
    };
    let methods: Vec<_> = METHODS.iter().filter(|(name, ..)| called(name)).collect();
    if methods.is_empty() {
        return out;
    }
    let ty = if precision == Precision::Single { "f32" } else { "f64" };
    let types = if both { "`f32` and `f64`".to_string() } else { format!("`{ty}`") };
    let _ = writeln!(
        out,
        "\n/// What is computed of real numbers beyond `core`. Implement it for {types} in your crate; with libm:"
    );
    let _ = writeln!(out, "///\n/// ```ignore\n/// impl Math for {ty} {{");
    for (name, args, libm) in &methods {
        let args = args.replace("f64", ty);
        let _ = writeln!(out, "///     fn {name}({}) -> {} {{", parameters(&args), result(name, ty));
        let libm = if ty == "f32" { single(libm) } else { libm.to_string() };
        let _ = writeln!(out, "///         {libm}\n///     }}");
    }
    out.push_str("/// }\n/// ```\n#[allow(dead_code)]\npub trait Math: Sized {\n");
    for (name, args, _) in &methods {
        let args = if ty == "f32" { args.replace("f64", "Self") } else { args.to_string() };
        let _ = writeln!(out, "    fn {name}({}) -> {};", parameters(&args), result(name, "Self"));
    }
    out.push_str("}\n");
    out
}

/// The call of libm's function on `f32`: the name ends with `f`.
fn single(libm: &str) -> String {
    let mut out = String::new();
    let mut rest = libm;
    while let Some(at) = rest.find("libm::") {
        let open = rest[at..].find('(').map_or(rest.len(), |n| at + n);
        out.push_str(&rest[..open]);
        out.push('f');
        rest = &rest[open..];
    }
    out.push_str(rest);
    out.replace("f64::from(n)", "n as f32")
}

fn parameters(args: &str) -> String {
    if args.is_empty() { "self".to_string() } else { format!("self, {args}") }
}

fn result(name: &str, ty: &str) -> String {
    if name == "sin_cos" { format!("({ty}, {ty})") } else { ty.to_string() }
}
