//! A line that is being entered: what may stand there, and whether it is over.

use super::commands;
use crate::cli::complete;
use crate::session::language::Analysis;
use crate::session::notebook::Notebook;
use crate::syntax::scan::is_unfinished;
use rustyline::completion::{Completer, Pair};
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Context, Result};
use std::cell::RefCell;
use std::rc::Rc;

/// Knows what was entered before.
pub struct Helper {
    notebook: Rc<RefCell<Notebook>>,
}

impl Helper {
    pub fn new(notebook: Rc<RefCell<Notebook>>) -> Helper {
        Helper { notebook }
    }
}

impl rustyline::Helper for Helper {}
impl rustyline::hint::Hinter for Helper {
    type Hint = String;
}
impl rustyline::highlight::Highlighter for Helper {}

impl Validator for Helper {
    fn validate(&self, context: &mut ValidationContext) -> Result<ValidationResult> {
        let entry = context.input();
        // An empty line ends an entry that was not meant to go on.
        let open = is_unfinished(entry) && !entry.trim_start().starts_with(':') && !entry.ends_with('\n');
        Ok(if open { ValidationResult::Incomplete } else { ValidationResult::Valid(None) })
    }
}

impl Completer for Helper {
    type Candidate = Pair;

    fn complete(&self, line: &str, at: usize, _: &Context) -> Result<(usize, Vec<Pair>)> {
        if let Some(word) = line[..at].strip_prefix(':')
            && !word.contains(' ')
        {
            let names = commands::names().into_iter().filter(|name| name.starts_with(word));
            return Ok((1, names.map(pair).collect()));
        }
        let (analysis, text, start) = self.notebook.borrow().analysis(line);
        if line.starts_with(':') {
            return Ok(arguments(&analysis, &line[..at]));
        }
        let (begin, candidates) = analysis.complete(&text, start + at);
        let word = &text[begin..start + at];
        let fitting = candidates.into_iter().filter(|candidate| candidate.name.starts_with(word));
        Ok((begin - start, fitting.map(|candidate| pair(candidate.name)).collect()))
    }
}

/// What may follow in the line of a command: where in it the word begins, and the words.
fn arguments(analysis: &Analysis, line: &str) -> (usize, Vec<Pair>) {
    let start = line.rfind(' ').map_or(line.len(), |space| space + 1);
    let current = &line[start..];
    let functions = analysis.function_names();
    let mut before: Vec<String> = Vec::new();
    for word in line[1..start].split_whitespace() {
        // A value that stands alone is one of `--at`.
        if word.contains('=') && !word.starts_with('-') {
            before.push("--at".to_string());
        }
        before.push(word.to_string());
    }
    let first = before.len() == 1;
    // A function's name that stands first is that of `--fn`.
    if before.get(1).is_some_and(|word| functions.contains(word)) {
        before.insert(1, "--fn".to_string());
    }
    let mut words = complete::of_file(analysis, current, &before).unwrap_or_default();
    if words.is_empty() && !current.starts_with('-') {
        words.extend(functions.into_iter().filter(|name| first && name.starts_with(current)));
        before.push("--at".to_string());
        words.extend(complete::of_file(analysis, current, &before).unwrap_or_default());
    }
    (start, words.into_iter().map(pair).collect())
}

fn pair(name: String) -> Pair {
    Pair { display: name.clone(), replacement: name }
}

#[cfg(test)]
mod tests {
    use super::arguments;
    use crate::session::notebook::Notebook;

    #[test]
    fn names_after_a_command() {
        let mut notebook = Notebook::default();
        notebook.enter("param rate = 2").unwrap();
        notebook.enter("energy(x, y) = rate*x*y").unwrap();
        notebook.enter("g(t) = t").unwrap();
        let (analysis, ..) = notebook.analysis("");
        let words = |line: &str| -> Vec<String> {
            let (start, pairs) = arguments(&analysis, line);
            pairs.into_iter().map(|pair| line[..start].to_string() + &pair.replacement).collect()
        };
        assert_eq!(words(":eval en"), [":eval energy"]);
        assert_eq!(words(":eval energy x=1 "), [":eval energy x=1 y="]);
        assert_eq!(words(":diff energy --wrt ra"), [":diff energy --wrt rate"]);
        assert_eq!(words(":eval t"), [":eval t="]);
        assert!(words(":eval energy --for").is_empty());
    }
}
