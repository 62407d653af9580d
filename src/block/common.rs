//! What both branches of a choice compute: it need not wait for the choice.
//!
//! Takes two branches, gives some of the expressions in them. Knows nothing of regions or statements.

use super::safety::Safety;
use crate::core::{Ex, Graph, Node};
use std::collections::HashMap;

/// How many choices inside one another are looked into.
const MOST_CHOICES: usize = 6;

/// How many expressions are looked at.
const MOST_EXPRESSIONS: usize = 4_000;

/// The loops and calls that both branches compute and that `there` says can be computed before; with each,
/// whether it surely is: what stands in a loop is not, which may make no step.
pub(super) fn common(
    graph: &mut Graph,
    safety: &mut Safety,
    branches: [Ex; 2],
    there: impl Fn(&Graph, Ex) -> bool,
) -> Vec<(Ex, bool)> {
    let mut search = Search { graph, safety, there, left: MOST_EXPRESSIONS };
    let mut found: Vec<(Ex, bool)> = search.both(branches, true, 0).into_iter().collect();
    found.sort_unstable();
    found
}

struct Search<'a, F> {
    graph: &'a mut Graph,
    safety: &'a mut Safety,
    there: F,
    /// How many expressions may still be looked at.
    left: usize,
}

impl<F: Fn(&Graph, Ex) -> bool> Search<'_, F> {
    fn both(&mut self, branches: [Ex; 2], sure: bool, choices: usize) -> HashMap<Ex, bool> {
        let [one, other] = branches.map(|branch| self.safety.mark(self.graph, branch).dear.then_some(branch));
        let (Some(one), Some(other)) = (one, other) else { return HashMap::new() };
        if choices == MOST_CHOICES {
            return HashMap::new();
        }
        let one = self.computed(one, sure, choices + 1);
        if one.is_empty() {
            return one;
        }
        let other = self.computed(other, sure, choices + 1);
        let both = |(ex, sure)| other.get(&ex).map(|&also| (ex, sure && also));
        one.into_iter().filter_map(both).collect()
    }

    /// What is computed with an expression.
    fn computed(&mut self, ex: Ex, sure: bool, choices: usize) -> HashMap<Ex, bool> {
        let mut found: HashMap<Ex, bool> = HashMap::new();
        let mut met: HashMap<Ex, bool> = HashMap::new();
        let mut stack = vec![(ex, sure)];
        while let Some((ex, sure)) = stack.pop() {
            let known = met.get(&ex).is_some_and(|&known| known || !sure);
            if known || self.left == 0 || !self.safety.mark(self.graph, ex).dear {
                continue;
            }
            met.insert(ex, sure);
            self.left -= 1;
            if (self.there)(self.graph, ex) && self.graph.takes_steps(ex) {
                found.insert(ex, sure);
            }
            if let Node::If { cond, then, els } = self.graph.node(ex) {
                stack.push((cond, sure));
                for (ex, sure) in self.both([then, els], sure, choices) {
                    *found.entry(ex).or_insert(sure) |= sure;
                }
                continue;
            }
            let bodies = self.graph.bodies(ex);
            self.graph.operands(ex, |operand| stack.push((operand, sure && !bodies.contains(&operand))));
        }
        found
    }
}
