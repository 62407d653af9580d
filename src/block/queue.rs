//! A list scheduler for the works of one region.

use super::order::Entry;
use super::works::{Label, Works};
use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, HashMap};

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
pub(super) struct Queue<'a> {
    entries: &'a [Entry],
    labels: &'a [Label],
    /// For each entry, how many it waits for, and which wait for it.
    pending: Vec<u32>,
    users: Vec<Vec<u32>>,
    /// For each entry, those that it waits for but can share a loop with.
    beside: Vec<Vec<u32>>,
    /// Whether an entry has been put into the run at hand ahead of its turn.
    taken: Vec<bool>,
    plain: BinaryHeap<Reverse<u32>>,
    groups: HashMap<Label, Group>,
    whole: BinaryHeap<Reverse<u32>>,
    partial: BinaryHeap<Reverse<u32>>,
}

impl<'a> Queue<'a> {
    pub fn new(works: &Works, entries: &'a [Entry], labels: &'a [Label]) -> Self {
        let n = entries.len();
        let at: HashMap<u32, u32> = entries.iter().zip(0..).map(|(entry, k)| (entry.work, k)).collect();
        let mut queue = Queue {
            entries,
            labels,
            pending: vec![0; n],
            users: vec![Vec::new(); n],
            beside: vec![Vec::new(); n],
            taken: vec![false; n],
            plain: BinaryHeap::new(),
            groups: HashMap::new(),
            whole: BinaryHeap::new(),
            partial: BinaryHeap::new(),
        };
        for k in 0..n {
            let beside = &works.beside[entries[k].work as usize];
            queue.beside[k] = beside.iter().filter_map(|work| at.get(work).copied()).collect();
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
        if self.taken[k as usize] {
            return;
        }
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

    /// All works in order, those that share a label and come together as one run. Nothing if some wait for each
    /// other.
    pub fn runs(mut self) -> Option<Vec<(Label, Vec<Entry>)>> {
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
        (count == self.entries.len()).then_some(runs)
    }

    fn run(&mut self, label: Label) -> Vec<u32> {
        let mut run = Vec::new();
        let mut finished = 0;
        loop {
            let ready = std::mem::take(&mut self.groups.entry(label).or_default().ready);
            if ready.is_empty() {
                return run;
            }
            run.extend(ready);
            if matches!(label, Label::Loop(_)) {
                self.share(label, &mut run);
                run.iter().for_each(|&k| self.done(k));
                return run;
            }
            let start = std::mem::replace(&mut finished, run.len());
            run[start..].iter().for_each(|&k| self.done(k));
        }
    }

    /// Adds to a loop those that wait only for arrays that it builds, element by element.
    fn share(&mut self, label: Label, run: &mut Vec<u32>) {
        let mut met: HashMap<u32, u32> = HashMap::new();
        let mut next = 0;
        while let Some(&k) = run.get(next) {
            next += 1;
            for &user in &self.users[k as usize] {
                if self.labels[user as usize] != label || !self.beside[user as usize].contains(&k) {
                    continue;
                }
                let count = met.entry(user).or_insert(0);
                *count += 1;
                if *count == self.pending[user as usize] {
                    self.taken[user as usize] = true;
                    run.push(user);
                }
            }
        }
    }
}
