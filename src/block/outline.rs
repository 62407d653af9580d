//! Choices deep inside one another: a branch that is too deep becomes a function of its own, so that
//! statements nest only so deep, however long a chain of `else if` is.
//!
//! Takes expressions; gives expressions of the same values, and makes functions. Knows nothing of
//! statements.

use super::branches::{Branches, DEEP, Place};
use super::safety::Safety;
use crate::core::{Dense, Ex, Graph, Node, Origin, VarId, VarKind};
use std::collections::{HashMap, HashSet};

/// A value of at most this many nodes is computed again in each function that needs it.
const SMALL: usize = 24;

/// The expressions with deep branches in functions.
pub(super) fn outline(graph: &mut Graph, safety: &mut Safety, name: &str, roots: &[Ex]) -> Vec<Ex> {
    let nodes = graph.reach(roots);
    let choices = nodes.iter().filter(|&&ex| matches!(graph.node(ex), Node::If { .. })).count();
    if choices <= DEEP {
        return roots.to_vec();
    }
    let branches = Branches::new(graph, &nodes, roots);
    let deep = branches.to_cut();
    if deep.is_empty() {
        return roots.to_vec();
    }
    let mut outliner = Outliner { graph, safety, branches, large: HashMap::new(), inner: HashMap::new() };
    for (number, region) in (1..).zip(deep) {
        outliner.function(region, format!("{name}_inner{number}"));
    }
    let context = outliner.walk(None, roots);
    outliner.rebuilt(&context, roots, &[])
}

/// A branch that has become a function.
struct Inner {
    id: crate::core::FnId,
    /// The values that the branch gives, in the order of the function's results.
    exits: Vec<Ex>,
    /// What is passed, in the order of the parameters.
    args: Vec<Ex>,
}

/// What a function is made of.
struct Context {
    /// The nodes that it computes, operands first.
    nodes: Vec<Ex>,
    /// The values of outside that it takes.
    passed: Vec<Ex>,
}

struct Outliner<'g> {
    graph: &'g mut Graph,
    safety: &'g mut Safety,
    branches: Branches,
    /// Whether values are too large to be computed again.
    large: HashMap<Ex, bool>,
    inner: HashMap<u32, Inner>,
}

impl Outliner<'_> {
    /// Makes the function of a branch; those inside it are made.
    fn function(&mut self, region: u32, name: String) {
        let exits = self.branches.exits(region).to_vec();
        let context = self.walk(Some(region), &exits);
        let mut passed = Vec::new();
        for &value in &context.passed {
            let ty = self.graph.ty(value);
            passed.push(self.graph.param("v", ty));
        }
        let results = self.rebuilt(&context, &exits, &passed);
        // Binders of loops around the branch are parameters inside.
        let mut binders: Vec<VarId> = results.iter().flat_map(|&result| self.graph.free(result)).collect();
        binders.sort_unstable();
        binders.dedup();
        let mut map = Vec::new();
        for &binder in &binders {
            let (name, ty) = (self.graph.var(binder).name.clone(), self.graph.var(binder).ty);
            let own = self.graph.param(&name, ty);
            passed.push(own);
            map.push((binder, self.graph.variable(own)));
        }
        let results = self.graph.substitute_all(&results, &map);
        let params = self.read_params(&results, &passed);
        let mut args = context.passed;
        for var in binders.into_iter().chain(params.iter().copied()) {
            args.push(self.graph.variable(var));
        }
        passed.extend(params);
        let types = results.iter().map(|&result| self.graph.ty(result)).collect();
        let id = self.graph.declare(&name, passed, types, Origin::Source);
        self.graph.define(id, results);
        self.safety.call_faults(self.graph, id);
        self.inner.insert(region, Inner { id, exits, args });
    }

    /// The parameters that expressions read beside these.
    fn read_params(&self, exs: &[Ex], known: &[VarId]) -> Vec<VarId> {
        let known: HashSet<VarId> = known.iter().copied().collect();
        let param = |ex: Ex| match self.graph.node(ex) {
            Node::Var(var) if self.graph.var(var).kind == VarKind::Param => Some(var),
            _other => None,
        };
        let params = self.graph.reach(exs).into_iter().filter_map(param);
        params.filter(|var| !known.contains(var)).collect()
    }

    /// What a function computes and takes that gives these values: the whole, or what is in a branch.
    fn walk(&mut self, region: Option<u32>, roots: &[Ex]) -> Context {
        let mut context = Context { nodes: Vec::new(), passed: Vec::new() };
        let mut seen: Dense<()> = Dense::new(self.graph);
        let mut stack = roots.to_vec();
        while let Some(ex) = stack.pop() {
            if !seen.insert(ex, ()) {
                continue;
            }
            match self.graph.node(ex) {
                Node::Real(_) | Node::Int(_) | Node::Bool(_) | Node::Var(_) => {}
                _ if self.is_passed(region, ex) => context.passed.push(ex),
                Node::If { cond, then, els } => {
                    context.nodes.push(ex);
                    stack.push(cond);
                    for (branch, holds) in [(then, true), (els, false)] {
                        match self.inner_of(ex, cond, holds) {
                            Some(inner) => stack.extend(&inner.args),
                            None => stack.push(branch),
                        }
                    }
                }
                _computed => {
                    context.nodes.push(ex);
                    self.graph.operands(ex, |operand| stack.push(operand));
                }
            }
        }
        context.nodes.sort_unstable();
        context.passed.sort_unstable();
        context
    }

    /// The function that a branch of a choice has become.
    fn inner_of(&self, choice: Ex, cond: Ex, holds: bool) -> Option<&Inner> {
        self.inner.get(&self.branches.side(choice, cond, holds)?)
    }

    /// Whether a branch takes a value from outside: one that is computed there in any case, or does
    /// no harm there, and is too large to be computed again.
    fn is_passed(&mut self, region: Option<u32>, ex: Ex) -> bool {
        let Some(region) = region else { return false };
        let Some(Place { region: own, direct }) = self.branches.place(ex) else { return false };
        if self.branches.covers(region, own) {
            return false;
        }
        // Several values at once cannot be passed; their parts can.
        if self.graph.ty(ex) == crate::core::Type::MANY {
            return false;
        }
        self.is_large(ex) && (direct || !self.safety.mark(self.graph, ex).faults)
    }

    fn is_large(&mut self, ex: Ex) -> bool {
        if let Some(&known) = self.large.get(&ex) {
            return known;
        }
        let large = !self.graph.is_cheap(ex, SMALL)
            || matches!(self.graph.node(ex), Node::Part { .. } | Node::Lit { .. });
        self.large.insert(ex, large);
        large
    }

    /// The roots, in terms of what is passed, with calls in place of the branches that are functions.
    fn rebuilt(&mut self, context: &Context, roots: &[Ex], params: &[VarId]) -> Vec<Ex> {
        let mut new: Dense<Ex> = Dense::new(self.graph);
        for (&value, &param) in context.passed.iter().zip(params) {
            let param = self.graph.variable(param);
            new.insert(value, param);
        }
        let at = |new: &Dense<Ex>, ex: Ex| new.get(ex).copied().unwrap_or(ex);
        for &ex in &context.nodes {
            self.graph.current_origin = self.graph.origin(ex);
            let rebuilt = match self.graph.node(ex) {
                Node::If { cond, then, els } => {
                    let mut sides = [at(&new, then), at(&new, els)];
                    for (side, (branch, holds)) in sides.iter_mut().zip([(then, true), (els, false)]) {
                        let Some(inner) = self.inner_of(ex, cond, holds) else { continue };
                        let args: Vec<Ex> = inner.args.iter().map(|&arg| at(&new, arg)).collect();
                        let exit = inner.exits.iter().position(|&exit| exit == branch);
                        let id = inner.id;
                        let call = self.graph.call(id, &args);
                        *side = self.graph.part(call, exit.expect("a branch gives its values"));
                    }
                    self.graph.select(at(&new, cond), sides[0], sides[1])
                }
                _other => self.graph.rebuild(ex, |operand| at(&new, operand)),
            };
            new.insert(ex, rebuilt);
        }
        roots.iter().map(|&root| at(&new, root)).collect()
    }
}
