// The beta function and its logarithm.

/// The beta function `Γ(a)Γ(b)/Γ(a + b)`; large arguments by Stirling's series.
fn beta(a: f64, b: f64) -> f64 {
    let (p, q) = (min(a, b), max(a, b));
    if p.is_nan() || p <= 0.0 || q > 1e300 {
        return gamma(q) / gamma(p + q) * gamma(p);
    }
    let (value, low) = if q < 16.0 {
        beta_two(p, q)
    } else if p < 16.0 {
        let (log, log_low) = log_gamma_ratio_two(p, q);
        let (ratio, ratio_low) = exp_of_two(log, log_low);
        let (factor, factor_low) = gamma_two(p, 0.0);
        let (value, low) = times_two(ratio, ratio_low, factor, factor_low);
        (value * GAMMA_SCALE, low * GAMMA_SCALE)
    } else {
        let (log, log_low) = logbeta_two(p, q);
        exp_of_two(log, log_low)
    };
    joined(value, low)
}

/// `ln |B(a, b)|`, without the cancellation between large terms.
fn logbeta(a: f64, b: f64) -> f64 {
    let (p, q) = (min(a, b), max(a, b));
    if p.is_nan() || p <= 0.0 || q > 1e300 {
        return beta(a, b).abs().ln();
    }
    let (value, low) = if q < 16.0 {
        let (value, low) = beta_two(p, q);
        log_two(value, low)
    } else if p < 16.0 {
        let (ratio, ratio_low) = log_gamma_ratio_two(p, q);
        let (factor, factor_low) = gamma_two(p, 0.0);
        let (log, log_low) = log_two(factor * GAMMA_SCALE, factor_low * GAMMA_SCALE);
        plus_two(log, log_low, ratio, ratio_low)
    } else {
        logbeta_two(p, q)
    };
    joined(value, low)
}

/// `B(p, q)` for arguments up to 16.
fn beta_two(p: f64, q: f64) -> (f64, f64) {
    let (sum, rest) = sum_two(p, q);
    let (top, top_low) = gamma_two(q, 0.0);
    let (bottom, bottom_low) = gamma_two(sum, rest);
    let (ratio, ratio_low) = over_two(top, top_low, bottom, bottom_low);
    let (factor, factor_low) = gamma_two(p, 0.0);
    let (value, low) = times_two(ratio, ratio_low, factor, factor_low);
    (value * GAMMA_SCALE, low * GAMMA_SCALE)
}

/// `p (1 - ln(p + q)) + (1/2 - q) ln(1 + p/q)` and the rest of Stirling's series: `ln Γ(q) - ln Γ(p + q)` for
/// `q` from 16 on and `p` below.
fn log_gamma_ratio_two(p: f64, q: f64) -> (f64, f64) {
    let correction = stirling_correction(q) - stirling_correction(p + q);
    let (sum, rest) = sum_two(q, p);
    let (log, log_low) = log_two(sum, rest);
    let (log, log_low) = plus_two(1.0, 0.0, -log, -log_low);
    let (value, low) = times_two(log, log_low, p, 0.0);
    let (log, log_low) = log_of_share_two(p, q);
    let (value, low) = more_two(value, low, 0.5 - q, 0.0, log, log_low);
    plus_two(value, low, correction, 0.0)
}

/// `ln(1 + p/q)`.
fn log_of_share_two(p: f64, q: f64) -> (f64, f64) {
    let (share, share_low) = over_two(p, 0.0, q, 0.0);
    log1p_two(share, share_low)
}

/// `ln B(p, q)` for arguments from 16 on, by Stirling's series for all three.
fn logbeta_two(p: f64, q: f64) -> (f64, f64) {
    let correction = stirling_correction(p) + stirling_correction(q) - stirling_correction(p + q);
    let (log, log_low) = log_two(p, 0.0);
    let (value, low) = plus_two(HALF_LN_2_PI, HALF_LN_2_PI_LOW, -0.5 * log, -0.5 * log_low);
    let (value, low) = plus_two(value, low, correction, 0.0);
    let (log, log_low) = log_of_share_two(p, q);
    let (value, low) = more_two(value, low, 0.5 - q, 0.0, log, log_low);
    let (log, log_low) = log_of_share_two(q, p);
    more_two(value, low, -p, 0.0, log, log_low)
}

/// `ln(2π)/2`, and what its double lacks.
const HALF_LN_2_PI: f64 = 0.918_938_533_204_672_7;
const HALF_LN_2_PI_LOW: f64 = -3.878_294_158_067_241_4e-17;
