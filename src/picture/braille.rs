//! Charts and maps as text: eight dots to a character.

use super::chart::Chart;
use super::contour::Map;
use super::raster::dashes;
use super::scene::{Point, View, ticks};

/// Colours of curves and levels for terminals: the numbers of ANSI.
const CURVES: [u8; 6] = [34, 33, 32, 35, 36, 37];
const LEVELS: [u8; 5] = [35, 34, 36, 32, 33];

/// Columns and rows, and whether there are colours.
#[derive(Debug, Clone, Copy)]
pub struct Terminal {
    pub columns: usize,
    pub rows: usize,
    pub color: bool,
}

#[derive(Clone, Copy, Default)]
struct Cell {
    dots: u8,
    letter: Option<char>,
    color: u8,
}

struct Canvas {
    columns: usize,
    rows: usize,
    cells: Vec<Cell>,
}

impl Canvas {
    fn new(columns: usize, rows: usize) -> Canvas {
        Canvas { columns, rows, cells: vec![Cell::default(); columns * rows] }
    }

    fn dot(&mut self, x: i64, y: i64, color: u8) {
        if x < 0 || y < 0 || x >= 2 * self.columns as i64 || y >= 4 * self.rows as i64 {
            return;
        }
        const DOTS: [[u8; 2]; 4] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];
        let cell = &mut self.cells[(y / 4) as usize * self.columns + (x / 2) as usize];
        cell.dots |= DOTS[(y % 4) as usize][(x % 2) as usize];
        cell.color = color;
    }

    /// A line in dots, its places counted in dots.
    fn line(&mut self, points: &[Point], color: u8) {
        for pair in points.windows(2) {
            let (dx, dy) = (pair[1].0 - pair[0].0, pair[1].1 - pair[0].1);
            let steps = dx.abs().max(dy.abs()).ceil().clamp(1.0, 4000.0) as usize;
            for k in 0..=steps {
                let t = k as f64 / steps as f64;
                self.dot((pair[0].0 + t * dx).floor() as i64, (pair[0].1 + t * dy).floor() as i64, color);
            }
        }
    }

    fn letter(&mut self, column: usize, row: usize, letter: char) {
        if column < self.columns && row < self.rows {
            self.cells[row * self.columns + column].letter = Some(letter);
        }
    }

    fn row(&self, row: usize, color: bool) -> String {
        let mut out = String::new();
        let mut current = 0;
        for cell in &self.cells[row * self.columns..][..self.columns] {
            let letter = match (cell.letter, cell.dots) {
                (Some(letter), _) => letter,
                (None, 0) => ' ',
                (None, dots) => char::from_u32(0x2800 + u32::from(dots)).unwrap_or(' '),
            };
            let wanted = if cell.letter.is_some() || cell.dots == 0 { 0 } else { cell.color };
            if color && wanted != current {
                out.push_str(&format!("\x1b[{wanted}m"));
                current = wanted;
            }
            out.push(letter);
        }
        if current != 0 {
            out.push_str("\x1b[0m");
        }
        out.trim_end().to_string()
    }
}

/// A canvas with marks at its left and below it.
struct Sheet {
    canvas: Canvas,
    view: View,
    gutter: usize,
    left: Vec<(f64, String)>,
    below: Vec<(f64, String)>,
}

impl Sheet {
    fn new(x: (f64, f64), y: (f64, f64), in_pi: (bool, bool), terminal: Terminal) -> Sheet {
        let left = ticks(y, (terminal.rows / 4).max(2), in_pi.1);
        let gutter = left.iter().map(|(_, label)| label.chars().count()).max().unwrap_or(1) + 1;
        let columns = terminal.columns.saturating_sub(gutter + 1).max(10);
        let below = ticks(x, (columns / 12).max(2), in_pi.0);
        let canvas = Canvas::new(columns, terminal.rows.max(4));
        let area = (0.0, 0.0, 2.0 * columns as f64 - 1.0, 4.0 * canvas.rows as f64 - 1.0);
        Sheet { canvas, view: View { x, y, area }, gutter, left, below }
    }

    /// Where the axes are, if they can be seen.
    fn zero_lines(&mut self) {
        let (zero, ends) = (self.view.point((0.0, 0.0)), (self.view.area.2, self.view.area.3));
        if self.view.y.0 <= 0.0 && self.view.y.1 >= 0.0 {
            (0..=ends.0 as i64).step_by(4).for_each(|x| self.canvas.dot(x, zero.1 as i64, 90));
        }
        if self.view.x.0 <= 0.0 && self.view.x.1 >= 0.0 {
            (0..=ends.1 as i64).step_by(4).for_each(|y| self.canvas.dot(zero.0 as i64, y, 90));
        }
    }

    fn text(&self, color: bool) -> String {
        let mut out = String::new();
        let mut labels: Vec<Option<&str>> = vec![None; self.canvas.rows];
        for (y, label) in &self.left {
            let row = (self.view.point((self.view.x.0, *y)).1 / 4.0) as usize;
            labels[row.min(self.canvas.rows - 1)] = Some(label);
        }
        for (row, label) in labels.into_iter().enumerate() {
            let sign = if label.is_some() { '┤' } else { '│' };
            let line =
                format!("{:>2$}{sign}{}", label.unwrap_or(""), self.canvas.row(row, color), self.gutter - 1);
            out.push_str(line.trim_end());
            out.push('\n');
        }
        let (mut rule, mut numbers) =
            (vec!['─'; self.canvas.columns], vec![' '; self.canvas.columns + self.gutter]);
        for (x, label) in &self.below {
            let column = (self.view.point((*x, self.view.y.0)).0 / 2.0) as usize;
            rule[column.min(self.canvas.columns - 1)] = '┬';
            let letters: Vec<char> = label.chars().collect();
            let start =
                (column + self.gutter).saturating_sub(letters.len() / 2).min(numbers.len() - letters.len());
            let free = numbers[start.saturating_sub(1)..start + letters.len()].iter().all(|&c| c == ' ');
            if free {
                numbers[start..start + letters.len()].copy_from_slice(&letters);
            }
        }
        let rule: String = rule.into_iter().collect();
        let numbers: String = numbers.into_iter().collect();
        out.push_str(&format!("{:>1$}└{rule}\n{2}\n", "", self.gutter - 1, numbers.trim_end()));
        out
    }
}

/// A name in the legend, in the colour of what it names.
fn entry(sample: &str, name: &str, color: u8, terminal: Terminal) -> String {
    match terminal.color && color != 0 {
        true => format!("\x1b[{color}m{sample}\x1b[0m {name}"),
        false => format!("{sample} {name}"),
    }
}

/// A chart in dots.
pub fn chart(chart: &Chart, terminal: Terminal) -> String {
    let mut sheet = Sheet::new(chart.x, chart.y, (chart.in_pi, false), terminal);
    sheet.zero_lines();
    let mut legend = Vec::new();
    for tangent in &chart.tangents {
        for part in sheet.view.clipped(&tangent.ends(chart.x)) {
            dashes(&part, 1.0, 3.0).iter().for_each(|dash| sheet.canvas.line(dash, 37));
        }
    }
    for curve in chart.curves.iter().rev() {
        // Without colours the function is told from its derivatives by their gaps.
        let color = CURVES[(curve.of + curve.order * 3) % CURVES.len()];
        for part in curve.pieces.iter().flat_map(|piece| sheet.view.clipped(piece)) {
            match curve.order {
                0 => sheet.canvas.line(&part, color),
                1 => dashes(&part, 3.0, 3.0).iter().for_each(|dash| sheet.canvas.line(dash, color)),
                _higher => dashes(&part, 1.0, 4.0).iter().for_each(|dash| sheet.canvas.line(dash, color)),
            }
        }
        let sample = ["⠤⠤⠤", "⠤ ⠤", "⠄ ⠄"][curve.order.min(2)];
        legend.insert(0, entry(sample, &curve.name, color, terminal));
    }
    legend.extend(chart.tangents.iter().map(|tangent| entry("⠄⠄⠄", &tangent.name, 37, terminal)));
    format!(
        "{}\n{}{:^3$}\n",
        legend.join("   "),
        sheet.text(terminal.color),
        chart.variable,
        terminal.columns
    )
    .lines()
    .map(|line| format!("{}\n", line.trim_end()))
    .collect()
}

/// A map in dots, with arrows as letters.
pub fn map(map: &Map, terminal: Terminal) -> String {
    let mut sheet = Sheet::new(map.x, map.y, map.in_pi, terminal);
    let levels = map.levels();
    for (at, &level) in levels.iter().enumerate() {
        let color = LEVELS[at * LEVELS.len() / levels.len().max(1)];
        for contour in map.contours(level) {
            let points: Vec<Point> = contour.points.iter().map(|&point| sheet.view.point(point)).collect();
            sheet.canvas.line(&points, color);
        }
    }
    // A letter takes a cell: fewer arrows than in a picture.
    let every = if map.arrows.len() > 120 { 2 } else { 1 };
    let side = (map.arrows.len() as f64).sqrt().round() as usize;
    for (at, (place, gradient)) in map.arrows.iter().enumerate() {
        if side > 0 && !((at % side).is_multiple_of(every) && (at / side).is_multiple_of(every)) {
            continue;
        }
        let (x, y) = sheet.view.point(*place);
        if let Some(arrow) = arrow(*gradient) {
            sheet.canvas.letter((x / 2.0) as usize, (y / 4.0) as usize, arrow);
        }
    }
    let shown: Vec<String> = levels
        .iter()
        .enumerate()
        .map(|(at, level)| {
            entry(
                "⠤",
                &super::letters::number(*level),
                LEVELS[at * LEVELS.len() / levels.len().max(1)],
                terminal,
            )
        })
        .collect();
    let head = format!(
        "{}   {} up, {} to the right; arrows along the gradient",
        map.title, map.names.1, map.names.0
    );
    let levels = if shown.is_empty() { String::new() } else { format!("lines at {}\n", shown.join("  ")) };
    format!("{head}\n{}{levels}", sheet.text(terminal.color))
}

fn arrow((x, y): Point) -> Option<char> {
    if !x.is_finite() || !y.is_finite() || (x == 0.0 && y == 0.0) {
        return None;
    }
    let eighth = (y.atan2(x) / std::f64::consts::FRAC_PI_4).round() as i64;
    ['→', '↗', '↑', '↖', '←', '↙', '↓', '↘'].get(eighth.rem_euclid(8) as usize).copied()
}
