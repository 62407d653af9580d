//! Loops with a state: `fold`, `iterate`, and all states of either by `states(…)`.

use super::array::FOR;
use super::{Binding, Look, Raised, Raiser};
use crate::core::{Elem, Ex, LoopParts, Node, Type};
use crate::primitive::{Kind, Prim};
use crate::syntax::tree::{Ast, BinaryOp, Expr, Pattern, Subscript};

/// How many nodes are looked at to see whether a next state is integral.
const MOST_VISITED: usize = 1000;

/// The states of a loop as they are printed.
#[derive(Default)]
struct States {
    names: Vec<String>,
    inits: Vec<Ast>,
    nexts: Vec<Ast>,
    bindings: Vec<Binding>,
    width: u32,
}

impl Raiser<'_> {
    /// A loop. The values of it that are used become names, or the one value stands where it is used.
    pub(super) fn sequential(&mut self, ex: Ex, parts: &LoopParts) -> Raised {
        let count = parts.states.len();
        let wanted = self.wanted.get(&ex).cloned().unwrap_or_default();
        let all = wanted.iter().any(|&part| part as usize >= count);
        let inits: Vec<Raised> =
            parts.inits.iter().zip(&parts.nexts).map(|(&a, &b)| self.init(a, b)).collect();
        let names = self.bind_states(parts);
        let mut states =
            States { names, inits: inits.iter().map(|init| init.ast).collect(), ..States::default() };
        states.width = inits.iter().map(|init| init.width + 4).sum();
        let mut raised = match parts.cond {
            None => self.fold(parts, &mut states),
            Some(cond) => self.iterate(parts, cond, &mut states),
        };
        self.unbind_states(parts, &states.names);
        if all {
            let states = self.names.function(&["states", "all_states"]);
            raised = self.apply(states, &[raised]);
        }
        let values = if states.names.len() == 1 && !all {
            vec![raised]
        } else {
            let plural = if all { "s" } else { "" };
            let wishes: Vec<String> = states.names.iter().map(|name| format!("{name}{plural}")).collect();
            self.bind_values(&wishes, raised.ast)
        };
        self.note_values(ex, parts, &values, all);
        raised
    }

    fn bind_states(&mut self, parts: &LoopParts) -> Vec<String> {
        self.bound.insert(parts.index);
        let mut names = Vec::new();
        for &state in &parts.states {
            let info = self.graph.var(state);
            let (wish, elem) = (info.name.clone(), info.ty.elem);
            let name = self.names.bind(&wish, false);
            let look = if elem == Elem::Int { Look::Int } else { Look::Plain };
            let variable = Raised { look, ..self.name(&name) };
            self.variables.insert(state, variable);
            self.bound.insert(state);
            names.push(name);
        }
        names
    }

    fn unbind_states(&mut self, parts: &LoopParts, names: &[String]) {
        for state in &parts.states {
            self.variables.remove(state);
            self.bound.remove(state);
        }
        names.iter().for_each(|name| self.names.release(name));
        self.unbind(&[parts.index]);
    }

    /// `fold((a, b) = (a0, b0) for i in 1..n: (…, …))`
    fn fold(&mut self, parts: &LoopParts, states: &mut States) -> Raised {
        self.bind_index(parts.index, &parts.nexts, &[]);
        self.nexts(parts, states);
        let over = self.for_index(parts.index);
        let width = states.width + FOR;
        let (state, init, next) = self.state_asts(states);
        self.formula(
            Expr::Fold { state: Box::new(state), init, over: Box::new(over), next, trace: false },
            width,
        )
    }

    /// `iterate(s = s0 while c: …)`; a counter of the steps is one more state where it is used.
    fn iterate(&mut self, parts: &LoopParts, cond: Ex, states: &mut States) -> Raised {
        let wish = self.graph.var(parts.index).name.clone();
        let counter = self.names.bind(&wish, false);
        let variable = Raised { look: Look::Int, ..self.name(&counter) };
        self.variables.insert(parts.index, variable);
        let cond = self.alone(cond);
        self.nexts(parts, states);
        self.variables.remove(&parts.index);
        if self.steps.remove(&parts.index) {
            let (zero, one) = (self.integer(0), self.integer(1));
            let next = self.binary(BinaryOp::Add, variable, one);
            states.names.push(counter);
            states.inits.push(zero.ast);
            states.nexts.push(next.ast);
        } else {
            self.names.release(&counter);
        }
        let width = states.width + cond.width + 8;
        let (state, init, next) = self.state_asts(states);
        self.formula(Expr::Iterate { state: Box::new(state), init, cond: cond.ast, next }, width)
    }

    /// The next values, which see the states.
    fn nexts(&mut self, parts: &LoopParts, states: &mut States) {
        let (nexts, bindings) = self.within(&parts.nexts);
        states.width += self.width_of(&bindings) + nexts.iter().map(|next| next.width + 4).sum::<u32>();
        states.nexts = nexts.iter().map(|next| next.ast).collect();
        states.bindings = bindings;
    }

    /// The pattern of the states, the first and the next values.
    fn state_asts(&mut self, states: &mut States) -> (Pattern, Ast, Ast) {
        let patterns = states.names.iter().map(|name| self.pattern(name)).collect();
        let init = self.tuple(states.inits.clone());
        let next = self.tuple(states.nexts.clone());
        let next = self.let_in(std::mem::take(&mut states.bindings), next);
        (Self::tuple_pattern(patterns), init, next)
    }

    // ── First values ─────────────────────────────────────────────────────────────────────────────

    /// The first value of a state, as a real where the checker could not see that the state is one.
    fn init(&mut self, init: Ex, next: Ex) -> Raised {
        let raised = self.form(init);
        match self.graph.ty(init).elem {
            Elem::Int => self.as_int(raised),
            Elem::Real if raised.look == Look::Int && self.may_look_int(next) => self.as_real(raised),
            Elem::Real | Elem::Bool => raised,
        }
    }

    /// Whether the checker might take the expression for an `Int` when the states are.
    fn may_look_int(&self, root: Ex) -> bool {
        let mut stack = vec![root];
        for _ in 0..MOST_VISITED {
            let Some(ex) = stack.pop() else { return true };
            if self.slot(ex).is_some_and(|raised| raised.look != Look::Int) {
                return false;
            }
            match self.graph.node(ex) {
                Node::Real(_) if self.graph.as_real(ex).is_some_and(|x| x.fract() != 0.0) => return false,
                Node::Prim(Prim::TO_REAL, _) => {}
                Node::Prim(p, args) if p.row().kind == Kind::Arith => stack.extend(self.graph.exs(args)),
                Node::Prim(..) | Node::Call { .. } => return false,
                Node::If { then, els, .. } => stack.extend([then, els]),
                Node::Index { array, .. } => stack.push(array),
                Node::Real(_) | Node::Int(_) | Node::Bool(_) | Node::Var(_) | Node::Size { .. } => {}
                Node::Lit { .. } | Node::Build { .. } | Node::Accum { .. } => {}
                Node::Loop(_) | Node::Part { .. } => {}
            }
        }
        true
    }

    // ── Values ───────────────────────────────────────────────────────────────────────────────────

    /// Notes what stands for each value of a loop: last states, all states, number of steps.
    fn note_values(&mut self, ex: Ex, parts: &LoopParts, values: &[Raised], all: bool) {
        let count = parts.states.len();
        let mut noted = vec![None; 2 * count + 1];
        for k in 0..count {
            let elem = self.graph.ty(parts.inits[k]).elem;
            let look = if elem == Elem::Int { Look::Int } else { Look::Plain };
            let value = Raised { look, ..values[k] };
            noted[k] = Some(if all { self.last(value) } else { value });
            noted[count + k] = all.then_some(value);
        }
        if all {
            let (len, one) = (self.apply("len", &values[..1]), self.integer(1));
            let steps = self.binary(BinaryOp::Sub, len, one);
            noted[2 * count] = Some(Raised { look: Look::Int, ..steps });
        }
        debug_assert_eq!(self.graph.ty(ex), Type::MANY);
        self.parts.insert(ex, noted);
    }

    /// The last element along the first axis of a named array.
    fn last(&mut self, array: Raised) -> Raised {
        let len = self.apply("len", &[array]);
        let width = array.width + len.width + 2;
        let raised = self.formula(Expr::Index { array: array.ast, at: vec![Subscript::At(len.ast)] }, width);
        Raised { look: array.look, ..raised }
    }
}
