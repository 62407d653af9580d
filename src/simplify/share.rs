//! One run instead of two: where a larger loop or call computes what a smaller one does as well,
//! the smaller gives way. (A tangent's loop carries the primal states; a derived call of a
//! recursive function gives the value too.)

use crate::core::{Dense, Ex, Graph, Node};

/// The expressions with parts of smaller loops and calls read from larger ones that they also need.
pub fn share(graph: &mut Graph, roots: &[Ex]) -> Vec<Ex> {
    if graph.also.is_empty() {
        return roots.to_vec();
    }
    let mut roots = roots.to_vec();
    // A replacement may make the next one possible: a value inside a value.
    for _ in 0..MOST_ROUNDS {
        let nodes = graph.reach(&roots);
        let candidates: Vec<(Ex, Ex)> = nodes
            .iter()
            .filter_map(|&ex| replacement(graph, &nodes, ex).map(|larger| (ex, larger)))
            .collect();
        if candidates.is_empty() {
            break;
        }
        let replaced = independent(graph, &candidates);
        roots = rebuild(graph, &roots, &replaced);
    }
    roots
}

/// A bound on the depth of values inside values that is followed.
const MOST_ROUNDS: usize = 64;

/// The loop or call that a part belongs to.
fn whole(graph: &Graph, part: Ex) -> Option<Ex> {
    match graph.node(part) {
        Node::Part { of, .. } => Some(of),
        _ => None,
    }
}

/// A part that gives the same value, of a node that is needed anyway and does not need this one.
fn replacement(graph: &Graph, nodes: &[Ex], ex: Ex) -> Option<Ex> {
    let small = whole(graph, ex)?;
    graph.also.get(&ex)?.iter().copied().find(|&larger| {
        whole(graph, larger).is_some_and(|large| {
            nodes.binary_search(&large).is_ok()
                && graph.free(large).eq(graph.free(small))
                && !needs_any(graph, large, &[small])
        })
    })
}

/// Whether a node needs any of the others (sorted).
fn needs_any(graph: &Graph, ex: Ex, others: &[Ex]) -> bool {
    // Operands have smaller handles: nothing below the first of the others leads to one.
    let first = others[0];
    graph.reach_where(&[ex], |e| e >= first).iter().any(|e| *e != ex && others.binary_search(e).is_ok())
}

/// Candidates that can be replaced at once: none of the larger nodes needs any that is replaced.
/// If there is no such, the first alone.
fn independent(graph: &Graph, candidates: &[(Ex, Ex)]) -> Dense<Ex> {
    let mut smalls: Vec<Ex> = candidates.iter().filter_map(|&(ex, _)| whole(graph, ex)).collect();
    smalls.sort_unstable();
    smalls.dedup();
    let mut replaced = Dense::new(graph);
    let mut none = true;
    for &(ex, larger) in candidates {
        if whole(graph, larger).is_some_and(|large| !needs_any(graph, large, &smalls)) {
            replaced.insert(ex, larger);
            none = false;
        }
    }
    if none {
        let (first, _) = candidates[0];
        for &(ex, larger) in candidates.iter().filter(|&&(ex, _)| whole(graph, ex) == whole(graph, first)) {
            if whole(graph, larger) == whole(graph, candidates[0].1) {
                replaced.insert(ex, larger);
            }
        }
    }
    replaced
}

fn rebuild(graph: &mut Graph, roots: &[Ex], replaced: &Dense<Ex>) -> Vec<Ex> {
    let mut done: Dense<Ex> = Dense::new(graph);
    // A replacement has a larger handle than what it replaces, so order by need, not by handle.
    let mut stack: Vec<Ex> = roots.to_vec();
    while let Some(&ex) = stack.last() {
        if done.contains(ex) {
            stack.pop();
            continue;
        }
        let height = stack.len();
        if let Some(&larger) = replaced.get(ex) {
            match done.get(larger) {
                Some(&new) => {
                    done.insert(ex, new);
                    stack.pop();
                }
                None => stack.push(larger),
            }
            continue;
        }
        graph.operands(ex, |operand| {
            if !done.contains(operand) {
                stack.push(operand);
            }
        });
        if stack.len() == height {
            let new = graph.rebuild(ex, |operand| *done.get(operand).expect("operands come first"));
            done.insert(ex, new);
            stack.pop();
        }
    }
    // What one computes as well as another it still does.
    let again: Vec<(Ex, Ex)> =
        graph.also.iter().flat_map(|(&ex, all)| all.iter().map(move |&l| (ex, l))).collect();
    for (ex, larger) in again {
        let Node::Part { of, index } = graph.node(larger) else { continue };
        let (Some(&new), Some(&whole)) = (done.get(ex), done.get(of)) else { continue };
        let large = graph.part(whole, index as usize);
        if new != large && (new, large) != (ex, larger) {
            graph.also.entry(new).or_default().push(large);
        }
    }
    roots.iter().map(|&root| *done.get(root).expect("roots are rebuilt")).collect()
}
