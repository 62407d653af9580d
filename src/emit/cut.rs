//! Long functions in pieces. Compilers take time that grows with the square of a function's length, so a
//! long body becomes functions that are called one after another; the scalars that one sets and another
//! reads go through arrays of workspace.

mod runs;

use super::walk::{Role, renamed, roles, visit};
use crate::block::{Fill, Local, LocalInfo, Op, Procedure, Stmt};
use crate::core::{Elem, FnId, Type};
use runs::{Run, count, runs};
use std::collections::BTreeMap;

/// Bodies up to this many statements stay whole.
const WHOLE: usize = 2000;

/// A piece of a function.
#[derive(Debug)]
pub(super) struct Piece {
    pub procedure: Procedure,
    /// For each parameter: an array that the piece writes to.
    pub written: Vec<bool>,
}

/// The locals of a procedure and more.
struct Locals<'a> {
    given: &'a [LocalInfo],
    more: Vec<LocalInfo>,
}

impl Locals<'_> {
    fn len(&self) -> usize {
        self.given.len() + self.more.len()
    }

    fn get(&self, local: Local) -> &LocalInfo {
        let at = local.0 as usize;
        self.given.get(at).unwrap_or_else(|| &self.more[at - self.given.len()])
    }

    fn add(&mut self, name: &str, ty: Type) -> Local {
        self.more.push(info(name, ty));
        Local(self.len() as u32 - 1)
    }
}

/// What is left of the function.
struct Main<'a> {
    body: Vec<Stmt>,
    locals: Locals<'a>,
}

impl Main<'_> {
    fn int(&mut self, value: usize) -> Local {
        let dst = self.locals.add("k", Type::INT);
        self.body.push(Stmt::Let { dst, op: Op::Int(value as i64) });
        dst
    }

    /// The procedure, with the locals that it still has. `map` has room for them.
    fn procedure(self, procedure: &Procedure, mut map: Vec<Option<Local>>) -> Procedure {
        map.resize(self.locals.len(), None);
        let mut locals = Vec::new();
        let mut to = |l: Local| {
            *map[l.0 as usize].get_or_insert_with(|| {
                locals.push(self.locals.get(l).clone());
                Local(locals.len() as u32 - 1)
            })
        };
        let params = procedure.params.iter().map(|&l| to(l)).collect();
        let body = renamed(&self.body, &mut to);
        let results = procedure.results.iter().map(|&l| to(l)).collect();
        Procedure { id: procedure.id, name: procedure.name.clone(), params, results, locals, body }
    }
}

/// How the runs of a body hand on their values; by local.
struct Plan<'a> {
    procedure: &'a Procedure,
    /// The workspace and place of each scalar that crosses from run to run.
    slots: Vec<Option<(Local, usize)>>,
    /// What is computed anew where it is needed.
    cheap: Vec<Option<&'a Op>>,
    /// What the rest of the function has computed anew.
    repeated: Vec<bool>,
    /// The scalars that the rest of the function has as the workspace has them.
    here: Vec<bool>,
    /// The last piece that reads a scalar, as the number of its run.
    read_by: Vec<Option<usize>>,
    /// The numbers in the piece that is being made.
    map: Vec<Option<Local>>,
}

/// Cuts a procedure whose body is long: the procedure that is left, and its pieces. The pieces' functions
/// are numbered from `next`.
pub(super) fn cut(procedure: &Procedure, next: &mut u32) -> Option<(Procedure, Vec<Piece>)> {
    if count(&procedure.body, WHOLE) <= WHOLE {
        return None;
    }
    let mut changed = vec![false; procedure.locals.len()];
    visit(&procedure.body, &mut |stmt| {
        roles(stmt, &mut |l, role| changed[l.0 as usize] |= role != Role::Read);
    });
    if procedure.params.iter().any(|p| changed[p.0 as usize]) {
        return None;
    }
    let mut runs = runs(procedure);
    if runs.iter().filter(|run| run.cut).count() < 2 {
        return None;
    }
    let mut main = Main { body: Vec::new(), locals: Locals { given: &procedure.locals, more: Vec::new() } };
    let mut plan = Plan::new(procedure, &mut runs, &mut main);
    let mut pieces = Vec::new();
    for (number, run) in runs.iter().enumerate() {
        if run.cut && plan.is_cheap(run) {
            continue;
        }
        if run.cut {
            let name = format!("{}_part{}", procedure.name, pieces.len() + 1);
            let (piece, args) = plan.piece(run, name, FnId(*next), &main.locals);
            *next += 1;
            main.body.push(Stmt::Call { dst: Vec::new(), f: piece.procedure.id, args });
            run.sets.iter().for_each(|l| plan.here[l.0 as usize] = false);
            pieces.push(piece);
        } else {
            plan.repeat(run, &mut main.body);
            plan.load(&run.reads, &mut main);
            main.body.extend_from_slice(run.stmts);
            plan.store(&run.sets, number, &mut main);
        }
    }
    let mut results = procedure.results.clone();
    results.sort();
    results.dedup();
    let last = Run {
        stmts: &[],
        cut: false,
        reads: results,
        sets: Vec::new(),
        perhaps: Vec::new(),
        arrays: BTreeMap::new(),
    };
    plan.repeat(&last, &mut main.body);
    plan.load(&last.reads, &mut main);
    Some((main.procedure(procedure, plan.map), pieces))
}

impl<'a> Plan<'a> {
    /// Finds what crosses between the runs, and gives it room in the procedure.
    fn new(procedure: &'a Procedure, runs: &mut [Run<'a>], main: &mut Main) -> Plan<'a> {
        let n = procedure.locals.len();
        let mut plan = Plan {
            procedure,
            slots: vec![None; n],
            cheap: cheap(procedure),
            repeated: vec![false; n],
            here: vec![false; n],
            read_by: vec![None; n],
            map: Vec::new(),
        };
        // The first and the last run that set a local.
        let mut set_in: Vec<Option<(usize, usize)>> = vec![None; n];
        for (k, run) in runs.iter().enumerate() {
            for l in &run.sets {
                let at = &mut set_in[l.0 as usize];
                *at = Some((at.map_or(k, |at| at.0), k));
            }
        }
        for (k, run) in runs.iter_mut().enumerate() {
            // Set before and perhaps not here: the value from before is needed.
            let again =
                |l: &&Local| set_in[l.0 as usize].is_some_and(|(first, last)| first < k && first < last);
            run.reads.extend(run.perhaps.iter().filter(again));
            run.reads.sort();
            run.reads.dedup();
        }
        // What only the rest of the function sets and reads stays there.
        let mut in_pieces = vec![false; n];
        for (k, run) in runs.iter().enumerate().filter(|(_, run)| run.cut) {
            run.reads.iter().for_each(|l| plan.read_by[l.0 as usize] = Some(k));
            run.reads.iter().chain(&run.sets).for_each(|l| in_pieces[l.0 as usize] = true);
        }
        let mut crosses = vec![false; n];
        for (k, reads) in runs.iter().map(|r| &r.reads).chain([&procedure.results]).enumerate() {
            for l in reads.iter().map(|l| l.0 as usize) {
                crosses[l] |= set_in[l].is_some_and(|at| at != (k, k)) && plan.cheap[l].is_none();
            }
        }
        for elem in [Elem::Real, Elem::Int, Elem::Bool] {
            let ty = Type { elem, rank: 0 };
            let of_elem = |l: &usize| crosses[*l] && in_pieces[*l] && procedure.locals[*l].ty == ty;
            let locals: Vec<Local> = (0..n).filter(of_elem).map(|l| Local(l as u32)).collect();
            if !locals.is_empty() {
                plan.add_work(elem, &locals, main);
            }
        }
        plan.map = vec![None; main.locals.len()];
        plan
    }

    /// An array of workspace for these scalars.
    fn add_work(&mut self, elem: Elem, locals: &[Local], main: &mut Main) {
        let name = match elem {
            Elem::Real => "work",
            Elem::Int => "int_work",
            Elem::Bool => "bool_work",
        };
        let work = main.locals.add(name, Type::array(elem, 1));
        let length = main.int(locals.len());
        main.body.push(Stmt::Alloc { dst: work, dims: vec![length], fill: Fill::Zero(elem) });
        for (k, l) in locals.iter().enumerate() {
            self.slots[l.0 as usize] = Some((work, k));
        }
    }

    /// Whether a run has nothing but what is computed anew where it is needed.
    fn is_cheap(&self, run: &Run<'_>) -> bool {
        let is_cheap =
            |stmt: &Stmt| matches!(stmt, Stmt::Let { dst, .. } if self.cheap[dst.0 as usize].is_some());
        run.stmts.iter().all(is_cheap)
    }

    /// Computes anew in what is left of the function what a piece has computed.
    fn repeat(&mut self, run: &Run<'_>, body: &mut Vec<Stmt>) {
        for &l in &run.reads {
            if let Some(op) = self.cheap[l.0 as usize]
                && !std::mem::replace(&mut self.repeated[l.0 as usize], true)
            {
                body.push(Stmt::Let { dst: l, op: op.clone() });
            }
        }
        for l in &run.sets {
            self.repeated[l.0 as usize] = true;
        }
    }

    /// Reads from the workspace.
    fn load(&mut self, reads: &[Local], main: &mut Main) {
        for &l in reads {
            if let Some((work, k)) = self.slots[l.0 as usize]
                && !std::mem::replace(&mut self.here[l.0 as usize], true)
            {
                let at = vec![main.int(k)];
                main.body.push(Stmt::Let { dst: l, op: Op::Load { array: work, at } });
            }
        }
    }

    /// Writes to the workspace what the run of this number has set and a piece after it reads.
    fn store(&mut self, sets: &[Local], number: usize, main: &mut Main) {
        for &l in sets {
            let Some((work, k)) = self.slots[l.0 as usize] else { continue };
            self.here[l.0 as usize] = true;
            if self.read_by[l.0 as usize].is_some_and(|last| last > number) {
                let at = vec![main.int(k)];
                main.body.push(Stmt::Store { array: work, at, value: l });
            }
        }
    }

    /// The run as a function of what it reads of outside, and the arguments to call it with.
    fn piece(&mut self, run: &Run<'_>, name: String, id: FnId, outer: &Locals) -> (Piece, Vec<Local>) {
        // Parameters in their own order, arrays of the function, workspace.
        let mut arrays = run.arrays.clone();
        for (locals, written) in [(&run.reads, false), (&run.sets, true)] {
            for (work, _) in locals.iter().filter_map(|l| self.slots[l.0 as usize]) {
                *arrays.entry(work).or_insert(false) |= written;
            }
        }
        // A length that is computed anew is that of an array.
        for l in run.reads.iter().filter(|l| run.sets.binary_search(l).is_err()) {
            if let Some(&Op::Size { array, .. }) = self.cheap[l.0 as usize] {
                arrays.entry(array).or_insert(false);
            }
        }
        let params = &self.procedure.params;
        let mut args: Vec<Local> = params
            .iter()
            .copied()
            .filter(|p| arrays.contains_key(p) || run.reads.binary_search(p).is_ok())
            .collect();
        args.extend(arrays.keys().filter(|a| !params.contains(a)));
        let written = args.iter().map(|a| arrays.get(a).copied().unwrap_or(false)).collect();

        let mut map = std::mem::take(&mut self.map);
        let mut locals: Vec<LocalInfo> = Vec::new();
        let mut used: Vec<Local> = Vec::new();
        let mut to = |l: Local, locals: &mut Vec<LocalInfo>| {
            *map[l.0 as usize].get_or_insert_with(|| {
                used.push(l);
                locals.push(outer.get(l).clone());
                Local(locals.len() as u32 - 1)
            })
        };
        let params = args.iter().map(|&l| to(l, &mut locals)).collect();
        let mut body: Vec<Stmt> = Vec::new();
        for &l in run.reads.iter().filter(|l| run.sets.binary_search(l).is_err()) {
            if let Some(op) = self.cheap[l.0 as usize] {
                let set = [Stmt::Let { dst: l, op: op.clone() }];
                body.extend(renamed(&set, &mut |l| to(l, &mut locals)));
            }
        }
        for &l in &run.reads {
            if let Some((work, k)) = self.slots[l.0 as usize] {
                let (dst, array) = (to(l, &mut locals), to(work, &mut locals));
                let at = vec![int(k, &mut body, &mut locals)];
                body.push(Stmt::Let { dst, op: Op::Load { array, at } });
            }
        }
        body.extend(renamed(run.stmts, &mut |l| to(l, &mut locals)));
        for &l in &run.sets {
            if let Some((work, k)) = self.slots[l.0 as usize] {
                let (value, array) = (to(l, &mut locals), to(work, &mut locals));
                let at = vec![int(k, &mut body, &mut locals)];
                body.push(Stmt::Store { array, at, value });
            }
        }
        for l in used {
            map[l.0 as usize] = None;
        }
        self.map = map;
        let procedure = Procedure { id, name, params, results: Vec::new(), locals, body };
        (Piece { procedure, written }, args)
    }
}

fn info(name: &str, ty: Type) -> LocalInfo {
    LocalInfo { name: name.to_string(), wish: name.to_string(), bound: false, ty, mutable: false, origin: 0 }
}

fn int(value: usize, body: &mut Vec<Stmt>, locals: &mut Vec<LocalInfo>) -> Local {
    locals.push(info("k", Type::INT));
    let dst = Local(locals.len() as u32 - 1);
    body.push(Stmt::Let { dst, op: Op::Int(value as i64) });
    dst
}

/// Literals and lengths of parameters, set once at the top of the body.
fn cheap(procedure: &Procedure) -> Vec<Option<&Op>> {
    let mut sets = vec![0_u32; procedure.locals.len()];
    visit(&procedure.body, &mut |stmt| {
        roles(stmt, &mut |l, role| sets[l.0 as usize] += (role == Role::Set) as u32);
    });
    let mut found = vec![None; procedure.locals.len()];
    for stmt in &procedure.body {
        let Stmt::Let { dst, op } = stmt else { continue };
        let is_cheap = match op {
            Op::Real(_) | Op::Int(_) | Op::Bool(_) => true,
            Op::Size { array, .. } => procedure.params.contains(array),
            Op::Copy(_) | Op::Prim(..) | Op::Load { .. } => false,
        };
        if is_cheap && sets[dst.0 as usize] == 1 {
            found[dst.0 as usize] = Some(op);
        }
    }
    found
}
