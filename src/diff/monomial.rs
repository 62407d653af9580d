//! Products and whole powers of roots of one expression, differentiated as the one power that they
//! are: `x*sqrt(x)` as `x^1.5`, `cbrt(x)^3` as `x`. Step by step the derivative of a root at 0 is
//! infinite and the other factor 0, and their product is not a number; together it is finite.
//!
//! Only where both are the same on the whole real line: with a square root left over (elsewhere both
//! are undefined below 0), or with whole triples of cube roots.

use crate::core::{Ex, Graph, Node};
use crate::primitive::Prim;

/// A power of an expression, its exponent in sixths.
struct Power {
    base: Ex,
    sixths: i64,
    square_roots: bool,
    cube_roots: bool,
}

/// How many products and powers inside one another are looked at.
const DEPTH: u32 = 4;

/// For a node that is a power of an expression with roots among its factors, at least the first
/// power: the expression, and the derivative by it.
pub(super) fn by_base(graph: &mut Graph, ex: Ex) -> Option<(Ex, Ex)> {
    if !matches!(graph.node(ex), Node::Prim(Prim::MUL | Prim::POW, _)) {
        return None;
    }
    let power = power(graph, ex, DEPTH)?;
    let same = match (power.square_roots, power.cube_roots) {
        (true, false) => power.sixths % 6 == 3,
        (false, true) => power.sixths % 6 == 0,
        (true, true) | (false, false) => false,
    };
    if !same || power.sixths < 6 {
        return None;
    }
    let exponent = power.sixths as f64 / 6.0;
    let factor = graph.real(exponent);
    let less = match power.sixths - 6 {
        0 => return Some((power.base, factor)),
        3 => graph.prim(Prim::SQRT, &[power.base]),
        6 => power.base,
        _more => {
            let less = graph.real(exponent - 1.0);
            graph.prim(Prim::POW, &[power.base, less])
        }
    };
    Some((power.base, graph.mul(factor, less)))
}

/// The node as a power of something else, if it is one.
fn power(graph: &Graph, ex: Ex, depth: u32) -> Option<Power> {
    let Node::Prim(p, args) = graph.node(ex) else { return None };
    let mut args = graph.exs(args);
    let a = args.next()?;
    match p {
        Prim::SQRT => Some(Power { base: a, sixths: 3, square_roots: true, cube_roots: false }),
        Prim::CBRT => Some(Power { base: a, sixths: 2, square_roots: false, cube_roots: true }),
        Prim::POW if depth > 0 => {
            let exponent = graph.as_real(args.next()?)?;
            let whole = exponent.fract() == 0.0 && (2.0..=60.0).contains(&exponent);
            let of = power(graph, a, depth - 1).unwrap_or_else(|| first(a));
            whole.then(|| Power { sixths: of.sixths * exponent as i64, ..of })
        }
        Prim::MUL if depth > 0 => {
            let b = args.next()?;
            let (x, y) = (power(graph, a, depth - 1), power(graph, b, depth - 1));
            let (x, y) = (x.unwrap_or_else(|| first(a)), y.unwrap_or_else(|| first(b)));
            (x.base == y.base).then(|| Power {
                base: x.base,
                sixths: x.sixths + y.sixths,
                square_roots: x.square_roots || y.square_roots,
                cube_roots: x.cube_roots || y.cube_roots,
            })
        }
        _other => None,
    }
}

fn first(base: Ex) -> Power {
    Power { base, sixths: 6, square_roots: false, cube_roots: false }
}
