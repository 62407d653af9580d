//! Order: the values of a scope, one after another, with those of one branch together where their
//! dependencies allow it, and loops over one binder that do not depend on each other as one.
//!
//! Takes placed nodes and the actions at the scope's end; gives items in order. Knows nothing of
//! statements.

use super::place::{Action, Placer, Work};
use super::region::{ROOT, Region};
use crate::core::{Ex, Graph, Node, VarId};
use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, HashMap};

/// What to do next in a scope.
#[derive(Debug, PartialEq)]
pub(super) enum Item {
    /// A value; `again` if other regions of the scope compute it too.
    Compute {
        ex: Ex,
        region: Region,
        again: bool,
    },
    /// The value of a choice in the branch where its condition has this value.
    Set {
        choice: Ex,
        region: Region,
        holds: bool,
    },
    If {
        cond: Ex,
        then: Vec<Item>,
        els: Vec<Item>,
    },
    /// Loops over one range, made together; `path` is the region where they make a step.
    Loops {
        binder: VarId,
        members: Vec<Action>,
        path: Region,
    },
}

/// What several works of a region can share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Label {
    Plain,
    If(Ex),
    Loop(VarId),
}

/// A work in a region; `set` is the branch when it is only the choice's value that is set there.
#[derive(Debug, Clone, Copy)]
struct Entry {
    work: u32,
    set: Option<bool>,
}

/// The works of a scope and what each waits for.
struct Works {
    work: Vec<Work>,
    region: Vec<Region>,
    /// The earlier works that each needs.
    needs: Vec<Vec<u32>>,
}

impl Placer<'_> {
    /// The placed nodes and the actions of the present scope in an order in which all come after
    /// what they need.
    pub fn order(&mut self, placed: &[Ex], actions: &[Action]) -> Vec<Item> {
        let loops = actions.iter().copied().filter(|a| a.step < self.loop_of(a.node).0.len());
        let loops: Vec<Work> = loops.map(Work::Action).collect();
        let simple = |&ex: &Ex| self.home(ex).is_some_and(|home| home.region == ROOT) && self.is_plain(ex);
        if loops.is_empty() && placed.iter().all(simple) {
            return placed.iter().map(|&ex| Item::Compute { ex, region: ROOT, again: false }).collect();
        }
        let mut works = Works { work: Vec::new(), region: Vec::new(), needs: Vec::new() };
        for &ex in placed {
            self.home_mut(ex).work = works.work.len() as u32;
            let home = self.home(ex).expect("it was placed").region;
            for &site in self.scopes.last().expect("a scope was entered").regions.sites(home) {
                works.work.push(Work::Node(ex));
                works.region.push(site);
            }
        }
        works.region.resize(works.work.len() + loops.len(), ROOT);
        works.work.extend(loops);
        let mut seen = Seen::default();
        for number in 0..works.work.len() {
            let needs = self.needs(&works, number, &mut seen);
            works.needs.push(needs);
        }
        let entries = (0..works.work.len() as u32).map(|work| Entry { work, set: None }).collect();
        self.schedule(&works, ROOT, entries)
    }

    fn is_plain(&self, ex: Ex) -> bool {
        self.label(Work::Node(ex)) == Label::Plain
    }

    /// Whether a value of this scope is computed in several regions.
    fn is_repeated(&self, ex: Ex) -> bool {
        let regions = &self.scopes.last().expect("a scope was entered").regions;
        self.here(ex).is_some_and(|home| regions.sites(home.region).len() > 1)
    }

    /// What a work of its own region can share with others.
    fn label(&self, work: Work) -> Label {
        let (node, step) = match work {
            Work::Node(ex) => (ex, 0),
            Work::Action(action) => (action.node, action.step),
        };
        match self.graph.node(node) {
            Node::If { cond, .. } => Label::If(cond),
            Node::Build { .. } | Node::Accum { .. } if step == 0 && self.is_repeated(node) => Label::Plain,
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
    fn needs(&mut self, works: &Works, number: usize, seen: &mut Seen) -> Vec<u32> {
        let region = works.region[number];
        let (node, step) = match works.work[number] {
            Work::Node(ex) => (ex, 0),
            Work::Action(action) => (action.node, action.step),
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
            return found;
        }
        let (bodies, outside) = self.split(node, step);
        for ex in outside {
            self.reached(ex, region, true, &mut found, &mut stack);
        }
        let mut inside: Vec<(Ex, usize, Vec<Ex>)> = self.filled(node, step);
        inside.push((node, step, bodies));
        for (node, step, bodies) in inside.into_iter().filter(|(_, _, bodies)| !bodies.is_empty()) {
            let path = self.inner_region(region, node, step);
            seen.start(self.graph);
            stack.extend(bodies);
            while let Some(ex) = stack.pop() {
                if seen.insert(ex) {
                    self.reached(ex, path, false, &mut found, &mut stack);
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The operands inside a loop, and those that are read in its region.
    fn split(&self, node: Ex, step: usize) -> (Vec<Ex>, Vec<Ex>) {
        let mut outside = Vec::new();
        match self.graph.node(node) {
            Node::Build { .. } | Node::Accum { .. } => {
                let (over, mut inner) = self.loop_of(node);
                if let (Node::Accum { init, .. }, 0) = (self.graph.node(node), step) {
                    self.init_operands(init, &mut outside);
                }
                let built = matches!(self.graph.node(node), Node::Build { .. }) && step == 0;
                for (k, &b) in over[step..].iter().enumerate() {
                    // The lengths of inner loops are read where an outer one makes a step.
                    let list = if k == 0 || built { &mut outside } else { &mut inner };
                    list.push(self.graph.len_of(b));
                }
                if over.len() == step {
                    outside.append(&mut inner);
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

    fn init_operands(&self, init: Ex, outside: &mut Vec<Ex>) {
        match self.constant_array(init) {
            Some((over, _)) => outside.extend(over.iter().map(|&b| self.graph.len_of(b))),
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
        let ex = match self.graph.node(ex) {
            Node::Part { of, .. } => of,
            _whole => ex,
        };
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
        debug_assert!(computed || !direct, "{ex:?} is not computed where it is used");
        if !computed {
            self.graph.operands(ex, |operand| stack.push(operand));
        }
    }

    fn schedule(&mut self, works: &Works, region: Region, entries: Vec<Entry>) -> Vec<Item> {
        let labels: Vec<Label> = entries.iter().map(|&entry| self.label_in(works, region, entry)).collect();
        let runs = if labels.iter().all(|&label| label == Label::Plain) {
            entries.into_iter().map(|entry| (Label::Plain, vec![entry])).collect()
        } else {
            Queue::new(works, &entries, &labels).runs()
        };
        runs.into_iter().map(|(label, run)| self.item(works, region, label, run)).collect()
    }

    fn label_in(&mut self, works: &Works, region: Region, entry: Entry) -> Label {
        let own = works.region[entry.work as usize];
        if entry.set.is_some() {
            Label::Plain
        } else if own == region {
            self.label(works.work[entry.work as usize])
        } else {
            let child = self.regions().step(region, own);
            Label::If(self.regions().condition(child).1)
        }
    }

    fn item(&mut self, works: &Works, region: Region, label: Label, run: Vec<Entry>) -> Item {
        match label {
            Label::Plain => {
                let region = works.region[run[0].work as usize];
                match (works.work[run[0].work as usize], run[0].set) {
                    (Work::Node(choice), Some(holds)) => Item::Set { choice, region, holds },
                    (Work::Node(ex), None) => Item::Compute { ex, region, again: self.is_repeated(ex) },
                    (Work::Action(_), _) => unreachable!("an action that loops has a label"),
                }
            }
            Label::If(cond) => {
                let mut sides = [true, false].map(|holds| {
                    let inside = self.regions().branch(region, cond, holds);
                    let mut side = Vec::new();
                    for entry in &run {
                        let own = works.region[entry.work as usize];
                        if own == region {
                            side.push(Entry { set: Some(holds), ..*entry });
                        } else if inside != region && self.regions().covers(inside, own) {
                            side.push(*entry);
                        }
                    }
                    self.schedule(works, inside, side)
                });
                let [then, els] = &mut sides;
                Item::If { cond, then: std::mem::take(then), els: std::mem::take(els) }
            }
            Label::Loop(binder) => {
                let members: Vec<Action> = run
                    .iter()
                    .map(|entry| match works.work[entry.work as usize] {
                        Work::Node(node) => Action { node, step: 0 },
                        Work::Action(action) => action,
                    })
                    .collect();
                let paths =
                    members.iter().map(|m| self.inner_region(region, m.node, m.step)).collect::<Vec<_>>();
                let path = paths.into_iter().reduce(|a, b| self.regions().meet(a, b)).unwrap_or(region);
                Item::Loops { binder, members, path }
            }
        }
    }
}

/// A set of nodes that is cheap to empty.
#[derive(Default)]
struct Seen {
    stamps: Vec<u32>,
    stamp: u32,
}

impl Seen {
    fn start(&mut self, graph: &Graph) {
        self.stamp += 1;
        self.stamps.resize(self.stamps.len().max(graph.len()), 0);
    }

    fn insert(&mut self, ex: Ex) -> bool {
        std::mem::replace(&mut self.stamps[ex.0 as usize], self.stamp) != self.stamp
    }
}

/// The works under one label that wait together.
#[derive(Debug, Default)]
struct Group {
    /// Those that need nothing more.
    ready: BTreeSet<u32>,
    /// How often one of them needs a work that is still to come: of another label, for branches;
    /// any, for loops, which cannot be one loop if one needs another.
    waits: u32,
}

/// A list scheduler for one region: what stands alone comes as soon as it can; what shares a label
/// comes when nothing else can, by preference when all of the label is ready.
struct Queue<'a> {
    entries: &'a [Entry],
    labels: &'a [Label],
    /// For each entry, how many it waits for, and which wait for it.
    pending: Vec<u32>,
    users: Vec<Vec<u32>>,
    plain: BinaryHeap<Reverse<u32>>,
    groups: HashMap<Label, Group>,
    whole: BinaryHeap<Reverse<u32>>,
    partial: BinaryHeap<Reverse<u32>>,
}

impl<'a> Queue<'a> {
    fn new(works: &Works, entries: &'a [Entry], labels: &'a [Label]) -> Self {
        let n = entries.len();
        let at: HashMap<u32, u32> = entries.iter().zip(0..).map(|(entry, k)| (entry.work, k)).collect();
        let mut queue = Queue {
            entries,
            labels,
            pending: vec![0; n],
            users: vec![Vec::new(); n],
            plain: BinaryHeap::new(),
            groups: HashMap::new(),
            whole: BinaryHeap::new(),
            partial: BinaryHeap::new(),
        };
        for k in 0..n {
            for need in &works.needs[entries[k].work as usize] {
                if let Some(&before) = at.get(need) {
                    queue.pending[k] += 1;
                    queue.users[before as usize].push(k as u32);
                    if queue.holds_up(before as usize, k) {
                        queue.groups.entry(labels[k]).or_default().waits += 1;
                    }
                }
            }
        }
        for k in 0..n as u32 {
            if queue.pending[k as usize] == 0 {
                queue.ready(k);
            }
        }
        queue
    }

    /// Whether the group of `after` has to wait for `before`.
    fn holds_up(&self, before: usize, after: usize) -> bool {
        match self.labels[after] {
            Label::Plain => false,
            Label::If(_) => self.labels[before] != self.labels[after],
            Label::Loop(_) => true,
        }
    }

    fn ready(&mut self, k: u32) {
        let label = self.labels[k as usize];
        if label == Label::Plain {
            self.plain.push(Reverse(k));
        } else {
            self.groups.entry(label).or_default().ready.insert(k);
            self.offer(label);
        }
    }

    /// Puts a group forward that has something ready.
    fn offer(&mut self, label: Label) {
        let group = &self.groups[&label];
        if let Some(&first) = group.ready.first() {
            let heap = if group.waits == 0 { &mut self.whole } else { &mut self.partial };
            heap.push(Reverse(first));
        }
    }

    /// Notes that a work is done.
    fn done(&mut self, k: u32) {
        for user in std::mem::take(&mut self.users[k as usize]) {
            let label = self.labels[user as usize];
            if self.holds_up(k as usize, user as usize) {
                let group = self.groups.entry(label).or_default();
                group.waits -= 1;
                if group.waits == 0 {
                    self.offer(label);
                }
            }
            self.pending[user as usize] -= 1;
            if self.pending[user as usize] == 0 {
                self.ready(user);
            }
        }
    }

    /// All works in order, those that share a label and come together as one run.
    fn runs(mut self) -> Vec<(Label, Vec<Entry>)> {
        let mut runs = Vec::new();
        let mut count = 0;
        loop {
            while let Some(Reverse(k)) = self.plain.pop() {
                runs.push((Label::Plain, vec![self.entries[k as usize]]));
                count += 1;
                self.done(k);
            }
            let Some(Reverse(first)) = self.whole.pop().or_else(|| self.partial.pop()) else { break };
            let label = self.labels[first as usize];
            if !self.groups[&label].ready.contains(&first) {
                continue;
            }
            let run = self.run(label);
            count += run.len();
            runs.push((label, run.into_iter().map(|k| self.entries[k as usize]).collect()));
        }
        assert_eq!(count, self.entries.len(), "the works of a scope wait for each other");
        runs
    }

    fn run(&mut self, label: Label) -> Vec<u32> {
        let mut run = Vec::new();
        loop {
            let ready = std::mem::take(&mut self.groups.entry(label).or_default().ready);
            if ready.is_empty() {
                return run;
            }
            run.extend(ready.iter().copied());
            ready.iter().for_each(|&k| self.done(k));
            if matches!(label, Label::Loop(_)) {
                return run;
            }
        }
    }
}
