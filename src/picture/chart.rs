//! Functions of one variable: curves, their derivatives, tangents.

use super::scene::{Anchor, Ink, Mark, Point, Scene, View, axes};

/// Names and values of a curve.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// `f′(x)`
    pub name: String,
    /// Which function it belongs to: curves of one have the same colour.
    pub of: usize,
    /// The order of the derivative.
    pub order: usize,
    /// Pieces without a gap.
    pub pieces: Vec<Vec<Point>>,
}

/// The tangent of a curve at a point.
#[derive(Debug, Clone, PartialEq)]
pub struct Tangent {
    pub of: usize,
    pub at: Point,
    pub slope: f64,
    /// `tangent at x = 1: slope 2`
    pub name: String,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    pub title: String,
    pub description: String,
    pub variable: String,
    /// Whether marks on the axis are multiples of π.
    pub in_pi: bool,
    pub x: (f64, f64),
    pub y: (f64, f64),
    pub curves: Vec<Curve>,
    pub tangents: Vec<Tangent>,
}

impl Tangent {
    /// Its ends where x begins and ends.
    pub fn ends(&self, x: (f64, f64)) -> Vec<Point> {
        [x.0, x.1].map(|x| (x, self.at.1 + self.slope * (x - self.at.0))).to_vec()
    }
}

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 480.0;
const LEFT: f64 = 74.0;

/// A row of the legend.
const ROW: f64 = 20.0;

/// The chart as lines and text.
pub fn scene(chart: &Chart) -> Scene {
    let entries = legend(chart);
    let top = 18.0 + ROW * entries.iter().map(|entry| entry.row + 1).max().unwrap_or(0) as f64;
    let mut scene = Scene {
        width: WIDTH,
        height: HEIGHT + top - 30.0,
        title: chart.title.clone(),
        description: chart.description.clone(),
        marks: Vec::new(),
    };
    let view = View { x: chart.x, y: chart.y, area: (LEFT, top, WIDTH - LEFT - 24.0, HEIGHT - 80.0) };
    axes(&mut scene, &view, (&chart.variable, ""), (chart.in_pi, false));
    for tangent in &chart.tangents {
        for part in view.clipped(&tangent.ends(chart.x)) {
            scene.line(part, Ink::Arrow, 1.4);
        }
    }
    // The functions over their derivatives.
    for curve in chart.curves.iter().rev() {
        for part in curve.pieces.iter().flat_map(|piece| view.clipped(piece)) {
            stroke(&mut scene, part, curve.of, curve.order);
        }
    }
    for tangent in &chart.tangents {
        let (x, y) = view.point(tangent.at);
        let inside = (chart.y.0..=chart.y.1).contains(&tangent.at.1);
        if inside {
            let dot = (0..=12).map(|k| f64::from(k) * std::f64::consts::TAU / 12.0);
            let points = dot.map(|angle| (x + 4.0 * angle.cos(), y + 4.0 * angle.sin())).collect();
            scene.marks.push(Mark::Fill { points, ink: Ink::Arrow });
        }
    }
    for entry in entries {
        let y = 20.0 + ROW * entry.row as f64;
        let line = vec![(entry.x, y - 4.5), (entry.x + 26.0, y - 4.5)];
        match entry.curve {
            Some((of, order)) => stroke(&mut scene, line, of, order),
            None => scene.line(line, Ink::Arrow, 1.4),
        }
        scene.text((entry.x + 33.0, y), &entry.text, Anchor::Start);
    }
    scene
}

/// The function itself heavy, its derivatives dashed and lighter.
fn stroke(scene: &mut Scene, line: Vec<Point>, of: usize, order: usize) {
    match order {
        0 => scene.line(line, Ink::Curve(of), 2.2),
        1 => scene.dashes(line, Ink::Curve(of), 1.7),
        _higher => scene.dashes(line, Ink::Curve(of), 1.0),
    }
}

struct Entry {
    text: String,
    curve: Option<(usize, usize)>,
    x: f64,
    row: usize,
}

/// What stands above the chart, in rows.
fn legend(chart: &Chart) -> Vec<Entry> {
    let curves = chart.curves.iter().map(|curve| (curve.name.clone(), Some((curve.of, curve.order))));
    let tangents = chart.tangents.iter().map(|tangent| (tangent.name.clone(), None));
    let (mut x, mut row) = (LEFT, 0);
    let mut entries = Vec::new();
    for (text, curve) in curves.chain(tangents) {
        let width = super::font::width(&text, 13.0) * 1.1 + 60.0;
        if x > LEFT && x + width > WIDTH {
            (x, row) = (LEFT, row + 1);
        }
        entries.push(Entry { text, curve, x, row });
        x += width;
    }
    entries
}
