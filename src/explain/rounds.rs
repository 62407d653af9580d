//! Loops: each point of an array or a reduction, each step of a sequential loop.

use super::machine::{Machine, Open, Scope, Task, Trouble};
use super::tape::{Item, Loop, Round};
use super::value::Val;
use crate::core::{Ex, LoopParts, Node, VarId};
use crate::syntax::tree::{Ast, Expr};

/// A loop that runs.
#[derive(Debug)]
pub(super) struct Rounds {
    pub ex: Ex,
    /// The binders, the outermost first; of a sequential loop its index.
    pub over: Vec<VarId>,
    /// The author's index at the first round, where that is known.
    firsts: Vec<Option<i64>>,
    /// How far each open binder has come, and its length.
    index: Vec<i64>,
    pub lens: Vec<i64>,
    /// What the rounds gave: where and which value.
    pub found: Vec<(Vec<i64>, Val)>,
    sequence: Option<Sequence>,
    pub rounds: Vec<Round>,
    /// The scope that the loop stands in, and the first of its own.
    pub level: usize,
    base: usize,
}

/// The states of a sequential loop.
#[derive(Debug)]
struct Sequence {
    parts: LoopParts,
    len: Option<i64>,
    step: i64,
    states: Vec<Val>,
    traces: Vec<Vec<Val>>,
}

impl Machine<'_> {
    fn current(&mut self) -> &mut Rounds {
        self.rounds.last_mut().expect("a loop runs")
    }

    pub(super) fn start(&mut self, ex: Ex) -> Result<(), Trouble> {
        let level = self.level(ex);
        let (over, sequence) = match self.graph.node(ex) {
            Node::Build { over, .. } | Node::Accum { over, .. } => (self.graph.vars(over).collect(), None),
            Node::Loop(list) => {
                let parts = self.graph.loop_parts(list);
                let len = parts.len.map(|len| self.int(len)).transpose()?;
                let states: Vec<Val> =
                    parts.inits.iter().map(|&init| self.value(init)).collect::<Result<_, _>>()?;
                for (&state, &next) in parts.states.iter().zip(&parts.nexts) {
                    let name = self.graph.var(state).name.clone();
                    self.wishes.entry(next).or_insert(name);
                }
                let traces = states.iter().map(|state| vec![state.clone()]).collect();
                (vec![parts.index], Some(Sequence { parts, len, step: 0, states, traces }))
            }
            _other => return Err(self.said("no loop", self.graph.origin(ex))),
        };
        let firsts = over.iter().enumerate().map(|(k, &var)| self.first(ex, k, var)).collect();
        let sequential = sequence.is_some();
        let base = self.frame().scopes.len();
        self.rounds.push(Rounds {
            ex,
            over,
            firsts,
            index: Vec::new(),
            lens: Vec::new(),
            found: Vec::new(),
            sequence,
            rounds: Vec::new(),
            level,
            base,
        });
        if sequential {
            self.push_scope();
            self.tasks.push(Task::Next);
        } else {
            self.descend();
        }
        Ok(())
    }

    /// Goes into the next binder, or where all have values into the body.
    fn descend(&mut self) {
        let rounds = self.current();
        match rounds.over.get(rounds.index.len()) {
            Some(&binder) => {
                let len = self.graph.len_of(binder);
                self.then([Task::Need(len), Task::Length]);
            }
            None => self.run_body(),
        }
    }

    pub(super) fn length(&mut self) -> Result<(), Trouble> {
        let rounds = self.current();
        let binder = rounds.over[rounds.index.len()];
        let len = self.graph.len_of(binder);
        let len = self.int(len)?.max(0);
        let rounds = self.current();
        let depth = rounds.index.len();
        rounds.index.push(-1);
        rounds.lens.truncate(depth);
        rounds.lens.push(len);
        self.push_scope();
        self.tasks.push(Task::Next);
        Ok(())
    }

    fn push_scope(&mut self) {
        let (level, of) = (self.current().level, Some(self.current().ex));
        let frame = self.frame();
        let open = frame.scopes[level].open;
        frame.scopes.push(Scope { open, of, ..Scope::default() });
    }

    pub(super) fn next(&mut self) -> Result<(), Trouble> {
        if self.current().sequence.is_some() {
            return self.next_step();
        }
        let rounds = self.current();
        let Some(depth) = rounds.index.len().checked_sub(1) else { return self.finish_points() };
        rounds.index[depth] += 1;
        let (i, var) = (rounds.index[depth], rounds.over[depth]);
        if i >= rounds.lens[depth] {
            rounds.index.pop();
            let frame = self.frame();
            frame.scopes.pop();
            let level = frame.scopes.len();
            frame.unbind(var, level);
            self.tasks.push(Task::Next);
            return Ok(());
        }
        let shown = rounds.firsts[depth].unwrap_or(1) + i;
        self.enter_scope(var, i, shown);
        self.descend();
        Ok(())
    }

    /// Empties the innermost scope for the next value of its binder.
    fn enter_scope(&mut self, var: VarId, i: i64, shown: i64) {
        let (outer, base) = (self.current().level, self.current().base);
        let frame = self.frame();
        let level = frame.scopes.len() - 1;
        let mut at = frame.scopes[if level > base { level - 1 } else { outer }].at.clone();
        at.push(shown);
        let scope = &mut frame.scopes[level];
        scope.known.clear();
        scope.at = at;
        scope.vars.insert(var, Val::Int(i));
        frame.bind(var, level);
    }

    /// Opens the list of items of the round that begins.
    fn open_round(&mut self) {
        self.open.push(Open::default());
        let (open, base) = (self.open.len() - 1, self.current().base);
        self.frame().scopes[base..].iter_mut().for_each(|scope| scope.open = open);
    }

    fn run_body(&mut self) {
        self.open_round();
        let mut needed = Vec::new();
        match self.graph.node(self.rounds[self.rounds.len() - 1].ex) {
            Node::Build { body, .. } => needed.push(body),
            Node::Accum { at, value, .. } => {
                needed.extend(self.exs(at));
                needed.push(value);
            }
            _sequential => {}
        }
        self.then(needed.into_iter().map(Task::Need).chain([Task::Round]));
    }

    pub(super) fn round(&mut self) -> Result<(), Trouble> {
        if self.current().sequence.is_some() {
            self.end_step()?;
        } else {
            let rounds = self.current();
            let (ex, index) = (rounds.ex, rounds.index.clone());
            let found = match self.graph.node(ex) {
                Node::Build { body, .. } => (index, self.value(body)?),
                Node::Accum { at, value, .. } => {
                    let at = self.exs(at).into_iter().map(|e| self.int(e)).collect::<Result<_, _>>()?;
                    (at, self.value(value)?)
                }
                _sequential => return Ok(()),
            };
            self.current().found.push(found);
        }
        self.close_round(None);
        self.tasks.push(Task::Next);
        Ok(())
    }

    fn close_round(&mut self, label: Option<&str>) {
        let items = self.open.pop().map(|open| open.items).unwrap_or_default();
        // Until the next round begins, steps belong to what is around the loop.
        let (level, base) = (self.current().level, self.current().base);
        let around = self.frame().scopes[level].open;
        self.frame().scopes[base..].iter_mut().for_each(|scope| scope.open = around);
        let ends = label.is_some();
        let label = label.map_or_else(|| self.round_label(), str::to_string);
        self.current().rounds.push(Round { label, ends, items });
    }

    /// `i = 1, j = 2`; where the author's index is not known, which round it is.
    fn round_label(&self) -> String {
        let Some(rounds) = self.rounds.last() else { return String::new() };
        let steps = rounds.sequence.as_ref().map(|sequence| sequence.step - 1);
        let index: Vec<i64> = steps.map_or_else(|| rounds.index.clone(), |step| vec![step]);
        let each = rounds.over.iter().zip(&rounds.firsts).zip(index);
        let words = each.map(|((&var, first), i)| match first {
            Some(first) => format!("{} = {}", self.graph.var(var).name, first + i),
            None => format!("round {}", i + 1),
        });
        words.collect::<Vec<_>>().join(", ")
    }

    // ── Sequential loops ─────────────────────────────────────────────────────────────────────────

    fn next_step(&mut self) -> Result<(), Trouble> {
        let rounds = self.current();
        let first = rounds.firsts[0].unwrap_or(1);
        let Some(sequence) = &rounds.sequence else { return Ok(()) };
        let (step, index, cond) = (sequence.step, sequence.parts.index, sequence.parts.cond);
        if sequence.len.is_some_and(|len| step >= len) {
            return self.finish_sequence();
        }
        let states: Vec<(VarId, Val)> =
            sequence.parts.states.iter().copied().zip(sequence.states.iter().cloned()).collect();
        let nexts = sequence.parts.nexts.clone();
        self.enter_scope(index, step, first + step);
        let frame = self.frame();
        let level = frame.scopes.len() - 1;
        for (var, value) in states {
            frame.scopes[level].vars.insert(var, value);
            frame.bind(var, level);
        }
        self.open_round();
        match cond {
            Some(cond) => self.then([Task::Need(cond), Task::Again]),
            None => self.then(nexts.into_iter().map(Task::Need).chain([Task::Round])),
        }
        Ok(())
    }

    pub(super) fn again(&mut self) -> Result<(), Trouble> {
        let rounds = self.current();
        let Some(Sequence { parts: LoopParts { cond: Some(cond), nexts, .. }, .. }) = &rounds.sequence else {
            return Ok(());
        };
        let (cond, nexts) = (*cond, nexts.clone());
        if self.bool(cond)? {
            self.then(nexts.into_iter().map(Task::Need).chain([Task::Round]));
            return Ok(());
        }
        self.close_round(Some("the test that ends it"));
        self.finish_sequence()
    }

    fn end_step(&mut self) -> Result<(), Trouble> {
        let nexts = self.current().sequence.as_ref().map(|s| s.parts.nexts.clone()).unwrap_or_default();
        let values: Vec<Val> = nexts.into_iter().map(|e| self.value(e)).collect::<Result<_, _>>()?;
        if let Some(sequence) = &mut self.current().sequence {
            sequence.traces.iter_mut().zip(&values).for_each(|(trace, value)| trace.push(value.clone()));
            sequence.states = values;
            sequence.step += 1;
        }
        Ok(())
    }

    fn finish_sequence(&mut self) -> Result<(), Trouble> {
        let frame = self.frame();
        frame.scopes.pop();
        let Some(rounds) = self.rounds.pop() else { return Ok(()) };
        let Some(sequence) = rounds.sequence else { return Ok(()) };
        let frame = self.frame();
        let level = frame.scopes.len();
        frame.unbind(sequence.parts.index, level);
        sequence.parts.states.iter().for_each(|&state| frame.unbind(state, level));
        let mut parts = sequence.states;
        parts.extend(sequence.traces.into_iter().map(stacked));
        parts.push(Val::Int(sequence.step));
        let kind = if sequence.len.is_some() { "fold" } else { "iterate" };
        self.add_loop(rounds.level, kind, rounds.rounds);
        self.set(rounds.ex, Machine::many(parts));
        Ok(())
    }

    pub(super) fn add_loop(&mut self, level: usize, kind: &'static str, rounds: Vec<Round>) {
        if rounds.iter().any(|round| !round.items.is_empty()) {
            self.add_item(level, Item::Loop(Loop { kind, rounds }));
        }
    }

    // ── How the author counts ────────────────────────────────────────────────────────────────────

    /// The author's first index of a binder, where the text gives it as a number.
    fn first(&self, ex: Ex, k: usize, var: VarId) -> Option<i64> {
        let at = self.graph.origin(ex).checked_sub(1).filter(|&at| (at as usize) < self.tree.len())?;
        let over = match self.tree.expr(Ast(at)) {
            Expr::Comprehension { over, .. } | Expr::Reduce { over, .. } => over.get(k),
            Expr::Fold { over, .. } => Some(over),
            _builtin => return None,
        };
        let Some(over) = over else { return Some(1) };
        let (lo, _) = over.range?;
        let own = self.tree.text(over.name) == self.graph.var(var).name;
        match self.tree.expr(lo) {
            Expr::Number { integer, .. } if own => *integer,
            _computed => None,
        }
    }
}

/// Every value of a state as an array along a new first axis.
fn stacked(values: Vec<Val>) -> Val {
    let mut shape = vec![values.len()];
    let mut cells = Vec::new();
    for value in values {
        match value {
            Val::Array(grid) => {
                shape.truncate(1);
                shape.extend(&grid.shape);
                cells.extend(grid.cells.iter().cloned());
            }
            scalar => cells.push(scalar),
        }
    }
    Val::array(shape, cells)
}
