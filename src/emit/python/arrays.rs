//! Arrays of Python: NumPy's, and lists for those that grow.

use super::super::expression::{Piece, call};
use super::super::integer::Form;
use super::super::shared::{Filled, Writer};
use super::super::signature::Signature;
use crate::block::Local;
use crate::core::Elem;
use crate::primitive::Class;

/// The parameters that change are copied.
pub(super) fn begin(w: &mut Writer<'_>, signature: &Signature) {
    for (k, &p) in w.procedure.params.iter().enumerate() {
        if w.ty(p).is_array() && w.variable[p.0 as usize] && !signature.written[k] {
            let name = w.name_of(p);
            w.line(match w.grows(p) {
                true => format!("{name} = list({name})"),
                false => format!("{name} = {name}.copy()"),
            });
        }
    }
}

/// What NumPy is told of the elements, if they are not real.
pub(super) fn dtype(elem: Elem) -> &'static str {
    match elem {
        Elem::Real => "",
        Elem::Int => ", dtype=np.int64",
        Elem::Bool => ", dtype=bool",
    }
}

/// The lengths as NumPy takes them.
fn lengths(w: &mut Writer<'_>, shape: &[Form]) -> Piece {
    let pieces: Vec<Piece> = shape.iter().map(|form| w.count(form)).collect();
    match pieces.as_slice() {
        [one] => one.clone(),
        many => call("", &many.iter().collect::<Vec<_>>()),
    }
}

fn assign(w: &mut Writer<'_>, dst: Local, value: &str) {
    w.before_change(dst);
    let name = w.name_of(dst);
    w.line(format!("{name} = {value}"));
    w.mark_set(dst);
}

pub(super) fn make(w: &mut Writer<'_>, dst: Local, shape: &[Form], fill: Filled) {
    if w.grows(dst) {
        assign(w, dst, "[]");
        return;
    }
    let dtype = dtype(w.ty(dst).elem);
    let piece = w.fit(w.room(40), |w| {
        let lengths = lengths(w, shape);
        match fill {
            Filled::Zero => Piece::of(format!("np.zeros({}{dtype})", lengths.text), Class::Call, &[&lengths]),
            Filled::Unset => {
                Piece::of(format!("np.empty({}{dtype})", lengths.text), Class::Call, &[&lengths])
            }
            Filled::Value(v) => {
                let value = w.operand(v);
                let text = format!("np.full({}, {}{dtype})", lengths.text, value.text);
                Piece::of(text, Class::Call, &[&lengths, &value])
            }
        }
    });
    assign(w, dst, &piece.text);
    w.keep_shape(dst, shape);
}

pub(super) fn list(w: &mut Writer<'_>, dst: Local, elems: &[Local], dims: &[usize]) {
    let mut items = Vec::new();
    for &e in elems {
        items.push(w.fit(w.room(30), |w| w.operand(e)).text);
    }
    let dtype = if items.is_empty() && w.ty(dst).elem == Elem::Real {
        ", dtype=float"
    } else {
        dtype(w.ty(dst).elem)
    };
    let shaped = match dims {
        [_] => String::new(),
        many => format!(".reshape({})", many.iter().map(usize::to_string).collect::<Vec<_>>().join(", ")),
    };
    let text = format!("np.array([{}]{dtype}){shaped}", items.join(", "));
    if text.len() < w.room(20) {
        assign(w, dst, &text);
    } else {
        w.before_change(dst);
        let name = w.name_of(dst);
        w.line(format!("{name} = np.array(["));
        let mut line = String::from("   ");
        for item in items {
            if line.len() + item.len() + 2 > w.room(0) {
                w.line(std::mem::replace(&mut line, String::from("   ")));
            }
            line.push(' ');
            line.push_str(&item);
            line.push(',');
        }
        w.line(line);
        w.line(format!("]{dtype}){shaped}"));
        w.mark_set(dst);
    }
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
    let text = if copied || given { format!("{}.copy()", name.text) } else { name.text };
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
    let copied = if w.grows(array) { ".copy()" } else { "" };
    w.line(format!("{name}[{}] = {}{copied}", index.text, row.text));
}

pub(super) fn push(w: &mut Writer<'_>, array: Local, value: Local) {
    let scalar = w.ty(value).is_scalar();
    let item = match scalar {
        true => w.fit(w.room(30), |w| w.operand(value)).text,
        false => format!("{}.copy()", w.array_name(value).text),
    };
    w.before_change(array);
    let name = w.name_of(array);
    w.line(format!("{name}.append({item})"));
}

/// `array[index]`
pub(super) fn element_at(w: &mut Writer<'_>, array: Local, at: &[Form]) -> Piece {
    let name = w.array_name(array);
    let indices: Vec<Piece> = at.iter().map(|form| w.index(form)).collect();
    let texts: Vec<&str> = indices.iter().map(|p| p.text.as_str()).collect();
    let text = match (w.grows(array), texts.as_slice()) {
        (true, [first, rest @ ..]) if !rest.is_empty() => {
            format!("{}[{first}][{}]", name.text, rest.join(", "))
        }
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
    let text = match (w.grows(array), axis) {
        (true, 0) => format!("len({})", name.text),
        (true, axis) => format!("{}[0].shape[{}]", name.text, axis - 1),
        (false, axis) => format!("{}.shape[{axis}]", name.text),
    };
    Piece::of(text, Class::Call, &[&name])
}
