//! Σ 100 (xᵢ₊₁ − xᵢ²)² + (1 − xᵢ)².

pub fn value(x: &[f64]) -> f64 {
    let terms = x.windows(2).map(|w| {
        let (rise, rest) = (w[1] - w[0] * w[0], 1.0 - w[0]);
        100.0 * rise * rise + rest * rest
    });
    terms.sum()
}

/// In one pass, which carries what reaches an element from the term before it.
pub fn gradient(x: &[f64], x_bar: &mut [f64]) -> f64 {
    let (mut total, mut carried) = (0.0, 0.0);
    for (w, bar) in x.windows(2).zip(&mut *x_bar) {
        let (rise, rest) = (w[1] - w[0] * w[0], 1.0 - w[0]);
        total += 100.0 * rise * rise + rest * rest;
        *bar = carried - 400.0 * rise * w[0] - 2.0 * rest;
        carried = 200.0 * rise;
    }
    if let Some(last) = x_bar.last_mut() {
        *last = carried;
    }
    total
}
