//! `zgrad check` and `zgrad fmt`.

use super::args::{Check, Fmt};
use super::{Answer, say};
use crate::session::{Invalid, checking, load, losing, output, point, render};
use crate::simplify::Forms;
use crate::syntax::diagnostic::Severity;
use crate::syntax::print;
use anyhow::{Result, bail};
use std::path::Path;

pub fn run(args: &Check, color: bool) -> Result<Answer> {
    let mut session = super::open(&args.input.file, color, Forms::Stable)?;
    say(&session.warnings_text());
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

pub fn format(args: &Fmt, color: bool) -> Result<Answer> {
    let path = &args.input.file;
    let text = load::read(path)?;
    // Not taken apart, as a session is not.
    let mut tree = std::mem::ManuallyDrop::new(crate::syntax::tree::Tree::default());
    let name = if path == Path::new("-") { "<stdin>".to_string() } else { path.display().to_string() };
    let diagnostics = crate::syntax::parse::parse(&mut tree, &name, &text);
    let errors: Vec<_> = diagnostics.into_iter().filter(|d| d.severity == Severity::Error).collect();
    if !errors.is_empty() {
        bail!(Invalid(render(&tree, &errors, color)));
    }
    let formatted = print::file(&tree, &tree.items);
    if args.check {
        if formatted == text {
            return Ok(Answer::Done);
        }
        say(&format!("{name} is not in the canonical form; `zgrad fmt` prints it\n"));
        return Ok(Answer::No);
    }
    output::write(args.input.output.as_deref(), &formatted)?;
    Ok(Answer::Done)
}
