//! Reductions: sums, products, extremes, counts, and values added up in an array.

use super::array::FOR;
use super::{Grade, Look, Raised, Raiser};
use crate::core::{AccumOp, Ex, Node, Type, VarId};
use crate::syntax::tree::{BinaryOp, Expr, Reducer, Subscript, UnaryOp};

/// A condition wider than this stays inside the term.
const WIDEST_FILTER: u32 = 60;

impl Raiser<'_> {
    /// `sum(e for i in 1..n if c)`
    pub(super) fn reduction(&mut self, op: AccumOp, init: Ex, over: &[VarId], value: Ex) -> Raised {
        for &var in over {
            self.bind_index(var, &[value], &[]);
        }
        let counted = self.counted_condition(op, init, value);
        let (cond, value) = match counted {
            Some(_) => (None, value),
            None => self.filter(op, value),
        };
        let (reducer, term) = match counted {
            Some(cond) => (Reducer::Count, self.alone(cond)),
            None => {
                let term = self.alone(value);
                (reducer(op), self.real_term(op, init, term))
            }
        };
        let over_asts = self.loops(over);
        self.unbind(over);
        let width = term.width + FOR * over.len() as u32 + cond.map_or(0, |c: Raised| c.width + 4) + 5;
        let cond = cond.map(|c| c.ast);
        let reduced =
            self.formula(Expr::Reduce { op: reducer, body: term.ast, over: over_asts, cond }, width);
        let int = match reducer {
            Reducer::Sum | Reducer::Prod => term.look == Look::Int,
            Reducer::Count => true,
            Reducer::Max | Reducer::Min | Reducer::Any | Reducer::All => false,
        };
        let reduced = Raised { look: if int { Look::Int } else { Look::Plain }, ..reduced };
        if self.is_unit(op, init) { reduced } else { self.combined(op, init, reduced) }
    }

    /// A reduction together with the value that it starts from.
    fn combined(&mut self, op: AccumOp, init: Ex, reduced: Raised) -> Raised {
        let init = self.form(init);
        let look = if init.look == Look::Int { reduced.look } else { Look::Plain };
        let raised = match op {
            AccumOp::Sum => self.binary(BinaryOp::Add, init, reduced),
            AccumOp::Prod => self.binary(BinaryOp::Mul, init, reduced),
            AccumOp::Max => self.apply("max", &[init, reduced]),
            AccumOp::Min => self.apply("min", &[init, reduced]),
            AccumOp::Replace => unreachable!("made for statements alone"),
        };
        Raised { look, ..raised }
    }

    /// Whether a reduction that starts here is the plain one.
    fn is_unit(&self, op: AccumOp, ex: Ex) -> bool {
        let unit = match op {
            AccumOp::Sum => 0.0,
            AccumOp::Prod => 1.0,
            AccumOp::Max => f64::NEG_INFINITY,
            AccumOp::Min => f64::INFINITY,
            AccumOp::Replace => return false,
        };
        self.graph.as_real(ex) == Some(unit) || self.graph.as_int(ex).is_some_and(|n| n as f64 == unit)
    }

    /// The condition when the sum counts how often it holds.
    fn counted_condition(&self, op: AccumOp, init: Ex, value: Ex) -> Option<Ex> {
        match self.graph.node(value) {
            Node::If { cond, then, els } if op == AccumOp::Sum && self.is_unit(op, init) => {
                let one_or_zero = self.is_unit(AccumOp::Prod, then) && self.is_unit(op, els);
                one_or_zero.then_some(cond)
            }
            _other => None,
        }
    }

    /// The condition under which a term counts at all, and the term.
    fn filter(&mut self, op: AccumOp, value: Ex) -> (Option<Raised>, Ex) {
        let Node::If { cond, then, els } = self.graph.node(value) else { return (None, value) };
        let negated = match (self.is_unit(op, els), self.is_unit(op, then)) {
            (true, _) => false,
            (false, true) => true,
            (false, false) => return (None, value),
        };
        let (raised, bindings) = self.within(&[cond]);
        if !bindings.is_empty() || raised[0].width > WIDEST_FILTER {
            return (None, value);
        }
        if negated {
            let opposite = self.unary(UnaryOp::Not, raised[0]);
            return (Some(opposite), els);
        }
        (Some(raised[0]), then)
    }

    /// Makes the checker reduce reals where integers might overflow.
    fn real_term(&mut self, op: AccumOp, init: Ex, term: Raised) -> Raised {
        let risky = match op {
            AccumOp::Sum => term.grade == Grade::Large,
            AccumOp::Prod => true,
            AccumOp::Max | AccumOp::Min | AccumOp::Replace => false,
        };
        if risky && self.graph.ty(init) == Type::REAL { self.as_real(term) } else { term }
    }

    // ── Arrays ───────────────────────────────────────────────────────────────────────────────────

    /// Values added up in an array: a sum of arrays where each is whole, else a scatter.
    pub(super) fn scatter(&mut self, init: Ex, over: &[VarId], at: &[Ex], value: Ex) -> Raised {
        let bodies: Vec<Ex> = at.iter().copied().chain([value]).collect();
        for &var in over {
            self.bind_index(var, &bodies, at);
        }
        let raised = match self.inner_indices(init, over, at) {
            Some(inner) => self.sum_of_arrays(init, over, &inner, value),
            None => self.scattered(init, over, at, value),
        };
        self.unbind(over);
        raised
    }

    /// The indices of the terms' arrays, when each term is an array of the whole shape.
    fn inner_indices(&mut self, init: Ex, over: &[VarId], at: &[Ex]) -> Option<Vec<VarId>> {
        let mut inner = Vec::new();
        for (axis, &e) in at.iter().enumerate() {
            let Node::Var(var) = self.graph.node(e) else { return None };
            let whole = over.contains(&var) && !inner.contains(&var);
            if !whole || self.graph.size(init, axis) != self.graph.len_of(var) {
                return None;
            }
            inner.push(var);
        }
        // An outer range cannot depend on an inner index.
        let outer = over.iter().filter(|var| !inner.contains(var));
        let fits = outer.clone().all(|&var| !self.graph.depends_on_any(self.graph.len_of(var), &inner));
        fits.then_some(inner)
    }

    /// `sum([v for j in 1..n] for i in 1..m)`
    fn sum_of_arrays(&mut self, init: Ex, over: &[VarId], inner: &[VarId], value: Ex) -> Raised {
        let outer: Vec<VarId> = over.iter().copied().filter(|var| !inner.contains(var)).collect();
        let start = (!self.is_zero_array(init)).then(|| self.form(init));
        if outer.is_empty() {
            return self.added_array(start, inner, value);
        }
        let (cond, value) = match self.graph.node(value) {
            Node::If { cond, .. } if !self.graph.depends_on_any(cond, inner) => {
                self.filter(AccumOp::Sum, value)
            }
            _other => (None, value),
        };
        let element = self.alone(value);
        let element = self.real_term(AccumOp::Sum, init, element);
        let width = element.width + FOR * over.len() as u32;
        let inner = self.loops(inner);
        let array = self.add(Expr::Comprehension { body: element.ast, over: inner, cond: None });
        let over = self.loops(&outer);
        let cond = cond.map(|cond| cond.ast);
        let sum = self.formula(Expr::Reduce { op: Reducer::Sum, body: array, over, cond }, width);
        match start {
            Some(start) => self.binary(BinaryOp::Add, start, sum),
            None => sum,
        }
    }

    /// `[a[i] + v for i in 1..n]`
    fn added_array(&mut self, start: Option<Raised>, inner: &[VarId], value: Ex) -> Raised {
        let element = self.alone(value);
        let mut body = element.ast;
        if let Some(start) = start {
            let at = inner.iter().map(|&var| self.graph.variable(var)).collect::<Vec<_>>();
            let at = at.into_iter().map(|e| self.subscript(e).ast).map(Subscript::At);
            let at = at.collect();
            let before = self.add(Expr::Index { array: start.ast, at });
            body = self.add(Expr::Binary(BinaryOp::Add, before, body));
        }
        let over = self.loops(inner);
        let width = element.width + FOR * over.len() as u32;
        self.formula(Expr::Comprehension { body, over, cond: None }, width)
    }

    /// `scatter(zeros(n), [(k[i], v) for i in 1..m if c])`
    fn scattered(&mut self, init: Ex, over: &[VarId], at: &[Ex], value: Ex) -> Raised {
        let before = value;
        let (cond, value) = if over.is_empty() { (None, value) } else { self.filter(AccumOp::Sum, value) };
        // Where the condition does not hold, the indices do not matter.
        let chosen = |e: &Ex| match (self.graph.node(before), self.graph.node(*e)) {
            (Node::If { cond: c, then, .. }, Node::If { cond: d, then: index, els })
                if cond.is_some() && c == d =>
            {
                if then == value {
                    index
                } else {
                    els
                }
            }
            _other => *e,
        };
        let at: Vec<Ex> = at.iter().map(chosen).collect();
        let bodies: Vec<Ex> = at.iter().copied().chain([value]).collect();
        let (parts, bindings) = self.within_then(&bodies, |this| {
            let mut parts: Vec<Raised> = at.iter().map(|&e| this.subscript(e)).collect();
            parts.push(this.form(value));
            parts
        });
        let width = self.width_of(&bindings) + parts.iter().map(|part| part.width + 2).sum::<u32>();
        let tuple = self.tuple(parts.iter().map(|part| part.ast).collect());
        let body = self.let_in(bindings, tuple);
        let points = match self.loops(over) {
            none if none.is_empty() => Expr::Array(vec![body]),
            over => Expr::Comprehension { body, over, cond: cond.map(|cond| cond.ast) },
        };
        let points = self.formula(points, width + FOR * over.len() as u32);
        let init = self.form(init);
        let scatter = self.names.function(&["scatter", "scatter_add"]);
        self.apply(scatter, &[init, points])
    }

    fn is_zero_array(&self, ex: Ex) -> bool {
        match self.graph.node(ex) {
            Node::Build { body, .. } => self.is_unit(AccumOp::Sum, body),
            Node::Lit { elems, .. } => self.graph.exs(elems).all(|e| self.is_unit(AccumOp::Sum, e)),
            Node::If { .. } | Node::Var(_) | Node::Accum { .. } | Node::Part { .. } => false,
            Node::Real(_) | Node::Int(_) | Node::Bool(_) | Node::Prim(..) => false,
            Node::Index { .. } | Node::Size { .. } | Node::Loop(_) | Node::Call { .. } => false,
        }
    }
}

fn reducer(op: AccumOp) -> Reducer {
    match op {
        AccumOp::Sum => Reducer::Sum,
        AccumOp::Prod => Reducer::Prod,
        AccumOp::Max => Reducer::Max,
        AccumOp::Min => Reducer::Min,
        AccumOp::Replace => unreachable!("made for statements alone"),
    }
}
