//! Values kept from loop to loop: what is dear and needed by two loops over one range, of which one waits for
//! the other, is kept in an array instead of being computed again.
//!
//! Takes expressions with canonical binders, gives expressions of the same values. Knows nothing of statements.

use super::safety::Safety;
use crate::core::binders::reach_with_states;
use crate::core::{DEAR, Dense, Elem, Ex, Graph, Node, Renewed, VarId};
use std::collections::{BTreeMap, HashMap};

/// A range of more loops is left as it is: to compare them all would take too long.
const MOST_LOOPS: usize = 100;

/// The expressions with what is dear kept from loop to loop.
pub(super) fn stored(graph: &mut Graph, safety: &mut Safety, roots: &[Ex]) -> Vec<Ex> {
    let all = reach_with_states(graph, roots);
    let mut ranges: BTreeMap<VarId, Vec<Ex>> = BTreeMap::new();
    for &ex in &all {
        if let Node::Build { over, .. } | Node::Accum { over, .. } = graph.node(ex) {
            graph.vars(over).for_each(|b| ranges.entry(b).or_default().push(ex));
        }
    }
    let mut keep = Keep::default();
    for (range, loops) in ranges {
        if (2..=MOST_LOOPS).contains(&loops.len()) {
            keep.range(graph, safety, range, &loops);
        }
    }
    if keep.dims.is_empty() {
        return roots.to_vec();
    }
    keep.replaced(graph, &all, roots)
}

/// What is kept, and the binders of the array that keeps it.
#[derive(Default)]
struct Keep {
    dims: HashMap<Ex, Vec<VarId>>,
}

/// What a loop computes in the steps over a range.
struct Inside {
    nodes: Vec<Ex>,
    /// Whether it is computed in each step, or in a branch alone.
    sure: Dense<bool>,
}

impl Keep {
    /// Finds what to keep between the loops over a range, which come operands first.
    fn range(&mut self, graph: &mut Graph, safety: &mut Safety, range: VarId, loops: &[Ex]) {
        let inside: Vec<Inside> = loops.iter().map(|&ex| inside(graph, range, ex)).collect();
        for (later, &second) in loops.iter().enumerate().skip(1) {
            let before = graph.reach_where(&graph.bodies(second), |e| e >= loops[0]);
            for (earlier, &first) in loops[..later].iter().enumerate() {
                if before.binary_search(&first).is_err() {
                    continue;
                }
                let common = Common { first: &inside[earlier], second: &inside[later] };
                for ex in common.outermost(graph, [first, second]) {
                    self.consider(graph, safety, range, [first, second], &common, ex);
                }
            }
        }
    }

    /// Keeps an expression that two loops compute, or what is dear in it.
    fn consider(
        &mut self,
        graph: &mut Graph,
        safety: &mut Safety,
        range: VarId,
        loops: [Ex; 2],
        common: &Common,
        ex: Ex,
    ) {
        let mut stack = vec![ex];
        let mut seen: Dense<()> = Dense::new(graph);
        while let Some(ex) = stack.pop() {
            if !common.holds(ex) || !seen.insert(ex, ()) || cost(graph, range, ex) < DEAR {
                continue;
            }
            let sure = common.first.sure.get(ex) == Some(&true) || !safety.mark(graph, ex).faults;
            let value = graph.ty(ex).elem == Elem::Real && matches!(graph.ty(ex).rank, 0..=2);
            let whole = graph.ty(ex).is_scalar() || matches!(graph.node(ex), Node::Build { .. });
            match self.binders(graph, loops, ex).filter(|_| sure && value && whole) {
                Some(dims) => _ = self.dims.insert(ex, dims),
                None => graph.operands(ex, |operand| stack.push(operand)),
            }
        }
    }

    /// The binders of the array that keeps an expression from one loop to the other, if it is rectangular.
    fn binders(&self, graph: &Graph, loops: [Ex; 2], ex: Ex) -> Option<Vec<VarId>> {
        let mut dims = self.dims.get(&ex).cloned().unwrap_or_default();
        for b in loops.into_iter().flat_map(|l| graph.bound(l)) {
            // A loop around both makes both in each step.
            let around = loops.into_iter().any(|l| graph.depends_on(l, b));
            if graph.depends_on(ex, b) && !around && !dims.contains(&b) {
                dims.push(b);
            }
        }
        dims.sort_unstable();
        let bound = loops.into_iter().flat_map(|l| graph.bound(l)).collect::<Vec<_>>();
        let rectangular = dims.iter().all(|&b| !graph.depends_on_any(graph.len_of(b), &bound));
        rectangular.then_some(dims)
    }

    fn replaced(&self, graph: &mut Graph, all: &[Ex], roots: &[Ex]) -> Vec<Ex> {
        let mut new = Renewed::new(graph);
        // The arrays that keep the elements of arrays.
        let mut arrays: Dense<(Ex, Vec<VarId>)> = Dense::new(graph);
        for &ex in all {
            graph.current_origin = graph.origin(ex);
            if let Node::Index { array, at } = graph.node(ex)
                && let Some((kept, dims)) = arrays.get(array)
            {
                let inner: Vec<Ex> = graph.exs(at).map(|index| new.at(index)).collect();
                let at: Vec<Ex> = dims.iter().map(|&b| graph.variable(b)).chain(inner).collect();
                let element = graph.read(*kept, &at);
                new.set(ex, element);
                continue;
            }
            let rebuilt = rebuilt(graph, ex, &new);
            graph.keep_name(ex, rebuilt);
            let Some(dims) = self.dims.get(&ex) else {
                new.set(ex, rebuilt);
                continue;
            };
            if let Node::Build { over, body } = graph.node(rebuilt) {
                let over: Vec<VarId> = dims.iter().copied().chain(graph.vars(over)).collect();
                let kept = graph.build(&over, body);
                graph.keep_name(ex, kept);
                arrays.insert(ex, (kept, dims.clone()));
                new.set(ex, rebuilt);
                continue;
            }
            let kept = graph.build(dims, rebuilt);
            graph.keep_name(ex, kept);
            let at: Vec<Ex> = dims.iter().map(|&b| graph.variable(b)).collect();
            let element = graph.read(kept, &at);
            new.set(ex, element);
        }
        new.all(roots)
    }
}

/// The node over new operands. What is read of an array stays read.
fn rebuilt(graph: &mut Graph, ex: Ex, new: &Renewed) -> Ex {
    match graph.node(ex) {
        Node::Index { array, at } if matches!(graph.node(array), Node::Build { .. }) => {
            let at: Vec<Ex> = graph.exs(at).map(|index| new.at(index)).collect();
            graph.read(new.at(array), &at)
        }
        _other => new.rebuilt(graph, ex),
    }
}

/// What two loops compute.
struct Common<'a> {
    first: &'a Inside,
    second: &'a Inside,
}

impl Common<'_> {
    fn holds(&self, ex: Ex) -> bool {
        self.first.sure.contains(ex) && self.second.sure.contains(ex)
    }

    /// What both compute and need for something else.
    fn outermost(&self, graph: &Graph, loops: [Ex; 2]) -> Vec<Ex> {
        let mut found = Vec::new();
        for (ex, inside) in loops.into_iter().zip([self.first, self.second]) {
            found.extend(graph.bodies(ex).into_iter().filter(|&body| self.holds(body)));
            for &user in &inside.nodes {
                if !self.holds(user) {
                    graph.operands(user, |operand| {
                        if self.holds(operand) {
                            found.push(operand);
                        }
                    });
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// What a loop computes in each step over a range, the steps of inner loops included.
fn inside(graph: &Graph, range: VarId, ex: Ex) -> Inside {
    let (mut nodes, mut found) = (Vec::new(), Dense::new(graph));
    let mut stack: Vec<(Ex, bool)> = graph.bodies(ex).into_iter().map(|body| (body, true)).collect();
    while let Some((ex, sure)) = stack.pop() {
        let known = found.get(ex).copied();
        if !graph.depends_on(ex, range) || known == Some(true) || known == Some(sure) {
            continue;
        }
        if found.insert(ex, sure) {
            nodes.push(ex);
        }
        if let Node::If { cond, then, els } = graph.node(ex) {
            stack.extend([(cond, sure), (then, false), (els, false)]);
        } else {
            graph.operands(ex, |operand| stack.push((operand, sure)));
        }
    }
    Inside { nodes, sure: found }
}

/// What it costs to compute an expression in each step over a range, in additions.
fn cost(graph: &Graph, range: VarId, ex: Ex) -> usize {
    let mut seen: Dense<()> = Dense::new(graph);
    let mut stack = vec![ex];
    let mut sum = 0;
    while let Some(ex) = stack.pop() {
        if sum >= DEAR || !graph.depends_on(ex, range) || !seen.insert(ex, ()) {
            continue;
        }
        // What is read of an array that all steps share is there.
        if let Node::Index { array, .. } = graph.node(ex)
            && !graph.depends_on(array, range)
        {
            continue;
        }
        sum += graph.additions(ex);
        graph.operands(ex, |operand| stack.push(operand));
    }
    sum
}
