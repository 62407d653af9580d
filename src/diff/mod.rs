//! Graph to graph: forward mode (tangents) and reverse mode (cotangents). Both give the nodes that
//! they take, so a derivative is differentiated like any program.
//!
//! Never sees text. The partials of primitives come through [`Rules`].

use crate::core::{Ex, FnId, Graph, VarId};
use crate::primitive::Prim;

/// Where the partials of primitives come from.
pub trait Rules {
    /// The partial of `p` by its argument `k`, at these arguments; `out` is the value of `p` there.
    fn partial(&mut self, graph: &mut Graph, p: Prim, k: usize, args: &[Ex], out: Ex) -> Result<Ex, Unknown>;
}

/// A derivative that is not known; an honest error instead of a wrong number.
#[derive(Debug, Clone, PartialEq)]
pub struct Unknown {
    /// What has no derivative, and by which argument.
    pub message: String,
    /// The mark of the place in the program.
    pub origin: u32,
}

/// The tangents of expressions, given the tangents of some variables; `None` is a structural zero.
pub fn jvp(
    _graph: &mut Graph,
    _rules: &mut dyn Rules,
    _exprs: &[Ex],
    _tangents: &[(VarId, Ex)],
) -> Result<Vec<Option<Ex>>, Unknown> {
    todo!()
}

/// The cotangents of variables, given those of expressions; `None` is a structural zero.
pub fn vjp(
    _graph: &mut Graph,
    _rules: &mut dyn Rules,
    _exprs: &[(Ex, Ex)],
    _wrt: &[VarId],
) -> Result<Vec<Option<Ex>>, Unknown> {
    todo!()
}

/// The forward-mode function of `f`, see [`crate::core::Origin::Jvp`].
pub fn jvp_function(_graph: &mut Graph, _f: FnId, _active: &[bool]) -> FnId {
    todo!()
}

/// The reverse-mode function of `f`, see [`crate::core::Origin::Vjp`].
pub fn vjp_function(_graph: &mut Graph, _f: FnId, _wanted: &[bool], _seeded: &[bool]) -> FnId {
    todo!()
}

/// Gives every derived function that was asked for its results.
pub fn complete(_graph: &mut Graph, _rules: &mut dyn Rules) -> Result<(), Unknown> {
    todo!()
}
