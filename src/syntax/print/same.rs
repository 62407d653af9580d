//! Whether two expressions say the same, wherever they stand.

use super::super::tree::{Ast, Expr, For, Name, Pattern, Subscript, Tree};

/// Whether two expressions have the same structure and the same names and numbers; places do not
/// count. The trees may be one and the same.
pub fn same(tree_a: &Tree, ast_a: Ast, tree_b: &Tree, ast_b: Ast) -> bool {
    let mut pairs = Pairs { a: tree_a, b: tree_b, todo: vec![(ast_a, ast_b)] };
    while let Some((a, b)) = pairs.todo.pop() {
        if !pairs.expr(a, b) {
            return false;
        }
    }
    true
}

struct Pairs<'t> {
    a: &'t Tree,
    b: &'t Tree,
    /// What is still to be compared.
    todo: Vec<(Ast, Ast)>,
}

impl Pairs<'_> {
    fn later(&mut self, a: Ast, b: Ast) -> bool {
        self.todo.push((a, b));
        true
    }

    fn all(&mut self, a: &[Ast], b: &[Ast]) -> bool {
        self.todo.extend(a.iter().copied().zip(b.iter().copied()));
        a.len() == b.len()
    }

    fn maybe(&mut self, a: Option<Ast>, b: Option<Ast>) -> bool {
        self.todo.extend(a.zip(b));
        a.is_some() == b.is_some()
    }

    fn name(&self, a: Name, b: Name) -> bool {
        self.a.text(a) == self.b.text(b)
    }

    fn pattern(&self, a: &Pattern, b: &Pattern) -> bool {
        match (a, b) {
            (Pattern::Name(a, _), Pattern::Name(b, _)) => self.name(*a, *b),
            (Pattern::Tuple(a), Pattern::Tuple(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| self.pattern(a, b))
            }
            (Pattern::Name(..), Pattern::Tuple(_)) | (Pattern::Tuple(_), Pattern::Name(..)) => false,
        }
    }

    fn over(&mut self, a: &[For], b: &[For]) -> bool {
        a.len() == b.len()
            && a.iter().zip(b).all(|(a, b)| {
                let ranges = match (a.range, b.range) {
                    (Some((low, high)), Some((other_low, other_high))) => {
                        self.later(low, other_low) && self.later(high, other_high)
                    }
                    (None, None) => true,
                    (Some(_), None) | (None, Some(_)) => false,
                };
                ranges && self.name(a.name, b.name)
            })
    }

    fn subscripts(&mut self, a: &[Subscript], b: &[Subscript]) -> bool {
        a.len() == b.len()
            && a.iter().zip(b).all(|(a, b)| match (a, b) {
                (Subscript::At(a), Subscript::At(b)) => self.later(*a, *b),
                (Subscript::Range(a, c), Subscript::Range(b, d)) => self.later(*a, *b) && self.later(*c, *d),
                (Subscript::All, Subscript::All) => true,
                (Subscript::At(_) | Subscript::Range(..) | Subscript::All, _) => false,
            })
    }

    fn expr(&mut self, a: Ast, b: Ast) -> bool {
        let (tree_a, tree_b) = (self.a, self.b);
        match (tree_a.expr(a), tree_b.expr(b)) {
            (Expr::Number { value: a, integer: i }, Expr::Number { value: b, integer: j }) => {
                a.to_bits() == b.to_bits() && i == j
            }
            (Expr::Bool(a), Expr::Bool(b)) => a == b,
            (Expr::Name(a), Expr::Name(b)) => self.name(*a, *b),
            (Expr::Unary(op, a), Expr::Unary(other, b)) => op == other && self.later(*a, *b),
            (Expr::Binary(op, a, c), Expr::Binary(other, b, d)) => {
                op == other && self.later(*a, *b) && self.later(*c, *d)
            }
            (Expr::Compare(a, links), Expr::Compare(b, others)) => {
                links.len() == others.len()
                    && self.later(*a, *b)
                    && links.iter().zip(others).all(|((op, a), (other, b))| op == other && self.later(*a, *b))
            }
            (
                Expr::If { arms, otherwise, braces },
                Expr::If { arms: others, otherwise: last, braces: other },
            ) => {
                braces == other
                    && arms.len() == others.len()
                    && self.later(*otherwise, *last)
                    && arms.iter().zip(others).all(|(a, b)| self.later(a.0, b.0) && self.later(a.1, b.1))
            }
            (
                Expr::Let { bindings, body, after },
                Expr::Let { bindings: others, body: other, after: also },
            ) => {
                after == also
                    && bindings.len() == others.len()
                    && self.later(*body, *other)
                    && bindings
                        .iter()
                        .zip(others)
                        .all(|((p, a), (q, b))| self.pattern(p, q) && self.later(*a, *b))
            }
            (Expr::Lambda { params, body }, Expr::Lambda { params: others, body: other }) => {
                params.len() == others.len()
                    && params.iter().zip(others).all(|((a, _), (b, _))| self.name(*a, *b))
                    && self.later(*body, *other)
            }
            (
                Expr::Call { callee, args, elementwise },
                Expr::Call { callee: other, args: others, elementwise: also },
            ) => elementwise == also && self.later(*callee, *other) && self.all(args, others),
            (Expr::Prime { of, order }, Expr::Prime { of: other, order: also }) => {
                order == also && self.later(*of, *other)
            }
            (Expr::Index { array, at }, Expr::Index { array: other, at: others }) => {
                self.later(*array, *other) && self.subscripts(at, others)
            }
            (Expr::Field { of, name }, Expr::Field { of: other, name: also }) => {
                self.name(*name, *also) && self.later(*of, *other)
            }
            (Expr::Array(a), Expr::Array(b)) | (Expr::Tuple(a), Expr::Tuple(b)) => self.all(a, b),
            (Expr::Record(a), Expr::Record(b)) => {
                a.len() == b.len()
                    && a.iter().zip(b).all(|((p, a), (q, b))| self.name(*p, *q) && self.later(*a, *b))
            }
            (
                Expr::Comprehension { body, over, cond },
                Expr::Comprehension { body: other, over: others, cond: also },
            ) => self.later(*body, *other) && self.over(over, others) && self.maybe(*cond, *also),
            (
                Expr::Reduce { op, body, over, cond },
                Expr::Reduce { op: kind, body: other, over: others, cond: also },
            ) => {
                op == kind && self.later(*body, *other) && self.over(over, others) && self.maybe(*cond, *also)
            }
            (a, b) => self.loops(a, b),
        }
    }

    fn loops(&mut self, a: &Expr, b: &Expr) -> bool {
        match (a, b) {
            (
                Expr::Fold { state, init, over, next, trace },
                Expr::Fold { state: s, init: i, over: o, next: n, trace: t },
            ) => {
                let over = self.over(std::slice::from_ref(over), std::slice::from_ref(o));
                over && trace == t && self.pattern(state, s) && self.later(*init, *i) && self.later(*next, *n)
            }
            (
                Expr::Iterate { state, init, cond, next },
                Expr::Iterate { state: s, init: i, cond: c, next: n },
            ) => {
                self.pattern(state, s)
                    && self.later(*init, *i)
                    && self.later(*cond, *c)
                    && self.later(*next, *n)
            }
            (Expr::Derivative { kind, body, by }, Expr::Derivative { kind: other, body: b, by: others }) => {
                kind == other
                    && by.len() == others.len()
                    && by.iter().zip(others).all(|((a, _), (b, _))| self.name(*a, *b))
                    && self.later(*body, *b)
            }
            _ => false,
        }
    }
}
