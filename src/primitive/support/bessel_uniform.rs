// Bessel functions of large order without recurrence: Debye's expansions of I and K, uniform in the argument
// (Abramowitz and Stegun 9.7.7, 9.7.8), and where J and Y are out of the range of the numbers.

/// Whether `J_nu(x)` is 0 and `Y_nu(x)` infinite, by the bound `(x/2)^nu/Γ(nu + 1)`, for `nu, x >= 0`.
fn order_dominates(nu: f64, x: f64) -> bool {
    nu > 100.0 && x < nu && nu * (1.0 + (0.5 * x / nu).ln()) < -1500.0
}

/// Whether Debye's expansions have all digits.
fn is_uniform(nu: f64, x: f64) -> bool {
    nu.hypot(x) > 1400.0 && !(x > 30.0 && x > 0.5 * nu * nu)
}

/// `e^(shift - x) I_nu(x)`.
fn bessel_i_uniform(nu: f64, x: f64, shift: f64) -> f64 {
    if nu.is_infinite() && x.is_finite() {
        return 0.0;
    }
    let root = nu.hypot(x);
    let scale = (2.0 * std::f64::consts::PI * root).sqrt();
    (debye_exponent(nu, x) + shift).exp() / scale * debye_sum(nu, root, 1.0)
}

/// `e^(x + shift) K_nu(x)`.
fn bessel_k_uniform(nu: f64, x: f64, shift: f64) -> f64 {
    if nu.is_infinite() && x.is_finite() {
        return f64::INFINITY;
    }
    let root = nu.hypot(x);
    let scale = (std::f64::consts::FRAC_PI_2 / root).sqrt();
    // In halves: the power may overflow before the product does.
    let half = (0.5 * (shift - debye_exponent(nu, x))).exp();
    half * scale * debye_sum(nu, root, -1.0) * half
}

/// The exponent of Debye's expansion of I, less `x`.
fn debye_exponent(nu: f64, x: f64) -> f64 {
    nu * (nu / (nu.hypot(x) + x) - asinh(nu / x))
}

/// The sum of `u_k(t)/nu^k` with `t = nu/root`; with `sign` -1 the one of K.
fn debye_sum(nu: f64, root: f64, sign: f64) -> f64 {
    let s = (nu / root) * (nu / root);
    let p = sign / root;
    let u_1 = polynomial(&[3.0, -5.0], s) / 24.0;
    let u_2 = polynomial(&[81.0, -462.0, 385.0], s) / 1152.0;
    let u_3 = polynomial(&[30_375.0, -369_603.0, 765_765.0, -425_425.0], s) / 414_720.0;
    let u_4 = [
        4_465_125.0,
        -94_121_676.0,
        349_922_430.0,
        -446_185_740.0,
        185_910_725.0,
    ];
    let u_4 = polynomial(&u_4, s) / 39_813_120.0;
    1.0 + p * (u_1 + p * (u_2 + p * (u_3 + p * u_4)))
}
