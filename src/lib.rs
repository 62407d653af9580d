//! zgrad: derivatives of functions written in `.math` files.

pub mod diagnostic;
pub mod primitive;
pub mod syntax;
