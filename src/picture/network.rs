//! A function of the graph as a diagram: a box for every operation on reals, with the author's names; what is
//! used twice stands once; loops and calls are frames, calls of functions with given derivatives and recursive ones boxes.
//!
//! Integers and conditions are text: lengths, indices, tests. Calls are gone through with a queue, and the
//! nodes of a function in the order of the arena.

use super::diagram::{Diagram, Edge, Group, Kind, Node as Box};
use super::letters::{clipped, number};
use super::signs::{self, Shown};
use crate::core::{AccumOp, Elem, Ex, FnId, Graph, List, Node, VarId, VarKind};
use crate::print::{Faces, raise};
use crate::syntax::print;
use crate::syntax::tree::Tree;
use std::collections::HashMap;

/// Longer texts in a box are cut.
const MOST_LETTERS: usize = 32;

/// How much of a function is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// The function itself; calls are boxes.
    Own,
    /// The functions that it calls too.
    Calls,
}

/// The numbers of a box: one, or one for each element or round of a loop.
#[derive(Debug, Clone, Default)]
pub struct Numbers {
    pub values: Vec<f64>,
    pub adjoints: Vec<Option<f64>>,
}

/// What is known besides the graph.
pub struct Subject<'a> {
    pub name: &'a str,
    pub f: FnId,
    /// The names that the author gives to lengths: of a parameter, along an axis.
    pub lengths: &'a HashMap<(VarId, u32), String>,
    /// The numbers of a parameter of the function.
    pub input: &'a dyn Fn(VarId) -> Option<Numbers>,
    /// The numbers of a node, under the calls that lead to it.
    pub found: &'a dyn Fn(&[Ex], Ex) -> Option<Numbers>,
}

/// What stands for a node: a box, or a result of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ref {
    Box(usize),
    Result(usize, usize),
    /// A literal.
    Constant(Ex),
    /// Text in other boxes.
    Nothing,
}

/// A call that is drawn, or the function itself.
struct Instance {
    f: FnId,
    /// The calls that lead to it.
    chain: Vec<Ex>,
    group: Option<usize>,
    args: HashMap<VarId, Ref>,
    map: HashMap<Ex, Ref>,
    /// The loops of its body: for each binder and state which, and how far out it is.
    loops: HashMap<VarId, (usize, Ex)>,
    labels: Vec<String>,
    frames: HashMap<Vec<usize>, usize>,
}

/// The diagram of a function; nothing where it would have more than so many boxes.
pub fn network(graph: &mut Graph, subject: &Subject, detail: Detail, most: usize) -> Option<Diagram> {
    let params = graph.function(subject.f).params.clone();
    let mut builder = Builder {
        graph,
        subject,
        detail,
        diagram: Diagram::default(),
        instances: Vec::new(),
        edges: Vec::new(),
        at: 0,
    };
    let mut args = HashMap::new();
    for param in params {
        let info = builder.graph.var(param);
        if info.ty.elem == Elem::Real {
            let label = info.name.clone();
            let numbers = (subject.input)(param);
            args.insert(param, builder.add(Kind::Input, label, None, numbers));
        }
    }
    builder.instances.push(Instance::new(subject.f, Vec::new(), None, args));
    while builder.at < builder.instances.len() {
        builder.instance();
        if builder.diagram.nodes.len() > most {
            return None;
        }
        builder.at += 1;
    }
    Some(builder.finish())
}

impl Instance {
    fn new(f: FnId, chain: Vec<Ex>, group: Option<usize>, args: HashMap<VarId, Ref>) -> Instance {
        Instance {
            f,
            chain,
            group,
            args,
            map: HashMap::new(),
            loops: HashMap::new(),
            labels: Vec::new(),
            frames: HashMap::new(),
        }
    }
}

struct Builder<'a> {
    graph: &'a mut Graph,
    subject: &'a Subject<'a>,
    detail: Detail,
    diagram: Diagram,
    instances: Vec<Instance>,
    edges: Vec<(Ref, usize, String)>,
    /// The instance at hand.
    at: usize,
}

impl Builder<'_> {
    fn own(&mut self) -> &mut Instance {
        &mut self.instances[self.at]
    }

    fn add(&mut self, kind: Kind, label: String, group: Option<usize>, numbers: Option<Numbers>) -> Ref {
        let numbers = numbers.unwrap_or_default();
        let all: Vec<f64> = numbers.adjoints.iter().map(|adjoint| adjoint.unwrap_or(0.0)).collect();
        let reached = numbers.adjoints.iter().any(Option::is_some);
        let full = |text: &str, all: &[f64]| {
            let shown: Vec<String> = all.iter().take(12).map(|&x| print::decimal(x)).collect();
            format!("{text} {}{}", shown.join(", "), if all.len() > 12 { ", …" } else { "" })
        };
        let mut hints = Vec::new();
        if !numbers.values.is_empty() {
            hints.push(full("value", &numbers.values));
        }
        if reached {
            hints.push(full("adjoint", &all));
        }
        let label = clipped(&label, MOST_LETTERS);
        self.diagram.nodes.push(Box {
            kind,
            value: (!numbers.values.is_empty()).then(|| listed(&numbers.values)),
            adjoint: reached.then(|| format!("adjoint {}", listed(&all))),
            hint: (!hints.is_empty()).then(|| format!("{label}: {}", hints.join("; "))),
            label,
            group,
        });
        Ref::Box(self.diagram.nodes.len() - 1)
    }

    fn edge(&mut self, from: Ref, to: Ref, label: &str) {
        let Ref::Box(to) = to else { return };
        let from = match from {
            Ref::Constant(ex) => {
                let label = self.graph.as_real(ex).map_or_else(String::new, print::decimal);
                let group = self.diagram.nodes[to].group;
                self.add(Kind::Constant, label, group, None)
            }
            Ref::Nothing => return,
            Ref::Box(_) | Ref::Result(..) => from,
        };
        self.edges.push((from, to, label.to_string()));
    }

    /// All boxes of the function at hand.
    fn instance(&mut self) {
        let f = self.own().f;
        let results = self.graph.function(f).results.clone();
        let mut all = self.graph.reach(&results);
        all.sort_unstable();
        self.find_loops(&all);
        for &ex in &all {
            let known = self.node(ex);
            self.own().map.insert(ex, known);
        }
        // What a loop goes on with may come after its states.
        for ex in all {
            if let Node::Loop(list) = self.graph.node(ex) {
                self.states(list);
            }
        }
    }

    fn get(&self, ex: Ex) -> Ref {
        self.instances[self.at].map.get(&ex).copied().unwrap_or(Ref::Nothing)
    }

    // ── Frames ───────────────────────────────────────────────────────────────────────────────────

    /// Which loop each binder belongs to; loops over the same binders are one frame.
    fn find_loops(&mut self, all: &[Ex]) {
        for &ex in all {
            let (vars, label) = match self.graph.node(ex) {
                Node::Build { over, .. } | Node::Accum { over, .. } => {
                    let vars: Vec<VarId> = self.graph.vars(over).collect();
                    let ranges: Vec<String> = vars.iter().map(|&var| self.range(var)).collect();
                    (vars, format!("for {}", ranges.join(", ")))
                }
                Node::Loop(list) => {
                    let parts = self.graph.loop_parts(list);
                    let label = match parts.cond {
                        Some(cond) => format!("while {}", self.text(cond)),
                        None => format!("in turn for {}", self.range(parts.index)),
                    };
                    ([parts.index].into_iter().chain(parts.states).collect(), label)
                }
                _other => continue,
            };
            let own = self.own();
            let known = vars.iter().find_map(|var| own.loops.get(var).map(|&(at, _)| at));
            let at = known.unwrap_or_else(|| {
                own.labels.push(label);
                own.labels.len() - 1
            });
            for var in vars {
                let entry = own.loops.entry(var).or_insert((at, ex));
                entry.1 = entry.1.max(ex);
            }
        }
    }

    /// `i in 1..n`
    fn range(&mut self, var: VarId) -> String {
        let name = self.graph.var(var).name.clone();
        match self.graph.index_len(var) {
            Some(len) => format!("{name} in 1..{}", self.integer(len, 0)),
            None => name,
        }
    }

    /// The frame of a node: that of the loops whose binders it depends on.
    fn frame(&mut self, ex: Ex) -> Option<usize> {
        let free: Vec<VarId> = self.graph.free(ex).collect();
        self.frame_of(&free)
    }

    fn frame_of(&mut self, vars: &[VarId]) -> Option<usize> {
        let own = &self.instances[self.at];
        let mut loops: Vec<(usize, Ex)> = vars.iter().filter_map(|var| own.loops.get(var).copied()).collect();
        // The outermost loop has the largest handle.
        loops.sort_by_key(|&(at, ex)| (std::cmp::Reverse(ex), at));
        let mut path = Vec::new();
        let mut parent = own.group;
        for (at, _) in loops {
            if path.contains(&at) {
                continue;
            }
            path.push(at);
            parent = match self.own().frames.get(&path) {
                Some(&group) => Some(group),
                None => {
                    let label = clipped(&self.own().labels[at], 60);
                    self.diagram.groups.push(Group { label, parent });
                    let group = self.diagram.groups.len() - 1;
                    self.own().frames.insert(path.clone(), group);
                    Some(group)
                }
            };
        }
        parent
    }

    // ── Nodes ────────────────────────────────────────────────────────────────────────────────────

    fn node(&mut self, ex: Ex) -> Ref {
        let ty = self.graph.ty(ex);
        let node = self.graph.node(ex);
        if !matches!(node, Node::Call { .. }) && !ty.is_real() {
            return Ref::Nothing;
        }
        match node {
            Node::Real(_) => Ref::Constant(ex),
            Node::Int(_) | Node::Bool(_) | Node::Size { .. } | Node::Loop(_) => Ref::Nothing,
            Node::Var(var) => self.variable(var),
            Node::Prim(p, args) => self.primitive(ex, p, args),
            Node::If { cond, then, els } => {
                let test = self.text(cond);
                let node = self.named(ex, Kind::Choice, &format!("if {test}"));
                self.operands(node, &[(then, "then"), (els, "else")]);
                node
            }
            Node::Index { array, at } => {
                let at: Vec<Ex> = self.graph.exs(at).collect();
                let at: Vec<String> = at.into_iter().map(|at| self.integer(at, 1)).collect();
                let array_name = self.name_of(array);
                let node = self.named(ex, Kind::Operation, &format!("{array_name}[{}]", at.join(", ")));
                self.operands(node, &[(array, "")]);
                node
            }
            Node::Lit { elems, .. } => {
                let elems: Vec<Ex> = self.graph.exs(elems).collect();
                let node = self.named(ex, Kind::Operation, "[ ]");
                let labels: Vec<String> = (1..=elems.len()).map(|at| at.to_string()).collect();
                let pairs: Vec<(Ex, &str)> =
                    elems.into_iter().zip(labels.iter().map(String::as_str)).collect();
                self.operands(node, &pairs);
                node
            }
            Node::Build { body, over } => {
                let indices: Vec<String> =
                    self.graph.vars(over).map(|var| self.graph.var(var).name.clone()).collect();
                let node = self.named(ex, Kind::Operation, &format!("array over {}", indices.join(", ")));
                self.operands(node, &[(body, "")]);
                node
            }
            Node::Accum { op, init, over, at, value } => self.accumulation(ex, (op, init), (over, at), value),
            Node::Call { f, args } => self.call(ex, f, args),
            Node::Part { of, index } => self.part(ex, of, index as usize),
        }
    }

    /// A box, under the author's name if there is one.
    fn named(&mut self, ex: Ex, kind: Kind, label: &str) -> Ref {
        let own = self.graph.name(ex).filter(|name| name.bound).map(|name| format!("{} = ", name.text));
        let group = self.frame(ex);
        let numbers = (self.subject.found)(&self.instances[self.at].chain, ex);
        self.add(kind, format!("{}{label}", own.unwrap_or_default()), group, numbers)
    }

    fn operands(&mut self, node: Ref, operands: &[(Ex, &str)]) {
        for &(operand, label) in operands {
            self.edge(self.get(operand), node, label);
        }
    }

    fn name_of(&self, ex: Ex) -> String {
        match self.graph.node(ex) {
            Node::Var(var) => self.graph.var(var).name.clone(),
            _other => self.graph.name(ex).map_or_else(String::new, |name| name.text.to_string()),
        }
    }

    fn variable(&mut self, var: VarId) -> Ref {
        match self.graph.var(var).kind {
            VarKind::Param => self.own().args.get(&var).copied().unwrap_or(Ref::Nothing),
            VarKind::State { .. } => {
                let group = self.frame_of(&[var]);
                let label = self.graph.var(var).name.clone();
                self.add(Kind::Input, label, group, None)
            }
            VarKind::Index { .. } | VarKind::Step => Ref::Nothing,
        }
    }

    fn primitive(&mut self, ex: Ex, p: crate::primitive::Prim, args: List) -> Ref {
        let args: Vec<Ex> = self.graph.exs(args).collect();
        if args.iter().all(|&arg| !self.graph.ty(arg).is_real()) {
            // A real made of integers is written as they are.
            let text = match args[..] {
                [one] => self.integer(one, 0),
                [] | [_, ..] => self.text(ex),
            };
            return self.named(ex, Kind::Constant, &text);
        }
        let literals: Vec<Option<f64>> = args.iter().map(|&arg| self.graph.as_real(arg)).collect();
        let mut literals = literals;
        if literals.iter().all(Option::is_some) {
            literals.iter_mut().for_each(|literal| *literal = None);
        }
        let Shown { mut label, roles } = signs::shown(p, &literals);
        let ints: Vec<Ex> = args.iter().copied().filter(|&arg| !self.graph.ty(arg).is_real()).collect();
        for arg in ints {
            let text = self.integer(arg, 0);
            label = format!("{label} [{text}]");
        }
        let node = self.named(ex, Kind::Operation, &label);
        let open = args.iter().zip(&literals).filter(|(_, literal)| literal.is_none()).map(|(&arg, _)| arg);
        let roles = roles.iter().copied().chain(std::iter::repeat(""));
        let pairs: Vec<(Ex, &str)> = open.zip(roles).collect();
        self.operands(node, &pairs);
        node
    }

    fn accumulation(&mut self, ex: Ex, start: (AccumOp, Ex), place: (List, List), value: Ex) -> Ref {
        let (op, init) = start;
        let (over, at) = place;
        let sign = match op {
            AccumOp::Sum => "Σ",
            AccumOp::Prod => "∏",
            AccumOp::Max => "max",
            AccumOp::Min => "min",
        };
        let indices: Vec<String> =
            self.graph.vars(over).map(|var| self.graph.var(var).name.clone()).collect();
        let at: Vec<Ex> = self.graph.exs(at).collect();
        let at: Vec<String> = at.into_iter().map(|at| self.integer(at, 1)).collect();
        let into = if at.is_empty() { String::new() } else { format!(" into [{}]", at.join(", ")) };
        let node = self.named(ex, Kind::Operation, &format!("{sign} over {}{into}", indices.join(", ")));
        // What changes nothing to begin with is not drawn.
        let idle = match (self.graph.as_real(init), op) {
            (Some(x), AccumOp::Sum) => x == 0.0,
            (Some(x), AccumOp::Prod) => x == 1.0,
            (Some(x), AccumOp::Max | AccumOp::Min) => x.is_infinite(),
            (None, _) => false,
        };
        if !idle {
            self.operands(node, &[(init, "start")]);
        }
        self.operands(node, &[(value, "")]);
        node
    }

    // ── Loops and calls ──────────────────────────────────────────────────────────────────────────

    /// Arrows from what the states of a loop begin with.
    fn states(&mut self, list: List) {
        let parts = self.graph.loop_parts(list);
        for (&state, &init) in parts.states.iter().zip(&parts.inits) {
            let own = self.graph.variable(state);
            let (init, own) = (self.get(init), self.get(own));
            self.edge(init, own, "first");
        }
        for (&state, &next) in parts.states.iter().zip(&parts.nexts) {
            let Ref::Box(at) = self.get(next) else { continue };
            let name = &self.graph.var(state).name;
            let node = &mut self.diagram.nodes[at];
            if node.kind != Kind::Input {
                node.label = clipped(&format!("next {name} = {}", node.label), MOST_LETTERS);
            }
        }
    }

    fn part(&mut self, ex: Ex, of: Ex, index: usize) -> Ref {
        match self.graph.node(of) {
            Node::Loop(list) => {
                let parts = self.graph.loop_parts(list);
                let (state, all) = (index % parts.states.len(), index >= parts.states.len());
                let name = self.graph.var(parts.states[state]).name.clone();
                let label = if all { format!("all {name}") } else { format!("last {name}") };
                let mut numbers = (self.subject.found)(&self.instances[self.at].chain, parts.nexts[state]);
                if let Some(numbers) = numbers.as_mut().filter(|_| !all) {
                    // Rounds come in their order.
                    numbers.values.drain(..numbers.values.len().saturating_sub(1));
                    numbers.adjoints.drain(..numbers.adjoints.len().saturating_sub(1));
                }
                let group = self.frame(ex);
                let node = self.add(Kind::Operation, label, group, numbers);
                self.operands(node, &[(parts.nexts[state], "")]);
                node
            }
            _call => match self.get(of) {
                Ref::Result(instance, _) => Ref::Result(instance, index),
                one => one,
            },
        }
    }

    fn call(&mut self, ex: Ex, f: FnId, args: List) -> Ref {
        let args: Vec<Ex> = self.graph.exs(args).collect();
        let function = self.graph.function(f);
        let (name, params) = (function.name.clone(), function.params.clone());
        let given = function.custom.is_some() || function.provided.is_some();
        let refs: Vec<Ref> = args.iter().map(|&arg| self.get(arg)).collect();
        if given || self.detail == Detail::Own || self.graph.is_recursive(f) {
            let node = self.named(ex, Kind::Call, &format!("{name}(…)"));
            let many = refs.len() > 1;
            for (from, &param) in refs.into_iter().zip(&params) {
                let label = if many { self.graph.var(param).name.clone() } else { String::new() };
                self.edge(from, node, &label);
            }
            return node;
        }
        let texts: Vec<String> = args.iter().map(|&arg| self.argument(arg)).collect();
        let parent = self.frame(ex);
        let label = clipped(&format!("{name}({})", texts.join(", ")), 60);
        self.diagram.groups.push(Group { label, parent });
        let group = Some(self.diagram.groups.len() - 1);
        let chain = self.instances[self.at].chain.iter().copied().chain([ex]).collect();
        let args = params.into_iter().zip(refs).collect();
        self.instances.push(Instance::new(f, chain, group, args));
        Ref::Result(self.instances.len() - 1, 0)
    }

    /// An argument in the head of a frame.
    fn argument(&mut self, ex: Ex) -> String {
        let ty = self.graph.ty(ex);
        match (self.name_of(ex), ty.is_real()) {
            (name, _) if !name.is_empty() => name,
            (_, true) => self.graph.as_real(ex).map_or_else(|| "·".to_string(), print::decimal),
            (_, false) => self.text(ex),
        }
    }

    // ── Text ─────────────────────────────────────────────────────────────────────────────────────

    /// An expression in the notation.
    fn text(&mut self, ex: Ex) -> String {
        // What loops around it bind is a name here.
        let free: Vec<VarId> = self.graph.free(ex).collect();
        let mut named = Vec::new();
        for var in free {
            let info = self.graph.var(var);
            let (name, ty, kind) = (info.name.clone(), info.ty, info.kind);
            let param = self.graph.param(&name, ty);
            let mut value = self.graph.variable(param);
            if matches!(kind, VarKind::Index { .. } | VarKind::Step) {
                let one = self.graph.int(1);
                value = self.graph.sub(value, one);
            }
            named.push((var, value));
        }
        let ex = self.graph.substitute(ex, &named);
        let mut tree = Tree::default();
        let ast = raise::expression(self.graph, &mut tree, &Faces::new(), ex);
        let text = print::expression(&tree, ast);
        clipped(&text.split_whitespace().collect::<Vec<_>>().join(" "), MOST_LETTERS)
    }

    /// An integer and something, with indices that count from 1.
    fn integer(&mut self, ex: Ex, more: i64) -> String {
        let sum = self.graph.affine(ex);
        let mut constant = sum.constant + more;
        let mut text = String::new();
        for (term, factor) in sum.terms {
            let name = match self.graph.node(term) {
                Node::Var(var) => {
                    if self.graph.index_len(var).is_some() || self.graph.var(var).kind == VarKind::Step {
                        constant -= factor;
                    }
                    self.graph.var(var).name.clone()
                }
                Node::Size { array, axis } => match self.graph.node(array) {
                    Node::Var(var) if self.subject.lengths.contains_key(&(var, axis)) => {
                        self.subject.lengths[&(var, axis)].clone()
                    }
                    _other => self.text(term),
                },
                _other => self.text(term),
            };
            let sign = match (text.is_empty(), factor < 0) {
                (true, false) => "",
                (true, true) | (false, true) => "-",
                (false, false) => "+",
            };
            let times = if factor.abs() == 1 { String::new() } else { format!("{}*", factor.abs()) };
            text.push_str(&format!("{sign}{times}{name}"));
        }
        match (text.is_empty(), constant) {
            (true, constant) => constant.to_string(),
            (false, 0) => text,
            (false, constant) => format!("{text}{constant:+}"),
        }
    }

    // ── The end ──────────────────────────────────────────────────────────────────────────────────

    /// The box that a result of a call is.
    fn resolve(&self, start: Ref) -> Ref {
        let mut found = start;
        while let Ref::Result(instance, index) = found {
            let instance = &self.instances[instance];
            let result = self.graph.function(instance.f).results.get(index);
            found = result.and_then(|result| instance.map.get(result)).copied().unwrap_or(Ref::Nothing);
        }
        found
    }

    fn finish(mut self) -> Diagram {
        let results = self.graph.function(self.subject.f).results.clone();
        self.at = 0;
        let count = results.len();
        for (at, result) in results.into_iter().enumerate() {
            let name = match count {
                1 => self.subject.name.to_string(),
                _several => format!("{}.{}", self.subject.name, at + 1),
            };
            let node = match self.resolve(self.get(result)) {
                Ref::Constant(ex) => {
                    let label = self.graph.as_real(ex).map_or_else(String::new, print::decimal);
                    self.add(Kind::Constant, label, None, None)
                }
                other => other,
            };
            let Ref::Box(node) = node else { continue };
            let node = &mut self.diagram.nodes[node];
            node.kind = if node.kind == Kind::Input { Kind::Input } else { Kind::Result };
            node.label = format!("{name} = {}", node.label);
        }
        let edges = std::mem::take(&mut self.edges);
        for (from, to, label) in edges {
            match self.resolve(from) {
                Ref::Box(from) => self.diagram.edges.push(Edge { from, to, label }),
                Ref::Constant(ex) => self.edge(Ref::Constant(ex), Ref::Box(to), &label),
                Ref::Result(..) | Ref::Nothing => {}
            }
        }
        let constants = std::mem::take(&mut self.edges);
        for (from, to, label) in constants {
            if let Ref::Box(from) = from {
                self.diagram.edges.push(Edge { from, to, label });
            }
        }
        self.diagram
    }
}

/// Numbers, the middle ones left out where they are many.
fn listed(numbers: &[f64]) -> String {
    let text = |x: &f64| number(*x);
    match numbers {
        [first, second, .., last] if numbers.len() > 3 => {
            format!("{}, {}, …, {}", number(*first), number(*second), number(*last))
        }
        few => few.iter().map(text).collect::<Vec<_>>().join(", "),
    }
}
