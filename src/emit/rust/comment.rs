//! Documentation and comments: the author's words, on lines that they cannot leave.

/// Characters that a comment must not hold: control characters, and those that turn the direction of the
/// text around, which the compiler refuses.
pub(super) fn is_unsafe(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

/// The lines of a text, clean and without space at their end.
fn lines(text: &[String]) -> impl Iterator<Item = String> + '_ {
    text.iter().flat_map(|t| t.split(['\n', '\r'])).map(|line| {
        let line = line.replace('\t', "    ");
        let clean: String = line.chars().map(|c| if is_unsafe(c) { '\u{fffd}' } else { c }).collect();
        clean.trim_end().to_string()
    })
}

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
