//! From a diagnostic to a message that can be read: places in files as lines and columns, and the text of the
//! line. Knows nothing of what went wrong.

pub use super::clip::clipped;
pub use super::report::{Look, Marked, Message, Place};
use super::tree::{Source, Span};
use crate::syntax::diagnostic::Diagnostic;
use std::collections::HashMap;

/// Makes messages of diagnostics, keeping where the lines of each file begin.
pub struct Messages<'t> {
    files: &'t [Source],
    lines: HashMap<u32, Vec<u32>>,
    /// The last place: what comes after it on a long line is counted from there.
    last: Option<Found>,
}

/// A place in a file, by bytes and as a person counts.
#[derive(Debug, Clone, Copy)]
struct Found {
    file: u32,
    at: usize,
    place: Place,
}

impl<'t> Messages<'t> {
    pub fn new(files: &'t [Source]) -> Self {
        Messages { files, lines: HashMap::new(), last: None }
    }

    /// Where a span begins and ends.
    pub fn place(&mut self, span: Span) -> (Place, Place) {
        let start = self.locate(span.file, span.start as usize);
        self.last = Some(start);
        (start.place, self.locate(span.file, span.end as usize).place)
    }

    fn starts(&mut self, file: u32) -> &[u32] {
        let text = &self.files[file as usize].text;
        self.lines.entry(file).or_insert_with(|| {
            let newlines = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
            std::iter::once(0).chain(newlines.map(|(at, _)| at as u32 + 1)).collect()
        })
    }

    fn locate(&mut self, file: u32, at: usize) -> Found {
        let starts = self.starts(file);
        let line = starts.partition_point(|start| *start as usize <= at);
        let start = starts[line - 1] as usize;
        let known = self.last.filter(|last| last.file == file && last.place.line == line && last.at <= at);
        let (from, column) = known.map_or((start, 1), |last| (last.at, last.place.column));
        let column = self.files[file as usize].text[from..at].chars().count() + column;
        Found { file, at, place: Place { line, column } }
    }

    /// Where a line begins, and the line without its end.
    fn line(&mut self, file: u32, line: usize) -> (usize, &'t str) {
        let starts = self.starts(file);
        let (start, end) = (starts[line - 1] as usize, starts.get(line).map(|&next| next as usize - 1));
        let text: &'t str = &self.files[file as usize].text;
        (start, text[start..end.unwrap_or(text.len())].trim_end_matches('\r'))
    }

    /// The diagnostic with all that is shown of it.
    pub fn message(&mut self, diagnostic: &Diagnostic) -> Message {
        let Diagnostic { code, severity, message, span, label, help, repair: _ } = diagnostic;
        let (start, end) = self.place(*span);
        let (begin, line) = self.line(span.file, start.line);
        let length = if end.line > start.line { usize::MAX } else { end.column - start.column };
        let name = &self.files[span.file as usize].name;
        let mut marked = Marked::at(name, start, length, line, (span.start as usize - begin).min(line.len()));
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
