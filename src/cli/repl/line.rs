//! A line that is being entered: what may stand there, and whether it is over.

use super::commands;
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
        let (begin, candidates) = analysis.complete(&text, start + at);
        let word = &text[begin..start + at];
        let fitting = candidates.into_iter().filter(|candidate| candidate.name.starts_with(word));
        Ok((begin - start, fitting.map(|candidate| pair(candidate.name)).collect()))
    }
}

fn pair(name: String) -> Pair {
    Pair { display: name.clone(), replacement: name }
}
