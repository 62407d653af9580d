//! A graph to be drawn: boxes with lines of text, arrows between them, frames round them.

/// What a box stands for, which decides how it looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A parameter; these stand in the first row of what they belong to.
    Input,
    Constant,
    Operation,
    /// A choice between branches.
    Choice,
    /// A function that is not drawn itself.
    Call,
    /// A result of the whole.
    Result,
}

/// A box.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    pub kind: Kind,
    /// What it does, with the author's name for it before.
    pub label: String,
    /// Its value and its adjoint at a point, as far as they are known.
    pub value: Option<String>,
    pub adjoint: Option<String>,
    /// More about it than the box has room for.
    pub hint: Option<String>,
    /// The frame that it stands in.
    pub group: Option<usize>,
}

/// An arrow from what is used to what uses it.
#[derive(Debug, Clone, PartialEq)]
pub struct Edge {
    pub from: usize,
    pub to: usize,
    /// Which operand it is, where that matters.
    pub label: String,
}

/// A frame round boxes and other frames.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    pub label: String,
    /// The frame round it, which has a smaller number.
    pub parent: Option<usize>,
}

/// Boxes, arrows and frames, by number.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Diagram {
    pub title: String,
    pub description: String,
    pub nodes: Vec<Node>,
    pub edges: Vec<Edge>,
    pub groups: Vec<Group>,
}

impl Node {
    /// The lines of its text.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        [Some(&self.label), self.value.as_ref(), self.adjoint.as_ref()]
            .into_iter()
            .flatten()
            .map(String::as_str)
    }
}
