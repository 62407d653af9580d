// Complete elliptic integrals of the parameter m, and their derivatives of any order.

/// `K(m)`, the complete elliptic integral of the first kind.
fn ellipk(m: f64) -> f64 {
    if m == 1.0 {
        return f64::INFINITY;
    }
    let (value, low) = ellipk_two(m);
    joined(value, low)
}

/// `K(m)` by the arithmetic-geometric mean.
fn ellipk_two(m: f64) -> (f64, f64) {
    let (rest, rest_low) = sum_two(1.0, -m);
    let (mut b, mut b_low) = root_two(rest, rest_low);
    let (mut a, mut a_low) = (1.0, 0.0);
    for _ in 0..12 {
        if f64::abs(a - b) <= 1e-9 * a {
            break;
        }
        let (sum, sum_low) = plus_two(a, a_low, b, b_low);
        let (product, product_low) = times_two(a, a_low, b, b_low);
        (b, b_low) = root_two(product, product_low);
        (a, a_low) = (0.5 * sum, 0.5 * sum_low);
    }
    let (sum, sum_low) = plus_two(a, a_low, b, b_low);
    over_two(
        std::f64::consts::PI,
        1.224_646_799_147_353_2e-16,
        sum,
        sum_low,
    )
}

/// `E(m)`, the complete elliptic integral of the second kind.
fn ellipe(m: f64) -> f64 {
    let (value, low) = ellipe_two(m);
    joined(value, low)
}

/// `E(m)`; for negative `m` by the one of `m/(m - 1)`.
fn ellipe_two(m: f64) -> (f64, f64) {
    let (rest, rest_low) = sum_two(1.0, -m);
    if m >= 0.0 {
        return ellipe_of_complement(rest, rest_low);
    }
    let (inverse, inverse_low) = over_two(1.0, 0.0, rest, rest_low);
    let (root, root_low) = root_two(rest, rest_low);
    let (value, low) = ellipe_of_complement(inverse, inverse_low);
    times_two(root, root_low, value, low)
}

/// `E(1 - y - low)` for `y` from 0 to 1, by the modified mean of Adlaj (2012).
fn ellipe_of_complement(y: f64, low: f64) -> (f64, f64) {
    if y == 0.0 {
        return (1.0, 0.0);
    }
    let (mut b, mut b_low) = root_two(y, low);
    let (mut a, mut a_low) = (1.0, 0.0);
    let (mut x, mut x_low, mut y, mut y_low, mut z, mut z_low) = (1.0, 0.0, y, low, 0.0, 0.0);
    for _ in 0..20 {
        if f64::abs(x - y) <= 1e-9 * x {
            break;
        }
        let (first, first_low) = plus_two(x, x_low, -z, -z_low);
        let (second, second_low) = plus_two(y, y_low, -z, -z_low);
        let (product, product_low) = times_two(first, first_low, second, second_low);
        let (root, root_low) = root_two(product, product_low);
        let (sum, sum_low) = plus_two(x, x_low, y, y_low);
        (x, x_low) = (0.5 * sum, 0.5 * sum_low);
        (y, y_low) = plus_two(z, z_low, root, root_low);
        (z, z_low) = plus_two(z, z_low, -root, -root_low);
        let (sum, sum_low) = plus_two(a, a_low, b, b_low);
        let (product, product_low) = times_two(a, a_low, b, b_low);
        (b, b_low) = root_two(product, product_low);
        (a, a_low) = (0.5 * sum, 0.5 * sum_low);
    }
    let (sum, sum_low) = plus_two(x, x_low, y, y_low);
    let (mean, mean_low) = plus_two(a, a_low, b, b_low);
    let (value, low) = over_two(sum, sum_low, mean, mean_low);
    times_two(
        value,
        low,
        std::f64::consts::FRAC_PI_2,
        6.123_233_995_736_766e-17,
    )
}

/// The derivative of `K(m)`, `(E/(1 - m) - K)/(2m)`.
fn ellipk_slope(m: f64) -> f64 {
    let (rest, rest_low) = sum_two(1.0, -m);
    let (e, e_low) = ellipe_two(m);
    let (k, k_low) = ellipk_two(m);
    let (share, share_low) = over_two(e, e_low, rest, rest_low);
    let (value, low) = plus_two(share, share_low, -k, -k_low);
    ratio(value, low, 2.0 * m, 0.0)
}

/// The derivative of `E(m)`, `(E - K)/(2m)`.
fn ellipe_slope(m: f64) -> f64 {
    let (e, e_low) = ellipe_two(m);
    let (k, k_low) = ellipk_two(m);
    let (value, low) = plus_two(e, e_low, -k, -k_low);
    ratio(value, low, 2.0 * m, 0.0)
}

/// The n-th derivative of `K(m)`.
fn ellipk_n(n: f64, m: f64) -> f64 {
    if !is_order(n) {
        return f64::NAN;
    }
    if n == 1.0 && m.abs() > 0.1 {
        return ellipk_slope(m);
    }
    if m > -4.0 && m < 0.8 {
        return elliptic_series(0.5, n, m);
    }
    // m(1 - m) y'' + (1 - 2m) y' - y/4 = 0, differentiated.
    let (mut y, mut next) = (ellipk(m), ellipk_slope(m));
    let mut k = 0.0;
    while k < n {
        let third =
            ((k + 0.5) * (k + 0.5) * y - (k + 1.0) * (1.0 - 2.0 * m) * next) / (m * (1.0 - m));
        (y, next) = (next, third);
        k += 1.0;
    }
    y
}

/// The n-th derivative of `E(m)`.
fn ellipe_n(n: f64, m: f64) -> f64 {
    if !is_order(n) {
        return f64::NAN;
    }
    if n == 1.0 && m.abs() > 0.1 {
        return ellipe_slope(m);
    }
    if m > -4.0 && m < 0.8 {
        return elliptic_series(-0.5, n, m);
    }
    // m(1 - m) y'' + (1 - m) y' + y/4 = 0, differentiated.
    let (mut y, mut next) = (ellipe(m), ellipe_slope(m));
    let mut k = 0.0;
    while k < n {
        let third = ((k * k - 0.25) * y - (k + 1.0 - (2.0 * k + 1.0) * m) * next) / (m * (1.0 - m));
        (y, next) = (next, third);
        k += 1.0;
    }
    y
}

/// The n-th derivative of `π/2` times the hypergeometric function `F(a, 1/2; 1; m)`; for negative `m` by
/// Pfaff's transformation, so that all terms have one sign.
fn elliptic_series(a: f64, n: f64, m: f64) -> f64 {
    let mut factor = std::f64::consts::FRAC_PI_2;
    let mut k = 0.0;
    while k < n {
        factor *= (a + k) * (0.5 + k) / (1.0 + k);
        k += 1.0;
    }
    if m < 0.0 {
        let transformed = hypergeometric(1.0 - a, 0.5 + n, 1.0 + n, m / (m - 1.0));
        return factor * (1.0 - m).powf(-0.5 - n) * transformed;
    }
    factor * hypergeometric(a + n, 0.5 + n, 1.0 + n, m)
}

/// `F(a, b; c; z)` for `z` from 0 to 0.8, by its series from the far end.
fn hypergeometric(a: f64, b: f64, c: f64, z: f64) -> f64 {
    let mut k = 20.0;
    while k < 1000.0 && z.powf(k) * k.powf(a + b - c) > 1e-18 {
        k += 10.0;
    }
    let mut sum = 1.0;
    while k >= 0.0 {
        sum = 1.0 + sum * z * (a + k) * (b + k) / ((c + k) * (1.0 + k));
        k -= 1.0;
    }
    sum
}
