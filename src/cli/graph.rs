//! `zgrad graph`.

use super::args::{Input, Limits};
use super::evaluate::limits;
use super::{Answer, say};
use crate::picture::{dot, svg};
use crate::session::drawing::{self, Drawn, Request};
use crate::session::point::assignments;
use crate::session::{explaining, output};
use crate::simplify::Forms;
use anyhow::{Result, bail};
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

    /// The function; the last one of the file if not given.
    #[arg(long = "fn", value_name = "NAME")]
    pub function: Option<String>,

    /// Show values and adjoints at this point: NAME=VALUE, several with commas or by repeating; or @FILE in
    /// YAML or JSON.
    #[arg(long, value_name = "NAME=VALUE", allow_hyphen_values = true)]
    pub at: Vec<String>,

    /// Another value for a `param` of the file.
    #[arg(long, value_name = "NAME=VALUE", allow_hyphen_values = true)]
    pub set: Vec<String>,

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

impl Graph {
    fn format(&self) -> Result<GraphFormat> {
        let ending = self.input.output.as_ref().and_then(|path| path.extension());
        Ok(match (self.format, ending.and_then(|ending| ending.to_str())) {
            (Some(format), _) => format,
            (None, Some("dot" | "gv")) => GraphFormat::Dot,
            (None, Some("mmd" | "mermaid")) => GraphFormat::Mermaid,
            (None, Some(other @ ("png" | "pdf" | "jpg" | "jpeg" | "gif" | "webp" | "eps" | "ps"))) => {
                bail!("a graph is written as .svg, .dot or .mmd, not as .{other}: those can be converted")
            }
            (None, Some(_) | None) => GraphFormat::Svg,
        })
    }
}

pub fn run(args: &Graph, color: bool) -> Result<Answer> {
    let format = args.format()?;
    let mut session = super::open(&args.input.file, color, Forms::AsWritten)?;
    say(&session.warnings_text());
    let walk = explaining::Request {
        function: args.function.clone(),
        at: assignments(&args.at)?,
        set: assignments(&args.set)?,
        seed: args.seed.clone(),
        forward: false,
        limits: limits(&args.limits),
    };
    let request = Request { walk, pointed: !args.at.is_empty(), most: usize::from(args.most) };
    let Drawn { diagram, notes } = drawing::draw(&mut session, &request)?;
    for note in notes {
        say(&format!("note: {note}\n"));
    }
    let text = match format {
        GraphFormat::Svg => svg::svg(&diagram),
        GraphFormat::Dot => dot::dot(&diagram),
        GraphFormat::Mermaid => dot::mermaid(&diagram),
    };
    output::write(args.input.output.as_deref(), &text)?;
    Ok(Answer::Done)
}
