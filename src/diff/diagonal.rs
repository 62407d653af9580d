//! The diagonal of a Jacobian: the derivative of each element of an array by the element of a variable at the same
//! place. One sweep gives all of it where an element depends on few others; else there is a sweep for each, and
//! never more in memory than the array itself.

use super::forward::jvp_inside;
use super::{Rules, Unknown, binders_of, derivative, zeros_like};
use crate::core::{AccumOp, Dense, Ex, Graph, Node, VarId};
use crate::primitive::Prim;

/// The derivatives of the elements of `e`, which has the shape of `v`, each by the element of `v` at its place. What
/// `e` reads of `v` is inside it: whoever wants the diagonal wants `e` too, which is an error elsewhere.
/// `simplify` makes derivatives simpler before it is decided how to go on.
pub fn diagonal(
    graph: &mut Graph,
    rules: &mut dyn Rules,
    simplify: &mut dyn FnMut(&mut Graph, Ex) -> Ex,
    e: Ex,
    v: VarId,
) -> Result<Ex, Unknown> {
    if graph.var(v).ty.is_scalar() {
        return derivative(graph, rules, e, v);
    }
    Diagonal { graph, rules, simplify, v }.of_array(e)
}

struct Diagonal<'a> {
    graph: &'a mut Graph,
    rules: &'a mut dyn Rules,
    simplify: &'a mut dyn FnMut(&mut Graph, Ex) -> Ex,
    v: VarId,
}

/// A term of an element: a factor that does not depend on the variable, whether it divides, and the rest.
struct Term {
    factors: Vec<(Prim, Ex)>,
    rest: Ex,
}

impl Diagonal<'_> {
    fn of_array(&mut self, e: Ex) -> Result<Ex, Unknown> {
        match self.graph.node(e) {
            Node::If { cond, then, els } => {
                let (then, els) = (self.of_array(then)?, self.of_array(els)?);
                Ok(self.graph.select(cond, then, els))
            }
            Node::Lit { elems, dims } => {
                let elems: Vec<Ex> = self.graph.exs(elems).collect();
                let dims: Vec<usize> = self.graph.words(dims).iter().map(|&d| d as usize).collect();
                let mut each = Vec::new();
                for (number, &element) in elems.iter().enumerate() {
                    let at = place(self.graph, number, &dims);
                    each.push(self.along(element, &at)?);
                }
                Ok(self.graph.lit(&each, &dims))
            }
            Node::Accum { op: AccumOp::Sum, .. } => match self.of_scatter(e)? {
                Some(diagonal) => Ok(diagonal),
                None => self.by_elements(e),
            },
            Node::Build { .. }
            | Node::Accum { .. }
            | Node::Var(_)
            | Node::Part { .. }
            | Node::Real(_)
            | Node::Int(_)
            | Node::Bool(_)
            | Node::Prim(..)
            | Node::Index { .. }
            | Node::Size { .. }
            | Node::Loop(_)
            | Node::Call { .. } => self.by_elements(e),
        }
    }

    /// The derivative of each element; arrays that are only added to it come each in its own way.
    fn by_elements(&mut self, e: Ex) -> Result<Ex, Unknown> {
        let over: Vec<VarId> = match self.graph.node(e) {
            Node::Build { over, .. } => self.graph.vars(over).collect(),
            _ => binders_of(self.graph, e, "i"),
        };
        let at: Vec<Ex> = over.iter().map(|&b| self.graph.variable(b)).collect();
        let element = self.graph.index(e, &at);
        let mut apart = None;
        let mut together: Vec<Term> = Vec::new();
        for term in self.terms(element) {
            match self.scattered(&term, &at, &over)? {
                Some(diagonal) => {
                    let found = self.graph.index(diagonal, &at);
                    let found = self.scaled(&term.factors, found);
                    apart = Some(apart.map_or(found, |sum| self.graph.add(sum, found)));
                }
                None => together.push(term),
            }
        }
        let rest = match apart {
            // The whole, as it is written.
            None => element,
            Some(_) => {
                let zero = self.graph.real(0.0);
                together.iter().fold(zero, |sum, term| {
                    let one = self.scaled(&term.factors, term.rest);
                    self.graph.add(sum, one)
                })
            }
        };
        let own = self.along(rest, &at)?;
        let whole = apart.map_or(own, |apart| self.graph.add(own, apart));
        Ok(self.graph.build(&over, whole))
    }

    /// The diagonal of an array whose elements at these places are a term.
    fn scattered(&mut self, term: &Term, at: &[Ex], over: &[VarId]) -> Result<Option<Ex>, Unknown> {
        match self.graph.node(term.rest) {
            Node::Index { array, at: own }
                if self.graph.exs(own).eq(at.iter().copied()) && !self.graph.depends_on_any(array, over) =>
            {
                self.of_scatter(array)
            }
            _ => Ok(None),
        }
    }

    /// The diagonal of an array of which a loop adds to elements: at each place where it adds, the derivative of
    /// what it adds by the element of the variable there. Nothing where that takes a loop that a sweep for each
    /// element does not.
    fn of_scatter(&mut self, e: Ex) -> Result<Option<Ex>, Unknown> {
        let Node::Accum { op: AccumOp::Sum, init, over, at, value } = self.graph.node(e) else {
            return Ok(None);
        };
        let over: Vec<VarId> = self.graph.vars(over).collect();
        let at: Vec<Ex> = self.graph.exs(at).collect();
        // Where nothing is added there is nothing to differentiate, and the place is known.
        let (cond, inner) = match self.graph.node(value) {
            Node::If { cond, then, els } if self.graph.as_real(els) == Some(0.0) => (Some(cond), then),
            _ => (None, value),
        };
        let place: Vec<Ex> = match cond {
            Some(cond) => at.iter().map(|&index| self.graph.assume(index, cond, true)).collect(),
            None => at.clone(),
        };
        let derivative = self.along(inner, &place)?;
        let derivative = match cond {
            Some(cond) => {
                let zero = self.graph.real(0.0);
                self.graph.select(cond, derivative, zero)
            }
            None => derivative,
        };
        let simple = (self.simplify)(self.graph, derivative);
        if self.has_new_loops(simple, value, &over) {
            return Ok(None);
        }
        let init = self.of_array(init)?;
        Ok(Some(self.graph.accum(AccumOp::Sum, init, &over, &at, derivative)))
    }

    /// Whether an expression has loops for each value of the binders that another one has not.
    fn has_new_loops(&self, ex: Ex, known: Ex, over: &[VarId]) -> bool {
        let mut seen: Dense<()> = Dense::new(self.graph);
        for ex in self.graph.reach(&[known]) {
            seen.insert(ex, ());
        }
        let loops = |ex: Ex| match self.graph.node(ex) {
            Node::Build { over, .. } | Node::Accum { over, .. } => {
                self.graph.vars(over).any(|b| self.graph.as_int(self.graph.len_of(b)).is_none())
            }
            Node::Loop(_) | Node::Call { .. } => true,
            Node::Real(_)
            | Node::Int(_)
            | Node::Bool(_)
            | Node::Var(_)
            | Node::Prim(..)
            | Node::If { .. }
            | Node::Index { .. }
            | Node::Size { .. }
            | Node::Lit { .. }
            | Node::Part { .. } => false,
        };
        let mut nodes = self.graph.reach(&[ex]).into_iter();
        nodes.any(|ex| !seen.contains(ex) && loops(ex) && self.graph.depends_on_any(ex, over))
    }

    /// The derivative of a scalar by the element of the variable at a place.
    fn along(&mut self, e: Ex, at: &[Ex]) -> Result<Ex, Unknown> {
        let variable = self.graph.variable(self.v);
        let own = binders_of(self.graph, variable, "k");
        let (one, zero) = (self.graph.real(1.0), self.graph.real(0.0));
        let hot = own.iter().zip(at).rev().fold(one, |inner, (&k, &at)| {
            let k = self.graph.variable(k);
            let same = self.graph.eq(k, at);
            self.graph.select(same, inner, zero)
        });
        let tangent = self.graph.build(&own, hot);
        let found = jvp_inside(self.graph, self.rules, &[e], &[(self.v, tangent)])?[0];
        Ok(found.unwrap_or_else(|| zeros_like(self.graph, e)))
    }

    /// The terms of a sum, each with its factors that do not depend on the variable.
    fn terms(&self, e: Ex) -> Vec<Term> {
        let reads = self.readers(e);
        let mut terms = Vec::new();
        let mut stack = vec![Term { factors: Vec::new(), rest: e }];
        while let Some(Term { factors, rest }) = stack.pop() {
            let with = |p: Prim, factor: Option<u32>| {
                let one = factor.map_or(rest, Ex);
                [&factors[..], &[(p, one)]].concat()
            };
            let is_free = |ex: u32| !reads.contains(Ex(ex));
            let args = match self.graph.node(rest) {
                Node::Prim(p, args) => Some((p, self.graph.words(args).to_vec())),
                _ => None,
            };
            match args.as_ref().map(|(p, args)| (*p, &args[..])) {
                Some((Prim::ADD, &[a, b])) => {
                    stack.push(Term { factors: factors.clone(), rest: Ex(b) });
                    stack.push(Term { factors, rest: Ex(a) });
                }
                Some((Prim::SUB, &[a, b])) => {
                    stack.push(Term { factors: with(Prim::NEG, None), rest: Ex(b) });
                    stack.push(Term { factors, rest: Ex(a) });
                }
                Some((Prim::NEG, &[a])) => stack.push(Term { factors: with(Prim::NEG, None), rest: Ex(a) }),
                Some((Prim::MUL, &[a, b])) if is_free(a) => {
                    stack.push(Term { factors: with(Prim::MUL, Some(a)), rest: Ex(b) });
                }
                Some((Prim::MUL, &[a, b])) if is_free(b) => {
                    stack.push(Term { factors: with(Prim::MUL, Some(b)), rest: Ex(a) });
                }
                Some((Prim::DIV, &[a, b])) if is_free(b) => {
                    stack.push(Term { factors: with(Prim::DIV, Some(b)), rest: Ex(a) });
                }
                _another => terms.push(Term { factors, rest }),
            }
        }
        terms
    }

    /// A term from its factors, the innermost last.
    fn scaled(&mut self, factors: &[(Prim, Ex)], rest: Ex) -> Ex {
        factors.iter().rev().fold(rest, |term, &(p, factor)| match p {
            Prim::NEG => self.graph.neg(term),
            Prim::DIV => self.graph.div(term, factor),
            _multiplied => self.graph.mul(factor, term),
        })
    }

    /// What reads the variable.
    fn readers(&self, e: Ex) -> Dense<()> {
        let mut readers: Dense<()> = Dense::new(self.graph);
        for ex in self.graph.reach(&[e]) {
            let mut reads = self.graph.node(ex) == Node::Var(self.v);
            self.graph.operands(ex, |operand| reads |= readers.contains(operand));
            if reads {
                readers.insert(ex, ());
            }
        }
        readers
    }
}

/// The indices of an element of an array by its number, rows first.
fn place(graph: &mut Graph, number: usize, dims: &[usize]) -> Vec<Ex> {
    let mut left = number;
    let mut at = Vec::new();
    for &len in dims.iter().rev() {
        at.push(graph.int((left % len) as i64));
        left /= len;
    }
    at.reverse();
    at
}
