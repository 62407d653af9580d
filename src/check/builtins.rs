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

/// What the functions do that are no rows of the table: how each is called, and in a few words.
const ABOUT: &[(&str, &str, &str)] = &[
    ("sum", "sum(v)", "the sum of an array; `sum(e for i in a..b)` of all values of `e`"),
    ("prod", "prod(v)", "the product of an array; `prod(e for i in a..b)` of all values of `e`"),
    (
        "max",
        "max(v)",
        "the greatest element of an array, `max(a, b)` the greater; at ties the derivative is shared",
    ),
    (
        "min",
        "min(v)",
        "the least element of an array, `min(a, b)` the lesser; at ties the derivative is shared",
    ),
    ("any", "any(c for i in a..b)", "whether a condition holds for one of the indices at least"),
    ("all", "all(c for i in a..b)", "whether a condition holds for all indices"),
    ("count", "count(c for i in a..b)", "for how many indices a condition holds, an `Int`"),
    ("dot", "dot(a, b)", "the sum of the products of their elements, `a·b`"),
    ("norm", "norm(v)", "the square root of the sum of the squares; the derivative at 0 is 0"),
    ("transpose", "transpose(A)", "rows as columns, `Aᵀ`"),
    ("trace", "trace(A)", "the sum of the diagonal"),
    ("outer", "outer(a, b)", "the matrix of `a[i]*b[j]`"),
    ("diag", "diag(A)", "the diagonal of a matrix; of a vector, the matrix with that diagonal"),
    ("eye", "eye(n)", "the unit matrix"),
    ("zeros", "zeros(n)", "an array of zeros; `zeros(m, n)` with two axes"),
    ("ones", "ones(n)", "an array of ones; `ones(m, n)` with two axes"),
    ("cross", "cross(a, b)", "the cross product in R[3], `a×b`"),
    ("len", "len(v)", "the length of an array along its first axis, an `Int`"),
    ("size", "size(A, k)", "the length of an array along axis `k`, an `Int`"),
    ("cumsum", "cumsum(v)", "the array of the sums of the first elements"),
    ("softmax", "softmax(v)", "`exp(v[i])/sum(exp(v[j]) for j)`, without overflow"),
    ("logsumexp", "logsumexp(v)", "`log(sum(exp(v[i]) for i))`, without overflow"),
    ("argmax", "argmax(v)", "the index of the greatest element, an `Int`"),
    ("stop", "stop(e)", "the value of `e`, with no derivative"),
    ("show", "show(e)", "the value of `e`; `zgrad explain` prints what reaches it"),
    ("states", "states(fold(…))", "all states of a loop, the first one included"),
    ("scatter", "scatter(a, [(i, v) for …])", "the array `a` with each `v` added at `i`"),
    ("solve", "solve(A, b)", "the `x` for which `A*x` is `b`; `b` may be a matrix"),
    ("solve_lower", "solve_lower(L, b)", "the same, of the lower triangle of a matrix"),
    ("solve_upper", "solve_upper(U, b)", "the same, of the upper triangle of a matrix"),
    ("inv", "inv(A)", "the inverse of a matrix; `inv(x)` is `1/x`"),
    ("det", "det(A)", "the determinant"),
    ("cofactors", "cofactors(A)", "the matrix of the cofactors, the gradient of the determinant"),
    ("cofactors_along", "cofactors_along(A, B)", "the derivative of the cofactors of `A` along `B`"),
    ("logdet", "logdet(A)", "the logarithm of the determinant; not a number where that is negative"),
    ("cholesky", "cholesky(A)", "the lower triangular `L` for which `L*Lᵀ` is `A`"),
];

/// How a function that is no row of the table is called, and what it does.
pub fn about(name: &str) -> Option<(&'static str, &'static str)> {
    let known = ABOUT.iter().find(|(known, ..)| *known == name);
    known.map(|&(_, call, what)| (call, what))
}

/// All functions that are no rows of the table, with how each is called and what it does.
pub fn all_about() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    ABOUT.iter().copied()
}

/// The names that a file may use without defining them, but for those that are only announced.
pub fn usable() -> impl Iterator<Item = &'static str> {
    names().filter(|name| !matches!(function(name), Some(Builtin::Later(_))))
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

#[cfg(test)]
mod tests {
    use super::{Builtin, FUNCTIONS, about, prelude};

    #[test]
    fn every_function_is_described() {
        let own = FUNCTIONS.iter().filter(|(_, builtin)| !matches!(builtin, Builtin::Later(_)));
        // A second name of a function needs no second description.
        let own = own.map(|(_, builtin)| builtin.name());
        for name in own.chain(prelude::FUNCTIONS.iter().map(|(name, _)| *name)) {
            let (call, what) = about(name).unwrap_or_else(|| panic!("nothing is said of `{name}`"));
            assert!(call.starts_with(name) && !what.is_empty(), "{call}: {what}");
        }
    }
}
