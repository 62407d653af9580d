//! MathML Core, as browsers draw it: an element `math` that stands on its own.

use super::mark::{Accent, Big, Form, Sign, Spelling};

pub struct MathMl;

impl Spelling for MathMl {
    fn form(&self, form: Form) -> &'static [&'static str] {
        match form {
            Form::Paren | Form::Head => &["<mrow><mo>(</mo>", "<mo>)</mo></mrow>"],
            Form::Bracket => &["<mrow><mo>[</mo>", "<mo>]</mo></mrow>"],
            Form::Brace => &["<mrow><mo>{</mo>", "<mo>}</mo></mrow>"],
            Form::Bar => &[
                "<mrow><mo form=\"prefix\" stretchy=\"true\">|</mo>",
                "<mo form=\"postfix\" stretchy=\"true\">|</mo></mrow>",
            ],
            Form::Norm => &[
                "<mrow><mo form=\"prefix\" stretchy=\"true\">‖</mo>",
                "<mo form=\"postfix\" stretchy=\"true\">‖</mo></mrow>",
            ],
            Form::Floor => &["<mrow><mo>⌊</mo>", "<mo>⌋</mo></mrow>"],
            Form::Ceiling => &["<mrow><mo>⌈</mo>", "<mo>⌉</mo></mrow>"],
            Form::Fraction => &["<mfrac><mrow>", "</mrow><mrow>", "</mrow></mfrac>"],
            Form::Sqrt => &["<msqrt>", "</msqrt>"],
            Form::Cbrt => &["<mroot><mrow>", "</mrow><mn>3</mn></mroot>"],
            Form::Sup | Form::Primed => &["<msup><mrow>", "</mrow><mrow>", "</mrow></msup>"],
            Form::Sub | Form::SubOfMore => &["<msub><mrow>", "</mrow><mrow>", "</mrow></msub>"],
            Form::SubSup => &["<msubsup><mrow>", "</mrow><mrow>", "</mrow><mrow>", "</mrow></msubsup>"],
            Form::Limits(Big::Sum) => &[
                "<munderover><mo movablelimits=\"false\">∑</mo><mrow>",
                "</mrow><mrow>",
                "</mrow></munderover>",
            ],
            Form::Limits(Big::Product) => &[
                "<munderover><mo movablelimits=\"false\">∏</mo><mrow>",
                "</mrow><mrow>",
                "</mrow></munderover>",
            ],
            Form::Limits(Big::Max) => {
                &["<munderover><mi>max</mi><mrow>", "</mrow><mrow>", "</mrow></munderover>"]
            }
            Form::Limits(Big::Min) => {
                &["<munderover><mi>min</mi><mrow>", "</mrow><mrow>", "</mrow></munderover>"]
            }
            Form::Limits(Big::Exists) => &["<msubsup><mo>∃</mo><mrow>", "</mrow><mrow>", "</mrow></msubsup>"],
            Form::Limits(Big::ForAll) => &["<msubsup><mo>∀</mo><mrow>", "</mrow><mrow>", "</mrow></msubsup>"],
            Form::Under(Big::Sum) => {
                &["<munder><mo movablelimits=\"false\">∑</mo><mrow>", "</mrow></munder>"]
            }
            Form::Under(Big::Product) => {
                &["<munder><mo movablelimits=\"false\">∏</mo><mrow>", "</mrow></munder>"]
            }
            Form::Under(Big::Max) => &["<munder><mi>max</mi><mrow>", "</mrow></munder>"],
            Form::Under(Big::Min) => &["<munder><mi>min</mi><mrow>", "</mrow></munder>"],
            Form::Under(Big::Exists) => &["<msub><mo>∃</mo><mrow>", "</mrow></msub>"],
            Form::Under(Big::ForAll) => &["<msub><mo>∀</mo><mrow>", "</mrow></msub>"],
            Form::Substack => {
                &["<mtable rowspacing=\"0\"><mtr><mtd>", "</mtd></mtr><mtr><mtd>", "</mtd></mtr></mtable>"]
            }
            Form::Cases => &[
                "<mrow><mo>{</mo><mtable class=\"cases\"><mtr><mtd style=\"text-align:left\">",
                "</mtd><mtd style=\"text-align:left\">",
                "</mtd></mtr><mtr><mtd style=\"text-align:left\">",
                "</mtd></mtr></mtable></mrow>",
            ],
            Form::Matrix => &[
                "<mrow><mo>[</mo><mtable><mtr><mtd>",
                "</mtd><mtd>",
                "</mtd></mtr><mtr><mtd>",
                "</mtd></mtr></mtable><mo>]</mo></mrow>",
            ],
            Form::Aligned => &[
                "<mtable displaystyle=\"true\"><mtr><mtd style=\"text-align:right\">",
                "</mtd><mtd style=\"text-align:left\">",
                "</mtd></mtr><mtr><mtd style=\"text-align:right\">",
                "</mtd></mtr></mtable>",
            ],
            Form::Accent(Accent::Bar) => &["<mover accent=\"true\"><mrow>", "</mrow><mo>¯</mo></mover>"],
            Form::Accent(Accent::Dot) => &["<mover accent=\"true\"><mrow>", "</mrow><mo>˙</mo></mover>"],
            Form::Accent(Accent::Hat) => {
                &["<mover accent=\"true\"><mrow>", "</mrow><mo stretchy=\"false\">^</mo></mover>"]
            }
            Form::Accent(Accent::Tilde) => {
                &["<mover accent=\"true\"><mrow>", "</mrow><mo stretchy=\"false\">~</mo></mover>"]
            }
            Form::Accent(Accent::Vector) => {
                &["<mover accent=\"true\"><mrow>", "</mrow><mo stretchy=\"false\">→</mo></mover>"]
            }
        }
    }

    fn sign(&self, sign: Sign) -> &'static str {
        match sign {
            Sign::Plus => "<mo>+</mo>",
            Sign::Minus => "<mo>−</mo>",
            Sign::Negative => "<mo form=\"prefix\">−</mo>",
            Sign::Dot => "<mo>⋅</mo>",
            Sign::Cross => "<mo>×</mo>",
            Sign::Hadamard => "<mo>⊙</mo>",
            Sign::HadamardQuotient => "<mo>⊘</mo>",
            Sign::Juxtaposed => "<mo>\u{2062}</mo>",
            Sign::Thin => "<mo>\u{2062}</mo><mspace width=\"0.1667em\"></mspace>",
            Sign::And => "<mo>∧</mo>",
            Sign::Or => "<mo>∨</mo>",
            Sign::Not => "<mo>¬</mo>",
            Sign::Less => "<mo>&lt;</mo>",
            Sign::LessEqual => "<mo>≤</mo>",
            Sign::Greater => "<mo>&gt;</mo>",
            Sign::GreaterEqual => "<mo>≥</mo>",
            Sign::Equal | Sign::AlignedEqual | Sign::From => "<mo>=</mo>",
            Sign::NotEqual => "<mo>≠</mo>",
            Sign::Comma | Sign::IndexComma => "<mo>,</mo>",
            Sign::WideComma => "<mo>,</mo><mspace width=\"0.2778em\"></mspace>",
            Sign::Colon | Sign::Through => "<mo>:</mo>",
            Sign::Point => "<mo lspace=\"0\" rspace=\"0\">.</mo>",
            Sign::SuchThat => "<mo lspace=\"0.2778em\" rspace=\"0.2778em\" stretchy=\"true\">|</mo>",
            Sign::MapsTo => "<mo>↦</mo>",
            Sign::Factorial => "<mo>!</mo>",
            Sign::Prime => "<mo>′</mo>",
            Sign::Number => "<mo>#</mo>",
            Sign::Partial => "<mi mathvariant=\"normal\">∂</mi>",
            Sign::Differential => "<mi mathvariant=\"normal\">d</mi>",
            Sign::Nabla => "<mi mathvariant=\"normal\">∇</mi>",
            Sign::Infinity => "<mi mathvariant=\"normal\">∞</mi>",
            Sign::Degree => "<mo>∘</mo>",
            Sign::Transpose => "<mi mathvariant=\"normal\">T</mi>",
            Sign::Modulo => "<mo lspace=\"0.2222em\" rspace=\"0.2222em\">mod</mo>",
            Sign::Remainder => "<mo lspace=\"0.2222em\" rspace=\"0.2222em\">rem</mo>",
            Sign::Under => "<mo>∖</mo>",
            Sign::Apply => "<mo>\u{2061}</mo><mspace width=\"0.1667em\"></mspace>",
            Sign::Space => "<mspace width=\"0.1667em\"></mspace>",
            Sign::WideSpace => "<mspace width=\"1em\"></mspace>",
        }
    }

    fn letter(&self, letter: char) -> String {
        // Capital Greek letters stand upright, as in LaTeX.
        let upright = ('Α'..='Ω').contains(&letter);
        format!("<mi{}>{letter}</mi>", if upright { " mathvariant=\"normal\"" } else { "" })
    }

    fn word(&self, word: &str) -> String {
        let one = word.chars().nth(1).is_none();
        format!("<mi{}>{word}</mi>", if one { " mathvariant=\"normal\"" } else { "" })
    }

    fn function(&self, name: &str) -> String {
        self.word(name)
    }

    fn bold(&self, text: &str) -> String {
        format!("<mn style=\"font-weight:bold\">{text}</mn>")
    }

    fn digits(&self, digits: &str) -> String {
        format!("<mn>{digits}</mn>")
    }

    fn text(&self, text: &str) -> String {
        let (left, right) = (text.trim_start(), text.trim_end());
        let pad = |space: bool| if space { "\u{a0}" } else { "" };
        let (before, after) = (pad(left != text), pad(right != text));
        format!("<mtext>{before}{}{after}</mtext>", text.trim())
    }

    fn apart(&self, _written: &str, _next: &str) -> bool {
        false
    }

    fn frame(&self) -> [&'static str; 2] {
        ["<math xmlns=\"http://www.w3.org/1998/Math/MathML\" display=\"block\">", "</math>"]
    }
}
