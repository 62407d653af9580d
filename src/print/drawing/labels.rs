//! What the line of a node says, and its children.

use super::{Drawing, ScopeId, Shown};
use crate::syntax::print;
use crate::syntax::tree::{
    Ast, BinaryOp, CompareOp, Derivative, Expr, For, Name, Reducer, Subscript, UnaryOp,
};

/// An element of at most this many columns is one line.
const SHORT: usize = 24;

impl Drawing<'_> {
    pub(super) fn shown(&self, ast: Ast, scope: ScopeId) -> Shown {
        let tree = self.tree;
        let plain = |asts: &[Ast]| asts.iter().map(|&ast| (String::new(), ast)).collect::<Vec<_>>();
        let node = |label: &str, asts: &[Ast]| (label.to_string(), plain(asts));
        match tree.expr(ast) {
            Expr::Number { .. } | Expr::Bool(_) | Expr::Name(_) => (print::expression(tree, ast), Vec::new()),
            Expr::Unary(op, of) => node(unary(*op), &[*of]),
            Expr::Binary(BinaryOp::Add | BinaryOp::Sub, ..) => self.sum(ast),
            Expr::Binary(op, a, b) => self.chain(*op, *a, *b),
            Expr::Compare(first, links) => {
                let ops: Vec<&str> = links.iter().map(|&(op, _)| comparison(op)).collect();
                let operands: Vec<Ast> =
                    std::iter::once(*first).chain(links.iter().map(|&(_, e)| e)).collect();
                node(&ops.join(" "), &operands)
            }
            Expr::If { arms, otherwise, .. } => {
                let mut children = Vec::new();
                for (at, &(cond, value)) in arms.iter().enumerate() {
                    children.push((if at == 0 { "" } else { "else if: " }.to_string(), cond));
                    children.push(("then: ".to_string(), value));
                }
                children.push(("else: ".to_string(), *otherwise));
                ("if".to_string(), children)
            }
            Expr::Let { .. } => unreachable!("bindings are looked through"),
            Expr::Lambda { params, body } => {
                let names: Vec<&str> = params.iter().map(|(name, _)| tree.text(*name)).collect();
                node(&format!("{} ->", names.join(", ")), &[*body])
            }
            Expr::Call { callee, args, elementwise } => {
                let dot = if *elementwise { "." } else { "" };
                node(&format!("{}{dot}", print::expression(tree, *callee)), args)
            }
            Expr::Prime { .. } => (print::expression(tree, ast), Vec::new()),
            Expr::Index { array, at } => self.index(ast, *array, at, scope),
            Expr::Field { of, name } => match tree.expr(*of) {
                Expr::Name(_) => (print::expression(tree, ast), Vec::new()),
                _other => node(&format!(".{}", tree.text(*name)), &[*of]),
            },
            Expr::Array(elems) => node("[ ]", elems),
            Expr::Tuple(parts) => node("( )", parts),
            Expr::Record(fields) => {
                let field = |&(name, value): &(Name, Ast)| (format!("{}: ", tree.text(name)), value);
                ("{ }".to_string(), fields.iter().map(field).collect())
            }
            Expr::Comprehension { body, over, cond } => self.over("[ ]", *body, over, *cond),
            Expr::Reduce { op, body, over, cond } => self.over(reduction(*op), *body, over, *cond),
            Expr::Fold { state, init, over, next, trace } => {
                let word = if *trace { "scan" } else { "fold" };
                let label = format!("{word}{}", self.ranges(std::slice::from_ref(over)));
                let state = format!("{} = ", self.pattern_text(state));
                (label, vec![(state, *init), ("next: ".to_string(), *next)])
            }
            Expr::Iterate { state, init, cond, next } => {
                let state = format!("{} = ", self.pattern_text(state));
                let roles = [(state, *init), ("while: ".to_string(), *cond), ("next: ".to_string(), *next)];
                ("iterate".to_string(), roles.into())
            }
            Expr::Derivative { kind, body, by } => {
                let names: Vec<&str> = by.iter().map(|(name, _)| tree.text(*name)).collect();
                node(&format!("{} by {}", derivative(*kind), names.join(", ")), &[*body])
            }
        }
    }

    /// The terms of a chain of `+` and `-`.
    fn sum(&self, ast: Ast) -> Shown {
        let mut terms = Vec::new();
        let mut first = ast;
        while let Expr::Binary(op @ (BinaryOp::Add | BinaryOp::Sub), left, right) = self.tree.expr(first) {
            terms.push((*op, *right));
            first = *left;
        }
        if let [(BinaryOp::Sub, right)] = terms[..] {
            return ("-".to_string(), vec![(String::new(), first), (String::new(), right)]);
        }
        let mut children = vec![(String::new(), first)];
        let role = |op| if op == BinaryOp::Sub { "-: " } else { "" };
        children.extend(terms.into_iter().rev().map(|(op, term)| (role(op).to_string(), term)));
        ("+".to_string(), children)
    }

    /// An operator; a chain of a product's or a logical one's operands is one node.
    fn chain(&self, op: BinaryOp, a: Ast, b: Ast) -> Shown {
        let mut operands = vec![b];
        let mut first = a;
        if matches!(op, BinaryOp::Mul | BinaryOp::And | BinaryOp::Or) {
            while let Expr::Binary(other, left, right) = self.tree.expr(first)
                && *other == op
            {
                operands.push(*right);
                first = *left;
            }
        }
        operands.push(first);
        (binary(op).to_string(), operands.into_iter().rev().map(|ast| (String::new(), ast)).collect())
    }

    fn index(&self, ast: Ast, array: Ast, at: &[Subscript], scope: ScopeId) -> Shown {
        let asts = at.iter().flat_map(|subscript| match *subscript {
            Subscript::At(e) => vec![e],
            Subscript::Range(low, high) => vec![low, high],
            Subscript::All => Vec::new(),
        });
        let leaf = |ast: Ast| matches!(self.tree.expr(ast), Expr::Name(_) | Expr::Number { .. });
        let small = |ast: Ast| match self.tree.expr(ast) {
            Expr::Binary(BinaryOp::Add | BinaryOp::Sub, a, b) => leaf(*a) && leaf(*b),
            _other => leaf(ast),
        };
        let asts: Vec<Ast> = asts.collect();
        let named = match self.tree.expr(array) {
            // A name that is still to be drawn is drawn below.
            Expr::Name(name) => self.undrawn(*name, scope).is_none(),
            _other => false,
        };
        if named && asts.iter().all(|&ast| small(ast)) {
            let text = print::expression(self.tree, ast);
            if text.len() <= SHORT {
                return (text, Vec::new());
            }
        }
        let mut children = vec![(String::new(), array)];
        children.extend(asts.into_iter().map(|ast| ("at: ".to_string(), ast)));
        ("element".to_string(), children)
    }

    fn over(&self, word: &str, body: Ast, over: &[For], cond: Option<Ast>) -> Shown {
        let mut children: Vec<(String, Ast)> =
            cond.map(|cond| ("if: ".to_string(), cond)).into_iter().collect();
        children.push((String::new(), body));
        (format!("{word}{}", self.ranges(over)), children)
    }

    /// ` for i in 1..n, j in 1..m`
    fn ranges(&self, over: &[For]) -> String {
        let mut text = String::new();
        for (at, index) in over.iter().enumerate() {
            text.push_str(if at == 0 { " for " } else { ", " });
            text.push_str(self.tree.text(index.name));
            if let Some((low, high)) = index.range {
                let (low, high) = (print::expression(self.tree, low), print::expression(self.tree, high));
                text.push_str(&format!(" in {low}..{high}"));
            }
        }
        text
    }
}

fn unary(op: UnaryOp) -> &'static str {
    match op {
        UnaryOp::Neg => "-",
        UnaryOp::Not => "not",
        UnaryOp::Factorial => "!",
        UnaryOp::Transpose => "transpose",
    }
}

fn binary(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Add => "+",
        BinaryOp::Sub => "-",
        BinaryOp::Mul | BinaryOp::Juxtapose => "*",
        BinaryOp::Div => "/",
        BinaryOp::DotAdd => ".+",
        BinaryOp::DotSub => ".-",
        BinaryOp::DotMul => ".*",
        BinaryOp::DotDiv => "./",
        BinaryOp::Inner => "·",
        BinaryOp::Cross => "×",
        BinaryOp::Pow => "^",
        BinaryOp::And => "and",
        BinaryOp::Or => "or",
    }
}

fn comparison(op: CompareOp) -> &'static str {
    match op {
        CompareOp::Less => "<",
        CompareOp::LessEqual => "<=",
        CompareOp::Greater => ">",
        CompareOp::GreaterEqual => ">=",
        CompareOp::Equal => "==",
        CompareOp::NotEqual => "!=",
    }
}

fn reduction(op: Reducer) -> &'static str {
    match op {
        Reducer::Sum => "sum",
        Reducer::Prod => "prod",
        Reducer::Max => "max",
        Reducer::Min => "min",
        Reducer::Any => "any",
        Reducer::All => "all",
        Reducer::Count => "count",
    }
}

fn derivative(kind: Derivative) -> &'static str {
    match kind {
        Derivative::Diff => "diff",
        Derivative::Grad => "grad",
        Derivative::Jac => "jac",
        Derivative::Hess => "hess",
    }
}
