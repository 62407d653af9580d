//! Arrays: literals, elements, lengths, comprehensions and slices.

use super::{Grade, Look, Raised, Raiser};
use crate::core::{Ex, Node, VarId};
use crate::syntax::tree::{Ast, Expr, For, Subscript, UnaryOp};

/// An element of at most this many columns is repeated rather than named.
const SHORT: u32 = 14;
/// The columns of ` for i in 1..n`.
pub(super) const FOR: u32 = 14;

impl Raiser<'_> {
    pub(super) fn literal(&mut self, elems: &[Raised], dims: &[usize]) -> Raised {
        let ints = !elems.is_empty() && elems.iter().all(|elem| elem.look == Look::Int);
        let width = elems.iter().map(|elem| elem.width + 2).sum::<u32>() + 2;
        let mut rows: Vec<Ast> = elems.iter().map(|elem| elem.ast).collect();
        for &dim in dims.iter().rev() {
            rows = match dim {
                0 => vec![self.add(Expr::Array(Vec::new()))],
                _ => rows.chunks(dim).map(<[Ast]>::to_vec).map(|row| self.add(Expr::Array(row))).collect(),
            };
        }
        let ast = rows[0];
        let look = if ints { Look::Int } else { Look::Plain };
        Raised { ast, width, look, grade: Grade::Large, level: self.level() }
    }

    /// `a[i, j]`
    pub(super) fn element(&mut self, array: Ex, at: &[Ex]) -> Raised {
        let base = self.form(array);
        let short = matches!(self.tree.expr(base.ast), Expr::Call { .. } | Expr::Index { .. });
        // What does not change in a loop is named outside of it.
        if !short || base.level < self.level() {
            self.give_name(array);
        }
        let base = self.form(array);
        let at: Vec<Raised> = at.iter().map(|&e| self.subscript(e)).collect();
        let width = base.width + at.iter().map(|e| e.width + 2).sum::<u32>();
        let plain = base.grade <= Grade::Element && at.iter().all(|e| e.grade <= Grade::Small);
        let at = at.iter().map(|e| Subscript::At(e.ast)).collect();
        let raised = self.formula(Expr::Index { array: base.ast, at }, width);
        let grade = if plain && width <= SHORT { Grade::Element } else { Grade::Large };
        Raised { grade, look: base.look, ..raised }
    }

    /// `len(a)`, `size(A, 2)`
    pub(super) fn size(&mut self, array: Ex, axis: u32) -> Raised {
        if let Node::Var(var) = self.graph.node(array)
            && let Some(&named) = self.lengths.get(&(var, axis))
        {
            return named;
        }
        let base = self.form(array);
        let raised = if self.graph.ty(array).rank == 1 {
            self.apply("len", &[base])
        } else {
            let axis = self.integer(i64::from(axis) + 1);
            self.apply("size", &[base, axis])
        };
        Raised { look: Look::Int, grade: Grade::Small, ..raised }
    }

    pub(super) fn build(&mut self, over: &[VarId], body: Ex) -> Raised {
        if let Some(constant) = self.constant_array(over, body) {
            return constant;
        }
        if let Some(slice) = self.slice(over, body) {
            return slice;
        }
        for &var in over {
            self.bind_index(var, &[body], &[]);
        }
        let element = self.alone(body);
        let width = element.width + FOR * over.len() as u32;
        let over_asts = self.loops(over);
        self.unbind(over);
        let array = Expr::Comprehension { body: element.ast, over: over_asts, cond: None };
        let raised = self.formula(array, width);
        Raised { look: element.look, ..raised }
    }

    /// `for i in 1..m, j in 1..n`, of indices that are bound.
    pub(super) fn loops(&mut self, over: &[VarId]) -> Box<[For]> {
        over.iter().map(|&var| self.for_index(var)).collect()
    }

    /// `zeros(n)`, `ones(n)`
    fn constant_array(&mut self, over: &[VarId], body: Ex) -> Option<Raised> {
        let name = match self.graph.as_real(body)? {
            value if value.to_bits() == 0 => "zeros",
            1.0 => "ones",
            _other => return None,
        };
        if self.names.is_taken(name) {
            return None;
        }
        let lens: Vec<Ex> = over.iter().map(|&var| self.graph.len_of(var)).collect();
        if lens.iter().any(|&len| self.graph.depends_on_any(len, over)) {
            return None;
        }
        let lens: Vec<Raised> = lens.into_iter().map(|len| self.int_form(len)).collect();
        let raised = self.apply(name, &lens);
        Some(Raised { grade: Grade::Small, ..raised })
    }

    /// `x[2..n]`, `A[i, :]`, `Aᵀ`
    fn slice(&mut self, over: &[VarId], body: Ex) -> Option<Raised> {
        let Node::Index { array, at } = self.graph.node(body) else { return None };
        let at: Vec<Ex> = self.graph.exs(at).collect();
        let lens: Vec<Ex> = over.iter().map(|&var| self.graph.len_of(var)).collect();
        if lens.into_iter().chain([array]).any(|e| self.graph.depends_on_any(e, over)) {
            return None;
        }
        let mut indices = over.iter().copied().peekable();
        let mut places = Vec::new();
        for &e in &at {
            if !self.graph.depends_on_any(e, over) {
                places.push((e, None));
                continue;
            }
            let var = self.graph.variable(*indices.peek()?);
            let start = self.graph.sub(e, var);
            if self.graph.depends_on_any(start, over) {
                return self.transposed(array, over, &at);
            }
            places.push((start, indices.next()));
        }
        if indices.next().is_some() {
            return None;
        }
        Some(self.sliced(array, &places))
    }

    fn sliced(&mut self, array: Ex, places: &[(Ex, Option<VarId>)]) -> Raised {
        self.give_name(array);
        let base = self.form(array);
        let mut width = base.width;
        let mut at = Vec::new();
        for (axis, &(start, var)) in places.iter().enumerate() {
            let Some(var) = var else {
                let e = self.subscript(start);
                width += e.width + 2;
                at.push(Subscript::At(e.ast));
                continue;
            };
            let len = self.graph.len_of(var);
            if self.graph.as_int(start) == Some(0) && self.graph.size(array, axis) == len {
                width += 3;
                at.push(Subscript::All);
                continue;
            }
            let last = self.graph.add(start, len);
            let low = self.subscript(start);
            let high = self.int_form(last);
            width += low.width + high.width + 2;
            at.push(Subscript::Range(low.ast, high.ast));
        }
        let raised = self.formula(Expr::Index { array: base.ast, at }, width);
        Raised { look: base.look, ..raised }
    }

    fn transposed(&mut self, array: Ex, over: &[VarId], at: &[Ex]) -> Option<Raised> {
        let (&[i, j], &[a, b]) = (over, at) else { return None };
        let swapped = self.graph.node(a) == Node::Var(j) && self.graph.node(b) == Node::Var(i);
        let whole = swapped
            && self.graph.size(array, 0) == self.graph.len_of(j)
            && self.graph.size(array, 1) == self.graph.len_of(i);
        if !whole {
            return None;
        }
        self.give_name(array);
        let base = self.form(array);
        Some(self.unary(UnaryOp::Transpose, base))
    }
}
