//! Names that collide with nothing: for parts (`t1`), for indices and for the states of loops.

use crate::primitive;
use std::collections::{HashMap, HashSet};

/// Words of the notation and functions that it brings along besides the table of primitives.
#[rustfmt::skip]
const RESERVED: &[&str] = &[
    "let", "in", "where", "if", "then", "else", "otherwise", "for", "while", "import", "as", "param", "type",
    "rule", "and", "or", "not", "true", "false", "test", "pullback", "sum", "prod", "any", "all", "count",
    "fold", "scan", "iterate", "states", "all_states", "scatter", "scatter_add", "diff", "grad", "jac", "hess", "stop", "show", "dot",
    "norm", "transpose", "trace", "outer", "diag", "eye", "zeros", "ones", "cross", "solve", "inv", "det",
    "logdet", "cholesky", "len", "size", "cumsum", "softmax", "logsumexp", "argmax", "root", "argmin",
    "integral", "ode", "e", "pi", "π", "inf", "∞", "nan", "R", "Int", "Bool", "Real",
];

const INDICES: &[&str] = &["i", "j", "k", "l", "p", "q", "r"];
const SIZES: &[&str] = &["n", "m", "p", "q"];

/// The names of one definition.
#[derive(Debug)]
pub struct Names<'a> {
    /// All that the file defines.
    file: &'a HashSet<String>,
    /// Parameters, and what is called.
    taken: HashSet<String>,
    /// Names of parts and of sizes, unique in the definition.
    given: HashSet<String>,
    /// The names that enclosing loops use.
    active: HashSet<String>,
    parts: usize,
    /// For each name that was wished for, the first number after it that may still be free.
    numbers: HashMap<String, usize>,
}

/// Whether the notation brings this name along.
pub fn is_builtin(name: &str) -> bool {
    RESERVED.contains(&name) || primitive::find(name).is_some()
}

fn is_identifier(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c.is_alphabetic() || c == '_')
        && chars.all(|c| c.is_alphanumeric() || c == '_')
}

impl<'a> Names<'a> {
    /// Names beside those of the file.
    pub fn beside(file: &'a HashSet<String>) -> Names<'a> {
        Names {
            file,
            taken: HashSet::new(),
            given: HashSet::new(),
            active: HashSet::new(),
            parts: 0,
            numbers: HashMap::new(),
        }
    }

    /// Keeps a name from being given.
    pub fn take(&mut self, name: &str) {
        self.taken.insert(name.to_string());
    }

    /// Whether a parameter or the file has this name.
    pub fn is_taken(&self, name: &str) -> bool {
        self.taken.contains(name) || self.file.contains(name)
    }

    fn is_free(&self, name: &str) -> bool {
        is_identifier(name) && !self.is_taken(name) && !self.given.contains(name) && !is_builtin(name)
    }

    /// A name for a part: the one wished for, or that with a number, or `t1`, `t2`, ….
    pub fn part(&mut self, wish: Option<&str>) -> String {
        let fits = |names: &Names, name: &str| names.is_free(name) && !names.active.contains(name);
        let name = match wish.filter(|name| is_identifier(name)) {
            Some(wish) => self.part_like(wish),
            None => loop {
                self.parts += 1;
                let name = format!("t{}", self.parts);
                if fits(self, &name) {
                    break name;
                }
            },
        };
        self.given.insert(name.clone());
        name
    }

    /// The name, or else the first with a number after it that is free.
    fn part_like(&mut self, wish: &str) -> String {
        if self.is_free(wish) && !self.active.contains(wish) {
            return wish.to_string();
        }
        let mut number = self.numbers.get(wish).copied().unwrap_or(2);
        while !self.is_free(&with_number(wish, number)) {
            number += 1;
        }
        // What is free now but in use in a loop may be given later.
        self.numbers.insert(wish.to_string(), number);
        let names = (number..).map(|number| with_number(wish, number));
        let mut names = names.filter(|name| self.is_free(name) && !self.active.contains(name));
        names.next().expect("numbers do not end")
    }

    /// A function of the notation, by the first of its names that the file does not define.
    pub fn function<'n>(&self, names: &[&'n str]) -> &'n str {
        names.iter().find(|name| !self.is_taken(name)).unwrap_or(&names[0])
    }

    /// A name for a length that the author did not name.
    pub fn size(&mut self) -> String {
        let free = SIZES.iter().find(|name| self.is_free(name));
        let name = free.map_or_else(|| numbered("n", |name| self.is_free(name)), |name| name.to_string());
        self.given.insert(name.clone());
        name
    }

    /// Keeps the name of a length that the author gave.
    pub fn give(&mut self, name: &str) {
        self.given.insert(name.to_string());
    }

    /// A name for an index or a state while its loop is being raised; end it with [`Names::release`].
    pub fn bind(&mut self, wish: &str, is_index: bool) -> String {
        let fits = |names: &Names, name: &str| names.is_free(name) && !names.active.contains(name);
        let name = if fits(self, wish) {
            wish.to_string()
        } else {
            let others = if is_index { INDICES } else { &[] };
            let free = others.iter().find(|name| fits(self, name));
            let wish = if is_identifier(wish) { wish } else { "s" };
            free.map_or_else(|| numbered(wish, |name| fits(self, name)), |name| name.to_string())
        };
        self.active.insert(name.clone());
        name
    }

    pub fn release(&mut self, name: &str) {
        self.active.remove(name);
    }
}

/// The name, or else the first with a number after it that fits.
fn numbered(name: &str, fits: impl Fn(&str) -> bool) -> String {
    if fits(name) {
        return name.to_string();
    }
    let mut names = (2..).map(|number| with_number(name, number));
    names.find(|name| fits(name)).expect("numbers do not end")
}

fn with_number(name: &str, number: usize) -> String {
    let joint = if name.ends_with(|c: char| c.is_ascii_digit()) { "_" } else { "" };
    format!("{name}{joint}{number}")
}
