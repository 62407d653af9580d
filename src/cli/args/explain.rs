//! `zgrad explain`.

use super::{Input, Limits, Point};
use clap::{Args, ValueEnum};

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

    #[command(flatten)]
    pub point: Point,

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
