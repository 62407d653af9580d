//! Arrays that are objects: they know their lengths, and to assign one gives it another name.

use super::super::EmitError;
use super::super::expression::Piece;
use super::super::integer::Form;
use super::super::signature::{Extent, Signature};
use super::Writer;
use super::language::{Arrays, Filled};
use crate::block::Local;
use crate::core::{FnId, Type};
use crate::primitive::Class;

/// How a language spells what is done with arrays that are objects.
pub(in crate::emit) trait Objects: Sync {
    /// Whether what grows is a list here: of elements, or of rows.
    fn is_list(&self, w: &Writer<'_>, array: Local) -> bool;
    /// The list of an array's elements or rows, the array of a list's, and a copy.
    fn list_of(&self, array: &str) -> String;
    fn array_of(&self, list: &str) -> String;
    fn copy_of(&self, array: &str) -> String;
    /// The line that appends to an array that grows.
    fn append(&self, array: &str, item: &str) -> String;
    /// What begins an array that grows.
    fn empty(&self, ty: Type) -> String;
    /// A new array of these lengths.
    fn filled(&self, w: &mut Writer<'_>, ty: Type, shape: &[Form], fill: Filled) -> Piece;
    /// Writes that `dst` is a new array of these elements.
    fn literal(&self, w: &mut Writer<'_>, dst: Local, items: Vec<String>, dims: &[usize]);
    /// The line that stores a row.
    fn store(&self, w: &Writer<'_>, array: Local, name: &str, index: &str, row: &str) -> String;
    /// The length of an array along an axis.
    fn length(&self, w: &Writer<'_>, array: Local, name: &str, axis: usize) -> String;
}

impl<T: Objects> Arrays for T {
    /// The parameters that change are copied.
    fn begin(&self, w: &mut Writer<'_>, signature: &Signature) {
        for (k, &p) in w.procedure.params.iter().enumerate() {
            if w.ty(p).is_array() && w.variable[p.0 as usize] && !signature.written[k] {
                let name = w.name_of(p);
                let own = if self.is_list(w, p) { self.list_of(&name) } else { self.copy_of(&name) };
                w.line(format!("{name} = {own}"));
            }
        }
    }

    fn make(&self, w: &mut Writer<'_>, dst: Local, shape: &[Form], fill: Filled) {
        let ty = w.ty(dst);
        if w.grows(dst) {
            return w.assign_array(dst, &self.empty(ty));
        }
        let piece = w.fit(w.room(40), |w| self.filled(w, ty, shape, fill));
        w.assign_array(dst, &piece.text);
        w.keep_shape(dst, shape);
    }

    fn list(&self, w: &mut Writer<'_>, dst: Local, elems: &[Local], dims: &[usize]) {
        let items = elems.iter().map(|&e| w.fit(w.room(30), |w| w.operand(e)).text).collect();
        self.literal(w, dst, items, dims);
        let shape: Vec<Form> = dims.iter().map(|&n| Form::number(n as i64)).collect();
        w.keep_shape(dst, &shape);
    }

    fn hand_over(&self, w: &mut Writer<'_>, dst: Local, src: Local, copied: bool) {
        let l = dst.0 as usize;
        let given = w.procedure.params.contains(&src);
        if !copied && !given && !w.variable[l] && w.usage.sets[l] == 1 && !w.variable[src.0 as usize] {
            w.alias(dst, src);
            return;
        }
        let shape: Option<Vec<Form>> = w.shapes.get(&src).cloned();
        let name = w.array_name(src).text;
        let text = if copied || given { self.copy_of(&name) } else { name };
        w.assign_array(dst, &text);
        match shape {
            Some(shape) => w.keep_shape(dst, &shape),
            None => _ = w.shapes.remove(&dst),
        }
    }

    fn store_row(&self, w: &mut Writer<'_>, array: Local, index: Local, row: Local) {
        let form = w.form_of(index);
        let index = w.fit(w.room(30), |w| w.index(&form));
        w.before_change(array);
        let (name, row) = (w.name_of(array), w.array_name(row));
        let line = self.store(w, array, &name, &index.text, &row.text);
        w.line(line);
    }

    fn push(&self, w: &mut Writer<'_>, array: Local, value: Local) {
        let item = match w.ty(value).is_scalar() {
            true => w.fit(w.room(30), |w| w.operand(value)).text,
            false => self.copy_of(&w.array_name(value).text),
        };
        w.before_change(array);
        let name = w.name_of(array);
        w.line(self.append(&name, &item));
    }

    /// `array[index]`
    fn element(&self, w: &mut Writer<'_>, array: Local, at: &[Form]) -> Piece {
        let name = w.array_name(array);
        let indices: Vec<Piece> = at.iter().map(|form| w.index(form)).collect();
        let texts: Vec<&str> = indices.iter().map(|p| p.text.as_str()).collect();
        let text = match (self.is_list(w, array), texts.as_slice()) {
            (true, [first, rest @ ..]) if !rest.is_empty() => {
                format!("{}[{first}][{}]", name.text, rest.join(", "))
            }
            (_, all) => format!("{}[{}]", name.text, all.join(", ")),
        };
        let mut parts: Vec<&Piece> = indices.iter().collect();
        parts.push(&name);
        Piece::of(text, Class::Call, &parts)
    }

    /// The length along an axis, asked of the array itself.
    fn measured(&self, w: &mut Writer<'_>, array: Local, axis: usize) -> Piece {
        let array = w.resolve(array);
        let name = w.array_name(array);
        Piece::of(self.length(w, array, &name.text, axis), Class::Call, &[&name])
    }

    fn passed(&self, w: &mut Writer<'_>, array: Local, written: bool) -> Piece {
        let name = w.array_name(array);
        let array = w.resolve(array);
        match self.is_list(w, array) && !written {
            true => Piece { text: self.array_of(&name.text), ..name },
            false => name,
        }
    }

    fn call(
        &self,
        w: &mut Writer<'_>,
        dst: &[Local],
        (signature, _): (&Signature, FnId),
        args: &[Local],
    ) -> Result<(), EmitError> {
        w.call_line(dst, signature, args);
        Ok(())
    }

    /// The line that returns the results; no two of them are one array, and none is a parameter.
    fn finish(&self, w: &mut Writer<'_>, _: &Signature) {
        let results = w.procedure.results.clone();
        let mut texts = Vec::new();
        for (k, &r) in results.iter().enumerate() {
            if w.ty(r).is_scalar() {
                let piece = w.fit(w.room(12), |w| w.operand(r));
                texts.push(piece.text);
                continue;
            }
            let array = w.resolve(r);
            let name = w.name_of(array);
            let twice = results[..k].iter().any(|&other| w.resolve(other) == array);
            let given = w.procedure.params.contains(&array) && !w.variable[array.0 as usize];
            texts.push(match (self.is_list(w, array), twice || given) {
                (true, _) => self.array_of(&name),
                (false, true) => self.copy_of(&name),
                (false, false) => name,
            });
        }
        if !texts.is_empty() {
            w.line(format!("return {}", texts.join(", ")));
        }
    }
}

/// A size that is read off an array.
pub(in crate::emit) struct Measured {
    pub name: String,
    pub param: usize,
    pub axis: usize,
    /// What is added to the length.
    pub rest: String,
    /// Whether the array may be too short for it.
    pub short: bool,
}

impl Writer<'_> {
    /// `dst` is this array from here on.
    pub fn assign_array(&mut self, dst: Local, value: &str) {
        self.before_change(dst);
        let name = self.name_of(dst);
        self.line(format!("{name} = {value}"));
        self.mark_set(dst);
    }

    /// The sizes that the function needs, or as a public one checks.
    pub fn measured_sizes(&mut self, signature: &Signature) -> Vec<Measured> {
        let public = self.is_public();
        let mut all = Vec::new();
        for (s, size) in signature.sizes.iter().enumerate() {
            if !public && !self.sizes[s].1 {
                continue;
            }
            let rest = match size.shift {
                0 => String::new(),
                shift if shift > 0 => format!(" - {shift}"),
                shift => format!(" + {}", -shift),
            };
            let (name, short) = (self.size_text(s as u16), public && size.shift > 0);
            all.push(Measured { name, param: size.param, axis: size.axis, rest, short });
        }
        all
    }

    /// The arrays among the parameters whose lengths must be those of others, with the tuples of these lengths.
    pub fn required_shapes(&mut self, signature: &Signature) -> Vec<(String, String)> {
        let mut all = Vec::new();
        for (k, &p) in self.procedure.params.iter().enumerate() {
            if self.ty(p).is_scalar() {
                continue;
            }
            let binds = |axis: usize| signature.sizes.iter().any(|s| s.param == k && s.axis == axis);
            let shape = &signature.shapes[k];
            if shape.iter().enumerate().all(|(axis, e)| binds(axis) || matches!(e, Extent::Own)) {
                continue;
            }
            let mut texts = Vec::new();
            for (axis, extent) in shape.iter().enumerate() {
                let form: Form = self.extent(extent, p, axis);
                texts.push(self.render(&form).text);
            }
            let tuple = match texts.as_slice() {
                [one] => format!("({one},)"),
                many => format!("({})", many.join(", ")),
            };
            all.push((self.given[k].clone(), tuple));
        }
        all
    }

    /// The lines of the body of a function, those at its entry first.
    pub fn body(&self, entry: &[String], out: &mut String) {
        for line in entry {
            out.push_str(&format!("    {line}\n"));
        }
        for l in &self.lines {
            out.push_str(&"    ".repeat(l.indent));
            out.push_str(&l.text);
            out.push('\n');
        }
    }
}
