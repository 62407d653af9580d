//! For build scripts: program code of `.math` files, made when a crate is built.
//!
//! ```toml
//! [build-dependencies]
//! zgrad = "0.1"
//! ```
//!
//! In `build.rs`, beside `Cargo.toml`:
//!
//! ```no_run
//! zgrad::build::compile("math/spring.math");
//! ```
//!
//! and in the program, the functions that the file defines with their gradients and pullbacks:
//!
//! ```ignore
//! mod spring {
//!     include!(concat!(env!("OUT_DIR"), "/spring.rs"));
//! }
//!
//! let (energy, slope) = spring::energy_grad(0.1);
//! ```
//!
//! Cargo runs the script again when the file, or one that it imports, changes. An error in the file is one of the
//! build, with its place.

pub use crate::session::emitting::Part;
use crate::session::generate::{self, Generated};
use crate::session::load;
use crate::session::refusal::{Invalid, refusal};
use crate::simplify::Forms;
use crate::syntax::diagnostic::Code;
use crate::syntax::message::{Look, Message};
use anyhow::Result;
use std::path::{Path, PathBuf};

/// Makes the Rust module of a file, with the value, the gradient and the pullback of every function, in the
/// folder `OUT_DIR` of the build: `math/spring.math` becomes `spring.rs`.
///
/// For a build script: what Cargo is to know is printed to standard output, errors as well.
pub fn compile(file: impl AsRef<Path>) {
    Module::new(file).compile();
}

/// A Rust module to be made of a `.math` file, where [`compile`] does not make the right one.
///
/// ```no_run
/// use zgrad::build::{Module, Part};
///
/// Module::new("math/loss.math")
///     .functions(["loss"])
///     .parts([Part::Value, Part::Grad, Part::Hess])
///     .wrt(["params"])
///     .compile();
/// ```
#[derive(Debug, Clone)]
pub struct Module {
    module: generate::Module,
    output: Option<PathBuf>,
}

impl Module {
    pub fn new(file: impl AsRef<Path>) -> Module {
        Module { module: generate::Module::new(file.as_ref()), output: None }
    }

    /// Only these functions of the file.
    pub fn functions<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Module {
        self.module.functions = names.into_iter().map(Into::into).collect();
        self
    }

    /// What to make for each function, instead of value, gradient and pullback.
    pub fn parts(mut self, parts: impl IntoIterator<Item = Part>) -> Module {
        self.module.parts = parts.into_iter().collect();
        self
    }

    /// The variables to differentiate by, instead of the parameters: names, `params`, or `all`.
    pub fn wrt<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Module {
        self.module.wrt = names.into_iter().map(Into::into).collect();
        self
    }

    /// Compute every formula as it is written, also where that loses digits.
    pub fn as_written(mut self) -> Module {
        self.module.forms = Forms::AsWritten;
        self
    }

    /// Beside each function that may refuse its arguments, one that returns an error: `try_f`.
    pub fn tries(mut self) -> Module {
        self.module.options.tries = true;
        self
    }

    /// Real numbers are `f32`.
    pub fn single(mut self) -> Module {
        self.module.options.single = true;
        self
    }

    /// Functions over a trait `Real`, for `f32` and `f64`.
    pub fn generic(mut self) -> Module {
        self.module.options.generic = true;
        self
    }

    /// Code for crates without the standard library.
    pub fn no_std(mut self) -> Module {
        self.module.options.no_std = true;
        self
    }

    /// Tests beside the functions: `cargo test` runs them.
    pub fn tests(mut self) -> Module {
        self.module.options.tests = true;
        self
    }

    /// A test that prints how long the functions take: `cargo test --release -- --ignored` runs it.
    pub fn bench(mut self) -> Module {
        self.module.options.bench = true;
        self
    }

    /// The file to write; relative to `OUT_DIR`.
    pub fn output(mut self, file: impl AsRef<Path>) -> Module {
        self.output = Some(file.as_ref().to_path_buf());
        self
    }

    /// The text of the module.
    pub fn code(&self) -> Result<String> {
        Ok(self.module.generate()?.text)
    }

    /// Makes the file, and prints what Cargo is to know.
    pub fn compile(&self) {
        for input in load::inputs(&self.module.file) {
            println!("cargo::rerun-if-changed={}", input.display());
        }
        match self.write() {
            Ok(warnings) => warnings.iter().for_each(|message| tell("warning", message)),
            Err(error) => match error.downcast_ref::<Invalid>() {
                Some(Invalid(messages)) => messages.iter().for_each(|message| tell("error", message)),
                None => println!("cargo::error={}", one_line(&format!("{error:#}"))),
            },
        }
    }

    fn write(&self) -> Result<Vec<Message>> {
        let file = &self.module.file;
        let Some(folder) = std::env::var_os("OUT_DIR") else {
            return Err(refusal(Code::CannotWrite, "there is no `OUT_DIR`: this is for a build script"));
        };
        let name =
            self.output.clone().or_else(|| file.file_name().map(|name| Path::new(name).with_extension("rs")));
        let Generated { text, warnings, .. } = self.module.generate()?;
        generate::renew(&Path::new(&folder).join(name.unwrap_or_default()), &text)?;
        Ok(warnings)
    }
}

/// A message to Cargo, which takes lines.
fn tell(kind: &str, message: &Message) {
    let line = message.render(Look::Short);
    println!("cargo::{kind}={}", one_line(&line));
}

fn one_line(text: &str) -> String {
    text.trim_end().replace('\n', " ")
}
