//! The functions that the standard library does not have: which ones a module needs, and their text.

use super::names::Names;
use crate::primitive::{Prim, Spelling, rust_support};
use std::collections::{BTreeSet, HashMap, HashSet};

/// An integer of a double; the primitives' own conversion cannot fail.
const TO_INT: &str = "\
/// `x` as an integer, which it must be.
fn to_int(x: f64) -> i64 {
    assert!(x.trunc() == x && x.abs() < 9e18, \"{x} is not an integer\");
    x as i64
}
";

/// The same where functions return errors.
const TRY_TO_INT: &str = "\
/// `x` as an integer, which it must be.
fn to_int(x: f64) -> Result<i64, Error> {
    if x.trunc() == x && x.abs() < 9e18 {
        Ok(x as i64)
    } else {
        Err(Error::Integer(\"a number is not an integer\"))
    }
}
";

const MOD_INT: &str = "\
/// The remainder of `a / b` with the sign of `b`.
fn mod_int(a: i64, b: i64) -> i64 {
    let r = a % b;
    if r != 0 && (r < 0) != (b < 0) {
        r + b
    } else {
        r
    }
}
";

/// The support functions that a module may use.
#[derive(Clone)]
pub(super) struct Support {
    /// The texts, in the order in which they are written, under their names as first written.
    items: Vec<(&'static str, &'static str)>,
    /// What an item is called in the module, where that is another name.
    renamed: HashMap<&'static str, String>,
}

/// The support functions that have been called.
#[derive(Default)]
pub(super) struct Used {
    roots: BTreeSet<&'static str>,
    to_int: bool,
    mod_int: bool,
}

impl Used {
    /// Notes that the support function of this name is called.
    pub fn call(&mut self, name: &'static str) {
        self.roots.insert(name);
    }

    /// The names noted.
    pub fn roots(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.roots.iter().copied()
    }

    /// Those that another stretch of the module calls too.
    pub fn add(&mut self, other: Used) {
        self.roots.extend(other.roots);
        self.to_int |= other.to_int;
        self.mod_int |= other.mod_int;
    }
}

impl Support {
    /// What these primitives need. A name that the program has taken is changed.
    /// With `tries`, what may fail returns an error.
    pub fn of(prims: &BTreeSet<Prim>, names: &mut Names<'_>, tries: bool) -> Support {
        let to_int = if tries { TRY_TO_INT } else { TO_INT };
        let mut items = vec![("to_int", to_int), ("mod_int", MOD_INT)];
        let mut seen = HashSet::new();
        for text in prims.iter().filter_map(|&p| rust_support(p)).flatten() {
            if seen.insert(*text) {
                items.push((item_name(text), text));
            }
        }
        let mut renamed = HashMap::new();
        for (name, _) in &items {
            let fresh = names.fresh(name);
            if fresh != *name {
                renamed.insert(*name, fresh);
            }
        }
        Support { items, renamed }
    }

    /// The names that the functions have.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.items.iter().map(|(name, _)| self.name(name))
    }

    fn name<'s>(&'s self, name: &'s str) -> &'s str {
        self.renamed.get(name).map_or(name, String::as_str)
    }

    /// The name under which to call the support function of a primitive.
    pub fn call(&self, p: Prim, used: &mut Used) -> String {
        let Spelling::Support { name } = p.row().rust else { return p.name().to_string() };
        used.roots.extend(rust_support(p).into_iter().flatten());
        self.name(name).to_string()
    }

    pub fn to_int(&self, used: &mut Used) -> String {
        used.to_int = true;
        self.name("to_int").to_string()
    }

    pub fn mod_int(&self, used: &mut Used) -> String {
        used.mod_int = true;
        self.name("mod_int").to_string()
    }

    /// Writes the functions that were called.
    pub fn write(&self, used: &Used, out: &mut String) {
        for (k, (_, text)) in self.items.iter().enumerate() {
            let wanted = match k {
                0 => used.to_int,
                1 => used.mod_int,
                _ => used.roots.contains(text),
            };
            if wanted {
                out.push('\n');
                // The texts are laid out by hand.
                let item =
                    text.lines().take_while(|line| line.starts_with("//")).map(|line| line.len() + 1).sum();
                let (comment, item) = text.split_at(item);
                out.push_str(comment);
                out.push_str("#[rustfmt::skip]\n");
                self.push_renamed(item.trim_end(), out);
                out.push('\n');
            }
        }
    }

    /// Appends the text, its identifiers renamed.
    fn push_renamed(&self, text: &str, out: &mut String) {
        if self.renamed.is_empty() {
            out.push_str(text);
            return;
        }
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let mut rest = text;
        while let Some(start) = rest.find(is_part) {
            let end = rest[start..].find(|c| !is_part(c)).map_or(rest.len(), |n| start + n);
            out.push_str(&rest[..start]);
            // A method or a path keeps its name.
            let own = rest[..start].ends_with('.') || rest[..start].ends_with("::");
            let word = &rest[start..end];
            out.push_str(if own { word } else { self.name(word) });
            rest = &rest[end..];
        }
        out.push_str(rest);
    }
}

/// The name of the function or constant that an item defines.
fn item_name(text: &'static str) -> &'static str {
    for line in text.lines().filter(|line| !line.starts_with('/') && !line.starts_with('#')) {
        for keyword in ["fn ", "const ", "static "] {
            if let Some(rest) = line.strip_prefix(keyword) {
                let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
                return &rest[..end];
            }
        }
    }
    ""
}
