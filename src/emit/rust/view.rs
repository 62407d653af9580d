//! Rows of arrays as slices of their own, taken before the loop that runs along them: the loop then needs no
//! check of its bounds, and no multiplication.

use super::super::expression::Piece;
use super::super::integer::{Form, Leaf};
use super::super::walk::{Role, roles, visit};
use super::writer::{Known, Place, State, Writer};
use crate::block::{Local, Op, Stmt};
use crate::primitive::Class;
use std::collections::BTreeMap;

/// A row of an array: all its indices but the last are fixed.
pub(super) struct View {
    array: Local,
    leading: Vec<Form>,
    name: String,
    touched: bool,
    /// The line that takes it.
    line: usize,
}

/// How a block uses an array.
#[derive(Default)]
struct Uses {
    /// The indices of each access.
    accesses: Vec<Vec<Local>>,
    written: bool,
    /// Used in other ways than by elements.
    whole: bool,
}

impl Writer<'_> {
    /// Takes the rows that the loop of `index` runs along; gives the number of views there were before.
    pub fn open_views(&mut self, index: Local, body: &[Stmt]) -> usize {
        let before = self.views.len();
        for (array, uses) in self.uses(body) {
            let mut rows: Vec<Vec<Form>> = Vec::new();
            let mut others = uses.whole;
            for at in &uses.accesses {
                match self.row(array, at, index) {
                    Some(row) if rows.iter().any(|r| same(r, &row)) => {}
                    Some(row) => rows.push(row),
                    None => others = true,
                }
            }
            // A row that is written to is the only way to the array while it is there.
            if uses.written && (others || rows.len() != 1) {
                continue;
            }
            for row in rows {
                self.open_view(array, row, uses.written);
            }
        }
        before
    }

    /// The uses of the arrays of several axes.
    fn uses(&self, body: &[Stmt]) -> BTreeMap<Local, Uses> {
        let mut found: BTreeMap<Local, Uses> = BTreeMap::new();
        visit(body, &mut |stmt| {
            let access = match stmt {
                Stmt::Let { op: Op::Load { array, at }, .. } => Some((*array, at)),
                Stmt::Store { array, at, .. } | Stmt::AddTo { array, at, .. } => Some((*array, at)),
                _ => None,
            };
            roles(stmt, &mut |l, role| {
                if self.ty(l).rank > 1 {
                    let uses = found.entry(self.resolve(l)).or_default();
                    uses.written |= role != Role::Read;
                    match access {
                        Some((array, at)) if array == l => uses.accesses.push(at.clone()),
                        _ => uses.whole = true,
                    }
                }
            });
        });
        found
    }

    /// The indices but the last, if they are known before the loop, inside of the array, and the last is not.
    fn row(&self, array: Local, at: &[Local], index: Local) -> Option<Vec<Form>> {
        let (last, leading) = at.split_last()?;
        if *last != index && self.is_known(*last) {
            return None;
        }
        let shape = self.shape(array)?;
        // The rows of small arrays cost nothing to find.
        shape.last().filter(|length| length.as_number().is_none())?;
        let forms: Vec<Form> = leading.iter().map(|&l| self.form_of(l)).collect();
        let known = leading.iter().all(|&l| l != index && self.is_known(l));
        let inside = forms.iter().zip(shape).all(|(form, length)| self.is_inside(form, length));
        let whole = self.views.iter().any(|v| v.array == array && same(&v.leading, &forms));
        (known && inside && !whole).then_some(forms)
    }

    /// Whether an integer is set already.
    fn is_known(&self, local: Local) -> bool {
        let local = self.resolve(local);
        matches!(self.known[local.0 as usize], Known::Form(_))
            || self.counters.contains_key(&Leaf::Local(local))
            || self.state[local.0 as usize] == State::Set
    }

    fn open_view(&mut self, array: Local, leading: Vec<Form>, written: bool) {
        let Some(shape) = self.shape(array).cloned() else { return };
        let axis = leading.len();
        let name = self.array_name(array);
        let offset = self.offset(&leading, &shape, &shape[axis..]);
        let stride = self.product(&shape[axis..]);
        let mark = if written { "&mut " } else { "&" };
        let value = format!("{mark}{}[{}..][..{}]", name.text, offset.text, stride.text);
        if value.len() + 32 > self.room(name.text.len()) {
            return;
        }
        let place = match leading.as_slice() {
            [form] if form.terms.len() == 1 && form.add == 0 => self.index(form).text,
            _ => String::new(),
        };
        let is_name = !place.is_empty() && Piece::atom(place.as_str()).is_name();
        let stem = name.text.trim_end_matches('_');
        let view = self.names.fresh(&format!("{stem}_{}", if is_name { place.as_str() } else { "row" }));
        let line = self.lines.len();
        self.line(format!("let {view} = {value};"));
        self.views.push(View { array, leading, name: view, touched: false, line });
    }

    /// Forgets the views of a loop that ends, and those lines that took one in vain. Gives how many.
    pub fn close_views(&mut self, before: usize) {
        for view in self.views.split_off(before).into_iter().rev() {
            self.names.release(&view.name);
            if !view.touched {
                self.lines.remove(view.line);
            }
        }
    }

    /// The element by the row that it is in.
    pub fn viewed(&mut self, array: Local, at: &[Form]) -> Option<Piece> {
        let (last, leading) = at.split_last()?;
        let view = self.views.iter_mut().rev().find(|v| v.array == array && same(&v.leading, leading))?;
        view.touched = true;
        let name = view.name.clone();
        let index = self.index(last);
        let mut piece = Piece::of(format!("{name}[{}]", index.text), Class::Call, &[&index]);
        piece.typed = self.typed[array.0 as usize];
        if self.variable[array.0 as usize] && self.place(array) != Place::Slice {
            piece.reads.push(array);
        }
        Some(piece)
    }
}

fn same(a: &[Form], b: &[Form]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.same(b))
}
