//! A text that is open in the editor, and what is known of it.

use super::position::Lines;
use crate::session::language::{Analysis, Derivative};
use serde_json::Value as Json;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

/// What is known of the derivative of a function.
pub enum Derived {
    /// It will be known.
    Asked,
    Known(Option<Derivative>),
}

/// An open text.
pub struct Document {
    /// The file that it stands for.
    pub path: PathBuf,
    /// As links lead to it, if there is such a file.
    pub real: Option<PathBuf>,
    pub text: Arc<str>,
    pub lines: Lines,
    /// The editor's number for the text.
    pub version: Json,
    /// It changes with the text, and with the texts that it imports.
    pub revision: u64,
    /// What was found of an earlier or this text, and of which.
    pub analysis: Option<(u64, Box<Analysis>)>,
    /// The revision that was last given to be checked.
    pub checking: u64,
    /// The derivatives of this revision's functions, by the place of their names.
    pub derived: HashMap<u32, Derived>,
}

impl Document {
    pub fn new(path: PathBuf, text: &str, version: Json, revision: u64) -> Document {
        let real = path.canonicalize().ok();
        let (text, lines) = (Arc::from(text), Lines::of(text));
        let derived = HashMap::new();
        Document { path, real, text, lines, version, revision, analysis: None, checking: 0, derived }
    }

    /// Takes the editor's changes over, one after the other.
    pub fn change(&mut self, changes: &[Json]) {
        for change in changes {
            let new = change["text"].as_str().unwrap_or("");
            let text = match &change["range"] {
                Json::Object(range) => {
                    let place = |name: &str| {
                        range.get(name).map_or(0, |position| self.lines.offset(&self.text, position))
                    };
                    let (start, end) = (place("start"), place("end"));
                    let end = end.max(start);
                    [&self.text[..start], new, &self.text[end..]].concat()
                }
                Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Array(_) => {
                    new.to_string()
                }
            };
            self.lines = Lines::of(&text);
            self.text = Arc::from(text);
        }
    }

    /// What is known of the text as it is now.
    pub fn current(&self) -> Option<&Analysis> {
        let (revision, analysis) = self.analysis.as_ref()?;
        (*revision == self.revision).then_some(&**analysis)
    }

    /// The byte at a place of a request.
    pub fn offset(&self, position: &Json) -> u32 {
        self.lines.offset(&self.text, position) as u32
    }
}
