//! Items to statements: locals, scalars, branches and calls. Loops over ranges are in `ranges`,
//! sequential loops in `sequence`.
//!
//! Takes the items of a scope; gives statements, in which a local may still be set in an inner
//! block before any declaration and every array is copied; `tidy` and `declare` see to that.

use super::lazy::Lazy;
use super::names::Names;
use super::order::Item;
use super::place::{Action, Placer};
use super::region::Region;
use super::{Fill, Local, LocalInfo, Op, Stmt};
use crate::core::{Elem, Ex, Name, Node, Type, VarId};
use std::collections::HashMap;

/// Makes the statements of one procedure.
pub(super) struct Lowerer<'g> {
    pub placer: Placer<'g>,
    pub locals: Vec<LocalInfo>,
    pub names: Names,
    /// What the variables in scope are called.
    pub vars: HashMap<VarId, Local>,
    /// The results of calls and loops, by the slots of their homes.
    pub groups: Vec<Vec<Local>>,
    indices: HashMap<VarId, Local>,
    /// Values that are computed where they are first wanted, in the scopes around.
    pub lazy: Vec<Lazy>,
    /// The locals of literals, by node.
    constants: HashMap<Ex, Local>,
    /// Constants, set once at the start.
    pub prelude: Vec<Stmt>,
}

impl<'g> Lowerer<'g> {
    pub fn new(placer: Placer<'g>) -> Self {
        Lowerer {
            placer,
            locals: Vec::new(),
            names: Names::default(),
            vars: HashMap::new(),
            groups: Vec::new(),
            indices: HashMap::new(),
            lazy: Vec::new(),
            constants: HashMap::new(),
            prelude: Vec::new(),
        }
    }

    /// A new local with a name like this one.
    pub fn named(&mut self, name: &str, ty: Type, origin: u32) -> Local {
        let (wish, name) = (name.to_string(), self.names.like(name));
        self.locals.push(LocalInfo { name, wish, bound: false, ty, mutable: false, origin });
        Local(self.locals.len() as u32 - 1)
    }

    /// The local that counts loops with this variable, of which no two are in one another.
    pub fn index(&mut self, var: VarId, origin: u32) -> Local {
        if let Some(&known) = self.indices.get(&var) {
            return known;
        }
        let name = self.placer.graph.var(var).name.clone();
        let index = self.named(&name, Type::INT, origin);
        self.indices.insert(var, index);
        index
    }

    /// A new local with a short name.
    pub fn fresh(&mut self, stem: &'static str, ty: Type, origin: u32) -> Local {
        let name = self.names.numbered(stem);
        self.locals.push(LocalInfo { name, wish: String::new(), bound: false, ty, mutable: false, origin });
        Local(self.locals.len() as u32 - 1)
    }

    /// A new local for the value of a node.
    pub fn local_for(&mut self, ex: Ex) -> Local {
        let ty = self.placer.graph.ty(ex);
        let origin = self.placer.graph.origin(ex);
        let graph = &self.placer.graph;
        let wish = || graph.wish(ex).map(|text| Name { text: text.into(), bound: false });
        let name = graph.name(ex).cloned().or_else(wish);
        self.called(name, ty, origin)
    }

    /// A new local with this name, or a short one.
    fn called(&mut self, name: Option<Name>, ty: Type, origin: u32) -> Local {
        if let Some(name) = name {
            let local = self.named(&name.text, ty, origin);
            self.locals[local.0 as usize].bound = name.bound;
            return local;
        }
        let stem = match (ty.is_array(), ty.elem) {
            (true, _) => "a",
            (false, Elem::Real) => "t",
            (false, Elem::Int) => "k",
            (false, Elem::Bool) => "c",
        };
        self.fresh(stem, ty, origin)
    }

    /// The local of the node's value, made if this is the first that sets it.
    pub fn slot(&mut self, ex: Ex) -> Local {
        let slot = self.placer.home_mut(ex).slot;
        if slot != u32::MAX {
            return Local(slot);
        }
        let local = self.local_for(ex);
        self.placer.home_mut(ex).slot = local.0;
        local
    }

    /// The local that holds the value of a node that has been computed.
    pub fn local(&mut self, ex: Ex) -> Local {
        if self.placer.clash.is_some() {
            // These statements are thrown away.
            return Local(0);
        }
        match self.placer.graph.node(ex) {
            Node::Real(_) | Node::Int(_) | Node::Bool(_) => self.constant(ex),
            Node::Var(var) => self.vars[&var],
            Node::Index { array, .. } if self.placer.building.contains(&array) => {
                match self.placer.element(ex) {
                    Some(body) => self.local(body),
                    None => self.home_local(ex),
                }
            }
            Node::Part { of, index } => {
                let home = self.placer.home(of).expect("a part of what is computed");
                self.groups[home.slot as usize][index as usize]
            }
            Node::Prim(..)
            | Node::If { .. }
            | Node::Index { .. }
            | Node::Size { .. }
            | Node::Lit { .. }
            | Node::Build { .. }
            | Node::Accum { .. }
            | Node::Loop(_)
            | Node::Call { .. } => self.home_local(ex),
        }
    }

    fn home_local(&self, ex: Ex) -> Local {
        let home = self.placer.home(ex).unwrap_or_else(|| panic!("{ex:?} has no home"));
        debug_assert_ne!(home.slot, u32::MAX, "{ex:?} {:?} is computed later", self.placer.graph.node(ex));
        Local(home.slot)
    }

    pub fn all(&mut self, exs: &[Ex]) -> Vec<Local> {
        exs.iter().map(|&ex| self.local(ex)).collect()
    }

    /// The value of a literal.
    pub fn literal(&self, ex: Ex) -> Option<Op> {
        let graph = &self.placer.graph;
        let real = graph.as_real(ex).map(Op::Real);
        real.or_else(|| graph.as_int(ex).map(Op::Int)).or_else(|| graph.as_bool(ex).map(Op::Bool))
    }

    fn constant(&mut self, ex: Ex) -> Local {
        if let Some(&known) = self.constants.get(&ex) {
            return known;
        }
        let dst = self.local_for(ex);
        let op = self.literal(ex).expect("a literal");
        self.prelude.push(Stmt::Let { dst, op });
        self.constants.insert(ex, dst);
        dst
    }

    pub fn int(&mut self, value: i64) -> Local {
        let ex = self.placer.graph.int(value);
        self.constant(ex)
    }

    /// Sets a new local to the result of an operation.
    pub fn set(&mut self, stem: &'static str, ty: Type, op: Op, out: &mut Vec<Stmt>) -> Local {
        let dst = self.fresh(stem, ty, 0);
        out.push(Stmt::Let { dst, op });
        dst
    }

    /// `dst` becomes the value of a node.
    pub fn copy(&mut self, dst: Local, ex: Ex, out: &mut Vec<Stmt>) {
        if let Some(op) = self.literal(ex) {
            out.push(Stmt::Let { dst, op });
            return;
        }
        let src = self.local(ex);
        let array = self.placer.graph.ty(ex).is_array();
        out.push(if array { Stmt::Clone { dst, src } } else { Stmt::Let { dst, op: Op::Copy(src) } });
    }

    pub fn items(&mut self, items: Vec<Item>, out: &mut Vec<Stmt>) {
        for item in items {
            match item {
                Item::Compute { ex, region, again } => {
                    if again {
                        self.compute_once(ex, region, out);
                    } else {
                        self.compute(ex, region, out);
                    }
                    self.placer.set_ready(ex, region, true);
                }
                Item::Set { choice, region, holds } => {
                    let Node::If { then, els, .. } = self.placer.graph.node(choice) else {
                        unreachable!("only choices are set")
                    };
                    let dst = self.slot(choice);
                    self.copy(dst, if holds { then } else { els }, out);
                    self.placer.set_ready(choice, region, true);
                }
                Item::If { cond, then, els } => {
                    let cond = self.local(cond);
                    let (mut first, mut second) = (Vec::new(), Vec::new());
                    self.items(then, &mut first);
                    // What the first branch has set is not there in the second.
                    for item in &els {
                        if let Item::Set { choice, region, .. } = *item {
                            self.placer.set_ready(choice, region, false);
                        }
                    }
                    self.items(els, &mut second);
                    let (then, els) = (first, second);
                    out.push(Stmt::If { cond, then, els });
                }
                Item::Add(sum) => {
                    let addition = self.placer.addition(sum);
                    self.add(sum, &addition, out);
                }
                Item::Loops { binder, members, path } => self.ranges(binder, &members, path, out),
            }
        }
    }

    /// Places, orders and lowers what a scope needs for these values and actions.
    pub fn scope(&mut self, values: &[(Ex, Region)], actions: &[Action], out: &mut Vec<Stmt>) {
        let placed = self.placer.place(values, actions);
        let wanted: Vec<Ex> = values.iter().map(|&(ex, _)| ex).collect();
        let items = self.placer.order(&placed, &wanted, actions);
        let start = out.len();
        self.open_lazy();
        self.items(items, out);
        let flags = self.close_lazy();
        out.splice(start..start, flags);
    }

    pub fn compute(&mut self, ex: Ex, region: Region, out: &mut Vec<Stmt>) {
        match self.placer.graph.node(ex) {
            Node::Prim(p, args) => {
                let args = self.operands(args);
                let dst = self.slot(ex);
                out.push(Stmt::Let { dst, op: Op::Prim(p, args) });
            }
            Node::Index { array, at } => {
                let (array, at) = (self.local(array), self.operands(at));
                let dst = self.slot(ex);
                out.push(Stmt::Let { dst, op: Op::Load { array, at } });
            }
            Node::Size { array, axis } => {
                let array = self.local(array);
                let dst = self.slot(ex);
                out.push(Stmt::Let { dst, op: Op::Size { array, axis: axis as usize } });
            }
            Node::Lit { elems, dims } => {
                let elems = self.operands(elems);
                let dims = self.placer.graph.words(dims).iter().map(|&d| d as usize).collect();
                let dst = self.slot(ex);
                out.push(Stmt::Array { dst, elems, dims });
            }
            Node::Build { .. } if self.placer.constant_array(ex).is_some() => {
                let dst = self.slot(ex);
                self.initial_array(dst, ex, out);
            }
            Node::Build { over, .. } | Node::Accum { over, .. } => {
                let binder = self.placer.graph.vars(over).next();
                match binder {
                    Some(binder) => {
                        let path = self.placer.inner_region(region, ex, 0);
                        self.ranges(binder, &[Action { node: ex, step: 0 }], path, out);
                    }
                    None => self.single(ex, out),
                }
            }
            Node::Loop(list) => {
                let parts = self.placer.graph.loop_parts(list);
                self.sequence(ex, &parts, region, out);
            }
            Node::Call { f, args } => {
                let args = self.operands(args);
                let types = self.placer.graph.function(f).result_types.clone();
                let origin = self.placer.graph.origin(ex);
                let dst = match self.group(ex) {
                    Some(known) => known,
                    None => {
                        let names = self.placer.graph.part_names(ex, f);
                        types.into_iter().zip(names).map(|(ty, name)| self.called(name, ty, origin)).collect()
                    }
                };
                self.set_group(ex, dst.clone());
                out.push(Stmt::Call { dst, f, args });
            }
            Node::Real(_) | Node::Int(_) | Node::Bool(_) | Node::Var(_) | Node::Part { .. } => {
                unreachable!("it has no place")
            }
            Node::If { .. } => unreachable!("a choice is set in its branches"),
        }
    }

    fn operands(&mut self, list: crate::core::List) -> Vec<Local> {
        let exs: Vec<Ex> = self.placer.graph.exs(list).collect();
        self.all(&exs)
    }

    /// The results of a call or a loop that another branch has computed.
    pub fn group(&self, ex: Ex) -> Option<Vec<Local>> {
        let slot = self.placer.home(ex)?.slot;
        (slot != u32::MAX).then(|| self.groups[slot as usize].clone())
    }

    /// Names the results of a call or a loop.
    pub fn set_group(&mut self, ex: Ex, locals: Vec<Local>) {
        self.placer.home_mut(ex).slot = self.groups.len() as u32;
        self.groups.push(locals);
    }

    /// `dst` becomes an array that will be updated: filled anew, or a copy.
    pub fn initial_array(&mut self, dst: Local, init: Ex, out: &mut Vec<Stmt>) {
        let Some((over, body)) = self.placer.constant_array(init) else {
            return self.copy(dst, init, out);
        };
        let lens = self.placer.dims(&over);
        let dims = self.all(&lens);
        let elem = self.placer.graph.ty(body).elem;
        let zero = self.is_zero(body);
        // Not computed at all: there are no elements.
        let of = self.placer.computed(body);
        let absent =
            !self.placer.is_leaf(of) && self.placer.home(of).is_none_or(|home| home.slot == u32::MAX);
        let fill = if zero || absent { Fill::Zero(elem) } else { Fill::Value(self.local(body)) };
        out.push(Stmt::Alloc { dst, dims, fill });
    }

    /// Whether a scalar is 0, and not -0.
    fn is_zero(&mut self, scalar: Ex) -> bool {
        match self.literal(scalar) {
            Some(Op::Real(value)) => value.to_bits() == 0,
            Some(Op::Int(value)) => value == 0,
            Some(Op::Bool(value)) => !value,
            _other => false,
        }
    }

    /// The lengths of an array that is 0 everywhere.
    pub fn zeros(&mut self, array: Ex) -> Option<Vec<Local>> {
        let (over, body) = self.placer.constant_array(array)?;
        let lens = self.placer.dims(&over);
        self.is_zero(body).then(|| self.all(&lens))
    }
}
