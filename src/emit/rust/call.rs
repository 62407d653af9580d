//! Calls between the functions of the module.

use super::super::EmitError;
use super::super::expression::{Piece, call, prefix};
use super::super::integer::{Form, Leaf};
use super::super::signature::{Extent, Returned, Signature, Term};
use super::layout;
use super::options::Precision;
use super::writer::{Place, State, Writer};
use crate::block::Local;
use crate::core::{FnId, Type};

impl<'m> Writer<'m> {
    pub fn call_stmt(&mut self, dst: &[Local], f: FnId, args: &[Local]) -> Result<(), EmitError> {
        let module = self.module;
        let Some(signature) = module.signatures.get(&f) else {
            return Err(EmitError { message: format!("function {} is not given", f.0), origin: 0 });
        };
        for (k, &d) in dst.iter().enumerate() {
            if self.state[d.0 as usize] == State::Declared {
                self.declare_late(d);
            }
            if let Returned::Out { shape } = &signature.results[k].1 {
                self.make_room(d, shape, signature, args)?;
            }
        }
        if let [one] = *dst
            && signature.results[0].0.is_scalar()
            && (self.usage.single[one.0 as usize] || self.tail[one.0 as usize])
            && !self.variable[one.0 as usize]
        {
            let room = self.let_room(one);
            let piece = self.fit(room, |w| {
                let pieces = w.arguments(signature, args, &[]);
                let (name, mark) = w.callee(f);
                let mut piece = call(&name, &pieces.iter().collect::<Vec<_>>());
                piece.text.push_str(mark);
                piece
            });
            self.set_pending(one, piece);
            return Ok(());
        }
        self.call_line(dst, f, signature, args)
    }

    /// The call as a statement.
    fn call_line(
        &mut self,
        dst: &[Local],
        f: FnId,
        signature: &Signature,
        args: &[Local],
    ) -> Result<(), EmitError> {
        let mut items: Vec<String> = Vec::new();
        let width = self.room(8);
        self.fit(usize::MAX, |w| {
            let mut pieces = w.arguments(signature, args, dst);
            items = pieces.iter().map(|p| p.text.clone()).collect();
            let too_wide = pieces.iter().any(|p| p.width() > width);
            let parts: Vec<&Piece> = pieces.iter_mut().map(|p| &*p).collect();
            let mut all = Piece::of(String::new(), crate::primitive::Class::Call, &parts);
            all.wide |= too_wide;
            all
        });
        let (names, updates) = self.result_names(dst, signature);
        let (callee, mark) = self.callee(f);
        let close = format!("){mark};");
        let lines = match names.as_slice() {
            [] => layout::list(&format!("{callee}("), &items, &close, 4 * self.indent, true),
            names => self.binding(names, &callee, &items, &close),
        };
        let written = args.iter().zip(&signature.written).filter(|(_, written)| **written);
        for &changed in dst.iter().chain(written.map(|(arg, _)| arg)) {
            self.before_change(changed);
        }
        self.all_lines(lines);
        self.all_lines(updates);
        Ok(())
    }

    /// `let (a, b) = f(x, y);`
    fn binding(&self, names: &[String], function: &str, items: &[String], close: &str) -> Vec<String> {
        let indent = 4 * self.indent;
        let mut lines = layout::pattern(names, indent);
        let head = lines.pop().unwrap_or_default();
        lines.extend(layout::assigned(&head, &format!("{function}("), items, close, indent));
        lines
    }

    /// What the results are bound to, and the statements that move them on to variables set before.
    fn result_names(&mut self, dst: &[Local], signature: &Signature) -> (Vec<String>, Vec<String>) {
        let (mut names, mut updates) = (Vec::new(), Vec::new());
        for (&d, (ty, returned)) in dst.iter().zip(&signature.results) {
            if matches!(returned, Returned::Out { .. }) {
                continue;
            }
            let l = d.0 as usize;
            let used = !self.usage.is_dead(d) || self.tail[l];
            let name = if used { self.name_only(d) } else { "_".to_string() };
            self.typed[l] = true;
            let out = self.places.get(&d) == Some(&Place::Out);
            if used && (self.state[l] == State::Set || out) {
                let made = self.names.fresh(&format!("new_{name}"));
                self.touched[l] = true;
                updates.push(match out {
                    true => format!("{name}.copy_from_slice(&{made});"),
                    false => format!("{name} = {made};"),
                });
                names.push(made);
            } else if used && self.variable[l] {
                names.push(format!("mut {name}"));
            } else {
                names.push(name.clone());
            }
            self.mark_set(d);
            self.bound.push(d);
            if ty.is_array() {
                if !out {
                    self.places.insert(d, Place::Vec);
                }
                self.returned_shape(d, *ty, &name, &mut names, &mut updates);
            }
        }
        if names.iter().all(|n| n == "_") {
            names.clear();
        }
        (names, updates)
    }

    /// Binds the lengths that come with an array of several axes.
    fn returned_shape(
        &mut self,
        array: Local,
        ty: Type,
        name: &str,
        names: &mut Vec<String>,
        updates: &mut Vec<String>,
    ) {
        if ty.rank < 2 {
            return;
        }
        let lengths = self.length_names(name.trim_start_matches('_'), ty.rank);
        let shape: Vec<Form> = lengths.iter().map(|&k| Form::leaf(Leaf::Size(k))).collect();
        names.extend(lengths.iter().map(|&k| self.sizes[k as usize].text.clone()));
        let companions = self.companions.get(&array).cloned();
        match companions {
            // The lengths of a variable that was there before.
            Some(old) => {
                for (old, new) in old.iter().zip(&lengths) {
                    let new = self.size_text(*new);
                    let old = self.sizes[*old as usize].text.clone();
                    updates.push(format!("{old} = {new};"));
                }
            }
            None => _ = self.shapes.insert(array, shape),
        }
    }

    fn size_text(&mut self, size: u16) -> String {
        let size = &mut self.sizes[size as usize];
        size.touched = true;
        size.text.clone()
    }

    /// The arguments, each array followed by the sizes that it is passed with.
    fn arguments(&mut self, signature: &Signature, args: &[Local], dst: &[Local]) -> Vec<Piece> {
        let mut pieces = Vec::new();
        for (k, &arg) in args.iter().enumerate() {
            if self.ty(arg).is_scalar() {
                pieces.push(self.operand(arg));
                continue;
            }
            pieces.push(match signature.written[k] {
                true => self.writable(arg),
                false => self.array_reference(arg),
            });
            for size in signature.sizes.iter().filter(|s| s.explicit && s.param == k) {
                let form = self.size_form(arg, size.axis, size.shift);
                pieces.push(match form {
                    Some(form) => self.count(&form),
                    None => self.measured(arg, size.axis),
                });
            }
        }
        for (&d, result) in dst.iter().zip(&signature.results) {
            if matches!(result.1, Returned::Out { .. }) {
                pieces.push(self.writable(d));
            }
        }
        pieces
    }

    /// The array as a `&mut [T]` argument.
    fn writable(&mut self, array: Local) -> Piece {
        let name = self.array_name(array);
        if self.place(array) == Place::Out { name } else { prefix("&mut ", &name) }
    }

    /// The size that an argument's length stands for.
    fn size_form(&self, arg: Local, axis: usize, shift: i64) -> Option<Form> {
        match self.shape(arg).and_then(|shape| shape.get(axis)) {
            Some(form) => form.plus(&Form::number(shift), -1),
            None => None,
        }
    }

    /// Memory for a result that the callee writes to.
    fn make_room(
        &mut self,
        dst: Local,
        shape: &[Extent],
        signature: &Signature,
        args: &[Local],
    ) -> Result<(), EmitError> {
        let mut forms = Vec::new();
        for extent in shape {
            match self.extent_form(extent, signature, args) {
                Some(form) => forms.push(form),
                None => return self.error(dst, "the length of a called function's result is not known here"),
            }
        }
        // What the caller's caller gives memory for is there already.
        if self.places.get(&dst) == Some(&Place::Out) {
            self.new_shape(dst, Some(forms));
            return Ok(());
        }
        let count = self.fit(self.room(40), |w| w.product(&forms));
        let zero = self.zero(self.ty(dst).elem);
        let name = self.name_of(dst);
        let l = dst.0 as usize;
        let start = if self.state[l] == State::Set { "" } else { "let mut " };
        self.before_change(dst);
        self.line(format!("{start}{name} = vec![{}; {}];", zero.text, count.text));
        self.mark_set(dst);
        self.typed[l] = true;
        self.places.insert(dst, Place::Vec);
        self.new_shape(dst, Some(forms));
        Ok(())
    }

    /// A length of the callee's over what is known here.
    fn extent_form(&mut self, extent: &Extent, signature: &Signature, args: &[Local]) -> Option<Form> {
        let Extent::Sum { terms, add } = extent else { return None };
        let mut sum = Form::number(*add);
        for (term, k) in terms {
            let form = match term {
                Term::Param(p) => self.form_of(args[*p]),
                Term::Size(s) => {
                    let size = &signature.sizes[*s];
                    let arg = self.resolve(args[size.param]);
                    let own = Form::leaf(Leaf::Length(arg, 0));
                    match self.size_form(arg, size.axis, size.shift) {
                        Some(form) => form,
                        None if self.ty(arg).rank == 1 => own.plus(&Form::number(size.shift), -1)?,
                        None => return None,
                    }
                }
            };
            sum = sum.plus(&form, *k)?;
        }
        Some(sum)
    }

    /// The types of what a function returns.
    pub fn result_types(results: &[(Type, Returned)], precision: Precision) -> Vec<String> {
        let mut types = Vec::new();
        for (ty, returned) in results {
            match returned {
                Returned::Scalar => types.push(precision.element(ty.elem).to_string()),
                Returned::Made => {
                    types.push(format!("Vec<{}>", precision.element(ty.elem)));
                    if ty.rank > 1 {
                        types.extend((0..ty.rank).map(|_| "usize".to_string()));
                    }
                }
                Returned::Out { .. } => {}
            }
        }
        types
    }
}
