//! Scalar statements, and the operations on their right-hand side.

use super::super::EmitError;
use super::super::expression::{Piece, call, infix, prefix};
use super::super::integer::{Form, Leaf};
use super::language::Fault;
use super::{Known, Writer};
use crate::block::{Local, Op};
use crate::core::Type;
use crate::primitive::{self, Class, Kind, Prim, Spelling};

/// Literals longer than this are named if they are used more than once.
const SHORT_LITERAL: usize = 10;
/// Conditions stay short.
const CONDITION: usize = 72;

impl Writer<'_> {
    pub fn let_stmt(&mut self, dst: Local, op: &Op) -> Result<(), EmitError> {
        let l = dst.0 as usize;
        let nothing = matches!(op, Op::Copy(src) if *src == dst);
        if nothing || self.usage.is_dead(dst) {
            return Ok(());
        }
        if let Op::Load { array, at } = op {
            self.check_indices(*array, at);
        }
        if let Op::Prim(Prim::TO_INT, args) = op {
            self.check_integral(args[0]);
        }
        if self.variable[l] {
            return self.assign(dst, op);
        }
        if self.know(dst, op) {
            return Ok(());
        }
        let room = self.let_room(dst).min(if self.ty(dst) == Type::BOOL { CONDITION } else { usize::MAX });
        let piece = self.value(op, room);
        match self.usage.single[l] {
            true => self.set_pending(dst, piece),
            false => self.write_let(dst, &piece),
        }
        Ok(())
    }

    fn check_integral(&mut self, x: Local) {
        let x = self.resolve(x);
        self.materialise(x);
        let piece = self.operand(x);
        if let Some(condition) = self.language.is_no_int(&piece.text) {
            let language = self.language;
            language.fault(self, &condition, Fault::Condition("an integer is needed"));
        }
    }

    /// Takes note of a value that needs no variable.
    fn know(&mut self, dst: Local, op: &Op) -> bool {
        let l = dst.0 as usize;
        let known = match op {
            Op::Real(v) => {
                let short = !v.is_finite() || self.real_literal(*v).text.len() <= SHORT_LITERAL;
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
            Op::Size { array, axis } => self
                .length(*array, *axis)
                .filter(|form| self.is_fixed(form))
                .map_or(Known::Nothing, Known::Form),
            Op::Prim(..) | Op::Load { .. } => Known::Nothing,
        };
        let found = !matches!(known, Known::Nothing);
        self.known[l] = known;
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

    /// The sum, if it is of what does not change; its terms get names.
    fn small_sum(&mut self, dst: Local, sum: Form) -> Option<Form> {
        let leaves =
            || sum.terms.iter().filter_map(|t| if let Leaf::Local(l) = t.0 { Some(l) } else { None });
        if leaves().any(|l| self.variable[l.0 as usize]) {
            return None;
        }
        if !self.usage.single[dst.0 as usize] {
            leaves().collect::<Vec<_>>().into_iter().for_each(|leaf| self.materialise(leaf));
        }
        Some(sum)
    }

    /// The value of an operation.
    pub fn value(&mut self, op: &Op, room: usize) -> Piece {
        self.fit(room, |w| w.operation(op))
    }

    fn operation(&mut self, op: &Op) -> Piece {
        match op {
            Op::Real(v) => self.real_literal(*v),
            Op::Int(n) => self.int_literal(*n),
            Op::Bool(b) => self.truth(*b),
            Op::Copy(src) => self.operand(*src),
            Op::Load { array, at } => self.load(*array, at),
            Op::Size { array, axis } => match self.length(*array, *axis) {
                Some(form) => self.count(&form),
                None => {
                    let language = self.language;
                    language.measured(self, *array, *axis)
                }
            },
            Op::Prim(p, args) => self.primitive(*p, args),
        }
    }

    fn primitive(&mut self, p: Prim, args: &[Local]) -> Piece {
        if !args.is_empty() && args.iter().all(|&a| self.is_int(a)) {
            let forms: Vec<Form> = args.iter().map(|&a| self.form_of(a)).collect();
            return match (p.row().kind, forms.as_slice()) {
                (Kind::Compare, [a, b]) => self.compare_ints(p, a, b),
                (Kind::ToReal, [a]) => self.int_to_real(a),
                _ => self.int_operation(p, args),
            };
        }
        if p == Prim::TO_INT {
            let arg = self.operand(args[0]);
            let language = self.language;
            return language.to_int(self, &arg);
        }
        if p == Prim::POW
            && let Some(k) = self.constant(args[1])
        {
            return self.power(args[0], k);
        }
        let pieces: Vec<Piece> = args.iter().map(|&a| self.operand(a)).collect();
        self.spelled(p, &pieces, false)
    }

    /// `x^k`
    fn power(&mut self, x: Local, k: f64) -> Piece {
        let dialect = self.language.dialect();
        if k == -1.0 {
            let base = self.operand(x);
            return self.spelled(Prim::INV, &[base], false);
        }
        if let Some(op) = dialect.power
            && (k == 2.0 || k == 3.0)
        {
            let base = self.operand(x);
            return Piece::of(format!("{}{op}{k:.0}", base.within(Class::Call)), Class::Unary, &[&base]);
        }
        if k == 2.0 || k == 3.0 {
            let local = self.resolve(x);
            self.materialise(local);
            let base = self.operand(x);
            let square = infix("*", Class::Product, &base, &base);
            return if k == 2.0 { square } else { infix("*", Class::Product, &square, &base) };
        }
        let (base, exponent) = (self.operand(x), self.real_literal(k));
        let (name, carried) = dialect.general_power;
        match carried {
            true => self.carried(name, &[base, exponent]),
            false => call(name, &[&base, &exponent]),
        }
    }

    /// A call of a support function.
    pub fn carried(&mut self, name: &'static str, args: &[Piece]) -> Piece {
        self.used.call(name);
        let found = primitive::support_of(self.language.dialect().id, name);
        // What is missing is refused when the module is put together.
        let name = found.map_or(name, |(name, _)| name);
        call(name, &args.iter().collect::<Vec<_>>())
    }

    /// A primitive as its row spells it.
    pub fn spelled(&mut self, p: Prim, args: &[Piece], ints: bool) -> Piece {
        match (p, args) {
            (Prim::AND, [a, b]) | (Prim::OR, [a, b]) => {
                let neutral = self.truth(p == Prim::AND).text;
                let decided = self.truth(p != Prim::AND).text;
                for (one, other) in [(a, b), (b, a)] {
                    if one.text == neutral {
                        return other.clone();
                    }
                    if one.text == decided {
                        return Piece::of(decided, Class::Call, &[a, b]);
                    }
                }
            }
            (Prim::NOT, [a]) => return self.negation(a),
            (Prim::MUL, [a, b]) if a.text == "-1.0" => return prefix("-", b),
            (Prim::MUL, [a, b]) if b.text == "-1.0" => return prefix("-", a),
            _ => {}
        }
        let language = self.language;
        if let Some(piece) = language.special(p, args) {
            return piece;
        }
        let all: Vec<&Piece> = args.iter().collect();
        match p.row().spelling(language.dialect().id, ints) {
            Spelling::Infix { op, class } => infix(op, class, all[0], all[1]),
            Spelling::Prefix { op, .. } => prefix(op, all[0]),
            Spelling::Call { name } | Spelling::Method { name } => call(name, &all),
            Spelling::Template { text: "{0}", .. } => args[0].clone(),
            Spelling::Template { text, class } => template(text, class, args),
            Spelling::Support { name } => self.carried(name, args),
        }
    }

    /// The opposite; of a comparison of reals that is not the opposite comparison, but for equality.
    pub fn negation(&mut self, a: &Piece) -> Piece {
        for value in [true, false] {
            if a.text == self.truth(value).text {
                return self.truth(!value);
            }
        }
        match Prim::NOT.row().spelling(self.language.dialect().id, false) {
            Spelling::Prefix { op, .. } => prefix(op, a),
            Spelling::Template { text, class } => template(text, class, std::slice::from_ref(a)),
            Spelling::Infix { .. }
            | Spelling::Method { .. }
            | Spelling::Call { .. }
            | Spelling::Support { .. } => call("not", &[a]),
        }
    }

    /// Sets a local that may be set more than once.
    fn assign(&mut self, dst: Local, op: &Op) -> Result<(), EmitError> {
        let l = dst.0 as usize;
        let name = self.name_only(dst);
        if !self.set[l] {
            let piece = self.value(op, self.let_room(dst));
            self.mark_set(dst);
            self.touched[l] = false;
            let text = self.language.declare(&name, self.ty(dst), false, &piece.text);
            self.lines.push(super::writer::Line { indent: self.indent, text, of: Some(dst) });
            return Ok(());
        }
        let piece = self.value(op, self.room(name.len() + " = ;".len()));
        if piece.text == name {
            return Ok(());
        }
        self.before_change(dst);
        let text = match update(&name, &piece) {
            Some(update) => update,
            None => format!("{name} = {}", piece.text),
        };
        self.statement_line(&text);
        Ok(())
    }

    /// The local that this one is another name of.
    pub fn resolve(&self, mut local: Local) -> Local {
        while let Known::Alias(other) = self.known[local.0 as usize] {
            local = other;
        }
        local
    }

    /// A scalar as an operand.
    pub fn operand(&mut self, local: Local) -> Piece {
        let local = self.resolve(local);
        if self.is_int(local) {
            let form = self.form_of(local);
            return self.render(&form);
        }
        match self.known[local.0 as usize] {
            Known::Real(v) => self.real_literal(v),
            Known::Bool(v) => self.truth(v),
            Known::Nothing | Known::Alias(_) | Known::Form(_) => self.stored(local),
        }
    }

    /// A scalar that is pending or has a name.
    pub fn stored(&mut self, local: Local) -> Piece {
        if let Some(piece) = self.pending[local.0 as usize].as_deref() {
            return Piece { parts: vec![local], ..piece.clone() };
        }
        let mut piece = Piece::atom(self.name_of(local));
        if self.variable[local.0 as usize] {
            piece.reads.push(local);
        }
        piece
    }

    pub fn real_literal(&self, v: f64) -> Piece {
        let dialect = self.language.dialect();
        match v {
            v if v.is_nan() => Piece::atom(dialect.nan),
            f64::INFINITY => Piece::atom(dialect.infinity),
            f64::NEG_INFINITY => Piece::literal(format!("-{}", dialect.infinity)),
            v => Piece::literal(format!("{v:?}")),
        }
    }

    /// The double that a local is known to be.
    pub fn constant(&self, local: Local) -> Option<f64> {
        match self.known[self.resolve(local).0 as usize] {
            Known::Real(v) => Some(v),
            Known::Nothing | Known::Alias(_) | Known::Bool(_) | Known::Form(_) => None,
        }
    }

    /// An integer as a sum.
    pub fn form_of(&self, local: Local) -> Form {
        let local = self.resolve(local);
        match &self.known[local.0 as usize] {
            Known::Form(form) => form.clone(),
            Known::Nothing | Known::Alias(_) | Known::Real(_) | Known::Bool(_) => {
                Form::leaf(Leaf::Local(local))
            }
        }
    }

    /// Whether a value that reads this may be written later, and as often as one likes.
    pub fn is_fixed(&self, form: &Form) -> bool {
        form.terms.iter().all(|(leaf, _)| match leaf {
            Leaf::Local(l) => !self.variable[l.0 as usize] && !self.is_pending(*l),
            Leaf::Length(array, _) => !self.variable[array.0 as usize],
            Leaf::Size(k) => !self.changing(*k),
        })
    }
}

/// `name op= rest` of a value that begins with `name op`.
fn update(name: &str, piece: &Piece) -> Option<String> {
    let rest = piece.text.strip_prefix(name)?.strip_prefix(' ')?;
    let (op, rest) = rest.split_once(' ')?;
    // The only operator outside of brackets, or one of equal ones that may be regrouped: none are.
    let bare = rest.bytes().all(|b| b != b' ') || (rest.starts_with('(') && closes_at_end(rest));
    let sum = matches!(op, "+" | "-" | "*" | "/");
    let product = (op == "+" || op == "-") && !outside(rest, &[" + ", " - "]) && piece.class == Class::Sum;
    let whole = rest.strip_prefix('(').and_then(|r| r.strip_suffix(')'));
    (sum && (bare || product)).then(|| {
        let rest = whole.filter(|_| closes_at_end(rest)).unwrap_or(rest);
        format!("{name} {op}= {rest}")
    })
}

/// Whether one of the operators stands outside of all brackets.
fn outside(text: &str, operators: &[&str]) -> bool {
    let mut depth = 0;
    text.bytes().enumerate().any(|(at, b)| {
        depth += matches!(b, b'(' | b'[') as i32 - matches!(b, b')' | b']') as i32;
        depth == 0 && b == b' ' && operators.iter().any(|op| text[at..].starts_with(op))
    })
}

/// Whether the bracket that the text begins with closes at its end.
fn closes_at_end(text: &str) -> bool {
    let mut depth = 0;
    let close = text.bytes().position(|b| {
        depth += (b == b'(') as i32 - (b == b')') as i32;
        depth == 0
    });
    text.starts_with('(') && close == Some(text.len() - 1)
}

/// The text with its holes filled.
pub(super) fn template(text: &str, class: Class, args: &[Piece]) -> Piece {
    let mut filled = text.to_string();
    for (k, arg) in args.iter().enumerate() {
        filled = filled.replace(&format!("{{{k}}}"), &arg.within(Class::Call));
    }
    Piece::of(filled, class, &args.iter().collect::<Vec<_>>())
}
