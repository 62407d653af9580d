//! Single expressions after the files are checked: `--at x=pi/2`, `--set k=2*g`.

use super::Module;
use super::lower::Lowerer;
use super::program::Program;
use super::scope::{Def, DefKind, Scopes};
use super::state::State;
use super::types::Ty;
use super::value::Value;
use crate::core::FnId;
use crate::syntax::diagnostic::{Code, Diagnostic};
use crate::syntax::tree::{Ast, Tree};

/// Lowers a constant expression, in which the functions, constants and `param`s (with their
/// defaults) of the first file may occur, as a value of a type: a function without parameters
/// that gives its scalars and arrays. The tree may be another one than that of the files.
pub fn lower_constant(module: &mut Module, tree: &Tree, ast: Ast, ty: &Ty) -> Result<FnId, Vec<Diagnostic>> {
    lower(module, tree, ast, Some(ty)).map(|(id, _)| id)
}

/// As [`lower_constant`], of whatever type the expression has.
pub fn lower_expression(module: &mut Module, tree: &Tree, ast: Ast) -> Result<(FnId, Ty), Vec<Diagnostic>> {
    lower(module, tree, ast, None)
}

fn lower(module: &mut Module, tree: &Tree, ast: Ast, ty: Option<&Ty>) -> Result<(FnId, Ty), Vec<Diagnostic>> {
    let span = tree.span(ast);
    let mut scopes = Scopes::default();
    let mut states = Vec::new();
    for (text, state) in &module.known {
        let Some(name) = tree.lookup(text) else { continue };
        scopes.add(span.file, Def { name, span, item: 0, kind: DefKind::Constant, rule: None });
        states.push(state.clone());
    }
    let (program, errors) = Program::expression(tree, ast, &[], scopes);
    if !errors.is_empty() {
        return Err(errors);
    }
    let mut lowerer = Lowerer::new(std::mem::take(&mut module.graph), &program);
    lowerer.marks = false;
    lowerer.graph.current_origin = 0;
    lowerer.states = states;
    lowerer.globals = module.globals.iter().map(|global| variable(&mut lowerer, global)).collect();
    for global in &module.globals {
        lowerer.defaults.extend(global.vars.iter().copied().zip(global.default.iter().copied()));
    }
    let value = lowerer.eval(ast);
    let value = match ty {
        Some(ty) => lowerer.convert(value, ty, "this value", span),
        None => value,
    };
    let ty = ty.cloned().unwrap_or_else(|| value.ty(&lowerer.graph));
    if ty.has_function() && !value.is_error() {
        lowerer.error(Diagnostic::new(
            Code::NumberWanted,
            span,
            "a number or an array is wanted here, not a function",
        ));
    }
    let id = lowerer.diagnostics.is_empty().then(|| lowerer.constant_function("value", &value));
    let completed = crate::diff::complete(&mut lowerer.graph, &mut module.partials);
    lowerer.known(completed, ast);
    module.graph = lowerer.graph;
    match id {
        Some(id) if lowerer.diagnostics.is_empty() => Ok((id, ty)),
        Some(_) | None => Err(lowerer.diagnostics),
    }
}

fn variable(lowerer: &mut Lowerer, global: &super::Global) -> Value {
    let flat: Vec<_> = global.vars.iter().map(|&var| lowerer.graph.variable(var)).collect();
    Value::from_flat(&global.ty, &mut flat.into_iter())
}

/// The definitions of the first file that outlive the check, with their names.
pub fn known(lowerer: &Lowerer) -> Vec<(String, State)> {
    let scopes = &lowerer.program.scopes;
    let own = scopes.visible(0);
    let visible = scopes.all_provided().filter(|&(name, _)| scopes.lookup(0, name).is_none()).chain(own);
    let mut known: Vec<(String, State)> = Vec::new();
    for (name, def) in visible {
        match &lowerer.states[def.0 as usize] {
            state @ State::Function(_) => known.push((lowerer.tree.text(name).to_string(), state.clone())),
            state @ State::Value(value) if !value.is_error() && !value.ty(&lowerer.graph).has_function() => {
                known.push((lowerer.tree.text(name).to_string(), state.clone()));
            }
            State::Pending | State::Failed | State::Type | State::Generic(_) | State::Value(_) => {}
        }
    }
    known.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    known
}
