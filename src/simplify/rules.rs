//! The rewrite rules. Each keeps the value on the whole real domain, its sign and definedness
//! included, up to rounding.

use super::apply;
use crate::core::{AccumOp, Ex, Graph, Node, Type, VarId};
use crate::primitive::Prim;

/// How far a rule may change the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// The same bits.
    Exact,
    /// Equal over the real numbers; rounding may differ.
    Real,
}

/// A rule: gives the new expression where it fits.
pub struct Rule {
    pub name: &'static str,
    pub class: Class,
    pub apply: fn(&mut Graph, Ex) -> Option<Ex>,
}

/// All rules, tried in this order.
pub const RULES: &[Rule] = &[
    Rule { name: "x + x = 2*x", class: Class::Exact, apply: double },
    Rule { name: "a*(b*x) = (a*b)*x for numbers a, b", class: Class::Real, apply: collect_factors },
    Rule { name: "x*(y/(a*z)) = (1/a)*(x*(y/z)) for a power of two a", class: Class::Exact, apply: halves },
    Rule { name: "x*a = a*x for a number a", class: Class::Exact, apply: number_first },
    Rule { name: "x*x = x^2", class: Class::Exact, apply: square },
    Rule { name: "x^a*x = x^(a + 1) for whole a > 0", class: Class::Real, apply: raise },
    Rule { name: "(x + a) + b = x + (a + b) for numbers a, b", class: Class::Real, apply: collect_summands },
    Rule {
        name: "a*x/b = (a/b)*x for numbers where a/b is exact",
        class: Class::Real,
        apply: exact_quotient,
    },
    Rule {
        name: "sum of a*x = a*sum of x where a is free of the index",
        class: Class::Real,
        apply: factor_out,
    },
];

/// The operands of a real node with this primitive.
fn operands(graph: &Graph, ex: Ex, p: Prim) -> Option<(Ex, Ex)> {
    if graph.ty(ex) != Type::REAL {
        return None;
    }
    match graph.as_prim(ex, p)? {
        &[a, b] => Some((Ex(a), Ex(b))),
        _ => None,
    }
}

fn double(graph: &mut Graph, ex: Ex) -> Option<Ex> {
    let (a, b) = operands(graph, ex, Prim::ADD)?;
    let two = graph.real(2.0);
    (a == b).then(|| graph.mul(two, a))
}

/// A number times the rest.
fn factor(graph: &Graph, ex: Ex) -> Option<(f64, Ex)> {
    let (a, b) = operands(graph, ex, Prim::MUL)?;
    match (graph.as_real(a), graph.as_real(b)) {
        (Some(a), _) => Some((a, b)),
        (None, Some(b)) => Some((b, a)),
        (None, None) => None,
    }
}

/// Whether a product of numbers can stand for the two: finite, and not 0 by underflow.
fn sound(product: f64) -> bool {
    product.is_normal()
}

fn collect_factors(graph: &mut Graph, ex: Ex) -> Option<Ex> {
    let (a, b) = operands(graph, ex, Prim::MUL)?;
    match (factor(graph, a), factor(graph, b)) {
        (Some((c, x)), Some((d, y))) if sound(c * d) => {
            let rest = graph.mul(x, y);
            let rest = apply(graph, rest);
            let number = graph.real(c * d);
            Some(graph.mul(number, rest))
        }
        (Some((c, x)), None) => match graph.as_real(b) {
            Some(d) if sound(c * d) => {
                let number = graph.real(c * d);
                Some(graph.mul(number, x))
            }
            Some(_) => None,
            None => pulled(graph, c, x, b),
        },
        (None, Some((d, y))) => match graph.as_real(a) {
            Some(c) if sound(c * d) => {
                let number = graph.real(c * d);
                Some(graph.mul(number, y))
            }
            Some(_) => None,
            None => pulled(graph, d, a, y),
        },
        (Some(_), Some(_)) | (None, None) => None,
    }
}

/// Whether a number is so near 1 that moving it past a product or a sum makes nothing overflow.
fn moderate(c: f64) -> bool {
    (1e-3..=1e3).contains(&c.abs())
}

/// `(c*x)*y` as `c*(x*y)`.
fn pulled(graph: &mut Graph, c: f64, x: Ex, y: Ex) -> Option<Ex> {
    if !moderate(c) {
        return None;
    }
    let rest = graph.mul(x, y);
    let rest = apply(graph, rest);
    let number = graph.real(c);
    Some(graph.mul(number, rest))
}

fn halves(graph: &mut Graph, ex: Ex) -> Option<Ex> {
    let (a, b) = operands(graph, ex, Prim::MUL)?;
    for (quotient, other) in [(a, b), (b, a)] {
        let Some((y, below)) = operands(graph, quotient, Prim::DIV) else { continue };
        let Some((number, z)) = factor(graph, below) else { continue };
        // The reciprocal of a power of two is exact.
        if !moderate(number) || number.to_bits() << 12 != 0 {
            continue;
        }
        let rest = graph.div(y, z);
        let rest = if quotient == a { graph.mul(rest, other) } else { graph.mul(other, rest) };
        let inverse = graph.real(1.0 / number);
        return Some(graph.mul(inverse, rest));
    }
    None
}

fn number_first(graph: &mut Graph, ex: Ex) -> Option<Ex> {
    let (a, b) = operands(graph, ex, Prim::MUL)?;
    if graph.as_real(a).is_some() || graph.as_real(b).is_none() {
        return None;
    }
    Some(graph.mul_in_order(b, a))
}

fn square(graph: &mut Graph, ex: Ex) -> Option<Ex> {
    let (a, b) = operands(graph, ex, Prim::MUL)?;
    let two = graph.real(2.0);
    (a == b).then(|| graph.prim(Prim::POW, &[a, two]))
}

fn raise(graph: &mut Graph, ex: Ex) -> Option<Ex> {
    let (a, b) = operands(graph, ex, Prim::MUL)?;
    for (power, base) in [(a, b), (b, a)] {
        if let Some((x, exponent)) = operands(graph, power, Prim::POW)
            && x == base
            && let Some(n) = graph.as_real(exponent)
            && n > 0.0
            && n.fract() == 0.0
            && n < 64.0
        {
            let exponent = graph.real(n + 1.0);
            return Some(graph.prim(Prim::POW, &[x, exponent]));
        }
    }
    None
}

/// The rest and the number of `rest + number` or `rest - number`.
fn summand(graph: &Graph, ex: Ex) -> Option<(Ex, f64)> {
    if let Some((a, b)) = operands(graph, ex, Prim::ADD) {
        return match (graph.as_real(a), graph.as_real(b)) {
            (_, Some(b)) => Some((a, b)),
            (Some(a), None) => Some((b, a)),
            (None, None) => None,
        };
    }
    let (a, b) = operands(graph, ex, Prim::SUB)?;
    graph.as_real(b).map(|b| (a, -b))
}

fn collect_summands(graph: &mut Graph, ex: Ex) -> Option<Ex> {
    let (inner, b) = summand(graph, ex)?;
    let (x, a) = summand(graph, inner)?;
    // Only where the numbers add exactly: 1e16 + x + 1 must not change.
    let sum = a + b;
    if sum - b != a || sum - a != b {
        return None;
    }
    let number = graph.real(sum.abs());
    Some(if sum < 0.0 { graph.sub(x, number) } else { graph.add(x, number) })
}

fn exact_quotient(graph: &mut Graph, ex: Ex) -> Option<Ex> {
    let (a, b) = operands(graph, ex, Prim::DIV)?;
    let (number, x) = factor(graph, a)?;
    let (divisor, y) = match (graph.as_real(b), factor(graph, b)) {
        (Some(divisor), _) => (divisor, None),
        (None, Some((divisor, y))) => (divisor, Some(y)),
        (None, None) => return None,
    };
    let quotient = number / divisor;
    if !sound(quotient) || !moderate(divisor) || quotient * divisor != number || quotient.fract() != 0.0 {
        return None;
    }
    let quotient = graph.real(quotient);
    let rest = match y {
        Some(y) => graph.div(x, y),
        None => x,
    };
    Some(graph.mul(quotient, rest))
}

fn factor_out(graph: &mut Graph, ex: Ex) -> Option<Ex> {
    let Node::Accum { op: AccumOp::Sum, init, over, at, value } = graph.node(ex) else { return None };
    if graph.ty(ex) != Type::REAL || graph.exs(at).len() > 0 || graph.as_real(init) != Some(0.0) {
        return None;
    }
    let over: Vec<VarId> = graph.vars(over).collect();
    if let Some(&[inner]) = graph.as_prim(value, Prim::NEG) {
        let sum = graph.accum(AccumOp::Sum, init, &over, &[], Ex(inner));
        return Some(graph.neg(sum));
    }
    let (number, rest) = factor(graph, value).filter(|&(number, _)| moderate(number))?;
    let sum = graph.accum(AccumOp::Sum, init, &over, &[], rest);
    let number = graph.real(number);
    Some(graph.mul(number, sum))
}
