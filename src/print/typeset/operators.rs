//! Operators, indices and matrices.

use super::mark::{Form, Mark, Sign};
use super::{AND, BIG, FRACTION, NOT, OPEN, OR, POSTFIX, PRODUCT, SUM, Writer};
use crate::syntax::tree::{Ast, BinaryOp, CompareOp, Expr, Subscript, UnaryOp};

impl Writer<'_> {
    // ── Operators ────────────────────────────────────────────────────────────────────────────────

    pub(super) fn unary(&mut self, op: UnaryOp, of: Ast) {
        match op {
            UnaryOp::Neg => {
                self.sign(Sign::Negative);
                self.expr(of, FRACTION);
            }
            UnaryOp::Not => {
                self.sign(Sign::Not);
                self.expr(of, FRACTION);
            }
            UnaryOp::Factorial => {
                self.expr(of, POSTFIX);
                self.sign(Sign::Factorial);
            }
            UnaryOp::Transpose => {
                self.at(Form::Sup, 0);
                self.expr(of, POSTFIX);
                self.at(Form::Sup, 1);
                self.sign(Sign::Transpose);
                self.at(Form::Sup, 2);
            }
        }
    }

    pub(super) fn binary(&mut self, op: BinaryOp, a: Ast, b: Ast) {
        let (sign, left, right) = match op {
            BinaryOp::Add | BinaryOp::DotAdd => (Sign::Plus, SUM, BIG),
            BinaryOp::Sub | BinaryOp::DotSub => (Sign::Minus, SUM, BIG),
            BinaryOp::Mul | BinaryOp::Juxtapose => (self.times(a, b), PRODUCT, FRACTION),
            BinaryOp::DotMul => (Sign::Hadamard, PRODUCT, FRACTION),
            BinaryOp::DotDiv => (Sign::HadamardQuotient, PRODUCT, FRACTION),
            BinaryOp::Inner => (Sign::Dot, PRODUCT, FRACTION),
            BinaryOp::Cross => (Sign::Cross, PRODUCT, FRACTION),
            BinaryOp::And => (Sign::And, AND, NOT),
            BinaryOp::Or => (Sign::Or, OR, AND),
            BinaryOp::Div => return self.pair(Form::Fraction, (a, OPEN), (b, OPEN)),
            BinaryOp::Pow => return self.pair(Form::Sup, (a, POSTFIX), (b, OPEN)),
        };
        self.expr(a, left);
        self.sign(sign);
        self.expr(b, right);
    }

    /// A form that holds two expressions.
    fn pair(&mut self, form: Form, first: (Ast, u8), second: (Ast, u8)) {
        self.at(form, 0);
        self.expr(first.0, first.1);
        self.at(form, 1);
        self.expr(second.0, second.1);
        self.at(form, 2);
    }

    /// What stands between two factors: nothing, unless they would read as something else.
    fn times(&self, a: Ast, b: Ast) -> Sign {
        let number = |ast: Ast| matches!(self.tree.expr(ast), Expr::Number { .. });
        let bracketed = self.level(b) < FRACTION;
        let mut first = b;
        while let Expr::Binary(BinaryOp::Pow, base, _) = self.tree.expr(first) {
            first = *base;
        }
        let applied =
            matches!(self.tree.expr(a), Expr::Name(_)) && (bracketed || self.level(first) < POSTFIX);
        if number(first) || applied {
            Sign::Dot
        } else if number(a) {
            Sign::Juxtaposed
        } else {
            Sign::Thin
        }
    }

    // ── Elements ─────────────────────────────────────────────────────────────────────────────────

    pub(super) fn index(&mut self, array: Ast, at: &[Subscript]) {
        // A name that has a subscript, or anything else, is one thing under the index.
        let plain = match self.tree.expr(array) {
            Expr::Name(name) => !self.name_marks(*name).contains(&Mark::At(Form::Sub, 0)),
            _other => false,
        };
        let form = if plain { Form::Sub } else { Form::SubOfMore };
        self.at(form, 0);
        self.expr(array, POSTFIX);
        self.at(form, 1);
        for (k, subscript) in at.iter().enumerate() {
            self.between(k, Sign::IndexComma);
            match *subscript {
                Subscript::At(e) => self.expr(e, OR),
                Subscript::Range(low, high) => {
                    self.expr(low, SUM);
                    self.sign(Sign::Through);
                    self.expr(high, SUM);
                }
                Subscript::All => self.sign(Sign::Through),
            }
        }
        self.at(form, 2);
    }

    pub(super) fn matrix(&mut self, elems: &[Ast]) {
        self.at(Form::Matrix, 0);
        for (k, &elem) in elems.iter().enumerate() {
            if k > 0 {
                self.at(Form::Matrix, 2);
            }
            match self.tree.expr(elem) {
                Expr::Array(row) => {
                    for (k, &cell) in row.iter().enumerate() {
                        if k > 0 {
                            self.at(Form::Matrix, 1);
                        }
                        self.expr(cell, OR);
                    }
                }
                _scalar => self.expr(elem, OR),
            }
        }
        self.at(Form::Matrix, 3);
    }
}

pub(super) fn comparison(op: CompareOp) -> Sign {
    match op {
        CompareOp::Less => Sign::Less,
        CompareOp::LessEqual => Sign::LessEqual,
        CompareOp::Greater => Sign::Greater,
        CompareOp::GreaterEqual => Sign::GreaterEqual,
        CompareOp::Equal => Sign::Equal,
        CompareOp::NotEqual => Sign::NotEqual,
    }
}
