//! Calls: a derivative of a call is a call of a derived function, which is made once.

use super::forward::{Forward, jvp};
use super::reverse::{Sweep, vjp};
use super::term::Term;
use super::{Rules, Unknown, endless, zeros_like};
use crate::core::{Custom, Ex, FnId, Graph, List, Node, Origin, Type, VarId};

/// A recursive function of at most this many scalars is differentiated forwards also in reverse
/// mode: value and tangent come out of one run, where a pullback would run it again at each depth.
const FEW: usize = 4;

/// The forward-mode function of `f`, see [`Origin::Jvp`]. Its results come with [`complete`].
pub fn jvp_function(graph: &mut Graph, f: FnId, active: &[bool]) -> FnId {
    let origin = Origin::Jvp { of: f, active: active.to_vec() };
    if let Some(&known) = graph.derived.get(&origin) {
        return known;
    }
    let function = graph.function(f).clone();
    let mut params = function.params.clone();
    for (&param, _) in function.params.iter().zip(active).filter(|(_, on)| **on) {
        params.push(like(graph, param, "_dot"));
    }
    let tangents = function.result_types.iter().copied().filter(|ty| ty.is_real());
    let types = function.result_types.iter().copied().chain(tangents).collect();
    let name = derived_name(graph, f, "jvp", active);
    declare(graph, name, params, types, origin)
}

/// The reverse-mode function of `f`, see [`Origin::Vjp`]. Its results come with [`complete`].
pub fn vjp_function(graph: &mut Graph, f: FnId, wanted: &[bool], seeded: &[bool]) -> FnId {
    let origin = Origin::Vjp { of: f, wanted: wanted.to_vec(), seeded: seeded.to_vec() };
    if let Some(&known) = graph.derived.get(&origin) {
        return known;
    }
    let function = graph.function(f).clone();
    let mut params = function.params.clone();
    let single = function.result_types.len() == 1;
    for (i, (&ty, _)) in function.result_types.iter().zip(seeded).enumerate().filter(|(_, (_, on))| **on) {
        let name =
            if single { format!("{}_bar", function.name) } else { format!("{}_bar{}", function.name, i + 1) };
        let seed = graph.param(&name, ty);
        if let Some(&result) = function.results.get(i) {
            let shape = graph.shape(result);
            let closed = shape.iter().all(|&len| of_params(graph, len, &function.params));
            if ty.is_array() && closed {
                graph.var_mut(seed).shape = Some(shape);
            }
        }
        params.push(seed);
    }
    let wrt: Vec<VarId> =
        function.params.iter().zip(wanted).filter(|(_, on)| **on).map(|(&p, _)| p).collect();
    let types = wrt.iter().map(|&p| graph.var(p).ty).collect();
    let name = derived_name(graph, f, "vjp", wanted);
    let id = declare(graph, name, params, types, origin);
    for (index, &param) in wrt.iter().enumerate() {
        let primal = graph.variable(param);
        graph.set_result_shape(id, index, primal);
    }
    id
}

/// Whether a length follows from the parameters without loops or calls.
fn of_params(graph: &Graph, len: Ex, params: &[VarId]) -> bool {
    graph.reach(&[len]).into_iter().all(|ex| match graph.node(ex) {
        Node::Int(_) | Node::Prim(..) => true,
        Node::Var(var) => params.contains(&var),
        Node::Size { array, .. } => matches!(graph.node(array), Node::Var(_)),
        Node::Real(_)
        | Node::Bool(_)
        | Node::If { .. }
        | Node::Index { .. }
        | Node::Lit { .. }
        | Node::Build { .. }
        | Node::Accum { .. }
        | Node::Loop(_)
        | Node::Call { .. }
        | Node::Part { .. } => false,
    })
}

fn declare(graph: &mut Graph, name: String, params: Vec<VarId>, types: Vec<Type>, origin: Origin) -> FnId {
    let id = graph.declare(&name, params, types, origin.clone());
    graph.derived.insert(origin, id);
    graph.pending.push_back(id);
    id
}

/// A parameter like another, of the same shape.
fn like(graph: &mut Graph, param: VarId, suffix: &str) -> VarId {
    let (name, ty) = (format!("{}{suffix}", graph.var(param).name), graph.var(param).ty);
    let new = graph.param(&name, ty);
    if ty.is_array() {
        let param = graph.variable(param);
        let shape = graph.shape(param);
        graph.var_mut(new).shape = Some(shape);
    }
    new
}

/// `f_vjp` when all real parameters take part, else `f_vjp_x_y`.
fn derived_name(graph: &Graph, f: FnId, kind: &str, mask: &[bool]) -> String {
    let function = graph.function(f);
    let mut name = format!("{}_{kind}", function.name);
    let all = function.params.iter().zip(mask).all(|(&p, &on)| on || !graph.var(p).ty.is_real());
    if !all {
        for (&param, _) in function.params.iter().zip(mask).filter(|(_, on)| **on) {
            name.push('_');
            name.push_str(&graph.var(param).name);
        }
    }
    name
}

/// Gives every derived function that was asked for its results, and those that these ask for.
pub fn complete(graph: &mut Graph, rules: &mut dyn Rules) -> Result<(), Unknown> {
    // A function is declared after those that it is derived from.
    while let Some(id) = graph.pending.pop_front() {
        endless::refuse(graph, id)?;
        let results = match graph.function(id).origin.clone() {
            Origin::Source => continue,
            Origin::Jvp { of, active } => jvp_results(graph, rules, id, of, &active)?,
            Origin::Vjp { of, wanted, seeded } => vjp_results(graph, rules, id, of, &wanted, &seeded)?,
        };
        graph.define(id, results);
    }
    Ok(())
}

/// The results of a function, by a call of it when the author gave its derivative.
pub fn results_of(graph: &mut Graph, f: FnId) -> Vec<Ex> {
    let function = graph.function(f).clone();
    if function.custom.is_none() {
        return function.results;
    }
    let args: Vec<Ex> = function.params.iter().map(|&p| graph.variable(p)).collect();
    let call = graph.call(f, &args);
    (0..function.result_types.len()).map(|i| graph.part(call, i)).collect()
}

fn jvp_results(
    graph: &mut Graph,
    rules: &mut dyn Rules,
    id: FnId,
    of: FnId,
    active: &[bool],
) -> Result<Vec<Ex>, Unknown> {
    let mut results = results_of(graph, of);
    let params = graph.function(id).params.clone();
    let (primals, dots) = params.split_at(active.len());
    let moving = primals.iter().zip(active).filter(|(_, on)| **on).map(|(&p, _)| p);
    let pairs: Vec<(VarId, Ex)> =
        moving.zip(dots.iter().map(|&d| graph.variable(d)).collect::<Vec<_>>()).collect();
    let real: Vec<Ex> = results.iter().copied().filter(|&r| graph.ty(r).is_real()).collect();
    let tangents = jvp(graph, rules, &real, &pairs)?;
    for (result, tangent) in real.into_iter().zip(tangents) {
        results.push(tangent.unwrap_or_else(|| zeros_like(graph, result)));
    }
    Ok(results)
}

fn vjp_results(
    graph: &mut Graph,
    rules: &mut dyn Rules,
    id: FnId,
    of: FnId,
    wanted: &[bool],
    seeded: &[bool],
) -> Result<Vec<Ex>, Unknown> {
    let primals = results_of(graph, of);
    let params = graph.function(id).params.clone();
    let (own, seeds) = params.split_at(wanted.len());
    let seeds: Vec<Ex> = seeds.iter().map(|&s| graph.variable(s)).collect();
    let pairs: Vec<(Ex, Ex)> =
        primals.into_iter().zip(seeded).filter(|(_, on)| **on).map(|(r, _)| r).zip(seeds).collect();
    let wrt: Vec<VarId> = own.iter().zip(wanted).filter(|(_, on)| **on).map(|(&p, _)| p).collect();
    let bars = vjp(graph, rules, &pairs, &wrt)?;
    let mut results = Vec::new();
    for (&var, bar) in wrt.iter().zip(bars) {
        let primal = graph.variable(var);
        results.push(bar.unwrap_or_else(|| zeros_like(graph, primal)));
    }
    Ok(results)
}

impl Sweep<'_> {
    /// Pushes the cotangents of a call's results to its arguments.
    pub(super) fn reverse_call(
        &mut self,
        ex: Ex,
        f: FnId,
        args: List,
        part_terms: Vec<(usize, Vec<Term>)>,
    ) -> Result<(), Unknown> {
        let args: Vec<Ex> = self.graph.exs(args).collect();
        let all: Vec<Term> = part_terms.iter().flat_map(|(_, terms)| terms.clone()).collect();
        let (prefix, guard) = self.guard(ex, &all);
        let mut bars: Vec<Option<Ex>> = vec![None; self.graph.function(f).result_types.len()];
        for (index, terms) in part_terms {
            let part = self.graph.part(ex, index);
            bars[index] = Some(self.dense(part, &terms, prefix));
        }
        let wanted: Vec<bool> =
            args.iter().map(|&a| self.graph.ty(a).is_real() && self.active.contains(a)).collect();
        let cotangents = self.pulled_back(ex, f, &args, &bars, &wanted)?;
        for ((&arg, _), cotangent) in args.iter().zip(&wanted).filter(|(_, on)| **on).zip(cotangents) {
            self.push_value(ex, arg, &guard, cotangent);
        }
        Ok(())
    }

    /// The cotangents of the wanted arguments.
    fn pulled_back(
        &mut self,
        ex: Ex,
        f: FnId,
        args: &[Ex],
        bars: &[Option<Ex>],
        wanted: &[bool],
    ) -> Result<Vec<Ex>, Unknown> {
        let count = wanted.iter().filter(|&&on| on).count();
        match self.graph.function(f).custom {
            Some(Custom::Partials(partials)) => {
                let call = self.graph.call(partials, args);
                let bar = bars[0].expect("a result has a cotangent");
                let real: Vec<usize> =
                    (0..args.len()).filter(|&k| self.graph.ty(args[k]).is_real()).collect();
                let mut found = Vec::new();
                for (position, &k) in real.iter().enumerate() {
                    if wanted[k] {
                        let partial = self.graph.part(call, position);
                        found.push(self.graph.mul(bar, partial));
                    }
                }
                return Ok(found);
            }
            Some(Custom::Pullback(pullback)) => {
                let mut given = Vec::new();
                for (index, bar) in bars.iter().enumerate() {
                    let part = self.graph.part(ex, index);
                    if self.graph.ty(part).is_real() {
                        given.push(bar.unwrap_or_else(|| zeros_like(self.graph, part)));
                    }
                }
                let found = pull_back(self.graph, f, pullback, args, &given);
                return Ok(found
                    .into_iter()
                    .enumerate()
                    .filter(|(k, _)| wanted[*k])
                    .map(|(_, bar)| bar)
                    .collect());
            }
            None => {}
        }
        let scalars = args.iter().zip(wanted).all(|(&a, &on)| !on || self.graph.ty(a) == Type::REAL)
            && self.graph.function(f).result_types.iter().all(|ty| ty.is_scalar());
        if scalars && count <= FEW && self.graph.is_recursive(f) {
            return Ok(self.by_tangents(ex, f, args, bars, wanted));
        }
        let seeded: Vec<bool> = bars.iter().map(Option::is_some).collect();
        let derived = vjp_function(self.graph, f, wanted, &seeded);
        let all: Vec<Ex> = args.iter().copied().chain(bars.iter().copied().flatten()).collect();
        let call = self.graph.call(derived, &all);
        Ok((0..count).map(|i| self.graph.part(call, i)).collect())
    }

    /// The cotangents of few scalar arguments, from one tangent run for each.
    fn by_tangents(&mut self, ex: Ex, f: FnId, args: &[Ex], bars: &[Option<Ex>], wanted: &[bool]) -> Vec<Ex> {
        let types = self.graph.function(f).result_types.clone();
        let one = self.graph.real(1.0);
        let mut found = Vec::new();
        for k in (0..args.len()).filter(|&k| wanted[k]) {
            let only: Vec<bool> = (0..args.len()).map(|i| i == k).collect();
            let derived = jvp_function(self.graph, f, &only);
            let mut all = args.to_vec();
            all.push(one);
            let call = self.graph.call(derived, &all);
            note_same(self.graph, ex, call, types.len());
            let mut sum: Option<Ex> = None;
            let mut tangent = types.len();
            for (ty, bar) in types.iter().zip(bars) {
                if !ty.is_real() {
                    continue;
                }
                if let &Some(bar) = bar {
                    let part = self.graph.part(call, tangent);
                    let term = self.graph.mul(bar, part);
                    sum = Some(sum.map_or(term, |sum| self.graph.add(sum, term)));
                }
                tangent += 1;
            }
            found.push(sum.unwrap_or_else(|| self.graph.real(0.0)));
        }
        found
    }
}

/// What a pullback that was given for `f` makes of the cotangents of the real results: for each
/// argument its cotangent; for those that are not real, themselves.
fn pull_back(graph: &mut Graph, f: FnId, pullback: FnId, args: &[Ex], bars: &[Ex]) -> Vec<Ex> {
    let all: Vec<Ex> = args.iter().chain(bars).copied().collect();
    let count = graph.function(pullback).result_types.len();
    let found: Vec<Ex> = if graph.function(f).provided.is_some() {
        let map: Vec<(VarId, Ex)> = graph.function(pullback).params.iter().copied().zip(all).collect();
        let results = graph.function(pullback).results.clone();
        graph.substitute_all(&results, &map)
    } else {
        let call = graph.call(pullback, &all);
        (0..count).map(|position| graph.part(call, position)).collect()
    };
    let mut found = found.into_iter();
    args.iter()
        .map(
            |&arg| {
                if graph.ty(arg).is_real() { found.next().expect("one for each real argument") } else { arg }
            },
        )
        .collect()
}

/// Notes that a derived call gives the results of the plain one first.
fn note_same(graph: &mut Graph, plain: Ex, derived: Ex, results: usize) {
    for i in 0..results {
        let (a, b) = (graph.part(plain, i), graph.part(derived, i));
        graph.also.entry(a).or_default().push(b);
    }
}

impl Forward<'_> {
    /// Sets the tangents of a call's results.
    pub(super) fn call(&mut self, ex: Ex, f: FnId, args: List) -> Result<(), Unknown> {
        let args: Vec<Ex> = self.graph.exs(args).collect();
        let active: Vec<bool> = args.iter().map(|&a| self.tangent(a).is_some()).collect();
        let types = self.graph.function(f).result_types.clone();
        match self.graph.function(f).custom {
            Some(Custom::Partials(partials)) => {
                let call = self.graph.call(partials, &args);
                let real: Vec<usize> =
                    (0..args.len()).filter(|&k| self.graph.ty(args[k]).is_real()).collect();
                let mut sum = None;
                for (position, &k) in real.iter().enumerate() {
                    let Some(tangent) = self.tangent(args[k]) else { continue };
                    let partial = self.graph.part(call, position);
                    let term = self.graph.mul(tangent, partial);
                    sum = Some(self.add(sum, term));
                }
                if let Some(sum) = sum {
                    let result = self.graph.part(ex, 0);
                    self.set(result, sum);
                }
                return Ok(());
            }
            Some(Custom::Pullback(pullback)) => return self.through_pullback(ex, f, pullback, &args, &types),
            None => {}
        }
        let derived = jvp_function(self.graph, f, &active);
        let tangents: Vec<Ex> = args.iter().filter_map(|&a| self.tangent(a)).collect();
        let all: Vec<Ex> = args.iter().copied().chain(tangents).collect();
        let call = self.graph.call(derived, &all);
        note_same(self.graph, ex, call, types.len());
        let mut next = types.len();
        for (i, ty) in types.iter().enumerate() {
            if ty.is_real() {
                let (primal, tangent) = (self.graph.part(ex, i), self.graph.part(call, next));
                self.set(primal, tangent);
                next += 1;
            }
        }
        Ok(())
    }

    /// Tangents from a pullback that the author gave: it is linear in the cotangents, so the
    /// tangents of the results are its own pullback, by the cotangents, at the arguments' tangents.
    fn through_pullback(
        &mut self,
        ex: Ex,
        f: FnId,
        pullback: FnId,
        args: &[Ex],
        types: &[Type],
    ) -> Result<(), Unknown> {
        let parts: Vec<Ex> =
            (0..types.len()).filter(|&r| types[r].is_real()).map(|r| self.graph.part(ex, r)).collect();
        let mut seeds = Vec::new();
        for &part in &parts {
            let shape = self.graph.shape(part);
            let seed = self.graph.param("d", self.graph.ty(part));
            self.graph.var_mut(seed).shape = (!shape.is_empty()).then_some(shape);
            seeds.push(seed);
        }
        let bars: Vec<Ex> = seeds.iter().map(|&seed| self.graph.variable(seed)).collect();
        let cotangents = pull_back(self.graph, f, pullback, args, &bars);
        let along = |(k, bar): (usize, Ex)| Some((bar, self.tangent(args[k])?));
        let pairs: Vec<(Ex, Ex)> = cotangents.into_iter().enumerate().filter_map(along).collect();
        let origin = self.graph.current_origin;
        let tangents = vjp(self.graph, self.rules, &pairs, &seeds)?;
        self.graph.current_origin = origin;
        let mut nothing = Vec::new();
        for (&seed, &part) in seeds.iter().zip(&parts) {
            nothing.push((seed, zeros_like(self.graph, part)));
        }
        for (&part, tangent) in parts.iter().zip(tangents) {
            let tangent = tangent.unwrap_or_else(|| zeros_like(self.graph, part));
            let tangent = self.graph.substitute(tangent, &nothing);
            self.set(part, tangent);
        }
        Ok(())
    }
}
