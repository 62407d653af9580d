//! Syntax tree to formulas for papers: LaTeX, Typst, MathML.
//!
//! Takes expressions and items, of the parser or the raiser; gives text. One walk finds out what stands
//! where on paper, as a row of marks ([`mark`]); a markup language ([`latex`], [`typst`], [`mathml`]) is a
//! spelling of each. Functions of the table of primitives are written as their rows say. Must not know what a name
//! means, but that a name which the files define is not that of a primitive. A stack of its own stands
//! in for recursion.

mod forms;
mod latex;
mod mark;
mod mathml;
mod names;
mod operators;
mod template;
mod typst;

use crate::syntax::tree::{Ast, BinaryOp, Expr, Item, ItemKind, Name, Pattern, Tree, UnaryOp};
use mark::{Form, Mark, Sign, Spelling};
use names::{name_marks, number_level, number_marks};
use operators::comparison;
use std::collections::HashSet;

/// A language that formulas are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Markup {
    Latex,
    Typst,
    MathMl,
}

impl Markup {
    fn spelling(self) -> &'static dyn Spelling {
        match self {
            Markup::Latex => &latex::Latex,
            Markup::Typst => &typst::Typst,
            Markup::MathMl => &mathml::MathMl,
        }
    }
}

/// An expression.
pub fn expression(tree: &Tree, ast: Ast, markup: Markup) -> String {
    let mut writer = Writer::new(tree, markup);
    writer.expr(ast, OPEN);
    writer.finish()
}

/// A definition: one line, or aligned lines where it names parts. Other items give nothing.
pub fn item(tree: &Tree, item: &Item, markup: Markup) -> String {
    let mut writer = Writer::new(tree, markup);
    match &item.kind {
        ItemKind::Function { name, params, body, .. } => {
            let params: Vec<Name> = params.iter().map(|p| p.name).collect();
            writer.definition(*name, Some(&params), *body);
        }
        ItemKind::Constant { name, value, .. } => writer.definition(*name, None, *value),
        ItemKind::Type { .. } | ItemKind::Import { .. } | ItemKind::Rule { .. } | ItemKind::Test { .. } => {
            return String::new();
        }
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
    Mark(Mark),
}

struct Writer<'t> {
    tree: &'t Tree,
    spelling: &'static dyn Spelling,
    /// Functions that the files define.
    defined: HashSet<Name>,
    out: String,
    work: Vec<Work>,
    /// The parts of the expression at hand, in order.
    parts: Vec<Work>,
}

impl<'t> Writer<'t> {
    fn new(tree: &'t Tree, markup: Markup) -> Self {
        let defined = tree.items.iter().filter_map(|item| match &item.kind {
            ItemKind::Function { name, .. } | ItemKind::Constant { name, .. } => Some(*name),
            ItemKind::Type { .. }
            | ItemKind::Import { .. }
            | ItemKind::Rule { .. }
            | ItemKind::Test { .. } => None,
        });
        let (defined, spelling) = (defined.collect(), markup.spelling());
        Writer { tree, spelling, defined, out: String::new(), work: Vec::new(), parts: Vec::new() }
    }

    /// Writes all parts that were given.
    fn finish(mut self) -> String {
        let [open, close] = self.spelling.frame();
        self.out.push_str(open);
        self.work.extend(self.parts.drain(..).rev());
        while let Some(work) = self.work.pop() {
            match work {
                Work::Mark(mark) => self.write(&mark),
                Work::Expr(ast, least) => {
                    self.bracketed(ast, least);
                    self.work.extend(self.parts.drain(..).rev());
                }
            }
        }
        self.out.push_str(close);
        self.out
    }

    fn write(&mut self, mark: &Mark) {
        let text = mark.spelled(self.spelling);
        if self.spelling.apart(&self.out, &text) {
            self.out.push(' ');
        }
        self.out.push_str(&text);
    }

    fn expr(&mut self, ast: Ast, least: u8) {
        self.parts.push(Work::Expr(ast, least));
    }

    fn mark(&mut self, mark: Mark) {
        self.parts.push(Work::Mark(mark));
    }

    fn marks(&mut self, marks: impl IntoIterator<Item = Mark>) {
        self.parts.extend(marks.into_iter().map(Work::Mark));
    }

    fn at(&mut self, form: Form, piece: usize) {
        self.mark(Mark::At(form, piece));
    }

    fn sign(&mut self, sign: Sign) {
        self.mark(Mark::Sign(sign));
    }

    fn words(&mut self, text: &'static str) {
        self.mark(Mark::Text(text));
    }

    fn name_marks(&self, name: Name) -> Vec<Mark> {
        name_marks(self.tree.text(name), &|text| self.tree.lookup(text).is_some())
    }

    fn name(&mut self, name: Name) {
        let marks = self.name_marks(name);
        self.marks(marks);
    }

    fn names(&mut self, names: &[Name]) {
        for (at, name) in names.iter().enumerate() {
            self.between(at, Sign::Comma);
            self.name(*name);
        }
    }

    /// A sign before every thing of a list but the first.
    fn between(&mut self, at: usize, sign: Sign) {
        if at > 0 {
            self.sign(sign);
        }
    }

    /// An expression, in parentheses if it binds less tightly than asked for.
    fn bracketed(&mut self, ast: Ast, least: u8) {
        if self.level(ast) < least {
            self.at(Form::Paren, 0);
            self.bare(ast);
            self.at(Form::Paren, 1);
        } else {
            self.bare(ast);
        }
    }

    /// Expressions with commas between them.
    fn list(&mut self, asts: &[Ast]) {
        for (at, ast) in asts.iter().enumerate() {
            self.between(at, Sign::Comma);
            self.expr(*ast, OR);
        }
    }

    /// `f(x) = body`, a line for each part that the body names.
    fn definition(&mut self, name: Name, params: Option<&[Name]>, body: Ast) {
        let parts = match self.tree.expr(body) {
            Expr::Let { bindings, body, after: true } => Some((bindings, *body)),
            _whole => None,
        };
        if parts.is_some() {
            self.at(Form::Aligned, 0);
        }
        let mut marks = self.name_marks(name);
        if params.is_some_and(|params| params.len() == 1) {
            // Of one variable, a derivative is not partial.
            let partial = |mark: &&mut Mark| **mark == Mark::Sign(Sign::Partial);
            marks.iter_mut().filter(partial).for_each(|mark| *mark = Mark::Sign(Sign::Differential));
        }
        self.marks(marks);
        if let Some(params) = params {
            self.at(Form::Head, 0);
            self.names(params);
            self.at(Form::Head, 1);
        }
        let Some((bindings, value)) = parts else {
            self.sign(Sign::Equal);
            return self.expr(body, OPEN);
        };
        self.sides(value);
        for (at, (pattern, value)) in bindings.iter().enumerate() {
            self.at(Form::Aligned, 2);
            if at == 0 {
                self.words("where");
                self.sign(Sign::WideSpace);
            }
            self.pattern(pattern);
            self.sides(*value);
        }
        self.at(Form::Aligned, 3);
    }

    /// The rest of an aligned line, from its `=`.
    fn sides(&mut self, value: Ast) {
        self.at(Form::Aligned, 1);
        self.sign(Sign::AlignedEqual);
        self.expr(value, OPEN);
    }

    fn pattern(&mut self, pattern: &Pattern) {
        match pattern {
            Pattern::Name(name, _) => self.name(*name),
            Pattern::Tuple(parts) => {
                self.at(Form::Head, 0);
                for (at, part) in parts.iter().enumerate() {
                    self.between(at, Sign::Comma);
                    self.pattern(part);
                }
                self.at(Form::Head, 1);
            }
        }
    }

    fn level(&self, ast: Ast) -> u8 {
        match self.tree.expr(ast) {
            Expr::Number { value, .. } => number_level(*value),
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
            Expr::Number { value, .. } => self.marks(number_marks(*value)),
            Expr::Bool(value) => self.words(if *value { "true" } else { "false" }),
            Expr::Name(name) => self.name(*name),
            Expr::Unary(op, of) => self.unary(*op, *of),
            Expr::Binary(op, a, b) => self.binary(*op, *a, *b),
            Expr::Compare(first, links) => {
                self.expr(*first, SUM);
                for &(op, right) in links {
                    self.sign(comparison(op));
                    self.expr(right, SUM);
                }
            }
            Expr::If { arms, otherwise, .. } => self.cases(arms, *otherwise),
            Expr::Let { bindings, body, .. } => {
                self.expr(*body, OR);
                for (at, (pattern, value)) in bindings.iter().enumerate() {
                    match at {
                        0 => self.words(" with "),
                        _later => self.sign(Sign::WideComma),
                    }
                    self.pattern(pattern);
                    self.sign(Sign::Equal);
                    self.expr(*value, OR);
                }
            }
            Expr::Lambda { params, body } => {
                let names: Vec<Name> = params.iter().map(|(name, _)| *name).collect();
                if let [one] = names[..] {
                    self.name(one);
                } else {
                    self.at(Form::Head, 0);
                    self.names(&names);
                    self.at(Form::Head, 1);
                }
                self.sign(Sign::MapsTo);
                self.expr(*body, OR);
            }
            Expr::Call { callee, args, .. } => self.call(*callee, args),
            Expr::Prime { of, order } => {
                self.at(Form::Primed, 0);
                self.expr(*of, POSTFIX);
                self.at(Form::Primed, 1);
                (0..*order).for_each(|_| self.sign(Sign::Prime));
                self.at(Form::Primed, 2);
            }
            Expr::Index { array, at } => self.index(*array, at),
            Expr::Field { of, name } => {
                self.expr(*of, POSTFIX);
                self.sign(Sign::Point);
                self.name(*name);
            }
            Expr::Array(elems) => self.matrix(elems),
            Expr::Tuple(parts) => {
                self.at(Form::Paren, 0);
                self.list(parts);
                self.at(Form::Paren, 1);
            }
            Expr::Record(fields) => {
                self.at(Form::Brace, 0);
                for (at, &(name, value)) in fields.iter().enumerate() {
                    self.between(at, Sign::Comma);
                    self.name(name);
                    self.sign(Sign::Colon);
                    self.expr(value, OR);
                }
                self.at(Form::Brace, 1);
            }
            Expr::Comprehension { body, over, cond } => self.comprehension(*body, over, *cond),
            Expr::Reduce { op, body, over, cond } => self.reduction(*op, *body, over, *cond),
            Expr::Fold { state, init, over, next, trace } => {
                let word = Mark::Function(if *trace { "scan" } else { "fold" }.to_string());
                self.indexed(std::slice::from_ref(over), |writer| writer.mark(word));
                self.state(state, *init, *next);
            }
            Expr::Iterate { state, init, cond, next } => {
                self.at(Form::Sub, 0);
                self.mark(Mark::Function("iterate".to_string()));
                self.at(Form::Sub, 1);
                self.expr(*cond, OR);
                self.at(Form::Sub, 2);
                self.state(state, *init, *next);
            }
            Expr::Derivative { kind, body, by } => self.derivative(*kind, *body, by),
        }
    }
}
