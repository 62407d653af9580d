//! The scalar primitives: a table of data, and the functions that compute it.
//!
//! Takes nothing; gives `Prim`, the handle of a row, its `Row` and its kernels. The rows stand in
//! `table.yaml`, which the build script turns into the static `ROWS`. To add a primitive, add a row there
//! and, where its Rust spelling needs one, a function in `support/`.
//!
//! Must not know the graph, the notation's grammar or any language but by the spellings in its rows:
//! partials are text here, and whoever builds a graph parses them.

mod discrete;
mod kernels;
mod support;

pub use discrete::real_to_int;
pub use support::{Item, rust_support, rust_support_int, support, support_of};

/// A scalar primitive: the index of its row.
#[derive(Copy, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Prim(pub u16);

/// What a primitive takes and gives.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Real arguments, real result. `Int` arguments are taken as reals.
    RealToReal,
    /// All arguments and the result of one type, `Int` or real.
    Arith,
    /// `Arith` arguments, a condition as result.
    Compare,
    /// Conditions to a condition.
    Logic,
    /// `Int` to real.
    ToReal,
    /// A real of integral value to `Int`; any other value is an error.
    ToInt,
}

/// How tightly an emitted Rust expression binds, loosest first.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Class {
    Or,
    And,
    Compare,
    Sum,
    Product,
    Cast,
    Unary,
    /// Calls, method calls and atoms.
    Call,
}

/// A language of programs beside Rust.
#[derive(Copy, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Language {
    C,
    Python,
    Julia,
}

/// How an emitted program spells a primitive.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Spelling {
    /// `{0} op {1}`, grouping to the left; comparisons do not group.
    Infix { op: &'static str, class: Class },
    /// `op{0}`.
    Prefix { op: &'static str, class: Class },
    /// `{0}.name({1}, {2})`: the first operand must be of class `Call`.
    Method { name: &'static str },
    /// `name({0}, {1})`, a function that the language has.
    Call { name: &'static str },
    /// Text with holes `{0}`, `{1}`; operands must be of class `Call`, the whole is of the class given.
    Template { text: &'static str, class: Class },
    /// `name({0}, {1})`, a function that the emitted module carries: see `rust_support` and
    /// `support`.
    Support { name: &'static str },
}

/// A value and partials known from elsewhere at one point.
#[derive(Copy, Clone, PartialEq, Debug)]
pub struct Check {
    pub at: &'static [f64],
    pub value: f64,
    /// `None` where the partial is not known.
    pub partials: &'static [Option<f64>],
}

/// The functions that compute a primitive. Those on integers give `None` where the result is not an
/// `Int`: overflow, remainder by zero.
#[derive(Copy, Clone, Debug)]
pub enum Kernel {
    Real1(fn(f64) -> f64),
    Real2(fn(f64, f64) -> f64),
    Real3(fn(f64, f64, f64) -> f64),
    Arith1(fn(f64) -> f64, fn(i64) -> Option<i64>),
    Arith2(fn(f64, f64) -> f64, fn(i64, i64) -> Option<i64>),
    Compare(fn(f64, f64) -> bool, fn(i64, i64) -> bool),
    Logic1(fn(bool) -> bool),
    Logic2(fn(bool, bool) -> bool),
    ToReal,
    ToInt,
}

/// One row of the table.
#[derive(Debug)]
pub struct Row {
    pub name: &'static str,
    pub aliases: &'static [&'static str],
    /// The name that, called with as many arguments, also means this row: `log` for `logb`.
    pub overload: Option<&'static str>,
    pub args: &'static [&'static str],
    pub kind: Kind,
    /// One for each argument of a differentiable row, in `.math` notation over the arguments' names and
    /// `out`, the primitive's own value. `None`: not known.
    pub partials: &'static [Option<&'static str>],
    /// The real result is always of integral value.
    pub integral: bool,
    /// A condition on the arguments in `.math` notation; empty: everywhere.
    pub domain: &'static str,
    /// Outside the domain, where the value is not a number, partials may still be: `1/x` of `log(x)`.
    pub beyond: bool,
    /// LaTeX with holes `{0}`, `{1}`.
    pub latex: &'static str,
    pub rust: Spelling,
    /// The spelling where the arguments of an `Arith` row are `Int`s.
    pub rust_int: Spelling,
    /// The spellings in each `Language`, for reals and for `Int`s.
    pub others: [[Spelling; 2]; 3],
    /// The convention at kinks, jumps and poles; empty where there is none.
    pub edge: &'static str,
    /// A condition in `.math` notation over the arguments and `out`: there the derivative is that of the
    /// convention. Empty: nowhere.
    pub kink: &'static str,
    /// For each argument a range of random arguments that stay clear of the edges.
    pub samples: &'static [(f64, f64)],
    pub check: Option<Check>,
}

impl Row {
    /// Whether the partial by this argument is 0 whatever the arguments are: no derivative passes.
    pub fn is_constant_in(&self, argument: usize) -> bool {
        self.partials.get(argument) == Some(&Some("0"))
    }

    /// How a language spells it, of `Int` arguments or of reals.
    pub fn spelling(&self, language: Language, ints: bool) -> Spelling {
        self.others[language as usize][ints as usize]
    }
}

include!(concat!(env!("OUT_DIR"), "/primitive_table.rs"));

impl Prim {
    /// The row.
    pub fn row(self) -> &'static Row {
        &ROWS[self.0 as usize]
    }

    /// The name that the notation prints.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// The functions that compute it.
    pub fn kernel(self) -> Kernel {
        kernels::KERNELS[self.0 as usize]
    }

    /// All primitives in the order of the table.
    pub fn all() -> impl Iterator<Item = Prim> {
        (0..ROWS.len()).map(|at| Prim(at as u16))
    }
}

/// The primitive of this name or alias.
pub fn find(name: &str) -> Option<Prim> {
    let at = NAMES.binary_search_by_key(&name, |entry| entry.0).ok()?;
    Some(NAMES[at].1)
}

/// The primitive that a call of `name` with `count` arguments means: `log(b, x)` is `logb`.
pub fn find_call(name: &str, count: usize) -> Option<Prim> {
    let fits = |p: &Prim| p.row().args.len() == count;
    let overloads = OVERLOADS.iter().filter(|entry| entry.0 == name).map(|entry| entry.1);
    find(name).into_iter().chain(overloads).find(fits)
}

/// Every name and alias with its row, sorted: for suggestions and listings.
pub fn names() -> &'static [(&'static str, Prim)] {
    NAMES
}

/// The kernel of a primitive with one real argument.
pub fn kernel1(p: Prim) -> Option<fn(f64) -> f64> {
    if let Kernel::Real1(f) | Kernel::Arith1(f, _) = p.kernel() { Some(f) } else { None }
}

/// The kernel of a primitive with two real arguments.
pub fn kernel2(p: Prim) -> Option<fn(f64, f64) -> f64> {
    if let Kernel::Real2(f) | Kernel::Arith2(f, _) = p.kernel() { Some(f) } else { None }
}

/// The kernel of a primitive with three real arguments.
pub fn kernel3(p: Prim) -> Option<fn(f64, f64, f64) -> f64> {
    if let Kernel::Real3(f) = p.kernel() { Some(f) } else { None }
}

/// The value of a primitive at real arguments.
///
/// # Panics
/// If the primitive does not take reals to a real, or takes another number of arguments.
pub fn eval_real(p: Prim, args: &[f64]) -> f64 {
    match (p.kernel(), args) {
        (Kernel::Real1(f) | Kernel::Arith1(f, _), &[x]) => f(x),
        (Kernel::Real2(f) | Kernel::Arith2(f, _), &[x, y]) => f(x, y),
        (Kernel::Real3(f), &[x, y, z]) => f(x, y, z),
        (kernel, _) => panic!("{} ({kernel:?}) at {} reals", p.name(), args.len()),
    }
}

/// The value of an `Arith` primitive at integers; `None` where that is no `Int` (overflow, `mod(n, 0)`).
///
/// # Panics
/// If the primitive is of another kind or takes another number of arguments.
pub fn eval_int(p: Prim, args: &[i64]) -> Option<i64> {
    match (p.kernel(), args) {
        (Kernel::Arith1(_, f), &[x]) => f(x),
        (Kernel::Arith2(_, f), &[x, y]) => f(x, y),
        (kernel, _) => panic!("{} ({kernel:?}) at {} integers", p.name(), args.len()),
    }
}

/// A comparison of reals, with IEEE's meaning of NaN.
///
/// # Panics
/// If the primitive is no comparison.
pub fn compare_real(p: Prim, a: f64, b: f64) -> bool {
    let Kernel::Compare(f, _) = p.kernel() else { panic!("{} is no comparison", p.name()) };
    f(a, b)
}

/// A comparison of integers.
///
/// # Panics
/// If the primitive is no comparison.
pub fn compare_int(p: Prim, a: i64, b: i64) -> bool {
    let Kernel::Compare(_, f) = p.kernel() else { panic!("{} is no comparison", p.name()) };
    f(a, b)
}

/// `and`, `or`, `not` of conditions.
///
/// # Panics
/// If the primitive is of another kind or takes another number of arguments.
pub fn eval_logic(p: Prim, args: &[bool]) -> bool {
    match (p.kernel(), args) {
        (Kernel::Logic1(f), &[a]) => f(a),
        (Kernel::Logic2(f), &[a, b]) => f(a, b),
        (kernel, _) => panic!("{} ({kernel:?}) at {} conditions", p.name(), args.len()),
    }
}
