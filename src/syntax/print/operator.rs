//! Operators as text: chains, powers, coefficients.

use super::super::precedence::{ATOM, COMPARE, JUXTAPOSE, NEG, NOT, POSTFIX, POWER};
use super::super::tree::{Ast, BinaryOp, CompareOp, Expr, UnaryOp};
use super::expr::{ALONE, Around, Printer, Work};
use super::layout::Style;

impl Printer<'_> {
    pub fn unary(&mut self, op: UnaryOp, of: Ast, around: Around) {
        match op {
            UnaryOp::Neg => {
                self.word("-");
                self.sub(of, around.right(NEG));
            }
            UnaryOp::Not => {
                self.word("not ");
                self.sub(of, Around { lead: true, ..around.least(NOT) });
            }
            UnaryOp::Factorial | UnaryOp::Transpose => {
                self.sub(of, around.right(POSTFIX));
                self.word(if op == UnaryOp::Factorial { "!" } else { "ᵀ" });
            }
        }
    }

    pub fn power(&mut self, base: Ast, exponent: Ast, around: Around) {
        self.sub(base, around.least(POSTFIX));
        self.word("^");
        let signed = match self.tree.expr(exponent) {
            Expr::Unary(UnaryOp::Neg, of) => {
                let negative = self.level(*of) == NEG;
                !negative && matches!(self.tree.expr(*of), Expr::Number { .. } | Expr::Name(_))
            }
            number => matches!(number, Expr::Number { .. }),
        };
        self.sub(exponent, Around { least: if signed { NEG } else { POWER }, lead: signed, tight: true });
    }

    /// `2x`, with brackets where the two would run together.
    pub fn juxtaposed(&mut self, left: Ast, right: Ast, around: Around) {
        self.sub(left, around.least(JUXTAPOSE));
        let least = if self.begins_apart(right, around.tight) { NEG } else { ATOM + 1 };
        self.sub(right, around.right(least));
    }

    /// Whether this is printed so that it can directly follow a number.
    pub fn begins_apart(&self, ast: Ast, tight: bool) -> bool {
        let mut ast = ast;
        loop {
            if self.level(ast) < POWER {
                return true; // in brackets
            }
            ast = match self.tree.expr(ast) {
                Expr::Name(name) => {
                    let text = self.tree.text(*name);
                    let exponent = text.strip_prefix(['e', 'E']);
                    return match exponent {
                        Some("") => !tight,
                        Some(rest) => !rest.starts_with(|c: char| c.is_ascii_digit()),
                        None => !text.starts_with('_'),
                    };
                }
                Expr::Array(_) | Expr::Tuple(_) | Expr::Comprehension { .. } => return true,
                Expr::Reduce { .. } | Expr::Fold { .. } | Expr::Iterate { .. } | Expr::Derivative { .. } => {
                    return true;
                }
                Expr::Binary(BinaryOp::Pow, base, _) if self.level(*base) < POSTFIX => return true,
                Expr::Binary(_, base, _) => *base,
                Expr::Unary(_, of) | Expr::Prime { of, .. } | Expr::Field { of, .. } => *of,
                Expr::Call { callee: of, .. } | Expr::Index { array: of, .. } => *of,
                Expr::Number { .. }
                | Expr::Bool(_)
                | Expr::Record(_)
                | Expr::If { .. }
                | Expr::Let { .. }
                | Expr::Lambda { .. }
                | Expr::Compare(..) => return false,
            }
        }
    }

    /// A chain of operators of one level, which lean to the left: `a + b - c`.
    pub fn chain(&mut self, ast: Ast, around: Around) {
        let own = self.level(ast);
        let mut links = Vec::new();
        let mut first = ast;
        while let Expr::Binary(op, left, right) = self.tree.expr(first)
            && self.level(first) == own
        {
            links.push((*op, *right));
            first = *left;
        }
        self.put([Work::Open(Style::Fill, 2)]);
        self.sub(first, around.least(own));
        for (op, right) in links.into_iter().rev() {
            let (spaced, text) = symbol(op, around.tight);
            self.put([if spaced { Work::Space } else { Work::Cut }, Work::Word(text)]);
            // `a/2x` would draw a warning.
            let least = if op == BinaryOp::Div { NEG } else { own + 1 };
            self.sub(right, around.right(least));
        }
        self.put([Work::Close]);
    }

    /// `a < b <= c`
    pub fn comparisons(&mut self, first: Ast, links: &[(CompareOp, Ast)], around: Around) {
        self.put([Work::Open(Style::Fill, 2)]);
        self.sub(first, around.least(COMPARE + 1));
        for (op, right) in links {
            self.put([Work::Space, Work::Word(comparison(*op))]);
            self.sub(*right, Around { lead: true, ..around.least(COMPARE + 1) });
        }
        self.put([Work::Close]);
    }

    /// What is called or indexed.
    pub fn base(&mut self, ast: Ast) {
        let is_number = matches!(self.tree.expr(ast), Expr::Number { .. } | Expr::Bool(_));
        self.sub(ast, ALONE.right(if is_number { ATOM + 1 } else { POSTFIX }));
    }
}

/// How an operator is written: whether a space stands before it, and its text with what follows.
fn symbol(op: BinaryOp, tight: bool) -> (bool, &'static str) {
    match op {
        BinaryOp::Add if tight => (false, "+"),
        BinaryOp::Sub if tight => (false, "-"),
        BinaryOp::Add => (true, "+ "),
        BinaryOp::Sub => (true, "- "),
        BinaryOp::Mul | BinaryOp::Juxtapose => (false, "*"),
        BinaryOp::Div => (false, "/"),
        BinaryOp::DotAdd => (true, ".+ "),
        BinaryOp::DotSub => (true, ".- "),
        BinaryOp::DotMul => (true, ".* "),
        BinaryOp::DotDiv => (true, "./ "),
        BinaryOp::Inner => (false, "·"),
        BinaryOp::Cross => (false, "×"),
        BinaryOp::Pow => (false, "^"),
        BinaryOp::And => (true, "and "),
        BinaryOp::Or => (true, "or "),
    }
}

fn comparison(op: CompareOp) -> &'static str {
    match op {
        CompareOp::Less => "< ",
        CompareOp::LessEqual => "<= ",
        CompareOp::Greater => "> ",
        CompareOp::GreaterEqual => ">= ",
        CompareOp::Equal => "== ",
        CompareOp::NotEqual => "!= ",
    }
}
