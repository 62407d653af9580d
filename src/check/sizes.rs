//! The expressions that may stand for a size in a type: sums and products of names and integers.

use crate::syntax::tree::{Ast, Expr, Name, Tree};

/// The names in the expression of a size.
pub fn names(tree: &Tree, root: Ast) -> Vec<Name> {
    let mut found = Vec::new();
    let mut stack = vec![root];
    while let Some(ast) = stack.pop() {
        if let Expr::Name(name) = tree.expr(ast) {
            found.push(*name);
        }
        super::walk::operands(tree, ast, |operand| stack.push(operand));
    }
    found
}
