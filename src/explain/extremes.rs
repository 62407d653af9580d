//! The partials of what many numbers are reduced to.

/// The largest or smallest of numbers; NaN if one is.
pub fn extreme(numbers: &[f64], largest: bool) -> f64 {
    let start = if largest { f64::NEG_INFINITY } else { f64::INFINITY };
    numbers.iter().fold(start, |so_far, &x| {
        if x.is_nan() || so_far.is_nan() {
            f64::NAN
        } else if largest {
            so_far.max(x)
        } else {
            so_far.min(x)
        }
    })
}

/// The partials of an extreme: those that reach it share equally.
pub fn shares(numbers: &[f64], value: f64) -> Vec<f64> {
    let count = numbers.iter().filter(|&&x| x == value).count();
    let share = |&x: &f64| match x == value {
        true => 1.0 / count as f64,
        false if value.is_nan() => f64::NAN,
        false => 0.0,
    };
    numbers.iter().map(share).collect()
}

/// For each number the product of all others, without dividing.
pub fn products_of_others(numbers: &[f64]) -> Vec<f64> {
    let mut products = vec![1.0; numbers.len()];
    let mut before = 1.0;
    for (product, x) in products.iter_mut().zip(numbers) {
        *product = before;
        before *= x;
    }
    let mut after = 1.0;
    for (product, x) in products.iter_mut().zip(numbers).rev() {
        *product *= after;
        after *= x;
    }
    products
}
