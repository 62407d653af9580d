//! New arrays, and arrays that change hands.

use super::super::integer::{Form, Leaf};
use super::language::Filled;
use super::{Known, Writer};
use crate::block::Local;

impl Writer<'_> {
    pub fn alloc(&mut self, dst: Local, dims: &[Local], fill: Filled) {
        let mut shape = Vec::new();
        for &d in dims {
            let form = self.form_of(d);
            let leaves: Vec<Local> = form
                .terms
                .iter()
                .filter_map(|t| if let Leaf::Local(l) = t.0 { Some(l) } else { None })
                .collect();
            leaves.into_iter().for_each(|leaf| self.materialise(leaf));
            shape.push(form);
        }
        let language = self.language;
        language.make(self, dst, &shape, fill);
    }

    pub fn hand_over(&mut self, dst: Local, src: Local, copied: bool) {
        let src = self.resolve(src);
        if self.resolve(dst) == src {
            return;
        }
        let language = self.language;
        language.hand_over(self, dst, src, copied);
    }

    /// `dst` is another name of the array `src` from here on.
    pub fn alias(&mut self, dst: Local, src: Local) {
        self.known[dst.0 as usize] = Known::Alias(src);
        self.note_scope(dst);
    }

    /// Keeps the shape of an array, if it does not change.
    pub fn keep_shape(&mut self, array: Local, shape: &[Form]) {
        let fixed = shape.iter().all(|form| self.is_fixed(form));
        if fixed && !self.usage.changes(array) && !self.usage.declared[array.0 as usize] && !self.grows(array)
        {
            self.shapes.insert(array, shape.to_vec());
        } else {
            self.shapes.remove(&array);
        }
    }

    /// Whether something is appended to the array.
    pub fn grows(&self, array: Local) -> bool {
        super::function::grows(self.procedure, array)
    }
}
