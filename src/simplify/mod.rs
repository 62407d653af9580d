//! Graph to graph: the same function, simpler. Rules are named and directional ([`rules::RULES`]);
//! what needs no more than a look at a node's operands is done already by the constructors.

mod choice;
mod domain;
mod inline;
pub use domain::has_value;
pub use inline::inline_calls;
mod product;
pub mod rules;
mod share;
pub mod stable;
mod sum;

use crate::core::binders::merge;
use crate::core::{AccumOp, Dense, Ex, FnId, Graph, Node, Origin, Type};
use crate::primitive::Prim;
use rules::{Apply, RULES, Rule};
use stable::{AS_AUTHORED, Linear, STABLE};

/// A rule may make room for another; after so many rounds what is left stays.
const MOST_ROUNDS: usize = 12;
/// A sum or product is taken apart this deep.
const MOST_DEPTH: u32 = 16;

/// Whether formulas are computed as they are written, or in a form that keeps their digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Forms {
    #[default]
    Stable,
    AsWritten,
}

/// The expressions, simplified: equal values on the whole real domain, up to rounding.
pub fn simplify(graph: &mut Graph, roots: &[Ex]) -> Vec<Ex> {
    simplify_keeping(graph, roots, &[], Forms::AsWritten)
}

/// The expressions, simplified but for what the expressions `kept` need: that stays as it is.
pub fn simplify_keeping(graph: &mut Graph, roots: &[Ex], kept: &[Ex], forms: Forms) -> Vec<Ex> {
    let mut all = share::share(graph, roots);
    all.extend(kept);
    let merged = merge(graph, &all);
    let (roots, kept) = merged.split_at(roots.len());
    match forms {
        Forms::Stable => rounds(graph, roots.to_vec(), kept, &[RULES, STABLE]),
        Forms::AsWritten => rounds(graph, roots.to_vec(), kept, &[RULES]),
    }
}

/// What an author wrote, in a form that keeps its digits; all else stays as it is.
pub fn stabilize(graph: &mut Graph, roots: &[Ex]) -> Vec<Ex> {
    rounds(graph, roots.to_vec(), &[], &[STABLE, AS_AUTHORED])
}

/// The same for all that is written in a file.
pub fn stabilize_functions(graph: &mut Graph) {
    for at in 0..graph.functions.len() {
        let (f, function) = (FnId(at as u32), &graph.functions[at]);
        if function.origin == Origin::Source && function.provided.is_none() {
            let results = function.results.clone();
            let stable = stabilize(graph, &results);
            if stable != results {
                graph.define(f, stable);
            }
        }
    }
}

fn rounds(graph: &mut Graph, mut roots: Vec<Ex>, kept: &[Ex], rules: &[&[Rule]]) -> Vec<Ex> {
    let mut frozen: Dense<()> = Dense::new(graph);
    let mut nodes = graph.reach(&roots);
    let mut kept = kept.to_vec();
    kept.extend(compared(graph, &nodes));
    for ex in graph.reach(&kept) {
        frozen.insert(ex, ());
    }
    for _ in 0..MOST_ROUNDS {
        let new = round(graph, &nodes, &roots, &frozen, rules);
        if new == roots {
            break;
        }
        roots = new;
        nodes = graph.reach(&roots);
    }
    roots
}

/// Among these nodes, what an extreme is found among, and what is compared with it: to the last bit, so
/// that it must be computed in one way wherever it stands.
fn compared(graph: &Graph, nodes: &[Ex]) -> Vec<Ex> {
    let extreme = |e: Ex| matches!(graph.node(e), Node::Accum { op: AccumOp::Max | AccumOp::Min, .. });
    let sides =
        nodes.iter().filter_map(|&e| graph.as_prim(e, Prim::EQ)).map(|args| [Ex(args[0]), Ex(args[1])]);
    sides.filter(|sides| sides.iter().any(|&e| extreme(e))).flatten().collect()
}

/// Simplifies the results of a function; those that are the primal's stay as they are.
pub fn simplify_function(graph: &mut Graph, f: FnId, forms: Forms) {
    let function = graph.function(f);
    let results = function.results.clone();
    let kept = match function.origin {
        Origin::Jvp { of, .. } => graph.function(of).results.clone(),
        Origin::Source | Origin::Vjp { .. } => Vec::new(),
    };
    let results = simplify_keeping(graph, &results, &kept, forms);
    graph.define(f, results);
}

/// Applies the rules once at every node that the roots need, operands first.
///
/// A node that no rule changed is `settled` until something below it becomes a thing that it may take
/// in, or no longer is; of that it keeps a mark.
fn round(graph: &mut Graph, nodes: &[Ex], roots: &[Ex], frozen: &Dense<()>, rules: &[&[Rule]]) -> Vec<Ex> {
    let uses = uses(graph, nodes, roots);
    let inner = match rules {
        [first, ..] if std::ptr::eq(*first, RULES) => taken_in(graph, nodes, &uses),
        _ => Dense::new(graph),
    };
    // Marks tell for which rules they were made.
    let first = rules.iter().filter_map(|rules| rules.first()).flat_map(|rule| rule.name.bytes());
    let kind = first.fold(0, |kind: Mark, byte| kind.wrapping_mul(31).wrapping_add(u32::from(byte)));
    let mut done: Dense<Ex> = Dense::new(graph);
    // Nodes that are used once, with how deep those go that the next sum or product takes in.
    let mut loose: Dense<u32> = Dense::new(graph);
    let mut marks: Dense<Mark> = Dense::new(graph);
    for &ex in nodes {
        if frozen.contains(ex) {
            done.insert(ex, ex);
            continue;
        }
        graph.current_origin = graph.origin(ex);
        let mut same = true;
        graph.operands(ex, |operand| same &= done.get(operand) == Some(&operand));
        let mut new = match same {
            true => ex,
            false => graph.rebuild(ex, |operand| *done.get(operand).expect("operands come first")),
        };
        let mut depth = 0;
        graph.operands(new, |operand| depth = depth.max(loose.get(operand).copied().unwrap_or(0)));
        if inner.contains(ex) && depth < MOST_DEPTH && is_arithmetic(graph, new) {
            marks.insert(new, mark(graph, new, &loose, &marks));
            loose.insert(new, depth + 1);
        } else {
            if graph.settled.get(new) != Some(&(kind ^ mark(graph, new, &loose, &marks))) {
                new = apply(graph, new, &|e| loose.contains(e), rules);
                let mark = kind ^ mark(graph, new, &loose, &marks);
                graph.settled.insert(new, mark);
            }
            // What is too deep to be taken in stays apart, here and in each round.
            let free = uses.get(ex) == Some(&1) && !inner.contains(ex) && !product::is_bound(graph, ex);
            if free && is_arithmetic(graph, new) {
                marks.insert(new, mark(graph, new, &loose, &marks));
                loose.insert(new, 0);
            }
        }
        graph.keep_name(ex, new);
        done.insert(ex, new);
    }
    roots.iter().map(|&root| *done.get(root).expect("all roots are reached")).collect()
}

/// What may be taken in below a node, and in that, as far as it goes.
type Mark = u32;

fn mark(graph: &Graph, ex: Ex, loose: &Dense<u32>, marks: &Dense<Mark>) -> Mark {
    let mut mark: Mark = 1;
    let mut add = |word: u32| mark = (mark.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b1);
    graph.operands(ex, |operand| {
        add(u32::from(loose.contains(operand)));
        match marks.get(operand).filter(|_| loose.contains(operand)) {
            Some(&below) => add(below),
            None => graph.operands(operand, |below| add(u32::from(loose.contains(below)))),
        }
    });
    mark
}

/// Applies rules at a node until none fits.
fn apply(graph: &mut Graph, mut ex: Ex, loose: rules::Loose, rules: &[&[Rule]]) -> Ex {
    // A rule makes the expression smaller or brings it into order; the bound is a safeguard.
    for _ in 0..8 {
        let is_sum = product::is_one_of(graph, ex, &[Prim::ADD, Prim::SUB]);
        let sum = if is_sum { Linear::of(graph, ex) } else { None };
        let applied = rules.iter().copied().flatten().find_map(|rule| match rule.apply {
            Apply::Alone(apply) => apply(graph, ex),
            Apply::Sum(apply) => apply(graph, sum.as_ref()?),
            Apply::With(apply) => apply(graph, ex, loose),
        });
        let Some(new) = applied.filter(|&new| new != ex) else { return ex };
        ex = new;
    }
    ex
}

fn is_arithmetic(graph: &Graph, ex: Ex) -> bool {
    product::is_one_of(graph, ex, &[Prim::ADD, Prim::SUB, Prim::MUL, Prim::DIV, Prim::NEG])
}

/// How often each node is used; a root counts as used twice.
fn uses(graph: &Graph, nodes: &[Ex], roots: &[Ex]) -> Dense<u32> {
    let mut uses: Dense<u32> = Dense::new(graph);
    roots.iter().for_each(|&root| *uses.entry(root, || 0) += 2);
    for &ex in nodes {
        graph.operands(ex, |operand| *uses.entry(operand, || 0) += 1);
    }
    uses
}

/// The sums used once, in a sum, and the products used once, in a product: the larger takes them in.
fn taken_in(graph: &Graph, nodes: &[Ex], uses: &Dense<u32>) -> Dense<()> {
    let mut inner: Dense<()> = Dense::new(graph);
    for &ex in nodes {
        let Node::Prim(p, args) = graph.node(ex) else { continue };
        if graph.ty(ex) != Type::REAL {
            continue;
        }
        let (kinds, from): (&[Prim], usize) = match p {
            Prim::ADD | Prim::SUB => (&[Prim::ADD, Prim::SUB], 2),
            Prim::MUL => (&[Prim::MUL, Prim::DIV, Prim::NEG], 2),
            Prim::DIV => (&[Prim::MUL, Prim::DIV, Prim::NEG], 1),
            _ => continue,
        };
        for operand in graph.exs(args).take(from) {
            let once = uses.get(operand) == Some(&1) && !product::is_bound(graph, operand);
            if once && product::is_one_of(graph, operand, kinds) {
                inner.insert(operand, ());
            }
        }
    }
    inner
}
