//! Documentation and comments: the author's words, on lines that they cannot leave.

use super::super::comment::lines;

/// Plain comments.
pub(super) fn plain(text: &[String], out: &mut String) {
    for line in lines(text) {
        push("//", &line, out);
    }
}

/// Documentation. What looks like code to the documentation tool would be compiled as a test, so lines
/// are not indented and open no fence.
pub(super) fn doc(text: &[String], out: &mut String) {
    for line in lines(text) {
        let line = line.trim_start();
        let fence = line.starts_with("```") || line.starts_with("~~~");
        push("///", &if fence { format!("\\{line}") } else { line.to_string() }, out);
    }
}

fn push(mark: &str, line: &str, out: &mut String) {
    out.push_str(mark);
    if !line.is_empty() {
        out.push(' ');
        out.push_str(line);
    }
    out.push('\n');
}

/// The lints that the documentation sets off.
pub(super) fn lints(text: &[String]) -> Vec<&'static str> {
    let mut found = Vec::new();
    if text.iter().any(|t| t.contains('[')) {
        found.push("rustdoc::broken_intra_doc_links");
    }
    if text.iter().any(|t| t.contains('<')) {
        found.push("rustdoc::invalid_html_tags");
    }
    let is_item = |t: &str| t.trim_start().starts_with(|c: char| "-*+".contains(c) || c.is_ascii_digit());
    if text.iter().any(|t| is_item(t)) {
        found.push("clippy::doc_lazy_continuation");
    }
    found
}
