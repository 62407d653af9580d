//! Procedures as text, for messages and tests.

use super::{Fill, Local, Op, Procedure, Stmt};
use std::fmt::{self, Display, Formatter};

impl Display for Procedure {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}({}) -> {}", self.name, self.names(&self.params), self.names(&self.results))?;
        self.block(f, &self.body, 1)
    }
}

impl Procedure {
    fn name_of(&self, local: Local) -> &str {
        &self.locals[local.0 as usize].name
    }

    fn names(&self, locals: &[Local]) -> String {
        locals.iter().map(|&l| self.name_of(l)).collect::<Vec<_>>().join(", ")
    }

    fn block(&self, f: &mut Formatter<'_>, stmts: &[Stmt], depth: usize) -> fmt::Result {
        stmts.iter().try_for_each(|stmt| self.stmt(f, stmt, depth))
    }

    fn stmt(&self, f: &mut Formatter<'_>, stmt: &Stmt, depth: usize) -> fmt::Result {
        let name = |local: &Local| self.name_of(*local);
        let names = |locals: &[Local]| self.names(locals);
        write!(f, "{:1$}", "", 2 * depth)?;
        match stmt {
            Stmt::Let { dst, op } => {
                write!(f, "{} = ", name(dst))?;
                match op {
                    Op::Real(value) => writeln!(f, "{value:?}"),
                    Op::Int(value) => writeln!(f, "{value}"),
                    Op::Bool(value) => writeln!(f, "{value}"),
                    Op::Copy(src) => writeln!(f, "{}", name(src)),
                    Op::Prim(p, args) => writeln!(f, "{}({})", p.name(), names(args)),
                    Op::Load { array, at } => writeln!(f, "{}[{}]", name(array), names(at)),
                    Op::Size { array, axis } => writeln!(f, "size({}, {axis})", name(array)),
                }
            }
            Stmt::Declare { dst } => writeln!(f, "var {}", name(dst)),
            Stmt::Alloc { dst, dims, fill } => match fill {
                Fill::Zero(_) => writeln!(f, "{} = zeros({})", name(dst), names(dims)),
                Fill::Unset(_) => writeln!(f, "{} = array({})", name(dst), names(dims)),
                Fill::Value(value) => writeln!(f, "{} = fill({}; {})", name(dst), names(dims), name(value)),
            },
            Stmt::Array { dst, elems, dims } => {
                writeln!(f, "{} = [{}] as {dims:?}", name(dst), names(elems))
            }
            Stmt::Move { dst, src } => writeln!(f, "{} = move {}", name(dst), name(src)),
            Stmt::Clone { dst, src } => writeln!(f, "{} = copy {}", name(dst), name(src)),
            Stmt::Store { array, at, value } => {
                writeln!(f, "{}[{}] = {}", name(array), names(at), name(value))
            }
            Stmt::AddTo { array, at, value } => {
                writeln!(f, "{}[{}] += {}", name(array), names(at), name(value))
            }
            Stmt::StoreRow { array, index, row } => {
                writeln!(f, "{}[{}, ..] = {}", name(array), name(index), name(row))
            }
            Stmt::Push { array, value } => writeln!(f, "push({}, {})", name(array), name(value)),
            Stmt::If { cond, then, els } => {
                writeln!(f, "if {}", name(cond))?;
                self.block(f, then, depth + 1)?;
                if !els.is_empty() {
                    writeln!(f, "{:1$}else", "", 2 * depth)?;
                }
                self.block(f, els, depth + 1)
            }
            Stmt::For { index, len, body } => {
                writeln!(f, "for {} < {}", name(index), name(len))?;
                self.block(f, body, depth + 1)
            }
            Stmt::While { index, head, cond, body } => {
                writeln!(f, "while counting {}", name(index))?;
                self.block(f, head, depth + 1)?;
                writeln!(f, "{:1$}do if {2}", "", 2 * depth, name(cond))?;
                self.block(f, body, depth + 1)
            }
            Stmt::Call { dst, f: id, args } => {
                writeln!(f, "{} = call {}({})", names(dst), id.0, names(args))
            }
            Stmt::Require { cond, message, .. } => writeln!(f, "require {}: {message}", name(cond)),
        }
    }
}
