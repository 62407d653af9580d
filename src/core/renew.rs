//! Passes over a graph: what nodes become, operands first.

use super::{Dense, Ex, Graph};

/// What nodes have become in a pass; those that are not here are as they were.
pub struct Renewed {
    new: Dense<Ex>,
}

impl Renewed {
    pub fn new(graph: &Graph) -> Renewed {
        Renewed { new: Dense::new(graph) }
    }

    pub fn at(&self, ex: Ex) -> Ex {
        self.new.get(ex).copied().unwrap_or(ex)
    }

    pub fn all(&self, exs: &[Ex]) -> Vec<Ex> {
        exs.iter().map(|&ex| self.at(ex)).collect()
    }

    pub fn set(&mut self, ex: Ex, new: Ex) {
        if ex != new {
            self.new.insert(ex, new);
        }
    }

    /// The node of what its operands have become.
    pub fn rebuilt(&self, graph: &mut Graph, ex: Ex) -> Ex {
        let mut same = true;
        graph.operands(ex, |operand| same &= self.at(operand) == operand);
        if same { ex } else { graph.rebuild(ex, |operand| self.at(operand)) }
    }
}

impl Graph {
    /// The expressions after a change at each node, whose operands have been changed before. `reach` is all that
    /// they need, operands first.
    pub fn renew(
        &mut self,
        reach: &[Ex],
        roots: &[Ex],
        mut change: impl FnMut(&mut Graph, Ex) -> Option<Ex>,
    ) -> Vec<Ex> {
        let mut renewed = Renewed::new(self);
        for &ex in reach {
            self.current_origin = self.origin(ex);
            let rebuilt = renewed.rebuilt(self, ex);
            let new = change(self, rebuilt).unwrap_or(rebuilt);
            if new != ex {
                self.keep_name(ex, new);
                renewed.set(ex, new);
            }
        }
        renewed.all(roots)
    }
}
