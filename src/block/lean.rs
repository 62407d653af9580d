//! Loops without what nothing needs: those that differ only in what they keep become one, and
//! states, and their kept values, that nothing reads are dropped.
//!
//! Takes the loops of expressions; says what to leave of each. Knows nothing of statements.

use crate::core::binders::Trim;
use crate::core::{Ex, Graph, LoopParts, Node, VarId};
use std::collections::HashMap;

/// What is read of all loops that make the same steps.
#[derive(Debug, Clone)]
struct Needs {
    /// The loop, but for what it keeps.
    parts: LoopParts,
    states: Vec<bool>,
    traces: Vec<bool>,
}

/// What to leave of each loop.
#[derive(Debug, Default)]
pub(super) struct Lean {
    needs: Vec<Needs>,
    of: HashMap<Ex, usize>,
}

impl Lean {
    /// Whether loops differ in nothing but what they keep.
    pub fn is_shared(&self) -> bool {
        self.of.len() > self.needs.len()
    }

    /// Looks at all nodes there are, operands first.
    pub fn new(graph: &Graph, reach: &[Ex]) -> Lean {
        let mut lean = Lean::default();
        let mut known: HashMap<Vec<Ex>, Vec<usize>> = HashMap::new();
        for &ex in reach {
            if let Node::Loop(list) = graph.node(ex) {
                let mut parts = graph.loop_parts(list);
                parts.traces.fill(false);
                let same = known.entry(parts.nexts.clone()).or_default();
                let group = same.iter().copied().find(|&g| lean.needs[g].parts == parts);
                let group = group.unwrap_or_else(|| {
                    let none = vec![false; parts.states.len()];
                    same.push(lean.needs.len());
                    lean.needs.push(Needs { parts, states: none.clone(), traces: none });
                    lean.needs.len() - 1
                });
                lean.of.insert(ex, group);
            }
            if let Node::Part { of, index } = graph.node(ex)
                && let Some(&group) = lean.of.get(&of)
            {
                let need = &mut lean.needs[group];
                let (index, m) = (index as usize, need.states.len());
                if index < 2 * m {
                    need.states[index % m] = true;
                    need.traces[index % m] |= index >= m;
                }
            }
        }
        lean.needs.iter_mut().for_each(|needs| needs.spread(graph));
        lean
    }
}

impl Trim for Lean {
    fn parts(&self, ex: Ex, new: LoopParts) -> LoopParts {
        let needs = &self.needs[self.of[&ex]];
        fn keep<T>(all: Vec<T>, states: &[bool]) -> Vec<T> {
            all.into_iter().zip(states).filter(|&(_, &kept)| kept).map(|(x, _)| x).collect()
        }
        LoopParts {
            states: keep(new.states, &needs.states),
            inits: keep(new.inits, &needs.states),
            nexts: keep(new.nexts, &needs.states),
            traces: keep(needs.traces.clone(), &needs.states),
            ..new
        }
    }

    fn position(&self, of: Ex, index: usize) -> usize {
        let Some(&group) = self.of.get(&of) else { return index };
        let states = &self.needs[group].states;
        let m = states.len();
        let before = |k: usize| states[..k].iter().filter(|&&kept| kept).count();
        if index < m {
            before(index)
        } else if index < 2 * m {
            before(m) + before(index - m)
        } else {
            2 * before(m)
        }
    }
}

impl Needs {
    /// Adds the states that the condition and the steps of needed states read.
    fn spread(&mut self, graph: &Graph) {
        let mut pending: Vec<Ex> = self.parts.cond.into_iter().collect();
        pending.extend(self.parts.nexts.iter().zip(&self.states).filter(|&(_, &s)| s).map(|(&next, _)| next));
        let places: HashMap<VarId, usize> = self.parts.states.iter().copied().zip(0..).collect();
        while let Some(ex) = pending.pop() {
            for var in graph.free(ex) {
                if let Some(&k) = places.get(&var)
                    && !std::mem::replace(&mut self.states[k], true)
                {
                    pending.push(self.parts.nexts[k]);
                }
            }
        }
    }
}
