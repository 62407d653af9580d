//! `eval --points`: a function at every row of a stream. What is to be run is derived and compiled once; rows
//! go through all threads in blocks, and come out in their order with the same bits that `eval` gives for each.

mod chunks;
pub(super) mod engine;
mod failure;
mod layout;
mod pool;
mod read;
mod rows;
mod tally;
mod write;

use super::evaluate::{Request, verify_params};
use super::output::Sink;
use super::plan::Plan;
use super::{Session, notes};
use crate::refuse;
use crate::syntax::diagnostic::Code;
use crate::syntax::message::Message;
use anyhow::Result;
use chunks::{Chunk, Chunks};
use engine::Program;
use failure::{Cause, Failure};
use layout::Layout;
use read::Reader;
use rows::{Block, Rows};
use std::path::PathBuf;
use std::sync::Arc;
use tally::Tally;
use write::{Shapes, Writer};

/// How points are written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A header with names, then a line for each point.
    Csv,
    /// The same with tabs.
    Tsv,
    /// An object on each line.
    Jsonl,
}

/// Which columns of the points stand before the results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    All,
    /// Those of the parameters.
    Params,
    None,
}

/// What becomes of a row that has no results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnError {
    /// It is an error, and nothing comes after it.
    Stop,
    /// It is left out.
    Skip,
    /// Its results are NaN.
    Nan,
}

/// The points, and what is to become of them.
pub struct Points {
    /// `-` is standard input.
    pub file: PathBuf,
    pub format: Format,
    /// How they are written with their results.
    pub result: Format,
    pub output: Option<PathBuf>,
    pub keep: Keep,
    pub on_error: OnError,
    /// Whether to look for notes.
    pub notes: bool,
}

/// What there is to say about all rows.
pub struct Summary {
    pub rows: u64,
    pub notes: Vec<Message>,
}

/// What the head of the stream says.
struct Head {
    header: Vec<String>,
    /// As it was read.
    raw: String,
    /// The records after it.
    rest: Option<Chunk>,
}

/// Evaluates what was asked at every point; `progress` hears how many rows are done.
pub fn evaluate(
    session: &mut Session,
    request: &Request,
    points: &Points,
    progress: &mut dyn FnMut(u64),
) -> Result<Summary> {
    let signature = session.function(request.function.as_deref())?;
    verify_params(session, &request.set)?;
    let mut chunks = Chunks::open(&points.file, points.format.delimiter())?;
    let name = chunks.name().to_string();
    let Head { header, raw, rest } = head(session, &mut chunks, points)?;
    let layout = Layout::new(session, &signature, request, points, header)?;
    let plan = Plan::new(session, signature, request)?;
    let writer = Writer::new(&session.module.graph, &plan, &layout, points.keep, points.result);
    if let Some(clash) = writer.clash(&layout) {
        refuse!(
            Code::Points,
            "the points have a column `{clash}` already; leave it out with --keep params or --keep none"
        );
    }
    let edges = if points.notes { notes::edges(session, &plan) } else { Vec::new() };
    let program = Program::new(session, plan, edges, request.limits);
    let rows = Arc::new(Rows {
        program,
        layout,
        writer,
        keep: points.keep,
        on_error: points.on_error,
        notes: points.notes,
    });

    let mut output =
        Output { sink: Sink::open(points.output.as_deref())?, rows: &rows, raw: &raw, shapes: None };
    let mut tally = Tally::default();
    let whole = pool::run(&rows, rest, chunks, |block: Block| {
        output.shaped(session, &name, &block)?;
        output.sink.write(&block.text)?;
        tally.add(block.tally);
        if let Some(failure) = block.fatal {
            return Err(failure.invalid(session, &name));
        }
        progress(tally.rows);
        Ok(())
    });
    whole?;
    output.header(None)?;
    output.sink.finish()?;
    let instead = if points.on_error == OnError::Nan { "without results" } else { "left out" };
    let mut notes: Vec<Message> = tally.warning(session, &name, instead).into_iter().collect();
    notes.extend(tally.notes(session, &rows.program, &name, request.limits));
    Ok(Summary { rows: tally.rows, notes })
}

/// Reads the header of a table, or the names of the members of the first object.
fn head(session: &Session, chunks: &mut Chunks, points: &Points) -> Result<Head> {
    loop {
        let Some(chunk) = chunks.next()? else {
            match points.format {
                Format::Csv | Format::Tsv => {
                    refuse!(
                        Code::Points,
                        "{} is empty: a first line with the names of the columns is wanted",
                        chunks.name()
                    )
                }
                Format::Jsonl => return Ok(Head { header: Vec::new(), raw: String::new(), rest: None }),
            }
        };
        let mut reader = Reader::new(&chunk, points.format);
        if points.format == Format::Jsonl {
            let objects = std::iter::from_fn(|| reader.next());
            let first = objects.filter_map(|(_, record)| record.ok()).next();
            let members = first.iter().flat_map(|record| record.members());
            let header = members.map(|(name, _)| name.clone()).collect();
            return Ok(Head { header, raw: String::new(), rest: Some(chunk) });
        }
        let Some((line, record)) = reader.next() else { continue };
        let record = record.map_err(|f| f.invalid(session, chunks.name()))?;
        let header: Vec<String> = (0..record.len()).map(|at| record.field(at).to_string()).collect();
        if let Some(column) = layout::repeated(&header) {
            let message = format!("there are two columns `{}`", header[column].trim());
            let failure = Failure::at(line, record.raw(), record.range(column), Cause::input(message));
            return Err(failure.invalid(session, chunks.name()));
        }
        let raw = record.raw().to_string();
        let (at, line) = reader.position();
        let rest = Chunk { number: chunk.number, line, text: chunk.text[at..].to_string() };
        return Ok(Head { header, raw, rest: Some(rest) });
    }
}

/// Where rows go, behind a header.
struct Output<'a> {
    sink: Sink,
    rows: &'a Rows,
    raw: &'a str,
    /// The lengths of arrays that the header was written for.
    shapes: Option<Option<Shapes>>,
}

impl Output<'_> {
    /// Writes the header, unless it is there.
    fn header(&mut self, shapes: Option<Shapes>) -> Result<()> {
        if self.shapes.is_none() {
            let Rows { writer, layout, .. } = self.rows;
            self.sink.write(writer.header(layout, self.raw, shapes.as_ref()))?;
            self.shapes = Some(shapes);
        }
        Ok(())
    }

    /// Sees to it that the rows of a block fit the header.
    fn shaped(&mut self, session: &Session, name: &str, block: &Block) -> Result<()> {
        let Some((shapes, first)) = &block.shapes else { return Ok(()) };
        self.header(Some(shapes.clone()))?;
        match &self.shapes {
            Some(Some(known)) if known != shapes => {
                let failure = Failure { cause: rows::other_lengths(), ..first.clone() };
                Err(failure.invalid(session, name))
            }
            Some(_) | None => Ok(()),
        }
    }
}
