//! Reverse mode as a person would do it by hand: a run is kept operation by operation and walked back,
//! and a page tells of it.
//!
//! - `machine`, with `nodes`, `record`, `rounds`, `reduce`, `calls`: the graph at a point, as a [`tape::Tape`] of real operations;
//! - [`sweep`]: the adjoints, one call of a pullback at a time;
//! - `names`, `formula`, `choice`, `listing`: steps as text;
//! - [`compose`], with `back` and `duals`, makes the [`lesson`], the page as data, once; [`text`], [`json`] and [`html`] write it.
//!
//! Takes a graph, the partials of primitives and a point; what other stages know of the same derivative is
//! given to it as text. Touches no file.

mod back;
mod calls;
mod choice;
pub mod compose;
mod duals;
mod extremes;
mod formula;
pub mod html;
pub mod json;
mod layout;
pub mod lesson;
mod listing;
mod machine;
mod names;
mod nodes;
mod partials;
mod record;
mod reduce;
mod rounds;
pub mod sweep;
pub mod tape;
pub mod text;
mod value;

pub use machine::{Kept, Machine, Trouble};
pub use names::Names;
pub use value::{Val, place};
