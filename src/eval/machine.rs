//! The machine: compiled procedures, and memory that is used again from run to run.

use super::arithmetic::{Arithmetic, Doubles};
use super::code::{Bank, Code, Place};
use super::compile::compile;
use super::kernels::Kernels;
use super::memory::{Registers, Slot, Store};
use super::single::Singles;
use super::trap::Trap;
use super::value::{Array, Data, Fault, Limits, Value, Why};
use crate::block::{Local, Procedure};
use crate::core::{Elem, FnId, Type};
use std::collections::HashMap;
use std::sync::Arc;

/// Runs procedures.
#[derive(Debug, Default)]
pub struct Machine<A: Arithmetic = Doubles> {
    pub limits: Limits,
    pub(super) arithmetic: A,
    pub(super) codes: Vec<Code>,
    pub(super) kernels: Kernels,
    numbers: HashMap<FnId, usize>,
    params: Vec<Vec<(String, Type)>>,
    results: Vec<Vec<Type>>,
    pub(super) memory: Memory<A::Number>,
    /// How often each procedure was called, if that is counted.
    pub(super) calls: Option<Vec<u64>>,
    pub(super) trap: Option<Trap>,
}

/// The state of a run.
#[derive(Debug, Default)]
pub(super) struct Memory<N> {
    pub reals: Registers<N>,
    pub ints: Registers<i64>,
    /// Bytes in arrays.
    pub bytes: usize,
    /// Steps of loops, and calls.
    pub steps: u64,
}

/// A result as the machine has it.
pub(super) enum Found<N> {
    Real(N),
    Reals(Vec<usize>, Arc<Vec<N>>),
    /// Integers and conditions are values already.
    Whole(Value),
}

impl Machine {
    /// A machine for these procedures, which must include all that they call.
    pub fn new(procedures: Vec<Procedure>) -> Machine {
        let mut machine = Machine::default();
        machine.add(&procedures);
        machine
    }
}

impl Machine<Singles> {
    /// The same in single precision; each result is a double of that value.
    pub fn in_single(procedures: &[Procedure]) -> Machine<Singles> {
        let mut machine = Machine::of(Singles);
        machine.add(procedures);
        machine
    }
}

impl<A: Arithmetic<Number = f64>> Machine<A> {
    /// The results of a function at these arguments.
    ///
    /// # Panics
    /// If the machine does not have the function.
    pub fn run(&mut self, f: FnId, args: &[Value]) -> Result<Vec<Value>, Fault> {
        let value = |found| match found {
            Found::Real(value) => Value::Real(value),
            Found::Reals(shape, data) => {
                Value::Array(Array { elem: Elem::Real, shape, data: Data::Real(data) })
            }
            Found::Whole(value) => value,
        };
        Ok(self.results(f, args)?.into_iter().map(value).collect())
    }
}

impl<A: Arithmetic + Default> Machine<A> {
    /// A machine without procedures that computes with this arithmetic.
    pub(super) fn of(arithmetic: A) -> Machine<A> {
        Machine { arithmetic, ..Machine::default() }
    }
}

impl<A: Arithmetic> Machine<A> {
    /// Adds procedures; all that they call must be among them or in the machine.
    pub fn add(&mut self, procedures: &[Procedure]) {
        for (number, procedure) in (self.codes.len()..).zip(procedures) {
            self.numbers.insert(procedure.id, number);
        }
        for procedure in procedures {
            self.codes.push(compile(procedure, &self.numbers, &mut self.kernels));
            let info = |l: &Local| &procedure.locals[l.0 as usize];
            let params = procedure.params.iter().map(info).map(|info| (info.name.clone(), info.ty));
            self.params.push(params.collect());
            self.results.push(procedure.results.iter().map(|l| info(l).ty).collect());
        }
        if let Some(calls) = &mut self.calls {
            calls.resize(self.codes.len(), 0);
        }
    }

    /// The steps that the last run took.
    pub fn steps(&self) -> u64 {
        self.memory.steps
    }

    /// Counts calls, or where numbers are first not finite, no more.
    pub fn unwatch(&mut self) {
        (self.calls, self.trap) = (None, None);
    }

    /// From here on counts calls.
    pub fn count_calls(&mut self) {
        self.calls = Some(vec![0; self.codes.len()]);
    }

    /// How often the function was called from others since calls are counted.
    pub fn calls(&self, f: FnId) -> u64 {
        let number = self.numbers.get(&f);
        number.zip(self.calls.as_ref()).map_or(0, |(&number, calls)| calls[number])
    }

    /// From here on watches where numbers first are not finite.
    pub fn set_trap(&mut self) {
        self.trap = Some(Trap::default());
    }

    /// What was found since the trap was set.
    pub fn take_trap(&mut self) -> Trap {
        self.trap.take().unwrap_or_default()
    }

    /// The results of a function, as the arithmetic gives them.
    pub(super) fn results(&mut self, f: FnId, args: &[Value]) -> Result<Vec<Found<A::Number>>, Fault> {
        let number = self.numbers[&f];
        self.memory = Memory {
            reals: cleared(std::mem::take(&mut self.memory.reals)),
            ints: cleared(std::mem::take(&mut self.memory.ints)),
            bytes: 0,
            steps: 0,
        };
        self.pass(number, args)?;
        self.execute(number)?;
        let places = self.codes[number].results.clone();
        if let Some(trap) = &mut self.trap {
            let real = places.iter().filter(|place| place.bank == Bank::Real && !place.array);
            trap.results = real.map(|place| trap.maker(place.reg as usize)).collect();
        }
        let types = self.results[number].clone();
        Ok(places.into_iter().zip(types).map(|(place, ty)| self.found(place, ty)).collect())
    }

    /// Puts the arguments into the first frame.
    fn pass(&mut self, number: usize, args: &[Value]) -> Result<(), Fault> {
        let code = &self.codes[number];
        let fault = |message: String| Err(Fault { why: Why::Arguments, message, origin: 0 });
        let params = &self.params[number];
        if args.len() != params.len() {
            let (name, n) = (&code.name, params.len());
            return fault(format!("`{name}` takes {n} arguments, not {}", args.len()));
        }
        self.memory.reals.scalars.resize(code.counts.reals as usize, A::Number::default());
        self.memory.ints.scalars.resize(code.counts.ints as usize, 0);
        self.memory.reals.arrays.resize_with(code.counts.real_arrays as usize, Slot::default);
        self.memory.ints.arrays.resize_with(code.counts.int_arrays as usize, Slot::default);
        for ((arg, (name, ty)), place) in args.iter().zip(params).zip(&code.params) {
            if arg.ty() != *ty {
                return fault(format!("`{name}` is {}, not {}", describe(*ty), describe(arg.ty())));
            }
            match arg {
                Value::Real(value) => {
                    let value = self.arithmetic.double(*value);
                    self.memory.reals.set(place.reg, value);
                }
                Value::Int(value) => self.memory.ints.set(place.reg, *value),
                Value::Bool(value) => self.memory.ints.set(place.reg, *value as i64),
                Value::Array(Array { shape, data, .. }) => match data {
                    Data::Real(data) => {
                        let store = Store::Shared(self.arithmetic.doubles(data));
                        *self.memory.reals.slot(place.reg) = Slot { dims: shape.clone(), store };
                    }
                    Data::Int(data) => {
                        let store = Store::Shared(Arc::clone(data));
                        *self.memory.ints.slot(place.reg) = Slot { dims: shape.clone(), store };
                    }
                },
            }
        }
        Ok(())
    }

    /// What is at a place of the first frame, which is taken.
    fn found(&mut self, place: Place, ty: Type) -> Found<A::Number> {
        fn take<T>(slot: &mut Slot<T>) -> (Vec<usize>, Arc<Vec<T>>) {
            let slot = std::mem::take(slot);
            let data = match slot.store {
                Store::Owned(data) => Arc::new(data),
                Store::Shared(data) => data,
                Store::Empty | Store::Alias(_) => Arc::new(Vec::new()),
            };
            (slot.dims, data)
        }
        match (place.bank, place.array) {
            (Bank::Real, false) => Found::Real(self.memory.reals.get(place.reg)),
            (Bank::Int, false) if ty.elem == Elem::Bool => {
                Found::Whole(Value::Bool(self.memory.ints.get(place.reg) != 0))
            }
            (Bank::Int, false) => Found::Whole(Value::Int(self.memory.ints.get(place.reg))),
            (Bank::Real, true) => {
                let (shape, data) = take(self.memory.reals.slot(place.reg));
                Found::Reals(shape, data)
            }
            (Bank::Int, true) => {
                let (shape, data) = take(self.memory.ints.slot(place.reg));
                Found::Whole(Value::Array(Array { elem: ty.elem, shape, data: Data::Int(data) }))
            }
        }
    }
}

/// Empty registers with their memory kept.
fn cleared<T>(mut registers: Registers<T>) -> Registers<T> {
    registers.scalars.clear();
    registers.arrays.clear();
    Registers { base: 0, array_base: 0, ..registers }
}

fn describe(ty: Type) -> String {
    let elem = match ty.elem {
        Elem::Real => "real number",
        Elem::Int => "Int",
        Elem::Bool => "Bool",
    };
    match ty.rank {
        0 if ty.elem == Elem::Int => format!("an {elem}"),
        0 => format!("a {elem}"),
        1 => format!("an array of {elem}s"),
        rank => format!("an array of {elem}s with {rank} axes"),
    }
}
