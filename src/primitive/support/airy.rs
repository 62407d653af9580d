// Airy functions, by Bessel functions of orders 1/3 and 2/3, near 0 by their power series.

/// `Ai(x)`.
fn airyai(x: f64) -> f64 {
    if x > 0.7 {
        airyaix(x) * airy_decay(x)
    } else {
        airy_left(x).0
    }
}

/// `Ai'(x)`.
fn airyaiprime(x: f64) -> f64 {
    if x > 0.7 {
        airyaiprimex(x) * airy_decay(x)
    } else {
        airy_left(x).1
    }
}

/// `Bi(x)`.
fn airybi(x: f64) -> f64 {
    if x > 2.0 {
        airybix(x) / airy_decay(x)
    } else {
        airy_left(x).2
    }
}

/// `Bi'(x)`.
fn airybiprime(x: f64) -> f64 {
    if x > 2.0 {
        airybiprimex(x) / airy_decay(x)
    } else {
        airy_left(x).3
    }
}

/// `e^ζ Ai(x)` with `ζ = 2/3 x^(3/2)`, for `x >= 0`.
fn airyaix(x: f64) -> f64 {
    if x > 0.7 {
        (x / 3.0).sqrt() / std::f64::consts::PI * besselkx(1.0 / 3.0, airy_zeta(x).0)
    } else {
        airy_left(x).0 * airy_zeta(x).0.exp()
    }
}

/// `e^ζ Ai'(x)` with `ζ = 2/3 x^(3/2)`, for `x >= 0`.
fn airyaiprimex(x: f64) -> f64 {
    if x > 0.7 {
        let factor = x / (3.0_f64.sqrt() * std::f64::consts::PI);
        -factor * besselkx(2.0 / 3.0, airy_zeta(x).0)
    } else {
        airy_left(x).1 * airy_zeta(x).0.exp()
    }
}

/// `e^-ζ Bi(x)` with `ζ = 2/3 x^(3/2)`, for `x >= 0`.
fn airybix(x: f64) -> f64 {
    if x > 2.0 {
        (x / 3.0).sqrt() * airy_growing(1.0 / 3.0, airy_zeta(x).0)
    } else {
        airy_left(x).2 * (-airy_zeta(x).0).exp()
    }
}

/// `e^-ζ Bi'(x)` with `ζ = 2/3 x^(3/2)`, for `x >= 0`.
fn airybiprimex(x: f64) -> f64 {
    if x > 2.0 {
        x / 3.0_f64.sqrt() * airy_growing(2.0 / 3.0, airy_zeta(x).0)
    } else {
        airy_left(x).3 * (-airy_zeta(x).0).exp()
    }
}

/// `e^-z (I_-nu(z) + I_nu(z))` for the orders 1/3 and 2/3.
fn airy_growing(nu: f64, z: f64) -> f64 {
    let small = besselkx(nu, z) * (-2.0 * z).exp();
    2.0 * besselix(nu, z) + 3.0_f64.sqrt() / std::f64::consts::PI * small
}

/// `ζ = 2/3 |x|^(3/2)`, and what its double lacks.
fn airy_zeta(x: f64) -> (f64, f64) {
    let a = x.abs();
    if a == 0.0 || a > 1e200 {
        return (a.powf(1.5) / 1.5, 0.0);
    }
    let root = a.sqrt();
    let root_low = (-root).mul_add(root, a) / (2.0 * root);
    let cube = a * root;
    let cube_low = a.mul_add(root, -cube) + a * root_low;
    let zeta = cube / 1.5;
    (zeta, ((-zeta).mul_add(1.5, cube) + cube_low) / 1.5)
}

/// `e^-ζ`, with the rounding error of `ζ` taken back.
fn airy_decay(x: f64) -> f64 {
    let (zeta, low) = airy_zeta(x);
    let e = (-zeta).exp();
    e - e * low
}

/// `Ai`, `Ai'`, `Bi`, `Bi'` for `x` up to 2.
fn airy_left(x: f64) -> (f64, f64, f64, f64) {
    if x > -1.5 {
        return airy_series(x);
    }
    let a = -x;
    let (zeta, low) = airy_zeta(a);
    let root = a.sqrt();
    let (j, y) = bessel_jy_any(1.0 / 3.0, zeta);
    let (dj, dy) = bessel_jy_any(2.0 / 3.0, zeta);
    let inverse_sqrt_3 = 1.0 / 3.0_f64.sqrt();
    let ai = 0.5 * root * (j - inverse_sqrt_3 * y);
    let bi = -0.5 * root * (inverse_sqrt_3 * j + y);
    let ai_prime = 0.5 * a * (dj + inverse_sqrt_3 * dy);
    let bi_prime = 0.5 * a * (inverse_sqrt_3 * dj - dy);
    // The derivatives by ζ are those by x over -√a; f'' = x f.
    let shift = -low / root;
    (
        ai + shift * ai_prime,
        ai_prime + shift * x * ai,
        bi + shift * bi_prime,
        bi_prime + shift * x * bi,
    )
}

/// `J` and `Y` for every `x > 0`.
fn bessel_jy_any(nu: f64, x: f64) -> (f64, f64) {
    if x < 2.0 {
        (besselj(nu, x), bessely(nu, x))
    } else {
        bessel_jy(nu, x)
    }
}

/// `Ai`, `Ai'`, `Bi`, `Bi'` by their power series.
fn airy_series(x: f64) -> (f64, f64, f64, f64) {
    let cube = x * x * x;
    // f = 1 + x^3/6 + ..., g = x + x^4/12 + ..., from the far end.
    let (mut f, mut f_prime, mut g, mut g_prime) = (1.0, 1.0, 1.0, 1.0);
    for k in (1..=14).rev() {
        let n = 3.0 * f64::from(k);
        f = 1.0 + f * cube / (n * (n - 1.0));
        g = 1.0 + g * cube / (n * (n + 1.0));
        g_prime = 1.0 + g_prime * cube / (n * (n - 2.0));
        f_prime = 1.0 + f_prime * cube / (n * (n + 2.0));
    }
    let (c_1, c_2) = (0.355_028_053_887_817_2, 0.258_819_403_792_806_8);
    let (f, f_prime, g, g_prime) = (
        c_1 * f,
        c_1 * f_prime * 0.5 * x * x,
        c_2 * g * x,
        c_2 * g_prime,
    );
    let sqrt_3 = 3.0_f64.sqrt();
    (
        f - g,
        f_prime - g_prime,
        sqrt_3 * (f + g),
        sqrt_3 * (f_prime + g_prime),
    )
}
