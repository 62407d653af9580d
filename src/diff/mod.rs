//! Graph to graph: forward mode (tangents) and reverse mode (cotangents). Both give the nodes that
//! they take, so a derivative is differentiated like any program.
//!
//! Forward mode walks the arena upwards and makes a tangent for every active node. Reverse mode
//! walks it downwards and collects, for every active node, a list of terms ([`term::Term`]) that
//! becomes an expression only when the node's own turn comes. A call becomes a call of a derived
//! function, made once for each set of wanted arguments; its name is given out before its body
//! exists, so recursion ties the knot ([`complete`]).
//!
//! Never sees text. The partials of primitives come through [`Rules`].

mod activity;
mod calls;
mod diagonal;
pub mod edges;
mod endless;
mod forward;
mod kept;
mod loops;
mod monomial;
mod reverse;
mod risk;
mod term;

pub use calls::{complete, jvp_function, results_of, vjp_function};
pub use diagonal::diagonal;
pub use forward::jvp;
pub use reverse::vjp;

use crate::core::{Ex, Graph, Node, VarId};
use crate::primitive::Prim;

/// Where the partials of primitives come from.
pub trait Rules {
    /// The partial of `p` by its argument `k`, at these arguments; `out` is the value of `p` there.
    /// `None`: whatever the arguments are, `p` does not vary with this one (`floor`, `stop`).
    fn partial(
        &mut self,
        graph: &mut Graph,
        p: Prim,
        k: usize,
        args: &[Ex],
        out: Ex,
    ) -> Result<Option<Ex>, Unknown>;

    /// The condition under which the partials of `p` are a convention: it holds at a kink or a jump.
    fn kink(&mut self, graph: &mut Graph, p: Prim, args: &[Ex], out: Ex) -> Option<Ex>;

    /// Whether loops keep what is dear for the way back: so in code, while a formula is shorter when it says
    /// it again.
    fn keeps(&self) -> bool;
}

/// A derivative that is not known; an honest error instead of a wrong number.
#[derive(Debug, Clone, PartialEq)]
pub struct Unknown {
    /// What has no derivative, and by which argument.
    pub message: String,
    /// The mark of the place in the program.
    pub origin: u32,
}

/// The derivative of `e`, of any real type, by the scalar variable `x`.
pub fn derivative(graph: &mut Graph, rules: &mut dyn Rules, e: Ex, x: VarId) -> Result<Ex, Unknown> {
    let one = graph.real(1.0);
    let tangent = jvp(graph, rules, &[e], &[(x, one)])?[0];
    Ok(tangent.unwrap_or_else(|| zeros_like(graph, e)))
}

/// The gradient of the scalar `e` by the variable `v`, of the shape of `v`.
pub fn gradient(graph: &mut Graph, rules: &mut dyn Rules, e: Ex, v: VarId) -> Result<Ex, Unknown> {
    let one = graph.real(1.0);
    let bar = vjp(graph, rules, &[(e, one)], &[v])?[0];
    let v = graph.variable(v);
    Ok(bar.unwrap_or_else(|| zeros_like(graph, v)))
}

/// The derivatives of every element of `e` by every element of `v`: indices of `e` first.
pub fn jacobian(graph: &mut Graph, rules: &mut dyn Rules, e: Ex, v: VarId) -> Result<Ex, Unknown> {
    if graph.ty(e).is_scalar() {
        return gradient(graph, rules, e, v);
    }
    if graph.var(v).ty.is_scalar() {
        return derivative(graph, rules, e, v);
    }
    // A row of an array that is built element by element costs only its element.
    if matches!(graph.node(e), Node::Build { .. } | Node::Lit { .. }) {
        return jacobian_by_rows(graph, rules, e, v);
    }
    jacobian_by_columns(graph, rules, e, v)
}

/// The Jacobian in reverse mode: the gradient of each element of the array `e`.
pub fn jacobian_by_rows(graph: &mut Graph, rules: &mut dyn Rules, e: Ex, v: VarId) -> Result<Ex, Unknown> {
    let mut over = binders_of(graph, e, "i");
    let at: Vec<Ex> = over.iter().map(|&b| graph.variable(b)).collect();
    let element = graph.index(e, &at);
    let row = gradient(graph, rules, element, v)?;
    let columns = binders_of(graph, row, "j");
    let at: Vec<Ex> = columns.iter().map(|&b| graph.variable(b)).collect();
    let entry = graph.index(row, &at);
    over.extend(columns);
    Ok(graph.build(&over, entry))
}

/// The Jacobian in forward mode: the derivative of the whole of `e` along each element of `v`.
pub fn jacobian_by_columns(graph: &mut Graph, rules: &mut dyn Rules, e: Ex, v: VarId) -> Result<Ex, Unknown> {
    let variable = graph.variable(v);
    let columns = binders_of(graph, variable, "j");
    let own = binders_of(graph, variable, "k");
    let one = one_hot(graph, &columns, &own);
    let tangent = graph.build(&own, one);
    let Some(column) = jvp(graph, rules, &[e], &[(v, tangent)])?[0] else {
        let mut shape = graph.shape(e);
        shape.extend(graph.shape(variable));
        return Ok(graph.zeros(crate::core::Elem::Real, &shape));
    };
    let mut over = binders_of(graph, e, "i");
    let at: Vec<Ex> = over.iter().map(|&b| graph.variable(b)).collect();
    let entry = graph.index(column, &at);
    over.extend(columns);
    Ok(graph.build(&over, entry))
}

/// The second derivatives of the scalar `e` by the variable `v` twice.
pub fn hessian(graph: &mut Graph, rules: &mut dyn Rules, e: Ex, v: VarId) -> Result<Ex, Unknown> {
    let gradient = gradient(graph, rules, e, v)?;
    jacobian(graph, rules, gradient, v)
}

/// 1 where the two lists of binders agree, else 0.
fn one_hot(graph: &mut Graph, a: &[VarId], b: &[VarId]) -> Ex {
    let (one, zero) = (graph.real(1.0), graph.real(0.0));
    a.iter().zip(b).rev().fold(one, |inner, (&a, &b)| {
        let (a, b) = (graph.variable(a), graph.variable(b));
        let same = graph.eq(a, b);
        graph.select(same, inner, zero)
    })
}

/// New binders that run over an array; none for a scalar.
fn binders_of(graph: &mut Graph, array: Ex, name: &str) -> Vec<VarId> {
    let names = [name, "j", "k", "l"];
    let shape = graph.shape(array);
    shape.iter().enumerate().map(|(axis, &len)| graph.binder(names[axis.min(3)], len)).collect()
}

/// The zero of the type and shape of an expression.
pub(crate) fn zeros_like(graph: &mut Graph, e: Ex) -> Ex {
    let shape = graph.shape(e);
    graph.zeros(graph.ty(e).elem, &shape)
}
