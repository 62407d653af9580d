//! The state in which a function is written, and its lines.

use super::super::EmitError;
use super::super::expression::Piece;
use super::super::integer::{Form, Leaf};
use super::super::names::Names;
use super::super::support::Used;
use super::super::usage::Usage;
use super::{Language, Module};
use crate::block::{Local, Procedure};
use crate::core::Type;
use std::collections::{HashMap, HashSet};

/// What a local is, where no variable of the program stands for it.
#[derive(Debug, Clone)]
pub(in crate::emit) enum Known {
    Nothing,
    Alias(Local),
    Real(f64),
    Bool(bool),
    Form(Form),
}

pub(in crate::emit) struct Line {
    pub indent: usize,
    pub text: String,
    /// The line goes if this variable is never named.
    pub of: Option<Local>,
}

pub(in crate::emit) struct Writer<'m> {
    pub module: &'m Module<'m>,
    pub language: &'m dyn Language,
    pub procedure: &'m Procedure,
    pub usage: Usage<'m>,
    pub used: &'m mut Used,
    pub names: Names<'m>,
    /// The name of each local that has one.
    pub name: Vec<Option<String>>,
    /// Named in the text.
    pub touched: Vec<bool>,
    /// May change after it is set.
    pub variable: Vec<bool>,
    /// Has a variable of the program here.
    pub set: Vec<bool>,
    pub known: Vec<Known>,
    /// Values to be written where they are read.
    pub pending: Vec<Option<Box<Piece>>>,
    /// The pending values that read a variable.
    pub readers: HashMap<Local, Vec<Local>>,
    /// The pending values of this block that read variables.
    pub unsettled: Vec<Local>,
    /// The lengths of arrays that are known.
    pub shapes: HashMap<Local, Vec<Form>>,
    /// Sizes of the face and lengths that the program keeps in variables; whether they are named.
    pub sizes: Vec<(String, bool)>,
    /// Where the language keeps the arrays.
    pub memory: HashMap<Local, Memory>,
    /// The names of the parameters.
    pub given: Vec<String>,
    /// The memory that the caller gives for results: its name, and what is copied there at the end.
    pub outs: Vec<(String, Option<Local>)>,
    /// The lengths that counters stay below.
    pub counters: HashMap<Leaf, Form>,
    /// The counters that begin with the first index.
    pub shifted: HashSet<Local>,
    /// The counters of the loops that are being written.
    pub running: Vec<Local>,
    /// Sums that are not negative here.
    pub facts: Vec<Form>,
    /// The variables that each open block declares.
    pub scopes: Vec<Vec<Local>>,
    pub lines: Vec<Line>,
    pub indent: usize,
    /// The function may fail.
    pub fails: bool,
}

/// What holds an array.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::emit) enum Memory {
    /// The caller's, not to be written to.
    Given,
    /// The caller's, to be written to.
    Out,
    /// So many elements beside the variables.
    Fixed(i64),
    /// Memory of its own; the sizes that are its lengths, where these change.
    Own(Option<Vec<u16>>),
}

impl<'m> Writer<'m> {
    pub fn new(module: &'m Module<'m>, procedure: &'m Procedure, used: &'m mut Used) -> Writer<'m> {
        let usage = Usage::of(procedure, |f| module.pieces.get(&f).map_or(&[], Vec::as_slice));
        let n = procedure.locals.len();
        let variable =
            (0..n).map(|l| usage.changes(Local(l as u32)) || usage.written[l] || usage.declared[l]).collect();
        Writer {
            module,
            language: module.language,
            procedure,
            usage,
            used,
            names: Names::within(&module.taken),
            name: vec![None; n],
            touched: vec![false; n],
            variable,
            set: vec![false; n],
            known: vec![Known::Nothing; n],
            pending: vec![None; n],
            readers: HashMap::new(),
            unsettled: Vec::new(),
            shapes: HashMap::new(),
            sizes: Vec::new(),
            memory: HashMap::new(),
            given: Vec::new(),
            outs: Vec::new(),
            counters: HashMap::new(),
            shifted: HashSet::new(),
            running: Vec::new(),
            facts: Vec::new(),
            scopes: vec![Vec::new()],
            lines: Vec::new(),
            indent: 1,
            fails: !module.plain.contains(&procedure.id),
        }
    }

    pub fn ty(&self, local: Local) -> Type {
        self.procedure.locals[local.0 as usize].ty
    }

    pub fn is_int(&self, local: Local) -> bool {
        self.ty(local) == Type::INT
    }

    pub fn error<T>(&self, local: Local, message: &str) -> Result<T, EmitError> {
        let origin = self.procedure.locals[local.0 as usize].origin;
        Err(EmitError { message: message.to_string(), origin })
    }

    /// The local's name in the program.
    pub fn name_of(&mut self, local: Local) -> String {
        self.touched[local.0 as usize] = true;
        self.name_only(local)
    }

    /// The same for a place that only sets it.
    pub fn name_only(&mut self, local: Local) -> String {
        let l = local.0 as usize;
        if let Some(name) = &self.name[l] {
            return name.clone();
        }
        let info = &self.procedure.locals[l];
        let name = match info.name.chars().next() {
            Some(stem) if info.wish.is_empty() => self.names.numbered(stem),
            _ => self.names.fresh(&self.language.dialect().identifier(&info.wish)),
        };
        self.name[l] = Some(name.clone());
        name
    }

    pub fn line(&mut self, text: impl Into<String>) {
        self.lines.push(Line { indent: self.indent, text: text.into(), of: None });
    }

    /// A statement in a line of its own.
    pub fn statement_line(&mut self, text: &str) {
        let end = self.language.dialect().end;
        self.line(format!("{text}{end}"));
    }

    /// The columns left for a text beside `around` others.
    pub fn room(&self, around: usize) -> usize {
        self.language.dialect().width.saturating_sub(4 * self.indent + around)
    }

    /// The room for the value of `local` in a line of its own.
    pub fn let_room(&self, local: Local) -> usize {
        let name = &self.procedure.locals[local.0 as usize].name;
        self.room("const double  = ;".len() + name.len() + 4)
    }

    /// Makes a piece by `make`, naming the unnamed values in it until it is narrow enough, and uses up
    /// those that remain.
    pub fn fit(&mut self, room: usize, mut make: impl FnMut(&mut Self) -> Piece) -> Piece {
        loop {
            let mut piece = make(self);
            let longest = piece.parts.iter().copied().max_by_key(|&part| (self.pending_width(part), part.0));
            match longest.filter(|_| piece.width() > room) {
                Some(part) => self.materialise(part),
                None => {
                    for part in std::mem::take(&mut piece.parts) {
                        self.pending[part.0 as usize] = None;
                    }
                    piece.reads.sort();
                    piece.reads.dedup();
                    return piece;
                }
            }
        }
    }

    pub fn is_pending(&self, local: Local) -> bool {
        self.pending[local.0 as usize].is_some()
    }

    fn pending_width(&self, local: Local) -> usize {
        self.pending[local.0 as usize].as_deref().map_or(0, Piece::width)
    }

    /// Notes that the local has a variable from here to the end of the block.
    pub fn mark_set(&mut self, local: Local) {
        if !self.set[local.0 as usize] {
            self.set[local.0 as usize] = true;
            self.note_scope(local);
        }
    }

    /// What is known of the local holds to the end of the block.
    pub fn note_scope(&mut self, local: Local) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.push(local);
        }
    }

    pub fn open_scope(&mut self) {
        self.scopes.push(Vec::new());
        self.indent += 1;
    }

    /// Ends a block: its variables are gone.
    pub fn close_scope(&mut self) {
        self.indent -= 1;
        for local in self.scopes.pop().unwrap_or_default() {
            let l = local.0 as usize;
            self.set[l] = false;
            self.known[l] = Known::Nothing;
            if self.ty(local).is_scalar() && self.usage.sets[l] == 1 && !self.usage.declared[l] {
                self.release_name(local);
            }
        }
    }

    /// The local's variable is gone, and its name is free.
    pub fn release_name(&mut self, local: Local) {
        if let Some(name) = self.name[local.0 as usize].take() {
            self.names.release(&name);
        }
    }

    /// Keeps the value to be written where it is read.
    pub fn set_pending(&mut self, local: Local, piece: Piece) {
        for &read in &piece.reads {
            self.readers.entry(read).or_default().push(local);
        }
        if !piece.reads.is_empty() {
            self.unsettled.push(local);
        }
        self.pending[local.0 as usize] = Some(Box::new(piece));
    }

    /// Gives a pending value a name, in a line of its own.
    pub fn materialise(&mut self, local: Local) {
        let Some(piece) = self.pending[local.0 as usize].take() else { return };
        self.write_let(local, &piece);
    }

    /// A new variable with a value that does not change.
    pub fn write_let(&mut self, local: Local, piece: &Piece) {
        let name = self.name_only(local);
        self.touched[local.0 as usize] = false;
        let text = self.language.declare(&name, self.ty(local), true, &piece.text);
        self.lines.push(Line { indent: self.indent, text, of: Some(local) });
        self.mark_set(local);
    }

    /// Names the pending values that read `local`, which is about to change.
    pub fn before_change(&mut self, local: Local) {
        for reader in self.readers.remove(&local).unwrap_or_default() {
            if self.pending[reader.0 as usize].as_deref().is_some_and(|p| p.reads.contains(&local)) {
                self.materialise(reader);
            }
        }
    }

    /// Names the pending values that read variables: an inner block may change these.
    pub fn settle(&mut self) {
        for local in std::mem::take(&mut self.unsettled) {
            if self.is_pending(local) {
                self.materialise(local);
            }
        }
        self.readers.clear();
    }

    /// A new variable for a length; its place among the sizes.
    pub fn new_size(&mut self, wish: &str) -> u16 {
        let text = self.names.fresh(wish);
        self.sizes.push((text, false));
        self.sizes.len() as u16 - 1
    }

    pub fn size_text(&mut self, size: u16) -> String {
        let size = &mut self.sizes[size as usize];
        size.1 = true;
        size.0.clone()
    }
}
