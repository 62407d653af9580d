// Exponential, sine and cosine integrals.

/// Euler's constant.
const EULER: f64 = 0.577_215_664_901_532_9;

/// What its double lacks.
const EULER_LOW: f64 = -4.942_915_152_430_645e-18;

/// `E1(x)`, the integral of `e^-t/t` from `x` on.
fn expint(x: f64) -> f64 {
    if x < 0.0 {
        f64::NAN
    } else if x < 1.0 {
        let (value, low) = expint_near(x);
        joined(value, low)
    } else if x > 700.0 {
        // The exponential in two factors: the whole loses digits before the product does.
        let half = (-0.5 * x).exp();
        half * expintx(x) * half
    } else {
        let (scaled, scaled_low) = exponential_fraction(1.0, x);
        let (decay, decay_low) = exp_two(-x);
        let (value, low) = times_two(scaled, scaled_low, decay, decay_low);
        value + low
    }
}

/// `E1(x)` for `x` up to 1: `-γ - ln x - Σ (-x)^k/(k k!)`.
fn expint_near(x: f64) -> (f64, f64) {
    let (log, log_low) = log_two(x, 0.0);
    let (sum, low) = plus_two(log, log_low, EULER, EULER_LOW);
    let (series, series_low) = exponential_series(-x);
    let (sum, low) = plus_two(sum, low, series, series_low);
    (-sum, -low)
}

/// `e^x E1(x)`; from 1 on by its continued fraction.
fn expintx(x: f64) -> f64 {
    if x < 1.0 {
        if x <= 0.0 {
            return x.exp() * expint(x);
        }
        let (near, near_low) = expint_near(x);
        let (grown, grown_low) = exp_two(x);
        let (value, low) = times_two(near, near_low, grown, grown_low);
        joined(value, low)
    } else if x > 1e16 {
        1.0 / x
    } else {
        let (value, low) = exponential_fraction(1.0, x);
        joined(value, low)
    }
}

/// `Ei(x)`, the principal value of the integral of `e^t/t` up to `x`.
fn expinti(x: f64) -> f64 {
    if x < 0.0 {
        -expint(-x)
    } else if (0.2..0.75).contains(&x) {
        let root = 0.372_507_410_781_366_6;
        let offset = (x - root) - 1.314_018_341_438_602_8e-17;
        (offset / root).ln_1p() + offset * series_slope(&EI_SERIES, x, root)
    } else if x < 40.0 {
        let (log, log_low) = log_two(x, 0.0);
        let (sum, low) = plus_two(log, log_low, EULER, EULER_LOW);
        let (series, series_low) = exponential_series(x);
        let (value, low) = plus_two(sum, low, series, series_low);
        joined(value, low)
    } else {
        // e^x/x (1 + 1/x (1 + 2/x (1 + 3/x (1 + ...))))
        let tail = (1..=38)
            .rev()
            .fold(0.0, |sum, k| f64::from(k) / x * (1.0 + sum));
        if x > 700.0 {
            // In two factors: e^x overflows before the quotient does.
            return (0.5 * x).exp() / x * (1.0 + tail) * (0.5 * x).exp();
        }
        let (grown, low) = exp_two(x);
        let (value, low) = over_two(grown, low, x, 0.0);
        value + (low + value * tail)
    }
}

/// `(P(x) - P(root))/(x - root)` for the polynomial with these coefficients of `x`, `x^2`, ...
fn series_slope(coefficients: &[f64], x: f64, root: f64) -> f64 {
    let (mut at_root, mut slope) = (0.0, 0.0);
    for c in coefficients.iter().rev() {
        at_root = at_root * root + c;
        slope = slope * x + at_root;
    }
    slope
}

/// The sum of `x^k/(k k!)` for `k` from 1.
fn exponential_series(x: f64) -> (f64, f64) {
    let (mut sum, mut low) = (1.0, 0.0);
    let count = 20 + (3.5 * x.abs()) as i32;
    for k in (1..=count).rev() {
        let k = f64::from(k);
        let (factor, factor_low) =
            over_two(x * k, x.mul_add(k, -x * k), (k + 1.0) * (k + 1.0), 0.0);
        (sum, low) = times_two(sum, low, factor, factor_low);
        (sum, low) = plus_two(1.0, 0.0, sum, low);
    }
    times_two(sum, low, x, 0.0)
}

/// `e^x E_n(x)` for `x` from 0.7 on: `1/(x + n/(1 + 1/(x + (n + 1)/(1 + 2/(x + ...)))))`, all terms positive,
/// from the far end.
fn exponential_fraction(n: f64, x: f64) -> (f64, f64) {
    let count = 30 + (120.0 / x) as i32;
    let (mut tail, mut low) = (x, 0.0);
    for k in (1..=count).rev() {
        let k = f64::from(k);
        (tail, low) = over_two(k, 0.0, tail, low);
        (tail, low) = plus_two(1.0, 0.0, tail, low);
        (tail, low) = over_two(n + k - 1.0, 0.0, tail, low);
        (tail, low) = plus_two(x, 0.0, tail, low);
    }
    over_two(1.0, 0.0, tail, low)
}

/// `E_n(x)`, the integral of `e^(-xt)/t^n` from 1 on, for integral `n`.
fn expint_n(n: f64, x: f64) -> f64 {
    if n != n.trunc() || x.is_nan() || x < 0.0 {
        return f64::NAN;
    }
    if n <= 0.0 {
        if n < -ORDER_LIMIT {
            // Far from the order at least: between Γ(1 - n)/(2 x^(1 - n)) and e^-x/(x + n).
            return if x < -0.1 * n {
                f64::INFINITY
            } else if x + n > 800.0 {
                0.0
            } else {
                f64::NAN
            };
        }
        // Upwards from E_0 = e^-x/x, all terms positive: E_-k = (e^-x + k E_(1-k))/x.
        let (decay, decay_low) = exp_two(-x);
        let (mut value, mut low) = over_two(decay, decay_low, x, 0.0);
        let mut k = 1.0;
        while k <= -n && value < f64::INFINITY {
            (value, low) = more_two(decay, decay_low, value, low, k, 0.0);
            (value, low) = over_two(value, low, x, 0.0);
            k += 1.0;
        }
        return joined(value, low);
    }
    if x == 0.0 {
        return if n > 1.0 {
            1.0 / (n - 1.0)
        } else {
            f64::INFINITY
        };
    }
    if x >= 0.7 {
        let (value, low) = exponential_fraction(n, x);
        if x > 700.0 {
            // The exponential in two factors: the whole loses digits before the product does.
            let half = (-0.5 * x).exp();
            return half * value * half;
        }
        let (decay, decay_low) = exp_two(-x);
        let (product, rest) = times_two(value, low, decay, decay_low);
        return product + rest;
    }
    let (value, low) = expint_n_near(n, x);
    joined(value, low)
}

/// `E_n(x)` for `n >= 1` and `x` up to 0.7, by the power series (Abramowitz and Stegun 5.1.12).
fn expint_n_near(n: f64, x: f64) -> (f64, f64) {
    let (mut sum, mut low, mut term, mut term_low) = (0.0, 0.0, 1.0, 0.0);
    for k in 0..24 {
        let k = f64::from(k);
        if k > 0.0 {
            let (factor, factor_low) = over_two(-x, 0.0, k, 0.0);
            (term, term_low) = times_two(term, term_low, factor, factor_low);
        }
        let (factor, factor_low) = if k == n - 1.0 {
            let (psi, psi_low) = digamma_two(n, 0.0);
            let (log, log_low) = log_two(x, 0.0);
            plus_two(psi, psi_low, -log, -log_low)
        } else {
            over_two(1.0, 0.0, n - 1.0 - k, 0.0)
        };
        (sum, low) = more_two(sum, low, term, term_low, factor, factor_low);
    }
    (sum, low)
}

/// `Si(x)`, the integral of `sin(t)/t` from 0.
fn sinint(x: f64) -> f64 {
    let a = x.abs();
    if a.is_infinite() {
        return std::f64::consts::FRAC_PI_2.copysign(x);
    }
    let value = if a < 20.0 {
        let (sum, low) = integral_series(a, 1.0);
        sum + low
    } else {
        let (f, f_low, g, g_low) = sine_integral_parts(a);
        let (sin, sin_low, cos, cos_low) = sin_cos_radians(a);
        let (part, low) = times_two(f, f_low, cos, cos_low);
        let (part, low) = more_two(part, low, g, g_low, sin, sin_low);
        std::f64::consts::FRAC_PI_2 - (part + (low - 6.123_233_995_736_766e-17))
    };
    value.copysign(x)
}

/// `Ci(x)`, the integral of `-cos(t)/t` from `x` on.
fn cosint(x: f64) -> f64 {
    if x < 0.0 {
        return f64::NAN;
    }
    if x.is_infinite() {
        return 0.0;
    }
    if x > 10.0 {
        let (f, f_low, g, g_low) = sine_integral_parts(x);
        let (sin, sin_low, cos, cos_low) = sin_cos_radians_fine(x);
        let (part, low) = times_two(f, f_low, sin, sin_low);
        let (value, low) = more_two(part, low, -g, -g_low, cos, cos_low);
        return joined(value, low);
    }
    if (0.3..1.2).contains(&x) {
        let root = 0.616_505_485_620_716_3;
        let offset = (x - root) + 4.209_920_321_433_186e-17;
        let slope = (x + root) * series_slope(&CI_SERIES, x * x, root * root);
        return (offset / root).ln_1p() + offset * slope;
    }
    let (sum, sum_low) = integral_series(x, 2.0);
    let (log, log_low) = if x > 1.0 {
        log_fine(x, 0.0)
    } else {
        log_two(x, 0.0)
    };
    let (log, log_low) = plus_two(log, log_low, EULER, EULER_LOW);
    let (value, low) = plus_two(log, log_low, sum, sum_low);
    joined(value, low)
}

/// The sum of `±x^n/(n n!)` for `n` from `first` in steps of 2, the first term negative for `first` 2, positive for 1.
fn integral_series(x: f64, first: f64) -> (f64, f64) {
    let (square, square_low) = product_two(x, x);
    let (mut sum, mut low) = (1.0, 0.0);
    let mut n = first + 2.0 * (14.0 + 1.5 * x).trunc();
    while n > first {
        n -= 2.0;
        // The factor from the term n to the next.
        let bottom = (n + 1.0) * (n + 2.0) * (n + 2.0);
        let (factor, factor_low) = over_two(-n, 0.0, bottom, 0.0);
        let (factor, factor_low) = times_two(factor, factor_low, square, square_low);
        (sum, low) = times_two(sum, low, factor, factor_low);
        (sum, low) = plus_two(1.0, 0.0, sum, low);
    }
    if first == 1.0 {
        times_two(sum, low, x, 0.0)
    } else {
        times_two(sum, low, -0.25 * square, -0.25 * square_low)
    }
}

/// The auxiliary functions `f` and `g` of the sine and cosine integrals, from 10 on: real and imaginary part
/// of `g + if = e^(ix) E1(ix)` conjugated, by the continued fraction `1/(z + 1 - 1/(z + 3 - 4/(z + 5 - ...)))`.
fn sine_integral_parts(x: f64) -> (f64, f64, f64, f64) {
    let count = 10 + (700.0 / x) as i32;
    let (mut re, mut re_low, mut im, mut im_low) = (f64::from(2 * count + 1), 0.0, x, 0.0);
    for k in (0..=count).rev() {
        // The reciprocal of the conjugate.
        let (norm, norm_low) = times_two(re, re_low, re, re_low);
        let (norm, norm_low) = more_two(norm, norm_low, im, im_low, im, im_low);
        (re, re_low) = over_two(re, re_low, norm, norm_low);
        (im, im_low) = over_two(im, im_low, norm, norm_low);
        if k > 0 {
            let k = f64::from(k);
            let square = k * k;
            (re, re_low) = more_two(2.0 * k - 1.0, 0.0, -square, 0.0, re, re_low);
            (im, im_low) = more_two(x, 0.0, square, 0.0, im, im_low);
        }
    }
    (im, im_low, re, re_low)
}

/// The n-th derivative of `e^x E1(x)`, `(-1)^n n! x^-n e^x E_(n + 1)(x)`.
fn expintx_n(n: f64, x: f64) -> f64 {
    if !is_order(n) || x.is_nan() || x < 0.0 {
        return f64::NAN;
    }
    let scaled = if x < 0.7 {
        x.exp() * expint_n(n + 1.0, x)
    } else {
        exponential_fraction(n + 1.0, x).0
    };
    let sign = if n % 2.0 == 0.0 { 1.0 } else { -1.0 };
    sign * factorial(n) * scaled / x.powf(n)
}
