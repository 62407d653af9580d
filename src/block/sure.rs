//! What a function computes for all values of the binders in it, whatever its conditions are: to compute that
//! elsewhere cannot fault where the function would not.
//!
//! Takes expressions, gives some of those in them. Knows nothing of regions or statements.

use super::safety::{Safety, own};
use crate::core::binders::reach_with_states;
use crate::core::{Ex, Graph, Node, VarId, VarKind};
use std::collections::{HashMap, HashSet};

/// How many choices inside one another are looked into for what both of their branches compute.
const MOST_CHOICES: usize = 6;

/// How many expressions are looked at in all in branches.
const MOST_IN_BRANCHES: usize = 20_000;

/// What is surely computed whenever the roots are. What needs fewer binders than there are around it is not, since
/// a loop that makes no step computes nothing; unless it cannot fault either where that loop makes none.
pub(super) fn sure(graph: &mut Graph, safety: &mut Safety, roots: &[Ex]) -> HashSet<Ex> {
    let roots: Vec<Ex> = roots.iter().copied().filter(|&root| safety.mark(graph, root).faults).collect();
    if roots.is_empty() {
        return HashSet::new();
    }
    let harmless = harmless(graph, safety, &roots);
    Search { graph, harmless, left: MOST_IN_BRANCHES }.computed(&roots, 0)
}

struct Search<'g> {
    graph: &'g Graph,
    /// What may fault, see [`harmless`].
    harmless: HashMap<Ex, Vec<Ex>>,
    /// How many expressions may still be looked at in branches.
    left: usize,
}

impl Search<'_> {
    /// What may fault and is surely computed whenever these are, which stand in so many choices.
    fn computed(&mut self, from: &[Ex], choices: usize) -> HashSet<Ex> {
        let mut found = HashSet::new();
        let mut stack = from.to_vec();
        while let Some(ex) = stack.pop() {
            // A state has another value in each loop that it stands in.
            let state =
                |var: VarId| matches!(self.graph.var(var).kind, VarKind::State { .. } | VarKind::Step);
            if !self.harmless.contains_key(&ex) || self.graph.free(ex).any(state) || !found.insert(ex) {
                continue;
            }
            if choices > 0 {
                self.left = self.left.saturating_sub(1);
            }
            let (bodies, bound) = (self.graph.bodies(ex), self.graph.bound(ex));
            stack.extend(always(self.graph, ex).into_iter().filter(|&operand| {
                let inner: &[VarId] = if bodies.contains(&operand) { &bound } else { &[] };
                self.is_as_often(operand, self.graph.free(ex).chain(inner.iter().copied()))
            }));
            if let Node::If { then, els, .. } = self.graph.node(ex)
                && choices < MOST_CHOICES
                && self.left > 0
            {
                let one = self.computed(&[then], choices + 1);
                let other = self.computed(&[els], choices + 1);
                stack.extend(
                    one.intersection(&other)
                        .copied()
                        .filter(|&both| self.is_as_often(both, self.graph.free(ex))),
                );
            }
        }
        found
    }

    /// Whether an expression is computed, or cannot fault, whenever what these binders are free in is.
    fn is_as_often(&self, ex: Ex, mut around: impl Iterator<Item = VarId>) -> bool {
        let Some(harmless) = self.harmless.get(&ex) else { return false };
        around.all(|var| {
            let steps =
                |len: Ex| harmless.contains(&len) || self.graph.as_int(len).is_some_and(|len| len > 0);
            self.graph.depends_on(ex, var) || self.graph.index_len(var).is_some_and(steps)
        })
    }
}

/// The operands that are computed whenever an expression is.
fn always(graph: &Graph, ex: Ex) -> Vec<Ex> {
    match graph.node(ex) {
        Node::If { cond, .. } => vec![cond],
        Node::Loop(list) if graph.loop_parts(list).cond.is_some() => graph.loop_parts(list).inits,
        _other => operands(graph, ex),
    }
}

fn operands(graph: &Graph, ex: Ex) -> Vec<Ex> {
    let mut all = Vec::new();
    graph.operands(ex, |operand| all.push(operand));
    all
}

/// For each expression that may fault, the lengths that all that may fault in it is in loops over: where one
/// of them is 0, it cannot.
fn harmless(graph: &mut Graph, safety: &mut Safety, roots: &[Ex]) -> HashMap<Ex, Vec<Ex>> {
    let mut lens: HashMap<Ex, Vec<Ex>> = HashMap::new();
    for ex in reach_with_states(graph, roots) {
        if !safety.mark(graph, ex).faults {
            continue;
        }
        let (bodies, bound) = (graph.bodies(ex), graph.bound(ex));
        let own_lens: Vec<Ex> = bound.iter().filter_map(|&b| graph.index_len(b)).collect();
        let mut all: Option<Vec<Ex>> = match graph.node(ex) {
            Node::Call { .. } => Some(Vec::new()),
            // Each step stores.
            Node::Accum { .. } if own(graph, ex).faults => Some(own_lens.clone()),
            _other => own(graph, ex).faults.then(Vec::new),
        };
        for operand in operands(graph, ex) {
            let Some(inside) = lens.get(&operand) else { continue };
            let mut inside = inside.clone();
            if bodies.contains(&operand) {
                inside.extend(&own_lens);
            }
            all = Some(match all {
                Some(known) => known.into_iter().filter(|len| inside.contains(len)).collect(),
                None => inside,
            });
        }
        lens.insert(ex, all.unwrap_or_default());
    }
    lens
}
