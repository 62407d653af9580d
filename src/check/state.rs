//! What a definition has become, and what surrounds the expression at work.

use super::Parameters;
use super::types::Ty;
use super::value::Value;
use crate::core::{Ex, FnId, VarId};
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
}
