//! Words to tree: a shunting-yard with a stack of its own, so that neither a chain of a million
//! operators nor a hundred thousand open brackets needs a deep call stack. Takes the words of one
//! expression, adds to the tree; knows neither the grammar nor what a name means.

mod close;
mod loops;
mod opener;
mod operator;
mod separator;
mod stop;
mod test;

pub use operator::is_number;

use super::fold::fold;
use super::frame::{Entry, Frame, Kind, Operand, Prefix, Slot, What};
use super::token::{Infix, Names, Token};
use super::tree::{Ast, BinaryOp, Expr, Pattern, Span, Tree};
use crate::syntax::diagnostic::{Code, Diagnostic};
use stop::{Stop, expected_operand, lone_colon, misplaced, unclosed};

pub type Step<T = ()> = Result<T, Diagnostic>;

/// The words of one expression and where they stop.
pub struct Words<'t> {
    /// The whole text of the file.
    pub text: &'t str,
    pub file: u32,
    pub tokens: Vec<(Token<'t>, Span)>,
    /// Where the grammar could read no further.
    pub stop: u32,
    /// Where the expression should have ended.
    pub end: u32,
}

/// The parts of a `test`.
#[derive(Debug, Default)]
pub struct Test {
    pub left: Option<Ast>,
    pub right: Option<Ast>,
    pub tolerance: Option<Ast>,
    pub bindings: Vec<(Pattern, Ast)>,
}

/// Builds one expression.
pub fn expression(tree: &mut Tree, words: &Words, warnings: &mut Vec<Diagnostic>) -> Step<Ast> {
    let mut builder = Builder::new(tree, words, warnings, Kind::Root);
    builder.run()?;
    let span = builder.here();
    builder.value(span)
}

/// Builds the parts of a test.
pub fn test(tree: &mut Tree, words: &Words, warnings: &mut Vec<Diagnostic>) -> Step<Test> {
    let mut builder = Builder::new(tree, words, warnings, Kind::Test);
    builder.run()?;
    let span = builder.here();
    builder.end_test_part(span)?;
    Ok(builder.test)
}

struct Builder<'b, 't> {
    tree: &'b mut Tree,
    words: &'b Words<'t>,
    warnings: &'b mut Vec<Diagnostic>,
    stack: Vec<Entry>,
    /// The places of the frames on the stack.
    frames: Vec<usize>,
    out: Vec<Operand>,
    /// The next word.
    next: usize,
    /// Whether an operand has to come.
    wants_operand: bool,
    test: Test,
}

impl<'b, 't> Builder<'b, 't> {
    fn new(
        tree: &'b mut Tree,
        words: &'b Words<'t>,
        warnings: &'b mut Vec<Diagnostic>,
        kind: Kind,
    ) -> Builder<'b, 't> {
        let mut builder = Builder {
            tree,
            words,
            warnings,
            stack: Vec::new(),
            frames: Vec::new(),
            out: Vec::new(),
            next: 0,
            wants_operand: true,
            test: Test::default(),
        };
        builder.open(kind, Slot::Item, builder.here());
        builder
    }

    fn run(&mut self) -> Step {
        while let Some((token, span)) = self.words.tokens.get(self.next) {
            self.next += 1;
            self.guard(token, *span)?;
            self.token(token, *span)?;
        }
        if self.stop() < self.words.end as usize || self.wants_operand {
            return Err(self.stopped());
        }
        if !self.unwind(|frame| matches!(frame.kind, Kind::Root | Kind::Test)) {
            return Err(unclosed(self.frame()));
        }
        Ok(())
    }

    fn pattern(&mut self, names: &Names) -> Pattern {
        match names {
            Names::Name(name, span) => Pattern::Name(self.tree.intern(&fold(name)), *span),
            Names::Tuple(parts) => Pattern::Tuple(parts.iter().map(|part| self.pattern(part)).collect()),
        }
    }

    fn token(&mut self, token: &Token<'t>, span: Span) -> Step {
        self.wants_operand = true;
        match token {
            Token::Minus => self.stack.push(Entry::Prefix(Prefix::Neg, span)),
            Token::Not => self.stack.push(Entry::Prefix(Prefix::Not, span)),
            Token::Root => self.stack.push(Entry::Prefix(Prefix::Root, span)),
            Token::Open(shape) => self.open_bracket(*shape, span),
            Token::Let => self.open(Kind::Let, Slot::Binder, span),
            Token::If => self.open_if(span),
            Token::Binds(names) => {
                let pattern = self.pattern(names);
                self.bind(pattern, span)?;
            }
            Token::Maps(names) => {
                let pattern = self.pattern(names);
                self.lambda(pattern, span)?;
            }
            Token::Number(_)
            | Token::Name(_)
            | Token::Truth(_)
            | Token::Whole
            | Token::Nothing
            | Token::Prime(_)
            | Token::Raised(_)
            | Token::Transpose
            | Token::Factorial
            | Token::Field(_)
            | Token::Close(_)
            | Token::Otherwise
            | Token::LoopBare(..) => {
                self.wants_operand = false;
                self.operand_word(token, span)?;
            }
            Token::Juxtapose => self.infix(Infix::Binary(BinaryOp::Juxtapose), span)?,
            Token::Call { elementwise } => self.call(*elementwise, span)?,
            Token::Index => self.index(span)?,
            Token::Comma => self.comma(span)?,
            Token::Semicolon => self.semicolon(span)?,
            Token::Range => self.range(span)?,
            Token::Colon => self.colon(span)?,
            Token::Equals => self.equals(span)?,
            Token::Tilde => self.tilde(span)?,
            Token::Arrow => self.arrow(span)?,
            Token::Infix(infix) => self.infix(*infix, span)?,
            Token::Then => self.then(span)?,
            Token::Else => self.otherwise_word(span)?,
            Token::In => self.in_word(span)?,
            Token::When => self.when(span)?,
            Token::While => self.while_word(span)?,
            Token::Where => self.where_word(span)?,
            Token::LoopIn(name, place) => self.loop_over(name, *place, span, true)?,
        }
        Ok(())
    }

    /// The words that are an operand, or that end one.
    fn operand_word(&mut self, token: &Token<'t>, span: Span) -> Step {
        match token {
            Token::Number(text) => self.number(text, span)?,
            Token::Name(text) => {
                if stop::is_keyword(text) {
                    return Err(stop::reserved(text, span));
                }
                let name = self.tree.intern(&fold(text));
                self.out.push(Operand { what: What::Name(name), span });
            }
            Token::Truth(value) => self.push(Expr::Bool(*value), span),
            Token::Whole => self.whole(span)?,
            Token::Nothing => self.nothing(span)?,
            Token::Prime(order) => {
                let of = self.left_operand(span)?;
                let at = self.node(of);
                self.push(Expr::Prime { of: at, order: *order }, join(of.span, span));
            }
            Token::Raised(text) => self.raised(text, span)?,
            Token::Transpose => self.postfix(super::tree::UnaryOp::Transpose, span)?,
            Token::Factorial => self.postfix(super::tree::UnaryOp::Factorial, span)?,
            Token::Field(name) => {
                let of = self.left_operand(span)?;
                let at = self.node(of);
                let name = self.tree.intern(&fold(name));
                self.push(Expr::Field { of: at, name }, join(of.span, span));
            }
            Token::Close(shape) => self.close(*shape, span)?,
            Token::Otherwise => self.last_case(span)?,
            Token::LoopBare(name, place) => self.loop_over(name, *place, span, false)?,
            other => unreachable!("{other:?} is no operand"),
        }
        Ok(())
    }

    /// Where a name must come, nothing else may.
    fn guard(&self, token: &Token, span: Span) -> Step {
        let Some(Entry::Frame(frame)) = self.stack.last() else { return Ok(()) };
        let names = matches!(token, Token::Name(_) | Token::Equals | Token::Binds(_));
        if frame.slot == Slot::Binder && !names {
            let error = self.binder_expected(frame, span);
            let called = matches!(token, Token::Call { .. });
            return Err(if called { error.help("a function here is `g = x -> e`") } else { error });
        }
        let loops = matches!(token, Token::Name(_) | Token::In | Token::Comma | Token::Colon | Token::When)
            || matches!(token, Token::Close(_) | Token::LoopBare(..) | Token::LoopIn(..));
        if frame.slot == Slot::Index && !loops {
            return Err(Diagnostic::new(Code::NameWanted, span, "`for` needs the name of an index")
                .label("expected a name here")
                .help("write `for i in 1..m, j in 1..n`"));
        }
        Ok(())
    }

    fn binder_expected(&self, frame: &Frame, span: Span) -> Diagnostic {
        let word = if matches!(frame.kind, Kind::Let) { "let" } else { "where" };
        Diagnostic::new(Code::IncompleteLoop, span, format!("`{word}` needs `name = value`"))
            .label("expected a name and `=` here")
    }

    // ── The stack ────────────────────────────────────────────────────────────────────────────────

    fn open(&mut self, kind: Kind, slot: Slot, mark: Span) {
        self.open_at(kind, slot, mark, mark.start);
    }

    fn open_at(&mut self, kind: Kind, slot: Slot, mark: Span, start: u32) {
        self.frames.push(self.stack.len());
        self.stack.push(Entry::Frame(Frame::new(kind, slot, mark, start, self.out.len())));
    }

    /// The innermost frame. There is always one: the root closes last.
    fn frame(&mut self) -> &mut Frame {
        let at = self.frames[self.frames.len() - 1];
        match &mut self.stack[at] {
            Entry::Frame(frame) => frame,
            Entry::Prefix(..) | Entry::Infix(_) | Entry::Compare(_) => unreachable!("frames are indexed"),
        }
    }

    /// Whether nothing has been read since the innermost frame's slot began.
    fn slot_is_empty(&mut self) -> bool {
        let (top, operands) = (self.stack.len() - 1, self.out.len());
        self.frames.last() == Some(&top) && operands == self.frame().base
    }

    /// Takes the innermost frame off the stack; its operators are already gone.
    fn pop_frame(&mut self) -> Box<Frame> {
        self.frames.pop();
        match self.stack.pop() {
            Some(Entry::Frame(frame)) => frame,
            Some(Entry::Prefix(..) | Entry::Infix(_) | Entry::Compare(_)) | None => {
                unreachable!("operators are reduced before a frame closes")
            }
        }
    }

    /// Reduces the operators of the innermost slot, and ends the frames that no word ends, until the
    /// innermost frame is the one that is wanted. If there is none, the innermost frame afterwards is
    /// the one that stands in the way.
    fn unwind(&mut self, wanted: impl Fn(&Frame) -> bool) -> bool {
        loop {
            self.settle();
            if wanted(self.frame()) {
                return true;
            }
            if !self.finish_open() {
                return false;
            }
        }
    }

    /// The operand just read, for an operator that takes it.
    fn left_operand(&mut self, span: Span) -> Step<Operand> {
        let base = self.frame().base;
        match self.out.last().copied() {
            Some(operand) if self.out.len() > base => {
                if matches!(operand.what, What::Whole) {
                    return Err(lone_colon(operand.span));
                }
                self.out.pop();
                Ok(operand)
            }
            Some(_) | None => Err(expected_operand(span)),
        }
    }

    /// The value of the slot that ends at `span`.
    fn value(&mut self, span: Span) -> Step<Ast> {
        let operand = self.left_operand(span)?;
        Ok(self.node(operand))
    }

    /// The tree's node for an operand.
    fn node(&mut self, operand: Operand) -> Ast {
        match operand.what {
            What::Node(ast) => ast,
            What::Name(name) => self.tree.add(Expr::Name(name), operand.span),
            What::Whole => unreachable!("`:` is only let through in an index"),
        }
    }

    fn push(&mut self, expr: Expr, span: Span) {
        let ast = self.tree.add(expr, span);
        self.out.push(Operand { what: What::Node(ast), span });
    }

    // ── Places and messages ──────────────────────────────────────────────────────────────────────

    /// The first word that the grammar could not read, or the end.
    fn stop(&self) -> usize {
        skip_gap(self.words.text, self.words.stop as usize, self.words.end as usize)
    }

    /// The place where the grammar stopped.
    fn here(&self) -> Span {
        Span { file: self.words.file, start: self.words.stop, end: self.words.stop }
    }

    fn source(&self, span: Span) -> &'t str {
        &self.words.text[span.start as usize..span.end as usize]
    }

    /// The text of a place, if it is short enough to be quoted.
    fn quote(&self, span: Span) -> Option<&'t str> {
        Some(self.source(span)).filter(|text| text.len() <= 40 && !text.contains('\n'))
    }

    /// What is wrong where the grammar could read no further.
    fn stopped(&mut self) -> Diagnostic {
        if let Some(Entry::Frame(frame)) = self.stack.last()
            && frame.slot == Slot::Binder
        {
            let place = if self.stop() < self.words.end as usize { self.here() } else { frame.mark };
            return self.binder_expected(frame, place);
        }
        let last = self.words.tokens.last().map(|(token, span)| (token, *span));
        let inner = Stop {
            text: self.words.text,
            file: self.words.file,
            at: self.stop(),
            end: self.words.end as usize,
            wants_operand: self.wants_operand,
            last: last.map(|(_, span)| span),
            left: self.out.last().map(|operand| operand.span),
        };
        // At the end of the text, a bracket that was never closed is the better news.
        if inner.at >= inner.end && !self.wants_operand {
            return unclosed(self.frame());
        }
        inner.describe()
    }
}

/// The next place that is neither white space nor a comment.
fn skip_gap(text: &str, mut at: usize, end: usize) -> usize {
    loop {
        let rest = &text[at..end];
        let word = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}');
        at = end - word.len();
        if !word.starts_with('#') {
            return at;
        }
        at += word.find('\n').unwrap_or(word.len());
    }
}

/// From the start of one place to the end of another.
fn join(from: Span, to: Span) -> Span {
    Span { file: from.file, start: from.start, end: to.end }
}
