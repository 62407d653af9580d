//! The steps of a run as rows: of loops the first two rounds and the last, of recursion the first two
//! calls and the deepest.

use super::lesson::{Row, RowKind};
use super::machine::Machine;
use super::names::Names;
use super::tape::{Call, Item, Loop, StepId};
use std::collections::HashSet;

/// What a listing shows of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Show {
    /// `v1 = x*y`
    Definition,
    /// With its value and its pullback.
    Forward,
}

/// The rows of a tape, and which steps are among them.
pub struct Listing {
    pub rows: Vec<Row>,
    pub visible: Vec<bool>,
}

/// Writes rows.
struct Lister<'m, 'a> {
    machine: &'m mut Machine<'a>,
    names: &'m Names,
    show: Show,
    listing: Listing,
    /// How deep the recursion goes below the call at hand.
    deepest: usize,
    /// The choices of which it was said what they mean.
    choices: HashSet<(u32, u32)>,
}

/// Lists all steps of a run.
pub fn list(machine: &mut Machine, names: &Names, show: Show) -> Listing {
    let items = std::mem::take(&mut machine.tape.items);
    let visible = vec![false; machine.tape.steps.len()];
    let listing = Listing { rows: Vec::new(), visible };
    let mut lister = Lister { machine, names, show, listing, deepest: 0, choices: HashSet::new() };
    lister.items(&items, 0);
    let mut listing = lister.listing;
    for (input, _) in &machine.tape.inputs {
        listing.visible[*input] = true;
    }
    machine.tape.items = items;
    listing
}

impl Lister<'_, '_> {
    fn items(&mut self, items: &[Item], depth: usize) {
        for item in items {
            match item {
                Item::Step(step) => self.step(*step, depth),
                Item::Choice(choice) => {
                    let again = !self.choices.insert((choice.whole, choice.cond));
                    let text = match self.show {
                        Show::Definition if again => continue,
                        Show::Definition => self.machine.alternatives(choice),
                        Show::Forward => self.machine.choice(choice, again),
                    };
                    self.listing.rows.push(Row::remark(depth, text));
                }
                Item::Loop(rounds) => self.rounds(rounds, depth),
                Item::Call(call) => self.call(call, depth),
            }
        }
    }

    fn step(&mut self, step: StepId, depth: usize) {
        self.listing.visible[step] = true;
        let name = self.names.of(step).to_string();
        let symbols = self.machine.symbols(self.names, step);
        let cells = match self.show {
            Show::Definition => vec![format!("{name} = {symbols}")],
            Show::Forward => {
                let value = crate::syntax::print::decimal(self.machine.tape.steps[step].value);
                let numbers = self.machine.numbers(step);
                let numbers = if numbers == value { String::new() } else { format!("= {numbers}") };
                let pullback = match self.machine.tape.steps[step].active {
                    true => self.machine.pullback(self.names, step),
                    false => "no derivative passes it".to_string(),
                };
                vec![format!("{name} = {symbols}"), numbers, format!("= {value}"), pullback]
            }
        };
        self.listing.rows.push(Row { depth, kind: RowKind::Step(step), cells });
    }

    fn rounds(&mut self, rounds: &Loop, depth: usize) {
        let count = rounds.rounds.iter().filter(|round| !round.ends).count();
        let noun = if count == 1 { "round" } else { "rounds" };
        self.listing.rows.push(Row::remark(depth, format!("{}, {count} {noun}:", rounds.kind)));
        let mut hidden = 0;
        let last = rounds.rounds.iter().rposition(|r| !r.ends && !r.items.is_empty()).unwrap_or(0);
        for (at, round) in rounds.rounds.iter().enumerate() {
            if round.items.is_empty() {
                continue;
            }
            if at >= 2 && at < last {
                hidden += 1;
                continue;
            }
            if hidden > 0 {
                self.between(hidden, "round", depth + 1);
                hidden = 0;
            }
            self.listing.rows.push(Row::remark(depth + 1, round.label.clone()));
            let before = self.listing.rows.len();
            self.items(&round.items, depth + 2);
            if self.listing.rows.len() == before {
                self.listing.rows.pop();
            }
        }
        if hidden > 0 {
            self.between(hidden, "round", depth + 1);
        }
    }

    fn between(&mut self, hidden: usize, noun: &str, depth: usize) {
        let ending = if hidden == 1 { "" } else { "s" };
        self.listing.rows.push(Row::remark(depth, format!("… {hidden} more {noun}{ending} like these")));
    }

    /// `, where a = x and b = 2`
    fn arguments(&self, call: &Call) -> String {
        let each = call.args.iter().map(|(name, mention)| (name, self.machine.mention(self.names, mention)));
        let each = each.filter(|(name, text)| *name != text);
        let shown: Vec<String> = each.map(|(name, text)| format!("{name} = {text}")).collect();
        if shown.is_empty() { String::new() } else { format!(", where {}", shown.join(" and ")) }
    }

    fn call(&mut self, call: &Call, depth: usize) {
        let Some(number) = call.number else {
            let text = format!("in {}{}:", call.name, self.arguments(call));
            self.listing.rows.push(Row::remark(depth, text));
            return self.items(&call.items, depth + 1);
        };
        if number <= 2 {
            let deepest = number + below(&call.items);
            if number == 1 || self.deepest == 0 {
                self.deepest = deepest;
            }
        }
        if number > 2 && number < self.deepest {
            if number == 3 {
                self.between(self.deepest - 3, "call", depth);
            }
            let inner: Vec<&Item> = call.items.iter().filter(|i| matches!(i, Item::Call(_))).collect();
            inner.into_iter().for_each(|item| self.items(std::slice::from_ref(item), depth));
            return;
        }
        let text = format!("in {}, call {number}{}:", call.name, self.arguments(call));
        self.listing.rows.push(Row::remark(depth, text));
        self.items(&call.items, depth + 1);
    }
}

/// How many calls of a recursive function that compute something stand inside one another.
fn below(items: &[Item]) -> usize {
    let mut deepest = 0;
    let mut stack: Vec<(&Item, usize)> = items.iter().map(|item| (item, 0)).collect();
    while let Some((item, depth)) = stack.pop() {
        match item {
            Item::Step(_) | Item::Choice(_) => {}
            Item::Loop(rounds) => {
                stack.extend(rounds.rounds.iter().flat_map(|r| &r.items).map(|item| (item, depth)));
            }
            Item::Call(call) => {
                let own = depth + usize::from(call.number.is_some());
                if call.items.iter().any(|item| matches!(item, Item::Step(_))) {
                    deepest = deepest.max(own);
                }
                stack.extend(call.items.iter().map(|item| (item, own)));
            }
        }
    }
    deepest
}
