//! Inference, upwards: what is known of an expression from what is known of its parts.

use super::builtins::{ArrayFn, Builtin};
use super::infer::Infer;
use super::kinds::Kind;
use super::names::Ref;
use super::scope::DefId;
use crate::core::Elem;
use crate::syntax::tree::{Ast, BinaryOp, Derivative, Expr, Reducer, Subscript, UnaryOp};
use std::rc::Rc;

/// What is known of an expression whose parts were looked at.
pub(super) fn kind(infer: &Infer, ast: Ast) -> Kind {
    match infer.tree.expr(ast) {
        Expr::Number { integer: Some(_), .. } => Kind::Literal,
        Expr::Number { integer: None, .. } => Kind::Real,
        Expr::Bool(_) | Expr::Compare(..) => Kind::Bool,
        Expr::Name(_) => name(infer, ast),
        Expr::Unary(op, a) => match op {
            UnaryOp::Neg | UnaryOp::Transpose => infer.kind(*a),
            UnaryOp::Not => Kind::Bool,
            UnaryOp::Factorial => Kind::Real,
        },
        Expr::Binary(op, a, b) => binary(infer, *op, &infer.kind(*a), &infer.kind(*b)),
        Expr::If { arms, otherwise, .. } => {
            arms.iter().fold(infer.kind(*otherwise), |kind, &(_, value)| infer.kind(value).join(&kind))
        }
        Expr::Let { body, .. } => infer.kind(*body),
        Expr::Lambda { params, body } => {
            Kind::Function(Rc::new((vec![Kind::Unknown; params.len()], infer.kind(*body)))).or_unknown()
        }
        Expr::Call { callee, args, elementwise } => call(infer, *callee, args, *elementwise),
        Expr::Prime { of, .. } => infer.kind(*of),
        Expr::Index { array, at } => index(&infer.kind(*array), at),
        Expr::Field { of, name } => match infer.meaning(ast) {
            Ref::Def(_) => self::name(infer, ast),
            Ref::None | Ref::Local(_) | Ref::Constant(_) | Ref::Builtin(_) | Ref::Transpose => {
                match infer.kind(*of) {
                    Kind::Record(fields) => {
                        let text = infer.tree.text(*name);
                        fields
                            .iter()
                            .find(|(known, _)| known == text)
                            .map_or(Kind::Unknown, |(_, kind)| kind.clone())
                    }
                    _no_record => Kind::Unknown,
                }
            }
        },
        Expr::Array(parts) => {
            parts.iter().fold(Kind::Array(Elem::Real, 1), |kind, &part| match infer.kind(part) {
                Kind::Array(elem, rank) => Kind::Array(elem, rank.saturating_add(1)),
                _scalar => kind,
            })
        }
        Expr::Tuple(parts) => {
            Kind::Tuple(Rc::new(parts.iter().map(|&part| infer.kind(part)).collect())).or_unknown()
        }
        Expr::Record(fields) => {
            let field = |&(name, value)| (infer.tree.text(name).to_string(), infer.kind(value));
            Kind::Record(Rc::new(fields.iter().map(field).collect())).or_unknown()
        }
        Expr::Comprehension { body, over, .. } => match infer.kind(*body) {
            Kind::Array(elem, rank) if rank > 0 => Kind::Array(elem, rank.saturating_add(axes(over.len()))),
            kind => Kind::Array(elem(&kind), axes(over.len())),
        },
        Expr::Reduce { op, body, .. } => reduction(*op, infer.kind(*body)),
        Expr::Fold { state, init, next, trace, .. } => {
            fold(infer.gather(state, *init).join(&infer.kind(*next)), *trace)
        }
        Expr::Iterate { state, init, next, .. } => infer.gather(state, *init).join(&infer.kind(*next)),
        Expr::Derivative { kind, body, .. } => derivative(infer, ast, *kind, *body),
    }
}

/// What a loop gives whose state is of a kind: the last state, or the array of all.
fn fold(state: Kind, trace: bool) -> Kind {
    match (trace, state) {
        (false, kind) => kind,
        (true, Kind::Array(elem, rank)) => Kind::Array(elem, rank.saturating_add(1)),
        // Whether whole numbers or reals is not yet known.
        (true, Kind::Literal) => Kind::Unknown,
        (true, scalar) if scalar.is_scalar() => Kind::Array(elem(&scalar), 1),
        (true, _several) => Kind::Unknown,
    }
}

/// A number of axes; more than there may be is reported elsewhere.
pub(super) fn axes(count: usize) -> u8 {
    count.min(u8::MAX as usize) as u8
}

fn elem(kind: &Kind) -> Elem {
    match kind {
        Kind::Int | Kind::Literal => Elem::Int,
        Kind::Bool => Elem::Bool,
        Kind::Unknown
        | Kind::Real
        | Kind::Array(..)
        | Kind::Tuple(_)
        | Kind::Record(_)
        | Kind::Function(_) => Elem::Real,
    }
}

fn name(infer: &Infer, ast: Ast) -> Kind {
    match infer.meaning(ast) {
        Ref::Local(local) => infer.locals[local.0 as usize].clone(),
        Ref::Def(def) => of_definition(infer, def),
        Ref::Constant(_) => Kind::Real,
        Ref::None | Ref::Builtin(_) | Ref::Transpose => Kind::Unknown,
    }
}

/// What is known of a definition as a value.
pub(super) fn of_definition(infer: &Infer, def: DefId) -> Kind {
    let known = infer.known(def);
    if known.function {
        return Kind::Function(Rc::new((known.params.clone(), known.result.clone())));
    }
    known.result.clone()
}

fn binary(infer: &Infer, op: BinaryOp, a: &Kind, b: &Kind) -> Kind {
    use BinaryOp::*;
    match op {
        And | Or => Kind::Bool,
        Cross => Kind::VECTOR,
        Inner => match (a, b) {
            (Kind::Array(..), _) | (_, Kind::Array(..)) => Kind::Real,
            _scalars => arithmetic(a, b),
        },
        Mul => match (a, b) {
            (Kind::Array(elem, 2), Kind::Array(_, 1)) | (Kind::Array(elem, 1), Kind::Array(_, 2)) => {
                Kind::Array(*elem, 1)
            }
            (Kind::Array(..), Kind::Array(_, 1)) => Kind::Unknown,
            // A matrix times a vector or times a number?
            (Kind::Array(_, 2), Kind::Unknown) | (Kind::Unknown, Kind::Array(_, 2)) if infer.boldness < 2 => {
                Kind::Unknown
            }
            _other => arithmetic(a, b),
        },
        Div => match arithmetic(a, b) {
            Kind::Literal | Kind::Int => Kind::Real,
            other => other,
        },
        Pow => match (a, b) {
            (Kind::Array(..), _) => a.clone(),
            (Kind::Int | Kind::Literal, Kind::Literal) => a.clone(),
            (_, Kind::Array(..)) => b.clone(),
            (Kind::Unknown, _) => Kind::Unknown,
            _scalars => Kind::Real,
        },
        Add | Sub | Juxtapose | DotAdd | DotSub | DotMul | DotDiv => arithmetic(a, b),
    }
}

/// The sum of two values: of what is not known, nothing is, since it may be an array.
fn arithmetic(a: &Kind, b: &Kind) -> Kind {
    match (a, b) {
        (Kind::Array(..), _) | (_, Kind::Array(..)) => a.join(b),
        (Kind::Unknown, _) | (_, Kind::Unknown) => Kind::Unknown,
        _scalars => a.join(b),
    }
}

fn index(array: &Kind, at: &[Subscript]) -> Kind {
    let fixed = axes(at.iter().filter(|subscript| matches!(subscript, Subscript::At(_))).count());
    match array {
        Kind::Array(elem, rank) if *rank > fixed => Kind::Array(*elem, rank - fixed),
        Kind::Array(Elem::Int, rank) if *rank == fixed => Kind::Int,
        Kind::Array(Elem::Bool, rank) if *rank == fixed => Kind::Bool,
        Kind::Array(_, rank) if *rank == fixed => Kind::Real,
        _unknown => Kind::Unknown,
    }
}

fn reduction(op: Reducer, body: Kind) -> Kind {
    match op {
        Reducer::Any | Reducer::All => Kind::Bool,
        Reducer::Count => Kind::Int,
        // Of literals too: the sum may turn out to be of reals.
        Reducer::Sum => body,
        Reducer::Prod | Reducer::Max | Reducer::Min => match body {
            array @ Kind::Array(..) => array,
            _scalar => Kind::Real,
        },
    }
}

fn call(infer: &Infer, callee: Ast, args: &[Ast], elementwise: bool) -> Kind {
    if elementwise {
        return args
            .iter()
            .map(|&arg| infer.kind(arg))
            .find(|kind| matches!(kind, Kind::Array(..)))
            .unwrap_or_default();
    }
    match infer.meaning(callee) {
        Ref::Builtin(builtin) => builtin_call(infer, builtin, args),
        Ref::Local(_) | Ref::Def(_) | Ref::None | Ref::Constant(_) | Ref::Transpose => {
            match infer.called(callee, args) {
                Kind::Function(function) => function.1.clone(),
                _unknown => Kind::Unknown,
            }
        }
    }
}

fn builtin_call(infer: &Infer, builtin: Builtin, args: &[Ast]) -> Kind {
    let first = args.first().map(|&arg| infer.kind(arg)).unwrap_or_default();
    match builtin {
        Builtin::Scalar(_) => Kind::Real,
        Builtin::Reduce(Reducer::Any | Reducer::All) => Kind::Bool,
        Builtin::Reduce(Reducer::Count) => Kind::Int,
        Builtin::Reduce(Reducer::Sum | Reducer::Prod | Reducer::Max | Reducer::Min) => {
            match args.iter().all(|&arg| matches!(infer.kind(arg), Kind::Literal | Kind::Int)) {
                true => Kind::Int,
                false => Kind::Real,
            }
        }
        Builtin::Array(function) => match function {
            ArrayFn::Dot | ArrayFn::Norm | ArrayFn::Trace | ArrayFn::LogSumExp => Kind::Real,
            ArrayFn::Len | ArrayFn::Size | ArrayFn::ArgMax => Kind::Int,
            ArrayFn::Transpose => first,
            ArrayFn::Outer | ArrayFn::Eye => Kind::MATRIX,
            ArrayFn::Diag => match first {
                Kind::Array(elem, 2) => Kind::Array(elem, 1),
                _vector => Kind::MATRIX,
            },
            ArrayFn::Zeros | ArrayFn::Ones => Kind::Array(Elem::Real, axes(args.len())),
            ArrayFn::Cross | ArrayFn::Cumsum | ArrayFn::Softmax => Kind::VECTOR,
        },
        Builtin::Stop | Builtin::Show => first,
        Builtin::States => match args.first().map(|&arg| infer.kind(arg)) {
            Some(Kind::Array(elem, rank)) => Kind::Array(elem, rank.saturating_add(1)),
            Some(Kind::Literal) => Kind::Unknown,
            Some(scalar) if scalar.is_scalar() => Kind::Array(elem(&scalar), 1),
            _several => Kind::Unknown,
        },
        Builtin::Scatter => args.first().map_or(Kind::Unknown, |&array| infer.kind(array)),
        Builtin::Later(_) => Kind::Unknown,
    }
}

fn derivative(infer: &Infer, ast: Ast, kind: Derivative, body: Ast) -> Kind {
    let by = infer.program.names.by.get(&ast).and_then(|by| by.first()).copied();
    let variable = match by {
        Some(Ref::Local(local)) => infer.locals[local.0 as usize].clone(),
        Some(Ref::Def(def)) => infer.known(def).result.clone(),
        Some(Ref::None | Ref::Constant(_) | Ref::Builtin(_) | Ref::Transpose) | None => Kind::Unknown,
    };
    let rank = |kind: &Kind| if let Kind::Array(_, rank) = kind { *rank } else { 0 };
    let own = infer.kind(body);
    let total = match kind {
        Derivative::Diff | Derivative::Grad | Derivative::Jac => rank(&own).saturating_add(rank(&variable)),
        Derivative::Hess => rank(&variable).saturating_mul(2),
    };
    match total {
        0 => Kind::Real,
        rank => Kind::Array(Elem::Real, rank),
    }
}
