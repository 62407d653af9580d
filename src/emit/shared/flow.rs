//! Blocks, branches and loops.

use super::super::EmitError;
use super::super::integer::Leaf;
use super::super::sets::sets_in;
use super::language::{Fault, Filled};
use super::writer::Line;
use super::{Known, Writer};
use crate::block::{Local, Stmt};

/// The columns that a condition may take.
const CONDITION: usize = 80;

impl Writer<'_> {
    pub fn block(&mut self, stmts: &[Stmt]) -> Result<(), EmitError> {
        for (k, stmt) in stmts.iter().enumerate() {
            self.statement(stmt, &stmts[k + 1..])?;
        }
        Ok(())
    }

    fn statement(&mut self, stmt: &Stmt, rest: &[Stmt]) -> Result<(), EmitError> {
        let language = self.language;
        match stmt {
            Stmt::Let { dst, op } => self.let_stmt(*dst, op)?,
            Stmt::Declare { dst } => self.announce(*dst, rest),
            Stmt::Alloc { dst, dims, fill } => self.alloc(*dst, dims, Filled::from(fill)),
            Stmt::Array { dst, elems, dims } => language.list(self, *dst, elems, dims),
            Stmt::Move { dst, src } => self.hand_over(*dst, *src, false),
            Stmt::Clone { dst, src } => self.hand_over(*dst, *src, true),
            Stmt::Store { array, at, value } => self.store(*array, at, *value, false)?,
            Stmt::AddTo { array, at, value } => self.store(*array, at, *value, true)?,
            Stmt::StoreRow { array, index, row } => {
                self.check_indices(*array, std::slice::from_ref(index));
                language.store_row(self, self.resolve(*array), *index, *row);
            }
            Stmt::Push { array, value } => language.push(self, self.resolve(*array), *value),
            Stmt::If { cond, then, els } => self.if_stmt(*cond, then, els)?,
            Stmt::For { index, len, body } => self.for_stmt(*index, *len, body)?,
            Stmt::While { index, head, cond, body } => self.while_stmt(*index, head, *cond, body)?,
            Stmt::Call { dst, f, args } => self.call_stmt(dst, *f, args)?,
            Stmt::Require { cond, message, .. } => {
                let piece = self.fit(self.room(CONDITION).max(40), |w| w.operand(*cond));
                if piece.text != self.truth(true).text {
                    let failed = self.negation(&piece);
                    language.fault(self, &failed.text, Fault::Condition(message));
                }
            }
        }
        Ok(())
    }

    /// A scalar that a block inside of this one will set.
    fn announce(&mut self, dst: Local, rest: &[Stmt]) {
        let ty = self.ty(dst);
        if self.usage.is_dead(dst) || ty.is_array() {
            return;
        }
        let name = self.name_only(dst);
        // The first statement that sets it does so on every way.
        let first = rest.iter().find(|stmt| sets_in(std::slice::from_ref(stmt), dst).count > 0);
        let surely = first.is_some_and(|stmt| sets_in(std::slice::from_ref(stmt), dst).surely);
        if let Some(text) = self.language.announce(&name, ty, surely) {
            self.touched[dst.0 as usize] = false;
            self.lines.push(Line { indent: self.indent, text, of: None });
        }
        self.mark_set(dst);
    }

    pub fn if_stmt(&mut self, cond: Local, then: &[Stmt], els: &[Stmt]) -> Result<(), EmitError> {
        let piece = self.fit(self.room(20).min(CONDITION), |w| w.operand(cond));
        self.settle();
        if piece.text == self.truth(true).text || piece.text == self.truth(false).text {
            // Its variables may be announced only here.
            let chosen = if piece.text == self.truth(true).text { then } else { els };
            return self.block(chosen);
        }
        let dialect = self.language.dialect();
        self.line(dialect.branch.replace("{}", &piece.text));
        let start = self.lines.len();
        self.side(cond, true, then)?;
        let empty = self.lines.len() == start;
        if empty {
            self.empty_block();
        }
        self.otherwise(cond, els)?;
        if let Some(close) = dialect.close {
            self.line(close);
        }
        Ok(())
    }

    fn empty_block(&mut self) {
        if let Some(nothing) = self.language.dialect().nothing {
            self.lines.push(Line { indent: self.indent + 1, text: nothing.to_string(), of: None });
        }
    }

    /// The else-branch; one that is a branch itself goes on with the chain.
    fn otherwise(&mut self, cond: Local, els: &[Stmt]) -> Result<(), EmitError> {
        if els.is_empty() {
            return Ok(());
        }
        let dialect = self.language.dialect();
        let mark = self.lines.len();
        self.line(dialect.otherwise);
        let facts = self.facts.len();
        self.assume(cond, false);
        self.open_scope();
        let chained = match els {
            [before @ .., Stmt::If { cond, then, els }]
                if before.iter().all(|s| matches!(s, Stmt::Let { .. })) =>
            {
                Some((before, *cond, then, els))
            }
            _ => None,
        };
        match chained {
            None => self.block(els)?,
            Some((before, inner, then, rest)) => {
                self.block(before)?;
                let piece = self.fit(self.room(20).min(CONDITION), |w| w.operand(inner));
                self.settle();
                let constant = [true, false].iter().any(|&v| piece.text == self.truth(v).text);
                if self.lines.len() == mark + 1 && !constant {
                    self.indent -= 1;
                    self.lines[mark].text = dialect.other_branch.replace("{}", &piece.text);
                    self.side(inner, true, then)?;
                    if self.lines.len() == mark + 1 {
                        self.empty_block();
                    }
                    self.otherwise(inner, rest)?;
                    self.indent += 1;
                } else {
                    let text = piece.text.clone();
                    self.nested_if(&text, inner, then, rest)?;
                }
            }
        }
        self.end_block(mark + 1, facts);
        if self.lines.len() == mark + 1 {
            self.lines.pop();
        }
        Ok(())
    }

    fn nested_if(&mut self, test: &str, cond: Local, then: &[Stmt], els: &[Stmt]) -> Result<(), EmitError> {
        if test == self.truth(true).text {
            return self.block(then);
        }
        if test == self.truth(false).text {
            return self.block(els);
        }
        let dialect = self.language.dialect();
        self.line(dialect.branch.replace("{}", test));
        let start = self.lines.len();
        self.side(cond, true, then)?;
        if self.lines.len() == start {
            self.empty_block();
        }
        self.otherwise(cond, els)?;
        if let Some(close) = dialect.close {
            self.line(close);
        }
        Ok(())
    }

    /// One side of a branch.
    fn side(&mut self, cond: Local, holds: bool, stmts: &[Stmt]) -> Result<(), EmitError> {
        let facts = self.facts.len();
        self.assume(cond, holds);
        let start = self.lines.len();
        self.open_scope();
        self.block(stmts)?;
        self.end_block(start, facts);
        Ok(())
    }

    /// Ends a block that began at line `start`, without the variables that nothing names.
    fn end_block(&mut self, start: usize, facts: usize) {
        self.sweep(start);
        self.unsettled.clear();
        self.facts.truncate(facts);
        self.close_scope();
    }

    /// Takes out the variables that nothing names.
    pub fn sweep(&mut self, start: usize) {
        let mut kept = start;
        for k in start..self.lines.len() {
            if let Some(local) = self.lines[k].of.take()
                && !self.touched[local.0 as usize]
            {
                continue;
            }
            self.lines.swap(kept, k);
            kept += 1;
        }
        self.lines.truncate(kept);
    }

    fn for_stmt(&mut self, index: Local, len: Local, body: &[Stmt]) -> Result<(), EmitError> {
        let form = self.form_of(len);
        if form.as_number().is_some_and(|n| n <= 0) {
            return Ok(());
        }
        let language = self.language;
        if language.at_once(self, index, len, body)? {
            return Ok(());
        }
        let around = "for (int64_t  = 0;  < ; ++) {".len() + 30;
        let count = self.fit(self.room(around), |w| w.render(&form));
        self.settle();
        let outer = self.counters.remove(&Leaf::Local(index));
        if self.is_fixed(&form) {
            self.counters.insert(Leaf::Local(index), form);
        }
        let dialect = language.dialect();
        if dialect.base != 0 {
            self.shifted.insert(index);
        }
        // An earlier loop may have had this counter; one around has it under another name.
        self.touched[index.0 as usize] = false;
        let outer_name = self.hide(index);
        // Taken for the whole loop: not every language gives its blocks names of their own.
        let name = self.name_only(index);
        let known = std::mem::replace(&mut self.known[index.0 as usize], Known::Nothing);
        let head = self.lines.len();
        self.line(String::new());
        let facts = self.facts.len();
        self.open_scope();
        self.block(body)?;
        self.end_block(head + 1, facts);
        self.running.pop();
        self.counters.remove(&Leaf::Local(index));
        if let Some(length) = outer {
            self.counters.insert(Leaf::Local(index), length);
        }
        if !self.running.contains(&index) {
            self.shifted.remove(&index);
        }
        if self.lines.len() == head + 1 {
            self.lines.pop();
            self.known[index.0 as usize] = known;
            self.release_name(index);
            self.unhide(index, outer_name);
            return Ok(());
        }
        self.lines[head].text = language.for_head(&name, &count.text);
        if let Some(close) = dialect.close {
            self.line(close);
        }
        self.known[index.0 as usize] = known;
        self.release_name(index);
        self.unhide(index, outer_name);
        Ok(())
    }

    /// Begins a loop: a counter that one around it has too gets a name of its own. Gives the other.
    fn hide(&mut self, index: Local) -> Option<String> {
        let around = self.running.contains(&index);
        self.running.push(index);
        if around { self.name[index.0 as usize].take() } else { None }
    }

    fn unhide(&mut self, index: Local, outer: Option<String>) {
        if outer.is_some() {
            self.name[index.0 as usize] = outer;
            self.touched[index.0 as usize] = true;
        }
    }

    fn while_stmt(
        &mut self,
        index: Local,
        head: &[Stmt],
        cond: Local,
        body: &[Stmt],
    ) -> Result<(), EmitError> {
        self.settle();
        let language = self.language;
        let dialect = language.dialect();
        let l = index.0 as usize;
        let counted = !self.usage.is_dead(index);
        self.variable[l] = true;
        let outer_name = self.hide(index);
        let before = std::mem::replace(&mut self.set[l], true);
        let counter = self.name_only(index);
        if counted && before && outer_name.is_none() {
            self.before_change(index);
            self.statement_line(&format!("{counter} = 0"));
        } else if counted {
            let text = language.declare(&counter, self.ty(index), false, "0");
            self.line(text);
            self.note_scope(index);
        }
        let start = self.lines.len();
        self.line(dialect.forever);
        let facts = self.facts.len();
        self.open_scope();
        self.block(head)?;
        let plain = self.lines.len() == start + 1;
        let test = self.fit(self.room(16).min(72), |w| w.operand(cond));
        self.settle();
        if plain && self.lines.len() == start + 1 {
            self.lines[start].text = dialect.repeat.replace("{}", &test.text);
        } else {
            let stop = self.negation(&test);
            self.line(dialect.branch.replace("{}", &stop.text));
            self.line(format!("    {}", dialect.leave));
            if let Some(close) = dialect.close {
                self.line(close);
            }
        }
        self.assume(cond, true);
        self.block(body)?;
        if counted {
            self.statement_line(&format!("{counter} += 1"));
        }
        self.end_block(start + 1, facts);
        if self.lines.len() == start + 1 {
            self.empty_block();
        }
        if let Some(close) = dialect.close {
            self.line(close);
        }
        if !counted {
            self.set[l] = before;
        }
        self.running.pop();
        self.unhide(index, outer_name);
        Ok(())
    }
}
