//! The state in which a function is written, and its lines.

use super::super::EmitError;
use super::super::expression::Piece;
use super::super::integer::{Form, Leaf};
use super::super::names::Names;
use super::super::support;
use super::super::usage::Usage;
use super::errors::Fault;
use super::options::Precision;
use super::view::View;
use super::{Module, layout, reserved};
use crate::block::{Local, Procedure};
use crate::core::Type;
use std::collections::{BTreeSet, HashMap, HashSet};

/// What a local is, where no variable of the program stands for it.
#[derive(Debug, Clone)]
pub(super) enum Known {
    Nothing,
    Alias(Local),
    Real(f64),
    Bool(bool),
    Form(Form),
}

/// What holds an array.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// `&[T]` of the caller.
    Slice,
    /// `&mut [T]` of the caller.
    Out,
    Vec,
    /// `[T; N]`
    Fixed,
}

/// Where a result of a branch stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Unset,
    /// Announced; a branch will set it.
    Declared,
    Set,
}

pub(super) struct Line {
    pub indent: usize,
    pub text: String,
    /// The line goes if the variable that it sets is never named, see [`Writer::new_guard`].
    pub guard: Option<usize>,
}

/// A size of the face, or a length that the program keeps in a variable.
pub(super) struct SizeName {
    pub text: String,
    pub touched: bool,
}

pub(super) struct Writer<'m> {
    pub module: &'m Module<'m>,
    pub procedure: &'m Procedure,
    pub usage: Usage<'m>,
    pub used: &'m mut support::Used,
    pub names: Names<'m>,
    /// The name of each local that has one.
    pub name: Vec<Option<String>>,
    /// Named in the text.
    pub touched: Vec<bool>,
    /// For each line that may go: its variable has been named.
    pub guards: Vec<bool>,
    /// The guard of the latest variable of a local.
    pub guard_of: Vec<Option<usize>>,
    /// The variable's type does not hang on what is around it (arrays: its elements').
    pub typed: Vec<bool>,
    /// An integer that is kept as `usize`.
    pub unsigned: Vec<bool>,
    /// May change after it is set.
    pub variable: Vec<bool>,
    /// A result of the branch that is being written.
    pub tail: Vec<bool>,
    /// Declared before the block that sets it.
    pub late: Vec<bool>,
    pub state: Vec<State>,
    pub known: Vec<Known>,
    /// Values to be written where they are read.
    pub pending: Vec<Option<Box<Piece>>>,
    /// The pending values that read a variable.
    pub readers: HashMap<Local, Vec<Local>>,
    /// The pending values of this block that read variables.
    pub unsettled: Vec<Local>,
    pub shapes: HashMap<Local, Vec<Form>>,
    pub places: HashMap<Local, Place>,
    pub sizes: Vec<SizeName>,
    /// The names of the results that the caller gives memory for, and what is copied there at the end if
    /// it is made elsewhere.
    pub outs: Vec<(String, Option<Local>)>,
    /// Arrays of several axes whose lengths stand in variables beside them.
    pub companions: HashMap<Local, Vec<u16>>,
    /// Results of calls, which have a name even if nothing uses it.
    pub bound: Vec<Local>,
    /// The rows that are slices of their own here.
    pub views: Vec<View>,
    /// The lengths that counters stay below.
    pub counters: HashMap<Leaf, Form>,
    /// The variables that each open block declares.
    pub scopes: Vec<Vec<Local>>,
    /// Counters that those of an inner loop hide: the depth of the scope, and whether they are `usize`.
    pub hidden: Vec<(usize, Local, bool)>,
    /// Announced results of branches that are not set yet.
    pub declared: Vec<Local>,
    pub lines: Vec<Line>,
    pub indent: usize,
    pub lints: BTreeSet<&'static str>,
    /// In which ways the function may fail.
    pub faults: Vec<Fault>,
}

impl<'m> Writer<'m> {
    pub fn new(module: &'m Module<'m>, procedure: &'m Procedure, used: &'m mut support::Used) -> Writer<'m> {
        let usage = Usage::of(procedure, |f| module.pieces.get(&f).map_or(&[], Vec::as_slice));
        let n = procedure.locals.len();
        let names = Names::within(&module.taken);
        let variable = (0..n).map(|l| usage.changes(Local(l as u32)) || usage.written[l]).collect();
        Writer {
            module,
            procedure,
            usage,
            used,
            names,
            name: vec![None; n],
            touched: vec![false; n],
            guards: Vec::new(),
            guard_of: vec![None; n],
            typed: vec![true; n],
            unsigned: vec![false; n],
            variable,
            tail: vec![false; n],
            late: vec![false; n],
            state: vec![State::Unset; n],
            known: vec![Known::Nothing; n],
            pending: vec![None; n],
            readers: HashMap::new(),
            unsettled: Vec::new(),
            shapes: HashMap::new(),
            places: HashMap::new(),
            sizes: Vec::new(),
            outs: Vec::new(),
            companions: HashMap::new(),
            bound: Vec::new(),
            views: Vec::new(),
            counters: HashMap::new(),
            scopes: vec![Vec::new()],
            hidden: Vec::new(),
            declared: Vec::new(),
            lines: Vec::new(),
            indent: 1,
            lints: BTreeSet::new(),
            faults: Vec::new(),
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
        let l = local.0 as usize;
        self.touched[l] = true;
        if let Some(guard) = self.guard_of[l] {
            self.guards[guard] = true;
        }
        self.name_only(local)
    }

    /// The guard of a line that begins a variable of this local, which may not be named.
    pub fn new_guard(&mut self, local: Local) -> usize {
        self.guards.push(false);
        self.guard_of[local.0 as usize] = Some(self.guards.len() - 1);
        self.guards.len() - 1
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
            _ => self.names.fresh(&reserved::identifier(&info.wish)),
        };
        self.name[l] = Some(name.clone());
        name
    }

    pub fn line(&mut self, text: String) {
        self.lines.push(Line { indent: self.indent, text, guard: None });
    }

    pub fn all_lines(&mut self, lines: Vec<String>) {
        for line in lines {
            self.line(line);
        }
    }

    /// What the real numbers are.
    pub fn precision(&self) -> Precision {
        self.module.options.precision()
    }

    /// The columns left for `text` between `before` and `after` on a line.
    pub fn room(&self, around: usize) -> usize {
        layout::WIDTH.saturating_sub(4 * self.indent + around)
    }

    /// The room for the value of `local` in a line of its own.
    pub fn let_room(&self, local: Local) -> usize {
        let name = &self.procedure.locals[local.0 as usize].name;
        // Room for a number after the name, and for words that stand for letters.
        let spelled = if name.is_ascii() { name.len() } else { reserved::identifier(name).len() };
        self.room("let mut : f64 = ;".len() + spelled + 4)
    }

    /// Makes a piece by `make`, naming the unnamed values in it until it is narrow enough, and uses up
    /// those that remain.
    pub fn fit(&mut self, room: usize, mut make: impl FnMut(&mut Self) -> Piece) -> Piece {
        loop {
            let mut piece = make(self);
            let width = piece.width();
            if piece.parts.is_empty() || !(piece.wide || width > room) {
                for part in std::mem::take(&mut piece.parts) {
                    self.pending[part.0 as usize] = None;
                }
                piece.reads.sort();
                piece.reads.dedup();
                return piece;
            }
            self.name_longest(piece.parts, width.saturating_sub(room));
        }
    }

    /// Names the longest of these values, and those after it that a name is sure to be needed for too:
    /// even without what is named before them, the whole is longer than it may be by more than nothing.
    fn name_longest(&mut self, mut parts: Vec<Local>, mut excess: usize) {
        parts.sort_by_key(|&part| std::cmp::Reverse((self.pending_width(part), part.0)));
        for part in parts {
            let width = self.pending_width(part);
            if self.is_pending(part) {
                self.materialise(part);
            }
            if excess <= width {
                return;
            }
            excess -= width;
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
        if self.state[local.0 as usize] != State::Set {
            self.state[local.0 as usize] = State::Set;
            self.note_scope(local);
            self.declared.retain(|d| *d != local);
        }
    }

    /// What is known of the local holds to the end of the block.
    pub fn note_scope(&mut self, local: Local) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.push(local);
        }
    }

    /// Begins a block in braces.
    pub fn open_scope(&mut self) {
        self.scopes.push(Vec::new());
        self.indent += 1;
    }

    /// Ends it: its variables are gone.
    pub fn close_scope(&mut self) {
        self.indent -= 1;
        for local in self.scopes.pop().unwrap_or_default() {
            self.state[local.0 as usize] = State::Unset;
            self.known[local.0 as usize] = Known::Nothing;
            if self.usage.sets[local.0 as usize] == 1 && !self.usage.declared[local.0 as usize] {
                self.release_name(local);
            }
        }
        while let Some((_, local, unsigned)) = self.hidden.pop_if(|(depth, ..)| *depth > self.scopes.len()) {
            self.state[local.0 as usize] = State::Set;
            self.unsigned[local.0 as usize] = unsigned;
        }
    }

    /// The local's variable is gone, and its name is free.
    pub fn release_name(&mut self, local: Local) {
        if let Some(name) = self.name[local.0 as usize].take() {
            self.note_case(&name);
            self.names.release(&name);
        }
    }

    /// Allows a name that is not in snake case.
    pub fn note_case(&mut self, name: &str) {
        if name.contains("__") || name.bytes().any(|b| b.is_ascii_uppercase()) {
            self.lints.insert("non_snake_case");
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

    /// `let local = piece;`
    pub fn write_let(&mut self, local: Local, piece: &Piece) {
        let name = self.name_only(local);
        let l = local.0 as usize;
        let ty = match self.ty(local) {
            Type::INT if !piece.typed && !self.unsigned[l] => ": i64",
            Type::INT if !piece.typed => ": usize",
            _ => "",
        };
        if self.ty(local).is_scalar() {
            self.typed[l] = piece.typed || self.is_int(local);
        }
        let text = format!("let {name}{ty} = {};", piece.text);
        if 4 * self.indent + layout::width(&text) > layout::WIDTH
            && let Some((open, items)) = layout::call_parts(&piece.text)
        {
            let head = format!("let {name}{ty} = ");
            let lines = layout::assigned(&head, open, &items, ");", 4 * self.indent);
            self.touched[l] = true;
            self.all_lines(lines);
        } else if self.is_too_wide(&text) && !self.is_too_wide(&format!("    {};", piece.text)) {
            self.touched[l] = true;
            self.let_line(&format!("{name}{ty}"), &piece.text);
        } else if self.is_too_wide(&text) && self.is_element(&piece.text) {
            let element = self.rows_first(&piece.text, "&");
            self.touched[l] = true;
            self.line(format!("let {name}{ty} = {element};"));
        } else {
            let guard = Some(self.new_guard(local));
            self.lines.push(Line { indent: self.indent, text, guard });
        }
        self.mark_set(local);
    }

    /// Takes out the variables that nothing names from a block that ends here and began at line `start`.
    pub fn sweep(&mut self, start: usize) {
        let is_let = |line: &Line| line.guard.filter(|_| line.text.starts_with("let "));
        let made: HashSet<usize> = self.lines[start..].iter().filter_map(is_let).collect();
        let mut kept = start;
        for k in start..self.lines.len() {
            let made_here = self.lines[k].guard.filter(|g| made.contains(g));
            if made_here.is_some_and(|g| !self.guards[g]) {
                continue;
            }
            if made_here.is_some() {
                self.lines[k].guard = None;
            }
            self.lines.swap(kept, k);
            kept += 1;
        }
        self.lines.truncate(kept);
    }

    /// `a[i]` or `a[i..][..n][j]`, and nothing else.
    fn is_element(&self, text: &str) -> bool {
        let stem = text.split('[').next().unwrap_or_default();
        let mut depth = 0;
        let one = text[stem.len()..].bytes().all(|b| {
            depth += (b == b'[') as i32 - (b == b']') as i32;
            depth > 0 || matches!(b, b']')
        });
        !stem.is_empty() && Piece::atom(stem).is_name() && one && text.ends_with(']')
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
}
