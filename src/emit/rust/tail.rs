//! How the lines of a branch are laid out: what is short stands on one line, what ends a block is its
//! value, and clippy's opinions.

use super::layout::{self, IF_WIDTH};
use super::writer::{Line, Writer};
use crate::block::Local;
use crate::core::Type;

impl Writer<'_> {
    /// What clippy has to say of the chain that begins at line `top`.
    pub fn note_chain(&mut self, top: usize) {
        let lines = &self.lines[top..];
        let Some(first) = lines.first() else { return };
        let alone = lines[1..].iter().all(|l| l.indent > first.indent);
        let nested = alone && lines.get(1).is_some_and(|l| l.text.starts_with("if "));
        if nested {
            self.lints.insert("clippy::collapsible_if");
        }
        let lines = &self.lines[top..];
        let first = &lines[0];
        let texts = || lines[1..].split(|l| l.indent == first.indent && l.text.starts_with("} else"));
        let mut conditions: Vec<String> = lines
            .iter()
            .filter(|l| l.indent == first.indent)
            .filter_map(|l| l.text.split_once("if ").map(|(_, cond)| turned(cond.trim_end_matches(" {"))))
            .collect();
        let all = conditions.len();
        conditions.sort();
        conditions.dedup();
        let repeated = conditions.len() < all;
        let same = |(a, b): (&[Line], &[Line])| {
            let single = a.len() == 1 && b.len() == 1;
            let equal = |(a, b): (&Line, &Line)| {
                if single { a.text == b.text } else { skeleton(&a.text) == skeleton(&b.text) }
            };
            a.len() == b.len() && a.iter().zip(b).all(equal)
        };
        if texts().zip(texts().skip(1)).any(same) {
            self.lints.insert("clippy::if_same_then_else");
        }
        if repeated {
            self.lints.insert("clippy::ifs_same_cond");
        }
    }

    /// Drops an empty else-branch.
    pub fn note_nested(&mut self, mark: usize, has_value: bool) {
        match self.lines.get(mark + 1) {
            None if !has_value => {
                self.lines.pop();
            }
            Some(line) if line.text.starts_with("if ") => {
                self.lints.insert("clippy::collapsible_else_if");
            }
            Some(_) | None => {}
        }
    }

    /// The last line of a block; a variable set on the line before is written itself.
    pub fn tail_line(&mut self, text: String) {
        let unnamed =
            |l: &Line| l.guard.is_some_and(|g| !self.touched[g.0 as usize]) && l.text.starts_with("let ");
        let kept = self.lines.iter().rposition(|l| !unnamed(l)).map_or(0, |k| k + 1);
        self.lines.truncate(kept);
        if let Some(last) = self.lines.last()
            && last.indent == self.indent
        {
            let value = last
                .text
                .strip_prefix("let ")
                .and_then(|rest| rest.strip_prefix("mut ").or(Some(rest)))
                .and_then(|rest| rest.strip_prefix(text.as_str()))
                .and_then(|rest| rest.strip_prefix(": i64").or(Some(rest)))
                .and_then(|rest| rest.strip_prefix(" = "))
                .and_then(|rest| rest.strip_suffix(';'));
            if value.is_some_and(|v| v.starts_with("if ")) {
                self.lints.insert("clippy::let_and_return");
            } else if let Some(value) = value {
                let value = value.to_string();
                self.lines.pop();
                self.line(value);
                return;
            }
            let last = self.lines.last().map_or("", |l| l.text.as_str());
            if matches!(last, "};" | "];" | ");") {
                self.lints.insert("clippy::let_and_return");
            }
        }
        self.line(text);
    }

    /// Names the value of a short `if` that ends a block: whether that stands on one line is a matter of
    /// the formatter's edition.
    pub fn name_short(&mut self, at: usize, targets: &[Local]) {
        if self.lines.len() != at + 5 || targets.iter().any(|t| self.ty(*t).rank > 1) {
            return;
        }
        let names: Vec<String> = targets.iter().map(|&t| self.name_only(t)).collect();
        let name = match names.as_slice() {
            [one] => one.clone(),
            many => format!("({})", many.join(", ")),
        };
        let annotated = matches!(targets, [one] if self.ty(*one) == Type::INT);
        let head = format!("let {name}{} = ", if annotated { ": i64" } else { "" });
        self.lines[at].text.insert_str(0, &head);
        self.lines[at + 4].text.push(';');
        self.collapse(at);
        if self.lines.len() < at + 5 {
            self.lints.insert("clippy::let_and_return");
            self.line(name);
        } else {
            self.lines[at].text.drain(..head.len());
            self.lines[at + 4].text.pop();
        }
    }

    /// A short `if` and `else` after `let` on one line.
    pub fn collapse(&mut self, at: usize) {
        let [head, a, middle, b, end] = &self.lines[at..] else { return };
        let Some((start, cond)) = head.text.split_once("if ") else { return };
        if middle.text != "} else {" || a.text.ends_with(';') || b.text.ends_with(';') {
            return;
        }
        let text = format!("if {cond} {} }} else {{ {} }}", a.text, b.text);
        let line = format!("{start}{text}{}", end.text.trim_start_matches('}'));
        if layout::width(&text) > IF_WIDTH {
            return;
        }
        if 4 * head.indent + layout::width(&line) <= layout::WIDTH {
            self.lines.truncate(at + 1);
            self.lines[at].text = line;
        } else if !start.is_empty() && 4 * head.indent + layout::width(&text) + 5 <= layout::WIDTH {
            let (indent, start) = (head.indent + 1, start.trim_end().to_string());
            self.lines.truncate(at + 1);
            self.lines[at].text = start;
            self.lines.push(Line { indent, text: format!("{text};"), guard: None });
        }
    }
}

/// `a > b` as `b < a`.
fn turned(condition: &str) -> String {
    for (from, to) in [(" > ", " < "), (" >= ", " <= ")] {
        if let Some((a, b)) = condition.split_once(from) {
            return format!("{b}{to}{a}");
        }
    }
    condition.to_string()
}

/// The text with its names alike: variables of two blocks may differ in nothing else.
fn skeleton(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        let c = if c.is_ascii_alphanumeric() || c == '_' { 'x' } else { c };
        if c != 'x' || !out.ends_with('x') {
            out.push(c);
        }
    }
    out
}
