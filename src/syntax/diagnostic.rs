//! What went wrong, where, and what to do about it. Every stage that reads a file reports its
//! errors as a list of these; `session` prints them.

use super::tree::Span;

/// How much a message matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    Error,
    Warning,
    /// Something to know about a result.
    Note,
}

/// A message about a place in a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Diagnostic {
    pub severity: Severity,
    /// One line: what is wrong, in the words of the notation.
    pub message: String,
    /// The place to mark.
    pub span: Span,
    /// A few words printed under the marks: what was expected here. May be empty.
    pub label: String,
    /// What to do, if that can be said: "did you mean `sin`?", "write `2*x`".
    pub help: Option<String>,
}

impl Diagnostic {
    pub fn error(span: Span, message: impl Into<String>) -> Self {
        Diagnostic {
            severity: Severity::Error,
            message: message.into(),
            span,
            label: String::new(),
            help: None,
        }
    }

    pub fn warning(span: Span, message: impl Into<String>) -> Self {
        Diagnostic { severity: Severity::Warning, ..Self::error(span, message) }
    }

    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}
