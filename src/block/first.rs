//! The first step of loops: what a branch inside of them computes in it is computed whenever they make a step, so
//! it may as well be computed before them.
//!
//! Takes conditions; says whether they hold. Knows nothing of regions or statements.

use crate::core::{Ex, Graph, Node, Type, VarId};
use crate::primitive::{Kind, Prim};

/// Conditions of more parts are not looked into.
const MOST_PARTS: usize = 16;

/// What conditions come to in the first step of loops.
struct First<'k> {
    /// What the loops count with, and where that begins.
    first: Vec<(VarId, Ex)>,
    /// What conditions are known to hold or not where the loops are.
    known: &'k dyn Fn(Ex) -> Option<bool>,
    parts: usize,
}

/// Whether a condition holds in the first step of the loops that count with these, if that can be told.
pub(super) fn at_first(
    graph: &mut Graph,
    cond: Ex,
    counters: &[VarId],
    known: &dyn Fn(Ex) -> Option<bool>,
) -> Option<bool> {
    let zero = graph.int(0);
    let first = counters.iter().map(|&b| (b, zero)).collect();
    decided(graph, cond, &mut First { first, known, parts: MOST_PARTS })
}

fn decided(graph: &mut Graph, cond: Ex, at: &mut First) -> Option<bool> {
    if let Some(known) = graph.as_bool(cond).or_else(|| (at.known)(cond)) {
        return Some(known);
    }
    at.parts = at.parts.checked_sub(1)?;
    match graph.node(cond) {
        Node::If { cond, then, els } => match decided(graph, cond, at) {
            Some(true) => decided(graph, then, at),
            Some(false) => decided(graph, els, at),
            None => None,
        },
        Node::Prim(Prim::NOT, args) => {
            let inner = graph.exs(args).next()?;
            decided(graph, inner, at).map(|holds| !holds)
        }
        Node::Prim(p, args) if p.row().kind == Kind::Compare => {
            let args: Vec<Ex> = graph.exs(args).collect();
            if args.iter().any(|&arg| graph.ty(arg) != Type::INT) {
                return None;
            }
            let args: Vec<Ex> = args.into_iter().map(|arg| graph.substitute(arg, &at.first)).collect();
            let cond = graph.prim(p, &args);
            graph.as_bool(cond).or_else(|| (at.known)(cond))
        }
        Node::Real(_)
        | Node::Int(_)
        | Node::Bool(_)
        | Node::Var(_)
        | Node::Prim(..)
        | Node::Index { .. }
        | Node::Size { .. }
        | Node::Lit { .. }
        | Node::Build { .. }
        | Node::Accum { .. }
        | Node::Loop(_)
        | Node::Call { .. }
        | Node::Part { .. } => None,
    }
}
