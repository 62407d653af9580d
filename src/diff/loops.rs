//! Sequential loops: forward by more states, reverse by running backwards over the kept states.

use super::Unknown;
use super::kept::{self, Kept};
use super::reverse::Sweep;
use super::risk::Risk;
use super::term::{self, Guard, Term};
use crate::core::{Dense, Ex, Graph, List, LoopParts, Node, Type, VarId};

/// A product over binders as loops over its partial products: the form whose derivative is exact
/// where factors are 0.
pub fn product_loop(graph: &mut Graph, init: Ex, over: &[VarId], value: Ex) -> Ex {
    let Some((&outer, inner)) = over.split_first() else { return graph.mul(init, value) };
    let state = graph.state("p", outer, init);
    let p = graph.variable(state);
    let next = product_loop(graph, p, inner, value);
    let len = graph.len_of(outer);
    let parts = LoopParts {
        len: Some(len),
        cond: None,
        index: outer,
        states: vec![state],
        inits: vec![init],
        nexts: vec![next],
        traces: vec![false],
    };
    let looped = graph.sequential(parts);
    graph.part(looped, 0)
}

/// The trace of every state, as variables until it is known which are needed.
struct Traces {
    arrays: Vec<VarId>,
    count: VarId,
    /// Values of the steps that are kept beside the states.
    kept: Vec<Kept>,
}

impl Traces {
    fn new(graph: &mut Graph, parts: &LoopParts) -> Self {
        let arrays = parts
            .states
            .iter()
            .map(|&s| {
                let info = graph.var(s).clone();
                graph.param(&info.name, Type::array(info.ty.elem, info.ty.rank as usize + 1))
            })
            .collect();
        Traces { arrays, count: graph.param("steps", Type::INT), kept: Vec::new() }
    }

    /// What each state and the index were before step `k`.
    fn at_step(&self, graph: &mut Graph, parts: &LoopParts, k: Ex) -> Vec<(VarId, Ex)> {
        let mut map = vec![(parts.index, k)];
        for (&state, &array) in parts.states.iter().zip(&self.arrays) {
            let array = graph.variable(array);
            map.push((state, row(graph, array, &[k], graph.var(state).shape.clone().unwrap_or_default())));
        }
        map
    }

    /// The loop with the traces that the expressions read, put in their place.
    fn resolve(&self, graph: &mut Graph, parts: &LoopParts, exprs: &[Ex]) -> Vec<Ex> {
        let used = graph.reach(exprs);
        let uses = |graph: &mut Graph, var: VarId| {
            let ex = graph.variable(var);
            used.binary_search(&ex).is_ok()
        };
        let traces =
            self.arrays.iter().zip(&parts.traces).map(|(&array, &kept)| uses(graph, array) || kept).collect();
        let larger = kept::keeping(&LoopParts { traces, ..parts.clone() }, &self.kept);
        let (m, more) = (parts.states.len(), larger.states.len());
        let traced = graph.sequential(larger);
        let plain = graph.sequential(parts.clone());
        let traces = (0..m).filter(|&i| parts.traces[i]).map(|i| (m + i, more + i));
        for (small, large) in (0..m).map(|i| (i, i)).chain(traces) {
            let (small, large) = (graph.part(plain, small), graph.part(traced, large));
            if small != large {
                graph.also.entry(small).or_default().push(large);
            }
        }
        let mut map = Vec::new();
        for (i, &array) in self.arrays.iter().enumerate() {
            if uses(graph, array) {
                map.push((array, graph.part(traced, more + i)));
            }
        }
        for (i, kept) in self.kept.iter().enumerate() {
            map.push((kept.array(), graph.part(traced, more + m + i)));
        }
        if parts.len.is_none() {
            map.push((self.count, graph.part(traced, 2 * more)));
        }
        graph.substitute_all(exprs, &map)
    }
}

/// What stands at these first indices of an array: a scalar, or an array of this shape.
pub(super) fn row(graph: &mut Graph, array: Ex, first: &[Ex], shape: Vec<Ex>) -> Ex {
    let over: Vec<VarId> = shape.iter().map(|&len| graph.binder("i", len)).collect();
    let mut at = first.to_vec();
    at.extend(over.iter().map(|&b| graph.variable(b)));
    let element = graph.index(array, &at);
    graph.build(&over, element)
}

impl Sweep<'_> {
    /// A product, through its partial products.
    pub(super) fn product(
        &mut self,
        ex: Ex,
        init: Ex,
        over: &[VarId],
        value: Ex,
        terms: Vec<Term>,
    ) -> Result<(), Unknown> {
        let first = self.graph.len();
        let looped = product_loop(self.graph, init, over, value);
        let Node::Part { of, .. } = self.graph.node(looped) else { unreachable!("a product is a loop") };
        let Node::Loop(list) = self.graph.node(of) else { unreachable!("a product is a loop") };
        for at in first..self.graph.len() {
            self.active.insert(Ex(at as u32), ());
        }
        debug_assert!(self.graph.free(ex).eq(self.graph.free(of)));
        self.reverse_loop(of, list, vec![(0, terms)])
    }

    /// Pushes the cotangents of a loop's parts to its first values and to all that its body reads.
    pub(super) fn reverse_loop(
        &mut self,
        ex: Ex,
        list: List,
        part_terms: Vec<(usize, Vec<Term>)>,
    ) -> Result<(), Unknown> {
        let parts = self.graph.loop_parts(list);
        let all: Vec<Term> = part_terms.iter().flat_map(|(_, terms)| terms.clone()).collect();
        let (prefix, guard) = self.guard(ex, &all);
        let m = parts.states.len();
        let mut bars: Vec<Option<Ex>> = vec![None; 2 * m];
        for (index, terms) in part_terms {
            let part = self.graph.part(ex, index);
            bars[index] = Some(self.dense(part, &terms, prefix));
        }
        let mut traces = Traces::new(self.graph, &parts);
        let backward = self.backward(ex, &parts, &mut traces, &bars)?;
        self.finish(ex, &parts, &traces, &bars, backward, &guard)
    }

    /// Sweeps the body and makes the states of the loop that runs backwards.
    fn backward(
        &mut self,
        ex: Ex,
        parts: &LoopParts,
        traces: &mut Traces,
        bars: &[Option<Ex>],
    ) -> Result<Backward, Unknown> {
        let m = parts.states.len();
        let len = parts.len.unwrap_or_else(|| self.graph.variable(traces.count));
        let name = self.graph.var(parts.index).name.clone();
        let index = self.graph.binder(&name, len);
        let here = self.graph.variable(index);
        let one = self.graph.int(1);
        let last = self.graph.sub(len, one);
        let k = self.graph.sub(last, here);

        // The body in its own terms, swept as a program of its own. What stands in the loop's own
        // scope is read from outside; all else, inner loops over what does not change too, is swept.
        let mut base = self.base.clone();
        base.extend(self.graph.free(ex));
        let (nexts, back) = self.renamed_body(parts, &mut base);
        let nodes = self.graph.reach_where(&nexts, |e| self.graph.free(e).any(|b| !base.contains(&b)));
        let outer = base.clone();
        base.push(parts.index);
        base.extend(&parts.states);
        let mut states = Vec::new();
        let mut seeds = Vec::new();
        for i in 0..m {
            let before = self.graph.variable(parts.states[i]);
            if !self.active.contains(before) {
                continue;
            }
            let init = match bars[i] {
                Some(bar) => bar,
                None => self.zero(parts.inits[i]),
            };
            let name = format!("{}_bar", self.graph.var(parts.states[i]).name);
            let state = self.graph.state(&name, index, init);
            let mut seed = self.graph.variable(state);
            if let Some(trace_bar) = bars[m + i] {
                let step = self.graph.variable(parts.index);
                let after = self.graph.add(step, one);
                let shape = self.graph.shape(parts.inits[i]);
                let kept = row(self.graph, trace_bar, &[after], shape);
                seed = sum_of(self.graph, seed, kept);
            }
            states.push((i, state, init));
            seeds.push((nexts[i], seed));
        }
        base.extend(states.iter().map(|&(_, s, _)| s));
        let table = std::mem::replace(&mut self.active, Dense::new(self.graph));
        let mut inner = Sweep::new(self.graph, self.rules, table, base);
        for &(next, seed) in &seeds {
            inner.push(next, Term { over: Vec::new(), when: Vec::new(), at: None, value: seed });
        }
        inner.run(&nodes)?;

        let mut backward = Backward::new(index);
        for &(i, state, init) in &states {
            let var = inner.graph.variable(parts.states[i]);
            let terms = inner.take(var);
            let next = inner.dense_or_zero(var, terms);
            backward.add(state, init, next);
            backward.cotangent(parts.inits[i], Vec::new(), None);
        }
        // What the body reads from outside gets its cotangent summed up over the steps.
        for read in inner.touched.clone() {
            if inner.graph.free(read).any(|b| !outer.contains(&b)) {
                continue;
            }
            let Some(terms) = inner.take(read) else { continue };
            let (when, used) = inner.reached(read, &terms, &outer, parts, index, &mut backward);
            let init = inner.zero(read);
            let name = inner.graph.bar_name(read);
            let state = inner.graph.state(&name, index, init);
            let sum = inner.graph.variable(state);
            let next = match inner.graph.ty(read).is_scalar() {
                true => {
                    let value = inner.scalar(read, &terms, 0);
                    inner.graph.add(sum, value)
                }
                false => term::scatter(inner.graph, sum, &terms),
            };
            backward.add(state, init, next);
            backward.cotangent(read, when, used);
        }
        self.active = inner.active;
        if self.rules.keeps() {
            let body = LoopParts { nexts, ..parts.clone() };
            traces.kept = kept::keep(self.graph, &body, &outer, &mut backward.nexts);
            traces.kept.iter_mut().for_each(|kept| kept.substitute(self.graph, &back));
        }
        // From the body's own step to the step of the loop that runs backwards.
        backward.nexts = self.graph.substitute_all(&backward.nexts, &back);
        for cotangent in &mut backward.cotangents {
            cotangent.of = self.graph.substitute(cotangent.of, &back);
            for (cond, _) in &mut cotangent.when {
                *cond = self.graph.substitute(*cond, &back);
            }
        }
        let map = traces.at_step(self.graph, parts, k);
        backward.nexts = self.graph.substitute_all(&backward.nexts, &map);
        Ok(backward)
    }

    /// When the body reads something from outside at all. Where no step does, it may not exist, and
    /// its own derivative may be infinite. Gives conditions outside the loop, and the number of a
    /// state, added here, that says whether a step has read it where that is known by the steps alone.
    fn reached(
        &mut self,
        read: Ex,
        terms: &[Term],
        outer: &[VarId],
        parts: &LoopParts,
        index: VarId,
        backward: &mut Backward,
    ) -> (Vec<Guard>, Option<usize>) {
        let risk = self.risk(read);
        if risk == Risk::None {
            return (Vec::new(), None);
        }
        let (_, mut when) = self.guard(read, terms);
        let fixed = |graph: &Graph, cond: Ex| graph.free(cond).all(|b| outer.contains(&b));
        let known = when.iter().take_while(|(cond, _)| fixed(self.graph, *cond)).count();
        let inside = when.split_off(known);
        if inside.is_empty() {
            if let Some(len) = parts.len
                && risk == Risk::Fault
            {
                let zero = self.graph.int(0);
                let some = self.graph.lt(zero, len);
                if self.graph.as_bool(some) != Some(true) {
                    when.insert(0, (some, true));
                }
            }
            return (when, None);
        }
        // A number, so that it can be traced like any other state.
        let (never, once) = (self.graph.int(0), self.graph.int(1));
        let state = self.graph.state("reached", index, never);
        let before = self.graph.variable(state);
        let now = term::conjunction(self.graph, &inside);
        let next = self.graph.select(now, once, before);
        (when, Some(backward.add(state, never, next)))
    }

    /// The next states, with binders of the scope around the loop renamed where the body binds them
    /// again, and the way back. Adds the new names to `base`.
    fn renamed_body(&mut self, parts: &LoopParts, base: &mut Vec<VarId>) -> (Vec<Ex>, Vec<(VarId, Ex)>) {
        let body = self.graph.reach(&parts.nexts);
        let bound: Vec<VarId> = body.iter().flat_map(|&e| self.graph.bound(e)).collect();
        let clash: Vec<VarId> = base.iter().copied().filter(|b| bound.contains(b)).collect();
        let (mut there, mut back) = (Vec::new(), Vec::new());
        for b in clash {
            let Some(len) = self.graph.index_len(b) else { continue };
            let name = self.graph.var(b).name.clone();
            let fresh = self.graph.binder(&name, len);
            there.push((b, self.graph.variable(fresh)));
            back.push((fresh, self.graph.variable(b)));
            base.push(fresh);
        }
        if there.is_empty() {
            return (parts.nexts.clone(), back);
        }
        let nexts = self.graph.substitute_all(&parts.nexts, &there);
        let nodes = self.graph.reach(&nexts);
        let table = std::mem::replace(&mut self.active, Dense::new(self.graph));
        self.active = super::activity::extend(self.graph, &nodes, table);
        (nexts, back)
    }

    /// Makes the backward loop and pushes its results.
    fn finish(
        &mut self,
        ex: Ex,
        parts: &LoopParts,
        traces: &Traces,
        bars: &[Option<Ex>],
        backward: Backward,
        guard: &[Guard],
    ) -> Result<(), Unknown> {
        let m = parts.states.len();
        let count = backward.states.len();
        let len = self.graph.len_of(backward.index);
        let looped = self.graph.sequential(LoopParts {
            len: Some(len),
            cond: None,
            index: backward.index,
            states: backward.states,
            inits: backward.inits,
            nexts: backward.nexts,
            traces: vec![false; count],
        });
        let results: Vec<Ex> = (0..count).map(|i| self.graph.part(looped, i)).collect();
        let results = traces.resolve(self.graph, parts, &results);
        for cotangent in backward.cotangents {
            let mut guard = guard.to_vec();
            guard.extend(cotangent.when);
            if let Some(state) = cotangent.reached {
                let zero = self.graph.int(0);
                guard.push((self.graph.lt(zero, results[state]), true));
            }
            self.push_value(ex, cotangent.of, &guard, results[cotangent.state]);
        }
        // The first row of a trace is the first value itself.
        let zero = self.graph.int(0);
        for i in 0..m {
            if let Some(trace_bar) = bars[m + i] {
                let shape = self.graph.shape(parts.inits[i]);
                let first = row(self.graph, trace_bar, &[zero], shape);
                self.push_value(ex, parts.inits[i], guard, first);
            }
        }
        Ok(())
    }
}

/// The loop that runs backwards, before it is made.
struct Backward {
    index: VarId,
    states: Vec<VarId>,
    inits: Vec<Ex>,
    nexts: Vec<Ex>,
    cotangents: Vec<Cotangent>,
}

/// A state that ends as the cotangent of something outside the loop.
struct Cotangent {
    of: Ex,
    state: usize,
    /// The conditions under which the loop reads it.
    when: Vec<Guard>,
    /// The state that says whether a step has read it, if that is not known outside.
    reached: Option<usize>,
}

impl Backward {
    fn new(index: VarId) -> Self {
        Backward { index, states: Vec::new(), inits: Vec::new(), nexts: Vec::new(), cotangents: Vec::new() }
    }

    /// Adds a state; gives its number.
    fn add(&mut self, state: VarId, init: Ex, next: Ex) -> usize {
        self.states.push(state);
        self.inits.push(init);
        self.nexts.push(next);
        self.states.len() - 1
    }

    /// Says what the state that was added last is the cotangent of.
    fn cotangent(&mut self, of: Ex, when: Vec<Guard>, reached: Option<usize>) {
        self.cotangents.push(Cotangent { of, state: self.states.len() - 1, when, reached });
    }
}

/// The sum of two scalars or arrays of the same shape.
pub(super) fn sum_of(graph: &mut Graph, a: Ex, b: Ex) -> Ex {
    if graph.ty(a).is_scalar() {
        return graph.add(a, b);
    }
    let shape = graph.shape(a);
    let over: Vec<VarId> = shape.iter().map(|&len| graph.binder("i", len)).collect();
    let at: Vec<Ex> = over.iter().map(|&v| graph.variable(v)).collect();
    let (x, y) = (graph.index(a, &at), graph.index(b, &at));
    let sum = graph.add(x, y);
    graph.build(&over, sum)
}
