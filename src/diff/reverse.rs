//! Reverse mode: the cotangents of variables from those of expressions.

use super::activity::active;
use super::term::{self, Guard, Term};
use super::{Rules, Unknown, zeros_like};
use crate::core::{AccumOp, Dense, Ex, Graph, List, Node, Type, VarId};

/// The cotangents of the variables `wrt`, given expressions with their cotangents: for each
/// variable an expression of its type, or `None` when nothing depends on it.
pub fn vjp(
    graph: &mut Graph,
    rules: &mut dyn Rules,
    seeds: &[(Ex, Ex)],
    wrt: &[VarId],
) -> Result<Vec<Option<Ex>>, Unknown> {
    let roots: Vec<Ex> = seeds.iter().map(|&(e, _)| e).collect();
    let (seeds, back) = apart_from_inner(graph, seeds, &roots);
    let roots: Vec<Ex> = seeds.iter().map(|&(e, _)| e).collect();
    let nodes = graph.reach(&roots);
    let table = active(graph, &nodes, wrt);
    let all: Vec<Ex> = seeds.iter().flat_map(|&(e, s)| [e, s]).collect();
    let base = free_of(graph, &all);
    let mut sweep = Sweep::new(graph, rules, table, base);
    for &(root, seed) in &seeds {
        sweep.push(root, Term { over: Vec::new(), when: Vec::new(), at: None, value: seed });
    }
    sweep.run(&nodes)?;
    let mut results = Vec::with_capacity(wrt.len());
    for &var in wrt {
        let ex = sweep.graph.variable(var);
        let bar = sweep.take(ex).map(|terms| sweep.dense(ex, &terms, 0));
        let bar = bar.map(|bar| sweep.graph.substitute(bar, &back));
        bar.into_iter().for_each(|bar| sweep.graph.name_after(ex, "_bar", bar, sweep.known));
        results.push(bar);
    }
    Ok(results)
}

/// The binders free in any of the expressions.
fn free_of(graph: &Graph, exs: &[Ex]) -> Vec<VarId> {
    let mut free: Vec<VarId> = exs.iter().flat_map(|&e| graph.free(e)).collect();
    free.sort_unstable();
    free.dedup();
    free
}

/// A binder that is free in the expressions and bound again inside would stand for two things:
/// the free one gets another name for the time of the sweep. Gives the way back too.
#[expect(clippy::type_complexity)]
fn apart_from_inner(
    graph: &mut Graph,
    seeds: &[(Ex, Ex)],
    roots: &[Ex],
) -> (Vec<(Ex, Ex)>, Vec<(VarId, Ex)>) {
    let free = free_of(graph, roots);
    if free.is_empty() {
        return (seeds.to_vec(), Vec::new());
    }
    let bound: Vec<VarId> = graph.reach(roots).into_iter().flat_map(|ex| graph.bound(ex)).collect();
    let clash: Vec<VarId> = free
        .into_iter()
        .filter(|b| bound.contains(b) && matches!(graph.var(*b).kind, crate::core::VarKind::Index { .. }))
        .collect();
    let (mut there, mut back) = (Vec::new(), Vec::new());
    for b in clash {
        let (name, len) = (graph.var(b).name.clone(), graph.len_of(b));
        let fresh = graph.binder(&name, len);
        there.push((b, graph.variable(fresh)));
        back.push((fresh, graph.variable(b)));
    }
    let seeds =
        seeds.iter().map(|&(e, s)| (graph.substitute(e, &there), graph.substitute(s, &there))).collect();
    (seeds, back)
}

/// A downward sweep over some nodes. Terms pushed to nodes outside them stay in the table.
pub(super) struct Sweep<'a> {
    pub graph: &'a mut Graph,
    pub rules: &'a mut dyn Rules,
    pub active: Dense<()>,
    terms: Dense<Vec<Term>>,
    /// For loops and calls: the terms of their parts.
    parts: Dense<Vec<(usize, Vec<Term>)>>,
    /// Binders that stand for one value during the whole sweep.
    pub base: Vec<VarId>,
    /// Every node that got a term, in the order of the first one.
    pub touched: Vec<Ex>,
    /// How many nodes there were before.
    known: usize,
}

impl<'a> Sweep<'a> {
    pub fn new(graph: &'a mut Graph, rules: &'a mut dyn Rules, active: Dense<()>, base: Vec<VarId>) -> Self {
        let (terms, parts) = (Dense::new(graph), Dense::new(graph));
        let known = graph.len();
        Sweep { graph, rules, active, terms, parts, base, touched: Vec::new(), known }
    }

    /// Processes the nodes, given operands first, from the last to the first.
    pub fn run(&mut self, nodes: &[Ex]) -> Result<(), Unknown> {
        for &ex in nodes.iter().rev() {
            if matches!(self.graph.node(ex), Node::Var(_)) || !self.active.contains(ex) {
                continue;
            }
            self.graph.current_origin = self.graph.origin(ex);
            if let Some(parts) = self.parts.get_mut(ex) {
                let parts = std::mem::take(parts);
                match self.graph.node(ex) {
                    Node::Loop(list) => self.reverse_loop(ex, list, parts)?,
                    Node::Call { f, args } => self.reverse_call(ex, f, args, parts)?,
                    _ => unreachable!("only loops and calls have parts"),
                }
            } else if let Some(terms) = self.take(ex) {
                self.node(ex, terms)?;
            }
        }
        Ok(())
    }

    /// The terms that a node has got, taken away.
    pub fn take(&mut self, ex: Ex) -> Option<Vec<Term>> {
        let terms = std::mem::take(self.terms.get_mut(ex)?);
        (!terms.is_empty()).then_some(terms)
    }

    pub fn push(&mut self, to: Ex, term: Term) {
        if !self.active.contains(to) {
            return;
        }
        if !self.terms.contains(to) {
            self.touched.push(to);
        }
        self.terms.entry(to, Vec::new).push(term);
    }

    /// The binders of a scope that are not in the target's: those to sum over on the way there.
    pub fn leaving(&self, scope: &[VarId], target: Ex) -> Vec<VarId> {
        scope
            .iter()
            .copied()
            .filter(|b| !self.graph.depends_on(target, *b) && !self.base.contains(b))
            .collect()
    }

    pub fn scope(&self, ex: Ex) -> Vec<VarId> {
        self.graph.free(ex).collect()
    }

    /// Pushes a value computed in the scope of `from`, of the type of `to`.
    pub fn push_value(&mut self, from: Ex, to: Ex, when: &[Guard], value: Ex) {
        let over = self.leaving(&self.scope(from), to);
        self.push(to, Term { over, when: when.to_vec(), at: None, value });
    }

    /// The sum of a node's terms as one expression, without the first `prefix` conditions.
    pub fn dense(&mut self, ex: Ex, terms: &[Term], prefix: usize) -> Ex {
        if self.graph.ty(ex).is_scalar() {
            return self.scalar(ex, terms, prefix);
        }
        let shape = self.graph.shape(ex);
        term::array(self.graph, terms, prefix, &shape)
    }

    /// The sum of a scalar's terms, without the first `prefix` conditions.
    pub fn scalar(&mut self, ex: Ex, terms: &[Term], prefix: usize) -> Ex {
        let mut scope = self.scope(ex);
        scope.retain(|b| !self.base.contains(b));
        term::scalar(self.graph, terms, prefix, &scope)
    }

    fn node(&mut self, ex: Ex, terms: Vec<Term>) -> Result<(), Unknown> {
        match self.graph.node(ex) {
            Node::Prim(p, args) => {
                let (prefix, guard) = self.guard(ex, &terms);
                let bar = self.scalar(ex, &terms, prefix);
                self.graph.name_after(ex, "_bar", bar, self.known);
                self.prim(ex, p, args, &guard, bar)?;
            }
            Node::If { cond, then, els } => self.branches(ex, cond, then, els, terms),
            Node::Index { array, at } => self.element(ex, array, at, terms),
            Node::Build { over, body } => self.build(ex, over, body, terms),
            Node::Accum { op, init, over, at, value } => self.accum(ex, op, init, over, at, value, terms)?,
            Node::Lit { elems, dims } => self.lit(ex, elems, dims, terms),
            Node::Part { of, index } => {
                self.parts.entry(of, Vec::new).push((index as usize, terms));
            }
            Node::Real(_)
            | Node::Int(_)
            | Node::Bool(_)
            | Node::Var(_)
            | Node::Size { .. }
            | Node::Loop(_)
            | Node::Call { .. } => unreachable!("not active, or handled by its parts"),
        }
        Ok(())
    }

    fn prim(
        &mut self,
        ex: Ex,
        p: crate::primitive::Prim,
        args: List,
        guard: &[Guard],
        bar: Ex,
    ) -> Result<(), Unknown> {
        if let Some((base, slope)) = super::monomial::by_base(self.graph, ex) {
            let value = self.graph.mul(bar, slope);
            self.push_value(ex, base, guard, value);
            return Ok(());
        }
        let args: Vec<Ex> = self.graph.exs(args).collect();
        for (k, &arg) in args.iter().enumerate() {
            if !self.active.contains(arg) {
                continue;
            }
            let Some(partial) = self.rules.partial(self.graph, p, k, &args, ex)? else { continue };
            let value = self.graph.mul(bar, partial);
            self.push_value(ex, arg, guard, value);
        }
        Ok(())
    }

    fn branches(&mut self, ex: Ex, cond: Ex, then: Ex, els: Ex, terms: Vec<Term>) {
        for (branch, holds) in [(then, true), (els, false)] {
            if !self.active.contains(branch) {
                continue;
            }
            if self.graph.ty(ex).is_scalar() {
                let (prefix, mut guard) = self.guard(ex, &terms);
                let value = self.scalar(ex, &terms, prefix);
                term::inside_of(self.graph, &mut guard, (cond, holds));
                self.push_value(ex, branch, &guard, value);
                continue;
            }
            for term in &terms {
                let mut term = self.moved(ex, branch, term);
                term::inside_of(self.graph, &mut term.when, (cond, holds));
                self.push(branch, term);
            }
        }
    }

    /// A term of `from` as a term of another array of the same shape.
    fn moved(&self, from: Ex, to: Ex, term: &Term) -> Term {
        let mut term = term.clone();
        let more = self.leaving(&self.scope(from), to);
        term.over.extend(more);
        term
    }

    /// Reading an element passes its terms on to its place in the array. Those summed over binders
    /// pass as they are: the sum may cost less from there.
    fn element(&mut self, ex: Ex, array: Ex, at: List, terms: Vec<Term>) {
        let at: Vec<Ex> = self.graph.exs(at).collect();
        let leaving = self.leaving(&self.scope(ex), array);
        let (summed, plain): (Vec<Term>, Vec<Term>) = terms.into_iter().partition(|t| !t.over.is_empty());
        for mut term in summed {
            term.over.extend(&leaving);
            term.at = Some(at.clone());
            self.push(array, term);
        }
        if !plain.is_empty() {
            let (prefix, when) = self.guard(ex, &plain);
            let value = self.scalar(ex, &plain, prefix);
            self.push(array, Term { over: leaving, when, at: Some(at), value });
        }
    }

    fn build(&mut self, ex: Ex, over: List, body: Ex, terms: Vec<Term>) {
        let over: Vec<VarId> = self.graph.vars(over).collect();
        let mut scope = self.scope(ex);
        scope.extend(&over);
        let mut rest = Vec::new();
        for term in terms {
            match term::solve(self.graph, &term, &over) {
                Some(mut solved) => {
                    solved.over.extend(self.leaving(&scope, body));
                    self.push(body, solved);
                }
                None => rest.push(term),
            }
        }
        if rest.is_empty() {
            return;
        }
        let (prefix, when) = self.guard(ex, &rest);
        let whole = self.dense(ex, &rest, prefix);
        let here: Vec<Ex> = over.iter().map(|&b| self.graph.variable(b)).collect();
        let value = self.graph.index(whole, &here);
        let over = self.leaving(&scope, body);
        self.push(body, Term { over, when, at: None, value });
    }

    #[expect(clippy::too_many_arguments)]
    fn accum(
        &mut self,
        ex: Ex,
        op: AccumOp,
        init: Ex,
        over: List,
        at: List,
        value: Ex,
        terms: Vec<Term>,
    ) -> Result<(), Unknown> {
        let over: Vec<VarId> = self.graph.vars(over).collect();
        let at: Vec<Ex> = self.graph.exs(at).collect();
        if op == AccumOp::Prod {
            return self.product(ex, init, &over, value, terms);
        }
        let (prefix, mut guard) = self.guard(ex, &terms);
        let mut scope = self.scope(ex);
        scope.extend(&over);
        let bar = if self.active.contains(value) || at.is_empty() {
            Some(self.dense(ex, &terms, prefix))
        } else {
            None
        };
        let bar = match op {
            AccumOp::Sum => bar,
            AccumOp::Max | AccumOp::Min => {
                let bar = bar.expect("a scalar");
                Some(self.shared(ex, init, &over, value, bar))
            }
            AccumOp::Prod => unreachable!("handled above"),
            AccumOp::Replace => unreachable!("made for statements alone"),
        };
        if self.active.contains(init) {
            let extreme = op != AccumOp::Sum;
            match bar {
                Some(bar) if at.is_empty() => {
                    let mut guard = guard.clone();
                    if extreme {
                        let reached = self.graph.eq(init, ex);
                        guard.push((reached, true));
                    }
                    self.push_value(ex, init, &guard, bar);
                }
                _ => {
                    for term in &terms {
                        let term = self.moved(ex, init, term);
                        self.push(init, term);
                    }
                }
            }
        }
        if self.active.contains(value) {
            let bar = bar.expect("made for an active value");
            let bar = self.graph.index(bar, &at);
            if op != AccumOp::Sum {
                let reached = self.graph.eq(value, ex);
                guard.push((reached, true));
            }
            let leaving = self.leaving(&scope, value);
            self.push(value, Term { over: leaving, when: guard, at: None, value: bar });
        }
        Ok(())
    }

    /// The cotangent of an extreme, shared equally among the values that reach it.
    fn shared(&mut self, ex: Ex, init: Ex, over: &[VarId], value: Ex, bar: Ex) -> Ex {
        let (one, zero) = (self.graph.real(1.0), self.graph.real(0.0));
        let start = if self.active.contains(init) {
            let reached = self.graph.eq(init, ex);
            self.graph.select(reached, one, zero)
        } else {
            zero
        };
        let reached = self.graph.eq(value, ex);
        let share = self.graph.select(reached, one, zero);
        let count = self.graph.accum(AccumOp::Sum, start, over, &[], share);
        self.graph.div(bar, count)
    }

    fn lit(&mut self, ex: Ex, elems: List, dims: List, terms: Vec<Term>) {
        let elems: Vec<Ex> = self.graph.exs(elems).collect();
        let dims: Vec<usize> = self.graph.words(dims).iter().map(|&d| d as usize).collect();
        let (prefix, guard) = self.guard(ex, &terms);
        let whole = self.dense(ex, &terms, prefix);
        for (offset, &elem) in elems.iter().enumerate() {
            if !self.active.contains(elem) {
                continue;
            }
            let at = position(offset, &dims);
            let at: Vec<Ex> = at.into_iter().map(|i| self.graph.int(i)).collect();
            let value = self.graph.index(whole, &at);
            if self.graph.as_real(value) != Some(0.0) {
                self.push_value(ex, elem, &guard, value);
            }
        }
    }

    /// A zero of the type of an expression.
    pub fn zero(&mut self, ex: Ex) -> Ex {
        if self.graph.ty(ex) == Type::REAL { self.graph.real(0.0) } else { zeros_like(self.graph, ex) }
    }

    /// The sum of the terms, or zero.
    pub fn dense_or_zero(&mut self, ex: Ex, terms: Option<Vec<Term>>) -> Ex {
        match terms {
            Some(terms) => self.dense(ex, &terms, 0),
            None => self.zero(ex),
        }
    }
}

/// The indices of an element from its offset, rows first.
fn position(mut offset: usize, dims: &[usize]) -> Vec<i64> {
    let mut at = vec![0; dims.len()];
    for (i, &dim) in at.iter_mut().zip(dims).rev() {
        *i = (offset % dim) as i64;
        offset /= dim;
    }
    at
}
