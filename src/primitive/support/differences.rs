// Differences and quotients that lose their digits near 0 as they are written, and their derivatives.

/// `sin(x)/x`, 1 at 0.
fn usinc(x: f64) -> f64 {
    if x == 0.0 {
        1.0
    } else if x.is_infinite() {
        0.0
    } else {
        x.sin() / x
    }
}

/// The n-th derivative of `sin(x)/x`, by `x S_n + n S_{n-1} = sin(x + nπ/2)`: upwards where `|x| > n`, where
/// that is stable, downwards (from any value far up) elsewhere.
fn usinc_n(n: f64, x: f64) -> f64 {
    if n == 0.0 {
        return usinc(x);
    }
    if !is_order(n) || x.is_nan() {
        return f64::NAN;
    }
    if x.is_infinite() {
        return 0.0;
    }
    let (sin, cos) = x.sin_cos();
    if x.abs() > n {
        let (mut k, mut value) = (0.0, usinc(x));
        while k < n {
            k += 1.0;
            value = (shifted_sine(sin, cos, k) - k * value) / x;
        }
        return value;
    }
    let (mut k, mut value) = ((n + 40.0 + x.abs()).trunc(), 0.0);
    while k > n {
        value = (shifted_sine(sin, cos, k) - x * value) / k;
        k -= 1.0;
    }
    value
}

/// The sine of an angle with these sine and cosine and `k` quarters of a turn more.
fn shifted_sine(sin: f64, cos: f64, k: f64) -> f64 {
    let turn = k % 4.0;
    let value = if turn % 2.0 == 0.0 { sin } else { cos };
    if turn < 2.0 { value } else { -value }
}

/// `(e^x - 1)/x`, 1 at 0.
fn exprel(x: f64) -> f64 {
    if x == 0.0 {
        1.0
    } else if x.is_infinite() {
        if x > 0.0 { x } else { 0.0 }
    } else if x > 700.0 {
        let root = (0.5 * x).exp();
        root / x * root
    } else {
        x.exp_m1() / x
    }
}

/// The n-th derivative of `(e^x - 1)/x`: the integral of `s^n e^(sx)` for s from 0 to 1, by
/// `x M_n + n M_{n-1} = e^x` where that is stable, else by series of positive terms.
fn exprel_n(n: f64, x: f64) -> f64 {
    if n == 0.0 {
        return exprel(x);
    }
    if !is_order(n) || x.is_nan() {
        return f64::NAN;
    }
    if x.is_infinite() {
        return if x > 0.0 { x } else { 0.0 };
    }
    if x.abs() > n + 2.0 {
        // Beyond 700 with the root of e^x, which does not overflow.
        let root = if x > 700.0 { (0.5 * x).exp() } else { 1.0 };
        let top = if x > 700.0 { root } else { x.exp() };
        let (mut k, mut value) = (0.0, exprel(x) / root);
        while k < n {
            k += 1.0;
            value = (top - k * value) / x;
        }
        return value * root;
    }
    let (mut k, mut term, mut sum) = (n + 1.0, 1.0 / (n + 1.0), 0.0);
    if x < 0.0 {
        while term > 1e-18 * sum {
            sum += term;
            k += 1.0;
            term *= -x / k;
        }
        return sum * x.exp();
    }
    let (mut power, mut i) = (1.0, 0.0);
    while term > 1e-18 * sum {
        sum += term;
        i += 1.0;
        power *= x / i;
        term = power / (k + i);
    }
    sum
}

/// `x - sin x`.
fn xmsin(x: f64) -> f64 {
    if x.abs() > 1.9 {
        return x - x.sin();
    }
    let square = x * x;
    let series = (1..=12).rev().fold(1.0, |sum, k| {
        1.0 - square / f64::from((2 * k + 2) * (2 * k + 3)) * sum
    });
    x * square / 6.0 * series
}

/// `tan x - x`; near 0 by the continued fraction of the tangent.
fn tanmx(x: f64) -> f64 {
    if x.abs() > 1.0 {
        return x.tan() - x;
    }
    let square = x * x;
    let c = (1..=12)
        .rev()
        .fold(0.0, |c, k| square / (f64::from(2 * k + 1) - c));
    x * (c / (1.0 - c))
}

/// `sinh x - x`.
fn sinhmx(x: f64) -> f64 {
    if x.abs() > 2.5 {
        return x.sinh() - x;
    }
    let square = x * x;
    let series = (1..=14).rev().fold(1.0, |sum, k| {
        1.0 + square / f64::from((2 * k + 2) * (2 * k + 3)) * sum
    });
    x * square / 6.0 * series
}

/// `e^x - 1 - x`.
fn expm1mx(x: f64) -> f64 {
    if x.is_infinite() {
        return f64::INFINITY;
    }
    if x.abs() > 1.5 {
        return x.exp_m1() - x;
    }
    let series = (3..=24)
        .rev()
        .fold(1.0, |sum, k| 1.0 + x / f64::from(k) * sum);
    0.5 * x * x * series
}
