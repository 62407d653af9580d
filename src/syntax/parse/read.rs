//! The text of definitions, read by the grammar: what comes before the tree. Each is read by itself, so
//! those of a long file are read on two cores while the tree grows by those before them.

use super::super::scan::Piece;
use super::super::tree::{Span, Tree};
use super::parse_expression;
use super::rules::{self, Head, ItemForm, Slice};
use crate::syntax::diagnostic::{Code, Diagnostic};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::panic::resume_unwind;
use std::sync::Mutex;
use std::sync::mpsc::sync_channel;
use std::thread;

/// How deep brackets may nest before the `=` of a definition, where types and sizes stand.
const HEAD_DEPTH: usize = 60;

/// So many definitions are read at once.
const BATCH: usize = 500;
/// So many batches are read ahead at most.
const WAITING: usize = 8;

/// A file that is read.
#[derive(Clone, Copy)]
pub struct Reader<'t> {
    pub file: u32,
    pub text: &'t str,
    /// The text with spaces in place of comments.
    pub blanked: &'t str,
}

/// What the grammar makes of a definition.
type Read<'t> = Result<(ItemForm, Head<'t>), Diagnostic>;

/// Reads the pieces and hands them on, in their order: on a second core too, which reads ahead.
pub fn each<'t>(reader: Reader<'t>, pieces: Vec<Piece>, mut take: impl FnMut(Piece, Read<'t>)) {
    let alone = thread::available_parallelism().map_or(1, usize::from) < 2;
    if alone || pieces.len() < 2 * BATCH {
        return pieces.into_iter().for_each(|piece| {
            let read = reader.item(&piece);
            take(piece, read);
        });
    }
    let batches = Mutex::new(Batches { pieces: pieces.into_iter(), next: 0 });
    let next = || batches.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).take();
    thread::scope(|scope| {
        let (send, receive) = sync_channel(WAITING);
        let ahead = scope.spawn(move || {
            while let Some((number, batch)) = next() {
                if send.send((number, reader.batch(batch))).is_err() {
                    return; // the taker has panicked
                }
            }
        });
        // What is wanted next is taken if it is there, else one more batch is read here.
        let mut waiting = BTreeMap::new();
        for wanted in 0.. {
            loop {
                waiting.extend(receive.try_iter());
                if waiting.contains_key(&wanted) {
                    break;
                }
                match next() {
                    Some((number, batch)) => waiting.insert(number, reader.batch(batch)),
                    None => match receive.recv() {
                        Ok((number, batch)) => waiting.insert(number, batch),
                        Err(_all_read) => break,
                    },
                };
            }
            let Some(batch) = waiting.remove(&wanted) else { break };
            batch.into_iter().for_each(|(piece, read)| take(piece, read));
        }
        ahead.join().unwrap_or_else(|panic| resume_unwind(panic));
    });
}

/// What is still to be read.
struct Batches {
    pieces: std::vec::IntoIter<Piece>,
    next: usize,
}

impl Batches {
    /// The next batch with its number.
    fn take(&mut self) -> Option<(usize, Vec<Piece>)> {
        let batch: Vec<Piece> = self.pieces.by_ref().take(BATCH).collect();
        self.next += 1;
        (!batch.is_empty()).then_some((self.next - 1, batch))
    }
}

/// The text with spaces in place of comments, so that the grammar need not look for them.
pub fn blank_comments(text: &str) -> Cow<'_, str> {
    if !text.contains('#') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let (body, end) = line.strip_suffix('\n').map_or((line, ""), |body| (body, "\n"));
        let mut quoted = false;
        let comment = body.bytes().position(|byte| {
            quoted ^= byte == b'"';
            byte == b'#' && !quoted
        });
        let code = &body[..comment.unwrap_or(body.len())];
        out.push_str(code);
        out.extend(std::iter::repeat_n(' ', body.len() - code.len()));
        out.push_str(end);
    }
    Cow::Owned(out)
}

impl<'t> Reader<'t> {
    pub fn span(&self, start: usize, end: usize) -> Span {
        Span { file: self.file, start: start as u32, end: end as u32 }
    }

    pub fn too_large(&self) -> Diagnostic {
        Diagnostic::new(Code::FileTooLarge, self.span(0, 0), "this file is larger than 1 GB")
            .help("divide it and use `import`")
    }

    /// The text between two places.
    pub fn slice(&self, start: usize, end: usize) -> Slice<'t> {
        Slice { file: self.file, whole: self.text, text: &self.blanked[start..end], base: start }
    }

    fn batch(&self, pieces: Vec<Piece>) -> Vec<(Piece, Read<'t>)> {
        let read = |piece| {
            let read = self.item(&piece);
            (piece, read)
        };
        pieces.into_iter().map(read).collect()
    }

    fn item(&self, piece: &Piece) -> Read<'t> {
        let form = self.form(piece)?;
        self.check_head_depth(piece, form)?;
        Ok((form, rules::head(self.slice(piece.start, piece.end), form)?))
    }

    /// What kind of item a piece is, by its first words.
    fn form(&self, piece: &Piece) -> Result<ItemForm, Diagnostic> {
        let text = &self.text[piece.start..piece.end];
        let is_letter =
            |c: char| c.is_alphanumeric() || matches!(c, '_' | '∂' | '∇') || pest::unicode::MARK(c);
        let word_end = text.find(|c: char| !is_letter(c)).unwrap_or(text.len());
        let (word, rest) = text.split_at(word_end);
        let after = rest.trim_start();
        let spaced = after.len() < rest.len();
        match word {
            "import" => return Ok(ItemForm::Import),
            "param" => return Ok(ItemForm::Param),
            "type" => return Ok(ItemForm::Type),
            "rule" => return Ok(ItemForm::Rule),
            "test" if spaced && (!after.starts_with('=') || after.starts_with("==")) => {
                return Ok(ItemForm::Test);
            }
            _ => {}
        }
        let begins_with_name = word.starts_with(|c: char| !c.is_ascii_digit()) && !word.is_empty();
        match after.chars().next() {
            Some('(') if begins_with_name && !spaced && self.defines(piece, word_end) => {
                Ok(ItemForm::Function)
            }
            Some('(') if begins_with_name && spaced && self.defines(piece, word_end) => {
                let at = piece.end - after.len();
                Err(Diagnostic::new(
                    Code::SpaceBeforeBracket,
                    self.span(at, at + 1),
                    "a space before the bracket of a definition",
                )
                .label("no space here")
                .help(format!("write `{word}(…) = …`")))
            }
            Some('=') if begins_with_name && !after.starts_with("==") => Ok(ItemForm::Constant),
            Some(':' | '∈') if begins_with_name => Ok(ItemForm::Constant),
            _ => Err(self.not_a_definition(piece)),
        }
    }

    /// Whether an `=` follows somewhere outside brackets, so that this is meant as a definition.
    fn defines(&self, piece: &Piece, from: usize) -> bool {
        let bytes = &self.text.as_bytes()[piece.start + from..piece.end];
        let mut at = 0;
        while at < bytes.len() {
            match bytes[at] {
                b'=' if bytes.get(at + 1) != Some(&b'=') => return true,
                b'=' | b'<' | b'>' | b'!' => at += 1,
                _ => {}
            }
            at += 1;
        }
        false
    }

    pub fn not_a_definition(&self, piece: &Piece) -> Diagnostic {
        let text = &self.text[piece.start..piece.end];
        let line = text.lines().next().unwrap_or(text).trim_end();
        let span = self.span(piece.start, piece.start + line.len());
        let error = Diagnostic::new(Code::NotADefinition, span, "this is not a definition")
            .label("expected `name = …` or `name(…) = …`");
        if text.trim() == "test" {
            return error.help("a test is `test f(2) = 3`");
        }
        if text.split(['(', '=']).next().is_some_and(|head| head.contains(['\'', '′'])) {
            return error.help("a name has no primes: `f'(x)` is the derivative of `f(x) = …`");
        }
        if text.starts_with("//") || text.starts_with("/*") || text.starts_with('%') {
            return error.help("a comment begins with `#`");
        }
        if let Some(name) = ["def ", "fn ", "function ", "func "].iter().find_map(|w| text.strip_prefix(w)) {
            let name = name.split('(').next().unwrap_or_default().trim();
            return error.help(format!("write `{name}(…) = …`: the body is one expression"));
        }
        if let Some((head, body)) = head_and_body(line) {
            return error.help(format!("write `{head} = {body}`"));
        }
        let is_expression = line.len() == text.len()
            && line.len() <= 40
            && parse_expression(&mut Tree::default(), "", line).is_ok();
        if is_expression {
            error.help(format!("write `f(x) = {line}`"))
        } else {
            error.help("a definition begins with `name =` or `name(…) =`")
        }
    }

    /// Types and sizes nest only so deep.
    fn check_head_depth(&self, piece: &Piece, form: ItemForm) -> Result<(), Diagnostic> {
        if form == ItemForm::Test || form == ItemForm::Import {
            return Ok(());
        }
        let bytes = &self.text.as_bytes()[piece.start..piece.end];
        let mut open = 0_usize;
        for (at, byte) in bytes.iter().enumerate() {
            match byte {
                b'(' | b'[' | b'{' => open += 1,
                b')' | b']' | b'}' => open = open.saturating_sub(1),
                b'=' if open == 0 && form != ItemForm::Type => return Ok(()),
                _ => {}
            }
            if open > HEAD_DEPTH {
                let place = self.span(piece.start + at, piece.start + at + 1);
                return Err(Diagnostic::new(
                    Code::NestedTooDeep,
                    place,
                    format!("brackets nest more than {HEAD_DEPTH} deep here"),
                )
                .label("before `=` this is the bracket too many"));
            }
        }
        Ok(())
    }
}

/// `f(x)` and `x^2` of a line `f(x) x^2`, which lacks its `=`.
fn head_and_body(line: &str) -> Option<(&str, &str)> {
    let (head, body) = line.split_at(line.find(')')? + 1);
    let name = head.split('(').next()?;
    let is_name =
        name.starts_with(char::is_alphabetic) && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    let body = body.strip_prefix(' ')?.trim();
    let fits = is_name && line.len() <= 60 && !body.contains('=');
    (fits && parse_expression(&mut Tree::default(), "", body).is_ok()).then_some((head, body))
}
