//! The core graph: the one form of a program that every later stage works on.
//!
//! A [`Graph`] is a hash-consed arena of [`Node`]s under [`Ex`] handles. A node's operands have
//! smaller handles, so arena order is topological order; equal expressions are one node, so
//! equality is a comparison of handles. Arrays are dense, indices start at 0, integers count and
//! index. Records, tuples, matrices, function values and names are gone: a function takes and gives
//! lists of scalars and arrays.
//!
//! Knows nothing of text, derivatives, numbers at run time or languages. Nothing here recurses over
//! the depth of an expression (only over the nesting of loops).

mod affine;
mod apart;
pub mod binders;
mod construct;
mod cost;
mod delta;
mod function;
mod hash;
mod logic;
mod name;
mod node;
pub mod norm;
mod ranges;
mod renew;
mod set;
mod substitute;
mod verify;
mod walk;

pub use affine::Affine;
pub use apart::{apart, set_apart};
pub use cost::DEAR;
pub use function::{Custom, FnId, Function, Origin};
pub use name::Name;
pub use node::{AccumOp, Elem, Ex, List, LoopParts, Node, Type, VarId, VarInfo, VarKind};
pub use renew::Renewed;
pub use walk::Dense;

use hashbrown::HashTable;
use std::collections::{HashMap, VecDeque};

/// The arena of a program: nodes with their types and free binders, variables and functions.
#[derive(Debug, Default)]
pub struct Graph {
    nodes: Vec<Node>,
    types: Vec<Type>,
    /// For each node, the binders free in it ([`Graph::free`]).
    free: Vec<List>,
    /// For each node, an opaque mark of where it came from; 0 is nowhere.
    origins: Vec<u32>,
    /// What some nodes are called ([`Graph::name`]).
    names: name::Names,
    /// All nodes, found by what they are.
    known: HashTable<node::Known>,
    /// All lists, each after its length.
    words: Vec<u32>,
    /// The lists but for those of the arguments of primitives, found by what they hold.
    known_lists: HashTable<List>,
    vars: Vec<VarInfo>,
    pub functions: Vec<Function>,
    /// Derived functions, each made once.
    pub derived: HashMap<Origin, FnId>,
    /// Derived functions that are declared and not yet defined, the oldest first.
    pub pending: VecDeque<FnId>,
    /// Parts of a loop or call (keys) that a larger one computes as well.
    pub also: HashMap<Ex, Vec<Ex>>,
    /// The lengths of the arrays that functions give, where they follow from the parameters.
    result_sizes: HashMap<(FnId, u32, u32), Option<Ex>>,
    /// Whether functions may call themselves, directly or not, where that has been found out.
    recursive: HashMap<FnId, bool>,
    /// The nodes that simplification left as they are, each with a mark of what stood around it.
    pub(crate) settled: Dense<u32>,
    /// The mark that new nodes get ([`Graph::origin`]).
    pub current_origin: u32,
}
