//! The words that end one part of a construct and begin the next: commas, `=`, `:`, `..`, `then`,
//! `for` and their like. Each finds the frame it belongs to, stores what was read, and moves on.

use super::super::frame::{Operand, Slot, What};
use super::super::token::Token;
use super::super::tree::{For, Pattern, Span, Subscript};
use super::{Builder, Kind, Step, expected_operand, misplaced};
use crate::syntax::diagnostic::{Code, Diagnostic};

impl Builder<'_, '_> {
    pub fn comma(&mut self, span: Span) -> Step {
        let more = self.binding_follows();
        let found = self.unwind(|frame| match frame.kind {
            Kind::Group | Kind::Call { .. } | Kind::Index { .. } | Kind::Array | Kind::Braces => true,
            Kind::Let => frame.slot == Slot::Value,
            Kind::Where { .. } | Kind::Test => frame.slot == Slot::Value && more,
            Kind::Root | Kind::If | Kind::Lambda => false,
        });
        if !found {
            return Err(misplaced(",", span, self.frame()));
        }
        match self.frame().kind {
            Kind::Let | Kind::Where { .. } | Kind::Test => self.end_binding(span),
            Kind::Braces => self.end_case_or_field(span),
            Kind::Index { .. } => self.end_subscript(span),
            Kind::Group | Kind::Call { .. } | Kind::Array => self.end_item(span),
            Kind::Root | Kind::If | Kind::Lambda => Ok(()),
        }
    }

    /// Whether the next words are `name =` or `(a, b) =`.
    fn binding_follows(&self) -> bool {
        let at = |ahead: usize| self.words.tokens.get(self.next + ahead).map(|(token, _)| token);
        match at(0) {
            Some(Token::Binds(_)) => true,
            Some(Token::Name(_)) => matches!(at(1), Some(Token::Equals)),
            Some(_) | None => false,
        }
    }

    /// A comma in a list, or in the `for` part of one.
    fn end_item(&mut self, span: Span) -> Step {
        let slot = self.frame().slot;
        if slot == Slot::Item {
            let item = self.left_operand(span)?;
            self.frame().items.push(item);
        } else if slot.is_loop() {
            self.end_loop(span)?;
            self.frame().slot = Slot::Index;
        } else if slot == Slot::RangeHigh {
            self.end_loop(span)?;
            self.frame().slot = Slot::Summand;
        } else {
            return Err(misplaced(",", span, self.frame()));
        }
        Ok(())
    }

    pub fn semicolon(&mut self, span: Span) -> Step {
        let found = self.unwind(|frame| frame.kind.shape().is_some());
        if !found || !matches!(self.frame().kind, Kind::Braces) {
            return Err(Diagnostic::new(
                Code::Misplaced,
                span,
                "`;` separates the cases in `{ a if c; b otherwise }`",
            )
            .label("does not belong here")
            .help("elsewhere write `,`; rows of a matrix are `[[1, 2], [3, 4]]`"));
        }
        self.end_case_or_field(span)
    }

    /// The end of a field or a case in braces.
    pub fn end_case_or_field(&mut self, span: Span) -> Step {
        let slot = self.frame().slot;
        if slot == Slot::Field {
            let value = self.left_operand(span)?;
            self.frame().items.push(value);
            self.frame().slot = Slot::Item;
        } else if slot == Slot::Case {
            let cond = self.value(span)?;
            let frame = self.frame();
            frame.arms.extend(frame.first.take().map(|value| (cond, value)));
            frame.slot = Slot::Item;
        } else if slot != Slot::Done {
            return Err(Diagnostic::new(Code::MixedBraces, span, "braces hold fields or cases")
                .label("expected `:` after a name, or `if` after a value")
                .help("write `{x: 1, y: 2}` or `{ a if c; b otherwise }`"));
        }
        Ok(())
    }

    /// `e otherwise`
    pub fn last_case(&mut self, span: Span) -> Step {
        let found = self.unwind(|frame| matches!(frame.kind, Kind::Braces) && frame.slot == Slot::Item);
        if !found {
            return Err(misplaced("otherwise", span, self.frame()));
        }
        let value = self.value(span)?;
        let frame = self.frame();
        frame.last = Some(value);
        frame.slot = Slot::Done;
        Ok(())
    }

    pub fn end_subscript(&mut self, span: Span) -> Step {
        let subscript = if self.frame().slot == Slot::High {
            let high = self.value(span)?;
            let Some(low) = self.frame().first.take() else { return Err(expected_operand(span)) };
            Subscript::Range(low, high)
        } else if matches!(self.out.last(), Some(Operand { what: What::Whole, .. })) {
            self.out.pop();
            Subscript::All
        } else {
            Subscript::At(self.value(span)?)
        };
        let frame = self.frame();
        frame.subscripts.push(subscript);
        frame.slot = Slot::Item;
        Ok(())
    }

    /// `:` after an operand: a label, or the step of a loop.
    pub fn colon(&mut self, span: Span) -> Step {
        let direct = self.stack.len() == self.frames[self.frames.len() - 1] + 1;
        if direct && matches!(self.frame().kind, Kind::Braces) && self.frame().slot == Slot::Item {
            let label = self.left_operand(span)?;
            let What::Name(name) = label.what else {
                return Err(Diagnostic::new(
                    Code::NameWanted,
                    label.span,
                    "left of `:` stands the name of a field",
                )
                .label("not a name"));
            };
            let frame = self.frame();
            frame.labels.push((name, label.span));
            frame.slot = Slot::Field;
            return Ok(());
        }
        let found = self.unwind(|frame| frame.kind.shape().is_some());
        let slot = self.frame().slot;
        let in_call = found && matches!(self.frame().kind, Kind::Call { .. });
        if in_call && slot.is_loop() {
            self.end_loop(span)?;
        } else if in_call && slot == Slot::While {
            let cond = self.value(span)?;
            self.frame().cond = Some(cond);
        } else {
            return Err(Diagnostic::new(Code::Misplaced, span, "`:` does not belong here")
                .label("unexpected")
                .help("a range is written `a..b`; a field is `name: value` in braces"));
        }
        self.frame().slot = Slot::Next;
        Ok(())
    }

    /// `=` after an operand: a binding, a start value, or the expected value of a test.
    pub fn equals(&mut self, span: Span) -> Step {
        let direct = self.stack.len() == self.frames[self.frames.len() - 1] + 1;
        if direct
            && self.may_bind()
            && let Some(Operand { what: What::Name(name), span: place }) = self.out.last().copied()
        {
            self.out.pop();
            return self.bind(Pattern::Name(name, place), span);
        }
        self.settle_to_test();
        if matches!(self.frame().kind, Kind::Test) && self.test.right.is_none() {
            return self.next_test_part(Slot::Right, span);
        }
        let error = Diagnostic::new(Code::EqualsSign, span, "`=` defines a name; to compare, write `==`")
            .label("does not belong here");
        let after_for = self.frame().slot.is_loop() || self.frame().slot == Slot::Index;
        Err(if after_for { error.help("a range is written `for i in 1..n`") } else { error })
    }

    /// Whether `name =` may stand at the beginning of the innermost slot.
    fn may_bind(&mut self) -> bool {
        let frame = self.frame();
        let first_argument = frame.slot == Slot::Item && frame.items.is_empty();
        let is_call = matches!(frame.kind, Kind::Call { .. });
        frame.slot == Slot::Binder || (is_call && (first_argument || frame.slot == Slot::Summand))
    }

    /// `pattern =`
    pub fn bind(&mut self, pattern: Pattern, span: Span) -> Step {
        if !self.may_bind() {
            return Err(Diagnostic::new(
                Code::EqualsSign,
                span,
                "`=` defines a name; to compare, write `==`",
            )
            .label("does not belong here"));
        }
        let frame = self.frame();
        frame.pattern = Some(pattern);
        frame.slot = if frame.slot == Slot::Binder { Slot::Value } else { Slot::Init };
        Ok(())
    }

    /// The end of the value of `name = value`.
    pub fn end_binding(&mut self, span: Span) -> Step {
        let value = self.value(span)?;
        let frame = self.frame();
        if let Some(pattern) = frame.pattern.take() {
            frame.bindings.push((pattern, value));
        }
        frame.slot = Slot::Binder;
        Ok(())
    }

    pub fn where_word(&mut self, span: Span) -> Step {
        loop {
            self.settle();
            if !self.finish_open() {
                break;
            }
        }
        if matches!(self.frame().kind, Kind::Test) {
            return self.next_test_part(Slot::Binder, span);
        }
        let body = self.left_operand(span)?;
        let start = body.span.start;
        let body = self.node(body);
        self.open_at(Kind::Where { body }, Slot::Binder, span, start);
        Ok(())
    }

    pub fn then(&mut self, span: Span) -> Step {
        let found = self.unwind(|frame| matches!(frame.kind, Kind::If) && frame.slot == Slot::Cond);
        if !found {
            return Err(misplaced("then", span, self.frame()));
        }
        let cond = self.value(span)?;
        let frame = self.frame();
        frame.cond = Some(cond);
        frame.slot = Slot::Then;
        Ok(())
    }

    pub fn otherwise_word(&mut self, span: Span) -> Step {
        let found = self.unwind(|frame| matches!(frame.kind, Kind::If) && frame.slot == Slot::Then);
        if !found {
            return Err(misplaced("else", span, self.frame()));
        }
        let value = self.value(span)?;
        let frame = self.frame();
        if let Some(cond) = frame.cond.take() {
            frame.arms.push((cond, value));
        }
        frame.slot = Slot::Else;
        Ok(())
    }

    /// `in`: the body of a `let`, or the range of a further index.
    pub fn in_word(&mut self, span: Span) -> Step {
        if self.frame().slot == Slot::Index {
            let bare = self.frame().over.last().is_some_and(|last| last.range.is_none());
            let index = self.left_operand(span)?;
            if let What::Name(name) = index.what {
                let frame = self.frame();
                frame.over.push(For { name, span: index.span, range: None });
                frame.slot = Slot::Low;
            }
            if bare {
                return Err(Diagnostic::new(
                    Code::IncompleteRange,
                    span,
                    "the index before this one has no range",
                )
                .label("which range is whose?")
                .help("write `for i in 1..m, j in 1..n`"));
            }
            return Ok(());
        }
        let found = self.unwind(|frame| matches!(frame.kind, Kind::Let) && frame.slot == Slot::Value);
        if !found {
            return Err(misplaced("in", span, self.frame()));
        }
        self.end_binding(span)?;
        self.frame().slot = Slot::Body;
        Ok(())
    }

    /// `if` after an operand: a case in braces, or a filter after `for`.
    pub fn when(&mut self, span: Span) -> Step {
        let found = self.unwind(|frame| frame.kind.shape().is_some());
        let (kind, slot) = (self.frame().kind, self.frame().slot);
        if found && matches!(kind, Kind::Braces) && slot == Slot::Item {
            let value = self.value(span)?;
            let frame = self.frame();
            frame.first = Some(value);
            frame.slot = Slot::Case;
        } else if found && matches!(kind, Kind::Call { .. } | Kind::Array) && slot.is_loop() {
            self.end_loop(span)?;
            self.frame().slot = Slot::Filter;
        } else {
            return Err(Diagnostic::new(
                Code::Misplaced,
                span,
                "`if` does not belong after an expression here",
            )
            .label("unexpected")
            .help("write `if c then a else b`, or `{ a if c; b otherwise }`"));
        }
        Ok(())
    }
}
