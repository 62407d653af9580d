//! What the files define, and which names each file sees. Takes the items; knows nothing of
//! expressions.

use super::Imports;
use super::builtins::{self, Builtin};
use super::{prelude, suggest};
use crate::syntax::diagnostic::{Code, Diagnostic};
use crate::syntax::tree::{ItemKind, Name, Span, Tree};
use std::collections::HashMap;

/// Handle of a definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DefId(pub u32);

/// What a name of a file stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DefKind {
    Function,
    Constant,
    /// `param`, the number of it among them.
    Global(u32),
    Type,
    /// A built-in function for which a file gives a rule.
    Wrapper(Builtin),
}

/// A definition.
#[derive(Debug, Clone)]
pub struct Def {
    pub name: Name,
    /// Where the name stands.
    pub span: Span,
    /// The index of its item; of a [`DefKind::Wrapper`], that of the rule.
    pub item: usize,
    pub kind: DefKind,
    /// The item of its rule.
    pub rule: Option<usize>,
}

/// All definitions and the names that each file sees.
#[derive(Debug, Default)]
pub struct Scopes {
    pub defs: Vec<Def>,
    pub globals: Vec<DefId>,
    files: Vec<HashMap<Name, DefId>>,
    aliases: HashMap<(u32, Name), u32>,
    /// The definition that the rule of an item belongs to.
    pub rules: HashMap<usize, DefId>,
    /// The file of the prelude, if it is there.
    prelude: Option<u32>,
    /// What every file knows of the prelude, by name.
    provided: HashMap<Name, DefId>,
    /// For a function of the prelude that takes a vector, the one that takes its columns.
    columns: HashMap<DefId, DefId>,
}

impl Scopes {
    /// Collects the definitions of all files; reports those that clash.
    pub fn collect(tree: &Tree, imports: &Imports, diagnostics: &mut Vec<Diagnostic>) -> Scopes {
        let files = vec![HashMap::new(); tree.files.len().max(1)];
        let mut scopes = Scopes { files, prelude: imports.prelude, ..Scopes::default() };
        for (index, item) in tree.items.iter().enumerate() {
            let (name, span, kind) = match &item.kind {
                ItemKind::Function { name, name_span, .. } => (*name, *name_span, DefKind::Function),
                ItemKind::Constant { name, name_span, param: true, .. } => {
                    scopes.globals.push(DefId(scopes.defs.len() as u32));
                    (*name, *name_span, DefKind::Global(scopes.globals.len() as u32 - 1))
                }
                ItemKind::Constant { name, name_span, .. } => (*name, *name_span, DefKind::Constant),
                ItemKind::Type { name, name_span, .. } => (*name, *name_span, DefKind::Type),
                ItemKind::Import { .. } | ItemKind::Rule { .. } | ItemKind::Test { .. } => continue,
            };
            scopes.define(tree, Def { name, span, item: index, kind, rule: None }, diagnostics);
        }
        scopes.provide(tree);
        scopes.import(tree, imports, diagnostics);
        scopes.attach_rules(tree, diagnostics);
        scopes
    }

    fn define(&mut self, tree: &Tree, def: Def, diagnostics: &mut Vec<Diagnostic>) {
        let id = DefId(self.defs.len() as u32);
        let file = def.span.file as usize;
        match self.files[file].get(&def.name) {
            Some(&other) => {
                let first = self.defs[other.0 as usize].span;
                diagnostics.push(duplicate(tree, def.name, def.span, first));
            }
            None => {
                self.files[file].insert(def.name, id);
            }
        }
        self.defs.push(def);
    }

    /// Makes the public part of the prelude known.
    fn provide(&mut self, tree: &Tree) {
        let Some(names) = self.prelude.and_then(|file| self.files.get(file as usize)) else { return };
        let find = |text: &str| Some(*names.get(&tree.lookup(text)?)?);
        for &(text, columns) in prelude::FUNCTIONS {
            let (Some(name), Some(def)) = (tree.lookup(text), find(text)) else { continue };
            self.provided.insert(name, def);
            if let Some(columns) = columns.and_then(find) {
                self.columns.insert(def, columns);
            }
        }
    }

    fn import(&mut self, tree: &Tree, imports: &Imports, diagnostics: &mut Vec<Diagnostic>) {
        if !tree.items.iter().any(|item| matches!(item.kind, ItemKind::Import { .. })) {
            return;
        }
        let own = self.files.clone();
        for item in &tree.items {
            let ItemKind::Import { path, alias } = &item.kind else { continue };
            let file = item.span.file;
            let Some(&target) = imports.resolved.get(&(file, path.clone())) else { continue };
            if let Some(alias) = alias {
                self.aliases.insert((file, *alias), target);
                continue;
            }
            let mut names: Vec<(Name, DefId)> = own[target as usize].iter().map(|(&n, &d)| (n, d)).collect();
            names.sort_unstable();
            for (name, def) in names {
                match self.files[file as usize].get(&name) {
                    Some(&other) if other != def => {
                        let (here, there) =
                            (self.defs[other.0 as usize].span, self.defs[def.0 as usize].span);
                        let help = format!("import it under a name of its own: `import \"{path}\" as other`");
                        diagnostics.push(
                            duplicate(tree, name, item.span, here)
                                .help(format!("it is also defined at {}; {help}", place(tree, there))),
                        );
                    }
                    Some(_) => {}
                    None => {
                        self.files[file as usize].insert(name, def);
                    }
                }
            }
        }
    }

    /// Gives every rule to its function; a built-in function becomes a definition for it.
    fn attach_rules(&mut self, tree: &Tree, diagnostics: &mut Vec<Diagnostic>) {
        for (index, item) in tree.items.iter().enumerate() {
            let ItemKind::Rule { name, name_span, .. } = &item.kind else { continue };
            let text = tree.text(*name);
            let known = self.lookup_anywhere(name_span.file, *name);
            if known.is_none() && self.provided.contains_key(name) {
                let error = Diagnostic::new(
                    Code::RuleOfBuiltin,
                    *name_span,
                    format!("`{text}` has a rule of its own"),
                );
                diagnostics.push(error.help("define a function around it, and give that a rule"));
                continue;
            }
            if known.is_none()
                && let Some(builtin @ (Builtin::Array(_) | Builtin::Scalar(_))) = builtins::function(text)
            {
                let id = DefId(self.defs.len() as u32);
                let kind = DefKind::Wrapper(builtin);
                self.defs.push(Def { name: *name, span: *name_span, item: index, kind, rule: Some(index) });
                self.files.iter_mut().for_each(|file| {
                    file.entry(*name).or_insert(id);
                });
                self.rules.insert(index, id);
                continue;
            }
            let Some(id) = known else {
                let mut error = Diagnostic::new(
                    Code::RuleOfNothing,
                    *name_span,
                    format!("there is no function `{text}` for this rule"),
                );
                if let Some(near) = suggest::nearest(text, self.names(tree, name_span.file)) {
                    error = error.help(format!("did you mean `{near}`?")).repair(near);
                }
                diagnostics.push(error);
                continue;
            };
            let def = &mut self.defs[id.0 as usize];
            if !matches!(def.kind, DefKind::Function | DefKind::Wrapper(_)) {
                diagnostics.push(Diagnostic::new(
                    Code::RuleOfNothing,
                    *name_span,
                    format!("`{text}` is no function; only functions have rules"),
                ));
            } else if let Some(first) = def.rule {
                let first = tree.items[first].span;
                diagnostics.push(
                    Diagnostic::new(Code::DefinedTwice, *name_span, format!("a second rule for `{text}`"))
                        .help(format!("the first is at {}", place(tree, first))),
                );
            } else {
                def.rule = Some(index);
                self.rules.insert(index, id);
            }
        }
    }

    /// What a name stands for in a file, or else in the first that has it: rules may stand in a
    /// file of their own.
    pub fn lookup_anywhere(&self, file: u32, name: Name) -> Option<DefId> {
        let written = |at: usize| self.prelude != Some(at as u32);
        let mut files = self.files.iter().enumerate().filter(|&(at, _)| written(at)).map(|(_, names)| names);
        self.lookup(file, name).or_else(|| files.find_map(|names| names.get(&name).copied()))
    }

    /// What every file knows by this name, unless it defines it itself.
    pub fn provided(&self, name: Name) -> Option<DefId> {
        self.provided.get(&name).copied()
    }

    /// All that every file knows.
    pub fn all_provided(&self) -> impl Iterator<Item = (Name, DefId)> + '_ {
        self.provided.iter().map(|(&name, &def)| (name, def))
    }

    /// Whether a definition is part of the prelude.
    pub fn is_prelude(&self, def: DefId) -> bool {
        self.prelude == Some(self.def(def).span.file)
    }

    /// The function for a right side of this rank: that for columns where it is a matrix.
    pub fn for_rank(&self, def: DefId, rank: u8) -> DefId {
        if rank == 2 { self.columns.get(&def).copied().unwrap_or(def) } else { def }
    }

    /// What a name stands for in a file.
    pub fn lookup(&self, file: u32, name: Name) -> Option<DefId> {
        self.files.get(file as usize)?.get(&name).copied()
    }

    /// Adds a definition that a file sees.
    pub fn add(&mut self, file: u32, def: Def) {
        let id = DefId(self.defs.len() as u32);
        if self.files.len() <= file as usize {
            self.files.resize_with(file as usize + 1, HashMap::new);
        }
        self.files[file as usize].insert(def.name, id);
        self.defs.push(def);
    }

    /// All names that a file sees, with what they stand for.
    pub fn visible(&self, file: u32) -> impl Iterator<Item = (Name, DefId)> + '_ {
        self.files.get(file as usize).into_iter().flatten().map(|(&name, &def)| (name, def))
    }

    /// The file that an alias stands for.
    pub fn alias(&self, file: u32, name: Name) -> Option<u32> {
        self.aliases.get(&(file, name)).copied()
    }

    pub fn def(&self, id: DefId) -> &Def {
        &self.defs[id.0 as usize]
    }

    /// All names that a file defines or imports.
    pub fn names<'a>(&'a self, tree: &'a Tree, file: u32) -> impl Iterator<Item = &'a str> {
        self.files.get(file as usize).into_iter().flat_map(|names| names.keys()).map(|&name| tree.text(name))
    }
}

fn duplicate(tree: &Tree, name: Name, span: Span, first: Span) -> Diagnostic {
    Diagnostic::new(Code::DefinedTwice, span, format!("`{}` is defined twice", tree.text(name)))
        .label("the second definition")
        .help(format!("the first is at {}; give one of them another name", place(tree, first)))
}

/// `file:line:column` of a span.
pub fn place(tree: &Tree, span: Span) -> String {
    let Some(file) = tree.files.get(span.file as usize) else { return "?".to_string() };
    let before = &file.text[..(span.start as usize).min(file.text.len())];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
    format!("{}:{line}:{column}", file.name)
}
