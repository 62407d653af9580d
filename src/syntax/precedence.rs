//! How tightly things bind: the table of the notation, shared by the builder and the printer.

use super::tree::BinaryOp;

/// `body where …`
pub const WHERE: u8 = 0;
/// `let … in …`, `if … then … else …`, `x -> …`: they end with what contains them.
pub const OPEN: u8 = 1;
pub const OR: u8 = 2;
pub const AND: u8 = 3;
pub const NOT: u8 = 4;
pub const COMPARE: u8 = 5;
pub const SUM: u8 = 6;
pub const PRODUCT: u8 = 7;
pub const JUXTAPOSE: u8 = 8;
pub const NEG: u8 = 9;
pub const POWER: u8 = 10;
/// `√x`
pub const ROOT: u8 = 11;
/// Calls, indices, `f'`, `n!`.
pub const POSTFIX: u8 = 12;
/// Numbers, names, anything in brackets of its own.
pub const ATOM: u8 = 13;

/// How tightly a binary operator binds.
pub fn level(op: BinaryOp) -> u8 {
    match op {
        BinaryOp::Or => OR,
        BinaryOp::And => AND,
        BinaryOp::Add | BinaryOp::Sub | BinaryOp::DotAdd | BinaryOp::DotSub => SUM,
        BinaryOp::Mul
        | BinaryOp::Div
        | BinaryOp::DotMul
        | BinaryOp::DotDiv
        | BinaryOp::Inner
        | BinaryOp::Cross => PRODUCT,
        BinaryOp::Juxtapose => JUXTAPOSE,
        BinaryOp::Pow => POWER,
    }
}
