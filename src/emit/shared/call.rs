//! Calls between the functions of the module.

use super::super::EmitError;
use super::super::expression::{Piece, call};
use super::super::integer::{Form, Leaf};
use super::super::signature::{Extent, Signature, Term};
use super::Writer;
use crate::block::Local;
use crate::core::FnId;
use crate::primitive::Class;

impl Writer<'_> {
    pub fn call_stmt(&mut self, dst: &[Local], f: FnId, args: &[Local]) -> Result<(), EmitError> {
        let module = self.module;
        let Some(signature) = module.signatures.get(&f) else {
            return Err(EmitError { message: format!("function {} is not given", f.0), origin: 0 });
        };
        let written = args.iter().zip(&signature.written).filter(|(_, written)| **written);
        for (&arg, _) in written {
            let arg = self.resolve(arg);
            self.before_change(arg);
        }
        if let [one] = *dst
            && self.usage.single[one.0 as usize]
            && !self.variable[one.0 as usize]
            && signature.results[0].0.is_scalar()
            && (module.plain.contains(&f) || !self.language.dialect().outs)
        {
            let room = self.let_room(one);
            let piece = self.fit(room, |w| {
                let pieces = w.arguments(signature, args);
                call(&signature.name, &pieces.iter().collect::<Vec<_>>())
            });
            self.set_pending(one, piece);
            return Ok(());
        }
        let language = self.language;
        language.call(self, dst, (signature, f), args)
    }

    /// The arguments, each array followed by the sizes that it is passed with.
    pub fn arguments(&mut self, signature: &Signature, args: &[Local]) -> Vec<Piece> {
        let language = self.language;
        let mut pieces = Vec::new();
        for (k, &arg) in args.iter().enumerate() {
            if self.ty(arg).is_scalar() {
                pieces.push(self.operand(arg));
                continue;
            }
            pieces.push(language.passed(self, arg, signature.written[k]));
            for size in signature.sizes.iter().filter(|s| s.explicit && s.param == k) {
                let form = self.length(arg, size.axis).and_then(|f| f.plus(&Form::number(size.shift), -1));
                pieces.push(match form {
                    Some(form) => self.count(&form),
                    None => language.measured(self, arg, size.axis),
                });
            }
        }
        pieces
    }

    /// A call as a statement, of a function that returns all its results.
    pub fn call_line(&mut self, dst: &[Local], signature: &Signature, args: &[Local]) {
        let mut items = Vec::new();
        self.fit(usize::MAX, |w| {
            let pieces = w.arguments(signature, args);
            items = pieces.iter().map(|p| p.text.clone()).collect();
            Piece::of(String::new(), Class::Call, &pieces.iter().collect::<Vec<_>>())
        });
        let mut names = Vec::new();
        for &d in dst {
            self.before_change(d);
            if self.usage.is_dead(d) {
                names.push("_".to_string());
                continue;
            }
            names.push(self.name_of(d));
            self.mark_set(d);
            self.shapes.remove(&d);
        }
        let call = format!("{}({})", signature.name, items.join(", "));
        self.line(if names.is_empty() { call } else { format!("{} = {call}", names.join(", ")) });
    }

    /// A length of the callee's over what is known here.
    pub fn extent_form(&mut self, extent: &Extent, signature: &Signature, args: &[Local]) -> Option<Form> {
        let Extent::Sum { terms, add } = extent else { return None };
        let mut sum = Form::number(*add);
        for (term, k) in terms {
            let form = match term {
                Term::Param(p) => self.form_of(args[*p]),
                Term::Size(s) => {
                    let size = &signature.sizes[*s];
                    let arg = self.resolve(args[size.param]);
                    let own = || Form::leaf(Leaf::Length(arg, size.axis as u8));
                    let length = self.length(arg, size.axis).unwrap_or_else(own);
                    length.plus(&Form::number(size.shift), -1)?
                }
            };
            sum = sum.plus(&form, *k)?;
        }
        Some(sum)
    }
}
