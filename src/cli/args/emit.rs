//! `zgrad emit`.

use super::{Delivery, Input, Taken};
use clap::{Args, ValueEnum};

/// Print program code for a function and its derivatives.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  zgrad emit --lang rust f.math -o f.rs
  zgrad emit --lang rust f.math --what grad,hess
  zgrad emit --lang rust f.math -o f.rs --with-tests --try
  zgrad emit --lang rust f.math --what jac --sparse=csr     the entries that can differ from 0
  zgrad emit --lang c f.math -o f.c; zgrad emit --lang c-header f.math -o f.h
  zgrad emit --lang python f.math -o f.py
  zgrad diff f.math | zgrad emit --lang rust
  zgrad emit f.math -o f.rs --check      in CI: exit code 1 if f.rs is not what it should be

In a Makefile, with the imported files:
  %.rs: %.math
  \tzgrad emit $< -o $@ -MD
  -include *.d")]
pub struct Emit {
    #[command(flatten)]
    pub input: Input,

    #[command(flatten)]
    pub delivery: Delivery,

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

    /// Jacobians by those of their entries that can differ from 0: `f_jac_pattern` gives their places for arrays
    /// of given lengths, `f_jac_values` the entries.
    #[arg(long, value_name = "LAYOUT", num_args = 0..=1, require_equals = true, default_missing_value = "coo")]
    pub sparse: Option<Sparse>,

    /// The variables to differentiate by: names, `params`, or `all`.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub wrt: Vec<String>,

    #[command(flatten)]
    pub rust: Rust,
}

/// For Rust alone.
#[derive(Debug, Args)]
pub struct Rust {
    /// Rust: beside each function that may refuse its arguments, `try_f`, which returns an error instead of
    /// a panic.
    #[arg(long = "try")]
    pub tries: bool,

    /// Rust: for crates without the standard library; the functions that `core` lacks are methods of a
    /// trait, to be implemented for `f64`.
    #[arg(long)]
    pub no_std: bool,

    /// Rust: compute in single precision. Special functions compute in doubles and round.
    #[arg(long = "f32", conflicts_with = "generic")]
    pub single: bool,

    /// Rust: functions over any `T: Real`, a trait that the module has, for `f32` and `f64`.
    #[arg(long)]
    pub generic: bool,

    /// Rust: append tests, which compare each function with numbers that are certain to the last digit.
    #[arg(long)]
    pub with_tests: bool,

    /// Rust: append a test that prints how long each function takes; `cargo test --release -- --ignored`
    /// runs it.
    #[arg(long)]
    pub with_bench: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Language {
    Rust,
    /// C99, one file that needs no header
    C,
    /// The declarations of that file, for C and C++
    CHeader,
    /// Functions over numbers and NumPy's arrays
    Python,
    /// Functions over numbers and Julia's arrays; counters begin with 1
    Julia,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Sparse {
    /// A row and a column for each entry; entries of the same place add up
    Coo,
    /// Where each row begins among the entries, and their columns in order
    Csr,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Code {
    Value,
    Grad,
    Jac,
    Hess,
    /// The value, the gradient, and the diagonal of the Hessian: the second derivative by each number twice
    HessDiag,
    Jvp,
    Vjp,
}
