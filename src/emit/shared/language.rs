//! What is different from language to language.

use super::super::EmitError;
use super::super::ascii;
use super::super::expression::Piece;
use super::super::integer::Form;
use super::super::signature::{Signature, Sizes};
use super::Writer;
use crate::block::{Fill, Local, Stmt};
use crate::core::{FnId, Type};
use crate::primitive;

/// Which indices a program must check itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::emit) enum Checks {
    Both,
    /// What is negative means something else.
    Negative,
    None,
}

/// Spellings and flags.
#[derive(Debug)]
pub(in crate::emit) struct Dialect {
    pub id: primitive::Language,
    /// As it calls itself.
    pub name: &'static str,
    pub reserved: &'static [&'static str],
    /// What ends a statement.
    pub end: &'static str,
    pub width: usize,
    /// The first index.
    pub base: i64,
    /// Results go to memory of the caller's, and arrays are flat and do not know their lengths.
    pub outs: bool,
    /// How functions learn the lengths of arrays.
    pub sizes: Sizes,
    pub checks: Checks,
    /// `if {}`, `else if {}`, `else`, and the end of every block if there is one.
    pub branch: &'static str,
    pub other_branch: &'static str,
    pub otherwise: &'static str,
    pub close: Option<&'static str>,
    /// `while {}`, the endless loop, and the way out.
    pub repeat: &'static str,
    pub forever: &'static str,
    pub leave: &'static str,
    /// An empty block.
    pub nothing: Option<&'static str>,
    pub truth: [&'static str; 2],
    pub nan: &'static str,
    pub infinity: &'static str,
    pub least_int: &'static str,
    /// `x^k` for small integers; a product where there is none.
    pub power: Option<&'static str>,
    /// The power as the standard library computes it: a function, and whether it is carried along.
    pub general_power: (&'static str, bool),
}

impl Dialect {
    /// The author's name as an identifier.
    pub fn identifier(&self, name: &str) -> String {
        let name = ascii(name);
        let name = if name.starts_with('_') { format!("v{name}") } else { name };
        if self.reserved.contains(&name.as_str()) { format!("{name}_") } else { name }
    }
}

/// A language: its dialect, how it declares variables, and what it does with arrays.
pub(in crate::emit) trait Language: Arrays {
    fn dialect(&self) -> &Dialect;

    /// The head of a loop of `index` over `count` values from the first index on.
    fn for_head(&self, index: &str, count: &str) -> String;
    /// The line that begins a scalar variable with a value.
    fn declare(&self, name: &str, ty: Type, constant: bool, value: &str) -> String;
    /// The line that announces a scalar variable, which is `surely` set before it is read.
    fn announce(&self, name: &str, ty: Type, surely: bool) -> Option<String>;
    /// The larger of an integer and 0.
    fn at_least_zero(&self, w: &mut Writer<'_>, count: &Piece) -> Piece;
    /// The statements of a fault: an index outside, or a condition that does not hold.
    fn fault(&self, w: &mut Writer<'_>, condition: &str, what: Fault<'_>);
    /// An integer of a double, and the condition under which it is none, where that must be asked before.
    fn to_int(&self, w: &mut Writer<'_>, x: &Piece) -> Piece;
    fn is_no_int(&self, x: &str) -> Option<String>;
    /// A primitive that this language spells in another way where that is safe.
    fn special(&self, p: primitive::Prim, args: &[Piece]) -> Option<Piece>;

    /// A loop whose body the language does at once for all steps; false: it does not.
    fn at_once(
        &self,
        w: &mut Writer<'_>,
        index: Local,
        len: Local,
        body: &[Stmt],
    ) -> Result<bool, EmitError> {
        let _ = (w, index, len, body);
        Ok(false)
    }
    /// The whole function around the lines of its body; gives its declaration, if there is such a thing.
    fn wrap(&self, w: &mut Writer<'_>, signature: &Signature, out: &mut String) -> Option<String>;
}

/// How a language makes arrays, hands them on and returns them.
pub(in crate::emit) trait Arrays: Sync {
    /// What stands for each array, and what must be done before the body.
    fn begin(&self, w: &mut Writer<'_>, signature: &Signature);
    /// A new array.
    fn make(&self, w: &mut Writer<'_>, dst: Local, shape: &[Form], fill: Filled);
    /// A new array of these elements.
    fn list(&self, w: &mut Writer<'_>, dst: Local, elems: &[Local], dims: &[usize]);
    /// `dst` becomes `src`, or a copy of it.
    fn hand_over(&self, w: &mut Writer<'_>, dst: Local, src: Local, copied: bool);
    fn store_row(&self, w: &mut Writer<'_>, array: Local, index: Local, row: Local);
    fn push(&self, w: &mut Writer<'_>, array: Local, value: Local);
    /// An element of an array at indices that are inside.
    fn element(&self, w: &mut Writer<'_>, array: Local, at: &[Form]) -> Piece;
    /// The length along an axis that no form tells.
    fn measured(&self, w: &mut Writer<'_>, array: Local, axis: usize) -> Piece;
    /// An array as an argument; `written` if the function changes it.
    fn passed(&self, w: &mut Writer<'_>, array: Local, written: bool) -> Piece;
    fn call(
        &self,
        w: &mut Writer<'_>,
        dst: &[Local],
        callee: (&Signature, FnId),
        args: &[Local],
    ) -> Result<(), EmitError>;
    /// What stands at the end of the body: the results.
    fn finish(&self, w: &mut Writer<'_>, signature: &Signature);
}

/// What may go wrong.
#[derive(Debug, Clone, Copy)]
pub(in crate::emit) enum Fault<'a> {
    Index,
    Condition(&'a str),
}

/// What a new array is filled with.
#[derive(Debug, Clone, Copy)]
pub(in crate::emit) enum Filled {
    Zero,
    Unset,
    Value(Local),
}

impl From<&Fill> for Filled {
    fn from(fill: &Fill) -> Filled {
        match fill {
            Fill::Zero(_) => Filled::Zero,
            Fill::Unset(_) => Filled::Unset,
            Fill::Value(v) => Filled::Value(*v),
        }
    }
}
