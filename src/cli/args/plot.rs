//! `zgrad plot`.

use super::{Delivery, Input, Limits, Taken};
use clap::{Args, ValueEnum};

/// Draw a function of one variable with its derivative and tangents, or a contour map of two with gradient arrows.
///
/// In a terminal it is drawn there, in dots. Poles, jumps and places without a value are gaps.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  zgrad plot f.math --x -3..3                      f and f′, in the terminal
  zgrad plot f.math --x -3..3 --tangent x=1 -o f.svg
  zgrad plot f.math --x 0..2*pi --order 2 -o f.png
  zgrad plot f.math --x -3..3 --y -2..2            of two variables: a contour map
  zgrad plot f.math --x -3..3 --at y=2             … or a section of it
  zgrad plot f.math --fn f,g --x t=0..1 --order 0  several functions, of the parameter t
  zgrad plot f.math --x k=0..5 --at x=1            over a `param` of the file

Of a function of one variable, --y is the range of values to show.")]
pub struct Plot {
    #[command(flatten)]
    pub input: Input,

    #[command(flatten)]
    pub delivery: Delivery,

    #[command(flatten)]
    pub taken: Taken,

    /// The functions; the last one of the file if not given.
    #[arg(long = "fn", value_name = "NAMES", value_delimiter = ',')]
    pub function: Vec<String>,

    /// The range to the right: LOW..HIGH of the parameter `x`, else of the first that has no value; or
    /// NAME=LOW..HIGH. Ends are constant expressions, such as -pi..pi.
    #[arg(long, value_name = "[NAME=]LOW..HIGH", allow_hyphen_values = true, default_value = "-5..5")]
    pub x: String,

    /// The range upwards: of the second parameter, or of the values of a function of one.
    #[arg(long, value_name = "[NAME=]LOW..HIGH", allow_hyphen_values = true)]
    pub y: Option<String>,

    /// Values of the other parameters.
    #[arg(long, value_name = "NAME=VALUE", allow_hyphen_values = true)]
    pub at: Vec<String>,

    /// Another value for a `param` of the file.
    #[arg(long, value_name = "NAME=VALUE", allow_hyphen_values = true)]
    pub set: Vec<String>,

    /// Draw derivatives up to this order; 0 draws the function alone.
    #[arg(long, value_name = "K", default_value_t = 1, value_parser = clap::value_parser!(u32).range(0..=5))]
    pub order: u32,

    /// Draw the tangent at this point.
    #[arg(long, value_name = "NAME=VALUE", allow_hyphen_values = true)]
    pub tangent: Vec<String>,

    /// What to write; by the ending of the output file, else braille in a terminal and svg elsewhere.
    #[arg(long, value_enum)]
    pub format: Option<PlotFormat>,

    /// Columns of a drawing in dots; those of the terminal if not given.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(20..=400))]
    pub columns: Option<u16>,

    /// Rows of a drawing in dots.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(4..=200))]
    pub rows: Option<u16>,

    /// How many pixels of a PNG to one of the SVG.
    #[arg(long, value_name = "S", default_value_t = 2, value_parser = clap::value_parser!(u8).range(1..=4))]
    pub scale: u8,

    #[command(flatten)]
    pub limits: Limits,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PlotFormat {
    Svg,
    Png,
    /// Dots in the terminal.
    Braille,
}
