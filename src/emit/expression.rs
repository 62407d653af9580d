//! Expressions put back together: a piece of text with what must be known to set it into a larger one,
//! for languages with infix operators, brackets and methods.

use crate::block::Local;
use crate::primitive::Class;

/// The text of an expression.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    pub text: String,
    pub class: Class,
    /// Its type does not hang on what is around it (a literal's does).
    pub typed: bool,
    /// How many method calls it ends in.
    pub chain: u8,
    /// A formatter would break it into several lines.
    pub wide: bool,
    /// The variables it reads that may change.
    pub reads: Vec<Local>,
    /// The unnamed values in it: when the piece is used they are used up.
    pub parts: Vec<Local>,
}

/// Arguments wider than this are broken into lines by the formatter, and so are chains of methods.
pub(super) const CALL_WIDTH: usize = 60;

impl Piece {
    pub fn new(text: impl Into<String>, class: Class) -> Piece {
        Piece {
            text: text.into(),
            class,
            typed: true,
            chain: 0,
            wide: false,
            reads: Vec::new(),
            parts: Vec::new(),
        }
    }

    /// A name, a call or the like: needs no brackets anywhere.
    pub fn atom(text: impl Into<String>) -> Piece {
        Piece::new(text, Class::Call)
    }

    /// A literal, whose type comes from around it.
    pub fn literal(text: impl Into<String>) -> Piece {
        let text = text.into();
        let class = if text.starts_with('-') { Class::Unary } else { Class::Call };
        Piece { typed: false, ..Piece::new(text, class) }
    }

    /// A piece of this text, made of others.
    pub fn of(text: String, class: Class, pieces: &[&Piece]) -> Piece {
        let mut piece = Piece::new(text, class);
        for p in pieces {
            piece.absorb(p);
        }
        piece
    }

    /// Takes over what `other` reads and uses.
    pub fn absorb(&mut self, other: &Piece) {
        self.wide |= other.wide;
        self.reads.extend_from_slice(&other.reads);
        self.parts.extend_from_slice(&other.parts);
    }

    pub fn width(&self) -> usize {
        self.text.chars().count()
    }

    /// The text, in brackets if it binds less tightly than `class`.
    pub fn within(&self, class: Class) -> String {
        if self.class < class { format!("({})", self.text) } else { self.text.clone() }
    }

    /// A name of letters, digits and `_`.
    pub fn is_name(&self) -> bool {
        self.text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
            && !self.text.starts_with(|c: char| c.is_ascii_digit())
    }
}

/// The next tighter class.
fn tighter(class: Class) -> Class {
    match class {
        Class::Or => Class::And,
        Class::And => Class::Compare,
        Class::Compare => Class::Sum,
        Class::Sum => Class::Product,
        Class::Product => Class::Cast,
        Class::Cast => Class::Unary,
        Class::Unary | Class::Call => Class::Call,
    }
}

/// `a op b`, grouping to the left; comparisons do not group.
pub(super) fn infix(op: &str, class: Class, a: &Piece, b: &Piece) -> Piece {
    let left_class = if class == Class::Compare { tighter(class) } else { class };
    let mut left = a.within(left_class);
    // `x as f64 < y` would open generic arguments.
    if op.starts_with('<') && ends_in_cast(&left) {
        left = format!("({left})");
    }
    let (op, right) = match (op, b.class, b.text.strip_prefix('-')) {
        // Adding a negative is subtracting, to the bit.
        ("+", Class::Unary, Some(rest)) => ("-", rest.to_string()),
        ("-", Class::Unary, Some(rest)) => ("+", rest.to_string()),
        _ => (op, b.within(tighter(class))),
    };
    let mut piece = Piece::of(format!("{left} {op} {right}"), class, &[a, b]);
    piece.typed = class <= Class::Compare || a.typed || b.typed;
    piece
}

fn ends_in_cast(text: &str) -> bool {
    text.rsplit_once(" as ").is_some_and(|(_, ty)| ty.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// `op a`, never two operators in a row.
pub(super) fn prefix(op: &str, a: &Piece) -> Piece {
    let inner = a.within(Class::Unary);
    let text = if inner.starts_with(op) { format!("{op}({inner})") } else { format!("{op}{inner}") };
    let mut piece = Piece::of(text, Class::Unary, &[a]);
    piece.typed = a.typed;
    piece
}

/// `name(a, b)`
pub(super) fn call(name: &str, args: &[&Piece]) -> Piece {
    let inner = args.iter().map(|p| p.text.as_str()).collect::<Vec<_>>().join(", ");
    let too_wide = args.len() > 1 && inner.chars().count() > CALL_WIDTH;
    let mut piece = Piece::of(format!("{name}({inner})"), Class::Call, args);
    piece.wide |= too_wide;
    piece
}

/// `a.name(b, c)`; the type of `a` must not hang on this call.
pub(super) fn method(name: &str, a: &Piece, args: &[&Piece]) -> Piece {
    let tail = call(name, args);
    let mut piece = Piece::of(format!("{}.{}", a.within(Class::Call), tail.text), Class::Call, &[a, &tail]);
    piece.chain = a.chain.saturating_add(1);
    piece.wide |= piece.chain > 1 && piece.width() > CALL_WIDTH;
    piece
}
