//! What a file defines, in its order.

use super::Analysis;
use crate::syntax::tree::{ItemKind, Span};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SymbolKind {
    Function,
    Constant,
    Param,
    Type,
    Import,
    Rule,
    Test,
}

/// A definition or statement.
#[derive(Debug, Clone)]
pub struct Symbol {
    pub name: String,
    /// What stands beside the name: `(x, y: R[n])`.
    pub detail: String,
    pub kind: SymbolKind,
    /// The whole.
    pub span: Span,
    /// Its name, or the whole where it has none.
    pub name_span: Span,
}

/// The text of a test is cut to this many characters.
const LONGEST_TEST: usize = 50;

impl Analysis {
    /// The definitions and statements of the first file.
    pub fn symbols(&self) -> Vec<Symbol> {
        let tree = &self.tree;
        let own = tree.items.iter().filter(|item| item.span.file == 0);
        own.map(|item| {
            let text = |name| tree.text(name).to_string();
            let (name, name_span, kind) = match &item.kind {
                ItemKind::Function { name, name_span, .. } => (text(*name), *name_span, SymbolKind::Function),
                ItemKind::Constant { name, name_span, param, .. } => {
                    let kind = if *param { SymbolKind::Param } else { SymbolKind::Constant };
                    (text(*name), *name_span, kind)
                }
                ItemKind::Type { name, name_span, .. } => (text(*name), *name_span, SymbolKind::Type),
                ItemKind::Import { path, .. } => (path.clone(), item.span, SymbolKind::Import),
                ItemKind::Rule { name, name_span, .. } => {
                    (format!("rule {}", tree.text(*name)), *name_span, SymbolKind::Rule)
                }
                ItemKind::Test { .. } => {
                    let line = tree.source(item.span).split_whitespace().collect::<Vec<_>>().join(" ");
                    (line.chars().take(LONGEST_TEST).collect(), item.span, SymbolKind::Test)
                }
            };
            Symbol { detail: self.head(name_span), name, kind, span: item.span, name_span }
        })
        .collect()
    }

    /// What follows a function's name up to its `=`; nothing for other definitions.
    fn head(&self, name_span: Span) -> String {
        let definition = self.places.definitions.iter().find(|def| def.span == name_span);
        let Some(definition) = definition else { return String::new() };
        match &definition.params {
            Some(params) => {
                let params: Vec<String> = params.iter().map(|(name, ty)| format!("{name}: {ty}")).collect();
                format!("({})", params.join(", "))
            }
            None => definition.ty.as_ref().map(ToString::to_string).unwrap_or_default(),
        }
    }
}

impl Analysis {
    /// The functions of the first file, in the order in which they are defined.
    pub fn function_names(&self) -> Vec<String> {
        let own = self.functions.iter().filter(|function| function.span.file == 0);
        own.map(|function| function.name.clone()).collect()
    }

    /// The parameters of a function, or of the last one.
    pub fn parameter_names(&self, function: Option<&str>) -> Vec<String> {
        let mut own = self.functions.iter().rev().filter(|function| function.span.file == 0);
        let found = own.find(|known| function.is_none_or(|name| known.name == name));
        found.map_or_else(Vec::new, |found| found.params.iter().map(|(name, _)| name.clone()).collect())
    }

    /// The `param`s.
    pub fn global_names(&self) -> Vec<String> {
        let params = self.symbols().into_iter().filter(|symbol| symbol.kind == SymbolKind::Param);
        params.map(|symbol| symbol.name).collect()
    }
}
