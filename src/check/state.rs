//! What a definition has become, and what surrounds the expression at work.

use super::Parameters;
use super::types::Ty;
use super::value::Value;
use crate::core::{Ex, FnId, VarId};
use crate::syntax::tree::Ast;
use std::rc::Rc;

/// What a definition has become.
#[derive(Debug, Clone)]
pub enum State {
    /// Its turn has not come.
    Pending,
    /// Its errors were reported.
    Failed,
    Type,
    Function(Rc<FnInfo>),
    /// Takes functions: lowered anew for each of them.
    Generic(Rc<GenericInfo>),
    Value(Value),
}

/// How to call a function.
#[derive(Debug, Clone)]
pub struct FnInfo {
    pub id: FnId,
    pub name: String,
    pub params: Parameters,
    pub result: Ty,
    /// The `param`s that follow its own parameters.
    pub globals: Rc<[u32]>,
}

/// A function that takes functions.
#[derive(Debug, Clone)]
pub struct GenericInfo {
    pub name: String,
    pub params: Parameters,
    /// What inference says of the result.
    pub result: Ty,
    pub globals: Rc<[u32]>,
}

/// What surrounds the expression at work inside one function.
#[derive(Debug, Default)]
pub struct Frame {
    /// Conditions on the parameters found on the way.
    pub requires: Vec<Ex>,
    /// The conditions of the branches around, and whether they hold there.
    pub conditions: Vec<(Ex, bool)>,
    /// Variables that stand for values for a while.
    pub fresh: Vec<(VarId, Ex)>,
    /// The parameters of the core function.
    pub params: Vec<VarId>,
    /// The types that the states of loops took.
    pub states: StateTypes,
}

/// The types that the states of loops took, in the order in which the loops begin. A loop whose state turns
/// out to be real is lowered again, and the loops in it need not find out again: their number would double with
/// each level.
#[derive(Debug, Default)]
pub struct StateTypes {
    found: Vec<(Ast, Option<Ty>)>,
    /// What was found the last time, and how much of it has come again.
    before: Vec<(Ast, Option<Ty>)>,
    at: usize,
}

impl StateTypes {
    /// Begins a loop: its place, and the type that its state took the last time.
    pub fn begin(&mut self, ast: Ast) -> (usize, Option<Ty>) {
        self.found.push((ast, None));
        let known = self.before.get(self.at).filter(|(before, _)| *before == ast);
        let ty = known.and_then(|(_, ty)| ty.clone());
        self.at += 1;
        (self.found.len() - 1, ty)
    }

    /// The type that the state of the loop at a place took.
    pub fn end(&mut self, place: usize, ty: &Ty) {
        self.found[place].1 = Some(ty.clone());
    }

    /// The loop at a place is lowered again: gives what is to be taken up afterwards.
    pub fn again(&mut self, place: usize) -> StateTypes {
        let inner = self.found.split_off(place + 1);
        let before = std::mem::replace(&mut self.before, inner);
        StateTypes { found: Vec::new(), before, at: std::mem::take(&mut self.at) }
    }

    /// Goes on where `again` was called.
    pub fn resume(&mut self, outer: StateTypes) {
        (self.before, self.at) = (outer.before, outer.at);
    }
}
