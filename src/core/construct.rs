//! The constructors: the only way to make nodes. Each gives a node of its meaning, already in the
//! simplest form that follows from its operands alone. What they may do: fold constants, choose a
//! known branch, read an element of an array that is being built, and drop a literal 0 or 1 that
//! changes no real value. They never assume that a value is finite or defined.

use super::{AccumOp, Elem, Ex, FnId, Graph, List, LoopParts, Node, Type, VarId, VarKind};
use crate::primitive::{self, Kind, Prim};

/// An index is pushed into a `Build` whose body is at most this many nodes; other elements are read.
const CHEAP: usize = 12;

impl Graph {
    pub fn real(&mut self, value: f64) -> Ex {
        let bits = value.to_bits();
        let none = self.list(&[]);
        self.intern(Node::Real([bits as u32, (bits >> 32) as u32]), Type::REAL, none)
    }

    pub fn int(&mut self, value: i64) -> Ex {
        let none = self.list(&[]);
        self.intern(Node::Int([value as u32, (value as u64 >> 32) as u32]), Type::INT, none)
    }

    pub fn boolean(&mut self, value: bool) -> Ex {
        let none = self.list(&[]);
        self.intern(Node::Bool(value), Type::BOOL, none)
    }

    pub fn variable(&mut self, var: VarId) -> Ex {
        let ty = self.var(var).ty;
        let free = match self.var(var).kind {
            VarKind::Param => self.list(&[]),
            VarKind::Step => self.list(&[var.0]),
            VarKind::Index { len } => {
                let own = self.list(&[var.0]);
                let outer = self.free_list(len);
                self.union(own, outer)
            }
            VarKind::State { index } => {
                let own = self.list(&[var.0]);
                let index = self.variable(index);
                let outer = self.free_list(index);
                self.union(own, outer)
            }
        };
        self.intern(Node::Var(var), ty, free)
    }

    /// A primitive of scalars. Panics when the arguments are not of the row's kind.
    pub fn prim(&mut self, p: Prim, args: &[Ex]) -> Ex {
        if let Some(folded) = self.fold_prim(p, args) {
            return folded;
        }
        let ty = match p.row().kind {
            Kind::RealToReal | Kind::ToReal => Type::REAL,
            Kind::Arith => self.ty(args[0]),
            Kind::Compare | Kind::Logic => Type::BOOL,
            Kind::ToInt => Type::INT,
        };
        if ty == Type::INT
            && let Some(known) = self.affine_prim(p, args)
        {
            return known;
        }
        self.raw_prim(p, args, ty)
    }

    /// The node as it is, or the same with its operands swapped if that exists and means the same.
    pub(super) fn raw_prim(&mut self, p: Prim, args: &[Ex], ty: Type) -> Ex {
        match *args {
            [a, b] if p == Prim::ADD || p == Prim::MUL => self.intern_commutative(p, [a, b], ty),
            _ => self.intern_prim(p, args, ty),
        }
    }

    pub(super) fn union_of(&mut self, exs: &[Ex]) -> List {
        match exs {
            [] => self.list(&[]),
            [a] => self.free_list(*a),
            [a, b] => {
                let (a, b) = (self.free_list(*a), self.free_list(*b));
                self.union(a, b)
            }
            many => {
                let mut lists: Vec<List> = many.iter().map(|&ex| self.free_list(ex)).collect();
                lists.sort_unstable_by_key(|list| list.0);
                lists.dedup();
                self.union_all(&lists)
            }
        }
    }

    /// `if cond then then else els`
    pub fn select(&mut self, cond: Ex, then: Ex, els: Ex) -> Ex {
        debug_assert_eq!(self.ty(then), self.ty(els), "branches of different types");
        match self.as_bool(cond) {
            Some(true) => return then,
            Some(false) => return els,
            None => {}
        }
        // Inside a branch the condition is known.
        let then = self.assume(then, cond, true);
        let els = self.assume(els, cond, false);
        if then == els {
            return then;
        }
        if let Some(&[inner]) = self.as_prim(cond, Prim::NOT) {
            return self.select(Ex(inner), els, then);
        }
        if self.as_bool(then) == Some(true) && self.as_bool(els) == Some(false) {
            return cond;
        }
        if self.as_bool(then) == Some(false) && self.as_bool(els) == Some(true) {
            return self.not(cond);
        }
        let ty = self.ty(then);
        let free = self.union_of(&[cond, then, els]);
        self.intern(Node::If { cond, then, els }, ty, free)
    }

    /// The branch that the expression takes if it is a choice over a condition that is known.
    pub fn assume(&self, ex: Ex, cond: Ex, value: bool) -> Ex {
        match self.node(ex) {
            Node::If { cond: c, then, els } if c == cond => {
                if value {
                    then
                } else {
                    els
                }
            }
            _ => ex,
        }
    }

    /// The element of an array; the array itself when it is a scalar and there are no indices.
    pub fn index(&mut self, array: Ex, at: &[Ex]) -> Ex {
        let ty = self.ty(array);
        debug_assert_eq!(ty.rank as usize, at.len(), "an index for each axis");
        if at.is_empty() {
            return array;
        }
        match self.node(array) {
            Node::Lit { elems, dims } => {
                if let Some(offset) = self.literal_offset(dims, at) {
                    return Ex(self.words(elems)[offset]);
                }
            }
            Node::Build { over, body } => {
                let over: Vec<VarId> = self.vars(over).collect();
                let same = over.iter().zip(at).all(|(&b, &e)| self.node(e) == Node::Var(b));
                if same {
                    return body;
                }
                let read = self.is_slice(&over, body) || self.is_cheap(body, CHEAP) && self.within(&over, at);
                if read {
                    let map: Vec<(VarId, Ex)> = over.into_iter().zip(at.iter().copied()).collect();
                    return self.substitute(body, &map);
                }
            }
            Node::If { cond, then, els } => {
                let (then, els) = (self.index(then, at), self.index(els, at));
                return self.select(cond, then, els);
            }
            _ => {}
        }
        self.read(array, at)
    }

    /// An element that was read already: it stays read where it is dear to compute, though the indices are now
    /// the binders of the array themselves.
    pub(super) fn element(&mut self, array: Ex, at: &[Ex]) -> Ex {
        match self.node(array) {
            Node::Build { body, .. } if !self.is_cheap(body, CHEAP) => self.read(array, at),
            _other => self.index(array, at),
        }
    }

    /// The element of an array as it is read: not computed in its place.
    pub fn read(&mut self, array: Ex, at: &[Ex]) -> Ex {
        let elem = self.ty(array).elem;
        let list = self.ex_list(at);
        let all: Vec<Ex> = std::iter::once(array).chain(at.iter().copied()).collect();
        let free = self.union_of(&all);
        self.intern(Node::Index { array, at: list }, Type { elem, rank: 0 }, free)
    }

    /// Whether an array is part of another, whole along the axes that are left: then an index is inside the one
    /// exactly if it is inside the other.
    fn is_slice(&mut self, over: &[VarId], body: Ex) -> bool {
        let Node::Index { array, at } = self.node(body) else { return false };
        let at: Vec<Ex> = self.exs(at).collect();
        if self.depends_on_any(array, over) {
            return false;
        }
        let mut axes = Vec::new();
        for (axis, &e) in at.iter().enumerate() {
            match self.node(e) {
                Node::Var(var) if over.contains(&var) => axes.push((var, axis)),
                _ if self.depends_on_any(e, over) => return false,
                _ => {}
            }
        }
        let own = |(var, axis): (VarId, usize)| self.size(array, axis) == self.len_of(var);
        over.iter().all(|b| axes.iter().filter(|(var, _)| var == b).count() == 1) && axes.into_iter().all(own)
    }

    /// Whether the indices are surely inside the ranges of the binders: then an element can be
    /// computed instead of read. (An index that may be outside must stay an error.)
    fn within(&mut self, over: &[VarId], at: &[Ex]) -> bool {
        over.iter().zip(at).all(|(&b, &e)| {
            let len = self.len_of(b);
            self.is_within(e, len)
        })
    }

    /// The position in a literal of constant indices inside its lengths.
    fn literal_offset(&self, dims: List, at: &[Ex]) -> Option<usize> {
        let mut offset = 0;
        for (&dim, &e) in self.words(dims).iter().zip(at) {
            let i = usize::try_from(self.as_int(e)?).ok()?;
            if i >= dim as usize {
                return None;
            }
            offset = offset * dim as usize + i;
        }
        Some(offset)
    }

    /// Whether the expression has at most `limit` nodes, none of them a loop or a call.
    pub fn is_cheap(&self, ex: Ex, limit: usize) -> bool {
        let mut stack = vec![ex];
        let mut count = 0;
        while let Some(ex) = stack.pop() {
            match self.node(ex) {
                Node::Real(_) | Node::Int(_) | Node::Bool(_) | Node::Var(_) | Node::Size { .. } => continue,
                Node::Build { .. } | Node::Accum { .. } | Node::Loop(_) | Node::Call { .. } => return false,
                Node::Part { .. } | Node::Lit { .. } => continue,
                Node::Prim(..) | Node::If { .. } => self.operands(ex, |e| stack.push(e)),
                Node::Index { array, at } => {
                    stack.extend(self.exs(at));
                    if matches!(self.node(array), Node::Build { .. } | Node::Accum { .. }) {
                        continue; // read, not computed again
                    }
                }
            }
            count += 1;
            if count > limit {
                return false;
            }
        }
        true
    }

    /// The length of an array along an axis.
    pub fn size(&mut self, array: Ex, axis: usize) -> Ex {
        debug_assert!(axis < self.ty(array).rank as usize, "no such axis");
        match self.node(array) {
            Node::Var(var) => {
                if let Some(shape) = &self.var(var).shape {
                    return shape[axis];
                }
            }
            Node::Lit { dims, .. } => {
                let dim = self.words(dims)[axis];
                return self.int(dim as i64);
            }
            Node::Build { over, .. } => {
                let over: Vec<VarId> = self.vars(over).collect();
                let len = self.len_of(over[axis]);
                if !self.depends_on_any(len, &over) {
                    return len;
                }
            }
            Node::Accum { init, .. } => return self.size(init, axis),
            Node::If { cond, then, els } => {
                let (then, els) = (self.size(then, axis), self.size(els, axis));
                return self.select(cond, then, els);
            }
            Node::Part { of, index } => {
                if let Some(size) = self.part_size(of, index as usize, axis) {
                    return size;
                }
            }
            _ => {}
        }
        let free = self.free_list(array);
        self.intern(Node::Size { array, axis: axis as u32 }, Type::INT, free)
    }

    fn part_size(&mut self, of: Ex, index: usize, axis: usize) -> Option<Ex> {
        match self.node(of) {
            Node::Loop(list) => {
                let parts = self.loop_parts(list);
                let m = parts.states.len();
                if index < m {
                    return Some(self.size(parts.inits[index], axis));
                }
                if axis > 0 {
                    return Some(self.size(parts.inits[index - m], axis - 1));
                }
                let len = parts.len?;
                let one = self.int(1);
                Some(self.add(len, one))
            }
            Node::Call { f, args } => {
                // Only lengths that follow from the arguments without running the function.
                let size = self.result_sizes.get(&(f, index as u32, axis as u32)).copied().flatten()?;
                let params = self.function(f).params.clone();
                let map: Vec<(VarId, Ex)> =
                    params.into_iter().zip(self.exs(args).collect::<Vec<_>>()).collect();
                Some(self.substitute(size, &map))
            }
            _ => None,
        }
    }

    /// Whether a length is a short expression of the parameters and their lengths.
    pub(super) fn is_length_of(&self, size: Ex, params: &[VarId]) -> bool {
        let mut stack = vec![size];
        for _ in 0..64 {
            let Some(ex) = stack.pop() else { return true };
            match self.node(ex) {
                Node::Int(_) => {}
                Node::Prim(_, args) => stack.extend(self.exs(args)),
                Node::Var(var) if params.contains(&var) => {}
                Node::Size { array, .. } => match self.node(array) {
                    Node::Var(var) if params.contains(&var) => {}
                    _ => return false,
                },
                _ => return false,
            }
        }
        false
    }

    /// All lengths of an array.
    pub fn shape(&mut self, array: Ex) -> Vec<Ex> {
        (0..self.ty(array).rank as usize).map(|axis| self.size(array, axis)).collect()
    }

    /// An array of given elements, rows first.
    pub fn lit(&mut self, elems: &[Ex], dims: &[usize]) -> Ex {
        let dims = self.list(&dims.iter().map(|&d| d as u32).collect::<Vec<_>>());
        self.lit_list(elems, dims)
    }

    pub(super) fn lit_list(&mut self, elems: &[Ex], dims: List) -> Ex {
        debug_assert_eq!(self.words(dims).iter().product::<u32>() as usize, elems.len());
        let elem = elems.first().map_or(Elem::Real, |&e| self.ty(e).elem);
        let rank = self.words(dims).len();
        let list = self.ex_list(elems);
        let free = self.union_of(elems);
        self.intern(Node::Lit { elems: list, dims }, Type::array(elem, rank), free)
    }

    /// The array `[body for over]`; `body` itself when there are no binders.
    pub fn build(&mut self, over: &[VarId], body: Ex) -> Ex {
        if over.is_empty() {
            return body;
        }
        if let Node::Index { array, at } = self.node(body) {
            // A copy of an array, element by element, is the array.
            let plain = self.exs(at).len() == over.len()
                && self.exs(at).zip(over).all(|(e, &b)| self.node(e) == Node::Var(b))
                && !self.depends_on_any(array, over);
            if plain && (0..over.len()).all(|axis| self.size(array, axis) == self.len_of(over[axis])) {
                return array;
            }
        }
        let ty = self.ty(body);
        debug_assert!(ty.is_scalar(), "elements are scalars");
        let list = self.var_list(over);
        let free = self.closed(over, &[body]);
        self.intern(Node::Build { over: list, body }, Type::array(ty.elem, over.len()), free)
    }

    /// The free binders of bodies under binders: theirs and those of the lengths, less the bound.
    fn closed(&mut self, over: &[VarId], bodies: &[Ex]) -> List {
        let mut free = self.union_of(bodies);
        for &b in over {
            let len = self.len_of(b);
            let more = self.free_list(len);
            free = self.union(free, more);
        }
        let gone: Vec<u32> = over.iter().map(|b| b.0).collect();
        self.without(free, &gone)
    }

    /// `init` combined by `op` with `value` at `at` for each point of `over`.
    pub fn accum(&mut self, op: AccumOp, init: Ex, over: &[VarId], at: &[Ex], value: Ex) -> Ex {
        debug_assert_eq!(self.ty(init).rank as usize, at.len(), "an index for each axis");
        debug_assert_eq!(self.ty(init).elem, self.ty(value).elem);
        if op == AccumOp::Sum && (self.as_real(value) == Some(0.0) || self.as_int(value) == Some(0)) {
            return init;
        }
        if over.is_empty() && at.is_empty() {
            return self.combine(op, init, value);
        }
        if let Some(ex) = self.constant_sum(op, init, over, at, value) {
            return ex;
        }
        if op == AccumOp::Sum
            && let Some(single) = self.single_term(over, at, value)
        {
            let over: Vec<VarId> = over.iter().copied().filter(|&b| b != single.binder).collect();
            return self.accum(op, init, &over, &single.at, single.value);
        }
        let mut bodies = at.to_vec();
        bodies.push(value);
        let inner = self.closed(over, &bodies);
        let outer = self.free_list(init);
        let free = self.union(inner, outer);
        let (over, at) = (self.var_list(over), self.ex_list(at));
        let ty = self.ty(init);
        self.intern(Node::Accum { op, init, over, at, value }, ty, free)
    }

    /// Two values under a reduction's operation.
    pub fn combine(&mut self, op: AccumOp, a: Ex, b: Ex) -> Ex {
        match op {
            AccumOp::Sum => self.add(a, b),
            AccumOp::Prod => self.mul(a, b),
            AccumOp::Max => self.prim(Prim::MAX, &[a, b]),
            AccumOp::Min => self.prim(Prim::MIN, &[a, b]),
            AccumOp::Replace => unreachable!("arrays only"),
        }
    }

    /// A sum of equal terms is a product, when its lengths are independent of one another.
    fn constant_sum(&mut self, op: AccumOp, init: Ex, over: &[VarId], at: &[Ex], value: Ex) -> Option<Ex> {
        if op != AccumOp::Sum || !at.is_empty() || self.depends_on_any(value, over) {
            return None;
        }
        let lens: Vec<Ex> = over.iter().map(|&b| self.len_of(b)).collect();
        if lens.iter().any(|&len| self.depends_on_any(len, over)) {
            return None;
        }
        let real = self.ty(value) == Type::REAL;
        let mut sum = value;
        for len in lens {
            let len = self.count(len);
            let len = if real { self.to_real(len) } else { len };
            sum = self.mul(len, sum);
        }
        let zero = self.as_real(init) == Some(0.0) || self.as_int(init) == Some(0);
        Some(if zero { sum } else { self.add(init, sum) })
    }

    /// How often a loop of this length runs: a negative length is an empty range.
    pub fn count(&mut self, len: Ex) -> Ex {
        let sum = self.affine(len);
        let sizes = sum.terms.iter().all(|&(t, c)| c > 0 && matches!(self.node(t), Node::Size { .. }));
        if sizes && sum.constant >= 0 {
            return len;
        }
        let zero = self.int(0);
        self.prim(Prim::MAX, &[len, zero])
    }

    /// A sequential loop; read it with [`Graph::part`].
    pub fn sequential(&mut self, parts: LoopParts) -> Ex {
        debug_assert!(parts.len.is_some() != parts.cond.is_some(), "a length or a condition");
        let own: Vec<u32> =
            std::iter::once(parts.index).chain(parts.states.iter().copied()).map(|v| v.0).collect();
        let inner: Vec<Ex> = parts.nexts.iter().copied().chain(parts.cond).collect();
        let inner = self.union_of(&inner);
        let inner = self.without(inner, &own);
        let outer: Vec<Ex> = parts.inits.iter().copied().chain(parts.len).collect();
        let outer = self.union_of(&outer);
        let free = self.union(inner, outer);
        let list = self.loop_list(&parts);
        self.intern(Node::Loop(list), Type::MANY, free)
    }

    /// A call; read it with [`Graph::part`].
    pub fn call(&mut self, f: FnId, args: &[Ex]) -> Ex {
        debug_assert_eq!(args.len(), self.function(f).params.len(), "arguments of {}", self.function(f).name);
        let list = self.ex_list(args);
        let free = self.union_of(args);
        self.intern(Node::Call { f, args: list }, Type::MANY, free)
    }

    /// One value of a loop or a call.
    pub fn part(&mut self, of: Ex, index: usize) -> Ex {
        let ty = match self.node(of) {
            Node::Loop(list) => {
                let parts = self.loop_parts(list);
                let m = parts.states.len();
                if index < m {
                    // A state that never changes is its first value; where none does, a loop with
                    // a condition may have no end, and then no value.
                    let kept =
                        |graph: &mut Graph, k: usize| parts.nexts[k] == graph.variable(parts.states[k]);
                    if kept(self, index) && (parts.len.is_some() || !(0..m).all(|k| kept(self, k))) {
                        return parts.inits[index];
                    }
                    self.ty(parts.inits[index])
                } else if index < 2 * m {
                    let ty = self.ty(parts.inits[index - m]);
                    Type { elem: ty.elem, rank: ty.rank + 1 }
                } else if let Some(len) = parts.len {
                    return len;
                } else {
                    Type::INT
                }
            }
            Node::Call { f, .. } => self.function(f).result_types[index],
            _ => unreachable!("only loops and calls have parts"),
        };
        let free = self.free_list(of);
        self.intern(Node::Part { of, index: index as u32 }, ty, free)
    }

    pub fn add(&mut self, a: Ex, b: Ex) -> Ex {
        self.prim(Prim::ADD, &[a, b])
    }

    pub fn sub(&mut self, a: Ex, b: Ex) -> Ex {
        self.prim(Prim::SUB, &[a, b])
    }

    pub fn mul(&mut self, a: Ex, b: Ex) -> Ex {
        self.prim(Prim::MUL, &[a, b])
    }

    /// The real product as written, even where the operands' other order exists already.
    pub fn mul_in_order(&mut self, a: Ex, b: Ex) -> Ex {
        self.intern_prim(Prim::MUL, &[a, b], Type::REAL)
    }

    pub fn div(&mut self, a: Ex, b: Ex) -> Ex {
        self.prim(Prim::DIV, &[a, b])
    }

    pub fn neg(&mut self, a: Ex) -> Ex {
        self.prim(Prim::NEG, &[a])
    }

    pub fn not(&mut self, a: Ex) -> Ex {
        self.prim(Prim::NOT, &[a])
    }

    pub fn and(&mut self, a: Ex, b: Ex) -> Ex {
        self.prim(Prim::AND, &[a, b])
    }

    pub fn or(&mut self, a: Ex, b: Ex) -> Ex {
        self.prim(Prim::OR, &[a, b])
    }

    pub fn eq(&mut self, a: Ex, b: Ex) -> Ex {
        self.prim(Prim::EQ, &[a, b])
    }

    pub fn lt(&mut self, a: Ex, b: Ex) -> Ex {
        self.prim(Prim::LT, &[a, b])
    }

    pub fn le(&mut self, a: Ex, b: Ex) -> Ex {
        self.prim(Prim::LE, &[a, b])
    }

    /// An Int as a real; a real as it is.
    pub fn to_real(&mut self, a: Ex) -> Ex {
        if self.ty(a).is_real() { a } else { self.prim(Prim::TO_REAL, &[a]) }
    }

    /// The zero of a type: a scalar, or an array with these lengths.
    pub fn zeros(&mut self, elem: Elem, shape: &[Ex]) -> Ex {
        let zero = match elem {
            Elem::Real => self.real(0.0),
            Elem::Int => self.int(0),
            Elem::Bool => self.boolean(false),
        };
        let over: Vec<VarId> = shape.iter().map(|&len| self.binder("i", len)).collect();
        self.build(&over, zero)
    }

    /// Constants folded and literal units dropped, or nothing.
    fn fold_prim(&mut self, p: Prim, args: &[Ex]) -> Option<Ex> {
        match p.row().kind {
            Kind::RealToReal | Kind::Arith if self.ty(args[0]) == Type::REAL => {
                if args.iter().all(|&a| self.as_real(a).is_some()) {
                    let values: Vec<f64> = args.iter().filter_map(|&a| self.as_real(a)).collect();
                    let value = primitive::eval_real(p, &values);
                    return Some(self.real(value));
                }
                self.fold_real(p, args)
            }
            Kind::Compare => self.fold_compare(p, args),
            Kind::Logic => self.fold_logic(p, args),
            Kind::ToReal => self.as_int(args[0]).map(|i| self.real(i as f64)),
            Kind::ToInt => {
                if let Some(&[inner]) = self.as_prim(args[0], Prim::TO_REAL) {
                    return Some(Ex(inner));
                }
                let value = self.as_real(args[0])?;
                (value.fract() == 0.0 && value.abs() < 9e15).then(|| self.int(value as i64))
            }
            Kind::RealToReal | Kind::Arith => None,
        }
    }

    fn fold_real(&mut self, p: Prim, args: &[Ex]) -> Option<Ex> {
        let left = self.as_real(args[0]);
        let right = args.get(1).and_then(|&b| self.as_real(b));
        let negated = |graph: &Graph, ex: Ex| graph.as_prim(ex, Prim::NEG).map(|a| Ex(a[0]));
        match p {
            Prim::NEG => {
                if let Some(&[a, b]) = self.as_prim(args[0], Prim::SUB) {
                    return Some(self.sub(Ex(b), Ex(a)));
                }
                negated(self, args[0])
            }
            Prim::ADD => {
                if left == Some(0.0) {
                    return Some(args[1]);
                }
                if right == Some(0.0) {
                    return Some(args[0]);
                }
                if let Some(b) = negated(self, args[1]) {
                    return Some(self.sub(args[0], b));
                }
                negated(self, args[0]).map(|a| self.sub(args[1], a))
            }
            Prim::SUB => {
                if right == Some(0.0) {
                    return Some(args[0]);
                }
                if left == Some(0.0) {
                    return Some(self.neg(args[1]));
                }
                negated(self, args[1]).map(|b| self.add(args[0], b))
            }
            Prim::MUL => self.fold_mul(args, left, right),
            Prim::DIV => {
                if right == Some(1.0) {
                    return Some(args[0]);
                }
                if let Some(a) = negated(self, args[0]) {
                    let quotient = self.div(a, args[1]);
                    return Some(self.neg(quotient));
                }
                let b = negated(self, args[1])?;
                let quotient = self.div(args[0], b);
                Some(self.neg(quotient))
            }
            Prim::POW if right == Some(1.0) => Some(args[0]),
            Prim::POW if right == Some(0.0) => Some(self.real(1.0)),
            _ => None,
        }
    }

    fn fold_mul(&mut self, args: &[Ex], left: Option<f64>, right: Option<f64>) -> Option<Ex> {
        for (k, factor) in [left, right].into_iter().enumerate() {
            let other = args[1 - k];
            match factor {
                Some(1.0) => return Some(other),
                Some(-1.0) => return Some(self.neg(other)),
                _ => {}
            }
            if let Some(&[a]) = self.as_prim(args[k], Prim::NEG) {
                let product = if k == 0 { self.mul(Ex(a), other) } else { self.mul(other, Ex(a)) };
                return Some(self.neg(product));
            }
            // a*(1/b) is a/b, more exact.
            if let Some(&[one, b]) = self.as_prim(args[k], Prim::DIV)
                && self.as_real(Ex(one)) == Some(1.0)
            {
                return Some(self.div(other, Ex(b)));
            }
        }
        None
    }

    fn fold_compare(&mut self, p: Prim, args: &[Ex]) -> Option<Ex> {
        if let (Some(a), Some(b)) = (self.as_real(args[0]), self.as_real(args[1])) {
            return Some(self.boolean(primitive::compare_real(p, a, b)));
        }
        if args[0] == args[1] && (p == Prim::LT || p == Prim::GT) {
            return Some(self.boolean(false)); // of NaN too
        }
        if self.ty(args[0]) == Type::INT {
            // Only the difference counts; it may be known where the operands are not.
            let difference = self.sub(args[0], args[1]);
            let compare = |difference: i64| primitive::compare_int(p, difference, 0);
            if let Some(difference) = self.as_int(difference) {
                return Some(self.boolean(compare(difference)));
            }
            if let Some((sign, nearest)) = self.side_of_zero(difference)
                && (nearest != 0 || compare(0) == compare(sign))
            {
                return Some(self.boolean(compare(sign)));
            }
            return if p == Prim::EQ { self.balanced(difference) } else { None };
        }
        None
    }
}
