//! Arrays of Julia; those of several axes that grow are arrays of arrays.

use super::super::expression::Piece;
use super::super::integer::Form;
use super::super::shared::{Filled, Objects, Writer};
use super::Julia;
use crate::block::Local;
use crate::core::{Elem, Type};
use crate::primitive::Class;

pub(super) fn element_type(elem: Elem) -> &'static str {
    match elem {
        Elem::Real => "Float64",
        Elem::Int => "Int",
        Elem::Bool => "Bool",
    }
}

impl Objects for Julia {
    fn is_list(&self, w: &Writer<'_>, array: Local) -> bool {
        w.ty(array).rank > 1 && w.grows(array)
    }

    fn list_of(&self, array: &str) -> String {
        format!("[copy(row) for row in eachslice({array}; dims = 1)]")
    }

    fn array_of(&self, list: &str) -> String {
        format!("stack({list}; dims = 1)")
    }

    fn copy_of(&self, array: &str) -> String {
        format!("copy({array})")
    }

    fn append(&self, array: &str, item: &str) -> String {
        format!("push!({array}, {item})")
    }

    fn empty(&self, ty: Type) -> String {
        let elem = element_type(ty.elem);
        if ty.rank > 1 { format!("Array{{{elem}, {}}}[]", ty.rank - 1) } else { format!("{elem}[]") }
    }

    fn filled(&self, w: &mut Writer<'_>, ty: Type, shape: &[Form], fill: Filled) -> Piece {
        let elem = element_type(ty.elem);
        let mut parts: Vec<Piece> = shape.iter().map(|form| w.count(form)).collect();
        let lengths = parts.iter().map(|p| p.text.as_str()).collect::<Vec<_>>().join(", ");
        let text = match fill {
            Filled::Zero if ty.elem == Elem::Real => format!("zeros({lengths})"),
            Filled::Zero => format!("zeros({elem}, {lengths})"),
            Filled::Unset => format!("Array{{{elem}}}(undef, {lengths})"),
            Filled::Value(v) => {
                let value = w.operand(v);
                let text = format!("fill({}, {lengths})", value.text);
                parts.push(value);
                text
            }
        };
        Piece::of(text, Class::Call, &parts.iter().collect::<Vec<_>>())
    }

    fn literal(&self, w: &mut Writer<'_>, dst: Local, items: Vec<String>, dims: &[usize]) {
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
        w.assign_array(dst, &text);
    }

    fn store(&self, w: &Writer<'_>, array: Local, name: &str, index: &str, row: &str) -> String {
        if self.is_list(w, array) {
            return format!("{name}[{index}] = copy({row})");
        }
        let rest = ", :".repeat(w.ty(array).rank as usize - 1);
        format!("{name}[{index}{rest}] = {row}")
    }

    fn length(&self, w: &Writer<'_>, array: Local, name: &str, axis: usize) -> String {
        match (self.is_list(w, array), axis) {
            (true, 0) => format!("length({name})"),
            (true, axis) => format!("size({name}[1], {axis})"),
            (false, axis) => length(name, w.ty(array).rank, axis),
        }
    }
}

/// The length along an axis of an array of this rank.
pub(super) fn length(name: &str, rank: u8, axis: usize) -> String {
    match rank {
        1 => format!("length({name})"),
        _ => format!("size({name}, {})", axis + 1),
    }
}
