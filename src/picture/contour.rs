//! Functions of two variables: lines of equal value, with arrows along the gradient.

use super::letters::number;
use super::scene::{Anchor, Ink, Mark, Point, Scene, View, axes, ticks};

/// Values over a grid, and gradients over a coarser one.
#[derive(Debug, Clone, PartialEq)]
pub struct Map {
    pub title: String,
    pub description: String,
    pub names: (String, String),
    pub in_pi: (bool, bool),
    pub x: (f64, f64),
    pub y: (f64, f64),
    pub columns: usize,
    pub rows: usize,
    /// Rows from the lowest y up.
    pub values: Vec<f64>,
    /// A point and the gradient there.
    pub arrows: Vec<(Point, Point)>,
}

/// A line of equal value.
#[derive(Debug, Clone, PartialEq)]
pub struct Contour {
    pub level: f64,
    pub points: Vec<Point>,
}

/// Between how many levels the values are cut.
const LEVELS: usize = 12;

impl Map {
    fn at(&self, column: usize, row: usize) -> f64 {
        self.values[row * self.columns + column]
    }

    fn place(&self, column: f64, row: f64) -> Point {
        let part = |range: (f64, f64), at: f64, count: usize| {
            range.0 + (range.1 - range.0) * at / (count - 1) as f64
        };
        (part(self.x, column, self.columns), part(self.y, row, self.rows))
    }

    /// Round numbers between the values, those far out left aside.
    pub fn levels(&self) -> Vec<f64> {
        let mut sorted: Vec<f64> = self.values.iter().copied().filter(|z| z.is_finite()).collect();
        sorted.sort_by(f64::total_cmp);
        let Some(last) = sorted.len().checked_sub(1) else { return Vec::new() };
        let part = |p: f64| sorted[(p * last as f64) as usize];
        let (low, high) = (part(0.02), part(0.98));
        if low >= high {
            return Vec::new();
        }
        let cut = |most: usize| -> Vec<f64> {
            ticks((low, high), most, false).into_iter().map(|(z, _)| z).collect()
        };
        let even =
            Some(cut(LEVELS)).filter(|levels| 2 * levels.len() > LEVELS).unwrap_or_else(|| cut(2 * LEVELS));
        // Where most values lie close to the lowest, levels that are closer there tell more.
        let middle = (part(0.5) - low) / (high - low);
        if middle < 0.12 {
            let mut cubes: Vec<f64> = (1..LEVELS)
                .map(|k| low + (high - low) * (k as f64 / LEVELS as f64).powi(3))
                .map(|z| rounded(z, (high - low) / 400.0))
                .collect();
            cubes.dedup();
            return cubes;
        }
        even
    }

    /// The lines of a level, by marching squares; cells with a corner without a value have none.
    pub fn contours(&self, level: f64) -> Vec<Contour> {
        let mut segments: Vec<(Crossing, Crossing)> = Vec::new();
        for row in 0..self.rows - 1 {
            for column in 0..self.columns - 1 {
                self.cell(column, row, level, &mut segments);
            }
        }
        chains(&segments)
            .into_iter()
            .map(|chain| Contour {
                level,
                points: chain.iter().map(|crossing| self.crossing(*crossing, level)).collect(),
            })
            .collect()
    }

    fn cell(&self, column: usize, row: usize, level: f64, out: &mut Vec<(Crossing, Crossing)>) {
        let corners = [(0, 0), (1, 0), (1, 1), (0, 1)].map(|(c, r)| self.at(column + c, row + r));
        if corners.iter().any(|z| !z.is_finite()) {
            return;
        }
        // Below, right, above, left.
        let sides =
            [(column, row, true), (column + 1, row, false), (column, row + 1, true), (column, row, false)];
        let crossed: Vec<Crossing> = (0..4)
            .filter(|&k| (corners[k] >= level) != (corners[(k + 1) % 4] >= level))
            .map(|k| sides[k])
            .collect();
        match crossed[..] {
            [] | [_] | [_, _, _] | [_, _, _, _, _, ..] => {}
            [a, b] => out.push((a, b)),
            [a, b, c, d] => {
                // A saddle: the middle decides what hangs together.
                let middle = corners.iter().sum::<f64>() / 4.0;
                if (middle >= level) == (corners[0] >= level) {
                    out.extend([(a, b), (c, d)]);
                } else {
                    out.extend([(a, d), (b, c)]);
                }
            }
        }
    }

    fn crossing(&self, (column, row, along): Crossing, level: f64) -> Point {
        let (c, r) = if along { (1, 0) } else { (0, 1) };
        let (a, b) = (self.at(column, row), self.at(column + c, row + r));
        let t = if a == b { 0.5 } else { ((level - a) / (b - a)).clamp(0.0, 1.0) };
        self.place(column as f64 + t * c as f64, row as f64 + t * r as f64)
    }
}

/// A side of a cell: from a corner to the right, or up.
type Crossing = (usize, usize, bool);

fn rounded(x: f64, unit: f64) -> f64 {
    let unit = 10f64.powf(unit.log10().floor());
    (x / unit).round() * unit
}

/// Segments with common ends as chains.
fn chains(segments: &[(Crossing, Crossing)]) -> Vec<Vec<Crossing>> {
    let mut at: std::collections::HashMap<Crossing, Vec<usize>> = std::collections::HashMap::new();
    for (k, (a, b)) in segments.iter().enumerate() {
        at.entry(*a).or_default().push(k);
        at.entry(*b).or_default().push(k);
    }
    let mut used = vec![false; segments.len()];
    let mut found = Vec::new();
    for start in 0..segments.len() {
        if used[start] {
            continue;
        }
        used[start] = true;
        let mut chain = std::collections::VecDeque::from([segments[start].0, segments[start].1]);
        for forward in [true, false] {
            while let Some(&tip) = if forward { chain.back() } else { chain.front() } {
                let Some(&next) = at[&tip].iter().find(|&&k| !used[k]) else { break };
                used[next] = true;
                let (a, b) = segments[next];
                let other = if a == tip { b } else { a };
                if forward { chain.push_back(other) } else { chain.push_front(other) }
            }
        }
        found.push(chain.into());
    }
    found
}

/// The larger side of the picture of a map.
const SIDE: f64 = 560.0;
const LEFT: f64 = 74.0;
const TOP: f64 = 40.0;

/// The map as lines and text.
pub fn scene(map: &Map) -> Scene {
    // Equal scales where that does not make it too narrow.
    let ratio = (map.y.1 - map.y.0) / (map.x.1 - map.x.0);
    let (width, height) = match ratio {
        r if !(0.4..=2.5).contains(&r) => (SIDE, SIDE * 0.75),
        r if r > 1.0 => (SIDE / r, SIDE),
        r => (SIDE, SIDE * r),
    };
    let view = View { x: map.x, y: map.y, area: (LEFT, TOP, width, height) };
    let mut scene = Scene {
        width: LEFT + width + 24.0,
        height: TOP + height + 52.0,
        title: map.title.clone(),
        description: map.description.clone(),
        marks: Vec::new(),
    };
    axes(&mut scene, &view, (&map.names.0, &map.names.1), map.in_pi);
    scene.text((LEFT, 20.0), &map.title, Anchor::Start);
    let levels = map.levels();
    let mut labels = Vec::new();
    for (at, &level) in levels.iter().enumerate() {
        let part = at as f64 / (levels.len().max(2) - 1) as f64;
        for contour in map.contours(level) {
            let points: Vec<Point> = contour.points.iter().map(|&point| view.point(point)).collect();
            label(&points, level, &mut labels);
            scene.line(points, Ink::Level(part), 1.6);
        }
    }
    arrows(map, &view, &mut scene);
    for (at, text) in labels {
        let ink = Ink::Text;
        scene.marks.push(Mark::Text { at, text, size: 11.0, anchor: Anchor::Middle, ink, halo: true });
    }
    scene
}

/// A label in the middle of a line that is long enough, away from the others.
fn label(points: &[Point], level: f64, labels: &mut Vec<(Point, String)>) {
    let length: f64 =
        points.windows(2).map(|pair| (pair[1].0 - pair[0].0).hypot(pair[1].1 - pair[0].1)).sum();
    if length < 70.0 {
        return;
    }
    for part in [0.5, 0.3, 0.7, 0.15, 0.85] {
        let at = points[((points.len() - 1) as f64 * part) as usize];
        let clear =
            |(other, _): &(Point, String)| (other.0 - at.0).abs() > 46.0 || (other.1 - at.1).abs() > 16.0;
        if labels.iter().all(clear) {
            labels.push(((at.0, at.1 + 4.0), number(level)));
            return;
        }
    }
}

fn arrows(map: &Map, view: &View, scene: &mut Scene) {
    let (width, height) = (view.area.2, view.area.3);
    let count = (map.arrows.len() as f64).sqrt().max(1.0);
    let longest = (width * height).sqrt() / count * 0.8;
    let (sx, sy) = (width / (map.x.1 - map.x.0), height / (map.y.1 - map.y.0));
    let size = |g: &Point| (g.0 * sx).hypot(g.1 * sy);
    let mut sizes: Vec<f64> = map.arrows.iter().map(|(_, g)| size(g)).filter(|s| s.is_finite()).collect();
    sizes.sort_by(f64::total_cmp);
    let Some(&large) = sizes.get(sizes.len().saturating_sub(1) * 9 / 10).filter(|&&large| large > 0.0) else {
        return;
    };
    for (at, gradient) in &map.arrows {
        let own = size(gradient);
        if !own.is_finite() || own == 0.0 {
            continue;
        }
        // Short ones are drawn longer than they are, so that their direction can be seen.
        let length = longest * (own / large).min(1.0).sqrt().max(0.15);
        let (dx, dy) = (gradient.0 * sx / own, -gradient.1 * sy / own);
        let (x, y) = view.point(*at);
        let (from, to) =
            ((x - dx * length / 2.0, y - dy * length / 2.0), (x + dx * length / 2.0, y + dy * length / 2.0));
        let head = (length * 0.45).min(7.0);
        let neck = (to.0 - dx * head, to.1 - dy * head);
        scene.line(vec![from, neck], Ink::Arrow, 1.2);
        let side = head * 0.42;
        let corners =
            [to, (neck.0 - dy * side, neck.1 + dx * side), (neck.0 + dy * side, neck.1 - dx * side)];
        scene.marks.push(Mark::Fill { points: corners.to_vec(), ink: Ink::Arrow });
    }
}
