// Dawson's integral, the imaginary error function, and the inverses of erf and erfc.

/// Dawson's integral `e^(-x^2) ∫ e^(t^2) dt` from 0 to `x`; from 6.5 on by its asymptotic series.
fn dawson(x: f64) -> f64 {
    let a = x.abs();
    let value = if a < 1.0 {
        a * polynomial(&DAWSON_0, a * a)
    } else if a < 2.25 {
        polynomial(&DAWSON_1, a - 1.625)
    } else if a < 4.0 {
        polynomial(&DAWSON_2, a - 3.125)
    } else if a < 6.5 {
        polynomial(&DAWSON_3, a - 5.25)
    } else {
        // 1/(2x) (1 + 1/(2x^2) (1 + 3/(2x^2) (1 + 5/(2x^2) (1 + ...))))
        let s = 0.5 / (a * a);
        let tail = (1..=30)
            .rev()
            .fold(1.0, |sum, k| 1.0 + f64::from(2 * k - 1) * s * sum);
        tail * 0.5 / a
    };
    value.copysign(x)
}

/// The imaginary error function `-i erf(ix)`.
fn erfi(x: f64) -> f64 {
    if x.abs() < 1.0 {
        // The constant first, the rest of the polynomial being small against it.
        let (first, low) = times_two(
            x,
            0.0,
            std::f64::consts::FRAC_2_SQRT_PI,
            1.533_545_961_316_588e-17,
        );
        joined(first, low + first * (x * x * polynomial(&ERFI[1..], x * x)))
    } else {
        let (square, square_low) = product_two(x, x);
        let (grown, low) = exp_of_two(square, square_low);
        let (scaled, scaled_low) = times_two(
            dawson(x),
            0.0,
            std::f64::consts::FRAC_2_SQRT_PI,
            1.533_545_961_316_588e-17,
        );
        let (value, rest) = times_two(grown, low, scaled, scaled_low);
        joined(value, rest)
    }
}

/// The inverse of erf.
fn erfinv(x: f64) -> f64 {
    let a = x.abs();
    let value = if a > 0.5 {
        erfcinv_small(1.0 - a)
    } else {
        let mut y = erfinv_start(a);
        for _ in 0..3 {
            y = halley(
                y,
                (erf(y) - a) / (std::f64::consts::FRAC_2_SQRT_PI * gauss(y)),
            );
        }
        y
    };
    value.copysign(x)
}

/// The inverse of erfc.
fn erfcinv(x: f64) -> f64 {
    if x < 0.5 {
        erfcinv_small(x)
    } else if x > 1.5 {
        -erfcinv_small(2.0 - x)
    } else {
        erfinv(1.0 - x)
    }
}

/// The inverse of erfc for `x` up to 1/2, by Halley's method on the scaled function, which never
/// underflows.
fn erfcinv_small(x: f64) -> f64 {
    if x == 0.0 {
        return f64::INFINITY;
    }
    if x.is_nan() || x < 0.0 {
        return f64::NAN;
    }
    let start = if x > 1e-4 {
        erfinv_start(1.0 - x)
    } else {
        let log = -x.ln();
        (log - 0.5 * (std::f64::consts::PI * log).ln()).sqrt()
    };
    let mut y = start;
    for _ in 0..3 {
        let density = std::f64::consts::FRAC_2_SQRT_PI * gauss(y);
        y = halley(y, (x - erfc(y)) / density);
    }
    y
}

/// A first guess at the inverse of erf, to three digits (Winitzki 2008).
fn erfinv_start(x: f64) -> f64 {
    let log = (-x * x).ln_1p();
    let b = 2.0 / (std::f64::consts::PI * 0.147) + 0.5 * log;
    let root = (b * b - log / 0.147).sqrt();
    (-log / (0.147 * (root + b))).sqrt()
}

/// A step of Halley's method for a function whose second derivative is `-2y` times its first, given
/// Newton's correction.
fn halley(y: f64, correction: f64) -> f64 {
    y - correction / (1.0 + y * correction)
}
