//! Curves from samples: closer where they bend, with gaps at jumps, poles and where there is no value; and the
//! range of values that is worth seeing.

use super::scene::Point;

/// Points to begin with.
const FIRST: usize = 513;

/// Points at most, and how often intervals are halved.
const MOST: usize = 12_000;
const ROUNDS: usize = 9;

/// A point with the values there: of the function and its derivatives.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    pub x: f64,
    pub values: Vec<f64>,
}

/// Gives samples at some places.
pub type Evaluate<'a, E> = dyn FnMut(&[f64]) -> Result<Vec<Sample>, E> + 'a;

/// Finds the samples of a function over a range; `curves` of its values are drawn, the next is known too.
pub fn samples<E>(
    range: (f64, f64),
    curves: usize,
    limits: Option<(f64, f64)>,
    evaluate: &mut Evaluate<E>,
) -> Result<(Vec<Sample>, (f64, f64)), E> {
    let at = |k: usize| range.0 + (range.1 - range.0) * k as f64 / (FIRST - 1) as f64;
    let mut found = evaluate(&(0..FIRST).map(at).collect::<Vec<_>>())?;
    let view = limits.unwrap_or_else(|| visible(&found, curves));
    for _ in 0..ROUNDS {
        let rough = |k: &usize| (0..curves).any(|curve| is_rough(&found, *k, curve, view));
        let halves: Vec<f64> = (0..found.len() - 1)
            .filter(rough)
            .map(|k| (found[k].x + found[k + 1].x) / 2.0)
            .filter(|x| found.binary_search_by(|sample| sample.x.total_cmp(x)).is_err())
            .collect();
        if halves.is_empty() || found.len() + halves.len() > MOST {
            break;
        }
        found.extend(evaluate(&halves)?);
        found.sort_by(|a, b| a.x.total_cmp(&b.x));
    }
    Ok((found, view))
}

/// Whether more is to be known between a sample and the next.
fn is_rough(samples: &[Sample], k: usize, curve: usize, view: (f64, f64)) -> bool {
    let tall = view.1 - view.0;
    // What is out of sight is all the same.
    let seen = |sample: &Sample| sample.values[curve].clamp(view.0 - tall, view.1 + tall);
    let (a, b) = (&samples[k], &samples[k + 1]);
    if a.values[curve].is_nan() != b.values[curve].is_nan() {
        return true;
    }
    let (ya, yb) = (seen(a), seen(b));
    if (yb - ya).abs() > 0.05 * tall {
        return true;
    }
    // How far the neighbours' line misses this point.
    let bends = |before: &Sample, middle: &Sample, after: &Sample| {
        let t = (middle.x - before.x) / (after.x - before.x);
        let line = seen(before) + t * (seen(after) - seen(before));
        (seen(middle) - line).abs() > 0.004 * tall
    };
    (k > 0 && bends(&samples[k - 1], a, b)) || (k + 2 < samples.len() && bends(a, b, &samples[k + 2]))
}

/// The pieces of a curve: it is broken where it has no value, where it jumps, and at poles.
pub fn pieces(samples: &[Sample], curve: usize, view: (f64, f64)) -> Vec<Vec<Point>> {
    let mut pieces: Vec<Vec<Point>> = Vec::new();
    let mut before: Option<&Sample> = None;
    for sample in samples {
        if !sample.values[curve].is_finite() {
            before = None;
            continue;
        }
        let point = (sample.x, sample.values[curve]);
        match (before, pieces.last_mut()) {
            (Some(before), Some(piece)) if !jumps(before, sample, curve, view) => piece.push(point),
            _apart => pieces.push(vec![point]),
        }
        before = Some(sample);
    }
    pieces
}

/// Whether a curve jumps from one sample to the next: its change is not what its slopes say.
fn jumps(a: &Sample, b: &Sample, curve: usize, view: (f64, f64)) -> bool {
    let change = b.values[curve] - a.values[curve];
    if change.abs() < 0.01 * (view.1 - view.0) {
        return false;
    }
    let slopes = [a, b].map(|sample| sample.values.get(curve + 1).copied().unwrap_or(f64::NAN));
    let [left, right] = slopes;
    if !left.is_finite() || !right.is_finite() {
        // Nothing is known of slopes: a change as large as the picture between neighbours.
        return change.abs() > 0.4 * (view.1 - view.0);
    }
    let (most, width) = (left.abs().max(right.abs()), b.x - a.x);
    change.abs() > 8.0 * most * width || (change * left < 0.0 && change * right < 0.0)
}

/// The range of values to show: all of them, but for what runs off to infinity.
fn visible(samples: &[Sample], curves: usize) -> (f64, f64) {
    let values = samples.iter().flat_map(|sample| &sample.values[..curves]);
    let mut sorted: Vec<f64> = values.copied().filter(|y| y.is_finite()).collect();
    sorted.sort_by(f64::total_cmp);
    let Some(last) = sorted.len().checked_sub(1) else { return (-1.0, 1.0) };
    let part = |p: f64| sorted[(p * last as f64).round() as usize];
    let (low, high) = (part(0.06), part(0.94));
    let spread = high - low;
    let (mut bottom, mut top) = (sorted[0], sorted[last]);
    // Far out, and few: the others are worth more room.
    if top > high + 2.5 * spread && spread > 0.0 {
        top = high + 0.6 * spread;
    }
    if bottom < low - 2.5 * spread && spread > 0.0 {
        bottom = low - 0.6 * spread;
    }
    if top <= bottom {
        let room = if bottom == 0.0 { 1.0 } else { bottom.abs() * 0.5 };
        return (bottom - room, bottom + room);
    }
    let room = 0.06 * (top - bottom);
    (bottom - room, top + room)
}
