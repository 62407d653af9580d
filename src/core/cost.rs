//! What it costs to compute a node.

use super::{Ex, Graph, Node};
use crate::primitive::Prim;

/// What costs this many additions is kept rather than computed again.
pub const DEAR: usize = 16;

impl Graph {
    /// What a node costs once its operands are there, in additions; loops and calls cost much.
    pub fn additions(&self, ex: Ex) -> usize {
        match self.node(ex) {
            Node::Accum { .. } | Node::Loop(_) | Node::Call { .. } => DEAR,
            Node::Prim(Prim::DIV | Prim::SQRT, _) => 4,
            Node::Prim(Prim::ADD | Prim::SUB | Prim::MUL | Prim::NEG | Prim::ABS, _) => 1,
            Node::Prim(Prim::MAX | Prim::MIN | Prim::EQ | Prim::LT | Prim::LE, _) => 1,
            Node::Prim(Prim::POW, args) if self.exs(args).nth(1).is_some_and(|e| self.is_small(e)) => 1,
            Node::Prim(..) if !self.ty(ex).is_real() => 1,
            Node::Prim(..) => DEAR,
            Node::Real(_) | Node::Int(_) | Node::Bool(_) | Node::Var(_) | Node::Size { .. } => 0,
            Node::If { .. }
            | Node::Index { .. }
            | Node::Lit { .. }
            | Node::Part { .. }
            | Node::Build { .. } => 0,
        }
    }

    /// Whether an exponent is a few multiplications.
    fn is_small(&self, exponent: Ex) -> bool {
        self.as_real(exponent).is_some_and(|e| e.fract() == 0.0 && e.abs() <= 4.0)
    }
}
