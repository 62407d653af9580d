// The gamma function and its logarithm.

/// `Γ(x)`.
fn gamma(x: f64) -> f64 {
    if x.is_nan() || x == f64::NEG_INFINITY || (x < 0.0 && x == x.trunc()) {
        return f64::NAN;
    }
    if x > 171.7 {
        return f64::INFINITY;
    }
    if x < -178.0 {
        return 0.0;
    }
    if x < -100.0 {
        // -π/(x sin(πx) Γ(-x))
        let (sin, sin_low, _, _) = sin_cos_half_turns(x);
        let (mirrored, low) = gamma_two(-x, 0.0);
        let (product, low) = times_two(mirrored, low, sin, sin_low);
        let (product, low) = times_two(product, low, -x, 0.0);
        let pi_low = 1.224_646_799_147_353_2e-16;
        let (value, low) = over_two(std::f64::consts::PI, pi_low, product, low);
        return joined(value, low) / GAMMA_SCALE;
    }
    if x == 0.0 {
        return 1.0 / x;
    }
    let (value, low) = gamma_two(x, 0.0);
    joined(value, low) * GAMMA_SCALE
}

/// By what `gamma_two` is too small, so that it does not overflow.
const GAMMA_SCALE: f64 = 1_152_921_504_606_846_976.0;

/// `Γ(x + rest)` over `GAMMA_SCALE` for a small `rest` and `x` from -100 to 178, by the recurrence from `1/Γ`
/// near 1.
fn gamma_two(x: f64, rest: f64) -> (f64, f64) {
    // Γ(x) = Γ(1 + t) times or divided by the product of x - 1, x - 2, ... down to 1 + t, or x, x + 1, ...
    let (mut high, mut low) = (1.0_f64, 0.0_f64);
    let mut y = x;
    let mut y_low = rest;
    if x > 0.5 {
        high /= GAMMA_SCALE;
    } else {
        high *= GAMMA_SCALE;
    }
    while y > 1.5 {
        y -= 1.0;
        (high, low) = times_two(high, low, y, y_low);
    }
    while y < 0.5 {
        (high, low) = times_two(high, low, y, y_low);
        (y, y_low) = plus_two(y, y_low, 1.0, 0.0);
    }
    let (base, base_low) = gamma_reciprocal_two(y - 1.0, y_low);
    if x > 0.5 {
        over_two(high, low, base, base_low)
    } else {
        let (product, product_low) = times_two(high, low, base, base_low);
        over_two(1.0, 0.0, product, product_low)
    }
}

/// `1/Γ(1 + t + low)` for `|t|` up to 1/2: the first coefficients of its series in two doubles.
fn gamma_reciprocal_two(t: f64, low: f64) -> (f64, f64) {
    let tail = t * polynomial(&GAMMA_RECIPROCAL[3..], t);
    let (sum, rest) = plus_two(GAMMA_RECIPROCAL[2], 2.137_185_197_068_536e-17, tail, 0.0);
    let (sum, rest) = times_two(sum, rest, t, low);
    let (sum, rest) = plus_two(GAMMA_RECIPROCAL[1], EULER_LOW, sum, rest);
    let (sum, rest) = times_two(sum, rest, t, low);
    plus_two(1.0, 0.0, sum, rest)
}

/// `ln Γ(x) - ((x - 1/2) ln x - x + ln(2π)/2)` for `x` from 8 on.
fn stirling_correction(x: f64) -> f64 {
    polynomial(&STIRLING, 1.0 / (x * x)) / x
}

/// `ln |Γ(x)|`, after FDLIBM's `e_lgamma_r.c` (Copyright 1993 Sun Microsystems).
fn loggamma(x: f64) -> f64 {
    if x == f64::NEG_INFINITY || (x <= 0.0 && x == x.trunc()) {
        f64::INFINITY
    } else if x < 0.0 {
        (std::f64::consts::PI / (x * sinpi(x)).abs()).ln() - loggamma(-x)
    } else if x < 1e-20 {
        -x.ln()
    } else if x < 0.9 {
        loggamma_0_to_1(x) - x.ln()
    } else if x < 2.0 {
        loggamma_1_to_2(x)
    } else if x < 8.0 {
        loggamma_2_to_8(x)
    } else if x < 1e17 {
        let (log, low) = log_two(x, 0.0);
        let (log, low) = plus_two(log, low, -1.0, 0.0);
        let (product, low) = times_two(x - 0.5, 0.0, log, low);
        product + (low + (LGAMMA_W[0] + polynomial(&LGAMMA_W[1..], 1.0 / (x * x)) / x))
    } else {
        x * (x.ln() - 1.0)
    }
}

/// `ln Γ(1 + x)` for `x` up to 0.9.
fn loggamma_0_to_1(x: f64) -> f64 {
    if x >= 0.7316 {
        loggamma_near_2(1.0 - x)
    } else if x >= 0.2316 {
        loggamma_near_minimum(x - 0.461_632_144_968_362_25)
    } else {
        loggamma_near_1(x)
    }
}

/// `ln Γ(x)` for `x` from 0.9 to 2.
fn loggamma_1_to_2(x: f64) -> f64 {
    if x >= 1.7316 {
        loggamma_near_2(2.0 - x)
    } else if x >= 1.2316 {
        loggamma_near_minimum(x - 1.461_632_144_968_362_2)
    } else {
        loggamma_near_1(x - 1.0)
    }
}

/// `ln Γ(2 - y)`.
fn loggamma_near_2(y: f64) -> f64 {
    y * polynomial(&LGAMMA_A, y) - 0.5 * y
}

/// `ln Γ(1.4616... + y)`, about the minimum of Γ.
fn loggamma_near_minimum(y: f64) -> f64 {
    let low = -3.638_676_997_039_505e-18;
    -0.121_486_290_535_849_61 + (y * y * polynomial(&LGAMMA_T, y) - low)
}

/// `ln Γ(1 + y)`.
fn loggamma_near_1(y: f64) -> f64 {
    y * polynomial(&LGAMMA_U, y) / polynomial(&LGAMMA_V, y) - 0.5 * y
}

/// `ln Γ(x)` for `x` from 2 to 8, by the recurrence from the interval from 2 to 3.
fn loggamma_2_to_8(x: f64) -> f64 {
    let y = x - x.trunc();
    let base = 0.5 * y + y * polynomial(&LGAMMA_S, y) / polynomial(&LGAMMA_R, y);
    let mut product = 1.0;
    let mut factor = x - 1.0;
    while factor >= 2.0 {
        product *= factor;
        factor -= 1.0;
    }
    base + product.ln()
}

/// `m!` for integral `m`.
fn factorial(m: f64) -> f64 {
    gamma(m + 1.0).round()
}
