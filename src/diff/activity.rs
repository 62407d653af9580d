//! Which nodes depend on the variables of interest through real numbers.

use crate::core::{Dense, Ex, Graph, Node, VarId};

/// Marks the active nodes among `nodes` (operands first), given which variables are active.
/// A state of a loop is active as soon as its first value or its next value is.
pub fn active(graph: &mut Graph, nodes: &[Ex], vars: &[VarId]) -> Dense<()> {
    let mut table = Dense::new(graph);
    for &var in vars {
        let ex = graph.variable(var);
        table.insert(ex, ());
    }
    extend(graph, nodes, table)
}

/// Adds the active nodes among `nodes` (operands first) to a table that says what is active so far.
pub fn extend(graph: &mut Graph, nodes: &[Ex], mut table: Dense<()>) -> Dense<()> {
    // A state that becomes active may activate what comes before the loop's own node: then again.
    while !pass(graph, nodes, &mut table) {}
    table
}

/// One pass upwards; whether no state became active that was passed already.
fn pass(graph: &mut Graph, nodes: &[Ex], table: &mut Dense<()>) -> bool {
    let mut stable = true;
    for &ex in nodes {
        if let Node::Loop(list) = graph.node(ex) {
            let parts = graph.loop_parts(list);
            for i in 0..parts.states.len() {
                let state = graph.variable(parts.states[i]);
                let touched = table.contains(parts.inits[i]) || table.contains(parts.nexts[i]);
                if touched && graph.ty(state).is_real() && !table.contains(state) {
                    table.insert(state, ());
                    stable = false;
                }
            }
        }
        if !table.contains(ex) && is_active(graph, ex, table) {
            table.insert(ex, ());
        }
    }
    stable
}

fn is_active(graph: &Graph, ex: Ex, table: &Dense<()>) -> bool {
    let on = |e: Ex| table.contains(e);
    match graph.node(ex) {
        Node::Real(_) | Node::Int(_) | Node::Bool(_) | Node::Var(_) | Node::Size { .. } => false,
        Node::Prim(p, args) => {
            let through = |(k, arg): (usize, Ex)| on(arg) && !p.row().is_constant_in(k);
            graph.ty(ex).is_real() && graph.exs(args).enumerate().any(through)
        }
        Node::Lit { elems, .. } => graph.exs(elems).any(on),
        Node::Call { args, .. } => graph.exs(args).any(on),
        Node::If { then, els, .. } => on(then) || on(els),
        Node::Index { array, .. } => on(array),
        Node::Build { body, .. } => on(body),
        Node::Accum { init, value, .. } => on(init) || on(value),
        Node::Loop(list) => {
            let parts = graph.loop_parts(list);
            parts.inits.iter().chain(&parts.nexts).any(|&e| on(e))
        }
        Node::Part { of, index } => {
            graph.ty(ex).is_real() && on(of) && part_is_active(graph, of, index, table)
        }
    }
}

/// Whether a part of an active loop is itself active; all real results of an active call are.
fn part_is_active(graph: &Graph, of: Ex, index: u32, table: &Dense<()>) -> bool {
    let Node::Loop(list) = graph.node(of) else { return true };
    let parts = graph.loop_parts(list);
    let m = parts.states.len();
    let state = index as usize % m;
    (index as usize) < 2 * m && (table.contains(parts.inits[state]) || table.contains(parts.nexts[state]))
}
