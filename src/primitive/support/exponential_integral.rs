// Exponential, sine and cosine integrals, and the incomplete gamma functions.

/// Euler's constant.
const EULER: f64 = 0.577_215_664_901_532_9;

/// `E1(x)`, the integral of `e^-t/t` from `x` on.
fn expint(x: f64) -> f64 {
    if x < 0.0 {
        f64::NAN
    } else if x < 1.0 {
        -EULER - x.ln() - exponential_series(-x)
    } else {
        (-x).exp() * expintx(x)
    }
}

/// `e^x E1(x)`; from 1 on by its continued fraction.
fn expintx(x: f64) -> f64 {
    if x < 1.0 {
        x.exp() * expint(x)
    } else if x > 1e16 {
        1.0 / x
    } else {
        exponential_fraction(1.0, x)
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
        EULER + x.ln() + exponential_series(x)
    } else {
        // e^x/x (1 + 1/x (1 + 2/x (1 + 3/x (1 + ...))))
        let tail = (1..=38)
            .rev()
            .fold(1.0, |sum, k| 1.0 + f64::from(k) / x * sum);
        // In two factors: e^x overflows before the quotient does.
        (0.5 * x).exp() / x * tail * (0.5 * x).exp()
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
fn exponential_series(x: f64) -> f64 {
    let mut sum = 1.0;
    let count = 20 + (3.5 * x.abs()) as i32;
    for k in (1..=count).rev() {
        let k = f64::from(k);
        sum = 1.0 + sum * x * k / ((k + 1.0) * (k + 1.0));
    }
    x * sum
}

/// `e^x E_n(x)` for `x` from 1 on: `1/(x + n/(1 + 1/(x + (n + 1)/(1 + 2/(x + ...)))))`, all terms positive,
/// from the far end.
fn exponential_fraction(n: f64, x: f64) -> f64 {
    let count = 30 + (120.0 / x) as i32;
    let mut tail = x;
    for k in (1..=count).rev() {
        let k = f64::from(k);
        tail = x + (n + k - 1.0) / (1.0 + k / tail);
    }
    1.0 / tail
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
        let decay = (-x).exp();
        let mut value = decay / x;
        let mut k = 1.0;
        while k <= -n && value < f64::INFINITY {
            value = (decay + k * value) / x;
            k += 1.0;
        }
        return value;
    }
    if x == 0.0 {
        return if n > 1.0 {
            1.0 / (n - 1.0)
        } else {
            f64::INFINITY
        };
    }
    if x >= 0.7 {
        return (-x).exp() * exponential_fraction(n, x);
    }
    // The power series (Abramowitz and Stegun 5.1.12).
    let mut sum = 0.0;
    let mut term = 1.0;
    for k in 0..40 {
        let k = f64::from(k);
        if k > 0.0 {
            term *= -x / k;
        }
        sum += if k == n - 1.0 {
            term * (digamma(n) - x.ln())
        } else {
            -term / (k - n + 1.0)
        };
    }
    sum
}

/// `Si(x)`, the integral of `sin(t)/t` from 0.
fn sinint(x: f64) -> f64 {
    let a = x.abs();
    if a.is_infinite() {
        return std::f64::consts::FRAC_PI_2.copysign(x);
    }
    let value = if a < 2.5 {
        let s = a * a;
        let tail = (1..=18).rev().fold(1.0, |sum, k| {
            let k = f64::from(k);
            1.0 - sum * s * (2.0 * k - 1.0) / (2.0 * k * (2.0 * k + 1.0) * (2.0 * k + 1.0))
        });
        a * tail
    } else {
        let (f, g) = sine_integral_parts(a);
        let (sin, cos) = a.sin_cos();
        std::f64::consts::FRAC_PI_2 - (f * cos + g * sin)
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
    if x >= 2.5 {
        let (f, g) = sine_integral_parts(x);
        let (sin, cos) = x.sin_cos();
        return f * sin - g * cos;
    }
    if (0.3..1.2).contains(&x) {
        let root = 0.616_505_485_620_716_3;
        let offset = (x - root) + 4.209_920_321_433_186e-17;
        let slope = (x + root) * series_slope(&CI_SERIES, x * x, root * root);
        return (offset / root).ln_1p() + offset * slope;
    }
    let s = x * x;
    let tail = (1..=18).rev().fold(1.0, |sum, k| {
        let k = f64::from(k);
        1.0 - sum * s * 2.0 * k / ((2.0 * k + 1.0) * (2.0 * k + 2.0) * (2.0 * k + 2.0))
    });
    EULER + x.ln() - 0.25 * s * tail
}

/// The auxiliary functions `f` and `g` of the sine and cosine integrals, from 2.5 on: real and imaginary part
/// of `g + if = e^(ix) E1(ix)` conjugated, by the continued fraction `1/(z + 1 - 1/(z + 3 - 4/(z + 5 - ...)))`.
fn sine_integral_parts(x: f64) -> (f64, f64) {
    let count = 20 + (600.0 / x) as i32;
    let last = f64::from(2 * count + 1);
    let (mut re, mut im) = (last, x);
    for k in (1..=count).rev() {
        let k = f64::from(k);
        let norm = re * re + im * im;
        (re, im) = (2.0 * k - 1.0 - k * k * re / norm, x + k * k * im / norm);
    }
    let norm = re * re + im * im;
    (im / norm, re / norm)
}

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
        gamma_density(a, x) * gamma_series(a, x)
    } else {
        1.0 - gamma_density(a, x) * gamma_fraction(a, x) * a
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
        gamma_power(a, x) * gamma_fraction(a, x)
    } else if a > 0.5 {
        gamma(a) * (1.0 - gamma_density(a, x) * gamma_series(a, x))
    } else {
        // Γ(a) - 1/a, less (x^a - 1)/a and the rest of the series of the lower function: no 1/a is left.
        let reciprocal = polynomial(&GAMMA_RECIPROCAL, a);
        let pole = -polynomial(&GAMMA_RECIPROCAL[1..], a) / reciprocal;
        let power = (a * x.ln()).exp_m1() / a;
        let mut sum = 0.0;
        let mut term = 1.0;
        for k in 1..40 {
            let k = f64::from(k);
            term *= -x / k;
            sum += term / (a + k);
        }
        pole - power - x.powf(a) * sum
    }
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

/// `e^-x x^a/Γ(a + 1)`; for large `a` relative to its maximum, so that nothing large cancels.
fn gamma_density(a: f64, x: f64) -> f64 {
    if a < 10.0 {
        return gamma_power(a, x) / gamma(a + 1.0);
    }
    let scale = (2.0 * std::f64::consts::PI * a).sqrt();
    let distance = a - x;
    if distance.abs() > 600.0 {
        // Loader's form (2000).
        return (a * log1pmx(-distance / a) - stirling_correction(a)).exp() / scale;
    }
    // (x/a)^a e^(a - x), with the rounding errors of quotient and difference taken back.
    let quotient = x / a;
    let error = (-quotient).mul_add(a, x) / x * a;
    let rest = if a > x {
        (a - distance) - x
    } else {
        a - (x + distance)
    };
    quotient.powf(a) * distance.exp() * (error + rest - stirling_correction(a)).exp() / scale
}

/// `e^-x x^a`.
fn gamma_power(a: f64, x: f64) -> f64 {
    let power = x.powf(a);
    if (1e-200..1e200).contains(&power) && x < 200.0 {
        return power * (-x).exp();
    }
    // In halves: each factor alone may be out of range.
    let half = x.powf(0.5 * a) * (-0.5 * x).exp();
    half * half
}

/// `Σ x^k/((a + 1)...(a + k))`, for `x` up to `a + 1`.
fn gamma_series(a: f64, x: f64) -> f64 {
    let mut sum = 1.0;
    let mut term = 1.0;
    let mut k = 1.0;
    while term > 1e-17 * sum && k < 1e6 {
        term *= x / (a + k);
        sum += term;
        k += 1.0;
    }
    sum
}

/// `e^x x^-a Γ(a, x)` by the continued fraction `1/(x + 1 - a - 1(1 - a)/(x + 3 - a - ...))`, for `x` from
/// `a` and 1 on, from the far end.
fn gamma_fraction(a: f64, x: f64) -> f64 {
    let mut k = (40.0 + 120.0 / x + 5.0 * a.sqrt()).trunc();
    let mut tail = x + 2.0 * k + 1.0 - a;
    while k > 0.0 {
        tail = x + 2.0 * k - 1.0 - a - k * (k - a) / tail;
        k -= 1.0;
    }
    1.0 / tail
}

/// The n-th derivative of `e^x E1(x)`, `(-1)^n n! x^-n e^x E_(n + 1)(x)`.
fn expintx_n(n: f64, x: f64) -> f64 {
    if !is_order(n) || x.is_nan() || x < 0.0 {
        return f64::NAN;
    }
    let scaled = if x < 0.7 {
        x.exp() * expint_n(n + 1.0, x)
    } else {
        exponential_fraction(n + 1.0, x)
    };
    let sign = if n % 2.0 == 0.0 { 1.0 } else { -1.0 };
    sign * factorial(n) * scaled / x.powf(n)
}
