//! The invariants of procedures, as code. Runs on every procedure in debug builds and in tests.

use super::{Fill, Local, Op, Procedure, Stmt};
use crate::core::{Elem, Type};
use crate::primitive::Kind;

/// What is known of a local at a point of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Not in scope.
    Absent,
    /// Declared, or set in some inner block.
    Declared,
    Set,
    /// Moved away.
    Gone,
}

struct Checker<'a> {
    procedure: &'a Procedure,
    states: Vec<State>,
    /// Locals that came into scope, in order.
    scope: Vec<Local>,
    fixed: Vec<bool>,
    /// Changes of states with what was before, to take back at the end of a branch.
    log: Vec<(Local, State)>,
}

/// Panics with the broken invariant if the procedure is not well formed.
pub fn verify(procedure: &Procedure) {
    let count = procedure.locals.len();
    let mut names: Vec<&str> = procedure.locals.iter().map(|info| info.name.as_str()).collect();
    names.sort_unstable();
    assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "a name is given twice in {}", procedure.name);
    let mut checker = Checker {
        procedure,
        states: vec![State::Absent; count],
        scope: Vec::new(),
        fixed: vec![false; count],
        log: Vec::new(),
    };
    for param in &procedure.params {
        checker.states[param.0 as usize] = State::Set;
        checker.fixed[param.0 as usize] = true;
    }
    checker.stmts(&procedure.body);
    procedure.results.iter().for_each(|&result| checker.read(result));
}

impl Checker<'_> {
    fn ty(&self, local: Local) -> Type {
        self.procedure.locals[local.0 as usize].ty
    }

    fn name(&self, local: Local) -> String {
        format!("`{}` of {}", self.procedure.locals[local.0 as usize].name, self.procedure.name)
    }

    fn read(&self, local: Local) {
        match self.states[local.0 as usize] {
            State::Set | State::Declared => {}
            State::Absent => panic!("{} is read before it is set", self.name(local)),
            State::Gone => panic!("{} is read after it was moved", self.name(local)),
        }
    }

    fn set(&mut self, local: Local) {
        let k = local.0 as usize;
        assert!(!self.fixed[k], "{} is a parameter or an index and set", self.name(local));
        if self.states[k] == State::Absent {
            self.scope.push(local);
        } else {
            assert!(self.procedure.locals[k].mutable, "{} is set twice but not mutable", self.name(local));
        }
        self.put(local, State::Set);
    }

    fn block(&mut self, stmts: &[Stmt]) {
        let outer = self.scope.len();
        self.stmts(stmts);
        self.close(outer);
    }

    fn close(&mut self, outer: usize) {
        for local in self.scope.split_off(outer) {
            self.put(local, State::Absent);
        }
    }

    fn stmts(&mut self, stmts: &[Stmt]) {
        for stmt in stmts {
            if !matches!(stmt, Stmt::While { .. }) {
                stmt.reads(|local| self.read(local));
            }
            if let Some(array) = stmt.updates() {
                self.read(array);
                assert!(!self.fixed[array.0 as usize], "{} is a parameter and changed", self.name(array));
            }
            self.types(stmt);
            match stmt {
                Stmt::If { then, els, .. } => self.branches(then, els),
                Stmt::For { index, body, .. } => {
                    self.index(*index);
                    // Twice: what the first step moves away must be there for the second.
                    self.block(body);
                    self.block(body);
                    self.end_index(*index);
                }
                Stmt::While { index, head, cond, body } => {
                    self.index(*index);
                    for _step in 0..2 {
                        let outer = self.scope.len();
                        self.stmts(head);
                        self.read(*cond);
                        self.block(body);
                        self.close(outer);
                    }
                    self.end_index(*index);
                }
                Stmt::Move { dst, src } => {
                    assert!(!self.fixed[src.0 as usize], "{} is a parameter and moved", self.name(*src));
                    self.put(*src, State::Gone);
                    self.set(*dst);
                }
                Stmt::Declare { dst } => {
                    assert_eq!(self.states[dst.0 as usize], State::Absent, "{} declared", self.name(*dst));
                    self.put(*dst, State::Declared);
                    self.scope.push(*dst);
                }
                Stmt::Let { .. }
                | Stmt::Alloc { .. }
                | Stmt::Array { .. }
                | Stmt::Clone { .. }
                | Stmt::Store { .. }
                | Stmt::AddTo { .. }
                | Stmt::StoreRow { .. }
                | Stmt::Push { .. }
                | Stmt::Call { .. }
                | Stmt::Require { .. } => stmt.sets(|dst| self.set(dst)),
            }
        }
    }

    /// After a choice, what either branch moved away is gone, unless both set it anew.
    fn branches(&mut self, then: &[Stmt], els: &[Stmt]) {
        let start = self.log.len();
        self.block(then);
        let changed: Vec<(Local, State)> = self.log.split_off(start);
        let mut after = Vec::with_capacity(changed.len());
        for &(local, before) in changed.iter().rev() {
            let state = &mut self.states[local.0 as usize];
            after.push((local, *state));
            *state = before;
        }
        self.block(els);
        // The first of each local's states is the one at the end of the branch.
        let mut seen = std::collections::HashSet::new();
        for (local, other) in after {
            if !seen.insert(local) {
                continue;
            }
            let state = self.states[local.0 as usize];
            let joined = match (state, other) {
                (State::Gone, _) | (_, State::Gone) => State::Gone,
                (State::Absent, other) => other,
                (state, State::Absent) => state,
                (State::Set, _) | (_, State::Set) => State::Set,
                (State::Declared, State::Declared) => State::Declared,
            };
            self.put(local, joined);
        }
    }

    fn put(&mut self, local: Local, state: State) {
        let old = std::mem::replace(&mut self.states[local.0 as usize], state);
        self.log.push((local, old));
    }

    fn index(&mut self, index: Local) {
        let k = index.0 as usize;
        assert_eq!(self.states[k], State::Absent, "{} counts two loops", self.name(index));
        assert_eq!(self.ty(index), Type::INT);
        (self.states[k], self.fixed[k]) = (State::Set, true);
    }

    fn end_index(&mut self, index: Local) {
        (self.states[index.0 as usize], self.fixed[index.0 as usize]) = (State::Absent, false);
    }

    fn ints(&self, locals: &[Local]) {
        locals.iter().for_each(|&local| assert_eq!(self.ty(local), Type::INT, "{}", self.name(local)));
    }

    fn element(&self, array: Local, at: &[Local], value: Local) {
        self.ints(at);
        assert_eq!(self.ty(array).rank as usize, at.len(), "indices of {}", self.name(array));
        assert_eq!(self.ty(value), Type { rank: 0, ..self.ty(array) }, "element of {}", self.name(array));
    }

    fn types(&self, stmt: &Stmt) {
        match stmt {
            Stmt::Let { dst, op } => self.op(*dst, op),
            Stmt::Alloc { dst, dims, fill } => {
                self.ints(dims);
                let elem = match fill {
                    Fill::Zero(elem) | Fill::Unset(elem) => *elem,
                    Fill::Value(value) => self.ty(*value).elem,
                };
                assert_eq!(self.ty(*dst), Type::array(elem, dims.len()));
            }
            Stmt::Array { dst, elems, dims } => {
                assert_eq!(elems.len(), dims.iter().product::<usize>());
                assert_eq!(self.ty(*dst).rank as usize, dims.len());
                elems.iter().for_each(|&e| assert_eq!(self.ty(e).elem, self.ty(*dst).elem));
            }
            Stmt::Move { dst, src } | Stmt::Clone { dst, src } => {
                assert_eq!(self.ty(*dst), self.ty(*src));
                assert!(self.ty(*dst).is_array() && dst != src);
            }
            Stmt::Store { array, at, value } | Stmt::AddTo { array, at, value } => {
                self.element(*array, at, *value);
            }
            Stmt::StoreRow { array, index, row } => {
                self.ints(&[*index]);
                assert_eq!(self.ty(*array).rank, self.ty(*row).rank + 1);
            }
            Stmt::Push { array, value } => assert_eq!(self.ty(*array).rank, self.ty(*value).rank + 1),
            Stmt::If { cond, .. } | Stmt::Require { cond, .. } | Stmt::While { cond, .. } => {
                assert_eq!(self.ty(*cond), Type::BOOL);
            }
            Stmt::For { len, .. } => self.ints(&[*len]),
            Stmt::Declare { .. } | Stmt::Call { .. } => {}
        }
    }

    fn op(&self, dst: Local, op: &Op) {
        let ty = match op {
            Op::Real(_) => Type::REAL,
            Op::Int(_) => Type::INT,
            Op::Bool(_) => Type::BOOL,
            Op::Copy(src) => self.ty(*src),
            Op::Load { array, at } => {
                self.element(*array, at, dst);
                Type { rank: 0, ..self.ty(*array) }
            }
            Op::Size { array, axis } => {
                assert!(*axis < self.ty(*array).rank as usize, "an axis of {}", self.name(*array));
                Type::INT
            }
            Op::Prim(p, args) => {
                assert_eq!(p.row().args.len(), args.len(), "arguments of {}", p.name());
                match p.row().kind {
                    Kind::RealToReal | Kind::ToReal => Type::REAL,
                    Kind::Arith => self.ty(args[0]),
                    Kind::Compare | Kind::Logic => Type::BOOL,
                    Kind::ToInt => Type::INT,
                }
            }
        };
        assert!(ty.is_scalar() && self.ty(dst) == ty, "{} has another type", self.name(dst));
        debug_assert!(matches!(ty.elem, Elem::Real | Elem::Int | Elem::Bool));
    }
}
