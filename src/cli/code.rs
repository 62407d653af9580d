//! `zgrad emit`.

use super::args::{Code, Emit, Language};
use super::{Answer, say};
use crate::session::emitting::{self, Part};
use crate::session::output;
use anyhow::Result;

pub fn run(args: &Emit, color: bool) -> Result<Answer> {
    let mut session = super::open(&args.input.file, color, args.taken.forms())?;
    say(&session.warnings_text());
    let parts: Vec<Part> = args.what.iter().map(|&code| part(code)).collect();
    let text = match args.lang {
        Language::Rust => emitting::rust(&mut session, &args.function, &args.wrt, &parts)?,
    };
    output::write(args.input.output.as_deref(), &text)?;
    Ok(Answer::Done)
}

fn part(code: Code) -> Part {
    match code {
        Code::Value => Part::Value,
        Code::Grad => Part::Grad,
        Code::Jac => Part::Jac,
        Code::Hess => Part::Hess,
        Code::Jvp => Part::Jvp,
        Code::Vjp => Part::Vjp,
    }
}
