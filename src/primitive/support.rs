//! The source text of the functions that an emitted program carries for primitives that the standard
//! library does not have. The Rust text is compiled as this crate's kernels; that of other languages is
//! its translation, made when zgrad is built.

use super::{Language, Prim, Spelling};
use std::collections::BTreeSet;

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

fn needed(spelling: Spelling) -> Option<&'static [&'static str]> {
    let Spelling::Support { name } = spelling else { return None };
    let at = SUPPORT.binary_search_by_key(&name, |entry| entry.0).ok()?;
    Some(SUPPORT[at].1)
}

/// A function or constant that emitted programs of another language carry.
#[derive(Debug)]
pub struct Item {
    /// Its name in the program.
    pub name: &'static str,
    /// What must stand before its first use, where that is not the whole.
    pub head: &'static str,
    pub text: &'static str,
    /// The places of the items that it names.
    uses: &'static [u16],
}

/// All items of a language, in the order in which a program has them.
pub fn support(language: Language) -> &'static [Item] {
    OTHERS[language as usize]
}

/// The name in programs of the support function that a spelling calls, and the places among
/// `support(language)` of the items that it needs, itself among them. `None`: the language has none.
pub fn support_of(language: Language, name: &str) -> Option<(&'static str, BTreeSet<u16>)> {
    let items = support(language);
    let at = items.iter().position(|item| item.name.trim_start_matches(prefix(language)) == name)?;
    let mut found = BTreeSet::from([at as u16]);
    let mut open = vec![at as u16];
    while let Some(at) = open.pop() {
        for &next in items[at as usize].uses {
            if found.insert(next) {
                open.push(next);
            }
        }
    }
    Some((items[at].name, found))
}

/// What the names of all items of a language begin with.
fn prefix(language: Language) -> &'static str {
    PREFIXES[language as usize]
}
