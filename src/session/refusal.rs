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
        Invalid(messages(tree, diagnostics))
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0[..] {
            [Message { place: None, message, help: None, .. }] => f.write_str(message),
            messages => f.write_str(render(messages, Look::Plain).trim_end()),
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
pub fn messages(tree: &Tree, diagnostics: &[Diagnostic]) -> Vec<Message> {
    let mut places = Messages::new(&tree.files);
    diagnostics.iter().map(|diagnostic| places.message(diagnostic)).collect()
}

/// Messages as text: for a person with empty lines between them, and the first ones of many.
pub fn render(messages: &[Message], look: Look) -> String {
    match look {
        Look::Short | Look::Json => messages.iter().map(|message| message.render(look)).collect(),
        Look::Plain | Look::Colored => {
            // A line between excerpts.
            let end = |message: &Message| if message.place.is_some() { "\n" } else { "" };
            let shown = messages.iter().take(MOST_SHOWN).map(|message| message.render(look) + end(message));
            let mut text: String = shown.collect();
            if messages.len() > MOST_SHOWN {
                text.push_str(&format!("and {} more\n", messages.len() - MOST_SHOWN));
            }
            text
        }
    }
}
