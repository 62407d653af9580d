//! Arrays that go on from others: sums over one range that continue each other become one work, and
//! what reads an array comes before the sum or loop that could go on in its place.
//!
//! Takes the works of a scope; changes what they need. Knows nothing of statements.

use super::place::{Placer, Work};
use super::works::{Label, Seen, Works};
use crate::core::{Ex, Node, VarKind};

/// Scopes with more pairs to look at are left as they are.
const MOST: usize = 1 << 22;

impl Placer<'_> {
    /// Whether a node goes on from an array that may be changed in its place.
    pub fn continues(&self, ex: Ex) -> bool {
        self.continued(ex).next().is_some()
    }

    /// The arrays that a node goes on from and that it could change: those of this scope.
    fn continued(&self, ex: Ex) -> impl Iterator<Item = Ex> + '_ {
        let inits = match self.graph.node(ex) {
            Node::Accum { init, .. } => vec![init],
            Node::Loop(list) => self.graph.loop_parts(list).inits,
            _no_inits => Vec::new(),
        };
        inits.into_iter().filter(|&init| {
            self.graph.ty(init).is_array() && self.constant_array(init).is_none() && self.is_own(init)
        })
    }

    /// Whether an array belongs to this scope.
    fn is_own(&self, array: Ex) -> bool {
        match self.graph.node(array) {
            Node::Var(var) => match self.graph.var(var).kind {
                VarKind::State { .. } => self.scopes.last().is_some_and(|scope| scope.vars.contains(&var)),
                VarKind::Param | VarKind::Index { .. } | VarKind::Step => false,
            },
            Node::Part { of, .. } => self.here(of).is_some(),
            _computed => self.here(array).is_some(),
        }
    }

    /// Joins sums that continue each other, when all that is read of the first is the second's
    /// beginning; `wanted` is read at the end of the scope.
    pub fn join_sums(&mut self, works: &mut Works, wanted: &[Ex]) {
        let mut uses = vec![0u32; works.work.len()];
        works.needs.iter().flatten().for_each(|&need| uses[need as usize] += 1);
        for &ex in wanted {
            if let Some(home) = self.here(ex) {
                uses[home.work as usize] += 1;
            }
        }
        let mut seen = std::mem::take(&mut self.tables.seen);
        for number in 0..works.work.len() {
            let Work::Node(ex) = works.work[number] else { continue };
            let Node::Accum { op, init, .. } = self.graph.node(ex) else { continue };
            let Node::Accum { op: first_op, .. } = self.graph.node(init) else { continue };
            let Some(first) = self.here(init).map(|home| home.work) else { continue };
            let label = self.label(works.work[number]);
            let fits = op == first_op
                && uses[first as usize] == 1
                && label != Label::Plain
                && self.label(Work::Node(init)) == label
                && works.region[first as usize] == works.region[number]
                && !self.reads_inside(ex, init, &mut seen);
            if !fits {
                continue;
            }
            works.before[number] = Some(first);
            works.joined[first as usize] = true;
            let mut needs = std::mem::take(&mut works.needs[number]);
            needs.retain(|&need| need != first);
            let beside = [number, first as usize].map(|work| works.beside[work].clone());
            let plainly = |work: usize, need: &u32| {
                works.needs[work].contains(need) && !works.beside[work].contains(need)
            };
            let mut both = beside.concat();
            both.retain(|need| !needs.contains(need) || works.beside[number].contains(need));
            both.retain(|need| !plainly(first as usize, need));
            works.beside[number] = both;
            needs.extend(&works.needs[first as usize]);
            needs.sort_unstable();
            needs.dedup();
            works.needs[number] = needs;
        }
        self.tables.seen = seen;
    }

    /// Whether the body of a sum or a loop reads an array.
    fn reads_inside(&mut self, sum: Ex, array: Ex, seen: &mut Seen) -> bool {
        seen.start(self.graph);
        let mut stack = self.split(sum, 0).0;
        while let Some(ex) = stack.pop() {
            if ex == array {
                return true;
            }
            if seen.insert(ex) && !self.is_leaf(ex) && !self.visible(ex) && ex.0 > array.0 {
                self.graph.operands(ex, |operand| stack.push(operand));
            }
        }
        false
    }

    /// Puts what reads an array before the work that could go on in its place, where nothing
    /// speaks against it.
    pub fn read_first(&mut self, works: &mut Works, wanted: &[Ex]) {
        let mut going_on: Vec<(u32, Ex)> = Vec::new();
        for (number, work) in works.work.iter().enumerate() {
            if let Work::Node(ex) = *work
                && works.before[number].is_none()
            {
                going_on
                    .extend(self.continued(ex).filter(|a| !wanted.contains(a)).map(|a| (number as u32, a)));
            }
        }
        if going_on.is_empty() || going_on.len() * works.work.len() > MOST {
            return;
        }
        let mut arrays: Vec<Ex> = going_on.iter().map(|&(_, array)| array).collect();
        arrays.sort_unstable();
        arrays.dedup();
        let mut seen = std::mem::take(&mut self.tables.seen);
        let readers: Vec<Vec<Ex>> =
            (0..works.work.len()).map(|number| self.read_of(works, number, &arrays, &mut seen)).collect();
        for (number, array) in going_on {
            let Work::Node(node) = works.work[number as usize] else { continue };
            if self.reads_inside(node, array, &mut seen) {
                continue;
            }
            for (reader, read) in readers.iter().enumerate() {
                let other = reader as u32 != number && !works.joined[reader];
                if other && read.contains(&array) && !depends(works, reader as u32, number) {
                    works.needs[number as usize].push(reader as u32);
                }
            }
        }
        self.tables.seen = seen;
    }

    /// Which of these arrays a work reads.
    fn read_of(&self, works: &Works, number: usize, arrays: &[Ex], seen: &mut Seen) -> Vec<Ex> {
        let mut found = Vec::new();
        let mut stack = Vec::new();
        let mut next = Some(number as u32);
        while let Some(part) = next {
            let node = match works.work[part as usize] {
                Work::Node(ex) => ex,
                Work::Action(action) | Work::Finish(action) => action.node,
            };
            self.graph.operands(node, |operand| stack.push(operand));
            next = works.before[part as usize];
        }
        seen.start(self.graph);
        while let Some(ex) = stack.pop() {
            if !seen.insert(ex) {
                continue;
            }
            if arrays.binary_search(&ex).is_ok() {
                found.push(ex);
            }
            if !self.is_leaf(ex) && !self.visible(ex) && self.here(ex).is_none() {
                self.graph.operands(ex, |operand| stack.push(operand));
            }
        }
        found
    }
}

/// Whether a work needs another, directly or not.
fn depends(works: &Works, work: u32, on: u32) -> bool {
    let mut seen = vec![false; works.work.len()];
    let mut stack = vec![work];
    while let Some(next) = stack.pop() {
        if next == on {
            return true;
        }
        if !std::mem::replace(&mut seen[next as usize], true) {
            stack.extend(&works.needs[next as usize]);
        }
    }
    false
}
