//! Where a name stands in all files that know it, and another name for it there.

use super::Server;
use super::answers::Answer;
use crate::session::language::Analysis;
use crate::session::load;
use crate::syntax::tree::Span;
use serde_json::{Map, Value as Json, json};
use std::io::Write;
use std::path::{Path, PathBuf};

impl<W: Write> Server<W> {
    /// All places of the name at a place.
    pub fn references(&self, uri: &str, at: u32, declared: bool) -> Json {
        let Some(analysis) = self.documents.get(uri).and_then(|document| document.current()) else {
            return Json::Null;
        };
        let mut spans = analysis.references(at);
        let definition = analysis.definition(at);
        if !declared {
            spans.retain(|span| Some(*span) != definition);
        }
        let mut found = self.locations(analysis, &spans);
        for (other, spans) in self.elsewhere(analysis, at) {
            let more = self.locations(&other, &spans).into_iter();
            let new: Vec<Json> = more.filter(|place| !found.contains(place)).collect();
            let own = |place: &Json| {
                declared || !definition.is_some_and(|d| self.locations(analysis, &[d])[0] == *place)
            };
            found.extend(new.into_iter().filter(own));
        }
        Json::Array(found)
    }

    /// The edits that give the name at a place another one.
    pub fn rename(&self, uri: &str, at: u32, new: &str) -> Answer {
        let analysis = self.documents.get(uri).and_then(|document| document.current());
        let analysis = analysis.ok_or("the file is still being read")?;
        let unsaved = self.unsaved();
        let spans = analysis.references(at);
        analysis.renamable(at)?;
        analysis.accepts(&spans, new, &unsaved)?;
        let mut places = self.locations(analysis, &spans);
        for (other, spans) in self.elsewhere(analysis, at) {
            other.accepts(&spans, new, &unsaved)?;
            for place in self.locations(&other, &spans) {
                if !places.contains(&place) {
                    places.push(place);
                }
            }
        }
        let mut changes: Map<String, Json> = Map::new();
        for place in places {
            let uri = place["uri"].as_str().unwrap_or_default().to_string();
            let edits = changes.entry(uri).or_insert_with(|| json!([]));
            if let Json::Array(edits) = edits {
                edits.push(json!({"range": place["range"], "newText": new}));
            }
        }
        Ok(json!({"changes": changes}))
    }

    /// Other files that use the definition whose name stands at a place: those that are open, and
    /// those beside the file that defines it.
    fn elsewhere(&self, analysis: &Analysis, at: u32) -> Vec<(Analysis, Vec<Span>)> {
        let Some(definition) = analysis.is_definition(at) else { return Vec::new() };
        let Some((_, home)) = analysis.files().find(|(number, _)| *number == definition.file) else {
            return Vec::new();
        };
        let own = analysis.files().next().and_then(|(_, path)| path.canonicalize().ok());
        let open = self.documents.values().filter_map(|document| document.real.clone());
        let mut others: Vec<PathBuf> = open.chain(load::beside(home)).collect();
        others.sort();
        others.dedup();
        let unsaved = self.unsaved();
        let mut found = Vec::new();
        for path in others.into_iter().filter(|path| Some(path) != own.as_ref()) {
            let Some(text) = load::mentions(&path, home, &unsaved) else { continue };
            let other = Analysis::of(Path::new(&path), &text, &unsaved);
            let spans = other.references_to(home, definition.start);
            if !spans.is_empty() {
                found.push((other, spans));
            }
        }
        found
    }
}
