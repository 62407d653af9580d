//! Loops whose steps do not depend on one another as operations on whole arrays: elements computed from
//! elements beside them, and sums of such.

use super::super::EmitError;
use super::super::expression::{Piece, call, infix, prefix};
use super::super::integer::{Form, Leaf};
use super::super::shared::Writer;
use crate::block::{Local, Op, Stmt};
use crate::core::{Elem, Type};
use crate::primitive::{Class, Kind, Prim};
use std::collections::{HashMap, HashSet};

/// What NumPy calls the functions that it has for whole arrays.
const FUNCTIONS: &[(&str, &str)] = &[
    ("abs", "np.abs"),
    ("acos", "np.arccos"),
    ("asin", "np.arcsin"),
    ("atan", "np.arctan"),
    ("atan2", "np.arctan2"),
    ("cbrt", "np.cbrt"),
    ("ceil", "np.ceil"),
    ("copysign", "np.copysign"),
    ("cos", "np.cos"),
    ("cosh", "np.cosh"),
    ("exp", "np.exp"),
    ("exp2", "np.exp2"),
    ("expm1", "np.expm1"),
    ("floor", "np.floor"),
    ("hypot", "np.hypot"),
    ("log", "np.log"),
    ("log10", "np.log10"),
    ("log1p", "np.log1p"),
    ("log2", "np.log2"),
    ("sin", "np.sin"),
    ("sinh", "np.sinh"),
    ("sqrt", "np.sqrt"),
    ("tan", "np.tan"),
    ("tanh", "np.tanh"),
    ("trunc", "np.trunc"),
];

/// A statement of the body as an operation on arrays.
enum Step<'a> {
    Value(Local, &'a Op),
    Store { array: Local, at: Vec<Form>, value: Local, add: bool },
    Sum { total: Local, term: Local },
}

/// What is known of the body before anything is written.
struct Plan<'a> {
    index: Local,
    steps: Vec<Step<'a>>,
    /// The integers of the body.
    forms: HashMap<Local, Form>,
    /// The reals of the body that differ from step to step.
    vectors: HashSet<Local>,
    /// All that the body sets.
    own: HashSet<Local>,
}

/// Writes the loop at once, if it can be.
pub(super) fn write(w: &mut Writer<'_>, index: Local, len: Local, body: &[Stmt]) -> Result<bool, EmitError> {
    let len = w.form_of(len);
    if !w.is_fixed(&len) {
        return Ok(false);
    }
    let outer = w.counters.insert(Leaf::Local(index), len.clone());
    let plan = plan(w, index, body);
    w.counters.remove(&Leaf::Local(index));
    if let Some(outer) = outer {
        w.counters.insert(Leaf::Local(index), outer);
    }
    let Some(plan) = plan else { return Ok(false) };
    w.settle();
    let count = if w.is_natural(&len) && len.terms.len() <= 1 {
        len
    } else {
        let text = w.count(&len).text;
        let size = w.new_size("count");
        let name = w.size_text(size);
        w.line(format!("{name} = {text}"));
        Form::leaf(Leaf::Size(size))
    };
    emit(w, &plan, &count);
    Ok(true)
}

fn plan<'a>(w: &Writer<'_>, index: Local, body: &'a [Stmt]) -> Option<Plan<'a>> {
    let mut plan = Plan {
        index,
        steps: Vec::new(),
        forms: HashMap::from([(index, Form::leaf(Leaf::Local(index)))]),
        vectors: HashSet::new(),
        own: HashSet::new(),
    };
    let (mut read, mut stored, mut added, mut sums) =
        (HashSet::new(), Vec::new(), HashSet::new(), HashSet::new());
    // A sum that has been computed, and waits to be kept.
    let mut kept: HashMap<Local, (Local, Local)> = HashMap::new();
    for stmt in body {
        match stmt {
            Stmt::Let { dst, .. } if w.usage.is_dead(*dst) => {}
            Stmt::Let { dst, op: Op::Copy(sum) } if kept.get(sum).is_some_and(|(total, _)| total == dst) => {
                let (total, term) = kept.remove(sum)?;
                sums.insert(total);
                plan.steps.push(Step::Sum { total, term });
            }
            Stmt::Let { dst, op } if w.variable[dst.0 as usize] => {
                let term = plan.summand(w, *dst, op)?;
                sums.insert(*dst);
                plan.steps.push(Step::Sum { total: *dst, term });
            }
            Stmt::Let { dst, op } => {
                if let Op::Prim(Prim::ADD, args) = op
                    && let Some(&total) = args.iter().find(|a| plan.is_total(w, **a))
                {
                    let term = plan.summand(w, total, op)?;
                    kept.insert(*dst, (total, term));
                    continue;
                }
                if let Op::Load { array, .. } = op {
                    read.insert(w.resolve(*array));
                }
                plan.value(w, *dst, op)?;
                if w.ty(*dst) == Type::REAL {
                    plan.steps.push(Step::Value(*dst, op));
                }
            }
            Stmt::Store { array, at, value } | Stmt::AddTo { array, at, value } => {
                let add = matches!(stmt, Stmt::AddTo { .. });
                let array = w.resolve(*array);
                let at: Vec<Form> = at.iter().map(|&a| plan.form(w, a)).collect::<Option<_>>()?;
                // Every step has an element of its own.
                if w.grows(array) || !plan.is_slice(w, array, &at)? {
                    return None;
                }
                if w.ty(*value) != Type::REAL {
                    return None;
                }
                if add {
                    added.insert(array);
                } else {
                    stored.push(array);
                }
                plan.steps.push(Step::Store { array, at, value: *value, add });
            }
            _ => return None,
        }
    }
    let mut once = HashSet::new();
    let clean = stored.iter().all(|a| once.insert(*a) && !added.contains(a))
        && once.iter().chain(&added).all(|a| !read.contains(a))
        && kept.is_empty();
    // A total is read by its own sum alone.
    let private = plan.steps.iter().all(|step| match step {
        Step::Value(_, op) => {
            let mut free = true;
            op.reads(|l| free &= !sums.contains(&l));
            free
        }
        Step::Store { value, .. } => !sums.contains(value),
        Step::Sum { .. } => true,
    });
    (clean && private && !plan.vectors.is_empty()).then_some(plan)
}

impl Plan<'_> {
    /// A sum of the surroundings that may be added to.
    fn is_total(&self, w: &Writer<'_>, local: Local) -> bool {
        w.variable[local.0 as usize] && w.ty(local) == Type::REAL && !self.own.contains(&local)
    }

    /// What is added to a total.
    fn summand(&self, w: &Writer<'_>, total: Local, op: &Op) -> Option<Local> {
        let Op::Prim(Prim::ADD, args) = op else { return None };
        let term = match args[..] {
            [a, b] if a == total && b != total => b,
            [a, b] if b == total && a != total => a,
            _ => return None,
        };
        (self.is_total(w, total) && self.vectors.contains(&term)).then_some(term)
    }

    fn form(&self, w: &Writer<'_>, local: Local) -> Option<Form> {
        if let Some(form) = self.forms.get(&local) {
            return Some(form.clone());
        }
        let form = w.form_of(local);
        (!self.own.contains(&local) && w.is_fixed(&form)).then_some(form)
    }

    /// How often the counter is in a sum.
    fn factor(&self, form: &Form) -> i64 {
        let own = |term: &&(Leaf, i64)| term.0 == Leaf::Local(self.index);
        form.terms.iter().find(own).map_or(0, |term| term.1)
    }

    /// Whether one index runs with the counter; none if an index may be outside, or moves in another way.
    fn is_slice(&self, w: &Writer<'_>, array: Local, at: &[Form]) -> Option<bool> {
        let mut moving = 0;
        for (axis, form) in at.iter().enumerate() {
            let factor = self.factor(form);
            let last = w.length(array, axis)?.minus(form)?.minus(&Form::number(1))?;
            // The ends of the slice are sums of what is in the index and of the count.
            if form.terms.len() > 3 || form.add.abs() > 1 << 40 {
                return None;
            }
            if !w.is_natural(form) || !w.is_natural(&last) || !(0..=1).contains(&factor) {
                return None;
            }
            moving += factor;
        }
        (moving <= 1).then_some(moving == 1)
    }

    /// Notes a value of the body.
    fn value(&mut self, w: &Writer<'_>, dst: Local, op: &Op) -> Option<()> {
        let ty = w.ty(dst);
        if ty == Type::INT {
            let form = self.int(w, op)?;
            self.forms.insert(dst, form);
            self.own.insert(dst);
            return Some(());
        }
        if ty != Type::REAL {
            return None;
        }
        let vector = match op {
            Op::Real(_) => false,
            Op::Copy(src) => self.is_vector(w, *src)?,
            Op::Load { array, at } => {
                let array = w.resolve(*array);
                if w.ty(array).elem != Elem::Real || w.grows(array) {
                    return None;
                }
                let at: Vec<Form> = at.iter().map(|&a| self.form(w, a)).collect::<Option<_>>()?;
                self.is_slice(w, array, &at)?
            }
            Op::Prim(p, args) if p.row().kind == Kind::ToReal => {
                let form = self.form(w, args[0])?;
                if form.terms.len() > 3 || form.add.abs() > 1 << 40 {
                    return None;
                }
                match self.factor(&form) {
                    0 => false,
                    1 => true,
                    _ => return None,
                }
            }
            Op::Prim(p, args) => {
                let mut any = false;
                for &arg in args {
                    any |= self.is_vector(w, arg)?;
                }
                let known =
                    matches!(*p, Prim::ADD | Prim::SUB | Prim::MUL | Prim::DIV | Prim::NEG | Prim::INV)
                        || *p == Prim::POW && !self.is_vector(w, args[1])?
                        || FUNCTIONS.iter().any(|f| f.0 == p.name());
                if any && !known {
                    return None;
                }
                any
            }
            Op::Int(_) | Op::Bool(_) | Op::Size { .. } => return None,
        };
        if vector {
            self.vectors.insert(dst);
        }
        self.own.insert(dst);
        Some(())
    }

    fn is_vector(&self, w: &Writer<'_>, local: Local) -> Option<bool> {
        match w.ty(local) == Type::REAL {
            true => Some(self.vectors.contains(&local)),
            false => None,
        }
    }

    fn int(&self, w: &Writer<'_>, op: &Op) -> Option<Form> {
        match op {
            Op::Int(n) => Some(Form::number(*n)),
            Op::Copy(src) => self.form(w, *src),
            Op::Size { array, axis } => w.length(*array, *axis),
            Op::Prim(p, args) => {
                let forms: Vec<Form> = args.iter().map(|&a| self.form(w, a)).collect::<Option<_>>()?;
                match (*p, forms.as_slice()) {
                    (Prim::ADD, [a, b]) => a.plus(b, 1),
                    (Prim::SUB, [a, b]) => a.plus(b, -1),
                    (Prim::NEG, [a]) => a.times(-1),
                    (Prim::MUL, [a, b]) => match (a.as_number(), b.as_number()) {
                        (Some(k), _) => b.times(k),
                        (_, Some(k)) => a.times(k),
                        (None, None) => None,
                    },
                    _ => None,
                }
            }
            Op::Load { .. } | Op::Real(_) | Op::Bool(_) => None,
        }
    }
}

/// The text of the loop: `count` is how many steps it has.
fn emit(w: &mut Writer<'_>, plan: &Plan<'_>, count: &Form) {
    let mut values: HashMap<Local, Piece> = HashMap::new();
    let mut named: Vec<String> = Vec::new();
    for step in &plan.steps {
        match step {
            Step::Value(..) => {}
            Step::Store { array, at, value, add } => {
                let value = read(w, &values, *value);
                let place = element(w, plan, *array, at, count);
                w.before_change(*array);
                let op = if *add { "+=" } else { "=" };
                // The elements, not the name.
                let all = if place.is_name() { "[:]" } else { "" };
                w.line(format!("{}{all} {op} {}", place.text, value.text));
            }
            Step::Sum { total, term } => {
                let value = read(w, &values, *term);
                w.before_change(*total);
                let name = w.name_of(*total);
                w.line(format!("{name} += float(np.sum({}))", value.text));
            }
        }
        if let Step::Value(dst, op) = step {
            let piece = operation(w, plan, &values, op, count);
            let many = w.usage.uses[dst.0 as usize] > 1 && !piece.is_name() && !matches!(op, Op::Real(_));
            if many || piece.width() > 60 {
                let wish = w.procedure.locals[dst.0 as usize].wish.clone();
                let wish = if wish.is_empty() { "t".to_string() } else { wish };
                let name = w.names.fresh(&w.language.dialect().identifier(&wish));
                w.line(format!("{name} = {}", piece.text));
                named.push(name.clone());
                values.insert(*dst, Piece::atom(name));
            } else {
                values.insert(*dst, piece);
            }
        }
    }
    named.iter().for_each(|name| w.names.release(name));
}

/// A real of the body or from outside.
fn read(w: &mut Writer<'_>, values: &HashMap<Local, Piece>, local: Local) -> Piece {
    match values.get(&local) {
        Some(piece) => piece.clone(),
        None => w.fit(w.room(40), |w| w.operand(local)),
    }
}

fn operation(
    w: &mut Writer<'_>,
    plan: &Plan<'_>,
    values: &HashMap<Local, Piece>,
    op: &Op,
    count: &Form,
) -> Piece {
    match op {
        Op::Real(v) => w.real_literal(*v),
        Op::Copy(src) => read(w, values, *src),
        Op::Load { array, at } => {
            let at: Vec<Form> = at.iter().filter_map(|&a| plan.form(w, a)).collect();
            element(w, plan, w.resolve(*array), &at, count)
        }
        Op::Prim(p, args) if p.row().kind == Kind::ToReal => {
            let form = plan.form(w, args[0]).unwrap_or_default();
            if plan.factor(&form) == 0 {
                return w.int_to_real(&form);
            }
            let (start, stop) = ends(plan, &form, count);
            let (start, stop) = (w.render(&start), w.render(&stop));
            Piece::atom(format!("np.arange({}, {}, dtype=float)", start.text, stop.text))
        }
        Op::Prim(p, args) => {
            let vector = args.iter().any(|a| plan.vectors.contains(a));
            let constant = args.get(1).and_then(|&k| constant(w, plan, k));
            let pieces: Vec<Piece> = args.iter().map(|&a| read(w, values, a)).collect();
            if !vector {
                return w.spelled(*p, &pieces, false);
            }
            match (*p, pieces.as_slice()) {
                (Prim::ADD, [a, b]) => infix("+", Class::Sum, a, b),
                (Prim::SUB, [a, b]) => infix("-", Class::Sum, a, b),
                (Prim::MUL, [a, b]) => infix("*", Class::Product, a, b),
                (Prim::DIV, [a, b]) => infix("/", Class::Product, a, b),
                (Prim::NEG, [a]) => prefix("-", a),
                (Prim::INV, [a]) => infix("/", Class::Product, &Piece::literal("1.0"), a),
                (Prim::POW, [a, b]) => match constant {
                    Some(-1.0) => infix("/", Class::Product, &Piece::literal("1.0"), a),
                    Some(2.0) => call("np.square", &[a]),
                    Some(_) | None => call("np.power", &[a, b]),
                },
                (p, all) => {
                    let name = FUNCTIONS.iter().find(|f| f.0 == p.name()).map_or(p.name(), |f| f.1);
                    call(name, &all.iter().collect::<Vec<_>>())
                }
            }
        }
        Op::Int(_) | Op::Bool(_) | Op::Size { .. } => Piece::literal("0"),
    }
}

/// The double that a local of the body or from outside is known to be.
fn constant(w: &Writer<'_>, plan: &Plan<'_>, local: Local) -> Option<f64> {
    let own = plan.steps.iter().find_map(|step| match step {
        Step::Value(dst, Op::Real(v)) if *dst == local => Some(*v),
        _ => None,
    });
    own.or_else(|| w.constant(local))
}

/// The first value of an index and the one after its last.
fn ends(plan: &Plan<'_>, form: &Form, count: &Form) -> (Form, Form) {
    let start = form.plus(&Form::leaf(Leaf::Local(plan.index)), -1).unwrap_or_default();
    let stop = start.plus(count, 1).unwrap_or_default();
    (start, stop)
}

/// `array[start:stop]`
fn element(w: &mut Writer<'_>, plan: &Plan<'_>, array: Local, at: &[Form], count: &Form) -> Piece {
    let name = w.array_name(array);
    let mut texts = Vec::new();
    for (axis, form) in at.iter().enumerate() {
        if plan.factor(form) == 0 {
            texts.push(w.render(form).text);
            continue;
        }
        let (start, stop) = ends(plan, form, count);
        let from = if start.as_number() == Some(0) { String::new() } else { w.render(&start).text };
        let whole = w.length(array, axis).is_some_and(|length| length.same(&stop));
        let to = if whole { String::new() } else { w.render(&stop).text };
        texts.push(format!("{from}:{to}"));
    }
    let text = match texts.as_slice() {
        [one] if one == ":" => name.text.clone(),
        all => format!("{}[{}]", name.text, all.join(", ")),
    };
    Piece::atom(text)
}
