//! Places as editors count them: lines from 0, and in a line the units of UTF-16. Here they are bytes.

use crate::syntax::tree::Span;
use serde_json::{Value as Json, json};

/// Where the lines of a text begin.
pub struct Lines(Vec<usize>);

impl Lines {
    pub fn of(text: &str) -> Lines {
        let bytes = text.as_bytes();
        // `\n`, `\r\n` and `\r` alone.
        let is_end =
            |at: usize| bytes[at] == b'\n' || (bytes[at] == b'\r' && bytes.get(at + 1) != Some(&b'\n'));
        let ends = (0..bytes.len()).filter(|&at| is_end(at));
        Lines(std::iter::once(0).chain(ends.map(|at| at + 1)).collect())
    }

    /// The byte at a place; the end of the line for a place behind it, the end of the text for a line
    /// that there is not.
    pub fn offset(&self, text: &str, position: &Json) -> usize {
        let number = |name: &str| position[name].as_u64().unwrap_or(0) as usize;
        let line = number("line");
        let Some(&start) = self.0.get(line) else { return text.len() };
        let end = self.0.get(line + 1).map_or(text.len(), |next| next - 1);
        let line = text[start..end].trim_end_matches('\r');
        let (mut units, wanted) = (0, number("character"));
        for (at, c) in line.char_indices() {
            if units >= wanted {
                return start + at;
            }
            units += c.len_utf16();
        }
        start + line.len()
    }

    /// The place of a byte.
    pub fn position(&self, text: &str, at: usize) -> Json {
        let at = at.min(text.len());
        let line = self.0.partition_point(|start| *start <= at) - 1;
        let units: usize = text[self.0[line]..at].chars().map(char::len_utf16).sum();
        json!({"line": line, "character": units})
    }

    pub fn range(&self, text: &str, start: usize, end: usize) -> Json {
        json!({"start": self.position(text, start), "end": self.position(text, end)})
    }

    pub fn of_span(&self, text: &str, span: Span) -> Json {
        self.range(text, span.start as usize, span.end as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::Lines;
    use serde_json::json;

    #[test]
    fn bytes_and_units_of_utf16() {
        let text = "# 😀 é\r\nθ = 1\n\nlast";
        let lines = Lines::of(text);
        for at in (0..=text.len()).filter(|&at| text.is_char_boundary(at)) {
            let place = lines.position(text, at);
            // Between `\r` and `\n` there is no place of its own.
            let expected = if at == text.find('\n').unwrap() { at - 1 } else { at };
            assert_eq!(lines.offset(text, &place), expected, "{place}");
        }
        assert_eq!(lines.position(text, text.find('é').unwrap()), json!({"line": 0, "character": 5}));
        let place = |line: u32, character: u32| json!({"line": line, "character": character});
        assert_eq!(lines.offset(text, &place(1, 1)), text.find(" = 1").unwrap());
        assert_eq!(lines.offset(text, &place(1, 99)), text.find("\n\nlast").unwrap());
        assert_eq!(lines.offset(text, &place(99, 0)), text.len());
        // In the middle of a pair of units: behind it.
        assert_eq!(lines.offset(text, &place(0, 3)), text.find(" é").unwrap());
        assert_eq!(lines.offset(text, &json!({})), 0);
        let text = "a\rb\r\nc";
        let lines = Lines::of(text);
        assert_eq!([place(1, 0), place(2, 0)].map(|place| lines.offset(text, &place)), [2, 5]);
        assert_eq!(lines.position(text, 2), place(1, 0));
    }
}
