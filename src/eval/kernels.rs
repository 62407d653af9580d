//! The functions of the primitives that a machine uses, numbered.

use super::arithmetic::{Binary, Ternary, Unary};
use super::code::RealOp;
use crate::primitive::{Kernel, Prim};

type IntUnary = fn(i64) -> Option<i64>;
type IntBinary = fn(i64, i64) -> Option<i64>;

/// The kernels in use, with their rows.
#[derive(Debug, Default)]
pub(super) struct Kernels {
    pub unary: Vec<Unary>,
    pub binary: Vec<Binary>,
    pub ternary: Vec<Ternary>,
    pub int_unary: Vec<(IntUnary, Prim)>,
    pub int_binary: Vec<(IntBinary, Prim)>,
    known: std::collections::HashMap<(Prim, bool), u16>,
}

impl Kernels {
    fn number(&mut self, p: Prim, ints: bool, add: impl FnOnce(&mut Kernels) -> usize) -> u16 {
        if let Some(&known) = self.known.get(&(p, ints)) {
            return known;
        }
        let number = add(self) as u16 - 1;
        self.known.insert((p, ints), number);
        number
    }

    /// The primitive that an instruction on reals computes; none for one that only moves.
    pub fn primitive(&self, op: RealOp) -> Option<Prim> {
        Some(match op {
            RealOp::Const { .. } | RealOp::FromInt { .. } | RealOp::Copy { .. } => return None,
            RealOp::Add { .. } => Prim::ADD,
            RealOp::Sub { .. } => Prim::SUB,
            RealOp::Mul { .. } => Prim::MUL,
            RealOp::Div { .. } => Prim::DIV,
            RealOp::Neg { .. } => Prim::NEG,
            RealOp::Unary { f, .. } => self.unary[f as usize].1,
            RealOp::Binary { f, .. } => self.binary[f as usize].1,
            RealOp::Ternary { f, .. } => self.ternary[f as usize].1,
        })
    }

    pub fn unary(&mut self, p: Prim) -> u16 {
        self.number(p, false, |kernels| {
            let (Kernel::Real1(f) | Kernel::Arith1(f, _)) = p.kernel() else {
                panic!("{} of one real", p.name())
            };
            kernels.unary.push((f, p));
            kernels.unary.len()
        })
    }

    pub fn binary(&mut self, p: Prim) -> u16 {
        self.number(p, false, |kernels| {
            let (Kernel::Real2(f) | Kernel::Arith2(f, _)) = p.kernel() else {
                panic!("{} of two reals", p.name())
            };
            kernels.binary.push((f, p));
            kernels.binary.len()
        })
    }

    pub fn ternary(&mut self, p: Prim) -> u16 {
        self.number(p, false, |kernels| {
            let Kernel::Real3(f) = p.kernel() else { panic!("{} of three reals", p.name()) };
            kernels.ternary.push((f, p));
            kernels.ternary.len()
        })
    }

    pub fn int_unary(&mut self, p: Prim) -> u16 {
        self.number(p, true, |kernels| {
            let Kernel::Arith1(_, f) = p.kernel() else { panic!("{} of one integer", p.name()) };
            kernels.int_unary.push((f, p));
            kernels.int_unary.len()
        })
    }

    pub fn int_binary(&mut self, p: Prim) -> u16 {
        self.number(p, true, |kernels| {
            let Kernel::Arith2(_, f) = p.kernel() else { panic!("{} of two integers", p.name()) };
            kernels.int_binary.push((f, p));
            kernels.int_binary.len()
        })
    }
}
