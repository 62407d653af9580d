//! What is wrong with a row, and how that is said.

use crate::eval::Fault;
use crate::session::Session;
use crate::session::refusal::Invalid;
use crate::syntax::diagnostic::Code;
use crate::syntax::message::{Marked, Message, Place};

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
    pub fn report(&self, session: &Session, name: &str) -> Message {
        let start = Place { line: self.line as usize, column: self.column };
        let marked = Marked::new(name, start, self.length, &self.text);
        match &self.cause {
            Cause::Input { message, label, help } => Message {
                place: Some(marked),
                label: label.clone(),
                help: Some(help.clone()).filter(|help| !help.is_empty()),
                ..Message::new(Code::RowIsNoPoint, message)
            },
            Cause::Fault(fault) => {
                Message { also: Some(("at this point".to_string(), marked)), ..session.told(fault) }
            }
        }
    }

    /// As the error that ends the command.
    pub fn invalid(&self, session: &Session, name: &str) -> anyhow::Error {
        Invalid(vec![self.report(session, name)]).into()
    }
}
