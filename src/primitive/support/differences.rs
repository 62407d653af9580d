// Differences and quotients that lose their digits near 0 as they are written, and their derivatives.

/// `sin(x)/x`, 1 at 0.
fn usinc(x: f64) -> f64 {
    if x == 0.0 {
        1.0
    } else if x.is_infinite() {
        0.0
    } else {
        let (sin, low, _, _) = sin_cos_radians(x);
        ratio(sin, low, x, 0.0)
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
    let (sin, sin_low, cos, cos_low) = sin_cos_radians(x);
    let (value, low) = quotient_derivative(n, x, 0.0, sin, sin_low, cos, cos_low);
    value + low
}

/// The n-th derivative of `sin(u)/u` at `x + low`, whose sine and cosine are given.
fn quotient_derivative(
    n: f64,
    x: f64,
    low: f64,
    sin: f64,
    sin_low: f64,
    cos: f64,
    cos_low: f64,
) -> (f64, f64) {
    let upwards = x.abs() > n || (n == 1.0 && x.abs() > 0.5);
    let (mut value, mut rest) = if upwards {
        over_two(sin, sin_low, x, low)
    } else {
        (0.0, 0.0)
    };
    let mut k = if upwards {
        1.0
    } else {
        (n + 40.0 + x.abs()).trunc()
    };
    while if upwards { k <= n } else { k > n } {
        let (turned, turned_low) = (shifted_sine(sin, cos, k), shifted_sine(sin_low, cos_low, k));
        if upwards {
            let (sum, sum_low) = more_two(turned, turned_low, value, rest, -k, 0.0);
            (value, rest) = over_two(sum, sum_low, x, low);
            k += 1.0;
        } else {
            let (sum, sum_low) = more_two(turned, turned_low, value, rest, -x, -low);
            (value, rest) = over_two(sum, sum_low, k, 0.0);
            k -= 1.0;
        }
    }
    (value, rest)
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

/// `x^3/3 (1 + rest)`, rounded once, or twice where the rest is not small.
fn cubic(x: f64, rest: f64) -> f64 {
    let (square, square_low) = product_two(x, x);
    let (cube, cube_low) = times_two(square, square_low, x, 0.0);
    let (third, third_low) = over_two(cube, cube_low, 3.0, 0.0);
    joined(third, third_low + third * rest)
}

/// `x - sin x`.
fn xmsin(x: f64) -> f64 {
    if x.abs() > 1.0 {
        let (sin, low, _, _) = sin_cos_radians(x);
        let (value, rest) = sum_two(x, -sin);
        return joined(value, rest - low);
    }
    let square = x * x;
    let tail = (2..=12).rev().fold(1.0, |sum, k| {
        1.0 - square / f64::from((2 * k + 2) * (2 * k + 3)) * sum
    });
    0.5 * cubic(x, -square / 20.0 * tail)
}

/// `tan x - x`; near 0 by the continued fraction of the tangent.
fn tanmx(x: f64) -> f64 {
    if x.abs() > 0.5 {
        let (sin, sin_low, cos, cos_low) = sin_cos_radians(x);
        let (tan, tan_low) = over_two(sin, sin_low, cos, cos_low);
        let (value, low) = sum_two(tan, -x);
        return joined(value, low + tan_low);
    }
    // x^3/(3 - s - s/(5 - s/(7 - ...))) for the square s.
    let square = x * x;
    let c = (2..=12)
        .rev()
        .fold(0.0, |c, k| square / (f64::from(2 * k + 1) - c));
    let share = (c + square) / 3.0;
    cubic(x, share / (1.0 - share))
}

/// `sinh x - x`.
fn sinhmx(x: f64) -> f64 {
    if x.is_nan() || x.abs() > 350.0 {
        return x.sinh() - x;
    }
    if x.abs() > 1.0 {
        let (sinh, low, _, _) = sinh_cosh_two(x);
        let (value, rest) = sum_two(sinh, -x);
        return value + (rest + low);
    }
    let square = x * x;
    let tail = (2..=14).rev().fold(1.0, |sum, k| {
        1.0 + square / f64::from((2 * k + 2) * (2 * k + 3)) * sum
    });
    0.5 * cubic(x, square / 20.0 * tail)
}

/// `e^x - 1 - x`.
fn expm1mx(x: f64) -> f64 {
    if x.is_infinite() {
        return f64::INFINITY;
    }
    if x.abs() > 700.0 {
        return x.exp_m1() - x;
    }
    if x.abs() > 0.5 {
        let (grown, low) = expm1_two(x, 0.0);
        let (value, rest) = sum_two(grown, -x);
        return value + (rest + low);
    }
    let tail = (4..=24)
        .rev()
        .fold(1.0, |sum, k| 1.0 + x / f64::from(k) * sum);
    let (square, square_low) = product_two(x, x);
    0.5 * (square + (square_low + square * (x / 3.0 * tail)))
}
