//! The names that a file need not define: constants, primitives of the table, array functions.

use super::prelude;
use crate::primitive::{self, Kind, Prim};
use crate::syntax::tree::Reducer;

/// A function that the notation brings along.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Builtin {
    /// A row of the table of primitives.
    Scalar(Prim),
    /// `sum(v)`, and `max(a, b)` too.
    Reduce(Reducer),
    Array(ArrayFn),
    /// `stop(e)`
    Stop,
    /// `show(e)`
    Show,
    /// `states(fold(…))`: all states of a loop, the first one included.
    States,
    /// `scatter(a, [(i, v) for …])`: `a` with each `v` added at `i`.
    Scatter,
    /// Announced, but not there yet.
    Later(&'static str),
}

/// A function of whole arrays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ArrayFn {
    Dot,
    Norm,
    Transpose,
    Trace,
    Outer,
    Diag,
    Eye,
    Zeros,
    Ones,
    Cross,
    Len,
    Size,
    Cumsum,
    Softmax,
    LogSumExp,
    ArgMax,
}

const FUNCTIONS: &[(&str, Builtin)] = &[
    ("sum", Builtin::Reduce(Reducer::Sum)),
    ("prod", Builtin::Reduce(Reducer::Prod)),
    ("max", Builtin::Reduce(Reducer::Max)),
    ("min", Builtin::Reduce(Reducer::Min)),
    ("any", Builtin::Reduce(Reducer::Any)),
    ("all", Builtin::Reduce(Reducer::All)),
    ("count", Builtin::Reduce(Reducer::Count)),
    ("dot", Builtin::Array(ArrayFn::Dot)),
    ("norm", Builtin::Array(ArrayFn::Norm)),
    ("transpose", Builtin::Array(ArrayFn::Transpose)),
    ("trace", Builtin::Array(ArrayFn::Trace)),
    ("outer", Builtin::Array(ArrayFn::Outer)),
    ("diag", Builtin::Array(ArrayFn::Diag)),
    ("eye", Builtin::Array(ArrayFn::Eye)),
    ("zeros", Builtin::Array(ArrayFn::Zeros)),
    ("ones", Builtin::Array(ArrayFn::Ones)),
    ("cross", Builtin::Array(ArrayFn::Cross)),
    ("len", Builtin::Array(ArrayFn::Len)),
    ("size", Builtin::Array(ArrayFn::Size)),
    ("cumsum", Builtin::Array(ArrayFn::Cumsum)),
    ("softmax", Builtin::Array(ArrayFn::Softmax)),
    ("logsumexp", Builtin::Array(ArrayFn::LogSumExp)),
    ("argmax", Builtin::Array(ArrayFn::ArgMax)),
    ("stop", Builtin::Stop),
    ("show", Builtin::Show),
    ("states", Builtin::States),
    ("scatter", Builtin::Scatter),
    ("all_states", Builtin::States),
    ("scatter_add", Builtin::Scatter),
    ("root", Builtin::Later("root")),
    ("argmin", Builtin::Later("argmin")),
    ("integral", Builtin::Later("integral")),
    ("ode", Builtin::Later("ode")),
];

const CONSTANTS: &[(&str, f64)] = &[
    ("e", std::f64::consts::E),
    ("pi", std::f64::consts::PI),
    ("π", std::f64::consts::PI),
    ("inf", f64::INFINITY),
    ("∞", f64::INFINITY),
    ("nan", f64::NAN),
];

/// Other names that people write, and what to write here. Only for suggestions.
const STRANGERS: &[(&str, &str)] = &[
    ("dims", "size"),
    ("shape", "size"),
    ("length", "len"),
    ("mean", "sum"),
    ("identity", "eye"),
    ("inverse", "inv"),
    ("invert", "inv"),
    ("determinant", "det"),
    ("chol", "cholesky"),
    ("fabs", "abs"),
    ("tg", "tan"),
    ("ctg", "cot"),
    ("cotan", "cot"),
    ("arctg", "atan"),
    ("arcctg", "acot"),
    ("sh", "sinh"),
    ("ch", "cosh"),
    ("th", "tanh"),
    ("power", "pow"),
];

/// The function of this name.
pub fn function(name: &str) -> Option<Builtin> {
    let own = FUNCTIONS.iter().find(|(known, _)| *known == name).map(|&(_, builtin)| builtin);
    own.or_else(|| primitive::find(name).filter(|p| callable(*p)).map(Builtin::Scalar)).or_else(|| {
        // A row that is only known by the name it shares with another.
        (1..=3).find_map(|count| primitive::find_call(name, count)).map(Builtin::Scalar)
    })
}

/// The constant of this name.
pub fn constant(name: &str) -> Option<f64> {
    CONSTANTS.iter().find(|(known, _)| *known == name).map(|&(_, value)| value)
}

/// Rows that a file writes by their name, not as an operator.
fn callable(p: Prim) -> bool {
    match p.row().kind {
        Kind::RealToReal | Kind::Arith => true,
        Kind::Compare | Kind::Logic | Kind::ToReal | Kind::ToInt => false,
    }
}

/// Every name, for suggestions.
pub fn names() -> impl Iterator<Item = &'static str> {
    let primitives = primitive::names().iter().filter(|(_, p)| callable(*p)).map(|(name, _)| *name);
    let own = FUNCTIONS.iter().map(|(name, _)| *name).chain(prelude::FUNCTIONS.iter().map(|(name, _)| *name));
    own.chain(CONSTANTS.iter().map(|(name, _)| *name)).chain(primitives)
}

/// What another language's name is called here.
pub fn translation(name: &str) -> Option<&'static str> {
    STRANGERS.iter().find(|(known, _)| *known == name).map(|&(_, here)| here)
}

impl Builtin {
    /// The name as it is written.
    pub fn name(self) -> &'static str {
        match self {
            Builtin::Scalar(p) => p.name(),
            Builtin::Later(name) => name,
            Builtin::Reduce(_)
            | Builtin::Array(_)
            | Builtin::Stop
            | Builtin::Show
            | Builtin::States
            | Builtin::Scatter => {
                FUNCTIONS.iter().find(|(_, known)| *known == self).map_or("", |(name, _)| name)
            }
        }
    }
}
