//! Runs a function of the graph operation by operation and keeps every real one on a tape.
//!
//! Values are found when they are needed, operands from left to right, so that the steps come in the
//! order in which one reads the formula; only the chosen branch is run. What is still to do stands on a
//! stack of tasks: neither deep formulas nor deep recursion use that of the thread.

use super::partials::Formulas;
use super::rounds::Rounds;
use super::tape::{Item, Num, Tape};
use super::value::Val;
use crate::core::{Ex, FnId, Graph, List, Node, VarId};
use crate::diff::{Rules, Unknown};
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
    /// The loop that it is of: two over one binder have steps of their own.
    pub of: Option<Ex>,
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
    pub(super) sites: HashMap<(usize, Ex, Option<Ex>), usize>,
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
    /// The numbers of chains of calls, by that of the calling one and the call; 0 is none.
    pub paths: HashMap<(usize, Ex), usize>,
    formulas: Formulas,
}

impl<'a> Machine<'a> {
    pub fn new(graph: &'a mut Graph, rules: &'a mut dyn Rules, tree: &'a Tree) -> Self {
        let formulas = Formulas::new(graph);
        Machine::with(graph, rules, tree, Kept { tape: Tape::default(), paths: HashMap::new(), formulas })
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
            paths: kept.paths,
            running: HashMap::new(),
            done: 0,
        }
    }

    pub fn keep(self) -> Kept {
        Kept { tape: self.tape, paths: self.paths, formulas: self.formulas }
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

    pub(super) fn many(parts: Vec<Val>) -> Val {
        Val::Many(Rc::new(parts))
    }
}
