//! How the author sees a function of the graph: its name, its parameters before they were flattened,
//! the structure of its result. The raiser folds flat lists of scalars and arrays back along these.

use crate::core::{FnId, Graph, VarId};
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
        let function = graph.function(id);
        let param = |&var: &VarId| ParamFace {
            name: graph.var(var).name.clone(),
            vars: vec![var],
            shape: Shape::PLAIN,
            global: false,
        };
        Face {
            id,
            name: function.name.clone(),
            doc: Vec::new(),
            params: function.params.iter().map(param).collect(),
            result: Shape::flat(function.result_types.len()),
        }
    }
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

    /// Keeps a name of the file (a constant, a type) from being given to anything else.
    pub fn take(&mut self, name: &str) {
        self.taken.insert(name.to_string());
    }

    /// Whether a face was inserted for the function.
    pub fn knows(&self, id: FnId) -> bool {
        self.known.contains_key(&id)
    }

    /// The names of the file.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.taken.iter().map(String::as_str)
    }

    /// The face of a function: the one that was inserted, else a plain one.
    pub fn get(&self, graph: &Graph, id: FnId) -> Rc<Face> {
        self.known.get(&id).cloned().unwrap_or_else(|| Rc::new(Face::plain(graph, id)))
    }
}
