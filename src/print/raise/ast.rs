//! Small pieces of syntax tree.

use super::{Binding, Grade, Look, Raised, Raiser};
use crate::syntax::tree::{Ast, BinaryOp, Expr, For, Pattern, Span, UnaryOp};

/// A formula of more columns than this is not `Small`.
const SMALL: u32 = 8;

impl Raiser<'_> {
    pub(super) fn add(&mut self, expr: Expr) -> Ast {
        self.tree.add(expr, Span::default())
    }

    /// A formula of some width, worth a name if it is used twice.
    pub(super) fn formula(&mut self, expr: Expr, width: u32) -> Raised {
        Raised { ast: self.add(expr), width, look: Look::Plain, grade: Grade::Large, level: self.level() }
    }

    pub(super) fn leaf(&mut self, expr: Expr, width: u32) -> Raised {
        Raised { grade: Grade::Leaf, ..self.formula(expr, width) }
    }

    /// The number of the innermost scope.
    pub(super) fn level(&self) -> u16 {
        self.scopes.len().saturating_sub(1) as u16
    }

    /// A name; with a dot, of an import.
    pub(super) fn name(&mut self, text: &str) -> Raised {
        let width = text.chars().count() as u32;
        match text.rsplit_once('.') {
            Some((import, name)) => {
                let import = self.name(import).ast;
                let name = self.tree.intern(name);
                self.leaf(Expr::Field { of: import, name }, width)
            }
            None => {
                let name = self.tree.intern(text);
                self.leaf(Expr::Name(name), width)
            }
        }
    }

    pub(super) fn pattern(&mut self, name: &str) -> Pattern {
        Pattern::Name(self.tree.intern(name), Span::default())
    }

    /// One pattern or value for one, a tuple for several.
    pub(super) fn tuple_pattern(mut patterns: Vec<Pattern>) -> Pattern {
        if patterns.len() == 1 { patterns.remove(0) } else { Pattern::Tuple(patterns) }
    }

    pub(super) fn tuple(&mut self, asts: Vec<Ast>) -> Ast {
        if let [one] = asts[..] { one } else { self.add(Expr::Tuple(asts)) }
    }

    pub(super) fn unary(&mut self, op: UnaryOp, a: Raised) -> Raised {
        let width = a.width + if op == UnaryOp::Not { 4 } else { 1 };
        let grade = if a.grade == Grade::Leaf { Grade::Small } else { Grade::Large };
        Raised { look: a.look, grade, ..self.formula(Expr::Unary(op, a.ast), width) }
    }

    /// An operator between two formulas.
    pub(super) fn binary(&mut self, op: BinaryOp, a: Raised, b: Raised) -> Raised {
        let joint = match op {
            BinaryOp::Add | BinaryOp::Sub | BinaryOp::Or => 3,
            BinaryOp::And => 4,
            BinaryOp::Mul | BinaryOp::Div | BinaryOp::Pow | BinaryOp::Juxtapose => 1,
            BinaryOp::DotAdd | BinaryOp::DotSub | BinaryOp::DotMul | BinaryOp::DotDiv => 4,
            BinaryOp::Inner | BinaryOp::Cross => 1,
        };
        let width = a.width + b.width + joint;
        let number = self.is_number(a.ast) || self.is_number(b.ast);
        let small = number && width <= SMALL && a.grade.max(b.grade) <= Grade::Element;
        let grade = if small { Grade::Small } else { Grade::Large };
        Raised { grade, ..self.formula(Expr::Binary(op, a.ast, b.ast), width) }
    }

    pub(super) fn apply(&mut self, name: &str, args: &[Raised]) -> Raised {
        let callee = self.name(name);
        let width = callee.width + 2 + args.iter().map(|arg| arg.width + 2).sum::<u32>();
        let args = args.iter().map(|arg| arg.ast).collect();
        self.formula(Expr::Call { callee: callee.ast, args, elementwise: false }, width)
    }

    pub(super) fn is_number(&self, ast: Ast) -> bool {
        matches!(self.tree.expr(ast), Expr::Number { .. })
    }

    /// `let … in body`
    pub(super) fn let_in(&mut self, bindings: Vec<Binding>, body: Ast) -> Ast {
        if bindings.is_empty() { body } else { self.add(Expr::Let { bindings, body, after: false }) }
    }

    /// `body where …`
    pub(super) fn let_after(&mut self, bindings: Vec<Binding>, body: Ast) -> Ast {
        if bindings.is_empty() { body } else { self.add(Expr::Let { bindings, body, after: true }) }
    }

    /// About how many columns the bindings of a `let` take.
    pub(super) fn width_of(&self, bindings: &[Binding]) -> u32 {
        40 * bindings.len() as u32
    }

    pub(super) fn for_range(&mut self, name: &str, range: (Raised, Raised)) -> For {
        let name = self.tree.intern(name);
        For { name, span: Span::default(), range: Some((range.0.ast, range.1.ast)) }
    }
}
