//! What may be computed without being asked for: for each node, whether it must stay under the
//! conditions of its uses.
//!
//! Takes nodes in arena order; gives marks. Knows nothing of regions or statements.

use crate::core::{AccumOp, Ex, FnId, Graph, List, Node, VarId};
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
    /// It needs the number of values that reach an extreme ([`counts_ties`]).
    pub ties: bool,
}

impl Mark {
    fn with(self, other: Mark) -> Mark {
        Mark {
            faults: self.faults || other.faults,
            guarded: self.guarded || other.guarded,
            chooses: self.chooses || other.chooses,
            ties: self.ties || other.ties,
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
    /// Whether a call of a function may fault or never end; nothing while that is being found out.
    calls: HashMap<FnId, Option<bool>>,
    /// How many functions are being looked at inside one another.
    depth: usize,
}

/// Calls inside one another beyond this are taken to fault.
const MOST_CALLS: usize = 64;

impl Safety {
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
                        Mark { faults: self.call_faults(graph, f), guarded: true, ..Mark::default() }
                    }
                    _simple => own(graph, top),
                };
                let mut mark = mark.with(own);
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
                mark.ties |= counts_ties(graph, top);
                self.marks[top.0 as usize] = Some(mark);
                stack.pop();
            }
        }
        self.marks[ex.0 as usize].expect("computed above")
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
        let faults = results.into_iter().any(|result| self.mark(graph, result).faults);
        self.depth -= 1;
        self.calls.insert(f, Some(faults));
        faults
    }
}

/// Whether the expression counts the values that reach an extreme: it takes the time of the extreme, which is
/// found anyway, so it may as well be computed before it is known whether it is needed.
pub(super) fn counts_ties(graph: &Graph, ex: Ex) -> bool {
    let Node::Accum { op: AccumOp::Sum, over, value, .. } = graph.node(ex) else { return false };
    let Node::If { cond, then, els } = graph.node(value) else { return false };
    let Some(&[a, b]) = graph.as_prim(cond, Prim::EQ) else { return false };
    let lens = |over: List| graph.vars(over).map(|b| graph.len_of(b));
    let extreme = |ex: u32| match graph.node(Ex(ex)) {
        Node::Accum { op: AccumOp::Max | AccumOp::Min, over: own, .. } => lens(own).eq(lens(over)),
        _other => false,
    };
    let literal = |ex: Ex| graph.as_real(ex).is_some();
    literal(then) && literal(els) && (extreme(a) || extreme(b))
}

/// The mark of the operation itself.
fn own(graph: &mut Graph, ex: Ex) -> Mark {
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
            let inside = at.iter().enumerate().all(|(axis, &index)| surely_inside(graph, array, axis, index));
            if inside { none } else { faults }
        }
        // A scatter stores at indices that may be outside.
        Node::Accum { init, at, .. } => {
            let at: Vec<Ex> = graph.exs(at).collect();
            let inside = at.iter().enumerate().all(|(axis, &index)| surely_inside(graph, init, axis, index));
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

/// Whether an index is provably inside the array, given that all binders in it are in their ranges.
pub(super) fn surely_inside(graph: &mut Graph, array: Ex, axis: usize, index: Ex) -> bool {
    let size = graph.size(array, axis);
    let (least, most) = (extreme(graph, index, false), extreme(graph, index, true));
    let (Some(least), Some(most)) = (least, most) else { return false };
    let last = graph.sub(size, most);
    nonnegative(graph, least, 0) && nonnegative(graph, last, 1)
}

/// Binders of one index, each in the range of another, beyond which nothing is proved.
const MOST_BINDERS: usize = 8;

/// A bound of a sum whose binders run over their ranges, from above or from below: binders are replaced by the
/// end of their range, those first whose range depends on others.
fn extreme(graph: &mut Graph, index: Ex, above: bool) -> Option<Ex> {
    let mut bound = index;
    for _ in 0..=MOST_BINDERS {
        let sum = graph.affine(bound);
        let binders: Vec<(VarId, i64, Ex)> = sum
            .terms
            .iter()
            .filter_map(|&(term, coefficient)| match graph.node(term) {
                Node::Var(var) => graph.index_len(var).map(|len| (var, coefficient, len)),
                _other => None,
            })
            .collect();
        if binders.is_empty() {
            return Some(bound);
        }
        let innermost =
            |&&(var, ..): &&(VarId, i64, Ex)| !binders.iter().any(|&(_, _, len)| graph.depends_on(len, var));
        let &(var, coefficient, len) = binders.iter().find(innermost)?;
        let end = if (coefficient > 0) == above { last_step(graph, len) } else { graph.int(0) };
        let binder = graph.variable(var);
        let moved = graph.sub(end, binder);
        let factor = graph.int(coefficient);
        let moved = graph.mul(factor, moved);
        bound = graph.add(bound, moved);
    }
    None
}

/// The last value of a binder of this length, where there is one: then no bound from below counts.
fn last_step(graph: &mut Graph, len: Ex) -> Ex {
    let mut len = len;
    if let Some(&[a, b]) = graph.as_prim(len, Prim::MAX) {
        let below = |graph: &Graph, ex: u32| graph.as_int(Ex(ex)).is_some_and(|n| n <= 0);
        if below(graph, a) {
            len = Ex(b);
        } else if below(graph, b) {
            len = Ex(a);
        }
    }
    let one = graph.int(1);
    graph.sub(len, one)
}

/// Whether a sum is at least `bound` whatever the lengths of arrays in it are.
fn nonnegative(graph: &Graph, ex: Ex, bound: i64) -> bool {
    let sum = graph.affine(ex);
    sum.constant >= bound
        && sum.terms.iter().all(|&(t, c)| c > 0 && matches!(graph.node(t), Node::Size { .. }))
}
