//! All files with every name resolved: what each definition binds, what it uses, and an order in
//! which definitions come after those that they use.

use super::Imports;
use super::annotation::Annotations;
use super::names::{Names, Params, Resolver};
use super::scope::{Def, DefId, DefKind, Scopes};
use super::types::{Dim, Ty};
use crate::syntax::diagnostic::{Code, Diagnostic};
use crate::syntax::tree::{Ast, Item, ItemKind, Name, Param, Span, Tree};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// The names of a rule.
#[derive(Debug, Clone, Default)]
pub struct RuleNames {
    pub params: Params,
    pub tys: Vec<Option<Ty>>,
    /// The local of `pullback d`.
    pub cotangent: Option<super::names::LocalId>,
}

/// What is known of a definition before it is lowered.
#[derive(Debug, Clone, Default)]
pub struct DefNames {
    pub params: Params,
    /// The types of the parameters that the author gave.
    pub tys: Vec<Option<Ty>>,
    /// The type of the result, or of a constant.
    pub result: Option<Ty>,
    /// The definitions it uses, those of its rule apart.
    pub uses: Vec<DefId>,
    rule_uses: Vec<DefId>,
    /// It calls itself, directly or through others.
    pub recursive: bool,
    /// The `param`s that it uses, directly or through others.
    pub globals: Rc<[u32]>,
}

/// All files, resolved.
pub struct Program<'a> {
    pub tree: &'a Tree,
    pub scopes: Scopes,
    pub names: Names,
    pub defs: Vec<DefNames>,
    pub rules: HashMap<usize, RuleNames>,
    /// Definitions after those that they use; those that use one another together.
    pub order: Vec<Vec<DefId>>,
    /// Those of the prelude that no file uses, directly or through others.
    unused: HashSet<DefId>,
}

impl<'a> Program<'a> {
    pub fn new(tree: &'a Tree, imports: &Imports, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let scopes = Scopes::collect(tree, imports, diagnostics);
        let mut pass = Pass {
            resolver: Resolver::new(tree, &scopes),
            tree,
            scopes: &scopes,
            defs: vec![DefNames::default(); scopes.defs.len()],
            rules: HashMap::new(),
            tested: Vec::new(),
        };
        for (index, def) in scopes.defs.iter().enumerate() {
            pass.definition(index, def);
        }
        for (index, item) in tree.items.iter().enumerate() {
            pass.statement(index, item);
        }
        let Pass { resolver, defs, rules, tested, .. } = pass;
        let Resolver { names, diagnostics: more, .. } = resolver;
        diagnostics.extend(more);
        let (order, unused) = (Vec::new(), HashSet::new());
        let mut program = Program { tree, scopes, names, defs, rules, order, unused };
        program.order = super::order::components(program.defs.len(), |def| &program.defs[def].uses);
        program.mark_recursive();
        program.close_globals();
        program.mark_unused(tested);
        program
    }

    /// One expression, in which some names are locals 0, 1, …; and what is wrong with its names.
    pub fn expression(tree: &'a Tree, ast: Ast, given: &[Name], scopes: Scopes) -> (Self, Vec<Diagnostic>) {
        let mut resolver = Resolver::new(tree, &scopes);
        resolver.file = tree.span(ast).file;
        for &name in given {
            resolver.declare(name, tree.span(ast));
        }
        resolver.expression(ast);
        let Resolver { names, diagnostics, .. } = resolver;
        let defs = vec![DefNames::default(); scopes.defs.len()];
        let (order, unused) = (Vec::new(), HashSet::new());
        (Program { tree, scopes, names, defs, rules: HashMap::new(), order, unused }, diagnostics)
    }

    pub fn def(&self, id: DefId) -> &DefNames {
        &self.defs[id.0 as usize]
    }

    /// The item of a definition.
    pub fn item(&self, id: DefId) -> &'a Item {
        &self.tree.items[self.scopes.def(id).item]
    }

    /// Whether a definition is to be lowered: all of the files, of the prelude what they use.
    pub fn is_wanted(&self, id: DefId) -> bool {
        !self.unused.contains(&id)
    }

    fn mark_unused(&mut self, tested: Vec<DefId>) {
        let all = (0..self.defs.len()).map(|at| DefId(at as u32));
        let (provided, mut used): (Vec<DefId>, Vec<DefId>) = all.partition(|&id| self.scopes.is_prelude(id));
        used.extend(tested);
        self.unused = provided.into_iter().collect();
        used.iter().for_each(|id| {
            self.unused.remove(id);
        });
        while let Some(id) = used.pop() {
            let def = &self.defs[id.0 as usize];
            let columns = [self.scopes.for_rank(id, 2)];
            for &next in def.uses.iter().chain(&def.rule_uses).chain(&columns) {
                if self.unused.remove(&next) {
                    used.push(next);
                }
            }
        }
    }

    fn mark_recursive(&mut self) {
        for component in &self.order {
            for &id in component {
                let def = &mut self.defs[id.0 as usize];
                def.recursive = component.len() > 1 || def.uses.contains(&id);
            }
        }
    }

    /// Which globals each definition needs: its own, those of its rule and of all it uses.
    fn close_globals(&mut self) {
        for (number, &id) in self.scopes.globals.iter().enumerate() {
            self.defs[id.0 as usize].globals = Rc::new([number as u32]);
        }
        loop {
            let mut changed = false;
            for component in &self.order {
                let mut all: Vec<u32> = Vec::new();
                for &id in component {
                    let def = &self.defs[id.0 as usize];
                    all.extend_from_slice(&def.globals);
                    for used in def.uses.iter().chain(&def.rule_uses) {
                        all.extend_from_slice(&self.defs[used.0 as usize].globals);
                    }
                }
                all.sort_unstable();
                all.dedup();
                let known = |id: &DefId| *self.defs[id.0 as usize].globals == *all;
                if component.iter().all(known) {
                    continue;
                }
                changed = true;
                let shared: Rc<[u32]> = all.into();
                for &id in component {
                    self.defs[id.0 as usize].globals = shared.clone();
                }
            }
            if !changed {
                return;
            }
        }
    }
}

struct Pass<'a, 's> {
    resolver: Resolver<'s>,
    tree: &'a Tree,
    scopes: &'s Scopes,
    defs: Vec<DefNames>,
    rules: HashMap<usize, RuleNames>,
    /// What tests use.
    tested: Vec<DefId>,
}

impl<'a: 's, 's> Pass<'a, 's> {
    fn definition(&mut self, index: usize, def: &Def) {
        self.resolver.file = def.span.file;
        let first = self.resolver.names.locals.len() as u32;
        let mark = self.resolver.open();
        let tree = self.tree;
        let mut names = DefNames { globals: Rc::new([]), ..DefNames::default() };
        match &tree.items[def.item].kind {
            ItemKind::Function { name_span, params, result, body, .. } => {
                (names.params, names.tys) = self.params(params);
                names.result = result.as_ref().map(|ty| self.annotation(ty, *name_span));
                self.assumptions(params);
                self.resolver.expression(*body);
            }
            ItemKind::Rule { params, .. } => (names.params, names.tys) = self.params(params),
            ItemKind::Constant { name_span, ty, value, .. } => {
                names.result = ty.as_ref().map(|ty| self.annotation(ty, *name_span));
                self.resolver.expression(*value);
            }
            ItemKind::Type { name_span, ty, .. } => {
                self.annotation(ty, *name_span);
            }
            ItemKind::Import { .. } | ItemKind::Test { .. } => {}
        }
        self.resolver.close(mark);
        names.params.locals = first..self.resolver.names.locals.len() as u32;
        names.uses = self.take_used();
        self.defs[index] = names;
    }

    fn statement(&mut self, index: usize, item: &'a Item) {
        self.resolver.file = item.span.file;
        let mark = self.resolver.open();
        match &item.kind {
            ItemKind::Rule { params, cotangent, body, .. } => {
                let first = self.resolver.names.locals.len() as u32;
                let (params, tys) = self.params(params);
                let cotangent = cotangent.map(|(name, span)| self.resolver.declare(name, span));
                self.resolver.expression(*body);
                let mut rule = RuleNames { params, tys, cotangent };
                rule.params.locals = first..self.resolver.names.locals.len() as u32;
                self.rules.insert(index, rule);
                let used = self.take_used();
                if let Some(def) = self.scopes.rules.get(&index) {
                    self.defs[def.0 as usize].rule_uses = used;
                }
            }
            ItemKind::Test { left, right, tolerance, bindings } => {
                for (pattern, value) in bindings {
                    self.resolver.expression(*value);
                    self.resolver.declare_pattern(pattern, *value);
                }
                let parts: Vec<Ast> = [Some(*left), *right, *tolerance].into_iter().flatten().collect();
                parts.into_iter().for_each(|part| self.resolver.expression(part));
                self.tested.append(&mut self.resolver.used);
            }
            ItemKind::Function { .. }
            | ItemKind::Constant { .. }
            | ItemKind::Type { .. }
            | ItemKind::Import { .. } => {}
        }
        self.resolver.close(mark);
    }

    fn take_used(&mut self) -> Vec<DefId> {
        let mut used = std::mem::take(&mut self.resolver.used);
        used.sort_unstable();
        used.dedup();
        used
    }

    fn annotation(&mut self, ty: &crate::syntax::tree::TypeExpr, span: Span) -> Ty {
        let diagnostics = &mut self.resolver.diagnostics;
        Annotations::new(self.tree, self.scopes, diagnostics).read(ty, span)
    }

    /// Binds parameters and the names of sizes in their types.
    fn params(&mut self, params: &[Param]) -> (Params, Vec<Option<Ty>>) {
        let mut names = Params::default();
        let mut tys = Vec::new();
        for (i, param) in params.iter().enumerate() {
            if params[..i].iter().any(|other| other.name == param.name) {
                let message = format!("two parameters are called `{}`", self.tree.text(param.name));
                self.resolver.diagnostics.push(Diagnostic::new(Code::BoundTwice, param.span, message));
            }
            names.params.push(self.resolver.declare(param.name, param.span));
            tys.push(param.ty.as_ref().map(|ty| self.annotation(ty, param.span)));
        }
        for ty in tys.iter().flatten() {
            for (_, leaf) in ty.leaves() {
                let Ty::Array { dims, .. } = leaf else { continue };
                dims.iter().for_each(|dim| self.size(dim, params, &tys, &mut names));
            }
        }
        (names, tys)
    }

    /// Binds the name of a size, unless it is an `Int` parameter or a constant of the file.
    fn size(&mut self, dim: &Dim, params: &[Param], tys: &[Option<Ty>], names: &mut Params) {
        match dim {
            Dim::Any | Dim::Fixed(_) => {}
            Dim::Name(text) => {
                let Some(name) = self.tree.lookup(text) else { return };
                let integer = |(param, ty): (&Param, &Option<Ty>)| param.name == name && *ty == Some(Ty::Int);
                if params.iter().zip(tys).any(integer) || names.sizes.iter().any(|&(known, _)| known == name)
                {
                    return;
                }
                match self.scopes.lookup(self.resolver.file, name) {
                    Some(def)
                        if matches!(self.scopes.def(def).kind, DefKind::Constant | DefKind::Global(_)) =>
                    {
                        self.resolver.used.push(def);
                    }
                    Some(_) | None => {
                        // Bound by all the types that name it, at none of them in particular.
                        names.sizes.push((name, self.resolver.declare(name, Span::default())));
                    }
                }
            }
            Dim::Formula { ast, .. } => {
                for name in super::sizes::names(self.tree, *ast) {
                    if let Some(def) = self.scopes.lookup(self.resolver.file, name) {
                        self.resolver.used.push(def);
                    }
                }
            }
        }
    }

    fn assumptions(&mut self, params: &[Param]) {
        params.iter().filter_map(|param| param.assume).for_each(|assume| self.resolver.expression(assume));
    }
}
