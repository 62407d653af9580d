//! What may be written at a place of a text that is not finished. The names that the definition
//! around the place binds are found in its text, since what is being written can rarely be read.

use super::{Analysis, describe};
use crate::check::builtin_names;
use crate::check::places::Meaning;
use crate::check::types::Ty;
use crate::primitive;
use crate::syntax::fold::fold;
use crate::syntax::scan;
use crate::syntax::tree::ItemKind;
use std::collections::BTreeSet;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CandidateKind {
    /// A parameter, or a name bound in this definition.
    Local,
    Function,
    Constant,
    Type,
    Field,
    File,
    Builtin,
    Keyword,
}

/// A word that may be written.
#[derive(Debug, Clone)]
pub struct Candidate {
    pub name: String,
    pub kind: CandidateKind,
    /// Its type, its parameters, its derivatives: in a line.
    pub detail: String,
    /// More about it, as Markdown.
    pub about: String,
}

/// The words of the notation, and what is said of each.
pub const KEYWORDS: &[(&str, &str)] = &[
    ("let", "let a = e in body"),
    ("in", "let a = e in body, for i in a..b"),
    ("where", "body where a = e"),
    ("if", "if c then a else b"),
    ("then", "if c then a else b"),
    ("else", "if c then a else b"),
    ("otherwise", "{ a if c; b otherwise }"),
    ("for", "[e for i in a..b], sum(e for i in a..b)"),
    ("while", "iterate(s = s0 while c: next)"),
    ("import", "import \"file.math\" as name"),
    ("as", "import \"file.math\" as name"),
    ("param", "param k = 2"),
    ("type", "type Point = {x: R, y: R}"),
    ("rule", "rule f(x) = (derivative)"),
    ("pullback", "rule f(x) pullback d = (cotangent)"),
    ("test", "test f(2) = 4 ~ 1e-6"),
    ("and", "a and b"),
    ("or", "a or b"),
    ("not", "not a"),
    ("true", "a condition that holds"),
    ("false", "a condition that does not hold"),
    ("fold", "fold(s = s0 for i in a..b: next)"),
    ("scan", "scan(s = s0 for i in a..b: next)"),
    ("iterate", "iterate(s = s0 while c: next)"),
    ("diff", "diff(e, x)"),
    ("grad", "grad(e, v)"),
    ("jac", "jac(e, v)"),
    ("hess", "hess(e, v)"),
];

impl Analysis {
    /// The words that may be written at a place of the first file's text, which may have changed
    /// since it was read; and where the word begins that is being written there.
    pub fn complete(&self, text: &str, at: usize) -> (usize, Vec<Candidate>) {
        let start = word_start(text, at);
        let line = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let before = &text[line..start];
        if before.contains('#') || before.matches('"').count() % 2 == 1 {
            return (start, Vec::new());
        }
        if let Some(whole) = before.strip_suffix('.')
            && !whole.ends_with('.')
        {
            let name = &whole[word_start(whole, whole.len())..];
            return (start, self.members(&fold(name)));
        }
        let piece = scan::around(text, start);
        let mut found: Vec<Candidate> = Vec::new();
        for name in bound_names(&text[piece.clone()], start - piece.start) {
            let detail = self.type_of_local(&name, piece.start);
            found.push(Candidate { name, kind: CandidateKind::Local, detail, about: String::new() });
        }
        self.visible(&mut found);
        for name in builtin_names().collect::<BTreeSet<_>>() {
            let (detail, about) = (detail_of_builtin(name), describe::of_builtin(name));
            found.push(Candidate { name: name.to_string(), kind: CandidateKind::Builtin, detail, about });
        }
        for (word, form) in KEYWORDS {
            let (name, detail) = (word.to_string(), form.to_string());
            found.push(Candidate { name, kind: CandidateKind::Keyword, detail, about: String::new() });
        }
        // Of several that are called the same, the nearest.
        let mut known = BTreeSet::new();
        found.retain(|candidate| known.insert(candidate.name.clone()));
        (start, found)
    }

    /// What may follow `name.`: definitions of an import, fields of a record.
    fn members(&self, name: &str) -> Vec<Candidate> {
        let mut found = Vec::new();
        for item in self.tree.items.iter().filter(|item| item.span.file == 0) {
            let ItemKind::Import { path, alias: Some(alias) } = &item.kind else { continue };
            if self.tree.text(*alias) == name
                && let Some(&file) = self.imports.resolved.get(&(0, path.clone()))
            {
                self.definitions_of(file, &mut found);
                return found;
            }
        }
        let named = self.places.locals.iter().filter(|local| self.tree.text(local.name) == name);
        let mut records = named.filter_map(|local| match &local.ty {
            Some(Ty::Record(fields)) => Some(fields),
            Some(_) | None => None,
        });
        if let Some(fields) = records.next_back() {
            found.extend(fields.iter().map(|(name, ty)| Candidate {
                name: name.clone(),
                kind: CandidateKind::Field,
                detail: ty.to_string(),
                about: String::new(),
            }));
        }
        found
    }

    /// The definitions of this file and of those that it imports.
    fn visible(&self, found: &mut Vec<Candidate>) {
        self.definitions_of(0, found);
        for item in self.tree.items.iter().filter(|item| item.span.file == 0) {
            let ItemKind::Import { path, alias } = &item.kind else { continue };
            let Some(&file) = self.imports.resolved.get(&(0, path.clone())) else { continue };
            match alias {
                None => self.definitions_of(file, found),
                Some(alias) => found.push(Candidate {
                    name: self.tree.text(*alias).to_string(),
                    kind: CandidateKind::File,
                    detail: format!("import \"{path}\""),
                    about: String::new(),
                }),
            }
        }
    }

    fn definitions_of(&self, file: u32, found: &mut Vec<Candidate>) {
        for (at, definition) in self.places.definitions.iter().enumerate() {
            if definition.span.file != file {
                continue;
            }
            let kind = match &self.tree.items[definition.item].kind {
                ItemKind::Function { .. } | ItemKind::Rule { .. } => CandidateKind::Function,
                ItemKind::Type { .. } => CandidateKind::Type,
                ItemKind::Constant { .. } | ItemKind::Import { .. } | ItemKind::Test { .. } => {
                    CandidateKind::Constant
                }
            };
            let name = self.tree.text(definition.name).to_string();
            let ty = definition.ty.as_ref().map(ToString::to_string).unwrap_or_default();
            let detail = match &definition.params {
                Some(params) => {
                    let params: Vec<String> =
                        params.iter().map(|(name, ty)| format!("{name}: {ty}")).collect();
                    format!("({}) -> {ty}", params.join(", "))
                }
                None => ty,
            };
            let meaning = Meaning::Definition(at as u32);
            let about = self.description(crate::check::places::Use { span: definition.span, meaning });
            found.push(Candidate { name, kind, detail, about });
        }
    }

    /// The type of a name that a definition binds, if that could be read lately.
    fn type_of_local(&self, name: &str, from: usize) -> String {
        let named = self.places.locals.iter().filter(|local| self.tree.text(local.name) == name);
        let near = named.filter_map(|local| Some((local.span?, local.ty.as_ref()?)));
        let near = near.filter(|(span, _)| span.file == 0 && span.start as usize >= from);
        near.min_by_key(|(span, _)| span.start).map(|(_, ty)| ty.to_string()).unwrap_or_default()
    }
}

/// Its derivatives, or how it is called.
fn detail_of_builtin(name: &str) -> String {
    if let Some((call, _)) = crate::check::about_builtin(name) {
        return call.to_string();
    }
    let Some(row) = (1..=3).find_map(|count| primitive::find_call(name, count)).map(primitive::Prim::row)
    else {
        return String::new();
    };
    let partials = row.args.iter().zip(row.partials);
    let partials: Vec<String> =
        partials.map(|(arg, partial)| format!("∂/∂{arg} = {}", partial.unwrap_or("not known"))).collect();
    if partials.is_empty() { describe::call(row) } else { partials.join("; ") }
}

/// Where the word begins that ends at a place.
fn word_start(text: &str, at: usize) -> usize {
    let letters = text[..at].char_indices().rev().take_while(|&(_, c)| scan::is_letter(c));
    letters.last().map_or(at, |(start, _)| start)
}

/// A word, number or sign with its place.
type Word<'t> = (&'t str, usize);

/// The names that a definition binds, in the order of its text, but for the word at `at`.
fn bound_names(piece: &str, at: usize) -> Vec<String> {
    let words = scan::rough_words(piece);
    let mut found: Vec<Word> = Vec::new();
    let head = head_end(&words);
    for (k, &(word, place)) in words.iter().enumerate() {
        let before = k.checked_sub(1).map_or("", |k| words[k].0);
        let after = words.get(k + 1).map_or("", |word| word.0);
        if !word.starts_with(|c: char| scan::is_letter(c) && !c.is_numeric()) {
            let takes_apart = word == ")" && k >= head && matches!(after, "=" | "->" | "→" | "↦");
            if takes_apart {
                let inside = words[..k].iter().rev().take_while(|word| word.0 != "(" && word.0 != "=");
                found.extend(inside.filter(|word| word.0 != ","));
            }
            continue;
        }
        let in_head = k < head && matches!(before, "(" | "," | "[" | "pullback");
        let indexes = before == "for" || (before == "," && matches!(after, "in" | "∈"));
        let binds = k >= head && k > 0 && matches!(after, "=" | "->" | "→" | "↦");
        if in_head || indexes || binds {
            found.push((word, place));
        }
    }
    found.sort_by_key(|&(_, place)| place);
    let written = |&(word, place): &Word| place <= at && at <= place + word.len();
    let is_new = |word: &Word| !written(word) && !is_keyword(word.0);
    let mut known = BTreeSet::new();
    let names = found.iter().filter(|word| is_new(word)).map(|(word, _)| fold(word).into_owned());
    names.filter(|name| known.insert(name.clone())).collect()
}

/// The number of words before the `=` of a function or rule; 0 for others.
fn head_end(words: &[Word]) -> usize {
    let skipped = usize::from(words.first().is_some_and(|word| word.0 == "rule"));
    if words.get(skipped + 1).is_none_or(|word| word.0 != "(") {
        return 0;
    }
    let mut depth = 0;
    for (k, (word, _)) in words.iter().enumerate() {
        match *word {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth -= 1,
            "=" if depth == 0 => return k,
            _word => {}
        }
    }
    words.len()
}

fn is_keyword(word: &str) -> bool {
    KEYWORDS.iter().any(|(known, _)| *known == word)
}

#[cfg(test)]
mod tests {
    use super::bound_names;

    #[test]
    fn names_of_an_unfinished_definition() {
        let text = "f(x, v: R[n], g: R -> R) = let a = 2, (b, c) = (x, x) in sum(v[i] + ";
        assert_eq!(bound_names(text, text.len()), ["x", "v", "n", "g", "a", "b", "c"]);
        let text = "h(θ) = sum(θ*k + za for k in 1..3) where z = 1, w = (p, q) -> p";
        let at = text.find("za").unwrap() + 2;
        assert_eq!(bound_names(text, at), ["θ", "k", "z", "w", "p", "q"]);
        assert_eq!(bound_names("s = fold((p, q) = (0, 1) for i in 1..3: p", 40), ["p", "q", "i"]);
        assert_eq!(bound_names("", 0), Vec::<String>::new());
    }
}
