//! A function as a procedure: its entry checks, then its results.

use super::canonical::{Sharing, normalise};
use super::lower::Lowerer;
use super::outline::outline;
use super::place::{Clash, Placer, Tables};
use super::region::ROOT;
use super::safety::Safety;
use super::{
    Local, Op, Procedure, Stmt, declare, elementwise, hoist, moves, separate, tidy, traced, verify, walk,
};
use crate::core::binders::merge;
use crate::core::{Ex, FnId, Function, Graph, Node, Type, VarId, set_apart};
use crate::primitive::Prim;
use std::collections::HashSet;

/// Makes procedures, each function's once.
#[derive(Debug, Default)]
pub struct Scheduler {
    tables: Tables,
    known: HashSet<FnId>,
}

impl Scheduler {
    /// The procedures of these functions and of all that they call, directly or not, that have not
    /// been made before. Always to be asked with the same graph.
    pub fn procedures(&mut self, graph: &mut Graph, roots: &[FnId]) -> Vec<Procedure> {
        let mut wanted: Vec<FnId> = Vec::new();
        wanted.extend(roots.iter().copied().filter(|&f| self.known.insert(f)));
        self.tables.safety.learn(graph, &wanted);
        let mut made: Vec<Procedure> = Vec::new();
        while let Some(&f) = wanted.get(made.len()) {
            let procedure = scheduled(graph, &mut self.tables, f);
            walk::each(&procedure.body, &mut |stmt| {
                if let Stmt::Call { f, .. } = stmt
                    && self.known.insert(*f)
                {
                    wanted.push(*f);
                }
            });
            made.push(procedure);
        }
        made
    }
}

/// The procedures of these functions and of all that they call, directly or not.
pub fn procedures(graph: &mut Graph, roots: &[FnId]) -> Vec<Procedure> {
    Scheduler::default().procedures(graph, roots)
}

/// The procedure of a function.
pub fn procedure(graph: &mut Graph, f: FnId) -> Procedure {
    scheduled(graph, &mut Tables::default(), f)
}

fn scheduled(graph: &mut Graph, tables: &mut Tables, f: FnId) -> Procedure {
    let source = Source::new(graph, &mut tables.safety, f);
    // The loops that meet are set apart where nothing else but that shares binders.
    let ways = [
        (Sharing::Outermost, 0),
        (Sharing::Hopeful, 0),
        (Sharing::Careful, 0),
        (Sharing::Outermost, MOST_APART),
        (Sharing::Nothing, 0),
    ];
    let made = ways.into_iter().find_map(|(sharing, most)| shared(graph, tables, &source, sharing, most));
    made.expect("binders of one loop each do not meet")
}

/// What a procedure is made from.
struct Source {
    id: FnId,
    function: Function,
    checks: Vec<Check>,
    /// The results, what is required of the arguments, and the lengths that are checked.
    roots: Vec<Ex>,
}

impl Source {
    fn new(graph: &mut Graph, safety: &mut Safety, id: FnId) -> Source {
        let function = graph.function(id).clone();
        let checks = length_checks(graph, &function.params);
        let mut roots = function.results.clone();
        roots.extend(&function.requires);
        roots.extend(checks.iter().map(|check| check.wanted));
        safety.leave();
        let roots = outline(graph, safety, &function.name, &roots);
        let roots = merge(graph, &roots);
        Source { id, function, checks, roots }
    }
}

/// How many loops may get binders of their own, one after the other.
const MOST_APART: usize = 24;

/// The procedure with binders shared in this way, but those of loops that came to stand in one with the same: so
/// often at most.
fn shared(
    graph: &mut Graph,
    tables: &mut Tables,
    source: &Source,
    sharing: Sharing,
    most_apart: usize,
) -> Option<Procedure> {
    let mut roots = normalise(graph, &mut tables.safety, sharing, &source.roots);
    let (mut joins, mut left) = (true, most_apart);
    loop {
        match attempt(graph, tables, source, sharing, &roots, joins) {
            Ok(procedure) => return Some(procedure),
            Err(Clash::Order) if joins => joins = false,
            Err(Clash::Order) => return None,
            Err(Clash::Loops(met)) => {
                left = left.checked_sub(1)?;
                roots = set_apart(graph, &met, &roots);
            }
        }
    }
}

/// The procedure, if nothing clashes. Without `joins` what several branches need is computed in each of them.
fn attempt(
    graph: &mut Graph,
    tables: &mut Tables,
    source: &Source,
    sharing: Sharing,
    roots: &[Ex],
    joins: bool,
) -> Result<Procedure, Clash> {
    let Source { id, function, checks, .. } = source;
    sharing.hope(graph, &mut tables.safety, roots);
    if cfg!(debug_assertions) {
        graph.verify(roots);
    }
    let (results, entry) = roots.split_at(function.results.len());
    let (requires, lengths) = entry.split_at(function.requires.len());

    let mut lowerer = Lowerer::new(Placer::new(graph, tables, sharing == Sharing::Outermost, joins));
    let params: Vec<Local> = function.params.iter().map(|&param| lowerer.parameter(param)).collect();
    let mut body = Vec::new();
    lowerer.placer.enter(&[], &[]);
    lowerer.values(entry, &mut body);
    for (check, &wanted) in checks.iter().zip(lengths) {
        lowerer.check_length(check, wanted, &mut body);
    }
    for &required in requires {
        let cond = lowerer.local(required);
        let message = format!("what `{}` requires of its arguments does not hold", function.name);
        body.push(Stmt::Require { cond, message, origin: lowerer.placer.graph.origin(required) });
    }
    lowerer.placer.enter(&[], &[]);
    lowerer.values(results, &mut body);
    let clash = lowerer.placer.clash.take();
    let results = if clash.is_some() { Vec::new() } else { lowerer.results(results, &params, &mut body) };
    lowerer.placer.leave_all();
    if let Some(clash) = clash {
        return Err(clash);
    }
    let mut procedure = Procedure {
        id: *id,
        name: function.name.clone(),
        params,
        results,
        locals: lowerer.locals,
        body: lowerer.prelude,
    };
    procedure.body.append(&mut body);
    finish(&mut procedure);
    Ok(procedure)
}

/// Makes moves of copies, drops what is not needed and adds declarations.
fn finish(procedure: &mut Procedure) {
    let Procedure { params, results, locals, body, .. } = procedure;
    elementwise::elementwise(body);
    moves::moves(body, locals, params, results);
    let fixed: Vec<Local> = params.iter().chain(results.iter()).copied().collect();
    tidy::hand_on(body, locals.len(), &fixed);
    traced::traced(body, locals.len(), results);
    tidy::drop_unread(body, locals.len(), results);
    elementwise::take_over(body, locals, &fixed);
    separate::separate(body, locals, &fixed);
    hoist::hoist(body, locals.len(), &fixed);
    declare::declare(body, locals, params, results);
    if cfg!(debug_assertions) {
        verify::verify(procedure);
    }
}

/// A length of a parameter that was promised.
struct Check {
    param: VarId,
    axis: usize,
    wanted: Ex,
    message: String,
}

/// The lengths of array parameters that follow from others.
fn length_checks(graph: &Graph, params: &[VarId]) -> Vec<Check> {
    let mut checks = Vec::new();
    for &param in params {
        let Some(shape) = &graph.var(param).shape else { continue };
        for (axis, &wanted) in shape.iter().enumerate() {
            let message = match graph.node(wanted) {
                Node::Size { array, axis: other } => {
                    let Node::Var(first) = graph.node(array) else { continue };
                    if (first, other as usize) == (param, axis) {
                        continue;
                    }
                    let (own, others) =
                        (axis_word(graph, param, axis), axis_word(graph, first, other as usize));
                    let (name, first) = (&graph.var(param).name, &graph.var(first).name);
                    if own == others {
                        format!("`{name}` must have as many {own} as `{first}`")
                    } else {
                        format!("`{name}` must have as many {own} as `{first}` has {others}")
                    }
                }
                Node::Int(_) => {
                    let wanted = graph.as_int(wanted).unwrap_or_default();
                    format!(
                        "`{}` must have {wanted} {}",
                        graph.var(param).name,
                        axis_word(graph, param, axis)
                    )
                }
                _computed => {
                    format!(
                        "`{}` has the wrong number of {}",
                        graph.var(param).name,
                        axis_word(graph, param, axis)
                    )
                }
            };
            checks.push(Check { param, axis, wanted, message });
        }
    }
    checks
}

/// What the length along an axis counts.
fn axis_word(graph: &Graph, array: VarId, axis: usize) -> &'static str {
    match (graph.var(array).ty.rank, axis) {
        (1, _) => "elements",
        (2, 0) => "rows",
        (2, _) => "columns",
        (_, 0) => "layers",
        (_, 1) => "rows",
        (_, _) => "columns",
    }
}

impl Lowerer<'_> {
    fn parameter(&mut self, param: VarId) -> Local {
        let (name, ty) = (self.placer.graph.var(param).name.clone(), self.placer.graph.var(param).ty);
        let local = self.named(&name, ty, 0);
        self.vars.insert(param, local);
        local
    }

    /// Computes these values in the present scope.
    fn values(&mut self, values: &[Ex], out: &mut Vec<Stmt>) {
        let wanted: Vec<_> = values.iter().map(|&ex| (ex, ROOT)).collect();
        self.scope(&wanted, &[], out);
    }

    fn check_length(&mut self, check: &Check, wanted: Ex, out: &mut Vec<Stmt>) {
        let array = self.vars[&check.param];
        let actual = self.set("k", Type::INT, Op::Size { array, axis: check.axis }, out);
        let wanted = self.local(wanted);
        let cond = self.set("c", Type::BOOL, Op::Prim(Prim::EQ, vec![actual, wanted]), out);
        out.push(Stmt::Require { cond, message: check.message.clone(), origin: 0 });
    }

    /// The locals of the results; arrays that belong to a parameter or another result are copied.
    fn results(&mut self, results: &[Ex], params: &[Local], out: &mut Vec<Stmt>) -> Vec<Local> {
        let mut taken: HashSet<Local> = params.iter().copied().collect();
        let mut locals: Vec<Local> = Vec::new();
        for &result in results {
            let local = self.local(result);
            let ty = self.placer.graph.ty(result);
            if ty.is_scalar() || taken.insert(local) {
                locals.push(local);
                continue;
            }
            let copy = self.fresh("a", ty, 0);
            out.push(Stmt::Clone { dst: copy, src: local });
            locals.push(copy);
        }
        locals
    }
}
