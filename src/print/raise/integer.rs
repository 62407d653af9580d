//! Integers: sums of terms, indices that count from 1, ranges, comparisons. The graph counts from 0;
//! each index of a loop is shifted by its first value, chosen so that the uses read best.

use super::{Grade, Look, Raised, Raiser};
use crate::core::{Affine, Ex, Node, Type, VarId};
use crate::primitive::{Kind, Prim};
use crate::syntax::tree::{BinaryOp, CompareOp, Expr, For, UnaryOp};
use std::collections::HashSet;

/// An index as it is printed: the graph's index plus `first`.
#[derive(Debug, Clone)]
pub(super) struct Index {
    pub name: Raised,
    pub text: String,
    /// Over terms as they are printed.
    pub first: Affine,
}

/// At most this many nodes are looked at for the first value of an index.
const MOST_VISITED: usize = 10_000;
/// How much more the reading of `x[i]` matters than that of other uses.
const PLACE: usize = 4;

fn constant(constant: i64) -> Affine {
    Affine { terms: Vec::new(), constant }
}

/// Adds `factor` times a term.
fn add_term(sum: &mut Affine, term: Ex, factor: i64) {
    match sum.terms.iter_mut().find(|(known, _)| *known == term) {
        Some((_, coefficient)) => *coefficient = coefficient.wrapping_add(factor),
        None => sum.terms.push((term, factor)),
    }
    sum.terms.retain(|&(_, coefficient)| coefficient != 0);
}

/// Adds `factor` times a sum.
fn add_sum(sum: &mut Affine, more: &Affine, factor: i64) {
    for &(term, coefficient) in &more.terms {
        add_term(sum, term, coefficient.wrapping_mul(factor));
    }
    sum.constant = sum.constant.wrapping_add(more.constant.wrapping_mul(factor));
}

impl Raiser<'_> {
    /// Whether the node is an integer sum that is printed term by term.
    pub(super) fn is_sum(&self, ex: Ex) -> bool {
        if self.graph.ty(ex) != Type::INT {
            return false;
        }
        self.graph.affine(ex).terms != [(ex, 1)] || self.index_of(ex).is_some()
    }

    /// The index of an open loop that a node is.
    fn index_of(&self, ex: Ex) -> Option<&Index> {
        match self.graph.node(ex) {
            Node::Var(var) => self.indices.get(&var),
            _other => None,
        }
    }

    /// A term of a printed sum: for an index, its name.
    fn term(&self, ex: Ex) -> Raised {
        self.index_of(ex).map_or_else(|| self.form(ex), |index| index.name)
    }

    /// The sum in terms of indices as they are printed.
    pub(super) fn printed(&self, ex: Ex) -> Affine {
        self.shifted(&self.graph.affine(ex))
    }

    fn shifted(&self, sum: &Affine) -> Affine {
        let mut printed = constant(sum.constant);
        for &(term, factor) in &sum.terms {
            add_term(&mut printed, term, factor);
            if let Some(index) = self.index_of(term) {
                add_sum(&mut printed, &index.first, factor.wrapping_neg());
            }
        }
        printed
    }

    /// `2*i + n - 1`
    pub(super) fn sum(&mut self, sum: &Affine) -> Raised {
        let mut terms = sum.terms.clone();
        terms.sort_by_key(|&(term, factor)| (factor < 0, self.index_of(term).is_none(), term));
        let look = match terms[..] {
            [(term, 1)] if sum.constant == 0 => self.term(term).look,
            _ if terms.iter().all(|&(term, _)| self.term(term).look == Look::Int) => Look::Int,
            _ => Look::Plain,
        };
        let leading = sum.constant > 0 && terms.first().is_none_or(|&(_, factor)| factor < 0);
        let mut result = (terms.is_empty() || leading).then(|| self.integer(sum.constant));
        for &(term, factor) in &terms {
            let mut form = self.term(term);
            if factor.unsigned_abs() != 1 {
                let number = self.integer(factor.saturating_abs());
                form = self.binary(BinaryOp::Mul, number, form);
            }
            result = Some(match result {
                Some(so_far) => {
                    let op = if factor < 0 { BinaryOp::Sub } else { BinaryOp::Add };
                    self.binary(op, so_far, form)
                }
                None if factor < 0 => self.unary(UnaryOp::Neg, form),
                None => form,
            });
        }
        let mut result = result.expect("a constant or a term");
        if !leading && !terms.is_empty() && sum.constant != 0 {
            let number = self.integer(sum.constant.saturating_abs());
            let op = if sum.constant < 0 { BinaryOp::Sub } else { BinaryOp::Add };
            result = self.binary(op, result, number);
        }
        let grade = if terms.len() > 1 && result.grade == Grade::Large { Grade::Small } else { result.grade };
        Raised { look, grade, level: self.level(), ..result }
    }

    /// An integer where the checker wants one: `round(…)` round a real.
    pub(super) fn as_int(&mut self, raised: Raised) -> Raised {
        match raised.look {
            Look::Int | Look::Integral => raised,
            Look::Plain => {
                let rounded = self.apply("round", &[raised]);
                Raised { look: Look::Integral, ..rounded }
            }
        }
    }

    /// An integer node where the checker wants an `Int`.
    pub(super) fn int_form(&mut self, ex: Ex) -> Raised {
        let sum = self.printed(ex);
        let raised = self.sum(&sum);
        self.as_int(raised)
    }

    /// An index from 0 as it is printed, from 1.
    pub(super) fn subscript(&mut self, ex: Ex) -> Raised {
        let mut sum = self.printed(ex);
        // No array is so long that this would matter where it wraps.
        sum.constant = sum.constant.wrapping_add(1);
        let raised = self.sum(&sum);
        self.as_int(raised)
    }

    // ── Ranges ───────────────────────────────────────────────────────────────────────────────────

    /// Names an index and chooses its first value; [`Self::unbind`] ends it.
    /// The bodies of the loop are given, and those of them that are indices from 0.
    pub(super) fn bind_index(&mut self, var: VarId, bodies: &[Ex], places: &[Ex]) {
        let first = self.first_value(var, bodies, places);
        let first = self.shifted(&first);
        let wish = self.graph.var(var).name.clone();
        let text = self.names.bind(&wish, true);
        let name = self.name(&text);
        let name = Raised { look: Look::Int, ..name };
        self.indices.insert(var, Index { name, text, first });
        self.bound.insert(var);
    }

    pub(super) fn unbind(&mut self, vars: &[VarId]) {
        for var in vars {
            self.bound.remove(var);
            if let Some(index) = self.indices.remove(var) {
                self.names.release(&index.text);
            }
        }
    }

    /// `for i in 1..n`, of an index that is bound.
    pub(super) fn for_index(&mut self, var: VarId) -> For {
        let len = self.plain_length(self.graph.len_of(var));
        let first = self.indices[&var].first.clone();
        let open = self.open_terms(len);
        let mut last = self.printed(len);
        add_sum(&mut last, &first, 1);
        // A range that ends below the least integer is empty anyway.
        last.constant = last.constant.saturating_sub(1);
        let (low, high) = (self.sum(&first), self.sum(&last));
        let range = (self.as_int(low), self.as_int(high));
        open.into_iter().for_each(|term| self.forget(term));
        let text = self.indices[&var].text.clone();
        self.for_range(&text, range)
    }

    /// Raises the terms of a length that belong to no scope that is open: those over an outer index
    /// of the same list. They are to be forgotten.
    fn open_terms(&mut self, len: Ex) -> Vec<Ex> {
        let mut open = Vec::new();
        for (term, _) in self.graph.affine(len).terms {
            if self.slot(term).is_none() {
                let raised = self.alone(term);
                self.set(term, raised);
                open.push(term);
            }
        }
        open
    }

    /// A range of negative length is empty: `max(len, 0)` may be `len`.
    fn plain_length(&self, len: Ex) -> Ex {
        match self.graph.as_prim(len, Prim::MAX) {
            Some(&[a, b]) if self.graph.as_int(Ex(b)) == Some(0) => Ex(a),
            Some(&[a, b]) if self.graph.as_int(Ex(a)) == Some(0) => Ex(b),
            Some(_) | None => len,
        }
    }

    /// The first value with which most uses of an index read best: `x[i]` rather than `x[i + 1]`.
    fn first_value(&self, var: VarId, bodies: &[Ex], places: &[Ex]) -> Affine {
        let mut votes: Vec<(Affine, usize)> = Vec::new();
        let mut seen: HashSet<Ex> = bodies.iter().copied().collect();
        let mut stack = bodies.to_vec();
        for &body in bodies {
            self.vote(var, body, places.contains(&body), &mut votes);
        }
        while let Some(ex) = stack.pop().filter(|_| seen.len() < MOST_VISITED) {
            let (places, silent) = match self.graph.node(ex) {
                Node::Index { at, .. } | Node::Accum { at, .. } => (self.graph.exs(at).collect(), false),
                Node::If { .. } => (Vec::new(), true),
                Node::Prim(p, _) => (Vec::new(), p.row().kind == Kind::Compare || self.is_sum(ex)),
                _other => (Vec::new(), false),
            };
            self.graph.operands(ex, |operand| {
                if !self.graph.depends_on(operand, var) {
                    return;
                }
                if !silent {
                    self.vote(var, operand, places.contains(&operand), &mut votes);
                }
                if seen.insert(operand) {
                    stack.push(operand);
                }
            });
        }
        let one = constant(1);
        let most = votes.iter().map(|&(_, count)| count).max().unwrap_or(0);
        let mut best = votes.into_iter().filter(|&(_, count)| count == most).map(|(first, _)| first);
        let first = best.next().unwrap_or_else(|| one.clone());
        if best.any(|other| other == one) { one } else { first }
    }

    /// Notes the first value with which this sum would be the bare index.
    fn vote(&self, var: VarId, ex: Ex, place: bool, votes: &mut Vec<(Affine, usize)>) {
        if self.graph.ty(ex) != Type::INT {
            return;
        }
        let mut rest = self.graph.affine(ex);
        let own = rest.terms.iter().position(|&(term, _)| self.graph.node(term) == Node::Var(var));
        let Some(own) = own.filter(|&at| rest.terms[at].1 == 1) else { return };
        rest.terms.remove(own);
        rest.constant = rest.constant.wrapping_add(i64::from(place));
        if !rest.terms.iter().all(|&(term, _)| self.slot(term).is_some()) {
            return;
        }
        let weight = if place { PLACE } else { 1 };
        match votes.iter_mut().find(|(first, _)| *first == rest) {
            Some((_, count)) => *count += weight,
            None => votes.push((rest, weight)),
        }
    }

    // ── Comparisons ──────────────────────────────────────────────────────────────────────────────

    /// A comparison of integers with as few terms on either side as possible: `i < n`.
    pub(super) fn compare_ints(&mut self, op: CompareOp, a: Ex, b: Ex) -> Option<Raised> {
        let mut difference = self.printed(a);
        add_sum(&mut difference, &self.printed(b), -1);
        if difference.terms.iter().any(|&(term, _)| self.term(term).look != Look::Int) {
            return None;
        }
        let (op, shift) = match (op, difference.constant) {
            (CompareOp::LessEqual, 1) => (CompareOp::Less, -1),
            (CompareOp::Less, -1) => (CompareOp::LessEqual, 1),
            (CompareOp::GreaterEqual, -1) => (CompareOp::Greater, 1),
            (CompareOp::Greater, 1) => (CompareOp::GreaterEqual, -1),
            (op, _) => (op, 0),
        };
        difference.constant = difference.constant.wrapping_add(shift);
        let (mut left, mut right) = (constant(0), constant(0));
        for &(term, factor) in &difference.terms {
            let side = if factor > 0 { &mut left } else { &mut right };
            side.terms.push((term, factor.saturating_abs()));
        }
        let c = difference.constant;
        if right.terms.is_empty() || (c < 0 && !left.terms.is_empty()) {
            right.constant = -c;
        } else {
            left.constant = c;
        }
        let (left, right) = (self.sum(&left), self.sum(&right));
        Some(self.comparison(op, left, right))
    }

    pub(super) fn comparison(&mut self, op: CompareOp, a: Raised, b: Raised) -> Raised {
        let raised = self.formula(Expr::Compare(a.ast, vec![(op, b.ast)]), a.width + b.width + 4);
        let small = raised.width <= 10 && a.grade.max(b.grade) <= Grade::Element;
        Raised { grade: if small { Grade::Small } else { Grade::Large }, ..raised }
    }
}
