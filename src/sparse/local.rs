//! The rows of a Jacobian as functions of few numbers each: what an element of a result reads of the variables,
//! in the place of the variables.
//!
//! `[x[i + 1] - x[s[i]]^2 for i]` is for each i a function of two numbers. So each row is differentiated by those
//! alone, and where they stand among all elements is what the indices say. Short loops inside a row are written
//! out; where a longer one runs along an axis whose length is a known number, all elements along that are read.

use super::Known;
use crate::core::{Dense, Ex, Graph, Node, Type, VarId};
use crate::primitive::Prim;
use std::collections::HashSet;

/// More rows are not told apart along the axes of a result whose lengths are known numbers.
const MOST_ROWS: i64 = 64;
/// Nor are more elements read whole.
const MOST_WHOLE: i64 = 64;
/// Loops of more steps are not written out, nor any once that has made so many nodes.
const MOST_STEPS: i64 = 16;
const MOST_WRITTEN: usize = 20_000;
/// A row of more nodes is not put together.
const MOST_NODES: usize = 200_000;

/// Why rows are not functions of few numbers, with the mark of the place; 0 is nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    pub reason: String,
    pub origin: u32,
}

/// What a row reads of a variable: an element, or all elements along the axes whose lengths are known numbers.
#[derive(Debug, Clone)]
pub struct Block {
    /// The number of the variable.
    pub variable: usize,
    /// The index along each axis; nothing where all elements are read.
    pub at: Vec<Option<Ex>>,
    /// What stands for the elements in the row; its axes are those that are read whole.
    pub local: VarId,
    pub lengths: Vec<i64>,
    /// When they are read: not in the rows for which this does not hold.
    pub holds: Ex,
}

/// A row: the place in the result, and the element there as a function of blocks.
#[derive(Debug, Clone)]
pub struct Row {
    pub at: Vec<Ex>,
    pub element: Ex,
    pub blocks: Vec<Block>,
}

/// The rows of a result: so many for all values of the binders.
#[derive(Debug, Clone)]
pub struct Rows {
    pub over: Vec<VarId>,
    pub each: Vec<Row>,
    /// Whether they are in the order of the elements.
    pub in_order: bool,
}

/// The rows of a result.
pub fn rows(graph: &mut Graph, result: Ex, wrt: &[VarId]) -> Result<Rows, Unread> {
    let shape = graph.shape(result);
    let fixed: Vec<Option<i64>> = shape.iter().map(|&len| graph.as_int(len)).collect();
    let count = fixed.iter().flatten().try_fold(1_i64, |n, &len| n.checked_mul(len.max(0)));
    if count.is_none_or(|count| count > MOST_ROWS) {
        return Err(unread(
            graph,
            result,
            format!("its result has more than {MOST_ROWS} rows of different kinds"),
        ));
    }
    let free = fixed.iter().zip(&shape).filter(|(fixed, _)| fixed.is_none()).map(|(_, &len)| len);
    let over: Vec<VarId> =
        free.zip(["i", "j", "k", "l"]).map(|(len, name)| graph.binder(name, len)).collect();
    let mut each = Vec::new();
    for number in 0..count.unwrap_or_default() {
        let at = place(graph, &fixed, &over, number);
        let element = element(graph, result, &at)?;
        let element = composed(graph, element)?;
        each.push(Reader { graph, wrt, over: &over, element, whole: HashSet::new() }.row(at)?);
    }
    let in_order = fixed.iter().skip_while(|fixed| fixed.is_none()).all(Option::is_some);
    Ok(Rows { over, each, in_order })
}

fn unread(graph: &Graph, ex: Ex, reason: String) -> Unread {
    Unread { reason, origin: graph.origin(ex) }
}

/// The indices of a row: binders along the free axes, and the digits of its number along the others.
fn place(graph: &mut Graph, fixed: &[Option<i64>], over: &[VarId], number: i64) -> Vec<Ex> {
    let (mut left, mut binders) = (number, over.iter().rev());
    let mut at = Vec::new();
    for len in fixed.iter().rev() {
        at.push(match (len, binders.clone().next()) {
            (None, Some(&binder)) => {
                binders.next();
                graph.variable(binder)
            }
            (len, _) => {
                let len = len.unwrap_or(1);
                let digit = left % len;
                left /= len;
                graph.int(digit)
            }
        });
    }
    at.reverse();
    at
}

/// An element of a result, computed in its place.
fn element(graph: &mut Graph, result: Ex, at: &[Ex]) -> Result<Ex, Unread> {
    let mut array = result;
    loop {
        if at.is_empty() && !matches!(graph.node(array), Node::Part { .. }) {
            return Ok(array);
        }
        match graph.node(array) {
            Node::Build { over, body } => {
                let map: Vec<(VarId, Ex)> = graph.vars(over).zip(at.iter().copied()).collect();
                return Ok(graph.substitute(body, &map));
            }
            Node::Part { of, index } => match graph.node(of) {
                Node::Call { f, args } if is_plain(graph, f) => {
                    let args: Vec<Ex> = graph.exs(args).collect();
                    let function = graph.function(f).clone();
                    let map: Vec<(VarId, Ex)> = function.params.into_iter().zip(args).collect();
                    array = graph.substitute(function.results[index as usize], &map);
                }
                _ => {
                    let reason =
                        "the result of a sequential loop or of a recursion depends on all that it reads";
                    return Err(unread(graph, array, reason.into()));
                }
            },
            Node::If { .. } | Node::Lit { .. } | Node::Var(_) => return Ok(graph.index(array, at)),
            Node::Accum { .. } => {
                let reason = "its elements are summed up at places that indices name";
                return Err(unread(graph, array, reason.into()));
            }
            Node::Real(_) | Node::Int(_) | Node::Bool(_) | Node::Prim(..) | Node::Index { .. } => {
                return Ok(array);
            }
            Node::Size { .. } | Node::Loop(_) | Node::Call { .. } => return Ok(array),
        }
    }
}

/// Whether a function is no more than its results at its arguments.
fn is_plain(graph: &mut Graph, f: crate::core::FnId) -> bool {
    let function = graph.function(f);
    function.custom.is_none() && !function.results.is_empty() && !graph.is_recursive(f)
}

/// The expression with the elements of arrays that are as long as the arguments say computed in their place, and
/// with short loops written out.
fn composed(graph: &mut Graph, root: Ex) -> Result<Ex, Unread> {
    let mut new: Dense<Ex> = Dense::new(graph);
    let (most, written) = (graph.len() + MOST_NODES, graph.len() + MOST_WRITTEN);
    for ex in graph.reach(&[root]) {
        let mut made = graph.rebuild(ex, |operand| new.get(operand).copied().unwrap_or(operand));
        while let Some((array, at)) = long_read(graph, made) {
            let Node::Build { over, body } = graph.node(array) else { break };
            let over: Vec<VarId> = graph.vars(over).collect();
            let inside = over.iter().zip(&at).all(|(&b, &e)| {
                let len = graph.len_of(b);
                graph.is_within(e, len)
            });
            if !inside {
                let reason = "whether this index is inside its array cannot be told from the indices";
                return Err(unread(graph, ex, reason.into()));
            }
            let map: Vec<(VarId, Ex)> = over.into_iter().zip(at).collect();
            made = graph.substitute(body, &map);
            if graph.len() > most {
                return Err(unread(graph, ex, "the formula of an element is too long".into()));
            }
        }
        if graph.len() < written {
            made = written_out(graph, made);
        }
        new.insert(ex, made);
    }
    Ok(new.get(root).copied().unwrap_or(root))
}

/// The expressions with short loops written out.
pub fn without_short_loops(graph: &mut Graph, roots: &[Ex]) -> Vec<Ex> {
    let mut new: Dense<Ex> = Dense::new(graph);
    let most = graph.len() + MOST_WRITTEN;
    for ex in graph.reach(roots) {
        let made = graph.rebuild(ex, |operand| new.get(operand).copied().unwrap_or(operand));
        let made = if graph.len() < most { written_out(graph, made) } else { made };
        new.insert(ex, made);
    }
    roots.iter().map(|&root| new.get(root).copied().unwrap_or(root)).collect()
}

/// A loop of few steps as the list, or the sum, of what it does in each; else the same.
fn written_out(graph: &mut Graph, ex: Ex) -> Ex {
    let over: Vec<VarId> = match graph.node(ex) {
        Node::Build { over, .. } => graph.vars(over).collect(),
        Node::Accum { over, init, .. } if graph.ty(init).is_scalar() => graph.vars(over).collect(),
        _ => return ex,
    };
    let lengths: Option<Vec<i64>> = over.iter().map(|&b| graph.as_int(graph.len_of(b))).collect();
    let Some(lengths) = lengths else { return ex };
    let count = lengths.iter().product::<i64>();
    if count > MOST_STEPS || lengths.iter().any(|&len| len <= 0) {
        return ex;
    }
    let each = |graph: &mut Graph, body: Ex| -> Vec<Ex> {
        let step = |graph: &mut Graph, number: i64| {
            let at = digits(graph, number, &lengths);
            let map: Vec<(VarId, Ex)> = over.iter().copied().zip(at).collect();
            graph.substitute(body, &map)
        };
        (0..count).map(|number| step(graph, number)).collect()
    };
    match graph.node(ex) {
        Node::Build { body, .. } => {
            let elems = each(graph, body);
            let dims: Vec<usize> = lengths.iter().map(|&len| len as usize).collect();
            graph.lit(&elems, &dims)
        }
        Node::Accum { op, init, value, .. } => {
            let values = each(graph, value);
            values.into_iter().fold(init, |sum, value| graph.combine(op, sum, value))
        }
        _ => ex,
    }
}

/// The indices of an element of an array of these lengths, by its number: rows first.
pub fn digits(graph: &mut Graph, number: i64, lengths: &[i64]) -> Vec<Ex> {
    let mut left = number;
    let mut at = Vec::new();
    for &len in lengths.iter().rev() {
        at.push(graph.int(left % len));
        left /= len;
    }
    at.reverse();
    at
}

/// The element that is read of an array that is built, if its lengths are no known numbers.
fn long_read(graph: &Graph, ex: Ex) -> Option<(Ex, Vec<Ex>)> {
    let Node::Index { array, at } = graph.node(ex) else { return None };
    let Node::Build { over, .. } = graph.node(array) else { return None };
    let long = graph.vars(over).any(|b| graph.index_len(b).is_some_and(|len| graph.as_int(len).is_none()));
    (long && graph.ty(array).is_real()).then(|| (array, graph.exs(at).collect()))
}

/// Finds what a row reads.
struct Reader<'a> {
    graph: &'a mut Graph,
    wrt: &'a [VarId],
    over: &'a [VarId],
    element: Ex,
    /// The axes of variables along which a loop of the row runs.
    whole: HashSet<(usize, usize)>,
}

impl Reader<'_> {
    fn row(mut self, at: Vec<Ex>) -> Result<Row, Unread> {
        let nodes = self.graph.reach(&[self.element]);
        self.verify(&nodes)?;
        let inner: Vec<VarId> = nodes.iter().flat_map(|&ex| self.graph.bound(ex)).collect();
        let inner: Vec<VarId> = inner.into_iter().filter(|b| !self.over.contains(b)).collect();
        for &ex in &nodes {
            self.find_whole(ex, &inner)?;
        }
        let holds = self.conditions(&nodes, &inner);
        let mut blocks: Vec<Block> = Vec::new();
        let mut new: Dense<Ex> = Dense::new(self.graph);
        for ex in nodes {
            let made = match self.read(ex) {
                None => self.graph.rebuild(ex, |operand| new.get(operand).copied().unwrap_or(operand)),
                Some((variable, at)) => {
                    let read = holds.get(ex).copied().unwrap_or_else(|| self.graph.boolean(true));
                    let (local, lengths) = self.block(&mut blocks, variable, at, read);
                    let index = self.indices(ex, &new);
                    let index: Vec<Ex> = index
                        .into_iter()
                        .zip(&lengths)
                        .filter_map(|(index, length)| length.map(|_| index))
                        .collect();
                    let local = self.graph.variable(local);
                    self.graph.index(local, &index)
                }
            };
            new.insert(ex, made);
        }
        let element = new.get(self.element).copied().unwrap_or(self.element);
        Ok(Row { at, element, blocks })
    }

    /// The indices of an element that is read, with what has changed in them.
    fn indices(&self, ex: Ex, new: &Dense<Ex>) -> Vec<Ex> {
        let Node::Index { at, .. } = self.graph.node(ex) else { return Vec::new() };
        self.graph.exs(at).map(|index| new.get(index).copied().unwrap_or(index)).collect()
    }

    fn is_wanted(&self, ex: Ex) -> Option<usize> {
        let Node::Var(var) = self.graph.node(ex) else { return None };
        self.wrt.iter().position(|&v| v == var)
    }

    /// Arrays of the variables are only read by elements.
    fn verify(&self, nodes: &[Ex]) -> Result<(), Unread> {
        for &ex in nodes {
            let mut whole = false;
            let elements = matches!(self.graph.node(ex), Node::Index { .. } | Node::Size { .. });
            self.graph.operands(ex, |operand| {
                whole |= !elements && self.graph.ty(operand).is_array() && self.is_wanted(operand).is_some();
            });
            if whole {
                let reason = "a loop or a function takes an array of the variables as a whole";
                return Err(unread(self.graph, ex, reason.into()));
            }
        }
        match self.is_wanted(self.element) {
            Some(_) if self.graph.ty(self.element).is_array() => {
                Err(unread(self.graph, self.element, "it is an array as a whole".into()))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// The variable that a node is an element of, and the indices.
    fn element_of(&self, ex: Ex) -> Option<(usize, Vec<Ex>)> {
        let (array, at) = match self.graph.node(ex) {
            Node::Index { array, at } => (array, self.graph.exs(at).collect()),
            Node::Var(_) if self.graph.ty(ex).is_scalar() => (ex, Vec::new()),
            _ => return None,
        };
        Some((self.is_wanted(array)?, at))
    }

    /// Notes the axes along which an index runs with a loop of the row.
    fn find_whole(&mut self, ex: Ex, inner: &[VarId]) -> Result<(), Unread> {
        let Some((variable, at)) = self.element_of(ex) else { return Ok(()) };
        for (axis, index) in at.into_iter().enumerate() {
            if !self.graph.depends_on_any(index, inner) {
                continue;
            }
            if self.length(variable, axis).is_none_or(|len| len > MOST_WHOLE) {
                let name = &self.graph.var(self.wrt[variable]).name;
                let reason = format!(
                    "its elements depend on as many elements of `{name}` as the arguments are long, so that it is not sparse"
                );
                return Err(unread(self.graph, ex, reason));
            }
            self.whole.insert((variable, axis));
        }
        Ok(())
    }

    /// The variable that a node is an element of, and the indices along the axes that are not read whole.
    fn read(&self, ex: Ex) -> Option<(usize, Vec<Option<Ex>>)> {
        let (variable, at) = self.element_of(ex)?;
        let own = |(axis, index)| (!self.whole.contains(&(variable, axis))).then_some(index);
        Some((variable, at.into_iter().enumerate().map(own).collect()))
    }

    /// The length of an axis of a variable, if it is a number.
    fn length(&mut self, variable: usize, axis: usize) -> Option<i64> {
        let array = self.graph.variable(self.wrt[variable]);
        let len = self.graph.size(array, axis);
        self.graph.as_int(len)
    }

    /// What stands for the elements, and the lengths of the axes that are read whole.
    fn block(
        &mut self,
        blocks: &mut Vec<Block>,
        variable: usize,
        at: Vec<Option<Ex>>,
        holds: Ex,
    ) -> (VarId, Vec<Option<i64>>) {
        let whole = |reader: &mut Self, (axis, index): (usize, &Option<Ex>)| match index {
            None => reader.length(variable, axis),
            Some(_) => None,
        };
        let axes: Vec<Option<i64>> = at.iter().enumerate().map(|axis| whole(self, axis)).collect();
        if let Some(known) = blocks.iter_mut().find(|block| block.variable == variable && block.at == at) {
            known.holds = either(self.graph, known.holds, holds);
            return (known.local, axes);
        }
        let lengths: Vec<i64> = axes.iter().flatten().copied().collect();
        let info = self.graph.var(self.wrt[variable]);
        let (name, elem) = (info.name.clone(), info.ty.elem);
        let local = self.graph.param(&name, Type::array(elem, lengths.len()));
        if !lengths.is_empty() {
            let shape = lengths.iter().map(|&len| self.graph.int(len)).collect();
            self.graph.var_mut(local).shape = Some(shape);
        }
        blocks.push(Block { variable, at, local, lengths, holds });
        (local, axes)
    }

    /// For each node the condition under which it is computed, as far as no variable and no loop decides it.
    fn conditions(&mut self, nodes: &[Ex], inner: &[VarId]) -> Dense<Ex> {
        let mut holds: Dense<Ex> = Dense::new(self.graph);
        let always = self.graph.boolean(true);
        holds.insert(self.element, always);
        for &ex in nodes.iter().rev() {
            let Some(&own) = holds.get(ex) else { continue };
            let mut uses = Vec::new();
            match self.graph.node(ex) {
                Node::If { cond, then, els } if self.is_told(cond, inner) => {
                    let not = self.graph.not(cond);
                    let (yes, no) = (self.graph.and(own, cond), self.graph.and(own, not));
                    uses.extend([(cond, own), (then, yes), (els, no)]);
                }
                _ => self.graph.operands(ex, |operand| uses.push((operand, own))),
            }
            for (operand, under) in uses {
                let under = match holds.get(operand) {
                    Some(&other) => either(self.graph, other, under),
                    None => under,
                };
                holds.insert(operand, under);
            }
        }
        holds
    }

    /// Whether a condition follows from what is no variable, outside of loops.
    fn is_told(&self, cond: Ex, inner: &[VarId]) -> bool {
        let reads = self.graph.reach(&[cond]);
        !self.graph.depends_on_any(cond, inner) && !reads.into_iter().any(|ex| self.is_read(ex))
    }

    fn is_read(&self, ex: Ex) -> bool {
        match self.graph.node(ex) {
            Node::Index { array, .. } => self.is_wanted(array).is_some(),
            _ => self.graph.ty(ex).is_scalar() && self.is_wanted(ex).is_some(),
        }
    }
}

/// One condition or the other.
fn either(graph: &mut Graph, a: Ex, b: Ex) -> Ex {
    let opposite = |graph: &mut Graph, a: Ex, b: Ex| graph.not(a) == b || graph.not(b) == a;
    if graph.as_bool(a) == Some(true) || graph.as_bool(b) == Some(true) || opposite(graph, a, b) {
        return graph.boolean(true);
    }
    if let (Some(&[p, q]), Some(&[r, s])) = (graph.as_prim(a, Prim::AND), graph.as_prim(b, Prim::AND))
        && p == r
        && opposite(graph, Ex(q), Ex(s))
    {
        return Ex(p);
    }
    if a == b { a } else { graph.or(a, b) }
}

/// Which elements of its blocks a row can have derivatives by that are not 0: for each block the places, rows first.
pub fn entries(graph: &mut Graph, row: &Row, steps: u64) -> Vec<Vec<usize>> {
    let locals: Vec<VarId> = row.blocks.iter().map(|block| block.local).collect();
    let count = |block: &Block| block.lengths.iter().product::<i64>() as usize;
    let pattern = super::jacobian(graph, &[row.element], &locals, &Known::default(), steps);
    let mut first = 0;
    let mut found = Vec::new();
    for block in &row.blocks {
        let own = first..first + count(block);
        found.push(match &pattern {
            Ok(pattern) => {
                let columns = pattern.entries.iter().map(|&(_, column)| column as usize);
                columns.filter(|column| own.contains(column)).map(|column| column - first).collect()
            }
            Err(_) => (0..count(block)).collect(),
        });
        first = own.end;
    }
    found
}
