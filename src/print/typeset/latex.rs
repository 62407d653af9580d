//! LaTeX, for the inside of a mathematical environment of `amsmath`.

use super::mark::{Accent, Big, Form, Sign, Spelling};
use super::names::greek_name;

pub struct Latex;

impl Spelling for Latex {
    fn form(&self, form: Form) -> &'static [&'static str] {
        match form {
            Form::Paren => &["\\left(", "\\right)"],
            Form::Bracket => &["\\left[ ", " \\right]"],
            Form::Brace => &["\\left\\{ ", " \\right\\}"],
            Form::Bar => &["\\left|", "\\right|"],
            Form::Norm => &["\\left\\|", "\\right\\|"],
            Form::Floor => &["\\left\\lfloor ", " \\right\\rfloor"],
            Form::Ceiling => &["\\left\\lceil ", " \\right\\rceil"],
            Form::Head => &["(", ")"],
            Form::Fraction => &["\\frac{", "}{", "}"],
            Form::Sqrt => &["\\sqrt{", "}"],
            Form::Cbrt => &["\\sqrt[3]{", "}"],
            Form::Sup => &["", "^{", "}"],
            Form::Sub => &["", "_{", "}"],
            Form::SubOfMore => &["{", "}_{", "}"],
            Form::SubSup => &["", "_{", "}^{", "}"],
            Form::Primed => &["", "", ""],
            Form::Limits(Big::Sum) => &["\\sum_{", "}^{", "}"],
            Form::Limits(Big::Product) => &["\\prod_{", "}^{", "}"],
            Form::Limits(Big::Max) => &["\\max_{", "}^{", "}"],
            Form::Limits(Big::Min) => &["\\min_{", "}^{", "}"],
            Form::Limits(Big::Exists) => &["\\exists_{", "}^{", "}"],
            Form::Limits(Big::ForAll) => &["\\forall_{", "}^{", "}"],
            Form::Under(Big::Sum) => &["\\sum_{", "}"],
            Form::Under(Big::Product) => &["\\prod_{", "}"],
            Form::Under(Big::Max) => &["\\max_{", "}"],
            Form::Under(Big::Min) => &["\\min_{", "}"],
            Form::Under(Big::Exists) => &["\\exists_{", "}"],
            Form::Under(Big::ForAll) => &["\\forall_{", "}"],
            Form::Substack => &["\\substack{", " \\\\ ", "}"],
            Form::Cases => &["\\begin{cases} ", " & ", " \\\\ ", " \\end{cases}"],
            Form::Matrix => &["\\begin{bmatrix} ", " & ", " \\\\ ", " \\end{bmatrix}"],
            Form::Aligned => &["\\begin{aligned}\n", " &", " \\\\\n", "\n\\end{aligned}"],
            Form::Accent(Accent::Bar) => &["\\bar{", "}"],
            Form::Accent(Accent::Dot) => &["\\dot{", "}"],
            Form::Accent(Accent::Hat) => &["\\hat{", "}"],
            Form::Accent(Accent::Tilde) => &["\\tilde{", "}"],
            Form::Accent(Accent::Vector) => &["\\vec{", "}"],
        }
    }

    fn sign(&self, sign: Sign) -> &'static str {
        match sign {
            Sign::Plus => " + ",
            Sign::Minus => " - ",
            Sign::Negative => "-",
            Sign::Dot => " \\cdot ",
            Sign::Cross => " \\times ",
            Sign::Hadamard => " \\odot ",
            Sign::HadamardQuotient => " \\oslash ",
            Sign::Juxtaposed | Sign::Apply | Sign::Space => " ",
            Sign::Thin => " \\, ",
            Sign::And => " \\land ",
            Sign::Or => " \\lor ",
            Sign::Not => "\\lnot ",
            Sign::Less => " < ",
            Sign::LessEqual => " \\le ",
            Sign::Greater => " > ",
            Sign::GreaterEqual => " \\ge ",
            Sign::Equal => " = ",
            Sign::NotEqual => " \\ne ",
            Sign::AlignedEqual => "= ",
            Sign::From => "=",
            Sign::Comma => ", ",
            Sign::IndexComma => ",",
            Sign::WideComma => ",\\; ",
            Sign::Colon => " : ",
            Sign::Through => ":",
            Sign::Point => ".",
            Sign::SuchThat => " \\;\\middle|\\; ",
            Sign::MapsTo => " \\mapsto ",
            Sign::Factorial => "!",
            Sign::Prime => "'",
            Sign::Number => "\\#",
            Sign::Partial => "\\partial",
            Sign::Differential => "\\mathrm{d}",
            Sign::Nabla => "\\nabla",
            Sign::Infinity => "\\infty",
            Sign::Degree => "\\circ",
            Sign::Transpose => "\\mathsf{T}",
            Sign::Modulo => " \\bmod ",
            Sign::Remainder => " \\operatorname{rem} ",
            Sign::Under => " \\backslash ",
            Sign::WideSpace => "\\quad ",
        }
    }

    fn letter(&self, letter: char) -> String {
        greek_name(letter).map_or_else(|| letter.to_string(), |name| format!("\\{name}"))
    }

    fn word(&self, word: &str) -> String {
        format!("\\mathrm{{{}}}", word.replace('_', "\\_"))
    }

    fn function(&self, name: &str) -> String {
        // Those that LaTeX has commands for.
        let known = [
            "sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh",
            "coth", "ln", "log", "exp", "max", "min", "det",
        ];
        if known.contains(&name) { format!("\\{name}") } else { format!("\\operatorname{{{name}}}") }
    }

    fn bold(&self, text: &str) -> String {
        format!("\\mathbf{{{text}}}")
    }

    fn digits(&self, digits: &str) -> String {
        digits.to_string()
    }

    fn text(&self, text: &str) -> String {
        // What comes after a space is a thing of its own.
        format!("\\text{{{text}}}{}", if text.ends_with(' ') { " " } else { "" })
    }

    /// A command ends where letters end.
    fn apart(&self, written: &str, next: &str) -> bool {
        let before = written.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        next.starts_with(char::is_alphabetic) && before.len() < written.len() && before.ends_with('\\')
    }

    fn frame(&self) -> [&'static str; 2] {
        ["", ""]
    }
}
