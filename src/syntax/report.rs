//! A message as its reader gets it: a person on a terminal, an editor as JSON, a list as single lines.
//! All that is shown is here; nothing is looked up any more.

use super::clip::{excerpt, with_short_names};
use super::code::{Code, Severity};
use serde_json::{Value as Json, json};

/// For whom messages are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Look {
    /// A person: the line with the place marked, and what to do.
    #[default]
    Plain,
    /// The same in colours.
    Colored,
    /// A line for each message, with its place at the front.
    Short,
    /// An object of JSON on each line.
    Json,
}

/// A place as a person counts: lines and characters from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub line: usize,
    pub column: usize,
}

/// A part of a file, with what is shown of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marked {
    /// Of the file.
    pub name: String,
    pub start: Place,
    /// Behind the last character.
    pub end: Place,
    /// The same in bytes from the beginning of the file, where that is at hand.
    pub bytes: Option<(usize, usize)>,
    /// The part of the first line round the mark, and the carets under it.
    shown: String,
    marks: String,
}

impl Marked {
    /// So many characters from a place on; the line is that of the place.
    pub fn new(name: &str, start: Place, length: usize, line: &str) -> Marked {
        let at = line.char_indices().nth(start.column - 1).map_or(line.len(), |(at, _)| at);
        Marked::at(name, start, length, line, at)
    }

    /// The same, with the place in bytes from the beginning of the line.
    pub(super) fn at(name: &str, start: Place, length: usize, line: &str, at: usize) -> Marked {
        let (shown, marks) = excerpt(line, at, start.column - 1, length.max(1));
        let end = Place { line: start.line, column: start.column.saturating_add(length) };
        Marked { name: name.to_string(), start, end, bytes: None, shown, marks }
    }
}

/// A message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub severity: Severity,
    pub code: Code,
    /// What is wrong, in one line.
    pub message: String,
    /// Where; nothing if it is no matter of a file.
    pub place: Option<Marked>,
    /// A few words printed under the marks. May be empty.
    pub label: String,
    /// What to do.
    pub help: Option<String>,
    /// A second place that has to do with it, and what it is.
    pub also: Option<(String, Marked)>,
    /// Something to add.
    pub remark: Option<String>,
}

impl Message {
    /// A message without a place.
    pub fn new(code: Code, message: impl Into<String>) -> Message {
        Message {
            severity: code.severity(),
            code,
            message: message.into(),
            place: None,
            label: String::new(),
            help: None,
            also: None,
            remark: None,
        }
    }

    /// As a text that ends in a newline.
    pub fn render(&self, look: Look) -> String {
        match look {
            Look::Plain => self.human(false),
            Look::Colored => self.human(true),
            Look::Short => self.short(),
            Look::Json => format!("{}\n", self.json()),
        }
    }

    fn human(&self, color: bool) -> String {
        let paint = |code: &str, text: &str| {
            if color { format!("\u{1B}[1;{code}m{text}\u{1B}[0m") } else { text.to_string() }
        };
        let blue = |text: &str| paint("34", text);
        let tone = match self.severity {
            Severity::Error => "31",
            Severity::Warning => "33",
            Severity::Note => "36",
        };
        let head = format!("{}[{}]", self.severity.name(), self.code.id());
        let mut out =
            paint(tone, &head) + &paint("0", &format!(": {}", with_short_names(&self.message))) + "\n";
        let width = self.place.as_ref().map_or(0, |place| place.start.line.to_string().len());
        if let Some(place) = &self.place {
            out += &place.human(width, &self.label, &blue, &|text| paint(tone, text));
        }
        if let Some(help) = &self.help {
            let help = with_short_names(help);
            out += &format!("{:width$} {}{} {help}\n", "", blue("="), paint("0", " help:"));
        }
        if let Some(remark) = &self.remark {
            out += &format!("{:width$} {} {remark}\n", "", blue("="));
        }
        if let Some((what, place)) = &self.also {
            let width = place.start.line.to_string().len();
            out += &format!("{}{}\n", paint("36", "note"), paint("0", &format!(": {what}")));
            out += &place.human(width, "", &blue, &|text| paint("36", text));
        }
        out
    }

    fn short(&self) -> String {
        let place = match &self.place {
            Some(Marked { name, start, .. }) => format!("{name}:{}:{}: ", start.line, start.column),
            None => String::new(),
        };
        let (severity, code) = (self.severity.name(), self.code.id());
        let mut line = format!("{place}{severity}[{code}]: {}", with_short_names(&self.message));
        if !self.label.is_empty() {
            line += &format!(" ({})", with_short_names(&self.label));
        }
        if let Some(help) = &self.help {
            line += &format!("; help: {}", with_short_names(help));
        }
        line.replace('\n', " ") + "\n"
    }

    fn json(&self) -> Json {
        let first = self.place.iter().map(|place| place.json(true, &self.label));
        let also = self.also.iter().map(|(what, place)| place.json(false, what));
        json!({
            "code": self.code.id(),
            "severity": self.severity.name(),
            "message": self.message,
            "file": self.place.as_ref().map(|place| place.name.as_str()),
            "spans": first.chain(also).collect::<Vec<Json>>(),
            "help": self.help,
            "remark": self.remark,
            "rendered": self.human(false),
        })
    }
}

impl Marked {
    fn human(
        &self,
        width: usize,
        label: &str,
        blue: &dyn Fn(&str) -> String,
        tone: &dyn Fn(&str) -> String,
    ) -> String {
        let Marked { name, start: Place { line: number, column }, shown, marks, .. } = self;
        let bar = blue("|");
        let mut label = label.to_string();
        if self.end.line > *number {
            label = match label.as_str() {
                "" => format!("… to line {}", self.end.line),
                label => format!("{label} (to line {})", self.end.line),
            };
        }
        let mut out = format!("{:width$}{} {name}:{number}:{column}\n", "", blue("-->"));
        out += &format!("{:width$} {bar}\n", "");
        out += &format!("{} {bar} {shown}\n", blue(&format!("{number:width$}")));
        out += &format!("{:width$} {bar} {}\n", "", tone(format!("{marks} {label}").trim_end()));
        out
    }

    fn json(&self, primary: bool, label: &str) -> Json {
        let place = |place: Place, byte: Option<usize>| json!({"line": place.line, "column": place.column, "byte": byte});
        json!({
            "file": self.name,
            "start": place(self.start, self.bytes.map(|(start, _)| start)),
            "end": place(self.end, self.bytes.map(|(_, end)| end)),
            "primary": primary,
            "label": label,
        })
    }
}
