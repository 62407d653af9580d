//! zgrad: derivatives of functions written in `.math` files.

pub mod block;
pub mod check;
pub mod core;
pub mod diagnostic;
pub mod diff;
pub mod eval;
pub mod primitive;
pub mod simplify;
pub mod syntax;
