//! Black and Scholes: S Φ(d₁) − K e^(−rT) Φ(d₂), d₁ = (log(S/K) + (r + σ²/2)T)/(σ√T), d₂ = d₁ − σ√T, with all first and
//! second derivatives. With φ the density, S φ(d₁) = K e^(−rT) φ(d₂), which makes them short.

/// Price, derivatives by S K T r σ, and those of each of them, row by row.
pub const RESULTS: usize = 1 + 5 + 25;

unsafe extern "C" {
    /// Of the C library: std has none.
    safe fn erfc(x: f64) -> f64;
}

fn distribution(x: f64) -> f64 {
    0.5 * erfc(-x * std::f64::consts::FRAC_1_SQRT_2)
}

pub fn price([s, k, t, r, sigma]: [f64; 5]) -> f64 {
    let width = sigma * t.sqrt();
    let d1 = ((s / k).ln() + (r + sigma * sigma / 2.0) * t) / width;
    s * distribution(d1) - k * (-r * t).exp() * distribution(d1 - width)
}

pub fn greeks([s, k, t, r, sigma]: [f64; 5], out: &mut [f64; RESULTS]) {
    let root = t.sqrt();
    let width = sigma * root;
    let d1 = ((s / k).ln() + (r + sigma * sigma / 2.0) * t) / width;
    let d2 = d1 - width;
    let discount = (-r * t).exp();
    let (p1, p2) = (distribution(d1), discount * distribution(d2));
    let density = (-0.5 * d1 * d1).exp() * 0.398_942_280_401_432_7;
    let (m, kp) = (s * density, k * p2);
    let d1_t = (r + sigma * sigma / 2.0) / width - d1 / (2.0 * t);
    let d2_t = d1_t - sigma / (2.0 * root);

    let ss = density / (s * width);
    let sk = -density / (k * width);
    let st = density * d1_t;
    let sr = density * root / sigma;
    let sv = -density * d2 / sigma;
    let kk = m / (k * k * width);
    let kt = r * p2 - m / k * d2_t;
    let kr = t * p2 - m / k * root / sigma;
    let kv = m * d1 / (k * sigma);
    let tt = -m * d1 * d1_t * sigma / (2.0 * root) - m * sigma / (4.0 * t * root) - r * r * kp + r * m * d2_t;
    let tr = kp - r * t * kp + t * m * d2_t;
    let tv = m / (2.0 * root) - m * root * d1 * d1_t;
    let rr = t * (m * root / sigma - t * kp);
    let rv = -t * m * d1 / sigma;
    let vv = m * root * d1 * d2 / sigma;
    #[rustfmt::skip]
    let all = [
        s * p1 - kp,
        p1, -p2, m * sigma / (2.0 * root) + r * kp, t * kp, m * root,
        ss, sk, st, sr, sv,
        sk, kk, kt, kr, kv,
        st, kt, tt, tr, tv,
        sr, kr, tr, rr, rv,
        sv, kv, tv, rv, vv,
    ];
    *out = all;
}
