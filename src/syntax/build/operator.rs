//! Operands and operators: what binds how tightly, and what becomes of two operands and a sign.

use super::super::fold::lower;
use super::super::frame::{Entry, Operand, Prefix, Slot, What};
use super::super::precedence::{COMPARE, NEG, NOT, POWER, ROOT, level};
use super::super::token::Infix;
use super::super::tree::{Ast, BinaryOp, Expr, Span, Tree, UnaryOp};
use super::{Builder, Kind, Step, expected_operand, join, lone_colon};
use crate::syntax::diagnostic::{Code, Diagnostic};

fn entry_level(entry: &Entry) -> Option<u8> {
    match entry {
        Entry::Prefix(Prefix::Neg, _) => Some(NEG),
        Entry::Prefix(Prefix::Not, _) => Some(NOT),
        Entry::Prefix(Prefix::Root, _) => Some(ROOT),
        Entry::Infix(op) => Some(level(*op)),
        Entry::Compare(_) => Some(COMPARE),
        Entry::Frame(_) => None,
    }
}

/// Whether this is a literal, perhaps with a sign.
pub fn is_number(tree: &Tree, ast: Ast) -> bool {
    if let Expr::Unary(UnaryOp::Neg, of) = tree.expr(ast) {
        return matches!(tree.expr(*of), Expr::Number { value, .. }
            if value.is_finite() && value.is_sign_positive());
    }
    matches!(tree.expr(ast), Expr::Number { value, .. } if value.is_finite())
}

impl Builder<'_, '_> {
    pub fn number(&mut self, text: &str, span: Span) -> Step {
        let value: f64 =
            text.parse().map_err(|_| Diagnostic::new(Code::Unexpected, span, "this is not a number"))?;
        if value.is_infinite() {
            return Err(Diagnostic::new(Code::NumberTooLarge, span, "this number is too large for a double")
                .label("the largest is about 1.8e308")
                .help("write `inf` for infinity"));
        }
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        let integer = if digits { text.parse().ok() } else { None };
        self.push(Expr::Number { value, integer }, span);
        Ok(())
    }

    /// `:` alone, good only as a whole subscript.
    pub fn whole(&mut self, span: Span) -> Step {
        let alone = self.slot_is_empty();
        let frame = self.frame();
        if !(alone && matches!(frame.kind, Kind::Index { .. }) && frame.slot == Slot::Item) {
            return Err(lone_colon(span));
        }
        self.out.push(Operand { what: What::Whole, span });
        Ok(())
    }

    /// A closing bracket where an operand could begin: right after the opening one or a comma.
    pub fn nothing(&mut self, span: Span) -> Step {
        let listed = self.slot_is_empty() && self.frame().slot == Slot::Item;
        let bracket = self.frame().kind.shape().is_some();
        if listed && bracket { Ok(()) } else { Err(expected_operand(span)) }
    }

    pub fn infix(&mut self, infix: Infix, span: Span) -> Step {
        let base = self.frame().base;
        if self.out.len() <= base {
            return Err(Diagnostic::new(
                Code::MissingExpression,
                span,
                "there is nothing here for this operator to work on",
            )
            .label("expected an expression before it"));
        }
        if let Some(Operand { what: What::Whole, span }) = self.out.last() {
            return Err(lone_colon(*span));
        }
        match infix {
            Infix::Compare(op) => {
                self.reduce(COMPARE + 1);
                if let Some(Entry::Compare(chain)) = self.stack.last_mut() {
                    chain.push(op);
                } else {
                    self.stack.push(Entry::Compare(vec![op]));
                }
            }
            Infix::Binary(BinaryOp::Pow) => {
                self.reduce(POWER + 1);
                self.stack.push(Entry::Infix(BinaryOp::Pow));
            }
            Infix::Binary(op) => {
                if op == BinaryOp::Juxtapose && matches!(self.stack.last(), Some(Entry::Infix(BinaryOp::Pow)))
                {
                    self.warn_after_power(span);
                }
                self.reduce(level(op));
                self.stack.push(Entry::Infix(op));
            }
        }
        Ok(())
    }

    /// `x²`, `x⁻¹`, `xⁿ`
    pub fn raised(&mut self, text: &str, span: Span) -> Step {
        self.reduce(ROOT);
        let base = self.left_operand(span)?;
        let left = self.node(base);
        let text = lower(text);
        let (negative, size) = text.strip_prefix('-').map_or((false, text.as_str()), |size| (true, size));
        if size.starts_with(|c: char| c.is_ascii_digit()) {
            self.number(size, span)?;
        } else {
            let name = self.tree.intern(size);
            self.push(Expr::Name(name), span);
        }
        let mut exponent = self.value(span)?;
        if negative {
            exponent = self.tree.add(Expr::Unary(UnaryOp::Neg, exponent), span);
        }
        self.push(Expr::Binary(BinaryOp::Pow, left, exponent), join(base.span, span));
        Ok(())
    }

    pub fn postfix(&mut self, op: UnaryOp, span: Span) -> Step {
        let of = self.left_operand(span)?;
        let at = self.node(of);
        self.push(Expr::Unary(op, at), join(of.span, span));
        Ok(())
    }

    /// Reduces the operators that bind at least this tightly.
    pub fn reduce(&mut self, least: u8) {
        while self.stack.last().and_then(entry_level).is_some_and(|level| level >= least) {
            self.reduce_one();
        }
    }

    /// Reduces every operator of the innermost frame.
    pub fn settle(&mut self) {
        self.reduce(0);
    }

    fn reduce_one(&mut self) {
        match self.stack.pop() {
            Some(Entry::Prefix(prefix, sign)) => self.reduce_prefix(prefix, sign),
            Some(Entry::Infix(op)) => self.reduce_infix(op),
            Some(Entry::Compare(ops)) => {
                let operands = self.out.split_off(self.out.len() - ops.len() - 1);
                let span = join(operands[0].span, operands[ops.len()].span);
                let first = self.node(operands[0]);
                let links = ops.into_iter().zip(&operands[1..]);
                let links = links.map(|(op, right)| (op, self.node(*right))).collect();
                self.push(Expr::Compare(first, links), span);
            }
            Some(Entry::Frame(_)) | None => unreachable!("only operators are reduced"),
        }
    }

    fn reduce_prefix(&mut self, prefix: Prefix, sign: Span) {
        let Some(of) = self.out.pop() else { unreachable!("the grammar gives each sign its operand") };
        let span = join(sign, of.span);
        let at = self.node(of);
        let expr = match prefix {
            Prefix::Neg => Expr::Unary(UnaryOp::Neg, at),
            Prefix::Not => Expr::Unary(UnaryOp::Not, at),
            Prefix::Root => {
                let name = self.tree.intern("sqrt");
                let callee = self.tree.add(Expr::Name(name), sign);
                Expr::Call { callee, args: vec![at], elementwise: false }
            }
        };
        self.push(expr, span);
    }

    fn reduce_infix(&mut self, op: BinaryOp) {
        let (Some(right), Some(left)) = (self.out.pop(), self.out.pop()) else {
            unreachable!("the grammar gives each operator its operands")
        };
        let span = join(left.span, right.span);
        if op == BinaryOp::Juxtapose && matches!(self.stack.last(), Some(Entry::Infix(BinaryOp::Div))) {
            self.warn_divided(left.span, right.span);
        }
        let (a, b) = (self.node(left), self.node(right));
        // Only what begins with its number stays `2x`; `x^2y` becomes `x^2*y`.
        let plain = op != BinaryOp::Juxtapose || is_number(self.tree, a);
        self.push(Expr::Binary(if plain { op } else { BinaryOp::Mul }, a, b), span);
    }

    /// `1/2x` divides by all of `2x`; a reader may think otherwise.
    fn warn_divided(&mut self, left: Span, right: Span) {
        let Some(above) = self.out.last().map(|operand| operand.span) else { return };
        let span = join(above, right);
        let (a, b, c) = (self.quote(above), self.quote(left), self.quote(right));
        let (Some(a), Some(b), Some(c)) = (a, b, c) else {
            let message = "a number directly before a name or a bracket multiplies before it divides";
            self.warnings.push(
                Diagnostic::new(Code::DivisorTakesFactor, span, message)
                    .help("put brackets round the divisor"),
            );
            return;
        };
        let warning =
            Diagnostic::new(Code::DivisorTakesFactor, span, format!("`{a}/{b}{c}` means `{a}/({b}{c})`"))
                .help(format!("write `{a}/({b}{c})`, or `{a}/{b}*{c}` if that is meant"));
        self.warnings.push(warning);
    }

    /// `x^2y` is `x^2*y`; a reader may think otherwise.
    fn warn_after_power(&mut self, at: Span) {
        let Some(number) = self.out.last().map(|operand| operand.span) else { return };
        let place = Span { end: at.start, ..number };
        let warning =
            Diagnostic::new(Code::ExponentEnds, place, "the exponent ends before the factor that follows it")
                .label("only this number is the exponent")
                .help("write `*` between them, or put brackets round the whole exponent");
        self.warnings.push(warning);
    }
}
