//! zgrad: derivatives of functions written in `.math` files.
//!
//! ```text
//! text → syntax → check → core graph → diff → simplify → ┬ print  mathematics
//!                                                         └ block ┬ eval  numbers
//!                                                                 └ emit  program code
//! ```
//!
//! Dependencies go one way along that line; only [`session`] knows all stages, and only it touches
//! files.

pub mod block;
pub mod check;
pub mod cli;
pub mod core;
pub mod diagnostic;
pub mod diff;
pub mod emit;
pub mod eval;
pub mod primitive;
pub mod print;
pub mod session;
pub mod simplify;
pub mod syntax;
