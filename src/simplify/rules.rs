//! The rewrite rules by name. Each keeps the value on the whole real domain, its sign and
//! definedness included, up to rounding.

use super::choice;
use super::domain::{excludes_zero, is_total, is_total_product};
use super::product::{Factor, Open, Product, is_one_of};
use super::stable::Linear;
use super::sum;
use crate::core::{AccumOp, Ex, Graph, Node, Type, VarId};
use crate::primitive::Prim;

/// How far a rule may change the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// The same bits.
    Exact,
    /// Equal over the real numbers; rounding may differ.
    Real,
    /// Equal by a proof about the domain, which the rule makes.
    Proof,
    /// Equal over the real numbers, and nearer to the true value. The domain may grow.
    Stable,
}

impl Class {
    pub fn name(self) -> &'static str {
        match self {
            Class::Exact => "same bits",
            Class::Real => "equal over the reals",
            Class::Proof => "equal by a proof of the domain",
            Class::Stable => "equal over the reals, keeps digits",
        }
    }
}

/// Which nodes are used once, in a sum or product that takes them in.
pub type Loose<'a> = &'a dyn Fn(Ex) -> bool;

/// A rule: gives the new expression where it fits.
pub struct Rule {
    pub name: &'static str,
    pub class: Class,
    pub apply: Apply,
}

/// What a rule looks at.
#[derive(Clone, Copy)]
pub enum Apply {
    /// The expression.
    Alone(fn(&mut Graph, Ex) -> Option<Ex>),
    /// A sum or difference, as its terms.
    Sum(fn(&mut Graph, &Linear) -> Option<Ex>),
    /// The expression, and what it may take in.
    With(fn(&mut Graph, Ex, Loose) -> Option<Ex>),
}

/// What makes a derivative read as a person would write it, tried in this order.
pub const RULES: &[Rule] = &[
    Rule {
        name: "product: numbers in front, x*x = x^2, x/x/x = 1/x, 1/x*y = y/x",
        class: Class::Real,
        apply: Apply::With(product),
    },
    Rule { name: "0*a = 0 where a is finite", class: Class::Proof, apply: Apply::Alone(zero) },
    Rule {
        name: "sum: a + (b - c) = a + b - c, 2*a + a = 3*a, a*c + b*c = (a + b)*c",
        class: Class::Real,
        apply: Apply::With(sum),
    },
    Rule {
        name: "sum of a*x = a*(sum of x) where a is free of the index and finite",
        class: Class::Proof,
        apply: Apply::Alone(factor_out),
    },
    Rule {
        name: "a + (if c then b else nan) = if c then a + b else nan",
        class: Class::Exact,
        apply: Apply::Alone(choice::lift_nan),
    },
    Rule {
        name: "(if c then a else b) + (if c then d else e) = if c then a + d else b + e",
        class: Class::Exact,
        apply: Apply::Alone(choice::merge),
    },
    Rule {
        name: "x < a and x > b = false where no x is both",
        class: Class::Exact,
        apply: Apply::Alone(choice::contradiction),
    },
    Rule {
        name: "if x > 0 then a else b: a without choices that x > 0 decides, x*x^(y - 1) = x^y in it",
        class: Class::Proof,
        apply: Apply::Alone(choice::decided),
    },
    Rule {
        name: "if x == 0 then a else b: b without choices that x == 0 decides",
        class: Class::Exact,
        apply: Apply::Alone(choice::decided_by_zero),
    },
    Rule {
        name: "log(x) + a: a without choices that x > 0 decides",
        class: Class::Proof,
        apply: Apply::Alone(choice::decided_by_log),
    },
    Rule {
        name: "(if h == 0 then 0 else a)/h = a/h",
        class: Class::Proof,
        apply: Apply::With(needless_zero),
    },
    Rule {
        name: "if x > 0 then a else nan = a where a needs log(x)",
        class: Class::Proof,
        apply: Apply::Alone(choice::needless),
    },
];

fn product(graph: &mut Graph, ex: Ex, loose: Loose) -> Option<Ex> {
    if !is_one_of(graph, ex, &[Prim::MUL, Prim::DIV, Prim::NEG]) {
        return None;
    }
    let mut product = Product::of(graph, ex, Open::loose(loose))?;
    let whole = product.clone();
    product.cancel(&|base| excludes_zero(graph, &whole, base));
    if product.number == -1.0 {
        // -(a - b)*c is (b - a)*c.
        let swapped = product.factors.iter_mut().find_map(|f| match graph.as_prim(f.base, Prim::SUB) {
            Some(&[a, b]) if loose(f.base) && f.up == 1 && f.downs.is_empty() => Some((f, Ex(a), Ex(b))),
            _ => None,
        });
        if let Some((factor, a, b)) = swapped {
            factor.base = graph.sub(b, a);
            product.number = 1.0;
        }
    }
    let new = product.write(graph);
    (new != ex).then_some(new)
}

/// A choice at 0 of what the product divides by, which has no value there in either way.
fn needless_zero(graph: &mut Graph, ex: Ex, loose: Loose) -> Option<Ex> {
    if !is_one_of(graph, ex, &[Prim::MUL, Prim::DIV]) {
        return None;
    }
    let mut product = Product::of(graph, ex, Open::loose(loose))?;
    let chosen = |graph: &Graph, base: Ex| {
        let Node::If { cond, then, els } = graph.node(base) else { return None };
        let &[a, b] = graph.as_prim(cond, Prim::EQ)? else { return None };
        let zero = |e: Ex| graph.as_real(e) == Some(0.0);
        (zero(Ex(b)) && zero(then)).then_some((Ex(a), els))
    };
    let choice = |factor: &Factor| match factor.up > 0 && factor.downs.is_empty() {
        true => chosen(graph, factor.base),
        false => None,
    };
    let choices: Vec<_> = product.factors.iter().map(choice).collect();
    if choices.iter().all(Option::is_none) {
        return None;
    }
    let whole = Product::of(graph, ex, Open::ALL)?;
    let found = choices.into_iter().enumerate().find_map(|(at, choice)| {
        let (h, els) = choice?;
        let divides = whole.factors.iter().any(|f| f.base == h && f.down() > f.up);
        divides.then_some((at, els))
    });
    let (at, els) = found?;
    let factor = product.factors.remove(at);
    product.raise(els, factor.up);
    Some(product.write(graph))
}

fn zero(graph: &mut Graph, ex: Ex) -> Option<Ex> {
    let &[a, b] = graph.as_prim(ex, Prim::MUL)? else { return None };
    let (a, b) = (Ex(a), Ex(b));
    let other = match (graph.as_real(a), graph.as_real(b)) {
        (Some(0.0), _) => b,
        (_, Some(0.0)) => a,
        _ => return None,
    };
    let product = Product::of(graph, other, Open::shared(&|_| true));
    let finite = product.is_some_and(|product| is_total_product(graph, &product));
    finite.then(|| graph.real(0.0))
}

fn sum(graph: &mut Graph, ex: Ex, loose: Loose) -> Option<Ex> {
    if !is_one_of(graph, ex, &[Prim::ADD, Prim::SUB]) {
        return None;
    }
    sum::tidy(graph, ex, loose)
}

fn factor_out(graph: &mut Graph, ex: Ex) -> Option<Ex> {
    let Node::Accum { op: AccumOp::Sum, init, over, at, value } = graph.node(ex) else { return None };
    if graph.ty(ex) != Type::REAL || graph.exs(at).len() > 0 || graph.as_real(init) != Some(0.0) {
        return None;
    }
    let over: Vec<VarId> = graph.vars(over).collect();
    let mut inner = Product::of(graph, value, Open::shared(&|_| false))?;
    let mut outer = Product { number: inner.number, factors: Default::default() };
    inner.number = 1.0;
    inner.factors.retain(|factor| {
        let free = factor.downs.is_empty()
            && !graph.depends_on_any(factor.base, &over)
            && is_total(graph, factor.base);
        if free {
            outer.factors.push(factor.clone());
        }
        !free
    });
    if (outer.number == 1.0 && outer.factors.is_empty()) || inner.factors.is_empty() {
        return None;
    }
    let value = inner.write(graph);
    let sum = graph.accum(AccumOp::Sum, init, &over, &[], value);
    outer.raise(sum, 1);
    Some(outer.write(graph))
}
