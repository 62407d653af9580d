//! The partials of primitives: the text in a row of the table, lowered once and then filled in.

use super::lower::Lowerer;
use super::program::Program;
use super::value::Value;
use crate::core::{Ex, Graph, Type, VarId};
use crate::diff::{Rules, Unknown};
use crate::primitive::Prim;
use crate::syntax::parse::parse_expression;
use crate::syntax::tree::Tree;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// The partials that were used so far in one graph.
#[derive(Debug, Default)]
pub struct Partials {
    known: HashMap<(Prim, usize), Template>,
}

/// A partial over variables for the arguments and the value of its primitive.
#[derive(Debug, Clone)]
struct Template {
    vars: Vec<VarId>,
    partial: Ex,
}

/// The text of a partial that is 0 whatever the arguments are.
const NEVER: &str = "0";

impl Rules for Partials {
    fn partial(
        &mut self,
        graph: &mut Graph,
        p: Prim,
        k: usize,
        args: &[Ex],
        out: Ex,
    ) -> Result<Option<Ex>, Unknown> {
        if p.row().partials.get(k) == Some(&Some(NEVER)) {
            return Ok(None);
        }
        let template = match self.known.entry((p, k)) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(template(graph, p, k)?),
        };
        let map: Vec<(VarId, Ex)> =
            template.vars.iter().copied().zip(args.iter().copied().chain([out])).collect();
        Ok(Some(graph.substitute(template.partial, &map)))
    }
}

fn template(graph: &mut Graph, p: Prim, k: usize) -> Result<Template, Unknown> {
    let row = p.row();
    let argument = row.args.get(k).copied().unwrap_or("?");
    let message = format!("the derivative of `{}` by `{argument}` is not known", row.name);
    let unknown = Unknown { message, origin: graph.current_origin };
    let Some(text) = row.partials.get(k).copied().flatten() else { return Err(unknown) };
    let mut tree = Tree::default();
    let Ok(ast) = parse_expression(&mut tree, row.name, text) else { return Err(unknown) };
    let names: Vec<&str> = row.args.iter().copied().chain(["out"]).collect();
    let names: Vec<_> = names.iter().map(|name| tree.intern(name)).collect();
    let (program, errors) = Program::expression(&tree, ast, &names, Default::default());
    if !errors.is_empty() {
        return Err(unknown);
    }
    let vars: Vec<VarId> = names.iter().map(|&name| graph.param(tree.text(name), Type::REAL)).collect();
    let origin = graph.current_origin;
    let mut lowerer = Lowerer::new(std::mem::take(graph), &program);
    lowerer.marks = false;
    for (local, &var) in vars.iter().enumerate() {
        let value = lowerer.graph.variable(var);
        lowerer.set(super::names::LocalId(local as u32), Value::Ex(value));
    }
    let value = lowerer.eval(ast);
    let partial =
        value.plain().filter(|&ex| lowerer.graph.ty(ex).is_scalar() && lowerer.graph.ty(ex) != Type::BOOL);
    let partial = partial.map(|ex| lowerer.graph.to_real(ex));
    *graph = lowerer.graph;
    graph.current_origin = origin;
    partial.map(|partial| Template { vars, partial }).ok_or(unknown)
}
