//! Values that a loop keeps in each step for the way back, so that they are not computed again: what is dear,
//! and what is read of arrays that would have to be kept as wholes.
//!
//! A kept value is a state of the loop that nothing in it reads. It takes no more room than a state.

use super::loops::row;
use crate::core::{DEAR, Dense, Elem, Ex, Graph, LoopParts, Node, Renewed, Type, VarId, VarKind};
use std::collections::HashMap;

/// A value of a step, kept.
pub(super) struct Kept {
    state: VarId,
    init: Ex,
    next: Ex,
    /// All that was kept, as a variable until the loop is made that keeps it.
    array: VarId,
}

/// The loop with more states, which it keeps; nothing reads them but from outside.
pub(super) fn keeping(parts: &LoopParts, kept: &[Kept]) -> LoopParts {
    let mut parts = parts.clone();
    for value in kept {
        parts.states.push(value.state);
        parts.inits.push(value.init);
        parts.nexts.push(value.next);
        parts.traces.push(true);
    }
    parts
}

impl Kept {
    pub fn array(&self) -> VarId {
        self.array
    }

    /// Puts the body in the terms of other variables.
    pub fn substitute(&mut self, graph: &mut Graph, map: &[(VarId, Ex)]) {
        self.next = graph.substitute(self.next, map);
    }
}

/// Finds what to keep among what the way back needs of a step, and reads it from where it is kept. The
/// expressions `back` are in terms of the step on the way there; `outer` are the binders around the loop.
pub(super) fn keep(graph: &mut Graph, parts: &LoopParts, outer: &[VarId], back: &mut Vec<Ex>) -> Vec<Kept> {
    let mut body = Body::new(graph, parts, outer);
    let mut found: Dense<(usize, Vec<VarId>)> = Dense::new(graph);
    let mut kept: Vec<Kept> = Vec::new();
    // What is the same but for the names of its binders is kept once.
    let mut places: Dense<usize> = Dense::new(graph);
    let mut seen: Dense<()> = Dense::new(graph);
    let mut stack = back.clone();
    while let Some(ex) = stack.pop() {
        if !graph.depends_on_any(ex, &body.own) || !seen.insert(ex, ()) {
            continue;
        }
        let Some((same, over)) = body.room(graph, ex) else {
            graph.operands(ex, |operand| stack.push(operand));
            continue;
        };
        let place = *places.entry(same, || kept.len());
        if place == kept.len() {
            kept.push(body.kept(graph, ex, same, &over));
        }
        found.insert(ex, (place, over));
    }
    if kept.is_empty() {
        return kept;
    }
    let mut new = Renewed::new(graph);
    for ex in graph.reach(back) {
        let read = match found.get(ex) {
            Some((place, over)) => read(graph, parts, &kept[*place], over, ex),
            None => new.rebuilt(graph, ex),
        };
        graph.keep_name(ex, read);
        new.set(ex, read);
    }
    *back = new.all(back);
    kept
}

/// The kept value of the step, in place of the expression.
fn read(graph: &mut Graph, parts: &LoopParts, kept: &Kept, over: &[VarId], ex: Ex) -> Ex {
    let array = graph.variable(kept.array);
    let (step, one) = (graph.variable(parts.index), graph.int(1));
    let after = graph.add(step, one);
    let mut at = vec![after];
    at.extend(over.iter().map(|&b| graph.variable(b)));
    let shape = graph.shape(ex);
    row(graph, array, &at, shape)
}

/// What a step of a loop computes.
struct Body<'a> {
    /// The index and the states.
    own: Vec<VarId>,
    outer: &'a [VarId],
    /// What is dear, or read of a state, and computed in each step, whatever the choices: with binders of its own.
    sure: Dense<()>,
    /// What the author calls the arrays of such values.
    names: HashMap<Ex, String>,
    /// For a length and a number, a binder that stands for all of this length.
    binders: HashMap<(Ex, usize), VarId>,
    /// The loops and calls that are computed in each step, and those that compute more than one of them.
    wholes: Dense<()>,
    /// The lengths of each state.
    shapes: Vec<Vec<Ex>>,
}

impl Body<'_> {
    fn new<'a>(graph: &mut Graph, parts: &LoopParts, outer: &'a [VarId]) -> Body<'a> {
        let own = std::iter::once(parts.index).chain(parts.states.iter().copied()).collect();
        let shapes = parts.inits.iter().map(|&init| graph.shape(init)).collect();
        let (sure, wholes) = (Dense::new(graph), Dense::new(graph));
        let (names, binders) = (HashMap::new(), HashMap::new());
        let mut body = Body { own, outer, sure, names, binders, wholes, shapes };
        let mut seen: Dense<()> = Dense::new(graph);
        let mut stack = parts.nexts.clone();
        while let Some(ex) = stack.pop() {
            if !seen.insert(ex, ()) {
                continue;
            }
            if body.is_value(graph, ex)
                && let Some(over) = body.over(graph, ex)
            {
                let same = body.canonical(graph, ex, &over);
                body.sure.insert(same, ());
            }
            if let Node::Build { body: element, .. } = graph.node(ex)
                && let Some(name) = graph.name(ex).map(|name| name.text.to_string())
                && let Some(over) = body.over(graph, element)
            {
                let same = body.canonical(graph, element, &over);
                body.names.insert(same, name);
            }
            for &part in graph.also.get(&ex).into_iter().flatten() {
                if let Node::Part { of, .. } = graph.node(part) {
                    body.wholes.insert(of, ());
                }
            }
            match graph.node(ex) {
                Node::If { cond, .. } => stack.push(cond),
                // Its steps have states of their own.
                Node::Loop(list) => {
                    body.wholes.insert(ex, ());
                    let inner = graph.loop_parts(list);
                    stack.extend(inner.inits.into_iter().chain(inner.len));
                }
                Node::Call { .. } => {
                    body.wholes.insert(ex, ());
                    graph.operands(ex, |operand| stack.push(operand));
                }
                _other => graph.operands(ex, |operand| stack.push(operand)),
            }
        }
        body
    }

    /// Whether an expression of the steps is one to keep, if it is computed in each.
    fn is_value(&self, graph: &Graph, ex: Ex) -> bool {
        graph.ty(ex) == Type::REAL
            && graph.depends_on_any(ex, &self.own)
            && match graph.node(ex) {
                Node::Prim(..) | Node::Accum { .. } => graph.additions(ex) >= DEAR,
                Node::Index { array, at } => {
                    let state = matches!(graph.node(array), Node::Var(var) if self.own.contains(&var));
                    let inner = |b: VarId| !self.own.contains(&b) && !self.outer.contains(&b);
                    state && graph.exs(at).any(|at| !graph.free(at).any(inner))
                }
                Node::Real(_) | Node::Int(_) | Node::Bool(_) | Node::Var(_) | Node::If { .. } => false,
                Node::Size { .. } | Node::Lit { .. } | Node::Build { .. } => false,
                Node::Loop(_) | Node::Call { .. } | Node::Part { .. } => false,
            }
    }

    /// The binders of the step in whose scope an expression is, if each counts.
    fn over(&self, graph: &Graph, ex: Ex) -> Option<Vec<VarId>> {
        let inner = |b: &VarId| !self.own.contains(b) && !self.outer.contains(b);
        let over: Vec<VarId> = graph.free(ex).filter(inner).collect();
        let counted = |&b: &VarId| matches!(graph.var(b).kind, VarKind::Index { .. });
        over.iter().all(counted).then_some(over)
    }

    /// The expression with binders that it shares with all that differ in their names alone.
    fn canonical(&mut self, graph: &mut Graph, ex: Ex, over: &[VarId]) -> Ex {
        let mut map = Vec::new();
        for (number, &b) in over.iter().enumerate() {
            let len = graph.len_of(b);
            let own = *self.binders.entry((len, number)).or_insert_with(|| graph.binder("i", len));
            map.push((b, graph.variable(own)));
        }
        graph.substitute(ex, &map)
    }

    /// An expression to keep as it is whatever its binders are called, with the binders over whose values to
    /// keep it.
    fn room(&mut self, graph: &mut Graph, ex: Ex) -> Option<(Ex, Vec<VarId>)> {
        let value = self.is_value(graph, ex);
        let part = match graph.node(ex) {
            Node::Part { of, .. } => graph.ty(ex).elem == Elem::Real && self.wholes.contains(of),
            _other => false,
        };
        if !value && !part {
            return None;
        }
        let over = self.over(graph, ex)?;
        let same = self.canonical(graph, ex, &over);
        let fits = (part || self.sure.contains(same)) && self.fits(graph, ex, &over);
        fits.then_some((same, over))
    }

    /// Whether the values of an expression take no more room than a state.
    fn fits(&self, graph: &mut Graph, ex: Ex, over: &[VarId]) -> bool {
        let mut lens: Vec<Ex> = over.iter().map(|&b| graph.len_of(b)).collect();
        let mut own = graph.shape(ex);
        if !lens.iter().chain(&own).all(|&len| graph.free(len).all(|b| self.outer.contains(&b))) {
            return false;
        }
        // The first value of a trace is beside those of the steps.
        if let Node::Part { of, index } = graph.node(ex)
            && let Node::Loop(list) = graph.node(of)
        {
            let inner = graph.loop_parts(list);
            if index as usize >= inner.states.len() {
                let Some(len) = inner.len else { return false };
                own[0] = len;
            }
        }
        lens.extend(own);
        let within = |shape: &Vec<Ex>| {
            let mut shape = shape.clone();
            lens.iter().all(|len| {
                let place = shape.iter().position(|known| known == len);
                place.map(|at| shape.swap_remove(at)).is_some()
            })
        };
        lens.is_empty() || self.shapes.iter().any(within)
    }

    /// The state that keeps an expression over these binders.
    fn kept(&self, graph: &mut Graph, ex: Ex, same: Ex, over: &[VarId]) -> Kept {
        let inner = graph.shape(ex);
        let lens: Vec<Ex> = over.iter().map(|&b| graph.len_of(b)).chain(inner.iter().copied()).collect();
        let init = graph.zeros(Elem::Real, &lens);
        let binders: Vec<VarId> = inner.iter().map(|&len| graph.binder("i", len)).collect();
        let at: Vec<Ex> = binders.iter().map(|&b| graph.variable(b)).collect();
        let element = graph.index(ex, &at);
        let all: Vec<VarId> = over.iter().copied().chain(binders).collect();
        let next = graph.build(&all, element);
        let name = self.name(graph, ex, same);
        let state = graph.state(&name, self.own[0], init);
        let array = graph.param(&name, Type::array(Elem::Real, lens.len() + 1));
        Kept { state, init, next, array }
    }

    /// What to call what is kept of an expression: as the author does, or by what it is.
    fn name(&self, graph: &Graph, ex: Ex, same: Ex) -> String {
        if let Some(name) = graph.name(ex) {
            return name.text.to_string();
        }
        if let Some(name) = self.names.get(&same) {
            return name.clone();
        }
        match graph.node(ex) {
            Node::Prim(p, _) => p.row().name.to_string(),
            Node::Accum { .. } => "total".to_string(),
            Node::Index { array, .. } => match graph.node(array) {
                Node::Var(state) => graph.var(state).name.clone(),
                _other => "kept".to_string(),
            },
            Node::Part { of, index } => match graph.node(of) {
                Node::Loop(list) => {
                    let states = graph.loop_parts(list).states;
                    graph.var(states[index as usize % states.len()]).name.clone()
                }
                _other => "kept".to_string(),
            },
            _other => "kept".to_string(),
        }
    }
}
