//! Loops with states, and calls.

use super::{Builder, Detail, Instance, MOST_LETTERS, Ref, frames};
use crate::core::{Ex, FnId, List, Node};
use crate::picture::diagram::{Group, Kind};
use crate::picture::letters::clipped;

impl Builder<'_> {
    /// Arrows from what the states of a loop begin with.
    pub(super) fn states(&mut self, list: List) {
        let parts = self.graph.loop_parts(list);
        for (&state, &init) in parts.states.iter().zip(&parts.inits) {
            let own = self.graph.variable(state);
            let (init, own) = (self.get(init), self.get(own));
            self.edge(init, own, "first");
        }
        for (&state, &next) in parts.states.iter().zip(&parts.nexts) {
            let Ref::Box(at) = self.get(next) else { continue };
            let name = &self.graph.var(state).name;
            let node = &mut self.diagram.nodes[at];
            if node.kind != Kind::Input {
                node.label = clipped(&format!("next {name} = {}", node.label), MOST_LETTERS);
            }
        }
    }

    pub(super) fn part(&mut self, ex: Ex, of: Ex, index: usize) -> Ref {
        match self.graph.node(of) {
            Node::Loop(list) => {
                let parts = self.graph.loop_parts(list);
                let (state, all) = (index % parts.states.len(), index >= parts.states.len());
                let name = self.graph.var(parts.states[state]).name.clone();
                let label = if all { format!("all {name}") } else { format!("last {name}") };
                let mut numbers = (self.subject.found)(&self.instances[self.at].chain, parts.nexts[state]);
                if let Some(numbers) = numbers.as_mut().filter(|_| !all) {
                    // Rounds come in their order.
                    numbers.values.drain(..numbers.values.len().saturating_sub(1));
                    numbers.adjoints.drain(..numbers.adjoints.len().saturating_sub(1));
                }
                let group = self.frame(ex);
                let node = self.add(Kind::Operation, label, group, numbers);
                self.operands(node, &[(parts.nexts[state], "")]);
                node
            }
            _call => match self.get(of) {
                Ref::Result(instance, _) => Ref::Result(instance, index),
                one => one,
            },
        }
    }

    pub(super) fn call(&mut self, ex: Ex, f: FnId, args: List) -> Ref {
        let args: Vec<Ex> = self.graph.exs(args).collect();
        let function = self.graph.function(f);
        let (name, params) = (function.name.clone(), function.params.clone());
        let given = function.custom.is_some() || function.provided.is_some();
        let refs: Vec<Ref> = args.iter().map(|&arg| self.get(arg)).collect();
        if given || self.detail == Detail::Own || self.graph.is_recursive(f) {
            let node = self.named(ex, Kind::Call, &format!("{name}(…)"));
            let many = refs.len() > 1;
            for (from, &param) in refs.into_iter().zip(&params) {
                let label = if many { self.graph.var(param).name.clone() } else { String::new() };
                self.edge(from, node, &label);
            }
            return node;
        }
        let texts: Vec<String> = args.iter().map(|&arg| self.argument(arg)).collect();
        let parent = self.frame(ex);
        let label = clipped(&format!("{name}({})", texts.join(", ")), frames::MOST_LETTERS);
        self.diagram.groups.push(Group { label, parent });
        let group = Some(self.diagram.groups.len() - 1);
        let chain = self.instances[self.at].chain.iter().copied().chain([ex]).collect();
        let args = params.into_iter().zip(refs).collect();
        self.instances.push(Instance::new(f, chain, group, args));
        Ref::Result(self.instances.len() - 1, 0)
    }
}
