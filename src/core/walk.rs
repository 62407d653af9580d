//! Walking the graph: operands, what is reachable, tables over nodes.

use super::{Ex, FnId, Graph, List, LoopParts, Node, VarId, VarKind};

/// A table over the nodes of a graph, cheap to make for few nodes of a large arena: the first few are
/// looked for one by one; for more, slots come in pages, and the pages in books, that exist from first use.
#[derive(Debug, Clone, Default)]
pub struct Dense<T> {
    /// The nodes that have values, in the order of the values; not kept when there are more than [`FEW`].
    few: Vec<Ex>,
    /// For each book of the arena, one more than its place in `pages`; 0 where there is none.
    books: Vec<u32>,
    /// For each page of a book, one more than its place in `slots`; 0 where there is none.
    pages: Vec<u32>,
    /// For each node of a page, one more than the place of its value; 0 where there is none.
    slots: Vec<u32>,
    values: Vec<T>,
}

/// So many nodes are looked for one by one.
const FEW: usize = 32;

/// Nodes in a page, and pages in a book, as powers of two.
const PAGE: usize = 7;
const BOOK: usize = 9;

/// The part of a table that is divided into chunks of `1 << bits` where `number` names a chunk.
fn within(chunk: u32, bits: usize, number: usize) -> Option<usize> {
    (chunk > 0).then(|| ((chunk as usize - 1) << bits) + (number & ((1 << bits) - 1)))
}

/// The place of a node in a short list: eight are compared at a time, without a branch for each.
fn among(few: &[Ex], ex: Ex) -> Option<usize> {
    let (eights, rest) = few.as_chunks::<8>();
    for (at, eight) in eights.iter().enumerate() {
        let hits = (0..8).fold(0_u32, |hits, k| hits | u32::from(eight[k] == ex) << k);
        if hits != 0 {
            return Some(8 * at + hits.trailing_zeros() as usize);
        }
    }
    rest.iter().position(|&known| known == ex).map(|at| few.len() - rest.len() + at)
}

impl<T> Dense<T> {
    /// An empty table; grows as needed.
    pub fn new(_: &Graph) -> Self {
        let (books, pages, slots) = (Vec::new(), Vec::new(), Vec::new());
        Dense { few: Vec::new(), books, pages, slots, values: Vec::new() }
    }

    /// The place of a node's value.
    fn place(&self, ex: Ex) -> Option<usize> {
        if self.values.len() <= FEW {
            return among(&self.few, ex);
        }
        let at = ex.0 as usize;
        let page = within(*self.books.get(at >> (PAGE + BOOK))?, BOOK, at >> PAGE)?;
        let slot = within(self.pages[page], PAGE, at)?;
        (self.slots[slot] as usize).checked_sub(1)
    }

    pub fn get(&self, ex: Ex) -> Option<&T> {
        self.place(ex).map(|place| &self.values[place])
    }

    pub fn get_mut(&mut self, ex: Ex) -> Option<&mut T> {
        self.place(ex).map(|place| &mut self.values[place])
    }

    pub fn contains(&self, ex: Ex) -> bool {
        self.get(ex).is_some()
    }

    /// The place of a node's slot, made if it is not there.
    fn make_slot(&mut self, ex: Ex) -> usize {
        fn grown(table: &mut Vec<u32>, bits: usize) -> u32 {
            table.resize(table.len() + (1 << bits), 0);
            (table.len() >> bits) as u32
        }
        let at = ex.0 as usize;
        let book = at >> (PAGE + BOOK);
        if book >= self.books.len() {
            self.books.resize(book + 1, 0);
        }
        if self.books[book] == 0 {
            self.books[book] = grown(&mut self.pages, BOOK);
        }
        let page = ((self.books[book] as usize - 1) << BOOK) + (at >> PAGE & ((1 << BOOK) - 1));
        if self.pages[page] == 0 {
            self.pages[page] = grown(&mut self.slots, PAGE);
        }
        ((self.pages[page] as usize - 1) << PAGE) + (at & ((1 << PAGE) - 1))
    }

    /// Sets the value at a node; whether there was none.
    pub fn insert(&mut self, ex: Ex, value: T) -> bool {
        if let Some(place) = self.place(ex) {
            self.values[place] = value;
            return false;
        }
        if self.values.is_empty() {
            self.few.reserve(FEW / 2);
            self.values.reserve(FEW / 2);
        }
        self.values.push(value);
        let count = self.values.len();
        if count <= FEW {
            self.few.push(ex);
            return true;
        }
        for (first, known) in std::mem::take(&mut self.few).into_iter().enumerate() {
            let slot = self.make_slot(known);
            self.slots[slot] = first as u32 + 1;
        }
        let slot = self.make_slot(ex);
        self.slots[slot] = count as u32;
        true
    }

    /// The value at a node, made on first use.
    pub fn entry(&mut self, ex: Ex, make: impl FnOnce() -> T) -> &mut T {
        if !self.contains(ex) {
            self.insert(ex, make());
        }
        self.get_mut(ex).expect("just inserted")
    }
}

impl Graph {
    /// Calls `visit` with every operand of the node; for binders, with their lengths too.
    pub fn operands(&self, ex: Ex, mut visit: impl FnMut(Ex)) {
        match self.node(ex) {
            Node::Real(_) | Node::Int(_) | Node::Bool(_) => {}
            Node::Var(var) => {
                if let VarKind::Index { len } = self.var(var).kind {
                    visit(len);
                }
            }
            Node::Prim(_, args) | Node::Call { args, .. } | Node::Lit { elems: args, .. } => {
                self.exs(args).for_each(visit);
            }
            Node::If { cond, then, els } => [cond, then, els].into_iter().for_each(visit),
            Node::Index { array, at } => {
                visit(array);
                self.exs(at).for_each(visit);
            }
            Node::Size { array, .. } => visit(array),
            Node::Build { over, body } => {
                self.vars(over).for_each(|b| visit(self.len_of(b)));
                visit(body);
            }
            Node::Accum { init, over, at, value, .. } => {
                visit(init);
                self.vars(over).for_each(|b| visit(self.len_of(b)));
                self.exs(at).for_each(&mut visit);
                visit(value);
            }
            Node::Loop(list) => {
                let words = self.words(list);
                let m = words[3] as usize;
                words[..2]
                    .iter()
                    .chain(&words[4 + m..4 + 3 * m])
                    .filter(|&&w| w != u32::MAX)
                    .for_each(|&w| visit(Ex(w)));
            }
            Node::Part { of, .. } => visit(of),
        }
    }

    /// All nodes that the roots need, operands first.
    pub fn reach(&self, roots: &[Ex]) -> Vec<Ex> {
        self.reach_where(roots, |_| true)
    }

    /// The nodes that the roots need through nodes that `enter` admits, operands first. Nodes
    /// that it does not admit are left out.
    pub fn reach_where(&self, roots: &[Ex], mut enter: impl FnMut(Ex) -> bool) -> Vec<Ex> {
        let mut seen: Dense<()> = Dense::new(self);
        let mut stack = Vec::new();
        let mut found = Vec::new();
        let mut add = |ex: Ex, stack: &mut Vec<Ex>| {
            if seen.insert(ex, ()) {
                stack.push(ex);
            }
        };
        roots.iter().for_each(|&root| add(root, &mut stack));
        while let Some(ex) = stack.pop() {
            if enter(ex) {
                found.push(ex);
                self.operands(ex, |operand| add(operand, &mut stack));
            }
        }
        found.sort_unstable();
        found
    }

    /// The binders free in an expression, those that their lengths depend on included: the scope
    /// in which it can be computed. Function parameters are not binders.
    pub fn free(&self, ex: Ex) -> impl ExactSizeIterator<Item = VarId> + '_ {
        self.vars(self.free_list(ex))
    }

    /// Whether the binder is free in the expression.
    pub fn depends_on(&self, ex: Ex, binder: VarId) -> bool {
        self.words(self.free_list(ex)).binary_search(&binder.0).is_ok()
    }

    /// Whether any of the binders is free in the expression.
    pub fn depends_on_any(&self, ex: Ex, binders: &[VarId]) -> bool {
        binders.iter().any(|&b| self.depends_on(ex, b))
    }

    /// Whether it takes steps to compute a node: whether it is a loop or a call.
    pub fn takes_steps(&self, ex: Ex) -> bool {
        match self.node(ex) {
            Node::Build { .. } | Node::Accum { .. } | Node::Loop(_) | Node::Call { .. } => true,
            Node::Real(_)
            | Node::Int(_)
            | Node::Bool(_)
            | Node::Var(_)
            | Node::Prim(..)
            | Node::If { .. }
            | Node::Index { .. }
            | Node::Size { .. }
            | Node::Lit { .. }
            | Node::Part { .. } => false,
        }
    }

    /// The binders that a node binds in its body.
    pub fn bound(&self, ex: Ex) -> Vec<VarId> {
        match self.node(ex) {
            Node::Build { over, .. } | Node::Accum { over, .. } => self.vars(over).collect(),
            Node::Loop(list) => {
                let LoopParts { index, states, .. } = self.loop_parts(list);
                std::iter::once(index).chain(states).collect()
            }
            Node::Real(_)
            | Node::Int(_)
            | Node::Bool(_)
            | Node::Var(_)
            | Node::Prim(..)
            | Node::If { .. }
            | Node::Index { .. }
            | Node::Size { .. }
            | Node::Lit { .. }
            | Node::Call { .. }
            | Node::Part { .. } => Vec::new(),
        }
    }

    /// What a node computes under its binders; nothing if it binds none.
    pub fn bodies(&self, ex: Ex) -> Vec<Ex> {
        match self.node(ex) {
            Node::Build { body, .. } => vec![body],
            Node::Accum { at, value, .. } => self.exs(at).chain([value]).collect(),
            Node::Loop(list) => {
                let LoopParts { nexts, cond, .. } = self.loop_parts(list);
                nexts.into_iter().chain(cond).collect()
            }
            Node::Real(_)
            | Node::Int(_)
            | Node::Bool(_)
            | Node::Var(_)
            | Node::Prim(..)
            | Node::If { .. }
            | Node::Index { .. }
            | Node::Size { .. }
            | Node::Lit { .. }
            | Node::Call { .. }
            | Node::Part { .. } => Vec::new(),
        }
    }

    /// The node again, with every operand replaced; the constructors simplify anew. Binders stay.
    pub fn rebuild(&mut self, ex: Ex, new: impl FnMut(Ex) -> Ex) -> Ex {
        let rebuilt = self.rebuild_unnamed(ex, new);
        self.keep_name(ex, rebuilt);
        rebuilt
    }

    fn rebuild_unnamed(&mut self, ex: Ex, mut new: impl FnMut(Ex) -> Ex) -> Ex {
        fn mapped(graph: &Graph, list: List, new: &mut impl FnMut(Ex) -> Ex) -> Vec<Ex> {
            graph.exs(list).map(new).collect()
        }
        match self.node(ex) {
            Node::Real(_) | Node::Int(_) | Node::Bool(_) | Node::Var(_) => ex,
            Node::Prim(p, args) => {
                let args = mapped(self, args, &mut new);
                self.prim(p, &args)
            }
            Node::If { cond, then, els } => {
                let (cond, then, els) = (new(cond), new(then), new(els));
                self.select(cond, then, els)
            }
            Node::Index { array, at } => {
                let was_read = matches!(self.node(array), Node::Build { .. });
                let (array, at) = (new(array), mapped(self, at, &mut new));
                if was_read { self.element(array, &at) } else { self.index(array, &at) }
            }
            Node::Size { array, axis } => {
                let array = new(array);
                self.size(array, axis as usize)
            }
            Node::Lit { elems, dims } => {
                let elems = mapped(self, elems, &mut new);
                self.lit_list(&elems, dims)
            }
            Node::Build { over, body } => {
                let (over, body) = (self.vars(over).collect::<Vec<_>>(), new(body));
                self.build(&over, body)
            }
            Node::Accum { op, init, over, at, value } => {
                let (over, at) = (self.vars(over).collect::<Vec<_>>(), mapped(self, at, &mut new));
                let (init, value) = (new(init), new(value));
                self.accum(op, init, &over, &at, value)
            }
            Node::Loop(list) => {
                let mut parts = self.loop_parts(list);
                parts.len = parts.len.map(&mut new);
                parts.cond = parts.cond.map(&mut new);
                parts.inits.iter_mut().for_each(|e| *e = new(*e));
                parts.nexts.iter_mut().for_each(|e| *e = new(*e));
                // The index counts to the new length: what it is free of follows from that.
                if parts.len.is_some() && parts.len != self.index_len(parts.index) {
                    parts = self.fresh_loop(parts, &[], &[]);
                }
                self.sequential(parts)
            }
            Node::Call { f, args } => {
                let args = mapped(self, args, &mut new);
                self.call(f, &args)
            }
            Node::Part { of, index } => {
                let of = new(of);
                self.part(of, index as usize)
            }
        }
    }

    /// The functions that the expressions call, directly, in order.
    pub fn callees(&self, roots: &[Ex]) -> Vec<FnId> {
        let nodes = self.reach(roots).into_iter();
        let mut found: Vec<FnId> = nodes
            .filter_map(|ex| match self.node(ex) {
                Node::Call { f, .. } => Some(f),
                _ => None,
            })
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }
}
