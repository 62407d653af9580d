//! Calls, choices, reductions, loops and derivatives in LaTeX.

use super::names::latex_name;
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
                    Piece::Text(text) => self.text(text),
                    Piece::Hole { argument, least } => self.expr(args[argument], least),
                    Piece::Applied { argument } => {
                        self.text("\\left(");
                        self.expr(args[argument], OPEN);
                        self.text("\\right)");
                    }
                }
            }
            return;
        }
        match self.tree.expr(callee) {
            Expr::Name(name) if is_big(self.tree.text(*name)) => {
                self.text(format!("\\{}", self.tree.text(*name)));
            }
            _other => self.expr(callee, POSTFIX),
        }
        self.text("\\left(");
        self.list(args);
        self.text("\\right)");
    }

    // ── Choices ──────────────────────────────────────────────────────────────────────────────────

    pub(super) fn cases(&mut self, arms: &[(Ast, Ast)], otherwise: Ast) {
        self.text("\\begin{cases} ");
        for &(cond, value) in arms {
            self.expr(value, OR);
            self.text(" & \\text{if } ");
            self.expr(cond, OR);
            self.text(" \\\\ ");
        }
        self.expr(otherwise, OR);
        self.text(" & \\text{otherwise} \\end{cases}");
    }

    // ── Indices ──────────────────────────────────────────────────────────────────────────────────

    /// `_{i=1}^{n}`, `_{i=1,\, j=1}^{m,\, n}`
    pub(super) fn bounds(&mut self, over: &[For]) {
        self.text("_{");
        for (at, index) in over.iter().enumerate() {
            self.text(if at > 0 { ",\\, " } else { "" });
            self.name(index.name);
            if let Some((low, _)) = index.range {
                self.text("=");
                self.expr(low, SUM);
            }
        }
        self.text("}");
        let ranges: Vec<Ast> = over.iter().filter_map(|index| index.range.map(|(_, high)| high)).collect();
        if ranges.is_empty() {
            return;
        }
        self.text("^{");
        for (at, high) in ranges.into_iter().enumerate() {
            self.text(if at > 0 { ",\\, " } else { "" });
            self.expr(high, SUM);
        }
        self.text("}");
    }

    /// `1 \le i \le n`
    fn between(&mut self, over: &[For]) {
        for (at, index) in over.iter().enumerate() {
            self.text(if at > 0 { ",\\; " } else { "" });
            match index.range {
                Some((low, high)) => {
                    self.expr(low, SUM);
                    self.text(" \\le ");
                    self.name(index.name);
                    self.text(" \\le ");
                    self.expr(high, SUM);
                }
                None => self.name(index.name),
            }
        }
    }

    pub(super) fn comprehension(&mut self, body: Ast, over: &[For], cond: Option<Ast>) {
        self.text("\\left[ ");
        self.expr(body, OR);
        if let Some(cond) = cond {
            self.text(" \\;\\middle|\\; ");
            self.expr(cond, OR);
        }
        self.text(" \\right]");
        self.bounds(over);
    }

    pub(super) fn reduction(&mut self, op: Reducer, body: Ast, over: &[For], cond: Option<Ast>) {
        match op {
            Reducer::Sum | Reducer::Prod => {
                let sign = if op == Reducer::Sum { "\\sum" } else { "\\prod" };
                if let Some(cond) = cond {
                    self.text(format!("{sign}_{{\\substack{{"));
                    self.between(over);
                    self.text(" \\\\ ");
                    self.expr(cond, OR);
                    self.text("}}");
                } else {
                    for index in over {
                        self.text(sign);
                        self.bounds(std::slice::from_ref(index));
                    }
                }
                self.text(" ");
                self.expr(body, if op == Reducer::Sum { BIG } else { PRODUCT });
            }
            Reducer::Max | Reducer::Min => {
                self.text(if op == Reducer::Max { "\\max_{" } else { "\\min_{" });
                self.condition(over, cond);
                self.text("} ");
                self.expr(body, BIG);
            }
            Reducer::Any | Reducer::All => {
                self.text(if op == Reducer::Any { "\\exists_{" } else { "\\forall_{" });
                self.condition(over, cond);
                self.text("}\\; \\left(");
                self.expr(body, OR);
                self.text("\\right)");
            }
            Reducer::Count => {
                self.text("\\#\\left\\{ ");
                self.condition(over, cond);
                self.text(" \\;\\middle|\\; ");
                self.expr(body, OR);
                self.text(" \\right\\}");
            }
        }
    }

    fn condition(&mut self, over: &[For], cond: Option<Ast>) {
        self.between(over);
        if let Some(cond) = cond {
            self.text(",\\; ");
            self.expr(cond, OR);
        }
    }

    // ── Loops and derivatives ────────────────────────────────────────────────────────────────────

    /// `\left(s = s_0 : next\right)`
    pub(super) fn state(&mut self, state: &Pattern, init: Ast, next: Ast) {
        self.text("\\left(");
        self.pattern(state);
        self.text(" = ");
        self.expr(init, OR);
        self.text(" : ");
        self.expr(next, OPEN);
        self.text("\\right)");
    }

    pub(super) fn derivative(&mut self, kind: Derivative, body: Ast, by: &[(Name, Span)]) {
        let names: Vec<String> = by.iter().map(|(name, _)| latex_name(self.tree.text(*name))).collect();
        let all = names.join(", ");
        let sign = match kind {
            Derivative::Diff => partial(&names),
            Derivative::Grad => format!("\\nabla_{{{all}}}"),
            Derivative::Jac => format!("\\mathrm{{D}}_{{{all}}}"),
            Derivative::Hess => format!("\\nabla^{{2}}_{{{all}}}"),
        };
        self.text(format!("{sign} "));
        let least = match self.tree.expr(body) {
            Expr::Call { .. } => FRACTION.min(POWER),
            _other => ATOM,
        };
        self.expr(body, least);
    }
}

/// `\frac{\partial^{2}}{\partial x^{2}}`
fn partial(names: &[String]) -> String {
    let mut below = String::new();
    let mut at = 0;
    while at < names.len() {
        let count = names[at..].iter().take_while(|name| **name == names[at]).count();
        below.push_str(&format!(" \\partial {}", names[at]));
        if count > 1 {
            below.push_str(&format!("^{{{count}}}"));
        }
        at += count;
    }
    let above =
        if names.len() > 1 { format!("\\partial^{{{}}}", names.len()) } else { "\\partial".to_string() };
    format!("\\frac{{{above}}}{{{}}}", below.trim_start())
}

fn is_big(name: &str) -> bool {
    matches!(name, "sum" | "prod" | "max" | "min")
}
