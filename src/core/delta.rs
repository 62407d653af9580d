//! Sums of which a condition leaves one term: that term.

use super::{Ex, Graph, Node, Type, VarId};
use crate::primitive::Prim;

impl Graph {
    /// What is added where a sum counts one value of one of its binders alone: that binder, its value, and what
    /// is added there, 0 where the value is outside of its range.
    pub(super) fn single_term(&mut self, over: &[VarId], at: &[Ex], value: Ex) -> Option<Single> {
        let (binder, chosen) = self.chosen(over, value)?;
        let len = self.len_of(binder);
        let inner = over.iter().any(|&b| self.index_len(b).is_some_and(|len| self.depends_on(len, binder)));
        if inner || self.depends_on(len, binder) {
            return None;
        }
        let map = [(binder, chosen)];
        let at = self.substitute_all(at, &map);
        let mut value = self.substitute(value, &map);
        if !self.is_within(chosen, len) {
            let zero = if self.ty(value) == Type::REAL { self.real(0.0) } else { self.int(0) };
            let first = self.int(0);
            let (above, below) = (self.le(first, chosen), self.lt(chosen, len));
            let inside = self.and(above, below);
            value = self.select(inside, value, zero);
        }
        Some(Single { binder, at, value })
    }

    /// The binder among these for one value of which alone two integers are equal, and that value.
    pub fn solved(&mut self, over: &[VarId], a: Ex, b: Ex) -> Option<(VarId, Ex)> {
        if self.ty(a) != Type::INT {
            return None;
        }
        let difference = self.sub(a, b);
        let terms = self.affine(difference).terms;
        let solution = |me: &mut Graph, binder: VarId, sign: i64| {
            let own = me.variable(binder);
            let value = if sign > 0 { me.sub(own, difference) } else { me.add(own, difference) };
            (!me.depends_on(value, binder)).then_some((binder, value))
        };
        terms.into_iter().find_map(|(term, coefficient)| match self.node(term) {
            Node::Var(var) if over.contains(&var) && coefficient.abs() == 1 => {
                solution(self, var, coefficient)
            }
            _other => None,
        })
    }

    /// The binder and its value that the conditions ask for under which something is added.
    fn chosen(&mut self, over: &[VarId], mut value: Ex) -> Option<(VarId, Ex)> {
        while let Node::If { cond, then, els } = self.node(value) {
            if self.as_real(els) != Some(0.0) && self.as_int(els) != Some(0) {
                return None;
            }
            let holding = self.conditions_in_turn(cond).into_iter().filter(|&(_, holds)| holds);
            let mut conditions: Vec<Ex> = holding.map(|(cond, _)| cond).collect();
            while let Some(cond) = conditions.pop() {
                if let Some(both) = self.as_prim(cond, Prim::AND) {
                    conditions.extend(both.iter().map(|&e| Ex(e)));
                } else if let Some(&[a, b]) = self.as_prim(cond, Prim::EQ)
                    && let Some(solved) = self.solved(over, Ex(a), Ex(b))
                {
                    return Some(solved);
                }
            }
            value = then;
        }
        None
    }
}

/// The one term of a sum.
pub(super) struct Single {
    /// The binder over which it is no longer summed.
    pub binder: VarId,
    pub at: Vec<Ex>,
    pub value: Ex,
}
