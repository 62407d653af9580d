//! What a construct becomes when its end has come: brackets by their closing bracket, `let`, `if`,
//! `where` and arrows by whatever comes after them.

use super::super::frame::{Frame, Operand, Slot, What};
use super::super::token::Shape;
use super::super::tree::{Ast, Derivative, Expr, Name, Pattern, Reducer, Span};
use super::{Builder, Kind, Step, expected_operand, join, unclosed};
use crate::syntax::diagnostic::{Code, Diagnostic};

impl Builder<'_, '_> {
    pub fn close(&mut self, shape: Shape, span: Span) -> Step {
        if !self.unwind(|frame| frame.kind.shape().is_some()) {
            let closer = shape.closer();
            let frame = self.frame();
            let outermost = matches!(frame.kind, Kind::Root | Kind::Test);
            let unopened = || Diagnostic::new(Code::Unopened, span, "this bracket was never opened");
            return Err(match outermost {
                true => unopened().label(format!("`{closer}` closes nothing")),
                false => unclosed(frame),
            });
        }
        let frame = self.frame();
        if frame.kind.shape() != Some(shape) {
            let (opener, closer) = (frame.mark, frame.kind.shape().map_or("", Shape::closer));
            let text = self.source(opener);
            return Err(Diagnostic::new(
                Code::Mismatched,
                span,
                format!("`{text}` is closed by `{}`", shape.closer()),
            )
            .label(format!("expected `{closer}` here")));
        }
        match frame.kind {
            Kind::Group => self.close_group(span),
            Kind::Call { callee, elementwise } => self.close_call(callee, elementwise, span),
            Kind::Index { array } => self.close_index(array, span),
            Kind::Array => self.close_array(span),
            Kind::Braces => self.close_braces(span),
            Kind::Root | Kind::Test | Kind::Let | Kind::Where { .. } | Kind::If | Kind::Lambda => Ok(()),
        }
    }

    /// The last item of a list. None is needed after a comma or in an empty list.
    fn last_item(&mut self, span: Span) -> Step {
        if !self.slot_is_empty() {
            let item = self.left_operand(span)?;
            self.frame().items.push(item);
        }
        Ok(())
    }

    fn close_group(&mut self, span: Span) -> Step {
        let single = self.frame().items.is_empty();
        self.last_item(span)?;
        let frame = self.pop_frame();
        let whole = Span { start: frame.start, ..join(frame.mark, span) };
        match frame.items[..] {
            [] => Err(Diagnostic::new(Code::EmptyBrackets, whole, "there is nothing between these brackets")
                .label("expected an expression")),
            [only] if single => {
                // Brackets leave no trace in the tree; but `(x)` is no name any more.
                let ast = self.node(only);
                self.out.push(Operand { what: What::Node(ast), span: whole });
                Ok(())
            }
            _ => {
                let items = self.nodes(&frame.items);
                self.push(Expr::Tuple(items), whole);
                Ok(())
            }
        }
    }

    fn close_index(&mut self, array: Ast, span: Span) -> Step {
        if !(self.slot_is_empty() && self.frame().slot == Slot::Item && !self.frame().subscripts.is_empty()) {
            if self.slot_is_empty() {
                return Err(Diagnostic::new(Code::EmptyBrackets, span, "an index is missing")
                    .label("expected one before this"));
            }
            self.end_subscript(span)?;
        }
        let frame = self.pop_frame();
        let whole = Span { start: frame.start, ..span };
        self.push(Expr::Index { array, at: frame.subscripts }, whole);
        Ok(())
    }

    fn close_array(&mut self, span: Span) -> Step {
        if self.frame().slot == Slot::Item {
            self.last_item(span)?;
            let frame = self.pop_frame();
            let items = self.nodes(&frame.items);
            self.push(Expr::Array(items), join(frame.mark, span));
            return Ok(());
        }
        let cond = self.end_filter(span)?;
        let frame = self.pop_frame();
        let body = self.node(frame.items[0]);
        self.push(Expr::Comprehension { body, over: frame.over.into(), cond }, join(frame.mark, span));
        Ok(())
    }

    /// The end of the last `for`, or of the filter after it.
    fn end_filter(&mut self, span: Span) -> Step<Option<Ast>> {
        let slot = self.frame().slot;
        if slot == Slot::Filter {
            return Ok(Some(self.value(span)?));
        }
        if slot == Slot::Low {
            return Err(Diagnostic::new(
                Code::IncompleteRange,
                span,
                "the range of this `for` has only one end",
            )
            .label("expected `..` before this")
            .help("write `for i in a..b`"));
        }
        self.end_loop(span)?;
        Ok(None)
    }

    fn close_braces(&mut self, span: Span) -> Step {
        if !(self.slot_is_empty() && self.frame().slot == Slot::Item) {
            self.end_case_or_field(span)?;
        }
        let frame = self.pop_frame();
        let whole = join(frame.mark, span);
        match (frame.labels.is_empty(), frame.arms.is_empty(), frame.last) {
            (false, true, None) => {
                let values = self.nodes(&frame.items);
                let fields = frame.labels.iter().map(|(name, _)| *name).zip(values).collect();
                self.push(Expr::Record(fields), whole);
                Ok(())
            }
            (true, false, Some(otherwise)) => {
                self.push(Expr::If { arms: frame.arms, otherwise, braces: true }, whole);
                Ok(())
            }
            (true, true, Some(otherwise)) => {
                self.out.push(Operand { what: What::Node(otherwise), span: whole });
                Ok(())
            }
            (true, false, None) => {
                Err(Diagnostic::new(Code::NoOtherwise, span, "these cases do not say what holds otherwise")
                    .label("expected `; e otherwise` before this")
                    .help("write `{ a if c; b otherwise }`"))
            }
            (true, true, None) => {
                Err(Diagnostic::new(Code::EmptyBrackets, whole, "there is nothing between these braces")
                    .label("expected fields"))
            }
            (false, _, _) => {
                Err(Diagnostic::new(Code::MixedBraces, whole, "these braces mix fields and cases")
                    .label("either `name: value` or `value if condition`"))
            }
        }
    }

    // ── Calls ────────────────────────────────────────────────────────────────────────────────────

    fn close_call(&mut self, callee: What, elementwise: bool, span: Span) -> Step {
        let slot = self.frame().slot;
        if slot == Slot::Item {
            self.last_item(span)?;
            let frame = self.pop_frame();
            return self.plain_call(&frame, callee, elementwise, span);
        }
        let place = self.frame().mark;
        let name = match callee {
            What::Name(name) if !elementwise => name,
            What::Name(_) | What::Node(_) | What::Whole => {
                return Err(Diagnostic::new(Code::MisplacedFor, place, "only a plain name can take a loop")
                    .label("in this call"));
            }
        };
        let word = self.tree.text(name).to_string();
        match word.as_str() {
            "fold" | "scan" if slot == Slot::Next => self.close_fold(word == "scan", span),
            "iterate" if slot == Slot::Next => self.close_iterate(span),
            "fold" | "scan" => Err(self.bad_loop(place, &word, "s = s0 for i in a..b: next")),
            "iterate" => Err(self.bad_loop(place, &word, "s = s0 while c: next")),
            _ => match reducer(&word) {
                Some(op) => self.close_reduce(op, &word, span),
                None if slot == Slot::Init => Err(Diagnostic::new(
                    Code::NamedArgument,
                    place,
                    format!("the arguments of `{word}` have no names"),
                )
                .label("this call gives one a name")
                .help("to compare, write `==`")),
                None => Err(Diagnostic::new(Code::MisplacedFor, place, format!("`{word}` takes no `for`"))
                    .label("in this call")
                    .help(format!("make an array first: `{word}([e for i in a..b])`"))),
            },
        }
    }

    fn bad_loop(&self, place: Span, word: &str, form: &str) -> Diagnostic {
        Diagnostic::new(Code::IncompleteLoop, place, format!("this `{word}` is not complete"))
            .label("in this call")
            .help(format!("write `{word}({form})`"))
    }

    fn plain_call(&mut self, frame: &Frame, callee: What, elementwise: bool, span: Span) -> Step {
        let whole = Span { start: frame.start, ..span };
        let place = Span { start: frame.start, end: frame.mark.start, ..span };
        if let What::Name(name) = callee
            && !elementwise
            && let Some(kind) = derivative(self.tree.text(name))
            && let Some((body, by)) = variables(&frame.items)
        {
            let body = self.node(body);
            self.push(Expr::Derivative { kind, body, by }, whole);
            return Ok(());
        }
        let callee = self.node(Operand { what: callee, span: place });
        let args = self.nodes(&frame.items);
        self.push(Expr::Call { callee, args, elementwise }, whole);
        Ok(())
    }

    fn close_fold(&mut self, trace: bool, span: Span) -> Step {
        let next = self.value(span)?;
        let mut frame = self.pop_frame();
        let whole = Span { start: frame.start, ..span };
        if frame.over.len() > 1 {
            let second = frame.over[1].span;
            return Err(Diagnostic::new(Code::MisplacedFor, second, "a sequential loop has one index")
                .label("this is a second")
                .help("put one loop into the other"));
        }
        let (Some(state), Some(over)) = (frame.pattern.take(), frame.over.pop()) else {
            let word = if trace { "scan" } else { "fold" };
            return Err(self.bad_loop(frame.mark, word, "s = s0 for i in a..b: next"));
        };
        let init = self.node(frame.items[0]);
        let (state, over) = (Box::new(state), Box::new(over));
        self.push(Expr::Fold { state, init, over, next, trace }, whole);
        Ok(())
    }

    fn close_iterate(&mut self, span: Span) -> Step {
        let next = self.value(span)?;
        let mut frame = self.pop_frame();
        let whole = Span { start: frame.start, ..span };
        let (Some(state), Some(init), Some(cond)) = (frame.pattern.take(), frame.first, frame.cond) else {
            return Err(self.bad_loop(frame.mark, "iterate", "s = s0 while c: next"));
        };
        self.push(Expr::Iterate { state: Box::new(state), init, cond, next }, whole);
        Ok(())
    }

    /// `sum(e for i in a..b)`, or `sum(i = a..b, e)`.
    fn close_reduce(&mut self, op: Reducer, word: &str, span: Span) -> Step {
        let (mut cond, mut summand) = (None, None);
        let slot = self.frame().slot;
        if slot == Slot::Summand {
            summand = Some(self.value(span)?);
        } else if matches!(slot, Slot::Init | Slot::RangeHigh | Slot::While | Slot::Next) {
            let place = self.frame().mark;
            return Err(self.bad_loop(place, word, "e for i in a..b"));
        } else {
            cond = self.end_filter(span)?;
        }
        let frame = self.pop_frame();
        let whole = Span { start: frame.start, ..span };
        if summand.is_none() && frame.pattern.is_some() {
            return Err(self.bad_loop(frame.mark, word, "e for i in a..b"));
        }
        let body = match (summand, frame.items.first()) {
            (Some(body), _) => body,
            (None, Some(item)) => self.node(*item),
            (None, None) => return Err(expected_operand(span)),
        };
        self.push(Expr::Reduce { op, body, over: frame.over.into(), cond }, whole);
        Ok(())
    }

    // ── Constructs that no word ends ─────────────────────────────────────────────────────────────

    /// Ends the innermost frame if it is one that ends with what contains it. Its value becomes an
    /// operand of the frame outside.
    pub fn finish_open(&mut self) -> bool {
        let (kind, slot, base) = {
            let frame = self.frame();
            (frame.kind, frame.slot, frame.base)
        };
        let ends = matches!(
            (kind, slot),
            (Kind::Let, Slot::Body)
                | (Kind::If, Slot::Else)
                | (Kind::Lambda, Slot::Body)
                | (Kind::Where { .. }, Slot::Value)
        );
        if !ends || self.out.len() <= base {
            return false;
        }
        let Some(operand) = self.out.pop() else { return false };
        let value = self.node(operand);
        let mut frame = self.pop_frame();
        let span = Span { start: frame.start, ..operand.span };
        let expr = match kind {
            Kind::Let => Expr::Let { bindings: frame.bindings, body: value, after: false },
            Kind::Where { body } => {
                frame.bindings.extend(frame.pattern.take().map(|pattern| (pattern, value)));
                Expr::Let { bindings: frame.bindings, body, after: true }
            }
            Kind::If => Expr::If { arms: frame.arms, otherwise: value, braces: false },
            Kind::Lambda => Expr::Lambda { params: params(frame.pattern), body: value },
            Kind::Root
            | Kind::Test
            | Kind::Group
            | Kind::Call { .. }
            | Kind::Index { .. }
            | Kind::Array
            | Kind::Braces => unreachable!("brackets have an end of their own"),
        };
        self.push(expr, span);
        true
    }

    fn nodes(&mut self, operands: &[Operand]) -> Vec<Ast> {
        operands.iter().map(|operand| self.node(*operand)).collect()
    }
}

/// The names of `x ->` or `(x, y) ->`.
fn params(pattern: Option<Pattern>) -> Vec<(Name, Span)> {
    match pattern {
        Some(Pattern::Name(name, span)) => vec![(name, span)],
        Some(Pattern::Tuple(parts)) => parts.into_iter().flat_map(|part| params(Some(part))).collect(),
        None => Vec::new(),
    }
}

/// The reduction with this name.
pub fn reducer(word: &str) -> Option<Reducer> {
    Some(match word {
        "sum" => Reducer::Sum,
        "prod" => Reducer::Prod,
        "max" => Reducer::Max,
        "min" => Reducer::Min,
        "any" => Reducer::Any,
        "all" => Reducer::All,
        "count" => Reducer::Count,
        _ => return None,
    })
}

fn derivative(word: &str) -> Option<Derivative> {
    Some(match word {
        "diff" => Derivative::Diff,
        "grad" => Derivative::Grad,
        "jac" => Derivative::Jac,
        "hess" => Derivative::Hess,
        _ => return None,
    })
}

/// An expression, and the plain names by which it is differentiated.
fn variables(items: &[Operand]) -> Option<(Operand, Vec<(Name, Span)>)> {
    let (body, names) = items.split_first()?;
    let by: Option<Vec<_>> = names
        .iter()
        .map(|operand| match operand.what {
            What::Name(name) => Some((name, operand.span)),
            What::Node(_) | What::Whole => None,
        })
        .collect();
    by.filter(|by| !by.is_empty()).map(|by| (*body, by))
}
