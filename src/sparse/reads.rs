//! What the results of a function read of its variables: from each result down to the variables, with the places
//! that are wanted as index expressions. Takes a graph, gives parts; substitutes, so the graph grows.

use super::formula::is_known;
use super::{Doubt, Known, Part};
use crate::core::{Elem, Ex, FnId, Graph, Node, VarId, VarKind};
use crate::primitive::Prim;
use std::collections::{BTreeSet, HashSet};

/// More combinations of conditions are not told apart: what is read under one is taken to be read anyway.
const MOST_PLACES: usize = 2_000;
/// More expressions at places are not looked at.
const MOST_ITEMS: usize = 200_000;
/// Nor are more nodes made.
const MOST_NODES: usize = 2_000_000;

/// What is read, and what could not be told.
pub struct Reads {
    pub parts: Vec<Part>,
    pub doubts: BTreeSet<Doubt>,
    /// Whether all was looked through; else there may be more parts.
    pub complete: bool,
}

/// Under what something is read.
#[derive(Debug, Clone, Default)]
struct Place {
    result: usize,
    row: Vec<Ex>,
    binders: Vec<VarId>,
    zeros: Vec<Ex>,
    holds: Vec<(Ex, bool)>,
}

/// An expression whose element is wanted: expression, indices, number of the place.
type Item = (Ex, Vec<Ex>, usize);

struct Reader<'a> {
    graph: &'a mut Graph,
    wrt: &'a [VarId],
    known: &'a Known,
    places: Vec<Place>,
    items: Vec<Item>,
    seen: HashSet<Item>,
    found: Reads,
}

/// What the results read of the variables.
pub fn reads(graph: &mut Graph, results: &[Ex], wrt: &[VarId], known: &Known) -> Reads {
    let found = Reads { parts: Vec::new(), doubts: BTreeSet::new(), complete: true };
    let (places, items, seen) = (Vec::new(), Vec::new(), HashSet::new());
    let mut reader = Reader { graph, wrt, known, places, items, seen, found };
    for (result, &ex) in results.iter().enumerate() {
        let shape = reader.graph.shape(ex);
        let binders: Vec<VarId> = shape.into_iter().map(|len| reader.graph.binder("i", len)).collect();
        let row: Vec<Ex> = binders.iter().map(|&b| reader.graph.variable(b)).collect();
        reader.places.push(Place { result, row: row.clone(), binders, ..Place::default() });
        reader.push(ex, row, reader.places.len() - 1);
    }
    reader.run();
    reader.found
}

impl Reader<'_> {
    fn run(&mut self) {
        let most = self.graph.len() + MOST_NODES;
        while let Some((ex, at, place)) = self.items.pop() {
            if self.seen.len() > MOST_ITEMS || self.graph.len() > most {
                self.found.complete = false;
                return;
            }
            self.element(ex, at, place);
        }
    }

    fn push(&mut self, ex: Ex, at: Vec<Ex>, place: usize) {
        if self.graph.ty(ex).elem == Elem::Real {
            let item = (ex, at, place);
            if self.seen.insert(item.clone()) {
                self.items.push(item);
            }
        }
    }

    /// What an element of an expression reads.
    fn element(&mut self, ex: Ex, at: Vec<Ex>, place: usize) {
        match self.graph.node(ex) {
            Node::Real(_) | Node::Int(_) | Node::Bool(_) | Node::Size { .. } => {}
            Node::Prim(Prim::STOP, _) => {}
            Node::Var(var) => self.variable(var, at, place),
            Node::Prim(_, args) => {
                let args: Vec<Ex> = self.graph.exs(args).collect();
                args.into_iter().for_each(|arg| self.push(arg, Vec::new(), place));
            }
            Node::If { cond, then, els } => {
                let (yes, no) = (self.under(place, cond, true), self.under(place, cond, false));
                self.push(then, at.clone(), yes);
                self.push(els, at, no);
            }
            Node::Lit { elems, dims } => {
                let elems: Vec<Ex> = self.graph.exs(elems).collect();
                let dims: Vec<i64> = self.graph.words(dims).iter().map(|&d| i64::from(d)).collect();
                self.listed(elems, &dims, &at, place);
            }
            Node::Build { over, body } => {
                let over: Vec<VarId> = self.graph.vars(over).collect();
                let map: Vec<(VarId, Ex)> = over.into_iter().zip(at).collect();
                let body = self.graph.substitute(body, &map);
                self.push(body, Vec::new(), place);
            }
            Node::Index { array, at } => {
                let at = self.graph.exs(at).collect();
                self.push(array, at, place);
            }
            Node::Accum { init, over, at: own, value, .. } => {
                self.push(init, at.clone(), place);
                let over: Vec<VarId> = self.graph.vars(over).collect();
                let own: Vec<Ex> = self.graph.exs(own).collect();
                self.accumulated(&over, own, value, &at, place);
            }
            Node::Part { of, index } => match self.graph.node(of) {
                Node::Call { f, args } => {
                    let args = self.graph.exs(args).collect();
                    self.call(f, args, index as usize, at, place);
                }
                _ => self.sequential(of, place),
            },
            Node::Loop(_) | Node::Call { .. } => self.sequential(ex, place),
        }
    }

    /// An element of an array of given elements.
    fn listed(&mut self, elems: Vec<Ex>, dims: &[i64], at: &[Ex], place: usize) {
        for (mut offset, elem) in (0..).zip(elems) {
            let mut own = vec![0; dims.len()];
            for (own, &dim) in own.iter_mut().zip(dims).rev() {
                *own = offset % dim;
                offset /= dim;
            }
            let own: Vec<Ex> = own.into_iter().map(|index| self.graph.int(index)).collect();
            if let Some(place) = self.where_equal(place, at, &own) {
                self.push(elem, Vec::new(), place);
            }
        }
    }

    fn variable(&mut self, var: VarId, at: Vec<Ex>, place: usize) {
        let Some(variable) = self.wrt.iter().position(|&v| v == var) else { return };
        let mut own = self.places[place].clone();
        let shape = {
            let array = self.graph.variable(var);
            self.graph.shape(array)
        };
        let column = at.into_iter().zip(shape).map(|(index, len)| {
            if is_known(self.graph, index, self.known, &|b| own.binders.contains(&b)) {
                return index;
            }
            // What a loop counts, or keeps, is the loop's doubt.
            if self.graph.free(index).all(|b| own.binders.contains(&b)) {
                self.found.doubts.insert(Doubt::Index);
            }
            let any = self.graph.binder("k", len);
            own.binders.push(any);
            self.graph.variable(any)
        });
        let column = column.collect();
        let Place { result, row, binders, zeros, holds } = own;
        self.found.parts.push(Part { result, row, variable, column, binders, zeros, holds });
    }

    /// The place where a condition holds or does not; the same where that cannot be told.
    fn under(&mut self, place: usize, cond: Ex, value: bool) -> usize {
        let own = &self.places[place];
        if !is_known(self.graph, cond, self.known, &|b| own.binders.contains(&b)) {
            return place;
        }
        self.place(place, |own| own.holds.push((cond, value)))
    }

    /// The place where indices are equal, as far as that can be told; nothing if they never are.
    fn where_equal(&mut self, place: usize, a: &[Ex], b: &[Ex]) -> Option<usize> {
        let mut zeros = Vec::new();
        for (&a, &b) in a.iter().zip(b) {
            let difference = self.graph.sub(a, b);
            match self.graph.as_int(difference) {
                Some(0) => {}
                Some(_) => return None,
                None => {
                    let own = &self.places[place];
                    let told = is_known(self.graph, difference, self.known, &|b| own.binders.contains(&b));
                    let free = self.graph.free(difference).all(|b| own.binders.contains(&b));
                    if told {
                        zeros.push(difference);
                    } else if free {
                        self.found.doubts.insert(Doubt::Index);
                    }
                }
            }
        }
        Some(if zeros.is_empty() { place } else { self.place(place, |own| own.zeros.extend(zeros)) })
    }

    /// A place within another; the other one where there are too many.
    fn place(&mut self, place: usize, change: impl FnOnce(&mut Place)) -> usize {
        if self.places.len() >= MOST_PLACES {
            self.found.doubts.insert(Doubt::Size);
            return place;
        }
        let mut own = self.places[place].clone();
        change(&mut own);
        self.places.push(own);
        self.places.len() - 1
    }

    /// What is accumulated at an element: the values whose own place that is.
    fn accumulated(&mut self, over: &[VarId], own: Vec<Ex>, value: Ex, at: &[Ex], place: usize) {
        // Binders of their own: the same ones may stand around this already.
        let mut map: Vec<(VarId, Ex)> = Vec::new();
        let mut fresh = Vec::new();
        for &binder in over {
            let len = self.graph.len_of(binder);
            let len = self.graph.substitute(len, &map);
            let name = self.graph.var(binder).name.clone();
            let new = self.graph.binder(&name, len);
            fresh.push(new);
            map.push((binder, self.graph.variable(new)));
        }
        let own = self.graph.substitute_all(&own, &map);
        let value = self.graph.substitute(value, &map);
        // Binders cannot be left out, however many places there are.
        let mut inner = self.places[place].clone();
        inner.binders.extend(fresh);
        self.places.push(inner);
        if let Some(place) = self.where_equal(self.places.len() - 1, &own, at) {
            self.push(value, Vec::new(), place);
        }
    }

    /// The result of a call, which is that of the function with the arguments in place of its parameters.
    fn call(&mut self, f: FnId, args: Vec<Ex>, index: usize, at: Vec<Ex>, place: usize) {
        let function = self.graph.function(f).clone();
        let doubt = if function.custom.is_some() {
            Some(Doubt::Rule)
        } else if function.results.is_empty() || self.graph.is_recursive(f) {
            Some(Doubt::Recursion)
        } else {
            None
        };
        if let Some(doubt) = doubt {
            self.found.doubts.insert(doubt);
            args.into_iter().for_each(|arg| self.any(arg, place));
            return;
        }
        let map: Vec<(VarId, Ex)> = function.params.into_iter().zip(args).collect();
        let result = self.graph.substitute(function.results[index], &map);
        self.push(result, at, place);
    }

    /// A sequential loop: all states are taken to depend on all that any of them begins with or reads.
    fn sequential(&mut self, ex: Ex, place: usize) {
        let Node::Loop(list) = self.graph.node(ex) else {
            // A call whose results are not taken apart.
            self.found.doubts.insert(Doubt::Recursion);
            let mut args = Vec::new();
            self.graph.operands(ex, |arg| args.push(arg));
            return args.into_iter().for_each(|arg| self.any(arg, place));
        };
        if !self.seen.insert((ex, Vec::new(), place)) {
            return;
        }
        let parts = self.graph.loop_parts(list);
        let reads = parts.nexts.iter().any(|&next| self.graph.ty(next).elem == Elem::Real);
        if reads {
            self.found.doubts.insert(Doubt::Loop);
        }
        // The loop's own counter is no binder of the place: what it is an index of is read anywhere.
        parts.inits.into_iter().chain(parts.nexts).for_each(|state| self.any(state, place));
    }

    /// All elements of an expression.
    fn any(&mut self, ex: Ex, place: usize) {
        let shape = self.graph.shape(ex);
        let binders: Vec<VarId> = shape.into_iter().map(|len| self.graph.binder("k", len)).collect();
        let at: Vec<Ex> = binders.iter().map(|&b| self.graph.variable(b)).collect();
        let known = |graph: &Graph, b: VarId, own: &Place| match graph.var(b).kind {
            VarKind::Index { len } => is_known(graph, len, self.known, &|b| own.binders.contains(&b)),
            VarKind::Param | VarKind::Step | VarKind::State { .. } => false,
        };
        // A binder without a length that is known is none of the place: its uses are read anywhere.
        let kept: Vec<VarId> =
            binders.into_iter().filter(|&b| known(self.graph, b, &self.places[place])).collect();
        if kept.is_empty() {
            return self.push(ex, at, place);
        }
        let mut inner = self.places[place].clone();
        inner.binders.extend(kept);
        self.places.push(inner);
        self.push(ex, at, self.places.len() - 1);
    }
}
