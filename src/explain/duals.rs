//! Forward mode beside the walk: dual numbers `a + bε`, whose `b` is by how much the value grows per unit
//! of one chosen input.

use super::lesson::{Row, RowKind, Section};
use super::names::Names;
use super::tape::{Op, StepId, Tape};
use crate::syntax::print::decimal;

/// More passes are not shown.
const MOST_PASSES: usize = 3;

/// The tangent of every step when one input has the tangent 1.
pub fn tangents(tape: &Tape, input: StepId) -> Vec<f64> {
    let mut dots = vec![0.0; tape.steps.len()];
    for (at, step) in tape.steps.iter().enumerate() {
        if at == input {
            dots[at] = 1.0;
        }
        for operand in step.operands.iter().filter(|operand| operand.is_active()) {
            // What does not move has no part in it, even where the slope is infinite.
            if let Some(dot) = operand.num.step.map(|of| dots[of]).filter(|dot| *dot != 0.0) {
                dots[at] += dot * operand.partial;
            }
        }
    }
    dots
}

/// `6 + 3ε`
fn dual(value: f64, dot: f64) -> String {
    if dot == 0.0 {
        return decimal(value);
    }
    let sign = if dot < 0.0 { "-" } else { "+" };
    let size = if dot.abs() == 1.0 { String::new() } else { decimal(dot.abs()) };
    format!("{} {sign} {size}ε", decimal(value))
}

/// A pass for each of the first inputs, in columns.
pub fn section(tape: &Tape, names: &Names, visible: &[bool]) -> Section {
    let mut section = Section::new("Forward mode beside it: dual numbers");
    let inputs: Vec<StepId> = tape.inputs.iter().map(|(step, _)| *step).collect();
    if inputs.is_empty() {
        section.prose("There is no input to follow.");
        return section;
    }
    let shown = &inputs[..inputs.len().min(MOST_PASSES)];
    let passes: Vec<Vec<f64>> = shown.iter().map(|&input| tangents(tape, input)).collect();
    section.prose(
        "Forward mode uses the same slopes in the other direction. A dual number a + bε carries, beside a value a, by how \
         much it grows per unit of one chosen input, b; that input itself is a + ε. Every step multiplies by its slopes \
         and adds, on the way up, so nothing has to be kept. But one pass answers for one input alone:",
    );
    let mut rows = Vec::new();
    let heads = shown.iter().map(|&input| format!("per unit of {}", names.of(input)));
    rows.push(Row {
        depth: 0,
        kind: RowKind::Line,
        cells: std::iter::once("step".to_string()).chain(heads).collect(),
    });
    let own: Vec<StepId> =
        inputs.iter().copied().filter(|input| inputs.len() <= 8 || shown.contains(input)).collect();
    let steps = tape.listed().into_iter().filter(|&at| visible[at]);
    for at in own.into_iter().chain(steps) {
        let step = &tape.steps[at];
        let cells = passes.iter().map(|dots| dual(step.value, dots[at]));
        let cells = std::iter::once(names.of(at).to_string()).chain(cells).collect();
        let kind = if matches!(step.op, Op::Input(_)) { RowKind::Line } else { RowKind::Step(at) };
        rows.push(Row { depth: 0, kind, cells });
    }
    section.table(rows);
    let count = inputs.len();
    let noun = if count == 1 { "pass" } else { "passes" };
    section.prose(format!(
        "The ε of the last step are the derivatives: {count} {noun} for {count} numbers that can move, where the walk back \
         found all of them in one."
    ));
    section
}
