//! What is wrong with a row, and how that is said.

use crate::eval::Fault;
use crate::session::Session;
use crate::syntax::diagnostic::Severity;
use crate::syntax::message::{Marked, Place};

/// A row that has no results.
#[derive(Debug, Clone)]
pub struct Failure {
    /// The number of the line in the file, from 1.
    pub line: u64,
    /// The whole line.
    pub text: String,
    /// Where the place begins in the line and how long it is, in characters; columns from 1.
    pub column: usize,
    pub length: usize,
    pub cause: Cause,
}

/// Why it has none.
#[derive(Debug, Clone)]
pub enum Cause {
    /// It is no point: a message, with a word beside the mark and what to do, or nothing.
    Input { message: String, label: String, help: String },
    /// The function stops with an error there.
    Fault(Fault),
}

impl Cause {
    pub fn input(message: impl Into<String>) -> Cause {
        Cause::Input { message: message.into(), label: String::new(), help: String::new() }
    }
}

impl Failure {
    /// The bytes `range` of a record that begins on a line with this number.
    pub fn at(line: u64, record: &str, range: std::ops::Range<usize>, cause: Cause) -> Failure {
        let before = &record[..range.start];
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let text = record[start..].lines().next().unwrap_or_default();
        let marked = record[range.clone()].lines().next().unwrap_or_default();
        Failure {
            line: line + before.bytes().filter(|&b| b == b'\n').count() as u64,
            text: text.to_string(),
            column: record[start..range.start].chars().count() + 1,
            length: marked.chars().count().max(1),
            cause,
        }
    }

    /// The whole record.
    pub fn whole(line: u64, record: &str, cause: Cause) -> Failure {
        let length = record.lines().next().unwrap_or_default().len();
        Failure::at(line, record, 0..length, cause)
    }

    /// As a message that shows the place in the file of this name.
    pub fn render(&self, session: &Session, name: &str, severity: Severity) -> String {
        let place = Place { line: self.line as usize, column: self.column };
        let marked = Marked { name, place, length: self.length, line: &self.text };
        match &self.cause {
            Cause::Input { message, label, help } => {
                let help = Some(help.as_str()).filter(|help| !help.is_empty());
                marked.render(severity, message, label, help, session.color)
            }
            Cause::Fault(fault) => {
                let told = session.told(fault, severity);
                format!("{}\n", told.trim_end())
                    + &marked.render(Severity::Note, "at this point", "", None, session.color)
            }
        }
    }
}
