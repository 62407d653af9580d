//! The length of an array: a function that the graph has of its own, with the rule of its derivative.

use super::{AccumOp, Custom, Elem, Ex, FnId, Graph, Node, Origin, Type, VarId};
use crate::primitive::Prim;

/// The name by which every file knows the function.
pub const NAME: &str = "norm";

/// What numbers of some precision take for a norm.
#[derive(Clone, Copy)]
struct Range {
    /// Sums of squares from here on have lost nothing to squares below the smallest number.
    least: f64,
    /// A power of two that makes the squares of all numbers, but those near 1, neither 0 nor infinite.
    scale: f64,
}

const DOUBLE: Range = Range { least: 1e-280, scale: f64::from_bits((1023 + 600) << 52) };
const SINGLE: Range = Range { least: 1e-30, scale: f64::from_bits((1023 + 90) << 52) };

impl Graph {
    /// The root of the sum of the squares of all elements.
    pub fn norm(&mut self, array: Ex) -> Ex {
        let f = self.norm_function(self.ty(array).rank);
        let call = self.call(f, &[array]);
        self.part(call, 0)
    }

    /// What is a norm's argument.
    pub fn as_norm(&self, ex: Ex) -> Option<Ex> {
        let Node::Part { of, .. } = self.node(ex) else { return None };
        let Node::Call { f, args } = self.node(of) else { return None };
        self.is_norm(f).then(|| self.exs(args).next()).flatten()
    }

    /// Whether the function is the norm of arrays of some rank.
    pub fn is_norm(&self, f: FnId) -> bool {
        self.function(f).provided == Some(NAME)
    }

    fn norm_function(&mut self, rank: u8) -> FnId {
        let ty = Type { elem: Elem::Real, rank };
        let known = (0..self.functions.len() as u32)
            .map(FnId)
            .find(|&f| self.is_norm(f) && self.var(self.function(f).params[0]).ty == ty);
        if let Some(known) = known {
            return known;
        }
        let origin = std::mem::take(&mut self.current_origin);
        let v = self.param("v", ty);
        let f = self.declare(NAME, vec![v], vec![Type::REAL], Origin::Source);
        let pullback = self.norm_pullback(f, ty);
        let function = &mut self.functions[f.0 as usize];
        function.provided = Some(NAME);
        function.custom = Some(Custom::Pullback(pullback));
        let array = self.variable(v);
        let value = self.norm_value(array, DOUBLE);
        self.define(f, vec![value]);
        self.current_origin = origin;
        f
    }

    /// From here on norms are computed with constants that single precision has.
    pub fn norms_in_single(&mut self) {
        for f in (0..self.functions.len() as u32).map(FnId) {
            if self.is_norm(f) {
                let array = self.variable(self.function(f).params[0]);
                let value = self.norm_value(array, SINGLE);
                self.define(f, vec![value]);
            }
        }
    }

    /// As it is written, where no square overflows and their sum has not vanished; else of the scaled elements.
    fn norm_value(&mut self, array: Ex, range: Range) -> Ex {
        let plain = self.sum_of_squares(array, 1.0);
        let (least, one, infinite) = (self.real(range.least), self.real(1.0), self.real(f64::INFINITY));
        let usual = {
            let (above, below) = (self.lt(least, plain), self.lt(plain, infinite));
            self.and(above, below)
        };
        let mut scaled = |scale: f64| {
            let sum = self.sum_of_squares(array, scale);
            let root = self.prim(Prim::SQRT, &[sum]);
            let back = self.real(scale.recip());
            self.mul(back, root)
        };
        let (small, large) = (scaled(range.scale), scaled(range.scale.recip()));
        let is_small = self.lt(plain, one);
        let extreme = self.select(is_small, small, large);
        let root = self.prim(Prim::SQRT, &[plain]);
        self.select(usual, root, extreme)
    }

    fn sum_of_squares(&mut self, array: Ex, scale: f64) -> Ex {
        let over = self.indices(array);
        let element = self.element_at(array, &over);
        let scale = self.real(scale);
        let element = self.mul(scale, element);
        let square = self.mul(element, element);
        let zero = self.real(0.0);
        self.accum(AccumOp::Sum, zero, &over, &[], square)
    }

    /// The cotangent goes to the elements as they are to the norm; to none of them where that is 0.
    fn norm_pullback(&mut self, norm: FnId, ty: Type) -> FnId {
        let (v, d) = (self.param("v", ty), self.param("d", Type::REAL));
        let pullback = self.declare("norm_pullback", vec![v, d], vec![ty], Origin::Source);
        let (array, d) = (self.variable(v), self.variable(d));
        let call = self.call(norm, &[array]);
        let norm = self.part(call, 0);
        let over = self.indices(array);
        let element = self.element_at(array, &over);
        let share = self.div(element, norm);
        let share = self.mul(d, share);
        let zero = self.real(0.0);
        let nowhere = self.eq(norm, zero);
        let share = self.select(nowhere, zero, share);
        let result = self.build(&over, share);
        self.define(pullback, vec![result]);
        pullback
    }

    fn indices(&mut self, array: Ex) -> Vec<VarId> {
        let shape = self.shape(array);
        shape.into_iter().map(|len| self.binder("i", len)).collect()
    }

    fn element_at(&mut self, array: Ex, over: &[VarId]) -> Ex {
        let at: Vec<Ex> = over.iter().map(|&i| self.variable(i)).collect();
        self.index(array, &at)
    }
}
