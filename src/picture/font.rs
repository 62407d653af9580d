//! Letters as outlines, for pictures made of pixels: DejaVu Sans, reduced to what formulas and names need.
//!
//! The outlines are those of DejaVu Sans 2.37 (Bitstream Vera; its licence lets them be part of other works),
//! with curves as short straight lines: a letter a line, its width, its contours in 512ths of the size.

use std::collections::HashMap;
use std::sync::LazyLock;

const GLYPHS: &str = include_str!("glyphs.tsv");

/// Units of the outlines to the size of a letter.
const UNITS: f64 = 512.0;

struct Glyph {
    width: f64,
    contours: Vec<Vec<(f64, f64)>>,
}

static FONT: LazyLock<HashMap<char, Glyph>> = LazyLock::new(|| GLYPHS.lines().filter_map(glyph).collect());

fn glyph(line: &str) -> Option<(char, Glyph)> {
    let mut fields = line.split('\t');
    let letter = fields.next()?.chars().next()?;
    let width = fields.next()?.parse().ok()?;
    let point = |text: &str| {
        let (x, y) = text.split_once(',')?;
        Some((x.parse().ok()?, y.parse().ok()?))
    };
    let contour = |text: &str| text.split(' ').filter_map(point).collect();
    let contours = fields.next()?.split(';').map(contour).collect();
    Some((letter, Glyph { width, contours }))
}

/// The width of a text of a size.
pub fn width(text: &str, size: f64) -> f64 {
    text.chars().map(|letter| advance(letter) * size / UNITS).sum()
}

fn advance(letter: char) -> f64 {
    match (letter, FONT.get(&letter)) {
        (' ', _) => 163.0,
        (_, Some(glyph)) => glyph.width,
        // A box stands for what the font has not.
        (_, None) => 300.0,
    }
}

/// The outlines of a text whose base line begins at a place.
pub fn outlines(text: &str, at: (f64, f64), size: f64) -> Vec<Vec<(f64, f64)>> {
    let scale = size / UNITS;
    let mut x = at.0;
    let mut found = Vec::new();
    for letter in text.chars() {
        let place = |&(px, py): &(f64, f64)| (x + px * scale, at.1 - py * scale);
        match FONT.get(&letter) {
            Some(glyph) => {
                found.extend(glyph.contours.iter().map(|contour| contour.iter().map(place).collect()))
            }
            None if letter != ' ' => {
                let (outer, inner) = (
                    [(40.0, 0.0), (260.0, 0.0), (260.0, 360.0), (40.0, 360.0)],
                    [(70.0, 30.0), (70.0, 330.0), (230.0, 330.0), (230.0, 30.0)],
                );
                found.extend([outer, inner].iter().map(|contour| contour.iter().map(place).collect()));
            }
            None => {}
        }
        x += advance(letter) * scale;
    }
    found
}
