//! Statements to register programs.

use super::code::{
    ArrayOp, Bank, CallSite, Code, Comparison, Demand, Flow, Ins, IntOp, Order, Place, RealOp, Reg,
};
use super::kernels::Kernels;
use crate::block::{Fill, Local, Op, Procedure, Stmt};
use crate::core::{Elem, FnId};
use crate::primitive::{Kind, Prim};
use std::collections::HashMap;

/// Compiles one procedure. `callees` numbers the procedures of the machine.
pub(super) fn compile(procedure: &Procedure, callees: &HashMap<FnId, usize>, kernels: &mut Kernels) -> Code {
    let mut code = Code { name: procedure.name.clone(), ..Code::default() };
    let places = procedure.locals.iter().map(|info| {
        let bank = if info.ty.elem == Elem::Real { Bank::Real } else { Bank::Int };
        let array = info.ty.is_array();
        let counts = &mut code.counts;
        let count = match (bank, array) {
            (Bank::Real, false) => &mut counts.reals,
            (Bank::Int, false) => &mut counts.ints,
            (Bank::Real, true) => &mut counts.real_arrays,
            (Bank::Int, true) => &mut counts.int_arrays,
        };
        *count += 1;
        Place { bank, array, reg: *count - 1 }
    });
    let places: Vec<Place> = places.collect();
    for (info, place) in procedure.locals.iter().zip(&places) {
        if place.array {
            let made = info.name.starts_with('a') && info.name[1..].chars().all(|c| c.is_ascii_digit());
            code.names[place.bank as usize].push((!made).then(|| info.name.clone()));
        }
    }
    code.params = procedure.params.iter().map(|p| places[p.0 as usize]).collect();
    code.results = procedure.results.iter().map(|r| places[r.0 as usize]).collect();
    let mut compiler = Compiler { procedure, places, callees, kernels, code, compared: HashMap::new() };
    compiler.block(&procedure.body);
    compiler.flow(Flow::Return);
    compiler.code
}

struct Compiler<'a> {
    procedure: &'a Procedure,
    places: Vec<Place>,
    callees: &'a HashMap<FnId, usize>,
    kernels: &'a mut Kernels,
    code: Code,
    compared: HashMap<Local, Compared>,
}

/// A condition of comparisons alone, which a message can tell the numbers of.
enum Compared {
    One(Comparison),
    /// Both hold.
    Both(Local, Local),
}

impl Compiler<'_> {
    fn emit(&mut self, ins: Ins, origin: u32) {
        self.code.ins.push(ins);
        self.code.origins.push(origin);
    }

    fn flow(&mut self, flow: Flow) {
        self.emit(Ins::Flow(flow), 0);
    }

    fn place(&self, local: Local) -> Place {
        self.places[local.0 as usize]
    }

    fn reg(&self, local: Local) -> Reg {
        self.place(local).reg
    }

    fn regs(&self, locals: &[Local]) -> Vec<Reg> {
        locals.iter().map(|&local| self.reg(local)).collect()
    }

    fn places(&self, locals: &[Local]) -> Vec<Place> {
        locals.iter().map(|&local| self.place(local)).collect()
    }

    fn list(&mut self, words: Vec<u32>) -> u32 {
        self.code.lists.push(words);
        self.code.lists.len() as u32 - 1
    }

    fn here(&self) -> u32 {
        self.code.ins.len() as u32
    }

    fn block(&mut self, stmts: &[Stmt]) {
        stmts.iter().for_each(|stmt| self.stmt(stmt));
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Let { dst, op } => self.set(*dst, op),
            Stmt::Declare { .. } => {}
            Stmt::Alloc { .. }
            | Stmt::Array { .. }
            | Stmt::Move { .. }
            | Stmt::Clone { .. }
            | Stmt::Store { .. }
            | Stmt::AddTo { .. }
            | Stmt::StoreRow { .. }
            | Stmt::Push { .. } => {
                let op = self.array(stmt);
                let mut origin = 0;
                stmt.reads(|local| origin = origin.max(self.procedure.locals[local.0 as usize].origin));
                self.emit(Ins::Array(op), origin);
            }
            Stmt::If { cond, then, els } => self.branch(*cond, then, els),
            Stmt::For { index, len, body } => {
                let origin = self.procedure.locals[index.0 as usize].origin;
                let (index, len) = (self.reg(*index), self.reg(*len));
                let start = self.here();
                self.emit(Ins::Flow(Flow::For { index, len, end: 0 }), origin);
                self.block(body);
                self.flow(Flow::Next { index, len, body: start + 1 });
                let end = self.here();
                self.code.ins[start as usize] = Ins::Flow(Flow::For { index, len, end });
            }
            Stmt::While { index, head, cond, body } => {
                let origin = self.procedure.locals[index.0 as usize].origin;
                let index = self.reg(*index);
                let of = self.int(0);
                self.emit(Ins::Int(IntOp::Const { dst: index, of }), 0);
                let start = self.here();
                self.block(head);
                let exit = self.here();
                let cond = self.reg(*cond);
                self.flow(Flow::Unless { cond, to: 0 });
                self.block(body);
                self.emit(Ins::Flow(Flow::Again { index, head: start }), origin);
                let to = self.here();
                self.code.ins[exit as usize] = Ins::Flow(Flow::Unless { cond, to });
            }
            Stmt::Call { dst, f, args } => {
                let callee = *self.callees.get(f).expect("every procedure that is called is there");
                let site = CallSite { callee, args: self.places(args), dst: self.places(dst) };
                self.code.calls.push(site);
                let origin = dst.first().map_or(0, |l| self.procedure.locals[l.0 as usize].origin);
                let site = self.code.calls.len() as u32 - 1;
                self.emit(Ins::Flow(Flow::Call { site }), origin);
            }
            Stmt::Require { cond, message, origin } => {
                let compared = self.comparisons(*cond);
                self.code.demands.push(Demand { message: message.clone(), compared });
                let site = self.code.demands.len() as u32 - 1;
                let cond = self.reg(*cond);
                self.emit(Ins::Flow(Flow::Require { cond, site }), *origin);
            }
        }
    }

    /// The comparisons that a condition consists of, in order; none if there is something else in it.
    fn comparisons(&self, cond: Local) -> Vec<Comparison> {
        let mut found = Vec::new();
        let mut stack = vec![cond];
        while let Some(compared) = stack.pop().and_then(|cond| self.compared.get(&cond)) {
            match *compared {
                Compared::One(comparison) => found.push(comparison),
                Compared::Both(first, second) => stack.extend([second, first]),
            }
        }
        found
    }

    fn branch(&mut self, cond: Local, then: &[Stmt], els: &[Stmt]) {
        let cond = self.reg(cond);
        let start = self.here();
        self.flow(Flow::Unless { cond, to: 0 });
        self.block(then);
        if !els.is_empty() {
            let skip = self.here();
            self.flow(Flow::Jump { to: 0 });
            let to = self.here();
            self.code.ins[start as usize] = Ins::Flow(Flow::Unless { cond, to });
            self.block(els);
            let to = self.here();
            self.code.ins[skip as usize] = Ins::Flow(Flow::Jump { to });
        } else {
            let to = self.here();
            self.code.ins[start as usize] = Ins::Flow(Flow::Unless { cond, to });
        }
    }

    fn real(&mut self, value: f64) -> u32 {
        self.code.reals.push(value);
        self.code.reals.len() as u32 - 1
    }

    fn int(&mut self, value: i64) -> u32 {
        self.code.ints.push(value);
        self.code.ints.len() as u32 - 1
    }

    fn set(&mut self, local: Local, op: &Op) {
        let Place { bank, reg: dst, .. } = self.place(local);
        let ins = match op {
            Op::Real(value) => Ins::Real(RealOp::Const { dst, of: self.real(*value) }),
            Op::Int(value) => Ins::Int(IntOp::Const { dst, of: self.int(*value) }),
            Op::Bool(value) => Ins::Int(IntOp::Const { dst, of: self.int(*value as i64) }),
            Op::Copy(src) => match (bank, self.reg(*src)) {
                (Bank::Real, a) => Ins::Real(RealOp::Copy { dst, a }),
                (Bank::Int, a) => Ins::Int(IntOp::Copy { dst, a }),
            },
            Op::Load { array, at } => {
                let array = self.reg(*array);
                Ins::Array(match self.regs(at)[..] {
                    [i] => ArrayOp::Load1 { bank, dst, array, i },
                    [i, j] => ArrayOp::Load2 { bank, dst, array, at: [i, j] },
                    _ => ArrayOp::Load { bank, dst, array, at: self.list(self.regs(at)) },
                })
            }
            Op::Size { array, axis } => {
                let Place { bank, reg: array, .. } = self.place(*array);
                Ins::Int(IntOp::Size { bank, dst, array, axis: *axis as u8 })
            }
            Op::Prim(p, args) => self.prim(*p, local, args),
        };
        self.emit(ins, self.procedure.locals[local.0 as usize].origin);
    }

    fn prim(&mut self, p: Prim, local: Local, args: &[Local]) -> Ins {
        let dst = self.reg(local);
        let a = self.reg(args[0]);
        let b = args.get(1).map_or(0, |&b| self.reg(b));
        let real = self.place(args[0]).bank == Bank::Real;
        match p.row().kind {
            Kind::RealToReal | Kind::Arith if real => Ins::Real(match p {
                Prim::ADD => RealOp::Add { dst, a, b },
                Prim::SUB => RealOp::Sub { dst, a, b },
                Prim::MUL => RealOp::Mul { dst, a, b },
                Prim::DIV => RealOp::Div { dst, a, b },
                Prim::NEG => RealOp::Neg { dst, a },
                _other => match args.len() {
                    1 => RealOp::Unary { f: self.kernels.unary(p), dst, a },
                    2 => RealOp::Binary { f: self.kernels.binary(p), dst, a, b },
                    _ => {
                        RealOp::Ternary { f: self.kernels.ternary(p), dst, args: self.list(self.regs(args)) }
                    }
                },
            }),
            Kind::RealToReal | Kind::Arith => Ins::Int(match p {
                Prim::ADD => IntOp::Add { dst, a, b },
                Prim::SUB => IntOp::Sub { dst, a, b },
                Prim::MUL => IntOp::Mul { dst, a, b },
                _other if args.len() == 1 => IntOp::Unary { f: self.kernels.int_unary(p), dst, a },
                _other => IntOp::Binary { f: self.kernels.int_binary(p), dst, a, b },
            }),
            Kind::Compare => {
                let (op, bank) = (order(p), if real { Bank::Real } else { Bank::Int });
                self.compared.insert(local, Compared::One(Comparison { op, bank, a, b }));
                Ins::Int(match bank {
                    Bank::Real => IntOp::CompareReal { op, dst, a, b },
                    Bank::Int => IntOp::Compare { op, dst, a, b },
                })
            }
            Kind::Logic => Ins::Int(match p {
                Prim::AND => {
                    if args.iter().all(|arg| self.compared.contains_key(arg)) {
                        self.compared.insert(local, Compared::Both(args[0], args[1]));
                    }
                    IntOp::And { dst, a, b }
                }
                Prim::OR => IntOp::Or { dst, a, b },
                _not => IntOp::Not { dst, a },
            }),
            Kind::ToReal => Ins::Real(RealOp::FromInt { dst, a }),
            Kind::ToInt => Ins::Int(IntOp::FromReal { dst, a }),
        }
    }

    fn array(&mut self, stmt: &Stmt) -> ArrayOp {
        match stmt {
            Stmt::Alloc { dst, dims, fill } => {
                let Place { bank, reg: dst, .. } = self.place(*dst);
                let fill = match fill {
                    Fill::Zero(_) | Fill::Unset(_) => None,
                    Fill::Value(value) => Some(self.reg(*value)),
                };
                ArrayOp::Alloc { bank, dst, dims: self.list(self.regs(dims)), fill }
            }
            Stmt::Array { dst, elems, dims } => {
                let Place { bank, reg: dst, .. } = self.place(*dst);
                let elems = self.list(self.regs(elems));
                let dims = self.list(dims.iter().map(|&d| d as u32).collect());
                ArrayOp::Array { bank, dst, elems, dims }
            }
            Stmt::Move { dst, src } => {
                let Place { bank, reg: dst, .. } = self.place(*dst);
                ArrayOp::Move { bank, dst, src: self.reg(*src) }
            }
            Stmt::Clone { dst, src } => {
                let Place { bank, reg: dst, .. } = self.place(*dst);
                ArrayOp::Clone { bank, dst, src: self.reg(*src) }
            }
            Stmt::Store { array, at, value } => {
                let Place { bank, reg: array, .. } = self.place(*array);
                let value = self.reg(*value);
                match self.regs(at)[..] {
                    [i] => ArrayOp::Store1 { bank, array, i, value },
                    _ => ArrayOp::Store { bank, array, at: self.list(self.regs(at)), value },
                }
            }
            Stmt::AddTo { array, at, value } => {
                let Place { bank, reg: array, .. } = self.place(*array);
                let value = self.reg(*value);
                match self.regs(at)[..] {
                    [i] => ArrayOp::AddTo1 { bank, array, i, value },
                    _ => ArrayOp::AddTo { bank, array, at: self.list(self.regs(at)), value },
                }
            }
            Stmt::StoreRow { array, index, row } => {
                let Place { bank, reg: array, .. } = self.place(*array);
                ArrayOp::StoreRow { bank, array, index: self.reg(*index), row: self.reg(*row) }
            }
            Stmt::Push { array, value } => {
                let Place { bank, reg: array, .. } = self.place(*array);
                let Place { array: row, reg, .. } = self.place(*value);
                if row {
                    ArrayOp::PushRow { bank, array, row: reg }
                } else {
                    ArrayOp::Push { bank, array, value: reg }
                }
            }
            Stmt::Let { .. }
            | Stmt::Declare { .. }
            | Stmt::If { .. }
            | Stmt::For { .. }
            | Stmt::While { .. }
            | Stmt::Call { .. }
            | Stmt::Require { .. } => unreachable!("not a statement on arrays"),
        }
    }
}

fn order(p: Prim) -> Order {
    match p {
        Prim::LT => Order::Lt,
        Prim::LE => Order::Le,
        Prim::GT => Order::Gt,
        Prim::GE => Order::Ge,
        Prim::EQ => Order::Eq,
        _ne => Order::Ne,
    }
}
