//! Functions of a program.

use super::{Ex, Graph, Type, VarId};

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
                let size = self.is_length_of(size, &self.function(f).params).then_some(size);
                self.result_sizes.insert((f, index as u32, axis as u32), size);
            }
        }
        self.functions[f.0 as usize].results = results;
    }
}
