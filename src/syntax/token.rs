//! The words of an expression, as the grammar hands them to the builder in the order of the text.

use super::tree::{BinaryOp, CompareOp, Span};

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

/// What something is taken apart into: `x`, `(a, (b, c))`. Three brackets deep at most.
#[derive(Debug, Clone, PartialEq)]
pub enum Names<'t> {
    Name(&'t str, Span),
    Tuple(Vec<Names<'t>>),
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
    Binds(Names<'t>),
    /// `(x, y) ->`
    Maps(Names<'t>),
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

/// How many primes a sign is.
pub fn prime_order(c: char) -> u32 {
    match c {
        '″' => 2,
        '‴' => 3,
        _ => 1,
    }
}

/// The word for a sign before an operand.
pub fn lead(text: &str) -> Token<'_> {
    match text {
        "-" | "−" => Token::Minus,
        "√" => Token::Root,
        "if" => Token::If,
        "let" => Token::Let,
        "not" | "¬" => Token::Not,
        bracket => Token::Open(Shape::of(bracket)),
    }
}

/// The word for a sign between operands.
pub fn sign(text: &str) -> Token<'_> {
    let binary = |op| Token::Infix(Infix::Binary(op));
    let compare = |op| Token::Infix(Infix::Compare(op));
    match text {
        "," => Token::Comma,
        ";" => Token::Semicolon,
        ":" => Token::Colon,
        ".." => Token::Range,
        "=" => Token::Equals,
        "~" | "≈" => Token::Tilde,
        "->" | "→" | "↦" => Token::Arrow,
        "then" => Token::Then,
        "else" => Token::Else,
        "if" => Token::When,
        "while" => Token::While,
        "where" => Token::Where,
        "in" | "∈" => Token::In,
        "+" => binary(BinaryOp::Add),
        "-" | "−" => binary(BinaryOp::Sub),
        "/" | "÷" => binary(BinaryOp::Div),
        "^" => binary(BinaryOp::Pow),
        "·" | "⋅" => binary(BinaryOp::Inner),
        "×" => binary(BinaryOp::Cross),
        ".+" => binary(BinaryOp::DotAdd),
        ".-" => binary(BinaryOp::DotSub),
        ".*" => binary(BinaryOp::DotMul),
        "./" => binary(BinaryOp::DotDiv),
        "and" | "∧" => binary(BinaryOp::And),
        "or" | "∨" => binary(BinaryOp::Or),
        "==" => compare(CompareOp::Equal),
        "!=" | "≠" => compare(CompareOp::NotEqual),
        "<=" | "≤" => compare(CompareOp::LessEqual),
        ">=" | "≥" => compare(CompareOp::GreaterEqual),
        "<" => compare(CompareOp::Less),
        ">" => compare(CompareOp::Greater),
        _ => binary(BinaryOp::Mul),
    }
}
