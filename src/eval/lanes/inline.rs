//! Register programs to one program for lanes, with all calls written out.

use super::{Lanes, MOST_INSTRUCTIONS, MOST_REGISTERS, Step, registers};
use crate::block::{Local, Procedure};
use crate::core::{FnId, Type};
use crate::eval::code::{Bank, CallSite, Code, Flow, Ins, IntOp, Place, RealOp, Reg};
use crate::eval::compile::compile;
use crate::eval::kernels::Kernels;
use std::collections::HashMap;

/// The program of a function; nothing where it has arrays, recursion or too many instructions.
pub(super) fn lanes(procedures: &[Procedure], f: FnId, counted: &[FnId]) -> Option<Lanes> {
    let numbers: HashMap<FnId, usize> = procedures.iter().map(|p| p.id).zip(0..).collect();
    let seen = counted.iter().zip(0..).filter_map(|(f, at)| Some((*numbers.get(f)?, at)));
    let number = *numbers.get(&f)?;
    let mut inliner = Inliner {
        procedures,
        numbers: &numbers,
        counted: seen.collect(),
        codes: HashMap::new(),
        kernels: Kernels::default(),
        out: Program::default(),
    };
    inliner.whole(number)?;
    let Inliner { codes, kernels, out, .. } = inliner;
    let (code, procedure) = (&codes[&number], &procedures[number]);
    let typed = |places: &[Place], locals: &[Local]| -> Vec<(Place, Type)> {
        let types = locals.iter().map(|l| procedure.locals[l.0 as usize].ty);
        places.iter().copied().zip(types).collect()
    };
    Some(Lanes {
        params: typed(&code.params, &procedure.params),
        results: typed(&code.results, &procedure.results),
        real: registers(out.real as usize),
        int: registers(out.int as usize),
        called: registers(counted.len()),
        steps: out.steps,
        constants: out.constants,
        ints: out.ints,
        lists: out.lists,
        kernels,
    })
}

#[derive(Default)]
struct Program {
    steps: Vec<Step>,
    constants: Vec<f64>,
    ints: Vec<i64>,
    lists: Vec<Vec<Reg>>,
    /// How many registers there are.
    real: u32,
    int: u32,
}

struct Inliner<'a> {
    procedures: &'a [Procedure],
    numbers: &'a HashMap<FnId, usize>,
    /// The procedures whose calls are seen, with their numbers among those.
    counted: HashMap<usize, usize>,
    codes: HashMap<usize, Code>,
    kernels: Kernels,
    out: Program,
}

/// A program that is being written out.
struct Frame {
    number: usize,
    pc: usize,
    base: Base,
    /// Where each instruction came to stand.
    places: Vec<u32>,
    /// The steps that lead to instructions of the program.
    jumps: Vec<usize>,
}

/// Where the registers, constants and lists of a frame begin.
#[derive(Clone, Copy)]
struct Base {
    real: u32,
    int: u32,
    constant: u32,
    whole: u32,
    list: u32,
}

impl Inliner<'_> {
    /// Writes out a program and all that it calls.
    fn whole(&mut self, number: usize) -> Option<()> {
        let mut frames = vec![self.enter(number)?];
        while let Some(frame) = frames.last_mut() {
            if self.out.steps.len() > MOST_INSTRUCTIONS {
                return None;
            }
            frame.places.push(self.out.steps.len() as u32);
            let (number, base) = (frame.number, frame.base);
            let step = match self.codes[&number].ins[frame.pc] {
                Ins::Real(op) => Step::Real(base.real_op(op)),
                Ins::Int(op) => Step::Int(base.int_op(op)?),
                Ins::Array(_) => return None,
                // It stands at the end of each program.
                Ins::Flow(Flow::Return) => {
                    self.leave(&mut frames);
                    continue;
                }
                Ins::Flow(Flow::Call { site }) => {
                    let callee = self.codes[&number].calls[site as usize].callee;
                    if frames.iter().any(|frame| frame.number == callee) {
                        return None;
                    }
                    let inner = self.enter(callee)?;
                    self.pass(number, site, base, &inner);
                    frames.push(inner);
                    continue;
                }
                Ins::Flow(flow) => {
                    frame.jumps.push(self.out.steps.len());
                    base.flow(flow)
                }
            };
            self.out.steps.push(step);
            frame.pc += 1;
        }
        Some(())
    }

    /// A new frame; nothing where the program has arrays or is too large.
    fn enter(&mut self, number: usize) -> Option<Frame> {
        if !self.codes.contains_key(&number) {
            let code = compile(&self.procedures[number], self.numbers, &mut self.kernels);
            self.codes.insert(number, code);
        }
        let (code, out) = (&self.codes[&number], &mut self.out);
        if code.counts.real_arrays + code.counts.int_arrays > 0 {
            return None;
        }
        let base = Base {
            real: out.real,
            int: out.int,
            constant: out.constants.len() as u32,
            whole: out.ints.len() as u32,
            list: out.lists.len() as u32,
        };
        out.real += code.counts.reals;
        out.int += code.counts.ints;
        out.constants.extend(&code.reals);
        out.ints.extend(&code.ints);
        // Without arrays all lists are of registers of reals.
        out.lists.extend(code.lists.iter().map(|list| list.iter().map(|reg| reg + base.real).collect()));
        let fits = out.real as usize + out.int as usize <= MOST_REGISTERS;
        fits.then(|| Frame { number, pc: 0, base, places: Vec::new(), jumps: Vec::new() })
    }

    /// The arguments of a call.
    fn pass(&mut self, caller: usize, site: u32, base: Base, inner: &Frame) {
        let CallSite { callee, args, .. } = &self.codes[&caller].calls[site as usize];
        if let Some(&number) = self.counted.get(callee) {
            self.out.steps.push(Step::Counted { number });
        }
        for (from, to) in args.iter().zip(&self.codes[callee].params) {
            self.out.steps.push(copy(base.place(*from), inner.base.place(*to)));
        }
    }

    /// The results of the innermost program, and the caller goes on.
    fn leave(&mut self, frames: &mut Vec<Frame>) {
        let Some(done) = frames.pop() else { return };
        for &at in &done.jumps {
            let (Step::Jump { to }
            | Step::Unless { to, .. }
            | Step::For { end: to, .. }
            | Step::Next { body: to, .. }
            | Step::Again { head: to, .. }) = &mut self.out.steps[at]
            else {
                continue;
            };
            *to = done.places[*to as usize];
        }
        let Some(caller) = frames.last_mut() else { return };
        let code = &self.codes[&caller.number];
        if let Ins::Flow(Flow::Call { site }) = code.ins[caller.pc] {
            let results = &self.codes[&done.number].results;
            for (from, to) in results.iter().zip(&code.calls[site as usize].dst) {
                self.out.steps.push(copy(done.base.place(*from), caller.base.place(*to)));
            }
        }
        caller.pc += 1;
    }
}

/// A register's value to another of its bank.
fn copy(from: Place, to: Place) -> Step {
    match from.bank {
        Bank::Real => Step::Real(RealOp::Copy { dst: to.reg, a: from.reg }),
        Bank::Int => Step::Int(IntOp::Copy { dst: to.reg, a: from.reg }),
    }
}

impl Base {
    fn place(self, place: Place) -> Place {
        let base = match place.bank {
            Bank::Real => self.real,
            Bank::Int => self.int,
        };
        Place { reg: base + place.reg, ..place }
    }

    fn real_op(self, op: RealOp) -> RealOp {
        let r = |reg: Reg| self.real + reg;
        match op {
            RealOp::Const { dst, of } => RealOp::Const { dst: r(dst), of: self.constant + of },
            RealOp::Copy { dst, a } => RealOp::Copy { dst: r(dst), a: r(a) },
            RealOp::Add { dst, a, b } => RealOp::Add { dst: r(dst), a: r(a), b: r(b) },
            RealOp::Sub { dst, a, b } => RealOp::Sub { dst: r(dst), a: r(a), b: r(b) },
            RealOp::Mul { dst, a, b } => RealOp::Mul { dst: r(dst), a: r(a), b: r(b) },
            RealOp::Div { dst, a, b } => RealOp::Div { dst: r(dst), a: r(a), b: r(b) },
            RealOp::Neg { dst, a } => RealOp::Neg { dst: r(dst), a: r(a) },
            RealOp::Unary { f, dst, a } => RealOp::Unary { f, dst: r(dst), a: r(a) },
            RealOp::Binary { f, dst, a, b } => RealOp::Binary { f, dst: r(dst), a: r(a), b: r(b) },
            RealOp::Ternary { f, dst, args } => RealOp::Ternary { f, dst: r(dst), args: self.list + args },
            RealOp::FromInt { dst, a } => RealOp::FromInt { dst: r(dst), a: self.int + a },
        }
    }

    /// Nothing for an operation on an array.
    fn int_op(self, op: IntOp) -> Option<IntOp> {
        let (k, r) = (|reg: Reg| self.int + reg, |reg: Reg| self.real + reg);
        Some(match op {
            IntOp::Const { dst, of } => IntOp::Const { dst: k(dst), of: self.whole + of },
            IntOp::Copy { dst, a } => IntOp::Copy { dst: k(dst), a: k(a) },
            IntOp::Add { dst, a, b } => IntOp::Add { dst: k(dst), a: k(a), b: k(b) },
            IntOp::Sub { dst, a, b } => IntOp::Sub { dst: k(dst), a: k(a), b: k(b) },
            IntOp::Mul { dst, a, b } => IntOp::Mul { dst: k(dst), a: k(a), b: k(b) },
            IntOp::Unary { f, dst, a } => IntOp::Unary { f, dst: k(dst), a: k(a) },
            IntOp::Binary { f, dst, a, b } => IntOp::Binary { f, dst: k(dst), a: k(a), b: k(b) },
            IntOp::CompareReal { op, dst, a, b } => IntOp::CompareReal { op, dst: k(dst), a: r(a), b: r(b) },
            IntOp::Compare { op, dst, a, b } => IntOp::Compare { op, dst: k(dst), a: k(a), b: k(b) },
            IntOp::And { dst, a, b } => IntOp::And { dst: k(dst), a: k(a), b: k(b) },
            IntOp::Or { dst, a, b } => IntOp::Or { dst: k(dst), a: k(a), b: k(b) },
            IntOp::Not { dst, a } => IntOp::Not { dst: k(dst), a: k(a) },
            IntOp::FromReal { dst, a } => IntOp::FromReal { dst: k(dst), a: r(a) },
            IntOp::Size { .. } => return None,
        })
    }

    /// A jump still leads to an instruction of its own program.
    fn flow(self, flow: Flow) -> Step {
        let k = |reg: Reg| self.int + reg;
        match flow {
            Flow::Jump { to } => Step::Jump { to },
            Flow::Unless { cond, to } => Step::Unless { cond: k(cond), to },
            Flow::For { index, len, end } => Step::For { index: k(index), len: k(len), end },
            Flow::Next { index, len, body } => Step::Next { index: k(index), len: k(len), body },
            Flow::Again { index, head } => Step::Again { index: k(index), head },
            Flow::Require { cond, site: _ } => Step::Require { cond: k(cond) },
            Flow::Call { .. } | Flow::Return => unreachable!("these are written out"),
        }
    }
}
