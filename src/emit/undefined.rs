//! Where a value is not a number its derivatives are none: statements after the others that look at the
//! values and overwrite the derivatives.

use crate::block::{Local, LocalInfo, Op, Procedure, Stmt};
use crate::core::Type;
use crate::primitive::Prim;

/// A derivative among the results of a procedure, with a value that it is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guard {
    pub derivative: usize,
    pub value: usize,
    /// The derivative has the indices of the value first, and only those of its elements are overwritten
    /// where the value has none.
    pub by_element: bool,
}

/// Appends what the guards ask for; only the first `kept` results are given afterwards.
pub fn guard(procedure: &mut Procedure, guards: &[Guard], kept: usize) {
    let mut after = After { procedure, body: Vec::new() };
    let mut scalars: Vec<Guard> = Vec::new();
    for &guard in guards {
        match after.is_scalar(guard.derivative) && after.is_scalar(guard.value) {
            true => scalars.push(guard),
            false => after.overwrite(guard),
        }
    }
    let mut values: Vec<Local> = scalars.iter().map(|g| after.result(g.value)).collect();
    values.dedup();
    for value in values {
        let of: Vec<usize> =
            scalars.iter().filter(|g| after.result(g.value) == value).map(|g| g.derivative).collect();
        after.choose(value, &of);
    }
    let body = after.body;
    procedure.body.extend(body);
    procedure.results.truncate(kept);
}

struct After<'a> {
    procedure: &'a mut Procedure,
    body: Vec<Stmt>,
}

impl After<'_> {
    fn result(&self, at: usize) -> Local {
        self.procedure.results[at]
    }

    fn is_scalar(&self, at: usize) -> bool {
        self.ty(self.result(at)).is_scalar()
    }

    fn ty(&self, local: Local) -> Type {
        self.procedure.locals[local.0 as usize].ty
    }

    fn local(&mut self, wish: &str, ty: Type, mutable: bool) -> Local {
        let locals = &mut self.procedure.locals;
        let taken = |name: &str| locals.iter().any(|l| l.name == name);
        let mut name = wish.to_string();
        for k in 2.. {
            if !taken(&name) {
                break;
            }
            name = format!("{wish}{k}");
        }
        locals.push(LocalInfo { name, wish: wish.to_string(), bound: false, ty, mutable, origin: 0 });
        Local(locals.len() as u32 - 1)
    }

    fn set(&mut self, body: &mut Vec<Stmt>, wish: &str, ty: Type, op: Op) -> Local {
        let dst = self.local(wish, ty, false);
        body.push(Stmt::Let { dst, op });
        dst
    }

    fn is_nan(&mut self, body: &mut Vec<Stmt>, value: Local) -> Local {
        self.set(body, "undefined", Type::BOOL, Op::Prim(Prim::NE, vec![value, value]))
    }

    /// Scalar derivatives of a scalar value.
    fn choose(&mut self, value: Local, derivatives: &[usize]) {
        let mut body = std::mem::take(&mut self.body);
        let cond = self.is_nan(&mut body, value);
        let (mut then, mut els) = (Vec::new(), Vec::new());
        for &at in derivatives {
            let old = self.result(at);
            let wish = self.procedure.locals[old.0 as usize].wish.clone();
            let wish = if wish.is_empty() { "d".to_string() } else { wish };
            let new = self.local(&wish, Type::REAL, true);
            body.push(Stmt::Declare { dst: new });
            then.push(Stmt::Let { dst: new, op: Op::Real(f64::NAN) });
            els.push(Stmt::Let { dst: new, op: Op::Copy(old) });
            self.procedure.results[at] = new;
        }
        body.push(Stmt::If { cond, then, els });
        self.body = body;
    }

    /// A derivative, a value, or both, with several elements.
    fn overwrite(&mut self, guard: Guard) {
        let mut body = std::mem::take(&mut self.body);
        let derivative = self.own(&mut body, guard.derivative);
        let value = self.result(guard.value);
        let rank = if guard.by_element { self.ty(value).rank as usize } else { 0 };
        let mut inner = Vec::new();
        let mut loops = Vec::new();
        let at = self.indices(&mut body, value, 0..self.ty(value).rank as usize, &mut loops);
        let scalar = match at.is_empty() {
            true => value,
            false => self.set(&mut inner, "v", Type::REAL, Op::Load { array: value, at: at.clone() }),
        };
        let cond = self.is_nan(&mut inner, scalar);
        let mut rest = Vec::new();
        let mut then = Vec::new();
        let ranks = rank..self.ty(derivative).rank as usize;
        let more = self.indices(&mut body, derivative, ranks, &mut rest);
        let nan = self.set(&mut then, "nan", Type::REAL, Op::Real(f64::NAN));
        let at: Vec<Local> = at.into_iter().take(rank).chain(more).collect();
        if self.ty(derivative).is_scalar() {
            then.push(Stmt::Let { dst: derivative, op: Op::Copy(nan) });
        } else {
            then.push(Stmt::Store { array: derivative, at, value: nan });
        }
        inner.push(Stmt::If { cond, then: nested(rest, then), els: Vec::new() });
        body.extend(nested(loops, inner));
        self.body = body;
    }

    /// A result as a local of its own that may be changed.
    fn own(&mut self, body: &mut Vec<Stmt>, at: usize) -> Local {
        let old = self.result(at);
        let shared = self.procedure.results.iter().filter(|&&r| r == old).count() > 1;
        if self.ty(old).is_array() && !shared && !self.procedure.params.contains(&old) {
            self.procedure.locals[old.0 as usize].mutable = true;
            return old;
        }
        let (wish, ty) = (self.procedure.locals[old.0 as usize].name.clone(), self.ty(old));
        let new = self.local(&wish, ty, true);
        body.push(match ty.is_scalar() {
            true => Stmt::Let { dst: new, op: Op::Copy(old) },
            false => Stmt::Clone { dst: new, src: old },
        });
        self.procedure.results[at] = new;
        new
    }

    /// Indices of these axes of an array, and the loops over them from the outside in.
    fn indices(
        &mut self,
        body: &mut Vec<Stmt>,
        array: Local,
        axes: std::ops::Range<usize>,
        loops: &mut Vec<(Local, Local)>,
    ) -> Vec<Local> {
        axes.map(|axis| {
            let len = self.set(body, "len", Type::INT, Op::Size { array, axis });
            let index = self.local("i", Type::INT, false);
            loops.push((index, len));
            index
        })
        .collect()
    }
}

/// The statements in loops.
fn nested(loops: Vec<(Local, Local)>, body: Vec<Stmt>) -> Vec<Stmt> {
    loops.into_iter().rev().fold(body, |body, (index, len)| vec![Stmt::For { index, len, body }])
}
