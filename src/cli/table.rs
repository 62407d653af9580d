//! `zgrad rules`: the table of built-in functions.

use super::Answer;
use super::args::Rules;
use crate::check;
use crate::primitive::{Prim, find};
use crate::refuse;
use crate::session::{output, suggestion};
use crate::simplify::rules::RULES;
use crate::simplify::stable::{AS_AUTHORED, STABLE};
use crate::syntax::diagnostic::Code;
use anyhow::Result;
use std::fmt::Write;

pub fn run(args: &Rules) -> Result<Answer> {
    let text = match &args.name {
        None if args.rewrites => rewrites(),
        None => Prim::all().map(line).collect(),
        Some(name) => match find(name) {
            Some(p) => page(p),
            None => {
                let names: Vec<&str> = Prim::all().map(Prim::name).collect();
                let near = check::nearest(name, names.iter().copied());
                let help = near.map(|_| suggestion(name, &names)).unwrap_or_default();
                refuse!(Code::NoSuchFunction, "there is no built-in function `{name}`{help}");
            }
        },
    };
    output::write(None, &text)?;
    Ok(Answer::Done)
}

/// The rewrite rules in the order in which they are tried, under what each list is for.
fn rewrites() -> String {
    let lists = [
        ("derivatives, to read as a person would write them", RULES),
        ("formulas and derivatives, to keep their digits (not with --as-written)", STABLE),
        ("formulas alone, to keep their digits (not with --as-written)", AS_AUTHORED),
    ];
    let mut text = String::new();
    for (title, rules) in lists {
        let _ = writeln!(text, "{title}:");
        for rule in rules {
            let _ = writeln!(text, "  {} [{}]", rule.name, rule.class.name());
        }
    }
    text
}

/// `sin(x): cos(x)`
fn line(p: Prim) -> String {
    let row = p.row();
    let call = format!("{}({})", row.name, row.args.join(", "));
    let partials: Vec<&str> = row.partials.iter().map(|p| p.unwrap_or("not known")).collect();
    if partials.is_empty() { format!("{call}\n") } else { format!("{call:<24} {}\n", partials.join("; ")) }
}

/// All that the table says of a function.
fn page(p: Prim) -> String {
    let row = p.row();
    let mut text = format!("{}({})\n", row.name, row.args.join(", "));
    let shared = row.overload.map(|shared| format!("{shared}({})", row.args.join(", ")));
    let others: Vec<&str> = row.aliases.iter().copied().chain(shared.as_deref()).collect();
    if !others.is_empty() {
        let _ = writeln!(text, "also: {}", others.join(", "));
    }
    for (arg, partial) in row.args.iter().zip(row.partials) {
        let _ = writeln!(text, "∂/∂{arg} = {}", partial.unwrap_or("not known"));
    }
    if row.partials.iter().flatten().any(|p| p.contains("out")) {
        text.push_str("where out is the value itself\n");
    }
    if !row.domain.is_empty() {
        let _ = writeln!(text, "domain: {}", row.domain);
    }
    if !row.edge.is_empty() {
        // `sqrt at 0: …` on the page of sqrt.
        let own = row.edge.strip_prefix(row.name).map(str::trim_start).filter(|rest| rest.starts_with("at "));
        let _ = writeln!(text, "{}", own.map_or(format!("edges: {}", row.edge), str::to_string));
    }
    if let Some(check) = row.check {
        let at: Vec<String> = check.at.iter().map(f64::to_string).collect();
        let _ = writeln!(text, "for example: {}({}) = {}", row.name, at.join(", "), check.value);
    }
    text
}
