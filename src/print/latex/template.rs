//! The spellings of the table of primitives: text with holes, and what each hole needs.

use super::{FRACTION, OPEN, POSTFIX, POWER, PRODUCT, SUM};

/// A piece of a spelling.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Piece {
    Text(&'static str),
    /// An argument that must bind at least this tightly.
    Hole {
        argument: usize,
        least: u8,
    },
    /// The argument of a function that is written before it, in parentheses.
    Applied {
        argument: usize,
    },
}

/// A spelling taken apart.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Template {
    pub pieces: Vec<Piece>,
    /// How tightly the whole binds.
    pub level: u8,
}

impl Template {
    /// Takes a spelling apart: `{0}` is the first argument, other braces are text.
    pub fn new(text: &'static str) -> Template {
        let mut pieces = Vec::new();
        let mut start = 0;
        let mut at = 0;
        while at < text.len() {
            match hole(&text[at..]) {
                Some(argument) => {
                    if start < at {
                        pieces.push(Piece::Text(&text[start..at]));
                    }
                    pieces.push(piece(argument, &text[..at], &text[at + 3..]));
                    at += 3;
                    start = at;
                }
                None => at += text[at..].chars().next().map_or(1, char::len_utf8),
            }
        }
        if start < text.len() {
            pieces.push(Piece::Text(&text[start..]));
        }
        // The space before an argument in parentheses goes.
        for k in 1..pieces.len() {
            if let (Piece::Text(before), Piece::Applied { .. }) = (pieces[k - 1].clone(), pieces[k].clone()) {
                pieces[k - 1] = Piece::Text(before.trim_end());
            }
        }
        Template { level: level(text), pieces }
    }
}

/// The argument that a text begins with.
fn hole(text: &str) -> Option<usize> {
    let [b'{', digit @ b'0'..=b'9', b'}', ..] = text.as_bytes() else { return None };
    Some((digit - b'0') as usize)
}

fn piece(argument: usize, before: &str, after: &str) -> Piece {
    let opens = ["{", "(", "|", "\\lfloor ", "\\lceil ", ", "].iter().any(|end| before.ends_with(end));
    let closes = ["}", ")", "\\right", " \\right", ","].iter().any(|begin| after.starts_with(begin));
    if opens && closes {
        return Piece::Hole { argument, least: OPEN };
    }
    if after.starts_with('^') {
        return Piece::Hole { argument, least: POSTFIX };
    }
    let word = before.trim_end().rsplit(' ').next().unwrap_or_default();
    if before.ends_with(' ') && word.starts_with('\\') && !is_sign(word) {
        return Piece::Applied { argument };
    }
    let sum = [" + ", " - "].iter().any(|sign| before.ends_with(sign) || after.starts_with(sign));
    Piece::Hole { argument, least: if sum { PRODUCT } else { FRACTION } }
}

/// Commands that stand between operands, or that are constants.
fn is_sign(word: &str) -> bool {
    ["\\bmod", "\\cdot", "\\times", "\\backslash", "\\pi", "\\operatorname{rem}", "(\\pi"].contains(&word)
}

/// How tightly a spelling binds, by the signs outside all brackets.
fn level(text: &str) -> u8 {
    let mut depth = 0i32;
    let mut power = false;
    let mut product = false;
    for (at, c) in text.char_indices() {
        match c {
            '{' | '(' => depth += 1,
            '}' | ')' => depth -= 1,
            '^' if depth == 0 => power = true,
            ' ' if depth == 0 => {
                let rest = &text[at + 1..];
                if rest.starts_with("+ ") || rest.starts_with("- ") {
                    return SUM;
                }
                // A function and its argument in parentheses are one; `\left\lfloor x` too.
                let applied = rest.len() == 3 && hole(rest).is_some() && text.starts_with('\\');
                let bracket = text[..at].contains("\\left") || rest.starts_with("\\right");
                product |= !(applied || bracket);
            }
            _other => {}
        }
    }
    if product {
        PRODUCT
    } else if text.starts_with("\\frac") {
        FRACTION
    } else if power {
        POWER
    } else {
        POSTFIX
    }
}
