//! zgrad: derivatives of functions written in `.math` files.
//!
//! ```text
//! text → syntax → check → core graph → diff → simplify → ┬ print  mathematics ─────────┐
//!                                                         └ block ┬ eval  numbers ────── explain  a page
//!                                                                 └ emit  program code
//! ```
//!
//! # The folders
//!
//! | folder | takes → gives | uses |
//! |---|---|---|
//! | [`syntax`] | text → tree, and back; messages with their place | |
//! | [`primitive`] | the table of scalar functions: values, partials, spellings | |
//! | [`core`] | the graph that every later stage works on | `primitive` |
//! | [`diff`] | graph → graph: tangents forwards, cotangents in reverse | `core` |
//! | [`sparse`] | graph → pairs: which derivatives are 0 at every point; colours for sweeps | `core` |
//! | [`simplify`] | graph → graph: the same function, simpler, or in a form that keeps its digits | `core` |
//! | [`check`] | tree → graph: names, types, shapes; all errors of a file | `syntax`, `core`, `diff`, `simplify` |
//! | [`block`] | graph → statements in an order, in loops, in place | `core` |
//! | [`eval`] | statements → numbers | `block` |
//! | [`print`] | graph → tree of the notation; formulas for papers; drawn trees | `core`, `syntax` |
//! | [`emit`] | statements → text of a program | `block` |
//! | [`explain`] | graph and a point → a page on reverse mode there, step by step | `diff`, `eval`, `print` |
//! | [`picture`] | graph, or numbers → SVG, PNG, dots in a terminal | `core`, `print` |
//! | [`session`] | files and questions → answers | all |
//! | [`build`] | `.math` files of a crate → its modules, from a build script | `session` |
//! | [`lsp`] | an editor's questions → answers, over a text that is being written | `session` |
//! | [`cli`] | arguments → answers as text, exit codes | `session`, `lsp` |
//!
//! Dependencies go down this list and never back; most folders use `primitive` too. Only `session` knows all
//! stages, and only it touches files. `tests/architecture.rs` holds the folders to it, so what is used without
//! being stated, or stated without being used, fails.
//!
//! # The core graph
//!
//! A [`core::Graph`] is an arena of [`core::Node`]s under handles, hash-consed: equal expressions are one node,
//! operands have smaller handles. A node is
//!
//! 1. a literal (`Real`, `Int`, `Bool`) or a variable (`Var`: a parameter, the binder of a loop, a state);
//! 2. `Prim`: a row of the primitive table applied to scalars;
//! 3. `If`: of which only the chosen branch is evaluated;
//! 4. `Lit`, `Build`: an array of given elements, or of a body for all values of binders;
//! 5. `Index`, `Size`: an element of an array, a length;
//! 6. `Accum`: a sum, product, maximum or minimum over binders, into a scalar or scattered into an array;
//! 7. `Loop`: a sequential loop over several states, with the trace of each state if asked for;
//! 8. `Call` of a function of the graph, and `Part`: one value of a `Loop` or `Call`.
//!
//! Lengths are expressions, so sizes are known only at run time and loops stay loops. There are no names,
//! records or function values: [`check`] has resolved them. This set is closed under differentiation, which is why
//! derivatives have every order and are printed, run and emitted like any program.
//!
//! # Certain digits
//!
//! The machine of [`eval`] runs over any arithmetic. [`eval::certain`] runs it over balls, with more and more
//! bits until every result rounds to one double, beside the doubles of plain evaluation: so it knows how many
//! digits those have right and which operation lost the others. It shares no formula with the functions on
//! doubles, and so checks them.
//!
//! # Many points
//!
//! [`session::plan`] derives what was asked once, for one point as for many. [`session::points`] runs a plan at
//! every row of a stream: pieces of it go through all threads and come out in their order. [`eval::lanes`]
//! applies each instruction of a program without arrays to a block of rows at once, and gives the bits that the
//! machine gives for each; other programs, and rows in which something goes wrong, are the machine's.
//!
//! # How to add
//!
//! - a scalar function: a row in `src/primitive/table.yaml`, with its partials in the notation; every order,
//!   the manual page and the tests follow from it;
//! - a form of the notation: the grammar in `syntax`, its meaning as nodes in `check`, and `print` if it is to
//!   come back;
//! - a language to emit: a module beside `emit::c`, with a column in the table; the writer is shared;
//! - a markup language for formulas: a spelling beside `print::typeset::latex`.
//!
//! In a build script, [`build::compile`] makes a Rust module of a file.
//! From Rust, [`session::Session::open`] reads a file and [`session::evaluate::evaluate`] answers as `zgrad eval`
//! does.

pub mod block;
pub mod build;
pub mod check;
pub mod cli;
pub mod core;
pub mod diff;
pub mod emit;
pub mod eval;
pub mod explain;
pub mod lsp;
pub mod picture;
pub mod primitive;
pub mod print;
pub mod session;
pub mod simplify;
pub mod sparse;
pub mod syntax;
