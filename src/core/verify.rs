//! The invariants of the graph, as code. Runs after each pass in debug builds and in tests.

use super::{Ex, Graph, Node, Type, VarId, VarKind};
use crate::primitive::Kind;

impl Graph {
    /// Panics with the broken invariant if what the roots need is not well formed.
    pub fn verify(&self, roots: &[Ex]) {
        for ex in self.reach(roots) {
            self.operands(ex, |operand| {
                assert!(operand < ex, "{ex:?} uses {operand:?}, which comes after it")
            });
            self.verify_node(ex);
        }
    }

    /// Verifies every function: types of the results, and no binder left free.
    pub fn verify_functions(&self) {
        self.verify_functions_from(0);
    }

    /// Verifies the functions from this number on.
    pub fn verify_functions_from(&self, first: usize) {
        for function in &self.functions[first..] {
            self.verify(&function.results);
            for (&result, &ty) in function.results.iter().zip(&function.result_types) {
                assert_eq!(self.ty(result), ty, "result of {}", function.name);
                assert_eq!(self.free(result).len(), 0, "{} leaves a binder free", function.name);
            }
        }
    }

    fn verify_node(&self, ex: Ex) {
        let ty = |e: Ex| self.ty(e);
        match self.node(ex) {
            Node::Real(_) | Node::Int(_) | Node::Bool(_) | Node::Var(_) | Node::Size { .. } => {}
            Node::Prim(p, args) => {
                let row = p.row();
                assert_eq!(self.exs(args).len(), row.args.len(), "arguments of {}", p.name());
                let first = ty(self.exs(args).next().expect("primitives have arguments"));
                for arg in self.exs(args) {
                    let right = match row.kind {
                        Kind::RealToReal | Kind::ToInt => ty(arg) == Type::REAL,
                        Kind::Arith => ty(arg) == first && first != Type::BOOL,
                        Kind::Compare => ty(arg) == first,
                        Kind::Logic => ty(arg) == Type::BOOL,
                        Kind::ToReal => ty(arg) == Type::INT,
                    };
                    assert!(right, "{} of {:?}", p.name(), ty(arg));
                }
            }
            Node::If { cond, then, els } => {
                assert_eq!(ty(cond), Type::BOOL);
                assert_eq!(ty(then), ty(els));
            }
            Node::Index { array, at } => {
                assert_eq!(ty(array).rank as usize, self.exs(at).len());
                assert!(self.exs(at).all(|e| ty(e) == Type::INT));
            }
            Node::Lit { elems, .. } => assert!(self.exs(elems).all(|e| ty(e).is_scalar())),
            Node::Build { over, body } => {
                self.verify_binders(&self.vars(over).collect::<Vec<_>>());
                assert!(ty(body).is_scalar());
            }
            Node::Accum { init, over, at, value, .. } => {
                self.verify_binders(&self.vars(over).collect::<Vec<_>>());
                assert_eq!(ty(init).rank as usize, self.exs(at).len());
                assert_eq!(ty(init).elem, ty(value).elem);
                assert!(ty(value).is_scalar());
            }
            Node::Loop(list) => {
                let parts = self.loop_parts(list);
                for ((&state, &init), &next) in parts.states.iter().zip(&parts.inits).zip(&parts.nexts) {
                    assert_eq!(self.var(state).kind, VarKind::State { index: parts.index });
                    assert_eq!(ty(init), self.var(state).ty);
                    assert_eq!(ty(next), self.var(state).ty);
                }
            }
            Node::Call { f, args } => {
                let params = &self.function(f).params;
                assert_eq!(params.len(), self.exs(args).len());
                for (&param, arg) in params.iter().zip(self.exs(args)) {
                    assert_eq!(self.var(param).ty, ty(arg), "argument of {}", self.function(f).name);
                }
            }
            Node::Part { of, .. } => assert_eq!(ty(of), Type::MANY),
        }
    }

    fn verify_binders(&self, over: &[VarId]) {
        for &b in over {
            assert!(matches!(self.var(b).kind, VarKind::Index { .. }), "a binder that counts nothing");
        }
    }
}
