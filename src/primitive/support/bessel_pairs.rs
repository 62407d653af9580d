// Bessel functions of orders up to 100 in two doubles: power series, Hankel's asymptotic series, the integral of K,
// and the recurrences between them.

/// The highest order of the functions in two doubles.
const PAIR_ORDER: f64 = 90.0;

/// `(x/2)^nu/Γ(nu + 1)`, for `x > 0` and `nu` up to `PAIR_ORDER` in size.
fn bessel_power_two(nu: f64, x: f64) -> (f64, f64) {
    let (half, log_half) = (0.5 * x, (0.5 * x).ln());
    let (power, power_low) = if nu == nu.trunc() && nu >= 0.0 {
        let (mut power, mut low) = (1.0, 0.0);
        let mut k = 0.0;
        while k < nu {
            (power, low) = times_two(power, low, half, 0.0);
            k += 1.0;
        }
        (power, low)
    } else if (nu * log_half).abs() < 20.0 {
        let (log, log_low) = log_two(half, 0.0);
        let (exponent, low) = times_two(log, log_low, nu, 0.0);
        exp_of_two(exponent, low)
    } else {
        (half.powf(nu), 0.0)
    };
    let (order, order_low) = sum_two(nu, 1.0);
    let (gamma, gamma_low) = gamma_two(order, order_low);
    let (value, low) = over_two(power, power_low, gamma, gamma_low);
    (value / GAMMA_SCALE, low / GAMMA_SCALE)
}

/// `Σ (q + q_low)^k/(k! (nu + 1)...(nu + k))`, from the far end.
fn bessel_series_two(nu: f64, q: f64, q_low: f64) -> (f64, f64) {
    let mut k = 24.0 + (4.0 * q.abs().sqrt()).trunc();
    let (mut sum, mut low) = (1.0, 0.0);
    while k >= 0.0 {
        let (order, order_low) = sum_two(nu, k + 1.0);
        let (bottom, bottom_low) = times_two(order, order_low, k + 1.0, 0.0);
        let (factor, factor_low) = over_two(q, q_low, bottom, bottom_low);
        (sum, low) = times_two(sum, low, factor, factor_low);
        (sum, low) = plus_two(1.0, 0.0, sum, low);
        k -= 1.0;
    }
    (sum, low)
}

/// `J_nu(x)` for `sign` -1 and `I_nu(x)` for 1, by the power series.
fn bessel_near_two(nu: f64, x: f64, sign: f64) -> (f64, f64) {
    if nu == nu.trunc() && nu < 0.0 {
        let (value, low) = bessel_near_two(-nu, x, sign);
        let odd = if sign < 0.0 { parity(nu) } else { 1.0 };
        return (odd * value, odd * low);
    }
    let (power, power_low) = bessel_power_two(nu, x);
    let (square, square_low) = product_two(x, x);
    let factor = 0.25 * sign;
    let (sum, low) = bessel_series_two(nu, factor * square, factor * square_low);
    times_two(power, power_low, sum, low)
}

/// The sums of the even and of the odd terms of Hankel's asymptotic series for J and Y.
fn hankel_sums_two(nu: f64, x: f64) -> (f64, f64, f64, f64) {
    let (mut even, mut even_low, mut odd, mut odd_low) = (1.0, 0.0, 0.0, 0.0);
    let (mut term, mut term_low) = (1.0, 0.0);
    let mut k = 1.0;
    while k < 2.0 * x && k < 120.0 && f64::abs(term) > 1e-32 {
        let n = 2.0 * k - 1.0;
        let (below, below_low) = sum_two(2.0 * nu, -n);
        let (above, above_low) = sum_two(2.0 * nu, n);
        let (top, top_low) = times_two(below, below_low, above, above_low);
        let (factor, factor_low) = over_two(top, top_low, x, 0.0);
        let (factor, factor_low) = over_two(factor, factor_low, 8.0 * k, 0.0);
        (term, term_low) = times_two(term, term_low, factor, factor_low);
        if k % 2.0 == 1.0 {
            (odd, odd_low) = plus_two(odd, odd_low, term, term_low);
            (term, term_low) = (-term, -term_low);
        } else {
            (even, even_low) = plus_two(even, even_low, term, term_low);
        }
        k += 1.0;
    }
    (even, even_low, odd, odd_low)
}

/// `J_nu(x)` and `Y_nu(x)` by Hankel's asymptotic series, for `x` well above `nu^2/2`.
fn hankel_two(nu: f64, x: f64) -> (f64, f64, f64, f64) {
    let (even, even_low, odd, odd_low) = hankel_sums_two(nu, x);
    let (sin, sin_low, cos, cos_low) = sin_cos_radians_fine(x);
    let (turn, turn_low) = sum_two(0.5 * nu, 0.25);
    let (shift, shift_low, co, co_low) = sin_cos_half_turns_fine(turn);
    let turn_low = std::f64::consts::PI * turn_low;
    let (shift_low, co_low) = (shift_low + turn_low * co, co_low - turn_low * shift);
    // The angle x - (2nu + 1)π/4.
    let (first, first_low) = times_two(sin, sin_low, co, co_low);
    let (s, s_low) = more_two(first, first_low, -cos, -cos_low, shift, shift_low);
    let (first, first_low) = times_two(cos, cos_low, co, co_low);
    let (c, c_low) = more_two(first, first_low, sin, sin_low, shift, shift_low);
    let (first, first_low) = times_two(c, c_low, even, even_low);
    let (j, j_low) = more_two(first, first_low, -s, -s_low, odd, odd_low);
    let (first, first_low) = times_two(s, s_low, even, even_low);
    let (y, y_low) = more_two(first, first_low, c, c_low, odd, odd_low);
    let two_over_pi_low = -3.935_735_335_036_497e-17;
    let (square, square_low) = over_two(std::f64::consts::FRAC_2_PI, two_over_pi_low, x, 0.0);
    let (amplitude, low) = root_two(square, square_low);
    let (j, j_low) = times_two(j, j_low, amplitude, low);
    let (y, y_low) = times_two(y, y_low, amplitude, low);
    (j, j_low, y, y_low)
}

/// From the functions of the lowest two orders that are an integer below `nu` up to that of `nu`: `next = 2 order/x this +
/// sign last`. The lowest order is from 0 to 1 for `sign` -1, from -1/2 to 1/2 for 1.
fn bessel_upwards_two(
    first: f64,
    first_low: f64,
    second: f64,
    second_low: f64,
    nu: f64,
    x: f64,
    sign: f64,
) -> (f64, f64) {
    let steps = if sign > 0.0 { nu.round() } else { nu.trunc() };
    let mu = nu - steps;
    let (mut this, mut this_low, mut next, mut next_low) = (first, first_low, second, second_low);
    let mut k = 1.0;
    while k <= steps {
        let (order, order_low) = sum_two(mu, k);
        let (factor, factor_low) = over_two(2.0 * order, 2.0 * order_low, x, 0.0);
        let (grown, grown_low) = times_two(factor, factor_low, next, next_low);
        let (sum, low) = plus_two(grown, grown_low, sign * this, sign * this_low);
        (this, this_low, next, next_low) = (next, next_low, sum, low);
        k += 1.0;
    }
    (this, this_low)
}

/// Whether J and Y are computed in two doubles.
fn has_pairs(nu: f64, x: f64) -> bool {
    nu.abs() <= PAIR_ORDER && x > 0.0 && (x < 25.0 || (x < 1e30 && nu.abs() < x - 1.0))
}

/// `J_nu(x)` where `has_pairs`.
fn besselj_two(nu: f64, x: f64) -> (f64, f64) {
    if x < 25.0 {
        return bessel_near_two(nu, x, -1.0);
    }
    if nu < 0.0 {
        let (sin, sin_low, cos, cos_low) = sin_cos_half_turns(-nu);
        let (j, j_low) = besselj_two(-nu, x);
        let (y, y_low) = bessely_two(-nu, x);
        let (first, first_low) = times_two(cos, cos_low, j, j_low);
        return more_two(first, first_low, -sin, -sin_low, y, y_low);
    }
    let steps = nu.trunc();
    let (j, j_low, _, _) = hankel_two(nu - steps, x);
    if steps == 0.0 {
        return (j, j_low);
    }
    let (next, next_low, _, _) = hankel_two(nu - steps + 1.0, x);
    bessel_upwards_two(j, j_low, next, next_low, nu, x, -1.0)
}

/// Whether Y is computed in two doubles: `has_pairs`, and the order is an integer or far from one where the
/// difference of J of both signs is used.
fn has_second_pair(nu: f64, x: f64) -> bool {
    let distance = (nu - nu.round()).abs();
    has_pairs(nu, x) && (distance == 0.0 || distance > 0.05 || x >= 25.0)
}

/// `Y_nu(x)` where `has_second_pair`.
fn bessely_two(nu: f64, x: f64) -> (f64, f64) {
    let whole = nu == nu.trunc();
    if nu < 0.0 {
        if whole {
            let (value, low) = bessely_two(-nu, x);
            return (parity(nu) * value, parity(nu) * low);
        }
        let (sin, sin_low, cos, cos_low) = sin_cos_half_turns(-nu);
        let (j, j_low) = besselj_two(-nu, x);
        let (y, y_low) = bessely_two(-nu, x);
        let (first, first_low) = times_two(sin, sin_low, j, j_low);
        return more_two(first, first_low, cos, cos_low, y, y_low);
    }
    if x >= 25.0 {
        let steps = nu.trunc();
        let (_, _, y, y_low) = hankel_two(nu - steps, x);
        let (_, _, next, next_low) = hankel_two(nu - steps + 1.0, x);
        return bessel_upwards_two(y, y_low, next, next_low, nu, x, -1.0);
    }
    if whole {
        let (y, y_low) = bessel_second_0(x, -1.0);
        let (next, next_low) = bessel_second_1(x, -1.0);
        let (value, low) = bessel_upwards_two(y, y_low, next, next_low, nu, x, -1.0);
        let two_over_pi_low = -3.935_735_335_036_497e-17;
        return times_two(value, low, -std::f64::consts::FRAC_2_PI, -two_over_pi_low);
    }
    let (sin, sin_low, cos, cos_low) = sin_cos_half_turns(nu);
    let (j, j_low) = bessel_near_two(nu, x, -1.0);
    let (mirrored, mirrored_low) = bessel_near_two(-nu, x, -1.0);
    let (first, first_low) = times_two(cos, cos_low, j, j_low);
    let (value, low) = more_two(first, first_low, -1.0, 0.0, mirrored, mirrored_low);
    over_two(value, low, sin, sin_low)
}

/// `-(ln(x/2) + γ)` times the function of the first kind and order 0 plus `Σ H_k (±x^2/4)^k/k!^2`: `K_0` for
/// `sign` 1, `-πY_0/2` for -1.
fn bessel_second_0(x: f64, sign: f64) -> (f64, f64) {
    let (log, log_low) = log_two(0.5 * x, 0.0);
    let (log, log_low) = plus_two(log, log_low, EULER, EULER_LOW);
    let (first, first_low) = bessel_near_two(0.0, x, sign);
    let (square, square_low) = product_two(0.5 * x, 0.5 * x);
    let (mut sum, mut low) = times_two(-log, -log_low, first, first_low);
    let (mut term, mut term_low, mut harmonic, mut harmonic_low) = (1.0, 0.0, 0.0, 0.0);
    let mut k = 1.0;
    while k < 24.0 + 2.0 * x {
        let (factor, factor_low) = over_two(sign * square, sign * square_low, k * k, 0.0);
        (term, term_low) = times_two(term, term_low, factor, factor_low);
        let (inverse, inverse_low) = over_two(1.0, 0.0, k, 0.0);
        (harmonic, harmonic_low) = plus_two(harmonic, harmonic_low, inverse, inverse_low);
        let (part, part_low) = times_two(term, term_low, harmonic, harmonic_low);
        (sum, low) = plus_two(sum, low, part, part_low);
        k += 1.0;
    }
    (sum, low)
}

/// The same of order 1: `1/x + sign (ln(x/2) + γ)` times the function of the first kind, less `sign/2 Σ (H_k + H_(k+1))
/// (±x^2/4)^k (x/2)/(k! (k + 1)!)`.
fn bessel_second_1(x: f64, sign: f64) -> (f64, f64) {
    let (log, log_low) = log_two(0.5 * x, 0.0);
    let (log, log_low) = plus_two(log, log_low, EULER, EULER_LOW);
    let (first, first_low) = bessel_near_two(1.0, x, sign);
    let (square, square_low) = product_two(0.5 * x, 0.5 * x);
    let (mut sum, mut low) = times_two(sign * log, sign * log_low, first, first_low);
    let (inverse, inverse_low) = over_two(1.0, 0.0, x, 0.0);
    (sum, low) = plus_two(inverse, inverse_low, sum, low);
    let (mut term, mut term_low, mut harmonic, mut harmonic_low) =
        (-0.25 * sign * x, 0.0, 1.0, 0.0);
    let mut k = 1.0;
    while k < 24.0 + 2.0 * x {
        // Here the sum of H_(k - 1) and H_k.
        let (part, part_low) = times_two(term, term_low, harmonic, harmonic_low);
        (sum, low) = plus_two(sum, low, part, part_low);
        let (factor, factor_low) = over_two(sign * square, sign * square_low, k * (k + 1.0), 0.0);
        (term, term_low) = times_two(term, term_low, factor, factor_low);
        let (step, step_low) = over_two(2.0 * k + 1.0, 0.0, k * (k + 1.0), 0.0);
        (harmonic, harmonic_low) = plus_two(harmonic, harmonic_low, step, step_low);
        k += 1.0;
    }
    (sum, low)
}

/// The k-th derivative of `e^x K_(nu + nu_low)(x)` for `k` 0 or 1 and `x` from 1 on: the integral of `e^(-x (cosh t - 1))
/// cosh(nu t) (1 - cosh t)^k` from 0, by the trapezoidal rule, which converges exponentially.
fn bessel_k_integral_two(k: f64, nu: f64, nu_low: f64, x: f64) -> (f64, f64) {
    let step = 0.5 / (x + 8.0).sqrt();
    let (mut sum, mut low) = (if k == 0.0 { 0.5 } else { 0.0 }, 0.0);
    let mut count = (2.0 * (5.0 / x.sqrt()).asinh() / step).ceil() + 4.0;
    while count > 0.0 {
        let (t, t_low) = product_two(count, step);
        let (sinh, sinh_low, cosh, cosh_low) = sinh_cosh_two(0.5 * t);
        let (sinh, sinh_low) = renewed(sinh, sinh_low + 0.5 * t_low * (cosh + cosh_low));
        let (square, square_low) = times_two(2.0 * sinh, 2.0 * sinh_low, sinh, sinh_low);
        let (exponent, exponent_low) = times_two(-x, 0.0, square, square_low);
        let (decay, decay_low) = exp_of_two(exponent, exponent_low);
        let (angle, angle_low) = times_two(t, t_low, nu, nu_low);
        let (grown, grown_low, factor, factor_low) = sinh_cosh_two(angle);
        let factor_low = factor_low + angle_low * (grown + grown_low);
        let (mut part, mut part_low) = times_two(decay, decay_low, factor, factor_low);
        if k == 1.0 {
            (part, part_low) = times_two(part, part_low, -square, -square_low);
        }
        (sum, low) = plus_two(sum, low, part, part_low);
        count -= 1.0;
    }
    times_two(sum, low, step, 0.0)
}

/// Whether `besselkx_two` holds: orders up to `PAIR_ORDER`, and for small `x` integers or far from them.
fn has_third_pair(nu: f64, x: f64) -> bool {
    let distance = (nu - nu.round()).abs();
    nu.abs() <= PAIR_ORDER && x > 0.0 && x < 1e6 && (x >= 1.0 || distance == 0.0 || distance > 0.05)
}

/// `e^x K_nu(x)` where `has_third_pair`.
fn besselkx_two(nu: f64, x: f64) -> (f64, f64) {
    let nu = nu.abs();
    let mu = nu - nu.round();
    if x >= 1.0 {
        let (first, first_low) = bessel_k_integral_two(0.0, mu, 0.0, x);
        let (second, second_low) = bessel_k_integral_two(0.0, mu + 1.0, 0.0, x);
        return bessel_upwards_two(first, first_low, second, second_low, nu, x, 1.0);
    }
    let (value, low) = if mu == 0.0 {
        let (first, first_low) = bessel_second_0(x, 1.0);
        let (second, second_low) = bessel_second_1(x, 1.0);
        bessel_upwards_two(first, first_low, second, second_low, nu, x, 1.0)
    } else {
        let (mirrored, mirrored_low) = bessel_near_two(-nu, x, 1.0);
        let (first, first_low) = bessel_near_two(nu, x, 1.0);
        let (value, low) = plus_two(mirrored, mirrored_low, -first, -first_low);
        let (sin, sin_low, _, _) = sin_cos_half_turns(nu);
        let (value, low) = over_two(value, low, sin, sin_low);
        times_two(
            value,
            low,
            std::f64::consts::FRAC_PI_2,
            6.123_233_995_736_766e-17,
        )
    };
    let (grown, grown_low) = exp_two(x);
    times_two(value, low, grown, grown_low)
}

/// `e^-x I_nu(x)` for `x` up to 60 and orders up to `PAIR_ORDER` in size.
fn besselix_two(nu: f64, x: f64) -> (f64, f64) {
    let (value, low) = bessel_near_two(nu, x, 1.0);
    let (decay, decay_low) = exp_two(-x);
    times_two(value, low, decay, decay_low)
}
