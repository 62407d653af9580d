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
pub fn decimal(x: f64) -> String {
    let size = x.abs();
    if x.is_nan() {
        "nan".to_string()
    } else if x.is_infinite() {
        if x > 0.0 { "inf" } else { "-inf" }.to_string()
    } else if size != 0.0 && !(1e-5..1e16).contains(&size) {
        format!("{x:e}")
    } else {
        format!("{x}")
    }
}
