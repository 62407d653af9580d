//! The writer of languages with statements, for all but Rust: what [`Language`] says of one is spellings,
//! a few flags, and how it makes, hands on and returns arrays.
//!
//! Integers are signed. An index that may be outside is checked before it is used, where the language
//! does not do that itself.

mod array;
mod call;
mod element;
mod flow;
mod function;
mod integers;
mod language;
mod objects;
mod scalar;
mod writer;

pub(super) use function::made_as;
pub(super) use language::{Arrays, Checks, Dialect, Fault, Filled, Language};
pub(super) use objects::Objects;
pub(super) use writer::{Known, Memory, Writer};

use super::module::{Functions, functions, write_all};
use super::names::Names;
use super::signature::{self, Signature};
use super::support::Used;
use super::{EmitError, Interface};
use crate::block::Procedure;
use crate::core::FnId;
use crate::primitive::{support, support_of};
use std::collections::{BTreeSet, HashMap, HashSet};

/// What the functions of a module know of one another.
pub(super) struct Module<'a> {
    pub language: &'a dyn Language,
    pub signatures: HashMap<FnId, Signature>,
    pub faces: &'a HashMap<FnId, &'a Interface>,
    /// The pieces of functions, and which of their parameters they write to.
    pub pieces: &'a HashMap<FnId, Vec<bool>>,
    /// The functions that cannot fail and give one number.
    pub plain: HashSet<FnId>,
    /// The names that no variable may have.
    pub taken: HashSet<String>,
}

/// A module as text: its functions, what they carry along, and the public ones' declarations.
pub(super) struct Text {
    pub functions: String,
    pub support: BTreeSet<u16>,
    pub declarations: Vec<String>,
    /// The declarations of the functions that no caller names.
    pub private: Vec<String>,
}

/// The text of the public functions among `faces` and of all that they call.
pub(super) fn module(
    language: &dyn Language,
    procedures: &[Procedure],
    faces: &[Interface],
) -> Result<Text, EmitError> {
    let functions = functions(procedures, faces);
    let module = plan(language, &functions)?;
    let mut text =
        Text { functions: String::new(), support: BTreeSet::new(), declarations: vec![], private: vec![] };
    let mut used = Used::default();
    for written in write_all(&functions.all, |p, used, out| function::write(&module, p, used, out)) {
        let (stretch, own, declarations) = written?;
        text.functions.push_str(&stretch);
        used.add(own);
        for (public, declaration) in declarations.into_iter().flatten() {
            if public { &mut text.declarations } else { &mut text.private }.push(declaration);
        }
    }
    for name in used.roots() {
        let Some((_, needed)) = support_of(language.dialect().id, name) else {
            let message = format!("{} has no {name} yet", language.dialect().name);
            return Err(EmitError { message, origin: 0 });
        };
        text.support.extend(needed);
    }
    Ok(text)
}

/// The names and signatures of a module.
fn plan<'a>(language: &'a dyn Language, functions: &'a Functions<'a>) -> Result<Module<'a>, EmitError> {
    let dialect = language.dialect();
    let mut names = Names::default();
    names.reserve(dialect.reserved.iter().copied());
    let items = support(dialect.id);
    names.reserve(items.iter().map(|item| item.name));
    let mut taken: HashSet<String> = dialect.reserved.iter().map(|n| n.to_string()).collect();
    taken.extend(items.iter().map(|item| item.name.to_string()));
    let mut signatures = HashMap::new();
    for p in functions.public_first() {
        let face = functions.faces.get(&p.id).copied();
        let wish = face.map_or(p.name.as_str(), |f| f.name.as_str());
        let name = names.fresh(&dialect.identifier(wish));
        taken.insert(name.clone());
        let written = functions.pieces.get(&p.id);
        signatures.insert(p.id, signature::with(p, face, name, written, dialect.sizes)?);
    }
    let plain = if dialect.outs { function::plain(functions) } else { HashSet::new() };
    Ok(Module { language, signatures, faces: &functions.faces, pieces: &functions.pieces, plain, taken })
}
