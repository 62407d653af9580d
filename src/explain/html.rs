//! The page as a document for a browser that needs nothing else: the graph, the steps and the formulas,
//! and buttons that walk through them.

use super::json::facts;
use super::layout::{Layout, MOST_LETTERS, Spot};
use super::lesson::{Block, Lesson, Row, RowKind, Section, Table};
use crate::syntax::print::decimal;
use serde_json::{Value as Json, json};
use std::fmt::Write;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// The page as HTML.
pub fn html(lesson: &Lesson) -> String {
    let title = escaped(&lesson.title.join(" "));
    let mut body = String::new();
    let _ = write!(body, "<h1>{title}</h1>\n<p>{}</p>\n", prose(&lesson.opening));
    body.push_str(STAGE_BEGIN);
    body.push_str(&graph(lesson));
    body.push_str(STAGE_END);
    for (number, section) in (1..).zip(&lesson.sections) {
        write_section(number, section, &mut body);
    }
    let mut data = Json::Object(facts(&lesson.facts));
    data["frames"] = frames(lesson);
    let data = data.to_string().replace('<', "\\u003c");
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n<style>\n{STYLE}</style>\n\
         </head>\n<body>\n{body}<script type=\"application/json\" id=\"lesson\">{data}</script>\n\
         <script>\n{SCRIPT}</script>\n</body>\n</html>\n"
    )
}

const STAGE_BEGIN: &str = "<section id=\"stage\">\n<div id=\"controls\"><button id=\"back\">◀ previous</button> \
    <button id=\"next\">next ▶</button> <span id=\"count\"></span> <span class=\"keys\">or the arrow keys</span></div>\n\
    <p id=\"formula\" aria-live=\"polite\"></p>\n";
const STAGE_END: &str = "</section>\n";

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Text with what stands between backquotes as code.
fn prose(text: &str) -> String {
    let pieces = text.split('`').enumerate();
    pieces
        .map(|(at, piece)| match at % 2 {
            1 => format!("<code>{}</code>", escaped(piece)),
            _even => escaped(piece),
        })
        .collect()
}

fn write_section(number: usize, section: &Section, out: &mut String) {
    let _ = write!(out, "<section>\n<h2>{number}. {}</h2>\n", prose(&section.heading));
    for block in &section.blocks {
        match block {
            Block::Prose(text) => {
                let _ = writeln!(out, "<p>{}</p>", prose(text));
            }
            Block::Table(table) => write_table(table, out),
        }
    }
    out.push_str("</section>\n");
}

fn write_table(table: &Table, out: &mut String) {
    let columns = table.rows.iter().map(|row| row.cells.len()).max().unwrap_or(1);
    out.push_str("<div class=\"scroll\"><table>\n");
    for row in &table.rows {
        let mark = match row.kind {
            RowKind::Line => String::new(),
            RowKind::Remark => " class=\"remark\"".to_string(),
            RowKind::Step(step) => format!(" data-step=\"{step}\""),
            RowKind::Pull(pull) => format!(" data-pull=\"{pull}\""),
        };
        let _ = write!(out, "<tr{mark}>");
        cells(row, columns, out);
        out.push_str("</tr>\n");
    }
    out.push_str("</table></div>\n");
}

fn cells(row: &Row, columns: usize, out: &mut String) {
    for (at, cell) in row.cells.iter().enumerate() {
        let span = if row.cells.len() == 1 && columns > 1 {
            format!(" colspan=\"{columns}\"")
        } else {
            String::new()
        };
        let left = match (at, row.depth) {
            (0, depth) if depth > 0 => format!(" style=\"padding-left:{}em\"", depth + 1),
            _flush => String::new(),
        };
        let text = if row.kind == RowKind::Remark { prose(cell) } else { escaped(cell) };
        let _ = write!(out, "<td{span}{left}>{text}</td>");
    }
}

/// The graph as a drawing: a box for every step, a line to each that uses it.
fn graph(lesson: &Lesson) -> String {
    let layout = Layout::new(&lesson.facts);
    let (width, height) = layout.size();
    let mut out = format!(
        "<div class=\"scroll\"><svg id=\"graph\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\">\n"
    );
    for edge in &layout.edges {
        let (from, to) = (layout.spots[&edge.0], layout.spots[&edge.1]);
        let (x1, y1) = from.below();
        let (x2, y2) = to.above();
        let middle = (y1 + y2) / 2;
        let _ = writeln!(
            out,
            "<path class=\"edge\" data-from=\"{}\" data-to=\"{}\" d=\"M{x1} {y1} C{x1} {middle} {x2} {middle} {x2} {y2}\"/>",
            edge.0, edge.1
        );
    }
    let mut spots: Vec<(&usize, &Spot)> = layout.spots.iter().collect();
    spots.sort_by_key(|(step, _)| **step);
    for (&step, spot) in spots {
        let fact = &lesson.facts.steps[step];
        let kind = if fact.input { "node input" } else { "node" };
        let (x, y) = (spot.x, spot.y);
        let label = if fact.input { fact.name.clone() } else { format!("{} = {}", fact.name, fact.formula) };
        let _ = writeln!(
            out,
            "<g class=\"{kind}\" data-step=\"{step}\" transform=\"translate({x} {y})\">\
             <rect width=\"{}\" height=\"{}\" rx=\"6\"/><text x=\"8\" y=\"18\">{}</text>\
             <text class=\"value\" x=\"8\" y=\"35\">{}</text><text class=\"adjoint\" x=\"8\" y=\"52\"></text></g>",
            spot.width,
            Spot::HEIGHT,
            escaped(&clipped(&label)),
            escaped(&decimal(fact.value)),
        );
    }
    out.push_str("</svg></div>\n");
    out
}

fn clipped(text: &str) -> String {
    if text.chars().count() <= MOST_LETTERS {
        return text.to_string();
    }
    text.chars().take(MOST_LETTERS - 1).chain(['…']).collect()
}

/// What the buttons go through: the steps upwards, the seed, the calls of pullbacks downwards.
fn frames(lesson: &Lesson) -> Json {
    let facts = &lesson.facts;
    let mut frames = Vec::new();
    let mut listed: Vec<usize> = Vec::new();
    for row in tables(lesson, 1) {
        if let RowKind::Step(step) = row.kind {
            listed.push(step);
            frames.push(json!({
                "step": step,
                "text": row.cells.iter().filter(|cell| !cell.is_empty()).cloned().collect::<Vec<_>>().join("   "),
            }));
        }
    }
    frames.push(json!({"seed": true, "text": "the seed"}));
    let mut adds: std::collections::HashMap<usize, usize> = std::collections::HashMap::new();
    for row in tables(lesson, 3) {
        let RowKind::Pull(pull) = row.kind else { continue };
        let next = adds.entry(pull).or_insert(0);
        let bar = row.cells.get(1).and_then(|cell| cell.split_once(" += ")).map(|(bar, _)| bar.to_string());
        let text: Vec<&str> = row.cells.iter().map(String::as_str).filter(|cell| !cell.is_empty()).collect();
        frames.push(json!({
            "pull": pull,
            "row": *next,
            "step": facts.pulls[pull].step,
            "bar": bar,
            "text": text.join("   "),
        }));
        *next += 1;
    }
    Json::Array(frames)
}

/// The rows of a section's tables.
fn tables(lesson: &Lesson, section: usize) -> impl Iterator<Item = &Row> {
    let blocks = lesson.sections.get(section).map_or(&[][..], |section| &section.blocks);
    blocks.iter().flat_map(|block| match block {
        Block::Prose(_) => &[][..],
        Block::Table(table) => &table.rows,
    })
}
