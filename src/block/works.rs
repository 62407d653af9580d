//! Works: what is computed in a scope, each with its region and the works that it needs.
//!
//! Takes placed nodes; gives the dependencies that an order has to respect. Knows nothing of
//! statements.

use super::place::{Action, Placer, Work};
use super::region::{ROOT, Region};
use crate::core::{Ex, Graph, Node, VarId};

/// What several works of a region can share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Label {
    Plain,
    If(Ex),
    Loop(VarId),
}

/// The works of a scope and what each waits for.
#[derive(Default)]
pub(super) struct Works {
    pub work: Vec<Work>,
    pub region: Vec<Region>,
    /// The earlier works that each needs.
    pub needs: Vec<Vec<u32>>,
    /// The sum that each goes on with, in the same loop; and whether another goes on with it.
    pub before: Vec<Option<u32>>,
    /// Of the works that each needs, the arrays that it reads only at the very binders that build
    /// them: one loop can do for both.
    pub beside: Vec<Vec<u32>>,
    pub joined: Vec<bool>,
}

impl Placer<'_> {
    pub fn is_plain(&self, ex: Ex) -> bool {
        self.label(Work::Node(ex)) == Label::Plain
    }

    /// Whether a value of this scope is computed in several regions.
    pub fn is_repeated(&self, ex: Ex) -> bool {
        let regions = &self.scopes.last().expect("a scope was entered").regions;
        self.here(ex).is_some_and(|home| regions.sites(home.region).len() > 1)
    }

    /// What a work of its own region can share with others.
    pub fn label(&self, work: Work) -> Label {
        let (node, step) = match work {
            Work::Node(ex) => (ex, 0),
            Work::Action(action) | Work::Finish(action) => (action.node, action.step),
        };
        if let Work::Finish(_) = work {
            return Label::Plain;
        }
        match self.graph.node(node) {
            Node::If { cond, .. } => Label::If(cond),
            Node::Build { .. } | Node::Accum { .. } if step == 0 && self.is_lazy(node) => Label::Plain,
            Node::Build { .. } if step == 0 && self.constant_array(node).is_some() => Label::Plain,
            Node::Build { over, .. } | Node::Accum { over, .. } => {
                self.graph.vars(over).nth(step).map_or(Label::Plain, Label::Loop)
            }
            Node::Real(_)
            | Node::Int(_)
            | Node::Bool(_)
            | Node::Var(_)
            | Node::Prim(..)
            | Node::Index { .. }
            | Node::Size { .. }
            | Node::Lit { .. }
            | Node::Loop(_)
            | Node::Call { .. }
            | Node::Part { .. } => Label::Plain,
        }
    }

    /// Where the body of a loop is sure to make a step: the region from which it sees values.
    pub fn inner_region(&mut self, region: Region, node: Ex, step: usize) -> Region {
        let lens: Vec<Ex> = match self.graph.node(node) {
            Node::Build { over, .. } | Node::Accum { over, .. } => {
                self.graph.vars(over).skip(step).map(|b| self.graph.len_of(b)).collect()
            }
            Node::Loop(list) => self.graph.loop_parts(list).len.into_iter().collect(),
            _other => unreachable!("not a loop"),
        };
        let mut inner = region;
        for len in lens {
            match self.nonempty(inner, len) {
                Some(region) => inner = region,
                None => break,
            }
        }
        inner
    }

    /// The works of the scope that a work needs.
    pub fn needs(&mut self, works: &Works, number: usize, seen: &mut Seen) -> (Vec<u32>, Vec<u32>) {
        let region = works.region[number];
        let (node, step) = match works.work[number] {
            Work::Node(ex) => (ex, 0),
            Work::Action(action) | Work::Finish(action) => (action.node, action.step),
        };
        let mut stack = Vec::new();
        let mut found = Vec::new();
        let mut inner = region;
        while inner != ROOT {
            let (outer, cond, _) = self.regions().condition(inner);
            self.reached(cond, outer, true, &mut found, &mut stack);
            inner = outer;
        }
        if let Node::If { cond, then, els } = self.graph.node(node) {
            let inside = [true, false].map(|holds| self.regions().branch(region, cond, holds));
            for (ex, region) in [(cond, region), (then, inside[0]), (els, inside[1])] {
                self.reached(ex, region, true, &mut found, &mut stack);
            }
            found.sort_unstable();
            found.dedup();
            return (found, Vec::new());
        }
        let (bodies, outside) = self.split(node, step);
        if bodies.is_empty() && matches!(self.graph.node(node), Node::Accum { .. }) {
            self.addition_needs(works.work[number], region, &mut found);
        }
        for ex in outside {
            self.reached(ex, region, true, &mut found, &mut stack);
        }
        let mut beside = Vec::new();
        let mut inside: Vec<(Ex, usize, Vec<Ex>)> = self.filled(node, step);
        inside.push((node, step, bodies));
        for (node, step, bodies) in inside.into_iter().filter(|(_, _, bodies)| !bodies.is_empty()) {
            let path = self.inner_region(region, node, step);
            seen.start(self.graph);
            stack.extend(bodies);
            while let Some(ex) = stack.pop() {
                if !seen.insert(ex) {
                    continue;
                }
                match self.built_beside(works, number, ex) {
                    Some(work) => beside.push(work),
                    None => self.reached(ex, path, false, &mut found, &mut stack),
                }
            }
        }
        found.sort_unstable();
        beside.retain(|work| found.binary_search(work).is_err());
        found.extend(&beside);
        found.sort_unstable();
        found.dedup();
        (found, beside)
    }

    /// Adds the works that a guarded addition needs.
    fn addition_needs(&mut self, work: Work, mut region: Region, found: &mut Vec<u32>) {
        let (Work::Node(node) | Work::Finish(Action { node, .. })) = work else { return };
        let addition = self.addition(node);
        let mut stack = Vec::new();
        for &(cond, holds) in &addition.guards {
            // The region of an addition alone is inside of its conditions already.
            if let Work::Node(_) = work {
                self.reached(cond, region, true, found, &mut stack);
                region = self.regions().branch(region, cond, holds);
            }
        }
        if !addition.guards.is_empty() {
            for ex in addition.at.into_iter().chain([addition.value]) {
                self.reached(ex, region, true, found, &mut stack);
            }
        }
    }

    /// The work that builds an array, if this is an element of it at the very binders, and the work
    /// that reads it loops over the same.
    fn built_beside(&self, works: &Works, number: usize, ex: Ex) -> Option<u32> {
        let Node::Index { array, .. } = self.graph.node(ex) else { return None };
        self.element(ex)?;
        let home = self.here(array)?;
        let label = self.label(works.work[number]);
        let fits = label != Label::Plain
            && label == self.label(Work::Node(array))
            && home.region == works.region[number];
        fits.then_some(home.work)
    }

    /// The operands inside a loop, and those that are read in its region.
    pub fn split(&mut self, node: Ex, step: usize) -> (Vec<Ex>, Vec<Ex>) {
        let mut outside = Vec::new();
        match self.graph.node(node) {
            Node::Build { .. } | Node::Accum { .. } => {
                let (over, mut inner) = self.loop_of(node);
                if let (Node::Accum { init, .. }, 0) = (self.graph.node(node), step) {
                    self.init_operands(init, &mut outside);
                }
                for (k, &b) in over[step..].iter().enumerate() {
                    // The lengths of inner loops are read where an outer one makes a step.
                    let list = if k == 0 { &mut outside } else { &mut inner };
                    list.push(self.graph.len_of(b));
                }
                if matches!(self.graph.node(node), Node::Build { .. }) && step == 0 {
                    outside.extend(self.dims(&over));
                }
                let plain = self.addition(node).guards.is_empty();
                if over.len() == step {
                    if plain {
                        outside.append(&mut inner);
                    }
                    inner.clear();
                }
                (inner, outside)
            }
            Node::Loop(list) => {
                let parts = self.graph.loop_parts(list);
                parts.inits.iter().for_each(|&init| self.init_operands(init, &mut outside));
                outside.extend(parts.len);
                (parts.nexts.into_iter().chain(parts.cond).collect(), outside)
            }
            Node::Real(_)
            | Node::Int(_)
            | Node::Bool(_)
            | Node::Var(_)
            | Node::Prim(..)
            | Node::If { .. }
            | Node::Index { .. }
            | Node::Size { .. }
            | Node::Lit { .. }
            | Node::Call { .. }
            | Node::Part { .. } => {
                self.graph.operands(node, |operand| outside.push(operand));
                (Vec::new(), outside)
            }
        }
    }

    fn init_operands(&mut self, init: Ex, outside: &mut Vec<Ex>) {
        match self.constant_array(init) {
            Some((over, _)) => outside.extend(self.dims(&over)),
            None => outside.push(init),
        }
    }

    /// The arrays of equal elements that a loop makes to begin with, as loops over their element.
    fn filled(&self, node: Ex, step: usize) -> Vec<(Ex, usize, Vec<Ex>)> {
        let inits = match self.graph.node(node) {
            Node::Accum { init, .. } if step == 0 => vec![init],
            Node::Loop(list) => self.graph.loop_parts(list).inits,
            _no_inits => Vec::new(),
        };
        let element = |init: Ex| self.constant_array(init).map(|(_, body)| (init, 0, vec![body]));
        inits.into_iter().filter_map(element).collect()
    }

    /// Adds the works that compute `ex` for a use in `region`. If there are none, the use being in
    /// the body of a loop, goes on to what `ex` needs.
    fn reached(&self, ex: Ex, region: Region, direct: bool, found: &mut Vec<u32>, stack: &mut Vec<Ex>) {
        let ex = self.computed(ex);
        if self.is_leaf(ex) || self.visible(ex) {
            return;
        }
        let regions = &self.scopes.last().expect("a scope was entered").regions;
        let mut computed = false;
        if let Some(home) = self.here(ex) {
            for (&site, work) in regions.sites(home.region).iter().zip(home.work..) {
                if regions.reaches(site, region) {
                    found.push(work);
                    computed = true;
                }
            }
        }
        debug_assert!(
            computed || !direct || self.clash.is_some(),
            "{ex:?} {:?} is not computed where it is used",
            self.graph.node(ex)
        );
        if !computed {
            self.graph.operands(ex, |operand| stack.push(operand));
        }
    }
}

/// A set of nodes that is cheap to empty.
#[derive(Debug, Default)]
pub(super) struct Seen {
    stamps: Vec<u32>,
    stamp: u32,
}

impl Seen {
    pub fn start(&mut self, graph: &Graph) {
        self.stamp += 1;
        self.stamps.resize(self.stamps.len().max(graph.len()), 0);
    }

    pub fn insert(&mut self, ex: Ex) -> bool {
        std::mem::replace(&mut self.stamps[ex.0 as usize], self.stamp) != self.stamp
    }
}
