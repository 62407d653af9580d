//! A function of the graph as a diagram: a box for every operation on reals, with the author's names; what is
//! used twice stands once; loops and calls are frames, calls of functions with given derivatives and recursive ones boxes.
//!
//! Integers and conditions are text: lengths, indices, tests. Calls are gone through with a queue, and the
//! nodes of a function in the order of the arena.

mod calls;
mod frames;
mod text;

use crate::core::{AccumOp, Elem, Ex, FnId, Graph, List, Node, VarId, VarKind};
use crate::picture::diagram::{Diagram, Edge, Kind, Node as Box};
use crate::picture::letters::clipped;
use crate::picture::signs::{self, Shown};
use crate::syntax::print;
use std::collections::HashMap;
use text::listed;

/// Longer texts in a box are cut.
const MOST_LETTERS: usize = 32;

/// Of so many nodes at least one is a box.
const SMALL: usize = 40;

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
    /// The loops of its body with their heads, the loop of each node, and the frame of each loop.
    loops: HashMap<Ex, String>,
    inside: HashMap<Ex, Ex>,
    frames: HashMap<Ex, usize>,
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
        builder.instance(most)?;
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
            inside: HashMap::new(),
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

    /// All boxes of the function at hand; nothing where they are far too many.
    fn instance(&mut self, most: usize) -> Option<()> {
        let f = self.own().f;
        let results = self.graph.function(f).results.clone();
        let mut all = self.graph.reach(&results);
        if all.len() > SMALL * most {
            return None;
        }
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
        Some(())
    }

    fn get(&self, ex: Ex) -> Ref {
        self.instances[self.at].map.get(&ex).copied().unwrap_or(Ref::Nothing)
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

    fn variable(&mut self, var: VarId) -> Ref {
        match self.graph.var(var).kind {
            VarKind::Param => self.own().args.get(&var).copied().unwrap_or(Ref::Nothing),
            VarKind::State { .. } => {
                let own = self.graph.variable(var);
                let group = self.frame(own);
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
            AccumOp::Replace => "set",
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
            (Some(_), AccumOp::Replace) | (None, _) => false,
        };
        if !idle {
            self.operands(node, &[(init, "start")]);
        }
        self.operands(node, &[(value, "")]);
        node
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
