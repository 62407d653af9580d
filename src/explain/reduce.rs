//! What a loop over points gives: an array, a sum, a product, an extreme.

use super::extremes::{extreme, products_of_others, shares};
use super::machine::{Machine, Trouble};
use super::rounds::Rounds;
use super::tape::{Num, Op, Operand, Slope};
use super::value::{Val, offset, place};
use crate::core::{AccumOp, Ex, Node};

impl Machine<'_> {
    pub(super) fn finish_points(&mut self) -> Result<(), Trouble> {
        let Some(rounds) = self.rounds.pop() else { return Ok(()) };
        let Rounds { ex, found, lens, level, over, .. } = rounds;
        let (kind, value) = match self.graph.node(ex) {
            Node::Accum { op, init, at, .. } => {
                let init = self.value(init)?;
                let scalar = self.exs(at).is_empty();
                let kind = match (op, scalar) {
                    (AccumOp::Sum, true) => "sum",
                    (AccumOp::Sum, false) => "sums into an array",
                    (AccumOp::Prod, _) => "product",
                    (AccumOp::Max, _) => "maximum",
                    (AccumOp::Min, _) => "minimum",
                    (AccumOp::Replace, _) => unreachable!("made for statements alone"),
                };
                // The rounds come before what is made of them.
                self.add_loop(level, kind, rounds.rounds);
                return self.accumulated(ex, op, init, found);
            }
            _build => {
                let mut shape: Vec<usize> = lens.iter().map(|&len| len as usize).collect();
                shape.resize(over.len(), 0);
                ("array", Val::array(shape, found.into_iter().map(|(_, value)| value).collect()))
            }
        };
        self.add_loop(level, kind, rounds.rounds);
        self.set(ex, value);
        Ok(())
    }

    fn accumulated(
        &mut self,
        ex: Ex,
        op: AccumOp,
        init: Val,
        found: Vec<(Vec<i64>, Val)>,
    ) -> Result<(), Trouble> {
        let value = match init {
            Val::Array(grid) => {
                let mut terms: Vec<Vec<Val>> = vec![Vec::new(); grid.cells.len()];
                for (at, value) in found {
                    let Some(offset) = offset(&at, &grid.shape) else {
                        return Err(self.said("the index is outside the array", self.graph.origin(ex)));
                    };
                    terms[offset].push(value);
                }
                let mut cells = Vec::new();
                for (k, (cell, terms)) in grid.cells.iter().zip(terms).enumerate() {
                    cells.push(self.combined(ex, op, cell.clone(), terms, &place(k, &grid.shape))?);
                }
                Val::array(grid.shape.clone(), cells)
            }
            scalar => {
                let terms = found.into_iter().map(|(_, value)| value).collect();
                self.combined(ex, op, scalar, terms, &[])?
            }
        };
        self.set(ex, value);
        Ok(())
    }

    fn combined(
        &mut self,
        ex: Ex,
        op: AccumOp,
        init: Val,
        terms: Vec<Val>,
        at: &[i64],
    ) -> Result<Val, Trouble> {
        let origin = self.graph.origin(ex);
        match init {
            Val::Real(init) => {
                let terms = terms.iter().flat_map(Val::reals).collect();
                Ok(Val::Real(self.reduced(ex, op, init, terms, at)?))
            }
            Val::Int(init) => {
                let ints = terms.iter().filter_map(|v| if let Val::Int(i) = v { Some(*i) } else { None });
                let total = ints.into_iter().try_fold(init, |so_far, i| match op {
                    AccumOp::Sum => so_far.checked_add(i),
                    AccumOp::Prod => so_far.checked_mul(i),
                    AccumOp::Max => Some(so_far.max(i)),
                    AccumOp::Min => Some(so_far.min(i)),
                    AccumOp::Replace => unreachable!("made for statements alone"),
                });
                total.map(Val::Int).ok_or_else(|| self.said("an integer is out of range", origin))
            }
            Val::Bool(_) | Val::Array(_) | Val::Many(_) => Err(self.said("no sum of these", origin)),
        }
    }

    /// The sum, product or extreme of real numbers as one step.
    fn reduced(
        &mut self,
        ex: Ex,
        op: AccumOp,
        init: Num,
        mut terms: Vec<Num>,
        at: &[i64],
    ) -> Result<Num, Trouble> {
        let values = |terms: &[Num]| terms.iter().map(|num| num.value).collect::<Vec<f64>>();
        let unit = if op == AccumOp::Prod { 1.0 } else { 0.0 };
        let neutral = |num: &Num| num.step.is_none() && num.value == unit;
        terms.insert(0, init);
        let (op, value, weights) = match op {
            AccumOp::Sum | AccumOp::Prod => {
                terms.retain(|num| !neutral(num));
                let numbers = values(&terms);
                let combine = |so_far: f64, &x: &f64| if unit == 0.0 { so_far + x } else { so_far * x };
                let value = numbers.iter().fold(unit, combine);
                if unit == 0.0 {
                    (Op::Sum, value, vec![1.0; terms.len()])
                } else {
                    (Op::Prod, value, products_of_others(&numbers))
                }
            }
            AccumOp::Max | AccumOp::Min => {
                if terms.len() > 1 && init.step.is_none() && init.value.is_infinite() {
                    terms.remove(0);
                }
                let numbers = values(&terms);
                let value = extreme(&numbers, op == AccumOp::Max);
                let op = if op == AccumOp::Max { Op::Max } else { Op::Min };
                (op, value, shares(&numbers, value))
            }
            AccumOp::Replace => unreachable!("made for statements alone"),
        };
        if let [only] = terms[..] {
            return Ok(only);
        }
        let operand = |(&num, &weight): (&Num, &f64)| {
            let operand = self.weighted(num, weight);
            let missed = weight == 0.0 && matches!(op, Op::Max | Op::Min);
            if missed { Operand { slope: Slope::Nothing, ..operand } } else { operand }
        };
        let operands = terms.iter().zip(&weights).map(operand).collect();
        self.push(ex, op, operands, value, at)
    }
}
