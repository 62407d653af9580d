//! Whether and how often a block sets a local.

use crate::block::{Local, Stmt};

/// How a block sets a local.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sets {
    pub count: u32,
    /// On every way through the block.
    pub surely: bool,
    /// Again after it was set, or in a loop.
    pub again: bool,
}

/// How a block sets a local.
pub(super) fn sets_in(stmts: &[Stmt], local: Local) -> Sets {
    let mut all = Sets::default();
    for stmt in stmts {
        let here = match stmt {
            Stmt::Let { dst, .. }
            | Stmt::Alloc { dst, .. }
            | Stmt::Array { dst, .. }
            | Stmt::Move { dst, .. }
            | Stmt::Clone { dst, .. } => once(*dst == local),
            Stmt::Call { dst, .. } => once(dst.contains(&local)),
            Stmt::If { then, els, .. } => {
                let (a, b) = (sets_in(then, local), sets_in(els, local));
                let partly = a.surely != b.surely && a.count + b.count > 0;
                let surely = a.surely && b.surely;
                Sets { count: a.count + b.count, surely, again: a.again || b.again || partly }
            }
            Stmt::For { body, .. } => in_loop(sets_in(body, local)),
            Stmt::While { head, body, .. } => {
                let (a, b) = (sets_in(head, local), sets_in(body, local));
                in_loop(Sets { count: a.count + b.count, ..a })
            }
            Stmt::Declare { .. }
            | Stmt::Store { .. }
            | Stmt::AddTo { .. }
            | Stmt::StoreRow { .. }
            | Stmt::Push { .. }
            | Stmt::Require { .. } => continue,
        };
        if here.count > 0 {
            all.again |= here.again || all.count > 0;
            all.surely |= here.surely;
            all.count += here.count;
        }
    }
    all
}

fn once(set: bool) -> Sets {
    Sets { count: set as u32, surely: set, again: false }
}

fn in_loop(inner: Sets) -> Sets {
    Sets { count: inner.count, surely: false, again: inner.count > 0 }
}
