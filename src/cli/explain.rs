//! `zgrad explain`.

use super::args::{Explain, Page, Steps};
use super::evaluate::limits;
use super::{Answer, tell};
use crate::explain::{html, json, text};
use crate::session::explaining::{self, Request};
use crate::session::output;
use crate::session::point::assignments;
use crate::simplify::Forms;
use crate::syntax::message::Look;
use anyhow::Result;

pub fn run(args: &Explain, look: Look) -> Result<Answer> {
    let mut session = super::open(&args.input.file, Forms::AsWritten)?;
    tell(&session.warnings(), look);
    let request = Request {
        function: args.point.function.clone(),
        at: assignments(&args.point.at)?,
        set: assignments(&args.point.set)?,
        seed: args.seed.clone(),
        forward: args.steps == Steps::Forward,
        limits: limits(&args.limits),
    };
    let lesson = explaining::explain(&mut session, &request)?;
    let page = match args.format {
        Page::Text => text::text(&lesson),
        Page::Markdown => text::markdown(&lesson),
        Page::Html => html::html(&lesson),
        Page::Json => json::json(&lesson),
    };
    let plain = args.ascii && matches!(args.format, Page::Text | Page::Markdown);
    let page = if plain { text::ascii(&page) } else { page };
    output::write(args.input.output.as_deref(), &page)?;
    Ok(Answer::Done)
}
