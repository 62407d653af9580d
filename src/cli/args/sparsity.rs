//! `zgrad sparsity`.

use super::{Delivery, Input, Limits, Taken};
use clap::{Args, ValueEnum};

/// Show which derivatives can differ from 0, whatever the point: the pattern of the Jacobian or the Hessian for arrays
/// of given lengths, and how few sweeps give all of its entries.
///
/// The pattern is read off the index expressions of the function, at no point. Where those do not tell, every entry that
/// may differ from 0 is in it, and a note says why.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  zgrad sparsity f.math --set n=10                 the Jacobian for an array R[n] of ten
  zgrad sparsity f.math --set n=1000 --what hess   the Hessian, in dots
  zgrad sparsity f.math --set n=50 -o f.svg        as a picture
  zgrad sparsity f.math --set n=50 --format csv    row and column of each entry, counted from 1")]
pub struct Sparsity {
    #[command(flatten)]
    pub input: Input,

    #[command(flatten)]
    pub delivery: Delivery,

    #[command(flatten)]
    pub taken: Taken,

    /// The function; the last one of the file if not given.
    #[arg(long = "fn", value_name = "NAME")]
    pub function: Option<String>,

    /// Values for sizes (the n of R[n]), integer parameters, and `param`s of the file.
    #[arg(long, value_name = "NAME=VALUE", allow_hyphen_values = true)]
    pub set: Vec<String>,

    /// Values of parameters: of arrays the lengths count, and of integers the values.
    #[arg(long, value_name = "NAME=VALUE", allow_hyphen_values = true)]
    pub at: Vec<String>,

    /// The variables to differentiate by: names, `params`, or `all` (parameters and `param`s).
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub wrt: Vec<String>,

    /// Which derivatives.
    #[arg(long, value_enum, default_value_t = Matrix::Jac)]
    pub what: Matrix,

    /// What to write; by the ending of the output file (.svg, .csv, .json), else text.
    #[arg(long, value_enum)]
    pub format: Option<SparsityFormat>,

    #[command(flatten)]
    pub limits: Limits,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Matrix {
    Jac,
    Hess,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SparsityFormat {
    Text,
    Svg,
    /// A line for each entry, with the names of its row and column.
    Csv,
    Json,
}
