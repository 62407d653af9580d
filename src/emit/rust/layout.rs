//! Where rustfmt breaks lines.

use super::super::expression::CALL_WIDTH;

/// The width of a line.
pub(super) const WIDTH: usize = 100;
/// `if` expressions wider than this are broken.
pub(super) const IF_WIDTH: usize = 50;
/// The arguments of an attribute.
const ATTRIBUTE_WIDTH: usize = 70;
/// Elements up to this width are packed into lines.
const SHORT_ELEMENT: usize = 10;

pub(super) fn width(text: &str) -> usize {
    text.chars().count()
}

/// `open`, the items and `close` as the lines of a list in brackets: on one line, packed if the items are
/// short, or an item a line. Macros keep their last item without a comma.
pub(super) fn list(open: &str, items: &[String], close: &str, indent: usize, comma: bool) -> Vec<String> {
    let line = format!("{open}{}{close}", items.join(", "));
    if is_narrow(items) && indent + width(&line) <= WIDTH {
        return vec![line];
    }
    if comma && items.iter().all(|item| width(item) <= SHORT_ELEMENT && is_simple(item)) {
        return packed(open, items, close, indent);
    }
    vertical(open, items, close, comma)
}

/// The same after `let x = `, which stands alone on its line if the list then fits on the next.
pub(super) fn assigned(head: &str, open: &str, items: &[String], close: &str, indent: usize) -> Vec<String> {
    let line = format!("{open}{}{close}", items.join(", "));
    let fits = |before: usize| is_narrow(items) && indent + before + width(&line) <= WIDTH;
    if !fits(width(head)) && fits(4) {
        return vec![head.trim_end().to_string(), format!("    {line}")];
    }
    if indent + width(head) + width(open) > WIDTH {
        let lines = list(open, items, close, indent + 4, true).into_iter().map(|l| format!("    {l}"));
        return std::iter::once(head.trim_end().to_string()).chain(lines).collect();
    }
    list(&format!("{head}{open}"), items, close, indent, true)
}

/// `let (a, b) = `, whose last line the value follows.
pub(super) fn pattern(names: &[String], indent: usize) -> Vec<String> {
    let line = match names {
        [one] => format!("let {one} = "),
        many => format!("let ({}) = ", many.join(", ")),
    };
    if names.len() < 2 || indent + width(line.trim_end()) <= WIDTH {
        return vec![line];
    }
    let mut lines = vertical("let (", names, ") =", true);
    if let Some(last) = lines.last_mut() {
        last.push(' ');
    }
    lines
}

/// A name, a literal, an element or a reference, as the formatter sees it.
fn is_simple(item: &str) -> bool {
    let bare = item.trim_start_matches("&mut ").trim_start_matches(['&', '-', '!', '*']);
    let bare = bare.split(" as ").next().unwrap_or(bare);
    !bare.contains([' ', '(']) && !bare.contains("::")
}

fn is_narrow(items: &[String]) -> bool {
    items.len() < 2 || width(&items.join(", ")) <= CALL_WIDTH
}

fn vertical(open: &str, items: &[String], close: &str, comma: bool) -> Vec<String> {
    let mut lines = vec![open.to_string()];
    for (k, item) in items.iter().enumerate() {
        let end = if comma || k + 1 < items.len() { "," } else { "" };
        lines.push(format!("    {item}{end}"));
    }
    lines.push(close.to_string());
    lines
}

fn packed(open: &str, items: &[String], close: &str, indent: usize) -> Vec<String> {
    let mut lines = vec![open.to_string()];
    let mut line = String::from("   ");
    for (k, item) in items.iter().enumerate() {
        // The formatter keeps a column free, but after the last item.
        let limit = if k + 1 == items.len() { WIDTH } else { WIDTH - 1 };
        if indent + width(&line) + 1 + width(item) + 1 > limit {
            lines.push(std::mem::replace(&mut line, String::from("   ")));
        }
        line.push_str(&format!(" {item},"));
    }
    lines.push(line);
    lines.push(close.to_string());
    lines
}

/// `#[allow(…)]`
pub(super) fn allow(lints: &[&str], out: &mut String) {
    if lints.is_empty() {
        return;
    }
    let inner = lints.join(", ");
    if width(&inner) <= ATTRIBUTE_WIDTH {
        out.push_str(&format!("#[allow({inner})]\n"));
    } else {
        out.push_str(&format!("#[allow(\n    {}\n)]\n", lints.join(",\n    ")));
    }
}

/// The head of a function up to its opening brace; `result` is empty or `-> T`.
pub(super) fn head(start: &str, params: &[String], results: &[String], out: &mut String) {
    let result = match results {
        [] => String::new(),
        [one] => format!(" -> {one}"),
        many => format!(" -> ({})", many.join(", ")),
    };
    let narrow = is_narrow(results);
    let line = format!("{start}({}){result} {{", params.join(", "));
    if narrow && width(&line) <= WIDTH {
        out.push_str(&line);
        out.push('\n');
        return;
    }
    let mut lines = vec![format!("{start}(")];
    lines.extend(params.iter().map(|p| format!("    {p},")));
    let last = format!("){result} {{");
    if narrow && width(&last) <= WIDTH {
        lines.push(last);
    } else {
        lines.push(") -> (".to_string());
        lines.extend(results.iter().map(|r| format!("    {r},")));
        lines.push(") {".to_string());
    }
    if params.is_empty() {
        let first = lines.remove(0);
        lines[0] = first + &lines[0];
    }
    out.push_str(&lines.join("\n"));
    out.push('\n');
}

/// The text before the arguments of a call, and the arguments, if the text is one call.
pub(super) fn call_parts(text: &str) -> Option<(&str, Vec<String>)> {
    let open = text.find('(')?;
    let inner = text[open + 1..].strip_suffix(')')?;
    if open == 0 || !text[..open].bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b':') {
        return None;
    }
    let (mut depth, mut start, mut items) = (0, 0, Vec::new());
    for (at, b) in inner.bytes().enumerate() {
        match b {
            b'(' | b'[' => depth += 1,
            b')' | b']' if depth == 0 => return None,
            b')' | b']' => depth -= 1,
            b',' if depth == 0 => {
                items.push(inner[start..at].trim().to_string());
                start = at + 1;
            }
            _ => {}
        }
    }
    items.push(inner[start..].trim().to_string());
    Some((&text[..=open], items))
}
