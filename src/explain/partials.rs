//! The partials of primitives, from their table, over variables for the arguments and the value.

use crate::core::{Ex, Graph, Type, VarId};
use crate::diff::{Rules, Unknown};
use crate::primitive::Prim;
use std::collections::HashMap;

/// A primitive, one of its arguments, and which arguments are literals, by their bits.
type Key = (Prim, usize, [Option<u64>; 3]);

/// The formulas that were used so far.
pub struct Formulas {
    /// For the arguments, and the last for the value.
    vars: [VarId; 4],
    known: HashMap<Key, Option<Ex>>,
}

impl Formulas {
    pub fn new(graph: &mut Graph) -> Formulas {
        let vars = ["a", "b", "c", "out"].map(|name| graph.param(name, Type::REAL));
        Formulas { vars, known: HashMap::new() }
    }

    /// The partial of `p` by its argument `k`; arguments that are literals of the program are in it as
    /// numbers. `None` where `p` does not vary with it.
    pub fn partial(
        &mut self,
        graph: &mut Graph,
        rules: &mut dyn Rules,
        (p, k): (Prim, usize),
        literals: &[Option<f64>],
    ) -> Result<Option<Ex>, Unknown> {
        let bits = |at: usize| literals.get(at).copied().flatten().map(f64::to_bits);
        let key = (p, k, [bits(0), bits(1), bits(2)]);
        if let Some(&known) = self.known.get(&key) {
            return Ok(known);
        }
        let mut args = Vec::new();
        for (&var, literal) in self.vars.iter().zip(literals) {
            args.push(match literal {
                Some(value) => graph.real(*value),
                None => graph.variable(var),
            });
        }
        let out = graph.variable(self.vars[3]);
        let formula = rules.partial(graph, p, k, &args, out)?;
        self.known.insert(key, formula);
        Ok(formula)
    }

    /// The variables of the formulas with values for them.
    pub fn bind<T: Clone>(&self, args: &[T], out: T) -> Vec<(VarId, T)> {
        let own = self.vars.iter().copied().zip(args.iter().cloned());
        own.take(3).chain([(self.vars[3], out)]).collect()
    }
}
