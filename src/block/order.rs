//! Order: the values of a scope, one after another, with those of one branch together where their
//! dependencies allow it, and loops over one binder that do not depend on each other as one.
//!
//! Takes placed nodes and the actions at the scope's end; gives items in order. Knows nothing of
//! statements.

use super::place::{Action, Clash, Placer, Work};
use super::queue::Queue;
use super::region::{ROOT, Region};
use super::works::{Label, Works};
use crate::core::{Ex, VarId};

/// What to do next in a scope.
#[derive(Debug, PartialEq)]
pub(super) enum Item {
    /// A value; `again` if other regions of the scope, or other steps of it, may have computed it.
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
    /// What a sum adds to its array, in the branch where it does.
    Add(Ex),
    /// Loops over one range, made together; `path` is the region where they make a step.
    Loops {
        binder: VarId,
        members: Vec<Action>,
        path: Region,
    },
}

/// A work in a region; `set` is the branch when it is only the choice's value that is set there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub work: u32,
    set: Option<bool>,
}

impl Placer<'_> {
    /// The placed nodes and the actions of the present scope in an order in which all come after
    /// what they need; `values` are wanted at the end.
    pub fn order(&mut self, placed: &[Ex], values: &[Ex], actions: &[Action]) -> Vec<Item> {
        let ends: Vec<Work> = actions.iter().filter_map(|&action| self.end(action)).collect();
        let simple = |&ex: &Ex| {
            let root = self.home(ex).is_some_and(|home| home.region == ROOT);
            root && self.is_plain(ex) && !self.continues(ex)
        };
        if ends.is_empty() && placed.iter().all(simple) {
            return placed.iter().map(|&ex| Item::Compute { ex, region: ROOT, again: false }).collect();
        }
        let mut works = self.works(placed, ends);
        let wanted = self.wanted(values, actions);
        self.join_sums(&mut works, &wanted);
        self.read_first(&mut works, &wanted);
        let entries = (0..works.work.len() as u32).filter(|&work| !works.joined[work as usize]);
        let entries = entries.map(|work| Entry { work, set: None }).collect();
        self.schedule(&works, ROOT, entries, false)
    }

    /// The placed nodes and the loops at the scope's end, with what each needs.
    fn works(&mut self, placed: &[Ex], ends: Vec<Work>) -> Works {
        let mut works = Works::default();
        for &ex in placed {
            self.home_mut(ex).work = works.work.len() as u32;
            let home = self.home(ex).expect("it was placed").region;
            for &site in self.scopes.last().expect("a scope was entered").regions.sites(home) {
                works.work.push(Work::Node(ex));
                works.region.push(site);
            }
        }
        for work in ends {
            let mut region = ROOT;
            if let Work::Finish(action) = work {
                for (cond, holds) in self.addition(action.node).guards {
                    region = self.regions().branch(region, cond, holds);
                }
            }
            works.work.push(work);
            works.region.push(region);
        }
        works.before.resize(works.work.len(), None);
        works.joined.resize(works.work.len(), false);
        let mut seen = std::mem::take(&mut self.tables.seen);
        for number in 0..works.work.len() {
            let (needs, beside) = self.needs(&works, number, &mut seen);
            works.needs.push(needs);
            works.beside.push(beside);
        }
        self.tables.seen = seen;
        works
    }

    /// The work that an action at the end of the scope is, unless it comes last of all.
    pub fn end(&self, action: Action) -> Option<Work> {
        if action.step < self.loop_of(action.node).0.len() {
            return Some(Work::Action(action));
        }
        (!self.addition(action.node).guards.is_empty()).then_some(Work::Finish(action))
    }

    /// What is read at the end of the scope.
    fn wanted(&self, values: &[Ex], actions: &[Action]) -> Vec<Ex> {
        let mut wanted = values.to_vec();
        for action in actions {
            let (over, inner) = self.loop_of(action.node);
            if over.len() == action.step && self.end(*action).is_none() {
                wanted.extend(inner);
            }
        }
        wanted
    }

    /// The entries as items, `sorted` if they come after what they need already.
    fn schedule(&mut self, works: &Works, region: Region, entries: Vec<Entry>, sorted: bool) -> Vec<Item> {
        let labels: Vec<Label> = entries.iter().map(|&entry| self.label_in(works, region, entry)).collect();
        let runs = if sorted && labels.iter().all(|&label| label == Label::Plain) {
            entries.into_iter().map(|entry| (Label::Plain, vec![entry])).collect()
        } else {
            let runs = Queue::new(works, &entries, &labels).runs();
            if runs.is_none() {
                self.clash.get_or_insert(Clash::Order);
            }
            runs.unwrap_or_default()
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
                    (Work::Node(ex), None) => Item::Compute { ex, region, again: self.is_lazy(ex) },
                    (Work::Finish(action), _) => Item::Add(action.node),
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
                    self.schedule(works, inside, side, true)
                });
                let [then, els] = &mut sides;
                Item::If { cond, then: std::mem::take(then), els: std::mem::take(els) }
            }
            Label::Loop(binder) => {
                let mut members: Vec<Action> = Vec::new();
                for entry in &run {
                    let start = members.len();
                    let mut next = Some(entry.work);
                    while let Some(work) = next {
                        members.push(match works.work[work as usize] {
                            Work::Node(node) => Action { node, step: 0 },
                            Work::Action(action) | Work::Finish(action) => action,
                        });
                        next = works.before[work as usize];
                    }
                    // Sums that continue each other, the first one first.
                    members[start..].reverse();
                }
                let paths =
                    members.iter().map(|m| self.inner_region(region, m.node, m.step)).collect::<Vec<_>>();
                let path = paths.into_iter().reduce(|a, b| self.regions().meet(a, b)).unwrap_or(region);
                Item::Loops { binder, members, path }
            }
        }
    }
}
