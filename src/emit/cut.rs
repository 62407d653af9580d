//! Long functions in pieces. Compilers take time that grows with the square of a function's length, so a
//! long body becomes functions that are called one after another; the scalars that one sets and another
//! reads go through arrays of workspace.

use super::walk::{Role, renamed, roles, visit};
use crate::block::{Fill, Local, LocalInfo, Op, Procedure, Stmt};
use crate::core::{Elem, FnId, Type};
use std::collections::{BTreeSet, HashMap};

/// Bodies up to this many statements stay whole.
const WHOLE: usize = 2000;
/// The statements of a piece.
const PIECE: usize = 400;

/// A piece of a function.
#[derive(Debug)]
pub(super) struct Piece {
    pub procedure: Procedure,
    /// For each parameter: an array that the piece writes to.
    pub written: Vec<bool>,
}

/// A run of statements at the top of the body.
struct Run<'a> {
    stmts: &'a [Stmt],
    /// Becomes a function.
    cut: bool,
    /// The locals of outside that it reads, and those that it sets at its top.
    reads: BTreeSet<Local>,
    sets: BTreeSet<Local>,
}

/// How the runs of a body hand on their values.
struct Plan<'a> {
    procedure: &'a Procedure,
    /// The workspace and place of each scalar that crosses from run to run.
    slots: HashMap<Local, (Local, usize)>,
    /// What is computed anew where it is needed.
    cheap: HashMap<Local, &'a Op>,
}

/// Cuts a procedure whose body is long: the procedure that is left, and its pieces. The pieces' functions
/// are numbered from `next`.
pub(super) fn cut(procedure: &Procedure, next: &mut u32) -> Option<(Procedure, Vec<Piece>)> {
    if count(&procedure.body, WHOLE) <= WHOLE {
        return None;
    }
    let sets_param = |stmt: &Stmt| {
        let mut found = false;
        roles(stmt, &mut |l, role| found |= role != Role::Read && procedure.params.contains(&l));
        found
    };
    let mut changed = false;
    visit(&procedure.body, &mut |stmt| changed |= sets_param(stmt));
    if changed {
        return None;
    }
    let mut runs = runs(procedure);
    if runs.iter().filter(|run| run.cut).count() < 2 {
        return None;
    }
    let mut main = Procedure { body: Vec::new(), ..procedure.clone() };
    let plan = Plan::new(procedure, &mut runs, &mut main);
    let mut pieces = Vec::new();
    for run in &runs {
        if run.cut {
            let name = format!("{}_part{}", procedure.name, pieces.len() + 1);
            let (piece, args) = plan.piece(run, name, FnId(*next), &main.locals);
            *next += 1;
            main.body.push(Stmt::Call { dst: Vec::new(), f: piece.procedure.id, args });
            pieces.push(piece);
        } else {
            plan.load(&run.reads, &mut main.body, &mut main.locals);
            main.body.extend_from_slice(run.stmts);
            plan.store(&run.sets, &mut main.body, &mut main.locals);
        }
    }
    let results: BTreeSet<Local> = procedure.results.iter().copied().collect();
    plan.load(&results, &mut main.body, &mut main.locals);
    Some((main, pieces))
}

/// The number of statements, at least up to `enough`.
fn count(stmts: &[Stmt], enough: usize) -> usize {
    if stmts.len() > enough {
        return stmts.len();
    }
    let mut n = 0;
    visit(stmts, &mut |_| n += 1);
    n
}

/// The body in runs: stretches that make no array and leave nothing announced become pieces.
fn runs(procedure: &Procedure) -> Vec<Run<'_>> {
    let outside = outer_arrays(procedure);
    let body = &procedure.body;
    let mut runs = Vec::new();
    let mut start = 0;
    let mut size = 0;
    let mut open: BTreeSet<Local> = BTreeSet::new();
    let mut cuttable = true;
    for (k, stmt) in body.iter().enumerate() {
        let can = can_cut(procedure, stmt, &outside);
        if can != cuttable || (cuttable && open.is_empty() && size >= PIECE) {
            if k > start {
                runs.push(run(procedure, &body[start..k], cuttable && open.is_empty() && size > 20));
            }
            (start, size, cuttable) = (k, 0, can);
        }
        size += count(std::slice::from_ref(stmt), 1);
        note_open(stmt, &mut open);
    }
    runs.push(run(procedure, &body[start..], cuttable && open.is_empty() && size > 20));
    runs
}

/// Keeps the announced locals that are not set yet.
fn note_open(stmt: &Stmt, open: &mut BTreeSet<Local>) {
    if let Stmt::Declare { dst } = stmt {
        open.insert(*dst);
    } else if !open.is_empty() {
        visit(std::slice::from_ref(stmt), &mut |stmt| {
            roles(stmt, &mut |l, role| {
                if role == Role::Set {
                    open.remove(&l);
                }
            });
        });
    }
}

/// The arrays that exist at the top of the body, but for parameters.
fn outer_arrays(procedure: &Procedure) -> BTreeSet<Local> {
    let mut arrays = BTreeSet::new();
    for stmt in &procedure.body {
        roles(stmt, &mut |l, role| {
            if role == Role::Set && procedure.locals[l.0 as usize].ty.is_array() {
                arrays.insert(l);
            }
        });
    }
    arrays
}

/// Whether a statement may stand in a piece: it makes no array that others see, and makes none grow.
fn can_cut(procedure: &Procedure, stmt: &Stmt, outside: &BTreeSet<Local>) -> bool {
    let mut can = true;
    visit(std::slice::from_ref(stmt), &mut |stmt| {
        roles(stmt, &mut |l, role| can &= role != Role::Set || !outside.contains(&l));
        match stmt {
            Stmt::Push { array, .. } | Stmt::Move { src: array, .. } => can &= !outside.contains(array),
            _ => {}
        }
        if let Stmt::Clone { src, .. } | Stmt::Move { src, .. } = stmt {
            can &= !procedure.params.contains(src) || matches!(stmt, Stmt::Clone { .. });
        }
    });
    can
}

fn run<'a>(procedure: &Procedure, stmts: &'a [Stmt], cut: bool) -> Run<'a> {
    let mut here: BTreeSet<Local> = BTreeSet::new();
    let mut reads = BTreeSet::new();
    let mut sets = BTreeSet::new();
    for stmt in stmts {
        let scalar = |l: Local| procedure.locals[l.0 as usize].ty.is_scalar();
        visit(std::slice::from_ref(stmt), &mut |stmt| {
            // A local set in a branch or loop may keep the value from before.
            roles(stmt, &mut |l, role| match role {
                Role::Read if scalar(l) && !here.contains(&l) => _ = reads.insert(l),
                Role::Set if scalar(l) => _ = here.insert(l),
                Role::Read | Role::Set | Role::Write => {}
            });
        });
    }
    sets.extend(here);
    Run { stmts, cut, reads, sets }
}

impl<'a> Plan<'a> {
    /// Finds what crosses between the runs, and gives it room in the procedure.
    fn new(procedure: &'a Procedure, runs: &mut [Run<'a>], main: &mut Procedure) -> Plan<'a> {
        let cheap = cheap(procedure);
        let mut set_in: HashMap<Local, Option<usize>> = HashMap::new();
        let mut first: HashMap<Local, usize> = HashMap::new();
        for (k, run) in runs.iter().enumerate() {
            for &l in &run.sets {
                first.entry(l).or_insert(k);
                set_in.entry(l).and_modify(|at| *at = None).or_insert(Some(k));
            }
        }
        let mut crossing: BTreeSet<Local> = BTreeSet::new();
        let results: BTreeSet<Local> = procedure.results.iter().copied().collect();
        for (k, run) in runs.iter_mut().enumerate() {
            // Set before and perhaps not here: the value from before is needed.
            let again = |l: &&Local| set_in.get(*l).is_some_and(|at| at.is_none()) && first[*l] < k;
            let kept: Vec<Local> = run.sets.iter().filter(again).copied().collect();
            run.reads.extend(kept);
        }
        for (k, reads) in runs.iter().map(|r| &r.reads).chain([&results]).enumerate() {
            let from_elsewhere =
                |l: &&Local| set_in.get(*l).is_some_and(|&at| at != Some(k)) && !cheap.contains_key(*l);
            crossing.extend(reads.iter().filter(from_elsewhere));
        }
        let mut plan = Plan { procedure, slots: HashMap::new(), cheap };
        for elem in [Elem::Real, Elem::Int, Elem::Bool] {
            let of_elem: Vec<Local> = crossing
                .iter()
                .copied()
                .filter(|l| procedure.locals[l.0 as usize].ty == Type { elem, rank: 0 })
                .collect();
            if !of_elem.is_empty() {
                plan.add_work(elem, &of_elem, main);
            }
        }
        plan
    }

    /// An array of workspace for these scalars.
    fn add_work(&mut self, elem: Elem, locals: &[Local], main: &mut Procedure) {
        let name = match elem {
            Elem::Real => "work",
            Elem::Int => "int_work",
            Elem::Bool => "bool_work",
        };
        let work = new_local(&mut main.locals, name, Type::array(elem, 1));
        let length = int(locals.len(), &mut main.body, &mut main.locals);
        main.body.push(Stmt::Alloc { dst: work, dims: vec![length], fill: Fill::Zero(elem) });
        self.slots.extend(locals.iter().enumerate().map(|(k, &l)| (l, (work, k))));
    }

    /// Reads from the workspace.
    fn load(&self, reads: &BTreeSet<Local>, body: &mut Vec<Stmt>, locals: &mut Vec<LocalInfo>) {
        for &l in reads {
            if let Some(&(work, k)) = self.slots.get(&l) {
                let at = vec![int(k, body, locals)];
                body.push(Stmt::Let { dst: l, op: Op::Load { array: work, at } });
            }
        }
    }

    /// Writes to the workspace.
    fn store(&self, sets: &BTreeSet<Local>, body: &mut Vec<Stmt>, locals: &mut Vec<LocalInfo>) {
        for &l in sets {
            if let Some(&(work, k)) = self.slots.get(&l) {
                let at = vec![int(k, body, locals)];
                body.push(Stmt::Store { array: work, at, value: l });
            }
        }
    }

    /// The run as a function of what it reads of outside, and the arguments to call it with.
    fn piece(&self, run: &Run<'_>, name: String, id: FnId, outer: &[LocalInfo]) -> (Piece, Vec<Local>) {
        let mut extra: Vec<LocalInfo> = Vec::new();
        let mut body: Vec<Stmt> = Vec::new();
        // New locals are numbered after those of the procedure.
        let mut locals = Tail { base: outer.len() as u32, extra: &mut extra };
        for l in run.reads.iter().filter(|l| !run.sets.contains(l)) {
            if let Some(op) = self.cheap.get(l) {
                body.push(Stmt::Let { dst: *l, op: (*op).clone() });
            }
        }
        for &l in &run.reads {
            if let Some(&(work, k)) = self.slots.get(&l) {
                let at = vec![locals.int(k, &mut body)];
                body.push(Stmt::Let { dst: l, op: Op::Load { array: work, at } });
            }
        }
        body.extend_from_slice(run.stmts);
        for &l in &run.sets {
            if let Some(&(work, k)) = self.slots.get(&l) {
                let at = vec![locals.int(k, &mut body)];
                body.push(Stmt::Store { array: work, at, value: l });
            }
        }
        let info = |l: Local| outer.get(l.0 as usize).unwrap_or_else(|| &extra[l.0 as usize - outer.len()]);
        let args = self.outside(&body);
        let mut map: HashMap<Local, Local> = HashMap::new();
        let mut infos: Vec<LocalInfo> = Vec::new();
        let mut to = |l: Local| {
            *map.entry(l).or_insert_with(|| {
                infos.push(info(l).clone());
                Local(infos.len() as u32 - 1)
            })
        };
        let params: Vec<Local> = args.iter().map(|&l| to(l)).collect();
        let body = renamed(&body, &mut to);
        let mut written = BTreeSet::new();
        visit(&body, &mut |stmt| {
            roles(stmt, &mut |l, role| {
                if role == Role::Write {
                    written.insert(l);
                }
            });
        });
        let written = params.iter().map(|p| written.contains(p)).collect();
        let procedure = Procedure { id, name, params, results: Vec::new(), locals: infos, body };
        (Piece { procedure, written }, args)
    }

    /// The locals that a body does not set itself: parameters and arrays.
    fn outside(&self, body: &[Stmt]) -> Vec<Local> {
        let mut set: BTreeSet<Local> = BTreeSet::new();
        let mut used: BTreeSet<Local> = BTreeSet::new();
        visit(body, &mut |stmt| {
            roles(stmt, &mut |l, role| {
                _ = if role == Role::Set { set.insert(l) } else { used.insert(l) };
            });
        });
        // Parameters in their own order, then arrays, then the workspace.
        let mut outside: Vec<Local> = used.difference(&set).copied().collect();
        let place = |l: &Local| self.procedure.params.iter().position(|p| p == l).unwrap_or(usize::MAX);
        outside.sort_by_key(|l| (place(l), l.0));
        outside
    }
}

/// Locals added behind those of a procedure.
struct Tail<'a> {
    base: u32,
    extra: &'a mut Vec<LocalInfo>,
}

impl Tail<'_> {
    fn int(&mut self, value: usize, body: &mut Vec<Stmt>) -> Local {
        let local = new_local(self.extra, "k", Type::INT);
        let dst = Local(self.base + local.0);
        body.push(Stmt::Let { dst, op: Op::Int(value as i64) });
        dst
    }
}

fn new_local(locals: &mut Vec<LocalInfo>, name: &str, ty: Type) -> Local {
    locals.push(LocalInfo { name: name.to_string(), ty, mutable: false, origin: 0 });
    Local(locals.len() as u32 - 1)
}

fn int(value: usize, body: &mut Vec<Stmt>, locals: &mut Vec<LocalInfo>) -> Local {
    let dst = new_local(locals, "k", Type::INT);
    body.push(Stmt::Let { dst, op: Op::Int(value as i64) });
    dst
}

/// Literals and lengths of parameters, set once at the top of the body.
fn cheap(procedure: &Procedure) -> HashMap<Local, &Op> {
    let mut sets = vec![0_u32; procedure.locals.len()];
    visit(&procedure.body, &mut |stmt| {
        roles(stmt, &mut |l, role| sets[l.0 as usize] += (role == Role::Set) as u32);
    });
    let mut found = HashMap::new();
    for stmt in &procedure.body {
        let Stmt::Let { dst, op } = stmt else { continue };
        let is_cheap = match op {
            Op::Real(_) | Op::Int(_) | Op::Bool(_) => true,
            Op::Size { array, .. } => procedure.params.contains(array),
            Op::Copy(_) | Op::Prim(..) | Op::Load { .. } => false,
        };
        if is_cheap && sets[dst.0 as usize] == 1 {
            found.insert(*dst, op);
        }
    }
    found
}
