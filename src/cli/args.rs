//! The command line: what can be asked, and the help that teaches it.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;
use std::time::Duration;

/// From a formula in a file to its derivative: values, formulas, code.
#[derive(Debug, Parser)]
#[command(name = "zgrad", version, max_term_width = 100, after_help = EXAMPLES)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,

    /// When to colour messages.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto)]
    pub color: Color,

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
  zgrad emit --lang rust f.math         Rust code for the function and its gradient
  zgrad check f.math                    the file's own tests, and derivatives against differences

Every command reads standard input when the file is `-` or left out, so they can be joined:

  zgrad diff f.math | zgrad eval --at x=2,y=3

Exit codes: 0 done, 1 the answer is no (check, fmt --check, eval --strict), 2 the input or the call is wrong.";

#[derive(Debug, Subcommand)]
pub enum Command {
    Eval(Eval),
    Diff(Diff),
    Pullback(Pullback),
    Explain(Explain),
    Graph(super::graph::Graph),
    Plot(super::plot::Plot),
    Emit(Emit),
    Check(Check),
    Fmt(Fmt),
    Rules(Rules),
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

/// How formulas are taken.
#[derive(Debug, Args)]
pub struct Taken {
    /// Compute every formula as it is written. Else those that would lose digits, such as
    /// `1 - cos(x)`, are computed in an equal form that keeps them.
    #[arg(long)]
    pub as_written: bool,
}

/// Compute the value of a function and its derivatives at a point, or at every row of a file.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  zgrad eval f.math --at x=2,y=3
  zgrad eval f.math --at 'v=[1, 2, 3]' --at n=7 --at x=pi/2
  zgrad eval f.math --at @point.yaml --what value,hess --format json
  zgrad eval f.math --at x=0 --order 4
  zgrad eval f.math --at x=1e-9 --digits
  zgrad eval f.math --at x=1,y=2 --what jvp --dir x=1,y=0
  zgrad eval model.math --at x=1 --set k=3 --wrt params

Many points, a row each, with the results in further columns:
  zgrad eval f.math --points data.csv                 x,y,f,df_dx,df_dy
  zgrad eval f.math --points data.csv --at y=3 -o out.csv
  zgrad eval f.math --points - --points-format jsonl < data.jsonl")]
pub struct Eval {
    #[command(flatten)]
    pub input: Input,

    #[command(flatten)]
    pub taken: Taken,

    /// The function; the last one of the file if not given.
    #[arg(long = "fn", value_name = "NAME")]
    pub function: Option<String>,

    /// The point: NAME=VALUE, several with commas or by repeating; or @FILE in YAML or JSON. A
    /// value is any constant expression of the notation.
    #[arg(long, value_name = "NAME=VALUE", allow_hyphen_values = true)]
    pub at: Vec<String>,

    /// Another value for a `param` of the file.
    #[arg(long, value_name = "NAME=VALUE", allow_hyphen_values = true)]
    pub set: Vec<String>,

    /// Evaluate at every row of a file; standard input when it is `-`. The header, or the members of an
    /// object on each line, name parameters (`x`, `v[1]`, `A[1,2]`) and `param`s; what is in no column comes from
    /// --at and --set.
    #[arg(long, value_name = "FILE")]
    pub points: Option<PathBuf>,

    #[command(flatten)]
    pub rows: Rows,

    /// The variables to differentiate by: names, `params`, or `all` (parameters and `param`s).
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub wrt: Vec<String>,

    /// What to compute; value and gradient if not given (value and Jacobian when the function has
    /// several results).
    #[arg(long, value_enum, value_delimiter = ',')]
    pub what: Vec<What>,

    /// The direction of jvp and hvp: the tangent of each variable, 0 where not given.
    #[arg(long, value_name = "NAME=VALUE", allow_hyphen_values = true)]
    pub dir: Vec<String>,

    /// The cotangent of the result for vjp; 1 if not given.
    #[arg(long, value_name = "VALUE", allow_hyphen_values = true)]
    pub seed: Option<String>,

    /// All derivatives up to this order, of a function of one variable.
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u32).range(1..=100), conflicts_with = "what")]
    pub order: Option<u32>,

    /// Which way derivatives are computed.
    #[arg(long, value_enum, default_value_t = Mode::Auto)]
    pub mode: Mode,

    /// Compute in higher precision until every digit is certain; say how many digits plain double
    /// arithmetic has right, and which operation lost the others. Numbers of the file and of the
    /// point stay the doubles that they are without it: 0.1 is the double next to 1/10.
    #[arg(long)]
    pub digits: bool,

    /// How to print the results; as text if not given, and as the points are where there are --points.
    #[arg(long, value_enum)]
    pub format: Option<Format>,

    /// End with exit code 1 if there is any note: a number that is not finite, a derivative that
    /// rests on a convention.
    #[arg(long)]
    pub strict: bool,

    /// Do not print warnings and notes.
    #[arg(short, long)]
    pub quiet: bool,

    #[command(flatten)]
    pub limits: Limits,
}

/// How rows are read and written.
#[derive(Debug, Args)]
pub struct Rows {
    /// The format of the points; that of the file's ending (.csv, .tsv, .jsonl, .ndjson) if not given.
    #[arg(long, value_enum, value_name = "FORMAT", requires = "points")]
    pub points_format: Option<PointsFormat>,

    /// Which columns of the points stand before the results.
    #[arg(long, value_enum, default_value_t = Keep::All, requires = "points")]
    pub keep: Keep,

    /// What to do with a row that has no results: one that is no point, or where the function stops with an
    /// error.
    #[arg(long, value_enum, default_value_t = OnError::Stop, requires = "points")]
    pub on_error: OnError,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PointsFormat {
    /// A header with names, then a line for each point.
    Csv,
    /// The same with tabs.
    Tsv,
    /// An object on each line.
    Jsonl,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Keep {
    All,
    /// Those of the parameters.
    Params,
    None,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OnError {
    Stop,
    /// Leave it out, and say at the end how many there were.
    Skip,
    /// Print NaN for its results.
    Nan,
}

/// Bounds on what a program may use.
#[derive(Debug, Args)]
pub struct Limits {
    /// Stop with an error after so many steps of loops, and calls.
    #[arg(long, value_name = "N", default_value_t = 1_000_000_000)]
    pub max_steps: u64,

    /// Stop with an error when arrays and calls need more memory than this.
    #[arg(long, value_name = "MB", default_value_t = 8192, value_parser = clap::value_parser!(u64).range(1..=1 << 24))]
    pub max_memory: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum What {
    Value,
    Grad,
    Jac,
    Hess,
    Jvp,
    Vjp,
    Hvp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Mode {
    Auto,
    Forward,
    Reverse,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Text,
    Json,
    Yaml,
    Csv,
    Tsv,
    /// An object on each line: the point and the results.
    Jsonl,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    Auto,
    Always,
    Never,
}

/// Print the derivatives of a function as formulas.
#[derive(Debug, Args)]
#[command(after_help = "\
The result is a .math file that every command takes:
  zgrad diff f.math                      df_dx(x, y) = …
  zgrad diff f.math --wrt x --order 3    d3f_dx3(x, y) = …
  zgrad diff f.math --what hess          all second derivatives
  zgrad diff f.math --format latex       for a paper; typst, mathml for others
  zgrad diff f.math --format tree        drawn as expression trees
  zgrad diff f.math | zgrad emit --lang rust")]
pub struct Diff {
    #[command(flatten)]
    pub input: Input,

    #[command(flatten)]
    pub taken: Taken,

    /// The function; the last one of the file if not given.
    #[arg(long = "fn", value_name = "NAME")]
    pub function: Option<String>,

    /// The variables to differentiate by: names, `params`, or `all`.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub wrt: Vec<String>,

    /// The order of the derivatives; of several variables, the mixed ones too.
    #[arg(long, value_name = "K", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=20))]
    pub order: u32,

    /// Which derivatives.
    #[arg(long, value_enum, default_value_t = Formula::Grad)]
    pub what: Formula,

    /// How to print them.
    #[arg(long, value_enum, default_value_t = Notation::Math)]
    pub format: Notation,

    /// Draw the trees without box characters.
    #[arg(long)]
    pub ascii: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Formula {
    Grad,
    Jac,
    Hess,
    Jvp,
    Vjp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Notation {
    Math,
    /// For the inside of a mathematical environment of `amsmath`.
    Latex,
    /// Equations of Typst.
    Typst,
    /// Elements for a web page.
    Mathml,
    Tree,
    Json,
}

/// Print the pullback of each function: from how much the result matters to how much each
/// argument does.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  zgrad pullback f.math                  f_pullback(x, y, f_bar) = (…, …)
  zgrad pullback f.math --wrt x          only the cotangent of x
  zgrad pullback f.math --format tree    drawn as an expression tree")]
pub struct Pullback {
    #[command(flatten)]
    pub input: Input,

    #[command(flatten)]
    pub taken: Taken,

    /// Only this function.
    #[arg(long = "fn", value_name = "NAME")]
    pub function: Option<String>,

    /// The variables whose cotangents are wanted: names, `params`, or `all`.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub wrt: Vec<String>,

    /// As a definition, or drawn as an expression tree.
    #[arg(long, value_enum, default_value_t = PullbackFormat::Math)]
    pub format: PullbackFormat,

    /// Draw the tree without box characters.
    #[arg(long)]
    pub ascii: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PullbackFormat {
    Math,
    Tree,
    Latex,
    Typst,
    Mathml,
}

/// Show reverse mode at a point, step by step: every value, every pullback, every contribution.
///
/// Formulas are taken as they are written. `show(e)` in the file marks a use of which to tell what reaches it.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  zgrad explain f.math --at x=2,y=3
  zgrad explain f.math --at x=2,y=3 --seed 2
  zgrad explain f.math --at x=2,y=3 --steps forward
  zgrad explain f.math --at x=2,y=3 --format html -o f.html")]
pub struct Explain {
    #[command(flatten)]
    pub input: Input,

    /// The function; the last one of the file if not given.
    #[arg(long = "fn", value_name = "NAME")]
    pub function: Option<String>,

    /// The point: NAME=VALUE, several with commas or by repeating; or @FILE in YAML or JSON.
    #[arg(long, value_name = "NAME=VALUE", allow_hyphen_values = true)]
    pub at: Vec<String>,

    /// Another value for a `param` of the file.
    #[arg(long, value_name = "NAME=VALUE", allow_hyphen_values = true)]
    pub set: Vec<String>,

    /// The cotangent of the result, from which the walk back begins: 1 if not given; of several numbers, 1 for
    /// the first and 0 for the others.
    #[arg(long, value_name = "VALUE", allow_hyphen_values = true)]
    pub seed: Option<String>,

    /// Which way the steps are gone through; `forward` shows forward mode, with dual numbers, beside the walk back.
    #[arg(long, value_enum, default_value_t = Steps::Backward)]
    pub steps: Steps,

    /// How to write the page. The HTML stands alone: buttons and arrow keys go through the steps.
    #[arg(long, value_enum, default_value_t = Page::Text)]
    pub format: Page,

    /// Write the text without characters beyond ASCII, but for those of the file.
    #[arg(long)]
    pub ascii: bool,

    #[command(flatten)]
    pub limits: Limits,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Page {
    Text,
    Markdown,
    Html,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Steps {
    Backward,
    Forward,
}

/// Print program code for a function and its derivatives.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  zgrad emit --lang rust f.math -o f.rs
  zgrad emit --lang rust f.math --what grad,hess
  zgrad diff f.math | zgrad emit --lang rust

In a Makefile:
  model.rs: model.math
  \tzgrad emit --lang rust $< -o $@")]
pub struct Emit {
    #[command(flatten)]
    pub input: Input,

    #[command(flatten)]
    pub taken: Taken,

    /// The functions; all of the file if not given.
    #[arg(long = "fn", value_name = "NAMES", value_delimiter = ',')]
    pub function: Vec<String>,

    /// The language.
    #[arg(long, value_enum, default_value_t = Language::Rust)]
    pub lang: Language,

    /// What to emit for each function.
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = [Code::Value, Code::Grad, Code::Vjp])]
    pub what: Vec<Code>,

    /// The variables to differentiate by: names, `params`, or `all`.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub wrt: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Language {
    Rust,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Code {
    Value,
    Grad,
    Jac,
    Hess,
    Jvp,
    Vjp,
}

/// Check a file: its definitions, its tests, and its derivatives against differences.
#[derive(Debug, Args)]
#[command(after_help = "\
A file may hold its own tests, and rules for derivatives:
  f(x) = x^2
  test f(3) = 9
  test f'(3) = 6 ~ 1e-9

  zgrad check f.math                     exit code 1 if anything does not hold
  zgrad check f.math --range x=0..1      where double arithmetic loses digits
  zgrad check f.math --range x=0..1,y=-2..2 --at n=7")]
pub struct Check {
    #[command(flatten)]
    pub input: Input,

    /// Instead of all that, try points of these ranges, and find where the function or its gradient
    /// has fewer than eight right digits in double arithmetic.
    #[arg(long, value_name = "NAME=LOW..HIGH", allow_hyphen_values = true)]
    pub range: Vec<String>,

    /// With --range: the function; the last one of the file if not given.
    #[arg(long = "fn", value_name = "NAME", requires = "range")]
    pub function: Option<String>,

    /// With --range: values of the parameters that have no range.
    #[arg(long, value_name = "NAME=VALUE", allow_hyphen_values = true, requires = "range")]
    pub at: Vec<String>,

    #[command(flatten)]
    pub limits: Limits,
}

/// Print a file in the canonical form.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  zgrad fmt f.math
  zgrad fmt f.math -o f.math             in place
  zgrad fmt --check f.math               exit code 1 if it would change")]
pub struct Fmt {
    #[command(flatten)]
    pub input: Input,

    /// Say whether the file has that form already (exit code 1 if not); write nothing.
    #[arg(long)]
    pub check: bool,
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
