//! `zgrad graph`.

use super::args::{Graph, GraphFormat};
use super::evaluate::limits;
use super::{Answer, deliver, tell};
use crate::picture::{dot, svg};
use crate::refuse;
use crate::session::drawing::{self, Drawn, Request};
use crate::session::explaining;
use crate::session::point::assignments;
use crate::simplify::Forms;
use crate::syntax::diagnostic::Code;
use crate::syntax::message::Look;
use anyhow::Result;

impl Graph {
    fn format(&self) -> Result<GraphFormat> {
        let ending = self.input.output.as_ref().and_then(|path| path.extension());
        Ok(match (self.format, ending.and_then(|ending| ending.to_str())) {
            (Some(format), _) => format,
            (None, Some("dot" | "gv")) => GraphFormat::Dot,
            (None, Some("mmd" | "mermaid")) => GraphFormat::Mermaid,
            (None, Some(other @ ("png" | "pdf" | "jpg" | "jpeg" | "gif" | "webp" | "eps" | "ps"))) => {
                refuse!(
                    Code::Question,
                    "a graph is written as .svg, .dot or .mmd, not as .{other}: those can be converted"
                )
            }
            (None, Some(_) | None) => GraphFormat::Svg,
        })
    }
}

pub fn run(args: &Graph, look: Look) -> Result<Answer> {
    let format = args.format()?;
    let mut session = super::open(&args.input.file, Forms::AsWritten)?;
    tell(&session.warnings(), look);
    let walk = explaining::Request {
        function: args.point.function.clone(),
        at: assignments(&args.point.at)?,
        set: assignments(&args.point.set)?,
        seed: args.seed.clone(),
        forward: false,
        limits: limits(&args.limits),
    };
    let request = Request { walk, pointed: !args.point.at.is_empty(), most: usize::from(args.most) };
    let Drawn { diagram, notes } = drawing::draw(&mut session, &request)?;
    tell(&notes, look);
    let text = match format {
        GraphFormat::Svg => svg::svg(&diagram),
        GraphFormat::Dot => dot::dot(&diagram),
        GraphFormat::Mermaid => dot::mermaid(&diagram),
    };
    deliver::deliver(&text, || session.inputs(), args.input.output.as_deref(), &args.delivery, look)
}
