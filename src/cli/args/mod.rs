//! The command line: what can be asked, and the help that teaches it.

mod build;
mod check;
mod emit;
mod eval;
mod explain;
mod formula;
mod graph;
mod plot;
mod repl;
mod sparsity;

pub use build::Build;
pub use check::{Check, Fmt};
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
pub use emit::{Code, Emit, Language, Sparse};
pub use eval::{Eval, Format, Keep, Mode, OnError, PointsFormat, What};
pub use explain::{Explain, Page, Steps};
pub use formula::{Diff, Formula, Notation, Pullback, PullbackFormat};
pub use graph::{Graph, GraphFormat};
pub use plot::{Plot, PlotFormat};
pub use repl::Repl;
pub use sparsity::{Matrix, Sparsity, SparsityFormat};
use std::path::PathBuf;
use std::time::Duration;

/// From a formula in a file to its derivative: values, formulas, code.
#[derive(Debug, Parser)]
#[command(name = "zgrad", version, max_term_width = 100, after_help = EXAMPLES, disable_help_subcommand = true)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,

    /// When to colour messages.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto)]
    pub color: Color,

    /// How to print messages: as an excerpt of the file with the place marked, as a line each, or as an object
    /// of JSON each, for editors.
    #[arg(long, global = true, value_enum, value_name = "FORMAT", default_value_t = MessageFormat::Human)]
    pub message_format: MessageFormat,

    /// Stop with an error after so many seconds, whatever is being done.
    #[arg(long, global = true, value_name = "SECONDS", value_parser = seconds)]
    pub timeout: Option<Duration>,
}

/// A number of seconds, not necessarily whole.
fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "a number of seconds is wanted".to_string())?;
    match Duration::try_from_secs_f64(seconds) {
        Ok(duration) if duration > Duration::ZERO => Ok(duration),
        Ok(_) | Err(_) => Err("a number of seconds above 0 is wanted".to_string()),
    }
}

const EXAMPLES: &str = "\
A file of definitions, as in a paper:

  # f.math
  f(x, y) = x*y + sin(x)

What can be done with it:

  zgrad eval f.math --at x=2,y=3        value and gradient at a point
  zgrad diff f.math                     the derivatives as formulas, again a .math file
  zgrad pullback f.math                 from the cotangent of the result to those of the arguments
  zgrad explain f.math --at x=2,y=3     how the gradient comes about, step by step
  zgrad graph f.math -o f.svg           its operations as a picture
  zgrad plot f.math --x -3..3 --y -2..2 a contour map; of one variable, f and its derivative
  zgrad sparsity f.math --set n=20      which derivatives can differ from 0
  zgrad emit --lang rust f.math         Rust code for the function and its gradient
  zgrad check f.math                    the file's own tests, and derivatives against differences
  zgrad build                           the files that zgrad.yaml lists
  zgrad repl f.math                     definitions and expressions, line by line
  zgrad lsp                             the language server, for editors
  zgrad help E0101                      what an error means, with an example
  zgrad help language                   the notation

Every command reads standard input when the file is `-` or left out, so they can be joined:

  zgrad diff f.math | zgrad eval --at x=2,y=3

Exit codes:
  0  done
  1  the answer is no: a test or derivative of `check` does not hold, a file is out of date or not in the
     canonical form (--check), there is a note (--strict)
  2  there is no answer: the input or the call is wrong, a file cannot be read or written, the time is up";

#[derive(Debug, Subcommand)]
pub enum Command {
    Eval(Eval),
    Diff(Diff),
    Pullback(Pullback),
    Explain(Explain),
    Graph(Graph),
    Plot(Plot),
    Sparsity(Sparsity),
    Emit(Emit),
    Check(Check),
    Fmt(Fmt),
    Build(Build),
    Repl(Repl),
    Lsp(Lsp),
    Rules(Rules),
    Completions(Completions),
    Help(Help),
}

/// Which file, which function of it, and where the result goes.
#[derive(Debug, Args)]
pub struct Input {
    /// The .math file; standard input when it is `-` or left out.
    #[arg(value_name = "FILE", default_value = "-")]
    pub file: PathBuf,

    /// Write to this file instead of standard output: whole or not at all.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// What becomes of the result, for make and CI.
#[derive(Debug, Args)]
pub struct Delivery {
    /// Write nothing: compare with the file that -o names. If that differs, print the difference and end with exit
    /// code 1.
    #[arg(long, requires = "output")]
    pub check: bool,

    /// Write the rule for make that says which files the result is made of, imported ones too; into the output file's
    /// name with the ending .d if no FILE is given. `-MD` and `-MF FILE`, as compilers have them, mean the same.
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true, default_missing_value = "",
          requires = "output", overrides_with = "depfile", conflicts_with = "check")]
    pub depfile: Option<String>,
}

/// Which function, and where.
#[derive(Debug, Args)]
pub struct Point {
    /// The function; the last one of the file if not given.
    #[arg(long = "fn", value_name = "NAME")]
    pub function: Option<String>,

    /// The point: NAME=VALUE, several with commas or by repeating; or @FILE in YAML or JSON. A
    /// value is any constant expression of the notation.
    #[arg(long, value_name = "NAME=VALUE", allow_hyphen_values = true)]
    pub at: Vec<String>,

    /// Other values for `param`s of the file, written as in --at.
    #[arg(long, value_name = "NAME=VALUE", allow_hyphen_values = true)]
    pub set: Vec<String>,
}

/// How formulas are taken.
#[derive(Debug, Args)]
pub struct Taken {
    /// Compute every formula as it is written. Else those that would lose digits, such as
    /// `1 - cos(x)`, are computed in an equal form that keeps them.
    #[arg(long)]
    pub as_written: bool,
}

/// Bounds on what a program may use.
#[derive(Debug, Args)]
pub struct Limits {
    /// Stop with an error after so many steps of loops, and calls.
    #[arg(long, value_name = "N", default_value_t = 100_000_000)]
    pub max_steps: u64,

    /// Stop with an error when arrays and calls need more memory than this.
    #[arg(long, value_name = "MB", default_value_t = 2048, value_parser = clap::value_parser!(u64).range(1..=1 << 24))]
    pub max_memory: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    Auto,
    Always,
    Never,
}

/// Who reads messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MessageFormat {
    Human,
    Short,
    Json,
}

/// Show the table of built-in functions, or one of them with its derivatives.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  zgrad rules
  zgrad rules atan2")]
pub struct Rules {
    /// The function.
    pub name: Option<String>,

    /// Show the rules by which formulas and derivatives are rewritten instead.
    #[arg(long, conflicts_with = "name")]
    pub rewrites: bool,
}

/// Answer an editor: the language server, on standard input and output.
///
/// It shows messages while a file is written, what a name stands for with the derivatives of a function, definitions
/// and uses, other names for them, completions, the canonical form, and short derivatives beside definitions. Editors
/// start it by themselves; examples/editors says how to tell them.
#[derive(Debug, Args)]
#[command(after_help = "\
Editors set `derivativeHints` to false in the initialization options, or `zgrad.derivativeHints` in their settings,
to have no derivatives beside definitions.")]
pub struct Lsp {
    /// Speak over standard input and output, as editors ask for it; there is no other way.
    #[arg(long)]
    pub stdio: bool,
}

/// Print the completions of a shell: of commands and options, and of the names in the file of the command line.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  zgrad completions bash > ~/.local/share/bash-completion/completions/zgrad
  zgrad completions zsh > ~/.zfunc/_zgrad
  zgrad completions fish > ~/.config/fish/completions/zgrad.fish")]
pub struct Completions {
    /// The shell.
    #[arg(value_enum)]
    pub shell: Shell,
}

/// Explain a command, the notation, or the code of a message with an example of wrong and right.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  zgrad help eval
  zgrad help E0101
  zgrad help errors                      all codes
  zgrad help language                    the notation of .math files
  zgrad help guides                      for those who know SymPy, CasADi, Zygote or JAX")]
pub struct Help {
    /// A command, the code of a message, or one of `errors`, `language` and `guides`.
    pub topic: Option<String>,
}
