//! Conditions in simpler form.

use super::{Ex, Graph, Node};
use crate::primitive::Prim;

/// Alternatives of more parts are left as they are.
const MOST_ALTERNATIVES: usize = 8;

/// A condition and the value that it must have.
type Guard = (Ex, bool);

impl Graph {
    /// A connective of conditions of which some are known, or say the same.
    pub(super) fn fold_logic(&mut self, p: Prim, args: &[Ex]) -> Option<Ex> {
        let values: Vec<Option<bool>> = args.iter().map(|&a| self.as_bool(a)).collect();
        if p == Prim::NOT {
            if let Some(value) = values[0] {
                return Some(self.boolean(!value));
            }
            return self.as_prim(args[0], Prim::NOT).map(|a| Ex(a[0]));
        }
        let absorbing = p == Prim::OR;
        for k in 0..2 {
            match values[k] {
                Some(value) if value == absorbing => return Some(args[k]),
                Some(_) => return Some(args[1 - k]),
                None => {}
            }
        }
        if args[0] == args[1] {
            return Some(args[0]);
        }
        let opposite = self.not(args[0]) == args[1];
        opposite.then(|| self.boolean(absorbing))
    }

    /// Whether one of two conditions holds: without alternatives that another one covers, and behind the conditions
    /// that all begin with.
    pub fn either(&mut self, a: Ex, b: Ex) -> Ex {
        self.simpler_either(a, b).unwrap_or_else(|| self.or(a, b))
    }

    fn simpler_either(&mut self, a: Ex, b: Ex) -> Option<Ex> {
        let mut all: Vec<Vec<Guard>> = Vec::new();
        let mut stack = vec![b, a];
        while let Some(ex) = stack.pop() {
            match self.as_prim(ex, Prim::OR) {
                Some(&[a, b]) => stack.extend([Ex(b), Ex(a)]),
                _other => all.push(self.conditions_in_turn(ex)),
            }
            if all.len() > MOST_ALTERNATIVES {
                return None;
            }
        }
        let count = all.len();
        let mut kept: Vec<Vec<Guard>> = Vec::new();
        for guards in all {
            let covers = |one: &[Guard], other: &[Guard]| one.iter().all(|guard| other.contains(guard));
            if kept.iter().any(|known| covers(known, &guards)) {
                continue;
            }
            kept.retain(|known| !covers(&guards, known));
            kept.push(guards);
        }
        let shared = |k: usize| kept.iter().all(|guards| guards.get(k).is_some_and(|g| *g == kept[0][k]));
        let common = (0..kept[0].len()).take_while(|&k| shared(k)).count();
        if common == 0 && kept.len() == count {
            return None;
        }
        let front = kept[0][..common].to_vec();
        let mut rest = self.boolean(false);
        for guards in kept {
            let yes = self.boolean(true);
            let one = self.under(&guards[common..], yes);
            rest = self.or(rest, one);
        }
        Some(self.under(&front, rest))
    }

    /// The conditions of which each is looked at if those before it hold.
    pub fn conditions_in_turn(&self, mut ex: Ex) -> Vec<Guard> {
        let mut guards = Vec::new();
        while let Node::If { cond, then, els } = self.node(ex) {
            let holds = match (self.as_bool(then), self.as_bool(els)) {
                (_, Some(false)) => true,
                (Some(false), _) => false,
                _another_choice => break,
            };
            guards.push((cond, holds));
            ex = if holds { then } else { els };
        }
        guards.push((ex, true));
        guards
    }

    /// A condition that is looked at where these hold, each of which is if those before it do.
    pub fn under(&mut self, guards: &[Guard], inner: Ex) -> Ex {
        let no = self.boolean(false);
        guards.iter().rev().fold(inner, |inner, &(cond, holds)| {
            if holds { self.select(cond, inner, no) } else { self.select(cond, no, inner) }
        })
    }
}
