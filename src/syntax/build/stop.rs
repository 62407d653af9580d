//! The words for a place where an expression cannot go on: what was expected, and what the writer
//! most likely meant.

use super::super::frame::{Frame, Kind, Slot};
use super::super::tree::Span;
use crate::syntax::diagnostic::{Code, Diagnostic};

/// The place where the grammar could read no further.
pub struct Stop<'t> {
    pub text: &'t str,
    pub file: u32,
    pub at: usize,
    /// Where the expression should have ended.
    pub end: usize,
    /// Whether an operand had to come, and not an operator.
    pub wants_operand: bool,
    /// The last word that was read.
    pub last: Option<Span>,
    /// The last operand that was read.
    pub left: Option<Span>,
}

impl Stop<'_> {
    pub fn describe(&self) -> Diagnostic {
        if self.wants_operand { self.missing_operand() } else { self.missing_operator() }
    }

    fn span(&self, end: usize) -> Span {
        Span { file: self.file, start: self.at as u32, end: end as u32 }
    }

    /// The word, number or sign at the stop.
    fn word(&self) -> &str {
        let rest = &self.text[self.at..self.end];
        let letters = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
        let first = rest.chars().next().map_or(0, char::len_utf8);
        &rest[..letters.max(first)]
    }

    fn missing_operand(&self) -> Diagnostic {
        let after = self.last.map(|span| &self.text[span.start as usize..span.end as usize]);
        let after = after.filter(|word| !word.is_empty() && word.len() < 20 && !word.contains('\n'));
        let word = self.word();
        if word.is_empty() {
            let place = self.last.map_or(self.span(self.at), |last| last);
            let message = match after {
                Some(after) => format!("an expression is missing after `{after}`"),
                None => "an expression is missing".to_string(),
            };
            return Diagnostic::new(Code::MissingExpression, place, message)
                .label("expected an expression after this");
        }
        let error = Diagnostic::new(Code::Unexpected, self.span(self.at + word.len()), found(word))
            .label("expected an expression here");
        // The sign before this one may be the first of its line.
        let mut before = self.text[..self.at].chars();
        before.next_back();
        let begins_line = before.as_str().rsplit('\n').next().is_some_and(str_is_blank);
        match (word, after) {
            ("/", Some("/")) if begins_line => error.help("a comment begins with `#`"),
            ("*", Some("*")) => error.help("powers are written `x^y`"),
            ("=", Some("=")) | ("=" | ">", _) => error.help("comparisons are `==`, `!=`, `<=`, `>=`"),
            ("+", _) => error.help("a sign `+` before a number or a name is left out"),
            ("!", _) => error.help("write `not`"),
            ("|", _) => error.help("the absolute value is `abs(x)`"),
            ("\"", _) => error.help("only `import` takes a text in quotes"),
            ("$" | "\\", _) => error.help("formulas are plain text: write `alpha`, `sqrt(x)`, `a/b`"),
            ("–" | "—", _) => error.help("this is a dash; the minus sign is `-`").repair("-"),
            ("/", Some("/")) => error.help("write `floor(a/b)` for the whole part of a quotient"),
            ("^", Some("^")) => error.help("powers are written `x^y`"),
            _ => match notation(word) {
                Some(here) => error.help(here),
                None => error,
            },
        }
    }

    fn missing_operator(&self) -> Diagnostic {
        let word = self.word();
        let place = self.span(self.at + word.len());
        let first = word.chars().next().unwrap_or(' ');
        let gap = self.left.map_or("", |left| &self.text[left.end as usize..self.at]);
        let new_line = gap.contains('\n');
        if is_keyword(word) {
            return self.misplaced_keyword(word, place);
        }
        if first.is_alphanumeric() || matches!(first, '(' | '[' | '{' | '_' | '√') {
            return self.juxtaposed(word, place, new_line);
        }
        let error = Diagnostic::new(Code::Unexpected, place, found(word)).label("expected an operator here");
        match first {
            '%' => error.help("the remainder is `mod(a, b)`; for a percentage divide by 100"),
            '&' => error.help("write `and`"),
            '|' => error.help("write `or`; the absolute value is `abs(x)`"),
            '!' => error.help("the factorial `n!` has no space before its sign; unequal is `!=`"),
            '?' => error.help("write `if c then a else b`"),
            '.' if self.left.is_some_and(|left| {
                self.text[left.start as usize..].starts_with(|c: char| c.is_ascii_digit())
            }) =>
            {
                error.help("a number has one decimal point; a range is `a..b`")
            }
            '.' => error.help("elementwise are `.+`, `.-`, `.*`, `./`, and a function `f.(v)`"),
            '–' | '—' => error.help("this is a dash; the minus sign is `-`").repair("-"),
            '"' => error.help("only `import` takes a text in quotes"),
            _ => error,
        }
    }

    /// Two operands side by side.
    fn juxtaposed(&self, word: &str, place: Span, new_line: bool) -> Diagnostic {
        if new_line {
            return Diagnostic::new(Code::AfterEnd, place, "the expression before this line has ended")
                .label("expected an operator, or a definition")
                .help("a definition begins with `name =` or `name(…) =`; cases are parted by `;`");
        }
        let left = self.left.map(|left| &self.text[left.start as usize..left.end as usize]);
        let left = left.filter(|left| left.len() <= 30 && !left.contains('\n'));
        let error = Diagnostic::new(Code::SideBySide, place, "two expressions side by side are no product")
            .label("expected an operator here");
        let Some(left) = left else { return error.help("to multiply, write `*` between them") };
        let before = self.left.map_or("", |left| &self.text[..left.start as usize]);
        let is_name = left.chars().next().is_some_and(|c| c.is_alphabetic() || c == '_')
            && left.chars().all(|c| c.is_alphabetic() || c.is_ascii_digit() || c == '_')
            && !before.ends_with(|c: char| c.is_ascii_digit());
        let is_word = is_name && left.chars().count() > 1;
        match word {
            "(" if is_name => error.help(format!(
                "to multiply, write `{left}*(…)`; a call has no space before its bracket, `{left}(…)`"
            )),
            "[" if is_name => error.help(format!("an index has no space before its bracket: `{left}[…]`")),
            "{" if left.ends_with('_') => error.help("a sum is `∑(e for i in 1..n)`; names have no `_{…}`"),
            "(" | "[" | "{" => error.help(format!("to multiply, write `{left}*{word}…`")),
            _ if word.starts_with('_') && left.ends_with(|c: char| c.is_ascii_digit()) => {
                error.help("a number has no `_` in it")
            }
            _ if word.len() > 30 => error.help("to multiply, write `*` between them"),
            "mod" => error.help("the remainder is `mod(a, b)`"),
            "div" => error.help("write `floor(a/b)` for the whole part of a quotient"),
            _ if is_word => error
                .help(format!("a call has brackets, `{left}({word})`; to multiply, write `{left}*{word}`")),
            _ if is_name => error
                .help(format!("to multiply, write `{left}*{word}`; a call has brackets, `{left}({word})`"))
                .repair(format!("*{word}")),
            _ => error.help(format!("to multiply, write `{left}*{word}`")).repair(format!("*{word}")),
        }
    }

    fn misplaced_keyword(&self, word: &str, place: Span) -> Diagnostic {
        let error = Diagnostic::new(Code::Misplaced, place, format!("`{word}` does not belong here"));
        match word {
            "for" => error.label("expected `for name in a..b`").help("write `sum(e for i in 1..n)`"),
            "not" => error
                .label("expected an operator here")
                .help("unequal is `!=`; `not` stands before a condition"),
            "let" | "true" | "false" => {
                error.label("expected an operator here").help("to multiply, write `*` between them")
            }
            _ => error.label("unexpected"),
        }
    }
}

fn str_is_blank(text: &str) -> bool {
    text.trim().is_empty()
}

/// How a sign of another notation is written here.
fn notation(word: &str) -> Option<&'static str> {
    match word.chars().next()? {
        '∛' => Some("the cube root is `cbrt(x)`"),
        '∜' => Some("the fourth root is `x^(1/4)`"),
        '½' | '⅓' | '¼' | '⅔' | '¾' | '⅛' => Some("fractions are written `1/2`"),
        '⌊' => Some("the floor is `floor(x)`"),
        '⌈' => Some("the ceiling is `ceil(x)`"),
        '‖' => Some("the norm is `norm(v)`"),
        _ => None,
    }
}

/// A message that names what was found.
fn found(word: &str) -> String {
    match word.chars().next() {
        Some(c) if c.is_control() || c == '\u{FFFD}' => {
            format!("the character U+{:04X} is not part of the notation", c as u32)
        }
        Some(_) if word.len() <= 30 => format!("`{word}` is unexpected here"),
        Some(_) | None => "this is unexpected here".to_string(),
    }
}

/// The message for a word of the notation where a name or a number should be.
pub fn reserved(word: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::Unexpected, span, found(word))
        .label("expected an expression here")
        .help(format!("`{word}` is a word of the notation, no name"))
}

/// Whether this is a word of the notation.
pub fn is_keyword(word: &str) -> bool {
    matches!(
        word,
        "let"
            | "in"
            | "where"
            | "if"
            | "then"
            | "else"
            | "otherwise"
            | "for"
            | "while"
            | "import"
            | "as"
            | "param"
            | "type"
            | "rule"
            | "and"
            | "or"
            | "not"
            | "true"
            | "false"
    )
}

/// The message for an operand that is not there.
pub fn expected_operand(span: Span) -> Diagnostic {
    Diagnostic::new(Code::MissingExpression, span, "an expression is missing")
        .label("expected an expression here")
}

/// The message for `:` where an operand should be.
pub fn lone_colon(span: Span) -> Diagnostic {
    Diagnostic::new(Code::Misplaced, span, "`:` alone stands for a whole row or column, and only in an index")
        .label("expected an expression here")
        .help("write `A[i, :]`")
}

/// A construct that the text ends in the middle of.
pub fn unclosed(frame: &Frame) -> Diagnostic {
    let mark = frame.mark;
    if let Some(shape) = frame.kind.shape() {
        let closer = shape.closer();
        return Diagnostic::new(Code::Unclosed, mark, "this bracket is never closed")
            .label(format!("`{closer}` is missing"))
            .help(format!("write `{closer}` where the bracket should end"));
    }
    match frame.kind {
        Kind::Let => Diagnostic::new(Code::LetWithoutIn, mark, "this `let` has no `in`")
            .label("its bindings have no expression to serve")
            .help("write `let a = 1, b = 2 in a + b`"),
        Kind::If if frame.slot == Slot::Cond => {
            Diagnostic::new(Code::IncompleteIf, mark, "this `if` has no `then`")
                .label("expected `then` after its condition")
                .help("write `if c then a else b`")
        }
        Kind::If => Diagnostic::new(Code::IncompleteIf, mark, "this `if` has no `else`")
            .label("both branches are needed, so that there is always a value")
            .help("write `if c then a else b`"),
        Kind::Root
        | Kind::Test
        | Kind::Group
        | Kind::Call { .. }
        | Kind::Index { .. }
        | Kind::Array
        | Kind::Braces
        | Kind::Where { .. }
        | Kind::Lambda => expected_operand(mark),
    }
}

/// What a closing bracket, a comma or a word was met by instead of what it belongs to.
pub fn misplaced(word: &str, span: Span, frame: &Frame) -> Diagnostic {
    let what = match frame.kind {
        Kind::Root | Kind::Test => {
            return Diagnostic::new(Code::Misplaced, span, format!("`{word}` does not belong here"))
                .label("unexpected");
        }
        Kind::Group => "this bracket is open: `(`",
        Kind::Call { .. } => "this call is open: `(`",
        Kind::Index { .. } | Kind::Array => "this bracket is open: `[`",
        Kind::Braces => "this bracket is open: `{`",
        Kind::Let => "a `let` is open, which needs `in`",
        Kind::Where { .. } => "a `where` is open",
        Kind::If => "an `if` is open, which needs `then` and `else`",
        Kind::Lambda => "a function is open",
    };
    Diagnostic::new(Code::Misplaced, span, format!("`{word}` does not belong here")).label(what)
}
