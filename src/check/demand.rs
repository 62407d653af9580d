//! Inference, downwards: what an expression wants of its parts, and so of the names in them.

use super::builtins::{ArrayFn, Builtin};
use super::infer::Infer;
use super::kinds::Kind;
use super::names::Ref;
use crate::core::Elem;
use crate::syntax::tree::{Ast, BinaryOp, Derivative, Expr, Subscript, UnaryOp};
use std::rc::Rc;

/// Passes on what is wanted of an expression, and what it wants by itself.
pub(super) fn push(infer: &mut Infer, ast: Ast) {
    let tree = infer.tree;
    let wanted = infer.wanted(ast);
    match tree.expr(ast) {
        Expr::Number { .. } | Expr::Bool(_) => {}
        Expr::Name(_) => {
            if let Ref::Local(local) = infer.meaning(ast) {
                infer.want_local(local, &wanted);
            }
        }
        Expr::Unary(op, a) => match op {
            UnaryOp::Neg => infer.want(*a, &wanted),
            UnaryOp::Not => infer.want(*a, &Kind::Bool),
            UnaryOp::Transpose => infer.want(*a, &Kind::MATRIX),
            UnaryOp::Factorial => {}
        },
        Expr::Binary(op, a, b) => binary(infer, *op, *a, *b, &wanted),
        Expr::Compare(..) => {}
        Expr::If { arms, otherwise, .. } => {
            for &(cond, value) in arms {
                infer.want(cond, &Kind::Bool);
                infer.want(value, &wanted);
            }
            infer.want(*otherwise, &wanted);
        }
        Expr::Let { body, .. } => infer.want(*body, &wanted),
        Expr::Lambda { .. } => {}
        Expr::Call { callee, args, elementwise } => call(infer, *callee, args, *elementwise, &wanted),
        Expr::Prime { of, .. } => infer.want(*of, &Kind::function(1)),
        Expr::Index { array, at } => index(infer, *array, at, &wanted),
        Expr::Field { of, name } => {
            if infer.meaning(ast) == Ref::None {
                let field = (tree.text(*name).to_string(), wanted);
                infer.want(*of, &Kind::Record(Rc::new(vec![field])).or_unknown());
            }
        }
        Expr::Array(parts) => {
            if let Kind::Array(elem, rank) = wanted
                && rank > 1
            {
                parts.iter().for_each(|&part| infer.want(part, &Kind::Array(elem, rank - 1)));
            }
        }
        Expr::Tuple(parts) => {
            if let Kind::Tuple(kinds) = wanted {
                parts.iter().zip(kinds.iter()).for_each(|(&part, kind)| infer.want(part, kind));
            }
        }
        Expr::Record(_) => {}
        Expr::Comprehension { .. } | Expr::Reduce { .. } | Expr::Fold { .. } | Expr::Iterate { .. } => {
            repetition(infer, ast, &wanted);
        }
        Expr::Derivative { kind, .. } => derivative(infer, ast, *kind),
    }
}

/// Ranges are of integers, conditions are conditions, every state is as the uses of one want it.
fn repetition(infer: &mut Infer, ast: Ast, wanted: &Kind) {
    let (over, cond, state) = match infer.tree.expr(ast) {
        Expr::Comprehension { over, cond, .. } | Expr::Reduce { over, cond, .. } => (&over[..], *cond, None),
        Expr::Fold { state, init, over, next, trace } => {
            let last = if *trace { &Kind::Unknown } else { wanted };
            (std::slice::from_ref(&**over), None, Some((state, *init, *next, last)))
        }
        Expr::Iterate { state, init, cond, next } => {
            (&[][..], Some(*cond), Some((state, *init, *next, wanted)))
        }
        _other => return,
    };
    for (lo, hi) in over.iter().filter_map(|index| index.range) {
        infer.want(lo, &Kind::Int);
        infer.want(hi, &Kind::Int);
    }
    for &local in infer.program.names.indices.get(&ast).into_iter().flatten() {
        infer.want_local(local, &Kind::Int);
    }
    if let Some(cond) = cond {
        infer.want(cond, &Kind::Bool);
    }
    if let Some((state, init, next, last)) = state {
        let mut state = infer.demanded(state, init);
        state.refine(last);
        infer.want(init, &state);
        infer.want(next, &state);
    }
}

fn derivative(infer: &mut Infer, ast: Ast, kind: Derivative) {
    let by = infer.program.names.by.get(&ast).and_then(|by| by.first()).copied();
    if let (Some(Ref::Local(local)), Derivative::Jac | Derivative::Hess | Derivative::Grad) = (by, kind) {
        infer.want_local(local, &Kind::SOME_ARRAY);
    }
}

fn binary(infer: &mut Infer, op: BinaryOp, a: Ast, b: Ast, wanted: &Kind) {
    use BinaryOp::*;
    let (left, right) = (infer.kind(a), infer.kind(b));
    let is_array = |kind: &Kind| matches!(kind, Kind::Array(..));
    match op {
        And | Or => {
            infer.want(a, &Kind::Bool);
            infer.want(b, &Kind::Bool);
        }
        Add | Sub => {
            // Both have the shape of the sum, and an integer sum has integer terms.
            infer.want(a, wanted);
            infer.want(b, wanted);
            if is_array(&left) {
                infer.want(b, &left);
            }
            if is_array(&right) {
                infer.want(a, &right);
            }
        }
        Mul | Juxtapose | DotAdd | DotSub | DotMul | DotDiv | Div => {
            if *wanted == Kind::Int && op != Div && op != DotDiv {
                infer.want(a, wanted);
                infer.want(b, wanted);
            }
            if is_array(wanted) && left.is_scalar() {
                infer.want(b, wanted);
            }
            if is_array(wanted) && right.is_scalar() {
                infer.want(a, wanted);
            }
            if infer.boldness > 0 {
                likely_arrays(infer, op, (a, &left), (b, &right), wanted);
            }
        }
        Inner => {
            if is_array(&left) {
                infer.want(b, &Kind::VECTOR);
            }
            if is_array(&right) {
                infer.want(a, &Kind::VECTOR);
            }
        }
        Cross => {
            infer.want(a, &Kind::VECTOR);
            infer.want(b, &Kind::VECTOR);
        }
        Pow => {
            if infer.meaning(b) == Ref::Transpose {
                infer.want(a, &Kind::MATRIX);
            } else if *wanted == Kind::Int {
                infer.want(a, wanted);
            }
        }
    }
}

/// What is likely an array in a product of what is not known: `A*x`, `sum(a .* b)`.
fn likely_arrays(infer: &mut Infer, op: BinaryOp, a: (Ast, &Kind), b: (Ast, &Kind), wanted: &Kind) {
    let unknown = |kind: &Kind| *kind == Kind::Unknown;
    if op == BinaryOp::Mul && matches!(a.1, Kind::Array(_, 2)) && unknown(b.1) {
        infer.want(b.0, &Kind::VECTOR);
    } else if matches!(wanted, Kind::Array(..)) && unknown(a.1) && unknown(b.1) {
        infer.want(b.0, wanted);
        if matches!(op, BinaryOp::DotAdd | BinaryOp::DotSub | BinaryOp::DotMul | BinaryOp::DotDiv) {
            infer.want(a.0, wanted);
        }
    }
}

fn index(infer: &mut Infer, array: Ast, at: &[Subscript], wanted: &Kind) {
    let mut fixed: u8 = 0;
    for subscript in at {
        match subscript {
            Subscript::At(e) => {
                fixed = fixed.saturating_add(1);
                infer.want(*e, &Kind::Int);
            }
            Subscript::Range(lo, hi) => {
                infer.want(*lo, &Kind::Int);
                infer.want(*hi, &Kind::Int);
            }
            Subscript::All => {}
        }
    }
    let written = super::synth::axes(at.len());
    let (elem, rank) = match wanted {
        Kind::Array(elem, rank) => (*elem, written.max(rank.saturating_add(fixed))),
        Kind::Int => (Elem::Real, written),
        _any => (Elem::Real, written),
    };
    infer.want(array, &Kind::Array(elem, rank));
}

fn call(infer: &mut Infer, callee: Ast, args: &[Ast], elementwise: bool, wanted: &Kind) {
    match infer.meaning(callee) {
        Ref::Local(local) => infer.want_local(local, &Kind::function(args.len())),
        Ref::Builtin(builtin) if !elementwise => return builtin_call(infer, builtin, args, wanted),
        Ref::None | Ref::Def(_) | Ref::Constant(_) | Ref::Builtin(_) | Ref::Transpose => {}
    }
    if elementwise {
        if let [only] = args {
            infer.want(*only, if matches!(wanted, Kind::Array(..)) { wanted } else { &Kind::SOME_ARRAY });
        }
        return;
    }
    if let Kind::Function(function) = infer.called(callee, args) {
        for (&arg, param) in args.iter().zip(&function.0) {
            infer.want(arg, param);
        }
    }
}

fn builtin_call(infer: &mut Infer, builtin: Builtin, args: &[Ast], wanted: &Kind) {
    match builtin {
        Builtin::Reduce(_) => {
            if let [only] = args {
                infer.want(*only, &Kind::SOME_ARRAY);
            } else if *wanted == Kind::Int {
                args.iter().for_each(|&arg| infer.want(arg, wanted));
            }
        }
        Builtin::Array(function) => {
            let kind = match function {
                ArrayFn::Transpose | ArrayFn::Trace => Kind::MATRIX,
                ArrayFn::Eye | ArrayFn::Zeros | ArrayFn::Ones => Kind::Int,
                ArrayFn::Len | ArrayFn::Norm => Kind::SOME_ARRAY,
                ArrayFn::Dot
                | ArrayFn::Outer
                | ArrayFn::Cross
                | ArrayFn::Cumsum
                | ArrayFn::Softmax
                | ArrayFn::LogSumExp
                | ArrayFn::ArgMax
                | ArrayFn::Diag => Kind::VECTOR,
                ArrayFn::Size => {
                    args.first().iter().for_each(|&&array| infer.want(array, &Kind::SOME_ARRAY));
                    args.iter().skip(1).for_each(|&axis| infer.want(axis, &Kind::Int));
                    return;
                }
            };
            args.iter().for_each(|&arg| infer.want(arg, &kind));
        }
        Builtin::Stop | Builtin::Show => args.iter().for_each(|&arg| infer.want(arg, wanted)),
        Builtin::Scalar(_) => {
            for &arg in args {
                if let Ref::Local(local) = infer.meaning(arg) {
                    infer.is_real(local);
                }
            }
        }
        Builtin::States | Builtin::Scatter | Builtin::Later(_) => {}
    }
}
