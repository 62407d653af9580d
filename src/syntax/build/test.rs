//! The parts of a test: `left = right ~ tolerance where x = 2`, in either order.

use super::super::frame::Slot;
use super::super::tree::{Ast, Span};
use super::{Builder, Kind, Step, Test};
use crate::syntax::diagnostic::{Code, Diagnostic};

impl Builder<'_, '_> {
    /// `~`
    pub fn tilde(&mut self, span: Span) -> Step {
        self.settle_to_test();
        if matches!(self.frame().kind, Kind::Test) && self.test.tolerance.is_none() {
            return self.next_test_part(Slot::Tolerance, span);
        }
        Err(Diagnostic::new(Code::Misplaced, span, "`~` stands in a test, before its tolerance")
            .label("does not belong here"))
    }

    pub fn settle_to_test(&mut self) {
        loop {
            self.settle();
            if matches!(self.frame().kind, Kind::Test) || !self.finish_open() {
                return;
            }
        }
    }

    pub fn next_test_part(&mut self, slot: Slot, span: Span) -> Step {
        self.end_test_part(span)?;
        self.frame().slot = slot;
        Ok(())
    }

    /// Stores the part of a test that ends here.
    pub fn end_test_part(&mut self, span: Span) -> Step {
        if self.frame().slot == Slot::Value {
            self.end_binding(span)?;
            let bindings = std::mem::take(&mut self.frame().bindings);
            self.test.bindings.extend(bindings);
            return Ok(());
        }
        let slot = self.frame().slot;
        let value: Ast = self.value(span)?;
        let Test { left, right, tolerance, .. } = &mut self.test;
        let part = if slot == Slot::Right {
            right
        } else if slot == Slot::Tolerance {
            tolerance
        } else {
            left
        };
        *part = Some(value);
        Ok(())
    }
}
