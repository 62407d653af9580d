//! Where every name of the files stands, and what it stands for: for editors. Takes the resolved
//! program and what lowering found out of types; knows nothing of what is asked.

use super::lower::Lowerer;
use super::names::{LocalId, Params, Ref};
use super::program::Program;
use super::scope::{DefId, DefKind};
use super::state::State;
use super::types::Ty;
use crate::syntax::fold::fold;
use crate::syntax::tree::{Ast, Expr, Item, ItemKind, Name, Param, Span, TypeExpr};

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Meaning {
    /// Its number in [`Places::definitions`].
    Definition(u32),
    /// A parameter, a size, a name bound in an expression: its number in [`Places::locals`].
    Local(u32),
    /// A function or a constant that a file need not define.
    Builtin(Name),
    /// What an import calls a file.
    File(u32),
}

/// A name at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Use {
    pub span: Span,
    pub meaning: Meaning,
}

/// A name that is bound by a head or inside an expression.
#[derive(Debug, Clone)]
pub struct LocalPlace {
    pub name: Name,
    /// Where it is bound; nothing for a size, which all types bind that name it.
    pub span: Option<Span>,
    /// Its type, where it is known.
    pub ty: Option<Ty>,
}

/// A definition.
#[derive(Debug, Clone)]
pub struct DefinitionPlace {
    pub name: Name,
    /// Where the name stands in it.
    pub span: Span,
    /// Its item in the tree.
    pub item: usize,
    /// The parameters, for a function that is sound.
    pub params: Option<super::Parameters>,
    /// The type of its value or result, where it is known.
    pub ty: Option<Ty>,
}

/// Where every name stands.
#[derive(Debug, Clone, Default)]
pub struct Places {
    /// In the order of files and places.
    pub uses: Vec<Use>,
    pub definitions: Vec<DefinitionPlace>,
    pub locals: Vec<LocalPlace>,
    /// Where a name is written otherwise than it is spelt: as the raised sign of `ℝⁿ`.
    pub otherwise_written: Vec<Use>,
}

impl Places {
    /// Collects them when all is lowered.
    pub fn of(lowerer: &Lowerer) -> Places {
        let program = lowerer.program;
        let locals = program.names.locals.iter().zip(&lowerer.env).map(|(local, value)| LocalPlace {
            name: local.name,
            span: (local.span != Span::default()).then_some(local.span),
            ty: value.as_ref().filter(|value| !value.is_error()).map(|value| value.ty(&lowerer.graph)),
        });
        let definitions = program.scopes.defs.iter().zip(&lowerer.states);
        let definitions = definitions.map(|(def, state)| {
            let (params, ty) = match state {
                State::Function(info) => (Some(info.params.clone()), Some(info.result.clone())),
                State::Generic(info) => (Some(info.params.clone()), None),
                State::Value(value) if !value.is_error() => (None, Some(value.ty(&lowerer.graph))),
                State::Value(_) | State::Pending | State::Failed | State::Type => (None, None),
            };
            DefinitionPlace { name: def.name, span: def.span, item: def.item, params, ty }
        });
        let places =
            Places { definitions: definitions.collect(), locals: locals.collect(), ..Places::default() };
        let mut collector = Collector { program, places };
        collector.parameter_types();
        collector.heads();
        for at in 0..program.tree.len() {
            collector.expression(Ast(at as u32));
        }
        let mut places = collector.places;
        places.uses.sort_by_key(|place| (place.span.file, place.span.start, place.span.end));
        places.uses.dedup();
        places
    }

    /// What the name at a place stands for; the place may be directly behind it.
    pub fn at(&self, file: u32, at: u32) -> Option<Use> {
        let after = self.uses.partition_point(|place| (place.span.file, place.span.start) <= (file, at));
        let mut near = self.uses[..after].iter().rev().take(4);
        near.find(|place| place.span.file == file && place.span.start <= at && at <= place.span.end).copied()
    }
}

struct Collector<'p> {
    program: &'p Program<'p>,
    places: Places,
}

impl Collector<'_> {
    /// Parameters have the types that their functions show.
    fn parameter_types(&mut self) {
        for (at, names) in self.program.defs.iter().enumerate() {
            let Some(params) = self.places.definitions[at].params.clone() else { continue };
            for (local, (_, ty)) in names.params.params.iter().zip(params.iter()) {
                self.places.locals[local.0 as usize].ty = Some(ty.clone());
            }
        }
    }

    fn add(&mut self, span: Span, name: Name, meaning: Meaning) {
        let tree = self.program.tree;
        let text = tree.source(span);
        // A name alone in brackets has their place.
        let inner = text.trim_matches(|c: char| matches!(c, '(' | ')') || c.is_whitespace());
        let start = span.start + (inner.as_ptr() as usize - text.as_ptr() as usize) as u32;
        let place = Use { span: Span { start, end: start + inner.len() as u32, ..span }, meaning };
        if fold(inner) == tree.text(name) {
            self.places.uses.push(place);
        } else {
            self.places.otherwise_written.push(place);
        }
    }

    /// The names before `=`: of definitions, parameters, types and sizes.
    fn heads(&mut self) {
        let program = self.program;
        for (at, def) in program.scopes.defs.iter().enumerate() {
            if !matches!(def.kind, DefKind::Wrapper(_)) {
                self.add(def.span, def.name, Meaning::Definition(at as u32));
            }
            let (item, names) = (&program.tree.items[def.item], &program.defs[at]);
            self.head(item, &names.params);
        }
        for (at, item) in program.tree.items.iter().enumerate() {
            let ItemKind::Rule { name, name_span, cotangent, .. } = &item.kind else { continue };
            if let Some(def) = program.scopes.rules.get(&at) {
                self.add(*name_span, *name, Meaning::Definition(def.0));
            }
            let Some(names) = program.rules.get(&at) else { continue };
            self.head(item, &names.params);
            if let (Some((name, span)), Some(local)) = (cotangent, names.cotangent) {
                self.add(*span, *name, Meaning::Local(local.0));
            }
        }
        for (at, local) in self.places.locals.clone().into_iter().enumerate() {
            if let Some(span) = local.span {
                self.add(span, local.name, Meaning::Local(at as u32));
            }
        }
    }

    fn head(&mut self, item: &Item, names: &Params) {
        let mut types: Vec<&TypeExpr> = Vec::new();
        let mut params: &[Param] = &[];
        match &item.kind {
            ItemKind::Function { params: own, result, .. } => {
                params = own;
                types.extend(result);
            }
            ItemKind::Rule { params: own, .. } => params = own,
            ItemKind::Constant { ty, .. } => types.extend(ty),
            ItemKind::Type { ty, .. } => types.push(ty),
            ItemKind::Import { .. } | ItemKind::Test { .. } => {}
        }
        types.extend(params.iter().filter_map(|param| param.ty.as_ref()));
        while let Some(ty) = types.pop() {
            match ty {
                TypeExpr::Real | TypeExpr::Int | TypeExpr::Bool => {}
                TypeExpr::Array(of, sizes) => {
                    types.push(of);
                    sizes.iter().for_each(|&size| self.size(size, params, names));
                }
                TypeExpr::Tuple(parts) => types.extend(parts),
                TypeExpr::Record(fields) => types.extend(fields.iter().map(|(_, field)| field)),
                TypeExpr::Function(params, result) => types.extend(params.iter().chain([&**result])),
                TypeExpr::Named(name, span) => {
                    if let Some(def) = self.program.scopes.lookup(span.file, *name) {
                        self.add(*span, *name, Meaning::Definition(def.0));
                    }
                }
            }
        }
    }

    /// The names in the expression of a size.
    fn size(&mut self, size: Ast, params: &[Param], names: &Params) {
        let tree = self.program.tree;
        let mut stack = vec![size];
        while let Some(ast) = stack.pop() {
            super::walk::operands(tree, ast, |operand| stack.push(operand));
            let Expr::Name(name) = tree.expr(ast) else { continue };
            let span = tree.span(ast);
            let size = names.sizes.iter().find(|(known, _)| known == name).map(|&(_, local)| local);
            let param = || params.iter().position(|param| param.name == *name);
            let local = size.or_else(|| names.params.get(param()?).copied());
            let meaning = match (local, self.program.scopes.lookup(span.file, *name)) {
                (Some(LocalId(local)), _) => Meaning::Local(local),
                (None, Some(DefId(def))) => Meaning::Definition(def),
                (None, None) => continue,
            };
            self.add(span, *name, meaning);
        }
    }

    fn expression(&mut self, ast: Ast) {
        let program = self.program;
        let (tree, span) = (program.tree, program.tree.span(ast));
        match tree.expr(ast) {
            Expr::Name(name) => self.reference(span, *name, program.names.of(ast)),
            Expr::Field { of, name } => {
                let meaning = program.names.of(ast);
                let Expr::Name(alias) = tree.expr(*of) else { return };
                if meaning == Ref::None {
                    return;
                }
                if let Some(file) = program.scopes.alias(span.file, *alias) {
                    self.add(tree.span(*of), *alias, Meaning::File(file));
                }
                let dot = tree.source(span).rfind('.').map_or(0, |dot| dot as u32 + 1);
                self.reference(Span { start: span.start + dot, ..span }, *name, meaning);
            }
            Expr::Derivative { by, .. } => {
                let Some(refs) = program.names.by.get(&ast) else { return };
                for (&(name, span), &meaning) in by.iter().zip(refs) {
                    self.reference(span, name, meaning);
                }
            }
            _without_names => {}
        }
    }

    fn reference(&mut self, span: Span, name: Name, meaning: Ref) {
        let meaning = match meaning {
            Ref::None | Ref::Transpose => return,
            Ref::Local(local) => Meaning::Local(local.0),
            Ref::Def(def) if self.program.scopes.is_prelude(def) => Meaning::Builtin(name),
            Ref::Def(def) => Meaning::Definition(def.0),
            Ref::Constant(_) | Ref::Builtin(_) => Meaning::Builtin(name),
        };
        self.add(span, name, meaning);
    }
}
