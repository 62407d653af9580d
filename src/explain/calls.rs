//! Calls: the steps of the function that is called stand in the place of the call. A function whose
//! derivative the author gave is one step for each number that it gives.

use super::machine::{Frame, Machine, Open, Scope, Task, Trouble};
use super::tape::{Call, Item, Mention, Num, Op, Operand, RuleArg};
use super::value::Val;
use crate::core::{Custom, Ex, FnId, Node, VarId};

/// More calls inside one another are not explained; the page follows them on the call stack.
const MOST_DEEP: usize = 1000;

/// A function that runs.
#[derive(Debug)]
pub(super) struct Running {
    path: usize,
    at: Vec<i64>,
    /// How many of its calls are open.
    depth: usize,
    /// How many there were since the outermost began.
    count: i64,
}

impl Machine<'_> {
    /// Runs the function that is explained; what it gives is on the tape afterwards.
    pub fn run(&mut self, f: FnId, args: Vec<Val>) -> Result<(), Trouble> {
        let results = if self.graph.function(f).custom.is_some() {
            let call = crate::diff::results_of(self.graph, f);
            let vars = self.parameters(f, args);
            self.frames.push(Frame {
                scopes: vec![Scope { vars, ..Scope::default() }],
                results: call.clone(),
                ..Frame::default()
            });
            self.then(call.iter().map(|&e| Task::Need(e)));
            self.work(0)?;
            call.iter().map(|&e| self.value(e)).collect::<Result<Vec<_>, _>>()?
        } else {
            self.push_frame(f, None, args, 0)?;
            let exs = self.frame().results.clone();
            self.then(exs.iter().map(|&e| Task::Need(e)));
            self.work(0)?;
            exs.iter().map(|&e| self.value(e)).collect::<Result<Vec<_>, _>>()?
        };
        self.tape.results = results.iter().map(Val::reals).collect();
        self.tape.items = std::mem::take(&mut self.open[0].items);
        Ok(())
    }

    fn parameters(&self, f: FnId, args: Vec<Val>) -> std::collections::HashMap<VarId, Val> {
        self.graph.function(f).params.iter().copied().zip(args).collect()
    }

    /// Begins a call; the scope's steps go to this open list.
    fn push_frame(&mut self, f: FnId, call: Option<Ex>, args: Vec<Val>, open: usize) -> Result<(), Trouble> {
        if self.frames.len() >= MOST_DEEP {
            let message = format!("more than {MOST_DEEP} calls inside one another are too many to explain");
            return Err(Trouble::Said(message, call.map_or(0, |call| self.graph.origin(call))));
        }
        let level = call.map_or(0, |call| self.level(call));
        let around = if self.frames.is_empty() { Vec::new() } else { self.indices(level) };
        let from = self.frames.last().map_or(0, |frame| frame.path);
        let recursive = self.graph.is_recursive(f);
        let next = self.paths.len() + 1;
        let path = call.map_or(0, |call| *self.paths.entry((from, call)).or_insert(next));
        let running =
            self.running.entry(f).or_insert(Running { path, at: around.clone(), depth: 0, count: 0 });
        if running.depth == 0 {
            *running = Running { path, at: around, depth: 0, count: 0 };
        }
        running.depth += 1;
        running.count += 1;
        let (path, mut at) = (running.path, running.at.clone());
        if recursive {
            at.push(running.count);
        }
        let vars = self.parameters(f, args);
        let scope = Scope { vars, open, at, ..Scope::default() };
        let results = self.graph.function(f).results.clone();
        let call = call.map(|call| (call, f));
        self.frames.push(Frame { path, scopes: vec![scope], results, call, ..Frame::default() });
        Ok(())
    }

    pub(super) fn enter(&mut self, ex: Ex) -> Result<(), Trouble> {
        let Node::Call { f, args } = self.graph.node(ex) else { return Ok(()) };
        let args: Vec<Val> = self.exs(args).into_iter().map(|e| self.value(e)).collect::<Result<_, _>>()?;
        if let Some(custom) = self.graph.function(f).custom
            && args.iter().flat_map(Val::reals).any(|num| num.step.is_some())
        {
            return self.by_rule(ex, f, custom, args);
        }
        self.open.push(Open::default());
        self.push_frame(f, Some(ex), args, self.open.len() - 1)?;
        let needed = self.frame().results.clone();
        self.then(needed.into_iter().map(Task::Need).chain([Task::Return]));
        Ok(())
    }

    pub(super) fn give_back(&mut self) -> Result<(), Trouble> {
        let results = self.frame().results.clone();
        let values = results.into_iter().map(|e| self.value(e)).collect::<Result<_, _>>()?;
        let Some(Frame { call: Some((call, f)), .. }) = self.frames.pop() else { return Ok(()) };
        let items = self.open.pop().map(|open| open.items).unwrap_or_default();
        let recursive = self.graph.is_recursive(f);
        let number = self.running.get_mut(&f).and_then(|running| {
            running.depth -= 1;
            recursive.then_some(running.depth + 1)
        });
        if !items.is_empty() {
            let (name, args) = (self.graph.function(f).name.clone(), self.mentioned(call, f));
            let level = self.level(call);
            self.add_item(level, Item::Call(Call { name, args, number, items }));
        }
        self.set(call, Machine::many(values));
        Ok(())
    }

    /// The scalar parameters of a call with what they stand for.
    fn mentioned(&self, call: Ex, f: FnId) -> Vec<(String, Mention)> {
        let Node::Call { args, .. } = self.graph.node(call) else { return Vec::new() };
        let params = &self.graph.function(f).params;
        let each = params.iter().zip(self.graph.exs(args)).filter_map(|(&param, arg)| {
            let name = self.graph.var(param).name.clone();
            match self.known(arg)? {
                Val::Real(num) => Some((name, Mention::Real(num))),
                Val::Int(i) => Some((name, Mention::Int(i))),
                Val::Bool(_) | Val::Array(_) | Val::Many(_) => None,
            }
        });
        each.collect()
    }

    /// The values of expressions over these variables; nothing of it is noted.
    pub(super) fn aside(&mut self, exs: &[Ex], vars: Vec<(VarId, Val)>) -> Result<Vec<Val>, Trouble> {
        self.open.push(Open::default());
        let scope = Scope { vars: vars.into_iter().collect(), open: self.open.len() - 1, ..Scope::default() };
        self.frames.push(Frame { scopes: vec![scope], ..Frame::default() });
        let base = self.tasks.len();
        self.then(exs.iter().map(|&e| Task::Need(e)));
        self.work(base)?;
        let values = exs.iter().map(|&e| self.value(e)).collect();
        self.frames.pop();
        self.open.pop();
        values
    }

    // ── Rules that the author gave ───────────────────────────────────────────────────────────────

    fn by_rule(&mut self, ex: Ex, f: FnId, custom: Custom, args: Vec<Val>) -> Result<(), Trouble> {
        let plain: Vec<Val> = args.iter().map(Val::plain).collect();
        let values = self.body(f, &plain)?;
        let name = self.graph.function(f).name.clone();
        let own: Vec<Num> = args.iter().flat_map(Val::reals).collect();
        let shapes: Vec<RuleArg> = args.iter().map(rule_arg).collect();
        let mut found = Vec::new();
        let many = values.len() > 1;
        for (index, value) in values.iter().enumerate() {
            let mut steps = Vec::new();
            let numbers = value.reals();
            for (k, number) in numbers.iter().enumerate() {
                let slopes = match custom {
                    Custom::Partials(partials) => self.body(partials, &plain)?,
                    Custom::Pullback(pullback) => {
                        let seeds = one_hot(&values, index, k);
                        let all: Vec<Val> = plain.iter().cloned().chain(seeds).collect();
                        self.body(pullback, &all)?
                    }
                };
                let slopes: Vec<f64> = slopes.iter().flat_map(Val::reals).map(|num| num.value).collect();
                let operands: Vec<Operand> =
                    own.iter().zip(slopes).map(|(&num, slope)| self.weighted(num, slope)).collect();
                steps.push((operands, number.value));
            }
            let mut each = steps.into_iter();
            let mut trouble = None;
            let value = value.with_reals(&mut |at| {
                let Some((operands, number)) = each.next() else { return Num::fixed(f64::NAN) };
                let mut place = if many { vec![index as i64 + 1] } else { Vec::new() };
                place.extend(at);
                let shown: Vec<String> = place.iter().map(i64::to_string).collect();
                let result = if shown.is_empty() { String::new() } else { format!("[{}]", shown.join(", ")) };
                let op = Op::Rule { name: name.clone(), args: shapes.clone(), result };
                self.push(ex, op, operands, number, &place).unwrap_or_else(|error| {
                    trouble = Some(error);
                    Num::fixed(number)
                })
            });
            if let Some(trouble) = trouble {
                return Err(trouble);
            }
            found.push(value);
        }
        self.set(ex, Machine::many(found));
        Ok(())
    }

    /// The results of a function, of which nothing is noted.
    fn body(&mut self, f: FnId, args: &[Val]) -> Result<Vec<Val>, Trouble> {
        let results = self.graph.function(f).results.clone();
        let params = self.graph.function(f).params.clone();
        self.aside(&results, params.into_iter().zip(args.iter().cloned()).collect())
    }
}

fn rule_arg(value: &Val) -> RuleArg {
    match value {
        Val::Real(_) => RuleArg::Real,
        Val::Int(i) => RuleArg::Other(i.to_string()),
        Val::Bool(b) => RuleArg::Other(b.to_string()),
        Val::Array(grid) if value.reals().len() == grid.cells.len() => RuleArg::Array(grid.shape.clone()),
        Val::Array(_) | Val::Many(_) => RuleArg::Other("…".to_string()),
    }
}

/// For each real value zeros of its shape, but for a one at one number.
fn one_hot(values: &[Val], index: usize, k: usize) -> Vec<Val> {
    let mut seeds = Vec::new();
    for (at, value) in values.iter().enumerate().filter(|(_, value)| !value.reals().is_empty()) {
        let mut next = 0;
        seeds.push(value.with_reals(&mut |_| {
            next += 1;
            Num::fixed(if at == index && next == k + 1 { 1.0 } else { 0.0 })
        }));
    }
    seeds
}
