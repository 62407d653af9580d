//! What formulas are made of on paper, before any markup language spells it.

/// Something with places between its marks: piece 0 opens it, the last one closes it, those between
/// divide what stands inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Brackets that grow with what they hold.
    Paren,
    Bracket,
    Brace,
    Bar,
    Norm,
    Floor,
    Ceiling,
    /// Parentheses round the parameters of a definition.
    Head,
    /// Above, below.
    Fraction,
    Sqrt,
    Cbrt,
    /// Base, exponent.
    Sup,
    /// Base, index.
    Sub,
    /// The same of a base that has an index already, or is more than a name.
    SubOfMore,
    /// Base, index, exponent.
    SubSup,
    /// Base, primes.
    Primed,
    /// A big sign: below it, above it.
    Limits(Big),
    /// A big sign with something below it only.
    Under(Big),
    /// Lines below a big sign.
    Substack,
    /// Opens, between cells, between rows, closes.
    Cases,
    Matrix,
    Aligned,
    Accent(Accent),
}

/// Signs with something below and above.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Big {
    Sum,
    Product,
    Max,
    Min,
    Exists,
    ForAll,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accent {
    Bar,
    Dot,
    Hat,
    Tilde,
    Vector,
}

/// A sign that stands alone or between operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    Plus,
    Minus,
    /// The minus before one operand.
    Negative,
    Dot,
    Cross,
    /// A product elementwise, and a quotient.
    Hadamard,
    HadamardQuotient,
    /// A product written as nothing: of a number and a name, of names.
    Juxtaposed,
    Thin,
    And,
    Or,
    Not,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Equal,
    NotEqual,
    /// The `=` that the lines of a definition are aligned by.
    AlignedEqual,
    /// The `=` under a big sign.
    From,
    Comma,
    /// Between indices.
    IndexComma,
    /// With more space, between conditions or bindings.
    WideComma,
    Colon,
    /// The colon of a range of indices.
    Through,
    Point,
    SuchThat,
    MapsTo,
    Factorial,
    Prime,
    Number,
    Partial,
    Differential,
    Nabla,
    Infinity,
    Degree,
    Transpose,
    Modulo,
    Remainder,
    Under,
    /// Between a function and an argument that is not in parentheses.
    Apply,
    /// Between a big sign and what it ranges over.
    Space,
    WideSpace,
}

/// A mark on paper.
#[derive(Debug, Clone, PartialEq)]
pub enum Mark {
    /// A piece of a form.
    At(Form, usize),
    Sign(Sign),
    /// A letter of a name: Latin, Greek or other.
    Letter(char),
    /// A name of several letters, upright.
    Word(String),
    /// A function of everyone's: `sin`.
    Function(String),
    Bold(&'static str),
    Digits(String),
    /// Words of the language of the reader.
    Text(&'static str),
}

/// A markup language: how it spells marks.
pub trait Spelling {
    /// The pieces of a form.
    fn form(&self, form: Form) -> &'static [&'static str];
    fn sign(&self, sign: Sign) -> &'static str;
    fn letter(&self, letter: char) -> String;
    fn word(&self, word: &str) -> String;
    fn function(&self, name: &str) -> String;
    fn bold(&self, text: &str) -> String;
    fn digits(&self, digits: &str) -> String;
    fn text(&self, text: &str) -> String;
    /// Whether a space must stand between what was written and what comes next.
    fn apart(&self, written: &str, next: &str) -> bool;
    /// What stands round a formula.
    fn frame(&self) -> [&'static str; 2];
}

impl Mark {
    /// The mark in a markup language.
    pub fn spelled(&self, spelling: &dyn Spelling) -> String {
        match self {
            Mark::At(form, piece) => spelling.form(*form)[*piece].to_string(),
            Mark::Sign(sign) => spelling.sign(*sign).to_string(),
            Mark::Letter(letter) => spelling.letter(*letter),
            Mark::Word(word) => spelling.word(word),
            Mark::Function(name) => spelling.function(name),
            Mark::Bold(text) => spelling.bold(text),
            Mark::Digits(digits) => spelling.digits(digits),
            Mark::Text(text) => spelling.text(text),
        }
    }
}
