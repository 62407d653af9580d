//! Functions of Python from the outside: what they take and give, and what they check first.

use super::super::comment;
use super::super::shared::Writer;
use super::super::signature::Signature;
use crate::core::{Elem, Type};

/// A text as a literal.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' | '\r' | '\t' => out.push(' '),
            c if comment::is_unsafe(c) => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

fn annotation(ty: Type) -> &'static str {
    match (ty.rank, ty.elem) {
        (0, Elem::Real) => "float",
        (0, Elem::Int) => "int",
        (0, Elem::Bool) => "bool",
        _ => "np.ndarray",
    }
}

/// The lines before the body: the parameters as they should be, the sizes, and that all lengths agree.
fn entry(w: &mut Writer<'_>, signature: &Signature) -> Vec<String> {
    let public = w.is_public();
    let mut lines = Vec::new();
    for (k, &p) in w.procedure.params.iter().enumerate().filter(|_| public) {
        let (name, ty) = (&w.given[k], w.ty(p));
        if ty.is_scalar() {
            lines.push(format!("{name} = {}({name})", annotation(ty)));
            continue;
        }
        let dtype = match ty.elem {
            Elem::Real => "float",
            Elem::Int => "np.int64",
            Elem::Bool => "bool",
        };
        lines.push(format!("{name} = np.asarray({name}, dtype={dtype})"));
        lines.push(format!("if {name}.ndim != {}:", ty.rank));
        let axes = if ty.rank == 1 { "1 axis".to_string() } else { format!("{} axes", ty.rank) };
        lines.push(format!("    raise ValueError(\"{name} must have {axes}\")"));
    }
    for size in w.measured_sizes(signature) {
        let (name, array) = (&size.name, &w.given[size.param]);
        lines.push(format!("{name} = {array}.shape[{}]{}", size.axis, size.rest));
        if size.short {
            lines.push(format!("if {name} < 0:"));
            lines.push(format!("    raise ValueError(\"{array} is too short\")"));
        }
    }
    if public {
        for (name, tuple) in w.required_shapes(signature) {
            lines.push(format!("if {name}.shape != {tuple}:"));
            lines.push(format!("    raise ValueError(\"{name} must have the shape {tuple}\")"));
        }
    }
    lines
}

/// The function around the lines of its body.
pub(super) fn wrap(w: &mut Writer<'_>, signature: &Signature, out: &mut String) {
    let face = w.module.faces.get(&w.procedure.id).copied();
    let lines = entry(w, signature);
    out.push('\n');
    comment::push("#", face.map_or(&[], |f| &f.formula), out);
    let params = w.procedure.params.iter().enumerate();
    let params: Vec<String> =
        params.map(|(k, &p)| format!("{}: {}", w.given[k], annotation(w.ty(p)))).collect();
    let results: Vec<&str> = signature.results.iter().map(|(ty, _)| annotation(*ty)).collect();
    let result = match results.as_slice() {
        [] => "None".to_string(),
        [one] => one.to_string(),
        many => format!("tuple[{}]", many.join(", ")),
    };
    let mut arrays = false;
    for line in lines.iter().chain(w.lines.iter().map(|l| &l.text)) {
        arrays |= line.contains('[') || line.contains("np.");
    }
    if w.is_public() && arrays {
        out.push_str("@np.errstate(all=\"ignore\")\n");
    }
    let head = format!("def {}({}) -> {result}:", signature.name, params.join(", "));
    if head.chars().count() <= 100 {
        out.push_str(&head);
    } else {
        out.push_str(&format!("def {}(\n", signature.name));
        params.iter().for_each(|p| out.push_str(&format!("    {p},\n")));
        out.push_str(&format!(") -> {result}:"));
    }
    out.push('\n');
    let doc = face.map(|f| f.doc.clone()).unwrap_or_default();
    let doc: Vec<String> =
        comment::lines(&doc).map(|line| line.replace('\\', "\\\\").replace('"', "\\\"")).collect();
    match doc.as_slice() {
        [] => {}
        [one] => out.push_str(&format!("    \"\"\"{one}\"\"\"\n")),
        many => {
            out.push_str(&format!("    \"\"\"{}\n", many[0]));
            for line in &many[1..] {
                out.push_str(format!("    {line}").trim_end());
                out.push('\n');
            }
            out.push_str("    \"\"\"\n");
        }
    }
    w.body(&lines, out);
    if lines.is_empty() && w.lines.is_empty() {
        out.push_str("    pass\n");
    }
}
