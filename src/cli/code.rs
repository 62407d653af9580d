//! `zgrad emit`.

use super::args::{Code, Emit, Language};
use super::{Answer, deliver, tell};
use crate::session::emitting::Part;
use crate::session::generate::{self, Generated, Module, Options};
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
        parts: args.what.iter().map(|&code| part(code)).collect(),
        wrt: args.wrt.clone(),
        forms: args.taken.forms(),
        options: Options {
            tries: args.rust.tries,
            no_std: args.rust.no_std,
            tests: args.rust.with_tests,
            bench: args.rust.with_bench,
        },
    };
    let Generated { text, inputs, warnings } = module.generate()?;
    tell(&warnings, look);
    deliver::deliver(&text, || inputs, args.input.output.as_deref(), &args.delivery, look)
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
