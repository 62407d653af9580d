//! Runs a function of the graph operation by operation and keeps every real one on a tape.
//!
//! Values are found when they are needed, operands from left to right, so that the steps come in the
//! order in which one reads the formula; only the chosen branch is run. What is still to do stands on a
//! stack of tasks: neither deep formulas nor deep recursion use that of the thread.

use super::partials::Formulas;
use super::rounds::Rounds;
use super::tape::{Item, Num, Tape};
use super::value::{Val, offset};
use crate::core::{Ex, FnId, Graph, List, Node, VarId};
use crate::diff::{Rules, Unknown};
use crate::primitive::{self, Kind, Prim};
use crate::syntax::tree::Tree;
use std::collections::HashMap;
use std::rc::Rc;

/// A run of more operations than this is not explained.
const MOST_TASKS: u64 = 20_000_000;

/// Why a run could not be followed.
#[derive(Debug)]
pub enum Trouble {
    /// A derivative that is not known.
    Unknown(Unknown),
    /// In words, at a mark.
    Said(String, u32),
}

impl From<Unknown> for Trouble {
    fn from(unknown: Unknown) -> Self {
        Trouble::Unknown(unknown)
    }
}

/// What is to be done.
#[derive(Debug, Clone, Copy)]
pub(super) enum Task {
    /// Find the value of a node.
    Need(Ex),
    /// Its operands have values.
    Finish(Ex),
    /// The first operand of `and` or `or` has a value; the second is needed only if that does not decide.
    Decide(Ex),
    /// The condition has a value.
    Choose(Ex),
    /// The chosen branch has a value.
    Chosen(Ex, bool),
    /// What a loop starts from has values.
    Start(Ex),
    /// The innermost loop goes on to its next point or step.
    Next,
    /// The length of a binder of the innermost loop has a value.
    Length,
    /// The body of the innermost loop has a value.
    Round,
    /// The condition of the innermost loop has a value.
    Again,
    Enter(Ex),
    Return,
}

/// The values that depend on the same binders.
#[derive(Debug, Default)]
pub(super) struct Scope {
    pub vars: HashMap<VarId, Val>,
    pub known: HashMap<Ex, Val>,
    /// The indices of the calls and loops around, as the author counts.
    pub at: Vec<i64>,
    /// The open list of items that its steps belong to.
    pub open: usize,
}

/// A call that runs.
#[derive(Debug, Default)]
pub(super) struct Frame {
    pub path: usize,
    pub scopes: Vec<Scope>,
    /// The scope of each binder; the last of several, where a loop stands in one over the same binder.
    pub bound: HashMap<VarId, Vec<usize>>,
    pub results: Vec<Ex>,
    /// The call that gets the results, and the function; nothing for the outermost.
    pub call: Option<(Ex, FnId)>,
}

impl Frame {
    /// The scope that binds a variable.
    pub fn scope_of(&self, var: VarId) -> Option<usize> {
        self.bound.get(&var)?.last().copied()
    }

    pub fn bind(&mut self, var: VarId, level: usize) {
        let scopes = self.bound.entry(var).or_default();
        if scopes.last() != Some(&level) {
            scopes.push(level);
        }
    }

    pub fn unbind(&mut self, var: VarId, level: usize) {
        if let Some(scopes) = self.bound.get_mut(&var) {
            scopes.retain(|&scope| scope != level);
        }
    }
}

/// The items of a round, a call or the whole so far.
#[derive(Debug, Default)]
pub(super) struct Open {
    pub items: Vec<Item>,
}

pub struct Machine<'a> {
    pub graph: &'a mut Graph,
    pub rules: &'a mut dyn Rules,
    pub tree: &'a Tree,
    pub tape: Tape,
    pub(super) formulas: Formulas,
    pub(super) frames: Vec<Frame>,
    pub(super) tasks: Vec<Task>,
    pub(super) rounds: Vec<Rounds>,
    pub(super) open: Vec<Open>,
    /// The number of each place in the program that was reached.
    pub(super) sites: HashMap<(usize, Ex, usize), usize>,
    /// Names for nodes that have none of their own.
    pub(super) wishes: HashMap<Ex, String>,
    /// The numbers of chains of calls.
    pub(super) paths: HashMap<(usize, Ex), usize>,
    /// The functions that run: the path and the indices of the outermost call, and how many ran in it.
    pub(super) running: HashMap<FnId, super::calls::Running>,
    done: u64,
}

/// What is left of a machine between a run and the page about it.
pub struct Kept {
    pub tape: Tape,
    formulas: Formulas,
}

impl<'a> Machine<'a> {
    pub fn new(graph: &'a mut Graph, rules: &'a mut dyn Rules, tree: &'a Tree) -> Self {
        let formulas = Formulas::new(graph);
        Machine::with(graph, rules, tree, Kept { tape: Tape::default(), formulas })
    }

    /// The machine again, after its run.
    pub fn with(graph: &'a mut Graph, rules: &'a mut dyn Rules, tree: &'a Tree, kept: Kept) -> Self {
        Machine {
            graph,
            rules,
            tree,
            tape: kept.tape,
            formulas: kept.formulas,
            frames: Vec::new(),
            tasks: Vec::new(),
            rounds: Vec::new(),
            open: vec![Open::default()],
            sites: HashMap::new(),
            wishes: HashMap::new(),
            paths: HashMap::new(),
            running: HashMap::new(),
            done: 0,
        }
    }

    pub fn keep(self) -> Kept {
        Kept { tape: self.tape, formulas: self.formulas }
    }

    /// Runs the tasks above this height of the stack.
    pub(super) fn work(&mut self, base: usize) -> Result<(), Trouble> {
        while self.tasks.len() > base {
            let Some(task) = self.tasks.pop() else { break };
            self.done += 1;
            if self.done > MOST_TASKS {
                return Err(self.said("this takes too many operations to explain: take smaller arrays", 0));
            }
            match task {
                Task::Need(ex) => self.need(ex)?,
                Task::Finish(ex) => self.finish(ex)?,
                Task::Decide(ex) => self.decide(ex)?,
                Task::Choose(ex) => self.choose(ex)?,
                Task::Chosen(ex, holds) => self.chosen(ex, holds)?,
                Task::Start(ex) => self.start(ex)?,
                Task::Next => self.next()?,
                Task::Length => self.length()?,
                Task::Round => self.round()?,
                Task::Again => self.again()?,
                Task::Enter(ex) => self.enter(ex)?,
                Task::Return => self.give_back()?,
            }
        }
        Ok(())
    }

    pub(super) fn said(&self, message: &str, origin: u32) -> Trouble {
        Trouble::Said(message.to_string(), origin)
    }

    pub(super) fn frame(&mut self) -> &mut Frame {
        self.frames.last_mut().expect("a call runs")
    }

    /// The scope that the value of a node belongs to: that of the innermost binder it depends on.
    pub(super) fn level(&self, ex: Ex) -> usize {
        let Some(frame) = self.frames.last() else { return 0 };
        self.graph.free(ex).filter_map(|var| frame.scope_of(var)).max().unwrap_or(0)
    }

    /// The value of a node, if it has one.
    pub(super) fn known(&self, ex: Ex) -> Option<Val> {
        match self.graph.node(ex) {
            Node::Real(_) => self.graph.as_real(ex).map(|x| Val::Real(Num::fixed(x))),
            Node::Int(_) => self.graph.as_int(ex).map(Val::Int),
            Node::Bool(b) => Some(Val::Bool(b)),
            Node::Var(var) => {
                let frame = self.frames.last()?;
                let scope = frame.scope_of(var).unwrap_or(0);
                frame.scopes[scope].vars.get(&var).cloned()
            }
            Node::Prim(..)
            | Node::If { .. }
            | Node::Index { .. }
            | Node::Size { .. }
            | Node::Lit { .. }
            | Node::Build { .. }
            | Node::Accum { .. }
            | Node::Loop(_)
            | Node::Call { .. }
            | Node::Part { .. } => self.frames.last()?.scopes[self.level(ex)].known.get(&ex).cloned(),
        }
    }

    pub(super) fn value(&self, ex: Ex) -> Result<Val, Trouble> {
        self.known(ex).ok_or_else(|| self.said("a value is missing", self.graph.origin(ex)))
    }

    pub(super) fn set(&mut self, ex: Ex, value: Val) {
        let level = self.level(ex);
        self.frame().scopes[level].known.insert(ex, value);
    }

    pub(super) fn int(&self, ex: Ex) -> Result<i64, Trouble> {
        match self.value(ex)? {
            Val::Int(i) => Ok(i),
            _other => Err(self.said("an index is no integer", self.graph.origin(ex))),
        }
    }

    pub(super) fn bool(&self, ex: Ex) -> Result<bool, Trouble> {
        match self.value(ex)? {
            Val::Bool(b) => Ok(b),
            _other => Err(self.said("a condition is none", self.graph.origin(ex))),
        }
    }

    pub(super) fn exs(&self, list: List) -> Vec<Ex> {
        self.graph.exs(list).collect()
    }

    /// Tasks in the order in which they are to be done.
    pub(super) fn then(&mut self, tasks: impl IntoIterator<Item = Task>) {
        let from = self.tasks.len();
        self.tasks.extend(tasks);
        self.tasks[from..].reverse();
    }

    fn need(&mut self, ex: Ex) -> Result<(), Trouble> {
        if self.known(ex).is_some() {
            return Ok(());
        }
        let mut operands = Vec::new();
        let last = match self.graph.node(ex) {
            Node::Real(_) | Node::Int(_) | Node::Bool(_) | Node::Var(_) => {
                return Err(self.said("a variable has no value", self.graph.origin(ex)));
            }
            Node::Prim(p, args) if p == Prim::AND || p == Prim::OR => {
                operands.extend(self.graph.exs(args).take(1));
                Task::Decide(ex)
            }
            Node::Prim(_, args) | Node::Lit { elems: args, .. } => {
                operands = self.exs(args);
                Task::Finish(ex)
            }
            Node::If { cond, .. } => {
                operands.push(cond);
                Task::Choose(ex)
            }
            Node::Index { array, at } => {
                operands.push(array);
                operands.extend(self.graph.exs(at));
                Task::Finish(ex)
            }
            Node::Size { array, .. } => {
                operands.push(array);
                Task::Finish(ex)
            }
            Node::Build { body, .. } => {
                self.pass_name(ex, body);
                Task::Start(ex)
            }
            Node::Accum { init, .. } => {
                operands.push(init);
                Task::Start(ex)
            }
            Node::Loop(list) => {
                let parts = self.graph.loop_parts(list);
                operands.extend(parts.len.into_iter().chain(parts.inits));
                Task::Start(ex)
            }
            Node::Call { args, .. } => {
                operands = self.exs(args);
                Task::Enter(ex)
            }
            Node::Part { of, .. } => {
                operands.push(of);
                Task::Finish(ex)
            }
        };
        self.then(operands.into_iter().map(Task::Need).chain([last]));
        Ok(())
    }

    fn finish(&mut self, ex: Ex) -> Result<(), Trouble> {
        let origin = self.graph.origin(ex);
        let value = match self.graph.node(ex) {
            Node::Prim(p, args) => self.primitive(ex, p, args)?,
            Node::Index { array, at } => {
                let Val::Array(grid) = self.value(array)? else {
                    return Err(self.said("only arrays have elements", origin));
                };
                let at: Vec<i64> = self.exs(at).into_iter().map(|e| self.int(e)).collect::<Result<_, _>>()?;
                let Some(offset) = offset(&at, &grid.shape) else {
                    return Err(self.said("the index is outside the array", origin));
                };
                grid.cells[offset].clone()
            }
            Node::Size { array, axis } => match self.value(array)? {
                Val::Array(grid) => Val::Int(grid.shape[axis as usize] as i64),
                _other => return Err(self.said("only arrays have lengths", origin)),
            },
            Node::Lit { elems, dims } => {
                let shape = self.graph.words(dims).iter().map(|&d| d as usize).collect();
                let cells = self.exs(elems).into_iter().map(|e| self.value(e)).collect::<Result<_, _>>()?;
                Val::array(shape, cells)
            }
            Node::Part { of, index } => match self.value(of)? {
                Val::Many(parts) => parts[index as usize].clone(),
                _other => return Err(self.said("a part of a single value", origin)),
            },
            Node::Real(_)
            | Node::Int(_)
            | Node::Bool(_)
            | Node::Var(_)
            | Node::If { .. }
            | Node::Build { .. }
            | Node::Accum { .. }
            | Node::Loop(_)
            | Node::Call { .. } => return Ok(()),
        };
        self.set(ex, value);
        Ok(())
    }

    fn primitive(&mut self, ex: Ex, p: Prim, args: List) -> Result<Val, Trouble> {
        let exs = self.exs(args);
        let args: Vec<Val> = exs.iter().map(|&arg| self.value(arg)).collect::<Result<_, _>>()?;
        let reals: Vec<Num> = args.iter().flat_map(Val::reals).collect();
        let ints: Vec<i64> =
            args.iter().filter_map(|arg| if let Val::Int(i) = arg { Some(*i) } else { None }).collect();
        let origin = self.graph.origin(ex);
        let all_real = reals.len() == args.len();
        Ok(match p.row().kind {
            Kind::RealToReal | Kind::Arith if all_real => Val::Real(self.record(ex, p, &exs, &reals)?),
            Kind::Arith if ints.len() == args.len() => match primitive::eval_int(p, &ints) {
                Some(i) => Val::Int(i),
                None => return Err(self.said("an integer is out of range", origin)),
            },
            Kind::Compare => match (&reals[..], &ints[..]) {
                (&[a, b], _) => Val::Bool(primitive::compare_real(p, a.value, b.value)),
                (_, &[a, b]) => Val::Bool(primitive::compare_int(p, a, b)),
                _mixed => return Err(self.said("a comparison of different things", origin)),
            },
            Kind::Logic => {
                let bools: Vec<bool> = exs.iter().map(|&e| self.bool(e)).collect::<Result<_, _>>()?;
                Val::Bool(primitive::eval_logic(p, &bools))
            }
            Kind::ToReal if ints.len() == 1 => Val::Real(Num::fixed(ints[0] as f64)),
            Kind::ToInt if all_real => match primitive::real_to_int(reals[0].value) {
                Some(i) => Val::Int(i),
                None => return Err(self.said("not an integer", origin)),
            },
            Kind::RealToReal | Kind::Arith | Kind::ToReal | Kind::ToInt => {
                return Err(self.said("an operation on other things than numbers", origin));
            }
        })
    }

    fn decide(&mut self, ex: Ex) -> Result<(), Trouble> {
        let Node::Prim(p, args) = self.graph.node(ex) else { return Ok(()) };
        let exs = self.exs(args);
        let first = self.bool(exs[0])?;
        if first == (p == Prim::OR) {
            self.set(ex, Val::Bool(first));
        } else {
            self.then([Task::Need(exs[1]), Task::Finish(ex)]);
        }
        Ok(())
    }

    fn choose(&mut self, ex: Ex) -> Result<(), Trouble> {
        let Node::If { cond, then, els } = self.graph.node(ex) else { return Ok(()) };
        let holds = self.bool(cond)?;
        let taken = if holds { then } else { els };
        self.pass_name(ex, taken);
        self.then([Task::Need(taken), Task::Chosen(ex, holds)]);
        self.note_choice(ex, cond, [then, els], holds);
        Ok(())
    }

    fn chosen(&mut self, ex: Ex, holds: bool) -> Result<(), Trouble> {
        let Node::If { then, els, .. } = self.graph.node(ex) else { return Ok(()) };
        let value = self.value(if holds { then } else { els })?;
        self.set(ex, value);
        Ok(())
    }

    pub(super) fn many(parts: Vec<Val>) -> Val {
        Val::Many(Rc::new(parts))
    }
}
