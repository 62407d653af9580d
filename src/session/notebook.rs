//! What was entered piece by piece: a file that grows. An expression is answered as a function of
//! the file without parameters is evaluated, a definition replaces an earlier one of its name.

use super::Session;
use super::checking;
use super::derive::Mode;
use super::evaluate::{Request, What, evaluate};
use super::language::{Analysis, formatted};
use super::load::{self, Unsaved};
use super::output;
use super::refusal::{Invalid, refusal};
use crate::check::{Signature, Ty};
use crate::eval::Limits;
use crate::syntax::diagnostic::Code;
use crate::syntax::message::Message;
use crate::syntax::parse::{has_errors, parse, parse_expression};
use crate::syntax::scan;
use crate::syntax::tree::{ItemKind, Tree};
use anyhow::Result;
use std::path::{Path, PathBuf};

/// The name of what is entered in messages.
const ENTERED: &str = "<input>";

/// The name under which the last value is known.
const LAST: &str = "ans";

/// A file that grows.
pub struct Notebook {
    /// What it stands for: a file that was loaded, with what it imports beside it.
    pub name: PathBuf,
    text: String,
    /// The last value, as the notation writes it.
    last: Option<String>,
}

/// The answer to an entry.
pub enum Reply {
    /// Nothing was defined or asked.
    Nothing,
    /// What was defined, a line each; and what there is to say of it.
    Defined(Vec<String>, Vec<Message>),
    /// A test that does not hold, and why; it is not kept.
    Fails(String),
    /// A value, and notes on it.
    Value(String, Vec<Message>),
}

impl Default for Notebook {
    fn default() -> Self {
        Notebook { name: PathBuf::from(ENTERED), text: String::new(), last: None }
    }
}

impl Notebook {
    /// Begins anew with a file.
    pub fn load(&mut self, path: &Path) -> Result<Reply> {
        let text = load::read(path)?;
        let session = Session::from_text(path, &text)?;
        *self = Notebook { name: path.to_path_buf(), text, last: None };
        let own = session.module.functions.iter().filter(|function| function.span.file == 0);
        Ok(Reply::Defined(own.map(shown).collect(), session.warnings()))
    }

    /// Writes what there is into a file.
    pub fn save(&self, path: &Path) -> Result<()> {
        output::write(Some(path), self.definitions())
    }

    /// All definitions in their canonical form.
    pub fn definitions(&self) -> String {
        formatted(&self.text).unwrap_or_else(|| self.text.clone())
    }

    /// The file: all definitions, and the last value.
    pub fn text(&self) -> String {
        let known = self.words().any(|word| word == LAST);
        match &self.last {
            Some(last) if !known => format!("{}\n{LAST} = {last}\n", self.text.trim_end()),
            Some(_) | None => self.text.clone(),
        }
    }

    fn words(&self) -> impl Iterator<Item = &str> {
        scan::rough_words(&self.text).into_iter().map(|(word, _)| word)
    }

    /// What is known of the file, with a line that is being entered at its end; and the line's place.
    pub fn analysis(&self, line: &str) -> (Analysis, String, usize) {
        let before = format!("{}\n", self.text());
        let analysis = Analysis::of(&self.name, &before, &Unsaved::new());
        let at = before.len();
        (analysis, before + line, at)
    }

    /// Takes a definition or an expression.
    pub fn enter(&mut self, entry: &str) -> Result<Reply> {
        let mut tree = Tree::default();
        let expression = parse_expression(&mut tree, ENTERED, entry);
        let mut items = Tree::default();
        let diagnostics = parse(&mut items, ENTERED, entry);
        if items.items.is_empty() && !has_errors(&diagnostics) {
            return Ok(Reply::Nothing);
        }
        match expression {
            Ok(_) => self.value(entry),
            Err(_) if !items.items.is_empty() || is_definition(entry) => self.define(entry, &items),
            Err(errors) => Err(Invalid::at(&tree, &errors).into()),
        }
    }

    fn define(&mut self, entry: &str, new: &Tree) -> Result<Reply> {
        let mut text = self.without(new);
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        let start = text.len() as u32;
        text.push_str(entry.trim_end());
        text.push('\n');
        let mut session = Session::from_text(&self.name, &text)?;
        let own = session.module.functions.iter().filter(|f| f.span.file == 0 && f.span.start >= start);
        let mut defined: Vec<String> = own.map(shown).collect();
        let tests = session.module.tests.clone();
        for test in tests.iter().filter(|test| test.span.file == 0 && test.span.start >= start) {
            if let Err(why) = checking::holds(&mut session, test, Limits::default()) {
                return Ok(Reply::Fails(format!("{}: {why}", test.text.trim())));
            }
            defined.push("holds".to_string());
        }
        let warnings = session.warnings().into_iter();
        let new = |warning: &Message| {
            let bytes = warning.place.as_ref().and_then(|place| place.bytes);
            bytes.is_none_or(|(at, _)| at >= start as usize)
        };
        let warnings = warnings.filter(new).collect();
        self.text = text;
        Ok(Reply::Defined(defined, warnings))
    }

    /// The text with blanks for the definitions that others of the same name replace.
    fn without(&self, new: &Tree) -> String {
        let mut old = Tree::default();
        parse(&mut old, ENTERED, &self.text);
        let names: Vec<&str> = new.items.iter().filter_map(|item| defined(new, &item.kind)).collect();
        let mut text = self.text.clone();
        for item in &old.items {
            if defined(&old, &item.kind).is_some_and(|name| names.contains(&name)) {
                let (start, end) = (documented(&text, item.span.start as usize), item.span.end as usize);
                // The lines after it keep their numbers.
                let blank = |c: char| if c == '\n' { "\n".to_string() } else { " ".repeat(c.len_utf8()) };
                let blank: String = text[start..end].chars().map(blank).collect();
                text.replace_range(start..end, &blank);
            }
        }
        text
    }

    /// The value of an expression.
    fn value(&mut self, entry: &str) -> Result<Reply> {
        if let Some(signature) = self.function(entry.trim())? {
            return Ok(Reply::Defined(vec![shown(&signature)], Vec::new()));
        }
        let (mut session, name) = self.asked(entry)?;
        let request = Request {
            function: Some(name),
            at: Vec::new(),
            set: Vec::new(),
            wrt: Vec::new(),
            what: vec![What::Value],
            dir: Vec::new(),
            seed: None,
            order: None,
            mode: Mode::Auto,
            digits: false,
            limits: Limits::default(),
        };
        let report = evaluate(&mut session, &request)?;
        let Some(value) = report.value else {
            return Err(refusal(Code::Question, "this has no value"));
        };
        let text = value.text();
        self.last = Some(text.clone());
        let notes = session.warnings().into_iter().chain(report.notes.into_iter().map(|note| note.report));
        Ok(Reply::Value(text, notes.collect()))
    }

    /// The type of an expression or the parameters of a function.
    pub fn type_of(&self, entry: &str) -> Result<String> {
        if let Some(signature) = self.function(entry.trim())? {
            return Ok(shown(&signature));
        }
        let (session, name) = self.asked(entry)?;
        Ok(session.function(Some(&name))?.result.to_string())
    }

    /// The file with a function without parameters for an expression, and its name.
    fn asked(&self, entry: &str) -> Result<(Session, String)> {
        let mut name = String::from("value");
        let taken = format!("{} {entry}", self.text);
        let words = scan::rough_words(&taken);
        while words.iter().any(|(word, _)| *word == name) {
            name.push('_');
        }
        // On a line of its own, so that messages show the entry as it is.
        let text = format!("{}\n{name}() =\n{}\n", self.text(), entry.trim_end());
        Ok((Session::from_text(&self.name, &text)?, name))
    }

    /// The function that has this name, if one has.
    fn function(&self, name: &str) -> Result<Option<Signature>> {
        if !self.words().any(|word| word == name) {
            return Ok(None);
        }
        let session = Session::from_text(&self.name, &self.text)?;
        Ok(session.module.functions.iter().rev().find(|function| function.name == name).cloned())
    }

    /// The names of the functions.
    pub fn functions(&self) -> Vec<String> {
        let Ok(session) = Session::from_text(&self.name, &self.text) else { return Vec::new() };
        session.module.functions.iter().map(|function| function.name.clone()).collect()
    }
}

/// `f(x: R, y: R[n]) -> R`
pub fn shown(signature: &Signature) -> String {
    let params: Vec<String> = signature.params.iter().map(|(name, ty)| format!("{name}: {ty}")).collect();
    let result = match &signature.result {
        Ty::Error => String::new(),
        ty => format!(" -> {ty}"),
    };
    format!("{}({}){result}", signature.name, params.join(", "))
}

/// The name that an item defines.
fn defined<'t>(tree: &'t Tree, kind: &ItemKind) -> Option<&'t str> {
    match kind {
        ItemKind::Function { name, .. } | ItemKind::Constant { name, .. } | ItemKind::Type { name, .. } => {
            Some(tree.text(*name))
        }
        ItemKind::Import { .. } | ItemKind::Rule { .. } | ItemKind::Test { .. } => None,
    }
}

/// Whether an entry that cannot be read was meant to define something.
fn is_definition(entry: &str) -> bool {
    let words = scan::rough_words(entry);
    if words.first().is_some_and(|(word, _)| matches!(*word, "param" | "type" | "import" | "rule" | "test")) {
        return true;
    }
    let mut depth = 0;
    words.iter().any(|(word, _)| {
        match *word {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth -= 1,
            "let" | "where" => depth += 1,
            "=" => return depth == 0,
            _other => {}
        }
        false
    })
}

/// Where the lines of `##` begin that stand above a definition.
fn documented(text: &str, start: usize) -> usize {
    let mut from = text[..start].rfind('\n').map_or(start, |newline| newline + 1);
    while let Some(before) = text[..from].strip_suffix('\n') {
        let line = before.rfind('\n').map_or(0, |newline| newline + 1);
        if !before[line..].trim_start().starts_with("##") {
            break;
        }
        from = line;
    }
    from
}
