//! What a machine computes with: doubles, or another kind of number.

use super::code::Order;
use super::run::Trouble;
use super::value::Why;
use crate::primitive::{Prim, real_to_int};
use std::fmt::Debug;
use std::sync::Arc;

/// The real numbers of a machine and what is done with them.
pub trait Arithmetic: Debug {
    type Number: Clone + Default + Debug;

    /// Whether it wants to know where it is.
    const TRACES: bool;

    /// Says which instruction comes, and where in the file it is from.
    fn at(&mut self, code: usize, pc: usize, origin: u32);

    /// Why the run should not go on, asked now and then.
    fn exhausted(&mut self) -> Option<Trouble>;

    fn double(&mut self, value: f64) -> Self::Number;
    fn int(&mut self, value: i64) -> Self::Number;
    /// An array from outside.
    fn doubles(&mut self, values: &Arc<Vec<f64>>) -> Arc<Vec<Self::Number>>;

    fn add(&mut self, a: &Self::Number, b: &Self::Number) -> Self::Number;
    fn sub(&mut self, a: &Self::Number, b: &Self::Number) -> Self::Number;
    fn mul(&mut self, a: &Self::Number, b: &Self::Number) -> Self::Number;
    fn div(&mut self, a: &Self::Number, b: &Self::Number) -> Self::Number;
    fn neg(&mut self, a: &Self::Number) -> Self::Number;
    fn unary(&mut self, f: Unary, a: &Self::Number) -> Self::Number;
    fn binary(&mut self, f: Binary, a: &Self::Number, b: &Self::Number) -> Self::Number;
    fn ternary(&mut self, f: Ternary, args: [&Self::Number; 3]) -> Self::Number;

    fn compare(&mut self, op: Order, a: &Self::Number, b: &Self::Number) -> Result<bool, Trouble>;
    /// The integer of the same value.
    fn to_int(&mut self, a: &Self::Number) -> Result<i64, Trouble>;

    /// A double for messages.
    fn near(a: &Self::Number) -> f64;
}

/// A row of the table with its function on doubles.
pub type Unary = (fn(f64) -> f64, Prim);
pub type Binary = (fn(f64, f64) -> f64, Prim);
pub type Ternary = (fn(f64, f64, f64) -> f64, Prim);

/// IEEE doubles.
#[derive(Debug, Default)]
pub struct Doubles;

impl Arithmetic for Doubles {
    type Number = f64;

    const TRACES: bool = false;

    #[inline(always)]
    fn at(&mut self, _: usize, _: usize, _: u32) {}

    #[inline(always)]
    fn exhausted(&mut self) -> Option<Trouble> {
        None
    }

    #[inline(always)]
    fn double(&mut self, value: f64) -> f64 {
        value
    }

    #[inline(always)]
    fn int(&mut self, value: i64) -> f64 {
        value as f64
    }

    fn doubles(&mut self, values: &Arc<Vec<f64>>) -> Arc<Vec<f64>> {
        Arc::clone(values)
    }

    #[inline(always)]
    fn add(&mut self, a: &f64, b: &f64) -> f64 {
        a + b
    }

    #[inline(always)]
    fn sub(&mut self, a: &f64, b: &f64) -> f64 {
        a - b
    }

    #[inline(always)]
    fn mul(&mut self, a: &f64, b: &f64) -> f64 {
        a * b
    }

    #[inline(always)]
    fn div(&mut self, a: &f64, b: &f64) -> f64 {
        a / b
    }

    #[inline(always)]
    fn neg(&mut self, a: &f64) -> f64 {
        -a
    }

    #[inline(always)]
    fn unary(&mut self, f: Unary, a: &f64) -> f64 {
        f.0(*a)
    }

    #[inline(always)]
    fn binary(&mut self, f: Binary, a: &f64, b: &f64) -> f64 {
        f.0(*a, *b)
    }

    #[inline(always)]
    fn ternary(&mut self, f: Ternary, [a, b, c]: [&f64; 3]) -> f64 {
        f.0(*a, *b, *c)
    }

    #[inline(always)]
    fn compare(&mut self, op: Order, a: &f64, b: &f64) -> Result<bool, Trouble> {
        Ok(op.holds(a, b))
    }

    #[inline(always)]
    fn to_int(&mut self, a: &f64) -> Result<i64, Trouble> {
        real_to_int(*a).ok_or_else(|| Box::new((Why::Int, format!("{a} is used as an Int but is none"))))
    }

    #[inline(always)]
    fn near(a: &f64) -> f64 {
        *a
    }
}
