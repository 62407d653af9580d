//! Square roots: hypotenuses, and differences by their conjugates.

use super::linear::{Linear, difference, radicand, squared, times};
use super::opposite;
use crate::core::{Ex, Graph};
use crate::primitive::Prim;

/// `k*(sqrt(a) - sqrt(b))`, or with a number for one root.
pub fn conjugate(graph: &mut Graph, sum: &Linear) -> Option<Ex> {
    if let Some((k, a, b)) = opposite(graph, sum, Prim::SQRT) {
        let top = difference(graph, a, b)?.write(graph);
        let (a, b) = (graph.prim(Prim::SQRT, &[a]), graph.prim(Prim::SQRT, &[b]));
        let below = graph.add(a, b);
        let top = times(graph, k, top);
        return Some(graph.div(top, below));
    }
    let &[(k, root)] = &sum.terms[..] else { return None };
    let number = -sum.number / k;
    let mut top = radicand(graph, root)?;
    if number <= 0.0 || top.number != number * number || sum.number != -number * k {
        return None;
    }
    top.number = 0.0;
    let top = top.write(graph);
    let top = times(graph, k, top);
    let number = graph.real(number);
    let below = graph.add(root, number);
    Some(graph.div(top, below))
}

/// `k*(sqrt(b^2 + r) - b)`: where b is positive, by the conjugate.
pub fn branches(graph: &mut Graph, sum: &Linear) -> Option<Ex> {
    let &[first, second] = &sum.terms[..] else { return None };
    if sum.number != 0.0 {
        return None;
    }
    for ((k, root), (c, b)) in [(first, second), (second, first)] {
        let Some(mut rest) = radicand(graph, root) else { continue };
        let beta = -c / k;
        let own = rest.terms.iter().position(|&(d, t)| d == beta * beta && squared(graph, t) == Some(b));
        let Some(own) = own else { continue };
        rest.terms.remove(own);
        if rest.size() == 0 {
            return None;
        }
        let (b, zero) = (times(graph, beta.abs(), b), graph.real(0.0));
        let (cond, below) = if beta > 0.0 {
            (graph.prim(Prim::GT, &[b, zero]), graph.add(root, b))
        } else {
            (graph.prim(Prim::LT, &[b, zero]), graph.sub(root, b))
        };
        let top = rest.write(graph);
        let near = graph.div(top, below);
        let (near, far) = (times(graph, k, near), sum.write(graph));
        return Some(graph.select(cond, near, far));
    }
    None
}

/// The root of a square and a number. (Of two squares the formula has no derivative where both are 0,
/// and `hypot` has one by convention.)
pub fn hypotenuse(graph: &mut Graph, ex: Ex) -> Option<Ex> {
    let &[a] = graph.as_prim(ex, Prim::SQRT)? else { return None };
    let sum = Linear::of(graph, Ex(a))?;
    let &[(1.0, term)] = &sum.terms[..] else { return None };
    let (side, root) = (squared(graph, term)?, sum.number.sqrt());
    if !(sum.number > 0.0 && root * root == sum.number) {
        return None;
    }
    let root = graph.real(root);
    Some(graph.prim(Prim::HYPOT, &[side, root]))
}

/// A hypotenuse with a side that is not 0 is not 0.
pub fn positive(graph: &mut Graph, ex: Ex) -> Option<Ex> {
    let &[h, zero] = graph.as_prim(ex, Prim::EQ)? else { return None };
    let &[a, b] = graph.as_prim(Ex(h), Prim::HYPOT)? else { return None };
    let long = [a, b].iter().any(|&side| graph.as_real(Ex(side)).is_some_and(|c| c != 0.0));
    (long && graph.as_real(Ex(zero)) == Some(0.0)).then(|| graph.boolean(false))
}
