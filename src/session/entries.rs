//! Sparse Jacobians for programs: where the entries are and what they are, as functions of the graph for arrays of
//! any lengths. Each row is differentiated by the few numbers that it reads (see [`crate::sparse::local`]), so
//! there are no sweeps and no colours, and an entry costs what its own formula costs.

use super::Session;
use super::derive::{Deriver, Mode};
use super::refusal::Invalid;
use crate::check::Signature;
use crate::core::{AccumOp, Elem, Ex, FnId, Graph, Node, Origin, VarId};
use crate::primitive::Prim;
use crate::simplify;
use crate::sparse::local::{self, Block, Row, Rows, Unread};
use crate::syntax::diagnostic::{Code, Diagnostic};
use anyhow::Result;
use std::collections::HashMap;

/// How the places of the entries are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// A row and a column for each entry; entries of the same place add up.
    Coo,
    /// Where each row begins among the entries, and their columns in order.
    Csr,
}

/// What a language has.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// The first index.
    pub base: i64,
    /// Whether arrays of several axes are not kept as one row of numbers, rows first: then only arrays of one
    /// axis list the entries in their order.
    pub flat: bool,
    /// Whether elements of arrays are counted along the first axis first.
    pub columns_first: bool,
}

impl Target {
    /// The number of an element of an array, from 0.
    fn number(self, graph: &mut Graph, at: &[Ex], shape: &[Ex]) -> Ex {
        let mut axes: Vec<(Ex, Ex)> = at.iter().copied().zip(shape.iter().copied()).collect();
        if self.columns_first {
            axes.reverse();
        }
        let zero = graph.int(0);
        axes.into_iter().fold(zero, |number, (index, len)| {
            let scaled = graph.mul(number, len);
            graph.add(scaled, index)
        })
    }
}

/// The functions of the places and of the entries there, for all parameters of the function.
#[derive(Debug, Clone)]
pub struct Entries {
    /// For each real result two arrays: rows, or where they begin, and columns.
    pub pattern: FnId,
    /// Which of the parameters that takes.
    pub params: Vec<bool>,
    /// For each real result the entries.
    pub values: FnId,
    /// The lengths of the array of the entries of each real result.
    pub shapes: Vec<Vec<Ex>>,
}

/// An entry of a row: by which variable, where in it, when, and what.
#[derive(Debug, Clone)]
struct Entry {
    variable: usize,
    at: Vec<Ex>,
    holds: Ex,
    value: Ex,
}

/// A result with the entries of its rows.
struct Sparse {
    rows: Rows,
    entries: Vec<Vec<Entry>>,
}

/// Steps for reading which elements a row depends on.
const STEPS: u64 = 1_000_000;

/// More entries for all kinds of rows together are not written out.
const MOST_ENTRIES: usize = 4096;

/// The Jacobian of every real result by the variables. `hides`: a result may be no number where a derivative is
/// one, which is then none either.
pub fn jacobian(
    session: &mut Session,
    signature: &Signature,
    wrt: &[VarId],
    layout: Layout,
    target: Target,
    hides: bool,
) -> Result<Entries> {
    let f = signature.id;
    let results = deriver(session).real_results(f);
    let (mut places, mut values) = (Vec::new(), Vec::new());
    for result in results {
        let rows = local::rows(&mut session.module.graph, result, wrt);
        let rows = rows.map_err(|why| refused(session, signature, &why))?;
        let mut entries = Vec::new();
        for row in &rows.each {
            entries.push(of_row(session, row, wrt, hides)?);
        }
        let mut sparse = Sparse { rows, entries };
        if sparse.entries.iter().map(Vec::len).sum::<usize>() > MOST_ENTRIES {
            let reason = format!("a row has more than {MOST_ENTRIES} entries");
            let origin = session.module.graph.origin(result);
            return Err(refused(session, signature, &Unread { reason, origin }));
        }
        let graph = &mut session.module.graph;
        let ordered = sparse.sort(graph);
        if let (Layout::Csr, Err(why)) = (layout, ordered) {
            let origin = graph.origin(result);
            return Err(refused(
                session,
                signature,
                &Unread {
                    reason: format!(
                        "{why}, so that its rows cannot be written down in order; --sparse=coo lists its entries as they come"
                    ),
                    origin,
                },
            ));
        }
        let first = match layout {
            Layout::Coo => sparse.row_numbers(graph, result, target),
            Layout::Csr => sparse.row_offsets(graph, target.base),
        };
        places.extend([first, sparse.columns(graph, wrt, target)]);
        values.push(sparse.values(graph, target.flat));
    }
    let shapes = values.iter().map(|&entries| session.module.graph.shape(entries)).collect();
    let name = format!("{}_jac", signature.name);
    let values = deriver(session).finish(f, &format!("{name}_values"), &[], values);
    let values = values.map_err(|unknown| session.unknown(&unknown))?;
    let (pattern, params) = of_lengths(session, f, &format!("{name}_pattern"), &places);
    Ok(Entries { pattern, params, values, shapes })
}

fn deriver(session: &mut Session) -> Deriver<'_> {
    let forms = session.forms;
    let module = &mut session.module;
    Deriver { graph: &mut module.graph, rules: &mut module.partials, mode: Mode::Auto, forms }
}

/// A function of those parameters that its results need, and which these are.
fn of_lengths(session: &mut Session, f: FnId, name: &str, results: &[Ex]) -> (FnId, Vec<bool>) {
    let results = simplify::simplify_keeping(&mut session.module.graph, results, &[], session.forms);
    let graph = &mut session.module.graph;
    let needed = graph.reach(&results);
    let params = graph.function(f).params.clone();
    let needs = |p: &VarId| needed.iter().any(|&ex| graph.node(ex) == Node::Var(*p));
    let taken: Vec<bool> = params.iter().map(needs).collect();
    let own = params.into_iter().zip(&taken).filter(|(_, taken)| **taken).map(|(p, _)| p).collect();
    let types = results.iter().map(|&r| graph.ty(r)).collect();
    let id = graph.declare(name, own, types, Origin::Source);
    graph.define(id, results);
    (id, taken)
}

/// Why there are no entries, as an error with its place.
fn refused(session: &Session, signature: &Signature, why: &Unread) -> anyhow::Error {
    let message = format!("no sparse Jacobian of `{}`: {}", signature.name, why.reason);
    let span = match crate::check::place(&session.tree, why.origin) {
        span if why.origin == 0 || span == Default::default() => signature.span,
        span => span,
    };
    let diagnostic = Diagnostic::new(Code::CannotEmit, span, message);
    Invalid::at(&session.tree, &[diagnostic]).into()
}

/// The entries of a row: its derivatives by the elements of its blocks, those that can differ from 0.
fn of_row(session: &mut Session, row: &Row, wrt: &[VarId], hides: bool) -> Result<Vec<Entry>> {
    let locals: Vec<VarId> = row.blocks.iter().map(|block| block.local).collect();
    let places = local::entries(&mut session.module.graph, row, STEPS);
    let gradient = deriver(session).gradient(row.element, &locals);
    let gradient = gradient.map_err(|unknown| session.unknown(&unknown))?;
    let graph = &mut session.module.graph;
    let gradient = local::without_short_loops(graph, &gradient);
    let back: Vec<(VarId, Ex)> = row.blocks.iter().map(|b| (b.local, elements(graph, b, wrt))).collect();
    let element = graph.substitute(row.element, &back);
    let mut entries = Vec::new();
    for ((block, places), derivative) in row.blocks.iter().zip(places).zip(gradient) {
        let derivative = graph.substitute(derivative, &back);
        for number in places {
            let own = local::digits(graph, number as i64, &block.lengths);
            let value = graph.index(derivative, &own);
            if graph.as_real(value) == Some(0.0) {
                continue;
            }
            let mut own = own.into_iter();
            let zero = graph.int(0);
            let at =
                block.at.iter().map(|index| index.unwrap_or_else(|| own.next().unwrap_or(zero))).collect();
            let value = if hides { undefined_with(graph, element, value) } else { value };
            entries.push(Entry { variable: block.variable, at, holds: block.holds, value });
        }
    }
    Ok(entries)
}

/// The elements that a block stands for.
fn elements(graph: &mut Graph, block: &Block, wrt: &[VarId]) -> Ex {
    let array = graph.variable(wrt[block.variable]);
    let over: Vec<VarId> = block
        .lengths
        .iter()
        .map(|&len| {
            let len = graph.int(len);
            graph.binder("k", len)
        })
        .collect();
    let mut whole = over.iter();
    let mut at = Vec::new();
    for index in &block.at {
        at.push(match (index, whole.clone().next()) {
            (None, Some(&binder)) => {
                whole.next();
                graph.variable(binder)
            }
            (index, _) => index.unwrap_or(array),
        });
    }
    let element = graph.index(array, &at);
    graph.build(&over, element)
}

/// A derivative that is no number where the value is none.
fn undefined_with(graph: &mut Graph, value: Ex, derivative: Ex) -> Ex {
    let undefined = graph.prim(Prim::NE, &[value, value]);
    let nan = graph.real(f64::NAN);
    graph.select(undefined, nan, derivative)
}

impl Sparse {
    /// Puts the entries of each row in the order of their columns; why that cannot be done for all sizes, if so.
    fn sort(&mut self, graph: &mut Graph) -> Result<(), &'static str> {
        let mut result = if self.rows.in_order {
            Ok(())
        } else {
            Err("the last axis of its result is not the one whose length is a number")
        };
        for row in &mut self.entries {
            // Few, and nearly in order.
            for end in 1..row.len() {
                for at in (1..=end).rev() {
                    match order(graph, &row[at - 1], &row[at]) {
                        Some(std::cmp::Ordering::Greater) => row.swap(at - 1, at),
                        Some(_) => break,
                        None => {
                            result = Err(
                                "a row reads elements whose order, or whether they are the same, is not known",
                            );
                            break;
                        }
                    }
                }
            }
            if row.iter().any(|entry| graph.as_bool(entry.holds) != Some(true)) {
                result = Err("not all of its rows read the same elements");
            }
        }
        result
    }

    /// How many entries there are for each value of the binders.
    fn each(&self) -> usize {
        self.entries.iter().map(Vec::len).sum()
    }

    /// So many for all values of the binders.
    fn count(&self, graph: &mut Graph, each: usize) -> Ex {
        let each = graph.int(each as i64);
        self.rows.over.iter().fold(each, |count, &b| {
            let len = graph.len_of(b);
            let len = graph.count(len);
            graph.mul(len, count)
        })
    }

    /// The number of a combination of values of the binders.
    fn number(&self, graph: &mut Graph) -> Ex {
        let zero = graph.int(0);
        self.rows.over.iter().fold(zero, |number, &b| {
            let (len, binder) = (graph.len_of(b), graph.variable(b));
            let number = graph.mul(number, len);
            graph.add(number, binder)
        })
    }

    /// An array of a number for each entry, given those for one choice of values of the binders.
    fn listed(&self, graph: &mut Graph, each: &[Ex], elem: Elem) -> Ex {
        let count = self.count(graph, each.len());
        let init = graph.zeros(elem, &[count]);
        if each.is_empty() {
            return init;
        }
        if self.rows.over.is_empty() {
            return graph.lit(each, &[each.len()]);
        }
        let (over, e, value) = self.chosen(graph, each);
        let number = self.number(graph);
        let len = graph.int(each.len() as i64);
        let first = graph.mul(number, len);
        let at = graph.add(first, e);
        graph.accum(AccumOp::Sum, init, &over, &[at], value)
    }

    /// Binders that choose one of so many values for each choice of values of the rows' own binders, the number of
    /// the one that is chosen, and it.
    fn chosen(&self, graph: &mut Graph, each: &[Ex]) -> (Vec<VarId>, Ex, Ex) {
        let mut over = self.rows.over.clone();
        if let [only] = each {
            return (over, graph.int(0), *only);
        }
        let list = graph.lit(each, &[each.len()]);
        let len = graph.int(each.len() as i64);
        let binder = graph.binder("e", len);
        let e = graph.variable(binder);
        over.push(binder);
        let value = graph.index(list, &[e]);
        (over, e, value)
    }

    /// The entries, one after the other; or as an array with a row for each value of the binders, which need not
    /// be filled with zeros before.
    fn values(&self, graph: &mut Graph, flat: bool) -> Ex {
        let each: Vec<Ex> = self.entries.iter().flatten().map(|entry| entry.value).collect();
        if flat || each.is_empty() || self.rows.over.is_empty() {
            return self.listed(graph, &each, Elem::Real);
        }
        let (over, _, value) = self.chosen(graph, &each);
        graph.build(&over, value)
    }

    fn columns(&self, graph: &mut Graph, wrt: &[VarId], target: Target) -> Ex {
        let mut starts = Vec::new();
        let mut next = graph.int(target.base);
        for &var in wrt {
            starts.push(next);
            let array = graph.variable(var);
            let one = graph.int(1);
            let count = graph.shape(array).into_iter().fold(one, |count, len| graph.mul(count, len));
            next = graph.add(next, count);
        }
        let mut each = Vec::new();
        let mut places = HashMap::new();
        for entry in self.entries.iter().flatten() {
            let array = graph.variable(wrt[entry.variable]);
            let shape = graph.shape(array);
            let at: Vec<Ex> = entry
                .at
                .iter()
                .zip(&shape)
                .map(|(&index, &len)| {
                    let place = *places.entry(len).or_insert_with(|| places_of(graph, len));
                    inside(graph, entry.holds, index, len, place)
                })
                .collect();
            let place = target.number(graph, &at, &shape);
            each.push(graph.add(starts[entry.variable], place));
        }
        self.listed(graph, &each, Elem::Int)
    }

    /// The row of each entry.
    fn row_numbers(&self, graph: &mut Graph, result: Ex, target: Target) -> Ex {
        let shape = graph.shape(result);
        let mut each = Vec::new();
        for (row, entries) in self.rows.each.iter().zip(&self.entries) {
            let number = target.number(graph, &row.at, &shape);
            let base = graph.int(target.base);
            let number = graph.add(base, number);
            each.extend(entries.iter().map(|_| number));
        }
        self.listed(graph, &each, Elem::Int)
    }

    /// Where each row begins among the entries, and where the last one ends.
    fn row_offsets(&self, graph: &mut Graph, base: i64) -> Ex {
        let base = graph.int(base);
        let mut ends = Vec::new();
        let mut end = 0;
        for entries in &self.entries {
            end += entries.len() as i64;
            ends.push(graph.int(end));
        }
        let rows = self.count(graph, self.entries.len());
        let one = graph.int(1);
        let count = graph.add(rows, one);
        let all = graph.binder("r", count);
        let init = graph.build(&[all], base);
        if ends.is_empty() {
            return init;
        }
        // Row r + 1 begins where row r ends.
        let (over, kind, own) = self.chosen(graph, &ends);
        let (each, kinds) = (graph.int(self.each() as i64), graph.int(self.entries.len() as i64));
        let number = self.number(graph);
        let before = graph.mul(number, each);
        let end = graph.add(before, own);
        let row = graph.mul(number, kinds);
        let row = graph.add(row, kind);
        let next = graph.add(row, one);
        graph.accum(AccumOp::Sum, init, &over, &[next], end)
    }
}

/// The array of all indices of an axis: what reads it at an index is an error where that is outside, as it is where
/// the element is read.
fn places_of(graph: &mut Graph, len: Ex) -> Ex {
    let binder = graph.binder("i", len);
    let index = graph.variable(binder);
    graph.build(&[binder], index)
}

/// An index of an element that is read where `holds` does: elsewhere any that is inside.
fn inside(graph: &mut Graph, holds: Ex, index: Ex, len: Ex, places: Ex) -> Ex {
    let read = if graph.is_within(index, len) { index } else { graph.read(places, &[index]) };
    if graph.as_bool(holds) == Some(true) {
        return read;
    }
    let anywhere = clamped(graph, index, len);
    match read == index {
        true => anywhere,
        false => graph.select(holds, read, anywhere),
    }
}

/// The nearest index that is inside.
fn clamped(graph: &mut Graph, index: Ex, len: Ex) -> Ex {
    let (zero, one) = (graph.int(0), graph.int(1));
    let last = graph.sub(len, one);
    let low = graph.prim(Prim::MIN, &[index, last]);
    graph.prim(Prim::MAX, &[low, zero])
}

/// Which of two entries of a row comes first; nothing where that depends on the arguments, or they are the same.
fn order(graph: &mut Graph, a: &Entry, b: &Entry) -> Option<std::cmp::Ordering> {
    if a.variable != b.variable {
        return Some(a.variable.cmp(&b.variable));
    }
    for (&a, &b) in a.at.iter().zip(&b.at) {
        let difference = graph.sub(a, b);
        match graph.as_int(difference) {
            Some(0) => {}
            Some(difference) => return Some(difference.cmp(&0)),
            None => return None,
        }
    }
    None
}
