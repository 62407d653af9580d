//! Forms over an index: comprehensions and reductions, and where an index without a range gets
//! its own.

use super::builtins::Builtin;
use super::lower::Lowerer;
use super::names::{LocalId, Ref};
use super::sequential::Keep;
use super::value::{Value, describe};
use crate::core::{AccumOp, Elem, Ex, Type, VarId};
use crate::syntax::diagnostic::{Code, Diagnostic};
use crate::syntax::tree::{Ast, BinaryOp, Expr, For, Reducer, Subscript};

impl Lowerer<'_> {
    /// The forms that bind a name other than by `let`.
    pub fn binding_form(&mut self, ast: Ast) -> Value {
        let tree = self.tree;
        match tree.expr(ast) {
            Expr::Comprehension { body, over, cond } => self.comprehension(ast, *body, over, *cond),
            Expr::Reduce { op, body, over, cond } => self.reduce(ast, *op, *body, over, *cond),
            Expr::Fold { trace, .. } => self.fold(ast, if *trace { Keep::Later } else { Keep::Last }),
            Expr::Iterate { .. } => self.iterate(ast, Keep::Last),
            Expr::Derivative { kind, body, by } => {
                let spans: Vec<_> = by.iter().map(|&(_, span)| span).collect();
                self.derivative(ast, *kind, *body, &spans)
            }
            _other => unreachable!("binds nothing"),
        }
    }

    /// Whether a call is `states(fold(…))` or `scatter(a, [(i, v) for …])`.
    pub fn is_form(&self, callee: Ast, args: &[Ast]) -> bool {
        match (self.program.names.of(callee), args) {
            (Ref::Builtin(Builtin::States), &[of]) => {
                matches!(self.tree.expr(of), Expr::Fold { trace: false, .. } | Expr::Iterate { .. })
            }
            (Ref::Builtin(Builtin::Scatter), &[_, points]) => {
                matches!(self.tree.expr(points), Expr::Comprehension { .. } | Expr::Array(_))
            }
            _other => false,
        }
    }

    /// A call for which [`Self::is_form`] holds.
    pub fn loop_form(&mut self, callee: Ast, args: &[Ast], ast: Ast) -> Value {
        if self.program.names.of(callee) == Ref::Builtin(Builtin::States) {
            return match self.tree.expr(args[0]) {
                Expr::Fold { .. } => self.fold(args[0], Keep::All),
                _iterate => self.iterate(args[0], Keep::All),
            };
        }
        self.scatter(args[0], args[1], ast)
    }

    /// An array with values added at indices: a point gives the indices, then the value.
    fn scatter(&mut self, init: Ast, points: Ast, ast: Ast) -> Value {
        let tree = self.tree;
        let start = self.eval(init);
        let (body, over, cond) = match tree.expr(points) {
            Expr::Comprehension { body, over, cond } => (body, over, cond),
            Expr::Array(asts) => {
                return asts.iter().fold(start, |array, point| {
                    let value = self.eval(*point);
                    self.mark(ast);
                    self.add_at(array, &[], value, None, (init, *point))
                });
            }
            _other => unreachable!("the points"),
        };
        let scope: Vec<Ast> = [Some(*body), *cond].into_iter().flatten().collect();
        let Some(binders) = self.ranges(points, over, &scope) else { return Value::Error };
        let mut filter = None;
        if let Some(cond) = *cond {
            let value = self.eval(cond);
            let Some(given) = self.condition(&value, cond) else { return Value::Error };
            filter = Some(given);
        }
        let value = self.eval(*body);
        self.mark(ast);
        self.add_at(start, &binders, value, filter, (init, *body))
    }

    /// An array with what a point says added for each value of the binders.
    fn add_at(
        &mut self,
        array: Value,
        over: &[VarId],
        point: Value,
        filter: Option<Ex>,
        (init, body): (Ast, Ast),
    ) -> Value {
        if array.is_error() || point.is_error() {
            return Value::Error;
        }
        let Some(array) = self.number_or_array(&array, init) else { return Value::Error };
        let rank = self.graph.ty(array).rank as usize;
        let parts = match point {
            Value::Tuple(parts) if parts.len() == rank + 1 && rank > 0 => parts,
            other => {
                let ty = describe(&other.ty(&self.graph));
                let message = format!("an index for each axis and a value are wanted here, not {ty}");
                return self.error(Diagnostic::new(Code::BuiltinForm, self.span(body), message));
            }
        };
        let one = self.graph.int(1);
        let mut at = Vec::new();
        for part in &parts[..rank] {
            let Some(i) = self.integer(part, body) else { return Value::Error };
            at.push(self.graph.sub(i, one));
        }
        let Some(mut term) = self.number_or_array(&parts[rank], body) else { return Value::Error };
        let ints = self.graph.ty(array).elem == Elem::Int && self.graph.ty(term) == Type::INT;
        let array = if ints { array } else { self.reals(array) };
        if !ints {
            term = self.graph.to_real(term);
        }
        if let Some(cond) = filter {
            let (first, zero) = (self.graph.int(0), self.graph.real(0.0));
            term = self.graph.select(cond, term, if ints { first } else { zero });
            // Where the condition does not hold, the index may be anything.
            at.iter_mut().for_each(|i| *i = self.graph.select(cond, *i, first));
        }
        Value::Ex(self.graph.accum(AccumOp::Sum, array, over, &at, term))
    }

    /// Binds the indices of a loop; gives their binders.
    pub fn ranges(&mut self, ast: Ast, over: &[For], bodies: &[Ast]) -> Option<Vec<VarId>> {
        let locals = self.program.names.indices[&ast].clone();
        let mut binders = Vec::new();
        for (index, &local) in over.iter().zip(&locals) {
            let (first, len) = match index.range {
                Some((lo, hi)) => {
                    let (a, b) = (self.eval(lo), self.eval(hi));
                    self.mark(ast);
                    let (a, b) = (self.integer(&a, lo), self.integer(&b, hi));
                    self.range(a?, b?)
                }
                None => self.range_of_uses(ast, index, local, locals[0], bodies)?,
            };
            let name = self.tree.text(index.name);
            let binder = self.binder(name, len);
            binders.push(binder);
            let at = self.graph.variable(binder);
            let value = self.graph.add(at, first);
            self.set(local, Value::Ex(value));
        }
        Some(binders)
    }

    /// The first index and the length of `a..b`.
    fn range(&mut self, a: Ex, b: Ex) -> (Ex, Ex) {
        let one = self.graph.int(1);
        let before = self.graph.sub(a, one);
        (a, self.graph.sub(b, before))
    }

    /// The range of `for i` alone: all `i` from 1 on for which every use as an index is inside.
    fn range_of_uses(
        &mut self,
        ast: Ast,
        index: &For,
        local: LocalId,
        outer: LocalId,
        bodies: &[Ast],
    ) -> Option<(Ex, Ex)> {
        let mut lowest = 1;
        let mut highest: Option<Ex> = None;
        for (array, axis, offset, at) in self.uses(local, outer, bodies) {
            let value = self.eval(array);
            self.mark(ast);
            let array = match value.plain() {
                Some(ex) if axis < self.graph.ty(ex).rank as usize => ex,
                Some(_) | None => return None,
            };
            lowest = lowest.max(1 - offset);
            let size = self.graph.size(array, axis);
            let offset = self.graph.int(offset);
            let last = self.graph.sub(size, offset);
            highest = Some(match highest {
                None => last,
                Some(before) => self.nearer(before, last, at)?,
            });
        }
        let Some(last) = highest else {
            let name = self.tree.text(index.name);
            let error = Diagnostic::new(
                Code::UnknownRange,
                index.span,
                format!("the range of `{name}` is not known"),
            );
            self.error(
                error.help(format!(
                    "no array of the outside is indexed by `{name}`; write `for {name} in 1..n`"
                )),
            );
            return None;
        };
        let first = self.graph.int(lowest);
        Some(self.range(first, last))
    }

    /// The smaller of two ends, which differ by a constant or must be equal.
    fn nearer(&mut self, a: Ex, b: Ex, at: Ast) -> Option<Ex> {
        let difference = self.graph.sub(a, b);
        match self.graph.as_int(difference) {
            Some(difference) => Some(if difference <= 0 { a } else { b }),
            None => self.same_length(a, b, at),
        }
    }

    /// Where an index is used as `i + c` for an array from outside the loop: the array, the axis,
    /// `c` and the place.
    fn uses(&self, local: LocalId, outer: LocalId, bodies: &[Ast]) -> Vec<(Ast, usize, i64, Ast)> {
        let mut found: Vec<(Ast, usize, i64, Ast)> = Vec::new();
        let mut stack: Vec<Ast> = bodies.to_vec();
        while let Some(ast) = stack.pop() {
            if let Expr::Index { array, at } = self.tree.expr(ast) {
                for (axis, subscript) in at.iter().enumerate() {
                    if let Subscript::At(e) = subscript
                        && let Some(offset) = self.offset(*e, local)
                        && self.is_outside(*array, outer)
                    {
                        found.push((*array, axis, offset, ast));
                    }
                }
            }
            super::walk::operands(self.tree, ast, |operand| stack.push(operand));
        }
        found.sort_unstable_by_key(|use_| use_.3);
        found.dedup_by_key(|use_| (self.tree.source(self.span(use_.0)), use_.1, use_.2));
        found
    }

    /// `c` when the expression is `i + c`.
    fn offset(&self, ast: Ast, local: LocalId) -> Option<i64> {
        let integer = |ast: Ast| match self.tree.expr(ast) {
            Expr::Number { integer, .. } => *integer,
            _other => None,
        };
        match self.tree.expr(ast) {
            Expr::Name(_) => (self.program.names.of(ast) == Ref::Local(local)).then_some(0),
            Expr::Binary(BinaryOp::Add, a, b) => {
                match (self.offset_leaf(*a, local), self.offset_leaf(*b, local)) {
                    (true, false) => integer(*b),
                    (false, true) => integer(*a),
                    (true, true) | (false, false) => None,
                }
            }
            Expr::Binary(BinaryOp::Sub, a, b) if self.offset_leaf(*a, local) => integer(*b).map(|c| -c),
            _other => None,
        }
    }

    fn offset_leaf(&self, ast: Ast, local: LocalId) -> bool {
        self.program.names.of(ast) == Ref::Local(local)
    }

    /// Whether an expression uses no name that is bound by the loop or inside it.
    fn is_outside(&self, root: Ast, outer: LocalId) -> bool {
        let mut stack = vec![root];
        while let Some(ast) = stack.pop() {
            if let Ref::Local(local) = self.program.names.of(ast)
                && local >= outer
            {
                return false;
            }
            super::walk::operands(self.tree, ast, |operand| stack.push(operand));
        }
        true
    }

    fn comprehension(&mut self, ast: Ast, body: Ast, over: &[For], cond: Option<Ast>) -> Value {
        if let Some(cond) = cond {
            let error = Diagnostic::new(
                Code::FilteredArray,
                self.span(cond),
                "an array has an element for every index",
            );
            return self.error(error.help("choose the element: `[if c then e else 0 for …]`"));
        }
        let Some(mut binders) = self.ranges(ast, over, &[body]) else { return Value::Error };
        let value = self.eval(body);
        self.mark(ast);
        let Some(element) = self.number_or_array(&value, body) else { return Value::Error };
        let mut shape: Vec<Ex> = binders.iter().map(|&b| self.graph.len_of(b)).collect();
        shape.extend(self.graph.shape(element));
        if shape.iter().any(|&len| self.graph.depends_on_any(len, &binders)) {
            let error =
                Diagnostic::new(Code::RaggedRows, self.span(ast), "the rows of this array differ in length");
            return self
                .error(error.help("an array is rectangular: let the range not depend on another index"));
        }
        if shape.len() > 4 {
            let error = Diagnostic::new(Code::TooManyAxes, self.span(ast), "an array has at most four axes");
            return self.error(error);
        }
        if self.graph.ty(element).is_array() {
            let inner = self.binders(element);
            binders.extend(&inner);
            let element = self.element(element, &inner);
            return Value::Ex(self.graph.build(&binders, element));
        }
        Value::Ex(self.graph.build(&binders, element))
    }

    fn reduce(&mut self, ast: Ast, op: Reducer, body: Ast, over: &[For], cond: Option<Ast>) -> Value {
        let scope: Vec<Ast> = [Some(body), cond].into_iter().flatten().collect();
        let Some(binders) = self.ranges(ast, over, &scope) else { return Value::Error };
        let mut filter = None;
        if let Some(cond) = cond {
            let value = self.eval(cond);
            let Some(given) = self.condition(&value, cond) else { return Value::Error };
            filter = Some(given);
            self.frame.conditions.push((given, true));
        }
        let value = self.eval(body);
        self.mark(ast);
        if filter.is_some() {
            self.frame.conditions.pop();
        }
        let Some(term) = self.number_or_array(&value, body) else { return Value::Error };
        if self.graph.ty(term).is_array() {
            return self.reduce_arrays(op, &binders, filter, term, (ast, body));
        }
        self.reduce_scalars(op, &binders, filter, term, body)
    }

    /// A reduction of a scalar term over index variables, under a filter.
    pub fn reduce_scalars(
        &mut self,
        op: Reducer,
        over: &[VarId],
        filter: Option<Ex>,
        term: Ex,
        ast: Ast,
    ) -> Value {
        let boolean = matches!(op, Reducer::Any | Reducer::All | Reducer::Count);
        let value = Value::Ex(term);
        if boolean != (self.graph.ty(term) == Type::BOOL) {
            return match boolean {
                true => self.condition(&value, ast).map_or(Value::Error, Value::Ex),
                false => self.not_a_number(&value, ast),
            };
        }
        let term = match op {
            Reducer::Any | Reducer::Count => self.one_where(term),
            Reducer::All => {
                let fails = self.graph.not(term);
                self.one_where(fails)
            }
            // The product of integers soon leaves their range, the extreme of nothing is infinite.
            Reducer::Prod | Reducer::Max | Reducer::Min => self.graph.to_real(term),
            Reducer::Sum => term,
        };
        let int = self.graph.ty(term).elem == Elem::Int;
        let (accum, unit) = match op {
            Reducer::Sum | Reducer::Any | Reducer::All | Reducer::Count => (AccumOp::Sum, 0.0),
            Reducer::Prod => (AccumOp::Prod, 1.0),
            Reducer::Max => (AccumOp::Max, f64::NEG_INFINITY),
            Reducer::Min => (AccumOp::Min, f64::INFINITY),
        };
        let unit = if int { self.graph.int(unit as i64) } else { self.graph.real(unit) };
        let term = match filter {
            Some(cond) => self.graph.select(cond, term, unit),
            None => term,
        };
        let total = self.graph.accum(accum, unit, over, &[], term);
        let zero = self.graph.int(0);
        Value::Ex(match op {
            Reducer::Any => self.graph.lt(zero, total),
            Reducer::All => self.graph.eq(total, zero),
            Reducer::Sum | Reducer::Prod | Reducer::Max | Reducer::Min | Reducer::Count => total,
        })
    }

    fn one_where(&mut self, cond: Ex) -> Ex {
        let (one, zero) = (self.graph.int(1), self.graph.int(0));
        self.graph.select(cond, one, zero)
    }

    /// A sum of arrays is the array of the sums; each array is made once.
    fn reduce_arrays(
        &mut self,
        op: Reducer,
        over: &[VarId],
        filter: Option<Ex>,
        array: Ex,
        (ast, body): (Ast, Ast),
    ) -> Value {
        let ty = Value::Ex(array).ty(&self.graph);
        if op != Reducer::Sum || self.graph.ty(array).elem == Elem::Bool {
            let error = Diagnostic::new(
                Code::NumberWanted,
                self.span(body),
                format!("a number is wanted here, not {}", describe(&ty)),
            );
            return self.error(error.help("reduce its elements: `max(A[i, j] for i, j)`"));
        }
        let shape = self.graph.shape(array);
        if shape.iter().any(|&len| self.graph.depends_on_any(len, over)) {
            let error = Diagnostic::new(
                Code::LengthsDiffer,
                self.span(ast),
                "the arrays of this sum differ in length",
            );
            return self.error(error);
        }
        let zero = self.graph.zeros(self.graph.ty(array).elem, &shape);
        let inner = self.binders(array);
        let at: Vec<Ex> = inner.iter().map(|&b| self.graph.variable(b)).collect();
        let mut term = self.graph.index(array, &at);
        if let Some(cond) = filter {
            let nothing = match self.graph.ty(array).elem {
                Elem::Int => self.graph.int(0),
                Elem::Real | Elem::Bool => self.graph.real(0.0),
            };
            term = self.graph.select(cond, term, nothing);
        }
        let all: Vec<VarId> = over.iter().chain(&inner).copied().collect();
        Value::Ex(self.graph.accum(AccumOp::Sum, zero, &all, &at, term))
    }
}
