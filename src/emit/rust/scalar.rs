//! Scalar statements: `let`, assignment, and the operations on their right-hand side.

use super::super::EmitError;
use super::super::expression::{Piece, call, infix, method, prefix};
use super::super::integer::{Form, Leaf};
use super::errors::Fault;
use super::integers::{cast, truth};
use super::literal;
use super::options::Precision;
use super::writer::{Known, State, Writer};
use crate::block::{Local, Op};
use crate::core::Type;
use crate::primitive::{self, Class, Kind, Prim, Spelling};

/// Literals longer than this are named if they are used more than once.
const SHORT_LITERAL: usize = 10;
/// Conditions stay short, so that `} else if … {` fits.
const CONDITION: usize = 72;

impl Writer<'_> {
    pub fn let_stmt(&mut self, dst: Local, op: &Op) -> Result<(), EmitError> {
        let l = dst.0 as usize;
        let nothing = matches!(op, Op::Copy(src) if *src == dst);
        if nothing || self.usage.is_dead(dst) && !self.tail[l] {
            return Ok(());
        }
        if self.tries() {
            self.check(op);
        }
        if self.variable[l] {
            return self.assign(dst, op);
        }
        if self.know(dst, op) {
            return Ok(());
        }
        let room = self.let_room(dst).min(if self.ty(dst) == Type::BOOL { CONDITION } else { usize::MAX });
        let (piece, unsigned) = self.value(op, room);
        self.unsigned[l] = unsigned;
        if self.usage.single[l] || self.tail[l] {
            self.set_pending(dst, piece);
            if self.tail[l] && self.usage.uses[l] > 1 {
                self.unsettled.push(dst); // an inner block may read it, and a name in there ends there
            }
        } else {
            self.write_let(dst, &piece);
        }
        Ok(())
    }

    /// Takes note of a value that needs no variable.
    fn know(&mut self, dst: Local, op: &Op) -> bool {
        let l = dst.0 as usize;
        if self.tail[l] && self.is_int(dst) {
            return false;
        }
        let known = match op {
            Op::Real(v) => {
                let short = v.is_infinite()
                    || super::literal::real(*v, Precision::Double).text.len() <= SHORT_LITERAL;
                if short || self.usage.uses[l] <= 1 { Known::Real(*v) } else { Known::Nothing }
            }
            Op::Int(n) => Known::Form(Form::number(*n)),
            Op::Bool(b) => Known::Bool(*b),
            Op::Copy(src) if self.is_int(dst) => {
                let form = self.form_of(*src);
                self.small_sum(dst, form).map_or(Known::Nothing, Known::Form)
            }
            Op::Copy(src) => {
                let src = self.resolve(*src);
                let named = !self.is_pending(src) && !self.variable[src.0 as usize];
                if named { Known::Alias(src) } else { Known::Nothing }
            }
            Op::Prim(p, args) if self.is_int(dst) && p.row().kind == Kind::Arith => {
                self.sum_of(dst, *p, args).map_or(Known::Nothing, Known::Form)
            }
            Op::Size { array, axis } => self.size_of(dst, *array, *axis),
            Op::Prim(..) | Op::Load { .. } => Known::Nothing,
        };
        self.known[l] = known;
        let found = !matches!(self.known[l], Known::Nothing);
        if found {
            self.note_scope(dst);
        }
        found
    }

    /// The integer operation as a sum of what does not change.
    fn sum_of(&mut self, dst: Local, p: Prim, args: &[Local]) -> Option<Form> {
        let forms: Vec<Form> = args.iter().map(|&a| self.form_of(a)).collect();
        let numbers: Option<Vec<i64>> = forms.iter().map(Form::as_number).collect();
        if let Some(n) = numbers.and_then(|n| primitive::eval_int(p, &n)) {
            return Some(Form::number(n));
        }
        let sum = match (p, forms.as_slice()) {
            (Prim::ADD, [a, b]) => a.plus(b, 1)?,
            (Prim::SUB, [a, b]) => a.plus(b, -1)?,
            (Prim::NEG, [a]) => a.times(-1)?,
            (Prim::MUL, [a, b]) => match (a.as_number(), b.as_number()) {
                (Some(k), _) => b.times(k)?,
                (_, Some(k)) => a.times(k)?,
                (None, None) => return None,
            },
            _ => return None,
        };
        self.small_sum(dst, sum)
    }

    /// The sum, if it is of what does not change.
    fn small_sum(&mut self, dst: Local, sum: Form) -> Option<Form> {
        let leaves =
            || sum.terms.iter().filter_map(|t| if let Leaf::Local(l) = t.0 { Some(l) } else { None });
        if leaves().any(|l| self.variable[l.0 as usize]) {
            return None;
        }
        // What is written more than once, or elsewhere, is made of names only.
        if !self.usage.single[dst.0 as usize] {
            for leaf in leaves().collect::<Vec<_>>() {
                self.materialise(leaf);
            }
        }
        Some(sum)
    }

    fn size_of(&mut self, dst: Local, array: Local, axis: usize) -> Known {
        if let Some(form) = self.shape(array).and_then(|shape| shape.get(axis).cloned()) {
            return Known::Form(form);
        }
        self.unsigned[dst.0 as usize] = true;
        Known::Nothing
    }

    /// The value of an operation, and whether it is a `usize`.
    pub fn value(&mut self, op: &Op, room: usize) -> (Piece, bool) {
        let mut unsigned = false;
        let piece = self.fit(room, |w| {
            let (piece, is_unsigned) = w.operation(op);
            unsigned = is_unsigned;
            piece
        });
        (piece, unsigned)
    }

    fn operation(&mut self, op: &Op) -> (Piece, bool) {
        match op {
            Op::Real(v) => (self.real_literal(*v), false),
            Op::Int(n) => (super::literal::int(*n), false),
            Op::Bool(b) => (truth(*b), false),
            Op::Copy(src) => (self.operand(*src), false),
            Op::Load { array, at } => (self.element(*array, at), false),
            Op::Size { array, axis } => (self.measured(*array, *axis), true),
            Op::Prim(p, args) => self.primitive(*p, args),
        }
    }

    fn primitive(&mut self, p: Prim, args: &[Local]) -> (Piece, bool) {
        let ints = !args.is_empty() && args.iter().all(|&a| self.is_int(a));
        if ints {
            let forms = || args.iter().map(|&a| self.form_of(a)).collect::<Vec<Form>>();
            return match (p.row().kind, forms().as_slice()) {
                (Kind::Compare, [a, b]) => (self.compare_ints(p, a, b), false),
                (Kind::ToReal, [a]) => (self.int_to_real(a), false),
                _ => self.int_operation(p, args),
            };
        }
        if p == Prim::TO_INT {
            let arg = self.operand(args[0]);
            let mut piece = call(&self.module.support.to_int(self.used), &[&arg]);
            if self.module.options.tries {
                self.may(Fault::Integer);
                piece.text.push('?');
            }
            return (piece, false);
        }
        if p == Prim::POW
            && let Some(k) = self.constant(args[1])
        {
            return (self.power(args[0], k), false);
        }
        let pieces: Vec<Piece> = args.iter().map(|&a| self.operand(a)).collect();
        (self.spelled(p, &pieces), false)
    }

    /// `x^k`
    fn power(&mut self, x: Local, k: f64) -> Piece {
        let base = self.operand(x);
        if k == 2.0 && base.is_name() {
            return infix("*", Class::Product, &base, &base);
        }
        if k == -1.0 {
            let one = self.real_literal(1.0);
            if base.text == one.text {
                self.lints.insert("clippy::eq_op");
            }
            return infix("/", Class::Product, &one, &base);
        }
        let (name, exponent) = match k.trunc() == k && (-4.0..=16.0).contains(&k) {
            true => ("powi", Piece::literal(format!("{k:.0}"))),
            false => ("powf", self.real_literal(k)),
        };
        self.real_method(name, &base, &[&exponent])
    }

    /// A primitive as its row spells it, and as clippy wants it.
    fn spelled(&mut self, p: Prim, args: &[Piece]) -> Piece {
        let minus_one = literal::real(-1.0, self.precision()).text;
        match (p, args) {
            (Prim::AND, [a, b]) | (Prim::OR, [a, b]) => return self.logic(p, a, b),
            (Prim::NOT, [a]) => return self.negation(a),
            (Prim::MUL, [a, b]) if a.text == minus_one => return prefix("-", b),
            (Prim::MUL, [a, b]) if b.text == minus_one => return prefix("-", a),
            _ => {}
        }
        if let (Prim::NE, [a, b]) = (p, args)
            && a.text == b.text
        {
            return self.real_method("is_nan", a, &[]);
        }
        if let [a, b] = args
            && a.text == b.text
            && !matches!(p, Prim::ADD | Prim::MUL)
        {
            self.lints.insert("clippy::eq_op");
        }
        match p.row().rust {
            Spelling::Infix { op, class } => infix(op, class, &args[0], &args[1]),
            Spelling::Prefix { op, .. } => prefix(op, &args[0]),
            Spelling::Method { name } => {
                self.real_method(name, &args[0], &args[1..].iter().collect::<Vec<_>>())
            }
            Spelling::Template { text: "{0}", .. } => args[0].clone(),
            Spelling::Template { text, class } => {
                let one = self.real_literal(1.0).text;
                template(&text.replace("1.0", &one), class, args)
            }
            Spelling::Call { name } => call(name, &args.iter().collect::<Vec<_>>()),
            Spelling::Support { .. } => {
                let name = self.module.support.call(p, self.used);
                call(&name, &args.iter().collect::<Vec<_>>())
            }
        }
    }

    /// A method of a number, as a function where the type is not certain: `f64::sqrt(2.0)`.
    fn real_method(&self, name: &str, a: &Piece, args: &[&Piece]) -> Piece {
        if a.typed {
            return method(name, a, args);
        }
        let all: Vec<&Piece> = std::iter::once(a).chain(args.iter().copied()).collect();
        call(&format!("{}::{name}", self.precision().name()), &all)
    }

    fn logic(&mut self, p: Prim, a: &Piece, b: &Piece) -> Piece {
        let (op, class, neutral) =
            if p == Prim::AND { ("&&", Class::And, "true") } else { ("||", Class::Or, "false") };
        for (one, other) in [(a, b), (b, a)] {
            if one.text == neutral {
                return other.clone();
            }
            if matches!(one.text.as_str(), "true" | "false") {
                return Piece::of(one.text.clone(), Class::Call, &[a, b]);
            }
        }
        if a.class == Class::Compare && b.class == Class::Compare {
            self.lints.insert("clippy::manual_range_contains");
        }
        if a.text == b.text {
            self.lints.insert("clippy::eq_op");
        }
        let nested = |p: &Piece| p.class < Class::Compare || p.text.contains('!');
        if a.text == b.text || nested(a) || nested(b) {
            self.lints.extend(["clippy::nonminimal_bool", "clippy::overly_complex_bool_expr"]);
        }
        infix(op, class, a, b)
    }

    /// `!a`; the negation of a comparison of reals is not the opposite comparison, but for equality.
    pub fn negation(&mut self, a: &Piece) -> Piece {
        match a.text.as_str() {
            "true" => return truth(false),
            "false" => return truth(true),
            _ => {}
        }
        if a.class == Class::Unary
            && let Some(rest) = a.text.strip_prefix('!')
        {
            let inner = without_brackets(rest);
            let class = if inner == rest { Class::Call } else { Class::Or };
            return Piece { text: inner.to_string(), class, ..a.clone() };
        }
        if a.class != Class::Compare {
            return prefix("!", a);
        }
        for (from, to) in [(" == ", " != "), (" != ", " == ")] {
            if let Some(at) = outside_brackets(&a.text, from) {
                let (left, right) = (&a.text[..at], &a.text[at + from.len()..]);
                return Piece { text: format!("{left}{to}{right}"), ..a.clone() };
            }
        }
        self.lints.insert("clippy::neg_cmp_op_on_partial_ord");
        self.lints.insert("clippy::nonminimal_bool");
        prefix("!", a)
    }

    /// Sets a local that is set more than once.
    fn assign(&mut self, dst: Local, op: &Op) -> Result<(), EmitError> {
        let l = dst.0 as usize;
        let name = self.name_only(dst);
        if self.state[l] == State::Declared {
            self.declare_late(dst);
        }
        if self.state[l] == State::Unset {
            let (piece, unsigned) = self.value(op, self.let_room(dst));
            let int = self.is_int(dst);
            let piece = if unsigned { cast(&piece, "i64") } else { piece };
            let ty = if int && !piece.typed { ": i64" } else { "" };
            self.typed[l] = int || piece.typed;
            self.mark_set(dst);
            self.line(format!("let mut {name}{ty} = {};", piece.text));
            return Ok(());
        }
        let text = match self.update(dst, op) {
            Some((operator, piece)) => {
                let text = &piece.text;
                if text.starts_with(&format!("{name} ")) || text.ends_with(&format!(" {name}")) {
                    self.lints.insert("clippy::misrefactored_assign_op");
                }
                format!("{name} {operator}= {text};")
            }
            None => {
                let (piece, unsigned) = self.value(op, self.room(name.len() + " = ;".len()));
                let piece = if unsigned { cast(&piece, "i64") } else { piece };
                if piece.text == name {
                    return Ok(());
                }
                format!("{name} = {};", piece.text)
            }
        };
        self.before_change(dst);
        self.line(text);
        Ok(())
    }

    /// The operator and the operand, where the statement is an update `dst op= operand`.
    fn update(&mut self, dst: Local, op: &Op) -> Option<(&'static str, Piece)> {
        let (op, through) = match op {
            Op::Copy(src) if self.is_pending(*src) => (*self.usage.ops[src.0 as usize].first()?, Some(*src)),
            op => (op, None),
        };
        let Op::Prim(p, args) = op else { return None };
        let [a, b] = args.as_slice() else { return None };
        let (operator, separator, commutes) = match *p {
            Prim::ADD => ("+", " + ", true),
            Prim::SUB => ("-", " - ", false),
            Prim::MUL => ("*", " * ", true),
            Prim::DIV => ("/", " / ", false),
            _ => return None,
        };
        let left = self.resolve(*a) == dst;
        let right = commutes && self.resolve(*b) == dst;
        if !left && !right {
            return None;
        }
        let name = self.name_of(dst);
        let room = self.room(name.len() + " += ;".len());
        let Some(through) = through else {
            let other = if left { *b } else { *a };
            let piece = self.fit(room, |w| w.operand(other));
            return Some(signed_update(operator, piece));
        };
        // The operands are in the text of the pending value already: `name + rest` or `rest + name`.
        let mut piece = self.fit(room, |w| w.stored(through));
        for (operator, separator) in [(operator, separator), ("-", " - "), ("+", " + ")] {
            let rest = match left {
                true => piece.text.strip_prefix(&name).and_then(|t| t.strip_prefix(separator)),
                false => piece.text.strip_suffix(&name).and_then(|t| t.strip_suffix(separator)),
            };
            if let Some(rest) = rest {
                piece.text = without_brackets(rest).to_string();
                return Some((operator, piece));
            }
        }
        // Used up by `fit`; set again for the plain assignment.
        self.set_pending(through, piece);
        None
    }
}

/// `+= -x` as `-= x`.
fn signed_update(operator: &'static str, mut piece: Piece) -> (&'static str, Piece) {
    let turned = match operator {
        "+" => "-",
        "-" => "+",
        _ => return (operator, piece),
    };
    if piece.class == Class::Unary
        && let Some(rest) = piece.text.strip_prefix('-')
    {
        piece.text = without_brackets(rest).to_string();
        return (turned, piece);
    }
    (operator, piece)
}

/// The text inside of brackets that enclose all of it.
pub(super) fn without_brackets(text: &str) -> &str {
    let Some(inner) = text.strip_prefix('(').and_then(|t| t.strip_suffix(')')) else { return text };
    let mut depth = 0;
    for b in inner.bytes() {
        match b {
            b'(' => depth += 1,
            b')' if depth == 0 => return text,
            b')' => depth -= 1,
            _ => {}
        }
    }
    inner
}

/// Where `wanted` stands outside of all brackets.
pub(super) fn outside_brackets(text: &str, wanted: &str) -> Option<usize> {
    let mut depth = 0;
    for (at, b) in text.bytes().enumerate() {
        match b {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth -= 1,
            b' ' if depth == 0 && text[at..].starts_with(wanted) => return Some(at),
            _ => {}
        }
    }
    None
}

/// The text with its holes filled.
fn template(text: &str, class: Class, args: &[Piece]) -> Piece {
    let mut filled = text.to_string();
    for (k, arg) in args.iter().enumerate() {
        filled = filled.replace(&format!("{{{k}}}"), &arg.within(Class::Call));
    }
    Piece::of(filled, class, &args.iter().collect::<Vec<_>>())
}
