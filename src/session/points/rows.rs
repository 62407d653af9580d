//! A piece of a stream to the text of its rows with their results.

use super::chunks::Chunk;
use super::engine::{Engine, Program, Values};
use super::failure::{Cause, Failure};
use super::layout::Layout;
use super::pool::Work;
use super::read::{Reader, Record};
use super::tally::Tally;
use super::write::{Shapes, Writer};
use super::{Format, Keep, OnError};
use crate::eval::Value;
use crate::eval::lanes::WIDTH;
use crate::session::notes::{self, reals};

/// What every thread knows.
pub struct Rows {
    pub program: Program,
    pub layout: Layout,
    pub writer: Writer,
    pub keep: Keep,
    pub on_error: OnError,
    /// Whether to look for notes.
    pub notes: bool,
}

/// The rows of a piece.
#[derive(Default)]
pub struct Block {
    pub text: String,
    /// The lengths of the arrays of its rows, and the place of the first row that has them.
    pub shapes: Option<(Shapes, Failure)>,
    /// Why there is nothing behind them.
    pub fatal: Option<Failure>,
    pub tally: Tally,
}

/// A row that was read: its line, the record if it is one, and its place among those with arguments.
struct Entry<'t> {
    line: u64,
    record: Record<'t>,
    args: Result<usize, Box<Failure>>,
}

/// A thread's own memory.
struct Desk<'p> {
    engine: Engine<'p>,
    args: Vec<Value>,
    values: Values,
}

impl Work for Rows {
    type Done = Block;

    fn work(&self, next: &mut dyn FnMut() -> Option<Chunk>, done: &mut dyn FnMut(u64, Block)) {
        let engine = Engine::new(&self.program);
        let mut desk = Desk { engine, args: Vec::new(), values: Values::default() };
        while let Some(chunk) = next() {
            done(chunk.number, self.piece(&chunk, &mut desk));
        }
    }
}

/// Why a row does not fit the columns.
pub fn other_lengths() -> Cause {
    Cause::Input {
        message: "the arrays of the results have other lengths here than in the rows before".to_string(),
        label: String::new(),
        help: "a table has the same columns in every row; with --format jsonl rows may differ".to_string(),
    }
}

impl Rows {
    fn piece(&self, chunk: &Chunk, desk: &mut Desk) -> Block {
        let mut block = Block::default();
        let mut reader = Reader::new(chunk, self.layout.format);
        let mut entries: Vec<Entry> = Vec::with_capacity(WIDTH);
        while block.fatal.is_none() {
            entries.drain(..).for_each(|entry| reader.recycle(entry.record));
            desk.args.clear();
            self.fill(&mut reader, &mut entries, &mut desk.args);
            if entries.is_empty() {
                break;
            }
            self.evaluate(&entries, desk, &mut block);
        }
        block
    }

    /// Reads as many rows as are evaluated at once.
    fn fill<'t>(&self, reader: &mut Reader<'t>, entries: &mut Vec<Entry<'t>>, args: &mut Vec<Value>) {
        let mut count = 0;
        while entries.len() < WIDTH {
            let Some((line, record)) = reader.next() else { return };
            let known = args.len();
            let (record, read) = match record {
                Ok(record) => {
                    let read = self.fits(line, &record).and_then(|()| self.layout.read(line, &record, args));
                    (record, read)
                }
                Err(failure) => (Record::Members(Vec::new(), "{}"), Err(failure)),
            };
            if read.is_err() {
                args.truncate(known);
            }
            let stop = read.is_err() && self.on_error == OnError::Stop;
            let read = read.map(|()| {
                count += 1;
                count - 1
            });
            entries.push(Entry { line, record, args: read });
            if stop {
                return;
            }
        }
    }

    /// Whether the members of an object can stand in the output.
    fn fits(&self, line: u64, record: &Record) -> Result<(), Box<Failure>> {
        if self.keep != Keep::All || self.layout.format != Format::Jsonl {
            return Ok(());
        }
        for (name, _) in record.members() {
            let message = if self.writer.format() != Format::Jsonl && !self.layout.header.contains(name) {
                "is no member of the first object: a table has the same columns in every row"
            } else if self.writer.names().any(|known| known == name) {
                "is the name of a result; leave it out with --keep params or --keep none"
            } else {
                continue;
            };
            let cause = Cause::input(format!("`{name}` {message}"));
            return Err(Box::new(Failure::at(line, record.raw(), record.member_range(name), cause)));
        }
        Ok(())
    }

    /// Evaluates rows and writes them.
    fn evaluate(&self, entries: &[Entry], desk: &mut Desk, block: &mut Block) {
        let Desk { engine, args, values } = desk;
        let count = entries.iter().filter(|entry| entry.args.is_ok()).count();
        engine.run(args, count, values);
        let (stride, width) = (args.len() / count.max(1), self.program.width());
        let lines: Vec<u64> = entries.iter().filter(|e| e.args.is_ok()).map(|e| e.line).collect();
        for &(site, row) in &values.met {
            if values.faults[row].is_none() {
                block.tally.site(site, lines[row], &args[row * stride..][..stride]);
            }
        }
        for Entry { line, record, args: read } in entries {
            block.tally.rows += 1;
            let args = read.as_ref().map_or(&[][..], |row| &args[row * stride..][..stride]);
            let failure = match read {
                Err(failure) => (**failure).clone(),
                Ok(row) => {
                    let own = &values.flat[row * width..][..width];
                    match &values.faults[*row] {
                        Some(fault) => Failure::whole(*line, record.raw(), Cause::Fault(fault.clone())),
                        None => match self.good(*line, record, args, own, block) {
                            Ok(()) => continue,
                            Err(failure) => *failure,
                        },
                    }
                }
            };
            self.bad(record, args, failure, block);
            if block.fatal.is_some() {
                return;
            }
        }
    }

    fn good(
        &self,
        line: u64,
        record: &Record,
        args: &[Value],
        values: &[Value],
        block: &mut Block,
    ) -> Result<(), Box<Failure>> {
        let (results, steps) = values.split_at(self.program.own);
        let shapes = self.writer.shapes(steps);
        match &block.shapes {
            Some((known, _)) if *known != shapes => {
                return Err(Box::new(Failure::whole(line, record.raw(), other_lengths())));
            }
            Some(_) => {}
            None => {
                let place = Failure::whole(line, record.raw(), Cause::input(""));
                block.shapes = Some((shapes, place));
            }
        }
        if self.notes {
            let steps = self.program.plan.steps.iter().zip(&self.program.steps);
            let derivatives = steps.filter(|(step, _)| step.differentiated.is_some());
            let derivatives =
                derivatives.flat_map(|(step, range)| &values[range.start + step.first..range.end]);
            for trouble in notes::troubles(args, results, derivatives.map(reals)) {
                block.tally.trouble(trouble, line, args);
            }
        }
        if let Some((shapes, _)) = &block.shapes {
            self.writer.row(&self.layout, record, args, Some(steps), shapes, &mut block.text);
        }
        Ok(())
    }

    fn bad(&self, record: &Record, args: &[Value], failure: Failure, block: &mut Block) {
        match self.on_error {
            OnError::Stop => block.fatal = Some(failure),
            OnError::Skip => block.tally.fail(failure),
            OnError::Nan => {
                let none = Shapes::new();
                let shapes = match &block.shapes {
                    Some((shapes, _)) => shapes,
                    None if self.writer.is_fixed() => &none,
                    // No row has yet shown how many columns there are.
                    None => return block.fatal = Some(failure),
                };
                self.writer.row(&self.layout, record, args, None, shapes, &mut block.text);
                block.tally.fail(failure);
            }
        }
    }
}
