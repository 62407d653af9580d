// The gamma function, its logarithm and its logarithmic derivatives.

/// `Γ(x)`.
fn gamma(x: f64) -> f64 {
    if x.is_nan() || x == f64::NEG_INFINITY || (x < 0.0 && x == x.trunc()) {
        return f64::NAN;
    }
    if x > 171.7 {
        return f64::INFINITY;
    }
    if x < -178.0 {
        return 0.0;
    }
    if x < -100.0 {
        // -π/(x sin(πx) Γ(-x))
        let (sin, sin_low, _, _) = sin_cos_half_turns(x);
        let (mirrored, low) = gamma_two(-x, 0.0);
        let (product, low) = times_two(mirrored, low, sin, sin_low);
        let (product, low) = times_two(product, low, -x, 0.0);
        let pi_low = 1.224_646_799_147_353_2e-16;
        let (value, low) = over_two(std::f64::consts::PI, pi_low, product, low);
        return joined(value, low) / GAMMA_SCALE;
    }
    if x == 0.0 {
        return 1.0 / x;
    }
    let (value, low) = gamma_two(x, 0.0);
    joined(value, low) * GAMMA_SCALE
}

/// By what `gamma_two` is too small, so that it does not overflow.
const GAMMA_SCALE: f64 = 1_152_921_504_606_846_976.0;

/// `Γ(x + rest)` over `GAMMA_SCALE` for a small `rest` and `x` from -100 to 178, by the recurrence from `1/Γ`
/// near 1.
fn gamma_two(x: f64, rest: f64) -> (f64, f64) {
    // Γ(x) = Γ(1 + t) times or divided by the product of x - 1, x - 2, ... down to 1 + t, or x, x + 1, ...
    let (mut high, mut low) = (1.0_f64, 0.0_f64);
    let mut y = x;
    let mut y_low = rest;
    if x > 0.5 {
        high /= GAMMA_SCALE;
    } else {
        high *= GAMMA_SCALE;
    }
    while y > 1.5 {
        y -= 1.0;
        (high, low) = times_two(high, low, y, y_low);
    }
    while y < 0.5 {
        (high, low) = times_two(high, low, y, y_low);
        (y, y_low) = plus_two(y, y_low, 1.0, 0.0);
    }
    let (base, base_low) = gamma_reciprocal_two(y - 1.0, y_low);
    if x > 0.5 {
        over_two(high, low, base, base_low)
    } else {
        let (product, product_low) = times_two(high, low, base, base_low);
        over_two(1.0, 0.0, product, product_low)
    }
}

/// `1/Γ(1 + t + low)` for `|t|` up to 1/2: the first coefficients of its series in two doubles.
fn gamma_reciprocal_two(t: f64, low: f64) -> (f64, f64) {
    let tail = t * polynomial(&GAMMA_RECIPROCAL[3..], t);
    let (sum, rest) = plus_two(GAMMA_RECIPROCAL[2], 2.137_185_197_068_536e-17, tail, 0.0);
    let (sum, rest) = times_two(sum, rest, t, low);
    let (sum, rest) = plus_two(GAMMA_RECIPROCAL[1], EULER_LOW, sum, rest);
    let (sum, rest) = times_two(sum, rest, t, low);
    plus_two(1.0, 0.0, sum, rest)
}

/// `ln Γ(x) - ((x - 1/2) ln x - x + ln(2π)/2)` for `x` from 8 on.
fn stirling_correction(x: f64) -> f64 {
    polynomial(&STIRLING, 1.0 / (x * x)) / x
}

/// `ln |Γ(x)|`, after FDLIBM's `e_lgamma_r.c` (Copyright 1993 Sun Microsystems).
fn loggamma(x: f64) -> f64 {
    if x == f64::NEG_INFINITY || (x <= 0.0 && x == x.trunc()) {
        f64::INFINITY
    } else if x < 0.0 {
        (std::f64::consts::PI / (x * sinpi(x)).abs()).ln() - loggamma(-x)
    } else if x < 1e-20 {
        -x.ln()
    } else if x < 0.9 {
        loggamma_0_to_1(x) - x.ln()
    } else if x < 2.0 {
        loggamma_1_to_2(x)
    } else if x < 8.0 {
        loggamma_2_to_8(x)
    } else if x < 1e17 {
        let (log, low) = log_two(x, 0.0);
        let (log, low) = plus_two(log, low, -1.0, 0.0);
        let (product, low) = times_two(x - 0.5, 0.0, log, low);
        product + (low + (LGAMMA_W[0] + polynomial(&LGAMMA_W[1..], 1.0 / (x * x)) / x))
    } else {
        x * (x.ln() - 1.0)
    }
}

/// `ln Γ(1 + x)` for `x` up to 0.9.
fn loggamma_0_to_1(x: f64) -> f64 {
    if x >= 0.7316 {
        loggamma_near_2(1.0 - x)
    } else if x >= 0.2316 {
        loggamma_near_minimum(x - 0.461_632_144_968_362_25)
    } else {
        loggamma_near_1(x)
    }
}

/// `ln Γ(x)` for `x` from 0.9 to 2.
fn loggamma_1_to_2(x: f64) -> f64 {
    if x >= 1.7316 {
        loggamma_near_2(2.0 - x)
    } else if x >= 1.2316 {
        loggamma_near_minimum(x - 1.461_632_144_968_362_2)
    } else {
        loggamma_near_1(x - 1.0)
    }
}

/// `ln Γ(2 - y)`.
fn loggamma_near_2(y: f64) -> f64 {
    y * polynomial(&LGAMMA_A, y) - 0.5 * y
}

/// `ln Γ(1.4616... + y)`, about the minimum of Γ.
fn loggamma_near_minimum(y: f64) -> f64 {
    let low = -3.638_676_997_039_505e-18;
    -0.121_486_290_535_849_61 + (y * y * polynomial(&LGAMMA_T, y) - low)
}

/// `ln Γ(1 + y)`.
fn loggamma_near_1(y: f64) -> f64 {
    y * polynomial(&LGAMMA_U, y) / polynomial(&LGAMMA_V, y) - 0.5 * y
}

/// `ln Γ(x)` for `x` from 2 to 8, by the recurrence from the interval from 2 to 3.
fn loggamma_2_to_8(x: f64) -> f64 {
    let y = x - x.trunc();
    let base = 0.5 * y + y * polynomial(&LGAMMA_S, y) / polynomial(&LGAMMA_R, y);
    let mut product = 1.0;
    let mut factor = x - 1.0;
    while factor >= 2.0 {
        product *= factor;
        factor -= 1.0;
    }
    base + product.ln()
}

/// `ψ(x)`, the derivative of ln Γ: about its root by a fit; left of 0 by reflection.
fn digamma(x: f64) -> f64 {
    if x <= 0.0 {
        if x == x.trunc() {
            return f64::NAN;
        }
        let (sin, sin_low, cos, cos_low) = sin_cos_half_turns(x);
        let (cot, cot_low) = over_two(cos, cos_low, sin, sin_low);
        let pi_low = 1.224_646_799_147_353_2e-16;
        let (cot, cot_low) = times_two(cot, cot_low, std::f64::consts::PI, pi_low);
        let (mirrored, rest) = sum_two(1.0, -x);
        let (psi, psi_low) = digamma_two(mirrored, rest);
        let (value, low) = plus_two(psi, psi_low, -cot, -cot_low);
        return joined(value, low);
    }
    if (1.0..2.0).contains(&x) {
        let offset = (x - 1.461_632_144_968_362_2) - 9.549_995_429_965_697e-17;
        return offset * polynomial(&DIGAMMA, x - 1.5);
    }
    let (value, low) = digamma_two(x, 0.0);
    joined(value, low)
}

/// `ψ(x + low)` for `x > 0` and a small `low`: from 16 on by the asymptotic series, else by the recurrence.
fn digamma_two(x: f64, low: f64) -> (f64, f64) {
    let (mut y, mut y_low) = (x, low);
    let (mut sum, mut sum_low) = (0.0, 0.0);
    while y < 16.0 {
        let (part, part_low) = over_two(1.0, 0.0, y, y_low);
        (sum, sum_low) = plus_two(sum, sum_low, part, part_low);
        (y, y_low) = plus_two(1.0, 0.0, y, y_low);
    }
    let (log, log_low) = log_two(y, y_low);
    let (half, half_low) = over_two(0.5, 0.0, y, y_low);
    let s = 1.0 / (y * y);
    let (value, rest) = plus_two(log, log_low, -half, -half_low);
    let (value, rest) = plus_two(value, rest, -s * polynomial(&DIGAMMA_TAIL, s), 0.0);
    plus_two(value, rest, -sum, -sum_low)
}

/// The derivative of digamma; left of 0 by reflection.
fn trigamma(x: f64) -> f64 {
    if x.is_nan() || (x <= 0.0 && x == x.trunc()) {
        return f64::NAN;
    }
    if x > 0.0 {
        let (value, low) = trigamma_two(x, 0.0);
        return joined(value, low);
    }
    let (sin, sin_low, _, _) = sin_cos_half_turns(x);
    let pi_low = 1.224_646_799_147_353_2e-16;
    let (ratio, ratio_low) = over_two(std::f64::consts::PI, pi_low, sin, sin_low);
    let (square, square_low) = times_two(ratio, ratio_low, ratio, ratio_low);
    let (mirrored, rest) = sum_two(1.0, -x);
    let (other, other_low) = trigamma_two(mirrored, rest);
    let (value, low) = plus_two(square, square_low, -other, -other_low);
    joined(value, low)
}

/// The derivative of digamma at `x + low` for `x > 0` and a small `low`.
fn trigamma_two(x: f64, low: f64) -> (f64, f64) {
    let (mut y, mut y_low) = (x, low);
    let (mut sum, mut sum_low) = (0.0, 0.0);
    while y < 16.0 {
        let (part, part_low) = over_two(1.0, 0.0, y, y_low);
        let (part, part_low) = times_two(part, part_low, part, part_low);
        (sum, sum_low) = plus_two(sum, sum_low, part, part_low);
        (y, y_low) = plus_two(1.0, 0.0, y, y_low);
    }
    // 1/y + 1/(2y^2) + Σ B_2k/y^(2k + 1)
    let (inverse, inverse_low) = over_two(1.0, 0.0, y, y_low);
    let s = inverse * inverse;
    let mut tail = 0.0;
    let mut power = s * inverse;
    for b in BERNOULLI_PLAIN {
        tail += b * power;
        power *= s;
    }
    let (half, half_low) = times_two(inverse, inverse_low, 0.5 * inverse, 0.5 * inverse_low);
    let (value, rest) = plus_two(inverse, inverse_low, half, half_low);
    let (value, rest) = plus_two(value, rest, tail, 0.0);
    plus_two(value, rest, sum, sum_low)
}

/// Bernoulli's numbers from the second on, each other one.
const BERNOULLI_PLAIN: [f64; 8] = [
    0.166_666_666_666_666_66,
    -0.033_333_333_333_333_33,
    0.023_809_523_809_523_808,
    -0.033_333_333_333_333_33,
    0.075_757_575_757_575_76,
    -0.253_113_553_113_553_1,
    1.166_666_666_666_666_7,
    -7.092_156_862_745_098,
];

/// The m-th derivative of digamma, `(-1)^(m + 1) m! ζ(m + 1, x)`; far left of 0 by reflection.
fn polygamma(m: f64, x: f64) -> f64 {
    if m == 0.0 {
        return digamma(x);
    }
    if m == 1.0 {
        return trigamma(x);
    }
    if m < 0.0 || m != m.trunc() || (x <= 0.0 && x == x.trunc()) {
        return f64::NAN;
    }
    let odd = m % 2.0 == 1.0;
    if x < -30.0 {
        if m > 170.0 {
            // The factorial is out of range, and neighbouring poles may cancel.
            return f64::NAN;
        }
        let mirrored = polygamma(m, 1.0 - x);
        let cotangent = cot_pi_derivative(m, x);
        return if odd {
            -mirrored - cotangent
        } else {
            mirrored - cotangent
        };
    }
    let value = factorial(m) * power_sum(m + 1.0, x);
    if odd { value } else { -value }
}

/// The m-th derivative of `π cot(πx)`: a polynomial in the cotangent `c`, as `c' = -π(1 + c^2)`.
fn cot_pi_derivative(m: f64, x: f64) -> f64 {
    let (sin, cos) = sin_cos_pi(x);
    let c = cos / sin;
    let mut coefficients = [0.0; 180];
    coefficients[1] = 1.0;
    let mut count = 2;
    let mut order = 1.0;
    while order <= m {
        let mut next = [0.0; 180];
        let mut power = 1.0;
        for k in 1..count {
            next[k - 1] -= power * coefficients[k];
            next[k + 1] -= power * coefficients[k];
            power += 1.0;
        }
        coefficients = next;
        count += 1;
        order += 1.0;
    }
    polynomial(&coefficients, c) * std::f64::consts::PI.powf(m + 1.0)
}

/// `m!` for integral `m`.
fn factorial(m: f64) -> f64 {
    gamma(m + 1.0).round()
}

/// Hurwitz' zeta function, the sum of `(q + k)^-s`, for `s > 1` and `q > 0`.
fn zeta(s: f64, q: f64) -> f64 {
    if s == 1.0 {
        f64::INFINITY
    } else if s > 1.0 && q > 0.0 {
        power_sum(s, q)
    } else {
        f64::NAN
    }
}

/// `(q + k)^-s`, with the rounding error of the sum in its base taken back.
fn power_term(s: f64, q: f64, k: i32) -> f64 {
    let base = q + f64::from(k);
    let rest = q - (base - f64::from(k));
    let power = pow(base, -s);
    power - power * (s * rest / base)
}

/// The sum of `(q + k)^-s` for all `k` from 0, by Euler-Maclaurin summation; `q` may be negative where
/// `s` is integral.
fn power_sum(s: f64, q: f64) -> f64 {
    if q > 1e17 {
        return q.powf(1.0 - s) / (s - 1.0);
    }
    let mut count = 0;
    while q + f64::from(count) < 10.0 + s && count < 100 {
        count += 1;
    }
    // The tail: integral, half the first term, and the series over Bernoulli numbers.
    let end = q + f64::from(count);
    let mut factor = s / end;
    let mut series = 0.5;
    let mut k = 1.0;
    for b in BERNOULLI {
        series += b * factor;
        factor *= (s + k) * (s + k + 1.0) / (end * end);
        k += 2.0;
    }
    let tail = power_term(s, q, count) * (end / (s - 1.0) + series);
    (0..count)
        .rev()
        .fold(tail, |sum, k| sum + power_term(s, q, k))
}

/// `(x/sum)^power` with the rounding errors of the sum and of the quotient taken back.
fn beta_share(x: f64, power: f64, sum: f64, rest: f64) -> f64 {
    let quotient = x / sum;
    let error = ((-quotient).mul_add(sum, x) - quotient * rest) / x;
    quotient.powf(power) * (power * error).exp()
}

/// The beta function `Γ(a)Γ(b)/Γ(a + b)`; large arguments by Stirling's series.
fn beta(a: f64, b: f64) -> f64 {
    let (p, q) = (min(a, b), max(a, b));
    let sum = p + q;
    let rest = p - (sum - q);
    if !(p > 0.0 && q >= 10.0) {
        return gamma(q) / gamma(sum) * gamma(p) * (1.0 - rest * digamma(sum));
    }
    if p >= 10.0 {
        let correction = stirling_correction(p) + stirling_correction(q) - stirling_correction(sum);
        let sqrt_2_pi = 2.506_628_274_631_000_7;
        return sqrt_2_pi * correction.exp() / p.sqrt()
            * beta_share(p, p, sum, rest)
            * beta_share(q, q - 0.5, sum, rest);
    }
    let correction = stirling_correction(q) - stirling_correction(sum);
    let power = sum.powf(-p) * (1.0 - p * rest / sum);
    gamma(p) * p.exp() * correction.exp() * power * beta_share(q, q - 0.5, sum, rest)
}

/// `ln |B(a, b)|`, without the cancellation between large terms.
fn logbeta(a: f64, b: f64) -> f64 {
    let (p, q) = (min(a, b), max(a, b));
    if p >= 10.0 {
        // Stirling's series for all three.
        let correction =
            stirling_correction(p) + stirling_correction(q) - stirling_correction(p + q);
        let half_ln_2_pi = 0.918_938_533_204_672_7;
        half_ln_2_pi + correction - 0.5 * p.ln() - p * (q / p).ln_1p() + (0.5 - q) * (p / q).ln_1p()
    } else if p > 0.0 && q >= 10.0 {
        // ln Γ(q) - ln Γ(p + q) by Stirling's series.
        let correction = stirling_correction(q) - stirling_correction(p + q);
        loggamma(p) + correction + p - p * (p + q).ln() - (q - 0.5) * (p / q).ln_1p()
    } else {
        beta(a, b).abs().ln()
    }
}

/// The `x > 0` where digamma is `y`, by Newton's method from Minka's guess (2000).
fn invdigamma(y: f64) -> f64 {
    if y > 7.0 {
        // The inverse of digamma's asymptotic series.
        let u = y.exp();
        return u + (0.5 - (1.0 / 24.0 - 3.0 / 640.0 / (u * u)) / u);
    }
    let mut x = if y >= -2.22 {
        y.exp() + 0.5
    } else {
        -1.0 / (y + 0.577_215_664_901_532_9)
    };
    for _ in 0..6 {
        x -= (digamma(x) - y) / trigamma(x);
    }
    x
}

/// `ψ(x + h) - ψ(x)` for `x > 0` and `h >= 0`, term by term, so that nothing cancels.
fn digamma_diff(x: f64, h: f64) -> f64 {
    if !(x > 0.0 && x + h > 0.0) {
        return digamma(x + h) - digamma(x);
    }
    let mut sum = 0.0;
    let mut y = x;
    while min(y, y + h) < 10.0 {
        sum += h / (y * (y + h));
        y += 1.0;
    }
    // The asymptotic series at y + h less that at y.
    let log = (h / y).ln_1p();
    let mut power = 1.0;
    let mut k = 2.0;
    let mut tail = 0.0;
    for b in DIGAMMA_TAIL {
        power /= y * y;
        tail -= b * power * (-k * log).exp_m1();
        k += 2.0;
    }
    sum + (tail + (0.5 * h / (y * (y + h)) + log))
}
