//! Numbers as Rust literals.

use super::super::expression::Piece;
use super::options::Precision;
use std::f64::consts;

/// The number, in the shortest form that reads back, or as the constant it is.
pub(super) fn real(v: f64, precision: Precision) -> Piece {
    match precision {
        Precision::Double => plain(v, "f64"),
        Precision::Single => plain(v, "f32"),
        Precision::Generic => {
            let mut piece = Piece::atom(format!("T::of({})", plain(v, "f64").text));
            piece.typed = true;
            piece
        }
    }
}

fn plain(v: f64, ty: &str) -> Piece {
    if v.is_nan() {
        return Piece::atom(format!("{ty}::NAN"));
    }
    if v.is_infinite() {
        return Piece::atom(format!("{ty}::{}", if v > 0.0 { "INFINITY" } else { "NEG_INFINITY" }));
    }
    if let Some((name, _)) = NAMED.iter().find(|c| c.1.to_bits() == v.abs().to_bits()) {
        let sign = if v < 0.0 { "-" } else { "" };
        let mut piece = Piece::literal(format!("{sign}std::{ty}::consts::{name}"));
        piece.typed = true;
        return piece;
    }
    Piece::literal(if ty == "f32" { format!("{:?}", v as f32) } else { format!("{v:?}") })
}

/// Whether clippy would take the literal for a constant that it is not.
pub(super) fn looks_like_constant(v: f64) -> bool {
    let digits = format!("{:?}", v.abs());
    if digits.contains('e') || digits.len() > 20 {
        return false;
    }
    NAMED.iter().any(|(_, c)| {
        let near = ((c - v.abs()) / c).abs() < 1e-2;
        near && digits.len() > 3
    })
}

/// The constants of the standard library that formulas hold.
const NAMED: &[(&str, f64)] = &[
    ("PI", consts::PI),
    ("TAU", consts::TAU),
    ("E", consts::E),
    ("SQRT_2", consts::SQRT_2),
    ("FRAC_1_SQRT_2", consts::FRAC_1_SQRT_2),
    ("LN_2", consts::LN_2),
    ("LN_10", consts::LN_10),
    ("LOG2_E", consts::LOG2_E),
    ("LOG2_10", consts::LOG2_10),
    ("LOG10_E", consts::LOG10_E),
    ("LOG10_2", consts::LOG10_2),
    ("FRAC_PI_2", consts::FRAC_PI_2),
    ("FRAC_PI_3", consts::FRAC_PI_3),
    ("FRAC_PI_4", consts::FRAC_PI_4),
    ("FRAC_PI_6", consts::FRAC_PI_6),
    ("FRAC_PI_8", consts::FRAC_PI_8),
    ("FRAC_1_PI", consts::FRAC_1_PI),
    ("FRAC_2_PI", consts::FRAC_2_PI),
    ("FRAC_2_SQRT_PI", consts::FRAC_2_SQRT_PI),
];

/// The integer as an `i64` or `usize`, by what is around it.
pub(super) fn int(v: i64) -> Piece {
    if v == i64::MIN { Piece::atom("i64::MIN") } else { Piece::literal(v.to_string()) }
}

/// The text as a string literal of `assert!`, which takes `{` and `}` for arguments.
pub(super) fn message(text: &str) -> String {
    self::text(text).replace('{', "{{").replace('}', "}}")
}

/// The text as a string literal.
pub(super) fn text(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' | '\r' | '\t' => out.push(' '),
            c if super::super::comment::is_unsafe(c) => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
