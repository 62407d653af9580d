//! `zgrad plot`.

use super::args::{Color, Plot, PlotFormat};
use super::evaluate::limits;
use super::{Answer, colored, deliver, tell};
use crate::picture::braille::{self, Terminal};
use crate::picture::{chart, contour, raster, scene_svg};
use crate::refuse;
use crate::session::plotting::{self, Plot as Picture, Plotted, Request};
use crate::session::point::assignments;
use crate::syntax::diagnostic::Code;
use crate::syntax::message::Look;
use anyhow::Result;
use std::io::{self, IsTerminal};

impl Plot {
    fn format(&self) -> Result<PlotFormat> {
        let output = self.input.output.as_deref();
        let ending = output.and_then(|path| path.extension()).and_then(|ending| ending.to_str());
        Ok(match (self.format, ending, output) {
            (Some(format), _, _) => format,
            (None, Some("png"), _) => PlotFormat::Png,
            (None, Some("txt"), _) => PlotFormat::Braille,
            (None, Some(other @ ("pdf" | "jpg" | "jpeg" | "gif" | "webp" | "eps" | "ps")), _) => {
                refuse!(
                    Code::Question,
                    "a plot is written as .svg, .png or .txt, not as .{other}: those can be converted"
                )
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

pub fn run(args: &Plot, color: Color, look: Look) -> Result<Answer> {
    let format = args.format()?;
    let to_terminal = args.input.output.is_none() && io::stdout().is_terminal();
    if format == PlotFormat::Png && to_terminal {
        refuse!(Code::Question, "a PNG is no text: write it to a file with -o, or leave out --format");
    }
    let mut session = super::open(&args.input.file, args.taken.forms())?;
    tell(&session.warnings(), look);
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
    tell(&notes, look);
    let scene = || match &plot {
        Picture::Chart(chart) => chart::scene(chart),
        Picture::Map(map) => contour::scene(map),
    };
    let bytes = match format {
        PlotFormat::Svg => scene_svg::svg(&scene()).into_bytes(),
        PlotFormat::Png => raster::png(&scene(), f64::from(args.scale))?,
        PlotFormat::Braille => {
            let terminal = args.terminal(colored(color, to_terminal));
            let text = match &plot {
                Picture::Chart(chart) => braille::chart(chart, terminal),
                Picture::Map(map) => braille::map(map, terminal),
            };
            text.into_bytes()
        }
    };
    deliver::deliver(&bytes, || session.inputs(), args.input.output.as_deref(), &args.delivery, look)
}
