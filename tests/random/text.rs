//! A random program as text.

use super::tree::{Definition, Kind, Node, Program, Rule, Sub, Ty};
use std::fmt::Write;

/// The file.
pub fn program(program: &Program) -> String {
    let mut text = String::new();
    for (name, value) in &program.constants {
        let _ = writeln!(text, "{name} = {value:?}");
    }
    for (name, value) in &program.globals {
        let _ = writeln!(text, "param {name} = {value:?}");
    }
    for d in &program.definitions {
        definition(d, &mut text);
    }
    text
}

fn definition(d: &Definition, text: &mut String) {
    let typed = |with: bool| {
        let params = d.params.iter().map(|(name, ty)| match ty {
            Ty::Real if !with => name.clone(),
            Ty::Function(..) if !with => name.clone(),
            _ => format!("{name}: {}", ty.text()),
        });
        params.collect::<Vec<_>>().join(", ")
    };
    let _ = writeln!(text, "{}({}) = {}", d.name, typed(d.typed), expression(&d.body));
    let Some(rule) = d.rule else { return };
    let partial = |(name, ty): &(String, Ty)| match ty {
        Ty::Real => format!("diff({}, {name})", expression(&d.body)),
        Ty::Array(..) => format!("grad({}, {name})", expression(&d.body)),
        _ => "0".to_string(),
    };
    let partials: Vec<String> = d.params.iter().map(partial).collect();
    let _ = match rule {
        Rule::Partials => writeln!(text, "rule {}({}) = ({})", d.name, typed(true), partials.join(", ")),
        Rule::Pullback => {
            let bars: Vec<String> = partials.iter().map(|p| format!("cotan_*{p}")).collect();
            writeln!(text, "rule {}({}) pullback cotan_ = ({})", d.name, typed(true), bars.join(", "))
        }
    };
}

/// How tightly a form binds: a part that binds less than its place wants needs brackets.
const LOOSE: u8 = 0;
const OR: u8 = 2;
const AND: u8 = 3;
const NOT: u8 = 4;
const COMPARE: u8 = 5;
const SUM: u8 = 6;
const PRODUCT: u8 = 7;
const UNARY: u8 = 8;
const POWER: u8 = 9;
const ATOM: u8 = 10;

fn level(node: &Node) -> u8 {
    match &node.kind {
        Kind::Let { .. } | Kind::Lambda(_) | Kind::If { braces: false } => LOOSE,
        Kind::Real(x) if *x < 0.0 => UNARY,
        Kind::Int(n) if *n < 0 => UNARY,
        Kind::Widen => level(&node.kids[0]),
        Kind::Unary("not") => NOT,
        Kind::Unary("ᵀ") => ATOM,
        Kind::Unary(_) => UNARY,
        Kind::Binary(op) => binary(op).0,
        Kind::Compare(_) => COMPARE,
        _ => ATOM,
    }
}

/// The level of an operator, and those that its operands want.
fn binary(op: &str) -> (u8, u8, u8) {
    match op {
        "or" => (OR, OR, AND),
        "and" => (AND, AND, NOT),
        "+" | "-" | ".+" | ".-" => (SUM, SUM, PRODUCT),
        "^" => (POWER, ATOM, ATOM),
        _ => (PRODUCT, PRODUCT, UNARY + 1),
    }
}

pub fn expression(node: &Node) -> String {
    let mut text = String::new();
    write(node, LOOSE, &mut text);
    text
}

fn write(node: &Node, wanted: u8, out: &mut String) {
    let brackets = level(node) < wanted;
    if brackets {
        out.push('(');
    }
    bare(node, out);
    if brackets {
        out.push(')');
    }
}

fn list(nodes: &[Node], out: &mut String) {
    for (k, node) in nodes.iter().enumerate() {
        out.push_str(if k == 0 { "" } else { ", " });
        // A comma goes on with the bindings of a `where`.
        let after = matches!(node.kind, Kind::Let { .. });
        write(node, if after { OR } else { LOOSE }, out);
    }
}

fn bare(node: &Node, out: &mut String) {
    let kids = &node.kids;
    let _ = match &node.kind {
        Kind::Real(x) => write!(out, "{x:?}"),
        Kind::Int(n) => write!(out, "{n}"),
        Kind::Bool(b) => write!(out, "{b}"),
        Kind::Var(name) => write!(out, "{name}"),
        Kind::Widen => return bare(&kids[0], out),
        Kind::Unary("ᵀ") => {
            write(&kids[0], ATOM, out);
            write!(out, "ᵀ")
        }
        Kind::Unary("not") => {
            out.push_str("not ");
            return write(&kids[0], NOT, out);
        }
        Kind::Unary(op) => {
            out.push_str(op);
            return write(&kids[0], POWER, out);
        }
        Kind::Binary(op) => {
            let (_, left, right) = binary(op);
            write(&kids[0], left, out);
            let _ = if *op == "^" { write!(out, "^") } else { write!(out, " {op} ") };
            return write(&kids[1], right, out);
        }
        Kind::Compare(ops) => {
            write(&kids[0], SUM, out);
            for (op, kid) in ops.iter().zip(&kids[1..]) {
                let _ = write!(out, " {op} ");
                write(kid, SUM, out);
            }
            Ok(())
        }
        Kind::If { braces } => return choice(kids, *braces, out),
        Kind::Let { .. } | Kind::Lambda(_) => return binding(node, out),
        Kind::Call(name) => call(name, kids, out),
        Kind::Each(name) => call(&format!("{name}."), kids, out),
        Kind::Prime(name, order) => call(&format!("{name}{}", "'".repeat(*order)), kids, out),
        Kind::Index => {
            write(&kids[0], ATOM, out);
            out.push('[');
            list(&kids[1..], out);
            write!(out, "]")
        }
        Kind::Slice(subs) => return slice(kids, subs, out),
        Kind::List => {
            out.push('[');
            list(kids, out);
            write!(out, "]")
        }
        Kind::Tuple => {
            out.push('(');
            list(kids, out);
            write!(out, ")")
        }
        Kind::Record(names) => {
            for (k, (name, kid)) in names.iter().zip(kids).enumerate() {
                let _ = write!(out, "{}{name}: ", if k == 0 { "{" } else { ", " });
                write(kid, LOOSE, out);
            }
            write!(out, "}}")
        }
        Kind::Field(name) => {
            write(&kids[0], ATOM, out);
            write!(out, ".{name}")
        }
        Kind::Build { .. }
        | Kind::Reduce { .. }
        | Kind::Fold { .. }
        | Kind::Iterate(_)
        | Kind::Scatter(_)
        | Kind::Derivative(..) => return looping(node, out),
    };
}

fn call(name: &str, args: &[Node], out: &mut String) -> std::fmt::Result {
    write!(out, "{name}(")?;
    list(args, out);
    write!(out, ")")
}

fn choice(kids: &[Node], braces: bool, out: &mut String) {
    let (otherwise, arms) = kids.split_last().expect("an if has branches");
    for (k, arm) in arms.chunks(2).enumerate() {
        if braces {
            out.push_str(if k == 0 { "{ " } else { "; " });
            write(&arm[1], OR, out);
            out.push_str(" if ");
            write(&arm[0], OR, out);
        } else {
            out.push_str(if k == 0 { "if " } else { " else if " });
            write(&arm[0], OR, out);
            out.push_str(" then ");
            write(&arm[1], OR, out);
        }
    }
    if braces {
        out.push_str("; ");
        write(otherwise, OR, out);
        out.push_str(" otherwise }");
    } else {
        out.push_str(" else ");
        write(otherwise, OR, out);
    }
}

fn binding(node: &Node, out: &mut String) {
    let (body, values) = node.kids.split_last().expect("a body");
    match &node.kind {
        Kind::Let { patterns, after } => {
            let bindings = |out: &mut String| {
                for (k, (pattern, value)) in patterns.iter().zip(values).enumerate() {
                    let _ = write!(out, "{}{} = ", if k == 0 { "" } else { ", " }, pattern.text());
                    write(value, OR, out);
                }
            };
            if *after {
                write(body, OR, out);
                out.push_str(" where ");
                bindings(out);
            } else {
                out.push_str("let ");
                bindings(out);
                out.push_str(" in ");
                write(body, OR, out);
            }
        }
        Kind::Lambda(names) => {
            let _ = match &names[..] {
                [one] => write!(out, "{one} -> "),
                many => write!(out, "({}) -> ", many.join(", ")),
            };
            write(body, OR, out);
        }
        other => unreachable!("{other:?} binds nothing"),
    }
}

fn slice(kids: &[Node], subs: &[Sub], out: &mut String) {
    write(&kids[0], ATOM, out);
    out.push('[');
    let mut rest = kids[1..].iter();
    let mut next = |out: &mut String| write(rest.next().expect("a bound"), SUM, out);
    for (k, sub) in subs.iter().enumerate() {
        out.push_str(if k == 0 { "" } else { ", " });
        match sub {
            Sub::At => next(out),
            Sub::All => out.push(':'),
            Sub::Range => {
                next(out);
                out.push_str("..");
                next(out);
            }
        }
    }
    out.push(']');
}

/// ` for i in 1..n, j in 1..m if c`
fn ranges(names: &[String], kids: &[Node], ranged: bool, filter: bool, out: &mut String) {
    for (k, name) in names.iter().enumerate() {
        let _ = write!(out, "{}{name}", if k == 0 { " for " } else { ", " });
        if ranged {
            out.push_str(" in ");
            range(&kids[2 * k], &kids[2 * k + 1], out);
        }
    }
    if filter {
        out.push_str(" if ");
        write(kids.last().expect("a condition"), OR, out);
    }
}

fn range(low: &Node, high: &Node, out: &mut String) {
    write(low, SUM, out);
    out.push_str("..");
    write(high, SUM, out);
}

fn looping(node: &Node, out: &mut String) {
    let kids = &node.kids;
    match &node.kind {
        Kind::Build { names, filter } => {
            out.push('[');
            write(&kids[0], OR, out);
            ranges(names, &kids[1..], true, *filter, out);
            out.push(']');
        }
        Kind::Reduce { op, names, ranged, filter } => {
            let _ = write!(out, "{op}(");
            write(&kids[0], OR, out);
            ranges(names, &kids[1..], *ranged, *filter, out);
            out.push(')');
        }
        Kind::Fold { state, name, trace } => {
            let _ = write!(out, "{}({} = ", if *trace { "scan" } else { "fold" }, state.text());
            write(&kids[0], OR, out);
            let _ = write!(out, " for {name} in ");
            range(&kids[1], &kids[2], out);
            out.push_str(": ");
            write(&kids[3], LOOSE, out);
            out.push(')');
        }
        Kind::Iterate(state) => {
            let _ = write!(out, "iterate({} = ", state.text());
            write(&kids[0], OR, out);
            out.push_str(" while ");
            write(&kids[1], OR, out);
            out.push_str(": ");
            write(&kids[2], LOOSE, out);
            out.push(')');
        }
        Kind::Scatter(name) => {
            out.push_str("scatter(");
            write(&kids[0], LOOSE, out);
            out.push_str(", [(");
            list(&kids[1..3], out);
            let _ = write!(out, ") for {name} in ");
            range(&kids[3], &kids[4], out);
            out.push_str("])");
        }
        Kind::Derivative(kind, names) => {
            let _ = write!(out, "{kind}(");
            write(&kids[0], LOOSE, out);
            let _ = write!(out, ", {})", names.join(", "));
        }
        other => unreachable!("{other:?} is no loop"),
    }
}
