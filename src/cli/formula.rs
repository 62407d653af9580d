//! `zgrad diff` and `zgrad pullback`.

use super::args::{Diff, Formula, Notation, Pullback, PullbackFormat};
use super::{Answer, deliver, tell};
use crate::print::drawing;
use crate::print::typeset::{self, Markup};
use crate::refuse;
use crate::session::Session;
use crate::session::datum::object;
use crate::session::formulas::{self, Formulas, What};
use crate::syntax::diagnostic::Code;
use crate::syntax::message::Look;
use crate::syntax::print;
use crate::syntax::tree::{Ast, Item, ItemKind};
use anyhow::Result;
use serde_json::Value as Json;

pub fn diff(args: &Diff, look: Look) -> Result<Answer> {
    if args.order > 1 && args.what != Formula::Grad && (args.what, args.order) != (Formula::Hess, 2) {
        refuse!(Code::Question, "--order {} is for derivatives by variables, --what grad", args.order);
    }
    let mut session = super::open(&args.input.file, args.taken.forms())?;
    tell(&session.warnings(), look);
    let what = match args.what {
        Formula::Grad => What::Grad { order: args.order },
        Formula::Jac => What::Jac,
        Formula::Hess => What::Hess,
        Formula::Jvp => What::Jvp,
        Formula::Vjp => What::Vjp,
    };
    let formulas = formulas::derivatives(&mut session, args.function.as_deref(), &args.wrt, what)?;
    let text = match args.format {
        Notation::Math => formulas.text(&session),
        Notation::Latex => typeset(&session, &formulas, Markup::Latex),
        Notation::Typst => typeset(&session, &formulas, Markup::Typst),
        Notation::Mathml => typeset(&session, &formulas, Markup::MathMl),
        Notation::Tree => trees(&session, &formulas, args.ascii),
        Notation::Json => json(&session, &formulas),
    };
    deliver::deliver(&text, || session.inputs(), args.input.output.as_deref(), &args.delivery, look)
}

pub fn pullback(args: &Pullback, look: Look) -> Result<Answer> {
    let mut session = super::open(&args.input.file, args.taken.forms())?;
    tell(&session.warnings(), look);
    let formulas = formulas::pullbacks(&mut session, args.function.as_deref(), &args.wrt)?;
    let text = match args.format {
        PullbackFormat::Math => formulas.text(&session),
        PullbackFormat::Latex => typeset(&session, &formulas, Markup::Latex),
        PullbackFormat::Typst => typeset(&session, &formulas, Markup::Typst),
        PullbackFormat::Mathml => typeset(&session, &formulas, Markup::MathMl),
        PullbackFormat::Tree => trees(&session, &formulas, args.ascii),
    };
    deliver::deliver(&text, || session.inputs(), args.input.output.as_deref(), &args.delivery, look)
}

/// Every definition as a formula for a paper.
fn typeset(session: &Session, formulas: &Formulas, markup: Markup) -> String {
    let items = formulas.needed.iter().chain(&formulas.asked);
    items.map(|item| format!("{}\n", typeset::item(&session.tree, item, markup))).collect()
}

/// Every definition as a tree.
fn trees(session: &Session, formulas: &Formulas, ascii: bool) -> String {
    let items = formulas.needed.iter().chain(&formulas.asked);
    let trees: Vec<String> = items.map(|item| drawing::item(&session.tree, item, ascii)).collect();
    trees.join("\n")
}

/// The formulas by name.
fn json(session: &Session, formulas: &Formulas) -> String {
    let member = |item: &Item| {
        let (name, body) = named(item)?;
        Some((session.tree.text(name).to_string(), Json::String(print::expression(&session.tree, body))))
    };
    let list = |items: &[Item]| object(items.iter().filter_map(member));
    let all =
        [("formulas".to_string(), list(&formulas.asked)), ("where".to_string(), list(&formulas.needed))];
    format!("{}\n", object(all))
}

/// The name and the body of a definition.
fn named(item: &Item) -> Option<(crate::syntax::tree::Name, Ast)> {
    match &item.kind {
        ItemKind::Function { name, body, .. } => Some((*name, *body)),
        ItemKind::Constant { name, value, .. } => Some((*name, *value)),
        ItemKind::Type { .. } | ItemKind::Import { .. } | ItemKind::Rule { .. } | ItemKind::Test { .. } => {
            None
        }
    }
}
