//! zgrad: derivatives of functions written in `.math` files.

pub mod block;
pub mod core;
pub mod diagnostic;
pub mod diff;
pub mod emit;
pub mod eval;
pub mod primitive;
pub mod syntax;
