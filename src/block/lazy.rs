//! Values that are computed where they are first wanted: what is dear and wanted in several branches, or in a
//! branch inside of a loop that it does not depend on, is computed once, and a flag says whether it was.
//!
//! Takes the nodes of a scope; gives statements. Nothing is computed that is not wanted.

use super::lower::Lowerer;
use super::place::Placer;
use super::region::Region;
use super::{Local, Op, Stmt};
use crate::core::{Ex, Node, Type};
use std::collections::HashMap;

/// The values of a scope, of the loops in it too, that are computed where they are first wanted.
#[derive(Debug, Default)]
pub(super) struct Lazy {
    /// How many scopes there are down to this one.
    depth: usize,
    known: HashMap<Ex, Value>,
    /// The flags, and declarations of what is set in loops, for the start of the scope.
    start: Vec<Stmt>,
}

#[derive(Debug, Clone, Copy)]
struct Value {
    /// Whether it is there.
    done: Local,
    /// What the statements call it.
    slot: u32,
}

impl Placer<'_> {
    /// Whether a value of this scope is computed where it is first wanted, if that has not been before.
    pub fn is_lazy(&self, ex: Ex) -> bool {
        self.is_repeated(ex) || self.graph.takes_steps(ex) && self.level(ex) < self.scopes.len()
    }

    /// How many scopes there are down to the outermost in which a value stays what it is.
    fn level(&self, ex: Ex) -> usize {
        let inner =
            self.scopes.iter().rposition(|scope| scope.vars.iter().any(|&v| self.graph.depends_on(ex, v)));
        let outermost = self.scopes.iter().take_while(|scope| scope.vars.is_empty()).count();
        inner.map_or(outermost, |scope| scope + 1)
    }
}

impl Lowerer<'_> {
    /// Starts a scope's list of values that are computed where they are first wanted.
    pub fn open_lazy(&mut self) {
        self.lazy.push(Lazy { depth: self.placer.scopes.len(), ..Lazy::default() });
    }

    /// What the scope begins with for such values.
    pub fn close_lazy(&mut self) -> Vec<Stmt> {
        self.lazy.pop().expect("opened before").start
    }

    /// A value that another branch or another step may have computed: not again if it is dear.
    pub fn compute_once(&mut self, ex: Ex, region: Region, out: &mut Vec<Stmt>) {
        if !self.placer.graph.takes_steps(ex) {
            return self.compute(ex, region, out);
        }
        let level = self.placer.level(ex);
        let scope = self.lazy.iter().position(|lazy| lazy.depth >= level).expect("the present one");
        let known = self.lazy[scope].known.get(&ex).copied();
        let done = match known {
            Some(Value { done, slot }) => {
                self.placer.home_mut(ex).slot = slot;
                done
            }
            None => self.fresh("c", Type::BOOL, 0),
        };
        let mut block = Vec::new();
        self.compute(ex, region, &mut block);
        block.push(Stmt::Let { dst: done, op: Op::Bool(true) });
        if known.is_none() {
            let slot = self.placer.home(ex).expect("it was computed").slot;
            let mut start = vec![Stmt::Let { dst: done, op: Op::Bool(false) }];
            if scope + 1 < self.lazy.len() {
                let values = self.set_by(&block, ex);
                start.extend(values.into_iter().map(|dst| Stmt::Declare { dst }));
            }
            self.lazy[scope].known.insert(ex, Value { done, slot });
            self.lazy[scope].start.extend(start);
        }
        out.push(Stmt::If { cond: done, then: Vec::new(), els: block });
    }

    /// The locals in which statements leave a value.
    fn set_by(&self, block: &[Stmt], ex: Ex) -> Vec<Local> {
        let values = match self.placer.graph.node(ex) {
            Node::Call { .. } | Node::Loop(_) => self.group(ex).unwrap_or_default(),
            _one => self.placer.home(ex).map(|home| Local(home.slot)).into_iter().collect(),
        };
        let mut found = Vec::new();
        super::walk::each(block, &mut |stmt| {
            stmt.sets(|dst| {
                if values.contains(&dst) && !found.contains(&dst) {
                    found.push(dst);
                }
            });
        });
        found
    }
}
