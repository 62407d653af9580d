//! Names of locals: readable and unique in a procedure.

use std::collections::{HashMap, HashSet};

/// The names given so far.
#[derive(Debug, Default)]
pub(super) struct Names {
    taken: HashSet<String>,
    counts: HashMap<String, u32>,
}

impl Names {
    /// This name if it is free, else one like it.
    pub fn like(&mut self, name: &str) -> String {
        let mut stem: String = name.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
        if stem.is_empty() || stem.starts_with(|c: char| c.is_numeric()) {
            stem.insert(0, '_');
        }
        if self.taken.insert(stem.clone()) {
            return stem;
        }
        let joined = if stem.ends_with(|c: char| c.is_numeric()) { stem + "_" } else { stem };
        self.next(joined, 2)
    }

    /// The stem with the next free number.
    pub fn numbered(&mut self, stem: &str) -> String {
        self.next(stem.to_string(), 1)
    }

    fn next(&mut self, stem: String, first: u32) -> String {
        let count = self.counts.entry(stem.clone()).or_insert(first);
        loop {
            let name = format!("{stem}{count}");
            *count += 1;
            if self.taken.insert(name.clone()) {
                return name;
            }
        }
    }
}
