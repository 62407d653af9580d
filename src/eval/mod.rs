//! temporary
use crate::block::*; use crate::core::*; use crate::primitive::{self, Prim, Kind}; use std::rc::Rc; use std::collections::HashMap;
#[derive(Debug, Clone, PartialEq)]
pub enum Value { Real(f64), Int(i64), Bool(bool), Array(Array) }
#[derive(Debug, Clone, PartialEq)]
pub struct Array { elem: Elem, shape: Vec<usize>, reals: Rc<Vec<f64>>, ints: Rc<Vec<i64>> }
impl Array {
  pub fn from_reals(shape: Vec<usize>, d: Vec<f64>) -> Self { Array { elem: Elem::Real, shape, reals: Rc::new(d), ints: Rc::new(vec![]) } }
  pub fn from_ints(elem: Elem, shape: Vec<usize>, d: Vec<i64>) -> Self { Array { elem, shape, reals: Rc::new(vec![]), ints: Rc::new(d) } }
  pub fn shape(&self) -> &[usize] { &self.shape } pub fn elem(&self) -> Elem { self.elem } pub fn reals(&self) -> &[f64] { &self.reals } pub fn ints(&self) -> &[i64] { &self.ints }
  fn get(&self, o: usize) -> Value { match self.elem { Elem::Real => Value::Real(self.reals[o]), Elem::Int => Value::Int(self.ints[o]), Elem::Bool => Value::Bool(self.ints[o] != 0) } }
  fn set(&mut self, o: usize, v: &Value) { match v { Value::Real(x) => Rc::make_mut(&mut self.reals)[o] = *x, Value::Int(x) => Rc::make_mut(&mut self.ints)[o] = *x, Value::Bool(x) => Rc::make_mut(&mut self.ints)[o] = *x as i64, _ => panic!() } }
  fn off(&self, at: &[i64]) -> Result<usize, Fault> { let mut o = 0; for (&i, &n) in at.iter().zip(&self.shape) { if i < 0 || i as usize >= n { return Err(Fault { message: format!("index {} of an array of {n}", i + 1), origin: 0 }); } o = o * n + i as usize; } Ok(o) }
}
#[derive(Debug, Clone)] pub struct Fault { pub message: String, pub origin: u32 }
#[derive(Debug, Clone, Copy)] pub struct Limits { pub steps: u64 }
impl Default for Limits { fn default() -> Self { Limits { steps: 1_000_000_000 } } }
pub struct Machine { procs: HashMap<FnId, Rc<Procedure>>, pub limits: Limits }
impl Machine {
  pub fn new(p: Vec<Procedure>) -> Self { Machine { procs: p.into_iter().map(|p| (p.id, Rc::new(p))).collect(), limits: Limits::default() } }
  pub fn run(&mut self, f: FnId, args: &[Value]) -> Result<Vec<Value>, Fault> {
    let p = self.procs[&f].clone(); let mut env: Vec<Option<Value>> = vec![None; p.locals.len()];
    for (l, a) in p.params.iter().zip(args) { env[l.0 as usize] = Some(a.clone()); }
    self.block(&p, &p.body, &mut env)?;
    Ok(p.results.iter().map(|r| env[r.0 as usize].clone().expect("result")).collect())
  }
  fn block(&mut self, p: &Procedure, b: &[Stmt], e: &mut Vec<Option<Value>>) -> Result<(), Fault> { for s in b { self.stmt(p, s, e)?; } Ok(()) }
  fn stmt(&mut self, p: &Procedure, s: &Stmt, e: &mut Vec<Option<Value>>) -> Result<(), Fault> {
    let g = |e: &Vec<Option<Value>>, l: &Local| e[l.0 as usize].clone().unwrap_or_else(|| panic!("unset {} in {}", p.locals[l.0 as usize].name, p.name));
    let i = |e: &Vec<Option<Value>>, l: &Local| match e[l.0 as usize] { Some(Value::Int(i)) => i, ref o => panic!("not int {o:?}") };
    let b = |e: &Vec<Option<Value>>, l: &Local| match e[l.0 as usize] { Some(Value::Bool(i)) => i, ref o => panic!("not bool {o:?}") };
    match s {
      Stmt::Let { dst, op } => { let v = match op {
          Op::Real(x) => Value::Real(*x), Op::Int(x) => Value::Int(*x), Op::Bool(x) => Value::Bool(*x), Op::Copy(l) => g(e, l),
          Op::Prim(q, a) => prim(*q, &a.iter().map(|l| g(e, l)).collect::<Vec<_>>())?,
          Op::Load { array, at } => { let at: Vec<i64> = at.iter().map(|l| i(e, l)).collect(); let Some(Value::Array(a)) = &e[array.0 as usize] else { panic!("no array") }; let o = a.off(&at).map_err(|f| Fault { origin: p.locals[dst.0 as usize].origin, ..f })?; a.get(o) }
          Op::Size { array, axis } => { let Some(Value::Array(a)) = &e[array.0 as usize] else { panic!() }; Value::Int(a.shape[*axis] as i64) }
        }; e[dst.0 as usize] = Some(v); }
      Stmt::Declare { .. } => {}
      Stmt::Alloc { dst, dims, fill } => { let shape: Vec<usize> = dims.iter().map(|l| i(e, l).max(0) as usize).collect(); let n = shape.iter().product();
        let a = match fill { Fill::Zero(Elem::Real) | Fill::Unset(Elem::Real) => Array::from_reals(shape, vec![0.0; n]), Fill::Zero(k) | Fill::Unset(k) => Array::from_ints(*k, shape, vec![0; n]),
          Fill::Value(l) => match g(e, l) { Value::Real(x) => Array::from_reals(shape, vec![x; n]), Value::Int(x) => Array::from_ints(Elem::Int, shape, vec![x; n]), Value::Bool(x) => Array::from_ints(Elem::Bool, shape, vec![x as i64; n]), _ => panic!() } };
        e[dst.0 as usize] = Some(Value::Array(a)); }
      Stmt::Array { dst, elems, dims } => { let vs: Vec<Value> = elems.iter().map(|l| g(e, l)).collect(); let mut a = match p.locals[dst.0 as usize].ty.elem { Elem::Real => Array::from_reals(dims.clone(), vec![0.0; vs.len()]), k => Array::from_ints(k, dims.clone(), vec![0; vs.len()]) }; for (k, v) in vs.iter().enumerate() { a.set(k, v); } e[dst.0 as usize] = Some(Value::Array(a)); }
      Stmt::Move { dst, src } => { let v = e[src.0 as usize].take(); e[dst.0 as usize] = v; }
      Stmt::Clone { dst, src } => { e[dst.0 as usize] = Some(g(e, src)); }
      Stmt::Store { array, at, value } | Stmt::AddTo { array, at, value } => { let at: Vec<i64> = at.iter().map(|l| i(e, l)).collect(); let v = g(e, value); let Some(Value::Array(a)) = &mut e[array.0 as usize] else { panic!("store") }; let o = a.off(&at)?;
        let v = if matches!(s, Stmt::AddTo { .. }) { prim(Prim::ADD, &[a.get(o), v])? } else { v }; a.set(o, &v); }
      Stmt::StoreRow { array, index, row } => { let k = i(e, index) as usize; let Value::Array(r) = g(e, row) else { panic!() }; let n: usize = r.shape.iter().product(); let Some(Value::Array(a)) = &mut e[array.0 as usize] else { panic!() }; for j in 0..n { a.set(k * n + j, &r.get(j)); } }
      Stmt::Push { array, value } => { let v = g(e, value); let Some(Value::Array(a)) = &mut e[array.0 as usize] else { panic!() }; a.shape[0] += 1; match v { Value::Real(x) => Rc::make_mut(&mut a.reals).push(x), Value::Int(x) => Rc::make_mut(&mut a.ints).push(x), Value::Bool(x) => Rc::make_mut(&mut a.ints).push(x as i64), Value::Array(r) => { if a.shape.len() == r.shape.len() + 1 { a.shape[1..].copy_from_slice(&r.shape); } Rc::make_mut(&mut a.reals).extend(r.reals.iter()); Rc::make_mut(&mut a.ints).extend(r.ints.iter()); } } }
      Stmt::If { cond, then, els } => { if b(e, cond) { self.block(p, then, e)? } else { self.block(p, els, e)? } }
      Stmt::For { index, len, body } => { for k in 0..i(e, len) { e[index.0 as usize] = Some(Value::Int(k)); self.block(p, body, e)?; } }
      Stmt::While { index, head, cond, body } => { let mut k = 0; loop { e[index.0 as usize] = Some(Value::Int(k)); self.block(p, head, e)?; if !b(e, cond) { break; } self.block(p, body, e)?; k += 1; if k as u64 > self.limits.steps.min(10_000_000) { return Err(Fault { message: "step limit".into(), origin: 0 }); } } e[index.0 as usize] = Some(Value::Int(k)); }
      Stmt::Call { dst, f, args } => { let a: Vec<Value> = args.iter().map(|l| g(e, l)).collect(); let r = self.run(*f, &a)?; for (d, v) in dst.iter().zip(r) { e[d.0 as usize] = Some(v); } }
      Stmt::Require { cond, message, origin } => { if !b(e, cond) { return Err(Fault { message: message.clone(), origin: *origin }); } }
    } Ok(())
  }
}
fn prim(p: Prim, a: &[Value]) -> Result<Value, Fault> {
  let r = |v: &Value| match v { Value::Real(x) => *x, o => panic!("not real {o:?} in {}", p.name()) };
  let over = || Fault { message: "integer overflow".into(), origin: 0 };
  Ok(match (p.row().kind, &a[0]) {
    (Kind::ToReal, Value::Int(i)) => Value::Real(*i as f64), (Kind::ToInt, Value::Real(x)) => Value::Int(*x as i64),
    (Kind::Compare, Value::Int(x)) => { let Value::Int(y) = a[1] else { panic!() }; Value::Bool(primitive::compare_int(p, *x, y)) }
    (Kind::Compare, Value::Bool(x)) => { let Value::Bool(y) = a[1] else { panic!() }; Value::Bool(primitive::compare_int(p, *x as i64, y as i64)) }
    (Kind::Compare, _) => Value::Bool(primitive::compare_real(p, r(&a[0]), r(&a[1]))),
    (Kind::Logic, Value::Bool(x)) => Value::Bool(match (p, a.get(1)) { (Prim::AND, Some(Value::Bool(y))) => *x && *y, (Prim::OR, Some(Value::Bool(y))) => *x || *y, _ => !x }),
    (Kind::Arith, Value::Int(x)) => match p.kernel() { primitive::Kernel::Arith1(_, f) => Value::Int(f(*x).ok_or_else(over)?), primitive::Kernel::Arith2(_, f) => { let Value::Int(y) = a[1] else { panic!() }; Value::Int(f(*x, y).ok_or_else(over)?) } _ => panic!() },
    _ => Value::Real(primitive::eval_real(p, &a.iter().map(r).collect::<Vec<_>>())),
  })
}
