//! Integer expressions in normal form: a sum of terms with coefficients and a constant. Indices
//! and lengths are such sums, and equal ones must be one node.

use super::{Ex, Graph, Node, Type, VarKind};
use crate::primitive::Prim;

/// Sums of more terms are left as written.
const MOST_TERMS: usize = 8;

/// `constant + Σ coefficient·term`, terms in order of their handles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Affine {
    pub terms: Vec<(Ex, i64)>,
    pub constant: i64,
}

impl Affine {
    fn plus(&self, other: &Affine, factor: i64) -> Option<Affine> {
        let mut terms = self.terms.clone();
        for &(term, coefficient) in &other.terms {
            let more = coefficient.checked_mul(factor)?;
            match terms.iter_mut().find(|(t, _)| *t == term) {
                Some((_, c)) => *c = c.checked_add(more)?,
                None => terms.push((term, more)),
            }
        }
        terms.retain(|&(_, c)| c != 0);
        terms.sort_unstable_by_key(|&(t, _)| t);
        let constant = self.constant.checked_add(other.constant.checked_mul(factor)?)?;
        (terms.len() <= MOST_TERMS).then_some(Affine { terms, constant })
    }

    fn times(&self, factor: i64) -> Option<Affine> {
        Affine { terms: Vec::new(), constant: 0 }.plus(self, factor)
    }
}

impl Graph {
    /// An integer expression as a sum of terms; one term, itself, when it is none.
    pub fn affine(&self, ex: Ex) -> Affine {
        let atom = Affine { terms: vec![(ex, 1)], constant: 0 };
        let Node::Prim(p, args) = self.node(ex) else {
            return match self.as_int(ex) {
                Some(constant) => Affine { terms: Vec::new(), constant },
                None => atom,
            };
        };
        let args: Vec<Ex> = self.exs(args).collect();
        // The operands are in normal form already, so this recurses a few levels at most.
        let sum = match p {
            Prim::ADD => self.affine(args[0]).plus(&self.affine(args[1]), 1),
            Prim::SUB => self.affine(args[0]).plus(&self.affine(args[1]), -1),
            Prim::NEG => self.affine(args[0]).times(-1),
            Prim::MUL => match (self.as_int(args[0]), self.as_int(args[1])) {
                (Some(factor), _) => self.affine(args[1]).times(factor),
                (_, Some(factor)) => self.affine(args[0]).times(factor),
                (None, None) => None,
            },
            _ => None,
        };
        sum.unwrap_or(atom)
    }

    /// An integer primitive in normal form, or nothing when it has none.
    pub(super) fn affine_prim(&mut self, p: Prim, args: &[Ex]) -> Option<Ex> {
        let sum = match p {
            Prim::ADD => self.affine(args[0]).plus(&self.affine(args[1]), 1)?,
            Prim::SUB => self.affine(args[0]).plus(&self.affine(args[1]), -1)?,
            Prim::NEG => self.affine(args[0]).times(-1)?,
            Prim::MUL => match (self.as_int(args[0]), self.as_int(args[1])) {
                (Some(factor), _) => self.affine(args[1]).times(factor)?,
                (_, Some(factor)) => self.affine(args[0]).times(factor)?,
                (None, None) => return None,
            },
            Prim::MAX | Prim::MIN => return self.extreme(p, args),
            _ => return None,
        };
        Some(self.from_affine(&sum))
    }

    /// The larger or smaller of two integers whose difference is known.
    fn extreme(&mut self, p: Prim, args: &[Ex]) -> Option<Ex> {
        let difference = self.sub(args[0], args[1]);
        let first_larger = self.as_int(difference)? >= 0;
        Some(if first_larger == (p == Prim::MAX) { args[0] } else { args[1] })
    }

    /// The expression of a sum: positive terms, then negative ones, then the constant.
    pub fn from_affine(&mut self, sum: &Affine) -> Ex {
        let mut result: Option<Ex> = None;
        let positive = sum.terms.iter().filter(|&&(_, c)| c > 0);
        let negative = sum.terms.iter().filter(|&&(_, c)| c < 0);
        for &(term, coefficient) in positive.chain(negative) {
            let magnitude = self.scaled(term, coefficient.saturating_abs());
            result = Some(match (result, coefficient > 0) {
                (None, true) => magnitude,
                (None, false) => self.raw_prim(Prim::NEG, &[magnitude], Type::INT),
                (Some(sum), true) => self.raw_prim(Prim::ADD, &[sum, magnitude], Type::INT),
                (Some(sum), false) => self.raw_prim(Prim::SUB, &[sum, magnitude], Type::INT),
            });
        }
        let constant = self.int(sum.constant.saturating_abs());
        match result {
            None => self.int(sum.constant),
            Some(sum_of_terms) if sum.constant == 0 => sum_of_terms,
            Some(s) if sum.constant > 0 => self.raw_prim(Prim::ADD, &[s, constant], Type::INT),
            Some(s) => self.raw_prim(Prim::SUB, &[s, constant], Type::INT),
        }
    }

    /// That a sum of three terms or more is 0, with nothing subtracted: one condition however it was written.
    pub(super) fn balanced(&mut self, sum: Ex) -> Option<Ex> {
        let sum = self.affine(sum);
        if sum.terms.len() < 3 {
            return None;
        }
        let [mut left, mut right] = [(); 2].map(|()| Affine { terms: Vec::new(), constant: 0 });
        for &(term, coefficient) in &sum.terms {
            let side = if coefficient > 0 { &mut left } else { &mut right };
            side.terms.push((term, coefficient.checked_abs()?));
        }
        let side = if sum.constant > 0 { &mut left } else { &mut right };
        side.constant = sum.constant.checked_abs()?;
        let (left, right) = (self.from_affine(&left), self.from_affine(&right));
        Some(self.raw_prim(Prim::EQ, &[left.min(right), left.max(right)], Type::BOOL))
    }

    fn scaled(&mut self, term: Ex, factor: i64) -> Ex {
        if factor == 1 {
            return term;
        }
        let factor = self.int(factor);
        self.raw_prim(Prim::MUL, &[factor, term], Type::INT)
    }

    /// The sign of a sum of counters and lengths that is on one side of zero whatever they are, and the value
    /// of it that is nearest to zero.
    pub fn side_of_zero(&self, sum: Ex) -> Option<(i64, i64)> {
        let sum = self.affine(sum);
        let counts = |term: Ex| match self.node(term) {
            Node::Size { .. } => true,
            Node::Var(var) => matches!(self.var(var).kind, VarKind::Index { .. } | VarKind::Step),
            _ => false,
        };
        [1, -1].into_iter().find_map(|sign| {
            let one_side = sum.terms.iter().all(|&(term, factor)| factor * sign > 0 && counts(term));
            (one_side && sum.constant * sign >= 0).then_some((sign, sum.constant))
        })
    }
}
