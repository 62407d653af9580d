//! Quotients that are 0/0 or ∞/∞ somewhere, and differences of reciprocals.

use super::linear::{
    Linear, argument, difference, exponent, half, is_formula, negated, radicand, square, squared, times,
};
use crate::core::{Ex, Graph};
use crate::primitive::Prim;

/// `f(x)/x` with `f(0) = 0`.
pub fn removable(graph: &mut Graph, ex: Ex) -> Option<Ex> {
    let &[top, below] = graph.as_prim(ex, Prim::DIV)? else { return None };
    let (top, below) = (Linear::of(graph, Ex(top))?, Ex(below));
    let &[(k, term)] = &top.terms[..] else { return None };
    if top.number != 0.0 {
        return None;
    }
    for (p, q) in [(Prim::SIN, Prim::USINC), (Prim::EXPM1, Prim::EXPREL)] {
        if argument(graph, term, p) == Some(below) {
            let new = graph.prim(q, &[below]);
            return Some(times(graph, k, new));
        }
    }
    // 2*sin(x/2)^2 is what 1 - cos(x) has become.
    let angle = argument(graph, squared(graph, term)?, Prim::SIN)?;
    let base = squared(graph, below);
    let x = base.unwrap_or(below);
    if half(graph, x) != angle {
        return None;
    }
    let ratio = graph.prim(Prim::USINC, &[angle]);
    let ratio = square(graph, ratio);
    let new = times(graph, 0.25 * k, ratio);
    Some(if base.is_some() { new } else { graph.mul(new, x) })
}

/// Quotients by `1 + exp(x)` and by `exp(x) + exp(y)`.
pub fn logistic(graph: &mut Graph, ex: Ex) -> Option<Ex> {
    let &[top, below] = graph.as_prim(ex, Prim::DIV)? else { return None };
    let (top, below) = (Ex(top), Ex(below));
    if let Some(base) = squared(graph, below) {
        // exp(x)/(1 + exp(x))^2
        let (_, k, x) = growth(graph, base).filter(|&(c, k, _)| c == k)?;
        exponent(graph, top).filter(|&power| power == x)?;
        let minus = negated(graph, x);
        let (a, b) = (graph.prim(Prim::SIGMOID, &[x]), graph.prim(Prim::SIGMOID, &[minus]));
        let product = graph.mul(a, b);
        return Some(times(graph, (k * k).recip(), product));
    }
    if let Some((c, k, x)) = growth(graph, below) {
        let shift = graph.real((k / c).ln());
        if exponent(graph, top) == Some(x) {
            let x = graph.add(x, shift);
            let share = graph.prim(Prim::SIGMOID, &[x]);
            return Some(times(graph, k.recip(), share));
        }
        let minus = negated(graph, x);
        let minus = graph.sub(minus, shift);
        let share = graph.prim(Prim::SIGMOID, &[minus]);
        let product = graph.mul(top, share);
        return Some(times(graph, c.recip(), product));
    }
    let sum = Linear::of(graph, below)?;
    let &[(1.0, first), (1.0, second)] = &sum.terms[..] else { return None };
    let (a, b, x) = (exponent(graph, first)?, exponent(graph, second)?, exponent(graph, top)?);
    let other = if x == a {
        b
    } else if x == b {
        a
    } else {
        return None;
    };
    let d = graph.sub(x, other);
    (sum.number == 0.0).then(|| graph.prim(Prim::SIGMOID, &[d]))
}

/// The `c`, `k` and `x` of `c + k*exp(x)` with positive numbers.
fn growth(graph: &mut Graph, ex: Ex) -> Option<(f64, f64, Ex)> {
    if !is_formula(graph, ex) {
        return None;
    }
    let sum = Linear::of(graph, ex)?;
    let &[(k, term)] = &sum.terms[..] else { return None };
    let moderate = |c: f64| (1e-100..=1e100).contains(&c);
    let x = exponent(graph, term)?;
    (moderate(sum.number) && moderate(k)).then_some((sum.number, k, x))
}

/// Hyperbolic tangents written with exponentials.
pub fn hyperbolic(graph: &mut Graph, ex: Ex) -> Option<Ex> {
    let &[top, below] = graph.as_prim(ex, Prim::DIV)? else { return None };
    let (top, below) = (Linear::of(graph, Ex(top))?, Linear::of(graph, Ex(below))?);
    let &[(k, term)] = &top.terms[..] else { return None };
    if top.number != 0.0 {
        return None;
    }
    let (factor, x) = match &below.terms[..] {
        // 2*sinh(x) is what exp(x) - exp(-x) has become, expm1(x) what exp(x) - 1.
        &[(c, first), (d, second)] if below.number == 0.0 && c == d => {
            let x = argument(graph, term, Prim::SINH)?;
            let (a, b) = (exponent(graph, first)?, exponent(graph, second)?);
            let minus = negated(graph, x);
            if (a, b) != (x, minus) && (b, a) != (x, minus) {
                return None;
            }
            (0.5 * k / c, x)
        }
        &[(c, only)] if below.number == c => {
            let x = argument(graph, term, Prim::EXPM1).filter(|&x| exponent(graph, only) == Some(x))?;
            (k / c, half(graph, x))
        }
        _ => return None,
    };
    let tanh = graph.prim(Prim::TANH, &[x]);
    Some(times(graph, factor, tanh))
}

/// `c/a - c/b`.
pub fn reciprocals(graph: &mut Graph, sum: &Linear) -> Option<Ex> {
    let &[(c, first), (d, second)] = &sum.terms[..] else { return None };
    let over = |graph: &Graph, term: Ex| match graph.as_prim(term, Prim::DIV)? {
        &[number, a] => Some((graph.as_real(Ex(number))?, Ex(a))),
        _ => None,
    };
    let ((m, a), (n, b)) = (over(graph, first)?, over(graph, second)?);
    if sum.number != 0.0 || c * m != -(d * n) {
        return None;
    }
    let short = difference(graph, b, a)?;
    let top = Linear { number: 0.0, terms: Vec::new() }.plus(&short, c * m)?.write(graph);
    // Over a number the product may overflow: then the quotient vanishes either way.
    if graph.as_real(top).is_some() {
        let below = graph.mul(a, b);
        return Some(graph.div(top, below));
    }
    let quotient = graph.div(top, a);
    Some(graph.div(quotient, b))
}

/// `a/h` and `b/h` as one quotient, where `a` holds the square of a ratio to `h` and `b` is a number:
/// so that the two can cancel.
pub fn over_root(graph: &mut Graph, sum: &Linear) -> Option<Ex> {
    let &[first, second] = &sum.terms[..] else { return None };
    if sum.number != 0.0 {
        return None;
    }
    for ((c, a), (d, b)) in [(first, second), (second, first)] {
        let (Some(&[a, h]), Some(&[b, other])) = (graph.as_prim(a, Prim::DIV), graph.as_prim(b, Prim::DIV)) else {
            return None;
        };
        let ratio = squared(graph, Ex(a)).and_then(|ratio| graph.as_prim(ratio, Prim::DIV));
        if h != other || ratio.is_none_or(|ratio| ratio[1] != h) {
            continue;
        }
        let Some(number) = graph.as_real(Ex(b)) else { continue };
        let top = Linear { number: d * number, terms: vec![(c, Ex(a))] };
        let top = over_one(graph, &top)?;
        return Some(graph.div(top, Ex(h)));
    }
    None
}

/// A number and a quotient, `c + k*a/b`, where `c*b + k*a` is short: over `b`, or over the square of
/// a root `b` that divides twice.
pub fn over_one(graph: &mut Graph, sum: &Linear) -> Option<Ex> {
    let &[(k, term)] = &sum.terms[..] else { return None };
    if sum.number == 0.0 {
        return None;
    }
    let ratio = squared(graph, term);
    let &[top, below] = graph.as_prim(ratio.unwrap_or(term), Prim::DIV)? else { return None };
    let (mut top, below) = (Ex(top), Ex(below));
    let mut twice = ratio.is_some();
    if twice {
        top = self::square(graph, top);
    } else if let Some(&[inner, root]) = graph.as_prim(top, Prim::DIV) {
        if Ex(root) != below {
            return None;
        }
        (top, twice) = (Ex(inner), true);
    }
    let whole = if twice { radicand(graph, below)? } else { Linear::of(graph, below)? };
    let part = Linear::of(graph, top)?;
    let scaled = Linear { number: 0.0, terms: Vec::new() }.plus(&whole, sum.number)?;
    let short = scaled.plus(&part, k)?;
    if short.len() == 0 || short.len() >= whole.len() + part.len() || whole.len() < 2 {
        return None;
    }
    if twice
        && let [(1.0, square)] = short.terms[..]
        && short.number == 0.0
        && let Some(side) = squared(graph, square)
    {
        let ratio = graph.div(side, below);
        return Some(self::square(graph, ratio));
    }
    let new = short.write(graph);
    let new = graph.div(new, below);
    Some(if twice { graph.div(new, below) } else { new })
}
