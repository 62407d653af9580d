//! What is open while an expression is read: operators that wait for their right operand, and
//! frames, one for each bracket, `let`, `if` or arrow whose end has not come. Data only; `build`
//! moves it on.

use super::token::Shape;
use super::tree::{Ast, BinaryOp, CompareOp, For, Name, Pattern, Span, Subscript};

/// A part of an expression that is complete, but perhaps not yet in the tree: a name may still turn
/// out to be a callee, a parameter or a bound variable, which are no expressions.
#[derive(Debug, Clone, Copy)]
pub struct Operand {
    pub what: What,
    /// The place with its brackets, if it has any.
    pub span: Span,
}

#[derive(Debug, Clone, Copy)]
pub enum What {
    Node(Ast),
    /// A name without brackets.
    Name(Name),
    /// `:` in an index.
    Whole,
}

/// A prefix sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prefix {
    Neg,
    Not,
    Root,
}

/// What waits on the stack.
#[derive(Debug)]
pub enum Entry {
    Prefix(Prefix, Span),
    Infix(BinaryOp),
    Compare(Vec<CompareOp>),
    Frame(Box<Frame>),
}

/// A construct whose end has not come.
#[derive(Debug)]
pub struct Frame {
    pub kind: Kind,
    pub slot: Slot,
    /// The bracket or word that opened it.
    pub mark: Span,
    /// Where the whole construct begins, its callee included.
    pub start: u32,
    /// How many operands there were before it.
    pub base: usize,
    /// Items of a list: elements, arguments.
    pub items: Vec<Operand>,
    pub subscripts: Vec<Subscript>,
    pub labels: Vec<(Name, Span)>,
    pub pattern: Option<Pattern>,
    pub bindings: Vec<(Pattern, Ast)>,
    pub over: Vec<For>,
    pub arms: Vec<(Ast, Ast)>,
    /// The lower end of a range, or the start value of a loop.
    pub first: Option<Ast>,
    /// A filter, or the condition of an arm.
    pub cond: Option<Ast>,
    /// The last value of a case list.
    pub last: Option<Ast>,
}

impl Frame {
    pub fn new(kind: Kind, slot: Slot, mark: Span, start: u32, base: usize) -> Box<Frame> {
        Box::new(Frame {
            kind,
            slot,
            mark,
            start,
            base,
            items: Vec::new(),
            subscripts: Vec::new(),
            labels: Vec::new(),
            pattern: None,
            bindings: Vec::new(),
            over: Vec::new(),
            arms: Vec::new(),
            first: None,
            cond: None,
            last: None,
        })
    }
}

#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// The whole expression.
    Root,
    /// The whole of a `test`.
    Test,
    /// `( … )`
    Group,
    /// `f( … )`; the callee's place, and whether it is `f.( … )`.
    Call {
        callee: What,
        elementwise: bool,
    },
    /// `a[ … ]`
    Index {
        array: Ast,
    },
    /// `[ … ]`
    Array,
    /// `{ … }`
    Braces,
    Let,
    Where {
        body: Ast,
    },
    If,
    Lambda,
}

impl Kind {
    /// The bracket that closes it, if a bracket does.
    pub fn shape(self) -> Option<Shape> {
        match self {
            Kind::Group | Kind::Call { .. } => Some(Shape::Round),
            Kind::Index { .. } | Kind::Array => Some(Shape::Square),
            Kind::Braces => Some(Shape::Curly),
            Kind::Root | Kind::Test | Kind::Let | Kind::Where { .. } | Kind::If | Kind::Lambda => None,
        }
    }
}

/// What the part of a frame that is being read will be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    /// An element, an argument, a subscript, the whole.
    Item,
    /// A field of a record, after its label.
    Field,
    /// The start value of `fold(s = …`.
    Init,
    /// The lower end of a range, after `in`.
    Low,
    /// The upper end.
    High,
    /// A further index, after a comma.
    Index,
    /// After `for i` with no range.
    Bare,
    /// The condition after `if` in a list.
    Filter,
    /// The condition of a case in braces.
    Case,
    /// After the last case.
    Done,
    /// The condition of `iterate`.
    While,
    /// What follows the colon of a loop.
    Next,
    /// The upper end in `sum(k = 0..5, …)`.
    RangeHigh,
    /// The summand in `sum(k = 0..5, …)`.
    Summand,
    /// Before `name =`.
    Binder,
    /// The value of a binding.
    Value,
    /// After `in` or an arrow.
    Body,
    Cond,
    Then,
    Else,
    /// Parts of a test: the expected value and the tolerance.
    Right,
    Tolerance,
}

impl Slot {
    /// Whether a `for` part may end here.
    pub fn is_loop(self) -> bool {
        matches!(self, Slot::High | Slot::Bare | Slot::Index)
    }
}
