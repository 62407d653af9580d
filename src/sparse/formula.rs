//! Integer expressions as short programs over the values of binders.

use super::{Known, Missing};
use crate::core::{Ex, Graph, Node, VarId, VarKind};
use crate::primitive::Prim;

/// An integer or a condition (0 or 1) to be computed from the values of binders.
#[derive(Debug, Clone)]
pub enum Formula {
    /// A number and binders by their slots, each with a factor.
    Sum(i64, Vec<(usize, i64)>),
    Steps(Vec<Step>),
}

/// A step of a program; the places are those of steps before it.
#[derive(Debug, Clone)]
pub enum Step {
    Number(i64),
    Slot(usize),
    Prim(Prim, Vec<usize>),
    If(usize, usize, usize),
    /// An element of a known array of these lengths.
    Read(VarId, Vec<usize>, Vec<i64>),
}

/// The primitives of integers and conditions that can be computed here.
const COMPUTED: &[Prim] = &[
    Prim::ADD,
    Prim::SUB,
    Prim::MUL,
    Prim::NEG,
    Prim::MAX,
    Prim::MIN,
    Prim::ABS,
    Prim::LT,
    Prim::LE,
    Prim::GT,
    Prim::GE,
    Prim::EQ,
    Prim::NE,
    Prim::AND,
    Prim::OR,
    Prim::NOT,
];

/// Whether an expression follows from what is known and from the binders that `bound` has.
pub fn is_known(graph: &Graph, ex: Ex, known: &Known, bound: &dyn Fn(VarId) -> bool) -> bool {
    let mut needed = Vec::new();
    let mut stack = vec![ex];
    while let Some(ex) = stack.pop() {
        if needed.contains(&ex) {
            continue;
        }
        needed.push(ex);
        let array_of = |array: Ex| match graph.node(array) {
            Node::Var(var) => Some(var),
            _ => None,
        };
        let fits = match graph.node(ex) {
            Node::Int(_) | Node::Bool(_) => true,
            Node::Var(var) => match graph.var(var).kind {
                VarKind::Index { len } if bound(var) => {
                    stack.push(len);
                    true
                }
                VarKind::Param => known.ints.contains_key(&var),
                VarKind::Index { .. } | VarKind::Step | VarKind::State { .. } => false,
            },
            Node::Size { array, axis } => {
                array_of(array).is_some_and(|var| known.lengths.contains_key(&(var, axis)))
            }
            Node::Prim(p, args) => {
                stack.extend(graph.exs(args));
                COMPUTED.contains(&p)
            }
            Node::If { cond, then, els } => {
                stack.extend([cond, then, els]);
                true
            }
            Node::Index { array, at } => {
                stack.extend(graph.exs(at));
                array_of(array).is_some_and(|var| known.ints.contains_key(&var))
            }
            Node::Real(_) | Node::Lit { .. } | Node::Build { .. } => false,
            Node::Accum { .. } | Node::Loop(_) | Node::Call { .. } | Node::Part { .. } => false,
        };
        if !fits {
            return false;
        }
    }
    true
}

impl Formula {
    /// The program of an expression that is known, given the slots of the binders.
    pub fn of(graph: &Graph, ex: Ex, slots: &[VarId], known: &Known) -> Formula {
        let slot = |var: VarId| slots.iter().position(|&other| other == var);
        let sum = graph.affine(ex);
        let terms = sum.terms.iter().map(|&(term, factor)| match graph.node(term) {
            Node::Var(var) => slot(var).map(|slot| (slot, factor)),
            _ => None,
        });
        if let Some(terms) = terms.collect::<Option<Vec<_>>>() {
            return Formula::Sum(sum.constant, terms);
        }
        let nodes = graph.reach(&[ex]);
        let place = |ex: Ex| nodes.binary_search(&ex).expect("operands are reached");
        let step = |&ex: &Ex| match graph.node(ex) {
            Node::Int(_) => Step::Number(graph.as_int(ex).unwrap_or_default()),
            Node::Bool(value) => Step::Number(i64::from(value)),
            Node::Var(var) => match (slot(var), known.ints.get(&var)) {
                (Some(slot), _) => Step::Slot(slot),
                (None, Some(values)) => Step::Number(values.first().copied().unwrap_or_default()),
                (None, None) => Step::Number(0), // an array, of which elements or lengths are wanted
            },
            Node::Size { array, axis } => {
                let Node::Var(var) = graph.node(array) else { return Step::Number(0) };
                Step::Number(known.lengths.get(&(var, axis)).copied().unwrap_or_default())
            }
            Node::Prim(p, args) => Step::Prim(p, graph.exs(args).map(place).collect()),
            Node::If { cond, then, els } => Step::If(place(cond), place(then), place(els)),
            Node::Index { array, at } => {
                let Node::Var(var) = graph.node(array) else { return Step::Number(0) };
                let lengths = (0..).map_while(|axis| known.lengths.get(&(var, axis)).copied());
                Step::Read(var, graph.exs(at).map(place).collect(), lengths.collect())
            }
            Node::Real(_) | Node::Lit { .. } | Node::Build { .. } | Node::Accum { .. } => Step::Number(0),
            Node::Loop(_) | Node::Call { .. } | Node::Part { .. } => Step::Number(0),
        };
        Formula::Steps(nodes.iter().map(step).collect())
    }

    /// The value; nothing where it is too large, or an index is outside its array.
    pub fn value(&self, slots: &[i64], known: &Known, scratch: &mut Vec<Option<i64>>) -> Option<i64> {
        let steps = match self {
            Formula::Sum(constant, terms) => {
                return terms.iter().try_fold(*constant, |sum, &(slot, factor)| {
                    sum.checked_add(slots[slot].checked_mul(factor)?)
                });
            }
            Formula::Steps(steps) => steps,
        };
        scratch.clear();
        for step in steps {
            let value = match step {
                Step::Number(value) => Some(*value),
                Step::Slot(slot) => Some(slots[*slot]),
                Step::Prim(p, args) => computed(*p, args, scratch),
                Step::If(cond, then, els) => {
                    scratch[*cond].and_then(|cond| scratch[if cond != 0 { *then } else { *els }])
                }
                Step::Read(var, at, lengths) => element(&known.ints[var], at, lengths, scratch),
            };
            scratch.push(value);
        }
        scratch.last().copied().flatten()
    }
}

fn computed(p: Prim, args: &[usize], values: &[Option<i64>]) -> Option<i64> {
    let a = values[args[0]];
    let b = args.get(1).and_then(|&at| values[at]);
    // A condition may be decided by one side.
    match (p, a, b) {
        (Prim::AND, Some(0), _) | (Prim::AND, _, Some(0)) => return Some(0),
        (Prim::OR, Some(1), _) | (Prim::OR, _, Some(1)) => return Some(1),
        _ => {}
    }
    let a = a?;
    match p {
        Prim::NEG => return a.checked_neg(),
        Prim::ABS => return a.checked_abs(),
        Prim::NOT => return Some(1 - a),
        _ => {}
    }
    let b = b?;
    match p {
        Prim::ADD => a.checked_add(b),
        Prim::SUB => a.checked_sub(b),
        Prim::MUL => a.checked_mul(b),
        Prim::MAX => Some(a.max(b)),
        Prim::MIN => Some(a.min(b)),
        Prim::LT => Some(i64::from(a < b)),
        Prim::LE => Some(i64::from(a <= b)),
        Prim::GT => Some(i64::from(a > b)),
        Prim::GE => Some(i64::from(a >= b)),
        Prim::EQ => Some(i64::from(a == b)),
        Prim::NE => Some(i64::from(a != b)),
        Prim::AND => Some(a.min(b)),
        Prim::OR => Some(a.max(b)),
        _ => None,
    }
}

fn element(values: &[i64], at: &[usize], lengths: &[i64], known: &[Option<i64>]) -> Option<i64> {
    let mut offset = 0;
    for (&at, &length) in at.iter().zip(lengths) {
        let index = known[at]?;
        if !(0..length).contains(&index) {
            return None;
        }
        offset = offset * length + index;
    }
    values.get(offset as usize).copied()
}

/// A length without binders.
pub fn length(graph: &Graph, len: Ex, known: &Known) -> Result<i64, Missing> {
    if is_known(graph, len, known, &|_| false) {
        let value = Formula::of(graph, len, &[], known).value(&[], known, &mut Vec::new());
        return value.map(|len| len.max(0)).ok_or(Missing::TooMany);
    }
    let unknown = graph.reach(&[len]).into_iter().find_map(|ex| match graph.node(ex) {
        Node::Size { array, axis } => match graph.node(array) {
            Node::Var(var) if !known.lengths.contains_key(&(var, axis)) => Some(Missing::Length(var, axis)),
            _ => None,
        },
        Node::Var(var) if graph.var(var).kind == VarKind::Param && graph.var(var).ty.is_scalar() => {
            (!known.ints.contains_key(&var)).then_some(Missing::Length(var, 0))
        }
        _ => None,
    });
    Err(unknown.unwrap_or(Missing::Shape))
}
