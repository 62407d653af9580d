//! A stream of text to pieces of whole records, each with the number of its first line.

use crate::refuse;
use crate::session::load::{self, unreadable};
use crate::syntax::diagnostic::Code;
use anyhow::Result;
use std::fs::File;
use std::io::{IsTerminal, Read};
use std::path::Path;

/// How much is read at once.
const PIECE: usize = 1 << 18;

/// A record longer than this is refused: so memory is bounded.
const LONGEST: usize = 1 << 26;

/// Some whole records.
#[derive(Debug, Clone)]
pub struct Chunk {
    /// Chunks are counted from 0.
    pub number: u64,
    /// The number of the first line in the file, from 1.
    pub line: u64,
    pub text: String,
}

/// The pieces of a stream.
pub struct Chunks {
    source: Box<dyn Read + Send>,
    /// As it is shown in messages.
    name: String,
    /// The delimiter of fields that may be in quotes, with line ends inside.
    delimiter: Option<u8>,
    buffer: Vec<u8>,
    /// What was read and is in no piece.
    pending: Vec<u8>,
    /// Where the last record that ends in `pending` ends, and how far that is known.
    end: usize,
    scanned: usize,
    state: State,
    number: u64,
    line: u64,
    done: bool,
}

/// Where a scan of fields stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// A field begins.
    Start,
    Plain,
    Quoted,
    /// Behind a quotation mark that ends the quotes or stands for one.
    Quote,
}

impl State {
    /// Behind the next byte.
    pub fn after(self, byte: u8, delimiter: u8) -> State {
        match (self, byte) {
            (State::Quoted, b'"') => State::Quote,
            (State::Quoted, _) | (State::Start | State::Quote, b'"') => State::Quoted,
            (State::Start | State::Plain | State::Quote, b'\n' | b'\r') => State::Start,
            (State::Start | State::Plain | State::Quote, byte) if byte == delimiter => State::Start,
            (State::Start | State::Plain | State::Quote, _) => State::Plain,
        }
    }
}

impl Chunks {
    /// The pieces of a file, or of standard input for `-`.
    pub fn open(path: &Path, delimiter: Option<u8>) -> Result<Chunks> {
        if path == Path::new("-") {
            if std::io::stdin().is_terminal() {
                refuse!(Code::CannotRead, "the points are to come from standard input, which is a terminal");
            }
            return Ok(Chunks::new(Box::new(std::io::stdin()), "<stdin>", delimiter));
        }
        let file = File::open(path).map_err(|e| unreadable(path, &e))?;
        if file.metadata().is_ok_and(|meta| meta.is_dir()) {
            refuse!(Code::CannotRead, "`{}` is a directory, not a file of points", path.display());
        }
        Ok(Chunks::new(Box::new(file), &path.display().to_string(), delimiter))
    }

    pub fn new(source: Box<dyn Read + Send>, name: &str, delimiter: Option<u8>) -> Chunks {
        Chunks {
            source,
            name: name.to_string(),
            delimiter,
            buffer: vec![0; PIECE],
            pending: Vec::new(),
            end: 0,
            scanned: 0,
            state: State::Start,
            number: 0,
            line: 1,
            done: false,
        }
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// The number of the next piece.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// The next piece; nothing at the end.
    pub fn next(&mut self) -> Result<Option<Chunk>> {
        while !self.done && self.end == 0 {
            let known = self.pending.len();
            if known > LONGEST {
                refuse!(Code::Points, "{}:{}: a record has more than {LONGEST} bytes", self.name, self.line);
            }
            let read = self.read()?;
            self.done = read == 0;
            self.scan();
        }
        let end = if self.done { self.pending.len() } else { self.end };
        if end == 0 {
            return Ok(None);
        }
        let rest = self.pending.split_off(end);
        let bytes = std::mem::replace(&mut self.pending, rest);
        self.scanned -= end;
        self.end = 0;
        let line = self.line;
        self.line += bytes.iter().filter(|&&b| b == b'\n').count() as u64;
        let mut text = match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => return Err(load::not_text(&self.name, line, &error)),
        };
        if self.number == 0 && text.starts_with('\u{FEFF}') {
            text.remove(0);
        }
        self.number += 1;
        Ok(Some(Chunk { number: self.number - 1, line, text }))
    }

    /// Takes what can be had at once; gives how much it is.
    fn read(&mut self) -> Result<usize> {
        loop {
            match self.source.read(&mut self.buffer) {
                Ok(count) => {
                    self.pending.extend_from_slice(&self.buffer[..count]);
                    return Ok(count);
                }
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(crate::session::load::unreadable(Path::new(&self.name), &error)),
            }
        }
    }

    /// Finds the end of the last whole record.
    fn scan(&mut self) {
        let new = &self.pending[self.scanned..];
        let last = new.iter().rposition(|&b| b == b'\n').map(|at| self.scanned + at + 1);
        match self.delimiter {
            Some(delimiter) if self.state == State::Quoted || new.contains(&b'"') => {
                for (at, &byte) in (self.scanned + 1..).zip(new) {
                    self.state = self.state.after(byte, delimiter);
                    if byte == b'\n' && self.state == State::Start {
                        self.end = at;
                    }
                }
            }
            Some(delimiter) => {
                if let Some(&byte) = new.last() {
                    self.state = State::Plain.after(byte, delimiter);
                }
                self.end = last.unwrap_or(self.end);
            }
            None => self.end = last.unwrap_or(self.end),
        }
        self.scanned = self.pending.len();
    }
}
