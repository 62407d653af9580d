//! Regions: the places of one straight stretch of code and of its branches, as a tree.
//!
//! Takes conditions; gives places, where two of them meet and whether one is inside another. Knows
//! nothing of statements.

use crate::core::{Ex, Graph};
use std::collections::HashMap;

/// A place: the stretch itself is [`ROOT`], every branch under it a place of its own.
pub(super) type Region = u32;

pub(super) const ROOT: Region = 0;

/// A branch of a condition inside `parent`.
#[derive(Debug)]
struct Branch {
    parent: Region,
    depth: u32,
    cond: Ex,
    holds: bool,
    /// For a branch made for uses in several places: those places, each inside one of them.
    serves: Vec<Region>,
    /// Whether something is computed here.
    live: bool,
}

#[derive(Debug)]
pub(super) struct Regions {
    list: Vec<Branch>,
    known: HashMap<(Region, Ex, bool), Region>,
}

impl Regions {
    pub fn new() -> Regions {
        let root =
            Branch { parent: ROOT, depth: 0, cond: Ex(0), holds: true, serves: Vec::new(), live: true };
        Regions { list: vec![root], known: HashMap::new() }
    }

    fn at(&self, region: Region) -> &Branch {
        &self.list[region as usize]
    }

    /// The place inside `parent` where the condition has this value; `parent` itself, if it has it
    /// there anyway.
    pub fn branch(&mut self, parent: Region, cond: Ex, holds: bool) -> Region {
        if let Some(&known) = self.known.get(&(parent, cond, holds)) {
            return known;
        }
        let mut up = parent;
        while up != ROOT {
            if self.at(up).cond == cond && self.at(up).holds == holds {
                return parent;
            }
            up = self.at(up).parent;
        }
        let depth = self.at(parent).depth + 1;
        let region = self.list.len() as Region;
        self.list.push(Branch { parent, depth, cond, holds, serves: Vec::new(), live: false });
        self.known.insert((parent, cond, holds), region);
        region
    }

    /// The condition whose branch this is, with its parent and the value it has here.
    pub fn condition(&self, region: Region) -> (Region, Ex, bool) {
        let branch = self.at(region);
        (branch.parent, branch.cond, branch.holds)
    }

    /// Marks a place as used; whether it is new.
    pub fn enliven(&mut self, region: Region) -> bool {
        !std::mem::replace(&mut self.list[region as usize].live, true)
    }

    /// The innermost place that holds both.
    pub fn meet(&self, mut a: Region, mut b: Region) -> Region {
        while a != b {
            if self.at(a).depth >= self.at(b).depth {
                a = self.at(a).parent;
            } else {
                b = self.at(b).parent;
            }
        }
        a
    }

    /// Whether `inner` is `outer` or inside it.
    pub fn covers(&self, outer: Region, mut inner: Region) -> bool {
        let depth = self.at(outer).depth;
        while self.at(inner).depth > depth {
            inner = self.at(inner).parent;
        }
        inner == outer
    }

    /// Whether what is computed in `from` is there in `to`: it covers it, or was made for it.
    pub fn reaches(&self, from: Region, to: Region) -> bool {
        if self.covers(from, to) {
            return true;
        }
        let mut stack = self.at(from).serves.clone();
        while let Some(region) = stack.pop() {
            if self.covers(region, to) {
                return true;
            }
            stack.extend(&self.at(region).serves);
        }
        false
    }

    /// The place directly inside `outer` on the way to `inner`, which must be deeper.
    pub fn step(&self, outer: Region, mut inner: Region) -> Region {
        while self.at(inner).parent != outer {
            inner = self.at(inner).parent;
        }
        inner
    }

    /// Where to compute what is needed in both places and in no others: in one of them if it
    /// covers the other, else under the condition that one of them is reached.
    pub fn join(&mut self, graph: &mut Graph, a: Region, b: Region) -> Region {
        if self.reaches(a, b) {
            return a;
        }
        if self.reaches(b, a) {
            return b;
        }
        let meet = self.meet(a, b);
        let (first, second) = (self.guard(graph, meet, a), self.guard(graph, meet, b));
        let cond = graph.or(first, second);
        if graph.as_bool(cond).is_some() {
            return meet;
        }
        let region = self.branch(meet, cond, true);
        if region != meet {
            self.list[region as usize].serves.extend([a, b]);
        }
        region
    }

    /// The condition under which `inner` is reached from `outer`.
    fn guard(&self, graph: &mut Graph, outer: Region, mut inner: Region) -> Ex {
        let mut guard = graph.boolean(true);
        while inner != outer {
            let (parent, cond, holds) = self.condition(inner);
            let never = graph.boolean(false);
            guard = if holds { graph.select(cond, guard, never) } else { graph.select(cond, never, guard) };
            inner = parent;
        }
        guard
    }
}
