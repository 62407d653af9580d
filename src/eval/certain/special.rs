//! Rows of special functions on balls.

use super::ball::Ball;
use crate::primitive::Prim;

/// A row of one argument. The outer `None`: no form; the inner: no ball at this argument.
pub fn unary(prim: Prim, x: &Ball, bits: i64) -> Option<Option<Ball>> {
    let _ = (prim, x, bits);
    None
}

/// A row of two arguments.
pub fn binary(prim: Prim, x: &Ball, y: &Ball, bits: i64) -> Option<Option<Ball>> {
    let _ = (prim, x, y, bits);
    None
}
