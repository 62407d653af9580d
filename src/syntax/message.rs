//! A diagnostic as a person reads it: the message, the place, the line with the place marked, and
//! what to do. Takes the files and a diagnostic, gives text; knows nothing of what went wrong.

use super::tree::{Source, Span};
use crate::syntax::diagnostic::{Diagnostic, Severity};
use std::borrow::Cow;
use std::collections::HashMap;

/// How many characters of a line are shown; of a longer one, the part round the mark.
const WIDTH: usize = 120;

/// Renders diagnostics, keeping where the lines of each file begin.
pub struct Messages<'t> {
    files: &'t [Source],
    color: bool,
    lines: HashMap<u32, Vec<u32>>,
}

/// A place as a person counts: lines and characters from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub line: usize,
    pub column: usize,
}

impl<'t> Messages<'t> {
    pub fn new(files: &'t [Source], color: bool) -> Self {
        Messages { files, color, lines: HashMap::new() }
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

    /// The diagnostic, as some lines of text that end in a newline.
    pub fn render(&mut self, diagnostic: &Diagnostic) -> String {
        let span = diagnostic.span;
        let (from, to) = self.place(span);
        let line = self.line(span.file, from.line);
        let length = if to.line > from.line { line.chars().count() + 1 } else { to.column };
        let mut label = diagnostic.label.clone();
        if to.line > from.line {
            label = if label.is_empty() {
                format!("… to line {}", to.line)
            } else {
                format!("{label} (to line {})", to.line)
            };
        }
        let place = Marked {
            name: &self.files[span.file as usize].name,
            place: from,
            length: length.saturating_sub(from.column).max(1),
            line,
        };
        let Diagnostic { severity, message, help, .. } = diagnostic;
        place.render(*severity, message, &label, help.as_deref(), self.color)
    }
}

/// A place of a line.
#[derive(Debug, Clone, Copy)]
pub struct Marked<'a> {
    /// Of the file.
    pub name: &'a str,
    pub place: Place,
    /// How many characters are marked.
    pub length: usize,
    /// The whole line.
    pub line: &'a str,
}

impl Marked<'_> {
    /// A message about the place, as some lines of text that end in a newline.
    pub fn render(
        &self,
        severity: Severity,
        message: &str,
        label: &str,
        help: Option<&str>,
        color: bool,
    ) -> String {
        let paint = |code: &str, text: &str| {
            if color { format!("\u{1B}[1;{code}m{text}\u{1B}[0m") } else { text.to_string() }
        };
        let (word, tone) = match severity {
            Severity::Error => ("error", "31"),
            Severity::Warning => ("warning", "33"),
            Severity::Note => ("note", "36"),
        };
        let Marked { name, place: Place { line: number, column }, length, line } = *self;
        let width = number.to_string().len();
        let (blue, bold) = (|text: &str| paint("34", text), |text: &str| paint("0", text));
        let mut out = format!("{}{}\n", paint(tone, word), bold(&format!(": {}", with_short_names(message))));
        out += &format!("{:width$}{} {name}:{number}:{column}\n", "", blue("-->"));
        let (shown, marks) = excerpt(line, column - 1, length);
        let bar = blue("|");
        out += &format!("{:width$} {bar}\n", "");
        out += &format!("{} {bar} {shown}\n", blue(&format!("{number:width$}")));
        out += &format!("{:width$} {bar} {}\n", "", paint(tone, format!("{marks} {label}").trim_end()));
        if let Some(help) = help {
            let help = with_short_names(help);
            out += &format!("{:width$} {}{} {help}\n", "", blue("="), bold(" help:"));
        }
        out
    }
}

/// The longest name, and the longest message, that is shown whole.
const LONGEST_NAME: usize = 80;
const LONGEST: usize = 1000;

/// A text with its middle left out if it is long.
pub fn clipped(text: &str) -> Cow<'_, str> {
    shortened(text, LONGEST_NAME)
}

fn shortened(text: &str, longest: usize) -> Cow<'_, str> {
    if text.len() <= longest {
        return Cow::Borrowed(text);
    }
    let Some((cut, _)) = text.char_indices().nth(longest / 2) else { return Cow::Borrowed(text) };
    let end = text.char_indices().rev().nth(longest / 4).map_or(text.len(), |(at, _)| at);
    if end <= cut { Cow::Borrowed(text) } else { Cow::Owned(format!("{}…{}", &text[..cut], &text[end..])) }
}

/// A message with every name in quotes that is too long shortened.
fn with_short_names(message: &str) -> Cow<'_, str> {
    if message.len() <= LONGEST_NAME {
        return Cow::Borrowed(message);
    }
    // What stands between quotes is every second part.
    let part = |(k, part)| if k % 2 == 1 { clipped(part) } else { Cow::Borrowed(part) };
    let parts: Vec<Cow<'_, str>> = message.split('`').enumerate().map(part).collect();
    let text = parts.join("`");
    Cow::Owned(shortened(&text, LONGEST).into_owned())
}

/// The part of a line round the mark, and the line of carets under it. Columns from 0.
fn excerpt(line: &str, column: usize, length: usize) -> (String, String) {
    let skip = if column + length.min(WIDTH / 2) > WIDTH { column.saturating_sub(WIDTH / 3) } else { 0 };
    let cut = line.char_indices().nth(skip).map_or(line.len(), |(at, _)| at);
    let (mut shown, mut marks) = (String::new(), String::new());
    if skip > 0 {
        shown.push('…');
        marks.push(' ');
    }
    let mut rest = line[cut..].chars();
    for (at, c) in (skip..).zip(rest.by_ref().take(WIDTH)) {
        let (text, wide) = drawn(c);
        shown.push_str(&text);
        let mark = if (column..column + length).contains(&at) { "^" } else { " " };
        marks.push_str(&mark.repeat(wide));
    }
    if rest.next().is_some() {
        shown.push('…');
    }
    let mut marks = marks.trim_end().to_string();
    if !marks.contains('^') {
        // The mark stands at the end of the line.
        let width: usize = shown.chars().map(|c| drawn(c).1).sum();
        marks = format!("{}^", " ".repeat(width));
    }
    (shown.trim_end().to_string(), marks)
}

/// What is shown for a character, and its width on a terminal.
fn drawn(c: char) -> (String, usize) {
    match c {
        '\t' => ("    ".to_string(), 4),
        _ if c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}') => {
            ("\u{FFFD}".to_string(), 1)
        }
        '\u{300}'..='\u{36F}' | '\u{200B}'..='\u{200F}' | '\u{FEFF}' => (c.to_string(), 0),
        '\u{1100}'..='\u{115F}'
        | '\u{2E80}'..='\u{A4CF}'
        | '\u{AC00}'..='\u{D7A3}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{FF00}'..='\u{FF60}'
        | '\u{1F300}'..='\u{1FAFF}' => (c.to_string(), 2),
        _ => (c.to_string(), 1),
    }
}
