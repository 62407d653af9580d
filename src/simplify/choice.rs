//! Rules of choices: what a condition decides.

use super::domain::logarithms;
use super::product::{Open, Product, is_one_of};
use crate::core::{Dense, Ex, Graph, Node, Type};
use crate::primitive::Prim;

/// A branch of more nodes is left as it is.
const MOST: usize = 48;

/// The numbers for which a comparison with a number holds.
#[derive(Debug, Clone, Copy)]
struct Range {
    of: Ex,
    /// Each end with whether it belongs to the range.
    low: (f64, bool),
    high: (f64, bool),
}

fn range(graph: &Graph, cond: Ex) -> Option<Range> {
    let Node::Prim(p, args) = graph.node(cond) else { return None };
    let &[a, b] = graph.words(args) else { return None };
    let (of, number, turned) = match (graph.as_real(Ex(a)), graph.as_real(Ex(b))) {
        (None, Some(number)) => (Ex(a), number, false),
        (Some(number), None) => (Ex(b), number, true),
        _ => return None,
    };
    if graph.ty(of) != Type::REAL || number.is_nan() {
        return None;
    }
    let (least, most) = ((f64::NEG_INFINITY, true), (f64::INFINITY, true));
    let (low, high) = match (p, turned) {
        (Prim::EQ, _) => ((number, true), (number, true)),
        (Prim::LT, false) | (Prim::GT, true) => (least, (number, false)),
        (Prim::LE, false) | (Prim::GE, true) => (least, (number, true)),
        (Prim::GT, false) | (Prim::LT, true) => ((number, false), most),
        (Prim::GE, false) | (Prim::LE, true) => ((number, true), most),
        _ => return None,
    };
    Some(Range { of, low, high })
}

/// Whether a condition holds where another does, if that is sure.
fn implied(graph: &Graph, known: Ex, cond: Ex) -> Option<bool> {
    if known == cond {
        return Some(true);
    }
    if let Some(&[a, b]) = graph.as_prim(cond, Prim::AND) {
        let both = [a, b].map(|part| match graph.as_prim(Ex(part), Prim::AND) {
            Some(_) => None,
            None => implied(graph, known, Ex(part)),
        });
        return match both {
            [Some(false), _] | [_, Some(false)] => Some(false),
            [Some(true), Some(true)] => Some(true),
            _ => None,
        };
    }
    let (known, cond) = (range(graph, known)?, range(graph, cond)?);
    if known.of != cond.of {
        return None;
    }
    let below = |a: (f64, bool), b: (f64, bool)| a.0 < b.0 || (a.0 == b.0 && !(a.1 && b.1));
    if below(known.high, cond.low) || below(cond.high, known.low) {
        return Some(false);
    }
    let low = known.low.0 > cond.low.0 || (known.low.0 == cond.low.0 && (cond.low.1 || !known.low.1));
    let high = known.high.0 < cond.high.0 || (known.high.0 == cond.high.0 && (cond.high.1 || !known.high.1));
    (low && high).then_some(true)
}

/// A condition that no number meets.
pub fn contradiction(graph: &mut Graph, ex: Ex) -> Option<Ex> {
    let &[a, b] = graph.as_prim(ex, Prim::AND)? else { return None };
    (implied(graph, Ex(a), Ex(b)) == Some(false)).then(|| graph.boolean(false))
}

fn is_nan(graph: &Graph, ex: Ex) -> bool {
    graph.as_real(ex).is_some_and(f64::is_nan)
}

/// The choice outside: what is NaN in one branch is so in the whole.
pub fn lift_nan(graph: &mut Graph, ex: Ex) -> Option<Ex> {
    if !is_one_of(graph, ex, &[Prim::ADD, Prim::SUB, Prim::MUL, Prim::NEG]) {
        return None;
    }
    let Node::Prim(p, args) = graph.node(ex) else { return None };
    let args: Vec<Ex> = graph.exs(args).collect();
    let (at, cond, then, els) = args.iter().enumerate().find_map(|(at, &arg)| match graph.node(arg) {
        Node::If { cond, then, els } if is_nan(graph, els) => Some((at, cond, then, els)),
        _ => None,
    })?;
    let mut inner = args;
    inner[at] = then;
    let inner = graph.prim(p, &inner);
    Some(graph.select(cond, inner, els))
}

/// Two choices over one condition as one.
pub fn merge(graph: &mut Graph, ex: Ex) -> Option<Ex> {
    if !is_one_of(graph, ex, &[Prim::ADD, Prim::SUB, Prim::MUL, Prim::DIV]) {
        return None;
    }
    let Node::Prim(p, args) = graph.node(ex) else { return None };
    let &[a, b] = graph.words(args) else { return None };
    let (Node::If { cond, then, els }, Node::If { cond: other, then: then2, els: els2 }) =
        (graph.node(Ex(a)), graph.node(Ex(b)))
    else {
        return None;
    };
    if cond != other {
        return None;
    }
    let (then, els) = (graph.prim(p, &[then, then2]), graph.prim(p, &[els, els2]));
    Some(graph.select(cond, then, els))
}

/// The branch without choices that the condition decides.
pub fn decided(graph: &mut Graph, ex: Ex) -> Option<Ex> {
    let Node::If { cond, then, els } = graph.node(ex) else { return None };
    let known = range(graph, cond)?;
    let positive = (known.low.0 >= 0.0 && !(known.low.0 == 0.0 && known.low.1)).then_some(known.of);
    let branch = under(graph, then, &|graph, inner| implied(graph, cond, inner), positive)?;
    Some(graph.select(cond, branch, els))
}

/// The branch where something is not 0, without choices over its being 0.
pub fn decided_by_zero(graph: &mut Graph, ex: Ex) -> Option<Ex> {
    let Node::If { cond, then, els } = graph.node(ex) else { return None };
    let &[_, zero] = graph.as_prim(cond, Prim::EQ)? else { return None };
    graph.as_real(Ex(zero)).filter(|&zero| zero == 0.0)?;
    let branch = under(graph, els, &|_, inner| (inner == cond).then_some(false), None)?;
    Some(graph.select(cond, then, branch))
}

/// A sum that has no value but where a logarithm has one: the choices that this decides.
pub fn decided_by_log(graph: &mut Graph, ex: Ex) -> Option<Ex> {
    if !is_one_of(graph, ex, &[Prim::ADD, Prim::SUB]) {
        return None;
    }
    let Node::Prim(p, args) = graph.node(ex) else { return None };
    let args: Vec<Ex> = graph.exs(args).collect();
    for (at, &other) in args.iter().enumerate() {
        for base in logarithms(graph, args[1 - at]) {
            let zero = graph.real(0.0);
            let cond = graph.prim(Prim::GT, &[base, zero]);
            let decides = |graph: &Graph, inner| implied(graph, cond, inner);
            if let Some(new) = under(graph, other, &decides, Some(base)) {
                let mut args = args.clone();
                args[at] = new;
                return Some(graph.prim(p, &args));
            }
        }
    }
    None
}

/// The expression without the choices whose condition is known; `positive` is surely so.
fn under(
    graph: &mut Graph,
    ex: Ex,
    decides: &dyn Fn(&Graph, Ex) -> Option<bool>,
    positive: Option<Ex>,
) -> Option<Ex> {
    let scalar = |graph: &Graph, e: Ex| {
        graph.ty(e).is_scalar() && matches!(graph.node(e), Node::Prim(..) | Node::If { .. })
    };
    let mut count = 0;
    let nodes = graph.reach_where(&[ex], |e| {
        count += 1;
        scalar(graph, e) && count <= MOST
    });
    if count > MOST
        || !nodes.iter().any(|&e| matches!(graph.node(e), Node::If { .. } | Node::Prim(Prim::POW, _)))
    {
        return None;
    }
    let mut done: Dense<Ex> = Dense::new(graph);
    for e in nodes {
        let mut new = graph.rebuild(e, |operand| done.get(operand).copied().unwrap_or(operand));
        if let Node::If { cond: inner, then, els } = graph.node(new)
            && let Some(holds) = decides(graph, inner)
        {
            new = if holds { then } else { els };
        }
        if let Some(base) = positive
            && let Some(shorter) = power_of_positive(graph, new, base)
        {
            new = shorter;
        }
        done.insert(e, new);
    }
    done.get(ex).copied().filter(|&new| new != ex)
}

/// `x*x^(y - 1)` as `x^y`, for a base that is positive.
fn power_of_positive(graph: &mut Graph, ex: Ex, base: Ex) -> Option<Ex> {
    graph.as_prim(ex, Prim::MUL)?;
    let mut product = Product::of(graph, ex, Open::shared(&|_| false))?;
    let plain = product.factors.iter().position(|f| f.base == base && f.up > 0)?;
    let (at, exponent, less) = product.factors.iter().enumerate().find_map(|(at, f)| {
        let &[b, exponent] = graph.as_prim(f.base, Prim::POW)? else { return None };
        let &[y, number] = graph.as_prim(Ex(exponent), Prim::SUB)? else { return None };
        let less = graph.as_real(Ex(number)).filter(|&n| n >= 1.0 && Ex(b) == base && f.up == 1)?;
        Some((at, Ex(y), less))
    })?;
    let less = graph.real(less - 1.0);
    let exponent = graph.sub(exponent, less);
    product.factors[at].base = graph.prim(Prim::POW, &[base, exponent]);
    product.factors[plain].up -= 1;
    if product.factors[plain].up == 0 && product.factors[plain].downs.is_empty() {
        product.factors.remove(plain);
    }
    Some(product.write(graph))
}

/// A branch that has no value elsewhere either.
pub fn needless(graph: &mut Graph, ex: Ex) -> Option<Ex> {
    let Node::If { cond, then, els } = graph.node(ex) else { return None };
    let known = range(graph, cond)?;
    let positive = known.low == (0.0, false) && known.high == (f64::INFINITY, true);
    (positive && is_nan(graph, els) && logarithms(graph, then).contains(&known.of)).then_some(then)
}
