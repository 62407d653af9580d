//! Forward mode: the tangents of expressions from those of variables.

use super::activity::active;
use super::loops::{product_loop, sum_of};
use super::{Rules, Unknown, zeros_like};
use crate::core::{AccumOp, Dense, Ex, Graph, List, LoopParts, Node, VarId};

/// The tangents of expressions, given those of some variables; `None` is a structural zero.
pub fn jvp(
    graph: &mut Graph,
    rules: &mut dyn Rules,
    exprs: &[Ex],
    tangents: &[(VarId, Ex)],
) -> Result<Vec<Option<Ex>>, Unknown> {
    sweep(graph, rules, exprs, tangents, false)
}

/// The tangents of expressions where elements of the variables are read inside them only, so that what reads an
/// element outside is an error already: the tangent of an element is then computed in its place.
pub(super) fn jvp_inside(
    graph: &mut Graph,
    rules: &mut dyn Rules,
    exprs: &[Ex],
    tangents: &[(VarId, Ex)],
) -> Result<Vec<Option<Ex>>, Unknown> {
    sweep(graph, rules, exprs, tangents, true)
}

fn sweep(
    graph: &mut Graph,
    rules: &mut dyn Rules,
    exprs: &[Ex],
    tangents: &[(VarId, Ex)],
    inside: bool,
) -> Result<Vec<Option<Ex>>, Unknown> {
    let nodes = graph.reach(exprs);
    let vars: Vec<VarId> = tangents.iter().map(|&(v, _)| v).collect();
    let active = active(graph, &nodes, &vars);
    let known = graph.len();
    let mut forward = Forward {
        tangents: Dense::new(graph),
        loops: Dense::new(graph),
        known,
        graph,
        rules,
        active,
        inside,
    };
    for &(var, tangent) in tangents {
        let ex = forward.graph.variable(var);
        forward.tangents.insert(ex, tangent);
    }
    forward.announce_states(&nodes);
    for &ex in &nodes {
        if forward.active.contains(ex) && !forward.tangents.contains(ex) {
            forward.graph.current_origin = forward.graph.origin(ex);
            if let Some(tangent) = forward.node(ex)? {
                forward.graph.name_after(ex, "_dot", tangent, forward.known);
                forward.tangents.insert(ex, tangent);
            }
        }
    }
    Ok(exprs.iter().map(|&e| forward.tangents.get(e).copied()).collect())
}

/// How many choices inside one another a tangent is looked through: one for each axis of an array.
const CHOICES: usize = 4;

pub(super) struct Forward<'a> {
    pub graph: &'a mut Graph,
    pub rules: &'a mut dyn Rules,
    active: Dense<()>,
    tangents: Dense<Ex>,
    /// For an active loop, its tangent states: the index of each state and its tangent's variable.
    loops: Dense<Vec<(usize, VarId)>>,
    /// How many nodes there were before.
    known: usize,
    /// Whether elements of the variables are read inside them only.
    inside: bool,
}

impl Forward<'_> {
    pub fn tangent(&self, ex: Ex) -> Option<Ex> {
        self.tangents.get(ex).copied()
    }

    /// The tangent of an element of an array.
    fn element(&mut self, array: Ex, tangent: Ex, at: &[Ex]) -> Option<Ex> {
        match (self.graph.node(array), self.graph.node(tangent)) {
            (Node::Var(_), Node::Build { over, body }) if self.inside => {
                let map: Vec<(VarId, Ex)> = self.graph.vars(over).zip(at.iter().copied()).collect();
                let element = self.graph.substitute(body, &map);
                (self.graph.as_real(element) != Some(0.0)).then_some(element)
            }
            _another => Some(self.graph.index(tangent, at)),
        }
    }

    pub fn tangent_or_zero(&mut self, ex: Ex) -> Ex {
        match self.tangent(ex) {
            Some(tangent) => tangent,
            None => zeros_like(self.graph, ex),
        }
    }

    /// Gives every active state of a loop a tangent variable, before the loop's body is reached.
    fn announce_states(&mut self, nodes: &[Ex]) {
        for &ex in nodes {
            let Node::Loop(list) = self.graph.node(ex) else { continue };
            let parts = self.graph.loop_parts(list);
            let mut states = Vec::new();
            for (i, &state) in parts.states.iter().enumerate() {
                let primal = self.graph.variable(state);
                if !self.active.contains(primal) {
                    continue;
                }
                // Loops that differ in little share their states, so these share their tangents.
                let known = self.tangents.get(primal).map(|&tangent| self.graph.node(tangent));
                if let Some(Node::Var(var)) = known {
                    states.push((i, var));
                } else {
                    let name = format!("{}_dot", self.graph.var(state).name);
                    let var = self.graph.state(&name, parts.index, parts.inits[i]);
                    let tangent = self.graph.variable(var);
                    self.tangents.insert(primal, tangent);
                    states.push((i, var));
                }
            }
            self.loops.insert(ex, states);
        }
    }

    /// The tangent of an active node whose operands have theirs.
    fn node(&mut self, ex: Ex) -> Result<Option<Ex>, Unknown> {
        Ok(match self.graph.node(ex) {
            Node::Prim(p, args) => {
                let args: Vec<Ex> = self.graph.exs(args).collect();
                self.prim(ex, p, &args)?
            }
            Node::If { cond, then, els } => {
                if self.tangent(then).is_none() && self.tangent(els).is_none() {
                    return Ok(None);
                }
                let (then, els) = (self.tangent_or_zero(then), self.tangent_or_zero(els));
                Some(self.graph.select(cond, then, els))
            }
            Node::Index { array, at } => {
                let at: Vec<Ex> = self.graph.exs(at).collect();
                match self.tangent(array) {
                    Some(tangent) => self.element(array, tangent, &at),
                    None => None,
                }
            }
            Node::Lit { elems, dims } => {
                let elems: Vec<Ex> = self.graph.exs(elems).collect();
                let tangents: Vec<Ex> = elems.iter().map(|&e| self.tangent_or_zero(e)).collect();
                let dims: Vec<usize> = self.graph.words(dims).iter().map(|&d| d as usize).collect();
                Some(self.graph.lit(&tangents, &dims))
            }
            Node::Build { over, body } => {
                let over: Vec<VarId> = self.graph.vars(over).collect();
                self.tangent(body).map(|body| self.graph.build(&over, body))
            }
            Node::Accum { op, init, over, at, value } => {
                let over: Vec<VarId> = self.graph.vars(over).collect();
                let at: Vec<Ex> = self.graph.exs(at).collect();
                self.accum(ex, op, init, &over, &at, value)?
            }
            Node::Loop(list) => {
                self.sequential(ex, list);
                None
            }
            Node::Call { f, args } => {
                self.call(ex, f, args)?;
                None
            }
            // Set when their loop or call was reached.
            Node::Part { .. } => None,
            Node::Real(_) | Node::Int(_) | Node::Bool(_) | Node::Var(_) | Node::Size { .. } => None,
        })
    }

    fn prim(&mut self, ex: Ex, p: crate::primitive::Prim, args: &[Ex]) -> Result<Option<Ex>, Unknown> {
        if let Some((base, slope)) = super::monomial::by_base(self.graph, ex) {
            return Ok(self.tangent(base).map(|tangent| self.times(tangent, slope)));
        }
        let mut sum: Option<Ex> = None;
        for (k, &arg) in args.iter().enumerate() {
            let Some(tangent) = self.tangent(arg) else { continue };
            let Some(partial) = self.rules.partial(self.graph, p, k, args, ex)? else { continue };
            let term = self.times(tangent, partial);
            sum = Some(match sum {
                Some(sum) => self.graph.add(sum, term),
                None => term,
            });
        }
        Ok(sum)
    }

    /// A tangent times a partial. Where the tangent is 0 by its form, as that of another variable or
    /// branch is, so is the product, even if the partial is infinite there.
    fn times(&mut self, tangent: Ex, partial: Ex) -> Ex {
        let zero = |graph: &Graph, ex: Ex| graph.as_real(ex).is_some_and(|x| x.to_bits() == 0);
        // The choices from the outermost in, each with the branch that is 0.
        let mut choices = Vec::new();
        let mut inner = tangent;
        while let Node::If { cond, then, els } = self.graph.node(inner)
            && choices.len() < CHOICES
        {
            inner = match (zero(self.graph, then), zero(self.graph, els)) {
                (false, true) => then,
                (true, false) => els,
                (true, true) | (false, false) => break,
            };
            choices.push((cond, inner == then));
        }
        let product = self.graph.mul(inner, partial);
        let zero = self.graph.real(0.0);
        choices.into_iter().rev().fold(product, |product, (cond, holds)| match holds {
            true => self.graph.select(cond, product, zero),
            false => self.graph.select(cond, zero, product),
        })
    }

    fn accum(
        &mut self,
        ex: Ex,
        op: AccumOp,
        init: Ex,
        over: &[VarId],
        at: &[Ex],
        value: Ex,
    ) -> Result<Option<Ex>, Unknown> {
        if self.tangent(init).is_none() && self.tangent(value).is_none() {
            return Ok(None);
        }
        let init_dot = self.tangent_or_zero(init);
        let value_dot = self.tangent_or_zero(value);
        Ok(Some(match op {
            AccumOp::Sum | AccumOp::Replace => self.graph.accum(op, init_dot, over, at, value_dot),
            AccumOp::Max | AccumOp::Min => self.extreme(ex, init, init_dot, over, value, value_dot),
            AccumOp::Prod => {
                // As a loop over its partial products, differentiated as such.
                let looped = product_loop(self.graph, init, over, value);
                return self.replaced(looped, ex);
            }
        }))
    }

    /// The mean of the tangents of the values that reach the extreme.
    fn extreme(&mut self, ex: Ex, init: Ex, init_dot: Ex, over: &[VarId], value: Ex, value_dot: Ex) -> Ex {
        let (one, zero) = (self.graph.real(1.0), self.graph.real(0.0));
        let first = self.active.contains(init).then(|| self.graph.eq(init, ex));
        let reached = self.graph.eq(value, ex);
        let counted = first.map_or(zero, |first| self.graph.select(first, one, zero));
        let share = self.graph.select(reached, one, zero);
        let count = self.graph.accum(AccumOp::Sum, counted, over, &[], share);
        // Divided where one is reached: an extreme of nothing has none.
        let mut mean = |reached: Ex, dot: Ex| {
            let dot = self.graph.div(dot, count);
            self.graph.select(reached, dot, zero)
        };
        let tangent = first.map_or(zero, |first| mean(first, init_dot));
        let value_dot = mean(reached, value_dot);
        self.graph.accum(AccumOp::Sum, tangent, over, &[], value_dot)
    }

    /// The tangent of an expression that has just been made of nodes with tangents, in place of `ex`.
    fn replaced(&mut self, new: Ex, ex: Ex) -> Result<Option<Ex>, Unknown> {
        debug_assert_eq!(self.graph.ty(new), self.graph.ty(ex));
        let nodes = self.graph.reach_where(&[new], |e| !self.tangents.contains(e));
        let nodes: Vec<Ex> = nodes.into_iter().filter(|&e| !self.active.contains(e)).collect();
        let table = std::mem::replace(&mut self.active, Dense::new(self.graph));
        self.active = super::activity::extend(self.graph, &nodes, table);
        self.announce_states(&nodes);
        for &e in &nodes {
            if self.active.contains(e)
                && !self.tangents.contains(e)
                && let Some(tangent) = self.node(e)?
            {
                self.tangents.insert(e, tangent);
            }
        }
        Ok(self.tangent(new))
    }

    /// The loop again with the tangents as further states, from which its parts have theirs.
    fn sequential(&mut self, ex: Ex, list: List) {
        let parts = self.graph.loop_parts(list);
        let states = self.loops.get(ex).cloned().unwrap_or_default();
        let (m, more) = (parts.states.len(), states.len());
        let mut larger = parts.clone();
        for &(i, var) in &states {
            larger.states.push(var);
            let init = self.tangent_or_zero(parts.inits[i]);
            larger.inits.push(init);
            let next = self.tangent_or_zero(parts.nexts[i]);
            larger.nexts.push(next);
            larger.traces.push(parts.traces[i]);
        }
        let looped = self.graph.sequential(LoopParts { ..larger });
        for i in 0..m {
            self.same_part(ex, i, looped, i);
            if parts.traces[i] {
                self.same_part(ex, m + i, looped, m + more + i);
            }
        }
        for (j, &(i, _)) in states.iter().enumerate() {
            let (primal, tangent) = (self.graph.part(ex, i), self.graph.part(looped, m + j));
            self.tangents.insert(primal, tangent);
            if parts.traces[i] {
                let primal = self.graph.part(ex, m + i);
                let tangent = self.graph.part(looped, m + more + m + j);
                self.tangents.insert(primal, tangent);
            }
        }
    }

    /// Notes that a part of a larger loop or call is the same value as one of a smaller.
    pub fn same_part(&mut self, small: Ex, i: usize, large: Ex, j: usize) {
        let (small, large) = (self.graph.part(small, i), self.graph.part(large, j));
        if small != large {
            self.graph.also.entry(small).or_default().push(large);
        }
    }

    pub fn set(&mut self, ex: Ex, tangent: Ex) {
        self.tangents.insert(ex, tangent);
    }

    pub fn add(&mut self, sum: Option<Ex>, more: Ex) -> Ex {
        match sum {
            Some(sum) => sum_of(self.graph, sum, more),
            None => more,
        }
    }
}
