//! The answers to an editor's questions about a text.

use super::document::{Derived, Document};
use super::position::Lines;
use super::{Server, publish, uri};
use crate::session::language::{Analysis, CandidateKind, SymbolKind, formatted};
use crate::syntax::tree::Span;
use serde_json::{Value as Json, json};
use std::collections::HashMap;
use std::io::Write;
use std::path::Path;

/// An answer, or why there is none.
pub type Answer = Result<Json, String>;

/// A text longer than this gets no derivatives beside its definitions.
const LONGEST_FOR_HINTS: usize = 256 << 10;

/// What the server can do.
pub fn capabilities() -> Json {
    let version = env!("CARGO_PKG_VERSION");
    json!({
        "serverInfo": {"name": "zgrad", "version": version},
        "capabilities": {
            "positionEncoding": "utf-16",
            "textDocumentSync": {"openClose": true, "change": 2, "save": true},
            "hoverProvider": true,
            "definitionProvider": true,
            "referencesProvider": true,
            "documentHighlightProvider": true,
            "renameProvider": {"prepareProvider": true},
            "completionProvider": {"triggerCharacters": ["."]},
            "documentFormattingProvider": true,
            "documentSymbolProvider": true,
            "inlayHintProvider": true,
            "codeActionProvider": {"codeActionKinds": ["quickfix"]},
        },
    })
}

pub fn is_known(method: &str) -> bool {
    matches!(
        method,
        "textDocument/hover"
            | "textDocument/definition"
            | "textDocument/references"
            | "textDocument/documentHighlight"
            | "textDocument/prepareRename"
            | "textDocument/rename"
            | "textDocument/completion"
            | "textDocument/formatting"
            | "textDocument/documentSymbol"
            | "textDocument/inlayHint"
            | "textDocument/codeAction"
    )
}

impl<W: Write> Server<W> {
    /// The answer to a question; nothing while something is awaited that may come, unless it is the
    /// `last` time that it is asked.
    pub fn try_answer(&mut self, method: &str, params: &Json, last: bool) -> Option<Answer> {
        let uri = params["textDocument"]["uri"].as_str().unwrap_or("");
        let Some(document) = self.documents.get(uri) else {
            return Some(Err(format!("{uri} is not open")));
        };
        if method == "textDocument/formatting" {
            return Some(Ok(formatting(document)));
        }
        let at = document.offset(&params["position"]);
        if method == "textDocument/completion" {
            // Of what is being written little can be read: an earlier reading will do.
            return match &document.analysis {
                Some((_, analysis)) => Some(Ok(completion(document, analysis, at))),
                None => last.then_some(Ok(Json::Null)),
            };
        }
        let Some(analysis) = document.current() else {
            // Places in an earlier text are not to be trusted.
            return last.then(|| match method {
                "textDocument/rename" | "textDocument/prepareRename" => {
                    Err("the file is still being read".to_string())
                }
                _other => Ok(Json::Null),
            });
        };
        match method {
            "textDocument/hover" => return self.hover(uri, at, last),
            "textDocument/inlayHint" => return self.hints(uri, params, last),
            "textDocument/rename" => {
                let new = params["newName"].as_str().unwrap_or("");
                return Some(self.rename(uri, at, new));
            }
            "textDocument/references" => {
                let declared = params["context"]["includeDeclaration"] != false;
                return Some(Ok(self.references(uri, at, declared)));
            }
            _other => {}
        }
        Some(match method {
            "textDocument/definition" => Ok(analysis
                .definition(at)
                .map_or(Json::Null, |span| self.locations(analysis, &[span]).remove(0))),
            "textDocument/documentHighlight" => Ok(highlights(document, analysis, at)),
            "textDocument/prepareRename" => {
                analysis.renamable(at).map(|span| document.lines.of_span(&document.text, span))
            }
            "textDocument/documentSymbol" => Ok(symbols(document, analysis)),
            "textDocument/codeAction" => Ok(actions(uri, document, analysis, params)),
            other => Err(format!("no method {other}")),
        })
    }

    /// What a name stands for, and the derivatives of a function.
    fn hover(&mut self, uri: &str, at: u32, last: bool) -> Option<Answer> {
        let document = self.documents.get_mut(uri)?;
        let Some(name) = document.current()?.name_at(at) else { return Some(Ok(Json::Null)) };
        let mut text = document.current()?.description(name);
        if let Some(function) = document.current()?.function_at(at).filter(|span| span.file == 0) {
            match document.derived.get(&function.start) {
                Some(Derived::Known(derivative)) => {
                    let shown = derivative.as_ref().and_then(|derivative| derivative.definitions.as_ref());
                    if let Some(definitions) = shown {
                        text += &format!("\n---\n```zgrad\n{}\n```\n", definitions.trim_end());
                    }
                }
                Some(Derived::Asked) if !last => return None,
                None if !last => {
                    document.derived.insert(function.start, Derived::Asked);
                    self.wanted.push_front((uri.to_string(), document.revision, function.start));
                    return None;
                }
                Some(Derived::Asked) | None => {}
            }
        }
        let document = self.documents.get(uri)?;
        let range = document.lines.of_span(&document.text, name.span);
        Some(Ok(json!({"contents": {"kind": "markdown", "value": text}, "range": range})))
    }

    /// Short derivatives beside the definitions in a part of the text.
    fn hints(&mut self, uri: &str, params: &Json, last: bool) -> Option<Answer> {
        let document = self.documents.get_mut(uri)?;
        if self.client.no_derivatives || document.text.len() > LONGEST_FOR_HINTS {
            return Some(Ok(json!([])));
        }
        let from = document.offset(&params["range"]["start"]);
        let to = document.offset(&params["range"]["end"]);
        let all = document.current()?.functions();
        let seen: Vec<(Span, u32)> = all.filter(|(_, end)| (from..=to).contains(end)).collect();
        let (mut hints, mut complete) = (Vec::new(), true);
        for (name, end) in seen {
            match document.derived.get(&name.start) {
                Some(Derived::Known(derivative)) => {
                    let line = derivative.as_ref().and_then(|derivative| derivative.line.as_ref());
                    hints.extend(line.map(|line| {
                        let position = document.lines.position(&document.text, end as usize);
                        json!({"position": position, "label": line, "paddingLeft": true})
                    }));
                }
                Some(Derived::Asked) => complete = false,
                None => {
                    document.derived.insert(name.start, Derived::Asked);
                    self.wanted.push_back((uri.to_string(), document.revision, name.start));
                    complete = false;
                }
            }
        }
        (complete || last).then_some(Ok(Json::Array(hints)))
    }

    /// Spans as places for the editor.
    pub fn locations(&self, analysis: &Analysis, spans: &[Span]) -> Vec<Json> {
        let mut lines: HashMap<u32, Lines> = HashMap::new();
        let place = |span: &Span| {
            let source = &analysis.tree.files[span.file as usize];
            let lines = lines.entry(span.file).or_insert_with(|| Lines::of(&source.text));
            json!({"uri": self.uri_of(Path::new(&source.name)), "range": lines.of_span(&source.text, *span)})
        };
        spans.iter().map(place).collect()
    }

    /// What the editor calls a file.
    pub fn uri_of(&self, path: &Path) -> String {
        let real = path.canonicalize().ok();
        let same = |document: &Document| document.path == path || (real.is_some() && document.real == real);
        let open = self.documents.iter().find(|(_, document)| same(document));
        open.map_or_else(|| uri::of(real.as_deref().unwrap_or(path)), |(uri, _)| uri.clone())
    }
}

/// The lines that the canonical form changes.
fn formatting(document: &Document) -> Json {
    let Some(new) = formatted(&document.text) else { return Json::Null };
    let old = &document.text;
    let same = |a: &str, b: &str| {
        a.split_inclusive('\n')
            .zip(b.split_inclusive('\n'))
            .map_while(|(a, b)| (a == b).then_some(a.len()))
            .sum::<usize>()
    };
    let start = same(old, &new);
    let mut end = 0;
    for (a, b) in old[start..].split_inclusive('\n').rev().zip(new[start..].split_inclusive('\n').rev()) {
        if a != b {
            break;
        }
        end += a.len();
    }
    if old.len() == new.len() && start == old.len() {
        return json!([]);
    }
    let range = document.lines.range(old, start, old.len() - end);
    json!([{"range": range, "newText": new[start..new.len() - end]}])
}

fn completion(document: &Document, analysis: &Analysis, at: u32) -> Json {
    let (start, candidates) = analysis.complete(&document.text, at as usize);
    let range = document.lines.range(&document.text, start, at as usize);
    let items = candidates.into_iter().map(|candidate| {
        let (kind, order) = match candidate.kind {
            CandidateKind::Local => (6, 0),
            CandidateKind::Field => (5, 0),
            CandidateKind::Function => (3, 1),
            CandidateKind::Constant => (21, 1),
            CandidateKind::Type => (22, 1),
            CandidateKind::File => (9, 1),
            CandidateKind::Builtin => (3, 2),
            CandidateKind::Keyword => (14, 3),
        };
        let name = &candidate.name;
        let mut item = json!({
            "label": name,
            "kind": kind,
            "sortText": format!("{order}{name}"),
            "textEdit": {"range": range, "newText": name},
        });
        if !candidate.detail.is_empty() {
            item["detail"] = Json::String(candidate.detail);
        }
        if !candidate.about.is_empty() {
            item["documentation"] = json!({"kind": "markdown", "value": candidate.about});
        }
        item
    });
    items.collect()
}

fn highlights(document: &Document, analysis: &Analysis, at: u32) -> Json {
    let own = analysis.references(at).into_iter().filter(|span| span.file == 0);
    own.map(|span| json!({"range": document.lines.of_span(&document.text, span)})).collect()
}

fn symbols(document: &Document, analysis: &Analysis) -> Json {
    let symbol = |symbol: crate::session::language::Symbol| {
        let kind = match symbol.kind {
            SymbolKind::Function => 12,
            SymbolKind::Constant => 14,
            SymbolKind::Param => 13,
            SymbolKind::Type => 23,
            SymbolKind::Import => 2,
            SymbolKind::Rule => 25,
            SymbolKind::Test => 24,
        };
        json!({
            "name": symbol.name,
            "detail": symbol.detail,
            "kind": kind,
            "range": document.lines.of_span(&document.text, symbol.span),
            "selectionRange": document.lines.of_span(&document.text, symbol.name_span),
        })
    };
    analysis.symbols().into_iter().map(symbol).collect()
}

/// The likely repairs of what is wrong in a part of the text.
fn actions(uri: &str, document: &Document, analysis: &Analysis, params: &Json) -> Json {
    let from = document.offset(&params["range"]["start"]);
    let to = document.offset(&params["range"]["end"]);
    let here = analysis.diagnostics.iter().filter(|diagnostic| {
        diagnostic.span.file == 0 && diagnostic.span.start <= to && from <= diagnostic.span.end
    });
    let action = here.filter_map(|diagnostic| {
        let repair = diagnostic.repair.as_ref()?;
        let range = document.lines.of_span(&document.text, diagnostic.span);
        Some(json!({
            "title": format!("write `{repair}`"),
            "kind": "quickfix",
            "isPreferred": true,
            "diagnostics": [publish::shown(document, analysis, diagnostic)?],
            "edit": {"changes": {uri: [{"range": range, "newText": repair}]}},
        }))
    });
    action.collect()
}
