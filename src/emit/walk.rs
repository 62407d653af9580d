//! The locals of statements: who is read, set or written to, and copies under other names.

use super::usage::operands;
use crate::block::{Fill, Local, Op, Stmt};

/// What a statement does with a local.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Read,
    /// Set as a whole.
    Set,
    /// Elements of the array are set, or it grows.
    Write,
}

/// Calls `f` on the locals of a statement, not on those of its blocks.
pub(super) fn roles(stmt: &Stmt, f: &mut impl FnMut(Local, Role)) {
    let read = |locals: &[Local], f: &mut dyn FnMut(Local, Role)| {
        locals.iter().for_each(|&l| f(l, Role::Read));
    };
    match stmt {
        Stmt::Let { dst, op } => {
            operands(op).for_each(|l| f(l, Role::Read));
            f(*dst, Role::Set);
        }
        Stmt::Declare { dst } => f(*dst, Role::Set),
        Stmt::Alloc { dst, dims, fill } => {
            read(dims, f);
            if let Fill::Value(v) = fill {
                f(*v, Role::Read);
            }
            f(*dst, Role::Set);
        }
        Stmt::Array { dst, elems, .. } => {
            read(elems, f);
            f(*dst, Role::Set);
        }
        Stmt::Move { dst, src } | Stmt::Clone { dst, src } => {
            f(*src, Role::Read);
            f(*dst, Role::Set);
        }
        Stmt::Store { array, at, value } | Stmt::AddTo { array, at, value } => {
            read(at, f);
            f(*value, Role::Read);
            f(*array, Role::Write);
        }
        Stmt::StoreRow { array, index, row } => {
            read(&[*index, *row], f);
            f(*array, Role::Write);
        }
        Stmt::Push { array, value } => {
            f(*value, Role::Read);
            f(*array, Role::Write);
        }
        Stmt::If { cond, .. } => f(*cond, Role::Read),
        Stmt::For { index, len, .. } => {
            f(*len, Role::Read);
            f(*index, Role::Set);
        }
        Stmt::While { index, cond, .. } => {
            f(*cond, Role::Read);
            f(*index, Role::Set);
        }
        Stmt::Call { dst, args, .. } => {
            read(args, f);
            dst.iter().for_each(|&l| f(l, Role::Set));
        }
        Stmt::Require { cond, .. } => f(*cond, Role::Read),
    }
}

/// The blocks inside a statement.
pub(super) fn inner_blocks(stmt: &Stmt) -> [&[Stmt]; 2] {
    match stmt {
        Stmt::If { then, els, .. } => [then, els],
        Stmt::For { body, .. } => [body, &[]],
        Stmt::While { head, body, .. } => [head, body],
        Stmt::Let { .. }
        | Stmt::Declare { .. }
        | Stmt::Alloc { .. }
        | Stmt::Array { .. }
        | Stmt::Move { .. }
        | Stmt::Clone { .. }
        | Stmt::Store { .. }
        | Stmt::AddTo { .. }
        | Stmt::StoreRow { .. }
        | Stmt::Push { .. }
        | Stmt::Call { .. }
        | Stmt::Require { .. } => [&[], &[]],
    }
}

/// Calls `f` on each statement, outer before inner.
pub(super) fn visit<'a>(stmts: &'a [Stmt], f: &mut impl FnMut(&'a Stmt)) {
    for stmt in stmts {
        f(stmt);
        for block in inner_blocks(stmt) {
            visit(block, f);
        }
    }
}

/// The statements with every local replaced.
pub(super) fn renamed(stmts: &[Stmt], to: &mut impl FnMut(Local) -> Local) -> Vec<Stmt> {
    stmts.iter().map(|stmt| renamed_stmt(stmt, to)).collect()
}

fn renamed_stmt(stmt: &Stmt, to: &mut impl FnMut(Local) -> Local) -> Stmt {
    let all = |locals: &[Local], to: &mut dyn FnMut(Local) -> Local| -> Vec<Local> {
        locals.iter().map(|&l| to(l)).collect()
    };
    match stmt {
        Stmt::Let { dst, op } => {
            let op = match op {
                Op::Real(_) | Op::Int(_) | Op::Bool(_) => op.clone(),
                Op::Copy(l) => Op::Copy(to(*l)),
                Op::Prim(p, args) => Op::Prim(*p, all(args, to)),
                Op::Load { array, at } => Op::Load { array: to(*array), at: all(at, to) },
                Op::Size { array, axis } => Op::Size { array: to(*array), axis: *axis },
            };
            Stmt::Let { dst: to(*dst), op }
        }
        Stmt::Declare { dst } => Stmt::Declare { dst: to(*dst) },
        Stmt::Alloc { dst, dims, fill } => {
            let fill = if let Fill::Value(v) = fill { Fill::Value(to(*v)) } else { *fill };
            Stmt::Alloc { dst: to(*dst), dims: all(dims, to), fill }
        }
        Stmt::Array { dst, elems, dims } => {
            Stmt::Array { dst: to(*dst), elems: all(elems, to), dims: dims.clone() }
        }
        Stmt::Move { dst, src } => Stmt::Move { dst: to(*dst), src: to(*src) },
        Stmt::Clone { dst, src } => Stmt::Clone { dst: to(*dst), src: to(*src) },
        Stmt::Store { array, at, value } => {
            Stmt::Store { array: to(*array), at: all(at, to), value: to(*value) }
        }
        Stmt::AddTo { array, at, value } => {
            Stmt::AddTo { array: to(*array), at: all(at, to), value: to(*value) }
        }
        Stmt::StoreRow { array, index, row } => {
            Stmt::StoreRow { array: to(*array), index: to(*index), row: to(*row) }
        }
        Stmt::Push { array, value } => Stmt::Push { array: to(*array), value: to(*value) },
        Stmt::If { cond, then, els } => {
            Stmt::If { cond: to(*cond), then: renamed(then, to), els: renamed(els, to) }
        }
        Stmt::For { index, len, body } => {
            Stmt::For { index: to(*index), len: to(*len), body: renamed(body, to) }
        }
        Stmt::While { index, head, cond, body } => {
            let head = renamed(head, to);
            Stmt::While { index: to(*index), head, cond: to(*cond), body: renamed(body, to) }
        }
        Stmt::Call { dst, f, args } => Stmt::Call { dst: all(dst, to), f: *f, args: all(args, to) },
        Stmt::Require { cond, message, origin } => {
            Stmt::Require { cond: to(*cond), message: message.clone(), origin: *origin }
        }
    }
}
