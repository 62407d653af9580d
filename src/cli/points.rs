//! `zgrad eval --points`: many points, a row each.

use super::args::{self, Eval, Format, PointsFormat};
use super::{Answer, say, tell};
use crate::refuse;
use crate::session::evaluate::Request;
use crate::session::points::{self, Keep, OnError, Points};
use crate::syntax::diagnostic::Code;
use crate::syntax::message::Look;
use anyhow::Result;
use std::io::{self, IsTerminal};
use std::path::Path;
use std::time::{Duration, Instant};

pub fn run(args: &Eval, file: &Path, request: &Request, look: Look) -> Result<Answer> {
    if request.digits {
        refuse!(Code::Question, "--digits is for one point, not for --points");
    }
    if file == Path::new("-") && args.input.file == Path::new("-") {
        refuse!(
            Code::Question,
            "standard input cannot be both the .math file and the points: name one of them"
        );
    }
    let points = points(args, file)?;
    let mut session = super::open(&args.input.file, args.taken.forms())?;
    if !args.quiet {
        tell(&session.warnings(), look);
    }
    let mut progress = Progress::new(args.quiet);
    let summary = points::evaluate(&mut session, request, &points, &mut |rows| progress.show(rows));
    progress.clear();
    let summary = summary?;
    if !args.quiet {
        tell(&summary.notes, look);
    }
    Ok(if args.strict && !summary.notes.is_empty() { Answer::No } else { Answer::Done })
}

fn points(args: &Eval, file: &Path) -> Result<Points> {
    let format = match args.rows.points_format {
        Some(format) => read_as(format),
        None => ending(file)?,
    };
    let result = match args.format {
        None => format,
        Some(Format::Csv) => points::Format::Csv,
        Some(Format::Tsv) => points::Format::Tsv,
        Some(Format::Jsonl) => points::Format::Jsonl,
        Some(Format::Text | Format::Json | Format::Yaml) => {
            refuse!(Code::Question, "points are printed with --format csv, tsv or jsonl")
        }
    };
    Ok(Points {
        file: file.to_path_buf(),
        format,
        result,
        output: args.input.output.clone(),
        keep: match args.rows.keep {
            args::Keep::All => Keep::All,
            args::Keep::Params => Keep::Params,
            args::Keep::None => Keep::None,
        },
        on_error: match args.rows.on_error {
            args::OnError::Stop => OnError::Stop,
            args::OnError::Skip => OnError::Skip,
            args::OnError::Nan => OnError::Nan,
        },
        notes: args.strict || !args.quiet,
    })
}

fn read_as(format: PointsFormat) -> points::Format {
    match format {
        PointsFormat::Csv => points::Format::Csv,
        PointsFormat::Tsv => points::Format::Tsv,
        PointsFormat::Jsonl => points::Format::Jsonl,
    }
}

/// The format that the name of a file says; standard input has CSV.
fn ending(file: &Path) -> Result<points::Format> {
    let ending = file.extension().map(|ending| ending.to_ascii_lowercase());
    match ending.as_ref().and_then(|ending| ending.to_str()) {
        Some("csv") => Ok(points::Format::Csv),
        Some("tsv" | "tab") => Ok(points::Format::Tsv),
        Some("jsonl" | "ndjson") => Ok(points::Format::Jsonl),
        None if file == Path::new("-") => Ok(points::Format::Csv),
        Some(_) | None => refuse!(
            Code::Points,
            "the name of `{}` does not say how its points are written: add --points-format csv, tsv or jsonl",
            file.display()
        ),
    }
}

/// How many rows are done, on a terminal.
struct Progress {
    shown: bool,
    on: bool,
    last: Instant,
}

/// Between two lines that are shown.
const PAUSE: Duration = Duration::from_millis(200);

impl Progress {
    fn new(quiet: bool) -> Progress {
        Progress { shown: false, on: !quiet && io::stderr().is_terminal(), last: Instant::now() }
    }

    fn show(&mut self, rows: u64) {
        if self.on && self.last.elapsed() > PAUSE {
            say(&format!("\r{rows} rows"));
            (self.shown, self.last) = (true, Instant::now());
        }
    }

    fn clear(&mut self) {
        if self.shown {
            say("\r\u{1B}[K");
        }
    }
}
