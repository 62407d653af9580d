//! Definitions: parameters with their types and assumptions, names of lengths, the result.

use super::{Look, Raised, Raiser};
use crate::core::{Elem, Ex, FnId, Node, VarId};
use crate::print::face::{Dim, Face, ParamFace, Shape};
use crate::syntax::tree::{Ast, BinaryOp, Expr, Item, ItemKind, Param, Span, TypeExpr};
use std::collections::HashSet;

impl Raiser<'_> {
    pub(super) fn definition(mut self, f: FnId) -> Item {
        let face = self.faces.get(self.graph, f);
        let results = self.graph.function(f).results.clone();
        self.take_names(&face, &results);
        self.name_sizes(&face);
        let mut params = self.params(&face);
        self.assumptions(&face, &mut params);
        let (body, bindings, result) = self.body(&face, &results);
        let body = self.let_after(bindings, body);
        if self.mixes {
            params.iter_mut().for_each(|param| param.ty = param.ty.take().or(Some(TypeExpr::Real)));
        }
        let name = self.tree.intern(face.name.rsplit('.').next().unwrap_or(&face.name));
        let span = Span::default();
        Item {
            span,
            doc: face.doc.clone(),
            comments: Vec::new(),
            kind: ItemKind::Function { name, name_span: span, params, result, body },
        }
    }

    /// Keeps the names of parameters, functions and the file from being given to parts.
    fn take_names(&mut self, face: &Face, results: &[Ex]) {
        for param in &face.params {
            self.names.take(&param.name);
        }
        self.names.take(&face.name);
        for callee in self.graph.callees(results) {
            let callee = self.faces.get(self.graph, callee);
            self.names.take(&callee.name);
        }
    }

    // ── Lengths ──────────────────────────────────────────────────────────────────────────────────

    /// Gives every length of a parameter its name: the author's, or a new one.
    fn name_sizes(&mut self, face: &Face) {
        let shown = face.params.iter().filter(|param| !param.global);
        let leaves: Vec<(VarId, Vec<Dim>)> = shown.flat_map(leaves).collect();
        for (_, dims) in &leaves {
            for dim in dims {
                if let Dim::Name(name) = dim {
                    self.names.give(name);
                }
            }
        }
        for (var, dims) in &leaves {
            for axis in 0..self.graph.var(*var).ty.rank as usize {
                let array = self.graph.variable(*var);
                let size = self.graph.size(array, axis);
                if let Some(Dim::Name(name)) = dims.get(axis) {
                    self.name_size(size, name);
                    let named = Raised { look: Look::Int, ..self.name(name) };
                    self.lengths.insert((*var, axis as u32), named);
                }
            }
        }
        for (var, _) in &leaves {
            for axis in 0..self.graph.var(*var).ty.rank as usize {
                let array = self.graph.variable(*var);
                let size = self.graph.size(array, axis);
                let own = matches!(self.graph.node(size), Node::Size { array: of, .. } if of == array);
                if own && !self.sizes.contains_key(&size) {
                    let name = self.names.size();
                    self.name_size(size, &name);
                }
            }
        }
    }

    fn name_size(&mut self, size: Ex, name: &str) {
        if matches!(self.graph.node(size), Node::Size { .. }) && !self.sizes.contains_key(&size) {
            let named = Raised { look: Look::Int, ..self.name(name) };
            self.sizes.insert(size, named);
        }
    }

    // ── Parameters ───────────────────────────────────────────────────────────────────────────────

    fn params(&mut self, face: &Face) -> Vec<Param> {
        let mut params = Vec::new();
        for param in face.params.iter().filter(|param| !param.global) {
            let mut vars = param.vars.iter().copied();
            let ty = self.type_of(&param.shape, &mut vars);
            let name = self.tree.intern(&param.name);
            let ty = (ty != TypeExpr::Real).then_some(ty);
            params.push(Param { name, span: Span::default(), ty, assume: None });
        }
        params
    }

    fn type_of(&mut self, shape: &Shape, vars: &mut dyn Iterator<Item = VarId>) -> TypeExpr {
        match shape {
            Shape::Leaf(dims) => {
                let var = vars.next().expect("a variable for each leaf");
                let ty = self.graph.var(var).ty;
                let elem = element(ty.elem);
                if ty.is_scalar() {
                    return elem;
                }
                let array = self.graph.variable(var);
                let mut sizes = Vec::new();
                for axis in 0..ty.rank as usize {
                    sizes.push(match dims.get(axis) {
                        Some(Dim::Formula(ast)) => *ast,
                        Some(Dim::Fixed(n)) => self.integer(*n).ast,
                        Some(Dim::Name(name)) => self.name(name).ast,
                        Some(Dim::Unknown) | None => {
                            let size = self.graph.size(array, axis);
                            self.alone(size).ast
                        }
                    });
                }
                TypeExpr::Array(Box::new(elem), sizes)
            }
            Shape::Tuple(shapes) => {
                TypeExpr::Tuple(shapes.iter().map(|shape| self.type_of(shape, vars)).collect())
            }
            Shape::Record(fields) => {
                let field =
                    |(name, shape): &(String, Shape)| (self.tree.intern(name), self.type_of(shape, vars));
                TypeExpr::Record(fields.iter().map(field).collect())
            }
        }
    }

    /// Adds what a call must meet to the last parameter that it is about.
    fn assumptions(&mut self, face: &Face, params: &mut [Param]) {
        let shown: Vec<&ParamFace> = face.params.iter().filter(|param| !param.global).collect();
        for cond in self.graph.function(face.id).requires.clone() {
            let used: HashSet<VarId> = self.variables_of(&[cond]);
            let about = |param: &&ParamFace| param.vars.iter().any(|var| used.contains(var));
            let Some(at) = shown.iter().rposition(about) else { continue };
            self.scopes.push(super::Scope::default());
            self.bind_params(face, &used);
            let raised = self.alone(cond);
            let scope = self.scopes.pop().expect("pushed above");
            let cond = self.let_in(scope.bindings, raised.ast);
            if self.is_trivial(cond) {
                continue;
            }
            params[at].assume = Some(match params[at].assume {
                Some(before) => self.add(Expr::Binary(BinaryOp::And, before, cond)),
                None => cond,
            });
        }
        self.variables.clear();
    }

    /// `n == n`
    fn is_trivial(&self, cond: Ast) -> bool {
        let Expr::Compare(left, links) = self.tree.expr(cond) else { return false };
        let [(crate::syntax::tree::CompareOp::Equal, right)] = links[..] else { return false };
        crate::syntax::print::same(self.tree, *left, self.tree, right)
    }

    fn variables_of(&self, roots: &[Ex]) -> HashSet<VarId> {
        let nodes = self.graph.reach(roots).into_iter();
        nodes
            .filter_map(|ex| if let Node::Var(var) = self.graph.node(ex) { Some(var) } else { None })
            .collect()
    }

    /// Says what the variables of the parameters are; tuples that are used are taken apart.
    fn bind_params(&mut self, face: &Face, used: &HashSet<VarId>) {
        for param in &face.params {
            if !param.vars.iter().any(|var| used.contains(var)) {
                continue;
            }
            let whole = self.name(&param.name);
            let names: Vec<String> = param.vars.iter().map(|&var| self.graph.var(var).name.clone()).collect();
            let values = self.open(&param.shape, whole, &mut names.into_iter());
            for (&var, value) in param.vars.iter().zip(values) {
                let elem = self.graph.var(var).ty.elem;
                let look = if elem == Elem::Int { Look::Int } else { Look::Plain };
                self.variables.insert(var, Raised { look, ..value });
            }
        }
    }

    // ── The body ─────────────────────────────────────────────────────────────────────────────────

    /// The body, the names that it uses, and the type of the result where the checker needs it.
    fn body(&mut self, face: &Face, results: &[Ex]) -> (Ast, Vec<super::Binding>, Option<TypeExpr>) {
        self.scopes.push(super::Scope::default());
        let used = self.variables_of(results);
        self.bind_params(face, &used);
        let params = self.scopes.pop().expect("pushed above").bindings;
        let (values, mut bindings) = self.within(results);
        bindings.splice(0..0, params);
        let looks = values.iter().zip(results).any(|(value, &ex)| {
            let int = value.look == Look::Int && self.graph.ty(ex).elem == Elem::Real;
            int && !self.chooses_literals(value.ast)
        });
        let result = if looks { self.result_type(&face.result, &mut results.iter().copied()) } else { None };
        let values: Vec<Raised> = match (looks, &result) {
            (true, None) => {
                let real = |&ex: &Ex| self.graph.ty(ex).elem == Elem::Real;
                let reals: Vec<bool> = results.iter().map(real).collect();
                values
                    .into_iter()
                    .zip(reals)
                    .map(|(v, real)| if real { self.as_real(v) } else { v })
                    .collect()
            }
            (true, Some(_)) | (false, _) => values,
        };
        let body = self.structure(&face.result, &mut values.into_iter());
        (body.ast, bindings, result)
    }

    /// Whether this is a number or a choice of numbers, which the checker takes for reals in a result.
    fn chooses_literals(&self, ast: Ast) -> bool {
        let mut stack = vec![ast];
        while let Some(ast) = stack.pop() {
            match self.tree.expr(ast) {
                Expr::If { arms, otherwise, .. } => {
                    stack.extend(arms.iter().map(|&(_, value)| value));
                    stack.push(*otherwise);
                }
                _other if self.is_literal(ast) => {}
                _other => return false,
            }
        }
        true
    }

    /// The type of a result, if its lengths can be said before the body.
    fn result_type(&mut self, shape: &Shape, flat: &mut dyn Iterator<Item = Ex>) -> Option<TypeExpr> {
        match shape {
            Shape::Leaf(_) => {
                let ex = flat.next()?;
                let ty = self.graph.ty(ex);
                if ty.is_scalar() {
                    return Some(element(ty.elem));
                }
                let mut sizes = Vec::new();
                for size in self.graph.shape(ex) {
                    let terms = self.graph.affine(size).terms;
                    if !terms.iter().all(|(term, _)| self.sizes.contains_key(term)) {
                        return None;
                    }
                    sizes.push(self.alone(size).ast);
                }
                Some(TypeExpr::Array(Box::new(element(ty.elem)), sizes))
            }
            Shape::Tuple(shapes) => {
                let parts = shapes.iter().map(|shape| self.result_type(shape, flat));
                Some(TypeExpr::Tuple(parts.collect::<Option<_>>()?))
            }
            Shape::Record(fields) => {
                let mut types = Vec::new();
                for (name, shape) in fields {
                    types.push((self.tree.intern(name), self.result_type(shape, flat)?));
                }
                Some(TypeExpr::Record(types))
            }
        }
    }
}

fn element(elem: Elem) -> TypeExpr {
    match elem {
        Elem::Real => TypeExpr::Real,
        Elem::Int => TypeExpr::Int,
        Elem::Bool => TypeExpr::Bool,
    }
}

/// The variables of a parameter, each with the lengths that its annotation gives.
fn leaves(param: &ParamFace) -> Vec<(VarId, Vec<Dim>)> {
    fn collect(shape: &Shape, vars: &mut dyn Iterator<Item = VarId>, found: &mut Vec<(VarId, Vec<Dim>)>) {
        match shape {
            Shape::Leaf(dims) => found.extend(vars.next().map(|var| (var, dims.clone()))),
            Shape::Tuple(shapes) => shapes.iter().for_each(|shape| collect(shape, vars, found)),
            Shape::Record(fields) => fields.iter().for_each(|(_, shape)| collect(shape, vars, found)),
        }
    }
    let mut found = Vec::new();
    collect(&param.shape, &mut param.vars.iter().copied(), &mut found);
    found
}
