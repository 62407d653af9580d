//! Boxes in layers: where they stand so that arrows go down, cross seldom and run straight.
//!
//! The method of Sugiyama: every box gets a rank below all that it is made of; an arrow over several ranks gets a
//! place in each between, one for all arrows of a box, which part where they must; the order in every rank is that of the
//! barycentres, swept down and up while crossings vanish; places in a rank are the nearest to the barycentres
//! that keep the order and the distances (isotonic regression).

/// Boxes of a rank keep this distance.
const APART: f64 = 26.0;

/// Lines that pass a rank keep this one.
const LINE_APART: f64 = 14.0;

/// Between ranks.
const CHANNEL: f64 = 46.0;

const SWEEPS: usize = 16;
const ROUNDS: usize = 20;

/// Where a box must stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// In the first rank, before all others: a place where an arrow enters.
    Entry,
    /// In the first rank of boxes.
    Top,
    Free,
    /// After all others: a place where an arrow leaves.
    Exit,
}

#[derive(Debug, Clone, Copy)]
pub struct Item {
    pub width: f64,
    pub height: f64,
    pub bound: Bound,
}

/// Where an arrow begins or ends: at an item, so far from its left side; nothing is anywhere.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct End {
    pub item: usize,
    pub offset: Option<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Link {
    pub from: End,
    pub to: End,
}

/// A piece of an arrow between two ranks: down, over, down.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// Where it starts, where it may bend, where it must be done bending, where it ends.
    pub points: [(f64, f64); 4],
    /// The links whose end this is.
    pub ends: Vec<usize>,
}

/// Places of all items (their left upper corners), pieces of arrows, and the size of the whole.
#[derive(Debug, Clone, Default)]
pub struct Layout {
    pub places: Vec<(f64, f64)>,
    pub runs: Vec<Run>,
    pub width: f64,
    pub height: f64,
}

/// A box, or the place where a line passes a rank.
struct Spot {
    rank: usize,
    width: f64,
    height: f64,
    x: f64,
    /// It stands for an item; else a line passes.
    item: bool,
}

/// A piece between neighbouring ranks.
struct Step {
    upper: usize,
    lower: usize,
    /// How far from the left side of the upper and lower spot it begins and ends.
    begins: Option<f64>,
    ends: Option<f64>,
    links: Vec<usize>,
}

struct Layers {
    spots: Vec<Spot>,
    steps: Vec<Step>,
    /// The spots of each rank in their order.
    ranks: Vec<Vec<usize>>,
    /// For each spot the steps above and below it.
    above: Vec<Vec<usize>>,
    below: Vec<Vec<usize>>,
}

/// Places the items; links go from smaller to larger ranks, so they must not form a circle.
pub fn layout(items: &[Item], links: &[Link]) -> Layout {
    if items.is_empty() {
        return Layout::default();
    }
    let mut layers = Layers::new(items, links);
    layers.order();
    layers.place();
    layers.finish(items.len())
}

fn ranks(items: &[Item], links: &[Link]) -> Vec<usize> {
    let count = items.len();
    let mut out: Vec<Vec<usize>> = vec![Vec::new(); count];
    let mut waits = vec![0; count];
    for link in links {
        out[link.from.item].push(link.to.item);
        waits[link.to.item] += 1;
    }
    let entries = items.iter().any(|item| item.bound == Bound::Entry);
    let first = |item: &Item| usize::from(entries && item.bound != Bound::Entry);
    let mut rank: Vec<usize> = items.iter().map(first).collect();
    let mut ready: Vec<usize> = (0..count).rev().filter(|&at| waits[at] == 0).collect();
    let mut sources = ready.clone();
    let mut done = Vec::new();
    while let Some(at) = ready.pop() {
        done.push(at);
        for &next in &out[at] {
            rank[next] = rank[next].max(rank[at] + 1);
            waits[next] -= 1;
            if waits[next] == 0 {
                ready.push(next);
            }
        }
    }
    // What is made of nothing stands right above what it is for.
    sources.retain(|&at| items[at].bound == Bound::Free);
    for at in sources {
        let lowest = out[at].iter().map(|&next| rank[next]).min();
        rank[at] = lowest.map_or(rank[at], |next| next.saturating_sub(1).max(rank[at]));
    }
    let last =
        rank.iter().zip(items).filter(|(_, item)| item.bound != Bound::Exit).map(|(&rank, _)| rank).max();
    for (rank, item) in rank.iter_mut().zip(items) {
        if item.bound == Bound::Exit {
            *rank = last.unwrap_or(0) + 1;
        }
    }
    rank
}

impl Layers {
    fn new(items: &[Item], links: &[Link]) -> Layers {
        let rank = ranks(items, links);
        let spot = |(item, &rank): (&Item, &usize)| Spot {
            rank,
            width: item.width,
            height: item.height,
            x: 0.0,
            item: true,
        };
        let spots: Vec<Spot> = items.iter().zip(&rank).map(spot).collect();
        let mut layers =
            Layers { spots, steps: Vec::new(), ranks: Vec::new(), above: Vec::new(), below: Vec::new() };
        // The links of one beginning share a line.
        let mut order: Vec<usize> = (0..links.len()).collect();
        let key = |at: usize| (links[at].from.item, links[at].from.offset.unwrap_or(-1.0));
        order.sort_by(|&a, &b| key(a).partial_cmp(&key(b)).unwrap_or(std::cmp::Ordering::Equal));
        for bundle in order.chunk_by(|&a, &b| key(a) == key(b)) {
            layers.bundle(links, bundle);
        }
        let count = layers.spots.len();
        (layers.above, layers.below) = (vec![Vec::new(); count], vec![Vec::new(); count]);
        for (at, step) in layers.steps.iter().enumerate() {
            layers.above[step.lower].push(at);
            layers.below[step.upper].push(at);
        }
        layers.ranks = vec![Vec::new(); layers.spots.iter().map(|spot| spot.rank + 1).max().unwrap_or(0)];
        for (at, spot) in layers.spots.iter().enumerate() {
            layers.ranks[spot.rank].push(at);
        }
        layers
    }

    /// The line of the links of one beginning: a spot in each rank down to the last of their ends.
    fn bundle(&mut self, links: &[Link], bundle: &[usize]) {
        let from = links[bundle[0]].from;
        let mut sorted: Vec<usize> = bundle.to_vec();
        sorted.sort_by_key(|&at| (self.spots[links[at].to.item].rank, at));
        let mut tip = from.item;
        let mut begins = from.offset;
        for at in sorted {
            let to = links[at].to;
            while self.spots[tip].rank + 1 < self.spots[to.item].rank {
                let rank = self.spots[tip].rank + 1;
                self.spots.push(Spot { rank, width: 0.0, height: 0.0, x: 0.0, item: false });
                let lower = self.spots.len() - 1;
                self.steps.push(Step { upper: tip, lower, begins, ends: None, links: Vec::new() });
                (tip, begins) = (lower, None);
            }
            let same = |step: &&mut Step| {
                step.upper == tip && step.lower == to.item && step.begins == begins && step.ends == to.offset
            };
            match self.steps.iter_mut().rev().take(64).find(same) {
                Some(step) => step.links.push(at),
                None => self.steps.push(Step {
                    upper: tip,
                    lower: to.item,
                    begins,
                    ends: to.offset,
                    links: vec![at],
                }),
            }
        }
    }

    // ── Order ────────────────────────────────────────────────────────────────────────────────────

    /// Finds an order in each rank with few crossings.
    fn order(&mut self) {
        let mut places = vec![0.0; self.spots.len()];
        let number = |ranks: &[Vec<usize>], places: &mut Vec<f64>| {
            for rank in ranks {
                (0..).zip(rank).for_each(|(place, &spot)| places[spot] = f64::from(place));
            }
        };
        number(&self.ranks, &mut places);
        let mut best = (self.crossings(&places), self.ranks.clone());
        for sweep in 0..SWEEPS {
            if best.0 == 0 && sweep > 1 {
                break;
            }
            let down = sweep % 2 == 0;
            let mut rows: Vec<usize> = (0..self.ranks.len()).collect();
            if !down {
                rows.reverse();
            }
            for row in rows {
                let centre = |&spot: &usize| self.centre(spot, down, &places).unwrap_or(places[spot]);
                let mut keyed: Vec<(f64, usize)> =
                    self.ranks[row].iter().map(|spot| (centre(spot), *spot)).collect();
                keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
                self.ranks[row] = keyed.into_iter().map(|(_, spot)| spot).collect();
                number(&self.ranks[row..=row], &mut places);
            }
            let crossings = self.crossings(&places);
            if crossings < best.0 {
                best = (crossings, self.ranks.clone());
            }
        }
        self.ranks = best.1;
    }

    /// The mean place of what a spot is linked to, above or below.
    fn centre(&self, spot: usize, above: bool, places: &[f64]) -> Option<f64> {
        let steps = if above { &self.above[spot] } else { &self.below[spot] };
        let other = |&at: &usize| {
            let step = &self.steps[at];
            let (other, offset) = if above { (step.upper, step.begins) } else { (step.lower, step.ends) };
            // Where it is on a wide box counts.
            let part = offset.map_or(0.0, |offset| offset / self.spots[other].width.max(1.0) - 0.5);
            places[other] + part * 0.9
        };
        let sum: f64 = steps.iter().map(other).sum();
        (!steps.is_empty()).then(|| sum / steps.len() as f64)
    }

    fn crossings(&self, places: &[f64]) -> usize {
        let mut by_rank: Vec<Vec<(f64, f64)>> = vec![Vec::new(); self.ranks.len()];
        for step in &self.steps {
            let part = |spot: usize, offset: Option<f64>| {
                offset.map_or(0.5, |offset| offset / self.spots[spot].width.max(1.0)) + places[spot]
            };
            let ends = (part(step.upper, step.begins), part(step.lower, step.ends));
            by_rank[self.spots[step.upper].rank].push(ends);
        }
        let count = |pairs: &mut Vec<(f64, f64)>| {
            pairs.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
            let mut seen: Vec<f64> = Vec::new();
            let mut crossed = 0;
            for &(_, end) in pairs.iter() {
                let at = seen.partition_point(|&other| other <= end);
                crossed += seen.len() - at;
                seen.insert(at, end);
            }
            crossed
        };
        by_rank.iter_mut().map(count).sum()
    }

    // ── Places ───────────────────────────────────────────────────────────────────────────────────

    /// The distance that two neighbours of a rank keep between their middles.
    fn gap(&self, left: usize, right: usize) -> f64 {
        let (left, right) = (&self.spots[left], &self.spots[right]);
        let apart = if left.item && right.item { APART } else { LINE_APART };
        (left.width + right.width) / 2.0 + apart
    }

    /// Finds the middle of each spot along its rank.
    fn place(&mut self) {
        for row in 0..self.ranks.len() {
            let mut x = 0.0;
            for at in 0..self.ranks[row].len() {
                let spot = self.ranks[row][at];
                if at > 0 {
                    x += self.gap(self.ranks[row][at - 1], spot);
                }
                self.spots[spot].x = x;
            }
        }
        let rows = self.ranks.len();
        for round in 0..ROUNDS {
            let down: Vec<usize> = (0..rows).collect();
            let order: Vec<usize> = if round % 2 == 0 { down } else { down.into_iter().rev().collect() };
            // At the end both sides count.
            let (above, below) = (round % 2 == 0 || round > ROUNDS / 2, round % 2 == 1 || round > ROUNDS / 2);
            for row in order {
                self.place_row(row, above, below);
            }
        }
    }

    fn place_row(&mut self, row: usize, above: bool, below: bool) {
        let spots = self.ranks[row].clone();
        let mut wanted = Vec::new();
        let mut offset = 0.0;
        for (at, &spot) in spots.iter().enumerate() {
            if at > 0 {
                offset += self.gap(spots[at - 1], spot);
            }
            let (mut sum, mut weight) = (0.0, 0.0);
            let mut pull = |own: Option<f64>, other: usize, part: Option<f64>| {
                let (own_spot, other_spot) = (&self.spots[spot], &self.spots[other]);
                // Lines want to be straight more than boxes want to be centred.
                let strength = if own_spot.item || other_spot.item { 1.0 } else { 12.0 };
                let there = other_spot.x + part.map_or(0.0, |part| part - other_spot.width / 2.0);
                sum += strength * (there - own.map_or(0.0, |own| own - own_spot.width / 2.0));
                weight += strength;
            };
            if above {
                for &step in &self.above[spot] {
                    let step = &self.steps[step];
                    pull(step.ends, step.upper, step.begins);
                }
            }
            if below {
                for &step in &self.below[spot] {
                    let step = &self.steps[step];
                    pull(step.begins, step.lower, step.ends);
                }
            }
            if weight == 0.0 {
                (sum, weight) = (0.05 * self.spots[spot].x, 0.05);
            }
            wanted.push((sum / weight - offset, weight, offset));
        }
        for ((spot, place), wanted) in spots.iter().zip(isotonic(&wanted)).zip(&wanted) {
            self.spots[*spot].x = place + wanted.2;
        }
    }

    // ── Result ───────────────────────────────────────────────────────────────────────────────────

    fn finish(self, items: usize) -> Layout {
        let left = self.spots.iter().map(|spot| spot.x - spot.width / 2.0).fold(f64::INFINITY, f64::min);
        let right = self.spots.iter().map(|spot| spot.x + spot.width / 2.0).fold(f64::NEG_INFINITY, f64::max);
        let tall = |rank: &Vec<usize>| rank.iter().map(|&s| self.spots[s].height).fold(0.0, f64::max);
        let heights: Vec<f64> = self.ranks.iter().map(tall).collect();
        let mut tops = Vec::new();
        let mut y = 0.0;
        let mut gap = 0.0;
        for (at, height) in heights.iter().enumerate() {
            // Where arrows only enter or leave a frame they need not bend much.
            let border = |row: usize| heights.get(row).is_none_or(|&height| height == 0.0);
            gap = if border(at) || border(at + 1) { CHANNEL / 2.0 } else { CHANNEL };
            tops.push(y);
            y += height + gap;
        }
        let corner = |spot: &Spot| {
            (spot.x - spot.width / 2.0 - left, tops[spot.rank] + (heights[spot.rank] - spot.height) / 2.0)
        };
        let places = self.spots[..items].iter().map(corner).collect();
        let arrivals = self.arrivals();
        let mut runs = Vec::new();
        for (at, step) in self.steps.iter().enumerate() {
            let (upper, lower) = (&self.spots[step.upper], &self.spots[step.lower]);
            let ((ux, uy), (lx, ly)) = (corner(upper), corner(lower));
            let from = (ux + step.begins.unwrap_or(upper.width / 2.0), uy + upper.height);
            let to = (lx + step.ends.unwrap_or(arrivals[at]), ly);
            let bend = (from.0, tops[upper.rank] + heights[upper.rank]);
            let done = (to.0, tops[lower.rank]);
            // What passes a rank goes straight down through it.
            let end = if lower.item { to } else { (to.0, tops[lower.rank] + heights[lower.rank]) };
            runs.push(Run { points: [from, bend, done, end], ends: step.links.clone() });
            if !upper.item {
                runs.last_mut().expect("just pushed").points[0] = bend;
            }
        }
        Layout { places, runs, width: right - left, height: y - gap }
    }

    /// For each step where it ends on its box: side by side, in the order in which they come.
    fn arrivals(&self) -> Vec<f64> {
        let mut arrivals = vec![0.0; self.steps.len()];
        for (spot, above) in self.spots.iter().zip(&self.above) {
            let mut free: Vec<usize> =
                above.iter().copied().filter(|&at| self.steps[at].ends.is_none()).collect();
            let from = |at: usize| {
                let step = &self.steps[at];
                let upper = &self.spots[step.upper];
                upper.x + step.begins.map_or(0.0, |begins| begins - upper.width / 2.0)
            };
            free.sort_by(|&a, &b| from(a).total_cmp(&from(b)));
            let count = free.len() as f64;
            // Not all over a wide box.
            let spread = (spot.width * count / (count + 1.0)).min(34.0 * (count - 1.0));
            for (place, at) in free.into_iter().enumerate() {
                let part = if count > 1.0 { place as f64 / (count - 1.0) - 0.5 } else { 0.0 };
                arrivals[at] = spot.width / 2.0 + part * spread.max(0.0);
            }
        }
        arrivals
    }
}

/// The nondecreasing numbers nearest to those wanted, by weight: neighbours in the wrong order are pooled.
fn isotonic(wanted: &[(f64, f64, f64)]) -> Vec<f64> {
    let mut pools: Vec<(f64, f64, usize)> = Vec::new();
    for &(value, weight, _) in wanted {
        let mut pool = (value, weight, 1);
        while let Some(&(before, heavy, count)) = pools.last()
            && before > pool.0
        {
            pools.pop();
            let weight = heavy + pool.1;
            pool = ((before * heavy + pool.0 * pool.1) / weight, weight, count + pool.2);
        }
        pools.push(pool);
    }
    pools.into_iter().flat_map(|(value, _, count)| std::iter::repeat_n(value, count)).collect()
}
