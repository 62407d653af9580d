//! The page as data: sections of prose and tables, which each writer sets in its own way.

use super::tape::StepId;

/// A page.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Lesson {
    /// The definition and the point.
    pub title: Vec<String>,
    /// What the page is about, before the first section.
    pub opening: String,
    pub sections: Vec<Section>,
    /// The same numbers, for programs.
    pub facts: Facts,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    pub heading: String,
    pub blocks: Vec<Block>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    Prose(String),
    Table(Table),
}

/// Rows of cells, or of one line each; columns stand under one another.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// The names of the columns, if they have any.
    pub head: Vec<String>,
    pub rows: Vec<Row>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// How deep in loops and calls.
    pub depth: usize,
    pub kind: RowKind,
    pub cells: Vec<String>,
}

/// What a row is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowKind {
    /// A formula or a number in its own right.
    Line,
    /// Words between formulas.
    Remark,
    Step(StepId),
    /// A call of a pullback in the backward pass, by its number.
    Pull(usize),
}

/// What was computed, by name.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Facts {
    pub function: String,
    pub seed: f64,
    pub value: Vec<f64>,
    pub steps: Vec<StepFact>,
    pub pulls: Vec<PullFact>,
    pub arguments: Vec<(String, String)>,
    pub params: Vec<(String, String)>,
    pub pullback: String,
    pub differences: Vec<DifferenceFact>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct StepFact {
    pub name: String,
    pub formula: String,
    pub value: f64,
    pub input: bool,
    pub adjoint: Option<f64>,
    /// Whether the page shows it.
    pub visible: bool,
    /// The numbers of the steps that it is made of, with the partial by each.
    pub operands: Vec<(StepId, Option<f64>)>,
    /// Its pullback as text.
    pub pullback: String,
}

#[derive(Debug, Clone, PartialEq)]
pub struct PullFact {
    pub step: StepId,
    pub d: f64,
    /// To which step, the partial, the amount, the adjoint afterwards.
    pub adds: Vec<(StepId, f64, f64, f64)>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct DifferenceFact {
    pub variable: String,
    pub adjoint: f64,
    pub quotient: f64,
}

impl Section {
    pub fn new(heading: impl Into<String>) -> Section {
        Section { heading: heading.into(), blocks: Vec::new() }
    }

    pub fn prose(&mut self, text: impl Into<String>) {
        self.blocks.push(Block::Prose(text.into()));
    }

    pub fn table(&mut self, rows: Vec<Row>) {
        if !rows.is_empty() {
            self.blocks.push(Block::Table(Table { head: Vec::new(), rows }));
        }
    }

    /// A table of lines of one cell each.
    pub fn lines(&mut self, lines: impl IntoIterator<Item = String>) {
        self.table(lines.into_iter().map(Row::line).collect());
    }
}

impl Row {
    pub fn line(text: impl Into<String>) -> Row {
        Row { depth: 0, kind: RowKind::Line, cells: vec![text.into()] }
    }

    pub fn remark(depth: usize, text: impl Into<String>) -> Row {
        Row { depth, kind: RowKind::Remark, cells: vec![text.into()] }
    }
}
