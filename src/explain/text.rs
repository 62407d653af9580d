//! The page as plain text, and in Markdown, which shows the same tables as they stand.

use super::lesson::{Block, Lesson, Row, RowKind, Table};

/// Prose is broken at this width.
const WIDTH: usize = 96;

/// Tables that are wider put their last column on lines of its own.
const WIDEST: usize = 118;

const INDENT: usize = 3;

/// The page as plain text.
pub fn text(lesson: &Lesson) -> String {
    let mut out = String::new();
    for line in &lesson.title {
        if !line.is_empty() {
            out.push_str(line);
            out.push('\n');
        }
    }
    out.push('\n');
    prose(&lesson.opening, 0, &mut out);
    for (number, section) in (1..).zip(&lesson.sections) {
        out.push_str(&format!("\n{number}. {}\n", section.heading));
        for block in &section.blocks {
            match block {
                Block::Prose(text) => prose(text, INDENT, &mut out),
                Block::Table(rows) => {
                    out.push('\n');
                    table(rows, INDENT, &mut out);
                    out.push('\n');
                }
            }
        }
        tidy(&mut out);
    }
    out
}

/// The page in Markdown.
pub fn markdown(lesson: &Lesson) -> String {
    let mut out = String::new();
    let fenced = |text: &str, out: &mut String| out.push_str(&format!("```text\n{text}```\n\n"));
    let title: String =
        lesson.title.iter().filter(|line| !line.is_empty()).map(|line| format!("{line}\n")).collect();
    out.push_str(&format!("# {}, step by step\n\n", lesson.facts.function));
    fenced(&title, &mut out);
    out.push_str(&format!("{}\n\n", escaped(&lesson.opening)));
    for (number, section) in (1..).zip(&lesson.sections) {
        out.push_str(&format!("## {number}. {}\n\n", escaped(&section.heading)));
        for block in &section.blocks {
            match block {
                Block::Prose(text) => out.push_str(&format!("{}\n\n", escaped(text))),
                Block::Table(rows) => {
                    let mut text = String::new();
                    table(rows, 0, &mut text);
                    fenced(&text, &mut out);
                }
            }
        }
    }
    tidy(&mut out);
    out
}

/// Prose in which Markdown finds no marks.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    let mut code = false;
    for c in text.chars() {
        code ^= c == '`';
        if !code && ['*', '_', '[', ']', '<', '#'].contains(&c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// The same text for terminals that know ASCII alone; names of the file stay as they are.
pub fn ascii(text: &str) -> String {
    text.replace('…', "...").replace('∞', "inf").replace('∂', "d").replace('Σ', "sum")
}

/// No blank lines after one another, one end of line at the end.
fn tidy(out: &mut String) {
    while out.contains("\n\n\n") {
        *out = out.replace("\n\n\n", "\n\n");
    }
    while out.ends_with("\n\n") {
        out.pop();
    }
}

fn width(text: &str) -> usize {
    text.chars().count()
}

fn prose(text: &str, indent: usize, out: &mut String) {
    let mut column = 0;
    for word in text.split_whitespace() {
        if column == 0 {
            out.push_str(&" ".repeat(indent));
            column = indent;
        } else if column + 1 + width(word) > WIDTH {
            out.push('\n');
            out.push_str(&" ".repeat(indent));
            column = indent;
        } else {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += width(word);
    }
    out.push('\n');
}

fn left(row: &Row) -> usize {
    2 * row.depth
}

fn table(table: &Table, indent: usize, out: &mut String) {
    let columns = table.rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let wide = |row: &&Row| row.cells.len() > 1;
    let widths: Vec<usize> = (0..columns)
        .map(|column| {
            let cell = |row: &Row| {
                let own = if column == 0 { left(row) } else { 0 };
                row.cells.get(column).map_or(0, |cell| width(cell) + own)
            };
            table.rows.iter().filter(wide).map(cell).max().unwrap_or(0)
        })
        .collect();
    let total = indent + widths.iter().map(|w| w + 2).sum::<usize>();
    let broken = total > WIDEST;
    for row in &table.rows {
        let mut line = " ".repeat(indent + left(row));
        if row.cells.len() == 1 {
            out.push_str(&format!("{line}{}\n", row.cells[0]));
            continue;
        }
        let last = row.cells.len() - 1;
        for (column, cell) in row.cells.iter().enumerate() {
            if broken && column == last && !cell.is_empty() && !row.cells[0].is_empty() {
                if matches!(row.kind, RowKind::Step(_)) {
                    out.push_str(line.trim_end());
                    line = format!("\n{}", " ".repeat(indent + left(row) + 6));
                }
                line.push_str(cell);
                continue;
            }
            line.push_str(cell);
            if broken && matches!(row.kind, RowKind::Step(_)) {
                line.push_str(if cell.is_empty() { "" } else { " " });
                continue;
            }
            let own = if column == 0 { left(row) } else { 0 };
            line.push_str(&" ".repeat((widths[column] + 2).saturating_sub(width(cell) + own)));
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
}
