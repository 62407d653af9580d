//! `zgrad diff` and `zgrad pullback`.

use super::{Delivery, Input, Taken};
use clap::{Args, ValueEnum};

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
    pub delivery: Delivery,

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
    pub delivery: Delivery,

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
