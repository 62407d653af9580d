//! The brackets, words and arrows that open a construct.

use super::super::frame::{Kind, Slot, What};
use super::super::token::Shape;
use super::super::tree::{Expr, Pattern, Span};
use super::{Builder, Step, join};
use crate::syntax::diagnostic::{Code, Diagnostic};

impl Builder<'_, '_> {
    pub fn open_bracket(&mut self, shape: Shape, span: Span) {
        let kind = match shape {
            Shape::Round => Kind::Group,
            Shape::Square => Kind::Array,
            Shape::Curly => Kind::Braces,
        };
        self.open(kind, Slot::Item, span);
    }

    /// `if`: one more arm where it directly follows `else`.
    pub fn open_if(&mut self, span: Span) {
        let after_else = self.slot_is_empty() && {
            let frame = self.frame();
            matches!(frame.kind, Kind::If) && frame.slot == Slot::Else
        };
        if after_else {
            self.frame().slot = Slot::Cond;
        } else {
            self.open(Kind::If, Slot::Cond, span);
        }
    }

    pub fn lambda(&mut self, params: Pattern, span: Span) -> Step {
        if let Pattern::Tuple(parts) = &params
            && parts.iter().any(|part| matches!(part, Pattern::Tuple(_)))
        {
            return Err(Diagnostic::new(Code::NameWanted, span, "a parameter is a single name")
                .label("this takes one apart")
                .help("give it a name, and take it apart with `let (a, b) = p in …`"));
        }
        self.open(Kind::Lambda, Slot::Body, span);
        self.frame().pattern = Some(params);
        Ok(())
    }

    /// `x ->`
    pub fn arrow(&mut self, span: Span) -> Step {
        let left = self.left_operand(span)?;
        let What::Name(name) = left.what else {
            return Err(Diagnostic::new(
                Code::NameWanted,
                left.span,
                "left of `->` stand the names of the parameters",
            )
            .label("not a name")
            .help("write `x -> e` or `(x, y) -> e`"));
        };
        self.lambda(Pattern::Name(name, left.span), join(left.span, span))
    }

    /// `(` directly after what is called.
    pub fn call(&mut self, elementwise: bool, span: Span) -> Step {
        let callee = self.left_operand(span)?;
        let callable = match callee.what {
            What::Name(_) => true,
            What::Node(ast) => matches!(self.tree.expr(ast), Expr::Field { .. } | Expr::Prime { .. }),
            What::Whole => false,
        };
        if !callable {
            let help = match self.quote(callee.span) {
                Some(text) => format!("to multiply, write `{text}*(…)`"),
                None => "to multiply, write `*` between them".to_string(),
            };
            return Err(Diagnostic::new(Code::NotCallable, span, "only a function's name can be called")
                .label("expected an operator here")
                .help(help));
        }
        self.open_at(Kind::Call { callee: callee.what, elementwise }, Slot::Item, span, callee.span.start);
        Ok(())
    }

    pub fn index(&mut self, span: Span) -> Step {
        let array = self.left_operand(span)?;
        let at = self.node(array);
        self.open_at(Kind::Index { array: at }, Slot::Item, span, array.span.start);
        Ok(())
    }
}
