//! Functions of C from the outside: what they take and give, what they check first, and what they clean up.

use super::super::integer::Form;
use super::super::shared::{Memory, Writer};
use super::super::signature::{Returned, Signature};
use super::super::{EmitError, comment};
use super::{arrays, element};
use crate::block::Local;
use crate::core::FnId;

/// Whether the function has memory to give back.
fn cleans_up(w: &Writer<'_>) -> bool {
    w.memory.values().any(|m| matches!(m, Memory::Own(_)))
}

/// The statements that end the function without results.
pub(super) fn fail(w: &mut Writer<'_>, status: &str) {
    match cleans_up(w) {
        true => {
            w.line(format!("    status = {status};"));
            w.line("    goto done;");
        }
        false => w.line(format!("    return {status};")),
    }
}

/// A call as a statement.
pub(super) fn call(
    w: &mut Writer<'_>,
    dst: &[Local],
    (signature, f): (&Signature, FnId),
    args: &[Local],
) -> Result<(), EmitError> {
    let plain = w.module.plain.contains(&f);
    if plain {
        let [one] = *dst else { return w.error(dst[0], "a function with one result gives several") };
        let mut items = Vec::new();
        w.fit(usize::MAX, |w| gather(w.arguments(signature, args), &mut items));
        let value = format!("{}({})", signature.name, items.join(", "));
        set_scalar(w, one, &value);
        return Ok(());
    }
    let mut outs = Vec::new();
    for (&d, (ty, returned)) in dst.iter().zip(&signature.results) {
        match returned {
            Returned::Scalar => outs.push(format!("&{}", room_for_scalar(w, d, *ty))),
            Returned::Out { shape } => {
                let forms: Option<Vec<Form>> =
                    shape.iter().map(|e| w.extent_form(e, signature, args)).collect();
                let Some(forms) = forms else {
                    return w.error(d, "the length of a called function's result is not known here");
                };
                arrays::make_room(w, d, &forms);
                outs.push(w.name_of(d));
            }
            Returned::Made => outs.extend(arrays::taken(w, d)),
        }
    }
    let mut items = Vec::new();
    w.fit(usize::MAX, |w| gather(w.arguments(signature, args), &mut items));
    items.extend(outs);
    let call = format!("{}({})", signature.name, items.join(", "));
    match cleans_up(w) {
        true => {
            w.line(format!("status = {call};"));
            w.line("if (status != ZG_OK) {");
            w.line("    goto done;");
        }
        false => {
            w.line(format!("status = {call};"));
            w.line("if (status != ZG_OK) {");
            w.line("    return status;");
        }
    }
    w.line("}");
    for (&d, (_, returned)) in dst.iter().zip(&signature.results) {
        if matches!(returned, Returned::Made) {
            arrays::note_taken(w, d);
        }
    }
    Ok(())
}

fn gather(pieces: Vec<super::Piece>, items: &mut Vec<String>) -> super::Piece {
    *items = pieces.iter().map(|p| p.text.clone()).collect();
    let parts: Vec<&super::Piece> = pieces.iter().collect();
    super::Piece::of(String::new(), crate::primitive::Class::Call, &parts)
}

fn set_scalar(w: &mut Writer<'_>, dst: Local, value: &str) {
    let l = dst.0 as usize;
    if w.usage.is_dead(dst) {
        w.line(format!("(void){value};"));
        return;
    }
    let name = w.name_of(dst);
    if w.set[l] {
        w.before_change(dst);
        w.line(format!("{name} = {value};"));
    } else {
        let mark = if w.variable[l] { "" } else { "const " };
        w.line(format!("{mark}{} {name} = {value};", element(w.ty(dst).elem)));
        w.mark_set(dst);
    }
}

/// A variable that a called function sets.
fn room_for_scalar(w: &mut Writer<'_>, dst: Local, ty: crate::core::Type) -> String {
    let l = dst.0 as usize;
    if w.usage.is_dead(dst) {
        let name = w.names.fresh("unused");
        w.line(format!("{} {name};", element(ty.elem)));
        return name;
    }
    let name = w.name_of(dst);
    if w.set[l] {
        w.before_change(dst);
    } else {
        w.line(format!("{} {name} = 0;", element(ty.elem)));
        w.mark_set(dst);
    }
    name
}

/// The results.
pub(super) fn finish(w: &mut Writer<'_>, signature: &Signature) {
    if !w.fails {
        let result = w.procedure.results[0];
        let piece = w.fit(w.room(8), |w| w.operand(result));
        w.line(format!("return {};", piece.text));
        return;
    }
    for (k, &result) in w.procedure.results.iter().enumerate() {
        let (name, copied) = w.outs[k].clone();
        match &signature.results[k].1 {
            Returned::Scalar => {
                let piece = w.fit(w.room(name.len() + 5), |w| w.operand(result));
                w.line(format!("*{name} = {};", piece.text));
            }
            Returned::Out { shape } => {
                if let Some(result) = copied {
                    let forms: Vec<Form> =
                        shape.iter().enumerate().map(|(axis, e)| w.extent(e, result, axis)).collect();
                    let count = w.product(&forms);
                    let source = w.array_name(result);
                    arrays::copy(w, &name, &source.text, &count);
                }
            }
            Returned::Made => arrays::give_away(w, result, k),
        }
    }
}

/// The parameters as they are declared, in a definition or before.
fn parameters(w: &Writer<'_>, signature: &Signature, defines: bool) -> Vec<String> {
    let only = if defines { "restrict " } else { "" };
    let mut params = Vec::new();
    for (k, &p) in w.procedure.params.iter().enumerate() {
        let (ty, name) = (w.ty(p), &w.given[k]);
        let elem = element(ty.elem);
        params.push(match (ty.is_scalar(), signature.written[k]) {
            (true, _) => format!("{elem} {name}"),
            (false, true) => format!("{elem} *{only}{name}"),
            (false, false) => format!("const {elem} *{only}{name}"),
        });
        for (s, size) in signature.sizes.iter().enumerate() {
            if size.param == k {
                params.push(format!("int64_t {}", w.sizes[s].0));
            }
        }
    }
    if !w.fails {
        return params;
    }
    for (k, (ty, returned)) in signature.results.iter().enumerate() {
        let (name, elem) = (&w.outs[k].0, element(ty.elem));
        match returned {
            Returned::Scalar => params.push(format!("{elem} *{only}{name}")),
            Returned::Out { .. } => params.push(format!("{elem} *{only}{name}")),
            Returned::Made => {
                params.push(format!("{elem} **{name}"));
                params.extend(arrays::axis_names(name, ty.rank).iter().map(|n| format!("int64_t *{n}")));
            }
        }
    }
    params
}

/// The lines that refuse sizes and arrays that cannot be.
fn checks(w: &mut Writer<'_>, signature: &Signature) -> Vec<String> {
    let mut conditions: Vec<String> = Vec::new();
    let mut seen: Vec<Form> = Vec::new();
    for k in 0..signature.sizes.len() {
        conditions.push(format!("{} < 0", w.size_text(k as u16)));
        seen.push(Form::leaf(super::super::integer::Leaf::Size(k as u16)));
    }
    let mut missing: Vec<String> = Vec::new();
    let mut arrays: Vec<(String, Vec<Form>)> = Vec::new();
    for (k, &p) in w.procedure.params.iter().enumerate() {
        if w.ty(p).is_array() {
            let shape =
                signature.shapes[k].iter().enumerate().map(|(axis, e)| w.extent(e, p, axis)).collect();
            arrays.push((w.given[k].clone(), shape));
        }
    }
    for (k, &result) in w.procedure.results.iter().enumerate() {
        if let Returned::Out { shape } = &signature.results[k].1 {
            let shape = shape.iter().enumerate().map(|(axis, e)| w.extent(e, result, axis)).collect();
            arrays.push((w.outs[k].0.clone(), shape));
        }
    }
    for (name, shape) in arrays {
        for form in &shape {
            if form.as_number().is_none_or(|n| n < 0) && !seen.iter().any(|s| s.same(form)) {
                let text = w.render(form).text;
                conditions.push(format!("{text} < 0"));
                seen.push(form.clone());
            }
        }
        let count = w.product(&shape).text;
        missing.push(match count.parse::<i64>() {
            Ok(0) => continue,
            Ok(_) => format!("{name} == NULL"),
            Err(_) => format!("({name} == NULL && {count} > 0)"),
        });
    }
    conditions.extend(missing);
    if let [one] = conditions.as_mut_slice()
        && let Some(bare) = one.strip_prefix('(').and_then(|c| c.strip_suffix(')'))
    {
        *one = bare.to_string();
    }
    if conditions.is_empty() {
        return Vec::new();
    }
    let test = format!("if ({}) {{", wrapped(&conditions, " ||", 8));
    vec![test, "    return ZG_SIZE;".to_string(), "}".to_string()]
}

/// The items after one another, on several lines if they are long.
fn wrapped(items: &[String], separator: &str, indent: usize) -> String {
    let mut out = String::new();
    let mut width = indent;
    for (k, item) in items.iter().enumerate() {
        let end = if k + 1 < items.len() { separator } else { "" };
        if k > 0 && width + item.len() + end.len() + 1 > 96 {
            out.push('\n');
            out.push_str(&" ".repeat(indent));
            width = indent;
        } else if k > 0 {
            out.push(' ');
            width += 1;
        }
        out.push_str(item);
        out.push_str(end);
        width += item.len() + end.len();
    }
    out
}

fn head(w: &Writer<'_>, signature: &Signature, defines: bool) -> String {
    let start = match (w.is_public(), w.fails, w.procedure.results.first()) {
        (true, true, _) | (true, false, None) => "int ".to_string(),
        (false, true, _) | (false, false, None) => "static int ".to_string(),
        (true, false, Some(&result)) => format!("{} ", element(w.ty(result).elem)),
        (false, false, Some(&result)) => format!("static {} ", element(w.ty(result).elem)),
    };
    let params = parameters(w, signature, defines);
    let params = if params.is_empty() { vec!["void".to_string()] } else { params };
    let line = format!("{start}{}({})", signature.name, params.join(", "));
    if line.len() < 98 {
        return line;
    }
    format!("{start}{}(\n    {})", signature.name, wrapped(&params, ",", 4))
}

/// The function around the lines of its body; gives its declaration.
pub(super) fn wrap(w: &mut Writer<'_>, signature: &Signature, out: &mut String) -> String {
    let face = w.module.faces.get(&w.procedure.id).copied();
    let public = w.is_public();
    comment::push("//", face.map_or(&[], |f| &f.formula), out);
    let doc = face.map(|f| f.doc.clone()).unwrap_or_default();
    comment::push("//", &doc, out);
    let first = if public && w.fails { checks(w, signature) } else { Vec::new() };
    out.push_str(&head(w, signature, true));
    out.push_str(" {\n");
    let mut line = |indent: usize, text: &str| {
        out.push_str(&"    ".repeat(indent));
        out.push_str(text);
        out.push('\n');
    };
    for (k, &p) in w.procedure.params.iter().enumerate() {
        let used = first.iter().any(|l| l.contains(&w.given[k]));
        if !w.touched[p.0 as usize] && !used && !matches!(w.memory.get(&p), Some(Memory::Own(_))) {
            line(1, &format!("(void){};", w.given[k]));
        }
    }
    for (s, (name, touched)) in w.sizes.iter().take(signature.sizes.len()).enumerate() {
        let _ = s;
        if !touched {
            line(1, &format!("(void){name};"));
        }
    }
    for text in &first {
        line(1, text);
    }
    let cleans = cleans_up(w);
    let uses_status = cleans || w.lines.iter().any(|l| l.text.starts_with("status = "));
    if uses_status {
        line(1, "int status = ZG_OK;");
    }
    for text in arrays::variables(w) {
        line(1, &text);
    }
    let idle = arrays::idle_rooms(w);
    for l in &w.lines {
        if !idle.iter().any(|room| l.text.starts_with(&format!("{room} = "))) {
            line(l.indent, &l.text);
        }
    }
    if cleans {
        let jumps = w.lines.iter().any(|l| l.text.contains("goto done;"));
        if jumps {
            out.push_str("done:\n");
        }
        for text in arrays::freed(w) {
            out.push_str(&format!("    {text}\n"));
        }
        out.push_str("    return status;\n");
    } else if w.fails {
        out.push_str("    return ZG_OK;\n");
    }
    out.push_str("}\n");
    let declaration = head(w, signature, false);
    let mut said = String::new();
    if public {
        comment::push("//", &doc, &mut said);
    }
    format!("{said}{declaration};")
}
