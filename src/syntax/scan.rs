//! Cuts a file into the pieces that hold one definition each, before any of them is parsed, so that
//! one bad definition does not spoil the next. Takes text, gives byte ranges with the comments that
//! belong to them; knows the look of a definition's first line and nothing of what is in it.

/// The text of one definition.
#[derive(Debug, Default)]
pub struct Piece {
    pub start: usize,
    pub end: usize,
    /// Lines of `##`, without the marks.
    pub doc: Vec<String>,
    /// Lines of `#`, with the mark; an empty string is a blank line.
    pub comments: Vec<String>,
    /// The comment on the line where the definition ends, with its mark.
    pub trailing: Option<String>,
}

/// The pieces of a file, and the comments after the last.
pub fn cut(text: &str) -> (Vec<Piece>, Vec<String>) {
    let mut cutter = Cutter {
        text,
        heads: find_heads(text),
        head: 0,
        pieces: Vec::new(),
        depth: Vec::new(),
        comments: Vec::new(),
    };
    cutter.run();
    cutter.finish()
}

/// The part of a text in which the definition at a place stands, or the last one before it.
pub fn around(text: &str, at: usize) -> std::ops::Range<usize> {
    let (pieces, _) = cut(text);
    let after = pieces.partition_point(|piece| piece.start <= at);
    let start = after.checked_sub(1).map_or(at, |last| pieces[last].start);
    start..pieces.get(after).map_or(text.len(), |next| next.start)
}

/// Whether a text goes on in the next line: a bracket is open, an operand or a definition is missing.
pub fn is_unfinished(text: &str) -> bool {
    let words = rough_words(text);
    let Some(&(last, at)) = words.last() else {
        // What is said of a definition comes before it.
        return text.trim_start().starts_with("##");
    };
    let opened = words.iter().filter(|(word, _)| matches!(*word, "(" | "[" | "{")).count();
    let closed = words.iter().filter(|(word, _)| matches!(*word, ")" | "]" | "}")).count();
    opened > closed || Before::of(&text[..at + last.len()]) != Before::Complete
}

/// Whether a sign may be part of a name.
pub fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '∂' | '∇' | '₀'..='₉') || pest::unicode::MARK(c)
}

/// The words, numbers and signs of a text that need not follow the grammar, with their places;
/// comments are left out.
pub fn rough_words(text: &str) -> Vec<(&str, usize)> {
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let start = at;
        at += c.len_utf8();
        if c == '#' {
            at = line_end(text.as_bytes(), start);
        } else if is_letter(c) {
            at = start + text[start..].find(|c| !is_letter(c)).unwrap_or(text.len() - start);
            words.push((&text[start..at], start));
        } else if !c.is_whitespace() {
            let double =
                ["->", "==", "<=", ">=", "!=", ".."].iter().any(|sign| text[start..].starts_with(sign));
            at = if double { start + 2 } else { at };
            words.push((&text[start..at], start));
        }
    }
    words
}

/// A comment that was read and not yet given to a piece.
struct Comment {
    start: usize,
    end: usize,
}

struct Cutter<'t> {
    text: &'t str,
    /// Where lines begin that look like `f(…) =` or `f(…) ->`.
    heads: Vec<usize>,
    head: usize,
    pieces: Vec<Piece>,
    /// The places of the brackets that are open.
    depth: Vec<usize>,
    /// Comments since the last word.
    comments: Vec<Comment>,
}

impl Cutter<'_> {
    fn run(&mut self) {
        let bytes = self.text.as_bytes();
        let (mut at, mut line_start) = (0, true);
        while at < bytes.len() {
            let byte = bytes[at];
            match byte {
                b'\n' => line_start = true,
                b' ' | b'\t' | b'\r' | 0x0B | 0x0C => {}
                b'#' => {
                    let end = line_end(bytes, at);
                    self.comments.push(Comment { start: at, end });
                    at = end;
                    continue;
                }
                _ if byte >= 0x80 && space_width(self.text, at) > 0 => {
                    at += space_width(self.text, at);
                    continue;
                }
                _ => {
                    if self.pieces.is_empty() || (line_start && self.begins_item(at)) {
                        self.begin(at);
                    }
                    line_start = false;
                    at = self.word(at);
                    continue;
                }
            }
            at += 1;
        }
    }

    /// Takes the word at `at` into the current piece; gives the place after it.
    fn word(&mut self, at: usize) -> usize {
        let bytes = self.text.as_bytes();
        let mut end = at + 1;
        match bytes[at] {
            b'(' | b'[' | b'{' => self.depth.push(at),
            b')' | b']' | b'}' => {
                self.depth.pop();
            }
            b'"' => {
                while end < bytes.len() && bytes[end] != b'"' && bytes[end] != b'\n' {
                    end += 1;
                }
                if end < bytes.len() && bytes[end] == b'"' {
                    end += 1;
                }
            }
            byte => {
                if is_word(byte) {
                    end = word_end(self.text, at);
                }
            }
        }
        self.keep_inner_comments();
        if let Some(piece) = self.pieces.last_mut() {
            piece.end = end;
        }
        end
    }

    /// Comments inside a definition go before it. There is nothing that they could document: one mark is left.
    fn keep_inner_comments(&mut self) {
        if self.comments.is_empty() {
            return;
        }
        let Some(piece) = self.pieces.last_mut() else { return };
        for comment in self.comments.drain(..) {
            let line = self.text[comment.start..comment.end].trim_end();
            let documents = line.starts_with("##") && !line.starts_with("###");
            piece.comments.push(line[usize::from(documents)..].to_string());
        }
    }

    /// Begins a piece, to which the comments above it belong.
    fn begin(&mut self, at: usize) {
        let previous_end = self.pieces.last().map_or(0, |piece| piece.end);
        let mut piece = Piece { start: at, end: at, ..Piece::default() };
        let mut from = previous_end;
        let comments = std::mem::take(&mut self.comments);
        let mut comments = comments.iter().peekable();
        if let Some(last) = self.pieces.last_mut()
            && let Some(first) = comments.peek()
            && !self.text[last.end..first.start].contains('\n')
        {
            last.trailing = Some(self.text[first.start..first.end].trim_end().to_string());
            from = first.end;
            comments.next();
        }
        let mut blank = false;
        for comment in comments {
            blank |= blank_line(&self.text[from..comment.start]);
            from = comment.end;
            let line = self.text[comment.start..comment.end].trim_end();
            match line.strip_prefix("##") {
                Some(doc) if !doc.starts_with('#') => {
                    piece.doc.push(doc.strip_prefix(' ').unwrap_or(doc).to_string());
                }
                Some(_) | None => {
                    if std::mem::take(&mut blank) {
                        piece.comments.push(String::new());
                    }
                    piece.comments.push(line.to_string());
                }
            }
        }
        if blank || blank_line(&self.text[from..at]) {
            piece.comments.push(String::new());
        }
        self.depth.clear();
        self.pieces.push(piece);
    }

    fn finish(mut self) -> (Vec<Piece>, Vec<String>) {
        let end = self.text.len();
        self.begin(end);
        let last = self.pieces.pop().unwrap_or_default();
        let mut closing = last.comments;
        closing.extend(last.doc.into_iter().map(|line| format!("## {line}").trim_end().to_string()));
        while closing.last().is_some_and(String::is_empty) {
            closing.pop();
        }
        (self.pieces, closing)
    }

    /// Whether the line whose first word is at `at` begins a new definition.
    fn begins_item(&mut self, at: usize) -> bool {
        let bytes = self.text.as_bytes();
        if !is_name_start(self.text, at) {
            return false;
        }
        while self.head < self.heads.len() && self.heads[self.head] < at {
            self.head += 1;
        }
        let Some(piece) = self.pieces.last() else { return true };
        let done = &self.text[piece.start..piece.end];
        let before = Before::of(done);
        let unfinished = matches!(before, Before::Operator | Before::Open | Before::Comma);
        let in_test = unfinished && done.starts_with("test");
        if self.heads.get(self.head) == Some(&at) {
            return before != Before::Keyword && !in_test;
        }
        let end = word_end(self.text, at);
        let next = skip_spaces(self.text, end);
        let spaced = next > end || matches!(bytes.get(end), None | Some(b'"' | b'\n' | b'\r'));
        let single_equals = bytes.get(next) == Some(&b'=') && bytes.get(next + 1) != Some(&b'=');
        match &self.text[at..end] {
            "param" | "type" | "rule" | "import" if spaced => return true,
            "test" if spaced && !single_equals => {
                return before == Before::Complete || at == line_begin(bytes, at);
            }
            _ => {}
        }
        if single_equals {
            return match before {
                Before::Complete => true,
                Before::Operator => !in_test,
                Before::Comma | Before::Keyword => false,
                Before::Open => !in_test && !self.opens_loop(piece.end - 1),
            };
        }
        let typed = bytes.get(next) == Some(&b':') || self.text[next..].starts_with('∈');
        typed && self.depth.is_empty() && before == Before::Complete
    }

    /// Whether the bracket at `open` is that of `fold(`, `sum(` and the like, where `name =` may follow.
    fn opens_loop(&self, open: usize) -> bool {
        let word = last_word(&self.text[..open]);
        matches!(word, "fold" | "scan" | "iterate" | "∑" | "∏")
            || matches!(word, "sum" | "prod" | "max" | "min" | "any" | "all" | "count")
    }
}

/// What the text of a piece ends in: whether a line `name =` can still belong to it.
#[derive(PartialEq, Eq)]
enum Before {
    /// An operand: the expression may be over.
    Complete,
    Operator,
    Comma,
    Open,
    /// A word after which a name may be bound.
    Keyword,
}

impl Before {
    fn of(done: &str) -> Before {
        match done.as_bytes().last() {
            None => Before::Keyword,
            Some(b',' | b';') => Before::Comma,
            Some(b'(' | b'[' | b'{') => Before::Open,
            Some(b'+' | b'-' | b'*' | b'/' | b'^' | b'=' | b'<' | b'>' | b':' | b'~') => Before::Operator,
            Some(_) => match last_word(done) {
                "let" | "where" | "pullback" | "param" | "rule" | "type" | "test" => Before::Keyword,
                "and" | "or" | "not" | "then" | "else" | "in" | "if" | "while" => Before::Operator,
                _ => Before::Complete,
            },
        }
    }
}

/// The lines that look like `f(…) =` or `f(…) ->`, by the place of their first word, in order.
fn find_heads(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let mut heads = Vec::new();
    // Each open bracket, with the line's first word if the bracket directly follows it.
    let mut open: Vec<Option<usize>> = Vec::new();
    let (mut at, mut first_word, mut line_start) = (0, None, true);
    while at < bytes.len() {
        let here = at;
        at += 1;
        match bytes[here] {
            b'\n' => line_start = true,
            b'#' => at = line_end(bytes, here),
            b'"' => {
                while at < bytes.len() && bytes[at] != b'"' && bytes[at] != b'\n' {
                    at += 1;
                }
                at += usize::from(at < bytes.len() && bytes[at] == b'"');
                line_start = false;
            }
            b'(' => {
                open.push(first_word.take_if(|(_, end)| *end == here).map(|(start, _)| start));
                line_start = false;
            }
            b'[' | b'{' => {
                open.push(None);
                line_start = false;
            }
            b')' | b']' | b'}' => {
                if let Some(Some(start)) = open.pop()
                    && bytes[here] == b')'
                    && defines(text, at)
                {
                    heads.push(start);
                }
                line_start = false;
            }
            byte if is_word(byte) => {
                if byte >= 0x80 && space_width(text, here) > 0 {
                    at = here + space_width(text, here);
                    continue;
                }
                at = word_end(text, here);
                if line_start && is_name_start(text, here) {
                    first_word = Some((here, at));
                }
                line_start = false;
            }
            b' ' | b'\t' | b'\r' => {}
            _ => line_start = false,
        }
    }
    heads.sort_unstable();
    heads
}

/// Whether `=` or `->` follows the bracket that ends before `at`.
fn defines(text: &str, at: usize) -> bool {
    let rest = &text[skip_spaces(text, at)..];
    (rest.starts_with('=') && !rest.starts_with("==")) || rest.starts_with("->") || rest.starts_with('→')
}

fn blank_line(between: &str) -> bool {
    between.bytes().filter(|&byte| byte == b'\n').count() > 1
}

fn line_end(bytes: &[u8], at: usize) -> usize {
    bytes[at..].iter().position(|&byte| byte == b'\n').map_or(bytes.len(), |length| at + length)
}

fn line_begin(bytes: &[u8], at: usize) -> usize {
    bytes[..at].iter().rposition(|&byte| byte == b'\n').map_or(0, |newline| newline + 1)
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

fn is_name_start(text: &str, at: usize) -> bool {
    text[at..].chars().next().is_some_and(|c| c.is_alphabetic() || matches!(c, '_' | '∂' | '∇'))
}

/// The end of the run of letters at `at`. Signs beyond ASCII count as letters here, all but spaces.
fn word_end(text: &str, at: usize) -> usize {
    let bytes = text.as_bytes();
    let mut end = at;
    while end < bytes.len() && is_word(bytes[end]) {
        if bytes[end] < 0x80 {
            end += 1;
            continue;
        }
        let Some(c) = text[end..].chars().next() else { break };
        if !c.is_alphanumeric() && !matches!(c, '∂' | '∇' | '₀'..='₉') && !pest::unicode::MARK(c) {
            return if end == at { end + c.len_utf8() } else { end };
        }
        end += c.len_utf8();
    }
    end
}

/// The run of letters at the end of `text`.
fn last_word(text: &str) -> &str {
    let is_letter = |c: char| c.is_alphanumeric() || c == '_' || matches!(c, '∑' | '∏');
    // A keyword is short; a long name need not be read to its beginning.
    let start = text.char_indices().rev().take(12).take_while(|(_, c)| is_letter(*c)).last();
    start.map_or("", |(start, _)| &text[start..])
}

fn skip_spaces(text: &str, mut at: usize) -> usize {
    let bytes = text.as_bytes();
    while at < bytes.len() {
        match bytes[at] {
            b' ' | b'\t' => at += 1,
            byte if byte >= 0x80 && space_width(text, at) > 0 => at += space_width(text, at),
            _ => break,
        }
    }
    at
}

/// The length of a white-space character beyond ASCII, 0 if there is none at `at`.
fn space_width(text: &str, at: usize) -> usize {
    let c = text[at..].chars().next();
    c.filter(|&c| c.is_whitespace() || c == '\u{FEFF}').map_or(0, char::len_utf8)
}
