//! `zgrad repl`.

use clap::Args;
use std::path::PathBuf;

/// Take definitions and expressions line by line, and answer each.
#[derive(Debug, Args)]
#[command(after_help = "\
What can be entered:
  f(x, y) = x*y + sin(x)                 a definition; it replaces an earlier one of its name
  f(2, 3)                                an expression; its value is `ans` from then on
  diff(f(x, 3), x) where x = 2           derivatives are part of the notation
  grad(f(v[1], v[2]), v) where v = [2, 3]
  test f(2, 0) = sin(2)                  whether it holds
  import \"geometry.math\"                 another file's definitions
  :diff f --wrt x                        any command of zgrad, on what was entered
  :eval f x=2 y=3                        a function first, `--at` left out
  :type f(1, 2)                          the type of an expression
  :list, :save FILE, :load FILE          the definitions; `:load` begins anew with a file
  :help, :quit

A line with an open bracket, or that ends in an operator, goes on in the next. From a pipe, the lines are
answered one after the other, and the exit code is 1 if one of them had no answer.

The lines are kept in $XDG_STATE_HOME/zgrad/history (~/.local/state/zgrad/history).")]
pub struct Repl {
    /// The .math file to begin with.
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,
}
