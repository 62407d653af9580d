//! Typst: equations that stand on their own in a document.

use super::mark::{Accent, Big, Form, Sign, Spelling};
use super::names::greek_name;

pub struct Typst;

impl Spelling for Typst {
    fn form(&self, form: Form) -> &'static [&'static str] {
        match form {
            Form::Paren | Form::Head => &["(", ")"],
            Form::Bracket => &["[", "]"],
            Form::Brace => &["{", "}"],
            Form::Bar => &["abs(", ")"],
            Form::Norm => &["norm(", ")"],
            Form::Floor => &["floor(", ")"],
            Form::Ceiling => &["ceil(", ")"],
            Form::Fraction => &["frac(", ", ", ")"],
            Form::Sqrt => &["sqrt(", ")"],
            Form::Cbrt => &["root(3, ", ")"],
            Form::Sup => &["", "^(", ")"],
            Form::Sub => &["", "_(", ")"],
            Form::SubOfMore => &["attach(", ", b: ", ")"],
            Form::SubSup => &["", "_(", ")^(", ")"],
            Form::Primed => &["", "", ""],
            Form::Limits(Big::Sum) => &["sum_(", ")^(", ")"],
            Form::Limits(Big::Product) => &["product_(", ")^(", ")"],
            Form::Limits(Big::Max) => &["max_(", ")^(", ")"],
            Form::Limits(Big::Min) => &["min_(", ")^(", ")"],
            Form::Limits(Big::Exists) => &["exists_(", ")^(", ")"],
            Form::Limits(Big::ForAll) => &["forall_(", ")^(", ")"],
            Form::Under(Big::Sum) => &["sum_(", ")"],
            Form::Under(Big::Product) => &["product_(", ")"],
            Form::Under(Big::Max) => &["max_(", ")"],
            Form::Under(Big::Min) => &["min_(", ")"],
            Form::Under(Big::Exists) => &["exists_(", ")"],
            Form::Under(Big::ForAll) => &["forall_(", ")"],
            Form::Substack => &["", " \\ ", ""],
            Form::Cases => &["cases(", " & ", ", ", ")"],
            Form::Matrix => &["mat(delim: \"[\", ", ", ", "; ", ")"],
            Form::Aligned => &["", " &", " \\\n  ", ""],
            Form::Accent(Accent::Bar) => &["macron(", ")"],
            Form::Accent(Accent::Dot) => &["dot(", ")"],
            Form::Accent(Accent::Hat) => &["hat(", ")"],
            Form::Accent(Accent::Tilde) => &["tilde(", ")"],
            Form::Accent(Accent::Vector) => &["arrow(", ")"],
        }
    }

    fn sign(&self, sign: Sign) -> &'static str {
        match sign {
            Sign::Plus => " + ",
            Sign::Minus => " - ",
            Sign::Negative => "-",
            Sign::Dot => " dot ",
            Sign::Cross => " times ",
            Sign::Hadamard => " dot.circle ",
            Sign::HadamardQuotient => " ⊘ ",
            Sign::Juxtaposed | Sign::Apply | Sign::Space => " ",
            Sign::Thin => " thin ",
            Sign::And => " and ",
            Sign::Or => " or ",
            Sign::Not => "not ",
            Sign::Less => " < ",
            Sign::LessEqual => " <= ",
            Sign::Greater => " > ",
            Sign::GreaterEqual => " >= ",
            Sign::Equal => " = ",
            Sign::NotEqual => " != ",
            Sign::AlignedEqual => "= ",
            Sign::From => " = ",
            Sign::Comma => ", ",
            // As a character: between arguments of a function it would divide them.
            Sign::IndexComma => "\\,",
            Sign::WideComma => "\\, thick ",
            Sign::Colon => " : ",
            Sign::Through => ":",
            Sign::Point => "\".\"",
            Sign::SuchThat => " mid(|) ",
            Sign::MapsTo => " |-> ",
            Sign::Factorial => "!",
            Sign::Prime => "'",
            Sign::Number => "\\#",
            Sign::Partial => "partial",
            Sign::Differential => "dif",
            Sign::Nabla => "nabla",
            Sign::Infinity => "infinity",
            Sign::Degree => "compose",
            Sign::Transpose => "sans(T)",
            Sign::Modulo => " mod ",
            Sign::Remainder => " op(\"rem\") ",
            Sign::Under => " without ",
            Sign::WideSpace => " quad ",
        }
    }

    fn letter(&self, letter: char) -> String {
        greek_name(letter).map_or_else(|| letter.to_string(), str::to_string)
    }

    fn word(&self, word: &str) -> String {
        format!("\"{word}\"")
    }

    fn function(&self, name: &str) -> String {
        let known = [
            "sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh",
            "coth", "csch", "sech", "ln", "log", "exp", "max", "min", "det", "tr", "sinc",
        ];
        if known.contains(&name) { name.to_string() } else { format!("op(\"{name}\")") }
    }

    fn bold(&self, text: &str) -> String {
        format!("bold({text})")
    }

    fn digits(&self, digits: &str) -> String {
        digits.to_string()
    }

    fn text(&self, text: &str) -> String {
        // A space of the source beside a string is one of the formula.
        let pad = |space: bool| if space { " " } else { "" };
        let (left, right) = (text.starts_with(' '), text.ends_with(' '));
        format!("{}\"{}\"{}", pad(left), text.trim(), pad(right))
    }

    /// Letters and digits side by side are one word, and a word before a parenthesis is a call.
    fn apart(&self, written: &str, next: &str) -> bool {
        let word = |c: char| c.is_alphanumeric();
        let Some(last) = written.chars().next_back().filter(|&c| word(c) || c == '"') else { return false };
        let bracket = next.starts_with('(') && (last == '"' || written.chars().rev().take(2).all(word));
        next.starts_with(word) || next.starts_with('"') || bracket
    }

    fn frame(&self) -> [&'static str; 2] {
        ["$ ", " $"]
    }
}
