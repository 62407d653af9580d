//! Statements to numbers: procedures compiled once into register programs, and run.
//!
//! Takes procedures and values; gives values, or says what went wrong. Knows nothing of graphs,
//! text, derivatives or languages. The kernels are those of the table of primitives, and every sum
//! is taken in order, so that results are the same bits everywhere.

mod arithmetic;
mod arrays;
pub mod certain;
mod code;
mod compile;
mod kernels;
pub mod lanes;
mod machine;
mod memory;
mod run;
mod single;
mod trap;
mod value;

pub use machine::Machine;
pub use single::Singles;
pub use trap::{Birth, Trap};
pub use value::{Array, Fault, Limits, Value, Why};
