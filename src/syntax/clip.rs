//! What is shown of long texts: the middle left out of names, the part of a line round a mark.

use std::borrow::Cow;

/// How many characters of a line are shown; of a longer one, the part round the mark.
const WIDTH: usize = 120;

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
pub fn with_short_names(message: &str) -> Cow<'_, str> {
    if message.len() <= LONGEST_NAME {
        return Cow::Borrowed(message);
    }
    // What stands between quotes is every second part.
    let part = |(k, part)| if k % 2 == 1 { clipped(part) } else { Cow::Borrowed(part) };
    let parts: Vec<Cow<'_, str>> = message.split('`').enumerate().map(part).collect();
    let text = parts.join("`");
    Cow::Owned(shortened(&text, LONGEST).into_owned())
}

/// The part of a line round the mark, and the line of carets under it. The mark begins at a byte, which is in a
/// column, from 0.
pub fn excerpt(line: &str, at: usize, column: usize, length: usize) -> (String, String) {
    let back = if column + length.min(WIDTH / 2) > WIDTH { WIDTH / 3 } else { column };
    let cut = line[..at].char_indices().rev().take(back).last().map_or(at, |(at, _)| at);
    let (mut shown, mut marks) = (String::new(), String::new());
    if cut > 0 {
        shown.push('…');
        marks.push(' ');
    }
    let mut rest = line[cut..].chars();
    for (k, c) in rest.by_ref().take(WIDTH).enumerate() {
        let (text, wide) = drawn(c);
        shown.push_str(&text);
        let mark = if k >= back && k - back < length { "^" } else { " " };
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
