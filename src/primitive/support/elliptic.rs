// Complete elliptic integrals of the parameter m, and their derivatives of any order.

/// `K(m)`, the complete elliptic integral of the first kind, by the arithmetic-geometric mean.
fn ellipk(m: f64) -> f64 {
    if m == 1.0 {
        return f64::INFINITY;
    }
    let (mut a, mut b) = (1.0, (1.0 - m).sqrt());
    for _ in 0..12 {
        if (a - b).abs() <= 1e-8 * a {
            break;
        }
        (a, b) = (0.5 * (a + b), (a * b).sqrt());
    }
    std::f64::consts::PI / (a + b)
}

/// `E(m)`, the complete elliptic integral of the second kind; for negative `m` by the one of `m/(m - 1)`.
fn ellipe(m: f64) -> f64 {
    if m < 0.0 {
        (1.0 - m).sqrt() * ellipe_of_complement(1.0 / (1.0 - m))
    } else {
        ellipe_of_complement(1.0 - m)
    }
}

/// `E(1 - y)` for `y` from 0 to 1, by the modified mean of Adlaj (2012).
fn ellipe_of_complement(y: f64) -> f64 {
    if y == 0.0 {
        return 1.0;
    }
    let (mut a, mut b) = (1.0, y.sqrt());
    let (mut x, mut y, mut z) = (1.0, y, 0.0);
    for _ in 0..20 {
        if (x - y).abs() <= 1e-8 * x {
            break;
        }
        let root = ((x - z) * (y - z)).sqrt();
        (x, y, z) = (0.5 * (x + y), z + root, z - root);
        (a, b) = (0.5 * (a + b), (a * b).sqrt());
    }
    std::f64::consts::FRAC_PI_2 * (x + y) / (a + b)
}

/// The n-th derivative of `K(m)`.
fn ellipk_n(n: f64, m: f64) -> f64 {
    if !is_order(n) {
        return f64::NAN;
    }
    if m > -4.0 && m < 0.8 {
        return elliptic_series(0.5, n, m);
    }
    // m(1 - m) y'' + (1 - 2m) y' - y/4 = 0, differentiated.
    let (mut y, mut next) = (ellipk(m), (ellipe(m) / (1.0 - m) - ellipk(m)) / (2.0 * m));
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
    if m > -4.0 && m < 0.8 {
        return elliptic_series(-0.5, n, m);
    }
    // m(1 - m) y'' + (1 - m) y' + y/4 = 0, differentiated.
    let (mut y, mut next) = (ellipe(m), (ellipe(m) - ellipk(m)) / (2.0 * m));
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
