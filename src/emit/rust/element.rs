//! Elements of arrays. Arrays of several axes are flat, rows first. An index that may be outside of its
//! axis takes a slice first, `a[i * n..][..n][j]`, so that it never reaches into the next row.

use super::super::EmitError;
use super::super::expression::{Piece, infix};
use super::super::integer::Form;
use super::integers::cast;
use super::layout;
use super::scalar::{outside_brackets, without_brackets};
use super::writer::Writer;
use crate::block::Local;
use crate::core::Elem;
use crate::primitive::Class;

/// Longer indices are named where a line is too long.
const LONG_INDEX: usize = 24;

impl Writer<'_> {
    /// `array[at]`
    pub fn element(&mut self, array: Local, at: &[Local]) -> Piece {
        let array = self.resolve(array);
        let forms: Vec<Form> = at.iter().map(|&a| self.form_of(a)).collect();
        if let Some(piece) = self.viewed(array, &forms) {
            return piece;
        }
        let mut place = self.array_name(array);
        let rank = forms.len();
        let shape = self.shape(array).cloned().unwrap_or_default();
        let mut start = 0;
        for axis in 0..rank.saturating_sub(1) {
            let known = shape.get(axis + 1).is_some_and(|length| self.is_inside(&forms[axis + 1], length));
            if !known {
                let offset = self.offset(&forms[start..=axis], &shape[start..], &shape[axis + 1..]);
                let stride = self.product(&shape[axis + 1..]);
                let text = match offset.text.as_str() {
                    "0" => format!("{}[..{}]", place.text, stride.text),
                    from => format!("{}[{from}..][..{}]", place.text, stride.text),
                };
                place = Piece { text, ..Piece::of(String::new(), Class::Call, &[&place, &offset, &stride]) };
                start = axis + 1;
            }
        }
        let index = self.offset(&forms[start..], shape.get(start..).unwrap_or_default(), &[]);
        let mut piece = Piece::of(format!("{}[{}]", place.text, index.text), Class::Call, &[&place, &index]);
        piece.typed = self.typed[array.0 as usize];
        piece
    }

    /// The distance from the start to these indices, each unit of the last being `unit` elements.
    pub fn offset(&mut self, forms: &[Form], lengths: &[Form], unit: &[Form]) -> Piece {
        let mut sum = forms[0].clone();
        let mut text: Option<Piece> = None;
        for (axis, form) in forms.iter().enumerate().skip(1) {
            // While the lengths are numbers the distance is one sum.
            if text.is_none()
                && let Some(n) = lengths[axis].as_number()
                && let Some(next) = sum.times(n).and_then(|s| s.plus(form, 1))
            {
                sum = next;
                continue;
            }
            let before = text.take().unwrap_or_else(|| self.index(&sum));
            let length = self.count(&lengths[axis]);
            text = Some(self.horner(&before, &length, form));
        }
        let distance = match text {
            Some(text) => text,
            None => self.index(&sum),
        };
        if unit.is_empty() {
            return distance;
        }
        let unit = self.product(unit);
        scaled(&distance, &unit)
    }

    /// `before * length + form`
    fn horner(&mut self, before: &Piece, length: &Piece, form: &Form) -> Piece {
        let rows = scaled(before, length);
        if form.as_number() == Some(0) {
            return rows;
        }
        let index = self.index(form);
        if rows.text == "0" {
            return index;
        }
        // `i * n + (j + 1)` needs no brackets, but `i * n + (j - 1)` must add first, see `integers`.
        let (plus, minus) = form.sides();
        if self.all_unsigned(form) && (minus.add != 0 || !minus.terms.is_empty()) {
            let mut sum = rows;
            if plus.add != 0 || !plus.terms.is_empty() {
                let plus = self.index(&plus);
                sum = flat_sum(&sum, &plus);
            }
            let minus = self.index(&minus);
            return infix("-", Class::Sum, &sum, &minus);
        }
        flat_sum(&rows, &index)
    }

    /// Whether an index stays within its axis.
    pub fn is_inside(&self, form: &Form, length: &Form) -> bool {
        form.stays_below(length, |leaf| self.counters.get(&leaf).cloned())
    }

    /// Sets or adds to an element.
    pub fn store(&mut self, array: Local, at: &[Local], value: Local, add: bool) -> Result<(), EmitError> {
        self.check_indices(array, at);
        let array = self.resolve(array);
        let operator = if add { "+=" } else { "=" };
        let room = self.room(" += ;".len());
        let mut text = String::new();
        self.fit(room, |w| {
            let element = w.element(array, at);
            let mut value = w.operand(value);
            let mut operator = operator;
            if add
                && value.class == Class::Unary
                && let Some(rest) = value.text.strip_prefix('-').filter(|rest| !rest.starts_with('('))
            {
                (value.text, operator) = (rest.to_string(), "-=");
            }
            if !add && let Some((update, rest)) = updating(&element.text, &value.text) {
                (value.text, operator) = (rest.to_string(), update);
            } else if !add && value.text != element.text && value.text.ends_with(&element.text) {
                w.lints.insert("clippy::assign_op_pattern");
            }
            if add && (value.text.starts_with(&element.text) || value.text.ends_with(&element.text)) {
                w.lints.insert("clippy::misrefactored_assign_op");
            }
            text = format!("{} {operator} {};", element.text, value.text);
            Piece::of(text[..text.len() - 1].to_string(), Class::Or, &[&element, &value])
        });
        self.before_change(array);
        self.store_line(text);
        Ok(())
    }

    /// A line that sets an element; its row comes first where the line would be too long.
    fn store_line(&mut self, text: String) {
        let separator = [" = ", " += ", " -= ", " *= ", " /= "].into_iter().find(|s| text.contains(s));
        let parts = separator.and_then(|s| text.split_once(s).map(|(element, value)| (element, s, value)));
        match parts {
            Some((element, separator, value)) if self.is_too_wide(&text) && element.contains('[') => {
                let mut named = value.trim_end_matches(';').to_string();
                if !Piece::atom(named.as_str()).is_name() {
                    named = self.names.fresh("value");
                    self.line(format!("let {named} = {value}"));
                }
                let element = self.rows_first(element, "&mut ");
                self.line(format!("{element}{separator}{named};"));
            }
            Some(_) | None => self.line(text),
        }
    }

    /// `let name = value;`, the value on the next line if it fits there alone.
    pub fn let_line(&mut self, name: &str, value: &str) {
        let text = format!("let {name} = {value};");
        if self.is_too_wide(&text) && !self.is_too_wide(&format!("    {value};")) {
            self.line(format!("let {name} ="));
            self.line(format!("    {value};"));
        } else {
            self.line(text);
        }
    }

    pub fn is_too_wide(&self, text: &str) -> bool {
        4 * self.indent + layout::width(text) > layout::WIDTH
    }

    /// Takes the rows in `a[i..][..n][j..][..m][k]` one by one; gives the last with its index.
    pub fn rows_first(&mut self, element: &str, mark: &str) -> String {
        let stem = element.split('[').next().unwrap_or_default().to_string();
        let mut place = stem.clone();
        let mut rest = &element[stem.len()..];
        while let Some(at) = rest.find("][..") {
            let end = at + 4 + rest[at + 4..].find("][").map_or(rest.len() - at - 4, |n| n + 1);
            let row = self.names.fresh(&format!("{stem}_row"));
            let (mut from, mut length) = (rest[1..at].to_string(), rest[at + 4..end - 1].to_string());
            let around = format!("let {row} = {mark}{place}[][..];").len();
            if let Some(bare) =
                from.strip_suffix("..").filter(|_| self.room(around) < from.len() + length.len())
            {
                let (start, size) = (self.names.fresh("start"), self.names.fresh("size"));
                self.let_line(&start, bare);
                self.let_line(&size, &length);
                (from, length) = (format!("{start}.."), size);
            }
            self.let_line(&row, &format!("{mark}{place}[{from}][..{length}]"));
            (place, rest) = (row, &rest[end..]);
        }
        match rest.strip_prefix('[').and_then(|index| index.strip_suffix(']')) {
            Some(index) if layout::width(index) > LONG_INDEX => {
                let at = self.names.fresh("at");
                self.let_line(&at, index);
                format!("{place}[{at}]")
            }
            Some(_) | None => format!("{place}{rest}"),
        }
    }

    /// `array[index, ..] = row`
    pub fn store_row(&mut self, array: Local, index: Local, row: Local) -> Result<(), EmitError> {
        self.check_indices(array, &[index]);
        let array = self.resolve(array);
        let room = self.room(";".len());
        let piece = self.fit(room, |w| {
            let name = w.array_name(array);
            let form = w.form_of(index);
            let source = w.array_reference(row);
            let whole = w.shape(array).cloned().or_else(|| {
                let row = w.shape(row)?;
                Some(std::iter::once(Form::number(0)).chain(row.iter().cloned()).collect())
            });
            let (offset, stride) = match whole {
                Some(shape) => {
                    (w.offset(std::slice::from_ref(&form), &shape, &shape[1..]), w.product(&shape[1..]))
                }
                None => {
                    let stride = w.measured(row, 0);
                    let index = w.index(&form);
                    (scaled(&index, &stride), stride)
                }
            };
            let text = format!(
                "{}[{}..][..{}].copy_from_slice({})",
                name.text, offset.text, stride.text, source.text
            );
            Piece::of(text, Class::Call, &[&name, &offset, &stride, &source])
        });
        self.before_change(array);
        let text = format!("{};", piece.text);
        match text.split_once(".copy_from_slice") {
            Some((place, source)) if self.is_too_wide(&text) => {
                let row = self.rows_first(place, "&mut ");
                self.line(format!("{row}.copy_from_slice{source}"));
            }
            Some(_) | None => self.line(text),
        }
        Ok(())
    }

    /// Appends to an array that grows.
    pub fn push(&mut self, array: Local, value: Local) -> Result<(), EmitError> {
        let array = self.resolve(array);
        let scalar = self.ty(value).is_scalar();
        let room = self.room(";".len());
        let piece = self.fit(room, |w| {
            let name = w.array_name(array);
            if scalar {
                let value = w.operand(value);
                return super::super::expression::method("push", &name, &[&value]);
            }
            let value = w.array_reference(value);
            super::super::expression::method("extend_from_slice", &name, &[&value])
        });
        self.before_change(array);
        self.line(format!("{};", piece.text));
        Ok(())
    }

    /// An operand that fits an element of this kind.
    pub fn fill_value(&mut self, value: Local) -> Piece {
        let piece = self.operand(value);
        if self.ty(value).elem == Elem::Int && !piece.typed { cast(&piece, "i64") } else { piece }
    }
}

/// `a * b`, without factors of 1 and with products of 0.
fn scaled(a: &Piece, b: &Piece) -> Piece {
    match (a.text.as_str(), b.text.as_str()) {
        ("0", _) | (_, "0") => Piece::literal("0"),
        ("1", _) => b.clone(),
        (_, "1") => a.clone(),
        _ => infix("*", Class::Product, a, b),
    }
}

/// `a + b`, where `b` may itself be a sum: of `usize`, the order does not matter.
fn flat_sum(a: &Piece, b: &Piece) -> Piece {
    Piece::of(format!("{} + {}", a.text, b.text), Class::Sum, &[a, b])
}

/// `a[i] - x` set to `a[i]` as `a[i] -= x`: the operator and what stands after it.
fn updating<'a>(element: &str, value: &'a str) -> Option<(&'static str, &'a str)> {
    const SUMS: [&str; 2] = [" + ", " - "];
    const PRODUCTS: [&str; 3] = [" * ", " / ", " % "];
    let rest = value.strip_prefix(element)?;
    let updates = [(" + ", "+="), (" - ", "-="), (" * ", "*="), (" / ", "/=")];
    let (separator, operator) = updates.into_iter().find(|(separator, _)| rest.starts_with(separator))?;
    let rest = &rest[separator.len()..];
    let mut others: Vec<&str> = SUMS.to_vec();
    if !SUMS.contains(&separator) {
        others.extend(PRODUCTS);
    }
    let whole = others.iter().all(|other| outside_brackets(rest, other).is_none()) && !rest.contains('{');
    whole.then(|| (operator, without_brackets(rest)))
}
