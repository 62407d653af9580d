//! Syntax tree to LaTeX, for the inside of a mathematical environment of `amsmath`.
//!
//! Takes expressions and items, of the parser or the raiser; gives text. Functions of the table of
//! primitives are spelled as their rows say. Must not know what a name means, but that a name which
//! the files define is not that of a primitive. A stack of its own stands in for recursion.

mod forms;
mod names;
mod template;

use crate::syntax::tree::{
    Ast, BinaryOp, CompareOp, Expr, Item, ItemKind, Name, Pattern, Subscript, Tree, UnaryOp,
};
use names::{latex_name, latex_number};
use std::borrow::Cow;
use std::collections::HashSet;

/// An expression.
pub fn expression(tree: &Tree, ast: Ast) -> String {
    let mut writer = Writer::new(tree);
    writer.expr(ast, OPEN);
    writer.finish()
}

/// A definition: one line, or aligned lines where it names parts. Other items give nothing.
pub fn item(tree: &Tree, item: &Item) -> String {
    let mut writer = Writer::new(tree);
    match &item.kind {
        ItemKind::Function { name, params, body, .. } => {
            let params: Vec<String> = params.iter().map(|p| latex_name(tree.text(p.name))).collect();
            let head = format!("{}({})", latex_name(tree.text(*name)), params.join(", "));
            writer.definition(head, *body);
        }
        ItemKind::Constant { name, value, .. } => writer.definition(latex_name(tree.text(*name)), *value),
        ItemKind::Type { .. } | ItemKind::Import { .. } | ItemKind::Rule { .. } | ItemKind::Test { .. } => {}
    }
    writer.finish()
}

// How tightly things bind, loosest first.
const OPEN: u8 = 0;
const OR: u8 = 1;
const AND: u8 = 2;
const NOT: u8 = 3;
const COMPARE: u8 = 4;
const SUM: u8 = 5;
/// `\sum …`: in a product it takes parentheses.
const BIG: u8 = 6;
const PRODUCT: u8 = 7;
const NEG: u8 = 8;
const FRACTION: u8 = 9;
const POWER: u8 = 10;
const POSTFIX: u8 = 11;
const ATOM: u8 = 12;

/// What is still to be written.
enum Work {
    Expr(Ast, u8),
    Text(Cow<'static, str>),
}

struct Writer<'t> {
    tree: &'t Tree,
    /// Functions that the files define.
    defined: HashSet<Name>,
    out: String,
    work: Vec<Work>,
    /// The parts of the expression at hand, in order.
    parts: Vec<Work>,
}

impl<'t> Writer<'t> {
    fn new(tree: &'t Tree) -> Self {
        let defined = tree.items.iter().filter_map(|item| match &item.kind {
            ItemKind::Function { name, .. } | ItemKind::Constant { name, .. } => Some(*name),
            ItemKind::Type { .. }
            | ItemKind::Import { .. }
            | ItemKind::Rule { .. }
            | ItemKind::Test { .. } => None,
        });
        Writer { tree, defined: defined.collect(), out: String::new(), work: Vec::new(), parts: Vec::new() }
    }

    /// Writes all parts that were given.
    fn finish(mut self) -> String {
        self.work.extend(self.parts.drain(..).rev());
        while let Some(work) = self.work.pop() {
            match work {
                Work::Text(text) => self.out.push_str(&text),
                Work::Expr(ast, least) => {
                    self.bracketed(ast, least);
                    self.work.extend(self.parts.drain(..).rev());
                }
            }
        }
        self.out
    }

    fn expr(&mut self, ast: Ast, least: u8) {
        self.parts.push(Work::Expr(ast, least));
    }

    fn text(&mut self, text: impl Into<Cow<'static, str>>) {
        self.parts.push(Work::Text(text.into()));
    }

    fn name(&mut self, name: Name) {
        let text = latex_name(self.tree.text(name));
        self.text(text);
    }

    /// An expression, in parentheses if it binds less tightly than asked for.
    fn bracketed(&mut self, ast: Ast, least: u8) {
        if self.level(ast) < least {
            self.text("\\left(");
            self.bare(ast);
            self.text("\\right)");
        } else {
            self.bare(ast);
        }
    }

    /// Expressions with commas between them.
    fn list(&mut self, asts: &[Ast]) {
        for (at, ast) in asts.iter().enumerate() {
            self.text(if at > 0 { ", " } else { "" });
            self.expr(*ast, OR);
        }
    }

    /// `head = body`, a line for each part that the body names.
    fn definition(&mut self, head: String, body: Ast) {
        let Expr::Let { bindings, body, after: true } = self.tree.expr(body) else {
            self.text(format!("{head} = "));
            return self.expr(body, OPEN);
        };
        self.text(format!("\\begin{{aligned}}\n{head} &= "));
        self.expr(*body, OPEN);
        for (at, (pattern, value)) in bindings.iter().enumerate() {
            self.text(if at == 0 { " \\\\\n\\text{where}\\quad " } else { " \\\\\n" });
            self.pattern(pattern);
            self.text(" &= ");
            self.expr(*value, OPEN);
        }
        self.text("\n\\end{aligned}");
    }

    fn pattern(&mut self, pattern: &Pattern) {
        match pattern {
            Pattern::Name(name, _) => self.name(*name),
            Pattern::Tuple(parts) => {
                self.text("(");
                for (at, part) in parts.iter().enumerate() {
                    self.text(if at > 0 { ", " } else { "" });
                    self.pattern(part);
                }
                self.text(")");
            }
        }
    }

    fn level(&self, ast: Ast) -> u8 {
        match self.tree.expr(ast) {
            Expr::Number { value, .. } => latex_number(*value).1,
            Expr::Unary(UnaryOp::Neg, _) => NEG,
            Expr::Unary(UnaryOp::Not, _) => NOT,
            Expr::Unary(UnaryOp::Factorial | UnaryOp::Transpose, _) => POSTFIX,
            Expr::Binary(op, ..) => match op {
                BinaryOp::Or => OR,
                BinaryOp::And => AND,
                BinaryOp::Add | BinaryOp::Sub | BinaryOp::DotAdd | BinaryOp::DotSub => SUM,
                BinaryOp::Mul | BinaryOp::Juxtapose | BinaryOp::DotMul => PRODUCT,
                BinaryOp::Inner | BinaryOp::Cross | BinaryOp::DotDiv => PRODUCT,
                BinaryOp::Div => FRACTION,
                BinaryOp::Pow => POWER,
            },
            Expr::Compare(..) => COMPARE,
            Expr::If { .. } | Expr::Let { .. } | Expr::Lambda { .. } => OPEN,
            Expr::Call { callee, args, .. } => self.call_level(*callee, args),
            Expr::Reduce { .. } | Expr::Derivative { .. } => BIG,
            Expr::Index { .. } | Expr::Prime { .. } | Expr::Field { .. } => POSTFIX,
            Expr::Fold { .. } | Expr::Iterate { .. } => POSTFIX,
            Expr::Bool(_) | Expr::Name(_) | Expr::Array(_) | Expr::Tuple(_) => ATOM,
            Expr::Record(_) | Expr::Comprehension { .. } => ATOM,
        }
    }

    fn bare(&mut self, ast: Ast) {
        let tree = self.tree;
        match tree.expr(ast) {
            Expr::Number { value, .. } => self.text(latex_number(*value).0),
            Expr::Bool(value) => self.text(if *value { "\\text{true}" } else { "\\text{false}" }),
            Expr::Name(name) => self.name(*name),
            Expr::Unary(op, of) => self.unary(*op, *of),
            Expr::Binary(op, a, b) => self.binary(*op, *a, *b),
            Expr::Compare(first, links) => {
                self.expr(*first, SUM);
                for &(op, right) in links {
                    self.text(comparison(op));
                    self.expr(right, SUM);
                }
            }
            Expr::If { arms, otherwise, .. } => self.cases(arms, *otherwise),
            Expr::Let { bindings, body, .. } => {
                self.expr(*body, OR);
                for (at, (pattern, value)) in bindings.iter().enumerate() {
                    self.text(if at == 0 { " \\;\\text{with}\\; " } else { ",\\; " });
                    self.pattern(pattern);
                    self.text(" = ");
                    self.expr(*value, OR);
                }
            }
            Expr::Lambda { params, body } => {
                let names: Vec<String> =
                    params.iter().map(|(name, _)| latex_name(tree.text(*name))).collect();
                let names =
                    if names.len() == 1 { names[0].clone() } else { format!("({})", names.join(", ")) };
                self.text(format!("{names} \\mapsto "));
                self.expr(*body, OR);
            }
            Expr::Call { callee, args, .. } => self.call(*callee, args),
            Expr::Prime { of, order } => {
                self.expr(*of, POSTFIX);
                self.text("'".repeat(*order as usize));
            }
            Expr::Index { array, at } => self.index(*array, at),
            Expr::Field { of, name } => {
                self.expr(*of, POSTFIX);
                self.text(".");
                self.name(*name);
            }
            Expr::Array(elems) => self.matrix(elems),
            Expr::Tuple(parts) => {
                self.text("\\left(");
                self.list(parts);
                self.text("\\right)");
            }
            Expr::Record(fields) => {
                self.text("\\left\\{");
                for (at, &(name, value)) in fields.iter().enumerate() {
                    self.text(if at > 0 { ", " } else { "" });
                    self.name(name);
                    self.text(": ");
                    self.expr(value, OR);
                }
                self.text("\\right\\}");
            }
            Expr::Comprehension { body, over, cond } => self.comprehension(*body, over, *cond),
            Expr::Reduce { op, body, over, cond } => self.reduction(*op, *body, over, *cond),
            Expr::Fold { state, init, over, next, trace } => {
                let word = if *trace { "\\operatorname{scan}" } else { "\\operatorname{fold}" };
                self.text(word);
                self.bounds(std::slice::from_ref(over));
                self.state(state, *init, *next);
            }
            Expr::Iterate { state, init, cond, next } => {
                self.text("\\operatorname{iterate}_{");
                self.expr(*cond, OR);
                self.text("}");
                self.state(state, *init, *next);
            }
            Expr::Derivative { kind, body, by } => self.derivative(*kind, *body, by),
        }
    }

    // ── Operators ────────────────────────────────────────────────────────────────────────────────

    fn unary(&mut self, op: UnaryOp, of: Ast) {
        match op {
            UnaryOp::Neg => {
                self.text("-");
                self.expr(of, FRACTION);
            }
            UnaryOp::Not => {
                self.text("\\lnot ");
                self.expr(of, FRACTION);
            }
            UnaryOp::Factorial => {
                self.expr(of, POSTFIX);
                self.text("!");
            }
            UnaryOp::Transpose => {
                self.expr(of, POSTFIX);
                self.text("^{\\mathsf{T}}");
            }
        }
    }

    fn binary(&mut self, op: BinaryOp, a: Ast, b: Ast) {
        let (sign, left, right) = match op {
            BinaryOp::Add | BinaryOp::DotAdd => (" + ", SUM, BIG),
            BinaryOp::Sub | BinaryOp::DotSub => (" - ", SUM, BIG),
            BinaryOp::Mul | BinaryOp::Juxtapose => (self.times(a, b), PRODUCT, FRACTION),
            BinaryOp::DotMul => (" \\odot ", PRODUCT, FRACTION),
            BinaryOp::DotDiv => (" \\oslash ", PRODUCT, FRACTION),
            BinaryOp::Inner => (" \\cdot ", PRODUCT, FRACTION),
            BinaryOp::Cross => (" \\times ", PRODUCT, FRACTION),
            BinaryOp::And => (" \\land ", AND, NOT),
            BinaryOp::Or => (" \\lor ", OR, AND),
            BinaryOp::Div => {
                self.text("\\frac{");
                self.expr(a, OPEN);
                self.text("}{");
                self.expr(b, OPEN);
                return self.text("}");
            }
            BinaryOp::Pow => {
                self.expr(a, POSTFIX);
                self.text("^{");
                self.expr(b, OPEN);
                return self.text("}");
            }
        };
        self.expr(a, left);
        self.text(sign);
        self.expr(b, right);
    }

    /// What stands between two factors: nothing, unless they would read as something else.
    fn times(&self, a: Ast, b: Ast) -> &'static str {
        let number = |ast: Ast| matches!(self.tree.expr(ast), Expr::Number { .. });
        let bracketed = self.level(b) < FRACTION;
        let mut first = b;
        while let Expr::Binary(BinaryOp::Pow, base, _) = self.tree.expr(first) {
            first = *base;
        }
        let applied =
            matches!(self.tree.expr(a), Expr::Name(_)) && (bracketed || self.level(first) < POSTFIX);
        if number(first) || applied {
            " \\cdot "
        } else if number(a) {
            " "
        } else {
            " \\, "
        }
    }

    // ── Elements ─────────────────────────────────────────────────────────────────────────────────

    fn index(&mut self, array: Ast, at: &[Subscript]) {
        // A name that has a subscript, or anything else, takes braces round it.
        let plain = match self.tree.expr(array) {
            Expr::Name(name) => !latex_name(self.tree.text(*name)).contains('_'),
            _other => false,
        };
        self.text(if plain { "" } else { "{" });
        self.expr(array, POSTFIX);
        self.text(if plain { "_{" } else { "}_{" });
        for (k, subscript) in at.iter().enumerate() {
            self.text(if k > 0 { "," } else { "" });
            match *subscript {
                Subscript::At(e) => self.expr(e, OR),
                Subscript::Range(low, high) => {
                    self.expr(low, SUM);
                    self.text(":");
                    self.expr(high, SUM);
                }
                Subscript::All => self.text(":"),
            }
        }
        self.text("}");
    }

    fn matrix(&mut self, elems: &[Ast]) {
        self.text("\\begin{bmatrix} ");
        for (k, &elem) in elems.iter().enumerate() {
            self.text(if k > 0 { " \\\\ " } else { "" });
            match self.tree.expr(elem) {
                Expr::Array(row) => {
                    for (k, &cell) in row.iter().enumerate() {
                        self.text(if k > 0 { " & " } else { "" });
                        self.expr(cell, OR);
                    }
                }
                _scalar => self.expr(elem, OR),
            }
        }
        self.text(" \\end{bmatrix}");
    }
}

fn comparison(op: CompareOp) -> &'static str {
    match op {
        CompareOp::Less => " < ",
        CompareOp::LessEqual => " \\le ",
        CompareOp::Greater => " > ",
        CompareOp::GreaterEqual => " \\ge ",
        CompareOp::Equal => " = ",
        CompareOp::NotEqual => " \\ne ",
    }
}
