//! Integers, as sums and otherwise.

use super::super::expression::{Piece, infix, prefix};
use super::super::integer::{Form, Leaf};
use super::Writer;
use crate::block::{Local, Op};
use crate::core::Type;
use crate::primitive::{Class, Prim, compare_int};

impl Writer<'_> {
    fn leaf(&mut self, leaf: Leaf) -> Piece {
        match leaf {
            Leaf::Local(l) => self.stored(l),
            Leaf::Size(k) => Piece::atom(self.size_text(k)),
            Leaf::Length(array, axis) => {
                let language = self.language;
                language.measured(self, array, axis as usize)
            }
        }
    }

    /// The sum as the program counts: its counters begin with the first index.
    fn counted(&self, form: &Form) -> Form {
        let mut out = form.clone();
        let base = self.language.dialect().base;
        for (leaf, k) in &form.terms {
            if let Leaf::Local(l) = leaf
                && self.shifted.contains(l)
            {
                out.add = out.add.wrapping_sub(k.wrapping_mul(base));
            }
        }
        out
    }

    /// An integer literal.
    pub fn int_literal(&self, n: i64) -> Piece {
        match n {
            i64::MIN => Piece::atom(self.language.dialect().least_int),
            n => Piece::literal(n.to_string()),
        }
    }

    /// The sum as an expression.
    pub fn render(&mut self, form: &Form) -> Piece {
        let form = self.counted(form);
        self.plain_sum(&form)
    }

    /// The terms one after another, those that are added first.
    fn plain_sum(&mut self, form: &Form) -> Piece {
        if let Some(n) = form.as_number() {
            return self.int_literal(n);
        }
        let mut terms: Vec<(Piece, bool)> = Vec::new();
        for positive in [true, false] {
            for &(leaf, k) in form.terms.iter().filter(|term| (term.1 > 0) == positive) {
                let mut piece = self.leaf(leaf);
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
            Some((piece, false)) => prefix("-", &piece),
            None => Piece::literal("0"),
        };
        terms.fold(first, |sum, (piece, positive)| {
            infix(if positive { "+" } else { "-" }, Class::Sum, &sum, &piece)
        })
    }

    /// The sum as an index of the language.
    pub fn index(&mut self, form: &Form) -> Piece {
        let mut form = self.counted(form);
        form.add = form.add.wrapping_add(self.language.dialect().base);
        self.plain_sum(&form)
    }

    /// Whether a sum is not negative, whatever the counters in it are.
    pub fn is_natural(&self, form: &Form) -> bool {
        let len_of = |leaf: Leaf| self.counters.get(&leaf).cloned();
        let natural = |leaf: Leaf| match leaf {
            Leaf::Local(l) => self.counters.contains_key(&Leaf::Local(l)),
            Leaf::Length(..) | Leaf::Size(_) => true,
        };
        form.is_at_least_zero(&len_of, &natural, &self.facts)
    }

    /// A length: what is negative counts as 0.
    pub fn count(&mut self, form: &Form) -> Piece {
        if let Some(n) = form.as_number() {
            return self.int_literal(n.max(0));
        }
        let piece = self.render(form);
        if self.is_natural(form) {
            return piece;
        }
        let language = self.language;
        language.at_least_zero(self, &piece)
    }

    /// The product of lengths, in their order.
    pub fn product(&mut self, lengths: &[Form]) -> Piece {
        let mut number = 1;
        let mut factors: Vec<Piece> = Vec::new();
        for form in lengths {
            match form.as_number() {
                Some(n) => number *= n.max(0),
                None => factors.push(self.count(form)),
            }
        }
        if number == 0 {
            return Piece::literal("0");
        }
        if number != 1 || factors.is_empty() {
            factors.insert(0, Piece::literal(number.to_string()));
        }
        let one = Piece::literal("1");
        factors.into_iter().reduce(|a, b| infix("*", Class::Product, &a, &b)).unwrap_or(one)
    }

    /// The integer as a double.
    pub fn int_to_real(&mut self, form: &Form) -> Piece {
        if let Some(n) = form.as_number() {
            return self.real_literal(n as f64);
        }
        let piece = self.render(form);
        self.spelled(Prim::TO_REAL, &[piece], true)
    }

    /// A comparison of integers; a literal where the outcome is certain.
    pub fn compare_ints(&mut self, p: Prim, a: &Form, b: &Form) -> Piece {
        if let Some(n) = a.minus(b).and_then(|d| d.as_number()) {
            return self.truth(compare_int(p, n, 0));
        }
        let (a, b) = (self.counted(a), self.counted(b));
        let (p, left, right) = match a.minus(&b) {
            Some(difference) => {
                let (left, right) = difference.sides();
                match left.terms.is_empty() {
                    true => (flipped(p), right, left),
                    false => (p, left, right),
                }
            }
            None => (p, a, b),
        };
        // `i + 1 <= n` is `i < n`.
        let (p, left) = match p {
            Prim::LE if left.add == 1 => (Prim::LT, Form { add: 0, ..left }),
            p => (p, left),
        };
        let (left, right) = (self.plain_sum(&left), self.plain_sum(&right));
        self.spelled(p, &[left, right], true)
    }

    /// An operation on integers that is no sum.
    pub fn int_operation(&mut self, p: Prim, args: &[Local]) -> Piece {
        let pieces: Vec<Piece> = args
            .iter()
            .map(|&a| {
                let form = self.form_of(a);
                self.render(&form)
            })
            .collect();
        self.spelled(p, &pieces, true)
    }

    pub fn truth(&self, value: bool) -> Piece {
        Piece::atom(self.language.dialect().truth[value as usize])
    }

    /// Notes what integers are not negative where a condition holds, or where it fails.
    pub fn assume(&mut self, cond: Local, holds: bool) {
        let cond = self.resolve(cond);
        let [Op::Prim(p, args)] = self.usage.ops[cond.0 as usize].as_slice() else { return };
        let (p, args) = (*p, args.clone());
        match (p, args.as_slice()) {
            (Prim::AND, [a, b]) if holds => {
                self.assume(*a, true);
                self.assume(*b, true);
            }
            (Prim::OR, [a, b]) if !holds => {
                self.assume(*a, false);
                self.assume(*b, false);
            }
            (Prim::NOT, [a]) => self.assume(*a, !holds),
            (_, [a, b]) if self.ty(*a) == Type::INT => {
                let (a, b) = (self.form_of(*a), self.form_of(*b));
                let (Some(up), Some(down)) = (a.minus(&b), b.minus(&a)) else { return };
                let less = |form: &Form| form.plus(&Form::number(1), -1);
                let facts = match (p, holds) {
                    (Prim::LT, true) | (Prim::GE, false) => vec![less(&down)],
                    (Prim::LE, true) | (Prim::GT, false) => vec![Some(down)],
                    (Prim::GT, true) | (Prim::LE, false) => vec![less(&up)],
                    (Prim::GE, true) | (Prim::LT, false) => vec![Some(up)],
                    (Prim::EQ, true) | (Prim::NE, false) => vec![Some(up), Some(down)],
                    (Prim::NE, true) | (Prim::EQ, false) => {
                        [up, down].iter().filter(|side| self.is_natural(side)).map(less).collect()
                    }
                    _ => Vec::new(),
                };
                let facts: Vec<Form> =
                    facts.into_iter().flatten().filter(|fact| self.is_fixed(fact)).collect();
                self.facts.extend(facts);
            }
            _ => {}
        }
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
