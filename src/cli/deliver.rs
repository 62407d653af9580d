//! Where a result goes: to standard output or a file, with a rule for make beside it; or nowhere, to be compared
//! with the file that is there.

use super::args::Delivery;
use super::{Answer, tell};
use crate::session::generate::{self, Stale};
use crate::session::output;
use crate::syntax::diagnostic::Code;
use crate::syntax::message::{Look, Message};
use anyhow::Result;
use std::path::{Path, PathBuf};

/// Delivers a text or bytes; `inputs` are the files of which it is made.
pub fn deliver(
    data: impl AsRef<[u8]>,
    inputs: impl FnOnce() -> Vec<PathBuf>,
    file: Option<&Path>,
    how: &Delivery,
    look: Look,
) -> Result<Answer> {
    if let (true, Some(file)) = (how.check, file) {
        return Ok(match generate::stale(file, data.as_ref())? {
            None => Answer::Done,
            Some(stale) => out_of_date(file, &stale, look)?,
        });
    }
    output::write(file, data)?;
    if let (Some(depfile), Some(file)) = (&how.depfile, file) {
        let beside = file.with_extension("d");
        let depfile = if depfile.is_empty() { &beside } else { Path::new(depfile) };
        output::write(Some(depfile), generate::depfile(file, &inputs()))?;
    }
    Ok(Answer::Done)
}

/// Tells that a file is not what it should be, and prints how it differs.
pub fn out_of_date(file: &Path, stale: &Stale, look: Look) -> Result<Answer> {
    let file = file.display();
    let message = match stale {
        Stale::Missing => format!("`{file}` is out of date: there is no such file"),
        Stale::Other => format!("`{file}` is out of date"),
        Stale::Differs { line, difference } => {
            output::write(None, difference)?;
            format!("`{file}` is out of date from line {line} on")
        }
    };
    tell(&[Message::new(Code::OutOfDate, message)], look);
    Ok(Answer::No)
}
