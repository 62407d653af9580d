//! The registers and arrays of all calls that have not returned.

use std::sync::Arc;

/// Where the elements of an array are.
#[derive(Debug, Default)]
pub(super) enum Store<T> {
    #[default]
    Empty,
    Owned(Vec<T>),
    /// An argument from outside: never changed.
    Shared(Arc<Vec<T>>),
    /// An array of a caller, by its absolute number: never changed.
    Alias(usize),
}

#[derive(Debug)]
pub(super) struct Slot<T> {
    pub dims: Vec<usize>,
    pub store: Store<T>,
}

impl<T> Default for Slot<T> {
    fn default() -> Self {
        Slot { dims: Vec::new(), store: Store::Empty }
    }
}

impl<T> Slot<T> {
    /// How many bytes of memory are counted for the array.
    pub fn bytes(&self) -> usize {
        match &self.store {
            Store::Owned(data) => size_of_val(data.as_slice()),
            Store::Empty | Store::Shared(_) | Store::Alias(_) => 0,
        }
    }
}

/// A bank of registers and arrays, and where the present frame's begin.
#[derive(Debug)]
pub(super) struct Registers<T> {
    pub scalars: Vec<T>,
    pub arrays: Vec<Slot<T>>,
    pub base: usize,
    pub array_base: usize,
}

impl<T> Default for Registers<T> {
    fn default() -> Self {
        Registers { scalars: Vec::new(), arrays: Vec::new(), base: 0, array_base: 0 }
    }
}

impl<T: Clone + Default> Registers<T> {
    #[inline(always)]
    pub fn get(&self, reg: u32) -> T {
        self.at(reg).clone()
    }

    #[inline(always)]
    pub fn at(&self, reg: u32) -> &T {
        &self.scalars[self.base + reg as usize]
    }

    #[inline(always)]
    pub fn set(&mut self, reg: u32, value: T) {
        let at = self.base + reg as usize;
        self.scalars[at] = value;
    }

    /// The absolute number of the array that a register of the frame stands for.
    #[inline(always)]
    pub fn resolve(&self, reg: u32) -> usize {
        let at = self.array_base + reg as usize;
        match self.arrays[at].store {
            Store::Alias(other) => other,
            Store::Empty | Store::Owned(_) | Store::Shared(_) => at,
        }
    }

    /// The lengths and elements of an array.
    #[inline(always)]
    pub fn array(&self, reg: u32) -> (&[usize], &[T]) {
        let slot = &self.arrays[self.resolve(reg)];
        match &slot.store {
            Store::Owned(data) => (&slot.dims, data),
            Store::Shared(data) => (&slot.dims, data),
            Store::Empty | Store::Alias(_) => (&[], &[]),
        }
    }

    /// The lengths and elements of an array of the frame, to change.
    #[inline(always)]
    pub fn array_mut(&mut self, reg: u32) -> (&mut Vec<usize>, &mut Vec<T>) {
        let slot = &mut self.arrays[self.array_base + reg as usize];
        match &mut slot.store {
            Store::Owned(data) => (&mut slot.dims, data),
            Store::Empty | Store::Shared(_) | Store::Alias(_) => {
                unreachable!("only arrays of the procedure's own are changed")
            }
        }
    }

    pub fn slot(&mut self, reg: u32) -> &mut Slot<T> {
        &mut self.arrays[self.array_base + reg as usize]
    }
}

/// Where an index falls in an array, rows first; the axis where it is outside.
#[inline]
pub(super) fn offset(dims: &[usize], at: impl Iterator<Item = i64>) -> Result<usize, (usize, i64)> {
    let mut offset = 0;
    for (axis, (&dim, index)) in dims.iter().zip(at).enumerate() {
        // A negative index is a huge unsigned one.
        if index as u64 >= dim as u64 {
            return Err((axis, index));
        }
        offset = offset * dim + index as usize;
    }
    Ok(offset)
}
