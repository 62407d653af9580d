//! Why an answer is refused: messages, each with its code, those about files with their place.

use crate::syntax::diagnostic::{Code, Diagnostic};
use crate::syntax::message::{Look, Message, Messages};
use crate::syntax::tree::Tree;
use std::fmt;

/// Messages to a person beyond this many are counted, not shown.
const MOST_SHOWN: usize = 20;

/// The input or the question is wrong.
#[derive(Debug)]
pub struct Invalid(pub Vec<Message>);

impl Invalid {
    /// Errors at places of files.
    pub fn at(tree: &Tree, diagnostics: &[Diagnostic]) -> Invalid {
        Invalid(reports(tree, diagnostics))
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0[..] {
            [Message { place: None, message, help: None, .. }] => f.write_str(message),
            reports => f.write_str(render(reports, Look::Plain).trim_end()),
        }
    }
}

impl std::error::Error for Invalid {}

/// An error that is no matter of a place in a file.
pub fn refusal(code: Code, message: impl Into<String>) -> anyhow::Error {
    anyhow::Error::new(Invalid(vec![Message::new(code, message)]))
}

/// Ends a function with an error of a kind: `refuse!(Code::NoValue, "no value for `{name}`")`.
#[macro_export]
macro_rules! refuse {
    ($code:expr, $($message:tt)*) => {
        return Err($crate::session::refusal::refusal($code, format!($($message)*)))
    };
}

/// Diagnostics as messages that can be read.
pub fn reports(tree: &Tree, diagnostics: &[Diagnostic]) -> Vec<Message> {
    let mut messages = Messages::new(&tree.files);
    diagnostics.iter().map(|diagnostic| messages.message(diagnostic)).collect()
}

/// Messages as text: for a person with empty lines between them, and the first ones of many.
pub fn render(reports: &[Message], look: Look) -> String {
    match look {
        Look::Short | Look::Json => reports.iter().map(|message| message.render(look)).collect(),
        Look::Plain | Look::Colored => {
            let shown = reports.iter().take(MOST_SHOWN).map(|message| message.render(look) + "\n");
            let mut text: String = shown.collect();
            if reports.len() > MOST_SHOWN {
                text.push_str(&format!("and {} more\n", reports.len() - MOST_SHOWN));
            }
            text
        }
    }
}
