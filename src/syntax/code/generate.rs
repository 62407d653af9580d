//! From the text of `table.yaml`, the kinds of messages and what is told of them, to an enum and a static
//! table. Part of the build script.

use serde_yaml::{Mapping, Value};
use std::fmt::Write;

const FIELDS: [&str; 8] = ["code", "name", "title", "text", "run", "wrong", "right", "right_run"];

/// What stands in `right_run` and `run` where the command is this one.
const CHECK: &str = "check f.math";

/// Reads and checks the table, and gives the text of the Rust items.
pub fn to_rust(yaml: &str) -> Result<String, String> {
    let Value::Sequence(list) = serde_yaml::from_str(yaml).map_err(|e| e.to_string())? else {
        return Err("a list of kinds is expected".into());
    };
    let (mut variants, mut all, mut table) = (String::new(), String::new(), String::new());
    let mut last = String::new();
    for value in &list {
        let map = value.as_mapping().ok_or("a kind is a mapping")?;
        let code = field(map, "code")?;
        let error = |message: &str| format!("{code}: {message}");
        if let Some(key) = map.keys().find(|key| !FIELDS.iter().any(|field| key.as_str() == Some(*field))) {
            return Err(error(&format!("unknown field {key:?}")));
        }
        let digits = code.get(1..).is_some_and(|d| d.len() == 4 && d.bytes().all(|b| b.is_ascii_digit()));
        if !digits || !code.starts_with(['E', 'N', 'W']) {
            return Err(error("a code is E, W or N and four digits"));
        }
        if code <= last {
            return Err(error("codes ascend"));
        }
        let (name, title) = (field(map, "name")?, field(map, "title")?);
        writeln!(variants, "    /// {title}\n    {name},").map_err(|e| e.to_string())?;
        writeln!(all, "    Code::{name},").map_err(|e| e.to_string())?;
        table.push_str("    Explanation {\n");
        for key in FIELDS {
            let given = optional(map, key)?;
            let text = match (key, given) {
                (_, Some(text)) => text,
                ("run", None) => CHECK.to_string(),
                ("right_run", None) => optional(map, "run")?.unwrap_or_else(|| CHECK.to_string()),
                ("wrong" | "right", None) => String::new(),
                (_, None) => return Err(error(&format!("{key} is missing"))),
            };
            writeln!(table, "        {key}: {text:?},").map_err(|e| e.to_string())?;
        }
        table.push_str("    },\n");
        last = code;
    }
    let n = list.len();
    Ok(format!(
        "/// A kind of message.\n#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]\n\
         pub enum Code {{\n{variants}}}\n\n\
         static ALL: [Code; {n}] = [\n{all}];\n\n\
         static EXPLANATIONS: [Explanation; {n}] = [\n{table}];\n"
    ))
}

fn field(map: &Mapping, key: &str) -> Result<String, String> {
    optional(map, key)?.ok_or_else(|| format!("{key} is missing"))
}

fn optional(map: &Mapping, key: &str) -> Result<Option<String>, String> {
    match map.get(key) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(other) => Err(format!("{key} is to be a text, not {other:?}")),
    }
}
