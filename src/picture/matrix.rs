//! The pattern of a matrix: as text, and as a scene. Large ones are drawn coarser: a dot for several entries.

use super::scene::{Anchor, Ink, Mark, Scene};

/// Rows or columns under a name, from a number on.
#[derive(Debug, Clone, Copy)]
pub struct Group<'a> {
    pub name: &'a str,
    pub first: usize,
    pub count: usize,
}

/// A matrix of which some entries are marked.
#[derive(Debug, Clone, Copy)]
pub struct Matrix<'a> {
    pub rows: usize,
    pub columns: usize,
    pub entries: &'a [(u32, u32)],
    pub row_groups: &'a [Group<'a>],
    pub column_groups: &'a [Group<'a>],
}

/// Up to so many rows and columns have a letter each.
const LETTERS: usize = 32;

/// Cells of at most so many rows and columns, each with whether an entry of it is marked.
struct Cells {
    rows: usize,
    columns: usize,
    marked: Vec<bool>,
}

impl Cells {
    fn of(matrix: Matrix, rows: usize, columns: usize) -> Cells {
        let (rows, columns) = (matrix.rows.min(rows), matrix.columns.min(columns));
        let mut marked = vec![false; rows * columns];
        for &(row, column) in matrix.entries {
            let row = row as usize * rows / matrix.rows;
            let column = column as usize * columns / matrix.columns;
            marked[row * columns + column] = true;
        }
        Cells { rows, columns, marked }
    }

    fn at(&self, row: usize, column: usize) -> bool {
        row < self.rows && column < self.columns && self.marked[row * self.columns + column]
    }
}

/// The matrix as lines of text: a sign for each entry of a small one, else dots, eight to a sign and `width` signs to
/// a line.
pub fn text(matrix: Matrix, width: usize) -> String {
    let small = matrix.rows <= LETTERS && matrix.columns <= LETTERS;
    let mut out = String::new();
    if small {
        let cells = Cells::of(matrix, LETTERS, LETTERS);
        for row in 0..cells.rows {
            let signs = (0..cells.columns).map(|column| if cells.at(row, column) { "×" } else { "·" });
            out.push_str(&signs.collect::<Vec<_>>().join(" "));
            out.push('\n');
        }
        return out;
    }
    // Dots are about as far apart down as across.
    let columns = matrix.columns.min(2 * width);
    let rows = match matrix.columns > columns {
        true => (matrix.rows * columns).div_ceil(matrix.columns).max(1),
        false => matrix.rows,
    };
    let cells = Cells::of(matrix, rows.min(4 * width), columns);
    const DOTS: [[u32; 2]; 4] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];
    for row in (0..cells.rows).step_by(4) {
        for column in (0..cells.columns).step_by(2) {
            let dots = DOTS.iter().enumerate().flat_map(|(down, pair)| {
                pair.iter().enumerate().map(move |(across, &dot)| (down, across, dot))
            });
            let dots = dots.filter(|&(down, across, _)| cells.at(row + down, column + across));
            let sign = dots.fold(0x2800, |sign, (_, _, dot)| sign | dot);
            out.push(char::from_u32(sign).unwrap_or(' '));
        }
        out.push('\n');
    }
    out
}

/// The longest side of a drawn matrix, in pixels, and the largest side of a cell.
const SIDE: f64 = 560.0;
const CELL: f64 = 22.0;
/// More rows or columns share cells.
const MOST_CELLS: usize = 280;

/// The matrix as a picture: marked cells, lines between groups, and what it is.
pub fn scene(matrix: Matrix, title: &str, caption: &str) -> Scene {
    let cells = Cells::of(matrix, MOST_CELLS, MOST_CELLS);
    let unit = (SIDE / matrix.rows.max(matrix.columns).max(1) as f64).min(CELL);
    let (width, height) = ((matrix.columns as f64 * unit).max(8.0), (matrix.rows as f64 * unit).max(8.0));
    let longest = matrix.row_groups.iter().map(|group| group.name.chars().count()).max().unwrap_or(0);
    let (left, top) = (24.0 + 8.0 * longest as f64, 66.0);
    let mut scene = Scene {
        width: (left + width + 24.0).max(left + 8.0 * caption.chars().count().max(20) as f64),
        height: top + height + 24.0,
        title: title.to_string(),
        description: caption.to_string(),
        marks: Vec::new(),
    };
    scene.text((left, 22.0), title, Anchor::Start);
    scene.text((left, 40.0), caption, Anchor::Start);
    let (across, down) = (width / cells.columns.max(1) as f64, height / cells.rows.max(1) as f64);
    // Cells that can be told apart stand apart; of small ones, those side by side are one.
    let gap = if across.min(down) >= 6.0 { 0.75 } else { 0.0 };
    let longest = if gap > 0.0 { 1 } else { cells.columns };
    for row in 0..cells.rows {
        let mut column = 0;
        while column < cells.columns {
            let run =
                (column..cells.columns).take(longest).take_while(|&column| cells.at(row, column)).count();
            if run > 0 {
                let (x, y) = (left + column as f64 * across + gap, top + row as f64 * down + gap);
                let (right, below) = (x + run as f64 * across - 2.0 * gap, y + down - 2.0 * gap);
                let points = vec![(x, y), (right, y), (right, below), (x, below)];
                scene.marks.push(Mark::Fill { points, ink: Ink::Arrow });
            }
            column += run.max(1);
        }
    }
    let (right, bottom) = (left + width, top + height);
    let frame = vec![(left, top), (right, top), (right, bottom), (left, bottom), (left, top)];
    scene.line(frame, Ink::Frame, 1.0);
    for group in matrix.column_groups {
        let x = left + group.first as f64 * unit;
        if group.first > 0 {
            scene.line(vec![(x, top), (x, bottom)], Ink::Frame, 1.0);
        }
        scene.text((x + group.count as f64 * unit / 2.0, top - 8.0), group.name, Anchor::Middle);
    }
    for group in matrix.row_groups {
        let y = top + group.first as f64 * unit;
        if group.first > 0 {
            scene.line(vec![(left, y), (right, y)], Ink::Frame, 1.0);
        }
        scene.text((left - 8.0, y + group.count as f64 * unit / 2.0 + 4.5), group.name, Anchor::End);
    }
    scene
}
