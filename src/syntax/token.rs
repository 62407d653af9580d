//! The words of an expression, as the grammar hands them to the builder in the order of the text.

use super::tree::{BinaryOp, CompareOp, Pattern, Span};

/// An infix operator: arithmetic and logic, or one link of a chain of comparisons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Infix {
    Binary(BinaryOp),
    Compare(CompareOp),
}

/// The brackets that open and close.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Round,
    Square,
    Curly,
}

impl Shape {
    pub fn of(text: &str) -> Shape {
        match text {
            "(" | ")" | ".(" => Shape::Round,
            "[" | "]" => Shape::Square,
            _ => Shape::Curly,
        }
    }

    pub fn closer(self) -> &'static str {
        match self {
            Shape::Round => ")",
            Shape::Square => "]",
            Shape::Curly => "}",
        }
    }
}

/// One word of an expression. What it means depends on the brackets and words around it; that it
/// stands where an operand may begin, or where one has ended, the grammar has seen to.
#[derive(Debug, Clone, PartialEq)]
pub enum Token<'t> {
    // Before an operand.
    Minus,
    Not,
    Root,
    Open(Shape),
    Let,
    If,
    /// `(a, b) =`
    Binds(Pattern),
    /// `(x, y) ->`
    Maps(Pattern),
    // An operand.
    Number(&'t str),
    Name(&'t str),
    Truth(bool),
    /// `:` alone, a whole row or column.
    Whole,
    /// Nothing before a closing bracket: `f()`, `[1, 2,]`.
    Nothing,
    // After an operand.
    Prime(u32),
    Raised(&'t str),
    Transpose,
    Factorial,
    Field(&'t str),
    Close(Shape),
    Otherwise,
    /// `for i`, with nothing after it.
    LoopBare(&'t str, Span),
    // Between operands.
    Juxtapose,
    Call {
        elementwise: bool,
    },
    Index,
    Comma,
    Semicolon,
    Range,
    Colon,
    Equals,
    Tilde,
    Arrow,
    Infix(Infix),
    Then,
    Else,
    In,
    /// `if` after an operand: a filter, or a case.
    When,
    While,
    Where,
    /// `for i in`
    LoopIn(&'t str, Span),
}
