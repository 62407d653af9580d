// Elementary functions with the conventions of zgrad: signs, bounds, powers.

/// The sign of `x`: -1, 0 or 1; NaN of NaN.
fn sign(x: f64) -> f64 {
    if x > 0.0 {
        1.0
    } else if x < 0.0 {
        -1.0
    } else {
        x
    }
}

/// The larger one; NaN if either is.
fn max(x: f64, y: f64) -> f64 {
    if x > y || x.is_nan() { x } else { y }
}

/// The smaller one; NaN if either is.
fn min(x: f64, y: f64) -> f64 {
    if x < y || x.is_nan() { x } else { y }
}

/// The remainder of `x / y` with the sign of `y`.
fn modulo(x: f64, y: f64) -> f64 {
    let r = x % y;
    if r == 0.0 {
        0.0_f64.copysign(y)
    } else if (r < 0.0) == (y < 0.0) {
        r
    } else {
        r + y
    }
}

/// `x` to the power `y`: small integral powers by multiplication.
fn pow(x: f64, y: f64) -> f64 {
    if y == 2.0 {
        x * x
    } else if y == 3.0 {
        x * x * x
    } else {
        x.powf(y)
    }
}
