//! The page: what is said about a walk, and in which order.

use super::duals;
pub use super::formula::operand as bracketed;
use super::lesson::{DifferenceFact, Facts, Lesson, PullFact, Row, Section, StepFact};
use super::listing::{Show, list};
use super::machine::Machine;
use super::names::Names;
use super::sweep::Sweep;
use super::tape::{Input, Op};
use crate::syntax::print::decimal;

/// More results are not all shown.
const MOST_SEEDS: usize = 6;

/// What is asked, as text.
pub struct Subject {
    pub function: String,
    /// The definition as it stands in the file.
    pub definition: String,
    /// `x = 2`
    pub point: Vec<String>,
    /// `f(2, 3)`
    pub call: String,
    /// The arguments of the call: `2, 3`.
    pub arguments: String,
    pub value: String,
    /// The seed as it was given, and for each number of the result.
    pub seed: String,
    pub seeds: Vec<f64>,
    /// Whether forward mode is to stand beside it.
    pub forward: bool,
}

/// What else is known of the derivative, from other parts of the program.
#[derive(Default)]
pub struct Ending {
    /// Each argument and each `param` with its adjoint as text; nothing where the walk did not come to its end.
    pub arguments: Option<Vec<(String, String)>>,
    pub params: Option<Vec<(String, String)>>,
    /// The pullback as a definition, or why there is none, and a call of it with what it gives.
    pub formula: Vec<String>,
    pub formula_value: Vec<String>,
    pub differences: Vec<Difference>,
    /// What is a matter of convention at this point.
    pub notes: Vec<String>,
}

/// A difference quotient beside an adjoint.
pub struct Difference {
    pub variable: String,
    /// The quotient as a formula and with its numbers.
    pub formula: String,
    pub numbers: String,
    pub quotient: f64,
    pub adjoint: Option<f64>,
}

/// Writes the page of a walk.
pub fn compose(
    machine: &mut Machine,
    sweep: &Sweep,
    names: &Names,
    subject: &Subject,
    ending: Ending,
) -> Lesson {
    let first = list(machine, names, Show::Definition);
    let forward = list(machine, names, Show::Forward);
    let writer = Writer { machine, sweep, names, subject, visible: forward.visible, notes: &ending.notes };
    let mut sections =
        vec![writer.steps(first.rows), writer.forward(forward.rows), writer.seed(), writer.backward()];
    sections.extend(writer.answer(&ending));
    sections.push(writer.formula(&ending));
    sections.push(differences(&ending.differences));
    let Writer { visible, .. } = writer;
    if subject.forward {
        sections.push(duals::section(&machine.tape, names, &visible));
    }
    let facts = facts(machine, sweep, names, subject, &ending, &visible);
    let at = subject.point.join(", ");
    let at = if at.is_empty() { String::new() } else { format!("at {at}") };
    Lesson { title: vec![subject.definition.clone(), at], opening: OPENING.to_string(), sections, facts }
}

const OPENING: &str = "When one input grows a little, how much does the result grow, per unit of that input? Reverse mode \
    answers this for all inputs at once. It computes the result once, and keeps for every step a small function, the \
    step's pullback; then it calls these functions in reverse. In one line: gradient(f, args...) = \
    pullback(f, args...)[2](1). Here pullback gives two things: [1] the value, and [2] a function that walks back \
    through the steps. Sections 1 and 2 are that pullback, sections 3 to 5 are the call with 1.";

/// What the sections are written from.
pub(super) struct Writer<'m, 'a> {
    pub machine: &'m Machine<'a>,
    pub sweep: &'m Sweep,
    pub names: &'m Names,
    pub subject: &'m Subject,
    pub visible: Vec<bool>,
    pub notes: &'m [String],
}

impl Writer<'_, '_> {
    fn steps(&self, rows: Vec<Row>) -> Section {
        let mut section = Section::new("The definition, one step at a time");
        if rows.is_empty() {
            section.prose("There is nothing to compute: the result is an input, or depends on none.");
            return section;
        }
        section.prose("Every step does one thing with inputs and earlier steps.");
        section.table(rows);
        section
    }

    fn forward(&self, rows: Vec<Row>) -> Section {
        let d = self.names.d;
        let mut section =
            Section::new("Forward: the value of every step, and the pullback that is kept for it");
        if !rows.is_empty() {
            section.prose(format!(
                "A pullback answers one question. Say that the result grows by {d} per unit of this step: by how much \
                 does it grow, through this step, per unit of each thing that the step was made of? By {d} times \
                 the slope of the step. The values are known by now, so every slope is a number."
            ));
            section.table(rows);
            if let Some(text) = self.example() {
                section.prose(text);
            }
        }
        section.lines([format!("{} = {}", self.subject.call, self.subject.value)]);
        section
    }

    /// The first pullback in words.
    fn example(&self) -> Option<String> {
        let steps = &self.machine.tape.steps;
        let listed = self.machine.tape.listed();
        let active = |step: &usize| steps[*step].active && self.visible[*step];
        let step = listed.into_iter().find(active)?;
        let operand = steps[step].operands.iter().find(|operand| operand.is_active())?;
        let (name, of, d) = (self.names.of(step), self.names.of(operand.num.step?), self.names.d);
        let pullback = self.names.pullback(step);
        let slope = operand.partial;
        slope.is_finite().then(|| {
            format!(
                "Read {pullback} so: {name} grows by {} per unit of {of}; if the result grows by {d} per unit of {name}, then \
                 through {name} it grows by {d}*{} per unit of {of}.",
                decimal(slope),
                bracketed(slope)
            )
        })
    }

    fn seed(&self) -> Section {
        let mut section = Section::new("The seed: where the walk back begins");
        let names: Vec<String> = self.sweep.seeds.iter().map(|&(step, _)| self.names.bar(step)).collect();
        let Some(&(step, seed)) = self.sweep.seeds.first() else {
            section.prose("The result depends on no input: there is nothing to walk back to.");
            return section;
        };
        let name = self.names.of(step);
        if self.sweep.seeds.len() == 1 && self.subject.seeds.len() == 1 {
            section.prose(format!(
                "Call {} the adjoint of {name}: by how much the result grows per unit of {name}. The result is {name} \
                 itself, and grows by 1 per unit of itself: that is the 1 in pullback(f, args...)[2](1). Pullbacks only \
                 multiply and add, so another seed scales all that follows: --seed 2 doubles every adjoint.",
                names[0]
            ));
            let scaled = if seed == 1.0 { "" } else { "      (the seed that was asked for)" };
            section.lines([format!("{} = {}{scaled}", names[0], decimal(seed))]);
        } else {
            section.prose(
                "The result has several numbers. The seed says how much each of them matters; the adjoint of a step is by \
                 how much the sum, each number times its seed, grows per unit of that step.",
            );
            let shown = self.sweep.seeds.iter().take(MOST_SEEDS);
            let lines = shown.map(|&(step, seed)| format!("{} += {}", self.names.bar(step), decimal(seed)));
            let mut lines: Vec<String> = lines.collect();
            if self.sweep.seeds.len() > MOST_SEEDS {
                lines.push(format!("… {} more", self.sweep.seeds.len() - MOST_SEEDS));
            }
            section.lines(lines);
        }
        section
    }

    // ── The answer ───────────────────────────────────────────────────────────────────────────────

    fn answer(&self, ending: &Ending) -> [Section; 2] {
        let Subject { function, arguments, seed, .. } = self.subject;
        let mut raw = Section::new("The raw answer");
        let mut context = Section::new("The Context: what reached each `param`");
        let (Some(own), Some(params)) = (&ending.arguments, &ending.params) else {
            raw.prose("There is none: the walk did not come to its end.");
            context.prose("What reached each `param` is not known either.");
            return [raw, context];
        };
        let named: Vec<String> = own.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        let all: Vec<String> = std::iter::once(format!("{function}: ()")).chain(named).collect();
        let space = if arguments.is_empty() { "" } else { ", " };
        raw.lines([format!("pullback({function}{space}{arguments})[2]({seed}) = ({})", all.join(", "))]);
        raw.prose(format!(
            "The first slot belongs to {function} itself: a function can carry numbers that it took from where it was made, \
             and what reaches those would stand here. {function} took none, as no definition of a file does. gradient drops \
             that slot and keeps one for each argument:"
        ));
        let values: Vec<String> = own.iter().map(|(_, value)| value.clone()).collect();
        let tuple = if values.len() == 1 { values[0].clone() } else { format!("({})", values.join(", ")) };
        let gradient = match seed.as_str() {
            "1" => format!("gradient({function}{space}{arguments}) = {tuple}"),
            seed => format!("with the seed {seed}: {tuple}"),
        };
        raw.lines([gradient]);
        if params.is_empty() {
            context.prose(format!(
                "A `param` of the file is read without being an argument. What reaches it is collected beside the slots, in \
                 the Context. {function} uses no `param`: the Context is empty."
            ));
        } else {
            context.prose(
                "A `param` of the file is read without being an argument, so it has no slot. What reached it was collected \
                 beside the slots, in the Context:",
            );
            context.lines(params.iter().map(|(name, value)| format!("{name}: {value}")));
        }
        [raw, context]
    }

    fn formula(&self, ending: &Ending) -> Section {
        let mut section = Section::new("The same pullback as a formula");
        section
            .prose("The same calls with names in place of numbers, written as one formula and simplified:");
        section.lines(ending.formula.clone());
        section.lines(ending.formula_value.clone());
        section
    }
}

fn differences(found: &[Difference]) -> Section {
    let mut section = Section::new("A check by differences");
    if found.is_empty() {
        section.prose("There is no input to move.");
        return section;
    }
    section.prose(
        "Nothing of the above is needed for this one: move one input a little to both sides, and see how much the \
         result moves. It agrees as far as rounding and a step that is not infinitely small let it.",
    );
    let mut rows = Vec::new();
    for difference in found {
        let Difference { formula, numbers, quotient, adjoint, .. } = difference;
        rows.push(Row::line(format!("{formula} = {numbers} = {}", decimal(*quotient))));
        if let Some(adjoint) = adjoint {
            rows.push(Row {
                depth: 1,
                ..Row::line(format!("beside {}: {}", decimal(*adjoint), agreement(*quotient, *adjoint)))
            });
        }
    }
    section.table(rows);
    section
}

/// How far a difference quotient is from an adjoint, in words.
fn agreement(quotient: f64, adjoint: f64) -> String {
    let apart = (quotient - adjoint).abs();
    let scale = adjoint.abs().max(1.0);
    if apart == 0.0 {
        "the same".to_string()
    } else if apart <= 1e-5 * scale {
        format!("{apart:.0e} apart")
    } else if apart.is_finite() {
        format!("{apart:.0e} apart, which is much: the function bends or jumps here, or its digits are lost")
    } else {
        "not to be compared".to_string()
    }
}

fn facts(
    machine: &mut Machine,
    sweep: &Sweep,
    names: &Names,
    subject: &Subject,
    ending: &Ending,
    visible: &[bool],
) -> Facts {
    let mut steps = Vec::new();
    for (at, &shown) in visible.iter().enumerate() {
        let made = !machine.tape.steps[at].operands.is_empty();
        let pullback = if shown && made { machine.pullback(names, at) } else { String::new() };
        let formula = if shown { machine.symbols(names, at) } else { String::new() };
        let step = &machine.tape.steps[at];
        let operands = step.operands.iter().filter_map(|o| {
            let step = o.num.step?;
            Some((step, o.is_active().then_some(o.partial)))
        });
        steps.push(StepFact {
            name: names.of(at).to_string(),
            formula,
            value: step.value,
            input: matches!(step.op, Op::Input(Input::Argument | Input::Param)),
            adjoint: sweep.adjoints[at],
            visible: shown,
            operands: operands.collect(),
            pullback,
        });
    }
    let pulls = sweep.pulls.iter().map(|pull| PullFact {
        step: pull.step,
        d: pull.d,
        adds: pull.adds.iter().map(|add| (add.to, add.partial, add.amount, add.after)).collect(),
    });
    let differences = ending.differences.iter().filter_map(|difference| {
        let adjoint = difference.adjoint?;
        Some(DifferenceFact { variable: difference.variable.clone(), adjoint, quotient: difference.quotient })
    });
    Facts {
        function: subject.function.clone(),
        seed: subject.seeds.first().copied().unwrap_or(f64::NAN),
        value: machine.tape.results.iter().flatten().map(|num| num.value).collect(),
        steps,
        pulls: pulls.collect(),
        arguments: ending.arguments.clone().unwrap_or_default(),
        params: ending.params.clone().unwrap_or_default(),
        pullback: ending.formula.join("\n"),
        differences: differences.collect(),
    }
}
