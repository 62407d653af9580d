//! Numbers, and reals that the checker would otherwise take for integers.

use super::{Grade, Look, Raised, Raiser};
use crate::syntax::tree::{Ast, BinaryOp, Expr, UnaryOp};

/// Integral reals up to this are written without a point.
const LARGEST: f64 = 1e15;
/// Constants that the notation has names for.
const CONSTANTS: &[(&str, f64)] = &[("pi", std::f64::consts::PI), ("e", std::f64::consts::E)];

impl Raiser<'_> {
    /// A real, in the shortest form.
    pub(super) fn real(&mut self, value: f64) -> Raised {
        if value.is_sign_negative() && !value.is_nan() {
            let positive = self.real(-value);
            let number = self.unary(UnaryOp::Neg, positive);
            return Raised { look: positive.look, ..number };
        }
        let known = CONSTANTS.iter().find(|(_, constant)| *constant == value).map(|(name, _)| *name);
        if let Some(name) = known.filter(|name| !self.names.is_taken(name)) {
            return self.name(name);
        }
        if value.fract() == 0.0 && value < LARGEST {
            return self.integer(value as i64);
        }
        let width = format!("{value:?}").len() as u32;
        self.leaf(Expr::Number { value, integer: None }, width)
    }

    pub(super) fn integer(&mut self, value: i64) -> Raised {
        if value < 0 && value != i64::MIN {
            let positive = self.integer(-value);
            let number = self.unary(UnaryOp::Neg, positive);
            return Raised { look: Look::Int, ..number };
        }
        let width = value.to_string().len() as u32;
        let number = self.leaf(Expr::Number { value: value as f64, integer: Some(value) }, width);
        Raised { look: Look::Int, ..number }
    }

    /// Whether this is a number, with or without a sign.
    pub(super) fn is_literal(&self, ast: Ast) -> bool {
        match self.tree.expr(ast) {
            Expr::Unary(UnaryOp::Neg, inner) => self.is_number(*inner),
            _other => self.is_number(ast),
        }
    }

    /// The same number so that the checker takes it for a real: `2.0`, `1.0*n`.
    pub(super) fn as_real(&mut self, raised: Raised) -> Raised {
        if raised.look != Look::Int {
            return raised;
        }
        let ast = self.real_ast(raised.ast);
        Raised {
            ast,
            width: raised.width + 2,
            look: Look::Plain,
            grade: raised.grade.max(Grade::Small),
            ..raised
        }
    }

    fn real_ast(&mut self, ast: Ast) -> Ast {
        let expr = self.tree.expr(ast).clone();
        let real = match expr {
            Expr::Number { value, .. } => Expr::Number { value, integer: None },
            Expr::Unary(UnaryOp::Neg, a) => Expr::Unary(UnaryOp::Neg, self.real_ast(a)),
            Expr::Binary(op @ (BinaryOp::Add | BinaryOp::Sub | BinaryOp::Mul), a, b) => {
                if self.is_number(b) {
                    Expr::Binary(op, a, self.real_ast(b))
                } else {
                    Expr::Binary(op, self.real_ast(a), b)
                }
            }
            Expr::If { mut arms, otherwise, braces } => {
                if let Some((_, value)) = arms.first_mut() {
                    *value = self.real_ast(*value);
                }
                Expr::If { arms, otherwise, braces }
            }
            Expr::Let { bindings, body, after } => Expr::Let { bindings, body: self.real_ast(body), after },
            Expr::Array(mut elems) if !elems.is_empty() => {
                elems[0] = self.real_ast(elems[0]);
                Expr::Array(elems)
            }
            Expr::Comprehension { body, over, cond } => {
                Expr::Comprehension { body: self.real_ast(body), over, cond }
            }
            _other => {
                let one = self.add(Expr::Number { value: 1.0, integer: None });
                Expr::Binary(BinaryOp::Mul, one, ast)
            }
        };
        self.add(real)
    }
}
