//! What an editor asks about a file that is being written: its messages, what the names in it stand
//! for and where else they stand. Takes texts, perhaps unfinished; knows nothing of a protocol, and
//! counts places in bytes.

mod complete;
mod derivative;
mod describe;
mod outline;
mod rename;

pub use complete::{Candidate, CandidateKind};
pub use derivative::{Derivative, Derivatives};
pub use outline::{Symbol, SymbolKind};
pub use rename::is_name;

use super::load::{self, Unsaved};
use crate::check::places::{Meaning, Places, Use};
use crate::check::{Imports, Signature};
use crate::syntax::diagnostic::{Diagnostic, Severity};
use crate::syntax::message::{Message, Messages};
use crate::syntax::parse::{has_errors, parse};
use crate::syntax::print;
use crate::syntax::tree::{Item, ItemKind, Span, Tree};
use std::path::Path;

/// All that is known of a text and of what it imports.
pub struct Analysis {
    pub tree: Tree,
    /// Of all files; those of names and types only where every file can be read.
    pub diagnostics: Vec<Diagnostic>,
    places: Places,
    imports: Imports,
    functions: Vec<Signature>,
}

impl Analysis {
    /// Reads and checks a text that stands for the file of this name, which is file 0 of the tree.
    pub fn of(name: &Path, text: &str, unsaved: &Unsaved) -> Analysis {
        let load::Loaded { tree, imports, mut diagnostics } = load::load_unsaved(name, text, unsaved);
        let (checked, places) = crate::check::check_places(&tree, &imports);
        // Names of definitions that could not be read would be reported as missing.
        if !has_errors(&diagnostics) {
            diagnostics.extend(checked.diagnostics);
        }
        let functions = checked.module.functions;
        Analysis { tree, diagnostics, places, imports, functions }
    }

    /// The files, but for those that zgrad brings along.
    pub fn files(&self) -> impl Iterator<Item = (u32, &Path)> {
        let prelude = self.imports.prelude;
        let files = (0..).zip(&self.tree.files).filter(move |(number, _)| Some(*number) != prelude);
        files.map(|(number, file)| (number, Path::new(&file.name)))
    }

    /// A diagnostic with all that is shown of it.
    pub fn message(&self, diagnostic: &Diagnostic) -> Message {
        Messages::new(&self.tree.files).message(diagnostic)
    }

    /// Where in the first file another file comes in: the `import` that leads to it.
    pub fn import_of(&self, file: u32) -> Option<Span> {
        let mut imports = self.tree.items.iter().filter(|item| item.span.file == 0).filter_map(|item| {
            let ItemKind::Import { path, .. } = &item.kind else { return None };
            Some((item.span, *self.imports.resolved.get(&(0, path.clone()))?))
        });
        imports.clone().find(|(_, target)| *target == file).or_else(|| imports.next()).map(|(span, _)| span)
    }

    /// The name at a place of the first file.
    pub fn name_at(&self, at: u32) -> Option<Use> {
        self.places.at(0, at)
    }

    /// Where what stands at a place is defined: a name, or the beginning of an imported file.
    pub fn definition(&self, at: u32) -> Option<Span> {
        let Some(name) = self.name_at(at) else {
            let item = self.item_at(at)?;
            let ItemKind::Import { path, .. } = &item.kind else { return None };
            let file = *self.imports.resolved.get(&(0, path.clone()))?;
            return Some(Span { file, start: 0, end: 0 });
        };
        match name.meaning {
            Meaning::Definition(def) => Some(self.places.definitions[def as usize].span),
            // A size is bound where it is first named.
            Meaning::Local(local) => self.places.locals[local as usize]
                .span
                .or_else(|| self.uses_of(name.meaning).next().map(|place| place.span)),
            Meaning::File(file) => Some(Span { file, start: 0, end: 0 }),
            Meaning::Builtin(_) => None,
        }
    }

    /// Every place of the name that stands at a place, in the order of files and places.
    pub fn references(&self, at: u32) -> Vec<Span> {
        let Some(name) = self.name_at(at) else { return Vec::new() };
        self.uses_of(name.meaning).map(|place| place.span).collect()
    }

    /// The places of a definition that is known by its file and where its name stands there.
    pub fn references_to(&self, file: &Path, start: u32) -> Vec<Span> {
        let real = file.canonicalize().ok();
        let is_file = |name: &Path| name == file || (real.is_some() && name.canonicalize().ok() == real);
        let Some((number, _)) = self.files().find(|(_, name)| is_file(name)) else { return Vec::new() };
        let is = |span: Span| span.file == number && span.start == start;
        let known = self.places.definitions.iter().position(|def| is(def.span));
        let Some(def) = known else { return Vec::new() };
        self.uses_of(Meaning::Definition(def as u32)).map(|place| place.span).collect()
    }

    /// Whether a span is that of a definition's name, which other files may know.
    pub fn is_definition(&self, at: u32) -> Option<Span> {
        match self.name_at(at)?.meaning {
            Meaning::Definition(def) => Some(self.places.definitions[def as usize].span),
            Meaning::Local(_) | Meaning::Builtin(_) | Meaning::File(_) => None,
        }
    }

    fn uses_of(&self, meaning: Meaning) -> impl Iterator<Item = &Use> {
        self.places.uses.iter().filter(move |place| place.meaning == meaning)
    }

    /// The item of the first file around a place.
    fn item_at(&self, at: u32) -> Option<&Item> {
        let mut own = self.tree.items.iter().filter(|item| item.span.file == 0);
        own.find(|item| item.span.start <= at && at <= item.span.end)
    }

    /// The function whose name is at a place: where its name stands in its definition.
    pub fn function_at(&self, at: u32) -> Option<Span> {
        let span = self.is_definition(at)?;
        self.functions.iter().find(|function| function.span == span).map(|function| function.span)
    }

    /// The functions that the first file defines, with the ends of their definitions.
    pub fn functions(&self) -> impl Iterator<Item = (Span, u32)> {
        let own = self.functions.iter().filter(|function| function.span.file == 0);
        own.filter_map(|function| Some((function.span, self.item_at(function.span.start)?.span.end)))
    }
}

/// The canonical form of a text; nothing where it cannot be read.
pub fn formatted(text: &str) -> Option<String> {
    let mut tree = Tree::default();
    let diagnostics = parse(&mut tree, "", text);
    if diagnostics.iter().any(|d| d.severity == Severity::Error) {
        return None;
    }
    Some(print::file(&tree, &tree.items))
}
