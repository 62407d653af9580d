//! Uses: where a node's operands are used, given where the node is computed.
//!
//! Takes nodes and regions; tells the placer. Knows nothing of statements.

use super::common::common;
use super::place::{Action, Placer, Use, is_bound};
use super::region::{ROOT, Region};
use super::safety::early;
use crate::core::{AccumOp, Ex, Graph, Node, VarId};

/// What a sum adds to an array, where it adds something.
#[derive(Debug)]
pub(super) struct Addition {
    /// The conditions for that, each inside those before it, with the values that they must have.
    pub guards: Vec<(Ex, bool)>,
    pub at: Vec<Ex>,
    pub value: Ex,
}

impl Placer<'_> {
    /// Adds the uses of a node's operands, given its own.
    pub fn pass_on(&mut self, ex: Ex, at: Use, here: bool) {
        match self.graph.node(ex) {
            Node::If { cond, then, els } => {
                self.need(cond, at);
                if here {
                    for (branch, holds) in [(then, true), (els, false)] {
                        let region = self.regions().branch(at.plain, cond, holds);
                        self.need(branch, Use::at(region));
                    }
                } else {
                    let inner = self.unknown(ex);
                    self.need_early(&[then, els], &inner, at);
                    self.need_common([then, els], at);
                }
            }
            Node::Build { over, body } => {
                let over: Vec<VarId> = self.graph.vars(over).collect();
                self.need_array(&over, body, at);
            }
            Node::Accum { init, over, at: index, value, .. } => {
                self.need_init(init, at);
                let over: Vec<VarId> = self.graph.vars(over).collect();
                let mut inner: Vec<Ex> = self.graph.exs(index).chain([value]).collect();
                let addition = self.addition(ex);
                if let Some(&(cond, _)) = addition.guards.first() {
                    if here && over.is_empty() {
                        return self.need_addition(&addition, at.plain);
                    }
                    let around: Vec<VarId> = over.iter().copied().chain(self.unknown(ex)).collect();
                    self.need_early(&[value], &around, at);
                    inner = vec![cond];
                }
                self.need_loop(&over, &inner, at);
            }
            Node::Loop(list) => {
                let parts = self.graph.loop_parts(list);
                parts.inits.iter().for_each(|&init| self.need_init(init, at));
                let mut inner = Use { sure: None, ..at };
                if let Some(len) = parts.len {
                    self.need(len, at);
                    inner.sure = at.sure.and_then(|region| self.nonempty(region, len));
                }
                parts.cond.iter().for_each(|&cond| self.need(cond, at));
                parts.nexts.iter().for_each(|&next| self.need(next, inner));
            }
            Node::Real(_) | Node::Int(_) | Node::Bool(_) | Node::Var(_) => {}
            Node::Prim(..)
            | Node::Index { .. }
            | Node::Size { .. }
            | Node::Lit { .. }
            | Node::Call { .. }
            | Node::Part { .. } => {
                self.need_operands(ex, at);
            }
        }
    }

    /// Loops that take no longer than those around a branch leave it with them.
    fn need_early(&mut self, branches: &[Ex], inner: &[VarId], at: Use) {
        let lens: Vec<Ex> = inner.iter().filter_map(|&b| self.graph.index_len(b)).collect();
        if lens.is_empty() || !self.early {
            return;
        }
        let bound = &self.bound;
        let there = |graph: &Graph, ex: Ex| graph.free(ex).all(|b| is_bound(bound, b));
        let found = early(self.graph, &mut self.tables.safety, branches, &lens, there);
        found.into_iter().for_each(|ex| self.need(ex, at));
    }

    /// What both branches need leaves them with the loops around them.
    fn need_common(&mut self, branches: [Ex; 2], at: Use) {
        if !self.early {
            return;
        }
        let bound = &self.bound;
        let there = |graph: &Graph, ex: Ex| graph.free(ex).all(|b| is_bound(bound, b));
        for (ex, sure) in common(self.graph, &mut self.tables.safety, branches, there) {
            self.need(ex, Use { sure: at.sure.filter(|_| sure), ..at });
        }
    }

    /// The binders of a node that the present scope does not know.
    fn unknown(&self, ex: Ex) -> Vec<VarId> {
        self.graph.free(ex).filter(|&b| !is_bound(&self.bound, b)).collect()
    }

    /// All operands are used where the node is.
    fn need_operands(&mut self, ex: Ex, at: Use) {
        let mut few = [Ex(0); 3];
        let mut count = 0;
        self.graph.operands(ex, |operand| {
            if let Some(place) = few.get_mut(count) {
                *place = operand;
            }
            count += 1;
        });
        if count <= few.len() {
            return few[..count].iter().for_each(|&operand| self.need(operand, at));
        }
        let mut all = Vec::with_capacity(count);
        self.graph.operands(ex, |operand| all.push(operand));
        all.into_iter().for_each(|operand| self.need(operand, at));
    }

    /// The first value of a sum or a state: an array of equal elements is made anew for it.
    fn need_init(&mut self, init: Ex, at: Use) {
        match self.constant_array(init) {
            Some((over, body)) => self.need_array(&over, body, at),
            None => self.need(init, at),
        }
    }

    /// The lengths of an array that these binders build. A length that is found out only as the
    /// array is built is that of the first element.
    pub fn dims(&mut self, over: &[VarId]) -> Vec<Ex> {
        let zero = self.graph.int(0);
        let mut dims = Vec::new();
        for (k, &b) in over.iter().enumerate() {
            let mut len = self.graph.len_of(b);
            if self.graph.depends_on_any(len, &over[..k]) {
                let first: Vec<(VarId, Ex)> = over[..k].iter().map(|&b| (b, zero)).collect();
                len = self.graph.substitute(len, &first);
                for &outer in &dims {
                    let some = self.graph.lt(zero, outer);
                    len = self.graph.select(some, len, zero);
                }
            }
            dims.push(len);
        }
        dims
    }

    /// The lengths of an array are needed even if it has no elements.
    fn need_array(&mut self, over: &[VarId], body: Ex, at: Use) {
        for len in self.dims(over) {
            self.need(len, at);
        }
        self.need_loop(over, &[body], at);
    }

    fn need_loop(&mut self, over: &[VarId], inner: &[Ex], mut at: Use) {
        for &b in over {
            let len = self.graph.len_of(b);
            self.need(len, at);
            at.sure = at.sure.and_then(|region| self.nonempty(region, len));
        }
        inner.iter().for_each(|&ex| self.need(ex, at));
    }

    pub fn need_action(&mut self, action: Action) {
        let (over, mut inner) = self.loop_of(action.node);
        let addition = self.addition(action.node);
        if let Some(&(cond, _)) = addition.guards.first() {
            if over.len() == action.step {
                return self.need_addition(&addition, ROOT);
            }
            self.need_early(&[addition.value], &over[action.step..], Use::at(ROOT));
            inner = vec![cond];
        }
        self.need_loop(&over[action.step..], &inner, Use::at(ROOT));
    }

    fn need_addition(&mut self, addition: &Addition, mut region: Region) {
        for &(cond, holds) in &addition.guards {
            self.need(cond, Use::at(region));
            region = self.regions().branch(region, cond, holds);
        }
        addition.at.iter().for_each(|&index| self.need(index, Use::at(region)));
        self.need(addition.value, Use::at(region));
    }

    /// What a sum adds to its array: where the value is a choice of which one side is 0, nothing is
    /// added, and no index looked at, on that side.
    pub fn addition(&self, ex: Ex) -> Addition {
        let Node::Accum { op, at, mut value, .. } = self.graph.node(ex) else {
            return Addition { guards: Vec::new(), at: Vec::new(), value: ex };
        };
        let mut at: Vec<Ex> = self.graph.exs(at).collect();
        let mut guards = Vec::new();
        let zero = |ex: Ex| self.graph.as_real(ex) == Some(0.0) || self.graph.as_int(ex) == Some(0);
        while op == AccumOp::Sum
            && !at.is_empty()
            && let Node::If { cond, then, els } = self.graph.node(value)
            && (zero(then) || zero(els))
        {
            let holds = zero(els);
            value = if holds { then } else { els };
            for index in &mut at {
                if let Node::If { cond: same, then, els } = self.graph.node(*index)
                    && same == cond
                {
                    *index = if holds { then } else { els };
                }
            }
            guards.push((cond, holds));
        }
        Addition { guards, at, value }
    }

    /// The binders of a `Build` or an `Accum`, and what it computes under them.
    pub fn loop_of(&self, ex: Ex) -> (Vec<VarId>, Vec<Ex>) {
        match self.graph.node(ex) {
            Node::Build { .. } | Node::Accum { .. } => (self.graph.bound(ex), self.graph.bodies(ex)),
            _other => unreachable!("not a loop over binders"),
        }
    }

    /// Where to compute what is needed in both places. What stays in its branches is computed in
    /// one of them if that covers the other, or else under the condition that one of them is
    /// reached; where that is not known in time, in each of them.
    pub fn join(&mut self, a: Region, b: Region, stays: bool) -> Region {
        if a == b {
            return a;
        }
        if !stays {
            return self.regions().meet(a, b);
        }
        if self.regions().reaches(a, b) {
            return a;
        }
        let mut sites = self.regions().sites(a).to_vec();
        for site in self.regions().sites(b).to_vec() {
            self.add_site(&mut sites, site);
        }
        self.regions().several(sites)
    }

    fn add_site(&mut self, sites: &mut Vec<Region>, mut site: Region) {
        loop {
            let regions = &self.scopes.last().expect("a scope was entered").regions;
            if sites.iter().any(|&other| regions.reaches(other, site)) {
                return;
            }
            sites.retain(|&other| !regions.reaches(site, other));
            let Some(k) = (0..sites.len()).find(|&k| self.meets_early(sites[k], site)) else {
                return sites.push(site);
            };
            let other = sites.swap_remove(k);
            let regions = &mut self.scopes.last_mut().expect("a scope was entered").regions;
            site = regions.either(self.graph, other, site);
        }
    }

    /// Whether the conditions of both places can be known before anything is computed in them:
    /// no part of such a condition is itself computed in a branch.
    fn meets_early(&mut self, a: Region, b: Region) -> bool {
        let meet = self.regions().meet(a, b);
        let mut conditions = self.regions().conditions(meet, a);
        conditions.extend(self.regions().conditions(meet, b));
        conditions
            .into_iter()
            .all(|cond| self.visible(cond) || !self.tables.safety.mark(self.graph, cond).chooses)
    }
}
