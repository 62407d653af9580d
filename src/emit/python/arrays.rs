//! Arrays of Python: NumPy's, and lists for those that grow.

use super::super::expression::{Piece, call};
use super::super::integer::Form;
use super::super::shared::{Filled, Objects, Writer};
use super::Python;
use crate::block::Local;
use crate::core::{Elem, Type};
use crate::primitive::Class;

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

impl Objects for Python {
    fn is_list(&self, w: &Writer<'_>, array: Local) -> bool {
        w.grows(array)
    }

    fn list_of(&self, array: &str) -> String {
        format!("list({array})")
    }

    fn array_of(&self, list: &str) -> String {
        format!("np.array({list})")
    }

    fn copy_of(&self, array: &str) -> String {
        format!("{array}.copy()")
    }

    fn append(&self, array: &str, item: &str) -> String {
        format!("{array}.append({item})")
    }

    fn empty(&self, _: Type) -> String {
        "[]".to_string()
    }

    fn filled(&self, w: &mut Writer<'_>, ty: Type, shape: &[Form], fill: Filled) -> Piece {
        let (lengths, dtype) = (lengths(w, shape), dtype(ty.elem));
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
    }

    /// On several lines if it is long.
    fn literal(&self, w: &mut Writer<'_>, dst: Local, items: Vec<String>, dims: &[usize]) {
        let elem = w.ty(dst).elem;
        let dtype = match elem {
            Elem::Real if items.is_empty() => ", dtype=float",
            _known => dtype(elem),
        };
        let shaped = match dims {
            [_] => String::new(),
            many => format!(".reshape({})", many.iter().map(usize::to_string).collect::<Vec<_>>().join(", ")),
        };
        let text = format!("np.array([{}]{dtype}){shaped}", items.join(", "));
        if text.len() < w.room(20) {
            return w.assign_array(dst, &text);
        }
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

    fn store(&self, w: &Writer<'_>, array: Local, name: &str, index: &str, row: &str) -> String {
        let copied = if w.grows(array) { ".copy()" } else { "" };
        format!("{name}[{index}] = {row}{copied}")
    }

    fn length(&self, w: &Writer<'_>, array: Local, name: &str, axis: usize) -> String {
        match (w.grows(array), axis) {
            (true, 0) => format!("len({name})"),
            (true, axis) => format!("{name}[0].shape[{}]", axis - 1),
            (false, axis) => format!("{name}.shape[{axis}]"),
        }
    }
}
