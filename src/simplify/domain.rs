//! Where expressions are defined: the proofs behind rules that need one.

use super::product::{Factor, Product};
use crate::core::{AccumOp, Ex, Graph, Node};
use crate::primitive::Prim;

/// A proof looks at so many nodes.
const MOST: usize = 64;

/// Primitives that are defined and finite for all real arguments.
const TOTAL: &[Prim] = &[
    Prim::ADD,
    Prim::SUB,
    Prim::MUL,
    Prim::NEG,
    Prim::ABS,
    Prim::SIGN,
    Prim::MAX,
    Prim::MIN,
    Prim::RELU,
    Prim::SIN,
    Prim::COS,
    Prim::ATAN,
    Prim::EXP,
    Prim::EXPM1,
    Prim::SINH,
    Prim::COSH,
    Prim::TANH,
    Prim::SECH,
    Prim::SIGMOID,
    Prim::SOFTPLUS,
    Prim::HYPOT,
    Prim::GAUSS,
    Prim::ERF,
    Prim::CBRT,
    Prim::TO_REAL,
];

/// Whether the expression surely has a finite real value for all values of its variables.
pub fn is_total(graph: &Graph, ex: Ex) -> bool {
    let mut stack = vec![ex];
    for _ in 0..MOST {
        let Some(ex) = stack.pop() else { return true };
        match graph.node(ex) {
            Node::Real(_) if graph.as_real(ex).is_some_and(f64::is_finite) => {}
            Node::Var(_) | Node::Int(_) | Node::Size { .. } => {}
            Node::Index { array, .. } if matches!(graph.node(array), Node::Var(_)) => {}
            Node::Prim(Prim::POW, args) => {
                let &[base, exponent] = graph.words(args) else { return false };
                let whole = graph.as_real(Ex(exponent)).is_some_and(|n| n >= 0.0 && n.fract() == 0.0);
                if !whole {
                    return false;
                }
                stack.push(Ex(base));
            }
            Node::Prim(p, args) if TOTAL.contains(&p) => stack.extend(graph.exs(args)),
            _ => return false,
        }
    }
    false
}

/// Whether a product is total: every divisor surely above 0, every factor total.
pub fn is_total_product(graph: &Graph, product: &Product) -> bool {
    let divides = |f: &Factor| f.downs.is_empty() || is_positive(graph, f.base);
    product.factors.iter().all(|f| divides(f) && is_total(graph, f.base))
}

/// Whether the product has no value where the base is 0: it divides by the base, or takes its logarithm.
pub fn excludes_zero(graph: &Graph, product: &Product, base: Ex) -> bool {
    let excludes = |factor: &Factor| {
        (factor.base == base && factor.down() > factor.up)
            || (factor.up > 0
                && graph.as_prim(factor.base, Prim::LOG).is_some_and(|args| Ex(args[0]) == base))
    };
    product.factors.iter().any(excludes)
}

/// What the expression surely has no value without the logarithm of.
pub fn logarithms(graph: &Graph, ex: Ex) -> Vec<Ex> {
    let mut stack = vec![ex];
    let mut found = Vec::new();
    for _ in 0..MOST {
        let Some(ex) = stack.pop() else { break };
        match graph.node(ex) {
            Node::Prim(Prim::LOG, args) => found.push(Ex(graph.words(args)[0])),
            // Of these a value that is not a number never becomes one.
            Node::Prim(
                Prim::ADD | Prim::SUB | Prim::MUL | Prim::DIV | Prim::NEG | Prim::SIN | Prim::COS,
                args,
            ) => {
                stack.extend(graph.exs(args));
            }
            _ => {}
        }
    }
    found
}

/// Whether the expression is surely above 0: a sum of squares, exponentials and the like, one of
/// them above 0.
fn is_positive(graph: &Graph, ex: Ex) -> bool {
    let mut stack = vec![(ex, true)];
    for _ in 0..MOST {
        let Some((ex, strict)) = stack.pop() else { return true };
        let above = |ex: Ex| match graph.node(ex) {
            Node::Real(_) => graph.as_real(ex).is_some_and(|c| c > 0.0),
            Node::Prim(Prim::EXP | Prim::COSH | Prim::SECH | Prim::SIGMOID | Prim::GAUSS, args) => {
                graph.exs(args).all(|a| is_total(graph, a))
            }
            _ => false,
        };
        if above(ex) {
            continue;
        }
        match graph.node(ex) {
            Node::Prim(Prim::ADD, args) => {
                let one = graph.exs(args).position(above);
                if strict && one.is_none() {
                    return false;
                }
                stack.extend(graph.exs(args).map(|a| (a, false)));
            }
            Node::Prim(Prim::MUL, args) => {
                let &[a, b] = graph.words(args) else { return false };
                if a != b || strict {
                    stack.extend([(Ex(a), strict), (Ex(b), strict)]);
                } else if !is_total(graph, Ex(a)) {
                    return false;
                }
            }
            Node::Prim(Prim::POW, args) if !strict => {
                let &[base, exponent] = graph.words(args) else { return false };
                let even = graph.as_real(Ex(exponent)).is_some_and(|n| n > 0.0 && n % 2.0 == 0.0);
                if !even || !is_total(graph, Ex(base)) {
                    return false;
                }
            }
            Node::Prim(Prim::ABS | Prim::HYPOT, args) if !strict => {
                if !graph.exs(args).all(|a| is_total(graph, a)) {
                    return false;
                }
            }
            _ => return false,
        }
    }
    false
}

/// Whether the primitive surely has a value wherever its arguments have.
pub fn has_value(graph: &Graph, p: Prim, args: &[Ex]) -> bool {
    match p {
        Prim::LOG | Prim::LOG2 | Prim::LOG10 | Prim::LOG1P | Prim::SQRT | Prim::POW => {
            is_never_negative(graph, args[0])
        }
        _ => false,
    }
}

/// Whether the expression is surely no number below 0; it may be none at all.
fn is_never_negative(graph: &Graph, ex: Ex) -> bool {
    let mut stack = vec![ex];
    for _ in 0..MOST {
        let Some(ex) = stack.pop() else { return true };
        match graph.node(ex) {
            Node::Real(_) if graph.as_real(ex).is_some_and(|c| c >= 0.0) => {}
            Node::Prim(
                Prim::EXP
                | Prim::ABS
                | Prim::HYPOT
                | Prim::SQRT
                | Prim::COSH
                | Prim::SECH
                | Prim::SIGMOID
                | Prim::SOFTPLUS
                | Prim::GAUSS
                | Prim::RELU,
                _,
            ) => {}
            Node::Prim(Prim::ADD | Prim::DIV, args) => stack.extend(graph.exs(args)),
            Node::Prim(Prim::MUL, args) => {
                let &[a, b] = graph.words(args) else { return false };
                if a != b {
                    stack.extend([Ex(a), Ex(b)]);
                }
            }
            Node::Prim(Prim::POW, args) => {
                let &[base, exponent] = graph.words(args) else { return false };
                if graph.as_real(Ex(exponent)).is_none_or(|n| n % 2.0 != 0.0) {
                    stack.push(Ex(base));
                }
            }
            Node::Accum { op: AccumOp::Sum | AccumOp::Prod, init, value, .. } => stack.extend([init, value]),
            _ => return false,
        }
    }
    false
}
