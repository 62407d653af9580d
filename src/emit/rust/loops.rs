//! Loops.

use super::super::EmitError;
use super::super::expression::Piece;
use super::super::integer::Leaf;
use super::writer::{Line, State, Writer};
use crate::block::{Local, Stmt};

impl Writer<'_> {
    pub fn for_stmt(&mut self, index: Local, len: Local, body: &[Stmt]) -> Result<(), EmitError> {
        self.declare_unless_value(body);
        let form = self.form_of(len);
        if form.as_number().is_some_and(|n| n <= 0) {
            return Ok(());
        }
        let around = "for  in 0.. {".len() + self.procedure.locals[index.0 as usize].name.len() + 4;
        let count = self.fit(self.room(around), |w| w.count(&form));
        self.settle();
        self.unsigned[index.0 as usize] = true;
        if self.is_fixed(&form) {
            self.counters.insert(Leaf::Local(index), form);
        }
        // An earlier loop may have had this counter.
        self.touched[index.0 as usize] = false;
        let views = self.open_views(index, body);
        let head = self.lines.len();
        self.line(String::new());
        self.inner(body)?;
        self.counters.remove(&Leaf::Local(index));
        if self.lines.len() == head + 1 {
            self.lines.pop();
            self.close_views(views);
            return Ok(());
        }
        let name = match self.touched[index.0 as usize] {
            true => {
                self.lints.insert("clippy::needless_range_loop");
                self.name_only(index)
            }
            false => "_".to_string(),
        };
        self.note_copy(head + 1);
        self.lines[head].text = format!("for {name} in 0..{} {{", count.text);
        self.line("}".to_string());
        self.release_name(index);
        self.close_views(views);
        Ok(())
    }

    /// Loops of one line that clippy would have as a call.
    fn note_copy(&mut self, start: usize) {
        let value = |line: &'_ Line| line.text.split_once("] = ").map(|(_, value)| value.to_string());
        let values: Option<Vec<String>> = self.lines[start..].iter().map(value).collect();
        let Some(values) = values else { return };
        if values.iter().all(|v| v.ends_with("];")) {
            self.lints.insert("clippy::manual_memcpy");
        } else if values.len() == 1 && !values[0].contains([' ', '[']) {
            self.lints.insert("clippy::manual_slice_fill");
        }
    }

    /// A block inside of another, with no result.
    fn inner(&mut self, body: &[Stmt]) -> Result<(), EmitError> {
        self.open_scope();
        self.inner_lines(body)?;
        self.close_scope();
        Ok(())
    }

    fn inner_lines(&mut self, body: &[Stmt]) -> Result<(), EmitError> {
        let start = self.lines.len();
        self.block(body, &[])?;
        self.sweep(start);
        self.unsettled.clear();
        Ok(())
    }

    pub fn while_stmt(
        &mut self,
        index: Local,
        head: &[Stmt],
        cond: Local,
        body: &[Stmt],
    ) -> Result<(), EmitError> {
        self.declare_unless_value(head);
        self.declare_unless_value(body);
        self.settle();
        let l = index.0 as usize;
        if self.state[l] == State::Set {
            self.hidden.push((self.scopes.len(), index, self.unsigned[l]));
        }
        self.unsigned[l] = true;
        self.mark_set(index);
        let counter = self.name_only(index);
        let guard = self.new_guard(index);
        let counted = move |w: &mut Self, text: String| {
            w.lines.push(Line { indent: w.indent, text, guard: Some(guard) });
        };
        counted(self, format!("let mut {counter}: usize = 0;"));
        let start = self.lines.len();
        self.line("loop {".to_string());
        self.open_scope();
        self.inner_lines(head)?;
        let plain = self.lines.len() == start + 1;
        let test = self.fit(self.room(16).min(72), |w| w.operand(cond));
        if plain && self.lines.len() == start + 1 {
            if !self.changes_in(cond, head) && !self.changes_in(cond, body) {
                self.lints.insert("clippy::while_immutable_condition");
            }
            if test.text != "true" {
                self.lines[start].text = format!("while {} {{", test.text);
            }
        } else {
            let stop = self.not(&test);
            self.line(format!("if {} {{", stop.text));
            self.line("    break;".to_string());
            self.line("}".to_string());
        }
        self.inner_lines(body)?;
        counted(self, format!("{counter} += 1;"));
        self.close_scope();
        self.line("}".to_string());
        Ok(())
    }

    /// Whether the statements set the local.
    fn changes_in(&self, local: Local, body: &[Stmt]) -> bool {
        let mut found = false;
        super::super::walk::visit(body, &mut |stmt| stmt.sets(|dst| found |= dst == local));
        found
    }

    fn not(&mut self, test: &Piece) -> Piece {
        self.negation(test)
    }
}
