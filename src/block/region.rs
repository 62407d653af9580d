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
    /// For a branch made for uses in several places, and for a place that stands for several: those.
    serves: Vec<Region>,
    /// Whether something is computed here.
    live: bool,
    own: Region,
}

#[derive(Debug)]
pub(super) struct Regions {
    list: Vec<Branch>,
    sets: HashMap<Vec<Region>, Region>,
    known: HashMap<(Region, Ex, bool), Region>,
}

impl Regions {
    pub fn new() -> Regions {
        let mut regions = Regions { list: Vec::new(), sets: HashMap::new(), known: HashMap::new() };
        regions.add(ROOT, 0, Ex(0), true);
        regions.list[0].live = true;
        regions
    }

    fn add(&mut self, parent: Region, depth: u32, cond: Ex, holds: bool) -> Region {
        let own = self.list.len() as Region;
        self.list.push(Branch { parent, depth, cond, holds, serves: Vec::new(), live: false, own });
        own
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
        let region = self.add(parent, depth, cond, holds);
        self.known.insert((parent, cond, holds), region);
        region
    }

    /// The condition whose branch this is, with its parent and the value it has here.
    pub fn condition(&self, region: Region) -> (Region, Ex, bool) {
        let branch = self.at(region);
        (branch.parent, branch.cond, branch.holds)
    }

    /// What is known of a condition in a place.
    pub fn value(&self, mut region: Region, cond: Ex) -> Option<bool> {
        while region != ROOT {
            if self.at(region).cond == cond {
                return Some(self.at(region).holds);
            }
            region = self.at(region).parent;
        }
        None
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
        if from == ROOT || self.covers(from, to) {
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

    /// A place that stands for several, none inside another: what is computed there is computed in
    /// each of them.
    pub fn several(&mut self, mut sites: Vec<Region>) -> Region {
        sites.sort_unstable();
        if let [only] = sites[..] {
            return only;
        }
        if let Some(&known) = self.sets.get(&sites) {
            return known;
        }
        let region = self.add(ROOT, u32::MAX, Ex(0), true);
        self.list[region as usize].serves = sites.clone();
        self.sets.insert(sites, region);
        region
    }

    /// The places that a place stands for.
    pub fn sites(&self, region: Region) -> &[Region] {
        let branch = self.at(region);
        if branch.depth == u32::MAX { &branch.serves } else { std::slice::from_ref(&branch.own) }
    }

    /// The conditions on the way from `outer` to `inner`.
    pub fn conditions(&self, outer: Region, mut inner: Region) -> Vec<Ex> {
        let mut found = Vec::new();
        while inner != outer {
            found.push(self.at(inner).cond);
            inner = self.at(inner).parent;
        }
        found
    }

    /// The place where the condition holds that one of two places is reached.
    pub fn either(&mut self, graph: &mut Graph, a: Region, b: Region) -> Region {
        let meet = self.meet(a, b);
        let (first, second) = (self.guard(graph, meet, a), self.guard(graph, meet, b));
        let cond = graph.or(first, second);
        if graph.as_bool(cond).is_some() {
            return meet;
        }
        let region = self.branch(meet, cond, true);
        for site in [a, b] {
            // The condition may be that of one of the places, or of what serves it already.
            if region != meet && !self.reaches(region, site) && !self.reaches(site, region) {
                self.list[region as usize].serves.push(site);
            }
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
