//! The lengths of arrays, as far as they are known while the program is written.

use super::super::expression::Piece;
use super::super::expression::{infix, method};
use super::super::integer::{Form, Leaf};
use super::writer::{SizeName, Writer};
use crate::block::Local;
use crate::primitive::Class;

impl Writer<'_> {
    /// The array's lengths, one for each axis.
    pub fn shape(&self, array: Local) -> Option<&Vec<Form>> {
        self.shapes.get(&self.resolve(array))
    }

    /// New variables for the lengths of an array of several axes.
    pub fn length_names(&mut self, array: &str, rank: u8) -> Vec<u16> {
        (0..rank)
            .map(|axis| {
                let text = self.names.fresh(&format!("{array}_len{axis}"));
                self.sizes.push(SizeName { text, touched: false });
                self.sizes.len() as u16 - 1
            })
            .collect()
    }

    /// The lengths of an array as sums that may be written anywhere.
    pub fn dims(&mut self, dims: &[Local]) -> Vec<Form> {
        dims.iter()
            .map(|&d| {
                let form = self.form_of(d);
                for leaf in
                    form.terms.iter().filter_map(|t| if let Leaf::Local(l) = t.0 { Some(l) } else { None })
                {
                    self.materialise(leaf);
                }
                form
            })
            .collect()
    }

    /// Forms over variables are no shape: their values change.
    pub fn keep_shape(&mut self, array: Local, mut dims: Vec<Form>) {
        let fixed = dims.iter().all(|form| self.is_fixed(form));
        if !fixed && dims.len() < 2 {
            self.shapes.remove(&array);
            return;
        }
        // The elements of an array of several axes are found by its lengths.
        if !fixed {
            let name = self.name_only(array);
            for (k, form) in self.length_names(&name, dims.len() as u8).into_iter().zip(&mut dims) {
                let count = self.count(form);
                let length = self.sizes[k as usize].text.clone();
                self.line(format!("let {length} = {};", count.text));
                *form = Form::leaf(Leaf::Size(k));
            }
        }
        self.shapes.insert(array, dims);
    }

    /// The length along an axis, asked of the array itself: a `usize`.
    pub fn measured(&mut self, array: Local, axis: usize) -> Piece {
        if let Some(form) = self.shape(array).and_then(|s| s.get(axis).cloned()) {
            return self.count(&form);
        }
        let name = self.array_name(array);
        let len = method("len", &name, &[]);
        if self.ty(array).rank <= 1 {
            return len;
        }
        // Only the first length of an array that grows is unknown.
        let row = self.stride(array, 0);
        match row {
            Some(row) => infix("/", Class::Product, &len, &method("max", &row, &[&Piece::literal("1")])),
            None => len,
        }
    }

    /// How far apart the elements along an axis are: the product of the lengths after it.
    pub fn stride(&mut self, array: Local, axis: usize) -> Option<Piece> {
        let shape = self.shape(array)?.clone();
        Some(self.product(&shape[axis + 1..]))
    }

    /// The product of lengths, in their order.
    pub fn product(&mut self, lengths: &[Form]) -> Piece {
        let mut factors: Vec<Piece> = Vec::new();
        let mut number = 1;
        for form in lengths {
            match form.as_number() {
                Some(n) => number *= n.max(0),
                None => {
                    if number != 1 {
                        factors.push(Piece::literal(number.to_string()));
                        number = 1;
                    }
                    factors.push(self.count(form));
                }
            }
        }
        if number != 1 || factors.is_empty() {
            factors.push(Piece::literal(number.to_string()));
        }
        factors
            .into_iter()
            .reduce(|product, factor| infix("*", Class::Product, &product, &factor))
            .unwrap_or_else(|| Piece::literal("1"))
    }
}
