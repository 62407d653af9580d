//! `zgrad check` and `zgrad fmt`.

use super::{Input, Limits};
use clap::Args;

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

    /// Write nothing: print what would change, and end with exit code 1 if anything would.
    #[arg(long)]
    pub check: bool,
}
