//! New arrays, copies, and arrays that change hands.

use super::super::EmitError;
use super::super::expression::{Piece, method};
use super::super::integer::{Form, Leaf};
use super::layout;
use super::writer::{Known, Place, State, Writer};
use crate::block::{Fill, Local};
use crate::core::Elem;

/// Arrays of up to this many elements, if that is a constant, need no memory of their own.
const FIXED: i64 = 64;

impl Writer<'_> {
    pub fn alloc(&mut self, dst: Local, dims: &[Local], fill: &Fill) -> Result<(), EmitError> {
        let shape = self.dims(dims);
        let elem = self.ty(dst).elem;
        self.choose_place(dst, &shape);
        let place = self.places[&dst];
        self.declare_before(dst);
        let mut typed = true;
        let piece = self.fit(self.room("let mut  = vec![];".len() + 24), |w| {
            let value = match fill {
                Fill::Zero(_) | Fill::Unset(_) => w.zero(elem),
                Fill::Value(v) => w.fill_value(*v),
            };
            typed = value.typed || elem != Elem::Real;
            if place == Place::Out {
                return method("fill", &Piece::atom("_"), &[&value]);
            }
            let count = w.product(&shape);
            Piece::of(format!("[{}; {}]", value.text, count.text), value.class, &[&value, &count])
        });
        let l = dst.0 as usize;
        self.typed[l] = typed;
        match place {
            Place::Out => {
                self.typed[l] = true;
                if !matches!(fill, Fill::Unset(_)) {
                    let name = self.name_of(dst);
                    self.line(format!("{name}{};", piece.text.trim_start_matches('_')));
                }
            }
            Place::Fixed => self.set_array(dst, &piece.text, None),
            Place::Vec | Place::Slice => {
                if shape.iter().all(|f| f.as_number().is_some()) && !self.usage.owned[l] {
                    self.lints.insert("clippy::useless_vec");
                }
                if piece.text.ends_with("; 0]") {
                    self.typed[l] = true;
                    self.set_array(
                        dst,
                        "Vec::new()",
                        Some(format!("Vec<{}>", self.precision().element(elem))),
                    );
                } else {
                    self.set_array(dst, &format!("vec!{}", piece.text), None);
                }
            }
        }
        self.new_shape(dst, Some(shape));
        Ok(())
    }

    /// Where a new array stands.
    fn choose_place(&mut self, dst: Local, shape: &[Form]) {
        if self.places.get(&dst) == Some(&Place::Out) {
            return;
        }
        let count = shape.iter().try_fold(1_i64, |n, f| n.checked_mul(f.as_number()?.max(0)));
        let l = dst.0 as usize;
        let fixed = count.is_some_and(|n| n <= FIXED)
            && !self.usage.owned[l]
            && !self.tail[l]
            && !self.usage.declared[l]
            && !self.usage.changes(dst);
        self.places.insert(dst, if fixed { Place::Fixed } else { Place::Vec });
    }

    /// A result of a branch that is not written as one needs its variable first.
    fn declare_before(&mut self, dst: Local) {
        if self.state[dst.0 as usize] == State::Declared {
            self.declare_late(dst);
        }
    }

    /// `dst = value`, as a new variable if it is one.
    fn set_array(&mut self, dst: Local, value: &str, ty: Option<String>) {
        let name = self.name_only(dst);
        let l = dst.0 as usize;
        if self.state[l] == State::Set {
            self.before_change(dst);
            self.touched[l] = true;
            self.line(format!("{name} = {value};"));
            return;
        }
        let mutable = if self.variable[l] { "mut " } else { "" };
        let ty = ty.map_or(String::new(), |ty| format!(": {ty}"));
        self.line(format!("let {mutable}{name}{ty} = {value};"));
        self.mark_set(dst);
    }

    /// Notes the shape of an array that has just been set.
    pub fn new_shape(&mut self, dst: Local, shape: Option<Vec<Form>>) {
        let l = dst.0 as usize;
        if let (Some(lengths), Some(shape)) = (self.companions.get(&dst).cloned(), &shape) {
            for (length, form) in lengths.into_iter().zip(shape) {
                let name = self.sizes[length as usize].text.clone();
                let count = self.count(form);
                self.line(format!("{name} = {};", count.text));
            }
            return;
        }
        let vector = self.ty(dst).rank == 1;
        let grows = self.usage.owned[l] && self.usage.written[l];
        match shape {
            // The length of a vector that is set again, or that grows, is asked of itself.
            Some(_) if vector && (self.usage.changes(dst) && !self.tail[l] || grows || self.late[l]) => {
                self.shapes.remove(&dst);
            }
            Some(shape) => self.keep_shape(dst, shape),
            None => {
                self.shapes.remove(&dst);
            }
        }
    }

    pub fn array_literal(&mut self, dst: Local, elems: &[Local], dims: &[usize]) -> Result<(), EmitError> {
        let shape: Vec<Form> = dims.iter().map(|&n| Form::number(n as i64)).collect();
        self.choose_place(dst, &shape);
        self.declare_before(dst);
        let l = dst.0 as usize;
        let place = self.places[&dst];
        if place == Place::Out {
            return self.set_elements(dst, elems, shape);
        }
        let mut items = Vec::with_capacity(elems.len());
        let elem = self.ty(dst).elem;
        self.typed[l] = elem != Elem::Real;
        for &e in elems {
            let mut piece = self.fit(self.room(8), |w| w.operand(e));
            if elem == Elem::Int && !piece.typed {
                piece.text.push_str("_i64");
            }
            self.typed[l] |= piece.typed;
            items.push(piece.text);
        }
        let name = self.name_only(dst);
        let again = self.state[l] == State::Set;
        let mutable = if self.variable[l] { "mut " } else { "" };
        let ty = match (place, items.is_empty()) {
            (Place::Fixed, true) => format!(": [{}; 0]", self.precision().element(elem)),
            (_, true) => format!(": Vec<{}>", self.precision().element(elem)),
            _ => String::new(),
        };
        let start = if again { format!("{name} = ") } else { format!("let {mutable}{name}{ty} = ") };
        let open = if place == Place::Fixed { "[" } else { "vec![" };
        if again {
            self.before_change(dst);
        } else if place == Place::Vec && !self.usage.owned[l] {
            self.lints.insert("clippy::useless_vec");
        }
        let lines = layout::assigned(&start, open, &items, "];", 4 * self.indent);
        self.all_lines(lines);
        self.mark_set(dst);
        self.new_shape(dst, Some(shape));
        Ok(())
    }

    /// Writes the elements to the caller's memory one by one.
    fn set_elements(&mut self, dst: Local, elems: &[Local], shape: Vec<Form>) -> Result<(), EmitError> {
        for (k, &e) in elems.iter().enumerate() {
            let name = self.name_of(dst);
            let around = name.len() + format!("[{k}] = ;").len();
            let piece = self.fit(self.room(around), |w| w.operand(e));
            self.line(format!("{name}[{k}] = {};", piece.text));
        }
        self.new_shape(dst, Some(shape));
        Ok(())
    }

    /// `dst` becomes the array `src`, or a copy of it.
    pub fn hand_over(&mut self, dst: Local, src: Local, copy: bool) -> Result<(), EmitError> {
        let src = self.resolve(src);
        let l = dst.0 as usize;
        let shape = self.shape(src).cloned();
        if self.place(dst) == Place::Out && self.places.contains_key(&dst) {
            if self.resolve(dst) == src {
                return Ok(());
            }
            let source = self.array_reference(src);
            let name = self.name_of(dst);
            self.line(format!("{name}.copy_from_slice({});", source.text));
            self.new_shape(dst, shape);
            return Ok(());
        }
        self.declare_before(dst);
        let again = self.state[l] == State::Set;
        if again {
            self.check_same_shape(dst, src);
        }
        if !copy && !again && !self.variable[l] && self.place(src) == Place::Vec {
            self.known[l] = Known::Alias(src);
            self.note_scope(dst);
            return Ok(());
        }
        let name = self.array_name(src);
        let value = match (self.place(src), copy) {
            (Place::Vec, false) => name.text,
            (Place::Vec, true) => format!("{}.clone()", name.text),
            (Place::Slice | Place::Out | Place::Fixed, _) => format!("{}.to_vec()", name.text),
        };
        self.typed[l] = self.typed[src.0 as usize];
        self.places.insert(dst, Place::Vec);
        self.set_array(dst, &value, None);
        if !again || self.companions.contains_key(&dst) {
            self.new_shape(dst, shape);
        }
        Ok(())
    }

    /// The program counts on the shape of an array of several axes staying as it is.
    fn check_same_shape(&mut self, dst: Local, src: Local) {
        if self.ty(dst).rank < 2 || self.companions.contains_key(&dst) {
            return;
        }
        let (Some(old), Some(new)) = (self.shape(dst).cloned(), self.shape(src).cloned()) else { return };
        for (old, new) in old.iter().zip(&new).skip(1) {
            if !old.same(new) {
                let (left, right) = (self.count(new), self.count(old));
                let items = [left.text, right.text, "\"an array must keep its shape\"".to_string()];
                let lines = layout::list("assert_eq!(", &items, ");", 4 * self.indent, false);
                self.all_lines(lines);
            }
        }
    }

    /// Declares a variable that an inner block will set.
    pub fn declare_late(&mut self, dst: Local) {
        self.declared.retain(|&d| d != dst);
        let l = dst.0 as usize;
        let ty = self.ty(dst);
        let name = self.name_only(dst);
        let (precision, zero) = (self.precision(), self.zero(Elem::Real));
        let (ty, value) = match (ty.rank, ty.elem) {
            (0, Elem::Real) => (precision.name().to_string(), zero.text.as_str()),
            (0, Elem::Int) => ("i64".to_string(), "0"),
            (0, Elem::Bool) => ("bool".to_string(), "false"),
            (_, elem) => (format!("Vec<{}>", self.precision().element(elem)), "Vec::new()"),
        };
        self.lints.insert("unused_assignments");
        self.line(format!("let mut {name}: {ty} = {value};"));
        self.typed[l] = true;
        self.variable[l] = true;
        self.late[l] = true;
        self.mark_set(dst);
        if self.ty(dst).rank > 1 {
            let lengths = self.length_names(&name, self.ty(dst).rank);
            for &k in &lengths {
                let length = self.sizes[k as usize].text.clone();
                self.line(format!("let mut {length}: usize = 0;"));
            }
            self.shapes.insert(dst, lengths.iter().map(|&k| Form::leaf(Leaf::Size(k))).collect());
            self.companions.insert(dst, lengths);
        }
    }
}
