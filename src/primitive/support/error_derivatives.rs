// Derivatives of any order of erfcx and of Dawson's integral, without the cancellation between the terms of
// their differential equations.

/// The n-th derivative of erfcx, `(-2)^n n! e^(x^2) i^n erfc(x)` (Abramowitz and Stegun 7.2.9): with
/// `w_n = e^(x^2) i^n erfc(x)`, `2n w_n = w_(n - 2) - 2x w_(n - 1)`, upwards where that adds, else backwards.
fn erfcx_n(n: f64, x: f64) -> f64 {
    if !is_order(n) || x.is_nan() {
        return f64::NAN;
    }
    let mut factor = 1.0;
    if x < 0.5 {
        let (mut last, mut this) = (std::f64::consts::FRAC_2_SQRT_PI, erfcx(x));
        let mut k = 1.0;
        while k <= n {
            (last, this) = (this, (last - 2.0 * x * this) / (2.0 * k));
            factor *= -2.0 * k;
            k += 1.0;
        }
        return factor * this;
    }
    let mut k = n + 40.0 + (300.0 / (x * x)).trunc();
    let (mut this, mut next) = (1.0, 0.0);
    let mut at_n = 0.0;
    while k >= 0.0 {
        if k == n {
            at_n = this;
        }
        if k > 0.0 && k <= n {
            factor *= -2.0 * k;
        }
        (this, next) = (2.0 * x * this + 2.0 * (k + 1.0) * next, this);
        if this > 1e200 {
            (this, next, at_n) = (this * 1e-200, next * 1e-200, at_n * 1e-200);
        }
        k -= 1.0;
    }
    // Now `this` stands for w_-1 = 2/√π.
    factor * at_n * (std::f64::consts::FRAC_2_SQRT_PI / this)
}

/// The n-th derivative of Dawson's integral: about the root of the first by a fit, near 0 by `F' = 1 - 2xF`, `F'' = -2xF' - 2F` and so on, in the
/// middle, where these cancel, by the derivatives of the fits, far out by those of the asymptotic series.
fn dawson_n(n: f64, x: f64) -> f64 {
    if !is_order(n) || x.is_nan() {
        return f64::NAN;
    }
    if n == 0.0 {
        return dawson(x);
    }
    let a = x.abs();
    let offset = (a - 0.924_138_873_004_591_7) - 2.378_073_982_646_779_6e-17;
    let value = if n == 1.0 && offset.abs() < 0.35 {
        offset * polynomial(&DAWSON_SLOPE, offset)
    } else if a < 1.0 || (n > 6.0 && a < 6.5 + n) {
        dawson_recurrence(n, a)
    } else if a < 2.25 {
        polynomial_derivative(&DAWSON_1, n, a - 1.625)
    } else if a < 4.0 {
        polynomial_derivative(&DAWSON_2, n, a - 3.125)
    } else if a < 6.5 {
        polynomial_derivative(&DAWSON_3, n, a - 5.25)
    } else {
        dawson_far(n, a)
    };
    if x < 0.0 && n % 2.0 == 0.0 {
        -value
    } else {
        value
    }
}

/// The n-th derivative of Dawson's integral, for `n` from 1 on, by the differential equation.
fn dawson_recurrence(n: f64, x: f64) -> f64 {
    let mut last = dawson(x);
    let mut this = 1.0 - 2.0 * x * last;
    let mut k = 1.0;
    while k < n {
        (last, this) = (this, -2.0 * x * this - 2.0 * k * last);
        k += 1.0;
    }
    this
}

/// The n-th derivative of the polynomial with these coefficients.
fn polynomial_derivative(coefficients: &[f64], n: f64, x: f64) -> f64 {
    let mut power = coefficients.len() as f64;
    let mut sum = 0.0;
    for c in coefficients.iter().rev() {
        power -= 1.0;
        // power (power - 1) ... (power - n + 1), which is 0 below the n-th coefficient.
        let mut factor = 1.0;
        let mut j = 0.0;
        while j < n {
            factor *= power - j;
            j += 1.0;
        }
        if power >= n {
            sum = sum * x + factor * c;
        }
    }
    sum
}

/// The n-th derivative of `Σ (2k - 1)!!/(2^(k + 1) x^(2k + 1))`.
fn dawson_far(n: f64, x: f64) -> f64 {
    let s = 0.5 / (x * x);
    let mut term = 0.5 / x;
    let mut j = 1.0;
    while j <= n {
        term *= -j / x;
        j += 1.0;
    }
    let mut sum = 0.0;
    let mut k = 0.0;
    while k < 40.0 && f64::abs(term) > 1e-18 * f64::abs(sum) {
        sum += term;
        // (2k + 1)_n becomes (2k + 3)_n.
        let rising =
            (2.0 * k + 1.0 + n) * (2.0 * k + 2.0 + n) / ((2.0 * k + 1.0) * (2.0 * k + 2.0));
        term *= (2.0 * k + 1.0) * s * rising;
        k += 1.0;
    }
    sum
}
