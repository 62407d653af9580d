//! `zgrad plot`.

use super::args::{Input, Limits, Taken};
use super::evaluate::limits;
use super::{Answer, say};
use crate::picture::braille::{self, Terminal};
use crate::picture::{chart, contour, raster, scene_svg};
use crate::session::output;
use crate::session::plotting::{self, Plot as Picture, Plotted, Request};
use crate::session::point::assignments;
use anyhow::{Result, bail};
use clap::{Args, ValueEnum};
use std::io::{self, IsTerminal};

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

impl Plot {
    fn format(&self) -> Result<PlotFormat> {
        let output = self.input.output.as_deref();
        let ending = output.and_then(|path| path.extension()).and_then(|ending| ending.to_str());
        Ok(match (self.format, ending, output) {
            (Some(format), _, _) => format,
            (None, Some("png"), _) => PlotFormat::Png,
            (None, Some("txt"), _) => PlotFormat::Braille,
            (None, Some(other @ ("pdf" | "jpg" | "jpeg" | "gif" | "webp" | "eps" | "ps")), _) => {
                bail!("a plot is written as .svg, .png or .txt, not as .{other}: those can be converted")
            }
            (None, _, None) if io::stdout().is_terminal() => PlotFormat::Braille,
            (None, _, _) => PlotFormat::Svg,
        })
    }

    /// The room for dots.
    fn terminal(&self, color: bool) -> Terminal {
        let (width, height) = match terminal_size::terminal_size() {
            Some((width, height)) => (usize::from(width.0).clamp(20, 160), usize::from(height.0)),
            None => (80, 24),
        };
        let rows = height.saturating_sub(6).min(width / 3).clamp(8, 50);
        Terminal {
            columns: self.columns.map_or(width, usize::from),
            rows: self.rows.map_or(rows, usize::from),
            color,
        }
    }
}

pub fn run(args: &Plot, color: bool, colored: impl FnOnce(bool) -> bool) -> Result<Answer> {
    let format = args.format()?;
    let to_terminal = args.input.output.is_none() && io::stdout().is_terminal();
    if format == PlotFormat::Png && to_terminal {
        bail!("a PNG is no text: write it to a file with -o, or leave out --format");
    }
    let mut session = super::open(&args.input.file, color, args.taken.forms())?;
    say(&session.warnings_text());
    let request = Request {
        functions: args.function.clone(),
        x: args.x.clone(),
        y: args.y.clone(),
        at: assignments(&args.at)?,
        set: assignments(&args.set)?,
        order: args.order,
        tangents: assignments(&args.tangent)?,
        limits: limits(&args.limits),
    };
    let Plotted { plot, notes } = plotting::plot(&mut session, &request)?;
    for note in notes {
        say(&format!("note: {note}\n"));
    }
    let scene = || match &plot {
        Picture::Chart(chart) => chart::scene(chart),
        Picture::Map(map) => contour::scene(map),
    };
    let bytes = match format {
        PlotFormat::Svg => scene_svg::svg(&scene()).into_bytes(),
        PlotFormat::Png => raster::png(&scene(), f64::from(args.scale))?,
        PlotFormat::Braille => {
            let terminal = args.terminal(colored(to_terminal));
            let text = match &plot {
                Picture::Chart(chart) => braille::chart(chart, terminal),
                Picture::Map(map) => braille::map(map, terminal),
            };
            text.into_bytes()
        }
    };
    output::write(args.input.output.as_deref(), &bytes)?;
    Ok(Answer::Done)
}
