//! What may be computed without being asked for: for each node, whether it must stay under the
//! conditions of its uses.
//!
//! Takes nodes in arena order; gives marks. Knows nothing of regions or statements.

use super::bounds;
use super::sure::sure;
use crate::core::{Ex, FnId, Graph, Node, VarId};
use crate::primitive::{Kind, Prim};
use std::collections::{HashMap, HashSet};

/// What an expression needs of its place. Both marks pass on to what uses the expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Mark {
    /// It may fault or never end: computed only where one of its uses is sure to be.
    pub faults: bool,
    /// It has no value everywhere, or is dear: stays in its branches, but may leave a loop.
    pub guarded: bool,
    /// It makes choices, or loops over what may fault: part of it is computed in branches.
    pub chooses: bool,
    /// It needs a loop that cannot fault.
    pub loops: bool,
    /// It needs a loop or a call.
    pub dear: bool,
    /// The mark counts on what is surely computed: what it needs may still fault where it is not.
    pub hopes: bool,
}

impl Mark {
    fn with(self, other: Mark) -> Mark {
        Mark {
            faults: self.faults || other.faults,
            guarded: self.guarded || other.guarded,
            chooses: self.chooses || other.chooses,
            loops: self.loops || other.loops,
            dear: self.dear || other.dear,
            hopes: self.hopes || other.hopes,
        }
    }

    /// Whether it stays under the conditions of its uses.
    pub fn stays(self) -> bool {
        self.faults || self.guarded
    }
}

/// The marks of all nodes that have been looked at.
#[derive(Debug, Default)]
pub(super) struct Safety {
    marks: Vec<Option<Mark>>,
    /// What is computed for all values of the binders in it, whatever the conditions are: to compute it
    /// elsewhere cannot fault where the function would not.
    sure: HashSet<Ex>,
    /// The nodes whose marks may be others if other things are sure.
    unsettled: Vec<Ex>,
    /// Whether a call of a function may fault or never end; nothing while that is being found out.
    calls: HashMap<FnId, Option<bool>>,
    /// How many functions are being looked at inside one another.
    depth: usize,
}

/// Branches of more nodes that might fault are taken to do so.
const MOST_PROVEN: usize = 200;

/// Calls inside one another beyond this are taken to fault.
const MOST_CALLS: usize = 64;

impl Safety {
    /// From here on the marks are those of expressions of a function that surely computes these.
    pub fn enter(&mut self, graph: &mut Graph, roots: &[Ex]) {
        self.relieve(HashSet::new());
        let sure = sure(graph, self, roots);
        self.relieve(sure);
    }

    /// From here on nothing is sure to be computed.
    pub fn leave(&mut self) {
        self.relieve(HashSet::new());
    }

    fn relieve(&mut self, sure: HashSet<Ex>) -> HashSet<Ex> {
        for ex in std::mem::take(&mut self.unsettled) {
            self.marks[ex.0 as usize] = None;
        }
        std::mem::replace(&mut self.sure, sure)
    }

    /// The mark of a node, computed with those of its operands where they are new.
    pub fn mark(&mut self, graph: &mut Graph, ex: Ex) -> Mark {
        if let Some(Some(mark)) = self.marks.get(ex.0 as usize) {
            return *mark;
        }
        let mut stack = vec![ex];
        while let Some(&top) = stack.last() {
            if self.marks.len() <= top.0 as usize {
                self.marks.resize((top.0 as usize + 1).max(graph.len()), None);
            }
            if self.marks[top.0 as usize].is_some() {
                stack.pop();
                continue;
            }
            let height = stack.len();
            let mut mark = Mark::default();
            // A variable is there in its scope, whatever its length took.
            if !matches!(graph.node(top), Node::Var(_)) {
                graph.operands(top, |operand| match self.marks[operand.0 as usize] {
                    Some(known) => mark = mark.with(known),
                    None => stack.push(operand),
                });
            }
            if stack.len() == height {
                let own = match graph.node(top) {
                    Node::Call { f, .. } => {
                        let faults = self.call_faults(graph, f);
                        Mark { faults, guarded: true, dear: true, ..Mark::default() }
                    }
                    _simple => own(graph, top),
                };
                let mut mark = mark.with(own);
                if mark.faults {
                    let sure = self.sure.contains(&top);
                    mark.hopes |= sure;
                    mark.faults = !sure && !self.is_proven(graph, top);
                }
                if mark.faults || mark.hopes {
                    self.unsettled.push(top);
                }
                mark.chooses |= match graph.node(top) {
                    Node::If { .. } => true,
                    Node::Build { .. } | Node::Accum { .. } | Node::Loop(_) => mark.faults,
                    Node::Real(_)
                    | Node::Int(_)
                    | Node::Bool(_)
                    | Node::Var(_)
                    | Node::Prim(..)
                    | Node::Index { .. }
                    | Node::Size { .. }
                    | Node::Lit { .. }
                    | Node::Call { .. }
                    | Node::Part { .. } => false,
                };
                let binds = !graph.bound(top).is_empty();
                mark.loops |= !mark.faults && binds;
                mark.dear |= binds;
                self.marks[top.0 as usize] = Some(mark);
                stack.pop();
            }
        }
        self.marks[ex.0 as usize].expect("computed above")
    }

    /// Whether all that might fault in the branches of a choice cannot where its condition holds.
    fn is_proven(&self, graph: &mut Graph, choice: Ex) -> bool {
        let Node::If { cond, .. } = graph.node(choice) else { return false };
        let faults = |ex: Ex| self.marks.get(ex.0 as usize).copied().flatten().is_none_or(|mark| mark.faults);
        let mut stack = vec![(choice, Vec::new())];
        let mut steps = 0;
        while let Some((ex, known)) = stack.pop() {
            steps += 1;
            if ex != choice && !faults(ex) {
                continue;
            }
            if steps > MOST_PROVEN || ex == cond {
                return false;
            }
            match graph.node(ex) {
                Node::If { cond, then, els } => {
                    for (branch, holds) in [(then, true), (els, false)] {
                        let mut known = known.clone();
                        bounds::facts(graph, cond, holds, &mut known);
                        stack.push((branch, known));
                    }
                    stack.push((cond, known));
                    continue;
                }
                Node::Index { array, at } => {
                    let at: Vec<Ex> = graph.exs(at).collect();
                    for (axis, &index) in at.iter().enumerate() {
                        if !bounds::inside(graph, array, axis, index, &known) {
                            return false;
                        }
                    }
                }
                Node::Call { .. } => return false,
                _other if own(graph, ex).faults => return false,
                _other => {}
            }
            // A binder of the same name means another value inside.
            let bound = graph.bound(ex);
            let known: Vec<Ex> =
                known.into_iter().filter(|&fact| !graph.depends_on_any(fact, &bound)).collect();
            graph.operands(ex, |operand| stack.push((operand, known.clone())));
        }
        true
    }

    /// Finds out about these functions and all that they call, those that are called first, so that
    /// it takes no looking into functions inside one another.
    pub fn learn(&mut self, graph: &mut Graph, functions: &[FnId]) {
        let mut met: HashSet<FnId> = HashSet::new();
        let mut stack: Vec<(FnId, bool)> = functions.iter().rev().map(|&f| (f, false)).collect();
        while let Some((f, called_known)) = stack.pop() {
            if called_known {
                self.call_faults(graph, f);
            } else if !self.calls.contains_key(&f) && met.insert(f) {
                stack.push((f, true));
                let results = &graph.function(f).results;
                stack.extend(graph.callees(results).into_iter().map(|callee| (callee, false)));
            }
        }
    }

    /// Whether a call of the function may fault or never end: if it calls itself, or computes what may.
    pub fn call_faults(&mut self, graph: &mut Graph, f: FnId) -> bool {
        if let Some(known) = self.calls.get(&f) {
            return known.unwrap_or(true);
        }
        let function = graph.function(f);
        let results = function.results.clone();
        if function.provided.is_some() {
            return false; // for all sizes that it takes it has a value
        }
        if results.is_empty() || !function.requires.is_empty() || self.depth >= MOST_CALLS {
            return true;
        }
        self.calls.insert(f, None);
        self.depth += 1;
        // What is sure of the caller is not of the function.
        let outside = self.relieve(HashSet::new());
        let faults = results.into_iter().any(|result| self.mark(graph, result).faults);
        self.relieve(outside);
        self.depth -= 1;
        self.calls.insert(f, Some(faults));
        faults
    }
}

/// Loops in branches inside of loops over these lengths that may as well be made before it is known whether a
/// branch needs them: each takes no longer than those loops do. `there` says what can be computed before.
pub(super) fn early(
    graph: &mut Graph,
    safety: &mut Safety,
    branches: &[Ex],
    lens: &[Ex],
    there: impl Fn(&Graph, Ex) -> bool,
) -> Vec<Ex> {
    let mut found = Vec::new();
    let mut stack = branches.to_vec();
    let mut met = HashSet::new();
    while let Some(ex) = stack.pop() {
        let mark = safety.mark(graph, ex);
        if !mark.loops || !met.insert(ex) {
            continue;
        }
        if !mark.faults && within(graph, ex, lens) && there(graph, ex) {
            found.push(ex);
        } else {
            graph.operands(ex, |operand| stack.push(operand));
        }
    }
    found
}

/// Whether an expression is a loop over some of these lengths, with no more loops in it than there are lengths.
fn within(graph: &Graph, ex: Ex, lens: &[Ex]) -> bool {
    let counted = match graph.node(ex) {
        Node::Build { .. } | Node::Accum { .. } => true,
        Node::Loop(list) => graph.loop_parts(list).len.is_some(),
        _no_loop => false,
    };
    let counters: Vec<VarId> = counters(graph, ex);
    counted
        && counters.iter().all(|&b| lens.contains(&graph.len_of(b)))
        && nest(graph, ex, lens.len()) <= lens.len()
}

/// The binders that count the steps of a loop.
fn counters(graph: &Graph, ex: Ex) -> Vec<VarId> {
    graph.bound(ex).into_iter().filter(|&b| graph.index_len(b).is_some()).collect()
}

/// How many loops stand inside one another from this one on, at least if they are more than `most`.
fn nest(graph: &Graph, ex: Ex, most: usize) -> usize {
    let own = counters(graph, ex);
    if own.len() > most {
        return own.len();
    }
    let bound = graph.bound(ex);
    let inside = graph.reach_where(&graph.bodies(ex), |e| graph.depends_on_any(e, &bound));
    let inner = inside.into_iter().filter(|&e| !graph.bound(e).is_empty());
    own.len() + inner.map(|e| nest(graph, e, most - own.len())).max().unwrap_or(0)
}

/// The mark of the operation itself.
pub(super) fn own(graph: &mut Graph, ex: Ex) -> Mark {
    let none = Mark::default();
    let faults = Mark { faults: true, guarded: true, ..none };
    let guarded = Mark { guarded: true, ..none };
    match graph.node(ex) {
        Node::Real(_) | Node::Int(_) | Node::Bool(_) | Node::Var(_) | Node::Size { .. } => none,
        Node::If { .. } | Node::Lit { .. } | Node::Part { .. } => none,
        Node::Prim(p, args) => match p.row().kind {
            Kind::Arith if !graph.ty(ex).is_real() => {
                let constant = graph.exs(args).any(|a| graph.as_int(a).is_some());
                match p {
                    Prim::ADD | Prim::SUB | Prim::NEG | Prim::MAX | Prim::MIN | Prim::ABS | Prim::SIGN => {
                        none
                    }
                    Prim::MUL if constant => none,
                    _other => faults,
                }
            }
            Kind::RealToReal | Kind::Arith if !p.row().domain.is_empty() && p != Prim::DIV => guarded,
            Kind::ToInt => faults,
            Kind::RealToReal | Kind::Arith | Kind::Compare | Kind::Logic | Kind::ToReal => none,
        },
        Node::Index { array, at } => {
            let at: Vec<Ex> = graph.exs(at).collect();
            let inside =
                at.iter().enumerate().all(|(axis, &index)| bounds::inside(graph, array, axis, index, &[]));
            if inside { none } else { faults }
        }
        // A scatter stores at indices that may be outside.
        Node::Accum { init, at, .. } => {
            let at: Vec<Ex> = graph.exs(at).collect();
            let inside =
                at.iter().enumerate().all(|(axis, &index)| bounds::inside(graph, init, axis, index, &[]));
            if inside { guarded } else { faults }
        }
        Node::Build { .. } => guarded,
        Node::Loop(list) => {
            if graph.loop_parts(list).len.is_some() {
                guarded
            } else {
                faults
            }
        }
        Node::Call { .. } => unreachable!("calls are looked up"),
    }
}
