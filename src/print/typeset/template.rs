//! The spellings of the table of primitives: marks with holes, and what each hole needs.
//!
//! The table and the notation write them in a little LaTeX: names, brackets, fractions, roots, indices.

use super::mark::{Form, Mark, Sign};
use super::names::greek_letter;
use super::{FRACTION, OPEN, POSTFIX, POWER, PRODUCT, SUM};

/// A piece of a spelling.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Piece {
    Mark(Mark),
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
    /// Commands that no mark is known for.
    pub unknown: Vec<String>,
}

impl Template {
    /// Takes a spelling apart: `{0}` is the first argument, other braces are those of LaTeX.
    pub fn new(text: &'static str) -> Template {
        let mut reader = Reader { text, at: 0, pieces: Vec::new(), unknown: Vec::new() };
        reader.sequence("");
        Template { pieces: reader.pieces, level: level(text), unknown: reader.unknown }
    }
}

/// Reads a spelling from left to right. Spellings are short and the program's own: it may recurse.
struct Reader {
    text: &'static str,
    at: usize,
    pieces: Vec<Piece>,
    unknown: Vec<String>,
}

impl Reader {
    fn rest(&self) -> &'static str {
        &self.text[self.at..]
    }

    fn take(&mut self, text: &str) -> bool {
        let is = !text.is_empty() && self.rest().starts_with(text);
        self.at += if is { text.len() } else { 0 };
        is
    }

    fn form(&mut self, form: Form, piece: usize) {
        self.pieces.push(Piece::Mark(Mark::At(form, piece)));
    }

    fn mark(&mut self, mark: Mark) {
        self.pieces.push(Piece::Mark(mark));
    }

    /// Reads until this text, or to the end.
    fn sequence(&mut self, until: &str) {
        while !self.rest().is_empty() && !self.take(until) {
            if self.take(" ") {
                self.space(until);
                continue;
            }
            let start = self.pieces.len();
            self.atom();
            self.scripts(start);
        }
    }

    /// What a space between two things means.
    fn space(&mut self, until: &str) {
        if self.rest().is_empty() || (!until.is_empty() && self.rest().starts_with(until)) {
            return;
        }
        let sign = |piece: &Piece| matches!(piece, Piece::Mark(Mark::Sign(sign)) if operator(*sign));
        let mut following = Reader { text: self.text, at: self.at, pieces: Vec::new(), unknown: Vec::new() };
        following.atom();
        let next = following.pieces.first().cloned();
        let Some(before) = self.pieces.last() else { return };
        if sign(before) || next.as_ref().is_none_or(sign) || matches!(next, Some(Piece::Applied { .. })) {
            return;
        }
        let opens = matches!(before, Piece::Mark(Mark::At(Form::Floor | Form::Ceiling, 0)));
        if !opens {
            let function = matches!(before, Piece::Mark(Mark::Function(_)));
            self.mark(Mark::Sign(if function { Sign::Apply } else { Sign::Juxtaposed }));
        }
    }

    /// What is raised or lowered after what began at a piece.
    fn scripts(&mut self, start: usize) {
        loop {
            let form = match self.rest().chars().next() {
                Some('^') => Form::Sup,
                Some('_') => Form::Sub,
                Some('\'') => Form::Primed,
                _other => return,
            };
            self.at += 1;
            self.pieces.insert(start, Piece::Mark(Mark::At(form, 0)));
            self.form(form, 1);
            if form == Form::Primed {
                self.mark(Mark::Sign(Sign::Prime));
            } else {
                self.group();
            }
            self.form(form, 2);
        }
    }

    /// What stands in braces, or one character.
    fn group(&mut self) {
        if self.take("{") {
            self.sequence("}");
        } else {
            self.atom();
        }
    }

    fn atom(&mut self) {
        if let Some(argument) = hole(self.rest()) {
            let (before, after) = (&self.text[..self.at], &self.text[self.at + 3..]);
            self.at += 3;
            return self.pieces.push(piece(argument, before, after));
        }
        if self.take("\\") {
            return self.command();
        }
        let Some(c) = self.rest().chars().next() else { return };
        if c.is_ascii_digit() {
            let text = self.rest();
            let len = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
            self.at += len;
            return self.mark(Mark::Digits(text[..len].to_string()));
        }
        self.at += c.len_utf8();
        let sign = match c {
            '(' => return self.bracketed(Form::Paren, ")"),
            '+' => Sign::Plus,
            '-' if self.text[..self.at - 1].ends_with(' ') => Sign::Minus,
            '-' => Sign::Negative,
            '=' => Sign::Equal,
            '<' => Sign::Less,
            '>' => Sign::Greater,
            ',' => {
                self.take(" ");
                Sign::Comma
            }
            letter => return self.mark(Mark::Letter(letter)),
        };
        self.mark(Mark::Sign(sign));
    }

    fn bracketed(&mut self, form: Form, until: &str) {
        self.form(form, 0);
        self.sequence(until);
        self.form(form, 1);
    }

    /// The text of a group that holds no other.
    fn argument(&mut self) -> &'static str {
        self.take("{");
        let text = self.rest();
        let len = text.find('}').unwrap_or(text.len());
        self.at += (len + 1).min(text.len());
        &text[..len]
    }

    fn command(&mut self) {
        let text = self.rest();
        let len = text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(text.len());
        let name = &text[..len];
        self.at += len;
        match name {
            "left" => self.fence(),
            "frac" => {
                self.form(Form::Fraction, 0);
                self.group();
                self.form(Form::Fraction, 1);
                self.group();
                self.form(Form::Fraction, 2);
            }
            "sqrt" => {
                let form = if self.take("[3]") { Form::Cbrt } else { Form::Sqrt };
                self.form(form, 0);
                self.group();
                self.form(form, 1);
            }
            "operatorname" => match self.argument() {
                "rem" => self.mark(Mark::Sign(Sign::Remainder)),
                name => self.mark(Mark::Function(name.to_string())),
            },
            "mathrm" => {
                let word = self.argument().to_string();
                self.mark(Mark::Word(word));
            }
            "mathbf" => {
                let text = self.argument();
                self.mark(Mark::Bold(text));
            }
            "mathsf" => {
                self.argument();
                self.mark(Mark::Sign(Sign::Transpose));
            }
            name => self.named(name),
        }
    }

    fn fence(&mut self) {
        let pairs = [
            ("(", "\\right)", Form::Paren),
            ("|", "\\right|", Form::Bar),
            ("\\|", "\\right\\|", Form::Norm),
            ("\\lfloor ", " \\right\\rfloor", Form::Floor),
            ("\\lceil ", " \\right\\rceil", Form::Ceiling),
        ];
        match pairs.into_iter().find(|(open, ..)| self.rest().starts_with(open)) {
            Some((open, close, form)) => {
                self.at += open.len();
                self.bracketed(form, close);
            }
            None => self.unknown.push("left".to_string()),
        }
    }

    fn named(&mut self, name: &str) {
        let sign = match name {
            "le" => Sign::LessEqual,
            "ge" => Sign::GreaterEqual,
            "ne" => Sign::NotEqual,
            "land" => Sign::And,
            "lor" => Sign::Or,
            "lnot" => Sign::Not,
            "bmod" => Sign::Modulo,
            "cdot" => Sign::Dot,
            "times" => Sign::Cross,
            "backslash" => Sign::Under,
            "circ" => Sign::Degree,
            "varphi" => return self.mark(Mark::Letter('φ')),
            "sin" | "cos" | "tan" | "cot" | "sec" | "csc" | "arcsin" | "arccos" | "arctan" | "sinh"
            | "cosh" | "tanh" | "coth" | "ln" | "log" | "max" | "min" | "det" => {
                return self.mark(Mark::Function(name.to_string()));
            }
            other => {
                match greek_letter(other) {
                    Some(letter) => self.mark(Mark::Letter(letter)),
                    None => self.unknown.push(other.to_string()),
                }
                return;
            }
        };
        self.mark(Mark::Sign(sign));
    }
}

/// Whether a sign stands between operands, or before one, with its own space.
fn operator(sign: Sign) -> bool {
    use Sign::{And, Cross, Dot, Equal, Greater, GreaterEqual, Less, LessEqual, Minus, Modulo, Not};
    use Sign::{Comma, Negative, NotEqual, Or, Plus, Remainder, Under};
    [
        Plus,
        Minus,
        Negative,
        Dot,
        Cross,
        And,
        Or,
        Not,
        Less,
        LessEqual,
        Greater,
        GreaterEqual,
        Equal,
        NotEqual,
        Comma,
        Modulo,
        Remainder,
        Under,
    ]
    .contains(&sign)
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

#[cfg(test)]
mod test {
    use super::Template;
    use crate::primitive;

    #[test]
    fn every_spelling_of_the_table_is_understood() {
        for prim in primitive::Prim::all() {
            let latex = prim.row().latex;
            assert_eq!(Template::new(latex).unknown, Vec::<String>::new(), "{latex}");
        }
    }
}
