//! Cotangents as lists of terms, and how terms become expressions.
//!
//! A term is `Σ_over [when] onehot(at)·value`. Keeping sums, conditions and positions apart until
//! the node's own turn comes keeps the gradient of an indexed sum linear in its length, and keeps a
//! branch that was not taken from turning a 0·∞ into NaN.

use crate::core::{AccumOp, Elem, Ex, Graph, Node, VarId};
use crate::primitive::Prim;

/// A condition under which a term counts, and whether it must hold or fail.
pub type Guard = (Ex, bool);

/// One summand of a cotangent.
#[derive(Debug, Clone)]
pub struct Term {
    /// Binders summed over, beyond those of the node's own scope.
    pub over: Vec<VarId>,
    /// Conditions, outermost first; each is evaluated only when those before it hold.
    pub when: Vec<Guard>,
    /// Where in the array the scalar `value` belongs; `None`: `value` has the node's own type.
    pub at: Option<Vec<Ex>>,
    pub value: Ex,
}

/// The conditions that all terms have in common: their common beginning, then, if every term has
/// more, that any of those hold. Gives the length of the beginning too.
pub fn common_guard(graph: &mut Graph, terms: &[Term]) -> (usize, Vec<Guard>) {
    let Some(first) = terms.first() else { return (0, Vec::new()) };
    let mut prefix = outside(graph, first);
    for term in &terms[1..] {
        let same = first.when.iter().zip(&term.when).take_while(|(a, b)| a == b).count();
        prefix = prefix.min(same).min(outside(graph, term));
    }
    let mut guard = first.when[..prefix].to_vec();
    if terms.len() > 1 && terms.iter().all(|t| outside(graph, t) > prefix) {
        let mut any = graph.boolean(false);
        for term in terms {
            let own = outside(graph, term);
            let holds = conjunction(graph, &term.when[prefix..own]);
            any = graph.either(any, holds);
        }
        if graph.as_bool(any) != Some(true) {
            guard.push((any, true));
        }
    }
    (prefix, guard)
}

/// How many of the first conditions of a term exist outside its sum.
pub fn outside(graph: &Graph, term: &Term) -> usize {
    term.when.iter().take_while(|(c, _)| !graph.depends_on_any(*c, &term.over)).count()
}

/// Conditions beyond this many become one.
const MOST_GUARDS: usize = 12;

/// Adds a condition inside others. Many of them become one that says whether all hold: the terms of
/// a long chain of choices share it, where each would repeat all conditions before its own.
pub fn inside_of(graph: &mut Graph, when: &mut Vec<Guard>, guard: Guard) {
    when.push(guard);
    if when.len() > MOST_GUARDS {
        let all = conjunction(graph, when);
        *when = vec![(all, true)];
    }
}

/// Whether all conditions hold, each evaluated only when those before it do.
pub fn conjunction(graph: &mut Graph, when: &[Guard]) -> Ex {
    let yes = graph.boolean(true);
    graph.under(when, yes)
}

/// The value where all conditions hold, else zero.
pub fn guarded(graph: &mut Graph, when: &[Guard], value: Ex) -> Ex {
    when.iter().rev().fold(value, |inner, &(cond, holds)| {
        let zero = super::zeros_like(graph, inner);
        if holds { graph.select(cond, inner, zero) } else { graph.select(cond, zero, inner) }
    })
}

/// Binders in an order in which each stands after those that its length depends on.
pub fn in_order(graph: &Graph, over: &[VarId]) -> Vec<VarId> {
    let mut rest = over.to_vec();
    rest.sort_unstable();
    rest.dedup();
    let mut ordered = Vec::with_capacity(rest.len());
    while !rest.is_empty() {
        let free = rest.iter().position(|&b| !graph.depends_on_any(graph.len_of(b), &rest));
        ordered.push(rest.remove(free.expect("lengths do not depend on one another in a circle")));
    }
    ordered
}

/// The sum of the terms of a scalar in the scope of `binders`, without the first `prefix`
/// conditions of each.
pub fn scalar(graph: &mut Graph, terms: &[Term], prefix: usize, binders: &[VarId]) -> Ex {
    // Terms under the same sums and conditions are added first.
    let mut groups: Vec<(Vec<VarId>, Vec<Guard>, Ex)> = Vec::new();
    for term in terms.iter().rev() {
        let (over, when) = (in_order(graph, &term.over), &term.when[prefix..]);
        match groups.iter_mut().find(|(o, w, _)| *o == over && w == when) {
            Some((_, _, sum)) => *sum = graph.add(*sum, term.value),
            None => groups.push((over, when.to_vec(), term.value)),
        }
    }
    let mut total: Option<Ex> = None;
    for (over, when, value) in groups {
        // Conditions that hold for the whole sum stand around it.
        let outer = when.iter().take_while(|(cond, _)| !graph.depends_on_any(*cond, &over)).count();
        let (outer, inner) = when.split_at(outer);
        let value = guarded(graph, inner, value);
        let around: Vec<Guard> = terms[0].when[..prefix].iter().chain(outer).copied().collect();
        let value = summed(graph, &over, value, binders, &around);
        let value = guarded(graph, outer, value);
        total = Some(match total {
            Some(sum) => graph.add(sum, value),
            None => value,
        });
    }
    total.unwrap_or_else(|| graph.real(0.0))
}

/// The sum of a value over binders, in the scope of others. Where that would do the work of a
/// summand again for every point of the scope, all points are summed up at once, in an array: those where the
/// conditions `around` hold, since elsewhere there may be no value.
fn summed(graph: &mut Graph, over: &[VarId], value: Ex, binders: &[VarId], around: &[Guard]) -> Ex {
    if over.is_empty() {
        return value;
    }
    let zero = graph.real(0.0);
    let needs = |graph: &Graph, ex: Ex| -> Vec<VarId> {
        binders.iter().copied().filter(|&b| graph.depends_on(ex, b)).collect()
    };
    let scope = needs(graph, value);
    let around: Vec<Guard> =
        around.iter().copied().filter(|&(cond, _)| graph.depends_on_any(cond, &scope)).collect();
    let inside = guarded(graph, &around, value);
    let scope = needs(graph, inside);
    let lens: Vec<Ex> = scope.iter().filter_map(|&b| graph.index_len(b)).collect();
    let rectangular = lens.len() == scope.len()
        && !lens.iter().any(|&len| graph.depends_on_any(len, &scope) || graph.depends_on_any(len, over))
        && !over.iter().any(|&o| graph.depends_on_any(graph.len_of(o), &scope));
    if scope.is_empty() || !rectangular || !repeats_work(graph, value, over, &scope) {
        return graph.accum(AccumOp::Sum, zero, over, &[], value);
    }
    let init = graph.zeros(Elem::Real, &lens);
    let here: Vec<Ex> = scope.iter().map(|&b| graph.variable(b)).collect();
    let all: Vec<VarId> = over.iter().chain(&scope).copied().collect();
    let sums = graph.accum(AccumOp::Sum, init, &all, &here, inside);
    graph.index(sums, &here)
}

/// The sum of the terms of an array of this shape, without the first `prefix` conditions of each.
pub fn array(graph: &mut Graph, terms: &[Term], prefix: usize, shape: &[Ex]) -> Ex {
    let terms: Vec<Term> = terms.iter().map(|t| without_prefix(t, prefix)).collect();
    if let [Term { over, when, at: None, value }] = &terms[..]
        && over.is_empty()
    {
        return guarded(graph, when, *value);
    }
    if let Some(lit) = literal(graph, &terms, shape) {
        return lit;
    }
    let binders: Vec<VarId> = shape.iter().map(|&len| graph.binder("i", len)).collect();
    let mut gathered = Vec::new();
    let mut scattered = Vec::new();
    for term in terms {
        match solve(graph, &term, &binders) {
            Some(solved) if !(term.over.is_empty() && term.at.is_some()) => gathered.push(solved),
            Some(_) | None => scattered.push(term),
        }
    }
    let base = match gathered.is_empty() {
        true => graph.zeros(Elem::Real, shape),
        false => {
            let element = scalar(graph, &gathered, 0, &binders);
            graph.build(&binders, element)
        }
    };
    scatter(graph, base, &scattered)
}

fn without_prefix(term: &Term, prefix: usize) -> Term {
    Term { when: term.when[prefix..].to_vec(), ..term.clone() }
}

/// `init` with each term added at its place.
pub fn scatter(graph: &mut Graph, init: Ex, terms: &[Term]) -> Ex {
    let mut sum = init;
    for term in terms.iter().rev() {
        let mut over = in_order(graph, &term.over);
        let (at, value) = match &term.at {
            Some(at) => (at.clone(), term.value),
            None => {
                // A whole array: element by element.
                let shape = graph.shape(init);
                let own: Vec<VarId> = shape.iter().map(|&len| graph.binder("i", len)).collect();
                let at: Vec<Ex> = own.iter().map(|&b| graph.variable(b)).collect();
                over.extend(own);
                let value = graph.index(term.value, &at);
                (at, value)
            }
        };
        // Where a condition fails the place may not exist either.
        let at: Vec<Ex> = at.into_iter().map(|e| guarded(graph, &term.when, e)).collect();
        let value = guarded(graph, &term.when, value);
        sum = graph.accum(AccumOp::Sum, sum, &over, &at, value);
    }
    sum
}

/// A small array of constant lengths whose terms all stand at constant places.
fn literal(graph: &mut Graph, terms: &[Term], shape: &[Ex]) -> Option<Ex> {
    let dims: Vec<usize> =
        shape.iter().map(|&len| graph.as_int(len).map(|n| n.max(0) as usize)).collect::<Option<_>>()?;
    let count: usize = dims.iter().product();
    if count == 0 || count > 64 {
        return None;
    }
    let mut elems: Vec<Vec<Term>> = vec![Vec::new(); count];
    for term in terms {
        let at = term.at.as_ref()?;
        let mut offset = 0;
        for (&dim, &e) in dims.iter().zip(at) {
            let i = usize::try_from(graph.as_int(e)?).ok().filter(|&i| i < dim)?;
            offset = offset * dim + i;
        }
        elems[offset].push(Term { at: Some(Vec::new()), ..term.clone() });
    }
    let elems: Vec<Ex> = elems.iter().map(|terms| scalar(graph, terms, 0, &[])).collect();
    Some(graph.lit(&elems, &dims))
}

/// The term as a scalar term at the element `binders` of the array: `at` is solved for the binders
/// summed over. Nothing when it cannot be solved, or when a scatter costs less.
pub fn solve(graph: &mut Graph, term: &Term, binders: &[VarId]) -> Option<Term> {
    let here: Vec<Ex> = binders.iter().map(|&b| graph.variable(b)).collect();
    let term = &apart(graph, term, binders);
    let Some(at) = &term.at else {
        // A whole array that differs from point to point of a sum is added as a whole.
        if graph.depends_on_any(term.value, &term.over) {
            return None;
        }
        let value = graph.index(term.value, &here);
        return Some(Term { at: Some(Vec::new()), value, ..term.clone() });
    };
    let mut left = in_order(graph, &term.over);
    let mut map: Vec<(VarId, Ex)> = Vec::new();
    // Conditions that hold for the whole sum stay first; those over its binders only make sense
    // where the solution is in range.
    let outer = outside(graph, term);
    let mut when = term.when[..outer].to_vec();
    let mut shifted = false;
    for (&e, &b) in at.iter().zip(binders) {
        let e = term.when.iter().fold(e, |e, &(cond, holds)| graph.assume(e, cond, holds));
        let e = graph.substitute(e, &map);
        let b_ex = graph.variable(b);
        if !graph.depends_on_any(e, &left) {
            let same = graph.eq(e, b_ex);
            when.push((same, true));
            continue;
        }
        let (o, solution) = solve_axis(graph, e, b_ex, &left)?;
        shifted |= solution != b_ex;
        left.retain(|&v| v != o);
        inside(graph, solution, o, b, &mut when);
        map = map.into_iter().map(|(v, x)| (v, graph.substitute(x, &[(o, solution)]))).collect();
        map.push((o, solution));
    }
    // A binder still summed over whose length followed a solved one gets the new length.
    let mut over = Vec::new();
    for o in left {
        let len = graph.len_of(o);
        let new = graph.substitute(len, &map);
        if new == len {
            over.push(o);
        } else {
            let name = graph.var(o).name.clone();
            let fresh = graph.binder(&name, new);
            let ex = graph.variable(fresh);
            map.push((o, ex));
            over.push(fresh);
        }
    }
    // A range that a binder was solved in may have ended at one that was solved after it.
    when.extend_from_slice(&term.when[outer..]);
    for (cond, _) in &mut when[outer..] {
        *cond = graph.substitute(*cond, &map);
    }
    when.retain(|&(cond, holds)| graph.as_bool(cond) != Some(holds));
    let value = graph.substitute(term.value, &map);
    let dearer = (shifted && has_loop(graph, value)) || repeats_work(graph, value, &over, binders);
    (!dearer).then_some(Term { over, when, at: Some(Vec::new()), value })
}

/// The term with its summed binders renamed where they are among `binders`.
fn apart(graph: &mut Graph, term: &Term, binders: &[VarId]) -> Term {
    if !term.over.iter().any(|o| binders.contains(o)) {
        return term.clone();
    }
    let mut map: Vec<(VarId, Ex)> = Vec::new();
    let mut over = Vec::new();
    for o in in_order(graph, &term.over) {
        let len = graph.len_of(o);
        let new_len = graph.substitute(len, &map);
        if binders.contains(&o) || new_len != len {
            let name = graph.var(o).name.clone();
            let fresh = graph.binder(&name, new_len);
            let ex = graph.variable(fresh);
            map.push((o, ex));
            over.push(fresh);
        } else {
            over.push(o);
        }
    }
    let mut all: Vec<Ex> = term.when.iter().map(|&(cond, _)| cond).collect();
    all.push(term.value);
    all.extend(term.at.iter().flatten());
    let new = graph.substitute_all(&all, &map);
    let (conds, rest) = new.split_at(term.when.len());
    let when = conds.iter().zip(&term.when).map(|(&cond, &(_, holds))| (cond, holds)).collect();
    Term { over, when, at: term.at.as_ref().map(|_| rest[1..].to_vec()), value: rest[0] }
}

/// Solves `e = b` for one of the binders: `e` must be that binder, plus or minus, and a rest free
/// of them all.
fn solve_axis(graph: &mut Graph, e: Ex, b: Ex, left: &[VarId]) -> Option<(VarId, Ex)> {
    let sum = graph.affine(e);
    let mut dependent = sum.terms.iter().filter(|&&(t, _)| graph.depends_on_any(t, left));
    let &(term, factor) = dependent.next()?;
    if dependent.next().is_some() || factor.abs() != 1 {
        return None;
    }
    let Node::Var(o) = graph.node(term) else { return None };
    // The variable's own length may depend on the others, but then they are not solved by it.
    if !left.contains(&o) {
        return None;
    }
    let solution = if factor == 1 {
        let rest = graph.sub(e, term);
        graph.sub(b, rest)
    } else {
        let rest = graph.add(e, term);
        graph.sub(rest, b)
    };
    Some((o, solution))
}

/// Adds the conditions that a solution lies in the range of its binder, where they can fail.
fn inside(graph: &mut Graph, solution: Ex, o: VarId, b: VarId, when: &mut Vec<Guard>) {
    let (len, own) = (graph.len_of(o), graph.len_of(b));
    let sum = graph.affine(solution);
    let forward = matches!(sum.terms[..], [(t, 1)] if graph.node(t) == Node::Var(b));
    if !(forward && sum.constant >= 0) {
        let zero = graph.int(0);
        let low = graph.le(zero, solution);
        when.push((low, true));
    }
    // b ≤ own - 1, so solution ≤ own - 1 + constant, which must be below len.
    let slack = graph.sub(len, own);
    let surely = forward && graph.as_int(slack).is_some_and(|slack| slack >= sum.constant);
    if !surely {
        let high = graph.lt(solution, len);
        when.push((high, true));
    }
}

/// Whether evaluating the expression again costs a loop or a call.
fn has_loop(graph: &Graph, value: Ex) -> bool {
    graph.reach_where(&[value], |ex| graph.free(ex).len() > 0).into_iter().any(|ex| graph.takes_steps(ex))
}

/// Whether the value holds work worth keeping that depends on the summed binders alone: gathered,
/// it would be done again for every point of the others.
fn repeats_work(graph: &Graph, value: Ex, over: &[VarId], binders: &[VarId]) -> bool {
    if over.is_empty() {
        return false;
    }
    let parts = graph.reach_where(&[value], |ex| graph.depends_on_any(ex, over));
    let again = parts.into_iter().filter(|&ex| !graph.depends_on_any(ex, binders));
    again.map(|ex| weight(graph, ex)).sum::<usize>() > LIGHT
}

/// Work of this weight may as well be done again.
const LIGHT: usize = 4;

/// What a node costs, in additions.
fn weight(graph: &Graph, ex: Ex) -> usize {
    match graph.node(ex) {
        Node::Var(_)
        | Node::Index { .. }
        | Node::Size { .. }
        | Node::Real(_)
        | Node::Int(_)
        | Node::Bool(_) => 0,
        Node::Prim(p, _) if !graph.ty(ex).is_real() || p == Prim::TO_REAL || p == Prim::NEG => 0,
        Node::Prim(Prim::ADD | Prim::SUB | Prim::MUL, _) | Node::If { .. } | Node::Part { .. } => 1,
        Node::Prim(..) => 8,
        Node::Lit { .. } | Node::Build { .. } | Node::Accum { .. } | Node::Loop(_) | Node::Call { .. } => 100,
    }
}
