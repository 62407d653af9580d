//! The first step of loops: what a branch inside of them computes in it is computed whenever they make a step, so
//! it may as well be computed before them.
//!
//! Takes conditions; says whether they hold. Knows nothing of regions or statements.

use crate::core::{Ex, Graph, Node, Type, VarId};
use crate::primitive::{Kind, Prim};

/// Conditions of more parts are not looked into.
const MOST_PARTS: usize = 16;

/// Whether a condition holds in the first step of the loops that count with these, if that is known.
pub(super) fn at_first(graph: &mut Graph, cond: Ex, counters: &[VarId]) -> Option<bool> {
    let zero = graph.int(0);
    let first: Vec<(VarId, Ex)> = counters.iter().map(|&b| (b, zero)).collect();
    decided(graph, cond, &first, &mut MOST_PARTS.clone())
}

fn decided(graph: &mut Graph, cond: Ex, first: &[(VarId, Ex)], parts: &mut usize) -> Option<bool> {
    if let Some(known) = graph.as_bool(cond) {
        return Some(known);
    }
    *parts = parts.checked_sub(1)?;
    match graph.node(cond) {
        Node::If { cond, then, els } => match decided(graph, cond, first, parts) {
            Some(true) => decided(graph, then, first, parts),
            Some(false) => decided(graph, els, first, parts),
            None => None,
        },
        Node::Prim(Prim::NOT, args) => {
            let inner = graph.exs(args).next()?;
            decided(graph, inner, first, parts).map(|holds| !holds)
        }
        Node::Prim(p, args) if p.row().kind == Kind::Compare => {
            let args: Vec<Ex> = graph.exs(args).collect();
            if args.iter().any(|&arg| graph.ty(arg) != Type::INT) {
                return None;
            }
            let args: Vec<Ex> = args.into_iter().map(|arg| graph.substitute(arg, first)).collect();
            let cond = graph.prim(p, &args);
            graph.as_bool(cond)
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
