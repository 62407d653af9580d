//! The syntax tree: what a `.math` file says, with the place of every part, before any name is
//! looked up. All files of one run share one [`Tree`], an arena of expressions in which operands
//! come before the expressions that use them; so every pass is a walk over an array, and a chain
//! of a million operators is built, read and dropped without a deep call stack.

use hashbrown::HashTable;
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

/// A file that was read: what to call it in a message, and its text.
#[derive(Debug, Clone)]
pub struct Source {
    /// The path as the user gave it, `-` for standard input, or a word in `<…>`.
    pub name: String,
    pub text: String,
}

/// A piece of a file: bytes `start..end` of the source with index `file`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Span {
    pub file: u32,
    pub start: u32,
    pub end: u32,
}

/// An interned identifier (already folded: one spelling per name).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name(pub u32);

/// Handle of an expression in a [`Tree`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ast(pub u32);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UnaryOp {
    Neg,
    Not,
    /// `n!`
    Factorial,
    /// `Aᵀ`
    Transpose,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BinaryOp {
    Add,
    Sub,
    /// `*`: product of scalars, of a scalar and an array, or matrix product.
    Mul,
    Div,
    /// `2x`: like `*`, but tighter than `*` and `/`.
    Juxtapose,
    /// `.+`, `.-`, `.*`, `./`: elementwise, a scalar with an array too.
    DotAdd,
    DotSub,
    DotMul,
    DotDiv,
    /// `a·b`
    Inner,
    /// `a×b`
    Cross,
    Pow,
    And,
    Or,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CompareOp {
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Equal,
    NotEqual,
}

/// A reduction over an index or an array.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reducer {
    Sum,
    Prod,
    Max,
    Min,
    Any,
    All,
    Count,
}

/// A derivative written inside a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Derivative {
    /// `diff(e, x, y)`
    Diff,
    Grad,
    Jac,
    Hess,
}

/// What stands on the left of `=` in `let`, `where`, `fold`: `x` or `(a, (b, c))`.
#[derive(Debug, Clone, PartialEq)]
pub enum Pattern {
    Name(Name, Span),
    Tuple(Vec<Pattern>),
}

/// `for i in lo..hi`; without a range it comes from the arrays that the name indexes.
#[derive(Debug, Clone, PartialEq)]
pub struct For {
    pub name: Name,
    pub span: Span,
    pub range: Option<(Ast, Ast)>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Subscript {
    At(Ast),
    /// `lo..hi`, both ends included.
    Range(Ast, Ast),
    /// `:`
    All,
}

/// An expression. A tree has many, so what is long and rare in one stands apart.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// A literal. `integer` when it was written without a point or exponent and fits an `i64`.
    Number {
        value: f64,
        integer: Option<i64>,
    },
    Bool(bool),
    Name(Name),
    Unary(UnaryOp, Ast),
    Binary(BinaryOp, Ast, Ast),
    /// `a < b <= c`: the first operand, then each operator with its right operand.
    Compare(Ast, Vec<(CompareOp, Ast)>),
    /// `if … then … else …` (any number of `else if`), or the braces `{ a if c; e otherwise }`.
    If {
        arms: Vec<(Ast, Ast)>,
        otherwise: Ast,
        braces: bool,
    },
    /// `let … in body`, or `body where …` (`after`); each binding sees those before it.
    Let {
        bindings: Vec<(Pattern, Ast)>,
        body: Ast,
        after: bool,
    },
    /// `x -> e`, `(x, y) -> e`
    Lambda {
        params: Vec<(Name, Span)>,
        body: Ast,
    },
    /// `f(x)`, or `f.(v)` (`elementwise`). `callee` is a [`Expr::Name`], [`Expr::Field`] (of an
    /// import), or [`Expr::Prime`].
    Call {
        callee: Ast,
        args: Vec<Ast>,
        elementwise: bool,
    },
    /// `f'`, `f''`: the derivative of a one-parameter function.
    Prime {
        of: Ast,
        order: u32,
    },
    Index {
        array: Ast,
        at: Vec<Subscript>,
    },
    Field {
        of: Ast,
        name: Name,
    },
    Array(Vec<Ast>),
    Tuple(Vec<Ast>),
    Record(Vec<(Name, Ast)>),
    /// `[body for i in a..b, j in c..d if cond]`
    Comprehension {
        body: Ast,
        over: Box<[For]>,
        cond: Option<Ast>,
    },
    /// `sum(body for i in a..b if cond)`; the form `sum(v)` is a [`Expr::Call`].
    Reduce {
        op: Reducer,
        body: Ast,
        over: Box<[For]>,
        cond: Option<Ast>,
    },
    /// `fold(state = init for i in a..b: next)`, or `scan(…)` (`trace`).
    Fold {
        state: Box<Pattern>,
        init: Ast,
        over: Box<For>,
        next: Ast,
        trace: bool,
    },
    /// `iterate(state = init while cond: next)`
    Iterate {
        state: Box<Pattern>,
        init: Ast,
        cond: Ast,
        next: Ast,
    },
    /// `diff(e, x, y)`, `grad(e, v)`, …; the variables are names in scope.
    Derivative {
        kind: Derivative,
        body: Ast,
        by: Vec<(Name, Span)>,
    },
}

const _: () = assert!(size_of::<Expr>() <= 32);

/// A type as written.
#[derive(Debug, Clone, PartialEq)]
pub enum TypeExpr {
    Real,
    Int,
    Bool,
    /// `R[m, n+1]`, `Int[n]`
    Array(Box<TypeExpr>, Vec<Ast>),
    Tuple(Vec<TypeExpr>),
    Record(Vec<(Name, TypeExpr)>),
    Function(Vec<TypeExpr>, Box<TypeExpr>),
    /// A name given by `type`.
    Named(Name, Span),
}

/// A parameter of a definition.
#[derive(Debug, Clone, PartialEq)]
pub struct Param {
    pub name: Name,
    pub span: Span,
    pub ty: Option<TypeExpr>,
    /// `x: R where x > 0`
    pub assume: Option<Ast>,
}

/// One definition or statement of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// The whole item, from its first word to its last.
    pub span: Span,
    /// The lines of `##` before it, without the marks.
    pub doc: Vec<String>,
    /// Lines of `#` that stand before it, kept by the formatter; an empty string is a blank line
    /// between comments.
    pub comments: Vec<String>,
    pub kind: ItemKind,
}

#[derive(Debug, Clone, PartialEq)]
pub enum ItemKind {
    /// `f(x, y: R[n]) -> R = body`
    Function { name: Name, name_span: Span, params: Vec<Param>, result: Option<TypeExpr>, body: Ast },
    /// `g = 9.81`; `param k: R = 2.0` when `param`
    Constant { name: Name, name_span: Span, ty: Option<TypeExpr>, value: Ast, param: bool },
    /// `type Point = {x: R, y: R}`
    Type { name: Name, name_span: Span, ty: TypeExpr },
    /// `import "file.math" as alias`
    Import { path: String, alias: Option<Name> },
    /// `rule f(x) = (dx,)` or, with `cotangent`, `rule f(x) pullback d = (…)`
    Rule { name: Name, name_span: Span, params: Vec<Param>, cotangent: Option<(Name, Span)>, body: Ast },
    /// `test left = right ~ tolerance where x = 2`; `right` missing means that `left` is a condition.
    Test { left: Ast, right: Option<Ast>, tolerance: Option<Ast>, bindings: Vec<(Pattern, Ast)> },
}

/// Everything that was parsed in one run.
#[derive(Debug, Default)]
pub struct Tree {
    pub files: Vec<Source>,
    pub items: Vec<Item>,
    /// Comments at the end of the line where an item ends, by file and the item's end.
    pub trailing: HashMap<(u32, u32), String>,
    /// Comments after the last item of a file, by file.
    pub closing: HashMap<u32, Vec<String>>,
    exprs: Vec<Expr>,
    spans: Vec<Span>,
    /// The spellings of all names, one after the other.
    spellings: String,
    /// Where each ends there.
    ends: Vec<u32>,
    /// All names, found by their spelling.
    known: HashTable<Name>,
    hasher: RandomState,
}

impl Tree {
    /// Adds an expression whose operands were added before.
    pub fn add(&mut self, expr: Expr, span: Span) -> Ast {
        self.exprs.push(expr);
        self.spans.push(span);
        Ast(self.exprs.len() as u32 - 1)
    }

    pub fn expr(&self, at: Ast) -> &Expr {
        &self.exprs[at.0 as usize]
    }

    pub fn span(&self, at: Ast) -> Span {
        self.spans[at.0 as usize]
    }

    /// How many expressions there are.
    pub fn len(&self) -> usize {
        self.exprs.len()
    }

    pub fn is_empty(&self) -> bool {
        self.exprs.is_empty()
    }

    /// The name with this spelling, made on first use.
    pub fn intern(&mut self, text: &str) -> Name {
        if let Some(name) = self.lookup(text) {
            return name;
        }
        let name = Name(self.ends.len() as u32);
        self.spellings.push_str(text);
        self.ends.push(u32::try_from(self.spellings.len()).expect("names are parts of files"));
        let (hasher, spellings, ends) = (&self.hasher, &self.spellings, &self.ends);
        let hash = |&name: &Name| hasher.hash_one(spelling(spellings, ends, name));
        self.known.insert_unique(hasher.hash_one(text), name, hash);
        name
    }

    /// The name with this spelling, if the program has it.
    pub fn lookup(&self, text: &str) -> Option<Name> {
        let is = |&name: &Name| self.text(name) == text;
        self.known.find(self.hasher.hash_one(text), is).copied()
    }

    pub fn text(&self, name: Name) -> &str {
        spelling(&self.spellings, &self.ends, name)
    }

    /// The source text of a span.
    pub fn source(&self, span: Span) -> &str {
        &self.files[span.file as usize].text[span.start as usize..span.end as usize]
    }
}

fn spelling<'t>(spellings: &'t str, ends: &[u32], name: Name) -> &'t str {
    let at = name.0 as usize;
    let start = if at == 0 { 0 } else { ends[at - 1] as usize };
    &spellings[start..ends[at] as usize]
}
