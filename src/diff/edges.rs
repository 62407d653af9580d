//! Where a derivative rests on a convention: a function like another, that calls a function of its
//! own for each place where differentiation passes over a kink, a tie or the boundary of a test.
//! Who runs it and counts those calls knows where the derivative is a decision.
//!
//! The places follow the way of the derivative: what is active and reaches a real result through
//! operands that are differentiated, in the branches that are taken. Nothing is noted inside the
//! functions whose derivative the author gave.

use super::Rules;
use super::activity::active;
use crate::core::{AccumOp, Dense, Ex, FnId, Graph, Node, Origin, Type, VarId};
use crate::primitive::{Kind, Prim};
use std::collections::{HashMap, VecDeque};

/// What a place is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Edge {
    /// A primitive where its row has a kink or a jump.
    Kink(Prim),
    /// The norm of an array that holds nothing but 0.
    Norm,
    /// The extreme of several values is reached by more than one.
    Tie,
    /// A comparison of two reals that are equal decides what is computed.
    Test,
}

/// A place, with the function that is called whenever the derivative passes over its edge.
#[derive(Debug, Clone, Copy)]
pub struct Site {
    pub called: FnId,
    pub edge: Edge,
    /// The mark of the place in the file.
    pub origin: u32,
}

/// The function with the results of `f` that calls the functions of the sites, and the sites; `f`
/// itself where there are none.
pub fn watched(graph: &mut Graph, rules: &mut dyn Rules, f: FnId, wrt: &[VarId]) -> (FnId, Vec<Site>) {
    let mask: Vec<bool> = graph.function(f).params.iter().map(|p| wrt.contains(p)).collect();
    let mut watcher =
        Watcher { graph, rules, known: HashMap::new(), pending: VecDeque::new(), sites: Vec::new() };
    let id = watcher.copy_of(f, &mask);
    while let Some(copy) = watcher.pending.pop_front() {
        watcher.fill(&copy);
    }
    if watcher.sites.is_empty() { (f, Vec::new()) } else { (id, watcher.sites) }
}

/// A copy of a function that is declared and not yet defined.
struct Copy {
    of: FnId,
    active: Vec<bool>,
    id: FnId,
}

struct Watcher<'a> {
    graph: &'a mut Graph,
    rules: &'a mut dyn Rules,
    /// The copies of functions, by which parameters are active.
    known: HashMap<(FnId, Vec<bool>), FnId>,
    pending: VecDeque<Copy>,
    sites: Vec<Site>,
}

/// What is known of the nodes of a function.
struct Ways {
    active: Dense<()>,
    /// What the derivative passes through.
    carried: Dense<()>,
    /// Comparisons that decide what the derivative passes through.
    tests: Dense<()>,
}

impl Watcher<'_> {
    /// The watched copy of a function; itself where nothing in it is to be watched.
    fn copy_of(&mut self, f: FnId, active: &[bool]) -> FnId {
        let function = self.graph.function(f);
        if function.custom.is_some() || function.results.is_empty() || !active.contains(&true) {
            return f;
        }
        if let Some(&known) = self.known.get(&(f, active.to_vec())) {
            return known;
        }
        let (name, params) = (format!("{}_watched", function.name), function.params.clone());
        let (types, requires) = (function.result_types.clone(), function.requires.clone());
        let id = self.graph.declare(&name, params, types, Origin::Source);
        self.graph.functions[id.0 as usize].requires = requires;
        self.known.insert((f, active.to_vec()), id);
        self.pending.push_back(Copy { of: f, active: active.to_vec(), id });
        id
    }

    fn fill(&mut self, copy: &Copy) {
        let function = self.graph.function(copy.of);
        let params = function.params.iter().zip(&copy.active);
        let vars: Vec<VarId> = params.filter(|(_, on)| **on).map(|(&p, _)| p).collect();
        let results = function.results.clone();
        let nodes = self.graph.reach(&results);
        let ways = ways(self.graph, &nodes, &results, &vars);
        let mut new: Dense<Ex> = Dense::new(self.graph);
        for &ex in &nodes {
            self.graph.current_origin = self.graph.origin(ex);
            let rebuilt = self.rebuilt(ex, &ways, &new);
            let rebuilt = self.watch(ex, rebuilt, &ways, &new);
            new.insert(ex, rebuilt);
        }
        let results = results.iter().map(|&r| *new.get(r).expect("all results are reached")).collect();
        self.graph.define(copy.id, results);
    }

    /// The node over the new operands; a call becomes one of the watched copy.
    fn rebuilt(&mut self, ex: Ex, ways: &Ways, new: &Dense<Ex>) -> Ex {
        let replaced = |e: Ex| *new.get(e).unwrap_or(&e);
        if let Node::Call { f, args } = self.graph.node(ex)
            && ways.carried.contains(ex)
        {
            let args: Vec<Ex> = self.graph.exs(args).collect();
            let on: Vec<bool> =
                args.iter().map(|&a| self.graph.ty(a).is_real() && ways.active.contains(a)).collect();
            let copy = self.copy_of(f, &on);
            let args: Vec<Ex> = args.into_iter().map(replaced).collect();
            return self.graph.call(copy, &args);
        }
        self.graph.rebuild(ex, replaced)
    }

    /// The rebuilt node with a call where its edge is met.
    fn watch(&mut self, ex: Ex, rebuilt: Ex, ways: &Ways, new: &Dense<Ex>) -> Ex {
        let carried = ways.carried.contains(ex);
        let replaced = |e: Ex| *new.get(e).unwrap_or(&e);
        match self.graph.node(ex) {
            Node::Prim(p, args) => {
                let args: Vec<Ex> = self.graph.exs(args).collect();
                if !args.iter().any(|&a| ways.active.contains(a)) {
                    return rebuilt;
                }
                let edge = tested(self.graph, &args);
                let args: Vec<Ex> = args.into_iter().map(replaced).collect();
                if carried && self.graph.ty(ex).is_real() {
                    // Of equal arguments neither is preferred: there is nothing to decide.
                    let same = matches!(args[..], [a, b] if a == b);
                    let kink = self.rules.kink(self.graph, p, &args, rebuilt).filter(|_| !same);
                    return kink.map_or(rebuilt, |kink| self.site(Edge::Kink(p), kink, rebuilt));
                }
                if ways.tests.contains(ex) {
                    let equal = self.graph.eq(args[0], args[1]);
                    return self.site(edge, equal, rebuilt);
                }
                rebuilt
            }
            Node::Part { .. }
                if carried && self.graph.as_norm(ex).is_some_and(|v| ways.active.contains(v)) =>
            {
                let zero = self.graph.real(0.0);
                let kink = self.graph.eq(rebuilt, zero);
                self.site(Edge::Norm, kink, rebuilt)
            }
            Node::Accum { op: AccumOp::Max | AccumOp::Min, init, over, at: _, value } if carried => {
                if !self.graph.ty(ex).is_real() || !ways.active.contains(value) {
                    return rebuilt;
                }
                let over: Vec<VarId> = self.graph.vars(over).collect();
                let (one, zero) = (self.graph.int(1), self.graph.int(0));
                let start = if ways.active.contains(init) {
                    let reached = self.graph.eq(replaced(init), rebuilt);
                    self.graph.select(reached, one, zero)
                } else {
                    zero
                };
                let reached = self.graph.eq(replaced(value), rebuilt);
                let one_each = self.graph.select(reached, one, zero);
                let count = self.graph.accum(AccumOp::Sum, start, &over, &[], one_each);
                let tied = self.graph.lt(one, count);
                self.site(Edge::Tie, tied, rebuilt)
            }
            Node::Real(_)
            | Node::Int(_)
            | Node::Bool(_)
            | Node::Var(_)
            | Node::If { .. }
            | Node::Index { .. }
            | Node::Size { .. }
            | Node::Lit { .. }
            | Node::Build { .. }
            | Node::Accum { .. }
            | Node::Loop(_)
            | Node::Call { .. }
            | Node::Part { .. } => rebuilt,
        }
    }

    /// The value; where the condition holds it goes through a call of the site's function.
    fn site(&mut self, edge: Edge, condition: Ex, value: Ex) -> Ex {
        if self.graph.as_bool(condition) == Some(false) {
            return value;
        }
        let ty = self.graph.ty(value);
        let param = self.graph.param("x", ty);
        let called = self.graph.declare("edge", vec![param], vec![ty], Origin::Source);
        let result = self.graph.variable(param);
        self.graph.define(called, vec![result]);
        // A function that requires something is called nowhere but where its value is needed.
        let always = self.graph.boolean(true);
        self.graph.functions[called.0 as usize].requires = vec![always];
        self.sites.push(Site { called, edge, origin: self.graph.current_origin });
        let call = self.graph.call(called, &[value]);
        let through = self.graph.part(call, 0);
        self.graph.select(condition, through, value)
    }
}

/// What a test of two reals is about: that of a length belongs to its derivative, not to the author.
fn tested(graph: &Graph, sides: &[Ex]) -> Edge {
    if sides.iter().any(|&side| graph.as_norm(side).is_some()) {
        Edge::Norm
    } else if sides.iter().any(|&side| graph.as_prim(side, Prim::HYPOT).is_some()) {
        Edge::Kink(Prim::HYPOT)
    } else {
        Edge::Test
    }
}

/// Finds what the derivative of the results passes through.
fn ways(graph: &mut Graph, nodes: &[Ex], results: &[Ex], vars: &[VarId]) -> Ways {
    let active = active(graph, nodes, vars);
    let mut carried = Dense::new(graph);
    let mut tests = Dense::new(graph);
    let mut stack: Vec<Ex> = results.iter().copied().filter(|&r| graph.ty(r).is_real()).collect();
    let mut conditions = Vec::new();
    while let Some(ex) = stack.pop() {
        if carried.contains(ex) {
            continue;
        }
        carried.insert(ex, ());
        carriers(graph, ex, &mut stack, &mut conditions);
    }
    let mut seen: Dense<()> = Dense::new(graph);
    while let Some(ex) = conditions.pop() {
        if seen.contains(ex) {
            continue;
        }
        seen.insert(ex, ());
        match graph.node(ex) {
            Node::Prim(p, args) if p.row().kind == Kind::Compare => {
                let args: Vec<Ex> = graph.exs(args).collect();
                let real = args.iter().all(|&a| graph.ty(a) == Type::REAL);
                if real && args.iter().any(|&a| active.contains(a)) {
                    tests.insert(ex, ());
                }
            }
            Node::Prim(p, args) if p.row().kind == Kind::Logic => conditions.extend(graph.exs(args)),
            Node::If { cond, then, els } => conditions.extend([cond, then, els]),
            _no_test => {}
        }
    }
    Ways { active, carried, tests }
}

/// Pushes the operands through which the derivative of a node goes on, and the conditions that
/// decide about it.
fn carriers(graph: &Graph, ex: Ex, stack: &mut Vec<Ex>, conditions: &mut Vec<Ex>) {
    match graph.node(ex) {
        Node::Real(_) | Node::Int(_) | Node::Bool(_) | Node::Var(_) | Node::Size { .. } => {}
        Node::Prim(p, args) => {
            let differentiated = |(k, arg): (usize, Ex)| (!p.row().is_constant_in(k)).then_some(arg);
            stack.extend(graph.exs(args).enumerate().filter_map(differentiated));
        }
        Node::If { cond, then, els } => {
            conditions.push(cond);
            stack.extend([then, els]);
        }
        Node::Index { array, .. } => stack.push(array),
        Node::Lit { elems: operands, .. } | Node::Call { args: operands, .. } => {
            stack.extend(graph.exs(operands));
        }
        Node::Build { body, .. } => stack.push(body),
        Node::Accum { init, value, .. } => stack.extend([init, value]),
        Node::Loop(list) => {
            let parts = graph.loop_parts(list);
            conditions.extend(parts.cond);
            stack.extend(parts.inits.into_iter().chain(parts.nexts));
        }
        Node::Part { of, .. } => stack.push(of),
    }
}
