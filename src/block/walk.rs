//! Walking statements: what each reads and sets, and the blocks inside it.

use super::{Fill, Local, Op, Stmt};

impl Op {
    /// Calls `visit` with every operand.
    pub fn reads(&self, mut visit: impl FnMut(Local)) {
        match self {
            Op::Real(_) | Op::Int(_) | Op::Bool(_) => {}
            Op::Copy(src) => visit(*src),
            Op::Prim(_, args) => args.iter().copied().for_each(visit),
            Op::Load { array, at } => {
                visit(*array);
                at.iter().copied().for_each(visit);
            }
            Op::Size { array, .. } => visit(*array),
        }
    }
}

impl Stmt {
    /// Calls `visit` with every local that the statement itself reads, not those read in its blocks.
    /// An array that is only updated does not count.
    pub fn reads(&self, mut visit: impl FnMut(Local)) {
        match self {
            Stmt::Let { op, .. } => op.reads(visit),
            Stmt::Declare { .. } => {}
            Stmt::Alloc { dims, fill, .. } => {
                dims.iter().copied().for_each(&mut visit);
                if let Fill::Value(value) = fill {
                    visit(*value);
                }
            }
            Stmt::Array { elems, .. } => elems.iter().copied().for_each(visit),
            Stmt::Move { src, .. } | Stmt::Clone { src, .. } => visit(*src),
            Stmt::Store { at, value, .. } | Stmt::AddTo { at, value, .. } => {
                at.iter().copied().for_each(&mut visit);
                visit(*value);
            }
            Stmt::StoreRow { index, row, .. } => [*index, *row].into_iter().for_each(visit),
            Stmt::Push { value, .. } => visit(*value),
            Stmt::If { cond, .. } => visit(*cond),
            Stmt::For { len, .. } => visit(*len),
            Stmt::While { cond, .. } => visit(*cond),
            Stmt::Call { args, .. } => args.iter().copied().for_each(visit),
            Stmt::Require { cond, .. } => visit(*cond),
        }
    }

    /// Calls `visit` with every local that the statement itself gives a value, whole.
    pub fn sets(&self, mut visit: impl FnMut(Local)) {
        match self {
            Stmt::Let { dst, .. }
            | Stmt::Alloc { dst, .. }
            | Stmt::Array { dst, .. }
            | Stmt::Move { dst, .. }
            | Stmt::Clone { dst, .. } => visit(*dst),
            Stmt::Call { dst, .. } => dst.iter().copied().for_each(visit),
            Stmt::For { index, .. } | Stmt::While { index, .. } => visit(*index),
            Stmt::Declare { .. }
            | Stmt::Store { .. }
            | Stmt::AddTo { .. }
            | Stmt::StoreRow { .. }
            | Stmt::Push { .. }
            | Stmt::If { .. }
            | Stmt::Require { .. } => {}
        }
    }

    /// Calls `visit` with every local that the statement itself mentions.
    pub fn mentions(&self, mut visit: impl FnMut(Local)) {
        self.reads(&mut visit);
        self.sets(&mut visit);
        self.updates().into_iter().for_each(&mut visit);
        if let Stmt::Declare { dst } = self {
            visit(*dst);
        }
    }

    /// The array that the statement changes in part.
    pub fn updates(&self) -> Option<Local> {
        match self {
            Stmt::Store { array, .. }
            | Stmt::AddTo { array, .. }
            | Stmt::StoreRow { array, .. }
            | Stmt::Push { array, .. } => Some(*array),
            Stmt::Let { .. }
            | Stmt::Declare { .. }
            | Stmt::Alloc { .. }
            | Stmt::Array { .. }
            | Stmt::Move { .. }
            | Stmt::Clone { .. }
            | Stmt::If { .. }
            | Stmt::For { .. }
            | Stmt::While { .. }
            | Stmt::Call { .. }
            | Stmt::Require { .. } => None,
        }
    }

    /// The blocks inside the statement, in order.
    pub fn blocks(&self) -> [Option<&Vec<Stmt>>; 2] {
        match self {
            Stmt::If { then, els, .. } => [Some(then), Some(els)],
            Stmt::For { body, .. } => [Some(body), None],
            Stmt::While { head, body, .. } => [Some(head), Some(body)],
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
            | Stmt::Require { .. } => [None, None],
        }
    }

    /// The same, to change them.
    pub fn blocks_mut(&mut self) -> [Option<&mut Vec<Stmt>>; 2] {
        match self {
            Stmt::If { then, els, .. } => [Some(then), Some(els)],
            Stmt::For { body, .. } => [Some(body), None],
            Stmt::While { head, body, .. } => [Some(head), Some(body)],
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
            | Stmt::Require { .. } => [None, None],
        }
    }

    /// Calls `visit` with every place of a local in the statement itself, to change it.
    pub fn locals_mut(&mut self, mut visit: impl FnMut(&mut Local)) {
        match self {
            Stmt::Let { dst, op } => {
                visit(dst);
                match op {
                    Op::Real(_) | Op::Int(_) | Op::Bool(_) => {}
                    Op::Copy(src) => visit(src),
                    Op::Prim(_, args) => args.iter_mut().for_each(visit),
                    Op::Load { array, at } => {
                        visit(array);
                        at.iter_mut().for_each(visit);
                    }
                    Op::Size { array, .. } => visit(array),
                }
            }
            Stmt::Declare { dst } => visit(dst),
            Stmt::Alloc { dst, dims, fill } => {
                visit(dst);
                dims.iter_mut().for_each(&mut visit);
                if let Fill::Value(value) = fill {
                    visit(value);
                }
            }
            Stmt::Array { dst, elems, .. } => {
                visit(dst);
                elems.iter_mut().for_each(visit);
            }
            Stmt::Move { dst, src } | Stmt::Clone { dst, src } => [dst, src].into_iter().for_each(visit),
            Stmt::Store { array, at, value } | Stmt::AddTo { array, at, value } => {
                visit(array);
                at.iter_mut().for_each(&mut visit);
                visit(value);
            }
            Stmt::StoreRow { array, index, row } => [array, index, row].into_iter().for_each(visit),
            Stmt::Push { array, value } => [array, value].into_iter().for_each(visit),
            Stmt::If { cond, .. } | Stmt::Require { cond, .. } => visit(cond),
            Stmt::For { index, len, .. } => [index, len].into_iter().for_each(visit),
            Stmt::While { index, cond, .. } => [index, cond].into_iter().for_each(visit),
            Stmt::Call { dst, args, .. } => dst.iter_mut().chain(args).for_each(visit),
        }
    }
}

/// Calls `visit` with every statement of the block and of the blocks inside it.
pub fn each<'a>(block: &'a [Stmt], visit: &mut impl FnMut(&'a Stmt)) {
    for stmt in block {
        visit(stmt);
        stmt.blocks().into_iter().flatten().for_each(|inner| each(inner, visit));
    }
}

/// Renames every local.
pub(super) fn rename(block: &mut [Stmt], new: &impl Fn(Local) -> Local) {
    for stmt in block {
        stmt.locals_mut(|local| *local = new(*local));
        stmt.blocks_mut().into_iter().flatten().for_each(|inner| rename(inner, new));
    }
}
