pub mod block;
pub mod core;
pub mod diagnostic;
pub mod diff;
pub mod primitive;
pub mod session;
pub mod simplify;
pub mod syntax;
