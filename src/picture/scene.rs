//! A picture as lines and text, before any format writes it.

/// A place, in pixels from the left upper corner.
pub type Point = (f64, f64);

/// What something is drawn in; a format knows the colours.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Ink {
    Text,
    Frame,
    Grid,
    /// A curve by its number.
    Curve(usize),
    /// A place between the lowest level, 0, and the highest, 1.
    Level(f64),
    Arrow,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Mark {
    Line {
        points: Vec<Point>,
        ink: Ink,
        width: f64,
        dashed: bool,
    },
    Fill {
        points: Vec<Point>,
        ink: Ink,
    },
    /// Text whose base line is here; with a halo it can be read over lines.
    Text {
        at: Point,
        text: String,
        size: f64,
        anchor: Anchor,
        ink: Ink,
        halo: bool,
    },
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Scene {
    pub width: f64,
    pub height: f64,
    pub title: String,
    pub description: String,
    pub marks: Vec<Mark>,
}

impl Scene {
    pub fn line(&mut self, points: Vec<Point>, ink: Ink, width: f64) {
        self.marks.push(Mark::Line { points, ink, width, dashed: false });
    }

    pub fn dashes(&mut self, points: Vec<Point>, ink: Ink, width: f64) {
        self.marks.push(Mark::Line { points, ink, width, dashed: true });
    }

    pub fn text(&mut self, at: Point, text: &str, anchor: Anchor) {
        self.marks.push(Mark::Text {
            at,
            text: text.to_string(),
            size: 13.0,
            anchor,
            ink: Ink::Text,
            halo: false,
        });
    }
}

/// A rectangle of the plane and of the picture, one laid on the other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct View {
    pub x: (f64, f64),
    pub y: (f64, f64),
    /// Left, top, width, height.
    pub area: (f64, f64, f64, f64),
}

impl View {
    pub fn point(&self, (x, y): Point) -> Point {
        let (left, top, width, height) = self.area;
        (
            left + (x - self.x.0) / (self.x.1 - self.x.0) * width,
            top + (self.y.1 - y) / (self.y.1 - self.y.0) * height,
        )
    }

    /// The parts of a line that are to be seen, in the picture.
    pub fn clipped(&self, points: &[Point]) -> Vec<Vec<Point>> {
        let mut parts: Vec<Vec<Point>> = Vec::new();
        let mut open = false;
        for pair in points.windows(2) {
            let Some((a, b)) = self.part(pair[0], pair[1]) else {
                open = false;
                continue;
            };
            let (from, to) = (self.point(a), self.point(b));
            match parts.last_mut().filter(|_| open && a == pair[0]) {
                Some(part) => part.push(to),
                None => parts.push(vec![from, to]),
            }
            open = b == pair[1];
        }
        parts
    }

    /// The part of a segment inside the view.
    fn part(&self, a: Point, b: Point) -> Option<(Point, Point)> {
        let ((mut from, mut first), (mut to, mut last)) = ((0.0f64, a), (1.0f64, b));
        let (dx, dy) = (b.0 - a.0, b.1 - a.1);
        let clamped = |(x, y): Point| (x.clamp(self.x.0, self.x.1), y.clamp(self.y.0, self.y.1));
        // How fast each side comes nearer, how far it is, and the end on it: of a segment from very far away
        // only that is exact.
        let sides = [
            (-dx, a.0 - self.x.0, Some(self.x.0), None),
            (dx, self.x.1 - a.0, Some(self.x.1), None),
            (-dy, a.1 - self.y.0, None, Some(self.y.0)),
            (dy, self.y.1 - a.1, None, Some(self.y.1)),
        ];
        for (slope, room, x, y) in sides {
            if slope == 0.0 {
                if room < 0.0 {
                    return None;
                }
                continue;
            }
            let t = room / slope;
            let end = (x.unwrap_or(a.0 + t * dx), y.unwrap_or(a.1 + t * dy));
            if slope < 0.0 && t > from {
                (from, first) = (t, end);
            } else if slope > 0.0 && t < to {
                (to, last) = (t, end);
            }
        }
        (from <= to).then(|| (clamped(first), clamped(last)))
    }
}

/// Marks on an axis: where, and what is written there.
pub fn ticks(range: (f64, f64), most: usize, in_pi: bool) -> Vec<(f64, String)> {
    let unit = if in_pi { std::f64::consts::PI } else { 1.0 };
    let (low, high) = (range.0 / unit, range.1 / unit);
    let rough = (high - low) / most.max(1) as f64;
    let power = 10f64.powf(rough.log10().floor());
    let steps: &[f64] =
        if in_pi && rough < 1.0 { &[0.0625, 0.125, 0.25, 0.5, 1.0] } else { &[1.0, 2.0, 5.0, 10.0] };
    let scale = if in_pi && rough < 1.0 { 1.0 } else { power };
    let step = steps.iter().map(|s| s * scale).find(|s| *s >= rough * 0.999).unwrap_or(rough);
    let (first, last) = ((low / step - 1e-9).ceil() as i64, (high / step + 1e-9).floor() as i64);
    let label = |k: i64| match in_pi {
        true => in_units_of_pi(k as f64 * step),
        false => decimal(k as f64 * step, step),
    };
    (first..=last.min(first + 100)).map(|k| (k as f64 * step * unit, label(k))).collect()
}

/// A number with as many digits as the distance of its neighbours asks for.
fn decimal(x: f64, step: f64) -> String {
    let size = x.abs().max(step);
    let text = if (1e-4..1e6).contains(&size) {
        let digits = (-step.log10().floor()).clamp(0.0, 12.0) as usize;
        format!("{x:.digits$}")
    } else if x == 0.0 {
        "0".to_string()
    } else {
        let digits = (x.abs().log10().floor() - step.log10().floor()).clamp(0.0, 12.0) as usize;
        format!("{x:.digits$e}")
    };
    let text = if text.trim_start_matches(['-', '0', '.']).is_empty() { text.replace('-', "") } else { text };
    text.replace('-', "−")
}

fn in_units_of_pi(x: f64) -> String {
    if x == 0.0 {
        return "0".to_string();
    }
    let sign = if x < 0.0 { "−" } else { "" };
    let parts = (1..=16).find(|parts| (x * f64::from(*parts)).fract() == 0.0).unwrap_or(1);
    let count = (x * f64::from(parts)).abs();
    let times = if count == 1.0 { String::new() } else { format!("{count}") };
    let below = if parts == 1 { String::new() } else { format!("/{parts}") };
    format!("{sign}{times}π{below}")
}

/// The frame of a view with a grid, marks and the names of both axes.
pub fn axes(scene: &mut Scene, view: &View, names: (&str, &str), in_pi: (bool, bool)) {
    let (left, top, width, height) = view.area;
    for (x, label) in ticks(view.x, (width / 90.0) as usize, in_pi.0) {
        let at = view.point((x, view.y.0)).0;
        let ink = if x == 0.0 { Ink::Frame } else { Ink::Grid };
        scene.line(vec![(at, top), (at, top + height)], ink, 1.0);
        scene.text((at, top + height + 18.0), &label, Anchor::Middle);
    }
    for (y, label) in ticks(view.y, (height / 55.0) as usize, in_pi.1) {
        let at = view.point((view.x.0, y)).1;
        let ink = if y == 0.0 { Ink::Frame } else { Ink::Grid };
        scene.line(vec![(left, at), (left + width, at)], ink, 1.0);
        scene.text((left - 8.0, at + 4.5), &label, Anchor::End);
    }
    let corners =
        [(left, top), (left + width, top), (left + width, top + height), (left, top + height), (left, top)];
    scene.line(corners.to_vec(), Ink::Frame, 1.0);
    scene.text((left + width / 2.0, top + height + 38.0), names.0, Anchor::Middle);
    if !names.1.is_empty() {
        scene.text((left - 8.0, top - 10.0), names.1, Anchor::End);
    }
}
