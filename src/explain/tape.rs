//! What a run leaves behind: every real operation in the order in which it was done, and where.

use crate::core::Ex;
use crate::primitive::Prim;

/// The number of a step on the tape; a step's operands have smaller numbers.
pub type StepId = usize;

/// A real number: its value and, unless it is fixed, the step that made it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Num {
    pub value: f64,
    pub step: Option<StepId>,
}

/// What a step does with its operands.
#[derive(Debug, Clone, PartialEq)]
pub enum Op {
    /// A number of the point: nothing is computed.
    Input(Input),
    Prim(Prim),
    Sum,
    Prod,
    Max,
    Min,
    /// A function whose derivative the author gave, and which of its numbers this is.
    Rule {
        name: String,
        args: Vec<RuleArg>,
        result: String,
    },
}

/// An argument of a function with a rule: its real numbers are operands.
#[derive(Debug, Clone, PartialEq)]
pub enum RuleArg {
    Real,
    Array(Vec<usize>),
    /// Of another type, as text.
    Other(String),
}

/// Where an input comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// A parameter of the function.
    Argument,
    /// A `param` of the file.
    Param,
}

/// How the derivative by an operand is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Slope {
    /// The operand depends on no input, or whatever it is, the step does not vary with it.
    Nothing,
    /// A formula over the variables of the table for the arguments and the value.
    Formula(Ex),
    /// A number that no formula was needed for.
    Plain,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Operand {
    pub num: Num,
    pub slope: Slope,
    /// The partial by this operand at the point; 0 where there is none.
    pub partial: f64,
}

/// One operation on numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    pub op: Op,
    pub operands: Vec<Operand>,
    pub value: f64,
    /// Where it stands in the program: the same in every round of a loop.
    pub site: usize,
    /// The indices of the loops around it, the outermost first.
    pub at: Vec<i64>,
    /// Whether a derivative passes through it to some input.
    pub active: bool,
    /// The mark of its place in the file; 0 is nowhere.
    pub origin: u32,
    /// Whether the author wants to see what reaches it.
    pub shown: bool,
}

/// A place in the program that makes numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Site {
    /// What the author calls it, if anything.
    pub wish: Option<String>,
    /// The chain of calls and the node; nothing for an input.
    pub of: Option<(usize, Ex)>,
}

/// A choice between branches that was made.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// The marks of the places of the whole, of the condition and of both branches.
    pub whole: u32,
    pub cond: u32,
    pub branches: [u32; 2],
    pub holds: bool,
    /// The comparisons behind it, with operators and values, if they are few.
    pub test: Option<Test>,
}

/// A condition with what it compared.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    Compare(&'static str, Mention, Mention),
    Not(Box<Test>),
    Both(&'static str, Box<Test>, Box<Test>),
}

/// A number that is no operand: a side of a comparison, an argument of a call.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Mention {
    Real(Num),
    Int(i64),
}

/// What was done, in order, with what it belongs to.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    Step(StepId),
    Choice(Choice),
    Loop(Loop),
    Call(Call),
}

/// A loop with all its rounds.
#[derive(Debug, Clone, PartialEq)]
pub struct Loop {
    /// `sum`, `array`, `fold`, …
    pub kind: &'static str,
    pub rounds: Vec<Round>,
}

/// What was done for one value of the indices.
#[derive(Debug, Clone, PartialEq)]
pub struct Round {
    /// `i = 1, j = 2`
    pub label: String,
    /// It only found that the loop is at its end.
    pub ends: bool,
    pub items: Vec<Item>,
}

/// A call of a function of the file.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    pub name: String,
    /// The scalar parameters with what they stand for.
    pub args: Vec<(String, Mention)>,
    /// The number of the call among those of a function that calls itself.
    pub number: Option<usize>,
    pub items: Vec<Item>,
}

/// A run: all steps, how they belong together, and the real numbers that came out.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Tape {
    pub steps: Vec<Step>,
    pub sites: Vec<Site>,
    pub items: Vec<Item>,
    /// The names of inputs, by step.
    pub inputs: Vec<(StepId, String)>,
    /// For each leaf of the result its real numbers, rows first.
    pub results: Vec<Vec<Num>>,
}

impl Tape {
    /// The steps in the order in which a page lists them.
    pub fn listed(&self) -> Vec<StepId> {
        let mut found = Vec::new();
        let mut stack: Vec<&Item> = self.items.iter().rev().collect();
        while let Some(item) = stack.pop() {
            match item {
                Item::Step(step) => found.push(*step),
                Item::Choice(_) => {}
                Item::Loop(rounds) => stack.extend(rounds.rounds.iter().flat_map(|r| &r.items).rev()),
                Item::Call(call) => stack.extend(call.items.iter().rev()),
            }
        }
        found
    }
}

impl Operand {
    /// Whether a derivative passes through it.
    pub fn is_active(&self) -> bool {
        self.slope != Slope::Nothing
    }
}
