//! Functions of Python from the outside: what they take and give, and what they check first.

use super::super::comment;
use super::super::integer::Form;
use super::super::shared::Writer;
use super::super::signature::{Extent, Signature};
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
        texts.push(match (w.grows(array), twice || given) {
            (true, _) => format!("np.array({name})"),
            (false, true) => format!("{name}.copy()"),
            (false, false) => name,
        });
    }
    if !texts.is_empty() {
        w.line(format!("return {}", texts.join(", ")));
    }
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
    let mut bound: Vec<bool> = vec![false; signature.sizes.len()];
    let params = w.procedure.params.clone();
    if public {
        for (k, &p) in params.iter().enumerate() {
            let (name, ty) = (w.given[k].clone(), w.ty(p));
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
        let array = &w.given[size.param];
        lines.push(format!("{name} = {array}.shape[{}]{rest}", size.axis));
        if public && size.shift > 0 {
            lines.push(format!("if {name} < 0:"));
            lines.push(format!("    raise ValueError(\"{array} is too short\")"));
        }
        bound[s] = true;
    }
    if public {
        for (k, &p) in params.iter().enumerate() {
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
    for line in &lines {
        out.push_str(&format!("    {line}\n"));
    }
    for l in &w.lines {
        out.push_str(&"    ".repeat(l.indent));
        out.push_str(&l.text);
        out.push('\n');
    }
    if lines.is_empty() && w.lines.is_empty() {
        out.push_str("    pass\n");
    }
}
