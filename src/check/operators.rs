//! Operators on numbers and conditions, and the choice of a branch.

use super::lower::Lowerer;
use super::value::{Value, describe};
use crate::core::{Ex, Node, Type};
use crate::primitive::{self, Prim};
use crate::syntax::diagnostic::{Code, Diagnostic};
use crate::syntax::tree::{Ast, BinaryOp, CompareOp, Expr, UnaryOp};

/// The largest literal exponent for which a power of an `Int` stays one.
const MOST_INT_POWER: i64 = 8;
/// The largest literal power of a matrix.
const MOST_MATRIX_POWER: i64 = 64;

impl Lowerer<'_> {
    pub fn unary(&mut self, op: UnaryOp, operand: Value, ast: Ast) -> Value {
        let Some(ex) = self.number_or_array(&operand, ast) else { return Value::Error };
        match op {
            UnaryOp::Transpose => return self.transpose(operand, ast),
            UnaryOp::Not => {
                return match self.condition(&operand, ast) {
                    Some(cond) => Value::Ex(self.graph.not(cond)),
                    None => Value::Error,
                };
            }
            UnaryOp::Neg | UnaryOp::Factorial => {}
        }
        if self.graph.ty(ex).elem == crate::core::Elem::Bool {
            return self.not_a_number(&operand, ast);
        }
        if op == UnaryOp::Factorial {
            return self.factorial(ex, ast);
        }
        let negated = self.map_elements(ex, |this, x| this.graph.neg(x));
        if let Value::Row(_) = operand { Value::Row(negated) } else { Value::Ex(negated) }
    }

    fn factorial(&mut self, n: Ex, ast: Ast) -> Value {
        if self.graph.ty(n).is_array() {
            let error = Diagnostic::new(Code::OfArray, self.span(ast), "the factorial of an array");
            return self.error(error.help("write `[v[i]! for i in 1..n]`"));
        }
        let n = self.graph.to_real(n);
        if let Some(value) = self.graph.as_real(n)
            && value >= 0.0
            && value.fract() == 0.0
            && value < 171.0
        {
            let product = (1..=value as u32).fold(1.0, |product, k| product * k as f64);
            return Value::Ex(self.graph.real(product));
        }
        let Some(gamma) = primitive::find("gamma") else {
            let error = Diagnostic::new(Code::NotAvailable, self.span(ast), "factorials are not available");
            return self.error(error.help("write `prod(k for k in 1..n)`"));
        };
        let one = self.graph.real(1.0);
        let next = self.graph.add(n, one);
        Value::Ex(self.graph.prim(gamma, &[next]))
    }

    pub fn binary(&mut self, op: BinaryOp, left: (Value, Ast), right: (Value, Ast), ast: Ast) -> Value {
        if left.0.is_error() || right.0.is_error() {
            return Value::Error;
        }
        if matches!(op, BinaryOp::And | BinaryOp::Or) {
            return self.logic(op, left, right);
        }
        let (Some(a), Some(b)) =
            (self.number_or_array(&left.0, left.1), self.number_or_array(&right.0, right.1))
        else {
            return Value::Error;
        };
        for (value, of) in [&left, &right] {
            if self.graph.ty(value.plain().unwrap_or(a)).elem == crate::core::Elem::Bool {
                return self.not_a_number(value, *of);
            }
        }
        let scalars = self.graph.ty(a).is_scalar() && self.graph.ty(b).is_scalar();
        if !scalars {
            return self.array_binary(op, (left.0, a), (right.0, b), ast);
        }
        Value::Ex(self.scalar_binary(op, a, b))
    }

    /// An operator between two scalars that are numbers.
    pub fn scalar_binary(&mut self, op: BinaryOp, a: Ex, b: Ex) -> Ex {
        use BinaryOp::*;
        match op {
            Add | DotAdd => self.arithmetic(Prim::ADD, a, b),
            Sub | DotSub => self.arithmetic(Prim::SUB, a, b),
            Mul | Juxtapose | DotMul | Inner | Cross => self.arithmetic(Prim::MUL, a, b),
            Div | DotDiv => {
                let (a, b) = (self.graph.to_real(a), self.graph.to_real(b));
                self.graph.div(a, b)
            }
            Pow => self.power(a, b),
            And => self.graph.and(a, b),
            Or => self.graph.or(a, b),
        }
    }

    /// A primitive of two numbers: of `Int`s when both are, unless literals leave the range.
    fn arithmetic(&mut self, p: Prim, a: Ex, b: Ex) -> Ex {
        let (mut a, mut b) = (a, b);
        let fits = match (self.graph.as_int(a), self.graph.as_int(b)) {
            (Some(m), Some(n)) => primitive::eval_int(p, &[m, n]).is_some(),
            (Some(_), None) | (None, _) => true,
        };
        if self.graph.ty(a) != self.graph.ty(b) || !fits {
            (a, b) = (self.graph.to_real(a), self.graph.to_real(b));
        }
        self.graph.prim(p, &[a, b])
    }

    fn power(&mut self, base: Ex, exponent: Ex) -> Ex {
        if self.graph.ty(base) == Type::INT
            && let Some(n) = self.graph.as_int(exponent)
            && n >= 0
        {
            if let Some(literal) = self.graph.as_int(base) {
                if let Some(value) = u32::try_from(n).ok().and_then(|n| literal.checked_pow(n)) {
                    return self.graph.int(value);
                }
            } else if n <= MOST_INT_POWER {
                let one = self.graph.int(1);
                return (0..n).fold(one, |product, _| self.graph.mul(product, base));
            }
        }
        let (base, exponent) = (self.graph.to_real(base), self.graph.to_real(exponent));
        self.graph.prim(Prim::POW, &[base, exponent])
    }

    /// A matrix to the power of a literal.
    pub fn matrix_power(&mut self, base: Ex, exponent: Ex, ast: Ast) -> Value {
        let count = self.graph.as_int(exponent).filter(|n| (1..=MOST_MATRIX_POWER).contains(n));
        let (Some(mut n), 2) = (count, self.graph.ty(base).rank) else {
            let error =
                Diagnostic::new(Code::OfArray, self.span(ast), "this power of an array has no meaning");
            return self.error(
                error.help(
                    "a square matrix has powers by literals 1, 2, …; elementwise write `[v[i]^p for i]`",
                ),
            );
        };
        let (mut square, mut result) = (base, None);
        loop {
            if n % 2 == 1 {
                result = match result {
                    None => Some(square),
                    Some(so_far) => match self.product(so_far, square, ast).plain() {
                        Some(next) => Some(next),
                        None => return Value::Error,
                    },
                };
            }
            n /= 2;
            if n == 0 {
                return result.map_or(Value::Error, Value::Ex);
            }
            let Some(next) = self.product(square, square, ast).plain() else { return Value::Error };
            square = next;
        }
    }

    fn logic(&mut self, op: BinaryOp, left: (Value, Ast), right: (Value, Ast)) -> Value {
        let (Some(a), Some(b)) = (self.condition(&left.0, left.1), self.condition(&right.0, right.1)) else {
            return Value::Error;
        };
        let and = op == BinaryOp::And;
        // What may fail is only evaluated when the other side does not decide.
        if self.may_fail(b) {
            let decided = self.graph.boolean(!and);
            return Value::Ex(if and {
                self.graph.select(a, b, decided)
            } else {
                self.graph.select(a, decided, b)
            });
        }
        Value::Ex(if and { self.graph.and(a, b) } else { self.graph.or(a, b) })
    }

    /// Whether evaluating the expression may stop the run, or take long.
    fn may_fail(&self, root: Ex) -> bool {
        let mut stack = vec![root];
        for _ in 0..24 {
            let Some(ex) = stack.pop() else { return false };
            match self.graph.node(ex) {
                Node::Real(_) | Node::Int(_) | Node::Bool(_) | Node::Var(_) | Node::Size { .. } => {}
                Node::Prim(Prim::TO_INT, _) => return true,
                Node::Prim(..) | Node::If { .. } => self.graph.operands(ex, |operand| stack.push(operand)),
                Node::Index { .. }
                | Node::Lit { .. }
                | Node::Build { .. }
                | Node::Accum { .. }
                | Node::Loop(_)
                | Node::Call { .. }
                | Node::Part { .. } => return true,
            }
        }
        true
    }

    /// `a < b <= c`, all of them.
    pub fn compare(&mut self, operands: Vec<Value>, ast: Ast) -> Value {
        let tree = self.tree;
        let Expr::Compare(first, rest) = tree.expr(ast) else { unreachable!("a comparison") };
        let mut all: Option<Ex> = None;
        let asts: Vec<Ast> =
            std::iter::once(*first).chain(rest.iter().map(|&(_, operand)| operand)).collect();
        for (k, &(op, _)) in rest.iter().enumerate() {
            let (a, b) = ((&operands[k], asts[k]), (&operands[k + 1], asts[k + 1]));
            let Some(one) = self.comparison(op, a, b) else { return Value::Error };
            all = Some(match all {
                Some(before) => self.graph.and(before, one),
                None => one,
            });
        }
        all.map_or(Value::Error, Value::Ex)
    }

    fn comparison(&mut self, op: CompareOp, a: (&Value, Ast), b: (&Value, Ast)) -> Option<Ex> {
        let (mut left, mut right) = (self.number_or_array(a.0, a.1)?, self.number_or_array(b.0, b.1)?);
        for (ex, of) in [(left, a.1), (right, b.1)] {
            if self.graph.ty(ex).is_array() {
                let error = Diagnostic::new(
                    Code::ArraysCompared,
                    self.span(of),
                    "arrays are not compared as a whole",
                );
                self.error(error.help("write `all(a[i] < b[i] for i)`"));
                return None;
            }
        }
        let (m, n) = (self.graph.ty(left), self.graph.ty(right));
        if m == Type::BOOL && n == Type::BOOL && matches!(op, CompareOp::Equal | CompareOp::NotEqual) {
            let opposite = self.graph.not(right);
            let (same, other) = if op == CompareOp::Equal { (right, opposite) } else { (opposite, right) };
            return Some(self.graph.select(left, same, other));
        }
        for (value, ty) in [(a, m), (b, n)] {
            if ty == Type::BOOL {
                self.not_a_number(value.0, value.1);
                return None;
            }
        }
        if m != n {
            (left, right) = (self.graph.to_real(left), self.graph.to_real(right));
        }
        let p = match op {
            CompareOp::Less => Prim::LT,
            CompareOp::LessEqual => Prim::LE,
            CompareOp::Greater => Prim::GT,
            CompareOp::GreaterEqual => Prim::GE,
            CompareOp::Equal => Prim::EQ,
            CompareOp::NotEqual => Prim::NE,
        };
        Some(self.graph.prim(p, &[left, right]))
    }

    /// `if` from its conditions and values, in turn, and the value otherwise.
    pub fn choose(&mut self, values: Vec<Value>, ast: Ast) -> Value {
        let tree = self.tree;
        let Expr::If { arms, otherwise, .. } = tree.expr(ast) else { unreachable!("a choice") };
        let mut values = values.into_iter();
        let mut conds = Vec::new();
        let mut branches = Vec::new();
        for &(cond, value) in arms {
            let given = values.next().unwrap_or(Value::Error);
            conds.push(self.condition(&given, cond));
            branches.push((values.next().unwrap_or(Value::Error), value));
        }
        branches.push((values.next().unwrap_or(Value::Error), *otherwise));
        let Some(branches) = self.unify(branches, ast) else { return Value::Error };
        let mut branches = branches.into_iter().rev();
        let last = branches.next().unwrap_or(Value::Error);
        conds.into_iter().rev().zip(branches).fold(last, |els, (cond, then)| match cond {
            Some(cond) => self.select(cond, then, els, ast),
            None => Value::Error,
        })
    }

    /// A choice between values of one structure.
    fn select(&mut self, cond: Ex, then: Value, els: Value, ast: Ast) -> Value {
        match (then, els) {
            (Value::Ex(a), Value::Ex(b)) => {
                if self.graph.ty(a).is_array() && self.same_shape(a, b, ast).is_none() {
                    return Value::Error;
                }
                Value::Ex(self.graph.select(cond, a, b))
            }
            (Value::Tuple(a), Value::Tuple(b)) => {
                Value::Tuple(a.into_iter().zip(b).map(|(a, b)| self.select(cond, a, b, ast)).collect())
            }
            (Value::Record(a), Value::Record(b)) => {
                let pairs = a.into_iter().zip(b);
                Value::Record(pairs.map(|((name, a), (_, b))| (name, self.select(cond, a, b, ast))).collect())
            }
            _other => Value::Error,
        }
    }

    /// The condition that a value is, reported when it is none.
    pub fn condition(&mut self, value: &Value, ast: Ast) -> Option<Ex> {
        if value.is_error() {
            return None;
        }
        if let Value::Ex(ex) = value
            && self.graph.ty(*ex) == Type::BOOL
        {
            return Some(*ex);
        }
        let ty = describe(&value.ty(&self.graph));
        let error = Diagnostic::new(
            Code::ConditionWanted,
            self.span(ast),
            format!("a condition is wanted here, not {ty}"),
        );
        self.error(error.help("compare: `x > 0`"));
        None
    }

    /// The scalar or array that a value is, reported when it is something else.
    pub fn number_or_array(&mut self, value: &Value, ast: Ast) -> Option<Ex> {
        if value.is_error() {
            return None;
        }
        if let Some(ex) = value.plain() {
            return Some(ex);
        }
        self.not_a_number(value, ast);
        None
    }

    pub fn not_a_number(&mut self, value: &Value, ast: Ast) -> Value {
        let ty = describe(&value.ty(&self.graph));
        let error =
            Diagnostic::new(Code::NumberWanted, self.span(ast), format!("a number is wanted here, not {ty}"));
        let help = match value {
            Value::Function(_) => Some("call it: `f(x)`"),
            Value::Tuple(_) => Some("take it apart: `let (a, b) = … in …`"),
            Value::Record(_) => Some("take a field: `p.x`"),
            Value::Ex(_) => Some("choose: `if c then 1 else 0`"),
            Value::Row(_) | Value::Error => None,
        };
        self.error(match help {
            Some(help) => error.help(help),
            None => error,
        })
    }
}
