//! The parameters and results of emitted functions, with their names and lengths.

use super::{Session, Variable, is_real};
use crate::check::{Dim, Signature, Ty};
use crate::emit::{Length, ParamFace, ResultFace};
use crate::syntax::tree::{Ast, BinaryOp, Expr, Tree};

/// The name of the cotangent of a result.
pub(super) fn bar_name(function: &str, result: &ResultFace, count: usize) -> String {
    if count == 1 { format!("{function}_bar") } else { format!("{}_bar", result.name) }
}

/// A result for each pair, of the shapes of both.
pub(super) fn pairs(rows: &[ResultFace], columns: &[ResultFace], prefix: &str) -> Vec<ResultFace> {
    let bare = |face: &ResultFace| face.name.trim_end_matches("_bar").to_string();
    let mut found = Vec::new();
    for row in rows {
        for column in columns {
            let shape = row.shape.iter().chain(&column.shape).cloned().collect();
            found.push(ResultFace { name: format!("{prefix}{}_{}", bare(row), bare(column)), shape });
        }
    }
    found
}

/// A result for the second derivatives by each number of a variable twice.
pub(super) fn diagonals(bars: &[ResultFace]) -> Vec<ResultFace> {
    let face = |bar: &ResultFace| ResultFace {
        name: format!("d2_{}", bar.name.trim_end_matches("_bar")),
        shape: bar.shape.clone(),
    };
    bars.iter().map(face).collect()
}

/// The scalars and arrays of a variable as parameters.
pub(super) fn leaf_faces(session: &Session, variable: &Variable) -> Vec<ParamFace> {
    let leaves = variable.ty.leaves();
    leaves
        .iter()
        .map(|(path, ty)| {
            let name = format!("{}{path}", variable.name);
            ParamFace { shape: lengths(session, ty, Some(&name)), name }
        })
        .collect()
}

/// The cotangents of the real scalars and arrays of a variable.
pub(super) fn bar_faces(session: &Session, variable: &Variable) -> Vec<ResultFace> {
    let leaves = variable.ty.leaves();
    let real = leaves.iter().filter(|(_, ty)| is_real(ty));
    real.map(|(path, ty)| {
        let name = format!("{}{path}", variable.name);
        ResultFace { shape: lengths(session, ty, Some(&name)), name: format!("{name}_bar") }
    })
    .collect()
}

/// The results of a function; only the real ones, or all.
pub(super) fn result_faces(session: &Session, signature: &Signature, only_real: bool) -> Vec<ResultFace> {
    let leaves = signature.result.leaves();
    let wanted = leaves.iter().filter(|(_, ty)| !only_real || is_real(ty));
    wanted
        .map(|(path, ty)| {
            let name = if path.is_empty() { "value".to_string() } else { format!("value{path}") };
            ResultFace { name, shape: lengths(session, ty, None) }
        })
        .collect()
}

/// The lengths of an array type. Those that the file does not name get a name from the parameter.
fn lengths(session: &Session, ty: &Ty, owner: Option<&str>) -> Vec<Option<Length>> {
    let Ty::Array { dims, .. } = ty else { return Vec::new() };
    let many = dims.len() > 1;
    dims.iter()
        .enumerate()
        .map(|(axis, dim)| match dim {
            Dim::Fixed(n) => Some(Length::number(*n)),
            Dim::Name(name) => Some(Length::name(name)),
            Dim::Formula { ast, .. } => affine(&session.tree, *ast),
            Dim::Any => owner.map(|owner| {
                Length::name(&if many { format!("{owner}_len{}", axis + 1) } else { format!("{owner}_len") })
            }),
        })
        .collect()
}

/// A length such as `n + 1` or `2n - 1`.
fn affine(tree: &Tree, ast: Ast) -> Option<Length> {
    let scaled = |length: Length, factor: i64| Length {
        terms: length.terms.into_iter().map(|(name, c)| (name, c * factor)).collect(),
        add: length.add * factor,
    };
    match tree.expr(ast) {
        Expr::Number { integer: Some(n), .. } => Some(Length::number(*n)),
        Expr::Name(name) => Some(Length::name(tree.text(*name))),
        Expr::Binary(op, a, b) => {
            let (a, b) = (affine(tree, *a)?, affine(tree, *b)?);
            match op {
                BinaryOp::Add | BinaryOp::Sub => {
                    let b = scaled(b, if *op == BinaryOp::Add { 1 } else { -1 });
                    Some(Length { add: a.add + b.add, terms: a.terms.into_iter().chain(b.terms).collect() })
                }
                BinaryOp::Mul | BinaryOp::Juxtapose if a.terms.is_empty() => Some(scaled(b, a.add)),
                BinaryOp::Mul if b.terms.is_empty() => Some(scaled(a, b.add)),
                _other => None,
            }
        }
        _other => None,
    }
}
