// Derivatives of any order of the scaled Bessel functions, without the cancellation between the neighbours of
// their recurrences: from the integral of K, where all is positive, and from Kummer's function for I.

/// The k-th derivative of `e^x K_nu(x)`.
fn besselkx_n(k: f64, nu: f64, x: f64) -> f64 {
    if !is_order(k) || x.is_nan() || x < 0.0 {
        return f64::NAN;
    }
    let nu = nu.abs();
    if k == 0.0 {
        return besselkx(nu, x);
    }
    if k == 1.0 && has_third_pair(nu, x) && has_third_pair(nu + 1.0, x) {
        if x >= 1.0 && nu < 2.0 {
            let (value, low) = bessel_k_integral_two(1.0, nu, 0.0, x);
            return value + low;
        }
        let (here, here_low) = besselkx_two(nu, x);
        let (before, before_low) = besselkx_two(nu - 1.0, x);
        let (after, after_low) = besselkx_two(nu + 1.0, x);
        let (sum, low) = plus_two(before, before_low, after, after_low);
        let (value, low) = plus_two(here, here_low, -0.5 * sum, -0.5 * low);
        return joined(value, low);
    }
    if x < 1.0 {
        return besselkx_n_near(k, nu, x);
    }
    // The integral of e^(-x (cosh t - 1)) cosh(nu t) (1 - cosh t)^k from 0, by the trapezoidal rule.
    let step = 0.6 / (x.hypot(nu) + 8.0).sqrt();
    let mut end = 2.0 * (5.0 / x.sqrt()).asinh();
    for _ in 0..4 {
        end = 2.0 * asinh((0.5 * (50.0 + 2.0 * k + nu * end) / x).sqrt());
    }
    let mut sum = 0.0;
    let mut count = (end / step).ceil() + 2.0;
    if count.is_nan() || count > ORDER_LIMIT {
        return f64::NAN;
    }
    while count > 0.0 {
        let t = count * step;
        let s = (0.5 * t).sinh();
        let square = 2.0 * s * s;
        sum += (-x * square).exp() * (nu * t).cosh() * square.powf(k);
        count -= 1.0;
    }
    parity(k) * sum * step
}

/// By the recurrence between the neighbouring orders, all of them one derivative after the other.
fn besselkx_n_near(k: f64, nu: f64, x: f64) -> f64 {
    if k > 200.0 {
        return f64::NAN;
    }
    let mut values = [0.0; 401];
    let mut order = -k;
    let mut count = 0;
    while order <= k {
        values[count] = besselkx(nu + order, x);
        order += 1.0;
        count += 1;
    }
    while count > 2 {
        count -= 2;
        for j in 0..count {
            values[j] = values[j + 1] - 0.5 * (values[j] + values[j + 2]);
        }
    }
    values[0]
}

/// The k-th derivative of `e^-|x| I_nu(x)`; negative `x` for integral orders.
fn besselix_n(k: f64, nu: f64, x: f64) -> f64 {
    let whole = nu == nu.trunc();
    if !is_order(k) || k > 200.0 || x.is_nan() || (x < 0.0 && !whole) {
        f64::NAN
    } else if k == 0.0 {
        besselix(nu, x)
    } else if x < 0.0 {
        parity(nu + k) * besselix_n(k, nu, -x)
    } else if nu < 0.0 && whole {
        besselix_n(k, -nu, x)
    } else if k == 1.0
        && x > 0.0
        && x < 60.0
        && nu.abs() < PAIR_ORDER
        && (x < 30.0 || x < 0.5 * nu * nu)
    {
        let (here, here_low) = besselix_two(nu, x);
        let (before, before_low) = besselix_two(nu - 1.0, x);
        let (after, after_low) = besselix_two(nu + 1.0, x);
        let (sum, low) = plus_two(before, before_low, after, after_low);
        let (value, low) = plus_two(0.5 * sum, 0.5 * low, -here, -here_low);
        joined(value, low)
    } else if nu < 0.0 {
        // e^-x K = e^(-2x) (e^x K), by the product rule.
        let mut sum = 0.0;
        let mut weight = 1.0;
        let mut j = k;
        while j >= 0.0 {
            sum += weight * besselkx_n(j, -nu, x);
            weight *= -2.0 * j / (k - j + 1.0);
            j -= 1.0;
        }
        besselix_n(k, -nu, x) + 2.0 / std::f64::consts::PI * sinpi(-nu) * (-2.0 * x).exp() * sum
    } else if x > 30.0 && x > 0.5 * nu * nu {
        besselix_n_far(k, nu, x)
    } else if x > 0.0 && x < 150.0 {
        besselix_n_near(k, nu, x)
    } else if k > 6.0 {
        // The steps below are as many as a power of the order.
        f64::NAN
    } else {
        let neighbours = besselix_n(k - 1.0, nu - 1.0, x) + besselix_n(k - 1.0, nu + 1.0, x);
        0.5 * neighbours - besselix_n(k - 1.0, nu, x)
    }
}

/// By the terms of Hankel's asymptotic series, differentiated.
fn besselix_n_far(k: f64, nu: f64, x: f64) -> f64 {
    let mut term = 1.0 / (2.0 * std::f64::consts::PI * x).sqrt();
    let mut j = 0.0;
    while j < k {
        term *= -(j + 0.5) / x;
        j += 1.0;
    }
    let mut sum = 0.0;
    let mut m = 0.0;
    while m < 60.0 && f64::abs(term) > 1e-18 * f64::abs(sum) {
        sum += term;
        m += 1.0;
        let odd = 2.0 * m - 1.0;
        term *= -(2.0 * nu - odd) * (2.0 * nu + odd) / (8.0 * m * x);
        // The derivative of x^(-m - 1/2) against that of the power before.
        term *= (m + k - 0.5) / (m - 0.5);
    }
    sum
}

/// By `(x/2)^nu/Γ(nu + 1) e^(-2x) M(nu + 1/2, 2nu + 1, 2x)` and Leibniz' rule: each derivative of the last two
/// factors is a multiple of `e^(-2x) M` with the second parameter one higher.
fn besselix_n_near(k: f64, nu: f64, x: f64) -> f64 {
    let half = (-x).exp();
    let mut sum = 0.0;
    let mut weight = 1.0;
    let mut j = 0.0;
    while j <= k {
        // The falling factorial of nu for the other derivatives of the power.
        let mut falling = 1.0;
        let mut i = 0.0;
        while i < k - j {
            falling *= (nu - i) / x;
            i += 1.0;
        }
        sum += weight * falling * (half * kummer(nu + 0.5, 2.0 * nu + 1.0 + j, 2.0 * x));
        weight *= -2.0 * (nu + 0.5 + j) / (2.0 * nu + 1.0 + j) * (k - j) / (j + 1.0);
        j += 1.0;
    }
    half * bessel_power(nu, x) * sum
}

/// Kummer's function `M(a, b, z)` for positive arguments, by its series from the far end.
fn kummer(a: f64, b: f64, z: f64) -> f64 {
    let mut k = (40.0 + 2.0 * z).trunc();
    let mut sum = 1.0;
    while k >= 0.0 {
        sum = 1.0 + sum * z * (a + k) / ((b + k) * (1.0 + k));
        k -= 1.0;
    }
    sum
}
