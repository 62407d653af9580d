// Bessel functions of real order. Near 0: power series, and Temme's series (1975, 1976) for the second
// kind; in the middle: Miller's backward recurrence normalised by Steed's continued fraction (Barnett et al.
// 1974), and the trapezoidal rule for K; far out: Hankel's asymptotic series. The oscillating functions
// are accurate relative to their amplitude.

/// `J_nu(x)`; negative `x` for integral orders.
fn besselj(nu: f64, x: f64) -> f64 {
    let whole = nu == nu.trunc();
    if x < 0.0 {
        return if whole {
            parity(nu) * besselj(nu, -x)
        } else {
            f64::NAN
        };
    }
    if nu < 0.0 {
        if !whole && has_pairs(nu, x) {
            let (value, low) = besselj_two(nu, x);
            return joined(value, low);
        }
        let (sin, cos) = sin_cos_pi(-nu);
        return if whole {
            parity(nu) * besselj(-nu, x)
        } else {
            cos * besselj(-nu, x) - sin * bessely(-nu, x)
        };
    }
    let near_root = if nu == 0.0 {
        bessel_near_root(nu, x, &BESSEL_J0_ROOTS)
    } else if nu == 1.0 {
        bessel_near_root(nu, x, &BESSEL_J1_ROOTS)
    } else {
        f64::NAN
    };
    if !near_root.is_nan() {
        near_root
    } else if has_pairs(nu, x) {
        let (value, low) = besselj_two(nu, x);
        joined(value, low)
    } else if x < 2.0 {
        bessel_power(nu, x) * bessel_series(nu, -0.25 * x * x)
    } else {
        bessel_jy(nu, x).0
    }
}

/// `Y_nu(x)` for `x > 0`.
fn bessely(nu: f64, x: f64) -> f64 {
    if x < 0.0 || x.is_nan() {
        return f64::NAN;
    }
    if nu < 0.0 {
        if has_second_pair(nu, x) && nu != nu.trunc() {
            let (value, low) = bessely_two(nu, x);
            return joined(value, low);
        }
        let (sin, cos) = sin_cos_pi(-nu);
        return if nu == nu.trunc() {
            parity(nu) * bessely(-nu, x)
        } else if cos == 0.0 {
            sin * besselj(-nu, x)
        } else {
            sin * besselj(-nu, x) + cos * bessely(-nu, x)
        };
    }
    if x == 0.0 {
        return f64::NEG_INFINITY;
    }
    let near_root = if nu == 0.0 {
        bessel_near_root(nu, x, &BESSEL_Y0_ROOTS)
    } else if nu == 1.0 {
        bessel_near_root(nu, x, &BESSEL_Y1_ROOTS)
    } else {
        f64::NAN
    };
    if !near_root.is_nan() {
        return near_root;
    }
    if has_second_pair(nu, x) {
        let (value, low) = bessely_two(nu, x);
        return joined(value, low);
    }
    if x >= 2.0 {
        return bessel_jy(nu, x).1;
    }
    if order_dominates(nu, x) {
        return f64::NEG_INFINITY;
    }
    let mu = nu - nu.round();
    let half = (std::f64::consts::FRAC_PI_2 * mu).sin();
    let weight = if mu == 0.0 {
        0.0
    } else {
        2.0 * half * half / mu
    };
    let (first, second) = temme(mu, x, -1.0, weight);
    let scale = -2.0 / std::f64::consts::PI;
    bessel_upwards(scale * first, scale * second, mu, nu.round(), 2.0 / x, -1.0)
}

/// `I_nu(x)`; negative `x` for integral orders.
fn besseli(nu: f64, x: f64) -> f64 {
    if nu == nu.trunc() && x < 0.0 {
        return parity(nu) * besseli(nu, -x);
    }
    if nu == nu.trunc() && nu < 0.0 {
        return besseli(-nu, x);
    }
    if nu >= 0.0 && x >= 0.0 && is_uniform(nu, x) {
        return bessel_i_uniform(nu, x, x);
    }
    if x > 0.0 && x < 60.0 && nu.abs() <= PAIR_ORDER {
        let (value, low) = bessel_near_two(nu, x, 1.0);
        return joined(value, low);
    }
    if (60.0..700.0).contains(&x) && nu * nu < x {
        let (value, low) = hankel_growing_two(nu, x);
        let (grown, rest) = exp_two(x);
        let (product, low) = times_two(value, low, grown, rest);
        return joined(product, low);
    }
    let half = (0.5 * x.abs()).exp();
    half * besselix(nu, x) * half
}

/// `e^-|x| I_nu(x)`; negative `x` for integral orders.
fn besselix(nu: f64, x: f64) -> f64 {
    if nu.is_nan() || x.is_nan() {
        return f64::NAN;
    }
    let whole = nu == nu.trunc();
    if x < 0.0 {
        return if whole {
            parity(nu) * besselix(nu, -x)
        } else {
            f64::NAN
        };
    }
    if x > 0.0 && x < 60.0 && nu.abs() <= PAIR_ORDER {
        let (value, low) = besselix_two(nu, x);
        return joined(value, low);
    }
    if nu < 0.0 {
        let mirrored = besselix(-nu, x);
        return if whole {
            mirrored
        } else {
            mirrored + 2.0 / std::f64::consts::PI * sinpi(-nu) * besselk(-nu, x) * (-x).exp()
        };
    }
    if x > 30.0 && x > 0.5 * nu * nu {
        let (value, low) = hankel_growing_two(nu, x);
        joined(value, low)
    } else if is_uniform(nu, x) {
        bessel_i_uniform(nu, x, 0.0)
    } else {
        // The exponential in two factors: both others may be out of range.
        let half = (-0.5 * x).exp();
        half * bessel_power(nu, x) * half * bessel_series(nu, 0.25 * x * x)
    }
}

/// `e^-x I_nu(x)` by Hankel's asymptotic series.
fn hankel_growing_two(nu: f64, x: f64) -> (f64, f64) {
    let (even, odd, first) = hankel_sums(nu, x, 1.0);
    let (sum, low) = sum_two(1.0, even - odd - first);
    let (square, square_low) = times_two(
        2.0 * std::f64::consts::PI,
        2.449_293_598_294_706_4e-16,
        x,
        0.0,
    );
    let (root, root_low) = root_two(square, square_low);
    over_two(sum, low, root, root_low)
}

/// `K_nu(x)` for `x > 0`.
fn besselk(nu: f64, x: f64) -> f64 {
    if x > 0.0 && (nu.abs() > 1e4 || (x > 700.0 && is_uniform(nu, x))) {
        return bessel_k_uniform(nu.abs(), x, -x);
    }
    if x < 700.0 && has_third_pair(nu, x) {
        let (scaled, scaled_low) = besselkx_two(nu, x);
        let (decay, decay_low) = exp_two(-x);
        let (value, low) = times_two(scaled, scaled_low, decay, decay_low);
        return joined(value, low);
    }
    (-x).exp() * besselkx(nu, x)
}

/// `e^x K_nu(x)` for `x > 0`.
fn besselkx(nu: f64, x: f64) -> f64 {
    if x < 0.0 {
        return f64::NAN;
    }
    if x == 0.0 {
        return f64::INFINITY;
    }
    let nu = nu.abs();
    if has_third_pair(nu, x) {
        let (value, low) = besselkx_two(nu, x);
        return joined(value, low);
    }
    if nu > 1e4 {
        return bessel_k_uniform(nu, x, 0.0);
    }
    let mu = nu - nu.round();
    let (first, second) = if x < 1.0 {
        let (first, second) = temme(mu, x, 1.0, 0.0);
        (x.exp() * first, x.exp() * second)
    } else {
        (bessel_k_integral(mu, x), bessel_k_integral(mu + 1.0, x))
    };
    bessel_upwards(first, second, mu, nu.round(), 2.0 / x, 1.0)
}

/// `J_0(x)`.
fn besselj0(x: f64) -> f64 {
    besselj(0.0, x)
}

/// `J_1(x)`.
fn besselj1(x: f64) -> f64 {
    besselj(1.0, x)
}

/// `Y_0(x)` for `x > 0`.
fn bessely0(x: f64) -> f64 {
    bessely(0.0, x)
}

/// `Y_1(x)` for `x > 0`.
fn bessely1(x: f64) -> f64 {
    bessely(1.0, x)
}

/// -1 for odd integers, 1 for even ones; NaN for infinities.
fn parity(n: f64) -> f64 {
    1.0 - 2.0 * (n % 2.0).abs()
}

/// `(x/2)^nu/Γ(nu + 1)`.
fn bessel_power(nu: f64, x: f64) -> f64 {
    if nu < 100.0 {
        (0.5 * x).powf(nu) / gamma(nu + 1.0)
    } else {
        (nu * (0.5 * x).ln() - loggamma(nu + 1.0)).exp()
    }
}

/// `Σ q^k/(k! (nu + 1)...(nu + k))`, from the far end.
fn bessel_series(nu: f64, q: f64) -> f64 {
    let mut k = 20.0 + (4.0 * q.abs().sqrt()).trunc();
    let mut sum = 1.0;
    while k >= 0.0 {
        sum = 1.0 + sum * q / ((k + 1.0) * (nu + k + 1.0));
        k -= 1.0;
    }
    sum
}

/// The sums `1 + ...` of the even and `first + ...` of the odd terms of Hankel's asymptotic series, without
/// their leading terms, with `sign` between the terms of each; and `first`.
fn hankel_sums(nu: f64, x: f64, sign: f64) -> (f64, f64, f64) {
    let first = (2.0 * nu - 1.0) * (2.0 * nu + 1.0) / (8.0 * x);
    let (mut even, mut odd) = (0.0, 0.0);
    let mut term = sign * first;
    let mut k = 2.0;
    while k < 60.0 && f64::abs(term) > 1e-24 {
        let n = 2.0 * k - 1.0;
        term *= (2.0 * nu - n) * (2.0 * nu + n) / (8.0 * k * x);
        if k % 2.0 == 1.0 {
            odd += term;
            term *= sign;
        } else {
            even += term;
        }
        if k > 2.0 * x {
            break;
        }
        k += 1.0;
    }
    (even, odd, first)
}

/// From the functions of orders `mu` and `mu + 1` up to order `mu + steps`: `next = (order * two_over_x) *
/// this + sign * last`.
fn bessel_upwards(first: f64, second: f64, mu: f64, steps: f64, two_over_x: f64, sign: f64) -> f64 {
    let (mut this, mut next) = (first, second);
    let mut k = 1.0;
    while k <= steps {
        (this, next) = (next, (mu + k) * two_over_x * next + sign * this);
        if f64::is_infinite(this) {
            break;
        }
        k += 1.0;
    }
    this
}

/// Temme's series: for `sign` 1 and weight 0, `K` of orders `mu` and `mu + 1` at `x` below 2; for -1 and
/// `2 sin^2(πmu/2)/mu`, `-πY/2` of both. `|mu|` is at most 1/2.
fn temme(mu: f64, x: f64, sign: f64, weight: f64) -> (f64, f64) {
    let log = (2.0 / x).ln();
    let sigma = mu * log;
    let sinh_ratio = if sigma.abs() < 1e-8 {
        1.0
    } else {
        sigma.sinh() / sigma
    };
    // Even and odd part of 1/Γ(1 + mu).
    let (mut even, mut odd) = (0.0, 0.0);
    for k in (0..GAMMA_RECIPROCAL.len() / 2).rev() {
        even = even * mu * mu + GAMMA_RECIPROCAL[2 * k];
        odd = odd * mu * mu + GAMMA_RECIPROCAL[2 * k + 1];
    }
    let mut f = (sigma.cosh() * -odd + sinh_ratio * log * even) / sinc(mu);
    let mut p = 0.5 * sigma.exp() / (even + mu * odd);
    let mut q = 0.5 * (-sigma).exp() / (even - mu * odd);
    let mut c = 1.0;
    let (mut first, mut second) = (f + weight * q, p);
    for k in 1..25 {
        let k = f64::from(k);
        f = (k * f + p + q) / (k * k - mu * mu);
        p /= k - mu;
        q /= k + mu;
        c *= sign * 0.25 * x * x / k;
        let g = f + weight * q;
        first += c * g;
        second += c * (p - k * g);
    }
    (first, second * 2.0 / x)
}

/// `e^x K_nu(x)` as the integral of `e^(-x (cosh t - 1)) cosh(nu t)` from 0, by the trapezoidal rule, which
/// converges exponentially.
fn bessel_k_integral(nu: f64, x: f64) -> f64 {
    let step = 0.6 / (x + 8.0).sqrt();
    let mut sum = 0.0;
    let mut k = (2.0 * (5.0 / x.sqrt()).asinh() / step).ceil() + 2.0;
    while k > 0.0 {
        let t = k * step;
        let s = (0.5 * t).sinh();
        sum += (-2.0 * x * s * s).exp() * (nu * t).cosh();
        k -= 1.0;
    }
    (sum + 0.5) * step
}

/// `J_nu(x)` and `Y_nu(x)` for `nu >= 0` and `x >= 2`. NaN for orders above `ORDER_LIMIT`, except
/// those far above `x` or below its square root.
fn bessel_jy(nu: f64, x: f64) -> (f64, f64) {
    if order_dominates(nu, x) {
        return (0.0, f64::NEG_INFINITY);
    }
    if x > 19.0 {
        return bessel_jy_far(nu, x);
    }
    let steps = max(0.0, (nu - x + 1.5).trunc());
    let mu = nu - steps;
    let (at_nu, this, next) = miller(mu, steps, x);
    // H'/H = p + iq at order mu gives the amplitude and Y.
    let (p, q) = steed(mu, x);
    let slope = mu / x * this - next;
    let conjugate = (p * this - slope) / q;
    let factor = (2.0 / (std::f64::consts::PI * x * q)).sqrt() / this.hypot(conjugate);
    let (j, y) = (factor * this, factor * conjugate);
    let y_next = mu / x * y - (p * y + q * j);
    (
        factor * at_nu,
        bessel_upwards(y, y_next, mu, steps, 2.0 / x, -1.0),
    )
}

/// `J_nu(x)` and `Y_nu(x)` for `x` above 19: Hankel's series at a low order and upward recurrence, which is
/// stable for `J` up to the order `x`.
fn bessel_jy_far(nu: f64, x: f64) -> (f64, f64) {
    if x.is_infinite() {
        return (0.0, 0.0);
    }
    if x > nu * nu {
        return hankel(nu, x);
    }
    if nu > ORDER_LIMIT || nu.is_nan() {
        return (f64::NAN, f64::NAN);
    }
    let steps = nu.trunc();
    let mu = nu - steps;
    let (j, y) = hankel(mu, x);
    let (j_next, y_next) = hankel(mu + 1.0, x);
    let y = bessel_upwards(y, y_next, mu, steps, 2.0 / x, -1.0);
    let safe = x.trunc() - 1.0;
    if steps <= safe {
        return (bessel_upwards(j, j_next, mu, steps, 2.0 / x, -1.0), y);
    }
    let (at_nu, this, next) = miller(mu + safe, steps - safe, x);
    let low = bessel_upwards(j, j_next, mu, safe, 2.0 / x, -1.0);
    let high = bessel_upwards(j, j_next, mu, safe + 1.0, 2.0 / x, -1.0);
    let factor = if low.abs() > high.abs() {
        low / this
    } else {
        high / next
    };
    (factor * at_nu, y)
}

/// Up to a common factor, `J` of the orders `mu + steps`, `mu` and `mu + 1`, by recurrence backwards from
/// far above both the orders and `x`, where the function is positive (Miller's method).
fn miller(mu: f64, steps: f64, x: f64) -> (f64, f64, f64) {
    let mut k = (max(mu + steps, x) - mu + 20.0 + 12.0 * x.cbrt()).trunc();
    let (mut this, mut next) = (1e-300, 0.0);
    let mut at_nu = 0.0;
    while k > 0.0 {
        (this, next) = ((mu + k) * 2.0 / x * this - next, this);
        k -= 1.0;
        if k == steps {
            at_nu = this;
        }
        if f64::abs(this) > 1e200 {
            (this, next, at_nu) = (this * 1e-200, next * 1e-200, at_nu * 1e-200);
        }
    }
    (at_nu, this, next)
}

/// `J_nu(x)` and `Y_nu(x)` by Hankel's asymptotic series.
fn hankel(nu: f64, x: f64) -> (f64, f64) {
    let (even_rest, odd_rest, first) = hankel_sums(nu, x, -1.0);
    let (even, odd) = (1.0 + even_rest, first + odd_rest);
    let amplitude = (2.0 / (std::f64::consts::PI * x)).sqrt();
    let (sin, cos) = x.sin_cos();
    let (sin_shift, cos_shift) = sin_cos_pi(0.5 * nu + 0.25);
    let (sin, cos) = (
        sin * cos_shift - cos * sin_shift,
        cos * cos_shift + sin * sin_shift,
    );
    (
        amplitude * (cos * even - sin * odd),
        amplitude * (sin * even + cos * odd),
    )
}

/// A Bessel function of order `nu` close to one of the roots given, by its Taylor series there; NaN
/// elsewhere.
fn bessel_near_root(nu: f64, x: f64, roots: &[[f64; 3]]) -> f64 {
    let mut k = 0;
    while k < roots.len() {
        if (x - roots[k][0]).abs() < 0.15 {
            return bessel_at_root(nu, x, roots[k][0], roots[k][1], roots[k][2]);
        }
        k += 1;
    }
    f64::NAN
}

/// The Taylor series at a root, given with what its double lacks and the slope there. The differential
/// equation gives the coefficients.
fn bessel_at_root(nu: f64, x: f64, root: f64, low: f64, slope: f64) -> f64 {
    let h = (x - root) - low;
    // The last four coefficients, each times its power of h.
    let (mut a, mut b, mut c, mut d) = (0.0, 0.0, 0.0, slope * h);
    let t = h / root;
    let mut terms = [0.0; 20];
    let mut n = 0.0;
    let mut k = 0;
    while k < terms.len() {
        terms[k] = d;
        let next = -((2.0 * n + 1.0) * (n + 1.0) * t * d
            + (n * n + root * root - nu * nu) * t * t * c
            + 2.0 * root * root * t * t * t * b
            + root * root * t * t * t * t * a)
            / ((n + 2.0) * (n + 1.0));
        (a, b, c, d) = (b, c, d, next);
        n += 1.0;
        k += 1;
    }
    let mut sum = -0.0;
    for k in (0..terms.len()).rev() {
        sum += terms[k];
    }
    sum
}

/// `p + iq = H'/H` for the Hankel function of order `mu`, by Steed's second continued fraction, from the
/// far end.
fn steed(mu: f64, x: f64) -> (f64, f64) {
    let (mut re, mut im) = (0.0, 0.0);
    for k in (1..=20 + (200.0 / x) as i32).rev() {
        let k = f64::from(k);
        let numerator = (k - 0.5 - mu) * (k - 0.5 + mu);
        let (b_re, b_im) = (2.0 * x + re, 2.0 * k + im);
        let norm = b_re * b_re + b_im * b_im;
        (re, im) = (numerator * b_re / norm, -numerator * b_im / norm);
    }
    (-0.5 / x - im / x, 1.0 + re / x)
}
