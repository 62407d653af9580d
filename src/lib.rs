pub mod block;
pub mod check;
pub mod core;
pub mod diagnostic;
pub mod diff;
pub mod primitive;
pub mod syntax;
