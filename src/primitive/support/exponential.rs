// Exponentials, logarithms and their stable combinations. The names and most branches follow
// LogExpFunctions.jl; where the value has a root, the branch around it keeps full relative accuracy.

/// The double next to ln 2, and what it lacks.
const LN_2_LOW: f64 = 2.319_046_813_846_299_6e-17;

/// `x - ln 2` to full accuracy for `x` near ln 2.
fn minus_ln_2(x: f64) -> f64 {
    (x - std::f64::consts::LN_2) - LN_2_LOW
}

/// `10^x`.
fn exp10(x: f64) -> f64 {
    10.0_f64.powf(x)
}

/// `e^(-x^2)`, with the rounding error of the square taken back.
fn gauss(x: f64) -> f64 {
    let square = x * x;
    if square > 750.0 {
        return 0.0;
    }
    let low = x.mul_add(x, -square);
    let e = (-square).exp();
    e - e * low
}

/// `e^(x^2)`, with the rounding error of the square taken back.
fn expsq(x: f64) -> f64 {
    let square = x * x;
    let e = square.exp();
    if e.is_finite() {
        e + e * x.mul_add(x, -square)
    } else {
        e
    }
}

/// The logarithm of `x` to base `b`.
fn logb(b: f64, x: f64) -> f64 {
    if b == 2.0 {
        x.log2()
    } else if b == 10.0 {
        x.log10()
    } else {
        x.ln() / b.ln()
    }
}

/// The logistic function `1/(1 + e^-x)`.
fn sigmoid(x: f64) -> f64 {
    let e = (-x.abs()).exp();
    let sum = 1.0 + e;
    let low = e - (sum - 1.0); // what the sum lacks
    let value = if x >= 0.0 { 1.0 } else { e } / sum;
    value - value * low
}

/// `σ(x - y)`, with the rounding error of the difference taken back.
fn sigmoid_diff(x: f64, y: f64) -> f64 {
    let difference = x - y;
    let value = sigmoid(difference);
    if difference.is_infinite() {
        return value;
    }
    let part = difference - x;
    let low = (x - (difference - part)) - (y + part);
    value + value * (low * sigmoid(-difference))
}

/// `ln(x/(1 - x))`, exact near its root 1/2.
fn logit(x: f64) -> f64 {
    if (0.25..=0.75).contains(&x) {
        ((2.0 * x - 1.0) / (1.0 - x)).ln_1p()
    } else {
        (x / (1.0 - x)).ln()
    }
}

/// `ln(1 + e^x)`.
fn softplus(x: f64) -> f64 {
    if x > 0.0 {
        x + (-x).exp().ln_1p()
    } else {
        x.exp().ln_1p()
    }
}

/// `x ln x`, 0 at 0.
fn xlogx(x: f64) -> f64 {
    if x == 0.0 { 0.0 } else { x * x.ln() }
}

/// `x ln y`, 0 where `x` is 0.
fn xlogy(x: f64, y: f64) -> f64 {
    if x == 0.0 && !y.is_nan() {
        0.0
    } else {
        x * y.ln()
    }
}

/// `x ln(1 + y)`, 0 where `x` is 0.
fn xlog1py(x: f64, y: f64) -> f64 {
    if x == 0.0 && !y.is_nan() {
        0.0
    } else {
        x * y.ln_1p()
    }
}

/// `x e^x`, 0 at minus infinity.
fn xexpx(x: f64) -> f64 {
    xexpy(x, x)
}

/// `x e^y`, 0 where the exponential vanishes.
fn xexpy(x: f64, y: f64) -> f64 {
    let e = y.exp();
    if e == 0.0 && !x.is_nan() { 0.0 } else { x * e }
}

/// `ln(1 + x^2)`.
fn log1psq(x: f64) -> f64 {
    let a = x.abs();
    if a > 1e8 {
        2.0 * a.ln()
    } else {
        (a * a).ln_1p()
    }
}

/// `ln(1 - e^x)` for negative `x`.
fn log1mexp(x: f64) -> f64 {
    if x > -std::f64::consts::LN_2 {
        (-x.exp_m1()).ln()
    } else {
        (-x.exp()).ln_1p()
    }
}

/// `ln(2 - e^x)` for `x` up to ln 2.
fn log2mexp(x: f64) -> f64 {
    if x > 0.4 {
        (-2.0 * minus_ln_2(x).exp_m1()).ln()
    } else {
        (-x.exp_m1()).ln_1p()
    }
}

/// `ln(e^x - 1)` for positive `x`.
fn logexpm1(x: f64) -> f64 {
    if x > 1.0 {
        x + (-(-x).exp()).ln_1p()
    } else if x > 0.4 {
        (2.0 * minus_ln_2(x).exp_m1()).ln_1p()
    } else {
        x.exp_m1().ln()
    }
}

/// `ln(1 + x) - x`; near 0 by the series of `2 atanh(r)` with `r = x/(x + 2)`.
fn log1pmx(x: f64) -> f64 {
    if !(-0.6..=1.5).contains(&x) {
        return x.ln_1p() - x;
    }
    let r = x / (x + 2.0);
    let t = r * r;
    let tail = (1..=22)
        .rev()
        .fold(0.0, |sum, k| sum * t + 1.0 / f64::from(2 * k + 1));
    r * (2.0 * t * tail - x)
}

/// `ln x - x + 1`.
fn logmxp1(x: f64) -> f64 {
    if (0.4..=2.5).contains(&x) {
        log1pmx(x - 1.0)
    } else {
        x.ln() + (1.0 - x)
    }
}

/// `ln(e^x + e^y)`.
fn logaddexp(x: f64, y: f64) -> f64 {
    if x == y {
        x + std::f64::consts::LN_2
    } else {
        max(x, y) + (-(x - y).abs()).exp().ln_1p()
    }
}

/// `ln |e^x - e^y|`.
fn logsubexp(x: f64, y: f64) -> f64 {
    max(x, y) + log1mexp(-(x - y).abs())
}

/// `ln(-ln(1 - x))`, exact near its root `1 - 1/e`.
fn cloglog(x: f64) -> f64 {
    if (0.5..=0.75).contains(&x) {
        let rest = 1.0 - x;
        let low = 1.445_646_891_729_250_2e-16 * rest; // what the double next to e lacks
        let t = std::f64::consts::E.mul_add(rest, -1.0) + low;
        (-t.ln_1p()).ln_1p()
    } else {
        (-(-x).ln_1p()).ln()
    }
}

/// `exp(x - e^x)`, with the exponential taken to twice the precision where it matters.
fn expmexp(x: f64) -> f64 {
    if x < -1.0 {
        let e = x.exp();
        return e * (-e).exp();
    }
    if x > 7.0 {
        return 0.0;
    }
    let (high, low) = exp_two(x);
    let sum = x - high;
    let rest = (x - (sum + high)) - low; // high is the larger one
    let e = sum.exp();
    e + e * rest
}

/// `e^x` and what its double lacks, for moderate `x`: `e^r 2^k` with `|r|` up to `ln(2)/2` by its series.
fn exp_two(x: f64) -> (f64, f64) {
    let k = (x / std::f64::consts::LN_2).round();
    // The high part of ln 2 has 32 bits, so that its multiples are exact.
    let high = x - k * 0.693_147_180_369_123_8;
    let low = k * 1.908_214_929_270_587_8e-10;
    let r = high - low;
    let rest = (high - r) - low;
    // 1 + r + r^2 (1/2 + tail): the sum of its terms from the small end, each with its rounding error.
    let tail = (3..=20)
        .rev()
        .fold(0.0, |sum, n| (sum + 1.0) * r / f64::from(n));
    let square = 0.5 * r * r;
    let square_low = (0.5 * r).mul_add(r, -square);
    let small = square * tail + square_low + rest * (1.0 + r);
    let first = 1.0 + r;
    let first_low = r - (first - 1.0);
    let second = first + square;
    let second_low = square - (second - first);
    let low = first_low + second_low + small;
    let high = second + low;
    let low = low - (high - second);
    let scale = 2.0_f64.powf(k);
    (high * scale, low * scale)
}

/// `1 - exp(-e^x)`.
fn cexpexp(x: f64) -> f64 {
    -(-x.exp()).exp_m1()
}
