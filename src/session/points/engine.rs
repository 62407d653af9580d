//! A plan as programs, and the programs at blocks of points.

use crate::block::{self, Procedure};
use crate::core::{Ex, FnId, Graph, Origin};
use crate::eval::lanes::Lanes;
use crate::eval::{Fault, Limits, Machine, Value};
use crate::session::Session;
use crate::session::notes::{self, Edges, Site};
use crate::session::plan::{More, Plan};
use std::ops::Range;

/// What every thread needs to evaluate points.
pub struct Program {
    pub plan: Plan,
    /// The places to watch; none where no notes are wanted.
    pub edges: Vec<Edges>,
    /// For each of their sites the first of which the same is said.
    classes: Vec<usize>,
    /// A function with all results: those of the function itself, then those of each step.
    all: FnId,
    /// The arguments of `all` after those of the function itself.
    more: Vec<More>,
    /// How many results the function itself has, and where those of each step are.
    pub own: usize,
    pub steps: Vec<Range<usize>>,
    procedures: Vec<Procedure>,
    limits: Limits,
}

impl Program {
    pub fn new(session: &mut Session, plan: Plan, edges: Vec<Edges>, limits: Limits) -> Program {
        let graph = &mut session.module.graph;
        let own = graph.function(plan.signature.id).results.len();
        let mut steps = Vec::new();
        let mut width = own;
        for step in &plan.steps {
            let count = graph.function(step.function).results.len();
            steps.push(width..width + count);
            width += count;
        }
        let (all, more) = together(graph, &plan);
        let mut roots = vec![all, plan.signature.id];
        roots.extend(plan.steps.iter().map(|step| step.function));
        roots.extend(edges.iter().map(|edges| edges.watched));
        let procedures = block::procedures(graph, &roots);
        let sites: Vec<&Site> = edges.iter().flat_map(|edges| &edges.sites).collect();
        let class = |site: &&Site| sites.iter().position(|other| other.same(site)).unwrap_or_default();
        let classes = sites.iter().map(class).collect();
        Program { plan, edges, classes, all, more, own, steps, procedures, limits }
    }

    /// How many values a point has.
    pub fn width(&self) -> usize {
        self.steps.last().map_or(self.own, |last| last.end)
    }
}

/// One function with the results of the function that was asked about and of all steps, so that what they
/// share is computed once; with its arguments after those of the function.
fn together(graph: &mut Graph, plan: &Plan) -> (FnId, Vec<More>) {
    let f = graph.function(plan.signature.id).clone();
    let (mut params, mut results, mut more) = (f.params.clone(), f.results.clone(), Vec::new());
    for step in &plan.steps {
        let g = graph.function(step.function).clone();
        let (shared, extra) = g.params.split_at(f.params.len());
        params.extend(extra);
        more.extend(step.more.iter().cloned());
        if shared == f.params {
            results.extend(&g.results);
            continue;
        }
        let args: Vec<Ex> = f.params.iter().chain(extra).map(|&v| graph.variable(v)).collect();
        let call = graph.call(step.function, &args);
        for index in 0..g.results.len() {
            let part = graph.part(call, index);
            results.push(part);
        }
    }
    let types = results.iter().map(|&result| graph.ty(result)).collect();
    let all = graph.declare(&f.name, params, types, Origin::Source);
    graph.define(all, results);
    graph.functions[all.0 as usize].requires = f.requires;
    (all, more)
}

/// A thread's own memory for a program.
pub struct Engine<'p> {
    program: &'p Program,
    machine: Machine,
    lanes: Option<Lanes>,
    /// For each of the edges.
    watchers: Vec<Option<Lanes>>,
    scratch: Vec<Value>,
}

/// The values of a block of points.
#[derive(Default)]
pub struct Values {
    /// So many for each point as the program is wide; without meaning where there is a fault.
    pub flat: Vec<Value>,
    pub faults: Vec<Option<Fault>>,
    /// The points where a site is met: the number of the site among those of all edges, the first
    /// of those of which the same is said, and the row.
    pub met: Vec<(usize, usize)>,
}

impl<'p> Engine<'p> {
    pub fn new(program: &'p Program) -> Engine<'p> {
        let mut machine = Machine::default();
        machine.add(&program.procedures);
        machine.limits = program.limits;
        let watchers = program.edges.iter().map(|edges| {
            let called: Vec<FnId> = edges.sites.iter().map(|site| site.called).collect();
            Lanes::new(&program.procedures, edges.watched, &called)
        });
        let watchers = watchers.collect();
        let lanes = Lanes::new(&program.procedures, program.all, &[]);
        Engine { program, machine, lanes, watchers, scratch: Vec::new() }
    }

    /// The values of some points, given their arguments one after the other; as `eval` gives them.
    pub fn run(&mut self, args: &[Value], rows: usize, values: &mut Values) {
        values.flat.clear();
        values.met.clear();
        values.faults.clear();
        values.faults.resize(rows, None);
        if rows == 0 {
            return;
        }
        let width = args.len() / rows;
        let extended = self.extended(args, rows);
        let args_of_all = extended.as_deref().unwrap_or(args);
        let steps = self.program.limits.steps;
        let lanes = self.lanes.as_mut().and_then(|l| l.run(args_of_all, rows, steps, &mut values.flat));
        if lanes.is_none() {
            values.flat.clear();
            for row in 0..rows {
                self.point(row, &args[row * width..][..width], values);
            }
        }
        self.mask(rows, values);
        self.watch(args, rows, values);
    }

    /// The arguments with those that steps have beside, if they have any.
    fn extended(&self, args: &[Value], rows: usize) -> Option<Vec<Value>> {
        if self.program.more.is_empty() || self.lanes.is_none() {
            return None;
        }
        let mut all = Vec::new();
        for row in args.chunks_exact((args.len() / rows).max(1)) {
            self.extend(row, &mut all);
        }
        Some(all)
    }

    fn extend(&self, row: &[Value], all: &mut Vec<Value>) {
        all.extend(row.iter().cloned());
        all.extend(self.program.more.iter().map(|more| more.value(row)));
    }

    /// One point by the machine; where it stops, step by step as `eval` does.
    fn point(&mut self, row: usize, args: &[Value], values: &mut Values) {
        let Program { plan, all, .. } = self.program;
        let mut extended = Vec::new();
        self.extend(args, &mut extended);
        if let Ok(results) = self.machine.run(*all, &extended) {
            return values.flat.extend(results);
        }
        match plan.run(args, &mut |f, args| self.machine.run(f, args)) {
            Ok(outcome) => {
                values.flat.extend(outcome.results);
                values.flat.extend(outcome.steps.into_iter().flatten());
            }
            Err(fault) => {
                values.faults[row] = Some(fault);
                let blank = std::iter::repeat_n(Value::Bool(false), self.program.width());
                values.flat.extend(blank);
            }
        }
    }

    /// The derivatives of what is not a number are none.
    fn mask(&self, rows: usize, values: &mut Values) {
        let Program { plan, own, steps, .. } = self.program;
        let width = self.program.width();
        for row in 0..rows {
            let (results, after) = values.flat[row * width..][..width].split_at_mut(*own);
            if values.faults[row].is_some() || !results.iter().any(notes::is_undefined) {
                continue;
            }
            for (step, range) in plan.steps.iter().zip(steps) {
                step.mask(results, &mut after[range.start - own..range.end - own]);
            }
        }
    }

    /// Finds the rows where sites are met.
    fn watch(&mut self, args: &[Value], rows: usize, values: &mut Values) {
        let width = args.len() / rows;
        let mut first = 0;
        for (edges, watcher) in self.program.edges.iter().zip(&mut self.watchers) {
            self.scratch.clear();
            let steps = self.program.limits.steps;
            if let Some(lanes) = watcher
                && lanes.run(args, rows, steps, &mut self.scratch).is_some()
            {
                for site in 0..edges.sites.len() {
                    values.met.extend(lanes.called(site, rows).map(|row| (first + site, row)));
                }
            } else {
                for row in 0..rows {
                    self.machine.count_calls();
                    if self.machine.run(edges.watched, &args[row * width..][..width]).is_ok() {
                        let met = edges.sites.iter().map(|site| self.machine.calls(site.called) > 0);
                        let met = met.zip(first..).filter(|(met, _)| *met);
                        values.met.extend(met.map(|(_, site)| (site, row)));
                    }
                }
                self.machine.unwatch();
            }
            first += edges.sites.len();
        }
        values.met.iter_mut().for_each(|(site, _)| *site = self.program.classes[*site]);
        values.met.sort_unstable();
        values.met.dedup();
    }
}
