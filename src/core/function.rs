//! Functions of a program.

use super::{Ex, Graph, Type, VarId};
use std::collections::HashMap;

/// Handle of a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FnId(pub u32);

/// Where a function came from. Masks say which parameters or results take part.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Origin {
    /// Written in a file.
    Source,
    /// Forward mode: the parameters of `of`, then a tangent for each parameter in `active`; the
    /// results of `of`, then a tangent for each real result.
    Jvp { of: FnId, active: Vec<bool> },
    /// Reverse mode: the parameters of `of`, then a cotangent for each result in `seeded`; a
    /// cotangent for each parameter in `wanted`.
    Vjp { of: FnId, wanted: Vec<bool>, seeded: Vec<bool> },
}

/// A derivative that the author gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Custom {
    /// A function of the same parameters that gives the partial of the one scalar result by each.
    Partials(FnId),
    /// A function of the same parameters and the results' cotangents that gives the cotangent of
    /// each real parameter.
    Pullback(FnId),
}

#[derive(Debug, Clone)]
pub struct Function {
    /// The author's name, or one in its spirit (`f_vjp`).
    pub name: String,
    pub params: Vec<VarId>,
    pub result_types: Vec<Type>,
    /// Empty until the function is defined.
    pub results: Vec<Ex>,
    pub origin: Origin,
    pub custom: Option<Custom>,
    /// Conditions on the parameters that a call must meet, each with the mark of its place.
    pub requires: Vec<Ex>,
    /// The name by which every file knows the function without defining it. Then the body of a
    /// pullback that is given for it stands wherever the pullback is wanted.
    pub provided: Option<&'static str>,
}

impl Graph {
    pub fn function(&self, f: FnId) -> &Function {
        &self.functions[f.0 as usize]
    }

    /// Announces a function whose results are given later, so that it can call itself.
    pub fn declare(
        &mut self,
        name: &str,
        params: Vec<VarId>,
        result_types: Vec<Type>,
        origin: Origin,
    ) -> FnId {
        self.functions.push(Function {
            name: name.to_string(),
            params,
            result_types,
            results: Vec::new(),
            origin,
            custom: None,
            requires: Vec::new(),
            provided: None,
        });
        FnId(self.functions.len() as u32 - 1)
    }

    /// Gives a declared function its results.
    pub fn define(&mut self, f: FnId, results: Vec<Ex>) {
        debug_assert!(
            results.iter().map(|&r| self.ty(r)).eq(self.function(f).result_types.iter().copied()),
            "results of {} have other types than declared",
            self.function(f).name
        );
        for (index, &result) in
            results.iter().enumerate().filter(|(_, r)| self.ty(**r).is_array()).collect::<Vec<_>>()
        {
            for axis in 0..self.ty(result).rank as usize {
                // Known here once, so that a chain of calls is never followed down to its end.
                let size = self.size(result, axis);
                self.set_result_size(f, index, axis, size);
            }
        }
        self.functions[f.0 as usize].results = results;
    }

    /// Says how long a result of a declared function is: like an expression of its parameters. So calls
    /// of it have lengths before it is defined, and a recursive one need not run to tell.
    pub fn set_result_shape(&mut self, f: FnId, index: usize, like: Ex) {
        for axis in 0..self.ty(like).rank as usize {
            let size = self.size(like, axis);
            self.set_result_size(f, index, axis, size);
        }
    }

    /// Notes a length that follows from the parameters; one that was noted before stays.
    fn set_result_size(&mut self, f: FnId, index: usize, axis: usize, size: Ex) {
        let size = self.is_length_of(size, &self.function(f).params).then_some(size);
        let known = self.result_sizes.entry((f, index as u32, axis as u32)).or_default();
        *known = known.or(size);
    }

    /// Whether a function may call itself, directly or not. One that is not defined yet may, and so
    /// may those that call it.
    pub fn is_recursive(&mut self, f: FnId) -> bool {
        if let Some(&known) = self.recursive.get(&f) {
            return known;
        }
        if self.function(f).results.is_empty() {
            return true;
        }
        // The components of the graph of calls, each after those that it calls.
        let mut search = Calls::default();
        search.enter(self, f);
        while let Some(top) = search.path.last_mut() {
            let Some(callee) = top.callees.pop() else {
                search.leave(self);
                continue;
            };
            if self.recursive.contains_key(&callee) {
                continue;
            }
            if self.function(callee).results.is_empty() {
                return true;
            }
            match search.numbers.get(&callee) {
                Some(&number) => search.reach(number),
                None => search.enter(self, callee),
            }
        }
        self.recursive[&f]
    }
}

/// A search along calls for functions that call one another.
#[derive(Default)]
struct Calls {
    numbers: HashMap<FnId, usize>,
    path: Vec<Visit>,
    /// Functions that have been met and whose component is not complete.
    open: Vec<FnId>,
}

struct Visit {
    f: FnId,
    number: usize,
    /// The first function met that it calls, directly or not, and that is still open.
    first: usize,
    callees: Vec<FnId>,
    calls_itself: bool,
}

impl Calls {
    fn enter(&mut self, graph: &Graph, f: FnId) {
        let number = self.numbers.len();
        let callees = graph.callees(&graph.function(f).results);
        self.numbers.insert(f, number);
        self.open.push(f);
        let calls_itself = callees.contains(&f);
        self.path.push(Visit { f, number, first: number, callees, calls_itself });
    }

    fn reach(&mut self, number: usize) {
        if let Some(top) = self.path.last_mut() {
            top.first = top.first.min(number);
        }
    }

    fn leave(&mut self, graph: &mut Graph) {
        let Some(visit) = self.path.pop() else { return };
        if visit.first < visit.number {
            return self.reach(visit.first);
        }
        let start = self.open.iter().rposition(|&f| f == visit.f).unwrap_or_default();
        let component = self.open.split_off(start);
        let recursive = component.len() > 1 || visit.calls_itself;
        graph.recursive.extend(component.into_iter().map(|f| (f, recursive)));
    }
}
