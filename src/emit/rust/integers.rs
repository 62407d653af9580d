//! Integers: counters, sizes and indices are `usize`, all others `i64`. A `usize` is subtracted from only
//! after everything has been added, so that the arithmetic goes below 0 only if the value is: then it
//! panics, or wraps around to an index that is outside of any array.

use super::super::expression::{Piece, infix, method, prefix};
use super::super::integer::{Form, Leaf};
use super::literal;
use super::options::Precision;
use super::writer::Writer;
use crate::block::Local;
use crate::primitive::{Class, Prim};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Signed,
    Unsigned,
}

impl Writer<'_> {
    fn is_unsigned(&self, leaf: Leaf) -> bool {
        match leaf {
            Leaf::Local(l) => self.unsigned[l.0 as usize],
            Leaf::Length(..) | Leaf::Size(_) => true,
        }
    }

    pub fn all_unsigned(&self, form: &Form) -> bool {
        form.terms.iter().all(|term| self.is_unsigned(term.0))
    }

    /// Cannot be negative, and has no `i64` in it.
    pub fn is_natural(&self, form: &Form) -> bool {
        form.is_plain() && self.all_unsigned(form)
    }

    fn leaf(&mut self, leaf: Leaf) -> Piece {
        match leaf {
            Leaf::Local(l) => self.stored(l),
            Leaf::Size(k) => {
                let size = &mut self.sizes[k as usize];
                size.touched = true;
                Piece::atom(size.text.clone())
            }
            Leaf::Length(array, _) => {
                let name = self.array_name(array);
                method("len", &name, &[])
            }
        }
    }

    /// The sum as an expression of type `i64` or `usize`.
    pub fn render(&mut self, form: &Form, mode: Mode) -> Piece {
        if let Some(n) = form.as_number() {
            return literal::int(n);
        }
        match mode {
            Mode::Unsigned if !self.all_unsigned(form) => {
                let signed = self.sum(form, Mode::Signed);
                cast(&signed, "usize")
            }
            Mode::Signed if self.is_natural(form) => {
                let natural = self.sum(form, Mode::Unsigned);
                cast(&natural, "i64")
            }
            Mode::Signed | Mode::Unsigned => self.sum(form, mode),
        }
    }

    /// The terms one after another, those that are added first.
    fn sum(&mut self, form: &Form, mode: Mode) -> Piece {
        let mut terms: Vec<(Piece, bool)> = Vec::new();
        for positive in [true, false] {
            for &(leaf, k) in form.terms.iter().filter(|term| (term.1 > 0) == positive) {
                let mut piece = self.leaf(leaf);
                if mode == Mode::Signed && self.is_unsigned(leaf) {
                    piece = cast(&piece, "i64");
                }
                if k.unsigned_abs() != 1 {
                    let factor = Piece::literal(k.unsigned_abs().to_string());
                    piece = infix("*", Class::Product, &factor, &piece);
                }
                terms.push((piece, positive));
            }
            if form.add != 0 && (form.add > 0) == positive {
                terms.push((Piece::literal(form.add.unsigned_abs().to_string()), positive));
            }
        }
        let mut terms = terms.into_iter();
        let first = match terms.next() {
            Some((piece, true)) => piece,
            Some((piece, false)) if mode == Mode::Signed => prefix("-", &piece),
            Some((piece, false)) => infix("-", Class::Sum, &Piece::literal("0"), &piece),
            None => Piece::literal("0"),
        };
        terms.fold(first, |sum, (piece, positive)| {
            infix(if positive { "+" } else { "-" }, Class::Sum, &sum, &piece)
        })
    }

    /// The index as a `usize`: a value outside of `0..` is outside of any array.
    pub fn index(&mut self, form: &Form) -> Piece {
        self.render(form, Mode::Unsigned)
    }

    /// A count as a `usize`: what is negative counts as 0.
    pub fn count(&mut self, form: &Form) -> Piece {
        if let Some(n) = form.as_number() {
            return Piece::literal(n.max(0).to_string());
        }
        if self.is_natural(form) {
            return self.render(form, Mode::Unsigned);
        }
        if !self.all_unsigned(form) {
            let signed = self.sum(form, Mode::Signed);
            if signed.text.contains(".min(") {
                self.lints.insert("clippy::manual_clamp");
            }
            return cast(&method("max", &signed, &[&Piece::literal("0")]), "usize");
        }
        let (plus, minus) = form.sides();
        if plus.terms.is_empty() && plus.add == 0 {
            return Piece::literal("0");
        }
        let (plus, minus) = (self.render(&plus, Mode::Unsigned), self.render(&minus, Mode::Unsigned));
        match plus.typed {
            true => method("saturating_sub", &plus, &[&minus]),
            false => super::super::expression::call("usize::saturating_sub", &[&plus, &minus]),
        }
    }

    /// The integer as a double.
    pub fn int_to_real(&mut self, form: &Form) -> Piece {
        if let Some(n) = form.as_number() {
            return self.real_literal(n as f64);
        }
        // Exact in doubles, as sizes and counters are small.
        if let ([(leaf, 1)], add @ ..0) = (form.terms.as_slice(), form.add)
            && self.is_unsigned(*leaf)
        {
            let leaf = self.leaf(*leaf);
            let real = self.as_real(&leaf);
            let add = super::literal::real(add as f64, self.precision());
            return infix("+", Class::Sum, &real, &add);
        }
        let mode = if self.is_natural(form) { Mode::Unsigned } else { Mode::Signed };
        let int = self.render(form, mode);
        self.as_real(&int)
    }

    /// An integer that is written already as a real number.
    fn as_real(&self, int: &Piece) -> Piece {
        match self.precision() {
            Precision::Generic => {
                let double = cast(int, "f64");
                let mut piece = super::super::expression::call("T::of", &[&double]);
                piece.typed = true;
                piece
            }
            precision => cast(int, precision.name()),
        }
    }

    /// A comparison of integers; a literal where the outcome is certain.
    pub fn compare_ints(&mut self, p: Prim, a: &Form, b: &Form) -> Piece {
        let difference = a.minus(b);
        if let Some(n) = difference.as_ref().and_then(Form::as_number) {
            return truth(crate::primitive::compare_int(p, n, 0));
        }
        match difference {
            Some(d) if self.all_unsigned(&d) => {
                let (left, right) = d.sides();
                self.compare_naturals(p, left, right)
            }
            Some(_) | None => {
                let (left, right) = (self.render(a, Mode::Signed), self.render(b, Mode::Signed));
                let by_one = |side: &Form| side.add.abs() == 1;
                if matches!(p, Prim::LE | Prim::GE) && (by_one(a) || by_one(b)) {
                    self.lints.insert("clippy::int_plus_one");
                }
                infix(operator(p), Class::Compare, &left, &right)
            }
        }
    }

    /// `i + 1 <= n` as `i < n`, and nothing that is true of every `usize`.
    fn compare_naturals(&mut self, mut p: Prim, mut left: Form, mut right: Form) -> Piece {
        if left.terms.is_empty() {
            (left, right, p) = (right, left, flipped(p));
        }
        if p == Prim::LE && left.add == 1 {
            (left.add, p) = (0, Prim::LT);
        } else if p == Prim::GE && right.add == 1 && !right.terms.is_empty() {
            (right.add, p) = (0, Prim::GT);
        }
        if right == Form::number(0) {
            match p {
                Prim::GE => return truth(true),
                Prim::LT => return truth(false),
                Prim::LE => p = Prim::EQ,
                _ => {}
            }
        }
        let (left, right) = (self.render(&left, Mode::Unsigned), self.render(&right, Mode::Unsigned));
        if left.text.ends_with(".len()") && matches!(right.text.as_str(), "0" | "1") {
            self.lints.insert("clippy::len_zero");
        }
        infix(operator(p), Class::Compare, &left, &right)
    }

    /// An operation on integers that is no sum, and whether it gives a `usize`.
    pub fn int_operation(&mut self, p: Prim, args: &[Local]) -> (Piece, bool) {
        let forms: Vec<Form> = args.iter().map(|&a| self.form_of(a)).collect();
        let natural = forms.iter().all(|f| self.is_natural(f) && f.as_number() != Some(0));
        let unsigned = natural && matches!(p.name(), "add" | "mul" | "max" | "min" | "mod" | "rem");
        let mode = if unsigned { Mode::Unsigned } else { Mode::Signed };
        let pieces: Vec<Piece> = forms.iter().map(|f| self.render(f, mode)).collect();
        let piece = match (p.name(), pieces.as_slice()) {
            ("mod", [a, b]) if !unsigned => match forms[1].as_number() {
                Some(1..) => int_method("rem_euclid", "i64", a, &[b]),
                Some(_) | None => {
                    let name = self.module.support.mod_int(self.used);
                    super::super::expression::call(&name, &[a, b])
                }
            },
            ("add", [a, b]) => infix("+", Class::Sum, a, b),
            ("sub", [a, b]) => infix("-", Class::Sum, a, b),
            ("mul", [a, b]) => infix("*", Class::Product, a, b),
            ("mod" | "rem", [a, b]) => infix("%", Class::Product, a, b),
            ("neg", [a]) => prefix("-", a),
            ("sign", [a]) => int_method("signum", "i64", a, &[]),
            ("max" | "min" | "abs", [a, rest @ ..]) => {
                let ty = if unsigned { "usize" } else { "i64" };
                int_method(p.name(), ty, a, &rest.iter().collect::<Vec<_>>())
            }
            (name, _) => unreachable!("{name} is no operation on integers"),
        };
        (piece, unsigned)
    }
}

/// A method of an integer, which must not be a bare literal.
fn int_method(name: &str, ty: &str, a: &Piece, args: &[&Piece]) -> Piece {
    if a.typed {
        return method(name, a, args);
    }
    let all: Vec<&Piece> = std::iter::once(a).chain(args.iter().copied()).collect();
    let mut piece = super::super::expression::call(&format!("{ty}::{name}"), &all);
    piece.typed = true;
    piece
}

pub(super) fn truth(value: bool) -> Piece {
    Piece::atom(if value { "true" } else { "false" })
}

/// `a as ty`
pub(super) fn cast(a: &Piece, ty: &str) -> Piece {
    if !a.typed && !matches!(ty, "f64" | "f32") && a.text.bytes().all(|b| b.is_ascii_digit()) {
        return a.clone();
    }
    Piece::of(format!("{} as {ty}", a.within(Class::Cast)), Class::Cast, &[a])
}

fn operator(p: Prim) -> &'static str {
    match p.row().rust {
        crate::primitive::Spelling::Infix { op, .. } => op,
        rust => unreachable!("{rust:?} is no comparison"),
    }
}

/// The comparison with its sides exchanged.
fn flipped(p: Prim) -> Prim {
    match p {
        Prim::LT => Prim::GT,
        Prim::GT => Prim::LT,
        Prim::LE => Prim::GE,
        Prim::GE => Prim::LE,
        p => p,
    }
}
