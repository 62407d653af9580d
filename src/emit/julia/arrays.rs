//! Arrays of Julia; those of several axes that grow are arrays of arrays.

use super::super::expression::Piece;
use super::super::integer::Form;
use super::super::shared::{Filled, Writer};
use super::super::signature::Signature;
use crate::block::Local;
use crate::core::Elem;
use crate::primitive::Class;

/// Whether an array of several axes is one of arrays, since it grows.
pub(super) fn is_nested(w: &Writer<'_>, array: Local) -> bool {
    w.ty(array).rank > 1 && w.grows(array)
}

/// The parameters that change are copied.
pub(super) fn begin(w: &mut Writer<'_>, signature: &Signature) {
    for (k, &p) in w.procedure.params.iter().enumerate() {
        if w.ty(p).is_array() && w.variable[p.0 as usize] && !signature.written[k] {
            let name = w.name_of(p);
            w.line(match is_nested(w, p) {
                true => format!("{name} = [copy(row) for row in eachslice({name}; dims = 1)]"),
                false => format!("{name} = copy({name})"),
            });
        }
    }
}

pub(super) fn element_type(elem: Elem) -> &'static str {
    match elem {
        Elem::Real => "Float64",
        Elem::Int => "Int",
        Elem::Bool => "Bool",
    }
}

fn assign(w: &mut Writer<'_>, dst: Local, value: &str) {
    w.before_change(dst);
    let name = w.name_of(dst);
    w.line(format!("{name} = {value}"));
    w.mark_set(dst);
}

pub(super) fn make(w: &mut Writer<'_>, dst: Local, shape: &[Form], fill: Filled) {
    let (ty, elem) = (w.ty(dst), element_type(w.ty(dst).elem));
    if w.grows(dst) {
        let text =
            if ty.rank > 1 { format!("Array{{{elem}, {}}}[]", ty.rank - 1) } else { format!("{elem}[]") };
        assign(w, dst, &text);
        return;
    }
    let piece = w.fit(w.room(40), |w| {
        let lengths: Vec<Piece> = shape.iter().map(|form| w.count(form)).collect();
        let texts: Vec<&str> = lengths.iter().map(|p| p.text.as_str()).collect();
        let lengths_text = texts.join(", ");
        let mut parts: Vec<Piece> = lengths.clone();
        let text = match fill {
            Filled::Zero if ty.elem == Elem::Real => format!("zeros({lengths_text})"),
            Filled::Zero => format!("zeros({elem}, {lengths_text})"),
            Filled::Unset => format!("Array{{{elem}}}(undef, {lengths_text})"),
            Filled::Value(v) => {
                let value = w.operand(v);
                let text = format!("fill({}, {lengths_text})", value.text);
                parts.push(value);
                text
            }
        };
        Piece::of(text, Class::Call, &parts.iter().collect::<Vec<_>>())
    });
    assign(w, dst, &piece.text);
    w.keep_shape(dst, shape);
}

pub(super) fn list(w: &mut Writer<'_>, dst: Local, elems: &[Local], dims: &[usize]) {
    let mut items = Vec::new();
    for &e in elems {
        items.push(w.fit(w.room(30), |w| w.operand(e)).text);
    }
    let elem = element_type(w.ty(dst).elem);
    let text = match dims {
        [_] => format!("{elem}[{}]", items.join(", ")),
        [rows, cols] if rows * cols > 0 => {
            let bare = |item: &String| match item.contains(' ') || item.starts_with('-') {
                true => format!("({item})"),
                false => item.clone(),
            };
            let row = |row: &[String]| row.iter().map(bare).collect::<Vec<_>>().join(" ");
            format!("{elem}[{}]", items.chunks(*cols).map(row).collect::<Vec<_>>().join("; "))
        }
        many => {
            let lengths: Vec<String> = many.iter().rev().map(usize::to_string).collect();
            let axes: Vec<String> = (1..=many.len()).rev().map(|axis| axis.to_string()).collect();
            let flat = format!("{elem}[{}]", items.join(", "));
            format!("permutedims(reshape({flat}, {}), ({}))", lengths.join(", "), axes.join(", "))
        }
    };
    assign(w, dst, &text);
    let shape: Vec<Form> = dims.iter().map(|&n| Form::number(n as i64)).collect();
    w.keep_shape(dst, &shape);
}

pub(super) fn hand_over(w: &mut Writer<'_>, dst: Local, src: Local, copied: bool) {
    let l = dst.0 as usize;
    let given = w.procedure.params.contains(&src);
    if !copied && !given && !w.variable[l] && w.usage.sets[l] == 1 && !w.variable[src.0 as usize] {
        w.alias(dst, src);
        return;
    }
    let shape: Option<Vec<Form>> = w.shapes.get(&src).cloned();
    let name = w.array_name(src);
    let text = if copied || given { format!("copy({})", name.text) } else { name.text };
    assign(w, dst, &text);
    match shape {
        Some(shape) => w.keep_shape(dst, &shape),
        None => _ = w.shapes.remove(&dst),
    }
}

pub(super) fn store_row(w: &mut Writer<'_>, array: Local, index: Local, row: Local) {
    let form = w.form_of(index);
    let index = w.fit(w.room(30), |w| w.index(&form));
    w.before_change(array);
    let (name, row) = (w.name_of(array), w.array_name(row));
    let text = match is_nested(w, array) {
        true => format!("{name}[{}] = copy({})", index.text, row.text),
        false => {
            let rest = ", :".repeat(w.ty(array).rank as usize - 1);
            format!("{name}[{}{rest}] = {}", index.text, row.text)
        }
    };
    w.line(text);
}

pub(super) fn push(w: &mut Writer<'_>, array: Local, value: Local) {
    let item = match w.ty(value).is_scalar() {
        true => w.fit(w.room(30), |w| w.operand(value)).text,
        false => format!("copy({})", w.array_name(value).text),
    };
    w.before_change(array);
    let name = w.name_of(array);
    w.line(format!("push!({name}, {item})"));
}

/// `array[index]`
pub(super) fn element_at(w: &mut Writer<'_>, array: Local, at: &[Form]) -> Piece {
    let name = w.array_name(array);
    let indices: Vec<Piece> = at.iter().map(|form| w.index(form)).collect();
    let texts: Vec<&str> = indices.iter().map(|p| p.text.as_str()).collect();
    let text = match (is_nested(w, array), texts.as_slice()) {
        (true, [first, rest @ ..]) => format!("{}[{first}][{}]", name.text, rest.join(", ")),
        (_, all) => format!("{}[{}]", name.text, all.join(", ")),
    };
    let mut parts: Vec<&Piece> = indices.iter().collect();
    parts.push(&name);
    Piece::of(text, Class::Call, &parts)
}

/// The length along an axis, asked of the array itself.
pub(super) fn measured(w: &mut Writer<'_>, array: Local, axis: usize) -> Piece {
    let array = w.resolve(array);
    let name = w.array_name(array);
    let text = match (is_nested(w, array), w.ty(array).rank, axis) {
        (true, _, 0) | (false, 1, _) => format!("length({})", name.text),
        (true, _, axis) => format!("size({}[1], {axis})", name.text),
        (false, _, axis) => format!("size({}, {})", name.text, axis + 1),
    };
    Piece::of(text, Class::Call, &[&name])
}
