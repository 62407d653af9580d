//! Places: for each value that a stretch of code needs, the outermost region where its variables
//! exist, but no further out than the innermost branch that holds all its uses.
//!
//! Takes what is wanted of one scope (a function's body, or that of a loop); gives the values to
//! compute in it, each with its region. What stays inside the loops of the scope is placed when
//! their turn comes. Knows nothing of statements.

use super::region::{ROOT, Region, Regions};
use super::safety::Safety;
use super::works::Seen;
use crate::core::{Ex, Graph, Node, VarId};
use std::collections::{BinaryHeap, HashMap};

/// What the end of a scope does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Action {
    /// A `Build` or an `Accum`.
    pub node: Ex,
    /// How many of its binders are bound already: it loops over the rest and then stores.
    pub step: usize,
}

/// What is computed in a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Work {
    Node(Ex),
    /// A loop at the end of the scope.
    Action(Action),
    /// An addition to an array in the branch where it adds something.
    Finish(Action),
}

/// A use: where it is, and where it is if it must be sure to happen (then not at all, when that
/// depends on what the scope does not know).
#[derive(Debug, Clone, Copy)]
pub(super) struct Use {
    pub plain: Region,
    pub sure: Option<Region>,
}

impl Use {
    pub fn at(region: Region) -> Use {
        Use { plain: region, sure: Some(region) }
    }
}

/// What is known of a node while one scope is placed.
#[derive(Debug, Clone, Copy, Default)]
struct Note {
    /// The placing that this belongs to; what is older counts as nothing.
    stamp: u32,
    used: Option<(Region, Option<Region>)>,
    /// The uses have changed since they were passed on.
    dirty: bool,
    placed: bool,
    /// Its turn has come.
    passed: bool,
}

const NOWHERE: u32 = u32::MAX;

/// Where a node is computed: in the scopes around the present one, or in it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Home {
    pub scope: u32,
    pub region: Region,
    /// The number of its work in the order of the scope.
    pub work: u32,
    /// What the statements call it; given when they are made.
    pub slot: u32,
    /// In which of the places that its region stands for there are statements already.
    ready: u64,
}

/// Whether a scope binds a variable, given how many do.
pub(super) fn is_bound(bound: &HashMap<VarId, u32>, var: VarId) -> bool {
    bound.get(&var).is_some_and(|&count| count > 0)
}

const HOMELESS: Home = Home { scope: NOWHERE, region: ROOT, work: 0, slot: NOWHERE, ready: 0 };

/// A function's body or a loop's body while it is worked on.
#[derive(Debug)]
pub(super) struct Scope {
    pub regions: Regions,
    /// Where the scope inside this one stands that is worked on.
    pub path: Region,
    /// Homes to restore when this scope is left.
    undo: Vec<(Ex, Home)>,
    /// What it binds.
    pub vars: Vec<VarId>,
}

/// Tables over the nodes, which outlive a procedure: to make them anew for each would take time
/// that grows with all nodes there are.
#[derive(Debug, Default)]
pub(super) struct Tables {
    pub safety: Safety,
    pub seen: Seen,
    homes: Vec<Home>,
    notes: Vec<Note>,
    stamp: u32,
}

/// Places the values of nested scopes.
pub(super) struct Placer<'g> {
    pub graph: &'g mut Graph,
    pub tables: &'g mut Tables,
    pub scopes: Vec<Scope>,
    pub bound: HashMap<VarId, u32>,
    /// Nodes to look at out of turn.
    again: BinaryHeap<Ex>,
    placed: Vec<Ex>,
    /// Arrays that are being built around the present scope: their elements at the very binders are
    /// there as values.
    pub building: Vec<Ex>,
    /// A loop came to stand in one with the same binder, or works wait for each other: what was hoped of the
    /// places of loops does not hold.
    pub clash: bool,
    /// The loops that came to stand in one with the same binder, if that is what clashed.
    pub met: Vec<Ex>,
    /// Loops leave branches inside of loops where that costs no more.
    pub early: bool,
}

impl<'g> Placer<'g> {
    pub fn new(graph: &'g mut Graph, tables: &'g mut Tables, early: bool) -> Self {
        Placer {
            graph,
            tables,
            scopes: Vec::new(),
            bound: HashMap::new(),
            again: BinaryHeap::new(),
            placed: Vec::new(),
            building: Vec::new(),
            clash: false,
            met: Vec::new(),
            early,
        }
    }

    /// Enters a scope that binds these variables, those of these loops.
    pub fn enter(&mut self, vars: &[VarId], loops: &[Ex]) {
        for &var in vars {
            let count = self.bound.entry(var).or_insert(0);
            *count += 1;
            if *count > 1 && !self.clash {
                self.clash = true;
                self.met = loops.to_vec();
            }
        }
        self.scopes.push(Scope {
            regions: Regions::new(),
            path: ROOT,
            undo: Vec::new(),
            vars: vars.to_vec(),
        });
    }

    /// Leaves the innermost scope; what was computed in it is gone.
    pub fn leave(&mut self, vars: &[VarId]) {
        let scope = self.scopes.pop().expect("a scope was entered");
        for (ex, home) in scope.undo.into_iter().rev() {
            self.tables.homes[ex.0 as usize] = home;
        }
        for var in vars {
            *self.bound.get_mut(var).expect("bound on entry") -= 1;
        }
    }

    /// Leaves all scopes: the procedure is done.
    pub fn leave_all(&mut self) {
        while let Some(scope) = self.scopes.last() {
            let vars = scope.vars.clone();
            self.leave(&vars);
        }
    }

    fn scope(&mut self) -> &mut Scope {
        self.scopes.last_mut().expect("a scope was entered")
    }

    pub fn regions(&mut self) -> &mut Regions {
        &mut self.scope().regions
    }

    pub fn home(&self, ex: Ex) -> Option<&Home> {
        self.tables.homes.get(ex.0 as usize).filter(|home| home.scope != NOWHERE)
    }

    pub fn home_mut(&mut self, ex: Ex) -> &mut Home {
        &mut self.tables.homes[ex.0 as usize]
    }

    /// The home of a node in the present scope.
    pub fn here(&self, ex: Ex) -> Option<&Home> {
        self.home(ex).filter(|home| home.scope as usize + 1 == self.scopes.len())
    }

    /// Whether a scope around the present one has computed the node.
    pub fn visible(&self, ex: Ex) -> bool {
        let Some(home) = self.home(ex).filter(|home| home.scope as usize + 1 < self.scopes.len()) else {
            return false;
        };
        let scope = &self.scopes[home.scope as usize];
        let sites = scope.regions.sites(home.region).iter();
        // Of more places than fit, the last are never ready, see `set_ready`.
        sites
            .enumerate()
            .take(64)
            .any(|(k, &site)| home.ready >> k & 1 == 1 && scope.regions.reaches(site, scope.path))
    }

    /// Notes whether there are statements that compute a node of this scope in a region.
    pub fn set_ready(&mut self, ex: Ex, region: Region, ready: bool) {
        let home = self.tables.homes[ex.0 as usize];
        let sites = self.scope().regions.sites(home.region);
        // Of more places than fit, the last are taken for not ready: what they give is computed again.
        if let Some(k) = sites.iter().position(|&site| site == region).filter(|&k| k < 64) {
            let home = &mut self.tables.homes[ex.0 as usize];
            home.ready = home.ready & !(1 << k) | (ready as u64) << k;
        }
    }

    /// Whether the variables of a node exist in the present scope.
    pub fn available(&self, ex: Ex) -> bool {
        self.graph.free(ex).all(|var| is_bound(&self.bound, var))
    }

    /// What is computed for a node: the whole of which it is a part, or the value that an element
    /// of an array being built is.
    pub fn computed(&self, ex: Ex) -> Ex {
        let mut ex = ex;
        loop {
            ex = match self.graph.node(ex) {
                Node::Part { of, .. } => of,
                Node::Index { array, .. } if self.building.contains(&array) => match self.element(ex) {
                    Some(body) => body,
                    None => return ex,
                },
                _whole => return ex,
            };
        }
    }

    /// The value of an element of an array at the very binders that build it.
    pub fn element(&self, ex: Ex) -> Option<Ex> {
        let Node::Index { array, at } = self.graph.node(ex) else { return None };
        let Node::Build { over, body } = self.graph.node(array) else { return None };
        let same =
            self.graph.vars(over).zip(self.graph.exs(at)).all(|(b, e)| self.graph.node(e) == Node::Var(b));
        same.then_some(body)
    }

    /// Whether a node needs no place: a number or a variable.
    pub fn is_leaf(&self, ex: Ex) -> bool {
        matches!(self.graph.node(ex), Node::Real(_) | Node::Int(_) | Node::Bool(_) | Node::Var(_))
    }

    /// The region of the body of a loop of this length in a region: where the loop makes a step.
    /// Nothing when the length is not known in the scope, or is zero.
    pub fn nonempty(&mut self, region: Region, len: Ex) -> Option<Region> {
        if !self.available(len) {
            return None;
        }
        let zero = self.graph.int(0);
        let cond = self.graph.lt(zero, len);
        match self.graph.as_bool(cond) {
            Some(true) => return Some(region),
            Some(false) => return None,
            None => {}
        }
        Some(self.regions().branch(region, cond, true))
    }

    /// An array of equal elements: its binders and the element. It is made where it is wanted.
    pub fn constant_array(&self, ex: Ex) -> Option<(Vec<VarId>, Ex)> {
        let Node::Build { over, body } = self.graph.node(ex) else { return None };
        let over: Vec<VarId> = self.graph.vars(over).collect();
        (!self.graph.depends_on_any(body, &over)).then_some((over, body))
    }

    /// Places what the present scope needs for these values, each wanted in its region, and for
    /// these actions at its end. Gives the nodes to compute, in arena order.
    pub fn place(&mut self, values: &[(Ex, Region)], actions: &[Action]) -> Vec<Ex> {
        self.tables.stamp += 1;
        self.placed.clear();
        let reach = self.reach(values, actions);
        for &(ex, region) in values {
            self.need(ex, Use::at(region));
        }
        for &action in actions {
            self.need_action(action);
        }
        for &ex in reach.iter().rev() {
            while self.again.peek().is_some_and(|&top| top > ex) {
                let top = self.again.pop().expect("just seen");
                self.settle(top);
            }
            self.settle(ex);
        }
        while let Some(top) = self.again.pop() {
            self.settle(top);
        }
        let mut placed = std::mem::take(&mut self.placed);
        placed.sort_unstable();
        placed
    }

    fn note(&mut self, ex: Ex) -> &mut Note {
        if self.tables.notes.len() <= ex.0 as usize {
            self.tables.notes.resize(self.graph.len().max(ex.0 as usize + 1), Note::default());
        }
        let Tables { notes, stamp, .. } = &mut *self.tables;
        let note = &mut notes[ex.0 as usize];
        if note.stamp != *stamp {
            *note = Note { stamp: *stamp, ..Note::default() };
            // Not met in the walk: made since.
            self.again.push(ex);
        }
        note
    }

    /// The nodes that may have to be computed, operands first.
    fn reach(&mut self, values: &[(Ex, Region)], actions: &[Action]) -> Vec<Ex> {
        self.tables.notes.resize(self.graph.len().max(self.tables.notes.len()), Note::default());
        let mut stack: Vec<Ex> = values.iter().map(|&(ex, _)| ex).collect();
        for action in actions {
            self.graph.operands(action.node, |operand| stack.push(operand));
        }
        let mut found = Vec::new();
        while let Some(ex) = stack.pop() {
            let ex = self.computed(ex);
            if self.tables.notes[ex.0 as usize].stamp == self.tables.stamp
                || self.is_leaf(ex)
                || self.visible(ex)
            {
                continue;
            }
            self.tables.notes[ex.0 as usize] = Note { stamp: self.tables.stamp, ..Note::default() };
            found.push(ex);
            self.graph.operands(ex, |operand| stack.push(operand));
        }
        found.sort_unstable();
        found
    }

    /// Adds a use of a node.
    pub fn need(&mut self, ex: Ex, at: Use) {
        let ex = self.computed(ex);
        if self.is_leaf(ex) || self.visible(ex) {
            return;
        }
        let mark = self.tables.safety.mark(self.graph, ex);
        let old = self.note(ex).used;
        let new = match old {
            None => (at.plain, at.sure),
            Some((plain, sure)) => {
                let joined = self.join(plain, at.plain, mark.stays());
                let sure = match (sure, at.sure) {
                    _ if !mark.faults && !mark.hopes => Some(joined),
                    (Some(a), Some(b)) if (a, b) == (plain, at.plain) => Some(joined),
                    (Some(a), Some(b)) => Some(self.join(a, b, true)),
                    (one, other) => one.or(other),
                };
                (joined, sure)
            }
        };
        let note = self.note(ex);
        if old != Some(new) {
            (note.used, note.dirty) = (Some(new), true);
            if note.passed {
                self.again.push(ex);
            }
        }
    }

    /// Gives a node its home, if it is computed in this scope, and passes its uses on.
    fn settle(&mut self, ex: Ex) {
        let note = self.note(ex);
        note.passed = true;
        let (Some((plain, sure)), true) = (note.used, note.dirty) else { return };
        note.dirty = false;
        if !self.available(ex) {
            return self.pass_through(ex, plain, sure);
        }
        let faults = self.tables.safety.mark(self.graph, ex).faults;
        let Some(region) = (if faults { sure } else { Some(plain) }) else { return };
        if !std::mem::replace(&mut self.note(ex).placed, true) {
            self.placed.push(ex);
        }
        self.settle_at(ex, region);
        for site in self.regions().sites(region).to_vec() {
            self.enliven(site);
            self.pass_on(ex, Use::at(site), true);
        }
    }

    /// Passes on the uses of a node that is computed inside a loop.
    fn pass_through(&mut self, ex: Ex, plain: Region, sure: Option<Region>) {
        let sites = self.regions().sites(plain).to_vec();
        let sure_sites = sure.map_or(Vec::new(), |sure| self.regions().sites(sure).to_vec());
        if let ([plain], [] | [_]) = (&sites[..], &sure_sites[..]) {
            return self.pass_on(ex, Use { plain: *plain, sure: sure_sites.first().copied() }, false);
        }
        for plain in sites {
            self.pass_on(ex, Use { plain, sure: None }, false);
        }
        for sure in sure_sites {
            self.pass_on(ex, Use::at(sure), false);
        }
    }

    fn settle_at(&mut self, ex: Ex, region: Region) {
        if self.tables.homes.len() <= ex.0 as usize {
            self.tables.homes.resize(self.graph.len().max(ex.0 as usize + 1), HOMELESS);
        }
        let scope = self.scopes.len() as u32 - 1;
        let old = self.tables.homes[ex.0 as usize];
        if old.scope != scope {
            self.scope().undo.push((ex, old));
        }
        self.tables.homes[ex.0 as usize] = Home { scope, region, work: 0, slot: NOWHERE, ready: 0 };
    }

    /// The conditions that lead to a region are needed too.
    fn enliven(&mut self, mut region: Region) {
        while self.regions().enliven(region) {
            let (parent, cond, _) = self.regions().condition(region);
            self.need(cond, Use::at(parent));
            region = parent;
        }
    }
}
