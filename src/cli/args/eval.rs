//! `zgrad eval`.

use super::{Input, Limits, Point, Taken};
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// Compute the value of a function and its derivatives at a point, or at every row of a file.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  zgrad eval f.math --at x=2,y=3
  zgrad eval f.math --at 'v=[1, 2, 3]' --at n=7 --at x=pi/2
  zgrad eval f.math --at @point.yaml --what value,hess --format json
  zgrad eval f.math --at x=0 --order 4
  zgrad eval f.math --at x=1e-9 --digits
  zgrad eval f.math --at 'v=[1, 2, 3]' --what jac --sparse
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

    #[command(flatten)]
    pub point: Point,

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

    /// Give the Jacobian or the Hessian as a list of the entries that can differ from 0, found in as few sweeps as
    /// `zgrad sparsity` tells. Rows and columns are counted from 1.
    #[arg(long, requires = "what", conflicts_with_all = ["points", "digits", "order", "strict"])]
    pub sparse: bool,

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

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum What {
    Value,
    Grad,
    Jac,
    Hess,
    Jvp,
    Vjp,
    Hvp,
    /// The second derivative by each variable twice: the diagonal of the Hessian.
    HessDiag,
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
