//! Branches: the tree of the branches of choices, and in which of them each node is used.
//!
//! Takes nodes; says which branches are so deep that they should be functions. Knows nothing of
//! statements.

use crate::core::{Dense, Ex, Graph, Node};
use std::collections::HashMap;

/// Branches this deep inside one another are cut off from those around them.
pub(super) const DEEP: usize = 40;

/// A branch with at least this many inside one another is worth a function.
const WORTH: u32 = DEEP as u32 / 4;

/// Where a node is used: the innermost branch that holds all uses.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub region: u32,
    /// It is computed whenever the branch is taken.
    pub direct: bool,
}

#[derive(Debug)]
struct Branch {
    parent: u32,
    depth: u32,
    /// An ancestor further up, so that two branches' common one is found in few steps.
    jump: u32,
    /// How deep branches inside go.
    deepest: u32,
    /// The values that the branch gives.
    exits: Vec<Ex>,
}

/// The tree of branches; 0 is outside of all.
#[derive(Debug)]
pub(super) struct Branches {
    list: Vec<Branch>,
    known: HashMap<(u32, Ex, bool), u32>,
    places: Dense<Place>,
}

impl Branches {
    /// The branches of these nodes, which are all that the roots need, operands first.
    pub fn new(graph: &Graph, nodes: &[Ex], roots: &[Ex]) -> Branches {
        let whole = Branch { parent: 0, depth: 0, jump: 0, deepest: 0, exits: Vec::new() };
        let mut branches = Branches { list: vec![whole], known: HashMap::new(), places: Dense::new(graph) };
        let outside = Place { region: 0, direct: true };
        roots.iter().for_each(|&root| branches.add_use(root, outside));
        for &ex in nodes.iter().rev() {
            let at = branches.place(ex).expect("users come before");
            match graph.node(ex) {
                Node::If { cond, then, els } => {
                    branches.add_use(cond, at);
                    for (value, holds) in [(then, true), (els, false)] {
                        let region = branches.branch(at.region, cond, holds);
                        branches.list[region as usize].exits.push(value);
                        branches.add_use(value, Place { region, ..at });
                    }
                }
                Node::Build { .. } | Node::Accum { .. } | Node::Loop(_) => {
                    // A loop may make no step.
                    graph.operands(ex, |operand| branches.add_use(operand, Place { direct: false, ..at }));
                }
                Node::Real(_)
                | Node::Int(_)
                | Node::Bool(_)
                | Node::Var(_)
                | Node::Prim(..)
                | Node::Index { .. }
                | Node::Size { .. }
                | Node::Lit { .. }
                | Node::Call { .. }
                | Node::Part { .. } => graph.operands(ex, |operand| branches.add_use(operand, at)),
            }
        }
        branches.finish();
        branches
    }

    fn finish(&mut self) {
        for at in (1..self.list.len()).rev() {
            let Branch { parent, deepest, .. } = self.list[at];
            let parent = &mut self.list[parent as usize];
            parent.deepest = parent.deepest.max(deepest);
            let exits = &mut self.list[at].exits;
            exits.sort_unstable();
            exits.dedup();
        }
    }

    fn add_use(&mut self, ex: Ex, at: Place) {
        let new = match self.places.get(ex) {
            None => at,
            Some(&old) => {
                let region = self.meet(old.region, at.region);
                let direct = |place: Place| place.direct && place.region == region;
                Place { region, direct: direct(old) || direct(at) }
            }
        };
        self.places.insert(ex, new);
    }

    fn branch(&mut self, parent: u32, cond: Ex, holds: bool) -> u32 {
        if let Some(&known) = self.known.get(&(parent, cond, holds)) {
            return known;
        }
        let depth = self.list[parent as usize].depth + 1;
        let near = self.list[parent as usize].jump;
        let far = self.list[near as usize].jump;
        let level = |at: u32| self.list[at as usize].depth;
        let even = level(parent) - level(near) == level(near) - level(far);
        let jump = if even { far } else { parent };
        let own = self.list.len() as u32;
        self.list.push(Branch { parent, depth, jump, deepest: depth, exits: Vec::new() });
        self.known.insert((parent, cond, holds), own);
        own
    }

    /// The innermost branch that holds both.
    fn meet(&self, a: u32, b: u32) -> u32 {
        let depth = |at: u32| self.list[at as usize].depth;
        let level = depth(a).min(depth(b));
        let (mut a, mut b) = (self.ancestor(a, level), self.ancestor(b, level));
        while a != b {
            let (far, other) = (self.list[a as usize].jump, self.list[b as usize].jump);
            (a, b) = if far == other {
                (self.list[a as usize].parent, self.list[b as usize].parent)
            } else {
                (far, other)
            };
        }
        a
    }

    /// The branch of this depth that holds another.
    fn ancestor(&self, mut at: u32, depth: u32) -> u32 {
        while self.list[at as usize].depth > depth {
            let Branch { parent, jump, .. } = self.list[at as usize];
            at = if self.list[jump as usize].depth >= depth { jump } else { parent };
        }
        at
    }

    /// Whether `inner` is `outer` or inside it.
    pub fn covers(&self, outer: u32, inner: u32) -> bool {
        let depth = self.list[outer as usize].depth;
        self.list[inner as usize].depth >= depth && self.ancestor(inner, depth) == outer
    }

    pub fn place(&self, ex: Ex) -> Option<Place> {
        self.places.get(ex).copied()
    }

    /// The branch of a choice on this side.
    pub fn side(&self, choice: Ex, cond: Ex, holds: bool) -> Option<u32> {
        self.known.get(&(self.place(choice)?.region, cond, holds)).copied()
    }

    /// The values that a branch gives.
    pub fn exits(&self, region: u32) -> &[Ex] {
        &self.list[region as usize].exits
    }

    /// The branches that should be functions, those inside others first.
    pub fn to_cut(&self) -> Vec<u32> {
        if self.list[0].deepest as usize <= 2 * DEEP {
            return Vec::new();
        }
        let due = |branch: &Branch| {
            branch.depth > 0
                && branch.depth.is_multiple_of(DEEP as u32)
                && branch.deepest - branch.depth >= WORTH
        };
        let mut found: Vec<u32> =
            (0..self.list.len() as u32).filter(|&at| due(&self.list[at as usize])).collect();
        found.sort_unstable_by_key(|&at| (std::cmp::Reverse(self.list[at as usize].depth), at));
        found
    }
}
