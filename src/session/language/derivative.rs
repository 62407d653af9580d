//! The derivative of a function of a text, short enough to be read in passing.

use crate::session::Session;
use crate::session::formulas::{self, Formulas, What};
use crate::session::load::Unsaved;
use crate::syntax::print;
use crate::syntax::tree::ItemKind;
use std::path::Path;

/// A text to derive functions of; each is derived when it is asked for.
pub struct Derivatives {
    session: Option<Session>,
}

/// The derivatives of a function by its parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Derivative {
    /// As definitions, where they are no more than a few lines.
    pub definitions: Option<String>,
    /// On one short line: `f′ = cos(x)`, `∇f = (y, x)`.
    pub line: Option<String>,
}

/// Definitions with more lines or letters than this are not shown in passing.
const MOST_LINES: usize = 16;
const MOST_LETTERS: usize = 1200;
/// Nor is a line that is longer than this.
const LONGEST_LINE: usize = 60;

impl Derivatives {
    /// Reads and checks a text; without functions if there is an error in it.
    pub fn of(name: &Path, text: &str, unsaved: &Unsaved) -> Derivatives {
        Derivatives { session: Session::from_unsaved(name, text, unsaved).ok() }
    }

    /// The derivatives of the function whose name stands at a place of its definition.
    pub fn derive(&mut self, file: u32, start: u32) -> Option<Derivative> {
        let session = self.session.as_mut()?;
        let mut functions = session.module.functions.iter();
        let found = functions.find(|f| f.span.file == file && f.span.start == start)?.clone();
        let formulas = formulas::derivatives_of(session, &found, &[], What::Grad { order: 1 }).ok()?;
        let text = formulas.text(session);
        let short = text.lines().count() <= MOST_LINES && text.len() <= MOST_LETTERS;
        let definitions = short.then_some(text);
        Some(Derivative { definitions, line: line(session, &found.name, &formulas) })
    }
}

/// All derivatives on one line, if they need nothing else and are short.
fn line(session: &Session, name: &str, formulas: &Formulas) -> Option<String> {
    let needs = |kind: &ItemKind| !matches!(kind, ItemKind::Constant { param: true, .. });
    if formulas.needed.iter().any(|item| needs(&item.kind)) {
        return None;
    }
    let mut parts = Vec::new();
    for item in &formulas.asked {
        let ItemKind::Function { body, .. } = &item.kind else { return None };
        parts.push(print::expression(&session.tree, *body));
    }
    let line = match &parts[..] {
        [one] => format!("{name}′ = {one}"),
        _ => format!("∇{name} = ({})", parts.join(", ")),
    };
    (!line.contains('\n') && line.chars().count() <= LONGEST_LINE).then_some(line)
}
