//! The page for programs: its numbers by name, and its text.

use super::lesson::{Block, Facts, Lesson, PullFact, Section, StepFact};
use serde_json::{Map, Number, Value as Json, json};

/// The page as one object.
pub fn json(lesson: &Lesson) -> String {
    let facts = facts(&lesson.facts);
    let sections: Vec<Json> = lesson.sections.iter().map(section).collect();
    let mut all = Map::new();
    all.insert("function".to_string(), Json::String(lesson.facts.function.clone()));
    all.insert("title".to_string(), json!(lesson.title.join(" ").trim_end()));
    all.extend(facts);
    all.insert("sections".to_string(), Json::Array(sections));
    format!("{}\n", Json::Object(all))
}

/// A number; one that is not finite as text.
pub fn number(x: f64) -> Json {
    let whole = x.fract() == 0.0 && x.abs() < 9e15 && !(x == 0.0 && x.is_sign_negative());
    if whole {
        return Json::Number((x as i64).into());
    }
    let text = if x.is_nan() {
        "NaN"
    } else if x > 0.0 {
        "Infinity"
    } else {
        "-Infinity"
    };
    Number::from_f64(x).map_or_else(|| Json::String(text.to_string()), Json::Number)
}

/// The members that tell what was computed.
pub fn facts(facts: &Facts) -> Map<String, Json> {
    let texts = |list: &[(String, String)]| -> Json {
        Json::Object(list.iter().map(|(name, value)| (name.clone(), Json::String(value.clone()))).collect())
    };
    let differences: Vec<Json> = facts
        .differences
        .iter()
        .map(
            |d| json!({"variable": d.variable, "adjoint": number(d.adjoint), "quotient": number(d.quotient)}),
        )
        .collect();
    let members = [
        ("seed", number(facts.seed)),
        ("value", Json::Array(facts.value.iter().copied().map(number).collect())),
        ("steps", Json::Array(facts.steps.iter().map(step).collect())),
        ("backward", Json::Array(facts.pulls.iter().map(pull).collect())),
        ("arguments", texts(&facts.arguments)),
        ("params", texts(&facts.params)),
        ("pullback", Json::String(facts.pullback.clone())),
        ("differences", Json::Array(differences)),
    ];
    members.into_iter().map(|(key, value)| (key.to_string(), value)).collect()
}

fn step(step: &StepFact) -> Json {
    let operands: Vec<Json> = step
        .operands
        .iter()
        .map(|(of, partial)| json!({"step": of, "partial": partial.map_or(Json::Null, number)}))
        .collect();
    json!({
        "name": step.name,
        "formula": step.formula,
        "value": number(step.value),
        "input": step.input,
        "adjoint": step.adjoint.map_or(Json::Null, number),
        "visible": step.visible,
        "operands": operands,
        "pullback": step.pullback,
    })
}

fn pull(pull: &PullFact) -> Json {
    let adds: Vec<Json> = pull
        .adds
        .iter()
        .map(|&(to, partial, amount, after)| {
            json!({"to": to, "partial": number(partial), "amount": number(amount), "after": number(after)})
        })
        .collect();
    json!({"step": pull.step, "d": number(pull.d), "adds": adds})
}

fn section(section: &Section) -> Json {
    let blocks: Vec<Json> = section
        .blocks
        .iter()
        .map(|block| match block {
            Block::Prose(text) => json!({"prose": text}),
            Block::Table(table) => {
                let rows: Vec<Json> = table.rows.iter().map(|row| json!(row.cells)).collect();
                json!({"rows": rows})
            }
        })
        .collect();
    json!({"heading": section.heading, "blocks": blocks})
}
