// Airy functions in two doubles: near 0 by their power series, far out by their asymptotic series, and in between,
// where Ai needs it, by Bessel functions of orders 1/3 and 2/3.

/// `Ai(x)`.
fn airyai(x: f64) -> f64 {
    if x > AIRY_SERIES {
        let (value, low) = airy_falling(x, 0.0);
        return airy_decayed(x, value, low);
    }
    let (value, low) = airy_two(x, 0.0);
    joined(value, low)
}

/// `Ai'(x)`.
fn airyaiprime(x: f64) -> f64 {
    if x > AIRY_SERIES {
        let (value, low) = airy_falling(x, 1.0);
        return airy_decayed(x, value, low);
    }
    let (value, low) = airy_two(x, 1.0);
    joined(value, low)
}

/// `Bi(x)`.
fn airybi(x: f64) -> f64 {
    if x > AIRY_FAR {
        let (value, low) = airy_growing(x, 0.0);
        return airy_grown(x, value, low);
    }
    let (value, low) = airy_two(x, 2.0);
    joined(value, low)
}

/// `Bi'(x)`.
fn airybiprime(x: f64) -> f64 {
    if x > AIRY_FAR {
        let (value, low) = airy_growing(x, 1.0);
        return airy_grown(x, value, low);
    }
    let (value, low) = airy_two(x, 3.0);
    joined(value, low)
}

/// `e^ζ Ai(x)` with `ζ = 2/3 x^(3/2)`, for `x >= 0`.
fn airyaix(x: f64) -> f64 {
    let (value, low) = if x > AIRY_FAR {
        airy_falling(x, 0.0)
    } else {
        airy_scaled_two(x, 0.0)
    };
    joined(value, low)
}

/// `e^ζ Ai'(x)` with `ζ = 2/3 x^(3/2)`, for `x >= 0`.
fn airyaiprimex(x: f64) -> f64 {
    let (value, low) = if x > AIRY_FAR {
        airy_falling(x, 1.0)
    } else {
        airy_scaled_two(x, 1.0)
    };
    joined(value, low)
}

/// `e^-ζ Bi(x)` with `ζ = 2/3 x^(3/2)`, for `x >= 0`.
fn airybix(x: f64) -> f64 {
    let (value, low) = if x > AIRY_FAR {
        airy_growing(x, 0.0)
    } else {
        airy_scaled(x, 2.0, -1.0)
    };
    joined(value, low)
}

/// `e^-ζ Bi'(x)` with `ζ = 2/3 x^(3/2)`, for `x >= 0`.
fn airybiprimex(x: f64) -> f64 {
    let (value, low) = if x > AIRY_FAR {
        airy_growing(x, 1.0)
    } else {
        airy_scaled(x, 3.0, -1.0)
    };
    joined(value, low)
}

/// The derivative of `airyaix`.
fn dairyaix(x: f64) -> f64 {
    airy_slope(x, 0.0)
}

/// The derivative of `airyaiprimex`.
fn dairyaiprimex(x: f64) -> f64 {
    airy_slope(x, 1.0)
}

/// The derivative of `airybix`.
fn dairybix(x: f64) -> f64 {
    airy_slope(x, 2.0)
}

/// The derivative of `airybiprimex`.
fn dairybiprimex(x: f64) -> f64 {
    airy_slope(x, 3.0)
}

/// The derivative of a scaled function, by number: in the far by that of the asymptotic series, else the other
/// function, times `x` for the derivatives, and `√x` times itself, which cancel mildly.
fn airy_slope(x: f64, which: f64) -> f64 {
    let falling = which < 2.0;
    let derivative = which % 2.0;
    if x > AIRY_FAR {
        // Each term of exponent e is multiplied by e/x: ±1/4 - 3k/2.
        let (even, even_low, odd, odd_low) = airy_sums(x, derivative, 1.0, true);
        let odd_sign = if falling { -1.0 } else { 1.0 };
        let (sum, low) = plus_two(even, even_low, odd_sign * odd, odd_sign * odd_low);
        let (amplitude, amplitude_low) = airy_amplitude(x, derivative);
        let (value, low) = times_two(amplitude, amplitude_low, sum, low);
        let (value, low) = over_two(value, low, x, 0.0);
        let factor = if falling { 0.5 - derivative } else { 1.0 };
        return factor * joined(value, low);
    }
    let (root, root_low) = root_two(x, 0.0);
    let sign = if falling { 1.0 } else { -1.0 };
    let (own, own_low) = airy_scaled_two(x, which);
    let (other, other_low) = airy_scaled_two(x, which + 1.0 - 2.0 * derivative);
    let (other, other_low) = if derivative == 0.0 {
        (other, other_low)
    } else {
        times_two(other, other_low, x, 0.0)
    };
    let (value, low) = more_two(other, other_low, sign * root, sign * root_low, own, own_low);
    joined(value, low)
}

/// A scaled function by number, up to `AIRY_FAR`.
fn airy_scaled_two(x: f64, which: f64) -> (f64, f64) {
    if which > 1.0 {
        airy_scaled(x, which, -1.0)
    } else if x > AIRY_SERIES {
        airy_falling(x, which)
    } else {
        airy_scaled(x, which, 1.0)
    }
}

/// Up to here the series of Ai has digits to lose.
const AIRY_SERIES: f64 = 5.0;

/// From this size on the asymptotic series have all digits.
const AIRY_FAR: f64 = 9.8;

/// `1/√π`, and what its double lacks.
const INVERSE_SQRT_PI: f64 = 0.564_189_583_547_756_3;
const INVERSE_SQRT_PI_LOW: f64 = 7.667_729_806_582_94e-18;

/// `ζ = 2/3 |x|^(3/2)`, and what its double lacks.
fn airy_zeta(x: f64) -> (f64, f64) {
    let a = x.abs();
    if a == 0.0 || a > 1e200 {
        return (a.powf(1.5) / 1.5, 0.0);
    }
    let root = a.sqrt();
    let root_low = (-root).mul_add(root, a) / (2.0 * root);
    let cube = a * root;
    let cube_low = a.mul_add(root, -cube) + a * root_low;
    let zeta = cube / 1.5;
    (zeta, ((-zeta).mul_add(1.5, cube) + cube_low) / 1.5)
}

/// A function by the power series times `e^(sign ζ)`.
fn airy_scaled(x: f64, which: f64, sign: f64) -> (f64, f64) {
    let (value, low) = airy_two(x, which);
    let (zeta, zeta_low) = airy_zeta(x);
    let (factor, factor_low) = exp_of_two(sign * zeta, sign * zeta_low);
    times_two(value, low, factor, factor_low)
}

/// A value in two doubles times `e^-ζ`.
fn airy_decayed(x: f64, value: f64, low: f64) -> f64 {
    let (zeta, zeta_low) = airy_zeta(x);
    if zeta > 700.0 {
        // In two factors: the exponential alone loses digits before the product does.
        let half = (-0.5 * zeta).exp();
        return half * (value - value * zeta_low) * half;
    }
    let (factor, factor_low) = exp_of_two(-zeta, -zeta_low);
    let (product, rest) = times_two(value, low, factor, factor_low);
    joined(product, rest)
}

/// A value in two doubles times `e^ζ`.
fn airy_grown(x: f64, value: f64, low: f64) -> f64 {
    let (zeta, zeta_low) = airy_zeta(x);
    if zeta > 700.0 {
        let half = (0.5 * zeta).exp();
        return half * (value + value * zeta_low) * half;
    }
    let (factor, factor_low) = exp_of_two(zeta, zeta_low);
    let (product, rest) = times_two(value, low, factor, factor_low);
    joined(product, rest)
}

/// `Ai`, `Ai'`, `Bi` or `Bi'`, by number, up to `AIRY_FAR`.
fn airy_two(x: f64, which: f64) -> (f64, f64) {
    if x < -AIRY_FAR {
        return airy_oscillating(-x, which);
    }
    let (f, f_low, g, g_low) = airy_series(x, which % 2.0);
    if which < 2.0 {
        return plus_two(f, f_low, -g, -g_low);
    }
    let (sum, low) = plus_two(f, f_low, g, g_low);
    times_two(
        sum,
        low,
        1.732_050_807_568_877_2,
        1.003_508_422_180_690_3e-16,
    )
}

/// The two power series `Ai(0) (1 + x^3/6 + ...)` and `-Ai'(0) (x + x^4/12 + ...)`, or their derivatives.
fn airy_series(x: f64, derivative: f64) -> (f64, f64, f64, f64) {
    let (square, square_low) = product_two(x, x);
    let (cube, cube_low) = times_two(square, square_low, x, 0.0);
    let (mut f, mut f_low, mut g, mut g_low) = (1.0, 0.0, 1.0, 0.0);
    let mut n = 3.0 * (16.0 + (1.5 * x.abs() * x.abs().sqrt()).trunc());
    while n > 0.0 {
        // The exponents are n and n + 1, or one less in the derivatives; f' = x^2/2 (...).
        let (bottom, other) = if derivative == 0.0 {
            (n * (n - 1.0), n * (n + 1.0))
        } else {
            (n * (n + 2.0), n * (n - 2.0))
        };
        let (factor, factor_low) = over_two(cube, cube_low, bottom, 0.0);
        (f, f_low) = times_two(f, f_low, factor, factor_low);
        (f, f_low) = plus_two(1.0, 0.0, f, f_low);
        let (factor, factor_low) = over_two(cube, cube_low, other, 0.0);
        (g, g_low) = times_two(g, g_low, factor, factor_low);
        (g, g_low) = plus_two(1.0, 0.0, g, g_low);
        n -= 3.0;
    }
    (f, f_low) = times_two(f, f_low, 0.355_028_053_887_817_2, 2.052_336_324_362_12e-17);
    (g, g_low) = times_two(
        g,
        g_low,
        0.258_819_403_792_806_8,
        -2.522_243_111_610_832e-17,
    );
    if derivative == 0.0 {
        (g, g_low) = times_two(g, g_low, x, 0.0);
    } else {
        (f, f_low) = times_two(f, f_low, 0.5 * square, 0.5 * square_low);
    }
    (f, f_low, g, g_low)
}

/// The sums of the even and odd terms of the asymptotic series, with `sign` between the terms of each; for the
/// `slope` each times its exponent of `x`, that of the amplitude included.
fn airy_sums(x: f64, derivative: f64, sign: f64, slope: bool) -> (f64, f64, f64, f64) {
    let (zeta, zeta_low) = airy_zeta(x);
    let first = if derivative == 0.0 { -0.25 } else { 0.25 };
    let (mut even, mut even_low, mut odd, mut odd_low) = (1.0, 0.0, 0.0, 0.0);
    if slope {
        even = first;
    }
    let (mut term, mut term_low) = (1.0, 0.0);
    let mut k = 1.0;
    while k < 2.0 * zeta && k < 60.0 && f64::abs(term) > 1e-20 {
        let top = (6.0 * k - 5.0) * (6.0 * k - 3.0) * (6.0 * k - 1.0);
        let (factor, factor_low) = over_two(top, 0.0, 216.0 * k * (2.0 * k - 1.0), 0.0);
        let (factor, factor_low) = over_two(factor, factor_low, zeta, zeta_low);
        (term, term_low) = times_two(term, term_low, factor, factor_low);
        if k % 2.0 == 0.0 {
            (term, term_low) = (sign * term, sign * term_low);
        }
        let (own, own_low) = if derivative == 0.0 {
            (term, term_low)
        } else {
            let (share, share_low) = over_two(6.0 * k + 1.0, 0.0, 1.0 - 6.0 * k, 0.0);
            times_two(term, term_low, share, share_low)
        };
        let (own, own_low) = if slope {
            times_two(own, own_low, first - 1.5 * k, 0.0)
        } else {
            (own, own_low)
        };
        if k % 2.0 == 1.0 {
            (odd, odd_low) = plus_two(odd, odd_low, own, own_low);
        } else {
            (even, even_low) = plus_two(even, even_low, own, own_low);
        }
        k += 1.0;
    }
    (even, even_low, odd, odd_low)
}

/// `1/√π` over the fourth root of `x`, or times it.
fn airy_amplitude(x: f64, derivative: f64) -> (f64, f64) {
    let (root, root_low) = root_two(x, 0.0);
    let (root, root_low) = root_two(root, root_low);
    if derivative == 0.0 {
        over_two(INVERSE_SQRT_PI, INVERSE_SQRT_PI_LOW, root, root_low)
    } else {
        times_two(INVERSE_SQRT_PI, INVERSE_SQRT_PI_LOW, root, root_low)
    }
}

/// `e^ζ Ai(x)` or `e^ζ Ai'(x)` for `x` from 1 on.
fn airy_falling(x: f64, derivative: f64) -> (f64, f64) {
    if x > AIRY_FAR {
        let (even, even_low, odd, odd_low) = airy_sums(x, derivative, 1.0, false);
        let (sum, low) = plus_two(even, even_low, -odd, -odd_low);
        let (amplitude, amplitude_low) = airy_amplitude(x, derivative);
        let half = if derivative == 0.0 { 0.5 } else { -0.5 };
        return times_two(half * amplitude, half * amplitude_low, sum, low);
    }
    // √(x/3)/π K_1/3(ζ) and -x/(π√3) K_2/3(ζ)
    let (zeta, zeta_low) = airy_zeta(x);
    let (order, order_low) = if derivative == 0.0 {
        (0.333_333_333_333_333_3, 1.850_371_707_708_594e-17)
    } else {
        (0.666_666_666_666_666_6, 3.700_743_415_417_188e-17)
    };
    let (value, low) = bessel_k_integral_two(0.0, order, order_low, zeta);
    let (slope, slope_low) = bessel_k_integral_two(1.0, order, order_low, zeta);
    let (value, low) = renewed(value, low + zeta_low * (slope + slope_low));
    let (factor, factor_low) = if derivative == 0.0 {
        let (third, third_low) = over_two(x, 0.0, 3.0, 0.0);
        root_two(third, third_low)
    } else {
        over_two(
            -x,
            0.0,
            1.732_050_807_568_877_2,
            1.003_508_422_180_690_3e-16,
        )
    };
    let (factor, factor_low) = times_two(
        factor,
        factor_low,
        std::f64::consts::FRAC_1_PI,
        -1.967_867_667_518_248_6e-17,
    );
    times_two(value, low, factor, factor_low)
}

/// `e^-ζ Bi(x)` or `e^-ζ Bi'(x)` for `x` from `AIRY_FAR` on.
fn airy_growing(x: f64, derivative: f64) -> (f64, f64) {
    let (even, even_low, odd, odd_low) = airy_sums(x, derivative, 1.0, false);
    let (sum, low) = plus_two(even, even_low, odd, odd_low);
    let (amplitude, amplitude_low) = airy_amplitude(x, derivative);
    times_two(amplitude, amplitude_low, sum, low)
}

/// `Ai`, `Ai'`, `Bi` or `Bi'`, by number, at `-x` for `x` from `AIRY_FAR` on.
fn airy_oscillating(x: f64, which: f64) -> (f64, f64) {
    let derivative = which % 2.0;
    let (even, even_low, odd, odd_low) = airy_sums(x, derivative, -1.0, false);
    let (amplitude, amplitude_low) = airy_amplitude(x, derivative);
    // Sine and cosine of ζ - π/4 are those of ζ, added and subtracted, over √2.
    let (zeta, zeta_low) = airy_zeta(x);
    let (sin, sin_low, cos, cos_low) = sin_cos_radians(zeta);
    let (sin_low, cos_low) = (sin_low + zeta_low * cos, cos_low - zeta_low * sin);
    let (s, s_low) = plus_two(sin, sin_low, -cos, -cos_low);
    let (c, c_low) = plus_two(cos, cos_low, sin, sin_low);
    let (value, low) = if which == 0.0 {
        let (first, first_low) = times_two(c, c_low, even, even_low);
        more_two(first, first_low, s, s_low, odd, odd_low)
    } else if which == 1.0 {
        let (first, first_low) = times_two(s, s_low, even, even_low);
        more_two(first, first_low, -c, -c_low, odd, odd_low)
    } else if which == 2.0 {
        let (first, first_low) = times_two(-s, -s_low, even, even_low);
        more_two(first, first_low, c, c_low, odd, odd_low)
    } else {
        let (first, first_low) = times_two(c, c_low, even, even_low);
        more_two(first, first_low, s, s_low, odd, odd_low)
    };
    let half_root_low = -4.833_646_656_726_457e-17;
    let (amplitude, amplitude_low) = times_two(
        amplitude,
        amplitude_low,
        std::f64::consts::FRAC_1_SQRT_2,
        half_root_low,
    );
    times_two(value, low, amplitude, amplitude_low)
}
