//! Integer values as sums: what an index, a length or a bound is made of. Small sums are written again at
//! each use instead of being named, so that `x[i + 1]` reads as it should, and they show which indices
//! cannot be outside.

use crate::block::Local;

/// What a sum of integers is made of; none of these changes while it is in scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Leaf {
    Local(Local),
    /// The length of an array along an axis.
    Length(Local, u8),
    /// A size that the function's face names.
    Size(u16),
}

/// `terms` (leaf times factor, each leaf once, no factor 0) and a number.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Form {
    pub terms: Vec<(Leaf, i64)>,
    pub add: i64,
}

/// Longer sums get a name.
const MAX_TERMS: usize = 4;

impl Form {
    pub fn number(add: i64) -> Form {
        Form { terms: Vec::new(), add }
    }

    pub fn leaf(leaf: Leaf) -> Form {
        Form { terms: vec![(leaf, 1)], add: 0 }
    }

    /// `self + k * other`, if it stays small.
    pub fn plus(&self, other: &Form, k: i64) -> Option<Form> {
        let mut sum = self.clone();
        sum.add = sum.add.checked_add(other.add.checked_mul(k)?)?;
        for &(leaf, factor) in &other.terms {
            let factor = factor.checked_mul(k)?;
            match sum.terms.iter_mut().find(|term| term.0 == leaf) {
                Some(term) => term.1 = term.1.checked_add(factor)?,
                None => sum.terms.push((leaf, factor)),
            }
        }
        sum.terms.retain(|term| term.1 != 0);
        (sum.terms.len() <= MAX_TERMS).then_some(sum)
    }

    pub fn times(&self, k: i64) -> Option<Form> {
        Form::default().plus(self, k)
    }

    pub fn as_number(&self) -> Option<i64> {
        self.terms.is_empty().then_some(self.add)
    }

    /// Whether the two are one value.
    pub fn same(&self, other: &Form) -> bool {
        self.minus(other).and_then(|d| d.as_number()) == Some(0)
    }

    pub fn minus(&self, other: &Form) -> Option<Form> {
        self.plus(other, -1)
    }

    /// No term is subtracted.
    pub fn is_plain(&self) -> bool {
        self.add >= 0 && self.terms.iter().all(|term| term.1 > 0)
    }

    /// The terms that are added, and those that are subtracted with their sign turned.
    pub fn sides(&self) -> (Form, Form) {
        let (mut plus, mut minus) =
            (Form::number(self.add.max(0)), Form::number(self.add.saturating_neg().max(0)));
        for &(leaf, factor) in &self.terms {
            if factor > 0 {
                plus.terms.push((leaf, factor));
            } else {
                minus.terms.push((leaf, factor.saturating_neg()));
            }
        }
        (plus, minus)
    }

    /// Whether `0 <= self < length` for all values of the counters in it; `len_of` gives the length that a
    /// counter stays below.
    pub fn stays_below(&self, length: &Form, len_of: impl Fn(Leaf) -> Option<Form>) -> bool {
        let bounds = || -> Option<(i64, i64)> {
            let (mut low, mut high) = (self.clone(), self.clone());
            // A length may hold counters of outer loops (triangular loops): a few rounds suffice.
            for _ in 0..MAX_TERMS {
                low = replace(&low, &len_of, false)?;
                high = replace(&high, &len_of, true)?;
            }
            let room = length.minus(&high)?;
            let low = low.as_number()?;
            Some((low, room.as_number()?))
        };
        bounds().is_some_and(|(low, room)| low >= 0 && room >= 1)
    }
}

impl Form {
    /// Whether the sum is not negative whatever the counters in it are, where neither the leaves that
    /// `natural` tells nor the `facts` are. `len_of` gives the length that a counter stays below.
    pub fn is_at_least_zero(
        &self,
        len_of: &impl Fn(Leaf) -> Option<Form>,
        natural: &impl Fn(Leaf) -> bool,
        facts: &[Form],
    ) -> bool {
        let sure = |form: &Form| {
            let mut low = form.clone();
            for _ in 0..MAX_TERMS {
                let Some(next) = replace(&low, len_of, false) else { return false };
                low = next;
            }
            low.add >= 0 && low.terms.iter().all(|&(leaf, factor)| factor > 0 && natural(leaf))
        };
        sure(self) || facts.iter().any(|fact| self.minus(fact).is_some_and(|rest| sure(&rest)))
    }
}

/// Puts the lowest or highest value in the place of each counter.
fn replace(form: &Form, len_of: &impl Fn(Leaf) -> Option<Form>, highest: bool) -> Option<Form> {
    let mut out = Form::number(form.add);
    for &(leaf, factor) in &form.terms {
        out = match len_of(leaf) {
            Some(len) if (factor > 0) == highest => out.plus(&len.plus(&Form::number(1), -1)?, factor)?,
            Some(_) => out,
            None => out.plus(&Form::leaf(leaf), factor)?,
        };
    }
    Some(out)
}
