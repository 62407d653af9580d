//! Declarations: a local that is set in an inner block and read outside it is declared before.

use super::{Local, LocalInfo, Stmt};
use std::collections::HashMap;

/// A block by the statement that it is in.
#[derive(Debug, Clone, Copy)]
struct Block {
    parent: usize,
    /// The position of that statement in the parent.
    at: usize,
    depth: usize,
}

/// Where a local occurs.
#[derive(Debug, Clone, Copy)]
struct Scope {
    /// The first mention, and whether it sets the local there.
    first: (usize, usize),
    sets: bool,
    /// The innermost block that holds all mentions.
    block: usize,
}

struct Scopes {
    blocks: Vec<Block>,
    /// Whether a local counts loops, which declare it.
    index: Vec<bool>,
    of: Vec<Option<Scope>>,
}

/// Adds the declarations that are needed, and marks the locals that are set more than once.
pub(super) fn declare(body: &mut Vec<Stmt>, locals: &mut [LocalInfo], params: &[Local], results: &[Local]) {
    let mut scopes = Scopes {
        blocks: vec![Block { parent: 0, at: 0, depth: 0 }],
        index: vec![false; locals.len()],
        of: vec![None; locals.len()],
    };
    super::walk::each(body, &mut |stmt| {
        if let Stmt::For { index, .. } | Stmt::While { index, .. } = stmt {
            scopes.index[index.0 as usize] = true;
        }
    });
    for &param in params {
        scopes.mention(param, 0, 0, true);
    }
    scopes.walk(body, 0);
    for &result in results {
        scopes.mention(result, 0, body.len(), false);
    }
    let mut added: HashMap<usize, Vec<(usize, Local)>> = HashMap::new();
    for (k, scope) in scopes.of.iter().enumerate() {
        let Some(scope) = scope else { continue };
        let (mut block, mut at) = scope.first;
        let plain = block == scope.block && scope.sets;
        while block != scope.block {
            at = scopes.blocks[block].at;
            block = scopes.blocks[block].parent;
        }
        if !plain {
            added.entry(block).or_default().push((at, Local(k as u32)));
            locals[k].mutable = true;
        }
    }
    let mut next = 1;
    insert(body, 0, &mut next, &mut added);
    mark(body, locals);
}

impl Scopes {
    fn mention(&mut self, local: Local, block: usize, at: usize, sets: bool) {
        if self.index[local.0 as usize] {
            return;
        }
        let Some(mut scope) = self.of[local.0 as usize] else {
            self.of[local.0 as usize] = Some(Scope { first: (block, at), sets, block });
            return;
        };
        let (mut a, mut b) = (scope.block, block);
        while a != b {
            if self.blocks[a].depth >= self.blocks[b].depth {
                a = self.blocks[a].parent;
            } else {
                b = self.blocks[b].parent;
            }
        }
        scope.block = a;
        self.of[local.0 as usize] = Some(scope);
    }

    fn child(&mut self, parent: usize, at: usize) -> usize {
        let depth = self.blocks[parent].depth + 1;
        self.blocks.push(Block { parent, at, depth });
        self.blocks.len() - 1
    }

    fn walk(&mut self, stmts: &[Stmt], block: usize) {
        for (at, stmt) in stmts.iter().enumerate() {
            if let Stmt::While { head, cond, body, .. } = stmt {
                // The body sees what the head sets.
                let first = self.child(block, at);
                self.walk(head, first);
                self.mention(*cond, first, head.len(), false);
                let second = self.child(first, head.len());
                self.walk(body, second);
                continue;
            }
            stmt.reads(|local| self.mention(local, block, at, false));
            stmt.updates().into_iter().for_each(|local| self.mention(local, block, at, false));
            stmt.sets(|local| self.mention(local, block, at, true));
            if let Stmt::Declare { dst } = stmt {
                self.mention(*dst, block, at, true);
            }
            for inner in stmt.blocks().into_iter().flatten() {
                let inner_block = self.child(block, at);
                self.walk(inner, inner_block);
            }
        }
    }
}

/// Inserts declarations; blocks are numbered in the order of [`Scopes::walk`].
fn insert(
    stmts: &mut Vec<Stmt>,
    block: usize,
    next: &mut usize,
    added: &mut HashMap<usize, Vec<(usize, Local)>>,
) {
    for stmt in stmts.iter_mut() {
        for inner in stmt.blocks_mut().into_iter().flatten() {
            let number = *next;
            *next += 1;
            insert(inner, number, next, added);
        }
    }
    let Some(mut declared) = added.remove(&block) else { return };
    declared.sort_unstable();
    let mut declared = declared.into_iter().peekable();
    let old = std::mem::take(stmts);
    for (at, stmt) in old.into_iter().enumerate() {
        while let Some((_, dst)) = declared.next_if(|&(place, _)| place == at) {
            stmts.push(Stmt::Declare { dst });
        }
        stmts.push(stmt);
    }
    stmts.extend(declared.map(|(_, dst)| Stmt::Declare { dst }));
}

/// Marks what is set or updated after it was first set.
fn mark(body: &[Stmt], locals: &mut [LocalInfo]) {
    let mut set = vec![false; locals.len()];
    super::walk::each(body, &mut |stmt| {
        let counts = matches!(stmt, Stmt::For { .. } | Stmt::While { .. });
        if let Stmt::Declare { dst } = stmt {
            set[dst.0 as usize] = true;
        }
        stmt.sets(|dst| {
            if !counts && std::mem::replace(&mut set[dst.0 as usize], true) {
                locals[dst.0 as usize].mutable = true;
            }
        });
        if let Some(array) = stmt.updates() {
            locals[array.0 as usize].mutable = true;
        }
    });
}
