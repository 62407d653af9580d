//! `diff` and `pullback`: derivatives as definitions of the notation, in a file that every command
//! takes. What they call is defined in it too.

use super::derive::{Deriver, Mode};
use super::plan::real_leaves;
use super::{Session, Variable, is_real};
use crate::check::{self, Signature, Ty};
use crate::core::{Ex, FnId, Graph, VarId};
use crate::diff::Unknown;
use crate::print::{Dim, Face, Faces, ParamFace, Shape, raise};
use crate::refuse;
use crate::syntax::diagnostic::Code;
use crate::syntax::print;
use crate::syntax::tree::{Item, ItemKind, Span};
use anyhow::Result;
use std::collections::{HashMap, HashSet};

/// More derivatives of one order are not printed.
const MOST_MIXED: u64 = 1000;

/// Which derivatives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// The derivatives of an order by each variable and, beyond the first, by all together.
    Grad {
        order: u32,
    },
    Jac,
    Hess,
    Jvp,
    Vjp,
}

/// One definition for each derivative has at most this many parameters in all; where there would be
/// more, one definition has all derivatives.
const MOST_PARAMS: usize = 1 << 18;

/// Definitions that answer a question, after those that they need.
pub struct Formulas {
    /// What the definitions need: `param`s and functions.
    pub needed: Vec<Item>,
    pub asked: Vec<Item>,
}

impl Formulas {
    /// The file.
    pub fn text(&self, session: &Session) -> String {
        let items: Vec<Item> = self.needed.iter().chain(&self.asked).cloned().collect();
        print::file(&session.tree, &items)
    }
}

/// The derivatives of a function as formulas.
pub fn derivatives(
    session: &mut Session,
    function: Option<&str>,
    wrt: &[String],
    what: What,
) -> Result<Formulas> {
    let signature = session.function(function)?;
    derivatives_of(session, &signature, wrt, what)
}

/// The derivatives of one of the session's functions as formulas.
pub fn derivatives_of(
    session: &mut Session,
    signature: &Signature,
    wrt: &[String],
    what: What,
) -> Result<Formulas> {
    let variables = session.variables(signature, wrt)?;
    if variables.is_empty() {
        refuse!(Code::Question, "`{}` has no real parameter to differentiate by", signature.name);
    }
    let mut writer = Writer::new(session);
    let asked = writer.derivatives(signature, &variables, what)?;
    writer.finish(asked)
}

/// The pullbacks of the functions, or of the one that is named.
pub fn pullbacks(session: &mut Session, function: Option<&str>, wrt: &[String]) -> Result<Formulas> {
    let signatures = match function {
        Some(name) => vec![session.function(Some(name))?],
        None => {
            session.function(None)?;
            session.module.functions.clone()
        }
    };
    let mut asked = Vec::new();
    let mut writer = Writer::new(session);
    for signature in &signatures {
        let variables = writer.session.variables(signature, wrt)?;
        let reals = signature.result.leaves().iter().any(|(_, ty)| is_real(ty));
        if !variables.is_empty() && reals {
            asked.push(writer.pullback(signature, &variables, "pullback")?);
        }
    }
    if asked.is_empty() {
        refuse!(Code::Question, "no function here has a real parameter and a real result");
    }
    writer.finish(asked)
}

/// Makes functions, gives them faces, and writes them.
struct Writer<'a> {
    session: &'a mut Session,
    faces: Faces,
}

impl<'a> Writer<'a> {
    fn new(session: &'a mut Session) -> Self {
        let mut faces = Faces::new();
        for global in &session.module.globals {
            faces.take(&global.name);
        }
        for signature in session.module.functions.clone() {
            faces.insert(face(
                session,
                &signature,
                signature.id,
                &signature.name,
                Vec::new(),
                shape(&signature.result),
            ));
        }
        let functions = &session.module.functions;
        let is_param = |name: &str| functions.iter().any(|f| f.params.iter().any(|(param, _)| param == name));
        faces.provide(&session.module.graph, is_param);
        Writer { session, faces }
    }

    fn derive<T>(&mut self, make: impl FnOnce(&mut Deriver) -> Result<T, Unknown>) -> Result<T> {
        let forms = self.session.forms;
        let module = &mut self.session.module;
        let mut deriver =
            Deriver { graph: &mut module.graph, rules: &mut module.partials, mode: Mode::Auto, forms };
        make(&mut deriver).map_err(|unknown| self.session.unknown(&unknown))
    }

    fn derivatives(
        &mut self,
        signature: &Signature,
        variables: &[Variable],
        what: What,
    ) -> Result<Vec<FnId>> {
        let f = signature.id;
        let single = matches!(variables, [v] if v.ty == Ty::Real);
        let what = match what {
            // All second derivatives, those by elements of arrays too.
            What::Grad { order: 2 } if !single => What::Hess,
            what => what,
        };
        let leaves = real_leaves(&self.session.module.graph, variables);
        let names = leaf_names(variables);
        let function = &signature.name;
        if matches!(what, What::Hess) && signature.result != Ty::Real {
            refuse!(
                Code::Question,
                "`{function}` has no single real result, so it has no Hessian; ask for `--what jac`"
            );
        }
        match what {
            What::Grad { order: 1 } | What::Jac => {
                let result = real_shape(&signature.result);
                let entries = self.derive(|d| {
                    let results = d.real_results(f);
                    match &results[..] {
                        [e] if d.graph.ty(*e).is_scalar() => d.gradient(*e, &leaves),
                        _ => {
                            let each = |d: &mut Deriver, &v| {
                                results.iter().map(|&e| d.jacobian(e, v)).collect::<Result<Vec<_>, _>>()
                            };
                            leaves
                                .iter()
                                .map(|v| each(d, v))
                                .collect::<Result<Vec<_>, _>>()
                                .map(|all| all.concat())
                        }
                    }
                })?;
                if leaves.len().saturating_mul(self.session.module.graph.function(f).params.len())
                    > MOST_PARAMS
                {
                    return Ok(vec![self.together(signature, &names, entries)?]);
                }
                let count = entries.len() / leaves.len();
                let mut asked = Vec::new();
                for (k, (name, ty)) in names.iter().enumerate() {
                    let own = entries[k * count..(k + 1) * count].to_vec();
                    let result = with_axes(&result, ty);
                    asked.push(self.function(signature, &format!("d{function}_d{name}"), own, result)?);
                }
                Ok(asked)
            }
            What::Grad { order } => self.of_order(signature, &names, &leaves, order),
            What::Hess => {
                let entries = self.derive(|d| d.hessian(f, &leaves))?;
                let mut asked = Vec::new();
                for (k, entry) in entries.into_iter().enumerate() {
                    let (a, b) = (&names[k / names.len()], &names[k % names.len()]);
                    let result = with_axes(&with_axes(&Shape::PLAIN, &a.1), &b.1);
                    let name = if a.0 == b.0 {
                        format!("d2{function}_d{}2", a.0)
                    } else {
                        format!("d2{function}_d{}d{}", a.0, b.0)
                    };
                    asked.push(self.function(signature, &name, vec![entry], result)?);
                }
                Ok(asked)
            }
            What::Jvp => {
                let id = self.derive(|d| d.jvp_function(f, &leaves))?;
                let tangents = variables.iter().map(|v| (format!("{}_dot", v.name), v.ty.clone())).collect();
                let count = signature.result.leaves().iter().filter(|(_, ty)| is_real(ty)).count();
                let result = Shape::Tuple(vec![shape(&signature.result), Shape::flat(count)]);
                let face = face(self.session, signature, id, &format!("{function}_jvp"), tangents, result);
                self.faces.insert(face);
                Ok(vec![id])
            }
            What::Vjp => Ok(vec![self.pullback(signature, variables, "vjp")?]),
        }
    }

    /// All derivatives as one function: `f_grad(x, y) = (…, …)`.
    fn together(&mut self, signature: &Signature, names: &[(String, Ty)], entries: Vec<Ex>) -> Result<FnId> {
        let result = real_shape(&signature.result);
        let shapes = names.iter().map(|(_, ty)| with_axes(&result, ty)).collect();
        let id =
            self.function(signature, &format!("{}_grad", signature.name), entries, Shape::Tuple(shapes))?;
        let doc =
            format!("The derivatives of `{}` by its {} variables, in order.", signature.name, names.len());
        self.faces.document(id, doc);
        Ok(id)
    }

    /// The derivatives of an order by scalar variables, each mixed one once.
    fn of_order(
        &mut self,
        signature: &Signature,
        names: &[(String, Ty)],
        leaves: &[VarId],
        order: u32,
    ) -> Result<Vec<FnId>> {
        let function = &signature.name;
        if signature.result != Ty::Real {
            refuse!(
                Code::Question,
                "`{function}` has no single real result; derivatives of order {order} are for those that have"
            );
        }
        if let Some((name, _)) = names.iter().find(|(_, ty)| *ty != Ty::Real) {
            refuse!(
                Code::Question,
                "`{name}` is not a single real number: choose others with --wrt, or ask for --what hess"
            );
        }
        let count = (1..=u64::from(order)).fold(1, |count, k| count * (names.len() as u64 - 1 + k) / k);
        if count > MOST_MIXED {
            refuse!(
                Code::Question,
                "`{function}` has {count} derivatives of order {order}: choose variables with --wrt"
            );
        }
        let entries = self.derive(|d| d.mixed(signature.id, leaves, order as usize))?;
        let mut asked = Vec::new();
        for (by, entry) in entries {
            let mut below = String::new();
            for run in by.chunk_by(|a, b| a == b) {
                let times = if run.len() > 1 { run.len().to_string() } else { String::new() };
                below.push_str(&format!("d{}{times}", names[run[0]].0));
            }
            let name = format!("d{order}{function}_{below}");
            asked.push(self.function(signature, &name, vec![entry], Shape::PLAIN)?);
        }
        Ok(asked)
    }

    /// The pullback of a function: `f_pullback(x, y, f_bar) = (x_bar, y_bar)`.
    fn pullback(&mut self, signature: &Signature, variables: &[Variable], suffix: &str) -> Result<FnId> {
        let leaves = real_leaves(&self.session.module.graph, variables);
        let id = self.derive(|d| d.vjp_function(signature.id, &leaves))?;
        let parts: Vec<Shape> = variables.iter().map(|v| real_shape(&v.ty)).collect();
        let result = match &parts[..] {
            [one] => one.clone(),
            _ => Shape::Tuple(parts),
        };
        let name = format!("{}_{suffix}", signature.name);
        let seeds = vec![(format!("{}_bar", signature.name), signature.result.clone())];
        let face = face(self.session, signature, id, &name, seeds, result);
        self.faces.insert(face);
        Ok(id)
    }

    /// A new function of the parameters of another.
    fn function(
        &mut self,
        signature: &Signature,
        name: &str,
        results: Vec<Ex>,
        result: Shape,
    ) -> Result<FnId> {
        let id = self.derive(|d| d.finish(signature.id, name, &[], results))?;
        let face = face(self.session, signature, id, name, Vec::new(), result);
        self.faces.insert(face);
        Ok(id)
    }

    /// The definitions of what was asked and of all that it needs.
    fn finish(self, asked: Vec<FnId>) -> Result<Formulas> {
        let Writer { session, mut faces } = self;
        let order = in_order(&session.module.graph, &faces, &asked);
        for &id in &order {
            // Derived functions that nobody asked for by name, and those made for certain functions.
            name_derived(&session.module.graph, &mut faces, id);
        }
        let mut needed = Vec::new();
        let mut used: HashSet<usize> = HashSet::new();
        let globals = session.module.globals.iter().enumerate();
        let globals: HashMap<VarId, usize> =
            globals.flat_map(|(at, global)| global.vars.iter().map(move |&v| (v, at))).collect();
        for &id in &order {
            let params = &session.module.graph.function(id).params;
            let mut own: Vec<usize> = params.iter().filter_map(|v| globals.get(v).copied()).collect();
            own.sort_unstable();
            own.retain(|&at| used.insert(at));
            needed.extend(global_items(session, &own));
        }
        let wanted: HashSet<FnId> = asked.iter().copied().collect();
        let mut answers = HashMap::new();
        for id in order {
            let item = raise::definition(&mut session.module.graph, &mut session.tree, &faces, id);
            if wanted.contains(&id) {
                answers.insert(id, item);
            } else {
                needed.push(item);
            }
        }
        let asked = asked.iter().filter_map(|id| answers.remove(id)).collect();
        Ok(Formulas { needed, asked })
    }
}

/// These `param`s as the file has them.
fn global_items(session: &Session, wanted: &[usize]) -> Vec<Item> {
    if wanted.is_empty() {
        return Vec::new();
    }
    let constants = session.tree.items.iter().filter_map(|item| match &item.kind {
        ItemKind::Constant { name_span, .. } => Some((*name_span, item)),
        ItemKind::Function { .. }
        | ItemKind::Type { .. }
        | ItemKind::Import { .. }
        | ItemKind::Rule { .. }
        | ItemKind::Test { .. } => None,
    });
    let constants: HashMap<Span, &Item> = constants.collect();
    let item = |&at: &usize| {
        let item = constants[&session.module.globals[at].span].clone();
        Item { comments: Vec::new(), span: Span::default(), ..item }
    };
    wanted.iter().map(item).collect()
}

/// A function and all that it calls, callees first; of those that call one another, in any order.
fn in_order(graph: &Graph, faces: &Faces, roots: &[FnId]) -> Vec<FnId> {
    let (mut order, mut seen) = (Vec::new(), HashSet::new());
    let mut stack: Vec<(FnId, bool)> = roots.iter().rev().map(|&id| (id, false)).collect();
    while let Some((id, done)) = stack.pop() {
        if done {
            order.push(id);
        } else if seen.insert(id) {
            stack.push((id, true));
            let callees = graph.callees(&graph.function(id).results).into_iter().rev();
            let defined = callees.filter(|&callee| !faces.is_provided(graph, callee));
            stack.extend(defined.map(|callee| (callee, false)));
        }
    }
    order
}

/// Gives a function that the file does not define a face under a name of its own.
fn name_derived(graph: &Graph, faces: &mut Faces, id: FnId) {
    if faces.knows(id) {
        return;
    }
    let plain = Face::plain(graph, id);
    let mut name = plain.name.clone();
    let mut number = 2;
    while faces.names().contains(&name) {
        name = format!("{}{number}", plain.name);
        number += 1;
    }
    faces.insert(Face { name, ..plain });
}

/// How the author sees a function like another: its parameters, then more.
fn face(
    session: &Session,
    signature: &Signature,
    id: FnId,
    name: &str,
    more: Vec<(String, Ty)>,
    result: Shape,
) -> Face {
    let own = session.parameters(signature).into_iter().map(|v| (v, false));
    let globals = session.globals(signature).into_iter().map(|(_, v)| (v, true));
    let mut params: Vec<ParamFace> = own
        .chain(globals)
        .map(|(v, global)| ParamFace { name: v.name, vars: v.leaves, shape: shape(&v.ty), global })
        .collect();
    let known: usize = params.iter().map(|p| p.vars.len()).sum();
    let mut rest = session.module.graph.function(id).params[known..].iter().copied();
    for (name, ty) in more {
        let shape = real_shape(&ty);
        let vars = rest.by_ref().take(shape.count()).collect();
        params.push(ParamFace { name, vars, shape, global: false });
    }
    Face { id, name: name.to_string(), doc: Vec::new(), params, result }
}

/// The structure of a type.
fn shape(ty: &Ty) -> Shape {
    match ty {
        Ty::Array { dims, .. } => Shape::Leaf(dims.iter().map(dim).collect()),
        Ty::Tuple(parts) => Shape::Tuple(parts.iter().map(shape).collect()),
        Ty::Record(fields) => {
            Shape::Record(fields.iter().map(|(name, ty)| (name.clone(), shape(ty))).collect())
        }
        Ty::Real | Ty::Int | Ty::Bool | Ty::Function(..) | Ty::Error => Shape::PLAIN,
    }
}

/// The structure of the real part of a type.
fn real_shape(ty: &Ty) -> Shape {
    match ty {
        Ty::Tuple(parts) => Shape::Tuple(parts.iter().filter(|ty| has_real(ty)).map(real_shape).collect()),
        Ty::Record(fields) => Shape::Record(
            fields
                .iter()
                .filter(|(_, ty)| has_real(ty))
                .map(|(name, ty)| (name.clone(), real_shape(ty)))
                .collect(),
        ),
        Ty::Real | Ty::Int | Ty::Bool | Ty::Array { .. } | Ty::Function(..) | Ty::Error => shape(ty),
    }
}

fn has_real(ty: &Ty) -> bool {
    ty.leaves().iter().any(|(_, ty)| is_real(ty))
}

fn dim(dim: &check::Dim) -> Dim {
    match dim {
        check::Dim::Any => Dim::Unknown,
        check::Dim::Fixed(n) => Dim::Fixed(*n),
        check::Dim::Name(name) => Dim::Name(name.clone()),
        check::Dim::Formula { ast, .. } => Dim::Formula(*ast),
    }
}

/// A structure whose every array has the axes of a variable's type after its own.
fn with_axes(result: &Shape, ty: &Ty) -> Shape {
    match result {
        Shape::Leaf(dims) => {
            let Shape::Leaf(more) = shape(ty) else { return Shape::PLAIN };
            Shape::Leaf(dims.iter().cloned().chain(more).collect())
        }
        Shape::Tuple(parts) => Shape::Tuple(parts.iter().map(|part| with_axes(part, ty)).collect()),
        Shape::Record(fields) => {
            Shape::Record(fields.iter().map(|(name, field)| (name.clone(), with_axes(field, ty))).collect())
        }
    }
}

/// The name and type of each real leaf of the variables: `x`, `p_x`.
fn leaf_names(variables: &[Variable]) -> Vec<(String, Ty)> {
    let leaves = variables.iter().flat_map(|v| {
        v.ty.leaves()
            .into_iter()
            .filter(|(_, ty)| is_real(ty))
            .map(|(path, ty)| (format!("{}{path}", v.name), ty.clone()))
    });
    leaves.collect()
}
