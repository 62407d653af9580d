//! Long functions in pieces. Compilers take time that grows with the square of a function's length, so a
//! long body becomes functions that are called one after another; the scalars that one sets and another
//! reads go through arrays of workspace.

use super::walk::{Role, renamed, roles, visit};
use crate::block::{Fill, Local, LocalInfo, Op, Procedure, Stmt};
use crate::core::{Elem, FnId, Type};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Bodies up to this many statements stay whole.
const WHOLE: usize = 2000;
/// The statements of a piece.
const PIECE: usize = 400;
/// Runs up to this many stay where they are.
const SMALL: usize = 20;

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
    /// The scalars of outside that it reads, and those that it sets.
    reads: Vec<Local>,
    sets: Vec<Local>,
    /// Those of the latter that may keep the value from before.
    perhaps: Vec<Local>,
    /// The arrays of outside that it uses, and whether it writes to them.
    arrays: BTreeMap<Local, bool>,
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
    let mut main = Procedure { body: Vec::new(), ..procedure.clone() };
    let mut plan = Plan::new(procedure, &mut runs, &mut main);
    let mut pieces = Vec::new();
    for run in &runs {
        if run.cut {
            let name = format!("{}_part{}", procedure.name, pieces.len() + 1);
            let (piece, args) = plan.piece(run, name, FnId(*next), &main.locals);
            *next += 1;
            main.body.push(Stmt::Call { dst: Vec::new(), f: piece.procedure.id, args });
            pieces.push(piece);
        } else {
            plan.repeat(run, &mut main.body);
            plan.load(&run.reads, &mut main.body, &mut main.locals);
            main.body.extend_from_slice(run.stmts);
            plan.store(&run.sets, &mut main.body, &mut main.locals);
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
    plan.load(&last.reads, &mut main.body, &mut main.locals);
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
    let mut outer = vec![false; procedure.locals.len()];
    procedure.params.iter().for_each(|p| outer[p.0 as usize] = true);
    let mut runs = Vec::new();
    let (mut start, mut size) = (0, 0);
    let mut open: BTreeSet<Local> = BTreeSet::new();
    // Whether the run may be cut so far: what it announces it sets, and nothing of before.
    let (mut can_be_cut, mut cuttable) = (true, true);
    for (k, stmt) in body.iter().enumerate() {
        let can = can_cut(procedure, stmt, &outside);
        if can != cuttable || (cuttable && open.is_empty() && size >= PIECE) {
            if k > start {
                let cut = can_be_cut && open.is_empty() && size > SMALL;
                runs.push(run(procedure, &body[start..k], cut, &mut outer));
            }
            (start, size, cuttable) = (k, 0, can);
            can_be_cut = can && open.is_empty();
        }
        size += count(std::slice::from_ref(stmt), 1);
        note_open(stmt, &mut open);
    }
    let cut = can_be_cut && open.is_empty() && size > SMALL;
    runs.push(run(procedure, &body[start..], cut, &mut outer));
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

/// What a run first does with a scalar.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Seen {
    Read,
    ReadThenSet,
    /// Sets it in an inner block, so perhaps not.
    SetInside,
    SetAtTop,
}

/// `outer` are the scalars of the top of the body so far.
fn run<'a>(procedure: &Procedure, stmts: &'a [Stmt], cut: bool, outer: &mut [bool]) -> Run<'a> {
    let mut seen: HashMap<Local, Seen> = HashMap::with_capacity(2 * stmts.len());
    let mut arrays: BTreeMap<Local, bool> = BTreeMap::new();
    let mut made: BTreeSet<Local> = BTreeSet::new();
    for stmt in stmts {
        if !matches!(stmt, Stmt::For { .. }) {
            roles(stmt, &mut |l, role| outer[l.0 as usize] |= role == Role::Set);
        }
        let mut first_set = Seen::SetAtTop;
        visit(std::slice::from_ref(stmt), &mut |stmt| {
            if matches!(stmt, Stmt::Declare { .. }) {
                return;
            }
            // The counter of an inner loop is its own.
            let own = match stmt {
                Stmt::While { index, .. } if first_set == Seen::SetInside => Some(*index),
                _ => None,
            };
            roles(stmt, &mut |l, role| match (procedure.locals[l.0 as usize].ty.is_scalar(), role) {
                (true, Role::Set) if own == Some(l) => {}
                // A variable of an inner block.
                (true, _) if !outer[l.0 as usize] => {}
                (true, Role::Read) => _ = seen.entry(l).or_insert(Seen::Read),
                (true, _) => {
                    let also = |s: &mut Seen| *s = if *s == Seen::Read { Seen::ReadThenSet } else { *s };
                    seen.entry(l).and_modify(also).or_insert(first_set);
                }
                (false, Role::Set) => _ = made.insert(l),
                (false, role) => *arrays.entry(l).or_insert(false) |= role == Role::Write,
            });
            first_set = Seen::SetInside;
        });
    }
    arrays.retain(|l, _| !made.contains(l));
    let of = |kinds: &[Seen]| {
        let mut locals: Vec<Local> = seen.iter().filter(|s| kinds.contains(s.1)).map(|s| *s.0).collect();
        locals.sort();
        locals
    };
    Run {
        stmts,
        cut,
        reads: of(&[Seen::Read, Seen::ReadThenSet]),
        sets: of(&[Seen::ReadThenSet, Seen::SetInside, Seen::SetAtTop]),
        perhaps: of(&[Seen::ReadThenSet, Seen::SetInside]),
        arrays,
    }
}

impl<'a> Plan<'a> {
    /// Finds what crosses between the runs, and gives it room in the procedure.
    fn new(procedure: &'a Procedure, runs: &mut [Run<'a>], main: &mut Procedure) -> Plan<'a> {
        let n = procedure.locals.len();
        let mut plan = Plan {
            procedure,
            slots: vec![None; n],
            cheap: cheap(procedure),
            repeated: vec![false; n],
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
        let mut crosses = vec![false; n];
        for (k, reads) in runs.iter().map(|r| &r.reads).chain([&procedure.results]).enumerate() {
            for l in reads.iter().map(|l| l.0 as usize) {
                crosses[l] |= set_in[l].is_some_and(|at| at != (k, k)) && plan.cheap[l].is_none();
            }
        }
        for elem in [Elem::Real, Elem::Int, Elem::Bool] {
            let ty = Type { elem, rank: 0 };
            let of_elem = |l: &usize| crosses[*l] && procedure.locals[*l].ty == ty;
            let locals: Vec<Local> = (0..n).filter(of_elem).map(|l| Local(l as u32)).collect();
            if !locals.is_empty() {
                plan.add_work(elem, &locals, main);
            }
        }
        plan.map = vec![None; main.locals.len()];
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
        for (k, l) in locals.iter().enumerate() {
            self.slots[l.0 as usize] = Some((work, k));
        }
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
    fn load(&self, reads: &[Local], body: &mut Vec<Stmt>, locals: &mut Vec<LocalInfo>) {
        for &l in reads {
            if let Some((work, k)) = self.slots[l.0 as usize] {
                let at = vec![int(k, body, locals)];
                body.push(Stmt::Let { dst: l, op: Op::Load { array: work, at } });
            }
        }
    }

    /// Writes to the workspace.
    fn store(&self, sets: &[Local], body: &mut Vec<Stmt>, locals: &mut Vec<LocalInfo>) {
        for &l in sets {
            if let Some((work, k)) = self.slots[l.0 as usize] {
                let at = vec![int(k, body, locals)];
                body.push(Stmt::Store { array: work, at, value: l });
            }
        }
    }

    /// The run as a function of what it reads of outside, and the arguments to call it with.
    fn piece(&mut self, run: &Run<'_>, name: String, id: FnId, outer: &[LocalInfo]) -> (Piece, Vec<Local>) {
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
                locals.push(outer[l.0 as usize].clone());
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

fn new_local(locals: &mut Vec<LocalInfo>, name: &str, ty: Type) -> Local {
    locals.push(LocalInfo {
        name: name.to_string(),
        wish: name.to_string(),
        bound: false,
        ty,
        mutable: false,
        origin: 0,
    });
    Local(locals.len() as u32 - 1)
}

fn int(value: usize, body: &mut Vec<Stmt>, locals: &mut Vec<LocalInfo>) -> Local {
    let dst = new_local(locals, "k", Type::INT);
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
