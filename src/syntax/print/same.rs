//! Whether two expressions say the same, wherever they stand.

use super::super::tree::{Ast, Expr, For, Name, Pattern, Span, Subscript, Tree};
use std::collections::HashMap;

/// Whether two expressions have the same structure and the same names and numbers; places do not
/// count. The trees may be one and the same.
pub fn same(tree_a: &Tree, ast_a: Ast, tree_b: &Tree, ast_b: Ast) -> bool {
    let mut names = HashMap::new();
    let mut todo = vec![(ast_a, ast_b)];
    while let Some((a, b)) = todo.pop() {
        let (a, operands_a) = outline(tree_a, a, &mut names);
        let (b, operands_b) = outline(tree_b, b, &mut names);
        let same_value = match (&a, &b) {
            // Unlike `==`, this tells 0.0 from -0.0, and takes NaN to be NaN.
            (Expr::Number { value: a, integer: i }, Expr::Number { value: b, integer: j }) => {
                a.to_bits() == b.to_bits() && i == j
            }
            (a, b) => a == b,
        };
        if !same_value || operands_a.len() != operands_b.len() {
            return false;
        }
        todo.extend(operands_a.into_iter().zip(operands_b));
    }
    true
}

/// One expression with its operands taken out, and its names and places made comparable.
fn outline<'t>(tree: &'t Tree, ast: Ast, names: &mut HashMap<&'t str, Name>) -> (Expr, Vec<Ast>) {
    let mut expr = tree.expr(ast).clone();
    let mut operands = Vec::new();
    parts(&mut expr, &mut |part| match part {
        Part::Operand(operand) => operands.push(std::mem::replace(operand, Ast(0))),
        Part::Name(name) => {
            let next = Name(names.len() as u32);
            *name = *names.entry(tree.text(*name)).or_insert(next);
        }
        Part::Span(span) => *span = Span::default(),
    });
    (expr, operands)
}

/// What an expression is made of.
enum Part<'e> {
    Operand(&'e mut Ast),
    Name(&'e mut Name),
    Span(&'e mut Span),
}

/// Visits the parts of an expression, always in the same order.
fn parts(expr: &mut Expr, visit: &mut impl FnMut(Part)) {
    match expr {
        Expr::Number { .. } | Expr::Bool(_) => {}
        Expr::Name(name) => visit(Part::Name(name)),
        Expr::Unary(_, of) | Expr::Prime { of, .. } => visit(Part::Operand(of)),
        Expr::Binary(_, left, right) => [left, right].into_iter().for_each(|at| visit(Part::Operand(at))),
        Expr::Compare(first, links) => {
            visit(Part::Operand(first));
            links.iter_mut().for_each(|(_, right)| visit(Part::Operand(right)));
        }
        Expr::If { arms, otherwise, .. } => {
            arms.iter_mut().flat_map(|(cond, value)| [cond, value]).for_each(|at| visit(Part::Operand(at)));
            visit(Part::Operand(otherwise));
        }
        Expr::Let { bindings, body, .. } => {
            for (pattern, value) in bindings {
                pattern_parts(pattern, visit);
                visit(Part::Operand(value));
            }
            visit(Part::Operand(body));
        }
        Expr::Lambda { params: names, body } | Expr::Derivative { by: names, body, .. } => {
            for (name, span) in names {
                visit(Part::Name(name));
                visit(Part::Span(span));
            }
            visit(Part::Operand(body));
        }
        Expr::Call { callee, args, .. } => {
            visit(Part::Operand(callee));
            args.iter_mut().for_each(|at| visit(Part::Operand(at)));
        }
        Expr::Index { array, at } => {
            visit(Part::Operand(array));
            at.iter_mut().for_each(|subscript| subscript_parts(subscript, visit));
        }
        Expr::Field { of, name } => {
            visit(Part::Operand(of));
            visit(Part::Name(name));
        }
        Expr::Array(items) | Expr::Tuple(items) => items.iter_mut().for_each(|at| visit(Part::Operand(at))),
        Expr::Record(fields) => {
            for (name, value) in fields {
                visit(Part::Name(name));
                visit(Part::Operand(value));
            }
        }
        Expr::Comprehension { body, over, cond } | Expr::Reduce { body, over, cond, .. } => {
            visit(Part::Operand(body));
            over.iter_mut().for_each(|over| loop_parts(over, visit));
            cond.iter_mut().for_each(|cond| visit(Part::Operand(cond)));
        }
        Expr::Fold { state, init, over, next, .. } => {
            pattern_parts(state, visit);
            loop_parts(over, visit);
            [init, next].into_iter().for_each(|at| visit(Part::Operand(at)));
        }
        Expr::Iterate { state, init, cond, next } => {
            pattern_parts(state, visit);
            [init, cond, next].into_iter().for_each(|at| visit(Part::Operand(at)));
        }
    }
}

fn pattern_parts(pattern: &mut Pattern, visit: &mut impl FnMut(Part)) {
    match pattern {
        Pattern::Name(name, span) => {
            visit(Part::Name(name));
            visit(Part::Span(span));
        }
        Pattern::Tuple(patterns) => patterns.iter_mut().for_each(|pattern| pattern_parts(pattern, visit)),
    }
}

fn subscript_parts(subscript: &mut Subscript, visit: &mut impl FnMut(Part)) {
    match subscript {
        Subscript::At(at) => visit(Part::Operand(at)),
        Subscript::Range(low, high) => [low, high].into_iter().for_each(|at| visit(Part::Operand(at))),
        Subscript::All => {}
    }
}

fn loop_parts(over: &mut For, visit: &mut impl FnMut(Part)) {
    visit(Part::Name(&mut over.name));
    visit(Part::Span(&mut over.span));
    if let Some((low, high)) = &mut over.range {
        [low, high].into_iter().for_each(|at| visit(Part::Operand(at)));
    }
}
