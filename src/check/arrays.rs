//! Operators on arrays: elementwise, products, transposition, literals.

use super::lower::Lowerer;
use super::value::{Value, describe};
use crate::core::{AccumOp, Elem, Ex, VarId};
use crate::syntax::diagnostic::{Code, Diagnostic};
use crate::syntax::tree::{Ast, BinaryOp};

impl Lowerer<'_> {
    /// An operator with an array on at least one side.
    pub fn array_binary(&mut self, op: BinaryOp, left: (Value, Ex), right: (Value, Ex), ast: Ast) -> Value {
        use BinaryOp::*;
        let (a, b) = (left.1, right.1);
        let (m, n) = (self.graph.ty(a).rank, self.graph.ty(b).rank);
        let row = matches!(left.0, Value::Row(_)) || matches!(right.0, Value::Row(_));
        match op {
            Add | Sub if m != n => self.unequal(op, a, b, ast),
            DotAdd | DotSub | DotMul | DotDiv if m != n && m > 0 && n > 0 => self.unequal(op, a, b, ast),
            Add | Sub | DotAdd | DotSub | DotMul | DotDiv => self.elementwise(op, a, b, row, ast),
            Mul | Juxtapose if m == 0 || n == 0 => self.elementwise(op, a, b, row, ast),
            Mul | Juxtapose => self.array_product(left, right, ast),
            Div if n == 0 => self.elementwise(op, a, b, row, ast),
            Div => {
                let error = Diagnostic::new(Code::DivisionByArray, self.span(ast), "division by an array");
                self.error(error.help("elementwise division is `./`"))
            }
            Pow => self.matrix_power(a, b, ast),
            Inner if m == 1 && n == 1 => match self.dot(a, b, ast) {
                Some(sum) => Value::Ex(sum),
                None => Value::Error,
            },
            Cross if m == 1 && n == 1 => self.cross(a, b, ast),
            Inner | Cross => {
                let (a, b) = (describe(&left.0.ty(&self.graph)), describe(&right.0.ty(&self.graph)));
                let sign = if op == Inner { "·" } else { "×" };
                let error =
                    Diagnostic::new(Code::NoProduct, self.span(ast), format!("`{sign}` of {a} and {b}"));
                self.error(error.help("it takes two vectors; other products are `*`"))
            }
            And | Or => Value::Error,
        }
    }

    fn unequal(&mut self, op: BinaryOp, a: Ex, b: Ex, ast: Ast) -> Value {
        let types = [a, b].map(|ex| describe(&Value::Ex(ex).ty(&self.graph)));
        let message = format!("{} with {}", types[0], types[1]);
        let error =
            Diagnostic::new(Code::ShapesDiffer, self.span(ast), format!("{message}: the shapes differ"));
        let scalar = self.graph.ty(a).is_scalar() || self.graph.ty(b).is_scalar();
        let help = match (scalar, op) {
            (true, BinaryOp::Add) => "a scalar is added to every element by `.+`",
            (true, BinaryOp::Sub) => "a scalar is subtracted from every element by `.-`",
            _other => "build the array by its elements: `[… for i in 1..n]`",
        };
        self.error(error.help(help))
    }

    /// The operator between the elements of two arrays, or of an array and a scalar.
    fn elementwise(&mut self, op: BinaryOp, a: Ex, b: Ex, row: bool, ast: Ast) -> Value {
        let Some(over) = self.common_binders(&[a, b], ast) else { return Value::Error };
        let x = if self.graph.ty(a).is_array() { self.element(a, &over) } else { a };
        let y = if self.graph.ty(b).is_array() { self.element(b, &over) } else { b };
        let body = self.scalar_binary(op, x, y);
        let array = self.graph.build(&over, body);
        if row { Value::Row(array) } else { Value::Ex(array) }
    }

    /// Index variables over arrays of one shape; scalars among them do not matter.
    pub fn common_binders(&mut self, operands: &[Ex], ast: Ast) -> Option<Vec<VarId>> {
        let arrays: Vec<Ex> = operands.iter().copied().filter(|&ex| self.graph.ty(ex).is_array()).collect();
        let (&first, rest) = arrays.split_first()?;
        let mut shape = self.graph.shape(first);
        for &other in rest {
            let lengths = self.graph.shape(other);
            shape = shape
                .into_iter()
                .zip(lengths)
                .map(|(a, b)| self.same_length(a, b, ast))
                .collect::<Option<_>>()?;
        }
        let names = ["i", "j", "k", "l"];
        Some(shape.into_iter().zip(names).map(|(len, name)| self.binder(name, len)).collect())
    }

    /// `*` between two arrays, rows and columns told apart.
    fn array_product(&mut self, left: (Value, Ex), right: (Value, Ex), ast: Ast) -> Value {
        let (a, b) = (left.1, right.1);
        let ranks = (self.graph.ty(a).rank, self.graph.ty(b).rank);
        match (left.0, right.0, ranks) {
            (Value::Row(_), Value::Ex(_), (1, 1)) => self.dot(a, b, ast).map_or(Value::Error, Value::Ex),
            (Value::Ex(_), Value::Row(_), (1, 1)) => self.outer(a, b),
            (Value::Row(_), Value::Ex(_), (1, 2)) => match self.product(a, b, ast) {
                Value::Ex(row) => Value::Row(row),
                other => other,
            },
            (_, _, (1 | 2, 2) | (2, 1)) => self.product(a, b, ast),
            _other => {
                let types = [a, b].map(|ex| describe(&Value::Ex(ex).ty(&self.graph)));
                let error = Diagnostic::new(
                    Code::NoProduct,
                    self.span(ast),
                    format!("`*` of {} and {}", types[0], types[1]),
                );
                self.error(
                    error.help("the dot product is `a·b` or `dot(a, b)`, the elementwise product `a .* b`"),
                )
            }
        }
    }

    /// The matrix product; a vector is a row on the left and a column on the right.
    pub fn product(&mut self, a: Ex, b: Ex, ast: Ast) -> Value {
        let (m, n) = (self.graph.ty(a).rank as usize, self.graph.ty(b).rank as usize);
        let (left, right) = (self.graph.size(a, m - 1), self.graph.size(b, 0));
        let Some(inner) = self.same_length(left, right, ast) else { return Value::Error };
        let mut over = Vec::new();
        if m == 2 {
            let len = self.graph.size(a, 0);
            over.push(self.binder("i", len));
        }
        if n == 2 {
            let len = self.graph.size(b, 1);
            over.push(self.binder("j", len));
        }
        let k = self.binder("k", inner);
        let at_a = if m == 2 { vec![over[0], k] } else { vec![k] };
        let at_b = if n == 2 { vec![k, over[over.len() - 1]] } else { vec![k] };
        let (x, y) = (self.element(a, &at_a), self.element(b, &at_b));
        let term = self.scalar_binary(BinaryOp::Mul, x, y);
        let sum = self.sum(&[k], term);
        Value::Ex(self.graph.build(&over, sum))
    }

    /// The sum of a scalar over index variables.
    pub fn sum(&mut self, over: &[VarId], term: Ex) -> Ex {
        let zero = match self.graph.ty(term).elem {
            Elem::Int => self.graph.int(0),
            Elem::Real | Elem::Bool => self.graph.real(0.0),
        };
        self.graph.accum(AccumOp::Sum, zero, over, &[], term)
    }

    /// The sum of the products of the elements of two vectors.
    pub fn dot(&mut self, a: Ex, b: Ex, ast: Ast) -> Option<Ex> {
        let over = self.common_binders(&[a, b], ast)?;
        let (x, y) = (self.element(a, &over), self.element(b, &over));
        let term = self.scalar_binary(BinaryOp::Mul, x, y);
        Some(self.sum(&over, term))
    }

    pub fn outer(&mut self, a: Ex, b: Ex) -> Value {
        let (m, n) = (self.graph.size(a, 0), self.graph.size(b, 0));
        let over = [self.binder("i", m), self.binder("j", n)];
        let (x, y) = (self.element(a, &over[..1]), self.element(b, &over[1..]));
        let body = self.scalar_binary(BinaryOp::Mul, x, y);
        Value::Ex(self.graph.build(&over, body))
    }

    pub fn cross(&mut self, a: Ex, b: Ex, ast: Ast) -> Value {
        let three = self.graph.int(3);
        for v in [a, b] {
            let len = self.graph.size(v, 0);
            if self.same_length(three, len, ast).is_none() {
                return Value::Error;
            }
        }
        let mut part = |v: Ex, i: usize| {
            let at = self.graph.int(i as i64 % 3);
            self.graph.index(v, &[at])
        };
        let parts: Vec<(Ex, Ex)> = (0..3).map(|i| (part(a, i), part(b, i))).collect();
        let elems: Vec<Ex> = (0..3)
            .map(|i| {
                let ((a1, b1), (a2, b2)) = (parts[(i + 1) % 3], parts[(i + 2) % 3]);
                let plus = self.scalar_binary(BinaryOp::Mul, a1, b2);
                let minus = self.scalar_binary(BinaryOp::Mul, a2, b1);
                self.scalar_binary(BinaryOp::Sub, plus, minus)
            })
            .collect();
        Value::Ex(self.graph.lit(&elems, &[3]))
    }

    pub fn transpose(&mut self, value: Value, ast: Ast) -> Value {
        let Some(ex) = self.number_or_array(&value, ast) else { return Value::Error };
        match (self.graph.ty(ex).rank, value) {
            (0, value) => value,
            (1, Value::Row(ex)) => Value::Ex(ex),
            (1, _) => Value::Row(ex),
            (2, _) => {
                let over = self.binders(ex);
                let over = [over[1], over[0]];
                let body = self.element(ex, &[over[1], over[0]]);
                Value::Ex(self.graph.build(&over, body))
            }
            (_, value) => {
                let ty = describe(&value.ty(&self.graph));
                let error = Diagnostic::new(Code::OfArray, self.span(ast), format!("the transpose of {ty}"));
                self.error(error.help("name the order of its axes: `[a[k, j, i] for i in …]`"))
            }
        }
    }

    /// `[a, b, c]`: of scalars, or of arrays of one shape.
    pub fn array(&mut self, parts: Vec<Value>, ast: Ast) -> Value {
        if parts.iter().any(Value::is_error) {
            return Value::Error;
        }
        if parts.is_empty() {
            return Value::Ex(self.graph.lit(&[], &[0]));
        }
        let asts: Vec<Ast> = match self.tree.expr(ast) {
            crate::syntax::tree::Expr::Array(asts) => asts.clone(),
            _generated => vec![ast; parts.len()],
        };
        let mut plain = Vec::new();
        for (part, &of) in parts.iter().zip(&asts) {
            match self.number_or_array(part, of) {
                Some(ex) => plain.push(ex),
                None => return Value::Error,
            }
        }
        let rank = self.graph.ty(plain[0]).rank;
        if rank >= 4 {
            let error = Diagnostic::new(Code::TooManyAxes, self.span(ast), "an array has at most four axes");
            return self.error(error);
        }
        let elem = if plain.iter().all(|&ex| self.graph.ty(ex).elem == self.graph.ty(plain[0]).elem) {
            self.graph.ty(plain[0]).elem
        } else {
            Elem::Real
        };
        for (ex, &of) in plain.iter_mut().zip(&asts) {
            let ty = self.graph.ty(*ex);
            if ty.rank != rank || (ty.elem == Elem::Bool) != (elem == Elem::Bool) {
                let error = Diagnostic::new(
                    Code::ElementType,
                    self.span(of),
                    "the elements of an array are of one type",
                );
                let message = format!("{} here", describe(&Value::Ex(*ex).ty(&self.graph)));
                return self.error(error.label(message));
            }
            if elem == Elem::Real {
                *ex = self.reals(*ex);
            }
        }
        if rank == 0 { Value::Ex(self.graph.lit(&plain, &[plain.len()])) } else { self.stack(&plain, &asts) }
    }

    /// An array of arrays: a literal when all lengths are known, else a choice by the first index.
    fn stack(&mut self, rows: &[Ex], asts: &[Ast]) -> Value {
        for (&row, &of) in rows.iter().zip(asts).skip(1) {
            if self.same_shape(rows[0], row, of).is_none() {
                return Value::Error;
            }
        }
        let shape = self.graph.shape(rows[0]);
        let known: Option<Vec<usize>> =
            shape.iter().map(|&len| self.graph.as_int(len).and_then(|n| usize::try_from(n).ok())).collect();
        if let Some(dims) = known.filter(|dims| dims.iter().product::<usize>() * rows.len() <= 1 << 20) {
            let mut elems = Vec::new();
            for &row in rows {
                self.elements(row, &dims, &mut Vec::new(), &mut elems);
            }
            let dims: Vec<usize> = std::iter::once(rows.len()).chain(dims).collect();
            return Value::Ex(self.graph.lit(&elems, &dims));
        }
        let count = self.graph.int(rows.len() as i64);
        let first = self.binder("i", count);
        let inner = self.binders(rows[0]);
        let at = self.graph.variable(first);
        let mut body = self.element(rows[rows.len() - 1], &inner);
        for (k, &row) in rows.iter().enumerate().rev().skip(1) {
            let k = self.graph.int(k as i64);
            let here = self.graph.eq(at, k);
            let element = self.element(row, &inner);
            body = self.graph.select(here, element, body);
        }
        let over: Vec<VarId> = std::iter::once(first).chain(inner).collect();
        Value::Ex(self.graph.build(&over, body))
    }

    fn elements(&mut self, array: Ex, dims: &[usize], at: &mut Vec<Ex>, elems: &mut Vec<Ex>) {
        if at.len() == dims.len() {
            let element = self.graph.index(array, at);
            elems.push(element);
            return;
        }
        for i in 0..dims[at.len()] {
            let i = self.graph.int(i as i64);
            at.push(i);
            self.elements(array, dims, at, elems);
            at.pop();
        }
    }
}
