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
        let (top, top_low) = log_two(x, 0.0);
        let (bottom, bottom_low) = log_two(b, 0.0);
        let (value, low) = over_two(top, top_low, bottom, bottom_low);
        joined(value, low)
    }
}

/// The logistic function `1/(1 + e^-x)`.
fn sigmoid(x: f64) -> f64 {
    let e = (-x.abs()).exp();
    let sum = 1.0 + e;
    let low = e - (sum - 1.0);
    // The quotient with its rounding error and that of the sum taken back.
    let quotient = 1.0 / sum;
    let rest = quotient * ((-quotient).mul_add(sum, 1.0) - quotient * low);
    if x < 0.0 {
        e.mul_add(quotient, e * rest)
    } else {
        quotient + rest
    }
}

/// The logistic function of `x + low` for `|x|` up to 700 and a small `low`.
fn sigmoid_two(x: f64, low: f64) -> (f64, f64) {
    let (e, e_low) = exp_of_two(-x, -low);
    let (sum, sum_low) = plus_two(1.0, 0.0, e, e_low);
    over_two(1.0, 0.0, sum, sum_low)
}

/// `σ(x - y)`, with the rounding error of the difference taken back.
fn sigmoid_diff(x: f64, y: f64) -> f64 {
    let (difference, low) = sum_two(x, -y);
    if difference.is_nan() || difference.abs() > 700.0 {
        let value = sigmoid(difference);
        return joined(value, value * low * sigmoid(-difference));
    }
    let (value, rest) = sigmoid_two(difference, low);
    value + rest
}

/// `1/(1 - e^(y - x))`, with the rounding error of the difference taken back.
fn bose_diff(x: f64, y: f64) -> f64 {
    let (difference, low) = sum_two(y, -x);
    if difference.is_nan() || difference.abs() > 700.0 {
        return if difference < 0.0 {
            1.0
        } else {
            -(-difference).exp() * (1.0 - low)
        };
    }
    let (grown, rest) = expm1_two(difference, low);
    let (value, low) = over_two(-1.0, 0.0, grown, rest);
    joined(value, low)
}

/// `ln(x/(1 - x))`, exact near its root 1/2.
fn logit(x: f64) -> f64 {
    if (0.25..=0.75).contains(&x) {
        let (rest, rest_low) = sum_two(1.0, -x);
        let (ratio, low) = over_two(2.0 * x - 1.0, 0.0, rest, rest_low);
        let (log, rest) = log1p_two(ratio, low);
        log + rest
    } else {
        let (rest, rest_low) = sum_two(1.0, -x);
        let (ratio, low) = over_two(x, 0.0, rest, rest_low);
        let (log, rest) = log_two(ratio, low);
        joined(log, rest)
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
    if x == 0.0 {
        return 0.0;
    }
    let (log, low) = log_two(x, 0.0);
    let (value, rest) = times_two(x, 0.0, log, low);
    joined(value, rest)
}

/// `x ln y`, 0 where `x` is 0.
fn xlogy(x: f64, y: f64) -> f64 {
    if x == 0.0 && !y.is_nan() {
        0.0
    } else {
        let (log, low) = log_two(y, 0.0);
        let (value, rest) = times_two(x, 0.0, log, low);
        joined(value, rest)
    }
}

/// `x ln(1 + y)`, 0 where `x` is 0.
fn xlog1py(x: f64, y: f64) -> f64 {
    if x == 0.0 && !y.is_nan() {
        0.0
    } else {
        let (log, low) = log1p_two(y, 0.0);
        let (value, rest) = times_two(x, 0.0, log, low);
        joined(value, rest)
    }
}

/// `x e^x`, 0 at minus infinity.
fn xexpx(x: f64) -> f64 {
    xexpy(x, x)
}

/// `x e^y`, 0 where the exponential vanishes.
fn xexpy(x: f64, y: f64) -> f64 {
    let (e, low) = exp_two(y);
    if e == 0.0 && !x.is_nan() {
        return 0.0;
    }
    if y < -708.0 {
        // The exponential alone loses its last bits.
        let half = (0.5 * y).exp();
        return half * x * half;
    }
    let (value, rest) = times_two(x, 0.0, e, low);
    joined(value, rest)
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
        let (offset, low) = sum_two(x, -std::f64::consts::LN_2);
        let (grown, rest) = expm1_two(offset, low - LN_2_LOW);
        let (log, rest) = log_two(-2.0 * grown, -2.0 * rest);
        joined(log, rest)
    } else {
        (-x.exp_m1()).ln_1p()
    }
}

/// The derivative of `log2mexp`, `1/(1 - 2 e^-x)`.
fn dlog2mexp(x: f64) -> f64 {
    if x < -1.0 {
        let e = x.exp();
        return e / (e - 2.0);
    }
    let (offset, low) = sum_two(std::f64::consts::LN_2, -x);
    let (grown, rest) = expm1_two(offset, low + LN_2_LOW);
    let (value, low) = over_two(-1.0, 0.0, grown, rest);
    joined(value, low)
}

/// `ln(e^x - 1)` for positive `x`.
fn logexpm1(x: f64) -> f64 {
    if x > 1.0 {
        return x + (-(-x).exp()).ln_1p();
    }
    if x > 0.4 {
        // e^x - 1 = 1 + 2 (e^(x - ln 2) - 1)
        let (offset, low) = sum_two(x, -std::f64::consts::LN_2);
        let (grown, rest) = expm1_two(offset, low - LN_2_LOW);
        let (log, rest) = log1p_two(2.0 * grown, 2.0 * rest);
        return log + rest;
    }
    let (grown, rest) = expm1_two(x, 0.0);
    let (log, rest) = log_two(grown, rest);
    joined(log, rest)
}

/// `ln(1 + x) - x`; near 0 by the series of `2 atanh(r)` with `r = x/(x + 2)`.
fn log1pmx(x: f64) -> f64 {
    if !(-0.6..=1.5).contains(&x) {
        let (log, low) = log1p_two(x, 0.0);
        let (value, rest) = sum_two(log, -x);
        return joined(value, rest + low);
    }
    // -x r + 2 r^3 (1/3 + r^2/5 + ...), with the rounding errors of r and of the first product.
    let (bottom, bottom_low) = sum_two(x, 2.0);
    let (r, r_low) = over_two(x, 0.0, bottom, bottom_low);
    let t = r * r;
    let tail = (1..=22)
        .rev()
        .fold(0.0, |sum, k| sum * t + 1.0 / f64::from(2 * k + 1));
    let (product, low) = times_two(-x, 0.0, r, r_low);
    product + (low + 2.0 * r * t * tail)
}

/// `ln x - x + 1`.
fn logmxp1(x: f64) -> f64 {
    if (0.4..=2.5).contains(&x) {
        log1pmx(x - 1.0)
    } else {
        let (rest, rest_low) = sum_two(1.0, -x);
        let (log, log_low) = log_two(x, 0.0);
        let (value, low) = plus_two(log, log_low, rest, rest_low);
        joined(value, low)
    }
}

/// `ln(e^x + e^y)`.
fn logaddexp(x: f64, y: f64) -> f64 {
    if x == y {
        return x + std::f64::consts::LN_2;
    }
    let (larger, smaller) = (max(x, y), min(x, y));
    let (difference, rest) = sum_two(smaller, -larger);
    if difference < -700.0 || difference.is_nan() {
        return larger + difference.exp();
    }
    let (e, low) = exp_of_two(difference, rest);
    let (log, log_low) = log1p_two(e, low);
    let (value, low) = plus_two(larger, 0.0, log, log_low);
    joined(value, low)
}

/// `ln |e^x - e^y|`.
fn logsubexp(x: f64, y: f64) -> f64 {
    let (larger, smaller) = (max(x, y), min(x, y));
    let (difference, rest) = sum_two(smaller, -larger);
    if difference == 0.0 || difference < -700.0 || difference.is_nan() {
        return larger + log1mexp(difference);
    }
    let (log, log_low) = if difference < -1.0 {
        let (e, low) = exp_of_two(difference, rest);
        log1p_two(-e, -low)
    } else {
        let (grown, low) = expm1_two(difference, rest);
        log_two(-grown, -low)
    };
    let (value, low) = plus_two(larger, 0.0, log, log_low);
    joined(value, low)
}

/// `ln(-ln(1 - x))`, exact near its root `1 - 1/e`.
fn cloglog(x: f64) -> f64 {
    if (0.5..=0.75).contains(&x) {
        let rest = 1.0 - x;
        let low = 1.445_646_891_729_250_2e-16 * rest; // what the double next to e lacks
        let t = std::f64::consts::E.mul_add(rest, -1.0);
        let (log, log_low) = log1p_two(t, low);
        let (value, rest) = log1p_two(-log, -log_low);
        value + rest
    } else {
        let (log, log_low) = log1p_two(-x, 0.0);
        let (value, rest) = log_two(-log, -log_low);
        joined(value, rest)
    }
}

/// `exp(x - e^x)`, with the exponential taken to twice the precision where it matters.
fn expmexp(x: f64) -> f64 {
    if x < -1.0 {
        let (e, e_low) = exp_two(x);
        let (power, power_low) = exp_of_two(-e, -e_low);
        let (value, low) = times_two(e, e_low, power, power_low);
        return joined(value, low);
    }
    if x > 7.0 {
        return 0.0;
    }
    let (high, low) = exp_two(x);
    let sum = x - high;
    let rest = (x - (sum + high)) - low; // high is the larger one
    let (e, e_low) = exp_of_two(sum, rest);
    e + e_low
}

/// `1 - exp(-e^x)`.
fn cexpexp(x: f64) -> f64 {
    -(-x.exp()).exp_m1()
}
