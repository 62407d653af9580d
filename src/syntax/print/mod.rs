//! Tree to canonical text: the printer of expressions, items and files. What it prints parses to the
//! same tree, and printing that gives the same text. Takes a tree, of the parser or of a later
//! stage; knows nothing of names or derivatives.

mod construct;
mod expr;
mod item;
mod layout;
mod operator;
mod same;

use super::tree::{Ast, Item, Tree};
use expr::Printer;
pub use same::same;

/// An expression, broken into lines where it is too long for one.
pub fn expression(tree: &Tree, ast: Ast) -> String {
    let mut printer = Printer::new(tree);
    printer.expression(ast);
    printer.finish()
}

/// A definition or statement, without the comments before it.
pub fn item(tree: &Tree, item: &Item) -> String {
    item::item(tree, item)
}

/// A file: its items with their comments, a blank line where there was one, and between items that
/// take several lines.
pub fn file(tree: &Tree, items: &[Item]) -> String {
    item::file(tree, items)
}

/// A number in the shortest form that reads back to the same double.
pub fn number(value: f64, integer: Option<i64>) -> String {
    match integer {
        Some(integer) if integer as f64 == value => integer.to_string(),
        Some(_) | None if value.is_nan() => "nan".to_string(),
        Some(_) | None if value.is_infinite() => if value > 0.0 { "inf" } else { "-inf" }.to_string(),
        Some(_) | None => format!("{value:?}"),
    }
}

/// A real number in the shortest form that reads back to the same double, without a point where it is whole.
pub fn write_decimal(x: f64, out: &mut String) {
    if x.is_nan() {
        out.push_str("nan");
    } else if x.is_infinite() {
        out.push_str(if x > 0.0 { "inf" } else { "-inf" });
    } else {
        let mut digits = zmij::Buffer::new();
        let text = digits.format_finite(x);
        match text.split_once("e+") {
            Some((digits, exponent)) => out.extend([digits, "e", exponent]),
            None => out.push_str(text.strip_suffix(".0").unwrap_or(text)),
        }
    }
}

/// The same as a text.
pub fn decimal(x: f64) -> String {
    let mut out = String::new();
    write_decimal(x, &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::decimal;

    /// As the standard library writes it: in full between 1e-5 and 1e16, else with an exponent.
    fn standard(x: f64) -> String {
        let size = x.abs();
        if size != 0.0 && !(1e-5..1e16).contains(&size) { format!("{x:e}") } else { format!("{x}") }
    }

    #[test]
    fn numbers_are_the_shortest() {
        let special = [0.0, -0.0, 1.0, -1.5, 1e-5, 9.999999e-6, 1e15, 9999999999999998.0, 1e16, 1e22, 5e-324];
        let mut bits = 0x9e37_79b9_7f4a_7c15_u64;
        let random = std::iter::from_fn(|| {
            bits = bits.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            Some(f64::from_bits(bits))
        });
        let near = (-30..30).flat_map(|k| {
            let x = 10f64.powi(k);
            [x.next_down(), x, x.next_up(), 3.0 * x, x / 3.0]
        });
        for x in special.into_iter().chain(near).chain(random.filter(|x| x.is_finite()).take(100_000)) {
            // Of two that are as near, the even digit, as serde_json, Python and JavaScript have it.
            let (ours, theirs) = (decimal(x), standard(x));
            let last = |text: &str| text.split('e').next().map_or(0, |digits| digits.len() - 1);
            let even = ours.len() == theirs.len() && ours.as_bytes()[last(&ours)].is_multiple_of(2);
            assert!(ours == theirs || even, "{ours} and {theirs}");
            assert_eq!(decimal(x).parse::<f64>().unwrap().to_bits(), x.to_bits());
        }
        assert_eq!(
            [decimal(f64::NAN), decimal(f64::INFINITY), decimal(-f64::INFINITY)],
            ["nan", "inf", "-inf"]
        );
    }
}
