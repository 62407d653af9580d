//! Logarithms of sums.

use super::linear::{
    Linear, argument, difference as short_difference, exponent, negated, radicand, squared, times,
};
use super::opposite;
use crate::core::{AccumOp, Ex, Graph, Node, VarId};
use crate::primitive::Prim;

/// The logarithm of a sum, by what the sum is made of.
pub fn of_sum(graph: &mut Graph, ex: Ex) -> Option<Ex> {
    let a = argument(graph, ex, Prim::LOG)?;
    let known = [(Prim::EXPM1, Prim::LOGEXPM1), (Prim::COSH, Prim::LOGCOSH), (Prim::ERFC, Prim::LOGERFC)];
    for (p, q) in known {
        if let Some(x) = argument(graph, a, p) {
            return Some(graph.prim(q, &[x]));
        }
    }
    if let Some(x) = argument(graph, a, Prim::SIGMOID) {
        let x = negated(graph, x);
        let new = graph.prim(Prim::SOFTPLUS, &[x]);
        return Some(graph.neg(new));
    }
    if let Some(x) = argument(graph, a, Prim::NEG).and_then(|a| argument(graph, a, Prim::EXPM1)) {
        return Some(graph.prim(Prim::LOG1MEXP, &[x]));
    }
    // The sum of a square root may have become a choice, whose last branch is as it was written.
    let sum = match graph.node(a) {
        Node::If { els, .. } => {
            let written = Linear::of(graph, els)?;
            return inverse_hyperbolic(graph, &written.terms).filter(|_| written.number == 0.0);
        }
        _ => Linear::of(graph, a)?,
    };
    match (sum.number, &sum.terms[..]) {
        (1.0, &[(1.0, term)]) if exponent(graph, term).is_some() => {
            let x = exponent(graph, term)?;
            Some(graph.prim(Prim::SOFTPLUS, &[x]))
        }
        (2.0, &[(-1.0, term)]) => {
            let x = exponent(graph, term)?;
            Some(graph.prim(Prim::LOG2MEXP, &[x]))
        }
        (1.0, &[_, ..]) => {
            let rest = Linear { number: 0.0, ..sum }.write(graph);
            Some(graph.prim(Prim::LOG1P, &[rest]))
        }
        (0.0, terms @ &[_, _, ..]) => {
            if let Some(new) = inverse_hyperbolic(graph, terms) {
                return Some(new);
            }
            let mut powers = Vec::new();
            for &(c, term) in terms {
                powers.push(exponent(graph, term).filter(|_| c == 1.0)?);
            }
            powers.into_iter().reduce(|x, y| graph.prim(Prim::LOGADDEXP, &[x, y]))
        }
        _ => None,
    }
}

/// `log(x + sqrt(x^2 + 1))` and `log(x + sqrt(x^2 - 1))`.
fn inverse_hyperbolic(graph: &mut Graph, terms: &[(f64, Ex)]) -> Option<Ex> {
    let &[(1.0, first), (1.0, second)] = terms else { return None };
    for (x, root) in [(first, second), (second, first)] {
        let Some(sum) = radicand(graph, root) else { continue };
        let &[(1.0, square)] = &sum.terms[..] else { continue };
        if squared(graph, square) != Some(x) {
            continue;
        }
        let p = match sum.number {
            1.0 => Prim::ASINH,
            -1.0 => Prim::ACOSH,
            _ => continue,
        };
        return Some(graph.prim(p, &[x]));
    }
    None
}

/// The logarithm of a quotient whose sides are as far from a number.
pub fn of_quotient(graph: &mut Graph, ex: Ex) -> Option<Ex> {
    let a = argument(graph, ex, Prim::LOG)?;
    let &[top, below] = graph.as_prim(a, Prim::DIV)? else { return None };
    let (top, below) = (Linear::of(graph, Ex(top))?, Linear::of(graph, Ex(below))?);
    let (&[(c, x)], &[(d, y)]) = (&top.terms[..], &below.terms[..]) else { return None };
    if x != y || below.number != 1.0 || c != -d {
        return None;
    }
    let x = times(graph, c, x);
    match top.number {
        1.0 => {
            let new = graph.prim(Prim::ATANH, &[x]);
            Some(times(graph, 2.0, new))
        }
        0.0 => Some(graph.prim(Prim::LOGIT, &[x])),
        _ => None,
    }
}

/// `k*(log(a) - log(b))`.
pub fn difference(graph: &mut Graph, sum: &Linear) -> Option<Ex> {
    let (k, a, b) = match &sum.terms[..] {
        // log(1 + x) has become log1p(x) already.
        &[(c, first), (d, second)] if sum.number == 0.0 && c == -d => {
            let one = Linear { number: 1.0, terms: Default::default() };
            let inside = |graph: &mut Graph, term| match argument(graph, term, Prim::LOG1P) {
                Some(x) => Linear::of(graph, x)?.plus(&one, 1.0).map(|sum| sum.write(graph)),
                None => argument(graph, term, Prim::LOG),
            };
            let (a, b) = (inside(graph, first)?, inside(graph, second)?);
            if c > 0.0 { (c, a, b) } else { (d, b, a) }
        }
        _ => opposite(graph, sum, Prim::LOG)?,
    };
    let d = short_difference(graph, a, b)?.write(graph);
    let ratio = graph.div(d, b);
    let new = graph.prim(Prim::LOG1P, &[ratio]);
    Some(times(graph, k, new))
}

/// The logarithm of a sum of exponentials, over an index.
pub fn of_exponentials(graph: &mut Graph, ex: Ex) -> Option<Ex> {
    let a = argument(graph, ex, Prim::LOG)?;
    let Node::Accum { op: AccumOp::Sum, init, over, at, value } = graph.node(a) else { return None };
    if graph.exs(at).len() > 0 || graph.as_real(init) != Some(0.0) {
        return None;
    }
    let over: Vec<VarId> = graph.vars(over).collect();
    let x = exponent(graph, value)?;
    if graph.as_prim(x, Prim::SUB).is_some_and(|args| !graph.depends_on_any(Ex(args[1]), &over)) {
        return None; // shifted already
    }
    let low = graph.real(f64::NEG_INFINITY);
    let largest = graph.accum(AccumOp::Max, low, &over, &[], x);
    // The value does not depend on the shift, so no derivative does.
    let shift = graph.prim(Prim::STOP, &[largest]);
    let difference = graph.sub(x, shift);
    let value = graph.prim(Prim::EXP, &[difference]);
    let sum = graph.accum(AccumOp::Sum, init, &over, &[], value);
    let log = graph.prim(Prim::LOG, &[sum]);
    Some(graph.add(shift, log))
}
