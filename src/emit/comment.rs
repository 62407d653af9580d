//! The author's words on lines that they cannot leave.

/// Characters that a comment must not hold: control characters, and those that turn the direction of the
/// text around, which compilers refuse.
pub(super) fn is_unsafe(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

/// The lines of a text, clean and without space at their end.
pub(super) fn lines(text: &[String]) -> impl Iterator<Item = String> + '_ {
    text.iter().flat_map(|t| t.split(['\n', '\r'])).map(|line| {
        let line = line.replace('\t', "    ");
        let clean: String = line.chars().map(|c| if is_unsafe(c) { '\u{fffd}' } else { c }).collect();
        clean.trim_end().to_string()
    })
}

/// Appends the lines as comments behind a mark.
pub(super) fn push(mark: &str, text: &[String], out: &mut String) {
    for line in lines(text) {
        out.push_str(mark);
        if !line.is_empty() {
            out.push(' ');
            // A comment of C goes on where its line ends in a backslash.
            out.push_str(line.trim_end_matches('\\').trim_end());
        }
        out.push('\n');
    }
}
