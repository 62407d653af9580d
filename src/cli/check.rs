//! `zgrad check` and `zgrad fmt`.

use super::args::{Check, Fmt};
use super::{Answer, tell};
use crate::session::refusal::Invalid;
use crate::session::{checking, difference, load, losing, output, point};
use crate::simplify::Forms;
use crate::syntax::diagnostic::{Code, Severity};
use crate::syntax::message::{Look, Message};
use crate::syntax::print;
use anyhow::Result;
use std::path::Path;

pub fn run(args: &Check, look: Look) -> Result<Answer> {
    let mut session = super::open(&args.input.file, Forms::Stable)?;
    tell(&session.warnings(), look);
    if !args.range.is_empty() {
        let (ranges, at) = (point::assignments(&args.range)?, point::assignments(&args.at)?);
        let limits = super::evaluate::limits(&args.limits);
        let losing = losing::losing(&mut session, args.function.as_deref(), &ranges, &at, limits)?;
        output::write(args.input.output.as_deref(), losing.text())?;
        return Ok(if losing.passed() { Answer::Done } else { Answer::No });
    }
    let outcome = checking::check(&mut session, super::evaluate::limits(&args.limits));
    output::write(args.input.output.as_deref(), outcome.text())?;
    Ok(if outcome.passed() { Answer::Done } else { Answer::No })
}

pub fn format(args: &Fmt, look: Look) -> Result<Answer> {
    let path = &args.input.file;
    let text = load::read(path)?;
    // Not taken apart, as a session is not.
    let mut tree = std::mem::ManuallyDrop::new(crate::syntax::tree::Tree::default());
    let name = if path == Path::new("-") { load::STDIN.to_string() } else { path.display().to_string() };
    let diagnostics = crate::syntax::parse::parse(&mut tree, &name, &text);
    let errors: Vec<_> = diagnostics.into_iter().filter(|d| d.severity == Severity::Error).collect();
    if !errors.is_empty() {
        return Err(Invalid::at(&tree, &errors).into());
    }
    let formatted = print::file(&tree, &tree.items);
    if args.check {
        let Some(line) = difference::first_difference(&text, &formatted) else { return Ok(Answer::Done) };
        output::write(None, difference::unified(&name, &text, &formatted))?;
        let message =
            format!("`{name}` is not in the canonical form from line {line} on; `zgrad fmt` prints it");
        tell(&[Message::new(Code::OutOfDate, message)], look);
        return Ok(Answer::No);
    }
    output::write(args.input.output.as_deref(), &formatted)?;
    Ok(Answer::Done)
}
