//! Constructs as text: lists, loops, branches, bindings.

use super::super::precedence::{OPEN, OR, WHERE};
use super::super::tree::{Ast, Expr, For, Name, Pattern, Span, Subscript};
use super::expr::{ALONE, Around, Printer, Work};
use super::layout::Style;

impl Printer<'_> {
    pub fn list(&mut self, open: &'static str, items: &[Ast], close: &'static str) {
        // Rows of a matrix stand below each other.
        let rows = items.iter().any(|item| matches!(self.tree.expr(*item), Expr::Array(_)));
        let rows = rows && items.len() > 1 && open == "[";
        self.put([Work::Word(open), Work::Open(if rows { Style::Every } else { Style::Fill }, 2)]);
        if rows {
            self.put([Work::Cut]);
        }
        let least = if items.len() == 1 && close == ")" { WHERE } else { OPEN };
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                self.put([Work::Word(","), Work::Space]);
            }
            self.sub(*item, ALONE.least(least));
        }
        self.put([Work::Close, Work::Word(close)]);
    }

    pub fn record(&mut self, fields: &[(Name, Ast)]) {
        self.put([Work::Word("{"), Work::Open(Style::Fill, 2)]);
        for (at, (name, value)) in fields.iter().enumerate() {
            if at > 0 {
                self.put([Work::Word(","), Work::Space]);
            }
            self.put([Work::Name(*name), Work::Word(": ")]);
            self.sub(*value, ALONE.least(OPEN));
        }
        self.put([Work::Close, Work::Word("}")]);
    }

    pub fn subscripts(&mut self, at: &[Subscript]) {
        let tight = Around { tight: true, ..ALONE };
        self.put([Work::Word("["), Work::Open(Style::Fill, 2)]);
        for (index, subscript) in at.iter().enumerate() {
            if index > 0 {
                self.put([Work::Word(","), Work::Space]);
            }
            match subscript {
                Subscript::At(at) => self.sub(*at, tight.least(OPEN)),
                Subscript::Range(low, high) => {
                    self.sub(*low, tight.least(OR));
                    self.word("..");
                    self.sub(*high, tight.least(OR));
                }
                Subscript::All => self.word(":"),
            }
        }
        self.put([Work::Close, Work::Word("]")]);
    }

    /// `sum(body for …)`, `[body for …]`
    pub fn reduced(
        &mut self,
        open: &'static str,
        body: Ast,
        over: &[For],
        cond: Option<Ast>,
        close: &'static str,
    ) {
        self.put([Work::Word(open), Work::Open(Style::Fill, 2)]);
        self.sub(body, ALONE.least(OPEN));
        self.loops(over, cond);
        self.put([Work::Close, Work::Word(close)]);
    }

    /// `fold(s = s0`
    pub fn begin_loop(&mut self, word: &'static str, state: &Pattern, init: Ast) {
        self.put([Work::Word(word), Work::Open(Style::Every, 2), Work::Open(Style::Fill, 0)]);
        self.put([Work::Pattern(state.clone()), Work::Word(" = ")]);
        self.sub(init, ALONE.least(OR));
    }

    /// `: next)`
    pub fn end_loop(&mut self, next: Ast) {
        self.put([Work::Word(":"), Work::Close, Work::Space]);
        self.sub(next, ALONE);
        self.put([Work::Close, Work::Word(")")]);
    }

    /// ` for i in 1..n, j in 1..m if c`
    pub fn loops(&mut self, over: &[For], cond: Option<Ast>) {
        let tight = Around { tight: true, ..ALONE };
        let mut bare = true;
        for (at, index) in over.iter().enumerate() {
            // After an index without a range, a comma would leave open whose range follows.
            if at > 0 && (!bare || index.range.is_none()) {
                self.put([Work::Word(","), Work::Space]);
            } else {
                self.put([Work::Space, Work::Word("for ")]);
            }
            bare = index.range.is_none();
            self.put([Work::Name(index.name)]);
            if let Some((low, high)) = index.range {
                self.word(" in ");
                self.sub(low, tight.least(OR));
                self.word("..");
                self.sub(high, tight.least(OR));
            }
        }
        if let Some(cond) = cond {
            self.put([Work::Space, Work::Word("if ")]);
            self.sub(cond, ALONE.least(OR));
        }
    }

    // ── Words ────────────────────────────────────────────────────────────────────────────────────

    pub fn cases(&mut self, arms: &[(Ast, Ast)], otherwise: Ast) {
        self.put([Work::Open(Style::Every, 2), Work::Word("{"), Work::Space]);
        for (cond, value) in arms {
            self.sub(*value, ALONE.least(OR));
            self.word(" if ");
            self.sub(*cond, ALONE.least(OR));
            self.put([Work::Word(";"), Work::Space]);
        }
        self.sub(otherwise, ALONE.least(OR));
        self.put([Work::Word(" otherwise }"), Work::Close]);
    }

    pub fn branches(&mut self, arms: &[(Ast, Ast)], otherwise: Ast) {
        self.put([Work::Open(Style::Every, 0)]);
        for (at, (cond, value)) in arms.iter().enumerate() {
            if at > 0 {
                self.put([Work::Space, Work::Word("else ")]);
            }
            self.put([Work::Open(Style::Fill, 2), Work::Word("if ")]);
            self.sub(*cond, ALONE.least(OR));
            self.put([Work::Space, Work::Word("then ")]);
            self.sub(*value, ALONE.least(OR));
            self.put([Work::Close]);
        }
        self.put([Work::Space, Work::Word("else ")]);
        let last = self.plain(otherwise);
        // Without brackets it would read as one more `else if`.
        let nested = matches!(self.tree.expr(last), Expr::If { braces: false, .. });
        self.sub(last, ALONE.least(if nested { OR } else { OPEN }));
        self.put([Work::Close]);
    }

    pub fn binding(&mut self, bindings: &[(Pattern, Ast)], body: Ast, after: bool) {
        self.put([Work::Open(Style::Every, if after { 2 } else { 0 })]);
        if after {
            self.sub(body, ALONE.least(OPEN));
            self.put([Work::Space, Work::Word("where ")]);
        } else {
            self.word("let ");
        }
        self.binding_parts(bindings, after);
        if !after {
            self.put([Work::Space, Work::Word("in ")]);
            self.sub(body, ALONE.least(OPEN));
        }
        self.put([Work::Close]);
    }

    /// The bindings below each other, after `where` or `let`.
    pub fn binding_parts(&mut self, bindings: &[(Pattern, Ast)], after: bool) {
        let word = if after { "where " } else { "let " };
        self.put([Work::Open(Style::Every, word.len() as u8)]);
        for (at, (pattern, value)) in bindings.iter().enumerate() {
            if at > 0 {
                self.put([Work::Word(","), Work::Space]);
            }
            self.put([Work::Pattern(pattern.clone()), Work::Word(" = ")]);
            self.sub(*value, ALONE.least(OPEN));
        }
        self.put([Work::Close]);
    }

    pub fn lambda(&mut self, params: &[(Name, Span)], body: Ast) {
        let single = params.len() == 1;
        self.word(if single { "" } else { "(" });
        for (at, (name, _)) in params.iter().enumerate() {
            self.put([Work::Word(if at > 0 { ", " } else { "" }), Work::Name(*name)]);
        }
        self.word(if single { " -> " } else { ") -> " });
        self.sub(body, ALONE.least(OPEN));
    }

    pub fn pattern_parts(&mut self, pattern: Pattern) {
        match pattern {
            Pattern::Name(name, _) => self.doc.text(self.tree.text(name)),
            Pattern::Tuple(parts) => {
                self.work.push(Work::Word(")"));
                for (at, part) in parts.into_iter().enumerate().rev() {
                    self.work.push(Work::Pattern(part));
                    self.work.push(Work::Word(if at > 0 { ", " } else { "(" }));
                }
            }
        }
    }
}
