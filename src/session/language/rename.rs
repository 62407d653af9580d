//! A new name for something, wherever it stands; refused where any name would come to stand for
//! something else.

use super::{Analysis, Unsaved};
use crate::check::places::Meaning;
use crate::syntax::fold::fold;
use crate::syntax::parse::{parse, parse_expression};
use crate::syntax::tree::{Expr, ItemKind, Span, Tree};
use std::path::Path;
use std::sync::Arc;

impl Analysis {
    /// What can be renamed at a place, or why nothing can.
    pub fn renamable(&self, at: u32) -> Result<Span, String> {
        let Some(name) = self.name_at(at) else { return Err("there is no name here".to_string()) };
        match name.meaning {
            Meaning::Builtin(name) => Err(format!("`{}` is built in", self.tree.text(name))),
            Meaning::File(_) => Err("the name of an import is changed where it is imported".to_string()),
            Meaning::Definition(_) | Meaning::Local(_) => {
                match self.places.otherwise_written.iter().find(|place| place.meaning == name.meaning) {
                    Some(place) => Err(format!(
                        "it is also written as `{}`, which has no other form",
                        self.tree.source(place.span)
                    )),
                    None => Ok(name.span),
                }
            }
        }
    }

    /// Whether another name at these places leaves all names standing for what they stand for.
    pub fn accepts(&self, spans: &[Span], new: &str, unsaved: &Unsaved) -> Result<(), String> {
        if !is_name(new) {
            return Err(format!("`{new}` is no name"));
        }
        let mut unsaved = unsaved.clone();
        let mut own = self.tree.files[0].text.clone();
        for (number, path) in self.files() {
            let edited = self.edited(number, spans, new);
            match (number, path.canonicalize()) {
                (0, _) => own = edited,
                (_, Ok(real)) => drop(unsaved.insert(real, Arc::from(edited))),
                (_, Err(_)) => {}
            }
        }
        let after = Analysis::of(Path::new(&self.tree.files[0].name), &own, &unsaved);
        let meanings = |analysis: &Analysis| -> Vec<(u32, Shape)> {
            let uses =
                analysis.places.uses.iter().filter(|place| Some(place.span.file) != analysis.imports.prelude);
            uses.map(|place| (place.span.file, analysis.shape(place.meaning))).collect()
        };
        if meanings(self) != meanings(&after) || after.diagnostics.len() > self.diagnostics.len() {
            return Err(format!("`{new}` already stands for something here"));
        }
        Ok(())
    }

    /// The text of a file with another name at these places.
    fn edited(&self, file: u32, spans: &[Span], new: &str) -> String {
        let text = &self.tree.files[file as usize].text;
        let (mut edited, mut from) = (String::with_capacity(text.len()), 0);
        for span in spans.iter().filter(|span| span.file == file) {
            edited.push_str(&text[from..span.start as usize]);
            edited.push_str(new);
            from = span.end as usize;
        }
        edited + &text[from..]
    }

    /// What a name stands for, whatever it is called.
    fn shape(&self, meaning: Meaning) -> Shape {
        match meaning {
            Meaning::Builtin(name) => Shape::Builtin(self.tree.text(name).to_string()),
            Meaning::Definition(_) | Meaning::Local(_) | Meaning::File(_) => Shape::Numbered(meaning),
        }
    }
}

#[derive(PartialEq)]
enum Shape {
    Builtin(String),
    /// Definitions and locals have numbers in the order of the files.
    Numbered(Meaning),
}

/// Whether a text is a name that a definition may have.
pub fn is_name(text: &str) -> bool {
    let mut tree = Tree::default();
    let read = parse_expression(&mut tree, "", text);
    let alone = matches!(read, Ok(ast) if matches!(tree.expr(ast), Expr::Name(_)));
    if !alone || text.trim() != text || text.contains(['(', ')']) {
        return false;
    }
    let mut tree = Tree::default();
    let diagnostics = parse(&mut tree, "", &format!("{text} = 1"));
    let [item] = &tree.items[..] else { return false };
    let ItemKind::Constant { name, .. } = item.kind else { return false };
    diagnostics.is_empty() && tree.text(name) == fold(text)
}
