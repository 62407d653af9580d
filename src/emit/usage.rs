//! Who sets and reads the variables of a procedure, found once before it is written.

use super::walk::{Role, roles, visit};
use crate::block::{Fill, Local, Op, Procedure, Stmt};
use crate::core::{FnId, Type};

/// What is known of each local.
#[derive(Debug)]
pub(super) struct Usage<'a> {
    /// How often it is read.
    pub uses: Vec<u32>,
    /// How often it is set as a whole. Scopes side by side may have variables of one local.
    pub sets: Vec<u32>,
    /// Set again in the scope that declares it.
    pub changes: Vec<bool>,
    /// Elements of the array change after it was made.
    pub written: Vec<bool>,
    /// How many statements set elements of it.
    pub writes: Vec<u32>,
    /// The array must be able to grow or to be handed on.
    pub owned: Vec<bool>,
    /// Set once and read once, in the same block of statements, and without a name of the author's:
    /// may be written where it is read.
    pub single: Vec<bool>,
    /// Results of a branch.
    pub declared: Vec<bool>,
    /// The operations that set a scalar.
    pub ops: Vec<Vec<&'a Op>>,
}

const NOWHERE: u32 = u32::MAX;

struct Scan<'a> {
    usage: Usage<'a>,
    /// The block of statements of the last set, and that of all uses (`NOWHERE`: of several).
    set_in: Vec<u32>,
    used_in: Vec<u32>,
    blocks: u32,
    /// The depth of the scope that declares a local, while it is open.
    home: Vec<Option<usize>>,
    /// Declared and set.
    given: Vec<bool>,
    scopes: Vec<Scope>,
}

/// A block in braces.
#[derive(Default)]
struct Scope {
    declares: Vec<Local>,
    /// Locals of outer scopes that this one sets.
    sets: Vec<Local>,
}

impl<'a> Usage<'a> {
    /// `writes` says which arguments a function writes to.
    pub fn of(procedure: &'a Procedure, writes: impl Fn(FnId) -> &'a [bool]) -> Usage<'a> {
        let n = procedure.locals.len();
        let usage = Usage {
            uses: vec![0; n],
            sets: vec![0; n],
            changes: vec![false; n],
            written: vec![false; n],
            writes: vec![0; n],
            owned: vec![false; n],
            single: vec![false; n],
            declared: vec![false; n],
            ops: vec![Vec::new(); n],
        };
        let mut scan = Scan {
            usage,
            set_in: vec![NOWHERE; n],
            used_in: vec![NOWHERE; n],
            blocks: 0,
            home: vec![None; n],
            given: vec![false; n],
            scopes: vec![Scope::default()],
        };
        for &p in &procedure.params {
            scan.set(p, 0);
        }
        scan.block(&procedure.body, 0);
        visit(&procedure.body, &mut |stmt| {
            roles(stmt, &mut |l, role| scan.usage.writes[l.0 as usize] += u32::from(role == Role::Write));
            if let Stmt::Call { f, args, .. } = stmt {
                for (arg, _) in args.iter().zip(writes(*f)).filter(|(_, written)| **written) {
                    scan.usage.written[arg.0 as usize] = true;
                }
            }
        });
        for &r in &procedure.results {
            scan.used(r, 0);
        }
        scan.finish(procedure)
    }

    /// Set more than once.
    pub fn changes(&self, local: Local) -> bool {
        self.changes[local.0 as usize]
    }

    /// Never read, so not worth computing.
    pub fn is_dead(&self, local: Local) -> bool {
        self.uses[local.0 as usize] == 0
    }
}

impl<'a> Scan<'a> {
    fn used(&mut self, local: Local, block: u32) {
        let l = local.0 as usize;
        let elsewhere = self.usage.uses[l] > 0 && self.used_in[l] != block;
        self.used_in[l] = if elsewhere { NOWHERE } else { block };
        self.usage.uses[l] += 1;
    }

    fn set(&mut self, local: Local, block: u32) {
        let l = local.0 as usize;
        self.usage.sets[l] += 1;
        self.set_in[l] = block;
        let depth = self.scopes.len() - 1;
        match self.home[l] {
            None => {
                self.declare(local);
                self.given[l] = true;
            }
            Some(_) if self.given[l] => self.usage.changes[l] = true,
            Some(home) if home == depth => self.given[l] = true,
            Some(_) => self.scopes[depth].sets.push(local),
        }
    }

    fn declare(&mut self, local: Local) {
        let depth = self.scopes.len() - 1;
        self.home[local.0 as usize] = Some(depth);
        self.given[local.0 as usize] = false;
        self.scopes[depth].declares.push(local);
    }

    /// Closes a scope; gives the locals of outer ones that it has set.
    fn close(&mut self) -> Vec<Local> {
        let Some(scope) = self.scopes.pop() else { return Vec::new() };
        for local in scope.declares {
            self.home[local.0 as usize] = None;
        }
        scope.sets
    }

    /// Notes what an inner block of a statement has set.
    fn settle(&mut self, locals: Vec<Local>) {
        let depth = self.scopes.len() - 1;
        for local in locals {
            if self.home[local.0 as usize] == Some(depth) {
                self.given[local.0 as usize] = true;
            } else {
                self.scopes[depth].sets.push(local);
            }
        }
    }

    fn all_used(&mut self, locals: &[Local], block: u32) {
        for &l in locals {
            self.used(l, block);
        }
    }

    fn block(&mut self, stmts: &'a [Stmt], block: u32) {
        for stmt in stmts {
            self.stmt(stmt, block);
        }
    }

    fn inner(&mut self, stmts: &'a [Stmt]) -> u32 {
        self.blocks += 1;
        let block = self.blocks;
        self.block(stmts, block);
        block
    }

    fn stmt(&mut self, stmt: &'a Stmt, block: u32) {
        match stmt {
            Stmt::Let { dst, op: Op::Copy(src) } if src == dst => {}
            Stmt::Let { dst, op } => {
                for l in operands(op) {
                    self.used(l, block);
                }
                self.set(*dst, block);
                self.usage.ops[dst.0 as usize].push(op);
            }
            Stmt::Declare { dst } => {
                self.usage.declared[dst.0 as usize] = true;
                self.declare(*dst);
            }
            Stmt::Alloc { dst, dims, fill } => {
                self.all_used(dims, block);
                if let Fill::Value(v) = fill {
                    self.used(*v, block);
                }
                self.set(*dst, block);
            }
            Stmt::Array { dst, elems, .. } => {
                self.all_used(elems, block);
                self.set(*dst, block);
            }
            Stmt::Move { dst, src } => {
                self.usage.owned[src.0 as usize] = true;
                self.usage.owned[dst.0 as usize] = true;
                self.used(*src, block);
                self.set(*dst, block);
            }
            Stmt::Clone { dst, src } => {
                self.usage.owned[dst.0 as usize] = true;
                self.used(*src, block);
                self.set(*dst, block);
            }
            Stmt::Store { array, at, value } | Stmt::AddTo { array, at, value } => {
                self.usage.written[array.0 as usize] = true;
                self.all_used(at, block);
                self.used(*value, block);
            }
            Stmt::StoreRow { array, index, row } => {
                self.usage.written[array.0 as usize] = true;
                self.all_used(&[*index, *row], block);
            }
            Stmt::Push { array, value } => {
                self.usage.written[array.0 as usize] = true;
                self.usage.owned[array.0 as usize] = true;
                self.used(*value, block);
            }
            Stmt::If { cond, then, els } => {
                self.used(*cond, block);
                let mut set = Vec::new();
                for side in [then, els] {
                    self.scopes.push(Scope::default());
                    self.inner(side);
                    set.extend(self.close());
                }
                self.settle(set);
            }
            Stmt::For { len, body, .. } => {
                self.used(*len, block);
                self.scopes.push(Scope::default());
                self.inner(body);
                let set = self.close();
                self.settle(set);
            }
            Stmt::While { head, cond, body, .. } => {
                self.scopes.push(Scope::default());
                let head = self.inner(head);
                self.used(*cond, head);
                self.inner(body);
                let set = self.close();
                self.settle(set);
            }
            Stmt::Call { dst, args, .. } => {
                self.all_used(args, block);
                for &d in dst {
                    self.usage.owned[d.0 as usize] = true;
                    self.set(d, block);
                }
            }
            Stmt::Require { cond, .. } => self.used(*cond, block),
        }
    }

    /// Forgets the scalars that nothing reads, and what only they read.
    fn finish(mut self, procedure: &Procedure) -> Usage<'a> {
        let mut dead: Vec<Local> = (0..procedure.locals.len() as u32).map(Local).collect();
        dead.retain(|&l| self.usage.is_dead(l));
        while let Some(local) = dead.pop() {
            let ops = std::mem::take(&mut self.usage.ops[local.0 as usize]);
            for operand in ops.into_iter().flat_map(operands) {
                let uses = &mut self.usage.uses[operand.0 as usize];
                *uses -= 1;
                if *uses == 0 {
                    dead.push(operand);
                }
            }
        }
        for l in 0..procedure.locals.len() {
            let usage = &mut self.usage;
            usage.single[l] = !(procedure.locals[l].bound && procedure.locals[l].ty != Type::INT)
                && usage.uses[l] == 1
                && usage.sets[l] == 1
                && self.used_in[l] != NOWHERE
                && self.set_in[l] == self.used_in[l];
        }
        self.usage
    }
}

/// The locals that an operation reads.
pub(super) fn operands(op: &Op) -> impl Iterator<Item = Local> + '_ {
    let (first, rest): (Option<Local>, &[Local]) = match op {
        Op::Real(_) | Op::Int(_) | Op::Bool(_) => (None, &[]),
        Op::Copy(l) => (Some(*l), &[]),
        Op::Prim(_, args) => (None, args),
        Op::Load { array, at } => (Some(*array), at),
        Op::Size { array, .. } => (Some(*array), &[]),
    };
    first.into_iter().chain(rest.iter().copied())
}
