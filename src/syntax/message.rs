//! From a diagnostic to a message that can be read: places in files as lines and columns, and the text of the
//! line. Knows nothing of what went wrong.

pub use super::clip::clipped;
pub use super::report::{Look, Marked, Message, Place};
use super::tree::{Source, Span};
use crate::syntax::diagnostic::Diagnostic;
use std::collections::HashMap;

/// Makes reports of diagnostics, keeping where the lines of each file begin.
pub struct Messages<'t> {
    files: &'t [Source],
    lines: HashMap<u32, Vec<u32>>,
}

impl<'t> Messages<'t> {
    pub fn new(files: &'t [Source]) -> Self {
        Messages { files, lines: HashMap::new() }
    }

    /// Where a span begins and ends.
    pub fn place(&mut self, span: Span) -> (Place, Place) {
        (self.locate(span.file, span.start as usize), self.locate(span.file, span.end as usize))
    }

    fn starts(&mut self, file: u32) -> &[u32] {
        let text = &self.files[file as usize].text;
        self.lines.entry(file).or_insert_with(|| {
            let newlines = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
            std::iter::once(0).chain(newlines.map(|(at, _)| at as u32 + 1)).collect()
        })
    }

    fn locate(&mut self, file: u32, at: usize) -> Place {
        let starts = self.starts(file);
        let line = starts.partition_point(|start| *start as usize <= at);
        let start = starts[line - 1] as usize;
        let column = self.files[file as usize].text[start..at].chars().count() + 1;
        Place { line, column }
    }

    /// A line without its end.
    fn line(&mut self, file: u32, line: usize) -> &'t str {
        let start = self.starts(file)[line - 1] as usize;
        let text: &'t str = &self.files[file as usize].text[start..];
        text.split('\n').next().unwrap_or("").trim_end_matches('\r')
    }

    /// The diagnostic with all that is shown of it.
    pub fn message(&mut self, diagnostic: &Diagnostic) -> Message {
        let Diagnostic { code, severity, message, span, label, help } = diagnostic;
        let (start, end) = self.place(*span);
        let line = self.line(span.file, start.line);
        let to = if end.line > start.line { line.chars().count() + 1 } else { end.column };
        let name = &self.files[span.file as usize].name;
        let mut marked = Marked::new(name, start, to.saturating_sub(start.column), line);
        marked.end = end;
        marked.bytes = Some((span.start as usize, span.end as usize));
        Message {
            severity: *severity,
            label: label.clone(),
            help: help.clone(),
            place: Some(marked),
            ..Message::new(*code, message)
        }
    }
}
