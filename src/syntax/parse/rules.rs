//! The one module that names the rules of the grammar: hands them on as words and heads.

use super::super::build::Words;
use super::super::fold::lower;
use super::super::token::{self, Names, Shape, Token};
use super::super::tree::Span;
use crate::syntax::diagnostic::{Code, Diagnostic};

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
    pub second: Option<(&'t str, Span)>,
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

/// Part of a file, its comments blanked out.
#[derive(Clone, Copy)]
pub struct Slice<'t> {
    pub file: u32,
    /// The whole text of the file.
    pub whole: &'t str,
    /// The text of this part.
    pub text: &'t str,
    /// Where it begins in the file.
    pub base: usize,
}

/// Reads the words of an expression.
pub fn words(slice: Slice<'_>) -> Words<'_> {
    let phrase = Grammar::parse(Rule::phrase, slice.text).ok().and_then(|mut pairs| pairs.next());
    match phrase {
        Some(phrase) => slice.words(phrase),
        // A phrase may be empty, so this does not happen; it reads as "nothing understood".
        None => {
            let (start, end) = (slice.base as u32, slice.end() as u32);
            Words { text: slice.whole, file: slice.file, tokens: Vec::new(), stop: start, end }
        }
    }
}

/// Reads an item.
pub fn head(slice: Slice<'_>, form: ItemForm) -> Result<Head<'_>, Diagnostic> {
    let pairs = Grammar::parse(form.rule(), slice.text);
    let mut pairs = pairs.map_err(|error| slice.failure(&error))?;
    let mut head = Head::default();
    let Some(item) = pairs.next() else { return Ok(head) };
    let item_end = item.as_span().end();
    for pair in item.into_inner() {
        let span = slice.span(&pair);
        match pair.as_rule() {
            Rule::name if head.name.is_some() || form == ItemForm::Import => {
                head.second = Some((pair.as_str(), span))
            }
            Rule::name => head.name = Some((pair.as_str(), span)),
            Rule::quoted => head.path = Some(pair.as_str().trim_matches('"')),
            Rule::params => {
                let params = pair.into_inner().filter(|inner| inner.as_rule() == Rule::param);
                head.params = params.map(|param| slice.param(param)).collect::<Result<_, _>>()?;
            }
            Rule::type_expr => head.ty = Some(slice.type_expr(pair)?),
            Rule::phrase => head.words = Some(slice.words(pair)),
            _ => {}
        }
    }
    let rest = slice.text[item_end..].trim_start();
    if head.words.is_none() && !rest.is_empty() {
        let rest = slice.place(slice.text.len() - rest.len(), slice.text.len());
        return Err(Diagnostic::new(Code::AfterEnd, rest, "only a new definition can follow here")
            .label("unexpected"));
    }
    Ok(head)
}

impl<'t> Slice<'t> {
    fn end(self) -> usize {
        self.base + self.text.len()
    }

    fn place(self, start: usize, end: usize) -> Span {
        Span { file: self.file, start: (self.base + start) as u32, end: (self.base + end) as u32 }
    }

    fn span(self, pair: &Pair<Rule>) -> Span {
        let place = pair.as_span();
        self.place(place.start(), place.end())
    }

    fn words(self, phrase: Pair<'t, Rule>) -> Words<'t> {
        let stop = self.span(&phrase).end;
        let tokens = phrase.into_inner();
        let tokens = tokens.map(|pair| (self.span(&pair), pair));
        let tokens = tokens.filter_map(|(span, pair)| Some((self.token(pair)?, span))).collect();
        Words { text: self.whole, file: self.file, tokens, stop, end: self.end() as u32 }
    }

    fn token(self, pair: Pair<'t, Rule>) -> Option<Token<'t>> {
        let text = pair.as_str();
        Some(match pair.as_rule() {
            Rule::lead | Rule::lead_word => token::lead(text),
            Rule::pattern => self.pattern_token(pair),
            Rule::number => Token::Number(text),
            Rule::word if matches!(text, "true" | "false") => Token::Truth(text == "true"),
            Rule::word => Token::Name(text),
            Rule::whole => Token::Whole,
            Rule::nothing => Token::Nothing,
            Rule::prime => Token::Prime(text.chars().map(token::prime_order).sum()),
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
            Rule::apply if text == "[" => Token::Index,
            Rule::apply => Token::Call { elementwise: text == ".(" },
            Rule::sign => token::sign(text),
            _ => return None,
        })
    }

    /// `(a, (b, c)) =`, `(x, y) ->`
    fn pattern_token(self, pair: Pair<'t, Rule>) -> Token<'t> {
        let binds = pair.clone().into_inner().any(|inner| inner.as_rule() == Rule::assign);
        let names = self.names(pair);
        if binds { Token::Binds(names) } else { Token::Maps(names) }
    }

    /// Nests as deep as the grammar lets it: three brackets.
    fn names(self, pair: Pair<'t, Rule>) -> Names<'t> {
        let mut parts = Vec::new();
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::name => parts.push(Names::Name(inner.as_str(), self.span(&inner))),
                Rule::inner_names | Rule::inmost_names => parts.push(self.names(inner)),
                _ => {}
            }
        }
        if parts.len() == 1 { parts.remove(0) } else { Names::Tuple(parts) }
    }

    // ── Heads ────────────────────────────────────────────────────────────────────────────────────

    fn param(self, pair: Pair<'t, Rule>) -> Result<HeadParam<'t>, Diagnostic> {
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
    fn type_expr(self, pair: Pair<'t, Rule>) -> Result<HeadType<'t>, Diagnostic> {
        let span = self.span(&pair);
        let atoms = pair.into_inner().filter(|inner| inner.as_rule() == Rule::type_atom);
        let mut atoms = atoms.map(|atom| self.type_atom(atom)).collect::<Result<Vec<_>, _>>()?;
        if atoms.len() > MOST_ARROWS {
            return Err(Diagnostic::new(
                Code::NestedTooDeep,
                span,
                format!("a type with more than {MOST_ARROWS} arrows"),
            ));
        }
        let last = atoms.pop();
        let result = atoms.into_iter().rev().fold(last, |result, params| {
            let params = match params {
                HeadType::Tuple(parts) => parts,
                single => vec![single],
            };
            result.map(|result| HeadType::Function(params, Box::new(result)))
        });
        result.ok_or_else(|| Diagnostic::new(Code::Unexpected, span, "a type is missing"))
    }

    fn type_atom(self, pair: Pair<'t, Rule>) -> Result<HeadType<'t>, Diagnostic> {
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

    fn field_type(self, pair: Pair<'t, Rule>) -> Result<(&'t str, HeadType<'t>), Diagnostic> {
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
    fn failure(self, error: &Error<Rule>) -> Diagnostic {
        let at = match error.location {
            InputLocation::Pos(at) => at,
            InputLocation::Span((at, _)) => at,
        };
        let expected = match &error.variant {
            ErrorVariant::ParsingError { positives, .. } => wording(positives),
            ErrorVariant::CustomError { .. } => String::new(),
        };
        let rest = self.text[at..].trim_start();
        let at = self.text.len() - rest.len();
        let letters = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
        let length = letters.max(rest.chars().next().map_or(0, char::len_utf8));
        let place = self.place(at, at + length);
        let message = match &rest[..length] {
            "" => "this definition is not complete".to_string(),
            word if word.len() <= 30 && !word.contains(char::is_control) => {
                format!("`{word}` is unexpected here")
            }
            _ => "this is unexpected here".to_string(),
        };
        let error = Diagnostic::new(Code::Unexpected, place, message).label(expected);
        let reserved =
            Grammar::parse(Rule::name, &rest[..length]).is_err() && length == letters && letters > 0;
        match rest.chars().next() {
            Some(c) if c.is_alphabetic() && reserved => {
                error.help(format!("`{}` is a word of the notation, no name", &rest[..length]))
            }
            Some(':') if rest.starts_with(":=") => error.help("a definition is written with `=` alone"),
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
