//! Sequential loops: `fold`, `scan`, `iterate`.

use super::lower::Lowerer;
use super::types::Ty;
use super::value::{Value, describe};
use crate::core::{Ex, LoopParts, Type, VarId, VarKind};
use crate::syntax::diagnostic::{Code, Diagnostic};
use crate::syntax::tree::{Ast, Expr, Pattern, Span};

/// Which states of a loop are its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    Last,
    /// All but the first.
    Later,
    All,
}

/// A loop whose state is being bound.
struct Header<'a> {
    ast: Ast,
    state: &'a Pattern,
    init_ast: Ast,
    next_ast: Ast,
    index: VarId,
}

/// The state variables of a loop, the condition and the next values over them.
struct Step {
    states: Vec<VarId>,
    inits: Vec<Ex>,
    cond: Option<Ex>,
    nexts: Vec<Ex>,
    ty: Ty,
}

/// What came of lowering a loop with a type of its state.
enum Attempt {
    Done(Option<Step>),
    /// The state goes on as one of this type.
    Wider(Ty),
}

impl Lowerer<'_> {
    /// `fold` and `scan`.
    pub fn fold(&mut self, ast: Ast, keep: Keep) -> Value {
        let tree = self.tree;
        let Expr::Fold { state, init, over, next, .. } = tree.expr(ast) else { unreachable!("a fold") };
        let first = self.eval(*init);
        let Some(binders) = self.ranges(ast, std::slice::from_ref(over), &[*next]) else {
            return Value::Error;
        };
        let index = binders[0];
        let header = Header { ast, state, init_ast: *init, next_ast: *next, index };
        let Some(step) = self.loop_step(&header, first, None) else { return Value::Error };
        let len = self.graph.len_of(index);
        let count = step.states.len();
        let whole = self.sequential(&step, Some(len), index, keep != Keep::Last);
        if keep == Keep::Last {
            let mut parts = (0..count).map(|k| self.graph.part(whole, k)).collect::<Vec<_>>().into_iter();
            return Value::from_flat(&step.ty, &mut parts);
        }
        self.mark(ast);
        let traces: Vec<Ex> = (0..count).map(|k| self.graph.part(whole, count + k)).collect();
        if keep == Keep::All {
            return Value::from_flat(&step.ty, &mut traces.into_iter());
        }
        let mut later =
            traces.into_iter().map(|trace| self.without_first(trace, len)).collect::<Vec<_>>().into_iter();
        Value::from_flat(&step.ty, &mut later)
    }

    /// The elements of a trace from the second on.
    fn without_first(&mut self, trace: Ex, len: Ex) -> Ex {
        let steps = self.graph.count(len);
        let mut over = vec![self.binder("i", steps)];
        for axis in 1..self.graph.ty(trace).rank as usize {
            let size = self.graph.size(trace, axis);
            over.push(self.binder(["i", "j", "k", "l"][axis], size));
        }
        let mut at: Vec<Ex> = over.iter().map(|&b| self.graph.variable(b)).collect();
        let one = self.graph.int(1);
        at[0] = self.graph.add(at[0], one);
        let element = self.graph.index(trace, &at);
        self.graph.build(&over, element)
    }

    pub fn iterate(&mut self, ast: Ast, keep: Keep) -> Value {
        let tree = self.tree;
        let Expr::Iterate { state, init, cond, next } = tree.expr(ast) else { unreachable!("an iteration") };
        let first = self.eval(*init);
        let index = self.graph.new_var("step", Type::INT, VarKind::Step);
        let header = Header { ast, state, init_ast: *init, next_ast: *next, index };
        let Some(step) = self.loop_step(&header, first, Some(*cond)) else { return Value::Error };
        let whole = self.sequential(&step, None, index, keep != Keep::Last);
        let (count, first) = (step.states.len(), if keep == Keep::All { step.states.len() } else { 0 });
        let mut parts =
            (first..first + count).map(|k| self.graph.part(whole, k)).collect::<Vec<_>>().into_iter();
        Value::from_flat(&step.ty, &mut parts)
    }

    fn sequential(&mut self, step: &Step, len: Option<Ex>, index: VarId, trace: bool) -> Ex {
        self.graph.sequential(LoopParts {
            len,
            cond: step.cond,
            index,
            states: step.states.clone(),
            inits: step.inits.clone(),
            nexts: step.nexts.clone(),
            traces: vec![trace; step.states.len()],
        })
    }

    /// Lowers the condition and the next state over new state variables. A state that starts as an
    /// `Int` and goes on as a real is a real: then everything is done once more, for one state may make
    /// a real of the next.
    fn loop_step(&mut self, header: &Header, first: Value, cond: Option<Ast>) -> Option<Step> {
        let (place, known) = self.frame.states.begin(header.ast);
        let mut first = first;
        if let Some(known) = known {
            let wider = widened(&first.ty(&self.graph), &known);
            first = self.as_state(header, first, wider.as_ref());
        }
        let mut outer = None;
        let step = loop {
            match self.attempt(header, &first, cond) {
                Attempt::Done(step) => break step,
                Attempt::Wider(wider) => first = self.as_state(header, first, Some(&wider)),
            }
            let before = self.frame.states.again(place);
            outer.get_or_insert(before);
        };
        if let Some(outer) = outer {
            self.frame.states.resume(outer);
        }
        if let Some(step) = &step {
            self.frame.states.end(place, &step.ty);
        }
        step
    }

    /// The first state as one of a wider type.
    fn as_state(&mut self, header: &Header, first: Value, wider: Option<&Ty>) -> Value {
        match wider {
            Some(ty) => self.convert(first, ty, "the state", self.span(header.init_ast)),
            None => first,
        }
    }

    /// One attempt of [`Self::loop_step`], with the type of the first state as that of all.
    fn attempt(&mut self, header: &Header, first: &Value, cond: Option<Ast>) -> Attempt {
        if first.is_error() {
            // The names still need values that are silent.
            self.bind(header.state, header.init_ast, Value::Error);
            return Attempt::Done(None);
        }
        let ty = first.ty(&self.graph);
        if ty.has_function() {
            let span = self.span(header.init_ast);
            self.error(Diagnostic::new(Code::StateType, span, "the state of a loop is no function"));
            return Attempt::Done(None);
        }
        self.mark(header.ast);
        let inits = first.flatten();
        let states = self.state_variables(header, &ty, &inits);
        let variables: Vec<Ex> = states.iter().map(|&s| self.graph.variable(s)).collect();
        let state = Value::from_flat(&ty, &mut variables.into_iter());
        let fresh = self.frame.fresh.len();
        self.bind(header.state, header.init_ast, state);
        let cond = match cond.map(|ast| (self.eval(ast), ast)) {
            Some((value, ast)) => {
                let value = self.settle_keeping(fresh, value);
                let Some(cond) = self.condition(&value, ast) else { return Attempt::Done(None) };
                Some(cond)
            }
            None => None,
        };
        let next = self.eval(header.next_ast);
        let next = self.settle(fresh, next);
        self.mark(header.ast);
        if next.is_error() {
            return Attempt::Done(None);
        }
        if let Some(wider) = widened(&ty, &next.ty(&self.graph)) {
            return Attempt::Wider(wider);
        }
        let nexts = self.nexts(header, &ty, &inits, next);
        Attempt::Done(nexts.map(|nexts| Step { states, inits, cond, nexts, ty }))
    }

    /// The next states, of the types and shapes of the first.
    fn nexts(&mut self, header: &Header, ty: &Ty, inits: &[Ex], next: Value) -> Option<Vec<Ex>> {
        let span = self.span(header.next_ast);
        let nexts = self.next_state(next, ty, span)?.flatten();
        for (&init, &next) in inits.iter().zip(&nexts) {
            if self.graph.ty(init).is_array() {
                self.same_shape(init, next, header.next_ast)?;
            }
        }
        Some(nexts)
    }

    fn next_state(&mut self, next: Value, ty: &Ty, span: Span) -> Option<Value> {
        let given = next.ty(&self.graph);
        let message = format!("the next state is {}, the first one {}", describe(&given), describe(ty));
        let before = self.diagnostics.len();
        let value = self.convert(next, ty, "the next state", span);
        if let Some(error) = self.diagnostics.get_mut(before) {
            error.code = Code::StateType;
            error.message = message;
            error.help = None;
        }
        (!value.is_error()).then_some(value)
    }

    fn state_variables(&mut self, header: &Header, ty: &Ty, inits: &[Ex]) -> Vec<VarId> {
        let names: Vec<String> = super::names::pattern_names(header.state)
            .iter()
            .map(|&(n, _)| self.tree.text(n).to_string())
            .collect();
        let leaves = ty.leaves();
        let name = |k: usize| match &names[..] {
            [one] => format!("{one}{}", leaves[k].0),
            many if many.len() == inits.len() => many[k].clone(),
            _structured => format!("state{}", leaves[k].0),
        };
        let names: Vec<String> = (0..inits.len()).map(name).collect();
        names.iter().zip(inits).map(|(name, &init)| self.graph.state(name, header.index, init)).collect()
    }

    /// As [`Self::settle`], but the variables stay for what follows.
    fn settle_keeping(&mut self, mark: usize, value: Value) -> Value {
        let kept = self.frame.fresh[mark..].to_vec();
        let value = self.settle(mark, value);
        self.frame.fresh.extend(kept);
        value
    }
}

/// The type of the state when the next one is real where the first is an `Int`.
fn widened(first: &Ty, next: &Ty) -> Option<Ty> {
    fn widen(first: &Ty, next: &Ty) -> Option<Ty> {
        match (first, next) {
            (Ty::Int, Ty::Real) => Some(Ty::Real),
            (Ty::Array { dims, .. }, Ty::Array { elem: crate::core::Elem::Real, .. }) => {
                Some(Ty::Array { elem: crate::core::Elem::Real, dims: dims.clone() })
            }
            (Ty::Tuple(a), Ty::Tuple(b)) if a.len() == b.len() => {
                Some(Ty::Tuple(a.iter().zip(b).map(|(a, b)| widen(a, b).unwrap_or(a.clone())).collect()))
            }
            (Ty::Record(a), Ty::Record(b)) => {
                let field = |(name, a): &(String, Ty)| {
                    let b = b.iter().find(|(known, _)| known == name);
                    (name.clone(), b.and_then(|(_, b)| widen(a, b)).unwrap_or(a.clone()))
                };
                Some(Ty::Record(a.iter().map(field).collect()))
            }
            _same => None,
        }
    }
    widen(first, next).filter(|wider| wider != first)
}
