//! Elements of arrays, and their lengths.

use super::super::EmitError;
use super::super::expression::Piece;
use super::super::integer::{Form, Leaf};
use super::Writer;
use super::language::{Checks, Fault};
use super::writer::Memory;
use crate::block::Local;
use crate::primitive::{Class, Prim};

impl Writer<'_> {
    /// The array's name as it is indexed.
    pub fn array_name(&mut self, array: Local) -> Piece {
        let array = self.resolve(array);
        let mut piece = Piece::atom(self.name_of(array));
        if self.variable[array.0 as usize] {
            piece.reads.push(array);
        }
        piece
    }

    /// The array's length along an axis, where that is known.
    pub fn length(&self, array: Local, axis: usize) -> Option<Form> {
        self.shapes.get(&self.resolve(array))?.get(axis).cloned()
    }

    /// Whether a length is a variable that may change.
    pub fn changing(&self, size: u16) -> bool {
        self.memory.values().any(|m| matches!(m, Memory::Own(Some(sizes)) if sizes.contains(&size)))
    }

    /// `array[at]`
    pub fn load(&mut self, array: Local, at: &[Local]) -> Piece {
        let forms: Vec<Form> = at.iter().map(|&a| self.form_of(a)).collect();
        let language = self.language;
        language.element(self, self.resolve(array), &forms)
    }

    /// The lines that check what is not certain of these indices.
    pub fn check_indices(&mut self, array: Local, at: &[Local]) {
        let checks = self.language.dialect().checks;
        for (axis, &index) in at.iter().enumerate() {
            let form = self.form_of(index);
            if checks == Checks::None {
                continue;
            }
            let low = self.is_natural(&form);
            let length = self.length(array, axis);
            let high = checks == Checks::Negative
                || length.as_ref().is_some_and(|length| {
                    let last = length.minus(&form).and_then(|d| d.minus(&Form::number(1)));
                    last.is_some_and(|last| self.is_natural(&last))
                });
            if low && high {
                continue;
            }
            self.check_index(array, axis, &form, length, !high);
        }
    }

    fn check_index(&mut self, array: Local, axis: usize, form: &Form, length: Option<Form>, both: bool) {
        let language = self.language;
        let room = self.room(40);
        // The index is written here and where it is used.
        for (leaf, _) in &form.terms {
            if let Leaf::Local(l) = leaf {
                self.materialise(*l);
            }
        }
        let condition = self.fit(room, |w| {
            let index = w.render(form);
            if !both {
                return w.spelled(Prim::LT, &[index, Piece::literal("0")], true);
            }
            let count = match &length {
                Some(length) => w.count(length),
                None => language.measured(w, array, axis),
            };
            let inside = w.carried("inside", &[index, count]);
            w.negation(&inside)
        });
        language.fault(self, &condition.text, Fault::Index);
    }

    /// Sets or adds to an element.
    pub fn store(&mut self, array: Local, at: &[Local], value: Local, add: bool) -> Result<(), EmitError> {
        self.check_indices(array, at);
        let array = self.resolve(array);
        let mut text = String::new();
        self.fit(self.room(" += ;".len()), |w| {
            let element = w.load(array, at);
            let mut value = w.operand(value);
            let mut operator = if add { "+=" } else { "=" };
            if add
                && value.class == Class::Unary
                && let Some(rest) = value.text.strip_prefix('-').filter(|rest| !rest.starts_with('('))
            {
                (value.text, operator) = (rest.to_string(), "-=");
            }
            text = format!("{} {operator} {}", element.text, value.text);
            Piece::of(text.clone(), Class::Or, &[&element, &value])
        });
        self.before_change(array);
        self.statement_line(&text);
        Ok(())
    }
}
