//! A whole function.

use super::super::EmitError;
use super::super::integer::{Form, Leaf};
use super::super::module::Functions;
use super::super::signature::{Extent, Signature, Term};
use super::super::support::Used;
use super::super::usage::Usage;
use super::super::walk::visit;
use super::{Module, Writer};
use crate::block::{Fill, Local, Op, Procedure, Stmt};
use crate::core::{Elem, FnId};
use crate::primitive::Prim;
use std::collections::HashSet;

/// Appends the text of a function; gives its declaration, and whether a caller names it.
pub(super) fn write(
    module: &Module<'_>,
    procedure: &Procedure,
    used: &mut Used,
    out: &mut String,
) -> Result<Option<(bool, String)>, EmitError> {
    let signature = &module.signatures[&procedure.id];
    let language = module.language;
    let mut w = Writer::new(module, procedure, used);
    w.bind(signature);
    language.begin(&mut w, signature);
    w.block(&procedure.body)?;
    language.finish(&mut w, signature);
    w.sweep(0);
    let public = w.is_public();
    Ok(language.wrap(&mut w, signature, out).map(|declaration| (public, declaration)))
}

impl Writer<'_> {
    pub fn is_public(&self) -> bool {
        self.module.faces.get(&self.procedure.id).is_some_and(|f| f.public)
    }

    /// Names the parameters and the sizes.
    fn bind(&mut self, signature: &Signature) {
        let procedure = self.procedure;
        let dialect = self.language.dialect();
        let face = self.module.faces.get(&procedure.id).copied();
        for (k, &p) in procedure.params.iter().enumerate() {
            let own = &procedure.locals[p.0 as usize].name;
            let name = face.map_or(own.as_str(), |f| f.params[k].name.as_str());
            let name = self.names.fresh(&dialect.identifier(name));
            self.given.push(name.clone());
            self.name[p.0 as usize] = Some(name);
            self.set[p.0 as usize] = true;
        }
        for size in &signature.sizes {
            let text = self.names.fresh(&dialect.identifier(&size.name));
            self.sizes.push((text, false));
        }
        for (k, &p) in procedure.params.iter().enumerate() {
            if self.ty(p).is_array() && !self.usage.changes(p) && !self.grows(p) {
                let shape = signature.shapes[k].iter().enumerate();
                let shape = shape.map(|(axis, extent)| self.extent(extent, p, axis)).collect();
                self.shapes.insert(p, shape);
            }
        }
    }

    /// The length as a sum in this function.
    pub fn extent(&self, extent: &Extent, array: Local, axis: usize) -> Form {
        match extent {
            Extent::Own => Form::leaf(Leaf::Length(array, axis as u8)),
            Extent::Sum { terms, add } => {
                let leaf = |term: &Term| match term {
                    Term::Size(k) => Leaf::Size(*k as u16),
                    Term::Param(k) => Leaf::Local(self.procedure.params[*k]),
                };
                Form { terms: terms.iter().map(|(term, k)| (leaf(term), *k)).collect(), add: *add }
            }
        }
    }
}

/// The local that an array is made in, if it is made once at the top of the function and only handed on to
/// `result`.
pub(in crate::emit) fn made_as(procedure: &Procedure, usage: &Usage<'_>, result: Local) -> Option<Local> {
    let mut local = result;
    let mut at = None;
    for stmt in procedure.body.iter().rev() {
        match stmt {
            Stmt::Move { dst, src }
                if *dst == local && !usage.changes(*dst) && usage.uses[src.0 as usize] == 1 =>
            {
                local = *src;
            }
            Stmt::Alloc { dst, fill, .. } if *dst == local => {
                let is_bool = procedure.locals[local.0 as usize].ty.elem == Elem::Bool;
                at = (!matches!(fill, Fill::Value(_)) || !is_bool).then_some(local);
            }
            Stmt::Array { dst, .. } | Stmt::Clone { dst, .. } if *dst == local => at = Some(local),
            Stmt::Call { dst, .. } if dst.contains(&local) => at = Some(local),
            _ => {}
        }
    }
    let once = !usage.changes(local) && !usage.declared[local.0 as usize];
    at.filter(|_| once && !grows(procedure, local))
}

/// Whether something is appended to the array.
pub(super) fn grows(procedure: &Procedure, array: Local) -> bool {
    let mut found = false;
    visit(&procedure.body, &mut |stmt| {
        found |= matches!(stmt, Stmt::Push { array: pushed, .. } if *pushed == array);
    });
    found
}

/// The functions that cannot fail and give one number: no arrays, no conditions that must hold, and no
/// calls of others.
pub(super) fn plain(functions: &Functions<'_>) -> HashSet<FnId> {
    let mut plain: HashSet<FnId> = functions.all.iter().filter(|p| is_plain(p)).map(|p| p.id).collect();
    loop {
        let before = plain.len();
        for p in &functions.all {
            visit(&p.body, &mut |stmt| {
                if matches!(stmt, Stmt::Call { f, .. } if !plain.contains(f)) {
                    plain.remove(&p.id);
                }
            });
        }
        if plain.len() == before {
            return plain;
        }
    }
}

fn is_plain(p: &Procedure) -> bool {
    let scalars = p.locals.iter().all(|l| l.ty.is_scalar());
    let mut safe = true;
    visit(&p.body, &mut |stmt| {
        safe &= match stmt {
            Stmt::Let { op: Op::Prim(p, _), .. } => *p != Prim::TO_INT,
            Stmt::Require { .. } => false,
            _ => true,
        };
    });
    scalars && safe && p.results.len() == 1
}
