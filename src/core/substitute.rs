//! Replacing variables by expressions, without capture.

use super::{Dense, Ex, Graph, LoopParts, Node, VarId, VarKind};

impl Graph {
    /// The expression with each variable replaced.
    pub fn substitute(&mut self, ex: Ex, map: &[(VarId, Ex)]) -> Ex {
        self.substitute_all(&[ex], map)[0]
    }

    /// The expressions with each variable replaced, all at once. Binders are renamed where a
    /// replacement would be captured or where their length changes.
    pub fn substitute_all(&mut self, roots: &[Ex], map: &[(VarId, Ex)]) -> Vec<Ex> {
        let map: Vec<(VarId, Ex)> =
            map.iter().copied().filter(|&(v, e)| self.node(e) != Node::Var(v)).collect();
        if map.is_empty() {
            return roots.to_vec();
        }
        // Parameters are not tracked as free variables: then everything is visited.
        let everything = map.iter().any(|&(v, _)| self.var(v).kind == VarKind::Param);
        let touched = |graph: &Graph, ex: Ex| everything || map.iter().any(|&(v, _)| graph.depends_on(ex, v));
        let mut done: Dense<Ex> = Dense::new(self);
        let mut stack: Vec<Ex> = roots.iter().rev().copied().collect();
        while let Some(&ex) = stack.last() {
            if done.contains(ex) || !touched(self, ex) {
                stack.pop();
                continue;
            }
            if let Node::Var(var) = self.node(ex) {
                let new = map.iter().find(|&&(v, _)| v == var).map_or(ex, |&(_, e)| e);
                done.insert(ex, new);
                stack.pop();
                continue;
            }
            let height = stack.len();
            // The bodies of loops are substituted apart when their binders have to change.
            let inner = self.bound(ex);
            if !inner.is_empty() {
                self.headers(ex, |operand| {
                    if !done.contains(operand) && touched(self, operand) {
                        stack.push(operand);
                    }
                });
                if stack.len() == height
                    && let Some(new) = self.rename_loop(ex, &map, &done)
                {
                    self.keep_name(ex, new);
                    done.insert(ex, new);
                    stack.pop();
                    continue;
                }
            }
            if stack.len() == height {
                self.operands(ex, |operand| {
                    if !done.contains(operand) && touched(self, operand) {
                        stack.push(operand);
                    }
                });
            }
            if stack.len() == height {
                let new = self.rebuild(ex, |operand| done.get(operand).copied().unwrap_or(operand));
                done.insert(ex, new);
                stack.pop();
            }
        }
        roots.iter().map(|&root| done.get(root).copied().unwrap_or(root)).collect()
    }

    /// The operands of a loop node that stand outside its binders and decide their lengths.
    fn headers(&self, ex: Ex, mut visit: impl FnMut(Ex)) {
        match self.node(ex) {
            Node::Build { over, .. } | Node::Accum { over, .. } => {
                let binders: Vec<VarId> = self.vars(over).collect();
                for &b in &binders {
                    let len = self.len_of(b);
                    // A length over an outer binder of the same node is handled with the binders.
                    if !self.depends_on_any(len, &binders) {
                        visit(len);
                    }
                }
            }
            Node::Loop(list) => {
                if let Some(len) = self.loop_parts(list).len {
                    visit(len);
                }
            }
            Node::Real(_)
            | Node::Int(_)
            | Node::Bool(_)
            | Node::Var(_)
            | Node::Prim(..)
            | Node::If { .. }
            | Node::Index { .. }
            | Node::Size { .. }
            | Node::Lit { .. }
            | Node::Call { .. }
            | Node::Part { .. } => {}
        }
    }

    /// A loop node under the substitution, when its binders cannot stay as they are: because one
    /// of them is being replaced, would capture a replacement, or gets other lengths.
    fn rename_loop(&mut self, ex: Ex, map: &[(VarId, Ex)], done: &Dense<Ex>) -> Option<Ex> {
        let binders = self.bound(ex);
        let captures = binders.iter().any(|&b| map.iter().any(|&(v, e)| v == b || self.depends_on(e, b)));
        let stretched = binders.iter().any(|&b| match self.var(b).kind {
            VarKind::Index { len } => {
                done.get(len).is_some_and(|&new| new != len)
                    || map.iter().any(|&(v, _)| self.depends_on(len, v))
            }
            VarKind::Param | VarKind::Step | VarKind::State { .. } => false,
        });
        if !captures && !stretched && !self.reshaped(&binders, map) {
            return None;
        }
        let outer: Vec<(VarId, Ex)> = map.iter().copied().filter(|(v, _)| !binders.contains(v)).collect();
        Some(self.fresh(ex, map, &outer, &|len| len))
    }

    /// Whether an array state among the binders gets other lengths.
    fn reshaped(&mut self, binders: &[VarId], map: &[(VarId, Ex)]) -> bool {
        let lens: Vec<Ex> = binders.iter().filter_map(|&b| self.var(b).shape.clone()).flatten().collect();
        lens.into_iter().any(|len| self.as_int(len).is_none() && self.substitute(len, map) != len)
    }

    /// The same loop with binders of its own; other nodes as they are.
    pub fn with_fresh_binders(&mut self, ex: Ex) -> Ex {
        self.fresh(ex, &[], &[], &|len| len)
    }

    /// A loop under a substitution (`map` outside its binders, `outer` inside), with fresh binders; `now` says
    /// what their lengths have become.
    pub(super) fn fresh(
        &mut self,
        ex: Ex,
        map: &[(VarId, Ex)],
        outer: &[(VarId, Ex)],
        now: &dyn Fn(Ex) -> Ex,
    ) -> Ex {
        match self.node(ex) {
            Node::Build { over, body } => {
                let over: Vec<VarId> = self.vars(over).collect();
                let (over, inner) = self.fresh_binders(&over, outer, now);
                let body = self.substitute(body, &inner);
                self.build(&over, body)
            }
            Node::Accum { op, init, over, at, value } => {
                let over: Vec<VarId> = self.vars(over).collect();
                let mut body: Vec<Ex> = self.exs(at).collect();
                body.push(value);
                let init = self.substitute(init, map);
                let (over, inner) = self.fresh_binders(&over, outer, now);
                let mut at = self.substitute_all(&body, &inner);
                let value = at.pop().expect("the value was pushed");
                self.accum(op, init, &over, &at, value)
            }
            Node::Loop(list) => {
                let parts = self.loop_parts(list);
                let parts = self.fresh_loop(parts, map, outer);
                self.sequential(parts)
            }
            Node::Real(_)
            | Node::Int(_)
            | Node::Bool(_)
            | Node::Var(_)
            | Node::Prim(..)
            | Node::If { .. }
            | Node::Index { .. }
            | Node::Size { .. }
            | Node::Lit { .. }
            | Node::Call { .. }
            | Node::Part { .. } => ex,
        }
    }

    /// New binders for these, under a substitution; and the substitution extended by them.
    fn fresh_binders(
        &mut self,
        over: &[VarId],
        map: &[(VarId, Ex)],
        now: &dyn Fn(Ex) -> Ex,
    ) -> (Vec<VarId>, Vec<(VarId, Ex)>) {
        let mut map = map.to_vec();
        let fresh = over
            .iter()
            .map(|&b| {
                let (name, len) = (self.var(b).name.clone(), self.len_of(b));
                let len = self.substitute(now(len), &map);
                let new = self.binder(&name, len);
                let ex = self.variable(new);
                map.push((b, ex));
                new
            })
            .collect();
        (fresh, map)
    }

    /// A loop with fresh variables; `map` goes for what stands outside, `outer` for the body.
    pub(super) fn fresh_loop(
        &mut self,
        parts: LoopParts,
        map: &[(VarId, Ex)],
        outer: &[(VarId, Ex)],
    ) -> LoopParts {
        let len = parts.len.map(|len| self.substitute(len, map));
        let inits = self.substitute_all(&parts.inits, map);
        let mut inner = outer.to_vec();
        let (index, states) = self.fresh_states(len, parts.index, &parts.states, &inits);
        inner.push((parts.index, self.variable(index)));
        for (&old, &new) in parts.states.iter().zip(&states) {
            inner.push((old, self.variable(new)));
        }
        let nexts = self.substitute_all(&parts.nexts, &inner);
        let cond = parts.cond.map(|cond| self.substitute(cond, &inner));
        LoopParts { len, cond, index, states, inits, nexts, traces: parts.traces }
    }

    /// New variables for a loop like another: an index of length `len`, or a step counter, and
    /// the states, which start at `inits`.
    pub fn fresh_states(
        &mut self,
        len: Option<Ex>,
        index: VarId,
        states: &[VarId],
        inits: &[Ex],
    ) -> (VarId, Vec<VarId>) {
        let name = self.var(index).name.clone();
        let index = match len {
            Some(len) => self.binder(&name, len),
            None => self.new_var(&name, super::Type::INT, VarKind::Step),
        };
        let names: Vec<String> = states.iter().map(|&s| self.var(s).name.clone()).collect();
        let states = names.iter().zip(inits).map(|(name, &init)| self.state(name, index, init)).collect();
        (index, states)
    }

    /// A new state of the loop with this index variable, of the type and shape of its first value.
    pub fn state(&mut self, name: &str, index: VarId, init: Ex) -> VarId {
        let ty = self.ty(init);
        let state = self.new_var(name, ty, VarKind::State { index });
        if ty.is_array() {
            let shape = self.shape(init);
            self.var_mut(state).shape = Some(shape);
        }
        state
    }
}
