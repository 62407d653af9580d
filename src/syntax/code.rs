//! The kinds of messages: each has a code that stays, and an explanation with an example. They stand in
//! `code/table.yaml`, from which the enum is made when zgrad is built, so that there is no message without a
//! code and no code without an explanation.

/// How much a message matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    Error,
    Warning,
    /// Something to know about a result.
    Note,
}

impl Severity {
    pub fn name(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        }
    }
}

/// What is told of a kind of message.
#[derive(Debug, Clone, Copy)]
pub struct Explanation {
    /// `E0101`: an error, `W…` a warning, `N…` a note.
    pub code: &'static str,
    /// As it is called in the source.
    pub name: &'static str,
    /// In a few words.
    pub title: &'static str,
    /// Why, in a few sentences.
    pub text: &'static str,
    /// The command that answers with the message, and without it, on the files below: its arguments after
    /// `zgrad`, `f.math` among them.
    pub run: &'static str,
    /// A file that draws the message; empty where none can be shown.
    pub wrong: &'static str,
    /// How it is written instead.
    pub right: &'static str,
    /// What to run on that, where it is another command.
    pub right_run: &'static str,
}

include!(concat!(env!("OUT_DIR"), "/codes.rs"));

impl Code {
    pub fn explanation(self) -> &'static Explanation {
        &EXPLANATIONS[self as usize]
    }

    /// `E0101`
    pub fn id(self) -> &'static str {
        self.explanation().code
    }

    /// Errors have an `E`, warnings a `W`, notes an `N`.
    pub fn severity(self) -> Severity {
        match self.id().as_bytes().first() {
            Some(b'W') => Severity::Warning,
            Some(b'N') => Severity::Note,
            Some(_) | None => Severity::Error,
        }
    }

    /// The kind with this code, in small or large letters.
    pub fn find(text: &str) -> Option<Code> {
        ALL.iter().copied().find(|code| code.id().eq_ignore_ascii_case(text))
    }

    /// All kinds in the order of their codes.
    pub fn all() -> impl Iterator<Item = Code> {
        ALL.iter().copied()
    }
}
