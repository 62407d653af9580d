//! Names of locals: readable and unique in a procedure.

use std::collections::{HashMap, HashSet};

/// Made names are one of these stems and a number.
const STEMS: [&str; 4] = ["t", "a", "k", "c"];

/// The names given so far.
#[derive(Debug, Default)]
pub(super) struct Names {
    taken: HashSet<String>,
    /// The number that was last given to a name like this.
    numbers: HashMap<String, u32>,
    /// How many names have been made of each stem, and which numbers others have taken.
    counts: [u32; 4],
    gone: HashSet<(usize, u32)>,
}

/// The stem and the number of a name that could have been made.
fn made(name: &str) -> Option<(usize, u32)> {
    let (stem, number) = name.split_at_checked(1)?;
    let stem = STEMS.iter().position(|&s| s == stem)?;
    let number: u32 = number.parse().ok()?;
    Some((stem, number))
}

impl Names {
    /// This name if it is free, else one like it.
    pub fn like(&mut self, name: &str) -> String {
        let mut stem: String = name.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
        if stem.is_empty() || stem.starts_with(|c: char| c.is_numeric()) {
            stem.insert(0, '_');
        }
        if self.take(&stem) {
            return stem;
        }
        if stem.ends_with(|c: char| c.is_numeric()) {
            stem.push('_');
        }
        let mut number = self.numbers.get(&stem).copied().unwrap_or(1);
        loop {
            number += 1;
            let name = format!("{stem}{number}");
            if self.take(&name) {
                self.numbers.insert(stem, number);
                return name;
            }
        }
    }

    fn take(&mut self, name: &str) -> bool {
        if let Some((stem, number)) = made(name) {
            if number <= self.counts[stem] {
                return false;
            }
            self.gone.insert((stem, number));
        }
        self.taken.insert(name.to_string())
    }

    /// The stem, one of a few letters, with the next number.
    pub fn numbered(&mut self, stem: &'static str) -> String {
        let which = STEMS.iter().position(|&s| s == stem).expect("a stem of made names");
        loop {
            self.counts[which] += 1;
            let number = self.counts[which];
            if self.gone.is_empty() || !self.gone.contains(&(which, number)) {
                return format!("{stem}{number}");
            }
        }
    }
}
