//! `zgrad build`.

use clap::Args;
use std::path::PathBuf;

/// Make the files that zgrad.yaml lists: program code of .math files.
#[derive(Debug, Args)]
#[command(after_help = "\
In zgrad.yaml, with paths relative to it:
  targets:
    - file: model.math
      out: src/model.rs
    - file: loss.math
      out: src/loss.rs
      lang: rust                 rust if not given; c, c-header, python, julia
      fn: [loss, predict]        all functions if not given
      what: [value, grad, hess]  value, grad and vjp if not given
      sparse: coo                Jacobians by their entries that can differ from 0: coo or csr
      wrt: params                the parameters if not given
      as_written: true           false if not given
      try: true                  for Rust, false if not given: also functions that return errors,
      no_std: true               code without the standard library,
      with_tests: true           tests of the functions,
      with_bench: true           a test that prints how long they take,
      f32: true                  numbers of single precision,
      generic: true              functions over `f32` and `f64`

Examples:
  zgrad build                    writes what differs from what it should be
  zgrad build --check            in CI: exit code 1 if anything is out of date
  zgrad build --watch            again and again, whenever a file changes")]
pub struct Build {
    /// The list of targets.
    #[arg(value_name = "FILE", default_value = "zgrad.yaml")]
    pub file: PathBuf,

    /// Write nothing: print what would change, and end with exit code 1 if anything would.
    #[arg(long)]
    pub check: bool,

    /// Stay, and build again whenever one of the files changes.
    #[arg(long, conflicts_with = "check")]
    pub watch: bool,

    /// Do not say which files were written.
    #[arg(short, long)]
    pub quiet: bool,
}
