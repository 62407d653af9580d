//! Calls, choices, reductions, loops and derivatives.

use super::mark::{Big, Form, Mark, Sign};
use super::names::{power, raised};
use super::template::{Piece, Template};
use super::{ATOM, BIG, FRACTION, OPEN, OR, POSTFIX, POWER, PRODUCT, SUM, Writer};
use crate::primitive;
use crate::syntax::tree::{Ast, Derivative, Expr, For, Name, Pattern, Reducer, Span};

impl Writer<'_> {
    // ── Calls ────────────────────────────────────────────────────────────────────────────────────

    /// How the table or the notation spells a call.
    fn template(&self, callee: Ast, args: &[Ast]) -> Option<Template> {
        let Expr::Name(name) = self.tree.expr(callee) else { return None };
        if self.defined.contains(name) {
            return None;
        }
        let text = self.tree.text(*name);
        let own = match (text, args.len()) {
            ("norm", 1) => "\\left\\|{0}\\right\\|",
            ("dot", 2) => "{0} \\cdot {1}",
            ("cross", 2) => "{0} \\times {1}",
            ("transpose", 1) => "{0}^{\\mathsf{T}}",
            ("inv", 1) => "{0}^{-1}",
            ("zeros", 1) => "\\mathbf{0}_{{0}}",
            ("ones", 1) => "\\mathbf{1}_{{0}}",
            ("eye", 1) => "I_{{0}}",
            ("det", 1) => "\\det({0})",
            ("trace", 1) => "\\operatorname{tr}({0})",
            ("max" | "min", 3..) => return None,
            _other => primitive::find_call(text, args.len())?.row().latex,
        };
        Some(Template::new(own))
    }

    pub(super) fn call_level(&self, callee: Ast, args: &[Ast]) -> u8 {
        self.template(callee, args).map_or(POSTFIX, |template| template.level)
    }

    pub(super) fn call(&mut self, callee: Ast, args: &[Ast]) {
        if let Some(template) = self.template(callee, args) {
            for piece in template.pieces {
                match piece {
                    Piece::Mark(mark) => self.mark(mark),
                    Piece::Hole { argument, least } => self.expr(args[argument], least),
                    Piece::Applied { argument } => self.list_in_parens(&args[argument..=argument]),
                }
            }
            return;
        }
        match self.tree.expr(callee) {
            Expr::Name(name) if is_big(self.tree.text(*name)) => {
                self.mark(Mark::Function(self.tree.text(*name).to_string()));
            }
            _other => self.expr(callee, POSTFIX),
        }
        self.list_in_parens(args);
    }

    fn list_in_parens(&mut self, args: &[Ast]) {
        self.at(Form::Paren, 0);
        self.list(args);
        self.at(Form::Paren, 1);
    }

    // ── Choices ──────────────────────────────────────────────────────────────────────────────────

    pub(super) fn cases(&mut self, arms: &[(Ast, Ast)], otherwise: Ast) {
        self.at(Form::Cases, 0);
        for &(cond, value) in arms {
            self.expr(value, OR);
            self.at(Form::Cases, 1);
            self.words("if ");
            self.expr(cond, OR);
            self.at(Form::Cases, 2);
        }
        self.expr(otherwise, OR);
        self.at(Form::Cases, 1);
        self.words("otherwise");
        self.at(Form::Cases, 3);
    }

    // ── Indices ──────────────────────────────────────────────────────────────────────────────────

    /// Something with its indices below and their ends above: from `i = 1` to `n`.
    pub(super) fn indexed(&mut self, over: &[For], base: impl FnOnce(&mut Self)) {
        let form = if over.iter().any(|index| index.range.is_some()) { Form::SubSup } else { Form::Sub };
        self.at(form, 0);
        base(self);
        self.at(form, 1);
        self.bounds(form, 2, over);
    }

    /// The indices, piece `next` of a form, their ends where they have any, and the piece after it.
    fn bounds(&mut self, form: Form, next: usize, over: &[For]) {
        for (at, index) in over.iter().enumerate() {
            self.between(at, Sign::WideComma);
            self.name(index.name);
            if let Some((low, _)) = index.range {
                self.sign(Sign::From);
                self.expr(low, SUM);
            }
        }
        self.at(form, next);
        let highs: Vec<Ast> = over.iter().filter_map(|index| index.range.map(|(_, high)| high)).collect();
        if highs.is_empty() {
            return;
        }
        for (at, high) in highs.into_iter().enumerate() {
            self.between(at, Sign::WideComma);
            self.expr(high, SUM);
        }
        self.at(form, next + 1);
    }

    /// `1 ≤ i ≤ n`
    fn ranges(&mut self, over: &[For]) {
        for (at, index) in over.iter().enumerate() {
            self.between(at, Sign::WideComma);
            match index.range {
                Some((low, high)) => {
                    self.expr(low, SUM);
                    self.sign(Sign::LessEqual);
                    self.name(index.name);
                    self.sign(Sign::LessEqual);
                    self.expr(high, SUM);
                }
                None => self.name(index.name),
            }
        }
    }

    pub(super) fn comprehension(&mut self, body: Ast, over: &[For], cond: Option<Ast>) {
        self.indexed(over, |writer| {
            writer.at(Form::Bracket, 0);
            writer.expr(body, OR);
            if let Some(cond) = cond {
                writer.sign(Sign::SuchThat);
                writer.expr(cond, OR);
            }
            writer.at(Form::Bracket, 1);
        });
    }

    pub(super) fn reduction(&mut self, op: Reducer, body: Ast, over: &[For], cond: Option<Ast>) {
        let big = match op {
            Reducer::Sum => Big::Sum,
            Reducer::Prod => Big::Product,
            Reducer::Max => Big::Max,
            Reducer::Min => Big::Min,
            Reducer::Any => Big::Exists,
            Reducer::All => Big::ForAll,
            Reducer::Count => return self.count(body, over, cond),
        };
        match op {
            Reducer::Sum | Reducer::Prod => {
                self.limits(big, over, cond);
                self.sign(Sign::Space);
                self.expr(body, if op == Reducer::Sum { BIG } else { PRODUCT });
            }
            Reducer::Max | Reducer::Min => {
                self.under(big, over, cond);
                self.sign(Sign::Space);
                self.expr(body, BIG);
            }
            Reducer::Any | Reducer::All | Reducer::Count => {
                self.under(big, over, cond);
                self.sign(Sign::Space);
                self.list_in_parens(&[body]);
            }
        }
    }

    /// A sign for each index; one for all, with lines below it, where there is a condition.
    fn limits(&mut self, big: Big, over: &[For], cond: Option<Ast>) {
        if let Some(cond) = cond {
            self.at(Form::Under(big), 0);
            self.at(Form::Substack, 0);
            self.ranges(over);
            self.at(Form::Substack, 1);
            self.expr(cond, OR);
            self.at(Form::Substack, 2);
            return self.at(Form::Under(big), 1);
        }
        for index in over {
            let form = if index.range.is_some() { Form::Limits(big) } else { Form::Under(big) };
            self.at(form, 0);
            self.bounds(form, 1, std::slice::from_ref(index));
        }
    }

    fn under(&mut self, big: Big, over: &[For], cond: Option<Ast>) {
        self.at(Form::Under(big), 0);
        self.condition(over, cond);
        self.at(Form::Under(big), 1);
    }

    fn count(&mut self, body: Ast, over: &[For], cond: Option<Ast>) {
        self.sign(Sign::Number);
        self.at(Form::Brace, 0);
        self.condition(over, cond);
        self.sign(Sign::SuchThat);
        self.expr(body, OR);
        self.at(Form::Brace, 1);
    }

    fn condition(&mut self, over: &[For], cond: Option<Ast>) {
        self.ranges(over);
        if let Some(cond) = cond {
            self.sign(Sign::WideComma);
            self.expr(cond, OR);
        }
    }

    // ── Loops and derivatives ────────────────────────────────────────────────────────────────────

    /// `(s = s₀ : next)`
    pub(super) fn state(&mut self, state: &Pattern, init: Ast, next: Ast) {
        self.at(Form::Paren, 0);
        self.pattern(state);
        self.sign(Sign::Equal);
        self.expr(init, OR);
        self.sign(Sign::Colon);
        self.expr(next, OPEN);
        self.at(Form::Paren, 1);
    }

    pub(super) fn derivative(&mut self, kind: Derivative, body: Ast, by: &[(Name, Span)]) {
        let names: Vec<Name> = by.iter().map(|(name, _)| *name).collect();
        match kind {
            Derivative::Diff => self.partial(&names),
            Derivative::Grad => self.operator(vec![Mark::Sign(Sign::Nabla)], &names),
            Derivative::Jac => self.operator(vec![Mark::Word("D".to_string())], &names),
            Derivative::Hess => self.operator(power(Mark::Sign(Sign::Nabla), 2), &names),
        }
        self.sign(Sign::Space);
        let least = match self.tree.expr(body) {
            Expr::Call { .. } => FRACTION.min(POWER),
            _other => ATOM,
        };
        self.expr(body, least);
    }

    /// An operator with what it differentiates by.
    fn operator(&mut self, marks: Vec<Mark>, names: &[Name]) {
        self.at(Form::Sub, 0);
        self.marks(marks);
        self.at(Form::Sub, 1);
        self.names(names);
        self.at(Form::Sub, 2);
    }

    /// ∂² over ∂x²
    fn partial(&mut self, names: &[Name]) {
        self.at(Form::Fraction, 0);
        self.marks(power(Mark::Sign(Sign::Partial), names.len()));
        self.at(Form::Fraction, 1);
        for (at, same) in names.chunk_by(|a, b| a == b).enumerate() {
            self.between(at, Sign::Juxtaposed);
            self.sign(Sign::Partial);
            let marks = raised(self.name_marks(same[0]), same.len());
            self.marks(marks);
        }
        self.at(Form::Fraction, 2);
    }
}

fn is_big(name: &str) -> bool {
    matches!(name, "sum" | "prod" | "max" | "min")
}
