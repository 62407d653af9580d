//! Canonical binders: loops of equal length that stand at the same depth share one binder, so that
//! equal bodies become one node and loops can be fused. Loops that differ only in what they keep
//! become one, and states that nothing needs are dropped.
//!
//! Takes expressions, gives expressions of the same values. Knows nothing of statements.

use super::arrange::arrange;
use super::common::common;
use super::first::at_first;
use super::gather::gather;
use super::lean::Lean;
use super::replace::replace;
use super::safety::{Safety, early};
use super::stored::stored;
use super::unswitch::unswitch;
use crate::core::binders::{reach_with_states, rename};
use crate::core::{Dense, Ex, Graph, Node, VarId, apart};
use std::collections::HashMap;

/// How binders are shared between loops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sharing {
    /// By the depths where the outermost use of each loop is, counting on that the others read it there, and on
    /// that what is computed in any case may be computed anywhere.
    Outermost,
    /// By their depths, counting on that all that may fault is put outside loops where it is sure
    /// to be needed, under a condition.
    Hopeful,
    /// By their depths, what may fault being inside all loops around its uses.
    Careful,
    Nothing,
}

impl Sharing {
    /// The depth of what is used, or bound, at two.
    fn of_both(self, a: i32, b: i32) -> i32 {
        match self {
            Sharing::Outermost => a.min(b),
            Sharing::Hopeful | Sharing::Careful | Sharing::Nothing => a.max(b),
        }
    }

    /// Counts on what is computed somewhere in any case for the marks of these expressions.
    pub fn hope(self, graph: &mut Graph, safety: &mut Safety, roots: &[Ex]) {
        match self {
            Sharing::Outermost => safety.enter(graph, roots),
            Sharing::Hopeful | Sharing::Careful | Sharing::Nothing => safety.leave(),
        }
    }
}

/// The expressions, in which equal loops are one, with canonical binders and lean loops.
pub(super) fn normalise(graph: &mut Graph, safety: &mut Safety, sharing: Sharing, roots: &[Ex]) -> Vec<Ex> {
    let all = reach_with_states(graph, roots);
    if all.iter().all(|&ex| graph.bound(ex).is_empty()) {
        return roots.to_vec();
    }
    if sharing == Sharing::Nothing {
        return apart(graph, &all, roots);
    }
    let roots = replace(graph, &all, roots);
    let all = reach_with_states(graph, &roots);
    let roots = arrange(graph, &all, &roots);
    safety.leave();
    let all = reach_with_states(graph, &roots);
    let mut roots = unswitch(graph, safety, &all, &roots);
    // Loops that are equal under canonical binders become one in the second round.
    for _round in 0..2 {
        let mut all = reach_with_states(graph, &roots);
        let lean = Lean::new(graph, &all);
        if lean.is_shared()
            && let Some(merged) = rename(graph, &HashMap::new(), &lean, &all, &roots)
        {
            roots = merged;
            all = reach_with_states(graph, &roots);
        }
        roots = apart(graph, &all, &roots);
        let all = reach_with_states(graph, &roots);
        sharing.hope(graph, safety, &roots);
        // Without depths no binders are shared, which only costs loops that could have been one.
        let Some(depths) = Depths::new(graph, safety, sharing, &all, &roots) else { break };
        let lean = Lean::new(graph, &all);
        let Some(renamed) = rename(graph, &depths.of, &lean, &all, &roots) else { break };
        roots = renamed;
    }
    let roots = gather(graph, &roots);
    sharing.hope(graph, safety, &roots);
    stored(graph, safety, &roots)
}

/// How deep each binder stands: a loop's binders are numbered from one more than the deepest
/// binder that can be around it. Two binders of one depth never are in scope together.
struct Depths {
    of: HashMap<VarId, i32>,
    /// More than the numbers of all binders free in a loop that binds it, as far as they are known.
    least: HashMap<VarId, i32>,
    /// For each node, the deepest binder around a branch or a loop that it cannot leave.
    kept: Dense<i32>,
    sharing: Sharing,
}

/// Rounds in which binders that several loops bind find their depths. More mean that there are none.
const MOST_ROUNDS: usize = 10;

impl Depths {
    /// The depths, if there are any.
    fn new(
        graph: &mut Graph,
        safety: &mut Safety,
        sharing: Sharing,
        reach: &[Ex],
        roots: &[Ex],
    ) -> Option<Depths> {
        let mut faulty: Dense<()> = Dense::new(graph);
        for &ex in reach {
            if safety.mark(graph, ex).faults {
                faulty.insert(ex, ());
            }
        }
        let mut depths =
            Depths { of: HashMap::new(), least: HashMap::new(), kept: Dense::new(graph), sharing };
        // A binder that several loops bind gets one of their numbers, in a few rounds.
        for _round in 0..MOST_ROUNDS {
            let before = depths.of.clone();
            if sharing == Sharing::Outermost {
                depths.of.clear();
            }
            depths.kept = Dense::new(graph);
            roots.iter().for_each(|&root| depths.keep(root, -1));
            for &ex in reach.iter().rev() {
                depths.visit(graph, safety, ex, &faulty);
            }
            if depths.of == before {
                return Some(depths);
            }
        }
        None
    }

    fn keep(&mut self, ex: Ex, depth: i32) {
        let kept = self.kept.entry(ex, || depth);
        *kept = self.sharing.of_both(*kept, depth);
    }

    fn kept(&self, ex: Ex) -> i32 {
        self.kept.get(ex).copied().unwrap_or(-1)
    }

    /// The deepest binder free in a node.
    fn free(&self, graph: &Graph, ex: Ex) -> i32 {
        graph.free(ex).filter_map(|var| self.of.get(&var).copied()).max().unwrap_or(-1)
    }

    /// What leaves a branch with the loops around it is not kept by the branch.
    fn keep_early(&mut self, graph: &mut Graph, safety: &mut Safety, ex: Ex, branches: [Ex; 2], kept: i32) {
        if self.sharing != Sharing::Outermost {
            return;
        }
        let around: Vec<VarId> = graph.free(ex).collect();
        let mut binders: Vec<(VarId, i32)> =
            around.iter().filter_map(|&b| Some((b, *self.of.get(&b)?))).collect();
        binders.sort_unstable_by_key(|&(_, number)| number);
        // What needs the first binders alone may leave the others.
        for known in 0..binders.len() {
            let (outer, inner) = binders.split_at(known);
            let lens: Vec<Ex> = inner.iter().filter_map(|&(b, _)| graph.index_len(b)).collect();
            let outermost = inner[0].1;
            let of = &self.of;
            let there = |graph: &Graph, ex: Ex| {
                graph.free(ex).all(|b| {
                    let known = outer.iter().any(|&(o, _)| o == b) || !around.contains(&b);
                    known && of.get(&b).is_none_or(|&number| number < outermost)
                })
            };
            let mut leaving = early(graph, safety, &branches, &lens, there);
            leaving.extend(common(graph, safety, branches, there).into_iter().map(|(ex, _)| ex));
            leaving.into_iter().for_each(|ex| self.keep(ex, kept));
        }
    }

    /// The deepest binder around a branch: it leaves loops that compute it in their first step.
    fn first_depth(&self, graph: &mut Graph, cond: Ex, holds: bool, around: i32) -> i32 {
        if self.sharing != Sharing::Outermost {
            return around;
        }
        let mut binders: Vec<(i32, VarId)> = graph
            .free(cond)
            .filter(|&b| graph.index_len(b).is_some())
            .filter_map(|b| Some((*self.of.get(&b)?, b)))
            .collect();
        binders.sort_unstable();
        let mut outside = around;
        let mut inner = Vec::new();
        while let Some((_, b)) = binders.pop() {
            inner.push(b);
            if at_first(graph, cond, &inner, &|_| None) == Some(holds) {
                outside = binders.last().map_or(-1, |&(number, _)| number);
            }
        }
        outside
    }

    /// Numbers a binder of a loop at this depth, in which the binders that are free, or bound before it, are
    /// numbered below `least`.
    fn number(&mut self, var: VarId, depth: i32, least: i32) -> i32 {
        let least = {
            let known = self.least.entry(var).or_insert(least);
            *known = (*known).max(least);
            *known
        };
        let number = self.of.entry(var).or_insert(depth);
        *number = self.sharing.of_both(*number, depth).max(least);
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
        if self.sharing == Sharing::Careful
            || lens.iter().any(|&len| graph.as_int(len).is_some_and(|len| len <= 0))
        {
            return inner;
        }
        let free =
            lens.into_iter().flat_map(|len| graph.free(len)).filter_map(|var| self.of.get(&var).copied());
        free.max().unwrap_or(-1).max(kept)
    }

    fn visit(&mut self, graph: &mut Graph, safety: &mut Safety, ex: Ex, faulty: &Dense<()>) {
        let (kept, free) = (self.kept(ex), self.free(graph, ex));
        // The deepest binder around the node wherever it may be computed.
        let around = free.max(kept);
        match graph.node(ex) {
            Node::If { cond, then, els } => {
                self.keep(cond, kept);
                for (branch, holds) in [(then, true), (els, false)] {
                    let inside = self.first_depth(graph, cond, holds, around);
                    self.keep(branch, inside.max(kept));
                }
                self.keep_early(graph, safety, ex, [then, els], kept);
            }
            Node::Build { .. } | Node::Accum { .. } | Node::Loop(_) => {
                let beside = matches!(graph.node(ex), Node::Loop(_));
                let (mut inner, mut least) = (around, free);
                for (k, var) in graph.bound(ex).into_iter().enumerate() {
                    // The states of a loop stand beside its index.
                    let step = i32::from(!beside || k == 0);
                    inner = self.number(var, inner + step, least + step);
                    least = inner;
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
