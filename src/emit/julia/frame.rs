//! Functions of Julia from the outside: what they take and give, and what they check first.

use super::super::comment;
use super::super::shared::Writer;
use super::super::signature::Signature;
use super::arrays;
use crate::core::{Elem, Type};

/// A text as a literal.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(&text.replace(['\n', '\r', '\t'], " ")))
}

fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '"' | '\\' | '$' => out.extend(['\\', c]),
            c if comment::is_unsafe(c) => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

fn annotation(ty: Type) -> String {
    let elem = match ty.elem {
        Elem::Real => "Real",
        Elem::Int => "Integer",
        Elem::Bool => "Bool",
    };
    match ty.rank {
        0 => elem.to_string(),
        1 => format!("AbstractVector{{<:{elem}}}"),
        2 => format!("AbstractMatrix{{<:{elem}}}"),
        rank => format!("AbstractArray{{<:{elem}, {rank}}}"),
    }
}

/// The lines before the body: the numbers as they should be, the sizes, and that all lengths agree.
fn entry(w: &mut Writer<'_>, signature: &Signature) -> Vec<String> {
    let public = w.is_public();
    let mut lines = Vec::new();
    for (k, &p) in w.procedure.params.iter().enumerate().filter(|_| public) {
        let (name, ty) = (&w.given[k], w.ty(p));
        if ty.is_scalar() && w.touched[p.0 as usize] {
            lines.push(format!("{name} = {}({name})", arrays::element_type(ty.elem)));
        }
    }
    for size in w.measured_sizes(signature) {
        let (name, array) = (&size.name, &w.given[size.param]);
        let rank = w.ty(w.procedure.params[size.param]).rank;
        lines.push(format!("{name} = {}{}", arrays::length(array, rank, size.axis), size.rest));
        if size.short {
            lines.push(format!("{name} >= 0 || throw(DimensionMismatch(\"{array} is too short\"))"));
        }
    }
    if public {
        for (name, tuple) in w.required_shapes(signature) {
            let said = escaped(&format!("{name} must have the size {tuple}"));
            lines.push(format!("size({name}) == {tuple} || throw(DimensionMismatch(\"{said}\"))"));
        }
    }
    lines
}

/// The function around the lines of its body.
pub(super) fn wrap(w: &mut Writer<'_>, signature: &Signature, out: &mut String) {
    let face = w.module.faces.get(&w.procedure.id).copied();
    let lines = entry(w, signature);
    comment::push("#", face.map_or(&[], |f| &f.formula), out);
    let doc: Vec<String> = comment::lines(face.map_or(&[], |f| &f.doc)).map(|line| escaped(&line)).collect();
    if !doc.is_empty() {
        out.push_str(&format!("\"\"\"\n{}\n\"\"\"\n", doc.join("\n")));
    }
    let params = w.procedure.params.iter().enumerate();
    let params: Vec<String> =
        params.map(|(k, &p)| format!("{}::{}", w.given[k], annotation(w.ty(p)))).collect();
    let head = format!("function {}({})", signature.name, params.join(", "));
    if head.chars().count() <= 92 {
        out.push_str(&head);
    } else {
        out.push_str(&format!("function {}(\n", signature.name));
        params.iter().for_each(|p| out.push_str(&format!("    {p},\n")));
        out.push(')');
    }
    out.push('\n');
    w.body(&lines, out);
    out.push_str("end\n");
}
