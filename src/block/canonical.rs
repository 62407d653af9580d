//! Canonical binders: loops of equal length that stand at the same depth share one binder, so that
//! equal bodies become one node and loops can be fused. Loops that differ only in what they keep
//! become one, and states that nothing needs are dropped.
//!
//! Takes expressions, gives expressions of the same values. Knows nothing of statements.

use super::apart::apart;
use super::arrange::arrange;
use super::lean::Lean;
use super::safety::Safety;
use crate::core::{Dense, Ex, Graph, LoopParts, Node, Type, VarId, VarKind};
use std::collections::HashMap;

/// How binders are shared between loops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sharing {
    /// By their depths, counting on that all that may fault is put outside loops where it is sure
    /// to be needed, under a condition.
    Hopeful,
    /// By their depths, what may fault being inside all loops around its uses.
    Careful,
    Nothing,
}

/// The expressions with canonical binders and lean loops.
pub(super) fn normalise(graph: &mut Graph, safety: &mut Safety, sharing: Sharing, roots: &[Ex]) -> Vec<Ex> {
    if sharing == Sharing::Nothing {
        let all = reach(graph, roots);
        return apart(graph, &all, roots);
    }
    let hopeful = sharing == Sharing::Hopeful;
    let all = reach(graph, roots);
    let mut roots = arrange(graph, &all, roots);
    // Loops that are equal under canonical binders become one in the second round.
    for _round in 0..2 {
        let mut all = reach(graph, &roots);
        if all.iter().all(|&ex| graph.bound(ex).is_empty()) {
            break;
        }
        let mut depths = Depths::new(graph, safety, hopeful, &all);
        if depths.is_none() {
            // A binder stands in a loop that it also counts.
            roots = apart(graph, &all, &roots);
            all = reach(graph, &roots);
            depths = Depths::new(graph, safety, hopeful, &all);
        }
        // Without depths no binders are shared, which only costs loops that could have been one.
        let Some(depths) = depths else { break };
        roots = rename(graph, depths, &all, &roots);
    }
    roots
}

/// All that the roots need, operands first, with the lengths of the states.
fn reach(graph: &Graph, roots: &[Ex]) -> Vec<Ex> {
    let mut seen: Dense<()> = Dense::new(graph);
    let mut stack = roots.to_vec();
    let mut found = Vec::new();
    while let Some(ex) = stack.pop() {
        if !seen.insert(ex, ()) {
            continue;
        }
        found.push(ex);
        graph.operands(ex, |operand| stack.push(operand));
        if let Node::Var(var) = graph.node(ex)
            && let (VarKind::State { .. }, Some(shape)) = (graph.var(var).kind, &graph.var(var).shape)
        {
            stack.extend(shape);
        }
    }
    found.sort_unstable();
    found
}

/// How deep each binder stands: a loop's binders are numbered from one more than the deepest
/// binder that can be around it. Two binders of one depth never are in scope together.
struct Depths {
    of: HashMap<VarId, i32>,
    /// For each node, the deepest binder around a branch or a loop that it cannot leave.
    kept: Dense<i32>,
    hopeful: bool,
}

/// An element of at most this many operations is computed again rather than read.
const CHEAP: usize = 12;

/// Rounds in which binders that several loops bind find their depths. More mean that there are none.
const MOST_ROUNDS: usize = 10;

impl Depths {
    /// The depths, if there are any.
    fn new(graph: &mut Graph, safety: &mut Safety, hopeful: bool, reach: &[Ex]) -> Option<Depths> {
        let mut faulty: Dense<()> = Dense::new(graph);
        for &ex in reach {
            if safety.mark(graph, ex).faults {
                faulty.insert(ex, ());
            }
        }
        let mut depths = Depths { of: HashMap::new(), kept: Dense::new(graph), hopeful };
        // A binder that several loops bind gets the deepest of their numbers, in a few rounds.
        for _round in 0..MOST_ROUNDS {
            let before = depths.of.clone();
            depths.kept = Dense::new(graph);
            for &ex in reach.iter().rev() {
                depths.visit(graph, ex, &faulty);
            }
            if depths.of == before {
                return Some(depths);
            }
        }
        None
    }

    fn keep(&mut self, ex: Ex, depth: i32) {
        let kept = self.kept.entry(ex, || depth);
        *kept = (*kept).max(depth);
    }

    fn kept(&self, ex: Ex) -> i32 {
        self.kept.get(ex).copied().unwrap_or(-1)
    }

    /// The deepest binder around a node wherever it may be computed.
    fn around(&self, graph: &Graph, ex: Ex) -> i32 {
        let free = graph.free(ex).filter_map(|var| self.of.get(&var).copied()).max().unwrap_or(-1);
        free.max(self.kept(ex))
    }

    fn number(&mut self, var: VarId, depth: i32) -> i32 {
        let number = self.of.entry(var).or_insert(depth);
        *number = (*number).max(depth);
        *number
    }

    /// The deepest binder around what may fault in the body of a loop: it leaves a loop that is
    /// known to make a step.
    fn faulty_depth(&self, graph: &Graph, ex: Ex, kept: i32, inner: i32) -> i32 {
        let lens: Vec<Ex> = match graph.node(ex) {
            Node::Loop(list) => match graph.loop_parts(list).len {
                Some(len) => vec![len],
                None => return inner,
            },
            _over_binders => graph.bound(ex).into_iter().map(|b| graph.len_of(b)).collect(),
        };
        if !self.hopeful || lens.iter().any(|&len| graph.as_int(len).is_some_and(|len| len <= 0)) {
            return inner;
        }
        let free =
            lens.into_iter().flat_map(|len| graph.free(len)).filter_map(|var| self.of.get(&var).copied());
        free.max().unwrap_or(-1).max(kept)
    }

    fn visit(&mut self, graph: &Graph, ex: Ex, faulty: &Dense<()>) {
        let (kept, around) = (self.kept(ex), self.around(graph, ex));
        match graph.node(ex) {
            Node::If { cond, then, els } => {
                self.keep(cond, kept);
                self.keep(then, around);
                self.keep(els, around);
            }
            Node::Build { .. } | Node::Accum { .. } | Node::Loop(_) => {
                let beside = matches!(graph.node(ex), Node::Loop(_));
                let mut inner = around;
                for (k, var) in graph.bound(ex).into_iter().enumerate() {
                    // The states of a loop stand beside its index.
                    let depth = if beside && k > 0 { inner } else { inner + 1 };
                    inner = self.number(var, depth);
                }
                let inside = self.faulty_depth(graph, ex, kept, inner);
                graph.operands(ex, |operand| {
                    self.keep(operand, if faulty.contains(operand) { inside } else { kept });
                });
            }
            Node::Var(_) => {}
            Node::Real(_)
            | Node::Int(_)
            | Node::Bool(_)
            | Node::Prim(..)
            | Node::Index { .. }
            | Node::Size { .. }
            | Node::Lit { .. }
            | Node::Call { .. }
            | Node::Part { .. } => graph.operands(ex, |operand| self.keep(operand, kept)),
        }
    }
}

/// What makes two binders one.
#[derive(PartialEq, Eq, Hash)]
enum Key {
    /// The binder of a loop of this length, or of a loop with a condition.
    Index { len: Option<Ex>, depth: i32 },
    /// The state at this position of the loops with this index; those with different names are kept apart.
    State { index: VarId, position: usize, ty: Type, shape: Option<Vec<Ex>>, name: String },
}

/// Replaces each binder by the canonical one of its kind.
struct Renaming {
    depths: Depths,
    positions: HashMap<VarId, usize>,
    canonical: HashMap<Key, VarId>,
    vars: HashMap<VarId, VarId>,
    lean: Lean,
    /// What nodes have become; those that are not here are as they were.
    new: Dense<Ex>,
}

fn rename(graph: &mut Graph, depths: Depths, reach: &[Ex], roots: &[Ex]) -> Vec<Ex> {
    let mut positions = HashMap::new();
    for &ex in reach {
        let Node::Loop(list) = graph.node(ex) else { continue };
        for (position, state) in graph.loop_parts(list).states.into_iter().enumerate() {
            if *positions.entry(state).or_insert(position) != position {
                // Stands at several positions: stays apart from the states of other loops.
                positions.insert(state, usize::MAX - state.0 as usize);
            }
        }
    }
    let new = Dense::new(graph);
    let lean = Lean::new(graph, reach);
    let mut renaming =
        Renaming { depths, positions, canonical: HashMap::new(), vars: HashMap::new(), lean, new };
    for &ex in reach {
        let renamed = renaming.renamed(graph, ex);
        graph.keep_name(ex, renamed);
        renaming.new.insert(ex, renamed);
    }
    roots.iter().map(|&root| renaming.at(root)).collect()
}

impl Renaming {
    fn at(&self, ex: Ex) -> Ex {
        self.new.get(ex).copied().unwrap_or(ex)
    }

    fn renamed(&mut self, graph: &mut Graph, ex: Ex) -> Ex {
        match graph.node(ex) {
            Node::Var(var) => {
                let var = self.var(graph, var);
                graph.variable(var)
            }
            Node::Build { over, body } => {
                let over: Vec<VarId> = graph.vars(over).collect();
                let over = self.vars(graph, &over);
                graph.build(&over, self.at(body))
            }
            Node::Accum { op, init, over, at, value } => {
                let over: Vec<VarId> = graph.vars(over).collect();
                let over = self.vars(graph, &over);
                let at: Vec<Ex> = graph.exs(at).map(|e| self.at(e)).collect();
                graph.accum(op, self.at(init), &over, &at, self.at(value))
            }
            Node::Loop(list) => {
                let parts = graph.loop_parts(list);
                let index = self.var(graph, parts.index);
                let states = self.vars(graph, &parts.states);
                let exs = |exs: &[Ex]| exs.iter().map(|&e| self.at(e)).collect();
                let (inits, nexts) = (exs(&parts.inits), exs(&parts.nexts));
                let (len, cond) = (parts.len.map(|e| self.at(e)), parts.cond.map(|e| self.at(e)));
                let new = LoopParts { len, cond, index, states, inits, nexts, traces: parts.traces };
                graph.sequential(self.lean.parts(ex, new))
            }
            Node::Index { array, at } => {
                let at: Vec<Ex> = graph.exs(at).map(|e| self.at(e)).collect();
                self.element(graph, self.at(array), &at)
            }
            Node::Part { of, index } => {
                let index = self.lean.position(of, index as usize);
                graph.part(self.at(of), index)
            }
            Node::Real(_) | Node::Int(_) | Node::Bool(_) => ex,
            Node::Prim(..) | Node::If { .. } | Node::Size { .. } | Node::Lit { .. } | Node::Call { .. } => {
                let mut same = true;
                graph.operands(ex, |operand| same &= self.at(operand) == operand);
                if same { ex } else { graph.rebuild(ex, |operand| self.at(operand)) }
            }
        }
    }

    /// An element; it is read where it is dear to compute, though it is that of the same binders.
    fn element(&self, graph: &mut Graph, array: Ex, at: &[Ex]) -> Ex {
        match graph.node(array) {
            Node::Build { over, body } => {
                let same = graph.vars(over).zip(at).all(|(b, &e)| graph.node(e) == Node::Var(b));
                if same && !graph.is_cheap(body, CHEAP) {
                    graph.read(array, at)
                } else {
                    graph.index(array, at)
                }
            }
            _other => graph.index(array, at),
        }
    }

    fn vars(&mut self, graph: &mut Graph, vars: &[VarId]) -> Vec<VarId> {
        vars.iter().map(|&var| self.var(graph, var)).collect()
    }

    /// The canonical variable for this one.
    fn var(&mut self, graph: &mut Graph, var: VarId) -> VarId {
        if let Some(&known) = self.vars.get(&var) {
            return known;
        }
        let (kind, ty) = (graph.var(var).kind, graph.var(var).ty);
        let depth = self.depths.of.get(&var).copied();
        let (key, kind) = match (kind, depth) {
            (VarKind::Param, _) | (_, None) => return var,
            (VarKind::Index { len }, Some(depth)) => {
                let len = self.at(len);
                (Key::Index { len: Some(len), depth }, VarKind::Index { len })
            }
            (VarKind::Step, Some(depth)) => (Key::Index { len: None, depth }, VarKind::Step),
            (VarKind::State { index }, Some(_)) => {
                let index = self.var(graph, index);
                let shape = graph.var(var).shape.clone();
                let shape: Option<Vec<Ex>> = shape.map(|s| s.into_iter().map(|e| self.at(e)).collect());
                let position = self.positions.get(&var).copied().unwrap_or(usize::MAX - var.0 as usize);
                let name = graph.var(var).name.clone();
                (Key::State { index, position, ty, shape, name }, VarKind::State { index })
            }
        };
        let shape = match &key {
            Key::State { shape, .. } => shape.clone(),
            Key::Index { .. } => None,
        };
        let known = self.canonical.get(&key).copied();
        let new = known.unwrap_or_else(|| {
            if graph.var(var).kind == kind && graph.var(var).shape == shape {
                return var;
            }
            let name = graph.var(var).name.clone();
            let new = graph.new_var(&name, ty, kind);
            graph.var_mut(new).shape = shape;
            new
        });
        self.canonical.insert(key, new);
        self.vars.insert(var, new);
        new
    }
}
