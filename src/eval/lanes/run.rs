//! Running a program for lanes.

use super::{Lanes, Register, Step, WIDTH};
use crate::eval::code::{IntOp, RealOp};
use crate::primitive::real_to_int;
use std::cell::Cell;
use std::collections::BTreeMap;

/// Lanes that are at one place of the program.
#[derive(Debug, Clone)]
enum Group {
    /// The first so many: all that there are.
    All(usize),
    Some(Vec<u16>),
}

impl Group {
    fn each(&self, mut visit: impl FnMut(usize)) {
        match self {
            Group::All(rows) => (0..*rows).for_each(visit),
            Group::Some(lanes) => lanes.iter().for_each(|&lane| visit(lane as usize)),
        }
    }

    fn len(&self) -> usize {
        match self {
            Group::All(rows) => *rows,
            Group::Some(lanes) => lanes.len(),
        }
    }

    /// Those for which the condition holds, and the others.
    fn parted(self, holds: impl Fn(usize) -> bool) -> (Group, Group) {
        let mut count = 0;
        self.each(|lane| count += usize::from(holds(lane)));
        if count == self.len() {
            return (self, Group::Some(Vec::new()));
        }
        if count == 0 {
            return (Group::Some(Vec::new()), self);
        }
        let (mut yes, mut no) = (Vec::with_capacity(count), Vec::new());
        self.each(|lane| if holds(lane) { yes.push(lane as u16) } else { no.push(lane as u16) });
        (Group::Some(yes), Group::Some(no))
    }

    fn joined(self, other: Group, rows: usize) -> Group {
        let (Group::Some(mut lanes), Group::Some(more)) = (self, other) else { return Group::All(rows) };
        lanes.extend(more);
        if lanes.len() == rows { Group::All(rows) } else { Group::Some(lanes) }
    }
}

/// What one value is computed from.
fn one<T: Copy, U>(group: &Group, dst: &Register<U>, a: &Register<T>, f: impl Fn(T) -> U) {
    match group {
        Group::All(rows) => dst[..*rows].iter().zip(&a[..*rows]).for_each(|(dst, a)| dst.set(f(a.get()))),
        Group::Some(lanes) => lanes.iter().for_each(|&l| dst[l as usize].set(f(a[l as usize].get()))),
    }
}

fn two<T: Copy, U>(
    group: &Group,
    dst: &Register<U>,
    a: &Register<T>,
    b: &Register<T>,
    f: impl Fn(T, T) -> U,
) {
    match group {
        Group::All(rows) => {
            let operands = a[..*rows].iter().zip(&b[..*rows]);
            dst[..*rows].iter().zip(operands).for_each(|(dst, (a, b))| dst.set(f(a.get(), b.get())));
        }
        Group::Some(lanes) => {
            let lane = |l: &u16| *l as usize;
            lanes.iter().map(lane).for_each(|l| dst[l].set(f(a[l].get(), b[l].get())));
        }
    }
}

/// As `two`; nothing where one of the results is nothing.
fn try_two(
    group: &Group,
    dst: &Register<i64>,
    a: &Register<i64>,
    b: &Register<i64>,
    f: impl Fn(i64, i64) -> Option<i64>,
) -> Option<()> {
    let all = Cell::new(true);
    two(group, dst, a, b, |a, b| {
        let value = f(a, b);
        all.set(all.get() && value.is_some());
        value.unwrap_or_default()
    });
    all.get().then_some(())
}

/// Where lanes wait for others that are further behind.
struct Waiting {
    groups: BTreeMap<u32, Group>,
    rows: usize,
}

impl Waiting {
    fn add(&mut self, at: u32, group: Group) {
        if group.len() == 0 {
            return;
        }
        let group = match self.groups.remove(&at) {
            Some(known) => known.joined(group, self.rows),
            None => group,
        };
        self.groups.insert(at, group);
    }
}

impl Lanes {
    /// Runs the program in the first lanes; nothing where it cannot go on.
    pub(super) fn execute(&mut self, rows: usize, most_steps: u64) -> Option<()> {
        let mut waiting = Waiting { groups: BTreeMap::new(), rows };
        waiting.add(0, Group::All(rows));
        let mut steps = 0u64;
        while let Some((start, group)) = waiting.groups.pop_first() {
            let next = waiting.groups.first_key_value().map_or(u32::MAX, |(&at, _)| at);
            let (at, group) = self.straight(start, next, group)?;
            let Some(&step) = self.steps.get(at as usize) else { continue };
            if at == next {
                waiting.add(at, group);
                continue;
            }
            steps = steps.saturating_add(self.branch(step, at, group, &mut waiting));
            if steps > most_steps {
                return None;
            }
        }
        Some(())
    }

    /// Goes on to the next branch, to the lanes that wait there or to the end; gives the place.
    fn straight(&self, start: u32, next: u32, group: Group) -> Option<(u32, Group)> {
        let mut at = start;
        while at < next {
            match self.steps.get(at as usize) {
                Some(Step::Real(op)) => self.real(*op, &group),
                Some(Step::Int(op)) => self.int(*op, &group)?,
                Some(Step::Counted { number }) => group.each(|lane| self.called[*number][lane].set(true)),
                Some(Step::Require { cond }) => {
                    let mut holds = true;
                    group.each(|lane| holds &= self.int[*cond as usize][lane].get() != 0);
                    holds.then_some(())?;
                }
                Some(
                    Step::Jump { .. }
                    | Step::Unless { .. }
                    | Step::For { .. }
                    | Step::Next { .. }
                    | Step::Again { .. },
                )
                | None => break,
            }
            at += 1;
        }
        Some((at, group))
    }

    /// Sends the lanes to where they go on; gives the most steps of loops that one of them begins.
    fn branch(&self, step: Step, at: u32, group: Group, waiting: &mut Waiting) -> u64 {
        let k = |reg: u32| &self.int[reg as usize];
        match step {
            Step::Jump { to } => waiting.add(to, group),
            Step::Unless { cond, to } => {
                let (yes, no) = group.parted(|lane| k(cond)[lane].get() != 0);
                waiting.add(at + 1, yes);
                waiting.add(to, no);
            }
            Step::For { index, len, end } => {
                let mut most = 0;
                group.each(|lane| {
                    k(index)[lane].set(0);
                    most = most.max(k(len)[lane].get());
                });
                let (yes, no) = group.parted(|lane| k(len)[lane].get() > 0);
                waiting.add(at + 1, yes);
                waiting.add(end, no);
                return most as u64;
            }
            Step::Next { index, len, body } => {
                group.each(|lane| k(index)[lane].set(k(index)[lane].get() + 1));
                let (yes, no) = group.parted(|lane| k(index)[lane].get() < k(len)[lane].get());
                waiting.add(body, yes);
                waiting.add(at + 1, no);
            }
            Step::Again { index, head } => {
                group.each(|lane| k(index)[lane].set(k(index)[lane].get() + 1));
                waiting.add(head, group);
                return 1;
            }
            Step::Real(_) | Step::Int(_) | Step::Counted { .. } | Step::Require { .. } => {
                unreachable!("straight code goes past these")
            }
        }
        0
    }

    fn real(&self, op: RealOp, group: &Group) {
        let r = |reg: u32| &self.real[reg as usize];
        match op {
            RealOp::Const { dst, of } => {
                let value = self.constants[of as usize];
                group.each(|lane| r(dst)[lane].set(value));
            }
            RealOp::Copy { dst, a } => one(group, r(dst), r(a), |a| a),
            RealOp::Add { dst, a, b } => two(group, r(dst), r(a), r(b), |a, b| a + b),
            RealOp::Sub { dst, a, b } => two(group, r(dst), r(a), r(b), |a, b| a - b),
            RealOp::Mul { dst, a, b } => two(group, r(dst), r(a), r(b), |a, b| a * b),
            RealOp::Div { dst, a, b } => two(group, r(dst), r(a), r(b), |a, b| a / b),
            RealOp::Neg { dst, a } => one(group, r(dst), r(a), |a: f64| -a),
            RealOp::Unary { f, dst, a } => one(group, r(dst), r(a), self.kernels.unary[f as usize].0),
            RealOp::Binary { f, dst, a, b } => {
                two(group, r(dst), r(a), r(b), self.kernels.binary[f as usize].0);
            }
            RealOp::Ternary { f, dst, args } => {
                let (f, list) = (self.kernels.ternary[f as usize].0, &self.lists[args as usize]);
                let [a, b, c]: [&Register<f64>; 3] = [r(list[0]), r(list[1]), r(list[2])];
                group.each(|lane| r(dst)[lane].set(f(a[lane].get(), b[lane].get(), c[lane].get())));
            }
            RealOp::FromInt { dst, a } => one(group, r(dst), &self.int[a as usize], |a| a as f64),
        }
    }

    /// Nothing where a result is no `Int`.
    fn int(&self, op: IntOp, group: &Group) -> Option<()> {
        let k = |reg: u32| &self.int[reg as usize];
        let r = |reg: u32| &self.real[reg as usize];
        match op {
            IntOp::Const { dst, of } => {
                let value = self.ints[of as usize];
                group.each(|lane| k(dst)[lane].set(value));
            }
            IntOp::Copy { dst, a } => one(group, k(dst), k(a), |a| a),
            IntOp::Add { dst, a, b } => try_two(group, k(dst), k(a), k(b), i64::checked_add)?,
            IntOp::Sub { dst, a, b } => try_two(group, k(dst), k(a), k(b), i64::checked_sub)?,
            IntOp::Mul { dst, a, b } => try_two(group, k(dst), k(a), k(b), i64::checked_mul)?,
            IntOp::Unary { f, dst, a } => {
                let f = self.kernels.int_unary[f as usize].0;
                try_two(group, k(dst), k(a), k(a), |a, _| f(a))?;
            }
            IntOp::Binary { f, dst, a, b } => {
                try_two(group, k(dst), k(a), k(b), self.kernels.int_binary[f as usize].0)?;
            }
            IntOp::CompareReal { op, dst, a, b } => {
                two(group, k(dst), r(a), r(b), |a, b| i64::from(op.holds(a, b)));
            }
            IntOp::Compare { op, dst, a, b } => {
                two(group, k(dst), k(a), k(b), |a, b| i64::from(op.holds(a, b)));
            }
            IntOp::And { dst, a, b } => two(group, k(dst), k(a), k(b), |a, b| a & b),
            IntOp::Or { dst, a, b } => two(group, k(dst), k(a), k(b), |a, b| a | b),
            IntOp::Not { dst, a } => one(group, k(dst), k(a), |a| 1 - a),
            IntOp::FromReal { dst, a } => {
                let whole = Cell::new(true);
                one(group, k(dst), r(a), |a| {
                    let value = real_to_int(a);
                    whole.set(whole.get() && value.is_some());
                    value.unwrap_or_default()
                });
                whole.get().then_some(())?;
            }
            IntOp::Size { .. } => return None,
        }
        Some(())
    }
}

const _: () = assert!(WIDTH <= u16::MAX as usize);
