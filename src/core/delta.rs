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

    /// The binder and its value that the conditions ask for under which something is added.
    fn chosen(&self, over: &[VarId], mut value: Ex) -> Option<(VarId, Ex)> {
        let zero = |ex: Ex| self.as_real(ex) == Some(0.0) || self.as_int(ex) == Some(0);
        while let Node::If { cond, then, els } = self.node(value) {
            if !zero(els) {
                return None;
            }
            let holding = self.conditions_in_turn(cond).into_iter().filter(|&(_, holds)| holds);
            let mut conditions: Vec<Ex> = holding.map(|(cond, _)| cond).collect();
            while let Some(cond) = conditions.pop() {
                if let Some(both) = self.as_prim(cond, Prim::AND) {
                    conditions.extend(both.iter().map(|&e| Ex(e)));
                } else if let Some(&[a, b]) = self.as_prim(cond, Prim::EQ)
                    && let Some(solved) = [(Ex(a), Ex(b)), (Ex(b), Ex(a))].into_iter().find_map(|(a, b)| {
                        let Node::Var(var) = self.node(a) else { return None };
                        (over.contains(&var) && !self.depends_on(b, var)).then_some((var, b))
                    })
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
