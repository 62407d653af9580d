//! Parameters of core functions: variables for the scalars and arrays of each parameter, the
//! lengths that their types declare, the assumptions that calls must meet.

use super::lower::Lowerer;
use super::names::Params;
use super::scope::DefKind;
use super::state::State;
use super::types::{Dim, Ty};
use super::value::Value;
use crate::core::{Ex, Type, VarId};
use crate::syntax::diagnostic::{Code, Diagnostic};
use crate::syntax::tree::{Ast, BinaryOp, Expr, Param, UnaryOp};
use std::collections::HashMap;

/// The expression of a size may be this deep.
const MOST_DEPTH: usize = 100;

impl Lowerer<'_> {
    /// A parameter as variables, appended to `vars`.
    pub fn parameter(&mut self, name: &str, ty: &Ty, vars: &mut Vec<VarId>) -> Value {
        if *ty == Ty::Real {
            let var = self.graph.param(name, Type::REAL);
            vars.push(var);
            return Value::Ex(self.graph.variable(var));
        }
        let mut flat = Vec::new();
        for (path, leaf) in ty.leaves() {
            let Some(core) = leaf.core() else { continue };
            let var = self.graph.param(&format!("{name}{path}"), core);
            vars.push(var);
            flat.push(self.graph.variable(var));
        }
        Value::from_flat(ty, &mut flat.into_iter())
    }

    /// Appends the variables of the `param`s of the file.
    pub fn global_variables(&mut self, globals: &[u32], vars: &mut Vec<VarId>) {
        for &global in globals {
            for ex in self.globals[global as usize].flatten() {
                vars.extend(super::bindings::as_variable(&self.graph, ex));
            }
        }
    }

    /// Binds the names of the parameters and of the sizes in their types.
    pub fn bind_parameters(&mut self, names: &Params, tys: &[Ty], values: &[Value], file: u32) {
        for (&local, value) in names.params.iter().zip(values) {
            self.set(local, value.clone());
        }
        if tys.iter().all(|ty| *ty == Ty::Real) {
            return;
        }
        let mut sizes: HashMap<String, Ex> = HashMap::new();
        for ((&local, ty), value) in names.params.iter().zip(tys).zip(values) {
            if let (Ty::Int, Some(ex)) = (ty, value.plain()) {
                sizes.insert(self.tree.text(self.program.names.local(local).name).to_string(), ex);
            }
        }
        let leaves: Vec<(Ex, &Ty)> = values
            .iter()
            .zip(tys)
            .filter(|(_, ty)| !ty.has_function())
            .flat_map(|(value, ty)| {
                value.flatten().into_iter().zip(ty.leaves().into_iter().map(|(_, leaf)| leaf))
            })
            .collect();
        for &(ex, leaf) in &leaves {
            let Ty::Array { dims, .. } = leaf else { continue };
            for (axis, dim) in dims.iter().enumerate() {
                if let Dim::Name(text) = dim
                    && !sizes.contains_key(text)
                    && let Some(&(_, local)) =
                        names.sizes.iter().find(|(name, _)| self.tree.text(*name) == text)
                {
                    let size = self.graph.size(ex, axis);
                    sizes.insert(text.clone(), size);
                    self.set(local, Value::Ex(size));
                }
            }
        }
        for (ex, leaf) in leaves {
            self.declare_shape(ex, leaf, &sizes, file);
        }
    }

    /// Gives an array variable the lengths that its type declares.
    fn declare_shape(&mut self, array: Ex, ty: &Ty, sizes: &HashMap<String, Ex>, file: u32) {
        let Ty::Array { dims, .. } = ty else { return };
        if dims.iter().all(|dim| *dim == Dim::Any) {
            return;
        }
        let mut shape = Vec::new();
        for (axis, dim) in dims.iter().enumerate() {
            let declared = match dim {
                Dim::Any => None,
                Dim::Fixed(n) => Some(self.graph.int(*n)),
                Dim::Name(text) => sizes.get(text).copied().or_else(|| self.size_of_file(text, file)),
                Dim::Formula { ast, .. } => self.size_formula(*ast, sizes, 0),
            };
            let raw = self.graph.size(array, axis);
            shape.push(declared.unwrap_or(raw));
        }
        if let Some(var) = super::bindings::as_variable(&self.graph, array) {
            self.graph.var_mut(var).shape = Some(shape);
        }
    }

    /// A constant of the file as a size.
    fn size_of_file(&mut self, text: &str, file: u32) -> Option<Ex> {
        let name = self.tree.lookup(text)?;
        let def = self.program.scopes.lookup(file, name)?;
        let known = matches!(self.program.scopes.def(def).kind, DefKind::Constant | DefKind::Global(_));
        match &self.states[def.0 as usize] {
            State::Value(Value::Ex(ex)) if known && self.graph.ty(*ex) == Type::INT => Some(*ex),
            _other => None,
        }
    }

    /// The value of the expression of a size.
    fn size_formula(&mut self, ast: Ast, sizes: &HashMap<String, Ex>, depth: usize) -> Option<Ex> {
        let tree = self.tree;
        if depth <= MOST_DEPTH {
            match tree.expr(ast) {
                Expr::Number { integer: Some(n), .. } => return Some(self.graph.int(*n)),
                Expr::Name(name) => {
                    let text = tree.text(*name);
                    let known =
                        sizes.get(text).copied().or_else(|| self.size_of_file(text, self.span(ast).file));
                    if known.is_none() {
                        let error = Diagnostic::new(
                            Code::UnknownSize,
                            self.span(ast),
                            format!("the size `{text}` is not known"),
                        );
                        self.error(
                            error.help(format!(
                                "bind it by an array `R[{text}]` or a parameter `{text}: Int`"
                            )),
                        );
                    }
                    return known;
                }
                Expr::Unary(UnaryOp::Neg, a) => {
                    let a = self.size_formula(*a, sizes, depth + 1)?;
                    return Some(self.graph.neg(a));
                }
                Expr::Binary(op, a, b) => {
                    let (a, b) =
                        (self.size_formula(*a, sizes, depth + 1)?, self.size_formula(*b, sizes, depth + 1)?);
                    match op {
                        BinaryOp::Add => return Some(self.graph.add(a, b)),
                        BinaryOp::Sub => return Some(self.graph.sub(a, b)),
                        BinaryOp::Mul | BinaryOp::Juxtapose => return Some(self.graph.mul(a, b)),
                        _no_size => {}
                    }
                }
                _no_size => {}
            }
        }
        let error = Diagnostic::new(Code::NotASize, self.span(ast), "this is no size");
        self.error(error.help("a size is made of names and integers by +, - and *"));
        None
    }

    /// Adds the assumptions on the parameters to those that a call must meet.
    pub fn assumptions(&mut self, params: &[Param]) {
        for assume in params.iter().filter_map(|param| param.assume) {
            let value = self.eval(assume);
            if let Some(cond) = self.condition(&value, assume)
                && self.graph.as_bool(cond) != Some(true)
            {
                self.frame.requires.push(cond);
            }
        }
    }

    /// The value of a body as a result: integers that are only literals are reals.
    pub fn as_result(&mut self, value: Value) -> Value {
        match value {
            Value::Row(ex) => Value::Ex(ex),
            Value::Ex(ex) if self.graph.ty(ex) == Type::INT && self.is_literal(ex) => {
                Value::Ex(self.graph.to_real(ex))
            }
            Value::Ex(_) | Value::Function(_) | Value::Error => value,
            Value::Tuple(parts) => Value::Tuple(parts.into_iter().map(|part| self.as_result(part)).collect()),
            Value::Record(fields) => {
                Value::Record(fields.into_iter().map(|(name, field)| (name, self.as_result(field))).collect())
            }
        }
    }

    /// Whether an integer is a literal, or a choice of literals.
    fn is_literal(&self, root: Ex) -> bool {
        let mut stack = vec![root];
        let mut count = 0;
        while let Some(ex) = stack.pop() {
            count += 1;
            match self.graph.node(ex) {
                crate::core::Node::Int(_) => {}
                crate::core::Node::If { then, els, .. } if count < 1000 => stack.extend([then, els]),
                _computed => return false,
            }
        }
        true
    }
}
