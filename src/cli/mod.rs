//! The command-line tool: arguments in, exit code out. Each command is a few calls of `session`.

mod args;
mod build;
mod check;
mod code;
mod complete;
mod deliver;
mod entries;
mod evaluate;
mod explain;
mod formula;
mod graph;
mod help;
pub mod pages;
mod plot;
mod points;
mod repl;
mod sparsity;
mod table;

use crate::session::refusal::{Invalid, render};
use crate::session::{self, Session};
use crate::simplify::Forms;
use crate::syntax::diagnostic::Code;
use crate::syntax::message::{Look, Message};
use anyhow::Result;
use args::{Cli, Color, Command, MessageFormat};
use clap::{Parser, ValueEnum};
use std::ffi::OsString;
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
    let words = depfile_words(std::env::args_os().collect());
    if words.get(1).is_some_and(|word| word == complete::ASKED) {
        let words: Vec<String> =
            words.iter().skip(2).map(|word| word.to_string_lossy().into_owned()).collect();
        let (current, before) =
            words.split_first().map_or(("", &[][..]), |(first, rest)| (first.as_str(), rest));
        // Nobody is there to be told of an error.
        let _ = session::output::write(None, complete::answer(current, before));
        return ExitCode::SUCCESS;
    }
    let cli = match Cli::try_parse_from(&words) {
        Ok(cli) => cli,
        Err(error) => return not_understood(&error, &words),
    };
    let look = look(cli.color, cli.message_format);
    if let Some(limit) = cli.timeout {
        stop_after(limit, look);
    }
    // Where there can be no handler, an interrupted command leaves its half written file beside the old one.
    let _ = ctrlc::set_handler(|| {
        session::output::abandon();
        std::process::exit(INTERRUPTED);
    });
    match run(cli.command, cli.color, look) {
        Ok(Answer::Done) => ExitCode::SUCCESS,
        Ok(Answer::No) => ExitCode::from(1),
        Err(error) if broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            report(&error, look);
            ExitCode::from(2)
        }
    }
}

/// Does what a command asks for.
fn run(command: Command, color: Color, look: Look) -> Result<Answer> {
    match command {
        Command::Eval(args) => evaluate::run(&args, look),
        Command::Diff(args) => formula::diff(&args, look),
        Command::Pullback(args) => formula::pullback(&args, look),
        Command::Explain(args) => explain::run(&args, look),
        Command::Graph(args) => graph::run(&args, look),
        Command::Plot(args) => plot::run(&args, color, look),
        Command::Sparsity(args) => sparsity::run(&args, look),
        Command::Emit(args) => code::run(&args, look),
        Command::Check(args) => check::run(&args, look),
        Command::Fmt(args) => check::format(&args, look),
        Command::Build(args) => build::run(&args, look),
        Command::Lsp(_) => serve(),
        Command::Repl(args) => repl::run(&args, color, look),
        Command::Rules(args) => table::run(&args),
        Command::Completions(args) => help::completions(&args),
        Command::Help(args) => help::run(&args),
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

/// `-MD` and `-MF FILE`, as compilers have them, in the words of this command line.
fn depfile_words(words: Vec<OsString>) -> Vec<OsString> {
    let named = words.iter().any(|word| word == "-MF");
    let mut all = Vec::new();
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        match word.to_str() {
            Some("--") => {
                all.push(word);
                all.extend(words.by_ref());
            }
            Some("-MD") if named => {}
            Some("-MD") => all.push("--depfile".into()),
            Some("-MF") => {
                let mut option = OsString::from("--depfile=");
                option.push(words.next().unwrap_or_default());
                all.push(option);
            }
            Some(_) | None => all.push(word),
        }
    }
    all
}

/// How messages are to look.
fn look(color: Color, format: MessageFormat) -> Look {
    let color = colored(color, io::stderr().is_terminal());
    match format {
        MessageFormat::Human if color => Look::Colored,
        MessageFormat::Human => Look::Plain,
        MessageFormat::Short => Look::Short,
        MessageFormat::Json => Look::Json,
    }
}

/// How clap begins what it says.
const CLAP: &str = "error: ";

/// Answers a command line that is not understood, or that asks for help or the version.
fn not_understood(error: &clap::Error, words: &[OsString]) -> ExitCode {
    if !error.use_stderr() {
        drop(error.print());
        return ExitCode::SUCCESS;
    }
    let words: Vec<&str> = words.iter().filter_map(|word| word.to_str()).collect();
    // What could be understood of how to answer.
    let chosen = |option: &str| {
        let joined = words.iter().find_map(|word| word.strip_prefix(option)?.strip_prefix('='));
        joined.or_else(|| words.windows(2).find(|pair| pair[0] == option).map(|pair| pair[1]))
    };
    let color = chosen("--color").and_then(|word| Color::from_str(word, false).ok());
    let format = chosen("--message-format").and_then(|word| MessageFormat::from_str(word, false).ok());
    let look = look(color.unwrap_or(Color::Auto), format.unwrap_or(MessageFormat::Human));
    let report = match file_for_command(error) {
        Some(file) => {
            let help = format!("write `zgrad eval {file}` or `zgrad diff {file}`");
            Message { help: Some(help), ..Message::new(Code::Usage, "a command comes before the file") }
        }
        None => {
            let text = error.render().to_string();
            let text = text.trim_start_matches(CLAP);
            let (message, rest) = text.split_once("\n\n").unwrap_or((text, ""));
            if matches!(look, Look::Plain | Look::Colored) {
                tell(&[Message::new(Code::Usage, message.trim_end())], look);
                say(rest);
                return ExitCode::from(2);
            }
            let help = Some(rest.trim_end().to_string()).filter(|rest| !rest.is_empty());
            Message { help, ..Message::new(Code::Usage, message.trim_end()) }
        }
    };
    tell(&[report], look);
    ExitCode::from(2)
}

/// The file that was given where the command should be.
fn file_for_command(error: &clap::Error) -> Option<String> {
    use clap::error::{ContextKind, ContextValue, ErrorKind};
    let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidSubcommand) else { return None };
    let is_file = word.ends_with(".math") || Path::new(word).is_file();
    (error.kind() == ErrorKind::InvalidSubcommand && is_file).then(|| word.clone())
}

/// The exit code of what Ctrl-C ended, as shells have it.
const INTERRUPTED: i32 = 130;

/// Ends the process with an error when the time is up. A file is written beside its place and then
/// renamed, so none is ever left half written.
fn stop_after(limit: Duration, look: Look) {
    std::thread::spawn(move || {
        std::thread::sleep(limit);
        let message = format!("not done within {} seconds (--timeout)", limit.as_secs_f64());
        tell(&[Message::new(Code::TimeUp, message)], look);
        session::output::abandon();
        std::process::exit(2);
    });
}

/// Answers an editor until it ends.
fn serve() -> Result<Answer> {
    let in_order = crate::lsp::serve(io::stdin(), io::stdout().lock())?;
    Ok(if in_order { Answer::Done } else { Answer::No })
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
fn open(path: &Path, forms: Forms) -> Result<ManuallyDrop<Session>> {
    Session::open_in(path, forms).map(ManuallyDrop::new)
}

/// Says something beside the result.
fn say(text: &str) {
    if !text.is_empty() {
        let _ = io::stderr().write_all(text.as_bytes());
    }
}

/// Says messages beside the result.
fn tell(reports: &[Message], look: Look) {
    say(&render(reports, look));
}

/// Says why there is no answer.
fn report(error: &anyhow::Error, look: Look) {
    match error.downcast_ref::<Invalid>() {
        Some(Invalid(messages)) => say(&format!("{}\n", render(messages, look).trim_end())),
        None => {
            let known = error.chain().find_map(|cause| cause.downcast_ref::<Invalid>());
            let code = known.and_then(|known| known.0.first()).map_or(Code::Interrupted, |first| first.code);
            tell(&[Message::new(code, format!("{error:#}"))], look);
        }
    }
}
