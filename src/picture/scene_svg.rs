//! A scene as SVG that stands on its own, in light and in dark.

use super::letters::{escaped, length};
use super::raster::{CURVES, level};
use super::scene::{Anchor, Ink, Mark, Point, Scene};
use std::fmt::Write;

/// How many colours levels have.
const LEVELS: usize = 24;

const STYLE: &str = "\
:root { color-scheme: light dark }
.paper { fill: #fff }
text { fill: #1b1f24; font-family: system-ui, 'DejaVu Sans', 'Segoe UI', sans-serif }
.halo { paint-order: stroke; stroke: #fff; stroke-width: 4px; stroke-linejoin: round }
.line { fill: none; stroke-linejoin: round; stroke-linecap: round }
.frame { stroke: #8c959f }
.grid { stroke: #e4e8ec }
.arrow { stroke: #57606a }
.head { fill: #57606a }
";

const DARK: &str = "\
.paper { fill: #0d1117 }
text { fill: #e6edf3 }
.halo { stroke: #0d1117 }
.frame { stroke: #6e7681 }
.grid { stroke: #21262d }
.arrow { stroke: #b1bac4 }
.head { fill: #b1bac4 }
";

const DARK_CURVES: [&str; 6] = ["#58a6ff", "#f0883e", "#3fb950", "#bc8cff", "#f778ba", "#b1bac4"];

/// The scene as an SVG document.
pub fn svg(scene: &Scene) -> String {
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\" role=\"img\" \
         aria-labelledby=\"title desc\">\n<title id=\"title\">{2}</title>\n<desc id=\"desc\">{3}</desc>\n<style>\n{4}</style>\n\
         <rect class=\"paper\" width=\"{0}\" height=\"{1}\"/>\n",
        length(scene.width),
        length(scene.height),
        escaped(&scene.title),
        escaped(&scene.description),
        style(scene),
    );
    for mark in &scene.marks {
        match mark {
            Mark::Line { points, ink, width, dashed } => {
                let dash = if *dashed { " stroke-dasharray=\"7 4\"" } else { "" };
                let _ = writeln!(
                    out,
                    "<path class=\"line {}\" stroke-width=\"{width}\"{dash} d=\"{}\"/>",
                    class(*ink),
                    path(points)
                );
            }
            Mark::Fill { points, .. } => {
                let _ = writeln!(out, "<path class=\"head\" d=\"{}Z\"/>", path(points));
            }
            Mark::Text { at, text, size, anchor, halo, .. } => {
                let anchor = match anchor {
                    Anchor::Start => "start",
                    Anchor::Middle => "middle",
                    Anchor::End => "end",
                };
                let halo = if *halo { " class=\"halo\"" } else { "" };
                let _ = writeln!(
                    out,
                    "<text{halo} x=\"{}\" y=\"{}\" font-size=\"{size}\" text-anchor=\"{anchor}\">{}</text>",
                    length(at.0),
                    length(at.1),
                    escaped(text)
                );
            }
        }
    }
    out.push_str("</svg>\n");
    out
}

/// The rules for the inks that the scene has.
fn style(scene: &Scene) -> String {
    let mut inks: Vec<Ink> = Vec::new();
    for mark in &scene.marks {
        if let Mark::Line { ink, .. } = mark
            && !inks.iter().any(|known| class(*known) == class(*ink))
        {
            inks.push(*ink);
        }
    }
    let hex = |[r, g, b]: [u8; 3]| format!("#{r:02x}{g:02x}{b:02x}");
    let (mut light, mut dark) = (STYLE.to_string(), DARK.to_string());
    for ink in inks {
        let class = class(ink);
        match ink {
            Ink::Curve(k) => {
                let _ = writeln!(light, ".{class} {{ stroke: {} }}", hex(CURVES[k % CURVES.len()]));
                let _ = writeln!(dark, ".{class} {{ stroke: {} }}", DARK_CURVES[k % DARK_CURVES.len()]);
            }
            Ink::Level(part) => {
                let _ = writeln!(light, ".{class} {{ stroke: {} }}", hex(level(part)));
                // The dark end is lighter where the paper is dark.
                let _ = writeln!(
                    dark,
                    ".{class} {{ stroke: {} }}",
                    hex(level(part).map(|c| 80 + (u16::from(c) * 175 / 255) as u8))
                );
            }
            Ink::Text | Ink::Frame | Ink::Grid | Ink::Arrow => {}
        }
    }
    format!("{light}@media (prefers-color-scheme: dark) {{\n{dark}}}\n")
}

fn class(ink: Ink) -> String {
    match ink {
        Ink::Text => "text".to_string(),
        Ink::Frame => "frame".to_string(),
        Ink::Grid => "grid".to_string(),
        Ink::Curve(k) => format!("c{}", k % CURVES.len()),
        Ink::Level(part) => format!("l{}", (part.clamp(0.0, 1.0) * (LEVELS - 1) as f64).round()),
        Ink::Arrow => "arrow".to_string(),
    }
}

fn path(points: &[Point]) -> String {
    let mut out = String::new();
    for (at, &(x, y)) in points.iter().enumerate() {
        let _ = write!(out, "{}{} {}", if at == 0 { "M" } else { "L" }, length(x), length(y));
    }
    out
}
