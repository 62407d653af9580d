//! The messages on a text as the editor shows them.

use super::Server;
use super::document::Document;
use super::uri;
use crate::session::language::Analysis;
use crate::syntax::diagnostic::{Diagnostic, Severity};
use crate::syntax::message::clipped;
use serde_json::{Value as Json, json};
use std::io::{self, Write};
use std::path::Path;

/// More messages on one text are not shown.
const MOST_SHOWN: usize = 500;

impl<W: Write> Server<W> {
    /// Sends the messages on a text, if they are on the text as it is now.
    pub fn publish(&mut self, uri: &str) -> io::Result<()> {
        let Some(document) = self.documents.get(uri) else { return Ok(()) };
        let Some(analysis) = document.current() else { return Ok(()) };
        let all = analysis.diagnostics.iter().take(MOST_SHOWN);
        let all: Vec<Json> = all.filter_map(|diagnostic| shown(document, analysis, diagnostic)).collect();
        let params = json!({"uri": uri, "version": document.version, "diagnostics": all});
        self.notify("textDocument/publishDiagnostics", params)
    }
}

/// A message in the editor's words; one on an imported file stands where that is imported.
pub fn shown(document: &Document, analysis: &Analysis, diagnostic: &Diagnostic) -> Option<Json> {
    let Diagnostic { code, severity, message, span, label, help, repair: _ } = diagnostic;
    let mut text = clipped(message).into_owned();
    if !label.is_empty() {
        text += &format!("\n{}", clipped(label));
    }
    if let Some(help) = help {
        text += &format!("\nhelp: {}", clipped(help));
    }
    let severity = match severity {
        Severity::Error => 1,
        Severity::Warning => 2,
        Severity::Note => 3,
    };
    let mut shown = json!({"severity": severity, "code": code.id(), "source": "zgrad", "message": text});
    let here = if span.file == 0 { *span } else { analysis.import_of(span.file)? };
    shown["range"] = document.lines.of_span(&document.text, here);
    if span.file != 0 {
        let source = analysis.tree.files.get(span.file as usize)?;
        let range = super::position::Lines::of(&source.text).of_span(&source.text, *span);
        let location = json!({"uri": uri::of(Path::new(&source.name)), "range": range});
        shown["message"] = Json::String(format!("in `{}`: {text}", source.name));
        shown["relatedInformation"] = json!([{"location": location, "message": message}]);
    }
    Some(shown)
}
