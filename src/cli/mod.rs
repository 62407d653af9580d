//! The command-line tool: arguments in, exit code out. Each command is a few calls of `session`.

mod args;
mod check;
mod code;
mod evaluate;
mod explain;
mod formula;
mod graph;
mod plot;
mod points;
mod table;

use crate::session::{self, Session};
use crate::simplify::Forms;
use anyhow::Result;
use args::{Cli, Color, Command};
use clap::Parser;
use std::io::{self, IsTerminal, Write};
use std::mem::ManuallyDrop;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

/// The command line as clap sees it, for the man pages.
pub fn command() -> clap::Command {
    <Cli as clap::CommandFactory>::command()
}

/// What a command answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    Done,
    /// The answer is no.
    No,
}

/// Runs the command line that the process was started with.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            match file_for_command(&error) {
                Some(file) => say(&format!(
                    "error: a command comes before the file, such as `zgrad eval {file}` or `zgrad diff {file}`\n"
                )),
                None => drop(error.print()),
            }
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    if let Some(limit) = cli.timeout {
        stop_after(limit);
    }
    let choice = cli.color;
    let color = colored(choice, io::stderr().is_terminal());
    let answer = match cli.command {
        Command::Eval(args) => evaluate::run(&args, color),
        Command::Diff(args) => formula::diff(&args, color),
        Command::Pullback(args) => formula::pullback(&args, color),
        Command::Explain(args) => explain::run(&args, color),
        Command::Graph(args) => graph::run(&args, color),
        Command::Plot(args) => plot::run(&args, color, |terminal| colored(choice, terminal)),
        Command::Emit(args) => code::run(&args, color),
        Command::Check(args) => check::run(&args, color),
        Command::Fmt(args) => check::format(&args, color),
        Command::Rules(args) => table::run(&args),
    };
    match answer {
        Ok(Answer::Done) => ExitCode::SUCCESS,
        Ok(Answer::No) => ExitCode::from(1),
        Err(error) if broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            let text = match error.downcast_ref::<crate::session::Invalid>() {
                Some(invalid) => format!("{invalid}\n"),
                None => format!("error: {error:#}\n"),
            };
            let _ = io::stderr().write_all(text.as_bytes());
            ExitCode::from(2)
        }
    }
}

/// Whether to write in colour to something that is a terminal or not.
fn colored(choice: Color, is_terminal: bool) -> bool {
    match choice {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => {
            let asked = |name| std::env::var_os(name).is_some_and(|v| !v.is_empty() && v != "0");
            asked("CLICOLOR_FORCE") || (is_terminal && !asked("NO_COLOR"))
        }
    }
}

/// The file that was given where the command should be.
fn file_for_command(error: &clap::Error) -> Option<String> {
    use clap::error::{ContextKind, ContextValue, ErrorKind};
    let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidSubcommand) else { return None };
    let is_file = word.ends_with(".math") || Path::new(word).is_file();
    (error.kind() == ErrorKind::InvalidSubcommand && is_file).then(|| word.clone())
}

/// Ends the process with an error when the time is up. A file is written beside its place and then
/// renamed, so none is ever left half written.
fn stop_after(limit: Duration) {
    std::thread::spawn(move || {
        std::thread::sleep(limit);
        say(&format!("error: not done within {} seconds (--timeout)\n", limit.as_secs_f64()));
        session::output::abandon();
        std::process::exit(2);
    });
}

/// Whether the reader of standard output went away: no error of ours.
fn broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
}

impl args::Taken {
    fn forms(&self) -> Forms {
        if self.as_written { Forms::AsWritten } else { Forms::Stable }
    }
}

/// Reads and checks a file for a command. The process ends with the command, so the session is never
/// taken apart: that is work in proportion to the file.
fn open(path: &Path, color: bool, forms: Forms) -> Result<ManuallyDrop<Session>> {
    Session::open_in(path, color, forms).map(ManuallyDrop::new)
}

/// Says something beside the result.
fn say(text: &str) {
    if !text.is_empty() {
        let _ = io::stderr().write_all(text.as_bytes());
    }
}
