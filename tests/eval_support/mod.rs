//! A naive interpreter of graphs, by the letter of each node's meaning, to test against.
#![allow(dead_code)]

use std::collections::HashMap;
use zgrad::core::{AccumOp, Elem, Ex, FnId, Graph, Node, Origin, Type, VarId};
use zgrad::eval::{Array, Value};
use zgrad::primitive::{self, Kernel, Kind, Prim, real_to_int};

/// A value of the reference: scalars are arrays of rank 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Val {
    pub elem: Elem,
    pub dims: Vec<usize>,
    pub data: Vec<f64>,
    pub ints: Vec<i64>,
}

impl Val {
    fn real(value: f64) -> Val {
        Val { elem: Elem::Real, dims: vec![], data: vec![value], ints: vec![] }
    }

    fn int(value: i64) -> Val {
        Val { elem: Elem::Int, dims: vec![], data: vec![], ints: vec![value] }
    }

    fn bool(value: bool) -> Val {
        Val { elem: Elem::Bool, ..Val::int(value as i64) }
    }

    fn element(&self, at: usize) -> Val {
        match self.elem {
            Elem::Real => Val::real(self.data[at]),
            elem => Val { elem, ..Val::int(self.ints[at]) },
        }
    }

    fn push(&mut self, value: &Val) {
        self.data.extend(&value.data);
        self.ints.extend(&value.ints);
    }

    pub fn to_value(&self) -> Value {
        match (self.elem, self.dims.is_empty()) {
            (Elem::Real, true) => Value::Real(self.data[0]),
            (Elem::Int, true) => Value::Int(self.ints[0]),
            (Elem::Bool, true) => Value::Bool(self.ints[0] != 0),
            (Elem::Real, false) => Value::Array(Array::reals(&self.dims, self.data.clone())),
            (_, false) => Value::Array(Array::ints(&self.dims, self.ints.clone())),
        }
    }

    pub fn of(value: &Value) -> Val {
        match value {
            Value::Real(value) => Val::real(*value),
            Value::Int(value) => Val::int(*value),
            Value::Bool(value) => Val::bool(*value),
            Value::Array(array) => Val {
                elem: array.elem(),
                dims: array.shape().to_vec(),
                data: array.as_reals().unwrap_or_default().to_vec(),
                ints: array.as_ints().unwrap_or_default().to_vec(),
            },
        }
    }

    /// Equal but for the order in which sums were taken; all NaN are one.
    pub fn same(&self, other: &Val) -> bool {
        let close = |(&a, &b): (&f64, &f64)| {
            a == b || a.is_nan() && b.is_nan() || (a - b).abs() <= 1e-9 * (1.0 + a.abs().max(b.abs()))
        };
        self.dims == other.dims && self.ints == other.ints && self.data.iter().zip(&other.data).all(close)
    }
}

/// Evaluates in one call; `None` is a fault.
pub struct Reference<'g> {
    graph: &'g Graph,
    env: HashMap<VarId, (Vec<Val>, u64)>,
    known: HashMap<(Ex, Vec<u64>), Vec<Val>>,
    next: u64,
    depth: u32,
}

pub fn reference(graph: &Graph, f: FnId, args: &[Val]) -> Option<Vec<Val>> {
    call(graph, f, args, 0)
}

fn call(graph: &Graph, f: FnId, args: &[Val], depth: u32) -> Option<Vec<Val>> {
    if depth > 50 {
        return None;
    }
    let mut reference = Reference { graph, env: HashMap::new(), known: HashMap::new(), next: 0, depth };
    for (&param, arg) in graph.function(f).params.iter().zip(args) {
        reference.env.insert(param, (vec![arg.clone()], 0));
    }
    graph.function(f).results.iter().map(|&result| reference.one(result)).collect()
}

impl Reference<'_> {
    fn one(&mut self, ex: Ex) -> Option<Val> {
        self.many(ex).map(|values| values[0].clone())
    }

    fn int(&mut self, ex: Ex) -> Option<i64> {
        self.one(ex).map(|value| value.ints[0])
    }

    fn bind(&mut self, var: VarId, value: Val) {
        self.next += 1;
        self.env.insert(var, (vec![value], self.next));
    }

    fn many(&mut self, ex: Ex) -> Option<Vec<Val>> {
        let key: Vec<u64> = self.graph.free(ex).map(|var| self.env[&var].1).collect();
        if let Some(known) = self.known.get(&(ex, key.clone())) {
            return Some(known.clone());
        }
        let value = self.compute(ex)?;
        self.known.insert((ex, key), value.clone());
        Some(value)
    }

    fn points(&mut self, over: &[VarId], visit: &mut dyn FnMut(&mut Self) -> Option<()>) -> Option<()> {
        let Some((&first, rest)) = over.split_first() else { return visit(self) };
        let len = self.int(self.graph.len_of(first))?;
        let saved = self.env.get(&first).cloned();
        for i in 0..len {
            self.bind(first, Val::int(i));
            self.points(rest, visit)?;
        }
        self.restore(first, saved);
        Some(())
    }

    fn restore(&mut self, var: VarId, saved: Option<(Vec<Val>, u64)>) {
        match saved {
            Some(value) => self.env.insert(var, value),
            None => self.env.remove(&var),
        };
    }

    fn compute(&mut self, ex: Ex) -> Option<Vec<Val>> {
        let graph = self.graph;
        Some(vec![match graph.node(ex) {
            Node::Real(_) => Val::real(graph.as_real(ex)?),
            Node::Int(_) => Val::int(graph.as_int(ex)?),
            Node::Bool(b) => Val::bool(b),
            Node::Var(var) => self.env[&var].0[0].clone(),
            Node::Prim(p, args) => {
                let args: Vec<Val> = graph.exs(args).map(|a| self.one(a)).collect::<Option<_>>()?;
                prim(p, &args)?
            }
            Node::If { cond, then, els } => {
                return if self.int(cond)? != 0 { self.many(then) } else { self.many(els) };
            }
            Node::Index { array, at } => {
                let array = self.one(array)?;
                let at: Vec<i64> = graph.exs(at).map(|a| self.int(a)).collect::<Option<_>>()?;
                array.element(offset(&array.dims, &at)?)
            }
            Node::Size { array, axis } => Val::int(self.one(array)?.dims[axis as usize] as i64),
            Node::Lit { elems, dims } => {
                let dims = graph.words(dims).iter().map(|&d| d as usize).collect();
                let mut array = Val { elem: graph.ty(ex).elem, dims, data: vec![], ints: vec![] };
                for e in graph.exs(elems) {
                    array.push(&self.one(e)?);
                }
                array
            }
            Node::Build { over, body } => {
                let over: Vec<VarId> = graph.vars(over).collect();
                let mut dims = Vec::new();
                for &b in &over {
                    dims.push(self.int(graph.len_of(b))?.max(0) as usize);
                }
                let mut array = Val { elem: graph.ty(ex).elem, dims, data: vec![], ints: vec![] };
                self.points(&over, &mut |this| {
                    let value = this.one(body)?;
                    array.push(&value);
                    Some(())
                })?;
                array
            }
            Node::Accum { op, init, over, at, value } => {
                let over: Vec<VarId> = graph.vars(over).collect();
                let at: Vec<Ex> = graph.exs(at).collect();
                let mut sum = self.one(init)?;
                self.points(&over, &mut |this| {
                    // Where the value is a choice of 0, nothing is added.
                    let (mut value, mut at) = (value, at.clone());
                    while op == AccumOp::Sum
                        && !at.is_empty()
                        && let Node::If { cond, then, els } = graph.node(value)
                        && (graph.as_real(then) == Some(0.0) || graph.as_real(els) == Some(0.0))
                    {
                        let holds = this.int(cond)? != 0;
                        value = if holds { then } else { els };
                        if graph.as_real(value) == Some(0.0) {
                            return Some(());
                        }
                        for index in &mut at {
                            if let Node::If { cond: same, then, els } = graph.node(*index)
                                && same == cond
                            {
                                *index = if holds { then } else { els };
                            }
                        }
                    }
                    let at: Vec<i64> = at.iter().map(|&a| this.int(a)).collect::<Option<_>>()?;
                    let offset = offset(&sum.dims, &at)?;
                    let new = prim(combine(op), &[sum.element(offset), this.one(value)?])?;
                    match new.elem {
                        Elem::Real => sum.data[offset] = new.data[0],
                        _ => sum.ints[offset] = new.ints[0],
                    }
                    Some(())
                })?;
                sum
            }
            Node::Loop(list) => return self.sequential(&graph.loop_parts(list)),
            Node::Call { f, args } => {
                let args: Vec<Val> = graph.exs(args).map(|a| self.one(a)).collect::<Option<_>>()?;
                return call(graph, f, &args, self.depth + 1);
            }
            Node::Part { of, index } => self.many(of)?[index as usize].clone(),
        }])
    }

    fn sequential(&mut self, parts: &zgrad::core::LoopParts) -> Option<Vec<Val>> {
        let mut states: Vec<Val> = parts.inits.iter().map(|&e| self.one(e)).collect::<Option<_>>()?;
        let len = match parts.len {
            Some(len) => self.int(len)?.max(0),
            None => 1000,
        };
        let mut traces: Vec<Val> = states.clone();
        for (trace, state) in traces.iter_mut().zip(&states) {
            trace.dims = state.dims.clone();
            trace.dims.insert(0, 1);
        }
        let bound: Vec<VarId> = std::iter::once(parts.index).chain(parts.states.iter().copied()).collect();
        let saved: Vec<_> = bound.iter().map(|var| self.env.get(var).cloned()).collect();
        let mut count = 0;
        for k in 0..len {
            self.bind(parts.index, Val::int(k));
            for (&var, state) in parts.states.iter().zip(&states) {
                self.bind(var, state.clone());
            }
            if let Some(cond) = parts.cond
                && self.int(cond)? == 0
            {
                break;
            }
            states = parts.nexts.iter().map(|&e| self.one(e)).collect::<Option<_>>()?;
            for (trace, state) in traces.iter_mut().zip(&states) {
                trace.push(state);
                trace.dims[0] += 1;
            }
            count = k + 1;
        }
        for (var, value) in bound.into_iter().zip(saved) {
            self.restore(var, value);
        }
        states.append(&mut traces);
        states.push(Val::int(count));
        Some(states)
    }
}

fn offset(dims: &[usize], at: &[i64]) -> Option<usize> {
    let mut offset = 0;
    for (&dim, &i) in dims.iter().zip(at) {
        if i < 0 || i as usize >= dim {
            return None;
        }
        offset = offset * dim + i as usize;
    }
    Some(offset)
}

fn combine(op: AccumOp) -> Prim {
    match op {
        AccumOp::Sum => Prim::ADD,
        AccumOp::Prod => Prim::MUL,
        AccumOp::Max => Prim::MAX,
        AccumOp::Min => Prim::MIN,
        AccumOp::Replace => unreachable!("made for statements alone"),
    }
}

fn prim(p: Prim, args: &[Val]) -> Option<Val> {
    let reals: Vec<f64> = args.iter().flat_map(|a| a.data.clone()).collect();
    let ints: Vec<i64> = args.iter().flat_map(|a| a.ints.clone()).collect();
    let real = args[0].elem == Elem::Real;
    Some(match p.row().kind {
        Kind::RealToReal | Kind::Arith if real => Val::real(primitive::eval_real(p, &reals)),
        Kind::RealToReal | Kind::Arith => match p.kernel() {
            Kernel::Arith1(_, f) => Val::int(f(ints[0])?),
            Kernel::Arith2(_, f) => Val::int(f(ints[0], ints[1])?),
            other => panic!("{other:?}"),
        },
        Kind::Compare if real => Val::bool(primitive::compare_real(p, reals[0], reals[1])),
        Kind::Compare => Val::bool(primitive::compare_int(p, ints[0], ints[1])),
        Kind::Logic => {
            let bools: Vec<bool> = ints.iter().map(|&i| i != 0).collect();
            Val::bool(primitive::eval_logic(p, &bools))
        }
        Kind::ToReal => Val::real(ints[0] as f64),
        Kind::ToInt => Val::int(real_to_int(reals[0])?),
    })
}

/// Defines a function with these results.
pub fn define(graph: &mut Graph, name: &str, params: &[VarId], results: &[Ex]) -> FnId {
    let types = results.iter().map(|&r| graph.ty(r)).collect();
    let f = graph.declare(name, params.to_vec(), types, Origin::Source);
    graph.define(f, results.to_vec());
    f
}

/// A parameter that is an array of reals.
pub fn array(graph: &mut Graph, name: &str, rank: usize) -> (VarId, Ex) {
    let var = graph.param(name, Type::array(Elem::Real, rank));
    (var, graph.variable(var))
}

/// A node with its operands, for messages.
pub fn node_text(graph: &Graph, ex: Ex) -> String {
    let list = |list| graph.words(list).iter().map(u32::to_string).collect::<Vec<_>>().join(", ");
    let vars = |vars| {
        let text = |v: VarId| format!("{}#{} < {}", graph.var(v).name, v.0, graph.len_of(v).0);
        graph.vars(vars).map(text).collect::<Vec<_>>().join(", ")
    };
    match graph.node(ex) {
        Node::Real(_) => format!("{:?}", graph.as_real(ex)),
        Node::Int(_) => format!("{:?}", graph.as_int(ex)),
        Node::Prim(p, args) => format!("{}({})", p.name(), list(args)),
        Node::Var(v) => format!("var {}#{}", graph.var(v).name, v.0),
        Node::Index { array, at } => format!("{}[{}]", array.0, list(at)),
        Node::Build { over, body } => format!("[{} for {}]", body.0, vars(over)),
        Node::Accum { op, init, over, at, value } => {
            format!("{op:?} from {} of {} at [{}] for {}", init.0, value.0, list(at), vars(over))
        }
        Node::Loop(parts) => format!("{:?}", graph.loop_parts(parts)),
        Node::Call { args, .. } => format!("call({})", list(args)),
        other => format!("{other:?}"),
    }
}
