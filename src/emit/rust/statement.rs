//! Blocks of statements.

use super::super::EmitError;
use super::errors::Fault;
use super::layout;
use super::literal;
use super::writer::{State, Writer};
use crate::block::{Local, Stmt};

impl Writer<'_> {
    /// Writes a block. `tail` are the locals whose values the block gives; true if the last statement is
    /// written as the expression that gives them.
    pub fn block(&mut self, stmts: &[Stmt], tail: &[Local]) -> Result<bool, EmitError> {
        for (k, stmt) in stmts.iter().enumerate() {
            if k + 1 == stmts.len()
                && let Stmt::If { cond, then, els } = stmt
                && !tail.is_empty()
            {
                return self.last_if(*cond, then, els, tail);
            }
            self.statement(stmt)?;
        }
        Ok(false)
    }

    fn statement(&mut self, stmt: &Stmt) -> Result<(), EmitError> {
        match stmt {
            Stmt::Let { dst, op } => self.let_stmt(*dst, op),
            Stmt::Declare { dst } => {
                if !self.usage.is_dead(*dst) {
                    let l = dst.0 as usize;
                    self.state[l] = State::Declared;
                    self.late[l] = false;
                    self.companions.remove(dst);
                    self.variable[l] = self.usage.changes[l] || self.usage.written[l];
                    self.declared.push(*dst);
                }
                Ok(())
            }
            Stmt::Alloc { dst, dims, fill } => self.alloc(*dst, dims, fill),
            Stmt::Array { dst, elems, dims } => self.array_literal(*dst, elems, dims),
            Stmt::Move { dst, src } => self.hand_over(*dst, *src, false),
            Stmt::Clone { dst, src } => self.hand_over(*dst, *src, true),
            Stmt::Store { array, at, value } => self.store(*array, at, *value, false),
            Stmt::AddTo { array, at, value } => self.store(*array, at, *value, true),
            Stmt::StoreRow { array, index, row } => self.store_row(*array, *index, *row),
            Stmt::Push { array, value } => self.push(*array, *value),
            Stmt::If { cond, then, els } => self.if_stmt(*cond, then, els),
            Stmt::For { index, len, body } => self.for_stmt(*index, *len, body),
            Stmt::While { index, head, cond, body } => self.while_stmt(*index, head, *cond, body),
            Stmt::Call { dst, f, args } => self.call_stmt(dst, *f, args),
            Stmt::Require { cond, message, .. } => self.require(*cond, message),
        }
    }

    fn require(&mut self, cond: Local, message: &str) -> Result<(), EmitError> {
        let piece = self.fit(layout::IF_WIDTH, |w| w.operand(cond));
        if piece.text != "true" && self.tries() {
            let failed = self.negation(&piece);
            self.refuse(&failed.text, Fault::Condition, message);
        } else if piece.text != "true" {
            let message = self.with_values(message, &piece.text);
            let items = [piece.text, message];
            let lines = layout::list("assert!(", &items, ");", 4 * self.indent, false);
            self.all_lines(lines);
        }
        Ok(())
    }

    /// A message as a literal, with the values of the numbers among the parameters that the condition names.
    fn with_values(&self, message: &str, cond: &str) -> String {
        let mut text = literal::message(message);
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        let words: Vec<&str> = cond.split(|c| !is_part(c)).collect();
        let mut values = Vec::new();
        for &param in &self.procedure.params {
            let scalar = self.procedure.locals[param.0 as usize].ty.is_scalar();
            if let Some(name) =
                self.name[param.0 as usize].as_deref().filter(|name| scalar && words.contains(name))
            {
                values.push(format!("{name} = {{{name}}}"));
            }
        }
        if !values.is_empty() {
            text.insert_str(text.len() - 1, &format!(": {}", values.join(", ")));
        }
        text
    }
}
