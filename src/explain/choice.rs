//! Choices between branches in words: which was taken, and why.

use super::machine::Machine;
use super::tape::{Choice, Mention, Test};
use crate::syntax::print::decimal;
use crate::syntax::tree::{Ast, Expr, Span, UnaryOp};

/// Longer pieces of the file are not quoted.
const LONGEST_QUOTE: usize = 44;

/// What the file says about a choice.
struct Said {
    cond: String,
    then: Option<String>,
    els: Option<String>,
    holds: bool,
    /// It only says whether a term counts.
    filters: bool,
}

impl Machine<'_> {
    /// Which branch was taken and why; what that means is said once.
    pub fn choice(&self, choice: &Choice, again: bool) -> String {
        let is = if choice.holds { "true" } else { "false" };
        let values = choice.test.as_ref().map(|test| format!("{} is {is}", shown(test)));
        let Some(said) = self.said_of(choice) else {
            let because = values.map_or(String::new(), |values| format!(": {values}"));
            return format!("a choice{because}; the branch that is not taken contributes nothing");
        };
        let verb = if said.holds { "holds" } else { "does not hold" };
        let values = values.map_or(String::new(), |values| format!(" ({values})"));
        let first = format!("`{}` {verb}{values}", said.cond);
        match (again, said.filters) {
            (true, _) => first,
            (false, true) if said.holds => format!("{first}: the term counts"),
            (false, true) => format!("{first}: the term is not computed and contributes nothing"),
            (false, false) => {
                let (taken, other) = if said.holds { (said.then, said.els) } else { (said.els, said.then) };
                let taken = taken.map_or(String::new(), |text| format!(", so `{text}` is taken"));
                let other = other.map_or("the other branch".to_string(), |text| format!("`{text}`"));
                format!("{first}{taken}; {other} is not computed and contributes nothing")
            }
        }
    }

    /// Between which branches a choice is.
    pub fn alternatives(&self, choice: &Choice) -> String {
        let Some(said) = self.said_of(choice) else {
            return "a choice: its branch that is taken".to_string();
        };
        let cond = &said.cond;
        match (said.then, said.els) {
            _ if said.filters => format!("where `{cond}` holds:"),
            (Some(then), Some(els)) => format!("`{then}` if `{cond}`, else `{els}`: the one that is taken"),
            (Some(then), None) => format!("`{then}` if `{cond}`, else another: the one that is taken"),
            (None, _) => format!("one branch if `{cond}`, else another: the one that is taken"),
        }
    }

    fn said_of(&self, choice: &Choice) -> Option<Said> {
        let cond_ast = self.ast(choice.cond);
        let whole = self.tree.expr(self.ast(choice.whole)?);
        let (cond, then, els) = match whole {
            Expr::If { arms, otherwise, .. } => {
                let at = match arms.len() {
                    1 => 0,
                    _ => arms.iter().position(|(cond, _)| Some(*cond) == cond_ast)?,
                };
                let els = (at + 1 == arms.len()).then_some(*otherwise);
                (arms[at].0, Some(arms[at].1), els)
            }
            Expr::Reduce { cond: Some(cond), body, .. } => (*cond, Some(*body), None),
            _other => return None,
        };
        // A negated condition was turned round, its branches with it.
        let turned = matches!(self.tree.expr(cond), Expr::Unary(UnaryOp::Not, _));
        Some(Said {
            cond: self.quoted(cond)?,
            then: then.and_then(|ast| self.quoted(ast)),
            els: els.and_then(|ast| self.quoted(ast)),
            holds: choice.holds != turned,
            filters: matches!(whole, Expr::Reduce { .. }),
        })
    }

    fn ast(&self, origin: u32) -> Option<Ast> {
        origin.checked_sub(1).filter(|&at| (at as usize) < self.tree.len()).map(Ast)
    }

    /// What stands in the file, if it is short.
    fn quoted(&self, ast: Ast) -> Option<String> {
        let span = self.tree.span(ast);
        if span == Span::default() {
            return None;
        }
        let text = self.tree.source(span).split_whitespace().collect::<Vec<_>>().join(" ");
        (text.chars().count() <= LONGEST_QUOTE && !text.is_empty()).then_some(text)
    }
}

/// A condition by its values.
fn shown(test: &Test) -> String {
    let side = |side: &Mention| match side {
        Mention::Real(num) => decimal(num.value),
        Mention::Int(i) => i.to_string(),
    };
    match test {
        Test::Compare(sign, a, b) => format!("{} {sign} {}", side(a), side(b)),
        Test::Not(inner) => format!("not ({})", shown(inner)),
        Test::Both(word, a, b) => format!("{} {word} {}", part(a), part(b)),
    }
}

/// A condition within another.
fn part(test: &Test) -> String {
    match test {
        Test::Compare(..) | Test::Not(_) => shown(test),
        Test::Both(..) => format!("({})", shown(test)),
    }
}
