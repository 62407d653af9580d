//! Each kind of node: what it needs, and what it gives.

use super::machine::{Machine, Task, Trouble};
use super::tape::Num;
use super::value::{Val, offset};
use crate::core::{Ex, List, Node};
use crate::primitive::{self, Kind, Prim};

impl Machine<'_> {
    pub(super) fn need(&mut self, ex: Ex) -> Result<(), Trouble> {
        if self.known(ex).is_some() {
            return Ok(());
        }
        let mut operands = Vec::new();
        let last = match self.graph.node(ex) {
            Node::Real(_) | Node::Int(_) | Node::Bool(_) | Node::Var(_) => {
                return Err(self.said("a variable has no value", self.graph.origin(ex)));
            }
            Node::Prim(p, args) if p == Prim::AND || p == Prim::OR => {
                operands.extend(self.graph.exs(args).take(1));
                Task::Decide(ex)
            }
            Node::Prim(_, args) | Node::Lit { elems: args, .. } => {
                operands = self.exs(args);
                Task::Finish(ex)
            }
            Node::If { cond, .. } => {
                operands.push(cond);
                Task::Choose(ex)
            }
            Node::Index { array, at } => {
                operands.push(array);
                operands.extend(self.graph.exs(at));
                Task::Finish(ex)
            }
            Node::Size { array, .. } => {
                operands.push(array);
                Task::Finish(ex)
            }
            Node::Build { body, .. } => {
                self.pass_name(ex, body);
                Task::Start(ex)
            }
            Node::Accum { init, .. } => {
                operands.push(init);
                Task::Start(ex)
            }
            Node::Loop(list) => {
                let parts = self.graph.loop_parts(list);
                operands.extend(parts.len.into_iter().chain(parts.inits));
                Task::Start(ex)
            }
            Node::Call { args, .. } => {
                operands = self.exs(args);
                Task::Enter(ex)
            }
            Node::Part { of, .. } => {
                operands.push(of);
                Task::Finish(ex)
            }
        };
        self.then(operands.into_iter().map(Task::Need).chain([last]));
        Ok(())
    }

    pub(super) fn finish(&mut self, ex: Ex) -> Result<(), Trouble> {
        let origin = self.graph.origin(ex);
        let value = match self.graph.node(ex) {
            Node::Prim(p, args) => self.primitive(ex, p, args)?,
            Node::Index { array, at } => {
                let Val::Array(grid) = self.value(array)? else {
                    return Err(self.said("only arrays have elements", origin));
                };
                let at: Vec<i64> = self.exs(at).into_iter().map(|e| self.int(e)).collect::<Result<_, _>>()?;
                let Some(offset) = offset(&at, &grid.shape) else {
                    return Err(self.said("the index is outside the array", origin));
                };
                grid.cells[offset].clone()
            }
            Node::Size { array, axis } => match self.value(array)? {
                Val::Array(grid) => Val::Int(grid.shape[axis as usize] as i64),
                _other => return Err(self.said("only arrays have lengths", origin)),
            },
            Node::Lit { elems, dims } => {
                let shape = self.graph.words(dims).iter().map(|&d| d as usize).collect();
                let cells = self.exs(elems).into_iter().map(|e| self.value(e)).collect::<Result<_, _>>()?;
                Val::array(shape, cells)
            }
            Node::Part { of, index } => match self.value(of)? {
                Val::Many(parts) => parts[index as usize].clone(),
                _other => return Err(self.said("a part of a single value", origin)),
            },
            Node::Real(_)
            | Node::Int(_)
            | Node::Bool(_)
            | Node::Var(_)
            | Node::If { .. }
            | Node::Build { .. }
            | Node::Accum { .. }
            | Node::Loop(_)
            | Node::Call { .. } => return Ok(()),
        };
        self.set(ex, value);
        Ok(())
    }

    fn primitive(&mut self, ex: Ex, p: Prim, args: List) -> Result<Val, Trouble> {
        let exs = self.exs(args);
        let args: Vec<Val> = exs.iter().map(|&arg| self.value(arg)).collect::<Result<_, _>>()?;
        let reals: Vec<Num> = args.iter().flat_map(Val::reals).collect();
        let ints: Vec<i64> =
            args.iter().filter_map(|arg| if let Val::Int(i) = arg { Some(*i) } else { None }).collect();
        let origin = self.graph.origin(ex);
        let all_real = reals.len() == args.len();
        Ok(match p.row().kind {
            Kind::RealToReal | Kind::Arith if all_real => Val::Real(self.record(ex, p, &exs, &reals)?),
            Kind::Arith if ints.len() == args.len() => match primitive::eval_int(p, &ints) {
                Some(i) => Val::Int(i),
                None => return Err(self.said("an integer is out of range", origin)),
            },
            Kind::Compare => match (&reals[..], &ints[..]) {
                (&[a, b], _) => Val::Bool(primitive::compare_real(p, a.value, b.value)),
                (_, &[a, b]) => Val::Bool(primitive::compare_int(p, a, b)),
                _mixed => return Err(self.said("a comparison of different things", origin)),
            },
            Kind::Logic => {
                let bools: Vec<bool> = exs.iter().map(|&e| self.bool(e)).collect::<Result<_, _>>()?;
                Val::Bool(primitive::eval_logic(p, &bools))
            }
            Kind::ToReal if ints.len() == 1 => Val::Real(Num::fixed(ints[0] as f64)),
            Kind::ToInt if all_real => match primitive::real_to_int(reals[0].value) {
                Some(i) => Val::Int(i),
                None => return Err(self.said("not an integer", origin)),
            },
            Kind::RealToReal | Kind::Arith | Kind::ToReal | Kind::ToInt => {
                return Err(self.said("an operation on other things than numbers", origin));
            }
        })
    }

    pub(super) fn decide(&mut self, ex: Ex) -> Result<(), Trouble> {
        let Node::Prim(p, args) = self.graph.node(ex) else { return Ok(()) };
        let exs = self.exs(args);
        let first = self.bool(exs[0])?;
        if first == (p == Prim::OR) {
            self.set(ex, Val::Bool(first));
        } else {
            self.then([Task::Need(exs[1]), Task::Finish(ex)]);
        }
        Ok(())
    }

    pub(super) fn choose(&mut self, ex: Ex) -> Result<(), Trouble> {
        let Node::If { cond, then, els } = self.graph.node(ex) else { return Ok(()) };
        let holds = self.bool(cond)?;
        let taken = if holds { then } else { els };
        self.pass_name(ex, taken);
        self.then([Task::Need(taken), Task::Chosen(ex, holds)]);
        self.note_choice(ex, cond, [then, els], holds);
        Ok(())
    }

    pub(super) fn chosen(&mut self, ex: Ex, holds: bool) -> Result<(), Trouble> {
        let Node::If { then, els, .. } = self.graph.node(ex) else { return Ok(()) };
        let value = self.value(if holds { then } else { els })?;
        self.set(ex, value);
        Ok(())
    }
}
