//! Equal loops as one node: every binder is replaced by the canonical one of its length and number, so that
//! loops that differ in the names of their binders alone become one node.
//!
//! Who numbers the binders says which may be shared; two of one number must never be in scope together.

use super::{Dense, Ex, Graph, LoopParts, Node, Type, VarId, VarKind};
use std::collections::HashMap;

/// What to leave of sequential loops whose values are not all needed.
pub trait Trim {
    /// The loop that is left of `ex`, given what its parts have become.
    fn parts(&self, ex: Ex, new: LoopParts) -> LoopParts;
    /// Where a part of `of` is found in what is left of it.
    fn position(&self, of: Ex, index: usize) -> usize;
}

/// Leaves everything.
pub(super) struct Whole;

impl Trim for Whole {
    fn parts(&self, _: Ex, new: LoopParts) -> LoopParts {
        new
    }

    fn position(&self, _: Ex, index: usize) -> usize {
        index
    }
}

/// The expressions, in which loops that are equal but for their binders are one node.
pub fn merge(graph: &mut Graph, roots: &[Ex]) -> Vec<Ex> {
    let mut all = reach_with_states(graph, roots);
    if all.iter().all(|&ex| graph.bound(ex).is_empty()) {
        return roots.to_vec();
    }
    let roots = super::apart::apart(graph, &all, roots);
    all = reach_with_states(graph, &roots);
    let numbers = heights(graph, &all);
    rename(graph, &numbers, &Whole, &all, &roots).unwrap_or(roots)
}

/// The binders of a loop numbered from those of the loops in its body, so that equal loops have equal numbers
/// wherever they stand, and no loop stands in one with its number. The outermost comes first: what a loop sums over
/// before it goes over the elements of an array has the number of the sum that the array's derivative is of.
fn heights(graph: &Graph, reach: &[Ex]) -> HashMap<VarId, i32> {
    let mut heights: Dense<i32> = Dense::new(graph);
    let mut numbers = HashMap::new();
    for &ex in reach {
        let height = |e: Ex| heights.get(e).copied().unwrap_or(0);
        let mut all = 0;
        graph.operands(ex, |operand| all = all.max(height(operand)));
        let mut inside = graph.bodies(ex).into_iter().map(height).max().unwrap_or(0);
        let beside = matches!(graph.node(ex), Node::Loop(_));
        for (k, var) in graph.bound(ex).into_iter().enumerate() {
            // The states of a loop stand beside its index.
            inside += i32::from(!beside || k == 0);
            numbers.insert(var, inside);
        }
        heights.insert(ex, all.max(inside));
    }
    numbers
}

/// All that the roots need, operands first, with the lengths of the states.
pub fn reach_with_states(graph: &Graph, roots: &[Ex]) -> Vec<Ex> {
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

/// What makes two binders one.
#[derive(PartialEq, Eq, Hash)]
enum Key {
    /// The binder of a loop of this length, or of a loop with a condition.
    Index { len: Option<Ex>, number: i32 },
    /// The state at this position of the loops with this index; those with different names are kept apart.
    State { index: VarId, position: usize, ty: Type, shape: Option<Vec<Ex>>, name: String },
    /// A binder without a number, if its length is another.
    Own(VarId),
}

/// Replaces each binder by the canonical one of its kind.
struct Renaming<'t> {
    numbers: &'t HashMap<VarId, i32>,
    positions: HashMap<VarId, usize>,
    canonical: HashMap<Key, VarId>,
    vars: HashMap<VarId, VarId>,
    trim: &'t dyn Trim,
    /// What nodes have become; those that are not here are as they were.
    new: Dense<Ex>,
}

/// The expressions with the binder of each length and number replaced by one; `reach` is all that they need,
/// operands first. Binders without a number stay. Nothing if a binder has the number of one that is free in its
/// loop, or is itself free in what is wanted: it would stand for both.
pub fn rename(
    graph: &mut Graph,
    numbers: &HashMap<VarId, i32>,
    trim: &dyn Trim,
    reach: &[Ex],
    roots: &[Ex],
) -> Option<Vec<Ex>> {
    let open = roots.iter().any(|&root| graph.free(root).any(|var| numbers.contains_key(&var)));
    if open || !reach.iter().all(|&ex| is_apart(graph, numbers, ex)) {
        return None;
    }
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
    let mut renaming =
        Renaming { numbers, positions, canonical: HashMap::new(), vars: HashMap::new(), trim, new };
    for &ex in reach {
        graph.current_origin = graph.origin(ex);
        let renamed = renaming.renamed(graph, ex);
        graph.keep_name(ex, renamed);
        renaming.new.insert(ex, renamed);
    }
    Some(roots.iter().map(|&root| renaming.at(root)).collect())
}

/// Whether the binders of a loop have other numbers than those free in it, and than each other.
fn is_apart(graph: &Graph, numbers: &HashMap<VarId, i32>, ex: Ex) -> bool {
    let mut counters = graph.bound(ex);
    if let Node::Loop(_) = graph.node(ex) {
        counters.truncate(1); // its states stand beside its index
    }
    let mut taken: Vec<Option<&i32>> = graph.free(ex).map(|var| numbers.get(&var)).collect();
    counters.iter().all(|var| {
        let number = numbers.get(var);
        let free = number.is_none() || !taken.contains(&number);
        taken.push(number);
        free
    })
}

impl Renaming<'_> {
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
                graph.sequential(self.trim.parts(ex, new))
            }
            Node::Index { array, at } => {
                let at: Vec<Ex> = graph.exs(at).map(|e| self.at(e)).collect();
                graph.element(self.at(array), &at)
            }
            Node::Part { of, index } => {
                let index = self.trim.position(of, index as usize);
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

    fn vars(&mut self, graph: &mut Graph, vars: &[VarId]) -> Vec<VarId> {
        vars.iter().map(|&var| self.var(graph, var)).collect()
    }

    /// The canonical variable for this one.
    fn var(&mut self, graph: &mut Graph, var: VarId) -> VarId {
        if let Some(&known) = self.vars.get(&var) {
            return known;
        }
        let (kind, ty) = (graph.var(var).kind, graph.var(var).ty);
        let number = self.numbers.get(&var).copied();
        let shape = graph.var(var).shape.clone();
        let shape: Option<Vec<Ex>> = shape.map(|s| s.into_iter().map(|e| self.at(e)).collect());
        let (key, kind) = match (kind, number) {
            (VarKind::Param, _) | (VarKind::Step, None) => return var,
            (VarKind::Index { len }, None) => (Key::Own(var), VarKind::Index { len: self.at(len) }),
            (VarKind::Index { len }, Some(number)) => {
                let len = self.at(len);
                (Key::Index { len: Some(len), number }, VarKind::Index { len })
            }
            (VarKind::Step, Some(number)) => (Key::Index { len: None, number }, VarKind::Step),
            (VarKind::State { index }, None) => {
                (Key::Own(var), VarKind::State { index: self.var(graph, index) })
            }
            (VarKind::State { index }, Some(_)) => {
                let index = self.var(graph, index);
                let position = self.positions.get(&var).copied().unwrap_or(usize::MAX - var.0 as usize);
                let (shape, name) = (shape.clone(), graph.var(var).name.clone());
                (Key::State { index, position, ty, shape, name }, VarKind::State { index })
            }
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
