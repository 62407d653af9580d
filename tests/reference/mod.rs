//! A reference interpreter of the core graph: slow, recursive, and written straight from the
//! meaning of each node. The oracle for everything that is scheduled, rewritten or emitted.

use std::collections::HashMap;
use zgrad::core::{AccumOp, Ex, FnId, Graph, LoopParts, Node, VarId, VarKind};
use zgrad::primitive::{self, Kind, Prim};

/// A value: scalars have no shape; integers and conditions are doubles of whole value.
#[derive(Debug, Clone, PartialEq)]
pub struct Val {
    pub shape: Vec<usize>,
    pub data: Vec<f64>,
}

impl Val {
    pub fn scalar(x: f64) -> Val {
        Val { shape: vec![], data: vec![x] }
    }

    pub fn vector(data: &[f64]) -> Val {
        Val { shape: vec![data.len()], data: data.to_vec() }
    }

    pub fn num(&self) -> f64 {
        assert!(self.shape.is_empty());
        self.data[0]
    }

    fn offset(&self, at: &[usize]) -> usize {
        at.iter().zip(&self.shape).fold(0, |offset, (&i, &n)| {
            assert!(i < n, "index {i} of {n}");
            offset * n + i
        })
    }
}

type Env = HashMap<VarId, Val>;

/// The results of a function.
pub fn call(graph: &Graph, f: FnId, args: &[Val]) -> Vec<Val> {
    let function = graph.function(f);
    assert!(!function.results.is_empty(), "{} has no results", function.name);
    let env: Env = function.params.iter().copied().zip(args.iter().cloned()).collect();
    let mut interpreter = Interpreter { graph, env, memo: HashMap::new(), many: HashMap::new() };
    function.results.iter().map(|&r| interpreter.eval(r)).collect()
}

struct Interpreter<'a> {
    graph: &'a Graph,
    env: Env,
    /// Values by node and the values of its free binders.
    memo: HashMap<(Ex, Vec<u64>), Val>,
    many: HashMap<(Ex, Vec<u64>), Vec<Val>>,
}

impl Interpreter<'_> {
    fn key(&self, ex: Ex) -> (Ex, Vec<u64>) {
        let values = self.graph.free(ex).flat_map(|v| match self.env.get(&v) {
            Some(val) => val.data.iter().map(|x| x.to_bits()).collect(),
            None => vec![],
        });
        (ex, values.collect())
    }

    fn int(&mut self, ex: Ex) -> usize {
        let x = self.eval(ex).num();
        assert!(x >= 0.0, "negative index {x}");
        x as usize
    }

    fn points(&mut self, over: &[VarId], visit: &mut dyn FnMut(&mut Self)) {
        let Some((&first, rest)) = over.split_first() else { return visit(self) };
        let VarKind::Index { len } = self.graph.var(first).kind else { panic!("not an index") };
        let len = self.eval(len).num().max(0.0) as usize;
        let outer = self.env.get(&first).cloned();
        for i in 0..len {
            self.env.insert(first, Val::scalar(i as f64));
            self.points(rest, visit);
        }
        match outer {
            Some(value) => self.env.insert(first, value),
            None => self.env.remove(&first),
        };
    }

    fn eval(&mut self, ex: Ex) -> Val {
        let key = self.key(ex);
        if let Some(known) = self.memo.get(&key) {
            return known.clone();
        }
        let val = self.compute(ex);
        self.memo.insert(key, val.clone());
        val
    }

    fn compute(&mut self, ex: Ex) -> Val {
        let graph = self.graph;
        match graph.node(ex) {
            Node::Real(_) => Val::scalar(graph.as_real(ex).unwrap()),
            Node::Int(_) => Val::scalar(graph.as_int(ex).unwrap() as f64),
            Node::Bool(b) => Val::scalar(b as u8 as f64),
            Node::Var(v) => self.env[&v].clone(),
            Node::Prim(p, args) => {
                let args: Vec<f64> = graph.exs(args).map(|a| self.eval(a).num()).collect();
                Val::scalar(prim(p, &args))
            }
            Node::If { cond, then, els } => {
                if self.eval(cond).num() != 0.0 {
                    self.eval(then)
                } else {
                    self.eval(els)
                }
            }
            Node::Index { array, at } => {
                let at: Vec<usize> = graph.exs(at).map(|e| self.int(e)).collect();
                let array = self.eval(array);
                Val::scalar(array.data[array.offset(&at)])
            }
            Node::Size { array, axis } => Val::scalar(self.eval(array).shape[axis as usize] as f64),
            Node::Lit { elems, dims } => {
                let shape = graph.words(dims).iter().map(|&d| d as usize).collect();
                Val { shape, data: graph.exs(elems).map(|e| self.eval(e).num()).collect() }
            }
            Node::Build { over, body } => {
                let over: Vec<VarId> = graph.vars(over).collect();
                let shape =
                    over.iter().map(|&b| self.eval(graph.len_of(b)).num().max(0.0) as usize).collect();
                let mut data = vec![];
                self.points(&over, &mut |me| data.push(me.eval(body).num()));
                Val { shape, data }
            }
            Node::Accum { op, init, over, at, value } => {
                let mut sum = self.eval(init);
                let over: Vec<VarId> = graph.vars(over).collect();
                let at: Vec<Ex> = graph.exs(at).collect();
                self.points(&over, &mut |me| {
                    let at: Vec<usize> = at.iter().map(|&e| me.int(e)).collect();
                    let value = me.eval(value).num();
                    let offset = sum.offset(&at);
                    let old = sum.data[offset];
                    sum.data[offset] = match op {
                        AccumOp::Sum => old + value,
                        AccumOp::Prod => old * value,
                        AccumOp::Max => primitive::eval_real(Prim::MAX, &[old, value]),
                        AccumOp::Min => primitive::eval_real(Prim::MIN, &[old, value]),
                        AccumOp::Replace => value,
                    };
                });
                sum
            }
            Node::Part { of, index } => self.many(of)[index as usize].clone(),
            Node::Loop(_) | Node::Call { .. } => panic!("has no value of its own"),
        }
    }

    fn many(&mut self, ex: Ex) -> Vec<Val> {
        let key = self.key(ex);
        if let Some(known) = self.many.get(&key) {
            return known.clone();
        }
        let values = match self.graph.node(ex) {
            Node::Call { f, args } => {
                let args: Vec<Val> = self.graph.exs(args).map(|a| self.eval(a)).collect();
                call(self.graph, f, &args)
            }
            Node::Loop(list) => self.sequential(self.graph.loop_parts(list)),
            other => panic!("{other:?} has no parts"),
        };
        self.many.insert(key, values.clone());
        values
    }

    fn sequential(&mut self, parts: LoopParts) -> Vec<Val> {
        let mut states: Vec<Val> = parts.inits.iter().map(|&e| self.eval(e)).collect();
        let len = parts.len.map(|len| self.eval(len).num().max(0.0) as usize);
        let mut history = vec![states.clone()];
        let mut step = 0;
        loop {
            let saved = self.env.clone();
            self.env.insert(parts.index, Val::scalar(step as f64));
            for (&s, value) in parts.states.iter().zip(&states) {
                self.env.insert(s, value.clone());
            }
            let go = match (len, parts.cond) {
                (Some(len), _) => step < len,
                (None, Some(cond)) => self.eval(cond).num() != 0.0,
                (None, None) => panic!("a length or a condition"),
            };
            if go {
                states = parts.nexts.iter().map(|&e| self.eval(e)).collect();
                history.push(states.clone());
            }
            self.env = saved;
            if !go {
                break;
            }
            step += 1;
        }
        let traces = (0..states.len()).map(|i| {
            let mut shape = vec![history.len()];
            shape.extend(&states[i].shape);
            Val { shape, data: history.iter().flat_map(|h| h[i].data.clone()).collect() }
        });
        let traces: Vec<Val> = traces.collect();
        states.into_iter().chain(traces).chain([Val::scalar(step as f64)]).collect()
    }
}

fn prim(p: Prim, args: &[f64]) -> f64 {
    match p.row().kind {
        Kind::RealToReal | Kind::Arith => primitive::eval_real(p, args),
        Kind::Compare => primitive::compare_real(p, args[0], args[1]) as u8 as f64,
        Kind::Logic => match p {
            Prim::AND => args[0] * args[1],
            Prim::OR => args[0].max(args[1]),
            _ => 1.0 - args[0],
        },
        Kind::ToReal | Kind::ToInt => args[0],
    }
}
