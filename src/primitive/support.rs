//! The source text of the functions that an emitted Rust program carries for primitives that the
//! standard library does not have. The same text is compiled as this crate's kernels.

use super::{Prim, Rust};

include!(concat!(env!("OUT_DIR"), "/primitive_support.rs"));

/// The private Rust functions that a program calling this primitive needs: its support function and all
/// that this one uses. Each entry is a whole item with its comments; equal entries of several primitives
/// are the same text, to be written once. `None`: the primitive needs nothing.
pub fn rust_support(p: Prim) -> Option<&'static [&'static str]> {
    needed(p.row().rust)
}

/// The same for a call with `Int` arguments, which `Row::rust_int` spells.
pub fn rust_support_int(p: Prim) -> Option<&'static [&'static str]> {
    needed(p.row().rust_int)
}

fn needed(spelling: Rust) -> Option<&'static [&'static str]> {
    let Rust::Support { name } = spelling else { return None };
    let at = SUPPORT.binary_search_by_key(&name, |entry| entry.0).ok()?;
    Some(SUPPORT[at].1)
}
