//! Scopes: which nodes belong to one, which of them get names, and long formulas cut into parts.

use super::{Binding, Grade, Raised, Raiser, Scope, Uses};
use crate::core::{Ex, Node, Type, VarId};
use std::collections::HashMap;

/// A formula wider than this has some of its operands named.
const WIDEST: u32 = 100;
/// An operand narrower than this is not named for being wide.
const NARROW: u32 = 14;

impl Raiser<'_> {
    /// Raises expressions in a scope of their own: their formulas, and the names that these use.
    pub(super) fn within(&mut self, roots: &[Ex]) -> (Vec<Raised>, Vec<Binding>) {
        self.within_then(roots, |this| roots.iter().map(|&root| this.form(root)).collect())
    }

    /// As [`Self::within`], with something made of the formulas while the scope is open.
    pub(super) fn within_then<T>(
        &mut self,
        roots: &[Ex],
        then: impl FnOnce(&mut Self) -> T,
    ) -> (T, Vec<Binding>) {
        self.scopes.push(Scope::default());
        for ex in self.discover(roots) {
            self.place(ex);
        }
        let made = then(self);
        let scope = self.scopes.pop().expect("pushed above");
        for ex in scope.set {
            self.slots.insert(ex, None);
        }
        (made, scope.bindings)
    }

    /// As [`Self::within`], for one expression, its names given by `let`.
    pub(super) fn alone(&mut self, root: Ex) -> Raised {
        let (raised, bindings) = self.within(&[root]);
        let level = self.level();
        let width = raised[0].width + self.width_of(&bindings);
        let grade = if bindings.is_empty() { raised[0].grade } else { Grade::Large };
        Raised { ast: self.let_in(bindings, raised[0].ast), width, level, grade, ..raised[0] }
    }

    pub(super) fn slot(&self, ex: Ex) -> Option<Raised> {
        self.slots.get(ex).copied().flatten()
    }

    /// The formula of a node that was raised.
    pub(super) fn form(&self, ex: Ex) -> Raised {
        self.slot(ex).expect("operands are raised first")
    }

    pub(super) fn set(&mut self, ex: Ex, raised: Raised) {
        if self.slot(ex).is_none()
            && let Some(scope) = self.scopes.get_mut(raised.level as usize)
        {
            scope.set.push(ex);
        }
        self.slots.insert(ex, Some(raised));
    }

    /// Ends what [`Self::set`] began before the scope ends.
    pub(super) fn forget(&mut self, ex: Ex) {
        self.slots.insert(ex, None);
    }

    /// The nodes that belong to the innermost scope, operands first, with the number of their uses.
    fn discover(&mut self, roots: &[Ex]) -> Vec<Ex> {
        self.walk += 1;
        let mut found = Vec::new();
        let mut stack = roots.to_vec();
        let mut times: HashMap<VarId, u32> = HashMap::new();
        while let Some(ex) = stack.pop() {
            if self.uses.get(ex).is_some_and(|uses| uses.walk == self.walk) || self.slot(ex).is_some() {
                continue;
            }
            self.uses.insert(ex, Uses { walk: self.walk, count: 0 });
            found.push(ex);
            self.graph.operands(ex, |operand| stack.push(operand));
            match self.graph.node(ex) {
                Node::Part { of, index } => self.want(of, index),
                Node::Build { .. } | Node::Accum { .. } | Node::Loop(_) => {
                    self.graph.bound(ex).into_iter().for_each(|b| *times.entry(b).or_default() += 1);
                }
                Node::Real(_) | Node::Int(_) | Node::Bool(_) | Node::Var(_) | Node::Prim(..) => {}
                Node::If { .. } | Node::Index { .. } | Node::Size { .. } | Node::Lit { .. } => {}
                Node::Call { .. } => {}
            }
        }
        self.count_uses(roots, &found, &times);
        found.retain(|&ex| self.graph.free(ex).all(|b| self.bound.contains(&b)));
        found.sort_unstable();
        found
    }

    /// How often each node's formula would stand in the text. What stands in a loop whose binder
    /// other loops have too may stand in each of them.
    fn count_uses(&mut self, roots: &[Ex], found: &[Ex], times: &HashMap<VarId, u32>) {
        let repeated = |b: VarId| times.get(&b).is_some_and(|&n| n > 1);
        for &ex in found {
            if let Node::Var(_) = self.graph.node(ex) {
                continue; // its length is part of no formula
            }
            let weight =
                if self.graph.free(ex).any(|b| !self.bound.contains(&b) && repeated(b)) { 2 } else { 1 };
            let (uses, walk) = (&mut self.uses, self.walk);
            self.graph.operands(ex, |operand| {
                if let Some(uses) = uses.get_mut(operand).filter(|uses| uses.walk == walk) {
                    uses.count += weight;
                }
            });
        }
        for &root in roots {
            if let Some(uses) = self.uses.get_mut(root) {
                uses.count += 1;
            }
        }
    }

    fn want(&mut self, of: Ex, index: u32) {
        let wanted = self.wanted.entry(of).or_default();
        if !wanted.contains(&index) {
            wanted.push(index);
        }
    }

    /// Raises a node of the innermost scope, and names it if it is used more than once.
    fn place(&mut self, ex: Ex) {
        self.slim(ex);
        let raised = Raised { level: self.level(), ..self.raise(ex) };
        self.set(ex, raised);
        if self.uses.get(ex).is_some_and(|uses| uses.count > 1) && self.graph.ty(ex) != Type::MANY {
            self.give_name(ex);
        }
    }

    /// Names operands until the node's formula is no longer too wide.
    fn slim(&mut self, ex: Ex) {
        let mut operands: Vec<Ex> = Vec::new();
        match self.graph.node(ex) {
            Node::Prim(_, args) => operands.extend(self.graph.exs(args)),
            Node::Index { array, at } => {
                operands.push(array);
                operands.extend(self.graph.exs(at));
            }
            Node::If { cond, then, els } => {
                // Every branch has its line.
                [cond, then, els].into_iter().for_each(|branch| self.name_wide(branch));
                return;
            }
            Node::Lit { elems: parts, .. } | Node::Call { args: parts, .. } => {
                let parts: Vec<Ex> = self.graph.exs(parts).collect();
                parts.into_iter().for_each(|part| self.name_wide(part));
                return;
            }
            Node::Real(_) | Node::Int(_) | Node::Bool(_) | Node::Var(_) | Node::Size { .. } => return,
            Node::Build { .. } | Node::Accum { .. } | Node::Loop(_) | Node::Part { .. } => return,
        }
        loop {
            let total: u32 = operands.iter().map(|&e| self.form(e).width).sum();
            let widest = operands.iter().copied().max_by_key(|&e| self.form(e).width);
            let Some(widest) = widest.filter(|&e| self.form(e).width >= NARROW && total > WIDEST) else {
                return;
            };
            let before = self.form(widest).width;
            self.give_name(widest);
            if self.form(widest).width == before {
                return;
            }
        }
    }

    fn name_wide(&mut self, ex: Ex) {
        if self.form(ex).width > WIDEST * 2 / 3 {
            self.give_name(ex);
        }
    }

    /// Gives the node a name in the scope that it belongs to, unless it is too small for one.
    pub(super) fn give_name(&mut self, ex: Ex) {
        let raised = self.form(ex);
        if raised.grade < Grade::Large || self.is_sum(ex) {
            return;
        }
        let wish = self.graph.wish(ex);
        let name = self.names.part(wish.as_deref());
        let pattern = self.pattern(&name);
        let named = self.name(&name);
        self.scopes[raised.level as usize].bindings.push((pattern, raised.ast));
        self.set(ex, Raised { look: raised.look, level: raised.level, ..named });
    }
}
