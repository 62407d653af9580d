//! Primitives of the table as operators and calls, and choices.

use super::names::is_builtin;
use super::{Grade, Look, Raised, Raiser};
use crate::core::{Ex, Type};
use crate::primitive::{Kind, Prim};
use crate::syntax::tree::{Ast, BinaryOp, CompareOp, Expr, Reducer, UnaryOp};

impl Raiser<'_> {
    pub(super) fn prim(&mut self, ex: Ex, p: Prim, args: &[Raised]) -> Raised {
        if let Some(op) = comparison(p) {
            return self.compare(ex, op, args);
        }
        let raised = match (p, args) {
            (Prim::AND, &[a, b]) => self.and(a, b),
            (Prim::OR, &[a, b]) => self.binary(BinaryOp::Or, a, b),
            (Prim::NOT, &[a]) => self.unary(UnaryOp::Not, a),
            (Prim::TO_REAL, &[a]) => {
                self.mixes = true;
                return a;
            }
            (Prim::TO_INT, &[a]) => return a,
            _ => return self.number(ex, p, args),
        };
        Raised { look: Look::Plain, ..raised }
    }

    /// A primitive whose value is a number.
    fn number(&mut self, ex: Ex, p: Prim, args: &[Raised]) -> Raised {
        let ints = args.iter().all(|arg| arg.look == Look::Int);
        let arith = p.row().kind == Kind::Arith;
        let mut args = args.to_vec();
        // The checker would take this for integer arithmetic, which may stop where reals go on.
        if ints && self.graph.ty(ex) == Type::REAL && self.is_risky(p, &args) {
            args[0] = self.as_real(args[0]);
        }
        let ints = args.iter().all(|arg| arg.look == Look::Int);
        let raised = match (p, &args[..]) {
            (Prim::ADD, &[a, b]) => self.added(a, b),
            (Prim::SUB, &[a, b]) => match self.negated(b) {
                Some(b) => self.binary(BinaryOp::Add, a, b),
                None => self.binary(BinaryOp::Sub, a, b),
            },
            (Prim::MUL, &[a, b]) => {
                // A number comes first.
                let swap = self.is_literal(b.ast) && !self.is_literal(a.ast);
                let (a, b) = if swap { (b, a) } else { (a, b) };
                self.binary(BinaryOp::Mul, a, b)
            }
            (Prim::DIV, &[a, b]) => self.binary(BinaryOp::Div, a, b),
            (Prim::POW, &[a, b]) => self.binary(BinaryOp::Pow, a, b),
            (Prim::NEG, &[a]) => self.minus(a),
            (_, &[a]) if p.name() == "inv" => {
                let one = self.integer(1);
                self.binary(BinaryOp::Div, one, a)
            }
            _ => {
                let name = self.callable(p);
                self.apply(name, &args)
            }
        };
        let whole = arith || p == Prim::POW && self.is_int_power(args[1].ast);
        let look = match (whole && ints, p.row().integral) {
            (true, _) => Look::Int,
            (false, true) => Look::Integral,
            (false, false) => Look::Plain,
        };
        Raised { look, ..raised }
    }

    /// Whether the checker takes the power of an `Int` with this exponent for an `Int`.
    fn is_int_power(&self, exponent: Ast) -> bool {
        matches!(self.tree.expr(exponent), Expr::Number { integer: Some(0..=8), .. })
    }

    /// Whether integer arithmetic may fail or overflow on operands of ordinary size.
    fn is_risky(&self, p: Prim, args: &[Raised]) -> bool {
        let plain = |arg: &Raised| arg.grade <= Grade::Small;
        match p {
            Prim::ADD | Prim::SUB | Prim::NEG | Prim::MAX | Prim::MIN => false,
            Prim::MUL => !args.iter().all(plain),
            Prim::POW => {
                let square = matches!(self.tree.expr(args[1].ast), Expr::Number { integer: Some(2), .. });
                !square || !plain(&args[0])
            }
            _ => p.row().kind == Kind::Arith && p.row().args.len() > 1,
        }
    }

    /// The name under which no name of the file hides the primitive.
    fn callable(&self, p: Prim) -> &'static str {
        let row = p.row();
        let names = std::iter::once(row.name).chain(row.aliases.iter().copied());
        let free = names.clone().find(|name| !self.names.is_taken(name));
        debug_assert!(is_builtin(row.name));
        free.unwrap_or(row.name)
    }

    fn compare(&mut self, ex: Ex, op: CompareOp, args: &[Raised]) -> Raised {
        let operands: Vec<Ex> = match self.graph.node(ex) {
            crate::core::Node::Prim(_, list) => self.graph.exs(list).collect(),
            _other => unreachable!("a comparison"),
        };
        if self.graph.ty(operands[0]) == Type::INT {
            if let Some(counted) = self.counted(op, &operands) {
                return counted;
            }
            if let Some(raised) = self.compare_ints(op, operands[0], operands[1]) {
                return raised;
            }
        }
        self.comparison(op, args[0], args[1])
    }

    /// `any(…)` and `all(…)`, from a count compared with 0.
    fn counted(&mut self, op: CompareOp, operands: &[Ex]) -> Option<Raised> {
        let zero = |at: usize| self.graph.as_int(operands[at]) == Some(0);
        let (count, any) = match op {
            CompareOp::Less if zero(0) => (operands[1], true),
            CompareOp::Equal if zero(1) => (operands[0], false),
            CompareOp::Equal if zero(0) => (operands[1], false),
            _other => return None,
        };
        let raised = self.form(count);
        let Expr::Reduce { op: Reducer::Count, body, over, cond: None } = self.tree.expr(raised.ast) else {
            return None;
        };
        let (body, over) = (*body, over.clone());
        if any {
            return Some(
                self.formula(Expr::Reduce { op: Reducer::Any, body, over, cond: None }, raised.width),
            );
        }
        let body = match self.tree.expr(body) {
            Expr::Unary(UnaryOp::Not, inner) => *inner,
            _positive => self.add(Expr::Unary(UnaryOp::Not, body)),
        };
        Some(self.formula(Expr::Reduce { op: Reducer::All, body, over, cond: None }, raised.width))
    }

    /// `a and b`; `a < b and b < c` is `a < b < c`.
    pub(super) fn and(&mut self, a: Raised, b: Raised) -> Raised {
        if let (Expr::Compare(first, left), Expr::Compare(middle, right)) =
            (self.tree.expr(a.ast), self.tree.expr(b.ast))
            && let Some(&(_, last)) = left.last()
            && crate::syntax::print::same(self.tree, last, self.tree, *middle)
            && let ops = left.iter().chain(right).map(|&(op, _)| op)
            && (ops.clone().all(is_rising) || ops.clone().all(is_falling))
        {
            let (first, links) = (*first, left.iter().chain(right).copied().collect());
            return self.formula(Expr::Compare(first, links), a.width + b.width);
        }
        self.binary(BinaryOp::And, a, b)
    }

    /// A sum; a negative operand is subtracted.
    fn added(&mut self, a: Raised, b: Raised) -> Raised {
        if let Some(b) = self.negated(b) {
            return self.binary(BinaryOp::Sub, a, b);
        }
        match self.negated(a) {
            Some(a) => self.binary(BinaryOp::Sub, b, a),
            None => self.binary(BinaryOp::Add, a, b),
        }
    }

    /// The opposite of a formula that begins with a minus sign: of `-2*x` it is `2*x`.
    fn negated(&mut self, a: Raised) -> Option<Raised> {
        let (factors, first) = self.factors(a.ast);
        let Expr::Unary(UnaryOp::Neg, positive) = self.tree.expr(first) else { return None };
        let ast = self.product(*positive, &factors);
        Some(Raised { ast, width: a.width - 1, ..a })
    }

    /// `-a`; of a product, of its first factor: `-x*y` is the same number as `-(x*y)`.
    pub(super) fn minus(&mut self, a: Raised) -> Raised {
        let (factors, first) = self.factors(a.ast);
        if factors.is_empty() {
            return self.unary(UnaryOp::Neg, a);
        }
        let negative = self.add(Expr::Unary(UnaryOp::Neg, first));
        let ast = self.product(negative, &factors);
        Raised { ast, width: a.width + 1, grade: Grade::Large, ..a }
    }

    /// The first factor of a product or quotient, and what follows it, last first.
    fn factors(&self, ast: Ast) -> (Vec<(BinaryOp, Ast)>, Ast) {
        let mut factors = Vec::new();
        let mut first = ast;
        while let Expr::Binary(op @ (BinaryOp::Mul | BinaryOp::Div), left, right) = self.tree.expr(first) {
            factors.push((*op, *right));
            first = *left;
        }
        (factors, first)
    }

    fn product(&mut self, first: Ast, factors: &[(BinaryOp, Ast)]) -> Ast {
        factors.iter().rev().fold(first, |left, &(op, right)| self.add(Expr::Binary(op, left, right)))
    }

    /// `if c then a else b`; a branch that is a choice itself continues the chain.
    pub(super) fn choice(&mut self, ex: Ex, cond: Ex, then: Ex, els: Ex) -> Raised {
        let (c, a, b) = (self.form(cond), self.form(then), self.form(els));
        if self.graph.ty(ex) == Type::BOOL {
            if self.graph.as_bool(els) == Some(false) {
                return self.and(c, a);
            }
            if self.graph.as_bool(then) == Some(true) {
                return self.binary(BinaryOp::Or, c, b);
            }
        }
        let (mut arms, mut otherwise) = (vec![(c.ast, a.ast)], b.ast);
        if let Expr::If { arms: more, otherwise: last, braces: false } = self.tree.expr(b.ast) {
            arms.extend(more.iter().copied());
            otherwise = *last;
        }
        let look = if a.look == Look::Int && b.look == Look::Int { Look::Int } else { Look::Plain };
        let raised = self.formula(
            Expr::If { arms, otherwise, braces: false },
            c.width + a.width + b.width + "if  then  else ".len() as u32,
        );
        Raised { look, ..raised }
    }
}

fn comparison(p: Prim) -> Option<CompareOp> {
    Some(match p {
        Prim::LT => CompareOp::Less,
        Prim::LE => CompareOp::LessEqual,
        Prim::GT => CompareOp::Greater,
        Prim::GE => CompareOp::GreaterEqual,
        Prim::EQ => CompareOp::Equal,
        Prim::NE => CompareOp::NotEqual,
        _ => return None,
    })
}

fn is_rising(op: CompareOp) -> bool {
    matches!(op, CompareOp::Less | CompareOp::LessEqual)
}

fn is_falling(op: CompareOp) -> bool {
    matches!(op, CompareOp::Greater | CompareOp::GreaterEqual)
}
