// Elementary functions in two doubles to about 100 bits, for values near roots, where all else cancels.

/// `e^(x + low)` for `|x|` up to 700: `e^r 2^k`, where `e^(r/16) - 1` by its power series is squared four times.
fn exp_fine(x: f64, low: f64) -> (f64, f64) {
    let k = (x / std::f64::consts::LN_2).round();
    // The high part of ln 2 has 32 bits, so that its multiples are exact.
    let (r, r_low) = plus_two(x, low, -k * 0.693_147_180_369_123_8, 0.0);
    let (part, part_low) = times_two(
        1.908_214_929_270_587_7e-10,
        1.161_222_722_936_253_2e-26,
        k,
        0.0,
    );
    let (r, r_low) = plus_two(r, r_low, -part, -part_low);
    let (r, r_low) = (0.0625 * r, 0.0625 * r_low);
    let (mut sum, mut sum_low) = (1.0, 0.0);
    for n in (2..=14).rev() {
        let (factor, factor_low) = over_two(r, r_low, f64::from(n), 0.0);
        (sum, sum_low) = times_two(sum, sum_low, factor, factor_low);
        (sum, sum_low) = plus_two(1.0, 0.0, sum, sum_low);
    }
    (sum, sum_low) = times_two(sum, sum_low, r, r_low);
    for _ in 0..4 {
        let (square, square_low) = times_two(sum, sum_low, sum, sum_low);
        (sum, sum_low) = plus_two(2.0 * sum, 2.0 * sum_low, square, square_low);
    }
    let (value, rest) = plus_two(1.0, 0.0, sum, sum_low);
    let scale = 2.0_f64.powf(k);
    (value * scale, rest * scale)
}

/// `ln(x + low)` for `x` from 1e-300 to 1e300: the logarithm and a step of Newton's method.
fn log_fine(x: f64, low: f64) -> (f64, f64) {
    let log = x.ln();
    let (e, e_low) = exp_fine(-log, 0.0);
    let (ratio, ratio_low) = times_two(x, low, e, e_low);
    let (rest, rest_low) = plus_two(ratio, ratio_low, -1.0, 0.0);
    plus_two(log, 0.0, rest, rest_low - 0.5 * rest * rest)
}

/// Sine and cosine of `x + low` for `|x|` up to 1, by their power series.
fn sin_cos_fine(x: f64, low: f64) -> (f64, f64, f64, f64) {
    let (square, square_low) = times_two(x, low, x, low);
    let (mut sin, mut sin_low, mut cos, mut cos_low) = (1.0, 0.0, 1.0, 0.0);
    for k in (1..=14).rev() {
        let n = f64::from(2 * k);
        let (factor, factor_low) = over_two(-square, -square_low, n * (n + 1.0), 0.0);
        (sin, sin_low) = times_two(sin, sin_low, factor, factor_low);
        (sin, sin_low) = plus_two(1.0, 0.0, sin, sin_low);
        let (factor, factor_low) = over_two(-square, -square_low, n * (n - 1.0), 0.0);
        (cos, cos_low) = times_two(cos, cos_low, factor, factor_low);
        (cos, cos_low) = plus_two(1.0, 0.0, cos, cos_low);
    }
    (sin, sin_low) = times_two(sin, sin_low, x, low);
    (sin, sin_low, cos, cos_low)
}

/// Sine and cosine of `x` radians; beyond 1e30 with the digits of one double.
fn sin_cos_radians_fine(x: f64) -> (f64, f64, f64, f64) {
    if x.is_nan() || x.abs() > 1e30 {
        return (x.sin(), 0.0, x.cos(), 0.0);
    }
    let (angle, low, quarters) = radians_in_quarters(x);
    let (sin, sin_low, cos, cos_low) = sin_cos_fine(angle, low);
    turned(sin, sin_low, cos, cos_low, quarters)
}

/// Sine and cosine of `πx`.
fn sin_cos_half_turns_fine(x: f64) -> (f64, f64, f64, f64) {
    let r = x % 2.0;
    let quarters = (2.0 * r).round();
    let pi_low = 1.224_646_799_147_353_2e-16;
    let (angle, low) = times_two(r - 0.5 * quarters, 0.0, std::f64::consts::PI, pi_low);
    let (sin, sin_low, cos, cos_low) = sin_cos_fine(angle, low);
    turned(sin, sin_low, cos, cos_low, quarters)
}
