//! What every step is called: as the author calls it, else `v1`, `v2`, …; in a loop with its indices.

use super::tape::Tape;
use std::collections::HashSet;

/// The names of the steps of a tape.
pub struct Names {
    labels: Vec<String>,
    /// What stands for the number that a pullback is called with.
    pub d: &'static str,
}

/// A label without its indices and fields.
fn stem(label: &str) -> &str {
    &label[..label.find(['[', '.']).unwrap_or(label.len())]
}

impl Names {
    /// Names that are none of the words that are in use.
    pub fn new(tape: &Tape, used: &[&str]) -> Names {
        let mut taken: HashSet<String> = used.iter().map(|word| word.to_string()).collect();
        taken.extend(tape.inputs.iter().map(|(_, label)| stem(label).to_string()));
        let wished: HashSet<&str> = tape.sites.iter().filter_map(|site| site.wish.as_deref()).collect();
        let mut bases: Vec<Option<String>> = vec![None; tape.sites.len()];
        let mut number = 0;
        // As the page lists them, so that numbers grow down the page.
        for step in tape.listed() {
            let site = tape.steps[step].site;
            if bases[site].is_some() {
                continue;
            }
            let name = match &tape.sites[site].wish {
                Some(wish) => free(wish, &taken),
                None => loop {
                    number += 1;
                    let name = format!("v{number}");
                    if !taken.contains(&name) && !wished.contains(name.as_str()) {
                        break name;
                    }
                },
            };
            taken.insert(name.clone());
            bases[site] = Some(name);
        }
        let mut labels: Vec<String> = Vec::new();
        let mut given: HashSet<String> = HashSet::new();
        let mut inputs = tape.inputs.iter().peekable();
        for (at, step) in tape.steps.iter().enumerate() {
            if let Some((_, label)) = inputs.next_if(|(input, _)| *input == at) {
                labels.push(label.clone());
                continue;
            }
            let base = bases[step.site].as_deref().unwrap_or("v");
            let at: Vec<String> = step.at.iter().map(i64::to_string).collect();
            let at = if at.is_empty() { String::new() } else { format!("[{}]", at.join(", ")) };
            let mut label = format!("{base}{at}");
            // What is computed again at the same indices is another step.
            let mut again = 1;
            while !given.insert(label.clone()) {
                again += 1;
                label = format!("{base}_{again}{at}");
            }
            labels.push(label);
        }
        let d = ["d", "c", "t", "q"].into_iter().find(|d| !taken.contains(*d)).unwrap_or("δ");
        Names { labels, d }
    }

    /// What a step is called.
    pub fn of(&self, step: usize) -> &str {
        &self.labels[step]
    }

    /// The adjoint of a step: `x_bar`, `x_bar[2]`.
    pub fn bar(&self, step: usize) -> String {
        self.with(step, "_bar")
    }

    /// The tangent of a step: `x_dot`.
    pub fn dot(&self, step: usize) -> String {
        self.with(step, "_dot")
    }

    fn with(&self, step: usize, ending: &str) -> String {
        let label = &self.labels[step];
        let stem = stem(label);
        format!("{stem}{ending}{}", &label[stem.len()..])
    }

    /// The pullback that is kept for a step: `B3`, `B_area`.
    pub fn pullback(&self, step: usize) -> String {
        let label = &self.labels[step];
        match label.strip_prefix('v').filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) {
            Some(number) => format!("B{number}"),
            None => format!("B_{label}"),
        }
    }
}

fn free(wish: &str, taken: &HashSet<String>) -> String {
    if !taken.contains(wish) {
        return wish.to_string();
    }
    let mut number = 2;
    loop {
        let name = format!("{wish}{number}");
        if !taken.contains(&name) {
            return name;
        }
        number += 1;
    }
}
