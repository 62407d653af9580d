//! What every name means: a local name, a definition, something built in. Takes the tree and the
//! scopes of the files; gives a table over the tree ([`Names`]) in which every binding has a number
//! of its own, so that later passes know no scopes. Reports names that stand for nothing.

use super::builtins::{self, Builtin};
use super::scope::{DefId, Scopes};
use super::suggest;
use crate::syntax::diagnostic::{Code, Diagnostic};
use crate::syntax::tree::{Ast, Expr, Name, Pattern, Span, Tree};
use std::collections::HashMap;
use std::ops::Range;

/// A name bound by a parameter, `let`, `for`, a lambda, …: one for each place that binds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LocalId(pub u32);

/// What a name in an expression stands for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Ref {
    /// Not a name, or one that was reported.
    None,
    Local(LocalId),
    Def(DefId),
    Constant(f64),
    Builtin(Builtin),
    /// The `T` of `A^T`.
    Transpose,
}

#[derive(Debug, Clone, Copy)]
pub struct Local {
    pub name: Name,
    /// Where it is bound.
    pub span: Span,
    /// Something is differentiated by it: it stays a variable until its scope ends.
    pub wanted: bool,
}

/// The parameters of a definition or rule, and the names of sizes that they bind.
#[derive(Debug, Clone, Default)]
pub struct Params {
    pub params: Vec<LocalId>,
    pub sizes: Vec<(Name, LocalId)>,
    /// All local names of the definition.
    pub locals: Range<u32>,
}

/// A function without a name.
#[derive(Debug, Clone)]
pub struct LambdaNames {
    pub params: Vec<LocalId>,
    /// Its parameters and every name bound inside.
    pub locals: Range<u32>,
    /// The names from outside that it uses.
    pub captured: Vec<LocalId>,
}

/// The meaning of every name of a tree.
#[derive(Debug, Default)]
pub struct Names {
    /// For each expression.
    refs: Vec<Ref>,
    pub locals: Vec<Local>,
    /// The first local of a pattern, under the expression whose value it takes.
    pub patterns: HashMap<Ast, LocalId>,
    /// The locals of `for`, under the loop.
    pub indices: HashMap<Ast, Vec<LocalId>>,
    pub lambdas: HashMap<Ast, LambdaNames>,
    /// What a derivative is taken by.
    pub by: HashMap<Ast, Vec<Ref>>,
}

impl Names {
    pub fn of(&self, ast: Ast) -> Ref {
        self.refs.get(ast.0 as usize).copied().unwrap_or(Ref::None)
    }

    pub fn local(&self, id: LocalId) -> Local {
        self.locals[id.0 as usize]
    }
}

/// The names of a pattern, from left to right.
pub fn pattern_names(pattern: &Pattern) -> Vec<(Name, Span)> {
    let mut names = Vec::new();
    let mut stack = vec![pattern];
    while let Some(pattern) = stack.pop() {
        match pattern {
            Pattern::Name(name, span) => names.push((*name, *span)),
            Pattern::Tuple(parts) => stack.extend(parts.iter().rev()),
        }
    }
    names
}

/// What remains to do of an expression.
enum Step<'a> {
    Visit(Ast),
    Pattern(&'a Pattern, Ast),
    Index(Ast, Name, Span),
    EndLambda(Ast),
    Close(usize),
}

/// A pass over the expressions of one file after another.
pub struct Resolver<'a> {
    tree: &'a Tree,
    scopes: &'a Scopes,
    pub names: Names,
    pub diagnostics: Vec<Diagnostic>,
    /// The definitions that were used since this was last taken.
    pub used: Vec<DefId>,
    pub file: u32,
    /// By name; they are few and dense.
    bound: Vec<Option<LocalId>>,
    log: Vec<(Name, Option<LocalId>)>,
    lambdas: Vec<(u32, Vec<LocalId>)>,
    suggestions: usize,
}

/// Only so many misspelt names are compared with all others.
const MOST_SUGGESTIONS: usize = 40;

/// How deeply lambdas may nest.
const MOST_LAMBDAS: usize = 200;

impl<'a> Resolver<'a> {
    pub fn new(tree: &'a Tree, scopes: &'a Scopes) -> Self {
        let names = Names { refs: vec![Ref::None; tree.len()], ..Names::default() };
        Resolver {
            tree,
            scopes,
            names,
            diagnostics: Vec::new(),
            used: Vec::new(),
            file: 0,
            bound: Vec::new(),
            log: Vec::new(),
            lambdas: Vec::new(),
            suggestions: 0,
        }
    }

    /// Binds a name from here on; [`Resolver::close`] ends it.
    pub fn declare(&mut self, name: Name, span: Span) -> LocalId {
        let id = LocalId(self.names.locals.len() as u32);
        self.names.locals.push(Local { name, span, wanted: false });
        let at = name.0 as usize;
        if at >= self.bound.len() {
            self.bound.resize(at + 1, None);
        }
        let old = self.bound[at].replace(id);
        self.log.push((name, old));
        id
    }

    /// Binds the names of a pattern for a value.
    pub fn declare_pattern(&mut self, pattern: &Pattern, value: Ast) {
        let first = LocalId(self.names.locals.len() as u32);
        let names = pattern_names(pattern);
        for (i, &(name, span)) in names.iter().enumerate() {
            if names[..i].iter().any(|&(other, _)| other == name) {
                let message = format!("`{}` is bound twice here", self.tree.text(name));
                self.diagnostics.push(Diagnostic::new(Code::BoundTwice, span, message));
            }
            self.declare(name, span);
        }
        self.names.patterns.insert(value, first);
    }

    /// Where to close the scope that begins here.
    pub fn open(&self) -> usize {
        self.log.len()
    }

    /// Forgets the names bound since.
    pub fn close(&mut self, mark: usize) {
        for (name, old) in self.log.drain(mark..).rev() {
            self.bound[name.0 as usize] = old;
        }
    }

    /// The local that a name stands for here.
    fn bound(&self, name: Name) -> Option<LocalId> {
        self.bound.get(name.0 as usize).copied().flatten()
    }

    /// Looks up every name of an expression.
    pub fn expression(&mut self, root: Ast) {
        let mut stack = vec![Step::Visit(root)];
        while let Some(step) = stack.pop() {
            match step {
                Step::Visit(ast) => {
                    let from = stack.len();
                    self.visit(ast, &mut stack);
                    stack[from..].reverse();
                }
                Step::Pattern(pattern, value) => self.declare_pattern(pattern, value),
                Step::Index(of, name, span) => {
                    let id = self.declare(name, span);
                    self.names.indices.entry(of).or_default().push(id);
                }
                Step::EndLambda(ast) => self.end_lambda(ast),
                Step::Close(mark) => self.close(mark),
            }
        }
    }

    /// Pushes what an expression consists of, first things first.
    fn visit(&mut self, ast: Ast, steps: &mut Vec<Step<'a>>) {
        match self.tree.expr(ast) {
            Expr::Number { .. } | Expr::Bool(_) => {}
            Expr::Name(name) => self.names.refs[ast.0 as usize] = self.name(*name, self.tree.span(ast)),
            Expr::Field { of, name } => self.field(ast, *of, *name, steps),
            Expr::Binary(op, a, b) => {
                steps.push(Step::Visit(*a));
                if *op == crate::syntax::tree::BinaryOp::Pow && self.is_transpose(*b) {
                    self.names.refs[b.0 as usize] = Ref::Transpose;
                } else {
                    steps.push(Step::Visit(*b));
                }
            }
            Expr::Let { bindings, body, .. } => {
                for (pattern, value) in bindings {
                    steps.push(Step::Visit(*value));
                    steps.push(Step::Pattern(pattern, *value));
                }
                steps.extend([Step::Visit(*body), Step::Close(self.open())]);
            }
            Expr::Lambda { params, body } => {
                let mark = self.open();
                if self.lambdas.len() > MOST_LAMBDAS {
                    let message = "functions are nested too deeply here";
                    return self.diagnostics.push(Diagnostic::new(
                        Code::NestedTooDeep,
                        self.tree.span(ast),
                        message,
                    ));
                }
                self.begin_lambda(ast, params);
                steps.extend([Step::Visit(*body), Step::EndLambda(ast), Step::Close(mark)]);
            }
            Expr::Comprehension { body, over, cond } | Expr::Reduce { body, over, cond, .. } => {
                for index in over {
                    steps.extend(index.range.iter().flat_map(|&(lo, hi)| [Step::Visit(lo), Step::Visit(hi)]));
                    steps.push(Step::Index(ast, index.name, index.span));
                }
                steps.extend(cond.map(Step::Visit));
                steps.extend([Step::Visit(*body), Step::Close(self.open())]);
            }
            Expr::Fold { .. } | Expr::Iterate { .. } => self.visit_loop(ast, steps),
            Expr::Derivative { body, by, .. } => {
                steps.push(Step::Visit(*body));
                let refs = by.iter().map(|&(name, span)| self.variable(name, span)).collect();
                self.names.by.insert(ast, refs);
            }
            Expr::Unary(..)
            | Expr::Compare(..)
            | Expr::If { .. }
            | Expr::Call { .. }
            | Expr::Prime { .. }
            | Expr::Index { .. }
            | Expr::Array(_)
            | Expr::Tuple(_)
            | Expr::Record(_) => {
                super::walk::operands(self.tree, ast, |operand| steps.push(Step::Visit(operand)))
            }
        }
    }

    fn visit_loop(&mut self, ast: Ast, steps: &mut Vec<Step<'a>>) {
        match self.tree.expr(ast) {
            Expr::Fold { state, init, over, next, .. } => {
                steps.push(Step::Visit(*init));
                steps.extend(over.range.iter().flat_map(|&(lo, hi)| [Step::Visit(lo), Step::Visit(hi)]));
                steps.extend([
                    Step::Index(ast, over.name, over.span),
                    Step::Pattern(state, *init),
                    Step::Visit(*next),
                ]);
                steps.push(Step::Close(self.open()));
            }
            Expr::Iterate { state, init, cond, next } => {
                steps.extend([Step::Visit(*init), Step::Pattern(state, *init), Step::Visit(*cond)]);
                steps.extend([Step::Visit(*next), Step::Close(self.open())]);
            }
            _other => {}
        }
    }

    fn begin_lambda(&mut self, ast: Ast, params: &[(Name, Span)]) {
        let first = self.names.locals.len() as u32;
        let params = params.iter().map(|&(name, span)| self.declare(name, span)).collect();
        self.lambdas.push((first, Vec::new()));
        self.names.lambdas.insert(ast, LambdaNames { params, locals: first..first, captured: Vec::new() });
    }

    fn end_lambda(&mut self, ast: Ast) {
        let (_, mut captured) = self.lambdas.pop().expect("a lambda that began");
        captured.sort_unstable();
        captured.dedup();
        let end = self.names.locals.len() as u32;
        let lambda = self.names.lambdas.get_mut(&ast).expect("a lambda that began");
        lambda.locals.end = end;
        lambda.captured = captured;
    }

    /// `geo.f` of an import, or a field of a value.
    fn field(&mut self, ast: Ast, of: Ast, name: Name, steps: &mut Vec<Step<'a>>) {
        let Expr::Name(alias) = self.tree.expr(of) else {
            return steps.push(Step::Visit(of));
        };
        let target = match self.bound(*alias) {
            Some(_) => None,
            None => self.scopes.alias(self.file, *alias),
        };
        let Some(target) = target else {
            return steps.push(Step::Visit(of));
        };
        match self.scopes.lookup(target, name) {
            Some(def) => {
                self.used.push(def);
                self.names.refs[ast.0 as usize] = Ref::Def(def);
            }
            None => {
                let (alias, text) = (self.tree.text(*alias), self.tree.text(name));
                let error = Diagnostic::new(
                    Code::NotDefined,
                    self.tree.span(ast),
                    format!("`{alias}` has no `{text}`"),
                );
                let near = suggest::nearest(text, self.scopes.names(self.tree, target));
                self.diagnostics.push(match near {
                    Some(near) => error
                        .help(format!("did you mean `{alias}.{near}`?"))
                        .repair(format!("{alias}.{near}")),
                    None => error,
                });
            }
        }
    }

    fn is_transpose(&self, ast: Ast) -> bool {
        let Expr::Name(name) = self.tree.expr(ast) else { return false };
        self.tree.text(*name) == "T"
            && self.bound(*name).is_none()
            && self.scopes.lookup(self.file, *name).is_none()
    }

    fn local(&mut self, id: LocalId) -> Ref {
        for (first, captured) in &mut self.lambdas {
            if id.0 < *first {
                captured.push(id);
            }
        }
        Ref::Local(id)
    }

    /// What a name stands for; reported when it stands for nothing.
    fn name(&mut self, name: Name, span: Span) -> Ref {
        if let Some(id) = self.bound(name) {
            return self.local(id);
        }
        if let Some(def) = self.scopes.lookup(self.file, name) {
            self.used.push(def);
            return Ref::Def(def);
        }
        let text = self.tree.text(name);
        if let Some(value) = builtins::constant(text) {
            return Ref::Constant(value);
        }
        // A matrix function goes before the scalar one of its name.
        if let Some(def) = self.scopes.provided(name) {
            self.used.push(def);
            return Ref::Def(def);
        }
        if let Some(builtin) = builtins::function(text) {
            return Ref::Builtin(builtin);
        }
        if matches!(text, "diff" | "grad" | "jac" | "hess") {
            let error = Diagnostic::new(
                Code::DerivativeForm,
                span,
                format!("`{text}` takes an expression and a variable"),
            );
            self.diagnostics.push(error.help(format!("write `{text}(e, x)`, where `x` is a name in scope")));
            return Ref::None;
        }
        let error = Diagnostic::new(Code::NotDefined, span, format!("`{text}` is not defined"));
        let error = match self.suggestion(text) {
            Some((help, repair)) => error.help(help).repair(repair),
            None => error,
        };
        self.diagnostics.push(error);
        Ref::None
    }

    /// What a derivative is taken by: a name in scope.
    fn variable(&mut self, name: Name, span: Span) -> Ref {
        let found = self.name(name, span);
        match found {
            Ref::Local(id) => self.names.locals[id.0 as usize].wanted = true,
            Ref::Constant(_) | Ref::Builtin(_) => {
                let message = format!("`{}` is no variable", self.tree.text(name));
                self.diagnostics.push(
                    Diagnostic::new(Code::NotAVariable, span, message)
                        .help("differentiate by a name in scope"),
                );
                return Ref::None;
            }
            Ref::None | Ref::Def(_) | Ref::Transpose => {}
        }
        found
    }

    /// The two numbers that a word names when it is read as a product: `xy` as `x` and `y`, `πr` as `π` and `r`.
    fn factors<'t>(&self, text: &'t str) -> Option<(&'t str, &'t str)> {
        // One of them is a single letter: the first or the last.
        let (second, _) = text.char_indices().nth(1)?;
        let (last, _) = text.char_indices().next_back()?;
        let mut splits = [second, last].into_iter().map(|at| text.split_at(at));
        splits.find(|(left, right)| self.is_number(left) && self.is_number(right))
    }

    /// Whether a local name or a constant is called so.
    fn is_number(&self, text: &str) -> bool {
        let local = self.tree.lookup(text).and_then(|name| self.bound(name));
        builtins::constant(text).is_some() || local.is_some()
    }

    /// What to do about a name that stands for nothing, and what to write in its place.
    fn suggestion(&mut self, text: &str) -> Option<(String, String)> {
        if let Some(here) = builtins::translation(text) {
            return Some((format!("here it is called `{here}`"), here.to_string()));
        }
        if let Some((left, right)) = self.factors(text) {
            let product = format!("{left}*{right}");
            return Some((format!("to multiply, write `{product}`"), product));
        }
        self.suggestions += 1;
        if self.suggestions > MOST_SUGGESTIONS {
            return None;
        }
        let (tree, scopes, file) = (self.tree, self.scopes, self.file);
        let bound = self.bound.iter().enumerate().filter(|(_, local)| local.is_some());
        let locals = bound.map(|(name, _)| tree.text(Name(name as u32)));
        let own = locals.chain(scopes.names(tree, file));
        let near = suggest::nearest_of(text, own, builtins::names().map(|name| -> &str { name }))?;
        Some((format!("did you mean `{near}`?"), near.to_string()))
    }
}
