//! How the author sees a function of the graph: its name, its parameters before they were flattened,
//! the structure of its result. The raiser folds flat lists of scalars and arrays back along these.

use crate::core::{FnId, Graph, Origin, VarId};
use crate::syntax::tree::Ast;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// The length of an array along an axis, as the annotation says it.
#[derive(Debug, Clone, PartialEq)]
pub enum Dim {
    /// The annotation does not say.
    Unknown,
    Fixed(i64),
    /// `n`, bound by the argument or an `Int` parameter.
    Name(String),
    /// `n + 1`, an expression of the tree that is being written.
    Formula(Ast),
}

/// The structure of a value that the graph has as a flat list.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// A scalar, or an array; its lengths as far as they are known (missing ones are unknown).
    Leaf(Vec<Dim>),
    Tuple(Vec<Shape>),
    Record(Vec<(String, Shape)>),
}

impl Shape {
    /// A scalar, or an array of which nothing is said.
    pub const PLAIN: Shape = Shape::Leaf(Vec::new());

    /// How many scalars and arrays it has.
    pub fn count(&self) -> usize {
        match self {
            Shape::Leaf(_) => 1,
            Shape::Tuple(parts) => parts.iter().map(Shape::count).sum(),
            Shape::Record(fields) => fields.iter().map(|(_, shape)| shape.count()).sum(),
        }
    }

    /// A list of this many scalars and arrays: itself for one, else a tuple.
    pub fn flat(count: usize) -> Shape {
        if count == 1 { Shape::PLAIN } else { Shape::Tuple(vec![Shape::PLAIN; count]) }
    }
}

/// A parameter as the author sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct ParamFace {
    pub name: String,
    /// The variables of its scalars and arrays, in order.
    pub vars: Vec<VarId>,
    pub shape: Shape,
    /// A `param` of the file, which stands in no parameter list and no call.
    pub global: bool,
}

/// A function as the author sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct Face {
    pub id: FnId,
    /// How it is called; `geo.rotate` for one of an import with a name.
    pub name: String,
    pub doc: Vec<String>,
    /// Together they have the variables of the function, in order.
    pub params: Vec<ParamFace>,
    pub result: Shape,
}

impl Face {
    /// A function of flat parameters with a flat result, by the names in the graph.
    pub fn plain(graph: &Graph, id: FnId) -> Face {
        Face::beginning_like(graph, id, &[])
    }

    /// A function whose first parameters are those of another, the rest and its result flat.
    fn beginning_like(graph: &Graph, id: FnId, first: &[ParamFace]) -> Face {
        let function = graph.function(id);
        let mut vars = function.params.iter().copied();
        let mut params: Vec<ParamFace> = Vec::new();
        for param in first {
            params.push(ParamFace { vars: vars.by_ref().take(param.vars.len()).collect(), ..param.clone() });
        }
        let mut taken: HashSet<String> = params.iter().map(|param| param.name.clone()).collect();
        for var in vars {
            let wish = &graph.var(var).name;
            let name = free(wish, |name| taken.contains(name));
            taken.insert(name.clone());
            params.push(ParamFace { name, vars: vec![var], shape: Shape::PLAIN, global: false });
        }
        let result = Shape::flat(function.result_types.len());
        Face { id, name: function.name.clone(), doc: Vec::new(), params, result }
    }
}

/// The name, or else the first with a number after it that is not taken.
fn free(wish: &str, taken: impl Fn(&str) -> bool) -> String {
    let mut name = wish.to_string();
    let mut number = 2;
    while taken(&name) {
        name = format!("{wish}{number}");
        number += 1;
    }
    name
}

/// The faces of the functions that a file defines or calls, and the names that it has taken.
#[derive(Debug, Clone, Default)]
pub struct Faces {
    known: HashMap<FnId, Rc<Face>>,
    taken: HashSet<String>,
}

impl Faces {
    pub fn new() -> Faces {
        Faces::default()
    }

    pub fn insert(&mut self, face: Face) {
        self.taken.insert(face.name.clone());
        self.known.insert(face.id, Rc::new(face));
    }

    /// Adds a line about a function that was inserted.
    pub fn document(&mut self, id: FnId, line: String) {
        if let Some(face) = self.known.get_mut(&id) {
            Rc::make_mut(face).doc.push(line);
        }
    }

    /// Calls the functions that every file knows by their names, but for those names that the file
    /// gives to something else: these functions are defined by what is printed.
    pub fn provide(&mut self, graph: &Graph, is_other: impl Fn(&str) -> bool) {
        let mut found = Vec::new();
        for (at, function) in graph.functions.iter().enumerate() {
            let Some(name) = function.provided else { continue };
            if !self.taken.contains(name) && !is_other(name) {
                let id = FnId(at as u32);
                found.push(Face { name: name.to_string(), ..Face::plain(graph, id) });
            }
        }
        found.into_iter().for_each(|face| self.insert(face));
    }

    /// Whether what is printed knows the function without its definition.
    pub fn is_provided(&self, graph: &Graph, id: FnId) -> bool {
        let name = graph.function(id).provided;
        name.is_some_and(|name| self.known.get(&id).is_some_and(|face| face.name == name))
    }

    /// Keeps a name of the file (a constant, a type) from being given to anything else.
    pub fn take(&mut self, name: &str) {
        self.taken.insert(name.to_string());
    }

    /// Whether a face was inserted for the function.
    pub fn knows(&self, id: FnId) -> bool {
        self.known.contains_key(&id)
    }

    /// The names of the file.
    pub fn names(&self) -> &HashSet<String> {
        &self.taken
    }

    /// Gives faces to all functions that these call, directly or not. A derivative begins with the
    /// parameters of the function that it is of; every name is used once. Gives all of them, the
    /// callees before their callers where they do not call one another.
    pub fn cover(&mut self, graph: &Graph, roots: &[FnId]) -> Vec<FnId> {
        let mut found: Vec<FnId> = roots.to_vec();
        let mut seen: HashSet<FnId> = roots.iter().copied().collect();
        let mut next = 0;
        while let Some(&f) = found.get(next) {
            next += 1;
            let callees = graph.callees(&graph.function(f).results).into_iter();
            found.extend(callees.filter(|&callee| !self.is_provided(graph, callee) && seen.insert(callee)));
        }
        for &f in &found {
            self.make(graph, f);
        }
        found.reverse();
        found
    }

    /// Gives a function its face, after those that it is derived from have theirs.
    fn make(&mut self, graph: &Graph, f: FnId) {
        let mut line = vec![f];
        while let Origin::Jvp { of, .. } | Origin::Vjp { of, .. } =
            &graph.function(line[line.len() - 1]).origin
        {
            line.push(*of);
        }
        for &f in line.iter().rev() {
            if self.known.contains_key(&f) {
                continue;
            }
            let first = match &graph.function(f).origin {
                Origin::Jvp { of, .. } | Origin::Vjp { of, .. } => self.get(graph, *of).params.clone(),
                Origin::Source => Vec::new(),
            };
            let mut face = Face::beginning_like(graph, f, &first);
            face.name = free(&face.name, |name| self.taken.contains(name));
            self.insert(face);
        }
    }

    /// The face of a function: the one that was inserted, else a plain one.
    pub fn get(&self, graph: &Graph, id: FnId) -> Rc<Face> {
        self.known.get(&id).cloned().unwrap_or_else(|| Rc::new(Face::plain(graph, id)))
    }
}
