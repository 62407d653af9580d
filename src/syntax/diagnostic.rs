//! What went wrong, where, and what to do about it. Every stage that reads a file reports its
//! errors as a list of these; `session` prints them.

pub use super::code::{Code, Severity};
use super::tree::Span;

/// A message about a place in a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Diagnostic {
    /// What kind of message it is: `zgrad help` explains each.
    pub code: Code,
    pub severity: Severity,
    /// One line: what is wrong, in the words of the notation.
    pub message: String,
    /// The place to mark.
    pub span: Span,
    /// A few words printed under the marks: what was expected here. May be empty.
    pub label: String,
    /// What to do, if that can be said: "did you mean `sin`?", "write `2*x`".
    pub help: Option<String>,
    /// What most likely should stand at the place instead.
    pub repair: Option<String>,
}

impl Diagnostic {
    /// A message of the kind's own severity.
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Self {
        Diagnostic {
            code,
            severity: code.severity(),
            message: message.into(),
            span,
            label: String::new(),
            help: None,
            repair: None,
        }
    }

    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// What most likely should stand at the place instead.
    pub fn repair(mut self, text: impl Into<String>) -> Self {
        self.repair = Some(text.into());
        self
    }

    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}
