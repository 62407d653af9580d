//! The one module that names the rules of the grammar: hands them on as words and heads.

use super::super::build::Words;
use super::super::fold::{fold, lower};
use super::super::token::{Infix, Shape, Token};
use super::super::tree::{BinaryOp, CompareOp, Pattern, Span, Tree};
use crate::diagnostic::Diagnostic;
use pest::Parser;
use pest::error::{Error, ErrorVariant, InputLocation};
use pest::iterators::Pair;

#[derive(pest_derive::Parser)]
#[grammar = "syntax/grammar.pest"]
struct Grammar;

/// How many arrows a type may have in a row.
const MOST_ARROWS: usize = 60;

/// The kinds of items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemForm {
    Function,
    Constant,
    Param,
    Type,
    Import,
    Rule,
    Test,
}

impl ItemForm {
    fn rule(self) -> Rule {
        match self {
            ItemForm::Function => Rule::function,
            ItemForm::Constant | ItemForm::Param => Rule::constant,
            ItemForm::Type => Rule::type_item,
            ItemForm::Import => Rule::import,
            ItemForm::Rule => Rule::rule_item,
            ItemForm::Test => Rule::test,
        }
    }
}

/// What stands before the `=` of an item, and the words after it.
#[derive(Default)]
pub struct Head<'t> {
    pub name: Option<(&'t str, Span)>,
    pub params: Vec<HeadParam<'t>>,
    /// The type of the result or the constant, or the type that is defined.
    pub ty: Option<HeadType<'t>>,
    /// The alias of an import, the cotangent of a rule.
    pub second: Option<&'t str>,
    pub path: Option<&'t str>,
    pub words: Option<Words<'t>>,
}

pub struct HeadParam<'t> {
    pub name: &'t str,
    pub span: Span,
    pub ty: Option<HeadType<'t>>,
    pub assume: Option<Span>,
}

/// A type whose sizes are still text.
pub enum HeadType<'t> {
    Named(&'t str, Span),
    Array(Box<HeadType<'t>>, Vec<Size>),
    Tuple(Vec<HeadType<'t>>),
    Record(Vec<(&'t str, HeadType<'t>)>),
    Function(Vec<HeadType<'t>>, Box<HeadType<'t>>),
}

pub enum Size {
    Text(Span),
    /// `ⁿ` in `ℝⁿ`, as `n`.
    Raised(String, Span),
}

/// Reads the words of the expression between two places.
pub fn words<'t>(tree: &mut Tree, text: &'t str, file: u32, start: usize, end: usize) -> Words<'t> {
    let reader = Reader { file, base: start, end };
    match Grammar::parse(Rule::phrase, &text[start..end]) {
        Ok(mut pairs) => match pairs.next() {
            Some(phrase) => reader.words(tree, text, phrase),
            None => Words { text, file, tokens: Vec::new(), stop: start as u32, end: end as u32 },
        },
        // A phrase may be empty, so this does not happen; it reads as "nothing understood".
        Err(_) => Words { text, file, tokens: Vec::new(), stop: start as u32, end: end as u32 },
    }
}

/// Reads an item between two places.
pub fn head<'t>(
    tree: &mut Tree,
    text: &'t str,
    file: u32,
    (start, end): (usize, usize),
    form: ItemForm,
) -> Result<Head<'t>, Diagnostic> {
    let reader = Reader { file, base: start, end };
    let mut pairs = Grammar::parse(form.rule(), &text[start..end]).map_err(|error| reader.failure(&error, text))?;
    let mut head = Head::default();
    let Some(item) = pairs.next() else { return Ok(head) };
    let item_end = start + item.as_span().end();
    for pair in item.into_inner() {
        let span = reader.span(&pair);
        match pair.as_rule() {
            Rule::name if head.name.is_some() || form == ItemForm::Import => head.second = Some(pair.as_str()),
            Rule::name => head.name = Some((pair.as_str(), span)),
            Rule::quoted => head.path = Some(pair.as_str().trim_matches('"')),
            Rule::params => {
                let params = pair.into_inner().filter(|inner| inner.as_rule() == Rule::param);
                head.params = params.map(|param| reader.param(param)).collect::<Result<_, _>>()?;
            }
            Rule::type_expr => head.ty = Some(reader.type_expr(pair)?),
            Rule::phrase => head.words = Some(reader.words(tree, text, pair)),
            _ => {}
        }
    }
    if head.words.is_none() && item_end < end {
        let rest = Span { file, start: item_end as u32, end: end as u32 };
        let found = text[item_end..end].trim_start();
        let rest = Span { start: rest.end - found.len() as u32, ..rest };
        return Err(Diagnostic::error(rest, "the definition before this has ended").label("unexpected"));
    }
    Ok(head)
}

/// Where the text that the grammar saw lies in the file.
#[derive(Clone, Copy)]
struct Reader {
    file: u32,
    base: usize,
    end: usize,
}

impl Reader {
    fn span(self, pair: &Pair<Rule>) -> Span {
        let place = pair.as_span();
        let at = |offset: usize| (self.base + offset) as u32;
        Span { file: self.file, start: at(place.start()), end: at(place.end()) }
    }

    fn words<'t>(self, tree: &mut Tree, text: &'t str, phrase: Pair<'t, Rule>) -> Words<'t> {
        let stop = self.span(&phrase).end;
        let tokens = phrase.into_inner();
        let tokens = tokens.filter_map(|pair| Some((self.span(&pair), pair)));
        let tokens = tokens.filter_map(|(span, pair)| Some((self.token(tree, pair)?, span))).collect();
        Words { text, file: self.file, tokens, stop, end: self.end as u32 }
    }

    fn token<'t>(self, tree: &mut Tree, pair: Pair<'t, Rule>) -> Option<Token<'t>> {
        let text = pair.as_str();
        Some(match pair.as_rule() {
            Rule::minus => Token::Minus,
            Rule::not_word => Token::Not,
            Rule::root => Token::Root,
            Rule::paren | Rule::bracket | Rule::brace => Token::Open(Shape::of(text)),
            Rule::let_word => Token::Let,
            Rule::if_word => Token::If,
            Rule::pattern => self.pattern_token(tree, pair),
            Rule::number => Token::Number(text),
            Rule::name => Token::Name(text),
            Rule::truth => Token::Truth(text == "true"),
            Rule::whole => Token::Whole,
            Rule::nothing => Token::Nothing,
            Rule::prime => Token::Prime(text.chars().map(prime_order).sum()),
            Rule::superscript => Token::Raised(text),
            Rule::transpose => Token::Transpose,
            Rule::factorial => Token::Factorial,
            Rule::field => Token::Field(pair.into_inner().next()?.as_str()),
            Rule::close => Token::Close(Shape::of(text)),
            Rule::otherwise => Token::Otherwise,
            Rule::loop_bare | Rule::loop_in => {
                let ranged = pair.as_rule() == Rule::loop_in;
                let name = pair.into_inner().next()?;
                let (text, span) = (name.as_str(), self.span(&name));
                if ranged { Token::LoopIn(text, span) } else { Token::LoopBare(text, span) }
            }
            Rule::juxtapose => Token::Juxtapose,
            Rule::call => Token::Call { elementwise: false },
            Rule::dot_call => Token::Call { elementwise: true },
            Rule::index => Token::Index,
            Rule::comma => Token::Comma,
            Rule::semicolon => Token::Semicolon,
            Rule::range => Token::Range,
            Rule::colon => Token::Colon,
            Rule::assign => Token::Equals,
            Rule::tilde => Token::Tilde,
            Rule::arrow => Token::Arrow,
            Rule::infix => Token::Infix(infix(text)),
            Rule::keyword => keyword(text),
            _ => return None,
        })
    }

    /// `(a, (b, c)) =`, `(x, y) ->`
    fn pattern_token<'t>(self, tree: &mut Tree, pair: Pair<'t, Rule>) -> Token<'t> {
        let binds = pair.clone().into_inner().any(|inner| inner.as_rule() == Rule::assign);
        let pattern = self.pattern(tree, pair);
        if binds { Token::Binds(pattern) } else { Token::Maps(pattern) }
    }

    /// Nests as deep as the grammar lets it: three brackets.
    fn pattern(self, tree: &mut Tree, pair: Pair<Rule>) -> Pattern {
        let mut parts = Vec::new();
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::name => {
                    let span = self.span(&inner);
                    parts.push(Pattern::Name(tree.intern(&fold(inner.as_str())), span));
                }
                Rule::inner_names | Rule::inmost_names => parts.push(self.pattern(tree, inner)),
                _ => {}
            }
        }
        if parts.len() == 1 { parts.remove(0) } else { Pattern::Tuple(parts) }
    }

    // ── Heads ────────────────────────────────────────────────────────────────────────────────────

    fn param<'t>(self, pair: Pair<'t, Rule>) -> Result<HeadParam<'t>, Diagnostic> {
        let mut param = HeadParam { name: "", span: self.span(&pair), ty: None, assume: None };
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::name => {
                    param.name = inner.as_str();
                    param.span = self.span(&inner);
                }
                Rule::type_expr => param.ty = Some(self.type_expr(inner)?),
                Rule::extent => param.assume = Some(self.span(&inner)),
                _ => {}
            }
        }
        Ok(param)
    }

    /// `a -> b -> c` is `a -> (b -> c)`.
    fn type_expr<'t>(self, pair: Pair<'t, Rule>) -> Result<HeadType<'t>, Diagnostic> {
        let span = self.span(&pair);
        let atoms = pair.into_inner().filter(|inner| inner.as_rule() == Rule::type_atom);
        let mut atoms = atoms.map(|atom| self.type_atom(atom)).collect::<Result<Vec<_>, _>>()?;
        if atoms.len() > MOST_ARROWS {
            return Err(Diagnostic::error(span, format!("a type with more than {MOST_ARROWS} arrows")));
        }
        let last = atoms.pop();
        let result = atoms.into_iter().rev().fold(last, |result, params| {
            let params = match params {
                HeadType::Tuple(parts) => parts,
                single => vec![single],
            };
            result.map(|result| HeadType::Function(params, Box::new(result)))
        });
        result.ok_or_else(|| Diagnostic::error(span, "a type is missing"))
    }

    fn type_atom<'t>(self, pair: Pair<'t, Rule>) -> Result<HeadType<'t>, Diagnostic> {
        let (mut ty, mut sizes) = (None, Vec::new());
        for inner in pair.into_inner() {
            let span = self.span(&inner);
            match inner.as_rule() {
                Rule::name => ty = Some(HeadType::Named(inner.as_str(), span)),
                Rule::extent | Rule::factor | Rule::bare_size => sizes.push(Size::Text(span)),
                Rule::raised => sizes.extend(raised_sizes(inner.as_str(), span)),
                Rule::tuple_type => {
                    let parts = inner.into_inner().filter(|part| part.as_rule() == Rule::type_expr);
                    let mut parts = parts.map(|part| self.type_expr(part)).collect::<Result<Vec<_>, _>>()?;
                    ty = Some(if parts.len() == 1 { parts.remove(0) } else { HeadType::Tuple(parts) });
                }
                Rule::record_type => {
                    let fields = inner.into_inner().filter(|part| part.as_rule() == Rule::field_type);
                    let fields = fields.map(|field| self.field_type(field)).collect::<Result<_, _>>()?;
                    ty = Some(HeadType::Record(fields));
                }
                _ => {}
            }
        }
        let ty = ty.unwrap_or(HeadType::Tuple(Vec::new()));
        Ok(if sizes.is_empty() { ty } else { HeadType::Array(Box::new(ty), sizes) })
    }

    fn field_type<'t>(self, pair: Pair<'t, Rule>) -> Result<(&'t str, HeadType<'t>), Diagnostic> {
        let (mut name, mut ty) = ("", HeadType::Tuple(Vec::new()));
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::name => name = inner.as_str(),
                Rule::type_expr => ty = self.type_expr(inner)?,
                _ => {}
            }
        }
        Ok((name, ty))
    }

    /// The message for a head that the grammar does not know.
    fn failure(self, error: &Error<Rule>, text: &str) -> Diagnostic {
        let at = self.base
            + match error.location {
                InputLocation::Pos(at) => at,
                InputLocation::Span((at, _)) => at,
            };
        let expected = match &error.variant {
            ErrorVariant::ParsingError { positives, .. } => wording(positives),
            ErrorVariant::CustomError { .. } => String::new(),
        };
        let rest = &text[at..self.end];
        let letters = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
        let length = letters.max(rest.chars().next().map_or(0, char::len_utf8));
        let place = Span { file: self.file, start: at as u32, end: (at + length) as u32 };
        let message = match &rest[..length] {
            "" => "this definition is not complete".to_string(),
            word if word.len() <= 30 && !word.contains(char::is_control) => format!("`{word}` is unexpected here"),
            _ => "this is unexpected here".to_string(),
        };
        let error = Diagnostic::error(place, message).label(expected);
        let reserved = Grammar::parse(Rule::name, &rest[..length]).is_err() && length == letters && letters > 0;
        match rest.chars().next() {
            Some(c) if c.is_alphabetic() && reserved => {
                error.help(format!("`{}` is a word of the notation, no name", &rest[..length]))
            }
            Some('\'' | '′') => error.help("a name has no primes; `f'(x)` is a derivative"),
            Some(_) | None => error,
        }
    }
}

/// `ⁿ`, `²`, or `ᵐˣⁿ`: the sizes of an array.
fn raised_sizes(text: &str, span: Span) -> Vec<Size> {
    let text = lower(text);
    text.split('×').filter(|size| !size.is_empty()).map(|size| Size::Raised(size.to_string(), span)).collect()
}

fn prime_order(c: char) -> u32 {
    match c {
        '″' => 2,
        '‴' => 3,
        _ => 1,
    }
}

fn infix(text: &str) -> Infix {
    match text {
        "+" => Infix::Binary(BinaryOp::Add),
        "-" | "−" => Infix::Binary(BinaryOp::Sub),
        "/" | "÷" => Infix::Binary(BinaryOp::Div),
        "^" => Infix::Binary(BinaryOp::Pow),
        "·" | "⋅" => Infix::Binary(BinaryOp::Inner),
        "×" => Infix::Binary(BinaryOp::Cross),
        ".+" => Infix::Binary(BinaryOp::DotAdd),
        ".-" => Infix::Binary(BinaryOp::DotSub),
        ".*" => Infix::Binary(BinaryOp::DotMul),
        "./" => Infix::Binary(BinaryOp::DotDiv),
        "and" | "∧" => Infix::Binary(BinaryOp::And),
        "or" | "∨" => Infix::Binary(BinaryOp::Or),
        "==" => Infix::Compare(CompareOp::Equal),
        "!=" | "≠" => Infix::Compare(CompareOp::NotEqual),
        "<=" | "≤" => Infix::Compare(CompareOp::LessEqual),
        ">=" | "≥" => Infix::Compare(CompareOp::GreaterEqual),
        "<" => Infix::Compare(CompareOp::Less),
        ">" => Infix::Compare(CompareOp::Greater),
        _ => Infix::Binary(BinaryOp::Mul),
    }
}

fn keyword(text: &str) -> Token<'_> {
    match text {
        "then" => Token::Then,
        "else" => Token::Else,
        "if" => Token::When,
        "while" => Token::While,
        "where" => Token::Where,
        _ => Token::In,
    }
}

/// What was expected, in words.
fn wording(rules: &[Rule]) -> String {
    let mut words: Vec<&str> = rules.iter().filter_map(|rule| word(*rule)).collect();
    words.dedup();
    match words.split_last() {
        None => String::new(),
        Some((only, [])) => format!("expected {only} here"),
        Some((last, rest)) => format!("expected {} or {last} here", rest.join(", ")),
    }
}

fn word(rule: Rule) -> Option<&'static str> {
    Some(match rule {
        Rule::name | Rule::param | Rule::field_type => "a name",
        Rule::params => "`(` directly after the name",
        Rule::assign => "`=`",
        Rule::comma => "`,`",
        Rule::rparen => "`)`",
        Rule::rbracket => "`]`",
        Rule::rbrace => "`}`",
        Rule::of_type => "`:` and a type",
        Rule::where_word => "`where`",
        Rule::arrow => "`->`",
        Rule::pullback => "`pullback`",
        Rule::type_expr | Rule::type_atom => "a type",
        Rule::quoted => "a file's name in quotes",
        Rule::as_word => "`as`",
        Rule::extent | Rule::factor | Rule::bare_size => "an expression",
        _ => return None,
    })
}
