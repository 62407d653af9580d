//! The functions that the standard library does not have: which ones a module needs, and their text.

use super::names::Names;
use super::rust::Precision;
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
    /// Where real numbers are not doubles: what they are, and the names of the functions of these.
    rounded: Option<(Precision, HashMap<&'static str, String>)>,
}

/// The support functions that have been called.
#[derive(Default)]
pub(super) struct Used {
    roots: BTreeSet<&'static str>,
    to_int: bool,
    mod_int: bool,
    /// Called with numbers that are not doubles.
    rounded: BTreeSet<&'static str>,
    native: BTreeSet<&'static str>,
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
        self.rounded.extend(other.rounded);
        self.native.extend(other.native);
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
        Support { items, renamed, rounded: None }
    }

    /// The same for numbers that are not doubles: functions that are as right for these are of their type; of
    /// the others each has one beside it that computes in doubles and rounds.
    pub fn rounded(mut self, prims: &BTreeSet<Prim>, names: &mut Names<'_>, precision: Precision) -> Support {
        let mut own = HashMap::new();
        let called: BTreeSet<&'static str> = prims
            .iter()
            .filter_map(|p| match p.row().rust {
                Spelling::Support { name } => Some(name),
                _inline => None,
            })
            .collect();
        let natives = self.items.iter().map(|(name, _)| *name).filter(|name| is_native(name, precision));
        for name in called.into_iter().chain(natives).collect::<BTreeSet<_>>() {
            // The name that it had is now that of the function which rounds.
            let known = self.renamed.insert(name, names.fresh(&format!("{name}_f64")));
            own.insert(name, known.unwrap_or_else(|| name.to_string()));
        }
        self.rounded = Some((precision, own));
        self
    }

    /// The names that the functions have.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let own = self.rounded.iter().flat_map(|(_, names)| names.values().map(String::as_str));
        self.items.iter().map(|(name, _)| self.name(name)).chain(own)
    }

    fn name<'s>(&'s self, name: &'s str) -> &'s str {
        self.renamed.get(name).map_or(name, String::as_str)
    }

    /// The name under which to call the support function of a primitive.
    pub fn call(&self, p: Prim, used: &mut Used) -> String {
        let Spelling::Support { name } = p.row().rust else { return p.name().to_string() };
        if let Some((precision, names)) = &self.rounded {
            let texts = rust_support(p).into_iter().flatten().copied();
            if is_native(name, *precision) {
                used.native.extend(texts);
            } else {
                used.roots.extend(texts.clone());
                used.rounded.extend(texts.filter(|text| item_name(text) == name));
            }
            return names[name].clone();
        }
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
        let precision = self.rounded.as_ref().map(|(precision, _)| *precision);
        for (k, (name, text)) in self.items.iter().enumerate() {
            let wanted = match k {
                0 => used.to_int,
                1 => used.mod_int,
                _ => used.roots.contains(text),
            };
            if let (true, 0, Some(precision)) = (wanted, k, precision) {
                item(&self.with_names(&int_of(text, precision)), out);
            } else if wanted {
                item(&self.with_names(text), out);
            }
            let Some((precision, names)) = &self.rounded else { continue };
            if used.native.contains(text) {
                item(&with_names(&native(text, *precision), |word| names.get(word).map(String::as_str)), out);
            }
            if used.rounded.contains(text) {
                item(&rounding(text, &names[name], self.name(name), *precision), out);
            }
        }
    }

    /// The text, its identifiers renamed.
    fn with_names(&self, text: &str) -> String {
        with_names(text, |word| self.renamed.get(word).map(String::as_str))
    }
}

/// Appends a function with its comment.
fn item(text: &str, out: &mut String) {
    out.push('\n');
    // The texts are laid out by hand.
    let start = text.lines().take_while(|line| line.starts_with("//")).map(|line| line.len() + 1).sum();
    let (comment, item) = text.split_at(start);
    out.push_str(comment);
    out.push_str("#[rustfmt::skip]\n");
    out.push_str(item.trim_end());
    out.push('\n');
}

/// The text with other identifiers, but those of methods and paths.
fn with_names<'a>(text: &'a str, name: impl Fn(&str) -> Option<&'a str>) -> String {
    let mut out = String::new();
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut rest = text;
    while let Some(start) = rest.find(is_part) {
        let end = rest[start..].find(|c| !is_part(c)).map_or(rest.len(), |n| start + n);
        out.push_str(&rest[..start]);
        let own = rest[..start].ends_with('.') || rest[..start].ends_with("::");
        let word = &rest[start..end];
        out.push_str(if own { word } else { name(word).unwrap_or(word) });
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

/// Functions that are right for every kind of real number as they are written for doubles.
fn is_native(name: &str, precision: Precision) -> bool {
    match precision {
        Precision::Double => false,
        Precision::Single => ["sign", "max", "min", "clamp", "modulo", "pow", "abs2"].contains(&name),
        Precision::Generic => ["max", "min", "abs2"].contains(&name),
    }
}

/// Such a function for this kind.
fn native(text: &str, precision: Precision) -> String {
    let text = text.replace("f64", precision.name());
    if precision == Precision::Generic { text.replacen("(x: T", "<T: Real>(x: T", 1) } else { text }
}

/// The integer of a number that is not a double.
fn int_of(text: &str, precision: Precision) -> String {
    if precision != Precision::Generic {
        return text.replace("f64", precision.name());
    }
    let line = "fn to_int<T: Real>(x: T)";
    let text = text.replace("fn to_int(x: f64)", line);
    let at = text.find(line).and_then(|at| text[at..].find('\n').map(|end| at + end + 1)).unwrap_or(0);
    format!("{}    let x = x.to_f64();\n{}", &text[..at], &text[at..])
}

/// A function that computes another one of doubles, and rounds.
fn rounding(text: &str, name: &str, of: &str, precision: Precision) -> String {
    let comment: String =
        text.lines().take_while(|line| line.starts_with("//")).map(|line| format!("{line}\n")).collect();
    let params = text.find("fn ").map_or("", |at| &text[at..]);
    let params = params.split_once('(').map_or("", |(_, params)| params);
    let params = params.split(')').next().unwrap_or_default();
    let real = precision.name();
    let passed: Vec<String> = params
        .split(", ")
        .filter_map(|param| param.split_once(": "))
        .map(|(param, ty)| match (ty, precision) {
            ("f64", Precision::Generic) => format!("{param}.to_f64()"),
            ("f64", _) => format!("f64::from({param})"),
            _ => param.to_string(),
        })
        .collect();
    let (kind, call) = (precision == Precision::Generic, format!("{of}({})", passed.join(", ")));
    let (parameter, value) = match kind {
        true => ("<T: Real>", format!("T::of({call})")),
        false => ("", format!("{call} as {real}")),
    };
    format!("{comment}fn {name}{parameter}({}) -> {real} {{\n    {value}\n}}\n", params.replace("f64", real))
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
