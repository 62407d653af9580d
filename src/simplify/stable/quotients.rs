//! Quotients that are 0/0 or ∞/∞ somewhere, and differences of reciprocals.

use super::linear::{
    Linear, argument, difference, exponent, half, is_formula, negated, radicand, square, squared, times,
};
use crate::core::{Ex, Graph};
use crate::primitive::Prim;
use crate::simplify::product::{Open, Product, is_one_of};

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
    let (factor, x) = match below.terms[..] {
        // 2*sinh(x) is what exp(x) - exp(-x) has become, expm1(x) what exp(x) - 1.
        [(c, first), (d, second)] if below.number == 0.0 && c == d => {
            let x = argument(graph, term, Prim::SINH)?;
            let (a, b) = (exponent(graph, first)?, exponent(graph, second)?);
            let minus = negated(graph, x);
            if (a, b) != (x, minus) && (b, a) != (x, minus) {
                return None;
            }
            (0.5 * k / c, x)
        }
        [(c, only)] if below.number == c => {
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
    let top = Linear { number: 0.0, terms: Default::default() }.plus(&short, c * m)?.write(graph);
    // Over a number the product may overflow: then the quotient vanishes either way.
    if graph.as_real(top).is_some() {
        let below = graph.mul(a, b);
        return Some(graph.div(top, below));
    }
    let quotient = graph.div(top, a);
    Some(graph.div(quotient, b))
}

/// The base that a term is divided by, with how often, and the rest; nothing where there are more.
fn divided(graph: &mut Graph, term: Ex) -> Option<(Ex, u32, Product)> {
    if !is_one_of(graph, term, &[Prim::DIV, Prim::MUL, Prim::NEG]) {
        return None;
    }
    let mut product = Product::of(graph, term, Open::ALL)?;
    let at = product.factors.iter().position(|f| !f.downs.is_empty())?;
    let factor = product.factors.remove(at);
    let only = factor.up == 0 && product.factors.iter().all(|f| f.downs.is_empty());
    only.then(|| (factor.base, factor.down(), product))
}

/// `k*a/h^3 + c/h` for a root `h`, as one quotient: so that the two can cancel.
pub fn over_root(graph: &mut Graph, sum: &Linear) -> Option<Ex> {
    let &[first, second] = &sum.terms[..] else { return None };
    if sum.number != 0.0 {
        return None;
    }
    for ((k, term), (c, other)) in [(first, second), (second, first)] {
        let (Some((h, 3, rest)), Some((base, 1, number))) = (divided(graph, term), divided(graph, other))
        else {
            continue;
        };
        if h == base && number.factors.is_empty() {
            let top = one_over(graph, c * number.number, k, h, 2, &rest)?;
            return Some(graph.div(top, h));
        }
    }
    None
}

/// A number and a quotient, `c + k*a/b`, where `c*b + k*a` is short: over `b`, or over the square of
/// a root `b` that divides twice.
pub fn over_one(graph: &mut Graph, sum: &Linear) -> Option<Ex> {
    let &[(k, term)] = &sum.terms[..] else { return None };
    if sum.number == 0.0 || !is_formula(graph, term) {
        return None;
    }
    let (below, times, top) = divided(graph, term)?;
    one_over(graph, sum.number, k, below, times, &top)
}

/// `c + k*top/below^times`.
fn one_over(graph: &mut Graph, c: f64, k: f64, below: Ex, times: u32, top: &Product) -> Option<Ex> {
    let whole = match times {
        1 => Linear::of(graph, below)?,
        2 => radicand(graph, below)?,
        _ => return None,
    };
    let top = top.write(graph);
    let part = Linear::of(graph, top)?;
    let scaled = Linear { number: 0.0, terms: Default::default() }.plus(&whole, c)?;
    let short = scaled.plus(&part, k)?;
    if short.size() == 0 || short.size() >= whole.size() + part.size() || whole.size() < 2 {
        return None;
    }
    if times == 2
        && let [(1.0, square)] = short.terms[..]
        && short.number == 0.0
        && let Some(side) = squared(graph, square)
    {
        let ratio = graph.div(side, below);
        return Some(self::square(graph, ratio));
    }
    let new = short.write(graph);
    let new = graph.div(new, below);
    Some(if times == 2 { graph.div(new, below) } else { new })
}
