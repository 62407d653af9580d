//! The parts of an expression, for passes over the tree.

use crate::syntax::tree::{Ast, Expr, Subscript, Tree};

/// Calls `visit` with every direct part of an expression, in the order in which they are evaluated.
pub fn operands(tree: &Tree, ast: Ast, mut visit: impl FnMut(Ast)) {
    match tree.expr(ast) {
        Expr::Number { .. } | Expr::Bool(_) | Expr::Name(_) => {}
        Expr::Unary(_, a) => visit(*a),
        Expr::Binary(_, a, b) => [*a, *b].into_iter().for_each(visit),
        Expr::Compare(first, rest) => {
            visit(*first);
            rest.iter().for_each(|&(_, operand)| visit(operand));
        }
        Expr::If { arms, otherwise, .. } => {
            for &(cond, value) in arms {
                visit(cond);
                visit(value);
            }
            visit(*otherwise);
        }
        Expr::Let { bindings, body, .. } => {
            bindings.iter().for_each(|(_, value)| visit(*value));
            visit(*body);
        }
        Expr::Lambda { body, .. } | Expr::Derivative { body, .. } => visit(*body),
        Expr::Call { callee, args, .. } => {
            visit(*callee);
            args.iter().for_each(|&arg| visit(arg));
        }
        Expr::Prime { of, .. } | Expr::Field { of, .. } => visit(*of),
        Expr::Index { array, at } => {
            visit(*array);
            for subscript in at {
                match *subscript {
                    Subscript::At(e) => visit(e),
                    Subscript::Range(lo, hi) => {
                        visit(lo);
                        visit(hi);
                    }
                    Subscript::All => {}
                }
            }
        }
        Expr::Array(parts) | Expr::Tuple(parts) => parts.iter().for_each(|&part| visit(part)),
        Expr::Record(fields) => fields.iter().for_each(|&(_, field)| visit(field)),
        Expr::Comprehension { body, over, cond } | Expr::Reduce { body, over, cond, .. } => {
            for &(lo, hi) in over.iter().filter_map(|index| index.range.as_ref()) {
                visit(lo);
                visit(hi);
            }
            cond.iter().for_each(|&cond| visit(cond));
            visit(*body);
        }
        Expr::Fold { init, over, next, .. } => {
            visit(*init);
            if let Some((lo, hi)) = over.range {
                visit(lo);
                visit(hi);
            }
            visit(*next);
        }
        Expr::Iterate { init, cond, next, .. } => [*init, *cond, *next].into_iter().for_each(visit),
    }
}
