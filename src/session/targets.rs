//! `zgrad.yaml`: the files of program code that a project wants, and which of them are out of date.

use super::emitting::Part;
use super::entries::Layout;
use super::generate::{Generated, Language, Module, OPTIONS, Stale, renew, stale};
use super::refusal::Invalid;
use super::yaml::{self, Step};
use super::{load, suggestion};
use crate::emit::rust::Options;
use crate::simplify::Forms;
use crate::syntax::diagnostic::Code;
use crate::syntax::message::{Marked, Message, Place};
use anyhow::Result;
use serde_json::{Map, Value as Json};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// A file of program code that is wanted.
#[derive(Debug, Clone)]
pub struct Target {
    pub module: Module,
    pub out: PathBuf,
    /// Its number in the list, from 0.
    number: usize,
}

/// All that the file lists.
#[derive(Debug)]
pub struct Targets {
    pub targets: Vec<Target>,
    list: List,
}

/// The text of the list, for messages about it.
#[derive(Debug)]
struct List {
    name: String,
    text: String,
}

/// What was done about a target.
#[derive(Debug)]
pub enum Made {
    /// The file is what it should be.
    Current,
    Written,
    /// With `check`: it is not what it should be.
    Stale(Stale),
}

const FIELDS: [&str; 14] = [
    "file",
    "out",
    "lang",
    "fn",
    "what",
    "wrt",
    "as_written",
    "try",
    "no_std",
    "with_tests",
    "with_bench",
    "f32",
    "generic",
    "sparse",
];
const LANGUAGES: [(&str, Language); 5] = [
    ("rust", Language::Rust),
    ("c", Language::C),
    ("c-header", Language::CHeader),
    ("python", Language::Python),
    ("julia", Language::Julia),
];
const PARTS: [(&str, Part); 7] = [
    ("value", Part::Value),
    ("grad", Part::Grad),
    ("jac", Part::Jac),
    ("hess", Part::Hess),
    ("hess-diag", Part::HessDiag),
    ("jvp", Part::Jvp),
    ("vjp", Part::Vjp),
];

const LAYOUTS: [(&str, Layout); 2] = [("coo", Layout::Coo), ("csr", Layout::Csr)];

impl Targets {
    /// Reads a list; all its errors at once.
    pub fn read(path: &Path) -> Result<Targets> {
        let list = List { name: path.display().to_string(), text: load::read(path)? };
        let folder = path.parent().unwrap_or(Path::new(""));
        let mut reader = Reader { list: &list, folder, errors: Vec::new() };
        let targets = reader.targets();
        let errors = reader.errors;
        if errors.is_empty() { Ok(Targets { targets, list }) } else { Err(Invalid(errors).into()) }
    }

    /// Makes a target, or says how it differs. Errors about the question get their place in the list.
    pub fn make(&self, target: &Target, check: bool) -> Result<(Made, Vec<Message>)> {
        let made = || -> Result<(Made, Vec<Message>)> {
            let Generated { text, warnings, .. } = target.module.generate()?;
            let made = if check {
                stale(&target.out, text.as_bytes())?.map_or(Made::Current, Made::Stale)
            } else if renew(&target.out, &text)? {
                Made::Written
            } else {
                Made::Current
            };
            Ok((made, warnings))
        };
        made().map_err(|error| match error.downcast::<Invalid>() {
            Ok(Invalid(reports)) => {
                Invalid(reports.into_iter().map(|report| self.placed(target, report)).collect()).into()
            }
            Err(error) => error,
        })
    }

    /// A message without a place with that of the field that it is about.
    fn placed(&self, target: &Target, report: Message) -> Message {
        if report.place.is_some() {
            return report;
        }
        let field = match report.code {
            Code::NoSuchFunction => "fn",
            Code::NoSuchVariable | Code::ByNoReal => "wrt",
            Code::CannotWrite => "out",
            Code::Question => "what",
            _about_the_file => "file",
        };
        let at = Step::At(target.number);
        let path = [Step::Key("targets".to_string()), at, Step::Key(field.to_string())];
        let place = yaml::place(&self.list.text, &path).or_else(|| yaml::place(&self.list.text, &path[..2]));
        Message { place: place.map(|place| self.list.marked(place)), ..report }
    }

    /// The files on which the targets rest: the list, and what can be read of the .math files.
    pub fn inputs(&self) -> BTreeSet<PathBuf> {
        let files = self.targets.iter().flat_map(|target| load::inputs(&target.module.file));
        files.chain([PathBuf::from(&self.list.name)]).collect()
    }
}

/// When each of some files was last changed; nothing where there is none.
pub fn times(files: &BTreeSet<PathBuf>) -> Vec<Option<SystemTime>> {
    let time = |path: &PathBuf| std::fs::metadata(path).and_then(|meta| meta.modified()).ok();
    files.iter().map(time).collect()
}

impl List {
    /// The word or the rest of the line at a place.
    fn marked(&self, (line, column): (usize, usize)) -> Marked {
        let text = self.text.lines().nth(line - 1).unwrap_or_default();
        let rest = text.chars().skip(column - 1).collect::<String>();
        let length = rest.find([':', ',', ']', '}', '#']).map_or(rest.as_str(), |end| &rest[..end]);
        Marked::new(&self.name, Place { line, column }, length.trim_end().chars().count(), text)
    }
}

/// Reads the list.
struct Reader<'a> {
    list: &'a List,
    folder: &'a Path,
    errors: Vec<Message>,
}

impl Reader<'_> {
    fn error(&mut self, path: &[Step], message: String, help: &str) {
        let place = yaml::place(&self.list.text, path).map(|place| self.list.marked(place));
        let help = Some(help.to_string()).filter(|help| !help.is_empty());
        self.errors.push(Message { place, help, ..Message::new(Code::BadTargets, message) });
    }

    fn targets(&mut self) -> Vec<Target> {
        let data = match yaml::read(&self.list.text) {
            Ok(data) => data,
            Err(wrong) => {
                let place = wrong.place.map(|place| self.list.marked(place));
                self.errors.push(Message { place, ..Message::new(Code::BadTargets, wrong.message) });
                return Vec::new();
            }
        };
        let form = "write `targets:` and below it, for each, `- file: model.math` and `out: model.rs`";
        let Json::Object(members) = &data else {
            self.error(&[], format!("`{}` lists no targets", self.list.name), form);
            return Vec::new();
        };
        for key in members.keys().filter(|key| *key != "targets") {
            let help = suggestion(key, &["targets"]);
            self.error(&[Step::Name(key.clone())], format!("`{key}` is no part of this file{help}"), "");
        }
        let top = Step::Key("targets".to_string());
        match members.get("targets") {
            Some(Json::Array(list)) => {
                let targets = list.iter().enumerate().map(|(number, data)| self.target(number, data));
                targets.collect::<Vec<_>>().into_iter().flatten().collect()
            }
            Some(_) => {
                self.error(&[top], "`targets` is to be a list".to_string(), form);
                Vec::new()
            }
            None => {
                self.error(&[], format!("`{}` lists no targets", self.list.name), form);
                Vec::new()
            }
        }
    }

    fn target(&mut self, number: usize, data: &Json) -> Option<Target> {
        let here = vec![Step::Key("targets".to_string()), Step::At(number)];
        let Json::Object(members) = data else {
            self.error(&here, "a target is `file: …` and `out: …`".to_string(), "");
            return None;
        };
        for key in members.keys().filter(|key| !FIELDS.contains(&key.as_str())) {
            let mut path = here.clone();
            path.push(Step::Name(key.clone()));
            self.error(&path, format!("a target has no `{key}`{}", suggestion(key, &FIELDS)), "");
        }
        let mut fields = Fields { reader: self, members, here };
        let (file, out) = (fields.path("file", true), fields.path("out", true));
        let language = fields.words("lang").first().and_then(|word| fields.known("lang", word, &LANGUAGES));
        let what = fields.words("what");
        let parts: Vec<Part> = what.iter().filter_map(|word| fields.known("what", word, &PARTS)).collect();
        let sparse = fields.words("sparse").first().and_then(|word| fields.known("sparse", word, &LAYOUTS));
        let (functions, wrt) = (fields.words("fn"), fields.words("wrt"));
        let forms = if fields.flag("as_written") { Forms::AsWritten } else { Forms::Stable };
        let mut options = Options::default();
        for (name, of) in OPTIONS {
            let field = name.replace('-', "_");
            *of(&mut options) = fields.flag(&field);
            if *of(&mut options) && language.is_some_and(|language| language != Language::Rust) {
                fields.error(&field, format!("`{field}` is for `lang: rust`"));
            }
        }
        let standard = Module::new(&file?);
        let parts = if what.is_empty() { standard.parts.clone() } else { parts };
        if sparse.is_some() && !parts.contains(&Part::Jac) {
            fields.error("sparse", "`sparse` is for `what: jac`".to_string());
        }
        let parts = match sparse {
            Some(layout) => parts.into_iter().map(|part| part.sparse(layout)).collect(),
            None => parts,
        };
        let language = language.unwrap_or_default();
        Some(Target {
            module: Module { language, functions, parts, wrt, forms, options, ..standard },
            out: out?,
            number,
        })
    }
}

/// The members of a target.
struct Fields<'r, 'a, 'm> {
    reader: &'r mut Reader<'a>,
    members: &'m Map<String, Json>,
    here: Vec<Step>,
}

impl Fields<'_, '_, '_> {
    fn error(&mut self, field: &str, message: String) {
        let mut path = self.here.clone();
        path.push(Step::Key(field.to_string()));
        self.reader.error(&path, message, "");
    }

    /// A path relative to the list.
    fn path(&mut self, field: &str, needed: bool) -> Option<PathBuf> {
        match self.members.get(field) {
            Some(Json::String(text)) if !text.is_empty() => Some(self.reader.folder.join(text)),
            Some(_) => {
                self.error(field, format!("`{field}` is the path of a file"));
                None
            }
            None if needed => {
                let here = self.here.clone();
                self.reader.error(&here, format!("this target has no `{field}`"), "");
                None
            }
            None => None,
        }
    }

    /// `true` or `false`; false if it is not there.
    fn flag(&mut self, field: &str) -> bool {
        match self.members.get(field) {
            None | Some(Json::Bool(false)) => false,
            Some(Json::Bool(true)) => true,
            Some(_) => {
                self.error(field, format!("`{field}` is `true` or `false`"));
                false
            }
        }
    }

    /// One word or a list of words.
    fn words(&mut self, field: &str) -> Vec<String> {
        let word = |data: &Json| data.as_str().filter(|word| !word.is_empty()).map(str::to_string);
        let words = match self.members.get(field) {
            None => return Vec::new(),
            Some(Json::Array(list)) => list.iter().map(word).collect(),
            Some(data) => word(data).map(|word| vec![word]),
        };
        words.unwrap_or_else(|| {
            self.error(field, format!("`{field}` is a name or a list of names"));
            Vec::new()
        })
    }

    fn known<T: Copy>(&mut self, field: &str, word: &str, table: &[(&str, T)]) -> Option<T> {
        let found = table.iter().find(|(name, _)| *name == word).map(|(_, value)| *value);
        if found.is_none() {
            let names: Vec<&str> = table.iter().map(|(name, _)| *name).collect();
            self.error(field, format!("there is no `{word}` for `{field}`{}", suggestion(word, &names)));
        }
        found
    }
}
