//! Instructions on arrays.

use super::arithmetic::Arithmetic;
use super::code::{ArrayOp, Bank, Code};
use super::machine::Machine;
use super::memory::{Registers, Slot, Store, offset};
use super::run::Trouble;
use super::value::Why;

impl<A: Arithmetic> Machine<A> {
    #[inline(always)]
    pub(super) fn array(&mut self, program: &Code, op: ArrayOp) -> Result<(), Trouble> {
        let (r, k) = (&mut self.memory.reals, &mut self.memory.ints);
        match op {
            ArrayOp::Load1 { bank: Bank::Real, dst, array, i } => {
                let index = k.get(i);
                match r.array(array).1.get(index as usize) {
                    Some(value) => {
                        let value = value.clone();
                        r.set(dst, value);
                    }
                    None => return Err(outside(program, Bank::Real, array, r.array(array).0, 0, index)),
                }
            }
            ArrayOp::Load1 { bank: Bank::Int, dst, array, i } => {
                let index = k.get(i);
                match k.array(array).1.get(index as usize) {
                    Some(&value) => k.set(dst, value),
                    None => return Err(outside(program, Bank::Int, array, k.array(array).0, 0, index)),
                }
            }
            ArrayOp::Load2 { bank: Bank::Real, dst, array, at } => {
                let (dims, data) = r.array(array);
                match offset(dims, at.iter().map(|&i| k.get(i))) {
                    Ok(offset) => {
                        let value = data[offset].clone();
                        r.set(dst, value);
                    }
                    Err((axis, index)) => return Err(outside(program, Bank::Real, array, dims, axis, index)),
                }
            }
            ArrayOp::Load2 { bank: Bank::Int, dst, array, at } => {
                let (dims, data) = k.array(array);
                match offset(dims, at.iter().map(|&i| k.get(i))) {
                    Ok(offset) => k.set(dst, data[offset]),
                    Err((axis, index)) => return Err(outside(program, Bank::Int, array, dims, axis, index)),
                }
            }
            ArrayOp::Store1 { bank: Bank::Real, array, i, value } => {
                let (index, value) = (k.get(i), r.get(value));
                *element(r, program, Bank::Real, array, &[index])? = value;
            }
            ArrayOp::AddTo1 { bank: Bank::Real, array, i, value } => {
                let (index, value) = (k.get(i), r.get(value));
                let element = element(r, program, Bank::Real, array, &[index])?;
                *element = self.arithmetic.add(element, &value);
            }
            _seldom => return self.seldom(program, op),
        }
        Ok(())
    }

    /// The instructions that are not worth a short way.
    fn seldom(&mut self, program: &Code, op: ArrayOp) -> Result<(), Trouble> {
        let (r, k) = (&mut self.memory.reals, &mut self.memory.ints);
        let ints = |k: &Registers<i64>, list: u32| -> Vec<i64> {
            program.lists[list as usize].iter().map(|&reg| k.get(reg)).collect()
        };
        match op {
            ArrayOp::Load { bank, dst, array, at } => {
                let at = ints(k, at);
                match bank {
                    Bank::Real => load(r, program, bank, dst, array, &at)?,
                    Bank::Int => load(k, program, bank, dst, array, &at)?,
                }
            }
            ArrayOp::Store1 { array, i, value, .. } => {
                let (at, value) = (k.get(i), k.get(value));
                *element(k, program, Bank::Int, array, &[at])? = value;
            }
            ArrayOp::AddTo1 { array, i, value, .. } => {
                let (at, value) = (k.get(i), k.get(value));
                add(element(k, program, Bank::Int, array, &[at])?, value)?;
            }
            ArrayOp::Store { bank, array, at, value } => {
                let at = ints(k, at);
                match bank {
                    Bank::Real => {
                        let value = r.get(value);
                        *element(r, program, bank, array, &at)? = value;
                    }
                    Bank::Int => {
                        let value = k.get(value);
                        *element(k, program, bank, array, &at)? = value;
                    }
                }
            }
            ArrayOp::AddTo { bank, array, at, value } => {
                let at = ints(k, at);
                match bank {
                    Bank::Real => {
                        let value = r.get(value);
                        let element = element(r, program, bank, array, &at)?;
                        *element = self.arithmetic.add(element, &value);
                    }
                    Bank::Int => {
                        let value = k.get(value);
                        add(element(k, program, bank, array, &at)?, value)?;
                    }
                }
            }
            _whole_arrays => return self.whole(program, op),
        }
        Ok(())
    }

    /// The instructions on whole arrays and rows.
    fn whole(&mut self, program: &Code, op: ArrayOp) -> Result<(), Trouble> {
        let (r, k) = (&mut self.memory.reals, &mut self.memory.ints);
        match op {
            ArrayOp::Alloc { bank, dst, dims, fill } => {
                let dims: Vec<usize> =
                    program.lists[dims as usize].iter().map(|&d| k.get(d).max(0) as usize).collect();
                let count = dims.iter().try_fold(1usize, |n, &d| n.checked_mul(d));
                let count = count.filter(|&n| {
                    n.saturating_mul(bank.bytes::<A>()).saturating_add(self.used()) <= self.limits.memory
                });
                let Some(count) = count else { return Err(self.too_much()) };
                match bank {
                    Bank::Real => {
                        let data = fill.map_or_else(
                            || vec![A::Number::default(); count],
                            |f| vec![self.memory.reals.get(f); count],
                        );
                        self.put_real(dst, dims, data);
                    }
                    Bank::Int => {
                        let data =
                            fill.map_or_else(|| vec![0; count], |f| vec![self.memory.ints.get(f); count]);
                        self.put_int(dst, dims, data);
                    }
                }
            }
            ArrayOp::Array { bank, dst, elems, dims } => {
                let dims = program.lists[dims as usize].iter().map(|&d| d as usize).collect();
                let elems = &program.lists[elems as usize];
                match bank {
                    Bank::Real => {
                        let data = elems.iter().map(|&e| r.get(e)).collect();
                        self.put_real(dst, dims, data);
                    }
                    Bank::Int => {
                        let data = elems.iter().map(|&e| k.get(e)).collect();
                        self.put_int(dst, dims, data);
                    }
                }
            }
            ArrayOp::Move { bank, dst, src } => match bank {
                Bank::Real => {
                    let slot = std::mem::take(r.slot(src));
                    self.memory.bytes -= r.slot(dst).bytes();
                    *r.slot(dst) = slot;
                }
                Bank::Int => {
                    let slot = std::mem::take(k.slot(src));
                    self.memory.bytes -= k.slot(dst).bytes();
                    *k.slot(dst) = slot;
                }
            },
            ArrayOp::Clone { bank, dst, src } => self.clone_array(bank, dst, src)?,
            ArrayOp::StoreRow { bank, array, index, row } => {
                let index = k.get(index);
                match bank {
                    Bank::Real => store_row(r, array, index, row)?,
                    Bank::Int => store_row(k, array, index, row)?,
                }
            }
            ArrayOp::PushRow { .. } | ArrayOp::Push { .. } => self.push(op)?,
            ArrayOp::Load1 { .. }
            | ArrayOp::Load2 { .. }
            | ArrayOp::Load { .. }
            | ArrayOp::Store1 { .. }
            | ArrayOp::Store { .. }
            | ArrayOp::AddTo1 { .. }
            | ArrayOp::AddTo { .. } => unreachable!("on elements"),
        }
        Ok(())
    }

    fn put_real(&mut self, dst: u32, dims: Vec<usize>, data: Vec<A::Number>) {
        let slot = self.memory.reals.slot(dst);
        self.memory.bytes += size_of_val(data.as_slice());
        self.memory.bytes -= slot.bytes();
        *slot = Slot { dims, store: Store::Owned(data) };
    }

    fn put_int(&mut self, dst: u32, dims: Vec<usize>, data: Vec<i64>) {
        let slot = self.memory.ints.slot(dst);
        self.memory.bytes += 8 * data.len();
        self.memory.bytes -= slot.bytes();
        *slot = Slot { dims, store: Store::Owned(data) };
    }

    fn clone_array(&mut self, bank: Bank, dst: u32, src: u32) -> Result<(), Trouble> {
        let count = match bank {
            Bank::Real => self.memory.reals.array(src).1.len(),
            Bank::Int => self.memory.ints.array(src).1.len(),
        };
        if self.used() + bank.bytes::<A>() * count > self.limits.memory {
            return Err(self.too_much());
        }
        match bank {
            Bank::Real => {
                let (dims, data) = self.memory.reals.array(src);
                let (dims, data) = (dims.to_vec(), data.to_vec());
                self.put_real(dst, dims, data);
            }
            Bank::Int => {
                let (dims, data) = self.memory.ints.array(src);
                let (dims, data) = (dims.to_vec(), data.to_vec());
                self.put_int(dst, dims, data);
            }
        }
        Ok(())
    }

    fn push(&mut self, op: ArrayOp) -> Result<(), Trouble> {
        let memory = &mut self.memory;
        let bytes = match op {
            ArrayOp::Push { bank: Bank::Real, array, value } => {
                let value = memory.reals.get(value);
                append(&mut memory.reals, array, &[value])
            }
            ArrayOp::Push { bank: Bank::Int, array, value } => {
                let value = memory.ints.get(value);
                append(&mut memory.ints, array, &[value])
            }
            ArrayOp::PushRow { bank: Bank::Real, array, row } => {
                let row = memory.reals.array(row).1.to_vec();
                append(&mut memory.reals, array, &row)
            }
            ArrayOp::PushRow { bank: Bank::Int, array, row } => {
                let row = memory.ints.array(row).1.to_vec();
                append(&mut memory.ints, array, &row)
            }
            _other => unreachable!("not an instruction that appends"),
        };
        memory.bytes += bytes;
        if self.used() > self.limits.memory { Err(self.too_much()) } else { Ok(()) }
    }
}

fn load<T: Clone + Default>(
    bank: &mut Registers<T>,
    program: &Code,
    which: Bank,
    dst: u32,
    array: u32,
    at: &[i64],
) -> Result<(), Trouble> {
    let (dims, data) = bank.array(array);
    match offset(dims, at.iter().copied()) {
        Ok(offset) => {
            let value = data[offset].clone();
            bank.set(dst, value);
        }
        Err((axis, index)) => return Err(outside(program, which, array, dims, axis, index)),
    }
    Ok(())
}

/// An element of an array of the frame, to change.
#[inline(always)]
fn element<'a, T: Clone + Default>(
    bank: &'a mut Registers<T>,
    program: &Code,
    which: Bank,
    array: u32,
    at: &[i64],
) -> Result<&'a mut T, Trouble> {
    let (dims, data) = bank.array_mut(array);
    match offset(dims, at.iter().copied()) {
        Ok(offset) => Ok(&mut data[offset]),
        Err((axis, index)) => Err(outside(program, which, array, dims, axis, index)),
    }
}

impl Bank {
    /// The bytes of an element.
    fn bytes<A: Arithmetic>(self) -> usize {
        match self {
            Bank::Real => size_of::<A::Number>(),
            Bank::Int => size_of::<i64>(),
        }
    }
}

fn add(element: &mut i64, value: i64) -> Result<(), Trouble> {
    let old = *element;
    *element = old
        .checked_add(value)
        .ok_or_else(|| Box::new((Why::Int, format!("{old} + {value} is too large for an Int"))))?;
    Ok(())
}

fn store_row<T: Clone + Default>(
    bank: &mut Registers<T>,
    array: u32,
    at: i64,
    row: u32,
) -> Result<(), Trouble> {
    let mut slot = std::mem::take(bank.slot(array));
    let Store::Owned(data) = &mut slot.store else { unreachable!("a trace is an array of its own") };
    let row = bank.array(row).1;
    let start = at as usize * row.len();
    data[start..start + row.len()].clone_from_slice(row);
    *bank.slot(array) = slot;
    Ok(())
}

fn append<T: Clone + Default>(bank: &mut Registers<T>, array: u32, row: &[T]) -> usize {
    let (dims, data) = bank.array_mut(array);
    data.extend_from_slice(row);
    dims[0] += 1;
    size_of_val(row)
}

/// Says which index is outside. Indices in messages count from 1, as the notation does.
#[cold]
fn outside(program: &Code, bank: Bank, array: u32, dims: &[usize], axis: usize, index: i64) -> Trouble {
    let name = match &program.names[bank as usize][array as usize] {
        Some(name) => format!("`{name}`"),
        None => "an array".to_string(),
    };
    let size = dims[axis];
    let what = match (dims.len(), axis) {
        (1, _) => "element",
        (2, 0) => "row",
        (2, _) => "column",
        (_, _) => "place",
    };
    let plural = if size == 1 { "" } else { "s" };
    let along = if dims.len() > 2 { format!(" along axis {}", axis + 1) } else { String::new() };
    let message = format!("index {} of {name}, which has {size} {what}{plural}{along}", index as i128 + 1);
    Box::new((Why::Outside, message))
}
