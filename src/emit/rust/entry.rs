//! The parameters of a function: their names, their shapes, and what is asserted of them once, so that
//! the body need not.

use super::super::integer::{Form, Leaf};
use super::super::shared::made_as;
use super::super::signature::{Extent, Returned, Signature, Term};
use super::errors::Fault;
use super::layout;
use super::literal;
use super::options::Precision;
use super::reserved;
use super::writer::{Line, Place, SizeName, State, Writer};
use crate::block::Local;
use crate::core::Type;

impl Writer<'_> {
    /// Names the parameters, the results that the caller gives memory for, and the sizes.
    pub fn bind(&mut self, signature: &Signature) {
        let procedure = self.procedure;
        let face = self.module.faces.get(&procedure.id).copied();
        for (k, &p) in procedure.params.iter().enumerate() {
            let own = &procedure.locals[p.0 as usize].name;
            let name = face.map_or(own.as_str(), |f| f.params[k].name.as_str());
            self.name[p.0 as usize] = Some(self.names.fresh(&reserved::identifier(name)));
            self.state[p.0 as usize] = State::Set;
            if self.ty(p).is_array() {
                if signature.written[k] {
                    self.variable[p.0 as usize] = true;
                    self.places.insert(p, Place::Out);
                    continue;
                }
                let copied = self.variable[p.0 as usize];
                self.places.insert(p, if copied { Place::Vec } else { Place::Slice });
            }
        }
        for size in &signature.sizes {
            let text = self.names.fresh(&reserved::identifier(&size.name));
            self.sizes.push(SizeName { text, touched: false });
        }
        for (k, &p) in procedure.params.iter().enumerate() {
            if self.ty(p).is_scalar() {
                continue;
            }
            let shape = signature.shapes[k].iter().map(|extent| self.extent(extent, p)).collect();
            if !self.usage.changes(p) {
                self.shapes.insert(p, shape);
            }
        }
        self.bind_outs(signature);
    }

    /// The length as a sum in this function.
    fn extent(&self, extent: &Extent, array: Local) -> Form {
        match extent {
            Extent::Own => Form::leaf(Leaf::Length(array, 0)),
            Extent::Sum { terms, add } => {
                let leaf = |term: &Term| match term {
                    Term::Size(k) => Leaf::Size(*k as u16),
                    Term::Param(k) => Leaf::Local(self.procedure.params[*k]),
                };
                Form { terms: terms.iter().map(|(term, k)| (leaf(term), *k)).collect(), add: *add }
            }
        }
    }

    /// The locals whose memory the caller gives: results that are made once, at the top of the function.
    fn bind_outs(&mut self, signature: &Signature) {
        let procedure = self.procedure;
        let face = self.module.faces.get(&procedure.id).copied();
        for (k, &result) in procedure.results.iter().enumerate() {
            if !matches!(signature.results[k].1, Returned::Out { .. }) {
                if self.ty(result).is_array() {
                    self.usage.owned[result.0 as usize] = true;
                    if let Some(from) = self.made_as(result) {
                        self.usage.owned[from.0 as usize] = true;
                    }
                }
                continue;
            }
            let wish = face.map_or("out", |f| f.results[k].name.as_str());
            let name = self.names.fresh(&reserved::identifier(wish));
            let twice = procedure.results.iter().filter(|r| **r == result).count() > 1;
            let target = if twice { None } else { self.made_as(result) };
            match target {
                Some(local) if !self.places.contains_key(&local) => {
                    self.name[local.0 as usize] = Some(name.clone());
                    self.touched[local.0 as usize] = true;
                    self.places.insert(local, Place::Out);
                    self.state[local.0 as usize] = State::Set;
                    if local != result {
                        self.known[result.0 as usize] = super::writer::Known::Alias(local);
                    }
                    self.outs.push((name, None));
                }
                Some(_) | None => self.outs.push((name, Some(result))),
            }
        }
    }

    fn made_as(&self, result: Local) -> Option<Local> {
        made_as(self.procedure, &self.usage, result)
    }

    /// The lines before the body: the sizes, and that all lengths agree.
    pub fn entry(&mut self, signature: &Signature, public: bool) -> (Vec<Line>, bool) {
        let body = std::mem::take(&mut self.lines);
        let asserted = public && self.assert_lengths(signature);
        let asserts = std::mem::take(&mut self.lines);
        for (k, size) in signature.sizes.iter().enumerate() {
            if size.explicit || !self.sizes[k].touched {
                continue;
            }
            let text = self.sizes[k].text.clone();
            let array = self.name_of(self.procedure.params[size.param]);
            let rest = match size.shift {
                0 => String::new(),
                shift if shift > 0 => format!(" - {shift}"),
                shift => format!(" + {}", -shift),
            };
            if public && size.shift > 0 && self.tries() {
                let test = format!("{array}.len() < {}", size.shift);
                let test = if size.shift == 1 { format!("{array}.is_empty()") } else { test };
                let message = format!("{array} must have at least {} elements", size.shift);
                self.refuse(&test, Fault::Length, &message);
            } else if public && size.shift > 0 {
                let test = if size.shift == 1 {
                    format!("!{array}.is_empty()")
                } else {
                    format!("{array}.len() >= {}", size.shift)
                };
                let message = format!("{array} must have at least {} elements", size.shift);
                let items = [test, literal::message(&message)];
                let lines = layout::list("assert!(", &items, ");", 4, false);
                self.all_lines(lines);
            }
            self.line(format!("let {text} = {array}.len(){rest};"));
        }
        for &p in &self.procedure.params {
            if self.places.get(&p) == Some(&Place::Vec) {
                let name = self.name_of(p);
                self.line(format!("let mut {name} = {name}.to_vec();"));
            }
        }
        let mut lines = std::mem::replace(&mut self.lines, body);
        let at = lines.iter().position(|l| l.text.contains(".to_vec()")).unwrap_or(lines.len());
        lines.splice(at..at, asserts);
        (lines, asserted)
    }

    fn assert_lengths(&mut self, signature: &Signature) -> bool {
        for (k, &p) in self.procedure.params.iter().enumerate() {
            let binds = |s: &super::super::signature::Size| s.param == k && !s.explicit;
            if self.ty(p).is_array() && !signature.sizes.iter().any(binds) {
                let name = self.name[p.0 as usize].clone().unwrap_or_default();
                let shape: Vec<Form> = signature.shapes[k].iter().map(|e| self.extent(e, p)).collect();
                if !matches!(signature.shapes[k].as_slice(), [Extent::Own]) {
                    self.touched[p.0 as usize] = true;
                    self.assert_length(&name, &shape);
                }
            }
        }
        let outs: Vec<String> = self.outs.iter().map(|(name, _)| name.clone()).collect();
        let shapes = signature
            .results
            .iter()
            .filter_map(|(_, r)| if let Returned::Out { shape } = r { Some(shape) } else { None });
        for (name, shape) in outs.iter().zip(shapes) {
            let Some(&any) = self.procedure.results.first() else { continue };
            let shape: Vec<Form> = shape.iter().map(|e| self.extent(e, any)).collect();
            self.assert_length(name, &shape);
        }
        !self.lines.is_empty()
    }

    fn assert_length(&mut self, name: &str, shape: &[Form]) {
        let count = self.product(shape).text;
        let noun = if count == "1" { "element" } else { "elements" };
        let message = format!("{name} must have {count} {noun}");
        if self.tries() {
            if count == "0" {
                self.lints.insert("clippy::len_zero");
            }
            return self.refuse(&format!("{name}.len() != {count}"), Fault::Length, &message);
        }
        let message = literal::message(&message);
        let items = [format!("{name}.len()"), count, message];
        let lines = layout::list("assert_eq!(", &items, ");", 4, false);
        self.all_lines(lines);
    }

    /// The parameters as they are declared.
    pub fn parameters(&mut self, signature: &Signature) -> Vec<String> {
        let mut params = Vec::new();
        for (k, &p) in self.procedure.params.iter().enumerate() {
            let l = p.0 as usize;
            let mut name = self.name[l].clone().unwrap_or_default();
            if !self.touched[l] {
                name.insert(0, '_');
            }
            let ty = self.ty(p);
            let mutable = if ty.is_scalar() && self.variable[l] { "mut " } else { "" };
            let ty = param_type(ty, signature.written[k], self.precision());
            params.push(format!("{mutable}{name}: {ty}"));
            for (s, size) in signature.sizes.iter().enumerate() {
                if size.explicit && size.param == k {
                    let mark = if self.sizes[s].touched { "" } else { "_" };
                    params.push(format!("{mark}{}: usize", self.sizes[s].text));
                }
            }
        }
        let out_types = signature.results.iter().filter(|(_, r)| matches!(r, Returned::Out { .. }));
        for ((name, _), (ty, _)) in self.outs.iter().zip(out_types) {
            params.push(format!("{name}: &mut [{}]", self.precision().element(ty.elem)));
        }
        params
    }
}

fn param_type(ty: Type, written: bool, precision: Precision) -> String {
    match (ty.is_scalar(), written) {
        (true, _) => precision.element(ty.elem).to_string(),
        (false, true) => format!("&mut [{}]", precision.element(ty.elem)),
        (false, false) => format!("&[{}]", precision.element(ty.elem)),
    }
}
