//! `zgrad sparsity`: a pattern as text, as a picture, as lists.

use super::args::{self, Sparsity, SparsityFormat};
use super::evaluate::limits;
use super::{Answer, deliver, tell};
use crate::picture::matrix::{self, Group};
use crate::picture::scene_svg;
use crate::session::datum::object;
use crate::session::point::assignments;
use crate::session::sparsity::{Block, Found, Matrix, Request, label, meaning, sparsity};
use crate::syntax::diagnostic::Code;
use crate::syntax::message::{Look, Message};
use anyhow::Result;
use serde_json::{Value as Json, json};

impl Sparsity {
    fn format(&self) -> SparsityFormat {
        let ending = self.input.output.as_ref().and_then(|path| path.extension());
        match (self.format, ending.and_then(|ending| ending.to_str())) {
            (Some(format), _) => format,
            (None, Some("svg")) => SparsityFormat::Svg,
            (None, Some("csv")) => SparsityFormat::Csv,
            (None, Some("json")) => SparsityFormat::Json,
            (None, Some(_) | None) => SparsityFormat::Text,
        }
    }
}

pub fn run(args: &Sparsity, look: Look) -> Result<Answer> {
    let mut session = super::open(&args.input.file, args.taken.forms())?;
    tell(&session.warnings(), look);
    let request = Request {
        function: args.function.clone(),
        at: assignments(&args.at)?,
        set: assignments(&args.set)?,
        wrt: args.wrt.clone(),
        matrix: match args.what {
            args::Matrix::Jac => Matrix::Jacobian,
            args::Matrix::Hess => Matrix::Hessian,
        },
        limits: limits(&args.limits),
    };
    let found = sparsity(&mut session, &request)?;
    let notes = found.pattern.doubts.iter().map(|&doubt| Message::new(Code::Pattern, meaning(doubt)));
    tell(&notes.collect::<Vec<_>>(), look);
    let (rows, columns) = (groups(&found.rows), groups(&found.columns));
    let drawn = matrix::Matrix {
        rows: found.pattern.rows,
        columns: found.pattern.columns,
        entries: &found.pattern.entries,
        row_groups: &rows,
        column_groups: &columns,
    };
    let text = match args.format() {
        SparsityFormat::Text => format!("{}\n\n{}", heading(&found), matrix::text(drawn, 80)),
        SparsityFormat::Svg => scene_svg::svg(&matrix::scene(drawn, &title(&found), &counts(&found))),
        SparsityFormat::Csv => csv(&found),
        SparsityFormat::Json => format!("{}\n", as_json(&found)),
    };
    deliver::deliver(&text, || session.inputs(), args.input.output.as_deref(), &args.delivery, look)
}

fn groups(blocks: &[Block]) -> Vec<Group<'_>> {
    blocks.iter().map(|block| Group { name: &block.name, first: block.first, count: block.count() }).collect()
}

fn title(found: &Found) -> String {
    match found.matrix {
        Matrix::Jacobian => format!("the Jacobian of {}", found.function),
        Matrix::Hessian => format!("the Hessian of {}", found.function),
    }
}

fn counted(n: usize, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}

/// The size of the matrix, the number of entries, and the sweeps that give them.
fn counts(found: &Found) -> String {
    let pattern = &found.pattern;
    let entries = pattern.entries.len();
    let all = pattern.rows * pattern.columns;
    let sweeps = match found.matrix {
        Matrix::Hessian => format!("{} by columns", counted(found.by_columns.1, "sweep")),
        Matrix::Jacobian => {
            format!("{} by columns or {} by rows", counted(found.by_columns.1, "sweep"), found.by_rows.1)
        }
    };
    format!("{} × {}, {entries} of {all} entries can differ from 0; {sweeps}", pattern.rows, pattern.columns)
}

/// What the text begins with: also which columns and rows belong to which variable and result.
fn heading(found: &Found) -> String {
    let mut lines = vec![format!("{}: {}", title(found), counts(found))];
    let places = |blocks: &[Block]| {
        let each = blocks.iter().map(|block| match block.count() {
            0 => format!("{} none", block.name),
            1 => format!("{} {}", block.name, block.first + 1),
            count => format!("{} {}–{}", block.name, block.first + 1, block.first + count),
        });
        each.collect::<Vec<_>>().join(", ")
    };
    if found.rows.len() > 1 && found.matrix == Matrix::Jacobian {
        lines.push(format!("rows: {}", places(&found.rows)));
    }
    if found.columns.len() > 1 {
        let what = if found.matrix == Matrix::Jacobian { "columns" } else { "rows and columns" };
        lines.push(format!("{what}: {}", places(&found.columns)));
    }
    lines.join("\n")
}

fn csv(found: &Found) -> String {
    let quoted = |name: String| if name.contains(',') { format!("\"{name}\"") } else { name };
    let mut out = String::from("row,column,of,by\n");
    for &(row, column) in &found.pattern.entries {
        let (of, by) = (label(&found.rows, row as usize), label(&found.columns, column as usize));
        out.push_str(&format!("{},{},{},{}\n", row + 1, column + 1, quoted(of), quoted(by)));
    }
    out
}

/// The pattern with all that is known of it; rows and columns are counted from 1.
fn as_json(found: &Found) -> Json {
    let blocks = |blocks: &[Block]| -> Json {
        let each = blocks.iter();
        each.map(|block| json!({"name": block.name, "first": block.first + 1, "shape": block.shape}))
            .collect()
    };
    let pattern = &found.pattern;
    let what = match found.matrix {
        Matrix::Jacobian => "jac",
        Matrix::Hessian => "hess",
    };
    let one = |&(row, column): &(u32, u32)| json!([row + 1, column + 1]);
    let doubts: Vec<Json> = pattern.doubts.iter().map(|&doubt| json!(meaning(doubt))).collect();
    object([
        ("function".to_string(), json!(found.function)),
        ("what".to_string(), json!(what)),
        ("shape".to_string(), json!([pattern.rows, pattern.columns])),
        ("rows".to_string(), blocks(&found.rows)),
        ("columns".to_string(), blocks(&found.columns)),
        ("entries".to_string(), pattern.entries.iter().map(one).collect()),
        ("sweeps_by_columns".to_string(), json!(found.by_columns.1)),
        ("sweeps_by_rows".to_string(), json!(found.by_rows.1)),
        ("notes".to_string(), Json::Array(doubts)),
    ])
}
