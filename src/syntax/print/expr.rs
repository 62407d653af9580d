//! Expressions as text with places to break. A stack of its own in place of recursion: an operator
//! puts its parts on the stack in the order in which they are to be printed.

use super::super::build::is_number;
use super::super::precedence::{ATOM, COMPARE, NEG, NOT, OPEN, OR, POSTFIX, PRODUCT, WHERE, level};
use super::super::tree::{Ast, BinaryOp, Derivative, Expr, Name, Pattern, Reducer, Tree, UnaryOp};
use super::layout::{Doc, Style};
use super::number;

/// The surroundings of an expression.
#[derive(Debug, Clone, Copy)]
pub struct Around {
    /// What binds less tightly than this takes brackets.
    pub least: u8,
    /// Whether a leading minus sign needs no brackets.
    pub lead: bool,
    /// Whether sums are written without spaces, as in an index.
    pub tight: bool,
}

/// The surroundings of an expression that stands alone.
pub const ALONE: Around = Around { least: WHERE, lead: true, tight: false };

impl Around {
    pub fn least(self, least: u8) -> Around {
        Around { least, ..self }
    }

    /// To the right of an operator.
    pub fn right(self, least: u8) -> Around {
        Around { least, lead: false, ..self }
    }
}

/// What is still to be printed.
#[derive(Debug)]
pub enum Work {
    Expr(Ast, Around),
    Word(&'static str),
    Name(Name),
    Number(f64, Option<i64>),
    Primes(u32),
    Pattern(Pattern),
    Space,
    Cut,
    Open(Style, u8),
    Close,
}

/// Prints expressions into one document.
pub struct Printer<'t> {
    pub tree: &'t Tree,
    pub doc: Doc,
    pub work: Vec<Work>,
    /// The parts of the expression at hand, in order.
    parts: Vec<Work>,
}

impl<'t> Printer<'t> {
    pub fn new(tree: &'t Tree) -> Self {
        Printer { tree, doc: Doc::default(), work: Vec::new(), parts: Vec::new() }
    }

    pub fn finish(self) -> String {
        self.doc.layout()
    }

    /// Prints an expression that stands alone.
    pub fn expression(&mut self, ast: Ast) {
        self.print(ast, ALONE);
    }

    pub fn print(&mut self, ast: Ast, around: Around) {
        self.work.push(Work::Expr(ast, around));
        self.run();
    }

    /// Prints the bindings after `where`.
    pub fn bindings(&mut self, bindings: &[(Pattern, Ast)]) {
        self.binding_parts(bindings, true);
        self.flush();
        self.run();
    }

    fn run(&mut self) {
        while let Some(work) = self.work.pop() {
            match work {
                Work::Expr(ast, around) => {
                    self.expr(ast, around);
                    self.flush();
                }
                Work::Word(word) => self.doc.text(word),
                Work::Name(name) => self.doc.text(self.tree.text(name)),
                Work::Number(value, integer) => self.doc.text(&number(value, integer)),
                Work::Primes(order) => self.doc.text(&"'".repeat(order as usize)),
                Work::Pattern(pattern) => self.pattern_parts(pattern),
                Work::Space => self.doc.space(),
                Work::Cut => self.doc.cut(),
                Work::Open(style, indent) => self.doc.open(style, indent),
                Work::Close => self.doc.close(),
            }
        }
    }

    /// Puts the parts of an expression on the stack, the first on top.
    fn flush(&mut self) {
        self.work.extend(self.parts.drain(..).rev());
    }

    pub fn put(&mut self, parts: impl IntoIterator<Item = Work>) {
        self.parts.extend(parts);
    }

    pub fn word(&mut self, word: &'static str) {
        self.parts.push(Work::Word(word));
    }

    pub fn sub(&mut self, ast: Ast, around: Around) {
        self.parts.push(Work::Expr(ast, around));
    }

    /// The parts of one expression, in brackets if its surroundings ask for them.
    fn expr(&mut self, ast: Ast, around: Around) {
        let ast = self.plain(ast);
        let own = self.level(ast);
        let minus = !around.lead && (own == NEG || self.is_negative_multiple(ast));
        if own < around.least || minus {
            self.word("(");
            self.put([Work::Open(Style::Fill, 2)]);
            self.bare(ast, Around { least: WHERE, lead: true, tight: around.tight });
            self.put([Work::Close]);
            self.word(")");
        } else {
            self.bare(ast, around);
        }
    }

    /// Whether this is `-2x`, whose sign cannot have brackets of its own.
    fn is_negative_multiple(&self, ast: Ast) -> bool {
        matches!(self.tree.expr(ast), Expr::Binary(BinaryOp::Juxtapose, left, _)
            if is_number(self.tree, *left) && self.level(*left) == NEG)
    }

    /// Looks through constructs that say nothing: a `let` without bindings, an `if` without cases.
    pub fn plain(&self, mut ast: Ast) -> Ast {
        loop {
            let expr = self.tree.expr(ast);
            if let Expr::Let { bindings, body, .. } = expr
                && bindings.is_empty()
            {
                ast = *body;
            } else if let Expr::If { arms, otherwise, .. } = expr
                && arms.is_empty()
            {
                ast = *otherwise;
            } else if let Expr::Compare(first, links) = expr
                && links.is_empty()
            {
                ast = *first;
            } else {
                return ast;
            }
        }
    }

    pub fn level(&self, ast: Ast) -> u8 {
        match self.tree.expr(ast) {
            Expr::Number { value, .. } if value.is_sign_negative() && !value.is_nan() => NEG,
            Expr::Number { .. } | Expr::Bool(_) | Expr::Name(_) => ATOM,
            Expr::Unary(UnaryOp::Neg, _) => NEG,
            Expr::Unary(UnaryOp::Not, _) => NOT,
            Expr::Unary(UnaryOp::Factorial | UnaryOp::Transpose, _) => POSTFIX,
            Expr::Binary(BinaryOp::Juxtapose, left, _) if !is_number(self.tree, *left) => PRODUCT,
            Expr::Binary(op, ..) => level(*op),
            Expr::Compare(..) => COMPARE,
            Expr::If { braces: true, .. } => ATOM,
            Expr::If { .. } | Expr::Lambda { .. } => OPEN,
            Expr::Let { after, .. } => {
                if *after {
                    WHERE
                } else {
                    OPEN
                }
            }
            Expr::Call { .. }
            | Expr::Prime { .. }
            | Expr::Index { .. }
            | Expr::Field { .. }
            | Expr::Reduce { .. }
            | Expr::Fold { .. }
            | Expr::Iterate { .. }
            | Expr::Derivative { .. } => POSTFIX,
            Expr::Array(_) | Expr::Tuple(_) | Expr::Record(_) | Expr::Comprehension { .. } => ATOM,
        }
    }

    pub fn bare(&mut self, ast: Ast, around: Around) {
        let tree = self.tree;
        match tree.expr(ast) {
            Expr::Number { value, integer } => self.put([Work::Number(*value, *integer)]),
            Expr::Bool(true) => self.word("true"),
            Expr::Bool(false) => self.word("false"),
            Expr::Name(name) => self.put([Work::Name(*name)]),
            Expr::Unary(op, of) => self.unary(*op, *of, around),
            Expr::Binary(BinaryOp::Pow, base, exponent) => self.power(*base, *exponent, around),
            Expr::Binary(BinaryOp::Juxtapose, left, right) if is_number(self.tree, *left) => {
                self.juxtaposed(*left, *right, around);
            }
            Expr::Binary(..) => self.chain(ast, around),
            Expr::Compare(first, links) => self.comparisons(*first, links, around),
            Expr::If { arms, otherwise, braces: true } => self.cases(arms, *otherwise),
            Expr::If { arms, otherwise, braces: false } => self.branches(arms, *otherwise),
            Expr::Let { bindings, body, after } => self.binding(bindings, *body, *after),
            Expr::Lambda { params, body } => self.lambda(params, *body),
            Expr::Call { callee, args, elementwise } => {
                self.base(*callee);
                self.list(if *elementwise { ".(" } else { "(" }, args, ")");
            }
            Expr::Prime { of, order } => {
                let nested = matches!(tree.expr(*of), Expr::Prime { .. });
                self.sub(*of, ALONE.right(if nested { ATOM } else { POSTFIX }));
                self.put([Work::Primes(*order)]);
            }
            Expr::Index { array, at } => {
                self.base(*array);
                self.subscripts(at);
            }
            Expr::Field { of, name } => {
                self.base(*of);
                self.put([Work::Word("."), Work::Name(*name)]);
            }
            Expr::Array(items) => self.list("[", items, "]"),
            Expr::Tuple(items) => self.list("(", items, if items.len() == 1 { ",)" } else { ")" }),
            Expr::Record(fields) => self.record(fields),
            Expr::Comprehension { body, over, cond } => self.reduced("[", *body, over, *cond, "]"),
            Expr::Reduce { op, body, over, cond } => self.reduced(reduction(*op), *body, over, *cond, ")"),
            Expr::Fold { state, init, over, next, trace } => {
                self.begin_loop(if *trace { "scan(" } else { "fold(" }, state, *init);
                self.loops(std::slice::from_ref(over), None);
                self.end_loop(*next);
            }
            Expr::Iterate { state, init, cond, next } => {
                self.begin_loop("iterate(", state, *init);
                self.put([Work::Space, Work::Word("while ")]);
                self.sub(*cond, ALONE.least(OR));
                self.end_loop(*next);
            }
            Expr::Derivative { kind, body, by } => {
                self.put([Work::Word(derivative(*kind)), Work::Open(Style::Fill, 2)]);
                self.sub(*body, ALONE.least(OPEN));
                for (name, _) in by {
                    self.put([Work::Word(","), Work::Space, Work::Name(*name)]);
                }
                self.put([Work::Close, Work::Word(")")]);
            }
        }
    }
}

fn reduction(op: Reducer) -> &'static str {
    match op {
        Reducer::Sum => "sum(",
        Reducer::Prod => "prod(",
        Reducer::Max => "max(",
        Reducer::Min => "min(",
        Reducer::Any => "any(",
        Reducer::All => "all(",
        Reducer::Count => "count(",
    }
}

fn derivative(kind: Derivative) -> &'static str {
    match kind {
        Derivative::Diff => "diff(",
        Derivative::Grad => "grad(",
        Derivative::Jac => "jac(",
        Derivative::Hess => "hess(",
    }
}
