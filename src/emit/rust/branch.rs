//! Branches. A branch that sets announced locals on both sides is an expression that gives them.

use super::super::EmitError;
use super::super::expression::{CALL_WIDTH, Piece};
use super::super::integer::{Form, Leaf};
use super::super::sets::sets_in;
use super::super::walk::{Role, roles, visit};
use super::layout;
use super::writer::{Known, Line, Place, State, Writer};
use crate::block::{Local, Stmt};
use crate::core::{Elem, Type};

/// The columns that the condition of a branch may take.
const CONDITION: usize = 72;

/// A branch as an expression.
struct Value {
    targets: Vec<Local>,
    /// What a branch gave for each: its type is certain; its shape.
    typed: Vec<bool>,
    shapes: Vec<Option<Vec<Form>>>,
    first: bool,
}

impl Writer<'_> {
    pub fn if_stmt(&mut self, cond: Local, then: &[Stmt], els: &[Stmt]) -> Result<(), EmitError> {
        let targets = self.targets(then, els);
        let start = self.lines.len();
        if targets.is_empty() {
            return self.chain(cond, then, els, None, "");
        }
        let mut value = Value::new(targets);
        // Of a branch around this one: whether they change there is known.
        let outer: Vec<Option<bool>> = value
            .targets
            .iter()
            .map(|t| self.tail[t.0 as usize].then_some(self.variable[t.0 as usize]))
            .collect();
        let names: Vec<String> = value.targets.iter().map(|&t| self.name_only(t)).collect();
        let head = layout::width(&names.join(", ")) + names.len() * "mut ".len() + "let () = ".len();
        let cond_at = self.chain_value(cond, then, els, &mut value, head, ";")?;
        let mut names = Vec::new();
        for (k, &t) in value.targets.iter().enumerate() {
            let lengths = self.finish_target(t, &value, k);
            let l = t.0 as usize;
            // It changes after the branch too.
            let written =
                self.usage.writes[l] > 0 && self.usage.writes[l] > writes_in(then, t) + writes_in(els, t);
            self.variable[l] = outer[k].unwrap_or(self.variable[l] || written);
            let mutable = if self.variable[l] { "mut " } else { "" };
            let annotated = value.targets.len() == 1 && self.ty(t) == Type::INT;
            let ty = if annotated { ": i64" } else { "" };
            names.push(format!("{mutable}{}{ty}", self.name_only(t)));
            names.extend(lengths);
        }
        self.bind_value(cond_at, &names);
        debug_assert!(cond_at >= start);
        Ok(())
    }

    /// Writes the names before the branch that begins at line `at`.
    fn bind_value(&mut self, at: usize, names: &[String]) {
        let indent = self.lines[at].indent;
        let mut pattern = layout::pattern(names, 4 * indent);
        let last = pattern.pop().unwrap_or_default();
        let wide = 4 * indent + layout::width(&last) + layout::width(&self.lines[at].text) > layout::WIDTH;
        if wide {
            for line in &mut self.lines[at..] {
                line.indent += 1;
            }
            pattern.push(last.trim_end().to_string());
        } else {
            self.lines[at].text.insert_str(0, &last);
        }
        let before = pattern.len();
        let lines = pattern.into_iter().map(|text| Line { indent, text, guard: None });
        self.lines.splice(at..at, lines);
        self.collapse(at + before);
    }

    /// The last statement of a block that gives `tail`: the expression itself, where it gives just these.
    pub fn last_if(
        &mut self,
        cond: Local,
        then: &[Stmt],
        els: &[Stmt],
        tail: &[Local],
    ) -> Result<bool, EmitError> {
        let announced = tail.iter().all(|t| self.declared.contains(t));
        let given = |d: &Local| !tail.contains(d) && sets_in(then, *d).count + sets_in(els, *d).count > 0;
        if !announced || self.declared.iter().any(given) || !self.gives_all(then, els, tail) {
            self.if_stmt(cond, then, els)?;
            return Ok(false);
        }
        self.declared.retain(|d| !tail.contains(d));
        let mut value = Value::new(tail.to_vec());
        let at = self.chain_value(cond, then, els, &mut value, 0, "")?;
        for (k, &t) in tail.iter().enumerate() {
            self.finish_target(t, &value, k);
        }
        self.name_short(at, tail);
        Ok(true)
    }

    /// The announced locals that both branches set.
    fn targets(&mut self, then: &[Stmt], els: &[Stmt]) -> Vec<Local> {
        let mut targets = Vec::new();
        for local in self.declared.clone() {
            let (a, b) = (sets_in(then, local), sets_in(els, local));
            if a.surely && b.surely {
                targets.push(local);
            } else if a.count + b.count > 0 {
                self.declare_late(local);
            }
        }
        self.declared.retain(|d| !targets.contains(d));
        targets
    }

    /// Announced locals that a loop sets are plain variables.
    pub fn declare_unless_value(&mut self, body: &[Stmt]) {
        for local in self.declared.clone() {
            if sets_in(body, local).count > 0 {
                self.declare_late(local);
            }
        }
    }

    /// The columns for a condition after `head` others.
    fn condition_room(&self, head: usize) -> usize {
        self.room(head + "} else if  {".len()).min(CONDITION)
    }

    fn chain_value(
        &mut self,
        cond: Local,
        then: &[Stmt],
        els: &[Stmt],
        value: &mut Value,
        head: usize,
        end: &str,
    ) -> Result<usize, EmitError> {
        // The head of the chain is the first line after those that the condition needs.
        let piece = self.fit(self.condition_room(head), |w| w.operand(cond));
        self.settle();
        let at = self.lines.len();
        self.rest_of_chain(piece, then, els, Some(value), end)?;
        Ok(at)
    }

    fn chain(
        &mut self,
        cond: Local,
        then: &[Stmt],
        els: &[Stmt],
        value: Option<&mut Value>,
        end: &str,
    ) -> Result<(), EmitError> {
        let piece = self.fit(self.condition_room(0), |w| w.operand(cond));
        self.settle();
        self.rest_of_chain(piece, then, els, value, end)
    }

    /// `if … { then } else if … { … } else { … }`
    fn rest_of_chain(
        &mut self,
        head: Piece,
        then: &[Stmt],
        mut els: &[Stmt],
        mut value: Option<&mut Value>,
        end: &str,
    ) -> Result<(), EmitError> {
        let top = self.lines.len();
        self.line(format!("if {} {{", head.text));
        self.branch(then, value.as_deref_mut())?;
        if value.is_none() && self.lines.len() == top + 1 {
            self.lines.pop();
            if els.is_empty() {
                return Ok(());
            }
            let opposite = self.negation(&head);
            self.settle();
            return self.rest_of_chain(opposite, els, &[], None, end);
        }
        loop {
            if els.is_empty() && value.is_none() {
                break;
            }
            let mark = self.lines.len();
            self.line("} else {".to_string());
            let chained = match els {
                [before @ .., Stmt::If { cond, then, els }]
                    if before.iter().all(|s| matches!(s, Stmt::Let { .. })) =>
                {
                    Some((before, *cond, then, els))
                }
                _ => None,
            };
            let Some((before, cond, then, inner_els)) = chained else {
                self.branch(els, value.as_deref_mut())?;
                self.note_nested(mark, value.is_some());
                break;
            };
            self.enter(value.as_deref());
            self.open_scope();
            self.block(before, &[])?;
            let fits = value.as_ref().is_none_or(|v| self.gives_all(then, inner_els, &v.targets));
            let piece = if fits { Some(self.fit(self.condition_room(0), |w| w.operand(cond))) } else { None };
            if let Some(piece) = piece.as_ref().filter(|_| self.lines.len() == mark + 1) {
                // What is known here is used in the rest of the chain.
                self.indent -= 1;
                let known = self.scopes.pop().unwrap_or_default();
                known.into_iter().for_each(|local| self.note_scope(local));
                self.settle();
                self.lines.pop();
                self.line(format!("}} else if {} {{", piece.text));
                self.branch(then, value.as_deref_mut())?;
                els = inner_els;
                continue;
            }
            self.rest_after(cond, piece, then, inner_els, value.as_deref_mut())?;
            self.sweep(mark + 1);
            self.note_nested(mark, value.is_some());
            self.close_scope();
            break;
        }
        self.note_chain(top);
        self.line(format!("}}{end}"));
        Ok(())
    }

    /// The rest of an else-branch, from its last `if` on.
    fn rest_after(
        &mut self,
        cond: Local,
        test: Option<Piece>,
        then: &[Stmt],
        els: &[Stmt],
        value: Option<&mut Value>,
    ) -> Result<(), EmitError> {
        match (test, value) {
            (Some(test), value) => {
                self.settle();
                let at = self.lines.len();
                let targets = value.as_ref().map(|v| v.targets.clone());
                self.rest_of_chain(test, then, els, value, "")?;
                if let Some(targets) = targets {
                    self.name_short(at, &targets);
                }
            }
            (None, Some(value)) => {
                let targets = value.targets.clone();
                self.declared.extend(targets.iter().copied());
                self.if_stmt(cond, then, els)?;
                self.leave(value)?;
            }
            (None, None) => self.if_stmt(cond, then, els)?,
        }
        Ok(())
    }

    fn gives_all(&self, then: &[Stmt], els: &[Stmt], targets: &[Local]) -> bool {
        targets.iter().all(|&t| sets_in(then, t).surely && sets_in(els, t).surely)
    }

    /// One side of a branch.
    fn branch(&mut self, stmts: &[Stmt], value: Option<&mut Value>) -> Result<(), EmitError> {
        self.enter(value.as_deref());
        self.open_scope();
        let start = self.lines.len();
        match value {
            None => {
                self.block(stmts, &[])?;
            }
            Some(value) => {
                for &t in &value.targets {
                    let l = t.0 as usize;
                    self.variable[l] = self.is_written_in(stmts, t) || sets_in(stmts, t).again;
                }
                let targets = value.targets.clone();
                self.declared.extend(targets.iter().copied());
                let written = self.block(stmts, &targets)?;
                self.declared.retain(|d| !targets.contains(d));
                if !written {
                    self.leave(value)?;
                } else {
                    self.note(value);
                }
            }
        }
        self.sweep(start);
        self.unsettled.clear();
        self.close_scope();
        Ok(())
    }

    /// Whether the elements of an array change in a block.
    fn is_written_in(&self, stmts: &[Stmt], array: Local) -> bool {
        self.usage.writes[array.0 as usize] > 0 && writes_in(stmts, array) > 0
    }

    /// Makes ready for a branch that gives these values.
    fn enter(&mut self, value: Option<&Value>) {
        for &t in value.map_or(&[][..], |v| &v.targets) {
            let l = t.0 as usize;
            self.tail[l] = true;
            self.state[l] = State::Unset;
            self.known[l] = Known::Nothing;
            self.variable[l] = self.usage.written[l];
            self.pending[t.0 as usize] = None;
            self.shapes.remove(&t);
            self.places.remove(&t);
        }
    }

    /// Writes the values that a branch gives.
    fn leave(&mut self, value: &mut Value) -> Result<(), EmitError> {
        let room = layout::WIDTH.saturating_sub(4 * self.indent);
        let mut texts = Vec::new();
        for k in 0..value.targets.len() {
            let t = value.targets[k];
            self.tail[t.0 as usize] = false;
            if self.ty(t).is_scalar() {
                let room = if value.targets.len() == 1 { room } else { room.min(CALL_WIDTH) };
                let piece = self.fit(room, |w| w.operand(t));
                value.typed[k] |= piece.typed;
                texts.push(piece.text);
            } else {
                value.typed[k] |= self.typed[self.resolve(t).0 as usize];
                texts.push(self.owned_array(t));
                for axis in 0..self.ty(t).rank as usize {
                    if self.ty(t).rank > 1 {
                        texts.push(self.measured(t, axis).text);
                    }
                }
            }
        }
        self.note(value);
        match texts.as_slice() {
            [one] => self.tail_line(one.clone()),
            many => {
                let lines = layout::list("(", many, ")", 4 * self.indent, true);
                self.all_lines(lines);
            }
        }
        Ok(())
    }

    /// Keeps what is known of the arrays that a branch gives.
    fn note(&mut self, value: &mut Value) {
        for (k, &t) in value.targets.iter().enumerate() {
            let shape = self.shape(t).cloned();
            value.shapes[k] = match (&value.shapes[k], shape) {
                (_, shape) if value.first => shape,
                (Some(a), Some(b)) if a.iter().zip(&b).all(|(a, b)| a.same(b)) => Some(b),
                _ => None,
            };
            self.tail[t.0 as usize] = false;
            self.pending[t.0 as usize] = None;
        }
        value.first = false;
    }

    /// An array as a `Vec` that the reader owns.
    pub fn owned_array(&mut self, array: Local) -> String {
        let name = self.array_name(array).text;
        match self.place(array) {
            Place::Vec => name,
            Place::Slice | Place::Out | Place::Fixed => format!("{name}.to_vec()"),
        }
    }

    /// Takes note of a value after its branch; gives the names of its lengths if it has several axes.
    fn finish_target(&mut self, t: Local, value: &Value, k: usize) -> Vec<String> {
        let l = t.0 as usize;
        self.known[l] = Known::Nothing;
        self.mark_set(t);
        self.unsigned[l] = false;
        self.typed[l] = value.typed[k] || self.ty(t).elem != Elem::Real;
        self.variable[l] = self.usage.changes[l];
        self.places.insert(t, Place::Vec);
        if self.ty(t).rank > 1 {
            let name = self.name_only(t);
            let lengths = self.length_names(&name, self.ty(t).rank);
            self.shapes.insert(t, lengths.iter().map(|&k| Form::leaf(Leaf::Size(k))).collect());
            return lengths.iter().map(|&k| self.sizes[k as usize].text.clone()).collect();
        }
        if let Some(shape) = &value.shapes[k] {
            self.new_shape(t, Some(shape.clone()));
        }
        Vec::new()
    }
}

impl Value {
    fn new(targets: Vec<Local>) -> Value {
        let n = targets.len();
        Value { targets, typed: vec![false; n], shapes: vec![None; n], first: true }
    }
}

/// How many statements of a block set elements of an array.
fn writes_in(stmts: &[Stmt], array: Local) -> u32 {
    let mut count = 0;
    visit(stmts, &mut |stmt| {
        roles(stmt, &mut |l, role| count += u32::from(l == array && role == Role::Write));
    });
    count
}
