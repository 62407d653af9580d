//! Running register programs. Calls have frames of their own, not the thread's stack.

use super::arithmetic::Arithmetic;
use super::code::{ArrayOp, Bank, Comparison, Flow, Ins, IntOp, Order, Place, RealOp};
use super::machine::Machine;
use super::memory::{Slot, Store};
use super::value::{Fault, Why};
use crate::primitive::Prim;

/// A message that will be a fault at the instruction at hand.
pub type Trouble = Box<(Why, String)>;

/// A call that waits for another to return.
struct Frame {
    code: usize,
    pc: usize,
    bases: [usize; 4],
}

impl<A: Arithmetic> Machine<A> {
    /// Runs the program with this number in the first frame.
    pub(super) fn execute(&mut self, number: usize) -> Result<(), Fault> {
        let mut frames: Vec<Frame> = Vec::new();
        let (mut code, mut pc) = (number, 0);
        loop {
            let end = match self.trap {
                None => self.straight::<false>(code, pc),
                Some(_) => self.straight::<true>(code, pc),
            };
            match end {
                Ok(at) => pc = at,
                Err((at, message)) => return Err(self.fault(code, at, message)),
            }
            let Ins::Flow(flow) = self.codes[code].ins[pc] else { unreachable!("straight code ends") };
            match flow {
                Flow::Call { site } => {
                    if frames.len() >= self.limits.depth {
                        let message = format!(
                            "more than {} calls inside one another: the recursion does not end, or goes too deep",
                            self.limits.depth
                        );
                        return Err(self.fault(code, pc, Box::new((Why::Depth, message))));
                    }
                    if let Err(message) = self.count(1) {
                        return Err(self.fault(code, pc, message));
                    }
                    frames.push(Frame { code, pc: pc + 1, bases: self.bases() });
                    if let Some(trap) = &mut self.trap {
                        trap.entered(self.codes[code].origins[pc]);
                    }
                    let callee = self.call(code, site);
                    if let Some(calls) = &mut self.calls {
                        calls[callee] += 1;
                    }
                    if self.used() > self.limits.memory {
                        let message = self.too_much();
                        return Err(self.fault(code, pc, message));
                    }
                    (code, pc) = (callee, 0);
                }
                Flow::Return => {
                    let Some(frame) = frames.pop() else { return Ok(()) };
                    self.give_back(code, &frame);
                    if let Some(trap) = &mut self.trap {
                        trap.left();
                    }
                    (code, pc) = (frame.code, frame.pc);
                }
                Flow::Jump { .. }
                | Flow::Unless { .. }
                | Flow::For { .. }
                | Flow::Next { .. }
                | Flow::Again { .. }
                | Flow::Require { .. } => unreachable!("straight code goes past these"),
            }
        }
    }

    #[expect(clippy::boxed_local, reason = "messages are boxed where they arise")]
    fn fault(&self, code: usize, pc: usize, trouble: Trouble) -> Fault {
        let (why, message) = *trouble;
        Fault { why, message, origin: self.codes[code].origins[pc] }
    }

    fn bases(&self) -> [usize; 4] {
        let (reals, ints) = (&self.memory.reals, &self.memory.ints);
        [reals.base, ints.base, reals.array_base, ints.array_base]
    }

    /// Bytes in use.
    pub(super) fn used(&self) -> usize {
        let (reals, ints) = (&self.memory.reals, &self.memory.ints);
        let slots =
            reals.arrays.len() * size_of::<Slot<A::Number>>() + ints.arrays.len() * size_of::<Slot<i64>>();
        self.memory.bytes + size_of_val(&reals.scalars[..]) + size_of_val(&ints.scalars[..]) + slots
    }

    pub(super) fn too_much(&self) -> Trouble {
        let megabytes = self.limits.memory >> 20;
        Box::new((Why::Memory, format!("the values need more than {megabytes} MB of memory (--max-memory)")))
    }

    /// Makes the frame of a call and puts the arguments there; gives the program to run.
    fn call(&mut self, code: usize, site: u32) -> usize {
        let site = &self.codes[code].calls[site as usize];
        let callee = &self.codes[site.callee];
        let (reals, ints) = (&mut self.memory.reals, &mut self.memory.ints);
        let (base, int_base) = (reals.scalars.len(), ints.scalars.len());
        let (array_base, int_array_base) = (reals.arrays.len(), ints.arrays.len());
        reals.scalars.resize(base + callee.counts.reals as usize, A::Number::default());
        ints.scalars.resize(int_base + callee.counts.ints as usize, 0);
        reals.arrays.resize_with(array_base + callee.counts.real_arrays as usize, Slot::default);
        ints.arrays.resize_with(int_array_base + callee.counts.int_arrays as usize, Slot::default);
        for (from, to) in site.args.iter().zip(&callee.params) {
            let to_reg = to.reg as usize;
            match (from.bank, from.array) {
                (Bank::Real, false) => {
                    reals.scalars[base + to_reg] = reals.get(from.reg);
                    if let Some(trap) = &mut self.trap {
                        trap.copied(reals.base + from.reg as usize, base + to_reg);
                    }
                }
                (Bank::Int, false) => ints.scalars[int_base + to_reg] = ints.get(from.reg),
                (Bank::Real, true) => {
                    reals.arrays[array_base + to_reg].store = Store::Alias(reals.resolve(from.reg));
                }
                (Bank::Int, true) => {
                    ints.arrays[int_array_base + to_reg].store = Store::Alias(ints.resolve(from.reg));
                }
            }
        }
        (reals.base, reals.array_base) = (base, array_base);
        (ints.base, ints.array_base) = (int_base, int_array_base);
        site.callee
    }

    /// Puts the results of the present frame where the caller wants them, and drops the frame.
    fn give_back(&mut self, code: usize, frame: &Frame) {
        let Ins::Flow(Flow::Call { site }) = self.codes[frame.code].ins[frame.pc - 1] else {
            unreachable!("a frame waits behind its call")
        };
        let site = &self.codes[frame.code].calls[site as usize];
        let memory = &mut self.memory;
        let [base, int_base, array_base, int_array_base] = frame.bases;
        for (from, to) in self.codes[code].results.iter().zip(&site.dst) {
            let Place { bank, array, reg } = *to;
            let reg = reg as usize;
            match (bank, array) {
                (Bank::Real, false) => {
                    memory.reals.scalars[base + reg] = memory.reals.get(from.reg);
                    if let Some(trap) = &mut self.trap {
                        trap.copied(memory.reals.base + from.reg as usize, base + reg);
                    }
                }
                (Bank::Int, false) => memory.ints.scalars[int_base + reg] = memory.ints.get(from.reg),
                (Bank::Real, true) => {
                    let slot = std::mem::take(memory.reals.slot(from.reg));
                    memory.bytes -= memory.reals.arrays[array_base + reg].bytes();
                    memory.reals.arrays[array_base + reg] = slot;
                }
                (Bank::Int, true) => {
                    let slot = std::mem::take(memory.ints.slot(from.reg));
                    memory.bytes -= memory.ints.arrays[int_array_base + reg].bytes();
                    memory.ints.arrays[int_array_base + reg] = slot;
                }
            }
        }
        let (reals, ints) = (&mut memory.reals, &mut memory.ints);
        let gone = reals.arrays.drain(reals.array_base..).map(|slot| slot.bytes()).sum::<usize>()
            + ints.arrays.drain(ints.array_base..).map(|slot| slot.bytes()).sum::<usize>();
        memory.bytes -= gone;
        reals.scalars.truncate(reals.base);
        ints.scalars.truncate(ints.base);
        (reals.base, reals.array_base) = (base, array_base);
        (ints.base, ints.array_base) = (int_base, int_array_base);
    }

    /// Runs up to the next call or return, and gives its place.
    fn straight<const TRAPPED: bool>(
        &mut self,
        code: usize,
        start: usize,
    ) -> Result<usize, (usize, Trouble)> {
        let codes = std::mem::take(&mut self.codes);
        let mut pc = start;
        let program = &codes[code];
        let result = loop {
            if A::TRACES {
                self.arithmetic.at(code, pc, program.origins[pc]);
            }
            let step = match program.ins[pc] {
                Ins::Real(op) => {
                    if TRAPPED {
                        self.trapped(program, op, program.origins[pc]);
                    } else {
                        self.real(program, op);
                    }
                    Ok(())
                }
                Ins::Int(op) => self.int(program, op),
                Ins::Array(op) => {
                    let done = self.array(program, op);
                    if TRAPPED {
                        self.loaded(op, program.origins[pc]);
                    }
                    done
                }
                Ins::Flow(Flow::Call { .. } | Flow::Return) => break Ok(pc),
                Ins::Flow(flow) => match self.flow(program, flow, pc) {
                    Ok(to) => {
                        pc = to;
                        continue;
                    }
                    Err(trouble) => Err(trouble),
                },
            };
            if let Err(trouble) = step {
                break Err((pc, trouble));
            }
            pc += 1;
        };
        self.codes = codes;
        result
    }

    /// Counts steps before they are made; no more than the limit.
    #[inline(always)]
    fn count(&mut self, steps: u64) -> Result<(), Trouble> {
        self.memory.steps = self.memory.steps.saturating_add(steps);
        if self.memory.steps > self.limits.steps {
            return Err(self.too_long(steps));
        }
        self.arithmetic.exhausted().map_or(Ok(()), Err)
    }

    #[cold]
    fn too_long(&self, steps: u64) -> Trouble {
        let limit = self.limits.steps;
        let message = if steps > limit {
            format!("a loop of {steps} steps does not end within {limit} steps (--max-steps)")
        } else {
            format!("the loops and calls did not end within {limit} steps (--max-steps)")
        };
        Box::new((Why::Steps, message))
    }

    #[inline(always)]
    fn flow(&mut self, program: &super::code::Code, flow: Flow, pc: usize) -> Result<usize, Trouble> {
        let ints = &mut self.memory.ints;
        Ok(match flow {
            Flow::Jump { to } => to as usize,
            Flow::Unless { cond, to } => {
                if ints.get(cond) != 0 {
                    pc + 1
                } else {
                    to as usize
                }
            }
            Flow::For { index, len, end } => {
                ints.set(index, 0);
                let steps = ints.get(len);
                if steps > 0 {
                    self.count(steps as u64)?;
                    pc + 1
                } else {
                    end as usize
                }
            }
            Flow::Next { index, len, body } => {
                let next = ints.get(index) + 1;
                ints.set(index, next);
                if let Some(trouble) = self.arithmetic.exhausted() {
                    return Err(trouble);
                }
                if next < ints.get(len) { body as usize } else { pc + 1 }
            }
            Flow::Again { index, head } => {
                ints.set(index, ints.get(index) + 1);
                self.count(1)?;
                head as usize
            }
            Flow::Require { cond, site } => {
                if ints.get(cond) == 0 {
                    let demand = &program.demands[site as usize];
                    let mut failed = demand.compared.iter().filter_map(|c| self.failed(c));
                    let numbers = failed.next().unwrap_or_default();
                    return Err(Box::new((Why::Demand, format!("{}{numbers}", demand.message))));
                }
                pc + 1
            }
            Flow::Call { .. } | Flow::Return => unreachable!("these end straight code"),
        })
    }

    #[inline(always)]
    fn real(&mut self, program: &super::code::Code, op: RealOp) {
        let (r, n) = (&mut self.memory.reals, &mut self.arithmetic);
        match op {
            RealOp::Const { dst, of } => r.set(dst, n.double(program.reals[of as usize])),
            RealOp::Copy { dst, a } => r.set(dst, r.get(a)),
            RealOp::Add { dst, a, b } => r.set(dst, n.add(r.at(a), r.at(b))),
            RealOp::Sub { dst, a, b } => r.set(dst, n.sub(r.at(a), r.at(b))),
            RealOp::Mul { dst, a, b } => r.set(dst, n.mul(r.at(a), r.at(b))),
            RealOp::Div { dst, a, b } => r.set(dst, n.div(r.at(a), r.at(b))),
            RealOp::Neg { dst, a } => r.set(dst, n.neg(r.at(a))),
            RealOp::Unary { f, dst, a } => r.set(dst, n.unary(self.kernels.unary[f as usize], r.at(a))),
            RealOp::Binary { f, dst, a, b } => {
                r.set(dst, n.binary(self.kernels.binary[f as usize], r.at(a), r.at(b)));
            }
            RealOp::Ternary { f, dst, args } => {
                let args = &program.lists[args as usize];
                let f = self.kernels.ternary[f as usize];
                r.set(dst, n.ternary(f, [r.at(args[0]), r.at(args[1]), r.at(args[2])]));
            }
            RealOp::FromInt { dst, a } => r.set(dst, n.int(self.memory.ints.get(a))),
        }
    }

    /// Runs an instruction on reals and tells the trap.
    fn trapped(&mut self, program: &super::code::Code, op: RealOp, origin: u32) {
        let (dst, read) = op.registers(&program.lists);
        let base = self.memory.reals.base;
        let operands: Vec<(usize, f64)> =
            read.iter().map(|&r| (base + r as usize, A::near(self.memory.reals.at(r)))).collect();
        self.real(program, op);
        let value = A::near(self.memory.reals.at(dst));
        let (to, primitive) = (base + dst as usize, self.kernels.primitive(op));
        let Some(trap) = &mut self.trap else { return };
        match (primitive, &operands[..]) {
            (Some(p), _) => trap.computed(p, to, value, &operands, origin),
            (None, [(from, _)]) => trap.copied(*from, to),
            // A number has no place of its own: equal ones are one.
            (None, _) => trap.made(to, 0),
        }
    }

    /// Tells the trap of an element that was loaded.
    fn loaded(&mut self, op: ArrayOp, origin: u32) {
        let base = self.memory.reals.base;
        if let (Some(trap), Some(dst)) = (&mut self.trap, op.loads_real()) {
            trap.made(base + dst as usize, origin);
        }
    }

    #[inline(always)]
    fn int(&mut self, program: &super::code::Code, op: IntOp) -> Result<(), Trouble> {
        let k = &mut self.memory.ints;
        match op {
            IntOp::Const { dst, of } => k.set(dst, program.ints[of as usize]),
            IntOp::Copy { dst, a } => k.set(dst, k.get(a)),
            IntOp::Add { dst, a, b } => {
                k.set(dst, whole(k.get(a).checked_add(k.get(b)), "+", k.get(a), k.get(b))?)
            }
            IntOp::Sub { dst, a, b } => {
                k.set(dst, whole(k.get(a).checked_sub(k.get(b)), "-", k.get(a), k.get(b))?)
            }
            IntOp::Mul { dst, a, b } => {
                k.set(dst, whole(k.get(a).checked_mul(k.get(b)), "*", k.get(a), k.get(b))?)
            }
            IntOp::Unary { f, dst, a } => {
                let (f, p) = self.kernels.int_unary[f as usize];
                let value = f(k.get(a)).ok_or_else(|| no_int(p, &[k.get(a)]))?;
                k.set(dst, value);
            }
            IntOp::Binary { f, dst, a, b } => {
                let (f, p) = self.kernels.int_binary[f as usize];
                let value = f(k.get(a), k.get(b)).ok_or_else(|| no_int(p, &[k.get(a), k.get(b)]))?;
                k.set(dst, value);
            }
            IntOp::CompareReal { op, dst, a, b } => {
                let r = &self.memory.reals;
                k.set(dst, self.arithmetic.compare(op, r.at(a), r.at(b))? as i64);
            }
            IntOp::Compare { op, dst, a, b } => k.set(dst, op.holds(k.get(a), k.get(b)) as i64),
            IntOp::And { dst, a, b } => k.set(dst, k.get(a) & k.get(b)),
            IntOp::Or { dst, a, b } => k.set(dst, k.get(a) | k.get(b)),
            IntOp::Not { dst, a } => k.set(dst, 1 - k.get(a)),
            IntOp::FromReal { dst, a } => {
                k.set(dst, self.arithmetic.to_int(self.memory.reals.at(a))?);
            }
            IntOp::Size { bank, dst, array, axis } => {
                let size = match bank {
                    Bank::Real => self.memory.reals.array(array).0[axis as usize],
                    Bank::Int => k.array(array).0[axis as usize],
                };
                k.set(dst, size as i64);
            }
        }
        Ok(())
    }
}

impl<A: Arithmetic> Machine<A> {
    /// The two numbers of a comparison, in words, if it does not hold.
    fn failed(&self, comparison: &Comparison) -> Option<String> {
        let Comparison { op, bank, a, b } = *comparison;
        let (holds, a, b) = match bank {
            Bank::Real => {
                let (a, b) = (A::near(self.memory.reals.at(a)), A::near(self.memory.reals.at(b)));
                (op.holds(a, b), a.to_string(), b.to_string())
            }
            Bank::Int => {
                let (a, b) = (self.memory.ints.get(a), self.memory.ints.get(b));
                (op.holds(a, b), a.to_string(), b.to_string())
            }
        };
        let words = match op {
            Order::Lt => "below",
            Order::Le => "at most",
            Order::Gt => "above",
            Order::Ge => "at least",
            Order::Eq => "",
            Order::Ne => "other than",
        };
        (!holds).then(|| format!(": {a} is not {words} {b}").replace("  ", " "))
    }
}

#[inline(always)]
fn whole(value: Option<i64>, op: &str, a: i64, b: i64) -> Result<i64, Trouble> {
    value.ok_or_else(|| Box::new((Why::Int, format!("{a} {op} {b} is too large for an Int"))))
}

#[cold]
fn no_int(p: Prim, args: &[i64]) -> Trouble {
    let list = args.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
    let message = if matches!(p, Prim::MOD | Prim::REM) && args.get(1) == Some(&0) {
        format!("{}({list}) divides by zero", p.name())
    } else {
        format!("{}({list}) is too large for an Int", p.name())
    };
    Box::new((Why::Int, message))
}
