//! `zgrad emit`.

use super::args::{Code as Wanted, Emit, Language, Sparse};
use super::{Answer, deliver, tell};
use crate::refuse;
use crate::session::emitting::Part;
use crate::session::entries::Layout;
use crate::session::generate::{self, Generated, Module, Options};
use crate::syntax::diagnostic::Code;
use crate::syntax::message::Look;
use anyhow::Result;

pub fn run(args: &Emit, look: Look) -> Result<Answer> {
    let module = Module {
        file: args.input.file.clone(),
        language: match args.lang {
            Language::Rust => generate::Language::Rust,
            Language::C => generate::Language::C,
            Language::CHeader => generate::Language::CHeader,
            Language::Python => generate::Language::Python,
            Language::Julia => generate::Language::Julia,
        },
        functions: args.function.clone(),
        parts: parts(args)?,
        wrt: args.wrt.clone(),
        forms: args.taken.forms(),
        options: Options {
            tries: args.rust.tries,
            no_std: args.rust.no_std,
            tests: args.rust.with_tests,
            bench: args.rust.with_bench,
            single: args.rust.single,
            generic: args.rust.generic,
        },
    };
    let Generated { text, inputs, warnings } = module.generate()?;
    tell(&warnings, look);
    deliver::deliver(&text, || inputs, args.input.output.as_deref(), &args.delivery, look)
}

/// What is asked for of each function.
fn parts(args: &Emit) -> Result<Vec<Part>> {
    let parts: Vec<Part> = args.what.iter().map(|&code| part(code)).collect();
    let Some(layout) = args.sparse else { return Ok(parts) };
    if !parts.contains(&Part::Jac) {
        refuse!(Code::Question, "--sparse is for --what jac");
    }
    let layout = match layout {
        Sparse::Coo => Layout::Coo,
        Sparse::Csr => Layout::Csr,
    };
    Ok(parts.into_iter().map(|part| part.sparse(layout)).collect())
}

fn part(code: Wanted) -> Part {
    match code {
        Wanted::Value => Part::Value,
        Wanted::Grad => Part::Grad,
        Wanted::Jac => Part::Jac,
        Wanted::Hess => Part::Hess,
        Wanted::HessDiag => Part::HessDiag,
        Wanted::Jvp => Part::Jvp,
        Wanted::Vjp => Part::Vjp,
    }
}
