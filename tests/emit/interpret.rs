//! What a procedure computes, statement by statement.

use std::collections::HashMap;
use zgrad::block::{Fill, Local, Op, Procedure, Stmt};
use zgrad::core::Elem;
use zgrad::primitive::{self, Kind, Prim};

#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Real(f64),
    Int(i64),
    Bool(bool),
    Array(Vec<usize>, Vec<Value>),
}

impl Value {
    pub fn real(&self) -> f64 {
        match self {
            Value::Real(v) => *v,
            other => panic!("{other:?} is not real"),
        }
    }

    fn int(&self) -> i64 {
        match self {
            Value::Int(v) => *v,
            other => panic!("{other:?} is no integer"),
        }
    }

    fn bool(&self) -> bool {
        match self {
            Value::Bool(v) => *v,
            other => panic!("{other:?} is no condition"),
        }
    }
}

struct Machine<'a> {
    procedures: &'a [Procedure],
    values: HashMap<Local, Value>,
}

pub fn run(procedures: &[Procedure], at: usize, args: &[Value]) -> Vec<Value> {
    let p = &procedures[at];
    let values = p.params.iter().copied().zip(args.iter().cloned()).collect();
    let mut machine = Machine { procedures, values };
    machine.block(&p.body);
    p.results.iter().map(|r| machine.values[r].clone()).collect()
}

impl Machine<'_> {
    fn get(&self, l: Local) -> &Value {
        &self.values[&l]
    }

    fn block(&mut self, stmts: &[Stmt]) {
        for stmt in stmts {
            self.stmt(stmt);
        }
    }

    fn offset(&self, array: Local, at: &[Local]) -> usize {
        let Value::Array(dims, _) = self.get(array) else { panic!("no array") };
        dims.iter().zip(at).fold(0, |sum, (&d, &i)| {
            let i = self.get(i).int();
            assert!(i >= 0 && (i as usize) < d, "index {i} is outside of {d}");
            sum * d + i as usize
        })
    }

    fn elements(&mut self, array: Local) -> &mut Vec<Value> {
        let Some(Value::Array(_, elements)) = self.values.get_mut(&array) else { panic!("no array") };
        elements
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Let { dst, op } => {
                let value = self.op(op);
                self.values.insert(*dst, value);
            }
            Stmt::Declare { .. } => {}
            Stmt::Alloc { dst, dims, fill } => {
                let dims: Vec<usize> = dims.iter().map(|d| self.get(*d).int().max(0) as usize).collect();
                let value = match fill {
                    Fill::Zero(Elem::Real) | Fill::Unset(Elem::Real) => Value::Real(0.0),
                    Fill::Zero(Elem::Int) | Fill::Unset(Elem::Int) => Value::Int(0),
                    Fill::Zero(Elem::Bool) | Fill::Unset(Elem::Bool) => Value::Bool(false),
                    Fill::Value(v) => self.get(*v).clone(),
                };
                let count = dims.iter().product();
                self.values.insert(*dst, Value::Array(dims, vec![value; count]));
            }
            Stmt::Array { dst, elems, dims } => {
                let elems = elems.iter().map(|e| self.get(*e).clone()).collect();
                self.values.insert(*dst, Value::Array(dims.clone(), elems));
            }
            Stmt::Move { dst, src } | Stmt::Clone { dst, src } => {
                let value = self.get(*src).clone();
                self.values.insert(*dst, value);
            }
            Stmt::Store { array, at, value } => {
                let (k, value) = (self.offset(*array, at), self.get(*value).clone());
                self.elements(*array)[k] = value;
            }
            Stmt::AddTo { array, at, value } => {
                let (k, value) = (self.offset(*array, at), self.get(*value).real());
                let sum = self.elements(*array)[k].real() + value;
                self.elements(*array)[k] = Value::Real(sum);
            }
            Stmt::StoreRow { array, index, row } => {
                let Value::Array(_, row) = self.get(*row).clone() else { panic!("no row") };
                let start = self.get(*index).int() as usize * row.len();
                self.elements(*array)[start..start + row.len()].clone_from_slice(&row);
            }
            Stmt::Push { array, value } => {
                let value = match self.get(*value).clone() {
                    Value::Array(_, elements) => elements,
                    scalar => vec![scalar],
                };
                self.elements(*array).extend(value);
                let Some(Value::Array(dims, _)) = self.values.get_mut(array) else { unreachable!() };
                dims[0] += 1;
            }
            Stmt::If { cond, then, els } => self.block(if self.get(*cond).bool() { then } else { els }),
            Stmt::For { index, len, body } => {
                for i in 0..self.get(*len).int() {
                    self.values.insert(*index, Value::Int(i));
                    self.block(body);
                }
            }
            Stmt::While { index, head, cond, body } => {
                for i in 0.. {
                    self.values.insert(*index, Value::Int(i));
                    self.block(head);
                    if !self.get(*cond).bool() {
                        break;
                    }
                    self.block(body);
                }
            }
            Stmt::Call { dst, f, args } => {
                let args: Vec<Value> = args.iter().map(|a| self.get(*a).clone()).collect();
                let at = self.procedures.iter().position(|p| p.id == *f).unwrap();
                for (d, value) in dst.iter().zip(run(self.procedures, at, &args)) {
                    self.values.insert(*d, value);
                }
            }
            Stmt::Require { cond, message, .. } => assert!(self.get(*cond).bool(), "{message}"),
        }
    }

    fn op(&self, op: &Op) -> Value {
        match op {
            Op::Real(v) => Value::Real(*v),
            Op::Int(v) => Value::Int(*v),
            Op::Bool(v) => Value::Bool(*v),
            Op::Copy(l) => self.get(*l).clone(),
            Op::Load { array, at } => {
                let k = self.offset(*array, at);
                let Value::Array(_, elements) = self.get(*array) else { unreachable!() };
                elements[k].clone()
            }
            Op::Size { array, axis } => {
                let Value::Array(dims, _) = self.get(*array) else { panic!("no array") };
                Value::Int(dims[*axis] as i64)
            }
            Op::Prim(p, args) => {
                self.prim(*p, &args.iter().map(|a| self.get(*a).clone()).collect::<Vec<_>>())
            }
        }
    }

    fn prim(&self, p: Prim, args: &[Value]) -> Value {
        let reals = || args.iter().map(Value::real).collect::<Vec<_>>();
        let ints = || args.iter().map(Value::int).collect::<Vec<_>>();
        let bools = || args.iter().map(Value::bool).collect::<Vec<_>>();
        let int = matches!(args[0], Value::Int(_));
        match p.row().kind {
            Kind::RealToReal => Value::Real(primitive::eval_real(p, &reals())),
            Kind::Arith if int => Value::Int(primitive::eval_int(p, &ints()).unwrap()),
            Kind::Arith => Value::Real(primitive::eval_real(p, &reals())),
            Kind::Compare if int => Value::Bool(primitive::compare_int(p, ints()[0], ints()[1])),
            Kind::Compare => Value::Bool(primitive::compare_real(p, reals()[0], reals()[1])),
            Kind::Logic => Value::Bool(primitive::eval_logic(p, &bools())),
            Kind::ToReal => Value::Real(args[0].int() as f64),
            Kind::ToInt => Value::Int(primitive::real_to_int(args[0].real()).unwrap()),
        }
    }
}

/// The value as Rust prints it with `{:?}`.
pub fn shown(values: &[Value]) -> String {
    let one = |v: &Value| match v {
        Value::Real(v) => format!("{v:?}"),
        Value::Int(v) => format!("{v:?}"),
        Value::Bool(v) => format!("{v:?}"),
        Value::Array(_, e) => format!("{:?}", e.iter().map(Value::real).collect::<Vec<_>>()),
    };
    match values {
        [v] => one(v),
        many => format!("({})", many.iter().map(one).collect::<Vec<_>>().join(", ")),
    }
}
