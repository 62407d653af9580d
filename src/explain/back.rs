//! The section on the backward pass: a row for every contribution, and what there is to say about them.

use super::compose::Writer;
use super::formula::{joined, operand};
use super::lesson::{Row, RowKind, Section};
use super::sweep::{Pull, Stop};
use super::tape::StepId;
use crate::syntax::print::decimal;

/// More contributions of one pullback are not all shown.
const MOST_ADDS: usize = 6;

/// A sum of more contributions is shown by its ends.
const MOST_SUMMED: usize = 5;

impl Writer<'_, '_> {
    pub fn backward(&self) -> Section {
        let mut section = Section::new("Backward: every pullback is called once, the last step's first");
        if self.sweep.pulls.is_empty() {
            section.prose("No step stands between the inputs and the result: no pullback is called.");
            return section;
        }
        section.prose(
            "Every adjoint begins at 0. A step's turn comes when all steps that use it have had theirs: then its adjoint \
             is complete, and its pullback is called with it. What the pullback gives is added (+=) to what is there.",
        );
        section.table(self.pull_rows());
        for text in self.shared() {
            section.prose(text);
        }
        if let Some(text) = self.unreached() {
            section.prose(text);
        }
        if let Some(stop) = self.sweep.stop {
            section.prose(self.stopped(stop));
        }
        for text in self.shown() {
            section.prose(text);
        }
        for note in self.notes {
            section.prose(format!("Note: {note}."));
        }
        section
    }

    fn pull_rows(&self) -> Vec<Row> {
        let mut rows = Vec::new();
        let mut hidden = 0;
        for (number, pull) in self.sweep.pulls.iter().enumerate() {
            let stops = self.sweep.stop.is_some_and(|stop| stop.pull == number);
            if !self.visible[pull.step] && !stops {
                hidden += 1;
                continue;
            }
            if hidden > 0 {
                rows.push(Row::remark(0, format!("… {hidden} more calls like these")));
                hidden = 0;
            }
            self.pull_row(number, pull, &mut rows);
        }
        if hidden > 0 {
            rows.push(Row::remark(0, format!("… {hidden} more calls like these")));
        }
        rows
    }

    fn pull_row(&self, number: usize, pull: &Pull, rows: &mut Vec<Row>) {
        let call = format!("{}({})", self.names.pullback(pull.step), decimal(pull.d));
        let kind = RowKind::Pull(number);
        if pull.adds.is_empty() {
            rows.push(Row { depth: 0, kind, cells: vec![call.clone(), "adds nothing".to_string()] });
        }
        let many = pull.adds.len() > MOST_ADDS;
        for (at, add) in pull.adds.iter().enumerate() {
            if many && (2..pull.adds.len() - 1).contains(&at) {
                if at == 2 {
                    rows.push(Row::remark(1, format!("… {} more like these", pull.adds.len() - 3)));
                }
                continue;
            }
            let bar = self.names.bar(add.to);
            let call = if at == 0 { call.clone() } else { String::new() };
            let gives = format!("{bar} += {}*{}", decimal(pull.d), operand(add.partial));
            let amount = format!("= {}", decimal(add.amount));
            let now = match add.before {
                Some(before) => {
                    format!("{bar} = {} + {} = {}", decimal(before), operand(add.amount), decimal(add.after))
                }
                None => String::new(),
            };
            rows.push(Row { depth: 0, kind, cells: vec![call, gives, amount, now] });
        }
    }

    /// What is used more than once receives as many contributions.
    fn shared(&self) -> Vec<String> {
        let steps = &self.machine.tape.steps;
        let several = (0..steps.len()).filter(|&step| self.sweep.counts[step] > 1 && self.visible[step]);
        let several: Vec<StepId> = several.collect();
        let mut texts = Vec::new();
        for &step in several.iter().take(MOST_ADDS) {
            let found = self.sweep.contributions(step);
            let terms: Vec<String> = found
                .iter()
                .enumerate()
                .map(|(at, &x)| if at == 0 { decimal(x) } else { operand(x) })
                .collect();
            let total = decimal(self.sweep.adjoints[step].unwrap_or(0.0));
            let count = match found.len() {
                2 => "two".to_string(),
                count => count.to_string(),
            };
            let times = if found.len() == 2 { "twice".to_string() } else { format!("{} times", found.len()) };
            let sum = match found.len() > MOST_SUMMED {
                true => [&terms[0], &terms[1], "…", &terms[terms.len() - 1]].join(" + "),
                false => joined(&terms, " + "),
            };
            let why = if texts.is_empty() { " Every way in which it matters adds its part." } else { "" };
            texts.push(format!(
                "{} is used {times}, so {count} contributions came together: {} = {sum} = {total}.{why}",
                self.names.of(step),
                self.names.bar(step)
            ));
        }
        if several.len() > MOST_ADDS {
            let more = several.len() - MOST_ADDS;
            texts.push(format!("So it is with {more} more of the steps and inputs shown."));
        }
        texts
    }

    /// Steps that count for the result in no way that has a slope.
    fn unreached(&self) -> Option<String> {
        if self.sweep.stop.is_some() {
            return None;
        }
        let steps = self.machine.tape.steps.iter().enumerate();
        let none = steps.filter(|(at, _)| self.sweep.adjoints[*at].is_none() && self.visible[*at]);
        let found: Vec<String> = none.map(|(at, _)| self.names.of(at).to_string()).collect();
        if found.is_empty() {
            return None;
        }
        let adjoint = if found.len() == 1 { "its adjoint stays" } else { "their adjoints stay" };
        Some(format!("No contribution came back to {}: {adjoint} 0.", joined(&found, ", ")))
    }

    /// Which factor was 0 and which was not finite.
    fn stopped(&self, stop: Stop) -> String {
        let pull = &self.sweep.pulls[stop.pull];
        let add = &pull.adds[stop.add];
        let (step, to) = (self.names.of(pull.step), self.names.of(add.to));
        let infinite = |x: f64| if x > 0.0 { "∞" } else { "-∞" };
        let bar = self.names.bar(pull.step);
        let d = format!("the adjoint {bar} = {}", decimal(pull.d));
        let slope = format!("the slope of {step} by {to}");
        let reason = if pull.d == 0.0 && add.partial.is_infinite() {
            format!(
                "the factor 0 is {d}, the factor {} is {slope}; 0*∞ is not a number",
                infinite(add.partial)
            )
        } else if add.partial == 0.0 && pull.d.is_infinite() {
            format!("the factor 0 is {slope}, the factor {} is {d}; 0*∞ is not a number", infinite(pull.d))
        } else if add.partial.is_infinite() {
            format!("the factor {} is {slope}", infinite(add.partial))
        } else if pull.d.is_infinite() {
            format!("the factor {} is {d}", infinite(pull.d))
        } else if add.partial.is_nan() {
            format!("{slope} is not a number at this point")
        } else if add.amount.is_finite() || add.before.is_some_and(|before| !before.is_finite()) {
            "the sum is not finite".to_string()
        } else {
            format!("{d} times {slope} is beyond the largest double")
        };
        format!(
            "The walk stops here: {} is not finite. In {}({}), {reason}.",
            self.names.bar(add.to),
            self.names.pullback(pull.step),
            decimal(pull.d)
        )
    }

    /// What reached the places that the author marked with `show`.
    fn shown(&self) -> Vec<String> {
        let steps = self.machine.tape.steps.iter().enumerate().filter(|(_, step)| step.shown);
        let text = |(at, step): (usize, &super::tape::Step)| {
            let reached = match self.sweep.adjoints[at] {
                Some(adjoint) => format!("{} = {} reached it", self.names.bar(at), decimal(adjoint)),
                None => "nothing reached it".to_string(),
            };
            let what = self.machine.symbols(self.names, at);
            format!("{what}, which is {}, is {}: {reached}.", self.names.of(at), decimal(step.value))
        };
        steps.take(3 * MOST_ADDS).map(text).collect()
    }
}
