//! Where the steps of a page stand in its drawing: inputs in the first row, every other step below all
//! that it is made of.

use super::lesson::Facts;
use std::collections::HashMap;

/// More steps are not drawn.
const MOST_DRAWN: usize = 80;

/// Longer formulas are cut.
pub const MOST_LETTERS: usize = 30;

/// About how many letters a double takes.
const DOUBLE: usize = 19;

/// The width of a letter, in tenths.
const LETTER: usize = 73;

const GAP: usize = 18;
const ROW: usize = 104;

/// A box of the drawing.
#[derive(Debug, Clone, Copy)]
pub struct Spot {
    pub x: usize,
    pub y: usize,
    pub width: usize,
}

impl Spot {
    pub const HEIGHT: usize = 60;

    pub fn above(&self) -> (usize, usize) {
        (self.x + self.width / 2, self.y)
    }

    pub fn below(&self) -> (usize, usize) {
        (self.x + self.width / 2, self.y + Spot::HEIGHT)
    }
}

/// The boxes of steps, and the lines between them.
pub struct Layout {
    pub spots: HashMap<usize, Spot>,
    pub edges: Vec<(usize, usize)>,
}

impl Layout {
    pub fn new(facts: &Facts) -> Layout {
        let shown = |at: &usize| facts.steps[*at].visible;
        let drawn: Vec<usize> = (0..facts.steps.len()).filter(shown).take(MOST_DRAWN).collect();
        let mut rows: HashMap<usize, usize> = HashMap::new();
        let mut edges = Vec::new();
        for &at in &drawn {
            let mut row = 0;
            for &(of, _) in &facts.steps[at].operands {
                if let Some(above) = rows.get(&of) {
                    row = row.max(above + 1);
                    if !edges.contains(&(of, at)) {
                        edges.push((of, at));
                    }
                }
            }
            rows.insert(at, row);
        }
        let mut ends: HashMap<usize, usize> = HashMap::new();
        let mut spots = HashMap::new();
        for at in drawn {
            let fact = &facts.steps[at];
            let name = fact.name.chars().count();
            let formula = (name + 3 + fact.formula.chars().count()).min(MOST_LETTERS);
            // The adjoint comes as `x_bar = 2.58…`; on the way to its value it may take any double.
            let adjoint = if fact.adjoint.is_some() { name + 7 + DOUBLE } else { 0 };
            let width = LETTER * formula.max(adjoint).max(DOUBLE) / 10 + 16;
            let row = rows[&at];
            let x = ends.entry(row).or_insert(GAP);
            spots.insert(at, Spot { x: *x, y: GAP + row * ROW, width });
            *x += width + GAP;
        }
        Layout { spots, edges }
    }

    /// Width and height of the drawing.
    pub fn size(&self) -> (usize, usize) {
        let width = self.spots.values().map(|spot| spot.x + spot.width).max().unwrap_or(0);
        let height = self.spots.values().map(|spot| spot.y + Spot::HEIGHT).max().unwrap_or(0);
        (width + GAP, height + GAP)
    }
}
