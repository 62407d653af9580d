//! The parts of loops: `for i in a..b`, ranges, `while`.

use super::super::fold::fold;
use super::super::frame::{Operand, Slot, What};
use super::super::tree::{For, Pattern, Span};
use super::{Builder, Kind, Step, misplaced};
use crate::syntax::diagnostic::{Code, Diagnostic};

impl Builder<'_, '_> {
    /// `..`
    pub fn range(&mut self, span: Span) -> Step {
        let found = self.unwind(|frame| {
            let indexed = matches!(frame.kind, Kind::Index { .. }) && frame.slot == Slot::Item;
            indexed || matches!(frame.slot, Slot::Low | Slot::Init)
        });
        if !found {
            return Err(Diagnostic::new(
                Code::MisplacedRange,
                span,
                "a range `a..b` stands after `in`, or in an index",
            )
            .label("does not belong here")
            .help("for an array of numbers write `[i for i in a..b]`"));
        }
        let low = self.value(span)?;
        let frame = self.frame();
        frame.first = Some(low);
        frame.slot = if frame.slot == Slot::Init { Slot::RangeHigh } else { Slot::High };
        Ok(())
    }

    pub fn while_word(&mut self, span: Span) -> Step {
        let found = self.unwind(|frame| frame.slot == Slot::Init);
        if !found {
            return Err(misplaced("while", span, self.frame()));
        }
        let init = self.value(span)?;
        let frame = self.frame();
        frame.first = Some(init);
        frame.slot = Slot::While;
        Ok(())
    }

    /// `for i in` (`ranged`), or `for i`.
    pub fn loop_over(&mut self, name: &str, place: Span, span: Span, ranged: bool) -> Step {
        let found = self.unwind(|frame| frame.kind.shape().is_some());
        if !found {
            return Err(misplaced("for", span, self.frame()));
        }
        let (kind, slot, single) = {
            let frame = self.frame();
            (frame.kind, frame.slot, frame.items.is_empty())
        };
        let looping = matches!(kind, Kind::Call { .. } | Kind::Array);
        if looping && single && matches!(slot, Slot::Item | Slot::Init) {
            // The body of a sum, or the start value of a loop, is the one item.
            let what = What::Node(self.value(span)?);
            self.frame().items.push(Operand { what, span });
        } else if looping && slot.is_loop() {
            self.end_loop(span)?;
        } else if slot == Slot::Filter {
            return Err(Diagnostic::new(
                Code::MisplacedFor,
                span,
                "the filter `if` comes after the last `for`",
            )
            .label("this `for` comes after it"));
        } else {
            let forms = "`for` stands in `[e for i in a..b]` or `sum(e for i in a..b)`";
            return Err(Diagnostic::new(Code::MisplacedFor, span, forms).label("does not belong here"));
        }
        let name = self.tree.intern(&fold(name));
        let frame = self.frame();
        frame.over.push(For { name, span: place, range: None });
        frame.slot = if ranged { Slot::Low } else { Slot::Bare };
        Ok(())
    }

    /// The end of `i in a..b`, `i` or `i = a..b`.
    pub fn end_loop(&mut self, span: Span) -> Step {
        let slot = self.frame().slot;
        if slot == Slot::Index {
            let index = self.left_operand(span)?;
            if let What::Name(name) = index.what {
                self.frame().over.push(For { name, span: index.span, range: None });
            }
            return Ok(());
        }
        if slot == Slot::Bare {
            return Ok(());
        }
        let high = self.value(span)?;
        let frame = self.frame();
        // `i = a..b`; the pattern of a `fold` is its state.
        if let Some(pattern) = frame.pattern.take_if(|_| slot == Slot::RangeHigh) {
            let Pattern::Name(name, place) = pattern else {
                return Err(Diagnostic::new(Code::NameWanted, span, "an index is a single name")
                    .label("in this loop"));
            };
            frame.over.push(For { name, span: place, range: None });
        }
        if let (Some(low), Some(last)) = (frame.first.take(), frame.over.last_mut()) {
            last.range = Some((low, high));
        }
        Ok(())
    }
}
