//! Reading a local: its name, its literal, or the expression that it stands for.

use super::super::expression::{Piece, prefix};
use super::super::integer::{Form, Leaf};
use super::integers::Mode;
use super::literal;
use super::writer::{Known, Place, Writer};
use crate::block::Local;
use crate::core::Elem;

impl Writer<'_> {
    /// The local that this one is another name of.
    pub fn resolve(&self, mut local: Local) -> Local {
        while let Known::Alias(other) = self.known[local.0 as usize] {
            local = other;
        }
        local
    }

    /// A scalar as an operand: real, condition, or `i64`.
    pub fn operand(&mut self, local: Local) -> Piece {
        let local = self.resolve(local);
        if self.is_int(local) {
            let form = self.form_of(local);
            return self.render(&form, Mode::Signed);
        }
        match self.known[local.0 as usize] {
            Known::Real(v) => self.real_literal(v),
            Known::Bool(v) => Piece::atom(if v { "true" } else { "false" }),
            Known::Nothing | Known::Alias(_) | Known::Form(_) => self.stored(local),
        }
    }

    /// A scalar that is pending or has a name.
    pub fn stored(&mut self, local: Local) -> Piece {
        if self.is_pending(local) && self.tail[local.0 as usize] {
            self.materialise(local);
        }
        if let Some(piece) = self.pending[local.0 as usize].as_deref() {
            return Piece { parts: vec![local], ..piece.clone() };
        }
        let mut piece = Piece::atom(self.name_of(local));
        piece.typed = self.typed[local.0 as usize];
        if self.variable[local.0 as usize] {
            piece.reads.push(local);
        }
        piece
    }

    pub fn real_literal(&mut self, v: f64) -> Piece {
        if literal::looks_like_constant(v) {
            self.lints.insert("clippy::approx_constant");
        }
        literal::real(v, self.precision())
    }

    /// The double that a local is known to be.
    pub fn constant(&self, local: Local) -> Option<f64> {
        match self.known[self.resolve(local).0 as usize] {
            Known::Real(v) => Some(v),
            Known::Nothing | Known::Alias(_) | Known::Bool(_) | Known::Form(_) => None,
        }
    }

    /// An integer as a sum.
    pub fn form_of(&self, local: Local) -> Form {
        let local = self.resolve(local);
        match &self.known[local.0 as usize] {
            Known::Form(form) => form.clone(),
            Known::Nothing | Known::Alias(_) | Known::Real(_) | Known::Bool(_) => {
                Form::leaf(Leaf::Local(local))
            }
        }
    }

    /// Whether a value that reads this may be written later, and as often as one likes.
    pub fn is_fixed(&self, form: &Form) -> bool {
        form.terms.iter().all(|(leaf, _)| match leaf {
            Leaf::Local(l) => !self.variable[l.0 as usize] && !self.is_pending(*l),
            Leaf::Length(..) | Leaf::Size(_) => true,
        })
    }

    /// The array's name as it is indexed.
    pub fn array_name(&mut self, array: Local) -> Piece {
        let array = self.resolve(array);
        let mut piece = Piece::atom(self.name_of(array));
        piece.typed = self.typed[array.0 as usize];
        if self.variable[array.0 as usize] {
            piece.reads.push(array);
        }
        piece
    }

    pub fn place(&self, array: Local) -> Place {
        self.places.get(&self.resolve(array)).copied().unwrap_or(Place::Vec)
    }

    /// The array as a `&[T]` argument.
    pub fn array_reference(&mut self, array: Local) -> Piece {
        let name = self.array_name(array);
        match self.place(array) {
            Place::Slice | Place::Out => name,
            Place::Vec | Place::Fixed => {
                Piece { class: crate::primitive::Class::Unary, ..prefix("&", &name) }
            }
        }
    }

    /// What new elements hold.
    pub fn zero(&self, elem: Elem) -> Piece {
        match elem {
            Elem::Real => literal::real(0.0, self.precision()),
            Elem::Int => Piece::atom("0_i64"),
            Elem::Bool => Piece::atom("false"),
        }
    }
}
