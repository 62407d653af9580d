//! Sequential loops: counted or with a condition, with their states and the values kept of them.

use super::lower::Lowerer;
use super::order::Item;
use super::region::{ROOT, Region};
use super::{Fill, Local, Op, Stmt};
use crate::core::{Ex, LoopParts, Type};
use crate::primitive::Prim;

impl Lowerer<'_> {
    pub fn sequence(&mut self, ex: Ex, parts: &LoopParts, region: Region, out: &mut Vec<Stmt>) {
        let path = self.placer.inner_region(region, ex, 0);
        let origin = self.placer.graph.origin(ex);
        let group = match self.group(ex) {
            Some(known) => known,
            None => self.loop_locals(parts, origin),
        };
        self.set_group(ex, group.clone());
        let m = parts.states.len();
        let (states, count) = (group[..m].to_vec(), group[2 * m]);
        self.first_states(parts, &states, out);
        let traces: Vec<Option<Local>> =
            group[m..2 * m].iter().zip(&parts.traces).map(|(&trace, &kept)| kept.then_some(trace)).collect();
        self.first_traces(parts, &states, &traces, out);
        let counted = parts.len.is_some();
        if !counted {
            out.push(Stmt::Let { dst: count, op: Op::Int(0) });
        }
        let index = self.index(parts.index, origin);
        let bound: Vec<_> = std::iter::once(parts.index).chain(parts.states.iter().copied()).collect();
        let locals: Vec<Local> = std::iter::once(index).chain(states.iter().copied()).collect();
        let around: Vec<_> = bound.iter().zip(&locals).map(|(&v, &l)| (v, self.vars.insert(v, l))).collect();
        self.placer.scopes.last_mut().expect("a scope was entered").path = path;
        self.placer.enter(&bound, &[ex]);
        let (head, mut body) = self.steps(parts);
        self.assign(&states, &parts.nexts, &mut body);
        self.keep(&traces, &states, index, (!counted).then_some(count), &mut body);
        let stmt = match (parts.len, parts.cond) {
            (Some(_), _) => None,
            (None, Some(cond)) => Some(self.local(cond)),
            (None, None) => unreachable!("a length or a condition"),
        };
        self.placer.leave(&bound);
        for (var, local) in around {
            match local {
                Some(local) => self.vars.insert(var, local),
                None => self.vars.remove(&var),
            };
        }
        out.push(match (stmt, parts.len) {
            (Some(cond), _) => Stmt::While { index, head, cond, body },
            (None, Some(len)) => Stmt::For { index, len: self.local(len), body },
            (None, None) => unreachable!("a length or a condition"),
        });
    }

    /// Locals for the parts of a loop: the states, their traces where they are kept, the count.
    fn loop_locals(&mut self, parts: &LoopParts, origin: u32) -> Vec<Local> {
        let info: Vec<(String, Type)> = parts
            .states
            .iter()
            .map(|&state| (self.placer.graph.var(state).name.clone(), self.placer.graph.var(state).ty))
            .collect();
        let mut group: Vec<Local> = info.iter().map(|(name, ty)| self.named(name, *ty, origin)).collect();
        for (k, (name, ty)) in info.into_iter().enumerate() {
            let trace = if parts.traces[k] {
                self.named(&format!("{name}_trace"), Type { rank: ty.rank + 1, ..ty }, origin)
            } else {
                group[k]
            };
            group.push(trace);
        }
        group.push(match parts.len {
            Some(len) => self.local(len),
            None => self.fresh("k", Type::INT, origin),
        });
        group
    }

    /// The states get their first values.
    fn first_states(&mut self, parts: &LoopParts, states: &[Local], out: &mut Vec<Stmt>) {
        for (&state, &init) in states.iter().zip(&parts.inits) {
            if self.placer.graph.ty(init).is_array() {
                self.initial_array(state, init, out);
            } else {
                self.copy(state, init, out);
            }
        }
    }

    /// The arrays that keep states, with the first values in them.
    fn first_traces(
        &mut self,
        parts: &LoopParts,
        states: &[Local],
        traces: &[Option<Local>],
        out: &mut Vec<Stmt>,
    ) {
        let mut rows = None;
        for ((&state, &trace), &init) in states.iter().zip(traces).zip(&parts.inits) {
            let Some(trace) = trace else { continue };
            let ty = self.locals[state.0 as usize].ty;
            let first = match (rows, parts.len) {
                (Some(rows), _) => rows,
                (None, Some(len)) => self.rows(len, out),
                (None, None) => self.int(0),
            };
            rows = Some(first);
            let mut dims = vec![first];
            if parts.len.is_some()
                && let Some(lens) = self.zeros(init)
            {
                // The first value is there already.
                dims.extend(lens);
                out.push(Stmt::Alloc { dst: trace, dims, fill: Fill::Zero(ty.elem) });
                continue;
            }
            for axis in 0..ty.rank as usize {
                dims.push(self.set("k", Type::INT, Op::Size { array: state, axis }, out));
            }
            out.push(Stmt::Alloc { dst: trace, dims, fill: Fill::Unset(ty.elem) });
            let zero = self.int(0);
            out.push(if parts.len.is_none() {
                Stmt::Push { array: trace, value: state }
            } else {
                store(trace, zero, state, ty)
            });
        }
    }

    /// How many values a counted loop keeps.
    fn rows(&mut self, len: Ex, out: &mut Vec<Stmt>) -> Local {
        let sure = self.placer.graph.count(len) == len;
        let mut len = self.local(len);
        if !sure {
            let zero = self.int(0);
            len = self.set("k", Type::INT, Op::Prim(Prim::MAX, vec![len, zero]), out);
        }
        let one = self.int(1);
        self.set("k", Type::INT, Op::Prim(Prim::ADD, vec![len, one]), out)
    }

    /// What a step computes: before the condition and after it.
    fn steps(&mut self, parts: &LoopParts) -> (Vec<Stmt>, Vec<Stmt>) {
        let mut values = Vec::new();
        let mut region = ROOT;
        if let Some(cond) = parts.cond {
            values.push((cond, ROOT));
            region = self.placer.regions().branch(ROOT, cond, true);
        }
        values.extend(parts.nexts.iter().map(|&next| (next, region)));
        let (mut head, mut body) = (Vec::new(), Vec::new());
        let Some(known) = parts.cond else {
            self.scope(&values, &[], &mut body);
            return (head, body);
        };
        let placed = self.placer.place(&values, &[]);
        let wanted: Vec<Ex> = values.iter().map(|&(ex, _)| ex).collect();
        let items = self.placer.order(&placed, &wanted, &[]);
        self.open_lazy();
        // What comes after the condition's branch has begun is needed by that branch alone.
        let mut inside = false;
        for item in items {
            match item {
                Item::If { cond, then, .. } if cond == known => {
                    inside = true;
                    self.items(then, &mut body);
                }
                other => self.items(vec![other], if inside { &mut body } else { &mut head }),
            }
        }
        let flags = self.close_lazy();
        head.splice(0..0, flags);
        (head, body)
    }

    /// The states become the next ones, all at once.
    fn assign(&mut self, states: &[Local], nexts: &[Ex], out: &mut Vec<Stmt>) {
        let mut pending: Vec<(Local, Local)> = Vec::new();
        let mut literals = Vec::new();
        for (&state, &next) in states.iter().zip(nexts) {
            match self.literal(next) {
                Some(op) => literals.push(Stmt::Let { dst: state, op }),
                None => pending.push((state, self.local(next))),
            }
        }
        pending.retain(|(state, next)| state != next);
        while !pending.is_empty() {
            // One that no other next value is read from can be set.
            let free = (0..pending.len()).find(|&k| pending.iter().all(|&(_, next)| next != pending[k].0));
            if let Some(k) = free {
                let (dst, src) = pending.remove(k);
                out.push(self.transfer(dst, src));
                continue;
            }
            let state = pending[0].0;
            let ty = self.locals[state.0 as usize].ty;
            let saved = self.fresh(if ty.is_array() { "a" } else { "t" }, ty, 0);
            out.push(self.transfer(saved, state));
            pending.iter_mut().filter(|(_, next)| *next == state).for_each(|(_, next)| *next = saved);
        }
        out.append(&mut literals);
    }

    fn transfer(&self, dst: Local, src: Local) -> Stmt {
        if self.locals[dst.0 as usize].ty.is_array() {
            Stmt::Clone { dst, src }
        } else {
            Stmt::Let { dst, op: Op::Copy(src) }
        }
    }

    /// Keeps the states after a step, and counts it.
    fn keep(
        &mut self,
        traces: &[Option<Local>],
        states: &[Local],
        index: Local,
        count: Option<Local>,
        out: &mut Vec<Stmt>,
    ) {
        if count.is_none() && traces.iter().all(Option::is_none) {
            return;
        }
        let one = self.int(1);
        let next = Op::Prim(Prim::ADD, vec![index, one]);
        if let Some(count) = count {
            out.push(Stmt::Let { dst: count, op: next.clone() });
        }
        let mut row = None;
        for (&trace, &state) in traces.iter().zip(states) {
            let Some(trace) = trace else { continue };
            if count.is_some() {
                out.push(Stmt::Push { array: trace, value: state });
                continue;
            }
            let at = match row {
                Some(at) => at,
                None => self.set("k", Type::INT, next.clone(), out),
            };
            row = Some(at);
            out.push(store(trace, at, state, self.locals[state.0 as usize].ty));
        }
    }
}

/// Keeps a state at a place of its trace.
fn store(trace: Local, at: Local, state: Local, ty: Type) -> Stmt {
    if ty.is_array() {
        Stmt::StoreRow { array: trace, index: at, row: state }
    } else {
        Stmt::Store { array: trace, at: vec![at], value: state }
    }
}
