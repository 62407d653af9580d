//! `zgrad eval --sparse`: a Jacobian or Hessian as a list of entries.

use super::args::{Eval, Format};
use super::{Answer, tell};
use crate::refuse;
use crate::session::Session;
use crate::session::compressed::{Compressed, matrix};
use crate::session::datum::{number, number_json, object};
use crate::session::evaluate::{Request, What, at_point, global_values};
use crate::session::output;
use crate::session::sparsity::{Matrix, label, meaning};
use crate::syntax::diagnostic::Code;
use crate::syntax::message::{Look, Message};
use anyhow::Result;
use serde_json::{Value as Json, json};

pub fn run(args: &Eval, request: &Request, session: &mut Session, look: Look) -> Result<Answer> {
    let asked = match request.what[..] {
        [What::Jac] => Matrix::Jacobian,
        [What::Hess] => Matrix::Hessian,
        _ => refuse!(Code::Question, "--sparse is for --what jac or --what hess, one of them"),
    };
    let signature = session.function(request.function.as_deref())?;
    let mut flat = Vec::new();
    for (_, datum) in at_point(session, &signature, &request.at)? {
        datum.into_flat(&mut flat);
    }
    flat.extend(global_values(session, &signature, &request.set)?);
    let found = matrix(session, &signature, request, asked, &flat)?;
    if !args.quiet {
        let doubts = found.found.pattern.doubts.iter();
        let notes: Vec<_> = doubts.map(|&doubt| Message::new(Code::Pattern, meaning(doubt))).collect();
        tell(&notes, look);
    }
    let text = match args.format.unwrap_or(Format::Text) {
        Format::Text => text(&found),
        Format::Json => format!("{}\n", as_json(&found)),
        Format::Yaml => serde_yaml::to_string(&as_json(&found))?,
        Format::Csv => table(&found, ','),
        Format::Tsv => table(&found, '\t'),
        Format::Jsonl => lines(&found),
    };
    output::write(args.input.output.as_deref(), &text)?;
    Ok(Answer::Done)
}

/// Each entry with its row and column, counted from 0.
fn entries(found: &Compressed) -> impl Iterator<Item = (usize, usize, f64)> + '_ {
    let places = found.found.pattern.entries.iter().map(|&(row, column)| (row as usize, column as usize));
    places.zip(&found.values).map(|((row, column), &value)| (row, column, value))
}

fn text(found: &Compressed) -> String {
    let (f, rows, columns) = (&found.found.function, &found.found.rows, &found.found.columns);
    let line = |(row, column, value): (usize, usize, f64)| {
        let (of, by) = (label(rows, row), label(columns, column));
        let left = match found.found.matrix {
            Matrix::Jacobian => format!("∂{of}/∂{by}"),
            Matrix::Hessian if row == column => format!("∂²{f}/∂{of}²"),
            Matrix::Hessian => format!("∂²{f}/∂{of}∂{by}"),
        };
        format!("{left} = {}\n", number(value))
    };
    entries(found).map(line).collect()
}

fn as_json(found: &Compressed) -> Json {
    let pattern = &found.found.pattern;
    let matrix = object([
        ("shape".to_string(), json!([pattern.rows, pattern.columns])),
        ("rows".to_string(), entries(found).map(|(row, _, _)| json!(row + 1)).collect()),
        ("columns".to_string(), entries(found).map(|(_, column, _)| json!(column + 1)).collect()),
        ("values".to_string(), entries(found).map(|(_, _, value)| number_json(value)).collect()),
        ("sweeps".to_string(), json!(found.sweeps)),
    ]);
    let name = match found.found.matrix {
        Matrix::Jacobian => "jac",
        Matrix::Hessian => "hess",
    };
    object([("function".to_string(), json!(found.found.function)), (name.to_string(), matrix)])
}

fn table(found: &Compressed, delimiter: char) -> String {
    let head = format!("row{delimiter}column{delimiter}value\n");
    let line = |(row, column, value): (usize, usize, f64)| {
        format!("{}{delimiter}{}{delimiter}{}\n", row + 1, column + 1, number(value))
    };
    head + &entries(found).map(line).collect::<String>()
}

fn lines(found: &Compressed) -> String {
    let line = |(row, column, value): (usize, usize, f64)| {
        let members = [("row", json!(row + 1)), ("column", json!(column + 1)), ("value", number_json(value))];
        format!("{}\n", object(members.map(|(key, value)| (key.to_string(), value))))
    };
    entries(found).map(line).collect()
}
