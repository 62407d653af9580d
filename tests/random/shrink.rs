//! A smaller program with the same failure.

use super::judge::{Case, Verdict};
use super::tree::{Dim, Kind, Node, Program, Ty};
use std::time::{Duration, Instant};

/// The smallest program found in a limited time that fails alike.
pub fn shrink(program: &Program, seed: u64, what: &str, time: Duration) -> Program {
    let start = Instant::now();
    let mut best = program.clone();
    let fails = |p: &Program| {
        let case = Case::new(p, seed);
        matches!(case.judge(), Verdict::Fails { what: found, .. } if alike(&found, what))
    };
    loop {
        let mut better = None;
        for candidate in candidates(&best) {
            if start.elapsed() > time {
                break;
            }
            if weight(&candidate) < weight(&best) && fails(&candidate) {
                better = Some(candidate);
                break;
            }
        }
        match better {
            Some(found) => best = found,
            None => return best,
        }
    }
}

/// The same failure, but for the numbers in it.
fn alike(a: &str, b: &str) -> bool {
    let bare = |s: &str| s.chars().filter(|c| !c.is_ascii_digit()).collect::<String>();
    bare(a) == bare(b)
}

/// Size first, then how plain the leaves are.
fn weight(program: &Program) -> (usize, usize) {
    let plain = program.definitions.iter().map(|d| leaves(&d.body)).sum();
    (program.size(), plain)
}

fn leaves(node: &Node) -> usize {
    let own = match &node.kind {
        Kind::Real(x) => usize::from(*x != 1.0),
        Kind::Var(_) => 2,
        Kind::If { braces: true } | Kind::Let { after: true, .. } => 1,
        Kind::Unary(_) => 1,
        _ => 0,
    };
    own + node.kids.iter().map(leaves).sum::<usize>()
}

fn candidates(program: &Program) -> impl Iterator<Item = Program> + '_ {
    let definitions = (0..program.definitions.len() - 1).map(|k| {
        let mut p = program.clone();
        p.definitions.remove(k);
        p
    });
    let plain = (0..program.definitions.len()).filter(|&k| program.definitions[k].rule.is_some()).map(|k| {
        let mut p = program.clone();
        p.definitions[k].rule = None;
        p
    });
    let globals = (0..program.globals.len()).map(|k| {
        let mut p = program.clone();
        p.globals.remove(k);
        p
    });
    let constants = (0..program.constants.len()).map(|k| {
        let mut p = program.clone();
        p.constants.remove(k);
        p
    });
    let main = program.definitions.len() - 1;
    let params = (0..program.main().params.len()).map(move |k| {
        let mut p = program.clone();
        p.definitions[main].params.remove(k);
        p
    });
    let bodies = (0..program.definitions.len()).flat_map(move |d| {
        let count = program.definitions[d].body.size();
        (0..count).flat_map(move |at| {
            let node = nth(&program.definitions[d].body, at).expect("a node");
            replacements(node).into_iter().map(move |new| {
                let mut p = program.clone();
                *nth_mut(&mut p.definitions[d].body, &mut { at }).expect("a node") = new;
                p
            })
        })
    });
    definitions.chain(plain).chain(globals).chain(constants).chain(params).chain(bodies)
}

/// The node at a position, counted from the root.
fn nth(node: &Node, at: usize) -> Option<&Node> {
    if at == 0 {
        return Some(node);
    }
    let mut rest = at - 1;
    for kid in &node.kids {
        let size = kid.size();
        if rest < size {
            return nth(kid, rest);
        }
        rest -= size;
    }
    None
}

fn nth_mut<'a>(node: &'a mut Node, at: &mut usize) -> Option<&'a mut Node> {
    if *at == 0 {
        return Some(node);
    }
    *at -= 1;
    for kid in &mut node.kids {
        let size = kid.size();
        if *at < size {
            return nth_mut(kid, at);
        }
        *at -= size;
    }
    None
}

/// Simpler nodes of the same type: parts of it, and leaves.
fn replacements(node: &Node) -> Vec<Node> {
    let mut found: Vec<Node> = vec![];
    match &node.ty {
        Ty::Real => found.push(Node::real(1.0)),
        Ty::Int => found.push(Node::int(1)),
        Ty::Bool => found.extend([true, false].map(|b| Node::new(Kind::Bool(b), Ty::Bool, vec![]))),
        Ty::Array(..) => {
            if let Ty::Array(_, dims) = &node.ty
                && !matches!(&node.kind, Kind::Call(name) if name == "ones")
                && dims.iter().all(|d| *d != Dim::fixed(0))
            {
                let args = dims.iter().map(Node::dim).collect();
                found.push(Node::call("ones", node.ty.clone(), args));
            }
        }
        Ty::Tuple(_) | Ty::Record(_) | Ty::Function(..) => {}
    }
    for kid in &node.kids {
        collect(kid, &node.ty, 3, &mut found);
    }
    // Fewer bindings, fewer branches.
    if let Kind::Let { patterns, after } = &node.kind {
        for k in 0..patterns.len() {
            let (mut patterns, mut kids) = (patterns.clone(), node.kids.clone());
            patterns.remove(k);
            kids.remove(k);
            if !patterns.is_empty() {
                found.push(Node::new(Kind::Let { patterns, after: *after }, node.ty.clone(), kids));
            }
        }
        if *after {
            found.push(Node::new(
                Kind::Let { patterns: patterns.clone(), after: false },
                node.ty.clone(),
                node.kids.clone(),
            ));
        }
    }
    if let Kind::If { braces } = &node.kind {
        if node.kids.len() > 3 {
            found.push(Node::new(node.kind.clone(), node.ty.clone(), node.kids[2..].to_vec()));
        }
        if *braces {
            found.push(Node::new(Kind::If { braces: false }, node.ty.clone(), node.kids.clone()));
        }
    }
    if let Kind::Reduce { op, names, ranged, filter: true } = &node.kind {
        let kind = Kind::Reduce { op, names: names.clone(), ranged: *ranged, filter: false };
        found.push(Node::new(kind, node.ty.clone(), node.kids[..node.kids.len() - 1].to_vec()));
    }
    found
}

/// The nodes below that have the type.
fn collect(node: &Node, ty: &Ty, depth: usize, out: &mut Vec<Node>) {
    if node.ty == *ty {
        out.push(node.clone());
    }
    if depth > 0 {
        node.kids.iter().for_each(|kid| collect(kid, ty, depth - 1, out));
    }
}
