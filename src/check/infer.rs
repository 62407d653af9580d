//! The kinds of parameters from their uses, and of the results of recursive functions. Takes the
//! resolved program, component by component; gives kinds. Works on the tree alone: what is known
//! of a value flows up, what is wanted of it flows down, until nothing new is learnt.

use super::demand;
use super::kinds::Kind;
use super::names::{LocalId, Ref};
use super::program::Program;
use super::scope::{DefId, DefKind};
use super::synth;
use crate::syntax::tree::{Ast, Expr, ItemKind, Pattern, Tree};

/// Rounds of inference after which what is still unknown stays so.
const MOST_ROUNDS: usize = 12;

/// A step of the walk over a body.
#[derive(Clone, Copy)]
pub(super) enum Event<'a> {
    /// The operands came before.
    Node(Ast),
    /// The value of a pattern is known.
    Bind(Ast, &'a Pattern),
}

/// What is known of a function's parameters and result.
#[derive(Debug, Clone, Default)]
pub struct Known {
    pub params: Vec<Kind>,
    pub result: Kind,
    /// A function (also before it has parameters), not a value.
    pub function: bool,
}

/// The state of inference for the whole program.
pub struct Infer<'p> {
    pub(super) program: &'p Program<'p>,
    pub(super) tree: &'p Tree,
    pub(super) known: Vec<Known>,
    pub(super) locals: Vec<Kind>,
    /// What the uses of each local name allow, whatever value it has.
    demands: Vec<Kind>,
    fixed: Vec<bool>,
    /// For each expression of the component at work, its place in the next two.
    place: Vec<u32>,
    kinds: Vec<Kind>,
    wants: Vec<Kind>,
    pub(super) changed: bool,
    /// 0: only what is certain; when nothing certain is left to learn, 1: what is likely of names;
    /// 2: what is likely of expressions.
    pub(super) boldness: u8,
}

impl<'p> Infer<'p> {
    pub fn new(program: &'p Program<'p>) -> Self {
        let locals = program.names.locals.len();
        let mut known = vec![Known::default(); program.defs.len()];
        for (id, def) in program.scopes.defs.iter().enumerate() {
            known[id].function = matches!(def.kind, DefKind::Function | DefKind::Wrapper(_));
            let names = &program.defs[id];
            known[id].params =
                names.tys.iter().map(|ty| ty.as_ref().map_or(Kind::Unknown, Kind::of)).collect();
            known[id].result = names.result.as_ref().map_or(Kind::Unknown, Kind::of);
        }
        Infer {
            program,
            tree: program.tree,
            known,
            locals: vec![Kind::Unknown; locals],
            demands: vec![Kind::Unknown; locals],
            fixed: vec![false; locals],
            place: vec![0; program.tree.len()],
            kinds: Vec::new(),
            wants: Vec::new(),
            changed: false,
            boldness: 0,
        }
    }

    /// What is known of a definition.
    pub fn known(&self, def: DefId) -> &Known {
        &self.known[def.0 as usize]
    }

    /// What is known of the function that a call means.
    pub(super) fn called(&self, callee: Ast, args: &[Ast]) -> Kind {
        match (self.meaning(callee), args.last().map(|&arg| self.kind(arg))) {
            (Ref::Def(def), Some(Kind::Array(_, rank))) => {
                synth::of_definition(self, self.program.scopes.for_rank(def, rank))
            }
            _other => self.kind(callee),
        }
    }

    /// Tells the kind of a result or value once it is certain.
    pub fn learn(&mut self, def: DefId, result: Kind) {
        self.known[def.0 as usize].result = result;
    }

    /// Infers the kinds of the definitions of a component.
    pub fn component(&mut self, defs: &[DefId]) {
        let needed = |id: &&DefId| {
            let names = self.program.def(**id);
            self.known(**id).function && (names.tys.iter().any(Option::is_none) || names.recursive)
        };
        let defs: Vec<DefId> = defs.iter().filter(needed).copied().collect();
        if defs.is_empty() {
            return;
        }
        self.kinds.clear();
        self.wants.clear();
        let bodies: Vec<(DefId, Vec<Event<'p>>, Ast)> =
            defs.iter().filter_map(|&id| self.begin(id)).collect();
        for _ in 0..MOST_ROUNDS {
            self.changed = false;
            for (id, events, body) in &bodies {
                self.round(*id, events, *body);
            }
            if !self.changed {
                if self.boldness == 2 || !self.meets_arrays() {
                    break;
                }
                self.boldness += 1;
            }
        }
        self.boldness = 0;
        if self.settle(&defs) {
            for (id, events, body) in &bodies {
                self.round(*id, events, *body);
            }
        }
    }

    /// A parameter of which nothing was learnt is a real, and so may be the results that it enters; whether there
    /// is one.
    fn settle(&mut self, defs: &[DefId]) -> bool {
        let mut found = false;
        for &id in defs {
            for local in &self.program.def(id).params.params {
                let kind = &mut self.locals[local.0 as usize];
                if *kind == Kind::Unknown {
                    *kind = Kind::Real;
                    found = true;
                }
            }
        }
        found
    }

    /// Whether there is anything that could be taken for an array.
    fn meets_arrays(&self) -> bool {
        self.kinds.iter().chain(&self.wants).any(|kind| matches!(kind, Kind::Array(..)))
    }

    /// The walk over a definition's body.
    fn begin(&mut self, id: DefId) -> Option<(DefId, Vec<Event<'p>>, Ast)> {
        let names = self.program.def(id);
        for ((&local, ty), kind) in
            names.params.params.iter().zip(&names.tys).zip(&self.known[id.0 as usize].params)
        {
            self.locals[local.0 as usize] = kind.clone();
            self.fixed[local.0 as usize] = ty.is_some();
        }
        for &(_, size) in &names.params.sizes {
            self.locals[size.0 as usize] = Kind::Int;
            self.fixed[size.0 as usize] = true;
        }
        let ItemKind::Function { params, body, .. } = &self.program.item(id).kind else { return None };
        let mut events = Vec::new();
        for root in params.iter().filter_map(|param| param.assume).chain([*body]) {
            self.walk(root, &mut events);
        }
        Some((id, events, *body))
    }

    fn walk(&mut self, root: Ast, events: &mut Vec<Event<'p>>) {
        enum Step<'p> {
            Enter(Ast),
            Leave(Event<'p>),
        }
        let tree = self.tree;
        let mut stack = vec![Step::Enter(root)];
        while let Some(step) = stack.pop() {
            match step {
                Step::Leave(event) => events.push(event),
                Step::Enter(ast) => {
                    self.place[ast.0 as usize] = self.kinds.len() as u32;
                    self.kinds.push(Kind::Unknown);
                    self.wants.push(Kind::Unknown);
                    stack.push(Step::Leave(Event::Node(ast)));
                    let from = stack.len();
                    super::walk::operands(tree, ast, |operand| {
                        stack.push(Step::Enter(operand));
                        match tree.expr(ast) {
                            Expr::Let { bindings, body, .. } if operand != *body => {
                                let (pattern, value) = &bindings[(stack.len() - from - 1) / 2];
                                stack.push(Step::Leave(Event::Bind(*value, pattern)));
                            }
                            Expr::Fold { state, init, .. } | Expr::Iterate { state, init, .. }
                                if operand == *init =>
                            {
                                stack.push(Step::Leave(Event::Bind(*init, state)));
                            }
                            _no_binding => {}
                        }
                    });
                    stack[from..].reverse();
                }
            }
        }
    }

    fn round(&mut self, id: DefId, events: &[Event<'p>], body: Ast) {
        for &event in events {
            match event {
                Event::Node(ast) => {
                    let kind = synth::kind(self, ast);
                    let place = self.place[ast.0 as usize] as usize;
                    if self.kinds[place] != kind {
                        self.kinds[place] = kind;
                        self.changed = true;
                    }
                }
                Event::Bind(value, pattern) => self.bind(pattern, value),
            }
        }
        let result = self.kind(body);
        let given = self.program.def(id).result.is_some();
        let known = &mut self.known[id.0 as usize];
        if !given && result != known.result {
            known.result = known.result.join(&result);
        }
        let wanted = if given { known.result.clone() } else { known.result.clone().real() };
        self.want(body, &wanted);
        for &event in events.iter().rev() {
            match event {
                Event::Node(ast) => demand::push(self, ast),
                Event::Bind(value, pattern) => {
                    let wanted = self.demanded(pattern, value);
                    self.want(value, &wanted);
                }
            }
        }
        for (i, local) in self.program.def(id).params.params.iter().enumerate() {
            let kind = self.locals[local.0 as usize].clone();
            self.changed |= self.known[id.0 as usize].params[i].refine(&kind);
        }
    }

    /// What is known of an expression.
    pub(super) fn kind(&self, ast: Ast) -> Kind {
        self.kinds[self.place[ast.0 as usize] as usize].clone()
    }

    /// What is wanted of an expression.
    pub(super) fn wanted(&self, ast: Ast) -> Kind {
        self.wants[self.place[ast.0 as usize] as usize].clone()
    }

    /// Wants an expression to be of a kind. Being a real says nothing: that is what everything is.
    pub(super) fn want(&mut self, ast: Ast, kind: &Kind) {
        if !matches!(kind, Kind::Unknown | Kind::Real | Kind::Literal) {
            self.changed |= self.wants[self.place[ast.0 as usize] as usize].refine(kind);
        }
    }

    /// A use of a local name that tells something of it.
    pub(super) fn want_local(&mut self, local: LocalId, kind: &Kind) {
        let real = matches!(kind, Kind::Real | Kind::Literal);
        if !self.fixed[local.0 as usize] && !real {
            self.changed |= self.locals[local.0 as usize].refine(kind);
            self.changed |= self.demands[local.0 as usize].refine(kind);
        }
    }

    /// A use of a local name that only a number allows.
    pub(super) fn is_real(&mut self, local: LocalId) {
        let kind = &mut self.locals[local.0 as usize];
        if *kind == Kind::Unknown {
            *kind = Kind::Real;
            self.changed = true;
        }
    }

    /// Gives the names of a pattern what is known of its value.
    fn bind(&mut self, pattern: &Pattern, value: Ast) {
        let Some(&LocalId(mut next)) = self.program.names.patterns.get(&value) else { return };
        let mut stack = vec![(pattern, self.kind(value))];
        while let Some((pattern, kind)) = stack.pop() {
            match pattern {
                Pattern::Name(..) => {
                    let local = &mut self.locals[next as usize];
                    let joined = kind.join(local);
                    if joined != *local {
                        *local = joined;
                        self.changed = true;
                    }
                    next += 1;
                }
                Pattern::Tuple(parts) => {
                    for (i, part) in parts.iter().enumerate().rev() {
                        let kind = match &kind {
                            Kind::Tuple(kinds) => kinds.get(i).cloned().unwrap_or_default(),
                            _not_a_tuple => Kind::Unknown,
                        };
                        stack.push((part, kind));
                    }
                }
            }
        }
    }

    /// What is known of the names of a pattern.
    pub(super) fn gather(&self, pattern: &Pattern, value: Ast) -> Kind {
        self.of_pattern(pattern, value, &|local| self.locals[local].clone())
    }

    /// What the names of a pattern want of its value. That one value of a name is an `Int` does not make one of
    /// the next: it may be real.
    pub(super) fn demanded(&self, pattern: &Pattern, value: Ast) -> Kind {
        self.of_pattern(pattern, value, &|local| {
            let mut kind = self.demands[local].clone();
            kind.refine(&self.locals[local].clone().real());
            kind
        })
    }

    fn of_pattern(&self, pattern: &Pattern, value: Ast, of: &dyn Fn(usize) -> Kind) -> Kind {
        fn nested(pattern: &Pattern, next: &mut usize, of: &dyn Fn(usize) -> Kind) -> Kind {
            match pattern {
                Pattern::Name(..) => {
                    *next += 1;
                    of(*next - 1)
                }
                Pattern::Tuple(parts) => {
                    Kind::Tuple(std::rc::Rc::new(parts.iter().map(|part| nested(part, next, of)).collect()))
                }
            }
        }
        match self.program.names.patterns.get(&value) {
            Some(first) => nested(pattern, &mut (first.0 as usize), of),
            None => Kind::Unknown,
        }
    }

    /// What a name or `alias.name` stands for.
    pub(super) fn meaning(&self, ast: Ast) -> Ref {
        self.program.names.of(ast)
    }
}
