//! Arithmetic of single precision, as programs in `f32` have it: every operation is that on doubles, rounded. For
//! sums, products, quotients and roots that is what `f32` gives; for other functions it is within its last bit.

use super::arithmetic::{Arithmetic, Binary, Doubles, Ternary, Unary};
use super::code::Order;
use super::run::Trouble;
use std::sync::Arc;

/// IEEE single precision, each number in a double.
#[derive(Debug, Default)]
pub struct Singles;

fn rounded(x: f64) -> f64 {
    f64::from(x as f32)
}

impl Arithmetic for Singles {
    type Number = f64;

    const TRACES: bool = false;

    fn at(&mut self, _: usize, _: usize, _: u32) {}

    fn exhausted(&mut self) -> Option<Trouble> {
        None
    }

    fn double(&mut self, value: f64) -> f64 {
        rounded(value)
    }

    fn int(&mut self, value: i64) -> f64 {
        f64::from(value as f32)
    }

    fn doubles(&mut self, values: &Arc<Vec<f64>>) -> Arc<Vec<f64>> {
        Arc::new(values.iter().map(|&x| rounded(x)).collect())
    }

    fn add(&mut self, a: &f64, b: &f64) -> f64 {
        rounded(a + b)
    }

    fn sub(&mut self, a: &f64, b: &f64) -> f64 {
        rounded(a - b)
    }

    fn mul(&mut self, a: &f64, b: &f64) -> f64 {
        rounded(a * b)
    }

    fn div(&mut self, a: &f64, b: &f64) -> f64 {
        rounded(a / b)
    }

    fn neg(&mut self, a: &f64) -> f64 {
        -a
    }

    fn unary(&mut self, f: Unary, a: &f64) -> f64 {
        rounded(f.0(*a))
    }

    fn binary(&mut self, f: Binary, a: &f64, b: &f64) -> f64 {
        rounded(f.0(*a, *b))
    }

    fn ternary(&mut self, f: Ternary, [a, b, c]: [&f64; 3]) -> f64 {
        rounded(f.0(*a, *b, *c))
    }

    fn compare(&mut self, op: Order, a: &f64, b: &f64) -> Result<bool, Trouble> {
        Ok(op.holds(a, b))
    }

    fn to_int(&mut self, a: &f64) -> Result<i64, Trouble> {
        Doubles.to_int(a)
    }

    fn near(a: &f64) -> f64 {
        *a
    }
}
