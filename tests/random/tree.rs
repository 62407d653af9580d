//! The tree of a random program: typed, so that a part can be put in the place of another.

/// The type of the elements of an array.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Elem {
    Real,
    Int,
}

/// A length: a name and a number to add to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dim {
    pub name: Option<String>,
    pub add: i64,
}

impl Dim {
    pub fn fixed(n: i64) -> Dim {
        Dim { name: None, add: n }
    }

    pub fn named(name: &str) -> Dim {
        Dim { name: Some(name.to_string()), add: 0 }
    }

    pub fn plus(&self, add: i64) -> Dim {
        Dim { add: self.add + add, ..self.clone() }
    }

    pub fn text(&self) -> String {
        match (&self.name, self.add) {
            (None, n) => n.to_string(),
            (Some(name), 0) => name.clone(),
            (Some(name), n) if n > 0 => format!("{name} + {n}"),
            (Some(name), n) => format!("{name} - {}", -n),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ty {
    Real,
    Int,
    Bool,
    Array(Elem, Vec<Dim>),
    Tuple(Vec<Ty>),
    Record(Vec<(String, Ty)>),
    Function(Vec<Ty>, Box<Ty>),
}

impl Ty {
    pub fn vector(dim: &Dim) -> Ty {
        Ty::Array(Elem::Real, vec![dim.clone()])
    }

    pub fn text(&self) -> String {
        let list = |tys: &[Ty]| tys.iter().map(Ty::text).collect::<Vec<_>>().join(", ");
        match self {
            Ty::Real => "R".into(),
            Ty::Int => "Int".into(),
            Ty::Bool => "Bool".into(),
            Ty::Array(elem, dims) => {
                let dims: Vec<String> = dims.iter().map(Dim::text).collect();
                format!("{}[{}]", if *elem == Elem::Real { "R" } else { "Int" }, dims.join(", "))
            }
            Ty::Tuple(tys) => format!("({})", list(tys)),
            Ty::Record(fields) => {
                let fields: Vec<String> = fields.iter().map(|(n, t)| format!("{n}: {}", t.text())).collect();
                format!("{{{}}}", fields.join(", "))
            }
            Ty::Function(params, result) => match &params[..] {
                [one] => format!("{} -> {}", one.text(), result.text()),
                many => format!("({}) -> {}", list(many), result.text()),
            },
        }
    }
}

/// Names bound to a value: one, or those of a tuple.
#[derive(Debug, Clone, PartialEq)]
pub enum Pattern {
    Name(String),
    Tuple(Vec<String>),
}

impl Pattern {
    pub fn text(&self) -> String {
        match self {
            Pattern::Name(name) => name.clone(),
            Pattern::Tuple(names) => format!("({})", names.join(", ")),
        }
    }
}

/// What a node is. The operands are the node's `kids`, in the order that the comments give.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    Real(f64),
    Int(i64),
    Bool(bool),
    Var(String),
    /// An integer where a real is wanted: nothing is written.
    Widen,
    /// `-`, `not`, `ᵀ`
    Unary(&'static str),
    /// `+ - * / ^ .+ .- .* ./ · and or`
    Binary(&'static str),
    /// One operator between each two operands.
    Compare(Vec<&'static str>),
    /// cond, value, cond, value, …, otherwise
    If {
        braces: bool,
    },
    /// values, body
    Let {
        patterns: Vec<Pattern>,
        after: bool,
    },
    /// body
    Lambda(Vec<String>),
    /// Arguments, of a named function: a definition, a local function, or one of the notation.
    Call(String),
    /// A scalar function of arrays.
    Each(String),
    /// `f'`, `f''` of a named function at the argument.
    Prime(String, usize),
    /// array, indices
    Index,
    /// array, and for each axis its kids: `At` one, `Range` two, `All` none.
    Slice(Vec<Sub>),
    List,
    Tuple,
    Record(Vec<String>),
    Field(String),
    /// body, then low and high for each name, then the condition if there is one.
    Build {
        names: Vec<String>,
        filter: bool,
    },
    /// The same, with the range only if `ranged`.
    Reduce {
        op: &'static str,
        names: Vec<String>,
        ranged: bool,
        filter: bool,
    },
    /// init, low, high, next
    Fold {
        state: Pattern,
        name: String,
        trace: bool,
    },
    /// init, cond, next
    Iterate(Pattern),
    /// array, index, value, low, high
    Scatter(String),
    /// `diff`, `grad`, `jac`, `hess`: body, by these names.
    Derivative(&'static str, Vec<String>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sub {
    At,
    Range,
    All,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    pub kind: Kind,
    pub ty: Ty,
    pub kids: Vec<Node>,
}

impl Node {
    pub fn new(kind: Kind, ty: Ty, kids: Vec<Node>) -> Node {
        Node { kind, ty, kids }
    }

    pub fn real(x: f64) -> Node {
        Node::new(Kind::Real(x), Ty::Real, vec![])
    }

    pub fn int(n: i64) -> Node {
        Node::new(Kind::Int(n), Ty::Int, vec![])
    }

    pub fn var(name: &str, ty: &Ty) -> Node {
        Node::new(Kind::Var(name.to_string()), ty.clone(), vec![])
    }

    /// The length as an expression.
    pub fn dim(dim: &Dim) -> Node {
        let number = Node::int(dim.add.abs());
        match &dim.name {
            None => Node::int(dim.add),
            Some(name) => {
                let name = Node::var(name, &Ty::Int);
                match dim.add {
                    0 => name,
                    n => Node::binary(if n > 0 { "+" } else { "-" }, Ty::Int, name, number),
                }
            }
        }
    }

    pub fn binary(op: &'static str, ty: Ty, a: Node, b: Node) -> Node {
        Node::new(Kind::Binary(op), ty, vec![a, b])
    }

    pub fn call(name: &str, ty: Ty, args: Vec<Node>) -> Node {
        Node::new(Kind::Call(name.to_string()), ty, args)
    }

    /// How many nodes.
    pub fn size(&self) -> usize {
        1 + self.kids.iter().map(Node::size).sum::<usize>()
    }
}

/// A custom rule of a definition, which says what the derivative of the body is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Rule {
    Partials,
    Pullback,
}

/// A function of the file.
#[derive(Debug, Clone, PartialEq)]
pub struct Definition {
    pub name: String,
    pub params: Vec<(String, Ty)>,
    pub body: Node,
    pub rule: Option<Rule>,
    /// Whether the types are written; if not they follow from the uses.
    pub typed: bool,
}

/// A file. The last definition is the one to differentiate.
#[derive(Debug, Clone, PartialEq)]
pub struct Program {
    /// Each `param` with its value.
    pub globals: Vec<(String, f64)>,
    pub constants: Vec<(String, f64)>,
    pub definitions: Vec<Definition>,
}

impl Program {
    pub fn main(&self) -> &Definition {
        self.definitions.last().expect("a program has a function")
    }

    pub fn size(&self) -> usize {
        self.globals.len()
            + self.constants.len()
            + self.definitions.iter().map(|d| 5 + 2 * d.params.len() + d.body.size()).sum::<usize>()
    }
}
