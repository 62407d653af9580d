// The logarithmic derivatives of the gamma function, their inverse, and the zeta function.

/// `ψ(x)`, the derivative of ln Γ: about its root by a fit; left of 0 by reflection.
fn digamma(x: f64) -> f64 {
    if x <= 0.0 {
        if x == x.trunc() {
            return f64::NAN;
        }
        let (sin, sin_low, cos, cos_low) = sin_cos_half_turns_fine(x);
        let (cot, cot_low) = over_two(cos, cos_low, sin, sin_low);
        let pi_low = 1.224_646_799_147_353_2e-16;
        let (cot, cot_low) = times_two(cot, cot_low, std::f64::consts::PI, pi_low);
        let (psi, psi_low) = digamma_mirrored(x);
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

/// `ψ(1 - x)` for `x < 0` to about 100 bits, as it cancels near the roots.
fn digamma_mirrored(x: f64) -> (f64, f64) {
    let (mut y, mut y_low) = sum_two(1.0, -x);
    let (mut sum, mut sum_low) = (0.0, 0.0);
    while y < 25.0 {
        let (part, part_low) = over_two(1.0, 0.0, y, y_low);
        (sum, sum_low) = plus_two(sum, sum_low, part, part_low);
        (y, y_low) = plus_two(1.0, 0.0, y, y_low);
    }
    let (inverse, inverse_low) = over_two(1.0, 0.0, y, y_low);
    let (s, s_low) = times_two(inverse, inverse_low, inverse, inverse_low);
    let (mut tail, mut tail_low) = (0.0, 0.0);
    for k in (0..DIGAMMA_SERIES.len()).rev() {
        (tail, tail_low) = plus_two(DIGAMMA_SERIES[k], DIGAMMA_SERIES_LOW[k], tail, tail_low);
        (tail, tail_low) = times_two(tail, tail_low, s, s_low);
    }
    let (log, log_low) = log_fine(y, y_low);
    let (value, low) = plus_two(log, log_low, -0.5 * inverse, -0.5 * inverse_low);
    let (value, low) = plus_two(value, low, -tail, -tail_low);
    plus_two(value, low, -sum, -sum_low)
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
    let sign = -parity(m);
    if m > 170.0 {
        // The factorial is out of range, and left of 0 neighbouring poles may cancel.
        return if x > 0.0 {
            sign * polygamma_far(m, x)
        } else {
            f64::NAN
        };
    }
    let (start, rest) = if x < -30.0 {
        sum_two(1.0, -x)
    } else {
        (x, 0.0)
    };
    let (factor, factor_low) = gamma_two(m + 1.0, 0.0);
    let (factor, factor_low) = (sign * factor, sign * factor_low);
    let (sum, low) = power_sum_two(m + 1.0, 0.0, start, 1.0);
    let low = low - sum * ((m + 1.0) * rest / start);
    let (value, low) = times_two(factor, factor_low, sum, low);
    if x < -30.0 {
        let (other, other_low) = cot_pi_derivative_two(m, x);
        let (value, low) = (GAMMA_SCALE * -sign * value, GAMMA_SCALE * -sign * low);
        let (value, low) = plus_two(value, low, -other, -other_low);
        return joined(value, low);
    }
    joined(value, low) * GAMMA_SCALE
}

/// `m! Σ (x + k)^-(m + 1)` for large `m` and positive `x`: the first factors in one exponential, by Stirling's
/// series, and the powers relative to the first.
fn polygamma_far(m: f64, x: f64) -> f64 {
    if x < 1.0 || m > ORDER_LIMIT {
        return if x < 1.0 { f64::INFINITY } else { f64::NAN };
    }
    let (first, first_low) = log_fine(m, 0.0);
    let (log, low) = more_two(
        HALF_LN_2_PI,
        HALF_LN_2_PI_LOW,
        m + 0.5,
        0.0,
        first,
        first_low,
    );
    let (log, low) = plus_two(log, low, -m, 0.0);
    let (log, low) = plus_two(log, low, stirling_correction(m), 0.0);
    let (power, power_low) = log_fine(x, 0.0);
    let (log, low) = more_two(log, low, -m - 1.0, 0.0, power, power_low);
    if log.abs() > 800.0 {
        return log.exp();
    }
    let (sum, sum_low) = power_sum_two(m + 1.0, 0.0, x, x);
    let (half, half_low) = exp_of_two(0.5 * log, 0.5 * low);
    let (value, low) = times_two(half, half_low, sum, sum_low);
    let (value, low) = times_two(value, low, half, half_low);
    joined(value, low)
}

/// The m-th derivative of `π cot(πx)`: a polynomial in the cotangent `c`, as `c' = -π(1 + c^2)`.
fn cot_pi_derivative_two(m: f64, x: f64) -> (f64, f64) {
    let (sin, sin_low, cos, cos_low) = sin_cos_half_turns(x);
    let (c, c_low) = over_two(cos, cos_low, sin, sin_low);
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
    let (mut value, mut low) = (0.0, 0.0);
    for k in (0..count).rev() {
        (value, low) = more_two(coefficients[k], 0.0, value, low, c, c_low);
    }
    while order > 0.0 {
        (value, low) = times_two(
            value,
            low,
            std::f64::consts::PI,
            1.224_646_799_147_353_2e-16,
        );
        order -= 1.0;
    }
    (value, low)
}

/// Hurwitz' zeta function, the sum of `(q + k)^-s`, for `s > 1` and `q > 0`.
fn zeta(s: f64, q: f64) -> f64 {
    if s == 1.0 {
        f64::INFINITY
    } else if s > 1.0 && q > 0.0 {
        let (value, low) = power_sum_two(s, 0.0, q, 1.0);
        joined(value, low)
    } else {
        f64::NAN
    }
}

/// The n-th derivative of Hurwitz' zeta function by `q`, `(-1)^n s (s + 1)...(s + n - 1) ζ(s + n, q)`.
fn zeta_n(n: f64, s: f64, q: f64) -> f64 {
    if !(s > 1.0 && q > 0.0 && is_order(n)) {
        return f64::NAN;
    }
    let (order, order_low) = sum_two(s, n);
    let (mut value, mut low) = power_sum_two(order, order_low, q, 1.0);
    let mut k = 0.0;
    while k < n {
        let (factor, factor_low) = sum_two(s, k);
        (value, low) = times_two(value, low, -factor, -factor_low);
        k += 1.0;
    }
    joined(value, low)
}

/// `((q + k)/unit)^-(s + low)`; negative bases have integral exponents.
fn power_term_two(s: f64, low: f64, q: f64, k: f64, unit: f64) -> (f64, f64) {
    let (base, base_low) = sum_two(q, k);
    let (base, base_low) = over_two(base, base_low, unit, 0.0);
    let rough = base.powf(-s);
    if !(1e-280..1e280).contains(&rough.abs()) {
        return (rough - rough * (s * base_low / base), 0.0);
    }
    if low == 0.0 && s == s.trunc() && s < 40.0 {
        let (mut power, mut power_low) = (1.0, 0.0);
        let mut count = 0.0;
        while count < s {
            (power, power_low) = times_two(power, power_low, base, base_low);
            count += 1.0;
        }
        return over_two(1.0, 0.0, power, power_low);
    }
    let (size, size_low) = if base < 0.0 {
        (-base, -base_low)
    } else {
        (base, base_low)
    };
    let (log, log_low) = if s > 100.0 {
        log_fine(size, size_low)
    } else {
        log_two(size, size_low)
    };
    let (exponent, exponent_low) = times_two(log, log_low, -s, -low);
    let (power, power_low) = exp_of_two(exponent, exponent_low);
    if base < 0.0 && s % 2.0 != 0.0 {
        (-power, -power_low)
    } else {
        (power, power_low)
    }
}

/// The sum of `((q + k)/unit)^-(s + low)` for all `k` from 0, by Euler-Maclaurin summation; `q` may be negative
/// where `s` is integral.
fn power_sum_two(s: f64, s_low: f64, q: f64, unit: f64) -> (f64, f64) {
    let (below, below_low) = plus_two(s, s_low, -1.0, 0.0);
    if q > 1e17 {
        // The integral alone, without its power that may be out of range.
        let (term, term_low) = power_term_two(below, below_low, q, 0.0, unit);
        let (value, low) = over_two(term, term_low, below, below_low);
        return (unit * value, unit * low);
    }
    let mut count = 0.0;
    while q + count < 10.0 + s && count < 100.0 {
        count += 1.0;
    }
    // The tail: integral, half the first term, and the series over Bernoulli numbers.
    let (end, end_low) = sum_two(q, count);
    let mut factor = s / end;
    let mut series = 0.0;
    let mut k = 1.0;
    for b in BERNOULLI {
        series += b * factor;
        factor *= (s + k) * (s + k + 1.0) / (end * end);
        k += 2.0;
    }
    let (integral, integral_low) = over_two(end, end_low, below, below_low);
    let (tail, tail_low) = plus_two(integral, integral_low, 0.5, 0.0);
    let (tail, tail_low) = plus_two(tail, tail_low, series, 0.0);
    let (term, term_low) = power_term_two(s, s_low, q, count, unit);
    let (mut sum, mut low) = times_two(term, term_low, tail, tail_low);
    // Only the first terms need both doubles, or those about a pole.
    while count > 0.0 {
        count -= 1.0;
        if q < 0.0 || count < 3.0 {
            let (term, term_low) = power_term_two(s, s_low, q, count, unit);
            (sum, low) = plus_two(sum, low, term, term_low);
        } else {
            let (base, base_low) = sum_two(q, count);
            let power = pow(base / unit, -s);
            let rest = s * (base_low / base) + s_low * (base / unit).ln();
            (sum, low) = plus_two(sum, low, power, -power * rest);
        }
    }
    (sum, low)
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
