//! The determinant by expansion along the first row, recursively: the columns that are left are a set of bits, so that no
//! minor is copied.

pub fn value(a: &[f64], n: usize) -> f64 {
    expand(a, n, 0, (1 << n) - 1)
}

/// The columns in a set, in order.
fn columns(mut set: usize) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let column = (set != 0).then(|| set.trailing_zeros() as usize)?;
        set &= set - 1;
        Some(column)
    })
}

fn expand(a: &[f64], n: usize, row: usize, left: usize) -> f64 {
    if row == n {
        return 1.0;
    }
    let (mut total, mut sign) = (0.0, 1.0);
    for j in columns(left) {
        total += sign * a[row * n + j] * expand(a, n, row + 1, left & !(1 << j));
        sign = -sign;
    }
    total
}

pub fn gradient(a: &[f64], n: usize, a_bar: &mut [f64]) -> f64 {
    a_bar.fill(0.0);
    reverse(a, n, 0, (1 << n) - 1, 1.0, a_bar)
}

/// The value of a minor, whose part of the whole is `bar`.
fn reverse(a: &[f64], n: usize, row: usize, left: usize, bar: f64, a_bar: &mut [f64]) -> f64 {
    if row == n {
        return 1.0;
    }
    let (mut total, mut sign) = (0.0, 1.0);
    for j in columns(left) {
        let factor = sign * a[row * n + j];
        let minor = reverse(a, n, row + 1, left & !(1 << j), bar * factor, a_bar);
        a_bar[row * n + j] += bar * sign * minor;
        total += factor * minor;
        sign = -sign;
    }
    total
}
