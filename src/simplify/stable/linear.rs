//! A formula as a number and terms with numbers, for rules that look for a shape.

use crate::core::{Ex, Graph, Node, Type};
use crate::primitive::Prim;
use smallvec::{SmallVec, smallvec};

/// Longer sums match no rule.
const MOST: usize = 8;

/// Nor do those of more operations, whatever they come to.
const MOST_OPERATIONS: usize = 64;

/// `number + Σ coefficient·term`, the terms in the order of the text.
#[derive(Debug, Clone, PartialEq)]
pub struct Linear {
    pub number: f64,
    pub terms: SmallVec<[(f64, Ex); 4]>,
}

impl Linear {
    /// The expression as a sum; nothing where it has too many terms or its numbers do not add exactly.
    pub fn of(graph: &mut Graph, ex: Ex) -> Option<Linear> {
        let mut linear = Linear { number: 0.0, terms: SmallVec::new() };
        let mut stack: SmallVec<[(f64, Ex); 8]> = smallvec![(1.0, ex)];
        let mut operations = 0;
        while let Some((scale, ex)) = stack.pop() {
            operations += 1;
            if stack.len() + linear.terms.len() > MOST || operations > MOST_OPERATIONS {
                return None;
            }
            match graph.node(ex) {
                Node::Real(_) => linear.add_number(scale * graph.as_real(ex)?)?,
                Node::Prim(Prim::NEG, args) => stack.push((-scale, Ex(graph.words(args)[0]))),
                Node::Prim(p @ (Prim::ADD | Prim::SUB), args) => {
                    let &[a, b] = graph.words(args) else { return None };
                    stack.push((if p == Prim::ADD { scale } else { -scale }, Ex(b)));
                    stack.push((scale, Ex(a)));
                }
                Node::Prim(Prim::MUL, args) => {
                    let &[a, b] = graph.words(args) else { return None };
                    let (a, b) = (Ex(a), Ex(b));
                    match (graph.as_real(a), graph.as_real(b)) {
                        (Some(c), _) if c.is_normal() => stack.push((scale * c, b)),
                        (_, Some(c)) if c.is_normal() => stack.push((scale * c, a)),
                        _ => linear.add_product(graph, scale, ex, a, b)?,
                    }
                }
                _ => linear.add_term(scale, ex)?,
            }
        }
        linear.terms.retain(|&mut (c, _)| c != 0.0);
        Some(linear)
    }

    fn add_number(&mut self, number: f64) -> Option<()> {
        let sum = self.number + number;
        let exact = sum - number == self.number && sum - self.number == number;
        self.number = sum;
        exact.then_some(())
    }

    fn add_term(&mut self, coefficient: f64, term: Ex) -> Option<()> {
        match self.terms.iter_mut().find(|(_, known)| *known == term) {
            Some((known, _)) => *known += coefficient,
            None => self.terms.push((coefficient, term)),
        }
        coefficient.is_finite().then_some(())
    }

    /// `(a - b)*(a + b)` is `a^2 - b^2`; any other product is one term.
    fn add_product(&mut self, graph: &mut Graph, scale: f64, whole: Ex, a: Ex, b: Ex) -> Option<()> {
        for (less, more) in [(a, b), (b, a)] {
            let (Some(&[u, v]), Some(&[x, y])) =
                (graph.as_prim(less, Prim::SUB), graph.as_prim(more, Prim::ADD))
            else {
                continue;
            };
            if (u, v) == (x, y) || (u, v) == (y, x) {
                for (sign, side) in [(scale, Ex(u)), (-scale, Ex(v))] {
                    match graph.as_real(side) {
                        Some(c) => self.add_number(sign * c * c)?,
                        None => {
                            let square = square(graph, side);
                            self.add_term(sign, square)?;
                        }
                    }
                }
                return Some(());
            }
        }
        self.add_term(scale, whole)
    }

    /// How many numbers and terms there are.
    pub fn size(&self) -> usize {
        self.terms.len() + usize::from(self.number != 0.0)
    }

    /// `self + factor*other`.
    pub fn plus(mut self, other: &Linear, factor: f64) -> Option<Linear> {
        self.add_number(factor * other.number)?;
        for &(c, term) in &other.terms {
            self.add_term(factor * c, term)?;
        }
        self.terms.retain(|&mut (c, _)| c != 0.0);
        Some(self)
    }

    /// The sum as a node.
    pub fn write(&self, graph: &mut Graph) -> Ex {
        let mut sum: Option<Ex> = None;
        let first = self.terms.iter().position(|t| t.0 > 0.0).unwrap_or(0);
        let order = (first..self.terms.len()).chain(0..first);
        for (c, term) in order.map(|at| self.terms[at]) {
            sum = Some(match sum {
                None => times(graph, c, term),
                Some(sum) if c < 0.0 => {
                    let size = times(graph, -c, term);
                    graph.sub(sum, size)
                }
                Some(sum) => {
                    let size = times(graph, c, term);
                    graph.add(sum, size)
                }
            });
        }
        let Some(sum) = sum else { return graph.real(self.number) };
        let number = graph.real(self.number.abs());
        match self.number {
            0.0 => sum,
            c if c < 0.0 => graph.sub(sum, number),
            _ => graph.add(sum, number),
        }
    }
}

/// `a - b` where that is shorter than what it is made of: `1` of `x + 1` and `x`.
pub fn difference(graph: &mut Graph, a: Ex, b: Ex) -> Option<Linear> {
    let (a, b) = (Linear::of(graph, a)?, Linear::of(graph, b)?);
    let length = a.size() + b.size();
    let difference = a.plus(&b, -1.0)?;
    (difference.size() > 0 && difference.size() + 2 <= length).then_some(difference)
}

/// `c*x`, with nothing to see of a `c` that is 1.
pub fn times(graph: &mut Graph, c: f64, x: Ex) -> Ex {
    if let Some(&[a, b]) = graph.as_prim(x, Prim::MUL)
        && let Some(inner) = graph.as_real(Ex(a))
        && (c.abs() == 1.0 || inner.abs() == 1.0)
    {
        return times(graph, c * inner, Ex(b));
    }
    let number = graph.real(c);
    graph.mul(number, x)
}

/// `-x`.
pub fn negated(graph: &mut Graph, x: Ex) -> Ex {
    if let Some(linear) = Linear::of(graph, x).filter(|l| l.terms.len() == 1 && l.number == 0.0) {
        let (c, term) = linear.terms[0];
        return times(graph, -c, term);
    }
    graph.neg(x)
}

/// `x/2`.
pub fn half(graph: &mut Graph, x: Ex) -> Ex {
    if let Some(linear) = Linear::of(graph, x).filter(|l| l.terms.len() == 1 && l.number == 0.0)
        && linear.terms[0].0.abs() != 1.0
    {
        let (c, term) = linear.terms[0];
        return times(graph, 0.5 * c, term);
    }
    let two = graph.real(2.0);
    graph.div(x, two)
}

/// `2*x`.
pub fn twice(graph: &mut Graph, x: Ex) -> Ex {
    if let Some(&[a, b]) = graph.as_prim(x, Prim::DIV)
        && graph.as_real(Ex(b)) == Some(2.0)
    {
        return Ex(a);
    }
    if let Some(linear) = Linear::of(graph, x).filter(|l| l.terms.len() == 1 && l.number == 0.0) {
        let (c, term) = linear.terms[0];
        return times(graph, 2.0 * c, term);
    }
    times(graph, 2.0, x)
}

pub fn square(graph: &mut Graph, x: Ex) -> Ex {
    let two = graph.real(2.0);
    graph.prim(Prim::POW, &[x, two])
}

/// The base of a square, `x^2` or `x*x`.
pub fn squared(graph: &Graph, ex: Ex) -> Option<Ex> {
    if let Some(&[a, b]) = graph.as_prim(ex, Prim::MUL) {
        return (a == b).then_some(Ex(a));
    }
    let &[base, exponent] = graph.as_prim(ex, Prim::POW)? else { return None };
    (graph.as_real(Ex(exponent)) == Some(2.0)).then_some(Ex(base))
}

/// The operand of a primitive of one argument.
pub fn argument(graph: &Graph, ex: Ex, p: Prim) -> Option<Ex> {
    match graph.as_prim(ex, p)? {
        &[a] => Some(Ex(a)),
        _ => None,
    }
}

/// The exponent of `exp(x)` or `e^x`.
pub fn exponent(graph: &Graph, ex: Ex) -> Option<Ex> {
    if let Some(&[base, exponent]) = graph.as_prim(ex, Prim::POW) {
        return (graph.as_real(Ex(base)) == Some(std::f64::consts::E)).then_some(Ex(exponent));
    }
    argument(graph, ex, Prim::EXP)
}

/// What the square of a root is: of `sqrt(a)` it is `a`, of `hypot(a, b)` it is `a^2 + b^2`.
pub fn radicand(graph: &mut Graph, ex: Ex) -> Option<Linear> {
    if let Some(a) = argument(graph, ex, Prim::SQRT) {
        return Linear::of(graph, a);
    }
    let &[a, b] = graph.as_prim(ex, Prim::HYPOT)? else { return None };
    let mut sum = Linear { number: 0.0, terms: SmallVec::new() };
    for side in [Ex(a), Ex(b)] {
        match graph.as_real(side) {
            Some(c) => sum.add_number(c * c)?,
            None => {
                let square = square(graph, side);
                sum.add_term(1.0, square)?;
            }
        }
    }
    Some(sum)
}

/// Whether the node is a real scalar made by a primitive.
pub fn is_formula(graph: &Graph, ex: Ex) -> bool {
    graph.ty(ex) == Type::REAL && matches!(graph.node(ex), Node::Prim(..))
}
