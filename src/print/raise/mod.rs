//! Core graph to syntax tree: formulas that a person would write.
//!
//! A node that is used once stands where it is used; one that is used more often gets a name, by
//! `where` at the definition or by `let` in the loop that binds the indices it depends on. Long
//! formulas are cut into named parts, so that no line is wider and no expression deeper than a reader
//! bears. Operands come before the nodes that use them, in the arena and here: every scope is one pass
//! over its nodes in order, and only loops inside loops recurse.
//!
//! Takes a graph and [`Faces`]; gives items and expressions without places. Must not know how a tree is
//! spelled (`syntax::print`) or checked.

mod array;
mod ast;
mod calls;
mod definition;
mod fresh;
mod integer;
mod names;
mod real;
mod reduce;
mod scalar;
mod scope;
mod sequential;

use super::face::Faces;
use crate::core::{Dense, Ex, Graph, Node, Type, VarId, VarKind};
use crate::syntax::tree::{Ast, Expr, Item, Pattern, Tree};
use integer::Index;
use names::Names;
use std::collections::{HashMap, HashSet};

/// The function of this face as a definition: `f(x, y) = … where …`.
pub fn definition(graph: &mut Graph, tree: &mut Tree, faces: &Faces, f: crate::core::FnId) -> Item {
    Raiser::new(graph, tree, faces).definition(f)
}

/// An expression over parameters by their names in the graph; shared parts are named by `where`.
pub fn expression(graph: &mut Graph, tree: &mut Tree, faces: &Faces, ex: Ex) -> Ast {
    let mut raiser = Raiser::new(graph, tree, faces);
    let (raised, bindings) = raiser.within(&[ex]);
    raiser.let_after(bindings, raised[0].ast)
}

/// How the checker would take the text of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    /// As an `Int`, be the node one or not.
    Int,
    /// As a real that may stand where an `Int` is wanted: `floor(x)`.
    Integral,
    /// As what the node is.
    Plain,
}

/// How much a formula is, for the choice between repeating and naming it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Grade {
    /// A number or a name.
    Leaf,
    /// An element of a named array, or a field.
    Element,
    /// Not worth a name: `x + 1`.
    Small,
    Large,
}

/// A node as a formula.
#[derive(Debug, Clone, Copy)]
struct Raised {
    ast: Ast,
    /// About how many columns it takes.
    width: u32,
    look: Look,
    grade: Grade,
    /// The number of the scope that it belongs to.
    level: u16,
}

type Binding = (Pattern, Ast);

/// The names that a scope gives, in order, and the nodes that it raised.
#[derive(Debug, Default)]
struct Scope {
    bindings: Vec<Binding>,
    set: Vec<Ex>,
}

/// How often a node's formula would stand in the text, as far as one walk has seen.
#[derive(Debug, Clone, Copy)]
struct Uses {
    walk: u32,
    count: u32,
}

struct Raiser<'a> {
    graph: &'a mut Graph,
    tree: &'a mut Tree,
    faces: &'a Faces,
    names: Names<'a>,
    /// Each node's formula in the scopes that are open.
    slots: Dense<Option<Raised>>,
    scopes: Vec<Scope>,
    /// For each node the walk that saw it last, and how often its formula would stand in the text.
    uses: Dense<Uses>,
    walk: u32,
    /// Variables that stand for something: parameters and the states of open loops.
    variables: HashMap<VarId, Raised>,
    /// The indices of open loops.
    indices: HashMap<VarId, Index>,
    /// All binders of open loops.
    bound: HashSet<VarId>,
    /// Lengths that have names.
    sizes: HashMap<Ex, Raised>,
    /// Lengths of parameters that the author named, by variable and axis.
    lengths: HashMap<(VarId, u32), Raised>,
    /// The values of loops and calls that have several, and which are used.
    parts: HashMap<Ex, Vec<Option<Raised>>>,
    wanted: HashMap<Ex, Vec<u32>>,
    /// Whether an `Int` stands where a real is meant: then parameters say what they are.
    mixes: bool,
    /// Step counters of loops with a condition that turned out to be used.
    steps: HashSet<VarId>,
}

impl<'a> Raiser<'a> {
    fn new(graph: &'a mut Graph, tree: &'a mut Tree, faces: &'a Faces) -> Self {
        Raiser {
            slots: Dense::new(graph),
            uses: Dense::new(graph),
            graph,
            tree,
            faces,
            names: Names::beside(faces.names()),
            scopes: Vec::new(),
            walk: 0,
            variables: HashMap::new(),
            indices: HashMap::new(),
            bound: HashSet::new(),
            sizes: HashMap::new(),
            lengths: HashMap::new(),
            parts: HashMap::new(),
            wanted: HashMap::new(),
            mixes: false,
            steps: HashSet::new(),
        }
    }

    /// The formula of a node whose operands have theirs.
    fn raise(&mut self, ex: Ex) -> Raised {
        if let Some(&size) = self.sizes.get(&ex) {
            return size;
        }
        if self.graph.ty(ex) == Type::INT && self.is_sum(ex) {
            let sum = self.printed(ex);
            return self.sum(&sum);
        }
        let apart = self.apart(ex);
        match self.graph.node(apart) {
            Node::Real(_) => self.real(self.graph.as_real(ex).expect("a real")),
            Node::Int(_) => self.integer(self.graph.as_int(ex).expect("an integer")),
            Node::Bool(value) => self.leaf(Expr::Bool(value), 5),
            Node::Var(var) => self.variable(var),
            Node::Prim(p, args) => {
                let args: Vec<Raised> = self.graph.exs(args).map(|e| self.form(e)).collect();
                self.prim(ex, p, &args)
            }
            Node::If { cond, then, els } => self.choice(ex, cond, then, els),
            Node::Index { array, at } => {
                let at: Vec<Ex> = self.graph.exs(at).collect();
                self.element(array, &at)
            }
            Node::Size { array, axis } => self.size(array, axis),
            Node::Lit { elems, dims } => {
                let elems: Vec<Raised> = self.graph.exs(elems).map(|e| self.form(e)).collect();
                let dims: Vec<usize> = self.graph.words(dims).iter().map(|&d| d as usize).collect();
                self.literal(&elems, &dims)
            }
            Node::Build { over, body } => {
                let over: Vec<VarId> = self.graph.vars(over).collect();
                self.build(&over, body)
            }
            Node::Accum { op, init, over, at, value } => {
                let over: Vec<VarId> = self.graph.vars(over).collect();
                let at: Vec<Ex> = self.graph.exs(at).collect();
                if at.is_empty() {
                    self.reduction(op, init, &over, value)
                } else {
                    self.scatter(init, &over, &at, value)
                }
            }
            Node::Loop(list) => {
                let parts = self.graph.loop_parts(list);
                self.sequential(ex, &parts)
            }
            Node::Call { f, args } => {
                let args: Vec<Ex> = self.graph.exs(args).collect();
                self.call(ex, f, &args)
            }
            Node::Part { of, index } => self.part(of, index as usize),
        }
    }

    fn part(&mut self, of: Ex, index: usize) -> Raised {
        let part = self.parts.get(&of).and_then(|parts| parts[index]);
        part.expect("the parts that are used were noted")
    }

    fn variable(&mut self, var: VarId) -> Raised {
        if self.graph.var(var).kind == VarKind::Step {
            self.steps.insert(var);
        }
        if let Some(&raised) = self.variables.get(&var) {
            return raised;
        }
        let name = self.graph.var(var).name.clone();
        self.name(&name)
    }
}
