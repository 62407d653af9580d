//! Where the boxes and frames of a diagram stand. Every frame is laid out by itself, inner ones first, and is then
//! one box among others; an arrow that goes into a frame or out of it passes a place on its border.

use super::diagram::{Diagram, Kind};
use super::layered::{self, Bound, End, Item, Layout, Link};
use super::letters::width;
use std::collections::HashMap;

/// Between the border of a box and its text.
pub const PAD: f64 = 10.0;
pub const LINE: f64 = 17.0;

/// Between a frame and what is in it; the label stands in the upper part.
const FRAME: f64 = 16.0;
const LABEL: f64 = 20.0;

/// A rectangle.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Area {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

/// A piece of an arrow; its end is that of these edges.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    pub points: [(f64, f64); 4],
    pub ends: Vec<usize>,
}

/// Where everything is.
#[derive(Debug, Clone, Default)]
pub struct Arrangement {
    pub nodes: Vec<Area>,
    pub groups: Vec<Area>,
    pub pieces: Vec<Piece>,
    pub width: f64,
    pub height: f64,
}

/// A vertex of the layout of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Vertex {
    Node(usize),
    Group(usize),
    /// Where what comes from a node enters the frame, and where it leaves.
    Entry(usize),
    Exit(usize),
}

/// The layout of a frame, or of the whole.
#[derive(Default)]
struct Level {
    vertices: Vec<Vertex>,
    known: HashMap<Vertex, usize>,
    /// From a vertex (and a node whose line leaves a frame there) to another.
    links: Vec<(Vertex, Vertex, usize)>,
    /// The edges that end with a link.
    ends: Vec<Vec<usize>>,
    seen: HashMap<(Vertex, Vertex, usize), usize>,
    layout: Layout,
    label: f64,
}

impl Level {
    fn vertex(&mut self, vertex: Vertex) -> usize {
        if let Some(&at) = self.known.get(&vertex) {
            return at;
        }
        self.vertices.push(vertex);
        self.known.insert(vertex, self.vertices.len() - 1);
        self.vertices.len() - 1
    }

    /// A link for what comes from a node.
    fn link(&mut self, from: Vertex, to: Vertex, source: usize, edge: Option<usize>) {
        let key = (from, to, source);
        let at = *self.seen.entry(key).or_insert_with(|| {
            self.links.push(key);
            self.ends.push(Vec::new());
            self.links.len() - 1
        });
        self.ends[at].extend(edge);
    }

    fn place(&self, vertex: Vertex) -> (f64, f64) {
        self.known.get(&vertex).map_or((0.0, 0.0), |&at| self.layout.places[at])
    }

    /// The size of its frame.
    fn size(&self) -> (f64, f64) {
        let width = (self.layout.width + 2.0 * FRAME).max(self.label + 2.0 * PAD);
        (width, self.layout.height + 2.0 * FRAME + LABEL)
    }

    /// Where the content begins in the frame.
    fn origin(&self) -> (f64, f64) {
        ((self.size().0 - self.layout.width) / 2.0, FRAME + LABEL)
    }
}

/// The size of a box.
pub fn size(node: &super::diagram::Node) -> (f64, f64) {
    let widest = node.lines().map(width).fold(0.0, f64::max);
    ((widest + 2.0 * PAD).max(34.0), node.lines().count() as f64 * LINE + 2.0 * PAD - 5.0)
}

/// Arranges a diagram.
pub fn arrange(diagram: &Diagram) -> Arrangement {
    // One level for each frame, and the whole last.
    let whole = diagram.groups.len();
    let mut levels: Vec<Level> = (0..=whole).map(|_| Level::default()).collect();
    for (level, group) in levels.iter_mut().zip(&diagram.groups) {
        level.label = width(&group.label);
    }
    let level_of = |group: Option<usize>| group.unwrap_or(whole);
    for (at, node) in diagram.nodes.iter().enumerate() {
        levels[level_of(node.group)].vertex(Vertex::Node(at));
    }
    for (at, group) in diagram.groups.iter().enumerate() {
        levels[level_of(group.parent)].vertex(Vertex::Group(at));
    }
    for (at, edge) in diagram.edges.iter().enumerate() {
        connect(diagram, &mut levels, at, edge.from, edge.to);
    }
    for at in (0..whole).rev().chain([whole]) {
        let layout = lay_out(diagram, &levels, at);
        levels[at].layout = layout;
    }
    collect(diagram, &levels)
}

/// The frames round a frame, the innermost first.
fn around(diagram: &Diagram, group: Option<usize>) -> Vec<usize> {
    std::iter::successors(group, |&at| diagram.groups[at].parent).collect()
}

/// An edge as links of all levels that it passes.
fn connect(diagram: &Diagram, levels: &mut [Level], edge: usize, from: usize, to: usize) {
    let whole = diagram.groups.len();
    let up = around(diagram, diagram.nodes[from].group);
    let down = around(diagram, diagram.nodes[to].group);
    let common = up.iter().copied().find(|group| down.contains(group));
    let mut tip = Vertex::Node(from);
    for &group in up.iter().take_while(|&&group| Some(group) != common) {
        let exit = Vertex::Exit(from);
        levels[group].vertex(exit);
        levels[group].link(tip, exit, from, None);
        tip = Vertex::Group(group);
    }
    let inner: Vec<usize> = down.iter().copied().take_while(|&group| Some(group) != common).collect();
    let mut level = common.unwrap_or(whole);
    for &group in inner.iter().rev() {
        levels[level].link(tip, Vertex::Group(group), from, None);
        let entry = Vertex::Entry(from);
        levels[group].vertex(entry);
        (tip, level) = (entry, group);
    }
    levels[level].link(tip, Vertex::Node(to), from, Some(edge));
}

fn lay_out(diagram: &Diagram, levels: &[Level], at: usize) -> Layout {
    let level = &levels[at];
    let items = level.vertices.iter().map(|vertex| match *vertex {
        Vertex::Node(node) => {
            let (width, height) = size(&diagram.nodes[node]);
            let top = diagram.nodes[node].kind == Kind::Input;
            Item { width, height, bound: if top { Bound::Top } else { Bound::Free } }
        }
        Vertex::Group(group) => {
            let (width, height) = levels[group].size();
            Item { width, height, bound: Bound::Free }
        }
        Vertex::Entry(_) => Item { width: 0.0, height: 0.0, bound: Bound::Entry },
        Vertex::Exit(_) => Item { width: 0.0, height: 0.0, bound: Bound::Exit },
    });
    let items: Vec<Item> = items.collect();
    let end = |vertex: Vertex, port: Vertex| {
        let offset = match vertex {
            Vertex::Group(group) => {
                let inner = &levels[group];
                Some(inner.place(port).0 + inner.origin().0)
            }
            Vertex::Node(_) | Vertex::Entry(_) | Vertex::Exit(_) => None,
        };
        End { item: level.known[&vertex], offset }
    };
    let links = level.links.iter().map(|&(from, to, source)| Link {
        from: end(from, Vertex::Exit(source)),
        to: end(to, Vertex::Entry(source)),
    });
    layered::layout(&items, &links.collect::<Vec<_>>())
}

/// Everything in the coordinates of the whole.
fn collect(diagram: &Diagram, levels: &[Level]) -> Arrangement {
    let whole = diagram.groups.len();
    let mut arrangement = Arrangement {
        nodes: vec![Area::default(); diagram.nodes.len()],
        groups: vec![Area::default(); whole],
        pieces: Vec::new(),
        width: levels[whole].layout.width,
        height: levels[whole].layout.height,
    };
    for at in [whole].into_iter().chain(0..whole) {
        let level = &levels[at];
        let (left, top) = if at == whole {
            (0.0, 0.0)
        } else {
            let (area, origin) = (arrangement.groups[at], level.origin());
            (area.x + origin.0, area.y + origin.1)
        };
        for (&vertex, &(x, y)) in level.vertices.iter().zip(&level.layout.places) {
            match vertex {
                Vertex::Node(node) => {
                    let (width, height) = size(&diagram.nodes[node]);
                    arrangement.nodes[node] = Area { x: left + x, y: top + y, width, height };
                }
                Vertex::Group(group) => {
                    let (width, height) = levels[group].size();
                    arrangement.groups[group] = Area { x: left + x, y: top + y, width, height };
                }
                Vertex::Entry(_) | Vertex::Exit(_) => {}
            }
        }
        for run in &level.layout.runs {
            let mut points = run.points.map(|(x, y)| (left + x, top + y));
            if at != whole {
                // Lines of other frames end at the border: go on from there.
                let area = arrangement.groups[at];
                if run.points[0].1 == 0.0 {
                    points[0].1 = area.y;
                }
                if run.points[3].1 == level.layout.height {
                    points[3].1 = area.y + area.height;
                }
            }
            let ends = run.ends.iter().flat_map(|&link| level.ends[link].iter().copied()).collect();
            arrangement.pieces.push(Piece { points, ends });
        }
    }
    arrangement
}
