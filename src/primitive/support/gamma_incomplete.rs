// The incomplete gamma functions, in two doubles but for their extremes.

/// `P(a, x)`, the regularised lower incomplete gamma function.
fn gamma_inc(a: f64, x: f64) -> f64 {
    if !(a > 0.0 && x >= 0.0) {
        f64::NAN
    } else if x == 0.0 {
        0.0
    } else if a > 1e10 {
        gamma_inc_uniform(a, x)
    } else if x > 2.0 * a + 2000.0 {
        // The rest is below e^-1000.
        1.0
    } else if x < a + 1.0 {
        let (value, low) = gamma_inc_two(a, x);
        joined(value, low)
    } else {
        let (density, low) = gamma_density_two(a, x);
        let (density, low) = times_two(density, low, a, 0.0);
        let (fraction, fraction_low) = gamma_fraction_two(a, x);
        let (value, low) = more_two(1.0, 0.0, -density, -low, fraction, fraction_low);
        joined(value, low)
    }
}

/// `Γ(a, x)`, the upper incomplete gamma function.
fn gamma_upper(a: f64, x: f64) -> f64 {
    if !(a > 0.0 && x >= 0.0) {
        f64::NAN
    } else if x == 0.0 {
        gamma(a)
    } else if a > 1e10 {
        gamma_upper_range(a, x)
    } else if x >= max(a, 1.0) {
        let (half, half_low) = gamma_half_power_two(a, x);
        let (fraction, fraction_low) = gamma_fraction_two(a, x);
        let (value, low) = times_two(half, half_low, fraction, fraction_low);
        let (value, low) = times_two(value, low, half, half_low);
        joined(value, low)
    } else if a > 171.7 {
        f64::INFINITY
    } else if a > 0.5 {
        let (share, share_low) = gamma_inc_two(a, x);
        let (rest, rest_low) = plus_two(1.0, 0.0, -share, -share_low);
        let (whole, whole_low) = gamma_two(a, 0.0);
        let (value, low) = times_two(rest, rest_low, whole, whole_low);
        joined(value, low) * GAMMA_SCALE
    } else {
        let (value, low) = gamma_upper_near(a, x);
        joined(value, low)
    }
}

/// `Γ(a, x)` for `a` and `x` up to 1 as `Γ(a) - 1/a`, less `(x^a - 1)/a` and the rest of the series of the lower
/// function: no `1/a` is left.
fn gamma_upper_near(a: f64, x: f64) -> (f64, f64) {
    // (1/Γ(1 + a) - 1)/a, and over -1/Γ(1 + a) then.
    let tail = a * polynomial(&GAMMA_RECIPROCAL[3..], a);
    let (slope, slope_low) = plus_two(GAMMA_RECIPROCAL[2], 2.137_185_197_068_536e-17, tail, 0.0);
    let (slope, slope_low) = times_two(slope, slope_low, a, 0.0);
    let (slope, slope_low) = plus_two(EULER, EULER_LOW, slope, slope_low);
    let (bottom, bottom_low) = gamma_reciprocal_two(a, 0.0);
    let (value, low) = over_two(-slope, -slope_low, bottom, bottom_low);
    let (log, log_low) = log_two(x, 0.0);
    let (exponent, exponent_low) = times_two(log, log_low, a, 0.0);
    let (grown, grown_low) = expm1_two(exponent, exponent_low);
    let (part, part_low) = over_two(-grown, -grown_low, a, 0.0);
    let (value, low) = plus_two(value, low, part, part_low);
    // Σ (-x)^k/(k! (a + k)) from 1.
    let (mut sum, mut sum_low, mut term, mut term_low) = (0.0, 0.0, 1.0, 0.0);
    for k in 1..25 {
        let k = f64::from(k);
        let (factor, factor_low) = over_two(-x, 0.0, k, 0.0);
        (term, term_low) = times_two(term, term_low, factor, factor_low);
        let (bottom, bottom_low) = sum_two(k, a);
        let (part, part_low) = over_two(term, term_low, bottom, bottom_low);
        (sum, sum_low) = plus_two(sum, sum_low, part, part_low);
    }
    let (power, power_low) = plus_two(1.0, 0.0, grown, grown_low);
    more_two(value, low, -power, -power_low, sum, sum_low)
}

/// `P(a, x)` for `a` above 1e10, where the first term of Temme's uniform expansion (1979) has all digits.
fn gamma_inc_uniform(a: f64, x: f64) -> f64 {
    let distance = (x - a) / a;
    if a.is_infinite() {
        return if x < a { 0.0 } else { f64::NAN };
    }
    if distance.abs() > 1e-3 {
        return if x < a { 0.0 } else { 1.0 };
    }
    let half_square = -log1pmx(distance);
    let eta = (2.0 * half_square).sqrt().copysign(distance);
    let first = polynomial(&[-1.0 / 3.0, 1.0 / 12.0, -2.0 / 135.0, 1.0 / 864.0], eta);
    let scale = (2.0 * std::f64::consts::PI * a).sqrt();
    0.5 * erfc(-eta * (0.5 * a).sqrt()) - (-a * half_square).exp() / scale * first
}

/// `Γ(a, x)` for `a` above 1e10: infinite or 0, and NaN in between, where `x^(a - 1) e^-x` is neither.
fn gamma_upper_range(a: f64, x: f64) -> f64 {
    if a.is_infinite() {
        return if x < a { f64::INFINITY } else { f64::NAN };
    }
    let log = (a - 1.0) * x.ln() - x;
    if x < 2.0 * a || log > 800.0 {
        f64::INFINITY
    } else if log < -800.0 || x.is_infinite() {
        0.0
    } else {
        f64::NAN
    }
}

/// `P(a, x)` for `x` up to `a + 1`: `e^-x x^a/Γ(a + 1)` times `Σ x^k/((a + 1)...(a + k))`.
fn gamma_inc_two(a: f64, x: f64) -> (f64, f64) {
    let (mut sum, mut low, mut term, mut term_low) = (1.0, 0.0, 1.0, 0.0);
    let mut k = 1.0;
    while term > 1e-20 * sum && k < 1e6 {
        let (bottom, bottom_low) = sum_two(k, a);
        let (factor, factor_low) = over_two(x, 0.0, bottom, bottom_low);
        (term, term_low) = times_two(term, term_low, factor, factor_low);
        (sum, low) = plus_two(sum, low, term, term_low);
        k += 1.0;
    }
    let (density, density_low) = gamma_density_two(a, x);
    times_two(sum, low, density, density_low)
}

/// `e^-x x^a/Γ(a + 1)`; for large `a` relative to its maximum, so that nothing large cancels (Loader 2000).
fn gamma_density_two(a: f64, x: f64) -> (f64, f64) {
    if a < 16.0 {
        let (half, half_low) = gamma_half_power_two(a, x);
        let (order, order_low) = sum_two(1.0, a);
        let (bottom, bottom_low) = gamma_two(order, order_low);
        let (value, low) = over_two(half, half_low, bottom, bottom_low);
        let (value, low) = times_two(value, low, half, half_low);
        return (value / GAMMA_SCALE, low / GAMMA_SCALE);
    }
    // a (ln(x/a) + 1 - x/a) - the rest of Stirling's series, over √(2πa)
    let (difference, rest) = sum_two(a, -x);
    let (log, log_low) = if difference.abs() < 0.5 * a {
        let (share, share_low) = over_two(-difference, -rest, a, 0.0);
        log1p_two(share, share_low)
    } else {
        let (share, share_low) = over_two(x, 0.0, a, 0.0);
        log_two(share, share_low)
    };
    let (exponent, low) = more_two(difference, rest, log, log_low, a, 0.0);
    let (exponent, low) = plus_two(exponent, low, -stirling_correction(a), 0.0);
    let (value, low) = exp_of_two(exponent, low);
    let (square, square_low) = times_two(
        2.0 * std::f64::consts::PI,
        2.449_293_598_294_706_4e-16,
        a,
        0.0,
    );
    let (scale, scale_low) = root_two(square, square_low);
    over_two(value, low, scale, scale_low)
}

/// The square root of `e^-x x^a`, which is in range where its product with other factors is.
fn gamma_half_power_two(a: f64, x: f64) -> (f64, f64) {
    let (log, log_low) = log_two(x, 0.0);
    let (exponent, low) = more_two(-x, 0.0, log, log_low, a, 0.0);
    exp_of_two(0.5 * exponent, 0.5 * low)
}

/// `e^x x^-a Γ(a, x)` by the continued fraction `1/(x + 1 - a - 1(1 - a)/(x + 3 - a - ...))`, for `x` from
/// `a` and 1 on, from the far end.
fn gamma_fraction_two(a: f64, x: f64) -> (f64, f64) {
    let mut k = (40.0 + 120.0 / x + 6.0 * a.sqrt()).trunc();
    let (start, start_low) = sum_two(x, -a);
    let (mut tail, mut low) = plus_two(2.0 * k + 1.0, 0.0, start, start_low);
    while k > 0.0 {
        let (factor, factor_low) = sum_two(k, -a);
        let (top, top_low) = times_two(factor, factor_low, -k, 0.0);
        (tail, low) = over_two(top, top_low, tail, low);
        (tail, low) = plus_two(tail, low, start, start_low);
        (tail, low) = plus_two(2.0 * k - 1.0, 0.0, tail, low);
        k -= 1.0;
    }
    over_two(1.0, 0.0, tail, low)
}
