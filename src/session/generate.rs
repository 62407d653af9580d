//! Program code as a file of a project: what `zgrad emit`, `zgrad build` and build scripts make.

use super::emitting::{self, Asked, Part};
use super::{Session, difference, load, output};
pub use crate::emit::rust::Options;
use crate::refuse;
use crate::simplify::Forms;
use crate::syntax::diagnostic::Code;
use crate::syntax::message::Message;
use anyhow::Result;
use std::fs;
use std::path::{Path, PathBuf};

/// A language of programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    #[default]
    Rust,
    C,
    /// The declarations of the module in C.
    CHeader,
    Python,
    Julia,
}

/// A module of a program: from which file, and what of it.
#[derive(Debug, Clone)]
pub struct Module {
    /// `-` is standard input.
    pub file: PathBuf,
    pub language: Language,
    /// All of the file if there are none.
    pub functions: Vec<String>,
    pub parts: Vec<Part>,
    /// The variables to differentiate by; the parameters if there are none.
    pub wrt: Vec<String>,
    pub forms: Forms,
    /// What is asked of a module in Rust.
    pub options: Options,
}

/// The name of an option, and where it stands.
type Named = (&'static str, fn(&mut Options) -> &mut bool);

/// The options of modules in Rust, as they are asked for.
pub const OPTIONS: [Named; 6] = [
    ("try", |options| &mut options.tries),
    ("no-std", |options| &mut options.no_std),
    ("with-tests", |options| &mut options.tests),
    ("with-bench", |options| &mut options.bench),
    ("f32", |options| &mut options.single),
    ("generic", |options| &mut options.generic),
];

/// The first option that is asked for.
fn asked(mut options: Options) -> Option<&'static str> {
    OPTIONS.iter().find(|(_, of)| *of(&mut options)).map(|(name, _)| *name)
}

/// What became of a module.
#[derive(Debug)]
pub struct Generated {
    pub text: String,
    /// The files of which it is made, imported ones too.
    pub inputs: Vec<PathBuf>,
    pub warnings: Vec<Message>,
}

impl Module {
    /// The value, the gradient and the pullback of every function of a file, in Rust.
    pub fn new(file: &Path) -> Module {
        Module {
            file: file.to_path_buf(),
            language: Language::Rust,
            functions: Vec::new(),
            parts: vec![Part::Value, Part::Grad, Part::Vjp],
            wrt: Vec::new(),
            forms: Forms::Stable,
            options: Options::default(),
        }
    }

    pub fn generate(&self) -> Result<Generated> {
        if let (false, Some(option)) = (self.language == Language::Rust, asked(self.options)) {
            refuse!(Code::Question, "--{option} is for --lang rust");
        }
        if self.options.single && self.options.generic {
            refuse!(
                Code::Question,
                "--f32 and --generic exclude each other: generic functions take `f32` too"
            );
        }
        // The session is never taken apart: that is work in proportion to the file.
        let mut session = std::mem::ManuallyDrop::new(Session::open_in(&self.file, self.forms)?);
        let wanted = Asked { functions: &self.functions, wrt: &self.wrt, parts: &self.parts };
        let text = match self.language {
            Language::Rust => emitting::rust(&mut session, wanted, self.options)?,
            Language::C => emitting::c(&mut session, wanted)?.source,
            Language::CHeader => emitting::c(&mut session, wanted)?.header,
            Language::Python => emitting::python(&mut session, wanted)?,
            Language::Julia => emitting::julia(&mut session, wanted)?,
        };
        Ok(Generated { text, inputs: session.inputs(), warnings: session.warnings() })
    }
}

/// How a file on the disk differs from what it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stale {
    Missing,
    /// It is no text.
    Other,
    /// Beginning with the line of this number; what to change, as `diff -u` prints it.
    Differs {
        line: usize,
        difference: String,
    },
}

/// How a file differs from a text or bytes; nothing if it does not.
pub fn stale(path: &Path, data: &[u8]) -> Result<Option<Stale>> {
    if !path.exists() {
        return Ok(Some(Stale::Missing));
    }
    let Ok(text) = std::str::from_utf8(data) else {
        let same = fs::read(path).map_err(|error| load::unreadable(path, &error))? == data;
        return Ok((!same).then_some(Stale::Other));
    };
    let known = load::read(path)?;
    let line = difference::first_difference(&known, text);
    Ok(line.map(|line| {
        let difference = difference::unified(&path.display().to_string(), &known, text);
        Stale::Differs { line, difference }
    }))
}

/// Writes a file unless it has this text already; says whether it was written.
pub fn renew(path: &Path, text: &str) -> Result<bool> {
    if fs::read(path).is_ok_and(|known| known == text.as_bytes()) {
        return Ok(false);
    }
    output::write(Some(path), text)?;
    Ok(true)
}

/// The rule for make that says of which files a file is made. Each of these gets a rule without a recipe, so
/// that make does not stop when one is deleted or renamed.
pub fn depfile(target: &Path, inputs: &[PathBuf]) -> String {
    let escaped: Vec<String> = inputs.iter().map(|path| escaped(path)).collect();
    let mut text = format!("{}:", self::escaped(target));
    for input in &escaped {
        text += &format!(" \\\n  {input}");
    }
    text.push('\n');
    for input in &escaped {
        text += &format!("\n{input}:\n");
    }
    text
}

/// A path as make reads it.
fn escaped(path: &Path) -> String {
    let mut text = String::new();
    for c in path.to_string_lossy().chars() {
        match c {
            '$' => text.push_str("$$"),
            ' ' | '#' | '\\' => text.extend(['\\', c]),
            _ => text.push(c),
        }
    }
    text
}
