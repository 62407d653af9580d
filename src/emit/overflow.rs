//! Integers that may be too large: where the evaluator stops, code refuses, and neither wraps round nor panics for
//! another reason.
//!
//! Lengths and counters are as small as memory is. What comes from a caller may be any integer: its products are
//! checked, and its sums where they become a number, but for those with a small number, which are too large at the
//! very ends of the range alone. A sum that is only an index needs no check, since what wraps round is outside of
//! every array.

use super::walk::{Role, roles, visit};
use crate::block::{Local, LocalInfo, Op, Procedure, Stmt};
use crate::core::Type;
use crate::primitive::{Kind, Prim};

/// What lengths and counters are taken to be below. An array of as many numbers takes 8 GB, and the product of two
/// has room for a factor of 8.
const LENGTH: f64 = (1_u64 << 30) as f64;
/// What is this much larger than the integers is not so by a small number.
const CLEARLY: f64 = 1.0 + 1e-6;
/// The integers are below this in magnitude.
const LIMIT: f64 = (1_u128 << 63) as f64;

/// Makes a procedure refuse arguments for which an integer is too large.
pub fn check_integers(procedure: &mut Procedure) {
    let checked = Sizes::of(procedure).checked(procedure);
    if !checked.contains(&true) {
        return;
    }
    let body = std::mem::take(&mut procedure.body);
    procedure.body = with_checks(body, &checked, &mut procedure.locals);
}

/// How large each local can be.
struct Sizes(Vec<f64>);

impl Sizes {
    fn of(procedure: &Procedure) -> Sizes {
        let count = procedure.locals.len();
        let mut sets = vec![0_u32; count];
        visit(&procedure.body, &mut |stmt| {
            roles(stmt, &mut |l, role| sets[l.0 as usize] += u32::from(role == Role::Set));
        });
        // What is not known is any integer.
        let mut sizes = Sizes(vec![LIMIT; count]);
        visit(&procedure.body, &mut |stmt| match stmt {
            Stmt::Let { dst, op } if sets[dst.0 as usize] == 1 => sizes.0[dst.0 as usize] = sizes.of_op(op),
            Stmt::For { index, .. } | Stmt::While { index, .. } => sizes.0[index.0 as usize] = LENGTH,
            _other => {}
        });
        sizes
    }

    /// At most that of all integers: more is checked where it is computed.
    fn get(&self, local: Local) -> f64 {
        self.0[local.0 as usize].min(LIMIT)
    }

    fn of_op(&self, op: &Op) -> f64 {
        match op {
            Op::Int(n) => n.unsigned_abs() as f64,
            Op::Size { .. } => LENGTH,
            Op::Copy(src) => self.get(*src),
            Op::Prim(p, args) => {
                let args = args.iter().map(|&arg| self.get(arg));
                match p.name() {
                    "add" | "sub" => args.sum(),
                    "mul" => args.product(),
                    "neg" | "abs" | "max" | "min" => args.fold(0.0, f64::max),
                    _another => LIMIT,
                }
            }
            Op::Real(_) | Op::Bool(_) | Op::Load { .. } => LIMIT,
        }
    }

    /// The operations that are to be checked, by the locals that they set.
    fn checked(&self, procedure: &Procedure) -> Vec<bool> {
        let mut checked = vec![false; procedure.locals.len()];
        let mut operations: Vec<(Local, &[Local])> = Vec::new();
        let mut constant = vec![false; procedure.locals.len()];
        let mut wanted: Vec<Local> = Vec::new();
        visit(&procedure.body, &mut |stmt| {
            let Stmt::Let { dst, op } = stmt else { return };
            constant[dst.0 as usize] |= matches!(op, Op::Int(_));
            let Op::Prim(p, args) = op else { return };
            match p.row().kind {
                Kind::ToReal => wanted.extend(args),
                Kind::Arith if procedure.locals[dst.0 as usize].ty == Type::INT => {
                    operations.push((*dst, args));
                    if p.name() == "mul" && !args.iter().any(|arg| constant[arg.0 as usize]) {
                        wanted.push(*dst);
                    }
                }
                _another => {}
            }
        });
        wanted.extend(&procedure.results);
        visit(&procedure.body, &mut |stmt| {
            if let Stmt::Store { value, .. } | Stmt::AddTo { value, .. } | Stmt::Push { value, .. } = stmt {
                wanted.push(*value);
            }
        });
        let mut of = vec![None; procedure.locals.len()];
        for (dst, args) in operations {
            of[dst.0 as usize] = Some(args);
        }
        let mut seen = vec![false; procedure.locals.len()];
        while let Some(local) = wanted.pop() {
            let (at, Some(args)) = (local.0 as usize, of[local.0 as usize]) else { continue };
            if !std::mem::replace(&mut seen[at], true) {
                checked[at] = self.0[at] > LIMIT * CLEARLY;
                wanted.extend(args);
            }
        }
        checked
    }
}

/// The statements, with a check before each of these operations.
fn with_checks(body: Vec<Stmt>, checked: &[bool], locals: &mut Vec<LocalInfo>) -> Vec<Stmt> {
    let mut out = Vec::with_capacity(body.len());
    // Blocks inside one another are few: as many as a program has loops and branches around a statement.
    for stmt in body {
        let stmt = match stmt {
            Stmt::If { cond, then, els } => Stmt::If {
                cond,
                then: with_checks(then, checked, locals),
                els: with_checks(els, checked, locals),
            },
            Stmt::For { index, len, body } => {
                Stmt::For { index, len, body: with_checks(body, checked, locals) }
            }
            Stmt::While { index, head, cond, body } => Stmt::While {
                index,
                head: with_checks(head, checked, locals),
                cond,
                body: with_checks(body, checked, locals),
            },
            Stmt::Let { dst, op: Op::Prim(p, args) } if checked.get(dst.0 as usize) == Some(&true) => {
                check(p, &args, locals[dst.0 as usize].origin, locals, &mut out);
                Stmt::Let { dst, op: Op::Prim(p, args) }
            }
            other => other,
        };
        out.push(stmt);
    }
    out
}

/// Appends the check of an operation: the same on real numbers is below the limit.
fn check(p: Prim, args: &[Local], origin: u32, locals: &mut Vec<LocalInfo>, out: &mut Vec<Stmt>) {
    let mut set = |wish: &str, ty: Type, op: Op| {
        let name = format!("{wish}{}", locals.len());
        locals.push(LocalInfo { name, wish: wish.to_string(), bound: false, ty, mutable: false, origin });
        let dst = Local(locals.len() as u32 - 1);
        out.push(Stmt::Let { dst, op });
        dst
    };
    let args = args.iter().map(|&arg| set("r", Type::REAL, Op::Prim(Prim::TO_REAL, vec![arg]))).collect();
    let exact = set("r", Type::REAL, Op::Prim(p, args));
    let size = set("r", Type::REAL, Op::Prim(Prim::ABS, vec![exact]));
    let limit = set("limit", Type::REAL, Op::Real(LIMIT));
    let cond = set("fits", Type::BOOL, Op::Prim(Prim::LT, vec![size, limit]));
    out.push(Stmt::Require { cond, message: "an integer is too large".to_string(), origin });
}
