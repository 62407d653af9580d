//! Where a run first made a number that is not finite: NaN, or ∞, out of numbers that were.

use super::code::RealOp;
use crate::primitive::Prim;

/// An operation whose result is not finite though that is not inherited: ∞ of finite operands, or
/// NaN of operands that are numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Birth {
    /// The mark of the place in the file; 0 is nowhere.
    pub origin: u32,
    pub primitive: Prim,
    pub operands: Vec<f64>,
    pub value: f64,
    /// For each operand, the mark of the place that made it; of an ∞, the place where it arose.
    pub from: Vec<u32>,
    /// The marks of the calls around it, the innermost first.
    pub calls: Vec<u32>,
}

/// The births of a run, the first at each place.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Trap {
    births: Vec<Birth>,
    /// The marks of the places that made the scalar results; of an ∞ or NaN, where it arose.
    pub(super) results: Vec<u32>,
    /// For each real register, the mark of the place that made its value.
    makers: Vec<u32>,
    /// The marks of the calls that have not returned.
    calls: Vec<u32>,
}

/// Births beyond this many are not kept.
const MOST: usize = 1000;

impl Trap {
    /// The first birth of a NaN, if possible one that a result comes from.
    pub fn nan(&self) -> Option<&Birth> {
        self.first(|x| x.is_nan())
    }

    /// The first birth of an ∞, if possible one that a result comes from.
    pub fn infinity(&self) -> Option<&Birth> {
        self.first(|x| x.is_infinite())
    }

    fn first(&self, is: impl Fn(f64) -> bool) -> Option<&Birth> {
        let of_kind = || self.births.iter().filter(|birth| is(birth.value));
        of_kind().find(|birth| self.results.contains(&birth.origin)).or(of_kind().next())
    }

    /// A call began.
    pub(super) fn entered(&mut self, origin: u32) {
        self.calls.push(origin);
    }

    /// The last call returned.
    pub(super) fn left(&mut self) {
        self.calls.pop();
    }

    pub(super) fn maker(&self, at: usize) -> u32 {
        self.makers.get(at).copied().unwrap_or(0)
    }

    pub(super) fn made(&mut self, at: usize, maker: u32) {
        if at >= self.makers.len() {
            self.makers.resize(at + 1, 0);
        }
        self.makers[at] = maker;
    }

    /// A value was copied from one register to another.
    pub(super) fn copied(&mut self, from: usize, to: usize) {
        let maker = self.maker(from);
        self.made(to, maker);
    }

    /// An operation gave a value: of a primitive, to the register `to`, from these.
    pub(super) fn computed(
        &mut self,
        primitive: Prim,
        to: usize,
        value: f64,
        operands: &[(usize, f64)],
        origin: u32,
    ) {
        let same: fn(f64) -> bool = if value.is_nan() { f64::is_nan } else { f64::is_infinite };
        let mut maker = origin;
        if !value.is_finite() {
            match operands.iter().find(|(_, x)| same(*x)) {
                Some(&(at, _)) if self.maker(at) != 0 => maker = self.maker(at),
                Some(_) => {}
                None => self.born(primitive, value, operands, origin),
            }
        }
        self.made(to, maker);
    }

    fn born(&mut self, primitive: Prim, value: f64, operands: &[(usize, f64)], origin: u32) {
        let known = |birth: &Birth| birth.origin == origin && birth.value.is_nan() == value.is_nan();
        if self.births.len() >= MOST || self.births.iter().any(known) {
            return;
        }
        let maker = |&(at, _): &(usize, f64)| Some(self.maker(at)).filter(|&m| m != 0).unwrap_or(origin);
        let from = operands.iter().map(maker).collect();
        let operands = operands.iter().map(|&(_, x)| x).collect();
        let calls = self.calls.iter().rev().copied().collect();
        self.births.push(Birth { origin, primitive, operands, value, from, calls });
    }
}

impl RealOp {
    /// The register that is set, and those that are read, for an operation that computes; nothing for
    /// one of constants and integers.
    pub(super) fn registers(self, lists: &[Vec<u32>]) -> (u32, Vec<u32>) {
        match self {
            RealOp::Const { dst, .. } | RealOp::FromInt { dst, .. } => (dst, Vec::new()),
            RealOp::Copy { dst, a } | RealOp::Neg { dst, a } | RealOp::Unary { dst, a, .. } => (dst, vec![a]),
            RealOp::Add { dst, a, b }
            | RealOp::Sub { dst, a, b }
            | RealOp::Mul { dst, a, b }
            | RealOp::Div { dst, a, b }
            | RealOp::Binary { dst, a, b, .. } => (dst, vec![a, b]),
            RealOp::Ternary { dst, args, .. } => (dst, lists[args as usize].clone()),
        }
    }
}
