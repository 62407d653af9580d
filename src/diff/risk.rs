//! What is read under a condition inside a sum or a loop, but does not depend on it: its cotangent is
//! summed up over the steps, and passed on only if one of them has read it. Else its value may not exist,
//! and its own derivative may be infinite.

use super::reverse::Sweep;
use super::term::{self, Guard, Term};
use crate::core::{AccumOp, Ex, Node};

/// What may go wrong with an expression whose value is not needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Risk {
    None,
    /// Its derivative is infinite or undefined somewhere.
    Infinite,
    /// It may be without a value: an element outside, a call.
    Fault,
}

impl Sweep<'_> {
    /// As [`term::common_guard`], with the condition that some term counts at all where that matters.
    pub(super) fn guard(&mut self, ex: Ex, terms: &[Term]) -> (usize, Vec<Guard>) {
        let (prefix, mut guard) = term::common_guard(self.graph, terms);
        let inner = |t: &Term| t.when.len() > term::outside(self.graph, t);
        if !terms.is_empty() && terms.iter().all(inner) && self.risk(ex) != Risk::None {
            let mut any = self.graph.boolean(false);
            for term in terms {
                let counts = self.counts(term, prefix);
                any = self.graph.either(any, counts);
            }
            if self.graph.as_bool(any) != Some(true) {
                guard.push((any, true));
            }
        }
        (prefix, guard)
    }

    /// Whether the conditions of a term, without the first ones, hold at a point of its sum.
    fn counts(&mut self, term: &Term, prefix: usize) -> Ex {
        let own = term::outside(self.graph, term);
        let inside = term::conjunction(self.graph, &term.when[own..]);
        let (zero, one) = (self.graph.int(0), self.graph.int(1));
        let point = self.graph.select(inside, one, zero);
        let over = term::in_order(self.graph, &term.over);
        let count = self.graph.accum(AccumOp::Sum, zero, &over, &[], point);
        let some = self.graph.lt(zero, count);
        let mut all = term.when[prefix..own].to_vec();
        all.push((some, true));
        term::conjunction(self.graph, &all)
    }

    /// What may go wrong where a cotangent of 0 is passed on to what an expression is made of.
    pub(super) fn risk(&mut self, ex: Ex) -> Risk {
        const MOST: usize = 64;
        let (mut stack, mut risk) = (vec![ex], Risk::None);
        for _ in 0..MOST {
            let Some(ex) = stack.pop() else { return risk };
            match self.graph.node(ex) {
                Node::Call { .. } | Node::Loop(_) => return Risk::Fault,
                Node::Index { array, at } => {
                    let at: Vec<Ex> = self.graph.exs(at).collect();
                    for (axis, &e) in at.iter().enumerate() {
                        let len = self.graph.size(array, axis);
                        if !self.graph.is_within(e, len) {
                            return Risk::Fault;
                        }
                    }
                    stack.push(array);
                }
                Node::Prim(p, args) => {
                    // Where it ends or bends its derivative may be infinite.
                    if !(p.row().domain.is_empty() && p.row().edge.is_empty()) {
                        risk = Risk::Infinite;
                    }
                    stack.extend(self.graph.exs(args));
                }
                Node::Real(_)
                | Node::Int(_)
                | Node::Bool(_)
                | Node::Var(_)
                | Node::If { .. }
                | Node::Size { .. }
                | Node::Lit { .. }
                | Node::Build { .. }
                | Node::Accum { .. }
                | Node::Part { .. } => self.graph.operands(ex, |operand| stack.push(operand)),
            }
        }
        Risk::Fault
    }
}
