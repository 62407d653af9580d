//! Nodes, types and variables: what each means.

use super::{Graph, hash};
use crate::primitive::Prim;

/// Handle of a node. Operands have smaller handles than the nodes that use them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ex(pub u32);

/// Handle of a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct VarId(pub u32);

/// Handle of a list of words (operands or variables): where it stands among all words. Lists are interned
/// but for the arguments of primitives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct List(pub u32);

/// What an element of an array, or a scalar, is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Elem {
    Real,
    Int,
    Bool,
}

/// The type of a node: a scalar (rank 0), a dense array, or several values at once
/// (of a [`Node::Loop`] or [`Node::Call`], read by [`Node::Part`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Type {
    pub elem: Elem,
    pub rank: u8,
}

impl Type {
    pub const REAL: Type = Type { elem: Elem::Real, rank: 0 };
    pub const INT: Type = Type { elem: Elem::Int, rank: 0 };
    pub const BOOL: Type = Type { elem: Elem::Bool, rank: 0 };
    pub const MANY: Type = Type { elem: Elem::Bool, rank: u8::MAX };

    pub fn array(elem: Elem, rank: usize) -> Type {
        Type { elem, rank: rank as u8 }
    }

    pub fn is_scalar(self) -> bool {
        self.rank == 0
    }

    pub fn is_array(self) -> bool {
        self.rank > 0 && self != Type::MANY
    }

    pub fn is_real(self) -> bool {
        self.elem == Elem::Real && self != Type::MANY
    }
}

/// How an [`Node::Accum`] combines what it meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AccumOp {
    Sum,
    /// Scalars only; so are the next two.
    Prod,
    Max,
    Min,
    /// Arrays only: the value takes the place of what is there, each place at most once. Made for statements
    /// alone; in formulas it is an array of choices, which derivatives know.
    Replace,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Node {
    /// A double, by its bits (low word, high word).
    Real([u32; 2]),
    /// An integer, by its bits.
    Int([u32; 2]),
    Bool(bool),
    Var(VarId),
    /// A row of the primitive table applied to scalars; comparisons and logic too.
    Prim(Prim, List),
    /// Only the chosen branch is evaluated. The branches may be arrays of equal shape.
    If {
        cond: Ex,
        then: Ex,
        els: Ex,
    },
    /// The element of an array at as many indices as its rank, from 0.
    Index {
        array: Ex,
        at: List,
    },
    /// The length of an array along an axis, from 0: an Int.
    Size {
        array: Ex,
        axis: u32,
    },
    /// An array whose elements are given, rows first, with constant lengths `dims`.
    Lit {
        elems: List,
        dims: List,
    },
    /// The array of the scalar `body` for all values of the binders `over`, outermost first.
    Build {
        over: List,
        body: Ex,
    },
    /// `init`, combined by `op` with `value` at index `at` for each point of `over`, outermost
    /// first: a reduction when `init` is a scalar (`at` is empty), a scatter when it is an array.
    Accum {
        op: AccumOp,
        init: Ex,
        over: List,
        at: List,
        value: Ex,
    },
    /// A sequential loop over several states, see [`LoopParts`]. Its parts are, for m states:
    /// the last states 0..m, the traces m..2m (every value of a state, first to last, along a new
    /// first axis; present where asked for), and the number of steps 2m.
    Loop(List),
    /// A call of a function; its parts are the results.
    Call {
        f: FnIdWord,
        args: List,
    },
    /// One value of several.
    Part {
        of: Ex,
        index: u32,
    },
}

/// The function handle inside a node.
pub type FnIdWord = super::FnId;

const _: () = assert!(size_of::<Node>() <= 20);

/// A sequential loop, taken apart. Either `len` is given and the loop makes that many steps, or
/// `cond`, over the states, says before each step whether to make it. The expressions `next` (and
/// `cond`) see `index`, the number of the step from 0, and `states`, the values before the step.
#[derive(Debug, Clone, PartialEq)]
pub struct LoopParts {
    pub len: Option<Ex>,
    pub cond: Option<Ex>,
    pub index: VarId,
    pub states: Vec<VarId>,
    pub inits: Vec<Ex>,
    pub nexts: Vec<Ex>,
    /// Which states are kept for every step.
    pub traces: Vec<bool>,
}

/// What a variable stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VarKind {
    /// A parameter of a function, or a name that is about to be replaced. Not a binder.
    Param,
    /// Counts 0, 1, … below `len`: the binder of a `Build`, an `Accum` or a counted loop.
    Index { len: Ex },
    /// Counts the steps of a loop with a condition.
    Step,
    /// A state of the loop with this index variable.
    State { index: VarId },
}

#[derive(Debug, Clone)]
pub struct VarInfo {
    /// The author's name, or one in its spirit. Not unique.
    pub name: String,
    pub ty: Type,
    pub kind: VarKind,
    /// The lengths of an array variable, where they are known as expressions.
    pub shape: Option<Vec<Ex>>,
}

const NONE: u32 = u32::MAX;

impl Graph {
    pub fn node(&self, ex: Ex) -> Node {
        self.nodes[ex.0 as usize]
    }

    pub fn ty(&self, ex: Ex) -> Type {
        self.types[ex.0 as usize]
    }

    /// How many nodes there are; a handle is below this.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Makes room for so many nodes more: what is made at once need not grow in steps.
    pub fn reserve(&mut self, nodes: usize) {
        self.nodes.reserve(nodes);
        self.types.reserve(nodes);
        self.free.reserve(nodes);
        self.origins.reserve(nodes);
        self.words.reserve(2 * nodes);
        self.known.reserve(nodes, Known::hash);
    }

    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The mark of the place that the node came from; 0 is nowhere.
    pub fn origin(&self, ex: Ex) -> u32 {
        self.origins[ex.0 as usize]
    }

    pub fn var(&self, var: VarId) -> &VarInfo {
        &self.vars[var.0 as usize]
    }

    pub fn var_mut(&mut self, var: VarId) -> &mut VarInfo {
        &mut self.vars[var.0 as usize]
    }

    pub fn var_count(&self) -> usize {
        self.vars.len()
    }

    /// A new variable.
    pub fn new_var(&mut self, name: &str, ty: Type, kind: VarKind) -> VarId {
        self.vars.push(VarInfo { name: name.to_string(), ty, kind, shape: None });
        VarId(self.vars.len() as u32 - 1)
    }

    /// A new parameter variable.
    pub fn param(&mut self, name: &str, ty: Type) -> VarId {
        self.new_var(name, ty, VarKind::Param)
    }

    /// A new binder that counts 0, 1, … below `len`.
    pub fn binder(&mut self, name: &str, len: Ex) -> VarId {
        self.new_var(name, Type::INT, VarKind::Index { len })
    }

    /// The number of values that a variable takes, if it is an index variable.
    pub fn index_len(&self, var: VarId) -> Option<Ex> {
        match self.var(var).kind {
            VarKind::Index { len } => Some(len),
            VarKind::Param | VarKind::Step | VarKind::State { .. } => None,
        }
    }

    /// The number of values that an index variable takes. Panics for other variables.
    pub fn len_of(&self, var: VarId) -> Ex {
        match self.var(var).kind {
            VarKind::Index { len } => len,
            VarKind::Param | VarKind::Step | VarKind::State { .. } => panic!("not an index variable"),
        }
    }

    /// Interns a list of words.
    pub fn list(&mut self, words: &[u32]) -> List {
        let hash = hash::of_words(words);
        if let Some(&list) = self.known_lists.find(hash, |&list| self.words(list) == words) {
            return list;
        }
        let list = self.push_list(words.iter().copied());
        let all = &self.words;
        self.known_lists.insert_unique(hash, list, |&list| hash::of_words(words_of(all, list)));
        list
    }

    /// A list that is not interned.
    fn push_list(&mut self, words: impl ExactSizeIterator<Item = u32>) -> List {
        let list = List(u32::try_from(self.words.len()).expect("fewer than 2^32 words"));
        self.words.push(words.len() as u32);
        self.words.extend(words);
        list
    }

    pub fn words(&self, list: List) -> &[u32] {
        words_of(&self.words, list)
    }

    /// The list of these expressions.
    pub fn ex_list(&mut self, exs: &[Ex]) -> List {
        // `Ex` and `VarId` are one word each.
        match exs {
            [a] => self.list(&[a.0]),
            [a, b] => self.list(&[a.0, b.0]),
            _ => self.list(&exs.iter().map(|e| e.0).collect::<Vec<_>>()),
        }
    }

    pub fn var_list(&mut self, vars: &[VarId]) -> List {
        self.list(&vars.iter().map(|v| v.0).collect::<Vec<_>>())
    }

    /// The expressions of a list.
    pub fn exs(&self, list: List) -> impl ExactSizeIterator<Item = Ex> + DoubleEndedIterator + '_ {
        self.words(list).iter().map(|&w| Ex(w))
    }

    /// The variables of a list.
    pub fn vars(&self, list: List) -> impl ExactSizeIterator<Item = VarId> + DoubleEndedIterator + '_ {
        self.words(list).iter().map(|&w| VarId(w))
    }

    /// The parts of a loop.
    pub fn loop_parts(&self, list: List) -> LoopParts {
        let words = self.words(list);
        let (head, rest) = words.split_at(4);
        let m = head[3] as usize;
        let option = |w: u32| (w != NONE).then_some(Ex(w));
        LoopParts {
            len: option(head[0]),
            cond: option(head[1]),
            index: VarId(head[2]),
            states: rest[..m].iter().map(|&w| VarId(w)).collect(),
            inits: rest[m..2 * m].iter().map(|&w| Ex(w)).collect(),
            nexts: rest[2 * m..3 * m].iter().map(|&w| Ex(w)).collect(),
            traces: rest[3 * m..4 * m].iter().map(|&w| w != 0).collect(),
        }
    }

    pub(super) fn loop_list(&mut self, parts: &LoopParts) -> List {
        let option = |e: Option<Ex>| e.map_or(NONE, |e| e.0);
        let mut words = vec![option(parts.len), option(parts.cond), parts.index.0, parts.states.len() as u32];
        words.extend(parts.states.iter().map(|v| v.0));
        words.extend(parts.inits.iter().map(|e| e.0));
        words.extend(parts.nexts.iter().map(|e| e.0));
        words.extend(parts.traces.iter().map(|&t| t as u32));
        self.list(&words)
    }

    /// Adds the node if it is new. Every node but those of primitives comes through here.
    pub(super) fn intern(&mut self, node: Node, ty: Type, free: List) -> Ex {
        debug_assert!(!matches!(node, Node::Prim(..)), "the arguments of a primitive are found with it");
        self.find(node).unwrap_or_else(|| self.push(hash::of(&node), node, ty, free))
    }

    /// The primitive of these arguments, added if it is new.
    pub(super) fn intern_prim(&mut self, p: Prim, args: &[Ex], ty: Type) -> Ex {
        let hash = hash::of_prim(p, args.iter().map(|a| a.0));
        let same = |words: &[u32]| words.iter().copied().eq(args.iter().map(|a| a.0));
        let known =
            self.known.find(hash, |known| known.may_be(hash) && self.as_prim(known.ex, p).is_some_and(same));
        match known {
            Some(known) => known.ex,
            None => self.push_prim(hash, p, args, ty),
        }
    }

    /// The same for two arguments whose order does not matter to the value: the older where both exist.
    pub(super) fn intern_commutative(&mut self, p: Prim, [a, b]: [Ex; 2], ty: Type) -> Ex {
        let hash = hash::of_prim(p, [a.0, b.0].into_iter());
        let same = |words: &[u32]| words == [a.0, b.0] || words == [b.0, a.0];
        let known = self.known.iter_hash(hash).filter(|known| known.may_be(hash)).map(|known| known.ex);
        let known = known.filter(|&ex| self.as_prim(ex, p).is_some_and(same)).min();
        known.unwrap_or_else(|| self.push_prim(hash, p, &[a, b], ty))
    }

    fn push_prim(&mut self, hash: u64, p: Prim, args: &[Ex], ty: Type) -> Ex {
        let free = self.union_of(args);
        let list = self.push_list(args.iter().map(|a| a.0));
        self.push(hash, Node::Prim(p, list), ty, free)
    }

    fn push(&mut self, hash: u64, node: Node, ty: Type, free: List) -> Ex {
        let ex = Ex(u32::try_from(self.nodes.len()).expect("fewer than 2^32 nodes"));
        self.nodes.push(node);
        self.types.push(ty);
        self.free.push(free);
        self.origins.push(self.current_origin);
        self.known.insert_unique(hash, Known::new(hash, ex), Known::hash);
        ex
    }

    /// A part of a loop or call, if it exists already.
    pub(super) fn find_part(&self, of: Ex, index: usize) -> Option<Ex> {
        self.find(Node::Part { of, index: index as u32 })
    }

    /// The handle of a node that exists already.
    fn find(&self, node: Node) -> Option<Ex> {
        let hash = hash::of(&node);
        let same = |known: &Known| known.may_be(hash) && self.nodes[known.ex.0 as usize] == node;
        self.known.find(hash, same).map(|known| known.ex)
    }

    pub(super) fn free_list(&self, ex: Ex) -> List {
        self.free[ex.0 as usize]
    }

    /// The double that a literal stands for.
    pub fn as_real(&self, ex: Ex) -> Option<f64> {
        match self.node(ex) {
            Node::Real([lo, hi]) => Some(f64::from_bits(lo as u64 | (hi as u64) << 32)),
            _ => None,
        }
    }

    /// The integer that a literal stands for.
    pub fn as_int(&self, ex: Ex) -> Option<i64> {
        match self.node(ex) {
            Node::Int([lo, hi]) => Some((lo as u64 | (hi as u64) << 32) as i64),
            _ => None,
        }
    }

    pub fn as_bool(&self, ex: Ex) -> Option<bool> {
        match self.node(ex) {
            Node::Bool(b) => Some(b),
            _ => None,
        }
    }

    /// The operands when the node is this primitive.
    pub fn as_prim(&self, ex: Ex, p: Prim) -> Option<&[u32]> {
        match self.nodes[ex.0 as usize] {
            Node::Prim(q, args) if q == p => Some(self.words(args)),
            _ => None,
        }
    }
}

/// A node as the table of nodes has it: with its hash, so that the table grows without a look at the nodes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    half: u32,
    ex: Ex,
}

impl Known {
    fn new(hash: u64, ex: Ex) -> Known {
        Known { half: hash as u32, ex }
    }

    fn hash(&self) -> u64 {
        hash::of_half(self.half)
    }

    fn may_be(&self, hash: u64) -> bool {
        self.half == hash as u32
    }
}

/// The words of a list: their number stands before them.
fn words_of(words: &[u32], list: List) -> &[u32] {
    let start = list.0 as usize + 1;
    &words[start..start + words[start - 1] as usize]
}
