//! Differences that cancel where both sides are near each other.

use super::linear::{Linear, argument, difference, exponent, half, negated, square, squared, times, twice};
use super::opposite;
use crate::core::{Ex, Graph};
use crate::primitive::Prim;
use crate::simplify::product::{Factor, Open, Product};
use crate::simplify::rules::Loose;

/// A number and one term that is near it somewhere.
pub fn from_number(graph: &mut Graph, sum: &Linear) -> Option<Ex> {
    let &[(k, term)] = &sum.terms[..] else { return None };
    let c = sum.number;
    if c == 0.0 {
        return None;
    }
    if c == -0.5 * k
        && let Some(x) = argument(graph, term, Prim::SIGMOID)
    {
        let x = half(graph, x);
        let tanh = graph.prim(Prim::TANH, &[x]);
        return Some(times(graph, 0.5 * k, tanh));
    }
    if c != -k {
        return None;
    }
    // c*(1 - term)
    if let Some(x) = exponent(graph, term) {
        let new = graph.prim(Prim::EXPM1, &[x]);
        return Some(times(graph, k, new));
    }
    for (p, q, factor) in [(Prim::COS, Prim::SIN, 2.0 * c), (Prim::COSH, Prim::SINH, -2.0 * c)] {
        if let Some(x) = argument(graph, term, p) {
            let x = half(graph, x);
            let new = graph.prim(q, &[x]);
            let new = square(graph, new);
            return Some(times(graph, factor, new));
        }
    }
    if let Some(x) = argument(graph, term, Prim::ERF) {
        let new = graph.prim(Prim::ERFC, &[x]);
        return Some(times(graph, c, new));
    }
    for p in [Prim::SIGMOID, Prim::NORMCDF] {
        if let Some(x) = argument(graph, term, p) {
            let x = negated(graph, x);
            let new = graph.prim(p, &[x]);
            return Some(times(graph, c, new));
        }
    }
    let base = squared(graph, term)?;
    let pairs = [
        (Prim::TANH, Prim::SECH, c),
        (Prim::SECH, Prim::TANH, c),
        (Prim::SIN, Prim::COS, c),
        (Prim::COS, Prim::SIN, c),
        (Prim::COSH, Prim::SINH, -c),
    ];
    for (p, q, factor) in pairs {
        if let Some(x) = argument(graph, base, p) {
            let new = graph.prim(q, &[x]);
            let new = square(graph, new);
            return Some(times(graph, factor, new));
        }
    }
    None
}

/// A function near 0 less its argument.
pub fn from_own(graph: &mut Graph, sum: &Linear) -> Option<Ex> {
    let &[first, second] = &sum.terms[..] else { return None };
    for ((k, x), (c, term)) in [(first, second), (second, first)] {
        if k != -c {
            continue;
        }
        let own = |p| argument(graph, term, p) == Some(x);
        let (p, factor) = if sum.number == -c && exponent(graph, term) == Some(x) {
            (Prim::EXPM1MX, c)
        } else if sum.number == c && own(Prim::LOG) {
            (Prim::LOGMXP1, c)
        } else if sum.number != 0.0 {
            continue;
        } else if own(Prim::SIN) {
            (Prim::XMSIN, k)
        } else if own(Prim::TANH) {
            (Prim::TANHSHRINK, k)
        } else if own(Prim::TAN) {
            (Prim::TANMX, c)
        } else if own(Prim::SINH) {
            (Prim::SINHMX, c)
        } else if own(Prim::EXPM1) {
            (Prim::EXPM1MX, c)
        } else if own(Prim::LOG1P) {
            (Prim::LOG1PMX, c)
        } else {
            continue;
        };
        let new = graph.prim(p, &[x]);
        return Some(times(graph, factor, new));
    }
    None
}

/// The difference of two squares, or of a square and a number.
pub fn squares(graph: &mut Graph, sum: &Linear) -> Option<Ex> {
    let (k, a, b) = match sum.terms[..] {
        [(c, first), (d, second)] if sum.number == 0.0 && c == -d => {
            let (a, b) = (squared(graph, first)?, squared(graph, second)?);
            if c > 0.0 { (c, a, b) } else { (d, b, a) }
        }
        [(c, term)] if c.abs() == 1.0 && sum.number * c < 0.0 => {
            let root = sum.number.abs().sqrt();
            if root * root != sum.number.abs() {
                return None;
            }
            let (base, root) = (squared(graph, term)?, graph.real(root));
            if c > 0.0 { (1.0, base, root) } else { (1.0, root, base) }
        }
        _ => return None,
    };
    let less = match difference(graph, a, b) {
        Some(short) => short.write(graph),
        None => graph.sub(a, b),
    };
    let more = graph.add(a, b);
    let product = graph.mul(less, more);
    Some(times(graph, k, product))
}

/// `k*exp(x) - k*exp(-x)`.
pub fn exponentials(graph: &mut Graph, sum: &Linear) -> Option<Ex> {
    let &[(c, first), (d, second)] = &sum.terms[..] else { return None };
    let (a, b) = (exponent(graph, first)?, exponent(graph, second)?);
    if sum.number != 0.0 || c != -d || negated(graph, a) != b && a != negated(graph, b) {
        return None;
    }
    // The exponent without a sign, where there is one.
    let (k, x) = if graph.as_prim(a, Prim::NEG).is_some() { (d, b) } else { (c, a) };
    let sinh = graph.prim(Prim::SINH, &[x]);
    Some(times(graph, 2.0 * k, sinh))
}

/// Sums and differences of two squares that are 1, or functions of the double angle.
pub fn pythagoras(graph: &mut Graph, sum: &Linear) -> Option<Ex> {
    let &[(c, first), (d, second)] = &sum.terms[..] else { return None };
    if sum.number != 0.0 || c.abs() != d.abs() {
        return None;
    }
    let (a, b) = (squared(graph, first)?, squared(graph, second)?);
    for (c, a, b) in [(c, a, b), (d, b, a)] {
        let sines = argument(graph, a, Prim::SIN).is_some_and(|x| argument(graph, b, Prim::COS) == Some(x));
        let hyperbolic =
            argument(graph, a, Prim::COSH).is_some_and(|x| argument(graph, b, Prim::SINH) == Some(x));
        if (sines && sum.terms[0].0 == sum.terms[1].0) || (hyperbolic && sum.terms[0].0 != sum.terms[1].0) {
            return Some(graph.real(c));
        }
        let p = match (sines, hyperbolic) {
            (true, _) => Prim::COS,
            (_, true) => Prim::COSH,
            _ => continue,
        };
        let x = argument(graph, if sines { b } else { a }, p)?;
        let x = twice(graph, x);
        let new = graph.prim(p, &[x]);
        return Some(times(graph, if sines { -c } else { c }, new));
    }
    None
}

/// `2*sin(x)*cos(x)` and `2*sinh(x)*cosh(x)`, with other factors or without.
pub fn double_angle(graph: &mut Graph, ex: Ex, loose: Loose) -> Option<Ex> {
    graph.as_prim(ex, Prim::MUL)?;
    let mut product = Product::of(graph, ex, Open { quotients: &|_| false, ..Open::loose(loose) })?;
    if product.number.abs() < 2.0 {
        return None;
    }
    for (sine, cosine) in [(Prim::SIN, Prim::COS), (Prim::SINH, Prim::COSH)] {
        let once = |f: &Factor| f.up == 1 && f.downs.is_empty();
        let found = product.factors.iter().enumerate().find_map(|(at, f)| {
            let x = argument(graph, f.base, sine).filter(|_| once(f))?;
            let other = |g: &Factor| once(g) && argument(graph, g.base, cosine) == Some(x);
            Some((at, product.factors.iter().position(other)?, x))
        });
        if let Some((at, other, x)) = found {
            let x = twice(graph, x);
            product.number *= 0.5;
            product.factors[at].base = graph.prim(sine, &[x]);
            product.factors.remove(other);
            return Some(product.write(graph));
        }
    }
    None
}

/// `k*(sigmoid(x) - sigmoid(-x))`.
pub fn sigmoids(graph: &mut Graph, sum: &Linear) -> Option<Ex> {
    let (k, a, b) = opposite(graph, sum, Prim::SIGMOID)?;
    if negated(graph, a) != b && negated(graph, b) != a {
        return None;
    }
    // The argument without a sign, where there is one.
    let (k, x) = if graph.as_prim(a, Prim::NEG).is_some() { (-k, b) } else { (k, a) };
    let x = half(graph, x);
    let tanh = graph.prim(Prim::TANH, &[x]);
    Some(times(graph, k, tanh))
}

/// The sines or cosines of two angles whose difference is short.
pub fn angles(graph: &mut Graph, sum: &Linear) -> Option<Ex> {
    for p in [Prim::SIN, Prim::COS] {
        let Some((k, a, b)) = opposite(graph, sum, p) else { continue };
        let d = difference(graph, a, b)?.write(graph);
        let h = half(graph, d);
        // Not by the middle of the angles, whose rounding a large angle would feel.
        let (f, g) = if p == Prim::SIN { (Prim::COS, Prim::SIN) } else { (Prim::SIN, Prim::COS) };
        let (along, across) = (graph.prim(f, &[b]), graph.prim(g, &[b]));
        let (first, second) = (graph.prim(Prim::SIN, &[d]), graph.prim(Prim::SIN, &[h]));
        let (first, second) = (graph.mul(along, first), square(graph, second));
        let second = graph.mul(across, second);
        let second = times(graph, 2.0, second);
        let first = if p == Prim::SIN { first } else { graph.neg(first) };
        let new = graph.sub(first, second);
        return Some(times(graph, k, new));
    }
    None
}

/// The angle between two slopes: exact, since it lies between -π and π.
pub fn arctangents(graph: &mut Graph, sum: &Linear) -> Option<Ex> {
    let (k, a, b) = opposite(graph, sum, Prim::ATAN)?;
    let d = difference(graph, a, b)?.write(graph);
    let product = graph.mul(a, b);
    let one = graph.real(1.0);
    let below = graph.add(one, product);
    let angle = graph.prim(Prim::ATAN2, &[d, below]);
    Some(times(graph, k, angle))
}
