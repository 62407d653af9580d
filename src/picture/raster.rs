//! A scene as pixels: drawn three times as large, then made smaller, which smooths it.

use super::font;
use super::scene::{Anchor, Ink, Mark, Point, Scene};

/// Small pixels to a large one, along each side.
const FINE: usize = 3;

type Color = [u8; 3];

struct Canvas {
    width: usize,
    height: usize,
    pixels: Vec<Color>,
    scale: f64,
}

/// The scene as a PNG file, so many times as large as it is.
pub fn png(scene: &Scene, scale: f64) -> Result<Vec<u8>, png::EncodingError> {
    let (width, height) = ((scene.width * scale).round() as usize, (scene.height * scale).round() as usize);
    let mut canvas = Canvas {
        width: width * FINE,
        height: height * FINE,
        pixels: vec![[255; 3]; width * FINE * height * FINE],
        scale: scale * FINE as f64,
    };
    for mark in &scene.marks {
        canvas.mark(mark);
    }
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, width as u32, height as u32);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.add_text_chunk("Title".to_string(), latin(&scene.title))?;
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&canvas.smooth(width, height))?;
    writer.finish()?;
    Ok(out)
}

/// What a text chunk can hold.
fn latin(text: &str) -> String {
    text.chars().map(|c| if (' '..='~').contains(&c) { c } else { '?' }).collect()
}

fn color(ink: Ink) -> Color {
    match ink {
        Ink::Text => [0x1b, 0x1f, 0x24],
        Ink::Frame => [0x8c, 0x95, 0x9f],
        Ink::Grid => [0xe4, 0xe8, 0xec],
        Ink::Curve(k) => CURVES[k % CURVES.len()],
        Ink::Level(part) => level(part),
        Ink::Arrow => [0x57, 0x60, 0x6a],
    }
}

/// Colours of curves that those who see few colours tell apart too.
pub const CURVES: [Color; 6] = [
    [0x09, 0x69, 0xda],
    [0xbf, 0x50, 0x00],
    [0x1a, 0x7f, 0x37],
    [0x82, 0x50, 0xdf],
    [0xbf, 0x39, 0x89],
    [0x57, 0x60, 0x6a],
];

/// From blue over green to yellow, growing lighter: dark enough to be seen on white.
pub fn level(part: f64) -> Color {
    const STOPS: [[f64; 3]; 5] = [
        [68.0, 1.0, 84.0],
        [59.0, 82.0, 139.0],
        [33.0, 145.0, 140.0],
        [94.0, 175.0, 80.0],
        [205.0, 170.0, 10.0],
    ];
    let at = part.clamp(0.0, 1.0) * 4.0;
    let k = (at as usize).min(3);
    std::array::from_fn(|c| (STOPS[k][c] + (STOPS[k + 1][c] - STOPS[k][c]) * (at - k as f64)) as u8)
}

impl Canvas {
    fn mark(&mut self, mark: &Mark) {
        match mark {
            Mark::Line { points, ink, width, dashed } => {
                let parts = if *dashed { dashes(points, 7.0, 4.0) } else { vec![points.clone()] };
                for part in parts {
                    for pair in part.windows(2) {
                        self.segment(pair[0], pair[1], *width, color(*ink));
                    }
                }
            }
            Mark::Fill { points, ink } => self.fill(std::slice::from_ref(points), color(*ink)),
            Mark::Text { at, text, size, anchor, ink, halo } => {
                let width = font::width(text, *size);
                let left = match anchor {
                    Anchor::Start => at.0,
                    Anchor::Middle => at.0 - width / 2.0,
                    Anchor::End => at.0 - width,
                };
                let outlines = font::outlines(text, (left, at.1), *size);
                if *halo {
                    for contour in &outlines {
                        for pair in contour.windows(2) {
                            self.segment(pair[0], pair[1], 4.0, [255; 3]);
                        }
                    }
                }
                self.fill(&outlines, color(*ink));
            }
        }
    }

    fn put(&mut self, x: usize, y: usize, color: Color) {
        if x < self.width && y < self.height {
            self.pixels[y * self.width + x] = color;
        }
    }

    /// A thick line with round ends.
    fn segment(&mut self, a: Point, b: Point, width: f64, color: Color) {
        let s = self.scale;
        let (a, b, r) = ((a.0 * s, a.1 * s), (b.0 * s, b.1 * s), (width * s / 2.0).max(0.8));
        let clamp = |x: f64, most: usize| x.max(0.0).min(most as f64) as usize;
        let rows = clamp(a.1.min(b.1) - r, self.height)..clamp(a.1.max(b.1) + r + 1.0, self.height);
        let (dx, dy) = (b.0 - a.0, b.1 - a.1);
        let square = dx * dx + dy * dy;
        for y in rows {
            let py = y as f64 + 0.5;
            // Of a long line only what is near in this row.
            let (mut low, mut high) = (a.0.min(b.0), a.0.max(b.0));
            if dy.abs() > 1e-9 && dx.abs() > 1.0 {
                let slack = r * (1.0 + (dx / dy).abs());
                let middle = a.0 + (py - a.1) / dy * dx;
                (low, high) = (low.max(middle - slack), high.min(middle + slack));
            }
            for x in clamp(low - r, self.width)..clamp(high + r + 1.0, self.width) {
                let px = x as f64 + 0.5;
                let t = if square > 0.0 {
                    (((px - a.0) * dx + (py - a.1) * dy) / square).clamp(0.0, 1.0)
                } else {
                    0.0
                };
                let (ex, ey) = (px - a.0 - t * dx, py - a.1 - t * dy);
                if ex * ex + ey * ey <= r * r {
                    self.put(x, y, color);
                }
            }
        }
    }

    /// What contours wind round.
    fn fill(&mut self, contours: &[Vec<Point>], color: Color) {
        let s = self.scale;
        let mut edges: Vec<(Point, Point)> = Vec::new();
        for contour in contours {
            let next = contour.iter().cycle().skip(1);
            edges.extend(contour.iter().zip(next).map(|(a, b)| ((a.0 * s, a.1 * s), (b.0 * s, b.1 * s))));
        }
        let low = edges.iter().map(|(a, _)| a.1).fold(f64::INFINITY, f64::min).max(0.0) as usize;
        let high = edges.iter().map(|(a, _)| a.1).fold(0.0, f64::max).min(self.height as f64) as usize;
        for y in low..=high {
            let at = y as f64 + 0.5;
            let mut crossings: Vec<(f64, i32)> = Vec::new();
            for &(a, b) in &edges {
                if (a.1 <= at) != (b.1 <= at) {
                    let x = a.0 + (at - a.1) / (b.1 - a.1) * (b.0 - a.0);
                    crossings.push((x, if b.1 > a.1 { 1 } else { -1 }));
                }
            }
            crossings.sort_by(|a, b| a.0.total_cmp(&b.0));
            let mut winding = 0;
            for pair in crossings.windows(2) {
                winding += pair[0].1;
                if winding != 0 {
                    let (from, to) =
                        ((pair[0].0 + 0.5).max(0.0) as usize, (pair[1].0 + 0.5).max(0.0) as usize);
                    (from..to).for_each(|x| self.put(x, y, color));
                }
            }
        }
    }

    fn smooth(&self, width: usize, height: usize) -> Vec<u8> {
        let mut out = Vec::with_capacity(width * height * 3);
        for y in 0..height {
            for x in 0..width {
                let mut sum = [0u32; 3];
                for fine in 0..FINE * FINE {
                    let pixel = self.pixels[(y * FINE + fine / FINE) * self.width + x * FINE + fine % FINE];
                    (0..3).for_each(|c| sum[c] += u32::from(pixel[c]));
                }
                out.extend(sum.map(|c| (c / (FINE * FINE) as u32) as u8));
            }
        }
        out
    }
}

/// A line as dashes.
pub fn dashes(points: &[Point], on: f64, off: f64) -> Vec<Vec<Point>> {
    let mut parts: Vec<Vec<Point>> = vec![points.iter().take(1).copied().collect()];
    let (mut drawn, mut left) = (true, on);
    for pair in points.windows(2) {
        let (mut a, b) = (pair[0], pair[1]);
        loop {
            let length = (b.0 - a.0).hypot(b.1 - a.1);
            if length <= left || !length.is_finite() {
                left -= length;
                if let Some(part) = parts.last_mut().filter(|_| drawn) {
                    part.push(b);
                }
                break;
            }
            let t = left / length;
            a = (a.0 + t * (b.0 - a.0), a.1 + t * (b.1 - a.1));
            if let Some(part) = parts.last_mut().filter(|_| drawn) {
                part.push(a);
            } else {
                parts.push(vec![a]);
            }
            drawn = !drawn;
            left = if drawn { on } else { off };
        }
    }
    parts
}
