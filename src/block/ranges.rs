//! Loops over ranges: arrays that are built and sums that are taken, several in one loop.

use super::lower::Lowerer;
use super::place::Action;
use super::region::Region;
use super::uses::Addition;
use super::{Fill, Local, Op, Stmt};
use crate::core::{AccumOp, Ex, Node, VarId};
use crate::primitive::Prim;

impl Lowerer<'_> {
    /// One loop over the range of a binder for all of these.
    pub fn ranges(&mut self, binder: VarId, members: &[Action], path: Region, out: &mut Vec<Stmt>) {
        for member in members.iter().filter(|member| member.step == 0) {
            match self.continued_by(member.node, members) {
                // Goes on in the same place.
                Some(first) => {
                    let slot = self.slot(first);
                    self.placer.home_mut(member.node).slot = slot.0;
                }
                None => self.begin(member.node, out),
            }
        }
        let len = self.placer.graph.len_of(binder);
        let len = self.local(len);
        let origin = members.first().map_or(0, |member| self.placer.graph.origin(member.node));
        let index = self.index(binder, origin);
        let around = self.vars.insert(binder, index);
        self.placer.scopes.last_mut().expect("a scope was entered").path = path;
        let outside = self.placer.building.len();
        self.placer.building.extend(members.iter().filter(|m| m.step == 0).map(|m| m.node));
        let loops: Vec<Ex> = members.iter().map(|member| member.node).collect();
        self.placer.enter(&[binder], &loops);
        let inner: Vec<Action> = members.iter().map(|m| Action { step: m.step + 1, ..*m }).collect();
        let mut body = Vec::new();
        self.scope(&[], &inner, &mut body);
        for action in
            inner.into_iter().filter(|&action| self.placer.end(action).is_none()).collect::<Vec<_>>()
        {
            self.finish(action, &mut body);
        }
        self.placer.leave(&[binder]);
        self.placer.building.truncate(outside);
        match around {
            Some(local) => self.vars.insert(binder, local),
            None => self.vars.remove(&binder),
        };
        for member in members.iter().filter(|member| member.step == 0) {
            if let Some(region) = self.placer.here(member.node).map(|home| home.region) {
                self.placer.set_ready(member.node, region, true);
            }
        }
        out.push(Stmt::For { index, len, body });
    }

    /// The sum among the members that this one goes on from.
    fn continued_by(&self, ex: Ex, members: &[Action]) -> Option<Ex> {
        match self.placer.graph.node(ex) {
            Node::Accum { init, .. } => members.iter().map(|m| m.node).find(|&node| node == init),
            _not_a_sum => None,
        }
    }

    /// What stands before the loop: the array to fill, or the first value.
    fn begin(&mut self, ex: Ex, out: &mut Vec<Stmt>) {
        match self.placer.graph.node(ex) {
            Node::Build { over, body } => {
                let over: Vec<VarId> = self.placer.graph.vars(over).collect();
                let lens = self.placer.dims(&over);
                let dims = self.all(&lens);
                let elem = self.placer.graph.ty(body).elem;
                let dst = self.slot(ex);
                out.push(Stmt::Alloc { dst, dims, fill: Fill::Unset(elem) });
            }
            Node::Accum { init, .. } => {
                let dst = self.slot(ex);
                if self.placer.graph.ty(init).is_array() {
                    self.initial_array(dst, init, out);
                } else {
                    self.copy(dst, init, out);
                }
            }
            _other => unreachable!("not a loop over binders"),
        }
    }

    /// What stands at the end of the innermost loop.
    fn finish(&mut self, action: Action, out: &mut Vec<Stmt>) {
        let dst = self.slot(action.node);
        match self.placer.graph.node(action.node) {
            Node::Build { over, body } => {
                let over: Vec<VarId> = self.placer.graph.vars(over).collect();
                if over.len() == action.step {
                    let at: Vec<Local> = over.iter().map(|b| self.vars[b]).collect();
                    let value = self.local(body);
                    out.push(Stmt::Store { array: dst, at, value });
                }
            }
            Node::Accum { over, .. } => {
                if self.placer.graph.vars(over).len() == action.step {
                    self.accumulate(action.node, dst, out);
                }
            }
            _other => unreachable!("not a loop over binders"),
        }
    }

    fn accumulate(&mut self, ex: Ex, dst: Local, out: &mut Vec<Stmt>) {
        let Node::Accum { op, at, value, .. } = self.placer.graph.node(ex) else { unreachable!("not a sum") };
        let at: Vec<Ex> = self.placer.graph.exs(at).collect();
        let (at, value) = (self.all(&at), self.local(value));
        let prim = match op {
            AccumOp::Replace => return out.push(Stmt::Store { array: dst, at, value }),
            AccumOp::Sum if !at.is_empty() => return out.push(Stmt::AddTo { array: dst, at, value }),
            AccumOp::Sum => Prim::ADD,
            AccumOp::Prod => Prim::MUL,
            AccumOp::Max => Prim::MAX,
            AccumOp::Min => Prim::MIN,
        };
        out.push(Stmt::Let { dst, op: Op::Prim(prim, vec![dst, value]) });
    }

    /// A sum over no range: an array with one element more.
    pub fn single(&mut self, ex: Ex, out: &mut Vec<Stmt>) {
        self.begin(ex, out);
        let addition = self.placer.addition(ex);
        let mut block = Vec::new();
        self.add(ex, &addition, &mut block);
        for &(cond, holds) in addition.guards.iter().rev() {
            let cond = self.local(cond);
            let (then, els) = if holds { (block, Vec::new()) } else { (Vec::new(), block) };
            block = vec![Stmt::If { cond, then, els }];
        }
        out.append(&mut block);
    }

    /// Adds to the array of a sum, or sets an element of it.
    pub fn add(&mut self, sum: Ex, addition: &Addition, out: &mut Vec<Stmt>) {
        let array = self.slot(sum);
        let (at, value) = (self.all(&addition.at), self.local(addition.value));
        let Node::Accum { op, .. } = self.placer.graph.node(sum) else { unreachable!("not a sum") };
        out.push(match op {
            AccumOp::Replace => Stmt::Store { array, at, value },
            AccumOp::Sum | AccumOp::Prod | AccumOp::Max | AccumOp::Min => Stmt::AddTo { array, at, value },
        });
    }
}
