//! Formulas as they are written in a textbook, in a form that keeps its digits: `1 - cos(x)` as
//! `2*sin(x/2)^2`. Each rule gives the same value wherever the formula has one; where a formula has
//! none because of a removable gap, the new form may have one (`sin(x)/x` at 0).

mod differences;
mod linear;
mod logarithms;
mod quotients;
mod roots;

use super::rules::{Apply, Class, Rule};
use crate::core::{Ex, Graph};
use crate::primitive::Prim;
pub use linear::Linear;
use linear::argument;

/// The rules, tried in this order.
pub const STABLE: &[Rule] = &[
    sum(
        "1 - cos(x) = 2*sin(x/2)^2, exp(x) - 1 = expm1(x), 1 - tanh(x)^2 = sech(x)^2, …",
        differences::from_number,
    ),
    sum(
        "x - sin(x) = xmsin(x), tan(x) - x = tanmx(x), sinh(x) - x, x - tanh(x), exp(x) - 1 - x",
        differences::from_own,
    ),
    sum("exp(x) - exp(-x) = 2*sinh(x)", differences::exponentials),
    sum("sigmoid(x) - sigmoid(-x) = tanh(x/2)", differences::sigmoids),
    sum(
        "sin(x)^2 + cos(x)^2 = 1, cos(x)^2 - sin(x)^2 = cos(2*x), cosh(x)^2 ∓ sinh(x)^2",
        differences::pythagoras,
    ),
    Rule {
        name: "2*sin(x)*cos(x) = sin(2*x), 2*sinh(x)*cosh(x) = sinh(2*x)",
        class: Class::Stable,
        apply: Apply::With(differences::double_angle),
    },
    sum(
        "sin(a) - sin(b) = cos(b)*sin(d) - 2*sin(b)*sin(d/2)^2, cos(a) - cos(b), d = a - b short",
        differences::angles,
    ),
    sum("sqrt(a) - sqrt(b) = (a - b)/(sqrt(a) + sqrt(b)), a - b short", roots::conjugate),
    sum("1 - a/b = (b - a)/b, 1 - a/r/r for a root r; b - a short", quotients::over_one),
    sum("(x/h)^2/h - 1/h as one quotient for a root h", quotients::over_root),
    sum("1/a - 1/b = (b - a)/(a*b), b - a short", quotients::reciprocals),
    sum("atan(a) - atan(b) = atan2(a - b, 1 + a*b), a - b short", differences::arctangents),
    sum("log(a) - log(b) = log1p((a - b)/b), a - b short", logarithms::difference),
    rule(
        "log(1 + x) = log1p(x), log(1 + exp(x)) = softplus(x), log(exp(x) + exp(y)) = logaddexp(x, y), …",
        logarithms::of_sum,
    ),
    rule("log((1 + x)/(1 - x)) = 2*atanh(x), log(x/(1 - x)) = logit(x)", logarithms::of_quotient),
    rule(
        "log(sum(exp(v[i]) for i)) = m + log(sum(exp(v[i] - m) for i)), m = max(v)",
        logarithms::of_exponentials,
    ),
    rule("sqrt(x^2 + c^2) = hypot(x, c) for a number c", roots::hypotenuse),
    rule("hypot(x, c) == 0 = false for a number c", roots::positive),
    rule(
        "sin(x)/x = usinc(x), (exp(x) - 1)/x = exprel(x), (1 - cos(x))/x^2 = usinc(x/2)^2/2",
        quotients::removable,
    ),
    rule("(exp(x) - exp(-x))/(exp(x) + exp(-x)) = tanh(x)", quotients::hyperbolic),
    rule(
        "a/(1 + c*exp(x)) = a*sigmoid(-x - log(c)), exp(x)/(exp(x) + exp(y)) = sigmoid(x - y)",
        quotients::logistic,
    ),
];

/// Rules for what an author wrote, and not for derivatives of it: there they would hide the formula.
pub const AS_AUTHORED: &[Rule] = &[
    sum("a^2 - b^2 = (a - b)*(a + b)", differences::squares),
    sum("sqrt(b^2 + r) - b = if b > 0 then r/(sqrt(b^2 + r) + b) else sqrt(b^2 + r) - b", roots::branches),
    rule("sqrt(x^2 + y^2) = hypot(x, y), sqrt(sum(v[i]^2 for i)) = norm(v)", roots::length),
    rule("log(x^2 + y^2) = 2*log(hypot(x, y))", roots::log_of_squares),
    Rule {
        name: "if x > 0 then a else b: a without choices that x > 0 decides",
        class: Class::Proof,
        apply: Apply::Alone(super::choice::decided),
    },
];

const fn rule(name: &'static str, apply: fn(&mut Graph, Ex) -> Option<Ex>) -> Rule {
    Rule { name, class: Class::Stable, apply: Apply::Alone(apply) }
}

const fn sum(name: &'static str, apply: fn(&mut Graph, &Linear) -> Option<Ex>) -> Rule {
    Rule { name, class: Class::Stable, apply: Apply::Sum(apply) }
}

/// The difference of two terms with opposite coefficients: `k*(a - b)`, both with the same primitive.
fn opposite(graph: &Graph, sum: &Linear, p: Prim) -> Option<(f64, Ex, Ex)> {
    let &[(c, first), (d, second)] = &sum.terms[..] else { return None };
    if sum.number != 0.0 || c != -d {
        return None;
    }
    let (a, b) = (argument(graph, first, p)?, argument(graph, second, p)?);
    Some(if c > 0.0 { (c, a, b) } else { (d, b, a) })
}
