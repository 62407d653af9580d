//! Functions of Julia from the outside: what they take and give, and what they check first.

use super::super::comment;
use super::super::integer::Form;
use super::super::shared::Writer;
use super::super::signature::{Extent, Signature};
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

/// The results.
pub(super) fn finish(w: &mut Writer<'_>) {
    let results = w.procedure.results.clone();
    let mut texts = Vec::new();
    for (k, &r) in results.iter().enumerate() {
        if w.ty(r).is_scalar() {
            let piece = w.fit(w.room(12), |w| w.operand(r));
            texts.push(piece.text);
            continue;
        }
        let array = w.resolve(r);
        let name = w.name_of(array);
        let twice = results[..k].iter().any(|&other| w.resolve(other) == array);
        let given = w.procedure.params.contains(&array) && !w.variable[array.0 as usize];
        texts.push(match (arrays::is_nested(w, array), twice || given) {
            (true, _) => format!("stack({name}; dims = 1)"),
            (false, true) => format!("copy({name})"),
            (false, false) => name,
        });
    }
    if !texts.is_empty() {
        w.line(format!("return {}", texts.join(", ")));
    }
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
    let params = w.procedure.params.clone();
    let length = |array: &str, rank: u8, axis: usize| match rank {
        1 => format!("length({array})"),
        _ => format!("size({array}, {})", axis + 1),
    };
    for (k, &p) in params.iter().enumerate().filter(|_| public) {
        let (name, ty) = (w.given[k].clone(), w.ty(p));
        if ty.is_scalar() && w.touched[p.0 as usize] {
            lines.push(format!("{name} = {}({name})", arrays::element_type(ty.elem)));
        }
    }
    for (s, size) in signature.sizes.iter().enumerate() {
        if !public && !w.sizes[s].1 {
            continue;
        }
        let name = w.size_text(s as u16);
        let rest = match size.shift {
            0 => String::new(),
            shift if shift > 0 => format!(" - {shift}"),
            shift => format!(" + {}", -shift),
        };
        let (array, rank) = (&w.given[size.param], w.ty(params[size.param]).rank);
        lines.push(format!("{name} = {}{rest}", length(array, rank, size.axis)));
        if public && size.shift > 0 {
            lines.push(format!("{name} >= 0 || throw(DimensionMismatch(\"{array} is too short\"))"));
        }
    }
    for (k, &p) in params.iter().enumerate().filter(|_| public) {
        if w.ty(p).is_scalar() {
            continue;
        }
        let binds = |axis: usize| signature.sizes.iter().any(|s| s.param == k && s.axis == axis);
        let shape = &signature.shapes[k];
        if shape.iter().enumerate().all(|(axis, e)| binds(axis) || matches!(e, Extent::Own)) {
            continue;
        }
        let mut texts = Vec::new();
        for (axis, extent) in shape.iter().enumerate() {
            let form: Form = w.extent(extent, p, axis);
            texts.push(w.render(&form).text);
        }
        let name = w.given[k].clone();
        let tuple =
            if texts.len() == 1 { format!("({},)", texts[0]) } else { format!("({})", texts.join(", ")) };
        let said = escaped(&format!("{name} must have the size {tuple}"));
        lines.push(format!("size({name}) == {tuple} || throw(DimensionMismatch(\"{said}\"))"));
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
    for line in &lines {
        out.push_str(&format!("    {line}\n"));
    }
    for l in &w.lines {
        out.push_str(&"    ".repeat(l.indent));
        out.push_str(&l.text);
        out.push('\n');
    }
    out.push_str("end\n");
}
