//! `zgrad graph`.

use super::{Delivery, Input, Limits, Point};
use clap::{Args, ValueEnum};

/// Draw the computation graph of a function: every operation a box, what is used twice once, loops and calls as
/// frames; with values and adjoints at a point.
///
/// Formulas are taken as they are written. Boxes carry the author's names.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  zgrad graph f.math -o f.svg                      the operations of f and how they hang together
  zgrad graph f.math --at x=2,y=3 -o f.svg         with every value and adjoint there
  zgrad graph f.math --at x=2,y=3 --seed 2 -o f.svg
  zgrad graph f.math --fn g --format mermaid       for a Markdown page
  zgrad graph f.math --format dot | dot -Tpdf      for Graphviz

The SVG follows the reader's light or dark mode and needs nothing else.")]
pub struct Graph {
    #[command(flatten)]
    pub input: Input,

    #[command(flatten)]
    pub delivery: Delivery,

    #[command(flatten)]
    pub point: Point,

    /// The cotangent of the result, from which the adjoints come; 1 if not given.
    #[arg(long, value_name = "VALUE", allow_hyphen_values = true, requires = "at")]
    pub seed: Option<String>,

    /// What to write; by the ending of the output file (.svg, .dot, .gv, .mmd), else svg.
    #[arg(long, value_enum)]
    pub format: Option<GraphFormat>,

    /// Draw at most so many boxes.
    #[arg(long, value_name = "N", default_value_t = 250, value_parser = clap::value_parser!(u16).range(1..=2000))]
    pub most: u16,

    #[command(flatten)]
    pub limits: Limits,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum GraphFormat {
    Svg,
    /// For Graphviz.
    Dot,
    /// For Markdown pages that draw Mermaid.
    Mermaid,
}
