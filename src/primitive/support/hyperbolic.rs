// Hyperbolic functions beside the standard library's sinh, cosh and tanh, and all the inverses: those of
// the standard library lose up to ten bits. Inverses after FDLIBM (e_acosh.c, s_asinh.c, e_atanh.c).

/// `1/cosh x`, without overflow: `2e/(1 + e^2)` with `e = e^-|x|`.
fn sech(x: f64) -> f64 {
    if x.abs() > 700.0 {
        let half = (-0.5 * x.abs()).exp();
        return 2.0 * half * half;
    }
    let e = (-x.abs()).exp();
    let square = e * e;
    let sum = 1.0 + square;
    let low = square - (sum - 1.0) + e.mul_add(e, -square);
    // The quotient with its rounding error and that of the sum taken back.
    let quotient = 2.0 / sum;
    let rest = 0.5 * quotient * ((-quotient).mul_add(sum, 2.0) - quotient * low);
    e.mul_add(quotient, e * rest)
}

/// `1/sinh x`, without overflow.
fn csch(x: f64) -> f64 {
    if x.is_nan() || x.abs() > 350.0 {
        let half = (-0.5 * x.abs()).exp();
        return (2.0 * half * half).copysign(x);
    }
    let (sinh, sinh_low, _, _) = sinh_cosh_two(x);
    let (value, low) = over_two(1.0, 0.0, sinh, sinh_low);
    joined(value, low)
}

/// `1/tanh x`.
fn coth(x: f64) -> f64 {
    if x.is_nan() || x.abs() > 20.0 {
        return sign(x);
    }
    let (sinh, sinh_low, cosh, cosh_low) = sinh_cosh_two(x);
    let (value, low) = over_two(cosh, cosh_low, sinh, sinh_low);
    joined(value, low)
}

/// The inverse of sinh.
fn asinh(x: f64) -> f64 {
    let a = x.abs();
    let value = if a > 1e9 {
        a.ln() + std::f64::consts::LN_2
    } else if a < 1e-9 {
        a
    } else {
        // ln(1 + a + a^2/(1 + √(1 + a^2)))
        let (square, square_low) = product_two(a, a);
        let (sum, sum_low) = plus_two(1.0, 0.0, square, square_low);
        let (root, root_low) = root_two(sum, sum_low);
        let (bottom, bottom_low) = plus_two(1.0, 0.0, root, root_low);
        let (part, part_low) = over_two(square, square_low, bottom, bottom_low);
        let (sum, sum_low) = plus_two(a, 0.0, part, part_low);
        let (log, low) = log1p_two(sum, sum_low);
        log + low
    };
    value.copysign(x)
}

/// The inverse of cosh, not negative.
fn acosh(x: f64) -> f64 {
    if x > 1e9 {
        x.ln() + std::f64::consts::LN_2
    } else {
        let (t, t_low) = sum_two(x, -1.0);
        acosh_beyond(t, t_low)
    }
}

/// The inverse of cosh at `1 + t + low`: `ln(1 + t + √(t (2 + t)))`.
fn acosh_beyond(t: f64, low: f64) -> f64 {
    let (sum, sum_low) = plus_two(2.0, 0.0, t, low);
    let (product, product_low) = times_two(t, low, sum, sum_low);
    let (root, root_low) = root_two(product, product_low);
    let (sum, sum_low) = plus_two(root, root_low, t, low);
    let (log, rest) = log1p_two(sum, sum_low);
    joined(log, rest)
}

/// The inverse of tanh.
fn atanh(x: f64) -> f64 {
    let a = x.abs();
    let (bottom, bottom_low) = sum_two(1.0, -a);
    let (ratio, ratio_low) = over_two(2.0 * a, 0.0, bottom, bottom_low);
    let (twice, low) = log1p_two(ratio, ratio_low);
    joined(0.5 * twice, 0.5 * low).copysign(x)
}

/// The inverse of sech, not negative.
fn asech(x: f64) -> f64 {
    if x < 1e-9 {
        std::f64::consts::LN_2 - x.ln()
    } else {
        let (top, top_low) = sum_two(1.0, -x);
        let (t, low) = over_two(top, top_low, x, 0.0);
        acosh_beyond(t, low)
    }
}

/// The inverse of csch.
fn acsch(x: f64) -> f64 {
    if x.abs() < 1e-9 {
        (std::f64::consts::LN_2 - x.abs().ln()).copysign(x)
    } else {
        let (inverse, low) = over_two(1.0, 0.0, x, 0.0);
        asinh(inverse) + low / inverse.hypot(1.0)
    }
}

/// The inverse of coth.
fn acoth(x: f64) -> f64 {
    let (bottom, bottom_low) = sum_two(x.abs(), -1.0);
    let (ratio, ratio_low) = over_two(2.0, 0.0, bottom, bottom_low);
    let (twice, low) = log1p_two(ratio, ratio_low);
    joined(0.5 * twice, 0.5 * low).copysign(x)
}

/// `ln cosh x`.
fn logcosh(x: f64) -> f64 {
    let a = x.abs();
    if a < 1.0 {
        return a * (a * polynomial(&LOGCOSH, a * a));
    }
    minus_ln_2(a) + (-2.0 * a).exp().ln_1p()
}

/// `ln |sinh x|`, exact near its roots `±ln(1 + √2)`.
fn logabssinh(x: f64) -> f64 {
    let a = x.abs();
    if a > 1.3 {
        minus_ln_2(a) + (-(-2.0 * a).exp()).ln_1p()
    } else if a > 0.7 {
        // sinh a - 1 = 2 cosh((a + root)/2) sinh((a - root)/2).
        let (root, root_low) = (0.881_373_587_019_543, -2.250_545_892_825_866e-17);
        let (offset, low) = sum_two(a, -root);
        let (sinh, sinh_low, _, _) = sinh_cosh_two(0.5 * offset);
        let sinh_low = sinh_low + 0.5 * (low - root_low);
        let (middle, low) = sum_two(a, root);
        let (slope, _, cosh, cosh_low) = sinh_cosh_two(0.5 * middle);
        let cosh_low = cosh_low + 0.5 * (low + root_low) * slope;
        let (product, product_low) = times_two(2.0 * sinh, 2.0 * sinh_low, cosh, cosh_low);
        let (value, rest) = log1p_two(product, product_low);
        value + rest
    } else {
        let (sinh, sinh_low, _, _) = sinh_cosh_two(a);
        let (value, rest) = log_two(sinh, sinh_low);
        joined(value, rest)
    }
}

/// `ln |tanh x|`.
fn logabstanh(x: f64) -> f64 {
    let a = x.abs();
    if a > 0.3 {
        let (e, e_low) = exp_two(-2.0 * a);
        let (bottom, bottom_low) = plus_two(1.0, 0.0, -e, -e_low);
        let (ratio, ratio_low) = over_two(2.0 * e, 2.0 * e_low, bottom, bottom_low);
        let (value, low) = log1p_two(ratio, ratio_low);
        -(value + low)
    } else {
        let (sinh, sinh_low, cosh, cosh_low) = sinh_cosh_two(a);
        let (tanh, tanh_low) = over_two(sinh, sinh_low, cosh, cosh_low);
        let (value, rest) = log_two(tanh, tanh_low);
        joined(value, rest)
    }
}
