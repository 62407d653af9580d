//! What a name stands for, in words: its type, what its author says of it, what the table says.

use super::Analysis;
use crate::check::places::{DefinitionPlace, Meaning, Use};
use crate::primitive::{self, Row};
use crate::syntax::print;
use crate::syntax::tree::ItemKind;
use std::fmt::Write;

/// A definition longer than this is not repeated.
const LONGEST_VALUE: usize = 200;

impl Analysis {
    /// What the name stands for, as Markdown.
    pub fn description(&self, name: Use) -> String {
        match name.meaning {
            Meaning::Definition(def) => self.of_definition(&self.places.definitions[def as usize]),
            Meaning::Local(local) => {
                let local = &self.places.locals[local as usize];
                let text = self.tree.text(local.name);
                match &local.ty {
                    Some(ty) => fenced(&format!("{text}: {ty}")),
                    None => fenced(text),
                }
            }
            Meaning::Builtin(name) => of_builtin(self.tree.text(name)),
            Meaning::File(file) => fenced(&format!("import \"{}\"", self.tree.files[file as usize].name)),
        }
    }

    fn of_definition(&self, definition: &DefinitionPlace) -> String {
        let item = &self.tree.items[definition.item];
        let name = self.tree.text(definition.name);
        let mut text = fenced(&self.heading(definition, name));
        if !item.doc.is_empty() {
            let _ = write!(text, "\n{}\n", item.doc.join("\n"));
        }
        if definition.span.file != 0 {
            let _ = write!(text, "\nfrom `{}`\n", self.tree.files[definition.span.file as usize].name);
        }
        text
    }

    /// `f(x: R, y: R[n]) -> R`, `param k: R = 2`, `type Point = {x: R, y: R}`
    fn heading(&self, definition: &DefinitionPlace, name: &str) -> String {
        let item = &self.tree.items[definition.item];
        let result = definition.ty.as_ref().map(|ty| format!(" -> {ty}")).unwrap_or_default();
        if let Some(params) = &definition.params {
            let params: Vec<String> = params.iter().map(|(name, ty)| format!("{name}: {ty}")).collect();
            return format!("{name}({}){result}", params.join(", "));
        }
        match &item.kind {
            ItemKind::Constant { value, param, .. } => {
                let word = if *param { "param " } else { "" };
                let ty = definition.ty.as_ref().map(|ty| format!(": {ty}")).unwrap_or_default();
                let value = print::expression(&self.tree, *value);
                let value = if value.len() > LONGEST_VALUE { "…" } else { &value };
                format!("{word}{name}{ty} = {value}")
            }
            ItemKind::Function { params, .. } => {
                let params: Vec<&str> = params.iter().map(|param| self.tree.text(param.name)).collect();
                format!("{name}({})", params.join(", "))
            }
            ItemKind::Type { .. } => print::item(&self.tree, item),
            ItemKind::Rule { .. } | ItemKind::Import { .. } | ItemKind::Test { .. } => name.to_string(),
        }
    }
}

/// A piece of the notation.
fn fenced(text: &str) -> String {
    format!("```zgrad\n{text}\n```\n")
}

/// What is known of a name that a file need not define.
pub fn of_builtin(name: &str) -> String {
    if let Some(value) = crate::check::builtin_constant(name) {
        return fenced(&format!("{name} = {}", print::decimal(value)));
    }
    let rows: Vec<&Row> =
        (1..=3).filter_map(|count| primitive::find_call(name, count)).map(|p| p.row()).collect();
    if rows.is_empty() {
        let about = crate::check::about_builtin(name);
        return match about {
            Some((call, what)) => format!("{}\n{what}\n", fenced(call)),
            None => fenced(name),
        };
    }
    rows.into_iter().map(of_row).collect::<Vec<_>>().join("\n")
}

/// `sin(x)`, then its partials.
fn of_row(row: &Row) -> String {
    let mut text = fenced(&call(row));
    for (arg, partial) in row.args.iter().zip(row.partials) {
        let _ = write!(text, "\n∂/∂{arg} = `{}`\n", partial.unwrap_or("not known"));
    }
    if row.partials.iter().flatten().any(|partial| partial.contains("out")) {
        text.push_str("\nwhere `out` is the value itself\n");
    }
    if !row.domain.is_empty() {
        let _ = write!(text, "\ndomain: `{}`\n", row.domain);
    }
    if !row.edge.is_empty() {
        let _ = write!(text, "\n{}\n", row.edge);
    }
    text
}

/// `sin(x)`
pub fn call(row: &Row) -> String {
    format!("{}({})", row.name, row.args.join(", "))
}
