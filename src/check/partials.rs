//! The formulas of primitives: the text in a row of the table, lowered once and then filled in.

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

/// The formulas of the table that were used so far in one graph.
#[derive(Debug, Default)]
pub struct Partials {
    known: HashMap<(Prim, Formula), Template>,
    /// Whether loops keep what is dear for the way back.
    pub keeping: bool,
}

/// A formula of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Formula {
    /// The partial by an argument.
    Partial(usize),
    Kink,
    Domain,
}

/// A formula over variables for the arguments and the value of its primitive.
#[derive(Debug, Clone)]
struct Template {
    vars: Vec<VarId>,
    formula: Ex,
}

impl Partials {
    /// A formula of the row, filled in; `None` where it cannot be read.
    fn fill(
        &mut self,
        graph: &mut Graph,
        (p, formula): (Prim, Formula),
        text: &str,
        args: &[Ex],
        out: Ex,
    ) -> Option<Ex> {
        let template = match self.known.entry((p, formula)) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(template(graph, p, formula, text)?),
        };
        let map: Vec<(VarId, Ex)> =
            template.vars.iter().copied().zip(args.iter().copied().chain([out])).collect();
        Some(graph.substitute(template.formula, &map))
    }

    /// The condition under which a primitive has a value; `None` where it always has one.
    pub fn domain(&mut self, graph: &mut Graph, p: Prim, args: &[Ex]) -> Option<Ex> {
        let text = Some(p.row().domain).filter(|text| !text.is_empty())?;
        let out = args[0]; // a domain does not name it
        self.fill(graph, (p, Formula::Domain), text, args, out)
    }
}

impl Rules for Partials {
    fn partial(
        &mut self,
        graph: &mut Graph,
        p: Prim,
        k: usize,
        args: &[Ex],
        out: Ex,
    ) -> Result<Option<Ex>, Unknown> {
        let row = p.row();
        let text = row.partials.get(k).copied().flatten();
        if row.is_constant_in(k) {
            return Ok(None);
        }
        let filled = text.and_then(|text| self.fill(graph, (p, Formula::Partial(k)), text, args, out));
        filled.map(Some).ok_or_else(|| {
            let argument = row.args.get(k).copied().unwrap_or("?");
            let message = format!("the derivative of `{}` by `{argument}` is not known", row.name);
            Unknown { message, origin: graph.current_origin }
        })
    }

    fn kink(&mut self, graph: &mut Graph, p: Prim, args: &[Ex], out: Ex) -> Option<Ex> {
        let text = Some(p.row().kink).filter(|text| !text.is_empty())?;
        self.fill(graph, (p, Formula::Kink), text, args, out)
    }

    fn keeps(&self) -> bool {
        self.keeping
    }
}

fn template(graph: &mut Graph, p: Prim, formula: Formula, text: &str) -> Option<Template> {
    let row = p.row();
    let mut tree = Tree::default();
    let ast = parse_expression(&mut tree, row.name, text).ok()?;
    let names: Vec<&str> = row.args.iter().copied().chain(["out"]).collect();
    let names: Vec<_> = names.iter().map(|name| tree.intern(name)).collect();
    let (program, errors) = Program::expression(&tree, ast, &names, Default::default());
    if !errors.is_empty() {
        return None;
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
    let value = value.plain().filter(|&ex| lowerer.graph.ty(ex).is_scalar());
    let condition = matches!(formula, Formula::Kink | Formula::Domain);
    let fits = |graph: &Graph, ex: Ex| (graph.ty(ex) == Type::BOOL) == condition;
    let value = value.filter(|&ex| fits(&lowerer.graph, ex));
    let formula = match formula {
        Formula::Partial(_) => value.map(|ex| lowerer.graph.to_real(ex)),
        Formula::Kink | Formula::Domain => value,
    };
    *graph = lowerer.graph;
    graph.current_origin = origin;
    formula.map(|formula| Template { vars, formula })
}
